"""
The verdict: whether what was done follows the method, as of a day.

Every requirement at every subject gets one of five states; what is violated or cannot be told
becomes a finding. One fault is one finding: rows that lack the same thing are told together.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict

import attrs

from .answers import Coverage, Finding, PhaseState, Report
from .carried import kept, kept_here
from .dossier import Dossier, Instance
from .evidence import NOTHING, Evidence
from .method import Method
from .readings._judged import Judged
from .readings._phrases import fill_in, said_assumptions
from .readings.check import judge
from .readings.course import course_of
from .requirements import Requirement
from .view import View, view_of
from .words import Code, Severity, State, Text


def check(method: Method, dossier: Dossier, *, at: dt.date, evidence: Evidence = NOTHING) -> Report:
    """
    The verdict on a dossier as of the civil day *at*; facts dated later are left out.

    *evidence* is what lies beside the dossier (documents, journal export, calendar), read by the caller.

    Findings are sorted: the gravest first, then by code and subject. Equal dossiers give equal
    reports, whatever the order in which facts of one day arrived.
    """
    seen = dossier.as_of(at)
    view = view_of(method, seen)
    if evidence is not NOTHING:
        view = view.beside(evidence)
    counts: dict[Code, Counter[str]] = {row.code: Counter() for row in method.requirements}
    total: Counter[str] = Counter()
    found: list[tuple[Finding, tuple[str, ...]]] = []
    # A view that came of another has answers to keep; noting what is read would not pay where nobody asked before.
    keep = kept if view.answers.came_of_another else kept_here
    for row in method.requirements:
        for judged in keep(view, ("judged", id(row), at), lambda v, row=row: tuple(judge(v, row, at))):  # type: ignore[misc]
            standing = _standing(judged)
            counts[row.code][standing] += 1
            total[standing] += 1
            if judged.state in (State.VIOLATED, State.UNDETERMINED) and judged.unmet is not None:
                found.append(_allowed(view, row, _finding(view, row, judged), at) or (_finding(view, row, judged), judged.unmet.lacks))
    findings = tuple(sorted(_one_each(found, method), key=lambda f: (f.state is not State.VIOLATED, f.severity.rank, f.code, f.subject)))
    per = tuple((i.id, _verdict([f for f in findings if i.id in f.instances])) for i in _judged_apart(view))
    head = dossier.head
    assumed = said_assumptions(view)
    return Report(dossier=head.id, uid=head.uid, title=head.title, method=method.ref, method_hash=method.hash, profile=head.profile,
                  regime=head.regime, at=at, verdict=_whole(findings, per), themes=per, findings=findings,
                  coverage=Coverage(**total), assumed=assumed, phases=_phases(view), course=course_of(view), language=head.language,
                  by_code=tuple((code, Coverage(**found)) for code, found in sorted(counts.items())))  # fmt: skip


def _judged_apart(view: View) -> tuple[Instance, ...]:
    """The instances that the method gives a verdict of their own, each id once."""
    if view.method.verdict_per is None:
        return ()
    return tuple({i.id: i for i in view.of_kind(view.method.verdict_per)}.values())


def _verdict(findings: list[Finding]) -> str:
    broken = any(f.state is State.VIOLATED and f.severity is Severity.ERROR for f in findings)
    return "does_not_conform" if broken else "conforms"


def _whole(findings: tuple[Finding, ...], per: tuple[tuple[str, str], ...]) -> str:
    """`partial` where what is wrong lies in some of the instances judged apart, and others conform."""
    if _verdict(list(findings)) == "conforms":
        return "conforms"
    of_all = [f for f in findings if not f.instances]
    mixed = any(v == "conforms" for _, v in per) and any(v != "conforms" for _, v in per)
    return "partial" if mixed and _verdict(of_all) == "conforms" else "does_not_conform"


def _phases(view: View) -> tuple[PhaseState, ...]:
    labels = {p.id: p.label for p in view.method.phases}
    return tuple(PhaseState(id=name, title=labels.get(name, Text(name, name)), state=state) for name, state in view.position.phases())


def _standing(judged: Judged) -> str:
    """In which of the four counts of the coverage an instance of a requirement stands."""
    if judged.missing_input is not None:
        return "not_applicable"
    if judged.state is State.UNDETERMINED:
        return "undetermined"
    return "evaluated" if judged.due else "not_yet_due"


def _finding(view: View, row: Requirement, judged: Judged) -> Finding:
    unmet, binding = judged.unmet, judged.binding
    assert unmet is not None
    parts = {"subject": binding.title, "value": unmet.value, "bound": unmet.bound, "missing": unmet.missing}
    text = fill_in(row.why, parts)
    if judged.state is State.UNDETERMINED:
        text = fill_in(Text("On ne peut le dire, la date est trop vague. " + text.fr, "Cannot be told, the date is too rough. " + text.en), {})
    per = view.method.verdict_per
    label_inst = binding.label.inst if binding.label else ()
    ids = {str(i) for k, i in binding.inst if k == per} | {str(i.id) for i in view.of_kind(per) if i.id in label_inst} if per else set()
    leaf = binding.label.leaf if binding.label else None
    phase = view.words.phase_of[leaf].name if leaf in view.words.phase_of else (row.due.name if row.due.name in {p.id for p in view.method.phases} else None)
    return Finding(code=row.code, subject=binding.subject, severity=unmet.severity or row.severity, state=judged.state, aspect=row.aspect,
                   text=text, fix=row.fix, origin=row.origin, quote=row.quote, date=judged.on, value=unmet.value.en if unmet.value else None,
                   bound=unmet.bound.en if unmet.bound else None, curability=judged.curability, instances=tuple(sorted(ids)), phase=phase, lifts=unmet.lifts)  # fmt: skip


def _allowed(view: View, row: Requirement, finding: Finding, at: dt.date) -> tuple[Finding, tuple[str, ...]] | None:
    """The finding as one that a copil's dérogation allows: still told, no longer a violation; None where none is in force."""
    granted = view.derogation(row.code, finding.subject, at)
    if granted is None or not all(r.derogable for r in view.method.requirements if r.code == row.code):
        return None
    text = fill_in(Text(f"Dérogation ({granted.copil}) · {finding.text.fr}", f"Dérogation ({granted.copil}) · {finding.text.en}"), {})
    return attrs.evolve(finding, state=State.SATISFIED, severity=Severity.INFO, text=text), ()


def _one_each(found: list[tuple[Finding, tuple[str, ...]]], method: Method) -> list[Finding]:
    """Each key once, the graver of two; findings that lack the same thing as one, the others in `also`."""
    # A row that reads only what came late labels the fault of another: it is told alone where that one is not.
    labels = {r.code for r in method.requirements if r.param("late")}
    best: dict[str, tuple[Finding, tuple[str, ...]]] = {}
    for finding, lacks in found:
        known = best.get(finding.key)
        if known is None or finding.severity.rank < known[0].severity.rank:
            best[finding.key] = (finding, lacks)
    same: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Finding]] = defaultdict(list)
    out: list[Finding] = []
    for finding, lacks in best.values():
        # What several instances lack alike is each one's own fault: their verdicts are apart.
        (same[lacks, finding.instances] if lacks else out).append(finding)
    for group in same.values():
        group.sort(key=lambda f: (f.severity.rank, len(f.subject), f.code in labels, f.code))
        first, *rest = group
        also: tuple[Code, ...] = tuple(sorted({f.code for f in rest} - {first.code}))
        out.append(attrs.evolve(first, also=also))
        # The same row at another subject stays a finding of its own: its key is what people look up.
        out += [f for f in rest if f.code == first.code]
    return out
