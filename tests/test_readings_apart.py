"""
What the planner's reading of a requirement and the guard's have in common, held to a list.

Theorem 1 says something because the two could disagree. They read kinds each in their own way (READERS of the
guard, lags and holes of the planner); what follows is all that both use: who a row is about, whether an answer is
there, and the calendar. A mistake in one of these is shared, and theorem 3 (mutations written from the rows) is
what would find it.
"""

from __future__ import annotations

import ast
from pathlib import Path

from agir_workflow.readings import guard, plan

SHARED = {
    "_days": {"counting_of", "earliest_after"},
    "binding": {"Binding", "bindings", "fits", "selector"},
    "unmet": {"NotApplicable", "evaluate", "needed"},
}


def imported(file: str) -> dict[str, set[str]]:
    """What a reading takes from its neighbours, by module."""
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    found: dict[str, set[str]] = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module:
            found.setdefault(node.module, set()).update(a.name for a in node.names)
    return found


def test_planner_and_guard_share_no_more_than_is_said() -> None:
    one, two = imported(guard.__file__), imported(plan.__file__)
    assert {m: both for m in one if (both := one[m] & two.get(m, set()))} == SHARED


def test_neither_reading_knows_the_other() -> None:
    assert "plan" not in imported(guard.__file__)
    assert "guard" not in imported(plan.__file__)
