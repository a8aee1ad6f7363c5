"""
Why a day and no earlier one; why no plan at all. Pure, over indices of days, bit sets and keys.

A day is an index; a set of days is an int whose bit n stands for day n. «Earlier» is the direction of
the search: a search from the end backwards hands in mirrored indices.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable

MANY = 3
"""At most so many conflicts are looked for,"""
TRIES = 20
"""with so many attempts."""

Core = Callable[[frozenset[str]], frozenset[str] | None]
"""Given the keys that are asked for: a part of them that cannot be met together, or None where none is known."""


def reasons(day: int, bounds: Collection[tuple[int, str]], blocks: Collection[tuple[int, str]]) -> tuple[str, ...]:
    """
    The keys that keep a step on *day*, sorted, each once.

    *bounds* are the first days that something allows, each with its key; *blocks* are sets of days that
    something excludes, each with its key. Named are the highest bound and what blocks every day from it
    to *day*. Without all constraints that carry a named key, an earlier day is free: where lifting the
    bound would not be enough, what blocks the days below it is named too.
    """
    highest = max((bound for bound, _ in bounds), default=0)
    named = {key for bound, key in bounds if bound == highest}
    named |= _blocking(highest, day, blocks)
    left = [bound for bound, key in bounds if key not in named]
    if not left:
        return tuple(sorted(named))
    second = max(left)
    open_blocks = [(mask, key) for mask, key in blocks if key not in named]
    taken = 0
    for mask, _ in open_blocks:
        taken |= mask
    if not _between(second, day) & ~taken:
        named |= _blocking(second, day, open_blocks)
    return tuple(sorted(named))


def _between(first: int, after: int) -> int:
    """The days from *first* to the one before *after*."""
    return ((1 << after) - 1) & ~((1 << first) - 1)


def _blocking(first: int, after: int, blocks: Iterable[tuple[int, str]]) -> set[str]:
    days = _between(first, after)
    return {key for mask, key in blocks if mask & days}


def minimal(keys: Collection[str], core_of: Core) -> tuple[str, ...]:
    """
    A part of the unmeetable *keys* from which no key can be dropped, sorted.

    Keys are tried in their order, so that the same keys give the same part. Where *core_of* gives up
    (None without proof), a key stays: the part is then still unmeetable, perhaps not minimal.
    """
    conflict = frozenset(keys)
    for key in sorted(conflict):
        if key in conflict:
            # A fresh core is often far smaller than what it was found in. A key that was needed before
            # is in it: without that key, more could be met than is asked for now.
            conflict = core_of(conflict - {key}) or conflict
    return tuple(sorted(conflict))


def conflicts(keys: Collection[str], core_of: Core, first: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """
    Minimal conflicts among *keys*, at most `MANY`, the shortest first, then in order of keys.

    *first* is one unmeetable part of *keys*. Others are found by lifting one key of each conflict known,
    the fewest first: what then still cannot be met holds another conflict.
    """
    found: list[tuple[str, ...]] = [minimal(first, core_of)]
    tries = 0
    todo: deque[frozenset[str]] = deque([frozenset()])
    seen = set(todo)
    while todo and len(found) < MANY and tries < TRIES:
        lifted = todo.popleft()
        conflict = next((known for known in found if lifted.isdisjoint(known)), None)
        if conflict is None:
            tries += 1
            core = core_of(frozenset(keys) - lifted)
            if core is None:
                continue
            conflict = minimal(core, core_of)
            found.append(conflict)
        for key in conflict:
            more = lifted | {key}
            if more not in seen:
                seen.add(more)
                todo.append(more)
    return tuple(sorted(found, key=lambda conflict: (len(conflict), conflict)))
