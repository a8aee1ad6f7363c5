"""
The one door to `transitions`: the three charts that have a truth of their own.

`run` is the life of a dossier, `deliverable` that of a document, `copil` (the engine's name) that
of one sitting of any decision body. Each is a table; one flat `Machine`, without model, callback
or memory, is built from it once and read. Whether a move is *wise* is for the readings to say;
here it is only whether the chart has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

import attrs
from transitions import Event, Machine

Row = tuple[str, tuple[str, ...], str | None]
"""A trigger, the states it leaves from, and the one it leads to (None: it stays where it is)."""


@attrs.frozen
class Table:
    """A chart as data: its states in the order of a life, the first of them the initial one."""

    states: tuple[str, ...]
    rows: tuple[Row, ...]


CHARTS: Mapping[str, Table] = {
    "run": Table(
        ("open", "suspended", "abandoned", "closed"),
        (
            ("suspend", ("open",), "suspended"),
            ("resume", ("suspended",), "open"),
            ("abandon", ("open", "suspended"), "abandoned"),
            ("close", ("open",), "closed"),
        ),
    ),
    "deliverable": Table(
        ("none", "draft", "submitted", "returned", "approved", "revoked"),
        (
            ("deliver", ("none", "draft", "returned", "approved", "revoked"), "draft"),
            ("submit", ("draft", "returned"), "submitted"),
            ("return", ("submitted",), "returned"),
            ("approve", ("submitted",), "approved"),
            ("revoke", ("approved",), "revoked"),
        ),
    ),
    "copil": Table(
        ("planned", "convened", "held", "decided", "cancelled"),
        (
            # A second notice reconvenes to another day: the sitting stays convened.
            ("convene", ("planned", "convened"), "convened"),
            ("hold", ("planned", "convened"), "held"),
            ("move", ("planned", "convened"), None),
            ("cancel", ("planned", "convened"), "cancelled"),
            ("decide", ("held",), "decided"),
        ),
    ),
}


class LeanEvent(Event):
    """An event that can be asked where it leads, without a model to move."""

    def destination(self, state: str) -> str | None:
        # Not `self.transitions[state]`: it is a defaultdict, and a question must not write in it.
        found = self.transitions.get(state)
        return str(found[0].dest) if found else None


class _Flat(Machine):
    event_cls = LeanEvent


@cache
def machine(chart: str) -> Machine:
    """
    The flat machine of *chart*, shared: read it, never register a model in it.

    Raises LookupError for a chart that is not one of the three.
    """
    table = _table(chart)
    left = {source for _, sources, _ in table.rows for source in sources}
    flat = _Flat(
        model=None,
        states=[{"name": s, "final": s not in left} for s in table.states],
        initial=None,
        auto_transitions=False,
        send_event=True,
    )
    for trigger, sources, dest in table.rows:
        for source in sources:
            flat.add_transition(trigger, source, source if dest is None else dest)
    return flat


def _table(chart: str) -> Table:
    try:
        return CHARTS[chart]
    except KeyError:
        raise LookupError(f"there is no chart {chart!r}, only {', '.join(CHARTS)}") from None


@lru_cache(maxsize=512)
def destination(chart: str, state: str, trigger: str) -> str | None:
    """The state that *trigger* leads to from *state*; None where the chart has no such move."""
    event = machine(chart).events.get(trigger)
    return event.destination(state) if isinstance(event, LeanEvent) else None


def triggers(chart: str, state: str) -> tuple[str, ...]:
    """The moves that leave from *state*, in the order of the chart; none from a final or unknown one."""
    return tuple(t for t in machine(chart).events if destination(chart, state, t) is not None)


def sources(chart: str, trigger: str) -> tuple[str, ...]:
    """The states that *trigger* may leave from, in the order of the chart."""
    return tuple(s for s in machine(chart).states if destination(chart, s, trigger) is not None)


def initial(chart: str) -> str:
    """The state before anything has happened."""
    return _table(chart).states[0]


def final(chart: str) -> frozenset[str]:
    """The states that nothing leaves from."""
    return frozenset(name for name, state in machine(chart).states.items() if state.final)


def path(chart: str, state: str, trigger: str) -> tuple[str, ...]:
    """
    The fewest moves from *state* to one where *trigger* is possible: () where it is possible now.

    Among the shortest, the first in the order of the chart. Raises LookupError where it will
    never be possible again.

    >>> path("deliverable", "none", "approve")
    ('deliver', 'submit')
    """
    seen = {state}
    row: list[tuple[str, tuple[str, ...]]] = [(state, ())]
    for here, way in row:
        if destination(chart, here, trigger) is not None:
            return way
        for step in triggers(chart, here):
            there = destination(chart, here, step)
            if there is not None and there not in seen:
                seen.add(there)
                row.append((there, (*way, step)))
    raise LookupError(f"{chart}: {trigger!r} is not possible from {state!r}, nor after any move")
