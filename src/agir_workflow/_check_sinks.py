"""
Where the verdicts on many dossiers go: one sink for each format, written as they come, put in place at the end.

A file lies beside its target until all is done; what goes to standard output waits in a temporary file,
but for the lines that a person watches. Nothing is ever half-written.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

import attrs

from ._commands_base import json_text, out, out_raw
from .views import folder
from .views.folder import UNREADABLE, Row, Summary
from .views.json_view import Json
from .views.sarif import SCHEMA, VERSION, compared, physical
from .views.verdict_csv import csv_line
from .words import Lang
from .written import drafted


@attrs.frozen
class Form:
    """A format, and the file it goes to; none is standard output."""

    kind: str
    file: str


@attrs.define
class Sink:
    """One format of a run over many dossiers."""

    lang: Lang
    write: Callable[[str], object]
    since: bool
    at: dt.date
    summary: Summary = attrs.field(factory=Summary)

    def begin(self) -> None:
        """What stands before the first row."""

    def add(self, row: Row, pieces: Mapping[str, str]) -> None:
        """One dossier; *pieces* are the parts of it that a worker wrote already, by format."""
        self.summary.add(row)
        self.row(row, pieces)

    def row(self, row: Row, pieces: Mapping[str, str]) -> None:
        raise NotImplementedError

    def end(self, heads: Mapping[str, Json]) -> None:
        """What stands after the last row; *heads* are the SARIF runs without their results, by method."""


class TextSink(Sink):
    def row(self, row: Row, pieces: Mapping[str, str]) -> None:
        if row.verdict != UNREADABLE:  # told on standard error, with the reason
            self.write(folder.text_line(row, self.lang) + "\n")

    def end(self, heads: Mapping[str, Json]) -> None:
        self.write(folder.summary_text(self.summary, self.lang))


class JsonSink(Sink):
    first = True

    def begin(self) -> None:
        self.bad: list[Json] = []
        self.write('{\n "schema": "agir.reports/1",\n "reports": [')

    def row(self, row: Row, pieces: Mapping[str, str]) -> None:
        if row.fault is not None:
            self.bad.append({"file": row.path, "text": row.fault, "line": row.line})
        else:
            self.write(("\n" if self.first else ",\n") + pieces["json"])
            self.first = False

    def end(self, heads: Mapping[str, Json]) -> None:
        self.write(f'\n ],\n "unreadable": {_dumped(self.bad)},\n "summary": {_dumped(self.summary.json())}\n}}\n')


class CsvSink(Sink):
    def begin(self) -> None:
        self.write(csv_line(folder.COLUMNS))

    def row(self, row: Row, pieces: Mapping[str, str]) -> None:
        self.write(folder.csv_row(row, self.lang))


class MdSink(Sink):
    def begin(self) -> None:
        self.write(folder.md_head(self.lang, self.at, since=self.since))

    def row(self, row: Row, pieces: Mapping[str, str]) -> None:
        self.write(folder.md_row(row, self.lang))

    def end(self, heads: Mapping[str, Json]) -> None:
        self.write(folder.md_foot(self.summary, self.lang))


class HtmlSink(Sink):
    """The summary stands above the rows, so these wait in a file of their own."""

    def begin(self) -> None:
        self.rows: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115

    def row(self, row: Row, pieces: Mapping[str, str]) -> None:
        self.rows.write(folder.html_row(row, self.lang))

    def end(self, heads: Mapping[str, Json]) -> None:
        before, after = folder.html_around(self.summary, self.lang, self.at, since=self.since)
        self.write(before)
        _poured(self.rows, self.write)
        self.write(after)


class SarifSink(Sink):
    """A run for each method, its results in a file of its own until the end."""

    def begin(self) -> None:
        self.results: dict[str, IO[str]] = {}
        self.bad: list[Json] = []

    def row(self, row: Row, pieces: Mapping[str, str]) -> None:
        if row.fault is not None:
            self.bad.append(_notification(row))
            return
        method, results = pieces["method"], pieces["sarif"]
        if method not in self.results:
            self.results[method] = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115
        if row.since:
            told: list[Json] = json.loads(f"[{results}]")
            former = row.former.keys if row.former else frozenset()
            results = ",\n".join(_dumped(r) for r in compared(told, former, row.dossier, row.path, {}))
        if results:
            self.results[method].write((",\n" if self.results[method].tell() else "") + results)

    def end(self, heads: Mapping[str, Json]) -> None:
        runs = sorted(self.results) or ([""] if self.bad else [])
        self.write(f'{{\n"$schema": "{SCHEMA}",\n"version": "{VERSION}",\n"runs": [')
        for n, method in enumerate(runs):
            head = dict(heads.get(method, {"tool": {"driver": {"name": "agir_workflow"}}}))
            if n == 0 and self.bad:
                head["invocations"] = [{"executionSuccessful": False, "toolExecutionNotifications": self.bad}]
            self.write((",\n" if n else "\n") + _dumped(head).removesuffix("}") + ', "results": [\n')
            if method in self.results:
                _poured(self.results[method], self.write)
            self.write("\n]}")
        self.write("\n]\n}\n")


def _notification(row: Row) -> Json:
    return {"level": "error", "message": {"text": row.fault}, "locations": [{"physicalLocation": physical(row.path, row.line)}]}


def _dumped(value: object) -> str:
    return json_text(value, None)


def _poured(source: IO[str], write: Callable[[str], object]) -> None:
    source.seek(0)
    while piece := source.read(1 << 20):
        write(piece)
    source.close()


SINKS: dict[str, type[Sink]] = {"text": TextSink, "json": JsonSink, "csv": CsvSink, "md": MdSink, "html": HtmlSink, "sarif": SarifSink}


def opened(form: Form, lang: Lang, *, at: dt.date, since: bool, stack: contextlib.ExitStack) -> tuple[Sink, Callable[[], None]]:
    """The sink of a format, begun; and what puts it in its place. *stack* takes away what was not put."""
    kind = SINKS[form.kind]
    if form.file:
        file, put = stack.enter_context(drafted(Path(form.file)))
        sink = kind(lang, lambda text: file.write(text.encode("utf-8", "surrogateescape")), since, at)
    elif form.kind == "text":
        sink, put = kind(lang, out, since, at), _nothing
    else:
        waiting: IO[str] = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogateescape", newline=""))  # noqa: SIM115
        sink, put = kind(lang, waiting.write, since, at), lambda: _poured(waiting, out_raw)
    sink.begin()
    return sink, put


def _nothing() -> None:
    pass
