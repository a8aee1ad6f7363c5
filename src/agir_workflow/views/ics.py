"""
A plan as an iCalendar file (RFC 5545): meetings as VEVENT, things to have done as VTODO.

Same plan, same bytes: every stamp is the plan's day, every UID is derived. With its reading twin
`ics_read`, the only user of the icalendar package.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Literal, TypeAlias
from uuid import UUID, uuid5

import attrs
import icalendar

from ..answers import Plan, PlannedStep, Todo
from ..errors import CalendarError
from ..facts import Publish, PublishedEntry
from ..planning.problem import Status
from ..words import Lang, Text, Verb, capital
from ..zones import UTC_NAMES, later, local, onsets, time_in_words
from ._wording import VERBS, colon, reason, semicolon

PRODID = "-//agir_workflow//agir_workflow//FR"
"""Without the version of any library: the same plan gives the same bytes after an upgrade."""

DEADLINES = "deadlines"
"""The word of `only` that stands for the to-dos; a tag of that name cannot be asked for."""

IcsMethod = Literal["none", "publish", "request", "cancel"]
_METHODS = ("none", "publish", "request", "cancel")
_Item: TypeAlias = PlannedStep | Todo
_Component: TypeAlias = icalendar.Event | icalendar.Todo

_VERBS = frozenset(str(v) for v in Verb)
_STARTS = Text(fr="Début : ", en="Starts at ")
_AGENDA = Text(fr="Ordre du jour :", en="Agenda:")
_DOCUMENTS = Text(fr="Documents :", en="Documents:")
_WHY = Text(fr="Pourquoi cette date : ", en="Why this date: ")
_CANCELLED = Text(fr="Annulé : ", en="Cancelled: ")


# -- what is published ------------------------------------------------------------------------


def _verb(entry: PublishedEntry) -> str | None:
    verb, blank, _ = entry.address.partition(" ")
    return verb if blank and verb in _VERBS else None


def _order(entry: PublishedEntry) -> tuple[bool, dt.date, dt.time, str]:
    """Meetings, then to-dos, each by day."""
    return _verb(entry) is not None, entry.day, entry.start or dt.time.min, entry.address


@attrs.frozen
class _Line:
    """An entry of the calendar; what the plan says of it (nothing of one that was dropped); whether it is new."""

    entry: PublishedEntry
    item: _Item | None
    is_new: bool

    @property
    def verb(self) -> str | None:
        """The verb of a to-do; None for a meeting."""
        return _verb(self.entry)

    @property
    def address(self) -> str:
        return self.entry.address if self.verb is None else self.entry.address.partition(" ")[2]


def entry_address(item: PlannedStep | Todo) -> str:
    """
    What tells an entry of a calendar from all others, for its UID and its SEQUENCE.

    A meeting has its address (`gt/x`); a to-do its verb and its address (`approve note/x`), since
    one address may have a meeting, and several things to do before and after it.
    """
    return f"{item.verb} {item.address}" if isinstance(item, Todo) else str(item.address)


def published(plan: Plan, *, since: Publish | None = None, only: str | None = None, seats: Seats | None = None) -> Publish:
    """
    The entries that are published once the plan is, after *since*: meetings then to-dos, each by day.

    Of a part of it, as `to_ics` takes *only* and *seats*, the others stay as *since* has them, and what it has not is not published.

    `address` is that of `entry_address`; days and times are local to the plan's zone, lengths in
    minutes. SEQUENCE (RFC 5545 §3.8.7.4) begins at 0; it grows by one where day, start or length
    changed, where an entry is dropped (it stays, `cancelled`, at its last known slot) and where it comes
    back. A meeting held whose hour nobody noted keeps that under which it was published for its day: no agenda
    turns it into a whole day. What was published once is never forgotten, and keeps the UID it was published under.
    Raises CalendarError where the plan has no uid, or two entries share an address or a UID.
    """
    lines = _lines(plan, since)
    if only is None:
        return Publish(entries=tuple(line.entry for line in lines))
    sent = {line.entry.address for line in _chosen(plan, lines, only, seats or {})}
    before = {e.address: e for e in since.entries} if since else {}
    kept = (line.entry if line.entry.address in sent else before.get(line.entry.address) for line in lines)
    return Publish(entries=tuple(sorted((e for e in kept if e is not None), key=_order)))


_DEEDS = {"publish": "publier", "request": "convoquer", "cancel": "annuler"}


def _lines(plan: Plan, since: Publish | None) -> list[_Line]:
    house = _house(plan)
    before = {e.address: e for e in since.entries} if since else {}
    lines: dict[str, _Line] = {}
    items: tuple[_Item, ...] = (*plan.meetings, *plan.todos)
    for item in items:
        address = entry_address(item)
        if address in lines:
            raise CalendarError(Text(f"le planning tient deux fois « {address} » : une adresse est celle d'une seule entrée d'un calendrier", f"the plan holds {address!r} twice: an address stands for one entry of a calendar"))
        old = before.get(address)
        uid = old.uid if old else item.uid or str(uuid5(house, address))
        entry = PublishedEntry(address=address, uid=uid, sequence=0, day=item.day)
        if isinstance(item, PlannedStep):
            entry = attrs.evolve(entry, start=item.start, minutes=item.minutes)
            if old and item.start is None and old.day == item.day and Status(item.status) is Status.HELD:
                entry = attrs.evolve(entry, start=old.start, minutes=item.minutes or old.minutes)
        lines[address] = _Line(attrs.evolve(entry, sequence=_sequence(old, entry)), item, old is None)
    for address, old in before.items():
        if address not in lines:
            gone = old if old.cancelled else attrs.evolve(old, cancelled=True, sequence=old.sequence + 1)
            lines[address] = _Line(gone, None, False)
    if twice := sorted(uid for uid, n in Counter(x.entry.uid for x in lines.values()).items() if n > 1):
        names = ", ".join(sorted(x.entry.address for x in lines.values() if x.entry.uid == twice[0]))
        raise CalendarError(Text(f"{names} ont le même UID « {twice[0]} » : un serveur de calendriers refuse un tel fichier", f"{names} share the UID {twice[0]!r}: a calendar server refuses such a file"))
    return sorted(lines.values(), key=lambda x: _order(x.entry))


def _house(plan: Plan) -> UUID:
    """The name space of the dossier's UIDs."""
    if plan.uid is None:
        raise CalendarError(Text(f"le dossier « {plan.dossier} » n'a pas d'uid, d'où viennent ceux de son calendrier : en tirer un, une fois", f"the dossier {plan.dossier!r} needs a uid, from which its calendar's derive: draw one, once"))
    try:
        return UUID(plan.uid)
    except ValueError:
        raise CalendarError(Text(f"l'uid « {plan.uid} » du dossier « {plan.dossier} » n'est pas un UUID", f"the uid {plan.uid!r} of the dossier {plan.dossier!r} is no UUID")) from None


def _sequence(old: PublishedEntry | None, new: PublishedEntry) -> int:
    if old is None:
        return 0
    stayed = (old.day, old.start, old.minutes) == (new.day, new.start, new.minutes)
    return old.sequence if stayed and not old.cancelled else old.sequence + 1


# -- which of them ----------------------------------------------------------------------------


def _chosen(plan: Plan, lines: list[_Line], only: str, seats: Seats) -> list[_Line]:
    """The lines that *only* asks for; CalendarError with all that it might have been."""
    items: list[_Item] = [*plan.meetings, *plan.todos]
    if any(only in who for who in seats.values()):
        return [x for x in lines if x.verb is None and only in seats.get(x.address, ())]
    live = any(_answers(item, only) for item in items)
    found = [x for x in lines if (_answers(x.item, only) if x.item else _answered(x, items, only, known=live))]
    if found or live or only == DEADLINES:
        return found
    tags = {t for m in plan.meetings for t in m.tags}
    instances = {f"{kind}:{id_}" for i in items for kind, id_ in i.instances}
    roles = {f"role:{r}" for i in items for r in (i.role, *_invited(i)) if r}
    known = ", ".join([DEADLINES, *sorted(tags), *sorted(instances), *sorted(roles), *sorted({w for who in seats.values() for w in who})])
    raise CalendarError(Text(f"rien de ce planning ne répond à « {only} » : écrire l'un de {known}, ou l'adresse d'une entrée", f"nothing of this plan answers to {only!r}: write one of {known}, or the address of an entry"))


def _answers(item: _Item, only: str) -> bool:
    kind, _, name = only.partition(":")
    mine = only == DEADLINES if isinstance(item, Todo) else only != DEADLINES and only in item.tags
    of_role = kind == "role" and bool(name) and (item.role == name or name in _invited(item))
    return mine or of_role or item.address == only or (kind, name) in item.instances


def _answered(line: _Line, items: list[_Item], only: str, *, known: bool) -> bool:
    """
    Whether *only* would have asked for an entry that was dropped; its address alone is left of it.

    The address names the instances. Tags and roles are guessed from the entries whose address begins
    with the same word; without any it is told, for a cancellation too many does no harm.
    """
    kind, colon, name = only.partition(":")
    is_todo = line.verb is not None
    if only == DEADLINES:
        return is_todo
    if line.address == only:
        return True
    if colon and kind != "role":
        return name in re.split(r"[/#]", line.address)
    if not known or any(i.address == only for i in items) or (is_todo and not colon):
        return False
    same = [i for i in items if _head(i.address) == _head(line.address) and isinstance(i, Todo) is is_todo]
    return not same or any(_answers(i, only) for i in same)


def _head(address: str) -> str:
    return re.split(r"[/#]", address)[0]


def _invited(item: _Item) -> tuple[str, ...]:
    return item.invited if isinstance(item, PlannedStep) else ()


# -- how they are written ---------------------------------------------------------------------


Seats: TypeAlias = Mapping[str, Collection[str]]
"""Who has a seat at the meeting of each address, as `only` asks for them: `person:P`, `org:O`."""
Guests: TypeAlias = tuple[tuple[str, str], ...]
"""Who is called to a meeting: the mail and the name of each."""


@attrs.frozen
class _Letter:
    """How a calendar is sent: its method of RFC 5546, who calls, who is called."""

    method: IcsMethod
    organizer: str | None
    attendees: tuple[str, ...]
    guests: Mapping[str, Guests] | None = None

    def called(self, address: str) -> Guests:
        """Who is called to the meeting at an address: mail and name."""
        return tuple((m, "") for m in self.attendees) if self.guests is None else self.guests.get(address, ())

    @classmethod
    def of(cls, method: IcsMethod, organizer: str | None, attendees: tuple[str, ...], guests: Mapping[str, Guests] | None = None) -> _Letter:
        if method not in _METHODS:
            raise CalendarError(Text(f"« {method} » n'est pas une méthode de calendrier : écrire l'une de {', '.join(_METHODS)}", f"{method!r} is no method of a calendar: write one of {', '.join(_METHODS)}"))
        if method == "none":
            return cls(method, None, ())
        if organizer is None:
            raise CalendarError(Text(f"la méthode « {method} » demande qui invite : son adresse (RFC 5546 §3.2)", f"method {method!r} needs an organizer: the mail address of who calls (RFC 5546 §3.2)"))
        if method == "publish":
            return cls(method, _mail(organizer), ())
        if guests is not None:
            return cls(method, _mail(organizer), (), {a: tuple(dict.fromkeys((_mail(m), n) for m, n in g)) for a, g in guests.items()})
        if not attendees:
            raise CalendarError(Text(f"la méthode « {method} » demande qui est invité : leurs adresses (RFC 5546 §3.2)", f"method {method!r} needs attendees: the mail addresses of who is called (RFC 5546 §3.2)"))
        return cls(method, _mail(organizer), tuple(dict.fromkeys(_mail(a) for a in attendees)))


def to_ics(
    plan: Plan,
    *,
    only: str | None = None,
    since: Publish | None = None,
    method: IcsMethod = "none",
    lang: Lang | None = None,
    organizer: str | None = None,
    attendees: tuple[str, ...] = (),
    guests: Mapping[str, Guests] | None = None,
    seats: Seats | None = None,
) -> bytes:
    """
    The plan as an iCalendar file: UTF-8, CRLF, lines of at most 75 octets (RFC 5545 §3.1).

    *only*: None for all; `deadlines` for the to-dos; a tag of the plan's meetings; `KIND:ID` for
    what concerns that instance; `role:R` for what that role does or is invited to; or an address. *seats* says
    who has a seat at the meeting of each address (`readings.seats.seated` reads it off a dossier): then `person:P` and
    `org:O` too, for the meetings of one person or organisation.
    *since* is what was published last: see `published` for SEQUENCE and for what was dropped.

    *method*: `none` is a file to import by hand. `publish` (RFC 5546 §3.2.1) needs *organizer*, a mail
    address. `request` (§3.2.2: what stands) and `cancel` (§3.2.5: what is cancelled) need *organizer*
    and *attendees*, and hold meetings, or to-dos where *only* is `deadlines`; they write one file,
    where a mail system wants one meeting in each: name its address in *only*. *guests* says instead
    who is called to each address, mail and name; a meeting to which nobody is called is left out.

    A meeting whose start or length is unknown is a whole day; else its hours are local to the plan's
    zone, whose rules come with the file (§3.6.5). Stamps are the plan's day at 00:00 UTC. Text is NFC;
    a backslash becomes a slash and control characters go, for readers disagree on them. A plan without
    entries gives a calendar of its zone alone, since an empty one is illegal (§3.6).

    Raises CalendarError for an *only* that finds nothing, a missing organizer or attendee, nothing to send,
    a local time that does not exist or exists twice, and as `published` does.
    """
    letter = _Letter.of(method, organizer, attendees, guests)
    lines = _lines(plan, since)
    if only is not None:
        lines = _chosen(plan, lines, only, seats or {})
    if method in ("request", "cancel"):
        lines = [x for x in lines if x.entry.cancelled is (method == "cancel")]
        lines = [x for x in lines if (x.verb is not None) is (only == DEADLINES)]
        lines = [x for x in lines if letter.called(x.address)]
    if not lines and method != "none":
        raise CalendarError(Text(f"rien à {_DEEDS[method]} : un tel message a au moins une entrée (RFC 5546 §3)", f"there is nothing to {method}: such a message has at least one entry (RFC 5546 §3)"))
    speak: Lang = lang or ("en" if plan.language == "en" else "fr")
    out = icalendar.Calendar()
    out.add("PRODID", PRODID)
    out.add("VERSION", "2.0")
    if method != "none":
        out.add("METHOD", method.upper())
    if title := _one_line(plan.title):
        _text(out, "X-WR-CALNAME", title)
    timed = [x.entry.day.year for x in lines if x.verb is None and _has_hours(x.entry) and plan.zone not in UTC_NAMES]
    if timed or not lines:
        years = timed or [plan.at.year]
        out.add_component(_timezone(plan.zone, min(years), max(years)))
    for line in lines:
        out.add_component(_component(plan, line, letter, speak))
    return bytes(out.to_ical())


def _component(plan: Plan, line: _Line, letter: _Letter, lang: Lang) -> _Component:
    entry, item = line.entry, line.item
    out: _Component = icalendar.Todo() if line.verb else icalendar.Event()
    stamp = dt.datetime(plan.at.year, plan.at.month, plan.at.day, tzinfo=dt.UTC)
    _text(out, "UID", entry.uid)
    out.add("DTSTAMP", stamp)
    out.add("LAST-MODIFIED", stamp)
    if line.is_new:
        out.add("CREATED", stamp)
    out.add("SEQUENCE", entry.sequence)
    summary = item.title.to(lang) if item else _CANCELLED.to(lang) + dict(plan.names).get(line.address, Text(line.address, line.address)).to(lang)
    if isinstance(item, Todo):  # of one thing there may be several to do: to call it, to withdraw it, to say it anew
        summary = f"{capital(VERBS[item.verb].to(lang))}{colon(lang)}{summary}"
    _text(out, "SUMMARY", _one_line(summary) or line.address)
    if item and (body := "\n".join(_description(item, lang))):
        _text(out, "DESCRIPTION", _plain(body))
    if isinstance(item, PlannedStep) and (tags := [t for t in map(_one_line, item.tags) if t]):
        out.add("CATEGORIES", tags)
    _text(out, "X-AGIR-ID", line.address)
    if line.verb:
        _text(out, "X-AGIR-VERB", line.verb)
        _due(out, entry, letter)
    else:
        _slot(out, entry, plan.zone)
    _status(out, line)
    if letter.organizer:
        out.add("ORGANIZER", icalendar.vCalAddress(f"mailto:{letter.organizer}"))
    for mail, name in letter.called(line.address) if letter.method in ("request", "cancel") else ():
        asked = {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"} if letter.method == "request" else {}
        called = {"CN": said} if (said := _one_line(name).replace('"', "'")) else {}
        out.add("ATTENDEE", icalendar.vCalAddress(f"mailto:{mail}"), parameters={"ROLE": "REQ-PARTICIPANT", **asked, **called})
    return out


def _has_hours(entry: PublishedEntry) -> bool:
    """Where the length is unknown six readers take none, one a day and three a moment: it has no hours then."""
    return entry.start is not None and bool(entry.minutes)


def _slot(out: _Component, entry: PublishedEntry, zone: str) -> None:
    """When a meeting is: a whole day (DTEND is the day after, RFC 5545 §3.6.1), or its hours."""
    if entry.minutes is not None and entry.minutes < 0:
        raise CalendarError(Text(f"{entry.address} dure {entry.minutes} minutes : une durée n'est pas négative", f"{entry.address} lasts {entry.minutes} minutes: a length cannot be negative"))
    if entry.start is None or not entry.minutes:
        out.add("DTSTART", entry.day)
        out.add("DTEND", entry.day + dt.timedelta(days=1))
        return
    try:
        begin = local(entry.day, entry.start, zone)
        out.add("DTSTART", begin)
        out.add("DTEND", later(begin, entry.minutes))
    except CalendarError as exc:
        raise CalendarError(Text(f"{entry.address} : {exc.to('fr')}", f"{entry.address}: {exc.to('en')}")) from None


def _due(out: _Component, entry: PublishedEntry, letter: _Letter) -> None:
    """The day of a to-do; RFC 5546 §3.4.1 and §3.4.2 want a start, which RFC 5545 §3.8.2.3 wants before DUE."""
    out.add("DUE", entry.day)
    if letter.method in ("publish", "request"):
        out.add("DTSTART", entry.day - dt.timedelta(days=1))
        out.add("PRIORITY", 5)


def _status(out: _Component, line: _Line) -> None:
    """STATUS (RFC 5545 §3.8.1.11): a planned day is tentative, a fixed or past one confirmed."""
    if line.entry.cancelled or line.item is None:
        out.add("STATUS", "CANCELLED")
    elif isinstance(line.item, PlannedStep):
        out.add("STATUS", "TENTATIVE" if Status(line.item.status) is Status.PLANNED else "CONFIRMED")
    elif line.item.done:
        out.add("STATUS", "COMPLETED")
        out.add("PERCENT-COMPLETE", 100)
    else:
        out.add("STATUS", "NEEDS-ACTION")


def _description(item: _Item, lang: Lang) -> Iterator[str]:
    if isinstance(item, PlannedStep):
        if item.start is not None and not item.minutes:
            yield _STARTS.to(lang) + time_in_words(item.start, lang)
        if item.agenda:
            yield _AGENDA.to(lang)
            yield from (f"{n}. {_one_line(point.to(lang))}" for n, point in enumerate(item.agenda, 1))
        if item.documents:
            yield _DOCUMENTS.to(lang)
            yield from (f"- {_one_line(document.to(lang))}" for document in item.documents)
    if item.because:
        yield _WHY.to(lang) + semicolon(lang).join(dict.fromkeys(reason(key, lang) or key for key in item.because))


def _timezone(key: str, first: int, last: int) -> icalendar.Timezone:
    """VTIMEZONE by rules: what the package itself would write is read an hour late by two readers."""
    out = icalendar.Timezone()
    out.add("TZID", key)
    for onset in onsets(key, first, last):
        part = icalendar.TimezoneDaylight() if onset.summer else icalendar.TimezoneStandard()
        part.add("DTSTART", onset.start)
        part.add("TZOFFSETFROM", onset.offset_from)
        part.add("TZOFFSETTO", onset.offset_to)
        part.add("TZNAME", onset.name)
        if onset.rule:
            part.add("RRULE", {name: list(values) for name, values in onset.rule})
        out.add_component(part)
    return out


# -- text -------------------------------------------------------------------------------------

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_MAIL = re.compile(r"[A-Za-z0-9.!#$&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


def _text(out: icalendar.Component, name: str, value: str) -> None:
    out.add(name, icalendar.vText(value))


def _plain(text: str) -> str:
    """Text that every reader reads alike: `C:\\Nouveau` would come out with a line break."""
    text = _BREAKS.sub("\n", text).replace("\t", " ").replace("\\", "/")
    return unicodedata.normalize("NFC", "".join(c for c in text if c == "\n" or _is_safe(c))).strip()


def _is_safe(char: str) -> bool:
    """No control character, no half of a pair, no byte order mark, nothing that is no character."""
    return unicodedata.category(char) not in ("Cc", "Cs") and char != "\ufeff" and ord(char) & 0xFFFE != 0xFFFE


def _one_line(text: str) -> str:
    return re.sub(r"[ \n]+", " ", _plain(text))


def _mail(text: str) -> str:
    address = text.strip().removeprefix("mailto:")
    if not _MAIL.fullmatch(address):
        raise CalendarError(Text(f"« {text} » n'est pas une adresse : en écrire une comme secretariat@example.org, sans nom", f"{text!r} is no mail address: write one such as secretariat@example.org, without a name"))
    return address
