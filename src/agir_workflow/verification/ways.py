"""
What several requirements do together: every way through the few steps that they speak of.

Rows that can each be met may together leave a step no place, or a run no end. No relation of two steps
shows that, so states are searched; not those of the tree, but of what is left of it once whatever no
row speaks of is drawn together (`Drawn`), rows that cannot meet being searched apart (`apart`), states that differ
only in which lane is which taken for one, and a step that nothing can stop and that stops nothing done at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import attrs

from ..tree import Node, Op, Tree
from ..words import LeafId
from .bits import Bits
from .named import At, deciding, undecided
from .needs import Need
from .order import Order

LIMIT = 20_000
"""Moves tried for one group of rows: past it, what they do together is not known, and is said not to be."""

State = tuple[int, int, frozenset[LeafId]]
"""Where a run stands in the tree; which needs are met, or will never be read again; and words: of the last decisions, of how often, of what was done that a need is asked for."""


@attrs.frozen
class Stuck:
    """
    A run after which `later` is refused for ever, for want of one of `missing`.

    `dead`: the end can then no longer be reached; `avoidable`: other runs reach it; `decided`: they were done, and decided otherwise.
    """

    run: tuple[LeafId, ...]
    later: LeafId | None
    missing: tuple[LeafId, ...]
    dead: bool
    avoidable: bool
    decided: bool = False
    there: At = ()
    """The instances with which it gets stuck, where more than one of a kind have to be there."""


class _Decisions:
    """
    What the last decision of some bodies was, where rows want different ones.

    A value that suits no row more than another does is never taken, where it is not *offered*: it would only be worse.
    """

    def __init__(self, needs: Iterable[Need], offered: Mapping[LeafId, Sequence[str]]) -> None:
        wants = [x for x in needs if x.values]
        self._bodies = list(dict.fromkeys(x.earlier for x in wants))
        self._values: dict[LeafId, list[str]] = {}
        for body in dict.fromkeys(x for bodies in self._bodies for x in bodies):
            values = (*offered.get(body, ()), *(v for x in wants if body in x.earlier for v in x.values))
            suits = {v: frozenset(n for n, x in enumerate(wants) if body in x.earlier and v in x.values) for v in values}
            self._values[body] = [v for n, v in enumerate(suits) if not any((suits[v] < suits[w] and body not in offered) or (suits[v] == suits[w] and m < n) for m, w in enumerate(suits))]
        self.of = {self._said(bodies, v): bodies for bodies in self._bodies for x in bodies for v in self._values[x]}
        """For each word that stands for a last decision, whose it was."""

    def wanted(self, need: Need) -> frozenset[LeafId]:
        return frozenset(word for v in need.values if (word := self._said(need.earlier, v)) in self.of)

    def taken(self, step: LeafId) -> list[tuple[LeafId, frozenset[LeafId]]]:
        """The decisions that a step may take, each with what it makes the last one; itself, where it takes none."""
        return [(deciding(step, v), frozenset(self._said(x, v) for x in self._bodies if step in x)) for v in self._values.get(step, ())] or [(step, frozenset())]

    def undone(self, step: LeafId) -> frozenset[LeafId]:
        """What a decision of a step makes the last one no more."""
        return frozenset(word for word, bodies in self.of.items() if step in bodies) if step in self._values else frozenset()

    def _said(self, bodies: tuple[LeafId, ...], value: str) -> LeafId:
        return deciding(LeafId("|".join(bodies)), value)


@attrs.frozen
class Alike:
    """Two lanes, or other blocks, that may change places: which steps, which bits of a state and which of its needs go with them."""

    names: Mapping[LeafId, LeafId]
    bits: tuple[tuple[int, int], ...]
    needs: tuple[tuple[int, int], ...]

    @classmethod
    def made(cls, tree: Tree, bits: Bits, needs: Sequence[Need], same: Mapping[LeafId, LeafId]) -> Alike | None:
        """None where the tree or the needs are not the same once they have changed places, or steps with decisions change theirs. A step that stands for several lanes stays."""
        names = {a: b for a, b in same.items() if a in bits.of and b in bits.of}
        if not names or any(names.keys() & {*x.once, *(x.earlier if x.values or x.times > 1 else ())} for x in needs):
            return None
        place = {_meaning(x): n for n, x in enumerate(needs)}
        moved = [place.get(_meaning(attrs.evolve(x, earlier=tuple(names.get(a, a) for a in x.earlier), later=x.later and names.get(x.later, x.later)))) for x in needs]
        if None in moved or _shape(tree.root, names) != _shape(tree.root, {}):
            return None
        pairs = [(n, m) for n, m in enumerate(moved) if m is not None and n < m]
        steps = [(bits.of[a], bits.of[b]) for a, b in names.items() if bits.of[a] < bits.of[b]]
        return cls(names, _turns(steps), _turns((1 << n, 1 << m) for n, m in pairs))

    def swapped(self, bits: int, met: int) -> tuple[int, int]:
        return _swapped(bits, self.bits), _swapped(met, self.needs)


def _meaning(need: Need) -> tuple[object, ...]:
    """What a need asks, whichever row it comes from."""
    return frozenset(need.earlier), need.later, need.values, frozenset(need.once), need.times


def _counted(steps: Iterable[LeafId], times: int) -> LeafId:
    """The word for steps done so often."""
    return LeafId(f"{'|'.join(steps)}*{times}")


def _steps_counted(word: LeafId) -> list[LeafId]:
    """The steps of such a word; of a step, itself."""
    return [LeafId(x) for x in word.partition("*")[0].split("|")]


def _turns(pairs: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Bits that change places, the lower ones of each distance together, and that distance."""
    found: dict[int, int] = {}
    for low, high in pairs:
        apart = high.bit_length() - low.bit_length()
        found[apart] = found.get(apart, 0) | low
    return tuple((low, apart) for apart, low in found.items())


def _swapped(number: int, turns: Iterable[tuple[int, int]]) -> int:
    for low, apart in turns:
        other = (number ^ (number >> apart)) & low
        number ^= other | (other << apart)
    return number


def siblings(node: Node) -> Iterator[dict[LeafId, LeafId]]:
    """Blocks that stand side by side and are made alike: the steps of each, by those of its neighbour."""
    made: dict[object, list[LeafId]] = {}
    for kid in node.kids:
        yield from siblings(kid)
        if node.op in (Op.PAR, Op.CHOICE):
            own, like = [x.leaf for x in kid.leaves()], _made(kid)
            if before := made.get(like):
                yield {a: b for one, two in zip(before, own, strict=True) for a, b in ((one, two), (two, one))}
            made[like] = own


def _made(node: Node) -> tuple[object, ...]:
    return (node.op.value, *map(_made, node.kids))


def _shape(node: Node, names: Mapping[LeafId, LeafId]) -> tuple[object, ...]:
    """A tree as a value, its steps under other names; what stands side by side in one order."""
    if node.op is Op.LEAF:
        return (node.op.value, names.get(node.leaf, node.leaf))
    kids = [_shape(kid, names) for kid in node.kids]
    return (node.op.value, *(sorted(kids, key=repr) if node.op in (Op.PAR, Op.CHOICE) else kids))


class Ways:
    """
    Every state that the tree and some needs let a run come to; `known` is False where that takes more than *limit* moves.

    *brief*: a step that has to be done, that waits for nothing and closes nothing is done first, alone. Whatever
    could be reached without it can be reached after it, so nothing is lost but the shortest run. Of states that are
    alike but for the lanes, by one or another of *alike*, one is gone on with. *offered*: decisions that are tried though they suit no row.
    """

    def __init__(self, root: Node, free: Sequence[LeafId], needs: Sequence[Need], *, limit: int = LIMIT, brief: bool = True, alike: Iterable[Mapping[LeafId, LeafId]] = (), offered: Mapping[LeafId, Sequence[str]] | None = None) -> None:
        self._free, self._brief = tuple(free), brief
        self._needs = tuple({_meaning(x): x for x in needs}.values())
        self._last = _Decisions(self._needs, offered or {})
        self._tree = Tree(root, self._free)
        self._order = Order(self._tree)
        self._bits = Bits(self._tree, self._order)
        self._counts = list(dict.fromkeys((x.earlier, x.times) for x in self._needs if x.times > 1))
        self._tallies = frozenset(_counted(steps, times) for steps, times in self._counts)
        self._noted = {*self._free, *(x for need in self._needs for x in need.once)}
        # What a decision may yet change, or a step that is done or not yet: before and after are not alike.
        self._unsure = {*self._noted, *(x for need in self._needs for x in (*(need.earlier if need.values else ()), *((need.later,) if need.once else ())))}
        self._wants: dict[LeafId | None, list[tuple[int, frozenset[LeafId], frozenset[LeafId]]]] = {}
        self._meets: dict[LeafId, int] = {}
        """For each step, the needs that it meets, and those that nothing will ever read once it is done."""
        for n, need in enumerate(self._needs):
            self._wants.setdefault(need.later, []).append((1 << n, self._wanted(need), frozenset(need.once)))
            for x in self._order.leaves:
                if (x in need.earlier and not need.values and need.times == 1) or (need.later is not None and self._ends(x, need.later)):
                    self._meets[x] = self._meets.get(x, 0) | 1 << n
        self._alike = [found for same in (*alike, *siblings(root)) if (found := Alike.made(self._tree, self._bits, self._needs, same))] if brief else []
        self.start: State = (0, 0, frozenset())
        self.after: dict[State, dict[LeafId, State]] = {}
        self.refused: dict[State, list[LeafId | None]] = {}
        self.ends: set[State] = set()
        self._came: dict[State, tuple[State, LeafId] | None] = {self.start: None}
        self.known = self._search(limit)

    def _wanted(self, need: Need) -> frozenset[LeafId]:
        if need.times > 1:
            return frozenset({_counted(need.earlier, need.times)})
        return self._last.wanted(need) if need.values else frozenset(need.earlier)

    def _ends(self, step: LeafId, later: LeafId) -> bool:
        """Whether *later* is never asked for again once *step* is done."""
        if step == later:
            return not self._order.again_and_again(step)
        return later in self._bits.for_good.get(step, ())

    def _search(self, limit: int) -> bool:
        todo, standing, tried = deque([self.start]), dict[State, State](), 0
        while todo:
            here = todo.popleft()
            if tried > limit:
                return False
            self.after[here] = {}
            for step, there in self._moves(here):
                known = standing.setdefault(self._least(there), there)
                self.after[here][step] = known
                tried += 1
                if known not in self._came:
                    self._came[known] = (here, step)
                    todo.append(known)
        return True

    def _least(self, state: State) -> State:
        """A state in the place of all that are like it."""
        bits, met, said = state
        turned = True
        while turned:
            turned = False
            for x in self._alike:
                less = x.swapped(bits, met)
                if less < (bits, met):
                    (bits, met), turned = less, True
        return (bits, met, said)

    def _moves(self, here: State) -> list[tuple[LeafId, State]]:
        bits, _, said = here
        nexts = dict(self._bits.next(bits)) | {x: bits for x in self._free if x not in said}
        allowed = [x for x in nexts if not self.missing(x, here)]
        self.refused[here] = [x for x in nexts if x not in allowed]
        if not self._brief:  # asked for already where nothing is missing but what rows ask for: they refuse it then
            self.refused[here] += [x for x in self._wants if x is not None and x not in nexts and self._lacks_only_wanted(x, here)]
        if self._bits.over(bits):
            if self.missing(None, here):
                self.refused[here].append(None)
            else:
                self.ends.add(here)
        if self._brief and (sure := next((x for x in allowed if x not in self._unsure and self._bits.sure(x, bits)), None)) is not None:
            allowed = [sure]
        return [(name, there) for x in allowed for name, there in self._taken(x, nexts[x], here)]

    def _taken(self, step: LeafId, bits: int, here: State) -> list[tuple[LeafId, State]]:
        """A step done, as it may be decided."""
        met, said = here[1] | self._meets.get(step, 0), here[2] | ({step} if step in self._noted else frozenset())
        for steps, most in self._counts:
            if step in steps:
                times = next((n for n in range(most, 0, -1) if _counted(steps, n) in said), 0)
                said = (said - {_counted(steps, times)}) | {_counted(steps, min(times + 1, most))}
        return [(name, (bits, met, (said - self._last.undone(step)) | last)) for name, last in self._last.taken(step)]

    def missing(self, step: LeafId | None, state: State) -> list[frozenset[LeafId]]:
        """Of what a step wants before it, each that is not so: one of so many."""
        _, met, said = state
        return [one_of for bit, one_of, once in self._wants.get(step, ()) if not met & bit and said.isdisjoint(one_of) and not (once and said.isdisjoint(once))]

    def _lacks_only_wanted(self, step: LeafId, here: State) -> bool:
        wanted = self.missing(step, here)
        if not wanted or step not in self._bits.of or any(words & self._tallies for words in wanted):  # which alone is told besides
            return False
        lacking = self._bits.missing(step, here[0])
        return bool(lacking) and lacking <= set().union(*map(self._steps, wanted))

    def _steps(self, one_of: Iterable[LeafId]) -> frozenset[LeafId]:
        """The steps that could bring about what is wanted."""
        return frozenset(x for word in one_of for x in self._last.of.get(word) or _steps_counted(word))

    # -- what is wrong with them

    def stuck(self) -> Stuck | None:
        """
        The first state, nearest first, in which something is refused for ever: where the end is lost, else a step that no run ever does.

        A decision that loses the end where another one keeps it is no fault of the method.
        """
        good = self._leading_to(self.ends)
        lost = self._lost(good) if self.start in good else {*self.after}
        if not lost:
            done = {self._like(x) for nexts in self.after.values() for x in nexts}
            never = {x for x in self._order.leaves if self._like(x) not in done}
            found = (self._told(here, x, dead=False) for here, refused in self.refused.items() for x in refused if x in never)
        else:
            found = (self._told(here, x, dead=True, avoidable=self.start in good) for here, x in self._for_ever(lost))
        first = next(found, None)
        if first is None or not self._last.of:
            return first
        # Where decisions are at odds, the nearest that shows both: one of them taken, and what it let on.
        odd = [x for x in (first, *found) if x.decided]
        return attrs.evolve(next((x for x in odd if self._let_on(x)), first), decided=bool(odd))

    def ended(self) -> tuple[Stuck, LeafId] | None:
        """The nearest state from which the end is not reached, though it was, by whatever decision, with what is refused for ever; and the step that lost it."""
        good = self._leading_to(self.ends)
        if self.start not in good:
            return None
        found = next((self._told(here, x, dead=True) for here, x in self._for_ever(self.after.keys() - good)), None)
        if found is None:
            return None
        here = self.start
        for step in found.run:
            here = self.after[here][step]
            if here not in good:
                return found, undecided(step)
        return None

    def _for_ever(self, lost: Collection[State]) -> Iterator[tuple[State, LeafId | None]]:
        """What some states refuse and none after them takes, nearest first."""
        for here, refused in self.refused.items():
            if here in lost:
                later = self._ahead(here)
                yield from ((here, x) for x in refused if x is None or self._like(x) not in later)

    def _let_on(self, stuck: Stuck) -> bool:
        """Whether a run was let on by what was decided, to where another decision is wanted: that shows both."""
        done = {undecided(x) for x in stuck.run}
        return any(words & self._last.of.keys() for x in done for _, words, _ in self._wants.get(x, ()))

    def _lost(self, good: Collection[State]) -> set[State]:
        """The states from which the end is not reached, and to which a step leads from one where it is, whatever it decides; and all after them."""
        begun: list[State] = []
        for here in good if len(good) < len(self.after) else ():
            ends: dict[LeafId, list[State]] = {}
            for x, there in self.after[here].items():
                ends.setdefault(undecided(x), []).append(there)
            begun += [there for theres in ends.values() if not any(x in good for x in theres) for there in theres]
        seen, todo = set(begun), begun
        while todo:
            more = {*self.after[todo.pop()].values()} - seen
            seen |= more
            todo += more
        return seen

    def _told(self, here: State, step: LeafId | None, *, dead: bool, avoidable: bool = True) -> Stuck:
        later = self._ahead(here)
        missing = min(self.missing(step, here), key=lambda one_of: any(self._like(x) in later for x in self._steps(one_of)))  # what never comes, before what comes too late
        steps = self._steps(missing)
        decided = any(bodies == self._last.of.get(word) for x in missing if (bodies := self._last.of.get(x)) for word in here[2])
        return Stuck(self._run_to(here), step, self._order.sorted(steps), dead, avoidable, decided)

    def _leading_to(self, goals: Iterable[State]) -> set[State]:
        before: dict[State, list[State]] = {}
        for here, nexts in self.after.items():
            for there in nexts.values():
                before.setdefault(there, []).append(here)
        seen, todo = set(goals), list(goals)
        while todo:
            for there in before.get(todo.pop(), ()):
                if there not in seen:
                    seen.add(there)
                    todo.append(there)
        return seen

    def _like(self, step: LeafId) -> LeafId:
        """A step in the place of those that are like it in other lanes."""
        step = undecided(step)
        while less := min((x.names.get(step, step) for x in self._alike), default=step):
            if less >= step:
                break
            step = less
        return step

    def _ahead(self, here: State) -> set[LeafId]:
        """Whatever may yet be done from a state on, in one lane or another."""
        seen, todo, steps = {here}, [here], set[LeafId]()
        while todo:
            for x, there in self.after[todo.pop()].items():
                steps.add(self._like(x))
                if there not in seen:
                    seen.add(there)
                    todo.append(there)
        return steps

    def _run_to(self, goal: State) -> tuple[LeafId, ...]:
        run: list[LeafId] = []
        while (step := self._came[goal]) is not None:
            goal = step[0]
            run.append(step[1])
        return tuple(reversed(run))
