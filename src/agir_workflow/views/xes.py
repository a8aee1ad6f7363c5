"""
Event logs: XES (IEEE 1849) and CSV, either compressed by gzip or not.

An activity is the `concept:name` of an event, every event whatever its lifecycle. In CSV: a header
with `case` and `activity`, and `time` where events are to be put in its order.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import attrs

from ..words import Text
from ._xml import Faults, LogError, chunks_of, pump

_COLUMNS = {
    "case": ("case", "case:concept:name", "case_id"),
    "activity": ("activity", "concept:name"),
    "time": ("time", "time:timestamp", "timestamp"),
}


@attrs.frozen
class Case:
    """One trace of a log: its name, or its number in the log, and its activities in order."""

    id: str
    activities: tuple[str, ...]


def read_log(path: str | Path) -> tuple[Case, ...]:
    """
    The traces of a log in the order of the file; LogError with the faults and their lines.

    A file is CSV where its name says so (`.csv`, `.csv.gz`), else XES. Cases of one variant share
    one tuple, so that a large log of few variants stays small.
    """
    faults = Faults(path, LogError)
    read = _csv if faults.file.lower().removesuffix(".gz").endswith(".csv") else _xes
    known: dict[tuple[str, ...], tuple[str, ...]] = {}
    cases = tuple(Case(id, known.setdefault(found, found)) for id, found in read(path, faults))
    faults.tell()
    return cases


# -- XES ---------------------------------------------------------------------------------------------


class _Xes:
    """Where one is in the file: `at` are the elements around, `ready` the traces that are complete."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.at: list[str] = []
        self.ready: list[tuple[str, tuple[str, ...]]] = []
        self.count = 0
        self.case: str | None = None
        self.event: str | None = None
        self.line = 0
        self.activities: list[str] = []
        self.names: dict[str, str] = {}

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
                self.faults.add("event", Text("un événement hors d'une trace", "an event outside a trace"), Text("le mettre dans une <trace>", "put it into a <trace>"), line)
        elif found.get("key") == "concept:name" and around in ("trace", "event"):
            if around == "trace":
                self.case = found.get("value", "")
            else:
                self.event = found.get("value", "")

    def end(self, tag: str) -> None:
        self.at.pop()
        if tag == "event":
            if not self.event:
                self.faults.add("event", Text("un événement sans concept:name", "an event without a concept:name"),
                                Text('ajouter <string key="concept:name" value="…"/>', 'add <string key="concept:name" value="…"/>'), self.line)  # fmt: skip
            else:
                self.activities.append(self.names.setdefault(self.event, self.event))
        elif tag == "trace":
            self.count += 1
            self.ready.append((self.case or str(self.count), tuple(self.activities)))


def _xes(path: str | Path, faults: Faults) -> Iterator[tuple[str, tuple[str, ...]]]:
    reader = _Xes(faults)
    for _ in pump(path, faults, reader.start, reader.end):
        yield from reader.ready
        reader.ready.clear()


# -- CSV ---------------------------------------------------------------------------------------------


def _text(path: str | Path, faults: Faults) -> str:
    data = b"".join(chunks_of(path, faults))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        faults.add("(file)", Text(f"attendu : de l'UTF-8 ; trouvé : l'octet 0x{data[exc.start]:02X}", f"expected UTF-8, found the byte 0x{data[exc.start]:02X}"),
                   Text("enregistrer le fichier en UTF-8", "save the file as UTF-8"), data.count(b"\n", 0, exc.start) + 1)  # fmt: skip
        faults.tell()
        raise AssertionError from exc


def _csv(path: str | Path, faults: Faults) -> Iterator[tuple[str, tuple[str, ...]]]:
    text = _text(path, faults)
    head = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",", strict=True)
    cases: dict[str, list[tuple[dt.datetime | None, str]]] = {}
    try:
        columns = _header(next(rows, []), faults)
        for row in rows:
            if row and (found := _row(row, columns, rows.line_num, faults)):
                cases.setdefault(found[0], []).append(found[1:])
    except csv.Error as exc:
        faults.add("(file)", Text(f"CSV illisible ({exc})", f"unreadable CSV ({exc})"), Text("corriger les guillemets de cette ligne", "mend the quotes of that line"), rows.line_num)
        faults.tell()
    for case, events in cases.items():
        if "time" in columns:
            try:
                events.sort(key=lambda e: e[0] or dt.datetime.min)
            except TypeError:
                faults.add("time", Text(f"le cas « {case} » mêle des heures avec et sans fuseau", f"the case '{case}' mixes times with and without a zone"),
                           Text("écrire le fuseau partout, ou nulle part", "write the zone everywhere, or nowhere"))  # fmt: skip
        yield case, tuple(activity for _, activity in events)


def _header(row: list[str], faults: Faults) -> dict[str, int]:
    found = {what: row.index(name) for what, names in _COLUMNS.items() for name in names[::-1] if name in row}
    for what in ("case", "activity"):
        if what not in found:
            faults.add(what, Text(f"il manque la colonne « {what} »", f"the column '{what}' is missing"), Text("écrire l'en-tête case,activity,time", "write the header case,activity,time"), 1)
    faults.tell()
    return found


def _row(row: list[str], columns: dict[str, int], line: int, faults: Faults) -> tuple[str, dt.datetime | None, str] | None:
    said = {what: row[at] if at < len(row) else "" for what, at in columns.items()}
    for what in columns:
        if not said[what].strip():
            faults.add(what, Text(f"la colonne « {what} » est vide", f"the column '{what}' is empty"), Text("la remplir, ou ôter la ligne", "fill it, or remove the line"), line)
            return None
    when = None
    if "time" in said:
        try:
            when = dt.datetime.fromisoformat(said["time"].strip())
        except ValueError:
            faults.add("time", Text(f"heure illisible : « {said['time'][:40]} »", f"unreadable time: '{said['time'][:40]}'"), Text("écrire 2012-05-14T09:00:00", "write 2012-05-14T09:00:00"), line)
            return None
    return said["case"], when, said["activity"]
