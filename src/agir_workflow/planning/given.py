"""
Days that somebody gave to steps: of which of them a plan can keep one, and what is said of the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from .. import _chart
from ..dossier import Label
from ..errors import NotPlannedError, PlanningError, UnknownNameError
from ..facts import DOSSIER
from ..position import Standing
from ..toml_file import near
from ..view import RUN, View
from ..when import When
from ..words import Text


def days_given(view: View, at: dt.date, fix: Sequence[tuple[str, dt.date]], known: Collection[str]) -> tuple[tuple[str, dt.date], ...]:
    """
    The days given to what is *known* to the planner; those of meetings held on their day say nothing more, and are left out.

    Raises PlanningError for meetings that were held on another day, NotPlannedError for a step that has no date in this plan, UnknownNameError for a slip of the pen.
    """
    # A meeting held in vain is held again under `#2`: its plain address means that next sitting.
    again = {v.partition("#")[0]: v for v in known if "#" in v}
    when = held(view)
    kept, moved = [], []
    for address, day in fix:
        id = address if address in known else again.get(address, address)
        if id in known:
            kept.append((id, day))
        elif id not in when:
            if (why := why_not_planned(view, at, id)) is not None:
                raise NotPlannedError(id, why)
            raise UnknownNameError("address", id, near(id, known))
        elif not held_on(when[id], day):
            moved.append(f"fix @ {id}")
    if moved:
        raise PlanningError(tuple((key,) for key in moved))
    return tuple(kept)


def branches_given(view: View, fix: Sequence[tuple[str, dt.date]]) -> dict[Label, str]:
    """The steps ahead that a day was given to, each with the key that says so: whoever gives one a day wants its branch."""
    ahead = {*view.position.optional(), *view.position.to_do()}
    steps = ((found[1], address) for address, _ in fix if (found := view.words.find_label(address)) is not None and found[2] <= 1)
    return {label: f"fix @ {address}" for label, address in steps if label in ahead}


def held(view: View) -> dict[str, When]:
    """When each sitting was held, by its address."""
    return {str(s.address): s.held for history in view.sittings.values() for s in history if s.held}


def held_on(when: When, day: dt.date) -> bool:
    return when.earliest <= day <= when.latest


def why_not_planned(view: View, at: dt.date, address: str) -> Text | None:
    """Why a step of the method has no date in this plan; None for an address that is of no step."""
    found = view.words.find_label(address)
    if found is None or found[2] > 1 or found[1] not in view.position.labels():
        return None
    match view.position.standing(found[1]):
        case Standing.DONE:
            return Text("c'est déjà fait", "it is done already")
        case _ if view.state(RUN, DOSSIER, at) in _chart.final(RUN):
            return Text("le projet est terminé : plus rien n'y est daté", "the project is over: nothing more of it is dated")
        case Standing.PASSED:
            return Text("sa branche n'a pas été prise, ou le projet l'a passée", "its branch was not taken, or the project is beyond it")
        case _:
            return Text("le calendrier ne prend pas sa branche : rien ne la demande", "the plan does not take its branch: nothing wants it")
