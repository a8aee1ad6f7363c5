"""
Journals in one SQLite file: the standard library, nothing to install, nothing to administer.

Durable (WAL, synchronous FULL), append-only (triggers refuse the rest), safe between threads and
between processes: the primary key (dossier, version) is the optimistic lock.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import TypeVar

from ..errors import ConflictError, DossierNotFoundError, StoreError
from ..facts import Fact
from ..words import Text
from .base import JournalRecord, MethodText, carries, chained, event_of, fact_of

T = TypeVar("T")

_COLUMNS = ["dossier", "version", "prev", "hash", "event"]
_TABLE = """CREATE TABLE IF NOT EXISTS journal(
  dossier TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  prev TEXT NOT NULL,
  hash TEXT NOT NULL,
  event TEXT NOT NULL,
  PRIMARY KEY (dossier, version)
) STRICT"""
_TRIGGERS = {
    "journal_keeps": "BEFORE UPDATE ON journal",
    "journal_keeps_all": "BEFORE DELETE ON journal",
    # INSERT OR REPLACE would take a record out without asking the trigger on DELETE
    "journal_grows": """BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE dossier = NEW.dossier AND version >= NEW.version)""",
}
_METHODS = """CREATE TABLE IF NOT EXISTS method(
  hash TEXT NOT NULL PRIMARY KEY,
  ref TEXT NOT NULL,
  base TEXT,
  text TEXT NOT NULL
) STRICT"""
"""Laid with the first text that is kept: a journal from before is read as it is."""
_LAST = "SELECT version, hash FROM journal WHERE dossier = ? ORDER BY version DESC LIMIT 1"
_ADD = "INSERT INTO journal(dossier, version, prev, hash, event) VALUES (?, ?, ?, ?, ?)"
_REFUSAL = "the journal is append-only: a fact is corrected by another fact, never changed or removed"

# The join reads every column from the table itself: with the index alone SQLite would answer
# `dossier` and `version` from the index, and a byte flipped in the record would not be seen.
_ROWS = """SELECT i.version, t.dossier, t.version, t.prev, t.hash, t.event
FROM journal i JOIN journal t ON t.rowid = i.rowid
WHERE i.dossier = ? AND i.version > ? ORDER BY i.version LIMIT ?"""
_PAGE = 1000
_PATIENCE = 30.0
"""Seconds to wait for another writer."""


class SqliteStore:
    """Journals in an SQLite file. One connection, behind a lock; open one store per process."""

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self._db = connection
        self._path = path
        self._lock = RLock()

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> SqliteStore:
        """
        Opens the journal at *path*, or begins one; one that may not be written (an archive) is opened to be read.

        Raises StoreError for a file that is no SQLite database or holds something else; such a file
        is left as it was.
        """
        name = os.fspath(path)
        archive = _archive(name)
        try:
            db = sqlite3.connect(archive or name, timeout=_PATIENCE, isolation_level=None, check_same_thread=False, uri=archive is not None)
        except sqlite3.Error as exc:
            raise StoreError(Text(f"{name} ne peut s'ouvrir ({exc})", f"cannot open {name}: {exc}")) from exc
        store = cls(db, name)
        try:
            with store._told():
                # a flipped byte must reach `verify`, not stop the reading
                db.text_factory = lambda raw: raw.decode("utf-8", "replace")
                db.execute("PRAGMA synchronous = FULL")
                _patiently(lambda: store._prepare(written=archive is None))
        except BaseException:
            db.close()
            raise
        return store

    def _prepare(self, *, written: bool) -> None:
        """Looks before it touches, then lays what is missing where it may be *written*."""
        parts = {name: kind for kind, name in self._db.execute("SELECT type, name FROM sqlite_master")}
        if parts.get("journal") == "table":
            columns = [row[1] for row in self._db.execute("PRAGMA table_info(journal)")]
            if columns != _COLUMNS:
                found, needed = ", ".join(columns), ", ".join(_COLUMNS)
                raise StoreError(Text(f"la table « journal » de {self._path} a les colonnes {found} ; attendu : {needed}", f"{self._path}: its table 'journal' has the columns {found}, not {needed}"))
        elif parts:
            raise StoreError(Text(f"{self._path} est la base d'autre chose : elle n'a pas de table « journal »", f"{self._path} is the database of something else: it has no table 'journal'"))
        if not written:
            return
        # SQLite does not wait here when two processes open a new file together: `_patiently` does
        self._db.execute("PRAGMA journal_mode = WAL")
        if {"journal", *_TRIGGERS} <= parts.keys():
            return
        with self._writing():
            self._db.execute(_TABLE)
            for trigger, moment in _TRIGGERS.items():
                body = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
                self._db.execute(f"CREATE TRIGGER IF NOT EXISTS {trigger} {moment} {body}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Alone on the connection; what SQLite complains of becomes a StoreError."""
        with self._lock:
            try:
                yield
            except (sqlite3.Error, sqlite3.Warning, UnicodeDecodeError) as exc:
                # UnicodeDecodeError: a complaint of SQLite that quotes the damage
                if "not a database" in str(exc):
                    raise StoreError(Text(f"{self._path} n'est pas une base SQLite", f"{self._path} is no SQLite database")) from exc
                if "locked" in str(exc):
                    raise StoreError(Text(f"{self._path} est tenu par un autre programme : réessayer quand il aura fini", f"{self._path} is held by another program: try again once it is done")) from exc
                if "readonly" in str(exc):
                    raise StoreError(Text(f"{self._path} est en lecture seule : rien n'y est écrit", f"{self._path} may only be read: nothing is written")) from exc
                raise StoreError(Text(f"{self._path} ne peut être lu ni écrit ({exc})", f"{self._path} cannot be read or written: {exc}")) from exc

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """The only writer of the file, from the first look to the commit."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def read(self, dossier: str) -> tuple[Fact, ...]:
        """All facts, in the order of their arrival; raises DossierNotFoundError."""
        return tuple(fact_of(r) for r in self.records(dossier))

    def version(self, dossier: str) -> int:
        """How many facts are stored; 0 for a dossier that does not exist."""
        with self._told():
            return self._head(dossier)[0]

    def _head(self, dossier: str) -> tuple[int, str]:
        row = self._db.execute(_LAST, (dossier,)).fetchone()
        return (row[0], row[1]) if row else (0, "")

    def append(self, dossier: str, expected: int, facts: Sequence[Fact]) -> int:
        """Adds *facts*, all or none, and gives the new version; raises ConflictError."""
        events = tuple(event_of(f) for f in facts)
        with self._told(), self._writing():
            found, prev = self._head(dossier)
            if found != expected:
                raise ConflictError(dossier, expected, found)
            rows = [(r.dossier, r.v, r.prev, r.hash, r.event) for r in chained(dossier, found, prev, events)]
            self._db.executemany(_ADD, rows)
            return found + len(rows)

    def seen(self, dossier: str, key: str) -> tuple[int, ...]:
        """The versions of the facts that were stored under an idempotency key."""
        return tuple(r.v for r in self._pages(dossier) if carries(r, key))

    def dossiers(self) -> tuple[str, ...]:
        """The ids of all dossiers, sorted."""
        with self._told():
            return tuple(sorted(_text(row[0]) for row in self._db.execute("SELECT DISTINCT dossier FROM journal")))

    def records(self, dossier: str) -> Iterator[JournalRecord]:
        """The journal as it is stored; raises DossierNotFoundError."""
        if not self.version(dossier):
            raise DossierNotFoundError(dossier)
        return self._pages(dossier)

    def _pages(self, dossier: str) -> Iterator[JournalRecord]:
        """By pages, so that a slow reader keeps nobody from writing; what was read never changes."""
        last = 0
        while True:
            with self._told():
                rows = self._db.execute(_ROWS, (dossier, last, _PAGE)).fetchall()
            for _, name, v, prev, hash, event in rows:
                number = v if isinstance(v, int) else -1
                yield JournalRecord(_text(name), number, _text(prev), _text(hash), _text(event))
            if len(rows) < _PAGE:
                return
            last = rows[-1][0]

    def shelve(self, texts: Sequence[MethodText]) -> None:
        """Keeps these texts, each under its hash; one that is there already stays as it is."""
        with self._told(), self._writing():
            self._db.execute(_METHODS)
            rows = [(t.hash, t.ref, t.base, t.text) for t in texts]
            self._db.executemany("INSERT INTO method(hash, ref, base, text) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)

    def method_text(self, hash: str) -> MethodText | None:
        """The text under that hash; None where there is none."""
        return next((t for t in self.method_texts() if t.hash == hash), None)

    def method_texts(self) -> tuple[MethodText, ...]:
        """All of them, by reference and hash."""
        with self._told():
            if not self._db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'method'").fetchone():
                return ()
            rows = self._db.execute("SELECT hash, ref, base, text FROM method ORDER BY ref, hash").fetchall()
        return tuple(MethodText(_text(hash), _text(ref), None if base is None else _text(base), _text(text)) for hash, ref, base, text in rows)

    def damage(self) -> tuple[str, ...]:
        """
        What SQLite finds wrong with the file beneath the records; () where nothing is.

        `verify` judges what can be read; a damaged index may hide the last records from it.
        """
        with self._told():
            return tuple(str(row[0]) for row in self._db.execute("PRAGMA integrity_check") if row[0] != "ok")

    def close(self) -> None:
        """Closes the file; twice does no harm."""
        with self._lock:
            self._db.close()


def _text(value: object) -> str:
    """A column as text; where a damaged file gives it another type, a text that its hash will not fit."""
    return value if isinstance(value, str) else repr(value)


def _archive(name: str) -> str | None:
    """The address under which a journal that may not be written is read; None for one that may, or is not there."""
    path = Path(name)
    if not path.is_file() or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return None
    # SQLite would lay a log beside the file, even to read it, unless it knows that nobody writes; a log that is there has to be read.
    log = path.with_name(f"{path.name}-wal")
    return f"{path.absolute().as_uri()}?{'mode=ro' if log.exists() and log.stat().st_size else 'immutable=1'}"


def _patiently(attempt: Callable[[], T]) -> T:
    """*attempt*, again while another process holds the file."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return attempt()
        except sqlite3.OperationalError as exc:
            if not ("locked" in str(exc) or "busy" in str(exc)) or time.monotonic() > until:
                raise
            time.sleep(0.01)
