"""What is to be done, late: as late as can be once the meetings stand, and on the very day of what waits for it where no day is left before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping

import attrs

from ..method import Method
from ..readings._plan_days import shut
from ..readings._plan_lacks import TO_DO
from ..requirements import Is
from ..view import View
from .problem import Lag, Problem, Solved, Status
from .search import solve

_AFTER = dt.timedelta(days=21)
"""How long after the last meeting something may be left to do."""


def todos_late(problem: Problem, days: Mapping[str, dt.date], is_todo: Callable[[str], bool], rather: Iterable[Lag]) -> Solved | None:
    """
    The same problem with its meetings fixed on their *days*, solved from the end; None where that gave nothing.

    *rather* is what is better done before something else: kept where there is a day for it between the
    earliest of the one and the latest of the other, and as many together as go. It moves no meeting and refuses no plan.
    """
    last = max((d for id, d in days.items() if not is_todo(id)), default=max(days.values(), default=problem.end))
    stands = tuple(v if v.status is Status.HELD or is_todo(v.id) else attrs.evolve(v, status=Status.FIXED, day=days[v.id], prefer=None) for v in problem.variables)
    end = min(problem.end, max(last + _AFTER, *days.values())) if days else problem.end
    late = attrs.evolve(problem, variables=stands, end=end)
    found = solve(late, backward=True)
    if not isinstance(found, Solved):
        return None
    latest = dict(found.days)
    return _kept(late, [x for x in rather if x.a in days and x.b in latest and days[x.a] + dt.timedelta(days=x.min or 0) <= latest[x.b]], found)


def open_before(view: View, day: dt.date) -> dt.date:
    """A day, or the last before it that is open to what is to be done."""
    closed = shut(view, day - dt.timedelta(days=14), day, {"weekend", "holiday"})
    while day in closed:
        day -= dt.timedelta(days=1)
    return day


def in_haste(method: Method, lags: Iterable[Lag], tasks: Collection[str]) -> dict[Lag, Lag]:
    """
    The lags that have a to-do done a day before what waits for it, each with that day given up.

    Of rows that ask for something by a day, and for no distance: the day ahead is the planner's own.
    """
    kinds: dict[str, set[Is]] = {}
    for row in method.requirements:
        kinds.setdefault(str(row.code), set()).add(row.is_)
    asking = {code for code, own in kinds.items() if own <= TO_DO}
    return {x: attrs.evolve(x, min=0) for x in lags if x.a in tasks and x.min == 1 and x.max is None and x.key.partition(" @ ")[0] in asking}


def hastier(conflicts: Iterable[Collection[str]], keys: Collection[str]) -> frozenset[str]:
    """One of these keys out of each conflict; none where a conflict has none of them."""
    found = [next((key for key in c if key in keys), None) for c in conflicts]
    return frozenset(key for key in found if key is not None) if None not in found else frozenset()


def _kept(problem: Problem, more: list[Lag], found: Solved) -> Solved:
    """Days with as many *more* lags as go together, each half of them tried after the other where they do not; *found* without any."""
    if not more:
        return found
    better = solve(attrs.evolve(problem, lags=(*problem.lags, *more)), backward=True)
    if isinstance(better, Solved):
        return better
    if len(more) == 1:
        return found
    half = len(more) // 2
    first = _kept(problem, more[:half], found)
    won = tuple(x for x in more[:half] if _holds(x, dict(first.days)))
    return _kept(attrs.evolve(problem, lags=(*problem.lags, *won)), more[half:], first)


def _holds(lag: Lag, days: Mapping[str, dt.date]) -> bool:
    return days[lag.a] + dt.timedelta(days=lag.min or 0) <= days[lag.b]
