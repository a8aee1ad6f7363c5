"""
The promises of a store, as tests that a stranger's store can inherit.

    from agir_workflow.testing import StoreContract

    class TestMyStore(StoreContract):
        def make(self, tmp_path):
            return MyStore(tmp_path / "journal")

Run it with pytest; nothing else is needed.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from inspect import Parameter, signature
from pathlib import Path

from .errors import ConflictError, DossierError, DossierNotFoundError
from .facts import Fact, Hold, Stamp, fill, hold
from .stores.base import Store, verify
from .values import Record, Value
from .when import When


def sample(n: int, *, key: str | None = None, value: Value | None = None) -> Fact:
    """A stamped fact that tells itself from every other *n*."""
    recorded = dt.datetime(2012, 5, 14, 9, 30, tzinfo=dt.UTC) + dt.timedelta(minutes=n)
    stamp = Stamp(on=When(dt.date(2012, 5, 14)), by="tester", recorded_at=recorded, key=key)
    return fill(f"sample/{n}", n if value is None else value).stamped(stamp)


@contextmanager
def refuses(*errors: type[Exception]) -> Iterator[list[Exception]]:
    """The block must raise one of *errors*; what it raised is in the list that `as` gives."""
    caught: list[Exception] = []
    try:
        yield caught
    except errors as exc:
        caught.append(exc)
        return
    raise AssertionError(f"nothing was raised; promised: {' or '.join(e.__name__ for e in errors)}")


class StoreContract:
    """What every store promises. A subclass says only how to make a new, empty one."""

    def make(self, tmp_path: Path) -> Store:
        """A new, empty store; may keep its files under *tmp_path*. Two calls may give the same files."""
        raise NotImplementedError

    def test_it_is_a_store(self, tmp_path: Path) -> None:
        store = self.make(tmp_path)
        assert isinstance(store, Store)
        assert store.dossiers() == ()
        store.close()
        store.close()

    def test_whoever_appends_says_which_version_they_read(self, tmp_path: Path) -> None:
        store = self.make(tmp_path)
        assert signature(store.append).parameters["expected"].default is Parameter.empty
        store.close()

    def test_what_is_appended_is_read_back_in_order(self, tmp_path: Path) -> None:
        store = self.make(tmp_path)
        rich = hold(
            "sample/é « 1 »", Hold(attendance=Record.of({"a": 3, "é": 0}), start=dt.time(14, 30), quorate=False)
        )
        values: tuple[Value, ...] = (
            "",
            "𝄞\u2028\x00'\"\\",
            True,
            1,
            -(2**53) + 1,
            (),
            Record(),
            When.parse("2012-S1"),
            (1, (True, "x")),
        )
        facts = (*(sample(n, value=v) for n, v in enumerate(values)), rich.stamped(Stamp(on=When.parse("2012"), by="")))
        assert store.append("d", 0, facts[:1]) == 1
        assert store.append("d", 1, facts[1:]) == len(facts)
        assert store.read("d") == facts
        assert [type(f.args.value) for f in store.read("d")[:4]] == [str, str, bool, int]  # type: ignore[union-attr]
        assert store.version("d") == len(facts)
        store.close()

    def test_an_unknown_dossier_is_not_found(self, tmp_path: Path) -> None:
        store = self.make(tmp_path)
        assert store.version("nobody") == 0
        assert store.seen("nobody", "k") == ()
        with refuses(DossierNotFoundError):
            store.read("nobody")
        with refuses(DossierNotFoundError):
            store.records("nobody")
        store.close()

    def test_a_late_writer_is_refused_and_writes_nothing(self, tmp_path: Path) -> None:
        store = self.make(tmp_path)
        store.append("d", 0, [sample(1), sample(2)])
        for expected in (0, 1, 3, -1):
            with refuses(ConflictError) as caught:
                store.append("d", expected, [sample(3)])
            assert caught[0].args == ("d", expected, 2)
        with refuses(ConflictError):
            store.append("new", 1, [sample(1)])
        assert store.read("d") == (sample(1), sample(2))
        assert store.dossiers() == ("d",)
        store.close()

    def test_all_or_nothing(self, tmp_path: Path) -> None:
        store = self.make(tmp_path)
        unstamped, broken = fill("a", "x"), sample(2, value=3.9)  # type: ignore[arg-type]
        for bad in (unstamped, broken):
            for dossier, expected in (("new", 0), ("d", store.version("d"))):
                with refuses(ValueError, DossierError):
                    store.append(dossier, expected, [sample(1), bad, sample(3)])
        assert store.dossiers() == ()
        store.append("d", 0, [sample(1)])
        with refuses(ValueError, DossierError):
            store.append("d", 1, [sample(2), broken])
        assert store.read("d") == (sample(1),)
        store.close()

    def test_nothing_appended_changes_nothing(self, tmp_path: Path) -> None:
        store = self.make(tmp_path)
        assert store.append("d", 0, []) == 0
        assert store.dossiers() == ()
        store.append("d", 0, [sample(1)])
        assert store.append("d", 1, ()) == 1
        with refuses(ConflictError):
            store.append("d", 0, ())
        store.close()

    def test_a_key_is_found_again(self, tmp_path: Path) -> None:
        store = self.make(tmp_path)
        odd = 'é"\\\u2028'
        store.append(
            "d",
            0,
            [
                sample(1),
                sample(2, key="k"),
                sample(3, key="k"),
                sample(4, key="kk"),
                sample(5, key=odd),
                sample(6, value="k"),
            ],
        )
        store.append("e", 0, [sample(1, key="k")])
        assert store.seen("d", "k") == (2, 3)
        assert store.seen("d", "kk") == (4,)
        assert store.seen("d", odd) == (5,)
        assert store.seen("d", "") == ()
        assert store.seen("e", "k") == (1,)
        store.close()

    def test_dossiers_are_apart_and_sorted(self, tmp_path: Path) -> None:
        store = self.make(tmp_path)
        ids = ("b", "a", "B", "é", "a b", "a'b", "%", "_", "a/b", "0")
        for n, id in enumerate(ids):
            store.append(id, 0, [sample(n)])
        assert store.dossiers() == tuple(sorted(ids))
        assert [store.read(id) for id in ids] == [(sample(n),) for n in range(len(ids))]
        store.close()

    def test_the_chain_holds_and_is_the_one_promised(self, tmp_path: Path) -> None:
        store = self.make(tmp_path)
        for v in range(5):
            store.append("d", v, [sample(v)])
        store.append("e", 0, [sample(9), sample(10)])
        records = tuple(store.records("d"))
        assert [(r.dossier, r.v) for r in records] == [("d", v) for v in range(1, 6)]
        prev = ""
        for r in records:
            assert r.prev == prev
            prev = sha256((prev + r.event).encode("utf-8")).hexdigest()
            assert r.hash == prev
        assert verify((*records, *store.records("e"))) == ()
        store.close()

    def test_the_same_facts_make_the_same_bytes(self, tmp_path: Path) -> None:
        store = self.make(tmp_path)
        facts = [sample(n) for n in range(3)]
        store.append("a", 0, facts)
        for v, fact in enumerate(facts):
            store.append("b", v, [fact])
        assert [(r.hash, r.event) for r in store.records("a")] == [(r.hash, r.event) for r in store.records("b")]
        store.close()

    def test_threads_share_a_store(self, tmp_path: Path) -> None:
        store = self.make(tmp_path)
        failures: list[BaseException] = []

        def work(me: int) -> None:
            try:
                done = 0
                while done < 10:
                    try:
                        store.append("shared", store.version("shared"), [sample(100 * me + done)])
                        done += 1
                    except ConflictError:
                        continue
                    store.read("shared")
            except BaseException as exc:
                failures.append(exc)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        assert failures == []
        assert sorted(f.address for f in store.read("shared")) == sorted(
            f"sample/{100 * m + n}" for m in range(4) for n in range(10)
        )
        assert verify(store.records("shared")) == ()
        store.close()

    def test_a_reader_is_not_disturbed_by_a_writer(self, tmp_path: Path) -> None:
        store = self.make(tmp_path)
        store.append("d", 0, [sample(1), sample(2)])
        reading = store.records("d")
        first = next(reading)
        store.append("d", 2, [sample(3)])
        assert [first.v, *(r.v for r in reading)][:2] == [1, 2]
        assert store.version("d") == 3
        store.close()
