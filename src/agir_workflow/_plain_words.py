"""What is said of plain data that does not fit a value: what is expected, what was found, how to write it, where."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable

import attrs

from .errors import Fault
from .toml_file import near
from .values import Record
from .when import When
from .words import Text

_BARE_KEY = re.compile(r"[\w-]+", re.ASCII)

Expectation = tuple[Text, Text]
"""What is expected, and how to write it."""


def _say(fr: str, en: str, mend_fr: str, mend_en: str) -> Expectation:
    return Text(fr, en), Text(mend_fr, mend_en)


# fmt: off
_FORMS = "2012-05-14, 2012-05, 2012-Q2, 2012-S1, 2012, 2011-10-17/2011-12-02"
TEXT = _say("un texte", "a text", "l'écrire entre guillemets", "write it in quotes")
UNICODE = _say("un texte Unicode", "a Unicode text", "l'écrire en UTF-8", "write it in UTF-8")
INT = _say("un nombre entier", "a whole number",
            "l'écrire sans guillemets ni virgule", "write it without quotes or decimals")
BOUND = _say("un nombre entier d'au plus 2^53-1", "a whole number of at most 2^53-1",
              "l'écrire comme un texte", "write it as a text")
BOOL = _say("true ou false", "true or false", "l'écrire sans guillemets", "write it without quotes")
DATE = _say("un jour", "a day", "l'écrire 2012-05-14, sans heure", "write it as 2012-05-14, without an hour")
HOUR = _say("une heure", "a time of day", "l'écrire 14:30", "write it as 14:30")
UTC = _say("un instant UTC", "an instant in UTC", "l'écrire 2012-05-14T09:30:00Z", "write it as 2012-05-14T09:30:00Z")
WHEN = _say("une date", "a date", f"l'écrire ainsi : {_FORMS}", f"write it in one of these forms: {_FORMS}")
TABLE = _say("une table", "a table", "l'écrire { nom = valeur }", "write it as { name = value }")
LIST = _say("une liste", "a list", "l'écrire entre crochets", "write it in square brackets")
VALUE = _say("un texte, un nombre entier, true ou false, une date, une table ou une liste",
              "a text, a whole number, true or false, a date, a table or a list",
              "l'écrire sous l'une de ces formes", "write it in one of these forms")
RESERVED = _say("une table d'un autre nom que « when »", "a table with another name than 'when'",
                 "{ when = texte } est réservé aux dates : choisir un autre nom",
                 "{ when = text } is reserved for dates: choose another name")
DISTINCT = _say("des noms distincts", "distinct names", "garder un seul de ces noms", "keep one of these names")
SHALLOW = _say("des valeurs moins imbriquées", "values nested less deeply", "les aplatir", "flatten them")
PLAIN = _say("des valeurs simples", "plain values",
              "n'employer que les types des champs", "use the types of the fields")
# fmt: on
_KINDS: tuple[tuple[type[object] | tuple[type[object], ...], Text], ...] = (
    (type(None), Text("rien", "nothing")),
    ((dict, Record), Text("une table", "a table")),
    ((list, tuple), Text("une liste", "a list")),
    (bool, Text("{}", "{}")),
    (int, Text("le nombre {}", "the number {}")),
    (float, Text("le nombre décimal {}", "the decimal number {}")),
    (str, Text("le texte « {} »", "the text '{}'")),
    (dt.datetime, Text("un jour avec une heure, {}", "a day with an hour, {}")),
    ((dt.date, When), Text("le jour {}", "the day {}")),
    (dt.time, Text("l'heure {}", "the time {}")),
)


class Wrong(Exception):
    """What a hook found; travels through cattrs, never outside this room."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults


def found(data: object) -> Text:
    """What was found, told from *data*: its kind, and a plain value itself."""
    other = Text(type(data).__name__, type(data).__name__)
    kind = next((text for types, text in _KINDS if isinstance(data, types)), other)
    said = str(data).lower() if isinstance(data, bool) else str(data)
    said = said if said.isprintable() else ascii(said)[1:-1]
    said = said if len(said) <= 40 else said[:39] + "…"
    return Text(kind.fr.replace("{}", said), kind.en.replace("{}", said))


def expected(path: str, expected: Text, mend: Text, data: object) -> Fault:
    """The fault `expected …, found …`."""
    there = found(data)
    return Fault(path, Text(f"attendu : {expected.fr} ; trouvé : {there.fr}", f"expected {expected.en}, found {there.en}"), mend)


def unknown(path: str, key: str, known: Iterable[str]) -> Fault:
    """The fault of a key that nothing reads in the table at *path*, with the nearest one that is read."""
    names = ", ".join(known)
    otherwise = Text(f"la retirer ; clés connues ici : {names}", f"remove it; the keys known here are: {names}")
    what = Text(f"clé inconnue « {key} »", f"unknown key '{key}'")
    return Fault(join(path, key_said(key)), what, nearest_or(key, known, otherwise))


def missing(path: str, key: str) -> Fault:
    """The fault of a key that the table at *path* must have."""
    what = Text(f"attendu : « {key} » ; trouvé : rien", f"expected '{key}', found nothing")
    return Fault(join(path, key), what, Text(f"ajouter {key} = …", f"add {key} = …"))


def nearest_or(name: str, known: Iterable[str], otherwise: Text) -> Text:
    like = near(name, known)
    return Text(f"vouliez-vous dire « {like} » ?", f"did you mean '{like}'?") if like else otherwise


def join(path: str, key: str) -> str:
    dot = "." if path and key and not key.startswith("[") else ""
    return f"{path}{dot}{key}"


def key_said(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else json.dumps(name)


def below(path: str, faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(attrs.evolve(f, path=join(path, f.path)) for f in faults)
