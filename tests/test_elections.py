"""No public launch nor restitution in the six months before municipal elections: remarked, waited for, planned around."""

import datetime as dt

import attrs
import pytest
from edits import WITNESS, judged, method

import agir_workflow as agir
from agir_workflow.answers import Accepted, Wait
from agir_workflow.facts import Fill
from agir_workflow.readings._days import months_before
from agir_workflow.requirements import Duration
from agir_workflow.when import When
from agir_workflow.words import Address, Verb

TEXT = WITNESS["dossier.toml"].decode()
OVERLAY = """
[method]
name = "territoire"
version = 1
extends = "agir_ensemble@1"
title = { fr = "Version d'un territoire qui vote", en = "Version of a territory that votes" }
default_profile = "territoire"

[[requirements]]
code = "CAL007"
due = "reunion_publique"
before = { profile = "votes" }

[[profiles]]
id = "territoire"
extends = "charenton-2012"
label = { fr = "profil du territoire", en = "the territory's profile" }
votes = [2012-12-02]
origin = "default"
"""


@pytest.mark.parametrize(
    ("length", "vote", "opens"),
    [
        ("6m", "2014-03-23", "2013-09-01"),  # the ban that DOMAIN.md tells of (INT14)
        ("6m", "2012-06-10", "2011-12-01"),
        ("1y", "2014-03-23", "2013-03-01"),
        ("2w", "2014-03-23", "2014-03-09"),
    ],
)
def test_months_are_counted_from_the_first_of_a_month(length: str, vote: str, opens: str) -> None:
    assert months_before(dt.date.fromisoformat(vote), Duration.parse(length)) == dt.date.fromisoformat(opens)


@pytest.mark.parametrize(
    ("vote", "told"),
    [("2012-12-02", True), ("2013-01-06", False), ("2012-06-27", False), ("2012-06-28", True)],  # the restitution is on 28 June 2012
)
def test_the_verdict_tells_a_public_meeting_too_near_a_vote(vote: str, told: bool) -> None:
    files = WITNESS | {"dossier.toml": TEXT.replace("date_copil = [", f"election = [{vote}]\ndate_copil = [").encode()}
    found = [f for f in judged(files, dt.date(2014, 1, 1)).findings if f.code == "CAL007"]
    assert [f.subject for f in found if f.subject == "plenary/restitution"] == ["plenary/restitution"] * told
    assert all("6 months before" in f.text.en for f in found)


def eve(*, vote: dt.date) -> agir.Dossier:
    """The witness on the eve of its restitution, where the day of a vote is told."""
    whole = agir.read_dossier(TEXT.encode(), agir.load_method)[1].as_of(dt.date(2012, 6, 27))
    stamp = agir.Stamp(on=When(dt.date(2011, 9, 12)), by="collectivite")
    return agir.Dossier((*whole.facts, agir.facts.Fact(Verb.FILL, Address("election"), Fill(value=(When(vote),)), stamp)))


def test_the_guard_remarks_it_and_says_until_when() -> None:
    dossier = eve(vote=dt.date(2012, 9, 16))
    asked = next(f for f in agir.read_dossier(TEXT.encode(), agir.load_method)[1].facts if (f.verb, f.address) == (Verb.HOLD, "plenary/restitution"))
    decision = agir.decide(method(), dossier, asked)
    assert isinstance(decision, Accepted)
    remarks = [b for b in decision.notices if b.code == "CAL007"]
    assert [(b.subject, b.lifts) for b in remarks] == [("plenary/restitution", (Wait(dt.date(2012, 9, 17)),))]


def test_the_planner_leaves_those_months_out() -> None:
    days = {}
    for vote in (dt.date(2012, 9, 16), dt.date(2015, 1, 1)):
        plan = agir.plan(method(), eve(vote=vote), at=dt.date(2012, 6, 27))
        days[vote] = next(m for m in plan.meetings if m.address == "plenary/restitution")
    assert days[dt.date(2012, 9, 16)].day > dt.date(2012, 9, 16) > days[dt.date(2015, 1, 1)].day
    assert "CAL007 @ plenary/restitution" in days[dt.date(2012, 9, 16)].because


def test_an_overlay_may_give_the_day_itself() -> None:
    own = agir.read_method(OVERLAY.encode(), "territoire.toml")
    dossier = agir.read_dossier(TEXT.encode(), agir.load_method)[1]
    opening = dossier.facts[0]
    under = agir.Dossier((attrs.evolve(opening, args=attrs.evolve(dossier.head, profile="territoire")), *dossier.facts[1:]))
    assert [f.key for f in agir.check(own, under, at=dt.date(2014, 1, 1)).findings if f.code == "CAL007"] == ["CAL007 @ plenary/restitution"]


def test_days_and_how_long_before_them_come_together() -> None:
    wrong = OVERLAY.replace("votes = [2012-12-02]", 'votes = ["soon"]')
    with pytest.raises(agir.errors.MethodError, match="votes"):
        agir.read_method(wrong.encode(), "territoire.toml")
