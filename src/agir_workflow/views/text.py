"""What a terminal shows: the verdict, where a dossier stands, a decision, a plan. Plain text, no colour."""

from __future__ import annotations

import shlex
import textwrap

from ..answers import (
    Accepted,
    As,
    Ask,
    Blocker,
    Course,
    Decision,
    Finding,
    Lift,
    Outlook,
    Plan,
    Recorded,
    Refused,
    Report,
    Wait,
)
from ..facts import DOSSIER
from ..readings._phrases import day_of
from ..requirements import Is
from ..words import Curability, Family, Lang, Severity, State, Text, Verb
from ..zones import day_in_words, time_in_words
from ._verdict import (
    allowed_in_words,
    bound_in_words,
    counts_in_words,
    deviation_of,
    gravity,
    groups,
    marked,
    since,
    unjudged_in_words,
)
from ._wording import CURABILITIES, PHASES, VERBS, VERDICTS, WORDS, colon, semicolon, source

SEVERITIES = {
    Severity.ERROR: Text("erreur", "error"),
    Severity.WARNING: Text("avertissement", "warning"),
    Severity.INFO: Text("remarque", "remark"),
}
_CURES = {
    Curability.REPAIRABLE: Text("réparable", "repairable"),
    Curability.RESCHEDULABLE: Text("à reprogrammer", "to be rescheduled"),
    Curability.PERMANENT: Text("passé : dérogation seulement", "past: dérogation only"),
}
_CURES_ALONE = {**_CURES, Curability.PERMANENT: CURABILITIES[Curability.PERMANENT]}
"""Of what no copil may lift."""
_STATUS = {"held": Text("tenu", "held"), "fixed": Text("fixé", "fixed"), "planned": Text("prévu", "planned")}


_NUMBERS = ("of", "version")
"""What of a command's numbers is said as it is: of the others a person says more than how many there are."""


def lift_in_words(lift: Lift, lang: Lang) -> str:
    """One way out of a blocker, as a person would be told."""
    match lift:
        case Ask():
            return " ".join((lift.verb.value, lift.address, *(shlex.quote(f"{k}={v}") for k, v in lift.args if isinstance(v, str) or k in _NUMBERS)))
        case Wait():
            return f"attendre le {day_in_words(lift.until, lang)}" if lang == "fr" else f"wait until {day_in_words(lift.until, lang)}"
        case As():
            return f"par le rôle « {lift.role} »" if lang == "fr" else f"by the role '{lift.role}'"


def blocker_lines(blocker: Blocker, lang: Lang, most: int = 3) -> list[str]:
    """A blocker in two lines: why, and what lifts it."""
    out = [f"- {blocker.code} · {blocker.text.to(lang)}"]
    if blocker.lifts:
        ways = [lift_in_words(x, lang) + _but_with(x, blocker) for x in blocker.lifts[:most]]
        if len(blocker.lifts) > most:
            ways.append("…")
        out.append(f"  → {' / '.join(ways)}")
    elif blocker.permanent and blocker.family is not Family.INPUT:  # whose sentence says the mend already
        out.append(f"  → {blocker.permanent.to(lang)}")
    return out


def _but_with(lift: Lift, blocker: Blocker) -> str:
    """What is still to be said: who was at a sitting, where the way out is to hold the very one that is refused, or to put it right; when its notice was sent."""
    if isinstance(lift, Ask) and lift.verb is Verb.CONVENE and lift.args.get("day") is not None:
        return " --on …"
    if isinstance(lift, Ask) and lift.verb is Verb.CORRECT:
        return " attendance={…}"
    if isinstance(lift, Ask) and lift.verb is Verb.DECIDE and lift.args.get("value") is None:
        return " value=…"
    if isinstance(lift, Ask) and lift.verb in (Verb.CONVENE, Verb.MOVE) and lift.args.get("day") is None:
        return " day=…"
    again = isinstance(lift, Ask) and lift.verb is Verb.HOLD and lift.address.partition("#")[0] == blocker.subject.partition("#")[0]
    return " attendance={…}" if again and blocker.is_ is Is.PRESENT else ""


def decision_text(value: Decision | Recorded, lang: Lang, asked: tuple[Verb, Text]) -> str:
    """What came of a command: of which (its verb, the title of what it is about), how many reasons there are, and each of them."""
    match value:
        case Refused():
            lead, found = _REFUSED[len(value.blockers) > 1], value.blockers
        case Accepted():
            lead, found = Text("admis : {deed}", "allowed: {deed}"), value.notices
        case Recorded():
            lead, found = Text("noté : {deed}", "recorded: {deed}"), value.deviations
    verb, title = asked
    deed = WORDS["lift_ask"].to(lang).format(verb=VERBS[verb].to(lang), what=title.to(lang))
    lines = [lead.to(lang).format(deed=deed, n=len(found)), *(line for b in found for line in blocker_lines(b, lang))]
    return "\n".join(lines) + "\n"


_REFUSED = (Text("refusé : {deed}, {n} motif", "refused: {deed}, {n} reason"), Text("refusé : {deed}, {n} motifs", "refused: {deed}, {n} reasons"))


SCREEN = 44
"""Lines that a person sees at once."""


def report_text(report: Report, lang: Lang, *, screen: int | None = None) -> str:
    """
    The verdict by phase, the gravest first.

    Within *screen* lines: the sentences of the method go first, then the least grave findings, which are counted.
    """
    head, foot = _report_head(report, lang), _report_foot(report, lang)
    ranked = sorted(report.findings, key=gravity)
    body = _findings(report, ranked, lang, quotes=True)
    room = None if screen is None else screen - len(head) - len(foot)
    if room is not None and len(body) > room:
        body = _findings(report, ranked, lang, quotes=False)
        shown = len(ranked)
        while len(body) > room - 1 and shown > 1:
            shown -= 1
            body = _findings(report, ranked[:shown], lang, quotes=False)
        if shown < len(ranked):
            body.append(_left_out(ranked[shown:], lang))
    return "\n".join([*head, *body, *foot]) + "\n"


def _report_head(report: Report, lang: Lang) -> list[str]:
    fr = lang == "fr"
    lines = [
        f"{report.title}",
        f"{'verdict au' if fr else 'verdict on'} {day_in_words(report.at, lang)}{colon(lang)}{VERDICTS[report.verdict].to(lang)} ({counts_in_words(report, lang)})",
        f"{report.method}, {'profil' if fr else 'profile'} {report.profile}, {'régime' if fr else 'regime'} {report.regime}",
    ]
    if report.themes:
        names = dict(report.names)
        lines.append(semicolon(lang).join(f"{names.get(i, i)}{colon(lang)}{VERDICTS[v].to(lang)}" for i, v in report.themes))
    lines += _course(report.course, lang) if report.course else []
    lines += [t.to(lang) for t in unjudged_in_words(report)]
    lines += [_assumed(a, lang) for a in report.assumed]
    return lines + [f"note{colon(lang)}{n.to(lang)}" for n in report.notes]


def _assumed(what: Text, lang: Lang) -> str:
    return f"{Text('supposé', 'assumed').to(lang)}{colon(lang)}{what.to(lang)}"


def _course(course: Course, lang: Lang, most: int = 3) -> list[str]:
    """How far what was done lies from the order of the method, where it does; the first deviations in words."""
    fr = lang == "fr"
    if course.refused is not None:
        return [f"ordre : sans alignement exact, {course.refused.fr}" if fr else f"order: no exact alignment, {course.refused.en}"]
    if not course.deviations or course.fitness is None:
        return []
    n, fitness = course.deviations, f"{course.fitness:.2f}"
    if fr:
        line = f"ordre : {n} écart{'s' if n > 1 else ''}, ajustement {fitness.replace('.', ',')}, poids {course.weighted}"
    else:
        line = f"order: {n} deviation{'s' if n > 1 else ''}, fitness {fitness}, weight {course.weighted}"
    shown = [t.to(lang) for t in course.told[:most]] + (["…"] if n > most else [])
    return [line, *(f"  {t}" for t in shown)]


def _report_foot(report: Report, lang: Lang) -> list[str]:
    cover = report.coverage
    if lang == "fr":
        return ["", f"exigences jugées : {cover.evaluated} ; pas encore exigibles : {cover.not_yet_due} ; sans objet : {cover.not_applicable} ; indéterminées : {cover.undetermined}"]
    return ["", f"requirements judged: {cover.evaluated}; not yet due: {cover.not_yet_due}; not applicable: {cover.not_applicable}; undetermined: {cover.undetermined}"]


def _findings(report: Report, only: list[Finding], lang: Lang, *, quotes: bool) -> list[str]:
    if not only:
        return ["", "rien à signaler" if lang == "fr" else "nothing to report"]
    lines: list[str] = []
    for group in groups(report, tuple(only)):
        lines += ["", group.title.to(lang)]
        for finding in group.findings:
            lines += _finding(finding, report, lang, quotes=quotes)
    return lines


def _left_out(findings: list[Finding], lang: Lang) -> str:
    counts = ", ".join(f"{n} {SEVERITIES[s].to(lang)}{'s' if n > 1 else ''}" for s in Severity if (n := sum(f.severity is s for f in findings)))
    if lang == "fr":
        return f"… et {len(findings)} autre{'s' if len(findings) > 1 else ''} ({counts}) ; pour tout lire : --format text:verdict.txt"
    return f"… and {len(findings)} more ({counts}); to read them all: --format text:verdict.txt"


def _finding(finding: Finding, report: Report, lang: Lang, *, quotes: bool) -> list[str]:
    sign = "○" if finding.mark else "?" if finding.state is State.UNDETERMINED else {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "·"}[finding.severity]
    also = f" (+ {', '.join(finding.also)})" if finding.also else ""
    out = [f"{sign} {finding.code}{also} · {finding.text.to(lang)}{'' if finding.mark == 'derogated' else marked(finding, lang)}"]
    if finding.mark == "derogated":
        return [*out, f"    {allowed_in_words(finding, lang)}"]
    if strayed := deviation_of(finding):
        out.append(f"    ↔ {strayed.to(lang)}")
    day = since(finding, report)
    begun = f"{'depuis le' if lang == 'fr' else 'since'} {day_of(day).to(lang)}{semicolon(lang)}" if day else ""
    cure = f" [{begun}{(_CURES[finding.curability] if finding.derogable else _CURES_ALONE[finding.curability]).to(lang)}]"
    out.append(f"    → {finding.fix.to(lang)}{cure if finding.state is State.VIOLATED else ''}")
    said = source(finding.origin, finding.reference, lang)
    if finding.quote:
        said = f"« {finding.quote} » ({said})" if lang == "fr" else f"“{finding.quote}” ({said})"
    if bound := bound_in_words(finding, lang):
        said = f"{said}{' ; ' if lang == 'fr' else '; '}{bound}" if finding.quote or finding.reference.fr else bound
    if quotes and (finding.quote or finding.reference.fr or bound):
        out += textwrap.wrap(said, 100, initial_indent="    ", subsequent_indent="    ")
    return out


def outlook_text(outlook: Outlook, lang: Lang, *, next_only: bool = False) -> str:
    fr = lang == "fr"
    lines: list[str] = []
    if not next_only:
        state = {"open": "ouvert", "suspended": "suspendu", "abandoned": "abandonné", "closed": "clos"}[outlook.run] if fr else outlook.run
        lines += [outlook.title, f"{'au' if fr else 'on'} {day_in_words(outlook.at, lang)}, dossier {state}", ""]
        lines += [f"  {p.title.to(lang)}{colon(lang)}{PHASES[p.state].to(lang)}" for p in outlook.phases]
        lines.append("")
    free = [s for s in outlook.steps if not s.blockers]
    held = [s for s in outlook.steps if s.blockers]
    lines.append("peut se faire :" if fr else "may be done:")
    for step in free:
        lines.append(f"  {step.verb.value} {step.address}  {step.title.to(lang)}")
        lines += [f"      ! {n.code} · {n.text.to(lang)}" for n in step.notices]
    if outlook.run == "suspended":  # nothing else may be done before
        lines.append(f"  {Verb.RESUME.value} {DOSSIER}  {'Reprendre le projet' if fr else 'Taking the project up again'}")
    elif not free:
        lines.append("  (rien)" if fr else "  (nothing)")
    if outlook.reserves:
        lines.append("réserves à lever :" if fr else "reserves to settle:")
        lines += [f"  {Verb.SETTLE.value} {r.address}  {r.title.to(lang)}{colon(lang)}{r.text}" for r in outlook.reserves]
    lines.append("bloqué :" if fr else "blocked:")
    for step in held:
        first, more = step.blockers[0], len(step.blockers) - 1
        lines.append(f"  {step.verb.value} {step.address}  {step.title.to(lang)}")
        tail = f" (+ {more})" if more else ""
        lines.append(f"      {first.code} · {first.text.to(lang)}{tail}")
        if step is held[0] and not free and outlook.run == "open":  # what may be done then is no step of its own: an answer, a document
            lines += [f"    {line}" for line in blocker_lines(first, lang)[1:]]
    if not held:
        lines.append("  (rien)" if fr else "  (nothing)")
    return "\n".join(lines) + "\n"


def plan_text(plan: Plan, lang: Lang) -> str:
    lines = [plan.title, ""]
    for step in plan.meetings:
        hour = f", {time_in_words(step.start, lang)}" if step.start else ""
        why = f"  [{', '.join(step.because)}]" if step.because else ""
        lines.append(f"{step.day}  {_STATUS[step.status].to(lang):8} {step.title.to(lang)}{hour}{why}")
    lines += ["", "à faire avant :" if lang == "fr" else "to be done by:"] if plan.todos else [""]
    late = "  (en retard)" if lang == "fr" else "  (overdue)"
    lines += [f"{t.day}  {t.verb.value} {t.address}  {t.title.to(lang)}{late if t.day < plan.at else ''}" for t in plan.todos]
    lines += [_assumed(a, lang) for a in plan.assumed]
    return "\n".join(lines) + "\n"
