"""Who was there, by seats: what a quorum, a diversity, a number of heads and an overlap read of names."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import attrs
import pytest
from test_practice import COPIL, LAST, on, until

import agir_workflow as agir
from agir_workflow.answers import Accepted, Recorded, Refused
from agir_workflow.dossier import Dossier
from agir_workflow.facts import Clear, Decide, Fact, Fill, Hold
from agir_workflow.readings.binding import Selector, bind_label
from agir_workflow.readings.seats import attended, heads, persons, represented
from agir_workflow.readings.selected import values
from agir_workflow.values import Record
from agir_workflow.view import view_of
from agir_workflow.words import FacetId, Text, Verb

# seven seats are in the dossier as it is; here each has an id, and its person
SEATS = tuple(
    Record.of({"id": id, "siege": id, "college": college, "person": f"p-{id}", "standing": standing, **more})
    for id, college, standing, more in (
        ("maire", "collectivites", "elu", {"assembly": "conseil municipal"}), ("cca", "collectivites", "droit", {"actor": "service de l'emploi"}),
        ("club", "entreprises", "droit", {}), ("pme", "entreprises", "qualifie", {}),
        ("asso", "associations", "droit", {}), ("lycee", "associations", "droit", {}), ("expert", "experts", "qualifie", {}),
    )
)  # fmt: skip
AGENDA = ("validation_synthese",)


def seated(*, regime: str = "cgct") -> tuple[agir.Method, Dossier]:
    method, dossier = until(LAST, regime=regime)
    for fact in (on("2012-05-20", Verb.CLEAR, "membre_copil", Clear()), on("2012-05-20", Verb.FILL, "membre_copil", Fill(value=SEATS))):
        dossier = agir.evolve(method, dossier, fact)
    return method, dossier


def held(**said: object) -> tuple[agir.Method, Dossier, Accepted | Refused]:
    method, dossier = seated()
    return method, dossier, agir.decide(method, dossier, on(LAST, Verb.HOLD, COPIL, Hold(agenda=AGENDA, **said)))  # type: ignore[arg-type]


def with_names(*names: str, substitutes: dict[str, str] | None = None, proxies: dict[str, str] | None = None) -> dict[str, object]:
    return {"present": names, "substitutes": Record.of(substitutes or {}), "proxies": Record.of(proxies or {})}


@pytest.mark.parametrize(
    ("said", "number"),
    [
        (with_names("maire", "club", "asso"), 3),
        (with_names("maire", "club", "asso", "lycee"), 4),
        (with_names("maire", "club", "asso", substitutes={"lycee": "p-other"}), 4),
        (with_names("maire", "club", "asso", substitutes={"pme": "p-other"}), 3),  # a qualified person is replaced by nobody
        (with_names("maire", "club", "asso", proxies={"lycee": "maire"}), 4),
        (with_names("maire", "club", proxies={"lycee": "maire", "asso": "maire"}), 3),  # one proxy a member
        (with_names("maire", "club", proxies={"lycee": "maire", "asso": "club"}), 4),
        (with_names("maire", "club", "asso", proxies={"lycee": "pme"}), 3),  # given to somebody who is not there
    ],
)
def test_a_quorum_reads_seats_substitutes_and_proxies(said: dict[str, object], number: int) -> None:
    method, dossier = seated(regime="crpa")
    decision = agir.decide(method, dossier, on(LAST, Verb.HOLD, COPIL, Hold(agenda=AGENDA, **said)))  # type: ignore[arg-type]
    refused = {b.code for b in decision.blockers} if isinstance(decision, Refused) else set()
    assert ("COP008" in refused) == (number < 4)  # half of seven
    told = agir.record(method, dossier, on(LAST, Verb.HOLD, COPIL, Hold(agenda=AGENDA, **said)))  # type: ignore[arg-type]
    assert not isinstance(told, Refused)
    assert represented(*sitting_of(method, agir.evolve(method, dossier, told.events[0]))) == number


@pytest.mark.parametrize(
    "said",
    [
        with_names("maire", "club", "asso", proxies={"lycee": "maire"}),
        {"attendance": Record.of({"collectivites": 1, "entreprises": 1, "associations": 1}), "mandates": 2},
    ],
)
@pytest.mark.parametrize(("regime", "quorate"), [("crpa", True), ("cgct", False), ("leader", False)])
def test_who_gave_a_proxy_is_there_only_where_the_regime_says_so(regime: str, quorate: bool, said: dict[str, object]) -> None:
    """Present or having given a mandate (JURI06, art. 11); but the members of a council, and of a double quorum, must be there (CGCT, art. L2121-17; MQ)."""
    method, dossier = seated(regime=regime)
    fact = on(LAST, Verb.HOLD, COPIL, Hold(agenda=AGENDA, **said))  # type: ignore[arg-type]
    decision, told = agir.decide(method, dossier, fact), agir.record(method, dossier, fact)
    assert isinstance(decision, Accepted) is quorate
    assert isinstance(told, Recorded)
    after = agir.evolve(method, dossier, told.events[0])
    found = [f.text.fr for f in agir.check(method, after, at=dt.date(2012, 6, 8)).findings if f.key == f"COP008 @ {COPIL}"]
    assert ["3 sur 7 sièges" in text for text in found] == ([] if quorate else [True])


ELECTED = {"person": "p-other", "standing": "elu"}


@pytest.mark.parametrize(
    ("seat", "who", "admitted"),
    [
        ("maire", "p-other", True),  # nothing is known of them that would forbid it
        ("maire", {**ELECTED, "assembly": "conseil municipal"}, True),
        ("maire", {**ELECTED, "assembly": "conseil départemental"}, False),
        ("maire", {"person": "p-other", "standing": "droit", "assembly": "conseil municipal"}, False),  # an elected member, by an elected one
        ("cca", {"person": "p-other", "actor": "service de l'emploi"}, True),
        ("cca", {"person": "p-other", "actor": "service des sports"}, False),
        ("expert", {"person": "p-other", "standing": "qualifie"}, False),
    ],
)
def test_a_member_is_replaced_as_its_standing_admits(seat: str, who: object, admitted: bool) -> None:
    """R133-3: ex officio by their service, elected by one of the same assembly, qualified never."""
    others = [str(s.get("id")) for s in SEATS if s.get("id") != seat]
    said = {"present": tuple(others), "substitutes": Record.of({seat: Record.of(who) if isinstance(who, dict) else who})}  # type: ignore[dict-item]
    method, dossier, decision = held(**said)
    notices = decision.notices if isinstance(decision, Accepted) else ()
    assert ("ACT015" in {n.code for n in notices}) is not admitted
    dossier = agir.evolve(method, dossier, on(LAST, Verb.HOLD, COPIL, Hold(agenda=AGENDA, **said)))  # type: ignore[arg-type]
    view, sitting = sitting_of(method, dossier)
    assert (seat in attended(view, sitting)) is admitted  # type: ignore[arg-type]
    assert ("p-other" in persons(view, sitting)) is admitted  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("about", "withdrawn", "told"),
    [(None, (), True), (AGENDA, (), True), (AGENDA, ("club",), False), (("bilan_final",), (), False)],
)
def test_a_member_with_an_interest_takes_no_part(about: tuple[str, ...] | None, withdrawn: tuple[str, ...], told: bool) -> None:
    """JURI06, art. 13; who withdraws counts for no quorum."""
    method, dossier = seated()
    interest = {"seat": "club", "reason": "candidat au portage"} | ({"about": about} if about else {})
    dossier = agir.evolve(method, dossier, on("2012-06-01", Verb.FILL, "interet", Fill(value=(Record.of(interest),))))
    hold = Hold(agenda=AGENDA, present=("maire", "club", "asso", "lycee"), withdrawn=withdrawn)
    decision = agir.decide(method, dossier, on(LAST, Verb.HOLD, COPIL, hold))
    if withdrawn:  # three of seven are left
        assert isinstance(decision, Refused)
        assert {b.code for b in decision.blockers} == {"COP008"}
        hold = attrs.evolve(hold, present=("maire", "club", "asso", "lycee", "pme"))
        decision = agir.decide(method, dossier, on(LAST, Verb.HOLD, COPIL, hold))
    assert isinstance(decision, Accepted)
    assert ("ACT015" in {n.code for n in decision.notices}) is told
    after = agir.evolve(method, dossier, on(LAST, Verb.HOLD, COPIL, hold))
    found = [f.text.fr for f in agir.check(method, after, at=dt.date(2012, 6, 8)).findings if f.code == "ACT015"]
    assert [("club" in text) for text in found] == ([True] if told else [])


@pytest.mark.parametrize(
    ("regime", "votes", "chair", "value", "well"),
    [
        ("crpa", {"go": 4, "no_go": 3}, None, "go", True),
        ("crpa", {"go": 3, "no_go": 4}, None, "go", False),
        ("crpa", {"go": 3, "no_go": 3}, None, "go", False),
        ("crpa", {"go": 3, "no_go": 3}, "go", "go", True),  # the chair settles a tie, where the regime says so
        ("crpa", {"go": 3, "no_go": 3}, "no_go", "go", False),
        ("usage", {"go": 3, "no_go": 3}, "go", "go", False),
        ("usage", {}, None, "go", True),
    ],
)
def test_a_decision_is_what_most_voted_for(regime: str, votes: dict[str, int], chair: str | None, value: str, well: bool) -> None:
    """JURI06, art. 12. A record that contradicts its own votes is refused even when told."""
    method, dossier = seated(regime=regime)
    dossier = agir.evolve(method, dossier, on(LAST, Verb.HOLD, COPIL, Hold(agenda=AGENDA, present=tuple(str(s.get("id")) for s in SEATS))))
    told = agir.record(method, dossier, on(LAST, Verb.DECIDE, COPIL, Decide(value=value, votes=Record.of(votes), chair=chair)))  # type: ignore[arg-type]
    assert isinstance(told, Refused) is not well
    if isinstance(told, Refused):
        assert {b.code for b in told.blockers} == {"input.votes"}


def test_a_change_of_seats_is_recorded_by_a_copil() -> None:
    method, dossier = seated()

    def told(*facts: Fact) -> list[str]:
        return [f.text.fr for f in agir.check(method, agir.Dossier((*dossier.facts, *facts)), at=dt.date(2012, 6, 30)).findings if f.key == "ACT014 @ changement_siege"]

    base = told()
    assert base  # the seats said anew on 20 May are others than before
    again = [on("2012-06-01", Verb.CLEAR, "membre_copil", Clear()), on("2012-06-01", Verb.FILL, "membre_copil", Fill(value=SEATS))]
    assert told(*again) == base  # cleared and said as they were: nothing changed
    names = [str(s.get("id")) for s in SEATS] + [str(i.value.get("siege")) for i in view_of(*until(LAST)).at(FacetId("membre_copil"))]  # type: ignore[union-attr]
    noted = tuple(Record.of({"siege": name, "objet": "renouvelé", "copil": COPIL}) for name in names)
    held_ = on(LAST, Verb.HOLD, COPIL, Hold(agenda=AGENDA, present=("maire", "club", "asso", "lycee")))
    assert told(held_, on("2012-06-08", Verb.FILL, "changement_siege", Fill(value=noted))) == []
    assert told(held_, on("2012-06-08", Verb.FILL, "changement_siege", Fill(value=noted[1:])))[0].endswith("maire.")


def test_who_is_first_named_after_a_copil_changes_nothing() -> None:
    method, whole = until(LAST)
    dossier = agir.Dossier(tuple(f for f in whole.facts if f.address != "membre_copil"))

    def told(*facts: Fact) -> list[str]:
        return [f.text.fr for f in agir.check(method, agir.Dossier((*dossier.facts, *facts)), at=dt.date(2012, 6, 30)).findings if f.key == "ACT014 @ changement_siege"]

    first = on("2012-05-20", Verb.FILL, "membre_copil", Fill(value=SEATS[:-1]))
    assert told(first) == []
    assert told(first, on("2012-06-01", Verb.FILL, "membre_copil", Fill(value=SEATS[-1:])))


def sitting_of(method: agir.Method, dossier: Dossier) -> tuple[object, object]:
    view = view_of(method, dossier)
    (history,) = [h for label, h in view.sittings.items() if label.leaf == "copil_synthese"]
    return view, history[-1]


def test_names_say_their_college_their_seat_and_their_person() -> None:
    method, dossier, _ = held()
    dossier = agir.evolve(method, dossier, on(LAST, Verb.HOLD, COPIL, Hold(**with_names("maire", "club", substitutes={"asso": "p-other"}))))  # type: ignore[arg-type]
    view, sitting = sitting_of(method, dossier)
    assert heads(view, sitting, Record()) == {"collectivites": 1, "entreprises": 1, "associations": 1}  # type: ignore[arg-type]
    assert attended(view, sitting) == ("maire", "club", "asso")  # type: ignore[arg-type]
    assert persons(view, sitting) == ("p-club", "p-maire", "p-other")  # type: ignore[arg-type]
    binding = bind_label(view, sitting.label, sitting)  # type: ignore[arg-type,attr-defined]
    assert values(view, Selector("copil", "seats"), binding, dt.date(2013, 1, 1), Record()) == ["maire", "club", "asso"]  # type: ignore[arg-type]
    # the same college missing is found, whether names or heads say who was there
    for said in (with_names("maire", "club"), {"attendance": Record.of({"collectivites": 1, "entreprises": 1})}):
        method, before, _ = held()
        after = agir.evolve(method, before, on(LAST, Verb.HOLD, COPIL, Hold(agenda=AGENDA, **said)))  # type: ignore[arg-type]
        found = [f for f in agir.check(method, after, at=dt.date(2012, 6, 8)).findings if f.code == "ACT012" and f.subject == COPIL]
        assert len(found) == 1
        assert "association" in found[0].text.fr


def test_a_seat_holds_from_a_day_to_another() -> None:
    method, dossier = seated()
    dossier = agir.evolve(method, dossier, on("2012-06-01", Verb.CLEAR, "membre_copil", Clear(item="lycee")))
    gone = agir.decide(method, dossier, on(LAST, Verb.HOLD, COPIL, Hold(present=("maire", "lycee"))))
    assert isinstance(gone, Refused)
    assert [(b.code, "lycee" in b.text.fr) for b in gone.blockers if b.family == "input"] == [("input.unknown", True)]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (with_names("mairie"), "input.unknown"),
        (with_names("maire", "maire"), "input.seat"),
        (with_names("maire", proxies={"maire": "club"}), "input.seat"),
        (with_names("club", proxies={"maire": "clubs"}), "input.unknown"),
        (with_names("club", substitutes={"maire": 3}), "input.type"),  # type: ignore[dict-item]
        (with_names("club", substitutes={"maire": Record.of({"standing": "elu"})}), "input.field"),  # type: ignore[dict-item]
        (with_names("club", substitutes={"maire": Record.of({"person": "p", "assemblee": "x"})}), "input.field"),  # type: ignore[dict-item]
        ({"present": ("maire",), "withdrawn": ("club",)}, "input.seat"),
        ({"present": ("maire",), "withdrawn": ("clubb",)}, "input.unknown"),
        ({"present": ("maire",), "attendance": Record.of({"experts": 1})}, "input.attendance"),
    ],
)
def test_what_names_cannot_say_is_refused(said: dict[str, object], code: str) -> None:
    method, dossier = seated()
    refused = agir.record(method, dossier, on(LAST, Verb.HOLD, COPIL, Hold(**said)))  # type: ignore[arg-type]
    assert isinstance(refused, Refused)
    assert code in {b.code for b in refused.blockers}


def test_where_there_are_no_colleges_a_seat_may_preside() -> None:
    text = (Path(__file__).parents[1] / "examples" / "stage_gate" / "method.toml").read_text(encoding="utf-8").replace('colleges = "function", ', "")
    seat = 'facets = [{ id = "board", label = { fr = "siège", en = "seat" }, many = true, seats = "screening_gate", fields = { id = "text?", college = "text" }, origin = "default" }, '
    method = agir.read_method(text.replace("facets = [", seat, 1).encode())
    _, dossier = agir.read_dossier(b"[dossier]\nstart = 2026-01-12\n[answers]\nboard = [{ id = 'head', college = 'sales' }]\n", lambda _: method)
    told = agir.record(method, dossier, on("2026-02-03", Verb.HOLD, "gate/screening", Hold(present=("head",), chaired_by="head")))
    assert isinstance(told, Recorded)


def test_two_meetings_at_one_hour_clash_only_where_somebody_may_be_at_both() -> None:
    method, dossier = seated()
    groups = {t: tuple(Record.of({"id": f"{t}-{n}", "siege": "x", "college": "associations", "person": f"p-{who}"}) for n, who in enumerate(members))
              for t, members in (("insertion", ("a", "b")), ("handicap", ("c", "d")), ("precarite", ("a", "e")))}  # fmt: skip
    for theme, seats in groups.items():
        for fact in (on("2012-05-20", Verb.CLEAR, f"participant/{theme}", Clear()), on("2012-05-20", Verb.FILL, f"participant/{theme}", Fill(value=seats))):
            dossier = agir.evolve(method, dossier, fact)
    hour = Hold(start=dt.time(14), minutes=120)
    for theme in groups:
        names = tuple(str(s.get("id")) for s in groups[theme])
        dossier = agir.evolve(method, dossier, on("2012-06-04", Verb.HOLD, f"gt3/{theme}#2", attrs.evolve(hour, present=names)))
    found = {f.subject: f.text.fr for f in agir.check(method, dossier, at=dt.date(2012, 6, 5)).findings if f.code == "CAL009"}
    assert list(found) == ["gt3/precarite#2"]
    assert "Insertion" in found["gt3/precarite#2"]
    assert "Handicap" not in found["gt3/precarite#2"]


def test_a_lead_writes_seats_and_names_by_hand() -> None:
    text = """
[dossier]
start = 2026-09-01
[answers]
membre_copil = [{ id = "maire", siege = "Le maire", college = "collectivites" }, { id = "club", siege = "Le club", college = "entreprises" }]
[[facts]]
fact = "hold"
address = "copil/cadrage"
on = 2026-09-22
present = ["maire"%s]
proxies = { club = "maire" }
decision = "go"
votes = { go = 2, no_go = 0 }
"""
    method, dossier = agir.read_dossier((text % "").encode(), agir.load_method)
    view = view_of(method, dossier)
    (sitting,) = next(iter(view.sittings.values()))
    assert (attended(view, sitting), represented(view, sitting)) == (("maire",), 2)
    with pytest.raises(agir.errors.DossierError) as wrong:
        agir.read_dossier((text % ', "clubb", "autre"').encode(), agir.load_method)
    assert [(f.path, f.line) for f in wrong.value.faults] == [("facts[0].present[1]", 10), ("facts[0].present[2]", 10)]
    assert "club" in wrong.value.faults[0].mend.fr
    assert agir.read_dossier(agir.write_dossier(dossier).encode(), agir.load_method)[1] == dossier


@pytest.mark.parametrize(("chair", "told"), [(None, False), ("collectivites", False), ("maire", False), ("entreprises", True), ("club", True)])
def test_who_presides_is_of_the_authority_where_it_is_said(chair: str | None, told: bool) -> None:
    """A seat, or a college; nothing is held against a copil that does not say."""
    said = {**with_names("maire", "club", "asso", "lycee"), "chaired_by": chair}
    method, dossier, decision = held(**said)
    assert isinstance(decision, Accepted)
    assert ("ACT015" in {n.code for n in decision.notices}) is told
    dossier = agir.evolve(method, dossier, decision.events[0])
    assert (f"ACT015 @ {COPIL}" in {f.key for f in agir.check(method, dossier, at=dt.date.fromisoformat(LAST)).findings}) is told


def test_who_presides_is_a_seat_or_a_college() -> None:
    _, _, decision = held(**with_names("maire", "club", "asso", "lycee"), chaired_by="clubb")
    assert isinstance(decision, Refused)
    (blocker,) = decision.blockers
    assert (blocker.code, "club" in str(blocker)) == ("input.unknown", True)


def test_a_quorum_without_seats_lacks_those_of_the_body_in_its_own_title() -> None:
    """MET006 speaks as the method does: of another body's seats where a territory calls them so."""
    from importlib import resources

    text = (resources.files("agir_workflow") / "methods" / "agir_ensemble.toml").read_text(encoding="utf-8")
    renamed = text.replace('label = { fr = "siège au copil", en = "seat on the copil" }', 'label = { fr = "siège au comité local", en = "seat on the local committee" }')
    for written, fr, en in ((text, "siège au copil", "seat on the copil"), (renamed, "siège au comité local", "seat on the local committee")):
        method = agir.read_method(written.encode(), "m.toml")
        _, dossier = until(LAST, regime="cgct")
        dossier = Dossier(tuple(f for f in dossier.facts if f.address != "membre_copil"))
        (told,) = [f.text for f in agir.check(method, dossier, at=dt.date(2012, 6, 7)).findings if f.key == "MET006 @ COP008"]
        assert told == Text(f"La règle COP008 n'a pu être jugée ; il manque : {fr}.", f"The rule COP008 could not be judged; it lacks: {en}.")
