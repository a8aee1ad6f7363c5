"""
The judge of a dating: which keys of a problem it breaks.

Shares no code with any solver, and counts days its own way (days to skip, found by bisection), so that
a mistake of one is not a mistake of the other.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping, Sequence

from .problem import Apart, Counting, Lag, Problem, Status, Variable


def violations(problem: Problem, days: Mapping[str, dt.date]) -> tuple[str, ...]:
    """
    The keys of *problem* that the dating *days* breaks, sorted, each once; () where it is a solution.

    Beside the problem's own keys: `missing @ id` for a variable without a day (its other constraints are
    then not judged), `held @ id` for a held one on another day, `fix @ id` for a fixed one on another
    day, `start` and `end` for one that is not held, outside the horizon. What was held is never
    constrained: its holes, and lags and aparts between two held ones, break nothing. A lag with
    `min` ≥ 0 is broken by any `b` before `a`, even where no day that counts lies between them.
    Ids in *days* that the problem does not know are ignored.
    """
    dated = {v.id: v for v in problem.variables if v.id in days}
    broken = {f"missing @ {v.id}" for v in problem.variables if v.id not in days}
    for variable in dated.values():
        broken |= _alone(problem, variable, days[variable.id])
    skipped = {
        Counting.OPEN: sorted(set(problem.closed)),
        Counting.WORKING: sorted({day for day in problem.holidays if day.weekday() < 5}),
    }

    def within(lag: Lag) -> bool:
        return _within(lag, _count(days[lag.a], days[lag.b], lag.count, skipped.get(lag.count, ())), days[lag.a] <= days[lag.b])

    for lag in problem.lags:
        if lag.a in dated and lag.b in dated and not _both_held(dated[lag.a], dated[lag.b]) and not within(lag):
            broken.add(lag.key)
    broken |= {choice.key for choice in problem.choices if all({x.a, x.b} <= dated.keys() for x in choice.options) and not any(map(within, choice.options))}
    broken |= {apart.key for apart in problem.apart if _overlaps(apart, dated, days)}
    return tuple(sorted(broken))


def _alone(problem: Problem, variable: Variable, day: dt.date) -> set[str]:
    """What *variable* breaks on *day*, whatever the others do."""
    if variable.status is Status.HELD:
        return set() if day == variable.day else {f"held @ {variable.id}"}
    broken = {hole.key for hole in variable.holes if day in hole.days}
    if variable.status is Status.FIXED and day != variable.day:
        broken.add(f"fix @ {variable.id}")
    if day < problem.start:
        broken.add("start")
    if day > problem.end:
        broken.add("end")
    return broken


def _both_held(a: Variable, b: Variable) -> bool:
    return a.status is Status.HELD and b.status is Status.HELD


def _count(a: dt.date, b: dt.date, counting: Counting, skipped: Sequence[dt.date]) -> int:
    """The days from *a* to *b*: every one but, in (a, b], those that do not count; below zero backwards."""
    if counting is Counting.CLEAR:
        return (b - a).days - 1
    if counting is Counting.DAYS:
        return (b - a).days
    first, last = min(a, b), max(a, b)
    span = (last - first).days - (bisect_right(skipped, last) - bisect_right(skipped, first))
    if counting is Counting.WORKING:
        # Of seven days running two are a weekend; the days left over are looked at one by one.
        weeks, rest = divmod((last - first).days, 7)
        left_over = (last - dt.timedelta(days=n) for n in range(rest))
        span -= 2 * weeks + sum(day.weekday() >= 5 for day in left_over)
    return span if a <= b else -span


def _within(lag: Lag, count: int, in_order: bool) -> bool:
    if lag.min is not None and (count < lag.min or (lag.min >= 0 and not in_order)):
        return False
    return lag.max is None or count <= lag.max


def _overlaps(apart: Apart, dated: Mapping[str, Variable], days: Mapping[str, dt.date]) -> bool:
    members = sorted({m for m in apart.members if m in dated}, key=lambda m: (days[m], m))
    for at, one in enumerate(members):
        for other in members[at + 1 :]:
            if days[other] != days[one]:
                break
            slots_meet = dated[one].slot(days[one]).clashes(dated[other].slot(days[other]))
            if slots_meet and not _both_held(dated[one], dated[other]):
                return True
    return False
