"""The method itself, and the journal."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import click

from ._commands_base import STDOUT, Asked, as_told, bad, laid_open, out, placed, unknown
from .desk import db_path
from .dossier import Instance
from .errors import StoreError
from .method_file import load_method, normal_text
from .stores.sqlite import SqliteStore
from .words import Lang


@click.group()
def method() -> None:
    """La méthode elle-même."""


method_argument = click.argument("name", default="agir_ensemble", metavar="[METHOD]")


@method.command()
@method_argument
@click.option("--readings", is_flag=True, help="Les trois lectures de chaque sorte d'exigence.")
@click.option("--source", is_flag=True, help="Chaque ligne de son texte d'origine, et les éléments qui la portent.")
@click.pass_obj
def show(asked: Asked, name: str, readings: bool, source: bool) -> None:
    """Ses mots, son arbre, ses exigences."""
    from .views.method_text import method_text, readings_text, source_text

    if readings:
        out(readings_text())
    else:
        out((source_text if source else method_text)(load_method(name), asked.lang))


@method.command(name="check")
@method_argument
@click.pass_obj
def check_method(asked: Asked, name: str) -> None:
    """Ses fautes, toutes à la fois ; code 2 s'il y en a."""
    found = load_method(name)
    out(asked.say(f"{found.ref} : rien à redire ({len(found.requirements)} exigences)", f"{found.ref}: nothing wrong ({len(found.requirements)} requirements)"))


@method.command()
@method_argument
@click.pass_obj
def graph(asked: Asked, name: str) -> None:
    """Son arbre, en Mermaid."""
    from .views.method_text import mermaid

    out(mermaid(load_method(name), asked.lang))


@method.command()
@method_argument
@click.option("--toml", "form", flag_value="toml", default=True, help="Le texte normalisé (par défaut).")
@click.option("--json", "form", flag_value="json", help="Le JSON canonique, dont l'empreinte est celle de la méthode.")
@click.option("--pnml", "form", flag_value="pnml", help="Le réseau de l'arbre, pour les outils de réseaux de Petri.")
@click.option("--for", "dossier", metavar="DOSSIER", help="Le réseau sur les instances de ce dossier (avec --pnml).")
@click.option("-o", "--out", "target", metavar="OUT", help="Vers un fichier.")
@click.pass_obj
def export(asked: Asked, name: str, form: str, dossier: str | None, target: str | None) -> None:
    """La méthode telle qu'elle est lue : TOML, JSON, ou le réseau de son arbre en PNML."""
    if dossier and form != "pnml":
        raise bad("--for", "n'a de sens qu'avec --pnml", "means something with --pnml only", "ajouter --pnml", "add --pnml")
    text = _pnml(asked, name, dossier) if form == "pnml" else normal_text(name, toml=form == "toml")
    with placed(target or STDOUT, text.encode()) as put:
        put()


def _pnml(asked: Asked, name: str, dossier: str | None) -> str:
    """The net of a method's tree: a nameless lane a kind, or the lanes of a dossier."""
    from .net import workflow_net
    from .view import view_of
    from .views.pnml import to_pnml

    found, instances = load_method(name), tuple[Instance, ...]()
    if dossier:
        with laid_open(asked, dossier) as desk:
            found, instances = desk.method, tuple(view_of(desk.method, desk.dossier).instances)
    return to_pnml(workflow_net(found.tree, {x.id: x.scope for x in found.leaves}, instances), found.ref).decode()


# -- the journal -----------------------------------------------------------------------------------------


@click.group()
def journal() -> None:
    """Le journal."""


@contextlib.contextmanager
def _store(asked: Asked) -> Iterator[SqliteStore]:
    path = db_path(asked.db)
    if not path.is_file():
        raise bad("--db", f"attendu : un journal ; trouvé : rien en {path}", f"expected a journal, found nothing at {path}", "vérifier le chemin, ou importer un dossier d'abord", "check the path, or import a dossier first")
    store = SqliteStore.open(path)
    try:
        yield store
    finally:
        store.close()


def _names(store: SqliteStore, dossier: str | None) -> list[str]:
    known = list(store.dossiers())
    if dossier is None:
        return known
    if as_told(dossier) not in known:
        raise unknown("DOSSIER", as_told(dossier), known)
    return [as_told(dossier)]


def _altered(store: SqliteStore, lang: Lang) -> list[str]:
    """The methods whose text is no longer the one that was kept."""
    from .stores import shelved

    out: list[str] = []
    for kept in store.method_texts():
        try:
            shelved(store, kept.hash)
        except StoreError as exc:
            out.append(exc.to(lang))
    return out


@journal.command()
@click.argument("dossier", required=False)
@click.pass_obj
def verify(asked: Asked, dossier: str | None) -> int:
    """La chaîne des empreintes ; code 1 et le nom de chaque maillon rompu."""
    from .stores import verify as chain

    broken: list[str] = []
    names: list[str] = []
    number = 0
    with _store(asked) as store:
        try:
            names = _names(store, dossier)
            broken += store.damage()
            for name in names:
                records = list(store.records(name))
                number += len(records)
                broken += [f"{b.dossier} {b.v}: {b.why.to(asked.lang)}" for b in chain(records)]
            broken += _altered(store, asked.lang)
        except StoreError as exc:  # the file opens, and then SQLite stumbles
            broken.append(exc.to(asked.lang))
    for line in broken:
        out(line)
    if broken:
        return 1
    out(asked.say(f"{len(names)} dossier{'s' if len(names) > 1 else ''}, {number} maillon{'s' if number > 1 else ''}, chaîne intacte", f"{len(names)} dossier{'s' if len(names) != 1 else ''}, {number} record{'s' if number != 1 else ''}, chain intact"))
    return 0


@journal.command(name="export")
@click.argument("dossier", required=False)
@click.pass_obj
def export_journal(asked: Asked, dossier: str | None) -> None:
    """Une ligne JSON par fait."""
    from .stores import export_lines

    with _store(asked) as store:
        for name in _names(store, dossier):
            for line in export_lines(store, name):
                out(line)
