"""
What a requirement is about, one subject at a time; and what its selectors find there.

A selector is a word of the method (a kind, a facet, a leaf or set of leaves, a deliverable, a
list), or `word.field`. Five results: instances, values of a facet, sittings of a leaf, the state
of a document, words of a list. No expressions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import attrs

from ..answers import Ask
from ..dossier import Item, Label, Sitting
from ..facts import DOSSIER
from ..method import Word
from ..requirements import Form, Is, Requirement, Selector
from ..values import EMPTY, Record, Value, each_of, is_blank
from ..view import View
from ..words import ANONYMOUS, OPENS, Address, DeliverableId, FacetId, InstanceId, KindId, LeafId, Sort, Text, Verb
from .seats import attended, heads, persons


@attrs.frozen(kw_only=True)
class Binding:
    """One subject of a requirement: the dossier, an instance, a sitting of a leaf, or a word."""

    subject: str
    title: Text
    inst: tuple[tuple[KindId, InstanceId], ...] = ()
    label: Label | None = None
    sitting: Sitting | None = None
    word: Word | None = None

    def of(self, kind: KindId) -> InstanceId | None:
        for own, id in self.inst:
            if own == kind:
                return id
        return None


def selector(row: Requirement, name: str) -> Selector:
    return row.selector(name)


def label_inst(view: View, label: Label) -> tuple[tuple[KindId, InstanceId], ...]:
    if not label.inst:
        return ()
    leaf = view.words.leaves.get(label.leaf)
    return tuple(zip(leaf.scope, label.inst, strict=False)) if leaf else ()


def fits(view: View, binding: Binding, label: Label) -> bool:
    """Whether a label is about the binding's instances, as far as both name the same kinds, or one the kind that the other's lies in."""
    if not binding.inst or not label.inst:
        return True
    kinds = view.words.kinds
    for kind, id in label_inst(view, label):
        bound = binding.of(kind)
        if bound is not None and bound != id:
            return False
        for other, wanted in binding.inst:
            # One that lies in no instance of the outer kind is about all of them.
            if other != kind and kinds[kind].inside == other:
                held = view.instance(id)
                if held is None or held.inside not in (None, wanted):
                    return False
            elif bound is None and kinds[other].inside == kind:
                held = view.instance(wanted)
                if held is not None and held.inside not in (None, id):
                    return False
    return True


def bind_label(view: View, label: Label, sitting: Sitting | None = None) -> Binding:
    leaf = view.words.leaves[label.leaf]
    address = sitting.address if sitting else leaf.at(label.inst)
    return Binding(subject=address, title=view.title(address), inst=label_inst(view, label), label=label, sitting=sitting)


def bind_next(view: View, label: Label) -> Binding:
    """The binding of the sitting that a label would have next: the open one, else one more."""
    history = view.sittings.get(label, ())
    if not history or not (history[-1].done or history[-1].cancelled):
        return bind_label(view, label, history[-1] if history else None)
    subject = f"{view.words.leaves[label.leaf].at(label.inst)}#{len(history) + 1}"
    return Binding(subject=subject, title=view.title(subject), inst=label_inst(view, label), label=label)


def subject_word(row: Requirement) -> str:
    """The selector whose word names the subject where nothing is bound."""
    return str(row.param("before") or row.param("b") or row.param("of") or DOSSIER)


def bindings(view: View, row: Requirement, as_of: dt.date | None, only: Label | None = None) -> Iterator[Binding]:
    """Every subject of a requirement, in a fixed order; of a row that reads each step, that of *only* alone."""
    if row.each is None:
        yield from _unbound(view, row)
    elif row.each in view.words.kinds:
        kind = KindId(row.each)
        for instance in view.of_kind(kind, as_of):
            inst = ((kind, instance.id),)
            for subject in subjects(view, row, kind, instance.id):
                yield Binding(subject=subject, title=view.title(subject), inst=inst)
    elif leaves := view.words.leaves_of(row.each):
        wanted = set(leaves)
        if only is not None and only.leaf in wanted:
            labels = [only]
        else:
            labels = [x for x in view.labels() if x.leaf in wanted]
            known = set(labels)
            labels += [x for x in view.sittings if x.leaf in wanted and x not in known]
        # How often a step was held is said once, whatever the number of its sittings.
        whole = selector(row, "of").field == "sittings"
        for label in labels:
            history = [] if whole else [s for s in view.sittings.get(label, ()) if not s.cancelled]
            for sitting in history:
                yield bind_label(view, label, sitting)
            if not history:
                yield bind_label(view, label)
    elif words := view.method.list_(row.each):
        for word in words.words:
            if all(word.attributes.get(k) == v for k, v in row.where):
                subject = f"{row.each}/{word.id}"
                yield Binding(subject=subject, title=word.label, word=word)


def _unbound(view: View, row: Requirement) -> Iterator[Binding]:
    name = Selector.parse(subject_word(row)).word
    if row.is_ in (Is.GAP, Is.DISJOINT, Is.BY) and name in view.words.sets:
        for label, history in view.sittings.items():
            if label.leaf in view.words.sets[name].leaves:
                yield from (bind_label(view, label, s) for s in history if not s.cancelled)
        return
    leaves = view.words.leaves_of(name)
    if not leaves and row.due.form in (Form.LEAF, Form.AFTER) and row.is_ not in (Is.DELIVERABLE,) and not _own_subject(view, name):
        leaves = view.words.leaves_of(row.due.name)
    if leaves and not view.words.leaves[leaves[0]].scope:
        yield bind_label(view, Label(leaves[0]))
        return
    subject: str = DOSSIER
    if name in view.words.deliverables and row.is_ is Is.DELIVERABLE:
        subject = view.words.deliverables[DeliverableId(name)].address
    elif name in view.words.facets or name in view.words.kinds:
        subject = name
    yield Binding(subject=subject, title=_word_title(view, subject))


def _own_subject(view: View, name: str) -> bool:
    return name in view.words.facets or name in view.words.kinds


def _word_title(view: View, subject: str) -> Text:
    if kind := view.words.kinds.get(KindId(subject)):
        return Text(kind.label.fr.capitalize(), kind.label.en.capitalize())
    return view.title(subject)


def subjects(view: View, row: Requirement, kind: KindId, id: InstanceId) -> list[str]:
    """The address that the row speaks of for one instance, else the instance itself."""
    named = [str(row.param(p)) for p in ("before", "b") if row.param(p)]
    if row.is_ in (Is.AGREED, Is.PRESENT) and (of := selector(row, "of")).word in view.words.leaves and not of.field:
        named.append(of.word)
    if row.is_ is Is.DELIVERABLE and (paper := view.words.deliverables.get(DeliverableId(selector(row, "of").word))):
        return [_at(paper.address, kind, id)]
    for name in named:
        found = [leaf for x in view.words.leaves_of(name) if (leaf := view.words.leaves[x]).scope == (kind,)]
        if found:
            return [leaf.at((id,)) for leaf in found]
    return [f"{kind}/{id}"]


def _at(pattern: str, kind: KindId, id: InstanceId) -> str:
    return pattern.replace("{" + kind + "}", id)


# -- what selectors find --------------------------------------------------------------------------


def sittings(view: View, name: str, binding: Binding, as_of: dt.date, where: Record = EMPTY) -> list[Sitting]:
    """The completed sittings of a leaf or set that fit a binding, by day."""
    if binding.sitting is not None and binding.label is not None and binding.label.leaf in view.words.leaves_of(name):
        held = binding.sitting.held or binding.sitting.done
        return [binding.sitting] if held is not None and held.earliest <= as_of else []
    found = [s for leaf in view.words.leaves_of(name) for s in view.held(leaf, as_of) if fits(view, binding, s.label)]
    if binding.label is not None and binding.label.leaf in view.words.leaves_of(name):
        found = [s for s in found if s.label == binding.label]
    return [s for s in found if all(_instance_says(view, s.label, k, v) for k, v in where)] if where else found


def _instance_says(view: View, label: Label, name: str, wanted: Value) -> bool:
    return any(
        instance is not None and instance.attributes.get(name) in each_of(wanted)
        for _, id in label_inst(view, label)
        for instance in [view.instance(id)]
    )


def item_says(item: Item, where: Record) -> bool:
    """Whether a field says what is wanted of it: of several values, one does."""
    return all(isinstance(item.value, Record) and any(said in each_of(v) for said in each_of(item.value.get(k))) for k, v in where)


def items(view: View, name: str, binding: Binding, as_of: dt.date, where: Record = EMPTY) -> list[Item]:
    """The items of a facet at a binding: those of its instance or word, else all."""
    facet = view.words.facets.get(FacetId(name))
    if facet is None:
        return []
    out = view.at(facet.id, as_of)
    if facet.scope:
        wanted = binding.of(KindId(facet.scope)) if facet.scope in view.words.kinds else None
        if wanted is None and binding.word is not None and binding.subject.startswith(f"{facet.scope}/"):
            wanted = InstanceId(binding.word.id)
        if wanted is not None:
            out = tuple(i for i in out if i.subject == (wanted,))
    return [i for i in out if item_says(i, where)] if where else list(out)


def says_nothing(view: View, facet: FacetId, value: Value) -> bool:
    """Whether a value is blank, or a text that its record must hold is."""
    if is_blank(value):
        return True
    return isinstance(value, Record) and any([is_blank(value.get(name)) for name in view.words.facets[facet].must_say])


def values(view: View, of: Selector, binding: Binding, as_of: dt.date, where: Record) -> list[Value]:
    """The plain values that a selector finds; blanks are left out."""
    if of.word in view.words.kinds:
        kind = KindId(of.word)
        found = [i for i in view.of_kind(kind, as_of) if binding.of(kind) in (None, i.id)]
        if not of.field:
            return [str(i.id) for i in found]
        return [v for i in found for v in each_of(i.attributes.get(of.field))]
    if of.word in view.words.facets:
        own = [i for i in items(view, of.word, binding, as_of, where) if not says_nothing(view, i.facet, i.value)]
        if of.field:
            return [v for i in own if isinstance(i.value, Record) for v in each_of(i.value.get(of.field)) if not is_blank(v)]
        return [i.value for i in own]
    found_sittings = sittings(view, of.word, binding, as_of, where if of.field != "attendance" else EMPTY)
    if of.field == "attendance":
        return [college for s in found_sittings for college, n in heads(view, s, where).items() for _ in range(n)]
    if of.field == "seats":
        return [seat for s in found_sittings for seat in attended(view, s)]
    if of.field == "persons":
        return [person for s in found_sittings for person in persons(view, s)]
    if of.field == "agenda":
        return [p for s in found_sittings for p in (s.hold.agenda if s.hold else ())]
    if of.field == "reserves":
        return [r for s in found_sittings for r in (s.decision.reserves if s.decision else ())]
    if of.field == "sittings" and binding.label is not None:
        return [s.address for s in view.sittings.get(binding.label, ()) if s.held or s.done]
    return [s.address for s in found_sittings]


def paper_address(view: View, name: str, binding: Binding) -> Address:
    """Where the document of that name lies for a binding."""
    paper = view.words.deliverables[DeliverableId(name)]
    address = paper.address
    if paper.per_sitting:
        return Address(address.replace("{sitting}", binding.sitting.address if binding.sitting else binding.subject))
    for kind, id in binding.inst:
        address = _at(address, kind, id)
    return Address(address)


def labels_of(view: View, leaf: LeafId, binding: Binding) -> list[Label]:
    """The labels of a leaf that fit a binding: those the tree expects, else the instances that exist."""
    found = [x for x in view.labels(leaf) if fits(view, binding, x)]
    scope = view.words.leaves[leaf].scope
    if found or not scope:
        return found or [Label(leaf)]
    own = [Label(leaf, (i.id,)) for i in view.of_kind(scope[-1]) if fits(view, binding, Label(leaf, (i.id,)))]
    return own or [Label(leaf, tuple(binding.of(k) or ANONYMOUS for k in scope))]


def ask_label(view: View, label: Label) -> Ask:
    """The command that brings a label nearer: hold before decide, a second sitting after a first."""
    leaf = view.words.leaves[label.leaf]
    verb = OPENS[leaf.sort]
    history = [s for s in view.sittings.get(label, ()) if not s.cancelled]
    if leaf.sort is Sort.DECISION and history and history[-1].held and not history[-1].decided:
        verb = Verb.DECIDE
    return Ask(verb, leaf.at(label.inst))


def asks(view: View, leaf: LeafId, binding: Binding) -> tuple[Ask, ...]:
    """The commands that would complete a leaf for a binding."""
    return tuple(ask_label(view, x) for x in labels_of(view, leaf, binding))
