"""
The tip of a dossier: what its next plain step needs to know, in a few numbers.

A plain step is the completion of a leaf that is next in the tree, on a day on which nothing later
has happened (or the holding of a body that then decides). It sets one bit of the position; the tables of the view
are not touched by it until somebody reads them. The moves over a set of lanes are compiled once for a method, each
when it is first asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from ._shape import Compiled, Shape, settled
from .dossier import Label
from .facts import ARGS, NOTHING_TO_ADD, Fact
from .method import Leaf, Words
from .words import COMPLETES, OPENS, Sort

if TYPE_CHECKING:
    from .method import Method
    from .view import View

Said: TypeAlias = "tuple[int, dt.date, Fact, Said] | None"
"""The plain steps since the view was made, the last first: bit, day, fact, and those before."""
Test: TypeAlias = "Callable[[Tip, dt.date], bool]"


def unasked(tip: Tip, day: dt.date) -> bool:
    """In the place of a test that nobody has compiled yet."""
    raise AssertionError


def said_of(said: Said, bit: int) -> Said:
    """The last of some steps that is of a label's bit, with those before it; None for none."""
    while said is not None and said[0] != bit:
        said = said[3]
    return said


class Move:
    """A leaf's step over given lanes: which verbs take it, its bit, what must and must not be set before, its phase."""

    __slots__ = ("bare", "bit", "blocks", "completes", "decides", "label", "leaf", "mask", "need", "opens", "phase", "test", "turns")

    def __init__(self, leaf: Leaf, step: Compiled, phase: int | None) -> None:
        self.leaf, self.label, self.bit, self.need, self.blocks, self.phase = leaf, step.label, step.bit, step.need, step.tests, phase
        self.mask = step.need | step.zero if not step.need & step.zero else 0
        """What says whether it is next, as far as no block is asked: of these bits those of `need` alone are set."""
        self.turns = step.turns is not None
        """Whether it sends a loop round again, which takes more than a bit."""
        self.completes, self.opens = COMPLETES[leaf.sort], OPENS[leaf.sort]
        self.decides = leaf.sort is Sort.DECISION
        self.bare = NOTHING_TO_ADD[ARGS[self.opens]] if leaf.sort is not Sort.AGREEMENT else None
        """The arguments of an opening that says no more than that; an agreement is always looked at."""
        self.test: Test | None = unasked
        """What the readings compile of the rows due at it; None where that cannot be."""

    def ready(self, bits: int) -> bool:
        """Whether it is next in this very round."""
        return bits & self.mask == self.need and (not self.blocks or all([settled(b, bits) for b in self.blocks]))


class Board:
    """The moves over one set of lanes, by address."""

    __slots__ = ("_shape", "moves", "words")

    def __init__(self, words: Words, shape: Shape) -> None:
        self.words, self._shape = words, shape
        self.moves: dict[str, Move | None] = {}

    def bit(self, label: Label) -> int:
        """The bit of a label; 0 for one that the lanes do not have."""
        step = self._shape.steps.get(label)
        return step.bit if step else 0

    def move(self, address: str) -> Move | None:
        """The move of a leaf's plain address; None for any other."""
        if address in self.moves:
            return self.moves[address]
        place = self.words.find_label(address)
        step = self._shape.steps.get(place[1]) if place else None
        if place is None or step is None or place[2]:
            return None
        leaf, made = place[0], None
        if leaf.id not in self.words.free and not (leaf.sort is Sort.ACTIVITY and self.words.find_paper(address)):
            own, phase = self.words.phase_of.get(leaf.id), None
            if own is not None:
                phase = 0
                for block in self._shape.phases.get(own.name, ()):
                    phase |= block.mask
            made = Move(leaf, step, phase)
        self.moves[address] = made
        return made


_MOST = 64
"""Sets of lanes whose moves are remembered for one method."""


def board_of(words: Words, shape: Shape) -> Board:
    """The moves over the lanes of a shape, under the method of *words*."""
    board = words.boards.get(shape)
    if not isinstance(board, Board):
        if len(words.boards) >= _MOST:
            words.boards.clear()
        board = words.boards[shape] = Board(words, shape)
    return board


class Tip:
    """
    Where a dossier stands. `view` is its own, or that of the last dossier before it of which one was made.

    `bits`: the steps done and skipped. A plain step is dated on `floor` or later: nothing has happened after that day, and
    what was completed on it was so in the order of the tree. Without a `board` there are no plain steps.
    `ahead` is the tip after the step that was allowed last, of which no more need be asked when it is taken.
    """

    __slots__ = ("ahead", "bits", "board", "floor", "method", "said", "view")

    def __init__(self, method: Method, view: View, board: Board | None, bits: int, floor: dt.date, said: Said) -> None:
        self.method, self.view, self.board, self.bits, self.floor, self.said = method, view, board, bits, floor, said
        self.ahead: Tip | None = None

    def sits(self, move: Move) -> bool:
        """Whether a sitting of a body was held, and has not decided."""
        last = said_of(self.said, move.bit)
        if last is not None:
            return last[2].verb is move.opens
        return any([s.held is not None and s.done is None for s in self.view.sittings.get(move.label, ())])

    def after(self, fact: Fact) -> Tip | None:
        """The tip after a plain step; None for any other fact, of which the view has to be asked."""
        board = self.board
        move = board.moves.get(fact.address) or board.move(fact.address) if board is not None else None
        if move is None or move.turns:
            return None
        assert fact.stamp is not None
        on = fact.stamp.on
        day, bits = on.earliest, self.bits
        if day < self.floor or on.latest != day:
            return None
        if fact.verb is move.completes:
            if not move.ready(bits) or (move.decides and not self.sits(move)):
                return None
            bits |= move.bit
        elif fact.verb is not move.opens:
            return None
        return Tip(self.method, self.view, board, bits, day, (move.bit, day, fact, self.said))
