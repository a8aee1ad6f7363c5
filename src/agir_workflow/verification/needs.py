"""What the requirements of a method ask of the order of its steps, as its guards read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from ..method import Method
from ..requirements import Form, Is, Requirement
from ..values import Record, Value, each_of
from ..words import Code, DeliverableId, LeafId, Severity, Sort
from .order import Order, Rel


@attrs.frozen
class Need:
    """What requirement *n* asks: one of `earlier` before `later` (None: before the run is closed)."""

    n: int
    earlier: tuple[LeafId, ...]
    later: LeafId | None
    values: tuple[str, ...] = ()
    """Which of these the last decision of `earlier` must be; () where any will do, or where one decision suits all that ask for one."""
    once: tuple[LeafId, ...] = ()
    """Asked only once one of these is done; () where it always is."""
    times: int = 1
    """How often they are to be done."""

    @property
    def steps(self) -> tuple[LeafId, ...]:
        return (*self.earlier, *self.once, *(() if self.later is None else (self.later,)))

    def kept_by(self, order: Order) -> bool:
        """Whether no run of the tree could break it."""
        b = self.later
        return not self.values and self.times == 1 and any((b is None or order.rel(a, b) is Rel.BEFORE) and not order.optional(a, b) for a in self.earlier)


def needs_of(method: Method, order: Order) -> tuple[Need, ...]:
    """What the requirements that refuse ask of the order, in the order of the file."""
    needs = [x for n, row in enumerate(method.requirements) if row.severity is Severity.ERROR for x in _needs(method, order, n, row)]
    contested = {x for x in order.leaves if _contested([{*need.values} for need in needs if need.values and x in need.earlier])}
    return tuple(x if contested & {*x.earlier} else attrs.evolve(x, values=()) for x in needs)


def _contested(wanted: Sequence[set[str]]) -> bool:
    """Whether no one decision suits all that ask for one."""
    return bool(wanted) and not set.intersection(*wanted)


def _needs(method: Method, order: Order, n: int, row: Requirement) -> Iterator[Need]:
    for later in dues(method, order, row):
        for name in reads(row, method):
            earlier = tuple(x for x in method.words.leaves_of(name) if x in order.place)
            if row.each == name and len(earlier) > 1:  # said of each of a set: all of them
                yield from (Need(n, (x,), later) for x in earlier)
            elif earlier:
                offered = {d for x in earlier for d in method.words.leaves[x].decisions}
                values = tuple(v for v in map(str, each_of(row.param("values"))) if v in offered) if row.is_ is Is.DECIDED else ()
                yield Need(n, earlier, later, values, _once(method, order, row), _times(method, row, earlier))


def _once(method: Method, order: Order, row: Requirement) -> tuple[LeafId, ...]:
    """The steps of which one must be there for a row to apply; a condition of another sort may hold at any time."""
    other = method.words.row_of.get(Code(row.when)) if row.when else None
    if other is None or other.is_ is not Is.PRESENT or other.where or row.is_ in (Is.PRECEDES, Is.DECIDED):  # whose guards read no condition
        return ()
    return tuple(x for name in reads(other, method) for x in method.words.leaves_of(name) if x in order.place)


def _times(method: Method, row: Requirement, earlier: tuple[LeafId, ...]) -> int:
    """
    How often meetings are to be held that are nobody's, or each instance's own; of others there may be as many instances as it takes.

    Once, where a copil may let the row pass: what nothing else lifts, it does.
    """
    least = number(method, row.param("min")) if row.is_ is Is.COUNT and not (row.derogable and method.words.decisions) else None
    leaves = [method.words.leaves[x] for x in earlier]
    counted = all(x.sort is Sort.MEETING and x.scope in ((), (row.each,)) for x in leaves)
    return least if isinstance(least, int) and least > 1 and counted and (row.each in method.words.kinds or row.each is None) else 1


def dues(method: Method, order: Order, row: Requirement) -> tuple[LeafId | None, ...]:
    """The steps at which the guard reads a row; None stands for the closing of the run."""
    form, name = row.due.form, row.due.name
    if form is Form.LEAF:
        return tuple(x for x in method.words.leaves_of(name) if x in order.place)
    if form is Form.PHASE:
        phase = next((p for p in method.tree.phases if p.name == name), None)
        return order.sorted(order.first_of(phase)) if phase else ()
    return (None,) if form is Form.CHART and name == "run.close" else ()


def reads(row: Requirement, method: Method, *, sources: bool = False) -> tuple[str, ...]:
    """The steps that must lie behind for a row to hold at its due; with *sources*, those that its document comes from too."""
    of = row.selector("of")
    if row.is_ in (Is.PRESENT, Is.AGREED):
        return (of.word,) if not of.field or sources else ()
    if row.is_ is Is.COUNT and of.field == "sittings":
        least = number(method, row.param("min"))
        return (of.word,) if isinstance(least, int) and least > 0 else ()
    if row.is_ is Is.PRECEDES:
        return (str(row.param("a")),)
    if row.is_ is Is.DECIDED:
        return (str(row.param("by")),)
    if row.is_ is Is.DELIVERABLE and sources and not row.param("items"):  # else its answers stand for it, whenever they are told
        return tuple(str(x) for x in method.words.deliverables[DeliverableId(of.word)].of)
    return ()


def number(method: Method, value: Value | None) -> Value | None:
    """A bound as it stands, or under its key in the default profile or regime."""
    if not isinstance(value, Record):
        return value
    if key := value.get("profile"):
        return next((p.values.get(str(key)) for p in method.profiles if p.id == method.default_profile), None)
    if key := value.get("regime"):
        return next((r.values.get(str(key)) for r in method.regimes if r.id == method.default_regime), None)
    return None
