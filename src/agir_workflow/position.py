"""
Where a dossier stands in the tree of its method.

The tree is compiled once for each set of instances into one bit and two masks a label: what must
be complete before it, and what must not have begun. A position is then two integers, the steps
done and those skipped, both of the current round of every loop.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import NamedTuple, TypeAlias

import attrs

from ._lanes import Known, Left, laid_out, lanes_of, left_in
from ._shape import Block, Compiled, Context, Shape, Spot, complete, gaps_of, shape_of
from .dossier import Label
from .tree import Node, Tree
from .when import When
from .words import ANONYMOUS, InstanceId, KindId, LeafId, Step

Scopes: TypeAlias = tuple[tuple[LeafId, tuple[KindId, ...]], ...]


class Happened(NamedTuple):
    """One completion of a leaf; the order of a sequence of them is the order of arrival."""

    label: Label
    on: When
    address: str = ""
    renews: bool = False
    """An agreement given again, to a newer version: no step of the tree where the label is done."""


@attrs.frozen(kw_only=True)
class Deviation:
    """
    One step that did not follow the tree, counted once.

    EXTRA: *label* had no place at *address* on that day. SKIPPED: *by* was done on that day while
    *label* should have come before it. MOVED: the same, and *label* was made up on *late*.
    """

    step: Step
    label: Label
    on: When
    by: Label | None = None
    late: When | None = None
    address: str = ""


class Standing(StrEnum):
    """What a label may be, in the current round of the loops around it."""

    ENABLED = "enabled"
    """It can be done now; a skipped one can be made up, a loop may go round for it."""
    DONE = "done"
    PASSED = "passed"
    """It can no longer be done: the run moved on, another branch was chosen, its instance ended."""
    MISSING = "missing"
    """Something before it is not complete: see `Position.missing`."""
    LATE = "late"
    """Its instance was declared after its lane was passed: it has no position and is never refused."""
    FOREIGN = "foreign"
    """The tree has no such label."""


# Names of their own: on Python 3.11 a member of an enum takes six times as long to look up as another name.
_ENABLED, _DONE, _PASSED, _MISSING, _LATE, _FOREIGN = Standing


@attrs.frozen
class Frame:
    """What a position is judged against, beside its shape."""

    tree: Tree
    scopes: Scopes
    known: tuple[Known, ...] = ()
    filling: frozenset[Spot] = frozenset()
    """EACHes inside a round that began with their anonymous lane: instances still take its place."""
    left: tuple[Left, ...] = ()
    """The lanes of this round that have ended."""


@attrs.frozen
class Position:
    """
    Where a dossier stands: an immutable value; `take` gives the next one.

    `done` and `skipped` speak of the current round of each loop; `deviations` of the whole past.
    Of two rounds that a silent loop might be in, it is the earlier one: a loop goes round only
    for a label that has no other place, and the innermost loop first.
    """

    _shape: Shape = attrs.field(repr=False)
    _frame: Frame = attrs.field(repr=False)
    _done: int = 0
    _skipped: int = 0
    deviations: tuple[Deviation, ...] = ()

    @property
    def done(self) -> frozenset[Label]:
        """The labels done; the step that sent a loop round, until something of the new round is done."""
        bits = self._bits
        return frozenset(s.label for s in self._shape.steps.values() if s.bit & self._done and not s.over(bits))

    @property
    def skipped(self) -> frozenset[Label]:
        """The labels that something later has jumped over, and that have not been made up."""
        return frozenset(self._named(self._skipped))

    def labels(self, leaf: LeafId | None = None) -> tuple[Label, ...]:
        """All labels of the tree over the present instances, in its order; or those of one leaf."""
        return self._shape.labels if leaf is None else self._shape.of_leaf.get(leaf, ())

    def is_next(self, label: Label) -> bool:
        """Whether a label is enabled in this very round, and was not skipped: no loop has to go round for it."""
        step = self._shape.steps.get(label)
        return step is not None and step.ready(self._done | self._skipped)

    def may_take(self, label: Label) -> bool:
        """Whether *label* can be done now without a deviation, or its lane was passed before its instance was declared."""
        return self.is_next(label) or label.leaf in self._frame.tree.free or self._read(label)[0] in (_ENABLED, _LATE)

    def same_lanes(self, other: Position) -> bool:
        """Whether another position has the very same labels, in the same lanes."""
        return self._shape is other._shape

    def standing(self, label: Label) -> Standing:
        """Whether *label* can be done now, and why not; free leaves always can."""
        return self._read(label)[0]

    def missing(self, label: Label) -> tuple[Label, ...]:
        """
        What must be complete before *label* and is not, in the order of the tree; once these are
        done it is enabled. () unless it is MISSING.

        Of an untouched choice, its first branch; an option is owed only once begun.
        """
        standing, at = self._read(label)
        return at._named(at._before(at._shape.steps[label])) if standing is _MISSING else ()

    def enabled(self) -> tuple[Label, ...]:
        """The labels that can be done now, in the order of the tree."""
        return tuple(label for label in self._shape.steps if self.standing(label) is _ENABLED)

    def to_do(self, wish: Collection[Label] = ()) -> tuple[Label, ...]:
        """
        What is left to complete the tree, in its order: () when complete; nothing that may be left out.

        With a *wish*, the options and branches that hold one of its labels too, whole, where it is not too late for
        them; of two branches of one choice, the first.
        """
        bits, steps = self._bits, self._shape.steps
        wanted = sum(step.bit for x in set(wish) if (step := steps.get(x)) is not None and not bits & step.zero)
        return self._named(gaps_of(self._shape.root, bits, wanted))

    def left(self) -> int:
        """How many steps are left to complete the tree: 0 when it is complete."""
        return gaps_of(self._shape.root, self._bits).bit_count()

    def optional(self) -> tuple[Label, ...]:
        """
        What can still happen in this round of each loop but need not: options, and the other
        branches of a choice not made. Neither repetitions nor the steps that send a loop round.
        """
        bits, owed = self._bits, gaps_of(self._shape.root, self._bits)
        steps = self._shape.steps.values()
        return tuple(s.label for s in steps if not (bits & s.zero or s.turns or s.bit & (owed | bits)))

    def precedes(self, a: Label, b: Label) -> bool:
        """Whether the tree puts *a* before *b* within one round: they part at a sequence, *a* on the earlier side; in a lane that has ended too."""
        steps: Mapping[Label, Compiled] = self._shape.steps
        if a not in steps or b not in steps:
            steps = self._with_ended(a, b)
        one, two = steps.get(a), steps.get(b)
        return one is not None and two is not None and bool(one.around.later & two.bit)

    def _with_ended(self, *labels: Label) -> Mapping[Label, Compiled]:
        """The steps of the tree as it was before an instance ended, where some *labels* are of one and none is foreign to it otherwise; else none."""
        ended = {(k.kind, k.id) for k in self._frame.known if k.ended}
        scopes = dict(self._frame.scopes) if ended else {}
        if not ended or any(x not in self._shape.steps and ended.isdisjoint(zip(scopes.get(x.leaf, ()), x.inst, strict=False)) for x in labels):
            return {}
        known = tuple([attrs.evolve(k, ended=False) for k in self._frame.known])
        return shape_of(self._frame.tree, lanes_of(self._frame.tree.root, known, {}, ())).steps

    def redo(self, label: Label) -> Label | None:
        """The step that sends the innermost loop around *label* round again; None if it has none."""
        step = self._shape.steps.get(label)
        return step.around.again if step else None

    def redos(self, label: Label) -> tuple[Label, ...]:
        """The steps that send a loop around *label* round again, the innermost first."""
        step = self._shape.steps.get(label)
        return step.around.agains if step else ()

    def phases(self) -> tuple[tuple[str, str], ...]:
        """Each phase with `past`, `current` or `ahead`; the current one is the first that is not complete."""
        phases = self._shape.phases
        whole = [all(complete(b, self._bits) for b in blocks) for blocks in phases.values()]
        now = whole.index(False) if False in whole else len(whole)
        return tuple((p, "past" if n < now else "current" if n == now else "ahead") for n, p in enumerate(phases))

    def phase_begun(self, name: str) -> bool:
        """Whether anything of the phase was done or skipped, or it is being redone; False for an unknown one."""
        return any(self._bits & b.mask for b in self._shape.phases.get(name, ()))

    def take(self, label: Label, on: When, address: str = "", *, renews: bool = False) -> Position:
        """
        The position after *label* was completed on that day, whatever the tree says of it.

        Enabled: done. Skipped before: made up, and its deviation says when. Something missing:
        that is skipped, a deviation each, then done. No place for it: a deviation, nothing moves.
        A free leaf and a late instance's label change nothing, nor does what *renews* a step that is done.
        """
        step = self._shape.steps.get(label)
        if step is not None and step.ready(self._done | self._skipped):
            return self._put(step)
        if label.leaf in self._frame.tree.free:
            return self
        standing, at = self._read(label)
        if standing is _LATE or (standing is _ENABLED and step is None) or (renews and standing is _DONE):
            return self
        if standing is _ENABLED:
            step = at._shape.steps[label]
            return at._make_up(step, on) if at._skipped & step.bit else at._put(step)
        if standing is _MISSING:
            step = at._shape.steps[label]
            gaps = at._before(step)
            jumped = (Deviation(step=Step.SKIPPED, label=x, on=on, by=label) for x in at._named(gaps))
            return at._with(at._done, at._skipped | gaps, *jumped)._put(step)
        extra = Deviation(step=Step.EXTRA, label=label, on=on, address=address)
        return self._with(self._done, self._skipped, extra)

    @property
    def _bits(self) -> int:
        return self._done | self._skipped

    @property
    def bits(self) -> int:
        """The steps done or skipped, by the bits of `shape`."""
        return self._done | self._skipped

    @property
    def shape(self) -> Shape:
        """The tree over the present instances, compiled."""
        return self._shape

    def moved(self, bits: int) -> Position:
        """The position once the steps of *bits* are done too, each of which was next when it was."""
        return Position(self._shape, self._frame, self._done | (bits & ~self._skipped), self._skipped, self.deviations)

    def _named(self, bits: int) -> tuple[Label, ...]:
        return tuple(s.label for s in self._shape.steps.values() if s.bit & bits)

    def _with(self, done: int, skipped: int, *new: Deviation) -> Position:
        return Position(self._shape, self._frame, done, skipped, (*self.deviations, *new))

    def _before(self, step: Compiled) -> int:
        gaps = 0
        for block in step.around.before:
            gaps |= gaps_of(block, self._bits)
        return gaps

    def _read(self, label: Label) -> tuple[Standing, Position]:
        """The standing of *label*, and the position it is judged in: this one, or a loop gone round."""
        step = self._shape.steps.get(label)
        if step is None:
            return self._outside(label), self
        bits = self._bits
        if step.ready(bits) or self._skipped & step.bit:
            return _ENABLED, self
        first = None if bits & step.zero else self
        for loop in step.around.rounds:
            if complete(loop.kids[0], bits):
                # Instances that waited for a new round have lanes in it: judge it there.
                at = self._round(loop)
                there = at._shape.steps[label]
                if there.ready(at._bits):
                    return _ENABLED, at
                if first is None and not at._bits & there.zero:
                    first = at
        # A redo just taken is done; once its new round has begun, the next redo is ahead.
        if self._done & step.bit and not step.over(bits):
            return _DONE, self
        return (_PASSED, self) if first is None else (_MISSING, first)

    def places(self, label: Label) -> bool | None:
        """Whether the tree has a place for *label* over the present instances; None for one that it leaves alone."""
        if label in self._shape.steps:
            return True
        return None if self._outside(label) in (_LATE, _ENABLED) else False

    def process(self, name: Callable[[Label], str]) -> Node:
        """
        The tree with its lanes side by side, each leaf under the name of its label; that of an instance that has ended may stop anywhere.
        Lanes stand by id, whatever the order in which their instances were told.
        """
        return laid_out(self._shape, self._frame.known, self._frame.left, name)

    def awaits(self, label: Label) -> Known | None:
        """Who has to be taken up again for *label* to have a place: an instance of it that has ended, unless it was done or passed by then."""
        scope = dict(self._frame.scopes).get(label.leaf, ())
        ended = {(k.kind, k.id): attrs.evolve(k, ended=False) for k in self._frame.known if k.ended and (k.kind, k.id) in zip(scope, label.inst, strict=False)}
        there = self.declared(ended).standing(label) if ended else _FOREIGN
        return next((ended[x] for x in zip(scope, label.inst, strict=False) if x in ended), None) if there in (_ENABLED, _MISSING, _LATE) else None

    def _outside(self, label: Label) -> Standing:
        """The standing of a label that has no place in the shape."""
        tree, known = self._frame.tree, self._frame.known
        if label.leaf in tree.free:
            return _ENABLED
        scope = dict(self._frame.scopes).get(label.leaf)
        if scope is None or len(scope) != len(label.inst) or label.leaf not in tree.ranks:
            return _FOREIGN
        ctx: Context = ()
        ended = False
        for kind, id in zip(scope, label.inst, strict=True):
            here = [k for k in known if k.kind == kind and k.within(ctx)]
            one = next((k for k in here if k.id == id), None)
            # Inside a late lane, the one nameless lane of a kind of which nothing is declared.
            if one is None and (here or not ctx or id != ANONYMOUS):
                return _FOREIGN
            ended = ended or (one is not None and one.ended)
            ctx = (*ctx, (kind, id))
        was = next((x for x in self._frame.left if x.label == label), None)
        return _PASSED if ended else _LATE if was is None or was.skipped else _DONE if was.done else _PASSED

    def _put(self, step: Compiled) -> Position:
        after = Position(self._shape, self._frame, self._done | step.bit, self._skipped, self.deviations)
        return after._round(step.turns) if step.turns else after

    def _make_up(self, step: Compiled, on: When) -> Position:
        said = list(self.deviations)
        for i in reversed(range(len(said))):
            if said[i].step is Step.SKIPPED and said[i].label == step.label:
                said[i] = attrs.evolve(said[i], step=Step.MOVED, late=on)
                break
        return Position(self._shape, self._frame, self._done | step.bit, self._skipped & ~step.bit, tuple(said))

    def _round(self, loop: Block) -> Position:
        """The same, at the start of a new round of *loop*, with a lane for whoever waited for one."""
        body = loop.kids[0]
        after = self._with(self._done & ~body.mask, self._skipped & ~body.mask)
        if not body.spots:
            return after
        keep = {spot: ids for spot, ids in self._shape.lanes if spot not in body.spots}
        left = tuple([x for x in self._frame.left if x.spot not in body.spots])
        return after._laid(attrs.evolve(self._frame, filling=self._frame.filling - body.spots, left=left), keep)

    def _laid(self, frame: Frame, keep: Mapping[Spot, tuple[InstanceId, ...]]) -> Position:
        """The same labels done and skipped, over other lanes; those of a lane that is gone leave."""
        shape = shape_of(frame.tree, lanes_of(frame.tree.root, frame.known, keep, ()))
        done = skipped = 0
        for label, old in self._shape.steps.items():
            if self._bits & old.bit and (new := shape.steps.get(label)):
                done |= new.bit if self._done & old.bit else 0
                skipped |= new.bit if self._skipped & old.bit else 0
        for was in frame.left:
            if new := shape.steps.get(was.label):  # taken up again
                done |= new.bit if was.done else 0
                skipped |= new.bit if was.skipped else 0
        return Position(shape, attrs.evolve(frame, left=tuple([x for x in frame.left if x.label not in shape.steps])) if frame.left else frame, done, skipped, self.deviations)

    def declared(self, new: Mapping[tuple[KindId, InstanceId], Known]) -> Position:
        """The same with *new* instances, each in the EACHes that it is not too late for; one that is taken up again goes on where it ended."""
        bits, filling, lanes = self._bits, set(self._frame.filling), dict(self._shape.lanes)
        known = (*(k for k in self._frame.known if (k.kind, k.id) not in new), *new.values())
        if not bits and not filling and len(known) == len(self._frame.known) + len(new):
            # Before anything is done each has its lane, and the shape so far need not be compiled.
            shape = shape_of(self._frame.tree, lanes_of(self._frame.tree.root, known, {}, ()))
            return Position(shape, attrs.evolve(self._frame, known=known), deviations=self.deviations)
        for spot, had in self._shape.lanes:
            kind, ctx, at = self._shape.around[spot]
            fresh = tuple(k.id for k in new.values() if k.kind == kind and k.id not in had and k.within(ctx))
            nameless = had == (ANONYMOUS,)
            if fresh:
                begun = any(bits & body for body in at.bodies)
                if begun and nameless:
                    filling.add(spot)
                left = {x.id for x in self._frame.left if x.spot == spot}
                owed = () if bits & at.later else tuple(x for x in fresh if not begun or spot in filling or x in left)
                lanes[spot] = (() if nameless else had) + owed
        return self._laid(attrs.evolve(self._frame, known=known, filling=frozenset(filling)), lanes)

    def ended(self, kind: KindId, id: InstanceId) -> Position:
        """The same without the lanes of an instance; an EACH that loses its last one has none."""
        gone = [attrs.evolve(k, ended=True) if (k.kind, k.id) == (kind, id) else k for k in self._frame.known]
        lanes = {
            spot: tuple(x for x in ids if x != id) if self._shape.around[spot][0] == kind else ids
            for spot, ids in self._shape.lanes
        }
        left = left_in(self._shape, kind, id, self._done, self._skipped, self._frame.left) if self._bits else ()
        return self._laid(attrs.evolve(self._frame, known=tuple(gone), left=left), lanes)
