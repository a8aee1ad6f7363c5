"""What `tomllib` complains of, said in both languages with the line it found."""

from __future__ import annotations

import re

from .doorstep import day_meant, shown
from .errors import Fault
from .words import Text

_AT = re.compile(r" ?\(at (?:line (\d+), column (\d+)|end of document)\)$")
_MEND = Text("corriger la syntaxe de cette ligne", "mend the syntax of that line")
_TWICE = Text("ôter l'une des deux, ou les réunir", "remove one of the two, or join them")
_QUOTES = Text("fermer les guillemets", "close the quotes")
_CLOSE = Text("fermer par ] ou }", "close it with ] or }")
_DAY = Text("écrire un jour qui existe, comme 2012-05-14", "write a day that exists, such as 2012-05-14")
# fmt: off
_SAID: tuple[tuple[str, str, Text | None], ...] = (
    (r"Expected '=' after a key.*", "attendu : « = » après la clé", Text("écrire clé = valeur", "write key = value")),
    (r"Invalid value", "valeur illisible", Text("mettre un texte entre guillemets", "put a text in quotes")),
    (r"Invalid statement", "ligne illisible", Text("écrire clé = valeur, ou [table]", "write key = value, or [table]")),
    (r"Invalid initial character for a key part", "clé illisible", Text("écrire la clé sans accent, ou entre guillemets", "write the key without accents, or in quotes")),
    (r"Expected newline or end of document after a statement", "attendu : une fin de ligne", Text("passer à la ligne, ou fermer les guillemets", "begin a new line, or close the quotes")),
    (r"Invalid date or datetime", "date impossible", _DAY),
    (r"Cannot overwrite a value", "clé dite deux fois", _TWICE),
    (r"Duplicate inline table key (.+)", "clé dite deux fois : {0}", _TWICE),
    (r"Cannot declare (.+) twice", "table dite deux fois : {0}", _TWICE),
    (r"Cannot (?:mutate immutable|redefine) namespace (.+)", "table déjà dite autrement : {0}", _TWICE),
    (r"Unclosed array", "liste non fermée", _CLOSE),
    (r"Unclosed inline table", "table non fermée", _CLOSE),
    (r"Expected '\]' at the end of a table declaration", "attendu : « ] » à la fin de l'en-tête", Text("écrire [table]", "write [table]")),
    (r"Expected '\]\]' at the end of an array declaration", "attendu : « ]] » à la fin de l'en-tête", Text("écrire [[table]]", "write [[table]]")),
    (r"Unterminated string", "texte non fermé", _QUOTES),
    (r"Expected (.+)", "attendu : {0}", _QUOTES),
    (r"(?:Illegal|Found invalid) character (.+)", "caractère interdit : {0}", Text("ôter ce caractère", "remove that character")),
    (r"Unescaped '\\\\' in a string", "« \\ » seul dans un texte", Text("écrire \\\\, ou / dans un chemin", "write \\\\, or / in a path")),
    (r"(?:Hex value|Invalid hex|Escaped character).*", "échappement illisible", Text("écrire le caractère lui-même", "write the character itself")),
    (r"Exceeds the limit.*", "attendu : un entier d'au plus 2^53-1 ; trouvé : un nombre plus grand", Text("écrire un texte entre guillemets", "write a text in quotes")),
)
# fmt: on


def syntax_fault(complaint: str, text: str, name: str | None) -> Fault:
    """The fault of a text that is no TOML: what was expected, the line that was found, how to mend it."""
    lines = text.split("\n")
    at = _AT.search(complaint)
    what = _AT.sub("", complaint)
    number = int(at[1]) if at and at[1] else len(lines)
    column = int(at[2]) if at and at[2] else len(lines[-1]) + 1
    if what.startswith("Exceeds the limit"):  # int() speaks, without a place
        number = next((n for n, line in enumerate(lines, 1) if re.search(r"\d{4000}", line)), 1)
        what, column = "expected a whole number of at most 2^53-1, found a larger one", 1
        french, mend = _SAID[-1][1], _SAID[-1][2] or _MEND
    else:
        french, mend = _in_french(what)
    mend = _meant(lines[number - 1]) or mend
    if number > 1 and not lines[number - 1].strip():
        number = next((n for n in range(number, 0, -1) if lines[n - 1].strip()), number)
    line = shown(lines[number - 1].strip()) or "…"
    return Fault("(file)", Text(f"TOML illisible, colonne {column} : {french} ; trouvé : « {line} »", f"not TOML, column {column}: {shown(what, 90)}; found: '{line}'"),
                 mend, number, name)  # fmt: skip


def _meant(line: str) -> Text | None:
    """How to mend a line that holds what people write in a letter: a day with strokes, a text with quotes in it."""
    value = line.partition("=")[2].strip()
    if value[:1].isdigit() and (day := day_meant(value)):
        return Text(f"écrire {day}", f"write {day}")
    if re.fullmatch(r'"[^"]*[^"\\][^"]*"[^",\]}]+".*', value):
        return Text('un guillemet dans un texte s\'écrit \\", ou « »', 'a quote in a text is written \\"')
    return None


def _in_french(what: str) -> tuple[str, Text]:
    for pattern, french, mend in _SAID:
        if found := re.fullmatch(pattern, what):
            return french.format(*(shown(g, 40) for g in found.groups())), mend or _MEND
    return shown(what, 90), _MEND
