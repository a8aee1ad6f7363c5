"""A plan that is shown whatever it keeps: what no plan can keep, and is no error, is left out and told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import attrs

from ..answers import Plan
from ..dossier import Dossier
from ..errors import PlanningError
from ..method import Method
from ..words import Severity, Text
from .make import plan

_LEFT_OUT = 20
"""Of a plan shown whatever it keeps no more is left out: where ninety meetings have too few days, each left out leaves the rest as crowded."""


def leniently(method: Method, conflicts: Collection[Collection[str]]) -> tuple[str | None, ...]:
    """Of each conflict a key that may be left out and is no error in the verdict; None where it has none."""
    errors = {r.code for r in method.requirements if r.severity is Severity.ERROR}
    lenient = {r.code for r in method.requirements} - errors
    return tuple(next((key for key in c if key.partition(" @ ")[0] in lenient), None) for c in conflicts)


def plan_all_the_same(method: Method, dossier: Dossier, *, at: dt.date) -> Plan:
    """
    The plan of a dossier that is shown whatever it keeps: what no plan can keep and is no error is left out, and `assumed` says so.

    Raises PlanningError where only an error could be left out.
    """
    left: list[str] = []
    while True:
        try:
            found = plan(method, dossier, at=at, without=left)
        except PlanningError as exc:
            more = [key for key in leniently(method, exc.conflicts) if key is not None and key not in left]
            if not more or len(more) < len(exc.conflicts) or len(left) > _LEFT_OUT:
                raise
            left += more
            continue
        keys = ", ".join(left)
        said = (Text(f"laissé de côté, faute de calendrier qui le tienne : {keys}", f"left out, since no plan can keep it: {keys}"),) if left else ()
        return attrs.evolve(found, assumed=(*found.assumed, *said))
