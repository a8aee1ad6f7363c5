"""
From a method and a dossier to dates: the problem is read off the rows, solved, judged, and dressed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from uuid import UUID, uuid5

import attrs

from .. import _chart
from ..answers import Plan, PlannedStep, Todo
from ..doorstep import in_reach, unreadable_date
from ..dossier import Dossier, Label, Sitting
from ..errors import DossierError, Fault, PlanningError, UnknownNameError
from ..facts import DOSSIER
from ..method import Leaf, Method
from ..readings._phrases import day_of, said_assumptions, said_run, said_same_day, said_suppositions
from ..readings._plan_days import holidays_within, rested, shut, usually_shut
from ..readings._plan_quorum import without_quorum
from ..readings._plan_run import Run, other_runs, run_of
from ..readings._plan_subjects import instances_at, instances_of
from ..readings.binding import bound, title_of
from ..readings.plan import Draft, Task, order_key, read_rows
from ..requirements import Is, Requirement
from ..toml_file import near
from ..values import Record
from ..view import RUN, View, view_of
from ..when import Slot, When, civil_day
from ..words import ANONYMOUS, COMPLETES, Address, Sort, Text, Verb
from ._announced import ANNOUNCED, on_announced_days, said_left, with_days
from ._best import Days, best
from ._late import hastier, in_haste, open_before, todos_late
from .again import Round, day_before, said_shut, supposed
from .given import branches_given, days_given
from .past import as_held, out_of_reach, said_past, without_past
from .problem import Choice, Hole, Lag, Problem, Solved, Status, Unsolvable, Variable
from .search import solve
from .verify import violations

_HORIZON = dt.timedelta(days=1100)


@attrs.frozen(kw_only=True)
class Wishes:
    """What the planner of a project asks beside the method: bounds, fixed days, rows left out, busy days."""

    start: dt.date | None = None
    end: dt.date | None = None
    fix: tuple[tuple[str, dt.date], ...] = ()
    without: tuple[str, ...] = ()
    busy: tuple[tuple[str, tuple[dt.date, ...]], ...] = ()
    backward: bool = False

    def keeps(self, key: str) -> bool:
        """Whether a row is not left out, by its key or its code."""
        return key not in self.without and key.partition(" @ ")[0] not in self.without


def plan(
    method: Method,
    dossier: Dossier,
    *,
    at: dt.date,
    start: dt.date | None = None,
    end: dt.date | None = None,
    fix: Mapping[str, dt.date] | None = None,
    without: Collection[str] = (),
    busy: Mapping[str, Collection[dt.date]] | None = None,
    backward: bool = False,
) -> Plan:
    """
    Dates for all that is left of a dossier as of the civil day *at*, around what was held.

    Meetings as early as the requirements let them (`backward`: as late before *end*), to-dos as late;
    days of an adopted plan are kept where nothing forbids them, then those that an answer announces. Of several ways through the choices of the tree the one that ends
    first is taken (see `_best`). Of a project that was given up or closed nothing is left; one that is suspended is dated as if it were taken up on *at*. Every date carries the keys that
    bind it. A longest distance from what was held that nothing ahead can keep is left out, and named in `broken` and `assumed`. *fix* maps addresses to days, *without* leaves out keys (`CODE` or `CODE @ subject`),
    *busy* maps a name to days on which nobody can meet.

    Raises PlanningError with the smallest sets of requirements that exclude each other, NotPlannedError and UnknownNameError for a day given to what has none here,
    DossierError for days of another age than those that a dossier may have, TypeError for an instant.
    """
    wishes = Wishes(
        start=start, end=end, fix=tuple(sorted((fix or {}).items())), without=tuple(without),
        busy=tuple((k, tuple(sorted(v))) for k, v in sorted((busy or {}).items())), backward=backward,
    )  # fmt: skip
    taken, days, said = best(_planner(method, dossier, at, wishes))
    return taken.plan(on_announced_days(taken, days), said)


def make_problem(method: Method, dossier: Dossier, *, at: dt.date, wishes: Wishes | None = None) -> Problem:
    """The planning problem of a dossier as a value, complete enough for another solver: of the run that `plan` takes, or names the conflicts of. Raises as `plan` does for the days given to it."""
    try:
        way, days, _ = best(_planner(method, dossier, at, wishes or Wishes()))
        days = on_announced_days(way, days)
        return with_days(way.problem(soft=False, hurried=days.hurried), days.announced, tuple(x for x in days.problem.lags if x.key == ANNOUNCED))
    except PlanningError as exc:
        if not isinstance(exc.problem, Problem):
            raise
        return exc.problem


def _planner(method: Method, dossier: Dossier, at: dt.date, wishes: Wishes) -> _Planner:
    """The planner of a dossier as of a day; every day that it is given is looked at first."""
    given = [("at", at), ("dossier.start", dossier.start), ("start", wishes.start), ("end", wishes.end)]
    given += [(f"fix.{address}", day) for address, day in wishes.fix] + [(f"busy.{name}", day) for name, days in wishes.busy for day in days]
    faults = [Fault(where, *unreadable_date(day)) for where, day in given if day is not None and not in_reach(When(civil_day(day)))]
    if faults:
        raise DossierError(tuple(faults))
    begun, rounds = supposed(method, dossier.as_of(at), max(at, wishes.start or at), wishes.keeps)
    return _Planner(method, begun, at, wishes, rounds)


class _Planner:
    def __init__(self, method: Method, dossier: Dossier, at: dt.date, wishes: Wishes, rounds: tuple[Round, ...] = (), taken: Run | None = None) -> None:
        self.view: View = view_of(method, dossier)
        self.rounds = rounds
        self.at, self.wishes, self.asked = at, wishes, wishes
        self.held: dict[str, dt.date] = {}
        self.past: tuple[Lag, ...] | None = None
        self.missed = {x: key for x, history in self.view.sittings.items() if (key := without_quorum(self.view, history, self._wanted))}
        # Nothing is planned into the past, unless somebody asks for it before anything has begun.
        asked = wishes.start or max(dossier.start, at)
        begun = any(s.done or s.held for history in self.view.sittings.values() for s in history)
        self.start = max(asked, at) if begun else asked
        self.end = wishes.end or self.start + _HORIZON
        run_is_over = self.view.state(RUN, DOSSIER, at) in _chart.final(RUN)
        self.given = branches_given(self.view, wishes.fix)
        run = Run((), ()) if run_is_over else taken or run_of(self.view, at, self._wanted, self.given)
        self.taken = run
        owed = set(self.view.position.to_do())
        self.branches = [x for x in run.labels if x not in owed]
        free = [x for x in self.view.free_labels(max(at, dossier.start)) if self.done(x) is None and not run_is_over]
        lost = dict.fromkeys(x for x, *_ in run.lost)
        self.anew = [y for x in self.rounds if x.redo is None for y in x.again]
        self.labels = (*run.labels, *lost, *self.anew, *free)
        self.draft = self._drafted()
        if run_is_over:  # of a project given up or closed nothing is left to be done
            self._refuse_unknown()
            return
        read_rows(self.draft, self.start, self.end)
        if idle := {x for x in free if self._is_idle(x)}:
            self.labels = tuple(x for x in self.labels if x not in idle)
            self.draft = self._drafted()
            read_rows(self.draft, self.start, self.end)
        # What only rows that are left out want is nothing to do.
        self.draft.tasks = {id: t for id, t in self.draft.tasks.items() if any(self._wanted(k) for k in self.draft.wanted_by[id])}
        self._tree_lags()
        # Two branches of one choice exclude each other: each before the other, as each row asks.
        for x, why, y, other in run.lost:
            a, b = self.variable(x), self.variable(y)
            self.draft.lags += [Lag(a=a, b=b, key=why, min=1), Lag(a=b, b=a, key=other, min=1)]
        self._refuse_unknown()

    def _drafted(self) -> Draft:
        return Draft(view=self.view, at=self.at, labels=self.labels, variable=self.variable, done=self.done, asked=self._wanted, missed=self.missed)

    def _is_idle(self, free: Label) -> bool:
        """Whether nothing wants a step that stands anywhere: no row, nobody who called it, nor a day given to it. It may be done, and has no date."""
        return (id := self.variable(free)) not in self.draft.wanted and id not in dict(self.wishes.fix) and Address(id) not in self.view.planned and self._open(free) is None

    def others(self) -> Iterator[_Planner | None]:
        """Who plans another run of the tree, one after the other: other branches, other steps that would do. None where a try gave no other."""
        if self.view.state(RUN, DOSSIER, self.at) not in _chart.final(RUN):
            for run in other_runs(self.view, self.at, self._wanted, self.given, self.taken):
                found = None
                with contextlib.suppress(UnknownNameError):  # a day was fixed for a step that this run leaves out
                    found = _Planner(self.view.method, self.view.dossier, self.at, self.asked, self.rounds, run) if run else None
                yield found

    @cached_property
    def window(self) -> Requirement | None:
        """The row that keeps to-dos off closed days; None where a method has none."""
        return next((r for r in self.view.method.requirements if r.is_ is Is.WINDOW), None)

    def variable(self, label: Label) -> str:
        """The id of a label's variable: the address of its open (or last) sitting."""
        history = [s for s in self.view.sittings.get(label, ()) if not s.cancelled]
        base = self.view.words.leaves[label.leaf].at(label.inst)
        everything = len(self.view.sittings.get(label, ()))
        if not history or self.missed.get(label) or (history[-1].done and (label in self.anew or label in self.view.position.to_do())):
            return f"{base}#{everything + 1}" if everything else base
        return history[-1].address

    def done(self, label: Label) -> When | None:
        history = self.view.sittings.get(label, ())
        return next((s.done for s in reversed(history) if s.done is not None), None)

    def _refuse_unknown(self) -> None:
        """A day fixed for nothing, or a row left out that is none, is a slip of the pen."""
        known = {self.variable(x) for x in self.labels} | set(self.draft.tasks)
        self.wishes = attrs.evolve(self.wishes, fix=days_given(self.view, self.at, self.wishes.fix, known))
        codes = {str(r.code) for r in self.view.method.requirements}
        for key in self.wishes.without:
            if (code := key.partition(" @ ")[0]) not in codes:
                raise UnknownNameError("requirement", code, near(code, codes))

    def _tree_lags(self) -> None:
        """One lag for each neighbouring pair of the tree's order, a day at least."""
        position = self.view.position
        inside = [x for x in self.labels if x.leaf not in self.view.method.tree.free]
        before = {b: {a for a in inside if a != b and position.precedes(a, b)} for b in inside}
        for b, firsts in before.items():
            for a in inside:
                if a in firsts and not any(a in before[c] for c in firsts):
                    self.draft.lags.append(Lag(a=self.variable(a), b=self.variable(b), key=order_key(self.view, a, b), min=1))
        self.draft.lags += [Lag(a=self.view.sittings[x][-1].address, b=self.variable(x), key=key, min=1) for x, key in self.missed.items() if x in inside]
        self.draft.lags += [Lag(a=self.variable(x.redo), b=self.variable(y), key=x.key, min=1) for x in self.rounds if x.redo for y in x.again if y in inside]

    # -- the problem --------------------------------------------------------------------------------

    def problem(self, *, soft: bool, hurried: Collection[str] = ()) -> Problem:
        """What is to be solved: with the wishes that may be left out (`soft`), without what is past, and with no day between the to-dos of some keys and what waits for them (`hurried`)."""
        made = self._asked(soft=soft)
        self.held = {v.id: v.day for v in made.variables if v.status is Status.HELD and v.day}
        if self.past is None:
            self.past = out_of_reach(self.view, max(self.at, self.view.dossier.start), self._asked(soft=False) if soft else made, self.held)
        choices = tuple(attrs.evolve(c, options=tuple(map(self._since, c.options))) for c in made.choices)
        lags = [self.haste.get(x, x) if x.key in hurried else x for x in made.lags]
        return attrs.evolve(made, lags=tuple(map(self._since, without_past(lags, self.past))), choices=choices)

    @cached_property
    def haste(self) -> dict[Lag, Lag]:
        """What is late in a project under way may be done on the day of what waits for it: better than no day at all."""
        return in_haste(self.view.method, self.draft.lags, self.draft.tasks) if self.at > self.view.dossier.start else {}

    def _asked(self, *, soft: bool) -> Problem:
        draft, out = self.draft, []
        weekend = shut(self.view, self.start, self.end, {"weekend", "holiday"})
        window = self.window
        for rank, label in enumerate(self.labels):
            out.append(self._variable(label, rank, soft, weekend, window.code if window else None))
        overdue = self._overdue()
        for rank, task in enumerate((t for t in draft.tasks.values() if t.id not in overdue), len(self.labels)):
            holes = self._kept((Hole(key=f"{window.code} @ {task.address}", days=weekend),) if window else ())
            fixed = dict(self.wishes.fix).get(task.id)
            out.append(Variable(id=task.id, status=Status.FIXED if fixed else Status.PLANNED, day=fixed, holes=holes, rank=rank))
        names = {v.id for v in out}
        held = {*(a for lag in draft.lags for a in (lag.a, lag.b)), *(m for apart in draft.apart for m in apart.members)} - names
        out += [v for id in sorted(held) if (v := self._held(id)) is not None]
        names = {v.id for v in out}
        # What was held never conflicts: nothing that is still to come is asked to have come before it.
        past = {v.id: v.day for v in out if v.status is Status.HELD and v.day}
        lags = tuple(x for x in dict.fromkeys(draft.lags) if self._wanted(x.key) and {x.a, x.b} <= names and x.a != x.b and x.b not in past)
        since = min(self.start - dt.timedelta(days=400), *past.values()) if past else self.start - dt.timedelta(days=400)
        apart = tuple(attrs.evolve(a, members=tuple(m for m in a.members if m in names)) for a in draft.apart if self._wanted(a.key))
        return Problem(start=self.start, end=self.end, variables=tuple(out), lags=lags, apart=apart, choices=self._choices(names),
                       holidays=holidays_within(self.view, since, self.end), closed=usually_shut(self.view, since, self.end))  # fmt: skip

    def _overdue(self) -> dict[str, dt.date]:
        """To-dos whose time is past, by the last open day that was in time; not those that are given another day."""
        fixed = dict(self.wishes.fix)
        return {id: open_before(self.view, day) if self.window else day for id, day in self.draft.overdue.items() if id not in fixed}

    def _choices(self, names: Collection[str]) -> tuple[Choice, ...]:
        """The choices between lags of steps that there are."""
        known = (attrs.evolve(c, options=tuple(x for x in c.options if x.a in names and x.b in names)) for c in dict.fromkeys(self.draft.choices) if self._wanted(c.key))
        return tuple(c for c in known if c.options)

    def _since(self, lag: Lag) -> Lag:
        """A lag whose longest distance stood still while the project rested."""
        if lag.max is None or lag.a not in self.held:
            return lag
        return attrs.evolve(lag, max=lag.max + rested(self.view, self.held[lag.a], lag.count, self.at))

    def _wanted(self, key: str) -> bool:
        return self.wishes.keeps(key)

    def _kept(self, holes: tuple[Hole, ...]) -> tuple[Hole, ...]:
        return tuple(h for h in holes if self._wanted(h.key))

    def _variable(self, label: Label, rank: int, soft: bool, weekend: tuple[dt.date, ...], code: str | None) -> Variable:
        id, leaf = self.variable(label), self.view.words.leaves[label.leaf]
        holes = [*self.draft.holes.get(id, ()), *(self.draft.soft.get(id, ()) if soft else ())]
        if leaf.is_sitting:
            holes += [Hole(key=f"busy @ {name}", days=days) for name, days in self.wishes.busy]
        elif code:
            holes.append(Hole(key=f"{code} @ {id}", days=weekend))
        fixed = dict(self.wishes.fix).get(id)
        open_ = self._open(label)
        slot = self._slot(id, leaf)
        if open_ is not None and open_.held is not None:
            return as_held(open_, id, open_.held, rank)
        if fixed is None and open_ is not None and open_.convened is not None and open_.planned and open_.planned.day >= self.start:
            fixed = open_.planned.day
        if fixed is not None:
            return Variable(id=id, status=Status.FIXED, day=fixed, start=slot.start, minutes=slot.minutes, holes=self._kept(tuple(holes)), rank=rank)
        prefer = self.view.planned.get(Address(id))
        day = prefer.day if prefer and prefer.day >= self.start else None
        return Variable(id=id, prefer=day, start=slot.start, minutes=slot.minutes, holes=self._kept(tuple(holes)), rank=rank)

    def _open(self, label: Label) -> Sitting | None:
        return None if self.missed.get(label) else next((s for s in reversed(self.view.sittings.get(label, ())) if not s.done and not s.cancelled), None)

    def _slot(self, id: str, leaf: Leaf) -> Slot:
        """The hours of a meeting: those planned for it, else the profile's for its kind."""
        planned = self.view.planned.get(Address(id))
        if planned is not None and planned.start is not None:
            return planned
        hours = self.view.profile.get("hours")
        found = hours.get(leaf.hours) if isinstance(hours, Record) and leaf.hours else None
        if isinstance(found, Record) and leaf.is_sitting:
            start, minutes = found.get("start"), found.get("minutes")
            return Slot(dt.date.min, dt.time.fromisoformat(str(start)), minutes if isinstance(minutes, int) else None)
        return Slot(dt.date.min)

    def _held(self, id: str) -> Variable | None:
        if id in self.draft.notices:
            return Variable(id=id, status=Status.HELD, day=self.draft.notices[id])
        found = self.view.words.find_leaf(id)
        if found is None:
            return None
        history = self.view.sittings.get(Label(found[0].id, found[1]), ())
        sitting = next((s for s in history if s.address == id), None)
        day = sitting and (sitting.done or sitting.held)
        return as_held(sitting, id, day) if sitting and day else None

    # -- the plan -----------------------------------------------------------------------------------

    def solved(self) -> Days:
        """Days for this run. Raises PlanningError where it has none."""
        hurried = frozenset[str]()
        while True:
            for soft in (True, False) if self.draft.soft else (True,):
                problem = self.problem(soft=soft, hurried=hurried)
                found = solve(problem, backward=self.wishes.backward)
                if isinstance(found, Solved):
                    return Days(problem=problem, solved=found, soft=soft, hurried=hurried)
            assert isinstance(found, Unsolvable)
            more = hastier(found.conflicts, {x.key for x in self.haste} - hurried)
            if not more:
                raise PlanningError(found.conflicts, proved=found.proved, minimal=found.minimal, problem=problem)
            hurried |= more

    def plan(self, chosen: Days, said: tuple[Text, ...] = ()) -> Plan:
        """The plan with these days, to-dos as late as they can be."""
        problem, found = chosen.problem, chosen.solved
        days, because = dict(found.days), dict(found.because)
        rather = [*(x for x in self.haste if x.key in chosen.hurried), *self.draft.rather]
        later = todos_late(problem, days, self._is_todo, [x for x in dict.fromkeys(rather) if self._wanted(x.key)])
        if later is not None:
            held = dict(later.because)
            for id, day in later.days:
                if self._is_todo(id):
                    # Told by what it waits for, and what keeps it from being later; a meeting fixed for this second look is nobody's wish.
                    late = (k for k in held.get(id, ()) if not k.startswith("fix @ ") or k[6:] in dict(self.wishes.fix))
                    days[id], because[id] = day, tuple(dict.fromkeys((*because.get(id, ()), *late)))
        because |= dict.fromkeys(chosen.announced, (ANNOUNCED,))
        broken = violations(problem, days)
        assert not broken, f"the planner broke its own problem: {broken}"
        given = {v.id for v in problem.variables if v.status is Status.FIXED}
        same_day = [self.draft.tasks[x.a].address for x in self.haste if x.key in chosen.hurried and x.a in days and days[x.a] == days.get(x.b)]
        return attrs.evolve(self._dress(days, because, given), assumed=(*self._assumed(), *said_same_day(self.view, same_day), *(said_left(self.view, days, self.start) if self.labels else ()), *said))

    def _is_todo(self, id: str) -> bool:
        found = self.view.words.find_leaf(id)
        return found is None or not found[0].is_sitting


    def _dress(self, days: Mapping[str, dt.date], because: Mapping[str, tuple[str, ...]], given: Collection[str]) -> Plan:
        head = self.view.dossier.head
        steps = [self._held_step(x, s) for x, h in self.view.sittings.items() if self.view.words.leaves[x.leaf].is_sitting for s in h if s.held]
        todos: list[Todo] = []
        for label in self.labels:
            id, leaf = self.variable(label), self.view.words.leaves[label.leaf]
            open_ = self._open(label)
            if leaf.is_sitting and (open_ is None or open_.held is None):
                steps.append(self._step(label, days[id], because.get(id, ()), Status.FIXED if id in given else Status.PLANNED))
            elif not leaf.is_sitting:
                task = Task(verb=COMPLETES[leaf.sort], address=Address(id))
                todos.append(self._todo(task, days[id], because.get(id, ()), label))
        todos += [self._todo(Task(verb=Verb.DECIDE, address=s.address), self.start, (), x) for x in self.labels
                  if (s := self._open(x)) is not None and s.held is not None and self.view.words.leaves[x.leaf].sort is Sort.DECISION]  # fmt: skip
        for x in self.rounds:
            if x.redo is not None:
                by = day_before(self.view, [days[v] for y in x.again if (v := self.variable(y)) in days], self.start)
                todos += [self._todo(Task(verb=COMPLETES[leaf.sort], address=leaf.at(y.inst)), by, (x.key,), y) for y in (*x.first, x.redo) if (leaf := self.view.words.leaves[y.leaf])]
        due = {**days, **self._overdue()}
        todos += [self._todo(t, due[id], (*self.draft.wanted_by[id], *([f"fix @ {id}"] if id in given else [])), None) for id, t in self.draft.tasks.items()]
        return Plan(
            dossier=head.id, uid=head.uid, title=head.title, method=head.method, zone=head.zone, language=head.language, at=self.at,
            start=self.start, end=max(days.values(), default=self.start), meetings=tuple(sorted(steps, key=lambda s: (s.day, s.address))),
            todos=tuple(sorted(todos, key=lambda t: (t.day, t.address, t.verb))),
            broken=tuple(sorted({lag.key for lag in self.past or ()})), branches=tuple(self.view.words.leaves[x.leaf].at(x.inst) for x in self.branches),
            names=self._names({key for s in steps for key in s.because} | {key for t in todos for key in t.because}),
        )  # fmt: skip

    def _names(self, keys: Collection[str]) -> tuple[tuple[str, Text], ...]:
        """What a person calls what was published, and the subjects of some keys, each as the findings of its row do."""
        rows: dict[str, set[str]] = {}
        for key in keys:
            code, _, subject = key.partition(" @ ")
            if subject:
                rows.setdefault(code, set()).add(subject)
        found = {at: self.view.title(at) for _, told in self.view.published for e in told.entries if (at := e.address.rpartition(" ")[2])}
        for row in self.view.method.requirements:
            if wanted := rows.get(row.code):
                found |= {s: self.view.title(s) for s in wanted - found.keys()}
                found |= {b.subject: title_of(self.view, b) for b in bound(self.view, row) if b.subject in wanted}
        return tuple(sorted(found.items()))

    def _uid(self, address: str) -> str | None:
        uid = self.view.dossier.head.uid
        return str(uuid5(UUID(uid), address)) if uid else None

    def _step(self, label: Label, day: dt.date, because: tuple[str, ...], status: Status) -> PlannedStep:
        id = self.variable(label)
        return self._meeting(label, Address(id), day, status, self._slot(id, self.view.words.leaves[label.leaf]), because)

    def _held_step(self, label: Label, sitting: Sitting) -> PlannedStep:
        assert sitting.held is not None
        planned = self.view.planned.get(sitting.address)
        hold = sitting.hold
        start, minutes = (hold.start, hold.minutes) if hold else (None, None)
        if start is None and planned is not None and planned.day == sitting.held.earliest:
            start, minutes = planned.start, planned.minutes
        slot = Slot(sitting.held.earliest, start, minutes)
        return self._meeting(label, sitting.address, slot.day, Status.HELD, slot, ())

    def _meeting(self, label: Label, address: Address, day: dt.date, status: Status, slot: Slot, because: tuple[str, ...]) -> PlannedStep:
        leaf = self.view.words.leaves[label.leaf]
        phase = self.view.words.phase_of.get(leaf.id)
        return PlannedStep(
            address=address, uid=self._uid(address), title=self.view.title(address), day=day, status=status.value, start=slot.start,
            minutes=slot.minutes, because=because, sort=leaf.sort, tags=leaf.tags, agenda=tuple(p.label for p in leaf.agenda),
            documents=self._documents(leaf), invited=leaf.invited, role=leaf.role,
            instances=tuple((str(k), str(i)) for k, i in instances_of(self.view, label)), phase=phase.name if phase else None,
        )  # fmt: skip

    def _documents(self, leaf: Leaf) -> tuple[Text, ...]:
        """The documents to have read: those that requirements due at the meeting ask for."""
        rows = [r for r in self.view.method.requirements if r.is_ is Is.DELIVERABLE and leaf.id in self.view.words.leaves_of(r.due.name)]
        return tuple(dict.fromkeys(d.label for r in rows for d in self.view.method.deliverables if d.id == r.param("of")))

    def _todo(self, task: Task, day: dt.date, because: tuple[str, ...], label: Label | None) -> Todo:
        view = self.view
        found = view.words.find_leaf(task.address)
        facet = next((f for f in view.method.facets if f.id == task.address.partition("/")[0]), None)
        paper = view.words.find_paper(task.address)
        inviting = found[0].inviting if found and task.verb is Verb.CONVENE else None
        role = inviting or (found[0].role if found else facet.role if facet else paper[0].role if paper else None)
        phase = view.words.phase_of.get(found[0].id) if found else None
        inst = instances_of(view, label) if label else instances_at(view, task.address)
        return Todo(address=task.address, verb=task.verb, day=day, title=view.title(task.address), uid=self._uid(f"{task.verb} {task.address}"),
                    because=because, role=role, who=self._role_name(role), instances=tuple((str(k), str(i)) for k, i in inst), phase=phase.name if phase else None)  # fmt: skip

    def _role_name(self, role: str | None) -> Text | None:
        listed = self.view.method.list_(self.view.method.roles)
        word = listed.word(role) if listed and role else None
        return word.label if word else None

    def _assumed(self) -> tuple[Text, ...]:
        out = list(said_assumptions(self.view))
        if (run := self.view.state(RUN, DOSSIER, self.at)) != _chart.initial(RUN):
            resumed = Text("", "") if run in _chart.final(RUN) else Text(", daté comme s'il reprenait", ", dated as if it were taken up again")
            out += [Text(f"{t.fr}{resumed.fr}", f"{t.en}{resumed.en}") for t in said_run(self.view)]
        lanes = sorted({self.view.words.leaves[x.leaf].scope[-1] for x in self.labels if ANONYMOUS in x.inst})
        for kind in lanes:
            label = self.view.words.kinds[kind].label
            out.append(Text(f"{label.fr} : aucune instance déclarée, une seule prévue en attendant", f"{label.en}: none declared, one planned as a placeholder"))
        out += said_shut(self.view, self._wanted)
        out += [*said_past(self.view, self.at, self.past or (), self.held), *said_suppositions(self.draft.supposed)]
        if self.wishes.start is None and self.start == self.view.dossier.start:
            out.append(Text(f"début le {day_of(self.start).fr}, date de début du dossier", f"starts on {day_of(self.start).en}, the dossier's own start"))
        return tuple(out)
