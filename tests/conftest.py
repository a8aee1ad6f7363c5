"""Test modules may borrow from their neighbours by name; calendars they write can be kept for the judges."""

import hashlib
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def kept(name: str, ics: bytes) -> bytes:
    """The same bytes, left as a file where `AGIR_ICS_DIR` says: `.ci/run` lets foreign parsers judge it."""
    folder = os.environ.get("AGIR_ICS_DIR")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}-{hashlib.sha256(ics).hexdigest()[:8]}.ics").write_bytes(ics)
    return ics
