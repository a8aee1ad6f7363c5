"""The examples run as they stand, from any folder, and twice the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import icalendar

EXAMPLES = Path(__file__).parents[1] / "examples"


def run_plain(folder: Path) -> tuple[str, bytes]:
    folder.mkdir()
    done = subprocess.run([sys.executable, str(EXAMPLES / "embed_plain.py"), "OUT.ics"], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stdout, (folder / "OUT.ics").read_bytes()


def test_a_host_without_framework(tmp_path: Path) -> None:
    said, data = run_plain(tmp_path / "a")
    assert said.splitlines()[0].startswith("GT1 waits for ")
    assert "refused, state.planned:" in said
    assert said.splitlines()[-1].startswith("verdict on 2026-09-16: conforms")
    events = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert len(events) >= 5
    assert all(e["CATEGORIES"].to_ical() == b"copils" for e in events)
    assert run_plain(tmp_path / "b") == (said, data)


def test_the_examples_stay_short() -> None:
    assert len((EXAMPLES / "embed_plain.py").read_text(encoding="utf-8").splitlines()) <= 60
