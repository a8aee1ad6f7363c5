"""What cannot be read of a meeting as it was held: who was there, by heads or by seats, and the points that were treated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import attrs

from ._misread import Misread, record_faults, unknown
from .answers import Ask
from .dossier import Label
from .facts import MODES, Fact, Hold
from .method import Leaf
from .readings.seats import COLLEGE, ID, PERSON, bodies, seats_at
from .values import Record
from .view import View
from .words import Address, InstanceId, KindId, Text, Verb


def held_faults(view: View, leaf: Leaf, inst: tuple[InstanceId, ...], fact: Fact, args: Hold) -> Iterator[Misread]:
    colleges = view.method.list_(view.method.colleges)
    for college, number in args.attendance:
        if colleges is not None and colleges.word(college) is None:
            yield unknown(f"attendance.{college}", college, [w.id for w in colleges.words])
        elif type(number) is not int or number < 0:
            yield Misread("type", f"attendance.{college}", Text("un nombre de personnes est attendu", "a number of people is expected"), Text("écrire un entier, 0 ou plus", "write a whole number, 0 or more"))
    if args.mandates < 0:
        yield Misread("type", "mandates", Text("un nombre de mandats est attendu", "a number of proxies is expected"), Text("écrire un entier, 0 ou plus", "write a whole number, 0 or more"))
    if args.mode is not None and args.mode not in MODES:
        yield unknown("mode", args.mode, MODES)
    yield from _seated(view, Label(leaf.id, inst), fact, args)
    if args.chaired_by is not None:
        known = [*(w.id for w in (colleges.words if colleges else ())), *seats_at(view, Label(leaf.id, inst), fact.on.latest)]
        if args.chaired_by not in known:
            yield unknown("chaired_by", args.chaired_by, known)
    yield from agenda_faults(leaf, args.agenda)


def agenda_faults(leaf: Leaf, told: tuple[str, ...]) -> Iterator[Misread]:
    """The points of an agenda, as it was sent or as it was held: those of the step."""
    points = [p.id for p in leaf.agenda] if told else []
    for point in told:
        if point not in points:
            lost = unknown("agenda", point, points)
            yield lost if points else attrs.evolve(lost, mend=Text("la méthode n'y prévoit aucun point : ôter agenda", "the method has no points there: remove agenda"))


def _seat_first(view: View, label: Label, id: str) -> tuple[Ask, ...]:
    """The seat that would have to be said first."""
    scope = dict(zip(view.words.leaves[label.leaf].scope, label.inst, strict=False))
    some = [(f, scope.get(KindId(f.scope)) if f.scope else "") for f in bodies(view, label.leaf) if any(x.name == ID for x in f.fields)]
    return tuple(Ask(Verb.FILL, Address(f"{f.id}/{own}" if own else f.id), Record((("id", id),))) for f, own in some if own is not None)


def _seated(view: View, label: Label, fact: Fact, args: Hold) -> Iterator[Misread]:
    """The seats that an attendance names: those of that step on that day, each in one way."""
    if not (args.present or args.substitutes or args.proxies or args.withdrawn):
        return
    seats = seats_at(view, label, fact.on.latest)
    named = [(f"present[{n}]", id) for n, id in enumerate(args.present)] + [(f"substitutes.{id}", id) for id, _ in args.substitutes]
    named += [(f"proxies.{giver}", str(id)) for giver, holder in args.proxies for id in (giver, holder)]
    named += [(f"withdrawn[{n}]", id) for n, id in enumerate(args.withdrawn)]
    for where, id in named:
        if id not in seats:
            yield attrs.evolve(unknown(where, id, seats), lifts=_seat_first(view, label, id))
    told = Counter([*args.present, *(id for id, _ in args.substitutes), *(id for id, _ in args.proxies)])
    for id, times in told.items():
        if times > 1:
            yield Misread("seat", "present", Text(f"siège « {id} » dit deux fois", f"seat '{id}' said twice"),
                          Text("présent, suppléé ou représenté : un seul", "present, substituted or represented: one of them"))  # fmt: skip
    for id, holder in args.proxies:
        if not isinstance(holder, str):
            yield Misread("type", f"proxies.{id}", Text("un texte est attendu", "a text is expected"), Text("écrire un identifiant", "write an id"))
    for id, who in args.substitutes:
        if isinstance(who, Record) and id in seats:
            # What is known of a substitute is what is known of a member: the fields of the seat, and who sat.
            known = tuple(attrs.evolve(f, optional=f.name != PERSON) for f in seats[id][0].fields if f.name not in (ID, COLLEGE))
            yield from record_faults(view, known, who, f"substitutes.{id}")
        elif not isinstance(who, (str, Record)):
            yield Misread("type", f"substitutes.{id}", Text("attendu : un texte ou une table", "a text or a table is expected"),
                          Text('écrire un identifiant, ou { person = "…" }', 'write an id, or { person = "…" }'))  # fmt: skip
    for n, id in enumerate(args.withdrawn):
        if id in seats and id not in args.present and id not in dict(args.substitutes):
            yield Misread("seat", f"withdrawn[{n}]", Text(f"siège « {id} » déporté sans être présent", f"seat '{id}' withdrew without being there"),
                          Text("l'ajouter à present, ou l'ôter de withdrawn", "add it to present, or remove it from withdrawn"))  # fmt: skip
    if args.attendance and (args.present or args.substitutes):
        yield Misread("attendance", "attendance", Text("des noms et des nombres", "names and numbers"),
                      Text("garder present, ou attendance", "keep present, or attendance"))  # fmt: skip
