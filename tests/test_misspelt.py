"""A name that is misspelt in a command is told, with the nearest that is meant, and never passed over."""

from __future__ import annotations

import pytest
from test_practice import on, until

import agir_workflow as agir
from agir_workflow._commands_ask import fact_of
from agir_workflow.answers import Recorded, Refused
from agir_workflow.words import Verb

DAY = "2012-04-02"
MISSPELT = (
    # the command, where it is wrong, and what its answer offers
    (("clear", "enjeu/insertion", "item=e11"), "vouliez-vous dire « e1 »"),
    (("clear", "perimetre", "item=typo"), "connus : Communauté de communes"),
    (("clear", "membre_copil", "item=maire"), "ôter item pour tout retirer"),
    (("convene", "copil/synthese", "day=2012-06-01", "agenda=validation_synthse"), "vouliez-vous dire « validation_synthese »"),
    (("deliver", "compte_rendu/gt1/insertoin"), "vouliez-vous dire « insertion »"),
    (("deliver", "plan_action/insertion"), "vouliez-vous dire « livrable/plan_action/insertion »"),
    (("approve", "cadre"), "vouliez-vous dire « livrable/cadre »"),
    (("hold", "mi_parcours"), "vouliez-vous dire « copil/mi_parcours »"),
    (("hold", "lancement"), "connus : copil/lancement, plenary/lancement"),
    (("deliver", "entretien/elu-11"), "vouliez-vous dire « elu-1 »"),
    (("approve", "compte_rendu/gt1/insertion#8"), "écrire compte_rendu/gt1/insertion"),
    (("correct", "gt1/insertion", "of=20", "on=2012-01-10"), "écrire invitation"),
    (("adopt", "pln"), "vouliez-vous dire « plan »"),
    (("publish", "calender"), "vouliez-vous dire « calendar »"),
    (("declare", "theme/sante", "colour=blue"), "ôter colour"),
)
IDLE = (
    (("derogate", "gt1/insertoin", "code=EXP006", "reason=x", "copil=copil/lancement"), "vouliez-vous dire « gt1/insertion »"),
    (("derogate", "gt1/insertion", "code=CAD001", "reason=x", "copil=copil/lancement"), "CAD001 ne se juge pas à « gt1/insertion »"),
    (("derogate", "gt1/insertion", "code=EXP066", "reason=x", "copil=copil/lancement"), "vouliez-vous dire « EXP0"),
)


def said(line: tuple[str, ...]) -> agir.facts.Fact:
    command = fact_of(line[0], line[1], line[2:], "lead", None)
    return on(DAY, command.verb, command.address, command.args)


@pytest.mark.parametrize(("line", "offered"), MISSPELT, ids=lambda x: " ".join(x[:2]) if isinstance(x, tuple) else "")
def test_a_misspelt_name_is_refused_whether_asked_or_told(line: tuple[str, ...], offered: str) -> None:
    method, dossier = until(DAY)
    for answer in (agir.decide(method, dossier, said(line)), agir.record(method, dossier, said(line))):
        assert isinstance(answer, Refused)
        assert any(offered in b.text.fr for b in answer.blockers if b.family == "input"), [b.text.fr for b in answer.blockers]


@pytest.mark.parametrize(("line", "offered"), IDLE, ids=lambda x: " ".join(x[1:3]) if isinstance(x, tuple) else "")
def test_a_derogation_that_would_lift_nothing_is_refused_and_when_told_remarked(line: tuple[str, ...], offered: str) -> None:
    method, dossier = until(DAY)
    asked, told = agir.decide(method, dossier, said(line)), agir.record(method, dossier, said(line))
    assert isinstance(asked, Refused)
    assert isinstance(told, Recorded)
    for blockers in (asked.blockers, told.deviations):
        assert [offered in b.text.fr for b in blockers if b.code == "input.lift"] == [True]


def test_no_fact_of_a_dossier_is_taken_at_a_misspelt_address() -> None:
    method, dossier = until("2014-01-01")
    for n, fact in enumerate(dossier.facts):
        if n and fact.verb is not Verb.DECLARE:  # which gives a name that nobody bore
            wrong = agir.facts.Fact(fact.verb, agir.words.Address(f"{fact.address}x"), fact.args, fact.stamp)
            assert isinstance(agir.record(method, agir.Dossier(dossier.facts[:n]), wrong), Refused), wrong.address
