"""
Sorting and counting of what does not fit into memory: what is too much goes to a temporary file.

A sort in pieces and a merge of them (Knuth, *The Art of Computer Programming* 3, 5.4). What is small
never touches the disk, and the file goes with the value that made it.
"""

from __future__ import annotations

import heapq
import itertools
import json
import tempfile
from collections.abc import Iterator
from typing import IO, Generic, TypeVar, cast

Record = TypeVar("Record", bound=tuple[object, ...])

ROOM = 3_000_000
"""Characters that stand in memory before they are put away; 6 MB with what Python adds, measured."""
_EACH = 100
_BLOCK = 1 << 16


class Spool(Generic[Record]):
    """
    Tuples of numbers, texts and lists of texts, given back in their order, in memory that does not grow with them.

    Those that compare alike up to a list must not exist. OSError where no temporary file can be written.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room, self._used = room, 0
        self._here: list[Record] = []
        self._away: IO[bytes] | None = None
        self._pieces: list[tuple[int, int]] = []

    def add(self, record: Record) -> None:
        self._here.append(record)
        self._used += _EACH + sum(_size(x) for x in record)
        if self._used > self._room:
            self._put_away()

    def _put_away(self) -> None:
        if self._away is None:
            self._away = tempfile.TemporaryFile(prefix="agir.")  # noqa: SIM115 it lives as long as this value
        begin = self._away.seek(0, 2)
        for record in sorted(self._here):
            self._away.write(json.dumps(record).encode() + b"\n")
        self._pieces.append((begin, self._away.tell()))
        self._here, self._used = [], 0

    def __iter__(self) -> Iterator[Record]:
        """All of them, the least first; to be asked for when everything was added."""
        return heapq.merge(*(self._read(begin, end) for begin, end in self._pieces), sorted(self._here))

    def _read(self, begin: int, end: int) -> Iterator[Record]:
        assert self._away is not None
        rest = b""
        while begin < end:
            self._away.seek(begin)
            data = self._away.read(min(_BLOCK, end - begin))
            begin += len(data)
            *lines, rest = (rest + data).split(b"\n")
            yield from (cast(Record, tuple(json.loads(line))) for line in lines)


def _size(value: object) -> int:
    return len(value) if isinstance(value, str) else sum(_EACH + len(x) for x in value) if isinstance(value, list) else 0


class Counts:
    """How often each text occurred, in memory that does not grow with them."""

    def __init__(self, room: int = ROOM) -> None:
        self._room, self._used = room, 0
        self._here: dict[str, int] = {}
        self._away = Spool[tuple[str, int]](room)

    def add(self, key: str, times: int = 1) -> None:
        before = self._here.get(key)
        self._here[key] = (before or 0) + times
        if before is None:
            self._used += _EACH + len(key)
            if self._used > self._room:
                self._empty()

    def _empty(self) -> None:
        for item in self._here.items():
            self._away.add(item)
        self._here, self._used = {}, 0

    def __iter__(self) -> Iterator[tuple[str, int]]:
        """Each with its number, in the order of the texts; to be asked for when everything was added."""
        self._empty()
        for key, found in itertools.groupby(self._away, key=lambda x: x[0]):
            yield key, sum(n for _, n in found)
