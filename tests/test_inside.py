"""A method of another trade, whose lanes lie in lanes: projects in districts, each assessed until nobody appeals."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import agir_workflow as agir
from agir_workflow.answers import Ask, Refused
from agir_workflow.cli import main
from agir_workflow.desk import read_file
from agir_workflow.dossier import Label
from agir_workflow.facts import Hold, Stamp, hold
from agir_workflow.readings.binding import Binding, labels_of
from agir_workflow.view import view_of
from agir_workflow.views.cadre import cadre_html, cadre_markdown, make_cadre
from agir_workflow.when import When
from agir_workflow.words import InstanceId, KindId, LeafId

METHOD = Path(__file__).parent / "inside" / "method.toml"
DAY = dt.date(2025, 3, 3)
HEAD = """\
[dossier]
id = "bp"
uid = "84d7e517-2402-483c-92e1-5c0e75e9ebee"
method = "{method}"
start = 2025-01-06

[[quartier]]
id = "nord"

[[quartier]]
id = "sud"

[[projet]]
id = "banc"
quartier = "nord"
"""
RULES_VOTED = """
[[facts]]
fact = "hold"
address = "conseil/reglement"
on = 2025-01-20

[[facts]]
fact = "decide"
address = "conseil/reglement"
on = 2025-01-20
value = "go"
"""


def laid(folder: Path, text: str, method: str = "budget_participatif@1") -> Path:
    path = folder / "projet.toml"
    path.write_text(text.replace("{method}", method), encoding="utf-8")
    return path


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    (tmp_path / "method.toml").write_bytes(METHOD.read_bytes())
    return tmp_path


def test_what_is_counted_of_an_instance_lies_in_it(beside: Path) -> None:
    """One project in the north is none in the south; what mends that is a project of the south."""
    method, dossier = read_file(str(laid(beside, HEAD + RULES_VOTED)))
    south, north = (agir.decide(method, dossier, hold(f"jury/{x}", Hold()).stamped(Stamp(on=When(DAY), by="habitant"))) for x in ("sud", "nord"))
    assert isinstance(south, Refused)
    assert isinstance(north, Refused)
    (lacking,) = [b for b in south.blockers if b.code == "BP004"]
    (way,) = lacking.lifts
    assert isinstance(way, Ask)
    assert (way.address, way.args.get("quartier")) == ("projet/…", "sud")
    assert "BP004" not in {b.code for b in north.blockers}


def test_a_finding_on_what_lies_in_an_instance_is_one_of_that_instance(beside: Path) -> None:
    """The jury of the north sat without an opinion on its project: that is no fault of the south."""
    steps = ("hold:atelier/nord", "deliver:depot/nord/banc", "deliver:instruction/nord/banc", "hold:jury/nord")
    told = "".join(f'\n[[facts]]\nfact = "{verb}"\naddress = "{at}"\non = 2025-02-0{n}\n' for n, (verb, at) in enumerate((s.split(":") for s in steps), 3))
    method, dossier = read_file(str(laid(beside, HEAD + RULES_VOTED + told)))
    report = agir.check(method, dossier, at=DAY)
    assert {f.code: f.instances for f in report.findings if f.subject == "projet/banc"} == {"BP002": ("nord",)}
    assert dict(report.themes) == {"nord": "does_not_conform", "sud": "conforms"}


def test_a_dossier_is_judged_by_the_method_that_is_named_where_its_own_is_not_beside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = laid(tmp_path, HEAD)
    assert main(["check", str(path)]) == 2
    assert "budget_participatif" in capsys.readouterr().err
    assert main(["--at", DAY.isoformat(), "check", "--method", str(METHOD), str(path)]) == 0


def test_the_key_that_says_where_an_instance_lies_is_named_where_another_was_written(beside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(laid(beside, HEAD.replace('quartier = "nord"', 'inside = "nord"')))]) == 2
    said = capsys.readouterr().err
    assert "projet.toml:15: projet[0].inside" in said
    assert "quartier = …" in said


def test_a_document_without_agreements_has_no_page_of_them(beside: Path) -> None:
    method, dossier = read_file(str(laid(beside, HEAD)))
    cadre = make_cadre(method, dossier)
    assert "Accord" not in cadre_markdown(cadre)
    assert "Accord" not in cadre_html(cadre)


FREE = """
[[leaves]]
id = "photo"
sort = "activity"
label = { fr = "Photo du lieu", en = "Picture of the place" }
address = "photo/{quartier}/{projet}"
role = "habitant"
origin = "default"

[[requirements]]
code = "BP009"
is = "precedes"
a = "photo"
b = "jury"
each = "quartier"
due = "jury"
aspect = "behavioural"
severity = "warning"
origin = "default"
why = { fr = "{subject} : pas de photo.", en = "{subject}: no picture." }
fix = { fr = "Photographier.", en = "Take one." }

[tree]
free = ["photo"]
"""
WITH_SUD = HEAD + '[[projet]]\nid = "arbre"\nquartier = "sud"\n'


def test_a_step_that_stands_anywhere_is_asked_for_each_project_in_its_district() -> None:
    method = agir.read_method(METHOD.read_text(encoding="utf-8").replace("[tree]\n", FREE.lstrip("\n"), 1).encode(), "m.toml")
    _, dossier = agir.read_dossier(WITH_SUD.encode(), lambda _: method)
    steps = [s for s in agir.possible(method, dossier, on=DAY, by="habitant") if s.address.startswith("photo/")]
    assert [(s.address, s.blockers) for s in steps] == [("photo/nord/banc", ()), ("photo/sud/arbre", ())]
    assert {t.address for t in agir.plan(method, dossier, at=DAY).todos} >= {s.address for s in steps}
    agir.check(method, dossier, at=DAY)


def test_a_project_that_ended_is_still_in_its_district() -> None:
    method = agir.load_method(str(METHOD))
    _, dossier = agir.read_dossier(WITH_SUD.encode(), lambda _: method)
    ended = agir.facts.fact(agir.facts.Verb.END, "projet/arbre").stamped(Stamp(on=When(DAY), by="ville"))
    view = view_of(method, agir.evolve(method, dossier, ended))
    lane = Binding("projet/arbre", inst=((KindId("projet"), InstanceId("arbre")),))
    assert labels_of(view, LeafId("depot"), lane) == [Label(LeafId("depot"), (InstanceId("sud"), InstanceId("arbre")))]


AGAIN = """
[[leaves]]
id = "reprise"
sort = "activity"
label = { fr = "Reprise", en = "Rework" }
address = "reprise/{quartier}"
role = "habitant"
origin = "default"

[[requirements]]
code = "BP099"
is = "decided"
by = "jury"
values = ["go"]
before = "vote"
each = "quartier"
due = "vote"
severity = "error"
aspect = "behavioural"
origin = "default"
why = { fr = "{subject} : le jury n'a pas dit oui.", en = "{subject}: the jury did not say yes." }
fix = { fr = "Réunir le jury.", en = "Convene the jury." }
"""


def test_what_a_gate_of_one_district_asks_for_may_be_done_next() -> None:
    text = METHOD.read_text(encoding="utf-8").replace('"les_projets", "jury"]', '"les_projets", "gate"]\n[tree.gate]\nloop = { body = "jury", again = "reprise" }', 1)
    method = agir.read_method((text + AGAIN).encode(), "m.toml")
    _, dossier = agir.read_dossier((WITH_SUD + RULES_VOTED).encode(), lambda _: method)
    stamp = Stamp(on=When(DAY), by="ville")
    lane = [hold("atelier/nord"), *(agir.facts.deliver(f"{x}/nord/banc") for x in ("depot", "instruction")), agir.facts.hold("jury/nord")]
    for fact in (*lane, agir.facts.decide("jury/nord", "no_go")):
        assert not [s for s in agir.possible(method, dossier, on=DAY, by="ville") if s.address.startswith("reprise")]
        dossier = agir.evolve(method, dossier, fact.stamped(stamp))
    assert [(s.address, s.blockers) for s in agir.possible(method, dossier, on=DAY, by="ville") if s.address.startswith("reprise")] == [("reprise/nord", ())]


def test_a_machine_of_a_lane_within_a_lane_names_both() -> None:
    method = agir.load_method(str(METHOD))
    # A project that bears the name of the other district: who is meant is told by the kind.
    _, dossier = agir.read_dossier((HEAD + '[[projet]]\nid = "nord"\nquartier = "sud"\n' + RULES_VOTED).encode(), lambda _: method)
    cases = {a: agir.Case(method, dossier, by="ville", today=lambda: DAY, address=a) for a in ("projet/nord", "projet/banc")}
    machine = agir.machine(method, "projet_suite")
    for case in cases.values():
        agir.watch(machine, "projet_suite", case)
    for a, case in cases.items():
        lane = agir.machine(method, "quartier_suite")
        district = agir.Case(method, dossier, by="ville", today=lambda: DAY, address=f"quartier/{'sud' if a == 'projet/nord' else 'nord'}")
        agir.watch(lane, "quartier_suite", district)
        assert district.state == "atelier"
        assert district.atelier()
        assert district.state == "les_projets"
        case.dossier = district.dossier
        assert case.state == "depot"
        assert case.may_depot(), [str(b) for b in case.reasons]
        assert case.depot()
        assert case.state == "essais"
        assert case.events[-1].address == ("depot/sud/nord" if a == "projet/nord" else "depot/nord/banc")


def test_a_decision_that_nobody_takes_is_told_with_those_of_each_district() -> None:
    method = agir.load_method(str(METHOD))
    _, dossier = agir.read_dossier((WITH_SUD + RULES_VOTED).encode(), lambda _: method)
    lifted = agir.facts.Derogate(code="BP003", reason="x", copil="atelier/nord")
    asked = agir.facts.fact(agir.facts.Verb.DEROGATE, "projet/banc", lifted).stamped(Stamp(on=When(DAY), by="ville"))
    said = [b.text.en for b in agir.why_not(method, dossier, asked)]
    assert any("jury/nord" in x and "jury/sud" in x for x in said), said
    assert not any("{" in x for x in said)
