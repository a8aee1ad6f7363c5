"""The days that a dossier announces for its meetings, kept where nothing forbids them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

import attrs

from ..readings._phrases import day_of, joined
from ..view import View
from ..when import When
from ..words import LeafId, Text
from ._best import Days
from .problem import Lag, Problem, Solved, Status
from .search import solve

if TYPE_CHECKING:
    from .make import _Planner

ANNOUNCED = "announced"
"""The key of a day that was announced, and of what comes after it."""


def announced(view: View) -> list[tuple[Text, frozenset[LeafId], list[dt.date]]]:
    """What an answer says of the days of some meetings: what it is called, those steps, and the days, in their order."""
    out = []
    for facet in view.method.facets:
        days = sorted({w.earliest for i in view.at(facet.id) if isinstance(w := i.value, When) and w.earliest == w.latest}) if facet.days_of else []
        if facet.days_of and days:
            out.append((facet.label, frozenset(view.words.leaves_of(facet.days_of)), days))
    return out


def with_days(problem: Problem, days: Mapping[str, dt.date], lags: tuple[Lag, ...]) -> Problem:
    """A problem in which those steps have those days to keep where they can, and others come after them."""
    return attrs.evolve(problem, variables=tuple(attrs.evolve(v, prefer=days[v.id]) if v.id in days else v for v in problem.variables), lags=(*problem.lags, *lags)) if days else problem


def on_announced_days(way: _Planner, found: Days) -> Days:
    """
    The days of a way with its meetings on the days that were announced: each, in their order, on the first that is left and not before it could be.

    What came after such a meeting still does: a copil of the middle stays in the middle. For a closed day the next open one is taken. A day
    adopted, called for or wished goes before an announced one; where a meeting cannot be on its own it stays where it was, and nothing is refused for it.
    """
    kept = dict[str, dt.date]()
    for _, leaves, days in announced(way.view):
        addresses = {way.variable(x) for x in way.labels if x.leaf in leaves}
        taken = {day for id, day in found.solved.days if id in addresses and not _is_free(found.problem, id)} | _held(way.view, leaves)
        left = [d for d in days if d >= way.start and d not in taken]
        waiting = [id for id in addresses if _is_free(found.problem, id)]
        while left and waiting:
            now = dict(found.solved.days)
            first = (max if way.wishes.backward else min)(waiting, key=lambda id: (now[id], id))
            day = next((d for d in left if d >= now[first]), None) if not way.wishes.backward else next((d for d in reversed(left) if d <= now[first]), None)
            if day is None:
                break
            waiting.remove(first)
            on = _open_day(found.problem, first, day, -1 if way.wishes.backward else 1)
            after = tuple(Lag(a=first, b=id, key=ANNOUNCED, min=0) for id, d in now.items() if d > now[first] and _is_meeting(way.view, id))
            problem = with_days(found.problem, {first: on}, after)
            fixed = tuple(attrs.evolve(v, status=Status.FIXED, day=v.prefer) if v.id == first or v.id in kept else v for v in problem.variables)
            other = solve(attrs.evolve(problem, variables=fixed), backward=way.wishes.backward)
            if isinstance(other, Solved):
                found = attrs.evolve(found, problem=problem, solved=other)
                kept[first] = on
                left = [d for d in left if (d < day if way.wishes.backward else d > day)]
    return attrs.evolve(found, announced=kept)


def _open_day(problem: Problem, id: str, day: dt.date, step: int) -> dt.date:
    """A day, or the next that is open to a step; itself where none of a fortnight is."""
    closed = {d for v in problem.variables if v.id == id for hole in v.holes for d in hole.days}
    return next((d for n in range(14) if (d := day + dt.timedelta(days=n * step)) not in closed), day)


def _is_free(problem: Problem, id: str) -> bool:
    return any(v.id == id and v.status is Status.PLANNED and v.prefer is None for v in problem.variables)


def _is_meeting(view: View, id: str) -> bool:
    return (leaf := view.words.find_leaf(id)) is not None and leaf[0].is_sitting


def _held(view: View, leaves: frozenset[LeafId]) -> set[dt.date]:
    return {s.held.earliest for label, history in view.sittings.items() if label.leaf in leaves for s in history if s.held}


def said_left(view: View, days: Mapping[str, dt.date], at: dt.date) -> list[Text]:
    """The announced days to come on which none of those meetings is planned."""
    out = []
    for label, leaves, told in announced(view):
        used = {day for id, day in days.items() if (leaf := view.words.find_leaf(id)) and leaf[0].id in leaves} | _held(view, leaves)
        if idle := [d for d in told if d >= at and d not in used]:
            names = joined([day_of(d) for d in idle], 3)
            out.append(Text(f"« {label.fr} » sans réunion prévue ce jour-là : {names.fr}", f"'{label.en}' with no meeting planned on that day: {names.en}"))
    return out
