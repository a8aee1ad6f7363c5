"""
A tree compiled for one set of lanes: a bit and two masks for each label.

`need` is what must be complete before a label, `zero` what must not have begun. Where a choice or
an option stands before it no mask can judge, and its block is asked.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any, NamedTuple, TypeAlias

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


# Names of their own: on Python 3.11 a member of an enum takes six times as long to look up as another name.
_LEAF, _SEQ, _LOOP, _CHOICE, _OPT = Op.LEAF, Op.SEQ, Op.LOOP, Op.CHOICE, Op.OPT
_NO_SPOT: frozenset[Spot] = frozenset()
_new = tuple.__new__
"""Makes a named tuple of all its values at once: see `_fold`."""


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
    spots: frozenset[Spot] = _NO_SPOT
    each: tuple[Spot, KindId, Context] | None = None


_NO_KIDS: tuple[Block, ...] = ()


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


def lane_mask(block: Block, spot: Spot, n: int) -> int:
    """The bits of the nth lane of an EACH that lies in *block*; 0 where it does not."""
    if block.each is not None and block.each[0] == spot:
        return block.kids[n].mask
    return next((lane_mask(kid, spot, n) for kid in block.kids if spot in kid.spots), 0)


class Around(NamedTuple):
    """What lies around a block, gathered on the way down: `need` and `tests` are those of all the blocks `before` it."""

    before: tuple[Block, ...] = ()
    need: int = 0
    tests: tuple[Block, ...] = ()
    later: int = 0
    others: int = 0
    rounds: tuple[Block, ...] = ()
    """The loops that go round in silence, the innermost first."""
    bodies: tuple[int, ...] = ()
    again: Label | None = None
    agains: tuple[Label, ...] = ()
    """The steps that send a loop around it round again, the innermost first."""


class Compiled(NamedTuple):
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
        return not bits & self.zero and bits & need == need and (not self.tests or all([settled(t, bits) for t in self.tests]))


class Shape:
    """The tree over given lanes. Made by `shape_of`, shared; compiled when it is first looked into, never changed then."""

    def __init__(self, tree: Tree, lanes: Lanes) -> None:
        self.tree, self.lanes = tree, lanes
        self._hash = hash(lanes)

    @cached_property
    def _compiled(self) -> _Laid:
        return _Laid(self.tree, self.lanes)

    def compile(self) -> None:
        """Raises ValueError where two steps have one label."""
        self._compiled  # noqa: B018

    @cached_property
    def steps(self) -> dict[Label, Compiled]:
        return self._compiled.steps

    @cached_property
    def around(self) -> dict[Spot, tuple[KindId, Context, Around]]:
        return self._compiled.around

    @cached_property
    def phases(self) -> dict[str, list[Block]]:
        return self._compiled.phases

    @cached_property
    def root(self) -> Block:
        return self._compiled.root

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        return tuple(self.steps)

    @cached_property
    def of_leaf(self) -> dict[LeafId, tuple[Label, ...]]:
        own: dict[LeafId, list[Label]] = {}
        for label in self.steps:
            own.setdefault(label.leaf, []).append(label)
        return {leaf: tuple(labels) for leaf, labels in own.items()}

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Shape) and (self.lanes, self.tree) == (other.lanes, other.tree))

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[Any, ...]:
        return shape_of, (self.tree, self.lanes)


class _Laid:
    """What compiling a tree over given lanes gives."""

    def __init__(self, tree: Tree, lanes: Lanes) -> None:
        self.steps: dict[Label, Compiled] = {}
        self.around: dict[Spot, tuple[KindId, Context, Around]] = {}
        self.phases: dict[str, list[Block]] = {}
        self._rows = dict(lanes)
        self._bit = 1
        self.root = self._build(tree.root, (), ())
        self._place(self.root, Around())

    def _build(self, node: Node, ctx: Context, inst: tuple[InstanceId, ...]) -> Block:
        op, each = node.op, None
        if op is _LEAF:
            bit = self._bit
            self._bit <<= 1
            leaf = Block(_NO_KIDS, op, _new(Label, (node.leaf, inst)), bit, bit)
            if node.phase:
                self.phases.setdefault(node.name, []).append(leaf)
            return leaf
        build, kind = self._build, node.kind
        if kind is not None:
            each = ((node.id, inst), kind, ctx)
            kids = tuple([build(node.kids[0], (*ctx, (kind, id)), (*inst, id)) for id in self._rows[each[0]]])
        else:
            kids = tuple([build(kid, ctx, inst) for kid in node.kids])
        mask = must = 0
        tests = _NO_KIDS
        spots = frozenset({each[0]}) if each else _NO_SPOT
        for kid in kids:
            mask |= kid.mask
            must |= kid.must
            if kid.tests:
                tests += kid.tests
            if kid.spots:
                spots |= kid.spots
        if op is _CHOICE or op is _OPT:
            block = Block(kids, op, None, mask, 0, _NO_KIDS, op is _OPT or any([k.empty for k in kids]), spots, each)
            block.tests = (block,)
        else:
            if op is _LOOP:
                # A loop is complete when its body is: the step that goes round again is never owed.
                must, tests = kids[0].must, kids[0].tests
            block = Block(kids, op, None, mask, must, tests, not must and all([t.empty for t in tests]), spots, each)
        if node.phase:
            self.phases.setdefault(node.name, []).append(block)
        return block

    def _place(self, block: Block, at: Around) -> None:
        kids, op = block.kids, block.op
        if op is _LEAF:
            self._step(block, at, None)
        elif op is _SEQ:
            before, need, tests, later, *rest = at
            ahead = block.mask
            for kid in kids:
                ahead &= ~kid.mask
                self._place(kid, _new(Around, (before, need, tests, later | ahead, *rest)))
                before, need = (*before, kid), need | kid.must
                if kid.tests:
                    tests += kid.tests
        elif op is _LOOP:
            body, *again = kids
            rounds = at.rounds if again else (block, *at.rounds)
            redo = again[0].label if again else None
            agains = (redo, *at.agains) if redo else at.agains
            self._place(body, Around(at.before, at.need, at.tests, at.later, at.others, rounds, (*at.bodies, body.mask), redo, agains))
            if again:
                self._step(again[0], at._replace(before=(*at.before, body), need=at.need | body.must, tests=at.tests + body.tests), block)
        else:
            if block.each:
                spot, kind, ctx = block.each
                self.around[spot] = (kind, ctx, at)
            for kid in kids:
                self._place(kid, at._replace(others=at.others | (block.mask & ~kid.mask)) if op is _CHOICE else at)

    def _step(self, block: Block, at: Around, turns: Block | None) -> None:
        label, mask = block.label, block.mask
        assert label is not None
        # What sends a loop round may come in every round: its own bit does not forbid it.
        zero = at.later | at.others | (0 if turns else mask)
        if label in self.steps:
            raise ValueError(f"two steps of the tree are called {label}")
        self.steps[label] = _new(Compiled, (label, mask, at.need, at.tests, zero, at, turns))


@lru_cache(maxsize=256)
def shape_of(tree: Tree, lanes: Lanes) -> Shape:
    return Shape(tree, lanes)
