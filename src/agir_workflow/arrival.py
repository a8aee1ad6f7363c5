"""
Facts of one day, whatever the order in which they arrived.

A day has no hours: what was told of one thing on one day is read in the order in which such things
are done (called, held, decided; delivered, submitted, approved). Two facts of one verb about one thing
are read in the order in which they were noted, or of their hours, where all say so; else by what they say,
and each of them may be the last word (`rivals`).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from typing import TypeAlias

import attrs

from ._fold import dated, latest_of
from .dossier import Dossier, day_of, days_of, verbs_of
from .facts import Convene, Correct, Fact, Fill, Hold, Move
from .values import Record, Value
from .words import Verb

Way: TypeAlias = tuple[tuple[int, int], ...]
"""Which fact, by its index, stands at which place."""
Ways: TypeAlias = tuple[Way, ...]

_RANKS = {v: n for n, v in enumerate((
    Verb.DECLARE, Verb.DELIVER, Verb.CONVENE, Verb.MOVE, Verb.CANCEL, Verb.HOLD, Verb.DECIDE, Verb.SUBMIT, Verb.RETURN, Verb.APPROVE,
    Verb.REVOKE, Verb.SUSPEND, Verb.RESUME, Verb.MERGE, Verb.END, Verb.ABANDON, Verb.CLOSE,
))}  # fmt: skip
_FIRST, _LAST = -1, len(_RANKS)
_UNDOES = {Verb.CANCEL: (Verb.CONVENE, Verb.MOVE), Verb.RESUME: (Verb.SUSPEND,)}
"""What undoes something of an earlier day comes before what is done anew on its own day."""
# Names of their own: on Python 3.11 a member of an enum takes ten times as long to look up as another name.
_ADOPT, _FILL, _CLEAR = Verb.ADOPT, Verb.FILL, Verb.CLEAR
_PLANS = frozenset((_ADOPT, Verb.CONVENE, Verb.MOVE, Verb.CANCEL))


def arranged(dossier: Dossier) -> Dossier:
    """The dossier with the facts of one day and one thing in the order in which such things are done; itself where they are so already."""
    told = dated(dossier)
    alike = _alike(told)
    if any(told[places[0]].verb is Verb.CORRECT for places in alike):  # the last of them says on which day a fact was
        dossier = dossier.taking(_in_turn(told, alike))
        told = dated(dossier)
        alike = _alike(told)
    order = _in_turn(told, alike)
    return dossier if order == [*range(len(order))] else dossier.taking(order)


def _in_turn(told: Sequence[Fact], alike: Iterable[Sequence[int]]) -> list[int]:
    order = list(range(len(told)))
    for places in alike:
        for place, n in zip(places, _noted(told, places), strict=True):
            order[place] = n
    return _as_done(told, order)


def _as_done(told: Sequence[Fact], order: list[int]) -> list[int]:
    _plans_first(told, order)
    _things_in_turn(told, order)
    return order


def rivals(dossier: Dossier, adding: Container[str]) -> tuple[Ways, ...]:
    """
    The things of which several facts were told on one day, in one verb, while nothing says which was the last: for each, its ways.

    A way says which fact stands at which place, the first leaves all where it is; another one has another fact last. *dossier* is
    one that was `arranged`. Facets that are *adding* take one answer beside the other, unless both bear one id.
    """
    if not _alike(dossier.facts):
        return ()
    told, out = dated(dossier), list[Ways]()
    for places in sorted(_alike(told), key=lambda places: _about(told, told[places[0]])):
        vying = () if _told_apart(told, places) else _vying(told, places, adding)
        ways = [tuple((n, n) for n in places)]
        said = {_said(told[places[-1]])}
        for last in reversed(vying):
            if _said(told[last]) not in said:
                said.add(_said(told[last]))
                ways.append(tuple(zip(places, [*(n for n in places if n != last), last], strict=True)))
        if len(ways) > 1:
            out.append(tuple(ways))
    return tuple(out)


def _about(told: Sequence[Fact], fact: Fact) -> tuple[dt.date, str, str]:
    """What a fact is about, whatever its place: its day and thing; of a correction, what it corrects."""
    of = fact.args.of - 1 if isinstance(fact.args, Correct) else -1
    return day_of(fact), fact.address, _said(told[of]) + told[of].address if 0 <= of < len(told) else _said(fact)


def _vying(told: Sequence[Fact], places: Sequence[int], adding: Container[str]) -> Sequence[int]:
    """Those of which it matters which came last."""
    if told[places[-1]].verb is _CLEAR:
        return ()  # whichever answer came last, it was withdrawn
    places = [n for n in places if told[n].verb is not _CLEAR]
    facts = [told[n] for n in places]
    if facts[0].address.partition("/")[0] not in adding:
        return places
    ids = [_ids(f) for f in facts]
    return [n for n, own in zip(places, ids, strict=True) if sum(bool(own & other) for other in ids) > 1]


def _ids(fact: Fact) -> set[Value]:
    values = fact.args.value if isinstance(fact.args, Fill) else ()
    return {own for v in (values if isinstance(values, tuple) else (values,)) if isinstance(v, Record) and (own := v.get("id")) is not None}


def on_its_way(dossier: Dossier, ways: Iterable[Way]) -> Dossier:
    """The dossier with the facts of some things in another order."""
    order = list(range(len(dossier.facts)))
    for place, n in (pair for way in ways for pair in way):
        order[place] = n
    other = dossier.taking(order)
    return other.taking(_as_done(dated(other), list(range(len(order)))))


def _alike(told: Sequence[Fact]) -> list[list[int]]:
    """The facts of one day, one verb and one thing, by their places, where there are several; an answer and its withdrawal are of one verb."""
    verbs = verbs_of(told)
    if len({(f.address, f.verb) for f in told}) == len(told) and _CLEAR not in verbs:  # nearly always
        return []
    keys = list(zip([f.address for f in told], [_FILL if v is _CLEAR else v for v in verbs], strict=True))
    often = {key for key, number in Counter(keys).items() if number > 1}
    of_day: dict[tuple[object, ...], list[int]] = {}
    for n, key in enumerate(keys):
        if n and key in often:
            args = told[n].args
            of_day.setdefault((key, day_of(told[n]), args.of if isinstance(args, Correct) else 0), []).append(n)
    return [places for places in of_day.values() if len(places) > 1]


def _noted(told: Sequence[Fact], places: Sequence[int]) -> list[int]:
    """In the order in which they were noted, where that is known; what withdraws an answer of an earlier day comes before what is said anew."""
    when = _told_apart(told, places)
    if when:
        return sorted(places, key=lambda n: when[n])
    alike = sorted(places, key=lambda n: _said(told[n]))
    gone, said = [n for n in alike if told[n].verb is _CLEAR], [n for n in alike if told[n].verb is not _CLEAR]
    # Where nothing stood before the day, an answer of the day itself is withdrawn: the only one, or one of several.
    first = 0 if not gone or _stood(told, told[places[0]]) else 1
    return [*said[:first], *gone, *said[first:]]


def _stood(told: Sequence[Fact], fact: Fact) -> bool:
    """Whether anything was said under a fact's address before its day: else what is withdrawn on that day was said on it."""
    return any(f.verb is _FILL and f.address == fact.address and day_of(f) < day_of(fact) for f in told)


def _told_apart(told: Sequence[Fact], places: Sequence[int]) -> dict[int, str]:
    """When each was noted, or held: nothing where two do not say so, or say the same. One alone that does not say came before those that do."""
    noted = {n: s.recorded_at.isoformat(timespec="microseconds") if s.recorded_at else "" for n in places if (s := told[n].stamp)}
    hours = {n: a.start.isoformat() for n in places if isinstance(a := told[n].args, Hold) and a.start}
    return next((when for when in (noted, hours) if len(set(when.values())) == len(places)), {})


def _said(fact: Fact) -> str:
    """What a fact says, without the number of another."""
    args = attrs.evolve(fact.args, of=0) if isinstance(fact.args, Correct) else fact.args
    return f"{fact.verb} {args!r} {fact.stamp!r}"


def _plans_first(told: Sequence[Fact], order: list[int]) -> None:
    """A plan adopted on a day comes before what is called for, or moved, on that day."""
    plans = [n for n, verb in enumerate(verbs_of(told)) if verb in _PLANS]
    days = {day_of(told[n]) for n in plans if told[n].verb is _ADOPT}
    of_day: dict[dt.date, list[int]] = defaultdict(list)
    for n in plans if days else ():
        if (day := day_of(told[n])) in days:
            of_day[day].append(n)
    for places in of_day.values():
        _settle(order, places, lambda n: (0, told[n].verb is not _ADOPT))


def _things_in_turn(told: Sequence[Fact], order: list[int]) -> None:
    here = [told[n] for n in order]
    days, things = days_of(here), list[str]([f.address for f in here])
    if "#" in "".join(things):
        things = [address.partition("#")[0] for address in things]
    # Of what was told once a day there is no order to find.
    often = Counter(zip(things, days, strict=True))
    if len(often) == len(things):
        return
    crowded = {of_day[0] for of_day, number in often.items() if number > 1}
    of_one: dict[str, dict[dt.date, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, thing in enumerate(things):
        if thing in crowded and here[place].verb in _RANKS and place:
            of_one[thing][days[place]].append(place)
    for of_day in of_one.values():
        before: Verb | None = None
        for _, places in sorted(of_day.items()):
            if len(places) > 1:
                held = max((latest_of(told[order[p]]) for p in places if told[order[p]].verb in (Verb.HOLD, Verb.DECIDE)), default=None)
                _settle(order, places, lambda n, before=before, held=held: _rank(told[n], before, held=held))  # type: ignore[misc]
            before = told[order[places[-1]]].verb


def _settle(order: list[int], places: Sequence[int], rank: Callable[[int], tuple[int, int]]) -> None:
    for place, n in zip(places, sorted((order[p] for p in places), key=rank), strict=True):
        order[place] = n


def _rank(fact: Fact, before: Verb | None, *, held: dt.date | None) -> tuple[int, int]:
    """First by the number of the sitting, then by what is done with it; *held* is the last day on which one may have been held or decided."""
    sitting = fact.address.partition("#")[2]
    n = int(sitting) if sitting.isdecimal() else 1
    if before in _UNDOES.get(fact.verb, ()):
        return n, _FIRST
    if held and isinstance(fact.args, (Convene, Move)) and fact.args.day > held:
        return n, _LAST  # the sitting held, or decided, that day is another than the one called for later
    return n, _RANKS[fact.verb]
