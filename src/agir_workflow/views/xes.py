"""
Event logs: XES (IEEE 1849) and CSV, either compressed by gzip or not, read case by case.

An activity is the `concept:name` of an event, every event whatever its lifecycle. In CSV: a header
with `case` and `activity`, and `time` where events are to be put in its order; the rows of one case
need not stand together.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import itertools
from collections.abc import Iterator
from pathlib import Path

import attrs

from ..doorstep import decoded, shown
from ..words import Text
from ._spool import ROOM, Spool
from ._xml import Faults, LogError, chunks_of, pump

_COLUMNS = {
    "case": ("case", "case:concept:name", "case_id"),
    "activity": ("activity", "concept:name"),
    "time": ("time", "time:timestamp", "timestamp"),
}
LONGEST = 1_000_000
"""Bytes of one line of CSV."""


@attrs.frozen
class Case:
    """One trace of a log: its name, or its number in the log, and its activities in order."""

    id: str
    activities: tuple[str, ...]


def read_log(path: str | Path, room: int = ROOM) -> Iterator[Case]:
    """
    The traces of a log, one after the other, in the order in which they begin in the file.

    A file is CSV where its name says so (`.csv`, `.csv.gz`), else XES. Memory is that of the longest case; the rows
    of a CSV file are sorted by their cases, and past *room* characters in a temporary file. LogError with the faults and
    their lines once all of the file is read; after the first fault no trace is given.
    """
    faults = Faults(path, LogError)
    read = _csv if faults.file.lower().removesuffix(".gz").endswith(".csv") else _xes
    for case in read(path, faults, room):
        if not faults.found:
            yield case
    faults.tell()


# -- XES ---------------------------------------------------------------------------------------------


class _Xes:
    """Where one is in the file: `at` are the elements around, `ready` the traces that are complete."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.at: list[str] = []
        self.ready: list[Case] = []
        self.count = 0
        self.case: str | None = None
        self.event: str | None = None
        self.line = 0
        self.activities: list[str] = []

    def start(self, tag: str, found: dict[str, str], line: int) -> None:
        around = self.at[-1] if self.at else ""
        self.at.append(tag)
        if not around and tag != "log":
            self.faults.add(tag, Text(f"attendu : <log> ; trouvé : <{tag}>", f"expected <log>, found <{tag}>"), Text("donner un fichier XES", "give a XES file"), line)
            self.faults.tell()
        if tag == "trace":
            self.case, self.activities = None, []
        elif tag == "event":
            self.event, self.line = None, line
            if around != "trace":
                self.faults.add("event", Text("attendu : un événement dans une trace ; trouvé : dehors", "expected an event inside a trace, found it outside"), Text("le mettre dans une <trace>", "put it into a <trace>"), line)
        elif found.get("key") == "concept:name" and around in ("trace", "event"):
            if around == "trace":
                self.case = found.get("value", "")
            else:
                if self.event is not None:
                    self.faults.add("event", Text("attendu : un seul concept:name ; trouvé : deux", "expected one concept:name, found two"), Text("ôter l'un des deux", "remove one of the two"), line)
                self.event = found.get("value", "")

    def end(self, tag: str) -> None:
        self.at.pop()
        if tag == "event":
            if not self.event:
                self.faults.add("event", Text("attendu : un concept:name ; trouvé : un événement sans nom", "expected a concept:name, found an event without one"),
                                Text('ajouter <string key="concept:name" value="…"/>', 'add <string key="concept:name" value="…"/>'), self.line)  # fmt: skip
            else:
                self.activities.append(self.event)
        elif tag == "trace":
            self.count += 1
            self.ready.append(Case(self.case or str(self.count), tuple(self.activities)))


def _xes(path: str | Path, faults: Faults, _: int) -> Iterator[Case]:
    reader = _Xes(faults)
    for _piece in pump(path, faults, reader.start, reader.end):
        yield from reader.ready
        reader.ready.clear()


# -- CSV ---------------------------------------------------------------------------------------------


def _lines(path: str | Path, faults: Faults) -> Iterator[str]:
    """The lines of a file in UTF-8, each with its end; a fault is told at once."""
    number, rest = 1, b""
    for piece in itertools.chain(chunks_of(path, faults), (b"",)):
        *whole, rest = (rest + piece).split(b"\n")
        if len(rest) > LONGEST:
            faults.add("(file)", Text(f"attendu : {LONGEST} octets au plus par ligne ; trouvé : davantage", f"expected {LONGEST} bytes a line at most, found more"),
                       Text("vérifier que c'est bien du CSV, une ligne par événement", "check that this is CSV, a line for each event"), number + len(whole))  # fmt: skip
            faults.tell()
        for data in [line + b"\n" for line in whole] if piece else [rest]:
            yield from io.StringIO(_decoded(data, number, faults), newline="")  # a carriage return alone ends a line as well
            number += 1


def _decoded(data: bytes, line: int, faults: Faults) -> str:
    if line > 1 and b"\0" not in data:
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode()
    text, fault = decoded(data, None)
    if fault is not None:
        faults.add(fault.path, fault.what, fault.mend, line)
        faults.tell()
    return text


def _csv(path: str | Path, faults: Faults, room: int) -> Iterator[Case]:
    lines = _lines(path, faults)
    head = next(lines, "")
    rows = csv.reader(itertools.chain((head,), lines), delimiter=";" if head.count(";") > head.count(",") else ",", strict=True)
    events = Spool[tuple[str, int, str, str]](room)
    try:
        columns = _header(next(rows, []), faults)
        for nth, row in enumerate(rows):
            if row and (event := _row(row, columns, rows.line_num, faults)):
                events.add((event[0], nth, *event[1:]))
    except csv.Error:
        faults.add("(file)", Text("attendu : du CSV ; trouvé : des guillemets mal fermés", "expected CSV, found quotes that are not closed well"), Text("corriger les guillemets de cette ligne", "mend the quotes of that line"), rows.line_num)
        faults.tell()
    cases = Spool[tuple[int, str, list[str]]](room)
    for case, found in itertools.groupby(events, key=lambda e: e[0]):
        cases.add(_case(case, list(found), faults))
    for _, case, activities in cases:
        yield Case(case, tuple(activities))


def _case(case: str, events: list[tuple[str, int, str, str]], faults: Faults) -> tuple[int, str, list[str]]:
    """The number of its first row, its name, and its activities in the order of their times."""
    first = events[0][1]
    try:
        events.sort(key=lambda e: dt.datetime.fromisoformat(e[2]) if e[2] else dt.datetime.min)
    except TypeError:
        faults.add("time", Text(f"le cas « {case} » mêle des heures avec et sans fuseau", f"the case '{case}' mixes times with and without a zone"),
                   Text("écrire le fuseau partout, ou nulle part", "write the zone everywhere, or nowhere"))  # fmt: skip
    return first, case, [e[3] for e in events]


def _header(row: list[str], faults: Faults) -> dict[str, int]:
    for name in dict.fromkeys(x for x in row if row.count(x) > 1 and any(x in names for names in _COLUMNS.values())):
        faults.add(name, Text(f"attendu : chaque colonne une fois ; trouvé deux fois : « {shown(name)} »", f"expected each column once, found twice: '{shown(name)}'"), Text("ôter l'une des deux", "remove one of the two"), 1)
    found = {what: row.index(name) for what, names in _COLUMNS.items() for name in names[::-1] if name in row}
    said = shown(", ".join(row))
    for what in ("case", "activity"):
        if what not in found:
            faults.add(what, Text(f"attendu : une colonne « {what} » ; trouvé : {said or '—'}", f"expected a column '{what}', found {said or '—'}"), Text("écrire l'en-tête case,activity,time", "write the header case,activity,time"), 1)
    faults.tell()
    return found


def _row(row: list[str], columns: dict[str, int], line: int, faults: Faults) -> tuple[str, str, str] | None:
    """Case, time (or nothing) and activity."""
    said = {what: row[at] if at < len(row) else "" for what, at in columns.items()}
    for what in columns:
        if not said[what].strip():
            faults.add(what, Text(f"attendu : une valeur dans « {what} » ; trouvé : rien", f"expected a value in '{what}', found nothing"), Text("la remplir, ou ôter la ligne", "fill it, or remove the line"), line)
            return None
    when = said.get("time", "").strip()
    if when:
        try:
            dt.datetime.fromisoformat(when)
        except ValueError:
            faults.add("time", Text(f"attendu : une heure qui existe ; trouvé : « {shown(said['time'], 40)} »", f"expected a time that exists, found '{shown(said['time'], 40)}'"), Text("écrire 2012-05-14T09:00:00", "write 2012-05-14T09:00:00"), line)
            return None
    return said["case"], when, said["activity"]
