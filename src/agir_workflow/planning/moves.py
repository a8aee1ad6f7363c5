"""What would have to be moved: where what was called for a day excludes every plan, the nearest days on which it could be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import attrs

from ..view import View
from .problem import Problem, Solved, Status
from .search import solve


def convened(view: View, problem: Problem) -> dict[str, dt.date]:
    """The meetings of a problem that stand on the day they were called for, and that day."""
    called = {str(s.address): s.planned.day for history in view.sittings.values() for s in history if s.convened and s.planned and not (s.held or s.done or s.cancelled)}
    return {v.id: v.day for v in problem.variables if v.status is Status.FIXED and v.day is not None and called.get(v.id) == v.day}


def moves(view: View, problem: Problem, conflicts: Collection[Collection[str]]) -> dict[str, dt.date]:
    """
    The meetings that were called for a day, and another day for each, with which all goes together: as few are moved as can be seen.

    {} where some conflict is of no such meeting, or no days are found.
    """
    called = convened(view, problem)
    if not called or any(not any(f"fix @ {id}" in c for id in called) for c in conflicts):
        return {}
    free = tuple(attrs.evolve(v, status=Status.PLANNED, day=None, prefer=v.day) if v.id in called else v for v in problem.variables)
    found = solve(attrs.evolve(problem, variables=free))
    return {id: day for id, day in found.days if called.get(id, day) != day} if isinstance(found, Solved) else {}
