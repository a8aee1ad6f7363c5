"""
Every way through a small method that the engine itself allows: `decide` is asked of each step in each state, and nothing of the proof is read.

What is small: activities and decisions alone, rows of order and of decisions that refuse, a few instances of a kind.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from random import Random

import attrs
from test_position import Term, any_silent, holds, nodes  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.answers import Accepted
from agir_workflow.dossier import Dossier, Label
from agir_workflow.facts import DOSSIER, Decide, Declare, Fact, Fill, Open, Stamp, fact
from agir_workflow.method import Facet, Kind, Leaf, LeafSet, Method
from agir_workflow.position import Position
from agir_workflow.requirements import Due, Form, Is, Requirement
from agir_workflow.tree import Tree
from agir_workflow.values import Record
from agir_workflow.verification import Shows, verify
from agir_workflow.verification.flaw import DAY
from agir_workflow.verification.order import Order, Rel
from agir_workflow.view import view_of
from agir_workflow.when import When
from agir_workflow.witness import run_witness
from agir_workflow.words import (
    OPENS,
    Address,
    Aspect,
    Code,
    FacetId,
    InstanceId,
    KindId,
    LeafId,
    Severity,
    Sort,
    Text,
    Verb,
)

X = Text("x", "x")
OFFERED = ("go", "no", "wait")
Counts = dict[str, tuple[int, ...]]
"""How many instances of each kind: one number, or of a kind inside another one number for each instance of that."""


@attrs.frozen
class Row:
    """One of the first before each of the second (None: before the run is closed); *values*: as a body decided."""

    first: tuple[str, ...]
    later: str | None
    each: str | None = None
    values: tuple[str, ...] = ()
    every: bool = True
    """Wanted of every lane where it names none (`precedes`), or of any (`present`)."""
    once: str = ""
    """A step without which nothing is wanted (of `present` and `count`)."""
    times: int = 1
    """How often the first is held."""
    agreed: bool = False
    """Wanted as an agreement."""


def method_of(term: Term, rows: Sequence[Row], *, free: tuple[str, ...] = (), inside: dict[str, str] | None = None) -> Method:
    root, empty = nodes(term), ()
    bodies = {x for r in rows if r.values for x in r.first}
    meetings = {x for r in rows if r.times > 1 for x in r.first} - bodies
    agreements = {x for r in rows if r.agreed for x in r.first} - bodies - meetings
    answers = {x for r in rows for x in r.first} - {str(n.leaf) for n in root.leaves()} - {*free}
    leaves = tuple(
        Leaf(id=LeafId(x), sort=Sort.DECISION if x in bodies else Sort.MEETING if x in meetings else Sort.AGREEMENT if x in agreements else Sort.ACTIVITY, label=Text(x, x), origin="default", decisions=OFFERED if x in bodies else (),
             address="/".join(("step", x, *(f"{{{k}}}" for k in scope))))
        for x, scope in (*((str(n.leaf), n.scope) for n in root.leaves()), *((x, ()) for x in free))
    )  # fmt: skip
    facets = tuple(Facet(id=FacetId(x), label=X, origin="default") for x in sorted(answers))
    sets = tuple(LeafSet(id=f"set{n}", label=X, leaves=tuple(map(LeafId, r.first)), origin="default") for n, r in enumerate(rows) if not answers & {*r.first})
    kinds = tuple(Kind(id=k, label=X, inside=KindId((inside or {})[k]) if k in (inside or {}) else None, origin="default") for k in dict.fromkeys(k for n in root.leaves() for k in n.scope))
    return Method(name="small", version=1, hash=repr((term, tuple(rows), free, sorted((inside or {}).items()))), title=X, origin="default", tree=Tree(root, tuple(map(LeafId, free))), kinds=kinds,
                  leaves=leaves, facets=facets, deliverables=empty, lists=empty, sets=sets, phases=empty, requirements=(*(_row(n, r) for n, r in enumerate(rows)), *(_condition(n, r) for n, r in enumerate(rows) if r.once)), regimes=empty, profiles=empty)  # fmt: skip


def _row(n: int, r: Row) -> Requirement:
    a = r.first[0] if len(r.first) == 1 else f"set{n}"
    if r.values:
        is_, params = Is.DECIDED, (("by", a), ("values", r.values), *((("before", r.later),) if r.later else ()))
    elif r.later and r.every:
        is_, params = Is.PRECEDES, (("a", a), ("b", r.later))
    elif r.times > 1:
        is_, params = Is.COUNT, (("of", f"{a}.sittings"), ("min", r.times))
    else:
        is_, params = Is.AGREED if r.agreed else Is.PRESENT, (("of", a),)
    return Requirement(code=Code(f"R{n}"), is_=is_, params=Record(params), due=Due(Form.LEAF, r.later) if r.later else Due(Form.CHART, "run.close"), aspect=Aspect.BEHAVIOURAL,
                       severity=Severity.ERROR, why=X, fix=X, origin="default", each=r.each, derogable=False, when=f"W{n}" if r.once else None)  # fmt: skip


def _condition(n: int, r: Row) -> Requirement:
    return Requirement(code=Code(f"W{n}"), is_=Is.PRESENT, params=Record((("of", r.once),)), due=Due(Form.ALWAYS, ""), aspect=Aspect.BEHAVIOURAL, severity=Severity.WARNING, why=X, fix=X, origin="default")


def begun(method: Method, counts: Counts) -> Dossier:
    head = Open(id="small", uid="00000000-0000-4000-8000-000000000000", title="small", method=method.ref, method_hash=method.hash, profile="", regime="")
    people: list[Fact] = []
    for kind in sorted(method.kinds, key=lambda k: k.inside is not None):
        numbers = counts[str(kind.id)]
        for outer, number in enumerate(numbers, 1):
            for n in range(1, number + 1):
                id = f"{kind.id}{outer}{n}" if kind.inside else f"{kind.id}{n}"
                inside = InstanceId(f"{kind.inside}{outer}") if kind.inside else None
                people.append(fact(Verb.DECLARE, f"{kind.id}/{id}", Declare(label=id, inside=inside)))
    stamp = Stamp(on=When(DAY), by="lead")
    return Dossier(tuple(f.stamped(stamp) for f in (fact(Verb.DECLARE, DOSSIER, head), *people)))


Spot = tuple[Position, frozenset[Label], tuple[tuple[int, str], ...], frozenset[Label]]
"""Where a run stands: the place in the tree, what was ever done or held, what each row's body last said, and which bodies sit and have not decided."""


class Walked:
    """All states that the engine lets one reach; a decision with a value that all rows of its body take is taken so alone."""

    def __init__(self, method: Method, counts: Counts, limit: int = 4000) -> None:
        self.method = method
        dossier = begun(method, counts)
        view = view_of(method, dossier)
        self.labels = (*view.position.labels(), *(Label(x) for x in method.tree.free))
        self.start: Spot = (view.position, frozenset(), (), frozenset())
        self.after: dict[Spot, dict[Label, list[Spot]]] = {}
        ends, todo = set[Spot](), [(self.start, dossier, DAY)]
        for here, dossier, day in todo:
            day += dt.timedelta(days=1)  # of one day the order is not known, and the best is supposed
            if here in self.after:
                continue
            if len(self.after) >= limit:
                raise TooMany
            self.after[here] = {}
            for facet in method.facets:
                told = Label(LeafId(facet.id))  # an answer may be told at any time
                if told not in here[1] and (then := self._done(dossier, fact(Verb.FILL, Address(facet.id), Fill(value="x")), day)) is not None:
                    there = (here[0], here[1] | {told}, *here[2:])
                    self.after[here].setdefault(told, []).append(there)
                    todo.append((there, then, day))
            for label in self.labels:
                if label.leaf in method.tree.free and label in here[1]:
                    continue
                for then in self._taken(dossier, label, day, label in here[3]):
                    there = self._spot(here, label, then)
                    self.after[here].setdefault(label, []).append(there)
                    todo.append((there, then, day))
            if isinstance(agir.decide(method, dossier, fact(Verb.CLOSE, DOSSIER).stamped(Stamp(on=When(day), by="lead"))), Accepted):
                ends.add(here)
        self.good = ends
        while more := {s for s, nexts in self.after.items() if s not in self.good and any(t in self.good for there in nexts.values() for t in there)}:
            self.good |= more

    def _taken(self, dossier: Dossier, label: Label, day: dt.date, sits: bool) -> Iterator[Dossier]:
        """What a step leads to; of a body that sits, each decision: between the two anything else may be done."""
        leaf = self.method.words.leaves[label.leaf]
        commands = [fact(Verb.DECIDE, leaf.at(label.inst), Decide(value=v)) for v in taken_of(self.method, label.leaf)] if sits else [fact(OPENS[leaf.sort], leaf.at(label.inst))]
        yield from (then for x in commands if (then := self._done(dossier, x, day)) is not None)

    def _done(self, dossier: Dossier, command: Fact, day: dt.date) -> Dossier | None:
        answer = agir.decide(self.method, dossier, command.stamped(Stamp(on=When(day), by="lead")))
        if not isinstance(answer, Accepted):
            return None
        for event in answer.events:
            dossier = agir.evolve(self.method, dossier, event)
        return dossier

    def _spot(self, here: Spot, label: Label, dossier: Dossier) -> Spot:
        view = view_of(self.method, dossier)
        said = dict(here[2])
        body = self.method.words.leaves[label.leaf].sort is Sort.DECISION
        sits = here[3] ^ {label} if body else here[3]
        for n, row in enumerate(self.method.requirements):
            if row.is_ is Is.DECIDED and str(row.param("by")) == label.leaf and label not in sits:
                last = view.sittings[label][-1].decision
                assert last is not None
                said[n * 100 + (1 + self.labels.index(label) if row.each else 0)] = last.value
            elif row.is_ is Is.COUNT and label.leaf in view.words.leaves_of(row.selector("of").word):
                place = n * 100 + (1 + self.labels.index(label) if row.each else 0)
                said[place] = "I" * min(int(bool(said.get(place))) + 1, 2)
        return attrs.evolve(view.position, deviations=()), here[1] | {label}, tuple(sorted(said.items())), sits

    def faults(self) -> set[str]:
        """`no_completion`, `deadlock`, `dead_step`: which of them there are."""
        if self.start not in self.good:
            return {"no_completion"}
        found = {"deadlock" for s, nexts in self.after.items() if s in self.good for there in nexts.values() if not self.good & {*there}}
        never = {*self.labels} - {x for nexts in self.after.values() for x in nexts}
        return found | ({"dead_step"} if never else set())


def taken_of(method: Method, body: LeafId) -> tuple[str, ...]:
    """The decisions of a body that are tried: one that all rows take, or all."""
    wanted = [{*r.param("values")} for r in method.requirements if r.is_ is Is.DECIDED and str(r.param("by")) == body]  # type: ignore[misc]
    common = [v for v in OFFERED if all(v in w for w in wanted)]
    return tuple(common[:1]) or OFFERED


def numbers(method: Method, most: dict[str, int]) -> Iterator[Counts]:
    """How many instances there may be, up to *most* of each kind (in each that holds one)."""
    outer = [k for k in method.kinds if k.inside is None]
    inner = [k for k in method.kinds if k.inside is not None]
    for chosen in product(*(range(1, most[str(k.id)] + 1) for k in outer)):
        counts: Counts = {str(k.id): (n,) for k, n in zip(outer, chosen, strict=True)}
        lists = [list(product(range(1, most[str(k.id)] + 1), repeat=counts[str(k.inside)][0])) for k in inner]
        for those in product(*lists):
            yield counts | {str(k.id): n for k, n in zip(inner, those, strict=True)}


# -- methods drawn at random ------------------------------------------------------------------------------


@attrs.frozen
class Drawn:
    """What is drawn of a method: `inside` says which kind lies in which."""

    term: Term
    rows: tuple[Row, ...]
    free: tuple[str, ...]
    inside: tuple[tuple[str, str], ...]

    @property
    def method(self) -> Method:
        return method_of(self.term, self.rows, free=self.free, inside=dict(self.inside))


def drawn(rng: Random, *, leaves: int, nested: bool) -> Drawn:
    """A tree with every kind of block, lanes in lanes where *nested*; rows that say what comes first, of steps and of decisions with several values."""
    names = iter("abcdefghij")
    body = _grown(rng, rng.randint(1, leaves - 2), "kl" if nested else rng.choice(["", "k"]), names, ops := list[str]())
    if nested and "each" not in ops:
        body = ("each", "k", ("each", "l", body))
    shape = rng.randrange(4)
    term: Term = ("seq", next(names), body, next(names)) if shape == 0 else ("seq", body, next(names)) if shape == 1 else ("par", body, next(names)) if shape == 2 else ("seq", ("opt", next(names)), body, next(names))
    free = ("y",) if rng.random() < 0.1 else ()
    order = Order(Tree(nodes(term), tuple(map(LeafId, free))))
    steps = [str(x) for x in order.leaves]
    scopes = {str(n.leaf): n.scope for n in nodes(term).leaves()}
    gates = {x: OFFERED for x in rng.sample(steps, min(len(steps), rng.choice([0, 1, 1, 2]))) if x not in free}
    rows = []
    for _ in range(rng.randint(1, 4)):
        later = rng.choice([*steps, *steps, None])
        gate = rng.choice([*gates]) if gates and rng.random() < 0.6 else None
        first = (gate,) if gate else tuple(rng.sample(steps, min(len(steps), rng.choice([1, 1, 1, 2, 3]))))
        if later is not None and all(order.rel(LeafId(a), LeafId(later)) in (Rel.AFTER, Rel.SAME) for a in first):
            continue
        about = [k for k in ("k", "l") if any(k in scopes.get(x, ()) for x in (*first, *([later] if later else [])))]
        each = rng.choice([None, *about]) if about else None
        values = tuple(rng.sample(OFFERED, rng.choice([1, 1, 2]))) if gate else ()
        if gate and later is None:
            continue
        # Of a body that was held and has not decided the guard says that it is there, and the proof waits for what it decides (0014).
        every = rng.random() < 0.8 or bool(gates.keys() & {*first})
        if later is None and gates.keys() & {*first}:
            continue
        more = rng.random()
        if rng.random() < 0.15:
            only = scopes.get(first[0], ()) in ((), (each,)) and not {*free, *gates} & {*first}
            rows.append(Row(first[:1], later, each, every=False, agreed=True) if only else Row(("answer",), later, each, every=False))
            continue
        if not gate and more < 0.3 and not {*free, *gates} & {*first}:
            times = 2 if more < 0.12 and all(scopes.get(x, ()) in ((), (each,)) for x in first) else 1
            once = rng.choice(steps) if times == 1 or more < 0.05 else ""
            rows.append(Row(first, later, each, (), False, once if once not in {*gates, *first} else "", times))
            continue
        rows.append(Row(first, later, each, values, every))
    held = {x for r in rows if r.times > 1 for x in r.first}
    rows = [r for r in rows if not (r.agreed and held & {*r.first})]  # a meeting is nobody's agreement
    kinds = {k for s in scopes.values() for k in s}
    inside = (("l", "k"),) if {"k", "l"} <= {*map(str, kinds)} and rng.random() < 0.7 else ()
    return Drawn(term, tuple(rows), free, inside)


def _grown(rng: Random, budget: int, kinds: str, names: Iterator[str], ops: list[str]) -> Term:
    op = rng.choice(["leaf", "opt", "loop", *(["seq", "seq", "par", "par", "choice", "choice", "again"] if budget > 1 else []), *(["each"] * 3 if kinds else [])])
    ops.append(op)
    if op == "leaf":
        return next(names)
    if op == "opt":
        return ("opt", _grown(rng, budget, kinds, names, ops))
    if op == "each":
        return ("each", kinds[0], _grown(rng, budget, kinds[1:], names, ops))
    if op == "loop":
        body = _grown(rng, budget, kinds, names, ops)
        return body if holds(body, "opt") or any_silent(body) else ("loop", body)
    if op == "again":
        return ("loop", _grown(rng, budget - 1, kinds, names, ops), next(names))
    first = rng.randint(1, budget - 1)
    return (op, _grown(rng, first, kinds, names, ops), _grown(rng, budget - first, kinds, names, ops))


class TooMany(Exception):
    """More states than are gone through."""


def difference(case: Drawn, most: int = 2, limit: int = 3000) -> object:
    """What the proof says and the engine does not, or the other way round; None where they agree. Raises `TooMany`."""
    method = case.method
    flaws = [f for f in verify(method) if f.severity is not Severity.INFO and f.code != "method.no_redo"]
    for f in flaws:
        if f.witness.shows is Shows.REFUSED and not run_witness(method, f.witness).holds:
            return "a witness that does not stick", f.code, f.what.en, f.witness.commands
    told = [f for f in flaws if f.code not in ("method.contradicts_tree", "method.due_too_soon", "method.undecided", "method.unviolable")]
    walks = [(counts, Walked(method, counts, limit).faults()) for counts in numbers(method, {"k": most, "l": most})]
    found = [(c, f) for c, f in walks if f]
    if found and not flaws:
        return "a flaw not found", found[0]
    declared = [max([1, *Counter(c.address.partition("/")[0] for c in f.witness.commands if c.verb is Verb.DECLARE).values()]) for f in told]
    if told and not found and min(declared) <= most:
        return "a false alarm", [(f.code, f.what.en) for f in told]
    return None
