"""Decisions, reports, plans and where a dossier stands, as the JSON objects of INTERFACE.md."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from uuid import UUID, uuid5

from ..alignment import Alignment, Tally
from ..answers import (
    Accepted,
    As,
    Ask,
    Blocker,
    Course,
    Decision,
    Finding,
    Lift,
    NextStep,
    Outlook,
    Plan,
    Recorded,
    Refused,
    Report,
    Suppression,
    Wait,
)
from ..codec import fact_to_plain, value_to_plain
from ..errors import PlanningError
from ..planning.problem import Lag, Problem
from ..values import Record
from ..words import Text

Json = dict[str, object]


def text(value: Text) -> Json:
    return {"fr": value.fr, "en": value.en}


def _lift(lift: Lift) -> Json:
    match lift:
        case Ask():
            return {"ask": {"command": lift.verb.value, "address": lift.address, "args": _record(lift.args)}}
        case Wait():
            return {"wait": lift.until.isoformat()}
        case As():
            return {"as": lift.role}


def _record(record: Record) -> object:
    return value_to_plain(record)


def blocker(value: Blocker) -> Json:
    return {
        "code": value.code, "subject": value.subject, "family": value.family.value, "is": value.is_.value if value.is_ else None,
        "params": _record(value.params), "quote": value.quote, "origin": value.origin, "severity": value.severity.value,
        "permanent": value.permanent.en if value.permanent else None, "lifts": [_lift(x) for x in value.lifts], "text": text(value.text),
    }  # fmt: skip


def decision(value: Decision | Recorded) -> Json:
    """`agir.decision/1`; what was recorded is always allowed, its deviations are its notices."""
    out: Json = {"schema": "agir.decision/1", "allowed": not isinstance(value, Refused), "events": [], "notices": [], "blockers": []}
    match value:
        case Accepted():
            out |= {"events": [fact_to_plain(e) for e in value.events], "notices": [blocker(b) for b in value.notices]}
        case Recorded():
            out |= {"events": [fact_to_plain(e) for e in value.events], "notices": [blocker(b) for b in value.deviations]}
        case Refused():
            out |= {"blockers": [blocker(b) for b in value.blockers]}
    return out


def finding(f: Finding) -> Json:
    """One of the findings of `agir.report/1`."""
    return {
        "key": f.key, "code": f.code, "subject": f.subject, "severity": f.severity.value, "state": f.state.value, "aspect": f.aspect.value,
        "date": f.date.isoformat() if f.date else None, "value": f.value, "bound": f.bound, "curability": f.curability.value,
        "also": list(f.also), "deviation": text(f.deviation) if f.deviation else None, "mark": f.mark, "phase": f.phase, "quote": f.quote, "origin": f.origin,
        "reference": text(f.reference) if f.reference.fr else None, "fix": text(f.fix), "text": text(f.text),
        "suppressed": _suppression(f.suppressed) if f.suppressed else None,
    }  # fmt: skip


def report(value: Report) -> Json:
    """`agir.report/1`."""
    from ..words import Severity

    return {
        "schema": "agir.report/1",
        "dossier": {"id": value.dossier, "uid": value.uid, "title": value.title},
        "method": {"ref": value.method, "hash": value.method_hash},
        "profile": value.profile, "regime": value.regime, "at": value.at.isoformat(), "verdict": value.verdict,
        "themes": [{"id": i, "verdict": v} for i, v in value.themes],
        "phases": [{"id": p.id, "title": text(p.title), "state": p.state} for p in value.phases],
        "counts": {s.value: value.count(s) for s in Severity},
        "rules": {k: getattr(value.coverage, k) for k in ("evaluated", "not_yet_due", "not_applicable", "undetermined")},
        "assumed": [text(a) for a in value.assumed],
        "notes": [text(n) for n in value.notes],
        "alignment": _course(value.course) if value.course else None,
        "findings": [finding(f) for f in value.findings],
        "unevaluated": [{"code": code, "missing": list(missing)} for code, missing in value.unevaluated],
        "unjudged": list(value.unjudged),
    }  # fmt: skip


def _course(value: Course) -> Json:
    return {
        "deviations": value.deviations, "fitness": value.fitness, "weighted": value.weighted, "remaining": value.remaining,
        "told": [text(t) for t in value.told], "refused": text(value.refused) if value.refused else None,
    }  # fmt: skip


def tally(value: Tally) -> Json:
    """`agir.align/1`."""
    return {
        "schema": "agir.align/1", "traces": value.traces, "variants": value.variants, "total_cost": value.total_cost,
        "fitting": value.fitting, "mean_fitness": value.mean_fitness, "best_model_cost": value.best_model_cost,
    }  # fmt: skip


def moves(case: str, value: Alignment) -> Json:
    """One line of the moves of `agir.align/1`; `remaining` where the beginning of a run was asked for."""
    line: Json = {"case": case, "cost": value.cost, "moves": [[m.kind.value, m.label] for m in value.moves]}
    return line | {"remaining": list(value.remaining)} if value.remaining else line


def _suppression(value: Suppression) -> Json:
    """Why a finding no longer counts: `copil` and `until` are null for a baseline."""
    return {"by": value.by, "copil": value.copil or None, "reason": value.reason or None, "until": value.until.isoformat() if value.until else None}


def _uid(plan: Plan, address: str) -> str | None:
    return str(uuid5(UUID(plan.uid), address)) if plan.uid else None


def plan(value: Plan) -> Json:
    """`agir.plan/1`; hours as local time of `zone`, lengths in minutes."""
    return {
        "schema": "agir.plan/1",
        "dossier": {"id": value.dossier, "uid": value.uid},
        "at": value.at.isoformat(),
        "meetings": [
            {
                "address": m.address, "uid": m.uid or _uid(value, m.address), "day": m.day.isoformat(), "start": m.start.isoformat() if m.start else None,
                "minutes": m.minutes, "zone": value.zone, "status": m.status, "binding": list(m.because), "title": text(m.title),
            }
            for m in value.meetings
        ],
        "deadlines": [
            {"address": t.address, "verb": t.verb.value, "day": t.day.isoformat(), "binding": list(t.because), "role": t.role, "title": text(t.title)}
            for t in value.todos
        ],
        "branches": list(value.branches), "broken": list(value.broken),
        "assumed": [text(a) for a in value.assumed],
        "objectives": [{"name": o.name, "value": o.value, "bound": o.bound, "proved": o.proved} for o in value.objectives],
    }  # fmt: skip


def conflicts(exc: PlanningError) -> Json:
    """No plan: the requirements in conflict, the shortest first; what is not `proved` or not `minimal` says so, and `way` which way they are of, if it is not the first."""
    unsure: Json = {name: False for name, sure in (("proved", exc.proved), ("minimal", exc.minimal)) if not sure}
    return {"schema": "agir.plan/1", "conflicts": [list(c) for c in exc.conflicts], **unsure, **({"way": text(exc.way)} if exc.way else {})}


def problem(value: Problem) -> Json:
    """`agir.problem/1`: the planning problem, complete enough for another solver; days are ISO dates."""
    import attrs

    lag: Callable[[Lag], Json] = lambda x: attrs.asdict(x) | {"count": x.count.value}  # noqa: E731
    days: Callable[[Sequence[dt.date]], list[str]] = lambda found: [d.isoformat() for d in found]  # noqa: E731
    return {
        "schema": "agir.problem/1", "start": value.start.isoformat(), "end": value.end.isoformat(),
        "holidays": days(value.holidays), "closed": days(value.closed),
        "variables": [
            {
                "id": v.id, "status": v.status.value, "day": v.day.isoformat() if v.day else None, "prefer": v.prefer.isoformat() if v.prefer else None,
                "start": v.start.isoformat() if v.start else None, "minutes": v.minutes, "rank": v.rank,
                "holes": [{"key": h.key, "days": days(h.days)} for h in v.holes],
            }
            for v in value.variables
        ],
        "lags": [lag(x) for x in value.lags],
        "apart": [{"members": list(a.members), "key": a.key} for a in value.apart],
        "choices": [{"options": [lag(x) for x in c.options], "key": c.key} for c in value.choices],
    }  # fmt: skip


def _step(step: NextStep) -> Json:
    return {"command": step.verb.value, "address": step.address, "title": text(step.title), "blockers": [blocker(b) for b in step.blockers],
            "notices": [blocker(b) for b in step.notices]}  # fmt: skip


def outlook(value: Outlook) -> Json:
    """`agir.outlook/1`: where a dossier stands; a step without blockers may be taken."""
    return {
        "schema": "agir.outlook/1", "dossier": {"id": value.dossier}, "at": value.at.isoformat(), "run": value.run,
        "phases": [{"id": p.id, "title": text(p.title), "state": p.state} for p in value.phases],
        "steps": [_step(s) for s in value.steps],
        "reserves": [{"address": r.address, "text": r.text, "title": text(r.title)} for r in value.reserves],
    }  # fmt: skip
