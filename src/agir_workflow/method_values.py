"""
Whether the numbers of a method are what its readers take: lengths, bands, hours, regions.

`soundness` proves that a key is there; here is what lies under it, in the rows themselves and in
every profile and regime they draw from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from .doorstep import in_reach, shown, unreadable_date
from .errors import Fault
from .method import Method, Profile, Regime
from .planning.problem import Counting
from .requirements import MORE_THAN, PARAMS, Duration, Takes
from .soundness import CLOSED
from .toml_file import near
from .values import Record, Value, each_of
from .when import When
from .words import Text
from .workdays import REGIONS

_LONGEST = 36_525
"""Days: a hundred years; more is a slip of the pen."""
_COUNTED = tuple(str(c.value) for c in Counting)


def misfits(method: Method) -> Iterator[Fault]:
    """Every value of a sound method that no reader can take, each with its path; and bounds the wrong way round."""
    yield from unread(method)
    for n, row in enumerate(method.requirements):
        yield from _ordered(f"requirements[{n}]", row.param("min"), row.param("max"))


def unread(method: Method) -> Iterator[Fault]:
    """Every value that no reader can take; one that a profile inherits is told where it is written."""
    written, told = dict(method.lines), set[tuple[str, Value]]()
    for n, row in enumerate(method.requirements):
        for param in PARAMS[row.is_]:
            value = row.param(param.name)
            if value is None:
                continue
            if not isinstance(value, Record):
                yield from _fits(f"requirements[{n}].{param.name}", param.takes, value)
            for table, index, holder in _holders(method, value):
                found = holder.values.get(str(value.get("profile") or value.get("regime"))) if isinstance(value, Record) else None
                if found is None or not isinstance(value, Record):
                    continue
                key = str(value.get("profile") or value.get("regime"))
                path = f"{table}[{index}].{key}"
                if (key, found) not in told or path in written:
                    told.add((key, found))
                    yield from _fits(path, param.takes, found)
    for n, row in enumerate(method.requirements):
        yield from (fault for name, value in row.params for fault in _too_far(f"requirements[{n}].{name}", value))
    for n, profile in enumerate(method.profiles):
        yield from _too_far(f"profiles[{n}]", profile.values)
        yield from _profile(f"profiles[{n}]", profile.values)
    yield from _misspelt(method)
    for n, regime in enumerate(method.regimes):
        yield from _too_far(f"regimes[{n}]", regime.values)
        yield from _shares(f"regimes[{n}]", regime.values)
        if (proxies := regime.values.get("quorum_proxies")) is not None:
            yield from _fits(f"regimes[{n}].quorum_proxies", Takes.FLAG, proxies)


def _shares(path: str, values: Record) -> Iterator[Fault]:
    """The parts that a regime wants there, in per cent: at least so many, or, of the seats, more than so many."""
    quorum, colleges = values.get("quorum"), values.get("quorum_colleges_share")
    more = quorum.get(MORE_THAN) if isinstance(quorum, Record) and quorum.names == (MORE_THAN,) else None
    if quorum is not None and not (_in(quorum, 1, 100) or _in(more, 1, 99)):
        expected = Text("une part de 1 à 100, ou plus qu'une part de 1 à 99", "a share of 1 to 100, or more than a share of 1 to 99")
        yield _fault(f"{path}.quorum", expected, quorum, f"quorum = {{ {MORE_THAN} = 50 }}")
    if colleges is not None and not _in(colleges, 1, 100):
        yield _fault(f"{path}.quorum_colleges_share", Text("une part de 1 à 100", "a share of 1 to 100"), colleges, "quorum_colleges_share = 50")


def _in(value: Value | None, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _too_far(path: str, value: Value) -> Iterator[Fault]:
    """A day that no dossier has either, wherever it stands: no holiday is known of it, and what is counted from it leaves the calendar."""
    if isinstance(value, When) and not in_reach(value):
        yield Fault(path, *unreadable_date(str(value)))
    elif isinstance(value, Record):
        yield from (fault for name, part in value for fault in _too_far(f"{path}.{name}", part))
    elif isinstance(value, tuple):
        yield from (fault for n, part in enumerate(value) for fault in _too_far(f"{path}[{n}]", part))


_OF_PLANNER = ("closed", "closures", "holidays", "hours", "sources")
"""The keys of a profile that no row names."""


def _misspelt(method: Method) -> Iterator[Fault]:
    """A key of a profile that nothing reads, that no other profile has, and that is nearly one that is read."""
    read = {str(v.get("profile")) for r in method.requirements for _, v in r.params if isinstance(v, Record) and v.get("profile")} | {*_OF_PLANNER}
    for n, profile in enumerate(method.profiles):
        known = read.union(*(p.values.names for p in method.profiles if p is not profile))
        for key in profile.values.names:
            if key not in known and (like := near(key, known)):
                yield Fault(f"profiles[{n}].{key}", Text(f"clé inconnue : {shown(key)}", f"unknown key: {shown(key)}"), Text(f"écrire {like}", f"write {like}"))


def _holders(method: Method, value: Value) -> Iterator[tuple[str, int, Profile | Regime]]:
    """The profiles or regimes from which a reference draws, with where they stand in the file."""
    if isinstance(value, Record) and value.get("profile"):
        yield from (("profiles", n, p) for n, p in enumerate(method.profiles))
    elif isinstance(value, Record) and value.get("regime"):
        yield from (("regimes", n, r) for n, r in enumerate(method.regimes))


def _fault(path: str, expected: Text, found: Value, example: str) -> Fault:
    said = shown(str(found).lower() if isinstance(found, bool) else str(found) if isinstance(found, (str, int, When)) else "{…}" if isinstance(found, Record) else "[…]")
    return Fault(path, Text(f"attendu : {expected.fr} ; trouvé : {said}", f"expected {expected.en}, found {said}"), Text(f"écrire {example}", f"write {example}"))


def _fits(path: str, takes: Takes, value: Value) -> Iterator[Fault]:
    if takes is Takes.DURATION and not _is_length(value):
        yield _fault(path, Text("une durée de cent ans au plus", "a length of a hundred years at most"), value, '"7d", "2w", "3m", "1y"')
    elif takes is Takes.NUMBER and not (type(value) is int and 0 <= value <= 10**9):
        yield _fault(path, Text("un entier à partir de 0", "a whole number from 0"), value, "1")
    elif takes is Takes.BAND and not (isinstance(value, tuple) and len(value) == 2 and all(type(v) is int and v >= 0 for v in value) and _up(value)):
        yield _fault(path, Text("une bande de deux entiers, le plus petit d'abord", "a band of two whole numbers, the smaller first"), value, "[8, 12]")
    elif takes is Takes.COUNTING and value not in _COUNTED:
        like = near(str(value), _COUNTED) or ", ".join(_COUNTED)
        yield _fault(path, Text(f"l'un de {', '.join(_COUNTED)}", f"one of {', '.join(_COUNTED)}"), value, like)
    elif takes is Takes.FLAG and type(value) is not bool:
        yield _fault(path, Text("true ou false", "true or false"), value, "true")
    elif takes in (Takes.SELECTOR, Takes.LEAF, Takes.TEXT, Takes.DELIVERABLE, Takes.STATE, Takes.STEP, Takes.UNIT, Takes.FIELD) and not isinstance(value, str):
        yield _fault(path, Text("un texte", "a text"), value, '"…"')
    elif takes is Takes.DAYS and not all(isinstance(day, When) for day in each_of(value)):
        yield _fault(path, Text("des jours", "days"), value, "[2026-03-15]")
    elif takes is Takes.WINDOW and not isinstance(value, When):
        try:
            period = When.parse(str(value))
        except ValueError:
            yield _fault(path, Text("une période", "a period"), value, '"2012-S1"')
        else:
            yield from _too_far(path, period)


def _up(band: tuple[Value, ...]) -> bool:
    low, high = band
    return isinstance(low, int) and isinstance(high, int) and low <= high


def _is_length(value: Value) -> bool:
    try:
        return isinstance(value, str) and Duration.parse(value).days <= _LONGEST
    except ValueError:
        return False


def _ordered(path: str, low: Value | None, high: Value | None) -> Iterator[Fault]:
    """A least that is more than the most: nothing could ever meet the row."""
    if isinstance(low, str) and isinstance(high, str) and _is_length(low) and _is_length(high):
        wrong = Duration.parse(low).days > Duration.parse(high).days
    else:
        wrong = type(low) is int and type(high) is int and low > high
    if wrong and low is not None and high is not None:
        yield _fault(f"{path}.max", Text(f"au moins {low}, le minimum", f"at least {low}, the minimum"), high, f"max = {low}" if isinstance(low, int) else f'max = "{low}"')


def _profile(path: str, values: Record) -> Iterator[Fault]:
    hours = values.get("hours")
    if hours is not None:
        for name, slot in hours if isinstance(hours, Record) else (("", hours),):
            if not (isinstance(slot, Record) and _is_hour(slot.get("start")) and _is_span(slot.get("minutes"))):
                yield _fault(f"{path}.hours{'.' if name else ''}{name}", Text("un début et des minutes", "a start and minutes"), slot, '{ start = "10:00", minutes = 120 }')
    region = values.get("holidays")
    if region is not None and region not in REGIONS:
        yield _fault(f"{path}.holidays", Text("une région dont les fêtes sont connues", "a region whose holidays are known"), region, near(str(region), REGIONS) or ", ".join(REGIONS[:6]))
    closed = values.get("closed")
    for word in closed if isinstance(closed, tuple) else () if closed is None else (closed,):
        if word not in CLOSED or not isinstance(closed, tuple):
            yield _fault(f"{path}.closed", Text(f"une liste de {', '.join(CLOSED)}", f"a list of {', '.join(CLOSED)}"), word, near(str(word), CLOSED) or '["weekend", "holiday"]')
    closures = values.get("closures")
    for n, entry in enumerate(closures if isinstance(closures, tuple) else () if closures is None else (closures,)):
        first, last, label = (entry.get(k) for k in ("from", "to", "label")) if isinstance(entry, Record) else (None, None, None)
        if not (isinstance(first, When) and isinstance(last, When) and isinstance(label, Record)):
            yield _fault(f"{path}.closures[{n}]", Text("un nom, un premier et un dernier jour", "a name, a first and a last day"), entry, '{ label = { fr = "…", en = "…" }, from = 2012-02-18, to = 2012-03-04 }')
        elif last.latest < first.earliest:
            yield _fault(f"{path}.closures[{n}].to", Text(f"un jour à partir du {first}", f"a day from {first}"), last, f"to = {first}")


def _is_hour(value: Value | None) -> bool:
    try:
        return isinstance(value, str) and dt.time.fromisoformat(value).tzinfo is None
    except ValueError:
        return False


def _is_span(value: Value | None) -> bool:
    return value is None or (type(value) is int and 0 < value <= 1440)
