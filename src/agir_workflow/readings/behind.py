"""The phases that a dossier has left behind, and whether any requirement was judged in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..requirements import Form, Requirement
from ..view import View
from ._judged import Judged


def unjudged(view: View, evaluated: Iterable[tuple[Requirement, Judged]]) -> tuple[str, ...]:
    """
    The phases left behind in which nothing of *evaluated* was judged, in the order of the method.

    A row belongs to the phase of its step; one that is due where a phase begins, to the phase that is
    left there; one that is due at the close, to the last.
    """
    behind = [name for name, state in view.position.phases() if state == "past"]
    waiting = set(behind)
    for row, judged in evaluated:
        if not waiting:
            break
        waiting.difference_update(_phases(view, row, judged))
    return tuple(name for name in behind if name in waiting)


def _phases(view: View, row: Requirement, judged: Judged) -> Iterator[str]:
    words, order = view.words, [p.name for p in view.method.tree.phases]
    leaves = [judged.binding.label.leaf] if judged.binding.label else []
    if row.due.form in (Form.LEAF, Form.AFTER):
        leaves += words.leaves_of(row.due.name)
    yield from (words.phase_of[leaf].name for leaf in leaves if leaf in words.phase_of)
    if row.due.form is Form.PHASE:
        yield order[max(order.index(row.due.name) - 1, 0)]
    elif row.due.form is Form.CHART and row.due.name.startswith("run."):
        yield from order[-1:]
