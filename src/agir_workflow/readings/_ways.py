"""What leads out of an answer that is there and wrong: it is said anew, or withdrawn; and who is to be declared first."""

from __future__ import annotations

from collections.abc import Sequence

from ..answers import Ask
from ..dossier import Item, Label
from ..method import Leaf
from ..requirements import Is, Selector
from ..values import EMPTY, Record
from ..view import View
from ..words import ANONYMOUS, Address, FacetId, InstanceId, KindId, Verb

UNNAMED = (str(ANONYMOUS), "…")
"""What an address says where nobody is named yet."""


def anew(view: View, wrong: Sequence[Item]) -> tuple[Ask, ...]:
    """
    How the first of some wrong items is put right.

    Said again, where its facet has one value or it bears an id; one of several without an id can only be
    withdrawn, with all that stands beside it, to be said anew.
    """
    item = wrong[0]
    if not view.words.facets[item.facet].many:
        return (Ask(Verb.FILL, _address(item)),)
    id = item.value.get("id") if isinstance(item.value, Record) else None
    said = (Ask(Verb.FILL, _address(item), Record((("id", id),))),) if id is not None else ()
    return (*said, *fewer([item]))


def fewer(found: Sequence[Item]) -> tuple[Ask, ...]:
    """How there comes to be one item less: the last is withdrawn, alone where something names it."""
    item = found[-1]
    name = item.value.get("id") if isinstance(item.value, Record) else item.value
    return (Ask(Verb.CLEAR, _address(item), Record((("item", name),)) if isinstance(name, str) else EMPTY),)


def _address(item: Item) -> Address:
    return Address("/".join([item.facet, *item.subject]))


def named_first(view: View, kind: KindId, inside: InstanceId | None = None) -> Ask:
    """An instance of a kind is to be declared, in another of the kind that holds it, where there is one."""
    return declared_again(view, kind, InstanceId("…"), inside)


def declared_again(view: View, kind: KindId, id: InstanceId, inside: InstanceId | None) -> Ask:
    """An instance that ended is to be taken up again, where it was."""
    outer = view.words.kinds[kind].inside
    return Ask(Verb.DECLARE, Address(f"{kind}/{id}"), Record(((outer, inside),)) if outer and inside else EMPTY)


def named_kind(view: View, of: Selector) -> KindId | None:
    """The kind whose instances a field of an answer names: by its type, or because a row has it point to them."""
    types = [f.type for f in view.words.facets[FacetId(of.word)].fields if f.name == of.field]
    types += [r.selector("to").word for r in view.method.requirements if r.is_ is Is.LINKED and r.selector("of") == of]
    return next((KindId(t) for t in types if t in view.words.kinds), None)


def nobody_named(view: View, leaf: Leaf, label: Label) -> Ask | None:
    """Who must be declared before a step is anybody's; None where all whom it is about have names."""
    for n, id in enumerate(label.inst):
        if id in UNNAMED:
            return named_first(view, leaf.scope[n], label.inst[n - 1] if n else None)
    return None


def subject_or_nobody(view: View, facet: FacetId) -> str | Ask:
    """The first subject of a facet that has several; who is to be declared, where it has none yet."""
    scope = view.words.facets[facet].scope
    assert scope is not None
    if words := view.method.list_(scope):
        return words.words[0].id
    return next((str(i.id) for i in view.of_kind(KindId(scope))), None) or named_first(view, KindId(scope))
