"""
A baseline: the findings that a dossier had when the tool was adopted, one fingerprint a line, sorted.

A fingerprint is the dossier's id and the key of a finding (`temoin EXP006 @ gt1/insertion`): never a line
number or a sentence. What it names is marked and fails no run; it may only shrink: a line that no longer
fires is remarked (MET001), one of an unknown rule too (MET005).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

import attrs

from .answers import Finding, Report, Suppression
from .checker_rules import CODE_RULES, Remark
from .conformance import remarked
from .doorstep import decoded, shown
from .errors import Fault, FaultyFileError
from .method import Method
from .words import NO_TEXT, Severity, State, Text

_LINE = re.compile(r"(\S+) (\S+) @ (.+)")
_ROW = "(line)"
LARGEST = 100_000_000
"""Bytes; a folder of ten thousand dossiers has a hundredth of it."""
MOST_FAULTS = 50
"""A file that is something else has said enough by then."""
_OF_A_BASELINE = "baseline:"
"""How the subject of a remark on a line of the baseline begins."""

Lines = tuple[str, ...]


class BaselineError(FaultyFileError):
    """The file is no baseline; every faulty line is told."""


def read_baseline(data: bytes, name: str) -> Lines:
    """The fingerprints of a baseline; BaselineError with every line that is none, or out of order."""
    text, fault = decoded(data, name, LARGEST)
    if fault is not None:
        raise BaselineError((fault,))
    lines, faults = text.splitlines(), []
    for n, line in enumerate(lines, 1):
        found = shown(line)
        if not _LINE.fullmatch(line):
            faults.append(Fault(_ROW, Text(f"attendu : DOSSIER CODE @ sujet ; trouvé : « {found} »", f"expected DOSSIER CODE @ subject, found '{found}'"),
                                Text("écrire le fichier par --write-baseline", "write the file with --write-baseline"), n, name))  # fmt: skip
        elif n > 1 and line == lines[n - 2]:
            faults.append(Fault(_ROW, Text(f"attendu : chaque ligne une fois ; trouvé deux fois : « {found} »", f"expected each line once, found twice: '{found}'"), Text("ôter l'une des deux", "remove one of the two"), n, name))
        elif n > 1 and line < lines[n - 2]:
            faults.append(Fault(_ROW, Text(f"attendu : des lignes triées ; trouvé : « {found} » après « {shown(lines[n - 2])} »", f"expected sorted lines, found '{found}' after '{shown(lines[n - 2])}'"), Text("trier les lignes", "sort the lines"), n, name))
        if len(faults) == MOST_FAULTS:
            break
    if faults:
        raise BaselineError(tuple(faults))
    return tuple(lines)


def fingerprints(report: Report) -> Lines:
    """What a baseline would say of a verdict: the findings that are violated, dérogations and remarks on the check apart."""
    own = {r.code for r in CODE_RULES}
    return tuple(sorted({f"{report.dossier} {f.key}" for f in report.findings if (f.suppressed is None or f.suppressed.by == "baseline") and f.state is State.VIOLATED and f.code not in own}))


def shrunk(old: Lines | None, now: Iterable[str], judged: Collection[str]) -> Lines:
    """The baseline to write: what fires *now*; of an older one, only what it had, with its lines of dossiers not *judged*."""
    firing = set(now)
    if old is None:
        return tuple(sorted(firing))
    return tuple(x for x in old if x in firing or x.partition(" ")[0] not in judged)


def baselined(report: Report, method: Method, lines: Lines, *, remark: bool = True) -> Report:
    """The report with what the baseline names marked; with *remark*, also its lines that name nothing."""
    mine = {x.partition(" ")[2] for x in lines if x.partition(" ")[0] == report.dossier}
    firing = {x.partition(" ")[2] for x in fingerprints(report)}
    marked = tuple(attrs.evolve(f, suppressed=Suppression(by="baseline")) if f.key in mine & firing else f for f in report.findings)
    remarks = [_remark(key, method) for key in sorted(mine - firing) if remark]
    # What is wrong with the lines is wrong with the whole, as any error on the check is.
    verdict = "does_not_conform" if any(f.severity is Severity.ERROR for f in remarks) else report.verdict
    return attrs.evolve(report, verdict=verdict, findings=tuple(sorted((*marked, *remarks), key=lambda f: f.place)))


def _remark(key: str, method: Method) -> Finding:
    code = key.partition(" @ ")[0]
    known = code in {*(r.code for r in method.requirements), *(r.code for r in CODE_RULES)}
    rule = next(r for r in CODE_RULES if r.code == ("MET001" if known else "MET005"))
    if not known:
        return remarked(rule, Remark(subject=code, missing=Text("ligne de la référence", "a line of the baseline")))
    found = remarked(rule, Remark(subject=_OF_A_BASELINE + key.replace(" @ ", "@"), missing=NO_TEXT))
    return attrs.evolve(found, text=Text(f"La référence cite {key}, qui n'a plus lieu.", f"The baseline names {key}, which is no longer so."),
                        fix=Text("Réécrire la référence : --write-baseline.", "Write the baseline again: --write-baseline."))  # fmt: skip


def stale(report: Report) -> bool:
    """Whether a line of the baseline no longer fires: then the run fails until it is written again."""
    return any(f.code == "MET001" and f.subject.startswith(_OF_A_BASELINE) for f in report.findings)
