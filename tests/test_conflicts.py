"""
Why there is no plan, and why no earlier day: what the planner names is what stands in the way, and no more.

A conflict is minimal when, any one of its members dropped, the rest can be met. Members are dropped the way a
person would: a requirement through `without`, a fix or busy days by leaving them out, `start` and `end` by
moving them three years.
"""

from __future__ import annotations

import datetime as dt
import os
from functools import cache

import attrs
import pytest
from test_methods import fresh  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.dossier import Dossier
from agir_workflow.errors import PlanningError
from agir_workflow.facts import Fact, Fill, Stamp, fact
from agir_workflow.method import Method
from agir_workflow.planning.explain import MANY
from agir_workflow.planning.problem import Status
from agir_workflow.when import When
from agir_workflow.words import Verb

D = dt.date
THREE_YEARS = dt.timedelta(days=3 * 366)
HORIZON = dt.timedelta(days=1100)
"""How far a plan reaches that is given no end (`planning.make`)."""
WORKING = tuple(d for n in range(1500) if (d := D(2011, 8, 1) + dt.timedelta(days=n)).isoweekday() <= 5)


@cache
def _fresh(name: str) -> tuple[Method, Dossier]:
    return fresh(name)  # type: ignore[no-any-return]


@attrs.frozen(kw_only=True)
class Case:
    """A young dossier, what is asked of its plan, and a member that some conflict must name."""

    name: str
    names: str
    example: str = "charenton"
    start: D | None = None
    end: D | None = None
    fix: tuple[tuple[str, D], ...] = ()
    busy: tuple[tuple[str, tuple[D, ...]], ...] = ()
    without: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def dossier(self) -> Dossier:
        return Dossier((*_fresh(self.example)[1].facts, *self.facts))

    def plan(self) -> agir.Plan:
        method, young = _fresh(self.example)
        return agir.plan(method, self.dossier, at=young.start, start=self.start, end=self.end, fix=dict(self.fix), without=self.without, busy=dict(self.busy))

    def conflicts(self) -> tuple[tuple[str, ...], ...]:
        """() where there is a plan."""
        try:
            self.plan()
        except PlanningError as exc:
            # A search given up is no proof: it must not pass for a plan.
            return exc.conflicts if exc.proved else (("unproved",),)
        return ()

    def leaving_out(self, member: str) -> Case:
        first = self.start or _fresh(self.example)[1].start
        # The end stays where it was when the start moves, said or not.
        last = self.end or first + HORIZON
        kind, _, what = member.partition(" @ ")
        if member == "start":
            return attrs.evolve(self, start=first - THREE_YEARS, end=last)
        if member == "end":
            return attrs.evolve(self, end=last + THREE_YEARS)
        if kind == "fix":
            # A sitting that was convened is fixed by its notice: without it, it is free again.
            facts = tuple(f for f in self.facts if not (f.verb is Verb.CONVENE and f.address == what))
            return attrs.evolve(self, fix=tuple(f for f in self.fix if f[0] != what), facts=facts)
        if kind == "busy":
            return attrs.evolve(self, busy=tuple(b for b in self.busy if b[0] != what))
        return attrs.evolve(self, without=(*self.without, member))


def on(day: D, told: Fact) -> Fact:
    return told.stamped(Stamp(on=When(day), by="lead"))


FIRST = D(2011, 9, 1)

CASES = [
    Case(name="the end is too early for anything", names="end", end=D(2011, 12, 1)),
    Case(name="the end is too early for the groups", names="end", end=D(2011, 11, 15), without=("COP010 @ copil/cloture",)),
    Case(name="the end leaves no half year before closing", names="COP010 @ copil/cloture", fix=(("plenary/restitution", D(2012, 6, 28)),), end=D(2012, 10, 31)),
    Case(name="start and end are too close", names="start", start=D(2012, 3, 1), end=D(2012, 9, 1)),
    Case(name="fixed on a public holiday", names="CAL007 @ plenary/lancement", fix=(("plenary/lancement", D(2011, 11, 11)),)),
    Case(name="fixed on a Sunday", names="CAL007 @ copil/cadrage", fix=(("copil/cadrage", D(2011, 9, 18)),)),
    Case(name="fixed within a closure", names="CAL007 @ gt1/insertion", fix=(("gt1/insertion", D(2012, 2, 21)),)),
    Case(name="fixed in August", names="CAL007 @ copil/cloture", fix=(("copil/cloture", D(2013, 8, 6)),)),
    Case(name="fixed before its predecessor can be", names="EXP001 @ gt1/insertion", fix=(("gt1/insertion", D(2011, 9, 20)),)),
    Case(name="fixed before its predecessor is", names="EXP004 @ gt2/insertion", fix=(("gt1/insertion", D(2012, 3, 20)), ("gt2/insertion", D(2012, 3, 13))), without=("CAL006 @ gt2/insertion",)),
    Case(name="two sessions fixed too close", names="CAL006 @ gt2/handicap", fix=(("gt1/handicap", D(2012, 1, 10)), ("gt2/handicap", D(2012, 1, 17)))),
    Case(name="two sessions fixed too far apart", names="CAL006 @ gt3/handicap", fix=(("gt2/handicap", D(2012, 1, 10)), ("gt3/handicap", D(2012, 5, 31)))),
    Case(name="fixed too early for its notice", names="COP007 @ copil/cadrage", fix=(("copil/cadrage", D(2011, 9, 6)),)),
    Case(name="two groups in one slot", names="CAL009 @ meeting", fix=(("gt1/insertion", D(2012, 1, 10)), ("gt1/handicap", D(2012, 1, 10)))),
    Case(name="launched too soon after the cadre", names="PRE009 @ plenary/lancement", fix=(("copil/cadrage", D(2011, 10, 3)), ("plenary/lancement", D(2011, 11, 3)))),
    Case(name="copils too far apart", names="COP006 @ copil/lancement", fix=(("copil/themes", D(2011, 10, 13)), ("copil/lancement", D(2012, 3, 29)))),
    Case(name="restitution on the day of its copil", names="fix @ plenary/restitution", fix=(("copil/synthese", D(2012, 6, 6)), ("plenary/restitution", D(2012, 6, 6)))),
    Case(name="closed too soon after the restitution", names="COP010 @ copil/cloture", fix=(("plenary/restitution", D(2012, 6, 28)), ("copil/cloture", D(2012, 10, 4)))),
    Case(name="mid-course before a first session", names="COP005 @ theme/precarite", fix=(("gt1/precarite", D(2012, 3, 20)), ("copil/mi_parcours", D(2012, 3, 15)))),
    Case(name="longer than the experimentation may last", names="CAL003 @ plenary/restitution", fix=(("copil/cadrage", D(2011, 9, 15)), ("plenary/restitution", D(2012, 6, 28))),
         facts=(on(FIRST, fact(Verb.FILL, "duree", Fill(value="6m"))),)),
    Case(name="busy every day", names="busy @ salle", busy=(("salle", WORKING),)),
    Case(name="fixed on a busy day", names="busy @ élue", fix=(("plenary/lancement", D(2012, 1, 19)),), busy=(("élue", (D(2012, 1, 19),)),)),
    Case(name="busy until too late", names="busy @ pilote", end=D(2012, 10, 1), busy=(("pilote", tuple(d for d in WORKING if d < D(2012, 4, 1))),)),
    Case(name="convened on a public holiday", names="fix @ copil/cadrage", facts=(on(FIRST, agir.facts.convene("copil/cadrage", D(2011, 11, 1))),)),
    Case(name="another method, ended too early", names="end", example="stage_gate", end=D(2026, 1, 1)),
]  # fmt: skip


@cache
def first_conflicts(n: int) -> tuple[tuple[str, ...], ...]:
    return CASES[n].conflicts()


everything = pytest.mark.parametrize("n", range(len(CASES)), ids=[c.name.replace(" ", "_") for c in CASES])


@everything
def test_it_is_proved_that_there_is_no_plan(n: int) -> None:
    with pytest.raises(PlanningError) as caught:
        CASES[n].plan()
    found = caught.value
    assert found.proved
    assert 1 <= len(found.conflicts) <= MANY
    assert [len(c) for c in found.conflicts] == sorted(len(c) for c in found.conflicts)
    assert any(CASES[n].names in conflict for conflict in found.conflicts), found.conflicts
    for a in found.conflicts:
        assert not any(set(a) < set(b) for b in found.conflicts), "a conflict that holds another is not minimal"


@everything
def test_without_any_one_member_a_conflict_is_none(n: int) -> None:
    """What is then still in conflict is another conflict, whole within none of the members left."""
    kept = []
    for conflict in first_conflicts(n):
        for member in conflict:
            for left in CASES[n].leaving_out(member).conflicts():
                if set(left) <= set(conflict) or left == ("unproved",):
                    kept.append((member, left, "of", conflict))
    assert kept == []


@everything
def test_the_shortest_conflict_is_the_only_one_or_another_is_listed(n: int) -> None:
    """
    Without any member of the first there is a plan, unless one of the others listed stands without that member.

    A list that is full (`MANY`) may leave out others: there it is enough that what remains is no part of the first.
    """
    first, *others = first_conflicts(n)
    assert len(CASES) >= 20
    unlisted = []
    for member in first:
        remains = CASES[n].leaving_out(member).conflicts()
        if remains and all(member in other for other in others) and len(others) + 1 < MANY:
            unlisted.append((member, remains))
    assert unlisted == []


# -- why no earlier day ---------------------------------------------------------------------------------------


def _droppable(method: Method, key: str) -> bool:
    """Whether `without` takes a key: that of a row of the method; the tree's own order bears one only where a row lends its code."""
    return key.partition(" @ ")[0] in {str(r.code) for r in method.requirements}


def _earliest_without(method: Method, dossier: Dossier, because: tuple[str, ...], address: str) -> D:
    """The day of a meeting where none of its binding keys is asked for."""
    keys = tuple(k for k in because if k != "start" and _droppable(method, k))
    start, end = dossier.start, dossier.start + HORIZON
    if "start" in because:
        start -= dt.timedelta(days=60)
    plan = agir.plan(method, dossier, at=dossier.start, start=start, end=end, without=keys)
    return next(m.day for m in plan.meetings if m.address == address)


@pytest.mark.parametrize("example", ["charenton", "stage_gate"])
def test_without_what_binds_it_a_meeting_moves_earlier(example: str) -> None:
    """
    For each planned meeting of a first day: drop all its binding keys, and it is earlier.

    A key is dropped by `without`, `start` by moving it sixty days. The tree's own order needs no list of names:
    where a row lends it its code (ORD002, EXP001…) the lag carries that key and goes with it, so it is dropped
    like any other; a key that is no row's (`order`, in a method without such a row) cannot be dropped, and a
    meeting that one binds is skipped.
    """
    method, dossier = _fresh(example)
    plan = agir.plan(method, dossier, at=dossier.start)
    planned = [m for m in plan.meetings if m.status == Status.PLANNED.value]
    judged = [m for m in planned if all(k == "start" or _droppable(method, k) for k in m.because)]
    assert len(judged) >= len(planned) // 2 > 0
    stuck = [(m.address, m.day, m.because) for m in judged if _earliest_without(method, dossier, m.because, m.address) >= m.day]
    assert stuck == []


def test_without_what_binds_it_a_todo_moves_later() -> None:
    """
    A to-do is as late as it can be: without the rows that it names it is later, or nothing wants it any more.

    Each names some. A sample of Charenton's; `AGIR_DATES=1` takes all of them.
    """
    method, dossier = _fresh("charenton")
    plan = agir.plan(method, dossier, at=dossier.start)
    assert [t.address for t in plan.todos if not t.because] == []
    stuck = []
    for todo in plan.todos[:: int(os.environ.get("AGIR_DATES", "7"))]:
        keys = tuple(k for k in todo.because if _droppable(method, k))
        without = agir.plan(method, dossier, at=dossier.start, start=dossier.start, end=dossier.start + HORIZON, without=keys)
        stuck += [(todo.address, todo.day, todo.because) for t in without.todos if (t.verb, t.address) == (todo.verb, todo.address) and t.day <= todo.day]
    assert stuck == []
