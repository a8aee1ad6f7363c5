"""A store that forgets: for tests, for trying out, and for a dossier file read in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import RLock

from ..errors import ConflictError, DossierNotFoundError
from ..facts import Fact
from .base import JournalRecord, carries, chained, event_of, fact_of


class MemoryStore:
    """Journals in memory; the same promises as every other `Store`, but for lasting."""

    def __init__(self) -> None:
        self._journals: dict[str, tuple[JournalRecord, ...]] = {}
        self._facts: dict[str, tuple[Fact, ...]] = {}
        self._lock = RLock()

    def read(self, dossier: str) -> tuple[Fact, ...]:
        """All facts, in the order of their arrival; raises DossierNotFoundError."""
        try:
            return self._facts[dossier]
        except KeyError:
            raise DossierNotFoundError(dossier) from None

    def version(self, dossier: str) -> int:
        """How many facts are stored; 0 for a dossier that does not exist."""
        return len(self._facts.get(dossier, ()))

    def append(self, dossier: str, expected: int, facts: Sequence[Fact]) -> int:
        """Adds *facts*, all or none, and gives the new version; raises ConflictError."""
        events = tuple(event_of(f) for f in facts)
        with self._lock:
            journal = self._journals.get(dossier, ())
            if len(journal) != expected:
                raise ConflictError(dossier, expected, len(journal))
            if events:
                new = chained(dossier, expected, journal[-1].hash if journal else "", events)
                kept = self._facts.get(dossier, ()) + tuple(fact_of(r) for r in new)
                self._journals[dossier], self._facts[dossier] = journal + new, kept
            return expected + len(events)

    def seen(self, dossier: str, key: str) -> tuple[int, ...]:
        """The versions of the facts that were stored under an idempotency key."""
        return tuple(r.v for r in self._journals.get(dossier, ()) if carries(r, key))

    def dossiers(self) -> tuple[str, ...]:
        """The ids of all dossiers, sorted."""
        return tuple(sorted(self._journals.copy()))

    def records(self, dossier: str) -> Iterator[JournalRecord]:
        """The journal as it is stored; raises DossierNotFoundError."""
        try:
            return iter(self._journals[dossier])
        except KeyError:
            raise DossierNotFoundError(dossier) from None

    def close(self) -> None:
        """Nothing to let go of: what was stored can still be read."""
