"""When a requirement fell due to the verdict: at its step, its phase or its move, of the instances that it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from .._fold import first_of
from ..dossier import Label
from ..facts import DOSSIER
from ..method import Words
from ..requirements import Form, Requirement
from ..view import RUN, View
from ..when import When
from ..words import LeafId
from ._once import compiled, once
from .binding import Binding, Inst, fits

# Names of their own: on Python 3.11 a member of an enum takes ten times as long to look up as another name.
_ALWAYS, _PHASE, _AFTER, _CHART = Form.ALWAYS, Form.PHASE, Form.AFTER, Form.CHART


def opened(view: View, label: Label) -> When | None:
    """The day on which a label was first taken up: held, else completed."""
    return view.opened(label.leaf).get(label.inst)


def _phase_day(view: View, name: str) -> When | None:
    """The day on which a phase, or one after it, was first entered."""
    return first([day for leaf in compiled(view.words, ("from phase", name), lambda: _from_phase(view, name)) for day in view.opened(leaf).values()])


def _from_phase(view: View, name: str) -> list[LeafId]:
    """The steps of a phase and of those after it."""
    phases = [p.name for p in view.method.tree.phases]
    late = phases[phases.index(name) :]
    return [leaf for leaf, phase in view.words.phase_of.items() if phase.name in late]


def first(days: Sequence[When]) -> When | None:
    return first_of(days) if days else None


def due_day(view: View, row: Requirement, binding: Binding) -> When | None:
    """The day on which a row fell due for a binding; None while it is not due."""
    return compiled(view.words, ("due", row), lambda: due_by(view.words, row))(view, binding)


def due_by(words: Words, row: Requirement) -> Callable[[View, Binding], When | None]:
    """What finds the day on which a row fell due, made once for a method."""
    name, form = row.due.name, row.due.form
    if form is _ALWAYS:
        return lambda view, binding: EVER
    if form is _PHASE:
        return lambda view, binding: once(view, _phase_day, name)
    if form is _CHART:
        return lambda view, binding: once(view, _chart_day, name)
    after, leaves = form is _AFTER, words.leaves_of(name)

    def at_step(view: View, binding: Binding) -> When | None:
        if after and binding.sitting is not None:
            return binding.sitting.held or binding.sitting.done
        if binding.label is not None and binding.label.leaf in leaves:
            return opened(view, binding.label)
        return once(view, _first_at, name, binding.inst)

    return at_step


def due_alike(words: Words, row: Requirement) -> bool:
    """Whether a row falls due for all its subjects on one day."""
    whole = row.each in words.kinds and not any(words.leaves[leaf].scope for leaf in words.leaves_of(row.due.name))
    return whole or row.due.form in (_ALWAYS, _PHASE, _CHART)


EVER = When(dt.date.min)


def _chart_day(view: View, name: str) -> When | None:
    """The day on which the run made a move."""
    move = name.partition(".")[2]
    after = {"close": "closed", "abandon": "abandoned", "suspend": "suspended"}.get(move, move)
    return next((s.on for s in view.states.get((RUN, DOSSIER), ()) if s.state == after), None)


def _first_at(view: View, name: str, inst: Inst) -> When | None:
    """The day on which the first of the steps of that name was taken up, of some instances."""
    return first([day for leaf in view.words.leaves_of(name) for day in _days_at(view, leaf, inst)])


def _days_at(view: View, leaf: LeafId, inst: Inst) -> Iterable[When]:
    """The days on which a step was taken up, of some instances."""
    scope, opened = view.words.leaves[leaf].scope, view.opened(leaf)
    if not inst or not scope:
        return opened.values()
    if len(inst) == 1 and scope == (inst[0][0],):
        return [opened[own]] if (own := (inst[0][1],)) in opened else ()
    about = Binding(subject="", inst=inst)
    return [day for own, day in opened.items() if fits(view, about, Label(leaf, own))]


def owed_since(view: View, binding: Binding, due: dt.date) -> dt.date:
    """The day on which a row fell due for a binding: an instance that came later owes nothing before it is there."""
    return max([due, *(i.on.earliest for kind, id in binding.inst for i in view.of_kind(kind) if i.id == id)])
