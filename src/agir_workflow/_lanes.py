"""
Which instances have lanes in the tree: those declared where they belong, as long as they have not ended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import attrs

from ._shape import Context, Lanes, Shape, Spot, lane_mask, spot_of
from .dossier import Label
from .tree import Node, Op, beginning
from .words import ANONYMOUS, InstanceId, KindId

_EACH = Op.EACH
"""A name of its own: on Python 3.11 a member of an enum takes six times as long to look up as another name."""


@attrs.frozen
class Known:
    """An instance as declared; `holders` are the kinds that what it is inside may be of."""

    kind: KindId
    id: InstanceId
    inside: InstanceId | None
    holders: frozenset[KindId]
    ended: bool = False

    def within(self, ctx: Context) -> bool:
        """Whether its lanes belong there: inside its holder, or where no such kind is in play."""
        rivals = [id for kind, id in ctx if kind in self.holders]
        return not rivals or self.inside in rivals


@attrs.frozen
class Left:
    """What became of a step in the lane of *id* at *spot*, which has ended: whoever is taken up again in that round goes on from there."""

    label: Label
    spot: Spot
    id: InstanceId
    done: bool
    skipped: bool
    """Neither: it had been passed."""


def lanes_of(node: Node, known: Sequence[Known], keep: Mapping[Spot, tuple[InstanceId, ...]], ctx: Context) -> Lanes:
    """The lanes of every EACH at and below *node*: as in *keep*, else one for each instance that has not ended."""
    if node.op is not _EACH:
        return tuple([lane for each in node.eaches for lane in lanes_of(each, known, keep, ctx)])
    assert node.kind is not None
    kind, spot = node.kind, spot_of(node, ctx)
    ids = keep.get(spot)
    if ids is None:
        mine = [k for k in known if k.kind == kind and (not ctx or k.within(ctx))]
        ids = tuple([k.id for k in mine if not k.ended]) if mine else (ANONYMOUS,)
    if not node.kids[0].eaches:
        return ((spot, ids),)
    below = (lane for id in ids for lane in lanes_of(node.kids[0], known, keep, (*ctx, (kind, id))))
    return ((spot, ids), *below)


def left_in(shape: Shape, kind: KindId, id: InstanceId, done: int, skipped: int, before: Sequence[Left]) -> tuple[Left, ...]:
    """The steps done, skipped or passed in the lanes of an instance that ends, and those *before* that lay in lanes within."""
    out = list(before)
    for spot, ids in shape.lanes:
        if shape.around[spot][0] == kind and id in ids:
            mask, inside = lane_mask(shape.root, spot, ids.index(id)), (*spot[1], id)
            out = [Left(x.label, spot, id, x.done, x.skipped) if x.spot[1][: len(inside)] == inside else x for x in out]
            out += [Left(s.label, spot, id, bool(s.bit & done), bool(s.bit & skipped)) for s in shape.steps.values() if s.bit & mask and (done | skipped) & (s.bit | s.zero)]
    return tuple(out)


def laid_out(shape: Shape, known: Sequence[Known], left: Sequence[Left], name: Callable[[Label], str]) -> Node:
    """See `Position.process`."""
    rows = dict(shape.lanes)

    def laid(node: Node, ctx: Context) -> Node:
        if node.op is Op.LEAF:
            return Node(node.id, name(Label(node.leaf, spot_of(node, ctx)[1])), Op.LEAF)
        if node.op is not _EACH:
            return Node(node.id, node.name, node.op, tuple(laid(kid, ctx) for kid in node.kids))
        assert node.kind is not None
        kind, spot = node.kind, spot_of(node, ctx)
        ids, again = rows.get(spot, ()), {x.id for x in left if x.spot == spot}
        gone = [k.id for k in known if k.kind == kind and (k.ended or k.id in again) and k.id not in ids and k.within(ctx)]
        lanes = [laid(node.kids[0], (*ctx, (kind, id))) for id in sorted(ids)]
        lanes += [beginning(laid(node.kids[0], (*ctx, (kind, id)))) for id in sorted(gone)]
        return Node(node.id, node.name, Op.PAR, tuple(lanes))

    return laid(shape.tree.root, ())
