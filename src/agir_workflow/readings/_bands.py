"""What a number means to a row that has bands for it: as it should be, tolerable, or graver."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from ..answers import Lift
from ..requirements import Requirement
from ..values import Value
from ..view import View
from ..words import Severity, Text
from ._once import once
from ._phrases import count_of
from ._result import Met, NotApplicable, Result, Unmet, needed


def _bands(view: View, row: Requirement, as_of: dt.date) -> list[tuple[str, Value | NotApplicable | None]]:
    return [(name, needed(view, row, name, as_of)) for name in ("ok", "info", "warning")]


def in_bands(view: View, row: Requirement, number: int, as_of: dt.date, lifts: Callable[[bool], tuple[Lift, ...]]) -> Result:
    """`ok`, then `info`, then `warning`; outside all of them an error, never above the row's own severity."""
    for name, band in once(view, _bands, row, as_of):
        if isinstance(band, NotApplicable):
            return band
        if isinstance(band, tuple) and len(band) == 2 and int(str(band[0])) <= number <= int(str(band[1])):
            if name == "ok":
                return Met
            severity = Severity(name)
            break
    else:
        severity = Severity.ERROR
    ok = needed(view, row, "ok", as_of)
    assert isinstance(ok, tuple)
    graver = max(severity, row.severity, key=lambda s: s.rank)
    return Unmet(value=count_of(number), bound=Text(f"{ok[0]} à {ok[1]}", f"{ok[0]} to {ok[1]}"), severity=graver, lifts=lifts(number < int(str(ok[0]))))
