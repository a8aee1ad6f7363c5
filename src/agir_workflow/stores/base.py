"""
What every store promises, and the chain that every journal is.

A journal is the facts of one dossier, numbered from 1, each with the hash of the one before: a
record cannot be changed, taken out or slipped in without the next ones telling. (That the *last*
records were cut off can only be told by whoever kept the version or a hash elsewhere.)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Protocol, runtime_checkable

import attrs

from ..canonical import canonical
from ..codec import fact_from_plain, fact_to_plain, read
from ..doorstep import shown
from ..errors import BrokenChainError, DossierError, Fault, MethodError, StoreError
from ..facts import Fact
from ..method import Method
from ..method_file import read_method
from ..words import Text


@attrs.frozen
class JournalRecord:
    """One line of a journal: `v` counts from 1, `event` is the fact as canonical JSON (RFC 8785)."""

    dossier: str
    v: int
    prev: str
    hash: str
    event: str


@attrs.frozen
class BrokenLink:
    """What is wrong with one record; a record may be named for several reasons."""

    dossier: str
    v: int
    why: Text

    def __str__(self) -> str:
        return f"{self.dossier} v{self.v}: {self.why.en}"


@runtime_checkable
class Store(Protocol):
    """
    Keeps journals: facts are appended, never changed.

    The version of a dossier is the number of its facts, 0 where there is none. A store may be used
    from several threads. `agir_workflow.testing.StoreContract` holds every promise as a test.
    """

    def read(self, dossier: str) -> tuple[Fact, ...]:
        """All facts, in the order of their arrival; raises DossierNotFoundError."""

    def version(self, dossier: str) -> int:
        """How many facts are stored; 0 for a dossier that does not exist."""

    def append(self, dossier: str, expected: int, facts: Sequence[Fact]) -> int:
        """
        Adds *facts*, all or none, and gives the new version; *expected* 0 begins a dossier.

        Raises ConflictError when the stored version is not *expected*, ValueError for a fact
        without stamp, DossierError for one that could not be read back.
        """

    def seen(self, dossier: str, key: str) -> tuple[int, ...]:
        """The versions of the facts that were stored under an idempotency key."""

    def dossiers(self) -> tuple[str, ...]:
        """The ids of all dossiers, sorted."""

    def records(self, dossier: str) -> Iterator[JournalRecord]:
        """The journal as it is stored, unjudged (see `verify`); raises DossierNotFoundError."""

    def close(self) -> None:
        """Lets go of files and connections; twice does no harm."""


@attrs.frozen
class MethodText:
    """The file of a method that dossiers pin: `hash` is that of its normalised content, `base` that of the one it extends."""

    hash: str
    ref: str
    base: str | None
    text: str


@runtime_checkable
class Shelf(Protocol):
    """A store that keeps the methods beside the journals, so that a dossier stays readable without its file."""

    def shelve(self, texts: Sequence[MethodText]) -> None:
        """Keeps these texts, each under its hash; one that is there already stays as it is."""

    def method_text(self, hash: str) -> MethodText | None:
        """The text under that hash; None where there is none."""

    def method_texts(self) -> tuple[MethodText, ...]:
        """All of them, by reference and hash."""


def texts_of(method: Method) -> tuple[MethodText, ...]:
    """A method as texts to be kept: its own and, for an overlay, that of its base, each under its own hash."""
    if not method.text:
        return ()
    base = method.extends.rpartition(" ")[2] if method.extends else None
    own = MethodText(method.hash, method.ref, base, method.text)
    return (own,) if base is None else (MethodText(base, (method.extends or "").partition(" ")[0], None, method.under), own)


def shelved(shelf: Shelf, hash: str) -> Method | None:
    """
    The method kept under a hash; None where none is.

    Raises StoreError where the text is no longer the one that was kept.
    """
    found = shelf.method_text(hash)
    if found is None:
        return None
    base = shelf.method_text(found.base) if found.base else None
    try:
        # it was judged when it came in; what is asked more of methods since does not lock a dossier out
        method = read_method(found.text.encode(), found.ref, strict=False, under=base.text if base else "")
    except MethodError as exc:
        raise StoreError(Text(f"le texte conservé de {found.ref} est illisible ({exc})", f"the text kept of {found.ref} cannot be read: {exc}")) from exc
    if method.hash != hash:
        raise StoreError(Text(f"le texte conservé de {found.ref} n'est pas celui que dit son empreinte", f"the text kept of {found.ref} is not the one its hash names"))
    return method


def event_of(fact: Fact) -> str:
    """A stamped fact as the text that a journal keeps."""
    if fact.stamp is None:
        raise ValueError(f"{fact.verb} {fact.address} carries no stamp: a journal keeps what happened, with its day")
    return canonical(fact_to_plain(fact))


def link(prev: str, event: str) -> str:
    """The hash of a record: hex SHA-256 of *prev* followed by *event*, as UTF-8."""
    return sha256((prev + event).encode()).hexdigest()


def chained(dossier: str, version: int, prev: str, events: Iterable[str]) -> tuple[JournalRecord, ...]:
    """The records of new *events* after record *version*, whose hash is *prev*."""
    made: list[JournalRecord] = []
    for v, event in enumerate(events, version + 1):
        made.append(JournalRecord(dossier, v, prev, link(prev, event), event))
        prev = made[-1].hash
    return tuple(made)


def fact_of(record: JournalRecord) -> Fact:
    """The fact that a record keeps; raises BrokenChainError when it cannot be read."""
    try:
        return fact_from_plain(json.loads(record.event))
    except (ValueError, RecursionError, DossierError) as exc:
        raise BrokenChainError(record.dossier, record.v, f"unreadable event: {exc}") from exc


def carries(record: JournalRecord, key: str) -> bool:
    """Whether the fact of a record was stored under an idempotency key."""
    if canonical(key) not in record.event:  # most are told apart without reading them
        return False
    stamp = fact_of(record).stamp
    return stamp is not None and stamp.key == key


_HASH = Text("l'empreinte ne correspond pas au contenu", "the hash is not that of the content")
_PREV = Text(
    "l'empreinte précédente n'est pas celle de l'enregistrement d'avant",
    "the previous hash is not that of the record before",
)
_UNREADABLE = Text("l'événement est illisible", "the event is unreadable")
_NOT_CANONICAL = Text(
    "l'événement n'est pas en JSON canonique (RFC 8785)", "the event is not canonical JSON (RFC 8785)"
)


def verify(records: Iterable[JournalRecord]) -> tuple[BrokenLink, ...]:
    """
    Every record that does not hold: its hash, its link to the one before, its number, its text.

    Takes the records of one dossier or of several, each dossier's in their order. Pure.
    """
    broken: list[BrokenLink] = []
    last: dict[str, JournalRecord] = {}
    for record in records:
        before = last.get(record.dossier)
        expected, prev = (before.v + 1, before.hash) if before else (1, "")
        if record.v != expected:
            broken.append(BrokenLink(record.dossier, record.v, _gap(expected, record.v)))
        if record.prev != prev:
            broken.append(BrokenLink(record.dossier, record.v, _PREV))
        if record.hash != link(record.prev, record.event):
            broken.append(BrokenLink(record.dossier, record.v, _HASH))
        if why_not := _text_fault(record):
            broken.append(BrokenLink(record.dossier, record.v, why_not))
        last[record.dossier] = record
    return tuple(broken)


def _gap(expected: int, found: int) -> Text:
    return Text(f"attendu l'enregistrement {expected}, trouvé {found}", f"expected record {expected}, found {found}")


def _text_fault(record: JournalRecord) -> Text | None:
    try:
        plain = json.loads(record.event)
        fact = fact_from_plain(plain)
    except (ValueError, RecursionError, DossierError):
        return _UNREADABLE
    if fact.stamp is None:
        return _UNREADABLE
    return None if canonical(plain) == record.event else _NOT_CANONICAL


# Legal inside a JSON text, yet taken for the end of a line by many a reader of lines.
_LINE_ENDS = str.maketrans({c: f"\\u{ord(c):04x}" for c in "\x85\u2028\u2029"})


def export_lines(store: Store, dossier: str | None = None) -> Iterator[str]:
    """
    The journal of one dossier, or of all, as JSON lines (INTERFACE.md, «journal export»).

    An event that is no canonical JSON is exported as the text it is: its hash then tells.
    """
    for id in store.dossiers() if dossier is None else (dossier,):
        for r in store.records(id):
            event = r.event if _text_fault(r) is None else canonical(r.event)
            head = f'"dossier":{canonical(r.dossier)},"v":{r.v},"prev":{canonical(r.prev)},"hash":{canonical(r.hash)}'
            yield f'{{{head},"event":{event}}}'.translate(_LINE_ENDS)


def read_lines(lines: Iterable[str]) -> Iterator[JournalRecord]:
    """The records of exported lines, unjudged; raises DossierError, with every line that is no such line, at the end."""
    faults: list[Fault] = []
    for n, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            data = json.loads(text)
            if isinstance(data, dict) and not isinstance(data.get("event", ""), str):
                data["event"] = canonical(data["event"])
        except (TypeError, ValueError, RecursionError) as exc:
            why = "un nombre à virgule" if isinstance(exc, TypeError) else f"« {shown(text)} »"
            what = Text(f"attendu : un objet JSON ; trouvé : {why}", f"expected a JSON object, found {'a decimal number' if isinstance(exc, TypeError) else repr(shown(text))}")
            faults.append(Fault("(line)", what, _EXPORT_AGAIN, n))
        else:
            record, wrong = read(JournalRecord, data)
            faults += [attrs.evolve(f, path=f.path or "(line)", line=n) for f in wrong]
            if record is not None:
                yield record
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise DossierError(tuple(faults))


MOST_FAULTS = 50
"""A file that is something else has said enough by then."""
_EXPORT_AGAIN = Text("exporter de nouveau le journal", "export the journal again")
