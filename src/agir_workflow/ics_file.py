"""
A calendar given to the planner: every fault of the file with its line, then the days it takes.

`views.ics_read` says what an entry is; here is what a person has to be told about the file.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import attrs

from .doorstep import FIRST, LAST, decoded, file_bytes, shown
from .errors import CalendarError, DossierError, Fault
from .views.ics_read import CalendarItem, read_ics
from .words import Text

_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")
_DAYS = re.compile(r"\+?P(\d{1,5})([DW])")
_DATED = ("DTSTART", "DTEND", "DUE")
_EXPORT = Text("exporter de nouveau l'agenda en .ics", "export the calendar again as .ics")


@attrs.define
class _Entry:
    """A VEVENT or VTODO as it is written: its UID, the line and value of its dates."""

    name: str
    line: int
    uid: str = ""
    dates: dict[str, tuple[int, str, str]] = attrs.field(factory=dict)
    repeats: int | None = None


@attrs.frozen
class Busy:
    """The days on which a calendar lets nobody meet; the lines of repetitions that were not unfolded."""

    days: tuple[dt.date, ...]
    repeated: tuple[int, ...]


def busy_days(path: str, zone: str) -> Busy:
    """
    The days that the events of a calendar file take, in the zone *zone*; to-dos and cancelled events take none.

    Raises DossierError with every fault of the file, each with its line.
    """
    data, fault = file_bytes(path)
    if fault is not None:
        raise DossierError((fault,))
    entries, items = _read(data, path, zone)
    days: set[dt.date] = set()
    for entry, item in zip(entries, items, strict=False):
        if not item.cancelled and not item.is_todo:
            days.update(_taken(entry, item))
    return Busy(tuple(sorted(d for d in days if FIRST <= d <= LAST)), tuple(e.repeats for e in entries if e.repeats))


def read_calendar(data: bytes, path: str, zone: str) -> tuple[CalendarItem, ...]:
    """What the bytes of a calendar file hold, its times told in the zone *zone*; DossierError with every fault of the file."""
    return _read(data, path, zone)[1]


def _read(data: bytes, path: str, zone: str) -> tuple[list[_Entry], tuple[CalendarItem, ...]]:
    text, fault = decoded(data, path)
    if fault is not None:
        raise DossierError((fault,))
    faults: list[Fault] = []
    entries = list(_entries(text, path, faults))
    message = re.search(r"^METHOD[;:]", text, re.M | re.I) is not None  # RFC 5545 §3.6.1: a message may leave DTSTART out
    for entry in entries:
        faults += _date_faults(entry, path, message)
    if faults:
        raise DossierError(tuple(sorted(faults, key=lambda f: f.line or 0)))
    try:
        items = read_ics(data, zone=zone)
    except CalendarError as exc:
        line = next((e.line for e in entries if exc.to("en").startswith((f"the {e.name} {e.uid}: ", f"a {e.name} {'with' if e.uid else 'without'} UID: "))), 1)
        fr, en = shown(exc.to("fr"), 200), shown(exc.to("en"), 200)
        raise DossierError((Fault("(file)", Text(f"attendu : un calendrier iCalendar ; trouvé : {fr}", f"expected an iCalendar file, found: {en}"), _EXPORT, line, path),)) from None
    return entries, items


def name_of(path: str) -> str:
    """The name of a calendar in the key `busy @ NAME`: that of its file."""
    return Path(path).stem


def _taken(entry: _Entry, item: CalendarItem) -> Iterator[dt.date]:
    """From the first day of an event to its last; DTEND of a whole day is the day after it (RFC 5545 §3.6.1)."""
    if item.day is None:
        return
    last = item.day
    end = entry.dates.get("DTEND")
    if item.start is not None and item.minutes:
        moment = dt.datetime.combine(item.day, item.start) + dt.timedelta(minutes=min(item.minutes, 600_000))
        last = (moment - dt.timedelta(microseconds=1)).date()
    elif item.start is None and end is not None:
        found = _DATE.fullmatch(end[2])
        assert found is not None, "judged before"
        last = dt.date(int(found[1]), int(found[2]), int(found[3])) - dt.timedelta(days=1)
    elif item.start is None and (lasts := _DAYS.fullmatch(entry.dates.get("DURATION", (0, "", ""))[2])):
        last = item.day + dt.timedelta(days=min(int(lasts[1]) * (7 if lasts[2] == "W" else 1), 4000) - 1)
    day = item.day
    yield day
    while day < min(last, LAST):
        day += dt.timedelta(days=1)
        yield day


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Content lines with the number of their first physical line (RFC 5545 §3.1: a blank at the start goes on)."""
    number, so_far = 0, ""
    for n, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if line[:1] in (" ", "\t") and number:
            so_far += line[1:]
            continue
        if so_far:
            yield number, so_far
        number, so_far = n, line
    if so_far:
        yield number, so_far


def _entries(text: str, path: str, faults: list[Fault]) -> Iterator[_Entry]:
    """The events and to-dos of a text, in their order; what is not nested as it should be goes to *faults*."""

    def fault(line: int, where: str, expected: str, found: str) -> None:
        faults.append(Fault(where, Text(f"attendu : {expected} ; trouvé : {shown(found)}", f"expected {expected}, found {shown(found)}"), _EXPORT, line, path))

    open_: list[tuple[str, int]] = []
    entry: _Entry | None = None
    last, roots = 1, 0
    for number, line in _lines(text):
        last = number
        if not line.strip():
            continue
        head, colon, value = _cut(line)
        name = head.partition(";")[0].strip().upper()
        word = value.strip().upper()
        if not open_ and (name, word) != ("BEGIN", "VCALENDAR"):
            fault(number, "(file)", "BEGIN:VCALENDAR", line.strip())
            return
        if not colon:
            fault(number, ".".join(n for n, _ in open_) or "(file)", "NAME:VALUE", line.strip())
        elif name == "BEGIN":
            roots += not open_
            open_.append((word, number))
            if word in ("VEVENT", "VTODO"):
                entry = _Entry(word, number)
                yield entry
        elif name == "END":
            if open_[-1][0] != word:
                fault(number, ".".join(n for n, _ in open_), f"END:{open_[-1][0]}", line.strip())
                return
            open_.pop()
        elif entry and open_[-1][0] == entry.name and name in (*_DATED, "DURATION"):
            entry.dates.setdefault(name, (number, head, value.strip()))
        elif entry and open_[-1][0] == entry.name and name == "UID":
            entry.uid = entry.uid or value.strip()
        elif entry and open_[-1][0] == entry.name and name in ("RRULE", "RDATE"):
            entry.repeats = entry.repeats or number
    for name, begun in reversed(open_):
        fault(last, f"{name} (l. {begun})", f"END:{name}", "—")
    if not roots:
        fault(1, "(file)", "BEGIN:VCALENDAR", "—")


def _cut(line: str) -> tuple[str, str, str]:
    """Name and parameters, colon, value: the first colon outside quotes."""
    quoted = False
    for n, c in enumerate(line):
        if c == '"':
            quoted = not quoted
        elif c == ":" and not quoted:
            return line[:n], ":", line[n + 1 :]
    return line, "", ""


def _date_faults(entry: _Entry, path: str, message: bool) -> Iterator[Fault]:
    moments: dict[str, dt.datetime] = {}
    for name, (line, _, value) in entry.dates.items():
        if name == "DURATION":
            continue
        found = _DATE.fullmatch(value)
        moment = _moment(found) if found else None
        if moment is None:
            yield Fault(f"{entry.name}.{name}", Text(f"attendu : un jour qui existe ; trouvé : « {shown(value)} »", f"expected a day that exists, found '{shown(value)}'"),
                        Text(f"écrire {name};VALUE=DATE:20120514", f"write {name};VALUE=DATE:20120514"), line, path)  # fmt: skip
        elif not FIRST <= moment.date() <= LAST:
            yield Fault(f"{entry.name}.{name}", Text(f"attendu : une date de {FIRST.year} à {LAST.year} ; trouvé : {moment.date()}", f"expected a date from {FIRST.year} to {LAST.year}, found {moment.date()}"),
                        Text("corriger l'année", "mend the year"), line, path)  # fmt: skip
        else:
            moments[name] = moment
    if "DTSTART" not in entry.dates and entry.name == "VEVENT" and not message:
        yield Fault(f"{entry.name}.DTSTART", Text("attendu : DTSTART ; trouvé : rien", "expected DTSTART, found nothing"),
                    Text("ajouter DTSTART;VALUE=DATE:20120514", "add DTSTART;VALUE=DATE:20120514"), entry.line, path)  # fmt: skip
    first, last = moments.get("DTSTART"), moments.get("DTEND")
    heads = [entry.dates[n][1].partition(";")[2] for n in ("DTSTART", "DTEND") if n in entry.dates]
    if first and last and last < first and len(set(heads)) == 1:
        yield Fault(f"{entry.name}.DTEND", Text(f"attendu : une fin après le début, {first:%Y-%m-%d %H:%M} ; trouvé : {last:%Y-%m-%d %H:%M}", f"expected an end after the start, {first:%Y-%m-%d %H:%M}, found {last:%Y-%m-%d %H:%M}"),
                    Text("inverser DTSTART et DTEND", "swap DTSTART and DTEND"), entry.dates["DTEND"][0], path)  # fmt: skip


def _moment(found: re.Match[str]) -> dt.datetime | None:
    year, month, day, hour, minute, second = (int(g or 0) for g in found.groups()[:6])
    try:
        return dt.datetime(year, month, day, hour, minute, min(second, 59))
    except ValueError:
        return None
