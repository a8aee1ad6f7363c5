"""`agir people`: the directory of people, apart from dossier and journal. Pseudonyms are drawn here, and nowhere below."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from ._commands_base import Asked, Named, as_told, err, out
from .answers import Plan
from .desk import Desk, with_blocks
from .doorstep import decoded, file_bytes
from .dossier import Label
from .errors import DossierError
from .facts import Publish
from .people_file import Person, block_of, pseudonym, read_people, without
from .readings.seats import PERSON, seats_at
from .view import view_of
from .written import alone, make_folder, write_whole

_HEAD = """\
# L'annuaire : noms, adresses et téléphones, sous un pseudonyme tiré au sort.
# Rien de ce fichier n'entre au dossier ni au journal ; ôter une personne d'ici suffit pour l'oublier.
"""


@click.group()
def people() -> None:
    """L'annuaire des personnes, à part du dossier / the directory of people, apart from the dossier."""


@people.command()
@click.argument("file", type=Named(), default="annuaire.toml")
@click.option("--name", default="", help="Son nom / the name.")
@click.option("--mail", default=None, help="Son adresse électronique / the mail address.")
@click.option("--phone", default=None, help="Son téléphone / the telephone.")
@click.pass_obj
def add(asked: Asked, file: str, name: str, mail: str | None, phone: str | None) -> None:
    """Une personne de plus ; son pseudonyme est tiré au sort et affiché / one person more."""
    make_folder(Path(file).resolve().parent)
    with alone(Path(file)):
        before = _bytes(file) if Path(file).exists() else _HEAD.encode()
        known = read_people(before, file)
        while known.of(id := pseudonym(secrets.token_bytes(8))) is not None:
            pass
        person = Person(id=id, name=as_told(name), mail=None if mail is None else as_told(mail), phone=None if phone is None else as_told(phone))
        data = with_blocks(before, block_of(person))
        read_people(data, file)  # a mail that is none is refused before it is written
        write_whole(Path(file), data)
    out(id)


@people.command()
@click.argument("file")
@click.argument("person")
@click.pass_obj
def erase(asked: Asked, file: str, person: str) -> None:
    """Oublier une personne ; le dossier, le journal et leurs empreintes ne changent pas / forget a person."""
    _bytes(file)  # a folder, or nothing, says so itself
    with alone(Path(file)):
        data = _bytes(file)
        text, fault = decoded(data, file)
        if fault is not None:
            raise DossierError((fault,))
        signature = data[: len(data) - len(text.encode())]  # of UTF-8, where the file has one
        write_whole(Path(file), signature + without(text, as_told(person), file).encode())
    out(asked.say(f"{as_told(person)} n'est plus dans {file}", f"{as_told(person)} is no longer in {file}"))


def _bytes(file: str) -> bytes:
    data, fault = file_bytes(file)
    if fault is not None:
        raise DossierError((fault,))
    return data


Guests = dict[str, tuple[tuple[str, str], ...]]
"""For each address of a meeting, the mail and name of those who have a seat there."""


def guests_of(asked: Asked, desk: Desk, file: str, plan: Plan, base: Publish | None) -> Guests:
    """Who is called to each meeting: the people of the directory whose seats it has; says on standard error who has no mail."""
    directory = read_people(_bytes(file), file)
    view = view_of(desk.method, desk.dossier.as_of(asked.at))
    out: Guests = {}
    for address in sorted({str(m.address) for m in plan.meetings} | {e.address for e in (base.entries if base else ())}):
        found = view.words.find_leaf(address)
        seats = seats_at(view, Label(found[0].id, found[1]), asked.at) if found else {}
        ids = sorted({str(p) for _, seat in seats.values() if (p := seat.get(PERSON))})
        called = [(id, directory.of(id)) for id in ids]
        if lost := [id for id, p in called if p is None or p.mail is None]:
            err(asked.say(f"{address} : sans adresse électronique dans {file} : {', '.join(lost)}", f"{address}: without a mail in {file}: {', '.join(lost)}"))
        out[address] = tuple((p.mail, p.name) for _, p in called if p is not None and p.mail is not None)
    return out
