"""Test modules may borrow from their neighbours by name; calendars they write can be kept for the judges."""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


def kept(name: str, ics: bytes) -> bytes:
    """The same bytes, left as a file where `AGIR_ICS_DIR` says: `.ci/run` lets foreign parsers judge it."""
    folder = os.environ.get("AGIR_ICS_DIR")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}-{hashlib.sha256(ics).hexdigest()[:8]}.ics").write_bytes(ics)
    return ics


@pytest.fixture(autouse=True)
def calendars_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test wrote as an .ics file of ours is kept too, once for each content; not what was broken on purpose."""
    broken = any(room in request.node.nodeid for room in ("bad_input", "bad_files"))
    wanted = os.environ.get("AGIR_ICS_DIR") and "tmp_path" in request.fixturenames and not broken
    folder: Path | None = request.getfixturevalue("tmp_path") if wanted else None
    yield
    for file in sorted(folder.rglob("*.ics")) if folder else ():
        data = file.read_bytes()
        if b"PRODID:-//agir_workflow" in data and data.endswith(b"END:VCALENDAR\r\n"):
            kept("left", data)
