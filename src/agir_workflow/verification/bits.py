"""
Where a run stands in a tree, as a number: a bit for each step that is done, or lies behind for good.

What lies behind is the same whatever was done there: so many ways come to one.
"""

from __future__ import annotations

from collections.abc import Iterator

from .._shape import Compiled, complete
from ..dossier import Label
from ..tree import Op, Tree
from ..walk import locate
from ..words import LeafId
from .order import Order, Rel


class Bits:
    """The steps of a tree without instances."""

    def __init__(self, tree: Tree, order: Order) -> None:
        self._start = locate(tree, {}, (), ())
        shape = self._start.shape
        self._root, self._steps = shape.root, {label.leaf: step for label, step in shape.steps.items()}
        self._again = [step for step in self._steps.values() if step.turns is not None]
        self.of = {leaf: step.bit for leaf, step in self._steps.items()}
        # What sends a loop round may be done and yet ahead: another bit says of it that it is too late.
        late = self.of | {step.label.leaf: 1 << (len(self._steps) + n) for n, step in enumerate(self._again)}
        closes: dict[LeafId, list[LeafId]] = {x: [] for x in order.ways}
        for a in order.ways:
            for x in order.passed_by(a):
                closes[x].append(a)
        self._closes = {x: sum(late[a] for a in own) for x, own in closes.items()}
        """For each step, those that are too late in their round once it is done."""
        self.for_good = {x: frozenset(a for a in own if not order.loops(a, x)) for x, own in closes.items()}
        """The same, those left out that a loop around both brings back."""
        self._gone = {self.of[x]: sum(late[a] for a in own) for x, own in self.for_good.items()}
        # Another branch is not marked: its steps would be in the way of those beside the one that was taken.
        self._behind = {x: sum(self.of[a] for a in own if late[a] == self.of[a] and order.rel(a, x) is Rel.BEFORE) for x, own in self.for_good.items()}
        self._rounds = sum(step.bit for step in self._again)
        self._spared = {x: self._blocks(x, order) for x in order.ways}

    def _blocks(self, step: LeafId, order: Order) -> tuple[int, ...] | None:
        """The options and branches around a step, each of which is to be begun before the step is owed; None for one that sends a loop round."""
        way = order.ways[step]
        if any(node.op is Op.LOOP and n == 1 for node, n in way):
            return None
        return tuple(sum(self._steps[x.leaf].bit for x in node.kids[n].leaves()) for node, n in way if node.op in (Op.OPT, Op.CHOICE))

    def next(self, bits: int) -> Iterator[tuple[LeafId, int]]:
        """Each step that may come next, and where it leads."""
        for leaf, step in self._steps.items():
            at = self._round_of(step, bits)
            if at is not None:
                after = at | step.bit
                if step.turns is not None:
                    after &= ~step.turns.kids[0].mask
                after |= self._behind[leaf]
                for again in self._again:
                    if after & again.bit and again.over(after):
                        after &= ~again.bit
                yield leaf, after

    def _round_of(self, step: Compiled, bits: int) -> int | None:
        """Where a step is taken: here, or in a new round of a loop that goes round in silence; None where it cannot be."""
        if step.ready(bits):
            return bits
        for loop in step.around.rounds:
            body = loop.kids[0]
            if complete(body, bits) and step.ready(bits & ~body.mask):
                return bits & ~body.mask
        return None

    def over(self, bits: int) -> bool:
        return complete(self._root, bits)

    def sure(self, step: LeafId, bits: int) -> bool:
        """Whether a step has to be done in this round, and makes nothing too late that was not."""
        spared = self._spared.get(step)
        if spared is None or bits & self.of[step] or not all(bits & block for block in spared):
            return False
        more = self._closes[step] & ~(bits & ~self._rounds)
        return not more or not more & ~self._too_late(bits)

    def _too_late(self, bits: int) -> int:
        out = 0
        for bit, gone in self._gone.items():
            if bits & bit:
                out |= gone
        return out

    def missing(self, step: LeafId, bits: int) -> set[LeafId]:
        """What the tree wants before a step, and is not done."""
        here = self._start.moved(bits & ((1 << len(self._steps)) - 1))
        return {x.leaf for x in here.missing(Label(step))}
