"""
Days without hours have no order: the verdict takes the best one, and a note says where another would be a deviation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ..dossier import Label, on_of
from ..facts import Fact
from ..view import View
from ..when import When
from ..words import Text
from ._phrases import day_of, listed

Done = tuple[When, Label, Fact]


def notes(view: View) -> tuple[Text, ...]:
    """
    A sentence for each group of steps whose days do not tell them apart while the tree orders some of them.

    Hours that were told do tell them apart. What strayed already is told as that.
    """
    strayed = {x for d in view.position.deviations for x in (d.label, d.by)}
    done = [(on_of(fact), label, fact) for label, fact in view.done_facts if label not in strayed]
    done.sort(key=lambda d: d[0].earliest)
    out = []
    for group in _together(done):
        if len(group) > 1 and (told := _in_question(view, group)):
            out.append(_note(view, group, told))
    return tuple(out)


def _together(done: list[Done]) -> Iterator[list[Done]]:
    """What may have happened at one time: facts of one day, and rough dates that overlap."""
    group: list[Done] = []
    last = dt.date.min
    for one in done:
        if last < one[0].earliest and group:
            yield group
            group = []
        group.append(one)
        last = max(last, one[0].latest)
    if group:
        yield group


def _in_question(view: View, group: list[Done]) -> list[Label]:
    """The steps of a group that the tree puts before or after another of it, in its order."""
    found, precedes = set(), view.position.precedes
    placed = [one for one in group if one[1].leaf not in view.method.tree.free]
    for one in placed:
        for two in placed:
            if one is not two and precedes(one[1], two[1]) and one[0].before(two[0]) is not True and two[0].before(one[0]) is not True and not _told_by_hours(view, one, two):
                found |= {one[1], two[1]}
    if not found:
        return []
    place = {leaf.leaf: n for n, leaf in enumerate(view.method.tree.root.leaves())}
    return sorted(found, key=lambda x: (place[x.leaf], x.inst))


def _told_by_hours(view: View, one: Done, two: Done) -> bool:
    hours = []
    for _, label, fact in (one, two):
        sitting = next((s for s in view.sittings.get(label, ()) if s.done == fact.on and s.hold is not None), None)
        hours.append(sitting.hold.start if sitting and sitting.hold else None)
    first, second = hours
    return first is not None and second is not None and first < second


def _note(view: View, group: list[Done], told: list[Label]) -> Text:
    names = [view.title(view.words.leaves[x.leaf].at(x.inst)) for x in told]
    days = {on for on, label, _ in group if label in told}
    day = days.pop() if len(days) == 1 else None
    when = Text("Dates trop vagues", "Dates too rough")
    if day is not None and day.is_day:
        on = day_of(day.earliest)
        when = Text(f"Le même jour ({on.fr})", f"On one day ({on.en})")
    return listed(Text(when.fr + " : {missing} ; dans un autre ordre, ce serait un écart.", when.en + ": {missing}; in another order, it would be a deviation."), names)
