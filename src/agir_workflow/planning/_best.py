"""
Of the ways through the choices of a tree, the one that a plan takes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

import attrs

from ..errors import PlanningError
from ..readings._phrases import day_of, joined
from ..readings._plan_subjects import address_of
from ..words import Text
from .problem import Problem, Solved, Status

if TYPE_CHECKING:
    from .make import _Planner

TRIES = 64
"""So many ways are tried after the first one, the nearest to it first."""

_Cost: TypeAlias = tuple[int, int, int, int, int]


@attrs.frozen(kw_only=True)
class Days:
    """
    The days of one way: of which problem they are a solution, whether it bore the wishes that may be left out (`soft`),
    and the keys of the to-dos that may be done on the day of what waits for them (`hurried`).
    """

    problem: Problem
    solved: Solved
    soft: bool
    hurried: frozenset[str] = frozenset()
    announced: Mapping[str, dt.date] = attrs.field(factory=dict)
    """The meetings that are on a day announced for them."""


def best(first: _Planner) -> tuple[_Planner, Days, tuple[Text, ...]]:
    """
    Who plans the best way that has days, these days, and what is to be said of the choice.

    The best leaves a day between what is to be done and what waits for it, keeps the wishes that may be left out, then most days of an adopted plan; then it ends first (backward: begins last), then has
    the fewest meetings, then the fewest steps, and is the first of those alike. Where none has days, raises the PlanningError of the way nearest to
    some (see `_far`); `way` of the error says which it is, and it is `proved` where each way was searched to its end.
    """
    taken: tuple[_Cost, _Planner, Days] | None = None
    refused: PlanningError | None = None
    nearest: tuple[PlanningError, _Planner] | None = None
    at_first: Days | None = None
    cut = given_up = False
    for n, way in enumerate(chain([first], first.others())):
        if n > TRIES:
            cut = True
            break
        try:
            found = way.solved() if way else None
        except PlanningError as exc:
            refused = exc if way is first else refused
            given_up |= not exc.proved
            if way and (nearest is None or _far(exc) < _far(nearest[0])):
                nearest = exc, way
            continue
        if way is None or found is None:
            continue
        at_first = found if way is first else at_first
        cost = _cost(way, found)
        if taken is None or cost < taken[0]:
            taken = cost, way, found
    if taken is None:
        assert nearest is not None
        if nearest[1] is not first:
            nearest[0].way = _exchanged(first, nearest[1])
        nearest[0].proved &= not (cut or given_up)
        raise nearest[0]
    _, way, found = taken
    said = [_instead(first, at_first, refused, way, found)] if way is not first else []
    if cut:
        said.append(Text(f"{TRIES} autres voies essayées à travers les choix de la méthode, pas toutes : une meilleure peut exister",
                         f"{TRIES} other ways through the method's choices tried, not all: there may be a better one"))  # fmt: skip
    return way, found, tuple(said)


def _cost(way: _Planner, found: Days) -> _Cost:
    days = dict(found.solved.days)
    ahead = {v.id: days[v.id].toordinal() for v in found.problem.variables if v.status is not Status.HELD}
    kept = sum(days.get(address) == slot.day for address, slot in way.view.planned.items())
    sittings = sum(way.view.words.leaves[x.leaf].is_sitting for x in way.labels)
    return 2 * bool(found.hurried) + (not found.soft), -kept, _last(ahead, way.wishes.backward), sittings, len(way.labels)


def _far(refused: PlanningError) -> tuple[bool, int, int]:
    """How far a way is from having days: as many conflicts as there are, so much is to be given up; of a short one it is soon seen what."""
    return not refused.proved, len(refused.conflicts), len(refused.conflicts[0]) if refused.conflicts else 0


def _last(ahead: dict[str, int], backward: bool) -> int:
    """The day that is to come first: the last of all; backward, the first of all, counted down."""
    return -min(ahead.values(), default=0) if backward else max(ahead.values(), default=0)


def _instead(first: _Planner, at_first: Days | None, refused: PlanningError | None, other: _Planner, found: Days) -> Text:
    """What is planned in the place of the first way, and why: what excluded that one, or what is better here."""
    what = _exchanged(first, other)
    if at_first is None:
        why = f" ({' + '.join(refused.conflicts[0])})" if refused and refused.conflicts else ""
        return Text(f"{what.fr}, faute de calendrier possible{why}", f"{what.en}, for which no plan exists{why}")
    better = _better(first.wishes.backward, _cost(other, found), _cost(first, at_first))
    return Text(f"{what.fr} : {better.fr}", f"{what.en}: {better.en}")


def _exchanged(first: _Planner, other: _Planner) -> Text:
    """The steps of another way that stand in the place of those of the first."""
    gone, come = (joined([one.view.title(address_of(one.view, x)) for x in one.labels if x not in two.labels], 2) for one, two in ((first, other), (other, first)))
    if not come.fr or not gone.fr:
        return Text(f"{come.fr} en plus" if come.fr else f"sans {gone.fr}", f"{come.en} besides" if come.en else f"without {gone.en}")
    return Text(f"{come.fr} au lieu de {gone.fr}", f"{come.en} instead of {gone.en}")


def _better(backward: bool, one: _Cost, two: _Cost) -> Text:
    """In what a way is the better of two."""
    if one[0] // 2 != two[0] // 2:
        return Text("ce qu'il y a à faire y a un jour d'avance", "what is to be done has a day in hand there")
    if one[0] != two[0]:
        return Text("les périodes souhaitées y sont tenues", "the periods wished for are kept")
    if one[1] != two[1]:
        return Text(f"jours gardés du plan adopté : {-one[1]}, au lieu de {-two[1]}", f"days kept of the adopted plan: {-one[1]} instead of {-two[1]}")
    if one[2] != two[2]:
        here, there = (day_of(dt.date.fromordinal(abs(cost[2]))) for cost in (one, two))
        word = Text("début au plus tard", "begins at the latest") if backward else Text("fin au plus tôt", "ends at the earliest")
        return Text(f"{word.fr} le {here.fr}, au lieu du {there.fr}", f"{word.en} on {here.en} instead of {there.en}")
    if one[3] != two[3]:
        return Text(f"réunions : {one[3]}, au lieu de {two[3]}", f"meetings: {one[3]} instead of {two[3]}")
    return Text(f"étapes : {one[4]}, au lieu de {two[4]}", f"steps: {one[4]} instead of {two[4]}")
