"""
The desk of the command line: a dossier by its id in a journal, or by the path of its file.

A `.toml` is worked on as an in-memory journal; what is written is appended to it as its last
`[[facts]]` block, the bytes before it untouched, all or nothing.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import attrs

from . import engine
from .answers import Accepted, Blocker, Recorded, Refused
from .beside import DOSSIER_FILE, OVERLAY_FILE, is_one_dossier
from .doorstep import file_bytes, shown
from .dossier import Dossier
from .dossier_file import fact_block, read_document
from .errors import (
    ConflictError,
    DossierError,
    Fault,
    IdempotencyError,
    MethodError,
    RefusedError,
    UnknownNameError,
)
from .facts import Fact, Stamp
from .method import Method
from .method_file import load_method, packaged
from .resolve import input_blockers
from .stores.sqlite import SqliteStore
from .toml_file import Document, near
from .view import view_of
from .when import When
from .words import Text, Verb
from .workspace import Workspace
from .written import alone, make_folder, write_whole
from .zones import zone_of


def is_file(name: str) -> bool:
    return name.endswith(".toml") or os.sep in name or "/" in name


Answer = TypeVar("Answer", Accepted, Recorded)


def method_beside(folder: Path, ref: str) -> str | None:
    """The file of a method of that ref that lies beside a dossier, as one that was exported names it; None for a packaged one."""
    bare, _, version = ref.partition("@")
    if bare in packaged() or not version:
        return None
    for file in sorted(folder.glob("*.toml")):
        data, _ = file_bytes(file)
        head = Document.read(data).data.get("method") if _A_METHOD.search(data) else None  # among many dossiers a method is found without reading each
        if isinstance(head, dict) and f"{head.get('name')}@{head.get('version')}" == ref:
            return str(file)
    return None


_A_METHOD = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:\[\s*[\"']?method[\"']?\s*\]|[\"']?method[\"']?\s*(?:\.|=\s*\{))", re.M)


@attrs.frozen
class Finder:
    """How the methods of dossiers are found: by name or path, and beside a dossier by their ref. For many dossiers both may remember."""

    load: Callable[[str], Method] = load_method
    beside: Callable[[Path, str], str | None] = method_beside


_FINDER = Finder()


def read_file(path: str) -> tuple[Method, Dossier]:
    """The method and dossier of a file; a method named by a path is looked for beside it. No overlay is laid upon it."""
    return _read(path, Document.read(_bytes(path), path), overlay=False)


def _bytes(path: str) -> bytes:
    data, fault = file_bytes(path)
    if fault is not None:
        raise DossierError((fault,))
    return data


def _read(path: str, document: Document, finder: Finder = _FINDER, *, overlay: bool = True) -> tuple[Method, Dossier]:
    folder = Path(path).parent
    over = folder / OVERLAY_FILE

    def find(name: str) -> Method:
        beside = folder / name
        if name.endswith(".toml"):
            return finder.load(str(beside) if beside.exists() or not Path(name).is_absolute() else name)
        own = finder.beside(folder, name)
        found = finder.load(own) if own else _packaged(name, finder)
        if overlay and Path(path).name == DOSSIER_FILE and over.is_file() and found.extends is None:
            return _laid(over, found, path, finder)
        return found

    return read_document(document, find, _stem(Path(path)), lasting=False)


def _laid(over: Path, found: Method, path: str, finder: Finder) -> Method:
    """The territory's overlay, which lies beside the dossier; MethodError where it stands on another method."""
    method = finder.load(str(over))
    if method.base != found.ref:
        stands = method.base or "—"
        raise MethodError((Fault("method.extends", Text(f"attendu : {found.ref}, que suit {path} ; trouvé : {stands}", f"expected {found.ref}, which {path} follows, found {stands}"),
                                 Text(f'écrire extends = "{found.ref}"', f'write extends = "{found.ref}"'), None, str(over)),))  # fmt: skip
    return method


def _packaged(name: str, finder: Finder) -> Method:
    """A packaged method; a dossier that pins an older version is read under the one at hand, and the verdict says so."""
    bare, _, version = name.partition("@")
    if bare in packaged() and version.isdecimal():
        found = finder.load(bare)
        if int(version) <= found.version:
            return found
    return finder.load(name)


def _stem(path: Path) -> str:
    """The id of a dossier whose file gives none: the name of the file or, for `dossier.toml`, of its folder."""
    name = path.stem if path.stem != "dossier" else path.resolve().parent.name
    told = os.fsencode(name).decode("utf-8", "replace")
    return re.sub(r"[^\w.-]+", "-", told).strip("-")[:80] or "dossier"


@attrs.define
class Desk:
    """One dossier laid open: its method, its facts, and where to write."""

    name: str
    at: dt.date
    method: Method
    dossier: Dossier
    workspace: Workspace | None = None
    read: bytes = b""
    document: Document | None = None

    @classmethod
    def open(cls, name: str, db: str, at: dt.date, *, clock: bool = False, finder: Finder = _FINDER) -> Desk:
        """The dossier of that path or id; with *clock*, what is recorded is recorded on the day *at*."""
        path = db_path(db)
        if is_one_dossier(name) and (is_file(name) or not path.is_file()):
            name = str(Path(name) / DOSSIER_FILE)
        if is_file(name) or (Path(name).is_dir() and not path.is_file()):
            data = _bytes(name)
            document = Document.read(data, name)
            return cls(name, at, *_read(name, document, finder), read=data, document=document)
        if not path.is_file():
            raise DossierError((_nowhere(name, db),))
        workspace = open_db(db)
        try:
            known = workspace.store.dossiers()
            if name not in known:
                if is_one_dossier(name):
                    workspace.store.close()
                    return cls.open(str(Path(name) / DOSSIER_FILE), db, at, clock=clock, finder=finder)
                if Path(name).exists():
                    _bytes(name)  # a folder says so itself
                raise UnknownNameError("dossier", name, near(name, known))
            dossier = workspace.get(name)
            if clock:
                workspace = Workspace(workspace.store, methods=workspace.methods, clock=lambda: _noon(at, dossier.head.zone))
            return cls(name, at, workspace.method_of(name), dossier, workspace)
        except BaseException:
            workspace.store.close()
            raise

    def do(self, command: Fact, *, by: str, on: When | None = None, expect: int | None = None, key: str | None = None) -> Accepted | Refused:
        """Ask, and keep what is allowed. ConflictError, IdempotencyError as the store's."""
        day = self._day(on, key)
        if self.workspace is not None:
            return _answered(partial(self.workspace.do, self.name, command, by=by, on=day, expect=expect, key=key))
        return self._told(engine.decide, Accepted, command.stamped(Stamp(on=day, by=by, key=key)), expect)

    def record(self, fact: Fact, *, by: str, on: When | None = None, expect: int | None = None, key: str | None = None) -> Recorded | Refused:
        """Tell what happened, and keep it."""
        day = self._day(on, key)
        if self.workspace is not None:
            return _answered(partial(self.workspace.record, self.name, fact, by=by, on=day, expect=expect, key=key))
        return self._told(engine.record, Recorded, fact.stamped(Stamp(on=day, by=by, key=key)), expect)

    def _told(self, answer: Callable[[Method, Dossier, Fact], Answer | Refused], kind: Callable[[tuple[Fact, ...]], Answer], fact: Fact, expect: int | None) -> Answer | Refused:
        """What the engine answers to a fact of a file as it is now, kept in it; where its key was used already, what was kept then."""
        with alone(Path(self.name)):
            self._read_again()
            if again := self._again(fact):
                return kind(again)
            self._expect(expect)
            if ahead := self._ahead(fact):
                return Refused(ahead)
            found = answer(self.method, self.dossier, self._told_apart(fact))
            if not isinstance(found, Refused):
                self._append(found.events)
            return found

    def _told_apart(self, fact: Fact) -> Fact:
        """The fact with the instant at which it is noted, where another of its day says something of the same thing: else nothing tells which came last."""
        stamp = fact.stamp
        same = [f.stamp for f in self.dossier.facts if stamp and f.stamp and f.stamp.on == stamp.on and f.address == fact.address and _verb(f) is _verb(fact)]
        if stamp is None or stamp.recorded_at is not None or not same:
            return fact
        now = _noon(max(self.at, stamp.on.latest), self.dossier.head.zone)
        last = max((s.recorded_at for s in same if s.recorded_at), default=None)
        return fact.stamped(attrs.evolve(stamp, recorded_at=now if last is None or last < now else last + dt.timedelta(minutes=1)))

    def tell(self, told: Sequence[tuple[Fact, When]], *, by: str) -> tuple[Recorded | Refused, ...]:
        """What `record` answers to each of several facts, taken by day; nothing is kept (see `keep_told`)."""
        answers: dict[int, Recorded | Refused] = {}
        dossier = self.dossier
        for n in sorted(range(len(told)), key=lambda n: told[n][1].earliest):
            fact, on = told[n]
            answer = answers[n] = engine.record(self.method, dossier, fact.stamped(Stamp(on=on, by=by)))
            for event in answer.events if isinstance(answer, Recorded) else ():
                dossier = engine.evolve(self.method, dossier, event)
        return tuple(answers[n] for n in range(len(told)))

    def keep_told(self, answers: Sequence[Recorded]) -> None:
        """Keep the events of several answers, all or none. ConflictError where somebody wrote in between."""
        events = tuple(sorted((e for a in answers for e in a.events), key=lambda e: e.on.earliest))
        if not events:
            return
        if self.workspace is not None:
            self.workspace.keep(self.name, self.dossier.version, events)
            return
        with alone(Path(self.name)):
            version = self.dossier.version
            if self._read_again():
                raise ConflictError(self.name, version, self.dossier.version)
            self._append(events)

    def close(self) -> None:
        if self.workspace is not None:
            self.workspace.store.close()

    def _day(self, on: When | None, key: str | None) -> When:
        """The day asked for; unsaid, that of the same key when it was first used, else the clock's."""
        if on is not None:
            return on
        first = next((f.stamp.on for f in self.dossier.facts if key is not None and f.stamp and f.stamp.key == key), None)
        return first or When(self.at)

    def _again(self, fact: Fact) -> tuple[Fact, ...]:
        """What was kept when the key was first used; IdempotencyError where that was another command."""
        key = fact.stamp.key if fact.stamp else None
        kept = tuple(f for f in self.dossier.facts if key is not None and f.stamp and f.stamp.key == key)
        if kept and fact not in [_unrecorded(f) for f in kept]:
            raise IdempotencyError(self.name, key or "")
        return kept

    def _ahead(self, fact: Fact) -> tuple[Blocker, ...]:
        """What a journal says of a fact that is kept before it happened, and a file says too."""
        if fact.stamp is None or fact.on.earliest <= self.at:
            return ()
        told = fact.stamped(attrs.evolve(fact.stamp, recorded_at=_noon(self.at, self.dossier.head.zone)))
        return tuple(b for b in input_blockers(view_of(self.method, self.dossier), told, telling=True) if b.code == "input.future")

    def _expect(self, expect: int | None) -> None:
        if expect is not None and expect != self.dossier.version:
            raise ConflictError(self.name, expect, self.dossier.version)

    def _read_again(self) -> bool:
        """Take what the file says now; whether its facts are others than those that were read."""
        if (now := _bytes(self.name)) == self.read:
            return False
        document, before = Document.read(now, self.name), self.dossier.facts
        self.method, self.dossier = _read(self.name, document)
        self.read, self.document = now, document
        return self.dossier.facts != before

    def _append(self, facts: tuple[Fact, ...]) -> None:
        data = with_blocks(self.read, "".join("\n" + fact_block(f) for f in facts))
        try:
            again = _read(self.name, Document.read(data, self.name))[1].facts
        except DossierError as exc:
            raise DossierError(_no_block(self.name, self.read) or (*exc.faults, _UNTOUCHED)) from None
        assert again[-len(facts) :] == facts, "what is written is read back to the same facts"
        write_whole(Path(self.name), data)


_UNTOUCHED = Fault("facts", Text("rien n'est écrit : le fichier serait illisible avec ce fait", "nothing is written: with this fact the file would be unreadable"),
                   Text("mettre le fichier en ordre, ou dire le fait autrement", "put the file in order, or tell the fact in another way"))  # fmt: skip


def _no_block(name: str, data: bytes) -> tuple[Fault, ...]:
    """Where a file keeps its facts as one list, to which TOML adds no block; () where it does not."""
    found = re.search(rb"^[ \t]*facts[ \t]*=", data, re.M)
    if found is None:
        return ()
    line = data.count(b"\n", 0, found.start()) + 1
    return (Fault("facts", Text("attendu : des blocs [[facts]], pour en ajouter un ; trouvé : une liste ; rien n'est écrit", "expected [[facts]] blocks, to add one, found a list; nothing is written"),
                  Text("écrire chaque fait de la liste en bloc [[facts]]", "write each fact of the list as a [[facts]] block"), line, name),)  # fmt: skip


def _answered(ask: Callable[[], Answer]) -> Answer | Refused:
    """What a workspace answers, its refusal as a value."""
    try:
        return ask()
    except RefusedError as exc:
        return exc.refused


def _nowhere(name: str, db: str) -> Fault:
    return Fault("DOSSIER", Text(f"attendu : le chemin d'un .toml, ou un identifiant du journal {db} ; trouvé : « {shown(name)} », et pas de journal", f"expected the path of a .toml, or an id of the journal {db}, found '{shown(name)}', and no journal"),
                 Text(f"écrire le chemin, ou importer d'abord : agir --db {db} import FICHIER.toml", f"write the path, or import it first: agir --db {db} import FILE.toml"))  # fmt: skip


def _verb(fact: Fact) -> Verb:
    """What a fact does; to withdraw an answer is to say something of it."""
    return Verb.FILL if fact.verb is Verb.CLEAR else fact.verb


def _unrecorded(fact: Fact) -> Fact:
    return fact.stamped(attrs.evolve(fact.stamp, recorded_at=None)) if fact.stamp else fact


def with_blocks(before: bytes, blocks: str) -> bytes:
    """The bytes of a file with a text added at its end, in the line ends of the file; *before* stays to the byte."""
    windows = before.count(b"\r\n") * 2 > before.count(b"\n")
    added = blocks if not before or before.endswith(b"\n") else "\n" + blocks
    return before + (added.replace("\n", "\r\n") if windows else added).encode()


def _noon(day: dt.date, zone: str) -> dt.datetime:
    """An instant of a day where the project is: its noon, which in UTC may be of the day before."""
    try:
        return dt.datetime.combine(day, dt.time(12), zone_of(zone)).astimezone(dt.UTC)
    except ValueError:  # told where the dossier is opened
        return dt.datetime.combine(day, dt.time(12), dt.UTC)


def db_path(db: str) -> Path:
    return Path(db.removeprefix("sqlite:///").removeprefix("sqlite:"))


def open_db(db: str, *, create: bool = False) -> Workspace:
    """The workspace of a journal file; UnknownNameError where there is none and none may be made."""
    scheme = re.match(r"([a-z][a-z0-9+.-]+)://", db)
    if scheme and scheme[1] != "sqlite":
        raise DossierError((Fault("--db", Text(f"attendu : un fichier SQLite ; trouvé : une adresse {scheme[1]}://", f"expected an SQLite file, found an address {scheme[1]}://"),
                                  Text("écrire le chemin d'un fichier, comme agir.db", "write the path of a file, such as agir.db")),))  # fmt: skip
    path = db_path(db)
    if not create and not path.is_file():
        raise UnknownNameError("journal", str(path))
    make_folder(path.resolve().parent)
    return Workspace(SqliteStore.open(path), methods=[load_method(n) for n in packaged()])
