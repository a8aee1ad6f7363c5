"""
The default planner: exact, in pure Python.

Lags and holes alone need no search: the smallest fixpoint of their bounds is the earliest solution, in
every step at once (and, in mirrored time, the latest). What may not overlap needs it: where two clash, one
goes a day later or the other; depth first, and back past every choice that a dead end does not depend on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from ._descent import Core, Search
from ._grid import Grid, Model, narrowed
from .explain import Unknown, conflicts, minimal, reasons
from .problem import Problem, Solved, Status, Unsolvable
from .verify import violations

LIMIT = 20_000
"""Pairs ordered in one search before it gives up and repairs greedily (see `Search.settle`)."""
_LIMIT_KEPT = 500
_LIMIT_CONFLICT = 2_000
_MANY_KEYS = 40
"""Of a conflict of more keys one is dropped only where bounds and counted days alone still exclude the rest: to search so many steps, as crowded as can be, is slow and all but sure to give up."""


def solve(problem: Problem, *, backward: bool = False) -> Solved | Unsolvable:
    """
    A day for every variable, as early as can be (`backward`: as late), and the keys that hold it there.

    Exact: without `prefer`, apart and choices, no solution has any step earlier (later); with them, none beside the days kept
    ends earlier (begins later), as far as searches of 500 pairs show, and no single step could be earlier, the others staying. Preferred days are kept where that is possible: all of them or
    else, in the order of days, each that can be kept beside those kept before. The same problem has the same answer
    (a plan: in whatever order the problem's tuples are), and a plan has been judged by `verify.violations`.

    `because` holds, for a planned step, the keys of what is binding from below (backward: from above) and of what
    excludes the days between that and the step; `start` (`end`) where nothing else does; () for what was held,
    `fix @ id` for what is fixed, `adopted` for a preferred day that is kept.

    `Unsolvable` gives minimal conflicts: without any one of its keys, the rest of a conflict can be met (on a
    horizon reaching, without `start` or `end`, three years or more beyond). `proved` is False where the search gave up
    before it found either a plan or a proof that there is none; its conflicts are then empty. `minimal` is False where
    it gave up only while dropping keys: the one conflict then given may hold a key too many.

    Lags between held steps are ignored; `start` and `end` bind fixed steps too; a lag with `min` ≥ 0 never lets
    `b` come before `a`. ValueError for a problem that is none: an unknown or repeated id, a held or fixed step
    without a day.
    """
    _refuse_nonsense(problem)
    search = Search(Model(problem, Grid(problem, mirrored=backward)))
    if search.core is not None:
        return _why_not(problem, mirrored=backward)
    kept, found = _keep_preferred(search)
    mirrored = backward
    if isinstance(found, list):
        found = _ended_sooner(problem, search, found)
    elif found is None:
        found, mirrored = _second_try(problem, search), not backward
    if isinstance(found, list):
        return _answer(problem, search.model, found, kept)
    return _why_not(problem, mirrored=mirrored)


def earliest(problem: Problem) -> dict[str, dt.date] | None:
    """The first day of each variable by its lags and holes alone, nobody kept apart and no day preferred; None where those exclude each other."""
    search = Search(Model(problem, Grid(problem)))
    if search.core is not None:
        return None
    return {v.id: search.model.grid.day(search.lo[n]) for n, v in enumerate(search.model.variables)}


def _second_try(problem: Problem, search: Search) -> list[int] | Core | None:
    """After a search without an end: days found greedily, or what the search from the other end finds."""
    other = Search(Model(problem, Grid(problem, mirrored=not search.model.grid.mirrored)))
    assert other.core is None, "what can be met from one end can be met from the other"
    repaired = _repair(search, other)
    if repaired is not None:
        return repaired
    found = other.settle(LIMIT)
    if not isinstance(found, list):
        return found
    last = search.model.grid.size - 1
    return [last - found[other.model.number[v.id]] for v in search.model.variables]


def _refuse_nonsense(problem: Problem) -> None:
    ids = [v.id for v in problem.variables]
    known = set(ids)
    faults = [f"{id} is there twice" for id in sorted(known) if ids.count(id) > 1]
    faults += [
        f"{v.id} is {v.status} without a day"
        for v in problem.variables
        if v.status is not Status.PLANNED and v.day is None
    ]
    named = {lag.a for lag in problem.lags} | {lag.b for lag in problem.lags}
    named |= {member for apart in problem.apart for member in apart.members}
    named |= {end for choice in problem.choices for lag in choice.options for end in (lag.a, lag.b)}
    faults += [f"the choice {choice.key} has no option" for choice in problem.choices if not choice.options]
    faults += [f"{id} is no variable" for id in sorted(named - known)]
    if faults:
        raise ValueError("; ".join(faults))


def _keep_preferred(search: Search) -> tuple[frozenset[int], list[int] | Core | None]:
    """Lock the preferred days that can be kept; who they are, and what was then found (None: not known)."""
    model = search.model
    wishes: list[tuple[dt.date, int, str, int]] = []
    for v, variable in enumerate(model.variables):
        if variable.prefer is not None and variable.status is Status.PLANNED:
            index = model.grid.index(variable.prefer)
            if index >= 0 and model.domain[v] >> index & 1:
                wishes.append((variable.prefer, variable.rank, variable.id, v))
    ordered = [v for _, _, _, v in sorted(wishes)]
    best = _lock_all(search, ordered) if ordered else None
    if best is None:
        found = search.settle(LIMIT)
        if not isinstance(found, list):
            return frozenset(), found
        best = _lock_some(search, ordered) or found
    return frozenset(search.locked), best


def _lock_some(search: Search, wishes: list[int]) -> list[int] | None:
    """
    Lock, one after the other, those of *wishes* that can be kept beside those before, and give the last days found.

    They are known not to be kept all: so halves are tried, which asks far less often than each alone.
    """
    if len(wishes) < 2:
        return None
    best: list[int] | None = None
    for half in (wishes[: len(wishes) // 2], wishes[len(wishes) // 2 :]):
        best = _lock_all(search, half) or _lock_some(search, half) or best
    return best


def _lock_all(search: Search, wishes: list[int]) -> list[int] | None:
    """Lock all of *wishes* and give days that keep them; None, and nothing locked, where none are found."""
    model = search.model
    before = search.mark()
    for v in wishes:
        prefer = model.variables[v].prefer
        assert prefer is not None
        if not search.lock(v, model.grid.index(prefer)):
            break
    else:
        found = search.settle(_LIMIT_KEPT)
        if isinstance(found, list):
            return found
    search.unlock(wishes, before)
    return None


def _ended_sooner(problem: Problem, search: Search, days: list[int]) -> list[int]:
    """
    The same, or days that end sooner: of two that clash, and of several ways of a choice, the search takes what delays least there and then.

    The end is halved between that of the bounds alone and the one found, each half asked for once: of a search that gives up, days found greedily.
    """
    ahead = [v for v, held in enumerate(search.model.held) if not held]
    lower, last = (max((lo[v] for v in ahead), default=0) for lo in (search.lo, days))
    if not any(search.model.clashes) and not search.model.choices:
        return days
    whole = list(search.domain)
    other: Search | None = None
    while lower < last:
        sought = (lower + last) // 2
        search.domain = [bits if search.model.held[v] else bits & ((2 << sought) - 1) for v, bits in enumerate(whole)]
        found = search.settle(_LIMIT_KEPT)
        if found is None:
            other = other or Search(Model(problem, Grid(problem, mirrored=not search.model.grid.mirrored)))
            found = _repair(search, other)
        if isinstance(found, list):
            days, last = found, max(found[v] for v in ahead)
        else:
            lower = sought + 1
    search.domain = whole
    return days


def _repair(search: Search, other: Search) -> list[int] | None:
    """
    Days without a clash, found by letting those with the earlier deadline go first and never looking back.

    The deadlines come from *other*, the same search in mirrored time. None where that leads nowhere.
    """
    size = search.model.grid.size
    deadline = {search.model.number[v.id]: size - 1 - other.lo[n] for n, v in enumerate(other.model.variables)}
    before = search.mark()
    found: list[int] | None = None
    while True:
        pair = search.first_clash()
        if pair is None:
            found = list(search.lo) if search.unmet() is None else None
            break
        first, second = sorted(pair, key=lambda v: (deadline[v], v))
        if not search.delay(second) and not search.delay(first):
            break
    search.back_to(before)
    return found


def _polish(model: Model, lo: list[int], kept: Collection[int]) -> None:
    """Move single steps earlier for as long as one can be: a choice made for a clash may have outlived it."""
    moved = True
    while moved:
        moved = False
        for v in sorted(range(len(lo)), key=lambda v: (lo[v], v)):
            if v in kept or model.held[v] or model.fixed[v]:
                continue
            least = max((bound for bound, _ in _bounds(model, lo, v)), default=0)
            free = model.domain[v] & ((1 << lo[v]) - 1) & ~((1 << least) - 1)
            for u in model.clashes[v]:
                free &= ~(1 << lo[u])
            if free:
                lo[v] = (free & -free).bit_length() - 1
                moved = True


def _bounds(model: Model, lo: list[int], v: int) -> list[tuple[int, str]]:
    """The first day that each lag, and the horizon, allows to *v* where the others are."""
    bounds = [(edge.bound(lo[edge.src]), str(edge.tag)) for edge in model.into[v] if edge.src != v]
    for key, ways in model.choices:
        open_ = [max((edge.bound(lo[edge.src]) for edge in way if edge.dst == v), default=0) for way in ways
                 if all(edge.bound(lo[edge.src]) <= lo[edge.dst] for edge in way if edge.dst != v)]  # fmt: skip
        bounds += [(least, key)] if (least := min(open_, default=0)) > 0 else []
    return [*bounds, (model.low, str(model.low_key))]


def _answer(problem: Problem, model: Model, lo: list[int], kept: Collection[int]) -> Solved:
    if any(model.clashes) or model.choices:
        _polish(model, lo, kept)
    days = {v.id: model.grid.day(lo[n]) for n, v in enumerate(model.variables)}
    broken = violations(problem, days)
    if broken:
        raise AssertionError(f"the planner's answer breaks {broken}")
    ids = [v.id for v in problem.variables]
    return Solved(
        days=tuple((id, days[id]) for id in ids),
        because=tuple((id, _because(model, lo, kept, model.number[id])) for id in ids),
    )


def _because(model: Model, lo: list[int], kept: Collection[int], v: int) -> tuple[str, ...]:
    fixed = model.fixed[v]
    if model.held[v] or fixed:
        return (fixed,) if fixed else ()
    if v in kept:
        return ("adopted",)
    blocks = [(blocked, key) for key, blocked in model.blocks[v]]
    for u, key in model.clashes[v].items():
        blocks.append((1 << lo[u], key))
        blocks += [(1 << lo[u], fix) for fix in (model.fixed[u],) if fix]
    return reasons(lo[v], _bounds(model, lo, v), blocks)


def _why_not(problem: Problem, *, mirrored: bool) -> Unsolvable:
    """The minimal conflicts, found by the direction that proved that there is one."""
    grid = Grid(problem, mirrored=mirrored, far=True)

    def core_of(keys: frozenset[str], limit: int = _LIMIT_CONFLICT) -> frozenset[str] | None:
        model = Model(narrowed(problem, keys), grid, keys)
        model.leave_out_spare()
        search = Search(model)
        found = search.core if search.core is not None else search.settle(limit) if limit else search.crowded()
        if found is None:
            raise Unknown
        return frozenset(str(key) for key in found) if isinstance(found, set) else None

    def within(keys: frozenset[str]) -> frozenset[str] | None:
        return core_of(keys, _LIMIT_CONFLICT if len(keys) < _MANY_KEYS else 0)

    keys = _keys(problem)
    try:
        first = core_of(keys, LIMIT)
    except Unknown:
        first = None
    if first is None:
        return Unsolvable(conflicts=(), proved=False)
    if len(first) > _MANY_KEYS:
        fewer, sure = minimal(first, within)
        if not sure:
            return Unsolvable(conflicts=(fewer,), minimal=False)
        first = frozenset(fewer)
    listed, sure = conflicts(keys, core_of, first)
    return Unsolvable(conflicts=listed, minimal=sure)


def _keys(problem: Problem) -> frozenset[str]:
    keys = {"start", "end"}
    keys |= {lag.key for lag in problem.lags} | {apart.key for apart in problem.apart} | {choice.key for choice in problem.choices}
    for variable in problem.variables:
        keys |= {hole.key for hole in variable.holes}
        if variable.status is Status.FIXED:
            keys.add(f"fix @ {variable.id}")
    return frozenset(keys)
