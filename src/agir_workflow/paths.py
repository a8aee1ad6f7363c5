"""
Questions about what has not happened: what if this were done, and what leads to that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs

from .answers import Accepted, As, Ask, Blocker, Decision, Lift, Refused, Wait
from .dossier import Dossier
from .engine import decide, evolve, why_not
from .facts import Fact, Stamp
from .method import Method
from .samples import command_of
from .view import view_of
from .when import When

_STEPS = 600
"""More steps than any project has; past it a path is given up, never looped."""


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
    lift says who must ask.
    """
    stamp = command.stamp
    if stamp is None:  # what `decide` says of it
        return Path((), why_not(method, dossier, command))
    walk = _Walk(method, dossier, stamp.on.latest, stamp.by)
    stuck = walk.reach(command, ())
    return Path(tuple(walk.done), stuck)


@attrs.define
class _Walk:
    method: Method
    dossier: Dossier
    day: dt.date
    by: str
    done: list[Fact] = attrs.field(factory=list)
    steps: int = 0

    def reach(self, command: Fact, above: tuple[tuple[str, str], ...]) -> tuple[Blocker, ...]:
        """Take a command, doing first what lifts its blockers; what remains in the way, () when taken."""
        by, completed = self.by, False
        key = (command.verb.value, str(command.address))
        while self.steps < _STEPS:
            self.steps += 1
            asked = command.stamped(Stamp(on=When(self.day), by=by))
            decision = decide(self.method, self.dossier, asked)
            if isinstance(decision, Accepted):
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
            role = self._lift(decision, (*above, key))
            if role is None:
                return decision.blockers
            by = role or by
        last = decide(self.method, self.dossier, command.stamped(Stamp(on=When(self.day), by=by)))
        return last.blockers if isinstance(last, Refused) else ()

    def _lift(self, refused: Refused, above: tuple[tuple[str, str], ...]) -> str | None:
        """Follow one lift of one blocker; the role to ask as ('' for the same), None where none works."""
        for blocker in refused.blockers:
            for lift in blocker.lifts:
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
                command = command_of(view_of(self.method, self.dossier), lift, self.day)
                return None if self.reach(command, above) else ""
