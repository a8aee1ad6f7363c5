"""
The search itself: bounds pushed to a fixpoint, clashes resolved depth first.

Where two clash, one goes a day later or the other; a dead end goes back past every choice that it does not
depend on. What a dead end depends on is read off a trail, and is, in the end, why there is no plan.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TypeAlias

import attrs

from ._grid import Edge, Model

Core: TypeAlias = set[str | int]
"""What a dead end depends on: keys of the problem, and the numbers of the choices made."""
_Ways: TypeAlias = tuple[str, list[list[Edge]]]
"""The key of a choice, and the ways of which one is to be gone."""


class Search:
    """
    The state of a search: the earliest day of each variable, and why it is not earlier.

    `core` is what already excludes any solution, None as long as nothing does.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.domain = list(model.domain)
        self.out = [list(edges) for edges in model.out]
        self.lo: list[int] = []
        self.locked: set[int] = set()
        # A step later is an entry of the trail: who, from which day on allowed, where found, why,
        # and the entry of the one that pushed. `latest[v]` is the entry that set `lo[v]`.
        self._trail: list[tuple[int, int, int, Edge | str | None, int]] = []
        self._latest: list[int] = []
        self._effort = 0
        self.core = self._begin()
        self.deadlines = Deadlines(self) if self.core is None and model.groups else None

    def _begin(self) -> Core | None:
        model = self.model
        for v, domain in enumerate(self.domain):
            if not domain:
                first = model.at(v) if model.fixed[v] else model.low
                return self._empty(v, first)
            day = (domain & -domain).bit_length() - 1
            why = None if model.held[v] else model.fixed[v] or model.low_key
            self._latest.append(len(self._trail))
            self._trail.append((v, day if model.fixed[v] else model.low, day, why, -1))
            self.lo.append(day)
        return self._push(range(len(self.lo)))

    def _push(self, moved: Iterable[int]) -> Core | None:
        """Move everyone on until every edge from *moved* holds; the core where somebody has no day left."""
        lo, domain, out = self.lo, self.domain, self.out
        queue = deque(moved)
        waiting = set(queue)
        moves: dict[int, int] = {}
        while queue:
            src = queue.popleft()
            waiting.discard(src)
            self._effort += 1
            for edge in out[src]:
                bound = edge.bound(lo[src])
                dst = edge.dst
                if bound <= lo[dst]:
                    continue
                pushed_by = self._latest[src]
                later = domain[dst] >> bound
                if not later:
                    return {edge.tag} | self._explain((pushed_by,)) | self._empty(dst, bound)
                self._move(dst, bound, bound + (later & -later).bit_length() - 1, edge, pushed_by)
                moves[dst] = moves.get(dst, 0) + 1
                # Looked at with each doubling: dear enough not to be done each time, and early enough.
                if moves[dst] > 1 and moves[dst].bit_count() == 1 and (circle := self._circle(dst)):
                    return circle
                if dst not in waiting:
                    waiting.add(dst)
                    queue.append(dst)
        return None

    def _move(self, v: int, bound: int, day: int, why: Edge | str | None, pushed_by: int) -> None:
        self.lo[v] = day
        self._latest[v] = len(self._trail)
        self._trail.append((v, bound, day, why, pushed_by))

    def _circle(self, v: int) -> Core | None:
        """What pushes somebody on for ever, if *v* was last moved by that; without it, only the horizon would say so."""
        chain: list[Edge] = []
        met: dict[int, int] = {}
        entry = self._latest[v]
        while entry >= 0:
            who, _, _, why, entry = self._trail[entry]
            if who in met:
                circle = chain[met[who] :]
                for_ever = sum(self.model.grid.shift(edge) for edge in circle) > 0
                return {edge.tag for edge in circle} if for_ever else None
            met[who] = len(chain)
            if isinstance(why, Edge):
                chain.append(why)
        return None

    def _explain(self, entries: Iterable[int]) -> Core:
        """The keys and choices on which these entries of the trail depend."""
        core: Core = set()
        seen: set[int] = set()
        todo = list(entries)
        while todo:
            entry = todo.pop()
            if entry < 0 or entry in seen:
                continue
            seen.add(entry)
            v, bound, day, why, pushed_by = self._trail[entry]
            if why is not None:
                core.add(why.tag if isinstance(why, Edge) else why)
            core |= self.cover(v, bound, day)
            todo.append(pushed_by)
        return core

    def cover(self, v: int, first: int, after: int) -> Core:
        """Keys that together exclude every excluded day of *v* from *first* to the one before *after*."""
        core: Core = set()
        rest = ((1 << after) - 1) & ~((1 << first) - 1)
        for key, blocked in self.model.blocks[v]:
            if rest & blocked:
                core.add(key)
                rest &= ~blocked
        return core

    def _empty(self, v: int, first: int) -> Core:
        """Why *v* has no day from *first* on."""
        model = self.model
        fixed = model.fixed[v]
        if model.held[v]:
            return set()
        if fixed:
            day = model.at(v)
            ends = {model.low_key} if day < model.low else {model.high_key} if day > model.high else set()
            return {fixed} | {key for key in ends if key} | (self.cover(v, day, day + 1) if first <= day else set())
        core = self.cover(v, first, model.high + 1)
        core |= {key for key in (model.high_key, model.low_key if first <= model.low else None) if key}
        return core

    def settle(self, limit: int) -> list[int] | Core | None:
        """
        Days at which nobody clashes, or the core that excludes them.

        None after *limit* pairs were ordered beyond one order each, or after five times as many variables (2,000
        at least) were looked at: orders that run in a circle push each other far. The state afterwards is
        the state before.
        """
        before = self.mark()
        found = self._descend(limit)
        self.back_to(before)
        return found

    def mark(self) -> tuple[list[int], list[int], int]:
        return list(self.lo), list(self._latest), len(self._trail)

    def back_to(self, mark: tuple[list[int], list[int], int]) -> None:
        lo, latest, length = mark
        self.lo, self._latest = list(lo), list(latest)
        del self._trail[length:]

    def _descend(self, limit: int) -> list[int] | Core | None:
        stack: list[_Choice] = []
        nodes = 0
        pairs = sum(len(others) for others in self.model.clashes) // 2
        limit += pairs + len(self.model.choices)
        most = self._effort + max(2_000, 5 * limit) + 5 * pairs
        while True:
            found = self.unmet() or self._clash()
            if found is None:
                self._undo(stack)
                return list(self.lo)
            nodes += 1
            if nodes > limit or self._effort > most:
                self._undo(stack)
                return None
            core = self.crowded()
            if core is None:
                stack.append(_Choice(*found, self.mark()))
                core = self._take(stack)
            while core is not None:
                if not stack:
                    return core
                core = self._turn_back(stack, core)

    def _undo(self, stack: list[_Choice]) -> None:
        for choice in reversed(stack):
            self._give_back(choice)

    def _turn_back(self, stack: list[_Choice], core: Core) -> Core | None:
        """After a dead end: take the next way of the last choice it depends on; after the last, why all are closed."""
        depth = len(stack) - 1
        choice = stack[depth]
        self._give_back(choice)
        self.back_to(choice.mark)
        if depth not in core:
            # No way of this choice could have helped.
            stack.pop()
            return core
        choice.core |= core - {depth}
        choice.taken += 1
        if choice.taken < len(choice.ways):
            return self._take(stack)
        stack.pop()
        return choice.core | {choice.key}

    def _take(self, stack: list[_Choice]) -> Core | None:
        """Follow the way of the last choice whose turn it is; the core where that is impossible."""
        edges = stack[-1].ways[stack[-1].taken]
        for edge in edges:
            self.out[edge.src].append(edge._replace(tag=len(stack) - 1))
        return self._push([edge.src for edge in edges])

    def _give_back(self, choice: _Choice) -> None:
        for edge in choice.ways[choice.taken]:
            self.out[edge.src].pop()

    def unmet(self) -> _Ways | None:
        """The first choice of the problem of which no way holds on these days, the way that asks for the least delay first."""
        lo = self.lo
        for key, ways in self.model.choices:
            delays = [max((edge.bound(lo[edge.src]) - lo[edge.dst] for edge in way), default=0) for way in ways]
            if min(delays) > 0:
                return key, [way for _, way in sorted(zip(delays, ways, strict=True), key=lambda told: told[0])]
        return None

    def _clash(self) -> _Ways | None:
        """The first pair that clashes: either comes a day after the other."""
        pair = self.first_clash()
        if pair is None:
            return None
        days, (u, v) = range(self.model.grid.size), pair
        return self.model.clashes[u][v], [[Edge(u, v, days, days, 1, True, "")], [Edge(v, u, days, days, 1, True, "")]]

    def first_clash(self) -> tuple[int, int] | None:
        """The first pair that clashes, in order of day, then of variables."""
        together: dict[int, list[int]] = {}
        for v, others in enumerate(self.model.clashes):
            if others:
                together.setdefault(self.lo[v], []).append(v)
        for day in sorted(together):
            here = together[day]
            for at, u in enumerate(here):
                for v in here[at + 1 :]:
                    if v in self.model.clashes[u]:
                        return u, v
        return None

    def crowded(self) -> Core | None:
        """Why some who may not share a day are more than the days left to them; None where they are not seen to be."""
        if self.deadlines is None:
            return None
        hi = self.deadlines.hi
        for key, group in self.model.groups:
            left = {v: (self.domain[v] & ((2 << hi[v]) - 1)) >> self.lo[v] << self.lo[v] for v in group}
            # Who has as many days as there are members always finds one.
            tight = [v for v in group if left[v].bit_count() < len(group)]
            crowd = _more_than_their_days({v: left[v] for v in tight})
            if crowd:
                core = self._explain(self._latest[v] for v in crowd) | {key}
                for v in crowd:
                    core |= self.cover(v, self.lo[v], hi[v] + 1) | self.deadlines.why(v)
                return core
        return None

    def lock(self, v: int, day: int) -> bool:
        """Keep *v* on *day* from now on, if bounds allow it; the state is unchanged where they do not."""
        before, domain = self.mark(), self.domain[v]
        if not domain >> day & 1 or self.lo[v] > day:
            return False
        self.domain[v] = 1 << day
        if self.lo[v] < day:
            self._move(v, day, day, None, -1)
        if self._push((v,)) is None:
            self.locked.add(v)
            return True
        self.domain[v] = domain
        self.back_to(before)
        return False

    def unlock(self, those: Iterable[int], mark: tuple[list[int], list[int], int]) -> None:
        """Undo the locks on *those*, all of them made since *mark*."""
        for v in tuple(those):
            self.domain[v] = self.model.domain[v]
            self.locked.discard(v)
        self.back_to(mark)

    def delay(self, v: int) -> bool:
        """Move *v* on to a later day, and all that hangs on it; False, and nothing moved, where it cannot."""
        before = self.mark()
        day = self.lo[v] + 1
        later = self.domain[v] >> day
        if later:
            self._move(v, day, day + (later & -later).bit_length() - 1, None, -1)
            if self._push((v,)) is None:
                return True
        self.back_to(before)
        return False


class Deadlines:
    """
    The latest day of each variable that the lags, the closed days and the end of the horizon leave to it.

    Without them, three meetings that must all come before a fourth seem to have the days after it too. They are those
    of the problem itself: the choices of a search only move the earliest days.
    """

    def __init__(self, search: Search) -> None:
        self._search = search
        model = search.model
        self.hi = [search.domain[v].bit_length() - 1 for v in range(len(search.lo))]
        # Who, the last day allowed, the day found, why, and the entry of the one that pulls; as the trail of a search.
        self._trail: list[tuple[int, int, int, Edge | str | None, int]] = [
            (v, day if model.fixed[v] else model.high, day, model.fixed[v] or model.high_key, -1) for v, day in enumerate(self.hi)
        ]
        self._entry = list(range(len(self.hi)))
        into: list[list[Edge]] = [[] for _ in self.hi]
        for edges in search.out:
            for edge in edges:
                into[edge.dst].append(edge)
        queue = deque(range(len(self.hi)))
        waiting = set(queue)
        while queue:
            dst = queue.popleft()
            waiting.discard(dst)
            for edge in into[dst]:
                src, bound = edge.src, edge.latest(self.hi[dst])
                if bound >= self.hi[src]:
                    continue
                self.hi[src] = (search.domain[src] & ((2 << bound) - 1)).bit_length() - 1
                self._trail.append((src, bound, self.hi[src], edge, self._entry[dst]))
                self._entry[src] = len(self._trail) - 1
                assert self.hi[src] >= search.lo[src], "the earliest days are a solution of the lags"
                if src not in waiting:
                    waiting.add(src)
                    queue.append(src)

    def why(self, v: int) -> Core:
        """The keys on which the deadline of *v* depends."""
        core: Core = set()
        entry = self._entry[v]
        while True:
            who, bound, found, why, entry = self._trail[entry]
            if self._search.model.held[who]:
                return core
            if why is not None:
                core.add(why.tag if isinstance(why, Edge) else why)
            core |= self._search.cover(who, found + 1, bound + 1)
            if entry < 0:
                return core


@attrs.define
class _Choice:
    """What is to be chosen, and its ways; the state before, which way is gone now, and why those before it were closed."""

    key: str
    ways: list[list[Edge]]
    mark: tuple[list[int], list[int], int]
    taken: int = 0
    core: Core = attrs.field(factory=set)


def _more_than_their_days(days: dict[int, int]) -> list[int] | None:
    """Some whose *days* (bit sets) together are fewer than they are; None where each can have a day of its own."""
    taken_by: dict[int, int] = {}
    taken = tried = 0

    def place(v: int) -> bool:
        nonlocal taken, tried
        if free := days[v] & ~taken:  # nobody has to move for it
            first = free & -free
            taken |= first
            taken_by[first] = v
            return True
        while rest := days[v] & ~tried:
            day = rest & -rest
            tried |= day
            if place(taken_by[day]):
                taken_by[day] = v
                return True
        return False

    for v in sorted(days, key=lambda v: days[v].bit_length()):  # those whose last day comes first: few then have to move
        tried = 0
        if not place(v):
            # All that was tried is taken, and whoever took it has no other day.
            return sorted({v} | {u for day, u in taken_by.items() if day & tried})
    return None
