"""
What the tree already says of each row that asks something of the order: its net, against the row's automaton.

A row that no run of the net breaks is a *label*: it names a deviation from the tree, and tells no fault of its own.
Only the order of the steps is read; whatever the tree leaves open (what a copil decides, how long after) may turn
out well or ill each time. The product is searched marking by marking, and stays small: a block in which the row
reads nothing is one silent step, since every block of a tree can be completed. Two instances of a kind are enough: a
row speaks of one of them, the others being alike, or of all of them, and then one is missing or none is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import product
from typing import TypeVar

import attrs

from ..dossier import Instance, Label
from ..method import Method
from ..net import workflow_net
from ..requirements import Form, Is, Requirement
from ..tree import Node, Op, Tree
from ..values import EMPTY, Record, each_of
from ..when import When
from ..words import Code, InstanceId, KindId, LeafId
from .order import Order


class Bearing(StrEnum):
    """What the tree says of a row."""

    IMPLIED = "implied"
    """No run breaks it: it is a label on deviations."""
    INDEPENDENT = "independent"
    """Some runs keep it, others break it."""
    CONTRADICTORY = "contradictory"
    """Every run that it speaks of breaks it."""
    UNVIOLABLE = "unviolable"
    """No run has what it speaks of, or nothing could break it, even off the tree."""


class Asks(StrEnum):
    """What a row asks of the order; one row may ask two things."""

    ORDER = "order"
    """One step before another, or before the end."""
    DECISION = "decision"
    """That what was decided, last before a step, is among what is wanted."""
    DISTANCE = "distance"
    """How long after one step another comes."""
    TIMES = "times"
    """How often a step is done."""
    RUN = "run"
    """That what was done is a run of the tree."""


@attrs.frozen
class Reading:
    """How row *n* of a method, the *nth* of its code (from 1), stands to the tree in one of the things it asks."""

    n: int
    code: Code
    nth: int
    asks: Asks
    bearing: Bearing


State = tuple[int, int]
"""What an automaton has seen, and how it stands: nothing it speaks of, kept, or broken."""
Marking = frozenset[str]
Lane = tuple[KindId, InstanceId] | None
T = TypeVar("T", bound=Hashable)
_SILENT, _KEPT, _BROKEN = 0, 1, 2
_START: State = (0, _SILENT)


@attrs.frozen
class Formula:
    """
    The automaton of a row for one of its subjects: it reads the labels `a` and `b`; no `b` stands for the end of the run.

    Each letter comes as one that turned out well or ill, where the row asks for more than the order. `lanes`: one of each must
    come before `b`; () where any one of `a` will do.
    """

    asks: Asks
    a: tuple[Label, ...]
    b: tuple[Label, ...]
    lanes: tuple[tuple[Label, ...], ...] = ()
    late: bool = False
    most: int = 0

    @property
    def leaves(self) -> frozenset[LeafId]:
        return frozenset(x.leaf for x in (*self.a, *self.b))

    def turns(self, label: Label | None) -> tuple[bool, ...]:
        """How a letter may turn out."""
        read = self.a if self.asks is Asks.DECISION else self.b
        return (True, False) if self.asks in (Asks.DECISION, Asks.DISTANCE) and label in read else (True,)

    def step(self, state: State, label: Label | None, well: bool) -> State:
        seen, stands = state
        is_a, is_b = label in self.a, label in self.b if self.b else label is None
        if stands == _BROKEN:
            return state
        match self.asks:
            case Asks.ORDER if self.late:
                # Only what came after is late: what never came is another row's.
                if is_b and not seen & 1:
                    seen |= 2
                return (seen | 1, _BROKEN if seen == 2 else _KEPT) if is_a else (seen, stands)
            case Asks.ORDER:
                # What stands on both sides does not come before itself.
                held = all(any(seen >> self.a.index(x) & 1 for x in lane) for lane in self.lanes) if self.lanes else seen
                stands = (_KEPT if held else _BROKEN) if is_b and stands == _SILENT else stands
                return (seen | (1 << self.a.index(label) if is_a and label else 0), stands)
            case Asks.DECISION:
                seen = (1 if well else 2) if is_a else seen
                return (seen, (_KEPT if seen == 1 else _BROKEN) if is_b and seen and stands == _SILENT else stands)
            case Asks.DISTANCE:
                stands = (_KEPT if well else _BROKEN) if is_b and seen else stands
                return (seen | is_a, stands)
            case _:
                seen = min(seen + is_a, self.most + 1)
                return (seen, _BROKEN if seen > self.most else _KEPT if seen else stands)


def readings(method: Method, instances: int = 2) -> tuple[Reading, ...]:
    """
    How every row that asks something of the order stands to the tree, in the order of the file.

    Rows that read contents, documents, dates planned or bounds of the calendar ask nothing of it and are left out.
    """
    table = _Table(method, instances)
    out: list[Reading] = []
    nth: Counter[Code] = Counter()
    for n, row in enumerate(method.requirements):
        nth[row.code] += 1
        found: dict[Asks, list[Bearing]] = {}
        if row.is_ is Is.IN_PROCESS:
            # That the steps done are a run is the tree itself; the dates of a plan are words that no tree orders.
            found[Asks.RUN] = [Bearing.INDEPENDENT if row.param("of") == "plan" else Bearing.IMPLIED]
        for formula in table.formulas(row):
            found.setdefault(formula.asks, []).append(table.bearing(formula))
        out += [Reading(n, row.code, nth[row.code], asks, _of_all(own)) for asks, own in found.items()]
    return tuple(out)


def _of_all(own: Sequence[Bearing]) -> Bearing:
    """What holds of a row that is read at several steps."""
    if Bearing.CONTRADICTORY in own:
        return Bearing.CONTRADICTORY
    said = set(own) - {Bearing.UNVIOLABLE}
    return Bearing.INDEPENDENT if len(said) > 1 else said.pop() if said else Bearing.UNVIOLABLE


class _Table:
    def __init__(self, method: Method, number: int) -> None:
        self.method, self.words, self.order = method, method.words, Order(method.tree)
        self.instances = self._made(number)
        self.scopes = {x.id: x.scope for x in method.leaves}

    def _made(self, number: int) -> tuple[Instance, ...]:
        """So many instances of every kind, those inside others in each of them."""
        made: list[Instance] = []
        for kind in sorted(self.method.kinds, key=lambda k: k.inside is not None):
            holders: list[InstanceId | None] = [*(i.id for i in made if i.kind == kind.inside)] or [None]
            made += [Instance(kind=kind.id, id=InstanceId(f"{holder or ''}{kind.id}{n}"), label="", on=When.parse("2000-01-01"), inside=holder)
                     for holder in holders for n in range(1, number + 1)]  # fmt: skip
        return tuple(made)

    # -- labels

    def labels(self, name: str, lane: Lane = None, where: Record = EMPTY) -> tuple[Label, ...]:
        """The labels of a leaf or a set of leaves in a lane; with *where*, those of the first instance, which is as it says."""
        out = []
        for leaf in self.words.leaves_of(name):
            for inst in product(*([i for i in self.instances if i.kind == kind] for kind in self.scopes[leaf])):
                here = all(self._fits(i, lane) and all(self._fits(i, (j.kind, j.id)) for j in inst if j.kind != i.kind) for i in inst)
                if here and (not where or all(str(i.id).endswith("1") for i in inst)):
                    out.append(Label(leaf, tuple(i.id for i in inst)))
        return tuple(out)

    def _fits(self, one: Instance, lane: Lane) -> bool:
        if lane is None:
            return True
        inside = next(k.inside for k in self.method.kinds if k.id == one.kind)
        return one.id == lane[1] if one.kind == lane[0] else one.inside == lane[1] if inside == lane[0] else True

    def _lane(self, row: Requirement, label: Label | None = None) -> Lane:
        """The lane that a row speaks of: that of its `each`, of which all are alike, or where it is said of each step that of a *label*."""
        if row.each in self.words.kinds:
            return next(((i.kind, i.id) for i in self.instances if i.kind == row.each), None)
        scope = self.scopes[label.leaf] if label else ()
        return (scope[-1], label.inst[-1]) if label and scope else None

    def _all_of(self, labels: Sequence[Label]) -> tuple[tuple[Label, ...], ...]:
        """Of each of these sets one must come, that each lane of a kind have one, or a step that is in none; () where one label is all there is."""
        ways: dict[Hashable, dict[Hashable, list[Label]]] = {}
        for x in labels:
            ways.setdefault(self.scopes[x.leaf] or x.leaf, {}).setdefault(x.inst, []).append(x)
        found = [tuple(x for lane in one for x in lane) for one in product(*(lanes.values() for lanes in ways.values()))]
        return tuple(found) if len(found) > 1 else ()

    # -- formulas

    def formulas(self, row: Requirement) -> Iterator[Formula]:
        """What a row asks, at each kind of step that it is read at."""
        match row.is_:
            case Is.PRECEDES if not (row.selector("a").field or row.selector("b").field):
                for own in self._read_at(row, row.selector("b").word):
                    a = self.labels(row.selector("a").word, self._lane(row), row.where)
                    yield from _order(a, (own,), lanes=self._all_of(a) if row.each is None and not row.where else ())
            case Is.DECIDED:
                yield from self._decided(row)
            case Is.PRESENT | Is.AGREED if not row.selector("of").field:
                name = row.selector("of").word
                one_each = row.each == name
                for a in [(x,) for x in self._read_at(row, name)] if one_each else [self.labels(name, self._lane(row), row.where)]:
                    for due in self._due(row, self._lane(row, a[0]) if one_each else self._lane(row)):
                        yield from _order(a, due)
            case Is.GAP if not (row.selector("a").field or row.selector("b").field):
                a, b = (self.labels(row.selector(x).word, self._lane(row)) for x in ("a", "b"))
                if a and b:
                    yield Formula(Asks.DISTANCE, a, b)
            case Is.COUNT if row.selector("of").field == "sittings" and (most := self._most(row)) is not None:
                for leaf in self.words.leaves_of(row.selector("of").word):
                    yield Formula(Asks.TIMES, self.labels(leaf)[:1], (), most=most)

    def _decided(self, row: Requirement) -> Iterator[Formula]:
        before = str(row.param("before"))
        places: list[tuple[Label, ...]] = [(x,) for x in self._read_at(row, before)] if self.words.leaves_of(before) else [()]
        for place in places:
            by = self.labels(str(row.param("by")), self._lane(row))
            if row.param("late"):
                yield Formula(Asks.ORDER, by, place, late=True)
                continue
            yield from _order(by, place)
            wanted = {str(v) for v in each_of(row.param("values"))}
            if any(set(self.words.leaves[x.leaf].decisions) - wanted for x in by):
                yield Formula(Asks.DECISION, by, place)

    def _read_at(self, row: Requirement, name: str) -> list[Label]:
        """The first label of each leaf of a name: a row is read at every one, and they are alike."""
        return [own[0] for leaf in self.words.leaves_of(name) if (own := self.labels(leaf, self._lane(row)))]

    def _due(self, row: Requirement, lane: Lane) -> Iterator[tuple[Label, ...]]:
        """The steps by whose first a row must hold; () for the end of the run."""
        if row.due.form is Form.LEAF:
            yield self.labels(row.due.name, lane)
        elif row.due.form is Form.PHASE:
            phase = next((p for p in self.method.tree.phases if p.name == row.due.name), None)
            yield tuple(x for leaf in self.order.first_of(phase) for x in self.labels(leaf)) if phase else ()
        elif row.due.form is Form.CHART and row.due.name == "run.close":
            yield ()

    def _most(self, row: Requirement) -> int | None:
        most = row.param("max")
        if isinstance(most, Record):
            usual = next((p.values for p in self.method.profiles if p.id == self.method.default_profile), EMPTY)
            most = usual.get(str(most.get("profile")))
        return most if isinstance(most, int) else None

    # -- the product

    def bearing(self, formula: Formula) -> Bearing:
        """What the runs of the tree say of a formula."""
        letters = dict.fromkeys((*formula.a, *formula.b))
        start, end, moves = self._net(formula)
        moves += [(x, frozenset(), frozenset()) for x in letters if x.leaf not in self.order.ways]  # done at any time

        def said(state: State, label: Label | None) -> list[State]:
            return [formula.step(state, label, well) for well in formula.turns(label)]

        def after(here: tuple[Marking, State]) -> Iterator[tuple[Marking, State]]:
            marking, state = here
            for label, takes, gives in moves:
                if takes <= marking:
                    then = said(state, label) if label in letters else [state]
                    yield from ((marking - takes | gives, s) for s in then)

        any_words = _reached(_START, lambda state: [s for x in letters for s in said(state, x)])
        breakable = any(stands == _BROKEN for state in any_words for _, stands in said(state, None))
        seen = _reached((start, _START), after)
        # The end can be reached from every marking: what is broken on the way is broken in a run.
        ends = {s for marking, state in seen if marking == end for s in said(state, None)}
        broken = any(stands == _BROKEN for _, stands in (*(state for _, state in seen), *ends))
        if not breakable or all(stands == _SILENT for _, stands in ends):
            return Bearing.UNVIOLABLE
        if not broken:
            return Bearing.IMPLIED
        return Bearing.INDEPENDENT if any(stands == _KEPT for _, stands in ends) else Bearing.CONTRADICTORY

    def _net(self, formula: Formula) -> tuple[Marking, Marking, list[tuple[Label | None, Marking, Marking]]]:
        """The net of what a formula reads of the tree: where it begins, where it ends, its moves."""
        inside = _pruned(self.method.tree.root, formula.leaves)
        if inside is None:
            return frozenset(), frozenset(), []
        net = workflow_net(Tree(inside), self.scopes, self.instances)
        takes: dict[str, set[str]] = {t.id: set() for t in net.transitions}
        gives: dict[str, set[str]] = {t.id: set() for t in net.transitions}
        for one, two in net.arcs:
            (takes[two] if two in takes else gives[one]).add(one if two in takes else two)
        moves = [(t.label, frozenset(takes[t.id]), frozenset(gives[t.id])) for t in net.transitions]
        return frozenset({net.source}), frozenset({net.sink}), moves


def _order(a: tuple[Label, ...], b: tuple[Label, ...], *, lanes: tuple[tuple[Label, ...], ...] = ()) -> Iterator[Formula]:
    if a:
        yield Formula(Asks.ORDER, a, b, lanes)


def _pruned(node: Node, read: Collection[LeafId]) -> Node | None:
    """A block without the steps that are not *read*; None where nothing is left of it."""
    if node.op is Op.LEAF:
        return node if node.leaf in read else None
    kids = [_pruned(kid, read) for kid in node.kids]
    left = tuple(kid for kid in kids if kid is not None)
    if not left:
        return None
    if node.op is Op.LOOP and kids[0] is None:
        return Node(node.id, "", Op.OPT, (Node(node.id, "", Op.LOOP, left),))
    if node.op is Op.CHOICE and None in kids:
        return Node(node.id, "", Op.OPT, left)
    return Node(node.id, node.name, node.op, left, node.kind)


def _reached(start: T, after: Callable[[T], Iterable[T]]) -> set[T]:
    """Whatever can be reached, *start* too."""
    seen, todo = {start}, [start]
    while todo:
        for there in after(todo.pop()):
            if there not in seen:
                seen.add(there)
                todo.append(there)
    return seen
