"""
Project and group as `transitions` itself would draw them: a `HierarchicalMachine`, held equal to the position.

The machine is made from the tree by the sets that Glushkov's construction takes (what may come
first, what may come after what): a state for each label just done, a parallel state where branches
run side by side. It is made only where that class is sound: one lane a kind, and no branches
directly within branches; its return value, which is False although a region moved, is not asked.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_methods import fresh  # type: ignore[import-not-found]
from test_position import Term, at, day, holds, lab, nodes, terms  # type: ignore[import-not-found]
from transitions.extensions import HierarchicalMachine
from transitions.extensions.nesting import NestedState

from agir_workflow.dossier import Label
from agir_workflow.lifecycle import COMPLETE, sequence
from agir_workflow.position import Position
from agir_workflow.tree import Node, Op, Tree
from agir_workflow.walk import locate

logging.getLogger("transitions").setLevel(logging.ERROR)  # it warns of every trigger that is not possible


class State(NestedState):
    separator = "/"


class Charts(HierarchicalMachine):
    state_cls = State


Test = Callable[[], bool]
Source = tuple[str, Test | None]
"""A state, and what must hold in it besides: of a parallel one, where its regions are."""


class Model:
    state: Any


class Drawn:
    """A block of the tree drawn as a hierarchical machine, and the model that it moves."""

    def __init__(self, root: Node) -> None:
        self.model = Model()
        self.paths: dict[str, None] = {"start": None}
        self.parallel: dict[str, tuple[str, ...]] = {}
        self.rows: list[tuple[str, Source, str]] = []
        self.renamed: dict[str, Source] = {}
        self.exits: dict[str, list[Source]] = {}
        self.draw(root, "", [("start", None)])
        self.machine = Charts(model=None, states=self.states(), initial="start", auto_transitions=False, ignore_invalid_triggers=True)
        for trigger, (source, test), dest in self.rows:
            (source, also), dest = self.renamed.get(source, (source, None)), self.renamed.get(dest, (dest, None))[0]
            self.machine.add_transition(trigger, source, dest, conditions=[t for t in (test, also) if t])
        self.machine.add_model(self.model, initial=self.renamed.get("start", ("start", None))[0])

    # -- drawing

    def draw(self, node: Node, path: str, sources: list[Source]) -> list[Source]:
        """Draw *node*, which may begin from *sources*; from where what follows it may."""
        here = f"{path}/{node.name}".lstrip("/")
        exits = self.exits[here] = self.block(node, here, sources)
        return exits

    def block(self, node: Node, here: str, sources: list[Source]) -> list[Source]:
        kids = node.kids
        if node.op is Op.LEAF:
            self.paths[f"{here}/done"] = None
            self.rows += [(node.name, s, f"{here}/done") for s in sources]
            return [(f"{here}/done", None)]
        if node.op is Op.SEQ or (node.op is Op.EACH and len(kids) == 1):
            for kid in kids:
                sources = self.draw(kid, here, sources)
            return sources
        if node.op in (Op.CHOICE, Op.OPT):
            ends = [x for kid in kids for x in self.draw(kid, here, sources)]
            return ends + [s for s in sources if node.op is Op.OPT and s not in ends]
        if node.op is Op.LOOP:
            again = [(f"{here}/{kids[1].name}/done", None)] if kids[1:] else []
            ends = self.draw(kids[0], here, [*sources, *again])
            if again:
                self.draw(kids[1], here, ends)
            else:  # round once more in silence: whatever began it may come again after it
                first = [(t, d) for t, s, d in self.rows if s in sources and d.startswith(f"{here}/")]
                self.rows += [(t, e, d) for t, d in first for e in ends if (t, e, d) not in self.rows]
            return ends
        return self.branches(node, here, sources)

    def branches(self, node: Node, here: str, sources: list[Source]) -> list[Source]:
        self.parallel[here] = tuple(k.name for k in node.kids)
        ends = []
        for kid in node.kids:
            self.paths[f"{here}/{kid.name}/start"] = None
            ends.append({s for s, _ in self.draw(kid, here, [(f"{here}/{kid.name}/start", None)])})
        begun = {f"{here}/{kid.name}/start" for kid in node.kids}
        for source, _ in sources:
            assert source not in self.renamed, "one state cannot be two"
            self.renamed[source] = (here, lambda: set(self.here()) == begun)
        return [(here, lambda: all(x & set(self.here()) for x in ends))]

    def states(self) -> list[Any]:
        tree: dict[str, Any] = {}
        for path in self.paths:
            at_ = tree
            for name in path.split("/"):
                at_ = at_.setdefault(name, {})

        def made(name: str, inner: dict[str, Any], path: str) -> Any:
            if not inner:
                return name
            kids = [made(k, v, f"{path}/{k}") for k, v in inner.items()]
            if path in self.parallel:
                return {"name": name, "parallel": kids}
            return {"name": name, "children": kids, **({"initial": "start"} if "start" in inner else {})}

        return [made(k, v, k) for k, v in tree.items()]

    # -- walking

    def here(self) -> list[str]:
        """The innermost states."""

        def flat(x: Any) -> list[str]:
            return [x] if isinstance(x, str) else [s for y in x for s in flat(y)]

        return flat(self.model.state)

    def take(self, trigger: str) -> bool:
        before = self.here()
        self.machine.trigger_event(self.model, trigger)
        loops = any(t == trigger and d in before for t, (s, _), d in self.rows if s in before)
        return self.here() != before or loops

    def behind(self, path: str) -> bool:
        """Whether the block there may be left from where the model is."""
        outer = [*self.here(), *(p for p in self.parallel if any(s.startswith(f"{p}/") for s in self.here()))]
        return any(s in outer and (test is None or test()) for s, test in self.exits[path])


def stage_of(drawn: Drawn, root: Node) -> str:
    """The first kid of a sequence that is not behind, read off the machine's own states."""
    at_ = [k for k in root.kids if any(s.startswith(f"{root.name}/{k.name}/") for s in drawn.here())]
    rest = itertools.dropwhile(lambda k: k is not at_[0], root.kids) if at_ else iter(root.kids)
    for kid in rest:
        nullable = kid not in at_ and any(s == "start" for s, _ in drawn.exits[f"{root.name}/{kid.name}"])
        if not (drawn.behind(f"{root.name}/{kid.name}") or nullable):
            return kid.name
    return COMPLETE


def stage_at(position: Position, root: Node) -> str:
    owed = {x.leaf for x in position.to_do()}
    return next((k.name for k in root.kids if any(n.leaf in owed for n in k.leaves())), COMPLETE)


@pytest.mark.parametrize(("name", "chart"), [("charenton", "project"), ("charenton", "group"), ("charenton", "preparation"), ("stage_gate", "innovation")])
@settings(max_examples=10, deadline=None)
@given(st.data())
def test_a_chart_of_the_method_is_its_hierarchical_machine(name: str, chart: str, data: st.DataObject) -> None:
    """Half the words are what the tree allows, half anything: what moves, and where one then stands, are the same."""
    method, _ = fresh(name)
    root = sequence(method, chart)
    position = locate(Tree(root), {x.id: x.scope for x in method.leaves}, (), ())
    drawn, labels = Drawn(root), position.labels()
    assert {str(x.leaf) for x in labels} == set(drawn.machine.events)
    for n in range(40):
        assert stage_of(drawn, root) == stage_at(position, root)
        owed = [x for x in position.enabled() if x in position.to_do()]
        x: Label = data.draw(st.sampled_from(owed if owed and n % 2 else labels))
        allowed = x in position.enabled()
        assert drawn.take(x.leaf) is allowed, (x, drawn.here())
        position = position.take(x, day(n)) if allowed else position


@settings(max_examples=60, deadline=None)
@given(st.data(), terms(exact=True).filter(lambda t: not holds(t, "par", "each")))
def test_a_tree_without_branches_is_its_hierarchical_machine(data: st.DataObject, term: Term) -> None:
    root = Node(99, "root", Op.SEQ, (nodes(term),))
    drawn, position = Drawn(root), at(term)
    for n in range(12):
        x = data.draw(st.sampled_from([*(position.enabled() if n % 2 else ()), *position.labels()]))
        allowed = x in position.enabled()
        assert drawn.take(x.leaf) is allowed, (x, drawn.here())
        position = position.take(x, day(n)) if allowed else position
        assert (stage_of(drawn, root) == COMPLETE) is (position.to_do() == ())


def test_the_comparison_can_fail() -> None:
    drawn = Drawn(nodes(("seq", "a", "b")))
    assert not drawn.take("b")
    assert drawn.take("a")
    assert drawn.here() == ["seq0/a/done"]
    assert at(("seq", "a", "b"), happened="a").enabled() == (lab("b"),)
