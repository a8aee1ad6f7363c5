"""
The order of what was done against the tree, in three figures: aligned with the beginning of a run, or with a whole one once closed.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..answers import Course, Finding
from ..errors import AlignmentError
from ..view import View
from ..words import Severity
from .strays import off_course, reading, strays

_WEIGHTS = {Severity.ERROR: 3, Severity.WARNING: 2, Severity.INFO: 1}


def course_of(view: View, findings: Iterable[Finding]) -> Course:
    """The three figures of a dossier as far as it is seen, and what strayed; a deviation weighs what the gravest of the *findings* does that tell it."""
    if not off_course(view):
        return Course(deviations=0, fitness=1.0, weighted=0, remaining=view.position.left())
    try:
        found = reading(view).aligned
    except AlignmentError as exc:
        return Course(deviations=None, fitness=None, weighted=None, remaining=None, refused=exc.why)
    told = tuple(s.said for s in strays(view))
    heaviest: dict[str, int] = {}
    for finding in findings:
        if finding.strayed:
            heaviest[finding.strayed] = max(_WEIGHTS[finding.severity], heaviest.get(finding.strayed, 1))
    weighted = sum(heaviest.get(s.key, 1) for s in strays(view))
    return Course(deviations=len(told), fitness=round(found.fitness, 6), weighted=weighted, remaining=len(found.remaining), told=told)
