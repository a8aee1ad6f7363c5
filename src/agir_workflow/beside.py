"""
The doorstep of a folder that is one dossier: its `dossier.toml`, and what lies beside it.

`journal.jsonl` (as `agir journal export` writes it), `calendrier.ics` (as `agir ics` does), every
document that a fact refers to by a path inside the folder, and `territoire.toml`, the overlay that
the dossier is judged by (`desk` lays it upon the method).
"""

from __future__ import annotations

import errno
import hashlib
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import attrs

from .doorstep import decoded, file_bytes, unopened
from .dossier import Dossier
from .errors import DossierError, Fault
from .evidence import Artefact, BrokenRecord, Evidence
from .facts import Deliver, PublishedEntry
from .ics_file import read_calendar
from .stores.base import read_lines, verify
from .views.ics_read import CalendarItem

DOSSIER_FILE, OVERLAY_FILE, JOURNAL_FILE, CALENDAR_FILE = "dossier.toml", "territoire.toml", "journal.jsonl", "calendrier.ics"
_SCHEME = re.compile(r"[A-Za-z][\w+.-]*:")
Fetch = Callable[[str], bytes | None]
"""The bytes of a file of the folder by its path below it; None where there is none."""
Digest = Callable[[str], str | None]
"""The hex SHA-256 of such a file, whatever its size; None where there is none."""


def is_one_dossier(path: str) -> bool:
    """Whether a folder is one dossier: it holds a `dossier.toml`."""
    return (Path(path) / DOSSIER_FILE).is_file()


def evidence_beside(file: str, dossier: Dossier) -> Evidence:
    """
    What lies beside the file of a dossier; nothing for one that is not called `dossier.toml`.

    Raises DossierError, with file and line, for what cannot be read.
    """
    path = Path(file)
    if path.name != DOSSIER_FILE:
        return Evidence()

    def fetch(name: str) -> bytes | None:
        if not (path.parent / name).is_file():
            return None
        data, fault = file_bytes(path.parent / name)
        if fault is not None:
            raise DossierError((fault,))
        return data

    def digest(name: str) -> str | None:
        document = path.parent / name
        try:
            if not document.is_file():
                return None
            with open(document, "rb") as source:
                return hashlib.file_digest(source, "sha256").hexdigest()
        except OSError as exc:
            if exc.errno == errno.ENAMETOOLONG:  # no file can lie there
                return None
            raise DossierError((Fault("(file)", *unopened(exc), None, str(document)),)) from None

    return evidence_of(dossier, fetch, str(path.parent), digest)


def evidence_of(dossier: Dossier, fetch: Fetch, folder: str, digest: Digest | None = None) -> Evidence:
    """The evidence of a dossier in a folder whose files are fetched, and its documents digested; *folder* names it in faults. Raises DossierError."""
    journal, calendar = fetch(JOURNAL_FILE), fetch(CALENDAR_FILE)
    items = () if calendar is None else tuple(i for i in read_calendar(calendar, str(Path(folder) / CALENDAR_FILE), dossier.head.zone) if not i.is_todo)
    return Evidence(
        artefacts=tuple(Artefact(uri, (digest or _digest_of(fetch))(uri)) for uri in _inside(dossier)),
        journal=None if journal is None else _journal(journal, str(Path(folder) / JOURNAL_FILE)),
        calendar=None if calendar is None else _entries(items),
        sent=max((i.stamp for i in items if i.stamp), default=None),
    )


def _digest_of(fetch: Fetch) -> Digest:
    return lambda uri: None if (data := fetch(uri)) is None else hashlib.sha256(data).hexdigest()


def _inside(dossier: Dossier) -> tuple[str, ...]:
    """The documents that facts refer to with a digest, by a path that stays inside the folder."""
    uris = {f.args.uri for f in dossier.facts if isinstance(f.args, Deliver) and f.args.uri and f.args.sha256}
    return tuple(sorted(u for u in uris if not _SCHEME.match(u) and not PurePosixPath(u).is_absolute() and ".." not in PurePosixPath(u).parts))


def _journal(data: bytes, name: str) -> tuple[BrokenRecord, ...]:
    text, fault = decoded(data, name)
    if fault is not None:
        raise DossierError((fault,))
    try:
        return tuple(BrokenRecord(b.v, b.why) for b in verify(read_lines(text.split("\n"))))
    except DossierError as exc:
        raise DossierError(tuple(attrs.evolve(f, file=name) for f in exc.faults)) from None


def _entries(items: tuple[CalendarItem, ...]) -> tuple[PublishedEntry, ...]:
    return tuple(
        PublishedEntry(address=i.address or i.uid or i.summary, uid=i.uid or "", sequence=i.sequence, day=i.day, start=i.start, minutes=i.minutes, cancelled=i.cancelled)
        for i in items
        if i.day is not None
    )
