"""How far a document has come, and what brings it further: for whoever reads documents, guard and verdict alike."""

from __future__ import annotations

import datetime as dt

from ..method import Facet
from ..view import PAPER, View
from ..words import DeliverableId, KindId, Verb
from .binding import Binding
from .selected import said

NOTHING = "none"
"""The state of a document of which nobody has seen anything."""
AT_LEAST = {"draft": ("draft", "submitted", "approved"), "submitted": ("submitted", "approved"), "approved": ("approved",)}
"""The states that are as far as a row wants."""
_TOWARDS = {"draft": Verb.DELIVER, "submitted": Verb.SUBMIT, "approved": Verb.APPROVE}


def next_move(state: str, wanted: str) -> Verb:
    """The first of the fewest moves that lead a document from its state to the wanted one."""
    from .._chart import path  # the machines are made when they are first needed

    return Verb((*path(PAPER, state, _TOWARDS[wanted].value), _TOWARDS[wanted].value)[0])


def unbegun(view: View, name: str, binding: Binding, as_of: dt.date) -> str | None:
    """What a document lacks first of which none of the answers that it holds is there: the same as a row lacks that looks for that answer."""
    items = [view.words.facets[f] for f in view.words.deliverables[DeliverableId(name)].items]
    return answer(view, items[0], binding) if items and not any(said(view, f, binding, as_of) for f in items) else None


def answer(view: View, facet: Facet, binding: Binding) -> str:
    """An answer as what is lacking: at its instance, where it has one."""
    own = binding.of(KindId(facet.scope)) if facet.scope in view.words.kinds else None
    return f"{facet.id} @ {facet.scope}/{own}" if own else str(facet.id)
