"""
A tree with several lanes of each kind side by side, and what the rows want in it.

An instance that lies in another has its lanes in those of that one alone; one that does not has them in all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise, product
from typing import TypeAlias

import attrs

from ..method import Method
from ..requirements import Is, Requirement
from ..tree import Node, Op
from ..words import KindId, LeafId
from .named import At, Lane, in_lane
from .needs import Need

_OPEN = (Op.OPT, Op.CHOICE, Op.LOOP)
Instances: TypeAlias = Mapping[KindId, tuple[Lane, ...]]
"""Which instances of each kind there are: at least one in each that holds some."""


def instances(method: Method, number: int, needs: Iterable[Need] = ()) -> Instances:
    """
    So many instances of each kind of which the lanes may go different ways, in each that holds them; one of each other.

    Where something is asked only once a step is done, which lane comes first is a different way.
    """
    found: dict[KindId, tuple[Lane, ...]] = {}
    several = {x.kind for x in method.tree.root.walk() if x.op is Op.EACH and any(y.op in _OPEN for y in x.walk())}
    several |= {kind for need in needs if need.once for x in need.steps for kind in method.words.leaves[x].scope}

    def of(kind: KindId) -> tuple[Lane, ...]:
        if kind not in found:
            holder = method.words.kinds[kind].inside
            found[kind] = tuple((*lane, n) for lane in (of(holder) if holder else ((),)) for n in range(1, (number if kind in several else 1) + 1))
        return found[kind]

    return {k.id: of(k.id) for k in method.kinds}


def fewer(method: Method, there: Instances) -> Iterator[Instances]:
    """The same without one of them, and without those that it holds: first of the kinds that lie in no other, the last first."""
    for kind in sorted(there, key=lambda k: len(there[k][0])):
        for lane in reversed(there[kind]):
            if sum(x[:-1] == lane[:-1] for x in there[kind]) > 1:
                gone = {kind}
                while more := {k.id for k in method.kinds if k.inside in gone} - gone:
                    gone |= more
                yield {k: tuple(x for x in lanes if k not in gone or x[: len(lane)] != lane) for k, lanes in there.items()}


@attrs.frozen
class Label:
    """A step in its lanes; `name` is what the tree laid out calls it."""

    leaf: LeafId
    at: At
    name: LeafId


class Laid:
    """A method's tree with a lane for each of some instances."""

    def __init__(self, method: Method, there: Instances) -> None:
        self._inside, self._there = {k.id: k.inside for k in method.kinds}, there
        self._labels: dict[LeafId, list[Label]] = {}
        self._method = method
        self.root = self._lay(method.tree.root, {})
        for x in method.tree.free:
            self._labels.setdefault(x, [Label(x, (), x)])

    def several(self, leaf: LeafId) -> bool:
        """Whether a step is in more than one lane."""
        return len(self._labels[leaf]) > 1

    def alike(self) -> Iterator[dict[LeafId, LeafId]]:
        """For every two neighbouring instances of a kind in one other: the steps in the lanes of each, by those in the lanes of the other."""
        for kind, lanes in self._there.items():
            for one, two in pairwise(lanes):
                if one[:-1] == two[:-1]:
                    yield {x.name: other.name for labels in self._labels.values() for x in labels for other in labels if other is not x and other.at == self._moved(x.at, kind, one, two)}

    def _moved(self, at: At, kind: KindId, one: Lane, two: Lane) -> At:
        """The instances in the place of others, once two of a kind have changed theirs, with all that they hold."""
        turned = {one: two, two: one}
        return tuple((k, (*turned[lane[: len(one)]], *lane[len(one) :]) if lane[: len(one)] in turned and self._held(k, kind) else lane) for k, lane in at)

    def _held(self, kind: KindId, holder: KindId) -> bool:
        """Whether a kind is another, or lies in it."""
        inside: KindId | None = kind
        while inside is not None and inside != holder:
            inside = self._inside.get(inside)
        return inside is not None

    def _lay(self, node: Node, at: Mapping[KindId, Lane]) -> Node:
        if node.op is Op.LEAF:
            own = tuple((k, at[k]) for k in node.scope)
            label = Label(node.leaf, own, in_lane(node.leaf, [lane for _, lane in own]))
            self._labels.setdefault(node.leaf, []).append(label)
            return Node(node.id, str(label.name), Op.LEAF)
        if node.op is Op.EACH:
            assert node.kind is not None
            made = tuple(self._lay(node.kids[0], {**at, node.kind: lane}) for lane in self._lanes(node.kind, at))
            return made[0] if len(made) == 1 else Node(node.id, node.name, Op.PAR, merged(Op.PAR, made))
        kids = [self._lay(kid, at) for kid in node.kids]
        return Node(node.id, node.name, node.op, tuple(kids) if node.op is Op.LOOP else merged(node.op, kids))

    def _lanes(self, kind: KindId, at: Mapping[KindId, Lane]) -> list[Lane]:
        """The instances of a kind that have lanes inside certain others."""
        holder = self._inside.get(kind)
        return [x for x in self._there[kind] if holder is None or holder not in at or x[:-1] == at[holder]]

    # -- what is wanted in it

    def wanted(self, need: Need) -> Iterator[Need]:
        """A need as it is said of each lane: see `docs/method-file.md`, on what a word for several steps stands for."""
        row, earlier = self._method.requirements[need.n], [x for leaf in need.earlier for x in self._labels[leaf]]
        for later in self._labels[need.later] if need.later is not None else [None]:
            name = later.name if later else None
            for own in self._each(row, need, later):
                once: tuple[LeafId, ...] = ()
                if need.once:
                    about = own.at if isinstance(own, Label) else own
                    once = tuple(x.name for leaf in need.once for x in self._labels[leaf] if self._fits(about, x.at))
                    if not once:
                        continue
                if isinstance(own, Label):
                    said = [own]
                elif own or row.each is not None or row.is_ is not Is.PRECEDES or row.where:
                    said = [x for x in earlier if self._fits(own, x.at)]
                else:
                    yield from (attrs.evolve(need, earlier=x, later=name) for x in self._in_every_lane(need))
                    continue
                if said:
                    yield attrs.evolve(need, earlier=tuple(x.name for x in said), later=name, once=once)

    def _each(self, row: Requirement, need: Need, later: Label | None) -> Iterator[At | Label]:
        """What a row is said of before a step: instances, one after another, or single steps."""
        words = self._method.words
        if row.each in words.kinds:
            kind = KindId(row.each)
            for lane in self._lanes(kind, {}):
                if later is None or self._fits(((kind, lane),), later.at):
                    yield ((kind, lane),)
            return
        steps = words.leaves_of(row.each) if row.each else ()
        if later is not None and later.leaf in steps:
            yield later.at
        elif steps:
            for label in (x for leaf in steps if leaf in self._labels for x in self._labels[leaf]):
                if later is None or self._fits(label.at, later.at):
                    yield label if label.leaf in need.earlier else label.at
        else:
            yield ()

    def _in_every_lane(self, need: Need) -> Iterator[tuple[LeafId, ...]]:
        """One of several steps in every lane: of each way, one lane that might be the one that lacks it."""
        ways: dict[tuple[KindId, ...], dict[At, list[LeafId]]] = {}
        plain: list[LeafId] = []
        for label in (x for leaf in need.earlier for x in self._labels[leaf]):
            if label.at:
                ways.setdefault(tuple(k for k, _ in label.at), {}).setdefault(label.at, []).append(label.name)
            else:
                plain.append(label.name)
        for chosen in product(*(way.values() for way in ways.values())):
            yield (*plain, *(x for lane in chosen for x in lane))

    def _fits(self, own: At, other: At) -> bool:
        """Whether what is about some instances is about others, as far as both name the same kinds, or one the kind that the other's lies in."""
        bound = dict(own)
        for kind, lane in other:
            if bound.get(kind, lane) != lane:
                return False
            for holder, wanted in own:
                if holder != kind and self._inside.get(kind) == holder and lane[:-1] != wanted:
                    return False
                if kind not in bound and self._inside.get(holder) == kind and wanted[:-1] != lane:
                    return False
        return True


def merged(op: Op, kids: Iterable[Node]) -> tuple[Node, ...]:
    """The kids of a block, those of a block of its own kind straight in it among them."""
    return tuple(x for kid in kids for x in (kid.kids if kid.op is op and kid.kids else (kid,)))

