"""
Which rows say the same as a deviation from the tree.

The order of the tree implies many a row: where one step strays, they are broken with it. They then are labels on
that deviation, and no faults of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator

import attrs

from ..carried import kept_for
from ..dossier import Label
from ..requirements import Form, Is, Requirement
from ..view import View
from ..words import Code, State, Step
from ._judged import Judged
from .binding import Binding, fits, labels_of
from .strays import Stray, strays

_OF_ORDER = frozenset({Is.PRECEDES, Is.DECIDED, Is.AGREED, Is.PRESENT})
Judge = Callable[[View, Requirement, dt.date], Collection[Judged]]
Broken = tuple[Code, str]
"""A row of the method by its code, and the subject at which it is broken."""


@attrs.frozen
class Deviation:
    """
    A stray step, and the rows of order that label it; without any it is told under the code of its move.

    `beside` are the distances that went wrong with it.
    """

    stray: Stray
    labels: tuple[Broken, ...] = ()
    beside: tuple[Broken, ...] = ()

    @property
    def lacks(self) -> tuple[str, ...]:
        """What is missing or wrong, once for all that tell it: a step that was skipped, or one that strayed."""
        return (self.stray.address,) if self.stray.step is Step.SKIPPED else (f"{self.stray.address} {self.stray.step.value} {self.stray.on}",)


def deviations(view: View, at: dt.date, judge: Judge) -> tuple[Deviation, ...]:
    """The deviations of a dossier, each with the broken rows of order that speak of it; *judge* reads a row."""
    if not strays(view):
        return ()
    return kept_for(view, ("deviations", at), lambda v: _labelled(v, at, judge))


def judged_once(view: View, row: Requirement, at: dt.date, judge: Judge) -> Collection[Judged]:
    """Every subject of a row with its state, read once for whoever asks."""
    return kept_for(view, ("judged", id(row), at), lambda v: judge(v, row, at))


def _labelled(view: View, at: dt.date, judge: Judge) -> tuple[Deviation, ...]:
    found, first = strays(view), dict[Label, int]()
    for n, (what, _) in enumerate(view.course()):
        first.setdefault(what.label, n)
    labels: dict[int, list[Broken]] = {}
    beside: dict[int, list[Broken]] = {}
    for row in view.method.requirements:
        if (row.is_ not in _OF_ORDER and not _of_distance(view, row)) or row.selector("of").field:
            continue
        for judged in judged_once(view, row, at, judge):
            if judged.state is State.VIOLATED:
                pairs = list(_pairs(view, row, judged.binding, first))
                where = next((m for m, stray in enumerate(found) if any(stray.label in pair for pair in pairs)), None)
                if where is not None:
                    (labels if row.is_ in _OF_ORDER else beside).setdefault(where, []).append((row.code, judged.binding.subject))
    return tuple(Deviation(stray, tuple(labels.get(m, ())), tuple(beside.get(m, ()))) for m, stray in enumerate(found))


def _of_distance(view: View, row: Requirement) -> bool:
    """Whether a row measures from step to step: where one of them strayed, so did the distance."""
    ends = (row.selector("a"), row.selector("b"))
    return row.is_ is Is.GAP and all(view.words.leaves_of(x.word) and not x.field for x in ends)


def _pairs(view: View, row: Requirement, binding: Binding, first: dict[Label, int]) -> Iterator[tuple[Label, Label | None]]:
    """The steps that a broken row finds in the wrong order, of those that the tree orders as it does; None for the end of the run."""
    earlier = _labels(view, str(row.param("a") or row.param("by") or row.param("of")), binding)
    later: list[Label | None] = [*_later(view, row, binding)]
    for a in earlier:
        for b in later or [None]:
            if row.is_ is Is.GAP:
                in_order = False
            elif b is None:
                in_order = a in first
            else:
                in_order = not view.position.precedes(a, b) or (a in first and (b not in first or first[a] < first[b]))
            if not in_order:
                yield a, b


def _later(view: View, row: Requirement, binding: Binding) -> list[Label]:
    """The steps before which a row wants another: those it names, else those at which it is due."""
    named = row.param("b") or row.param("before")
    if named is None and row.due.form is Form.PHASE:
        phase = next(p for p in view.method.tree.phases if p.name == row.due.name)
        return [x for leaf in phase.leaves() for x in view.labels(leaf.leaf)]
    return _labels(view, str(named or row.due.name), binding)


def _labels(view: View, name: str, binding: Binding) -> list[Label]:
    leaves = view.words.leaves_of(name)
    if binding.label is not None and binding.label.leaf in leaves:
        return [binding.label]
    return [x for leaf in leaves for x in labels_of(view, leaf, binding) if fits(view, binding, x)]
