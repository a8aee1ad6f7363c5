"""
What is left of a tree once whatever no row speaks of is drawn together; and which rows cannot meet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from ..tree import Node, Op, Tree
from ..words import LeafId
from .needs import Need
from .order import Order


def apart(order: Order, needs: Sequence[Need]) -> list[list[Need]]:
    """
    Needs in groups that cannot disturb each other.

    A need spans the blocks from the one that holds all its steps down to each of them. Where two spans have
    no block in common but that one, each is met or not whatever becomes of the other.
    """
    groups: list[tuple[list[Need], set[object]]] = []
    for need in needs:
        own, span = [need], _span(order, need)
        for group in [g for g in groups if g[1] & span]:
            groups.remove(group)
            own, span = [*group[0], *own], span | group[1]
        groups.append((own, span))
    return [sorted(own, key=lambda x: x.n) for own, _ in groups]


def _span(order: Order, need: Need) -> set[object]:
    ways = [[(id(node), n) for node, n in order.ways.get(x, ())] for x in need.steps]
    shared = 0
    if need.later is not None and len(set(need.steps)) > 1:
        while all(way[shared : shared + 1] == ways[0][shared : shared + 1] != [] for way in ways):
            shared += 1
    return {*need.steps}.union(*(way[shared:] for way in ways))


class Drawn:
    """
    A tree in which the steps that nothing speaks of are drawn together, each bundle under the name of its first step.

    A bundle still begins a branch and leaves an option behind, so that no run is lost and none is added;
    `steps` are the fewest that one stands for. What is *renewed* may be decided otherwise, or counts again, in a round more.
    """

    def __init__(self, root: Node, kept: Collection[LeafId], renewed: Collection[LeafId] = ()) -> None:
        self._order, self._kept, self._renewed = Order(Tree(root)), frozenset(kept), frozenset(renewed)
        self.steps: dict[LeafId, tuple[LeafId, ...]] = {}
        self.root = self._draw(root)

    def expand(self, run: Iterable[LeafId]) -> tuple[LeafId, ...]:
        return tuple(x for step in run for x in self.steps.get(step, (step,)))

    def _spoken_of(self, node: Node) -> bool:
        return any(x.leaf in self._kept for x in node.leaves())

    def _draw(self, node: Node) -> Node:
        if node.op is Op.LEAF:
            return node
        if not self._spoken_of(node):
            return self._bundle([node])
        match node.op:
            case Op.SEQ | Op.PAR | Op.CHOICE:
                return Node(node.id, node.name, node.op, tuple(self._kids(node)))
            case Op.LOOP:
                body, again = self._draw(node.kids[0]), node.kids[1:]
                # A round more brings nothing that has not been done, where the body leaves nothing open.
                if any(x.op in (Op.OPT, Op.CHOICE, Op.LOOP) for x in body.walk()) or any(self._spoken_of(x) for x in again) or any(x.leaf in self._renewed for x in body.leaves()):
                    return Node(node.id, node.name, node.op, (body, *again))
                return body
            case _:
                return Node(node.id, node.name, node.op, (self._draw(node.kids[0]),))

    def _kids(self, node: Node) -> Iterator[Node]:
        """The kids of a block, those that nothing speaks of in one bundle: of a sequence, those that stand side by side."""
        if node.op is Op.SEQ:
            side: list[Node] = []
            for kid in node.kids:
                if self._spoken_of(kid):
                    yield from [self._bundle(side)] if side else []
                    yield self._draw(kid)
                    side = []
                else:
                    side.append(kid)
            yield from [self._bundle(side)] if side else []
            return
        others = [kid for kid in node.kids if not self._spoken_of(kid)]
        yield from (self._draw(kid) for kid in node.kids if self._spoken_of(kid))
        if node.op is Op.PAR:
            yield from [self._bundle(others)] if others else []
            return
        for empty in (False, True):
            yield from [self._bundle([kid]) for kid in others if self._order.empty(kid) is empty][:1]

    def _bundle(self, blocks: Sequence[Node]) -> Node:
        """One step for whole blocks; one that may be left out where nothing in them has to be done."""
        owed = [x for x in blocks if not self._order.empty(x)]
        first = next((owed or blocks)[0].leaves())
        run = set().union(*(self._order.whole(x) for x in owed)) if owed else self._order.whole(blocks[0], (first.leaf,))
        self.steps[first.leaf] = self._order.sorted(run)
        return first if owed else Node(blocks[0].id, blocks[0].name, Op.OPT, (first,))
