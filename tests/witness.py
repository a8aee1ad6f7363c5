"""
What lies beside the witness, made anew from its dossier: the export of its journal, its calendar, and the edits that spoil that journal.

    python tests/witness.py

To be run when `examples/temoin/dossier.toml` or the method has changed; the digest of its document is written there by hand.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from edits import difference

import agir_workflow as agir
from agir_workflow.desk import read_file
from agir_workflow.stores.base import export_lines

FOLDER = Path(__file__).parents[1] / "examples" / "temoin"
EDITS_FOLDER = Path(__file__).parent / "edits"
SENT = dt.date(2013, 7, 5)
"""The day after the dossier was closed."""


def beside(folder: Path) -> dict[str, bytes]:
    """The files that are made from a dossier, by their names."""
    method, dossier = read_file(str(folder / "dossier.toml"))
    store = agir.MemoryStore()
    store.append(dossier.head.id, 0, dossier.facts)
    journal = "".join(f"{line}\n" for line in export_lines(store)).encode()
    return {"journal.jsonl": journal, "calendrier.ics": agir.to_ics(agir.plan(method, dossier, at=SENT))}


def spoilt(journal: bytes) -> dict[str, bytes]:
    """The edits of PRV006 by their names: a head count altered in a line of the journal; a line taken out of it."""
    lines = journal.splitlines(keepends=True)
    told, left_out = (next(n for n, line in enumerate(lines) if sign in line) for sign in (b'"address":"gt1/precarite","args":{"agenda"', b'"address":"existant/handicap"'))
    altered = [*lines[:told], lines[told].replace(b'"entreprises":4', b'"entreprises":5'), *lines[told + 1 :]]
    shorter = [*lines[:left_out], *lines[left_out + 1 :]]
    return {name: b"# PRV006 @ dossier\n" + b"".join(difference({"journal.jsonl": journal}, {"journal.jsonl": b"".join(after)}))
            for name, after in (("PRV006", altered), ("PRV006-record", shorter))}  # fmt: skip


if __name__ == "__main__":
    made = beside(FOLDER)
    for name, data in made.items():
        (FOLDER / name).write_bytes(data)
    for name, data in spoilt(made["journal.jsonl"]).items():
        (EDITS_FOLDER / f"{name}.diff").write_bytes(data)
