"""
The position after all that happened: facts taken one by one, each in its turn.

As long as each step is the next one no position is made of it: two integers are enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs

from ._lanes import Known, lanes_of
from ._order import BEGINS, ENDS, STEP, turns
from ._shape import Compiled, shape_of
from .dossier import Instance, Label
from .position import Frame, Happened, Position
from .tree import Tree
from .when import When
from .words import InstanceId, KindId, LeafId

_Fact: TypeAlias = tuple[When, Known | Happened]


def locate(
    tree: Tree,
    leaf_scope: Mapping[LeafId, tuple[KindId, ...]],
    instances: Sequence[Instance],
    happened: Sequence[Happened],
) -> Position:
    """
    The position after all that happened, in the order of the days it happened.

    Facts whose days do not tell them apart are taken first-enabled-first, then in the order of
    the tree, never in that of their arrival; on one day, instances are declared before its labels and end after them. The labels
    of the tree must be distinct: ValueError otherwise.

    `leaf_scope` says of what kinds the instances of a label are, outermost first.
    """
    at, facts, sorts = _before_all(tree, leaf_scope, instances, happened)
    days = [on for on, _ in facts]
    try:
        walk: _Straight = _walk(_Ahead(tree, at, facts), days, sorts)
    except _Bent:
        walk = _walk(_Straight(tree, at, facts), days, sorts)
    walk.now().shape.compile()
    return walk.now()


def _walk(walk: _Straight, days: Sequence[When], sorts: Sequence[int]) -> _Straight:
    for chosen in turns(days, sorts, walk.may):
        walk.go(chosen)
    return walk


def walked(
    tree: Tree, leaf_scope: Mapping[LeafId, tuple[KindId, ...]], instances: Sequence[Instance], happened: Sequence[Happened]
) -> Iterator[tuple[Known | Happened | None, Position]]:
    """The position before anything, then after each fact, with the fact."""
    at, facts, sorts = _before_all(tree, leaf_scope, instances, happened)
    yield None, at

    def may(i: int) -> bool:
        what = facts[i][1]
        return isinstance(what, Happened) and at.may_take(what.label)

    for chosen in turns([on for on, _ in facts], sorts, may):
        at = _after(at, facts, chosen)
        yield facts[chosen[0]][1], at


def _before_all(
    tree: Tree, leaf_scope: Mapping[LeafId, tuple[KindId, ...]], instances: Sequence[Instance], happened: Sequence[Happened]
) -> tuple[Position, list[_Fact], list[int]]:
    """The position before anything, and the facts that come, with what each is."""
    kinds: dict[InstanceId | None, frozenset[KindId]] = {}
    for one in instances:
        kinds[one.id] = kinds[one.id] | {one.kind} if one.id in kinds else frozenset({one.kind})
    facts: list[_Fact] = []
    for one in instances:
        known = Known(one.kind, one.id, one.inside, kinds.get(one.inside, _NO_KIND))
        facts.append((one.on, known))
        if one.off is not None:
            facts.append((one.off, attrs.evolve(known, ended=True)))
    # Of one day, whatever the order in which they were told: as the tree has them.
    rank = tree.ranks
    facts += [(h.on, h) for h in sorted(happened, key=lambda h: (rank.get(h.label.leaf, len(rank)), h.label.inst, len(h.address), h.address))]

    at = Position(shape_of(tree, lanes_of(tree.root, (), {}, ())), Frame(tree, tuple(leaf_scope.items())))
    return at, facts, [STEP if isinstance(what, Happened) else ENDS if what.ended else BEGINS for _, what in facts]


_NO_KIND: frozenset[KindId] = frozenset()


class _Straight:
    """A walk of which only the end is asked for: as long as each step is next, no position is made of it."""

    def __init__(self, tree: Tree, at: Position, facts: Sequence[_Fact]) -> None:
        self.facts, self._free = facts, tree.free
        self._stand(at)

    def _stand(self, at: Position) -> None:
        self.at, self.bits = at, at.bits
        self._steps: Mapping[Label, Compiled] | None = None

    def now(self) -> Position:
        if self.bits != self.at.bits:
            self._stand(self.at.moved(self.bits))
        return self.at

    def may(self, i: int) -> bool:
        what = self.facts[i][1]
        return isinstance(what, Happened) and (what.label.leaf in self._free or self._next(what.label) is not None or self.now().may_take(what.label))

    def go(self, chosen: Sequence[int]) -> None:
        what = self.facts[chosen[0]][1]
        if isinstance(what, Happened):
            if what.label.leaf in self._free:
                return
            step = self._next(what.label)
            if step is not None and step.turns is None:
                self.bits |= step.bit
                return
        self._stand(_after(self.now(), self.facts, chosen))

    def _next(self, label: Label) -> Compiled | None:
        """The step of a label, if it is next."""
        if self._steps is None:  # lanes in which nothing is done are not compiled
            self._steps = self.at.shape.steps
        step = self._steps.get(label)
        return step if step is not None and step.ready(self.bits) else None


class _Bent(Exception):
    """It may make a difference that someone comes late."""


class _Ahead(_Straight):
    """
    The same with a lane from the beginning for each who comes later: so long as someone has yet to come, each step is the next
    one, and who comes is in time, that makes no difference, and lanes are laid out once alone. _Bent as soon as it might.
    """

    def __init__(self, tree: Tree, at: Position, facts: Sequence[_Fact]) -> None:
        come = sorted([(on.earliest, n) for n, (on, what) in enumerate(facts) if isinstance(what, Known) and not what.ended])
        self._come = [what for _, n in come if isinstance(what := facts[n][1], Known)]
        new = {(k.kind, k.id): k for k in self._come}
        if len(new) < len(come):
            raise _Bent
        super().__init__(tree, at.declared(new), facts)
        self._around = [*self.at.shape.around.values()] if come else []
        self._lanes = {kind for kind, _, _ in self._around}
        self._came, self._absent = 0, Counter([k.id for k in self._come if k.kind in self._lanes])

    def may(self, i: int) -> bool:
        what = self.facts[i][1]
        return super().may(i) if not self._absent or not isinstance(what, Happened) else self._taken(what.label) >= 0

    def go(self, chosen: Sequence[int]) -> None:
        what = self.facts[chosen[0]][1]
        if isinstance(what, Happened):
            if self._absent:
                self.bits |= self._taken(what.label)
            else:
                super().go(chosen)
        elif not what.ended:
            for i in chosen:
                self._arrives(self.facts[i][1])
        elif not self._absent:
            super().go(chosen)
        else:
            raise _Bent

    def _taken(self, label: Label) -> int:
        """The bit of a step that is next, of nobody who has yet to come; 0 for one that stands anywhere."""
        if label.leaf in self._free:
            return 0
        step = self._next(label)
        if step is None or step.turns is not None or (label.inst and any([id in self._absent for id in label.inst])):
            raise _Bent
        return step.bit

    def _arrives(self, who: Known | Happened) -> None:
        """One comes, in the order in which lanes were laid out, and before what their lanes should have come before."""
        if who is not self._come[self._came] or not isinstance(who, Known):
            raise _Bent
        self._came += 1
        bits = self.bits
        for kind, _, around in self._around if bits else ():
            if kind == who.kind and (bits & around.later or any([bits & body for body in around.bodies])):
                raise _Bent
        if who.kind in self._lanes:
            self._absent[who.id] -= 1
            if not self._absent[who.id]:
                del self._absent[who.id]


def _after(at: Position, facts: Sequence[_Fact], chosen: Sequence[int]) -> Position:
    """The position after one fact, or after several new instances at once."""
    on, what = facts[chosen[0]]
    if isinstance(what, Happened):
        return at.take(what.label, on, what.address, renews=what.renews)
    if what.ended:
        return at.ended(what.kind, what.id)
    return at.declared({(k.kind, k.id): k for i in chosen if isinstance(k := facts[i][1], Known)})
