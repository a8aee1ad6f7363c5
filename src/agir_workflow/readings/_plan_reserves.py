"""
The reserves of decisions that nobody has settled, nor a later decision carried on: what is to be done by the next sitting of the same bodies.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..answers import Ask
from ..dossier import Sitting
from ..planning.problem import Lag
from ..requirements import Requirement
from ..view import View
from ..words import Address, LeafId, Verb
from ._plan_run import key

if TYPE_CHECKING:
    from .plan import Draft


def settled(draft: Draft, row: Requirement) -> None:
    """A reserve is settled by the next sitting, whichever it is; where there is none ahead, nobody waits for it."""
    leaves = draft.view.words.leaves_of(row.selector("of").word)
    coming = [draft.variable(x) for x in draft.labels if x.leaf in leaves]
    for reserve in _open(draft.view, leaves):
        ask, why = Ask(Verb.SETTLE, reserve.address), key(row, reserve.sitting)
        if reserve.missed is not None:
            draft.late(ask, why, reserve.missed)
        elif next_ones := [x for x in coming if x != reserve.sitting]:
            task = draft.task(ask, why)
            draft.lags += [Lag(a=task, b=x, key=why, min=0) for x in next_ones]


class _Reserve(NamedTuple):
    """An open reserve: where it is settled, at which sitting it was made, and the day of the sitting that should have found it settled; None where that is ahead."""

    address: Address
    sitting: Address
    missed: dt.date | None


def _open(view: View, leaves: Sequence[LeafId]) -> Iterator[_Reserve]:
    """Those of the decisions of some bodies, in order of the sittings."""
    sat = [s for label in view.sittings if label.leaf in leaves for s in view.sittings[label] if s.held is not None]
    for one in sat:
        if one.decision is None or one.decided is None:
            continue
        later = sorted((s for s in sat if s.held and one.decided.latest < s.held.earliest), key=lambda s: (_day(s), s.address))
        for n, text in enumerate(one.decision.reserves, 1):
            address = Address(f"reserve/{one.address}/{n}")
            if address not in view.settled and not (later and later[0].decision is not None and text in later[0].decision.reserves):
                yield _Reserve(address, one.address, _day(later[0]) if later else None)


def _day(sitting: Sitting) -> dt.date:
    assert sitting.held is not None
    return sitting.held.earliest
