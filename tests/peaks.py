"""The most memory that a Python process of its own holds, in MB."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from /proc")
_NOW = "\nprint('\\npeak', next(x for x in open('/proc/self/status') if x.startswith('VmHWM')).split()[1])\n"


def growth(before: str, script: str) -> float:
    """By how much the peak grew from *before* on. Not `ru_maxrss`, which begins at that of the process it was forked from."""
    done = subprocess.run([sys.executable, "-c", before + _NOW + script + _NOW], capture_output=True, text=True, check=True)
    first, last = (int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("peak "))
    return (last - first) / 1024
