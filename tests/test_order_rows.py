"""
The rows of order as the four of them read them that read order: the guard, the verdict, the proof of a method and its table of labels.

The oracle is what `docs/method-file.md` says: a word for several steps stands for any one of them, but for none that it is asked
before; said of each, a row wants one in that lane; said of none, `precedes` wants one in every lane, and a decision of any lane will do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import attrs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_position import Term, holds, laid, nodes, terms  # type: ignore[import-not-found]
from test_verification import SOAK, Searched  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.answers import Refused
from agir_workflow.dossier import Dossier, Label
from agir_workflow.facts import DOSSIER, Decide, Declare, Fact, Open, Stamp, fact
from agir_workflow.method import Kind, Leaf, LeafSet, Method
from agir_workflow.position import Standing
from agir_workflow.requirements import Due, Form, Is, Requirement
from agir_workflow.tree import Tree
from agir_workflow.values import Record
from agir_workflow.verification.labels import Asks, Bearing, readings
from agir_workflow.verification.named import in_lane
from agir_workflow.verification.needs import Need, needs_of
from agir_workflow.verification.order import Order
from agir_workflow.verification.together import lanes
from agir_workflow.view import view_of
from agir_workflow.when import When
from agir_workflow.words import OPENS, Aspect, Code, InstanceId, LeafId, Severity, Sort, State, Text, Verb

DAY = dt.date(2024, 1, 8)
LANES = ("1", "2")
X = Text("x", "x")


@attrs.frozen
class Asked:
    """A row: one of the first before each of the second; a decision where the first is a body."""

    first: tuple[str, ...]
    later: tuple[str, ...]
    each: str | None
    decided: bool = False


def made(term: Term, rows: tuple[Asked, ...], bodies: frozenset[str] = frozenset()) -> Method:
    root, empty = nodes(term), ()
    leaves = tuple(
        Leaf(id=n.leaf, sort=Sort.DECISION if n.leaf in bodies else Sort.ACTIVITY, label=Text(n.leaf, n.leaf), origin="default", decisions=("go", "no") if n.leaf in bodies else (),
             address="/".join(("step", n.leaf, *(f"{{{k}}}" for k in n.scope))))
        for n in root.leaves()
    )  # fmt: skip
    sets = [LeafSet(id=f"{side}{n}", label=X, leaves=tuple(map(LeafId, words)), origin="default") for n, r in enumerate(rows) for side, words in (("a", r.first), ("b", r.later))]
    found = []
    for n, r in enumerate(rows):
        a, b = (words[0] if len(words) == 1 else f"{side}{n}" for side, words in (("a", r.first), ("b", r.later)))
        params = Record((("by", a), ("values", ("go",)), ("before", b)) if r.decided else (("a", a), ("b", b)))
        found.append(Requirement(code=Code(f"R{n}"), is_=Is.DECIDED if r.decided else Is.PRECEDES, params=params, due=Due(Form.LEAF, b), aspect=Aspect.BEHAVIOURAL,
                                 severity=Severity.ERROR, why=X, fix=X, origin="default", each=r.each))  # fmt: skip
    kinds = tuple(Kind(id=k, label=X, attributes=empty, origin="default") for k in dict.fromkeys(k for n in root.leaves() for k in n.scope))
    return Method(name="made", version=1, hash=repr((term, rows, bodies)), title=X, origin="default", tree=Tree(root, empty), kinds=kinds, leaves=leaves, facets=empty, deliverables=empty,
                  lists=empty, sets=tuple(sets), phases=empty, requirements=tuple(found), regimes=empty, profiles=empty)  # fmt: skip


def holds_at(row: Asked, label: Label, done: set[Label], scoped: set[str]) -> bool:
    """Whether a row has what it wants before a step; *done* are the steps that lie behind."""
    behind = [x for x in done if x.leaf in row.first]
    if row.each:
        return all(any(x.inst in ((), (lane,)) for x in behind) for lane in (label.inst or LANES))
    if row.decided or any(not x.inst for x in behind):
        return bool(behind)
    return all(any(x.inst == (lane,) for x in behind) for lane in LANES) if scoped & {*row.first} else False


# -- along a walk ---------------------------------------------------------------------------------------


def stamped(command: Fact, day: dt.date) -> Fact:
    return command.stamped(Stamp(on=When(day), by="lead"))


def begun(method: Method) -> Dossier:
    head = Open(id="made", uid="00000000-0000-4000-8000-000000000000", title="made", method=method.ref, method_hash=method.hash, profile="", regime="")
    people = [fact(Verb.DECLARE, f"{k.id}/{x}", Declare(label=x)) for k in method.kinds for x in LANES]
    return Dossier(tuple(stamped(f, DAY) for f in (fact(Verb.DECLARE, DOSSIER, head), *people)))


def doing(method: Method, label: Label, day: dt.date) -> list[Fact]:
    leaf = method.words.leaves[label.leaf]
    out = [fact(OPENS[leaf.sort], leaf.at(label.inst))]
    if leaf.sort is Sort.DECISION:
        out.append(fact(Verb.DECIDE, leaf.at(label.inst), Decide(value="go")))
    return [stamped(f, day) for f in out]


def named(label: Label) -> LeafId:
    return in_lane(label.leaf, [(1 + LANES.index(x),) for x in label.inst])


def refused_by(needs: Iterable[Need], label: Label, done: set[Label]) -> set[str]:
    """The rows whose needs are not met, as they are laid out in two lanes."""
    ever = {named(x) for x in done}
    return {f"R{x.n}" for x in needs if x.later == named(label) and ever.isdisjoint(x.earlier)}


def violated(method: Method, dossier: Dossier, day: dt.date) -> set[str]:
    """The rows that are broken, those too that are told with another."""
    found = [f for f in agir.check(method, dossier, at=day).findings if f.state is State.VIOLATED]
    return {str(c) for f in found for c in (f.code, *f.also)}


@st.composite
def cases(draw: st.DrawFn) -> tuple[Term, tuple[Asked, ...], frozenset[str]]:
    """A tree with some steps in lanes of one kind that may go different ways, and what is wanted of them: of several steps, before several."""
    term = draw(terms(leaves=5, exact=True).filter(lambda t: holds(t, "each") and "l" not in {str(k) for n in nodes(t).leaves() for k in n.scope}))
    term = ("seq", ("opt", term), "z")
    leaves = list(nodes(term).leaves())
    scoped, names = {str(n.leaf) for n in leaves if n.scope}, [str(n.leaf) for n in leaves]
    some, body = st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True).map(tuple), st.sampled_from(names)
    rows, bodies = list[Asked](), set[str]()
    for _ in range(draw(st.integers(1, 3))):
        decided, each = draw(st.integers(0, 3)) == 0, draw(st.sampled_from([None, "k"]))
        first, later = (draw(body),) if decided else draw(some), draw(some)
        if each and not scoped & {*first, *later}:
            each = None
        bodies |= {*first} if decided else set()
        rows.append(Asked(first, later, each, decided))
    return term, tuple(rows), frozenset(bodies)


def differences(term: Term, rows: tuple[Asked, ...], bodies: frozenset[str], choose: st.DataObject) -> Iterator[object]:
    method = made(term, rows, bodies)
    scoped, laid_out = {str(n.leaf) for n in nodes(term).leaves() if n.scope}, lanes(method, needs_of(method, Order(method.tree)), len(LANES))
    dossier, done, day = begun(method), set[Label](), DAY
    for _ in range(6):
        day += dt.timedelta(days=1)
        view = view_of(method, dossier)
        ready = [x for x in view.position.labels() if view.position.standing(x) is Standing.ENABLED]
        for x in ready:
            due = [n for n, r in enumerate(rows) if x.leaf in r.later]
            wanted = {f"R{n}" for n in due if not holds_at(rows[n], x, done, scoped)}
            decision = agir.decide(method, dossier, doing(method, x, day)[0])
            refused = {str(b.code) for b in decision.blockers} if isinstance(decision, Refused) else set()
            if refused != wanted:
                yield "guard", x, done, refused, wanted
            if laid_out and (wants := refused_by(laid_out.needs, x, done)) != wanted:
                yield "proof", x, done, wants, wanted
        if not ready:
            return
        x = choose.draw(st.sampled_from(ready))
        wanted = {f"R{n}" for n, r in enumerate(rows) if x.leaf in r.later and x not in done and not holds_at(r, x, done, scoped)}
        before = violated(method, dossier, day)
        for command in doing(method, x, day):
            for event in agir.record(method, dossier, command).events:
                dossier = agir.evolve(method, dossier, event)
        after = violated(method, dossier, day)
        if not wanted <= after or not after - before <= wanted:
            yield "verdict", x, done, after - before, wanted
        done.add(x)


@settings(max_examples=SOAK // 10 or 80, derandomize=not SOAK, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), st.data())
def test_guard_verdict_and_proof_want_the_same_before_a_step(case: tuple[Term, tuple[Asked, ...], frozenset[str]], choose: st.DataObject) -> None:
    """At each state of a walk, of each step that may come next: refused by just the rows that the oracle names; taken all the same, broken by just those."""
    assert list(differences(*case, choose)) == []


# -- over all runs --------------------------------------------------------------------------------------


@settings(max_examples=SOAK // 10 or 80, derandomize=not SOAK, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_the_table_of_labels_says_what_all_runs_of_two_lanes_say(case: tuple[Term, tuple[Asked, ...], frozenset[str]]) -> None:
    """Of every row before a single step: every state of the tree in which that may come first, by rewriting its term."""
    term, rows, _ = case
    rows = tuple(attrs.evolve(r, later=r.later[:1], decided=False) for r in rows)
    rows = tuple(r if {*r.first, *r.later} & {str(n.leaf) for n in nodes(term).leaves() if n.scope} else attrs.evolve(r, each=None) for r in rows)
    scoped = {str(n.leaf) for n in nodes(term).leaves() if n.scope}
    ways = Searched(laid(term, {"k": LANES}), [])

    def label(text: str) -> Label:
        leaf, _, inst = text.partition("[")
        return Label(LeafId(leaf), tuple(InstanceId(i) for i in inst.rstrip("]").split(",") if i))

    found = {x.n: x.bearing for x in readings(made(term, rows)) if x.asks is Asks.ORDER}
    for n, r in enumerate(rows):
        kept = {holds_at(r, x, {label(y) for y in ever}, scoped) for (_, ever), nexts in ways.after.items() for text in nexts if (x := label(text)).leaf in r.later and text not in ever}
        wanted = Bearing.IMPLIED if kept == {True} else Bearing.CONTRADICTORY if kept == {False} else Bearing.INDEPENDENT
        assert found[n] is wanted, (term, r, kept)
