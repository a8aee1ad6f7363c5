"""
How every output is written: whole or not at all, in a folder that is made where it is missing.

What is written lies beside its target first, and takes its place at one stroke; a target that
cannot be written to stays as it was.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO


@contextlib.contextmanager
def alone(target: Path) -> Iterator[None]:
    """
    Nobody else who asks so writes in the folder of *target* meanwhile; the others wait their turn.

    For whoever reads a file, adds to it and puts it back: without it the one that puts back last undoes
    the others. The folder bears the lock, for a file that is replaced at one stroke cannot; on Windows, where
    none can be locked, a file of the folder's name among the temporary ones. Where there are no locks nothing is held.
    """
    handle = _lockable(target.resolve().parent)
    try:
        with contextlib.suppress(OSError):  # a file system without locks: as where the system has none
            _wait_for(handle)
        yield
    finally:
        with contextlib.suppress(OSError):  # what was never held
            _let_go(handle)
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _lockable(folder: Path) -> int:
        name = hashlib.sha256(os.path.normcase(folder).encode("utf-8", "surrogatepass")).hexdigest()
        return os.open(Path(tempfile.gettempdir()) / f"agir-{name[:32]}.lock", os.O_RDWR | os.O_CREAT)

    def _wait_for(handle: int) -> None:
        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # its first byte, which need not be there
            except OSError as exc:
                if exc.errno != errno.EDEADLK:  # it has tried for ten seconds: the other is not done
                    raise
            else:
                return

    def _let_go(handle: int) -> None:
        # Closed with its lock, a file is let go by the system when it finds the time.
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lockable(folder: Path) -> int:
        return os.open(folder, os.O_RDONLY)

    def _wait_for(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)

    def _let_go(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


def make_folder(folder: Path) -> None:
    """The folder that an output goes to, with those above it where they are missing. NotADirectoryError names what is a file on the way."""
    for place in (folder, *folder.parents):
        if place.is_dir():
            break
        if place.exists():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(place))
    folder.mkdir(parents=True, exist_ok=True)


@contextlib.contextmanager
def staged(target: Path, data: bytes) -> Iterator[Callable[[], None]]:
    """
    The bytes beside their target; what is given puts them in its place, at one stroke.

    Until that is called, and where it is not, nothing is changed. OSError where the folder cannot be written to.
    """
    with drafted(target) as (out, put):
        out.write(data)
        out.flush()
        yield put


@contextlib.contextmanager
def drafted(target: Path) -> Iterator[tuple[IO[bytes], Callable[[], None]]]:
    """
    A file beside its target, to be written little by little; what is given puts it in its place, at one stroke.

    A target that is a device or a pipe (`/dev/null`, `/dev/stdout`) is written to as it is: nothing can take its place.
    """
    if target.exists() and not (target.is_file() or target.is_dir()):
        with open(target, "wb") as out:
            yield out, out.flush
        return
    target = target.resolve()
    make_folder(target.parent)
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}.")
    except OSError as exc:
        exc.filename = str(target)  # what was asked for, not what would have lain beside it
        raise
    try:
        with os.fdopen(handle, "wb") as out:

            def put() -> None:
                out.flush()
                os.fsync(out.fileno())
                out.close()
                os.chmod(temporary, target.stat().st_mode & 0o777 if target.exists() else 0o644)
                os.replace(temporary, target)

            yield out, put
    finally:
        Path(temporary).unlink(missing_ok=True)


def write_whole(target: Path, data: bytes) -> None:
    """The file with exactly these bytes, or as it was."""
    with staged(target, data) as put:
        put()
