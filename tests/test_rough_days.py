"""
A date that is told too coarsely is never held against a project: METHOD-LANGUAGE.md §5, «never a violation».

Each date of the witness becomes the month, quarter, semester or year that it lies in; what is then uncertain is told as that.
"""

from __future__ import annotations

import calendar
import datetime as dt
import random
from collections.abc import Callable, Iterable

import attrs
import pytest
from edits import LATER, WITNESS, dossier_of, method  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.dossier import Dossier
from agir_workflow.facts import Fact
from agir_workflow.view import evolve, view_of
from agir_workflow.when import When
from agir_workflow.words import State, Verb

SAID = dossier_of(WITNESS).facts


def span(first: int, last: int) -> Callable[[dt.date], When]:
    """The months from *first* to *last*, counted from that of a day."""
    return lambda day: When(dt.date(day.year, first, 1), dt.date(day.year, last, calendar.monthrange(day.year, last)[1]))


COARSER: dict[str, Callable[[dt.date], When]] = {
    "month": lambda day: span(day.month, day.month)(day),
    "quarter": lambda day: span(3 * ((day.month - 1) // 3) + 1, 3 * ((day.month - 1) // 3) + 3)(day),
    "semester": lambda day: span(1, 6)(day) if day.month <= 6 else span(7, 12)(day),
    "year": span(1, 12),
}


def coarse(places: Iterable[int], how: Callable[[], str]) -> Dossier:
    """The witness with the days of some facts told coarsely; the head, and the end of the project, keep theirs."""
    facts = list(SAID)
    for n in places:
        stamp = facts[n].stamp
        if n and facts[n].verb is not Verb.CLOSE and stamp is not None:
            facts[n] = facts[n].stamped(attrs.evolve(stamp, on=COARSER[how()](stamp.on.earliest)))
    return Dossier(tuple(facts))


def violated(dossier: Dossier) -> list[str]:
    return [f.key for f in agir.check(method(), dossier, at=LATER).findings if f.state is State.VIOLATED]


def parts_of_one_sitting(n: int) -> list[int]:
    """What a file tells in one block: that a copil was held, and what it decided."""
    return [m for m, f in enumerate(SAID) if f.address == SAID[n].address and {f.verb, SAID[n].verb} <= {Verb.HOLD, Verb.DECIDE}] or [n]


@pytest.mark.parametrize("how", COARSER)
def test_one_coarse_date_is_no_violation(how: str) -> None:
    told = {(SAID[n].verb, SAID[n].address): found for n in range(1, len(SAID)) if (found := violated(coarse(parts_of_one_sitting(n), lambda: how)))}
    assert told == {}


@pytest.mark.parametrize("seed", range(12))
def test_many_coarse_dates_are_no_violation(seed: int) -> None:
    drawn = random.Random(seed)
    kinds = list(COARSER) if seed % 2 else [drawn.choice(list(COARSER))]
    places = {m for n in drawn.sample(range(1, len(SAID)), drawn.choice([2, 5, 20, 60, 120])) for m in parts_of_one_sitting(n)}
    assert violated(coarse(sorted(places), lambda: drawn.choice(kinds))) == []


@pytest.mark.parametrize("seed", range(6))
def test_told_one_by_one_they_are_read_as_told_at_once(seed: int) -> None:
    """The calling of a copil that is told after its holding «in September» narrows that September, in whatever way it came in."""
    drawn = random.Random(seed)
    whole = coarse(drawn.sample(range(1, len(SAID)), 40), lambda: drawn.choice(["month", "year"]))
    facts: list[Fact] = sorted(whole.facts[1:], key=lambda f: (f.on.latest if seed % 2 else f.on.earliest))
    one_by_one = Dossier((whole.facts[0],))
    for fact in facts:
        view_of(method(), one_by_one)
        one_by_one = evolve(method(), one_by_one, fact)
    at_once = view_of(method(), Dossier((whole.facts[0], *facts)))
    grown = view_of(method(), one_by_one)
    assert grown.position == at_once.position
    assert {k: list(v) for k, v in grown.sittings.items()} == {k: list(v) for k, v in at_once.sittings.items()}
    assert {k: list(v) for k, v in grown.states.items()} == {k: list(v) for k, v in at_once.states.items()}


def test_what_too_few_days_hold_for_sure_is_uncertain_while_others_may() -> None:
    """All sessions «in 2012»: none lies in the first semester for sure, all may."""
    found = agir.check(method(), coarse([n for n, f in enumerate(SAID) if f.verb is Verb.HOLD and f.address.startswith("gt")], lambda: "year"), at=LATER)
    assert [f.state for f in found.findings if f.code == "CAL004"] == [State.UNDETERMINED]


def test_a_copil_that_may_lie_between_two_leaves_their_distance_uncertain() -> None:
    """Between the second copil and the fourth lie 168 days; the third was «in the last quarter», and may lie halfway."""
    found = agir.check(method(), coarse([n for n, f in enumerate(SAID) if f.address == "copil/lancement"], lambda: "quarter"), at=LATER)
    assert {f.state for f in found.findings if f.code == "COP006"} == {State.UNDETERMINED}
