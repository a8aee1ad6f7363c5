"""The doorstep: what is stamped, refused, kept, told, and done again; with an engine of three rules."""

import datetime as dt
import pickle
from collections.abc import Iterable, Sequence
from typing import Any

import attrs
import pytest

import agir_workflow as agir
from agir_workflow.answers import Accepted, Blocker, Recorded, Refused
from agir_workflow.dossier import Dossier
from agir_workflow.dossier_file import read_dossier, write_dossier
from agir_workflow.errors import (
    BrokenChainError,
    ConflictError,
    DossierError,
    DossierNotFoundError,
    IdempotencyError,
    MethodMismatchError,
    RefusedError,
    UnknownNameError,
)
from agir_workflow.facts import DOSSIER, Fact, Hold, Open, Stamp, close, declare, fact, fill, hold
from agir_workflow.method import Method, Profile, Regime
from agir_workflow.stores import MemoryStore
from agir_workflow.testing import sample
from agir_workflow.values import EMPTY
from agir_workflow.when import When
from agir_workflow.words import Address, Family, Text, Verb
from agir_workflow.workspace import TRIES, Workspace

NOW = dt.datetime(2026, 9, 14, 23, 30, tzinfo=dt.UTC)
UID = "0d1f2c5e-6a0b-4d0e-9a51-7c2f5f1e2026"


def blocker(code: str) -> Blocker:
    return Blocker(code=code, family=Family.RULE, subject="x", text=Text(code, code))


def method(name: str = "danse", hash: str = "h1", version: int = 1) -> Method:
    both = Text(name, name)
    given: dict[str, Any] = {
        "name": name,
        "version": version,
        "hash": hash,
        "title": both,
        "regimes": (Regime(id="usage", label=both, values=EMPTY, origin="default"),),
        "profiles": tuple(Profile(id=p, label=both, values=EMPTY, origin="default") for p in ("lent", "vif")),
        "default_profile": "lent",
        "default_regime": "usage",
    }
    nothing = {
        f.name: () for f in attrs.fields(Method) if f.default is attrs.NOTHING
    }  # the doorstep reads no more than this
    return Method(**{**nothing, **given})


class FakeEngine:
    """Refuses to close before something was held; remarks a second filling; holding gives two events."""

    asked = 0

    def replay(self, method: Method, facts: Iterable[Fact]) -> Dossier:
        return Dossier(tuple(facts))

    def why_not(self, method: Method, dossier: Dossier, command: Fact) -> tuple[Blocker, ...]:
        held = any(f.verb is Verb.HOLD for f in dossier.facts)
        assert command.stamp is not None
        return () if held or command.verb is not Verb.CLOSE else (blocker("A001"), blocker("A002"))

    def decide(self, method: Method, dossier: Dossier, command: Fact) -> Accepted | Refused:
        self.asked += 1
        if blockers := self.why_not(method, dossier, command):
            return Refused(blockers)
        notices = tuple(blocker("N001") for f in dossier.facts if f.address == command.address)
        echo = fill(f"echo/{dossier.version}", "x").stamped(command.stamp) if command.stamp else command
        return Accepted((command, echo) if command.verb is Verb.HOLD else (command,), notices)

    def record(self, method: Method, dossier: Dossier, fact: Fact) -> Recorded | Refused:
        return Recorded((fact,), self.why_not(method, dossier, fact))


def workspace(
    store: MemoryStore | None = None, methods: Sequence[Method] | None = None
) -> tuple[Workspace, list[tuple[str, Fact]]]:
    told: list[tuple[str, Fact]] = []
    ws = Workspace(
        store or MemoryStore(), methods=[method()] if methods is None else methods, clock=lambda: NOW,
        tell=lambda d, f: told.append((d, f)), engine=FakeEngine(),
    )  # fmt: skip
    return ws, told


def opened() -> tuple[Workspace, list[tuple[str, Fact]]]:
    ws, told = workspace()
    ws.open("d", method="danse@1", by="lead", uid=UID)
    told.clear()
    return ws, told


def test_opening_fills_in_what_the_method_says() -> None:
    ws, told = workspace()
    dossier = ws.open("d", method="danse@1", by="lead", title="Une danse")
    head = dossier.head
    assert (head.id, head.title, head.method, head.method_hash) == ("d", "Une danse", "danse@1", "h1")
    assert (head.profile, head.regime, head.language, head.zone) == ("lent", "usage", "fr", "Europe/Paris")
    assert head.uid is not None
    assert len(head.uid) == 36
    assert told == [("d", dossier.facts[0])]
    assert dossier.facts[0].address == DOSSIER
    assert ws.get("d") == dossier
    other = ws.open("e", method="danse@1", by="lead", profile="vif", uid=UID, language="en").head
    assert (other.profile, other.uid, other.language) == ("vif", UID, "en")


def test_the_day_is_that_of_the_dossiers_zone() -> None:
    ws, _ = workspace()
    paris = ws.open("p", method="danse@1", by="lead").facts[0]
    reunion = ws.open("m", method="danse@1", by="lead", zone="America/Martinique").facts[0]
    assert str(paris.on) == "2026-09-15"
    assert str(reunion.on) == "2026-09-14"
    assert paris.stamp is not None
    assert paris.stamp.recorded_at == NOW
    event = ws.do("m", fill("a", "x"), by="lead").events[0]
    assert str(event.on) == "2026-09-14"


@pytest.mark.parametrize(("zone", "now"), [("Europe/Paris", NOW), ("Pacific/Noumea", NOW.replace(hour=14))])
def test_the_first_hours_of_a_day_are_of_that_day(zone: str, now: dt.datetime) -> None:
    """East of Greenwich the day begins before that of UTC: what is told then is not of tomorrow."""
    rameau = agir.load_method("agir_ensemble")
    ws = Workspace(MemoryStore(), methods=[rameau], clock=lambda: now)
    ws.open("p", method=rameau.ref, by="lead", zone=zone)
    assert str(ws.do("p", declare("theme/a"), by="lead").events[0].on) == "2026-09-15"
    with pytest.raises(RefusedError, match="2026-09-16"):
        ws.do("p", declare("theme/b"), by="lead", on=dt.date(2026, 9, 16))


def test_an_id_that_was_free_once_more_comes_back_from_its_file() -> None:
    rameau = agir.load_method("agir_ensemble")
    ws = Workspace(MemoryStore(), methods=[rameau], clock=lambda: NOW.astimezone(dt.timezone(dt.timedelta(hours=2))))
    ws.open("p", method=rameau.ref, by="lead", on=dt.date(2026, 9, 1))
    for month, verb in enumerate((Verb.DECLARE, Verb.END, Verb.DECLARE), 4):
        ws.record("p", fact(verb, "theme/a"), by="lead", on=dt.date(2026, month, 1))
    told = ws.get("p")
    assert read_dossier(write_dossier(told).encode(), lambda _: rameau)[1] == told


def test_a_day_before_all_projects_is_refused() -> None:
    rameau = agir.load_method("agir_ensemble")
    ws = Workspace(MemoryStore(), methods=[rameau], clock=lambda: NOW)
    with pytest.raises(DossierError, match=r"dossier\.start"):
        ws.open("p", method=rameau.ref, by="lead", on=dt.date(1, 1, 1))
    ws.open("p", method=rameau.ref, by="lead", on=dt.date(2026, 9, 1))
    with pytest.raises(RefusedError, match="comes before 1900"):
        ws.do("p", hold("copil/cadrage"), by="lead", on=dt.date(1, 1, 1))
    assert [s for s in agir.possible(rameau, ws.get("p"), on=dt.date(1, 1, 1), by="lead") if not s.blockers] == []


def test_only_a_declaration_opens() -> None:
    rameau = agir.load_method("agir_ensemble")
    _, dossier = read_dossier(b'[dossier]\nid = "d"\nstart = 2026-09-01\n', lambda _: rameau)
    command = Fact(Verb.HOLD, Address("copil/cadrage"), dossier.head, Stamp(on=When(dt.date(2026, 9, 2)), by="lead"))
    assert [b.code for b in agir.why_not(rameau, dossier, command)] == ["input.type"]


def test_a_head_recorded_on_another_clock_keeps_its_instant() -> None:
    rameau = agir.load_method("agir_ensemble")
    _, dossier = read_dossier(b'[dossier]\nid = "d"\nstart = 2026-09-01\n', lambda _: rameau)
    here = NOW.astimezone(dt.timezone(dt.timedelta(hours=2)))
    head = dossier.facts[0]
    assert head.stamp is not None
    told = Dossier((head.stamped(attrs.evolve(head.stamp, recorded_at=here)),))
    (again,) = read_dossier(write_dossier(told).encode(), lambda _: rameau)[1].facts
    assert again.stamp is not None
    assert again.stamp.recorded_at == NOW


def test_opening_twice_is_a_conflict_and_tells_nobody() -> None:
    ws, told = opened()
    with pytest.raises(ConflictError, match="at version 1, not 0"):
        ws.open("d", method="danse@1", by="lead")
    assert told == []


@pytest.mark.parametrize(
    ("given", "kind", "near"),
    [
        ({"method": "dance@1"}, "method", "danse@1"),
        ({"profile": "lents"}, "profile", "lent"),
        ({"regime": "zzz"}, "regime", None),
        ({"language": "de"}, "language", None),
        ({"zone": "Europe/Pari"}, "zone", None),
        ({"zone": "../etc/passwd"}, "zone", None),
    ],
)
def test_opening_with_a_name_that_nothing_bears(given: dict[str, str], kind: str, near: str | None) -> None:
    ws, _ = workspace()
    with pytest.raises(UnknownNameError) as caught:
        ws.open("d", **{"method": "danse@1", "by": "lead", **given})  # type: ignore[arg-type]
    assert (caught.value.kind, caught.value.near) == (kind, near)
    assert ws.store.dossiers() == ()


def test_doing_stamps_keeps_and_tells() -> None:
    ws, told = opened()
    accepted = ws.do("d", hold("gt", Hold(minutes=90)), by="lead", on=dt.date(2026, 9, 1), key="k")
    assert [f.address for f in accepted.events] == ["gt", "echo/1"]
    assert accepted.events[0].stamp == Stamp(on=When(dt.date(2026, 9, 1)), by="lead", recorded_at=NOW, key="k")
    assert ws.get("d").facts[1:] == accepted.events
    assert told == [("d", e) for e in accepted.events]
    rough = ws.do("d", fill("a", "x"), by="lead", on=When.parse("2012-S1"))
    assert str(rough.events[0].on) == "2012-S1"


def test_a_refusal_is_raised_with_every_blocker_and_writes_nothing() -> None:
    ws, told = opened()
    with pytest.raises(RefusedError) as caught:
        ws.do("d", close(), by="lead", key="k")
    assert [b.code for b in caught.value.refused.blockers] == ["A001", "A002"]
    assert pickle.loads(pickle.dumps(caught.value)).refused == caught.value.refused
    assert ws.store.version("d") == 1
    assert told == []
    assert ws.store.seen("d", "k") == ()


def test_why_not_asks_and_writes_nothing() -> None:
    ws, told = opened()
    assert [b.code for b in ws.why_not("d", close())] == ["A001", "A002"]
    assert ws.why_not("d", hold("gt"), by="lead", on=dt.date(2026, 1, 1)) == ()
    assert (ws.store.version("d"), told) == (1, [])


def test_telling_what_happened_keeps_it_with_its_deviations() -> None:
    ws, told = opened()
    recorded = ws.record("d", close(), by="lead", on=dt.date(2026, 9, 1), key="k")
    assert [b.code for b in recorded.deviations] == ["A001", "A002"]
    assert ws.get("d").facts[1:] == recorded.events
    assert ws.record("d", close(), by="lead", on=dt.date(2026, 9, 1), key="k") == recorded
    assert len(told) == 1


def test_the_same_key_gives_the_same_answer_and_writes_nothing() -> None:
    ws, told = opened()
    ws.do("d", fill("gt", "x"), by="lead")
    first = ws.do("d", hold("gt"), by="lead", key="k", expect=2)
    assert [n.code for n in first.notices] == ["N001"]
    ws.do("d", fill("b", "later"), by="lead")
    version, count = ws.store.version("d"), len(told)
    assert ws.do("d", hold("gt"), by="lead", key="k", expect=2) == first
    ws._clock = lambda: NOW + dt.timedelta(days=3)
    assert ws.do("d", hold("gt"), by="lead", key="k") == first
    assert (ws.store.version("d"), len(told)) == (version, count)


@pytest.mark.parametrize(
    ("command", "by", "on"),
    [(hold("other"), "lead", None), (hold("gt", Hold(minutes=5)), "lead", None), (hold("gt"), "pilot", None), (hold("gt"), "lead", dt.date(2020, 1, 1)), (close(), "lead", None)],
)  # fmt: skip
def test_the_same_key_for_another_command_is_refused(command: Fact, by: str, on: dt.date | None) -> None:
    ws, _ = opened()
    ws.do("d", hold("gt"), by="lead", key="k")
    with pytest.raises(IdempotencyError):
        ws.do("d", command, by=by, on=on, key="k")
    assert ws.store.version("d") == 3


def test_an_engine_of_another_day_does_not_unsay_what_was_kept() -> None:
    ws, _ = opened()
    first = ws.do("d", hold("gt"), by="lead", key="k")
    ws._engine.why_not = lambda *_: (blocker("NEW"),)  # type: ignore[method-assign]
    assert ws.do("d", hold("gt"), by="lead", key="k") == Accepted(first.events)


def test_expecting_another_version_is_a_conflict() -> None:
    ws, _ = opened()
    with pytest.raises(ConflictError) as caught:
        ws.do("d", hold("gt"), by="lead", expect=7)
    assert (caught.value.expected, caught.value.found) == (7, 1)
    assert ws.do("d", hold("gt"), by="lead", expect=1).events


class RacingStore(MemoryStore):
    """Somebody else always writes just before."""

    def __init__(self, races: int, intruder: Fact | None = None) -> None:
        super().__init__()
        self.races = races
        self.intruder = intruder

    def append(self, dossier: str, expected: int, facts: Sequence[Fact]) -> int:
        if self.races and expected:
            self.races -= 1
            super().append(dossier, self.version(dossier), [self.intruder or sample(self.races)])
        return super().append(dossier, expected, facts)


def test_when_somebody_writes_first_the_command_is_decided_again() -> None:
    store = RacingStore(TRIES - 1)
    ws, told = workspace(store)
    ws.open("d", method="danse@1", by="lead")
    ws.do("d", hold("gt"), by="lead")
    assert ws._engine.asked == TRIES  # type: ignore[attr-defined]
    assert [f.address for f in ws.get("d").facts[-2:]] == ["gt", f"echo/{TRIES}"]
    assert len(told) == 3


def test_it_gives_up_in_the_end() -> None:
    ws, told = workspace(RacingStore(99))
    ws.open("d", method="danse@1", by="lead")
    with pytest.raises(ConflictError):
        ws.do("d", hold("gt"), by="lead")
    assert ws._engine.asked == TRIES  # type: ignore[attr-defined]
    assert len(told) == 1


def test_with_an_expected_version_it_does_not_try_again() -> None:
    ws, _ = workspace(RacingStore(1))
    ws.open("d", method="danse@1", by="lead")
    with pytest.raises(ConflictError):
        ws.do("d", hold("gt"), by="lead", expect=1)
    assert ws._engine.asked == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("expect", [None, 1])
def test_the_same_command_sent_twice_at_once_is_done_once(expect: int | None) -> None:
    twin = fill("a", "x").stamped(Stamp(on=When(dt.date(2026, 9, 15)), by="lead", recorded_at=NOW, key="k"))
    ws, told = workspace(RacingStore(1, twin))
    ws.open("d", method="danse@1", by="lead")
    assert ws.do("d", fill("a", "x"), by="lead", key="k", expect=expect) == Accepted((twin,))
    assert ws.store.version("d") == 2
    assert len(told) == 1


def test_a_method_of_another_content_or_none_is_told() -> None:
    ws, _ = opened()
    changed, _ = workspace(ws.store, [method(hash="h2")])  # type: ignore[arg-type]
    for ask in (
        lambda: changed.get("d"),
        lambda: changed.method_of("d"),
        lambda: changed.do("d", close(), by="x"),
        lambda: changed.why_not("d", close()),
    ):
        with pytest.raises(MethodMismatchError, match=r"danse@1 \(h1\).*danse@1 \(h2\)"):
            ask()
    without, _ = workspace(ws.store, [method("dense")])  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="did you mean 'dense@1'"):
        without.get("d")
    both, _ = workspace(ws.store, [method(hash="h2"), method()])  # type: ignore[arg-type]
    assert both.method_of("d") == method()
    with pytest.raises(DossierNotFoundError):
        both.method_of("nobody")


def test_importing_keeps_every_fact_once() -> None:
    ws, _ = opened()
    ws.do("d", hold("gt"), by="lead")
    facts = ws.get("d").facts
    other, told = workspace()
    assert other.import_(facts) == "d"
    assert other.get("d").facts == facts
    assert [f for _, f in told] == list(facts)
    assert [r.hash for r in other.store.records("d")] == [r.hash for r in ws.store.records("d")]
    with pytest.raises(ConflictError):
        other.import_(facts)
    for none in ((), facts[1:]):
        with pytest.raises(DossierError, match="declare dossier"):
            other.import_(none)


def test_a_journal_that_begins_otherwise_says_so() -> None:
    ws, _ = workspace()
    ws.store.append("d", 0, [sample(1)])
    with pytest.raises(BrokenChainError, match="does not open"):
        ws.get("d")


def test_instants_are_no_days_and_clocks_have_a_zone() -> None:
    ws, _ = opened()
    with pytest.raises(TypeError, match="civil day"):
        ws.do("d", close(), by="lead", on=NOW)
    ws._clock = lambda: dt.datetime(2026, 1, 1)
    with pytest.raises(ValueError, match="with its zone"):
        ws.do("d", hold("gt"), by="lead")


def test_what_a_listener_raises_does_not_undo() -> None:
    ws, _ = opened()

    def broken(dossier: str, event: Fact) -> None:
        raise RuntimeError("mail is down")

    ws._tell = broken
    with pytest.raises(RuntimeError):
        ws.do("d", hold("gt"), by="lead", key="k")
    assert ws.store.version("d") == 3
    assert ws.do("d", hold("gt"), by="lead", key="k").events


def test_the_machines_clock_is_the_default() -> None:
    ws = Workspace(MemoryStore(), methods=[method()], engine=FakeEngine())
    stamp = ws.open("d", method="danse@1", by="lead").facts[0].stamp
    assert stamp is not None
    assert stamp.recorded_at is not None
    assert abs(dt.datetime.now(dt.UTC) - stamp.recorded_at) < dt.timedelta(minutes=1)
    assert isinstance(ws.get("d").facts[0].args, Open)
