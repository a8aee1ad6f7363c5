"""
What has happened so far.

A dossier is its facts, in the order of their arrival; everything else (instances, sittings,
values, states, the position in the tree) is a reading of them, made in `view`.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from operator import attrgetter
from typing import NamedTuple, cast

import attrs

from .facts import NOTHING_TO_ADD, Args, Correct, Decide, Fact, Hold, Open
from .values import EMPTY, Record, Value
from .when import Slot, When, civil_day
from .words import Address, FacetId, InstanceId, KindId, LeafId, Verb


@attrs.frozen(init=False)
class Dossier:
    """
    Frozen, hashable, picklable; its version is the number of its facts.

    `index` is a look-up table that `view` leaves here; it is no part of the value.
    """

    facts: tuple[Fact, ...]
    index: object = attrs.field(default=None, eq=False, repr=False)

    def __init__(self, facts: tuple[Fact, ...], index: object = None) -> None:
        _set_facts(self, facts)  # by the slots, for each event makes one: half the time of `object.__setattr__`
        _set_index(self, index)

    def __getstate__(self) -> tuple[Fact, ...]:
        return self.facts

    def __setstate__(self, facts: tuple[Fact, ...]) -> None:
        _set_facts(self, shared(facts))
        _set_index(self, None)

    def keep(self, index: object) -> None:
        """Lays a look-up table beside the value."""
        _set_index(self, index)

    @property
    def version(self) -> int:
        return len(self.facts)

    @property
    def head(self) -> Open:
        args = self.facts[0].args
        assert isinstance(args, Open), "a dossier begins with its opening"
        return args

    @property
    def start(self) -> dt.date:
        return self.facts[0].on.earliest

    def as_of(self, day: dt.date) -> Dossier:
        """
        The dossier without what happened after *day*, as was known by then; what may have happened by then stays.

        What holds from the dossier's start stays too: a project may be looked at before it begins.
        """
        last = max(civil_day(day), self.start)
        right = corrections(self.facts, last)[0]
        if not right and max(days_of(self.facts)) <= last:
            return self
        days = days_of(self.facts)
        for args in right:
            if args.on is not None:
                days[args.of - 1] = args.on.earliest
        kept = [n for n, on in enumerate(days) if on <= last or not n]
        return self if len(kept) == len(days) else self.taking(kept)

    def taking(self, order: Sequence[int]) -> Dossier:
        """These of its facts, by their index, in this order; a correction points to what it corrects, and goes where that goes."""
        facts, among = self.facts, set(order)
        left_out = {n + 1 for n in range(len(facts)) if n not in among}
        kept = [n for n in order if not (isinstance(args := facts[n].args, Correct) and args.of in left_out)]
        place = {old + 1: new + 1 for new, old in enumerate(kept)}
        return Dossier(tuple([_pointed(facts[n], place) for n in kept]))


def corrections(facts: Sequence[Fact], by: dt.date = dt.date.max) -> tuple[list[Correct], set[int]]:
    """The corrections known by a day that stand, in their order, and the numbers of the facts struck out: one that is struck out corrects nothing."""
    stand, void = list[Correct](), set[int]()
    if _CORRECT in verbs_of(facts):
        for n in range(len(facts), 1, -1):
            args = facts[n - 1].args
            if isinstance(args, Correct) and n not in void and 0 < args.of <= len(facts) and facts[n - 1].on.earliest <= by:
                stand.append(args)
                if args.void:
                    void.add(args.of)
    return stand[::-1], void


def _pointed(fact: Fact, place: Mapping[int, int]) -> Fact:
    if isinstance(fact.args, Correct) and fact.args.of in place:
        return Fact(fact.verb, fact.address, attrs.evolve(fact.args, of=place[fact.args.of]), fact.stamp)
    return fact


_CORRECT = Verb.CORRECT
on_of: Callable[[Fact], When] = attrgetter("stamp.on")
"""The same as `Fact.on`, of a fact that is known to carry its stamp: one step, where there are many."""
day_of: Callable[[Fact], dt.date] = attrgetter("stamp.on.earliest")
"""The day on which a stamped fact happened, or the first on which it may have."""


def verbs_of(facts: Iterable[Fact]) -> list[Verb]:
    return [f.verb for f in facts]


def days_of(facts: Iterable[Fact]) -> list[dt.date]:
    """`day_of` of each: on Python 3.11 a comprehension reads what lies in slots in a quarter of the time."""
    return [f.stamp.on.earliest for f in facts]  # type: ignore[union-attr]


def rough(facts: Iterable[Fact]) -> bool:
    """Whether one of them has no day for sure."""
    return bool([1 for f in facts if (on := f.stamp.on).latest is not on.earliest and on.latest != on.earliest])  # type: ignore[union-attr]


_set_facts, _set_index = vars(Dossier)["facts"].__set__, vars(Dossier)["index"].__set__


def shared(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """
    The same facts, in which equal parts are one object: they take a third of the room.

    For the doors at which facts come in: files, journals, other processes. Texts without blanks (ids, addresses,
    words of the method), rows and records of such words (names of a record's parts, points of an agenda, a seat) and
    single days are the same for all dossiers of a process, and for their method.
    """
    known: dict[Hashable, object] = {}
    return tuple([cast(Fact, _shared(f, known)) for f in facts])


@cache
def _fields(cls: type[attrs.AttrsInstance]) -> tuple[str, ...]:
    return tuple(a.name for a in attrs.fields(cls))


_LONGEST = 16
"""Words of a row that is kept for other dossiers; longer ones are nobody else's."""


@lru_cache(maxsize=4096)
def _row(words: tuple[str, ...]) -> tuple[str, ...]:
    return words


@lru_cache(maxsize=4096)
def _record(record: Record) -> Record:
    return record


def _of_words(row: tuple[object, ...]) -> bool:
    return len(row) <= _LONGEST and all([type(v) is str and " " not in v for v in row])


@lru_cache(maxsize=4096)
def _day(day: dt.date) -> When:
    return When(day)


def _shared(value: object, known: dict[Hashable, object]) -> object:
    """The first value that was made of the very same parts, told apart by what they are: 1 equals True, yet is another."""
    kind = type(value)
    if kind is str:
        text = cast(str, value)
        return known.setdefault(text, text) if " " in text else sys.intern(text)
    if kind is dt.date:
        return _day(cast(dt.date, value)).earliest
    if kind is dt.time and cast(dt.time, value).tzinfo is None:
        return known.setdefault(cast(dt.time, value), value)
    if kind is tuple:
        out = tuple([_shared(v, known) for v in cast("tuple[object, ...]", value)])
        if _of_words(out):
            return _row(cast("tuple[str, ...]", out))
        return known.setdefault((tuple, *map(id, out)), out)
    if isinstance(value, When) and value.is_day:
        return _day(value.earliest)
    if not attrs.has(kind):
        return value
    names = _fields(kind)
    parts = [_shared(getattr(value, name), known) for name in names]
    for plain in (EMPTY, NOTHING_TO_ADD.get(cast("type[Args]", kind))):
        if type(plain) is kind and all([getattr(plain, name) is part for name, part in zip(names, parts, strict=True)]):
            return plain
    key = (kind, *map(id, parts))
    if key not in known:
        known[key] = one = object.__new__(kind)
        for name, part in zip(names, parts, strict=True):
            object.__setattr__(one, name, part)
        if isinstance(one, Record) and _of_words(one.values):
            same = _record(one)
            if same.names is one.names and same.values is one.values:  # else its parts must live on, for the key tells them by their ids
                known[key] = same
    return known[key]


class Label(NamedTuple):
    """One occurrence of a leaf: its id and the instances it is about, outermost first. A tuple, for it is the key of most tables."""

    leaf: LeafId
    inst: tuple[InstanceId, ...] = ()


class Instance(NamedTuple):
    kind: KindId
    id: InstanceId
    label: str
    on: When
    off: When | None = None
    inside: InstanceId | None = None
    attributes: Record = EMPTY


class Sitting(NamedTuple):
    """
    One holding of a leaf, from its notice to its decision.

    `n` counts from 1; a second one has the address `…#2`. `done` is the fact that completed the
    leaf (held, decided, delivered, agreed). `reconvened`: it takes up one that was held and could
    not decide, on the same agenda and without condition of quorum. `urgent`: its notice says that it
    is, and why; `called_by` is who sent it.
    """

    label: Label
    address: Address
    n: int
    convened: When | None = None
    planned: Slot | None = None
    held: When | None = None
    hold: Hold | None = None
    decided: When | None = None
    decision: Decide | None = None
    done: When | None = None
    cancelled: bool = False
    reconvened: bool = False
    by: str = ""
    urgent: bool = False
    called_by: str = ""


@attrs.frozen(kw_only=True)
class Derogation:
    """A deviation that a copil allowed: which requirement, at which subject, why, filed by whom, and until when."""

    code: str
    subject: str
    copil: str
    reason: str
    by: str
    on: When
    until: dt.date | None = None

    @property
    def key(self) -> str:
        """What names it in a finding: the requirement and the subject that it lifts."""
        return f"{self.code}@{self.subject}"


class Item(NamedTuple):
    """A value of a facet at a subject (an instance, a word of a list, or the dossier: empty)."""

    facet: FacetId
    subject: tuple[InstanceId, ...]
    value: Value
    on: When
    off: When | None = None


class ChartState(NamedTuple):
    """A state entered by the run, a deliverable or a sitting of a copil, and since when."""

    chart: str
    id: Address
    state: str
    on: When
    version: int = 0
