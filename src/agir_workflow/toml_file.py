"""
A TOML file read with its addresses: every fault at once, each with path and line.

`tomllib` gives values without lines (`_toml_plain` the same ones faster, where it can); `line_of` finds them again in the text. A `Table` is asked
for what it should hold and notes what it does not; nothing is coerced, save texts to NFC.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import takewhile
from typing import Any

import attrs

from ._toml_plain import plain
from ._toml_words import syntax_fault
from .doorstep import DEEPEST, LARGEST, LIMIT, decoded, in_reach, nfc, shown, unreadable_date
from .errors import Fault
from .when import When
from .words import NO_TEXT, Text

Path = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_NAMES = {bool: ("un oui ou non (true, false)", "true or false"), int: ("un entier", "a whole number"),
          str: ("un texte entre guillemets", "a text in quotes"), dict: ("une table", "a table"), list: ("une liste", "a list"),
          dt.date: ("une date (2012-05-14)", "a date (2012-05-14)"), float: ("un nombre à virgule", "a decimal number"),
          dt.datetime: ("une date avec heure", "a date with a time"), dt.time: ("une heure", "a time")}  # fmt: skip


def said(path: Path) -> str:
    """A path as a person writes it: `requirements[3].due`."""
    out = ""
    for part in path:
        out += f"[{part}]" if isinstance(part, int) else f".{shown(part)}" if out else shown(part)
    return out or "(file)"


def steps(path: str) -> Path:
    """A path as it is said, back in its steps."""
    return tuple(int(p[1:-1]) if p.startswith("[") else p for p in re.findall(r"[^.\[\]]+|\[[0-9]{1,9}\]", path))


def near(name: str, known: Iterable[str]) -> str | None:
    """The known name that a misspelt one must mean, but for a slip of the pen in each four letters; None where there is none."""
    slips = {x: _slips(name.lower(), x.lower()) for x in difflib.get_close_matches(name, sorted(known), 20, 0.6)}
    likely = min(slips, key=lambda x: (slips[x], -_alike(name, x) - _alike(name[::-1], x[::-1])), default=None)
    return likely if likely is not None and slips[likely] <= max(1, len(name) // 4) else None


def nearest(name: str, known: Iterable[str], most: int = 4) -> list[str]:
    """The known names, what looks most like *name* first: those that begin as it does, then those of the same letters."""

    def likeness(other: str) -> float:
        return difflib.SequenceMatcher(None, name, other).ratio() + _alike(name, other) / max(1, len(name))

    return sorted(sorted(known), key=likeness, reverse=True)[:most]


def _alike(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    return sum(1 for _ in takewhile(lambda two: two[0] == two[1], zip(one, other, strict=False)))


def _slips(one: str, other: str) -> int:
    """How many letters must be changed, added, left out or swapped with the next to come from one word to the other."""
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row, older = row, [i], before
        for j, b in enumerate(other, 1):
            row.append(min(last[j] + 1, row[-1] + 1, last[j - 1] + (a != b)))
            if i > 1 and j > 1 and (a, one[i - 2]) == (other[j - 2], b):
                row[j] = min(row[j], older[j - 2] + 1)
        before = last
    return row[-1]


def type_name(value: object) -> Text:
    fr, en = _NAMES.get(type(value), (type(value).__name__, type(value).__name__))
    return Text(fr, en)


def _split(dotted: str) -> list[str]:
    return [p.strip().strip("\"'") for p in re.findall(r""""[^"]*"|'[^']*'|[\w-]+""", dotted)]


_MARK = re.compile(r'''"{3}|\'{3}|"(?:\\.|[^"\\])*"?|\'[^\']*\'?|[#\[\]{}]''')
"""What opens, closes or hides a bracket: a quote of several lines, a text of one, a comment, a bracket."""
_REST = {'"""': re.compile(r'(?:\\.|[^"\\]|"(?!""))*"{3}'), "'''": re.compile(r"(?:[^']|'(?!''))*'{3}")}
"""The rest of a quote of several lines, by how it began."""
_GOES_ON = re.compile(r'[\[\]{}]|"{3}|\'{3}')
"""Without one of these a value ends on its line."""


class _Scan:
    """Whether a value goes on past the end of a line: brackets and quotes of several lines still open."""

    def __init__(self) -> None:
        self.depth = 0
        self.quote = ""
        self.tables = 0
        """How many tables have begun in the list that is open, but within none of its members."""

    def feed(self, text: str) -> None:
        at = self._closed(text, 0)
        while (found := _MARK.search(text, at)) and found[0] != "#":
            at = found.end()
            if found[0] in ("[", "{"):
                self.tables += self.depth == 1 and found[0] == "{"
                self.depth += 1
            elif found[0] in ("]", "}"):
                self.depth -= 1
            elif found[0] in _REST:
                self.quote = found[0]
                at = self._closed(text, at)

    def _closed(self, text: str, at: int) -> int:
        """Where the quote that is open ends; past the text where it goes on."""
        if not self.quote:
            return at
        rest = _REST[self.quote].match(text, at)
        if rest is None:
            return len(text)
        self.quote = ""
        return rest.end()


def line_numbers(text: str) -> dict[Path, int]:
    """The line (from 1) on which each table, key and element of a list of tables begins."""
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    names: dict[str, list[str]] = {}
    here: Path = ()
    key: Path = ()
    scan = _Scan()

    def fed(line: str) -> None:
        before = scan.tables
        scan.feed(line)
        found.update({(*key, n): number for n in range(before, scan.tables)})

    for number, line in enumerate(text.split("\n"), 1):  # splitlines() would count U+2028 as well
        if scan.quote or scan.depth:
            fed(line)
        elif not line or line[0] == "#":
            continue
        elif (header := _HEADER.match(line)) and (parts := _split(header[2])):
            path: Path = ()
            *outer, last = parts
            for name in outer:
                path = (*path, name)
                if path in counts:
                    path = (*path, counts[path])
            path = (*path, last)
            if header[1] == "[[":
                counts[path] = counts.get(path, -1) + 1
                path = (*path, counts[path])
            here = path
            found.setdefault(path, number)
        elif assignment := _KEY.match(line):
            word = assignment[1]
            if word not in names:
                names[word] = _split(word)
            key = (*here, *names[word])
            found.setdefault(key, number)
            scan.tables = 0
            if _GOES_ON.search(line, assignment.end()):
                fed(line[assignment.end() :])
    return found


@attrs.define
class Document:
    """One file under reading; `faults` grows as tables are asked."""

    name: str | None
    text: str
    data: dict[str, object] = attrs.field(factory=dict)
    faults: list[Fault] = attrs.field(factory=list)
    readable: bool = False
    _lines: dict[Path, int] | None = None
    _rows: dict[Path, Path] | None = None
    """Of an overlay, whose data holds what its text does not say: the rows of the data that the text has, by what they are there."""

    @classmethod
    def read(cls, data: bytes, name: str | None = None) -> Document:
        """The document of a file's bytes; one that is no TOML has one fault and is not `readable`."""
        document = cls(name, "")
        text, fault = decoded(data, name, LIMIT)
        if fault is not None:
            document.faults.append(fault)
            return document
        document.text = text
        try:
            found = plain(text)
            data_ = tomllib.loads(text) if found is None else found
        except RecursionError:
            document.fault((), *_DEEP)
        except ValueError as exc:  # TOMLDecodeError, and what int() says of a number of 5,000 digits
            document.faults.append(syntax_fault(str(exc), text, name))
        else:
            document.readable = True
            document.data = data_ if _sound(data_, 1) else document._within(data_)
        return document

    def _within(self, data: dict[str, object]) -> dict[str, object]:
        """The values of the file, texts in NFC; what lies out of all bounds noted, and left out."""
        out: dict[str, object] = {}
        work: list[tuple[Path, object, dict[str, object] | list[object], str]] = [((k,), v, out, k) for k, v in reversed(data.items())]
        while work:  # no recursion: `a.a.a.a…` nests as deep as a line is long
            path, value, into, key = work.pop()
            kept: Any = value
            if isinstance(value, (dict, list)) and len(path) > DEEPEST:
                self.fault(path[:DEEPEST], *_DEEP)
                kept = ""
            elif isinstance(value, dict):
                kept = {}
                work += [((*path, k), v, kept, k) for k, v in reversed(value.items())]
            elif isinstance(value, list):
                kept = []
                work += [((*path, n), v, kept, "") for n, v in reversed(list(enumerate(value)))]
            elif type(value) is int and abs(value) > LARGEST:
                self.fault(path, Text("attendu : un entier d'au plus 2^53-1 ; trouvé : un nombre plus grand", "expected a whole number of at most 2^53-1, found a larger one"),
                           Text("écrire un nombre plus petit, ou un texte entre guillemets", "write a smaller number, or a text in quotes"))  # fmt: skip
                kept = 0
            elif isinstance(value, str):
                kept = nfc(value)
            if isinstance(into, list):
                into.append(kept)
            else:
                into[nfc(key)] = kept
        return out

    def texts(self) -> list[str]:
        """Every text of the file."""
        out: list[str] = []
        _gather(self.data, out)
        return out

    def each_text(self) -> Iterator[tuple[Path, str, Callable[[str], None]]]:
        """Every text of the file, with its path and a way to put another in its place."""
        work: list[tuple[Path, Any]] = [((), self.data)]
        while work:
            path, holder = work.pop()
            for key, value in reversed(list(holder.items() if isinstance(holder, dict) else enumerate(holder))):
                if isinstance(value, str):
                    yield (*path, key), value, partial(holder.__setitem__, key)
                elif isinstance(value, (dict, list)):
                    work.append(((*path, key), value))

    def overlaid(self, data: dict[str, object], lines: dict[Path, int], rows: dict[Path, Path]) -> None:
        """Other data, of which the text says only a part: what has a line there; nothing else has one. *rows*: as the text counts them."""
        self.data, self._lines, self._rows = data, lines, rows

    def named(self, path: Path) -> str:
        """A path as the text has it; of what only the method below an overlay says, an entry by its own name."""
        if self._rows is None:
            return said(path)
        if path[:2] in self._rows:
            return said((*self._rows[path[:2]], *path[2:]))
        own = self._called(path)
        return said(path) if own is None else f"{path[0]}[{own}]" + (f".{said(path[2:])}" if path[2:] else "")

    def _called(self, path: Path) -> str | None:
        """The code or id of the entry of a list that a path leads into."""
        entries = self.data.get(str(path[0])) if len(path) > 1 else None
        entry = entries[int(path[1])] if isinstance(entries, list) and isinstance(path[1], int) and path[1] < len(entries) else None
        own = (entry.get("code") or entry.get("id")) if isinstance(entry, dict) else None
        return own if isinstance(own, str) else None

    def lines(self) -> dict[Path, int]:
        """The line of everything that begins on one."""
        if self._lines is None:
            self._lines = line_numbers(self.text)
        return self._lines

    def line_of(self, path: Path) -> int | None:
        """The line of a path, or of the nearest thing that holds it."""
        if self._lines is None:
            self._lines = line_numbers(self.text)
        for cut in range(len(path), 0, -1):
            if path[:cut] in self._lines:
                return self._lines[path[:cut]]
            if self._rows is not None and isinstance(path[cut - 1], int):
                return None  # a row of the method below
            if inner := [line for known, line in self._lines.items() if known[:cut] == path[:cut]]:
                return inner[0]  # `[[theme]]` for theme itself, `a.b.c = 1` for a.b
        return None

    def fault(self, path: Path, what: Text, mend: Text) -> None:
        self.faults.append(Fault(self.named(path), what, mend, self.line_of(path), self.name))

    def placed(self, fault: Fault) -> Fault:
        """A fault found in the finished value, given back the path and line of the text that it came from."""
        path = steps(fault.path)
        return Fault(self.named(path), fault.what, fault.mend, self.line_of(path), self.name)

    def root(self) -> Table:
        return Table(self, (), self.data)


def _sound(holder: object, depth: int) -> bool:
    """Whether all in a table or list may stand as it is: texts in NFC, no number too large, nothing nested too deep."""
    if depth > DEEPEST + 1:
        return False
    if isinstance(holder, dict):
        if any([not key.isascii() for key in holder]) and any([nfc(key) != key for key in holder]):
            return False
        holder = holder.values()
    assert isinstance(holder, Iterable)
    for value in holder:
        kind = type(value)
        if kind is str:
            if not value.isascii() and nfc(value) != value:
                return False
        elif kind is int:
            if abs(value) > LARGEST:
                return False
        elif (kind is dict or kind is list) and not _sound(value, depth + 1):
            return False
    return True


def _gather(holder: object, out: list[str]) -> None:
    if isinstance(holder, dict):
        holder = holder.values()
    assert isinstance(holder, Iterable)
    for value in holder:
        kind = type(value)
        if kind is str:
            out.append(value)
        elif kind is dict or kind is list:
            _gather(value, out)


_DEEP = (Text("tables trop imbriquées", "tables nested too deep"), Text("aplatir le fichier", "flatten the file"))


def wrong(expected: Text, found: object) -> Text:
    kind = type_name(found)
    told = "" if isinstance(found, (dict, list)) else f" {str(found).lower() if isinstance(found, bool) else str(found)[:40]!r}"
    return Text(f"attendu : {expected.fr} ; trouvé : {kind.fr}{told}", f"expected {expected.en}, found {kind.en}{told}")


@attrs.define
class Table:
    """A table that is asked for its keys; `done` notes those that nobody asked for."""

    document: Document
    path: Path
    data: dict[str, object]
    asked: set[str] = attrs.field(factory=set)

    def fault(self, key: str | None, what: Text, mend: Text) -> None:
        self.document.fault(self.path if key is None else (*self.path, key), what, mend)

    def _take(self, key: str, kind: type, required: bool) -> object:
        self.asked.add(key)
        value = self.data.get(key)
        if type(value) is kind or (value is None and not required):
            return value
        expected = type_name(kind())
        if value is None:
            one, other = ("[", "]") if kind is dict and not self.path else ("", "")
            said = f"{one}{key}{other}"
            if like := self._meant(key, kind):
                self.asked.add(like)  # it is told here, and not once more as unknown
                found = f"{one}{shown(like)}{other}"
                self.fault(like, Text(f"clé inconnue : {found} ; attendu : {said}", f"unknown key: {found}; expected {said}"),
                           Text(f"écrire {said} au lieu de {found}", f"write {said} instead of {found}"))  # fmt: skip
            else:
                said += "" if one else " = …"
                self.fault(key, Text(f"clé manquante ; attendu : {expected.fr}", f"missing key; expected {expected.en}"), Text(f"ajouter {said}", f"add {said}"))
        else:
            self.fault(key, wrong(expected, value), Text(f"écrire {expected.fr}", f"write {expected.en}"))
        return None

    def _meant(self, key: str, kind: type) -> str | None:
        """A key that nobody asked for where one is missing: a slip in each three letters (`adresse`) is still that one."""
        slips = {k: _slips(key, k.lower()) for k, v in self.data.items() if k not in self.asked and type(v) is kind}
        like = min(slips, key=lambda k: slips[k], default=None)
        return like if like is not None and slips[like] <= max(1, len(key) // 3) else None

    def text(self, key: str, default: str | None = None) -> str:
        value = self._take(key, str, default is None)
        return value if isinstance(value, str) else default or ""

    def maybe(self, key: str) -> str | None:
        value = self._take(key, str, False)
        return value if isinstance(value, str) else None

    def integer(self, key: str, least: int = 0) -> int:
        value = self._take(key, int, True)
        if isinstance(value, int) and value < least:
            self.fault(key, Text(f"attendu : un entier à partir de {least} ; trouvé : {value}", f"expected a whole number from {least}, found {value}"),
                       Text(f"écrire {key} = {least}", f"write {key} = {least}"))  # fmt: skip
        return value if isinstance(value, int) else 0

    def flag(self, key: str) -> bool:
        return self._take(key, bool, False) is True

    def label(self, key: str) -> Text:
        """A text in both languages: `{ fr = "…", en = "…" }`."""
        value = self._take(key, dict, True)
        if not isinstance(value, dict):
            return NO_TEXT
        both = Table(self.document, (*self.path, key), value)
        out = Text(both.text("fr"), both.text("en"))
        both.done()
        return out

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._take(key, list, False)
        if not isinstance(value, list):
            return ()
        for n, member in enumerate(value):
            if type(member) is not str:
                self.document.fault((*self.path, key, n), wrong(type_name(""), member), Text("écrire un texte", "write a text"))
        return tuple(m for m in value if isinstance(m, str))

    def table(self, key: str, required: bool = False) -> Table | None:
        value = self._take(key, dict, required)
        return Table(self.document, (*self.path, key), value) if isinstance(value, dict) else None

    def tables(self, key: str) -> tuple[Table, ...]:
        value = self._take(key, list, False)
        if not isinstance(value, list):
            return ()
        out = []
        for n, member in enumerate(value):
            if isinstance(member, dict):
                out.append(Table(self.document, (*self.path, key, n), member))
            else:
                self.document.fault((*self.path, key, n), wrong(type_name({}), member), Text("écrire une table", "write a table"))
        return tuple(out)

    def when(self, key: str) -> When | None:
        """A day, a rough day as a text, or an interval `{ from = …, to = … }`."""
        self.asked.add(key)
        value = self.data.get(key)
        if value is None:
            return None
        try:
            found = as_when(value)
        except ValueError:
            found = None
        if found is None or not in_reach(found):
            self.fault(key, *unreadable_date(value))
            return None
        return found

    def rest(self) -> dict[str, object]:
        """What nobody asked for; it counts as asked from now on."""
        out = {k: v for k, v in self.data.items() if k not in self.asked}
        self.asked |= set(out)
        return out

    def done(self, known: Iterable[str] = ()) -> None:
        """Note every key that nobody asked for, with the nearest name that is known."""
        for key in self.data:
            if key not in self.asked:
                like = near(key, {*self.asked, *known})
                self.fault(key, Text(f"clé inconnue : {shown(key)}", f"unknown key: {shown(key)}"),
                           Text(f"écrire {like}, ou l'ôter" if like else "l'ôter", f"write {like}, or remove it" if like else "remove it"))  # fmt: skip


def as_when(value: object) -> When:
    """A native date, a rough day as a text, or `{from, to}`; ValueError for anything else."""
    if isinstance(value, dict) and set(value) == {"from", "to"}:
        first, last = (as_when(value[k]) for k in ("from", "to"))
        return When(first.earliest, last.latest)
    if isinstance(value, str):
        return When.parse(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return When(value)
    raise ValueError(f"{value!r}")
