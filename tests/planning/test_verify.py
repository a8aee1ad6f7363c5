"""The judge of a dating, against a solved problem with one thing broken at a time."""

import datetime as dt

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agir_workflow.planning.problem import Apart, Counting, Hole, Lag, Problem, Status, Variable
from agir_workflow.planning.verify import violations
from agir_workflow.workdays import elapsed

ONE = dt.timedelta(days=1)
MONDAY = dt.date(2026, 5, 4)
HOLIDAY = dt.date(2026, 5, 8)
CLOSED = tuple(MONDAY + n * ONE for n in (4, 5, 6, 12, 13))


def at(n: int) -> dt.date:
    return MONDAY + n * ONE


PROBLEM = Problem(
    start=at(0),
    end=at(18),
    variables=(
        Variable(id="past", status=Status.HELD, day=at(-9), holes=(Hole(key="busy @ past", days=(at(-9),)),)),
        Variable(id="past2", status=Status.HELD, day=at(-9)),
        Variable(id="set", status=Status.FIXED, day=at(7), holes=(Hole(key="busy @ set", days=(at(8),)),)),
        Variable(id="free", holes=(Hole(key="CAL001 @ free", days=CLOSED),)),
        Variable(id="nine", start=dt.time(9), minutes=60),
        Variable(id="ten", start=dt.time(10), minutes=60),
    ),
    lags=(
        Lag(a="past", b="past2", key="never @ judged", min=5),
        Lag(a="past", b="set", key="DAYS @ set", min=10, max=16),
        Lag(a="free", b="set", key="OPEN @ set", min=1, max=2, count=Counting.OPEN),
        Lag(a="nine", b="free", key="WORKING @ free", min=2, max=2, count=Counting.WORKING),
        Lag(a="nine", b="set", key="CLEAR @ set", min=5, count=Counting.CLEAR),
    ),
    apart=(
        Apart(members=("nine", "ten", "free", "set"), key="apart @ one"),
        Apart(members=("past", "past2"), key="apart @ past"),
    ),
    holidays=(HOLIDAY,),
    closed=CLOSED,
)
GOOD = {"past": at(-9), "past2": at(-9), "set": at(7), "free": at(3), "nine": at(1), "ten": at(1)}


def test_a_solution_breaks_nothing_and_the_past_is_not_judged() -> None:
    assert violations(PROBLEM, GOOD) == ()
    assert violations(PROBLEM, {**GOOD, "stranger": at(99)}) == ()


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"ten": None}, ("missing @ ten",)),
        ({"past": at(-8)}, ("held @ past",)),
        ({"past": at(-2)}, ("DAYS @ set", "held @ past")),
        ({"set": at(8)}, ("DAYS @ set", "busy @ set", "fix @ set")),
        ({"ten": at(3)}, ("apart @ one",)),
        ({"ten": at(7)}, ("apart @ one",)),
        ({"ten": at(-1)}, ("start",)),
        ({"ten": at(18)}, ()),
        ({"ten": at(19)}, ("end",)),
        ({"free": at(4)}, ("CAL001 @ free",)),
        ({"free": at(2)}, ("WORKING @ free",)),
        ({"free": at(1), "nine": at(0), "ten": at(2)}, ("OPEN @ set", "WORKING @ free")),
        ({"nine": at(2)}, ("CLEAR @ set", "WORKING @ free")),
        ({"nine": at(0)}, ("WORKING @ free",)),
        ({"free": at(8), "nine": at(3)}, ("CLEAR @ set", "OPEN @ set")),
    ],
)
def test_each_mutation_is_named(change: dict[str, dt.date | None], broken: tuple[str, ...]) -> None:
    days = {id: day for id, day in {**GOOD, **change}.items() if day is not None}
    assert violations(PROBLEM, days) == broken


def test_hours_that_touch_do_not_overlap_and_hours_that_cross_do() -> None:
    longer = tuple(attrs.evolve(v, minutes=61) if v.id == "nine" else v for v in PROBLEM.variables)
    assert violations(attrs.evolve(PROBLEM, variables=longer), GOOD) == ("apart @ one",)


def test_none_comes_before_even_where_no_day_between_counts() -> None:
    """From Sunday back to Saturday no working day passes; «at least none after» is broken all the same."""
    two = (Variable(id="a"), Variable(id="b"))
    lag = Lag(a="a", b="b", key="L", min=0, count=Counting.WORKING)
    problem = Problem(start=at(0), end=at(18), variables=two, lags=(lag,))
    assert violations(problem, {"a": at(6), "b": at(5)}) == ("L",)
    assert violations(problem, {"a": at(5), "b": at(6)}) == ()
    late = attrs.evolve(problem, lags=(attrs.evolve(lag, min=None, max=0),))
    assert violations(late, {"a": at(6), "b": at(5)}) == ()


near = st.integers(-20, 40).map(at)


@given(near, near, st.sampled_from(Counting), st.lists(near, max_size=12), st.integers(-20, 20))
def test_the_judge_counts_as_the_calendar_does(
    a: dt.date, b: dt.date, counting: Counting, off: list[dt.date], bound: int
) -> None:
    """Two ways of counting, written apart, agree."""
    two = (Variable(id="a"), Variable(id="b"))
    count = elapsed(a, b, counting, off, off)
    for lag, kept in (
        (Lag(a="a", b="b", key="L", min=bound, count=counting), count >= bound and (bound < 0 or a <= b)),
        (Lag(a="a", b="b", key="L", max=bound, count=counting), count <= bound),
    ):
        problem = Problem(start=at(-30), end=at(50), variables=two, lags=(lag,), holidays=tuple(off), closed=tuple(off))
        assert (violations(problem, {"a": a, "b": b}) == ()) is kept
