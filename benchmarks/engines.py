"""
What an event costs, here and in five other engines; and what the four questions cost on Charenton.

`python benchmarks/engines.py [ROUNDS]`: one run, interleaved rounds, minima over the rounds and
ratios of minima, in processor time. Every bar is printed with whether it is met. See README.md beside this file.
"""

from __future__ import annotations

import copy
import datetime as dt
import gc
import os
import pickle
import platform
import subprocess
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import attrs
from automat import NoTransition, TypeMachineBuilder
from statemachine import State, StateChart
from statemachine.exceptions import TransitionNotAllowed
from statemachine.io import create_machine_class_from_definition
from transitions import Machine, MachineError
from transitions.extensions import HierarchicalMachine
from xstate_statemachine import MachineLogic, SyncInterpreter, create_machine

import agir_workflow as agir
from agir_workflow import facts
from agir_workflow.answers import Accepted, Ask, Refused
from agir_workflow.facts import Fact, Stamp, When
from agir_workflow.samples import command_of
from agir_workflow.values import Record
from agir_workflow.view import corrected, view_of
from agir_workflow.words import Verb

ROOT = Path(__file__).parents[1]
GROUPS = ("a", "b", "c")

# -- the lifecycle: thirteen events, six guards -----------------------------------------------------


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


def _always(ctx: dict[str, Any], e: Event) -> bool:
    return True


def _nothing(ctx: dict[str, Any], e: Event) -> None:
    pass


Where = tuple[int, int, int, int]
"""Canonical: 0 before launch, 1 in the groups, 2 synthesised, 3 decided, 4 restituted; then each group's session."""
AFTER = {"new": 0, "synthesised": 2, "decided": 3, "restituted": 4}
END: Where = (4, 3, 3, 3)


def _flat_where(state: str) -> Where:
    if state in AFTER:
        done = 0 if state == "new" else 3
        return AFTER[state], done, done, done
    a, b, c = state.removeprefix("g")
    return 1, int(a), int(b), int(c)


def _flat_moves() -> Iterator[tuple[str, str, str]]:
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


MOVES = tuple(_flat_moves())
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


# -- a bare dictionary ------------------------------------------------------------------------------

TABLE = {(a, t): (b, GUARDS.get(KIND[t], _always), ACTIONS.get(KIND[t], _nothing)) for t, a, b in MOVES}


class Bare:
    """The least that could be called an engine: a table, a guard, a state."""

    def __init__(self, ctx: dict[str, Any]) -> None:
        self.state, self.ctx = "new", ctx
        self.steps = [partial(self.offer, e) for e in EVENTS]

    def offer(self, event: Event) -> bool:
        row = TABLE.get((self.state, event.name))
        if row is None or not row[1](self.ctx, event):
            return False
        row[2](self.ctx, event)
        self.state = row[0]
        return True

    def where(self) -> Where:
        return _flat_where(self.state)


# -- transitions --------------------------------------------------------------------------------------


class Model:
    """A model for `transitions`: its guards and what it keeps."""

    state: Any

    def __init__(self, machine: Machine, ctx: dict[str, Any]) -> None:
        self.ctx = ctx
        machine.add_model(self)
        self.steps = [partial(getattr(self, e.name), e) for e in EVENTS]

    def guard(self, event: Event) -> bool:
        return GUARDS[event.kind](self.ctx, event)

    def joined(self, event: Event) -> bool:
        return self.where()[1:] == (3, 3, 3)

    def keep(self, event: Event) -> None:
        ACTIONS[event.kind](self.ctx, event)

    def offer(self, event: Event) -> bool:
        try:
            return bool(getattr(self, event.name)(event))
        except MachineError:
            return False

    def where(self) -> Where:
        if isinstance(self.state, str):
            return _flat_where(self.state)
        at = {s.split("_")[1]: int(s.split("_")[2]) for s in self.state}
        return 1, at["a"], at["b"], at["c"]


def _callbacks(kind: str) -> dict[str, str]:
    return ({"conditions": "guard"} if kind in GUARDS else {}) | ({"after": "keep"} if kind in ACTIONS else {})


def flat_machine() -> Machine:
    out = Machine(model=None, states=list(STATES), initial="new", auto_transitions=False)
    for trigger, source, dest in MOVES:
        out.add_transition(trigger, source, dest, **_callbacks(KIND[trigger]))
    return out


def nested_machine() -> Machine:
    regions = [{"name": g, "initial": "0", "children": ["0", "1", "2", "3"]} for g in GROUPS]
    states = ["new", {"name": "groups", "parallel": regions}, "synthesised", "decided", "restituted"]
    out = HierarchicalMachine(model=None, states=states, initial="new", auto_transitions=False)
    out.add_transition("launch", "new", "groups", **_callbacks("launch"))
    for g in GROUPS:
        for n in (1, 2, 3):
            out.add_transition(f"gt{n}_{g}", f"groups_{g}_{n - 1}", f"groups_{g}_{n}", **_callbacks(f"gt{n}"))
    out.add_transition("synthesis", "groups", "synthesised", conditions="joined")
    out.add_transition("copil", "synthesised", "decided", **_callbacks("copil"))
    out.add_transition("restitution", "decided", "restituted", **_callbacks("restitution"))
    return out


# -- python-statemachine ------------------------------------------------------------------------------


class ChartMixin:
    """The guards, by the names that the transitions bear."""

    ctx: dict[str, Any]

    def guard(self, e: Event) -> bool:
        return GUARDS[e.kind](self.ctx, e)

    def keep(self, e: Event) -> None:
        ACTIONS[e.kind](self.ctx, e)


class Parallel(ChartMixin, StateChart):
    """Three parallel regions; the last of the final states raises `done.state.groups`."""

    new = State(initial=True)

    class groups(State.Parallel):
        class a(State.Compound):
            a0 = State(initial=True)
            a1, a2, a3 = State(), State(), State(final=True)
            gt1_a = a0.to(a1, cond="guard", on="keep")
            gt2_a = a1.to(a2, cond="guard")
            gt3_a = a2.to(a3, cond="guard")

        class b(State.Compound):
            b0 = State(initial=True)
            b1, b2, b3 = State(), State(), State(final=True)
            gt1_b = b0.to(b1, cond="guard", on="keep")
            gt2_b = b1.to(b2, cond="guard")
            gt3_b = b2.to(b3, cond="guard")

        class c(State.Compound):
            c0 = State(initial=True)
            c1, c2, c3 = State(), State(), State(final=True)
            gt1_c = c0.to(c1, cond="guard", on="keep")
            gt2_c = c1.to(c2, cond="guard")
            gt3_c = c2.to(c3, cond="guard")

    g333, synthesised, decided = State(), State(), State()
    restituted = State(final=True)
    launch = new.to(groups, cond="guard")
    done_state_groups = groups.to(g333)
    synthesis = g333.to(synthesised)
    copil = synthesised.to(decided, cond="guard", on="keep")
    restitution = decided.to(restituted, cond="guard")


def _flat_chart() -> type[StateChart]:
    states: dict[str, Any] = {s: {"initial": s == "new", "final": s == "restituted", "on": {}} for s in STATES}
    for trigger, source, dest in MOVES:
        kind = KIND[trigger]
        row = {"target": dest} | ({"cond": "guard"} if kind in GUARDS else {}) | ({"on": "keep"} if kind in ACTIONS else {})
        states[source]["on"][trigger] = [row]
    made = create_machine_class_from_definition("Flat", states=states)
    return type("FlatChart", (ChartMixin, made), {})


class Chart:
    """One life of a python-statemachine."""

    def __init__(self, chart: type[StateChart], ctx: dict[str, Any]) -> None:
        self.machine = chart()
        self.machine.ctx = ctx
        self.steps = [partial(self.machine.send, e.name, e=e) for e in EVENTS]

    def offer(self, event: Event) -> bool:
        before = self.where()
        try:
            self.machine.send(event.name, e=event)
        except TransitionNotAllowed:
            return False
        return self.where() != before

    def where(self) -> Where:
        found = {str(v) for v in self.machine.configuration_values}
        plain = found & set(STATES)
        if plain:
            return _flat_where(plain.pop())
        at = {s[0]: int(s[1]) for s in found if len(s) == 2}
        return 1, at["a"], at["b"], at["c"]


# -- xstate-statemachine ------------------------------------------------------------------------------


def _x_row(trigger: str, target: str) -> dict[str, Any]:
    kind = KIND[trigger]
    return {"target": target} | ({"guard": "guard"} if kind in GUARDS else {}) | ({"actions": "keep"} if kind in ACTIONS else {})


def _x_machine(initial: str, states: dict[str, Any]) -> Any:
    logic = MachineLogic(
        guards={"guard": lambda ctx, event: GUARDS[event.payload["e"].kind](ctx, event.payload["e"])},
        actions={"keep": lambda interpreter, ctx, event, action: ACTIONS[event.payload["e"].kind](ctx, event.payload["e"])},
    )
    return create_machine({"id": "life", "initial": initial, "context": context(), "states": states}, logic=logic)


def x_flat() -> Any:
    states: dict[str, Any] = {s: {"on": {}} for s in STATES}
    for trigger, source, dest in MOVES:
        states[source]["on"][trigger] = _x_row(trigger, dest)
    states["restituted"] = {"type": "final"}
    return _x_machine("new", states)


def x_parallel() -> Any:
    regions = {
        g: {
            "initial": f"{g}0",
            "states": {f"{g}{n}": {"on": {f"gt{n + 1}_{g}": _x_row(f"gt{n + 1}_{g}", f"{g}{n + 1}")}} for n in range(3)} | {f"{g}3": {"type": "final"}},
        }
        for g in GROUPS
    }
    return _x_machine("new", {
        "new": {"on": {"launch": _x_row("launch", "groups")}},
        "groups": {"type": "parallel", "states": regions, "onDone": {"target": "g333"}},
        "g333": {"on": {"synthesis": _x_row("synthesis", "synthesised")}},
        "synthesised": {"on": {"copil": _x_row("copil", "decided")}},
        "decided": {"on": {"restitution": _x_row("restitution", "restituted")}},
        "restituted": {"type": "final"},
    })  # fmt: skip


class XState:
    """One life of an xstate-statemachine, by its synchronous interpreter."""

    def __init__(self, machine: Any, ctx: dict[str, Any], wait: bool = False) -> None:
        self.interpreter = SyncInterpreter(machine)
        self.interpreter.context.update(ctx)
        self.interpreter.start()
        self.steps = [partial(self.interpreter.send, e.name, wait=wait, e=e) for e in EVENTS]

    def offer(self, event: Event) -> bool:
        before = self.where()
        self.interpreter.send(event.name, e=event)
        return self.where() != before

    def where(self) -> Where:
        found = {s.rpartition(".")[2] for s in self.interpreter.current_state_ids}
        plain = found & set(STATES)
        if plain:
            return _flat_where(plain.pop())
        at = {s[0]: int(s[1]) for s in found}
        return 1, at["a"], at["b"], at["c"]


# -- automat ------------------------------------------------------------------------------------------


class Inputs(Protocol):
    def launch(self, e: Event) -> None: ...
    def gt1_a(self, e: Event) -> None: ...
    def gt1_b(self, e: Event) -> None: ...
    def gt1_c(self, e: Event) -> None: ...
    def gt2_a(self, e: Event) -> None: ...
    def gt2_b(self, e: Event) -> None: ...
    def gt2_c(self, e: Event) -> None: ...
    def gt3_a(self, e: Event) -> None: ...
    def gt3_b(self, e: Event) -> None: ...
    def gt3_c(self, e: Event) -> None: ...
    def synthesis(self, e: Event) -> None: ...
    def copil(self, e: Event) -> None: ...
    def restitution(self, e: Event) -> None: ...


class Core:
    def __init__(self, ctx: dict[str, Any]) -> None:
        self.ctx = ctx


def automat_machine() -> Callable[[Core], Inputs]:
    builder = TypeMachineBuilder(Inputs, Core)
    states = {s: builder.state(s) for s in STATES}

    def keep(inputs: Inputs, core: Core, e: Event) -> None:
        ACTIONS[e.kind](core.ctx, e)

    for trigger, source, dest in MOVES:
        move = states[source].upon(getattr(Inputs, trigger)).to(states[dest])
        if KIND[trigger] in ACTIONS:
            move(keep)
        else:
            move.returns(None)
    return builder.build()


class Auto:
    """One life of an automat; it has no guards, so they are read before the input is given."""

    def __init__(self, build: Callable[[Core], Inputs], ctx: dict[str, Any]) -> None:
        self.core = Core(ctx)
        self.machine = build(self.core)
        self.steps = [partial(self.guarded, getattr(self.machine, e.name), GUARDS.get(e.kind, _always), e) for e in EVENTS]

    def guarded(self, give: Callable[[Event], None], guard: Callable[[dict[str, Any], Event], bool], event: Event) -> bool:
        if not guard(self.core.ctx, event):
            return False
        give(event)
        return True

    def offer(self, event: Event) -> bool:
        before = self.where()
        try:
            self.guarded(getattr(self.machine, event.name), GUARDS.get(event.kind, _always), event)
        except NoTransition:
            return False
        return self.where() != before

    def where(self) -> Where:
        transitioner: Any = next(v for k, v in vars(self.machine).items() if "transitioner" in k)
        return _flat_where(transitioner._state.name)  # automat keeps its state to itself; read for the check alone


# -- ours -----------------------------------------------------------------------------------------------

METHOD = """
kinds = [{ id = "group", label = { fr = "groupe", en = "group" }, origin = "default" }]
leaves = [
    { id = "launch", sort = "meeting", label = { fr = "Lancement", en = "Launch" }, address = "launch", origin = "default" },
    { id = "gt1", sort = "meeting", label = { fr = "GT1", en = "GT1" }, address = "gt1/{group}", origin = "default" },
    { id = "gt2", sort = "meeting", label = { fr = "GT2", en = "GT2" }, address = "gt2/{group}", origin = "default" },
    { id = "gt3", sort = "meeting", label = { fr = "GT3", en = "GT3" }, address = "gt3/{group}", origin = "default" },
    { id = "synthesis", sort = "activity", label = { fr = "Synthèse", en = "Synthesis" }, address = "synthesis", origin = "default" },
    { id = "copil", sort = "decision", label = { fr = "Copil", en = "Steering committee" }, address = "copil", decisions = ["go", "no_go"], origin = "default" },
    { id = "restitution", sort = "meeting", label = { fr = "Restitution", en = "Restitution" }, address = "restitution", origin = "default" },
]
facets = [
    { id = "invitation", label = { fr = "invitation", en = "invitation" }, origin = "default" },
    { id = "seat", label = { fr = "siège", en = "seat" }, scope = "group", many = true, origin = "default" },
    { id = "lead", label = { fr = "piste", en = "lead" }, scope = "group", many = true, origin = "default" },
]
deliverables = [{ id = "note", label = { fr = "note", en = "note" }, address = "paper/note", of = ["synthesis"], origin = "default" }]
regimes = [{ id = "usage", label = { fr = "usage", en = "usage" }, origin = "default" }]
profiles = [{ id = "plain", label = { fr = "simple", en = "plain" }, origin = "default" }]
requirements = [
    { code = "B1", is = "present", of = "invitation", due = "launch", aspect = "structural", severity = "error", origin = "default", why = { fr = "L'invitation manque.", en = "The invitation is missing." }, fix = { fr = "L'écrire.", en = "Write it." } },
    { code = "B2", is = "count", of = "seat", each = "group", min = 8, max = 12, due = "gt1", aspect = "cardinality", severity = "error", origin = "default", why = { fr = "{subject} : {value}, pour {bound}.", en = "{subject}: {value}, where {bound} are wanted." }, fix = { fr = "Inviter.", en = "Invite." } },
    { code = "B3", is = "gap", a = "gt1", b = "gt2", each = "group", min = "14d", due = "gt2", aspect = "temporal", severity = "error", origin = "default", why = { fr = "{subject} : {value}, pour {bound}.", en = "{subject}: {value}, where {bound} is wanted." }, fix = { fr = "Attendre.", en = "Wait." } },
    { code = "B4", is = "present", of = "lead", each = "group", due = "gt3", aspect = "structural", severity = "error", origin = "default", why = { fr = "{subject} : aucune piste.", en = "{subject}: no lead." }, fix = { fr = "En écrire une.", en = "Write one." } },
    { code = "B5", is = "deliverable", of = "note", state = "submitted", due = "copil", aspect = "evidence", severity = "error", origin = "default", why = { fr = "{subject} : « {value} », attendu « {bound} ».", en = "{subject}: '{value}', should be '{bound}'." }, fix = { fr = "La soumettre.", en = "Submit it." } },
    { code = "B6", is = "decided", by = "copil", values = ["go"], before = "restitution", due = "restitution", aspect = "behavioural", severity = "error", origin = "default", why = { fr = "{subject} : {missing}.", en = "{subject}: {missing}." }, fix = { fr = "Décider.", en = "Decide." } },
]
method = { name = "life", version = 1, title = { fr = "Treize événements", en = "Thirteen events" }, origin = "default", verdict_per = "group", default_profile = "plain", default_regime = "usage" }
[tree]
root = "life"
life = { seq = ["launch", "groups", "synthesis", "copil", "restitution"] }
groups = { each = { of = "group", run = "sessions" } }
sessions = { seq = ["gt1", "gt2", "gt3"] }
"""

DOSSIER = """
group = [{ id = "a" }, { id = "b" }, { id = "c" }]
[dossier]
id = "life"
uid = "2f1f6d7e-6a0e-4e58-8a2b-3f6f4f0a2026"
title = "Life"
method = "life@1"
start = 2026-01-05
"""


def _own_setup(method: agir.Method, broken: str = "") -> agir.Dossier:
    """The dossier before its first event: groups, and what the context says of them, as facts."""
    _, dossier = agir.read_dossier(DOSSIER.encode(), lambda _: method)
    ctx = context(broken)
    told = [facts.fill("invitation", ctx["invitation"])] if ctx["invitation"] else []
    told += [facts.fill(f"seat/{g}", tuple(f"seat {n}" for n in range(ctx["seats"][g]))) for g in GROUPS]
    told += [facts.fill(f"lead/{g}", tuple(f"lead {n}" for n in range(ctx["leads"][g]))) for g in GROUPS if ctx["leads"][g]]
    told += [facts.deliver("paper/note"), *([facts.submit("paper/note")] if ctx["note"] == "submitted" else [])]
    for n, fact in enumerate(told):
        on = dt.date(2026, 1, 5) + dt.timedelta(days=n * 5 // len(told))
        dossier = agir.evolve(method, dossier, fact.stamped(Stamp(on=When(on), by="lead")))
    return dossier


def _commands(event: Event) -> tuple[Fact, ...]:
    """An event as commands; the copil's is two, held and decided."""
    stamp = Stamp(on=When(event.day), by="lead")
    match event.kind:
        case "synthesis":
            return (facts.deliver("synthesis").stamped(stamp),)
        case "copil":
            return facts.hold("copil").stamped(stamp), facts.decide("copil", event.value).stamped(stamp)
        case _:
            return (facts.hold(f"{event.kind}/{event.group}" if event.group else event.kind).stamped(stamp),)


class Own:
    """One life here: each event decided with all its reasons, kept as a fact, the version read."""

    def __init__(self, method: agir.Method, dossier: agir.Dossier) -> None:
        self.method, self.dossier = method, dossier
        self.version = dossier.version
        self.steps = [partial(self.give, _commands(e)) for e in EVENTS]

    def give(self, commands: tuple[Fact, ...]) -> bool:
        for command in commands:
            decision = agir.decide(self.method, self.dossier, command, expect=self.version)
            if isinstance(decision, Refused):
                return False
            for event in decision.events:
                self.dossier = agir.evolve(self.method, self.dossier, event)
            self.version = self.dossier.version
        return True

    def offer(self, event: Event) -> bool:
        return self.give(_commands(event))

    def where(self) -> Where:
        done = {str(x.leaf) for x in view_of(self.method, self.dossier).position.done}
        after = 4 if "restitution" in done else 3 if "copil" in done else 2 if "synthesis" in done else 1 if "launch" in done else 0
        by = Counter(str(x.inst[0]) for x in view_of(self.method, self.dossier).position.done if x.inst)
        return after, by["a"], by["b"], by["c"]


# -- all engines alike ------------------------------------------------------------------------------------


@attrs.frozen
class Engine:
    """How a life begins, sound or with one guard's matter broken; `lives` is how many are timed at once."""

    name: str
    begin: Callable[[str], Run]
    lives: int


def engines() -> list[Engine]:
    flat, nested, chart, xp, xf, auto = flat_machine(), nested_machine(), _flat_chart(), x_parallel(), x_flat(), automat_machine()
    method = agir.read_method(METHOD.encode(), "life.toml")
    ready = {broken: _own_setup(method, broken) for broken in BROKEN}
    for dossier in ready.values():
        view_of(method, dossier).position  # noqa: B018  (known before the first event, as it is to a host that has shown the dossier)
    return [
        Engine("agir_workflow: decide + evolve", lambda broken: Own(method, ready[broken]), 4),
        Engine("bare dictionary", lambda broken: Bare(context(broken)), 40),
        Engine("automat", lambda broken: Auto(auto, context(broken)), 20),
        Engine("transitions, flat", lambda broken: Model(flat, context(broken)), 8),
        Engine("transitions, HierarchicalMachine", lambda broken: Model(nested, context(broken)), 2),
        Engine("python-statemachine, flat", lambda broken: Chart(chart, context(broken)), 4),
        Engine("python-statemachine, parallel", lambda broken: Chart(Parallel, context(broken)), 2),
        Engine("xstate-statemachine, flat", lambda broken: XState(xf, context(broken)), 4),
        Engine("xstate-statemachine, parallel", lambda broken: XState(xp, context(broken)), 4),
        Engine("xstate-statemachine, parallel, with a receipt", lambda broken: XState(xp, context(broken), wait=True), 4),
    ]


def same_lives(found: list[Engine]) -> None:
    """Every engine passes through the same states, ends in the same one, and refuses what is out of turn or guarded."""
    traces: dict[str, list[Where]] = {}
    for engine in found:
        run = engine.begin("")
        trace = [run.where()]
        for n, event in enumerate(EVENTS):
            if n in (1, 4):  # gt2 before gt1, and gt3 before gt2
                assert not run.offer(EVENTS[n + 3]), (engine.name, EVENTS[n + 3].name)
                assert run.where() == trace[-1], engine.name
            assert run.offer(event), (engine.name, event.name, run.where())
            trace.append(run.where())
        traces[engine.name] = trace
        for broken in GUARDS:
            run = engine.begin(broken)
            for event in events(broken):
                before, given = run.where(), run.offer(event)
                assert given == (event.kind != broken), (engine.name, broken, event.name)
                if not given:
                    assert run.where() == before, (engine.name, broken, event.name)
                    break
    first = traces[found[0].name]
    assert first[-1] == END
    for name, trace in traces.items():
        assert trace == first, (name, trace, first)


# -- the clock ---------------------------------------------------------------------------------------------


def clock(work: Callable[[], object]) -> float:
    """Processor seconds of one call in this thread, without the collector's pauses."""
    gc.disable()
    try:
        begin = time.thread_time()
        work()
        return time.thread_time() - begin
    finally:
        gc.enable()


@attrs.define
class Task:
    """Something to time once a round: *sample* gives seconds for one unit."""

    name: str
    sample: Callable[[], float]
    best: float = float("inf")


def _none() -> float:
    raise AssertionError("a mean of others; not timed itself")


def _lives(engine: Engine) -> float:
    runs = [engine.begin("") for _ in range(engine.lives)]

    def work() -> None:
        for run in runs:
            for step in run.steps:
                step()

    took = clock(work)
    assert all(run.where() == END for run in runs), engine.name
    return took / (len(runs) * len(EVENTS))


def _each(work: Callable[[], object], times: int = 1) -> float:
    def loop() -> None:
        for _ in range(times):
            work()

    return clock(loop) / times


# -- agir_ensemble, on the Charenton dossier ------------------------------------------------------------------

DAY = dt.date(2012, 4, 2)


def _read(name: str, method: agir.Method) -> agir.Dossier:
    return agir.read_dossier((ROOT / "examples" / name / "dossier.toml").read_bytes(), lambda _: method)[1]


def mix(method: agir.Method, dossier: agir.Dossier) -> tuple[list[Fact], list[Fact]]:
    """The commands of the day: those that are accepted, and those that are refused (not yet, or already done)."""
    view, stamp = view_of(method, dossier), Stamp(on=When(DAY), by="lead")
    steps = agir.possible(method, dossier, on=DAY, by="lead")
    asked = [command_of(view, Ask(s.verb, s.address), DAY).stamped(stamp) for s in steps]
    asked += [command_of(view, Ask(v, a), DAY).stamped(stamp)
              for v, a in ((Verb.HOLD, "gt1/insertion"), (Verb.HOLD, "plenary/lancement"), (Verb.DELIVER, "activite/contenus/handicap"))]  # fmt: skip
    asked += [f.stamped(stamp) for f in (facts.convene("copil/synthese", dt.date(2012, 6, 7)), facts.fill("objectif", Record.of({"texte": "…", "pour": ("enjeu_territoire",)})),
                                         facts.deliver("livrable/plan_action/insertion"), facts.approve("livrable/synthese"))]  # fmt: skip
    accepted = [c for c in asked if isinstance(agir.decide(method, dossier, c), Accepted)]
    return accepted, [c for c in asked if c not in accepted]


def journal(dossier: agir.Dossier, size: int = 1000) -> tuple[Fact, ...]:
    """
    Charenton with more in it, in the order of days: twenty more interviews with their minutes; stakes,
    leads and actions written again; a framing document delivered, submitted, returned; closed at the end.
    """
    first, *rest = corrected(dossier)
    close = rest.pop()
    more: list[Fact] = []

    def tell(fact: Fact, on: dt.date, by: str = "expert") -> None:
        more.append(fact.stamped(Stamp(on=When(on), by=by)))

    for n in range(20):
        on = dt.date(2011, 10, 17) + dt.timedelta(days=n)
        attributes = Record.of({"qualite": "participant_groupe", "college": "associations"})
        theme = ("insertion", "handicap", "precarite")[n % 3]
        tell(facts.declare(f"interviewee/more-{n}", facts.Declare(label=f"More {n}", inside=theme, attributes=attributes)), dt.date(2011, 10, 13))
        tell(facts.deliver(f"entretien/more-{n}"), on)
        tell(facts.deliver(f"compte_rendu_entretien/more-{n}"), on + dt.timedelta(days=7))
    count = size - len(rest) - 2 - len(more)
    for n in range(count):
        theme, on = ("insertion", "handicap", "precarite")[n // 6 % 3], dt.date(2012, 3, 16) + dt.timedelta(days=n * 450 // count)
        again = 1 + n // 18 % 2
        match n % 6:
            case 0:
                tell(facts.fill(f"enjeu/{theme}", (Record.of({"id": f"e{again}", "texte": f"stake, version {n}", "niveau": "individuel"}),)), on, "animateurs")
            case 2:
                tell(facts.fill(f"piste/{theme}", (Record.of({"id": f"p{again}", "texte": f"lead, version {n}", "repond_a": (f"e{again}",)}),)), on, "animateurs")
            case 4:
                action = {"id": f"a{again}", "texte": f"action, version {n}", "terme": "court", "pour": "pour_territoire", "issue_de": f"p{again}"}
                tell(facts.fill(f"action/{theme}", (Record.of(action),)), on, "animateurs")
            case 1:
                tell(facts.deliver("livrable/cadre"), on, "pilotes")
            case 3:
                tell(facts.submit("livrable/cadre"), on, "pilotes")
            case _:
                tell(facts.fact(Verb.RETURN, "livrable/cadre"), on, "pilotes")
    out = (first, *sorted((*rest, *more), key=lambda f: f.on.earliest), close)
    assert len(out) == size
    return out


def _weigh(make: Callable[[], object]) -> int:
    """Bytes that are still held after *make*, while what it gave is kept."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = make()
    gc.collect()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del kept
    return after - before


def _forget_shapes() -> None:
    """Lanes compiled in an earlier round are forgotten, where the library keeps any."""
    from agir_workflow import _shape, position

    for place in (getattr(_shape, "shape_of", None), getattr(position, "shape_of", None)):
        clear = getattr(place, "cache_clear", None)
        if clear is not None:
            clear()


# -- the run ----------------------------------------------------------------------------------------------


def machine_words() -> list[str]:
    cpu = next((x.partition(":")[2].strip() for x in Path("/proc/cpuinfo").read_text().splitlines() if x.startswith("model name")), "") if Path("/proc/cpuinfo").exists() else ""
    git = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    libs = ("transitions", "python-statemachine", "xstate-statemachine", "automat", "attrs")
    return [
        f"agir_workflow {version('agir_workflow')}, revision {git or 'unknown'}, read from {Path(agir.__file__).parent}",
        ", ".join(f"{x} {version(x)}" for x in libs),
        f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}, {cpu or platform.processor() or 'unknown processor'}, {os.cpu_count()} processors",
        f"load before the run: {load} (other work may run at the same time: processor time of this thread, minima)",
    ]


def _time(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.2f} µs"


def _table(rows: list[tuple[str, str, str, str]]) -> None:
    widths = [max(len(r[n]) for r in rows) for n in range(4)]
    for n, row in enumerate(rows):
        print(f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]}".rstrip())
        if n == 0:
            print("  ".join("-" * w for w in widths))


def _bar(value: float, bar: float, least: bool = False) -> str:
    return "met" if (value >= bar if least else value <= bar) else "MISSED"


def main(rounds: int = 40) -> None:
    for line in machine_words():
        print(line)

    found = engines()
    same_lives(found)
    tasks = [Task(e.name, partial(_lives, e)) for e in found]

    method = agir.load_method("agir_ensemble")
    whole, witness = _read("charenton", method), _read("temoin", method)
    seen = whole.as_of(DAY)
    accepted, refused = mix(method, seen)
    held = journal(whole)
    end = dt.date(2014, 1, 1)
    assert not agir.check(method, witness, at=end).findings, "the witness has nothing to report"
    assert not view_of(method, agir.replay(method, held)).position.to_do(), "the long journal completes the tree"
    assert [s.address for s in agir.possible(method, seen, on=DAY, by="lead") if not s.blockers] == [f"gt3/{t}" for t in ("insertion", "handicap", "precarite")]

    each = {n: Task(f"decide {c.verb} {c.address}", partial(_each, partial(agir.decide, method, seen, c), 10)) for n, c in enumerate((*accepted, *refused))}

    def anew(dossier: agir.Dossier) -> agir.Dossier:
        return agir.replay(method, dossier.facts)

    told = facts.deliver("compte_rendu/copil/mi_parcours").stamped(Stamp(on=When(DAY), by="expert"))

    def newly(ask: Callable[[agir.Dossier], object]) -> float:
        """A question that this dossier was never asked: one fact more, its view carried over beforehand."""
        after = agir.evolve(method, seen, told)
        view_of(method, after).position  # noqa: B018
        return _each(lambda: ask(after))

    def decided(command: Fact) -> Callable[[agir.Dossier], object]:
        return lambda dossier: agir.decide(method, dossier, command)

    first = {n: Task(f"first {c.address}", partial(newly, decided(c))) for n, c in enumerate((*accepted, *refused))}

    def replayed() -> object:
        return view_of(method, agir.replay(method, held)).position.to_do()

    def replay_cold() -> float:
        _forget_shapes()
        return _each(replayed)

    can = Task("possible: every label, and why not", lambda: _each(lambda: agir.possible(method, seen, on=DAY, by="lead")))
    can_first = Task("· the first time after a new fact", lambda: newly(lambda d: agir.possible(method, d, on=DAY, by="lead")))
    replay = Task("replay of 1,000 facts, position read", lambda: _each(replayed))
    cold = Task("· lanes not yet compiled", replay_cold)
    clean = Task("clean check of the witness, dossier fresh", lambda: _each(lambda: agir.check(method, anew(witness), at=end)))
    again = Task("· asked again of the same dossier", lambda: _each(lambda: agir.check(method, witness, at=end)))
    tasks += [*each.values(), *first.values(), can, can_first, replay, again, clean, cold]  # cold last: what follows a forgotten shape is the next round's first

    for _ in range(rounds):
        for task in tasks:
            task.best = min(task.best, task.sample())

    own, *others = tasks[: len(found)]
    print(f"\n{rounds} interleaved rounds, minima. One event of {len(EVENTS)}, {len(GUARDS)} guards; states equal in all.\n")
    rows = [("an accepted event", "time", "against ours", "")]
    rows += [(t.name, _time(t.best), "" if t is own else f"{t.best / own.best:.3g} ×", "") for t in tasks[: len(found)]]
    _table(rows)

    best = [each[n].best for n in range(len(each))]
    decide = Task("decide, mean over the mix", _none, sum(best) / len(best))
    yes = Task("· the accepted ones", _none, sum(best[: len(accepted)]) / len(accepted))
    no = Task("· the refused ones, every blocker", _none, sum(best[len(accepted) :]) / len(refused))
    unasked = Task("· each the first time after a new fact", _none, sum(t.best for t in first.values()) / len(first))
    at = {t.name: t.best for t in others}
    x = min((v for k, v in at.items() if k.startswith("xstate")))
    h = at["transitions, HierarchicalMachine"]
    packed = pickle.dumps(seen.as_of(DAY), protocol=pickle.HIGHEST_PROTOCOL)
    alone = _weigh(lambda: pickle.loads(packed))

    def with_view() -> object:
        made = pickle.loads(packed)
        agir.possible(method, made, on=DAY, by="lead")
        return made

    with_view()
    full = _weigh(with_view)

    def row(task: Task, bar: float | None = None) -> tuple[str, str, str, str]:
        return task.name, _time(task.best), f"≤ {_time(bar)}" if bar else "", _bar(task.best, bar) if bar else ""

    print(f"\nagir_ensemble. Charenton as of {DAY}: {seen.version} facts; the mix is {len(accepted)} commands accepted, {len(refused)} refused.\n")
    _table([
        ("what", "measured", "bar", ""),
        ("event against xstate-statemachine, the faster form", f"{x / own.best:.2f} ×", "≥ 6 ×", _bar(x / own.best, 6, least=True)),
        ("event against HierarchicalMachine", f"{h / own.best:.2f} ×", "≥ 20 ×", _bar(h / own.best, 20, least=True)),
        row(decide, 12e-6), row(unasked, 12e-6), row(yes), row(no), ("· the slowest of them", _time(max(best)), "", ""),
        row(can, 30e-6), row(can_first, 30e-6), row(replay, 2e-3), row(cold, 2e-3), row(clean, 5e-3), row(again, 5e-3),
        ("dossier in memory, its facts", f"{alone / 1000:.1f} kB", "≤ 35 kB", _bar(alone, 35_000)),
        ("· with the view that the questions leave beside it", f"{full / 1000:.1f} kB", "", ""),
        ("· pickled", f"{len(packed) / 1000:.1f} kB", "", ""),
    ])  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
