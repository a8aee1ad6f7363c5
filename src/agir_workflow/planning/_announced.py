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
    The days of a way with its meetings on the days that were announced: the first day is that of the first meeting, and so on; where more days were announced than there are meetings, each has the next that can be.

    What came after such a meeting still does: a copil of the middle stays in the middle. For a closed day the next open one is taken. A day
    adopted, called for or wished goes before an announced one; a meeting that cannot be on its own day, or is late for it, stays where it was: nothing is refused for it, and no other waits for it.
    """
    kept, back = dict[str, dt.date](), way.wishes.backward
    for _, leaves, days in announced(way.view):
        at = dict(found.solved.days)
        ordered = sorted({way.variable(x) for x in way.labels if x.leaf in leaves}, key=lambda id: (at[id], id))
        held = [label for label, history in way.view.sittings.items() if label.leaf in leaves and any(s.held for s in history)]
        plenty = len(days) > len(held) + len(ordered)
        taken = {at[id] for id in ordered if not _is_free(found.problem, id)} | _held(way.view, leaves)
        for n, id in sorted(enumerate(ordered, len(held)), reverse=back):
            now = dict(found.solved.days)
            own = [d for d in days if d not in taken] if plenty else days[n : n + 1]
            able = [d for d in own if d >= way.start and (d <= now[id] if back else d >= now[id])] if _is_free(found.problem, id) else []
            if not able:
                continue
            on = _open_day(found.problem, id, able[-1 if back else 0], -1 if back else 1)
            after = tuple(Lag(a=id, b=other, key=ANNOUNCED, min=0) for other, d in now.items() if d > now[id] and _is_meeting(way.view, other))
            problem = with_days(found.problem, {id: on}, after)
            fixed = tuple(attrs.evolve(v, status=Status.FIXED, day=v.prefer) if v.id == id or v.id in kept else v for v in problem.variables)
            solved = solve(attrs.evolve(problem, variables=fixed), backward=back)
            if isinstance(solved, Solved):
                found = attrs.evolve(found, problem=problem, solved=solved)
                kept[id] = on
                taken.add(able[-1 if back else 0])
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
