"""
Which of several steps comes first: of a word that stands for several, any one will do, and the planner chooses.

Written from METHOD-LANGUAGE.md §4; the guard has another reading (`binding.ways_before`, and the last one held).
"""

from __future__ import annotations

from typing import NamedTuple

import attrs

from ..dossier import Label
from ..planning.problem import Lag
from ..requirements import Requirement
from ..view import View
from ..words import InstanceId


class First(NamedTuple):
    """A step from which a distance may be measured, and its variable."""

    id: str
    label: Label
    held: bool


def one_each(view: View, row: Requirement, earlier: list[Label], happened: list[Label], later: Label) -> list[list[Label]]:
    """
    Of a word for several steps those that may come before another: of each list one is to. Where the row names no instance there is a list for each lane.

    [] where the tree puts one there, or one was done. What is in no lane stands for all of them. Where the tree puts all of a
    lane after that other, they are listed all the same: that is a conflict.
    """
    precedes, whole = view.position.precedes, not row.each and not row.where
    there = [x for x in earlier if precedes(x, later)] + happened
    if any(not whole or not x.inst for x in there):
        return []
    lanes: dict[tuple[InstanceId, ...], list[Label]] = {}
    for x in earlier:
        if x != later:
            lanes.setdefault(x.inst if whole else (), []).append(x)
    anywhere = lanes.pop((), [])
    ways = [[*own, *anywhere] for inst, own in lanes.items() if not any(x.inst == inst for x in there)] or [anywhere] * (not lanes)
    return [[x for x in way if not precedes(later, x)] or way for way in ways if way]


def distances(view: View, firsts: list[First], later: Label, id: str, bounds: Lag) -> list[list[Lag]]:
    """
    The lags of a distance to a step, each list a choice: it is measured from the last of several that comes before.

    So each that comes before is the shortest distance away, and one of them no farther than the longest; what comes after does not matter.
    """

    def lag(first: First, low: int | None, high: int | None) -> Lag:
        return attrs.evolve(bounds, a=first.id, b=id, min=low, max=high)

    if len(firsts) == 1:
        return [[lag(firsts[0], bounds.min, bounds.max)]]
    precedes, out = view.position.precedes, list[list[Lag]]()
    sure = [x for x in firsts if x.held or precedes(x.label, later)]
    loose = [x for x in firsts if x not in sure and x.label != later and not precedes(later, x.label)]

    def after(first: First) -> Lag:
        return Lag(a=id, b=first.id, key=bounds.key, min=1)

    if bounds.min is not None:
        out += [[lag(x, bounds.min, None)] for x in sure]
        out += [[lag(x, bounds.min, None), after(x)] for x in loose]
    if bounds.max is not None:
        near = [x for x in sure if not x.held] + [x for x in sure if x.held][-1:] + loose
        # With none before it there is no distance; of several that are free to come, one is taken to.
        out.append([*(lag(x, max(0, bounds.min or 0), bounds.max) for x in near), *map(after, loose if not sure and len(loose) == 1 else ())])
    return out
