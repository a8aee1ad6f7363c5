"""How far a document has come, and what brings it further: for whoever reads documents, guard and verdict alike."""

from __future__ import annotations

from ..view import PAPER
from ..words import Verb

AT_LEAST = {"draft": ("draft", "submitted", "approved"), "submitted": ("submitted", "approved"), "approved": ("approved",)}
"""The states that are as far as a row wants."""
_TOWARDS = {"draft": Verb.DELIVER, "submitted": Verb.SUBMIT, "approved": Verb.APPROVE}


def next_move(state: str, wanted: str) -> Verb:
    """The first of the fewest moves that lead a document from its state to the wanted one."""
    from .._chart import path  # the machines are made when they are first needed

    return Verb((*path(PAPER, state, _TOWARDS[wanted].value), _TOWARDS[wanted].value)[0])
