"""The second look of the planner: its meetings stand, and what is to be done is put as late as can be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

import attrs

from .problem import Lag, Problem, Solved, Status
from .search import solve

_AFTER = dt.timedelta(days=21)
"""How long after the last meeting something may be left to do."""


def todos_late(problem: Problem, days: Mapping[str, dt.date], is_todo: Callable[[str], bool], rather: Iterable[Lag]) -> Solved | None:
    """
    The same problem with its meetings fixed on their *days*, solved from the end; None where that gave nothing.

    *rather* is what is better done before something else: kept where there is a day for it between the
    earliest of the one and the latest of the other, and together with the rest. It moves no meeting and refuses no plan.
    """
    last = max((d for id, d in days.items() if not is_todo(id)), default=max(days.values(), default=problem.end))
    stands = tuple(v if v.status is Status.HELD or is_todo(v.id) else attrs.evolve(v, status=Status.FIXED, day=days[v.id], prefer=None) for v in problem.variables)
    end = min(problem.end, max(last + _AFTER, *days.values())) if days else problem.end
    late = attrs.evolve(problem, variables=stands, end=end)
    found = solve(late, backward=True)
    if not isinstance(found, Solved):
        return None
    latest = dict(found.days)
    if room := tuple(x for x in rather if x.a in days and x.b in latest and days[x.a] < latest[x.b]):
        better = solve(attrs.evolve(late, lags=(*late.lags, *room)), backward=True)
        return better if isinstance(better, Solved) else found
    return found
