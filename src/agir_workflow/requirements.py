"""
The vocabulary of conditions, as values: one list, with three readings each.

A requirement names a kind (`is`), parameters in the method's own words, and when it is due.
What each kind means to the engine, the planner and the verdict is in `readings/`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import product

import attrs

from .values import EMPTY, Record, Value
from .words import Aspect, Code, Severity, Text


class Is(StrEnum):
    """The seventeen kinds of requirement (METHOD-LANGUAGE.md §4)."""

    PRESENT = "present"
    COUNT = "count"
    COVERS = "covers"
    SHARE = "share"
    LINKED = "linked"
    PRECEDES = "precedes"
    IN_PROCESS = "in_process"
    GAP = "gap"
    WINDOW = "window"
    DECIDED = "decided"
    AGREED = "agreed"
    DELIVERABLE = "deliverable"
    QUORUM = "quorum"
    DISJOINT = "disjoint"
    SETTLED = "settled"
    INTACT = "intact"
    BY = "by"


MORE_THAN = "more_than"
"""How a regime says that its quorum is more than a share: `{ more_than = 50 }`, for no whole number of per cent is "more than half" of any number of seats."""

CONDITIONS = frozenset({Is.PRESENT, Is.COUNT, Is.COVERS, Is.LINKED, Is.AGREED, Is.DELIVERABLE, Is.QUORUM, Is.SETTLED})
"""The kinds that hold or do not hold as of a day, whoever asks: those that a `when` may name."""


class Takes(StrEnum):
    """What a parameter may be; `Method.problems` checks each against the method's words."""

    SELECTOR = "selector"
    LEAF = "leaf"
    DELIVERABLE = "deliverable"
    WORDS = "words"
    WHERE = "where"
    NUMBER = "number"
    BAND = "band"
    DURATION = "duration"
    COUNTING = "counting"
    TEXT = "text"
    FLAG = "flag"
    WINDOW = "window"
    DAYS = "days"
    POINT = "point"
    STEP = "step"
    STATE = "state"
    UNIT = "unit"
    FIELD = "field"
    VALUES = "values"


@attrs.frozen
class Param:
    name: str
    takes: Takes
    required: bool = False


def _p(**params: str) -> tuple[Param, ...]:
    return tuple(Param(n.rstrip("_"), Takes(t.rstrip("!")), t.endswith("!")) for n, t in params.items())


PARAMS: dict[Is, tuple[Param, ...]] = {
    Is.PRESENT: _p(of="selector!", where="where", every="flag", own="flag", within="duration"),
    Is.COUNT: _p(of="selector!", where="where", distinct="flag", unit="unit", per="field", but="where", min="number", max="number", ok="band", info="band", warning="band"),
    Is.COVERS: _p(of="selector!", where="where", but="where", all="values", among="where", at_least="number", also="selector"),
    Is.SHARE: _p(of="selector!", in_="window", among="selector", min="number!"),
    Is.LINKED: _p(of="selector!", to="selector!", also="selector", where="where", changed="flag", stated="flag", changes="selector", names="field", ordered="field", since="leaf"),
    Is.PRECEDES: _p(a="selector!", b="selector!", where="where"),
    Is.IN_PROCESS: _p(move="step!", of="text"),
    Is.GAP: _p(a="selector!", b="selector!", min="duration", max="duration", count="counting", urgent="duration", urgent_count="counting", again="duration", instead="deliverable"),
    Is.WINDOW: _p(of="selector!", in_="window", not_in="words", before="days", within="duration"),
    Is.DECIDED: _p(by="leaf!", values="words!", before="selector!", late="flag"),
    Is.AGREED: _p(of="leaf!", same_version="flag"),
    Is.DELIVERABLE: _p(of="deliverable!", state="state!", items="flag"),
    Is.QUORUM: _p(of="selector!", seats="selector"),
    Is.DISJOINT: _p(of="selector!"),
    Is.SETTLED: _p(of="selector!", paper="deliverable", state="state", silence="duration", point="point"),
    Is.INTACT: _p(of="text!", max="duration"),
    Is.BY: _p(of="selector!", does="text", seats="selector", interests="selector"),
}


class Form(StrEnum):
    """When a requirement is due (METHOD-LANGUAGE.md §1)."""

    LEAF = "leaf"
    PHASE = "phase"
    AFTER = "after"
    CHART = "chart"
    ALWAYS = "always"


@attrs.frozen
class Due:
    form: Form
    name: str = ""

    def __str__(self) -> str:
        return {Form.AFTER: f"after:{self.name}", Form.ALWAYS: "always"}.get(self.form, self.name)


@attrs.frozen
class Selector:
    """A word of the method, or `word.field`."""

    word: str
    field: str = ""

    @classmethod
    def parse(cls, value: Value | None) -> Selector:
        word, _, field = str(value or "").partition(".")
        return cls(word, field)


class _Selectors(dict[str, Selector]):
    __slots__ = ()

    def __missing__(self, name: str) -> Selector:
        return _NOTHING


_NOTHING = Selector("")


@attrs.frozen(kw_only=True, cache_hash=True)
class Requirement:
    """
    One row of the method.

    `severity` is the ceiling where bands decide; `why` and `fix` are the two sentences a person
    reads, with `{subject}`, `{value}`, `{bound}` and `{missing}` to be filled in.
    """

    code: Code
    is_: Is
    params: Record = EMPTY
    due: Due
    aspect: Aspect
    severity: Severity
    why: Text
    fix: Text
    origin: str
    quote: str = ""
    source: str = ""
    each: str | None = None
    when: str | None = None
    where: Record = EMPTY
    derogable: bool = True

    # Both are asked so often that a table itself answers.

    @cached_property
    def param(self) -> Callable[[str], Value | None]:
        """The parameter of a name; None where the row has none."""
        return dict(self.params).get

    @cached_property
    def selector(self) -> Callable[[str], Selector]:
        """What a parameter selects; an empty selector where the row has none of that name."""
        return _Selectors({name: Selector.parse(value) for name, value in self.params}).__getitem__


_DURATION = re.compile(r"(\d+)\s*([dwmy])")


@attrs.frozen
class Duration:
    """A length in days, weeks, calendar months or years; written `7d`, `2w`, `3m`, `1y`."""

    number: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read one; raises ValueError that says how to write it."""
        return _duration(text)

    @classmethod
    def _read(cls, text: str) -> Duration:
        found = _DURATION.fullmatch(text.strip())
        if not found:
            raise ValueError(f"{text!r} is no duration: write 7d, 2w, 3m or 1y")
        return cls(int(found[1]), found[2])

    @property
    def shortest(self) -> int:
        """In days, where it is over soonest: what is to be so far apart is, where it falls on the same day of a later month."""
        return self.days if self.unit in "dw" else _months(self.number * (12 if self.unit == "y" else 1))[0]

    @property
    def longest(self) -> int:
        """In days, where it lasts longest: who meets on the same day of every third month is never late."""
        return self.days if self.unit in "dw" else _months(self.number * (12 if self.unit == "y" else 1))[1]

    @cached_property
    def days(self) -> int:
        """In days; a month counts 30.4 and a year 365, rounded down, where only a length is asked."""
        if self.unit == "d":
            return self.number
        return {"w": 7 * self.number, "m": self.number * 304 // 10, "y": 365 * self.number}[self.unit]

    def to_text(self) -> Text:
        fr = {"d": ("jour", "jours"), "w": ("semaine", "semaines"), "m": ("mois", "mois"), "y": ("an", "ans")}[self.unit]
        en = {"d": "day", "w": "week", "m": "month", "y": "year"}[self.unit]
        many = self.number > 1
        return Text(f"{self.number} {fr[many]}", f"{self.number} {en}{'s' if self.number != 1 else ''}")


@lru_cache(maxsize=256)
def _duration(text: str) -> Duration:
    return Duration._read(text)


@lru_cache(maxsize=256)
def _months(number: int) -> tuple[int, int]:
    """How many days so many months take at the least and at the most; what has no such day in a shorter month falls on its last."""
    spans = []
    for year, month, day in product(range(2000, 2004), range(1, 13), (1, 28, 29, 30, 31)):
        years, then = divmod(month - 1 + number, 12)
        start, end = (min(day, calendar.monthrange(y, m)[1]) for y, m in ((year, month), (year + years, then + 1)))
        spans.append((dt.date(year + years, then + 1, end) - dt.date(year, month, start)).days)
    return min(spans), max(spans)
