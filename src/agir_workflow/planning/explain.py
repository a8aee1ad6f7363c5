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
"""Given the keys that are asked for: a part of them that cannot be met together, None where they can. Raises Unknown."""


class Unknown(Exception):
    """A search gave up before it could tell whether some keys can be met together."""


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


def minimal(keys: Collection[str], core_of: Core) -> tuple[tuple[str, ...], bool]:
    """
    A part of the unmeetable *keys* from which no key can be dropped, sorted; and whether that is sure.

    Keys are tried in their order, so that the same keys give the same part. Where *core_of* gives up, a
    key stays, and is tried once more when the others have gone: not sure if it gives up again.
    """
    conflict = frozenset(keys)
    left = sorted(conflict)
    for _ in range(2):
        unsure: list[str] = []
        before = conflict
        for key in left:
            if key not in conflict:
                continue
            try:
                # A fresh core is often far smaller than what it was found in. A key that was needed before
                # is in it: without that key, more could be met than is asked for now.
                conflict = core_of(conflict - {key}) or conflict
            except Unknown:
                unsure.append(key)
        left = unsure
        if conflict == before:  # none has gone: the same questions again
            break
    return tuple(sorted(conflict)), not conflict.intersection(left)


def conflicts(keys: Collection[str], core_of: Core, first: Collection[str]) -> tuple[tuple[tuple[str, ...], ...], bool]:
    """
    Minimal conflicts among *keys*, at most `MANY`, the shortest first, then in order of keys; and whether they are.

    *first* is one unmeetable part of *keys*. Others are found by lifting one key of each conflict known,
    the fewest first: what then still cannot be met holds another conflict. One that may hold a key too many
    is listed only where no other is known: then they are not sure to be minimal.
    """
    found: dict[tuple[str, ...], bool] = dict([minimal(first, core_of)])
    tries = 0
    todo: deque[frozenset[str]] = deque([frozenset()])
    seen = set(todo)
    while todo and len(found) < MANY and tries < TRIES:
        lifted = todo.popleft()
        conflict = next((known for known in found if lifted.isdisjoint(known)), None)
        if conflict is None:
            tries += 1
            try:
                core = core_of(frozenset(keys) - lifted)
            except Unknown:
                core = None
            if core is None:
                continue
            conflict, sure = minimal(core, core_of)
            found[conflict] = sure
        for key in conflict:
            more = lifted | {key}
            if more not in seen:
                seen.add(more)
                todo.append(more)
    listed = [c for c, sure in found.items() if sure] or list(found)
    return tuple(sorted(listed, key=lambda conflict: (len(conflict), conflict))), any(found.values())
