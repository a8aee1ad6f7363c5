"""
Loops, and branches in parallel that share labels: the blocks that no projection takes apart.

A loop is cut into rounds, which is cubic in its events; where those are many and its states few,
and wherever branches in parallel share a label, the states themselves are walked, event by event.
"""

from __future__ import annotations

from typing import TypeAlias

from ._align_states import Walk
from ._align_tree import Block, Found, Purse, Word, too_hard
from .words import Text

_FEW = 12
"""Events of one loop up to which its rounds are compared."""
_MANY = 300
"""Events of one loop from which they no longer are."""

_Reach: TypeAlias = tuple[int, int] | None
"""The value of having done a part up to a cut, and where that part began: -1 for the first body of all."""


class Knot(Block):
    """Branches in parallel that share labels."""

    def __init__(self, letters: frozenset[str], idle: Found, walk: Walk, size: int, purse: Purse) -> None:
        super().__init__(letters, purse)
        self.walk = walk
        self.starts(idle, size)

    def _read(self, word: Word, begun: bool) -> Found:
        return self.walk.read(word, begun)


class Loop(Block):
    """A body, then any number of times a step back and the body again."""

    def __init__(self, body: Block, again: Block, walk: Walk, purse: Purse) -> None:
        super().__init__(body.letters | again.letters, purse)
        self.parts, self.walk = (body, again), walk
        self.starts(Found(body.idle.gain, gaps=body.idle.gaps), body.size + again.size)

    def _read(self, word: Word, begun: bool) -> Found:
        if len(word) > _FEW and self.size * len(word) <= self.walk.most:
            return self.walk.read(word, begun)
        if len(word) > _MANY:
            raise too_hard(Text(f"{len(word)} événements dans une même boucle", f"{len(word)} events in one loop"))
        done = self._rounds(word)
        return self._unfinished(word, done) if begun else self._told(word, done, 0, len(word), None)

    def _piece(self, part: int, word: Word, a: int, b: int, begun: bool = False) -> tuple[int, Found, list[int]]:
        """A part on what lies from *a* to *b*: its gain and, below it, a bit for each match; its reading; its events."""
        block, n = self.parts[part], len(word)
        own = [at for at in range(a, b) if word[at] in block.letters]
        found = block.read(tuple([word[at] for at in own]), begun)
        value = found.gain << n
        for at in own:
            value -= 1 << (n - 1 - at)
        for m in found.missed:
            value += 1 << (n - 1 - own[m])
        return value, found, own

    def _rounds(self, word: Word) -> tuple[list[_Reach], list[_Reach]]:
        """
        The best cuts into rounds: for body and step back, what it is worth to have done it up to each cut.

        A part that is not the first begins with an event of its own, and one that is not the last
        ends with one: any other event there could go to the part beside it for nothing.
        """
        n = len(word)
        idle = [block.idle.gain << n for block in self.parts]
        mine = [[x in block.letters for x in word] for block in self.parts]
        done: tuple[list[_Reach], list[_Reach]] = ([], [])
        for c in range(n + 1):
            self.purse.spend(c + 1)
            best: list[_Reach] = [None, None]
            for part in (0, 1):
                if c and not mine[part][c - 1] and (part or c < n):
                    continue
                if not part:
                    best[0] = (self._piece(0, word, 0, c)[0], -1)
                for a in range(c):
                    before = done[1 - part][a]
                    if before is not None and mine[part][a]:
                        value = before[0] + self._piece(part, word, a, c)[0]
                        if best[part] is None or value < best[part][0]:  # type: ignore[index]
                            best[part] = (value, a)
            for part in (1, 0):  # the step back after a body, then the body after a step back, with no event at all
                before, now = best[1 - part], best[part]
                if before is not None and before[1] != c and (now is None or before[0] + idle[part] < now[0]):
                    best[part] = (before[0] + idle[part], c)
            done[0].append(best[0])
            done[1].append(best[1])
        return done

    def _unfinished(self, word: Word, done: tuple[list[_Reach], list[_Reach]]) -> Found:
        """The best beginning of a run: over after a body, or in the middle of either part."""
        n, body = len(word), self.parts[0]
        whole = done[0][n]
        assert whole is not None
        ends = [(whole[0], 0, 0, n, -1), (*self._open_end(0, word, 0), 1, 0, 0)]
        for a in range(n + 1):
            for part in (0, 1):
                before = done[1 - part][a]
                if before is not None:
                    value, left = self._open_end(part, word, a)
                    ends.append((before[0] + value, left + part * len(body.rest.left), 2, a, part))
        _, _, how, a, part = min(ends)
        if how == 0:
            return self._told(word, done, 0, n, None)
        _, found, own = self._piece(part, word, a, n, True)
        last = (found._replace(left=found.left + (body.rest.left if part else ())), own)
        return self._told(word, done, 1 - part, a if how == 2 else -1, last)

    def _open_end(self, part: int, word: Word, a: int) -> tuple[int, int]:
        value, found, _ = self._piece(part, word, a, len(word), True)
        return value, len(found.left)

    def _told(self, word: Word, done: tuple[list[_Reach], list[_Reach]], part: int, c: int, last: tuple[Found, list[int]] | None) -> Found:
        """The reading of the whole: the parts done up to a cut (none where it is -1), and the last, unfinished one."""
        n = len(word)
        pieces = [(n, *last)] if last else []
        while c >= 0:
            reach = done[part][c]
            assert reach is not None
            _, found, own = self._piece(part, word, max(reach[1], 0), c)
            pieces.append((c, found, own))
            part, c = 1 - part, reach[1]
        gain, gaps, hit = 0, list[tuple[int, int]](), [False] * n
        for end, found, own in reversed(pieces):
            gain += found.gain
            for m, at in enumerate(own):
                hit[at] = m not in found.missed
            gaps += [(own[at] if at < len(own) else end, leaf) for at, leaf in found.gaps]
        return Found(gain, tuple([at for at in range(n) if not hit[at]]), tuple(gaps), last[0].left if last else ())
