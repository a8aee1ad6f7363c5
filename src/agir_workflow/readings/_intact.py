"""What `intact` means to the verdict: what is kept is what it says it is, and what was sent still holds."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator

from .._fold import standing
from ..facts import DOSSIER, Deliver, Fact, Publish, PublishedEntry
from ..requirements import Duration, Requirement
from ..view import View
from ..words import Address, Curability, State, Text
from ._judged import Judged
from ._once import once
from ._phrases import day_of, days_of
from ._result import NotApplicable, Unmet, needed
from .binding import Binding

_DAY = dt.timedelta(days=1)


def intact(view: View, row: Requirement, binding: Binding, at: dt.date) -> Iterator[Judged]:
    """Every fault of what the row keeps intact, each at its own address; else satisfied, or what there is nothing of."""
    reader = _READERS[str(row.param("of"))]
    found = reader(view, row, at)
    if isinstance(found, NotApplicable):
        yield Judged(binding=binding, state=State.PENDING, missing_input=found.missing, due=False)
        return
    if not found:
        yield Judged(binding=binding, state=State.SATISFIED)
    for address, unmet, day in found:
        own = binding._replace(subject=address, title=view.title(address))
        # When a fact was written down is past: struck out and told anew, it would be written down later still.
        curability = Curability.PERMANENT if reader is _entries else Curability.REPAIRABLE
        yield Judged(binding=own, state=State.VIOLATED, unmet=unmet, on=day, curability=curability)


_Fault = tuple[str, Unmet, dt.date | None]
_Found = list[_Fault] | NotApplicable


# -- documents, journal, version ----------------------------------------------------------------------


def _told(view: View) -> list[Fact]:
    return standing(view.dossier)


def _artefacts(view: View, row: Requirement, at: dt.date) -> _Found:
    """The digest that was registered last for each document is that of what lies there."""
    last: dict[str, Fact] = {}
    for fact in once(view, _told) if view.evidence.artefacts else ():
        if isinstance(fact.args, Deliver) and fact.args.uri and fact.args.sha256 and view.evidence.artefact(fact.args.uri):
            last[fact.args.uri] = fact
    if not last:
        return NotApplicable("artefact")
    out: list[_Fault] = []
    for uri, fact in sorted(last.items()):
        lies = view.evidence.artefact(uri)
        assert lies is not None
        assert isinstance(fact.args, Deliver)
        assert fact.args.sha256 is not None
        if lies.sha256 is None:
            out.append((fact.address, Unmet(missing=Text(f"{uri} est introuvable", f"{uri} is not there")), fact.on.earliest))
        elif lies.sha256 != fact.args.sha256.lower():
            out.append((fact.address, Unmet(missing=Text(f"{uri} a changé", f"{uri} has changed")), fact.on.earliest))
    return out


def _journal(view: View, row: Requirement, at: dt.date) -> _Found:
    """The chain of the export is whole; one break is told once, at its first record."""
    if view.evidence.journal is None:
        return NotApplicable("journal")
    if not view.evidence.journal:
        return []
    first = view.evidence.journal[0]
    return [(DOSSIER, Unmet(missing=Text(f"enregistrement {first.v} : {first.why.fr}", f"record {first.v}: {first.why.en}")), None)]


def _version(view: View, row: Requirement, at: dt.date) -> _Found:
    """The dossier pins the method at hand, or the one that its overlay stands on, in this version."""
    pinned, here = view.dossier.head.method, view.method.ref
    base = view.method.base
    if pinned in (here, base):
        return []
    known = base if base and base.partition("@")[0] == pinned.partition("@")[0] else here
    return [(DOSSIER, Unmet(value=Text(pinned, pinned), bound=Text(known, known)), None)]


# -- stamps -------------------------------------------------------------------------------------------


def _stamps(view: View, row: Requirement, at: dt.date) -> _Found:
    """Every fact has an author, and was written down by the day it is looked at."""
    out: list[_Fault] = []
    for fact in once(view, _told):
        stamp = fact.stamp
        if stamp is None or not stamp.by.strip():
            out.append((fact.address, Unmet(missing=Text("auteur absent", "no author")), fact.on.earliest))
        elif stamp.recorded_at is not None and stamp.recorded_at.date() >= at and (noted := _civil(view, stamp.recorded_at)) > at:
            day = day_of(noted)
            out.append((fact.address, Unmet(missing=Text(f"saisie datée du {day.fr}, encore à venir", f"entry dated {day.en}, still to come")), fact.on.earliest))
    return out


def _civil(view: View, recorded: dt.datetime) -> dt.date:
    """
    The day on which a fact was noted, where the project is: facts bear its days, and an instant is told in UTC.

    That day is the one of UTC, the one before or the one after: where neither matters nobody asks (pendulum stands behind the zones).
    """
    from ..zones import civil

    return civil(recorded, view.dossier.head.zone)


def _entries(view: View, row: Requirement, at: dt.date) -> _Found:
    """Each fact that says when it was written down was so within the bound; a rough day counts from its end."""
    most = needed(view, row, "max", at)
    if isinstance(most, NotApplicable):
        return most
    bound = Duration.parse(str(most))
    dated = [(f, f.stamp.recorded_at) for f in once(view, _told) if f.stamp and f.stamp.recorded_at]
    if not dated:
        return NotApplicable("recorded")
    out: list[_Fault] = []
    for fact, recorded in dated:
        if ((recorded.date() - fact.on.latest) + _DAY).days > bound.days and (late := (_civil(view, recorded) - fact.on.latest).days) > bound.days:
            out.append((fact.address, Unmet(value=days_of(late), bound=bound.to_text()), fact.on.earliest))
    return out


# -- the calendar -------------------------------------------------------------------------------------


def _publication(view: View, row: Requirement, at: dt.date) -> _Found:
    """What was published last, and the calendar beside the dossier, follow the dates adopted, convened or moved to."""
    done = [p for on, p in view.published if on.earliest <= at]
    # A calendar that was sent after the day looked at knows of more than was planned then.
    sent = view.evidence.calendar if view.evidence.sent is None or view.evidence.sent <= at else None
    if not done and sent is None:
        return NotApplicable("publication")
    out = [_fault(e, why) for e in (done[-1].entries if done else ()) if (why := _astray(view, e) or _reissued(done, e)) is not None]
    if sent is not None:
        known = {address for address, _, _ in out}
        every = [*done, Publish(entries=sent)]
        out += [_fault(e, why) for e in sent if e.address not in known and (why := _misfiled(view, e) or _astray(view, e) or _reissued(every, e)) is not None]
        out += _left_out(view, {e.address for e in sent})
    return out


def _fault(entry: PublishedEntry, why: Text) -> _Fault:
    return entry.address, Unmet(missing=why), entry.day


def _sitting_days(view: View, address: str) -> list[dt.date]:
    """The days on which a meeting is planned or was held; [] where it is neither."""
    found = view.words.find_leaf(address)
    held = [s.held.earliest for h in view.sittings.values() for s in h if s.address == address and s.held] if found else []
    planned = view.planned.get(Address(address))
    return [*held, *([planned.day] if planned else [])]


def _misfiled(view: View, entry: PublishedEntry) -> Text | None:
    """Why an event of the calendar file is not one of the dossier's meetings."""
    uid = _space(view)
    if uid is not None and entry.uid != str(uuid.uuid5(uid, entry.address)):
        return Text("autre UID", "another UID")
    if not entry.cancelled and not _sitting_days(view, entry.address):
        return Text("réunion qui n'est pas prévue", "a meeting that is not planned")
    return None


def _space(view: View) -> uuid.UUID | None:
    """The identity in which those of the meetings are made; None where the dossier has none."""
    try:
        return uuid.UUID(view.dossier.head.uid or "")
    except ValueError:
        return None


def _left_out(view: View, sent: set[str]) -> list[_Fault]:
    """The meetings planned that the calendar file does not hold."""
    absent = Unmet(missing=Text("absente du calendrier", "not in the calendar"))
    return [(address, absent, slot.day) for address, slot in sorted(view.planned.items())
            if address not in sent and (leaf := view.words.find_leaf(address)) is not None and leaf[0].is_sitting]  # fmt: skip


def _astray(view: View, entry: PublishedEntry) -> Text | None:
    """Why a published day is no longer the planned one, nor that on which the meeting was held."""
    slot = view.planned.get(Address(entry.address))
    wrong = slot is not None and slot.day != entry.day and entry.day not in _sitting_days(view, entry.address)
    return day_of(entry.day) if not entry.cancelled and wrong else None


def _reissued(done: list[Publish], entry: PublishedEntry) -> Text | None:
    """Why an entry does not follow from those published before: another UID, or a change that its SEQUENCE hides."""
    before = [e for p in done[:-1] for e in p.entries if e.address == entry.address]
    if any(e.uid != entry.uid for e in before):
        return Text("autre UID", "another UID")
    same = before and (before[-1].day, before[-1].start, before[-1].minutes, before[-1].cancelled) == (entry.day, entry.start, entry.minutes, entry.cancelled)
    if before and entry.sequence < before[-1].sequence + (0 if same else 1):
        return Text(f"SEQUENCE {entry.sequence} trop basse", f"SEQUENCE {entry.sequence} too low")
    return None


_READERS: dict[str, Callable[[View, Requirement, dt.date], _Found]] = {
    "artefacts": _artefacts,
    "journal": _journal,
    "publication": _publication,
    "stamps": _stamps,
    "entries": _entries,
    "version": _version,
}
KEPT = tuple(_READERS)
"""What can be kept intact: a closed list."""
