"""
The table that a project lead keeps in a spreadsheet, read as facts: what, date, place, present.

UTF-8, with or without its signature, or cp1252; cells apart by `;`, `,` or a tab (or as a first line `sep=` says); headers and dates
in French or English, the day before the month. What a line speaks of is found by its address, or
by the method's own titles. Nothing here writes.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterator
from itertools import product

import attrs

from .doorstep import as_cell, decoded, in_reach, nfc, of_cell, shown, text_fault
from .dossier import Label
from .errors import Fault
from .facts import Agree, Args, Deliver, Fact, Hold
from .method import Leaf
from .readings.seats import seats_at
from .toml_file import near
from .values import Record
from .view import View
from .when import When
from .words import OPENS, Address, Sort, Text

_HEADERS = {
    "what": ("quoi", "what", "evenement", "event", "reunion", "meeting", "etape", "step", "intitule", "title"),
    "date": ("date", "quand", "when", "jour", "day"),
    "place": ("lieu", "place", "ou", "where", "salle", "room"),
    "present": ("presents", "present", "presence", "participants", "attendance", "qui", "who"),
}
_SAID = {"what": Text("quoi", "what"), "date": Text("date", "date"), "place": Text("lieu", "place"), "present": Text("présents", "present")}
_MONTHS = (
    ("janvier", "january"), ("fevrier", "february"), ("mars", "march"), ("avril", "april"), ("mai", "may"), ("juin", "june"), ("juillet", "july"),
    ("aout", "august"), ("septembre", "september"), ("octobre", "october"), ("novembre", "november"), ("decembre", "december"),
)  # fmt: skip
_WEEKDAYS = {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
             "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}  # fmt: skip
_LITTLE = {"de", "du", "des", "d", "le", "la", "les", "l", "et", "au", "aux", "a", "sur", "pour", "the", "of", "on", "and"}
_LONG = (("comite de pilotage", "copil"), ("groupe de travail", "gt"))
"""What some write in full, and others by its short name."""
_HEADS = {"personne", "personnes", "present", "presents", "presentes", "participant", "participants", "people", "persons"}
_HOUR = re.compile(r"[T\s]+(?:à\s+|at\s+)?(\d{1,2})\s*(?:h|:)\s*(\d{2})?(?::\d{2})?$", re.I)
_MIDNIGHT = re.compile(r"[T\s]+00:00:00$")
"""What programs write behind a day that has no hour."""
_SUM = re.compile(r"(sous )?(total|totaux|somme|sum)\b")
_SEPARATOR = re.compile(r"sep=([;,\t])\r?\n")
"""The first line by which Excel is told how its cells are set apart."""


@attrs.frozen
class Line:
    """One line of the table, as it was written; `n` is where it begins in the file, from 1; a `sum` of the others tells of nothing."""

    n: int
    what: str
    date: str
    place: str = ""
    present: str = ""
    sum: bool = False


@attrs.frozen(kw_only=True)
class Told:
    """What a line says: a fact and its day, or the faults that keep it from being read; nothing of a sum; `remarks` is what was left out."""

    line: Line
    fact: Fact | None = None
    on: When | None = None
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Text, ...] = ()


# -- the table ---------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """A text as names are compared: no accents, no capitals, no punctuation."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9]+", bare))


def read_table(data: bytes, name: str | None = None) -> tuple[tuple[Line, ...], tuple[Fault, ...]]:
    """The lines of a table's bytes; or every fault of the file, of its header and of its cells."""
    text, fault = decoded(data, name)
    if fault is not None and fault.path == "(file)" and "0x" in fault.what.en:  # no UTF-8: what spreadsheets of Windows write
        with contextlib.suppress(UnicodeDecodeError):
            text, fault = data.decode("cp1252"), None
    if fault is not None:
        return (), (fault,)
    rows: list[tuple[int, list[str]]] = []
    told = _SEPARATOR.match(text)
    text = text[told.end() :] if told else text
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=told[1] if told else _delimiter(text), strict=True)
    above = 1 if told else 0
    try:
        before = 0
        for cells in reader:
            if any(c.strip() for c in cells):
                rows.append((above + before + 1, cells))
            before = reader.line_num
    except csv.Error:
        return (), (Fault("(file)", Text("attendu : du CSV ; trouvé : des guillemets mal fermés", "expected CSV, found quotes that are not closed well"),
                          Text("refermer les guillemets de cette ligne", "close the quotes of that line"), above + reader.line_num, name),)  # fmt: skip
    if not rows:
        return (), (Fault("(file)", Text("attendu : une ligne d'en-têtes ; trouvé : un fichier vide", "expected a line of headers, found an empty file"), _WRITE_HEAD, 1, name),)
    return _lines(rows, name)


_WRITE_HEAD = Text("écrire quoi;date;lieu;présents", "write what;date;place;present")


def _delimiter(text: str) -> str:
    """The one under which most headers are known; else the most frequent in the first line."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    known = {h for names in _HEADERS.values() for h in names}
    return max(";,\t", key=lambda d: (sum(plain(c) in known for c in head.split(d)), head.count(d)))


def _lines(rows: list[tuple[int, list[str]]], name: str | None) -> tuple[tuple[Line, ...], tuple[Fault, ...]]:
    at, faults = _columns(rows[0], name)
    if faults:
        below = next((n for n, cells in rows[1:10] if {"what", "date"} <= {_named(c) for c in cells}), None)
        mend = Text(f"ôter ce qui est au-dessus de la ligne {below}", f"remove what stands above line {below}")
        return (), faults if below is None else tuple(attrs.evolve(f, mend=mend) for f in faults[:1])
    lines: list[Line] = []
    bad: list[Fault] = []
    for n, cells in rows[1:]:
        if any(c.strip() for c in cells[len(rows[0][1]) :]):
            bad.append(Fault("(line)", Text(f"attendu : {len(rows[0][1])} cellules ; trouvé : {len(cells)}", f"expected {len(rows[0][1])} cells, found {len(cells)}"),
                             Text("mettre entre guillemets la cellule qui contient le séparateur", "quote the cell that holds the delimiter"), n, name))  # fmt: skip
            continue
        said = {key: nfc(" ".join(cells[column].split())) if column < len(cells) else "" for key, column in at.items()}
        if _is_sum(said["what"], said["date"], cells):
            lines.append(Line(n, said["what"] or next(c.strip() for c in cells if _SUM.match(plain(c))), said["date"], sum=True))
            continue
        wrong = [Fault(_SAID[key].fr, *found, n, name) for key, value in said.items() if (found := text_fault(value))]
        wrong += [Fault(_SAID[key].fr, Text("attendu : une valeur ; trouvé : une cellule vide", "expected a value, found an empty cell"), _to_fill(key), n, name)
                  for key in ("what", "date") if not said[key]]  # fmt: skip
        bad += wrong
        if not wrong:
            lines.append(Line(n, said["what"], said["date"], of_cell(said.get("place", "")), said.get("present", "")))
    return tuple(lines), tuple(bad)


def _is_sum(what: str, date: str, cells: list[str]) -> bool:
    """Whether a line adds up the others: it says so, where a step would stand or in any cell of a line without one, and has no day."""
    if date and not date.isdecimal():
        return False
    return bool(_SUM.match(plain(what))) if what else any(_SUM.match(plain(c)) for c in cells)


def _to_fill(key: str) -> Text:
    """What to do of an empty cell: one of several that were merged holds nothing."""
    if key == "what":
        return Text("remplir « quoi » : une cellule fusionnée se redit à chaque ligne", "fill 'what': merged cells are to be said again on each line")
    return Text("remplir « date »", "fill 'date'")


def _named(header: str) -> str | None:
    """The column that a header stands for."""
    return next((k for k, names in _HEADERS.items() if plain(header) in names), None)


def _columns(head: tuple[int, list[str]], name: str | None) -> tuple[dict[str, int], tuple[Fault, ...]]:
    n, cells = head
    at: dict[str, int] = {}
    faults: list[Fault] = []
    for column, cell in enumerate(cells):
        key = _named(cell)
        if key in at:
            faults.append(Fault(shown(cell), Text(f"attendu : chaque colonne une fois ; trouvé deux fois : « {shown(cell)} »", f"expected each column once, found twice: '{shown(cell)}'"), Text("ôter l'une des deux", "remove one of the two"), n, name))
        elif key is not None:
            at[key] = column
    meant: set[str] = set()
    for cell in cells:  # a slip of the pen, or of the coding, is not left out without a word
        like = near(plain(cell), [h for key in _SAID.keys() - at.keys() for h in _HEADERS[key] if len(h) > 3]) if _named(cell) is None else None
        if like is not None and (key := _named(like)) is not None:
            meant.add(key)
            faults.append(Fault(shown(cell), Text(f"attendu : un en-tête connu ; trouvé : « {shown(cell)} »", f"expected a known header, found '{shown(cell)}'"), Text(f"écrire « {_SAID[key].fr} »", f"write '{_SAID[key].en}'"), n, name))
    there = [shown(c, 20) for c in cells if c.strip()][:6]
    fr, en = ", ".join(f"« {c} »" for c in there), ", ".join(f"'{c}'" for c in there)
    faults += [Fault(_SAID[key].fr, Text(f"attendu : une colonne « {_SAID[key].fr} » ; trouvé : {fr}", f"expected a column '{_SAID[key].en}', found {en}"), _WRITE_HEAD, n, name)
               for key in ("what", "date") if key not in at and key not in meant]  # fmt: skip
    return at, tuple(faults)


# -- dates -------------------------------------------------------------------------------------------


def read_date(text: str) -> tuple[When, dt.time | None]:
    """
    A day, or a rough one, with its hour where it has one; the day comes before the month.

    `2012-05-15`, `2012-05`, `15/05/2012`, `15.5.12`, `mardi 15 mai 2012 à 14h30`, `May 15, 2012`,
    `mai 2012`. Raises ValueError for what is none of these, or a day that does not exist.

    >>> read_date("mardi 15 mai 2012 à 14 h 30")
    (When(earliest=datetime.date(2012, 5, 15), latest=datetime.date(2012, 5, 15)), datetime.time(14, 30))
    """
    text = _MIDNIGHT.sub("", text.strip())
    start = None
    if hour := _HOUR.search(text):
        start, text = dt.time(int(hour[1]), int(hour[2] or 0)), text[: hour.start()].strip()
    when = _day(text)
    if not in_reach(when):
        raise ValueError(text)
    return when, start if when.is_day else None


def _day(text: str) -> When:
    if found := re.fullmatch(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4}|\d{2})", text):
        year = int(found[3])
        return When(dt.date(year if year > 99 else 2000 + year, int(found[2]), int(found[1])))
    if found := re.fullmatch(r"(\d{1,2})[/.-](\d{4})", text):
        return When.parse(f"{found[2]}-{int(found[1]):02d}")
    words = [w for w in plain(text).split() if w not in _WEEKDAYS and w not in _LITTLE]
    if len(words) in (2, 3) and (month := _month(words[0]) or _month(words[-2])) and re.fullmatch(r"\d{4}", words[-1]):
        days = [w for w in words[:-1] if not _month(w)]
        if not days:
            return When.parse(f"{words[-1]}-{month:02d}")
        if len(days) == 1 and (day := re.fullmatch(r"(\d{1,2})(?:er|st|nd|rd|th)?", days[0])):
            return When(dt.date(int(words[-1]), month, int(day[1])))
    return When.parse(text)


def _month(word: str) -> int | None:
    """The month of a name, or of its first letters where they say which."""
    found = [n for n, names in enumerate(_MONTHS, 1) if any(m.startswith(word) for m in names)] if len(word) >= 3 and word.isalpha() else []
    return found[0] if len(found) == 1 else None


# -- what a line speaks of ---------------------------------------------------------------------------


def told(view: View, lines: tuple[Line, ...], name: str | None = None) -> tuple[Told, ...]:
    """What each line says under a method, in the dossier as it stands."""
    steps = tuple(_steps(view))
    return tuple(Told(line=line) if line.sum else _told(view, steps, line, name) for line in lines)


def _no_date(text: str) -> tuple[Text, Text]:
    """Why a cell is no date, and how to write it: a number of days is how Excel keeps one, a thirteenth month how Americans write it."""
    found = Text(f"attendu : une date ; trouvé : « {shown(text)} »", f"expected a date, found '{shown(text)}'")
    if re.fullmatch(r"[1-9]\d{4}", text):
        day = dt.date(1899, 12, 30) + dt.timedelta(days=int(text))
        return found, Text(f"donner à la cellule le format date : {day}", f"give the cell the format of a date: {day}")
    if re.fullmatch(r"\d{1,2}[/. -]\d{1,2}[/. -]\d{2,4}", text):
        found = Text(f"attendu : un jour qui existe ; trouvé : « {shown(text)} »", f"expected a day that exists, found '{shown(text)}'")
        return found, Text("écrire le jour, puis le mois : 15/05/2012", "write the day, then the month: 15/05/2012")
    return found, Text("écrire 15/05/2012, 2012-05-15 ou mai 2012", "write 15/05/2012, 2012-05-15 or mai 2012")


@attrs.frozen
class _Step:
    address: Address
    leaf: Leaf
    label: Label
    title: Text
    names: tuple[str, ...]


def _steps(view: View) -> Iterator[_Step]:
    """Every step that can be spoken of, with what it may be called."""
    for leaf in view.method.leaves:
        for inst in product(*(view.of_kind(kind) for kind in leaf.scope)):
            ids = tuple(i.id for i in inst)
            address = leaf.at(ids)
            tails = {" ".join(i.label for i in inst), " ".join(ids)}
            names = {plain(address), *(_short(plain(f"{said} {tail}")) for said in (leaf.label.fr, leaf.label.en, leaf.id) for tail in tails)}
            yield _Step(address, leaf, Label(leaf.id, ids), view.title(address), tuple(sorted(names)))


def _told(view: View, steps: tuple[_Step, ...], line: Line, name: str | None) -> Told:
    faults: list[Fault] = []
    when, start = None, None
    try:
        when, start = read_date(line.date)
    except ValueError:
        faults.append(Fault(_SAID["date"].fr, *_no_date(line.date), line.n, name))
    found = _step(steps, line.what)
    if not isinstance(found, _Step):
        faults.append(Fault(_SAID["what"].fr, *found, line.n, name))
        return Told(line=line, on=when, faults=tuple(faults))
    if when is None:
        return Told(line=line, faults=tuple(faults))
    args, wrong, remarks = _args(view, found, line, when, start)
    faults += [Fault(_SAID["present"].fr, what, mend, line.n, name) for what, mend in wrong]
    fact = None if faults else Fact(OPENS[found.leaf.sort], found.address, args)
    return Told(line=line, fact=fact, on=when, faults=tuple(faults), remarks=tuple(remarks))


def _short(name: str) -> str:
    """A name with the short word for what has one."""
    for long, short in _LONG:
        name = name.replace(long, short)
    return name


def _step(steps: tuple[_Step, ...], text: str) -> _Step | tuple[Text, Text]:
    """The step that a text names; else what is wrong with it, and the nearest name."""
    wanted = _short(plain(text))
    wanted = re.sub(r"\b([a-z]+) (\d)\b", r"\1\2", wanted) if not any(wanted in s.names for s in steps) else wanted
    exact = [s for s in steps if wanted in s.names]
    words = set(wanted.split()) - _LITTLE
    found = exact or [s for s in steps if words and any(words <= set(n.split()) for n in s.names)]
    if len(found) == 1:
        return found[0]
    if found:
        several = " ou ".join(f"« {s.title.fr} »" for s in found[:3]), " or ".join(f"'{s.title.en}'" for s in found[:3])
        return (Text(f"attendu : une seule étape ; trouvé : « {shown(text)} », à quoi plusieurs répondent", f"expected one step, found '{shown(text)}', to which several answer"),
                Text(f"écrire {several[0]}", f"write {several[1]}"))  # fmt: skip
    like = near(wanted, [n for s in steps for n in s.names])
    best = next((s for s in steps if like in s.names), None) or _within(words, steps)
    return (Text(f"attendu : le nom d'une étape ; trouvé : « {shown(text)} »", f"expected the name of a step, found '{shown(text)}'"),
            Text(f"écrire « {best.title.fr} », ou {best.address}", f"write '{best.title.en}', or {best.address}") if best
            else Text("écrire le nom d'une étape, tel que « agir status » le dit", "write the name of a step, as 'agir status' says it"))  # fmt: skip


def _within(words: set[str], steps: tuple[_Step, ...]) -> _Step | None:
    """The one step of which a text has every word, and more; None where none or several are so."""
    found = [s for s in steps if any(len(own) > 1 and own <= words for own in (set(n.split()) - _LITTLE for n in s.names))]
    return found[0] if len(found) == 1 else None


# -- who was there -----------------------------------------------------------------------------------


def _args(view: View, step: _Step, line: Line, when: When, start: dt.time | None) -> tuple[Args, list[tuple[Text, Text]], list[Text]]:
    if step.leaf.sort not in (Sort.MEETING, Sort.DECISION):
        said = [x for x, text in ((_SAID["place"], line.place), (_SAID["present"], line.present)) if text]
        args: Args = Agree() if step.leaf.sort is Sort.AGREEMENT else Deliver()
        return args, [], [Text(f"« {x.fr} » ne convient qu'à une réunion : non retenu", f"'{x.en}' suits a meeting only: left out") for x in said]
    counts: dict[str, int] = {}
    present: list[str] = []
    faults: list[tuple[Text, Text]] = []
    remarks: list[Text] = []
    colleges, seats = _colleges(view), _seats(view, step.label, when)
    for piece in _pieces(line.present, {*colleges, *seats}):
        if not (called := plain(piece)):
            continue
        number = re.fullmatch(r"(\d{1,5})(?: (.+))?|(.+?) (\d{1,5})", called)
        n, word = (int(number[1] or number[4]), number[2] or number[3] or "") if number else (0, called)
        if number and (not word or word in _HEADS):
            remarks.append(Text(f"{n} présents, sans leur collège : nombre non retenu", f"{n} present, of no college: number left out"))
        elif number and (college := _one(word, colleges)):
            counts[college] = counts.get(college, 0) + n
        elif not number and (seat := seats.get(called)):
            present.append(seat)
        else:
            like = near(word, [*colleges, *seats])
            faults.append((Text(f"attendu : un nombre d'un collège, ou un siège ; trouvé : « {shown(piece.strip())} »", f"expected a number of a college, or a seat, found '{shown(piece.strip())}'"),
                           Text(f"écrire « {like} »" if like else "écrire « 5 associations, 4 entreprises », ou le nom d'un siège",
                                f"write '{like}'" if like else "write '5 associations, 4 entreprises', or the name of a seat")))  # fmt: skip
    if counts and present:
        faults.append((Text("attendu : des noms, ou des nombres ; trouvé : les deux", "expected names or numbers, found both"), Text("garder les uns ou les autres", "keep the ones or the others")))
    return Hold(attendance=Record.of(counts), present=tuple(dict.fromkeys(present)), start=start, place=line.place or None), faults, remarks


def _pieces(text: str, known: set[str]) -> Iterator[str]:
    """What stands between commas or «et», which may be part of a name too."""
    parts = re.split(r"([,;+/&]|\bet\b|\band\b)", text)
    while parts:
        names = ((n, re.sub(r"^\d{1,5} | \d{1,5}$", "", plain("".join(parts[:n])))) for n in range(min(len(parts), 7), 1, -2))
        whole = next((n for n, name in names if name in known), 1)
        yield "".join(parts[:whole])
        parts = parts[whole + 1 :]


def _colleges(view: View) -> dict[str, str]:
    """What each college may be called, and its id."""
    words = view.method.list_(view.method.colleges)
    return {plain(said): w.id for w in words.words for said in (w.id, w.label.fr, w.label.en)} if words else {}


def _one(word: str, colleges: dict[str, str]) -> str | None:
    """The college of that name, in the singular or the plural, or of its first letters."""
    found = {id for name, id in colleges.items() if word == name or (len(word) >= 4 and name.startswith(word.rstrip("s")))}
    return found.pop() if len(found) == 1 else None


def _seats(view: View, label: Label, when: When) -> dict[str, str]:
    """What each seat may be called: its id, and any text that is said of it alone."""
    said = [(plain(str(v)), id) for id, (_, seat) in seats_at(view, label, when.latest).items() for _, v in seat if isinstance(v, str)]
    alone = {name: {i for n, i in said if n == name} for name, _ in said}
    return {name: min(ids) for name, ids in alone.items() if len(ids) == 1 and name}


def lines_of(view: View) -> Iterator[Line]:
    """What was held, as the lines of such a table."""
    names = {w.id: w.label.fr for words in [view.method.list_(view.method.colleges)] if words for w in words.words}
    held = [s for history in view.sittings.values() for s in history if s.held is not None and s.hold is not None]
    for n, s in enumerate(sorted(held, key=lambda s: (s.held.earliest if s.held else dt.date.max, s.address)), 2):
        assert s.hold is not None
        who = ", ".join(s.hold.present) or ", ".join(f"{number} {names.get(college, college)}" for college, number in s.hold.attendance)
        at = f" {s.hold.start:%H:%M}" if s.hold.start else ""
        yield Line(n, str(s.address).partition("#")[0], f"{s.held}{at}", s.hold.place or "", who)


def write_table(lines: Iterator[Line], header: tuple[str, ...] = ("quoi", "date", "lieu", "présents")) -> str:
    """Lines as a table that `read_table` reads back: `;` between cells, one line each."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(header)
    writer.writerows(tuple(map(as_cell, (x.what, x.date, x.place, x.present))) for x in lines)
    return out.getvalue()
