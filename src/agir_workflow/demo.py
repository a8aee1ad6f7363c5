"""The demonstration: the Charenton dossier that the wheel carries, to its calendar, page and verdict."""

from __future__ import annotations

import datetime as dt
import json
from importlib import resources
from pathlib import Path

from .answers import Outlook, Plan, Report
from .conformance import check
from .dossier import Dossier
from .dossier_file import read_dossier
from .engine import outlook
from .method import Method
from .method_file import load_method
from .planning.lenient import plan_all_the_same
from .planning.make import plan
from .views import json_view
from .views._wording import VERDICTS
from .views.html import to_html
from .views.ics import to_ics
from .views.text import SEVERITIES, report_text
from .words import Lang, Severity, Text
from .written import write_whole
from .zones import day_in_words

_SOURCE = Path(__file__).parents[2] / "examples" / "charenton" / "dossier.toml"


def charenton() -> tuple[Method, Dossier]:
    """The method and dossier of the founding case: the wheel's copy, or the checkout's own file."""
    packed = resources.files(__package__) / "examples" / "charenton.toml"
    data = packed.read_bytes() if packed.is_file() else _SOURCE.read_bytes()
    return read_dossier(data, load_method, "charenton.toml")


def _seen(method: Method, dossier: Dossier, at: dt.date) -> Outlook:
    roles = method.list_(method.roles)
    return outlook(method, dossier, on=at, by=roles.words[0].id if roles else "")


def page(method: Method, dossier: Dossier, *, at: dt.date, lang: Lang) -> str:
    """The planning page of a dossier as of a day."""
    return to_html(plan_all_the_same(method, dossier, at=at), check(method, dossier, at=at), _seen(method, dossier, at), lang=lang)


def write_demo(method: Method, dossier: Dossier, folder: Path, *, at: dt.date, lang: Lang) -> str:
    """Write the five files of the demonstration; the summary with their paths."""
    dates, verdict, seen = plan(method, dossier, at=at), check(method, dossier, at=at), _seen(method, dossier, at)
    files = {
        "calendrier.ics": to_ics(dates),
        "copils.ics": to_ics(dates, only="copils"),
        "planning.html": to_html(dates, verdict, seen, lang=lang).encode(),
        "verdict.json": (json.dumps(json_view.report(verdict), ensure_ascii=False, indent=1) + "\n").encode(),
        "verdict.txt": report_text(verdict, lang).encode(),
    }
    for name, data in files.items():
        write_whole(folder / name, data)
    return _summary(dates, verdict, seen, folder, lang)


_FILES = {
    "planning.html": Text("la page à ouvrir ou à imprimer : où en est le projet, et pourquoi", "the page to open or print: where the project stands, and why"),
    "calendrier.ics": Text("toutes les dates, à importer dans un agenda", "all dates, to import into a calendar"),
    "copils.ics": Text("les copils seuls", "the copils alone"),
    "verdict.txt": Text("le verdict à lire", "the verdict to read"),
    "verdict.json": Text("le même, pour un programme", "the same, for a program"),
}
_MOST = 4
"""Lines of a list; the rest is counted."""


def _summary(dates: Plan, verdict: Report, seen: Outlook, folder: Path, lang: Lang) -> str:
    """What a person wants to hear: where the project stands, what comes next, what holds the rest, what was written."""
    fr = lang == "fr"
    phase = next((p.title.to(lang) for p in seen.phases if p.state == "current"), "—")
    counts = ", ".join(f"{n} {SEVERITIES[s].to(lang)}{'s' if n > 1 else ''}" for s in Severity if (n := verdict.count(s)))
    day = day_in_words(seen.at, lang)
    lines = [
        dates.title,
        f"Le {day}. Phase en cours : {phase}. Verdict : {VERDICTS[verdict.verdict].to(lang)} ({counts or 'rien à signaler'})."
        if fr
        else f"{day}. Current phase: {phase}. Verdict: {VERDICTS[verdict.verdict].to(lang)} ({counts or 'nothing to report'}).",
        "",
        "À faire maintenant :" if fr else "To be done now:",
    ]
    planned = {m.address: m.day for m in dates.meetings}
    free = [s for s in seen.steps if not s.blockers]
    for step in free:
        when = planned.get(step.address)
        told = "" if when is None else f", prévu le {day_in_words(when, lang)}" if fr else f", planned for {day_in_words(when, lang)}"
        lines.append(f"  {step.title.to(lang)}{told}  ({step.verb.value} {step.address})")
    lines += [] if free else ["  rien" if fr else "  nothing"]
    held = sorted((s for s in seen.steps if s.blockers), key=lambda s: len(s.blockers))
    lines.append("Ce qui attend, et ce qui manque d'abord :" if fr else "What waits, and what it lacks first:")
    for step in held[:_MOST]:
        more = len(step.blockers) - 1
        rest = (f" (et {more} autre{'s' if more > 1 else ''})" if fr else f" (and {more} more)") if more else ""
        title = step.title.to(lang)
        why = step.blockers[0].text.to(lang).removeprefix(f"{title} : " if fr else f"{title}: ")
        lines.append(f"  {title} — {why}{rest}")
    if len(held) > _MOST:
        lines.append(f"  … (autres étapes : {len(held) - _MOST})" if fr else f"  … (other steps: {len(held) - _MOST})")
    ahead = [m for m in dates.meetings if m.status != "held" and m.day >= seen.at and m.address not in {s.address for s in free}][:_MOST]
    if ahead:
        lines.append("Puis, au calendrier :" if fr else "Then, in the calendar:")
        lines += [f"  {day_in_words(m.day, lang)} : {m.title.to(lang)}" for m in ahead]
    width = max(len(str(folder / name)) for name in _FILES)
    lines += ["", "Écrits :" if fr else "Written:", *(f"  {str(folder / name).ljust(width)}  {what.to(lang)}" for name, what in _FILES.items())]
    lines += ["", "Pour un projet à vous : agir init mon-projet.toml" if fr else "For a project of yours: agir --lang en init my-project.toml"]
    return "\n".join(lines) + "\n"
