"""What still mends a remark, once the fact that it is about stands."""

from __future__ import annotations

import attrs

from .answers import Ask, Blocker, Lift
from .dossier import Dossier
from .engine import decide, evolve
from .facts import Fact, Hold
from .method import Method
from .requirements import Is
from .samples import command_of
from .values import Record
from .view import view_of
from .words import Address, Text, Verb

_DONE = Text("c'est fait : le verdict le dira", "it is done: the verdict will say so")


def afterwards(method: Method, dossier: Dossier, fact: Fact, remarks: tuple[Blocker, ...]) -> tuple[Blocker, ...]:
    """
    The remarks about a fact, each with the ways out that there are now.

    What a command would have needed first is no longer a way where it was done without: a meeting is not held
    again, who was there is put right; its notice is told with its own day; nobody waits for what has happened.
    *dossier* is the one before the fact, or the one that holds it already.
    """
    after = dossier if fact in dossier.facts else evolve(method, dossier, fact)
    number = len(after.facts) - after.facts[::-1].index(fact)
    return tuple(_since(method, after, fact, number, remark) for remark in remarks)


def _since(method: Method, after: Dossier, fact: Fact, number: int, remark: Blocker) -> Blocker:
    ways = tuple(dict.fromkeys(way for lift in remark.lifts if (way := _way(method, after, fact, number, remark, lift)) is not None))
    return remark if ways == remark.lifts else attrs.evolve(remark, lifts=ways, permanent=None if ways else _DONE)


def _way(method: Method, after: Dossier, fact: Fact, number: int, remark: Blocker, lift: Lift) -> Lift | None:
    """What a way out has become; None where it leads nowhere."""
    if not isinstance(lift, Ask):
        return None
    own = lift.address.partition("#")[0] == fact.address.partition("#")[0]
    if own and lift.verb is Verb.HOLD and isinstance(fact.args, Hold):
        return Ask(Verb.CORRECT, fact.address, Record((("of", number),)))
    if own and lift.verb is Verb.CONVENE and remark.is_ is Is.GAP and isinstance(fact.args, Hold):
        return Ask(Verb.CONVENE, Address(remark.subject), Record((("day", str(fact.on)),)))
    if own and lift.verb is fact.verb:
        return None
    assert fact.stamp is not None
    answer = decide(method, after, command_of(view_of(method, after), lift, fact.on.earliest).stamped(fact.stamp))
    return None if any(b.permanent for b in getattr(answer, "blockers", ())) else lift
