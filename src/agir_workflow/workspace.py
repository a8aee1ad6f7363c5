"""
The doorstep: read, decide, append, tell.

Only here are the clock looked at and an identity drawn, and only where nobody gave them. What is
allowed has been decided by the engine, what is kept is the store's.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

import attrs

from .answers import Accepted, Blocker, Recorded, Refused
from .doorstep import id_fault, in_reach, uid_fault, unreadable_date
from .dossier import Dossier, shared
from .errors import (
    BrokenChainError,
    ConflictError,
    DossierError,
    Fault,
    IdempotencyError,
    MethodMismatchError,
    RefusedError,
    UnknownNameError,
)
from .facts import DOSSIER, Fact, Open, Stamp
from .method import Method
from .stores.base import Shelf, Store, shelved, texts_of
from .toml_file import near
from .when import When, civil_day
from .words import Lang, Text, Verb
from .zones import zone_of

TRIES = 5
"""How often a command is decided again when somebody else wrote in between."""

Day = dt.date | When
_Answer = TypeVar("_Answer", Accepted, Recorded)
_LANGUAGES: tuple[Lang, ...] = ("fr", "en")


class Engine(Protocol):
    """What the doorstep asks of `agir_workflow.engine`."""

    def decide(self, method: Method, dossier: Dossier, command: Fact, /) -> Accepted | Refused: ...

    def record(self, method: Method, dossier: Dossier, fact: Fact, /) -> Recorded | Refused: ...

    def replay(self, method: Method, facts: Iterable[Fact], /) -> Dossier: ...

    def why_not(self, method: Method, dossier: Dossier, command: Fact, /) -> tuple[Blocker, ...]: ...


class Workspace:
    """
    Dossiers in a store, under the methods at hand.

    `clock` gives the present instant, with its zone; by default the machine's. `tell` is called
    for every event once it is stored, with the dossier's id: what it raises does not undo the event.
    """

    def __init__(
        self,
        store: Store,
        *,
        methods: Sequence[Method] = (),
        clock: Callable[[], dt.datetime] | None = None,
        tell: Callable[[str, Fact], None] | None = None,
        engine: Engine | None = None,
    ) -> None:
        self.store = store
        self.methods = tuple(methods)
        self._clock = clock or (lambda: dt.datetime.now(dt.UTC))
        self._tell = tell or (lambda dossier, event: None)
        self._engine = engine or _house()
        self._shelved: dict[str, Method] = {}

    # -- opening and reading --------------------------------------------------------------------

    def open(
        self,
        dossier: str,
        *,
        method: str,
        by: str,
        uid: str | None = None,
        title: str = "",
        on: Day | None = None,
        profile: str | None = None,
        regime: str | None = None,
        language: Lang = "fr",
        zone: str = "Europe/Paris",
    ) -> Dossier:
        """
        Begins a dossier under the method of that ref; what is not said is the method's default.

        A uid is drawn where none is given. Raises ConflictError where the dossier exists,
        UnknownNameError for a method, profile, regime, language or zone that nothing bears,
        DossierError for an id, uid or day that its file could not bear.
        """
        chosen = self._of_ref(method)[-1]
        _known("language", language, _LANGUAGES)
        start = None if on is None or in_reach(_when(on)) else unreadable_date(str(on))
        wrong = {"dossier.id": id_fault(dossier, dossier=True), "dossier.uid": None if uid is None else uid_fault(uid), "dossier.start": start}
        if faults := tuple(Fault(path, *fault) for path, fault in wrong.items() if fault):
            raise DossierError(faults)
        head = Open(
            id=dossier,
            uid=str(uuid.uuid4()) if uid is None else uid,
            title=title,
            method=chosen.ref,
            method_hash=chosen.hash,
            profile=_chosen("profile", profile, chosen.default_profile, [p.id for p in chosen.profiles]),
            regime=_chosen("regime", regime, chosen.default_regime, [r.id for r in chosen.regimes]),
            language=language,
            zone=zone,
        )
        event = Fact(Verb.DECLARE, DOSSIER, head, self._stamp(zone, by, on, None))
        self._shelve(chosen)
        self._keep(dossier, 0, (event,))
        return self._engine.replay(chosen, (event,))

    def get(self, dossier: str) -> Dossier:
        """The dossier as it stands; raises DossierNotFoundError, MethodMismatchError."""
        facts = shared(self.store.read(dossier))
        return self._engine.replay(self._method(dossier, facts), facts)

    def method_of(self, dossier: str) -> Method:
        """
        The method that the dossier pins.

        One at hand or, where none has that content, the one whose text the store keeps. Raises
        UnknownNameError where no method of that ref is found, MethodMismatchError where there is one
        with another content.
        """
        return self._method(dossier, self.store.read(dossier))

    # -- asking and telling ---------------------------------------------------------------------

    def do(
        self,
        dossier: str,
        command: Fact,
        *,
        by: str,
        on: Day | None = None,
        expect: int | None = None,
        key: str | None = None,
    ) -> Accepted:
        """
        Asks, and keeps what follows. *on* is today where it is not said.

        Raises RefusedError with every blocker, ConflictError where *expect* is not the version, TypeError where it is no number.
        The same *key* with the same command gives the same answer again and writes nothing; with
        another command it raises IdempotencyError.
        """
        return self._run(self._engine.decide, Accepted, dossier, command, by, on, expect, key)

    def record(
        self,
        dossier: str,
        fact: Fact,
        *,
        by: str,
        on: Day | None = None,
        expect: int | None = None,
        key: str | None = None,
    ) -> Recorded:
        """
        Tells what happened, whatever the method thinks of it: that is in `deviations`.

        Raises RefusedError for what contradicts itself; otherwise as `do`.
        """
        return self._run(self._engine.record, Recorded, dossier, fact, by, on, expect, key)

    def keep(self, dossier: str, expect: int, events: Sequence[Fact]) -> None:
        """Keeps stamped events that were judged already, all or none, recorded now; raises ConflictError where *expect* is not the version."""
        now = self._clock().astimezone(dt.UTC)
        self._keep(dossier, expect, tuple(e.stamped(attrs.evolve(e.stamp, recorded_at=now)) if e.stamp else e for e in events))

    def why_not(self, dossier: str, command: Fact, *, by: str = "", on: Day | None = None) -> tuple[Blocker, ...]:
        """Every reason why the command would be refused; () when it may be done. Writes nothing."""
        facts = self.store.read(dossier)
        method = self._method(dossier, facts)
        stamp = self._stamp(_head(dossier, facts).zone, by, on, None)
        return self._engine.why_not(method, self._engine.replay(method, facts), command.stamped(stamp))

    def import_(self, facts: Sequence[Fact], method: Method | None = None) -> str:
        """
        Keeps a whole dossier as it is told, and gives its id: the one of its first fact, `declare dossier`.

        *method* is the one it follows, where that is none of those at hand: its text is kept too. Raises ConflictError where the dossier exists, DossierError where the first fact opens none.
        """
        if not facts or not isinstance(facts[0].args, Open):
            raise DossierError((Fault("facts[0]", *_NO_OPENING),))
        head = facts[0].args
        dossier = head.id
        for known in (method, *self.methods):
            if known is not None and (known.ref, known.hash) == (head.method, head.method_hash):
                self._shelve(known)
                break
        self._keep(dossier, 0, tuple(facts))
        return dossier

    # -- the one sentence -----------------------------------------------------------------------

    def _run(
        self,
        verdict: Callable[[Method, Dossier, Fact], _Answer | Refused],
        kind: type[_Answer],
        dossier: str,
        command: Fact,
        by: str,
        on: Day | None,
        expect: int | None,
        key: str | None,
    ) -> _Answer:
        if expect is not None and not isinstance(expect, int):  # a form gives a text, and «at version 2, not 2» would help nobody
            raise TypeError(f"expected the version as a whole number, found {expect!r}")
        tries = TRIES
        while True:
            # before the facts are read: what was seen is then among them
            versions = () if key is None else self.store.seen(dossier, key)
            facts = self.store.read(dossier)
            method = self._method(dossier, facts)
            if versions:
                return self._again(verdict, kind, method, dossier, facts, versions, command, by, on)
            if expect is not None and expect != len(facts):
                raise ConflictError(dossier, expect, len(facts))
            stamp = self._stamp(_head(dossier, facts).zone, by, on, key)
            answer = verdict(method, self._engine.replay(method, facts), command.stamped(stamp))
            if isinstance(answer, Refused):
                raise RefusedError(answer)
            try:
                self._shelve(method)
                self._keep(dossier, len(facts), answer.events)
            except ConflictError:
                # who wrote first may have been this very command, sent twice
                tries -= 1
                if not tries or (expect is not None and not (key is not None and self.store.seen(dossier, key))):
                    raise
            else:
                return answer

    def _again(
        self,
        verdict: Callable[[Method, Dossier, Fact], _Answer | Refused],
        kind: type[_Answer],
        method: Method,
        dossier: str,
        facts: tuple[Fact, ...],
        versions: tuple[int, ...],
        command: Fact,
        by: str,
        on: Day | None,
    ) -> _Answer:
        """The answer given when the key was first used: asked again of the dossier as it was then."""
        stored = tuple(facts[v - 1] for v in versions)
        stamp = stored[0].stamp
        assert stamp is not None, "a journal keeps stamped facts"
        if by != stamp.by or (on is not None and _when(on) != stamp.on):
            raise IdempotencyError(dossier, stamp.key or "")
        before = self._engine.replay(method, facts[: versions[0] - 1])
        stamped = command.stamped(stamp)
        answer = verdict(method, before, stamped)
        if not isinstance(answer, Refused) and answer.events == stored:
            return answer
        if stamped in stored:  # an engine of another day would answer otherwise; what was kept stands
            return kind(stored)
        raise IdempotencyError(dossier, stamp.key or "")

    def _keep(self, dossier: str, expected: int, events: tuple[Fact, ...]) -> None:
        if not events:
            return
        self.store.append(dossier, expected, events)
        for event in events:
            self._tell(dossier, event)

    # -- methods and stamps ---------------------------------------------------------------------

    def _of_ref(self, ref: str) -> tuple[Method, ...]:
        _known("method", ref, [m.ref for m in self.methods])
        return tuple(m for m in self.methods if m.ref == ref)

    def _shelve(self, method: Method) -> None:
        """Keep the method's text beside the journals, where the store can."""
        if method.hash in self._shelved or not isinstance(self.store, Shelf):
            return
        if any(self.store.method_text(t.hash) is None for t in texts_of(method)):
            self.store.shelve(texts_of(method))
        self._shelved[method.hash] = method

    def _method(self, dossier: str, facts: tuple[Fact, ...]) -> Method:
        head = _head(dossier, facts)
        at_hand = [m for m in self.methods if m.ref == head.method]
        for method in (*at_hand, *self._shelved.values()):
            if method.hash == head.method_hash:
                return method
        if isinstance(self.store, Shelf) and (kept := shelved(self.store, head.method_hash)):
            self._shelved[kept.hash] = kept
            return kept
        at_hand = list(self._of_ref(head.method))
        raise MethodMismatchError(dossier, f"{head.method} ({head.method_hash})", f"{head.method} ({at_hand[-1].hash})")

    def _stamp(self, zone: str, by: str, on: Day | None, key: str | None) -> Stamp:
        now = self._clock()
        if now.tzinfo is None:
            raise ValueError("the clock must give an instant with its zone, such as datetime.now(timezone.utc)")
        try:
            today = now.astimezone(zone_of(zone)).date()
        except ValueError:
            raise UnknownNameError("zone", zone) from None
        return Stamp(on=When(today) if on is None else _when(on), by=by, recorded_at=now.astimezone(dt.UTC), key=key)


def _house() -> Engine:
    from . import engine  # a heavy room: opened on first use

    return engine


_NO_OPENING = (
    Text("attendu l'ouverture du dossier (declare dossier)", "expected the opening of the dossier (declare dossier)"),
    Text("commencer par le fait qui ouvre le dossier", "begin with the fact that opens the dossier"),
)


def _head(dossier: str, facts: tuple[Fact, ...]) -> Open:
    args = facts[0].args
    if not isinstance(args, Open):
        raise BrokenChainError(dossier, 1, "the first fact does not open the dossier")
    return args


def _when(day: Day) -> When:
    """The day of a fact; TypeError for a day with an hour, which would be lost without a word."""
    return day if isinstance(day, When) else When(civil_day(day))


def _chosen(kind: str, said: str | None, default: str, known: Sequence[str]) -> str:
    if said is None:
        return default
    return _known(kind, said, known)


def _known(kind: str, name: str, known: Sequence[str]) -> str:
    if name not in known:
        raise UnknownNameError(kind, name, near(name, known))
    return name
