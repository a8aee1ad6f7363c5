"""
Many dossiers, a row each: territory, phase, verdict, the gravest codes, and what changed since a former run.

A `Row` is all that is kept of a dossier; a `Summary` counts rows and keeps none.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

import attrs

from ..answers import Report
from ..former import BETWEEN, Former
from ..words import Lang, Severity, State, Text
from ..zones import day_in_words
from ._markup import Markup, el, typeset
from ._verdict import OVER, current_phase
from ._wording import SIGNS, VERDICTS, WORDS, Voice
from .json_view import Json
from .verdict_csv import csv_line
from .verdict_html import document
from .verdict_md import md, md_table

UNREADABLE = "unreadable"
COLUMNS = ("file", "dossier", "territory", "phase", "verdict", "errors", "warnings", "infos", "worst", "codes", "findings", "former", "new", "gone", "fault")
_VERDICTS = {**VERDICTS, UNREADABLE: Text("illisible", "unreadable")}
_NO_PHASE = Text("—", "—")
_HEADS = (Text("Dossier", "Dossier"), Text("Territoire", "Territory"), Text("Phase", "Phase"), Text("Verdict", "Verdict"), Text("Gravité", "Severity"), Text("Codes", "Codes"))
_SINCE = Text("Depuis la fois d'avant", "Since the former run")
_TITLE = Text("Verdicts", "Verdicts")
_ALL = Text("Tous les dossiers", "All dossiers")
_MOST = 8
"""Codes that the summary names."""


@attrs.frozen(kw_only=True)
class Row:
    """
    One dossier among many, kept small. `keys` are those of the findings that count; `fault` is why a file could
    not be read, and `line` where. `former` is what the former run told of it, `since` whether there was one.
    `past` is how many phases of its method lie behind it. `name` is the path below the folder that was asked for:
    what a page shows, which is sent to others.
    """

    path: str
    verdict: str
    name: str = ""
    dossier: str = ""
    territory: str = ""
    phase: Text | None = None
    past: int = 0
    counts: tuple[int, int, int] = (0, 0, 0)
    worst: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    fault: str | None = None
    line: int | None = None
    former: Former | None = None
    since: bool = False

    @property
    def new(self) -> tuple[str, ...]:
        """The keys that the former run did not tell."""
        return tuple(k for k in self.keys if k not in self.former.keys) if self.former else self.keys if self.since else ()

    @property
    def gone(self) -> tuple[str, ...]:
        """The keys that the former run told and this one does not; of an unreadable file none, for nobody knows."""
        return tuple(sorted(self.former.keys - set(self.keys))) if self.former and self.verdict != UNREADABLE else ()


def row_of(path: str, report: Report) -> Row:
    counted = [f for f in report.findings if f.state is State.VIOLATED and f.mark is None]
    phase = current_phase(report) or (OVER if report.phases else None)
    first = min((f.severity.rank for f in counted), default=None)
    return Row(
        path=path, verdict=report.verdict, dossier=report.dossier, territory=report.title, phase=phase,
        past=sum(p.state == "past" for p in report.phases),
        counts=(report.count(Severity.ERROR), report.count(Severity.WARNING), report.count(Severity.INFO)),
        worst=tuple(sorted({f.code for f in counted if f.severity.rank == first})), codes=tuple(sorted({f.code for f in counted})),
        keys=tuple(sorted({f.key for f in counted})),
    )  # fmt: skip


@attrs.define
class Summary:
    """How many of each, by phase and verdict, and which codes come most often."""

    cells: Counter[tuple[Text, str]] = attrs.field(factory=Counter)
    codes: Counter[str] = attrs.field(factory=Counter)
    past: dict[Text, int] = attrs.field(factory=dict)
    """The fewest phases that lie before one in any of its methods."""
    new: int = 0
    gone: int = 0
    since: bool = False

    def add(self, row: Row) -> None:
        phase = row.phase or _NO_PHASE
        self.cells[phase, row.verdict] += 1
        self.past[phase] = min(row.past, self.past.get(phase, row.past))
        self.codes.update(row.codes)
        self.new += len(row.new)
        self.gone += len(row.gone)
        self.since = self.since or row.since

    @property
    def total(self) -> int:
        return sum(self.cells.values())

    def table(self, lang: Lang) -> tuple[list[str], list[list[str]]]:
        """Heads and rows: phases down in the order of their methods, verdicts across, all phases last."""
        verdicts = [v for v in _VERDICTS if any(w == v for _, w in self.cells)]
        phases = sorted({p for p, _ in self.cells}, key=lambda p: (p == _NO_PHASE, p == OVER, self.past[p], p.fr))
        rows = [[p.to(lang), *(str(self.cells[p, v]) for v in verdicts)] for p in phases]
        rows.append([_ALL.to(lang), *(str(sum(n for (_, w), n in self.cells.items() if w == v)) for v in verdicts)])
        return ["Phase", *(_VERDICTS[v].to(lang) for v in verdicts)], rows

    def most(self) -> list[tuple[str, int]]:
        """The codes that come most often."""
        return sorted(self.codes.items(), key=lambda x: (-x[1], x[0]))[:_MOST]

    def json(self) -> Json:
        return {
            "dossiers": self.total, "verdicts": {v: sum(n for (_, w), n in self.cells.items() if w == v) for v in _VERDICTS},
            "codes": dict(sorted(self.codes.items())),
        }  # fmt: skip


# -- text ----------------------------------------------------------------------------------------------


def text_line(row: Row, lang: Lang) -> str:
    """One line: the file, the verdict, the phase, how many of each severity (by its first letter), the codes, what changed."""
    if row.verdict == UNREADABLE:
        return f"{row.path}  {_VERDICTS[row.verdict].to(lang)}"
    counts = " ".join(f"{n}{letter}" for n, letter in zip(row.counts, "ear" if lang == "fr" else "ewi", strict=True))
    parts = [row.path, _VERDICTS[row.verdict].to(lang), row.phase.to(lang) if row.phase else _NO_PHASE.to(lang), counts, ", ".join(row.codes), change_in_words(row, lang)]
    return "  ".join(p for p in parts if p)


def change_in_words(row: Row, lang: Lang) -> str:
    """«+ CODE @ sujet − CODE @ sujet», the former verdict where it was another; nothing where there was no former run."""
    if not row.since:
        return ""
    if row.former is None:
        return "[nouveau]" if lang == "fr" else "[new]"
    parts = [*(f"+{k}" for k in row.new), *(f"−{k}" for k in row.gone)]
    if row.former.verdict not in (None, row.verdict) and row.former.verdict in _VERDICTS:
        before = _VERDICTS[row.former.verdict].to(lang)
        parts.insert(0, f"avant : {before}" if lang == "fr" else f"before: {before}")
    return f"[{', '.join(parts)}]" if parts else "[=]"


def summary_text(summary: Summary, lang: Lang) -> str:
    """The table and the codes that come most often."""
    heads, rows = summary.table(lang)
    widths = [max(len(r[n]) for r in [heads, *rows]) for n in range(len(heads))]
    lines = ["", *("  ".join([r[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(r[1:], widths[1:], strict=True))]) for r in [heads, *rows])]
    if summary.codes:
        most = ", ".join(f"{c} ({n})" for c, n in summary.most())
        lines.append(f"les plus fréquents : {most}" if lang == "fr" else f"most frequent: {most}")
    if summary.since:
        lines.append(f"{_SINCE.to(lang)}{' :' if lang == 'fr' else ':'} +{summary.new} −{summary.gone}")
    return "\n".join(lines) + "\n"


# -- csv, md, html -------------------------------------------------------------------------------------


def csv_row(row: Row, lang: Lang) -> str:
    """One record under `COLUMNS`; counts are empty where the file could not be read."""
    counts: Iterable[object] = row.counts if row.verdict != UNREADABLE else ("", "", "")
    former = (row.former.verdict or "") if row.former else "none" if row.since else ""
    return csv_line((
        row.path, row.dossier, row.territory, row.phase.to(lang) if row.phase else "", row.verdict, *counts, " ".join(row.worst), " ".join(row.codes),
        BETWEEN.join(row.keys), former, BETWEEN.join(row.new), BETWEEN.join(row.gone), row.fault or "",
    ))  # fmt: skip


def md_head(lang: Lang, at: dt.date, *, since: bool) -> str:
    heads = [*(h.to(lang) for h in _HEADS), *([_SINCE.to(lang)] if since else [])]
    return "\n".join([f"# {_TITLE.to(lang)}", "", WORDS["seen_on"].to(lang).format(day=day_in_words(at, lang)), "", *md_table(heads, [])]) + "\n"


def md_row(row: Row, lang: Lang) -> str:
    cells = [md(c) for c in _cells(row, lang)]
    return f"| {' | '.join(cells)} |\n"


def _cells(row: Row, lang: Lang) -> list[str]:
    voice = Voice(lang)
    counts = ", ".join(voice.count(n, s.value).replace("\u00a0", " ") for n, s in zip(row.counts, Severity, strict=True) if n)
    phase = row.phase.to(lang) if row.phase else _NO_PHASE.to(lang)
    name = row.name or row.path
    cells = [name, row.territory or row.dossier, phase, _VERDICTS[row.verdict].to(lang), counts, row.fault.replace(row.path, name) if row.fault else ", ".join(row.worst)]
    return [*cells, change_in_words(row, lang)] if row.since else cells


def md_foot(summary: Summary, lang: Lang) -> str:
    heads, rows = summary.table(lang)
    most = ", ".join(f"{c} ({n})" for c, n in summary.most())
    tail = ["", f"{'Codes les plus fréquents : ' if lang == 'fr' else 'Most frequent codes: '}{most}"] if most else []
    return "\n".join(["", *md_table(map(md, heads), [[md(c) for c in r] for r in rows]), *tail]) + "\n"


_HERE = "\ue000"
"""Where the rows go in the page: a character of private use, which no text of a dossier is escaped to."""


def html_around(summary: Summary, lang: Lang, at: dt.date, *, since: bool) -> tuple[str, str]:
    """The page before its rows and after them: the summary above, then the table of all dossiers."""
    voice = Voice(lang)
    heads, rows = summary.table(lang)
    small = _table("summary", _TITLE.to(lang), heads, [_line(r[0], heads[1:], r[1:]) for r in rows])
    most = [x for c, n in summary.most() for x in (el("code", c), f" ({n}) ")]
    lead = voice.read(Text("Codes les plus fréquents : ", "Most frequent codes: "))
    names = [voice.read(h) for h in _HEADS] + ([voice.read(_SINCE)] if since else [])
    main = [
        el("section", el("h2", voice.read(Text("En bref", "In short")), id="short-title"), small, el("p", lead, most) if most else None,
           id="short", aria_labelledby="short-title"),
        el("section", el("h2", voice.read(_ALL), id="all-title"), _table("all", _ALL.to(lang), names, [Markup(_HERE)]), id="all", aria_labelledby="all-title"),
    ]  # fmt: skip
    links = [el("li", el("a", voice.read(Text("En bref", "In short")), href="#short")), el("li", el("a", voice.read(_ALL), href="#all"))]
    count = f"{summary.total} dossiers" if summary.total != 1 else "1 dossier"
    page = document(_TITLE.to(lang), el("div", el("h1", _TITLE.to(lang)), el("p", f"{voice.say('seen_on', day=voice.day(at))} · {count}", class_="soft"), class_="wrap"), links, main, None, lang)
    before, _, after = page.partition(_HERE)
    return before, after


def _table(name: str, caption: str, heads: list[str], body: list[Markup]) -> Markup:
    cells = [el("th", h, scope="col", role="columnheader") for h in heads]
    return el(
        "table", el("caption", caption, class_="hidden"), el("thead", el("tr", cells, role="row"), role="rowgroup"),
        el("tbody", body, role="rowgroup"), id=f"{name}-table", role="table",
    )  # fmt: skip


def _line(name: str, heads: list[str], cells: list[str]) -> Markup:
    """A row that keeps its roles, and the names of its columns, where a narrow page lays it out as blocks."""
    found = [el("td", c, role="cell", data_label=h if c else None) for h, c in zip(heads, cells, strict=False)]
    return el("tr", el("th", name, scope="row", role="rowheader"), found, role="row")


def html_row(row: Row, lang: Lang) -> str:
    names = [h.to(lang) for h in (*_HEADS, _SINCE)]
    path, *cells = [typeset(c, lang) if n else c for n, c in enumerate(_cells(row, lang))]
    cells[2] = f"{SIGNS.get(row.verdict, '•')}\u00a0{cells[2]}"
    return _line(path, names[1:], cells) + "\n"
