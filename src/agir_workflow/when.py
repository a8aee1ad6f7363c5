"""
Days, and days known only roughly.

A fact of the field is often dated «mai 2018» or «premier semestre 2012». `When` keeps both
ends; a comparison is three-valued: `None` means that the dates are too coarse to tell.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

import attrs


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def civil_day(day: dt.date) -> dt.date:
    """The day itself; TypeError for a `datetime`, which is a `date` to Python, and whose hour would be lost or compared with nothing."""
    if isinstance(day, dt.datetime) or not isinstance(day, dt.date):
        raise TypeError(f"expected a civil day (datetime.date), found {day!r}")
    return day


@attrs.frozen(order=False, weakref_slot=False)
class When:
    """
    A civil day, or an interval of days that holds the true one.

    Both ends are included. Local to the dossier's time zone. TypeError for an instant, ValueError where it ends before it begins.
    """

    earliest: dt.date
    latest: dt.date = attrs.field()

    @latest.default
    def _same_day(self) -> dt.date:
        return self.earliest

    def __attrs_post_init__(self) -> None:
        if type(self.earliest) is not dt.date or type(self.latest) is not dt.date:
            civil_day(self.earliest), civil_day(self.latest)
        if self.latest < self.earliest:
            raise ValueError(f"an interval ends on {self.latest}, before it begins on {self.earliest}")

    @property
    def is_day(self) -> bool:
        return self.earliest == self.latest

    def before(self, other: When) -> bool | None:
        """Whether this day is strictly earlier; None where the dates are too coarse to tell."""
        if self.latest < other.earliest:
            return True
        if self.earliest >= other.latest:
            return False
        return None

    def not_after(self, other: When) -> bool | None:
        """Whether this day is earlier or the same; None where the dates are too coarse to tell."""
        later = other.before(self)
        return None if later is None else not later

    @classmethod
    def parse(cls, text: str) -> When:
        """
        Read `2012-05-14`, `2012-05`, `2012-Q2`, `2012-S1`, `2012` or `2011-10-17/2011-12-02`.

        Raises ValueError with the forms that are understood.

        >>> str(When.parse("2012-S1").latest)
        '2012-06-30'
        """
        try:
            return cls._read(text)
        except (ValueError, OverflowError) as exc:
            raise ValueError(
                f"{text!r} is no date: write 2012-05-14, 2012-05, 2012-Q2, 2012-S1, 2012 or 2011-10-17/2011-12-02"
            ) from exc

    @classmethod
    def _read(cls, text: str) -> When:
        if "/" in text:
            first, last = text.split("/")
            return cls(cls._read(first).earliest, cls._read(last).latest)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return cls(dt.date.fromisoformat(text))
        if found := re.fullmatch(r"(\d{4})(?:-(?:(\d{2})|Q([1-4])|S([12])))?", text):
            year = int(found[1])
            if found[2]:
                month = int(found[2])
                return cls(dt.date(year, month, 1), _month_end(year, month))
            if found[3]:
                end = 3 * int(found[3])
                return cls(dt.date(year, end - 2, 1), _month_end(year, end))
            if found[4]:
                end = 6 * int(found[4])
                return cls(dt.date(year, end - 5, 1), _month_end(year, end))
            return cls(dt.date(year, 1, 1), dt.date(year, 12, 31))
        raise ValueError(text)

    def __str__(self) -> str:
        """The shortest form that `parse` reads back to the same value."""
        a, b = self.earliest, self.latest
        if a == b:
            return a.isoformat()
        if a.day == 1 and a.year == b.year and b == _month_end(b.year, b.month):
            span = b.month - a.month + 1
            if span == 1:
                return f"{a.year:04d}-{a.month:02d}"
            if span == 3 and a.month % 3 == 1:
                return f"{a.year:04d}-Q{b.month // 3}"
            if span == 6 and a.month % 6 == 1:
                return f"{a.year:04d}-S{b.month // 6}"
            if span == 12:
                return f"{a.year:04d}"
        return f"{a.isoformat()}/{b.isoformat()}"


@attrs.frozen(weakref_slot=False)
class Slot:
    """A meeting's place in time: a day, and its local start and length where they are known."""

    day: dt.date
    start: dt.time | None = None
    minutes: int | None = None

    def after(self, other: Slot) -> bool:
        """Whether it is on a later day, or later on the same day as far as both hours are known."""
        return self.day > other.day or (self.day == other.day and None not in (self.start, other.start) and self._from() > other._from())

    def clashes(self, other: Slot) -> bool:
        """Whether the two overlap; without hours, a shared day is an overlap, and without lengths a shared hour."""
        if self.day != other.day:
            return False
        if self.start is None or other.start is None:
            return True
        a, b = self._from(), other._from()
        return a == b or (a < b + (other.minutes or 0) and b < a + (self.minutes or 0))

    def _from(self) -> int:
        return 0 if self.start is None else self.start.hour * 60 + self.start.minute
