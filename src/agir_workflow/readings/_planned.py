"""The order of what is planned, against that of the tree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import groupby

from ..dossier import Label
from ..view import View
from ..words import State
from ._judged import Judged
from ._phrases import joined
from ._result import Unmet
from .binding import bind_label
from .strays import strays


def planned_order(view: View) -> Iterator[Judged]:
    """
    The meetings planned before one that the tree puts before them.

    Two that were also done the wrong way round are told by the deviation of one of them, and not again here.
    """
    days = {f[1]: slot for a, slot in sorted(view.planned.items()) if "#" not in a and (f := view.words.find_label(a))}
    strayed, first, never = {s.label for s in strays(view)}, dict[Label, int](), len(view.done_facts)
    for n, (happened, _) in enumerate(view.course() if strayed else ()):
        first.setdefault(happened.label, n)
    for b, after in _jumped(view, {x: slot.day for x, slot in days.items()}).items():
        slot = days[b]
        late = [a for a in after if days[a].after(slot) and not (strayed & {a, b} and first.get(a, never) > first.get(b, never))]
        if late:
            names = joined([view.title(view.words.leaves[a.leaf].at(a.inst)) for a in late])
            yield Judged(binding=bind_label(view, b), state=State.VIOLATED, unmet=Unmet(missing=names), on=slot.day)


def _jumped(view: View, days: Mapping[Label, dt.date]) -> dict[Label, list[Label]]:
    """Each label that the tree puts after others whose day is the same or later, with those, in the order of *days*."""
    steps = {x: step for x in days if (step := view.position.shape.steps.get(x)) is not None}
    later, found = 0, set[Label]()
    # From the last day to the first: what the tree puts after all that was met so far, in one mask.
    for _, group in groupby(sorted(steps, key=days.__getitem__, reverse=True), key=days.__getitem__):
        of_day = [*group]
        for label in of_day:
            later |= steps[label].around.later
        found.update([label for label in of_day if later & steps[label].bit])
    return {b: [a for a in steps if days[a] >= days[b] and steps[a].around.later & steps[b].bit] for b in steps if b in found}
