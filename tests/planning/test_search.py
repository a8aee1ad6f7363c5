"""The planner against all datings there are, judged by the verifier."""

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import combinations

import attrs
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from agir_workflow.planning import search as searching
from agir_workflow.planning._descent import Search
from agir_workflow.planning._grid import Grid, Model, narrowed
from agir_workflow.planning.explain import Unknown, conflicts, minimal, reasons
from agir_workflow.planning.problem import (
    Apart,
    Choice,
    Counting,
    Hole,
    Lag,
    Problem,
    Solved,
    Status,
    Unsolvable,
    Variable,
)
from agir_workflow.planning.search import solve
from agir_workflow.planning.verify import violations
from agir_workflow.workdays import public_holidays

ONE = dt.timedelta(days=1)
MONDAY = dt.date(2026, 5, 4)  # the week of 8 May, a public holiday on a Friday
SPAN = {1: 14, 2: 14, 3: 10, 4: 6, 5: 4}
often = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def weekends(first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    days = (first + n * ONE for n in range((last - first).days + 1))
    return tuple(day for day in days if day.weekday() > 4)


@st.composite
def problems(draw: st.DrawFn, aparts: bool = True, prefers: bool = False, statuses: bool = True) -> Problem:
    n = draw(st.integers(1, 5))
    start = MONDAY + draw(st.integers(0, 6)) * ONE
    end = start + (draw(st.integers(1, SPAN[n])) - 1) * ONE
    near = st.integers(-3, SPAN[n] + 3).map(lambda k: start + k * ONE)
    inside = st.integers(0, (end - start).days).map(lambda k: start + k * ONE)
    kinds = [Status.PLANNED] * 3 + ([Status.FIXED, Status.HELD] if statuses else [])
    variables = []
    for at in range(n):
        status = draw(st.sampled_from(kinds))
        day = None
        if status is not Status.PLANNED:
            day = draw(near if status is Status.HELD or draw(st.integers(0, 4)) == 0 else inside)
        holes = draw(
            st.lists(
                st.builds(
                    lambda key, days: Hole(key=key, days=tuple(days)),
                    st.sampled_from(["busy @ a", "busy @ b", "CAL001 @ x"]),
                    st.lists(near, max_size=4),
                ),
                max_size=2,
            )
        )
        hour = draw(st.sampled_from([None, None, 9, 10])) if aparts else None
        variables.append(
            Variable(
                id=f"v{at}",
                status=status,
                day=day,
                prefer=draw(st.none() | near) if prefers else None,
                start=None if hour is None else dt.time(hour),
                minutes=None if hour is None else draw(st.sampled_from([60, 90])),
                holes=tuple(holes),
                rank=draw(st.integers(0, 1)),
            )
        )
    names = st.sampled_from([v.id for v in variables])
    bound = st.none() | st.integers(-3, 4)
    lag = st.builds(
        lambda a, b, low, wide, count, key: Lag(
            a=a, b=b, key=key, min=low, max=wide if low is None or wide is None else low + abs(wide), count=count
        ),
        names,
        names,
        bound,
        bound,
        st.sampled_from(Counting),
        st.sampled_from([f"L{k}" for k in range(5)]),
    )
    apart = st.builds(
        lambda m, key: Apart(members=tuple(m), key=key), st.lists(names, max_size=5), st.sampled_from("AB")
    )
    choice = st.builds(lambda options, key: Choice(options=tuple(options), key=key), st.lists(lag, min_size=1, max_size=3), st.sampled_from("CD"))
    first, last = start - 5 * ONE, end + 5 * ONE
    holidays = public_holidays(first, last)
    return Problem(
        start=start,
        end=end,
        variables=tuple(variables),
        lags=tuple(draw(st.lists(lag, max_size=6))),
        apart=tuple(draw(st.lists(apart, max_size=2))) if aparts else (),
        choices=tuple(draw(st.lists(choice, max_size=2))) if aparts else (),
        holidays=holidays,
        closed=tuple(sorted({*weekends(first, last), *holidays})),
    )


def every_solution(problem: Problem) -> Iterator[dict[str, dt.date]]:
    """All datings without a violation: one variable after the other, each branch judged at once."""
    horizon = [problem.start + k * ONE for k in range((problem.end - problem.start).days + 1)]

    def extend(days: dict[str, dt.date], left: tuple[Variable, ...]) -> Iterator[dict[str, dt.date]]:
        if not left:
            yield dict(days)
            return
        first, *rest = left
        for day in horizon if first.status is Status.PLANNED else [first.day]:
            days[first.id] = day
            if all(key.startswith("missing @ ") for key in violations(problem, days)):
                yield from extend(days, tuple(rest))
            del days[first.id]

    return extend({}, problem.variables)


def days_of(found: Solved | Unsolvable) -> dict[str, dt.date]:
    assert isinstance(found, Solved)
    return dict(found.days)


def only(problem: Problem, keys: set[str]) -> Problem:
    """The problem with no other constraints than those of *keys*."""
    far = 1300 * ONE
    variables = []
    for v in problem.variables:
        holes = tuple(hole for hole in v.holes if hole.key in keys)
        freed = v.status is Status.FIXED and f"fix @ {v.id}" not in keys
        status, day = (Status.PLANNED, None) if freed else (v.status, v.day)
        variables.append(attrs.evolve(v, holes=holes, status=status, day=day))
    return attrs.evolve(
        problem,
        start=problem.start if "start" in keys else problem.start - far,
        end=problem.end if "end" in keys else problem.end + far,
        variables=tuple(variables),
        lags=tuple(lag for lag in problem.lags if lag.key in keys),
        apart=tuple(apart for apart in problem.apart if apart.key in keys),
        choices=tuple(choice for choice in problem.choices if choice.key in keys),
    )


def all_keys(problem: Problem) -> set[str]:
    keys = {"start", "end"} | {x.key for x in (*problem.lags, *problem.apart, *problem.choices)}
    keys |= {hole.key for v in problem.variables for hole in v.holes}
    return keys | {f"fix @ {v.id}" for v in problem.variables if v.status is Status.FIXED}


@often
@given(problems(), st.booleans())
def test_a_plan_is_found_exactly_where_there_is_one(problem: Problem, backward: bool) -> None:
    found = solve(problem, backward=backward)
    there_is = next(every_solution(problem), None)
    assert isinstance(found, Solved) == (there_is is not None)
    if isinstance(found, Solved):
        assert [id for id, _ in found.days] == [v.id for v in problem.variables] == [id for id, _ in found.because]
        assert violations(problem, dict(found.days)) == ()
    else:
        assert found.proved


@often
@given(problems(aparts=False))
def test_without_aparts_every_step_is_the_earliest_or_the_latest_of_all(problem: Problem) -> None:
    solutions = list(every_solution(problem))
    assume(solutions)
    for backward, extreme in ((False, min), (True, max)):
        days = days_of(solve(problem, backward=backward))
        assert days == {id: extreme(solution[id] for solution in solutions) for id in days}


@often
@given(problems(), st.booleans())
def test_with_aparts_no_single_step_can_be_earlier(problem: Problem, backward: bool) -> None:
    found = solve(problem, backward=backward)
    assume(isinstance(found, Solved))
    days = days_of(found)
    for v in problem.variables:
        span = range((problem.end - problem.start).days + 1)
        for other in (problem.start + k * ONE for k in span):
            if v.status is Status.PLANNED and (other > days[v.id] if backward else other < days[v.id]):
                assert violations(problem, {**days, v.id: other}) != ()


@often
@given(problems(), st.booleans())
def test_no_plan_ends_sooner(problem: Problem, backward: bool) -> None:
    """Which of two that clash goes first, and which way of a choice is gone, is chosen so that all is over as soon as can be (backward: begins as late)."""
    solutions = list(every_solution(problem))
    ahead = [v.id for v in problem.variables if v.status is not Status.HELD]
    assume(solutions and ahead)

    def edge(days: dict[str, dt.date]) -> int:
        return -min(days[id].toordinal() for id in ahead) if backward else max(days[id].toordinal() for id in ahead)

    assert edge(days_of(solve(problem, backward=backward))) == min(map(edge, solutions))


@often
@given(problems(aparts=False), st.booleans())
def test_without_its_reasons_a_step_moves(problem: Problem, backward: bool) -> None:
    found = solve(problem, backward=backward)
    assume(isinstance(found, Solved))
    days = days_of(found)
    for id, because in found.because:
        status = next(v.status for v in problem.variables if v.id == id)
        assert because == tuple(sorted(set(because)))
        if status is Status.PLANNED:
            assert because
            assert ("start" if backward else "end") not in because
            freed = days_of(solve(only(problem, all_keys(problem) - set(because)), backward=backward))
            assert freed[id] > days[id] if backward else freed[id] < days[id]
        else:
            assert because == (() if status is Status.HELD else (f"fix @ {id}",))


@often
@given(problems())
def test_every_planned_step_has_a_reason(problem: Problem) -> None:
    found = solve(problem)
    assume(isinstance(found, Solved))
    planned = {v.id for v in problem.variables if v.status is not Status.HELD}
    assert {id for id, because in found.because if because} == planned
    assert {key for _, because in found.because for key in because} <= all_keys(problem)


@often
@given(problems(), st.booleans())
def test_a_conflict_cannot_be_met_and_none_of_its_keys_is_idle(problem: Problem, backward: bool) -> None:
    found = solve(problem, backward=backward)
    assume(isinstance(found, Unsolvable))
    assert found.conflicts
    assert list(found.conflicts) == sorted(set(found.conflicts), key=lambda c: (len(c), c))
    for conflict in found.conflicts:
        assert conflict == tuple(sorted(set(conflict)))
        assert set(conflict) <= all_keys(problem)
        assert isinstance(solve(only(problem, set(conflict))), Unsolvable)
        for key in conflict:
            assert isinstance(solve(only(problem, set(conflict) - {key})), Solved)


@often
@given(problems(prefers=True), st.booleans())
def test_preferred_days_are_kept_where_they_can_be(problem: Problem, backward: bool) -> None:
    found = solve(problem, backward=backward)
    solutions = list(every_solution(problem))
    assert isinstance(found, Solved) == bool(solutions)
    assume(solutions)
    days = days_of(found)
    assert violations(problem, days) == ()
    wanted = {v.id: v.prefer for v in problem.variables if v.prefer and v.status is Status.PLANNED}
    kept = {id for id, because in found.because if because == ("adopted",)}
    assert all(days[id] == wanted[id] for id in kept)
    # No further one can be kept beside those.
    for id in wanted.keys() - kept:
        assert not any(all(solution[k] == wanted[k] for k in kept | {id}) for solution in solutions)
    if any(all(solution[id] == day for id, day in wanted.items()) for solution in solutions):
        assert kept == set(wanted)


@often
@given(problems(prefers=True), st.randoms())
def test_the_order_of_tuples_does_not_matter(problem: Problem, rng) -> None:
    def shuffled(values: tuple) -> tuple:
        return tuple(rng.sample(values, len(values)))

    other = attrs.evolve(
        problem,
        variables=shuffled(tuple(attrs.evolve(v, holes=shuffled(v.holes)) for v in problem.variables)),
        lags=shuffled(problem.lags),
        apart=shuffled(tuple(attrs.evolve(a, members=shuffled(a.members)) for a in problem.apart)),
        choices=shuffled(problem.choices),
        closed=shuffled(problem.closed),
        holidays=shuffled(problem.holidays),
    )
    a, b = solve(problem), solve(other)
    if isinstance(a, Solved):
        assert isinstance(b, Solved)
        assert dict(a.days) == dict(b.days)
        assert dict(a.because) == dict(b.because)
    else:
        assert isinstance(b, Unsolvable)


def simple(n: int, days: int, **more: object) -> Problem:
    variables = tuple(Variable(id=f"v{k}", rank=k) for k in range(n))
    whole = {"variables": variables, "lags": (), "start": MONDAY, "end": MONDAY + (days - 1) * ONE}
    return Problem(**{**whole, **more})


def test_the_later_rank_gives_way() -> None:
    problem = simple(3, 5, apart=(Apart(members=("v2", "v0", "v1"), key="A"),))
    assert days_of(solve(problem)) == {"v0": MONDAY, "v1": MONDAY + ONE, "v2": MONDAY + 2 * ONE}
    late = days_of(solve(problem, backward=True))
    assert late == {"v0": MONDAY + 2 * ONE, "v1": MONDAY + 3 * ONE, "v2": MONDAY + 4 * ONE}
    assert dict(solve(problem).because) == {"v0": ("start",), "v1": ("A", "start"), "v2": ("A", "start")}


def test_more_than_there_are_days_is_seen_at_once() -> None:
    ids = tuple(f"v{k}" for k in range(15))
    found = solve(simple(15, 14, apart=(Apart(members=ids, key="A"),)))
    assert found == Unsolvable(conflicts=(("A", "end", "start"),))


def test_a_bound_on_a_weekend_is_named_with_the_weekend() -> None:
    closed = weekends(MONDAY, MONDAY + 20 * ONE)
    days_off = (Hole(key="CAL001 @ v1", days=closed),)
    problem = simple(
        2,
        21,
        variables=(Variable(id="v0"), Variable(id="v1", holes=days_off)),
        lags=(Lag(a="v0", b="v1", key="CAL006 @ v1", min=5),),
    )
    found = solve(problem)
    assert days_of(found)["v1"] == MONDAY + 7 * ONE
    assert dict(found.because)["v1"] == ("CAL001 @ v1", "CAL006 @ v1")


def test_a_fixed_step_outside_the_horizon_conflicts_and_a_held_one_does_not() -> None:
    late = Variable(id="v0", status=Status.FIXED, day=MONDAY + 9 * ONE)
    assert solve(simple(1, 5, variables=(late,))) == Unsolvable(conflicts=(("end", "fix @ v0"),))
    held = attrs.evolve(late, status=Status.HELD)
    found = solve(simple(1, 5, variables=(held,)))
    assert found == Solved(days=(("v0", MONDAY + 9 * ONE),), because=(("v0", ()),))


def test_lags_of_many_years_still_conflict_with_the_horizon() -> None:
    lags = tuple(Lag(a=f"v{k}", b=f"v{k + 1}", key=f"L{k}", min=900) for k in range(3))
    assert solve(simple(4, 100, lags=lags)).conflicts == tuple((f"L{k}", "end", "start") for k in range(3))


def test_a_circle_conflicts_whatever_the_horizon() -> None:
    lags = (Lag(a="v0", b="v1", key="L0", min=1), Lag(a="v1", b="v0", key="L1", min=0, count=Counting.OPEN))
    assert solve(simple(2, 30, lags=lags)) == Unsolvable(conflicts=(("L0", "L1"),))


@pytest.mark.parametrize(
    ("problem", "fault"),
    [
        (simple(1, 3, lags=(Lag(a="v0", b="v7", key="L", min=1),)), "v7 is no variable"),
        (simple(1, 3, apart=(Apart(members=("v0", "v8"), key="A"),)), "v8 is no variable"),
        (simple(1, 3, variables=(Variable(id="v0"), Variable(id="v0"))), "v0 is there twice"),
        (simple(1, 3, variables=(Variable(id="v0", status=Status.HELD),)), "v0 is held without a day"),
    ],
)
def test_what_is_no_problem_is_refused(problem: Problem, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        solve(problem)


def crowded(n: int, days: int) -> Problem:
    """Steps that may not share a day, chained by short lags, with deadlines that run against the ranks."""
    ids = tuple(f"v{k}" for k in range(n))
    horizon = [MONDAY + k * ONE for k in range(days)]
    variables = tuple(
        Variable(id=id, rank=k, holes=(Hole(key=f"late @ {id}", days=tuple(horizon[days - k // 2 :])),))
        for k, id in enumerate(ids)
    )
    return simple(n, days, variables=variables, apart=(Apart(members=ids, key="A"),))


@pytest.mark.parametrize("limit", [0, 1, 5, 50])
@given(problem=problems(prefers=True))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_search_that_gives_up_says_nothing_false(limit: int, problem: Problem) -> None:
    exact = solve(problem)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("LIMIT", "_LIMIT_KEPT", "_LIMIT_CONFLICT"):
            patch.setattr(searching, name, limit)
        found = solve(problem)
    if isinstance(found, Solved):
        assert violations(problem, dict(found.days)) == ()
    elif found.proved:
        assert isinstance(exact, Unsolvable)
    else:
        assert found.conflicts == ()


def test_a_crowd_is_placed_by_deadline_where_the_search_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = crowded(20, 21)
    monkeypatch.setattr(Search, "settle", lambda self, limit: None)
    for backward in (False, True):
        assert violations(problem, days_of(solve(problem, backward=backward))) == ()
    # Without a search and without luck, nothing is claimed.
    assert solve(crowded(12, 6)) == Unsolvable(conflicts=(), proved=False)


def test_the_search_from_the_other_end_may_know(monkeypatch: pytest.MonkeyPatch) -> None:
    settle = Search.settle
    monkeypatch.setattr(searching, "_repair", lambda search, other: None)
    monkeypatch.setattr(Search, "settle", lambda self, limit: settle(self, limit) if self.model.grid.mirrored else None)
    problem = crowded(6, 9)
    assert violations(problem, days_of(solve(problem))) == ()
    assert solve(crowded(12, 6)).conflicts == (("A", "end", "start"),)


def test_a_search_that_would_take_for_ever_ends() -> None:
    """Twelve steps on twelve days, any two of them within eight: no bound shows that there is no plan."""
    ids = tuple(f"v{k}" for k in range(12))
    lags = tuple(Lag(a=a, b=b, key=f"L @ {a}-{b}", min=-8, max=8) for a, b in combinations(ids, 2))
    began = time.process_time()
    assert solve(simple(12, 40, lags=lags, apart=(Apart(members=ids, key="A"),))) == Unsolvable(
        conflicts=(), proved=False
    )
    assert time.process_time() - began < 60


def real_size(n: int = 60, lags: int = 600, days: int = 900) -> Problem:
    """Sixty steps in lanes, with weekends, public holidays and lags of all countings."""
    first, last = dt.date(2026, 9, 1), dt.date(2026, 9, 1) + (days - 1) * ONE
    holidays = public_holidays(first, last)
    closed = tuple(sorted({*weekends(first, last), *holidays}))
    hole = Hole(key="CAL001 @ all", days=closed)
    countings = list(Counting)
    pairs = [(a, b) for a, b in combinations(range(n), 2) if b - a <= 14][:lags]
    return Problem(
        start=first,
        end=last,
        variables=tuple(Variable(id=f"s{k:02}", holes=(hole,), rank=k) for k in range(n)),
        lags=tuple(
            Lag(
                a=f"s{a:02}",
                b=f"s{b:02}",
                key=f"L @ {a}-{b}",
                min=b - a,
                max=20 * (b - a),
                count=countings[(a + b) % 4],
            )
            for a, b in pairs
        ),
        apart=tuple(Apart(members=tuple(f"s{k:02}" for k in range(at, n, 5)), key=f"A @ {at}") for at in range(5)),
        holidays=holidays,
        closed=closed,
    )


def test_a_problem_of_real_size_takes_well_under_a_second() -> None:
    problem = real_size()
    began = time.perf_counter()
    found = solve(problem)
    assert time.perf_counter() - began < 1
    assert violations(problem, days_of(found)) == ()


SCRIPT = """
import sys
sys.path.insert(0, {folder!r})
from test_search import crowded, real_size, simple
import attrs
from agir_workflow.planning.search import solve
for problem in (real_size(), crowded(8, 9), crowded(12, 6), attrs.evolve(real_size(), end=real_size().start)):
    print(solve(problem), solve(problem, backward=True))
"""


def test_the_hash_seed_does_not_matter() -> None:
    script = SCRIPT.format(folder=os.path.dirname(__file__))
    answers = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1
    assert "Unsolvable" in answers.pop()


def test_reasons_are_the_highest_bound_and_what_blocks_the_days_above_it() -> None:
    assert reasons(5, [(3, "gap"), (0, "start")], [(0b11000, "busy"), (0b1, "other")]) == ("busy", "gap")


def test_reasons_go_on_where_lifting_the_bound_is_not_enough() -> None:
    # The gap lifted, days 3 and 4 are still closed down to the next bound.
    assert reasons(5, [(5, "gap"), (3, "next")], [(0b11000, "busy")]) == ("busy", "gap")
    assert reasons(5, [(5, "gap"), (2, "next")], [(0b11000, "busy")]) == ("gap",)


def _without(*conflict: str):
    return lambda keys: frozenset(conflict) if set(conflict) <= keys else None


def test_minimal_drops_what_is_idle() -> None:
    assert minimal("abcd", lambda keys: keys if {"b", "d"} <= keys else None) == (("b", "d"), True)
    assert minimal("abcd", _without("c")) == (("c",), True)


def test_a_key_that_nobody_could_try_is_not_said_to_be_needed() -> None:
    def dear(keys: frozenset[str]) -> frozenset[str] | None:
        if "b" not in keys and len(keys) > 1:
            raise Unknown
        return keys if "c" in keys else None

    # In a larger company nobody can tell of `b`; once the others have gone it is tried again.
    assert minimal("abcd", dear) == (("c",), True)
    assert minimal("abc", lambda keys: keys if "b" in keys else _raise()) == (("b",), False)


def _raise() -> frozenset[str]:
    raise Unknown


def test_conflicts_come_shortest_first() -> None:
    def core_of(keys: frozenset[str]) -> frozenset[str] | None:
        return _without("b", "d", "e")(keys) or _without("a", "b")(keys) or _without("c")(keys)

    assert conflicts("abcde", core_of, "bde") == ((("c",), ("a", "b"), ("b", "d", "e")), True)


def test_where_a_minimal_conflict_is_known_no_other_is_listed() -> None:
    def core_of(keys: frozenset[str]) -> frozenset[str] | None:
        if {"b", "d"} <= keys or {"a"} <= keys:
            return frozenset("a") if "a" in keys else frozenset("bd")
        return _raise() if keys in ({"b"}, {"d"}) else None

    assert conflicts("abcd", core_of, "bd") == ((("a",),), True)
    assert conflicts("bd", core_of, "bd") == ((("b", "d"),), False)


def test_who_must_come_before_a_deadline_has_no_days_after_it() -> None:
    """Three that share no day, each the day before a fourth at least, and it on the third day: shown without a search."""
    ids = ("a", "b", "c", "z")
    lags = tuple(Lag(a=x, b="z", key=f"L @ {x}", min=1) for x in "abc")
    late = Hole(key="late @ z", days=tuple(MONDAY + k * ONE for k in range(3, 30)))
    problem = simple(4, 30, variables=tuple(Variable(id=x, rank=n, holes=(late,) if x == "z" else ()) for n, x in enumerate(ids)), lags=lags, apart=(Apart(members=ids, key="A"),))
    search = Search(Model(problem, Grid(problem)))
    assert search.settle(0) == {"A", "L @ a", "L @ b", "L @ c", "late @ z", "start", "end"}
    assert solve(problem).conflicts == (("A", "L @ a", "L @ b", "L @ c", "end", "late @ z", "start"),)


@often
@given(problems(prefers=True), st.booleans())
def test_deadlines_exclude_no_plan(problem: Problem, backward: bool) -> None:
    search = Search(Model(problem, Grid(problem, mirrored=backward)))
    assume(search.core is None and search.deadlines is not None)
    for solution in every_solution(problem):
        for n, v in enumerate(search.model.variables):
            assert search.model.grid.index(solution[v.id]) <= search.deadlines.hi[n]


@often
@given(problems(), st.booleans(), st.randoms())
def test_steps_that_find_a_day_whatever_the_others_do_are_left_out_of_no_conflict(problem: Problem, backward: bool, rng) -> None:
    """Whether some keys can be met together is told of the steps alone that they bind, and is what all of them say."""
    grid, keys = Grid(problem, mirrored=backward, far=rng.random() < 0.5), sorted(all_keys(problem) | {"start", "end"})
    for _ in range(5):
        asked = frozenset(key for key in keys if rng.random() < 0.7)
        few = Model(narrowed(problem, asked), grid, asked)
        few.leave_out_spare()
        told = []
        for model in (Model(problem, grid, asked), few):
            search = Search(model)
            told.append(search.core is None and isinstance(search.settle(10_000), list))
        assert told[0] == told[1], asked


def test_a_conflict_of_few_among_many_is_looked_for_among_those_few() -> None:
    """Sixty meetings that only keep apart stand in nobody's way; the two that clash with a deadline are all that is searched."""
    many = crowded(60, 200)
    first, second, *_ = (v.id for v in many.variables)
    problem = attrs.evolve(many, lags=(Lag(a=first, b=second, key="L", min=500),))
    asked = frozenset({"start", "end", "L", *(a.key for a in many.apart)})
    few = Model(narrowed(problem, asked), Grid(problem, far=True), asked)
    few.leave_out_spare()
    assert sum(len(others) for others in few.clashes) == 2
    found = solve(problem)
    assert isinstance(found, Unsolvable)
    assert found.conflicts == (("L", "end", "start"),)
