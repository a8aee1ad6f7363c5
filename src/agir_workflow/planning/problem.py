"""
The planning problem as data: enough for any solver, and for a judge that trusts none.

Days are civil days of the dossier's zone. A key (`CAL006 @ gt2/insertion`, `fix @ copil/lancement`,
`busy @ …`, `start`, `end`) names who asks for a constraint, so that a date and a conflict can be explained.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

import attrs

from ..when import Slot


class Status(StrEnum):
    HELD = "held"
    FIXED = "fixed"
    PLANNED = "planned"


class Counting(StrEnum):
    """
    How the days of a lag are counted.

    DAYS: calendar days; OPEN: days not closed to meetings; WORKING: Monday to Friday but public
    holidays; CLEAR (jours francs): neither the first day nor the last counts, weekends do.
    """

    DAYS = "days"
    OPEN = "open"
    WORKING = "working"
    CLEAR = "clear"


@attrs.frozen(kw_only=True)
class Hole:
    """Days on which a variable may not be, and who says so."""

    key: str
    days: tuple[dt.date, ...]


@attrs.frozen(kw_only=True)
class Variable:
    """
    A step to date. HELD and FIXED have their `day`; a FIXED one may conflict, a HELD one never.
    `prefer` is a day to keep where nothing forbids it (an adopted plan).
    """

    id: str
    status: Status = Status.PLANNED
    day: dt.date | None = None
    prefer: dt.date | None = None
    start: dt.time | None = None
    minutes: int | None = None
    holes: tuple[Hole, ...] = ()
    rank: int = 0

    def slot(self, day: dt.date) -> Slot:
        return Slot(day, self.start, self.minutes)


@attrs.frozen(kw_only=True)
class Lag:
    """`b` is at least `min` and at most `max` after `a`, counted as `count` says."""

    a: str
    b: str
    key: str
    min: int | None = None
    max: int | None = None
    count: Counting = Counting.DAYS


@attrs.frozen(kw_only=True)
class Apart:
    """No two of these overlap: another hour where hours are known, else another day."""

    members: tuple[str, ...]
    key: str


@attrs.frozen(kw_only=True)
class Choice:
    """One of these lags holds at least; the key is that of the choice, whatever its options bear."""

    options: tuple[Lag, ...]
    key: str


@attrs.frozen(kw_only=True)
class Problem:
    """
    `start` and `end` bound every planned variable. `closed` are the days without any meeting
    (for OPEN), `holidays` the public holidays within the horizon (for WORKING).
    """

    start: dt.date
    end: dt.date
    variables: tuple[Variable, ...]
    lags: tuple[Lag, ...]
    apart: tuple[Apart, ...] = ()
    choices: tuple[Choice, ...] = ()
    holidays: tuple[dt.date, ...] = ()
    closed: tuple[dt.date, ...] = ()


@attrs.frozen(kw_only=True)
class Solved:
    """A day for each variable, and the keys that hold it there."""

    days: tuple[tuple[str, dt.date], ...]
    because: tuple[tuple[str, tuple[str, ...]], ...]


@attrs.frozen(kw_only=True)
class Unsolvable:
    """
    Minimal sets of keys that exclude each other, the shortest first.

    `proved` is False where a search gave up at its limit: no plan was found, none is shown to be impossible.
    `minimal` is False where it gave up only while dropping keys: the conflict is proved, and may hold a key too many.
    """

    conflicts: tuple[tuple[str, ...], ...]
    proved: bool = True
    minimal: bool = True
