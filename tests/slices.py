"""
The search of `test_for_ever.ways` without what cannot matter: the same findings, of far fewer states.

**What is left out.** A refusal holds for as long as one reason of it does, its *pivot*, and that as long as the tables are
as they were that it was read from. `levels[0]` are the tables that the pivots of the wanted commands were read from, in any
state that was seen; `levels[n + 1]` those of the commands that touch a table of a level up to *n* and were refused themselves.
A command with *n* others to come after it is tried where it touches a table of a level up to *n*, else not; and of several
states that agree in the tables of these levels one is gone on with. The levels grow as states are seen: the search is
made again until they do not.

A command that touches no lower level than it must can only be for the very next one: what any later one, or the wanted, was ever
refused by it leaves as it is. So after it are tried, of all commands, those that were refused before it.

**Why nothing is lost.** Take the shortest sequence that leads to a wanted command, and leave out each member that would not be
tried, or go on with the state that stands for its own. Were one of the rest, or the wanted command at the end, refused then, it
would be by a pivot whose tables are in the levels: none that was left out touches them, and the states agree in them, so it would
have been refused in the sequence too. Nor does it say anything new to go on from a command that is for the next one with another that was
accepted before it: in the tables of the lower levels all is then as it is without it, which was tried. What a fact makes of a table depends on that table alone, and on those that deciding it reads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from itertools import count, islice
from typing import cast

import attrs
from alphabet import alphabet  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow import engine
from agir_workflow._chart import destination, initial
from agir_workflow._kept import Kept
from agir_workflow.answers import Accepted, Blocker
from agir_workflow.carried import Traced
from agir_workflow.dossier import Dossier, Label
from agir_workflow.facts import DOSSIER, Agree, Derogate, Fact, fact
from agir_workflow.method import Leaf, Method
from agir_workflow.position import Position, Standing
from agir_workflow.readings.granted import granted
from agir_workflow.readings.guard import Asked, due_rows, guard
from agir_workflow.resolve import misread
from agir_workflow.tree import Op
from agir_workflow.view import ANY_FACT, COPIL, INSTANCES, PAPER, POSITION, RUN, SHAPE, View, view_of
from agir_workflow.when import When
from agir_workflow.words import COMPLETES, OPENS, FacetId, KindId, LeafId, Severity, Sort, Verb

Found = dict[Fact, tuple[Fact, ...]]
Tables = frozenset[Hashable]
Domain = Callable[[Method, Dossier, dt.date, Iterable[Blocker], Tables | None], list[Fact]]
NOTHING: Tables = frozenset()
RUN_VERBS = (Verb.SUSPEND, Verb.RESUME, Verb.ABANDON, Verb.CLOSE)
PAPER_VERBS = (Verb.SUBMIT, Verb.RETURN, Verb.APPROVE, Verb.REVOKE)
SITTING_VERBS = (Verb.CONVENE, Verb.HOLD, Verb.DECIDE, Verb.MOVE, Verb.CANCEL)
_TREE = (POSITION, SHAPE, "done_facts")
BLOCK = "block"
"""
A table of the search's own: where a block of the tree stands. What is done or passed is so until a loop around it goes round,
and only steps in that loop send it round: such a refusal is read from the outermost loop around its step (or that step alone), not from all of the position.
"""


# -- what is read, and what is touched ------------------------------------------------------------------------


def _of_a_paper(view: View, command: Fact) -> bool:
    return command.verb in PAPER_VERBS or (command.verb is Verb.DELIVER and view.words.find_paper(command.address) is not None)


OF_KIND = "of kind"
"""Another: the instances of a kind. Who declares, ends or merges one, or agrees for one, is told of these alone, of those that they lie in and of those that their attributes name."""


def kinds_named(view: View, command: Fact) -> Tables | None:
    """The tables of the kinds that a command of instances, or an agreement, is read from; None of other commands."""
    kinds, found = view.words.kinds, view.words.find_leaf(command.address)
    if command.verb in (Verb.DECLARE, Verb.END, Verb.MERGE):
        own = {KindId(command.address.partition("/")[0])}
    elif command.verb is Verb.AGREE and found:
        own = {*found[0].scope}
    else:
        return None
    named = {KindId(f.type) for k in own & kinds.keys() for f in kinds[k].attributes} | {inside for k in own & kinds.keys() if (inside := kinds[k].inside)}
    return frozenset((OF_KIND, k) for k in (own | named) & kinds.keys())


def block_of(method: Method, leaf: LeafId) -> Hashable:
    """The table of the outermost loop around a step; that of the step alone where there is none."""
    return method.words.compiled.setdefault((BLOCK, leaf), _block_of(method, leaf))


def _block_of(method: Method, leaf: LeafId) -> Hashable:
    loop = next((n for n in method.tree.root.walk() if n.op is Op.LOOP and any(x.leaf == leaf for x in n.leaves())), None)
    return (BLOCK, frozenset(x.leaf for x in loop.leaves()) if loop else frozenset({leaf}))


def blocks_with(method: Method, kind: KindId) -> Tables:
    """The blocks with lanes of a kind, or of one that lies within it: another instance, or one less, changes no other."""
    held = {k.id for k in method.kinds if kind in (k.id, k.inside)}
    return frozenset(own for x in method.leaves if any(held & {*leaf.scope} for leaf in method.leaves if leaf.id in (own := cast("tuple[str, frozenset[LeafId]]", block_of(method, x.id)))[1]))


def touched(view: View, command: Fact) -> Tables:
    """The tables that a command can change, in whatever state it is taken."""
    verb, at = command.verb, command.address
    match verb:
        case Verb.FILL | Verb.CLEAR:
            return frozenset({FacetId(at.partition("/")[0]), "items"})
        case Verb.DECLARE | Verb.END | Verb.MERGE:
            kind = KindId(at.partition("/")[0])
            return frozenset({INSTANCES, (OF_KIND, kind), *_TREE, *blocks_with(view.method, kind)})
        case Verb.SETTLE:
            return frozenset({"settled"})
        case Verb.ADOPT:
            return frozenset({"adopted", "planned"})
        case Verb.PUBLISH:
            return frozenset({"published"})
        case Verb.DEROGATE:
            return frozenset({"derogations"})
    if verb in RUN_VERBS:
        return frozenset({(RUN, DOSSIER), "states"})
    found = view.words.find_leaf(at)
    if _of_a_paper(view, command) or found is None:
        return frozenset({(PAPER, at), "states"})
    out: set[Hashable] = {Label(found[0].id, found[1]), found[0].id, "sittings"}
    if found[0].sort is Sort.DECISION:
        out.add("states")
    if verb in (Verb.CONVENE, Verb.MOVE, Verb.CANCEL):
        out.add("planned")
    if verb is COMPLETES[found[0].sort]:
        out.update((*_TREE, block_of(view.method, found[0].id)))
    return frozenset(out)


def _names(view: View, traced: Traced) -> Tables:
    """The tables that were noted. The state of a sitting is its label's: whoever reads it has looked up which sitting is meant."""
    names: set[Hashable] = set()
    for key, bit in view.answers._bits.items():
        if traced.reads.bits & bit:
            sitting = view.words.find_leaf(key[1]) if type(key) is tuple and key[0] == COPIL else None
            names.add(Label(sitting[0].id, sitting[1]) if sitting else key)
    return frozenset(names)


def _step(view: View, command: Fact) -> tuple[Leaf, Label] | None:
    """The step of the tree that a command would take."""
    found = view.words.find_leaf(command.address) if command.verb in (Verb.CONVENE, Verb.HOLD, Verb.DELIVER, Verb.AGREE, Verb.DECIDE) else None
    return None if found is None else (found[0], Label(found[0].id, found[1]))


def _by_the_tree(view: View, command: Fact) -> bool:
    step = _step(view, command)
    if step is None or step[0].id in view.words.free or engine._renewed(view, step[1], command) or step[1] in view.position.skipped:
        return False
    if command.verb is Verb.CONVENE:  # what is still to come may be called
        n = view.words.find_leaf(command.address)[2]  # type: ignore[index]
        return not 0 < n <= len(view.sittings.get(step[1], ())) and bool(engine._called_in_vain(view, *step))
    return view.position.standing(step[1]) not in (Standing.ENABLED, Standing.LATE)


def _by_the_run(view: View, command: Fact) -> bool:
    state = view.state(RUN, DOSSIER, command.on.latest)
    if command.verb in RUN_VERBS:
        return destination(RUN, state, command.verb) is None
    return state != initial(RUN) and command.verb not in (Verb.CORRECT, Verb.SETTLE)


def _by_what_is_over(view: View, command: Fact) -> bool:
    """What was held and decided is neither moved nor cancelled, unless its loop goes round again: told of what was held alone, where no lane holds a body that decides."""
    found = view.words.find_leaf(command.address)
    if found is None or not found[0].is_sitting or found[2] or command.verb not in (Verb.MOVE, Verb.CANCEL) or _decides_in_lanes(view.method):
        return False
    return not found[0].scope and bool(engine._over(view, found[0], Label(found[0].id, found[1]), command))


def _decides_in_lanes(method: Method) -> bool:
    return any(leaf.scope for leaf in method.leaves if leaf.sort is Sort.DECISION)


def _by_its_chart(view: View, command: Fact) -> bool:
    """A sitting or a document that cannot make a move."""
    if _of_a_paper(view, command):
        return destination(PAPER, view.state(PAPER, command.address, command.on.latest), command.verb) is None
    found = view.words.find_leaf(command.address)
    if found is None or not found[0].is_sitting or command.verb not in SITTING_VERBS:
        return False
    if not found[2] and command.verb in (Verb.MOVE, Verb.CANCEL) and engine._over(view, found[0], Label(found[0].id, found[1]), command):
        return True
    sitting = view.open_sitting(found[0], Label(found[0].id, found[1]), found[2], command)
    if found[0].sort is not Sort.DECISION:
        return bool(found[2]) and (sitting.cancelled or (sitting.held is not None and command.verb is not Verb.HOLD))
    return destination(COPIL, view.state(COPIL, sitting.address, command.on.latest), command.verb) is None


def _as_told(view: View, command: Fact) -> bool:
    """A command that cannot be read: where something lifts that, it is read to its end."""
    found = False
    for wrong in misread(view, command, telling=False):
        found = True
        if not wrong.lifts:
            break
    return found


def _by_a_sitting_of_its_day(view: View, command: Fact) -> bool:
    """A second sitting on the day of the first: what its step has held tells it, whatever the engine reads to say it as of a file."""
    step = _step(view, command)
    if step is None or command.verb is not Verb.HOLD or not any(s.held == command.on for s in view.sittings.get(step[1], ())):
        return False
    return bool(engine._held_today(view.plain, command)) if isinstance(view, Traced) else False


def _by_a_row(view: View, command: Fact, n: int) -> bool | None:
    """None where there are no more rows."""
    step = _step(view, command)
    if step is None or command.verb is not OPENS[step[0].sort]:
        return None
    asked = Asked(leaf=step[0], label=step[1], on=command.on.latest, by=command.stamp.by if command.stamp else "")
    row = next(islice(due_rows(view, step[1]), n, None), None)
    return None if row is None else any(b.severity is Severity.ERROR and (not row.derogable or granted(view, b.code, b.subject, asked.on) is None) for b in guard(view, row, asked))


def _readers(command: Fact, first: bool) -> Iterator[Callable[[View], bool | None]]:
    """Each part of the engine that may refuse a command: how it is told *first*, or the cheapest."""
    def as_told(view: View) -> bool:
        return _as_told(view, command)

    if first:
        yield as_told

    def by_the_tree(view: View) -> bool:
        return _by_the_tree(view, command)

    yield by_the_tree

    def by_what_is_over(view: View) -> bool:
        return _by_what_is_over(view, command)

    yield by_what_is_over
    yield lambda v: _by_its_chart(v, command)
    yield lambda v: _by_the_run(v, command)
    yield lambda v: _by_a_sitting_of_its_day(v, command)
    yield as_told
    yield from (lambda v, n=n: _by_a_row(v, command, n) for n in count())  # type: ignore[misc]


def pivot(view: View, command: Fact, *, first: bool = False) -> Kept:
    """None where a command is accepted; else the tables that one part of the refusal was read from. With what that was read from."""
    for reader in _readers(command, first):
        traced = Traced(view)
        refused = reader(traced)
        if refused:
            names = _names(view, traced)
            step = _step(view, command)
            if reader.__name__ == "as_told" and (kinds := kinds_named(view, command)) is not None:
                names = names.difference({INSTANCES}) | kinds if INSTANCES in names else names
            if reader.__name__ == "by_what_is_over":
                names = names.difference((*_TREE, INSTANCES))  # which loop is around it is written in the method, and what it is called decides nothing
            if reader.__name__ == "by_the_tree" and step and view.position.standing(step[1]) in (Standing.DONE, Standing.PASSED):
                named = () if step[0].scope else (INSTANCES,)  # for its title: it has the same whoever is there
                names = names.difference((*_TREE, *named)) | {block_of(view.method, step[0].id)}
            return (traced.reads.bits, names)
        if refused is None:
            break
    traced = Traced(view)
    decision = engine._decision(traced, command)
    return (traced.reads.bits, None if isinstance(decision, Accepted) else _names(view, traced))


def stands(view: View, table: Hashable, so_far: Position | None, since: dt.date) -> Hashable:
    """What is in a table, as far as it matters from a day on."""
    if isinstance(table, Label):
        return tuple(view.sittings.get(table, ()))
    if type(table) is tuple and table[0] == OF_KIND:
        return tuple(view.of_kind(table[1]))
    if type(table) is tuple and table[0] != BLOCK:
        return tuple(view.states.get(table, ()))
    if table in _TREE or type(table) is tuple:
        # Steps of one day have no order: those of the last day are taken anew with those to come on it.
        own = table[1] if type(table) is tuple else view.words.leaves
        today = frozenset((x, f.address, isinstance(f.args, Agree) and f.args) for x, f in view.done_facts[-9:] if f.on.latest >= since and x.leaf in own)
        agreed = tuple((x, f.args) for x, f in view.done_facts if isinstance(f.args, Agree) and f.args.version and x.leaf in own)
        where = tuple(at(p) if table in _TREE else block(p, own) for p in (view.position, so_far) if p is not None)
        return (where, today, agreed)
    match table:
        case "sittings":
            return frozenset((x, tuple(history)) for x, history in view.sittings.items() if history)
        case "planned":
            return (frozenset(view.planned.items()), stands(view, "sittings", so_far, since))
        case "items":
            return tuple(tuple(view.items.get(f.id, ())) for f in view.method.facets)
        case "states":
            return frozenset((k, tuple(history)) for k, history in view.states.items() if history)
        case "settled":
            return frozenset(view.settled)
        case "instances":
            return tuple(view.instances)
        case "adopted":
            return view.adopted
        case "published":
            return tuple(view.published)
        case "derogations":
            return tuple(view.derogations)
    if table in view.words.facets:
        return tuple(view.items.get(FacetId(str(table)), ()))
    assert table in view.words.leaves, table
    return frozenset((x, tuple(history)) for x, history in view.sittings.items() if x.leaf == table and history)


def at(position: Position) -> Hashable:
    """The same for two positions that are equal; quicker to hash."""
    return position.shape.lanes, position._frame.known, position._frame.filling, position._frame.left, position._done, position._skipped


def block(position: Position, leaves: Collection[LeafId]) -> Hashable:
    """Where some steps stand."""
    return tuple((x, position.standing(x)) for leaf in sorted(leaves) for x in position.labels(leaf)), frozenset(x for x in position.skipped if x.leaf in leaves)


# -- the search -----------------------------------------------------------------------------------------------


@attrs.define(eq=False)
class Node:
    dossier: Dossier
    since: dt.date
    before: Position | None = None
    """Where it stood when the day before *since* was over; None for the day on which the search begins."""
    way: tuple[Fact, ...] = ()
    origin: Node | None = None
    number: int = 0
    """What it came of, and by which command."""
    asked: dict[tuple[dt.date, Tables], list[Fact]] = attrs.field(factory=dict)
    """The commands of each day, with the answers of some facets."""
    after: dict[int, Node] = attrs.field(factory=dict)
    for_the_next: bool = False
    """Its command can only have been for the one after it: see above."""
    tried: Tables = NOTHING
    """The commands that touch these were tried here as the last one; what came of them is in the levels, which only grow."""


@attrs.define
class Search:
    method: Method
    days: list[dt.date]
    wanted: dict[Fact, list[Blocker]]
    about: list[Blocker]
    domain: Domain
    levels: list[Tables]
    found: Found = attrs.field(factory=dict)
    more: dict[dt.date, list[Fact]] = attrs.field(factory=dict)
    """What is asked in every state though it is of somebody who is only declared on the way."""
    numbers: dict[Fact, int] = attrs.field(factory=dict)
    same: dict[Fact, Fact] = attrs.field(factory=dict)
    """Each command once: states have mostly the same."""
    touches: dict[tuple[Verb, str], Tables] = attrs.field(factory=dict)
    states: int = 0
    told: dict[Kept, Kept] = attrs.field(factory=dict)
    """Each refusal with what it was read from once: the same are given in thousands of states."""

    def why(self, view: View, command: Fact, n: int, *, first: bool = False) -> Tables | None:
        """`pivot`, looked up where nothing of what it was read from was touched since; *n* is the command's number, under which no other answer is kept."""
        found = view.answers.find(n)
        if found is None:
            found = pivot(view, command, first=first)
            found = view.answers.own[n] = self.told.setdefault(found, found)
        return cast("Tables | None", found[1])

    def number(self, command: Fact) -> int:
        return self.numbers.setdefault(command, len(self.numbers))

    def ask(self, node: Node) -> None:
        view = view_of(self.method, node.dossier)
        for f in self.wanted.keys() - self.found.keys():
            for day in sorted({f.on.latest, *self.days}):
                if day < max(node.since, f.on.latest):
                    continue
                again = f if day == f.on.latest else f.stamped(agir.Stamp(on=When(day), by="nobody"))
                tables = self.why(view, again, -1 - self.number(again), first=True)
                if tables is None:
                    assert isinstance(agir.decide(self.method, node.dossier, again), Accepted), (again, self.wanted[f], agir.decide(self.method, node.dossier, again), pivot(view, again))
                    self.found[f] = (*node.way, again)
                    break
                if again.verb is Verb.CORRECT:
                    tables -= {ANY_FACT}  # how many facts there are: see `run`
                self.levels[0] |= tables

    def upto(self, n: int) -> Tables:
        return NOTHING.union(*self.levels[: n + 1])

    def candidates(self, node: Node, day: dt.date, among: Tables) -> Iterator[tuple[Fact, Tables]]:
        """The commands of a day, with the tables that they touch, where any of those is *among* these."""
        view, facets = view_of(self.method, node.dossier), frozenset(among & self.method.words.facets.keys())
        found = node.asked.get((day, facets))
        if found is None:
            asked = [*self.domain(self.method, node.dossier, day, self.about, None if "items" in among else facets), *self.more[day]]
            found = node.asked[day, facets] = [self.same.setdefault(f, f) for f in asked]
        for command in found:
            key = (command.verb, command.address)
            if (own := self.touches.get(key)) is None:
                own = self.touches[key] = touched(view, command)
            if own & among:
                yield command, own

    def step(self, node: Node, left: int) -> Iterator[Node]:
        """The states after one command more, where *left* others come after it."""
        view = view_of(self.method, node.dossier)
        upto = [self.upto(n) for n in range(left + 1)]
        among = upto[left] if left else upto[0] - node.tried
        if not left:
            node.tried = upto[0]
        parent = view_of(self.method, node.origin.dossier) if node.for_the_next and node.origin else None
        beside = frozenset(x for x in upto[left].difference(_TREE) if type(x) is not tuple or x[0] != BLOCK)
        for day in (d for d in self.days if d >= node.since):
            tried: set[Hashable] = set()
            for command, own in self.candidates(node, day, among):
                n = self.number(command)
                # Of a step, where that alone is asked for: that it is done.
                alike = (command.verb, command.address) if command.verb in (Verb.HOLD, Verb.DELIVER, Verb.DECIDE) and not own & beside else n
                if n in tried or alike in tried or (parent and self.why(parent, command, n) is None):
                    continue
                tables = self.why(view, command, n)
                if tables is not None:
                    tried.add(n)
                    self.levels[next(m for m, some in enumerate(upto) if own & some) + 1] |= tables
                    continue
                tried |= {n, alike}
                if not left:
                    self.states += 1
                    self.ask(Node(agir.evolve(self.method, node.dossier, command), day, way=(*node.way, command)))
                    continue
                if (then := node.after.get(n)) is None:
                    before = node.before if day == node.since else view.position
                    then = node.after[n] = Node(agir.evolve(self.method, node.dossier, command), day, before, (*node.way, command), node, n)
                then.for_the_next = not own & upto[left - 1]
                yield then

    def forget(self, node: Node) -> None:
        """Of a state after which a last command was tried, all that was found out on the way: there are tens of thousands."""
        view_of(self.method, node.dossier).answers.own.clear()
        node.asked.clear()

    def key(self, node: Node, left: int) -> Hashable:
        view = view_of(self.method, node.dossier)
        return tuple(stands(view, table, node.before, node.since) for table in sorted(self.upto(left), key=str))

    def once(self, root: Node, length: int) -> None:
        self.ask(root)
        here = [root]
        for left in reversed(range(length)):
            after: dict[Hashable, Node] = {}
            for node in here:
                for then in self.step(node, left):
                    # Of two alike the one of the earlier day: it may still do all that the other may.
                    other = after.setdefault(key := self.key(then, left), then)
                    if then.since < other.since:
                        after[key] = then
                    gone = other if after[key] is then else then
                    if gone is not after[key] and gone.origin is not None:
                        gone.origin.after.pop(gone.number, None)  # made anew where it matters: there are a hundred of them for one that is gone on with
                if not left:
                    self.forget(node)
            self.states += len(after)
            for then in after.values():
                self.ask(then)
            here = list(after.values())
            if self.wanted.keys() <= self.found.keys():
                return

    def run(self, dossier: Dossier, length: int) -> Found:
        dossier = Dossier(dossier.facts)  # a view of its own, for what is kept there is under the numbers of this search
        root = Node(dossier, self.days[0])
        self.more = {day: self.of_others(dossier, day) if length else [] for day in self.days}
        while True:
            was = list(self.levels)
            self.once(root, length)
            if self.levels == was:
                break
        # One command is as good as another for what reads only how many facts there are.
        here: Node | None = root
        for _ in range(length):
            here = next(self.open(here), None) if here else None
            if here:
                self.ask(here)
        return self.found

    def open(self, node: Node) -> Iterator[Node]:
        """The states after one command more, whatever it touches."""
        for day in (d for d in self.days if d >= node.since):
            for command in self.domain(self.method, node.dossier, day, self.about, None):
                if isinstance(agir.decide(self.method, node.dossier, command), Accepted):
                    yield Node(agir.evolve(self.method, node.dossier, command), day, node.before, (*node.way, command))

    def of_others(self, dossier: Dossier, day: dt.date) -> list[Fact]:
        """The commands that would be there, were all declared who may be, and had each body decided."""
        known, crowded = self.domain(self.method, dossier, day, self.about, None), dossier
        for command in known:
            if command.verb is Verb.DECLARE:
                crowded = agir.evolve(self.method, crowded, command)
        addresses = {(c.verb, c.address) for c in known}
        out = [c for c in self.domain(self.method, crowded, day, self.about, None) if (c.verb, c.address) not in addresses]
        stamp = agir.Stamp(on=When(day), by="nobody")
        return out + [fact(Verb.DEROGATE, at, Derogate(code=b.code, reason="…", copil=x.address)).stamped(stamp)
                      for b in self.about for at in (b.subject, DOSSIER) for x in self.method.words.decisions]  # fmt: skip


def ways(
    method: Method, dossier: Dossier, days: list[dt.date], wanted: dict[Fact, list[Blocker]], length: int, domain: Domain = alphabet, about: list[Blocker] | None = None
) -> Found:
    """Those of *wanted* that are accepted after all, with what leads there; see `test_for_ever.ways`. Those refused alike are searched for together."""
    alike: dict[Hashable, dict[Fact, list[Blocker]]] = {}
    for f, blockers in wanted.items():
        named = frozenset(p for b in blockers for p in b.subject.split("/")[1:])
        alike.setdefault((named, pivot(view_of(method, dossier), f, first=True)[1]), {})[f] = blockers
    out = Found()
    every = Search(method, days, wanted, [b for blockers in wanted.values() for b in blockers][:8], domain, [])
    if next(every.open(Node(dossier, days[0])), None) is None:
        length = 0  # nothing may be done, on none of the days
    for some in alike.values():
        own = [b for blockers in some.values() for b in blockers][:8]
        out |= Search(method, days, some, own if about is None else about, domain, [NOTHING] * (length + 1)).run(dossier, length)
    return out
