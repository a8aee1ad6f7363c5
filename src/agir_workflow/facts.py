"""
What can be asked, told and have happened: one shape, three readings.

A `Fact` that is asked for is a command, one that is told is a report, one that is kept is an
event. The arguments are a closed union, one class for each group of verbs.
"""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

import attrs

from .values import EMPTY, Record, Value, as_record
from .when import Slot, When, civil_day
from .words import Address, Verb


@attrs.frozen(kw_only=True, weakref_slot=False)
class Stamp:
    """
    Who, and when; made by the doorstep, never looked up.

    `on` is the civil day it happened (in the dossier's zone), `recorded_at` the instant it was
    written down (UTC; None where a dossier file says nothing of it), `key` makes a command
    idempotent.
    """

    on: When
    by: str
    recorded_at: dt.datetime | None = None
    key: str | None = None


@attrs.frozen(kw_only=True)
class Open:
    """How a dossier begins; always its first fact (`declare dossier`)."""

    id: str
    uid: str | None
    title: str
    method: str
    method_hash: str
    profile: str
    regime: str
    language: str = "fr"
    zone: str = "Europe/Paris"
    assumed: tuple[str, ...] = ()


@attrs.frozen(kw_only=True, weakref_slot=False)
class Declare:
    """An instance of a kind: a theme, a pilot, an interviewee…, as the method calls them."""

    label: str | None = None
    inside: str | None = None
    attributes: Record = attrs.field(default=EMPTY, converter=as_record)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Merge:
    into: str


@attrs.frozen(kw_only=True, weakref_slot=False)
class Fill:
    """The value of a facet; a facet of many values gains one more."""

    value: Value


@attrs.frozen(kw_only=True, weakref_slot=False)
class Clear:
    """Withdraws the whole facet, or the item of that id."""

    item: str | None = None


@attrs.frozen(kw_only=True, weakref_slot=False)
class Agree:
    version: int | None = None


MODES = ("room", "online", "mixed", "written")
"""How people may meet; whoever is there in one of these ways counts."""


@attrs.frozen(kw_only=True, weakref_slot=False)
class Hold:
    """
    A sitting as it was held: in a room, online, both at once or in writing (`mode`, one of MODES), and where (`place`).

    Who was there is said by names or by heads. `present`: the seats whose member sat; `substitutes`:
    a seat, and the pseudonym of who sat on it instead, or a table of it (`person`) and of what else
    is known of them (`actor`, `standing`, `assembly`); `proxies`: a seat that gave its proxy, and
    the one that held it; `withdrawn`: the seats that were there and took no part, for an interest in the
    matter. Where names are unknown, `attendance` counts heads by college, `mandates`
    the proxies. `quorate` is what the minutes say of the quorum, where they do; `chaired_by` the seat, or the
    college, of who was in the chair.
    """

    attendance: Record = attrs.field(default=EMPTY, converter=as_record)
    agenda: tuple[str, ...] = ()
    mode: str | None = None
    start: dt.time | None = None
    minutes: int | None = None
    mandates: int = 0
    quorate: bool | None = None
    place: str | None = None
    present: tuple[str, ...] = ()
    substitutes: Record = attrs.field(default=EMPTY, converter=as_record)
    proxies: Record = attrs.field(default=EMPTY, converter=as_record)
    withdrawn: tuple[str, ...] = ()
    chaired_by: str | None = None


@attrs.frozen(kw_only=True, weakref_slot=False)
class Convene:
    """
    The notice of a meeting on *day*; the stamp's day is the day the notice was sent, by whom it names.

    `urgent` is the reason for which it is sent in urgency, so that the regime's shorter notice is enough; None where it is not.
    """

    day: dt.date
    start: dt.time | None = None
    minutes: int | None = None
    agenda: tuple[str, ...] = ()
    urgent: str | None = None


@attrs.frozen(kw_only=True, weakref_slot=False)
class Move:
    day: dt.date
    start: dt.time | None = None
    minutes: int | None = None


@attrs.frozen(kw_only=True, weakref_slot=False)
class Decide:
    """What a sitting decided, with its reserves; `votes` for each value, where they were counted, and that of the chair."""

    value: str
    reserves: tuple[str, ...] = ()
    votes: Record = attrs.field(default=EMPTY, converter=as_record)
    chair: str | None = None


@attrs.frozen(kw_only=True, weakref_slot=False)
class Deliver:
    """An activity done, or a version of a deliverable; where it lies, and its digest."""

    uri: str | None = None
    sha256: str | None = None
    media_type: str | None = None


@attrs.frozen(kw_only=True, weakref_slot=False)
class Derogate:
    """A requirement lifted at the fact's address: why, by which copil, and until when; one that lacks them lifts nothing."""

    code: str
    reason: str = ""
    copil: str = ""
    until: dt.date | None = None


@attrs.frozen(kw_only=True, weakref_slot=False)
class Correct:
    """
    Replaces what an earlier fact says, named by its version in the journal: its day; or of a meeting that was held, who was there.

    `attendance` and `present` are those of `Hold`, of which either takes the place of both. `void` strikes the
    fact out: it was told by mistake, and what is right is told anew.
    """

    of: int
    on: When | None = None
    attendance: Record = attrs.field(default=EMPTY, converter=as_record)
    present: tuple[str, ...] = ()
    void: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether it puts nothing right."""
        return self.on is None and not (self.attendance or self.present or self.void)


@attrs.frozen(kw_only=True, weakref_slot=False)
class PlannedMeeting:
    address: str
    day: dt.date
    start: dt.time | None = None
    minutes: int | None = None

    @property
    def slot(self) -> Slot:
        return Slot(self.day, self.start, self.minutes)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Adopt:
    meetings: tuple[PlannedMeeting, ...] = ()
    deadlines: tuple[PlannedMeeting, ...] = ()


@attrs.frozen(kw_only=True, weakref_slot=False)
class PublishedEntry:
    address: str
    uid: str
    sequence: int
    day: dt.date
    start: dt.time | None = None
    minutes: int | None = None
    cancelled: bool = False


@attrs.frozen(kw_only=True, weakref_slot=False)
class Publish:
    entries: tuple[PublishedEntry, ...] = ()


@attrs.frozen(kw_only=True, weakref_slot=False)
class Bare:
    """Nothing to add but a reason."""

    reason: str | None = None


Args: TypeAlias = (
    Open | Declare | Merge | Fill | Clear | Agree | Hold | Convene | Move | Decide | Deliver | Derogate | Correct
    | Adopt | Publish | Bare
)  # fmt: skip

ARGS: dict[Verb, type[Args]] = {
    Verb.DECLARE: Declare,
    Verb.END: Bare,
    Verb.MERGE: Merge,
    Verb.FILL: Fill,
    Verb.CLEAR: Clear,
    Verb.AGREE: Agree,
    Verb.HOLD: Hold,
    Verb.CONVENE: Convene,
    Verb.MOVE: Move,
    Verb.CANCEL: Bare,
    Verb.DECIDE: Decide,
    Verb.DELIVER: Deliver,
    Verb.SUBMIT: Bare,
    Verb.RETURN: Bare,
    Verb.APPROVE: Bare,
    Verb.REVOKE: Bare,
    Verb.SUSPEND: Bare,
    Verb.RESUME: Bare,
    Verb.ABANDON: Bare,
    Verb.CLOSE: Bare,
    Verb.DEROGATE: Derogate,
    Verb.SETTLE: Bare,
    Verb.CORRECT: Correct,
    Verb.ADOPT: Adopt,
    Verb.PUBLISH: Publish,
}
"""The arguments that each verb takes; `declare` of the dossier itself takes `Open`."""

NOTHING_TO_ADD: dict[type[Args], Args] = {c: c() for c in (Declare, Clear, Agree, Hold, Deliver, Adopt, Publish, Bare)}
"""The arguments of a verb that needs none, by their class."""

DOSSIER = Address("dossier")
"""The address of the dossier itself, for the verbs that speak of the whole."""


@attrs.frozen(weakref_slot=False)
class Fact:
    verb: Verb
    address: Address
    args: Args
    stamp: Stamp | None = None

    def stamped(self, stamp: Stamp) -> Fact:
        return Fact(self.verb, self.address, self.args, stamp)

    @property
    def on(self) -> When:
        """The day it happened; only for a fact that carries its stamp."""
        assert self.stamp is not None, f"{self.verb} {self.address} carries no stamp"
        return self.stamp.on


def fact(verb: Verb | str, address: str, args: Args | None = None) -> Fact:
    """
    A command or fact without stamp; *args* may be omitted where the verb needs none.

    Raises ValueError for a verb that there is not, TypeError where its arguments are missing.
    """
    verb = Verb(verb)
    if args is None and ARGS[verb] not in NOTHING_TO_ADD:
        raise TypeError(f"{verb}: expected {ARGS[verb].__name__}(…), found no arguments")
    return Fact(verb, Address(address), NOTHING_TO_ADD[ARGS[verb]] if args is None else args)


def declare(address: str, args: Declare | None = None) -> Fact:
    return fact(Verb.DECLARE, address, args)


def fill(address: str, value: Value) -> Fact:
    return fact(Verb.FILL, address, Fill(value=value))


def agree(address: str, args: Agree | None = None) -> Fact:
    return fact(Verb.AGREE, address, args)


def hold(address: str, args: Hold | None = None) -> Fact:
    return fact(Verb.HOLD, address, args)


def convene(address: str, day: dt.date) -> Fact:
    return fact(Verb.CONVENE, address, Convene(day=civil_day(day)))


def decide(address: str, value: str, reserves: tuple[str, ...] = ()) -> Fact:
    return fact(Verb.DECIDE, address, Decide(value=value, reserves=reserves))


def deliver(address: str, args: Deliver | None = None) -> Fact:
    return fact(Verb.DELIVER, address, args)


def move(address: str, day: dt.date, start: dt.time | None = None, minutes: int | None = None) -> Fact:
    return fact(Verb.MOVE, address, Move(day=civil_day(day), start=start, minutes=minutes))


def cancel(address: str, reason: str | None = None) -> Fact:
    return fact(Verb.CANCEL, address, Bare(reason=reason))


def submit(address: str) -> Fact:
    return fact(Verb.SUBMIT, address)


def return_(address: str, reason: str | None = None) -> Fact:
    """A document sent back; with an underscore, for `return` is a word of Python."""
    return fact(Verb.RETURN, address, Bare(reason=reason))


def approve(address: str) -> Fact:
    return fact(Verb.APPROVE, address)


def revoke(address: str, reason: str | None = None) -> Fact:
    return fact(Verb.REVOKE, address, Bare(reason=reason))


def settle(address: str, reason: str | None = None) -> Fact:
    return fact(Verb.SETTLE, address, Bare(reason=reason))


def clear(address: str, item: str | None = None) -> Fact:
    return fact(Verb.CLEAR, address, Clear(item=item))


def end(address: str, reason: str | None = None) -> Fact:
    return fact(Verb.END, address, Bare(reason=reason))


def merge(address: str, into: str) -> Fact:
    return fact(Verb.MERGE, address, Merge(into=into))


def derogate(address: str, args: Derogate) -> Fact:
    return fact(Verb.DEROGATE, address, args)


def correct(address: str, args: Correct) -> Fact:
    return fact(Verb.CORRECT, address, args)


def suspend(reason: str | None = None) -> Fact:
    return fact(Verb.SUSPEND, DOSSIER, Bare(reason=reason))


def resume(reason: str | None = None) -> Fact:
    return fact(Verb.RESUME, DOSSIER, Bare(reason=reason))


def abandon(reason: str | None = None) -> Fact:
    return fact(Verb.ABANDON, DOSSIER, Bare(reason=reason))


def close() -> Fact:
    return fact(Verb.CLOSE, DOSSIER)


def adopt(plan: Adopt) -> Fact:
    return fact(Verb.ADOPT, "plan", plan)


def publish(calendar: Publish) -> Fact:
    return fact(Verb.PUBLISH, "calendar", calendar)
