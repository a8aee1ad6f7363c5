"""
Working days, public holidays and clear days: how days are counted between two others.

A door to `jours-feries-france`; the planner has its own (`planning.holidays`). Pure: nothing here reads
the clock. School holidays and other closures are not known here: they come in as lists of days.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Collection
from typing import assert_never

from jours_feries_france import JoursFeries  # type: ignore[import-untyped]

from .planning.problem import Counting
from .values import Record

# Before it the package adds to an Easter that it does not give.
_FIRST_YEAR = 1886


def _slug(zone: str) -> str:
    plain = unicodedata.normalize("NFKD", zone).encode("ascii", "ignore").decode()
    return plain.lower().replace(" ", "-")


_ZONES: dict[str, str] = {_slug(zone): zone for zone in JoursFeries.ZONES}

REGIONS: tuple[str, ...] = tuple(_ZONES)
"""The regions whose public holidays are known, as `public_holidays` takes them."""

_MAINLAND = "metropole"
_OVERSEAS = {
    "America/Cayenne": "guyane", "America/Guadeloupe": "guadeloupe", "America/Marigot": "saint-martin", "America/Martinique": "martinique",
    "America/Miquelon": "saint-pierre-et-miquelon", "America/St_Barthelemy": "saint-barthelemy", "Indian/Mayotte": "mayotte", "Indian/Reunion": "la-reunion",
    "Pacific/Gambier": "polynesie-francaise", "Pacific/Marquesas": "polynesie-francaise", "Pacific/Noumea": "nouvelle-caledonie", "Pacific/Tahiti": "polynesie-francaise",
    "Pacific/Wallis": "wallis-et-futuna",
}  # fmt: skip


def in_zone(profile: Record, zone: str) -> Record:
    """
    A profile as it holds where a dossier is: of a territory overseas its own public holidays, where the profile names the mainland's or none.

    >>> in_zone(Record((("holidays", "metropole"),)), "Indian/Reunion").get("holidays")
    'la-reunion'
    """
    own = _OVERSEAS.get(zone)
    if own is None or profile.get("holidays") not in (None, _MAINLAND):
        return profile
    return Record((*((k, v) for k, v in profile if k != "holidays"), ("holidays", own)))


def public_holidays(first: dt.date, last: dt.date, region: str = "metropole") -> tuple[dt.date, ...]:
    """
    The public holidays from *first* to *last*, both included, in order, each once.

    *region* is one of `REGIONS`; ValueError, naming them, for any other, and for days before 1886.
    Those of the State are in every region; local ones as far as the package knows them (Alsace-Moselle
    has two, seven overseas regions the abolition of slavery; 24 September in Nouvelle-Calédonie is not known).

    >>> [str(day) for day in public_holidays(dt.date(2026, 5, 1), dt.date(2026, 5, 31))]
    ['2026-05-01', '2026-05-08', '2026-05-14', '2026-05-25']
    >>> [str(day) for day in public_holidays(dt.date(2026, 12, 25), dt.date(2026, 12, 31), "alsace-moselle")]
    ['2026-12-25', '2026-12-26']
    """
    if region not in _ZONES:
        raise ValueError(f"no region {region!r}: the known ones are {', '.join(REGIONS)}")
    if first.year < _FIRST_YEAR:
        raise ValueError(f"public holidays are known from {_FIRST_YEAR} on, not for {first}")
    found: set[dt.date] = set()
    for year in range(first.year, last.year + 1):
        found.update(JoursFeries.for_year(year, _ZONES[region]).values())
    return tuple(sorted(day for day in found if first <= day <= last))


def elapsed(
    a: dt.date,
    b: dt.date,
    counting: Counting,
    holidays: Collection[dt.date] = (),
    closed: Collection[dt.date] = (),
) -> int:
    """
    The number of days from *a* to *b*, in days of *counting*.

    DAYS: calendar days; WORKING: Monday to Friday without *holidays*, in (a, b]; OPEN: days not in
    *closed*, in (a, b] (*closed* holds the weekends and holidays too, where they are closed); CLEAR
    (jours francs): the days strictly between, weekends included. Where *b* is earlier than *a* the
    count of (b, a] is given with a minus sign (CLEAR goes on below: 0 the next day, -1 the same day,
    -2 the day before), so that a later *b* or an earlier *a* never counts less.

    Three clear days: sent on Monday the 7th, held on Friday the 11th at the earliest; for a meeting
    on Monday the 14th, sent on Thursday the 10th at the latest.

    >>> elapsed(dt.date(2026, 9, 7), dt.date(2026, 9, 11), Counting.CLEAR)
    3
    >>> elapsed(dt.date(2026, 9, 10), dt.date(2026, 9, 14), Counting.CLEAR)
    3
    >>> elapsed(dt.date(2026, 9, 7), dt.date(2026, 9, 10), Counting.CLEAR)
    2
    >>> elapsed(dt.date(2026, 9, 11), dt.date(2026, 9, 14), Counting.CLEAR)
    2
    """
    match counting:
        case Counting.DAYS:
            return (b - a).days
        case Counting.CLEAR:
            return (b - a).days - 1
        case Counting.WORKING | Counting.OPEN:
            if b < a:
                return -elapsed(b, a, counting, holidays, closed)
            if counting is Counting.OPEN:
                return (b - a).days - sum(a < day <= b for day in set(closed))
            lost = sum(a < day <= b and day.isoweekday() <= 5 for day in set(holidays))
            return _weekdays(b) - _weekdays(a) - lost
        case _:
            assert_never(counting)


def _weekdays(day: dt.date) -> int:
    """Monday to Friday from the first Monday of the calendar (1 January of year 1) to *day* included."""
    weeks, rest = divmod(day.toordinal(), 7)
    return 5 * weeks + min(rest, 5)
