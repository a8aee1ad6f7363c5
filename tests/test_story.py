"""Charenton from nothing to closed, command by command: never refused, and the dossier conforms."""

import datetime as dt
from pathlib import Path

import agir_workflow as agir
from agir_workflow.answers import Accepted, Refused
from agir_workflow.dossier import Dossier
from agir_workflow.view import View, corrected, view_of
from agir_workflow.words import Severity, State

EXAMPLES = Path(__file__).parents[1] / "examples"


def charenton() -> tuple[agir.Method, agir.Dossier]:
    return agir.read_dossier((EXAMPLES / "charenton" / "dossier.toml").read_bytes(), agir.load_method)


def test_charenton_from_nothing_to_closed() -> None:
    method, dossier = charenton()
    now = agir.replay(method, dossier.facts[:1])
    for command in corrected(dossier)[1:]:
        decision = agir.decide(method, now, command)
        assert isinstance(decision, Accepted), (command.verb, command.address, [str(b) for b in decision.blockers])
        for event in decision.events:
            now = agir.evolve(method, now, event)
    report = agir.check(method, now, at=dt.date(2014, 1, 1))
    assert report.verdict == "conforms"
    assert {f.key for f in report.findings} == {
        "CAD012 @ chiffre",  # the figures cite notes whose text is lost
        "CAD061 @ partie/partie_evaluation",  # optional, never written
        "EXP006 @ gt3/handicap",  # seven came: «environ 8 à 12»
    }
    again = agir.decide(method, now, agir.facts.hold("gt1/insertion").stamped(agir.Stamp(on=agir.facts.When(dt.date(2014, 1, 2)), by="lead")))
    assert isinstance(again, Refused)
    assert "state.closed" in {b.code for b in again.blockers}


def test_in_its_second_month_a_project_is_judged_on_its_second_month() -> None:
    method, dossier = charenton()
    report = agir.check(method, dossier, at=dt.date(2011, 10, 1))
    assert not [f for f in report.findings if f.state is State.VIOLATED and f.severity is Severity.ERROR]
    assert report.coverage.not_yet_due > report.coverage.evaluated


def test_a_view_carried_over_equals_one_made_anew() -> None:
    method, dossier = charenton()
    now = agir.replay(method, dossier.facts[:1])
    view_of(method, now).position  # noqa: B018  (known, so that it is carried over too)
    for command in corrected(dossier)[1:]:
        now = agir.evolve(method, now, command)
        carried, anew = view_of(method, now), View(method, Dossier(now.facts))
        assert carried.position == anew.position
        for name in ("instances", "planned", "settled", "published", "done_facts", "last"):
            assert getattr(carried, name) == getattr(anew, name), name
        for name in ("sittings", "items", "states"):
            assert {k: v for k, v in getattr(carried, name).items() if v} == {k: v for k, v in getattr(anew, name).items() if v}
