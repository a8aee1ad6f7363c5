"""What a developer who embeds this may get wrong at the front door, and is told of at once."""

import datetime as dt
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

import agir_workflow as agir
from agir_workflow import facts
from agir_workflow.codec import fact_from_plain, fact_to_plain
from agir_workflow.errors import (
    BrokenChainError,
    ConflictError,
    DossierError,
    DossierNotFoundError,
    IdempotencyError,
    StoreError,
)
from agir_workflow.facts import When
from agir_workflow.values import Record
from agir_workflow.views.ics import published
from agir_workflow.words import Verb

DAY = dt.date(2026, 9, 1)


@pytest.fixture(scope="module")
def method() -> agir.Method:
    return agir.load_method("agir_ensemble")


@pytest.fixture
def workspace(method: agir.Method) -> agir.Workspace:
    return agir.Workspace(agir.MemoryStore(), methods=[method], clock=lambda: dt.datetime(2026, 9, 1, 12, tzinfo=dt.UTC))


@pytest.mark.parametrize(("id", "uid", "path"), [("", None, "dossier.id"), ("c 2/é", None, "dossier.id"), ("d.toml", None, "dossier.id"), ("d", "x", "dossier.uid")])
def test_a_dossier_is_not_begun_under_a_name_that_its_file_cannot_bear(id: str, uid: str | None, path: str, method: agir.Method, workspace: agir.Workspace) -> None:
    with pytest.raises(DossierError) as caught:
        workspace.open(id, method=method.ref, by="lead", uid=uid)
    assert [f.path for f in caught.value.faults] == [path]
    assert not workspace.store.dossiers()


def test_an_instant_is_no_civil_day_wherever_one_is_asked_for(method: agir.Method, workspace: agir.Workspace) -> None:
    dossier, instant = workspace.open("d", method=method.ref, by="lead"), dt.datetime(2026, 9, 1, 12)
    asked: list[Callable[[], object]] = [
        lambda: agir.check(method, dossier, at=instant),
        lambda: agir.plan(method, dossier, at=instant),
        lambda: agir.plan(method, dossier, at=DAY, start=instant),
        lambda: agir.plan(method, dossier, at=DAY, fix={"copil/cadrage": instant}),
        lambda: agir.outlook(method, dossier, on=instant, by="lead"),
        lambda: agir.possible(method, dossier, on=instant, by="lead"),
        lambda: When(instant),
        lambda: agir.facts.convene("copil/cadrage", instant),
        lambda: workspace.do("d", agir.facts.deliver("activite/cadre"), by="lead", on=instant),
    ]
    for ask in asked:
        with pytest.raises(TypeError, match="civil day"):
            ask()


def test_a_version_that_a_form_gives_as_a_text_is_no_version(workspace: agir.Workspace, method: agir.Method) -> None:
    workspace.open("d", method=method.ref, by="lead")
    with pytest.raises(TypeError, match="whole number, found '1'"):
        workspace.do("d", agir.facts.deliver("activite/cadre"), by="lead", expect="1")  # type: ignore[arg-type]
    assert workspace.get("d").version == 1


SAID: dict[Verb, agir.facts.Fact] = {
    Verb.DECLARE: facts.declare("theme/a"), Verb.END: facts.end("theme/a", "plus personne"), Verb.MERGE: facts.merge("theme/a", into="b"),
    Verb.FILL: facts.fill("perimetre", "ici"), Verb.CLEAR: facts.clear("participant/a", item="p1"), Verb.AGREE: facts.agree("accord/p"),
    Verb.HOLD: facts.hold("gt1/a"), Verb.CONVENE: facts.convene("gt1/a", DAY), Verb.MOVE: facts.move("gt1/a", DAY, dt.time(9), 90), Verb.CANCEL: facts.cancel("gt1/a", "neige"),
    Verb.DECIDE: facts.decide("copil/cadrage", "go"), Verb.DELIVER: facts.deliver("activite/cadre"), Verb.SUBMIT: facts.submit("livrable/synthese"),
    Verb.RETURN: facts.return_("livrable/synthese", "à compléter"), Verb.APPROVE: facts.approve("livrable/synthese"), Verb.REVOKE: facts.revoke("livrable/synthese"),
    Verb.SUSPEND: facts.suspend("élections"), Verb.RESUME: facts.resume(), Verb.ABANDON: facts.abandon("plus de porteur"), Verb.CLOSE: facts.close(),
    Verb.DEROGATE: facts.derogate("gt1/a", facts.Derogate(code="EXP006", reason="petit village", copil="copil/themes")), Verb.SETTLE: facts.settle("reserve/copil/cadrage/1"),
    Verb.CORRECT: facts.correct("gt1/a", facts.Correct(of=7, on=When(DAY))), Verb.ADOPT: facts.adopt(facts.Adopt()), Verb.PUBLISH: facts.publish(facts.Publish()),
}  # fmt: skip


@pytest.mark.parametrize("verb", Verb)
def test_every_verb_has_a_small_function_that_says_what_a_journal_can_keep(verb: Verb) -> None:
    said = SAID[verb]
    assert said.verb is verb
    assert isinstance(said.args, facts.ARGS[verb])
    stamped = said.stamped(agir.Stamp(on=When(DAY), by="lead"))
    assert fact_from_plain(fact_to_plain(stamped)) == stamped


def test_a_verb_may_be_a_text_and_what_it_lacks_is_told_at_once() -> None:
    assert facts.fact("hold", "gt1/a") == facts.hold("gt1/a")
    with pytest.raises(ValueError, match="holdd"):
        facts.fact("holdd", "gt1/a")
    with pytest.raises(TypeError, match=r"move: expected Move\(…\), found no arguments"):
        facts.fact(Verb.MOVE, "gt1/a")


def test_who_was_there_may_be_said_as_a_plain_table() -> None:
    """A table of Python broke the reading of the command, deep within."""
    assert facts.Hold(attendance={"associations": 2}) == facts.Hold(attendance=Record.of({"associations": 2}))
    assert hash(facts.Declare(attributes={"college": "experts"})) == hash(facts.Declare(attributes=Record.of({"college": "experts"})))
    assert facts.Decide(value="go", votes={"go": 3}).votes.get("go") == 3


def test_a_host_adopts_a_plan_and_keeps_what_it_published(workspace: agir.Workspace, method: agir.Method) -> None:
    dossier = workspace.open("d", method=method.ref, by="lead", on=DAY)
    plan = agir.plan(method, dossier, at=DAY)
    workspace.do("d", facts.adopt(plan.adoption()), by="lead")
    workspace.do("d", facts.publish(published(plan)), by="lead")
    later = agir.plan(method, workspace.get("d"), at=DAY)
    assert [m.day for m in later.meetings] == [m.day for m in plan.meetings]
    assert {"adopted"} <= set(later.meetings[0].because)
    assert {e.sequence for e in published(later, since=published(plan)).entries} == {0}


def test_a_command_without_stamp_is_told_so_and_breaks_nothing(method: agir.Method, workspace: agir.Workspace) -> None:
    dossier = workspace.open("d", method=method.ref, by="lead")
    path = agir.path_to(method, dossier, agir.facts.hold("copil/cadrage"))
    assert (path.complete, path.commands, {b.code for b in path.stuck}) == (False, (), {"input.stamp"})


def test_errors_of_a_store_speak_both_languages_and_travel(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("no database, but a text that is long enough to be read as one" * 20)
    with pytest.raises(StoreError) as caught:
        agir.SqliteStore.open(tmp_path / "a.db")
    told = [caught.value, ConflictError("d", 1, 2), IdempotencyError("d", "k"), DossierNotFoundError("d"), BrokenChainError("d", 1, "w")]
    for error in [*told, StoreError("of somebody else's")]:
        again = pickle.loads(pickle.dumps(error))
        assert (str(again), again.to("fr")) == (error.to("en"), error.to("fr"))
    assert all(e.to("fr") != e.to("en") for e in told)
    assert StoreError("of somebody else's").to("fr") == "of somebody else's"


def test_the_reserves_of_a_decision_are_shown_until_they_are_settled() -> None:
    data = (Path(__file__).parents[1] / "examples" / "second_month" / "dossier.toml").read_bytes()
    method, dossier = agir.read_dossier(data, agir.load_method)
    day = dt.date(2011, 10, 13)

    def then(dossier: agir.Dossier, fact: agir.facts.Fact) -> agir.Dossier:
        told = agir.record(method, dossier, fact.stamped(agir.Stamp(on=When(day), by="lead")))
        assert not isinstance(told, agir.Refused)
        return agir.evolve(method, dossier, told.events[0])

    dossier = then(then(dossier, agir.facts.hold("copil/themes")), agir.facts.decide("copil/themes", "go_with_reserves", ("préciser", "voter")))
    seen = agir.outlook(method, dossier, on=day, by="lead").reserves
    assert [(r.address, r.text) for r in seen] == [("reserve/copil/themes/1", "préciser"), ("reserve/copil/themes/2", "voter")]
    dossier = then(dossier, agir.facts.fact(agir.facts.Verb.SETTLE, seen[0].address))
    assert [r.text for r in agir.outlook(method, dossier, on=day, by="lead").reserves] == ["voter"]
