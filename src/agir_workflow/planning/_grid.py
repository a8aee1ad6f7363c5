"""
A problem as numbers: days as indices, sets of days as bit sets, lags as edges between variables.

Every edge says «not before»: as gaps with calendar holes are closed under the componentwise minimum, the
smallest fixpoint of the edges is the earliest solution. A mirrored grid counts days from the last to the
first, and what holds of «earliest» then holds of «latest».
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

import attrs

from .problem import Counting, Lag, Problem, Status, Variable

_YEARS = 3 * 366
_MOST = 20_000


class Edge(NamedTuple):
    """
    `dst` is not before the first day whose count is the count at `src` plus `least`; nor, if `ordered`,
    before `src`. `upto[i]` is how many days count up to day i; `first[n]` the first day with count n.
    """

    src: int
    dst: int
    upto: Sequence[int]
    first: Sequence[int]
    least: int
    ordered: bool
    tag: str | int

    def bound(self, day: int) -> int:
        """The first day for `dst` when `src` is on *day*; `len(upto)` where no day of the grid is late enough."""
        target = self.upto[day] + self.least
        if target >= len(self.first):
            return len(self.upto)
        found = self.first[target] if target > 0 else 0
        return day if self.ordered and found < day else found

    def latest(self, day: int) -> int:
        """The last day for `src` from which `dst` may be on *day*; below zero where there is none."""
        limit = self.upto[day] - self.least
        if limit < 0:
            return -1
        found = self.first[limit + 1] - 1 if limit + 1 < len(self.first) else len(self.upto) - 1
        return min(day, found) if self.ordered else found


class Grid:
    """The days of a problem as indices from 0 on, with room on both sides when `far`."""

    def __init__(self, problem: Problem, *, mirrored: bool = False, far: bool = False) -> None:
        known = [problem.start, problem.end]
        known += [v.day for v in problem.variables if v.status is not Status.PLANNED and v.day is not None]
        room = _reach(problem) if far else 0
        self._first = max(min(known).toordinal() - room, dt.date.min.toordinal())
        last = min(max(known).toordinal() + room, dt.date.max.toordinal())
        self.size = last - self._first + 1
        self.mirrored = mirrored
        self._holidays, self._closed = problem.holidays, problem.closed
        self._tables: dict[Counting, tuple[Sequence[int], Sequence[int]]] = {}
        self._shifts: dict[tuple[int, int], int] = {}
        self._masks: dict[int, tuple[object, int]] = {}

    def index(self, day: dt.date) -> int:
        """The index of *day*; outside 0 … size - 1 where the grid does not hold it."""
        at = day.toordinal() - self._first
        return self.size - 1 - at if self.mirrored else at

    def day(self, index: int) -> dt.date:
        return dt.date.fromordinal(self._first + (self.size - 1 - index if self.mirrored else index))

    def mask(self, days: Iterable[dt.date]) -> int:
        """The bit set of those *days* that the grid holds."""
        # One tuple of closures is usually shared by all variables; it is kept, so that its id stays its own.
        kept = self._masks.get(id(days))
        if kept is None:
            bits = 0
            for day in days:
                at = self.index(day)
                if 0 <= at < self.size:
                    bits |= 1 << at
            kept = self._masks[id(days)] = (days, bits)
        return kept[1]

    def table(self, counting: Counting) -> tuple[Sequence[int], Sequence[int]]:
        """How many days count up to each index (0 at index 0), and the first index with each count."""
        if counting in (Counting.DAYS, Counting.CLEAR):
            return range(self.size), range(self.size)
        if counting not in self._tables:
            skipped = self.mask(self._closed if counting is Counting.OPEN else self._holidays)
            count, first = [0], [0]
            for at in range(1, self.size):
                # Day i counts in (i-1, i] forwards; mirrored, the day that counts is the one before.
                judged = at - 1 if self.mirrored else at
                counts = not skipped >> judged & 1
                if counting is Counting.WORKING:
                    ordinal = self._first + (self.size - 1 - judged if self.mirrored else judged)
                    counts = counts and (ordinal - 1) % 7 < 5
                if counts:
                    first.append(at)
                count.append(count[-1] + counts)
            self._tables[counting] = (count, first)
        return self._tables[counting]

    def shift(self, edge: Edge) -> int:
        """By how many days `dst` comes after `src` at least, wherever `src` is; below zero: before."""
        if edge.least > 0 or (edge.least == 0 and edge.ordered) or isinstance(edge.upto, range):
            return edge.least
        # A table lives as long as its grid, and so names it.
        table = (id(edge.upto), edge.least)
        if table not in self._shifts:
            self._shifts[table] = min(edge.bound(day) - day for day in range(self.size))
        return self._shifts[table]


def _reach(problem: Problem) -> int:
    """Days of room that no chain of the problem's lags runs out of, within reason; three years at least."""
    # A path enters a variable once. Doubled, since working days are fewer than days; closures are added.
    widest: dict[str, int] = {}
    for lag in problem.lags:
        width = max(abs(lag.min or 0), abs(lag.max or 0)) + 1
        for end in (lag.a, lag.b):
            widest[end] = max(widest.get(end, 0), width)
    chain = 2 * sum(widest.values()) + len(problem.closed) + len(problem.holidays)
    return min(max(_YEARS, chain), _MOST)


def narrowed(problem: Problem, keys: Collection[str]) -> Problem:
    """The same question of fewer steps: those that one of *keys* says something of. Any other has a day wherever there is one from `start` to `end`."""
    if problem.start > problem.end:
        return problem
    lags = tuple(lag for lag in problem.lags if lag.key in keys)
    apart = tuple(apart for apart in problem.apart if apart.key in keys)
    choices = tuple(choice for choice in problem.choices if choice.key in keys)
    named = {end for lag in (*lags, *(x for choice in choices for x in choice.options)) for end in (lag.a, lag.b)}
    named |= {member for some in apart for member in some.members}
    variables = tuple(
        v for v in problem.variables
        if v.id in named or (v.status is Status.FIXED and f"fix @ {v.id}" in keys) or any(hole.key in keys for hole in v.holes)
    )  # fmt: skip
    return attrs.evolve(problem, variables=variables, lags=lags, apart=apart, choices=choices)


class Model:
    """
    The constraints of *problem* whose key is in *asked* (all, if None), on *grid*.

    Variables are numbered in order of rank and id (mirrored: the other way round), so that the smaller
    number goes first. `domain[v]` is a bit set; `blocks[v]` are the excluded days with their keys;
    `fixed[v]` the key of a fixed variable, `held[v]` whether it is history. `low` and `high` are the ends of the
    horizon, `low_key` and `high_key` their keys (None if not asked for). `clashes[v]` gives, for each
    other variable that may not share its day, the key that says so; `choices` are keys with ways, of which one is to hold.
    """

    def __init__(self, problem: Problem, grid: Grid, asked: Collection[str] | None = None) -> None:
        def is_asked(key: str) -> bool:
            return asked is None or key in asked

        self.grid = grid
        ordered = sorted(problem.variables, key=lambda v: (v.rank, v.id), reverse=grid.mirrored)
        self.variables: tuple[Variable, ...] = tuple(ordered)
        self.number = {v.id: n for n, v in enumerate(ordered)}
        ends = ("end", "start") if grid.mirrored else ("start", "end")
        first, last = (problem.end, problem.start) if grid.mirrored else (problem.start, problem.end)
        self.low_key, self.high_key = (key if is_asked(key) else None for key in ends)
        self.low = grid.index(first) if self.low_key else 0
        self.high = grid.index(last) if self.high_key else grid.size - 1
        self.held = [v.status is Status.HELD for v in ordered]
        self.fixed: list[str | None] = []
        for variable in ordered:
            key = f"fix @ {variable.id}"
            self.fixed.append(key if variable.status is Status.FIXED and is_asked(key) else None)
        self.blocks: list[list[tuple[str, int]]] = [self._holes(v, is_asked) for v in ordered]
        self.clashes: list[dict[int, str]] = [{} for _ in ordered]
        self.groups: list[tuple[str, list[int]]] = []
        for apart in sorted(problem.apart, key=lambda apart: (apart.key, apart.members)):
            if is_asked(apart.key):
                self._keep_apart(apart.key, sorted({self.number[m] for m in apart.members}))
        self.domain = [self._domain(n) for n in range(len(ordered))]
        self.out: list[list[Edge]] = [[] for _ in ordered]
        self.into: list[list[Edge]] = [[] for _ in ordered]
        for lag in problem.lags:
            if is_asked(lag.key) and not (self.held[self.number[lag.a]] and self.held[self.number[lag.b]]):
                for edge in self._edges(lag, lag.key):
                    self.out[edge.src].append(edge)
                    self.into[edge.dst].append(edge)
        in_order = sorted(problem.choices, key=lambda c: (c.key, [(x.a, x.b, str(x.min), str(x.max), x.count) for x in c.options]))
        self.choices = [(c.key, [self._edges(x, c.key) for x in c.options]) for c in in_order if is_asked(c.key)]

    def leave_out_spare(self) -> None:
        """
        Forget who clashes with steps that find a day whatever days the others have.

        Such a step is bound to no other and has more days left than there are others to keep clear of. Once it is left out, those have
        one fewer to keep clear of: what is left out last finds its day first. Whether there is a plan stays as it was; the days of such steps are not told.
        """
        bound = {end for edges in self.out for edge in edges for end in (edge.src, edge.dst)}
        bound |= {end for _, ways in self.choices for way in ways for edge in way for end in (edge.src, edge.dst)}
        spare: set[int] = set()
        todo = [v for v in range(len(self.domain)) if v not in bound]
        while todo:
            v = todo.pop()
            if v not in spare and self.domain[v].bit_count() > len(self.clashes[v]):
                spare.add(v)
                for u in self.clashes[v]:
                    del self.clashes[u][v]
                todo += [u for u in self.clashes[v] if u not in bound]
                self.clashes[v] = {}
        left = [(key, [v for v in clique if v not in spare]) for key, clique in self.groups]
        self.groups = [(key, clique) for key, clique in left if len(clique) > 1]

    def _holes(self, variable: Variable, is_asked: Callable[[str], bool]) -> list[tuple[str, int]]:
        if variable.status is Status.HELD:
            return []
        holes = sorted(variable.holes, key=lambda hole: hole.key)
        return [(hole.key, self.grid.mask(hole.days)) for hole in holes if is_asked(hole.key)]

    def _keep_apart(self, key: str, members: list[int]) -> None:
        midnight = dt.date(2000, 1, 1)
        slots = [self.variables[m].slot(midnight) for m in members]
        hours = list(dict.fromkeys(slots))  # of many meetings there are few hours
        meet = [[one.clashes(other) for other in hours] for one in hours]
        at = [hours.index(slot) for slot in slots]
        for i, one in enumerate(members):
            for j in range(i + 1, len(members)):
                other = members[j]
                if not meet[at[i]][at[j]] or (self.held[one] and self.held[other]):
                    continue
                if self.held[one]:
                    self.blocks[other].append((key, 1 << self.at(one)))
                elif self.held[other]:
                    self.blocks[one].append((key, 1 << self.at(other)))
                else:
                    self.clashes[one].setdefault(other, key)
                    self.clashes[other].setdefault(one, key)
        free = [m for m in members if not self.held[m]]
        grouped: set[int] = set()
        for seed in free:  # some meet in the morning, others in the afternoon: each belongs to a clique of its own hours
            if seed in grouped:
                continue
            clique = [seed]
            for member in free:
                if member != seed and all(other in self.clashes[member] for other in clique):
                    clique.append(member)
            grouped.update(clique)
            if len(clique) > 1:
                self.groups.append((key, sorted(clique)))

    def at(self, n: int) -> int:
        """The index of the day that variable *n* was given."""
        day = self.variables[n].day
        assert day is not None
        return self.grid.index(day)

    def _domain(self, n: int) -> int:
        if self.held[n]:
            return 1 << self.at(n)
        bits = ((1 << (self.high + 1)) - 1) & ~((1 << self.low) - 1) if self.low <= self.high else 0
        for _, blocked in self.blocks[n]:
            bits &= ~blocked
        return bits & (1 << self.at(n)) if self.fixed[n] else bits

    def _edges(self, lag: Lag, key: str) -> list[Edge]:
        """What a lag says, in the direction of the grid."""
        a, b = self.number[lag.a], self.number[lag.b]
        count, first = self.grid.table(lag.count)
        # Clear days count neither end: one day less than the days between.
        more = 1 if lag.count is Counting.CLEAR else 0
        if self.grid.mirrored:
            a, b = b, a
        least = [] if lag.min is None else [Edge(a, b, count, first, lag.min + more, lag.min >= 0, key)]
        return least if lag.max is None else [*least, Edge(b, a, count, first, -lag.max - more, False, key)]
