"""
The cheapest way to read a word as a run of a process tree, block by block.

Every event costs its weight unless a step of the tree is matched with it, every step that no event
is matched with costs its own: so a block needs to look only at the events that bear one of its
labels, and what it can gain on them is the same wherever they stand in the trace. Branches in
parallel without a common label are then independent of each other, and a sequence is cut where an
event of its left part meets one of its right part: moving any other cut over its neighbour costs
nothing, since one event more costs a block at most the event.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from typing import NamedTuple, TypeAlias

from .errors import AlignmentError
from .words import Text

Word: TypeAlias = tuple[str, ...]

UNIT = 1 << 32
"""The weight of one move; what is added for a label that matters breaks ties only."""


class Found(NamedTuple):
    """
    The best reading of a word by a block.

    `gain`: the weights of the steps skipped, less those of the events matched. `missed`: the
    indices of the events that no step is matched with. `gaps`: the steps skipped, each before the
    event of that index. `left`: of a run that is not over, what remains of the shortest one.
    """

    gain: int
    missed: tuple[int, ...] = ()
    gaps: tuple[tuple[int, int], ...] = ()
    left: tuple[int, ...] = ()


class Purse:
    """What the reading of one trace may cost, and what may be remembered from one to the next."""

    def __init__(self, work: int, room: int) -> None:
        self.work, self.room = work, room
        self.blocks: list[Block] = []
        self._left, self._kept = work, 0

    def refill(self) -> None:
        self._left = self.work

    def spend(self, units: int) -> None:
        """Count some work; AlignmentError where it is more than one trace may cost."""
        self._left -= units
        if self._left < 0:
            raise too_hard(Text("trop de découpages à comparer dans une boucle ou une suite", "too many ways to cut a loop or a sequence"))

    def keep(self, units: int) -> None:
        """Count what is remembered; past the bound everything is forgotten, which changes no answer."""
        self._kept += units
        if self._kept > self.room:
            self._kept = units
            for block in self.blocks:
                block.forget()


def too_hard(why: Text) -> AlignmentError:
    return AlignmentError(why)


class Block(ABC):
    """A node of the tree, compiled. `size` bounds the number of its states, `idle` is its shortest run."""

    idle: Found
    rest: Found
    size: int

    def __init__(self, letters: frozenset[str], purse: Purse) -> None:
        self.letters, self.purse = letters, purse
        self._whole: dict[Word, Found] = {}
        self._begun: dict[Word, Found] = {}
        purse.blocks.append(self)

    def forget(self) -> None:
        self._whole, self._begun = {}, {}

    def starts(self, idle: Found, size: int) -> None:
        """Say what it costs to run through with no event at all, and what remains before it has begun."""
        self.idle, self.size = idle, size
        self.rest = Found(0, left=tuple(leaf for _, leaf in idle.gaps))

    def read(self, word: Word, begun: bool) -> Found:
        """The best reading of events of its own labels as a whole run, or (*begun*) as the beginning of one."""
        if not word:
            return self.rest if begun else self.idle
        memo = self._begun if begun else self._whole
        found = memo.get(word)
        if found is None:
            self.purse.spend(len(word))
            found = self._read(word, begun)
            self.purse.keep(len(word) + 16)
            # What was forgotten meanwhile is another table by now.
            (self._begun if begun else self._whole)[word] = found
        return found

    @abstractmethod
    def _read(self, word: Word, begun: bool) -> Found: ...


class Leaf(Block):
    def __init__(self, leaf: int, label: str, weight: int, purse: Purse) -> None:
        super().__init__(frozenset((label,)), purse)
        self.leaf, self.weight = leaf, weight
        self.starts(Found(weight, gaps=((0, leaf),)), 2)

    def _read(self, word: Word, begun: bool) -> Found:
        return Found(-self.weight, tuple(range(1, len(word))))


class Branches(Block):
    """Blocks in parallel that have no label in common: each reads its own events."""

    def __init__(self, kids: tuple[Block, ...], purse: Purse) -> None:
        super().__init__(frozenset().union(*(k.letters for k in kids)), purse)
        self.kids = kids
        self._lane = {x: n for n, kid in enumerate(kids) for x in kid.letters}
        size = 1
        for kid in kids:
            size = min(size * kid.size, UNIT)
        self.starts(Found(sum(k.idle.gain for k in kids), gaps=tuple(g for k in kids for g in k.idle.gaps)), size)

    def _read(self, word: Word, begun: bool) -> Found:
        where: list[list[int]] = [[] for _ in self.kids]
        for at, x in enumerate(word):
            where[self._lane[x]].append(at)
        gain, missed, gaps, left = 0, list[int](), list[tuple[int, int]](), list[int]()
        for kid, own in zip(self.kids, where, strict=True):
            found = kid.read(tuple([word[at] for at in own]), begun)
            gain += found.gain
            if found.missed:
                missed += [own[m] for m in found.missed]
            if found.gaps:
                own.append(len(word))
                gaps += [(own[at], leaf) for at, leaf in found.gaps]
            left += found.left
        return Found(gain, tuple(sorted(missed)), tuple(gaps), tuple(left))


class Choice(Block):
    """One of several blocks; of equal ones that which matches the earlier events, then the first."""

    def __init__(self, kids: tuple[Block, ...], purse: Purse) -> None:
        super().__init__(frozenset().union(*(k.letters for k in kids)), purse)
        self.kids = kids
        self.starts(min((k.idle for k in kids), key=lambda f: f.gain), sum(k.size for k in kids) + 1)

    def _read(self, word: Word, begun: bool) -> Found:
        n = len(word)
        best, order = None, (0, 0, 0)
        for kid in self.kids:
            own = [at for at, x in enumerate(word) if x in kid.letters]
            found = kid.read(tuple([word[at] for at in own]), begun)
            own.append(n)
            hit = {own[m] for m in found.missed}.union(at for at in range(n) if word[at] not in kid.letters)
            missed = tuple(sorted(hit))
            rank = (found.gain, sum(1 << (n - m) for m in missed), len(found.left))
            if best is None or rank < order:
                best, order = Found(found.gain, missed, tuple([(own[at], leaf) for at, leaf in found.gaps]), found.left), rank
        assert best is not None
        return best


class Silence(Block):
    """A step that shows nowhere."""

    def __init__(self, purse: Purse) -> None:
        super().__init__(frozenset(), purse)
        self.starts(Found(0), 1)

    def _read(self, word: Word, begun: bool) -> Found:
        return Found(0, tuple(range(len(word))))


_Piece: TypeAlias = tuple[int, int, Found]
"""Where a piece begins, the index of its first own event, and its reading."""


class Run(Block):
    """
    One block after the other.

    `_homes` says, of a label, which kids have it, in order. A cut between two kids is tried
    between two events only where the one before may belong to the left of it and the one after to
    the right: on a clean trace, once for each pair of neighbours.
    """

    def __init__(self, kids: tuple[Block, ...], purse: Purse) -> None:
        super().__init__(frozenset().union(*(k.letters for k in kids)), purse)
        self.kids = kids
        self._homes = {x: tuple(n for n, k in enumerate(kids) if x in k.letters) for x in sorted(self.letters)}
        self._tails = [sum(len(k.idle.gaps) for k in kids[n:]) for n in range(len(kids) + 1)]
        self.starts(Found(sum(k.idle.gain for k in kids), gaps=tuple(g for k in kids for g in k.idle.gaps)), sum(k.size for k in kids) + 1)

    def _cuts(self, word: Word) -> tuple[list[list[int]], list[list[int]]]:
        """For each kid where it may end, and where its own events stand."""
        homes, edges = self._homes, len(self.kids) - 1
        cuts: list[list[int]] = [[] for _ in self.kids]
        own: list[list[int]] = [[] for _ in self.kids]
        before = 0
        for at, x in enumerate(word):
            mine = homes[x]
            for kid in mine:
                own[kid].append(at)
            for edge in range(before, mine[-1]):
                cuts[edge].append(at)
            before = mine[0]
        for edge in range(before, edges):
            cuts[edge].append(len(word))
        cuts[edges] = [len(word)]
        return cuts, own

    def _piece(self, kid: int, word: Word, own: list[int], a: int, b: int, begun: bool = False) -> tuple[int, Found]:
        """The reading by a kid of what of its own lies from *a* to *b*, and the index of the first of it."""
        block = self.kids[kid]
        if not own:
            return 0, block.rest if begun else block.idle
        low, high = bisect_left(own, a), bisect_left(own, b)
        if high - low == b - a:
            return low, block.read(word[a:b], begun)
        return low, block.read(tuple([word[at] for at in own[low:high]]), begun)

    def _read(self, word: Word, begun: bool) -> Found:
        n = len(word)
        cuts, own = self._cuts(word)
        reach = {0: 0}
        trail: list[dict[int, _Piece]] = []
        ends: list[tuple[int, int, int, int]] = []
        for kid, rights in enumerate(cuts):
            if begun:
                ends += [self._end(kid, word, own[kid], a, value) for a, value in reach.items()]
            back: dict[int, _Piece] = {}
            if len(reach) == 1 and len(rights) == 1 and not begun:
                (a,), (b,) = reach, rights
                back[b] = (a, *self._piece(kid, word, own[kid], a, b))
                reach = {b: 0}
            else:
                reach = self._reach(kid, word, own[kid], reach, rights, back)
            trail.append(back)
        if not begun:
            return self._told(word, own, trail, len(self.kids), n, None)
        _, _, kid, a = min(ends)
        return self._told(word, own, trail, kid, a, self._piece(kid, word, own[kid], a, n, True))

    def _value(self, own: list[int], low: int, found: Found, n: int, upto: int) -> int:
        """The gain of a piece with, below it, a bit for each event matched, the earlier the heavier."""
        value = found.gain << n
        for at in own[low:upto]:
            value -= 1 << (n - 1 - at)
        for m in found.missed:
            value += 1 << (n - 1 - own[low + m])
        return value

    def _reach(self, kid: int, word: Word, own: list[int], reach: dict[int, int], rights: list[int], back: dict[int, _Piece]) -> dict[int, int]:
        """The best value at each cut right of a kid, from those left of it."""
        n, after = len(word), dict[int, int]()
        self.purse.spend(len(reach) * len(rights))
        for b in rights:
            upto = bisect_left(own, b)
            best = None
            for a, before in reach.items():
                if a <= b:
                    low, found = self._piece(kid, word, own, a, b)
                    value = before + self._value(own, low, found, n, upto)
                    if best is None or value < best:
                        best = value
                        back[b] = (a, low, found)
            if best is not None:
                after[b] = best
        return after

    def _end(self, kid: int, word: Word, own: list[int], a: int, value: int) -> tuple[int, int, int, int]:
        """What it is worth to be in the middle of a kid from *a* on, when the word ends."""
        low, found = self._piece(kid, word, own, a, len(word), True)
        return value + self._value(own, low, found, len(word), len(own)), len(found.left) + self._tails[kid + 1], kid, a

    def _told(self, word: Word, own: list[list[int]], trail: list[dict[int, _Piece]], kids: int, b: int, last: tuple[int, Found] | None) -> Found:
        """The reading of the whole, from the pieces of the first *kids* and the beginning of one more."""
        n = len(word)
        pieces: list[tuple[int, int, int, Found]] = []
        left: list[int] = []
        if last is not None:
            pieces.append((kids, n, *last))
            left += last[1].left
            for later in self.kids[kids + 1 :]:
                left += later.rest.left
        for kid in range(kids - 1, -1, -1):
            a, low, found = trail[kid][b]
            pieces.append((kid, b, low, found))
            b = a
        gain, gaps, hit = 0, list[tuple[int, int]](), [False] * n
        for kid, b, low, found in reversed(pieces):
            gain += found.gain
            mine = own[kid]
            upto = bisect_left(mine, b) if mine else 0
            for at in mine[low:upto]:
                hit[at] = True
            for m in found.missed:
                hit[mine[low + m]] = False
            for at, leaf in found.gaps:
                gaps.append((mine[low + at] if low + at < upto else b, leaf))
        return Found(gain, tuple([at for at in range(n) if not hit[at]]), tuple(gaps), tuple(left))
