"""What a developer who embeds this may get wrong at the front door, and is told of at once."""

import datetime as dt
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

import agir_workflow as agir
from agir_workflow.errors import (
    BrokenChainError,
    ConflictError,
    DossierError,
    DossierNotFoundError,
    IdempotencyError,
    StoreError,
)
from agir_workflow.facts import When

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
