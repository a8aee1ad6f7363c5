"""The verdict: check, on one dossier or on a folder of them."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click

from ._check_baseline import Baseline, read_lines
from ._check_one import FORMATS, Wish, fails, judged, written
from ._check_sinks import SINKS, Form
from ._commands_base import STDOUT, Asked, BadLineError, Named, as_json, dressed, out_raw
from ._commands_repair import before_deciding
from .baseline import fingerprints
from .beside import is_one_dossier
from .doorstep import file_bytes
from .errors import Fault
from .former import LARGEST, Former, FormerRunError, read_former
from .toml_file import near
from .words import Text
from .written import staged


def _forms(formats: tuple[str, ...], as_json: bool, *, several: bool) -> list[Form]:
    """The formats asked for, judged before anything else is: one at most goes to standard output."""
    found = [_form(f) for f in formats]
    if as_json:
        found.insert(0, Form("json", ""))
    known = tuple(SINKS) if several else FORMATS
    faults = [fault for form in found for fault in _form_faults(form, known)]
    if sum(not f.file for f in found) > 1:
        faults.append(Fault("--format", Text("un seul format tient la sortie", "one format only has the output"), Text("écrire --format FORMAT:FICHIER pour les autres", "write --format FORMAT:FILE for the others")))
    for file, number in Counter(os.path.abspath(f.file) for f in found if f.file).items():
        if number > 1:
            name = os.path.basename(file)
            faults.append(Fault("--format", Text(f"{name} : deux formats pour un fichier", f"{name}: two formats for one file"), Text("donner à chacun son fichier", "give each its own file")))
    if faults:
        raise BadLineError(tuple(faults))
    return found or [Form("text", "")]


def _form(told: str) -> Form:
    kind, _, file = told.partition(":")
    return Form(kind, "" if file in ("", STDOUT) else file)


def _form_faults(form: Form, known: tuple[str, ...]) -> list[Fault]:
    if form.kind not in FORMATS:
        like = near(form.kind, known) or ", ".join(known)
        return [Fault("--format", Text(f"format « {form.kind} » inconnu", f"unknown format '{form.kind}'"), Text(f"écrire {like}", f"write {like}"))]
    if form.kind not in known:
        return [Fault("--format", Text(f"{form.kind} : un seul dossier à la fois", f"{form.kind}: one dossier at a time"), Text("nommer un dossier", "name one dossier"))]
    if form.kind in ("html", "planning") and not form.file:
        return [Fault("--format", Text(f"{form.kind} : un fichier est attendu", f"{form.kind}: a file is expected"), Text(f"écrire --format {form.kind}:page.html", f"write --format {form.kind}:page.html"))]
    return []


_options = dressed(
    click.option("--profile", metavar="P", help="Un autre profil que celui du dossier."),
    click.option("--method", "method_file", metavar="FILE", help="Une autre méthode que celle du dossier."),
    click.option("--fail-on", type=click.Choice(["error", "warning", "info", "never"]), default="error", show_default=True, help="Ce qui donne le code 1 / what ends with code 1."),
    click.option("--format", "formats", multiple=True, metavar="FMT[:FILE]", help=", ".join(FORMATS)),
    click.option("--since", metavar="FILE", help="Le JSON ou le CSV d'avant : ce qui a changé / a former run."),
    click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, metavar="N", help="Processus, pour beaucoup de dossiers."),
    click.option("--before", metavar="ADDRESS", help="L'annexe d'un ordre du jour : ce que décider rendrait définitif."),
    click.option("--baseline", metavar="FILE", help="Ce qui était déjà là : marqué, et qui n'échoue plus."),
    click.option("--write-baseline", "write", type=Named(), metavar="FILE", help="Écrire la référence ; une ancienne ne fait que rétrécir."),
    as_json,
)


def _former(path: str) -> Mapping[str, Former]:
    """What a former run told; FormerRunError for a file that cannot be opened, or is none."""
    data, fault = file_bytes(path, LARGEST)
    if fault is not None:
        raise FormerRunError((fault,))
    return read_former(data, path)


@click.command()
@click.argument("paths", nargs=-1, required=True)
@_options
@click.pass_obj
def check(asked: Asked, paths: tuple[str, ...], profile: str | None, method_file: str | None, fail_on: str, formats: tuple[str, ...], since: str | None, jobs: int, before: str | None, baseline: str | None, write: str | None, as_json: bool) -> int:
    """Le verdict ; un répertoire qui tient un dossier.toml est un dossier avec ses pièces, tout autre donne une ligne par dossier."""
    if before is not None:
        return _before(asked, paths, before, formats, as_json=as_json)
    several = len(paths) > 1 or (Path(paths[0]).is_dir() and not is_one_dossier(paths[0]))
    forms = _forms(formats, as_json, several=several)
    kept = Baseline.at(write) if write else None
    lines = read_lines(baseline) if baseline else kept.old if kept else None
    wish = Wish(profile, method_file, fail_on, lines, rewritten=kept is not None)
    former = _former(since) if since else None
    if several:
        from ._check_folder import check_all

        return check_all(asked, paths, wish, forms, jobs=jobs, former=former, baseline=kept)
    return _check_one(asked, paths[0], wish, forms, former, kept)


def _before(asked: Asked, paths: tuple[str, ...], address: str, formats: tuple[str, ...], *, as_json: bool) -> int:
    if len(paths) > 1:
        raise BadLineError((Fault("--before", Text("un seul dossier à la fois", "one dossier at a time"), Text("nommer un dossier", "name one dossier")),))
    if formats:
        raise BadLineError((Fault("--format", Text("--before s'écrit en Markdown, ou en JSON", "--before is written as Markdown, or as JSON"), Text("ôter --format, ou écrire --json", "drop --format, or write --json")),))
    before_deciding(asked, paths[0], address, as_json=as_json)
    return 0


def _check_one(asked: Asked, path: str, wish: Wish, forms: list[Form], former: Mapping[str, Former] | None, kept: Baseline | None) -> int:
    verdict = judged(asked, path, wish)
    texts = [(form, written(verdict, form.kind, asked, former, screen=not form.file)) for form in forms]
    with contextlib.ExitStack() as stack:  # all files lie ready before the first is put
        puts = [stack.enter_context(staged(Path(form.file), text.encode())) for form, text in texts if form.file]
        for put in puts:
            put()
    for form, text in texts:
        if not form.file:
            out_raw(text)
    if kept is not None:
        kept.add(verdict.report.dossier, fingerprints(verdict.report))
        kept.write()
    return 1 if fails(verdict.report, wish.fail_on) else 0
