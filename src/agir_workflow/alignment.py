"""
A trace against a process tree: the cheapest way to explain it, move by move.

An event may be matched with a step (*sync*), stand beside the tree (*log*), or a step be skipped
(*model*); the last two cost 1 each, silent steps nothing. The cost is the least there is, or the
trace is refused with a reason: nothing is approximated. Of the alignments of that cost it is the
one with the fewest moves on the labels that matter, then that which matches the earliest events,
then, of steps with nothing else to tell them apart, the first of the tree. Unit costs and the
three moves are those of Adriansyah, *Aligning Observed and Modeled Behavior* (2014).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from fractions import Fraction

import attrs

from ._align_loop import Knot, Loop
from ._align_states import Walk
from ._align_tree import UNIT, Block, Branches, Choice, Leaf, Purse, Run, Silence, too_hard
from .tree import Node, Op
from .words import Step, Text

WORK = 20_000_000
"""Steps of computation that one trace may take before it is refused; about twenty seconds."""
ROOM = 3_000_000
"""Words of memory that readings of parts may take before they are forgotten; 75 MB, measured: 25 bytes each."""
STATES = 200_000
"""States that one part of one trace may hold at a time; 200 MB, measured: 1 kB each."""
DEEPEST = 100
"""Blocks within each other."""


class Kind(StrEnum):
    SYNC = "sync"
    LOG = "log"
    MODEL = "model"


@attrs.frozen
class Move:
    """An event matched with a step, an event alone (`log`), or a step alone (`model`)."""

    kind: Kind
    label: str


@attrs.frozen
class Alignment:
    """
    The moves that explain a trace, and what they cost: one for each event or step that stands alone.

    `shortest` is the cost of the shortest run of the tree, 0 of its beginnings; `remaining` what is left of the
    shortest run that begins so, where a beginning was asked for.
    """

    cost: int
    moves: tuple[Move, ...]
    shortest: int
    remaining: tuple[str, ...] = ()

    @property
    def events(self) -> int:
        return sum(m.kind is not Kind.MODEL for m in self.moves)

    @property
    def fitness(self) -> float:
        """1 for a trace that follows the tree, 0 for one that has nothing in common with its shortest run."""
        most = self.events + self.shortest
        return 1 - self.cost / most if most else 1.0

    def run(self) -> tuple[str, ...]:
        """The run of the tree that the trace was aligned with; its beginning, where that was asked for."""
        return tuple(m.label for m in self.moves if m.kind is not Kind.LOG)


@attrs.frozen
class Tally:
    """
    What the alignments of a log come to: `fitting` traces have cost 0, `best_model_cost` is the
    number of visible steps of the shortest run.
    """

    traces: int
    variants: int
    total_cost: int
    fitting: int
    mean_fitness: float
    best_model_cost: int


class Sums:
    """The sums over the alignments of a log, which need not be kept; the mean fitness of none is 1."""

    def __init__(self) -> None:
        self._parts: Counter[tuple[int, int]] = Counter()

    def add(self, found: Alignment) -> None:
        self._parts[found.cost, found.events + found.shortest] += 1

    def tally(self, variants: int, best_model_cost: int) -> Tally:
        parts, traces = self._parts.items(), self._parts.total()
        fitness = sum((1 - Fraction(cost, most) if most else 1) * n for (cost, most), n in parts)
        return Tally(
            traces=traces, variants=variants, total_cost=sum(cost * n for (cost, _), n in parts), fitting=sum(n for (cost, _), n in parts if cost == 0),
            mean_fitness=float(fitness / traces) if traces else 1.0, best_model_cost=best_model_cost,
        )  # fmt: skip


@attrs.frozen
class Strayed:
    """
    One deviation of an alignment: a step skipped, an event too many, or one step moved: skipped
    where it belongs and done elsewhere. `shift` is by how many positions a step was moved, below 0
    where it came too early; `at` the index of its event, or of the next one where there is none;
    `since` that of the event before which the tree has the step, or of its own.
    """

    step: Step
    label: str
    at: int
    shift: int = 0
    since: int = 0


def strayed(found: Alignment, before: Callable[[str, str], bool] = lambda a, b: True) -> tuple[Strayed, ...]:
    """
    The deviations of an alignment in the order of its moves, a moved step once.

    A shift counts the matched events that the step jumped over, those that *before* says the tree
    puts before it where it came early, after it where it came late.
    """
    index = {n: at for at, n in enumerate(n for n, m in enumerate(found.moves) if m.kind is not Kind.MODEL)}
    extra = [n for n, m in enumerate(found.moves) if m.kind is Kind.LOG]
    moved: dict[int, int] = {}
    for n, move in enumerate(found.moves):
        rivals = [e for e in extra if found.moves[e].label == move.label and e not in moved.values()]
        if move.kind is Kind.MODEL and rivals:
            moved[n] = min(rivals, key=lambda e: (abs(e - n), e))
    out: list[Strayed] = []

    def next_to(n: int) -> int:
        return sum(k < n for k in index)

    for n, (kind, label) in enumerate((m.kind, m.label) for m in found.moves):
        if n in moved:
            there = moved[n]
            low, high = sorted((n, there))
            between = [m.label for m in found.moves[low + 1 : high] if m.kind is Kind.SYNC]
            jumped = sum(before(x, label) if there < n else before(label, x) for x in between) or 1
            out.append(Strayed(Step.MOVED, label, index[there], -jumped if there < n else jumped, next_to(n)))
        elif kind is Kind.MODEL:
            out.append(Strayed(Step.SKIPPED, label, next_to(n), 0, next_to(n)))
        elif kind is Kind.LOG and n not in moved.values():
            out.append(Strayed(Step.EXTRA, label, index[n], 0, index[n]))
    return tuple(out)


class Aligner:
    """
    A process tree made ready to align traces with. It remembers readings of parts, within `ROOM`;
    that changes no answer. Not to be shared between threads.

    The tree is made of sequences, branches in parallel, choices, options and loops (a body and,
    if any, the step back); a sequence of nothing is a silent step. Labels may be repeated.
    AlignmentError for a tree deeper than `DEEPEST` blocks.
    """

    def __init__(self, tree: Node, matters: Iterable[str] = (), *, states: int = STATES) -> None:
        self._states = states
        self._purse = Purse(WORK, ROOM)
        self._matters = frozenset(matters)
        self._labels: list[str] = []
        self._weights: list[int] = []
        self._root = self._compile(tree, 1)
        self.best_model_cost = len(self._root.idle.gaps)
        """The visible steps of the shortest run."""
        self._moves: dict[tuple[Kind, str], Move] = {}

    def align(self, trace: Sequence[str]) -> Alignment:
        """The best alignment with a whole run. AlignmentError where that cannot be had exactly."""
        return self._aligned(tuple(trace), False)

    def prefix(self, trace: Sequence[str]) -> Alignment:
        """The best alignment with the beginning of a run, one whose end is nearest. AlignmentError as `align`."""
        return self._aligned(tuple(trace), True)

    def _aligned(self, trace: tuple[str, ...], begun: bool) -> Alignment:
        self._purse.refill()
        letters = self._root.letters
        own = [at for at, x in enumerate(trace) if x in letters]
        n = len(trace)
        word = trace if len(own) == n else tuple([trace[at] for at in own])
        found = self._root.read(word, begun)
        own.append(n)
        beside = {own[m] for m in found.missed}
        if len(word) < n:
            beside.update(at for at, x in enumerate(trace) if x not in letters)
        gaps = sorted(((own[at], leaf) for at, leaf in found.gaps), key=lambda gap: gap[0]) if found.gaps else []
        moves: list[Move] = []
        nth = 0
        for at, x in enumerate(trace):
            while nth < len(gaps) and gaps[nth][0] == at:
                moves.append(self._move(Kind.MODEL, self._labels[gaps[nth][1]]))
                nth += 1
            moves.append(self._move(Kind.LOG if at in beside else Kind.SYNC, x))
        moves += [self._move(Kind.MODEL, self._labels[leaf]) for _, leaf in gaps[nth:]]
        left = tuple([self._labels[leaf] for leaf in found.left])
        return Alignment(len(beside) + len(gaps), tuple(moves), 0 if begun else self.best_model_cost, left)

    def _move(self, kind: Kind, label: str) -> Move:
        found = self._moves.get((kind, label))
        if found is None:
            if len(self._moves) > ROOM // 100:
                self._moves.clear()
            found = self._moves[kind, label] = Move(kind, label)
        return found

    # -- compiling --------------------------------------------------------------------------------

    def _compile(self, node: Node, depth: int) -> Block:
        if depth > DEEPEST:
            raise too_hard(Text(f"plus de {DEEPEST} blocs les uns dans les autres", f"more than {DEEPEST} blocks within each other"))
        first = len(self._labels)
        if node.op is Op.LEAF:
            self._labels.append(node.name)
            self._weights.append(UNIT + (node.name in self._matters))
            return Leaf(first, node.name, self._weights[first], self._purse)
        kids, own = list[Block](), list[range]()
        for kid in node.kids:
            start = len(self._labels)
            kids.append(self._compile(kid, depth + 1))
            own.append(range(start, len(self._labels)))
        match node.op:
            case Op.SEQ:
                shown = [k for k in kids if not isinstance(k, Silence)]
                return (Run(tuple(shown), self._purse) if len(shown) > 1 else shown[0]) if shown else Silence(self._purse)
            case Op.PAR:
                return self._parallel(node, kids, own)
            case Op.CHOICE:
                return Choice(tuple(kids), self._purse)
            case Op.OPT:
                return Choice((*kids, Silence(self._purse)), self._purse)
            case Op.LOOP:
                body, *again = kids
                return Loop(body, again[0] if again else Silence(self._purse), self._walk(node, range(first, len(self._labels))), self._purse)
            case _:
                raise ValueError(f"{node.op} has no lanes yet: lay them out as branches in parallel")

    def _walk(self, node: Node, leaves: Sequence[int]) -> Walk:
        return Walk(node, leaves, self._labels, self._weights, self._purse, self._states)

    def _parallel(self, node: Node, kids: list[Block], own: list[range]) -> Block:
        """Independent branches; those that share labels, directly or through others, are one knot."""
        groups: list[list[int]] = []
        for n, kid in enumerate(kids):
            tied = [g for g in groups if any(kids[i].letters & kid.letters for i in g)]
            groups = [g for g in groups if g not in tied] + [sorted([n, *(i for g in tied for i in g)])]
        lanes: list[Block] = []
        for group in sorted(groups):
            if len(group) == 1:
                lanes.append(kids[group[0]])
                continue
            below = Node(node.id, node.name, Op.PAR, tuple(node.kids[i] for i in group))
            loose = Branches(tuple(kids[i] for i in group), self._purse)
            lanes.append(Knot(loose.letters, loose.idle, self._walk(below, [leaf for i in group for leaf in own[i]]), loose.size, self._purse))
        return Branches(tuple(lanes), self._purse)
