"""Documents that a dossier names in free words: those that no rule of the method judges are told, never passed over."""

from __future__ import annotations

from ..values import Record, each_of, is_blank
from ..view import View
from ..words import Text
from ._found import as_said
from ._once import compiled
from ._phrases import brief, joined

_SHOWN = 3
_LONGEST = 60
"""Characters of a name."""


def not_judged(view: View) -> tuple[Text, ...]:
    """A sentence for the documents named in free words that bear the name of no deliverable of the method; one that does is judged as that."""
    known = compiled(view.words, ("names of documents",), lambda: {as_said(name) for d in view.method.deliverables for name in (d.id, d.label.fr, d.label.en)})
    fields = [(i.value, f.documents) for f in view.method.facets if f.documents for i in view.at(f.id) if isinstance(i.value, Record)]
    told = [v for value, field in fields for v in each_of(value.get(str(field))) if isinstance(v, str) and not is_blank(v) and as_said(v) not in known]
    if not told:
        return ()
    once = {as_said(v): brief(v, _LONGEST) for v in reversed(told)}
    names = joined([Text(v, v) for v in reversed(once.values())], _SHOWN)
    return (Text(f"livrables nommés librement, qu'aucune règle ne juge : {names.fr}", f"deliverables named in free words, which no rule judges: {names.en}"),)
