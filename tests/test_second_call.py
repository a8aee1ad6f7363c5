"""A copil that sat without its quorum: it decides nothing, and a plan dates the second call, on the same agenda."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import agir_workflow as agir
from agir_workflow.answers import Refused
from agir_workflow.dossier import Dossier
from agir_workflow.facts import Convene, Decide, Fact, Hold, fact
from agir_workflow.method import Method
from agir_workflow.readings._plan_quorum import lacking, without_quorum
from agir_workflow.readings.unmet import void
from agir_workflow.values import Record
from agir_workflow.view import view_of
from agir_workflow.when import When
from agir_workflow.words import Address, Verb

SEATS = {"maire": "collectivites", "adjointe": "collectivites", "club": "entreprises", "pme": "entreprises", "asso": "associations", "secours": "associations"}
AGENDA = ("relecture_cadre", "accord_cadre")
CALLED, DAY = dt.date(2026, 9, 8), dt.date(2026, 9, 22)


def started(regime: str) -> tuple[Method, Dossier]:
    """A project whose framing copil is called for the 22nd."""
    seats = "".join(f'    {{ id = "{id}", siege = "{id}", college = "{college}" }},\n' for id, college in SEATS.items())
    text = f"""
[dossier]
id = "d"
method = "agir_ensemble@1"
regime = "{regime}"
start = 2026-09-01
[[pilot]]
id = "club"
college = "entreprises"
[[theme]]
id = "emploi"
[answers]
membre_copil = [
{seats}]
"""
    method, dossier = agir.read_dossier(text.encode(), agir.load_method)
    for told in (fact(Verb.DELIVER, "activite/cadre"), fact(Verb.AGREE, "accord/club"), fact(Verb.CONVENE, "copil/cadrage", Convene(day=DAY))):
        dossier = on(method, dossier, CALLED, told)
    return method, dossier


def on(method: Method, dossier: Dossier, day: dt.date, told: Fact) -> Dossier:
    return agir.evolve(method, dossier, told.stamped(agir.Stamp(on=When(day), by="collectivite")))


def held(address: str = "copil/cadrage", **said: object) -> Fact:
    return fact(Verb.HOLD, address, Hold(agenda=AGENDA, **said))  # type: ignore[arg-type]


def test_the_second_call_is_planned_and_what_is_planned_is_accepted() -> None:
    method, dossier = started("crpa")
    dossier = on(method, dossier, DAY, held(present=("maire", "club")))
    plan = agir.plan(method, dossier, at=DAY + dt.timedelta(days=1))
    again = next(m for m in plan.meetings if m.address == "copil/cadrage#2")
    assert again.status == "planned"
    assert not [t for t in plan.todos if t.verb is Verb.DECIDE]
    assert {t.address for t in plan.todos if t.day < again.day} >= {"copil/cadrage", "compte_rendu/copil/cadrage"}
    gate = next(m for m in plan.meetings if m.address == "copil/themes")
    assert gate.day > again.day
    notice, minutes = (next(t for t in plan.todos if (t.verb, t.address) == x) for x in ((Verb.CONVENE, "copil/cadrage"), (Verb.DELIVER, "compte_rendu/copil/cadrage")))
    steps = [
        (notice.day, fact(Verb.CONVENE, "copil/cadrage", Convene(day=again.day))), (minutes.day, fact(Verb.DELIVER, "compte_rendu/copil/cadrage")),
        (again.day, held("copil/cadrage#2", present=("maire",))), (again.day, fact(Verb.DECIDE, "copil/cadrage#2", Decide(value="go"))),
    ]  # fmt: skip
    for day, command in sorted(steps, key=lambda step: step[0]):
        found = agir.decide(method, dossier, command.stamped(agir.Stamp(on=When(day), by="collectivite")))
        assert not isinstance(found, Refused) or {b.family.value for b in found.blockers} == {"role"}, [b.text.en for b in found.blockers]
        dossier = on(method, dossier, day, command)
    assert "copil/cadrage#3" not in {m.address for m in agir.plan(method, dossier, at=again.day).meetings}


def test_a_decision_told_of_a_sitting_without_quorum_opens_no_gate_in_a_plan() -> None:
    """Told by `record`: it is void for guard and verdict; a plan that took it for a go dated the next copil, which was then refused."""
    method, dossier = started("crpa")
    dossier = on(method, dossier, DAY, held(present=("maire", "club")))
    dossier = on(method, dossier, DAY, fact(Verb.DECIDE, "copil/cadrage", Decide(value="go")))
    after = DAY + dt.timedelta(days=1)
    refused = agir.decide(method, dossier, fact(Verb.DELIVER, "activite/choix_themes").stamped(agir.Stamp(on=When(after), by="collectivite")))
    assert isinstance(refused, Refused)
    assert "PRE001" in {b.code for b in refused.blockers}
    plan = agir.plan(method, dossier, at=after)
    days = {m.address: m.day for m in plan.meetings}
    assert after < days[Address("copil/cadrage#2")] < days[Address("copil/themes")]
    assert ("activite/reprise_cadre", Verb.DELIVER) in {(t.address, t.verb) for t in plan.todos}
    assert "copil/cadrage#2" not in {m.address for m in agir.plan(method, dossier, at=after, without=["COP008"]).meetings}


def test_who_leaves_the_quorum_out_has_the_copil_decide() -> None:
    method, dossier = started("crpa")
    dossier = on(method, dossier, DAY, held(present=("maire", "club")))
    plan = agir.plan(method, dossier, at=DAY, without=["COP008"])
    assert "copil/cadrage#2" not in {m.address for m in plan.meetings}
    assert ("copil/cadrage", Verb.DECIDE) in {(t.address, t.verb) for t in plan.todos}


names = st.lists(st.sampled_from(sorted(SEATS)), unique=True, max_size=4)


@st.composite
def sat(draw: st.DrawFn) -> Hold:
    present = draw(names)
    givers = [x for x in draw(names) if x not in present]
    return Hold(
        agenda=AGENDA[: draw(st.integers(1, 2))], present=tuple(present), withdrawn=tuple(draw(names)) if draw(st.booleans()) else (),
        proxies=Record(tuple((x, draw(st.sampled_from(present))) for x in givers)) if present else Record(),
        attendance=Record((("entreprises", draw(st.integers(0, 4))),)) if not present else Record(),
        mandates=0 if present else draw(st.integers(0, 2)), quorate=draw(st.sampled_from([None, None, None, True, False])),
    )  # fmt: skip


@pytest.mark.parametrize("regime", ["usage", "crpa", "cgct", "leader"])
@settings(max_examples=60, deadline=None)
@given(first=sat(), second=st.none() | sat())
def test_the_planner_counts_a_quorum_as_the_guard_does(regime: str, first: Hold, second: Hold | None) -> None:
    method, dossier = started(regime)
    dossier = on(method, dossier, DAY, Fact(Verb.HOLD, Address("copil/cadrage"), first))
    if second is not None:
        later = DAY + dt.timedelta(days=20)
        dossier = on(method, dossier, DAY + dt.timedelta(days=1), fact(Verb.CONVENE, "copil/cadrage#2", Convene(day=later)))
        dossier = on(method, dossier, later, Fact(Verb.HOLD, Address("copil/cadrage#2"), attrs.evolve(second)))
    view = view_of(method, dossier)
    (history,) = view.sittings.values() if len(view.sittings) == 1 else [h for x, h in view.sittings.items() if x.leaf == "copil_cadrage"]
    assert len(history) == 1 + (second is not None)
    refused = agir.decide(method, dossier, fact(Verb.DECIDE, history[-1].address, Decide(value="go")).stamped(agir.Stamp(on=When(DAY + dt.timedelta(days=20)), by="collectivite")))
    guards = isinstance(refused, Refused) and any(b.code == "COP008" for b in refused.blockers)
    assert (without_quorum(view, history, lambda _: True) is not None) == guards
    assert [lacking(view, history, s, lambda _: True) is not None for s in history[-1:]] == [void(view, s) for s in history[-1:]]
