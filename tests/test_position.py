"""
Where a dossier stands, against two oracles that share nothing with the source.

The first rewrites the term of a tree by each label, keeping every term that silent moves may have
left. The second reads order and obligation off the term as written.
"""

from __future__ import annotations

import datetime as dt
import itertools
import pickle
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agir_workflow.dossier import Instance, Label
from agir_workflow.position import Deviation, Happened, Position, Standing
from agir_workflow.tree import Node, Op, Tree
from agir_workflow.walk import locate, walked
from agir_workflow.when import When
from agir_workflow.words import ANONYMOUS, InstanceId, KindId, LeafId, Step

# --- terms: a tree as nested tuples, ("seq", kid, …); a string is a leaf, ("each", kind, kid)

Term = Any


def nodes(term: Term, ids: Any = None, scope: tuple[KindId, ...] = ()) -> Node:
    ids = itertools.count() if ids is None else ids
    me = next(ids)
    if isinstance(term, str):
        return Node(me, term, Op.LEAF, scope=scope)
    op, *kids = term
    phase = op == "phase"
    if phase:
        name, kid = kids
        made = nodes(kid, ids, scope)
        if made.op is Op.LEAF:
            return Node(me, name, Op.SEQ, (made,), None, scope, True)
        return Node(made.id, name, made.op, made.kids, made.kind, scope, True)
    if op == "each":
        kind, kid = kids
        return Node(me, f"{op}{me}", Op.EACH, (nodes(kid, ids, (*scope, KindId(kind))),), KindId(kind), scope)
    return Node(me, f"{op}{me}", Op(op), tuple(nodes(k, ids, scope) for k in kids), None, scope)


def scopes(root: Node) -> dict[LeafId, tuple[KindId, ...]]:
    return {n.leaf: n.scope for n in root.leaves()}


START = dt.date(2012, 1, 1)


def day(n: int, last: int | None = None) -> When:
    a = START + dt.timedelta(days=n)
    return When(a, a if last is None else START + dt.timedelta(days=last))


def instance(kind: str, id: str, on: int = 0, off: int | None = None, inside: str | None = None) -> Instance:
    return Instance(
        kind=KindId(kind),
        id=InstanceId(id),
        label=id,
        on=day(on),
        off=None if off is None else day(off),
        inside=None if inside is None else InstanceId(inside),
    )


def lab(text: str) -> Label:
    """`x` or `x[a,b]`."""
    leaf, _, inst = text.partition("[")
    return Label(LeafId(leaf), tuple(InstanceId(i) for i in inst.rstrip("]").split(",") if i))


def text(label: Label) -> str:
    return f"{label.leaf}[{','.join(label.inst)}]" if label.inst else str(label.leaf)


def said(labels: Any) -> list[str]:
    return [text(x) for x in labels]


def at(term: Term, *instances: Instance, happened: str = "", free: str = "") -> Position:
    """The position after the labels of *happened*, one a day from day 10."""
    root = nodes(term)
    facts = [Happened(lab(x), day(10 + i)) for i, x in enumerate(happened.split())]
    return locate(Tree(root, tuple(LeafId(f) for f in free.split())), scopes(root), instances, facts)


def walk(position: Position, word: str) -> Position:
    for n, x in enumerate(word.split()):
        position = position.take(lab(x), day(100 + n))
    return position


def seen(position: Position) -> list[tuple[str, str, str | None, When | None]]:
    return [(d.step.value, text(d.label), d.by and text(d.by), d.late) for d in position.deviations]


# --- the first oracle: a term and what each next label leaves of it


def laid(term: Term, lanes: dict[str, tuple[str, ...]], inst: tuple[str, ...] = ()) -> Term:
    """The term with a branch for each instance, its leaves named as labels are written."""
    if isinstance(term, str):
        return f"{term}[{','.join(inst)}]" if inst else term
    op, *kids = term
    if op == "each":
        kind, kid = kids
        return ("par", *(laid(kid, lanes, (*inst, i)) for i in lanes[kind] or (str(ANONYMOUS),)))
    return (op, *(laid(k, lanes, inst) for k in kids))


OVER = ("seq",)
"""The term of which nothing is left."""


@cache
def nullable(term: Term) -> bool:
    """Whether silent moves alone may end it."""
    if isinstance(term, str):
        return False
    op, *kids = term
    if op == "opt":
        return True
    if op in ("loop", "running"):
        return nullable(kids[0])
    return (any if op == "choice" else all)(map(nullable, kids))


@cache
def rests(term: Term, rounds: bool) -> frozenset[tuple[str, Term]]:
    """Each label that may come next, silent moves made, with what it leaves; a loop goes round only if *rounds*."""
    if isinstance(term, str):
        return frozenset({(term, OVER)})
    op, *kids = term
    if op in ("opt", "choice"):
        return frozenset().union(*(rests(k, rounds) for k in kids))
    if op == "par":
        branches = ((kids[:i], kids[i + 1 :], rests(kid, rounds)) for i, kid in enumerate(kids))
        return frozenset((x, ("par", *a, k, *b)) for a, b, nexts in branches for x, k in nexts)
    if op in ("loop", "running"):
        body, loop = kids[0], term if op == "loop" else kids[1]
        out = {(x, ("running", b, loop)) for x, b in rests(body, rounds)}
        if rounds and nullable(body):
            anew = {(x, ("running", b, loop)) for x, b in rests(loop[1], rounds)}
            out |= {(loop[2], loop)} if len(loop) == 3 else anew
        return frozenset(out)
    if not kids:
        return frozenset()
    out = {(x, ("seq", k, *kids[1:])) for x, k in rests(kids[0], rounds)}
    return frozenset(out | rests(("seq", *kids[1:]), rounds) if nullable(kids[0]) else out)


Marking = frozenset[Term]
"""What may be left of a tree; more than one term where a silent loop may or may not have gone round."""


@cache
def moves(marking: Marking, rounds: bool = True) -> dict[str, Marking]:
    out: dict[str, Marking] = {}
    for x, rest in (pair for term in marking for pair in rests(term, rounds)):
        out[x] = out.get(x, frozenset()) | {rest}
    return out


def over(marking: Marking) -> bool:
    return any(map(nullable, marking))


# --- random trees


def holds(term: Term, *ops: str) -> bool:
    return not isinstance(term, str) and (term[0] in ops or any(holds(k, *ops) for k in term[1:]))


@st.composite
def terms(draw: st.DrawFn, leaves: int = 7, exact: bool = False) -> Term:
    """
    A tree of at most *leaves* leaves; *exact*: where going round in silence is never in doubt,
    since the body of such a loop has neither an option nor another such loop.
    """
    names = iter("abcdefgh")
    left = draw(st.integers(1, leaves))

    def grow(budget: int, kinds: str) -> Term:
        ops = ["leaf", "opt", "loop"]
        if budget > 1:
            ops += ["seq", "seq", "par", "choice", "again"]
        if kinds:
            ops += ["each"]
        op = draw(st.sampled_from(ops if budget > 1 or draw(st.booleans()) else ["leaf"]))
        if op == "leaf":
            return next(names)
        if op == "opt":
            return ("opt", grow(budget, kinds))
        if op == "each":
            return ("each", kinds[0], grow(budget, kinds[1:]))
        if op == "loop":
            body = grow(budget, kinds)
            unsure = exact and (holds(body, "opt") or any_silent(body))
            return body if unsure else ("loop", body)
        if op == "again":
            return ("loop", grow(budget - 1, kinds), next(names))
        first = draw(st.integers(1, budget - 1))
        return (op, grow(first, kinds), grow(budget - first, kinds))

    return grow(left, "kl")


def any_silent(term: Term) -> bool:
    return not isinstance(term, str) and ((term[0] == "loop" and len(term) == 2) or any(map(any_silent, term[1:])))


LANES = st.fixed_dictionaries({"k": st.sampled_from([(), ("1",), ("1", "2")]), "l": st.sampled_from([(), ("x",)])})


def begin(term: Term, lanes: dict[str, tuple[str, ...]]) -> tuple[Position, Marking]:
    people = [instance(kind, i) for kind, ids in lanes.items() for i in ids]
    return at(term, *people), frozenset({laid(term, lanes)})


many = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(st.data(), terms(exact=True), LANES)
def test_what_is_enabled_is_what_the_marking_search_finds(data: st.DataObject, term: Term, lanes: Any) -> None:
    position, marking = begin(term, lanes)
    alphabet = said(position.labels())
    for n in range(14):
        following = moves(marking)
        assert sorted(said(position.enabled())) == sorted(following)
        for x in alphabet:
            assert (position.standing(lab(x)) is Standing.ENABLED) is (x in following)
        assert (position.to_do() == ()) is (over(marking))
        if not following:
            break
        x = data.draw(st.sampled_from(sorted(following)))
        position, marking = position.take(lab(x), day(n)), following[x]
        assert position.deviations == ()
        assert not position.skipped


@many
@given(st.data(), terms(), LANES)
def test_nothing_is_enabled_that_no_run_of_the_tree_allows(data: st.DataObject, term: Term, lanes: Any) -> None:
    position, marking = begin(term, lanes)
    for n in range(14):
        following = moves(marking)
        enabled = said(position.enabled())
        assert set(enabled) <= set(following)
        assert over(marking) or position.to_do()
        if not enabled:
            assert over(marking), "neither over nor a way on"
            break
        x = data.draw(st.sampled_from(enabled))
        position, marking = position.take(lab(x), day(n)), following[x]


@many
@given(st.data(), terms(exact=True), LANES)
def test_standing_says_why_not(data: st.DataObject, term: Term, lanes: Any) -> None:
    """Missing: doing what is missing enables it. Done or passed: no run does it in this round; all others, some run."""
    position, marking = begin(term, lanes)
    for n in range(data.draw(st.integers(0, 10))):
        following = moves(marking)
        if not following:
            break
        x = data.draw(st.sampled_from(sorted(following)))
        position, marking = position.take(lab(x), day(n)), following[x]
    for label in position.labels():
        standing, missing = position.standing(label), position.missing(label)
        assert bool(missing) is (standing is Standing.MISSING)
        if missing:
            assert list(missing) == [x for x in position.labels() if x in missing]
            assert any_order(marking, said(missing), text(label))
        if standing in (Standing.DONE, Standing.PASSED):
            assert text(label) not in reachable_in_this_round(marking)
    left = {*position.to_do(), *position.optional()}
    assert set(said(left)) == reachable_in_this_round(marking)
    assert not set(position.to_do()) & set(position.optional())


def any_order(marking: Marking, word: list[str], last: str) -> bool:
    """Whether the tree allows *word* in some order, then *last*."""
    if not word:
        return last in moves(marking)
    following = moves(marking)
    return any(any_order(following[x], [y for y in word if y != x], last) for x in word if x in following)


def reachable_in_this_round(marking: Marking) -> set[str]:
    """The labels of some continuation in which no loop goes round again."""
    out: set[str] = set()
    known, todo = set(), [marking]
    while todo:
        here = todo.pop()
        if here not in known:
            known.add(here)
            out |= set(moves(here, False))
            todo += moves(here, False).values()
    return out


@many
@given(st.data(), terms(), LANES)
def test_take_is_total_and_always_leaves_a_way_to_the_end(data: st.DataObject, term: Term, lanes: Any) -> None:
    """After any word whatever, what is to do can be done in order and completes the tree."""
    position, _ = begin(term, lanes)
    word = data.draw(st.lists(st.sampled_from([*position.labels(), lab("zz"), lab("a[9]")]), max_size=8))
    for n, x in enumerate(word):
        before, position = position, position.take(x, day(n))
        standing = before.standing(x)
        new = position.deviations[len(before.deviations) :]
        if standing in (Standing.DONE, Standing.PASSED, Standing.FOREIGN):
            assert [(d.step, d.label) for d in new] == [(Step.EXTRA, x)]
            assert (position.done, position.skipped) == (before.done, before.skipped)
        elif standing is Standing.MISSING:
            assert [(d.step, d.label, d.by) for d in new] == [(Step.SKIPPED, y, x) for y in before.missing(x)]
        else:
            assert len(position.deviations) == len(before.deviations)
        assert not position.done & position.skipped
    for n in range(20):
        owed = position.to_do()
        if not owed:
            break
        ways = [x for x in owed if position.standing(x) is Standing.ENABLED]
        assert ways, "something is owed and nothing of it can be done"
        position = position.take(ways[0], day(100 + n))
    assert position.to_do() == ()


@many
@given(terms(), LANES)
def test_tree_order_is_the_order_of_every_first_round(term: Term, lanes: Any) -> None:
    """`precedes` holds exactly where the tree as written puts one before the other."""
    position, _ = begin(term, lanes)
    pairs = set(ordered(laid(term, lanes))[1])
    for a, b in itertools.product(position.labels(), repeat=2):
        assert position.precedes(a, b) is ((text(a), text(b)) in pairs)


def ordered(term: Term) -> tuple[list[str], list[tuple[str, str]]]:
    if isinstance(term, str):
        return [term], []
    below = [ordered(k) for k in term[1:]]
    pairs = [p for _, ps in below for p in ps]
    if term[0] == "seq":
        for (one, _), (two, _) in itertools.combinations(below, 2):
            pairs += itertools.product(one, two)
    return [x for xs, _ in below for x in xs], pairs


@many
@given(terms(), LANES)
def test_at_the_start_all_is_owed_optional_or_a_redo(term: Term, lanes: Any) -> None:
    position, _ = begin(term, lanes)
    owed, may = position.to_do(), position.optional()
    agains = {text(x) for x in position.labels() if str(x.leaf) in agains_of(term)}
    assert not set(owed) & set(may)
    assert set(said(position.labels())) == set(said(owed)) | set(said(may)) | agains
    assert said(owed) == owed_by_hand(laid(term, lanes))


def agains_of(term: Term) -> set[str]:
    if isinstance(term, str):
        return set()
    return {term[2] for _ in [0] if term[0] == "loop" and len(term) == 3} | set().union(*map(agains_of, term[1:]))


def owed_by_hand(term: Term) -> list[str]:
    if isinstance(term, str):
        return [term]
    op, *kids = term
    if op == "opt":
        return []
    if op == "choice":
        each = [owed_by_hand(k) for k in kids]
        return [] if [] in each else each[0]
    return [x for k in (kids[:1] if op == "loop" else kids) for x in owed_by_hand(k)]


@many
@given(st.data(), terms(), LANES)
def test_a_position_is_a_value(data: st.DataObject, term: Term, lanes: Any) -> None:
    position, _ = begin(term, lanes)
    for n, x in enumerate(data.draw(st.lists(st.sampled_from(position.labels()), max_size=5))):
        position = position.take(x, day(n))
    again = pickle.loads(pickle.dumps(position))
    assert again == position
    assert hash(again) == hash(position)
    assert again.enabled() == position.enabled()


# --- the order of facts


@many
@given(st.data(), terms(leaves=5), st.randoms())
def test_arrival_does_not_matter_on_distinct_days(data: st.DataObject, term: Term, rng: Any) -> None:
    root = nodes(term)
    scope = scopes(root)
    people = [instance("k", "1", on=0), instance("k", "2", on=7, off=15), instance("l", "x", on=11)]
    inst = {"k": "12*", "l": "x*"}
    alphabet = [Label(leaf, tuple(map(InstanceId, i))) for leaf in scope for i in itertools.product(*(inst[k] for k in scope[leaf]))]
    word = data.draw(st.lists(st.sampled_from(alphabet), max_size=8))
    facts = [Happened(x, day(2 * n + 4)) for n, x in enumerate(word)]
    whole = locate(Tree(root), scope, people, facts)
    for mixed in (facts, people):
        rng.shuffle(mixed)
    assert locate(Tree(root), scope, people, facts) == whole


PEOPLE = st.lists(
    st.builds(
        lambda rough, *said: (one := instance(*said))._replace(on=When(one.on.earliest, one.on.latest + dt.timedelta(days=rough))),
        st.sampled_from([0, 0, 0, 4]), st.sampled_from("kkl"), st.sampled_from("1122x"), st.integers(0, 12), st.sampled_from([None, None, None, None, 14]), st.sampled_from([None, None, "1", "2"]),
    ),
    max_size=4,
)  # fmt: skip


@pytest.mark.parametrize(
    ("term", "people", "happened"),
    [
        (("seq", ("loop", "a", "r"), ("each", "k", "b")), [("k", "1", 5)], "a r"),
        (("seq", "a", ("each", "k", "b")), [("k", "1", 9), ("l", "1", 1)], "a . . b[1]"),
    ],
    ids=["a round begun before someone comes", "an id that another kind bears too"],
)
def test_who_comes_late_changes_nothing_that_was_done_before(term: Term, people: list[tuple[str, str, int]], happened: str) -> None:
    root = nodes(term)
    tree, about, who = Tree(root), scopes(root), [instance(*one) for one in people]
    told = [Happened(lab(x), day(n)) for n, x in enumerate(happened.split()) if x != "."]
    assert locate(tree, about, who, told) == [*walked(tree, about, who, told)][-1][1]


@settings(many, max_examples=500)
@given(st.data(), terms(leaves=6), PEOPLE, st.randoms())
def test_the_end_is_found_as_if_each_fact_had_been_taken_in_its_turn(data: st.DataObject, term: Term, people: list[Instance], rng: Any) -> None:
    """Whoever comes late, whether it makes a difference or none; words that mostly follow the tree, for else nothing is done in time."""
    root = nodes(term)
    scope = scopes(root) | {LeafId("z"): (KindId("k"),)}
    tree = Tree(root, (LeafId("z"),))
    inst = {"k": "12*", "l": "x*"}
    alphabet = [Label(leaf, tuple(map(InstanceId, i))) for leaf in scope for i in itertools.product(*(inst[k] for k in scope[leaf]))]
    told: list[Happened] = []
    for n in range(data.draw(st.integers(0, 8))):
        now = locate(tree, scope, [i for i in people if i.on.earliest <= day(n * 2).earliest], told)
        enabled = list(now.enabled())
        label = data.draw(st.sampled_from(enabled if enabled and rng.random() < 0.9 else alphabet))
        told.append(Happened(label, data.draw(st.sampled_from([day(n * 2), day(n * 2), day(n * 2), day(n * 2 - 1, n * 2 + 2), day(n)]))))
    assert locate(tree, scope, people, told) == [*walked(tree, scope, people, told)][-1][1]


@many
@given(st.data(), terms(leaves=5), LANES, st.randoms())
def test_the_facts_of_one_day_find_their_own_order(data: st.DataObject, term: Term, lanes: Any, rng: Any) -> None:
    """A word of the tree in which no label comes twice, told in any order on one day, deviates nowhere it need not."""
    position, _ = begin(("seq", term), lanes)
    word: list[Label] = []
    while ways := [x for x in position.to_do() if position.standing(x) is Standing.ENABLED]:
        word.append(data.draw(st.sampled_from(ways)))
        position = position.take(word[-1], day(0))
    root = nodes(("seq", term))
    people = [instance(kind, i) for kind, ids in lanes.items() for i in ids]
    facts = [Happened(x, day(3)) for x in word]
    rng.shuffle(facts)
    told = locate(Tree(root), scopes(root), people, facts)
    assert told.deviations == ()
    assert told.done == position.done


def facts(*rows: tuple[str, When]) -> list[Happened]:
    return [Happened(lab(x), on) for x, on in rows]


ABC = ("seq", "a", "b", "c")


def told(term: Term, *rows: tuple[str, When], people: tuple[Instance, ...] = ()) -> Position:
    root = nodes(term)
    return locate(Tree(root), scopes(root), people, facts(*rows))


def test_rough_days_are_read_in_favour_of_the_tree() -> None:
    assert told(ABC, ("c", day(0, 30)), ("b", day(5)), ("a", day(4))).deviations == ()
    assert told(ABC, ("b", day(0, 5)), ("a", day(5))).deviations == ()


def test_a_certain_order_is_kept_although_it_deviates() -> None:
    position = told(ABC, ("a", day(5)), ("b", day(0, 4)))
    assert seen(position) == [("moved", "a", "b", day(5))]


def test_when_nothing_of_a_day_is_enabled_the_first_of_the_tree_goes_first_whichever_arrived_first() -> None:
    assert seen(told(ABC, ("b", day(1)), ("c", day(1)))) == [("skipped", "a", "b", None)]
    assert seen(told(ABC, ("c", day(1)), ("b", day(1)))) == [("skipped", "a", "b", None)]


# --- examples to read


def test_a_jump_marks_what_it_needed_and_can_be_made_up_once() -> None:
    position = at(ABC, happened="c")
    assert position.skipped == {lab("a"), lab("b")}
    assert position.to_do() == ()
    assert position.standing(lab("a")) is Standing.ENABLED
    late = position.take(lab("a"), day(50))
    assert seen(late) == [("moved", "a", "c", day(50)), ("skipped", "b", "c", None)]
    assert late.done == {lab("a"), lab("c")}
    assert late.standing(lab("a")) is Standing.DONE
    assert seen(late.take(lab("a"), day(60)))[-1] == ("extra", "a", None, None)


def test_an_extra_step_keeps_its_address_and_moves_nothing() -> None:
    position = at(ABC, happened="a")
    again = position.take(lab("a"), day(20), "a#2")
    assert again.deviations == (Deviation(step=Step.EXTRA, label=lab("a"), on=day(20), address="a#2"),)
    assert again.done == position.done
    assert position.take(lab("nowhere"), day(20)).standing(lab("nowhere")) is Standing.FOREIGN


def test_the_branch_not_chosen_is_passed() -> None:
    term = ("seq", ("choice", ("seq", "a", "b"), "c"), "d")
    assert said(at(term).missing(lab("d"))) == ["a", "b"]
    position = at(term, happened="c")
    assert position.standing(lab("a")) is Standing.PASSED
    assert position.standing(lab("d")) is Standing.ENABLED
    assert said(at(term, happened="a").missing(lab("d"))) == ["b"]


def test_an_option_is_owed_only_once_begun() -> None:
    term = ("seq", ("opt", ("seq", "a", "b")), "c")
    assert said(at(term).to_do()) == ["c"]
    assert said(at(term).optional()) == ["a", "b"]
    assert said(at(term, happened="a").to_do()) == ["b", "c"]
    assert said(at(term, happened="a").missing(lab("c"))) == ["b"]
    assert at(term, happened="c").optional() == ()
    assert at(term, happened="c").standing(lab("a")) is Standing.PASSED


GATE = ("seq", ("loop", ("seq", "a", "gate"), "redo"), "go")


def test_a_redo_clears_the_round() -> None:
    position = at(GATE, happened="a gate redo")
    assert said(position.to_do()) == ["a", "gate", "go"]
    assert position.done == {lab("redo")}
    assert position.standing(lab("redo")) is Standing.DONE
    assert position.standing(lab("go")) is Standing.MISSING
    assert position.redo(lab("gate")) == lab("redo")
    assert position.redo(lab("go")) is None
    second = walk(position, "a gate")
    assert second.done == {lab("a"), lab("gate")}
    assert second.standing(lab("redo")) is Standing.ENABLED, "ahead again, since the round it began is under way"
    twice = walk(position, "a gate redo a gate go")
    assert twice.deviations == ()
    assert twice.to_do() == ()
    assert twice.standing(lab("redo")) is Standing.PASSED


def test_a_redo_in_the_midst_of_a_round_skips_its_rest_in_every_round() -> None:
    for rounds in ("a", "a gate redo a"):
        position = at(GATE, happened=rounds).take(lab("redo"), day(90))
        assert seen(position) == [("skipped", "gate", "redo", None)]
        assert position.skipped == frozenset()
        assert said(position.to_do()) == ["a", "gate", "go"]
    assert seen(at(GATE, happened="a gate redo redo")) == [("extra", "redo", None, None)]


def test_a_loop_without_a_step_of_its_own_goes_round_in_silence() -> None:
    term = ("seq", ("loop", ("seq", "a", "b")), "c")
    position = at(term, happened="a b a")
    assert position.deviations == ()
    assert position.done == {lab("a")}
    assert said(position.missing(lab("c"))) == ["b"]
    assert position.standing(lab("a")) is Standing.DONE
    assert at(term, happened="a b c").standing(lab("a")) is Standing.DONE
    assert seen(at(term, happened="a b c a")) == [("extra", "a", None, None)]


def test_a_new_round_is_begun_for_what_has_no_other_place() -> None:
    """With an option in the body two rounds may be meant; the one under way is."""
    assert at(("loop", ("seq", "a", ("opt", "b"))), happened="a b").done == {lab("a"), lab("b")}
    term = ("loop", ("choice", ("seq", "a", "b"), "c"))
    position = at(term, happened="c")
    assert said(position.missing(lab("b"))) == ["a"]
    assert walk(position, "b").skipped == {lab("a")}
    assert walk(position, "b").done == {lab("b")}


def test_a_skipped_step_is_made_up_rather_than_begun_anew() -> None:
    position = at(("loop", ("seq", "a", "b")), happened="b a")
    assert seen(position) == [("moved", "a", "b", day(11))]
    assert position.to_do() == ()


def test_the_innermost_loop_goes_round_first() -> None:
    position = at(("loop", ("par", "a", ("loop", "b"))), happened="a b b")
    assert position.to_do() == (), "b again, not a whole new round that owes a"


def test_what_is_made_up_is_the_step_of_this_round() -> None:
    position = at(GATE, happened="gate redo gate a")
    assert seen(position) == [("skipped", "a", "gate", None), ("moved", "a", "gate", day(13))]


PHASES = ("seq", ("phase", "one", ("loop", "a", "redo")), ("phase", "two", ("seq", "b", "c")), ("phase", "three", "d"))


def test_phases_are_read_off_the_position() -> None:
    assert at(PHASES).phases() == (("one", "current"), ("two", "ahead"), ("three", "ahead"))
    assert at(PHASES, happened="a b").phases() == (("one", "past"), ("two", "current"), ("three", "ahead"))
    assert {w for _, w in at(PHASES, happened="d").phases()} == {"past"}
    assert not at(PHASES).phase_begun("one")
    redone = at(PHASES, happened="a redo")
    assert redone.phase_begun("one")
    assert redone.phases()[0] == ("one", "current")
    assert at(PHASES, happened="d").phase_begun("two"), "skipped is begun"
    assert not at(PHASES).phase_begun("nowhere")


def test_free_leaves_have_no_position() -> None:
    position = at(ABC, free="talk")
    assert position.standing(lab("talk[anyone]")) is Standing.ENABLED
    assert position.take(lab("talk"), day(1)) == position
    assert lab("talk") not in position.labels()


# --- instances


LANE = ("seq", "a", ("each", "k", ("seq", "x", "y")), "b", ("each", "k", "z"), "c")


def test_a_kind_without_instances_has_one_nameless_lane() -> None:
    position = at(LANE)
    assert said(position.labels()) == ["a", "x[*]", "y[*]", "b", "z[*]", "c"]
    assert walk(position, "a x[*] y[*] b z[*] c").deviations == ()
    named = at(LANE, instance("k", "1", on=11), happened="a")
    assert said(named.labels()) == ["a", "x[1]", "y[1]", "b", "z[1]", "c"]
    assert named.standing(lab("x[*]")) is Standing.FOREIGN
    assert said(at(LANE, instance("k", "1", on=12), happened="a x[*]").to_do()) == ["x[1]", "y[1]", "b", "z[1]", "c"]


def test_an_instance_declared_in_time_is_owed_everywhere() -> None:
    position = at(LANE, instance("k", "1"), instance("k", "2", on=12), happened="a x[1] y[1]")
    assert said(position.to_do()) == ["x[2]", "y[2]", "b", "z[1]", "z[2]", "c"]
    assert said(position.missing(lab("b"))) == ["x[2]", "y[2]"]


def test_a_late_instance_is_owed_only_where_it_is_not_too_late() -> None:
    people = instance("k", "1"), instance("k", "2", on=14)
    position = at(LANE, *people, happened="a x[1] y[1] b")
    assert position.standing(lab("x[2]")) is Standing.LATE
    assert position.missing(lab("x[2]")) == ()
    assert said(position.to_do()) == ["z[1]", "z[2]", "c"]
    assert position.take(lab("x[2]"), day(30)) == position
    assert walk(position, "x[2] z[2] y[2] z[1] c").deviations == ()
    assert position.standing(lab("x[3]")) is Standing.FOREIGN


def test_a_lane_skipped_over_is_passed_too() -> None:
    position = at(LANE, instance("k", "1"), instance("k", "2", on=12), happened="b")
    assert position.standing(lab("x[2]")) is Standing.LATE
    assert position.standing(lab("x[1]")) is Standing.ENABLED


ROUND = ("seq", ("loop", ("seq", "a", ("par", ("each", "k", "x"), "gate")), "redo"), "go")


def test_in_a_loop_a_lane_is_owed_in_the_rounds_begun_after() -> None:
    people = instance("k", "1"), instance("k", "2", on=11)
    position = at(ROUND, *people, happened="a")
    assert position.standing(lab("x[2]")) is Standing.LATE
    assert said(position.to_do()) == ["x[1]", "gate", "go"]
    redone = walk(position, "x[1] gate redo")
    assert said(redone.to_do()) == ["a", "x[1]", "x[2]", "gate", "go"]
    assert walk(redone, "a x[1] x[2] gate go").deviations == ()
    assert said(at(ROUND, instance("k", "1"), instance("k", "2", on=5), happened="a").to_do())[:2] == ["x[1]", "x[2]"]


def test_a_silent_round_also_gives_waiting_lanes() -> None:
    term = ("seq", ("loop", ("each", "k", "x")), "go")
    people = instance("k", "1"), instance("k", "2", on=11)
    position = at(term, *people, happened="x[1]")
    assert position.standing(lab("x[2]")) is Standing.LATE
    assert said(position.to_do()) == ["go"]
    assert said(walk(position, "x[1]").to_do()) == ["x[2]", "go"]


def test_instances_take_the_place_of_the_nameless_lane_in_a_round_already_begun() -> None:
    """Chosen in the round itself: else no instance chosen by a step of a loop would ever be owed in it."""
    people = instance("k", "1", on=11), instance("k", "2", on=12)
    position = at(ROUND, *people, happened="a")
    assert said(position.to_do()) == ["x[1]", "x[2]", "gate", "go"]
    later = at(ROUND, *people, instance("k", "3", on=20), happened="a x[1] x[2] gate redo a")
    assert said(later.to_do()) == ["x[1]", "x[2]", "gate", "go"]


def test_an_ended_instance_leaves_and_its_deviations_stay() -> None:
    people = instance("k", "1"), instance("k", "2", off=13)
    position = at(LANE, *people, happened="a y[2] x[1]")
    assert said(position.to_do()) == ["y[1]", "b", "z[1]", "c"]
    assert seen(position) == [("skipped", "x[2]", "y[2]", None)]
    assert lab("y[2]") not in position.done
    assert position.standing(lab("z[2]")) is Standing.PASSED
    assert seen(walk(position, "z[2]"))[-1] == ("extra", "z[2]", None, None)


def test_no_nameless_lane_comes_back_when_the_last_instance_ends() -> None:
    position = at(LANE, instance("k", "1", off=5))
    assert said(position.labels()) == ["a", "b", "c"]
    assert walk(position, "a b c").deviations == ()
    anew = at(ROUND, instance("k", "1", off=5), happened="a gate redo")
    assert said(anew.to_do()) == ["a", "gate", "go"]


def test_on_one_day_instances_begin_before_and_end_after_the_labels() -> None:
    assert told(LANE, ("a", day(3)), ("x[1]", day(3)), people=(instance("k", "1", on=3, off=3),)).deviations == ()
    people = instance("k", "1"), instance("k", "2", off=3)
    early = told(LANE, ("b", day(3)), ("a", day(1)), ("x[1]", day(1)), ("y[1]", day(1)), people=people)
    assert seen(early) == [("skipped", "x[2]", "b", None), ("skipped", "y[2]", "b", None)]
    later = told(LANE, ("b", day(3, 4)), ("a", day(1)), ("x[1]", day(1)), ("y[1]", day(1)), people=people)
    assert later.deviations == (), "it may have ended before"


NESTED = ("seq", ("each", "k", ("seq", "x", ("each", "l", "y"))), "b")


def test_nested_lanes_are_those_inside_the_instance_around_them() -> None:
    people = instance("k", "1"), instance("k", "2"), instance("l", "p", inside="1")
    position = at(NESTED, *people, happened="x[1]")
    assert said(position.labels()) == ["x[1]", "y[1,p]", "x[2]", "y[2,*]", "b"]
    assert said(position.enabled()) == ["y[1,p]", "x[2]"]
    late = at(NESTED, *people, instance("l", "q", on=40, inside="2"), instance("k", "3", on=41), happened="b")
    assert late.standing(lab("y[2,q]")) is Standing.LATE
    assert late.standing(lab("y[1,q]")) is Standing.FOREIGN
    assert late.standing(lab("y[3,*]")) is Standing.LATE
    ended = at(NESTED, instance("k", "1", off=30), instance("k", "2"), instance("l", "p", inside="1"))
    assert said(ended.labels()) == ["x[2]", "y[2,*]", "b"]
    assert ended.standing(lab("y[1,p]")) is Standing.PASSED


def test_a_kind_that_is_inside_nothing_has_its_lanes_in_every_instance() -> None:
    position = at(NESTED, instance("k", "1"), instance("k", "2"), instance("l", "p"))
    assert said(position.labels()) == ["x[1]", "y[1,p]", "x[2]", "y[2,p]", "b"]


def test_two_steps_with_one_label_are_refused() -> None:
    with pytest.raises(ValueError, match="two steps"):
        at(("seq", "a", "a"))
