"""
The steps of dossiers as an event log in XES (IEEE 1849-2016), for the tools of process mining.

A trace is a dossier, an event a completed step under the name that the method's net in PNML gives it
(`views.pnml.activity`), in the order in which the method's own verdict takes the facts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ..dossier import Dossier
from ..method import Method
from ..position import Happened
from ..view import View, view_of
from ..zones import local
from ._markup import Markup, el
from .pnml import activity

NAMESPACE = "http://www.xes-standard.org/"
_EXTENSIONS = (("Concept", "concept"), ("Time", "time"), ("Lifecycle", "lifecycle"), ("Organizational", "org"))
_UNKNOWN = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def to_xes(dossiers: Iterable[tuple[Method, Dossier]]) -> bytes:
    """
    The log in UTF-8, a trace for each dossier in the order given.

    A step of a rough date has its earliest day; one without an hour has midnight in the dossier's zone.
    Events of one day stand in the order in which they are judged, which readers keep.
    """
    head: list[Markup] = [el("extension", name=n, prefix=p, uri=f"{NAMESPACE}{p}.xesext") for n, p in _EXTENSIONS]
    head += [
        el("global", _string("concept:name", "?"), scope="trace"),
        el("global", _string("concept:name", "?"), _date(_UNKNOWN), _string("lifecycle:transition", "complete"), scope="event"),
        el("classifier", name="Activity", keys="concept:name"),
    ]
    traces = [_trace(method, dossier) for method, dossier in dossiers]
    body = [x for part in (*head, *traces) for x in (part, Markup("\n"))]
    log = el("log", Markup("\n"), body, **{"xes.version": "1849-2016", "xes.features": "nested-attributes", "xmlns": NAMESPACE})
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{log}\n'.encode()


def _trace(method: Method, dossier: Dossier) -> Markup:
    view, head = view_of(method, dossier), dossier.head
    about = [_string("concept:name", head.id), _string("agir:title", head.title), _string("agir:method", method.ref)]
    events = [_event(view, happened, head.zone) for happened in view.trace()]
    return el("trace", [x for part in (*about, *events) for x in (Markup("\n"), part)], Markup("\n"))


def _event(view: View, happened: Happened, zone: str) -> Markup:
    sitting = next((s for s in view.sittings.get(happened.label, ()) if s.address == happened.address and s.done == happened.on), None)
    day, start = happened.on.earliest, sitting.hold.start if sitting and sitting.hold else None
    try:
        at = local(day, start or dt.time(), zone)
    except ValueError:  # an hour that the clocks of that day skip or repeat: the day is told, not the hour
        at = dt.datetime.combine(day, dt.time(), dt.UTC)
    if (at.utcoffset() or dt.timedelta()) % dt.timedelta(minutes=1):  # as in Paris until 1911: an offset of xs:dateTime has no seconds
        at = at.replace(tzinfo=dt.UTC)
    parts = [_string("concept:name", activity(happened.label)), _date(at), _string("lifecycle:transition", "complete")]
    if sitting and sitting.by:
        parts.append(_string("org:role", sitting.by))
    if not happened.on.is_day:
        parts.append(_string("agir:on", str(happened.on)))
    parts.append(_string("agir:address", happened.address))
    return el("event", parts)


def _string(key: str, value: str) -> Markup:
    return el("string", key=key, value=value)


def _date(at: dt.datetime) -> Markup:
    return el("date", key="time:timestamp", value=at.isoformat(timespec="milliseconds"))
