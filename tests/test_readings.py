"""Cases beyond one edit a row: what guard and verdict say must agree, also of second sittings, ends and rough days."""

from __future__ import annotations

import datetime as dt

import pytest
from edits import EDITS, LATER, WITNESS, Cut, Edit, In, Put, Step, edited, edited_text, method, read, without

import agir_workflow as agir
from agir_workflow.answers import Accepted, Recorded, Refused
from agir_workflow.checker_rules import CODE_RULES
from agir_workflow.facts import Fact, Fill, Hold, fact, hold
from agir_workflow.readings.binding import Binding, title_of
from agir_workflow.values import Record
from agir_workflow.view import corrected, view_of
from agir_workflow.when import When
from agir_workflow.words import Family, Severity, State, Text, Verb

HERE = 'by = "collectivite"\nattendance = { associations = 2, collectivites = 2, entreprises = 2 }'
FEW = "associations = 1, collectivites = 1, entreprises = 1"
SEVEN = "associations = 2, collectivites = 2, entreprises = 2, experts = 1"


USAGE = WITNESS["dossier.toml"].decode()
BASES = {"usage": USAGE, "council": USAGE.replace('regime = "usage"', 'regime = "cgct"')}
"""The witness as it is, and under the regime of a municipal council: clear days, and half of the seats."""


def base(name: str) -> agir.Dossier:
    return read(BASES[name])


def found(*steps: Step, name: str = "usage", at: dt.date = LATER) -> dict[str, agir.Finding]:
    """What an edited dossier adds to the findings of its base."""
    before = {f.key for f in agir.check(method(), base(name), at=at).findings}
    report = agir.check(method(), read(edited_text(BASES[name], *steps)), at=at)
    return {f.key: f for f in report.findings if f.key not in before}


def at_eve(address: str, day: str, args: Hold, by: str, name: str = "usage") -> tuple[agir.Dossier, Fact]:
    command = hold(address, args).stamped(agir.Stamp(on=When.parse(day), by=by))
    return base(name).as_of(command.on.earliest - dt.timedelta(days=1)), command


# -- guard and verdict ----------------------------------------------------------------------------------


@pytest.mark.parametrize("edit", EDITS, ids=lambda e: e.name)
def test_what_is_refused_is_found_and_what_is_never_refused_conforms(edit: Edit) -> None:
    """
    Told fact by fact, each error that a requirement would have refused is a finding of the same day;
    a dossier of which nothing would have been refused has no error but of what guards nothing.
    """
    dossier, never = edited(edit), True
    now = agir.Dossier(dossier.facts[:1])
    for event in corrected(dossier)[1:]:
        told = agir.record(method(), now, event)
        assert isinstance(told, Recorded)
        now = agir.evolve(method(), now, event)
        errors = [b for b in told.deviations if b.severity is Severity.ERROR]
        never = never and not errors
        refused = {b.code for b in errors if b.family is Family.RULE}
        if refused:
            report = agir.check(method(), dossier, at=event.on.latest)
            assert refused <= {c for f in report.findings for c in (f.code, *f.also)}, (event.verb, event.address)
    if never:
        wrong = {f.code for f in agir.check(method(), now, at=LATER).findings if f.severity is Severity.ERROR and f.state is State.VIOLATED}
        assert wrong <= {"CAD006", "ACT007", "CAL005", "CAL009", "CAL010", "COP003", *(r.code for r in CODE_RULES)}


# -- decisions --------------------------------------------------------------------------------------------

SECOND_LOOK = (
    Put("deliver", "activite/reprise_preparation", "2011-12-15"),
    Put("convene", "copil/lancement", "2011-12-16", "day = 2012-01-05"),
    Put("deliver", "compte_rendu/copil/lancement#2", "2012-01-06"),
)


def again(value: str) -> Put:
    return Put("hold", "copil/lancement", "2012-01-05", f'{HERE}\nagenda = ["retour_entretiens", "decision_lancement"]\ndecision = "{value}"')


def test_the_last_decision_stands() -> None:
    withdrawn = found(*SECOND_LOOK, again("no_go"))
    assert list(withdrawn) == ["PRE008 @ plenary/lancement"]
    assert "refus" in withdrawn["PRE008 @ plenary/lancement"].text.fr
    assert not found(In("hold", "copil/lancement", 'decision = "go"', 'decision = "no_go"'), *SECOND_LOOK, again("go"))


def test_a_void_decision_opens_nothing() -> None:
    fault = found(In("hold", "copil/lancement", SEVEN, FEW), name="council")
    assert {k: f.also for k, f in fault.items()} == {"COP008 @ copil/lancement": ("PRE008",)}
    dossier = read(edited_text(BASES["council"], In("hold", "copil/lancement", SEVEN, FEW)))
    command = next(f for f in dossier.facts[1:] if (f.verb, f.address) == (Verb.HOLD, "plenary/lancement"))
    blockers = agir.why_not(method(), dossier.as_of(dt.date(2012, 1, 18)), command)
    assert [b.code for b in blockers] == ["PRE008"]
    assert "sans quorum" in blockers[0].text.fr


def test_a_second_call_needs_no_quorum_and_mends_the_first() -> None:
    first = (In("hold", "copil/synthese", SEVEN, FEW), In("hold", "copil/synthese", 'decision = "go"\n', ""))
    second = (
        Put("convene", "copil/synthese", "2012-06-08", "day = 2012-06-19"),
        Put("hold", "copil/synthese", "2012-06-19", f'by = "collectivite"\nattendance = {{ {FEW} }}\nagenda = ["validation_synthese"]\ndecision = "go"'),
        Put("deliver", "compte_rendu/copil/synthese#2", "2012-06-20"),
        Put("submit", "compte_rendu/copil/synthese#2", "2012-06-21"),
        Put("approve", "compte_rendu/copil/synthese#2", "2012-12-13"),
    )
    assert set(found(*first, name="council")) >= {"COP008 @ copil/synthese"}
    assert not found(*first, *second, name="council")


def test_a_second_round_is_no_second_call() -> None:
    """A copil that met with its quorum, said no, and meets again after rework needs its quorum again."""
    fault = found(
        In("hold", "copil/lancement", 'decision = "go"', 'decision = "no_go"'), *SECOND_LOOK,
        Put("hold", "copil/lancement", "2012-01-05", f'by = "collectivite"\nattendance = {{ {FEW} }}\nagenda = ["retour_entretiens", "decision_lancement"]\ndecision = "go"'),
        name="council",
    )  # fmt: skip
    assert "COP008 @ copil/lancement#2" in fault


def test_a_reserve_is_answered_or_carried() -> None:
    reserved = 'decision = "go_with_reserves"\nreserves = ["Revoir la grille"]'
    themes, launch = In("hold", "copil/themes", 'decision = "go"', reserved), In("hold", "copil/lancement", 'decision = "go"', reserved)
    assert list(found(themes)) == ["COP009 @ copil/themes"]
    assert list(found(themes, launch)) == ["COP009 @ copil/lancement"]
    assert not found(themes, Put("settle", "reserve/copil/themes/1", "2011-12-01"))


# -- one fault is one finding -----------------------------------------------------------------------------


def test_a_session_never_held_is_one_finding() -> None:
    fault = found(Cut("hold", "gt2/insertion"), Cut("deliver", "compte_rendu/gt2/insertion"))
    assert {k: f.also for k, f in fault.items()} == {"EXP003 @ gt2/insertion": ("CAL006", "EXP004")}


def test_what_all_themes_lack_is_one_finding_for_all_of_them() -> None:
    fault = found(Cut("hold", "plenary/lancement"), Cut("deliver", "compte_rendu/plenary/lancement"))
    (finding,) = fault.values()
    assert finding.key == "EXP001 @ gt1/insertion", "the first session to begin without it"
    assert finding.instances == ("handicap", "insertion", "precarite")
    assert finding.deviation is not None
    assert finding.deviation.fr == "Réunion de lancement, étape sautée"


def test_two_steps_in_the_wrong_order_have_no_distance() -> None:
    edit = next(e for e in EDITS if e.name == "EXP004")
    assert [f.key for f in agir.check(method(), edited(edit), at=LATER).findings if f.code == "CAL006"] == []


# -- second sittings, ends, what is long in coming -----------------------------------------------------------


def test_a_second_sitting_is_spoken_of_by_its_own_address() -> None:
    crowd = Record((("associations", 5), ("entreprises", 5)))
    points = ("etat_des_lieux", "temoignage", "situation_territoriale", "echanges")
    eve, command = at_eve("gt1/insertion", "2012-02-11", Hold(attendance=crowd, agenda=points), "expert")
    decision = agir.decide(method(), eve, command)
    assert isinstance(decision, Accepted)
    assert {b.key for b in decision.notices} == {"CAL007 @ gt1/insertion#2", "ACT015 @ gt1/insertion#2"}


def ended(name: str, address: str, day: str) -> agir.Report:
    edit = next(e for e in EDITS if e.name == name)
    dossier = agir.evolve(method(), edited(edit), fact(Verb.END, address).stamped(agir.Stamp(on=When.parse(day), by="lead")))
    return agir.check(method(), dossier, at=LATER)


def test_a_dropped_theme_still_owes_what_fell_due_before() -> None:
    """Ending a theme at the end does not wash a group that was never mixed."""
    late = ended("EXP007", "theme/precarite", "2013-06-01")
    assert "EXP007 @ theme/precarite" in {f.key for f in late.findings}
    early = ended("EXP003", "theme/handicap", "2012-04-20")
    assert not [f.key for f in early.findings if f.severity is Severity.ERROR]


def test_a_copil_long_in_coming_is_told_before_it_is_held() -> None:
    none = (Cut("hold", "copil/mi_parcours"), Cut("convene", "copil/mi_parcours"), Cut("deliver", "compte_rendu/copil/mi_parcours"))
    assert not found(*none, at=dt.date(2012, 4, 9))
    late = found(*none, at=dt.date(2012, 4, 10))
    assert list(late) == ["COP006 @ copil/synthese"]
    assert "124 jours" in late["COP006 @ copil/synthese"].text.fr


def test_a_month_known_only_roughly_is_not_a_violation() -> None:
    fault = found(In("hold", "gt2/insertion", "on = 2012-03-13", 'on = "2012-03"'))
    assert {f.state for f in fault.values()} == {State.UNDETERMINED}
    assert "jour inconnu de mars 2012" in fault["CAL007 @ gt2/insertion"].text.fr
    assert all(len(t) <= 160 for f in fault.values() for t in (f.text.fr, f.text.en))


def test_a_group_list_too_short_can_be_mended() -> None:
    edit = next(e for e in EDITS if (e.code, e.nth) == ("EXP006", 2))
    command = next(f for f in edited(edit).facts[1:] if (f.verb.value, f.address) == edit.move)
    decision = agir.decide(method(), edited(edit).as_of(command.on.earliest - dt.timedelta(days=1)), command)
    assert isinstance(decision, Refused)  # three are no group: the band of RULES.md
    (blocker,) = decision.blockers
    assert (blocker.permanent, [getattr(x, "address", None) for x in blocker.lifts]) == (None, ["participant/precarite"])


@pytest.mark.parametrize(("invites", "broken"), [(None, True), ("entreprises", True), ("collectivites", False)])
def test_the_authority_pilots_or_invites(invites: str | None, broken: bool) -> None:
    """ACT002 of RULES.md: a pilot of that college, or the one that invites; for the guard and the verdict alike."""
    edit = next(e for e in EDITS if e.name == "ACT002")
    dossier = edited(edit)
    if invites:
        said = fact(Verb.FILL, "invitant", Fill(value=invites)).stamped(agir.Stamp(on=When(dt.date(2011, 9, 5)), by="lead"))
        dossier = agir.Dossier((dossier.facts[0], said, *dossier.facts[1:]))
    command = next(f for f in dossier.facts[1:] if (f.verb.value, f.address) == edit.move)
    decision = agir.decide(method(), dossier.as_of(command.on.earliest - dt.timedelta(days=1)), command)
    assert ("ACT002" in {b.code for b in decision.blockers} if isinstance(decision, Refused) else False) is broken
    assert ("ACT002 @ pilot" in {f.key for f in agir.check(method(), dossier, at=LATER).findings}) is broken


def test_a_kind_is_titled_as_its_method_writes_it() -> None:
    own = agir.read_method(method().text.replace('label = { fr = "pilote", en = "pilot" }', 'label = { fr = "pilote du GT1", en = "pilot of GT1" }').encode())
    assert title_of(view_of(own, edited(EDITS[0])), Binding(subject="pilot")) == Text("Pilote du GT1", "Pilot of GT1")


def test_without_an_order_row_the_tree_still_tells_a_missing_step() -> None:
    edit = next(e for e in EDITS if e.name == "EXP023")
    keys = {f.key for f in agir.check(without(("EXP023", 1)), edited(edit), at=LATER).findings}
    assert "ORD001 @ activite/synthese" in keys


def test_what_a_copil_allowed_is_told_and_counts_for_nothing() -> None:
    alone = (Cut("submit", "livrable/plan_action/precarite"),)
    granted = Put("derogate", "livrable/plan_action/precarite", "2012-06-20", 'code = "LIV003"\nreason = "repris dans la synthèse"\ncopil = "copil/mi_parcours"')
    assert found(*alone)["LIV003 @ livrable/plan_action/precarite"].state is State.VIOLATED
    told = found(*alone, granted)["LIV003 @ livrable/plan_action/precarite"]
    assert (told.state, told.severity, told.text.fr[:10]) == (State.SATISFIED, Severity.INFO, "Dérogation")
    # Nobody can allow a session without its attendance list.
    bare = In("hold", "gt2/precarite", "attendance = { associations = 5, collectivites = 1, entreprises = 4 }\n", "")
    allowed = Put("derogate", "gt2/precarite", "2012-06-20", 'code = "PRV001"\nreason = "perdue"\ncopil = "copil/mi_parcours"')
    assert found(bare, allowed)["PRV001 @ gt2/precarite"].state is State.VIOLATED


def test_every_kind_of_requirement_has_its_three_readings_or_says_why_not() -> None:
    from agir_workflow.readings.table import readings_of
    from agir_workflow.requirements import Is

    for kind in Is:
        found = readings_of(kind)
        assert all((found.guard, found.planner, found.verdict)), kind


def test_an_id_may_be_borne_by_two_kinds() -> None:
    """Two interviewees under the ids of two themes: whom the interviews are with is asked of the interviewees."""
    report = agir.check(method(), read(USAGE.replace("elu-1", "precarite").replace("elu-2", "handicap")), at=LATER)
    assert (report.verdict, report.findings) == ("conforms", ())
