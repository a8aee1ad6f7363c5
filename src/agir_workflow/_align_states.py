"""
The states of a block, walked event by event: for what cannot be read in independent pieces.

A state is what remains of a run, as a term over the tree: nothing, a block not begun, the kid of a
sequence or the part of a loop that one is in, or what remains of each branch in parallel. Silent
steps have no state of their own. States are made when they are first met.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from ._align_tree import Found, Purse, Word, too_hard
from .tree import Node, Op
from .words import Text

Term: TypeAlias = tuple[Any, ...]
"""`()`, or the index of a block followed by: nothing; the place within it and the term there; a term for each branch."""

OVER: Term = ()


class Walk:
    """
    The states below one node. `most` bounds how many are held for one word, over all its events.

    Blocks are numbered from 0, parents first; leaves bear the number that *leaves* gives them.
    """

    def __init__(self, node: Node, leaves: Sequence[int], labels: Sequence[str], weights: Sequence[int], purse: Purse, most: int) -> None:
        self.most, self._purse = most, purse
        self._labels, self._weights = labels, weights
        self._ops: list[Op] = []
        self._kids: list[list[int]] = []
        self._leaf: list[int] = []
        self._empty: list[bool] = []
        self._number(node, iter(leaves))
        self._of: dict[Term, int] = {}
        self._terms: list[Term] = []
        self._steps: list[tuple[tuple[int, int], ...] | None] = []
        self._out: list[tuple[int, ...] | None] = []
        self._first = self._state((0,))

    # -- terms ------------------------------------------------------------------------------------

    def _number(self, node: Node, leaves: Iterator[int]) -> int:
        me = len(self._ops)
        self._ops.append(node.op)
        self._kids.append([])
        self._leaf.append(next(leaves) if node.op is Op.LEAF else -1)
        self._empty.append(False)
        silent = (Node(0, "", Op.SEQ),) if node.op is Op.LOOP and len(node.kids) == 1 else ()
        self._kids[me] = [self._number(kid, leaves) for kid in node.kids + silent]
        empty = [self._empty[k] for k in self._kids[me]]
        match node.op:
            case Op.LEAF:
                self._empty[me] = False
            case Op.OPT:
                self._empty[me] = True
            case Op.CHOICE:
                self._empty[me] = any(empty)
            case Op.LOOP:
                self._empty[me] = empty[0]
            case _:
                self._empty[me] = all(empty)
        return me

    def _may_end(self, term: Term) -> bool:
        """Whether a run may end here without any further step that shows."""
        if not term:
            return True
        node, *rest = term
        if not rest:
            return self._empty[node]
        match self._ops[node]:
            case Op.SEQ:
                place, inner = rest
                return self._may_end(inner) and all(self._empty[k] for k in self._kids[node][place + 1 :])
            case Op.LOOP:
                place, inner = rest
                return self._may_end(inner) and (place == 0 or self._empty[self._kids[node][0]])
            case _:
                return all(self._may_end(t) for t in rest)

    def _after(self, term: Term) -> Iterator[tuple[int, Term]]:
        """The steps that a state allows, each with the state it leads to, in the order of the tree."""
        if not term:
            return
        node, *rest = term
        kids = self._kids[node]
        match self._ops[node]:
            case Op.LEAF:
                yield self._leaf[node], OVER
            case Op.CHOICE | Op.OPT:
                for kid in kids:
                    yield from self._after((kid,))
            case Op.SEQ if kids:
                place, inner = rest or (0, (kids[0],))
                yield from self._in_sequence(node, place, inner)
            case Op.LOOP:
                place, inner = rest or (0, (kids[0],))
                for leaf, then in self._after(inner):
                    yield leaf, self._in_loop(node, place, then)
                if self._may_end(inner):
                    yield from self._round(node, 1 - place)
            case Op.PAR:
                lanes = tuple(rest) or tuple((k,) for k in kids)
                for n, lane in enumerate(lanes):
                    for leaf, then in self._after(lane):
                        after = (*lanes[:n], then, *lanes[n + 1 :])
                        yield leaf, (node, *after) if any(after) else OVER
            case _:
                return

    def _in_sequence(self, node: int, place: int, inner: Term) -> Iterator[tuple[int, Term]]:
        kids = self._kids[node]
        while True:
            last = place + 1 == len(kids)
            for leaf, then in self._after(inner):
                yield leaf, (node, place, then) if then else OVER if last else (node, place + 1, (kids[place + 1],))
            if last or not self._may_end(inner):
                return
            place, inner = place + 1, (kids[place + 1],)

    def _in_loop(self, node: int, place: int, inner: Term) -> Term:
        return (node, 0, (self._kids[node][0],)) if place and not inner else (node, place, inner)

    def _round(self, node: int, place: int) -> Iterator[tuple[int, Term]]:
        """The steps of a part of a loop not begun, and of the other where this one may show nothing."""
        for _ in (0, 1):
            kid = self._kids[node][place]
            for leaf, then in self._after((kid,)):
                yield leaf, self._in_loop(node, place, then)
            if not self._empty[kid]:
                return
            place = 1 - place

    # -- states -----------------------------------------------------------------------------------

    def _state(self, term: Term) -> int:
        if term not in self._of:
            if len(self._terms) >= self.most:
                raise too_hard(Text(f"plus de {self.most} états à comparer", f"more than {self.most} states to compare"))
            self._of[term] = len(self._terms)
            self._terms.append(term)
            self._steps.append(None)
            self._out.append(None)
        return self._of[term]

    def _moves(self, state: int) -> tuple[tuple[int, int], ...]:
        found = self._steps[state]
        if found is None:
            unique = dict.fromkeys((leaf, self._state(then)) for leaf, then in self._after(self._terms[state]))
            found = self._steps[state] = tuple(unique)
        return found

    def _way_out(self, state: int) -> tuple[int, ...]:
        """The steps of a shortest end of a run from a state."""
        found = self._out[state]
        if found is None:
            settled = set[int]()
            queue: list[tuple[int, tuple[int, ...], int]] = [(0, (), state)]
            while found is None:
                cost, way, at = heapq.heappop(queue)
                if self._may_end(self._terms[at]):
                    found = way
                elif at not in settled:
                    settled.add(at)
                    self._purse.spend(1)
                    for leaf, then in self._moves(at):
                        if then not in settled:
                            heapq.heappush(queue, (cost + self._weights[leaf], (*way, leaf), then))
            self._out[state] = found
        return found

    # -- reading ----------------------------------------------------------------------------------

    def read(self, word: Word, begun: bool) -> Found:
        """
        The best reading of a word, as a whole run or as the beginning of one.

        One row of states for each event, each with its value and the step that led to it.
        AlignmentError where the rows together would hold more than `most`.
        """
        n, held = len(word), 0
        row: dict[int, int] = {self._first: 0}
        came: list[dict[int, tuple[int, int]]] = [{self._first: (-1, -1)}]
        for at in range(n + 1):
            self._skip(row, came[at], n)
            held += len(row)
            if held > self.most:
                raise too_hard(Text(f"plus de {self.most} états à comparer", f"more than {self.most} states to compare"))
            self._purse.spend(len(row))
            if at < n:
                row, steps = self._take(row, word[at], n, 1 << (n - 1 - at))
                came.append(steps)
        if begun:
            end = min(row, key=lambda s: (row[s], len(self._way_out(s)), s))
            return self._told(came, end, n, self._way_out(end))
        ended = [s for s in row if self._may_end(self._terms[s])]
        return self._told(came, min(ended, key=lambda s: (row[s], s)), n, ())

    def _skip(self, row: dict[int, int], came: dict[int, tuple[int, int]], n: int) -> None:
        """Add to a row what skipped steps lead to, each state at its best value."""
        queue = sorted((value, state) for state, value in row.items())
        while queue:
            value, state = heapq.heappop(queue)
            if value > row[state]:
                continue
            for leaf, then in self._moves(state):
                cost = value + (self._weights[leaf] << n)
                if then not in row or cost < row[then]:
                    row[then] = cost
                    came[then] = (state, -2 - leaf)
                    heapq.heappush(queue, (cost, then))

    def _take(self, row: dict[int, int], x: str, n: int, bit: int) -> tuple[dict[int, int], dict[int, tuple[int, int]]]:
        """The row after an event: missed (the state stays), or matched with a step that bears its label."""
        after = dict(row)
        steps = {state: (state, -1) for state in row}
        for state, value in row.items():
            for leaf, then in self._moves(state):
                if self._labels[leaf] == x:
                    cost = value - (self._weights[leaf] << n) - bit
                    if then not in after or cost < after[then]:
                        after[then] = cost
                        steps[then] = (state, leaf)
        return after, steps

    def _told(self, came: list[dict[int, tuple[int, int]]], state: int, at: int, left: tuple[int, ...]) -> Found:
        """The reading that led to a state, followed back: its steps are below -1 where skipped, -1 for an event missed."""
        gain, missed, gaps = 0, list[int](), list[tuple[int, int]]()
        while True:
            before, step = came[at][state]
            if before < 0:
                break
            if step < -1:
                gaps.append((at, -2 - step))
                gain += self._weights[-2 - step]
            else:
                at -= 1
                if step < 0:
                    missed.append(at)
                else:
                    gain -= self._weights[step]
            state = before
        return Found(gain, tuple(reversed(missed)), tuple(reversed(gaps)), left)
