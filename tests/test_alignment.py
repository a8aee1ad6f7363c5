"""Alignment: exact against a search that shares nothing with it, canonical, lawful, or refused."""

from __future__ import annotations

import importlib
import itertools
import os
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import agir_workflow
from agir_workflow import tree as real_tree
from agir_workflow.alignment import Aligner, Alignment, Kind, Sums, Tally
from agir_workflow.errors import AlignmentError
from agir_workflow.tree import Node

from .alignment_oracle import Net
from .peaks import growth, needs_proc

SOAK = bool(os.environ.get("AGIR_SOAK"))
HERE = Path(__file__).parent
SOURCE = Path(agir_workflow.__file__).parent

# --- terms: a tree as nested tuples, ("seq", kid, …); a string is a leaf, "" a silent one

Term = Any


def made(term: Term, tree: ModuleType = real_tree) -> Node:
    if isinstance(term, str):
        return tree.Node(0, term, tree.Op.LEAF) if term else tree.Node(0, "", tree.Op.SEQ)
    op, *kids = term
    return tree.Node(0, "", tree.Op(op), tuple(made(k, tree) for k in kids))


def shapes(leaves: int) -> Iterator[Term]:
    """All binary trees over *leaves* numbered leaves, with each operator at each branching."""
    if leaves == 1:
        yield None
    for left in range(1, leaves):
        for a, b, op in itertools.product(shapes(left), shapes(leaves - left), ("seq", "par", "choice", "loop")):
            yield (op, a, b)


def labellings(leaves: int) -> Iterator[str]:
    """Labels for the leaves, up to renaming: `_` is silent, a new letter comes only after those before it."""
    for word in itertools.product("_abcdef"[: leaves + 1], repeat=leaves):
        fresh = [x for n, x in enumerate(word) if x != "_" and x not in word[:n]]
        if fresh == list("abcdef"[: len(fresh)]):
            yield "".join(word)


def filled(shape: Term, labels: Iterator[str]) -> Term:
    if shape is None:
        return next(labels).replace("_", "")
    op, a, b = shape
    return (op, filled(a, labels), filled(b, labels))


def trees(leaves: int) -> Iterator[tuple[Term, str]]:
    for shape in shapes(leaves):
        for labels in labellings(leaves):
            yield filled(shape, iter(labels)), "".join(sorted(set(labels) - {"_"}))


def alone(found: Alignment) -> int:
    return sum(m.kind is not Kind.SYNC for m in found.moves)


def agrees(term: Term, letters: str, longest: int) -> None:
    """Both costs of all words over the letters of a tree, the net's rows shared by words that begin alike."""
    tree = made(term)
    aligner, net = Aligner(tree), Net(tree)
    level = [("", net.first)]
    for length in range(longest + 1):
        for word, row in level:
            whole, begun = aligner.align(word), aligner.prefix(word)
            assert whole.cost == alone(whole) == row[net.end], (term, word, whole)
            assert begun.cost == alone(begun) == min(row.values()), (term, word, begun)
        if length < longest:
            level = [(word + x, net.step(row, x, 1)) for word, row in level for x in letters]


@pytest.mark.parametrize("leaves", [1, 2, 3])
def test_all_words_on_all_small_trees_cost_what_a_search_of_markings_says(leaves: int) -> None:
    for term, letters in trees(leaves):
        agrees(term, letters, 4)


def test_words_on_trees_of_four_leaves_cost_what_a_search_of_markings_says() -> None:
    """One tree in eighty, or with AGIR_SOAK all of them: `AGIR_SOAK=1 pytest tests/test_alignment.py` takes an hour."""
    for n, (term, letters) in enumerate(trees(4)):
        if SOAK or n % 83 == 0:
            agrees(term, letters, 4)


@pytest.mark.skipif(not SOAK, reason="AGIR_SOAK=1")
@pytest.mark.parametrize("leaves", [5, 6])
def test_longer_words_on_larger_trees(leaves: int) -> None:
    rng = random.Random(leaves)
    for _ in range(2000):
        agrees(any_term(rng, leaves, "abcdef"), "abcd", 6)


# --- random trees and words


def any_term(rng: random.Random, leaves: int, letters: str) -> Term:
    if leaves == 1:
        return rng.choice(letters) if rng.random() < 0.9 else ""
    if rng.random() < 0.15:
        return (rng.choice(("opt", "loop")), any_term(rng, leaves, letters))
    left = rng.randint(1, leaves - 1)
    return (rng.choice(("seq", "seq", "par", "par", "choice", "loop")), any_term(rng, left, letters), any_term(rng, leaves - left, letters))


def any_pairs(seed: int, count: int) -> list[tuple[Term, str]]:
    rng = random.Random(seed)
    out = []
    for _ in range(count):
        letters = "abcdef"[: rng.randint(2, 6)]
        out.append((any_term(rng, rng.randint(2, 8), letters), "".join(rng.choice(letters + "z") for _ in range(rng.randint(1, 9)))))
    return out


WEIGHTY = "ac"
"""The labels that matter in these tests."""


def price(found: Alignment, longest: int = 16) -> int:
    """What an alignment costs, then on labels that matter, then by the earliest events it leaves alone: one number."""
    total, at = 0, 0
    for move in found.moves:
        if move.kind is not Kind.SYNC:
            total += (1 << 60) + ((move.label in WEIGHTY) << 40)
            total += 1 << (longest - at) if move.kind is Kind.LOG else 0
        at += move.kind is not Kind.MODEL
    return total


def dearest(net: type[Any], tree: Any, word: str, *, whole: bool, longest: int = 16) -> int:
    """The same number by the oracle."""
    of = lambda x: (1 << 60) + ((x in WEIGHTY) << 40)  # noqa: E731
    return int(net(tree, of).cost(word, whole=whole, alone=lambda at: of(word[at]) + (1 << (longest - at))))


def test_of_all_optima_the_canonical_one() -> None:
    """Fewest moves on the labels that matter, then the earliest events matched."""
    for term, word in any_pairs(5, 2500 if SOAK else 250):
        tree = made(term)
        aligner = Aligner(tree, WEIGHTY)
        assert price(aligner.align(word)) == dearest(Net, tree, word, whole=True), (term, word)
        assert price(aligner.prefix(word)) == dearest(Net, tree, word, whole=False), (term, word)


terms = st.recursive(
    st.sampled_from(["a", "b", "c", "d", "e", ""]),
    lambda kid: st.one_of(
        st.tuples(st.sampled_from(["seq", "par", "choice"]), kid, kid),
        st.tuples(st.sampled_from(["seq", "par", "choice"]), kid, kid, kid),
        st.tuples(st.just("loop"), kid, kid),
        st.tuples(st.sampled_from(["opt", "loop"]), kid),
    ),
    max_leaves=9,
)
words = st.text("abcdez", max_size=10)
settled = settings(max_examples=2000 if SOAK else 100, deadline=None, suppress_health_check=list(HealthCheck))


def least_left(tree: Node, run: Sequence[str]) -> int:
    """The fewest steps that complete a run that begins exactly so."""
    dear, net = Net(tree, lambda _: 1000), Net(tree)
    row = dear.first
    for x in run:
        row = dear.step(row, x, 1000)
    return net.closed({marking: 0 for marking, cost in row.items() if cost == 0})[net.end]


@settled
@given(terms, words)
def test_the_moves_explain_the_trace_by_a_run_of_the_tree(term: Term, word: str) -> None:
    tree = made(term)
    aligner, net = Aligner(tree), Net(tree)
    whole, begun = aligner.align(word), aligner.prefix(word)
    for found in (whole, begun):
        assert "".join(m.label for m in found.moves if m.kind is not Kind.MODEL) == word
        assert found.cost == alone(found)
    assert whole.cost == net.cost(word)
    assert begun.cost == net.cost(word, whole=False)
    assert begun.cost <= whole.cost
    assert net.cost(whole.run()) == 0
    # What remains completes the run, and nothing shorter does.
    assert net.cost(begun.run() + begun.remaining) == 0
    assert aligner.align(whole.run()).cost == 0
    assert aligner.prefix(begun.run()).cost == 0
    assert len(begun.remaining) == least_left(tree, begun.run())


@settled
@given(terms, words, st.data())
def test_one_event_more_or_less_changes_the_cost_by_one_at_most(term: Term, word: str, data: st.DataObject) -> None:
    aligner = Aligner(made(term))
    at = data.draw(st.integers(0, len(word)))
    more = word[:at] + data.draw(st.sampled_from("abcdez")) + word[at:]
    assert abs(aligner.align(more).cost - aligner.align(word).cost) <= 1
    assert abs(aligner.prefix(more).cost - aligner.prefix(word).cost) <= 1


@settled
@given(terms, words, st.permutations("abcdez"))
def test_other_names_give_the_same_moves(term: Term, word: str, names: Sequence[str]) -> None:
    other = dict(zip("abcdez", names, strict=True))

    def renamed(term: Term) -> Term:
        return other.get(term, term) if isinstance(term, str) else (term[0], *map(renamed, term[1:]))

    first, second = Aligner(made(term)).align(word), Aligner(made(renamed(term))).align([other[x] for x in word])
    assert [(m.kind, other[m.label]) for m in first.moves] == [(m.kind, m.label) for m in second.moves]


def test_what_was_aligned_before_changes_nothing() -> None:
    """Readings of parts are remembered and forgotten: neither shows."""
    pairs = any_pairs(8, 60)
    for term, _ in pairs[:8]:
        used, small = Aligner(made(term)), Aligner(made(term))
        small._purse.room = 40
        for _, word in pairs:
            fresh = Aligner(made(term)).align(word)
            assert used.align(word) == fresh
            assert small.align(word) == fresh


_BEFORE = """
import random
from agir_workflow.alignment import ROOM, STATES, Aligner
from agir_workflow.errors import AlignmentError
from tests.test_alignment import made
"""
_READINGS = """
aligner = Aligner(made(("seq", ("par", "a", "b", "c"), ("loop", ("seq", "d", "e"), "r"), ("par", ("seq", "f", "g"), ("seq", "h", "i")))))
aligner._purse.room, rng, times, before = ROOM // {part}, random.Random(1), 0, 0
while times < {times}:
    aligner.align("".join(rng.choice("abcderfghi") for _ in range(rng.randint(5, 40))))
    times += aligner._purse._kept < before
    before = aligner._purse._kept
"""
_MARKINGS = """
lanes = [("seq", *(f"{{n}}.{{i}}" for i in range(6)), "x") for n in range(9)]
try:
    Aligner(made(("par", *lanes)), states=STATES // {part}).align(["x"] * 9)
except AlignmentError:
    pass
else:
    raise AssertionError("these were to be more states than that")
"""


@needs_proc
def test_what_is_remembered_takes_no_more_than_is_said_and_does_not_grow_with_the_log() -> None:
    """Each trace another one, until what was read was forgotten once, then twice more; with AGIR_SOAK at full size."""
    part = 1 if SOAK else 10
    once, often = (growth(_BEFORE, _READINGS.format(part=part, times=times)) for times in (1, 3))
    assert once <= 75 / part + 2
    assert often <= 1.1 * once + 2


@needs_proc
def test_states_to_compare_take_no_more_than_is_said() -> None:
    part = 1 if SOAK else 10
    assert growth(_BEFORE, _MARKINGS.format(part=part)) <= 200 / part + 2


# --- what is told of one trace and of many


def test_a_leaf_beside_an_option_is_told_in_the_order_of_the_tree() -> None:
    aligner = Aligner(made(("seq", "a", ("par", "b", ("opt", "x")), "c")))
    found = aligner.align("ac")
    assert [(m.kind.value, m.label) for m in found.moves] == [("sync", "a"), ("model", "b"), ("sync", "c")]
    assert (found.cost, found.shortest, found.fitness) == (1, 3, 1 - 1 / 5)


def test_figures_of_a_log() -> None:
    aligner = Aligner(made(("seq", "a", "b")))
    sums = Sums()
    for word in ("ab", "ab", "a", ""):
        sums.add(aligner.align(word))
    assert sums.tally(variants=3, best_model_cost=aligner.best_model_cost) == Tally(traces=4, variants=3, total_cost=3, fitting=2, mean_fitness=(1 + 1 + 2 / 3 + 0) / 4, best_model_cost=2)
    assert Sums().tally(variants=0, best_model_cost=0).mean_fitness == 1.0
    assert Aligner(made("")).align("").fitness == 1.0


# --- what is too much is refused


def test_a_long_trace_in_a_loop_is_exact_while_its_states_are_few() -> None:
    found = Aligner(made(("loop", ("seq", "a", "b", "c"), "r"))).align("abcrabc" * 300)
    assert found.cost == 299, "a step back is missing between two rounds, three hundred times but one"


def test_branches_that_share_a_label_in_many_states_are_refused_with_a_reason() -> None:
    lanes = [("seq", *(f"{n}.{i}" for i in range(6)), "x") for n in range(9)]
    with pytest.raises(AlignmentError) as caught:
        Aligner(made(("par", *lanes)), states=2000).align(["x"] * 9)
    assert caught.value.to("fr").startswith("alignement exact hors de portée, plus de ")
    assert "states to compare" in caught.value.to("en")


def test_a_tree_that_is_too_deep_is_refused() -> None:
    term: Term = "a"
    for _ in range(200):
        term = ("seq", term, "b")
    with pytest.raises(AlignmentError, match="within each other"):
        Aligner(made(term))


# --- mutants: each implementation, changed in one place, no longer agrees with the other

ALIGNER_MUTANTS = [
    ("_align_tree.py", "return Found(-self.weight, tuple(range(1, len(word))))", "return Found(-self.weight, ())"),
    ("_align_tree.py", "for edge in range(before, mine[-1]):", "for edge in range(before + 1, mine[-1]):"),
    ("_align_tree.py", "before = mine[0]", "before = mine[-1]"),
    ("_align_tree.py", "value -= 1 << (n - 1 - at)", "value -= 1 << at"),
    ("_align_tree.py", "rank = (found.gain, sum(1 << (n - m) for m in missed)", "rank = (found.gain, sum(1 << m for m in missed)"),
    ("_align_tree.py", "value + self._value(own, low, found, len(word), len(own)), len(found.left)", "value, len(found.left)"),
    ("_align_loop.py", "best[part] = (before[0] + idle[part], c)", "best[part] = (before[0], c)"),
    ("_align_loop.py", "value, left = self._open_end(part, word, a)\n                    ends.append((before[0] + value", "value, left = self._open_end(part, word, a)\n                    ends.append((before[0]"),
    ("_align_states.py", "self._empty[me] = any(empty)", "self._empty[me] = all(empty)"),
    ("_align_states.py", "cost = value + (self._weights[leaf] << n)", "cost = value + (1 << n)"),
    ("_align_states.py", "if last or not self._may_end(inner):", "if last:"),
    ("alignment.py", "UNIT + (node.name in self._matters)", "UNIT"),
    ("alignment.py", "any(kids[i].letters & kid.letters for i in g)", "len(g) > 2"),
]
ORACLE_MUTANTS = [
    ("0 if label is None else self.price(label)", "self.price(label or '')"),
    ("if label == event and", "if label is not None and"),
    ("after = {marking: cost + alone for", "after = {marking: cost for"),
    ("self.add(kids[1], done, begin)", "self.add(kids[1], begin, done)"),
    ("self.link(None, (done,), (begin,))", "pass"),
    ("self.link(None, (here,), tuple(begins))", "self.link(None, (here,), tuple(begins[:1]))"),
    ("return row[self.end] if whole else min(row.values())", "return min(row.values())"),
    ("return row[self.end] if whole else min(row.values())", "return row[self.end]"),
    ('if node.op == "opt":', "if False:"),
    ("self.add(kid, here, after)\n                here = after", "self.add(kid, here, there)"),
    ("if cost == row[marking]:", "if cost == 0:"),
]


def copied(at: Path, name: str, file: str, old: str, new: str) -> ModuleType:
    """The aligner in a package of its own, one text of it replaced."""
    package = at / name
    package.mkdir()
    (package / "__init__.py").touch()
    for part in ("words", "errors", "tree", "_align_tree", "_align_states", "_align_loop", "alignment"):
        text = (SOURCE / f"{part}.py").read_text(encoding="utf-8")
        if f"{part}.py" == file:
            assert text.count(old) >= 1, f"nothing to change: {old}"
            text = text.replace(old, new)
        (package / f"{part}.py").write_text(text, encoding="utf-8")
    return importlib.import_module(f"{name}.alignment")


def told_apart(aligner: Any, net: Any, tree: ModuleType) -> bool:
    """Whether the two differ on some word of a fixed lot, or one fails."""
    for term, word in any_pairs(5, 500):
        try:
            mine = aligner(made(term, tree), WEIGHTY)
            for found, whole in ((mine.align(word), True), (mine.prefix(word), False)):
                own = [(Kind(m.kind.value), m.label) for m in found.moves]
                if "".join(x for k, x in own if k is not Kind.MODEL) != word:
                    return True
                if price(found_as(own)) != dearest(net, made(term), word, whole=whole):
                    return True
        except (LookupError, ValueError, TypeError, AssertionError):
            return True
    return False


def found_as(own: list[tuple[Kind, str]]) -> Alignment:
    from agir_workflow.alignment import Move

    return Alignment(0, tuple(Move(k, x) for k, x in own), 0)


@pytest.mark.parametrize("n", range(len(ALIGNER_MUTANTS)))
def test_a_mutant_of_the_aligner_is_caught(n: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    name = f"mutant_{n}"
    mutant = copied(tmp_path, name, *ALIGNER_MUTANTS[n])
    try:
        assert told_apart(mutant.Aligner, Net, importlib.import_module(f"{name}.tree"))
    finally:
        for module in [m for m in sys.modules if m.partition(".")[0] == name]:
            del sys.modules[module]


@pytest.mark.parametrize("n", range(len(ORACLE_MUTANTS)))
def test_a_mutant_of_the_oracle_is_caught(n: int) -> None:
    old, new = ORACLE_MUTANTS[n]
    text = (HERE / "alignment_oracle.py").read_text(encoding="utf-8")
    assert text.count(old) >= 1
    space: dict[str, Any] = {"__name__": "mutant_oracle"}
    exec(compile(text.replace(old, new), "mutant", "exec"), space)
    assert told_apart(Aligner, space["Net"], real_tree)
