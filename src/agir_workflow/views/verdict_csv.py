"""
The verdict as CSV (RFC 4180, UTF-8): a row a finding, or a row a dossier; and such a row read back.

Column names and machine words are English and stay; sentences are in the language asked for.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from ..answers import Finding, Report
from ..doorstep import as_cell
from ..words import Lang
from ._verdict import groups

FINDING_COLUMNS = ("dossier", "title", "code", "subject", "severity", "state", "mark", "phase", "aspect", "date", "value", "bound", "curability",
                   "also", "text", "fix", "quote", "origin", "change", "profile")  # fmt: skip


def cell(value: object) -> str:
    """
    A value as a cell; one that a spreadsheet would run as a formula is quoted.

    >>> cell("=1+1"), cell(None), cell(-3)
    ("'=1+1", '', '-3')
    """
    text = "" if value is None else str(value)
    return as_cell(text) if isinstance(value, str) else text


def csv_line(cells: Iterable[object]) -> str:
    """One record, with its CRLF."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([cell(c) for c in cells])
    return out.getvalue()


def report_csv(report: Report, lang: Lang, *, former: frozenset[str] | None = None) -> str:
    """
    A row a finding, by phase, the gravest first.

    Where *former*, the keys that a former run told, is known, `change` is `new` or `same` for what counts; what that
    run told and counts no more is `gone`, at its place or, where it is no longer told, last.
    """
    lines = [csv_line(FINDING_COLUMNS)]
    for finding in (f for group in groups(report) for f in group.findings):
        change = "" if former is None else _change(finding, finding.key in former)
        lines.append(csv_line((
            report.dossier, report.title, finding.code, finding.subject, finding.severity.value, finding.state.value, finding.mark, finding.phase,
            finding.aspect.value, finding.date, finding.value, finding.bound, finding.curability.value, " ".join(finding.also), finding.text.to(lang),
            finding.fix.to(lang), finding.quote, finding.origin, change, report.profile,
        )))  # fmt: skip
    for key in sorted((former or frozenset()) - {f.key for f in report.findings}):
        code, _, subject = key.partition(" @ ")
        row = {"dossier": report.dossier, "title": report.title, "code": code, "subject": subject, "change": "gone", "profile": report.profile}
        lines.append(csv_line(row.get(c) for c in FINDING_COLUMNS))
    return "".join(lines)


def _change(finding: Finding, known: bool) -> str:
    if finding.counts:
        return "same" if known else "new"
    return "gone" if known else ""
