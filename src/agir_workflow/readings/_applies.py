"""The `when` of a row on dates or people, as the guard and the verdict read it: the planner has its own (`_plan_lacks.condition`)."""

from __future__ import annotations

import datetime as dt

from ..requirements import Form, Requirement
from ..view import View
from ..when import When
from ..words import Code, State
from ._judged import Judged
from .binding import Binding
from .unmet import evaluate


def applies(view: View, row: Requirement, binding: Binding, as_of: dt.date) -> bool:
    """Whether a row says anything at a subject as of a day: the other row holds there; where that one does not apply itself, neither does this one."""
    other = view.words.row_of.get(Code(row.when)) if row.when else None
    return other is None or evaluate(view, other, binding, as_of) is None


def where_it_applies(view: View, row: Requirement, judged: Judged, due: When | None, at: dt.date) -> Judged:
    """What a row says at a subject, if its `when` held on the day it fell *due*, on which the guard read it, and holds as of *at*."""
    then = at if due is None or row.due.form is Form.ALWAYS else min(max(due.latest, view.start), at)
    if all(applies(view, row, judged.binding, day) for day in dict.fromkeys((then, at))):
        return judged
    return Judged(binding=judged.binding, state=State.PENDING, missing_input=row.when, due=due is not None)
