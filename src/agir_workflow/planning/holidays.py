"""
The public holidays of a plan: the planner's own look-up in the table of `jours-feries-france`.

The second door to that library. The guard reads the table through `workdays`; were there one door for both, a
mistake in it would close the same wrong days for the plan and for who judges it, and nothing could tell.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from functools import lru_cache

from jours_feries_france import JoursFeries  # type: ignore[import-untyped]


def holidays_from(first: dt.date, last: dt.date, region: str) -> tuple[dt.date, ...]:
    """
    The public holidays of a region (as the profile names it) between two days, both included, in order, each once.

    ValueError for a region that the table does not have.

    >>> [str(day) for day in holidays_from(dt.date(2026, 12, 25), dt.date(2027, 1, 1), "alsace-moselle")]
    ['2026-12-25', '2026-12-26', '2027-01-01']
    """
    found: list[dt.date] = []
    for year in range(first.year, last.year + 1):
        found += [day for day in _within_year(year, region) if first <= day <= last]
    return tuple(found)


@lru_cache(maxsize=64)
def _within_year(year: int, region: str) -> list[dt.date]:
    zone = next((z for z in JoursFeries.ZONES if _unaccented(z) == region), None)
    if zone is None:
        raise ValueError(f"the table of public holidays has no region {region!r}")
    return sorted(set(JoursFeries.for_year(year, zone).values()))


def _unaccented(zone: str) -> str:
    """A region of the table as a profile writes it: «La Réunion» is `la-reunion`."""
    letters = [c for c in unicodedata.normalize("NFD", zone.casefold()) if not unicodedata.combining(c)]
    return "-".join("".join(letters).split())
