"""
The verdict as SARIF 2.1.0 (OASIS), for tools that gather findings: all rules declared, each finding a result.

A result is `fail` where a rule is broken, `open` where it cannot be told yet, `pass` and `notApplicable`
where nothing was found; what is marked is suppressed, not left out. Fingerprint: code and subject, and the dossier beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import cast
from urllib.parse import quote

from ..answers import Coverage, Finding, Report
from ..checker_rules import CODE_RULES, CodeRule
from ..method import Method
from ..requirements import Requirement
from ..words import Code, Lang, Severity, State, Text
from .json_view import Json, text

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
VERSION = "2.1.0"
FINGERPRINT = "codeSubject/v1"
DOSSIER = "dossier/v1"
"""Beside the fingerprint, which is the same in each dossier: a tool that gathers a folder's results tells two dossiers apart by it."""
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_Rule = Requirement | CodeRule
_BLANK = re.compile(r"\{\w+\}")
_UNDONE = (
    ("not_yet_due", "open", Text("pas encore exigible", "not yet due")),
    ("evaluated", "pass", Text("tenu partout où l'exigence est jugée", "holds wherever it is judged")),
    ("not_applicable", "notApplicable", Text("sans objet", "not applicable")),
)  # fmt: skip


def sarif_log(runs: list[Json]) -> Json:
    return {"$schema": SCHEMA, "version": VERSION, "runs": runs}


def sarif_run(method: Method, lang: Lang, results: list[Json], *, version: str, bad: Iterable[tuple[str, str, int | None]] = ()) -> Json:
    """One run over dossiers of one method; *bad* tells the files that could not be read: path, why, line."""
    told: list[Json] = [
        {"level": "error", "message": {"text": why}, "locations": [{"physicalLocation": physical(path, line)}]} for path, why, line in bad
    ]  # fmt: skip
    invocation: Json = {"executionSuccessful": not told}
    if told:
        invocation["toolExecutionNotifications"] = told
    driver: Json = {"name": "agir_workflow", "version": version, "rules": sarif_rules(method, lang)}
    return {
        "tool": {"driver": driver}, "language": "fr-FR" if lang == "fr" else "en-US", "invocations": [invocation], "results": results,
        "properties": {"method": method.ref, "methodHash": method.hash},
    }  # fmt: skip


def sarif_rules(method: Method, lang: Lang) -> list[Json]:
    """Every rule of the method and on the check itself, once each, in the order of the codes."""
    return [_rule(code, rows, lang) for code, rows in sorted(_by_code(method).items())]


def _by_code(method: Method) -> dict[Code, list[_Rule]]:
    found: dict[Code, list[_Rule]] = {}
    rules: tuple[_Rule, ...] = (*method.requirements, *CODE_RULES)
    for row in rules:
        found.setdefault(row.code, []).append(row)
    return found


def _rule(code: Code, rows: list[_Rule], lang: Lang) -> Json:
    first = min(rows, key=lambda r: r.severity.rank)
    rule: Json = {
        "id": code, "shortDescription": {"text": _said(first.why, lang)}, "help": {"text": _said(first.fix, lang)},
        "defaultConfiguration": {"level": _LEVELS[first.severity]},
        "properties": {"aspect": first.aspect.value, "origin": first.origin, "due": str(first.due), "derogable": all(r.derogable for r in rows)},
    }  # fmt: skip
    if first.quote:
        said = f"« {first.quote} »" if lang == "fr" else f"“{first.quote}”"
        rule["fullDescription"] = {"text": f"{_said(first.why, lang)} {said} ({first.origin})"}
    return rule


def _said(sentence: Text, lang: Lang) -> str:
    return _BLANK.sub("…", sentence.to(lang))


def sarif_results(
    report: Report, method: Method, lang: Lang, *, path: str | None = None, lines: Mapping[str, int] | None = None, former: frozenset[str] | None = None, whole: bool = True
) -> list[Json]:
    """
    A result a finding; *path* and *lines* say where in which file the fact stands, *former* what a former run told.

    *whole*: also one result for each rule that has no finding, saying that it holds, is not applicable or not yet due.
    """
    rules = _by_code(method)
    index = {code: n for n, code in enumerate(sorted(rules))}
    out = [_result(f, report, rules, index, lang, path, lines or {}) for f in report.findings]
    if former is not None:
        out = compared(out, former, report.dossier, path, lines or {})
    if whole:
        seen = {f.code for f in report.findings} | {c for f in report.findings for c in f.also}
        out += [_quiet(code, cover, report, index, lang, path) for code, cover in report.by_code if code not in seen and code in index]
    return out


def compared(results: list[Json], former: frozenset[str], dossier: str, path: str | None, lines: Mapping[str, int]) -> list[Json]:
    """
    The findings of a dossier with their `baselineState` against the keys that a former run told: new, unchanged, updated
    (still there, but it counts no more) and, one more for each that is gone, absent.
    """
    out, told = [], set[str]()
    for result in results:
        key = str(cast("Json", result["partialFingerprints"])[FINGERPRINT])
        told.add(key)
        counts = result["kind"] == "fail" and "suppressions" not in result
        state = ("unchanged" if counts else "updated") if key in former else "new" if counts else None
        out.append(result | {"baselineState": state} if state else result)
    for key in sorted(former - told):
        code, _, subject = key.partition(" @ ")
        out.append({"ruleId": code, "kind": "pass", "level": "none", "baselineState": "absent", "message": {"text": key},
                    "locations": [_location(dossier, subject, path, lines)], "partialFingerprints": {FINGERPRINT: key, DOSSIER: dossier}, "properties": {"dossier": dossier}})  # fmt: skip
    return out


def _result(
    finding: Finding, report: Report, rules: Mapping[Code, list[_Rule]], index: Mapping[Code, int], lang: Lang,
    path: str | None, lines: Mapping[str, int],
) -> Json:  # fmt: skip
    failed = finding.state is State.VIOLATED or finding.mark is not None
    severity = finding.severity
    if finding.mark == "derogated" and finding.code in rules:  # the finding itself is told as a mere remark
        severity = min((r.severity for r in rules[finding.code]), key=lambda s: s.rank)
    result: Json = {
        "ruleId": finding.code, "kind": "fail" if failed else "open", "level": _LEVELS[severity] if failed else "none",
        "message": {"text": finding.text.to(lang)}, "locations": [_location(report.dossier, finding.subject, path, lines)],
        "partialFingerprints": {FINGERPRINT: finding.key, DOSSIER: report.dossier},
        "properties": {
            "dossier": report.dossier, "state": finding.state.value, "aspect": finding.aspect.value, "curability": finding.curability.value,
            "date": finding.date.isoformat() if finding.date else None, "value": finding.value, "bound": finding.bound, "also": list(finding.also),
            "profile": report.profile, "phase": finding.phase, "fix": text(finding.fix), "text": text(finding.text),
        },
    }  # fmt: skip
    if finding.code in index:
        result["ruleIndex"] = index[finding.code]
    if finding.mark is not None:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": f"{finding.mark}: {finding.text.to(lang)}"}]
    return result


def _quiet(code: Code, cover: Coverage, report: Report, index: Mapping[Code, int], lang: Lang, path: str | None) -> Json:
    """What a rule says that found nothing: of several answers the one that still may change."""
    kind, said = next(((k, w) for name, k, w in _UNDONE if getattr(cover, name)), ("notApplicable", _UNDONE[-1][2]))
    counts = {name: getattr(cover, name) for name, _, _ in _UNDONE}
    return {
        "ruleId": code, "ruleIndex": index[code], "kind": kind, "level": "none", "message": {"text": f"{code} : {said.fr}" if lang == "fr" else f"{code}: {said.en}"},
        "locations": [_location(report.dossier, "", path, {})], "partialFingerprints": {FINGERPRINT: f"{code} @ ", DOSSIER: report.dossier},
        "properties": {"dossier": report.dossier, "subjects": counts},
    }  # fmt: skip


def _location(dossier: str, subject: str, path: str | None, lines: Mapping[str, int]) -> Json:
    whole = f"{dossier}/{subject}".rstrip("/")
    place: Json = {"logicalLocations": [{"name": subject or dossier, "fullyQualifiedName": whole, "kind": "resource"}]}
    if path is not None:
        place["physicalLocation"] = physical(path, line_of(subject, lines))
    return place


def physical(path: str, line: int | None) -> Json:
    """A place in a file: its path as a URI, and the line."""
    uri = quote(path.replace("\\", "/").encode("utf-8", "surrogateescape"), safe="/-._~")
    where: Json = {"artifactLocation": {"uri": f"file://{uri}" if path.startswith("/") else uri}}
    if line is not None:
        where["region"] = {"startLine": line}
    return where


def line_of(subject: str, lines: Mapping[str, int]) -> int | None:
    """
    The line of the fact that a subject is about, or of the nearest thing that holds it.

    >>> line_of("gt1/insertion#2", {"gt1/insertion": 12, "": 1})
    12
    """
    names = [subject, subject.partition("#")[0]]
    while "/" in names[-1]:
        names.append(names[-1].rpartition("/")[0])
    names += [subject.rpartition("/")[2], ""]
    return next((lines[n] for n in names if n in lines), None)


