"""A longest distance from what was held that nothing ahead can keep: the rest is dated, and the plan names what is broken, as the verdict will."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path

import attrs
import pytest
from edits import EDITS, Edit, edited  # type: ignore[import-not-found]
from test_contested import BLOCKS, ON  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.cli import main
from agir_workflow.dossier import Dossier
from agir_workflow.errors import PlanningError
from agir_workflow.method import Method
from agir_workflow.planning.make import Wishes, _planner, make_problem
from agir_workflow.planning.problem import Solved, Status
from agir_workflow.planning.search import solve
from agir_workflow.requirements import Form, Is
from agir_workflow.when import When
from agir_workflow.words import Curability, State

D, DAY = dt.date, dt.timedelta(days=1)
IN_MARCH = "".join(b for b in map(str, BLOCKS) if (on := ON.search(b)) is None or on[1] <= "2012-03-20")
THEMES = {"gt3/insertion": D(2012, 3, 13), "gt3/handicap": D(2012, 3, 14), "gt3/precarite": D(2012, 3, 15)}
"""Where the third sessions are, and the days of the second; eleven weeks at most lie between."""
MOST = 77 * DAY


@cache
def march() -> tuple[Method, Dossier]:
    return agir.read_dossier(IN_MARCH.encode(), agir.load_method)


@pytest.mark.parametrize("at", [D(2012, 5, 10), D(2012, 5, 28), D(2012, 5, 29), D(2012, 5, 30), D(2012, 5, 31), D(2012, 6, 1), D(2012, 7, 2), D(2013, 3, 1)])
def test_a_late_project_has_a_plan_that_breaks_what_can_no_longer_be_kept(at: dt.date) -> None:
    method, dossier = march()
    found = agir.plan(method, dossier, at=at)
    days = {m.address: m.day for m in found.meetings}
    for address, since in THEMES.items():
        key = f"CAL006 @ {address}"
        told = [t for t in found.assumed if t.fr.startswith(key)]
        assert (key in found.broken) is (days[address] - since > MOST) is bool(told)
        assert all(len(x) <= 160 and day in x for t in told for x, day in ((t.fr, f"{(since + MOST).day} mai 2012"), (t.en, f"{(since + MOST).day} May 2012")))
    late = {f.key for f in agir.check(method, dossier, at=at).findings if f.code == "CAL006" and f.curability is Curability.PERMANENT}
    assert late <= set(found.broken)
    done = Dossier((*dossier.facts, *(agir.facts.hold(x).stamped(agir.Stamp(on=When(days[x]), by="expert")) for x in THEMES)))
    judged = agir.check(method, done, at=found.end)
    assert {f.key for f in judged.findings if f.code == "CAL006"} == {k for k in found.broken if k.startswith("CAL006")}


@pytest.mark.parametrize("at", [D(2012, 5, 10), D(2012, 5, 30), D(2012, 5, 31)])
def test_what_is_past_is_what_the_search_finds_impossible(at: dt.date) -> None:
    """Of each longest distance alone, with all that orders and closes days: there is a plan, or it is past."""
    method, dossier = march()
    planner = _planner(method, dossier, at, Wishes())
    planner.problem(soft=False)
    made = planner._asked(soft=False)
    held = {v.id for v in made.variables if v.status is Status.HELD}
    mins = tuple(attrs.evolve(x, max=None) for x in made.lags if x.min is not None)
    looked = set()
    for lag in (x for x in made.lags if x.max is not None and x.a in held):
        alone = attrs.evolve(made, lags=(*mins, attrs.evolve(lag, min=None)), apart=())
        assert planner.past is not None
        possible = isinstance(solve(alone), Solved)
        assert possible is (lag not in planner.past), lag
        looked.add(possible)
    assert looked == {True, False}


def test_against_a_wish_a_distance_stands() -> None:
    method, dossier = march()
    at, key = D(2012, 5, 21), "CAL006 @ gt3/handicap"
    working = [D(2012, 5, 1) + n * DAY for n in range(400)]
    for member, wish in (("start", {"start": D(2012, 6, 15)}), ("fix @ gt3/handicap", {"fix": {"gt3/handicap": D(2012, 6, 15)}}), ("busy @ salle", {"busy": {"salle": working}})):
        with pytest.raises(PlanningError) as caught:
            agir.plan(method, dossier, at=at, **wish)
        assert any({member, key} <= set(c) for c in caught.value.conflicts), (member, caught.value.conflicts)
    later = agir.plan(method, dossier, at=at, start=D(2012, 6, 15), without=["CAL006"])
    assert not [k for k in later.broken if k.startswith("CAL006")], "what is left out is broken by nobody's plan"
    assert key not in {x.key for x in make_problem(method, dossier, at=D(2012, 7, 2)).lags if x.max is not None}


def test_the_command_says_it_and_succeeds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "late.toml"
    file.write_text(IN_MARCH, encoding="utf-8")
    asked = ["--at", "2012-07-02", "plan", str(file)]
    assert main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {f"CAL006 @ {a}" for a in THEMES} <= set(told["broken"])
    assert main(asked) == 0
    out = capsys.readouterr().out
    assert "CAL006 @ gt3/handicap ne peut plus être tenue (au plus tard le 30 mai 2012)" in out
    assert main(["--lang", "en", *asked]) == 0
    assert "CAL006 @ gt3/handicap can no longer be kept (30 May 2012 at the latest)" in capsys.readouterr().out


TOLD = (Is.PRESENT, Is.COUNT, Is.COVERS, Is.LINKED, Is.AGREED, Is.DELIVERABLE)


@pytest.mark.parametrize("edit", EDITS[::3], ids=lambda e: e.name)
def test_what_was_left_undone_is_a_thing_to_do_and_a_finding(edit: Edit) -> None:
    """The planner and the verdict read the rows by themselves: what one calls overdue the other finds broken, and where telling would mend it, the other way round."""
    method, dossier, at = agir.load_method("agir_ensemble@1"), edited(edit), D(2012, 7, 20)
    found = [f for f in agir.check(method, dossier, at=at).findings if f.state is State.VIOLATED]
    keys = {f"{code} @ {f.subject}" for f in found for code in (f.code, *f.also)}
    late = [t for t in agir.plan(method, dossier, at=at).todos if t.day < at]
    assert all(keys & set(t.because) for t in late), [t for t in late if not keys & set(t.because)]
    told = {(r.code, r.is_) for r in method.requirements if r.is_ in TOLD and r.due.form is not Form.ALWAYS and r.selector("of").word in {f.id for f in method.facets}}
    codes = {code for code, _ in told} - {r.code for r in method.requirements if (r.code, r.is_) not in told}
    assert {f.key for f in found if f.code in codes and f.curability is Curability.REPAIRABLE} <= {k for t in late for k in t.because}


def test_a_pilot_who_came_later_owes_from_that_day() -> None:
    """The verdict dates what is missing from there, the plan asks for it, and is done once it is told."""
    method, dossier = march()
    joined = D(2012, 3, 20)
    club = agir.facts.declare("pilot/club", agir.facts.Declare(label="Club")).stamped(agir.Stamp(on=When(joined), by="lead"))
    dossier, at = Dossier((*dossier.facts, club)), D(2012, 4, 2)
    since = {f.key: f.date for f in agir.check(method, dossier, at=at).findings if "club" in f.subject and f.state is State.VIOLATED}
    assert since["CAD004 @ accord/club"] == since["CAD040 @ pilot/club"] == joined
    late = {f"{t.verb} {t.address}": t.day for t in agir.plan(method, dossier, at=at).todos if t.day < at}
    assert {x: late.get(x) for x in ("agree accord/club", "fill positionnement/club")} == dict.fromkeys(("agree accord/club", "fill positionnement/club"), joined)
    agreed = Dossier((*dossier.facts, agir.facts.agree("accord/club").stamped(agir.Stamp(on=When(at), by="pilotes"))))
    assert "agree accord/club" not in {f"{t.verb} {t.address}" for t in agir.plan(method, agreed, at=at).todos}
