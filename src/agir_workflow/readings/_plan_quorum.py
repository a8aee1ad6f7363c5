"""
Whether a sitting that was held lacked its quorum: then the planner dates the next one, whether it decided or not.

The planner's own count (docs/decisions/0018): it shares no function with that of guard and verdict.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence

from ..dossier import Sitting
from ..facts import Hold
from ..requirements import MORE_THAN, Is, Requirement
from ..values import Record, Value
from ..view import View
from ..words import FacetId


def without_quorum(view: View, history: Sequence[Sitting], asked: Callable[[str], bool]) -> str | None:
    """The key of a row (of those *asked* for) for which the last sitting of a step, undecided, had no quorum; None where it may decide."""
    last = history[-1] if history else None
    return None if last is None or last.done is not None or last.cancelled else lacking(view, history, last, asked)


def lacking(view: View, history: Sequence[Sitting], one: Sitting, asked: Callable[[str], bool]) -> str | None:
    """The key of a row (of those *asked* for) for which a sitting of a step had no quorum: what was decided at it is void."""
    share = view.regime.get("quorum")
    if one.hold is None or one.held is None or share is None:
        return None
    for row in view.method.requirements:
        if row.is_ is Is.QUORUM and one.label.leaf in view.words.leaves_of(row.selector("of").word) and asked(key := f"{row.code} @ {one.address}"):
            first = history[one.n - 2] if one.n > 1 else None
            second = first is not None and _is_short(view, row, first, share) and _takes_up(one, first)
            if _is_short(view, row, one, share) and not second:
                return key
    return None


def _takes_up(second: Sitting, first: Sitting) -> bool:
    """Whether a second call treats nothing but what the first had on its agenda; whether it came in time is for the guard to say, and no date of it is ahead."""
    old, new = (x.hold.agenda if x.hold else () for x in (first, second))
    return not old or not {*new} - {*old}


def _is_short(view: View, row: Requirement, sitting: Sitting, share: Value) -> bool:
    hold = sitting.hold
    if hold is None or hold.quorate is not None:
        return hold is not None and not hold.quorate
    day = sitting.held.latest if sitting.held else None
    seats = [i.value for i in view.at(FacetId(str(row.param("seats"))), day) if isinstance(i.value, Record)]
    if not seats:
        return False
    number = len(seats) * int(str(share.get(MORE_THAN))) // 100 + 1 if isinstance(share, Record) else -(-len(seats) * int(str(share)) // 100)
    named = {str(s.get("id")): str(s.get("college")) for s in seats if s.get("id")}
    sat = [id for id in named if id not in hold.withdrawn and (id in hold.present or hold.substitutes.get(id) is not None)]
    here = Counter(named[id] for id in sat) or Counter({k: n for k, n in hold.attendance if isinstance(n, int) and n > 0})
    return here.total() + _given(view, hold, named, sat) < number or _one_sided(view, here)


def _given(view: View, hold: Hold, named: Collection[str], sat: Sequence[str]) -> int:
    """The proxies and mandates that count: as many as one who sat may hold, of seats on which nobody sat."""
    if view.regime.get("quorum_proxies") is False:
        return 0
    most = view.regime.get("proxies")
    held = Counter(str(holder) for giver, holder in hold.proxies if giver in named and giver not in sat and str(holder) in sat)
    return hold.mandates + sum(min(n, most if isinstance(most, int) else 1) for n in held.values())


def _one_sided(view: View, here: Counter[str]) -> bool:
    """Whether the colleges whose share a double quorum asks for have less of it among those who sat."""
    colleges, share = view.regime.get("quorum_colleges"), view.regime.get("quorum_colleges_share")
    if not isinstance(colleges, tuple) or not isinstance(share, int):
        return False
    return sum(here[str(c)] for c in colleges) * 100 < here.total() * share
