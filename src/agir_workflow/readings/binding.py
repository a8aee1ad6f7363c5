"""
What a requirement is about, one subject at a time; and the steps and documents there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from ..answers import Ask
from ..dossier import Label, Sitting
from ..facts import DOSSIER
from ..method import LeafSet, Word, Words
from ..requirements import Form, Is, Requirement, Selector
from ..view import View
from ..words import (
    ANONYMOUS,
    OPENS,
    Address,
    DeliverableId,
    InstanceId,
    KindId,
    LeafId,
    Sort,
    Text,
    Verb,
    capital,
)
from ._once import compiled, once
from ._ways import nobody_named

_new = tuple.__new__
"""Makes a named tuple of all its values at once: see `_fold`."""


Inst: TypeAlias = tuple[tuple[KindId, InstanceId], ...]
"""The instances that something is about, each with its kind."""


class Binding(NamedTuple):
    """One subject of a requirement: the dossier, an instance, a sitting of a leaf, or a word; `title` where it is not what `title_of` finds."""

    subject: str
    title: Text | None = None
    inst: Inst = ()
    label: Label | None = None
    sitting: Sitting | None = None
    word: Word | None = None

    def of(self, kind: KindId) -> InstanceId | None:
        for own, id in self.inst:
            if own == kind:
                return id
        return None


def label_inst(view: View, label: Label) -> Inst:
    if not label.inst:
        return ()
    leaf = view.words.leaves.get(label.leaf)
    return tuple(zip(leaf.scope, label.inst, strict=False)) if leaf else ()


def fits(view: View, binding: Binding, label: Label) -> bool:
    """Whether a label is about the binding's instances, as far as both name the same kinds, or one the kind that the other's lies in."""
    if not binding.inst or not label.inst:
        return True
    if len(binding.inst) == 1 == len(label.inst) and (leaf := view.words.leaves.get(label.leaf)):
        (kind, id), (own,) = binding.inst[0], leaf.scope
        if kind == own:
            return id == label.inst[0]
    kinds = view.words.kinds
    for kind, id in label_inst(view, label):
        bound = binding.of(kind)
        if bound is not None and bound != id:
            return False
        for other, wanted in binding.inst:
            # One that lies in no instance of the outer kind is about all of them.
            if other != kind and kinds[kind].inside == other:
                held = view.instance(id, kind)
                if held is None or held.inside not in (None, wanted):
                    return False
            elif bound is None and kinds[other].inside == kind:
                held = view.instance(wanted, other)
                if held is not None and held.inside not in (None, id):
                    return False
    return True


def bind_label(view: View, label: Label, sitting: Sitting | None = None) -> Binding:
    leaf = view.words.leaves[label.leaf]
    inst = tuple(zip(leaf.scope, label.inst, strict=False)) if label.inst else ()
    return _new(Binding, (sitting.address if sitting else leaf.at(label.inst), None, inst, label, sitting, None))


def title_of(view: View, binding: Binding) -> Text:
    """What a person calls the subject of a binding."""
    if binding.title is not None:
        return binding.title
    if binding.word is not None:
        return binding.word.label
    if binding.label is None and not binding.inst and (kind := view.words.kinds.get(KindId(binding.subject))):
        return Text(capital(kind.label.fr), capital(kind.label.en))
    return view.title(binding.subject)


def bind_next(view: View, label: Label) -> Binding:
    """The binding of the sitting that a label would have next: the open one, else one more."""
    history = view.sittings.get(label, ())
    if not history or not (history[-1].done or history[-1].cancelled):
        return bind_label(view, label, history[-1] if history else None)
    subject = f"{view.words.leaves[label.leaf].at(label.inst)}#{len(history) + 1}"
    return Binding(subject=subject, inst=label_inst(view, label), label=label)


def bound(view: View, row: Requirement) -> tuple[Binding, ...]:
    """Every subject of a row over the whole life of a dossier, each once; rows that speak of the same share them."""
    return bound_by(view, row, subject_key(view.words, row))


def bound_by(view: View, row: Requirement, key: tuple[Hashable, ...]) -> tuple[Binding, ...]:
    """The same, for who has the key of its subjects at hand."""
    # A word of a list and a step of no instance are the same in every dossier.
    known = view.words.compiled if key[0] in ("of list", "unbound") else view.looked
    found = known.get(key)
    if found is None:
        every = bindings(view, row, None)
        # An instance may have been declared twice; a sitting, a step or a word is there once.
        found = known[key] = _each_once(every) if key[0] == "of kind" else tuple(every)
    return found  # type: ignore[return-value]


def _each_once(found: list[Binding]) -> tuple[Binding, ...]:
    return tuple(dict(zip(map(_subject, found), found, strict=True)).values())


_subject: Callable[[Binding], str] = attrgetter("subject")


def subject_key(words: Words, row: Requirement) -> tuple[Hashable, ...]:
    return compiled(words, ("subjects", row), lambda: _subject_key(words, row))


def _subject_key(words: Words, row: Requirement) -> tuple[Hashable, ...]:
    """What the subjects of a row depend on, beside the dossier."""
    if row.each in words.kinds:
        return "of kind", row.each, tuple(_patterns(words, row, KindId(str(row.each))))
    if row.each and words.leaves_of(row.each):
        return "at steps", row.each, row.selector("of").field == "sittings"
    if row.each is not None:
        return "of list", row.each, row.where
    if before := before_which(words, row):
        return "before", before
    to = _unbound_to(words, row)
    return ("of set", to.id) if isinstance(to, LeafSet) else ("unbound", to)


def subject_word(row: Requirement) -> str:
    """The selector whose word names the subject where nothing is bound."""
    return str(row.param("before") or row.param("b") or row.param("of") or DOSSIER)


def bindings(view: View, row: Requirement, as_of: dt.date | None, only: Label | None = None) -> list[Binding]:
    """Every subject of a requirement, in a fixed order; of a row that reads each step, that of *only* alone."""
    if row.each is None:
        return _unbound(view, row)
    if row.each in view.words.kinds:
        kind = KindId(row.each)
        patterns = compiled(view.words, ("patterns", row), lambda: _patterns(view.words, row, kind))
        slot = "{" + kind + "}"
        return [_new(Binding, (pattern.replace(slot, i.id), None, ((kind, i.id),), None, None, None)) for i in view.of_kind(kind, as_of) for pattern in patterns]
    out: list[Binding] = []
    if leaves := view.words.leaves_of(row.each):
        # How often a step was held is said once, whatever the number of its sittings.
        whole = row.selector("of").field == "sittings"
        if only is not None and only.leaf in leaves:
            return [bind_label(view, only)] if whole else _at_sittings(view, only)
        if whole:
            return [bind_label(view, label) for label in _labels_in_turn(view, leaves)]
        return [one for _, own in sorted([found for leaf in leaves for found in once(view, _by_sitting, leaf)]) for one in own]
    elif words := view.method.list_(row.each):
        told = [word for word in words.words if all(word.attributes.get(k) == v for k, v in row.where)]
        out += [Binding(subject=f"{row.each}/{word.id}", word=word) for word in told]
    return out


def _labels_in_turn(view: View, leaves: tuple[LeafId, ...]) -> list[Label]:
    """The labels of some leaves: those of the tree in its order, then others of which something was told."""
    table = once(view, _by_leaf)
    return [label for _, label in sorted([found for leaf in leaves for found in table.get(leaf, ())])]


def _by_sitting(view: View, leaf: LeafId) -> list[tuple[int, list[Binding]]]:
    """The same of one leaf, each label as what a row is about there: shared by the rows that read a leaf, under its own name or another."""
    return [(n, _at_sittings(view, label)) for n, label in once(view, _by_leaf).get(leaf, ())]


def _at_sittings(view: View, label: Label) -> list[Binding]:
    """Each sitting of a label, or the label where there is none."""
    return [bind_label(view, label, s) for s in view.sittings.get(label, ()) if not s.cancelled] or [bind_label(view, label)]


def _by_leaf(view: View) -> dict[LeafId, list[tuple[int, Label]]]:
    out: dict[LeafId, list[tuple[int, Label]]] = {}
    for n, label in enumerate(dict.fromkeys((*view.labels(), *view.sittings))):
        out.setdefault(label.leaf, []).append((n, label))
    return out


def before_which(words: Words, row: Requirement) -> tuple[LeafId, ...]:
    """The steps at each of which a row of order without `each` is read: those before which it wants another; () where that is one step alone."""
    if row.each is not None or row.is_ not in (Is.PRECEDES, Is.DECIDED):
        return ()
    leaves = words.leaves_of(str(row.param("b") or row.param("before")))
    return leaves if len(leaves) > 1 or any(words.leaves[x].scope for x in leaves) else ()


def _unbound(view: View, row: Requirement) -> list[Binding]:
    before = before_which(view.words, row)
    if before and (labels := _labels_in_turn(view, before)):
        # Of one step, but of no instance: what such a row wants of lanes it wants of all of them.
        return [Binding(view.words.leaves[x.leaf].at(x.inst), label=x) for x in labels]
    to = _unbound_to(view.words, row)
    if isinstance(to, LeafSet):
        return [one for _, own in sorted([found for leaf in to.leaves for found in once(view, _by_sitting, leaf)]) for one in own if one.sitting is not None]
    return [bind_label(view, to) if isinstance(to, Label) else Binding(subject=to)]


def _unbound_to(words: Words, row: Requirement) -> LeafSet | Label | str:
    """What a row without `each` is about: all sittings of a set, one step, or a subject by its name."""
    name = Selector.parse(subject_word(row)).word
    if row.is_ in (Is.GAP, Is.DISJOINT, Is.BY) and name in words.sets:
        return words.sets[name]
    leaves = words.leaves_of(name)
    if not leaves and row.due.form in (Form.LEAF, Form.AFTER) and row.is_ not in (Is.DELIVERABLE,) and not _own_subject(words, name):
        leaves = words.leaves_of(row.due.name)
    if len(leaves) == 1 and not words.leaves[leaves[0]].scope:
        return Label(leaves[0])
    if name in words.deliverables and row.is_ is Is.DELIVERABLE:
        return words.deliverables[DeliverableId(name)].address
    return name if _own_subject(words, name) else DOSSIER


def of_each_sitting(words: Words, row: Requirement) -> tuple[LeafId, ...]:
    """The steps of which a row is about each sitting, once there is one; () for a row about anything else."""
    to = _unbound_to(words, row) if row.each is None else None
    return to.leaves if isinstance(to, LeafSet) else ()


def _own_subject(words: Words, name: str) -> bool:
    return name in words.facets or name in words.kinds


def _patterns(words: Words, row: Requirement, kind: KindId) -> list[str]:
    """The addresses that the row speaks of for one instance, else the instance itself."""
    named = [str(row.param(p)) for p in ("before", "b") if row.param(p)]
    if row.is_ in (Is.AGREED, Is.PRESENT) and (of := row.selector("of")).word in words.leaves and not of.field:
        named.append(of.word)
    if row.is_ is Is.DELIVERABLE and (paper := words.deliverables.get(DeliverableId(row.selector("of").word))):
        return [paper.address]
    for name in named:
        found = [leaf for x in words.leaves_of(name) if (leaf := words.leaves[x]).scope == (kind,)]
        if found:
            # Those of several steps that are not the instance's own are said of the instance.
            return [leaf.address for leaf in found] + ([f"{kind}/{{{kind}}}"] if len(found) < len(words.leaves_of(name)) else [])
    return [f"{kind}/{{{kind}}}"]


def _at(pattern: str, kind: KindId, id: InstanceId) -> str:
    return pattern.replace("{" + kind + "}", id)


def step_of(view: View, binding: Binding) -> Label | None:
    """The step that a subject is: of a row of order the one before which it wants another."""
    if binding.label is None and binding.inst and (found := view.words.find_label(binding.subject)):
        return found[1]
    return binding.label


def steps_of(view: View, row: Requirement, name: str, step: Label | None) -> tuple[LeafId, ...]:
    """Those of the steps of a name that a row reads at a subject: the *step* that it is, or all that are no subject themselves."""
    leaves = view.words.leaves_of(name)
    if step is not None:
        return (step.leaf,) if step.leaf in leaves else ()
    return tuple(x for x in leaves if view.words.leaves[x].scope != (row.each,)) if len(leaves) > 1 else leaves


def paper_address(view: View, name: str, binding: Binding) -> Address:
    """Where the document of that name lies for a binding."""
    paper = view.words.deliverables[DeliverableId(name)]
    address = paper.address
    if "{sitting}" in address:
        return Address(address.replace("{sitting}", binding.sitting.address if binding.sitting else binding.subject))
    for kind, id in binding.inst:
        address = _at(address, kind, id)
    return Address(address)


def ways_before(view: View, row: Requirement, binding: Binding) -> list[list[list[Label]]]:
    """
    What a row wants before a step, where one done is not enough: ways of which one will do, each of lanes in all of which one of the labels must be done.

    A word for several steps stands for any one of them; in lanes, where the row names none of its own, one in each. [] where any one will do.
    """
    if row.each is not None or row.where.names:
        return []
    leaves = view.words.leaves_of(row.selector("a").word)
    scopes = list(dict.fromkeys(view.words.leaves[x].scope for x in leaves))
    if scopes == [()]:
        return []
    out = []
    for scope in scopes:
        lanes: dict[tuple[InstanceId, ...], list[Label]] = {}
        for label in (x for leaf in leaves if view.words.leaves[leaf].scope == scope for x in labels_of(view, leaf, binding)):
            lanes.setdefault(label.inst if scope else (InstanceId(label.leaf),), []).append(label)
        out += [list(lanes.values())] if scope else [[own] for own in lanes.values()]
    return out


def labels_of(view: View, leaf: LeafId, binding: Binding) -> list[Label]:
    """The labels of a leaf that fit a binding: those the tree expects, else the instances that exist."""
    found = [x for x in view.labels(leaf) if fits(view, binding, x)]
    scope = view.words.leaves[leaf].scope
    if found or not scope:
        return found or [Label(leaf)]
    own = [x for inst in view.named(scope) if fits(view, binding, x := Label(leaf, inst))]
    return own or [Label(leaf, tuple(binding.of(k) or ANONYMOUS for k in scope))]


def ask_label(view: View, label: Label) -> Ask:
    """The command that brings a label nearer: hold before decide, a second sitting after a first; naming whom it is about before all."""
    leaf = view.words.leaves[label.leaf]
    if label.inst and (first := nobody_named(view, leaf, label)) is not None:
        return first
    verb = OPENS[leaf.sort]
    history = [s for s in view.sittings.get(label, ()) if not s.cancelled]
    if leaf.sort is Sort.DECISION and history and history[-1].held and not history[-1].decided:
        verb = Verb.DECIDE
    return Ask(verb, leaf.at(label.inst))


def asks(view: View, leaf: LeafId, binding: Binding) -> tuple[Ask, ...]:
    """The commands that would complete a leaf for a binding."""
    return tuple(ask_label(view, x) for x in labels_of(view, leaf, binding))
