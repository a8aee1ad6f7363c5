"""Of a word for several steps any one will do: the planner finds the one that does, and what it finds is accepted and conforms."""

from __future__ import annotations

import datetime as dt
import itertools

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_branches import WORDS  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.dossier import Dossier
from agir_workflow.errors import PlanningError
from agir_workflow.facts import DOSSIER, Fact, Open, fact
from agir_workflow.method import Method
from agir_workflow.when import When
from agir_workflow.words import Verb

DAY, ONE = dt.date(2024, 1, 8), dt.timedelta(days=1)
STEPS = "pqrs"
HORIZON = 7
"""Days that a plan has, and that are tried by hand."""


@attrs.frozen
class Row:
    """Some steps before another: one of them at least a day, or every one that comes before at least `least`, and one no more than `most`."""

    firsts: tuple[str, ...]
    then: str
    least: int | None = None
    most: int | None = None

    @property
    def is_gap(self) -> bool:
        return (self.least, self.most) != (None, None)

    def text(self, n: int) -> str:
        word = self.firsts[0] if len(self.firsts) == 1 else f"set{n}"
        bounds = "".join(f', {name} = "{days}d"' for name, days in (("min", self.least), ("max", self.most)) if days is not None)
        return f'code = "R{n}", is = "{"gap" if self.is_gap else "precedes"}", a = "{word}", b = "{self.then}"{bounds}, due = "{self.then}", aspect = "temporal", severity = "error"'

    def holds(self, days: dict[str, int]) -> bool:
        far = [days[self.then] - days[x] for x in self.firsts]
        if not self.is_gap:
            return any(n >= 1 for n in far)
        if self.least is not None and not all(n >= self.least or n <= -1 for n in far):
            return False
        if len(far) > 1:
            return self.most is None or any(max(0, self.least or 0) <= n <= self.most for n in far)
        return (self.least is None or far[0] >= self.least) and (self.most is None or far[0] <= self.most)


def a_method(rows: tuple[Row, ...]) -> Method:
    """Four things to do, in any order, and these rows; what no order can meet is refused by the reading of a file, and planned here all the same."""
    leaf = 'sort = "activity", origin = "default"'
    leaves = "\n".join(f'    {{ id = "{x}", address = "{x}", label = {{ fr = "{x}", en = "{x}" }}, {leaf} }},' for x in STEPS)
    sets = "\n".join(f'    {{ id = "set{n}", label = {{ fr = "s", en = "s" }}, origin = "default", leaves = {list(r.firsts)} }},' for n, r in enumerate(rows) if len(r.firsts) > 1).replace("'", '"')
    text = f"""
method = {{ name = "m", version = 1, title = {{ fr = "m", en = "m" }}, origin = "default", default_profile = "plain", default_regime = "usual" }}
leaves = [
{leaves}
]
sets = [
{sets}
]
phases = [{{ id = "all", label = {{ fr = "p", en = "p" }}, origin = "default" }}]
regimes = [{{ id = "usual", label = {{ fr = "r", en = "r" }}, origin = "default" }}]
profiles = [{{ id = "plain", label = {{ fr = "p", en = "p" }}, origin = "default" }}]
requirements = [
{"".join(f"    {{ {r.text(n)}, {WORDS} }}," + chr(10) for n, r in enumerate(rows))}]
[tree]
root = "whole"
whole = {{ seq = ["all"] }}
all = {{ par = {list(STEPS)}, phase = true }}
""".replace("'", '"')
    return agir.read_method(text.encode(), strict=False)


def opened(method: Method) -> Dossier:
    head = Open(id="d", uid=None, title="d", method=method.ref, method_hash=method.hash, profile="plain", regime="usual", language="fr", zone="Europe/Paris")
    return Dossier((stamped(fact(Verb.DECLARE, DOSSIER, head), DAY),))


def stamped(told: Fact, day: dt.date) -> Fact:
    return told.stamped(agir.Stamp(on=When(day), by="nobody"))


def planned(rows: tuple[Row, ...], fix: dict[str, int] | None = None) -> dict[str, int] | None:
    """The days of a plan, counted from the first; each step was accepted on its day, and the verdict has nothing to say. None where there is none."""
    method = a_method(rows)
    dossier = opened(method)
    try:
        found = agir.plan(method, dossier, at=DAY, end=DAY + (HORIZON - 1) * ONE, fix={x: DAY + n * ONE for x, n in (fix or {}).items()})
    except PlanningError:
        return None
    for todo in found.todos:
        decided = agir.decide(method, dossier, stamped(fact(Verb.DELIVER, todo.address), todo.day))
        assert isinstance(decided, agir.Accepted), (rows, todo, decided)
        dossier = agir.evolve(method, dossier, decided.events[0])
    assert [f.key for f in agir.check(method, dossier, at=found.end + ONE).findings if f.code[0] == "R"] == [], rows
    return {t.address: (t.day - DAY).days for t in found.todos}


def by_hand(rows: tuple[Row, ...], fix: dict[str, int] | None = None) -> bool:
    """Whether there are days that every row holds on."""
    spans = [[(fix or {})[x]] if x in (fix or {}) else range(HORIZON) for x in STEPS]
    return any(all(r.holds(dict(zip(STEPS, days, strict=True))) for r in rows) for days in itertools.product(*spans))


def test_the_other_one_comes_first_where_the_first_cannot() -> None:
    rows = (Row(("p", "q"), "r"), Row(("r",), "p"))
    days = planned(rows)
    assert days is not None
    assert days["q"] < days["r"] < days["p"]
    assert planned((*rows, Row(("r",), "q"))) is None, "neither can"


def test_a_distance_is_measured_from_the_last_of_several() -> None:
    distances = (Row(("p", "q"), "r", least=1, most=1), Row(("p",), "q", least=3, most=3))
    days = planned((*distances, Row(("q",), "r")))
    assert days is not None
    assert days["r"] == days["q"] + 1, "the one before lies four days off"
    sooner = planned(distances)
    assert sooner is not None
    assert sooner["q"] - sooner["p"] == 3
    assert sooner["r"] == sooner["p"] + 1, "before the other, all is done on the day on which that one is"
    assert planned((Row(("p", "q"), "r", most=1), Row(("p",), "r", least=3), Row(("q",), "r", least=2))) is None


steps = st.sampled_from(STEPS)
rows_of = st.builds(
    lambda firsts, then, gap: Row(tuple(sorted(firsts - {then})) or (("p",) if then != "p" else ("q",)), then, *gap),
    st.sets(steps, min_size=1, max_size=3), steps,
    st.sampled_from([(None, None)] * 4 + [(1, None), (2, None), (None, 2), (1, 2), (2, 3), (1, 1)]),
)  # fmt: skip


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(rows_of, min_size=1, max_size=4), st.dictionaries(steps, st.integers(0, 4), max_size=2))
def test_there_is_a_plan_where_some_days_do(rows: list[Row], fix: dict[str, int]) -> None:
    assert (planned(tuple(rows), fix) is not None) is by_hand(tuple(rows), fix)


@pytest.mark.parametrize("n", range(3))
def test_of_a_conflict_each_member_is_needed(n: int) -> None:
    """Three rows that exclude each other whichever comes first; without any one there is a plan."""
    rows = (Row(("p", "q"), "r"), Row(("r",), "p"), Row(("r",), "q"))
    method = a_method(rows)
    with pytest.raises(PlanningError) as caught:
        agir.plan(method, opened(method), at=DAY)
    assert [sorted(k.partition(" @ ")[0] for k in c) for c in caught.value.conflicts] == [["R0", "R1", "R2"]]
    assert agir.plan(method, opened(method), at=DAY, without=[f"R{n}"]).todos
