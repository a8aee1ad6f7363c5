"""
Which instances have lanes in the tree: those declared where they belong, as long as they have not ended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from ._shape import Context, Lanes, Spot, spot_of
from .tree import Node, Op
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


def lanes_of(node: Node, known: Sequence[Known], keep: Mapping[Spot, tuple[InstanceId, ...]], ctx: Context) -> Lanes:
    """The lanes of every EACH at and below *node*: as in *keep*, else one for each instance that has not ended."""
    if node.op is not _EACH:
        return tuple([lane for kid in node.kids if kid.has_lanes for lane in lanes_of(kid, known, keep, ctx)])
    assert node.kind is not None
    kind, spot = node.kind, spot_of(node, ctx)
    ids = keep.get(spot)
    if ids is None:
        mine = [k for k in known if k.kind == kind and k.within(ctx)]
        ids = tuple(k.id for k in mine if not k.ended) if mine else (ANONYMOUS,)
    below = (lane for id in ids for lane in lanes_of(node.kids[0], known, keep, (*ctx, (kind, id))))
    return ((spot, ids), *below)
