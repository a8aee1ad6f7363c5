"""
The proof of a method against the engine: every run of a small method that `decide` accepts, lanes in lanes and decisions with several values among them.

`AGIR_SOAK=1` draws 2,000 methods of each sort (some twenty minutes of processor time), `AGIR_SOAK=n` one in ten of n where that is more.
"""

from __future__ import annotations

import datetime as dt
from itertools import islice
from random import Random

import pytest
from engine_walk import (  # type: ignore[import-not-found]
    Drawn,
    Row,
    TooMany,
    Walked,
    begun,
    difference,
    drawn,
    method_of,
    numbers,
)
from test_position import Term  # type: ignore[import-not-found]
from test_verification import SOAK  # type: ignore[import-not-found]

from agir_workflow.answers import Accepted, Ask
from agir_workflow.dossier import Dossier
from agir_workflow.facts import Stamp
from agir_workflow.method import Method
from agir_workflow.paths import path_to, what_if
from agir_workflow.samples import command_of
from agir_workflow.verification import Flaw, verify
from agir_workflow.verification.flaw import DAY
from agir_workflow.view import view_of
from agir_workflow.when import When
from agir_workflow.witness import run_witness
from agir_workflow.words import COMPLETES, Severity, Verb

TWO_WAYS: Term = ("each", "k", ("each", "l", ("choice", "a", "b")))
GO, NO = ("go",), ("no",)
Case = tuple[Term, list[Row], str | None, int]

IN_LANES: dict[str, Case] = {
    # What is drawn up, what lies in k, what the proof says; and how many instances its witness takes.
    "two inner lanes go different ways, for a step of none": (("seq", TWO_WAYS, ("choice", "c", "d")), [Row(("a",), "c", "l"), Row(("b",), "d", "l")], "deadlock", 3),
    "two inner lanes go different ways, for a step of the outer": (
        ("each", "k", ("seq", ("each", "l", ("choice", "a", "b")), ("choice", "c", "d"))), [Row(("a",), "c", "l"), Row(("b",), "d", "l")], "deadlock", 3),
    "one inner lane is enough for the outer": (("each", "k", ("seq", ("each", "l", ("choice", "a", "b")), ("choice", "c", "d"))), [Row(("a",), "c", "k"), Row(("b",), "d", "k")], None, 0),
    "of each outer lane one, and of all inner lanes another": (
        ("seq", TWO_WAYS, ("choice", "c", "d")), [Row(("a",), "c", "k"), Row(("b",), "d", "l")], "deadlock", 4),
    "an outer lane that must be there, and does nothing": (
        ("par", ("seq", ("each", "k", ("each", "l", ("opt", "a"))), ("each", "k", ("each", "l", "b"))), "c"), [Row(("b", "a", "c"), "b", "l"), Row(("a",), "c", "k")], "deadlock", 4),
}  # fmt: skip

DECIDED: dict[str, Case] = {
    "one after another": (("seq", "g", "a", "b"), [Row(("g",), "a", values=GO), Row(("g",), "b", values=NO)], "rows_conflict", 0),
    "beside one another": (("seq", "g", ("par", "a", "b")), [Row(("g",), "a", values=GO), Row(("g",), "b", values=NO)], "rows_conflict", 0),
    "decided anew between the two": (("par", ("loop", "g"), ("seq", "a", "b")), [Row(("g",), "a", values=GO), Row(("g",), "b", values=NO)], None, 0),
    "decided anew by a redo": (("seq", ("loop", ("seq", "g", "a"), "r"), "b"), [Row(("g",), "r", values=NO), Row(("g",), "b", values=GO)], None, 0),
    "a branch for each": (("seq", "g", ("choice", "a", "b")), [Row(("g",), "a", values=GO), Row(("g",), "b", values=NO)], None, 0),
    "an option for one of them": (("seq", "g", ("opt", "a"), "b"), [Row(("g",), "a", values=GO), Row(("g",), "b", values=NO)], None, 0),
    "three of which any two agree": (
        ("seq", "g", "a", "b", "c"), [Row(("g",), "a", values=("go", "no")), Row(("g",), "b", values=("no", "wait")), Row(("g",), "c", values=("wait", "go"))], "rows_conflict", 0),
    "three that agree on one": (("seq", "g", "a", "b", "c"), [Row(("g",), "a", values=("go", "no")), Row(("g",), "b", values=("no", "wait")), Row(("g",), "c", values=NO)], None, 0),
    "each lane by its own decision": (("seq", ("each", "k", "g"), ("choice", "a", "b")), [Row(("g",), "a", "k", GO), Row(("g",), "b", "k", NO)], None, 0),
    "each lane decides, and goes its own way": (("each", "k", ("seq", "g", ("choice", "a", "b"))), [Row(("g",), "a", "k", GO), Row(("g",), "b", "k", NO)], None, 0),
    "each lane decides, for two steps": (("each", "k", ("seq", "g", "a", "b")), [Row(("g",), "a", "k", GO), Row(("g",), "b", "k", NO)], "rows_conflict", 1),
}  # fmt: skip


AT_TIMES: dict[str, Case] = {
    # Rows that apply only once a step is there, and meetings that are to be held twice.
    "what the tree brings with it": (("seq", ("opt", ("seq", "a", "b")), "c"), [Row(("b",), "c", every=False, once="a")], None, 0),
    "an option that another one asks for": (("seq", ("opt", "a"), ("opt", "b"), "c", "d"), [Row(("b",), "d", every=False, once="a")], "deadlock", 0),
    "another branch of the one that asks": (("par", ("choice", "a", "d"), "e"), [Row(("a",), "e", every=False, once="d")], "deadlock", 0),
    "the first lane asks it of the second": (("seq", ("opt", "b"), ("each", "k", "a"), "c"), [Row(("b",), "a", every=False, once="a")], "deadlock", 2),
    "what a second round asks of the first": (("seq", ("loop", ("seq", ("opt", "a"), "b"), "d"), "c"), [Row(("a",), None, every=False, once="d")], "improper_completion", 0),
    "twice, as long as it may be held": (("seq", ("loop", "a"), "b"), [Row(("a",), "b", every=False, times=2)], None, 0),
    "twice, until it no longer may": (("seq", ("loop", "a"), "b", "c"), [Row(("a",), "c", every=False, times=2)], "deadlock", 0),
    "twice, of what is held once": (("seq", "a", "b"), [Row(("a",), "b", every=False, times=2)], "no_completion", 0),
    "twice in all, of two that are held once": (("seq", "a", "b", "c"), [Row(("a", "b"), "c", every=False, times=2)], None, 0),
    "twice in each lane": (("each", "k", ("seq", ("loop", "a"), "b", "c")), [Row(("a",), "c", "k", every=False, times=2)], "deadlock", 1),
}  # fmt: skip


def held_against_the_engine(case: Drawn, code: str | None, instances: int) -> None:
    """The engine says the same of every number of instances up to two, and the witness sticks."""
    assert difference(case) is None
    found = [f for f in verify(case.method) if f.severity is Severity.ERROR]
    assert [f.code for f in found] == ([f"method.{code}"] if code else [])
    for flaw in found:
        assert run_witness(case.method, flaw.witness).holds
        assert declared(flaw) == instances


def declared(flaw: Flaw) -> int:
    return sum(c.verb is Verb.DECLARE for c in flaw.witness.commands)


@pytest.mark.parametrize("name", IN_LANES)
def test_lanes_within_lanes_get_stuck_where_the_engine_does(name: str) -> None:
    term, rows, code, instances = IN_LANES[name]
    held_against_the_engine(Drawn(term, tuple(rows), (), (("l", "k"),)), code, instances)


def test_lanes_of_which_neither_lies_in_the_other_are_laid_out_too() -> None:
    """Of two kinds that cross: each of one has a lane for each of the other."""
    term, rows, code, _ = IN_LANES["two inner lanes go different ways, for a step of the outer"]
    held_against_the_engine(Drawn(term, tuple(rows), (), ()), code, 3)


@pytest.mark.parametrize("name", AT_TIMES)
def test_what_is_asked_at_times_or_more_than_once_gets_stuck_where_the_engine_does(name: str) -> None:
    term, rows, code, instances = AT_TIMES[name]
    held_against_the_engine(Drawn(term, tuple(rows), (), ()), code, instances)


@pytest.mark.parametrize("name", DECIDED)
def test_different_decisions_of_one_body_are_told_where_they_cannot_all_be_taken(name: str) -> None:
    term, rows, code, instances = DECIDED[name]
    held_against_the_engine(Drawn(term, tuple(rows), (), ()), code, instances)


def test_a_decision_for_one_step_and_another_for_a_second_are_both_shown() -> None:
    """The witness takes the one, does what it lets on, and sticks at the other."""
    term, rows, _, _ = DECIDED["beside one another"]
    method = method_of(term, rows)
    (flaw,) = (f for f in verify(method) if f.severity is Severity.ERROR)
    assert [c.address for c in flaw.witness.commands] == ["step/g", "step/g", "step/a", "step/b"]
    assert Walked(method, {}).faults() == {"no_completion"}


ENDED: dict[str, tuple[Term, list[Row], tuple[str, ...] | None]] = {
    # What is drawn up; the addresses of the witness that a decision ends it all, where one does.
    "it cannot be held again": (("seq", "g", "a"), [Row(("g",), "a", values=GO)], ("step/g", "step/g", "step/a")),
    "it can, until something else is done": (("seq", ("loop", "g"), "a", "b"), [Row(("g",), "b", values=GO)], ("step/g", "step/g", "step/a", "step/b")),
    "it can, and nothing else may be done before": (("seq", ("loop", "g"), "a", "b"), [Row(("g",), "a", values=GO), Row(("g",), "b", values=GO)], None),
    "it can all along": (("par", ("loop", "g"), ("seq", "a", "b")), [Row(("g",), "b", values=GO)], None),
    "another branch is left": (("seq", "g", ("choice", "a", "b")), [Row(("g",), "a", values=GO), Row(("g",), "b", values=("no", "wait"))], None),
    "no branch is left": (("seq", "g", ("choice", "a", "b")), [Row(("g",), "a", values=GO), Row(("g",), "b", values=NO)], ("step/g", "step/g", "step/a")),
    "what it would let on may be left out": (("seq", "g", ("opt", "a"), "b"), [Row(("g",), "a", values=GO)], None),
    "what sends it round is refused": (("seq", ("opt", "d"), ("loop", "g", "r"), "a"), [Row(("d",), "r"), Row(("g",), "a", values=GO)], None),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDED)
def test_a_decision_after_which_nothing_goes_on_is_remarked(name: str) -> None:
    term, rows, addresses = ENDED[name]
    method = method_of(term, rows)
    found = [f for f in verify(method) if f.severity is Severity.WARNING]
    assert [tuple(c.address for c in f.witness.commands) for f in found] == ([addresses] if addresses else [])
    for flaw in found:
        assert flaw.code == "method.no_redo"
        assert run_witness(method, flaw.witness).holds
        assert max(len(flaw.what.fr), len(flaw.what.en)) <= 160


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("part", range(4))
def test_what_the_proof_finds_is_what_the_engine_lets_one_run_into(part: int, nested: bool) -> None:
    """Of methods with every kind of block: no flaw is missed, none is told of a sound method, and every witness sticks."""
    number = max(500, SOAK // 40) if SOAK else 6
    walked = 0
    for seed in range(part * 100_000, part * 100_000 + number):
        rng = Random(seed)
        case = drawn(rng, leaves=rng.choice([3, 4, 5] if nested else [5, 6, 7]), nested=nested)
        try:
            assert difference(case, limit=600 if nested else 3000) is None, (seed, case)
            walked += 1
        except TooMany:
            continue
    assert walked > number // 2


def lost(method: Method, walked: Walked, dossier: Dossier) -> list[object]:
    """The steps that the engine lets one come to, and to which `path_to` finds no way, or one that is refused."""
    found: list[object] = []
    for label in sorted({x for after in walked.after.values() for x, spots in after.items() if spots and x.leaf in method.words.leaves}, key=str):
        leaf = method.words.leaves[label.leaf]
        command = command_of(view_of(method, dossier), Ask(COMPLETES[leaf.sort], leaf.at(label.inst)), DAY)
        path = path_to(method, dossier, command.stamped(Stamp(on=When(DAY + dt.timedelta(days=1)), by="lead")))
        if not path.complete or not all(isinstance(d, Accepted) for d in what_if(method, dossier, path.commands).decisions):
            found.append((label, path.stuck))
    return found


@pytest.mark.parametrize("name", [*ENDED, *DECIDED])
def test_a_way_does_not_end_at_a_gate_that_it_shut_itself(name: str) -> None:
    """A decision that lets one step on may be the end of another: the way takes the value that the step it leads to waits for."""
    term, rows, *_ = {**ENDED, **DECIDED}[name]
    method, counts = method_of(term, rows), {"k": (2,), "l": (1, 1)}
    assert lost(method, Walked(method, counts), begun(method, counts)) == []


@pytest.mark.parametrize("nested", [False, True])
def test_where_there_is_a_way_one_is_found(nested: bool) -> None:
    """Of steps that the engine itself comes to in a random method; two of these wanted a second sitting, which nothing said to hold."""
    tried = 0
    for seed in range(SOAK or 115):
        rng = Random(seed)
        case = drawn(rng, leaves=rng.choice([3, 4, 5] if nested else [5, 6, 7]), nested=nested)
        method = case.method
        for counts in islice(numbers(method, {str(k.id): 2 for k in method.kinds}), 1):
            try:
                walked = Walked(method, counts, 800)
            except TooMany:
                continue
            assert lost(method, walked, begun(method, counts)) == [], (seed, case)
            tried += 1
    assert tried > 50
