"""
Every row earns its place: without it, an edit that breaks it is no longer told.

    python tests/rows.py             every row of agir_ensemble
    python tests/rows.py EXP006 PRE  those whose code begins so

One line a row. Each row is cut out of a copy of the method file, and `agir check --method COPY` judges a
dossier that breaks it: with the whole method the rule is reported, with the copy it is not. Exit 1 if a
row can be deleted and no edit of `edits/` sees it, 2 for an unknown code.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from importlib import resources
from pathlib import Path

from edits import EDITS, Edit, Row, edited_files, judged, named, rows, without

from agir_workflow.cli import main


def missed(row: Row) -> tuple[list[Edit], list[Edit]]:
    """The edits of a row's code, and those of them that the method without that row no longer tells."""
    of_code = [e for e in EDITS if e.code == row[0]]
    maimed = without(row)
    return of_code, [e for e in of_code if named(judged(edited_files(e), e.at, maimed), e) is None]


TEXT = (resources.files("agir_workflow") / "methods" / "agir_ensemble.toml").read_text(encoding="utf-8")
_BODY, _TAIL = TEXT.split("\n[[origins]]\n", 1)
_HEAD, *_ROWS = _BODY.split("[[requirements]]\n")


def cut_out(row: Row) -> str:
    """The text of the method file without one row; what waited for its code, or was carried by it, is without it."""
    kept = "[[requirements]]\n".join([_HEAD, *(text for name, text in zip(rows(), _ROWS, strict=True) if name != row)])
    tail = _TAIL
    if not any(name[0] == row[0] for name in rows() if name != row):
        kept = kept.replace(f'when = "{row[0]}"\n', "")
        tail = tail.replace(f'carried = ["{row[0]}"]', 'exempt = "its row is cut out"').replace(f'"{row[0]}", ', "").replace(f', "{row[0]}"', "")
    return f"{kept}\n[[origins]]\n{tail}"


def reported(folder: Path, edit: Edit, *under: str) -> bool:
    """Whether `agir check` names the rule of an edit on the dossier that the edit makes, perhaps *under* another method."""
    for name, data in edited_files(edit).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = main(["--at", edit.at.isoformat(), "check", str(folder), *under, "--json"])
    assert code in (0, 1), (edit.name, code)
    return any(f["subject"] == edit.subject and edit.code in (f["code"], *f["also"]) for f in json.loads(said.getvalue())["findings"])


def silenced(row: Row, edit: Edit) -> bool:
    """Whether the command says the rule with the method as it is, and no longer with a copy that lacks its row."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.toml"
        copy.write_text(cut_out(row), encoding="utf-8")
        return reported(Path(folder) / "dossier", edit) and not reported(Path(folder) / "dossier", edit, "--method", str(copy))


def report(wanted: Iterable[str]) -> int:
    wanted = tuple(wanted)
    unknown = [w for w in wanted if not any(code.startswith(w) for code, _ in rows())]
    if unknown:
        print("no such row:", *unknown, file=sys.stderr)
        return 2
    idle = 0
    with ProcessPoolExecutor() as pool:
        for line, seen in pool.map(told, [row for row in rows() if not wanted or row[0].startswith(wanted)]):
            print(line, flush=True)
            idle += not seen
    return 1 if idle else 0


def told(row: Row) -> tuple[str, bool]:
    """What is no longer told without a row, and whether anything is."""
    of_code, lost = missed(row)
    code, nth = row
    name = code if nth == 1 else f"{code} ({nth})"
    says = ", ".join(e.name for e in lost) if lost else "NOTHING CHANGES"
    return f"{name:11} {len(lost)} of {len(of_code)} edits no longer told: {says}", bool(lost) and silenced(row, lost[0])


if __name__ == "__main__":
    sys.exit(report(sys.argv[1:]))
