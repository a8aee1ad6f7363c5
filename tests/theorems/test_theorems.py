"""
The three theorems, over random methods: one seed, one method.

`AGIR_THEOREMS=600` runs the full size; the default is a sample of it.
"""

from __future__ import annotations

import datetime as dt
import os
import random

import attrs
import icalendar
import pytest
from test_methods import command_of, sitting  # type: ignore[import-not-found]
from theorems.generate import SHAPES, Case, case, contradictory  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.answers import Accepted, Ask, Recorded
from agir_workflow.dossier import Dossier
from agir_workflow.errors import MethodError, PlanningError
from agir_workflow.facts import Declare, Fact, Fill, fact
from agir_workflow.planning.make import Wishes, make_problem
from agir_workflow.planning.problem import Problem, Solved
from agir_workflow.planning.search import solve
from agir_workflow.requirements import Form, Is, Requirement
from agir_workflow.samples import command_of as command_for
from agir_workflow.values import Record, each_of
from agir_workflow.view import view_of
from agir_workflow.when import When
from agir_workflow.words import ANONYMOUS, Address, DeliverableId, KindId, Severity, State, Verb

SIZE = int(os.environ.get("AGIR_THEOREMS", "50"))
DAY = dt.timedelta(days=1)


def stamp(day: dt.date) -> agir.Stamp:
    return agir.Stamp(on=When(day), by="nobody")


def peopled(given: Case) -> Dossier:
    """The dossier with an instance of every kind: a nameless lane is only a placeholder, which nobody can carry out."""
    dossier = given.dossier
    for kind in given.method.kinds:
        have = [f for f in dossier.facts if f.address.startswith(f"{kind.id}/")]
        holders = [str(f.address.partition("/")[2]) for f in dossier.facts if kind.inside and f.address.startswith(f"{kind.inside}/")]
        lacking = [h for h in holders if not any(isinstance(f.args, Declare) and f.args.inside == h for f in have)] if kind.inside else [] if have else [None]
        for n, holder in enumerate(lacking):
            args = Declare(label="late", inside=holder)
            dossier = agir.evolve(given.method, dossier, fact(Verb.DECLARE, f"{kind.id}/{kind.id}-late{n}", args).stamped(stamp(dossier.start)))
    return dossier


def carried_out(given: Case, dossier: Dossier, ics: bytes, rng: random.Random) -> Dossier:
    """The dossier after every entry of a calendar was done on its day, those of one day in any order."""
    entries = []
    for part in icalendar.Calendar.from_ical(ics).walk():
        if part.name in ("VEVENT", "VTODO"):
            when = (part.get("DTSTART") if part.name == "VEVENT" else part.get("DUE")).dt
            day = when.date() if isinstance(when, dt.datetime) else when
            entries.append((day, rng.random(), part.name == "VEVENT", str(part["X-AGIR-ID"]), str(part.get("X-AGIR-VERB", ""))))
    days = {address: day for day, _, meeting, address, _ in entries if meeting}
    for day, _, meeting, address, verb in sorted(entries):
        commands = sitting(given.method, address) if meeting else [command_of(given.method, dossier, Verb(verb), address, days)]
        for command in commands:
            decision = agir.decide(given.method, dossier, command.stamped(stamp(day)))
            assert isinstance(decision, Accepted), (day.isoformat(), command.verb, address, [(b.key, str(b)) for b in decision.blockers])
            for event in decision.events:
                dossier = agir.evolve(given.method, dossier, event)
    return dossier


def whole(given: Case) -> Dossier | None:
    """A dossier carried out as its plan says, and closed; None where no plan exists."""
    dossier = peopled(given)
    try:
        plan = agir.plan(given.method, dossier, at=dossier.start)
    except PlanningError:
        return None
    done = carried_out(given, dossier, agir.to_ics(plan), random.Random(given.seed))
    last = max(f.on.latest for f in done.facts) + DAY
    closing = agir.facts.close().stamped(stamp(last))
    decision = agir.decide(given.method, done, closing)
    assert isinstance(decision, Accepted), ("close", [(b.key, str(b)) for b in decision.blockers])
    return agir.evolve(given.method, done, closing)


def end_of(dossier: Dossier) -> dt.date:
    return max(f.on.latest for f in dossier.facts)


# -- 1. a plan carried out as planned is never refused ---------------------------------------------------------


def only(problem: Problem, keys: set[str]) -> Problem:
    """The problem with the constraints of some keys alone."""
    variables = tuple(attrs.evolve(v, holes=tuple(h for h in v.holes if h.key in keys)) for v in problem.variables)
    return attrs.evolve(problem, variables=variables, lags=tuple(x for x in problem.lags if x.key in keys), apart=tuple(a for a in problem.apart if a.key in keys))


def met(problem: Problem) -> bool | None:
    """Whether a problem has a solution; None where the search gave up before it could tell."""
    found = solve(problem)
    return True if isinstance(found, Solved) else False if found.proved else None


HORIZON = {"start", "end"}
"""The keys of the first and the last day, which no problem is without."""


def not_minimal(given: Case, end: dt.date | None = None) -> list[tuple[str, ...]]:
    """The conflicts of a plan that cannot be made which are none, or hold a key too many; none where it can be made."""
    dossier = peopled(given)
    problem = make_problem(given.method, dossier, at=dossier.start, wishes=Wishes(end=end))
    found = solve(problem)
    if isinstance(found, Solved) or not (found.proved and found.minimal):
        return []
    keys = [set(c) for c in found.conflicts]
    return [c for c, k in zip(found.conflicts, keys, strict=True)
            if met(only(problem, k)) or not all(met(only(problem, k - {x})) is not False for x in k - HORIZON)]  # fmt: skip


def test_a_plan_carried_out_is_never_refused_and_conforms() -> None:
    infeasible = []
    for seed in range(SIZE):
        given = case(seed)
        done = whole(given)
        if done is None:
            infeasible.append(seed)
            assert not_minimal(given) == [], seed
            continue
        report = agir.check(given.method, done, at=end_of(done))
        assert [f.key for f in report.findings if f.state is State.VIOLATED and f.severity is not Severity.INFO] == [], seed
        assert report.verdict == ("partial" if report.unjudged else "conforms"), seed  # a random method may have no row for a phase
    assert len(infeasible) < SIZE / 10, infeasible


def test_a_meeting_convened_too_late_is_never_planned_to_be_refused() -> None:
    """Its day is fixed by its notice: there is no plan then, or one that can be carried out."""
    convened, named = 0, dict[int, bool]()
    for seed in range(SIZE):
        given = case(seed)
        row = next((r for r in given.method.requirements if r.is_ is Is.GAP and str(r.param("a")).endswith(".convened") and r.severity is Severity.ERROR), None)
        dossier = peopled(given)
        try:
            plan = agir.plan(given.method, dossier, at=dossier.start)
        except PlanningError:
            continue
        meeting = next((m for m in plan.meetings if row is not None and m.address.partition("/")[0] == row.param("b")), None)
        if meeting is None:
            continue
        day = max(meeting.day - 2 * DAY, dossier.start)
        dossier = agir.evolve(given.method, dossier, agir.facts.convene(meeting.address, meeting.day).stamped(stamp(day)))
        convened += 1
        try:
            plan = agir.plan(given.method, dossier, at=day)
        except PlanningError as error:
            named[seed] = not error.proved or f"fix @ {meeting.address}" in {k for c in error.conflicts for k in c}
        else:
            carried_out(given, dossier, agir.to_ics(plan), random.Random(seed))
    assert convened
    assert all(named.values()), named


def test_a_plan_that_ends_too_soon_names_what_excludes_it() -> None:
    refused, unsure = [], 0
    for seed in range(SIZE // 4):
        given = case(seed)
        dossier = peopled(given)
        try:
            last = agir.plan(given.method, dossier, at=dossier.start).end
        except PlanningError:
            continue
        end = dossier.start + (last - dossier.start) // 2
        try:
            agir.plan(given.method, dossier, at=dossier.start, end=end)
        except PlanningError as error:
            refused.append((seed, bool(error.conflicts) or not error.proved, not_minimal(given, end)))
            unsure += not (error.proved and error.minimal)
    assert refused
    assert unsure <= len(refused) / 20
    assert [r for r in refused if not r[1] or r[2]] == []


def test_a_kind_without_instances_is_planned_as_a_placeholder_and_says_so() -> None:
    for seed in range(SIZE):
        given = case(seed)
        try:
            plan = agir.plan(given.method, given.dossier, at=given.dossier.start)
        except PlanningError:
            continue
        nameless = any(ANONYMOUS in x.address for x in (*plan.meetings, *plan.todos))
        assert nameless == any("placeholder" in a.en for a in plan.assumed), seed


# -- 2. a journal made by `decide` alone is conformant ------------------------------------------------------------

def broken(given: Case, dossier: Dossier) -> list[str]:
    """The errors that a journal of accepted commands may never show."""
    brought = {str(r.code) for r in given.method.requirements
               if (r.is_ is Is.GAP and r.param("max") is not None) or "attendance" in str(r.param("of")) or r.is_ is Is.DISJOINT}  # fmt: skip
    report = agir.check(given.method, dossier, at=end_of(dossier))
    return [f.key for f in report.findings if f.state is State.VIOLATED and f.severity is Severity.ERROR and f.code not in brought]


@attrs.define
class Walk:
    """Commands at random, steered to the end; each is asked, and taken only when accepted."""

    given: Case
    rng: random.Random
    dossier: Dossier
    day: dt.date
    taken: int = 0
    faults: list[tuple[int, list[str]]] = attrs.field(factory=list)

    def ask(self, command: Fact, day: dt.date) -> bool:
        decision = agir.decide(self.given.method, self.dossier, command.stamped(stamp(day)))
        if not isinstance(decision, Accepted):
            return False
        for event in decision.events:
            self.dossier = agir.evolve(self.given.method, self.dossier, event)
        self.day = day
        self.taken += 1
        if self.taken % 5 == 0:
            self.look()
        return True

    def look(self) -> None:
        if wrong := broken(self.given, self.dossier):
            self.faults.append((self.taken, wrong))

    def varied(self, command: Fact) -> Fact:
        if command.verb is Verb.DECIDE and self.rng.random() < 0.25:
            return agir.facts.decide(command.address, self.rng.choice(["reserves", "no"]))
        if command.verb is Verb.HOLD and self.rng.random() < 0.1:
            return fact(Verb.HOLD, command.address)
        return command

    def free(self) -> bool:
        """One of the steps that are possible today, or one that nobody said was."""
        view = view_of(self.given.method, self.dossier)
        steps = agir.possible(self.given.method, self.dossier, on=self.day, by="nobody")
        open_ = [s for s in steps if not s.blockers]
        if self.rng.random() < 0.15 and steps:
            open_ = list(steps)
        if not open_:
            return False
        step = self.rng.choice(open_)
        return self.ask(self.varied(command_for(view, Ask(step.verb, step.address), self.day)), self.day)

    def along(self) -> bool:
        """The first commands of the way to the end."""
        closing = agir.facts.close().stamped(stamp(self.day))
        path = agir.path_to(self.given.method, self.dossier, closing)
        moved = False
        for command in path.commands[: self.rng.randint(1, 6)]:
            assert command.stamp is not None
            if command.verb is Verb.CLOSE or not self.ask(self.varied(command), command.on.latest):
                break
            moved = True
        return moved

    def aside(self) -> None:
        """Something that has no place in the tree: a notice, a document, an answer, an answer withdrawn, a pause."""
        method, rng = self.given.method, self.rng
        view = view_of(method, self.dossier)
        facet = rng.choice(method.facets)
        subjects = [f"{facet.id}/{i.id}" for i in view.of_kind(KindId(facet.scope))] if facet.scope else [str(facet.id)]
        sittings = [x.leaf for x in view.position.labels() if method.words.leaves[x.leaf].is_sitting and not x.inst]
        options = [Ask(Verb.FILL, Address(s)) for s in subjects] + [Ask(Verb.CONVENE, method.words.leaves[x].at(())) for x in sittings[:2]]
        for paper in method.deliverables:
            if not paper.per_sitting:
                ids = [str(i.id) for i in view.of_kind(paper.scope[0])] if paper.scope else [""]
                verb = rng.choice([Verb.DELIVER, Verb.SUBMIT, Verb.APPROVE, Verb.RETURN, Verb.REVOKE])
                options += [Ask(verb, Address(paper.address.replace("{" + paper.scope[0] + "}", i) if paper.scope else paper.address)) for i in ids]
        if options:
            choice = rng.choice(options)
            # What is withdrawn on a day was there on none of it: a day later, what fell due before still held.
            late = method.words.find_paper(choice.address) is not None
            self.ask(command_for(view, choice, self.day), self.day + DAY * late)
        if rng.random() < 0.1:
            self.ask(fact(Verb.SUSPEND, "dossier"), self.day)
            self.ask(fact(Verb.RESUME, "dossier"), self.day + DAY * rng.randint(0, 3))

    def run(self, steps: int) -> None:
        still = 0
        for _ in range(steps):
            toss = self.rng.random()
            moved = self.free() if toss < 0.55 else self.along() if toss < 0.85 else bool(self.aside())
            still = 0 if moved else still + 1
            if still > 12:
                break
            self.day += DAY * self.rng.choice([0, 0, 0, 1, 1, 2, 9])
        self.look()


def test_a_journal_made_by_decide_alone_conforms() -> None:
    reached, found = 0, []
    for seed in range(SIZE):
        given = case(seed)
        dossier = peopled(given) if seed % 3 else given.dossier
        walk = Walk(given, random.Random(f"walk {seed}"), dossier, dossier.start)
        walk.run(40)
        found += [(seed, walk.faults[0])] if walk.faults else []
        last = given.method.tree.phases[-1].name
        reached += view_of(given.method, walk.dossier).position.phase_begun(last)
    assert found == []
    assert reached >= SIZE / 3


# -- 3. a dossier with a requirement broken is never passed --------------------------------------------------------


def scoped(given: Case, facts: list[Fact], leaf: str) -> list[str]:
    """The addresses at which a leaf was done, in the order of the facts."""
    names = {str(x) for x in given.method.words.leaves_of(leaf)}
    return list(dict.fromkeys(f.address for f in facts if f.address.partition("/")[0] in names and f.verb in STEPS))


STEPS = (Verb.HOLD, Verb.DECIDE, Verb.DELIVER, Verb.AGREE)


def shares(kind: str | None, instances: dict[str, str], one: str, two: str) -> bool:
    """Whether two addresses speak of the same instance of a kind; always without one."""
    mine, yours = ({p for p in x.split("/")[1:] if instances.get(p) == kind} for x in (one, two))
    return kind is None or not mine or not yours or mine == yours


def without(facts: list[Fact], address: str, *verbs: Verb) -> list[Fact]:
    return [f for f in facts if f.address != address or (verbs and f.verb not in verbs)]


def moved(facts: list[Fact], address: str, day: dt.date) -> list[Fact]:
    return [f.stamped(stamp(day)) if f.address == address and f.verb in STEPS else f for f in facts]


def day_of(facts: list[Fact], address: str) -> dt.date:
    return max(f.on.latest for f in facts if f.address == address and f.verb in STEPS)


def due_was_met(given: Case, facts: list[Fact], row: Requirement) -> bool:
    """Whether something of what a row is due at was done at all; an option may have been left out."""
    if row.due.form is not Form.LEAF:
        return True
    return bool(scoped(given, facts, row.due.name))


def mutated(given: Case, facts: list[Fact], row: Requirement, rng: random.Random) -> list[Fact] | None:
    """The facts with one row broken, from what the row says alone; None where they give it nothing to break."""
    instances = {str(f.address.partition("/")[2]): str(f.address.partition("/")[0]) for f in facts if f.verb is Verb.DECLARE}
    kind = row.each if row.each in instances.values() else None
    word, _, field = str(row.param("of") or "").partition(".")
    if not due_was_met(given, facts, row):
        return None
    if row.is_ is Is.PRECEDES:
        pairs = [(a, b) for a in scoped(given, facts, str(row.param("a"))) for b in scoped(given, facts, str(row.param("b"))) if shares(kind, instances, a, b)]
        if not pairs:
            return None
        _, b = rng.choice(pairs)
        for a in {a for a, y in pairs if y == b and a != b}:
            facts = without(facts, a)
        return facts
    if row.is_ is Is.DECIDED:
        gates, later = scoped(given, facts, str(row.param("by"))), scoped(given, facts, str(row.param("before")))
        later = [b for b in later if any(shares(kind, instances, g, b) for g in gates)]
        if not later:
            return None
        b = rng.choice(later)
        bad = [d for d in given.method.words.leaves[given.method.words.leaves_of(str(row.param("by")))[0]].decisions if d not in each_of(row.param("values"))]
        how = rng.choice(["drop", "forget", "refuse"])
        for gate in [g for g in gates if shares(kind, instances, g, b)]:
            if how == "refuse":
                facts = [agir.facts.decide(gate, rng.choice(bad)).stamped(f.stamp) if f.address == gate and f.verb is Verb.DECIDE and f.stamp else f for f in facts]
            else:
                facts = without(facts, gate) if how == "drop" else without(facts, gate, Verb.DECIDE)
        return facts
    if row.param("every"):
        said = sorted({f.address for f in facts if f.verb is Verb.FILL and f.address.partition("/")[0] == word})
        poor = Fill(value=(Record((("name", "x"), ("side", "east"))),))
        if not said:
            return None
        # From the first day on, whatever is said beside it, and never withdrawn.
        spoilt = rng.choice(said)
        return [*(f for f in facts if (f.verb, f.address) != (Verb.CLEAR, spoilt)), fact(Verb.FILL, spoilt, poor).stamped(stamp(given.dossier.start))]
    if row.is_ in (Is.PRESENT, Is.COUNT, Is.COVERS) and word in given.method.words.facets:
        filled = sorted({f.address for f in facts if f.verb is Verb.FILL and f.address.partition("/")[0] == word})
        if not filled:
            return None
        # Of a row said once, not of each instance, an answer anywhere is one.
        gone = [rng.choice(filled)] if row.each else filled
        if row.is_ is Is.COVERS and rng.random() < 0.5:
            poor = Fill(value=(Record((("name", "x"), (field, "east"))),))
            return [fact(Verb.FILL, f.address, poor).stamped(f.stamp) if f.address in gone and f.verb is Verb.FILL and f.stamp else f for f in facts]
        return [f for f in facts if f.verb is not Verb.FILL or f.address not in gone]
    if row.is_ in (Is.PRESENT, Is.AGREED):
        done = scoped(given, facts, word)
        if not done:
            return None
        one = rng.choice(done)
        for gone in [x for x in done if not kind or shares(kind, instances, x, one)]:
            facts = without(facts, gone)
        return facts
    if row.is_ in (Is.COUNT, Is.COVERS) and field == "attendance":
        held = [f for f in facts if f.verb is Verb.HOLD and f.address in scoped(given, facts, word)]
        if not held:
            return None
        gone = rng.choice(held)
        crowd = Record((("north", 99),))
        return [fact(Verb.HOLD, f.address, attrs.evolve(f.args, attendance=crowd)).stamped(f.stamp) if f is gone and f.stamp else f for f in facts]  # type: ignore[arg-type]
    if row.is_ is Is.DELIVERABLE:
        paper = given.method.words.deliverables[DeliverableId(word)]
        papers = sorted({f.address for f in facts if given.method.words.find_paper(f.address) and f.address.partition("/")[0] == paper.address.partition("/")[0]})
        last = {"draft": Verb.DELIVER, "submitted": Verb.SUBMIT, "approved": Verb.APPROVE}[str(row.param("state"))]
        if not papers:
            return None
        gone = rng.choice(papers)
        return without(facts, gone) if rng.random() < 0.5 or last is Verb.DELIVER else without(facts, gone, last, Verb.APPROVE)
    if row.is_ is Is.GAP and row.param("min") is not None:
        later = scoped(given, facts, str(row.param("b")))
        if "." in str(row.param("a")):
            return without(facts, rng.choice(later), Verb.CONVENE) if later else None
        pairs = [(a, b) for a in scoped(given, facts, str(row.param("a"))) for b in later if shares(kind, instances, a, b)]
        if not pairs:
            return None
        _, b = rng.choice(pairs)
        # On the day itself a distance of steps that the tree does not order may have been kept; a day later none of these has run.
        return moved(facts, b, max(day_of(facts, a) for a, y in pairs if y == b) + DAY)
    if row.is_ is Is.GAP and str(row.param("b")) == "minutes":
        written = [f for f in facts if f.address.startswith("minutes/")]
        return without(facts, rng.choice(written).address) if written else None
    if row.is_ is Is.WINDOW:
        held = scoped(given, facts, word)
        if not held:
            return None
        gone = rng.choice(held)
        day = day_of(facts, gone)
        return moved(facts, gone, day + DAY * ((5 - day.weekday()) % 7))
    if row.is_ is Is.DISJOINT:
        held = scoped(given, facts, word)
        if len(held) < 2:
            return None
        one, two = rng.sample(held, 2)
        facts = moved(facts, two, day_of(facts, one))
        return [fact(Verb.HOLD, f.address, attrs.evolve(f.args, start=dt.time(9), minutes=60)).stamped(f.stamp)  # type: ignore[arg-type]
                if f.address in (one, two) and f.verb is Verb.HOLD and f.stamp else f for f in facts]  # fmt: skip
    if row.is_ is Is.IN_PROCESS and row.param("move") == "skipped":
        # A step that another row asks for is told by that row.
        reading = {x for r in given.method.requirements if r.is_ in (Is.PRECEDES, Is.DECIDED, Is.AGREED, Is.PRESENT)
                   for x in given.method.words.leaves_of(str(r.param("a") or r.param("by") or r.param("of")))}  # fmt: skip
        view = view_of(given.method, Dossier(tuple(facts)))
        order = [x for x in view.position.labels() if given.method.words.leaves[x.leaf].at(x.inst) in {f.address for f in facts}]
        first = [x for x in order if x.leaf not in reading and x not in view.position.optional() and any(view.position.precedes(x, y) for y in order)
                 and x in view_of(given.method, Dossier(tuple(f for f in facts if f.verb is Verb.DECLARE))).position.to_do()]  # fmt: skip
        if not first:
            return None
        gone = rng.choice(first)
        return without(facts, given.method.words.leaves[gone.leaf].at(gone.inst))
    return None


def test_a_broken_requirement_is_named() -> None:
    named, missed = set(), []
    for seed in range(SIZE):
        given = case(seed)
        done = whole(given)
        if done is None:
            continue
        for row in given.method.requirements:
            facts = mutated(given, list(done.facts), row, random.Random(f"break {seed} {row.code}"))
            if facts is None:
                continue
            report = agir.check(given.method, Dossier(tuple(facts)), at=end_of(done) + DAY * 400)
            codes = {c for f in report.findings if f.state is State.VIOLATED for c in (f.code, *f.also)}
            named.add(row.is_)
            if row.code not in codes:
                missed.append((seed, str(row.is_), str(row.code), sorted(codes)))
    assert missed == []
    assert SIZE < 60 or {Is.PRECEDES, Is.DECIDED, Is.PRESENT, Is.COUNT, Is.COVERS, Is.DELIVERABLE, Is.AGREED, Is.GAP, Is.WINDOW, Is.DISJOINT, Is.IN_PROCESS} <= named


# -- histories told in any order ------------------------------------------------------------------------------------


def test_the_order_of_arrival_does_not_matter() -> None:
    """Facts on days of their own, some lost, some out of the tree's order: the position is that of the days."""
    for seed in range(SIZE):
        given = case(seed)
        rng = random.Random(f"tell {seed}")
        done = whole(given)
        if done is None:
            continue
        head = [f for f in done.facts if f.verb is Verb.DECLARE]
        rest = [f for f in done.facts if f.verb is not Verb.DECLARE and rng.random() < 0.85]
        for _ in range(rng.choice([0, 0, 1, 4])):
            if rest:
                rest.insert(rng.randrange(len(rest)), rest.pop(rng.randrange(len(rest))))
        dated = [f.stamped(stamp(done.start + DAY * n)) for n, f in enumerate(rest, 1)]
        told = []
        for arrival in (dated, rng.sample(dated, len(dated)), rng.sample(dated, len(dated))):
            dossier = Dossier(tuple(head))
            for f in arrival:
                answer = agir.record(given.method, dossier, f)
                assert isinstance(answer, Recorded), (seed, f, [str(b) for b in answer.blockers])
                for event in answer.events:
                    dossier = agir.evolve(given.method, dossier, event)
            # The view that came along, and one made anew, say the same.
            for one in (dossier, Dossier(dossier.facts)):
                view = view_of(given.method, one)
                report = agir.check(given.method, one, at=end_of(one))
                told.append((view.position.done, view.position.skipped, view.position.deviations, dict(view.sittings), report))
        for n, other in enumerate(told):
            assert other == told[0], (seed, n)


# -- methods that contradict themselves --------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_reading_refuses_a_row_against_the_tree(shape: str) -> None:
    tried = 0
    for seed in range(SIZE):
        bad = contradictory(seed, shape)
        if bad is None:
            continue
        text, path = bad
        with pytest.raises(MethodError) as refused:
            agir.read_method(text.encode())
        assert any(f.path.startswith(path) for f in refused.value.faults), seed
        tried += 1
    assert tried
