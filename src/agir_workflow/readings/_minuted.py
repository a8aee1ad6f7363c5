"""Whether the minutes of a sitting were sent, or approved, by the next one of the same body; and whether what it decided was noted."""

from __future__ import annotations

import datetime as dt
import itertools
from bisect import bisect_right
from operator import itemgetter

from ..answers import Ask
from ..dossier import ChartState, Sitting
from ..requirements import Duration, Requirement
from ..view import PAPER, View
from ..words import Address, Verb
from ._once import once
from ._papers import AT_LEAST, next_move
from ._phrases import state_name
from ._result import Met, NotApplicable, Result, Unmet, needed
from .binding import Binding, fits, paper_address


def undecided(view: View, row: Requirement, binding: Binding, as_of: dt.date) -> Result:
    """Whether what a sitting decided was noted, at it or at a further one of the same step; nothing is owed before `within` has passed since it was held."""
    sitting = binding.sitting
    if sitting is None or sitting.held is None or sitting.held.earliest > as_of:
        return NotApplicable("sittings", absent=False)
    if any(s.decision is not None for s in view.sittings[sitting.label][sitting.n - 1 :]):
        return Met
    within = needed(view, row, "within", as_of)
    if isinstance(within, NotApplicable):
        return within
    if within is not None and (as_of - sitting.held.latest).days <= Duration.parse(str(within)).days:
        return NotApplicable("decision", absent=False)
    # The step that the decision would complete is what is lacking, to whoever looks for it.
    return Unmet(lacks=(str(binding.subject),), lifts=(Ask(Verb.DECIDE, Address(sitting.address)),))


def minuted(view: View, row: Requirement, binding: Binding, as_of: dt.date) -> Result:
    """
    Whether a document of a sitting had come so far by the day of the next one, of the same body and the same instances.

    Approved is also what the next sitting had on its agenda (`point`), what nobody objected to for so long since it was sent
    (`silence`), and what was approved since. Nothing is owed before there is a next one.
    """
    sitting = binding.sitting
    following = _following(view, row, binding, as_of) if sitting is not None and sitting.held is not None else None
    if sitting is None or sitting.held is None or sitting.held.earliest > as_of:
        return NotApplicable("sittings", absent=False)
    if following is None or following.held is None:
        return Met
    address, wanted, day = paper_address(view, str(row.param("paper")), binding), str(row.param("state")), following.held.latest
    told = _told_by(view, address, day)
    if told and (wanted == "draft" or told[-1].state in AT_LEAST[wanted]):
        return Met  # what was sent and came back was sent
    now = view.state(PAPER, address, as_of)
    if wanted == "approved" and (now == wanted or _treated(row, following) or _unopposed(view, row, told, day)):
        return Met
    lifts = (Ask(next_move(now, wanted), Address(address)),) if wanted == "approved" or not told else ()
    return Unmet(value=state_name(now), bound=state_name(wanted), missing=view.title(following.address), lacks=() if told else (address,), lifts=lifts, past=wanted == "draft" and now != "none")


def _told_by(view: View, address: Address, day: dt.date) -> list[ChartState]:
    return [s for s in view.states.get((PAPER, address), ()) if s.on.earliest <= day]


def _following(view: View, row: Requirement, binding: Binding, as_of: dt.date) -> Sitting | None:
    """The next sitting, on a later day, of the steps that the row speaks of; one that was held out of its order is another fault."""
    own, label = binding.sitting.held if binding.sitting else None, binding.label
    word = row.selector("of").word
    days, held = once(view, _in_turn, word, as_of)
    for s in held[bisect_right(days, own.latest) :] if own is not None else ():
        if fits(view, binding, s.label) and (label is None or s.label == label or view.position.precedes(label, s.label)):
            return s
    return None


def _in_turn(view: View, word: str, as_of: dt.date) -> tuple[list[dt.date], list[Sitting]]:
    """The sittings of some steps that were held, by day, and those days."""
    found = sorted([(s.held.earliest, s.address, s) for leaf in view.words.leaves_of(word) for s in view.held(leaf, as_of) if s.held is not None], key=itemgetter(0, 1))
    return [day for day, _, _ in found], [s for _, _, s in found]


def _treated(row: Requirement, following: Sitting) -> bool:
    return row.param("point") is not None and following.hold is not None and row.param("point") in following.hold.agenda


def _unopposed(view: View, row: Requirement, told: list[ChartState], day: dt.date) -> bool:
    """Whether the last version lay so long with everybody that silence stands for approval."""
    long = needed(view, row, "silence", day)
    if not isinstance(long, str) or not told or told[-1].state not in ("draft", "submitted"):
        return False
    lies = itertools.takewhile(lambda s: s.state in ("draft", "submitted") and s.version == told[-1].version, reversed(told))
    return (day - list(lies)[-1].on.earliest).days >= Duration.parse(long).days
