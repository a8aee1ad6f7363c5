"""
What was held, and the longest distances from it that nothing still ahead can keep.

What was held never conflicts, and later is only worse: such a distance is past. The rest is dated without it, and the plan names it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

import attrs

from ..dossier import Sitting
from ..readings._phrases import day_of
from ..readings._plan_days import gone_by, last_in_time
from ..view import View
from ..when import When
from ..words import Text
from .problem import Lag, Problem, Status, Variable
from .search import earliest


def as_held(sitting: Sitting, id: str, day: When, rank: int = 0) -> Variable:
    """A sitting that was held, at the hour that is told of it."""
    start, minutes = (sitting.hold.start, sitting.hold.minutes) if sitting.hold else (None, None)
    return Variable(id=id, status=Status.HELD, day=day.latest, start=start, minutes=minutes, rank=rank)


def out_of_reach(view: View, at: dt.date, problem: Problem, held: Mapping[str, dt.date]) -> tuple[Lag, ...]:
    """
    The lags of a problem whose longest distance from what was *held* lets no day from *at* on.

    Looked at is the first day that every other row leaves to a step: order, shortest distances, closed days. What somebody
    wishes (a start, an end, given days, busy ones) is left aside: against a wish a distance stands, and is a conflict.
    """
    longest = [x for x in problem.lags if x.max is not None and x.a in held and x.b not in held]
    if not longest:
        return ()
    lags = tuple(attrs.evolve(x, max=None) for x in problem.lags if x.min is not None and x.min >= 0)
    free = tuple(_unwished(v) for v in problem.variables)
    first = earliest(attrs.evolve(problem, start=at, end=problem.end + dt.timedelta(days=1100), variables=free, lags=lags, apart=()))
    return tuple(x for x in longest if first is not None and x.max is not None and gone_by(view, held[x.a], first[x.b], x.count, at) > x.max)


def _unwished(variable: Variable) -> Variable:
    if variable.status is Status.HELD:
        return variable
    holes = tuple(h for h in variable.holes if not h.key.startswith("busy @ "))
    return attrs.evolve(variable, status=Status.PLANNED, day=None, prefer=None, holes=holes)


def said_past(view: View, at: dt.date, past: Sequence[Lag], held: Mapping[str, dt.date]) -> list[Text]:
    """That the rest is dated without a distance, and until when that could be kept; each key once, by its earliest day."""
    last: dict[str, dt.date] = {}
    for lag in past:
        assert lag.max is not None
        day = last_in_time(view, held[lag.a], lag.max, lag.count, at)
        last[lag.key] = min(day, last.get(lag.key, day))
    return [
        Text(f"{key} ne peut plus être tenue (au plus tard le {day_of(day).fr}) : daté sans elle ; le verdict la relèvera",
             f"{key} can no longer be kept ({day_of(day).en} at the latest): dated without it; the verdict will tell it")
        for key, day in sorted(last.items())
    ]  # fmt: skip


def without_past(lags: Sequence[Lag], past: Collection[Lag]) -> tuple[Lag, ...]:
    """The lags of a problem, those that are past with their shortest distance alone."""
    return tuple(attrs.evolve(x, max=None) if x in past else x for x in lags if x not in past or x.min is not None)
