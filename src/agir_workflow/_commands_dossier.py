"""The commands that begin, move and look at a dossier: demo, init, import, export, status, next."""

from __future__ import annotations

import datetime as dt
import os
import shlex
import uuid
from collections import Counter
from pathlib import Path

import click

from . import engine
from ._commands_base import (
    AT,
    STDOUT,
    Asked,
    Named,
    as_json,
    bad,
    by_option,
    dossier_argument,
    err,
    laid_open,
    out,
    out_json,
    placed,
    role_of,
)
from .desk import open_db, read_file
from .dossier import Dossier, corrections
from .dossier_file import write_dossier
from .errors import ConflictError, DossierError, Fault, FaultyFileError
from .method import Method
from .method_file import load_method, packaged
from .view import view_of
from .words import Text
from .written import write_whole

_CHARENTON = dt.date(2012, 4, 2)
"""The day of the demonstration: between the second and the third session of the groups."""


@click.command()
@click.option("--out", "folder", type=Named(), default="demo", metavar="DIR", show_default=True, help="Le répertoire à remplir / the folder to fill.")
@click.option("--at", "day", **AT, help=f"Le jour où l'on regarde / the day that is looked at. [default: {_CHARENTON}]")
@click.pass_obj
def demo(asked: Asked, folder: str, day: dt.date | None) -> None:
    """Le dossier de Charenton : calendrier, copils, planning, verdict."""
    from .demo import charenton, write_demo

    method, dossier = charenton()
    out(write_demo(method, dossier, Path(folder), at=day or (asked.at if asked.given else _CHARENTON), lang=asked.lang))


@click.command()
@click.argument("file", type=Named(), default="dossier.toml")
@click.option("--method", "name", default="agir_ensemble", metavar="METHOD", help="Une autre méthode / another method.")
@click.pass_obj
def init(asked: Asked, file: str, name: str) -> None:
    """Un dossier commenté, prêt à remplir."""
    from .views.init_toml import blank_dossier

    target = Path(file)
    if not file.endswith(".toml"):
        raise bad("FILE", f"attendu : un nom en .toml ; trouvé : {file}", f"expected a name that ends in .toml, found {file}", f"écrire {file}.toml", f"write {file}.toml")
    if target.exists():
        raise bad("FILE", f"{file} existe déjà ; rien n'est écrit", f"{file} exists already; nothing is written", "choisir un autre nom", "choose another name")
    method = load_method(name)
    ref = method.ref if name.partition("@")[0] in packaged() else os.path.relpath(name, target.parent)
    text = blank_dossier(method, uid=str(uuid.uuid4()), start=asked.at, lang=asked.lang, ref=ref)
    write_whole(target, text.encode())
    typed = shlex.quote(file)
    out(asked.say(f"{file} écrit ; ensuite : agir plan {typed}", f"{file} written; next: agir plan {typed}"))


@click.command(name="import")
@click.argument("files", nargs=-1, required=True)
@click.option("--into", metavar="DOSSIER", help="Le dossier où va un tableau .csv (quoi, date, lieu, présents) / where a table goes.")
@by_option
@as_json
@click.pass_obj
def import_(asked: Asked, files: tuple[str, ...], into: str | None, by: str, as_json: bool) -> int:
    """Des fichiers de dossier dans le journal, ou un tableau .csv dans un dossier ; tout ou rien."""
    if into is not None or any(f.lower().endswith(".csv") for f in files):
        from ._commands_csv import import_csv

        return import_csv(asked, files, into, by, as_json=as_json)
    dossiers: list[tuple[str, Method, Dossier]] = []
    faults: list[Fault] = []
    for file in files:
        try:
            method, dossier = read_file(file)
        except FaultyFileError as exc:
            faults += exc.faults
            continue
        dossiers.append((file, method, dossier))
    ids = Counter(d.head.id for _, _, d in dossiers)
    faults += [Fault("dossier.id", *_twice(d.head.id), None, file) for file, _, d in dossiers if ids[d.head.id] > 1]
    if faults:
        raise DossierError(tuple(faults))
    workspace = open_db(asked.db, create=True)
    try:
        for _, _, dossier in dossiers:
            if found := workspace.store.version(dossier.head.id):
                raise ConflictError(dossier.head.id, 0, found)
        kept = [(file, workspace.import_(dossier.facts, method), dossier.version) for file, method, dossier in dossiers]
    except ConflictError as exc:
        err(asked.say(f"« {exc.dossier} » est déjà au journal : rien n'est importé", f"'{exc.dossier}' is in the journal already: nothing is imported"))
        return 3
    finally:
        workspace.store.close()
    if as_json:
        out_json({"schema": "agir.import/1", "dossiers": [{"file": f, "id": id, "facts": n} for f, id, n in kept], "into": None, "added": 0, "lines": []})
    for file, id, version in kept if not as_json else ():
        out(asked.say(f"{file} → {id} ({version} fait{'s' if version > 1 else ''})", f"{file} → {id} ({version} fact{'s' if version > 1 else ''})"))
    return 0


def _twice(id: str) -> tuple[Text, Text]:
    return (Text(f"« {id} » : plusieurs fichiers portent cet identifiant", f"'{id}': several files bear this id"),
            Text("donner à chacun son id sous [dossier]", "give each its own id under [dossier]"))  # fmt: skip


@click.command()
@dossier_argument
@click.option("--toml", is_flag=True, help="Le dossier en TOML, tel qu'il s'importe (par défaut) / as it is imported.")
@click.option("--xes", is_flag=True, help="Les étapes faites, en XES (IEEE 1849), pour la fouille de processus / its steps as an event log.")
@click.option("--csv", is_flag=True, help="Les réunions tenues, en tableau (quoi, date, lieu, présents) / what was held, as a table.")
@click.option("--method", is_flag=True, help="Le texte de la méthode que le dossier suit / the text of its method.")
@click.pass_obj
def export(asked: Asked, dossier: str, toml: bool, xes: bool, csv: bool, method: bool) -> None:
    """Le dossier tel qu'il s'importe ; ou ses étapes, dans l'ordre."""
    named = [name for name, wanted in (("toml", toml), ("xes", xes), ("csv", csv), ("method", method)) if wanted]
    if len(named) > 1:
        options = ", ".join(f"--{n}" for n in named)
        raise bad(f"--{named[1]}", f"attendu : une seule forme ; trouvé : {options}", f"expected one form, found {options}", f"garder --{named[0]}", f"keep --{named[0]}")
    form = named[0] if named else "toml"
    with laid_open(asked, dossier) as desk:
        if form == "xes":
            from .views.xes_out import to_xes

            out(to_xes([(desk.method, desk.dossier.as_of(asked.at))]).decode())
        elif form == "csv":
            from .csv_file import lines_of, write_table

            head = ("quoi", "date", "lieu", "présents") if asked.lang == "fr" else ("what", "date", "place", "present")
            out(write_table(lines_of(view_of(desk.method, desk.dossier.as_of(asked.at))), head))
        else:
            out(desk.method.text if form == "method" else write_dossier(desk.dossier))


def _outlook(asked: Asked, name: str, by: str, as_json: bool, *, next_only: bool) -> None:
    from .views import json_view
    from .views.text import outlook_text

    with laid_open(asked, name) as desk:
        found = engine.outlook(desk.method, desk.dossier, on=asked.at, by=role_of(desk.method, by))
    if as_json:
        out_json(json_view.outlook(found))
    else:
        out(outlook_text(found, asked.lang, next_only=next_only))


@click.command()
@dossier_argument
@by_option
@as_json
@click.option("--facts", is_flag=True, help="Ses faits, avec le numéro que demande « correct » / its facts, with the number that 'correct' asks for.")
@click.pass_obj
def status(asked: Asked, dossier: str, by: str, as_json: bool, facts: bool) -> None:
    """Où en est le dossier."""
    if facts:
        if as_json:
            raise bad("--facts", "attendu : sans --json", "expected without --json", "ôter --json, ou : agir export", "remove --json, or: agir export")
        with laid_open(asked, dossier) as desk:
            view = view_of(desk.method, desk.dossier)
            void = corrections(desk.dossier.facts)[1]
            for n, fact in enumerate(desk.dossier.facts, 1):
                if fact.on.earliest <= asked.at:
                    struck = (" (rayé)" if asked.lang == "fr" else " (struck out)") if n in void else ""
                    out(f"{n:4}  {fact.on!s:10}  {fact.verb.value} {fact.address}  {view.title(fact.address).to(asked.lang)}{struck}")
        return
    _outlook(asked, dossier, by, as_json, next_only=False)


@click.command(name="next")
@dossier_argument
@by_option
@as_json
@click.pass_obj
def next_(asked: Asked, dossier: str, by: str, as_json: bool) -> None:
    """Ce qui peut se faire, ce qui est bloqué et par quoi."""
    _outlook(asked, dossier, by, as_json, next_only=True)


@click.command()
@dossier_argument
@click.option("--format", "form", type=click.Choice(["md", "html", "docx"]), default="md", show_default=True, help="Markdown, page à imprimer, Word / a page to print, Word.")
@click.option("--docx", is_flag=True, help="Un document Word (extra office) / a Word document.")
@click.option("-o", "--out", "target", metavar="OUT", help="Le fichier à écrire ; sinon la sortie / the file to write, else standard output.")
@click.pass_obj
def cadre(asked: Asked, dossier: str, form: str, docx: bool, target: str | None) -> None:
    """Le cadre lui-même : les rubriques, les réponses, les points à compléter, les accords."""
    from .views.cadre import cadre_html, cadre_markdown, make_cadre
    from .views.docx import cadre_docx

    word = docx or form == "docx"
    if word and target in (None, STDOUT):
        raise bad("-o", "un document Word va dans un fichier", "a Word document goes into a file", "ajouter -o cadre.docx", "add -o cadre.docx")
    with laid_open(asked, dossier) as desk:
        found = make_cadre(desk.method, desk.dossier.as_of(asked.at), lang=asked.lang)
    if target is not None and target != STDOUT:
        with placed(target, cadre_docx(found) if word else (cadre_html(found) if form == "html" else cadre_markdown(found)).encode()) as put:
            put()
    else:
        out(cadre_html(found) if form == "html" else cadre_markdown(found))
