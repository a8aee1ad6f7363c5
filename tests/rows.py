"""
Every row earns its place: without it, an edit that breaks it is no longer told.

    python tests/rows.py             every row of agir_ensemble
    python tests/rows.py EXP006 PRE  those whose code begins so

One line a row. Exit 1 if a row can be deleted and no edit of `edits/` sees it, 2 for an unknown code.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from edits import EDITS, Edit, Row, edited_files, judged, named, rows, without


def missed(row: Row) -> tuple[list[Edit], list[Edit]]:
    """The edits of a row's code, and those of them that the method without that row no longer tells."""
    of_code = [e for e in EDITS if e.code == row[0]]
    maimed = without(row)
    return of_code, [e for e in of_code if named(judged(edited_files(e), e.at, maimed), e) is None]


def report(wanted: Iterable[str]) -> int:
    wanted = tuple(wanted)
    unknown = [w for w in wanted if not any(code.startswith(w) for code, _ in rows())]
    if unknown:
        print("no such row:", *unknown, file=sys.stderr)
        return 2
    idle = 0
    for code, nth in rows():
        if wanted and not code.startswith(wanted):
            continue
        of_code, lost = missed((code, nth))
        idle += not lost
        name = code if nth == 1 else f"{code} ({nth})"
        says = ", ".join(e.name for e in lost) if lost else "NOTHING CHANGES"
        print(f"{name:11} {len(lost)} of {len(of_code)} edits no longer told: {says}")
    return 1 if idle else 0


if __name__ == "__main__":
    sys.exit(report(sys.argv[1:]))
