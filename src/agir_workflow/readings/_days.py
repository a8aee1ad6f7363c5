"""Closed days and counted days, as the profile and regime of a dossier say."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache

from ..planning.problem import Counting
from ..requirements import Duration, Requirement
from ..values import Record, Value, each_of
from ..view import View
from ..when import When
from ..words import FacetId, Text
from ..workdays import elapsed, public_holidays
from ._once import once
from ._phrases import day_of
from ._result import parameter

_DAY = dt.timedelta(days=1)
# Names of their own: on Python 3.11 a member of an enum takes ten times as long to look up as another name.
_DAYS, _WORKING, _OPEN = Counting.DAYS, Counting.WORKING, Counting.OPEN
# Words that any profile may list under `closed`; they name the calendar, not a method.
_WEEKEND = Text("week-end", "weekend")
_HOLIDAY = Text("jour férié", "public holiday")
_AUGUST = Text("mois d'août", "August")


@lru_cache(maxsize=64)
def _year(year: int, region: str) -> frozenset[dt.date]:
    return frozenset(public_holidays(dt.date(year, 1, 1), dt.date(year, 12, 31), region))


@lru_cache(maxsize=256)
def _years(first: int, last: int, region: str) -> tuple[dt.date, ...]:
    return tuple(sorted(day for year in range(first, last + 1) for day in _year(year, region)))


def region_of(view: View) -> str:
    return str(view.profile.get("holidays") or "metropole")


def holidays(view: View, first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """The public holidays of the dossier's region between two days, both included."""
    every = _years(first.year, last.year, region_of(view))
    return every[bisect_left(every, first) : bisect_right(every, last)]


def _closures(view: View) -> list[tuple[dt.date, dt.date, Text]]:
    out = []
    closures = view.profile.get("closures")
    for entry in closures if isinstance(closures, tuple) else ():
        if isinstance(entry, Record):
            first, last, label = entry.get("from"), entry.get("to"), entry.get("label")
            if isinstance(first, When) and isinstance(last, When) and isinstance(label, Record):
                out.append((first.earliest, last.latest, Text(str(label.get("fr")), str(label.get("en")))))
    return out


def _closed(view: View, words: Sequence[Value]) -> Callable[[dt.date], Text | None]:
    """What says why nobody meets on a day (a weekend, a public holiday, August, a closure of the profile); None when open."""
    weekend, holiday, august = "weekend" in words, "holiday" in words, "august" in words
    region, closures = region_of(view), once(view, _closures) if "closures" in words else ()

    def why(day: dt.date) -> Text | None:
        if weekend and day.isoweekday() > 5:
            return _WEEKEND
        if holiday and day in _year(day.year, region):
            return _HOLIDAY
        if august and day.month == 8:
            return _AUGUST
        for first, last, label in closures:
            if first <= day <= last:
                return label
        return None

    return why


def period_of(view: View, row: Requirement, as_of: dt.date) -> When | None:
    """The period in which a row wants a day; None where it names none, or nothing gives it."""
    value = parameter(view, row.param("in"), as_of) if row.param("in") is not None else None
    return When.parse(str(value)) if value is not None else None


def shunned(view: View, row: Requirement, as_of: dt.date) -> list[tuple[dt.date, When, Duration]]:
    """The days before which a row wants nobody to meet, each with the first day on which they no longer may, and for how long: () where nothing names any."""
    named, length = row.param("before"), parameter(view, row.param("within"), as_of)
    if named is None or not isinstance(length, str):
        return []
    facet = named.get("facet") if isinstance(named, Record) else None
    found = [i.value for i in view.at(FacetId(str(facet)), as_of)] if facet else each_of(parameter(view, named, as_of))
    duration = Duration.parse(length)
    return [(months_before(when.earliest, duration), when, duration) for when in found if isinstance(when, When)]


def months_before(day: dt.date, length: Duration) -> dt.date:
    """
    So long before a day: in months and years, from the first day of the month that lies so many months before that of the day.

    «Six mois avant» a vote in March is from the first of September on (Code électoral, art. L52-1).
    """
    if length.unit not in "my":
        return day - dt.timedelta(days=length.days)
    months = day.year * 12 + day.month - 1 - length.number * (12 if length.unit == "y" else 1)
    return dt.date(months // 12, months % 12 + 1, 1)


def not_on(view: View, row: Requirement, day: dt.date, as_of: dt.date) -> Text | None:
    """Why a row wants nobody to meet on a day; None where they may."""
    return closing(view, row, as_of)(day)


def closing(view: View, row: Requirement, as_of: dt.date) -> Callable[[dt.date], Text | None]:
    """What says why a row wants nobody to meet on a day: it is closed, lies outside the row's period, or too soon before a day that it names."""
    words, period, shuns = parameter(view, row.param("not_in"), as_of), period_of(view, row, as_of), shunned(view, row, as_of)
    closed = _closed(view, words) if isinstance(words, tuple) else None

    def why(day: dt.date) -> Text | None:
        if period is not None and not period.earliest <= day <= period.latest:
            return Text(f"hors de {period}", f"outside {period}")
        for first, when, length in shuns:
            if first <= day <= when.latest:
                long, last = length.to_text(), day_of(when.latest)
                return Text(f"{long.fr} avant le {last.fr}", f"{long.en} before {last.en}")
        return closed(day) if closed is not None else None

    return why


def closed_days(view: View, first: dt.date, last: dt.date, words: list[str] | None = None) -> tuple[dt.date, ...]:
    """Every closed day between two days, both included; by default of the profile's own list."""
    if words is None:
        listed = view.profile.get("closed")
        words = [str(w) for w in listed] if isinstance(listed, tuple) else []
    days, why = (first + n * _DAY for n in range((last - first).days + 1)), _closed(view, words)
    return tuple(d for d in days if why(d) is not None)


def counting_of(view: View, row: Requirement, as_of: dt.date, *names: str) -> Counting:
    """How the days of a row are counted: as the first of these parameters that is given says (`count` where none is named), else plainly."""
    value = next((v for name in names or ("count",) if (v := parameter(view, row.param(name), as_of))), None)
    return Counting(str(value)) if value else Counting.DAYS


def elapsed_between(view: View, a: dt.date, b: dt.date, counting: Counting) -> int:
    """The days from one day to a later one, as they are counted; negative where *b* is earlier."""
    if counting is _DAYS:
        return (b - a).days
    first, last = min(a, b), max(a, b)
    hol = holidays(view, first, last) if counting is _WORKING else ()
    closed = closed_days(view, first, last) if counting is _OPEN else ()
    count = elapsed(first, last, counting, hol, closed)
    return count if a <= b else -count


def earliest_after(view: View, day: dt.date, number: int, counting: Counting) -> dt.date:
    """The first day that is at least *number* counted days after *day*."""
    out = day
    while elapsed_between(view, day, out, counting) < number:
        out += _DAY
    return out
