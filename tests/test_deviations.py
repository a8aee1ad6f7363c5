"""One fault, one finding: what strays is told once, with how far; and a note where a day leaves the order open."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import attrs
import pytest
from edits import EDITS, EXAMPLES, LATER, WITNESS, dossier_of, edited_files, judged, method, read  # type: ignore[import-not-found]
from test_cli import fits  # type: ignore[import-not-found]
from test_verification import tiny  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.answers import Finding, Report
from agir_workflow.cli import main
from agir_workflow.facts import Clear, Convene, Declare, Fact, Hold, Merge, Stamp
from agir_workflow.requirements import Due, Form, Is, Requirement
from agir_workflow.values import Record
from agir_workflow.view import view_of
from agir_workflow.views.json_view import report as as_json
from agir_workflow.views.text import report_text
from agir_workflow.views.verdict_html import report_html
from agir_workflow.views.verdict_md import report_md
from agir_workflow.when import When
from agir_workflow.words import Address, Aspect, Code, Curability, Severity, Text, Verb


def held(on: dict[str, dt.date], start: dict[str, dt.time] | None = None) -> agir.Dossier:
    """The witness, all that was told at some addresses on other days; with hours where they are given."""

    def there(fact: agir.facts.Fact) -> agir.facts.Fact:
        if fact.stamp is None or fact.address not in on:
            return fact
        args = fact.args
        if start and fact.verb is Verb.HOLD and isinstance(args, Hold):
            args = attrs.evolve(args, start=start[fact.address], minutes=60)
        return attrs.evolve(fact, args=args, stamp=attrs.evolve(fact.stamp, on=When(on[fact.address])))

    return agir.Dossier(tuple(there(f) for f in dossier_of(WITNESS).facts))


def strayed(report: Report) -> dict[str, Finding]:
    return {f.key: f for f in report.findings if f.deviation}


EARLY = {
    "a third session before the first two": ({"gt3/handicap": dt.date(2012, 2, 1)}, LATER, "EXP004 @ gt3/handicap", "GT3 — Handicap, deux positions trop tôt", ()),
    "the restitution before all sessions": (
        {"plenary/restitution": dt.date(2012, 2, 1)}, LATER, "COP002 @ plenary/restitution", "Réunion de restitution, 12 positions trop tôt", ("COP005", "EXP023", "EXP024"),
    ),
    "the restitution in the second month, seen from there": (
        {"plenary/restitution": dt.date(2011, 10, 20)}, dt.date(2011, 11, 1), "COP002 @ plenary/restitution", "Réunion de restitution, 20 positions trop tôt",
        ("COP005", "EXP003", "EXP023", "EXP024"),
    ),
    "done before its theme was declared": (
        {"activite/contenus/insertion": dt.date(2011, 9, 20)}, LATER, "COP003 @ activite/contenus/insertion", "Préparation des contenus — Insertion des jeunes, deux positions trop tôt", (),
    ),
    "a second session on the eve of the first": ({"gt2/insertion": dt.date(2012, 2, 6)}, LATER, "EXP004 @ gt2/insertion", "GT1 — Insertion des jeunes, une position trop tard", ()),
    "an accord made up while the run goes on": ({"accord/expert": dt.date(2011, 10, 11)}, dt.date(2011, 10, 12), "ORD001 @ accord/expert", "Accord sur le cadre — Expert de la méthode, une position trop tard", ()),
}  # fmt: skip


@pytest.mark.parametrize("name", EARLY)
def test_a_step_held_elsewhere_is_one_finding_however_many_steps_it_passed(name: str) -> None:
    days, at, key, said, also = EARLY[name]
    report = agir.check(method(), held(days), at=at)
    found = strayed(report)
    assert list(found) == [key]
    assert (found[key].deviation.fr, found[key].also) == (said, also)  # type: ignore[union-attr]
    assert report.course is not None
    assert report.course.deviations == 1
    # Nothing else speaks of the order: what is left is content, or distances of what was not moved.
    assert {f.code for f in report.findings if f.severity is Severity.ERROR and f.key != key} <= {"LIV001", "LIV003", "PRE007"}


def test_making_up_a_step_never_makes_it_worse() -> None:
    """Before it is made up, a step is missing; afterwards it came late; the step that passed it is never the culprit."""
    days = {"accord/expert": dt.date(2011, 10, 11)}
    before, after = (strayed(agir.check(method(), held(days), at=dt.date(2011, 10, n))) for n in (10, 12))
    assert list(before) == ["CAD004 @ accord/expert"]
    assert [f.severity for f in after.values()] == [Severity.WARNING]


def test_what_follows_a_step_made_up_is_no_step_too_many() -> None:
    """The restitution came a day before its copil: from then on that is the one deviation, on the day of the follow-up committee too, which was then told as one too many."""
    late = held({"copil/synthese": dt.date(2012, 6, 29), "compte_rendu/copil/synthese": dt.date(2012, 7, 2)})
    for at in (dt.date(2012, 7, 4), dt.date(2012, 12, 13), dt.date(2013, 6, 10), LATER):
        assert list(strayed(agir.check(method(), late, at=at))) == ["COP002 @ plenary/restitution"], at


def of(name: str) -> Report:
    edit = next(e for e in EDITS if e.name == name)
    return judged(edited_files(edit), edit.at)


def test_one_decision_is_one_finding_for_all_that_it_holds_up() -> None:
    report = of("COP003")
    (finding,) = report.findings
    assert finding.instances == ("handicap", "insertion", "precarite")
    assert {v for _, v in report.themes} == {"does_not_conform"}
    assert finding.date == dt.date(2011, 11, 30), "the first step that was taken all the same"


@pytest.mark.parametrize(("name", "code", "also"), [("COP005", "COP005", ("COP006",)), ("EXP024", "EXP023", ("CAL006", "EXP024")), ("EXP004.2", "EXP004", ("CAL006",))])
def test_a_distance_that_one_step_spoils_is_told_with_that_step(name: str, code: str, also: tuple[str, ...]) -> None:
    """The copil that is missing between two, the session that came too late: one finding."""
    (finding,) = of(name).findings
    assert (finding.code, finding.also) == (code, also)


@pytest.mark.parametrize(("name", "said"), [("CAL006", "7 jours après le GT1"), ("CAL006-long", "93 jours après le GT1")])
def test_a_session_too_near_one_neighbour_and_too_far_from_the_other_is_one_finding(name: str, said: str) -> None:
    (finding,) = of(name).findings
    assert finding.key == "CAL006 @ gt2/insertion"
    assert said in finding.text.fr


def test_of_several_sittings_only_the_one_that_strayed_is_told_by_its_deviation_alone() -> None:
    """A first session is held 31 days after its day, a second sitting of it once the group is through, as far from its own: of the first the drift is told."""
    late = held({"gt1/handicap": dt.date(2012, 3, 10)})
    again = Fact(Verb.HOLD, Address("gt1/handicap#2"), Hold(attendance=Record((("associations", 5), ("entreprises", 5)))), Stamp(on=When(dt.date(2012, 7, 16)), by="animateurs"))
    called = Fact(Verb.CONVENE, Address("gt1/handicap#2"), Convene(day=dt.date(2012, 6, 13)), Stamp(on=When(dt.date(2012, 6, 1)), by="animateurs"))
    report = agir.check(method(), agir.Dossier((*late.facts, called, again)), at=LATER)
    assert [f.subject for f in report.findings if f.deviation] == ["gt1/handicap#2"]
    assert [f.subject for f in report.findings if f.code == "CAL008"] == ["gt1/handicap"]


# -- the worst case of a day -----------------------------------------------------------------------------

TIED = dt.date(2012, 2, 8)


def test_steps_of_one_day_are_taken_in_the_best_order_and_the_worst_is_noted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = agir.check(method(), held({"gt1/handicap": TIED, "gt2/handicap": TIED}), at=LATER)
    assert strayed(report) == {}
    (note,) = report.notes
    assert note.fr == "Le même jour (8 février 2012) : GT1 — Handicap, GT2 — Handicap ; dans un autre ordre, ce serait un écart."
    assert note.en == "On one day (8 February 2012): GT1 — Handicap, GT2 — Handicap; in another order, it would be a deviation."
    assert f"note : {note.fr}" in report_text(report, "fr")
    assert note.en in report_md(report, "en")
    assert "GT1 — Handicap, GT2 — Handicap; in another order" in report_html(report, "en")
    assert fits(as_json(report), "agir.report/1")
    assert as_json(report)["notes"] == [{"fr": note.fr, "en": note.en}]
    text = (EXAMPLES / "temoin" / "dossier.toml").read_text(encoding="utf-8").replace('address = "gt2/handicap"\non = 2012-03-14', 'address = "gt2/handicap"\non = 2012-02-08')
    (tmp_path / "dossier.toml").write_text(text, encoding="utf-8")
    main(["--at", "2014-01-01", "check", str(tmp_path / "dossier.toml"), "--format", "json"])
    assert json.loads(capsys.readouterr().out)["notes"][0]["fr"] == note.fr


def test_hours_tell_the_steps_of_a_day_apart() -> None:
    hours = {"gt1/handicap": dt.time(10), "gt2/handicap": dt.time(14)}
    assert agir.check(method(), held(dict.fromkeys(hours, TIED), hours), at=LATER).notes == ()


def test_what_the_tree_leaves_side_by_side_needs_no_note() -> None:
    assert agir.check(method(), held({"gt1/handicap": TIED, "gt1/insertion": TIED}), at=LATER).notes == ()
    for name in ("temoin", "charenton", "hurried", "two_of_three"):
        assert agir.check(method(), read((EXAMPLES / name / "dossier.toml").read_bytes()), at=dt.date(2027, 1, 1)).notes == ()


def test_rough_dates_that_overlap_are_noted_too() -> None:
    rough = held({})
    facts = [attrs.evolve(f, stamp=attrs.evolve(f.stamp, on=When.parse("2012-03"))) if f.address in ("gt2/precarite", "gt3/precarite") and f.verb is Verb.HOLD and f.stamp else f for f in rough.facts]
    (note,) = agir.check(method(), agir.Dossier(tuple(facts)), at=LATER).notes
    assert note.fr.startswith("Dates trop vagues : ")
    assert "GT2 — Précarité, GT3 — Précarité" in note.fr


# -- where no exact alignment can be had -------------------------------------------------------------------


def test_past_the_reach_of_the_aligner_the_position_tells_what_strayed() -> None:
    """A tree of more blocks within each other than are aligned: the figures are refused with a reason, the findings are there."""
    term: object = "n120"
    for n in reversed(range(120)):
        term = ("seq", f"n{n}", term)
    text = Text("{subject}", "{subject}")
    rows = tuple(Requirement(code=Code(f"ORD00{n}"), is_=Is.IN_PROCESS, params=Record((("move", move),)), due=Due(Form.ALWAYS), aspect=Aspect.BEHAVIOURAL, severity=Severity.ERROR,
                             why=text, fix=text, origin="default") for n, move in enumerate(("moved", "skipped"), 1))  # fmt: skip
    deep = attrs.evolve(tiny(term, []), requirements=rows)
    opening = agir.facts.fact(Verb.DECLARE, "dossier", attrs.evolve(dossier_of(WITNESS).head, method=deep.ref, profile="", regime=""))
    told = [agir.facts.fact(Verb.DELIVER, f"step/n{n}") for n in (0, 2, 1, 4)]
    stamped = [f.stamped(agir.Stamp(on=When(dt.date(2012, 1, n)), by="lead")) for n, f in enumerate((opening, *told), 1)]
    report = agir.check(deep, agir.Dossier(tuple(stamped)), at=LATER)
    assert {f.key: f.deviation.en for f in report.findings if f.deviation} == {
        "ORD001 @ step/n1": "X, made up afterwards",
        "ORD002 @ step/n3": "X, skipped",
    }
    assert report.course is not None
    assert report.course.deviations is None
    assert report.course.refused is not None
    assert "within each other" in report.course.refused.en


@pytest.mark.parametrize(("days", "told"), [(-1, True), (0, False), (1, False)])
def test_an_answer_withdrawn_on_the_day_that_it_was_due_stood_till_then(days: int, told: bool) -> None:
    """A day has no order: in the best one the step was taken while the answer stood."""
    dossier = dossier_of(WITNESS)
    due = next(f.on.earliest for f in dossier.facts if f.address == "activite/choix_themes")
    clear = Fact(Verb.CLEAR, Address("cle_succes"), Clear(), Stamp(on=When(due + dt.timedelta(days=days)), by="lead"))
    found = agir.check(method(), agir.Dossier((*dossier.facts, clear)), at=LATER).findings
    assert ("CAD031" in {f.code for f in found}) is told


@pytest.mark.parametrize("day", [dt.date(2012, 2, 8), dt.date(2012, 1, 20)])
def test_a_mid_course_copil_before_the_first_sessions_of_several_groups_is_one_fault(day: dt.date) -> None:
    """It is the copil that came too early, once: told at the first of the groups, for all of them; and so it is from its own day on, whatever session is held later."""
    told = []
    for at in (day, dt.date(2012, 2, 20), LATER):
        report = agir.check(method(), held({"copil/mi_parcours": day}), at=at)
        told.append([(f.key, f.text.fr, f.curability) for f in report.findings if "COP005" in (f.code, *f.also)])
    one = day.month == 2
    first, also = ("Précarité", "") if one else ("Handicap", " (de même : Thématique — Insertion des jeunes, Thématique — Précarité)")
    sentence = f"Thématique — {first} : le copil de mi-parcours se tient avant son GT1{also}."
    assert told == [[(f"COP005 @ theme/{'precarite' if one else 'handicap'}", sentence, Curability.PERMANENT)]] * 3


def test_which_step_strayed_is_said_for_ever_once_something_came_after_it() -> None:
    """An accord made up after its copil: were the copil held again, the first would be the one too many. A dérogation asked for by then might be of the wrong step."""
    told = held({"accord/expert": dt.date(2011, 10, 11)})
    found = [strayed(agir.check(method(), told, at=at))["ORD001 @ accord/expert"] for at in (dt.date(2011, 10, 12), LATER)]
    assert [f.curability for f in found] == [Curability.REPAIRABLE, Curability.PERMANENT]
    assert found[0].fix != found[1].fix
    assert "dérogation" in found[1].fix.fr


@pytest.mark.parametrize(
    ("on", "key"),
    [({"gt2/precarite": dt.date(2012, 2, 8)}, "EXP004 @ gt2/precarite"), ({"gt1/precarite": dt.date(2012, 1, 18)}, "EXP001 @ gt1/precarite")],
)
def test_what_a_group_did_in_the_wrong_order_is_one_fault_even_once_its_theme_was_dropped(on: dict[str, dt.date], key: str) -> None:
    end = Stamp(on=When(dt.date(2012, 3, 29)), by="collectivite")
    told = [f for f in held(on).facts if not f.address.endswith("precarite") or f.on.earliest <= end.on.earliest]
    dropped = agir.Dossier((*told, agir.facts.fact(Verb.END, "theme/precarite").stamped(end)))
    found = [f for f in agir.check(method(), dropped, at=LATER).findings if f.severity is Severity.ERROR]
    assert [f.key for f in found] == [key]
    assert found[0].deviation is not None


def test_what_a_group_did_while_its_theme_was_merged_away_stays_beside_the_run_when_it_is_taken_up_again() -> None:
    """The step was open when the theme ended and is open again: what the engine then lets be held is no step too many, what was held in between is."""
    away, back = dt.date(2011, 12, 6), dt.date(2012, 2, 20)
    told = (agir.facts.fact(Verb.MERGE, "theme/handicap", Merge(into="precarite")), agir.facts.fact(Verb.DECLARE, "theme/handicap", Declare(label="Handicap")))
    moved = tuple(f.stamped(Stamp(on=When(day), by="pilotes")) for f, day in zip(told, (away, back), strict=True))
    said = [f for f in dossier_of(WITNESS).facts if f.on.earliest <= back and not (f.on.earliest > away and f.address == "gt1/handicap")]
    between = agir.facts.hold("gt1/handicap").stamped(Stamp(on=When(dt.date(2012, 2, 14)), by="pilotes"))
    dossier = agir.Dossier((*said, between, *moved))
    assert strayed(agir.check(method(), dossier, at=back))["EXP027 @ gt1/handicap"].curability is Curability.PERMANENT
    after = agir.evolve(method(), dossier, agir.facts.hold("gt1/handicap").stamped(Stamp(on=When(back), by="pilotes")))
    steps = view_of(method(), dossier).position, view_of(method(), after).position
    assert [any(x.leaf == "gt1" and x.inst == ("handicap",) for x in at.to_do()) for at in steps] == [True, False]
    assert [key for key in strayed(agir.check(method(), after, at=back)) if "handicap" in key] == ["EXP027 @ gt1/handicap"]
