"""Which phase a requirement belongs to at a subject; and the phases that were left without any requirement judged in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ..method import Method, Words
from ..requirements import Form, Requirement
from ..view import View
from ._judged import EVALUATED, AllMet, Judged, standing
from ._once import compiled
from .binding import Binding


def unjudged(view: View, every: Sequence[tuple[Requirement, Collection[Judged]]]) -> tuple[str, ...]:
    """The phases left behind to which nothing belongs of what the rows of the method gave and that was judged, in the order of the method."""
    behind = [name for name, state in view.position.phases() if state == "past"]
    of_phase = compiled(view.words, ("rows of phases",), lambda: _rows_of_phases(view.words, view.method))
    # Those first that are due at a step of the phase: one of them is nearly always judged.
    waiting = [name for name in behind if not any(_any(view, name, *every[n]) for n in of_phase.get(name, ()))]
    return tuple(name for name in waiting if not any(_any(view, name, row, judged) for row, judged in every))


def _any(view: View, phase: str, row: Requirement, every: Collection[Judged]) -> bool:
    of_all = type(every) is AllMet
    return any((of_all or standing(judged) == EVALUATED) and phase_at(view, row, judged.binding) == phase for judged in every)


def _rows_of_phases(words: Words, method: Method) -> dict[str, list[int]]:
    out: dict[str, list[int]] = {}
    for n, row in enumerate(method.requirements):
        for name in {p.name for leaf in words.leaves_of(row.due.name) if (p := words.phase_of.get(leaf))}:
            out.setdefault(name, []).append(n)
    return out


def phase_at(view: View, row: Requirement, binding: Binding) -> str | None:
    """
    The phase of a row at a subject: that of its step, else of the step at which it is due; where it is due as a phase begins,
    the phase that is left there; at the close, the last. None for what holds throughout.
    """
    words, leaf = view.words, binding.label.leaf if binding.label else None
    if leaf is None and (found := words.find_leaf(binding.subject)) is not None:
        leaf = found[0].id
    if leaf in words.phase_of:
        return words.phase_of[leaf].name
    if row.due.form in (Form.LEAF, Form.AFTER):
        return next((words.phase_of[x].name for x in words.leaves_of(row.due.name) if x in words.phase_of), None)
    order = [p.name for p in view.method.tree.phases]
    if row.due.form is Form.PHASE:
        return order[max(order.index(row.due.name) - 1, 0)]
    return order[-1] if order and row.due.form is Form.CHART and row.due.name.startswith("run.") else None
