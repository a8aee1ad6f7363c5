"""
The time in which a project is suspended: a longest distance stands still, a shortest one runs on; guard, planner and verdict alike.

The planner's lags are judged by `verify.violations`, which shares nothing with the verdict's own count.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_contested import BLOCKS, ON, edited_text, read  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.dossier import Dossier
from agir_workflow.facts import DOSSIER, Hold, fact, hold
from agir_workflow.method import Method
from agir_workflow.planning.make import Wishes, _planner
from agir_workflow.planning.problem import Status
from agir_workflow.planning.verify import violations
from agir_workflow.values import Record
from agir_workflow.view import view_of
from agir_workflow.when import When
from agir_workflow.words import Address, State, Verb

HELD, STEP, KEY = dt.date(2012, 3, 14), "gt3/handicap", "CAL006 @ gt3/handicap"
DAY = dt.timedelta(days=1)
CROWD = Record.of({"associations": 4, "collectivites": 4, "entreprises": 2})


@cache
def counted(counting: str) -> Method:
    """The packaged method, where the days from GT2 to GT3 are counted in another way."""
    head = '[method]\nname = "t"\nversion = 1\nextends = "agir_ensemble@1"\ntitle = { fr = "T", en = "T" }\n'
    return agir.read_method(f'{head}[[requirements]]\ncode = "CAL006"\ndue = "gt3"\ncount = "{counting}"\n'.encode())


@cache
def in_march() -> str:
    """Charenton on the day after its second sessions."""
    return edited_text("".join(b for b in map(str, BLOCKS) if (on := ON.search(b)) is None or on[1] <= "2012-03-20"))


def rested(*turns: str, counting: str = "days") -> tuple[Method, Dossier]:
    """Charenton suspended and taken up again, by turns, on those days."""
    dossier = read(in_march())
    for n, day in enumerate(turns):
        told = fact(Verb.RESUME if n % 2 else Verb.SUSPEND, DOSSIER)
        dossier = Dossier((*dossier.facts, told.stamped(agir.Stamp(on=When.parse(day), by="lead"))))
    return counted(counting), dossier


def by_the_plan(method: Method, dossier: Dossier, at: dt.date, day: dt.date) -> bool:
    """Whether a plan made *at* a day could hold the session on another, as far as its distance goes."""
    planner = _planner(method, dossier, at, Wishes())
    problem = planner.problem(soft=False)
    # As the row reads, whether or not another row has made it impossible by then (`planning.past`).
    alone = attrs.evolve(problem, lags=tuple(planner._since(x) for x in planner._asked(soft=False).lags if x.key == KEY))
    assert alone.lags
    return KEY not in violations(alone, {v.id: v.day for v in problem.variables if v.status is Status.HELD and v.day} | {STEP: day})


def by_the_verdict(method: Method, dossier: Dossier, day: dt.date) -> State | None:
    held = Dossier((*dossier.facts, hold(STEP, Hold(attendance=CROWD)).stamped(agir.Stamp(on=When(day), by="expert"))))
    return next((f.state for f in agir.check(method, held, at=day).findings if f.key == KEY), None)


def by_the_guard(method: Method, dossier: Dossier, day: dt.date) -> bool:
    asked = hold(STEP, Hold(attendance=CROWD)).stamped(agir.Stamp(on=When(day), by="expert"))
    found = agir.decide(method, dossier, asked)
    assert isinstance(found, agir.Accepted), found
    return "CAL006" not in {b.code for b in found.notices}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(8, 150), min_size=2, max_size=4, unique=True).filter(lambda days: len(days) % 2 == 0), st.integers(0, 130), st.sampled_from(["days", "open", "working", "clear"]))
def test_planner_verdict_and_guard_leave_out_the_same_days(turns: list[int], wait: int, counting: str) -> None:
    days = [HELD + n * DAY for n in sorted(turns)]
    method, dossier = rested(*map(str, days), counting=counting)
    day = days[-1] + wait * DAY
    planned, judged = by_the_plan(method, dossier, days[-1], day), by_the_verdict(method, dossier, day)
    assert planned is (judged is None), (planned, judged)
    assert by_the_guard(method, dossier, day) or not planned


@pytest.mark.parametrize("counting", ["days", "open", "working", "clear"])
def test_while_it_rests_it_is_planned_from_today_and_never_late(counting: str) -> None:
    method, dossier = rested("2012-03-21", counting=counting)
    for at in (dt.date(2012, 5, 21), dt.date(2012, 9, 14), dt.date(2015, 1, 5)):
        assert by_the_plan(method, dossier, at, at)
        assert by_the_plan(method, dossier, at, at + 40 * DAY)
        assert KEY not in {f.key for f in agir.check(method, dossier, at=at).findings}


def test_what_was_late_before_stays_late_and_says_so_without_the_rest() -> None:
    method, dossier = rested("2012-06-15", "2012-09-15")  # due by 30 May; the lateness until the rest stays
    at = dt.date(2012, 9, 20)
    found = next(f for f in agir.check(method, dossier, at=at).findings if f.key == KEY)
    assert (found.text.fr.count("98 jours hors suspension"), found.text.en.count("98 days without the suspension")) == (1, 1)
    assert found.date == HELD + 77 * DAY
    assert KEY in {f.key for f in agir.check(method, dossier, at=dt.date(2012, 7, 1)).findings}


def test_a_rest_whose_days_are_rough_excuses_for_sure_what_is_sure() -> None:
    """From some day of April to some day of July: 62 days at the least, 122 at the most."""
    method, dossier = rested("2012-04", "2012-07")
    at, judged = dt.date(2012, 7, 31), [by_the_verdict(method, dossier, HELD + (77 + n) * DAY) for n in (62, 63, 121, 122)]
    assert judged == [None, State.UNDETERMINED, State.UNDETERMINED, State.VIOLATED]
    assert [by_the_plan(method, dossier, at, HELD + (77 + n) * DAY) for n in (62, 63)] == [True, False]


def test_a_shortest_distance_runs_on_while_it_rests() -> None:
    method, dossier = rested("2012-03-21", "2012-03-27")
    at, soon = dt.date(2012, 3, 27), HELD + 14 * DAY
    assert by_the_guard(method, dossier, soon)
    assert by_the_plan(method, dossier, at, soon)
    assert by_the_verdict(method, dossier, soon) is None
    assert not by_the_guard(method, dossier, soon - DAY)


@pytest.mark.parametrize(("held", "waited"), [("2012-03-21", False), ("2012-06-18", True)])
def test_a_rest_lengthens_the_wait_for_a_meeting_and_not_the_haste_with_which_it_was_held(held: str, waited: bool) -> None:
    """Planned for 16 May: what came after it waited while the project rested; what came eight weeks before had not yet known of the rest."""
    method, dossier = rested("2012-04-03", "2012-06-04")
    plan = view_of(method, dossier).planned[Address(STEP)]
    assert plan.day == dt.date(2012, 5, 16)
    facts = sorted((*dossier.facts[1:], fact(Verb.HOLD, STEP, Hold(attendance=CROWD)).stamped(agir.Stamp(on=When.parse(held), by="expert"))), key=lambda f: f.on.earliest)
    found = {f.key: f.text.fr for f in agir.check(method, Dossier((dossier.facts[0], *facts)), at=dt.date(2012, 7, 3)).findings}
    assert (f"CAL008 @ {STEP}" in found) is not waited
