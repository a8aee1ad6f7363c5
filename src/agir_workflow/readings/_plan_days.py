"""
The calendar of a plan: which days of a span are closed, and why a day counts.

Distances are counted by the search, on its grid of days; here are only the sets of days that it is given. The guard
counts dates in another way (`workdays.elapsed`), and each looks up public holidays by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from ..facts import DOSSIER
from ..planning.holidays import holidays_from
from ..planning.problem import Counting
from ..requirements import Duration, Requirement
from ..values import Record, Value
from ..view import RUN, View
from ..when import When
from ..words import FacetId


def holidays_within(view: View, first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """The public holidays of the dossier's region, of two days and what lies between."""
    region = view.profile.get("holidays")
    return holidays_from(first, last, str(region) if region else "metropole")


def shut(view: View, first: dt.date, last: dt.date, why: Collection[str]) -> tuple[dt.date, ...]:
    """The days of a span on which nobody meets, for any of those reasons (weekend, holiday, august, closures), in order."""
    found: set[dt.date] = set()
    if "holiday" in why:
        found.update(holidays_within(view, first, last))
    if "closures" in why:
        for a, b in _closures(view):
            found.update(_span(max(a, first), min(b, last)))
    if "weekend" in why or "august" in why:
        off = {day for day in _span(first, last) if ("august" in why and day.month == 8) or ("weekend" in why and day.weekday() in (5, 6))}
        found |= off
    return tuple(sorted(found))


def usually_shut(view: View, first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """The days of a span that the profile's own list closes: those that no open day counts."""
    listed = view.profile.get("closed")
    return shut(view, first, last, {str(w) for w in listed} if isinstance(listed, tuple) else set())


def _span(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    return (dt.date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1))


def _closures(view: View) -> Iterator[tuple[dt.date, dt.date]]:
    """The periods that the profile closes, from day to day."""
    listed = view.profile.get("closures")
    for period in listed if isinstance(listed, tuple) else ():
        ends = (period.get("from"), period.get("to")) if isinstance(period, Record) else (None, None)
        if isinstance(ends[0], When) and isinstance(ends[1], When):
            yield ends[0].earliest, ends[1].latest


def sought(view: View, value: Value | None, at: dt.date) -> Value | None:
    """What a parameter comes to: itself, or what the profile, the regime or an answer says under its key; None where nothing does."""
    if not isinstance(value, Record):
        return value
    if (key := value.get("profile")) is not None:
        return view.profile.get(str(key))
    if (key := value.get("regime")) is not None:
        return view.regime.get(str(key))
    said = [i.value for i in view.at(FacetId(str(value.get("facet"))), max(at, view.start))]
    if not said or not isinstance(said[-1], str):
        return None
    try:
        length = Duration.parse(said[-1]).days
    except ValueError:
        return None
    share = value.get("percent")
    return f"{length * share // 100}d" if isinstance(share, int) else f"{length}d"


def ahead_of(view: View, row: Requirement, at: dt.date, first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """The days of a span that lie too soon before one that a row names, and those days themselves."""
    before, within = row.param("before"), sought(view, row.param("within"), at)
    if before is None or within is None:
        return
    if isinstance(before, Record) and before.get("facet") is not None:
        named = [i.value for i in view.at(FacetId(str(before.get("facet"))), max(at, view.start))]
    else:
        told = sought(view, before, at)
        named = list(told) if isinstance(told, tuple) else [told] if told is not None else []
    length = Duration.parse(str(within))
    for day in named:
        if not isinstance(day, When):
            continue
        opens = day.earliest
        if length.unit in ("d", "w"):
            opens -= dt.timedelta(days=length.days)
        else:
            opens = opens.replace(day=1)
            for _ in range(length.number * {"m": 1, "y": 12}[length.unit]):
                opens = (opens - dt.timedelta(days=1)).replace(day=1)
        yield from _span(max(opens, first), min(day.latest, last))


def left_open(view: View, row: Requirement, name: str, at: dt.date) -> bool:
    """Whether a row asks for a number that nothing gives: then it binds nothing."""
    return row.param(name) is not None and sought(view, row.param(name), at) is None


def length_of(view: View, row: Requirement, name: str, at: dt.date) -> int | None:
    """A bound of a distance, in days of its counting; None where the row has none."""
    value = sought(view, row.param(name), at)
    length = Duration.parse(str(value)) if value else None
    return None if length is None else length.longest if name == "max" else length.shortest


def counted_in(view: View, row: Requirement, at: dt.date) -> Counting:
    value = sought(view, row.param("count"), at)
    return Counting(str(value)) if value else Counting.DAYS


def gone_by(view: View, since: dt.date, until: dt.date, counting: Counting, at: dt.date) -> int:
    """How many days of a longest distance are used up from one day to another: those on which the project rested are not."""
    rest = _resting(view, at)
    if not rest and counting is Counting.DAYS:
        return (until - since).days
    return sum(day not in rest for day in _counted(view, since, until, counting)) - (counting is Counting.CLEAR)


def last_in_time(view: View, since: dt.date, most: int, counting: Counting, at: dt.date) -> dt.date:
    """The last day that lies within a longest distance of a day that is past."""
    rest, used = _resting(view, at), -(counting is Counting.CLEAR)
    for day in _counted(view, since, since + dt.timedelta(days=20 * most + 400 + len(rest)), counting):
        used += day not in rest
        if used > most:
            return day - dt.timedelta(days=1)
    return dt.date.max


def rested(view: View, since: dt.date, counting: Counting, at: dt.date) -> int:
    """By how many days a longest distance from a day that is past grows, since the project rested after it."""
    rest = _resting(view, at)
    return sum(day in rest for day in _counted(view, since, max(rest), counting)) if rest else 0


def _counted(view: View, since: dt.date, until: dt.date, counting: Counting) -> Iterator[dt.date]:
    """The days after one and up to another that a counting counts (of clear days, the last too)."""
    off: Collection[dt.date] = ()
    if counting is Counting.WORKING:
        off = set(shut(view, since, until, {"weekend", "holiday"}))
    elif counting is Counting.OPEN:
        off = set(usually_shut(view, since, until))
    return (day for day in _span(since, until) if day > since and day not in off)


def _resting(view: View, at: dt.date) -> set[dt.date]:
    """The days after a suspension and up to its end, or up to *at*: of one whose days are rough those that are sure."""
    told = [s for s in view.states.get((RUN, DOSSIER), ()) if s.on.earliest <= at]
    ends = [*(s.on.earliest for s in told[1:]), at]
    return {day for s, end in zip(told, ends, strict=True) if s.state == "suspended" for day in _span(s.on.latest, end) if day > s.on.latest} if told else set()
