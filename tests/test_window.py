"""A row that wants a step within a period: what it refuses, where it is planned, what the verdict says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from test_story import charenton  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.answers import Ask, Refused, Wait
from agir_workflow.errors import PlanningError
from agir_workflow.facts import Convene, Move, Stamp, fact
from agir_workflow.view import view_of
from agir_workflow.when import When
from agir_workflow.words import Address, Verb

STAGES = Path(__file__).parents[1] / "examples" / "stage_gate"
ROW = ('    { code = "X1", is = "window", of = "market_debut", each = "market_debut", in = "2026-S2", not_in = { profile = "closed" }, due = "market_debut", aspect = "temporal", severity = "error", origin = "default", '
       'why = { fr = "{subject} : {value}, {missing}.", en = "{subject}: {value}, {missing}." }, fix = { fr = "x", en = "x" } },\n')  # fmt: skip
STAGED = (STAGES / "method.toml").read_text(encoding="utf-8")
METHOD = agir.read_method(STAGED.replace("requirements = [\n", "requirements = [\n" + ROW).encode())
STRICT = agir.read_method(STAGED.replace("requirements = [\n", "requirements = [\n" + ROW.replace('due = "market', 'derogable = false, due = "market')).encode())
HEAD = '[dossier]\nid = "lamp"\nstart = 2026-03-02\nmethod = "m"\n[[module]]\nid = "optics"\n'


def dossier(text: str = "", method: agir.Method = METHOD) -> agir.Dossier:
    return agir.read_dossier((HEAD + text).encode(), lambda _: method)[1]


def asked(day: dt.date, method: agir.Method = METHOD) -> tuple[object, ...]:
    found = agir.decide(method, dossier(method=method), agir.facts.hold("debut").stamped(Stamp(on=When(day), by="gatekeeper")))
    assert isinstance(found, Refused)
    return tuple(x for b in found.blockers if b.code == "X1" for x in (*b.lifts, b.permanent))


def test_before_it_one_has_to_wait_and_after_it_a_derogation_helps_or_nothing() -> None:
    assert asked(dt.date(2026, 6, 1))[0] == Wait(dt.date(2026, 7, 1))
    assert asked(dt.date(2026, 8, 15))[0] == Wait(dt.date(2026, 8, 17))  # a holiday of the period, then a Sunday
    assert asked(dt.date(2026, 9, 1)) == ()
    late = asked(dt.date(2027, 1, 4))
    assert late == (Ask(Verb.HOLD, Address("gate/screening")), None)  # the body that may take a dérogation has to sit first
    never = asked(dt.date(2027, 1, 4), STRICT)
    assert len(never) == 1
    assert never[0] is not None


def test_it_is_planned_within() -> None:
    plan = agir.plan(METHOD, dossier(), at=dt.date(2026, 3, 2))
    assert next(m.day for m in plan.meetings if m.address == "debut") == dt.date(2026, 7, 1)


def test_the_verdict_says_what_lay_outside() -> None:
    def told(day: str) -> list[str]:
        done = dossier(f'[[facts]]\nfact = "hold"\naddress = "debut"\non = {day}\nby = "gatekeeper"\n')
        assert view_of(METHOD, done).sittings
        return [f.text.en for f in agir.check(METHOD, done, at=dt.date(2027, 3, 1)).findings if f.code == "X1"]

    assert told("2026-06-30") == ["Market debut: 30 June 2026, outside 2026-S2."]
    assert told("2026-07-02") == []
    assert told("2026-07-14") == ["Market debut: 14 July 2026, public holiday."]


@pytest.mark.parametrize(("day", "told"), [("2012-04-08", True), ("2012-04-04", False)])  # Easter Sunday; a Wednesday
@pytest.mark.parametrize("verb", [Verb.CONVENE, Verb.MOVE])
def test_a_meeting_that_is_called_or_moved_to_a_closed_day_is_remarked_while_another_may_be_chosen(verb: Verb, day: str, told: bool) -> None:
    method, dossier = charenton()
    asked = Convene(day=dt.date.fromisoformat(day)) if verb is Verb.CONVENE else Move(day=dt.date.fromisoformat(day))
    command = fact(verb, "copil/synthese", asked).stamped(agir.Stamp(on=When.parse("2012-04-02"), by="collectivite"))
    decision = agir.decide(method, dossier.as_of(dt.date(2012, 4, 2)), command)
    assert isinstance(decision, agir.Accepted)
    assert [b.code for b in decision.notices if b.code != "COP007"] == ["CAL007"] * told  # of the notice see test_notice


ABOLITION = [("America/Cayenne", dt.date(2025, 6, 10)), ("America/Guadeloupe", dt.date(2024, 5, 27)), ("Indian/Mayotte", dt.date(2026, 4, 27)), ("Indian/Reunion", dt.date(2024, 12, 20))]


@pytest.mark.parametrize(("zone", "day"), ABOLITION)
def test_a_territory_overseas_has_its_own_public_holidays(zone: str, day: dt.date) -> None:
    """By its zone alone: a project lead there says where it is, and no profile. The same for who asks, who plans and who judges."""
    for there, free in ((zone, False), ("Europe/Paris", True)):
        text = f'[dossier]\nstart = {day}\nzone = "{there}"\n[[theme]]\nid = "t"\n'
        method, found = agir.read_dossier(text.encode(), agir.load_method)
        held = agir.facts.hold("copil/cadrage").stamped(Stamp(on=When(day), by="lead"))
        assert ("CAL007" not in {b.code for b in agir.why_not(method, found, held)} | {b.code for b in agir.record(method, found, held).deviations}) is free  # type: ignore[union-attr]
        told = agir.evolve(method, found, held)
        assert ("CAL007 @ copil/cadrage" not in {f.key for f in agir.check(method, told, at=day).findings}) is free
        early = day - dt.timedelta(days=60)
        if not free:
            with pytest.raises(PlanningError) as caught:
                agir.plan(method, found, at=early, start=early, fix={"copil/cadrage": day})
            assert ("CAL007 @ copil/cadrage", "fix @ copil/cadrage") in caught.value.conflicts
        else:
            fixed = agir.plan(method, found, at=early, start=early, fix={"copil/cadrage": day})
            assert day in {m.day for m in fixed.meetings}
