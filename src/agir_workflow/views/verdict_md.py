"""The verdict as Markdown (GitHub's tables): for a page of a wiki, a note, the annex of an agenda."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..answers import Finding, Report
from ..words import Lang, State, Text
from ..zones import day_in_words
from ._markup import writable
from ._verdict import (
    OVER,
    allowed_in_words,
    bound_in_words,
    counts_in_words,
    current_phase,
    deviation_of,
    groups,
    marked,
    since,
    unjudged_in_words,
)
from ._wording import CURABILITIES, SEVERITIES, STATES, VERDICTS, Voice, colon, source

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")
_OPENS = re.compile(r"^(\d*)([-+.)])")
"""What would begin a list, at the beginning of a line."""
_HEADS = (Text("Gravité", "Severity"), Text("Code", "Code"), Text("Constat", "Finding"), Text("Pour y remédier", "How to mend it"), Text("Depuis", "Since"))


def md(text: str) -> str:
    """
    Words of others as Markdown shows them: on one line, nothing of them taken for a mark.

    >>> md("a | *b*")
    'a \\\\| \\\\*b\\\\*'
    """
    return _OPENS.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", writable(" ".join(text.split()))))


def md_table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A table, its cells already Markdown."""
    names = list(heads)
    return [_row(names), _row("---" for _ in names), *(_row(r) for r in rows)]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def report_md(report: Report, lang: Lang) -> str:
    """The whole verdict: every finding, by phase, the gravest first, with the sentence of the method and what would mend it."""
    voice, mark = Voice(lang), colon(lang)
    verdict = VERDICTS[report.verdict].to(lang) if report.verdict in VERDICTS else report.verdict
    phase = current_phase(report) or (OVER if report.phases else None)
    lines = [f"# {md(report.title)}", "", f"**{voice.say('verdict')}{mark}{verdict}** ({counts_in_words(report, lang)}), {day_in_words(report.at, lang)}.", ""]
    if phase is not None:
        lines.append(f"- {voice.say('phase_now')}{mark}{md(phase.to(lang))}")
    names = dict(report.names)
    lines += [f"- {md(names.get(i, i))}{mark}{VERDICTS[v].to(lang)}" for i, v in report.themes]
    lines += [f"- {md(t.to(lang))}" for t in unjudged_in_words(report)]
    for group in groups(report):
        lines += ["", f"## {md(group.title.to(lang))}", "", *md_table((h.to(lang) for h in _HEADS), (_cells(f, report, lang) for f in group.findings))]
    if not report.findings:
        lines += ["", voice.say("no_findings").replace("\u00a0", " ")]
    cover = report.coverage
    lines += ["", f"## {voice.say('basis')}", ""]
    lines += [f"- {voice.say(name)}{mark}{getattr(cover, name)}" for name in ("evaluated", "not_yet_due", "not_applicable", "undetermined")]
    lines += [f"- {voice.say('assumed')}{mark}{md(a.to(lang))}" for a in report.assumed]
    lines += [f"- {voice.say('notes')}{mark}{md(n.to(lang))}" for n in report.notes]
    lines += ["", md(f"{report.method}, {report.profile}, {report.regime}")]
    return "\n".join(lines) + "\n"


def _cells(finding: Finding, report: Report, lang: Lang) -> list[str]:
    said = md(finding.text.to(lang))
    where = md(source(finding.origin, finding.reference, lang))
    if finding.quote:
        opening, closing = ("« ", " »") if lang == "fr" else ("“", "”")
        said += f"<br>{opening}*{md(finding.quote)}*{closing} ({where})"
    elif finding.reference.fr:
        said += f"<br>({where})"
    if bound := bound_in_words(finding, lang):
        said += f"<br>{md(bound)}"
    if strayed := deviation_of(finding):
        said += f"<br>{md(strayed.to(lang))}"
    if finding.state is State.VIOLATED:
        mend = f"{md(finding.fix.to(lang))} ({CURABILITIES[finding.curability].to(lang)})"
    else:
        mend = md(allowed_in_words(finding, lang) or finding.fix.to(lang))
    state = f" ({STATES[finding.state].to(lang)})" if finding.state in STATES else ""
    level = SEVERITIES[finding.severity].to(lang) + state + (f" {md(note)}" if (note := marked(finding, lang)) else "")
    return [level, ", ".join((finding.code, *finding.also)), said, mend, day.isoformat() if (day := since(finding, report)) else ""]
