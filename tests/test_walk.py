"""
A random walk of ten thousand commands and more: what no story has told, decided all the same.

At least half of the commands are drawn from `possible`: its steps, and what those of them that were refused name as
their lifts; some are a document's next move and what a project does now and then; the others are wild: any verb at
any address, with odd arguments and odd days. Accepted ones are carried out,
some refused ones told as facts. At each step the promises of `decide`, `record` and `evolve` are held; at the
end a table says which commands, events, states, phases and rows the walk has met. Seeded: the same walk each time.
"""

from __future__ import annotations

import datetime as dt
import random
import re
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import attrs
import pytest
from edits import method as the_method  # type: ignore[import-not-found]
from edits import rows
from test_story import charenton  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow._chart import CHARTS, destination, initial, triggers
from agir_workflow.answers import Accepted, As, Ask, Blocker, Recorded, Refused, Wait
from agir_workflow.dossier import Dossier, Label
from agir_workflow.facts import (
    ARGS,
    DOSSIER,
    Adopt,
    Agree,
    Bare,
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
    PlannedMeeting,
    Publish,
    PublishedEntry,
    Stamp,
    fact,
)
from agir_workflow.method import Facet, Method
from agir_workflow.position import Standing
from agir_workflow.readings import guard as guard_room
from agir_workflow.readings._result import NotApplicable, Unmet
from agir_workflow.readings.binding import ask_label, bound
from agir_workflow.readings.guard import NO_GUARD
from agir_workflow.readings.seats import seats_at
from agir_workflow.requirements import Form, Is, Requirement
from agir_workflow.samples import command_of, value_of
from agir_workflow.values import EMPTY, Record, Value
from agir_workflow.view import COPIL, PAPER, RUN, View, view_of
from agir_workflow.when import When
from agir_workflow.words import OPENS, Address, FacetId, Family, KindId, Severity, Sort, Verb

STEPS = 10_000
MOST = 60_000
"""The walk goes on so far, at the most, while its table has an empty cell: a method that grows needs a longer one."""
SEED = 6
PROBE = 200
"""Every so many steps a view carried over is compared with one made anew, and the dossier is judged."""
LONGEST = 260
"""Facts after which a dossier is left for another, so that no step is slow."""

Rng = random.Random
FOREIGN = (
    "", "/", "#", "dossier/x", "gt9/insertion", "gt1/personne", "gt1/", "gt1/insertion#7", "gt1/insertion#x", "copil/themes#0", "copil",
    "activite/rien", "livrable/rien", "livrable/plan_action/personne", "compte_rendu/gt1/personne", "compte_rendu/", "theme", "theme/", "theme/a b",
    "motif/insertion", "focus", "focus/rien", "positionnement/personne", "entretien/personne", "reserve/copil/themes/9", "plan", "*", "gt1/*",
    "é" * 40, "x" * 400, "gt1/insertion/de trop", " copil/themes", "COPIL/THEMES", "copil/themes\n",
)  # fmt: skip
BY = ("lead", "collectivite", "expert", "pilotes", "animateurs", "nobody", "", "entreprise_pilote")


# -- dossiers to walk in ---------------------------------------------------------------------------------


def beginnings(rng: Rng) -> Iterator[Dossier]:
    """Charenton cut anywhere under any regime and profile, and young dossiers with too few of everything."""
    whole = charenton()[1]
    opening = whole.facts[0]
    assert isinstance(opening.args, Open)
    first = opening.stamp
    assert first is not None
    while True:
        regime = rng.choice(("usage", "cgct", "crpa", "leader"))
        head = attrs.evolve(opening.args, regime=regime, profile=rng.choice(("charenton-2012", "rameau-default")))
        open_ = Fact(opening.verb, opening.address, head, first)
        # Where a council's rules are borrowed, municipal elections are told: public meetings lie too near them.
        vote = (fact(Verb.FILL, "election", Fill(value=(When(dt.date(2012, 10, 7)),))).stamped(first),) if regime == "cgct" else ()
        declared = [f.stamped(first) for f in whole.facts if isinstance(f.args, Declare)]
        kind = rng.random()
        if kind < 0.6:  # the founding case, up to some fact; or before its copils met
            facts = sorted(whole.facts[1:-1], key=lambda f: (f.on.earliest, not isinstance(f.args, Declare)))
            yield Dossier((open_, *vote, *facts[: rng.choice((4, 4, 20)) if kind < 0.15 else rng.randrange(20, len(facts) + 1)]))
        elif kind < 0.8:  # all its instances, nothing done
            yield Dossier((open_, *(_bare(f) if rng.random() < 0.3 else f for f in declared)))
        else:  # hardly anybody
            some = [f for f in declared if rng.random() < 0.25 and not (isinstance(f.args, Declare) and f.args.inside)]
            yield Dossier((open_, *some))


def _bare(declared: Fact) -> Fact:
    """An actor of whom nothing more is said; of the others something must be."""
    return attrs.evolve(declared, args=attrs.evolve(declared.args, attributes=EMPTY)) if declared.address.startswith("actor/") else declared


# -- commands ----------------------------------------------------------------------------------------------


def known_addresses(view: View) -> list[str]:
    """Every address that a verb may speak of in this dossier: steps, sittings, instances, answers, documents."""
    words, method = view.words, view.method
    out = [words.leaves[x.leaf].at(x.inst) for x in view.position.labels()]
    sittings = [str(s.address) for history in view.sittings.values() for s in history]
    out += sittings
    out += [f"{i.kind}/{i.id}" for i in view.instances]
    out += [f"{leaf.split('/')[0]}/{i.id}" for leaf in ("entretien/x", "compte_rendu_entretien/x") for i in view.of_kind(KindId("interviewee"))]
    out += [a for f in method.facets for a in facet_addresses(view, f)]
    out += paper_addresses(view)
    out += [f"reserve/{s}/1" for s in sittings]
    return [*out, DOSSIER, "plan"]


def facet_addresses(view: View, facet: Facet) -> list[str]:
    if not facet.scope:
        return [str(facet.id)]
    words = view.method.list_(facet.scope)
    subjects = [w.id for w in words.words] if words else [str(i.id) for i in view.of_kind(KindId(facet.scope))]
    return [f"{facet.id}/{s}" for s in subjects]


def paper_addresses(view: View) -> list[str]:
    out: list[str] = []
    for paper in view.method.deliverables:
        if paper.per_sitting:
            out += [paper.address.replace("{sitting}", s.address) for history in view.sittings.values() for s in history if s.held]
        elif paper.scope:
            out += [paper.address.replace("{" + paper.scope[0] + "}", i.id) for i in view.of_kind(paper.scope[0])]
        else:
            out.append(paper.address)
    return out


def odd_value(rng: Rng, view: View, facet: Facet) -> Value:
    """A value with holes: optional fields left out or blank, few members, sometimes of a wrong shape."""
    if rng.random() < 0.1:
        return rng.choice(("", "…", 7, True, When(dt.date(2012, 5, 1)), (), Record((("rien", "x"),)), ("a", 3)))
    whole = value_of(view, facet)
    members = list(whole) if isinstance(whole, tuple) else [whole]
    kept = rng.sample(members, min(len(members), rng.choice((1, 1, 2, 4))))
    kept = [thinned(rng, facet, m) if isinstance(m, Record) else m for m in kept]
    return tuple(kept) if isinstance(whole, tuple) else kept[0]


def thinned(rng: Rng, facet: Facet, record: Record) -> Record:
    optional = {f.name for f in facet.fields if f.optional}
    single = {f.name for f in facet.fields if f.many}
    pairs = [(k, v) for k, v in record if not (k in optional and rng.random() < 0.5)]
    return Record(tuple((k, v[:1] if k in single and isinstance(v, tuple) and rng.random() < 0.6 else v) for k, v in pairs))


def heads(rng: Rng) -> Record:
    colleges = ("associations", "entreprises", "collectivites", "experts", "autres")
    some = rng.sample(colleges, rng.randrange(0, 6))
    odd: tuple[tuple[str, Value], ...] = (("martiens", 2),) if rng.random() < 0.03 else ()
    return Record(tuple((c, rng.choice((0, 1, 2, 3, 5, 40))) for c in some) + odd)


def seated(rng: Rng, seats: list[str], agenda: tuple[str, ...]) -> Hold:
    """A sitting told by names: some there, one replaced, one represented, one withdrawn."""
    there = rng.sample(seats, rng.randrange(1, len(seats) + 1))
    away = [s for s in seats if s not in there]
    return Hold(present=tuple(there), agenda=agenda, substitutes=Record(tuple((s, "p-x") for s in away[:1])), proxies=Record(tuple((s, there[0]) for s in away[1:3])),
                withdrawn=tuple(there[:1]) if rng.random() < 0.2 else ())  # fmt: skip


def odd_args(rng: Rng, view: View, verb: Verb, address: str, on: dt.date) -> Fact:
    """The verb at the address with arguments of its own class: plausible, thin, or nonsense."""

    def day() -> dt.date:
        return on + dt.timedelta(days=rng.randrange(-20, 60))

    where = rng.choice(known_addresses(view)) if verb in (Verb.ADOPT, Verb.PUBLISH) else ""
    where = rng.choice(FOREIGN) if rng.random() < 0.15 else where
    found = view.words.find_leaf(address)
    agenda = [p.id for p in found[0].agenda] if found else []
    match verb:
        case Verb.DECLARE:
            kind = view.words.kinds.get(KindId(address.partition("/")[0]))
            inside = rng.choice((None, "insertion", "personne"))
            return fact(verb, address, Declare(inside=inside, attributes=Record(tuple((f.name, "associations" if f.type == "college" else "elu") for f in kind.attributes)) if kind and rng.random() < 0.7 else EMPTY))
        case Verb.MERGE:
            return fact(verb, address, Merge(into=rng.choice(("insertion", "handicap", "personne"))))
        case Verb.FILL:
            facet = view.words.facets.get(FacetId(address.partition("/")[0]))
            return fact(verb, address, Fill(value=odd_value(rng, view, facet) if facet else "x"))
        case Verb.CLEAR:
            return fact(verb, address, Clear(item=rng.choice((None, "x1", "rien"))))
        case Verb.AGREE:
            return fact(verb, address, Agree(version=rng.choice((None, 1, 2, 0, -3))))
        case Verb.HOLD:
            points = rng.sample(agenda, rng.randrange(0, len(agenda) + 1)) + (["rien"] if rng.random() < 0.03 else [])
            seats = list(seats_at(view, Label(found[0].id, found[1]), on)) if found else []
            if seats and rng.random() < 0.4:
                return fact(verb, address, seated(rng, seats, tuple(points)))
            return fact(verb, address, Hold(attendance=heads(rng), agenda=tuple(points), mandates=rng.choice((0, 0, 3)), quorate=rng.choice((None, None, True, False)),
                                            start=rng.choice((None, dt.time(14))), minutes=rng.choice((None, 90)),
                                            chaired_by=(None, "entreprises", "collectivites")[len(points) % 3]))  # fmt: skip
        case Verb.CONVENE:
            return fact(verb, address, Convene(day=day()))
        case Verb.MOVE:
            return fact(verb, address, Move(day=day(), start=rng.choice((None, dt.time(18)))))
        case Verb.DECIDE:
            value = rng.choice(("go", "go_with_reserves", "no_go", "postponed", "peut-être"))
            votes = Record((("go", rng.randrange(4)), ("no_go", rng.randrange(4)))) if rng.random() < 0.1 else EMPTY
            return fact(verb, address, Decide(value=value, reserves=("à revoir",) if rng.random() < 0.4 else (), votes=votes))
        case Verb.DELIVER:
            return fact(verb, address, Deliver(uri=rng.choice((None, "https://exemple.invalid/x", ""))))
        case Verb.DEROGATE:
            code = rng.choice([*(r.code for r in view.method.requirements), "XXX999"])
            copil = rng.choice([str(s.address) for h in view.sittings.values() for s in h] or ["copil/cadrage"])
            return fact(verb, address, Derogate(code=code, reason="essai", copil=copil, until=rng.choice((None, day()))))
        case Verb.CORRECT:
            return fact(verb, address, Correct(of=rng.choice((0, 1, -4, 10**9, rng.randrange(2, view.dossier.version + 2))), on=When(day())))
        case Verb.ADOPT:
            return fact(verb, address, Adopt(meetings=(PlannedMeeting(address=where, day=day(), start=rng.choice((None, dt.time(10)))),) if where else ()))
        case Verb.PUBLISH:
            entry = PublishedEntry(address=where, uid="u", sequence=rng.randrange(3), day=day(), cancelled=rng.random() < 0.2)
            return fact(verb, address, Publish(entries=(entry,) if where else ()))
        case _:
            return fact(verb, address)


def wild(rng: Rng, view: View, on: dt.date) -> Fact:
    """Any verb anywhere; as often as not a verb that suits its address, with odd contents."""
    if rng.random() < 0.55:
        enabled = [x for x in view.position.labels() if view.position.standing(x) is Standing.ENABLED and "*" not in x.inst]
        young = not view.position.phase_begun("preparation")
        if enabled and rng.random() < (0.15 if young else 0.6):
            ask = ask_label(view, rng.choice(enabled))
            return odd_args(rng, view, ask.verb, ask.address, on)
        facet = rng.choice(view.method.facets)
        if rng.random() < 0.5:  # where something may be left unsaid
            facet = rng.choice([f for f in view.method.facets if any(x.optional for x in f.fields)])
        addresses = facet_addresses(view, facet)
        if addresses:
            return odd_args(rng, view, rng.choice((Verb.FILL, Verb.FILL, Verb.CLEAR)), rng.choice(addresses), on)
    verb = rng.choice(list(Verb))
    if verb is Verb.ABANDON and rng.random() < 0.8:
        verb = Verb.CONVENE
    pool = known_addresses(view) if rng.random() < 0.75 else FOREIGN
    usual = {Verb.SUSPEND: DOSSIER, Verb.RESUME: DOSSIER, Verb.ABANDON: DOSSIER, Verb.CLOSE: DOSSIER, Verb.ADOPT: "plan", Verb.PUBLISH: "calendar", Verb.CORRECT: DOSSIER}
    address = usual[verb] if verb in usual and rng.random() < 0.5 else rng.choice(pool)
    if verb in (Verb.END, Verb.MERGE) and view.instances and rng.random() < 0.3:
        one = rng.choice(view.instances)
        address = f"{one.kind}/{one.id}"
    return odd_args(rng, view, verb, address, on)


def of_another_class(rng: Rng, command: Fact) -> Fact:
    """The command with arguments that belong to another verb."""
    others = [a for a in (Declare(), Fill(value="x"), Hold(), Convene(day=dt.date(2012, 1, 1)), Decide(value="go"), Correct(of=2, on=When(dt.date(2012, 1, 1))), Bare()) if type(a) is not ARGS[command.verb]]
    return Fact(command.verb, command.address, rng.choice(others))


def stamped(rng: Rng, command: Fact, on: dt.date, by: str, *, odd: bool) -> Fact:
    """With a stamp; an odd one may be missing, coarse, out of order, or recorded before it happened."""
    kind = rng.random() if odd else 1.0
    if kind < 0.03:
        return command
    when, recorded = When(on), None
    if kind < 0.06:
        when = When.parse(rng.choice(("2012", "2012-S1", f"{on.year}-{on.month:02d}")))
    elif kind < 0.13:
        when = When(on + dt.timedelta(days=rng.choice((-400, -30, -3, -1, 90))))
    elif kind < 0.18:
        recorded = dt.datetime.combine(on, dt.time(12), dt.UTC) + dt.timedelta(days=rng.choice((-5, 0, 5)))
    return command.stamped(Stamp(on=when, by=by, recorded_at=recorded, key=rng.choice((None, "k"))))


_SELDOM = {Verb.REVOKE: 8, Verb.RETURN: 4, Verb.APPROVE: 4}
"""Moves of a document that few have come far enough for."""


def ahead_of(view: View, day: dt.date) -> list[Label]:
    """
    The steps that `possible` gives, without what blocks each: that would take as long as all the rest.

    The probes hold that it gives these, but for those that send a loop round while nobody asked for it.
    """
    done = view.position.done
    free = [x for x in view.free_labels(day) if not any(s.done for s in view.sittings.get(x, ()))]
    return [x for x in (*(x for x in view.position.labels() if x not in done), *free) if "*" not in x.inst]


@attrs.define
class Guide:
    """Who steers: the asks still to follow, the day, and who asks."""

    rng: Rng
    day: dt.date
    by: str = "lead"
    todo: list[Ask | Fact] = attrs.field(factory=list)
    careful: bool = False
    drawn: bool = False
    """Whether the last command was a step of `possible`, or a lift of one."""

    def command(self, view: View) -> Fact:
        rng = self.rng
        self.drawn = False
        if self.careful and not self.todo and rng.random() < 0.5:
            return command_of(view, Ask(Verb.FILL, Address(rng.choice([a for f in view.method.facets for a in facet_addresses(view, f)]))), self.day)
        if view.state(RUN, DOSSIER) == "suspended" and rng.random() < 0.6:
            return fact(Verb.RESUME, DOSSIER)
        if self.todo and rng.random() < 0.85:
            wish = self.todo.pop()
            self.drawn = True
            return wish if isinstance(wish, Fact) else command_of(view, wish, self.day)
        if rng.random() < 0.04 and (ahead := [p for p in view.method.tree.phases if not view.position.phase_begun(p.name)]):
            leaf = next(x for x in ahead[0].leaves() if not view.words.leaves[x.leaf].scope).leaf  # in a hurry: the first step of the next phase
            return command_of(view, Ask(OPENS[view.words.leaves[leaf].sort], view.words.leaves[leaf].at(())), self.day)
        kind = rng.random()
        if kind < 0.16 and (moves := self._papers(view)):
            return fact(*rng.choices(moves, [_SELDOM.get(verb, 1) for verb, _ in moves])[0])
        if kind < 0.30:
            return self._seldom(view)
        wanted = (Standing.MISSING,) if rng.random() < 0.15 else (Standing.ENABLED,)
        labels = [x for x in ahead_of(view, self.day) if x.leaf not in view.method.tree.free and view.position.standing(x) in wanted]
        if not labels:
            return fact(Verb.CLOSE, DOSSIER)
        self.drawn = True
        labels = labels[:6] if rng.random() < 0.4 else labels
        ask = ask_label(view, rng.choice(labels))
        found = view.words.find_leaf(ask.address)
        assert found is not None
        if ask.verb is Verb.HOLD and found[0].sort is Sort.DECISION and rng.random() < 0.5:
            self.todo.append(ask)
            return fact(Verb.CONVENE, ask.address, Convene(day=self.day + dt.timedelta(days=10)))
        if ask.verb is Verb.HOLD and rng.random() < 0.25:
            return odd_args(rng, view, Verb.HOLD, ask.address, self.day)
        return command_of(view, ask, self.day)

    def _papers(self, view: View) -> list[tuple[Verb, str]]:
        return [(Verb(t), a) for a in paper_addresses(view) for t in triggers(PAPER, view.state(PAPER, Address(a)))]

    def _seldom(self, view: View) -> Fact:
        """What a project does now and then: suspend, derogate, correct, adopt, publish, settle, move, cancel, end."""
        rng, held = self.rng, [s for h in view.sittings.values() for s in h if s.held]
        ahead = [s for h in view.sittings.values() for s in h if s.convened and not s.held and not s.cancelled]
        reserves = [f"reserve/{s.address}/1" for s in held if s.decision and s.decision.reserves]
        some: list[Callable[[], Fact]] = [
            lambda: fact(Verb.SUSPEND, DOSSIER),
            lambda: fact(Verb.CLOSE, DOSSIER),
            lambda: fact(Verb.MERGE, "theme/handicap", Merge(into="insertion")) if rng.random() < 0.6 else fact(Verb.SUSPEND, DOSSIER),
            lambda: command_of(view, Ask(Verb.DECLARE, Address(f"{rng.choice(list(view.words.kinds))}/…")), self.day),
            lambda: fact(Verb.ADOPT, "plan", Adopt(meetings=(PlannedMeeting(address="copil/cloture", day=self.day + dt.timedelta(days=40)),))),
            lambda: fact(Verb.PUBLISH, "plan", Publish(entries=(PublishedEntry(address="copil/cloture", uid="u", sequence=0, day=self.day),))),
        ]
        if held:
            last = rng.choice(held)
            row = rng.choice([r for r in view.method.requirements if r.derogable])
            about = [b.subject for b in bound(view, row)] or [DOSSIER]
            some.append(lambda: fact(Verb.DEROGATE, rng.choice(about), Derogate(code=row.code, reason="essai", copil=last.address)))
            some.append(lambda: fact(Verb.CORRECT, DOSSIER, Correct(of=view.dossier.version, on=When(self.day))))
            some.append(lambda: command_of(view, Ask(Verb.DELIVER, Address(f"compte_rendu/{last.address}")), self.day))
        if reserves:
            some.append(lambda: fact(Verb.SETTLE, rng.choice(reserves)))
        if ahead:
            some.append(lambda: fact(Verb.MOVE, rng.choice(ahead).address, Move(day=self.day + dt.timedelta(days=15))))
            some.append(lambda: fact(Verb.CANCEL, rng.choice(ahead).address))
        return rng.choice(some)()

    def refused(self, command: Fact, blockers: tuple[Blocker, ...]) -> None:
        """The command again, later, after one lift of each blocker."""
        if len(self.todo) > 40:
            self.todo.clear()
        if any(b.permanent for b in blockers):
            return
        self.todo.append(Fact(command.verb, command.address, command.args))
        for b in blockers:
            lift = self.rng.choice(b.lifts)
            if isinstance(lift, Ask):
                self.todo.append(lift)
            elif isinstance(lift, Wait):
                self.day = max(self.day, min(lift.until, self.day + dt.timedelta(days=400)))
            else:
                assert isinstance(lift, As)
                self.by = lift.role


# -- what the readers were asked ---------------------------------------------------------------------------


@contextmanager
def overheard(met: Counter[tuple[int, str]], order: dict[int, int]) -> Iterator[None]:
    """Each reading of a row by the guard, counted: it objects, or it was judged and is silent."""

    def ear(reader: Callable[..., object], row_at: int) -> Callable[..., object]:
        def heard(*args: object) -> object:
            found = reader(*args)
            if found is None or isinstance(found, Unmet):
                met[order[id(args[row_at])], "objects" if found is not None else "silent"] += 1
            else:
                assert isinstance(found, NotApplicable)
            return found

        return heard

    def by(row: Requirement, asked: guard_room.Asked, view: View) -> list[Blocker]:
        found = real_by(row, asked, view)
        if found or (asked.leaf is not None and asked.leaf.role == asked.by and not row.param("does")):
            met[order[id(row)], "objects" if found else "silent"] += 1
        return found

    def invites(row: Requirement, asked: guard_room.Asked, view: View) -> list[Blocker]:
        found = real_invites(row, asked, view)
        if found or (asked.leaf is not None and asked.by == (asked.leaf.inviting or asked.leaf.role)):
            met[order[id(row)], "objects" if found else "silent"] += 1
        return found

    real_by, real_invites = guard_room._by, guard_room._invites
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard_room, "evaluate", ear(guard_room.evaluate, 1))
        patch.setattr(guard_room, "READERS", {k: ear(r, 1) for k, r in guard_room.READERS.items()})
        patch.setattr(guard_room, "_by", by)
        patch.setattr(guard_room, "_invites", invites)
        yield


# -- the walk -------------------------------------------------------------------------------------------------


_OF_A_SITTING = ("meeting", "decision")
EVENTS: dict[Verb, tuple[str, ...]] = {
    Verb.HOLD: _OF_A_SITTING, Verb.CONVENE: _OF_A_SITTING, Verb.MOVE: _OF_A_SITTING, Verb.CANCEL: _OF_A_SITTING, Verb.DECIDE: ("decision",),
    Verb.DELIVER: ("activity", "document", "document of a sitting"), Verb.AGREE: ("agreement",),
    **{v: ("document",) for v in (Verb.SUBMIT, Verb.RETURN, Verb.APPROVE, Verb.REVOKE)},
    **{v: ("answer", "answer of one") for v in (Verb.FILL, Verb.CLEAR)}, **{v: ("instance",) for v in (Verb.DECLARE, Verb.END, Verb.MERGE)},
}  # fmt: skip
"""The events that can be: a verb, and what it may be of; all others are of the dossier."""


def event_of(view: View, event: Fact) -> str:
    """What an event is of: a step by its sort, a document, an answer, an instance, the dossier."""
    found, paper = view.words.find_leaf(event.address), view.words.find_paper(event.address)
    head, _, rest = event.address.partition("/")
    if event.verb not in EVENTS:
        return "dossier"
    if paper is not None and "document" in EVENTS[event.verb]:
        return "document of a sitting" if paper[0].per_sitting and event.verb is Verb.DELIVER else "document"
    if found is not None and found[0].sort.value in EVENTS[event.verb]:
        return found[0].sort.value
    if head in view.words.facets:
        return "answer of one" if rest else "answer"
    return "instance"


@attrs.define
class Walk:
    """What the walk met, and every promise that it saw broken."""

    broken: list[str] = attrs.field(factory=list)
    verbs: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    emitted: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    entered: set[tuple[str, str]] = attrs.field(factory=set)
    met: Counter[tuple[int, str]] = attrs.field(factory=Counter)
    codes: set[str] = attrs.field(factory=set)
    steps: int = 0
    dossiers: int = 0
    recorded: int = 0
    probes: int = 0
    closed: int = 0
    drawn: int = 0

    def expect(self, holds: bool, command: Fact, what: str) -> None:
        if not holds and len(self.broken) < 40:
            self.broken.append(f"step {self.steps}, {command.verb} {command.address!r} {command.args} {command.stamp}: {what}")

    def tried(self, what: str, command: Fact, call: Callable[[], object]) -> object:
        try:
            return call()
        except Exception as exc:
            last = traceback.extract_tb(exc.__traceback__)[-1]
            self.expect(False, command, f"{what} raises {type(exc).__name__}: {exc} ({last.filename.rpartition('/')[2]}:{last.lineno})")
            return None


def same_view(method: Method, dossier: Dossier) -> list[str]:
    """The names in which the view that rides along differs from one made anew; see test_story."""
    carried, anew = view_of(method, dossier), View(method, Dossier(dossier.facts))
    out = [n for n in ("position", "instances", "planned", "settled", "published", "derogations", "adopted", "done_facts", "last") if getattr(carried, n) != getattr(anew, n)]
    for name in ("sittings", "items", "states"):
        if {k: v for k, v in getattr(carried, name).items() if v} != {k: v for k, v in getattr(anew, name).items() if v}:
            out.append(name)
    return out


_SLOT = re.compile(r"\{\w*\}")


def faults_of(b: Blocker) -> Iterator[str]:
    if not (b.lifts or b.permanent):
        yield f"{b.key} has neither lift nor reason"
    if b.lifts and b.permanent:
        yield f"{b.key} has lifts and yet is permanent"
    for text in (b.text.fr, b.text.en):
        if not 1 <= len(text) <= 160:
            yield f"{b.key} says {len(text)} characters"
        # A fault of input may show how a table is written, «{ nom, but }»; a place to be filled in it never is.
        if _SLOT.search(text) or ("{" in text and b.family is not Family.INPUT):
            yield f"{b.key} was not filled in: {text!r}"


def evolve(walk: Walk, method: Method, dossier: Dossier, events: tuple[Fact, ...]) -> Dossier:
    for event in events:
        after = walk.tried("evolve", event, lambda d=dossier, e=event: agir.evolve(method, d, e))  # type: ignore[misc]
        if not isinstance(after, Dossier):
            return dossier
        walk.expect(after.version == len(after.facts) == dossier.version + 1, event, f"version {after.version} of {len(after.facts)} facts")
        dossier = after
        walk.tried("the view", event, lambda d=dossier: view_of(method, d).position)  # type: ignore[misc]
    return dossier


def enter(walk: Walk, view: View) -> None:
    for (chart, _), history in view.states.items():
        walk.entered |= {(chart, entry.state) for entry in history[-1:]}
    walk.entered |= {("phase", name) for name, state in view.position.phases() if state == "current"}


def run(steps: int, seed: int, most: int = MOST) -> Walk:
    rng, walk = random.Random(seed), Walk()
    method = the_method()
    order = {id(r): n for n, r in enumerate(method.requirements)}
    starts = beginnings(rng)
    dossier, guide = next(starts), Guide(rng, dt.date(2011, 9, 1))
    fresh = True
    with overheard(walk.met, order):
        while walk.steps < steps or (walk.steps < most and (walk.steps % 1_000 or not all(cells(walk).values()))):
            if fresh or dossier.version > LONGEST or view_of(method, dossier).state(RUN, DOSSIER) in ("abandoned", "closed"):
                dossier = next(starts)
                guide = Guide(rng, max(f.on.latest for f in dossier.facts) + dt.timedelta(days=1), careful=rng.random() < 0.6)
                walk.dossiers += 1
                walk.entered |= {(chart, initial(chart)) for chart in CHARTS}
                enter(walk, view_of(method, dossier))
                fresh = False
            view = view_of(method, dossier)
            view.position  # noqa: B018  (known, so that it is carried over too)
            odd = rng.random() < 0.35
            if odd:
                asked = wild(rng, view, guide.day)
                if rng.random() < 0.03:
                    asked = of_another_class(rng, asked)
                command = stamped(rng, asked, guide.day, rng.choice(BY), odd=True)
            else:
                command = stamped(rng, guide.command(view), guide.day, guide.by, odd=False)
                walk.drawn += guide.drawn
            dossier = step(walk, method, dossier, command, guide, odd=odd)
            if walk.steps % PROBE == 0:
                probe(walk, method, dossier, command, guide.day)
            if rng.random() < 0.6:  # what came after this day (a wait, an odd day) is soon caught up with
                guide.day = max(guide.day, view_of(method, dossier).last)
            if rng.random() < 0.25:
                guide.day += dt.timedelta(days=rng.choice((1, 1, 2, 7)))
            if rng.random() < 0.1:
                guide.by = rng.choice(BY)
    return walk


def step(walk: Walk, method: Method, dossier: Dossier, command: Fact, guide: Guide, *, odd: bool) -> Dossier:
    """One command: decided, its promises held, carried out or (some) told all the same."""
    rng = guide.rng
    walk.steps += 1
    decision = walk.tried("decide", command, lambda: agir.decide(method, dossier, command))
    if decision is None:
        return dossier
    walk.expect(isinstance(decision, (Accepted, Refused)), command, f"{type(decision).__name__} is no decision")
    if isinstance(decision, Accepted):
        walk.verbs[command.verb, "accepted"] += 1
        walk.expect(decision.events == (command,), command, "accepted with other events")
        walk.emitted.update((e.verb, event_of(view_of(method, dossier), e)) for e in decision.events)
        found = decision.notices
        walk.expect(all(b.severity is not Severity.ERROR for b in found), command, "accepted in spite of an error")
        dossier = evolve(walk, method, dossier, decision.events)
        if command.verb is Verb.CLOSE:
            walk.closed += 1
    else:
        assert isinstance(decision, Refused)
        walk.verbs[command.verb, "refused"] += 1
        found = decision.blockers
        walk.expect(bool(found), command, "refused without a blocker")
        walk.expect(all(b.severity is Severity.ERROR for b in found), command, "refused by what is no error")
        if not odd:
            guide.refused(command, found)
        if command.stamp is not None and type(command.args) is ARGS[command.verb] and rng.random() < 0.15:
            evolve(walk, method, dossier, (command,))  # total over every sequence of events, so over this one; then forgotten
        if rng.random() < 0.3:
            told = walk.tried("record", command, lambda: agir.record(method, dossier, command))
            if isinstance(told, Refused):
                walk.expect(bool(told.blockers) and all(b.family is Family.INPUT for b in told.blockers), command, "record refuses what can be read")
                found = (*found, *told.blockers)
            elif isinstance(told, Recorded):
                found = (*found, *told.deviations)
                if rng.random() < 0.35:
                    walk.recorded += 1
                    dossier = evolve(walk, method, dossier, told.events)
    for b in found:
        walk.codes.add(b.code)
        for fault in faults_of(b):
            walk.expect(False, command, fault)
    view = walk.tried("the view", command, lambda: view_of(method, dossier))
    if isinstance(view, View):
        enter(walk, view)
    return dossier


def probe(walk: Walk, method: Method, dossier: Dossier, command: Fact, day: dt.date) -> None:
    """The view that rode along against one made anew, and a verdict."""
    walk.probes += 1
    differs = walk.tried("the view made anew", command, lambda: same_view(method, dossier))
    walk.expect(not differs, command, f"the view carried over differs in {differs}")
    view = view_of(method, dossier)
    given = {x.address for x in agir.possible(method, dossier, on=day, by="lead")}
    drawable = {x: view.words.leaves[x.leaf].at(x.inst) for x in ahead_of(view, day)}
    rounds = {a for label, a in drawable.items() if any(view.redo(x) == label for x in view.position.labels())}
    walk.expect(set(drawable.values()) - rounds <= given <= set(drawable.values()), command, "what is drawn from is not what is possible")
    walk.tried("check", command, lambda: agir.check(method, dossier, at=day))


# -- the table ----------------------------------------------------------------------------------------------


def heard_rows() -> dict[int, Requirement]:
    """The rows that the guard reads at some command, by their place in the method."""
    return {n: r for n, r in enumerate(the_method().requirements) if r.is_ not in NO_GUARD and r.due.form is not Form.ALWAYS}


def never_objects(row: Requirement) -> bool:
    """A row of longest distance alone: later is only worse, so it cannot refuse (METHOD-LANGUAGE.md §4)."""
    return row.is_ is Is.GAP and row.param("min") is None


def cells(walk: Walk) -> dict[str, int]:
    """The coverage table: each cell with how often it was met (a chart's state: once or not)."""
    names = [code if nth == 1 else f"{code}.{nth}" for code, nth in rows()]
    out = {f"{verb} {how}": walk.verbs[verb, how] for verb in Verb for how in ("accepted", "refused")}
    out |= {f"event {verb} of {what}": walk.emitted[verb, what] for verb in Verb for what in EVENTS.get(verb, ("dossier",))}
    out |= {f"phase {p.name}": int(("phase", p.name) in walk.entered) for p in the_method().tree.phases}
    out |= {f"{chart} {state}": int((chart, state) in walk.entered) for chart, table in CHARTS.items() for state in table.states}
    for n, row in heard_rows().items():
        if not never_objects(row):
            out[f"{names[n]} objects"] = walk.met[n, "objects"] if row.code in walk.codes or row.is_ is Is.BY else 0
        out[f"{names[n]} silent"] = walk.met[n, "silent"]
    return out


@pytest.fixture(scope="module")
def walk() -> Walk:
    return run(STEPS, SEED)


def test_no_promise_is_broken_on_the_way(walk: Walk) -> None:
    assert walk.steps >= STEPS
    assert walk.probes == walk.steps // PROBE
    assert walk.drawn >= walk.steps / 2
    assert walk.broken == []


def test_the_walk_has_been_everywhere(walk: Walk) -> None:
    found = cells(walk)
    empty = sorted(name for name, times in found.items() if not times)
    assert empty == [], (f"{len(found)} cells", walk.steps, walk.drawn, walk.dossiers, walk.recorded, walk.closed)


def test_both_regimes_and_both_ends_were_walked(walk: Walk) -> None:
    assert walk.dossiers >= 20
    assert walk.recorded >= 100
    assert {(RUN, "closed"), (PAPER, "returned"), (COPIL, "cancelled")} <= walk.entered
    assert all(destination(chart, state, t) for chart, table in CHARTS.items() for state in table.states for t in triggers(chart, state))


# -- what the walk has found, each as small as it can be said -------------------------------------------------


STAMP = Stamp(on=When(dt.date(2012, 1, 2)), by="lead")


def _charenton() -> tuple[Method, Dossier]:
    method, whole = charenton()
    return method, Dossier(whole.facts[:60])


def test_an_unknown_document_is_answered_without_patterns() -> None:
    method, dossier = _charenton()
    (found,) = agir.why_not(method, dossier, agir.facts.submit("rien").stamped(STAMP))
    assert "{" not in found.text.fr + found.text.en


@pytest.mark.parametrize("verb", [Verb.ADOPT, Verb.PUBLISH, Verb.DEROGATE])
def test_arguments_of_another_verb_cannot_be_read(verb: Verb) -> None:
    method, dossier = _charenton()
    command = Fact(verb, Address("plan"), Bare(), STAMP)
    decision = agir.decide(method, dossier, command)
    if isinstance(decision, Accepted):
        view_of(method, agir.evolve(method, dossier, command))
    assert isinstance(decision, Refused)


@pytest.mark.parametrize("verb", [Verb.AGREE, Verb.DELIVER])
def test_evolve_is_total_over_verbs_that_do_not_suit_a_copil(verb: Verb) -> None:
    method, dossier = _charenton()
    after = view_of(method, agir.evolve(method, dossier, fact(verb, "copil/mi_parcours").stamped(STAMP)))
    assert after.position == view_of(method, dossier).position, "what does not suit a copil completes nothing"
    assert after.dossier.version == dossier.version + 1


@pytest.mark.parametrize(
    "command", [fact(Verb.SETTLE, "rien"), fact(Verb.DEROGATE, "gt1/insertion", Derogate(code="EXP006", reason="essai", copil="rien"))], ids=["settle", "derogate"]
)  # fmt: skip
def test_what_settles_or_derogates_nothing_cannot_be_read(command: Fact) -> None:
    method, dossier = _charenton()
    assert isinstance(agir.decide(method, dossier, command.stamped(STAMP)), Refused)


if __name__ == "__main__":
    made = run(STEPS, SEED)
    for name, times in cells(made).items():
        print(f"{times:7} {name}")
    print(made.steps, "steps", made.drawn, "drawn from possible", made.dossiers, "dossiers", made.recorded, "recorded", made.closed, "closed", len(made.broken), "broken")
    for line in made.broken:
        print(line[:700])
