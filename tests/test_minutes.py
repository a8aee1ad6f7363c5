"""When the minutes of a sitting are sent and approved: within a delay, before the next sitting, by silence or at it."""

import datetime as dt
import itertools
from pathlib import Path

import attrs
import icalendar
import pytest
from edits import LATER, WITNESS, method, read

import agir_workflow as agir
from agir_workflow.dossier import Dossier
from agir_workflow.engine import outlook
from agir_workflow.facts import Bare, Fact, Open
from agir_workflow.readings.check import judge
from agir_workflow.repair import repair
from agir_workflow.view import view_of
from agir_workflow.views.text import plan_text
from agir_workflow.when import When
from agir_workflow.words import Address, Curability, Verb

REGIMES = Path(__file__).parents[1] / "examples" / "overlay" / "regimes.toml"
PAPER, HELD = "compte_rendu/copil/themes", dt.date(2011, 10, 13)  # a Thursday; the next copil is on 8 December, the minutes come on 19 October
RECORD = "releve_decisions/copil/themes"


def told(*extra: tuple[str, Verb, str], without: tuple[str, ...] = (), regime: str = "usage", agenda: bool = False) -> dict[str, str]:
    """Under which severity LIV002 speaks of the copil on themes, once the facts of these addresses are left out and some are added."""
    own = method() if regime in {r.id for r in method().regimes} else agir.load_method(str(REGIMES))
    first, *rest = (f for f in read(WITNESS["dossier.toml"]).facts if f.address not in without)
    assert isinstance(first.args, Open)
    more = [Fact(verb, Address(address), Bare(), agir.Stamp(on=When.parse(day), by="expert")) if verb is not Verb.DELIVER
            else agir.facts.deliver(address).stamped(agir.Stamp(on=When.parse(day), by="expert")) for day, verb, address in extra]  # fmt: skip
    if agenda:
        rest = [f if (f.verb, f.address) != (Verb.HOLD, "copil/lancement") else attrs.evolve(f, args=attrs.evolve(f.args, agenda=("approbation_compte_rendu",))) for f in rest]
    dossier = Dossier((Fact(first.verb, first.address, attrs.evolve(first.args, regime=regime), first.stamp), *rest, *more))
    return {f.text.en: str(f.severity.value) for f in agir.check(own, dossier, at=LATER).findings if f.key == "LIV002 @ copil/themes"}


BACK = (("2011-10-20", Verb.SUBMIT, PAPER), ("2011-10-24", Verb.RETURN, PAPER))


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        (told(), None),
        (told(*BACK), "info"),  # sent back and never taken up
        (told(*BACK, agenda=True), None),  # rectified and approved at the next copil, whose agenda says so
        (told(*BACK, ("2011-11-25", Verb.SUBMIT, PAPER)), None),  # taken up, and thirteen days of silence
        (told(*BACK, ("2011-12-02", Verb.SUBMIT, PAPER)), "info"),  # six days
        (told(*BACK, ("2011-12-02", Verb.SUBMIT, PAPER), ("2011-12-08", Verb.APPROVE, PAPER)), None),
        (told(("2011-12-09", Verb.DELIVER, PAPER), without=(PAPER,)), "warning"),  # after the next copil
        (told(without=(PAPER,)), "warning"),
        # cgct, crpa, leader: no silence is given; what nobody approved was not
        (told(regime="cgct"), "info"),
        (told(("2011-10-20", Verb.SUBMIT, PAPER), ("2011-12-08", Verb.APPROVE, PAPER), regime="cgct"), None),
        # the record of decisions: two working days, or the minutes themselves within them
        (told(without=(RECORD,)), "info"),
        (told(("2011-10-17", Verb.DELIVER, RECORD), without=(RECORD,)), None),  # Monday: the second working day
        (told(("2011-10-18", Verb.DELIVER, RECORD), without=(RECORD,)), "info"),
        (told(("2011-10-17", Verb.DELIVER, PAPER), without=(RECORD, PAPER)), None),
        # a contract: minutes within two working days
        (told(regime="contrat"), "warning"),
        (told(("2011-10-17", Verb.DELIVER, PAPER), without=(PAPER,), regime="contrat"), None),
    ],
)  # fmt: skip
def test_minutes_are_sent_and_approved_as_the_regime_says(said: dict[str, str], severity: str | None) -> None:
    assert list(said.values()) == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("paper", "key", "late", "fr"),
    [
        ("compte_rendu/copil/cloture", "LIV002 @ copil/cloture", "2013-07-15", "Copil de clôture : compte rendu attendu sous 8 jours ({0})."),
        ("compte_rendu/copil/themes", "LIV002 @ copil/themes", "2011-12-12", "Copil de choix des thématiques : compte rendu attendu sous 8 jours ({0})."),
        ("compte_rendu_entretien/elu-1", "PRE004 @ compte_rendu_entretien/elu-1", "2011-12-05", "Compte rendu d'entretien — Élu chargé de l'économie : attendu sous 30 jours ({0})."),
    ],
)
def test_what_is_missing_can_be_written_and_what_came_late_stays_late(paper: str, key: str, late: str, fr: str) -> None:
    """Missing past its day it is still to be written; once it is there, only the delay is left, and for good."""
    whole = read(WITNESS["dossier.toml"])
    missing = Dossier(tuple(f for f in whole.facts if f.address != paper))
    written = Dossier((*missing.facts, agir.facts.deliver(paper).stamped(agir.Stamp(on=When.parse(late), by="expert"))))
    days = (When.parse(late).earliest - next(f.on.earliest for f in whole.facts if f.verb in (Verb.HOLD, Verb.DELIVER) and f.address == paper.partition("/")[2].replace("elu-1", "entretien/elu-1"))).days
    for dossier, curable, said in ((missing, Curability.REPAIRABLE, "encore attendu"), (written, Curability.PERMANENT, f"venu après {days} jours")):
        found = next(f for f in agir.check(method(), dossier, at=dt.date(2013, 12, 1)).findings if f.key == key)
        assert (found.curability, found.text.fr) == (curable, fr.format(said))
    if not paper.startswith("compte_rendu/"):
        return  # a step of a run that is closed is nobody's to make up
    mended = repair(method(), missing, at=dt.date(2013, 12, 1), by="lead")
    assert paper in {f.address for f in mended.facts}, "the document is asked for, though its delay has passed"
    assert next(f for f in mended.after.findings if f.key == key).curability is not Curability.REPAIRABLE


@pytest.mark.parametrize(("day", "curable"), [(None, Curability.REPAIRABLE), ("2012-06-20", Curability.PERMANENT)])
def test_minutes_sent_after_the_next_sitting_are_late_for_good(day: str | None, curable: Curability) -> None:
    row = next(r for r in method().requirements if r.code == "LIV002" and r.param("of") == "session")
    whole = read(WITNESS["dossier.toml"])
    facts = [f for f in whole.facts if f.address != "compte_rendu/gt1/insertion"]
    if day:
        facts.append(agir.facts.deliver("compte_rendu/gt1/insertion").stamped(agir.Stamp(on=When.parse(day), by="expert")))
    judged = [j for j in judge(view_of(method(), Dossier(tuple(facts))), row, LATER) if j.unmet]
    assert [(j.binding.subject, j.curability) for j in judged] == [("gt1/insertion", curable)]


def test_a_plan_sends_minutes_before_the_next_sitting() -> None:
    head = "\n".join(line for line in WITNESS["dossier.toml"].decode().split("# The cadre")[0].splitlines() if not line.startswith("# -"))
    plan = agir.plan(method(), read(head), at=dt.date(2011, 9, 1))
    meetings = {m.address: m.day for m in plan.meetings}
    sent = {t.address: t.day for t in plan.todos if t.verb is Verb.DELIVER}
    order = ["copil/cadrage", "copil/themes", "copil/lancement", "copil/mi_parcours", "copil/synthese", "copil/cloture"]
    assert all(sent[f"compte_rendu/{one}"] < meetings[two] for one, two in itertools.pairwise(order))  # type: ignore[index]
    assert all(sent[f"releve_decisions/{x}"] > meetings[x] for x in order)  # type: ignore[index]


def test_each_later_copil_begins_with_the_minutes_of_the_one_before() -> None:
    later = [x for x in method().leaves if x.id in {s for w in method().sets if w.id == "pilotage" for s in w.leaves} and x.id != "copil_cadrage"]
    assert len(later) == 6
    assert {x.agenda[0].id for x in later} == {"approbation_compte_rendu"}


def overdue(day: dt.date, *without: str, to: tuple[str, ...] = ("compte_rendu/copil/themes", "releve_decisions/copil/themes")) -> dict[str, dt.date]:
    """The to-dos of these addresses that a plan of that day has, each with its day, once their facts are left out."""
    whole = read(WITNESS["dossier.toml"])
    dossier = Dossier(tuple(f for f in whole.facts if f.address not in without)).as_of(day)
    return {str(t.address): t.day for t in agir.plan(method(), dossier, at=day).todos if t.address in to}


@pytest.mark.parametrize("day", [dt.date(2011, 10, 24), dt.date(2011, 12, 9), dt.date(2012, 6, 20)])  # late; after the next copil; months after it
def test_minutes_whose_time_is_past_are_still_to_be_sent_and_the_same_day_is_told_each_time(day: dt.date) -> None:
    last, noted = dt.date(2011, 10, 21), dt.date(2011, 10, 17)  # the eighth day; the second working day
    assert overdue(day, PAPER, RECORD) == {PAPER: last, RECORD: noted}
    assert overdue(day, RECORD) == {}  # the minutes stand for it
    assert overdue(day) == {}
    (entry,) = [t for t in agir.plan(method(), without_minutes(day), at=day).todos if t.address == PAPER]
    assert "LIV002 @ copil/themes" in entry.because


def test_minutes_that_are_given_another_day_are_due_on_it() -> None:
    day, wish = dt.date(2011, 12, 9), dt.date(2011, 12, 15)
    plan = agir.plan(method(), without_minutes(day), at=day, fix={f"deliver {PAPER}": wish})
    assert [t.day for t in plan.todos if t.address == PAPER] == [wish]


def without_minutes(day: dt.date) -> Dossier:
    return Dossier(tuple(f for f in read(WITNESS["dossier.toml"]).facts if f.address != PAPER)).as_of(day)


def test_overdue_minutes_are_marked_as_such_on_the_page_in_the_text_and_in_the_calendar() -> None:
    day = dt.date(2011, 12, 9)
    plan = agir.plan(method(), without_minutes(day), at=day)
    (line,) = [line for line in plan_text(plan, "fr").splitlines() if PAPER in line]
    assert line.startswith("2011-10-21")
    assert line.endswith("(en retard)")
    due = [x for x in icalendar.Calendar.from_ical(agir.to_ics(plan)).walk("VTODO") if x["DUE"].dt == dt.date(2011, 10, 21)]
    assert [str(x["STATUS"]) for x in due] == ["NEEDS-ACTION"]
    dossier = without_minutes(day)
    page = agir.to_html(plan, agir.check(method(), dossier, at=day), outlook(method(), dossier, on=day, by="expert"))
    assert '<span class="late">' in page


@pytest.mark.parametrize("address", ["copil/themes", "gt1/insertion"])  # one that has another name in English, one that has the same
def test_the_minutes_of_a_second_sitting_say_of_which(address: str) -> None:
    title = view_of(method(), read(WITNESS["dossier.toml"])).title
    for sitting in (address, f"{address}#2"):
        paper, meeting = title(f"compte_rendu/{sitting}"), title(sitting)
        assert (paper.fr, paper.en) == (f"Compte rendu — {meeting.fr}", f"Minutes — {meeting.en}")


@pytest.mark.parametrize(("held", "due"), [("2012-05-22", "2012-05-30"), ("2012-05-25", "2012-06-01"), ("2012-05-20", "2012-05-25")])  # a Saturday comes after it; Whit Monday
def test_the_day_of_minutes_is_the_same_before_and_after_it_is_past(held: str, due: str) -> None:
    """Whoever has the to-do in an agenda finds it there, on its day, until it is done: no other to-do each morning, and none on a closed day."""
    address, paper = "gt3/precarite", "compte_rendu/gt3/precarite"
    whole = [f for f in read(WITNESS["dossier.toml"]).facts if f.address != paper]
    moved = [attrs.evolve(f, stamp=agir.Stamp(on=When.parse(held), by="expert")) if (f.verb, f.address) == (Verb.HOLD, address) else f for f in whole]
    for late in (0, 5, 12, 300):
        at = dt.date.fromisoformat(held) + dt.timedelta(days=late)
        assert {str(t.day) for t in agir.plan(method(), Dossier(tuple(moved)).as_of(at), at=at).todos if t.address == paper} == {due}
