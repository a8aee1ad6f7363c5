"""What it means that a requirement holds, lacks something or says nothing, and what its parameters stand for."""

from __future__ import annotations

import datetime as dt

import attrs

from ..answers import Lift
from ..requirements import Duration, Requirement
from ..values import Record, Value
from ..view import View
from ..words import FacetId, Severity, Text
from ._once import once


@attrs.frozen(kw_only=True)
class Unmet:
    """
    Why a requirement does not hold: what was found, what was wanted, and the ways out; `past` where nothing that is done now
    changes it; `said` and `fix` in the place of the row's sentences.
    """

    value: Text | None = None
    bound: Text | None = None
    missing: Text | None = None
    lacks: tuple[str, ...] = ()
    severity: Severity | None = None
    lifts: tuple[Lift, ...] = ()
    past: bool = False
    said: Text | None = None
    fix: Text | None = None


@attrs.frozen
class NotApplicable:
    """
    The requirement says nothing here; `missing` is the input that it would need, `lifts` what it would then ask for.

    `absent`: the dossier could say it and does not; else there is nothing to say, or profile and regime leave it open.
    """

    missing: str
    absent: bool = True
    lifts: tuple[Lift, ...] = ()


Met = None
Result = Unmet | NotApplicable | None


def parameter(view: View, value: Value | None, as_of: dt.date) -> Value | None:
    """A parameter as it stands, or what profile, regime or dossier say under its key."""
    if not isinstance(value, Record):
        return value
    names = value.names
    if "profile" in names and (key := value.get("profile")):
        return view.profile.get(str(key))
    if "regime" in names and (key := value.get("regime")):
        return view.regime.get(str(key))
    if "facet" in names and (key := value.get("facet")):
        found = view.at(FacetId(str(key)), as_of)
        if not found or not isinstance(found[-1].value, str):
            return None
        try:
            days = Duration.parse(found[-1].value).days
        except ValueError:
            return None
        percent = value.get("percent")
        return f"{days * percent // 100 if isinstance(percent, int) else days}d"
    return value


def needed(view: View, row: Requirement, name: str, as_of: dt.date) -> Value | NotApplicable | None:
    """A parameter's value; NotApplicable when the row asks for one that nothing gives."""
    raw = row.param(name)
    if not isinstance(raw, Record):
        return raw
    value = once(view, parameter, raw, as_of) if "facet" in raw.names else parameter(view, raw, as_of)
    if value is None:
        return NotApplicable(", ".join(f"{k} {v}" for k, v in raw if k != "percent"), absent=raw.get("facet") is not None)
    return value
