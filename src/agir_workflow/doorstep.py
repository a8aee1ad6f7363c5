"""
What every file and every argument meets at the door: that it can be opened, decoded, and lies within bounds.

Texts are NFC, at most 20,000 characters, without control characters (METHOD-LANGUAGE.md §5); days
are those a project may have. Nothing here knows of TOML, iCalendar or the command line.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import unicodedata
from pathlib import Path

from .errors import Fault
from .when import When
from .words import Text

LIMIT = 5_000_000
"""Bytes; a method or dossier written by hand is a hundred times smaller."""
LONGEST = 20_000
"""Characters of one text."""
LARGEST = 2**53 - 1
"""The largest whole number that every reader of JSON holds exactly."""
DEEPEST = 40
"""Tables and lists within each other."""
FIRST, LAST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
"""The days that a dossier may speak of: holidays are known, and no arithmetic leaves the calendar."""

_FILE = "(file)"
_MISSING = Text("fichier introuvable", "no such file"), Text("vérifier le chemin", "check the path")
_FOLDER = (Text("attendu : un fichier ; trouvé : un répertoire", "expected a file, found a folder"),
           Text("nommer un fichier de ce répertoire", "name a file in that folder"))  # fmt: skip
_DENIED = Text("fichier interdit de lecture", "no permission to read the file"), Text("changer ses droits", "change its permissions")


def file_bytes(path: str | Path, most: int = LIMIT) -> tuple[bytes, Fault | None]:
    """The bytes of a file, one more than *most* at most; or the fault that keeps them from being read."""
    try:
        with open(path, "rb") as source:
            return source.read(most + 1), None
    except (OSError, ValueError) as exc:  # ValueError: a path with a NUL
        what, mend = unopened(exc)
    return b"", Fault(_FILE, what, mend, None, os.fspath(path))


def unopened(exc: OSError | ValueError) -> tuple[Text, Text]:
    """Why a file cannot be opened, and how to mend it."""
    match exc:
        case FileNotFoundError() | NotADirectoryError():
            return _MISSING
        case IsADirectoryError():
            return _FOLDER
        case PermissionError():
            return _DENIED
    reason = getattr(exc, "strerror", None) or str(exc)
    return Text(f"fichier illisible : {reason}", f"cannot be read: {reason}"), Text("vérifier le chemin", "check the path")


def decoded(data: bytes, name: str | None, most: int = LIMIT) -> tuple[str, Fault | None]:
    """The text of a file's bytes, its byte order mark taken off; or the fault that keeps it from being read."""
    if len(data) > most:
        return "", Fault(_FILE, Text(f"attendu : {most} octets au plus ; trouvé : davantage", f"expected {most} bytes at most, found more"),
                         Text("vérifier que c'est bien ce fichier-là", "check that this is the right file"), None, name)  # fmt: skip
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", Fault(_FILE, Text("attendu : de l'UTF-8 ; trouvé : de l'UTF-16", "expected UTF-8, found UTF-16"),
                         Text("enregistrer le fichier en UTF-8", "save the file as UTF-8"), 1, name)  # fmt: skip
    if (at := data.find(b"\0")) >= 0:
        return "", Fault(_FILE, Text(f"attendu : un fichier de texte ; trouvé : un fichier binaire (octet nul en {at})", f"expected a text file, found a binary one (a zero byte at {at})"),
                         Text("vérifier que c'est bien ce fichier-là", "check that this is the right file"), data.count(b"\n", 0, at) + 1, name)  # fmt: skip
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as exc:
        # with the signature, `exc.start` would not count it
        start = exc.start + (3 if data.startswith(b"\xef\xbb\xbf") and exc.object != data else 0)
        byte = f"0x{data[start]:02X}" if start < len(data) else "…"
        return "", Fault(_FILE, Text(f"attendu : de l'UTF-8 ; trouvé : l'octet {byte} en position {start}", f"expected UTF-8, found the byte {byte} at position {start}"),
                         Text("enregistrer le fichier en UTF-8", "save the file as UTF-8"), data.count(b"\n", 0, start) + 1, name)  # fmt: skip


# -- texts -------------------------------------------------------------------------------------------


def nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def shown(text: str, most: int = 60) -> str:
    """A text as a message quotes it: on one line, no longer than a line, without control characters."""
    plain = "".join(c if c.isprintable() or unicodedata.category(c) == "Zs" else ascii(c)[1:-1] for c in text[: most + 1])
    return plain if len(text) <= most else plain[: most - 1] + "…"


_CONTROL = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")
"""Control characters but tab and line feed, and halves of a surrogate pair (the categories Cc and Cs of Unicode)."""


def text_fault(text: str) -> tuple[Text, Text] | None:
    """What is wrong with a text of a dossier, and how to mend it; None where it may stand."""
    if len(text) > LONGEST:
        return (Text(f"attendu : {LONGEST} caractères au plus ; trouvé : {len(text)}", f"expected {LONGEST} characters at most, found {len(text)}"),
                Text("raccourcir, ou joindre un document", "shorten it, or attach a document"))  # fmt: skip
    if found := _CONTROL.search(text):
        c, n = ord(found[0]), found.start()
        return (Text(f"attendu : un texte sans caractère de contrôle ; trouvé : U+{c:04X} en position {n}", f"expected a text without control characters, found U+{c:04X} at position {n}"),
                Text("ôter ce caractère", "remove that character"))  # fmt: skip
    return None


def clean(text: str) -> str:
    """A faulty text cut down to what may stand, so that the rest of the file can still be read."""
    return _CONTROL.sub("", text[:LONGEST])


# -- days --------------------------------------------------------------------------------------------


def in_reach(when: When) -> bool:
    """Whether a day is one that a project may have."""
    return when.earliest >= FIRST and when.latest <= LAST


_WRITE = Text('écrire 2012-05-14, "2012-05" ou "2012-S1"', 'write 2012-05-14, "2012-05" or "2012-S1"')


def day_meant(text: str) -> dt.date | None:
    """The day of a date as it is written in French letters, 14/05/2012 or 14.5.2012; None where the text holds none."""
    found = _FRENCH_DAY.search(text)
    try:
        return dt.date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


_FRENCH_DAY = re.compile(r"(?<![\w/.-])([0-3]?\d)[/.-]([01]?\d)[/.-]((?:19|20|21)\d\d)(?![\w/-])")


def unreadable_date(value: object) -> tuple[Text, Text]:
    """Why a value is no day of a dossier, and how to write one."""
    if isinstance(value, dict):
        ends = ", ".join(f"{shown(k)} = {shown(str(v), 20)}" for k, v in list(value.items())[:3] if not isinstance(v, (dict, list)))
        return (Text(f"attendu : une date, ou un intervalle dans l'ordre ; trouvé : {{ {ends} }}", f"expected a date, or an interval in order, found {{ {ends} }}"),
                Text("écrire { from = 2012-05-14, to = 2012-05-18 }", "write { from = 2012-05-14, to = 2012-05-18 }"))  # fmt: skip
    if isinstance(value, dt.datetime):
        return (Text(f"attendu : une date sans heure ; trouvé : {value}", f"expected a date without an hour, found {value}"),
                Text(f"écrire {value.date()}", f"write {value.date()}"))  # fmt: skip
    far = isinstance(value, dt.date) or (isinstance(value, str) and _is_when(value))
    if far:
        return (Text(f"attendu : une date de {FIRST.year} à {LAST.year} ; trouvé : {value}", f"expected a date from {FIRST.year} to {LAST.year}, found {value}"),
                Text("corriger l'année", "mend the year"))  # fmt: skip
    if isinstance(value, list):
        return Text("date illisible ; attendu : une date ; trouvé : une liste", "unreadable date: expected a date, found a list"), _WRITE
    found = shown(repr(value) if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value))
    return Text(f"date illisible ; attendu : une date ; trouvé : {found}", f"unreadable date: expected a date, found {found}"), Text(f"écrire {day}", f"write {day}") if isinstance(value, str) and (day := day_meant(value)) else _WRITE


def _is_when(text: str) -> bool:
    try:
        When.parse(text)
    except ValueError:
        return False
    return True


def as_cell(text: str) -> str:
    """A text as the cell of a table; one that a spreadsheet would run as a formula is quoted."""
    return f"'{text}" if text.lstrip("'")[:1] in _FORMULA else text


def of_cell(text: str) -> str:
    """The text that such a cell holds."""
    return text[1:] if text[:1] == "'" and text.lstrip("'")[:1] in _FORMULA else text


_FORMULA = ("=", "+", "-", "@", "\t", "\r")
PLAIN_ID = re.compile(r"[\w.-]{1,80}")
"""What a dossier, an instance or a pseudonym may be called."""
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def id_fault(id: str, *, dossier: bool) -> tuple[Text, Text] | None:
    """What is wrong with the id of a dossier (which a command line tells from a path) or of an instance, and how to mend it."""
    if PLAIN_ID.fullmatch(id) and not (dossier and id.endswith(".toml")):
        return None
    name = "title" if dossier else "label"
    return (Text(f"« {shown(id)} » : lettres, chiffres, tirets seulement", f"'{shown(id)}': letters, digits and dashes only"),
            Text(f"raccourcir l'identifiant, garder le nom dans {name}", f"shorten the id, keep the name in {name}"))  # fmt: skip


def uid_fault(uid: str) -> tuple[Text, Text] | None:
    """What is wrong with the uid of a dossier, from which those of its calendar derive."""
    if _UUID.fullmatch(uid):
        return None
    return (Text(f"« {shown(uid)} » n'est pas un UUID", f"'{shown(uid)}' is no UUID"), Text("coller la ligne que « agir ics » propose", "paste the line that 'agir ics' prints"))
