"""What a coordinator would be contested on: the verdict on edited witnesses, each read with the rule book in hand."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from edits import WITNESS, Cut, In, Put, Step, edited_text, method, read

import agir_workflow as agir
from agir_workflow.answers import Accepted
from agir_workflow.catalogue import catalogue, rule_of
from agir_workflow.facts import Hold, hold
from agir_workflow.values import Record
from agir_workflow.views.rules import explanation
from agir_workflow.views.text import report_text
from agir_workflow.views.verdict_html import report_html
from agir_workflow.views.verdict_md import report_md
from agir_workflow.when import When
from agir_workflow.words import Curability, Severity, State

LAUNCH = In("hold", "copil/lancement", 'decision = "go"\n', "")
AUTUMN = "2012-09-01"
BLOCKS = re.split(r"(?m)^(?=\[\[facts\]\])", WITNESS["dossier.toml"].decode())
ON = re.compile(r"(?m)^on = (\S+)")


def report(at: str, *steps: Step, regime: str = "usage") -> agir.Report:
    text = edited_text(WITNESS["dossier.toml"].decode(), *steps).replace('regime = "usage"', f'regime = "{regime}"')
    return agir.check(method(), read(text), at=dt.date.fromisoformat(at))


def told(at: str, *steps: Step, regime: str = "usage") -> dict[str, agir.Finding]:
    return {f.key: f for f in report(at, *steps, regime=regime).findings}


# -- a rule that should speak -------------------------------------------------------------------------


def test_a_copil_held_without_a_decision_noted_is_found_once_its_minutes_are_due() -> None:
    assert told("2011-12-16", LAUNCH) == {}
    found = told("2012-01-10", LAUNCH)
    assert list(found) == ["COP003 @ copil/lancement"]
    assert found["COP003 @ copil/lancement"].curability is Curability.REPAIRABLE
    after = told("2012-02-01", LAUNCH)
    assert list(after) == ["COP003 @ copil/lancement"], "the launch that waits for it is the same fault"
    assert "PRE008" in after["COP003 @ copil/lancement"].also
    later = Put("decide", "copil/lancement", "2011-12-09", 'by = "lead"\nvalue = "go"')
    assert told("2012-01-10", LAUNCH, later) == {}


def test_a_copil_without_quorum_owes_no_decision() -> None:
    alone = In("hold", "copil/lancement", "associations = 2, collectivites = 2, entreprises = 2, experts = 1", "collectivites = 2")
    found = told("2012-01-10", LAUNCH, alone, regime="crpa")
    assert "COP008 @ copil/lancement" in found
    assert not [k for k in found if k.startswith("COP003")]


# -- a rough date -------------------------------------------------------------------------------------


def rough(address: str, on: str, to: str) -> In:
    return In("hold", address, f"on = {on}", f'on = "{to}"')


@pytest.mark.parametrize(("planned", "state"), [("2012-02-20", State.UNDETERMINED), ("2012-02-15", None), ("2012-04-02", State.VIOLATED)])
def test_a_rough_day_may_lie_on_either_side_of_the_planned_one(planned: str, state: State | None) -> None:
    plan = In("adopt", "plan", '"gt1/handicap", day = 2012-02-08', f'"gt1/handicap", day = {planned}')
    found = told(AUTUMN, rough("gt1/handicap", "2012-02-08", "2012-02"), plan).get("CAL008 @ gt1/handicap")
    assert (found.state if found else None) is state


def test_a_rough_date_is_told_with_both_its_distances_and_asks_to_be_refined() -> None:
    both = told(AUTUMN, rough("gt1/insertion", "2012-02-07", "2012-02"), rough("gt2/insertion", "2012-03-13", "2012-03"))
    found = both["CAL006 @ gt2/insertion"]
    assert (found.state, found.value) == (State.UNDETERMINED, "1–59 days")
    assert {f.fix.fr for f in both.values() if f.state is State.UNDETERMINED} == {"Préciser la date trop vague."}


def test_a_month_that_is_closed_as_a_whole_is_closed_whatever_the_day() -> None:
    found = told("2012-10-01", rough("plenary/restitution", "2012-06-28", "2012-08"))["CAL007 @ plenary/restitution"]
    assert (found.state, "mois d'août" in found.text.fr) == (State.VIOLATED, True)
    assert told(AUTUMN, rough("plenary/restitution", "2012-06-28", "2012-06"))["CAL007 @ plenary/restitution"].state is State.UNDETERMINED


def test_a_note_on_rough_dates_counts_the_names_for_which_it_has_no_room() -> None:
    told = [n for n in report("2012-01-10", rough("copil/lancement", "2011-12-08", "2011-12")).notes if n.fr.startswith("Dates trop vagues")]
    assert told
    for note in told:
        assert note.fr.endswith("ce serait un écart."), note.fr
        assert len(note.fr) <= 160


# -- one fault, one finding ---------------------------------------------------------------------------


def test_of_one_lack_the_graver_row_of_a_code_hides_the_other() -> None:
    cuts = [Cut(verb, f"{kind}/{who}") for who in ("elu-1", "elu-2") for verb, kind in (("deliver", "entretien"), ("deliver", "compte_rendu_entretien"))]
    before, after = told("2012-02-01", *cuts), told("2012-03-01", *cuts)
    assert {k: f.severity for k, f in before.items()} == {"PRE002 @ plenary/lancement": Severity.WARNING}
    assert {k: f.severity for k, f in after.items()} == {f"PRE002 @ gt1/{t}": Severity.ERROR for t in ("insertion", "handicap", "precarite")}


def test_a_distance_across_a_skipped_copil_is_that_fault_on_every_day() -> None:
    papers = [Cut("deliver", f"{p}/copil/lancement") for p in ("compte_rendu", "releve_decisions")]
    skipped = (Cut("hold", "copil/lancement"), Cut("convene", "copil/lancement"), *papers)
    for at in ("2012-03-01", "2012-04-10"):
        found = told(at, *skipped)
        assert list(found) == ["PRE008 @ plenary/lancement"], at
        assert "COP006" in found["PRE008 @ plenary/lancement"].also


# -- what is said ------------------------------------------------------------------------------------


def test_no_notice_is_not_a_notice_of_no_days() -> None:
    found = told("2011-12-20", Cut("convene", "copil/lancement"))["COP007 @ copil/lancement"]
    assert (found.value, "aucune convocation" in found.text.fr) == (None, True)
    here = read(edited_text(WITNESS["dossier.toml"].decode(), Cut("convene", "copil/lancement"))).as_of(dt.date(2011, 12, 7))
    there = Hold(attendance=Record((("associations", 2), ("collectivites", 2), ("entreprises", 2))))
    asked = agir.decide(method(), here, hold("copil/lancement", there).stamped(agir.Stamp(on=When(dt.date(2011, 12, 8)), by="collectivite")))
    assert isinstance(asked, Accepted)
    assert any(b.code == "COP007" and "aucune convocation" in b.text.fr for b in asked.notices)


def test_a_decision_that_is_waited_for_says_how_it_stands() -> None:
    gone = told("2012-02-01", *(Cut(v, f"{a}copil/lancement") for v, a in (("hold", ""), ("convene", ""), ("deliver", "compte_rendu/"), ("deliver", "releve_decisions/"))))
    assert "(Copil de lancement : séance non tenue)" in gone["PRE008 @ plenary/lancement"].text.fr
    refused = told("2012-02-01", In("hold", "copil/lancement", '"go"', '"no_go"'))
    assert "(Copil de lancement : refus)" in refused["PRE008 @ plenary/lancement"].text.fr


def test_no_sentence_has_an_empty_place() -> None:
    """Closed in September: what comes after the restitution was left out, and nothing came before it too early."""
    text = edited_text(WITNESS["dossier.toml"].decode(), Put("close", "dossier", "2012-08-15", 'by = "lead"'))
    closed = agir.check(method(), read(text), at=dt.date.fromisoformat(AUTUMN))
    assert "ORD002 @ activite/evaluation" in {f.key for f in closed.findings}
    assert not [f.text.fr for f in closed.findings if "…" in f.text.fr]


def test_what_no_copil_may_lift_is_not_sent_to_one() -> None:
    nobody = In("hold", "gt1/handicap", "associations = 5, collectivites = 1, entreprises = 4", "")
    found = told(AUTUMN, nobody)["PRV001 @ gt1/handicap"]
    assert (found.derogable, found.curability) == (False, Curability.REPAIRABLE), "a list can still be attached"
    early = report("2012-02-01", Cut("deliver", "compte_rendu/copil/themes"), In("hold", "copil/themes", '"go"', '"no_go"'))
    order = next(f for f in early.findings if f.code == "COP003")
    assert (order.derogable, order.curability) == (False, Curability.PERMANENT)
    line = report_text(early, "fr").split(order.fix.fr)[1].split("\n")[0]
    assert "dérogation" not in line


def test_a_derogation_is_told_with_its_copil_its_reason_and_its_end() -> None:
    few = In("hold", "gt1/handicap", "associations = 5, collectivites = 1, entreprises = 4", "associations = 2, entreprises = 2")
    body = 'by = "lead"\ncode = "EXP006"\nreason = "petit territoire"\ncopil = "copil/mi_parcours"\nuntil = 2013-01-31'
    allowed = report(AUTUMN, few, Put("derogate", "gt1/handicap", "2012-03-29", body))
    assert [f.mark for f in allowed.findings] == ["derogated"]
    for page in (report_text(allowed, "fr"), report_md(allowed, "fr"), report_html(allowed, "fr")):
        words = html.unescape(page).replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")
        assert "Dérogation (Copil de mi-parcours)" in words
        assert "otif : petit territoire ; jusqu'au jeudi 31 janvier 2013" in words


@pytest.mark.parametrize("subject", ["gt1/handicapp", "copil/lancement"])
def test_a_derogation_at_a_subject_that_its_rule_never_reads_says_so(subject: str) -> None:
    body = 'by = "lead"\ncode = "EXP006"\nreason = "petit territoire"\ncopil = "copil/mi_parcours"'
    found = told(AUTUMN, Put("derogate", subject, "2012-03-29", body))
    assert "ne se juge pas à ce sujet" in found[f"MET001 @ EXP006@{subject}"].text.fr
    assert ("gt1/handicap)" in found[f"MET001 @ EXP006@{subject}"].text.fr) is (subject == "gt1/handicapp")
    met = told(AUTUMN, Put("derogate", "gt1/handicap", "2012-03-29", body))
    assert "satisfaite sans elle" in met["MET001 @ EXP006@gt1/handicap"].text.fr


def test_a_derogation_of_what_cannot_be_told_lifts_the_doubt_and_is_not_stale() -> None:
    """Held some day of February, planned on the 20th: too far from it or not, and the copil allowed that."""
    plan = In("adopt", "plan", '"gt1/handicap", day = 2012-02-08', '"gt1/handicap", day = 2012-02-20')
    body = 'by = "lead"\ncode = "CAL008"\nreason = "salle fermée"\ncopil = "copil/mi_parcours"'
    found = told(AUTUMN, rough("gt1/handicap", "2012-02-08", "2012-02"), plan, Put("derogate", "gt1/handicap", "2012-03-29", body))
    assert found["CAL008 @ gt1/handicap"].mark == "derogated"
    assert not [key for key in found if key.startswith("MET")]


def test_a_project_that_rests_is_late_with_nothing() -> None:
    """Suspended on 21 March, with the third sessions to come: as long as it rests, nobody is overdue."""
    texts = [f"{b}" for b in BLOCKS if (on := ON.search(b)) is None or on[1] <= "2012-03-20"]
    rests = Put("suspend", "dossier", "2012-03-21", 'by = "lead"')
    for more, late in ((rests,), False), ((), True):
        seen = agir.check(method(), read(edited_text("".join(texts), *more)), at=dt.date(2012, 6, 10))
        assert bool([f.key for f in seen.findings if f.code == "CAL006"]) is late


def test_a_void_derogation_names_its_copil_as_people_do() -> None:
    few = In("hold", "gt1/handicap", "associations = 5, collectivites = 1, entreprises = 4", "associations = 2, entreprises = 2")
    body = 'by = "lead"\ncode = "EXP006"\nreason = "petit territoire"\ncopil = "copil/lancement"'
    found = told(AUTUMN, few, Put("derogate", "gt1/handicap", "2012-03-29", body))["MET003 @ EXP006@gt1/handicap"]
    assert "cette séance est antérieure au fait (Copil de lancement)" in found.text.fr


def test_a_rule_of_several_rows_is_explained_with_the_source_of_each_and_the_numbers_of_the_regimes() -> None:
    rules = catalogue(method())
    both = explanation(method(), rule_of(rules, "CAL007"), None, "fr")
    assert "choix par défaut de la méthode" in both
    assert "Ministère de l'intérieur" in both
    notice = explanation(method(), rule_of(rules, "COP007"), None, "fr")
    assert "notice = 7d (usage ; choix par défaut de la méthode" in notice, "the seven days are nobody's law"
    assert "5d (cgct ; usage : Code général" in notice


def test_a_number_says_whose_it_is_where_its_rule_follows_another_text() -> None:
    """The decree that a notice follows says five days; seven are house usage's own, and nobody's law."""
    late = report("2011-12-20", In("convene", "copil/lancement", "on = 2011-11-28", "on = 2011-12-05"))
    for page in (report_text(late, "fr"), report_md(late, "fr"), report_html(late, "fr")):
        words = " ".join(html.unescape(page).replace("\u00a0", " ").replace("\u202f", " ").split())
        assert "7 jours (régime usage : choix par défaut de la méthode" in words
    council = report("2011-12-20", In("convene", "copil/lancement", "on = 2011-11-28", "on = 2011-12-05"), regime="crpa")
    assert [f.number for f in council.findings if f.code == "COP007"] == [None], "there the number is the decree's"


def test_a_number_of_a_territory_is_its_own_and_of_no_text_that_its_rule_follows() -> None:
    own = b"""
[method]
name = "vallee"
version = 1
extends = "agir_ensemble@1"
title = { fr = "Vall\xc3\xa9e", en = "Valley" }

[[profiles]]
id = "vallee"
extends = "rameau-default"
label = { fr = "vall\xc3\xa9e", en = "valley" }
copil_max = "1m"
origin = "default"
"""
    dossier = read(edited_text(WITNESS["dossier.toml"].decode()).replace('profile = "charenton-2012"', 'profile = "vallee"'), agir.read_method(own))
    late = [f for f in agir.check(agir.read_method(own), dossier, at=dt.date(2012, 2, 1)).findings if f.code == "COP006"]
    assert [(f.number[0].fr, f.number[1]) for f in late if f.number] == [("profil vallee", "default")] * 2
    with pytest.raises(agir.errors.MethodError, match="under \\[method\\]"):
        agir.read_method(b'extends = "agir_ensemble@1"\n')
