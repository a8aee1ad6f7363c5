"""
The closed lists of the engine, and the small values that every room shares.

Nothing here names a step, a college or a document of one method: those words live in the
method file. French stays where the word *is* the thing (copil, GT, compte rendu).
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Literal, NewType

import attrs

LeafId = NewType("LeafId", str)
KindId = NewType("KindId", str)
InstanceId = NewType("InstanceId", str)
FacetId = NewType("FacetId", str)
DeliverableId = NewType("DeliverableId", str)
ListId = NewType("ListId", str)
Code = NewType("Code", str)
Address = NewType("Address", str)

Lang = Literal["fr", "en"]

ANONYMOUS = InstanceId("*")
"""The one instance that stands for a kind of which none has been declared yet."""


@attrs.frozen
class Text:
    """One sentence or label in the two languages that a person may read."""

    fr: str
    en: str

    def to(self, lang: Lang) -> str:
        return self.fr if lang == "fr" else self.en


NO_TEXT = Text("", "")


def capital(text: str) -> str:
    """A text with a capital at its head, the rest as it stands: «GT1» stays «GT1»."""
    return text[:1].upper() + text[1:]


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


class Aspect(StrEnum):
    """What a finding is about (RULES.md §1.1)."""

    STRUCTURAL = "structural"
    CARDINALITY = "cardinality"
    BEHAVIOURAL = "behavioural"
    TEMPORAL = "temporal"
    REPRESENTATIVENESS = "representativeness"
    CONTENT = "content"
    EVIDENCE = "evidence"
    PROVENANCE = "provenance"


class Family(StrEnum):
    """Where a blocker comes from: a requirement of the method, or the engine itself."""

    RULE = "rule"
    STATE = "state"
    ROLE = "role"
    STALE = "stale"
    INPUT = "input"


class State(StrEnum):
    """The five values of a monitored requirement (four of RV-LTL, and «cannot tell»)."""

    SATISFIED = "satisfied"
    VIOLATED = "violated"
    CURRENTLY_OK = "currently_ok"
    PENDING = "pending"
    UNDETERMINED = "undetermined"


class Curability(StrEnum):
    """What can still be done about a finding."""

    REPAIRABLE = "repairable"
    RESCHEDULABLE = "reschedulable"
    PERMANENT = "permanent"


class Sort(StrEnum):
    """What a leaf of the tree is, hence the verb that completes it."""

    ACTIVITY = "activity"
    AGREEMENT = "agreement"
    MEETING = "meeting"
    DECISION = "decision"


class Step(StrEnum):
    """How a fact deviates from the tree."""

    EXTRA = "extra"
    MOVED = "moved"
    SKIPPED = "skipped"


class Verb(StrEnum):
    """All that can be asked, told and have happened (METHOD-LANGUAGE.md §1: a closed list)."""

    DECLARE = "declare"
    END = "end"
    MERGE = "merge"
    FILL = "fill"
    CLEAR = "clear"
    AGREE = "agree"
    HOLD = "hold"
    CONVENE = "convene"
    MOVE = "move"
    CANCEL = "cancel"
    DECIDE = "decide"
    DELIVER = "deliver"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    REVOKE = "revoke"
    SUSPEND = "suspend"
    RESUME = "resume"
    ABANDON = "abandon"
    CLOSE = "close"
    DEROGATE = "derogate"
    SETTLE = "settle"
    CORRECT = "correct"
    ADOPT = "adopt"
    PUBLISH = "publish"


def natural(id: str) -> tuple[tuple[int, str], ...]:
    """
    The key by which people sort ids: numbers within them by their size.

    >>> sorted(["t10", "t2", "t1"], key=natural)
    ['t1', 't2', 't10']
    """
    # Every second piece is digits: a text stands before what begins with more of it, and equal keys are equal ids.
    return tuple((int(piece) if n % 2 else -1, piece) for n, piece in enumerate(re.split("([0-9]+)", id)))


COMPLETES: dict[Sort, Verb] = {
    Sort.ACTIVITY: Verb.DELIVER,
    Sort.AGREEMENT: Verb.AGREE,
    Sort.MEETING: Verb.HOLD,
    Sort.DECISION: Verb.DECIDE,
}
OPENS: dict[Sort, Verb] = COMPLETES | {Sort.DECISION: Verb.HOLD}
"""The verb at which the requirements due at a leaf are read: a copil is held, then decides."""
OF_THE_RUN = (Verb.SUSPEND, Verb.RESUME, Verb.ABANDON, Verb.CLOSE)
"""What is said of the dossier as a whole."""
