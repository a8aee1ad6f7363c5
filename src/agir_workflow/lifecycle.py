"""
A ready `transitions.Machine` for a host that knows `transitions`.

Its states are those of a chart (`run`, `deliverable`, `copil`) or the stages of a sequence of the
method's tree (the project itself, a group). Its guards ask `decide`; the reasons are kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Protocol

import attrs

from . import _chart
from .answers import Accepted, Ask, Blocker, Decision, Refused
from .dossier import Dossier, Label
from .engine import decide, evolve
from .errors import UnknownNameError
from .facts import ARGS, NOTHING_TO_ADD, Args, Fact, Stamp
from .method import Method
from .readings.binding import ask_label
from .samples import command_of
from .toml_file import near
from .tree import Node, Op
from .view import View, view_of
from .when import When
from .words import Address, InstanceId, KindId, LeafId, Verb

if TYPE_CHECKING:
    from transitions import Machine

COMPLETE = "complete"
"""The last state of a sequence of the tree."""


class Event(Protocol):
    """What `transitions` tells a guard: whose event it is, the trigger's name and the words it was called with."""

    @property
    def event(self) -> Named: ...

    @property
    def machine(self) -> Triggered: ...

    @property
    def kwargs(self) -> dict[str, object]: ...


class Named(Protocol):
    name: str


class Triggered(Protocol):
    @property
    def events(self) -> Mapping[str, object]: ...


@attrs.define(eq=False, slots=False)
class Case:
    """
    A model for the machine: one dossier, seen at one address, on the day that *today* gives.

    After a trigger, `decision` holds what the method said, `reasons` why not, and `dossier` and
    `events` what followed, from `on_enter` on; storing the events is the host's. A trigger that the
    chart does not have where the case stands asks nothing (MachineError; `may_…` is False), and
    leaves `decision` as it was. A trigger tells only what its `args` say (a class of `agir.facts`):
    who was at a meeting is not made up. `may_…` without them asks as of plausible ones.
    """

    method: Method
    dossier: Dossier
    by: str
    today: Callable[[], dt.date]
    address: str = "dossier"
    decision: Decision | None = None
    events: list[Fact] = attrs.field(factory=list)
    state: str = ""
    chart: str = ""

    @property
    def reasons(self) -> tuple[Blocker, ...]:
        """Every blocker of the last refusal; () after an acceptance."""
        return self.decision.blockers if isinstance(self.decision, Refused) else ()

    def command(self, event: Event) -> Fact:
        """The command that a trigger means here."""
        stamp = Stamp(on=When(self.today()), by=self.by)
        name = event.event.name
        view = view_of(self.method, self.dossier)
        if name in {v.value for v in Verb} and LeafId(name) not in self.method.words.leaves:
            ask = Ask(Verb(name), Address(self.address))
        else:
            leaf = self.method.words.leaves[LeafId(name)]
            own = _lane(view, self.address)
            inst = tuple(InstanceId(str(event.kwargs.get(k, own.get(k, "")))) for k in leaf.scope)
            ask = ask_label(view, Label(leaf.id, inst))
        if (args := event.kwargs.get("args")) is not None:
            return Fact(ask.verb, ask.address, _as_args(name, ask.verb, args), stamp)
        if event.machine.events.get(name) is not event.event:  # `may_…` makes an event of its own
            return command_of(view, ask, self.today()).stamped(stamp)
        if ARGS[ask.verb] not in NOTHING_TO_ADD:
            raise TypeError(f"{name}: expected args={ARGS[ask.verb].__name__}(…), found none")
        return Fact(ask.verb, ask.address, NOTHING_TO_ADD[ARGS[ask.verb]], stamp)

    def allowed(self, event: Event) -> bool:
        """The guard: the method's own answer, kept with its reasons."""
        self.decision = decide(self.method, self.dossier, self.command(event))
        return isinstance(self.decision, Accepted)

    def moves_on(self, event: Event) -> bool:
        """Whether the step would complete the stage that the dossier is at."""
        return self.allowed(event) and isinstance(self.decision, Accepted) and self._after(self.decision) != self.state

    def _after(self, accepted: Accepted) -> str:
        dossier = self.dossier
        for fact in accepted.events:
            dossier = evolve(self.method, dossier, fact)
        return stage(self.method, dossier, self.chart, self.address)

    def keep(self, event: Event) -> None:
        """On entering a state: the dossier as the event leaves it."""
        assert isinstance(self.decision, Accepted)
        for fact in self.decision.events:
            self.events.append(fact)
            self.dossier = evolve(self.method, self.dossier, fact)


def _as_args(name: str, verb: Verb, given: object) -> Args:
    if not isinstance(given, ARGS[verb]):
        raise TypeError(f"{name}: expected args={ARGS[verb].__name__}(…), found {type(given).__name__}")
    return given


def _lane(view: View, address: str) -> dict[KindId, InstanceId]:
    """The instance that an address names, and those it lies in, each by its kind."""
    word, _, name = address.partition("/")
    out: dict[KindId, InstanceId] = {}
    kind: KindId | None = KindId(word)
    id: InstanceId | None = InstanceId(name) if name else None
    while kind in view.words.kinds and kind not in out and id is not None:
        out[kind] = id
        found = view.instance(id, kind)
        kind, id = view.words.kinds[kind].inside, found.inside if found else None
    return out


def sequence(method: Method, chart: str) -> Node:
    """The sequence of the tree that bears a name. Raises UnknownNameError."""
    found = {n.name: n for n in method.tree.root.walk() if n.op is Op.SEQ}
    if chart not in found:
        known = [*_chart.CHARTS, *found]
        raise UnknownNameError("chart", chart, near(chart, known))
    return found[chart]


def stage(method: Method, dossier: Dossier, chart: str, address: str = "dossier") -> str:
    """Where a dossier stands in a chart: its state, or the first stage of a sequence that is not complete."""
    view = view_of(method, dossier)
    if chart in _chart.CHARTS:
        return view.state(chart, Address(address))
    lane = _lane(view, address)
    owed = [x for x in view.position.to_do() if all(lane.get(kind, id) == id for kind, id in zip(view.words.leaves[x.leaf].scope, x.inst, strict=True))]
    for kid in sequence(method, chart).kids:
        leaves = {n.leaf for n in kid.leaves()}
        if any(x.leaf in leaves for x in owed):
            return kid.name
    return COMPLETE


def machine(method: Method, chart: str, *, graph: bool = False) -> Machine:
    """
    A `transitions.Machine` of a chart, without a model: add a `Case` to it with `watch`.

    *chart* is `run`, `deliverable`, `copil`, or the name of a sequence of the method's tree. The
    triggers are the verbs of the chart, or the steps of the sequence; `may_…` and every trigger
    ask the method, and the case keeps the reasons. With *graph* it draws itself: once watched,
    `case.get_graph().draw(None)` is its Mermaid text. Raises UnknownNameError.
    """
    kind = _kind(graph)
    if chart in _chart.CHARTS:
        built = _chart.machine(chart)
        out = kind(model=None, states=_keeping(built.states), initial=_chart.initial(chart), auto_transitions=False, send_event=True)
        for name, event in built.events.items():
            for source, moves in event.transitions.items():
                for move in moves:
                    out.add_transition(name, source, move.dest, conditions="allowed")
        return out
    node = sequence(method, chart)
    names = [kid.name for kid in node.kids]
    out = kind(model=None, states=_keeping([*names, COMPLETE]), initial=names[0], auto_transitions=False, send_event=True)
    for kid, after in zip(node.kids, [*names[1:], COMPLETE], strict=True):
        for leaf in kid.leaves():
            out.add_transition(leaf.name, kid.name, after, conditions="moves_on")
            out.add_transition(leaf.name, kid.name, kid.name, conditions="allowed")
    return out


def _keeping(names: Iterable[str]) -> list[dict[str, str]]:
    """States whose first callback keeps the events: what the host's own `on_enter` reads, and all after it, is the dossier as the move leaves it."""
    return [{"name": name, "on_enter": "keep"} for name in names]


def _kind(graph: bool) -> Callable[..., Machine]:
    """The class of `transitions` that a machine is of; the one that draws needs no other package for Mermaid."""
    if graph:
        from transitions.extensions.diagrams import GraphMachine

        return partial(GraphMachine, graph_engine="mermaid")
    from transitions import Machine

    return Machine


def watch(machine: Machine, chart: str, case: Case) -> Case:
    """Let a machine of *chart* move a case, from where its dossier stands."""
    case.chart = chart
    machine.add_model(case, initial=stage(case.method, case.dossier, chart, case.address))
    return case


