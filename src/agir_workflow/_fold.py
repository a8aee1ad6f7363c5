"""
How facts become tables: the values of a facet, the states of a document, each from its own facts alone.

The facts of one facet or document do not look at those of another, so a table is folded when
it is first read. Within a day those facts come first that were possible by then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, ItemsView, Iterator, Mapping, Sequence, ValuesView
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar

from ._chart import destination, initial, sources
from .dossier import ChartState, Item
from .facts import Clear, Fact, Fill
from .method import Facet
from .values import Record, Value
from .words import Address, InstanceId, Verb

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Folded(dict[K, list[T]]):
    """A table whose rows are made from the facts told of them, each when it is first read; [] for a row of which nothing was told."""

    __slots__ = ("_fold", "_told")

    def __init__(self, told: Mapping[K, Sequence[Fact]], fold: Callable[[K, Sequence[Fact]], list[T]], made: Mapping[K, list[T]] | None = None) -> None:
        super().__init__(made or {})
        self._told, self._fold = told, fold

    def __missing__(self, key: K) -> list[T]:
        out = self[key] = self._fold(key, self._told.get(key, ()))
        return out

    def get(self, key: K, default: Any = None) -> Any:
        return self[key] if key in self._told else super().get(key, default)

    def copy(self) -> Folded[K, T]:
        return Folded(self._told, self._fold, self)

    def _whole(self) -> None:
        for key in self._told:
            self[key]

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or key in self._told

    def __iter__(self) -> Iterator[K]:
        self._whole()
        return super().__iter__()

    def __len__(self) -> int:
        self._whole()
        return super().__len__()

    def items(self) -> ItemsView[K, list[T]]:  # type: ignore[override]
        self._whole()
        return super().items()

    def values(self) -> ValuesView[list[T]]:  # type: ignore[override]
        self._whole()
        return super().values()


def subject_of(fact: Fact) -> tuple[InstanceId, ...]:
    return tuple([InstanceId(p) for p in fact.address.split("/")[1:]])


def items_of(facet: Facet, facts: Sequence[Fact]) -> list[Item]:
    """The values of a facet, those that were replaced or cleared with the day of it."""
    out: list[Item] = []
    standing: dict[Address, list[int]] = {}
    for fact in facts:
        take_item(facet, fact, out, standing.setdefault(fact.address, []))
    return out


def take_item(facet: Facet, fact: Fact, items: list[Item], standing: list[int]) -> None:
    """One fact more, written into *items*; *standing* are the places of those that hold at its subject."""
    values: tuple[Value, ...] = ()
    if isinstance(fact.args, Fill):
        values = fact.args.value if isinstance(fact.args.value, tuple) else (fact.args.value,)
    gone = fact.args.item if isinstance(fact.args, Clear) else None
    ids = {v.get("id") for v in values if isinstance(v, Record)} - {None}
    for n in tuple(standing):
        item = items[n]
        own = item.value.get("id") if isinstance(item.value, Record) else item.value
        replaced = not facet.many or own in ids if values else gone is None or own == gone
        if replaced:
            items[n] = Item(facet=item.facet, subject=item.subject, value=item.value, on=item.on, off=fact.on)
            standing.remove(n)
    subject = subject_of(fact)
    for value in values:
        standing.append(len(items))
        items.append(Item(facet=facet.id, subject=subject, value=value, on=fact.on))


def ready_move(chart: str, history: Sequence[ChartState], verb: Verb) -> bool:
    """Whether a document can make a move; a new version can always be told."""
    return verb is Verb.DELIVER or destination(chart, history[-1].state if history else initial(chart), verb) is not None


def states_of(chart: str, id: Address, facts: Sequence[Fact]) -> tuple[list[ChartState], bool]:
    """The states of a document, and whether on its last day a move came before its time."""
    out: list[ChartState] = []
    jumped = False
    for _, of_day in groupby(facts, key=day_of):
        left, jumped = list(of_day), False
        while left:
            ready = next((n for n, f in enumerate(left) if ready_move(chart, out, f.verb)), None)
            jumped |= ready is None
            enter(chart, id, left.pop(ready or 0), out)
    return out, jumped


day_of: Callable[[Fact], dt.date] = attrgetter("stamp.on.earliest")
"""The day on which a stamped fact happened, or the first on which it may have."""


def enter(chart: str, id: Address, fact: Fact, history: list[ChartState]) -> None:
    """The state that a fact leads to, written behind the others."""
    last = history[-1] if history else None
    trigger = fact.verb
    after = destination(chart, last.state if last else initial(chart), trigger)
    version = last.version if last else 0
    if fact.verb is Verb.DELIVER:
        version += 1
    # A told fact may jump: then the state is the one that the move always leads to.
    history.append(ChartState(chart=chart, id=id, state=after or _always(chart, trigger), on=fact.on, version=version))


def _always(chart: str, trigger: str) -> str:
    state = destination(chart, sources(chart, trigger)[0], trigger)
    assert state is not None
    return state
