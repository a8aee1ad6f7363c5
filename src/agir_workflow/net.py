"""
The workflow net of a tree: places, transitions and arcs, as a value.

A tree over given instances is a sound net by its very shape: each block is a piece between an
entry and an exit place. What it accepts is what the position enables; a test holds the two equal.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import attrs

from .dossier import Instance, Label
from .tree import Node, Op, Tree
from .words import ANONYMOUS, InstanceId, KindId, LeafId

Chain = tuple[tuple[KindId, InstanceId], ...]


@attrs.frozen
class Transition:
    """A move of the net; without a label it is silent."""

    id: str
    label: Label | None = None


@attrs.frozen
class Net:
    """A workflow net: one place that nothing leads to, one that nothing leaves, all else on a way between the two."""

    places: tuple[str, ...]
    transitions: tuple[Transition, ...]
    arcs: tuple[tuple[str, str], ...]
    source: str
    sink: str


def workflow_net(tree: Tree, leaf_scope: Mapping[LeafId, tuple[KindId, ...]], instances: Sequence[Instance]) -> Net:
    """
    The net of *tree* with a lane for each instance; a kind of which there is none has one nameless lane.

    The steps of `tree.free` may be taken at any time from beginning to end. Ids derive from the
    order of the tree, so that the same tree gives the same net.
    """
    made = _Weaver(instances)
    source, sink = made.place(), made.place()
    if tree.free:
        start, end, free = made.place(), made.place(), made.place()
        made.move(None, [source], [start, free])
        made.build(tree.root, (), start, end)
        for leaf in tree.free:
            for inst in made.chains(leaf_scope.get(leaf, ())):
                made.move(Label(leaf, inst), [free], [free])
        made.move(None, [end, free], [sink])
    else:
        made.build(tree.root, (), source, sink)
    return Net(tuple(made.places), tuple(made.transitions), tuple(made.arcs), source, sink)


class _Weaver:
    def __init__(self, instances: Sequence[Instance]) -> None:
        self.instances = instances
        self.kinds = {i.id: {k.kind for k in instances if k.id == i.id} for i in instances}
        self.places: list[str] = []
        self.transitions: list[Transition] = []
        self.arcs: list[tuple[str, str]] = []
        self.number = itertools.count(1)

    def place(self) -> str:
        self.places.append(f"p{next(self.number)}")
        return self.places[-1]

    def move(self, label: Label | None, takes: Sequence[str], gives: Sequence[str]) -> None:
        made = Transition(f"t{len(self.transitions) + 1}", label)
        self.transitions.append(made)
        self.arcs += [(p, made.id) for p in takes] + [(made.id, p) for p in gives]

    def lanes(self, kind: KindId, ctx: Chain) -> list[InstanceId]:
        """The instances of *kind* in the lane of *ctx*: those inside what it names, or inside nothing that it names."""

        def here(one: Instance) -> bool:
            rivals = [id for k, id in ctx if k in self.kinds.get(one.inside, ())] if one.inside else []
            return not rivals or one.inside in rivals

        found = dict.fromkeys(i.id for i in self.instances if i.kind == kind and here(i))
        return list(found) or [ANONYMOUS]

    def chains(self, scope: tuple[KindId, ...]) -> list[tuple[InstanceId, ...]]:
        """Every choice of instances that a label of that scope may name."""
        found: list[Chain] = [()]
        for kind in scope:
            found = [(*ctx, (kind, id)) for ctx in found for id in self.lanes(kind, ctx)]
        return [tuple(id for _, id in ctx) for ctx in found]

    def build(self, node: Node, ctx: Chain, entry: str, exit: str) -> None:
        """The piece of the net between two places that runs *node* once."""
        if node.op is Op.LEAF:
            self.move(Label(node.leaf, tuple(id for _, id in ctx)), [entry], [exit])
        elif node.op is Op.SEQ:
            for kid in node.kids[:-1]:
                between = self.place()
                self.build(kid, ctx, entry, between)
                entry = between
            self.build(node.kids[-1], ctx, entry, exit)
        elif node.op in (Op.CHOICE, Op.OPT):
            for kid in node.kids:
                self.build(kid, ctx, entry, exit)
            if node.op is Op.OPT:
                self.move(None, [entry], [exit])
        elif node.op is Op.LOOP:
            # Places of its own: a round must give back what it took to nobody but itself.
            before, after = self.place(), self.place()
            self.move(None, [entry], [before])
            self.build(node.kids[0], ctx, before, after)
            if node.kids[1:]:
                self.build(node.kids[1], ctx, after, before)
            else:
                self.move(None, [after], [before])
            self.move(None, [after], [exit])
        else:
            if node.op is Op.EACH:
                assert node.kind is not None
                lanes = [(node.kids[0], (*ctx, (node.kind, id))) for id in self.lanes(node.kind, ctx)]
            else:
                lanes = [(kid, ctx) for kid in node.kids]
            ways = [(self.place(), self.place()) for _ in lanes]
            self.move(None, [entry], [begin for begin, _ in ways])
            for (kid, inner), (begin, end) in zip(lanes, ways, strict=True):
                self.build(kid, inner, begin, end)
            self.move(None, [end for _, end in ways], [exit])
