"""What would mend a dossier, as a diff of its file; and the annex of an agenda before a decision."""

from __future__ import annotations

from pathlib import Path

import click

from ._commands_base import Asked, as_json, by_option, dossier_argument, laid_open, out, out_json, role_of
from .beside import DOSSIER_FILE
from .desk import with_blocks
from .dossier_file import write_dossier
from .foresee import foresee
from .repair import repair as mend


@click.command()
@dossier_argument
@by_option
@as_json
@click.pass_obj
def repair(asked: Asked, dossier: str, by: str, as_json: bool) -> None:
    """Ce qui réparerait le dossier : un diff de son fichier, sur la sortie ; rien n'est écrit."""
    from .views.mending import blocks, diff, repair_json, repair_text

    with laid_open(asked, dossier) as desk:
        found = mend(desk.method, desk.dossier, at=asked.at, by=role_of(desk.method, by))
        told = desk.dossier.facts
        before = desk.read or write_dossier(desk.dossier).encode()
    if as_json:
        out_json(repair_json(found))
        return
    added = blocks(found, told, asked.lang, before.decode("utf-8-sig"))
    after = with_blocks(before, added) if added else before
    out(diff(before.decode("utf-8-sig"), after.decode("utf-8-sig"), DOSSIER_FILE if Path(dossier).is_dir() else Path(dossier).name))
    click.echo(repair_text(found, asked.lang), err=True, nl=False)


def before_deciding(asked: Asked, dossier: str, address: str, *, as_json: bool) -> None:
    """The annex of the agenda of a decision: Markdown on standard output, or the object `agir.foreseen/1`."""
    from .views.mending import foreseen_json, foreseen_markdown

    with laid_open(asked, dossier) as desk:
        seen = foresee(desk.method, desk.dossier, address, at=asked.at, by=role_of(desk.method, ""))
    if as_json:
        out_json(foreseen_json(seen))
    else:
        out(foreseen_markdown(seen, asked.lang))
