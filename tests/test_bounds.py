"""Rules just inside and just outside of their bounds, where the bound is easily read wrongly."""

from __future__ import annotations

import datetime as dt

import pytest
from edits import LATER, WITNESS, In, Put, edited_text, method, read  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.words import Curability

TEXT = WITNESS["dossier.toml"].decode()


def told(text: str, *codes: str, at: dt.date = LATER) -> list[tuple[str, str]]:
    """The findings under some codes: their keys and severities."""
    return [(f.key, f.severity.value) for f in agir.check(method(), read(text), at=at).findings if f.code in codes]


def shared_by(*tasks: str) -> str:
    """The witness, with more lines in the table of who does what."""
    return TEXT.replace("attribution = [\n", "attribution = [\n" + "".join(f"    {t},\n" for t in tasks), 1)


def test_one_pilot_in_charge_on_both_axes_is_one_in_charge() -> None:
    again = '{ tache = "inviter", pilote = "collectivite", axe = "contenu" }'
    other = '{ tache = "inviter", pilote = "entreprise", axe = "contenu" }'
    assert told(shared_by(again), "ACT005") == []
    assert told(shared_by(again, other), "ACT005") == [("ACT005 @ attribution", "warning")]


GT1 = ("hold", "gt1/handicap", 'agenda = ["etat_des_lieux", "temoignage", "situation_territoriale", "echanges"]', 'agenda = ["etat_des_lieux", "situation_territoriale", "echanges"]')
SHORT = edited_text(TEXT, In(*GT1))


@pytest.mark.parametrize(("second", "lacks"), [('["temoignage"]', []), ('["echanges"]', ["EXP010 @ gt1/handicap"]), ("[]", ["EXP010 @ gt1/handicap"])])
def test_a_session_covers_its_agenda_over_its_sittings(second: str, lacks: list[str]) -> None:
    again = Put("hold", "gt1/handicap#2", "2012-02-16", f'by = "animateurs"\nattendance = {{ associations = 5, entreprises = 4 }}\nagenda = {second}')
    text = edited_text(SHORT, again)
    assert [key for key, _ in told(text, "EXP010")] == lacks
    assert [key for key, _ in told(text, "EXP010", at=dt.date(2012, 2, 15))] == ["EXP010 @ gt1/handicap"]


MID = (In("hold", "copil/mi_parcours", "on = 2012-03-29", "on = {day}"), In("convene", "copil/mi_parcours", "day = 2012-03-29", "day = {day}"))


@pytest.mark.parametrize(("day", "late"), [("2012-06-01", False), ("2012-06-04", True), ("2012-06-27", True), ("2012-06-29", True)])
def test_a_mid_course_copil_that_is_late_weighs_no_more_than_none(day: str, late: bool) -> None:
    """The synthesis is of 1 June 2012, the restitution of the 28th."""
    text = edited_text(TEXT, *(In(s.fact, s.address, s.old, s.new.format(day=day)) for s in MID))
    found = agir.check(method(), read(text), at=LATER).findings
    assert [(f.key, f.severity.value) for f in found if "COP005" in (f.code, *f.also)] == [("COP005 @ activite/synthese", "warning")] * late
    assert not [f.key for f in found if f.severity.value == "error"]


@pytest.mark.parametrize(("until", "said"), [("2013-12-31", True), ("2014-01-01", True), ("2014-01-31", True), ("2014-02-01", False)])
def test_an_end_within_thirty_days_is_told(until: str, said: bool) -> None:
    few = In("hold", "gt2/handicap", "associations = 4, collectivites = 1, entreprises = 4", "associations = 4, entreprises = 3")
    lift = Put("derogate", "gt2/handicap", "2012-03-29", f'by = "collectivite"\ncode = "EXP006"\nreason = "petit groupe"\ncopil = "copil/mi_parcours"\nuntil = {until}')
    assert told(edited_text(TEXT, few, lift), "MET004") == [("MET004 @ EXP006@gt2/handicap", "warning")] * said


def test_an_entry_that_came_late_came_late_for_good() -> None:
    late = In("hold", "gt2/precarite", 'by = "animateurs"', 'by = "animateurs"\nrecorded = 2012-04-16T10:00:00Z')
    found = agir.check(method(), read(edited_text(TEXT, late)), at=LATER).findings
    assert [(f.code, f.curability) for f in found] == [("PRV005", Curability.PERMANENT)]


DANGLING = {
    "CAD006 @ revision": ("2011-10-13", In("fill", "revision", 'copil = "copil/themes"', 'copil = "copil/synthese"'), "2012-03-01"),
    "ACT007 @ theme/insertion": ("2012-05-15", In("fill", "action/insertion", 'responsable = "entreprise pilote"', 'responsable = "personne"'), "2014-01-01"),
    "ACT014 @ theme/handicap": ("2012-07-10", Put("end", "theme/handicap", "2012-07-10", 'by = "collectivite"'), "2014-01-01"),
    "ACT014 @ pilot/club": ("2012-02-01", Put("declare", "pilot/club", "2012-02-01", 'by = "lead"\nlabel = "Club"\nattributes = { college = "entreprises" }'), "2014-01-01"),
    "ACT014 @ pilot/expert": ("2013-02-01", Put("end", "pilot/expert", "2013-02-01", 'by = "pilotes"'), "2014-01-01"),
}


@pytest.mark.parametrize("key", DANGLING)
def test_what_is_due_always_says_since_when_it_does_not_hold(key: str) -> None:
    since, step, at = DANGLING[key]
    found = agir.check(method(), read(edited_text(TEXT, step)), at=dt.date.fromisoformat(at)).findings
    assert [str(f.date) for f in found if f.key == key] == [since]


def test_a_session_held_too_often_is_told_since_the_one_too_many() -> None:
    again = [Put("hold", f"gt1/handicap#{n}", f"2012-02-{14 + n}", 'by = "animateurs"\nattendance = { associations = 5, entreprises = 4 }') for n in (2, 3)]
    found = agir.check(method(), read(edited_text(TEXT, *again)), at=LATER).findings
    assert [str(f.date) for f in found if f.code == "EXP005"] == ["2012-02-17"]


@pytest.mark.parametrize(("day", "short"), [("2011-10-13", False), ("2011-10-14", True)])
def test_a_reminder_takes_nothing_from_a_notice_sent_in_time(day: str, short: bool) -> None:
    """The copil of 13 October was called on the 3rd; told again for that day, it is as it was, and for another day it is called anew."""
    again = Put("convene", "copil/themes", "2011-10-11", f'by = "collectivite"\nday = {day}')
    assert told(edited_text(TEXT, again), "COP007") == [("COP007 @ copil/themes", "warning")] * short
