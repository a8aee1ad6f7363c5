"""
How the steps of a tree stand to each other, read block by block: no marking is ever searched.

Each lane of an `each` is read once, as a symbol: its instances are interchangeable, so that four
themes cost what one does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum

from ..tree import Node, Op, Tree
from ..words import LeafId


class Rel(StrEnum):
    """Where one step stands to another within one round and one lane."""

    BEFORE = "before"
    AFTER = "after"
    BESIDE = "beside"
    APART = "apart"
    """In different branches of a choice: never both."""
    SAME = "same"


Way = tuple[tuple[Node, int], ...]
"""From the root to a leaf: each block, and which of its kids leads on."""


class Order:
    """The order of a tree; `leaves` in the order of the file, free ones last."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.ways: dict[LeafId, Way] = {}
        self._walk(tree.root, ())
        self.leaves = (*self.ways, *(x for x in tree.free if x not in self.ways))
        self.place = {x: n for n, x in enumerate(self.leaves)}
        self._known: dict[tuple[LeafId, LeafId], Rel] = {}

    def _walk(self, node: Node, way: Way) -> None:
        if node.op is Op.LEAF:
            self.ways[node.leaf] = way
        for n, kid in enumerate(node.kids):
            self._walk(kid, (*way, (node, n)))

    def _rel(self, a: LeafId, b: LeafId) -> Rel:
        if a == b:
            return Rel.SAME
        for (one, n), (two, m) in zip(self.ways.get(a, ()), self.ways.get(b, ()), strict=False):
            if one is not two:
                break
            if n != m:
                if one.op in (Op.SEQ, Op.LOOP):
                    return Rel.BEFORE if n < m else Rel.AFTER
                return Rel.APART if one.op is Op.CHOICE else Rel.BESIDE
        return Rel.BESIDE

    def rel(self, a: LeafId, b: LeafId) -> Rel:
        found = self._known.get((a, b))
        if found is None:
            found = self._known[a, b] = self._rel(a, b)
        return found

    def optional(self, a: LeafId, b: LeafId | None = None) -> bool:
        """Whether a run may come to *b* (None: to the end) without *a*; a step that sends a loop round always may be left out."""
        around = {id(node): n for node, n in self.ways.get(b, ())} if b else {}
        for node, n in self.ways.get(a, ()):
            if node.op is Op.LOOP and n == 1:
                return True
            if node.op in (Op.OPT, Op.CHOICE) and around.get(id(node)) != n:
                return True
        return a not in self.ways

    def passed_by(self, a: LeafId) -> list[LeafId]:
        """The steps after which *a* can no longer be done in its round."""
        return [x for x in self.ways if self.rel(a, x) in (Rel.BEFORE, Rel.APART) and not self._is_again(x, a)]

    def _is_again(self, x: LeafId, a: LeafId) -> bool:
        """Whether *x* sends a loop around *a* round: it brings *a* back."""
        inner = {id(node): n for node, n in self.ways[a]} if a in self.ways else {}
        return any(node.op is Op.LOOP and n == 1 and inner.get(id(node)) == 0 for node, n in self.ways[x])

    def again(self, inside: Iterable[LeafId], outside: LeafId | None, run: Collection[LeafId] = ()) -> bool:
        """
        Whether some loop can bring all of *inside* back while *outside* (None: the end) is still to come.

        It lies outside that loop, or may be left out in a round of which *run* has been done.
        """
        return any(not self.owed(outside, run, node) for node in self.loops(*inside))

    def loops(self, *steps: LeafId) -> list[Node]:
        """The loops that have all of these steps in their body."""
        first, *others = steps
        found = [node for node, n in self.ways.get(first, ()) if node.op is Op.LOOP and n == 0]
        return [x for x in found if all(any(w is x and m == 0 for w, m in self.ways.get(y, ())) for y in others)]

    def again_and_again(self, step: LeafId) -> bool:
        """Whether some loop can bring a step back, or it sends one round."""
        return any(node.op is Op.LOOP for node, _ in self.ways.get(step, ()))

    def owed(self, step: LeafId | None, run: Collection[LeafId], loop: Node | None = None) -> bool:
        """Whether the tree (or a round of *loop*) cannot be completed without a step, once *run* is done."""
        way = self.ways.get(step, ()) if step else ()
        if loop is not None:
            at = next((k for k, (node, n) in enumerate(way) if node is loop and n == 0), None)
            if at is None:
                return False
            way = way[at + 1 :]
        if any(node.op is Op.LOOP and n == 1 for node, n in way):
            return False
        spared = (node.kids[n] for node, n in way if node.op in (Op.OPT, Op.CHOICE))
        return all(any(x.leaf in run for x in block.leaves()) for block in spared)

    def later_round(self, a: LeafId, b: LeafId) -> bool:
        """Whether *a*, which comes after *b* in a round, may yet come before it is first done: *b* left out until the next round."""
        return self.rel(a, b) is Rel.AFTER and self.optional(b, a) and (bool(self.loops(a, b)) or self._is_again(a, b))

    def exclude(self, a: LeafId, b: LeafId) -> bool:
        """Whether no run has both, in however many rounds."""
        return self.rel(a, b) is Rel.APART and not self.loops(a, b)

    def first_of(self, node: Node) -> set[LeafId]:
        """The steps that a block may begin with."""
        if node.op is Op.LEAF:
            return {node.leaf}
        kids = node.kids[:1] if node.op is Op.LOOP else node.kids
        out: set[LeafId] = set()
        for kid in kids:
            out |= self.first_of(kid)
            if node.op is Op.SEQ and not self.empty(kid):
                break
        return out

    def empty(self, node: Node) -> bool:
        """Whether a block may be completed by doing nothing."""
        if node.op is Op.LEAF:
            return False
        if node.op is Op.OPT:
            return True
        if node.op is Op.LOOP:
            return self.empty(node.kids[0])
        return (any if node.op is Op.CHOICE else all)(self.empty(k) for k in node.kids)

    # -- shortest runs

    def whole(self, node: Node, with_: Collection[LeafId] = (), without: Collection[LeafId] = ()) -> frozenset[LeafId]:
        """The fewest steps that complete a block, through *with_* where it has them and *without* others where it can be."""
        if node.op is Op.LEAF:
            return frozenset({node.leaf})
        runs = [self.whole(k, with_, without) for k in (node.kids[:1] if node.op is Op.LOOP else node.kids)]
        if node.op is Op.OPT:
            return runs[0] if runs[0] & set(with_) else frozenset()
        if node.op is Op.CHOICE:
            return min(runs, key=lambda r: (-len(r & set(with_)), len(r & set(without)), len(r)))
        return frozenset().union(*runs)

    def run_to(self, *goals: LeafId, without: Collection[LeafId] = ()) -> tuple[LeafId, ...]:
        """The shortest run, in the order of the file, after which nothing of the tree stands before any of *goals*; they themselves are not in it."""
        steps: set[LeafId] = set()
        for goal in goals:
            for node, n in self.ways.get(goal, ()):
                if node.op is Op.SEQ or (node.op is Op.LOOP and n == 1):
                    for kid in node.kids[:n]:
                        steps |= self.whole(kid, goals, without)
        return self.sorted(steps - set(goals))

    def run_whole(self, without: Collection[LeafId] = ()) -> tuple[LeafId, ...]:
        """The shortest run from beginning to end."""
        return self.sorted(self.whole(self.tree.root, (), without))

    def sorted(self, steps: Iterable[LeafId]) -> tuple[LeafId, ...]:
        return tuple(sorted(steps, key=self.place.__getitem__))
