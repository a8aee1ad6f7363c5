"""The three readings of each kind of requirement, as the engine, the planner and the verdict register them."""

from __future__ import annotations

import attrs

from ..requirements import CONDITIONS, Is
from . import check, guard, plan
from ._plan_lacks import TO_DO


@attrs.frozen
class Readings:
    """What a kind means to each reader; `none: why` where it means nothing there."""

    guard: str
    planner: str
    verdict: str


_LAGS = {
    Is.PRECEDES: "a day at least between the two, where the tree does not order them",
    Is.GAP: "the shortest and longest lag",
    Is.WINDOW: "the days it may not be on",
    Is.SETTLED: "minutes a day before the next sitting of the same body; of a decision taken, each open reserve by the next sitting",
    Is.SHARE: "soft: inside its window where that is possible",
    Is.DISJOINT: "no two at the same hour, or on the same day without hours",
    Is.QUORUM: "of a sitting that was held without one, the next; who comes is known only on the day",
    Is.DECIDED: "the tree's own order, under this row's name",
}


def readings_of(kind: Is) -> Readings:
    """The three readings of a kind. Raises LookupError for one that some reader forgot."""
    if kind in CONDITIONS or kind in guard.READERS or kind is Is.BY:
        asked = "refuses or remarks at its due, with every reason"
    elif kind in guard.NO_GUARD:
        asked = f"none: {guard.NO_GUARD[kind]}"
    else:
        raise LookupError(f"no guard reading of {kind}")
    if kind in TO_DO:
        dated = "a to-do by the day of its due"
    elif kind in _LAGS:
        dated = _LAGS[kind]
    elif kind in plan.NO_PLAN:
        dated = f"none: {plan.NO_PLAN[kind]}"
    else:
        raise LookupError(f"no planner reading of {kind}")
    if kind not in CONDITIONS and kind not in check.READERS and kind is not Is.IN_PROCESS:
        raise LookupError(f"no verdict reading of {kind}")
    judged = "as of its due day, or by now" if kind in CONDITIONS else "on the dates of what was done"
    return Readings(asked, dated, judged)
