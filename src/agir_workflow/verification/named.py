"""How the proof names a step in the lane of certain instances, and a decision that takes a value: a word that no method can write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from ..words import InstanceId, KindId, LeafId

Lane: TypeAlias = tuple[int, ...]
"""Which instance of a kind: a number, after the numbers of the one that it lies in."""

At: TypeAlias = tuple[tuple[KindId, Lane], ...]
"""The instances that something is about, each with its kind."""


class Named(NamedTuple):
    """A step: `lanes` are those of its kinds in turn (() where each is the first), `value` what it decides ("" where nothing is said)."""

    id: LeafId
    lanes: tuple[Lane, ...] = ()
    value: str = ""


def in_lane(step: LeafId, lanes: Sequence[Lane]) -> LeafId:
    """A step in the lanes of certain instances of its kinds: of the first of each, under its own name."""
    if all(n == 1 for lane in lanes for n in lane):
        return step
    return LeafId(f"{step}#{','.join('.'.join(map(str, lane)) for lane in lanes)}")


def deciding(step: LeafId, value: str) -> LeafId:
    return LeafId(f"{step}={value}")


def read(step: LeafId) -> Named:
    """What a name says."""
    plain, _, value = step.partition("=")
    id, _, lanes = plain.partition("#")
    return Named(LeafId(id), tuple(tuple(int(n) for n in lane.split(".")) for lane in lanes.split(",") if lane), value)


def undecided(step: LeafId) -> LeafId:
    """A step in its lane, whatever it decides."""
    return LeafId(step.partition("=")[0])


def instance(kind: KindId, lane: Lane) -> InstanceId:
    return InstanceId(f"{kind}-{'-'.join(map(str, lane)) if any(n > 1 for n in lane) else 1}")
