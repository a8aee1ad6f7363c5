"""The lifecycle in a bare dictionary and in four other engines, each in its own way."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from automat import NoTransition, TypeMachineBuilder
from lifecycle import (
    ACTIONS,
    EVENTS,
    GROUPS,
    GUARDS,
    KIND,
    MOVES,
    STATES,
    Event,
    Where,
    always,
    context,
    flat_where,
    nothing,
)
from statemachine import State, StateChart
from statemachine.exceptions import TransitionNotAllowed
from statemachine.io import create_machine_class_from_definition
from transitions import Machine, MachineError
from transitions.extensions import HierarchicalMachine
from xstate_statemachine import MachineLogic, SyncInterpreter, create_machine

# -- a bare dictionary ------------------------------------------------------------------------------

TABLE = {(a, t): (b, GUARDS.get(KIND[t], always), ACTIONS.get(KIND[t], nothing)) for t, a, b in MOVES}


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
        return flat_where(self.state)


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
            return flat_where(self.state)
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


def flat_chart() -> type[StateChart]:
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
            return flat_where(plain.pop())
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
            return flat_where(plain.pop())
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
        self.steps = [partial(self.guarded, getattr(self.machine, e.name), GUARDS.get(e.kind, always), e) for e in EVENTS]

    def guarded(self, give: Callable[[Event], None], guard: Callable[[dict[str, Any], Event], bool], event: Event) -> bool:
        if not guard(self.core.ctx, event):
            return False
        give(event)
        return True

    def offer(self, event: Event) -> bool:
        before = self.where()
        try:
            self.guarded(getattr(self.machine, event.name), GUARDS.get(event.kind, always), event)
        except NoTransition:
            return False
        return self.where() != before

    def where(self) -> Where:
        transitioner: Any = next(v for k, v in vars(self.machine).items() if "transitioner" in k)
        return flat_where(transitioner._state.name)  # automat keeps its state to itself; read for the check alone
