"""Every store against the one contract; what only SQLite can promise; the chain that tells."""

import json
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import attrs
import pytest

from agir_workflow.errors import BrokenChainError, ConflictError, DossierError, StoreError
from agir_workflow.stores import MemoryStore, SqliteStore, Store, export_lines, read_lines, verify
from agir_workflow.stores.base import JournalRecord, link
from agir_workflow.testing import StoreContract, refuses, sample

UPDATE = "UPDATE journal SET event = replace(event, 'sample/2', 'sample/3') WHERE version = 3"


class TestMemoryStore(StoreContract):
    def make(self, tmp_path: Path) -> Store:
        return MemoryStore()


class TestSqliteStore(StoreContract):
    def make(self, tmp_path: Path) -> Store:
        return SqliteStore.open(tmp_path / "été à Ménilmontant 100%.db")


def written(path: Path, n: int = 5, dossier: str = "d") -> Path:
    store = SqliteStore.open(path)
    store.append(dossier, 0, [sample(i) for i in range(n)])
    store.close()
    return path


def test_it_lasts(tmp_path: Path) -> None:
    path = written(tmp_path / "a.db")
    store = SqliteStore.open(str(path))
    assert store.read("d") == tuple(sample(i) for i in range(5))
    assert store.append("d", 5, [sample(5)]) == 6
    assert len(tuple(store.records("d"))) == 6
    store.close()


def test_more_than_one_page(tmp_path: Path) -> None:
    store = SqliteStore.open(written(tmp_path / "a.db", 2100))
    assert [r.v for r in store.records("d")] == list(range(1, 2101))
    assert verify(store.records("d")) == ()
    store.close()


def test_it_is_durable_and_a_rowid_table(tmp_path: Path) -> None:
    path = written(tmp_path / "a.db")
    store = SqliteStore.open(path)
    assert store._db.execute("PRAGMA synchronous").fetchone() == (2,)
    store.close()
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("SELECT rowid, dossier, version, length(prev), length(hash) FROM journal").fetchall()[1] == (
        2,
        "d",
        2,
        64,
        64,
    )
    assert db.execute("PRAGMA table_list(journal)").fetchone()[4:] == (0, 1)  # with rowid, strict
    db.close()


@pytest.mark.parametrize(
    "sql",
    [
        UPDATE,
        "UPDATE journal SET version = 9 WHERE version = 5",
        "DELETE FROM journal WHERE version = 5",
        "INSERT OR REPLACE INTO journal SELECT dossier, version, prev, hash, 'x' FROM journal WHERE version = 2",
        "INSERT INTO journal SELECT dossier, 0, prev, hash, event FROM journal WHERE version = 5",
    ],
)
def test_it_only_grows(tmp_path: Path, sql: str) -> None:
    path = written(tmp_path / "a.db")
    db = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|CHECK"):
        db.execute(sql)
    db.close()


def tampered(path: Path, sql: str) -> Path:
    db = sqlite3.connect(path)
    for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {trigger}")
    db.execute(sql)
    db.commit()
    db.close()
    return path


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        (UPDATE, {3}),
        ("UPDATE journal SET event = substr(event, 2) WHERE version = 3", {3}),
        ("UPDATE journal SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE version = 3", {3, 4}),
        ("UPDATE journal SET prev = 'x' || substr(prev, 2) WHERE version = 3", {3}),
        ("UPDATE journal SET version = 9 WHERE version = 3", {4, 9}),
        ("UPDATE journal SET version = 9 WHERE version = 5", {9}),
        ("DELETE FROM journal WHERE version = 3", {4}),
        ("DELETE FROM journal WHERE version = 1", {2}),
    ],
)
def test_what_was_tampered_with_is_named(tmp_path: Path, sql: str, named: set[int]) -> None:
    store = SqliteStore.open(tampered(written(tmp_path / "a.db"), sql))
    assert {b.v for b in verify(store.records("d"))} == named
    store.close()


def test_an_opened_store_guards_itself_again(tmp_path: Path) -> None:
    path = tampered(written(tmp_path / "a.db"), "SELECT 1")
    SqliteStore.open(path).close()
    db = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute("DELETE FROM journal")
    db.close()


def test_one_byte_flipped_in_the_file_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "a.db")
    whole = path.read_bytes()
    store = SqliteStore.open(path)
    third = tuple(store.records("d"))[2]
    store.close()
    for part in (third.event.encode(), third.hash.encode() + third.event.encode()[:1]):
        begin = whole.index(part)
        for at in range(begin, begin + len(part), 7):
            damaged = bytearray(whole)
            damaged[at] ^= 0x80 if at % 2 else 0x01
            path.write_bytes(bytes(damaged))
            store = SqliteStore.open(path)
            assert 3 in {b.v for b in verify(store.records("d"))}, at
            store.close()
            for rest in tmp_path.glob("a.db-*"):
                rest.unlink()


def test_one_byte_flipped_in_the_name_or_number_of_a_record_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "a.db", dossier="zebre")
    whole = path.read_bytes()
    store = SqliteStore.open(path)
    third = tuple(store.records("zebre"))[2]
    store.close()
    lead = whole.index(f"zebre\x03{third.prev}".encode("latin-1"))
    for at in range(lead, lead + 6):
        damaged = bytearray(whole)
        damaged[at] ^= 0x04
        path.write_bytes(bytes(damaged))
        store = SqliteStore.open(path)
        assert verify(r for id in store.dossiers() for r in store.records(id)) != (), at
        store.close()
        for rest in tmp_path.glob("a.db-*"):
            rest.unlink()


def test_an_unreadable_event_says_where_it_is(tmp_path: Path) -> None:
    store = SqliteStore.open(tampered(written(tmp_path / "a.db"), "UPDATE journal SET event = '{' WHERE version = 3"))
    with pytest.raises(BrokenChainError, match="record 3: unreadable event") as caught:
        store.read("d")
    assert caught.value.version == 3
    store.close()


def test_a_file_that_is_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "notes é.txt"
    text.write_text("ceci n'est pas une base " * 100)
    other = tmp_path / "other.db"
    db = sqlite3.connect(other)
    db.execute("CREATE TABLE music(title)")
    db.close()
    wrong = tmp_path / "wrong.db"
    db = sqlite3.connect(wrong)
    db.execute("CREATE TABLE journal(id, text)")
    db.close()
    for path, sentence in (
        (text, "is no SQLite database"),
        (other, "something else"),
        (wrong, "has the columns id, text"),
        (tmp_path, "cannot open"),
    ):
        before = path.read_bytes() if path.is_file() else b""
        with pytest.raises(StoreError, match=sentence):
            SqliteStore.open(path)
        assert (path.read_bytes() if path.is_file() else b"") == before
    with pytest.raises(StoreError, match="cannot open"):
        SqliteStore.open(tmp_path / "nowhere" / "a.db")


def _read_an_archive(path: Path) -> None:
    if os.geteuid() == 0:  # who may write everywhere has no archives
        os.setuid(65534)
    store = SqliteStore.open(path)
    assert store.read("d") == tuple(sample(i) for i in range(5))
    assert not list(verify(store.records("d")))
    with pytest.raises(StoreError, match="may only be read"):
        store.append("d", 5, [sample(5)])
    store.close()


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="a file that may not be written")
def test_an_archive_is_read_and_not_written() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder) / "archive é.db")
        path.chmod(0o444)
        Path(folder).chmod(0o555)
        reader = multiprocessing.get_context("fork").Process(target=_read_an_archive, args=(path,))
        reader.start()
        reader.join()
        Path(folder).chmod(0o755)
        assert (reader.exitcode, [p.name for p in Path(folder).iterdir()]) == (0, [path.name])


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path / "a.db")
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.version("d")


WRITER = """
import sys
from agir_workflow.errors import ConflictError
from agir_workflow.stores import SqliteStore
from agir_workflow.testing import sample
path, me, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
store = SqliteStore.open(path)
for n in range(count):
    while True:
        try:
            print(store.append("d", store.version("d"), [sample(1000 * me + n)]))
            break
        except ConflictError:
            continue
store.close()
"""


def run_writers(path: Path, writers: int, count: int) -> list[int]:
    """Several processes that open the file at the same moment; the versions each was given."""
    command = [sys.executable, "-c", WRITER, os.fspath(path)]
    procs = [
        subprocess.Popen([*command, str(n), str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for n in range(1, writers + 1)
    ]
    for p in procs:
        assert p.stdout is not None
        assert p.stdout.readline() == "ready\n"
    for p in procs:
        assert p.stdin is not None
        p.stdin.write("\n")
        p.stdin.flush()
    versions = [int(v) for p in procs for v in p.communicate(timeout=300)[0].split()]
    assert [p.returncode for p in procs] == [0] * writers
    return versions


def test_two_processes_write_one_dossier(tmp_path: Path) -> None:
    path = tmp_path / "à deux.db"
    versions = run_writers(path, 2, 500)
    assert sorted(versions) == list(range(1, 1001))
    store = SqliteStore.open(path)
    assert {f.address for f in store.read("d")} == {f"sample/{1000 * m + n}" for m in (1, 2) for n in range(500)}
    assert verify(store.records("d")) == ()
    store.close()


def test_a_new_file_opened_by_several_at_once(tmp_path: Path) -> None:
    for round in range(3):
        assert sorted(run_writers(tmp_path / f"{round}.db", 4, 1)) == [1, 2, 3, 4]


def test_verify_reads_several_dossiers_at_once() -> None:
    store = MemoryStore()
    for id in ("a", "b"):
        store.append(id, 0, [sample(1), sample(2)])
    a, b = (tuple(store.records(id)) for id in ("a", "b"))
    assert verify((a[0], b[0], a[1], b[1])) == ()
    assert [(x.dossier, x.v) for x in verify((a[0], b[1], a[1]))] == [("b", 2), ("b", 2)]
    assert verify(()) == ()


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ('{"verb":"close","address":"dossier","args":{},"stamp":{"on":"2012","by":"x"}}', "canonical"),
        ('{"address":"dossier","args":{},"stamp":{"by":"x","on":"2012"},"verb":"close" }', "canonical"),
        ('{"address":"dossier","args":{},"verb":"close"}', "unreadable"),
        ('{"address":"dossier","args":{"n":1.0},"stamp":{"by":"x","on":"2012"},"verb":"close"}', "unreadable"),
        ("[" * 100_000, "unreadable"),
        ("NaN", "unreadable"),
        ("", "unreadable"),
    ],
)
def test_a_well_hashed_event_must_still_be_canonical(event: str, reason: str) -> None:
    broken = verify([JournalRecord("d", 1, "", link("", event), event)])
    assert [reason in b.why.en for b in broken] == [True]
    assert str(broken[0]).startswith("d v1: ")


def test_lines_go_out_and_come_back() -> None:
    store = MemoryStore()
    store.append("é \u2028", 0, [sample(1, value="a\u2028b\x85c\nd"), sample(2)])
    store.append("a", 0, [sample(3)])
    lines = list(export_lines(store))
    assert [len(line.splitlines()) for line in lines] == [1, 1, 1]
    data = [json.loads(line) for line in lines]
    assert [list(d) for d in data] == [["dossier", "v", "prev", "hash", "event"]] * 3
    assert [(d["dossier"], d["v"]) for d in data] == [("a", 1), ("é \u2028", 1), ("é \u2028", 2)]
    assert isinstance(data[0]["event"], dict)
    assert tuple(read_lines(lines)) == (*store.records("a"), *store.records("é \u2028"))
    assert verify(read_lines(lines)) == ()
    assert list(export_lines(store, "a")) == lines[:1]
    with refuses(LookupError):
        list(export_lines(store, "nobody"))


def test_a_broken_record_is_exported_broken() -> None:
    store = MemoryStore()
    store.append("a", 0, [sample(1), sample(2)])
    first, second = store.records("a")
    store._journals["a"] = (first, attrs.evolve(second, event="{"))
    lines = list(export_lines(store))
    assert json.loads(lines[1])["event"] == "{"
    assert {b.v for b in verify(read_lines(lines))} == {2}


@pytest.mark.parametrize(
    "line",
    ["{", "[]", "{}", '{"dossier":"a","v":"1","prev":"","hash":"","event":{}}', '{"event":1.5}', '{"event":{},"x":1}'],
)
def test_a_line_that_is_none_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(DossierError) as caught:
        list(read_lines(["", line]))
    assert {f.line for f in caught.value.faults} == {2}


def test_a_conflict_says_what_is_stored() -> None:
    store = MemoryStore()
    store.append("d", 0, [sample(1)])
    with pytest.raises(ConflictError, match="'d' is at version 1, not 0"):
        store.append("d", 0, [sample(1)])
