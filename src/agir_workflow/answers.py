"""
What the engine, the planner and the verdict give back: values, each with its reasons.
"""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

import attrs

from .facts import Adopt, Fact, PlannedMeeting
from .requirements import Is
from .values import EMPTY, Record
from .words import (
    NO_TEXT,
    Address,
    Aspect,
    Code,
    Curability,
    Family,
    Severity,
    Sort,
    State,
    Text,
    Verb,
    natural,
)


@attrs.frozen
class Ask:
    """Do this first."""

    verb: Verb
    address: Address
    args: Record = EMPTY


@attrs.frozen
class Wait:
    """Ask again on that day."""

    until: dt.date


@attrs.frozen
class As:
    """Let that role ask."""

    role: str


Lift: TypeAlias = Ask | Wait | As


@attrs.frozen(kw_only=True)
class Blocker:
    """
    One reason why not.

    `lifts` are the ways out, any one of them; without any, `permanent` says why there is none: no command leads
    past it, on no later day, while the facts stand as they were told (one told wrongly is corrected).
    `str()` gives the English sentence, `text.fr` the French one (160 characters at most).
    """

    code: str
    family: Family
    subject: str
    text: Text
    is_: Is | None = None
    params: Record = EMPTY
    lifts: tuple[Lift, ...] = ()
    permanent: Text | None = None
    severity: Severity = Severity.ERROR
    quote: str = ""
    origin: str = ""

    @property
    def key(self) -> str:
        """`CODE @ subject`: the same for blocker, reason of a plan, finding and fingerprint."""
        return f"{self.code} @ {self.subject}"

    def __str__(self) -> str:
        return self.text.en


@attrs.frozen(init=False)
class Accepted:
    """The command may be done; `notices` are what the method remarks without refusing."""

    events: tuple[Fact, ...]
    notices: tuple[Blocker, ...] = ()

    def __init__(self, events: tuple[Fact, ...], notices: tuple[Blocker, ...] = ()) -> None:
        _set_events(self, events)  # by the slots, for each event makes one; see `Dossier`
        _set_notices(self, notices)


_set_events, _set_notices = vars(Accepted)["events"].__set__, vars(Accepted)["notices"].__set__


@attrs.frozen
class Refused:
    """The command may not be done; *every* reason why."""

    blockers: tuple[Blocker, ...]


Decision: TypeAlias = Accepted | Refused


@attrs.frozen
class Recorded:
    """A fact that was told; `deviations` are the blockers it would have met as a command."""

    events: tuple[Fact, ...]
    deviations: tuple[Blocker, ...] = ()


@attrs.frozen(kw_only=True)
class Suppression:
    """
    Why a finding no longer counts: `by` is `derogation` (then the copil, its reason and its end) or `baseline`.
    """

    by: str
    copil: str = ""
    reason: str = ""
    until: dt.date | None = None


@attrs.frozen(kw_only=True)
class Finding:
    """
    One thing that does not follow the method, or cannot be told; see `agir.report/1`.

    `lifts` are the commands that would mend it now, where there are any; `derogable` says whether a copil may lift it. `reference` is the title of
    what its `origin` names, empty where the method declares none. `deviation` is how a step strayed from
    the tree, where that is what it tells, and `strayed` which of the deviations that is; `of_all`: it concerns the whole beside its instances. `number`: the profile or
    regime that gives its bound, where that one's number has an origin of its own, and the title of it.
    """

    code: Code
    subject: str
    severity: Severity
    state: State
    aspect: Aspect
    text: Text
    fix: Text
    origin: str
    quote: str = ""
    reference: Text = NO_TEXT
    date: dt.date | None = None
    value: str | None = None
    bound: str | None = None
    curability: Curability = Curability.REPAIRABLE
    also: tuple[Code, ...] = ()
    instances: tuple[str, ...] = ()
    phase: str | None = None
    lifts: tuple[Lift, ...] = ()
    title: Text | None = None
    measured: Text | None = None
    expected: Text | None = None
    suppressed: Suppression | None = None
    deviation: Text | None = None
    strayed: str = ""
    of_all: bool = False
    derogable: bool = True
    number: tuple[Text, str, Text] | None = None

    @property
    def key(self) -> str:
        return f"{self.code} @ {self.subject}"

    @property
    def mark(self) -> str | None:
        """`derogated` where a dérogation allows it, `baselined` where a baseline does: still told, counted no more; None for any other."""
        return {"derogation": "derogated", "baseline": "baselined"}[self.suppressed.by] if self.suppressed else None

    @property
    def counts(self) -> bool:
        """Whether it is violated, and nothing suppresses it."""
        return self.state is State.VIOLATED and self.suppressed is None

    @property
    def place(self) -> tuple[object, ...]:
        """Where it stands among others: what is violated first, the gravest first, then by code and subject."""
        return self.state is not State.VIOLATED, self.severity.rank, self.code, natural(self.subject)


@attrs.frozen(kw_only=True)
class Coverage:
    """How many instances of requirements could be judged, and why the others could not."""

    evaluated: int = 0
    not_yet_due: int = 0
    not_applicable: int = 0
    undetermined: int = 0


@attrs.frozen(kw_only=True)
class Course:
    """
    How the order of what was done lies to the method's: three figures, and a sentence for each deviation.

    `deviations` counts a moved step once; `fitness` is 1 where all was done in order, 0 where
    nothing was; `weighted` counts a deviation 3 where its severity is error, 2 for a warning, else 1.
    `remaining` steps, at the least, complete the run. None of the figures where no exact
    alignment can be had: then `refused` says why.
    """

    deviations: int | None
    fitness: float | None
    weighted: int | None
    remaining: int | None
    told: tuple[Text, ...] = ()
    refused: Text | None = None


VERDICTS = ("conforms", "partial", "does_not_conform")
"""The words of a verdict, the best first."""


@attrs.frozen(kw_only=True)
class Report:
    """
    The verdict on a dossier as of a day.

    `conforms` when no error is violated, and in each phase left behind something was judged; `partial`
    when only the latter fails (`unjudged` names those phases), or when some instance of the method's
    verdict kind conforms and others do not; else `does_not_conform`. `themes` judges each such instance, `phases`
    are those of the method in their order, `by_code` says how each requirement could be judged.
    `names` are the labels of the instances in `themes`.
    `unevaluated` are the rules of which nothing could be judged, with the inputs that they lack.
    `notes` say that the project rests or was given up, where steps of one day would be a deviation in another order, and how many facts
    are dated after the day.
    """

    dossier: str
    uid: str | None
    title: str
    method: str
    method_hash: str
    profile: str
    regime: str
    at: dt.date
    verdict: str
    themes: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    coverage: Coverage
    assumed: tuple[Text, ...] = ()
    phases: tuple[PhaseState, ...] = ()
    by_code: tuple[tuple[Code, Coverage], ...] = ()
    course: Course | None = None
    language: str = "fr"
    unevaluated: tuple[tuple[Code, tuple[str, ...]], ...] = ()
    unjudged: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()
    names: tuple[tuple[str, str], ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings of that severity are violated, and suppressed by nothing."""
        return sum(f.severity is severity and f.counts for f in self.findings)


@attrs.frozen(kw_only=True)
class PlannedStep:
    """
    A meeting of a plan. `day` in the dossier's zone; `start` and `minutes` where hours are known;
    `because` the keys of what holds it where it is.
    """

    address: Address
    uid: str | None
    title: Text
    day: dt.date
    status: str
    start: dt.time | None = None
    minutes: int | None = None
    because: tuple[str, ...] = ()
    sort: Sort = Sort.MEETING
    tags: tuple[str, ...] = ()
    agenda: tuple[Text, ...] = ()
    documents: tuple[Text, ...] = ()
    invited: tuple[str, ...] = ()
    role: str | None = None
    instances: tuple[tuple[str, str], ...] = ()
    phase: str | None = None


@attrs.frozen(kw_only=True)
class Todo:
    """Something to have done by a day: an answer, an interview, a document, an agreement; `who` is the role as people call it."""

    address: Address
    verb: Verb
    day: dt.date
    title: Text
    uid: str | None = None
    because: tuple[str, ...] = ()
    role: str | None = None
    who: Text | None = None
    done: bool = False
    instances: tuple[tuple[str, str], ...] = ()
    phase: str | None = None


@attrs.frozen(kw_only=True)
class Objective:
    name: str
    value: int
    bound: int
    proved: bool


@attrs.frozen(kw_only=True)
class Plan:
    """
    Dates for what is left, around what was held. `at` is the day it was made (its only stamp).

    Meetings and todos are sorted by day, then address. `names` are what a person calls the subjects
    of the keys in `because`, and what was published. `broken` are the keys of distances that no day can keep any more, without which the rest is dated.
    """

    dossier: str
    uid: str | None
    title: str
    method: str
    zone: str
    language: str
    at: dt.date
    start: dt.date
    end: dt.date
    meetings: tuple[PlannedStep, ...]
    todos: tuple[Todo, ...]
    assumed: tuple[Text, ...] = ()
    broken: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    objectives: tuple[Objective, ...] = ()
    names: tuple[tuple[str, Text], ...] = ()

    def adoption(self) -> Adopt:
        """What the verb `adopt` keeps of it: the meetings that are still to be held."""
        return Adopt(meetings=tuple(PlannedMeeting(address=m.address, day=m.day, start=m.start, minutes=m.minutes) for m in self.meetings if m.status != "held"))


@attrs.frozen(kw_only=True)
class NextStep:
    """A step that may be taken now (no blockers) or is held back, and by what."""

    verb: Verb
    address: Address
    title: Text
    blockers: tuple[Blocker, ...] = ()
    notices: tuple[Blocker, ...] = ()


@attrs.frozen(kw_only=True)
class OpenReserve:
    """A reserve of a decision that is not settled; `settle` at its address settles it."""

    address: Address
    text: str
    title: Text
    """What a person calls the sitting that took the decision."""


@attrs.frozen(kw_only=True)
class PhaseState:
    """A phase of the method: `state` is ahead, current or past."""

    id: str
    title: Text
    state: str
    since: dt.date | None = None


@attrs.frozen(kw_only=True)
class Outlook:
    """Where a dossier stands on a day: its phases, what may be done, what is blocked and by what."""

    dossier: str
    title: str
    at: dt.date
    run: str
    phases: tuple[PhaseState, ...]
    steps: tuple[NextStep, ...]
    reserves: tuple[OpenReserve, ...] = ()
