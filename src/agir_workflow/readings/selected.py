"""
What selectors find at a binding: sittings, answers, instances, and the plain values in them.

A selector is a word of the method (a kind, a facet, a leaf or set of leaves, a deliverable, a
list), or `word.field`. Five results: instances, values of a facet, sittings of a leaf, the state
of a document, words of a list. No expressions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TypeAlias

from ..dossier import Instance, Item, Label, Sitting
from ..method import Facet, Words
from ..requirements import Selector
from ..values import EMPTY, Record, Value, each_of
from ..view import View
from ..when import When
from ..words import FacetId, InstanceId, KindId, LeafId
from ._once import once
from ._said import items_by, said_by, saying, values_in
from .binding import Binding, fits, label_inst
from .seats import attended, chair, heads, persons


def sittings(view: View, name: str, binding: Binding, as_of: dt.date, where: Record = EMPTY) -> Sequence[Sitting]:
    """The completed sittings of a leaf or set that fit a binding, by day."""
    label = binding.label
    own = label is not None and label.leaf in view.words.leaves_of(name)
    if own and (sitting := binding.sitting) is not None:
        held = sitting.held or sitting.done
        return [sitting] if held is not None and held.earliest <= as_of else []
    key = ("sittings", name, binding.inst, as_of)
    found: Sequence[Sitting] | None = view.looked.get(key)  # type: ignore[assignment]
    if found is None:
        leaves = view.words.leaves_of(name)
        found = view.looked[key] = _fitting(view, leaves[0], binding, as_of) if len(leaves) == 1 else _all_fitting(view, leaves, binding, as_of)
    return _those(view, found, label if own else None, where) if own or where.names else found


def _those(view: View, found: Sequence[Sitting], label: Label | None, where: Record) -> Sequence[Sitting]:
    """Those of some sittings that are of a label, and about instances that say what is wanted."""
    if label is not None:
        found = [s for s in found if s.label == label]
    for among in once(view, _saying, where) if where.names else ():
        found = [s for s in found if not among.isdisjoint(label_inst(view, s.label))]
    return found


def _all_fitting(view: View, leaves: tuple[LeafId, ...], binding: Binding, as_of: dt.date) -> list[Sitting]:
    found = [s for leaf in leaves for s in _fitting(view, leaf, binding, as_of)]
    return sorted(found, key=lambda s: (s.held or s.done or When(as_of)).earliest)


def _fitting(view: View, leaf: LeafId, binding: Binding, as_of: dt.date) -> Sequence[Sitting]:
    """The completed sittings of one leaf that fit a binding."""
    inst, scope = binding.inst, view.words.leaves[leaf].scope
    if not inst or not scope:
        return view.held(leaf, as_of)
    kind, id = inst[0]
    if len(inst) == 1 and scope == (kind,):
        return view.of_word(leaf, as_of, _held_by).get((id,), ())
    if len(inst) == 1 == len(scope) and view.words.kinds[scope[0]].inside == kind:
        around = (None, id)
        return [s for one, s in once(view, _held_around, leaf, as_of) if one.inside in around]
    return [s for s in view.held(leaf, as_of) if fits(view, binding, s.label)]


def _held_by(view: View, leaf: LeafId, as_of: dt.date | None) -> dict[tuple[InstanceId, ...], list[Sitting]]:
    out: dict[tuple[InstanceId, ...], list[Sitting]] = {}
    for s in view.held(leaf, as_of):
        out.setdefault(s.label.inst, []).append(s)
    return out


def _held_around(view: View, leaf: LeafId, as_of: dt.date) -> list[tuple[Instance, Sitting]]:
    """The completed sittings of a leaf, each with the instance that it is about."""
    kind = view.words.leaves[leaf].scope[0]
    return [(one, s) for s in view.held(leaf, as_of) if (one := view.instance(s.label.inst[0], kind)) is not None]


def _saying(view: View, where: Record) -> list[set[tuple[KindId, InstanceId]]]:
    """For each attribute that is wanted the instances that say so."""
    first = [one for i in view.instances if (one := view.instance(i.id, i.kind)) is not None]
    return [{(i.kind, i.id) for i in first if i.attributes.get(name) in each_of(wanted)} for name, wanted in where]


def items(view: View, name: str, binding: Binding, as_of: dt.date, where: Record = EMPTY) -> list[Item]:
    """The items of a facet at a binding: those of its instance or word, else all."""
    facet = view.words.facets.get(FacetId(name))
    if facet is None:
        return []
    own = None if facet.scope is None else _subject_in(facet.scope, binding)
    out = view.of_word(facet.id, as_of, items_by).get(own, _NOTHING)
    return saying(out, where) if where.names else out


def said(view: View, facet: Facet, binding: Binding, as_of: dt.date, where: Record = EMPTY) -> list[Item]:
    """Those of these items that say something."""
    own = None if facet.scope is None else _subject_in(facet.scope, binding)
    out = view.of_word(facet.id, as_of, said_by).get(own, _NOTHING)
    return saying(out, where) if where.names else out


def all_said(view: View, facet: FacetId, as_of: dt.date) -> list[Item]:
    """The items of a facet that say something, whomever they are about."""
    return view.of_word(facet, as_of, said_by)[None]


_NOTHING: list[Item] = []


def _subject_in(scope: str, binding: Binding) -> InstanceId | None:
    """The instance or word that a binding has in the scope of a facet; None where it has none."""
    for kind, id in binding.inst:
        if kind == scope:
            return id
    if binding.word is not None and binding.subject.startswith(f"{scope}/"):
        return InstanceId(binding.word.id)
    return None


Find: TypeAlias = Callable[[View, Binding, dt.date], list[Value]]


def values(view: View, of: Selector, binding: Binding, as_of: dt.date, where: Record) -> list[Value]:
    """The plain values that a selector finds; blanks are left out."""
    return finder(view.words, of, where)(view, binding, as_of)


def finder(words: Words, of: Selector, where: Record) -> Find:
    """What finds the values of a selector, its words looked up once for a method."""
    if of.word in words.kinds:
        return _of_instances(KindId(of.word), of.field)
    if facet := words.facets.get(FacetId(of.word)):
        return _of_items(facet, of.field, where)
    return _of_sittings(of, where)


def instances(view: View, kind: KindId, binding: Binding, as_of: dt.date) -> list[Instance]:
    """The instances of a kind at a binding: its own, those that lie in its own, else all; one that lies in none is about all."""
    own, outer = binding.of(kind), view.words.kinds[kind].inside
    around = binding.of(outer) if outer is not None else None
    return [i for i in view.of_kind(kind, as_of) if own in (None, i.id) and (around is None or i.inside in (None, around))]


def _of_instances(kind: KindId, field: str) -> Find:
    def find(view: View, binding: Binding, as_of: dt.date) -> list[Value]:
        found = instances(view, kind, binding, as_of)
        return [v for i in found for v in each_of(i.attributes.get(field))] if field else [str(i.id) for i in found]

    return find


def _of_items(facet: Facet, field: str, where: Record) -> Find:
    def find(view: View, binding: Binding, as_of: dt.date) -> list[Value]:
        own = said(view, facet, binding, as_of, where)
        return values_in(own, field) if field else [i.value for i in own]

    return find


def _of_sittings(of: Selector, where: Record) -> Find:
    read, asked = _OF_A_SITTING.get(of.field), EMPTY if of.field == "attendance" else where

    def find(view: View, binding: Binding, as_of: dt.date) -> list[Value]:
        if of.field == "sittings" and binding.label is not None:
            return [s.address for s in view.sittings.get(binding.label, ()) if (day := s.held or s.done) is not None and day.earliest <= as_of]
        found = sittings(view, of.word, binding, as_of, asked)
        if of.field == "attendance":
            return _colleges(view, found, where)
        if read is not None:
            return [v for s in found for v in read(view, s)]
        return [s.address for s in found]

    return find


def _colleges(view: View, found: Sequence[Sitting], where: Record) -> list[Value]:
    """The college of each head."""
    out: list[Value] = []
    for sitting in found:
        for college, number in heads(view, sitting, where).items():
            out += [college] * number
    return out


_OF_A_SITTING: dict[str, Callable[[View, Sitting], Sequence[Value]]] = {
    "seats": attended,
    "persons": persons,
    "chair": chair,
    "agenda": lambda view, s: s.hold.agenda if s.hold else (),
    "reserves": lambda view, s: s.decision.reserves if s.decision else (),
}
