"""
One writer at a time on Windows: the lock of `written.alone` over a stand-in for `msvcrt.locking` that does what its documentation says.

Of a region that another handle holds, LK_LOCK tries ten times, a second apart, and gives up with EDEADLK; LK_UNLCK is refused with EACCES
where that very region is not held by the handle. A handle that is closed with its lock lets go of it when the system finds the time: here, never.
"""

import contextlib
import datetime as dt
import errno
import importlib.util
import os
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from agir_workflow import desk, written
from agir_workflow.facts import Declare, fact
from agir_workflow.values import Record
from agir_workflow.words import Verb

if sys.platform == "win32":
    pytest.skip("the system's own is there", allow_module_level=True)

SECOND = 0.005
EXAMPLES = Path(__file__).parents[1] / "examples"


class Locks(types.ModuleType):
    """`msvcrt`, as far as it locks."""

    LK_UNLCK, LK_LOCK, LK_NBLCK = 0, 1, 2

    def __init__(self, *, refuses: int | None = None) -> None:
        super().__init__("msvcrt")
        self.held: dict[tuple[int, int, int, int], int] = {}
        self.mutex, self.gave_up, self.refuses = threading.Lock(), 0, refuses

    def locking(self, fd: int, mode: int, nbytes: int) -> None:
        if self.refuses is not None:
            raise OSError(self.refuses, os.strerror(self.refuses))
        stat, at = os.fstat(fd), os.lseek(fd, 0, os.SEEK_CUR)
        region = (stat.st_dev, stat.st_ino, at, nbytes)
        if mode == self.LK_UNLCK:
            with self.mutex:
                if self.held.get(region) != fd:
                    raise OSError(errno.EACCES, "Permission denied")
                del self.held[region]
            return
        for again in range(10 if mode == self.LK_LOCK else 1):
            time.sleep(SECOND if again else 0)
            with self.mutex:
                if region not in self.held:
                    self.held[region] = fd
                    return
        self.gave_up += 1
        raise OSError(errno.EDEADLK if mode == self.LK_LOCK else errno.EACCES, "Resource deadlock avoided")


Alone = Callable[[Path], AbstractContextManager[None]]


def windows(monkeypatch: pytest.MonkeyPatch, locks: Locks, temporary: Path) -> Alone:
    """`alone`, of the same file read as that system reads it."""
    temporary.mkdir(exist_ok=True)
    spec = importlib.util.spec_from_file_location("agir_workflow._written_there", written.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "msvcrt", locks)
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    with monkeypatch.context() as only:
        only.setattr(sys, "platform", "win32")
        spec.loader.exec_module(module)
    return module.alone  # type: ignore[no-any-return]


@contextlib.contextmanager
def together(*work: Callable[[], None]) -> Iterator[None]:
    threads = [threading.Thread(target=w, daemon=True) for w in work]
    for t in threads:
        t.start()
    yield
    for t in threads:
        t.join(10)
        assert not t.is_alive(), "somebody waits for ever"


def test_who_reads_and_puts_back_loses_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    locks = Locks()
    alone, file = windows(monkeypatch, locks, tmp_path / "temp"), tmp_path / "a" / "d.txt"
    file.parent.mkdir()
    file.write_text("")

    def add() -> None:
        for _ in range(5):
            with alone(file):
                before = file.read_text()
                time.sleep(SECOND)
                written.write_whole(file, (before + "x").encode())

    with together(*[add] * 4):
        pass
    assert file.read_text() == "x" * 20
    assert locks.held == {}, "each let go of it"
    assert os.listdir(file.parent) == ["d.txt"], "nothing is left beside the file"


def test_who_has_waited_ten_seconds_waits_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    locks, order = Locks(), list[str]()
    alone = windows(monkeypatch, locks, tmp_path / "temp")
    inside = threading.Event()

    def first() -> None:
        with alone(tmp_path / "d.toml"):
            inside.set()
            time.sleep(30 * SECOND)
            order.append("first")

    def second() -> None:
        inside.wait(5)
        with alone(tmp_path / "e.toml"):
            order.append("second")

    with together(first, second):
        pass
    assert order == ["first", "second"]
    assert locks.gave_up


def test_two_folders_do_not_wait_for_each_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    locks = Locks()
    alone = windows(monkeypatch, locks, tmp_path / "temp")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    with alone(tmp_path / "a" / "d.toml"), alone(tmp_path / "b" / "d.toml"):
        assert len(locks.held) == 2
    assert locks.held == {}


def test_an_error_inside_lets_go(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    locks = Locks()
    alone = windows(monkeypatch, locks, tmp_path / "temp")
    with pytest.raises(KeyError), alone(tmp_path / "d.toml"):
        raise KeyError
    assert locks.held == {}


def test_where_nothing_can_be_locked_nothing_is_held(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    locks = Locks(refuses=errno.EINVAL)
    alone = windows(monkeypatch, locks, tmp_path / "temp")
    with alone(tmp_path / "d.toml"), alone(tmp_path / "d.toml"):
        assert locks.held == {}


def test_two_who_write_into_one_dossier_are_both_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(desk, "alone", windows(monkeypatch, Locks(), tmp_path / "temp"))
    file = tmp_path / "dossier.toml"
    file.write_bytes((EXAMPLES / "second_month" / "dossier.toml").read_bytes())

    def add(who: str) -> None:
        for n in range(2):
            told = fact(Verb.DECLARE, f"actor/{who}{n}", Declare(label=f"{who}{n}", attributes=Record((("college", "associations"),))))
            desk.Desk.open(str(file), "x.db", dt.date(2011, 10, 10)).record(told, by="lead")

    with together(lambda: add("a"), lambda: add("b")):
        pass
    kept = {str(f.address) for f in desk.read_file(str(file))[1].facts}
    assert {f"actor/{who}{n}" for who in "ab" for n in range(2)} <= kept
