"""
Who was there: by seats, where the members have names, else by heads of each college.

A seat is an item of a facet that the method calls `seats`: somebody, for an organisation, in a
body, from a day to another (METHOD-LANGUAGE.md §5). One proxy for each member at most, unless
the regime says otherwise (JURI06, art. 10); a seat on which somebody sits who may not sit for its
member is empty: an ex-officio member is replaced by one of the same service, an elected one by one of
the same assembly, a qualified person by nobody (R133-3). Who withdrew for an interest is not there
(JURI06, art. 13).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from .._fold import holds
from ..dossier import Item, Label, Sitting
from ..facts import Hold
from ..method import Facet
from ..values import Record, Value, each_of
from ..view import View
from ..words import FacetId, KindId, LeafId
from ._once import once
from ._said import items_by

ID, COLLEGE, PERSON, STANDING, ACTOR = "id", "college", "person", "standing", "actor"
"""The fields of a seat that are read here; only its college must be said."""
SUBSTITUTABLE, ALIKE = "substitutable", "alike"
"""What a word of the list of standings says: whether a substitute may sit, and in which fields they must be like the member."""
SEAT, ABOUT = "seat", "about"
"""The fields of an interest: whose it is, and in what (a point of the agenda, an instance); in everything where it does not say."""
PROXIES, CASTING_VOTE, QUORUM_PROXIES = "proxies", "casting_vote", "quorum_proxies"
"""What a regime says: how many proxies a member may hold, whether the chair's vote settles a tie, and whether a quorum counts who gave a proxy."""
Seat: TypeAlias = tuple[Facet, Record]


def counted(hold: Hold | None) -> bool:
    """Whether anything is said of who was there."""
    return hold is not None and bool(hold.attendance or hold.present or hold.substitutes)


def bodies(view: View, leaf: LeafId) -> tuple[Facet, ...]:
    """The facets whose items are the seats at a step."""
    return tuple(f for f in view.method.facets if f.seats and leaf in view.words.leaves_of(f.seats))


def _items(view: View, label: Label, as_of: dt.date | None) -> Iterator[tuple[Facet, Item]]:
    """The seats of a step on a day, in the order in which they were filled."""
    scope = dict(zip(view.words.leaves[label.leaf].scope, label.inst, strict=False))
    for facet in bodies(view, label.leaf):
        own = scope.get(KindId(facet.scope)) if facet.scope else None
        if facet.scope and own is None:
            continue
        of_one = view.of_word(facet.id, None, items_by)
        yield from ((facet, i) for i in of_one.get(own, ()) if as_of is None or holds(i.on, i.off, as_of))


def seats_at(view: View, label: Label, as_of: dt.date | None) -> dict[str, Seat]:
    """The seats that bear an id, by that id."""
    found = ((facet, i.value) for facet, i in _items(view, label, as_of) if isinstance(i.value, Record))
    return {str(id): (facet, seat) for facet, seat in found if (id := seat.get(ID))}


def _of(view: View, sitting: Sitting) -> dict[str, Seat]:
    if sitting.hold is None or not (sitting.hold.present or sitting.hold.substitutes):
        return {}
    return once(view, seats_at, sitting.label, sitting.held.latest if sitting.held else None)


def _sits(view: View, hold: Hold, id: str, facet: Facet, seat: Record) -> bool:
    """Whether somebody sat there: its member, or one who may sit instead."""
    if id in hold.withdrawn:
        return False
    return id in hold.present or (hold.substitutes.get(id) is not None and may_substitute(view, facet, seat, hold.substitutes.get(id)))


def seated(view: View, addresses: Iterable[str], as_of: dt.date) -> dict[str, frozenset[str]]:
    """
    Who has a seat at the meeting of each address on a day: `person:P` by pseudonym, `org:O` by the organisation as the seat
    says it, and by the id of the actor of that name.

    Where a meeting keeps no seats (a plenary), it is that of those whose seats elsewhere are of a role that it invites.
    """
    out: dict[str, frozenset[str]] = {}
    roles: dict[str, set[str]] = {}
    places = [(address, place[0], place[1]) for address in addresses if (place := view.words.find_leaf(address)) is not None]
    for address, leaf, inst in places:
        seats = [i.value for _, i in _items(view, Label(leaf.id, inst), as_of) if isinstance(i.value, Record)]
        out[address] = frozenset(word for seat in seats for word in _called(view, seat))
        for word in out[address]:
            roles.setdefault(word, set()).update(leaf.invited)
    unseated = {address: {*leaf.invited} for address, leaf, _ in places if not bodies(view, leaf.id)}
    return out | {address: frozenset(word for word, own in roles.items() if own & invited) for address, invited in unseated.items()}


def _called(view: View, seat: Record) -> Iterator[str]:
    if person := seat.get(PERSON):
        yield f"person:{person}"
    if organisation := seat.get(ACTOR):
        yield f"org:{organisation}"
        yield from (f"org:{i.id}" for i in view.instances if i.label.casefold() == str(organisation).casefold())


def may_substitute(view: View, facet: Facet, seat: Record, who: Value | None) -> bool:
    """Whether somebody may sit for the member of a seat, as far as its standing and what is known of both tell; else it is admitted."""
    field = next((f for f in facet.fields if f.name == STANDING), None)
    words = view.method.list_(field.type) if field else None
    word = words.word(str(seat.get(STANDING))) if words else None
    if word is None:
        return True
    said = who if isinstance(who, Record) else Record()
    pairs = [(seat.get(str(name)), said.get(str(name))) for name in each_of(word.attributes.get(ALIKE))]
    return word.attributes.get(SUBSTITUTABLE) is not False and all(own is None or other is None or own == other for own, other in pairs)


def attended(view: View, sitting: Sitting) -> tuple[str, ...]:
    """The ids of the seats on which somebody sat and took part; () where only heads were counted."""
    hold = sitting.hold
    return tuple(id for id, (facet, seat) in _of(view, sitting).items() if hold and _sits(view, hold, id, facet, seat))


def barred(view: View, sitting: Sitting, interests: FacetId | None) -> tuple[str, ...]:
    """
    The ids of the seats that took part as they may not.

    A substitute who may not sit, a proxy beyond those that one member may hold or held by nobody there, a member who
    has an interest in what was treated.
    """
    hold, seats, there = sitting.hold, _of(view, sitting), attended(view, sitting)
    if hold is None:
        return ()
    out = [id for id, who in hold.substitutes if id in seats and not may_substitute(view, *seats[id], who)]
    most, held = view.regime.get(PROXIES), Counter[str]()
    for giver, holder in hold.proxies:
        held[str(holder)] += 1
        if holder not in there or held[str(holder)] > (most if isinstance(most, int) else 1):
            out.append(giver)
    if interests is not None:
        matters = {*hold.agenda, *sitting.label.inst}
        said = [i.value for i in view.at(interests, sitting.held.latest if sitting.held else None) if isinstance(i.value, Record)]
        interested = {str(v.get(SEAT)) for v in said if v.get(ABOUT) is None or matters & {str(x) for x in each_of(v.get(ABOUT))}}
        out += [id for id in there if id in interested and id in hold.present]
    return tuple(dict.fromkeys(out))


def represented(view: View, sitting: Sitting) -> int:
    """
    Those whom a quorum counts: who sat, and who gave a valid proxy or mandate, unless the regime wants its members there.

    Half *present or having given a mandate* (JURI06, art. 11); more than half *present* (CGCT, art. L2121-17).
    """
    hold, there = sitting.hold, sum(heads(view, sitting, Record()).values())
    if hold is None or view.regime.get(QUORUM_PROXIES) is False:
        return there
    seats, sat, most = _of(view, sitting), set(attended(view, sitting)), view.regime.get(PROXIES)
    given = Counter(str(holder) for giver, holder in hold.proxies if giver in seats and giver not in sat and holder in sat)
    return there + sum(min(n, most if isinstance(most, int) else 1) for n in given.values()) + hold.mandates


def heads(view: View, sitting: Sitting, where: Record) -> dict[str, int]:
    """How many of each college were there; only those colleges that `where` names."""
    known, key = view.looked, ("heads", sitting.label, sitting.n)
    counts: dict[str, int] | None = known.get(key)  # type: ignore[assignment]
    if counts is None:
        counts = known[key] = _heads(view, sitting)
    wanted = each_of(where.get(COLLEGE)) if where.names else ()
    return {k: n for k, n in counts.items() if k in wanted} if wanted else counts


def _heads(view: View, sitting: Sitting) -> dict[str, int]:
    seats = _of(view, sitting)
    counts = Counter([str(seats[id][1].get(COLLEGE)) for id in attended(view, sitting)]) if seats else {}
    if sitting.hold and not counts:
        return {k: n for k, n in sitting.hold.attendance if isinstance(n, int) and n > 0}
    return dict(counts)


def chair(view: View, sitting: Sitting) -> tuple[str, ...]:
    """The college of who was in the chair, as far as that is said."""
    who = sitting.hold.chaired_by if sitting.hold else None
    if who is None:
        return ()
    seat = seats_at(view, sitting.label, sitting.held.latest if sitting.held else None).get(who)
    return (str(seat[1].get(COLLEGE)),) if seat else (who,)


def persons(view: View, sitting: Sitting) -> tuple[str, ...]:
    """The pseudonyms of those who sat, as far as their seats name them."""
    hold, seats = sitting.hold, _of(view, sitting)
    if hold is None:
        return ()
    found = (seats[id][1].get(PERSON) if id in hold.present else _who(hold.substitutes.get(id)) for id in attended(view, sitting))
    return tuple(sorted({str(p) for p in found if p}))


def _who(said: Value | None) -> Value | None:
    return said.get(PERSON) if isinstance(said, Record) else said


def expected(view: View, label: Label, day: dt.date) -> frozenset[str] | None:
    """The persons whose seats a step has on a day; None unless every one of them is known."""
    known = [i.value.get(PERSON) if isinstance(i.value, Record) else None for _, i in _items(view, label, day)]
    return frozenset(str(p) for p in known) if known and all(known) else None


def apart(view: View, one: Sitting, other: Sitting) -> bool:
    """Whether nobody can be at both: each names all who sat, and none of them sat at the other."""
    here, there = (_all_persons(view, s) for s in (one, other))
    return here is not None and there is not None and not here & there


def _all_persons(view: View, sitting: Sitting) -> frozenset[str] | None:
    found = persons(view, sitting)
    return frozenset(found) if found and len(found) == len(attended(view, sitting)) else None
