"""A launch announced too soon: every reason why not, from the engine and from the command line alike."""

import datetime as dt
import json
from pathlib import Path

import pytest

import agir_workflow as agir
from agir_workflow.answers import Refused
from agir_workflow.cli import main
from agir_workflow.values import Record
from agir_workflow.when import When

FILE = Path(__file__).parents[1] / "examples" / "hurried" / "dossier.toml"

# Read off the file by hand: what the cadre leaves open, who has not agreed, what preparation has not begun.
RULES = {
    ("CAD004", "accord/entreprise", "agreed"),  # one of the two pilots has not agreed
    ("CAD050", "etape", "covers"),  # no stage of evaluation
    ("CAD060", "partie/partie_experimentation", "present"),  # one focus of two
    ("ACT003", "attribution", "covers"),  # the company has no task
    ("ACT004", "partie/partie_preparation", "covers"),  # seven tasks of eight are nobody's
    ("ACT004", "partie/partie_experimentation", "covers"),  # and all five of the second part
    ("ACT010", "membre_copil", "covers"),  # no association on the copil
    ("PRE001", "activite/choix_themes", "decided"),  # the framing copil postponed
    ("PRE007", "theme/mobilite", "count"),
    ("PRE007", "theme/emploi", "count"),  # no group is constituted
    ("LIV001", "livrable/note_enjeux", "deliverable"),
    ("PRE008", "plenary/lancement", "decided"),  # the launch copil has not met
}
STEPS = {
    "copil/themes", "activite/mobilisation/mobilite", "activite/contenus/mobilite", "activite/mobilisation/emploi",
    "activite/contenus/emploi", "activite/synthese_enjeux",
}  # fmt: skip


def test_the_engine_gives_every_reason() -> None:
    method, dossier = agir.read_dossier(FILE.read_bytes(), agir.load_method)
    crowd = agir.facts.Hold(attendance=Record((("associations", 9), ("collectivites", 3), ("entreprises", 9))))
    stamp = agir.Stamp(on=When(dt.date(2026, 3, 2)), by="lead")
    decision = agir.decide(method, dossier, agir.facts.hold("plenary/lancement", crowd).stamped(stamp))
    assert isinstance(decision, Refused)
    assert {(b.code, b.subject, b.is_.value) for b in decision.blockers if b.is_} == RULES
    assert {b.subject for b in decision.blockers if b.code == "state.missing"} == STEPS
    assert len(decision.blockers) == len(RULES) + len(STEPS)
    assert len({b.is_ for b in decision.blockers if b.is_}) >= 5


def test_the_command_says_the_same_and_exits_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", str(FILE), "hold", "plenary/lancement", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["allowed"] is False
    assert {(b["code"], b["subject"], b["is"]) for b in said["blockers"] if b["family"] == "rule"} == RULES
    assert {b["subject"] for b in said["blockers"] if b["family"] == "state"} == STEPS


def test_the_page_calls_every_subject_as_a_person_would() -> None:
    method, dossier = agir.read_dossier(FILE.read_bytes(), agir.load_method)
    day = dt.date(2026, 2, 10)
    plan, report = agir.plan(method, dossier, at=day), agir.check(method, dossier, at=day)
    keys = {key for item in (*plan.meetings, *plan.todos) for key in item.because}
    subjects = {subject for code, _, subject in (key.partition(" @ ") for key in keys) if code in {r.code for r in method.requirements}}
    assert len(subjects) > 30
    assert subjects - dict(plan.names).keys() == set()
    assert [s for s, name in plan.names if name.fr == s] == []
    page = agir.to_html(plan, report, agir.outlook(method, dossier, by="lead", on=day))
    for word in ("partie", "heading", "pilot", "theme"):
        assert f"{word}/" not in page.lower()
