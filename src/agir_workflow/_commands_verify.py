"""The proof of a method, and its witnesses run."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ._commands_base import Asked, Named, as_json, bad, json_text, out, out_json
from ._commands_method import method_argument
from .doorstep import decoded, file_bytes
from .errors import MethodError
from .method_file import load_unproved
from .words import Severity
from .written import write_whole


@click.command()
@method_argument
@click.option("--run", "target", metavar="WITNESS.json", help="Jouer un témoin : où cela coince-t-il ?")
@click.option("--write", "folder", type=Named(), metavar="DIR", help="Laisser chaque témoin dans un fichier.")
@as_json
@click.pass_obj
def verify(asked: Asked, name: str, target: str | None, folder: str | None, as_json: bool) -> int:
    """Peut-elle être suivie jusqu'au bout ? Code 1 s'il y a une faute, chacune avec son témoin."""
    from .verification import verify as proof
    from .views.verification_view import verification, verification_text, witness

    found = load_unproved(name)
    if target:
        return _run(asked, name, target)
    flaws = proof(found)
    if folder:
        for n, flaw in enumerate(flaws, 1):
            write_whole(Path(folder) / f"{n:02}-{flaw.code}.json", (json_text(witness(found, flaw)) + "\n").encode())
    if as_json:
        out_json(verification(found, flaws))
    else:
        out(verification_text(found, flaws, asked.lang))
    return 1 if any(f.severity is Severity.ERROR for f in flaws) else 0


def _run(asked: Asked, name: str, target: str) -> int:
    """Code 1 where the witness shows what it is a witness of; 0 where this method no longer sticks there."""
    from .views.verification_view import read_witness, shown_text
    from .witness import run_witness

    data, fault = file_bytes(target)
    text, other = decoded(data, target) if fault is None else ("", fault)
    if fault or other:
        raise MethodError(tuple(f for f in (fault or other,) if f))
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        raise bad("--run", "attendu : un objet JSON", "expected a JSON object", "reprendre le témoin que « --write » a laissé", "take the witness that '--write' left") from None
    found = load_unproved(name)
    witness = read_witness(plain, len(found.requirements))
    shown = run_witness(found, witness)
    out(shown_text(witness, shown, asked.lang))
    return 1 if shown.holds else 0
