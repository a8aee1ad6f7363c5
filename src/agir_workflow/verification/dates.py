"""
Whether the distances and windows of a method leave it any calendar.

One lane a kind, under each profile and each regime: the earliest days are the smallest fixpoint of
the bounds; where the bounds go round in a circle, or the days run out, there is none. Meetings of
several lanes on one hour are the planner's affair, not a fault of the method.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Iterator
from functools import lru_cache

import attrs

from ..method import Method, Profile, Regime
from ..requirements import Duration, Is, Requirement
from ..tree import Op
from ..values import Record, Value
from ..when import When
from ..words import LeafId, Severity, Text
from ..workdays import public_holidays
from .flaw import DAY, Flaw, Shows, Witness
from .needs import reads
from .order import Order, Rel

_HORIZON = 1100
"""Days, as the planner looks ahead."""
_ROUNDS = 60
_PLAIN = ("days", "clear")


@attrs.frozen
class Bound:
    """Day of `b` ≥ day of `a` + `days`; `row` asks for it (None: the tree)."""

    a: LeafId
    b: LeafId
    days: int
    row: int | None


@lru_cache(maxsize=256)
def _holidays(year: int, region: str) -> frozenset[dt.date]:
    return frozenset(public_holidays(dt.date(year, 1, 1), dt.date(year, 12, 31), region))


def _wanted(method: Method, order: Order) -> dict[LeafId, int]:
    """The steps that may be left out and that a row wants, with the first such row; none of two that exclude each other."""
    found: dict[LeafId, int] = {}
    for n, row in enumerate(method.requirements):
        for name in reads(row, method):
            steps = method.words.leaves_of(name)
            if len(steps) == 1 and steps[0] in order.ways and order.optional(steps[0]):
                found.setdefault(steps[0], n)
    return {a: n for a, n in found.items() if not any(order.exclude(a, b) for b in found)}


def _dated(order: Order, wanted: Collection[LeafId]) -> tuple[LeafId, ...]:
    """The steps that have a day in any plan: what may not be left out, and the options and branches that are wanted."""
    run = order.whole(order.tree.root, wanted)

    def taken(step: LeafId) -> bool:
        branches = [node.kids[n] for node, n in order.ways[step] if node.op in (Op.OPT, Op.CHOICE)]
        return all(any(x.leaf in wanted for x in branch.leaves()) for branch in branches)

    return tuple(x for x in order.ways if x in run and taken(x))


class Dates:
    """The bounds of a method under one profile and one regime."""

    def __init__(self, method: Method, order: Order, profile: Profile, regime: Regime | None) -> None:
        self.method, self.order, self.profile, self.regime = method, order, profile, regime
        self.wanted = _wanted(method, order)
        self.steps = _dated(order, self.wanted)
        self.bounds = [*self._of_tree(), *(b for n, row in enumerate(method.requirements) for b in self._of_row(n, row))]

    def value(self, value: Value | None) -> Value | None:
        """A bound as it stands, or what the profile or regime says under its key."""
        if isinstance(value, Record):
            if key := value.get("profile"):
                return self.profile.values.get(str(key))
            if (key := value.get("regime")) and self.regime is not None:
                return self.regime.values.get(str(key))
            return None
        return value

    def _of_tree(self) -> Iterator[Bound]:
        before = {b: {a for a in self.steps if self.order.rel(a, b) is Rel.BEFORE} for b in self.steps}
        for b, firsts in before.items():
            yield from (Bound(a, b, 1, None) for a in self.steps if a in firsts and not any(a in before[c] for c in firsts))

    def _known(self, row: Requirement, name: str) -> list[LeafId]:
        word, _, field = str(row.param(name)).partition(".")
        return [] if field else [x for x in self.method.words.leaves_of(word) if x in self.steps]

    def _of_row(self, n: int, row: Requirement) -> Iterator[Bound]:
        if row.when:
            return  # where it does not apply it bounds nothing
        if row.is_ is Is.PRECEDES and not row.where and len(self.method.words.leaves_of(row.selector("a").word)) == 1:  # of several any one will do
            yield from (Bound(a, b, 1, n) for a in self._known(row, "a") for b in self._known(row, "b") if a != b)
        if row.is_ is not Is.GAP:
            return
        firsts, seconds = self._known(row, "a"), self._known(row, "b")
        pairs = [(a, b) for a in firsts for b in seconds if a != b]
        if row.param("a") == row.param("b"):
            chain = [x for x in self.method.words.leaves_of(str(row.param("a"))) if x in self.order.ways]
            pairs = [(a, b) for a, b in itertools.pairwise(chain) if a in self.steps and b in self.steps]
        low, high, counting = self.length(row, "min"), self.length(row, "max"), self.value(row.param("count")) or "days"
        for a, b in pairs:
            if low is not None:
                yield Bound(a, b, low + (counting == "clear"), n)
            if high is not None and counting in _PLAIN:
                yield Bound(b, a, -(high + (counting == "clear")), n)

    def length(self, row: Requirement, name: str) -> int | None:
        value = self.value(row.param(name))
        try:
            length = Duration.parse(value) if isinstance(value, str) else None
        except ValueError:
            return None
        return None if length is None else length.longest if name == "max" else length.shortest

    # -- circles

    def circle(self, without: Collection[int] = ()) -> tuple[int, ...] | None:
        """The rows of a circle of bounds that no days can meet; None where there is none (Bellman and Ford)."""
        far: dict[LeafId, int] = dict.fromkeys(self.steps, 0)
        through: dict[LeafId, Bound] = {}
        bounds = [b for b in self.bounds if b.row not in without]
        moved: LeafId | None = None
        for _ in range(len(self.steps) + 1):
            moved = None
            for bound in bounds:
                if far[bound.a] + bound.days > far[bound.b]:
                    far[bound.b] = far[bound.a] + bound.days
                    through[bound.b] = bound
                    moved = bound.b
            if moved is None:
                return None
        assert moved is not None
        for _ in self.steps:
            moved = through[moved].a
        rows, here = [], moved
        while True:
            if (row := through[here].row) is not None and row not in rows:
                rows.append(row)
            here = through[here].a
            if here == moved:
                return tuple(sorted(rows))

    # -- days

    def closed(self, day: dt.date, words: Collection[str]) -> bool:
        if "weekend" in words and day.isoweekday() > 5:
            return True
        if "august" in words and day.month == 8:
            return True
        if "closures" in words and any(first <= day <= last for first, last in self.closures()):
            return True
        return "holiday" in words and day in _holidays(day.year, str(self.profile.values.get("holidays") or "metropole"))

    def closures(self) -> list[tuple[dt.date, dt.date]]:
        found = self.profile.values.get("closures")
        ends = [(c.get("from"), c.get("to")) for c in found if isinstance(c, Record)] if isinstance(found, tuple) else []
        return [(a.earliest, b.latest) for a, b in ends if isinstance(a, When) and isinstance(b, When)]

    def words(self, row: Requirement) -> tuple[str, ...]:
        value = self.value(row.param("not_in"))
        return tuple(str(w) for w in value) if isinstance(value, tuple) else ()

    def window(self, row: Requirement) -> When | None:
        value = self.value(row.param("in"))
        if isinstance(value, When):
            return value
        try:
            return When.parse(str(value)) if value is not None else None
        except ValueError:
            return None

    def start(self) -> dt.date:
        """Where a project of this profile would begin: with its first closure or period, so that all of them count."""
        periods = (w.earliest for row in self.method.requirements if row.is_ is Is.WINDOW and (w := self.window(row)))
        return min((*(first for first, _ in self.closures()), *periods), default=DAY)

    def runs_out(self, without: Collection[int] = ()) -> bool:
        """Whether the earliest days that bounds and closed days leave lie beyond the horizon."""
        start = self.start()
        shut: dict[LeafId, set[str]] = {x: set() for x in self.steps}
        within: dict[LeafId, list[When]] = {x: [] for x in self.steps}
        for n, row in enumerate(self.method.requirements):
            if row.is_ is Is.WINDOW and n not in without:
                period = self.window(row)
                for x in self._known(row, "of"):
                    shut[x] |= set(self.words(row))
                    within[x] += [period] if period else []
        end = max([start + dt.timedelta(days=_HORIZON), *(w.latest for periods in within.values() for w in periods)])
        days = {x: self._open(start, shut[x], within[x], end) for x in self.steps}
        bounds = [b for b in self.bounds if b.row not in without]
        for _ in range(_ROUNDS):
            moved = False
            for bound in bounds:
                wanted = days[bound.a] + dt.timedelta(days=bound.days)
                if wanted > days[bound.b]:
                    days[bound.b] = self._open(wanted, shut[bound.b], within[bound.b], end)
                    moved = True
            if max(days.values(), default=start) > end:
                return True
            if not moved:
                return False
        return False  # still moving: not proved

    def _open(self, day: dt.date, words: Collection[str], within: Collection[When], end: dt.date) -> dt.date:
        """The first open day from *day* on that lies in every period; past *end* where there is none."""
        day = max([day, *(w.earliest for w in within)])
        while day <= end and self.closed(day, words):
            day += dt.timedelta(days=1)
        return day if all(day <= w.latest for w in within) else end + dt.timedelta(days=1)


def flaws(method: Method, order: Order) -> Iterator[Flaw]:
    """What leaves no calendar, each set of rows once, with the profile and regime under which it does."""
    told: set[tuple[int, ...]] = set()
    regimes: list[Regime | None] = list(method.regimes) or [None]
    usual = next((r for r in regimes if r is not None and r.id == method.default_regime), regimes[0])
    under = [(p, usual) for p in method.profiles] + [(p, r) for p in method.profiles if p.id == method.default_profile for r in regimes if r is not usual]
    for profile, regime in under:
        dates = Dates(method, order, profile, regime)
        for rows, code in _found(dates):
            if rows not in told:
                told.add(rows)
                yield _flaw(dates, rows, code)


def _found(dates: Dates) -> Iterator[tuple[tuple[int, ...], str]]:
    left_out: set[int] = set()
    empty: dict[object, list[int]] = {}
    for n, row in enumerate(dates.method.requirements):
        low, high = dates.length(row, "min"), dates.length(row, "max")
        if row.is_ is Is.GAP and low is not None and high is not None and low > high:
            left_out.add(n)
            shared = (row.param("min"), row.param("max"))
            empty.setdefault(shared if any(isinstance(x, Record) for x in shared) else n, []).append(n)
    yield from ((tuple(rows), "gap_empty") for rows in empty.values())  # rows that take their bounds from one place are one fault
    for n, row in enumerate(dates.method.requirements):
        if row.is_ is Is.WINDOW and (inside := dates.window(row)) is not None:
            span = range((inside.latest - inside.earliest).days + 1)
            if all(dates.closed(inside.earliest + dt.timedelta(days=k), dates.words(row)) for k in span):
                left_out.add(n)
                yield (n,), "window_empty"
    while (rows := dates.circle(left_out)) is not None:
        yield rows, "timing"
        if not rows:
            return
        left_out |= set(rows)
    if dates.runs_out(left_out):
        yield _fewest(dates, left_out), "no_calendar"


def _fewest(dates: Dates, left_out: set[int]) -> tuple[int, ...]:
    """The fewest rows that leave no calendar: each dropped in turn, the last first."""
    wanted = [n for n, row in enumerate(dates.method.requirements) if row.is_ in (Is.GAP, Is.WINDOW, Is.PRECEDES) and n not in left_out]
    dropped = set(left_out)
    for n in reversed(wanted):
        if dates.runs_out(dropped | {n}):
            dropped.add(n)
    return tuple(n for n in wanted if n not in dropped)


def _flaw(dates: Dates, rows: tuple[int, ...], code: str) -> Flaw:
    codes = ", ".join(dict.fromkeys(str(dates.method.requirements[n].code) for n in rows)) or "—"
    named = f"{dates.profile.id}" + (f", {dates.regime.id}" if dates.regime else "")
    what = {
        "gap_empty": Text("le minimum dépasse le maximum", "the minimum is more than the maximum"),
        "window_empty": Text("aucun jour ouvert dans cette période", "no open day in this period"),
        "timing": Text(f"ces écarts s'excluent : {codes}", f"these distances exclude each other: {codes}"),
        "no_calendar": Text(f"aucun calendrier n'est possible : {codes}", f"no calendar is possible: {codes}"),
    }[code]
    path = f"requirements[{rows[0]}]" if rows else "requirements"
    words = dates.method.words
    near = {x for n in rows for p in ("a", "b", "of") for x in words.leaves_of(str(dates.method.requirements[n].param(p)).partition(".")[0])}
    rows = (*rows, *sorted({n for x, n in dates.wanted.items() if x in near} - {*rows}))  # else nothing makes the plan take the step
    shown = Witness(shows=Shows.NO_PLAN, commands=(), rows=rows, profile=dates.profile.id, regime=dates.regime.id if dates.regime else "")
    return Flaw(code=f"method.{code}", severity=Severity.ERROR, path=path, what=Text(f"{what.fr} ({named})", f"{what.en} ({named})"),
                mend=Text("relâcher une borne", "loosen a bound"), witness=shown)  # fmt: skip
