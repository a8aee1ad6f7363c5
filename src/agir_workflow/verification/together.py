"""
Which rows get stuck together, with one instance of each kind, and with several.

Instances are alike: of lanes that can go no different ways, one is enough. Where a lane has options, branches or rounds, they may
choose otherwise; then as many are laid out, wherever their kind has lanes, as can matter (`Together.enough`), and no more are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

import attrs

from ..method import Method
from ..tree import Tree
from ..words import LeafId
from .drawn import Drawn, apart
from .lanes import Instances, Laid, fewer, instances
from .named import read
from .needs import Need
from .order import Order
from .ways import Stuck, Ways


class Together:
    """The needs of a method over its tree, with a lane for each of some instances."""

    def __init__(self, method: Method, needs: Sequence[Need], there: Instances) -> None:
        laid = Laid(method, there)
        self._method, self._asked, self._there, self._root, self._free = method, needs, there, laid.root, method.tree.free
        self._order = Order(Tree(laid.root, self._free))
        self._alike = tuple(laid.alike())
        self.several = any(laid.several(x) for need in needs for x in need.steps)
        found: dict[Need, None] = {}
        self._across: dict[Need, int] = {}
        for n, need in enumerate(needs):
            said = list(dict.fromkeys(laid.wanted(need)))
            found.update(dict.fromkeys(said))
            times = Counter(x.later for x in said)
            self._across |= {x: n for x in said if times[x.later] > 1 or not _own(x)}
        self.needs = tuple(found)

    def enough(self, bad: Collection[int]) -> int:
        """
        How many lanes of a kind (in each that holds them) show whatever any number do, rows already told (*bad*) left aside: one more than there are needs across lanes,
        those counted twice that are asked only once a lane has done something.

        Where runs of many lanes get stuck, some state is left by no step that has not been done. Keep of each such need one lane that
        lacks it, or one that meets it where any lane will do, and one lane that holds up the others at their join: what was met is met, what
        was not is not, and these lanes are stuck alone; so in turn of the lanes within each. A step that no run does, or an end that none reaches, one lane shows: a further one can always do what another just did.
        """
        return 1 + max((sum({self._across[x]: 2 if x.once else 1 for x in group if x in self._across}.values()) for group in self._groups(bad)), default=0)

    def _groups(self, bad: Collection[int]) -> list[list[Need]]:
        """The needs that no other group can disturb, without those that the tree keeps, or a step that is free at any time."""
        order = self._order
        tied = {x.later for x in self.needs}
        anytime = {x for x in self._free if x not in tied}
        # What goes against the tree in a round may come about in the next: till then it holds others back.
        left = [x for x in self.needs if x.n not in bad or (x.later and any(order.later_round(a, x.later) for a in x.earlier))]
        return apart(order, [x for x in left if not x.kept_by(order) and (x.values or x.times > 1 or not anytime & {*x.earlier})])

    def stuck(self, bad: Collection[int]) -> Iterator[tuple[list[Need], Stuck | None]]:
        """
        The fewest needs that get stuck, and where; or a group of which it is not known (None). Those of rows already told (*bad*) are not told again.
        """
        for group in self._groups(bad):
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
                yield least, self._with_fewest_lanes(rows, found) if self.several else found
                group = [x for x in group if x.n not in rows]

    def _with_fewest_lanes(self, rows: Collection[int], stuck: Stuck) -> Stuck:
        """The same with no more instances than it takes: each left out in turn."""
        asked, there = [x for x in self._asked if x.n in rows], self._there
        while True:
            for less in fewer(self._method, there):
                laid = Together(self._method, asked, less)
                still = laid.found(laid.needs)
                if still is not None and _same(still, stuck):
                    stuck, there = still, less
                    break
            else:
                break
        return attrs.evolve(stuck, there=tuple((kind, lane) for kind, lanes in there.items() if len(lanes) > 1 for lane in lanes))

    def found(self, needs: Sequence[Need]) -> Stuck | None:
        """The shortest run to where some needs get stuck; where there are too many ways step by step, the shortest of those drawn together."""
        ways = self._ways(needs, whole=True)
        if ways.known:
            return ways.stuck()
        drawn = self._drawn(needs)
        ways = self._ways(needs)
        stuck = ways.stuck() if ways.known else None
        return attrs.evolve(stuck, run=drawn.expand(stuck.run)) if stuck else None

    def ended(self, body: LeafId, needs: Sequence[Need], offered: Sequence[str], bad: Collection[int]) -> tuple[Stuck, LeafId] | None:
        """Where a decision, of those *offered* to a body of which some needs ask one, ends a run: see `Ways.ended`. What else is wanted holds it back as well."""
        others = [x for x in self.needs if x.n not in {*bad, *(y.n for y in needs)} and not x.kept_by(self._order)]
        for group in (next(x for x in apart(self._order, [*needs, *others]) if needs[0] in x), needs):
            drawn = self._drawn(group)
            ways = Ways(drawn.root, self._free, group, brief=False, offered={body: offered})
            if ways.known:
                found = ways.ended()
                return (attrs.evolve(found[0], run=drawn.expand(found[0].run)), found[1]) if found else None
        return None

    def _ways(self, needs: Sequence[Need], *, whole: bool = False) -> Ways:
        """The ways through what some needs speak of; *whole*: step by step through all of the tree, as a witness goes."""
        named = {x for need in needs for x in need.steps}
        free = [x for x in self._free if x in named]
        return Ways(self._root, free, needs, brief=False) if whole else Ways(self._drawn(needs).root, free, needs, alike=self._alike)

    def _drawn(self, needs: Sequence[Need]) -> Drawn:
        return Drawn(self._root, {x for need in needs for x in need.steps}, {x for need in needs if need.values or need.times > 1 for x in need.earlier})

    def _fewest(self, needs: Sequence[Need], stuck: Stuck, bad: Collection[int]) -> set[int]:
        """The fewest rows under which the same step is refused for ever: each left out in turn, those already told first, then the last first."""
        kept = {x.n for x in needs}
        for n in sorted(kept, key=lambda n: (n not in bad, -n)):
            ways = self._ways([x for x in needs if x.n in kept and x.n != n])
            still = ways.stuck() if ways.known else None
            if still is not None and _same(still, stuck):
                kept.remove(n)
        return kept


def lanes(method: Method, needs: Sequence[Need], number: int) -> Together | None:
    """The needs with so many lanes of each kind of which the lanes may go different ways, in each that holds them; None where no need speaks of such a step."""
    laid = Together(method, needs, instances(method, number, needs))
    return laid if laid.several or number == 1 else None


def _same(one: Stuck, other: Stuck) -> bool:
    """Whether the same step is refused for ever, in whichever lane, and the end lost with it or not."""
    return one.dead is other.dead and (one.later and read(one.later).id) == (other.later and read(other.later).id)


def _own(need: Need) -> bool:
    """Whether each step that a lane wants is in one lane alone."""
    earlier = [read(x).id for x in need.earlier]
    return len(earlier) == len({*earlier})
