"""
A second way to align, for the tests: 0-1 search on the markings of a net made from the tree value.

It shares nothing with the library but that value. A marking is the sorted tuple of its tokens;
silent transitions and matches cost nothing, what a match leaves alone has a price.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

Marking: TypeAlias = tuple[int, ...]
Row: TypeAlias = dict[Marking, int]


class Net:
    """A workflow net woven block by block. *price* is what a skipped step of a label costs."""

    def __init__(self, tree: Any, price: Callable[[str], int] = lambda _: 1) -> None:
        self.price = price
        self.places = 0
        self.transitions: list[tuple[str | None, Marking, Marking]] = []
        self.known: dict[Marking, list[tuple[str | None, Marking]]] = {}
        start, self.end = self.place(), (self.place(),)
        self.add(tree, start, self.end[0])
        self.first = self.closed({(start,): 0})

    def place(self) -> int:
        self.places += 1
        return self.places - 1

    def link(self, label: str | None, takes: Marking, puts: Marking) -> None:
        self.transitions.append((label, takes, puts))

    def add(self, node: Any, here: int, there: int) -> None:
        kids = node.kids
        if node.op == "leaf":
            self.link(node.name, (here,), (there,))
        elif node.op == "seq":
            for kid in kids:
                after = self.place()
                self.add(kid, here, after)
                here = after
            self.link(None, (here,), (there,))
        elif node.op == "par":
            begins, ends = [self.place() for _ in kids], [self.place() for _ in kids]
            self.link(None, (here,), tuple(begins))
            for kid, a, b in zip(kids, begins, ends, strict=True):
                self.add(kid, a, b)
            self.link(None, tuple(ends), (there,))
        elif node.op in ("choice", "opt"):
            for kid in kids:
                # Places of its own: a loop below must neither take up the choice again nor leave it early.
                a, b = self.place(), self.place()
                self.link(None, (here,), (a,))
                self.add(kid, a, b)
                self.link(None, (b,), (there,))
            if node.op == "opt":
                self.link(None, (here,), (there,))
        else:
            begin, done = self.place(), self.place()
            self.link(None, (here,), (begin,))
            self.add(kids[0], begin, done)
            if len(kids) > 1:
                self.add(kids[1], done, begin)
            else:
                self.link(None, (done,), (begin,))
            self.link(None, (done,), (there,))

    def fire(self, marking: Marking) -> list[tuple[str | None, Marking]]:
        if marking not in self.known:
            self.known[marking] = []
            for label, takes, puts in self.transitions:
                if all(p in marking for p in takes):
                    left = list(marking)
                    for p in takes:
                        left.remove(p)
                    self.known[marking].append((label, tuple(sorted(left + list(puts)))))
        return self.known[marking]

    def closed(self, row: Row) -> Row:
        """The row with all that silent and skipped steps lead to."""
        queue = [(cost, marking) for marking, cost in row.items()]
        heapq.heapify(queue)
        while queue:
            cost, marking = heapq.heappop(queue)
            if cost == row[marking]:
                for label, after in self.fire(marking):
                    there = cost + (0 if label is None else self.price(label))
                    if after not in row or there < row[after]:
                        row[after] = there
                        heapq.heappush(queue, (there, after))
        return row

    def step(self, row: Row, event: str, alone: int) -> Row:
        """The row after one event more, which costs *alone* where no step is matched with it."""
        after = {marking: cost + alone for marking, cost in row.items()}
        for marking, cost in row.items():
            for label, there in self.fire(marking):
                if label == event and (there not in after or cost < after[there]):
                    after[there] = cost
        return self.closed(after)

    def cost(self, trace: Sequence[str], *, whole: bool = True, alone: Callable[[int], int] = lambda _: 1) -> int:
        """The least price of a run (or, not *whole*, of the beginning of one) that explains *trace*."""
        row = self.first
        for at, event in enumerate(trace):
            row = self.step(row, event, alone(at))
        return row[self.end] if whole else min(row.values())
