"""
What the planner's reading of a requirement and the guard's have in common: the requirement value, and no function.

Theorem 1 says something because the two could disagree. Here their code is followed, function by function, from what
each of them reads; what both come to is held to a list. And where both give an answer (whom a row is about, how many
days lie between two), the two answers are held equal: a mistake of one is a difference.
"""

from __future__ import annotations

import ast
import datetime as dt
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import attrs
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from test_story import charenton  # type: ignore[import-not-found]
from theorems.generate import case  # type: ignore[import-not-found]
from theorems.test_theorems import whole  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.answers import Ask
from agir_workflow.dossier import Dossier, Label, Sitting
from agir_workflow.method import Method
from agir_workflow.planning.problem import Counting, Lag, Problem, Solved, Status, Variable
from agir_workflow.planning.search import solve
from agir_workflow.readings import _days as guard_days
from agir_workflow.readings import _plan_days as plan_days
from agir_workflow.readings import _plan_subjects as subjects
from agir_workflow.readings import binding as guard_binding
from agir_workflow.readings import guard as guard_room
from agir_workflow.readings import selected as guard_selected
from agir_workflow.readings import unmet as unmet_room
from agir_workflow.requirements import Is, Requirement
from agir_workflow.samples import command_of
from agir_workflow.values import Record, Value
from agir_workflow.view import View, view_of
from agir_workflow.when import When
from agir_workflow.words import ANONYMOUS, OPENS, LeafId

SOURCE = Path(agir.__file__).parent
GIVEN = ("requirements", "values", "when", "words", "facts", "dossier", "method", "tree", "answers", "errors", "view", "position", "planning.problem")
"""
Where the values lie that both read: the requirement, the method's words, the dossier under its method, and what they
give back. Functions of these rooms count as shared all the same; of the methods of their classes `ASKED` are.
"""
ASKED: dict[str, tuple[str, ...]] = {
    "the requirement value itself: what its parameters say": (
        "Requirement.param", "Requirement.selector", "Selector.parse", "Duration.parse", "Duration.days", "Duration.shortest", "When.parse", "Record.get",
    ),
    "the words of the method: a name looked up in it, an address written or read by its pattern (held to the method file by test_codec, by the walk over odd addresses)": (
        "Method.words", "Method.list_", "WordList.word", "Words.leaves_of", "Words.find_leaf", "Facet.must_say", "Leaf.at", "Tree.phases",
    ),
    "the dossier: what was said and done by a day, each read off the facts (held to a fold anew by the walk, to the files by the broken examples)": (
        "View.at", "View.state", "View.held", "View.instance", "Method.profile", "Method.regime", "Fact.on", "Dossier.start",
    ),
    "where it stands in the tree (held to the workflow net and to the projected charts, which know nothing of it)": (
        "View.position", "Position.labels", "Position.phase_begun", "Position.precedes", "View.labels", "Position.phases",
    ),
    "no method of these: a field or a method of another class has its name": (
        "Slot.clashes", "Position.done", "Blocker.key", "Derogation.key", "Finding.key", "Node.leaf", "Node.leaves", "Record.of", "Severity.rank",
        "PlannedMeeting.slot", "Variable.slot", "Dossier.version", "Leaf.scope", "Deliverable.scope",
    ),
}  # fmt: skip
"""
The methods (and properties) of values that both readings ask, by what they are and why two readings that ask the same
can still disagree: each only tells what was written or done, and has a judge of its own that is neither reading.
"""


# -- no function in common ------------------------------------------------------------------------------------


@cache
def parsed(module: str) -> ast.Module:
    return ast.parse((SOURCE / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8"))


@cache
def names_in(module: str) -> dict[str, tuple[str, str]]:
    """What each name at the top of a module stands for: (module, name) where it is defined."""
    package = module.split(".")[:-1]
    out: dict[str, tuple[str, str]] = {}
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1] + (node.module.split(".") if node.module else [])
            out |= {a.asname or a.name: (".".join(base), a.name) for a in node.names}
    for node in parsed(module).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            out[node.name] = (module, node.name)
        for target in node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []:
            if isinstance(target, ast.Name):
                out[target.id] = (module, target.id)
    return out


def body_of(module: str, name: str) -> ast.AST | None:
    """The definition of a name in a module of ours: a function, a class, or the value of a constant."""
    if not (SOURCE / (module.replace(".", "/") + ".py")).exists():
        return None
    for node in parsed(module).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
            return node
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        if any(isinstance(t, ast.Name) and t.id == name for t in targets):
            return node
    return None


def functions(*modules: str) -> set[tuple[str, str]]:
    """Every function that those of some modules come to, with them; through tables of functions and classes of the readings too."""
    todo = [(m, n.name) for m in modules for n in parsed(m).body if isinstance(n, (ast.FunctionDef, ast.ClassDef))]
    seen: set[tuple[str, str]] = set()
    out: set[tuple[str, str]] = set()
    while todo:
        at = todo.pop()
        body = body_of(*at) if at not in seen else None
        seen.add(at)
        if body is None or (isinstance(body, ast.ClassDef) and at[0] in GIVEN):
            continue
        if isinstance(body, ast.FunctionDef):
            out.add(at)
        known = names_in(at[0])
        todo += [known[n.id] for n in ast.walk(body) if isinstance(n, ast.Name) and n.id in known]
    return out


GUARD = functions("readings.guard")
PLAN = functions("readings.plan", "readings._plan_subjects", "readings._plan_lacks", "readings._plan_days", "planning._grid", "planning.search", "planning._descent", "planning.explain")


def asked(found: set[tuple[str, str]]) -> set[str]:
    """
    The methods of values that some functions ask, by the names that they write behind a dot.

    Whose method it is cannot be told from the source: each class that has one of that name counts, so none is missed.
    """
    written = {n.attr for at in found if (body := body_of(*at)) is not None for n in ast.walk(body) if isinstance(n, ast.Attribute)}
    classes = [n for room in GIVEN for n in parsed(room).body if isinstance(n, ast.ClassDef)]
    return {f"{c.name}.{m.name}" for c in classes for m in c.body if isinstance(m, ast.FunctionDef) and m.name in written}


def test_planner_and_guard_share_no_function() -> None:
    assert set() == GUARD & PLAN
    assert ("readings.binding", "bindings") in GUARD
    assert ("readings.unmet", "_present") in GUARD
    assert ("readings._plan_subjects", "touches") in PLAN
    assert ("planning._grid", "_reach") in PLAN


def test_a_shared_function_would_be_seen() -> None:
    assert GUARD & functions("readings.plan", "readings.check")
    assert ("workdays", "public_holidays") in GUARD & functions("readings.plan", "verification.dates")


def test_what_both_ask_of_a_value_is_listed_and_argued() -> None:
    """A method more that both ask is a reading more in which both could be wrong alike: it is argued here, or not shared."""
    assert sorted(asked(GUARD) & asked(PLAN)) == sorted(name for names in ASKED.values() for name in names)


# -- whom a row is about ---------------------------------------------------------------------------------------


def moments(seed: int) -> Iterator[tuple[Method, Dossier]]:
    """A random method's dossier, new and on the way to one of its steps."""
    made, rng = case(seed), random.Random(f"apart {seed}")
    dossier = made.dossier
    yield made.method, dossier
    view = view_of(made.method, dossier)
    label = rng.choice(view.position.labels())
    leaf = made.method.words.leaves[label.leaf]
    goal = command_of(view, Ask(OPENS[leaf.sort], leaf.at(label.inst)), dossier.start).stamped(agir.Stamp(on=When(dossier.start), by="nobody"))
    for command in agir.path_to(made.method, dossier, goal).commands[:60]:
        dossier = agir.evolve(made.method, dossier, command)
    yield made.method, dossier


def comparable(view: View, row: Requirement) -> bool:
    """The guard says a distance (or an overlap, or a role) over a set once for each sitting; the planner for each step to come."""
    name = guard_binding.Selector.parse(guard_binding.subject_word(row)).word
    return not (row.each is None and row.is_ in (Is.GAP, Is.DISJOINT, Is.BY) and name in view.words.sets)


def apart(method: Method, dossier: Dossier) -> list[tuple[str, str, object]]:
    """Where the two readings differ: a row, a subject, and the steps that only one of them counts to it."""
    view = view_of(method, dossier)
    at = max(f.on.latest for f in dossier.facts)
    labels = [x for x in (*view.position.labels(), *view.free_labels(at)) if ANONYMOUS not in x.inst]
    out: list[tuple[str, str, object]] = []
    for row in method.requirements:
        if not comparable(view, row):
            continue
        mine = {m.subject: m for m in subjects.matters(view, row, at) if not any(i == ANONYMOUS for _, i in m.about)}
        theirs = {b.subject: b for b in guard_binding.bindings(view, row, at) if not any(i == ANONYMOUS for _, i in b.inst)}
        out += [(str(row.code), s, "one reading alone") for s in mine.keys() ^ theirs.keys()]
        for s in mine.keys() & theirs.keys():
            differ = [x for x in labels if subjects.touches(view, mine[s], x) != guard_binding.fits(view, theirs[s], x)]
            out += [(str(row.code), s, x) for x in differ]
    return out


@settings(max_examples=40, deadline=None, phases=[Phase.generate])
@given(st.integers(0, 599))
def test_both_say_a_row_of_the_same_subjects(seed: int) -> None:
    for method, dossier in moments(seed):
        assert apart(method, dossier) == []


@pytest.mark.parametrize("facts", [20, 45, 90, 200])
def test_so_they_do_of_charenton(facts: int) -> None:
    method, whole = charenton()
    assert apart(method, Dossier(whole.facts[:facts])) == []


# -- how many days lie between ----------------------------------------------------------------------------------


REASONS = ("weekend", "holiday", "august", "closures")
DAY = dt.timedelta(days=1)
days = st.dates(dt.date(2023, 1, 1), dt.date(2026, 12, 31))


@st.composite
def calendars(draw: st.DrawFn) -> View:
    """A dossier under a profile that closes what it likes."""
    made = case(3)
    periods = [
        Record.of({"from": When(first), "to": When(first + draw(st.integers(0, 40)) * DAY), "label": Record.of({"fr": "fermé", "en": "closed"})})
        for first in draw(st.lists(days, max_size=3))
    ]
    values: dict[str, Value] = {"closed": tuple(draw(st.sets(st.sampled_from(REASONS)))), "closures": tuple(periods), "holidays": draw(st.sampled_from(["metropole", "alsace-moselle", "martinique"]))}
    (profile,) = made.method.profiles
    method = attrs.evolve(made.method, profiles=(attrs.evolve(profile, values=Record.of(values)),))
    return view_of(method, Dossier(made.dossier.facts))


@settings(max_examples=60, deadline=None)
@given(calendars(), days, st.integers(0, 500), st.sets(st.sampled_from(REASONS)))
def test_both_close_the_same_days(view: View, first: dt.date, span: int, why: set[str]) -> None:
    last = first + span * DAY
    assert plan_days.shut(view, first, last, why) == guard_days.closed_days(view, first, last, sorted(why))
    assert plan_days.usually_shut(view, first, last) == guard_days.closed_days(view, first, last)
    assert plan_days.holidays_within(view, first, last) == guard_days.holidays(view, first, last)


@settings(max_examples=80, deadline=None)
@given(calendars(), days, st.integers(0, 90), st.sampled_from(Counting))
def test_the_search_counts_on_its_grid_what_the_guard_counts_in_dates(view: View, day: dt.date, least: int, counting: Counting) -> None:
    """The earliest day of a step after another is the first that the guard lets pass; the day before it has not run long enough."""
    if len(plan_days.usually_shut(view, day, day + 400 * DAY)) > 300:
        return  # a profile that closes nearly every day has no end within the horizon
    last = day + 1100 * DAY
    problem = Problem(
        start=day, end=last, variables=(Variable(id="a", status=Status.HELD, day=day), Variable(id="b", rank=1)),
        lags=(Lag(a="a", b="b", key="x", min=least, count=counting),),
        holidays=plan_days.holidays_within(view, day - 400 * DAY, last), closed=plan_days.usually_shut(view, day - 400 * DAY, last),
    )  # fmt: skip
    found = solve(problem)
    assert isinstance(found, Solved)
    on = dict(found.days)["b"]
    assert on == guard_days.earliest_after(view, day, least, counting)
    assert guard_days.elapsed_between(view, day, on, counting) >= least or on == day


# -- a mistake of the guard is found -----------------------------------------------------------------------------


ROOMS = (guard_binding, guard_selected, guard_room, unmet_room, guard_days)
"""Where the guard reads; the planner imports nothing of them."""
right = {name: getattr(room, name) for room, names in ((guard_binding, ("fits", "bindings")), (guard_days, ("elapsed_between",))) for name in names}


def of_nobody(view: View, binding: guard_binding.Binding, label: Label) -> bool:
    """A step without instances is taken to be about none, where it is about all."""
    return bool(right["fits"](view, binding, label)) and bool(label.inst or not binding.inst)


def of_anybody(view: View, binding: guard_binding.Binding, label: Label) -> bool:
    """What one instance did counts for each."""
    return True


def unheld(view: View, binding: guard_binding.Binding, label: Label) -> bool:
    """What lies in an instance is not known to lie in it."""
    return all(binding.of(kind) in (None, id) for kind, id in guard_binding.label_inst(view, label))


def unbound(view: View, row: Requirement, as_of: dt.date | None, only: Label | None = None) -> list[guard_binding.Binding]:
    """The right subjects, with no instance bound."""
    return [b._replace(inst=()) for b in right["bindings"](view, row, as_of, only)]


def a_day_less(view: View, a: dt.date, b: dt.date, counting: Counting) -> int:
    return int(right["elapsed_between"](view, a, b, counting)) - 1


def by_fits(view: View, leaf: LeafId, binding: guard_binding.Binding, as_of: dt.date) -> list[Sitting]:
    """The sittings of a leaf that fit a binding, without the shorter ways by instance: each is asked."""
    return [s for s in view.held(leaf, as_of) if guard_binding.fits(view, binding, s.label)]


def test_the_shorter_ways_to_the_sittings_of_an_instance_find_those_that_fit() -> None:
    """Of every row, at every subject, for each step that it may look for."""
    looked = 0
    for method, dossier in [charenton(), *(m for seed in range(24) for m in moments(seed))]:
        view = view_of(method, dossier)
        for row in method.requirements:
            for binding in guard_binding.bindings(view, row, None):
                for leaf in method.words.leaves:
                    found = guard_selected._fitting(view, leaf, binding, dt.date.max)
                    assert list(found) == by_fits(view, leaf, binding, dt.date.max), (row.code, binding.subject, leaf)
                    looked += bool(found) and len(found) < len(view.held(leaf))
    assert looked > 1000


def refused_as_planned(seeds: range) -> bool:
    """Whether some plan, carried out as it says, is refused: theorem 1."""
    for seed in seeds:
        try:
            whole(case(seed))
        except AssertionError:
            return True
    return False


def differs(seeds: range) -> bool:
    """Whether the two readings of whom a row is about differ anywhere."""
    return any(apart(method, dossier) for seed in seeds for method, dossier in moments(seed))


def another_table(year: int, region: str) -> frozenset[dt.date]:
    """The public holidays of another country: every Tuesday."""
    return frozenset(d for n in range(366) if (d := dt.date(year, 1, 1) + n * DAY).isoweekday() == 2)


@pytest.mark.parametrize(
    ("name", "wrong", "refuses", "seen"),
    [("_year", another_table, True, False), ("fits", of_nobody, True, True), ("bindings", unbound, True, True), ("elapsed_between", a_day_less, True, False), ("fits", of_anybody, False, True), ("fits", unheld, False, True)],
    ids=["another_table", "of_nobody", "unbound", "a_day_less", "of_anybody", "unheld"],
)  # fmt: skip
def test_a_fault_in_the_guard_is_found(name: str, wrong: object, refuses: bool, seen: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Sown into the guard alone, a fault that asks too much makes theorem 1 fail; one that asks too little, the comparison.

    The two would agree in any mistake if they read with the same functions: nothing here could fail then.
    """
    for room in ROOMS:
        if hasattr(room, name):
            monkeypatch.setattr(room, name, wrong)
    monkeypatch.setattr(guard_selected, "_fitting", by_fits)
    assert not refuses or refused_as_planned(range(20))
    assert not seen or differs(range(24))
