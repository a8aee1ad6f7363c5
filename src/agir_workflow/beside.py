"""
The doorstep of a folder that is one dossier: its `dossier.toml`, and what lies beside it as evidence.

`journal.jsonl` (as `agir journal export` writes it), `calendrier.ics` (as `agir ics` does), and every
document that a fact refers to by a path inside the folder.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePosixPath

import attrs

from .doorstep import decoded, file_bytes
from .dossier import Dossier
from .errors import DossierError, Fault
from .evidence import Artefact, BrokenRecord, Evidence
from .facts import Deliver, PublishedEntry
from .ics_file import read_calendar
from .stores.base import read_lines, verify

DOSSIER_FILE, JOURNAL_FILE, CALENDAR_FILE = "dossier.toml", "journal.jsonl", "calendrier.ics"
_SCHEME = re.compile(r"[A-Za-z][\w+.-]*:")


def is_one_dossier(path: str) -> bool:
    """Whether a folder is one dossier: it holds a `dossier.toml`."""
    return (Path(path) / DOSSIER_FILE).is_file()


def evidence_beside(file: str, dossier: Dossier) -> Evidence:
    """
    What lies beside the file of a dossier; nothing for one that is not called `dossier.toml`.

    Raises DossierError, with file and line, for a journal or calendar that cannot be read at all;
    OSError where the machine refuses.
    """
    path = Path(file)
    if path.name != DOSSIER_FILE:
        return Evidence()
    folder = path.parent
    return Evidence(
        artefacts=tuple(Artefact(uri, _digest(folder, uri)) for uri in _inside(dossier)),
        journal=_journal(folder / JOURNAL_FILE),
        calendar=_calendar(folder / CALENDAR_FILE, dossier.head.zone),
    )


def _inside(dossier: Dossier) -> tuple[str, ...]:
    """The documents that facts refer to with a digest, by a path that stays inside the folder."""
    uris = {f.args.uri for f in dossier.facts if isinstance(f.args, Deliver) and f.args.uri and f.args.sha256}
    return tuple(sorted(u for u in uris if not _SCHEME.match(u) and not PurePosixPath(u).is_absolute() and ".." not in PurePosixPath(u).parts))


def _digest(folder: Path, uri: str) -> str | None:
    file = folder / uri
    if not file.is_file():
        return None
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _journal(file: Path) -> tuple[BrokenRecord, ...] | None:
    if not file.is_file():
        return None
    data, fault = file_bytes(str(file))
    text, fault = ("", fault) if fault is not None else decoded(data, str(file))
    if fault is not None:
        raise DossierError((fault,))
    try:
        return tuple(BrokenRecord(b.v, b.why) for b in verify(read_lines(text.split("\n"))))
    except DossierError as exc:
        raise DossierError(tuple(_named(f, file) for f in exc.faults)) from None


def _named(fault: Fault, file: Path) -> Fault:
    return attrs.evolve(fault, file=str(file))


def _calendar(file: Path, zone: str) -> tuple[PublishedEntry, ...] | None:
    if not file.is_file():
        return None
    return tuple(
        PublishedEntry(address=i.address or i.uid or i.summary, uid=i.uid or "", sequence=i.sequence, day=i.day, start=i.start, minutes=i.minutes, cancelled=i.cancelled)
        for i in read_calendar(str(file), zone)
        if not i.is_todo and i.day is not None
    )
