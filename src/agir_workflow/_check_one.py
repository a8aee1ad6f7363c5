"""One dossier judged and written in one format: what the command does once, and a worker many times."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path

import attrs

from ._commands_base import Asked, as_told, json_text, unknown
from .answers import Report
from .baseline import Lines, baselined, stale
from .beside import evidence_beside
from .conformance import check as judge
from .desk import Desk, Finder, is_file
from .dossier import Dossier
from .dossier_lines import lines_of
from .facts import Fact, Open
from .former import Former
from .method import Method
from .method_file import packaged
from .toml_file import Document
from .views import json_view
from .views.sarif import sarif_log, sarif_results, sarif_run
from .views.text import SCREEN, report_text
from .views.verdict_csv import report_csv
from .views.verdict_html import report_html
from .views.verdict_md import report_md
from .words import Severity, State

FORMATS = ("text", "json", "html", "md", "csv", "sarif", "planning")
"""What a verdict can be written as; `planning` is the page of the whole dossier, for one alone."""


@attrs.frozen
class Wish:
    """What is judged by, and what fails; `method` is a file, `baseline` its lines, `rewritten` where they are written anew."""

    profile: str | None
    method: str | None
    fail_on: str
    baseline: Lines | None = None
    rewritten: bool = False


@attrs.frozen
class Verdict:
    """A report, what it was made from, and its file where there is one."""

    report: Report
    method: Method
    dossier: Dossier
    path: str
    document: Document | None


def judged(asked: Asked, name: str, wish: Wish, finder: Finder | None = None) -> Verdict:
    """The verdict on the dossier of a path or id, by another method or profile where one is wished for."""
    finder = finder or Finder()
    if wish.method:
        finder = attrs.evolve(finder, beside=partial(_beside_or_wished, finder, wish.method))
    desk = Desk.open(name if is_file(name) or Path(name).exists() else as_told(name), asked.db, asked.at, clock=asked.given, finder=finder)
    try:
        method, dossier = finder.load(wish.method) if wish.method else desk.method, desk.dossier
        document, path = desk.document, desk.name
        evidence = evidence_beside(path, dossier)
    finally:
        desk.close()
    known = [p.id for p in method.profiles]
    if wish.profile and wish.profile not in known:
        raise unknown("--profile", wish.profile, known)
    if wish.profile or wish.method:
        # judged by another text: its own defaults stand where the dossier names none, and where it does not bear the dossier's words
        head = dossier.head
        profile = wish.profile or (head.profile if head.profile in known and f"profile={head.profile}" not in head.assumed else method.default_profile)
        named = head.regime in [r.id for r in method.regimes] and f"regime={head.regime}" not in head.assumed
        regime = head.regime if named else method.default_regime
        given = (("profile", profile, head.profile, wish.profile), ("regime", regime, head.regime, None))
        assumed = tuple(f"{key}={now}" for key, now, old, wished in given if not wished and (now != old or f"{key}={old}" in head.assumed))
        dossier = _under(dossier, attrs.evolve(head, profile=profile, regime=regime, assumed=assumed))
    report = judge(method, dossier, at=asked.at, evidence=evidence)
    if wish.baseline is not None:
        report = baselined(report, method, wish.baseline, remark=not wish.rewritten)
    return Verdict(report, method, dossier, path, document)


def _beside_or_wished(finder: Finder, wished: str, folder: Path, ref: str) -> str | None:
    """The file of a dossier's own method beside it; else the one wished for, where it is that very method and no packaged one."""
    found = finder.beside(folder, ref)
    if found is None and ref.partition("@")[0] not in packaged() and finder.load(wished).ref == ref:
        return wished
    return found


def _under(dossier: Dossier, head: Open) -> Dossier:
    first = dossier.facts[0]
    return Dossier((Fact(first.verb, first.address, head, first.stamp), *dossier.facts[1:]))


def fails(report: Report, fail_on: str) -> bool:
    """Whether a finding that counts is as grave as what was said to fail, a phase was left unjudged, or a line of the baseline names nothing."""
    if fail_on == "never":
        return False
    limit = Severity(fail_on).rank
    return stale(report) or bool(report.unjudged) or any(f.state is State.VIOLATED and f.mark is None and f.severity.rank <= limit for f in report.findings)


def written(verdict: Verdict, kind: str, asked: Asked, former: Mapping[str, Former] | None, *, screen: bool) -> str:
    """The verdict in a format; as text within one screen where *screen*."""
    report, lang = verdict.report, asked.lang
    told = None if former is None else former.get(report.dossier, Former(None, frozenset())).keys
    match kind:
        case "text":
            text = report_text(report, lang, screen=SCREEN if screen else None)
            return text if told is None else text + _change(report, told, asked)
        case "json":
            return json_text(json_view.report(report)) + "\n"
        case "md":
            return report_md(report, lang)
        case "csv":
            return report_csv(report, lang, former=told)
        case "html":
            return report_html(report, lang)
        case "sarif":
            path, lines = located(verdict)
            results = sarif_results(report, verdict.method, lang, path=path, lines=lines, former=told)
            return json_text(sarif_log([sarif_run(verdict.method, lang, results, version=version("agir_workflow"))])) + "\n"
        case _:
            from .demo import page

            return page(verdict.method, verdict.dossier, at=asked.at, lang=lang)


def located(verdict: Verdict) -> tuple[str | None, dict[str, int]]:
    """The file of a dossier and the lines in it; none for one of a journal."""
    return (None, {}) if verdict.document is None else (verdict.path, lines_of(verdict.document))


def _change(report: Report, told: frozenset[str], asked: Asked) -> str:
    now = {f.key for f in report.findings if f.state is State.VIOLATED and f.mark is None}
    lines = [f"+ {k}" for k in sorted(now - told)] + [f"− {k}" for k in sorted(told - now)]
    head = asked.say("depuis la fois d'avant :", "since the former run:")
    return "\n".join(["", head, *(lines or [asked.say("rien de changé", "nothing changed")])]) + "\n"


