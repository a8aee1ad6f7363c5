"""
An iCalendar file read back: which meeting or to-do, where it lies now, whether it still stands.

The reading twin of `ics`. It reads what any calendar wrote: what is unknown is left out, what is
broken is refused with a sentence.
"""

from __future__ import annotations

import datetime as dt
import re

import attrs
import icalendar

from ..errors import CalendarError
from ..words import Text
from ..zones import minutes_between, zone_of


@attrs.frozen(kw_only=True)
class CalendarItem:
    """
    A VEVENT or VTODO.

    `address` (X-AGIR-ID) and `verb` (X-AGIR-VERB) are None in an entry that is not ours. `day`, `start`: where
    a meeting begins and a to-do is due, in the zone `zone` (None where the file says none); `day` is None where
    the file gives no date, `start` on a whole day, `minutes` where no end is known. `sequence` is 0
    where absent (RFC 5545 §3.8.7.4). `stamp` is the day of its DTSTAMP (UTC), None where absent. `partstat` is the answer of the one attendee of a REPLY.
    """

    address: str | None
    uid: str | None
    verb: str | None
    day: dt.date | None
    start: dt.time | None
    minutes: int | None
    cancelled: bool
    sequence: int
    is_todo: bool
    summary: str
    zone: str | None = None
    method: str | None = None
    partstat: str | None = None
    stamp: dt.date | None = None


def read_ics(data: bytes, *, zone: str | None = None) -> tuple[CalendarItem, ...]:
    """
    The meetings and to-dos of an iCalendar file (RFC 5545), in the order of the file.

    Times are as the file tells them, local to its own TZID; with *zone*, an IANA key, every time that
    has a zone is told in that one. Several calendars in a row are read as one. Repetitions
    are not unfolded. Raises CalendarError for what is no iCalendar, and for an entry whose date, length or
    SEQUENCE cannot be read; ValueError for a *zone* that is none.
    """
    if zone is not None:
        zone_of(zone)
    items: list[CalendarItem] = []
    for calendar in _calendars(data):
        method = _word(calendar, "METHOD")
        for part in calendar.walk():
            if part.name in ("VEVENT", "VTODO"):
                items.append(_item(part, method.upper() if method else None, zone))
    return tuple(items)


def _calendars(data: bytes) -> list[icalendar.Component]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise _no_calendar(f"l'octet {exc.start} n'est pas de l'UTF-8 (RFC 5545 §3.1.4)", f"byte {exc.start} is not UTF-8 (RFC 5545 §3.1.4)") from None
    _check_nesting(text)
    try:
        found = icalendar.Calendar.from_ical(text, multiple=True)
    except Exception as exc:  # the package lets out what it meets: KeyError, IndexError, AttributeError…
        raise CalendarError(Text(f"ce fichier iCalendar est illisible : {_short(exc)}", f"the iCalendar file cannot be read: {_short(exc)}")) from None
    return list(found) if isinstance(found, list) else [found]


def _no_calendar(why_fr: str, why_en: str) -> CalendarError:
    return CalendarError(Text(f"pas un fichier iCalendar : {why_fr}", f"no iCalendar file: {why_en}"))


def _check_nesting(text: str) -> None:
    """The package drops what is never closed without a word: a file cut short would look whole."""
    open_: list[str] = []
    roots = 0
    for line in re.split(r"\r\n|\n|\r", re.sub(r"\r?\n[ \t]", "", text)):
        word, _, name = line.strip().upper().partition(":")
        said = repr(line.strip()[:40])
        if word == "BEGIN":
            if not open_ and name != "VCALENDAR":
                raise _no_calendar(f"il commence par {said}, non par BEGIN:VCALENDAR", f"it begins with {said}, not BEGIN:VCALENDAR")
            roots += not open_
            open_.append(name)
        elif word == "END" and (not open_ or open_.pop() != name):
            raise _no_calendar(f"{said} ferme ce qui n'était pas ouvert (RFC 5545 §3.6)", f"{said} closes what was not open (RFC 5545 §3.6)")
    if open_:
        raise CalendarError(Text(f"ce fichier iCalendar est coupé : END:{open_[-1]} y manque (RFC 5545 §3.6)", f"the iCalendar file is cut short: END:{open_[-1]} is missing (RFC 5545 §3.6)"))
    if not roots:
        raise _no_calendar("BEGIN:VCALENDAR y manque (RFC 5545 §3.4)", "BEGIN:VCALENDAR is missing (RFC 5545 §3.4)")


def _item(part: icalendar.Component, method: str | None, zone: str | None) -> CalendarItem:
    is_todo = part.name == "VTODO"
    uid = _word(part, "UID")
    name = Text(f"le {part.name} {uid}", f"the {part.name} {uid}") if uid else Text(f"un {part.name} sans UID", f"a {part.name} without UID")
    begin, due = _moment(part, "DTSTART", name), _moment(part, "DUE", name)
    at = (due or begin) if is_todo else begin
    end = None if is_todo else _moment(part, "DTEND", name)
    told = at.inside(zone) if at and zone else at
    return CalendarItem(
        address=_word(part, "X-AGIR-ID"),
        uid=uid,
        verb=_word(part, "X-AGIR-VERB"),
        day=told.day if told else None,
        start=told.start if told else None,
        minutes=None if is_todo or begin is None else _minutes(part, begin, end, name),
        cancelled=(_word(part, "STATUS") or "").upper() == "CANCELLED" or method == "CANCEL",
        sequence=_sequence(part, name),
        is_todo=is_todo,
        summary=_word(part, "SUMMARY") or "",
        zone=told.zone if told else None,
        method=method,
        partstat=_partstat(part) if method == "REPLY" else None,
        stamp=stamp.day if (stamp := _moment(part, "DTSTAMP", name)) else None,
    )


@attrs.frozen
class _Moment:
    """A day, or an instant: aware in `zone`, or floating where it has none."""

    at: dt.date | dt.datetime
    zone: str | None

    @property
    def day(self) -> dt.date:
        return self.at.date() if isinstance(self.at, dt.datetime) else self.at

    @property
    def start(self) -> dt.time | None:
        return self.at.time() if isinstance(self.at, dt.datetime) else None

    def inside(self, zone: str) -> _Moment:
        if isinstance(self.at, dt.datetime) and self.at.tzinfo is not None:
            return _Moment(self.at.astimezone(zone_of(zone)), zone)
        return self


def _broken(whose: Text, why_fr: str, why_en: str) -> CalendarError:
    return CalendarError(Text(f"{whose.fr} : {why_fr}", f"{whose.en}: {why_en}"))


def _moment(part: icalendar.Component, name: str, whose: Text) -> _Moment | None:
    value = _single(part, name, whose)
    if value is None:
        return None
    at = getattr(value, "dt", None)
    if not isinstance(at, dt.date):
        raise _broken(whose, f"{name} n'est ni un jour ni un jour et une heure (RFC 5545 §3.3.4 et §3.3.5)", f"{name} is neither a day nor a day and hour (RFC 5545 §3.3.4 and §3.3.5)")
    if not isinstance(at, dt.datetime):
        return _Moment(at, None)
    tzid = getattr(value, "params", {}).get("TZID")
    if at.tzinfo is None:
        if tzid:
            raise _broken(whose, f"le fuseau {str(tzid)!r} de son {name} n'est pas défini (RFC 5545 §3.2.19)", f"the zone {str(tzid)!r} of its {name} is not defined (RFC 5545 §3.2.19)")
        return _Moment(at, None)
    return _Moment(at, str(tzid) if tzid else "UTC")


def _minutes(part: icalendar.Component, begin: _Moment, end: _Moment | None, whose: Text) -> int | None:
    """From DTSTART to DTEND or over DURATION; None for whole days and where no end is told."""
    if not isinstance(begin.at, dt.datetime):
        return None
    duration = _single(part, "DURATION", whose)
    if end is None:
        span = getattr(duration, "dt", None)
        if duration is not None and not isinstance(span, dt.timedelta):
            raise _broken(whose, "DURATION n'est pas une durée (RFC 5545 §3.3.6)", "DURATION is no length of time (RFC 5545 §3.3.6)")
        return int(span / dt.timedelta(minutes=1)) if isinstance(span, dt.timedelta) else None
    if not isinstance(end.at, dt.datetime) or (end.at.tzinfo is None) is not (begin.at.tzinfo is None):
        raise _broken(whose, "DTEND n'est pas du genre de DTSTART (RFC 5545 §3.8.2.2)", "DTEND is not of the kind of DTSTART (RFC 5545 §3.8.2.2)")
    if (minutes := minutes_between(begin.at, end.at)) < 0:
        raise _broken(whose, "finit avant de commencer", "it ends before it begins")
    return minutes


def _sequence(part: icalendar.Component, whose: Text) -> int:
    value = _single(part, "SEQUENCE", whose)
    if value is None:
        return 0
    if not isinstance(value, int) or value < 0:
        raise _broken(whose, "SEQUENCE n'est pas un entier à partir de 0 (RFC 5545 §3.8.7.4)", "SEQUENCE is no whole number from 0 (RFC 5545 §3.8.7.4)")
    return int(value)


def _partstat(part: icalendar.Component) -> str | None:
    value = part.get("ATTENDEE")
    return str(value.params["PARTSTAT"]).upper() if hasattr(value, "params") and "PARTSTAT" in value.params else None


def _single(part: icalendar.Component, name: str, whose: Text) -> object:
    """A property that stands at most once; CalendarError where it is broken or doubled."""
    for broken, why in part.errors:
        if broken == name:
            raise _broken(whose, f"{name} est illisible : {_short(why)}", f"{name} cannot be read: {_short(why)}")
    value: object = part.get(name)
    if isinstance(value, list):
        raise _broken(whose, f"{name} y est {len(value)} fois, où une seule est admise", f"{name} stands {len(value)} times, where one is allowed")
    return value


def _word(part: icalendar.Component, name: str) -> str | None:
    """The text of a property, the first of several; None where it is absent or blank."""
    value = part.get(name)
    first = value[0] if isinstance(value, list) else value
    if first is None:
        return None
    text = str(first)
    if not isinstance(first, icalendar.vText):  # the package leaves a property that it does not know as it is written
        text = re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], text)
    return text.strip() or None


def _short(why: object) -> str:
    lines = str(why).strip().splitlines()
    return lines[0][:160] if lines else type(why).__name__
