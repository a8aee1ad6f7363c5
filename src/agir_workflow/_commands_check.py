"""The verdict: check, on one dossier or on a folder of them."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import attrs
import click

from ._commands_base import (
    Asked,
    BadLineError,
    as_json,
    bad,
    denied,
    err,
    json_text,
    laid_open,
    out,
    sentence,
    unknown,
)
from .answers import Report
from .beside import evidence_beside, is_one_dossier
from .conformance import check as judge
from .desk import write_whole
from .doorstep import file_bytes
from .dossier import Dossier
from .errors import AgirError, BrokenChainError, Fault
from .facts import Fact
from .method import Method
from .method_file import load_method
from .toml_file import near
from .words import Severity, State, Text

FORMATS = ("text", "json", "html")
_A_DOSSIER = re.compile(rb"^\s*(\[\s*dossier\s*\]|\[\[\s*facts\s*\]\]|\[\[?\s*answers\s*\]\]?)", re.M)


@attrs.frozen
class _Wish:
    """What is judged by, and what fails."""

    profile: str | None
    method: Method | None
    fail_on: str


@attrs.frozen
class _Form:
    kind: str
    file: str


def _judged(asked: Asked, name: str, wish: _Wish) -> Report:
    with laid_open(asked, name) as desk:
        method, dossier = wish.method or desk.method, desk.dossier
        evidence = evidence_beside(desk.name, dossier)
    if wish.profile:
        known = [p.id for p in method.profiles]
        if wish.profile not in known:
            raise unknown("--profile", wish.profile, known)
        dossier = _under(dossier, wish.profile, dossier.head.regime)
    elif wish.method:
        # judged by another text: its own defaults stand where it does not bear the dossier's words
        head = dossier.head
        profile = head.profile if head.profile in [p.id for p in method.profiles] else method.default_profile
        regime = head.regime if head.regime in [r.id for r in method.regimes] else method.default_regime
        dossier = _under(dossier, profile, regime)
    return judge(method, dossier, at=asked.at, evidence=evidence)


def _under(dossier: Dossier, profile: str, regime: str) -> Dossier:
    first = dossier.facts[0]
    return Dossier((Fact(first.verb, first.address, attrs.evolve(dossier.head, profile=profile, regime=regime), first.stamp), *dossier.facts[1:]))


def _fails(report: Report, fail_on: str) -> bool:
    if fail_on == "never":
        return False
    limit = Severity(fail_on).rank
    return any(f.state is State.VIOLATED and f.severity.rank <= limit for f in report.findings)


def _forms(formats: tuple[str, ...], as_json: bool, *, several: bool) -> list[_Form]:
    """The formats asked for, all judged before anything is: at most one goes to standard output beside `--json`."""
    found = [_Form(*f.partition(":")[::2]) for f in formats]
    if as_json:
        found.insert(0, _Form("json", ""))
    faults = []
    for form in found:
        if form.kind not in FORMATS:
            like = near(form.kind, FORMATS) or ", ".join(FORMATS)
            faults.append(Fault("--format", Text(f"format « {form.kind} » inconnu", f"unknown format '{form.kind}'"), Text(f"écrire {like}", f"write {like}")))
        elif form.kind == "html" and (several or not form.file):
            faults.append(Fault("--format", Text("html : un seul dossier, et un fichier", "html: one dossier, and a file"), Text("écrire --format html:page.html", "write --format html:page.html")))
    if as_json and sum(not f.file for f in found) > 1:
        faults.append(Fault("--format", Text("--json tient seul la sortie", "--json has the output to itself"), Text("écrire --format FORMAT:FICHIER", "write --format FORMAT:FILE")))
    if faults:
        raise BadLineError(tuple(faults))
    return found or [_Form("text", "")]


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--profile", metavar="P", help="Un autre profil que celui du dossier.")
@click.option("--method", "method_file", metavar="FILE", help="Une autre méthode que celle du dossier.")
@click.option("--fail-on", type=click.Choice(["error", "warning", "info", "never"]), default="error", show_default=True)
@click.option("--format", "formats", multiple=True, metavar="FMT[:FILE]", help="text, json, html")
@as_json
@click.pass_obj
def check(asked: Asked, paths: tuple[str, ...], profile: str | None, method_file: str | None, fail_on: str, formats: tuple[str, ...], as_json: bool) -> int:
    """Le verdict ; un répertoire qui tient un dossier.toml est un dossier avec ses pièces, tout autre donne une ligne par dossier."""
    several = len(paths) > 1 or (Path(paths[0]).is_dir() and not is_one_dossier(paths[0]))
    forms = _forms(formats, as_json, several=several)
    wish = _Wish(profile, load_method(method_file) if method_file else None, fail_on)
    if several:
        return _check_all(asked, paths, wish, forms)
    report = _judged(asked, paths[0], wish)
    for form in forms:
        _write(asked, report, paths[0], form)
    return 1 if _fails(report, fail_on) else 0


def _write(asked: Asked, report: Report, name: str, form: _Form) -> None:
    from .views import json_view
    from .views.text import report_text

    if form.kind == "text":
        text = report_text(report, asked.lang)
    elif form.kind == "json":
        text = json_text(json_view.report(report)) + "\n"
    else:
        from .demo import page

        with laid_open(asked, name) as desk:
            text = page(desk.method, desk.dossier, at=asked.at, lang=asked.lang)
    _put(text, form)


def _put(text: str, form: _Form) -> None:
    if form.file:
        write_whole(Path(form.file), text.encode())
    else:
        out(text)


# -- several ---------------------------------------------------------------------------------------------


def _check_all(asked: Asked, paths: tuple[str, ...], wish: _Wish, forms: list[_Form]) -> int:
    """One line for each dossier; one that cannot be read is told and does not stop the others."""
    from .views import json_view

    worst, reports, lines = 0, [], []
    live = any(f == _Form("text", "") for f in forms)
    found = list(_found(paths))
    if not found:
        names = ", ".join(paths)
        raise bad("PATH", f"attendu : des dossiers .toml ; trouvé : aucun dans {names}", f"expected .toml dossiers, found none in {names}", "vérifier le chemin", "check the path")
    with _Progress(len(found)) as progress:
        for path in found:
            progress.at(path)
            try:
                report = _judged(asked, path, wish)
            except (AgirError, OSError) as exc:
                worst = max(worst, 1 if isinstance(exc, BrokenChainError) else 2)
                progress.clear()
                said = denied(exc, asked.lang) if isinstance(exc, OSError) else sentence(exc, asked.lang)
                err(said if path in said else f"{path}: {said}")
                continue
            reports.append(json_view.report(report))
            worst = max(worst, 1 if _fails(report, wish.fail_on) else 0)
            lines.append(_line(asked, path, report))
            if live:
                progress.clear()
                out(lines[-1])
    for form in forms:
        if form.kind == "json":
            _put(json_text({"schema": "agir.reports/1", "reports": reports}) + "\n", form)
        elif form.file:
            _put("\n".join(lines) + "\n", form)
    return worst


def _line(asked: Asked, path: str, report: Report) -> str:
    from .views.text import VERDICTS

    counts = " ".join(f"{report.count(s)}{s.value[0]}" for s in Severity)
    codes = ", ".join(sorted({f.code for f in report.findings if f.state is State.VIOLATED}))
    return f"{path}  {VERDICTS[report.verdict].to(asked.lang)}  {counts}  {codes}".rstrip()


def _found(paths: tuple[str, ...]) -> Iterator[str]:
    """The dossiers of the paths; of a folder, every .toml in it that is or would be a dossier, in order."""
    for path in paths:
        if Path(path).is_dir():
            yield from (str(p) for p in sorted(Path(path).rglob("*.toml")) if not p.is_dir() and is_dossier(str(p)))
        else:
            yield path


def is_dossier(path: str) -> bool:
    """Whether a TOML file says of itself that it is a dossier, or cannot be read; a method beside one does not."""
    data, fault = file_bytes(path)
    return fault is not None or _A_DOSSIER.search(data) is not None or b"\0" in data


class _Progress:
    """A line on standard error for a person who waits longer than a second; nothing where nobody looks."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.width = total, 0, 0
        self.begun = time.monotonic()
        self.seen = sys.stderr.isatty()

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def at(self, path: str) -> None:
        self.done += 1
        if self.seen and time.monotonic() - self.begun > 1:
            line = f"{self.done}/{self.total} {os.path.basename(os.path.dirname(path))}/{os.path.basename(path)}"[:70]
            sys.stderr.write("\r" + line.ljust(self.width))
            sys.stderr.flush()
            self.width = len(line)

    def clear(self) -> None:
        if self.width:
            sys.stderr.write("\r" + " " * self.width + "\r")
            sys.stderr.flush()
            self.width = 0
