"""
Time zones: civil times that do not exist or exist twice, the rules of summer time, days in words.

The one door to pendulum and to zoneinfo. Everything is a function of its arguments and of the
machine's time zone data; nothing here asks what time it is or where the machine stands.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import zoneinfo
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

import attrs
import pendulum
from pendulum.tz.exceptions import AmbiguousTime, NonExistingTime

from .errors import CalendarError
from .words import Lang, Text

UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Universal", "Zulu"})
"""The keys that mean UTC itself: such a time is written with a Z and needs no definition of a zone."""

# `localtime` would be another zone on another machine; the zones under `right/` count leap seconds.
_NO_PLACE = re.compile(r"(localtime|posixrules|Factory)$|posix/|right/")
_EPOCH_YEAR = 1970
_YEARS_TRIED = 30  # a rule by weekday shows all its days within 28 years
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def zone_of(key: str) -> dt.tzinfo:
    """
    The time zone of an IANA key such as `Europe/Paris`.

    Raises ValueError for what is no key: an offset (`+02:00`), a path, and what the zone data hold beside the
    zones: that of the machine, and copies of them under other names.
    """
    try:
        if _NO_PLACE.match(key):
            raise ValueError(key)
        return zoneinfo.ZoneInfo("UTC" if key in UTC_NAMES else key)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{key!r} is no time zone: write an IANA name such as Europe/Paris") from None


def civil(instant: dt.datetime, key: str) -> dt.date:
    """
    The day that it is in the zone *key* at an aware *instant*; that of the instant's own zone where nobody knows the key.

    >>> civil(dt.datetime(2026, 6, 30, 22, 30, tzinfo=dt.UTC), "Europe/Paris").isoformat()
    '2026-07-01'
    """
    try:
        return instant.astimezone(zone_of(key)).date()
    except ValueError:  # told where the dossier is opened
        return instant.date()


def local(day: dt.date, start: dt.time, key: str) -> dt.datetime:
    """
    The instant at which clocks in the zone *key* show *start* on *day*, as an aware local time.

    Raises CalendarError for a time that the clocks skip in spring, and for one that they show twice
    in autumn: no guess is made. ValueError as `zone_of`.

    >>> local(dt.date(2026, 7, 1), dt.time(9), "Europe/Paris").isoformat()
    '2026-07-01T09:00:00+02:00'
    """
    zone = zone_of(key)
    naive = dt.datetime.combine(day, start.replace(tzinfo=None, fold=0))
    try:
        pendulum.timezone("UTC" if key in UTC_NAMES else key).convert(naive, raise_on_unknown_times=True)
    except NonExistingTime:
        raise CalendarError(Text(
            f"{start:%H:%M} n'existe pas le {day} ({key}), où les montres avancent ; choisir une autre heure",
            f"{start:%H:%M} on {day} does not exist in {key}: the clocks are put forward over it; choose another hour",
        )) from None  # fmt: skip
    except AmbiguousTime:
        raise CalendarError(Text(
            f"{start:%H:%M} existe deux fois le {day} ({key}), où les montres reculent ; choisir une autre heure",
            f"{start:%H:%M} on {day} exists twice in {key}: the clocks are put back over it; choose another hour",
        )) from None  # fmt: skip
    return naive.replace(tzinfo=zone)


def later(start: dt.datetime, minutes: int) -> dt.datetime:
    """
    The local time *minutes* of true time after the aware *start*, across a clock change too.

    Raises CalendarError where clocks show that time twice, because the second one cannot be written.

    >>> later(local(dt.date(2026, 3, 29), dt.time(1, 30), "Europe/Paris"), 60).isoformat()
    '2026-03-29T03:30:00+02:00'
    """
    end = (start.astimezone(dt.UTC) + dt.timedelta(minutes=minutes)).astimezone(start.tzinfo)
    if end.utcoffset() != end.replace(fold=1 - end.fold).utcoffset():
        raise CalendarError(Text(
            f"{minutes} minutes après {start:%Y-%m-%d %H:%M}, il est {end:%H:%M}, qui existe deux fois ce jour-là ; choisir une autre heure ou durée",
            f"{minutes} minutes after {start:%Y-%m-%d %H:%M} the clocks show {end:%H:%M}, which exists twice that day; choose another hour or length",
        ))  # fmt: skip
    return end


def minutes_between(start: dt.datetime, end: dt.datetime) -> int:
    """The whole minutes of true time from *start* to *end*, both aware or both without zone."""
    if start.tzinfo is not None and end.tzinfo is not None:
        start, end = start.astimezone(dt.UTC), end.astimezone(dt.UTC)
    return int((end - start) / dt.timedelta(minutes=1))


def day_in_words(day: dt.date, lang: Lang) -> str:
    """
    A day as it is said, without a comma.

    >>> day_in_words(dt.date(2026, 9, 1), "fr"), day_in_words(dt.date(2026, 9, 1), "en")
    ('mardi 1er septembre 2026', 'Tuesday 1 September 2026')
    """
    first = "Do" if lang == "fr" and day.day == 1 else "D"
    return pendulum.date(day.year, day.month, day.day).format(f"dddd {first} MMMM YYYY", locale=lang)


def time_in_words(start: dt.time, lang: Lang) -> str:
    """
    An hour of the day as it is written.

    >>> time_in_words(dt.time(9, 5), "fr"), time_in_words(dt.time(14), "fr"), time_in_words(dt.time(14), "en")
    ('9 h 05', '14 h', '14:00')
    """
    if lang == "en":
        return f"{start:%H:%M}"
    return f"{start.hour} h {start.minute:02d}" if start.minute else f"{start.hour} h"


@attrs.frozen(kw_only=True)
class Onset:
    """
    When an offset begins to hold: an observance of RFC 5545 §3.6.5.

    `start` is the local time shown just before (in `offset_from`); `rule` the parts of a yearly
    RRULE in order, or nothing for a single onset. Offsets are east of Greenwich.
    """

    summer: bool
    start: dt.datetime
    offset_from: dt.timedelta
    offset_to: dt.timedelta
    name: str
    rule: tuple[tuple[str, tuple[str | int, ...]], ...] = ()


@attrs.frozen
class _Change:
    """A change of offset; `wall` is the local time that the clocks showed as it came."""

    wall: dt.datetime
    before: dt.timedelta
    after: dt.timedelta
    name: str


@attrs.frozen
class _Yearly:
    """What the changes of one month have in common, year after year."""

    month: int
    weekday: int
    time: dt.time
    before: dt.timedelta
    after: dt.timedelta
    place: Literal["last", "nth", "from"]
    first: int

    def holds(self, change: _Change) -> bool:
        wall = change.wall
        same = (wall.month, wall.weekday(), wall.time()) == (self.month, self.weekday, self.time)
        return same and (change.before, change.after) == (self.before, self.after) and self._in_place(wall.date())

    def _in_place(self, day: dt.date) -> bool:
        if self.place == "last":
            return day.day > calendar.monthrange(day.year, day.month)[1] - 7
        return self.first <= day.day < self.first + 7

    @property
    def rule(self) -> tuple[tuple[str, tuple[str | int, ...]], ...]:
        day = _WEEKDAYS[self.weekday]
        lead: tuple[tuple[str, tuple[str | int, ...]], ...] = (("FREQ", ("YEARLY",)), ("BYMONTH", (self.month,)))
        match self.place:
            case "last":
                return (*lead, ("BYDAY", (f"-1{day}",)))
            case "nth":
                return (*lead, ("BYDAY", (f"{(self.first + 6) // 7}{day}",)))
            case "from":
                return (*lead, ("BYMONTHDAY", tuple(range(self.first, self.first + 7))), ("BYDAY", (day,)))


@lru_cache(maxsize=256)
def onsets(key: str, first: int, last: int) -> tuple[Onset, ...]:
    """
    What a reader who knows nothing of the zone *key* needs for every day of the years *first* to *last*.

    Where summer time follows a yearly rule that is good from then on: two onsets, each with its
    rule and begun in the first year it held without a break (summer first). Where the zone
    has no summer time: one onset, in 1970. Else every change, one by one. Raises ValueError as `zone_of`.

    >>> [(o.start.isoformat(), dict(o.rule)["BYDAY"]) for o in onsets("Europe/Paris", 2026, 2026)]
    [('1981-03-29T02:00:00', ('-1SU',)), ('1996-10-27T03:00:00', ('-1SU',))]
    """
    if last < first:
        raise ValueError(f"the years {first} to {last} run backwards")
    zone = zone_of(key)
    begin, end = max(1, first - 1), min(9998, last + 1)
    tried = min(9998, max(end, begin + _YEARS_TRIED))
    changes = _changes(zone, begin, tried)
    if not changes:
        return (_still(zone, begin, min(_EPOCH_YEAR, begin)),)
    rules = _rules(changes, range(begin, tried + 1))
    if rules:
        found = (_earliest(zone, rule, begin, changes) for rule in rules)
        return tuple(sorted(found, key=lambda o: (not o.summer, o.start)))
    single = (
        Onset(summer=c.after > c.before, start=c.wall, offset_from=c.before, offset_to=c.after, name=c.name)
        for c in changes
        if c.wall.year <= end
    )
    return (_still(zone, begin, begin), *single)


def _still(zone: dt.tzinfo, year: int, since: int) -> Onset:
    """The offset that holds as *year* begins, as if it had been so from *since* on."""
    then = dt.datetime(year, 1, 1, tzinfo=dt.UTC).astimezone(zone)
    offset = then.utcoffset() or dt.timedelta(0)
    name = then.tzname() or ""
    return Onset(summer=False, start=dt.datetime(since, 1, 1), offset_from=offset, offset_to=offset, name=name)


def _changes(zone: dt.tzinfo, first: int, last: int) -> tuple[_Change, ...]:
    """Every change of offset in the years *first* to *last*, in order."""

    def offset(seconds: int) -> dt.timedelta:
        return _at(zone, seconds).utcoffset() or dt.timedelta(0)

    day = 86_400
    begin = int(dt.datetime(first, 1, 1, tzinfo=dt.UTC).timestamp())
    end = int(dt.datetime(last + 1, 1, 1, tzinfo=dt.UTC).timestamp())
    found: list[_Change] = []
    known = offset(begin)
    for seconds in range(begin, end, day):
        if (new := offset(seconds + day)) != known:
            instant = _bisect(offset, seconds, seconds + day)
            now = _at(zone, instant)
            wall = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=instant) + known
            found.append(_Change(wall, known, new, now.tzname() or ""))
            known = new
    return tuple(found)


def _at(zone: dt.tzinfo, seconds: int) -> dt.datetime:
    return (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)).astimezone(zone)


def _bisect(offset: Callable[[int], dt.timedelta], low: int, high: int) -> int:
    """The first second of (low, high] at which the offset is no longer what it was at *low*."""
    old = offset(low)
    while high - low > 1:
        middle = (low + high) // 2
        if offset(middle) == old:
            low = middle
        else:
            high = middle
    return high


def _rules(changes: tuple[_Change, ...], years: range) -> tuple[_Yearly, ...]:
    """The two yearly rules that give exactly these changes in these years; nothing where there are none."""
    by_month: dict[int, list[_Change]] = {}
    for change in changes:
        by_month.setdefault(change.wall.month, []).append(change)
    rules: list[_Yearly] = []
    for month, ones in sorted(by_month.items()):
        lead = ones[0]
        if [c.wall.year for c in ones] != list(years):
            return ()
        rule = _Yearly(month, lead.wall.weekday(), lead.wall.time(), lead.before, lead.after, *_place(ones))
        if not all(rule.holds(c) for c in ones):
            return ()
        rules.append(rule)
    return tuple(rules) if len(rules) == 2 else ()


def _place(ones: list[_Change]) -> tuple[Literal["last", "nth", "from"], int]:
    """Which week of the month they fall in; the first day of the month on which they may."""
    days = [c.wall.date() for c in ones]
    if all(d.day > calendar.monthrange(d.year, d.month)[1] - 7 for d in days):
        return "last", 0
    first = min(d.day for d in days)
    return ("nth" if first % 7 == 1 else "from"), first


def _earliest(zone: dt.tzinfo, rule: _Yearly, begin: int, changes: tuple[_Change, ...]) -> Onset:
    """The rule as an onset that begins in the first year since which it has held without a break."""
    found = next(c for c in changes if rule.holds(c))
    for year in range(begin - 1, _EPOCH_YEAR - 1, -1):
        earlier = [c for c in _changes(zone, year, year) if rule.holds(c)]
        if not earlier:
            break
        found = earlier[0]
    return Onset(
        summer=rule.after > rule.before, start=found.wall, offset_from=rule.before, offset_to=rule.after,
        name=next(c.name for c in changes if rule.holds(c)), rule=rule.rule,
    )  # fmt: skip
