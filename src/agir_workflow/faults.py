"""
One fault, one finding: what is told of one thing that is missing or wrong is told once, the other codes beside it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import attrs

from .answers import Finding, Suppression
from .readings._judged import ITS_DAY, TOO_EARLY
from .readings._once import compiled
from .readings._phrases import fill_in, joined
from .readings.granted import derogable, granted
from .readings.order import Broken, Deviation
from .view import View
from .words import Code, Severity, State, Text

Lack = tuple[Finding, tuple[str, ...]]
"""A finding, and what is lacking: two rows that lack the same thing tell one fault."""


def told_once(view: View, found: list[Lack], deviations: tuple[Deviation, ...], at: dt.date) -> list[Finding]:
    """
    Each key once, the graver of two; findings that lack the same thing as one, the others in `also`.

    So are those of one deviation from the tree, whatever subjects they name, and those of one decision.
    """
    best: dict[str, Lack] = {}
    for finding, lacks in found:
        known = best.get(finding.key)
        if known is None or finding.severity.rank < known[0].severity.rank:
            best[finding.key] = (finding, lacks)
    alike: dict[tuple[Code, tuple[str, ...]], list[Finding]] = defaultdict(list)
    for finding, lacks in best.values():
        alike[finding.code, lacks].append(finding)
    best = {key: (finding, lacks) for key, (finding, lacks) in best.items() if not lacks or not _told_by_graver(finding, alike[finding.code, lacks])}
    of = {broken: d for d in deviations for broken in (*d.labels, *d.beside)}
    lacking = {d.lacks: d for d in deviations}
    strayed: dict[Deviation, list[Finding]] = defaultdict(list)
    same: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Finding]] = defaultdict(list)
    out: list[Finding] = []
    for finding, lacks in best.values():
        deviation = of.get((finding.code, finding.subject)) or lacking.get(lacks)
        if deviation is not None:
            strayed[deviation].append(finding)
        elif lacks:
            # What several instances lack alike is each one's own fault, their verdicts are apart; a decision is one for all.
            same[lacks, () if _one_for_all(lacks) else finding.instances].append(finding)
        else:
            out.append(_allowed(view, finding, at) or finding)
    for (lacks, _), group in same.items():
        out += _as_one(view, group, lacks, at, whole=_one_for_all(lacks))
    for deviation, group in strayed.items():
        told = _as_one(view, group, (deviation.stray.address,), at, whole=True, beside=deviation.beside)
        out += [attrs.evolve(f, deviation=deviation.stray.said, strayed=deviation.stray.key) for f in told]
    return out


def _told_by_graver(finding: Finding, alike: list[Finding]) -> bool:
    """Whether a graver row of the same code tells the same lack before another step: of one code the graver hides the other."""
    return len(alike) > 1 and any(other.severity.rank < finding.severity.rank and set(finding.instances) <= set(other.instances) for other in alike)


def _one_for_all(lacks: tuple[str, ...]) -> bool:
    """Whether what is wrong is one thing, however many subjects it is told at: a decision, the day of a step."""
    return lacks[-1] in (ITS_DAY, TOO_EARLY) or all(x.endswith(".decision") for x in lacks)


def _allowed(view: View, finding: Finding, at: dt.date) -> Finding | None:
    """The finding as one that a copil's dérogation allows: still told, no longer a violation; None where none counts."""
    lifted = granted(view, finding.code, finding.subject, at, finding.date)
    if lifted is None:
        return None
    copil = view.title(lifted.copil)
    text = fill_in(Text(f"Dérogation ({copil.fr}) · {finding.text.fr}", f"Dérogation ({copil.en}) · {finding.text.en}"), {})
    why = Suppression(by="derogation", copil=lifted.copil, reason=lifted.reason, until=lifted.until)
    return attrs.evolve(finding, state=State.SATISFIED, severity=Severity.INFO, text=text, suppressed=why)


def _as_one(view: View, group: list[Finding], lacks: tuple[str, ...], at: dt.date, *, whole: bool, beside: tuple[Broken, ...] = ()) -> list[Finding]:
    """
    Findings of one lack under the code of the first. A dérogation of the first allows the whole, as far as
    every other row admits one; a dérogation of another allows that one alone.

    The same row at another subject stays a finding of its own, its key being what people look up; unless the *whole* is
    one fault at many subjects: then it is told at the first that it came to, for all of them. What went wrong *beside* it comes last.
    """
    # A row that reads only what came late labels the fault of another: it is the first where it is alone.
    labels = compiled(view.words, ("late",), lambda: {r.code for r in view.method.requirements if r.param("late")})
    group = sorted(group, key=lambda f: (f.severity.rank, (f.code, f.subject) in beside, f.subject not in lacks, (f.date or dt.date.max) if whole else 0, len(f.subject), f.code in labels, f.code, f.subject))
    lifted = {f.key: allowed for f in group if (allowed := _allowed(view, f, at)) is not None}
    if lifted and not (group[0].key in lifted and all(derogable(view, f.code) for f in group)):
        rest = [f for f in group if f.key not in lifted]
        return [*lifted.values(), *(_as_one(view, rest, lacks, at, whole=whole, beside=beside) if rest else [])]
    first, *rest = group
    also: tuple[Code, ...] = tuple(sorted({f.code for f in rest} - {first.code}))
    kept = attrs.evolve(lifted.get(first.key, first), also=also, derogable=all(f.derogable for f in group))
    if whole:
        as_grave = [f for f in group if f.severity is first.severity]
        if lacks[-1] == TOO_EARLY and (others := [f.title for f in rest if f.code == first.code and f.title]):
            kept = attrs.evolve(kept, text=_told_for(kept.text, joined(others, 3)))
        return [attrs.evolve(kept, instances=tuple(sorted({i for f in as_grave for i in f.instances})), of_all=not all(f.instances for f in as_grave))]
    return [kept, *(lifted.get(f.key, f) for f in rest if f.code == first.code)]


def _told_for(sentence: Text, others: Text) -> Text:
    """A sentence about one of several subjects that says of which others it is true."""
    return fill_in(Text("{said} (de même : {others}).", "{said} (likewise: {others})."), {"said": Text(sentence.fr.rstrip("."), sentence.en.rstrip(".")), "others": others})
