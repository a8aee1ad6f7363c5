"""Which phase a requirement belongs to at a subject; and the phases that were left without any requirement judged in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..method import Method, Words
from ..requirements import Form, Requirement
from ..view import View
from ._judged import Judged
from ._once import compiled
from .binding import Binding


def unjudged(view: View, evaluated: Mapping[int, Sequence[Judged]]) -> tuple[str, ...]:
    """The phases left behind to which nothing of *evaluated* (by the row's place in the method) belongs, in the order of the method."""
    behind = [name for name, state in view.position.phases() if state == "past"]
    of_phase = compiled(view.words, ("rows of phases",), lambda: _rows_of_phases(view.words, view.method))
    # Those first that are due at a step of the phase: one of them is nearly always judged.
    waiting = [name for name in behind if not any(_any(view, name, n, evaluated) for n in of_phase.get(name, ()))]
    return tuple(name for name in waiting if not any(_any(view, name, n, evaluated) for n in range(len(view.method.requirements))))


def _any(view: View, phase: str, n: int, evaluated: Mapping[int, Sequence[Judged]]) -> bool:
    return any(phase_at(view, view.method.requirements[n], judged.binding) == phase for judged in evaluated.get(n, ()))


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
