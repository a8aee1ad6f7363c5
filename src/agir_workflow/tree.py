"""
The control flow of a method: a block-structured process tree.

Six operators: a sequence, branches in parallel, a choice, an option, a loop, and one lane for
each instance of a kind. Only leaves have labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property

import attrs

from .words import KindId, LeafId


class Op(StrEnum):
    LEAF = "leaf"
    SEQ = "seq"
    PAR = "par"
    CHOICE = "choice"
    OPT = "opt"
    LOOP = "loop"
    EACH = "each"


@attrs.frozen(cache_hash=True)
class Node:
    """
    One block. `kids` is empty for a leaf; a loop has its body and, where going round again is a
    step of its own, that step; `kind` is what an EACH runs over.
    """

    id: int
    name: str
    op: Op
    kids: tuple[Node, ...] = ()
    kind: KindId | None = None
    scope: tuple[KindId, ...] = ()
    phase: bool = False

    @property
    def leaf(self) -> LeafId:
        assert self.op is Op.LEAF
        return LeafId(self.name)

    @cached_property
    def eaches(self) -> tuple[Node, ...]:
        """The outermost blocks, itself or in it, that run once for each of some instances."""
        return (self,) if self.op is Op.EACH else tuple([each for kid in self.kids for each in kid.eaches])

    def walk(self) -> Iterator[Node]:
        """This node and all below it, parents first, in the order of the file."""
        yield self
        for kid in self.kids:
            yield from kid.walk()

    def leaves(self) -> Iterator[Node]:
        return (n for n in self.walk() if n.op is Op.LEAF)


@attrs.frozen(cache_hash=True)
class Tree:
    root: Node
    free: tuple[LeafId, ...] = ()

    @cached_property
    def ranks(self) -> dict[LeafId, int]:
        """The leaves with their places in the order of the file."""
        return {node.leaf: n for n, node in enumerate(self.root.leaves())}

    @cached_property
    def phases(self) -> tuple[Node, ...]:
        return tuple(n for n in self.root.walk() if n.phase)


def beginning(node: Node) -> Node:
    """The block whose runs are the beginnings of the runs of *node*, the empty one and the whole ones among them."""
    kids = node.kids
    match node.op:
        case Op.LEAF:
            return Node(node.id, "", Op.OPT, (node,))
        case Op.SEQ:
            tail: tuple[Node, ...] = ()
            for kid in reversed(kids):
                begun = Node(node.id, "", Op.SEQ, (kid, *tail))
                tail = (Node(node.id, "", Op.CHOICE, (begun, beginning(kid))),)
            return tail[0] if tail else node
        case Op.LOOP:
            body, *again = kids
            back = (beginning(again[0]), Node(node.id, "", Op.SEQ, (again[0], beginning(body)))) if again else (beginning(body),)
            further = Node(node.id, "", Op.SEQ, (node, Node(node.id, "", Op.CHOICE, back)))
            return Node(node.id, "", Op.CHOICE, (further, beginning(body)))
        case Op.OPT:
            return Node(node.id, "", Op.OPT, tuple(beginning(kid) for kid in kids))
        case _:
            return Node(node.id, node.name, node.op, tuple(beginning(kid) for kid in kids))
