"""Which phase a requirement belongs to at a subject; and the phases that were left without any requirement judged in them."""

from __future__ import annotations

from collections.abc import Iterable

from ..requirements import Form, Requirement
from ..view import View
from ._judged import Judged
from .binding import Binding


def unjudged(view: View, evaluated: Iterable[tuple[Requirement, Judged]]) -> tuple[str, ...]:
    """The phases left behind to which nothing of *evaluated* belongs, in the order of the method."""
    behind = [name for name, state in view.position.phases() if state == "past"]
    waiting = set(behind)
    for row, judged in evaluated:
        if not waiting:
            break
        waiting.discard(phase_at(view, row, judged.binding) or "")
    return tuple(name for name in behind if name in waiting)


def phase_at(view: View, row: Requirement, binding: Binding) -> str | None:
    """
    The phase of a row at a subject: that of its step, else of the step at which it is due; where it is due as a phase begins,
    the phase that is left there; at the close, the last. None for what holds throughout.
    """
    words, order = view.words, [p.name for p in view.method.tree.phases]
    leaves = [binding.label.leaf] if binding.label else []
    if not leaves and (found := words.find_leaf(binding.subject)) is not None:
        leaves.append(found[0].id)
    if row.due.form in (Form.LEAF, Form.AFTER):
        leaves += words.leaves_of(row.due.name)
    phase = next((words.phase_of[leaf].name for leaf in leaves if leaf in words.phase_of), None)
    if phase is None and row.due.form is Form.PHASE:
        return order[max(order.index(row.due.name) - 1, 0)]
    if phase is None and row.due.form is Form.CHART and row.due.name.startswith("run."):
        return order[-1] if order else None
    return phase
