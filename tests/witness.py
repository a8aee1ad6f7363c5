"""
What lies beside the witness, made anew from its dossier: the export of its journal and its calendar.

    python tests/witness.py

To be run when `examples/temoin/dossier.toml` or the method has changed; the digest of its document is written there by hand, and the
edits of PRV006, which are diffs of that journal, are to be made anew.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import agir_workflow as agir
from agir_workflow.desk import read_file
from agir_workflow.stores.base import export_lines

FOLDER = Path(__file__).parents[1] / "examples" / "temoin"
SENT = dt.date(2013, 7, 5)
"""The day after the dossier was closed."""


def beside(folder: Path) -> dict[str, bytes]:
    """The files that are made from a dossier, by their names."""
    method, dossier = read_file(str(folder / "dossier.toml"))
    store = agir.MemoryStore()
    store.append(dossier.head.id, 0, dossier.facts)
    journal = "".join(f"{line}\n" for line in export_lines(store)).encode()
    return {"journal.jsonl": journal, "calendrier.ics": agir.to_ics(agir.plan(method, dossier, at=SENT))}


if __name__ == "__main__":
    for name, data in beside(FOLDER).items():
        (FOLDER / name).write_bytes(data)
