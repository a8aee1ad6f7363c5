"""What a person sees who waits for longer than a second: how long already, on a terminal and nowhere else."""

from __future__ import annotations

import sys
import threading
from typing import TextIO

PATIENCE = 1.0
"""Seconds before anything is said."""


class Waiting:
    """
    Counts the seconds on one line of standard error, from the second one on; `stop` takes the line away.

    Nothing is written where standard error is no terminal.
    """

    def __init__(self, stream: TextIO | None = None, patience: float | None = None) -> None:
        self._stream = stream or sys.stderr
        self._patience = PATIENCE if patience is None else patience
        self._over = threading.Event()
        self._width = 0
        self._thread: threading.Thread | None = None
        if self._stream.isatty():
            self._thread = threading.Thread(target=self._count, daemon=True)
            self._thread.start()

    def _count(self) -> None:
        seconds = 0
        while not self._over.wait(self._patience):
            seconds += 1
            line = f"… {seconds} s"
            self._width = len(line)
            self._stream.write(f"\r{line}")
            self._stream.flush()

    def stop(self) -> None:
        """Say no more, for something else is about to be said. To be called as often as one likes."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()
            self._width = 0
