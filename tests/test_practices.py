"""Each practice has a carrier that exists, or a written reason why it has none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import agir_workflow as agir

ROOT = Path(__file__).parents[1]
LINES = [[c.strip() for c in line.strip("|\n").split("|")] for line in (ROOT / "docs/practice.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
METHOD = agir.load_method(str(ROOT / "examples/overlay/regimes.toml"))


@pytest.mark.parametrize("line", LINES, ids=lambda x: x[0][:40])
def test_every_practice_is_carried_or_says_why_not(line: list[str]) -> None:
    practice, carried, why = line
    names = re.findall(r"`([^`]+)`", carried)
    assert names or why, practice
    known = {*METHOD.elements(), *(p.id for x in METHOD.leaves for p in x.agenda), *(k for p in METHOD.profiles for k, _ in p.values)}
    assert [n for n in names if n not in known] == []


def test_every_regime_is_among_them() -> None:
    named = {n for line in LINES for n in re.findall(r"`([^`]+)`", line[1])}
    assert {str(r.id) for r in METHOD.regimes} <= named
