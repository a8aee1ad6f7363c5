"""What a person calls the things of a dossier: steps, sittings, documents, answers, instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .facts import DOSSIER
from .method import Facet
from .words import ANONYMOUS, FacetId, InstanceId, KindId, Text, capital

if TYPE_CHECKING:
    from .view import View


def title_of(view: View, address: str) -> Text:
    """What a person calls the thing at an address, in both languages."""
    base, _, n = address.partition("#")
    if found := view.words.find_leaf(base):
        leaf, inst, _ = found
        return _joined(leaf.label, names_of(view, leaf.scope, inst), n)
    if paper := view.words.find_paper(base):
        deliverable, inst = paper
        if deliverable.per_sitting:
            inner = view.title(f"{inst[0]}#{n}" if n else inst[0])
            return Text(f"{capital(deliverable.label.fr)} — {inner.fr}", f"{capital(deliverable.label.en)} — {inner.en}")
        return _joined(deliverable.label, names_of(view, deliverable.scope, inst), n)
    head, _, rest = base.partition("/")
    if kind := view.words.kinds.get(KindId(head)):
        return _joined(kind.label, names_of(view, (kind.id,), (InstanceId(rest),)) if rest else (), n)
    if several := view.words.sets.get(base):
        return _joined(several.label, (), n)
    if words := view.method.list_(head):
        word = words.word(rest)
        return word.label if word else Text(base, base)
    if facet := view.words.facets.get(FacetId(head)):
        return _facet_title(view, facet, rest)
    if head == "reserve" and "/" in rest:
        sitting, _, nth = rest.rpartition("/")
        of = view.title(sitting)
        return Text(f"Réserve {nth} — {of.fr}", f"Reserve {nth} — {of.en}")
    own = view.dossier.head.title
    if address == DOSSIER:
        return Text(own, own) if own else view.method.title
    return _WHOLE.get(base, Text(base, base))


_WHOLE = {"calendar": Text("calendrier", "calendar"), "plan": Text("planning", "plan")}
"""What is adopted and published, and stands at no step."""


def _facet_title(view: View, facet: Facet, subject: str) -> Text:
    if not subject:
        return Text(capital(facet.label.fr), capital(facet.label.en))
    words = view.method.list_(facet.scope)
    word = words.word(subject) if words else None
    names = word.label if word else Text(*names_of(view, (KindId(str(facet.scope)),), (InstanceId(subject),)) * 2)
    return Text(f"{capital(facet.label.fr)} — {names.fr}", f"{capital(facet.label.en)} — {names.en}")


def names_of(view: View, scope: tuple[KindId, ...], inst: tuple[InstanceId, ...]) -> tuple[str, ...]:
    """What the instances are called, each as its kind has it: a theme and a pilot may share an id."""
    return tuple(next((i.label for i in view.of_kind(kind) if i.id == id), "…" if id == ANONYMOUS else str(id)) for kind, id in zip(scope, inst, strict=False))


def _joined(label: Text, names: tuple[str, ...], n: str) -> Text:
    tail = (" — " + ", ".join(names) if names else "") + (f" ({n})" if n else "")
    return Text(capital(label.fr) + tail, capital(label.en) + tail)
