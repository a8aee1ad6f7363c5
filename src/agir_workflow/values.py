"""What a facet of a dossier may hold: plain, frozen, comparable, without floats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias, Union

import attrs

from .when import When

Value: TypeAlias = Union[str, int, bool, When, "Record", tuple["Value", ...]]


def _by_name(pairs: Iterable[tuple[str, Value]]) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted(pairs, key=lambda pair: pair[0]))


@attrs.frozen
class Record:
    """Named values, in the order of their names; equal when they say the same."""

    pairs: tuple[tuple[str, Value], ...] = attrs.field(default=(), converter=_by_name)

    @classmethod
    def of(cls, values: Mapping[str, Value]) -> Record:
        return cls(tuple(values.items()))

    def get(self, name: str) -> Value | None:
        for key, value in self.pairs:
            if key == name:
                return value
        return None

    def __iter__(self) -> Iterator[tuple[str, Value]]:
        return iter(self.pairs)

    def __bool__(self) -> bool:
        return bool(self.pairs)


EMPTY = Record()


def each_of(value: Value | None) -> tuple[Value, ...]:
    """A list as its members, one value as itself alone, nothing as nothing."""
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def is_blank(value: Value | None) -> bool:
    """Whether a value says nothing: absent, empty, or a text of blanks and dots."""
    if isinstance(value, str):
        return not value.strip(" \t\n.…?_-")
    if isinstance(value, tuple):
        return all(is_blank(v) for v in value)
    if isinstance(value, Record):
        return all(is_blank(v) for _, v in value)
    return value is None
