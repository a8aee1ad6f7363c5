"""The house keeps its measure: rooms that can be read in one sitting, functions that fit on a screen."""

import ast
from pathlib import Path

import pytest

import agir_workflow

SOURCE = Path(agir_workflow.__file__).parent
BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
ROOMS = sorted((*SOURCE.rglob("*.py"), *BENCHMARKS.glob("*.py")))
LONGEST_ROOM, LONGEST_FUNCTION = 500, 70


@pytest.mark.parametrize("room", ROOMS, ids=lambda p: p.name)
def test_no_room_and_no_function_is_too_long(room: Path) -> None:
    text = room.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_ROOM
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    assert [f.name for f in functions if (f.end_lineno or f.lineno) - f.lineno >= LONGEST_FUNCTION] == []


def test_rooms_are_of_a_middling_size() -> None:
    sizes = sorted(len(p.read_text(encoding="utf-8").splitlines()) for p in ROOMS)
    assert sizes[len(sizes) // 2] <= 200
