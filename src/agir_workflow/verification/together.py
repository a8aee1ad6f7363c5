"""
Which rows get stuck together, with one instance of each kind, and with two.

Instances are alike: of two lanes that can go no different ways, one is enough. Where a lane has options,
branches or rounds, two of them may choose otherwise; then both are laid out wherever their kind has lanes, and no more are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import product

import attrs

from ..method import Method
from ..requirements import Is
from ..tree import Node, Op, Tree
from ..words import LeafId
from .flaw import second
from .needs import Need
from .order import Order
from .ways import Drawn, Stuck, Ways, apart, flat, single

_OPEN = (Op.OPT, Op.CHOICE, Op.LOOP)


class Together:
    """The needs of a method over its tree, every kind with one lane."""

    def __init__(self, root: Node, free: Sequence[LeafId], needs: Sequence[Need]) -> None:
        self._root, self._free = root, tuple(free)
        self._order = Order(Tree(root, self._free))
        self.needs = tuple(needs)

    def stuck(self, bad: Collection[int]) -> Iterator[tuple[list[Need], Stuck | None]]:
        """
        The fewest needs that get stuck, and where; or a group of which it is not known (None). Those of rows already told (*bad*) are not told again.
        """
        order = self._order
        tied = {x.later for x in self.needs}
        anytime = {x for x in self._free if x not in tied}
        # What goes against the tree in a round may come about in the next: till then it holds others back.
        left = [x for x in self.needs if x.n not in bad or (x.later and any(order.later_round(a, x.later) for a in x.earlier))]
        left = [x for x in left if not x.kept_by(order) and not anytime & {*x.earlier}]
        for group in apart(order, left):
            while group:
                ways = self._ways(group)
                if not ways.known:
                    yield group, None
                    break
                if (stuck := ways.stuck()) is None:
                    break
                rows = self._fewest(group, stuck, bad)
                if rows & {*bad}:
                    break
                least = [x for x in group if x.n in rows]
                found = self.found(least)
                assert found is not None, "the fewest rows that get stuck get stuck"
                yield least, found
                group = [x for x in group if x.n not in rows]

    def found(self, needs: Sequence[Need]) -> Stuck | None:
        """The shortest run to where some needs get stuck; where there are too many ways step by step, the shortest of those drawn together."""
        ways = self._ways(needs, whole=True)
        if ways.known:
            return ways.stuck()
        drawn = Drawn(self._root, {x for need in needs for x in need.steps})
        ways = self._ways(needs)
        stuck = ways.stuck() if ways.known else None
        return attrs.evolve(stuck, run=drawn.expand(stuck.run)) if stuck else None

    def _ways(self, needs: Sequence[Need], *, whole: bool = False) -> Ways:
        """The ways through what some needs speak of; *whole*: step by step through all of the tree, as a witness goes."""
        named = {x for need in needs for x in need.steps}
        free = [x for x in self._free if x in named]
        return Ways(self._root, free, needs, brief=False) if whole else Ways(Drawn(self._root, named).root, free, needs)

    def _fewest(self, needs: Sequence[Need], stuck: Stuck, bad: Collection[int]) -> set[int]:
        """The fewest rows under which the same step is refused for ever: each left out in turn, those already told first, then the last first."""
        kept = {x.n for x in needs}
        for n in sorted(kept, key=lambda n: (n not in bad, -n)):
            ways = self._ways([x for x in needs if x.n in kept and x.n != n])
            still = ways.stuck() if ways.known else None
            if still is not None and (still.later, still.dead) == (stuck.later, stuck.dead):
                kept.remove(n)
        return kept


def one_lane(method: Method, needs: Sequence[Need]) -> Together:
    return Together(flat(method.tree.root, single), method.tree.free, needs)


def two_lanes(method: Method, needs: Sequence[Need]) -> Together | None:
    """The same with two lanes of each kind of which the lanes may go different ways; None where no need speaks of such a step."""
    kinds = {x.kind for x in method.tree.root.walk() if x.op is Op.EACH and any(y.op in _OPEN for y in x.walk())}
    doubled: set[LeafId] = set()

    def both(each: Node, body: Node) -> tuple[Node, ...]:
        if each.kind not in kinds:
            return (body,)
        doubled.update(x.leaf for x in body.leaves())
        return body, _copy(body)

    root = flat(method.tree.root, both)
    if not any(doubled & {*x.steps} for x in needs):
        return None
    return Together(root, method.tree.free, [x for need in needs for x in _laid_out(method, need, doubled)])


def _copy(node: Node) -> Node:
    """A second lane: the same, its steps under other names."""
    return Node(node.id, str(second(node.leaf)) if node.op is Op.LEAF else node.name, node.op, tuple(_copy(kid) for kid in node.kids))


def _laid_out(method: Method, need: Need, doubled: Collection[LeafId]) -> Iterator[Need]:
    """A need in two lanes: in each its own, of both where the row asks for all, or of either where it asks for any one."""
    row, b = method.requirements[need.n], need.later
    lanes: tuple[Callable[[LeafId], LeafId], ...] = (_same, second)
    scopes = list(dict.fromkeys(method.words.leaves[x].scope for x in need.earlier if x in doubled))

    def of(*chosen: Callable[[LeafId], LeafId]) -> tuple[LeafId, ...]:
        lane = dict(zip(scopes, chosen, strict=True))
        return tuple(lane[method.words.leaves[x].scope](x) if x in doubled else x for x in need.earlier)

    own = [of(*(lane for _ in scopes)) for lane in lanes]
    for n, lane in enumerate(lanes if b in doubled else lanes[:1]):
        later = lane(b) if b is not None and b in doubled else b
        if row.each in method.words.kinds and b in doubled:
            yield Need(need.n, own[n], later)
        elif row.each in method.words.kinds:
            yield from (Need(need.n, earlier, later) for earlier in dict.fromkeys(own))
        elif row.is_ is Is.PRECEDES and not row.where:
            yield from (Need(need.n, of(*chosen), later) for chosen in product(lanes, repeat=len(scopes)))
        else:
            yield Need(need.n, tuple(dict.fromkeys(own[0] + own[1])), later)


def _same(step: LeafId) -> LeafId:
    return step
