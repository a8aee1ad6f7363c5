"""
The verdict: whether what was done follows the method, as of a day.

Every requirement at every subject gets one of five states; what is violated or cannot be told
becomes a finding. One fault is one finding: rows that lack the same thing are told together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from functools import cache, lru_cache
from itertools import product

import attrs

from . import _chart
from ._fold import corrected
from .answers import Coverage, Finding, PhaseState, Report
from .arrival import arranged
from .best_case import best
from .carried import kept, kept_here
from .checker_rules import CODE_RULES, Checked, CodeRule, Remark, unevaluated
from .dossier import Dossier, Instance, days_of
from .dossier import day_of as on_day
from .evidence import NOTHING, Evidence
from .facts import DOSSIER, Open
from .faults import Lack, told_once
from .method import Method, Profile, Regime
from .readings._judged import EVALUATED, NOT_APPLICABLE, AllMet, Judged, standing
from .readings._once import compiled
from .readings._phrases import day_of, deed_name, fill_in, said_assumptions, said_run
from .readings.behind import phase_at, unjudged
from .readings.binding import Inst, label_inst, title_of
from .readings.check import readers
from .readings.course import course_of
from .readings.documents import not_judged
from .readings.granted import derogable
from .readings.order import Judge, deviations
from .readings.ties import notes
from .requirements import Requirement
from .values import Record
from .view import RUN, View, view_of
from .words import Address, Code, Curability, KindId, Severity, State, Text, natural


def check(method: Method, dossier: Dossier, *, at: dt.date, evidence: Evidence = NOTHING) -> Report:
    """
    The verdict on a dossier as of the civil day *at*; facts dated later are left out.

    *evidence* is what lies beside the dossier (documents, journal export, calendar), read by the caller.

    Findings are sorted: the gravest first, then by code and subject. Equal dossiers give equal
    reports, whatever the order in which facts of one day arrived.
    """
    now = dossier.as_of(at)
    seen = arranged(now)
    view = view_of(method, seen)
    found = best(lambda told: _verdict_on(method, told, at, evidence), seen, view)
    ahead = None if now is dossier else _ahead(view, dossier, at)
    return found if ahead is None else attrs.evolve(found, notes=(*found.notes, ahead))


def _ahead(view: View, dossier: Dossier, at: dt.date) -> Text | None:
    """How many facts are left out for their day is still to come, and the first: of a day in truth past, its date is a slip."""
    told = corrected(dossier)[1:]
    if max(days_of(told), default=at) <= at:
        return None
    later = [f for f in told if on_day(f) > at]
    first = min(later, key=lambda f: (f.on.earliest, f.verb, f.address))
    n, day, deed, title = len(later), day_of(first.on.earliest), deed_name(first.verb), view.title(Address(first.address))
    fr = f"{n} faits postérieurs au {day_of(at).fr} ne comptent pas ; le premier, du" if n > 1 else f"1 fait postérieur au {day_of(at).fr} ne compte pas : celui du"
    en = f"{n} facts after {day_of(at).en} do not count; the first, of" if n > 1 else f"1 fact after {day_of(at).en} does not count: that of"
    return fill_in(Text(f"{fr} {day.fr} (« {title.fr} », {deed.fr})", f"{en} {day.en} ('{title.en}', {deed.en})"), {})


def _verdict_on(method: Method, seen: Dossier, at: dt.date, evidence: Evidence) -> Report:
    view = view_of(method, seen)
    if evidence is not NOTHING:
        view = view.beside(evidence)
    every = _every(view, at)
    found, counts = _found(view, every)
    if view.state(RUN, DOSSIER, at) in _chart.final(RUN):  # what did not fall due by then never will
        counts = {code: [evaluated, 0, not_due + apart, unsure] for code, (evaluated, not_due, apart, unsure) in counts.items()}
    lacking: dict[Code, list[Judged]] = {code: [] for code, number in counts.items() if number[NOT_APPLICABLE]}
    for row, judged in every if lacking else ():
        if row.code in lacking:
            lacking[row.code] += judged
    checked = Checked(view=view, at=at, judged=every, lacking=lacking)
    told = (*told_once(view, found, deviations(view, at, _known(every)), at), *_on_the_check(checked))
    findings = tuple(sorted(told, key=lambda f: f.place))
    per = tuple((i.id, _verdict([f for f in findings if i.id in f.instances])) for i in _judged_apart(view))
    head, blank = seen.head, unjudged(view, every)
    assumed = (*said_assumptions(view), *not_judged(view))
    coverage, by_code = _covered(counts)
    return Report(dossier=head.id, uid=head.uid, title=head.title, method=method.ref, method_hash=method.hash, profile=head.profile,
                  regime=head.regime, at=at, verdict=_whole(findings, per, blank), themes=per, findings=findings,
                  coverage=coverage, assumed=assumed, phases=_phases(view), course=course_of(view, findings), notes=(*said_run(view), *notes(view)), language=head.language,
                  by_code=by_code, unevaluated=tuple(unevaluated(lacking)), unjudged=blank, names=tuple((i.id, i.label) for i in _judged_apart(view)))  # fmt: skip


def _every(view: View, at: dt.date) -> Sequence[tuple[Requirement, Collection[Judged]]]:
    """Every row with what it gives as of a day."""
    if not view.answers.are_noted:  # noting what is read would not pay where nobody asked before
        return kept_here(view, ("judged", at), lambda v, at: [(row, read(v, at)) for row, read in readers(v)], at)
    # A view that came of another has answers to keep, each row its own.
    return [(row, kept(view, ("judged", id(row), at), read, at)) for row, read in readers(view)]


def _known(every: Sequence[tuple[Requirement, Collection[Judged]]]) -> Judge:
    """What gives a row's results again, where they are asked for."""
    of_row = cache(lambda: {id(row): judged for row, judged in every})
    return lambda view, row, at: of_row()[id(row)]


def _found(view: View, every: Sequence[tuple[Requirement, Collection[Judged]]]) -> tuple[list[Lack], dict[Code, list[int]]]:
    """What is to be told of what the rows gave; and for each code, in how many of the four ways of the coverage it was judged."""
    found: list[Lack] = []
    counts: dict[Code, list[int]] = {}
    for row, judged_at in every:
        number = counts.setdefault(row.code, [0, 0, 0, 0])
        others = () if type(judged_at) is AllMet else [j for j in judged_at if j.state is not _SATISFIED]
        number[EVALUATED] += len(judged_at) - len(others)
        for judged in others:
            number[standing(judged)] += 1
            if judged.unmet is not None and judged.state in _TOLD:
                found.append((_finding(view, row, judged), judged.unmet.lacks))
    return found, counts


def _judged_apart(view: View) -> tuple[Instance, ...]:
    """The instances that the method gives a verdict of their own, each id once, in their natural order: whatever the order in which they were told."""
    if view.method.verdict_per is None:
        return ()
    return tuple(sorted({i.id: i for i in view.of_kind(view.method.verdict_per)}.values(), key=lambda i: natural(i.id)))


def _verdict(findings: list[Finding]) -> str:
    broken = any(f.state is State.VIOLATED and f.severity is Severity.ERROR for f in findings)
    return "does_not_conform" if broken else "conforms"


def _whole(findings: tuple[Finding, ...], per: tuple[tuple[str, str], ...], blank: tuple[str, ...]) -> str:
    """
    `partial` where what is wrong lies in some of the instances judged apart, and others conform;
    and where nothing is wrong, but a phase was left in which nothing was judged.
    """
    if _verdict(list(findings)) == "conforms":
        return "partial" if blank else "conforms"
    of_all = [f for f in findings if f.of_all or not f.instances]
    mixed = any(v == "conforms" for _, v in per) and any(v != "conforms" for _, v in per)
    return "partial" if mixed and _verdict(of_all) == "conforms" else "does_not_conform"


def _phases(view: View) -> tuple[PhaseState, ...]:
    labels = {p.id: p.label for p in view.method.phases}
    return tuple(PhaseState(id=name, title=labels.get(name, Text(name, name)), state=state) for name, state in view.position.phases())


def _covered(counts: dict[Code, list[int]]) -> tuple[Coverage, tuple[tuple[Code, Coverage], ...]]:
    """How the instances of all requirements could be judged, and those of each code."""
    total = _coverage(*map(sum, zip(*counts.values(), strict=True)))
    return total, tuple([(code, _coverage(*counts[code])) for code in sorted(counts)])


@lru_cache(maxsize=1024)
def _coverage(evaluated: int = 0, not_yet_due: int = 0, not_applicable: int = 0, undetermined: int = 0) -> Coverage:
    return Coverage(evaluated=evaluated, not_yet_due=not_yet_due, not_applicable=not_applicable, undetermined=undetermined)


_SATISFIED, _TOLD = State.SATISFIED, (State.VIOLATED, State.UNDETERMINED)


def _finding(view: View, row: Requirement, judged: Judged) -> Finding:
    unmet, binding = judged.unmet, judged.binding
    assert unmet is not None
    title = title_of(view, binding)
    parts = {"subject": title, "value": unmet.value, "bound": unmet.bound, "missing": unmet.missing}
    fix, curability = unmet.fix or row.fix, judged.curability
    text = fill_in(unmet.said or row.why, parts)
    if judged.state is State.UNDETERMINED:
        text = fill_in(Text("Date trop vague pour juger. " + text.fr, "Date too rough to tell. " + text.en), {})
        fix, curability = _REFINE, Curability.REPAIRABLE
    per = view.method.verdict_per
    about = {*binding.inst, *(label_inst(view, binding.label) if binding.label else ())}
    ids = {str(i.id) for i in view.of_kind(per) if (per, i.id) in about} | _holding(view, per, binding.inst) if per else set()
    return Finding(code=row.code, subject=binding.subject, severity=unmet.severity or row.severity, state=judged.state, aspect=row.aspect,
                   text=text, fix=fix, origin=row.origin, quote=row.quote, reference=view.words.reference(row.origin), date=judged.on, value=unmet.value.en if unmet.value else None,
                   bound=unmet.bound.en if unmet.bound else None, curability=curability, instances=tuple(sorted(ids)), phase=phase_at(view, row, binding), lifts=unmet.lifts,
                   title=title, measured=unmet.value, expected=unmet.bound, derogable=derogable(view, row.code), number=_number(view, row) if unmet.bound else None)  # fmt: skip


def _holding(view: View, per: KindId, inst: Inst) -> set[str]:
    """The instances of a kind in which others lie."""
    inner = [one for kind, id in inst if view.words.kinds[kind].inside == per and (one := view.instance(id, kind)) is not None]
    return {str(i.inside) for i in inner if i.inside is not None}


def _number(view: View, row: Requirement) -> tuple[Text, str, Text] | None:
    """Who gives the bound of a row, and where that number comes from, if not from where the row does."""
    head = view.dossier.head
    return compiled(view.words, ("number", row, head.profile, head.regime), lambda: _number_of(view, row, head))


def _number_of(view: View, row: Requirement, head: Open) -> tuple[Text, str, Text] | None:
    holders: tuple[tuple[str, Sequence[Profile | Regime], str, str], ...] = (
        ("profile", view.method.profiles, head.profile, "profil"), ("regime", view.method.regimes, head.regime, "régime"),
    )  # fmt: skip
    bounds = [value for name in ("min", "max", "ok") if isinstance(value := row.param(name), Record)]
    for value, (kind, known, id, fr) in product(bounds, holders):
        holder = next((h for h in known if h.id == id), None)
        if holder is not None and (key := value.get(kind)):
            told = said.get(str(key)) if isinstance(said := holder.values.get("sources"), Record) else None
            origin = str(told or holder.origin)  # a number without a source of its own is its holder's
            return None if origin == row.origin else (Text(f"{fr} {id}", f"{kind} {id}"), origin, view.words.reference(origin))
    return None


_REFINE = Text("Préciser la date trop vague.", "Give the rough date more precisely.")
"""What is to be done where nothing can be told; what would mend a fault is no advice before there is one."""


def _on_the_check(checked: Checked) -> list[Finding]:
    """What the rules on the check itself remark, each key once."""
    return list({f.key: f for rule in CODE_RULES for remark in rule.read(checked) for f in [remarked(rule, remark)]}.values())


def remarked(rule: CodeRule, remark: Remark) -> Finding:
    """The finding of a rule on the check itself."""
    parts: dict[str, Text | None] = {"subject": Text(remark.subject, remark.subject), "missing": remark.missing}
    return Finding(code=rule.code, subject=remark.subject, severity=rule.severity, state=State.VIOLATED, aspect=rule.aspect, text=fill_in(rule.why, parts),
                   fix=rule.fix, origin=rule.origin, quote=rule.quote, date=remark.on)  # fmt: skip
