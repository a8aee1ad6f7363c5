"""
Who and what a row is about, as the planner reads it: its own reading of `each`, of a subject, and of «about the same».

Written from METHOD-LANGUAGE.md §3 and §4; the guard has another reading of the same words (`binding`), and neither
calls the other, so that a wrong subject of one is refused, planned in vain, or found by comparing the two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import attrs

from ..dossier import Instance, Label, Sitting
from ..facts import DOSSIER
from ..method import Word
from ..requirements import Form, Is, Requirement, Selector
from ..values import Value
from ..view import View
from ..words import ANONYMOUS, Address, DeliverableId, FacetId, InstanceId, KindId, LeafId

Instances = tuple[tuple[KindId, InstanceId], ...]


@attrs.frozen(kw_only=True)
class Matter:
    """One thing that a row is said of: where (the second half of its key), and the instances, sitting or word that it is."""

    subject: str
    about: Instances = ()
    step: Label | None = None
    sitting: Sitting | None = None
    word: Word | None = None


def members(value: Value | None) -> tuple[Value, ...]:
    """What a parameter or field lists: its members, or itself alone."""
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)


def alive(view: View, kind: KindId, at: dt.date) -> list[Instance]:
    """The instances of a kind that have not ended by a day, in the order of their declaration."""
    day = max(at, view.start)
    return [i for i in view.instances if i.kind == kind and i.on.earliest <= day and not (i.off is not None and i.off.earliest <= day)]


def matters(view: View, row: Requirement, at: dt.date) -> list[Matter]:
    """
    Every matter of a row as of a day, in a fixed order.

    Where `each` names a kind that has no instance yet, the nameless one stands in for those to come.
    """
    if row.each is None:
        labels = _known_steps(view, _stood_before(view, row))
        return [Matter(subject=address_of(view, x), step=x) for x in labels] or [Matter(subject=_said_at(view, row))]
    if row.each in view.words.kinds:
        kind = KindId(row.each)
        ids = [i.id for i in alive(view, kind, at)]
        if not ids and not any(i.kind == kind for i in view.instances):
            ids = [ANONYMOUS]
        return [Matter(subject=at, about=((kind, id),)) for id in ids for at in _said_of(view, row, kind, id)]
    steps = view.words.leaves_of(row.each)
    if steps:
        return [m for x in _known_steps(view, steps) for m in _sat(view, row, x)]
    words = view.method.list_(row.each)
    if words is None:
        return []
    return [Matter(subject=f"{row.each}/{w.id}", word=w) for w in words.words if all(w.attributes.get(k) == v for k, v in row.where)]


def _stood_before(view: View, row: Requirement) -> tuple[LeafId, ...]:
    """Of an order that is said of no instance, the steps that another comes before, where they are several or in lanes: it is said at each."""
    later = view.words.leaves_of((row.selector("b") if row.is_ is Is.PRECEDES else row.selector("before")).word) if row.is_ in (Is.PRECEDES, Is.DECIDED) else ()
    return later if len(later) > 1 or any(view.words.leaves[x].scope for x in later) else ()


def _known_steps(view: View, leaves: Iterable[LeafId]) -> list[Label]:
    """The occurrences of some leaves: those that the tree expects, then others of which something is known."""
    wanted = set(leaves)
    return list(dict.fromkeys(x for x in (*view.position.labels(), *view.sittings) if x.leaf in wanted))


def _sat(view: View, row: Requirement, label: Label) -> list[Matter]:
    """A matter for each sitting of a step that was not cancelled, else the step itself; how often it sat is one matter."""
    about = instances_of(view, label)
    found = [s for s in view.sittings.get(label, ()) if not s.cancelled]
    if not found or row.selector("of").field == "sittings":
        return [Matter(subject=address_of(view, label), about=about, step=label)]
    return [Matter(subject=s.address, about=about, step=label, sitting=s) for s in found]


def _said_at(view: View, row: Requirement) -> str:
    """Where a row that is said once is said: at its one step, its document, its answers, its kind, or the whole dossier."""
    word = next((Selector.parse(v).word for n in ("before", "b", "of") if (v := row.param(n))), "")
    words = view.words
    if row.is_ is Is.DELIVERABLE:
        return words.deliverables[DeliverableId(word)].address
    steps = words.leaves_of(word)
    own = word in words.facets or word in words.kinds
    if not steps and not own and row.due.form in (Form.LEAF, Form.AFTER):
        steps = words.leaves_of(row.due.name)
    if len(steps) == 1 and not words.leaves[steps[0]].scope:
        return words.leaves[steps[0]].at(())
    return word if own else str(DOSSIER)


def _said_of(view: View, row: Requirement, kind: KindId, id: InstanceId) -> list[str]:
    """Where a row is said of one instance: at its document, or at each step that the row names for each; else of itself."""
    if row.is_ is Is.DELIVERABLE:
        return [paper_of(view, row, Matter(subject="", about=((kind, id),)))]
    named = [row.selector("before"), row.selector("b")]
    if row.is_ in (Is.AGREED, Is.PRESENT):
        of = row.selector("of")
        named += [of] if of.word in view.words.leaves and not of.field else []
    for steps in ([view.words.leaves[x] for x in view.words.leaves_of(one.word)] for one in named):
        own = [str(step.at((id,))) for step in steps if step.scope == (kind,)]
        if own:
            return own if len(own) == len(steps) else [*own, f"{kind}/{id}"]
    return [f"{kind}/{id}"]


def paper_of(view: View, row: Requirement, matter: Matter) -> Address:
    """Where the document lies that a row asks for of a matter."""
    paper = view.words.deliverables[DeliverableId(row.selector("of").word)]
    address = paper.address.replace("{sitting}", matter.subject)
    for kind, id in matter.about:
        address = address.replace("{" + kind + "}", id)
    return Address(address)


def address_of(view: View, label: Label) -> Address:
    return view.words.leaves[label.leaf].at(label.inst)


def instances_of(view: View, label: Label) -> Instances:
    return tuple(zip(view.words.leaves[label.leaf].scope, label.inst, strict=False))


def instances_at(view: View, address: str) -> Instances:
    """The declared instances that an address names: of a step, a document, an answer, or their own."""
    named: Instances = ()
    if found := view.words.find_leaf(address):
        named = instances_of(view, Label(found[0].id, found[1]))
    elif paper := view.words.find_paper(address):
        named = instances_at(view, paper[1][0]) if paper[0].per_sitting else tuple(zip(paper[0].scope, paper[1], strict=True))
    else:
        word, _, id = address.partition("/")
        facet = view.words.facets.get(FacetId(word))
        named = ((KindId(str(facet.scope) if facet else word), InstanceId(id)),)
    return tuple(x for x in named if any((i.kind, i.id) == x for i in view.instances))


def touches(view: View, matter: Matter, label: Label) -> bool:
    """
    Whether a step is about a matter: no kind of which both name, or lie in, two different instances.

    What lies in no instance of an outer kind is about all of them; so is one that nobody is named for yet.
    """
    named, own = matter.about, instances_of(view, label)
    if not named or not own:
        return True
    if len(named) == 1 == len(own) and named[0][0] == own[0][0]:
        return named == own
    mine, theirs = _lineage(view, named), _lineage(view, own)
    return all(theirs.get(kind, id) == id for kind, id in mine.items())


def _lineage(view: View, about: Instances) -> dict[KindId, InstanceId]:
    """The instances that are named, and those that hold them, by kind; what is named goes before what follows from it."""
    out = dict(about)
    queue = list(about)
    for kind, id in queue:
        outer = view.words.kinds[kind].inside
        own = view.instance(id, kind) if outer is not None else None
        if outer is not None and own is not None and own.inside is not None and outer not in out:
            out[outer] = own.inside
            queue.append((outer, own.inside))
    return out


def of_facet(view: View, facet: FacetId, matter: Matter) -> InstanceId | None:
    """The subject at which an answer is about a matter; None where the answer has none, or the matter does not say which."""
    scope = view.words.facets[facet].scope
    if scope is None:
        return None
    if matter.word is not None and matter.subject == f"{scope}/{matter.word.id}":
        return InstanceId(matter.word.id)
    return next((id for kind, id in matter.about if kind == scope), None)
