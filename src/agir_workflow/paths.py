"""
Questions about what has not happened: what if this were done, and what leads to that.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Hashable, Iterable, Iterator

import attrs

from .answers import Accepted, As, Ask, Blocker, Decision, Lift, Refused, Wait
from .dossier import Dossier
from .engine import decide, evolve, why_not
from .facts import Decide, Fact, Stamp, fact
from .method import Method
from .requirements import Is
from .samples import command_of
from .values import Value, each_of
from .view import view_of
from .when import When
from .words import OPENS, Sort, Verb

_STEPS = 600
"""More steps than any project has; past it a path is given up, never looped."""

_ALIKE = 12
"""So often a refusal may read the same, where a sitting after the other is held; after that nothing changes any more."""

_EFFORT = 4_000
"""So many commands are tried in looking for another way, once the first one has led nowhere."""


@attrs.frozen
class Supposed:
    """What a row of commands would meet, and the dossier they would leave."""

    decisions: tuple[Decision, ...]
    dossier: Dossier


def what_if(method: Method, dossier: Dossier, commands: Iterable[Fact]) -> Supposed:
    """
    Each command in turn, on the dossier that the accepted ones before it would leave.

    Commands carry their stamps. Nothing is kept: the dossier given is untouched.
    """
    decisions = []
    for command in commands:
        decision = decide(method, dossier, command)
        decisions.append(decision)
        if isinstance(decision, Accepted):
            for event in decision.events:
                dossier = evolve(method, dossier, event)
    return Supposed(tuple(decisions), dossier)


@attrs.frozen
class Path:
    """
    The commands that lead to one, in order, the asked one last; their contents are made up.

    `stuck` holds the blockers that nothing lifts; the commands are then as far as one comes.
    """

    commands: tuple[Fact, ...]
    stuck: tuple[Blocker, ...] = ()

    @property
    def complete(self) -> bool:
        return not self.stuck


def path_to(method: Method, dossier: Dossier, command: Fact) -> Path:
    """
    How a command becomes possible: the lifts of its blockers, followed recursively.

    Begins on the day of the command's stamp and waits where a lift says so; `by` changes where a
    lift says who must ask. Where that leads nowhere (a gate that decides once has let something else on, an option was passed),
    and nothing was in the way for good at first, another way is looked for: other decisions, other steps, the latest first.
    """
    stamp = command.stamp
    if stamp is None:  # what `decide` says of it
        return Path((), why_not(method, dossier, command))
    walk = _Walk(method, dossier, stamp.on.latest, stamp.by)
    stuck = walk.reach(command, ())
    if stuck and all(b.lifts for b in why_not(method, dossier, command)) and (other := _another(walk, command)) is not None:
        return Path(tuple(other.done))
    return Path(tuple(walk.done), stuck)


def _another(first: _Walk, command: Fact) -> _Walk | None:
    """A walk that reaches the command, though the *first* one did not: it parts from it, or from one that parted from it, at one step. None where none is found."""
    todo, seen, effort = deque([first]), set[Hashable](), 0
    while todo:
        walk = todo.popleft()
        for n in reversed(range(len(walk.done) + 1)):
            for other in walk.at(n).turns():
                if effort > _EFFORT:
                    return None
                then = walk.at(n)
                stuck = then.reach(other, ())
                if not stuck and (place := then.place()) not in seen:
                    seen.add(place)
                    if not then.reach(command, ()):
                        return then
                    todo.append(then)
                effort += then.steps
    return None


@attrs.define
class _Walk:
    method: Method
    dossier: Dossier
    day: dt.date
    by: str
    done: list[Fact] = attrs.field(factory=list)
    before: list[tuple[Dossier, dt.date]] = attrs.field(factory=list)
    """The dossier and the day before each of what was done."""
    wanted: dict[str, tuple[Value, ...]] = attrs.field(factory=dict)
    """What each body is to decide, as the row says that waits for it."""
    steps: int = 0

    def at(self, n: int) -> _Walk:
        """The walk as it was before the nth of what was done; as it is, after all."""
        dossier, day = self.before[n] if n < len(self.before) else (self.dossier, self.day)
        return _Walk(self.method, dossier, day, self.by, self.done[:n], self.before[:n])

    def place(self) -> Hashable:
        """Where it stands: in the tree, and what each body last said."""
        view = view_of(self.method, self.dossier)
        said = {x: next((s.decision.value for s in reversed(history) if s.decision), None) for x, history in view.sittings.items()}
        return view.position, frozenset((x, value) for x, value in said.items() if value is not None)

    def turns(self) -> Iterator[Fact]:
        """What the tree lets one do now: the decisions first, with each of their values."""
        view = view_of(self.method, self.dossier)
        open_ = [(view.words.leaves[x.leaf], x) for x in view.position.enabled()]
        for leaf, x in open_:
            if leaf.sort is Sort.DECISION:
                yield from (fact(Verb.DECIDE, leaf.at(x.inst), Decide(value=value)) for value in leaf.decisions)
        for leaf, x in open_:
            if leaf.sort is not Sort.DECISION:
                yield command_of(view, Ask(OPENS[leaf.sort], leaf.at(x.inst)), self.day)

    def reach(self, command: Fact, above: tuple[tuple[str, str], ...]) -> tuple[Blocker, ...]:
        """Take a command, doing first what lifts its blockers; what remains in the way, () when taken."""
        by, completed = self.by, False
        key = (command.verb.value, str(command.address))
        met: list[tuple[tuple[Blocker, ...], Hashable]] = []
        while self.steps < _STEPS:
            self.steps += 1
            asked = command.stamped(Stamp(on=When(self.day), by=by))
            decision = decide(self.method, self.dossier, asked)
            if isinstance(decision, Accepted):
                self.before.append((self.dossier, self.day))
                for event in decision.events:
                    self.dossier = evolve(self.method, self.dossier, event)
                self.done.append(asked)
                return ()
            permanent = tuple(b for b in decision.blockers if not b.lifts)
            if permanent:
                return permanent
            if not completed and any(isinstance(x, Ask) and (x.verb.value, x.address.partition("#")[0]) == (key[0], key[1].partition("#")[0]) for b in decision.blockers for x in b.lifts):
                # What is missing is in the command itself: ask it again with its contents.
                command, completed = command_of(view_of(self.method, self.dossier), Ask(command.verb, command.address), self.day), True
                continue
            here = (decision.blockers, self.place())
            role = None if met.count(here) > _ALIKE else self._lift(decision, (*above, key))
            if role is None:
                return decision.blockers
            met.append(here)
            by = role or by
        last = decide(self.method, self.dossier, command.stamped(Stamp(on=When(self.day), by=by)))
        return last.blockers if isinstance(last, Refused) else ()

    def _lift(self, refused: Refused, above: tuple[tuple[str, str], ...]) -> str | None:
        """Follow one lift of one blocker; the role to ask as ('' for the same), None where none works."""
        for blocker in refused.blockers:
            row = next((r for r in self.method.requirements if r.code == blocker.code and r.is_ is Is.DECIDED), None)
            for lift in blocker.lifts:
                if row is not None and isinstance(lift, Ask):
                    self.wanted[lift.address.partition("#")[0]] = each_of(row.param("values"))
                found = self._follow(lift, above)
                if found is not None:
                    return found
        return None

    def _follow(self, lift: Lift, above: tuple[tuple[str, str], ...]) -> str | None:
        match lift:
            case Wait():
                self.day = max(self.day, lift.until)
                return ""
            case As():
                return lift.role
            case Ask():
                if (lift.verb.value, str(lift.address)) in above:
                    return None
                command = self._as_wanted(command_of(view_of(self.method, self.dossier), lift, self.day))
                return None if self.reach(command, above) else ""

    def _as_wanted(self, command: Fact) -> Fact:
        """A decision with a value that the row which waits for it lets pass."""
        wanted, found = self.wanted.get(command.address.partition("#")[0], ()), self.method.words.find_leaf(command.address)
        if not isinstance(command.args, Decide) or found is None or not wanted or command.args.value in wanted:
            return command
        value = next((x for x in found[0].decisions if x in wanted), command.args.value)
        return fact(command.verb, command.address, attrs.evolve(command.args, value=value))
