"""
The order of what was done against the tree, in three figures: aligned with the beginning of a run, or with a whole one once closed.
"""

from __future__ import annotations

from ..answers import Course
from ..errors import AlignmentError
from ..requirements import Is
from ..view import View
from ..words import Severity
from .strays import grave, off_course, reading, strays

_WEIGHTS = {Severity.ERROR: 3, Severity.WARNING: 2, Severity.INFO: 1}


def course_of(view: View) -> Course:
    """The three figures of a dossier as far as it is seen, and what strayed."""
    if not off_course(view):
        return Course(deviations=0, fitness=1.0, weighted=0, remaining=view.position.left())
    try:
        found = reading(view).aligned
    except AlignmentError as exc:
        return Course(deviations=None, fitness=None, weighted=None, remaining=None, refused=exc.why)
    out = strays(view)
    of_move = {str(row.param("move")): _WEIGHTS[row.severity] for row in view.method.requirements if row.is_ is Is.IN_PROCESS and row.param("move")}
    heavy = grave(view)
    weights = [_WEIGHTS[Severity.ERROR] if s.label.leaf in heavy else of_move.get(s.step.value, 1) for s in out]
    told = tuple(s.said for s in out)
    return Course(deviations=len(out), fitness=round(found.fitness, 6), weighted=sum(weights), remaining=len(found.remaining), told=told)
