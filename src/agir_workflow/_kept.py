"""
Answers kept beside a view, and which of them a new fact leaves standing.

A view's tables are told apart by keys; each key has one bit, the same for all views that come
of one another. An answer is kept with the bits of the tables that it was read from. A fact touches
some tables: an answer that read none of them holds in the next view too.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeAlias

DEPTH = 24
"""How many facts back an answer is looked for; one that nobody asked again for so long is made anew."""


Kept: TypeAlias = tuple[int, object]
"""The tables that an answer was read from, and the answer: a plain pair, for each row of each check makes one."""
Own: TypeAlias = dict[Hashable, Kept]


class _Fact:
    """What one fact touched; its bits are looked up when an answer from before it is asked for."""

    __slots__ = ("_mask", "_touched")

    def __init__(self, touched: Sequence[Hashable]) -> None:
        self._touched, self._mask = touched, 0

    def mask(self, answers: Answers) -> int:
        if not self._mask:
            mask = 0
            for key in self._touched:
                mask |= answers.bit(key)
            self._mask = mask
        return self._mask


class Answers:
    """
    What was answered of one view; `find` also looks in those it came of.

    Each view writes in its own table alone, so that two views that come of one do not disturb each
    other; a reader in another thread finds an answer or does not.
    """

    __slots__ = ("_bits", "_followed", "_past", "own")

    def __init__(self, bits: dict[Hashable, int] | None = None, past: tuple[tuple[_Fact, Own], ...] = ()) -> None:
        self._bits: dict[Hashable, int] = {} if bits is None else bits
        self._past = past
        self._followed = False
        self.own: Own = {}

    def bit(self, key: Hashable) -> int:
        """The bit of a table; two threads that ask for new ones may get the same, which only forgets more."""
        return self._bits.get(key) or self._bits.setdefault(key, 1 << len(self._bits))

    def after(self, touched: Sequence[Hashable]) -> Answers:
        """The answers of the view after a fact that touched these tables."""
        return Answers(self._bits, ((_Fact(touched), self.own), *self._past[: DEPTH - 1]))

    @property
    def are_noted(self) -> bool:
        """Whether what an answer was read from is worth noting: there was a view before this one, or others are to come of it."""
        return bool(self._past) or self._followed

    def note(self) -> None:
        """Notes what answers are read from, although no view was before this one: of a dossier of which many are to come."""
        self._followed = True

    def stands_on(self, other: Answers) -> bool:
        """Whether the two name their tables by the same bits: one view came of the other."""
        return self._bits is other._bits

    def find(self, key: Hashable) -> Kept | None:
        """The answer under a key, where nothing that it was read from has been touched since; else None."""
        found = self.own.get(key)
        if found is not None:
            return found
        touched = 0
        for n, (_, own) in enumerate(self._past):
            found = own.get(key)
            if found is not None:
                for fact, _ in self._past[: n + 1]:
                    touched |= fact.mask(self)
                if found[0] & touched:
                    return None
                self.own[key] = found
                return found
        return None
