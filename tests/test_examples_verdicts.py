"""The example dossiers, each with what its verdict should say and why."""

import datetime as dt
from pathlib import Path

import pytest

import agir_workflow as agir
from agir_workflow.answers import Report
from agir_workflow.words import Severity, State

EXAMPLES = Path(__file__).parents[1] / "examples"
LATE = dt.date(2014, 1, 1)


def verdict(name: str, at: dt.date) -> Report:
    method, dossier = agir.read_dossier((EXAMPLES / name / "dossier.toml").read_bytes(), agir.load_method)
    return agir.check(method, dossier, at=at)


@pytest.mark.parametrize("month", range(1, 25))
def test_the_witness_conforms_in_every_month_of_its_life(month: int) -> None:
    report = verdict("temoin", dt.date(2011 + (8 + month) // 12, (8 + month) % 12 + 1, 1))
    assert [f.key for f in report.findings if f.state is State.VIOLATED and f.severity is Severity.ERROR] == []


def test_in_its_second_month_only_the_second_month_is_judged() -> None:
    report = verdict("second_month", dt.date(2011, 10, 5))
    assert report.verdict == "conforms"
    assert report.findings == ()
    assert report.coverage.not_yet_due > report.coverage.evaluated


def test_an_abandoned_project_owes_nothing_more() -> None:
    report = verdict("abandoned", LATE)
    assert report.verdict == "conforms"
    assert [f.key for f in report.findings] == []
    assert [n.fr for n in report.notes] == ["Projet abandonné (1er mars 2012) : plus rien n'est attendu"]


def test_a_dropped_theme_owes_nothing_from_its_last_day() -> None:
    report = verdict("two_of_three", LATE)
    assert report.verdict == "conforms", [f.key for f in report.findings]
    assert {t: v for t, v in report.themes} == {"insertion": "conforms", "handicap": "conforms", "precarite": "conforms"}


def test_one_theme_of_three_that_fails_makes_the_whole_partial() -> None:
    method, dossier = agir.read_dossier((EXAMPLES / "temoin" / "dossier.toml").read_bytes(), agir.load_method)
    left = agir.Dossier(tuple(f for f in dossier.facts if f.address != "livrable/plan_action/handicap"))
    report = agir.check(method, left, at=LATE)
    assert report.verdict == "partial"
    assert dict(report.themes) == {"insertion": "conforms", "handicap": "does_not_conform", "precarite": "conforms"}
