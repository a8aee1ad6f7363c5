"""The demonstration: the Charenton dossier that the wheel carries, to its calendar, page and verdict."""

from __future__ import annotations

import datetime as dt
import json
from importlib import resources
from pathlib import Path

from .answers import Outlook
from .conformance import check
from .dossier import Dossier
from .dossier_file import read_dossier
from .engine import outlook
from .method import Method
from .method_file import load_method
from .planning.make import plan
from .views import json_view
from .views.html import to_html
from .views.ics import to_ics
from .views.text import VERDICTS, report_text
from .words import Lang, Severity

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
    return to_html(plan(method, dossier, at=at), check(method, dossier, at=at), _seen(method, dossier, at), lang=lang)


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
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return _summary(dates.title, seen, VERDICTS[verdict.verdict].to(lang), verdict.count(Severity.ERROR), [str(folder / n) for n in files], lang)


def _summary(title: str, seen: Outlook, verdict: str, errors: int, paths: list[str], lang: Lang) -> str:
    fr = lang == "fr"
    phase = next((p.title.to(lang) for p in seen.phases if p.state == "current"), "—")
    free = [s for s in seen.steps if not s.blockers]
    held = [s for s in seen.steps if s.blockers]
    lines = [title, f"{'au' if fr else 'on'} {seen.at} · {phase} · {verdict} · {errors} {'erreur' if fr else 'error'}{'s' if errors > 1 else ''}", ""]
    lines.append("peut se faire maintenant :" if fr else "may be done now:")
    lines += [f"  {s.verb.value} {s.address}  ({s.title.to(lang)})" for s in free]
    lines.append("bloqué, et par quoi :" if fr else "blocked, and by what:")
    lines += [f"  {s.verb.value} {s.address} : {s.blockers[0].text.to(lang)}" + (f" (+ {len(s.blockers) - 1})" if len(s.blockers) > 1 else "") for s in held]
    return "\n".join([*lines, "", *paths]) + "\n"
