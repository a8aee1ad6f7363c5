"""
The time in which a project rests: a longest distance stands still, a shortest one runs on.

While a project is suspended nobody can do what is waited for, so that time makes nothing late; whoever was
called or needs time to think has had it all the same. The planner reads it in another way (`_plan_days.rested`).
"""

from __future__ import annotations

import datetime as dt

from ..facts import DOSSIER
from ..planning.problem import Counting
from ..view import RUN, View
from ..when import When
from ..words import Text
from ._days import elapsed_between
from ._once import once
from ._phrases import days_between, days_of

Rest = tuple[When, When]
_DAY = dt.timedelta(days=1)


def rests(view: View, at: dt.date) -> tuple[Rest, ...]:
    """When a project was suspended, and until when: one that still is, until *at*."""
    out: list[Rest] = []
    since: When | None = None
    for entered in view.states.get((RUN, DOSSIER), ()):
        if entered.on.earliest > at:
            break
        if since is not None:
            out.append((since, entered.on))
        since = entered.on if entered.state == "suspended" else None
    return tuple(out) if since is None else (*out, (since, When(at)))


def rested(view: View, first: dt.date, last: dt.date, counting: Counting, at: dt.date) -> tuple[int, int]:
    """How many of the days counted from one to another fell into a rest: at the least and at the most, where its own days are rough."""
    found = once(view, rests, at)
    if not found:
        return 0, 0
    # Neither end of clear days is one of them: what lies within is counted plainly.
    plainly = Counting.DAYS if counting is Counting.CLEAR else counting

    def within(since: dt.date, until: dt.date) -> int:
        since, until = max(since, first), min(until, last)
        return elapsed_between(view, since, until, plainly) if since < until else 0

    return sum(within(a.latest, b.earliest) for a, b in found), sum(within(a.earliest, b.latest) for a, b in found)


def due_after(view: View, day: dt.date, number: int, counting: Counting, at: dt.date) -> dt.date:
    """The first day that is at least *number* counted days after another, those of a rest left out."""
    out = day + number * _DAY  # however days are counted, there are never more of them than days
    while elapsed_between(view, day, out, counting) - rested(view, day, out, counting, at)[1] < number:
        out += _DAY
    return out


def without_rest(number: int, counting: Counting, rest: int) -> Text:
    """So many days, and that a rest is not among them."""
    return _said(days_of(number, counting), rest)


def between_without_rest(least: int, most: int, counting: Counting, rest: int) -> Text:
    return _said(days_between(least, most, counting), rest)


def _said(days: Text, rest: int) -> Text:
    return Text(f"{days.fr} hors suspension", f"{days.en} without the suspension") if rest else days
