"""The journal keeps the text of the methods its dossiers pin: they stay readable without the file, and with another of the same name."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

import agir_workflow as agir
from agir_workflow.cli import main
from agir_workflow.errors import MethodMismatchError, StoreError
from agir_workflow.method_file import read_method
from agir_workflow.stores import Shelf, shelved, texts_of

EXAMPLES = Path(__file__).parents[2] / "examples"
STAGES, OVERLAY = EXAMPLES / "stage_gate" / "method.toml", EXAMPLES / "overlay" / "territoire.toml"


def dossier_of(method: agir.Method, id: str = "d") -> tuple[agir.facts.Fact, ...]:
    text = f'[dossier]\nid = "{id}"\nmethod = "{method.ref}"\nstart = 2026-09-15\n'
    return agir.read_dossier(text.encode(), lambda _: method)[1].facts


@pytest.fixture
def store(tmp_path: Path) -> agir.SqliteStore:
    return agir.SqliteStore.open(tmp_path / "j.db")


@pytest.mark.parametrize("file", [STAGES, OVERLAY, None])
def test_a_dossier_is_read_again_without_its_method_at_hand(file: Path | None, store: agir.SqliteStore) -> None:
    method = agir.load_method(str(file) if file else "agir_ensemble")
    agir.Workspace(store).import_(dossier_of(method), method)
    again = agir.Workspace(store)
    assert again.method_of("d") == method
    assert again.get("d").head.method_hash == method.hash
    assert agir.check(again.method_of("d"), again.get("d"), at=again.get("d").start).method_hash == method.hash


def test_an_overlay_and_its_base_are_kept_apart_and_both_pinned(store: agir.SqliteStore) -> None:
    method, base = agir.load_method(str(OVERLAY)), agir.load_method("agir_ensemble")
    agir.Workspace(store).import_(dossier_of(method), method)
    kept = {t.ref: t for t in store.method_texts()}
    assert set(kept) == {base.ref, method.ref}
    assert kept[method.ref].text == OVERLAY.read_text(encoding="utf-8")
    assert (kept[method.ref].base, kept[base.ref].hash, kept[base.ref].base) == (base.hash, base.hash, None)


def test_a_base_that_changed_since_does_not_change_what_was_pinned(store: agir.SqliteStore) -> None:
    base = agir.load_method("agir_ensemble")
    earlier = base.text.replace("group_ok = [8, 12]", "group_ok = [7, 12]", 1)
    assert earlier != base.text
    own = read_method(OVERLAY.read_bytes(), "territoire.toml", under=earlier)
    assert own.hash != read_method(OVERLAY.read_bytes()).hash
    agir.Workspace(store).import_(dossier_of(own), own)
    again = agir.Workspace(store, methods=[base, agir.load_method(str(OVERLAY))])
    assert again.method_of("d").hash == own.hash


def test_a_text_that_was_tampered_with_is_not_believed(store: agir.SqliteStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    method = agir.load_method(str(STAGES))
    agir.Workspace(store).import_(dossier_of(method), method)
    with sqlite3.connect(tmp_path / "j.db") as db:
        db.execute("UPDATE method SET text = replace(text, '\"error\"', '\"info\"')")
    with pytest.raises(StoreError, match=method.ref):
        agir.Workspace(store).get("d")
    assert main(["--db", str(tmp_path / "j.db"), "journal", "verify"]) == 1
    assert method.ref in capsys.readouterr().out


def test_a_journal_from_before_is_opened_as_it_is_and_keeps_the_text_with_its_next_fact(tmp_path: Path) -> None:
    base, other = agir.load_method("agir_ensemble"), agir.load_method(str(STAGES))
    path = tmp_path / "old.db"
    ws = agir.Workspace(agir.SqliteStore.open(path))
    ws.import_(dossier_of(base), None)  # nobody at hand: nothing is kept, as before
    ws.import_(dossier_of(other, "e"), None)
    ws.store.close()
    tables = lambda: {n for (n,) in sqlite3.connect(path).execute("SELECT name FROM sqlite_master WHERE type = 'table'")}  # noqa: E731
    assert tables() == {"journal"}
    now = agir.Workspace(agir.SqliteStore.open(path), methods=[base])
    assert now.get("d").version == 1
    with pytest.raises(agir.errors.UnknownNameError):
        now.get("e")
    assert tables() == {"journal"}
    now.do("d", agir.facts.declare("theme/emploi"), by="lead", on=now.get("d").start)
    assert [t.ref for t in now.store.method_texts()] == [base.ref]  # type: ignore[attr-defined]
    later = agir.read_method(base.text.replace("group_ok = [8, 12]", "group_ok = [7, 12]", 1).encode())
    assert agir.Workspace(now.store, methods=[later]).method_of("d") == base
    forgetful = agir.Workspace(agir.MemoryStore(), methods=[later])
    forgetful.import_(dossier_of(base))
    with pytest.raises(MethodMismatchError):
        forgetful.get("d")


def test_the_command_line_imports_checks_and_exports_a_dossier_of_another_method(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*argv: object) -> tuple[int, str]:
        code = main(["--db", str(tmp_path / "j.db"), "--at", "2026-04-01", *map(str, argv)])
        return code, capsys.readouterr().out

    source = EXAMPLES / "stage_gate" / "dossier.toml"
    code, said = run("import", source)
    assert code == 0
    id = said.split(" → ")[1].split(" ")[0]
    assert json.loads(run("check", id, "--json")[1])["findings"] == json.loads(run("check", source, "--json")[1])["findings"]
    beside = tmp_path / "again"
    beside.mkdir()
    (beside / "method.toml").write_text(run("export", id, "--method")[1], encoding="utf-8")
    (beside / "d.toml").write_text(run("export", id)[1], encoding="utf-8")
    assert agir.load_method(str(beside / "method.toml")) == agir.load_method(str(STAGES))
    assert run("check", beside / "d.toml", "--json")[0] == 0


def test_texts_go_on_a_shelf_and_come_back(store: agir.SqliteStore) -> None:
    assert isinstance(store, Shelf)
    assert shelved(store, "0" * 64) is None
    method = agir.load_method("agir_ensemble")
    store.shelve(texts_of(method))
    store.shelve(texts_of(method))
    assert shelved(store, method.hash) == method
