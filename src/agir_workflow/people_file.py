"""
The directory of people: names, mails and telephones under random pseudonyms, apart from the dossier.

A dossier and its journal know a person by the pseudonym alone; so a person is forgotten by taking
them out of this file, and no digest changes (METHOD-LANGUAGE.md §5, «Personal data»).
"""

from __future__ import annotations

import re

import attrs

from .doorstep import PLAIN_ID, shown, text_fault
from .errors import DossierError, Fault
from .toml_file import Document, near
from .toml_text import toml_value
from .words import Text

_MAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")
_DRAW = Text("tirer un autre pseudonyme : agir people add", "draw another pseudonym: agir people add")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for each other."""


@attrs.frozen(kw_only=True)
class Person:
    id: str
    name: str = ""
    mail: str | None = None
    phone: str | None = None


@attrs.frozen
class People:
    persons: tuple[Person, ...] = ()

    def of(self, id: str) -> Person | None:
        return next((p for p in self.persons if p.id == id), None)

    def nearest(self, id: str) -> str | None:
        return near(id, [p.id for p in self.persons])


def pseudonym(random: bytes) -> str:
    """A pseudonym from bytes that the doorstep drew; it says nothing of the person."""
    return "p-" + "".join(_LETTERS[b % len(_LETTERS)] for b in random)


def read_people(data: bytes, name: str | None = None) -> People:
    """The people of a file's bytes. Raises DossierError with every fault, each with path and line."""
    document = Document.read(data, name)
    if not document.readable:
        raise DossierError(tuple(document.faults))
    root = document.root()
    found: list[Person] = []
    for t in root.tables("person"):
        person = Person(id=t.text("id"), name=t.text("name", ""), mail=t.maybe("mail"), phone=t.maybe("phone"))
        t.done()
        for key, value in (("id", person.id), ("name", person.name), ("mail", person.mail), ("phone", person.phone)):
            if value and (wrong := text_fault(value)):
                t.fault(key, *wrong)
        if person.id and not PLAIN_ID.fullmatch(person.id):
            t.fault("id", Text(f"attendu : lettres, chiffres, tirets ; trouvé : « {shown(person.id)} »", f"expected letters, digits, hyphens, found '{shown(person.id)}'"), _DRAW)
        if person.id in {p.id for p in found}:
            t.fault("id", Text(f"attendu : chaque pseudonyme une fois ; trouvé deux fois : « {shown(person.id)} »", f"expected each pseudonym once, found twice: '{shown(person.id)}'"), _DRAW)
        if person.mail is not None and not _MAIL.fullmatch(person.mail):
            t.fault("mail", Text(f"attendu : une adresse électronique ; trouvé : « {person.mail[:40]} »", f"expected a mail address, found '{person.mail[:40]}'"),
                    Text("écrire nom@example.org", "write name@example.org"))  # fmt: skip
        found.append(person)
    root.done(["person"])
    if document.faults:
        raise DossierError(tuple(sorted(document.faults, key=lambda f: (f.line or 0, f.path))))
    return People(tuple(found))


def block_of(person: Person) -> str:
    """A person as a block of the file."""
    pairs = (("id", person.id), ("name", person.name), ("mail", person.mail), ("phone", person.phone))
    return "\n[[person]]\n" + "".join(f"{key} = {toml_value(value)}\n" for key, value in pairs if value)


def without(text: str, id: str, name: str | None = None) -> str:
    """
    The text of the file, of that name, without that person's block; every other byte stays.

    Raises DossierError for an id that nobody bears, and where the people are not written as `[[person]]` blocks.
    """
    people = read_people(text.encode(), name)
    if people.of(id) is None:
        like = people.nearest(id)
        raise DossierError((Fault("person", Text(f"« {id} » n'est pas dans l'annuaire", f"'{id}' is not in the directory"),
                                  Text(f"écrire {like}" if like else "vérifier le pseudonyme", f"write {like}" if like else "check the pseudonym"), None, name),))  # fmt: skip
    parts = re.split(r"(?m)^(?=[ \t]*\[\[[ \t]*person[ \t]*\]\])", text)
    head, blocks = parts[0], parts[1:]
    if len(blocks) != len(people.persons):  # written another way: whose block is whose cannot be told
        raise DossierError((Fault("person", Text("attendu : des blocs [[person]] ; rien n'est ôté", "expected [[person]] blocks; nothing is removed"),
                                  Text("écrire chaque personne en un bloc [[person]], ou l'ôter à la main", "write each person as a [[person]] block, or remove it by hand"), None, name),))  # fmt: skip
    return head + "".join(b for b, p in zip(blocks, people.persons, strict=True) if p.id != id)
