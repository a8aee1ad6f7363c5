"""A distance in months is one of the calendar: who keeps the same day of the month keeps it, whichever months they are."""

from __future__ import annotations

import calendar
import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from agir_workflow.requirements import Duration

DAYS = st.dates(dt.date(1999, 1, 1), dt.date(2060, 12, 31))


def later(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or the last of it."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@given(DAYS, st.integers(1, 36))
def test_the_same_day_of_a_later_month_is_neither_too_near_nor_too_far(day: dt.date, months: int) -> None:
    between, length = (later(day, months) - day).days, Duration(months, "m")
    assert length.shortest <= between <= length.longest


@given(st.integers(1, 36))
def test_no_bound_is_wider_than_the_calendar(months: int) -> None:
    starts = [dt.date(2000, 1, 1) + dt.timedelta(days=n) for n in range(4 * 365 + 1)]
    spans = [(later(d, months) - d).days for d in starts]
    length = Duration(months, "m")
    assert (length.shortest, length.longest) == (min(spans), max(spans))


def test_days_and_weeks_are_what_they_are() -> None:
    assert [(x.shortest, x.longest) for x in (Duration(8, "d"), Duration(2, "w"))] == [(8, 8), (14, 14)]
    assert (Duration(1, "y").shortest, Duration(1, "y").longest) == (365, 366)
