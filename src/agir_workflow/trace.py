"""The steps that happened, in the order in which the position takes them: what an alignment reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from .dossier import Instance
from .position import Happened, Position, Standing
from .tree import Tree
from .walk import locate, walked
from .words import KindId, LeafId


def in_order(
    tree: Tree, leaf_scope: Mapping[LeafId, tuple[KindId, ...]], instances: Sequence[Instance], happened: Sequence[Happened]
) -> tuple[Happened, ...]:
    """
    The steps that happened, in the order in which `locate` takes them: a trace for whoever judges by order alone.

    An agreement given again, to a newer version, is no step, and is left out.
    """
    return tuple(what for what, _ in _steps(tree, leaf_scope, instances, happened))


def course(
    tree: Tree, leaf_scope: Mapping[LeafId, tuple[KindId, ...]], instances: Sequence[Instance], happened: Sequence[Happened]
) -> tuple[tuple[Happened, bool], ...]:
    """
    What happened, in that order, with whether the tree had a place for it then.

    Free leaves and labels of late instances have no place to stray from, and are left out. What was done before its instance
    was declared has one, for it was done too early; what was done between its end and its being taken up again has none.
    """
    steps = [(what, before, before.places(what.label)) for what, before in _steps(tree, leaf_scope, instances, happened)]
    known = set(locate(tree, leaf_scope, instances, happened).labels()) if any(placed is False for _, _, placed in steps) else set()
    return tuple((what, placed or (what.label in known and before.standing(what.label) is Standing.FOREIGN)) for what, before, placed in steps if placed is not None)


def _steps(
    tree: Tree, leaf_scope: Mapping[LeafId, tuple[KindId, ...]], instances: Sequence[Instance], happened: Sequence[Happened]
) -> Iterator[tuple[Happened, Position]]:
    """What happened, but for what renews a step that is done, each with the position before it."""
    for (_, before), (what, _) in pairwise(walked(tree, leaf_scope, instances, happened)):
        if isinstance(what, Happened) and not (what.renews and before.standing(what.label) is Standing.DONE):
            yield what, before
