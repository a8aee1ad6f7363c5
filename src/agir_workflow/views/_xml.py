"""
XML of others, read as a stream and never expanded: no DTD, no entity of its own, no file beside it.

What is compressed by gzip is read as it is; how much comes out of it is bounded.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from xml.parsers import expat
from xml.parsers.expat import errors

from ..doorstep import unopened
from ..errors import Fault, FaultyFileError
from ..words import Text

LARGEST = 2_000_000_000
"""Bytes of a log or tree, once decompressed."""
MOST_FAULTS = 50
"""Faults told of one file: a log with a fault in each event has said enough by then."""


_WHY: Mapping[str, str] = {
    errors.XML_ERROR_SYNTAX: "une faute de syntaxe",
    errors.XML_ERROR_NO_ELEMENTS: "rien, ou une fin trop tôt",
    errors.XML_ERROR_INVALID_TOKEN: "un signe mal placé, ou une autre langue que XML",
    errors.XML_ERROR_UNCLOSED_TOKEN: "une balise ou un texte qui ne se ferme pas",
    errors.XML_ERROR_PARTIAL_CHAR: "un caractère coupé",
    errors.XML_ERROR_TAG_MISMATCH: "une balise fermante qui n'est pas celle qu'on attend",
    errors.XML_ERROR_DUPLICATE_ATTRIBUTE: "un attribut dit deux fois",
    errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: "quelque chose après la dernière balise",
    errors.XML_ERROR_UNDEFINED_ENTITY: "une entité que rien ne définit",
    errors.XML_ERROR_BAD_CHAR_REF: "un numéro de caractère qui n'existe pas",
    errors.XML_ERROR_UNKNOWN_ENCODING: "un encodage inconnu",
    errors.XML_ERROR_INCORRECT_ENCODING: "un autre encodage que celui qui est annoncé",
    errors.XML_ERROR_MISPLACED_XML_PI: "une déclaration <?xml …?> qui n'est pas en tête",
    errors.XML_ERROR_UNBOUND_PREFIX: "un préfixe sans espace de noms",
}
"""In French, what expat calls it in English."""


class LogError(FaultyFileError):
    """Mend the event log."""


class ProcessTreeError(FaultyFileError):
    """Mend the process tree."""


class Faults:
    """The faults of a file as they are met; `enough` after the first fifty."""

    def __init__(self, file: str | Path, error: type[FaultyFileError]) -> None:
        self.file, self.error = os.fspath(file), error
        self.found: list[Fault] = []

    def add(self, path: str, what: Text, mend: Text, line: int | None = None) -> None:
        self.found.append(Fault(path, what, mend, line, self.file))
        if len(self.found) >= MOST_FAULTS:
            self.tell()

    def tell(self) -> None:
        """Raise them all, if any."""
        if self.found:
            raise self.error(tuple(self.found))


def chunks_of(path: str | Path, faults: Faults, size: int = 1 << 16) -> Iterator[bytes]:
    """The bytes of a file, decompressed where it is gzip; what keeps it from being read is a fault, told at once."""
    total = 0
    try:
        with open(path, "rb") as plain:
            zipped = plain.read(2) == b"\x1f\x8b"
            plain.seek(0)
            source = gzip.GzipFile(fileobj=plain) if zipped else plain
            while data := source.read(size):
                total += len(data)
                if total > LARGEST:
                    faults.add("(file)", Text(f"attendu : {LARGEST} octets au plus ; trouvé : davantage", f"expected {LARGEST} bytes at most, found more"),
                               Text("vérifier que c'est bien ce fichier-là", "check that this is the right file"))  # fmt: skip
                    faults.tell()
                yield data
    except (gzip.BadGzipFile, zlib.error, EOFError):
        faults.add("(file)", Text("attendu : un gzip entier ; trouvé : abîmé ou coupé", "expected a whole gzip, found it damaged or cut short"), Text("compresser de nouveau", "compress it again"))
        faults.tell()
    except (OSError, ValueError) as exc:  # ValueError: a path with a NUL
        faults.add("(file)", *unopened(exc))
        faults.tell()


def pump(path: str | Path, faults: Faults, start: Callable[[str, dict[str, str], int], None], end: Callable[[str], None]) -> Iterator[None]:
    """
    Read a file element by element: *start* gets the name without prefix, the attributes, the line.

    Gives way after each piece of the file. A document type or what is no XML is a fault, told at once.
    """
    parser = expat.ParserCreate()

    def doctype(*_: object) -> None:
        faults.add("DOCTYPE", Text("attendu : du XML sans DOCTYPE ; trouvé : une déclaration", "expected XML without a DOCTYPE, found one"),
                   Text("ôter la ligne <!DOCTYPE …>", "remove the line <!DOCTYPE …>"), parser.CurrentLineNumber)  # fmt: skip
        faults.tell()

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes, parser.CurrentLineNumber)
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    try:
        for data in chunks_of(path, faults):
            parser.Parse(data, False)
            yield
        parser.Parse(b"", True)
        yield
    except expat.ExpatError as exc:
        english = expat.errors.messages.get(exc.code, str(exc.code))
        french = _WHY.get(english, english)
        faults.add("(file)", Text(f"attendu : du XML bien formé ; trouvé : {french} (colonne {exc.offset + 1})", f"expected well-formed XML, found: {english} (column {exc.offset + 1})"),
                   Text("corriger le XML à cette ligne", "mend the XML on that line"), exc.lineno)  # fmt: skip
        faults.tell()
    except (LookupError, ValueError):  # of the encoding that the file announces: none that Python knows, or one of several bytes a letter
        faults.add("(file)", Text("attendu : de l'UTF-8 ou un encodage d'un octet par signe ; trouvé : un autre", "expected UTF-8 or an encoding of one byte a character, found another"),
                   Text("enregistrer le fichier en UTF-8", "save the file as UTF-8"), 1)  # fmt: skip
        faults.tell()
