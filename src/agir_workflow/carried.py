"""
Answers that outlive a fact: kept with what they were read from, dropped when a fact touches that.

A question is put to a `Traced` view, which notes each table that is read; nobody has to say
beforehand what a row of the method reads. The answer is then good for every later view in which
none of these tables was touched: it would be read from the very same values again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, ItemsView, Iterator, Mapping, ValuesView
from typing import Concatenate, ParamSpec, TypeVar, TypeVarTuple, Unpack, cast

from .dossier import Derogation, Dossier, Instance, Item, Label, Sitting
from .facts import Adopt, Fact, Publish
from .position import Happened, Position
from .view import ANY_FACT, CLEARED, INSTANCES, POSITION, SHAPE, View, Word
from .when import Slot, When
from .words import Address, FacetId, InstanceId, KindId, LeafId, Text

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
P = ParamSpec("P")
Ts = TypeVarTuple("Ts")


def kept(view: View, key: Hashable, make: Callable[Concatenate[View, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """
    What *make* gives of a view, made again only where something that it read has changed.

    *key* names the question and everything else that the answer depends on (the day, who asks).
    """
    found = view.answers.find(key)
    if found is None:
        return kept_anew(view, key, make, *args, **kwargs)
    if isinstance(view, Traced):
        view.reads.bits |= found[0]
    return cast(T, found[1])


def kept_anew(view: View, key: Hashable, make: Callable[Concatenate[View, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same, in the place of what was kept."""
    traced = Traced(view)
    answer = make(traced, *args, **kwargs)
    view.answers.own[key] = (traced.reads.bits, answer)
    if isinstance(view, Traced):
        view.reads.bits |= traced.reads.bits
    return answer


def kept_here(view: View, key: Hashable, make: Callable[[View, Unpack[Ts]], T], *args: *Ts) -> T:
    """What *make* gives, kept for this very view alone: nothing is noted, any fact lets it go."""
    own = view.answers.own
    found = own.get(key)
    if found is None:
        found = own[key] = (-1, make(view, *args))
    return found[1]  # type: ignore[return-value]


def kept_for(view: View, key: Hashable, make: Callable[[View], T]) -> T:
    """The same as `kept` where there are answers to carry over; what is read is noted only where that pays."""
    noted = isinstance(view, Traced) or view.answers.are_noted
    return kept(view, key, make) if noted else kept_here(view, key, make)


class Reads:
    """The tables read so far; shared by a traced view and those made from it."""

    __slots__ = ("bits",)

    def __init__(self) -> None:
        self.bits = 0


class _Noted(Mapping[K, T]):
    """A table of a view; each look notes what was looked at."""

    def __init__(self, table: Mapping[K, T], note: Callable[[Hashable], None], whole: str) -> None:
        self._table, self._note, self._whole = table, note, whole

    def __getitem__(self, key: K) -> T:
        self._note(key)
        return self._table[key]

    def get(self, key: K, default: object = None) -> T:
        self._note(key)
        return cast(T, self._table.get(key, default))

    def __contains__(self, key: object) -> bool:
        self._note(key)
        return key in self._table

    def __iter__(self) -> Iterator[K]:
        self._note(self._whole)
        return iter(self._table)

    def __len__(self) -> int:
        self._note(self._whole)
        return len(self._table)

    def items(self) -> ItemsView[K, T]:
        self._note(self._whole)
        return self._table.items()

    def values(self) -> ValuesView[T]:
        self._note(self._whole)
        return self._table.values()


class Traced(View):
    """A view that answers as another does, and notes what is read of it. Its day and method never change."""

    __slots__ = ("plain", "reads")

    def __init__(self, view: View, reads: Reads | None = None) -> None:
        self.plain: View = view.plain if isinstance(view, Traced) else view
        self.reads = reads or Reads()
        self.__dict__ = self.plain.__dict__

    def note(self, key: Hashable) -> None:
        self.reads.bits |= self.plain.answers.bit(key)

    # -- the tables ---------------------------------------------------------------------------------

    @property
    def dossier(self) -> Dossier:  # type: ignore[override]
        self.note(ANY_FACT)
        return self.plain.dossier

    @property
    def last(self) -> dt.date:  # type: ignore[override]
        self.note(ANY_FACT)
        return self.plain.last

    @property
    def instances(self) -> list[Instance]:  # type: ignore[override]
        self.note(INSTANCES)
        return self.plain.instances

    @property
    def sittings(self) -> dict[Label, list[Sitting]]:  # type: ignore[override]
        return cast("dict[Label, list[Sitting]]", _Noted(self.plain.sittings, self.note, "sittings"))

    @property
    def items(self) -> dict[FacetId, list[Item]]:  # type: ignore[override]
        return cast("dict[FacetId, list[Item]]", _Noted(self.plain.items, self.note, "items"))

    @property
    def states(self) -> dict[tuple[str, Address], list[object]]:  # type: ignore[override]
        return cast("dict[tuple[str, Address], list[object]]", _Noted(self.plain.states, self.note, "states"))

    @property
    def planned(self) -> dict[Address, Slot]:  # type: ignore[override]
        self.note("planned")
        return self.plain.planned

    @property
    def adopted(self) -> Adopt | None:  # type: ignore[override]
        self.note("adopted")
        return self.plain.adopted

    @property
    def published(self) -> list[tuple[When, Publish]]:  # type: ignore[override]
        self.note("published")
        return self.plain.published

    @property
    def derogations(self) -> list[Derogation]:  # type: ignore[override]
        self.note("derogations")
        return self.plain.derogations

    @property
    def settled(self) -> dict[Address, When]:  # type: ignore[override]
        self.note("settled")
        return self.plain.settled

    @property
    def done_facts(self) -> list[tuple[Label, Fact]]:  # type: ignore[override]
        self.note("done_facts")
        return self.plain.done_facts

    @property
    def cleared(self) -> frozenset[dt.date]:
        self.note(CLEARED)
        return self.plain.cleared

    @property
    def position(self) -> Position:
        self.note(POSITION)
        return self.plain.position

    # -- what is read of them by a shorter way --------------------------------------------------------

    def labels(self, leaf: LeafId | None = None) -> tuple[Label, ...]:
        self.note(SHAPE)
        return self.plain.labels(leaf)

    def trace(self) -> tuple[Happened, ...]:
        self.note(POSITION)
        return self.plain.trace()

    def course(self) -> tuple[tuple[Happened, bool], ...]:
        self.note(POSITION)
        return self.plain.course()

    def redo(self, label: Label) -> Label | None:
        self.note(SHAPE)
        return self.plain.redo(label)

    def held(self, leaf: LeafId, as_of: dt.date | None = None) -> tuple[Sitting, ...]:
        self.note(leaf)
        return self.plain.held(leaf, as_of)

    def opened(self, leaf: LeafId) -> dict[tuple[InstanceId, ...], When]:
        self.note(leaf)
        return self.plain.opened(leaf)

    def of_kind(self, kind: KindId, as_of: dt.date | None = None) -> tuple[Instance, ...]:
        self.note(INSTANCES)
        return self.plain.of_kind(kind, as_of)

    def instance(self, id: InstanceId, kind: KindId | None = None) -> Instance | None:
        self.note(INSTANCES)
        return self.plain.instance(id, kind)

    def at(self, facet: FacetId, as_of: dt.date | None = None) -> tuple[Item, ...]:
        self.note(facet)
        return self.plain.at(facet, as_of)

    def title(self, address: str) -> Text:
        self.note(INSTANCES)
        return self.plain.title(address)

    def of_word(self, word: Word, as_of: dt.date | None, make: Callable[[View, Word, dt.date | None], T]) -> T:
        self.note(word)
        return self.plain.of_word(word, as_of, make)

    @property
    def looked(self) -> dict[Hashable, object]:  # type: ignore[override]
        return {}  # what was looked up before would not be noted

    def seen(self, day: dt.date) -> View:
        self.note(ANY_FACT)
        return Traced(self.plain.seen(day), self.reads)

    def after(self, fact: Fact) -> View:
        """The view with one fact more: its tables come of those of this one, each of its own."""
        later = self.plain.after(fact)
        if later.answers.stands_on(self.plain.answers):
            return Traced(later, self.reads)
        self.note(ANY_FACT)
        return later
