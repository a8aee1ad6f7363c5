"""What every view of a verdict shares: its findings by phase, the gravest first, and what they are called."""

from __future__ import annotations

import datetime as dt

import attrs

from ..answers import Finding, Report
from ..words import Lang, Severity, State, Text, natural
from ..zones import day_in_words
from ._wording import Voice, source

THROUGHOUT = Text("Tout au long du projet", "Throughout the project")
OVER = Text("Terminé", "Finished")
"""What is said of the phase of a dossier that has left the last."""
MARKS = {
    "derogated": Text("admis par dérogation", "allowed by a dérogation"),
    "baselined": Text("connu (base de référence)", "known (baseline)"),
}
"""What is still told of a finding that counts no more."""
SEVERAL = {"baselined": Text("connus (base de référence)", "known (baseline)")}
"""The same of several, where that is another word."""

LONGEST_REASON = 160
"""Characters of a dérogation's reason that are shown beside a finding."""


@attrs.frozen
class Group:
    """The findings of one phase, or of none."""

    title: Text
    findings: tuple[Finding, ...]


def gravity(finding: Finding) -> tuple[bool, bool, int, str, tuple[tuple[int, str], ...]]:
    """Sorts findings: what counts before what is marked, what is broken before what cannot be told, the gravest first."""
    return finding.mark is not None, finding.state is not State.VIOLATED, finding.severity.rank, finding.code, natural(finding.subject)


def groups(report: Report, only: tuple[Finding, ...] | None = None) -> tuple[Group, ...]:
    """The findings (or *only* those) by phase: the phase of the gravest first, phases alike in the method's order."""
    titles = {p.id: p.title for p in report.phases}
    order = [*titles, None]
    found: dict[str | None, list[Finding]] = {name: [] for name in order}
    for finding in sorted(report.findings if only is None else only, key=gravity):
        found[finding.phase if finding.phase in titles else None].append(finding)
    filled = sorted((name for name in order if found[name]), key=lambda name: gravity(found[name][0])[:3])
    return tuple(Group(titles[name] if name is not None else THROUGHOUT, tuple(found[name])) for name in filled)


def current_phase(report: Report) -> Text | None:
    """The phase the dossier is in; None before the first, after the last, or where the method has none."""
    return next((p.title for p in report.phases if p.state == "current"), None)


def unjudged_in_words(report: Report) -> tuple[Text, ...]:
    """A sentence for each phase that was left without anything judged in it: why a verdict without errors is not whole."""
    titles = {p.id: p.title for p in report.phases}
    return tuple(
        Text(f"phase « {titles[name].fr} » : passée sans qu'aucune exigence y ait été jugée", f"phase '{titles[name].en}': left with no requirement judged in it")
        for name in report.unjudged
    )


def since(finding: Finding, report: Report) -> dt.date | None:
    """Since when it is so, where a day can be named; the day of a meeting that is still to come is none."""
    return finding.date if finding.date is not None and finding.date <= report.at else None


def counts_in_words(report: Report, lang: Lang) -> str:
    """«1 erreur, 0 avertissement, 2 remarques», and how many are marked."""
    voice = Voice(lang)
    parts = [voice.count(report.count(s), s.value).replace("\u00a0", " ") for s in Severity]
    for mark, words in MARKS.items():
        if number := sum(f.mark == mark for f in report.findings):
            parts.append(f"{number} {(SEVERAL.get(mark, words) if number > 1 else words).to(lang)}")
    return ", ".join(parts)


def deviation_of(finding: Finding) -> Text | None:
    """How a step strayed, where the sentence of the finding does not say so itself."""
    strayed = finding.deviation
    return None if strayed is None or strayed.fr in finding.text.fr or finding.mark == "derogated" else strayed


def allowed_in_words(finding: Finding, lang: Lang) -> str:
    """Why a copil allowed it, and until when: «motif : … ; jusqu'au 1er mai 2012»; nothing where no dérogation does."""
    granted = finding.suppressed
    if granted is None or finding.mark != "derogated":
        return ""
    reason = " ".join(granted.reason.split())
    reason = reason if len(reason) <= LONGEST_REASON else reason[: LONGEST_REASON - 1].rstrip() + "…"
    said = f"motif : {reason}" if lang == "fr" else f"reason: {reason}"
    if granted.until is None:
        return said
    until = day_in_words(granted.until, lang)
    return f"{said} ; jusqu'au {until}" if lang == "fr" else f"{said}; until {until}"


def bound_in_words(finding: Finding, lang: Lang) -> str:
    """Where the number that a finding is held against comes from, if not from where its rule does; else nothing."""
    if finding.number is None or finding.expected is None:
        return ""
    by, origin, title = finding.number
    return f"{finding.expected.to(lang)} ({by.to(lang)}{' : ' if lang == 'fr' else ': '}{source(origin, title, lang)})"


def marked(finding: Finding, lang: Lang) -> str:
    """The mark of a finding in words, in brackets; nothing for one that counts."""
    return f" [{MARKS[finding.mark].to(lang)}]" if finding.mark else ""
