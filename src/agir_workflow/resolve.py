"""
Whether a command or fact can be read at all: its address, its arguments, its stamp.

Every fault is a blocker of the family `input`, with the nearest known name where one is near.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator

import attrs

from .answers import Ask, Blocker, Wait
from .doorstep import FIRST, PLAIN_ID, day_meant, shown
from .dossier import Instance, Label
from .facts import (
    ARGS,
    DOSSIER,
    MODES,
    Adopt,
    Convene,
    Correct,
    Decide,
    Declare,
    Deliver,
    Derogate,
    Fact,
    Fill,
    Hold,
    Merge,
    Move,
    Open,
    Publish,
)
from .method import Field, Leaf, Words
from .readings._phrases import deed_name, when_of
from .readings._ways import UNNAMED
from .readings.seats import CASTING_VOTE, COLLEGE, ID, PERSON, bodies, seats_at
from .requirements import Duration
from .toml_file import near, nearest
from .values import EMPTY, Record, Value, each_of, is_blank
from .view import View
from .when import When
from .words import Address, FacetId, Family, InstanceId, KindId, ListId, Sort, Text, Verb

_SITTING = (Sort.MEETING, Sort.DECISION)
_SORTS: dict[Verb, tuple[Sort, ...]] = {
    Verb.HOLD: _SITTING,
    Verb.CONVENE: _SITTING,
    Verb.MOVE: _SITTING,
    Verb.CANCEL: _SITTING,
    Verb.DECIDE: (Sort.DECISION,),
    Verb.DELIVER: (Sort.ACTIVITY,),
    Verb.AGREE: (Sort.AGREEMENT,),
}
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_RUN = (Verb.SUSPEND, Verb.RESUME, Verb.ABANDON, Verb.CLOSE)
_PAPER = (Verb.SUBMIT, Verb.RETURN, Verb.APPROVE, Verb.REVOKE)


@attrs.frozen
class Misread:
    """One thing that cannot be read: its code, where in the fact, what, and how to mend it."""

    code: str
    where: str
    what: Text
    mend: Text
    lifts: tuple[Ask | Wait, ...] = ()
    """What would make it readable: somebody is not declared yet or bears the id still, a sitting has not decided."""


def input_blockers(view: View, fact: Fact, *, telling: bool) -> list[Blocker]:
    """Every reason why a fact cannot be read; [] when it can."""
    return [
        Blocker(code=f"input.{m.code}", family=Family.INPUT, subject=fact.address,
                text=Text(_sentence(m.what.fr, " : ", m.mend.fr), _sentence(m.what.en, ": ", m.mend.en)), lifts=m.lifts, permanent=None if m.lifts else m.mend)
        for m in misread(view, fact, telling=telling)
    ]  # fmt: skip


def _sentence(what: str, colon: str, mend: str) -> str:
    if ": " in mend:  # «x unknown; known: a, b», never two colons in a row
        colon = " ; " if colon.startswith(" ") else "; "
    text = what[:1].upper() + what[1:] + colon + mend
    return shown(text if text[-1] in "?.!…" else f"{text}.", 160)


def misread(view: View, fact: Fact, *, telling: bool) -> Iterator[Misread]:
    """Everything about a fact that cannot be read under the method and dossier."""
    if fact.stamp is None:
        yield Misread("stamp", "on", Text("fait sans date ni auteur", "a fact without day or author"), Text("donner le jour et qui", "give the day and who"))
        return
    if fact.on.earliest < FIRST:  # before it no holiday is known; one far ahead is refused where it is recorded
        yield Misread("stamp", "on", Text(f"le {fact.on} vient avant {FIRST.year}", f"{fact.on} comes before {FIRST.year}"), Text("corriger l'année", "mend the year"))
        return
    wanted = ARGS[fact.verb]
    if not isinstance(fact.args, (wanted, Open) if fact.verb is Verb.DECLARE else wanted):
        yield Misread("type", "args", Text(f"arguments de « {fact.verb} » attendus", f"arguments of '{fact.verb}' expected"),
                      Text(f"donner {wanted.__name__}", f"give {wanted.__name__}"))  # fmt: skip
        return
    if fact.verb in (Verb.DECLARE, Verb.END, Verb.MERGE):
        yield from _instance(view, fact)
    elif fact.verb in (Verb.FILL, Verb.CLEAR):
        yield from _item(view, fact)
    elif fact.verb in _RUN:
        if fact.address != DOSSIER:
            yield _unknown("address", fact.address, [DOSSIER])
    elif fact.verb in _PAPER or (fact.verb is Verb.DELIVER and view.words.find_paper(fact.address)):
        yield from _paper(view, fact)
    elif fact.verb in _SORTS:
        yield from _leaf(view, fact, telling=telling)
    elif isinstance(fact.args, Derogate):
        yield from _derogation(view, fact.args, telling=telling)
    elif fact.verb is Verb.SETTLE:
        reserves = [f"reserve/{s.address}/{n}" for h in view.sittings.values() for s in h if s.decision for n in range(1, len(s.decision.reserves) + 1)]
        if fact.address not in reserves:
            unknown = _unknown("address", fact.address, reserves)
            mend = unknown.mend if reserves else Text("aucun copil n'a décidé avec réserves", "no decision was taken with reserves")
            yield attrs.evolve(unknown, mend=mend, lifts=_undecided(view, fact.address))
    elif isinstance(fact.args, Correct) and not 1 < fact.args.of <= view.dossier.version:
        yield Misread("version", "of", Text(f"aucun fait n° {fact.args.of}", f"no fact number {fact.args.of}"),
                      Text(f"écrire un numéro de 2 à {view.dossier.version}", f"write a number from 2 to {view.dossier.version}"))  # fmt: skip
    elif isinstance(fact.args, (Adopt, Publish)):
        entries = fact.args.meetings + fact.args.deadlines if isinstance(fact.args, Adopt) else fact.args.entries
        for entry in entries:
            if not _speaks(view, entry.address):
                yield _unknown("address", entry.address, _addresses(view))
    if isinstance(fact.args, Deliver) and fact.args.sha256 is not None and not _SHA256.fullmatch(fact.args.sha256):
        yield Misread("type", "sha256", Text("une empreinte sha256 est attendue", "a sha256 digest is expected"),
                      Text("écrire les 64 chiffres hexadécimaux que donne sha256sum", "write the 64 hexadecimal digits that sha256sum gives"))  # fmt: skip
    recorded = fact.stamp.recorded_at
    if recorded is not None and fact.on.earliest > recorded.date() and fact.on.earliest > (noted := _civil(view, recorded)):
        yield Misread("future", "on", Text(f"noté le {noted}, avant le {fact.on}", f"recorded on {noted}, before {fact.on}"),
                      Text("corriger l'une des deux dates", "mend one of the two days"))  # fmt: skip


def _civil(view: View, instant: dt.datetime) -> dt.date:
    """The day of an instant where the dossier is: east of Greenwich it begins before that of UTC."""
    from .zones import zone_of  # pendulum stands behind it, and most facts need none

    try:
        return instant.astimezone(zone_of(view.dossier.head.zone)).date()
    except ValueError:  # a zone that nobody knows is told where the dossier is opened
        return instant.date()


def suits(words: Words, fact: Fact) -> bool:
    """Whether a fact's verb is one of its address: a decision is not delivered, and cannot be folded so."""
    sorts = _SORTS.get(fact.verb)
    if sorts is None or (fact.verb is Verb.DELIVER and words.find_paper(fact.address)):
        return True
    found = words.find_leaf(fact.address)
    return found is None or found[0].sort in sorts


def _derogation(view: View, args: Derogate, *, telling: bool) -> Iterator[Misread]:
    """What a dérogation cannot lift, or does not say (`lift`: of one that was filed all the same the verdict tells it)."""
    body = view.words.find_leaf(args.copil)
    if args.copil.strip() and (body is None or body[0].sort is not Sort.DECISION):
        yield _unknown("copil", args.copil, [x.address for x in view.words.decisions])
    if telling:
        return
    rows = [r for r in view.method.requirements if r.code == args.code]
    if not rows:
        yield attrs.evolve(_unknown("code", args.code, {r.code for r in view.method.requirements}), code="lift")
    elif not all(r.derogable for r in rows):
        yield Misread("lift", "code", Text(f"{args.code} n'admet pas de dérogation", f"{args.code} admits no dérogation"),
                      Text("se conformer à l'exigence", "meet the requirement"))  # fmt: skip
    for name, value in (("reason", args.reason), ("copil", args.copil)):
        if not value.strip():
            yield Misread("lift", name, Text(f"dérogation sans « {name} »", f"a dérogation without '{name}'"), Text(f"ajouter {name} = …", f"add {name} = …"))


def _speaks(view: View, address: str) -> bool:
    address = address.rpartition(" ")[2]  # a published to-do is «verb address»
    head = address.partition("/")[0]
    known = view.words.find_leaf(address) or view.words.find_paper(address)
    return bool(known or head in view.words.facets or head in view.words.kinds)


def _addresses(view: View) -> list[str]:
    """Every address that the dossier knows now, for the nearest name."""
    out = [x.at(label.inst) for label in view.position.labels() if (x := view.words.leaves.get(label.leaf))]
    return [str(a) for a in out] + [d.address for d in view.method.deliverables if "{" not in d.address]


def _undecided(view: View, address: str) -> tuple[Ask, ...]:
    """The decision by which a reserve would come to be; () where its sitting has decided, or is none."""
    _, _, rest = address.partition("/")
    sitting, _, n = rest.rpartition("/")
    found = view.words.find_label(sitting)
    if found is None or found[0].sort is not Sort.DECISION or not re.fullmatch(r"[1-9][0-9]?", n) or not address.startswith("reserve/"):
        return ()
    history = view.sittings.get(found[1], ())
    decided = any(s.address == sitting and s.decided for s in history)
    is_next = sitting in {s.address for s in history} or found[2] == len(history) + 1 or (not history and not found[2])
    return () if decided or not is_next else (Ask(Verb.DECIDE, Address(sitting), Record((("reserves", int(n)),))),)


def _undeclared(view: View, where: str, kind: KindId, id: str, known: Iterable[str], inside: str | None = None, on: When | None = None) -> Misread:
    """An instance that nobody has declared (by the day *on*): declaring it is the way out. What stands for nobody in particular («*») is never anybody."""
    if on is not None and (later := next((i.on for i in view.of_kind(kind) if i.id == id and i.on.earliest > on.latest), None)):
        first = when_of(later)
        return Misread("unknown", where, Text(f"« {id} » est déclaré plus tard ({first.fr})", f"'{id}' is declared later ({first.en})"),
                       Text("corriger l'une des deux dates", "mend one of the two days"), lifts=(Wait(later.earliest),))  # fmt: skip
    outer = view.words.kinds[kind].inside
    within = Record(((outer, inside),)) if outer and inside else EMPTY
    ask = Ask(Verb.DECLARE, Address(f"{kind}/{id}"), within)
    return attrs.evolve(_unknown(where, id, known), lifts=(ask,) if PLAIN_ID.fullmatch(id) else ())  # of what cannot be an id no declaration is proposed


def _unknown(where: str, name: str, known: Iterable[str]) -> Misread:
    options = sorted(set(known))
    if like := near(name, options):
        mend = Text(f"vouliez-vous dire « {like} » ?", f"did you mean '{like}'?")
    elif options:
        few = ", ".join(nearest(name, options)) + (", …" if len(options) > 4 else "")
        mend = Text(f"connus : {few}", f"known: {few}")
    else:
        mend = Text("rien de tel n'est déclaré : le déclarer d'abord", "nothing of the kind is declared: declare it first")
    return Misread("unknown", where, Text(f"« {shown(name)} » inconnu", f"'{shown(name)}' unknown"), mend)


def _instance(view: View, fact: Fact) -> Iterator[Misread]:
    name, _, id = fact.address.partition("/")
    kind = view.words.kinds.get(KindId(name))
    if isinstance(fact.args, Open) or kind is None or not id:
        yield _unknown("address", fact.address, [f"{k}/…" for k in view.words.kinds])
        return
    own = [i for i in view.of_kind(kind.id) if i.id == id and (i.off is None or i.off.latest >= fact.on.earliest)]
    here = [i for i in own if i.on.earliest <= fact.on.latest]
    if fact.verb is Verb.DECLARE and own:
        yield Misread("twice", "address", Text(f"« {id} » déjà déclaré", f"'{id}' already declared"), Text("choisir un autre identifiant", "choose another id"),
                      lifts=(_until_free(own[-1], fact),))  # fmt: skip
    if fact.verb is not Verb.DECLARE and not here:
        yield _undeclared(view, "address", kind.id, id, [i.id for i in view.of_kind(kind.id, fact.on.latest)], on=fact.on)
    if isinstance(fact.args, Merge) and fact.args.into == id:
        yield Misread("self", "into", Text(f"« {id} » ne se fond pas en lui-même", f"'{id}' cannot be merged into itself"), Text("nommer une autre instance", "name another instance"))
    elif isinstance(fact.args, Merge) and not any(i.id == fact.args.into for i in view.of_kind(kind.id, fact.on.latest)):
        yield _undeclared(view, "into", kind.id, fact.args.into, [i.id for i in view.of_kind(kind.id, fact.on.latest)])
    if isinstance(fact.args, Declare):
        if not PLAIN_ID.fullmatch(id):
            yield Misread("address", "address", Text(f"« {id} » n'est pas un identifiant", f"'{id}' is no id"),
                          Text("lettres, chiffres, « . », « _ » et « - »", "letters, digits, '.', '_' and '-'"))  # fmt: skip
        if fact.args.inside and kind.inside is None:
            yield Misread("field", "inside", Text(f"« {kind.id} » n'est dans aucune autre sorte", f"'{kind.id}' lies inside no other kind"), Text("ôter inside", "remove inside"))
        elif fact.args.inside and kind.inside and not any(i.id == fact.args.inside for i in view.of_kind(kind.inside)):
            yield _undeclared(view, "inside", kind.inside, fact.args.inside, [i.id for i in view.of_kind(kind.inside)])
        yield from _record(view, kind.attributes, fact.args.attributes, "")


def _until_free(one: Instance, fact: Fact) -> Ask | Wait:
    """What frees an id that an instance bears: it ends, and the day after whoever is taken up again may bear it."""
    if one.off is not None:
        return Wait(one.off.latest + dt.timedelta(days=1))
    return Ask(Verb.END, fact.address) if one.on.earliest <= fact.on.latest else Wait(one.on.earliest)


def _item(view: View, fact: Fact) -> Iterator[Misread]:
    name, *subject = fact.address.split("/")
    facet = view.words.facets.get(FacetId(name))
    if facet is None:
        yield _unknown("address", name, view.words.facets)
        return
    if (facet.scope is not None) != (len(subject) == 1):
        want = f"{name}/<{facet.scope}>" if facet.scope else name
        yield Misread("address", "address", Text(f"adresse « {fact.address} »", f"address '{fact.address}'"), Text(f"écrire {want}", f"write {want}"))
    elif facet.scope in view.words.kinds:
        known = [i.id for i in view.of_kind(KindId(facet.scope))]
        if subject[0] not in known:
            yield _undeclared(view, "address", KindId(facet.scope), subject[0], known)
    elif facet.scope and (words := view.words.lists.get(ListId(facet.scope))) and words.word(subject[0]) is None:
        yield _unknown("address", subject[0], [w.id for w in words.words])
    if isinstance(fact.args, Fill) and isinstance(fact.args.value, tuple) and not facet.many:
        yield Misread("type", "value", *_ONE)
    elif isinstance(fact.args, Fill):
        yield from value_faults(view, facet.fields, facet.type, fact.args.value, "value")


def value_faults(view: View, fields: tuple[Field, ...], type: str, value: Value, where: str) -> Iterator[Misread]:
    """What does not fit of a facet's value: its fields, or its plain type."""
    for n, member in enumerate(each_of(value)):
        at = f"{where}[{n}]" if isinstance(value, tuple) else where
        if fields and isinstance(member, Record):
            yield from _record(view, fields, member, at)
        elif fields:
            names = ", ".join(f"{f.name} = …" for f in fields)
            yield Misread("type", at, Text("une table est attendue", "a table is expected"), Text(f"écrire {{ {names} }}", f"write {{ {names} }}"))
        elif isinstance(member, Record):
            yield Misread("type", at, Text("un texte est attendu", "a text is expected"), Text("écrire un texte", "write a text"))
        else:
            yield from _plain(view, type, member, at)


def _record(view: View, fields: tuple[Field, ...], record: Record, where: str) -> Iterator[Misread]:
    known = {f.name: f for f in fields}
    for key, value in record:
        at = f"{where}.{key}" if where else key
        field = known.get(key)
        if field is None:
            yield attrs.evolve(_unknown(at, key, known), code="field")
        elif isinstance(value, tuple) and not field.many:
            yield Misread("type", at, *_ONE)
        else:
            for member in each_of(value):
                yield from _plain(view, field.type, member, at)
    for field in fields:
        if not field.optional and record.get(field.name) is None:
            at = f"{where}.{field.name}" if where else field.name
            yield Misread("field", at, Text(f"il manque « {field.name} »", f"'{field.name}' is missing"), Text(f"ajouter {field.name} = …", f"add {field.name} = …"))


_ONE = Text("une seule valeur est attendue", "one value is expected"), Text("ôter les crochets", "remove the brackets")
_PLAIN: dict[str, tuple[type, Text, Text]] = {
    "text": (str, Text("un texte est attendu", "a text is expected"), Text("l'écrire entre guillemets", "write it in quotes")),
    "int": (int, Text("un entier est attendu", "a whole number is expected"), Text("l'écrire sans guillemets ni virgule", "write it without quotes or a point")),
    "bool": (bool, Text("oui ou non est attendu", "yes or no is expected"), Text("écrire true ou false, sans guillemets", "write true or false, without quotes")),
    "date": (When, Text("une date est attendue", "a date is expected"), Text("écrire 2012-05-14, \"2012-05\" ou \"2012-S1\"", "write 2012-05-14, \"2012-05\" or \"2012-S1\"")),
}


def _plain(view: View, type_: str, value: Value, at: str) -> Iterator[Misread]:
    if type_ in _PLAIN:
        wanted, expected, mend = _PLAIN[type_]
        if type(value) is not wanted:
            day = day_meant(value) if wanted is When and isinstance(value, str) else None
            yield Misread("type", at, expected, Text(f"écrire {day}", f"write {day}") if day else mend)
    elif type_ == "duration":
        try:
            Duration.parse(str(value))
        except ValueError:
            yield Misread("type", at, Text(f"« {value} » n'est pas une durée", f"'{value}' is no duration"), Text("écrire 1y, 10m, 6w ou 90d", "write 1y, 10m, 6w or 90d"))
    elif words := view.words.lists.get(ListId(type_)):
        if words.word(str(value)) is None:
            yield _unknown(at, str(value), [w.id for w in words.words])
    elif type_ in view.words.kinds:
        ids = [i.id for i in view.of_kind(KindId(type_))]
        if value not in ids:
            yield _undeclared(view, at, KindId(type_), str(value), ids)


def _paper(view: View, fact: Fact) -> Iterator[Misread]:
    found = view.words.find_paper(fact.address)
    if found is None:
        yield _unknown("address", fact.address, [d.address for d in view.method.deliverables if "{" not in d.address])
        return
    paper, inst = found
    if paper.per_sitting:
        if not view.words.find_leaf(inst[0]):
            yield _unknown("address", inst[0], _addresses(view))
        return
    yield from _instances(view, paper.scope, inst, fact)


def _instances(view: View, scope: tuple[KindId, ...], inst: tuple[InstanceId, ...], fact: Fact) -> Iterator[Misread]:
    for n, (kind, id) in enumerate(zip(scope, inst, strict=False)):
        known = [i.id for i in view.of_kind(kind) if i.on.earliest <= fact.on.latest]
        if id not in known:
            yield _undeclared(view, "address", kind, id, known, inst[n - 1] if n else None, fact.on)


def _leaf(view: View, fact: Fact, *, telling: bool) -> Iterator[Misread]:
    found = view.words.find_leaf(fact.address)
    if found is None:
        yield _unknown("address", fact.address, _addresses(view))
        return
    leaf, inst, n = found
    if leaf.sort not in _SORTS[fact.verb]:
        right = next(v for v, sorts in _SORTS.items() if leaf.sort in sorts)
        yield Misread("verb", "fact", Text(f"« {fact.verb} » ({deed_name(fact.verb).fr}) ne convient pas à {fact.address}", f"'{fact.verb}' ({deed_name(fact.verb).en}) does not suit {fact.address}"),
                      Text(f"écrire {right} {fact.address}", f"write {right} {fact.address}"))  # fmt: skip
        return
    yield from _instances(view, leaf.scope, inst, fact)
    history = view.sittings.get(Label(leaf.id, inst), ())
    if n > len(history) + 1:
        yield Misread("sitting", "address", Text(f"pas de séance n° {n} à {fact.address}", f"no sitting number {n} at {fact.address}"),
                      Text(f"écrire {leaf.at(inst)}", f"write {leaf.at(inst)}"), lifts=_sitting_first(view, leaf, Label(leaf.id, inst)))  # fmt: skip
    if not telling and isinstance(fact.args, (Convene, Move)) and fact.args.day < fact.on.earliest:
        yield Misread("past", "day", Text(f"réunion le {fact.args.day}, avant le {fact.on}", f"a meeting on {fact.args.day}, before {fact.on}"),
                      Text("choisir un jour à venir", "choose a day to come"))  # fmt: skip
    if isinstance(fact.args, (Convene, Move, Hold)) and fact.args.minutes is not None and fact.args.minutes <= 0:
        yield Misread("type", "minutes", Text(f"durée de {fact.args.minutes} minutes", f"a length of {fact.args.minutes} minutes"),
                      Text("écrire une durée positive", "write a positive length"))  # fmt: skip
    if isinstance(fact.args, Convene) and fact.args.urgent is not None and is_blank(fact.args.urgent):
        yield Misread("type", "urgent", Text("urgence sans raison", "urgent without a reason"), Text("dire pourquoi, ou ôter urgent", "say why, or remove urgent"))
    if isinstance(fact.args, Hold):
        yield from _held(view, leaf, inst, fact, fact.args)
        if telling:
            for s in view.sittings.get(Label(leaf.id, inst), ()):
                if s.held == fact.on and (not n or n == s.n):
                    yield Misread("twice", "address", Text(f"{fact.address} est déjà tenu à cette date", f"{fact.address} is already held on that day"),
                                  Text("ôter l'un des deux faits", "remove one of the two facts"))  # fmt: skip
    if isinstance(fact.args, Decide):
        yield from _voted(view, leaf, fact.args)


def _voted(view: View, leaf: Leaf, args: Decide) -> Iterator[Misread]:
    """A decision is one of its leaf's values, and the one that most voted for; the chair's vote settles a tie where the regime says so (JURI06, art. 12)."""
    for where, value in (("value", args.value), *((f"votes.{v}", v) for v, _ in args.votes), *([("chair", args.chair)] if args.chair is not None else [])):
        if value not in leaf.decisions:
            yield _unknown(where, value, leaf.decisions)
    wrong = [v for v, n in args.votes if type(n) is not int or n < 0]
    for value in wrong:
        yield Misread("type", f"votes.{value}", Text("un nombre de voix est attendu", "a number of votes is expected"), Text("écrire un entier, 0 ou plus", "write a whole number, 0 or more"))
    counts = {v: n for v, n in args.votes if type(n) is int}
    if wrong or not counts:
        return
    most = [v for v, n in counts.items() if n == max(counts.values())]
    if len(most) > 1 and view.regime.get(CASTING_VOTE) is True and args.chair in most:
        most = [args.chair]
    if most != [args.value]:
        more = ", ".join(most)
        yield Misread("votes", "votes", Text(f"« {args.value} » n'a pas la majorité des voix", f"'{args.value}' has not the majority of the votes"),
                      Text(f"les voix donnent : {more}", f"the votes give: {more}"))  # fmt: skip


def _sitting_first(view: View, leaf: Leaf, label: Label) -> tuple[Ask, ...]:
    """What brings a later sitting nearer: where all before it are over, to convene the next; else to be done with the one that is open."""
    history = view.sittings.get(label, ())
    if leaf.sort not in _SITTING or any(id in UNNAMED for id in label.inst):
        return ()
    if not history or history[-1].done or history[-1].cancelled:
        return (Ask(Verb.CONVENE, leaf.at(label.inst)),)
    return (Ask(Verb.DECIDE if history[-1].held else Verb.CANCEL, history[-1].address),)


def _held(view: View, leaf: Leaf, inst: tuple[InstanceId, ...], fact: Fact, args: Hold) -> Iterator[Misread]:
    colleges = view.method.list_(view.method.colleges)
    for college, number in args.attendance:
        if colleges is not None and colleges.word(college) is None:
            yield _unknown(f"attendance.{college}", college, [w.id for w in colleges.words])
        elif type(number) is not int or number < 0:
            yield Misread("type", f"attendance.{college}", Text("un nombre de personnes est attendu", "a number of people is expected"), Text("écrire un entier, 0 ou plus", "write a whole number, 0 or more"))
    if args.mandates < 0:
        yield Misread("type", "mandates", Text("un nombre de mandats est attendu", "a number of proxies is expected"), Text("écrire un entier, 0 ou plus", "write a whole number, 0 or more"))
    if args.mode is not None and args.mode not in MODES:
        yield _unknown("mode", args.mode, MODES)
    yield from _seated(view, Label(leaf.id, inst), fact, args)
    if args.chaired_by is not None:
        known = [*(w.id for w in (colleges.words if colleges else ())), *seats_at(view, Label(leaf.id, inst), fact.on.latest)]
        if args.chaired_by not in known:
            yield _unknown("chaired_by", args.chaired_by, known)
    points = [p.id for p in leaf.agenda] if args.agenda else []
    for point in args.agenda:
        if point not in points:
            yield _unknown("agenda", point, points)


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
            yield attrs.evolve(_unknown(where, id, seats), lifts=_seat_first(view, label, id))
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
            yield from _record(view, known, who, f"substitutes.{id}")
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
