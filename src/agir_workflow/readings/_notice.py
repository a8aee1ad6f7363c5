"""How short a notice may be, for guard and verdict: in urgency, and at a second call for want of a quorum."""

from __future__ import annotations

import datetime as dt

from ..dossier import Sitting
from ..planning.problem import Counting
from ..requirements import Duration, Requirement
from ..view import View
from ..words import Text
from ._days import counting_of
from ._result import needed
from .unmet import void

NOT_CALLED = Text("{subject} : aucune convocation notée, à envoyer {bound} avant au moins.", "{subject}: no notice is noted; it is to be sent at least {bound} before.")
"""What is said of a meeting whose notice is not told; how long before it came cannot be."""


def shortened(view: View, row: Requirement, sitting: Sitting, as_of: dt.date) -> tuple[Duration, Counting] | None:
    """
    The least notice of a sitting and how its days are counted, where the row has another for it than its `min`; else None.

    `urgent`: where the notice says that it is urgent, in the days of `urgent_count`, or of `count` where that is left open.
    `again`: at a second call, after a sitting that had no quorum.
    """
    if sitting.urgent and isinstance(low := needed(view, row, "urgent", as_of), str):
        return Duration.parse(low), counting_of(view, row, as_of, "urgent_count", "count")
    if sitting.n > 1 and isinstance(low := needed(view, row, "again", as_of), str) and void(view, view.sittings[sitting.label][sitting.n - 2]):
        return Duration.parse(low), counting_of(view, row, as_of)
    return None
