"""
Facts of one day, whatever the order in which they arrived.

A day has no hours: what was told of one thing on one day is read in the order in which such things
are done (called, held, decided; delivered, submitted, approved). Two facts of one verb about one thing
keep their order: the last word counts.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import attrs

from ._fold import day_of
from .dossier import Dossier
from .facts import Convene, Correct, Fact, Move
from .words import Verb

_RANKS = {v: n for n, v in enumerate((
    Verb.DECLARE, Verb.DELIVER, Verb.CONVENE, Verb.MOVE, Verb.CANCEL, Verb.HOLD, Verb.DECIDE, Verb.SUBMIT, Verb.RETURN, Verb.APPROVE,
    Verb.REVOKE, Verb.SUSPEND, Verb.RESUME, Verb.MERGE, Verb.END, Verb.ABANDON, Verb.CLOSE,
))}  # fmt: skip
_FIRST, _LAST = -1, len(_RANKS)
_UNDOES = {Verb.CANCEL: (Verb.CONVENE, Verb.MOVE), Verb.RESUME: (Verb.SUSPEND,)}
"""What undoes something of an earlier day comes before what is done anew on its own day."""
_PLANS = (Verb.ADOPT, Verb.CONVENE, Verb.MOVE, Verb.CANCEL)

def arranged(dossier: Dossier, dated: Sequence[Fact]) -> Dossier:
    """
    The dossier with the facts of one day and one thing in the order in which such things are done; itself where they are so already.

    *dated* are its facts, one for one, with the days that later corrections gave them.
    """
    facts = dossier.facts
    order = list(range(len(facts)))
    _plans_first(dated, order)
    _things_in_turn(dated, order)
    if order == [*range(len(facts))]:
        return dossier
    place = {old: new for new, old in enumerate(order)}
    return Dossier(tuple(_pointed(facts[old], place) for old in order))


def _plans_first(dated: Sequence[Fact], order: list[int]) -> None:
    """A plan adopted on a day comes before what is called for, or moved, on that day."""
    days = {day_of(f) for f in dated if f.verb is Verb.ADOPT}
    of_day: dict[dt.date, list[int]] = defaultdict(list)
    for n, fact in enumerate(dated) if days else ():
        if fact.verb in _PLANS and day_of(fact) in days:
            of_day[day_of(fact)].append(n)
    for places in of_day.values():
        _settle(order, places, lambda n: (0, dated[n].verb is not Verb.ADOPT))


def _things_in_turn(dated: Sequence[Fact], order: list[int]) -> None:
    told = [dated[n] for n in order]
    days, things = list(map(day_of, told)), [str(f.address) for f in told]
    if "#" in "".join(things):
        things = [address.partition("#")[0] for address in things]
    # Of what was told once a day there is no order to find.
    crowded = {thing for (thing, _), number in Counter(zip(things, days, strict=True)).items() if number > 1}
    of_one: dict[str, dict[dt.date, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, thing in enumerate(things) if crowded else ():
        if thing in crowded and told[place].verb in _RANKS and place:
            of_one[thing][days[place]].append(place)
    for of_day in of_one.values():
        before: Verb | None = None
        for _, places in sorted(of_day.items()):
            if len(places) > 1:
                held = any(dated[order[p]].verb in (Verb.HOLD, Verb.DECIDE) for p in places)
                _settle(order, places, lambda n, before=before, held=held: _rank(dated[n], before, held=held))  # type: ignore[misc]
            before = dated[order[places[-1]]].verb


def _settle(order: list[int], places: Sequence[int], rank: Callable[[int], tuple[int, int]]) -> None:
    for place, n in zip(places, sorted((order[p] for p in places), key=rank), strict=True):
        order[place] = n


def _rank(fact: Fact, before: Verb | None, *, held: bool) -> tuple[int, int]:
    """First by the number of the sitting, then by what is done with it."""
    sitting = fact.address.partition("#")[2]
    n = int(sitting) if sitting.isdecimal() else 1
    if before in _UNDOES.get(fact.verb, ()):
        return n, _FIRST
    if held and isinstance(fact.args, (Convene, Move)) and fact.args.day > day_of(fact):
        return n, _LAST  # the sitting held, or decided, that day is another than the one called for later
    return n, _RANKS[fact.verb]


def _pointed(fact: Fact, place: dict[int, int]) -> Fact:
    """A correction follows the fact that it corrects to its new place."""
    if isinstance(fact.args, Correct) and fact.args.of - 1 in place:
        return Fact(fact.verb, fact.address, attrs.evolve(fact.args, of=place[fact.args.of - 1] + 1), fact.stamp)
    return fact
