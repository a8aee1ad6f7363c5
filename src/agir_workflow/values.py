"""What a facet of a dossier may hold: plain, frozen, comparable, without floats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias, Union

import attrs

from .when import When

Value: TypeAlias = Union[str, int, bool, When, "Record", tuple["Value", ...]]


def _name_of(pair: tuple[str, Value]) -> str:
    return pair[0]


@attrs.frozen(init=False, repr=False, weakref_slot=False)
class Record:
    """
    Named values, in the order of their names; equal when they say the same.

    Names and values lie apart, so that the many records of one form share their names.
    """

    names: tuple[str, ...]
    values: tuple[Value, ...]

    def __init__(self, pairs: Iterable[tuple[str, Value]] = ()) -> None:
        ordered = sorted(pairs, key=_name_of)
        object.__setattr__(self, "names", tuple([name for name, _ in ordered]))
        object.__setattr__(self, "values", tuple([value for _, value in ordered]))

    @property
    def pairs(self) -> tuple[tuple[str, Value], ...]:
        return tuple(zip(self.names, self.values, strict=True))

    def __repr__(self) -> str:
        return f"Record(pairs={self.pairs!r})"

    @classmethod
    def of(cls, values: Mapping[str, Value]) -> Record:
        return cls(tuple(values.items()))

    def get(self, name: str) -> Value | None:
        names = self.names
        return self.values[names.index(name)] if name in names else None

    def __iter__(self) -> Iterator[tuple[str, Value]]:
        return zip(self.names, self.values, strict=True)

    def __bool__(self) -> bool:
        return bool(self.names)


EMPTY = Record()


def as_record(values: Record | Mapping[str, Value]) -> Record:
    """A record, of a mapping too."""
    return values if isinstance(values, Record) else Record.of(values)


def each_of(value: Value | None) -> tuple[Value, ...]:
    """A list as its members, one value as itself alone, nothing as nothing."""
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


BLANKS = " \t\n\u00a0\u2009\u202f.…?_-"
"""What a text may consist of and say nothing."""


UNSAID = frozenset(
    ("à compléter", "a compléter", "a completer", "à définir", "a définir", "à nommer", "à préciser", "à remplir", "à renseigner", "à venir", "non renseigné", "non renseignée", "not filled in", "to be completed", "to be defined", "to be named", "to do", "todo", "tbc", "tbd", "xxx")
)  # fmt: skip
"""What people write, as a document or a form proposes it, where an answer is still to come."""
_AROUND = BLANKS + "[](){}<>«»*!:;\"'"


_LONGEST = max(map(len, UNSAID)) + 4


@lru_cache(maxsize=8192)
def as_unsaid(text: str) -> str:
    """A text as it is looked for among those that stand in for an answer: whatever its case, and what stands around it."""
    return " ".join(text.casefold().strip(_AROUND).split())


def without(unsaid: frozenset[str], value: Value, texts: frozenset[str]) -> Value:
    """A value whose texts say nothing (…) where they only hold the place of an answer; of records those in the fields *texts*."""
    if isinstance(value, str):
        return "…" if _holds_a_place(unsaid, value) else value
    if isinstance(value, Record):
        return Record(tuple([(name, without(unsaid, v, texts) if name in texts else v) for name, v in value]))
    return tuple([without(unsaid, v, texts) for v in value]) if isinstance(value, tuple) else value


def none_stands_in(unsaid: frozenset[str], values: Sequence[Value], texts: frozenset[str]) -> bool:
    """Whether no text of some values holds the place of an answer, looked at field by field; False where it takes a longer look."""
    if texts == _OWN:
        return not [1 for v in values if type(v) is not str or _holds_a_place(unsaid, v)]
    names = first.names if values and isinstance(first := values[0], Record) else ()
    if [1 for r in values if type(r) is not Record or r.names is not names]:
        return False
    return not [1 for place, name in enumerate(names) if name in texts
                for r in values if type(v := r.values[place]) is not str or _holds_a_place(unsaid, v)]  # type: ignore[union-attr]  # fmt: skip


_OWN = frozenset([""])


def _holds_a_place(unsaid: frozenset[str], text: str) -> bool:
    # Of a long text only a question can be one, and what stands in brackets.
    return (len(text) <= _LONGEST or text[-1] in _AROUND) and as_unsaid(text) in unsaid


def is_blank(value: Value | None) -> bool:
    """Whether a value says nothing: absent, empty, or a text of blanks and dots."""
    if isinstance(value, str):
        return not value.strip(BLANKS)
    if isinstance(value, Record):
        value = value.values
    if isinstance(value, tuple):
        return not value or (is_blank(value[0]) and all(map(is_blank, value)))  # the first mostly says something
    return value is None
