"""
In what order facts are taken whose days may not tell them apart.

Lots are parted wherever all that came before must have happened by then; within a lot new instances come
first, then steps, those that can be taken first, then ends of instances.
"""

from __future__ import annotations

import datetime as dt
import heapq
from bisect import insort
from collections.abc import Callable, Iterator, Sequence

from .when import When

BEGINS, STEP, ENDS = range(3)
"""What a fact is, for its turn: a new instance, a step, the end of an instance."""


def turns(days: Sequence[When], sorts: Sequence[int], may: Callable[[int], bool]) -> Iterator[list[int]]:
    """
    The facts by their places, one by one; new instances that come together, together.

    *may* is asked whether a step can be taken after all that was given out before. Facts of one
    day come first-possible-first, then in order of arrival.
    """
    for lot, until in _lots(days):
        if len(lot) == 1:
            yield lot
            continue
        # What may have happened before anything else that is left must have: on one day, all of it.
        rough, kinds = days[lot[0]].earliest < until, {sorts[i] for i in lot}
        if not rough and kinds == {BEGINS}:
            yield lot
            continue
        if not rough and kinds == {STEP}:
            while lot:
                yield [lot.pop(next((n for n, i in enumerate(lot) if may(i)), 0))]
            continue
        pools = _Pools(days, may)
        limits = [(days[i].latest, i) for i in lot] if rough else []
        heapq.heapify(limits)
        n, gone = 0, set[int]()
        while len(gone) < len(lot):
            while rough and limits[0][1] in gone:
                heapq.heappop(limits)
            while n < len(lot) and (not rough or days[lot[n]].earliest <= limits[0][0]):
                pools.add(lot[n], sorts[lot[n]])
                n += 1
            chosen = pools.next()
            gone.update(chosen)
            yield chosen


def _lots(days: Sequence[When]) -> Iterator[tuple[list[int], dt.date]]:
    """Facts that overlap, by their first days; each lot with its last day."""
    lot: list[int] = []
    until = dt.date.min
    firsts = [on.earliest for on in days]
    for i in sorted(range(len(days)), key=firsts.__getitem__):
        if lot and firsts[i] > until:
            yield lot, until
            lot = []
        lot.append(i)
        latest = days[i].latest
        if latest > until:
            until = latest
    if lot:
        yield lot, until


class _Pools:
    """What may come next, by sort, in order of arrival."""

    def __init__(self, days: Sequence[When], may: Callable[[int], bool]) -> None:
        self._days, self._may = days, may
        self._waiting: tuple[list[int], list[int], list[int]] = ([], [], [])

    def add(self, i: int, sort: int) -> None:
        insort(self._waiting[sort], i)

    def next(self) -> list[int]:
        """Which of them come next: all new instances, else one step, else one end."""
        begin, steps, ends = self._waiting
        if begin:
            self._waiting = ([], steps, ends)
            return begin
        for n, i in enumerate(steps):
            if self._may(i):
                return [steps.pop(n)]
        # On one day the step comes first; between rough days, an end that may have come before it.
        if ends and (not steps or self._days[ends[0]].earliest < self._days[steps[0]].latest):
            return [ends.pop(0)]
        return [steps.pop(0)]
