"""
What lies beside a dossier and can be shown: documents, the export of its journal, its calendar.

Values only: the files are read at the doorstep (`beside`), what they mean is judged by the rows of
the kind `intact`.
"""

from __future__ import annotations

import datetime as dt

import attrs

from .facts import PublishedEntry
from .words import Text


@attrs.frozen
class Artefact:
    """A document that a fact refers to, and the hex SHA-256 of what lies there; None where nothing does."""

    uri: str
    sha256: str | None


@attrs.frozen
class BrokenRecord:
    """A record of an exported journal that does not hold, by its number, and why."""

    v: int
    why: Text


@attrs.frozen(kw_only=True)
class Evidence:
    """
    What was found beside a dossier.

    `journal` are the records of the export that do not hold (() when its chain is whole), `calendar`
    the meetings of the calendar as it was sent (on the day `sent`, where it says so); each None where
    there is no such file.
    """

    artefacts: tuple[Artefact, ...] = ()
    journal: tuple[BrokenRecord, ...] | None = None
    calendar: tuple[PublishedEntry, ...] | None = None
    sent: dt.date | None = None

    def artefact(self, uri: str) -> Artefact | None:
        return next((a for a in self.artefacts if a.uri == uri), None)


NOTHING = Evidence()
"""A dossier on its own."""
