"""The baseline of a run: read before it, and written anew after it where that was asked."""

from __future__ import annotations

from pathlib import Path

import attrs

from .baseline import LARGEST, Lines, read_baseline, shrunk
from .doorstep import file_bytes
from .errors import DossierError
from .written import write_whole


def read_lines(path: str) -> Lines:
    """The lines of a baseline file; a fault with the line for what is none."""
    data, fault = file_bytes(path, LARGEST)
    if fault is not None:
        raise DossierError((fault,))
    return read_baseline(data, path)


@attrs.define
class Baseline:
    """The file to write once every dossier was judged: what fires, or what is left of an older file."""

    path: str
    old: Lines | None
    judged: set[str] = attrs.field(factory=set)
    prints: set[str] = attrs.field(factory=set)

    @classmethod
    def at(cls, path: str) -> Baseline:
        return cls(path, read_lines(path) if Path(path).is_file() else None)

    def add(self, dossier: str, prints: Lines) -> None:
        self.judged.add(dossier)
        self.prints.update(prints)

    def write(self) -> None:
        lines = shrunk(self.old, self.prints, self.judged)
        write_whole(Path(self.path), "".join(f"{x}\n" for x in lines).encode())
