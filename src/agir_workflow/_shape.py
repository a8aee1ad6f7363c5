"""
A tree compiled for one set of lanes: a bit and two masks for each label.

`need` is what must be complete before a label, `zero` what must not have begun. Where a choice or
an option stands before it no mask can judge, and its block is asked.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

import attrs

from .dossier import Label
from .tree import Node, Op, Tree
from .words import InstanceId, KindId, LeafId

Context: TypeAlias = tuple[tuple[KindId, InstanceId], ...]
Spot: TypeAlias = tuple[int, tuple[InstanceId, ...]]
"""One occurrence of an EACH: its node, and the instances of the EACHes around it."""
Lanes: TypeAlias = tuple[tuple[Spot, tuple[InstanceId, ...]], ...]


def spot_of(node: Node, ctx: Context) -> Spot:
    return node.id, tuple(id for _, id in ctx)


@attrs.define(eq=False)
class Block:
    """
    A node of the tree with its lanes laid out.

    Complete when the bits of `must` are set and each of `tests` is settled: the options and
    choices below it, which no mask can judge. `empty`: complete before anything is done.
    """

    kids: tuple[Block, ...]
    op: Op
    label: Label | None = None
    mask: int = 0
    must: int = 0
    tests: tuple[Block, ...] = ()
    empty: bool = False
    spots: frozenset[Spot] = frozenset()
    each: tuple[Spot, KindId, Context] | None = None


def complete(block: Block, bits: int) -> bool:
    return bits & block.must == block.must and all(settled(t, bits) for t in block.tests)


def settled(test: Block, bits: int) -> bool:
    begun = [k for k in test.kids if bits & k.mask]
    return all(complete(k, bits) for k in begun) if begun else test.empty


def gaps_of(block: Block, bits: int, wish: int = 0) -> int:
    """
    The bits to set for *block* to be complete; in an untouched choice, those of its first branch.

    An option or a branch with a bit of *wish* in it is taken, the first such branch of a choice, and completed.
    """
    gaps = block.must & ~bits
    for test in block.tests:
        taken = [k for k in test.kids if bits & k.mask] or [k for k in test.kids if wish & k.mask][:1]
        for kid in taken or (() if test.empty else test.kids[:1]):
            gaps |= gaps_of(kid, bits, wish)
    return gaps


@attrs.frozen(eq=False)
class Around:
    """What lies around a block, gathered on the way down."""

    before: tuple[Block, ...] = ()
    later: int = 0
    others: int = 0
    rounds: tuple[Block, ...] = ()
    """The loops that go round in silence, the innermost first."""
    bodies: tuple[int, ...] = ()
    again: Label | None = None
    agains: tuple[Label, ...] = ()
    """The steps that send a loop around it round again, the innermost first."""


@attrs.frozen(eq=False)
class Compiled:
    """One label, compiled. `turns` is the loop that it sends round again, if it is such a step."""

    label: Label
    bit: int
    need: int
    tests: tuple[Block, ...]
    zero: int
    around: Around
    turns: Block | None

    def over(self, bits: int) -> bool:
        """Whether the round that it began, if it is such a step, has anything in it: it is ahead again."""
        return self.turns is not None and bool(bits & self.turns.kids[0].mask)

    def ready(self, bits: int) -> bool:
        need = self.need
        return not bits & self.zero and bits & need == need and all(settled(t, bits) for t in self.tests)


class Shape:
    """The tree over given lanes. Compiled by `shape_of`, shared, never changed."""

    def __init__(self, tree: Tree, lanes: Lanes) -> None:
        self.tree, self.lanes = tree, lanes
        self.steps: dict[Label, Compiled] = {}
        self.around: dict[Spot, tuple[KindId, Context, Around]] = {}
        self.phases: dict[str, list[Block]] = {}
        self._rows = dict(lanes)
        self._bit = 1
        self.root = self._build(tree.root, ())
        self._place(self.root, Around())
        self.labels = tuple(self.steps)
        self.of_leaf: dict[LeafId, tuple[Label, ...]] = {}
        for label in self.labels:
            self.of_leaf[label.leaf] = (*self.of_leaf.get(label.leaf, ()), label)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Shape) and (self.lanes, self.tree) == (other.lanes, other.tree))

    def __hash__(self) -> int:
        return hash(self.lanes)

    def __reduce__(self) -> tuple[Any, ...]:
        return shape_of, (self.tree, self.lanes)

    def _build(self, node: Node, ctx: Context) -> Block:
        spot = spot_of(node, ctx)
        if node.op is Op.EACH:
            assert node.kind is not None
            kids = tuple(self._build(node.kids[0], (*ctx, (node.kind, id))) for id in self._rows[spot])
        else:
            kids = tuple(self._build(kid, ctx) for kid in node.kids)
        block = Block(kids, node.op, spots=frozenset().union(*(k.spots for k in kids)))
        if node.kind is not None:
            block.spots |= {spot}
            block.each = (spot, node.kind, ctx)
        if node.op is Op.LEAF:
            block.label, block.mask, block.must = Label(node.leaf, spot[1]), self._bit, self._bit
            self._bit <<= 1
        elif node.op in (Op.CHOICE, Op.OPT):
            block.tests = (block,)
            block.empty = node.op is Op.OPT or any(k.empty for k in kids)
        else:
            # A loop is complete when its body is: the step that goes round again is never owed.
            for kid in kids[:1] if node.op is Op.LOOP else kids:
                block.must |= kid.must
                block.tests += kid.tests
        for kid in kids:
            block.mask |= kid.mask
        if block.tests != (block,):
            block.empty = not block.must and all(t.empty for t in block.tests)
        if node.phase:
            self.phases.setdefault(node.name, []).append(block)
        return block

    def _place(self, block: Block, at: Around) -> None:
        kids = block.kids
        if block.op is Op.LEAF:
            self._step(block, at, None)
        elif block.op is Op.SEQ:
            for i, kid in enumerate(kids):
                later = at.later
                for after in kids[i + 1 :]:
                    later |= after.mask
                self._place(kid, attrs.evolve(at, before=at.before + kids[:i], later=later))
        elif block.op is Op.LOOP:
            body, *again = kids
            rounds = at.rounds if again else (block, *at.rounds)
            redo = again[0].label if again else None
            self._place(body, attrs.evolve(at, rounds=rounds, bodies=(*at.bodies, body.mask), again=redo, agains=(redo, *at.agains) if redo else at.agains))
            if again:
                self._step(again[0], attrs.evolve(at, before=(*at.before, body)), block)
        else:
            if block.each:
                spot, kind, ctx = block.each
                self.around[spot] = (kind, ctx, at)
            for kid in kids:
                others = at.others | (block.mask & ~kid.mask if block.op is Op.CHOICE else 0)
                self._place(kid, attrs.evolve(at, others=others))

    def _step(self, block: Block, at: Around, turns: Block | None) -> None:
        assert block.label is not None
        if block.label in self.steps:
            raise ValueError(f"two steps of the tree are called {block.label}")
        need, tests = 0, tuple[Block, ...]()
        for earlier in at.before:
            need, tests = need | earlier.must, tests + earlier.tests
        # What sends a loop round may come in every round: its own bit does not forbid it.
        zero = at.later | at.others | (0 if turns else block.mask)
        self.steps[block.label] = Compiled(block.label, block.mask, need, tests, zero, at, turns)


@lru_cache(maxsize=256)
def shape_of(tree: Tree, lanes: Lanes) -> Shape:
    return Shape(tree, lanes)
