"""
The verdict on many dossiers: found one by one, judged in blocks by one process or several, told in the order of the paths.

Of a dossier only its row is kept, and only until it is written; memory does not grow with their number.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import signal
import sys
import time
import tomllib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from hashlib import blake2b
from importlib.metadata import version
from itertools import chain, islice, repeat, takewhile

import attrs

from ._check_baseline import Baseline
from ._check_one import Wish, fails, judged, located
from ._check_sinks import Form, opened
from ._commands_base import Asked, bad, denied, err, hush, json_text, sentence
from .baseline import fingerprints
from .desk import Finder, method_beside
from .doorstep import file_bytes
from .errors import AgirError, BrokenChainError, FaultyFileError
from .former import Former
from .method_file import load_method
from .views import json_view
from .views.folder import UNREADABLE, Row, row_of
from .views.json_view import Json
from .views.sarif import sarif_results, sarif_run

BLOCK, FEW, LARGE_BLOCK = 50, 20, 150
"""Dossiers that a worker judges at a time, reading their method once; in a large folder, after the first few blocks, more."""
METHODS = 16
"""Methods that are remembered, and folders in which one was looked for."""
PAUSE = 0.1
"""Seconds between two drawings of the line that says how far."""
_A_DOSSIER = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(\[\s*dossier\s*\]|\[\[\s*facts\s*\]\]|\[\[?\s*answers\s*\]\]?)", re.M)


@attrs.frozen
class Task:
    """What a worker needs to know, whatever the dossier."""

    asked: Asked
    wish: Wish
    kinds: frozenset[str]


@attrs.frozen
class Told:
    """A dossier judged: its row, its exit code, and the parts of it that are written already, by format."""

    row: Row
    code: int
    pieces: Mapping[str, str]
    prints: tuple[str, ...] = ()
    beside: bool = False
    """Whether it is no dossier at all, and only lay in the folder; `prints` are what a baseline would say."""


def check_all(asked: Asked, paths: tuple[str, ...], wish: Wish, forms: list[Form], *, jobs: int, former: Mapping[str, Former] | None, baseline: Baseline | None = None) -> int:
    """The exit code, the worst of all; each format in its place once every dossier was judged."""
    hush()  # it says itself how far it is
    task, worst, seen = Task(asked, wish, frozenset(f.kind for f in forms)), 0, 0
    heads: dict[str, Json] = {}
    ids = Ids()
    live = Form("text", "") in forms
    below = _common(paths)
    with contextlib.ExitStack() as stack:
        sinks = [opened(form, asked.lang, at=asked.at, since=former is not None, stack=stack) for form in forms]
        progress = stack.enter_context(Progress(paths))
        for told, head in _each(task, _found(paths), jobs):
            heads = head | heads
            progress.at(told.row.path)
            if told.beside:
                continue
            seen += 1
            if baseline is not None:
                baseline.add(told.row.dossier, told.prints)
            if told.row.dossier and ids.again(told.row.dossier):
                progress.clear()
                err(asked.say(f"{told.row.path} : l'id « {told.row.dossier} » est aussi celui d'un dossier d'avant → en donner un à chacun, sans quoi leurs constats se confondent",
                              f"{told.row.path}: the id '{told.row.dossier}' is that of an earlier dossier too → give each its own, or their findings are taken for one another's"))
            row = attrs.evolve(told.row, name=_name(told.row.path, below))
            if former is not None:
                row = attrs.evolve(row, former=former.get(row.dossier), since=True)
            worst = max(worst, told.code)
            if row.fault is not None or live:
                progress.clear()
            if row.fault is not None:
                err(row.fault if row.path in row.fault else f"{row.path}: {row.fault}")
            for sink, _ in sinks:
                sink.add(row, told.pieces)
        if not seen:
            names = ", ".join(paths)
            raise bad("PATH", f"attendu : des dossiers .toml ; trouvé : aucun dans {names}", f"expected .toml dossiers, found none in {names}", "vérifier le chemin", "check the path")
        for sink, _ in sinks:
            sink.end(heads)
        for _, put in sinks:
            put()
    if baseline is not None:
        baseline.write()
    return worst


# -- judging, in this process or in several ------------------------------------------------------------


@attrs.define
class Ids:
    """The ids that were met, eight bytes of each: some megabytes for a hundred thousand."""

    met: set[bytes] = attrs.field(factory=set)

    def again(self, id: str) -> bool:
        """Whether an id was met before; from now on it was."""
        short = blake2b(id.encode(), digest_size=8).digest()
        before = short in self.met
        self.met.add(short)
        return before


@attrs.define
class Judge:
    """Judges dossiers one after the other; methods are read once. `heads` are the runs of SARIF without results, by method."""

    task: Task
    heads: dict[str, Json] = attrs.field(factory=dict)
    finder: Finder = attrs.field(factory=lambda: Finder(functools.lru_cache(METHODS)(load_method), functools.lru_cache(METHODS)(method_beside)))

    def one(self, path: str, named: bool) -> Told:
        """The verdict on a path, or why there is none; *named* on the command line, and not found in a folder."""
        if not named and not is_dossier(path):
            return Told(Row(path=path, verdict=UNREADABLE), 0, {}, beside=True)
        asked, lang = self.task.asked, self.task.asked.lang
        try:
            verdict = judged(asked, path, self.task.wish, self.finder)
        except OSError as exc:
            return Told(Row(path=path, verdict=UNREADABLE, fault=denied(exc, lang)), 2, {})
        except AgirError as exc:
            line = exc.faults[0].line if isinstance(exc, FaultyFileError) and exc.faults else None
            return Told(Row(path=path, verdict=UNREADABLE, fault=sentence(exc, lang), line=line), 1 if isinstance(exc, BrokenChainError) else 2, {})
        except Exception as exc:  # one dossier out of many: the others are judged all the same
            said = f"{type(exc).__name__}: {exc}"[:400]
            return Told(Row(path=path, verdict=UNREADABLE, fault=asked.say(f"faute interne : {said}", f"internal error: {said}")), 4, {})
        pieces = {}
        if "json" in self.task.kinds:
            pieces["json"] = json_text(json_view.report(verdict.report))
        if "sarif" in self.task.kinds:
            method = verdict.method
            found = []
            if verdict.report.findings:
                where, lines = located(verdict)
                found = sarif_results(verdict.report, method, lang, path=where, lines=lines, whole=False)
            pieces |= {"method": method.hash, "sarif": ",\n".join(json_text(r, None) for r in found)}
            if method.hash not in self.heads:
                self.heads[method.hash] = {k: v for k, v in sarif_run(method, lang, [], version=version("agir_workflow")).items() if k != "results"}
        return Told(row_of(path, verdict.report), 1 if fails(verdict.report, self.task.wish.fail_on) else 0, pieces, fingerprints(verdict.report))


def judge_block(task: Task, block: list[tuple[str, bool]]) -> tuple[list[Told], dict[str, Json]]:
    """A block of dossiers, as a worker judges them."""
    judge = Judge(task)
    return [judge.one(path, named) for path, named in block], judge.heads


def _each(task: Task, found: Iterator[tuple[str, bool]], jobs: int) -> Iterator[tuple[Told, dict[str, Json]]]:
    """Every dossier in the order of the paths; no more than a few blocks are ahead of what was told."""
    if jobs == 1:
        judge = Judge(task)
        yield from ((judge.one(path, named), judge.heads) for path, named in found)
        return
    sizes = chain(repeat(BLOCK, FEW), repeat(LARGE_BLOCK))
    blocks = takewhile(bool, (list(islice(found, size)) for size in sizes))
    with ProcessPoolExecutor(jobs, initializer=_disturbed) as pool:
        ahead: deque[Future[tuple[list[Told], dict[str, Json]]]] = deque()
        try:
            for block in blocks:
                with _undisturbed():
                    ahead.append(pool.submit(judge_block, task, block))
                if len(ahead) > 2 * jobs:
                    yield from _in_turn(ahead.popleft())
            while ahead:
                yield from _in_turn(ahead.popleft())
        finally:
            for future in ahead:
                future.cancel()


_ENDS = (signal.SIGINT, signal.SIGTERM)
"""What tells a process to end."""


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """
    Told to end in here, a process hears it once this is over.

    Broken off while it starts a worker, a pool waits for that one for ever; and what is raised within a fork is lost. Windows has no such hold.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _disturbed() -> None:
    """A worker, which is started undisturbed, hears all it is told, and ends at once when it is told to."""
    if sys.platform != "win32":
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)


def _in_turn(done: Future[tuple[list[Told], dict[str, Json]]]) -> Iterator[tuple[Told, dict[str, Json]]]:
    block, heads = done.result()
    return ((told, heads) for told in block)


# -- finding -------------------------------------------------------------------------------------------


def _found(paths: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The paths that may be dossiers, in order, and whether they were named; of a folder, every .toml in it."""
    for path in paths:
        if os.path.isdir(path):
            yield from ((p, False) for p in _within(path))
        else:
            yield path, True


def _within(folder: str) -> Iterator[str]:
    """Every .toml below a folder, by name; folders are not entered through links."""
    with os.scandir(folder) as entries:
        inside = sorted(entries, key=lambda e: e.name)
    for entry in inside:
        if entry.is_dir(follow_symlinks=False):
            yield from _within(entry.path)
        elif entry.name.endswith(".toml") and not entry.is_dir():
            yield entry.path


def _common(paths: Iterable[str]) -> str:
    """The folder that all the paths lie in, or the one that was asked for; empty where they share none, as on two drives."""
    try:
        found = os.path.commonpath([os.path.abspath(p) for p in paths])
    except ValueError:
        return ""
    return found if os.path.isdir(found) else os.path.dirname(found)


def _name(path: str, below: str) -> str:
    """A path as a page shows it: a page is sent to others, to whom the folders of this machine are none of their business."""
    return os.path.relpath(path, below).replace(os.sep, "/") if below else path


def is_dossier(path: str) -> bool:
    """Whether a file says of itself that it is a dossier, or cannot be read as TOML; a method beside one does neither."""
    data, fault = file_bytes(path)
    return fault is not None or _A_DOSSIER.search(data) is not None or not data.strip() or not _is_toml(data)


def _is_toml(data: bytes) -> bool:
    """Whether a file holds TOML: what was cut off, or saved as something else, may have been a dossier."""
    try:
        tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return True


# -- telling how far -----------------------------------------------------------------------------------


class Progress:
    """A line on standard error for a person who waits longer than a second; nothing where nobody looks."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.seen = sys.stderr.isatty()
        self.total = sum(1 for _ in _found(paths)) if self.seen else 0
        self.done, self.width, self.drawn = 0, 0, 0.0
        self.begun = time.monotonic()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def at(self, path: str) -> None:
        """One more is done; the line is drawn a few times a second at most."""
        self.done += 1
        now = time.monotonic()
        if self.seen and now - self.begun > 1 and now - self.drawn > PAUSE:
            self.drawn = now
            line = f"{self.done}/{self.total} {os.path.basename(os.path.dirname(path))}/{os.path.basename(path)}"[:70]
            sys.stderr.write("\r" + line.ljust(self.width))
            sys.stderr.flush()
            self.width = len(line)

    def clear(self) -> None:
        """Take the line away, for something is about to be said."""
        if self.width:
            sys.stderr.write("\r" + " " * self.width + "\r")
            sys.stderr.flush()
            self.width = 0
