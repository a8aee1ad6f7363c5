"""
The desk of the command line: a dossier by its id in a journal, or by the path of its file.

A `.toml` is worked on as an in-memory journal; what is written is appended to it as its last
`[[facts]]` block, the bytes before it untouched, all or nothing.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import attrs

from . import engine
from .answers import Accepted, Recorded, Refused
from .dossier import Dossier
from .dossier_file import fact_block, read_dossier
from .errors import ConflictError, DossierError, Fault, IdempotencyError, RefusedError, UnknownNameError
from .facts import Fact, Stamp
from .method import Method
from .method_file import load_method, packaged
from .stores.sqlite import SqliteStore
from .when import When
from .words import Text
from .workspace import Workspace


def is_file(name: str) -> bool:
    return name.endswith(".toml") or os.sep in name or "/" in name


def read_file(path: str) -> tuple[Method, Dossier]:
    """The method and dossier of a file; a method named by a path is looked for beside it."""
    folder = Path(path).parent

    def find(name: str) -> Method:
        beside = folder / name
        return load_method(str(beside) if name.endswith(".toml") and beside.is_file() else name)

    try:
        data = Path(path).read_bytes()
    except OSError as exc:
        raise DossierError((Fault("(file)", Text(f"fichier illisible : {exc.strerror}", f"cannot be read: {exc.strerror}"),
                                  Text("vérifier le chemin", "check the path"), None, path),)) from None  # fmt: skip
    return read_dossier(data, find, path, Path(path).stem if Path(path).stem != "dossier" else folder.name or "dossier")


@attrs.define
class Desk:
    """One dossier laid open: its method, its facts, and where to write."""

    name: str
    db: str
    method: Method
    dossier: Dossier
    workspace: Workspace | None = None

    @classmethod
    def open(cls, name: str, db: str) -> Desk:
        if is_file(name):
            method, dossier = read_file(name)
            return cls(name, db, method, dossier)
        workspace = open_db(db)
        return cls(name, db, workspace.method_of(name), workspace.get(name), workspace)

    def do(self, command: Fact, *, by: str, on: When, expect: int | None, key: str | None) -> Accepted | Refused:
        """Ask, and keep what is allowed. ConflictError, IdempotencyError as the store's."""
        stamped = command.stamped(Stamp(on=on, by=by, key=key))
        if self.workspace is not None:
            try:
                return self.workspace.do(self.name, command, by=by, on=on, expect=expect, key=key)
            except RefusedError as exc:
                return exc.refused
        if (again := self._again(stamped)) is not None:
            return Accepted((again,))
        self._expect(expect)
        decision = engine.decide(self.method, self.dossier, stamped)
        if isinstance(decision, Accepted):
            self._append(decision.events)
        return decision

    def record(self, fact: Fact, *, by: str, on: When, expect: int | None, key: str | None) -> Recorded | Refused:
        """Tell what happened, and keep it."""
        stamped = fact.stamped(Stamp(on=on, by=by, key=key))
        if self.workspace is not None:
            try:
                return self.workspace.record(self.name, fact, by=by, on=on, expect=expect, key=key)
            except RefusedError as exc:
                return exc.refused
        if (again := self._again(stamped)) is not None:
            return Recorded((again,))
        self._expect(expect)
        recorded = engine.record(self.method, self.dossier, stamped)
        if isinstance(recorded, Recorded):
            self._append(recorded.events)
        return recorded

    def close(self) -> None:
        if self.workspace is not None:
            self.workspace.store.close()

    def _again(self, fact: Fact) -> Fact | None:
        key = fact.stamp.key if fact.stamp else None
        if key is None:
            return None
        for old in self.dossier.facts:
            if old.stamp and old.stamp.key == key:
                if (old.verb, old.address, old.args) != (fact.verb, fact.address, fact.args):
                    raise IdempotencyError(self.name, key)
                return old
        return None

    def _expect(self, expect: int | None) -> None:
        if expect is not None and expect != self.dossier.version:
            raise ConflictError(self.name, expect, self.dossier.version)

    def _append(self, facts: tuple[Fact, ...]) -> None:
        append_blocks(self.name, "".join("\n" + fact_block(f) for f in facts))


def append_blocks(path: str, blocks: str) -> None:
    """Add text at the end of a file, all or nothing: what was there stays to the byte."""
    target = Path(path).resolve()
    before = target.read_bytes()
    if before and not before.endswith(b"\n"):
        before += b"\n"
    write_whole(target, before + blocks.encode())


def write_whole(target: Path, data: bytes) -> None:
    """The file with exactly these bytes, or as it was."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(temporary, target.stat().st_mode & 0o777 if target.exists() else 0o644)
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def open_db(db: str, *, create: bool = False) -> Workspace:
    """The workspace of a journal file; UnknownNameError where there is none and none may be made."""
    path = db.removeprefix("sqlite:///").removeprefix("sqlite:")
    if not create and not Path(path).is_file():
        raise UnknownNameError("journal", path)
    return Workspace(SqliteStore.open(path), methods=[load_method(n) for n in packaged()])
