"""The lifecycle that every engine lives: thirteen events of three groups, six guards, and where it stands between."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Protocol

GROUPS = ("a", "b", "c")

class Event(NamedTuple):
    """One event as every engine gets it: its name, what it is of, its day, and a decision's value."""

    name: str
    kind: str
    group: str
    day: dt.date
    value: str = ""


def _events() -> tuple[Event, ...]:
    day, step = dt.date(2026, 1, 12), dt.timedelta(days=7)
    rows = [("launch", "launch", "")] + [(f"{k}_{g}", k, g) for k in ("gt1", "gt2", "gt3") for g in GROUPS]
    rows += [("synthesis", "synthesis", ""), ("copil", "copil", ""), ("restitution", "restitution", "")]
    return tuple(Event(name, kind, group, day + n * step, "go" if kind == "copil" else "") for n, (name, kind, group) in enumerate(rows))


EVENTS = _events()
NAMES = tuple(e.name for e in EVENTS)
assert len(EVENTS) == 13

CONTEXT: dict[str, Any] = {
    "invitation": "a letter", "seats": dict.fromkeys(GROUPS, 10), "leads": dict.fromkeys(GROUPS, 2), "note": "submitted",
    "days": {}, "decision": "",
}  # fmt: skip

GUARDS: dict[str, Callable[[dict[str, Any], Event], bool]] = {
    "launch": lambda ctx, e: bool(ctx["invitation"]),
    "gt1": lambda ctx, e: 8 <= ctx["seats"][e.group] <= 12,
    "gt2": lambda ctx, e: e.group in ctx["days"] and (e.day - ctx["days"][e.group]).days >= 14,
    "gt3": lambda ctx, e: bool(ctx["leads"][e.group]),
    "copil": lambda ctx, e: ctx["note"] == "submitted",
    "restitution": lambda ctx, e: ctx["decision"] == "go",
}
assert len(GUARDS) == 6


def _keep_day(ctx: dict[str, Any], e: Event) -> None:
    ctx["days"][e.group] = e.day


def _keep_decision(ctx: dict[str, Any], e: Event) -> None:
    ctx["decision"] = e.value


ACTIONS = {"gt1": _keep_day, "copil": _keep_decision}


def always(ctx: dict[str, Any], e: Event) -> bool:
    return True


def nothing(ctx: dict[str, Any], e: Event) -> None:
    pass


Where = tuple[int, int, int, int]
"""Canonical: 0 before launch, 1 in the groups, 2 synthesised, 3 decided, 4 restituted; then each group's session."""
AFTER = {"new": 0, "synthesised": 2, "decided": 3, "restituted": 4}
END: Where = (4, 3, 3, 3)


def flat_where(state: str) -> Where:
    if state in AFTER:
        done = 0 if state == "new" else 3
        return AFTER[state], done, done, done
    a, b, c = state.removeprefix("g")
    return 1, int(a), int(b), int(c)


def flat_moves() -> Iterator[tuple[str, str, str]]:
    """Trigger, source and destination over the product of the three groups: 68 states."""
    yield "launch", "new", "g000"
    for n, group in enumerate(GROUPS):
        for state in (f"g{a}{b}{c}" for a in range(4) for b in range(4) for c in range(4)):
            done = int(state[n + 1])
            if done < 3:
                yield f"gt{done + 1}_{group}", state, state[: n + 1] + str(done + 1) + state[n + 2 :]
    yield "synthesis", "g333", "synthesised"
    yield "copil", "synthesised", "decided"
    yield "restitution", "decided", "restituted"


MOVES = tuple(flat_moves())
STATES = tuple(dict.fromkeys(s for _, a, b in MOVES for s in (a, b)))
KIND = {e.name: e.kind for e in EVENTS}


class Run(Protocol):
    """One life: the thirteen events bound beforehand, and where it stands."""

    steps: list[Callable[[], object]]

    def offer(self, event: Event) -> bool: ...

    def where(self) -> Where: ...


BROKEN: dict[str, dict[str, Any]] = {
    "": {}, "launch": {"invitation": ""}, "gt1": {"seats": dict.fromkeys(GROUPS, 3)}, "gt2": {}, "gt3": {"leads": dict.fromkeys(GROUPS, 0)},
    "copil": {"note": "draft"}, "restitution": {},
}  # fmt: skip
"""What each guard finds wrong, beforehand; the second session comes too soon, and the copil says no, in their events."""


def context(broken: str = "") -> dict[str, Any]:
    return copy.deepcopy(CONTEXT) | BROKEN[broken]


def events(broken: str) -> Iterator[Event]:
    for e in EVENTS:
        if broken == "gt2" and e.kind == "gt2":
            e = e._replace(day=e.day - dt.timedelta(days=8))  # 13 days after the first
        yield e._replace(value="no_go") if broken == "restitution" and e.kind == "copil" else e
