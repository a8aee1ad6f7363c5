"""
Whether a command or fact can be read at all: its address, its arguments, its stamp.

Every fault is a blocker of the family `input`, with the nearest known name where one is near.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator

import attrs

from ._attendance import agenda_faults, held_faults
from ._fold import dated
from ._misread import ONE, Misread, record_faults, undeclared, unknown, value_faults
from .answers import Ask, Blocker, Wait
from .doorstep import FIRST, PLAIN_ID, shown
from .dossier import Instance, Label, corrections
from .facts import (
    ARGS,
    DOSSIER,
    Adopt,
    Agree,
    Clear,
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
from .method import Facet, Leaf, Words
from .readings._phrases import deed_name
from .readings._ways import UNNAMED
from .readings.granted import subjects_of
from .readings.seats import CASTING_VOTE, ID
from .values import Record, is_blank
from .view import View
from .words import OF_THE_RUN, Address, FacetId, Family, InstanceId, KindId, ListId, Sort, Text, Verb, capital

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
_NAMES = ("plan", "calendar", DOSSIER)
"""What a plan that is adopted, or a calendar that is published, is called: there is one of each, and its address says no more."""
_PAPER = (Verb.SUBMIT, Verb.RETURN, Verb.APPROVE, Verb.REVOKE)


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
    text = capital(what) + colon + mend
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
    elif fact.verb in OF_THE_RUN:
        if fact.address != DOSSIER:
            yield unknown("address", fact.address, [DOSSIER])
    elif fact.verb in _PAPER or (fact.verb is Verb.DELIVER and view.words.find_paper(fact.address)):
        yield from _paper(view, fact)
    elif fact.verb in _SORTS:
        yield from _leaf(view, fact, telling=telling)
    elif isinstance(fact.args, Derogate):
        yield from _derogation(view, fact.address, fact.args, telling=telling)
    elif fact.verb is Verb.SETTLE:
        reserves = [f"reserve/{s.address}/{n}" for h in view.sittings.values() for s in h if s.decision for n in range(1, len(s.decision.reserves) + 1)]
        if fact.address not in reserves:
            lost = unknown("address", fact.address, reserves)
            mend = lost.mend if reserves else Text("aucune décision n'a été prise avec réserves", "no decision was taken with reserves")
            yield attrs.evolve(lost, mend=mend, lifts=_undecided(view, fact.address))
    elif isinstance(fact.args, Correct):
        yield from _correction(view, fact, fact.args)
    elif isinstance(fact.args, (Adopt, Publish)):
        if fact.address not in _NAMES:
            yield unknown("address", fact.address, _NAMES)
        entries = fact.args.meetings + fact.args.deadlines if isinstance(fact.args, Adopt) else fact.args.entries
        for entry in entries:
            if not _speaks(view, entry.address):
                yield unknown("address", entry.address, _addresses(view))
    if isinstance(fact.args, Deliver) and fact.args.sha256 is not None and not _SHA256.fullmatch(fact.args.sha256):
        yield Misread("type", "sha256", Text("une empreinte sha256 est attendue", "a sha256 digest is expected"),
                      Text("écrire les 64 chiffres hexadécimaux que donne sha256sum", "write the 64 hexadecimal digits that sha256sum gives"))  # fmt: skip
    recorded = fact.stamp.recorded_at
    if recorded is not None and fact.on.earliest > recorded.date() and fact.on.earliest > (noted := _civil(recorded, view.dossier.head.zone)):
        yield Misread("future", "on", Text(f"noté le {noted}, avant le {fact.on}", f"recorded on {noted}, before {fact.on}"),
                      Text("corriger l'une des deux dates", "mend one of the two days"))  # fmt: skip


def _civil(instant: dt.datetime, zone: str) -> dt.date:
    from .zones import civil  # pendulum stands behind it, and most facts need none

    return civil(instant, zone)


def suits(words: Words, fact: Fact) -> bool:
    """Whether a fact's verb is one of its address: a decision is not delivered, and cannot be folded so."""
    sorts = _SORTS.get(fact.verb)
    if sorts is None or (fact.verb is Verb.DELIVER and words.find_paper(fact.address)):
        return True
    found = words.find_leaf(fact.address)
    return found is None or found[0].sort in sorts


def _derogation(view: View, subject: str, args: Derogate, *, telling: bool) -> Iterator[Misread]:
    """What a dérogation cannot lift, or does not say (`lift`: of one that was filed all the same the verdict tells it)."""
    body = view.words.find_leaf(args.copil)
    if args.copil.strip() and (body is None or body[0].sort is not Sort.DECISION):
        yield unknown("copil", args.copil, [x.at(inst) for x in view.words.decisions for inst in view.named(x.scope)])
    if telling:
        return
    rows = [r for r in view.method.requirements if r.code == args.code]
    if not rows:
        yield attrs.evolve(unknown("code", args.code, {r.code for r in view.method.requirements}), code="lift")
    elif not all(r.derogable for r in rows):
        yield Misread("lift", "code", Text(f"{args.code} n'admet pas de dérogation", f"{args.code} admits no dérogation"),
                      Text("se conformer à l'exigence", "meet the requirement"))  # fmt: skip
    elif not {subject, subject.partition("#")[0]} & (judged := subjects_of(view, args.code)):
        lost = unknown("address", subject, judged)
        yield attrs.evolve(lost, code="lift", what=Text(f"{args.code} ne se juge pas à « {shown(subject)} »", f"{args.code} is not judged at '{shown(subject)}'"))
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
    labels = [(x, label) for label in (*view.position.labels(), *view.free_labels()) if (x := view.words.leaves.get(label.leaf))]
    return [str(x.at(label.inst)) for x, label in labels] + _papers(view)


def _papers(view: View) -> list[str]:
    """Every address that a document may have now."""
    out: list[str] = []
    for paper in view.method.deliverables:
        if paper.per_sitting:
            sat = [x.at(label.inst) for label in view.position.labels() if label.leaf in paper.of and (x := view.words.leaves.get(label.leaf))]
            out += [paper.address.replace("{sitting}", at) for at in sat]
        else:
            for inst in view.named(paper.scope):
                slots = dict(zip(paper.scope, inst, strict=True))
                out.append(re.sub(r"\{(\w+)\}", lambda m, slots=slots: slots[KindId(m[1])], paper.address))  # type: ignore[misc]
    return out


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


def _instance(view: View, fact: Fact) -> Iterator[Misread]:
    name, _, id = fact.address.partition("/")
    kind = view.words.kinds.get(KindId(name))
    if isinstance(fact.args, Open) or kind is None or not id:
        yield unknown("address", fact.address, [f"{k}/…" for k in view.words.kinds])
        return
    own = [i for i in view.of_kind(kind.id) if i.id == id and (i.off is None or i.off.latest >= fact.on.earliest)]
    here = [i for i in own if i.on.earliest <= fact.on.latest]
    if fact.verb is Verb.DECLARE and own:
        yield Misread("twice", "address", Text(f"« {id} » déjà déclaré", f"'{id}' already declared"), Text("choisir un autre identifiant", "choose another id"),
                      lifts=(_until_free(own[-1], fact),))  # fmt: skip
    if fact.verb is not Verb.DECLARE and not here:
        yield undeclared(view, "address", kind.id, id, [i.id for i in view.of_kind(kind.id, fact.on.latest)], on=fact.on)
    if isinstance(fact.args, Merge) and fact.args.into == id:
        yield Misread("self", "into", Text(f"« {id} » ne se fond pas en lui-même", f"'{id}' cannot be merged into itself"), Text("nommer une autre instance", "name another instance"))
    elif isinstance(fact.args, Merge) and not any(i.id == fact.args.into for i in view.of_kind(kind.id, fact.on.latest)):
        yield undeclared(view, "into", kind.id, fact.args.into, [i.id for i in view.of_kind(kind.id, fact.on.latest)])
    if isinstance(fact.args, Declare):
        if not PLAIN_ID.fullmatch(id):
            yield Misread("address", "address", Text(f"« {id} » n'est pas un identifiant", f"'{id}' is no id"),
                          Text("lettres, chiffres, « . », « _ » et « - »", "letters, digits, '.', '_' and '-'"))  # fmt: skip
        if fact.args.inside and kind.inside is None:
            yield Misread("field", "inside", Text(f"« {kind.id} » n'est dans aucune autre sorte", f"'{kind.id}' lies inside no other kind"), Text("ôter inside", "remove inside"))
        elif fact.args.inside and kind.inside and not any(i.id == fact.args.inside for i in view.of_kind(kind.inside)):
            yield undeclared(view, "inside", kind.inside, fact.args.inside, [i.id for i in view.of_kind(kind.inside)])
        yield from record_faults(view, kind.attributes, fact.args.attributes, "")


def _until_free(one: Instance, fact: Fact) -> Ask | Wait:
    """What frees an id that an instance bears: it ends, and the day after whoever is taken up again may bear it."""
    if one.off is not None:
        return Wait(one.off.latest + dt.timedelta(days=1))
    return Ask(Verb.END, fact.address) if one.on.earliest <= fact.on.latest else Wait(one.on.earliest)


def _item(view: View, fact: Fact) -> Iterator[Misread]:
    name, *subject = fact.address.split("/")
    facet = view.words.facets.get(FacetId(name))
    if facet is None:
        yield unknown("address", name, view.words.facets)
        return
    if (facet.scope is not None) != (len(subject) == 1):
        want = f"{name}/<{facet.scope}>" if facet.scope else name
        yield Misread("address", "address", Text(f"adresse « {fact.address} »", f"address '{fact.address}'"), Text(f"écrire {want}", f"write {want}"))
    elif facet.scope in view.words.kinds:
        known = [i.id for i in view.of_kind(KindId(facet.scope))]
        if subject[0] not in known:
            yield undeclared(view, "address", KindId(facet.scope), subject[0], known)
    elif facet.scope and (words := view.words.lists.get(ListId(facet.scope))) and words.word(subject[0]) is None:
        yield unknown("address", subject[0], [w.id for w in words.words])
    if isinstance(fact.args, Clear) and fact.args.item is not None:
        yield from _withdrawn(view, facet, tuple(InstanceId(x) for x in subject), fact, fact.args.item)
    if isinstance(fact.args, Fill) and isinstance(fact.args.value, tuple) and not facet.many:
        yield Misread("type", "value", *ONE)
    elif isinstance(fact.args, Fill):
        yield from value_faults(view, facet.fields, facet.type, fact.args.value, "value")


def _withdrawn(view: View, facet: Facet, subject: tuple[InstanceId, ...], fact: Fact, item: str) -> Iterator[Misread]:
    """The answer that is withdrawn by its id, or by its text: one of those said by then, and not withdrawn on an earlier day."""
    there = [i.value for i in view.items.get(facet.id, ()) if i.subject == subject and i.on.earliest <= fact.on.latest and (i.off is None or i.off.latest >= fact.on.earliest)]
    known = [own for v in there if isinstance(own := v.get(ID) if isinstance(v, Record) else v, str)]
    if item in known:
        return
    if known:
        yield unknown("item", item, known)
    else:
        none = Text(f"rien n'y porte l'identifiant « {shown(item)} »", f"nothing there bears the id '{shown(item)}'")
        yield Misread("unknown", "item", none, Text("ôter item pour tout retirer", "remove item to withdraw all") if there else Text("il n'y a rien à retirer", "there is nothing to withdraw"))


def _paper(view: View, fact: Fact) -> Iterator[Misread]:
    found = view.words.find_paper(fact.address)
    if found is None:
        yield unknown("address", fact.address, _papers(view))
        return
    paper, inst = found
    if not paper.per_sitting:
        yield from _instances(view, paper.scope, inst, fact)
        return
    sitting = view.words.find_leaf(inst[0])
    if sitting is None:
        yield unknown("address", inst[0], _addresses(view))
        return
    yield from _instances(view, sitting[0].scope, sitting[1], fact)
    yield from _numbered(view, fact, *sitting, paper.address)


def _instances(view: View, scope: tuple[KindId, ...], inst: tuple[InstanceId, ...], fact: Fact) -> Iterator[Misread]:
    for n, (kind, id) in enumerate(zip(scope, inst, strict=False)):
        known = [i.id for i in view.of_kind(kind) if i.on.earliest <= fact.on.latest]
        if id not in known:
            yield undeclared(view, "address", kind, id, known, inst[n - 1] if n else None, fact.on)


def _leaf(view: View, fact: Fact, *, telling: bool) -> Iterator[Misread]:
    found = view.words.find_leaf(fact.address)
    if found is None:
        yield unknown("address", fact.address, _addresses(view))
        return
    leaf, inst, n = found
    if leaf.sort not in _SORTS[fact.verb]:
        right = next(v for v, sorts in _SORTS.items() if leaf.sort in sorts)
        yield Misread("verb", "fact", Text(f"« {fact.verb} » ({deed_name(fact.verb).fr}) ne convient pas à {fact.address}", f"'{fact.verb}' ({deed_name(fact.verb).en}) does not suit {fact.address}"),
                      Text(f"écrire {right} {fact.address}", f"write {right} {fact.address}"))  # fmt: skip
        return
    yield from _instances(view, leaf.scope, inst, fact)
    yield from _numbered(view, fact, leaf, inst, n)
    if not telling and isinstance(fact.args, (Convene, Move)) and fact.args.day < fact.on.earliest:
        yield Misread("past", "day", Text(f"réunion le {fact.args.day}, avant le {fact.on}", f"a meeting on {fact.args.day}, before {fact.on}"),
                      Text("choisir un jour à venir", "choose a day to come"))  # fmt: skip
    if isinstance(fact.args, (Convene, Move, Hold)) and fact.args.minutes is not None and fact.args.minutes <= 0:
        yield Misread("type", "minutes", Text(f"durée de {fact.args.minutes} minutes", f"a length of {fact.args.minutes} minutes"),
                      Text("écrire une durée positive", "write a positive length"))  # fmt: skip
    if isinstance(fact.args, Convene) and fact.args.urgent is not None and is_blank(fact.args.urgent):
        yield Misread("type", "urgent", Text("urgence sans raison", "urgent without a reason"), Text("dire pourquoi, ou ôter urgent", "say why, or remove urgent"))
    if isinstance(fact.args, Convene):
        yield from agenda_faults(leaf, fact.args.agenda)
    if isinstance(fact.args, Hold):
        yield from held_faults(view, leaf, inst, fact, fact.args)
        if telling:
            for s in view.sittings.get(Label(leaf.id, inst), ()):
                if s.held == fact.on and (not n or n == s.n):
                    yield Misread("twice", "address", Text(f"séance déjà tenue à cette date, {fact.address}", f"held on that day already, {fact.address}"),
                                  _one_of_two(view, fact, fact.args))  # fmt: skip
    if isinstance(fact.args, Agree):
        yield from _version(view, leaf, fact, fact.args, telling=telling)
    if isinstance(fact.args, Decide):
        yield from _voted(view, leaf, fact.args)


def _numbered(view: View, fact: Fact, leaf: Leaf, inst: tuple[InstanceId, ...], n: int, paper: str = "{sitting}") -> Iterator[Misread]:
    """The number of a sitting, in its own address or in that of its document, is at most the next."""
    history = view.sittings.get(Label(leaf.id, inst), ())
    if n > len(history) + 1:
        right = paper.replace("{sitting}", leaf.at(inst))
        yield Misread("sitting", "address", Text(f"pas de séance n° {n} à {fact.address}", f"no sitting number {n} at {fact.address}"),
                      Text(f"écrire {right}", f"write {right}"), lifts=_sitting_first(view, leaf, Label(leaf.id, inst)))  # fmt: skip


def _one_of_two(view: View, fact: Fact, args: Hold) -> Text:
    """What to do of a meeting told twice; one that says who was there may be meant to complete the other."""
    void = corrections(view.dossier.facts)[1]
    told = next((n for n, f in enumerate(view.dossier.facts, 1) if f.verb is fact.verb and f.address == fact.address and f.on == fact.on and n not in void), None)
    if told is None or not (args.attendance or args.present):
        return Text("ôter l'un des deux faits", "remove one of the two facts")
    who = "attendance={…}" if args.attendance else "present=[…]"
    return Text(f"ôter l'un des deux, ou : correct {fact.address} of={told} {who}", f"remove one of the two, or: correct {fact.address} of={told} {who}")


def _correction(view: View, fact: Fact, args: Correct) -> Iterator[Misread]:
    """A correction of a fact that is there, which says what is to be put right in it."""
    if not 1 < args.of <= view.dossier.version:
        yield Misread("version", "of", Text(f"aucun fait n° {args.of}", f"no fact number {args.of}"),
                      Text(f"écrire un numéro de 2 à {view.dossier.version}", f"write a number from 2 to {view.dossier.version}"))  # fmt: skip
        return
    address, old = fact.address, view.dossier.facts[args.of - 1]
    if address not in (DOSSIER, old.address) and address.partition("#")[0] != old.address.partition("#")[0]:
        yield Misread("version", "address", Text(f"le fait n° {args.of} est à {old.address}, non à {shown(address)}", f"fact number {args.of} is at {old.address}, not at {shown(address)}"),
                      Text(f"écrire {old.address}, ou le numéro que dit « status --facts »", f"write {old.address}, or the number that 'status --facts' says"))  # fmt: skip
    if args.is_blank:
        yield Misread("field", "on", Text("une correction qui ne dit rien", "a correction that says nothing"), Text("écrire on = …, attendance = …, ou void = true", "write on = …, attendance = … or void = true"))
    if args.on is not None and fact.stamp is not None and args.on.earliest > fact.on.latest:
        yield Misread("future", "on", Text(f"corrigé le {fact.on}, avant le {args.on}", f"corrected on {fact.on}, before {args.on}"),
                      Text("donner un jour qui est passé", "give a day that is past"))  # fmt: skip
    if args.void:
        yield from _struck_out(old, args)
    if (args.void or args.on is not None) and (spoilt := _spoilt(view, fact)) is not None:
        n, why = spoilt
        yield Misread("stamp", "on", Text(f"le fait n° {n} ne se lirait plus : {why.what.fr}", f"fact number {n} could no longer be read: {why.what.en}"),
                      Text("corriger d'abord ce fait", "correct that fact first"))  # fmt: skip
    if not (args.attendance or args.present):
        return
    found = view.words.find_leaf(old.address)
    if not isinstance(old.args, Hold) or found is None:
        yield Misread("type", "attendance", Text(f"le fait n° {args.of} n'est pas une réunion tenue", f"fact number {args.of} is no meeting that was held"),
                      Text("donner le numéro que dit « status --facts »", "give the number that 'status --facts' says"))  # fmt: skip
        return
    yield from held_faults(view, found[0], found[1], old, Hold(attendance=args.attendance, present=args.present))


def _spoilt(view: View, correction: Fact) -> tuple[int, Misread] | None:
    """A fact that a correction would leave without what it speaks of, and why; None where each is read as before."""
    later = view.after(correction)
    void = corrections(later.dossier.facts)[1]
    told = zip(itertools.count(1), dated(view.dossier), dated(later.dossier), strict=False)
    return next(((n, found) for n, before, f in told if n not in void and not isinstance(f.args, (Open, Correct))
                 and (found := next(misread(later, f, telling=False), None)) is not None and next(misread(view, before, telling=False), None) is None), None)  # fmt: skip


def _struck_out(old: Fact, args: Correct) -> Iterator[Misread]:
    """What cannot be struck out: what was sent, and what ends a project for good."""
    if old.verb in _STANDS:
        yield Misread("field", "void", Text(f"« {old.verb} {old.address} » ne se raye pas", f"'{old.verb} {old.address}' cannot be struck out"), _STANDS[old.verb])
    if args.on is not None or args.attendance or args.present:
        yield Misread("field", "void", Text("un fait rayé ne dit plus rien", "a fact struck out says nothing more"), Text("ôter le reste, ou ôter void", "remove the rest, or remove void"))


_AGAIN = Text("rouvrir, c'est un nouveau dossier qui cite l'ancien", "to reopen is a new dossier that cites the old")
_STANDS = {
    Verb.PUBLISH: Text("publier de nouveau (ics --publish)", "publish again (ics --publish)"),
    Verb.CLOSE: _AGAIN,
    Verb.ABANDON: _AGAIN,
}
"""What stands once it was told, whatever was meant; and what is done instead."""


def _version(view: View, leaf: Leaf, fact: Fact, args: Agree, *, telling: bool) -> Iterator[Misread]:
    """
    The version that an agreement names is a number from 1: the first, or at most the next of those that somebody wrote.

    What was agreed elsewhere is told, not asked: then nobody may know here what came before.
    """
    if args.version is not None and args.version < 1:
        yield Misread("type", "version", Text(f"version {args.version}", f"version {args.version}"), Text("écrire un entier, 1 ou plus", "write a whole number, 1 or more"))
    elif not telling and args.version is not None and args.version > 2 and args.version > (last := _written(view, leaf)) + 1:
        yield Misread("version", "version", Text(f"version {args.version}, que personne n'a écrite", f"version {args.version}, which nobody wrote"),
                      Text(f"écrire {last + 1} au plus", f"write {last + 1} at most"), lifts=(Ask(Verb.AGREE, fact.address, Record((("version", last + 1),))),))  # fmt: skip


def _written(view: View, leaf: Leaf) -> int:
    """The newest version that somebody agreed to, or that stands in an answer which a row reads in the order of its versions; the first at least."""
    said = [f.args.version for label, f in view.done_facts if label.leaf == leaf.id and isinstance(f.args, Agree)]
    rows = [(FacetId(row.selector("of").word), str(row.param("ordered"))) for row in view.method.requirements if row.param("ordered")]
    noted = [n for facet, field in rows for i in view.at(facet) if isinstance(i.value, Record) and type(n := i.value.get(field)) is int]
    return max([1, *noted, *(n for n in said if n is not None)])


def _voted(view: View, leaf: Leaf, args: Decide) -> Iterator[Misread]:
    """A decision is one of its leaf's values, and the one that most voted for; the chair's vote settles a tie where the regime says so (JURI06, art. 12)."""
    for where, value in (("value", args.value), *((f"votes.{v}", v) for v, _ in args.votes), *([("chair", args.chair)] if args.chair is not None else [])):
        if value not in leaf.decisions:
            yield unknown(where, value, leaf.decisions)
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
