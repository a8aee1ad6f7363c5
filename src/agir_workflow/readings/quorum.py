"""Whether a decision has its quorum, and who sat at it that may not."""

from __future__ import annotations

import datetime as dt

import attrs

from ..answers import Ask
from ..dossier import Item, Sitting
from ..planning.problem import Counting
from ..requirements import MORE_THAN, Duration, Requirement
from ..values import EMPTY, Record, Value, each_of
from ..view import View
from ..words import Address, FacetId, Text, Verb
from ._days import elapsed_between
from ._phrases import count_of, joined, named, percent_of
from ._result import Met, NotApplicable, Result, Unmet
from .binding import Binding
from .seats import barred, heads, represented


def quorum(view: View, row: Requirement, binding: Binding, as_of: dt.date) -> Result:
    share, sitting = view.regime.get("quorum"), binding.sitting
    if share is None:
        return NotApplicable("quorum", absent=False)
    if sitting is None or sitting.hold is None:
        return NotApplicable("attendance")
    history = view.sittings[sitting.label]
    # A second call, for want of a quorum at the sitting before, needs none; once held, it mends that want.
    if sitting.n > 1 and _called_again(view, row, sitting, history[sitting.n - 2], share):
        return NotApplicable("attendance", absent=False)
    quorate = _quorate(view, row, sitting, share)
    if quorate is None:
        return NotApplicable(str(row.param("seats") or "seats"))
    if quorate or any(s.n > sitting.n and s.held and s.held.earliest <= as_of for s in history):
        return Met
    return attrs.evolve(_wanting(view, row, sitting, share), lacks=(f"{sitting.address}.decision",), lifts=(Ask(Verb.CONVENE, Address(binding.subject)),))


_ONE_SIDED = Text("{subject} : double quorum non atteint, {value} des présents ({missing}), pour {bound} au moins.",
                  "{subject}: no double quorum, {value} of those present ({missing}), where at least {bound} is wanted.")  # fmt: skip
_NOTED = Text("{subject} : séance notée comme sans quorum.", "{subject}: noted as without a quorum.")


def _least(share: Value, seats: int) -> int:
    """How many of so many seats make a quorum: a share of them at least, in per cent, or more than one."""
    if isinstance(share, Record):
        return seats * int(str(share.get(MORE_THAN))) // 100 + 1
    return -(-seats * int(str(share)) // 100)


_SEATS = Text("siège", "seat"), Text("sièges", "seats")


def _wanting(view: View, row: Requirement, sitting: Sitting, share: Value) -> Unmet:
    """What a sitting without a quorum lacked: heads, in the row's own sentence; else the colleges of a double quorum; else only its record says so."""
    present, seats = represented(view, sitting), len(_seats(view, row, sitting))
    if seats and present < (least := _least(share, seats)):
        word = _SEATS[seats > 1]
        return Unmet(value=count_of(present), bound=count_of(least), missing=Text(f"{seats} {word.fr}", f"{seats} {word.en}"))
    if _second_quorum(view, sitting):
        return Unmet(said=_NOTED)
    here, colleges = heads(view, sitting, EMPTY), [str(c) for c in each_of(view.regime.get("quorum_colleges"))]
    percent = sum(here.get(c, 0) for c in colleges) * 100 // sum(here.values())
    return Unmet(value=percent_of(percent), bound=percent_of(int(str(view.regime.get("quorum_colleges_share")))), missing=joined([named(view, c) for c in colleges]), said=_ONE_SIDED)


SECOND_NOTICE, COUNTED = "second_notice", "notice_count"
"""What a regime says of a second call: how long before it must be called to need no quorum, in the days of its notices."""


def _called_again(view: View, row: Requirement, sitting: Sitting, before: Sitting, share: Value) -> bool:
    """Whether a sitting takes up the same points as the one before it, which had no quorum for them, and was called in time."""
    return _quorate(view, row, before, share) is False and _same_points(sitting, before) and _in_time(view, sitting, before)


def _same_points(sitting: Sitting, before: Sitting) -> bool:
    """Whether everything that a second call treats was on the agenda of the first (METHOD-LANGUAGE.md §5); of points that are not told it was."""
    old, new = (s.hold.agenda if s.hold else () for s in (before, sitting))
    return not old or set(new) <= set(old)


def _in_time(view: View, sitting: Sitting, before: Sitting) -> bool:
    """
    Whether a second call came long enough after its notice (where none is told, after the sitting before) to need no quorum.

    Of days that are not known for sure it did; so it does where the regime says nothing of it.
    """
    least, count = view.regime.get(SECOND_NOTICE), view.regime.get(COUNTED)
    called, day = sitting.convened or before.held, sitting.held
    if not isinstance(least, str) or called is None or day is None:
        return True
    counting = Counting(str(count)) if count else Counting.DAYS
    return elapsed_between(view, called.earliest, day.latest, counting) >= Duration.parse(least).days


def _seats(view: View, row: Requirement, sitting: Sitting) -> tuple[Item, ...]:
    return view.at(FacetId(str(row.param("seats"))), sitting.held.latest if sitting.held else None)


def _quorate(view: View, row: Requirement, sitting: Sitting, share: Value) -> bool | None:
    """Whether a sitting had its quorum, as its record says or its heads show; None where neither can tell."""
    if sitting.hold is None or sitting.hold.quorate is not None:
        return sitting.hold.quorate if sitting.hold else None
    seats = len(_seats(view, row, sitting))
    if not seats:
        return None
    return represented(view, sitting) >= _least(share, seats) and _second_quorum(view, sitting)


def _second_quorum(view: View, sitting: Sitting) -> bool:
    """A regime of double quorum also wants its share of those present from some of the colleges."""
    colleges, share = view.regime.get("quorum_colleges"), view.regime.get("quorum_colleges_share")
    if not isinstance(colleges, tuple) or not isinstance(share, int):
        return True
    present = heads(view, sitting, EMPTY)
    return sum(n for college, n in present.items() if college in colleges) * 100 >= sum(present.values()) * share


def seated_wrongly(view: View, row: Requirement, sitting: Sitting) -> Unmet | None:
    """Which seats of a sitting took part as they may not, for a row that says so of seats; None where all may."""
    interests = row.param("interests")
    wrong = barred(view, sitting, FacetId(str(interests)) if interests else None)
    return Unmet(missing=joined([named(view, id) for id in wrong])) if wrong else None
