"""What the verdict says of one requirement at one subject."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from ..words import Curability, State
from ._result import Unmet
from .binding import Binding

_SATISFIED, _PENDING, _UNSURE, _REPAIRABLE = State.SATISFIED, State.PENDING, State.UNDETERMINED, Curability.REPAIRABLE
EVALUATED, NOT_YET_DUE, NOT_APPLICABLE, UNDETERMINED = range(4)
"""The counts of the coverage, in its order."""
ITS_DAY = "its day"
"""Said after the address of a step, where nothing is lacking but its own day is wrong."""
TOO_EARLY = "too early"
"""The same, where it came before a step of each of several lanes."""


class Judged(NamedTuple):
    """One requirement at one subject, as of a day; `absent` as in `NotApplicable`, where an input is missing."""

    binding: Binding
    state: State
    unmet: Unmet | None = None
    on: dt.date | None = None
    curability: Curability = Curability.REPAIRABLE
    missing_input: str | None = None
    absent: bool = False
    due: bool = True


def met(binding: Binding, on: dt.date | None = None) -> Judged:
    """What is satisfied: nine of ten are, and a tuple made of all its values at once takes a third of the time."""
    return tuple.__new__(Judged, (binding, _SATISFIED, None, on, _REPAIRABLE, None, False, True))


def not_due(binding: Binding, missing_input: str | None = None) -> Judged:
    """What waits for its day, or for the input that is named."""
    return tuple.__new__(Judged, (binding, _PENDING, None, None, _REPAIRABLE, missing_input, False, False))


def standing(judged: Judged) -> int:
    """In which of the four counts of the coverage an instance of a requirement stands."""
    if judged.state is _SATISFIED:
        return EVALUATED
    if judged.missing_input is not None:
        return NOT_APPLICABLE
    if judged.state is _UNSURE:
        return UNDETERMINED
    return EVALUATED if judged.due else NOT_YET_DUE


class AllMet(Collection[Judged]):
    """What a row says of all its subjects where it is satisfied at each: made for who reads it, since mostly it is only counted."""

    __slots__ = ("_subjects",)

    def __init__(self, subjects: Sequence[Binding]) -> None:
        self._subjects = subjects

    def __len__(self) -> int:
        return len(self._subjects)

    def __iter__(self) -> Iterator[Judged]:
        return map(met, self._subjects)

    def __contains__(self, judged: object) -> bool:
        return judged in tuple(self)
