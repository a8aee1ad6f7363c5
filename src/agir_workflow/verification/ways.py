"""
What several requirements do together: every way through the few steps that they speak of.

Rows that can each be met may together leave a step no place, or a run no end. No relation of two steps
shows that, so states are searched; not those of the tree, but of what is left of it once whatever no
row speaks of is drawn together (`Drawn`), rows that cannot meet being searched apart (`apart`),
one lane for each kind, and a step that nothing can stop and that stops nothing done at once.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property

import attrs

from ..dossier import Label
from ..position import Position, locate
from ..tree import Node, Op, Tree
from ..when import When
from ..words import LeafId
from .named import At, deciding, undecided
from .needs import Need
from .order import Order

LIMIT = 1000
"""States searched for one group of rows: past it, what they do together is not known, and is said not to be."""

_ON = When(dt.date(2024, 1, 8))
State = tuple[Position, frozenset[LeafId]]
"""Where a run stands, and what is wanted that has been done, in this round or an earlier one: steps, and what was decided last (`_Register`)."""


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


def apart(order: Order, needs: Sequence[Need]) -> list[list[Need]]:
    """
    Needs in groups that cannot disturb each other.

    A need spans the blocks from the one that holds all its steps down to each of them. Where two spans have
    no block in common but that one, each is met or not whatever becomes of the other.
    """
    groups: list[tuple[list[Need], set[object]]] = []
    for need in needs:
        own, span = [need], _span(order, need)
        for group in [g for g in groups if g[1] & span]:
            groups.remove(group)
            own, span = [*group[0], *own], span | group[1]
        groups.append((own, span))
    return [sorted(own, key=lambda x: x.n) for own, _ in groups]


def _span(order: Order, need: Need) -> set[object]:
    ways = [[(id(node), n) for node, n in order.ways.get(x, ())] for x in need.steps]
    shared = 0
    if need.later is not None and len(set(need.steps)) > 1:
        while all(way[shared : shared + 1] == ways[0][shared : shared + 1] != [] for way in ways):
            shared += 1
    return {*need.steps}.union(*(way[shared:] for way in ways))


# -- what is left of a tree -----------------------------------------------------------------------------


class Drawn:
    """
    A tree in which the steps that nothing speaks of are drawn together, each bundle under the name of its first step.

    A bundle still begins a branch and leaves an option behind, so that no run is lost and none is added;
    `steps` are the fewest that one stands for. What is *contested* may be decided otherwise in a round more.
    """

    def __init__(self, root: Node, kept: Collection[LeafId], contested: Collection[LeafId] = ()) -> None:
        self._order, self._kept, self._contested = Order(Tree(root)), frozenset(kept), frozenset(contested)
        self.steps: dict[LeafId, tuple[LeafId, ...]] = {}
        self.root = self._draw(root)

    def expand(self, run: Iterable[LeafId]) -> tuple[LeafId, ...]:
        return tuple(x for step in run for x in self.steps.get(step, (step,)))

    def _spoken_of(self, node: Node) -> bool:
        return any(x.leaf in self._kept for x in node.leaves())

    def _draw(self, node: Node) -> Node:
        if node.op is Op.LEAF:
            return node
        if not self._spoken_of(node):
            return self._bundle([node])
        match node.op:
            case Op.SEQ | Op.PAR | Op.CHOICE:
                return Node(node.id, node.name, node.op, tuple(self._kids(node)))
            case Op.LOOP:
                body, again = self._draw(node.kids[0]), node.kids[1:]
                # A round more brings nothing that has not been done, where the body leaves nothing open.
                if any(x.op in (Op.OPT, Op.CHOICE, Op.LOOP) for x in body.walk()) or any(self._spoken_of(x) for x in again) or any(x.leaf in self._contested for x in body.leaves()):
                    return Node(node.id, node.name, node.op, (body, *again))
                return body
            case _:
                return Node(node.id, node.name, node.op, (self._draw(node.kids[0]),))

    def _kids(self, node: Node) -> Iterator[Node]:
        """The kids of a block, those that nothing speaks of in one bundle: of a sequence, those that stand side by side."""
        if node.op is Op.SEQ:
            side: list[Node] = []
            for kid in node.kids:
                if self._spoken_of(kid):
                    yield from [self._bundle(side)] if side else []
                    yield self._draw(kid)
                    side = []
                else:
                    side.append(kid)
            yield from [self._bundle(side)] if side else []
            return
        others = [kid for kid in node.kids if not self._spoken_of(kid)]
        yield from (self._draw(kid) for kid in node.kids if self._spoken_of(kid))
        if node.op is Op.PAR:
            yield from [self._bundle(others)] if others else []
            return
        for empty in (False, True):
            yield from [self._bundle([kid]) for kid in others if self._order.empty(kid) is empty][:1]

    def _bundle(self, blocks: Sequence[Node]) -> Node:
        """One step for whole blocks; one that may be left out where nothing in them has to be done."""
        owed = [x for x in blocks if not self._order.empty(x)]
        first = next((owed or blocks)[0].leaves())
        run = set().union(*(self._order.whole(x) for x in owed)) if owed else self._order.whole(blocks[0], (first.leaf,))
        self.steps[first.leaf] = self._order.sorted(run)
        return first if owed else Node(blocks[0].id, blocks[0].name, Op.OPT, (first,))


# -- the ways through it --------------------------------------------------------------------------------


class _Decisions:
    """
    What the last decision of some bodies was, where rows want different ones.

    A value that suits no row more than another does is never taken: it would only be worse.
    """

    def __init__(self, needs: Iterable[Need]) -> None:
        wants = [x for x in needs if x.values]
        self._bodies = list(dict.fromkeys(x.earlier for x in wants))
        self._values: dict[LeafId, list[str]] = {}
        for body in dict.fromkeys(x for bodies in self._bodies for x in bodies):
            suits = {v: frozenset(n for n, x in enumerate(wants) if body in x.earlier and v in x.values) for x in wants if body in x.earlier for v in x.values}
            self._values[body] = [v for n, v in enumerate(suits) if not any(suits[v] < suits[w] or (suits[v] == suits[w] and m < n) for m, w in enumerate(suits))]
        self.of = {self._said(bodies, v): bodies for bodies in self._bodies for x in bodies for v in self._values[x]}
        """For each word that stands for a last decision, whose it was."""

    def wanted(self, need: Need) -> frozenset[LeafId]:
        return frozenset(word for v in need.values if (word := self._said(need.earlier, v)) in self.of)

    def taken(self, step: LeafId) -> list[tuple[LeafId, frozenset[LeafId]]]:
        """The decisions that a step may take, each with what it makes the last one; itself, where it takes none."""
        return [(deciding(step, v), frozenset(self._said(x, v) for x in self._bodies if step in x)) for v in self._values.get(step, ())] or [(step, frozenset())]

    def contested(self, step: LeafId) -> bool:
        return step in self._values

    def undone(self, step: LeafId) -> frozenset[LeafId]:
        """What a decision of a step makes the last one no more."""
        return frozenset(word for word, bodies in self.of.items() if step in bodies) if step in self._values else frozenset()

    def _said(self, bodies: tuple[LeafId, ...], value: str) -> LeafId:
        return deciding(LeafId("|".join(bodies)), value)


class Ways:
    """
    Every state that the tree and some needs let a run come to; `known` is False where there are more than *limit*.

    *brief*: a step that has to be done, that waits for nothing and closes nothing is done first, alone. Whatever
    could be reached without it can be reached after it, so nothing is lost but the shortest run.
    """

    def __init__(self, root: Node, free: Sequence[LeafId], needs: Sequence[Need], *, limit: int = LIMIT, brief: bool = True) -> None:
        self._free, self._brief = tuple(free), brief
        self._wants: dict[LeafId | None, list[frozenset[LeafId]]] = {}
        self._last = _Decisions(needs)
        for need in needs:
            self._wants.setdefault(need.later, []).append(self._last.wanted(need) if need.values else frozenset(need.earlier))
        self._watched = frozenset(x for need in needs if not need.values for x in need.earlier)
        self._tree = Tree(root, self._free)
        self._order = Order(self._tree)
        self.start: State = (locate(self._tree, {}, (), ()), frozenset())
        self.after: dict[State, dict[LeafId, State]] = {}
        self.refused: dict[State, list[LeafId | None]] = {}
        self.ends: set[State] = set()
        self.known = self._search(limit)

    def _search(self, limit: int) -> bool:
        todo = deque([self.start])
        while todo:
            here = todo.popleft()
            if here in self.after:
                continue
            if len(self.after) >= limit:
                return False
            self.after[here] = self._moves(here)
            todo.extend(self.after[here].values())
        return True

    def _moves(self, here: State) -> dict[LeafId, State]:
        position, ever = here
        ready = [*(x.leaf for x in position.enabled()), *(x for x in self._free if x not in ever)]
        allowed = [x for x in ready if not self.missing(x, ever)]
        self.refused[here] = [x for x in ready if x not in allowed]
        if not self._brief:  # asked for already where nothing is missing but what rows ask for: they refuse it then
            self.refused[here] += [x for x in self._wants if x is not None and x not in ready and self._lacks_only_wanted(x, here)]
        if not position.left():
            if self.missing(None, ever):
                self.refused[here].append(None)
            else:
                self.ends.add(here)
        if self._brief and (sure := self._sure(position, allowed)) is not None:
            allowed = [sure]
        return {name: there for x in allowed for name, there in self._taken(x, here)}

    def _taken(self, step: LeafId, here: State) -> list[tuple[LeafId, State]]:
        """A step done, as it may be decided."""
        position, ever = here[0].take(Label(step), _ON), here[1] | ({step} & self._watched)
        return [(name, (position, (ever - self._last.undone(step)) | last)) for name, last in self._last.taken(step)]

    def missing(self, step: LeafId | None, ever: frozenset[LeafId]) -> list[frozenset[LeafId]]:
        """Of what a step wants before it, each that is not so: one of so many."""
        return [one_of for one_of in self._wants.get(step, ()) if one_of.isdisjoint(ever)]

    def _lacks_only_wanted(self, step: LeafId, here: State) -> bool:
        lacking = {x.leaf for x in here[0].missing(Label(step))}
        return bool(lacking) and lacking <= set().union(*(self._steps(one_of) for one_of in self.missing(step, here[1])))

    def _steps(self, one_of: Iterable[LeafId]) -> frozenset[LeafId]:
        """The steps that could bring about what is wanted."""
        return frozenset(x for word in one_of for x in self._last.of.get(word, (word,)))

    def _sure(self, position: Position, allowed: Sequence[LeafId]) -> LeafId | None:
        """A step that has to be done in this round, and after which nothing is too late that was not."""
        done = {x.leaf for x in position.done}
        gone = done.union(*(self._closed_for_good.get(x, ()) for x in done))
        return next((x for x in allowed if x not in done and not self._last.contested(x) and x in self._closes and self._closes[x] <= gone and self._order.owed(x, done)), None)

    @cached_property
    def _closes(self) -> dict[LeafId, frozenset[LeafId]]:
        """For each step, those that are too late in their round once it is done."""
        found: dict[LeafId, set[LeafId]] = {x: set() for x in self._order.ways}
        for a in self._order.ways:
            for x in self._order.passed_by(a):
                found[x].add(a)
        return {x: frozenset(late) for x, late in found.items()}

    @cached_property
    def _closed_for_good(self) -> dict[LeafId, frozenset[LeafId]]:
        """The same, those left out that a loop around both brings back."""
        return {x: frozenset(a for a in late if not self._order.loops(a, x)) for x, late in self._closes.items()}

    # -- what is wrong with them

    def stuck(self) -> Stuck | None:
        """
        The first state, nearest first, in which something is refused for ever: where the end is lost, else a step that no run ever does.

        A decision that loses the end where another one keeps it is no fault of the method.
        """
        good = self._leading_to(self.ends)
        lost = self._lost(good) if self.start in good else {*self.after}
        if not lost:
            done = {undecided(x) for nexts in self.after.values() for x in nexts}
            never = {*self._order.leaves} - done
            found = (self._told(here, x, dead=False) for here, refused in self.refused.items() for x in refused if x in never)
        else:
            found = (self._told(here, x, dead=True, avoidable=self.start in good) for here, x in self._for_ever(lost))
        first = next(found, None)
        if first is None or not self._last.of:
            return first
        # Where decisions are at odds, the nearest that shows both: one of them taken, and what it let on.
        odd = [x for x in (first, *found) if x.decided]
        return attrs.evolve(next((x for x in odd if self._let_on(x)), first), decided=bool(odd))

    def _for_ever(self, lost: Collection[State]) -> Iterator[tuple[State, LeafId | None]]:
        """What some states refuse and none after them takes, nearest first."""
        for here, refused in self.refused.items():
            if here in lost:
                later = self._ahead(here)
                yield from ((here, x) for x in refused if x not in later)

    def _let_on(self, stuck: Stuck) -> bool:
        """Whether a run was let on by what was decided, to where another decision is wanted: that shows both."""
        done = {undecided(x) for x in stuck.run}
        return any(words & self._last.of.keys() for x in done for words in self._wants.get(x, ()))

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
        missing = min(self.missing(step, here[1]), key=lambda one_of: bool(self._steps(one_of) & later))  # what never comes, before what comes too late
        steps = self._steps(missing)
        decided = any(bodies == self._last.of.get(word) for x in missing if (bodies := self._last.of.get(x)) for word in here[1])
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

    def _ahead(self, here: State) -> set[LeafId | None]:
        """Whatever may yet be done from a state on."""
        seen, todo, steps = {here}, [here], set[LeafId | None]()
        while todo:
            for x, there in self.after[todo.pop()].items():
                steps.add(undecided(x))
                if there not in seen:
                    seen.add(there)
                    todo.append(there)
        return steps

    def _run_to(self, goal: State) -> tuple[LeafId, ...]:
        came: dict[State, tuple[State, LeafId] | None] = {self.start: None}
        todo = deque([self.start])
        while goal not in came:
            here = todo.popleft()
            for x, there in self.after[here].items():
                if there not in came:
                    came[there] = (here, x)
                    todo.append(there)
        run: list[LeafId] = []
        while (step := came[goal]) is not None:
            goal = step[0]
            run.append(step[1])
        return tuple(reversed(run))
