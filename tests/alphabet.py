"""
Everything that somebody could ask of a dossier on a day: each verb, at each address that it may speak of, with a few arguments.

The domain of the searches: every verb but `correct` (see `LEFT_OUT`). A step is taken empty and with everybody there, decided
in each way with and without a reserve, convened, moved, cancelled (at two hours: `at_hours`); an agreement given to no version, the first and the second;
an answer said whole, said with a hole, withdrawn, or withdrawn item by item; a document moved in each way; an instance declared
(also each that a refused command speaks of), ended, merged into another; the run moved in each way; reserves settled;
requirements derogated by each decision there was; a plan adopted, a calendar published. All of one day: the searches
take those of several.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Hashable, Iterable, Iterator

import attrs

import agir_workflow as agir
from agir_workflow.answers import Ask, Blocker
from agir_workflow.dossier import Dossier
from agir_workflow.facts import (
    DOSSIER,
    Adopt,
    Agree,
    Clear,
    Convene,
    Correct,
    Decide,
    Declare,
    Derogate,
    Fact,
    Fill,
    Hold,
    Merge,
    Move,
    PlannedMeeting,
    Publish,
    PublishedEntry,
    fact,
)
from agir_workflow.method import Facet, Method
from agir_workflow.samples import command_of
from agir_workflow.values import Record, Value, each_of
from agir_workflow.view import View, view_of
from agir_workflow.when import When
from agir_workflow.words import OPENS, Address, KindId, Sort, Verb

LEFT_OUT = {Verb.CORRECT: "it says that a fact was told wrongly: what then stands in the way is another past, not a way on (`corrections` are searched apart)"}
PAPERS = (Verb.DELIVER, Verb.SUBMIT, Verb.RETURN, Verb.APPROVE, Verb.REVOKE)


def stamped(facts: Iterable[Fact], day: dt.date) -> list[Fact]:
    stamp = agir.Stamp(on=When(day), by="nobody")
    return [f.stamped(stamp) for f in facts]


def alphabet(method: Method, dossier: Dossier, day: dt.date, about: Iterable[Blocker] = (), among: Collection[Hashable] | None = None) -> list[Fact]:
    """The commands of a day, the steps of the tree first; *about* are blockers, by whose subjects some are chosen; answers of facets *among* these alone."""
    view = view_of(method, dossier)
    found = [*steps(view, day), *answers(view, among), *papers(view), *instances(view, about), *aside(view, day, about)]
    return stamped(found, day)


def steps(view: View, day: dt.date) -> Iterator[Fact]:
    for label in [*view.position.labels(), *view.free_labels(day)]:
        leaf, address = view.words.leaves[label.leaf], view.words.leaves[label.leaf].at(label.inst)
        if "*" in label.inst:
            continue
        yield command_of(view, Ask(OPENS[leaf.sort], address), day)
        if leaf.sort is Sort.AGREEMENT:
            yield from (agir.facts.agree(address, Agree(version=n)) for n in (1, 2))
        if leaf.is_sitting:
            yield agir.facts.hold(address)
            yield from (command_of(view, Ask(verb, address), day) for verb in (Verb.CONVENE, Verb.MOVE))
            yield fact(Verb.CANCEL, address)
        for value in leaf.decisions:
            yield agir.facts.decide(address, value)
            yield fact(Verb.DECIDE, address, Decide(value=value, reserves=("…",)))


def at_hours(view: View, day: dt.date) -> Iterator[Fact]:
    """The meetings of a day at two hours: convened, moved, held then; and a plan that has those already held at another."""
    early, late = dt.time(9), dt.time(14)
    for label in view.position.labels():
        leaf = view.words.leaves[label.leaf]
        if leaf.is_sitting and "*" not in label.inst:
            address = str(leaf.at(label.inst))
            yield fact(Verb.HOLD, address, Hold(start=early, minutes=60))
            for start in (early, late):
                yield fact(Verb.CONVENE, address, Convene(day=day, start=start, minutes=60))
                yield fact(Verb.MOVE, address, Move(day=day, start=start, minutes=60))
    for sitting in (s for history in view.sittings.values() for s in history if s.held):
        yield fact(Verb.ADOPT, "plan", Adopt(meetings=(PlannedMeeting(address=sitting.address, day=day, start=late, minutes=60),)))


def subjects(view: View, facet: Facet) -> list[str]:
    if not facet.scope:
        return [str(facet.id)]
    words = view.method.list_(facet.scope)
    return [f"{facet.id}/{x}" for x in ([w.id for w in words.words] if words else [i.id for i in view.of_kind(KindId(facet.scope))])]


def holed(facet: Facet, value: Value) -> Value | None:
    """The value with the optional fields of its first item left out; None where there are none."""
    first = each_of(value)[0]
    names = {f.name for f in facet.fields if f.optional}
    if not names or not isinstance(first, Record):
        return None
    poor: Value = Record(tuple((k, v) for k, v in first if k not in names))
    return (poor, *each_of(value)[1:]) if facet.many else poor


def answers(view: View, among: Collection[Hashable] | None = None) -> Iterator[Fact]:
    for facet in (f for f in view.method.facets if among is None or f.id in among):
        for address in subjects(view, facet):
            whole = command_of(view, Ask(Verb.FILL, Address(address)), dt.date.min)
            yield whole
            assert isinstance(whole.args, Fill)
            if (poor := holed(facet, whole.args.value)) is not None:
                yield fact(Verb.FILL, address, Fill(value=poor))
            yield fact(Verb.CLEAR, address)
        for item in view.at(facet.id):
            name = item.value.get("id") if isinstance(item.value, Record) else item.value
            if facet.many and item.off is None and isinstance(name, str):
                yield fact(Verb.CLEAR, "/".join([facet.id, *item.subject]), Clear(item=name))


def papers(view: View) -> Iterator[Fact]:
    for paper in view.method.deliverables:
        slot = "{" + paper.scope[0] + "}" if paper.scope else "{sitting}"
        fillers = [i.id for i in view.of_kind(paper.scope[0])] if paper.scope else [s.address for h in view.sittings.values() for s in h if s.held] if paper.per_sitting else [""]
        yield from (fact(verb, paper.address.replace(slot, x)) for x in fillers for verb in PAPERS)


def instances(view: View, about: Iterable[Blocker]) -> Iterator[Fact]:
    for kind in view.method.kinds:
        known = [str(i.id) for i in view.of_kind(kind.id) if i.off is None]
        holders = [str(i.id) for i in view.of_kind(kind.inside)] if kind.inside else []
        new = [f"{kind.id}-new", *(p for b in about for p in b.subject.partition("#")[0].split("/")[1:] if p not in known)]
        for id in dict.fromkeys(new):
            made = command_of(view, Ask(Verb.DECLARE, Address(f"{kind.id}/{id}")), dt.date.min)
            assert isinstance(made.args, Declare)
            yield made
            yield from (Fact(made.verb, made.address, attrs.evolve(made.args, inside=h)) for h in holders)
        yield from (fact(Verb.END, f"{kind.id}/{x}") for x in known)
        yield from (fact(Verb.MERGE, f"{kind.id}/{x}", Merge(into=y)) for x in known for y in known if x != y)


def run_moves() -> Iterator[Fact]:
    yield from (fact(verb, DOSSIER) for verb in (Verb.SUSPEND, Verb.RESUME, Verb.ABANDON, Verb.CLOSE))


def corrections(method: Method, dossier: Dossier, day: dt.date, days: Iterable[dt.date]) -> list[Fact]:
    """Each fact told so far was of another day, or was told wrongly."""
    told = range(2, dossier.version + 1)
    days_and_strikes = [*(Correct(of=n, on=When(d)) for n in told for d in days), *(Correct(of=n, void=True) for n in told)]
    return stamped((fact(Verb.CORRECT, DOSSIER, args) for args in days_and_strikes), day)


def aside(view: View, day: dt.date, about: Iterable[Blocker]) -> Iterator[Fact]:
    yield from run_moves()
    sat = [s for history in view.sittings.values() for s in history]
    yield from (fact(Verb.SETTLE, f"reserve/{s.address}/{n}") for s in sat if s.decision for n in range(1, len(s.decision.reserves) + 1))
    bodies = list(dict.fromkeys(s.address for s in sat if s.decided)) or [x.address for x in view.words.decisions][:1]
    for b in about:
        for copil in bodies:
            yield from (fact(Verb.DEROGATE, at, Derogate(code=b.code, reason="…", copil=copil)) for at in (b.subject, DOSSIER))
    meetings = [view.words.leaves[x.leaf].at(x.inst) for x in view.position.labels() if view.words.leaves[x.leaf].is_sitting and "*" not in x.inst]
    for address in meetings[:1]:
        yield fact(Verb.ADOPT, "plan", Adopt(meetings=(PlannedMeeting(address=address, day=day + dt.timedelta(days=9)),)))
        yield fact(Verb.PUBLISH, "plan", Publish(entries=(PublishedEntry(address=address, uid="u", sequence=0, day=day),)))


def odd(method: Method, dossier: Dossier, day: dt.date) -> list[Fact]:
    """Commands that nobody has use for: of instances, seats, sittings, reserves and words that nobody has heard of."""
    view, before = view_of(method, dossier), day - dt.timedelta(days=1)
    out: list[Fact] = []
    for leaf in method.leaves:
        address = leaf.address
        for kind in leaf.scope:
            address = address.replace("{" + kind + "}", "somebody")
        verb = OPENS[leaf.sort]
        out += [fact(verb, address), fact(verb, address.replace("somebody", "*"))] if leaf.scope else [fact(verb, f"{address}#9")]
        if leaf.is_sitting:
            own = address if not leaf.scope else next((str(leaf.at(x.inst)) for x in view.position.labels() if x.leaf == leaf.id and "*" not in x.inst), address)
            out += [agir.facts.hold(own, Hold(present=("nobody",))), agir.facts.hold(own, Hold(attendance=Record((("martians", 2),)))), agir.facts.hold(own, Hold(agenda=("nothing",)))]
            out += [agir.facts.hold(own, Hold(present=("nobody", "nobody"))), agir.facts.hold(own, Hold(present=("nobody",), attendance=Record((("martians", 2),))))]
            out += [agir.facts.convene(own, before), agir.facts.hold(f"{own}#2"), fact(Verb.DELIVER, own), agir.facts.hold(own, Hold(minutes=0))]
        if leaf.decisions:
            out += [fact(Verb.DECIDE, address, Decide(value=leaf.decisions[0], votes=Record(((leaf.decisions[-1], 3),))))]
            out += [agir.facts.decide(address, "perhaps"), fact(Verb.SETTLE, f"reserve/{address}/1"), fact(Verb.SETTLE, f"reserve/{address}/x")]
    for sitting in (s for history in view.sittings.values() for s in history if s.held or s.cancelled):
        # Under its number a sitting is that very one, whatever came after it.
        at = sitting.address if sitting.n > 1 else f"{sitting.address}#1"
        out += [fact(verb, at) if verb is not Verb.MOVE else command_of(view, Ask(verb, Address(at)), day) for verb in (Verb.HOLD, Verb.MOVE, Verb.CANCEL)]
    for facet in method.facets:
        at = f"{facet.id}/somebody" if facet.scope else str(facet.id)
        out += [command_of(view, Ask(Verb.FILL, Address(at)), day), fact(Verb.CLEAR, at), fact(Verb.FILL, at, Fill(value=Record((("nothing", "x"),)))), fact(Verb.FILL, f"{at}/too/far", Fill(value="x"))]
    for one in method.kinds:
        known = next((str(i.id) for i in view.of_kind(one.id)), "somebody")
        out += [fact(Verb.END, f"{one.id}/somebody"), fact(Verb.MERGE, f"{one.id}/{known}", Merge(into="somebody")), fact(Verb.MERGE, f"{one.id}/{known}", Merge(into=known))]
        out += [command_of(view, Ask(Verb.DECLARE, Address(f"{one.id}/{known}")), day)]
        out += [fact(Verb.DECLARE, f"{one.id}/another", Declare(inside="somebody"))] if one.inside else []
    for paper in method.deliverables:
        slot = "{" + paper.scope[0] + "}" if paper.scope else "{sitting}"
        out += [fact(Verb.SUBMIT, paper.address.replace(slot, "somebody"))]
    out += [fact(Verb.DEROGATE, DOSSIER, Derogate(code="NONE", reason="…", copil="nowhere")), fact(Verb.SUSPEND, "elsewhere"), fact(Verb.FILL, "nothing", Fill(value="x"))]
    out += [fact(Verb.ADOPT, "plan", Adopt(meetings=(PlannedMeeting(address="nowhere", day=day),))), fact(Verb.CORRECT, DOSSIER, Correct(of=10**6, on=When(day)))]
    return stamped(out, day)
