"""
The witness and its edits, which the wheel carries: a dossier that follows the method, and one that breaks each rule.

In a checkout they are read where they lie: `examples/temoin`, and the diffs of `tests/edits`.
"""

from __future__ import annotations

import datetime as dt
import re
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import attrs

from .patches import Files, read_patch

LATER = dt.date(2014, 1, 1)
"""A day on which the witness is over and done with."""
_ROOT = Path(__file__).parents[2]
_AT = re.compile(r"# at: (\d{4}-\d{2}-\d{2})")


@attrs.frozen(kw_only=True, eq=False)
class Broken:
    """A rule broken by hand: at which subject, judged on which day, the diff from `good` to `bad`."""

    subject: str
    at: dt.date
    diff: str
    good: Files
    bad: Files

    @property
    def of_dossier_alone(self) -> bool:
        """Whether the diff touches nothing but the dossier."""
        return {n for n in {*self.good, *self.bad} if self.good.get(n) != self.bad.get(n)} == {"dossier.toml"}


def _folder(packed: str, own: str) -> Traversable:
    found = resources.files(__package__).joinpath("examples", packed)
    return found if found.is_dir() else _ROOT / own


def _files(folder: Traversable, above: str = "") -> dict[str, bytes]:
    out: dict[str, bytes] = {}
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        out |= _files(entry, f"{above}{entry.name}/") if entry.is_dir() else {f"{above}{entry.name}": entry.read_bytes()}
    return out


def witness() -> Files:
    """The files of the witness."""
    return _files(_folder("temoin", "examples/temoin"))


def broken(code: str) -> Broken | None:
    """The edit that breaks a rule; None for a code that no edit breaks."""
    file = _folder("edits", "tests/edits").joinpath(f"{code}.diff")
    if not file.is_file():
        return None
    data = file.read_bytes()
    patch, good = read_patch(data), witness()
    day = next((dt.date.fromisoformat(m[1]) for line in patch.head if (m := _AT.fullmatch(line))), LATER)
    body = "".join(line for line in data.decode().splitlines(keepends=True)[len(patch.head) :])
    return Broken(subject=patch.head[0].partition(" @ ")[2], at=day, diff=body, good=good, bad=patch.apply(good))
