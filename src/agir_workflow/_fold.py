"""
How facts become tables: the values of a facet, the states of a document, each from its own facts alone.

The facts of one facet or document do not look at those of another, so a table is folded when
it is first read. Within a day those facts come first that were possible by then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import (
    Callable,
    Container,
    Hashable,
    ItemsView,
    Iterable,
    Iterator,
    KeysView,
    Mapping,
    Sequence,
    ValuesView,
)
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, TypeAlias, TypeVar

import attrs

from ._chart import destination, initial, sources
from .dossier import (
    ChartState,
    Dossier,
    Instance,
    Item,
    Label,
    Sitting,
    corrections,
    day_of,
    days_of,
    on_of,
    rough,
    verbs_of,
)
from .facts import Clear, Convene, Correct, Decide, Declare, Fact, Fill, Hold, Move
from .method import Facet, Kind, Leaf, Words
from .values import UNSAID, Record, Value, as_unsaid, none_stands_in, without
from .when import Slot, When
from .words import Address, FacetId, InstanceId, KindId, LeafId, Verb

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

# Names of their own: on Python 3.11 a member of an enum takes six times as long to look up as another name.
_CORRECT, _DELIVER, _CONVENE, _MOVE, _CANCEL, _HOLD, _DECIDE = Verb.CORRECT, Verb.DELIVER, Verb.CONVENE, Verb.MOVE, Verb.CANCEL, Verb.HOLD, Verb.DECIDE
_new = tuple.__new__
"""Makes a named tuple of all its values at once: the way of its class takes three times as long, and these are made by the hundred."""
_MOVES = frozenset((Verb.SUBMIT, Verb.RETURN, Verb.APPROVE, Verb.REVOKE))
_OF_A_PAPER = _MOVES | {_DELIVER}
_OF_A_FACET = frozenset((Verb.FILL, Verb.CLEAR))


class Folded(dict[K, list[T]]):
    """
    A table whose rows are made from what was told of them, each when it is first read; [] for a row of which nothing was told.

    Rows come in the order in which they were first told of, whichever was read first. Nothing is written once it was read as a whole.
    """

    __slots__ = ("_fold", "_told", "_whole")

    def __init__(self, told: Mapping[K, Sequence[Any]], fold: Callable[[K, Sequence[Any]], list[T]]) -> None:
        super().__init__()
        self._told, self._fold = told, fold
        self._whole: dict[K, list[T]] | None = None

    def __missing__(self, key: K) -> list[T]:
        told = self._told.get(key)
        if told is None:
            return []
        out = self[key] = self._fold(key, told)
        return out

    def get(self, key: K, default: Any = None) -> Any:
        return self[key] if key in self._told else super().get(key, default)

    def copy(self) -> Folded[K, T]:
        out = Folded(self._told, self._fold)
        out.update(super().items())  # the rows that are made; those of the dict itself, not of this table
        return out

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or key in self._told

    def whole(self) -> dict[K, list[T]]:
        """All rows, in their order."""
        if self._whole is None:
            self._whole = {key: self[key] for key in dict.fromkeys((*self._told, *super().__iter__()))}
        return self._whole

    def __iter__(self) -> Iterator[K]:
        return iter(self.whole())

    def __len__(self) -> int:
        return len(self.whole())

    def keys(self) -> KeysView[K]:  # type: ignore[override]
        return self.whole().keys()

    def items(self) -> ItemsView[K, list[T]]:  # type: ignore[override]
        return self.whole().items()

    def values(self) -> ValuesView[list[T]]:  # type: ignore[override]
        return self.whole().values()


def subject_of(fact: Fact) -> tuple[InstanceId, ...]:
    return tuple(fact.address.split("/")[1:])  # type: ignore[arg-type]


def instance_of(fact: Fact, args: Declare) -> Instance:
    """What a declaration declares."""
    kind, _, id = fact.address.partition("/")
    inside = InstanceId(args.inside) if args.inside else None
    return Instance(kind=KindId(kind), id=InstanceId(id), label=args.label or id, on=fact.on, inside=inside, attributes=args.attributes)


def items_of(words: Words, facet: Facet, facts: Sequence[Fact]) -> list[Item]:
    """The values of a facet, those that were replaced or cleared with the day of it."""
    out: list[Item] = []
    standing: dict[Address, list[int]] = {}
    unsaid, texts = placeholders(words, facet)
    for fact in facts:
        take_item(facet, fact, out, standing.setdefault(fact.address, []), unsaid, texts)
    return out


def take_item(facet: Facet, fact: Fact, items: list[Item], standing: list[int], unsaid: frozenset[str], texts: frozenset[str]) -> None:
    """
    One fact more, written into *items*; *standing* are the places of those that hold at its subject.

    An answer that is still the question, or what a form puts in its place, is there and says nothing, to whoever reads it.
    """
    args = fact.args
    value = args.value if isinstance(args, Fill) else ()
    values: tuple[Value, ...] = value if isinstance(value, tuple) else (value,)
    if texts and not none_stands_in(unsaid, values, texts):
        values = tuple([without(unsaid, v, texts) for v in values])
    if standing:
        _replace(facet, fact, values, items, standing, without(unsaid, args.item, texts) if isinstance(args, Clear) and args.item is not None else None)
    subject, on, first, id = subject_of(fact), on_of(fact), len(items), facet.id
    items += [_new(Item, (id, subject, value, on, None)) for value in values]
    standing += range(first, len(items))


def placeholders(words: Words, facet: Facet) -> tuple[frozenset[str], frozenset[str]]:
    """What stands in for an answer, and in which fields of a facet it does."""
    return _unsaid(words), _texts(words, facet)


def _unsaid(words: Words) -> frozenset[str]:
    """What stands in for an answer: the questions of a method, as it and its source put them, and what any form writes there."""
    found = words.compiled.get("unsaid")
    if found is None:
        named = [(x.label, x.quote) for x in words.facets.values()] + [(w.label, w.quote) for one in words.lists.values() for w in one.words]
        asked = [text for label, quote in named for text in (label.fr, label.en, quote)]
        found = words.compiled["unsaid"] = UNSAID.union(as_unsaid(t) for t in asked if t.rstrip().endswith("?"))
    return found  # type: ignore[return-value]


def _texts(words: Words, facet: Facet) -> frozenset[str]:
    """The fields of a facet that people write freely, "" of one without fields whose value is a text; an `id` names."""
    found = words.compiled.get(("texts", facet.id))
    if found is None:
        named = [f.name for f in facet.fields if f.type == "text" and f.name != "id"] if facet.fields else [""] * (facet.type == "text")
        found = words.compiled["texts", facet.id] = frozenset(named)
    return found  # type: ignore[return-value]


def _replace(facet: Facet, fact: Fact, values: tuple[Value, ...], items: list[Item], standing: list[int], gone: Value | None) -> None:
    """Gives those items their last day that a fact says anew, or clears: all, or the one that it names (*gone*)."""
    ids = {v.get("id") for v in values if isinstance(v, Record)} - {None}
    for n in tuple(standing):
        item = items[n]
        own = item.value.get("id") if isinstance(item.value, Record) else item.value
        replaced = not facet.many or own in ids if values else gone is None or own == gone
        if replaced:
            items[n] = item._replace(off=fact.on)
            standing.remove(n)


def holds(on: When, off: When | None, day: dt.date) -> bool:
    """Whether what came on one day, and went on another, was there on a third."""
    return on.earliest <= day and (off is None or off.earliest > day)


def by_subject(facet: Facet, items: Sequence[Item]) -> dict[InstanceId | None, list[Item]]:
    """The items of a facet by the one subject that each is about, where it has any; under None all of them."""
    out: dict[InstanceId | None, list[Item]] = {None: list(items)}
    for subject, of_one in groupby(items, _SUBJECT) if facet.scope else ():
        if len(subject) == 1:
            out.setdefault(subject[0], []).extend(of_one)
    return out


_SUBJECT: Callable[[Item], tuple[InstanceId, ...]] = attrgetter("subject")


def ready_move(chart: str, history: Sequence[ChartState], verb: Verb) -> bool:
    """Whether a document can make a move; a new version can always be told."""
    return verb is _DELIVER or destination(chart, history[-1].state if history else initial(chart), verb) is not None


def states_of(chart: str, id: Address, facts: Sequence[Fact]) -> tuple[list[ChartState], bool]:
    """The states of a document, and whether on its last day a move came before its time."""
    out: list[ChartState] = []
    jumped = False
    if len({day_of(f) for f in facts}) == len(facts):
        for fact in facts:
            jumped = not ready_move(chart, out, fact.verb)
            enter(chart, id, fact, out)
        return out, jumped
    for _, of_day in groupby(facts, key=day_of):
        left, jumped = list(of_day), False
        while left:
            ready = next((n for n, f in enumerate(left) if ready_move(chart, out, f.verb)), None)
            jumped |= ready is None
            enter(chart, id, left.pop(ready or 0), out)
    return out, jumped


def dated(dossier: Dossier) -> list[Fact]:
    """The facts in the order of their arrival, as later corrections put them right, and their rough days as far as others narrow them."""
    return _dated(dossier, *corrections(dossier.facts))


def _dated(dossier: Dossier, right: Sequence[Correct], void: Container[int]) -> list[Fact]:
    facts = list(dossier.facts)
    for args in right:
        facts[args.of - 1] = _put_right(facts[args.of - 1], args)
    return _in_their_turn(facts, void) if rough(facts) else facts


latest_of: Callable[[Fact], dt.date] = attrgetter("stamp.on.latest")
"""The last day on which a stamped fact may have happened."""
_TURNS = {v: n for n, v in enumerate((Verb.DELIVER, Verb.CONVENE, Verb.HOLD, Verb.DECIDE, Verb.SUBMIT, Verb.APPROVE))}
_OUT_OF_TURN = frozenset((Verb.MOVE, Verb.CANCEL, Verb.RETURN, Verb.REVOKE))


def _in_their_turn(facts: list[Fact], void: Container[int]) -> list[Fact]:
    """
    Rough days as the order in which things are done leaves them: nobody holds what was called for later, nor approves what was handed in later.

    Only where each was done once to a thing in the time that they share: of several nothing says which came after which. What came
    surely before, or after, has no say in it, else a further sitting would undo what was known of the first.
    """
    told: dict[Address, list[int]] = {}
    for n, fact in enumerate(facts):
        if (fact.verb in _TURNS or fact.verb in _OUT_OF_TURN) and n + 1 not in void:
            told.setdefault(fact.address, []).append(n)
    out = list(facts)
    for places in (own for all_told in told.values() if len(all_told) > 1 for own in _shared_time(facts, all_told)):
        verbs = {facts[n].verb for n in places}
        if len(places) > 1 and len(verbs) == len(places) and verbs.isdisjoint(_OUT_OF_TURN):
            first = dt.date.min
            for n in sorted(places, key=lambda n: _TURNS[facts[n].verb]):
                stamp, on = facts[n].stamp, on_of(facts[n])
                if stamp is not None and on.earliest < first <= on.latest:
                    out[n] = facts[n].stamped(attrs.evolve(stamp, on=When(first, on.latest)))
                first = max(first, day_of(out[n]))
    return out


def _shared_time(facts: Sequence[Fact], places: Sequence[int]) -> Iterator[list[int]]:
    """The places in lots: the facts of one came surely before those of the next."""
    lot, until = list[int](), dt.date.min
    for n in sorted(places, key=lambda n: day_of(facts[n])):
        if lot and day_of(facts[n]) > until:
            yield lot
            lot = []
        lot.append(n)
        until = max(until, latest_of(facts[n]))
    yield lot


def _put_right(old: Fact, args: Correct) -> Fact:
    told, stamp = old.args, old.stamp
    assert stamp is not None
    if isinstance(told, Hold) and (args.attendance or args.present):
        told = attrs.evolve(told, attendance=args.attendance, present=args.present)
    return Fact(old.verb, old.address, told, stamp if args.on is None else attrs.evolve(stamp, on=args.on))


def standing(dossier: Dossier) -> list[Fact]:
    """The facts in the order of their arrival, as later corrections put them right, without those struck out."""
    right, void = corrections(dossier.facts)
    found = _dated(dossier, right, void)
    return [f for n, f in enumerate(found, 1) if n not in void] if void else found


def corrected(dossier: Dossier) -> tuple[Fact, ...]:
    """The same by day, then by arrival."""
    first, *rest = standing(dossier)
    days = days_of(rest)
    return (first, *(rest if days == sorted(days) else sorted(rest, key=day_of)))


def last_days(dossier: Dossier, facts: Sequence[Fact]) -> tuple[dt.date, dt.date, dt.date]:
    """
    Of a dossier's *facts* by their day: that of the last; the last on which one may have happened that was told of more days than one
    (narrowed to one since or not); and the newest day of all that was told.
    """
    last, corrects = day_of(facts[-1]), _CORRECT in verbs_of(facts)
    newest = max(days_of(dossier.facts)) if corrects else max(last, dossier.start)
    if not corrects and not rough(dossier.facts):
        return last, dt.date.min, newest
    days = [*map(on_of, dossier.facts), *(f.args.on for f in facts if isinstance(f.args, Correct) and f.args.on)]
    return last, max((on.latest for on in days if not on.is_day), default=dt.date.min), newest


def known_now(dossier: Dossier) -> Dossier:
    """The dossier told as its corrections say, without them: of a day, what happened by it whenever that was put right."""
    if not corrections(dossier.facts)[0]:
        return dossier  # its rough days are narrowed when it is folded
    return Dossier(tuple([f for f in corrected(dossier) if not isinstance(f.args, Correct)]))


def enter(chart: str, id: Address, fact: Fact, history: list[ChartState]) -> None:
    """The state that a fact leads to, written behind the others."""
    last = history[-1] if history else None
    trigger = fact.verb
    after = destination(chart, last.state if last else initial(chart), trigger)
    version = last.version if last else 0
    if fact.verb is _DELIVER:
        version += 1
    # A told fact may jump: then the state is the one that the move always leads to.
    history.append(_new(ChartState, (chart, id, after or _always(chart, trigger), on_of(fact), version)))


def open_sitting(history: Sequence[Sitting], leaf: Leaf, label: Label, n: int, verb: Verb) -> Sitting:
    """The sitting that a fact speaks of: the named one, else the open one, else a new one."""
    if n and n <= len(history):
        return history[n - 1]
    last = history[-1] if history else None
    again = last is not None and last.held is not None and last.done is None and verb in (_HOLD, _CONVENE)
    if last is not None and last.done is None and not last.cancelled and not again:
        return last
    number = len(history) + 1
    return Sitting(label=label, address=_sitting_address(leaf, label, number), n=number, reconvened=again)


def _sitting_address(leaf: Leaf, label: Label, n: int) -> Address:
    base = leaf.at(label.inst)
    return Address(f"{base}#{n}") if n > 1 else base


def take_sitting(leaf: Leaf, label: Label, n: int, fact: Fact, history: list[Sitting]) -> Sitting:
    """The sitting that a fact speaks of after it, written into *history*."""
    verb, args, on, who = fact.verb, fact.args, on_of(fact), fact.stamp.by if fact.stamp else ""
    completes = verb is leaf.completes
    if completes and not history and not n and verb is not _DECIDE:
        sat = args if verb is _HOLD and isinstance(args, Hold) else None
        new = _new(Sitting, (label, fact.address, 1, None, None, None if sat is None else on, sat, None, None, on, False, False, who, False, ""))
        history.append(new)
        return new
    old = open_sitting(history, leaf, label, n, verb)
    convened, slot, cancelled, held, hold = old.convened, old.planned, old.cancelled, old.held, old.hold
    decided, decision, done, by, urgent, called_by = old.decided, old.decision, old.done, old.by, old.urgent, old.called_by
    if verb is _CONVENE and isinstance(args, Convene):
        if convened is None or slot is None or slot.day != args.day:  # a notice sent again for the same day is a reminder
            convened, called_by, urgent = on, who, bool(args.urgent and args.urgent.strip())
        slot = Slot(args.day, args.start, args.minutes)
    elif verb is _MOVE and isinstance(args, Move):
        slot = Slot(args.day, args.start, args.minutes)
    elif verb is _CANCEL:
        cancelled = True
    elif verb is _HOLD and isinstance(args, Hold):
        held, hold, by = on, args, who
    elif verb is _DECIDE and isinstance(args, Decide):
        decided, decision = on, args
    if completes:
        done, by = on, by or who
    new = _new(Sitting, (label, old.address, old.n, convened, slot, held, hold, decided, decision, done, cancelled, old.reconvened, by, urgent, called_by))
    history[old.n - 1 :] = [new]
    return new


Told: TypeAlias = tuple[Leaf, int, Fact]
"""A fact told of a step: its leaf, the number in its address (0 for none), and the fact."""


def sittings_of(label: Label, told: Sequence[Told]) -> list[Sitting]:
    """The sittings of a label, of the facts told of it in their order."""
    out: list[Sitting] = []
    for leaf, n, fact in told:
        take_sitting(leaf, label, n, fact, out)
    return out


def addresses_of(label: Label, told: Sequence[Told]) -> Iterator[Address]:
    """The address of the sitting that each of some facts speaks of."""
    out: list[Sitting] = []
    for leaf, n, fact in told:
        yield take_sitting(leaf, label, n, fact, out).address


def by_kind(instances: Iterable[Instance]) -> dict[KindId, list[Instance]]:
    out: dict[KindId, list[Instance]] = {}
    for one in instances:
        out.setdefault(one.kind, []).append(one)
    return out


def together(scope: Sequence[KindId], there: Sequence[Sequence[Instance]], kinds: Mapping[KindId, Kind]) -> list[tuple[InstanceId, ...]]:
    """One instance of each kind of *scope*; of those *there*, one that lies in another stands with that one, one that lies in none with each."""
    out: list[tuple[InstanceId, ...]] = [()]
    for kind, own in zip(scope, there, strict=True):
        outer = kinds[kind].inside
        n = scope.index(outer) if outer in scope else -1
        out = [(*inst, i.id) for inst in out for i in own if not 0 <= n < len(inst) or i.inside in (None, inst[n])]
    return out


def by_leaf(labels: Iterable[Label]) -> dict[LeafId, list[Label]]:
    out: dict[LeafId, list[Label]] = {}
    for label in labels:
        out.setdefault(label.leaf, []).append(label)
    return out


def completed(history: Iterable[Sitting]) -> list[tuple[dt.date, Address, Sitting]]:
    """The sittings that were completed (or held), by their days."""
    dated = [(day.earliest, s.address, s) for s in history if (day := s.done or s.held) is not None]
    return sorted(dated, key=itemgetter(0, 1)) if len(dated) > 1 else dated


def opened(table: Mapping[Label, Sequence[Sitting]]) -> dict[LeafId, dict[tuple[InstanceId, ...], When]]:
    """The first day of the sittings of each label, by leaf."""
    out: dict[LeafId, dict[tuple[InstanceId, ...], When]] = {}
    for label, history in table.items():
        days = [day for s in history if (day := s.held or s.done) is not None]
        if days:
            out.setdefault(label.leaf, {})[label.inst] = days[0] if len(days) == 1 else first_of(days)
    return out


def first_of(days: Iterable[When]) -> When:
    """The first of some days; of rough ones that begin alike, the one that is over first."""
    return min(days, key=_SPAN)


_SPAN: Callable[[When], tuple[dt.date, dt.date]] = attrgetter("earliest", "latest")


def of_a_paper(words: Words, fact: Fact) -> bool:
    """Whether a fact speaks of a document, and not of a step."""
    return fact.verb in _MOVES or (fact.verb is _DELIVER and words.find_paper(fact.address) is not None)


def set_apart(
    words: Words, facts: Sequence[Fact], answers: dict[FacetId, list[Fact]], papers: dict[tuple[str, Address], list[Fact]], chart: str
) -> list[Fact]:
    """The facts that have to be folded in their order; those of facets and of documents, whose *chart* that is, are put with the others of their own."""
    rest, facets, documents = list[Fact](), dict[Address, list[Fact]](), dict[Address, list[Fact]]()
    for fact in facts:
        verb, address = fact.verb, fact.address
        if verb in _OF_A_FACET:
            own = facets.get(address)
            if own is None:
                facet = FacetId(address.partition("/")[0])
                own = facets[address] = answers.setdefault(facet, []) if facet in words.facets else []
            own.append(fact)
        elif verb not in _OF_A_PAPER:
            rest.append(fact)
        elif address in documents:
            documents[address].append(fact)
        elif (known := words.find_paper(address) is not None) or verb is not _DELIVER:
            told = papers.setdefault((chart, address), [])
            told.append(fact)
            if known:
                documents[address] = told
        else:
            rest.append(fact)
    return rest


def _always(chart: str, trigger: str) -> str:
    state = destination(chart, sources(chart, trigger)[0], trigger)
    assert state is not None
    return state
