"""What lies in the values that a row has found: how many, how alike, of whom."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache

from ..dossier import Item
from ..method import Word, Words
from ..requirements import Is, Requirement, Selector
from ..values import Record, Value, each_of
from ..view import View
from ..when import When
from ..words import FacetId, InstanceId, KindId, LeafId
from ._once import once
from ._said import saying, values_in
from .binding import Binding
from .selected import Find, all_said, finder, said


@lru_cache(maxsize=8192, typed=True)
def as_said(value: Value) -> str:
    """A value as people compare it: without regard to case and blanks."""
    return " ".join(str(value).casefold().split())


def number_of(row: Requirement) -> Callable[[Sequence[Value]], int]:
    """What counts as a row does: values, different ones, words; or in a hundred, those of the commonest value."""
    match row.param("unit"):
        case "words":
            return _words_in
        case "percent":
            return _down if row.param("min") is not None else _up
        case _:
            return (lambda found: len(set(found))) if row.param("distinct") else len


def _up(values: Sequence[Value]) -> int:
    """The share of the commonest value, rounded away from a bound above it: 50 of 101 are over 49 per cent."""
    return -(-_commonest(values) * 100 // max(1, len(values)))


def _down(values: Sequence[Value]) -> int:
    return _commonest(values) * 100 // max(1, len(values))


def _commonest(values: Sequence[Value]) -> int:
    return max(Counter(values).values(), default=0)


def _words_in(values: Sequence[Value]) -> int:
    try:
        return len(" ".join(values).split())  # type: ignore[arg-type]
    except TypeError:  # not of texts alone
        number = 0
        for value in values:
            inner = value.values if isinstance(value, Record) else value
            number += _words_in(inner) if isinstance(inner, tuple) else len(str(inner).split())
        return number


def written_under(view: View, word: Word, attribute: str, as_of: dt.date) -> list[Value]:
    """All that is said under a word of a list, in the facets that it names."""
    facets = [FacetId(str(f)) for f in each_of(word.attributes.get(attribute))]
    return [i.value for f in facets for i in all_said(view, f, as_of)]


def brought_also_by(view: View, find: Find, binding: Binding, as_of: dt.date) -> InstanceId | None:
    """Another instance that brings all that the one of a binding does, of what *find* finds; None where it brings something of its own."""
    for kind, own in binding.inst:
        mine = frozenset(map(as_said, find(view, binding, as_of)))
        for other, theirs in once(view, _brought, find, kind, as_of).items():
            if other != own and mine <= theirs:
                return other
    return None


def _brought(view: View, find: Find, kind: KindId, as_of: dt.date) -> dict[InstanceId, frozenset[str]]:
    return {i.id: frozenset(map(as_said, find(view, Binding(subject=i.id, inst=((kind, i.id),)), as_of))) for i in view.of_kind(kind, as_of)}


def came_or_left(view: View, row: Requirement, binding: Binding, as_of: dt.date) -> bool:
    """
    Whether an instance came after the first of the sittings that a row points to, or has left.

    A row that names the step that settles who is there (`since`) counts from its last sitting, and asks nothing before.
    """
    since = row.param("since")
    begun = once(view, _begun, row, as_of)
    if since and begun is None:
        return False
    own = [i for kind, id in binding.inst for i in view.of_kind(kind) if i.id == id]
    return any((i.off is not None and i.off.earliest <= as_of and (not since or begun is None or begun.before(i.off))) or (begun is not None and begun.before(i.on) and i.on.earliest <= as_of) for i in own)


def _begun(view: View, row: Requirement, as_of: dt.date) -> When | None:
    """The day of the last of the sittings that settle who is there, or of the first of those that a row points to."""
    since = row.param("since")
    held = [s.held for leaf in view.words.leaves_of(str(since or row.selector("to").word)) for s in view.held(leaf, as_of) if s.held]
    return (max if since else min)(held, key=lambda w: w.earliest) if held else None


def _first(view: View, leaves: Sequence[LeafId], as_of: dt.date) -> When | None:
    """The day of the first of the sittings of some steps."""
    days = [day for leaf in leaves for s in view.held(leaf, as_of) if (day := s.held or s.done) is not None]
    return min(days, key=lambda w: w.earliest) if days else None


def changed_items(view: View, facet: FacetId, to: Selector, as_of: dt.date) -> list[Record]:
    """
    The records of a facet that came, or went, after the first sitting that a row points to; one said again as it was did neither.

    Those that were first named later still, on one day, change nothing that was.
    """
    begun = _first(view, view.words.leaves_of(to.word), as_of)
    every = [i for i in view.items.get(facet, ()) if i.on.earliest <= as_of]
    if begun is None or not every:
        return []
    named = min((i.on for i in every), key=lambda on: on.earliest)
    begun = named if begun.before(named) else begun
    came = [i.value for i in every if begun.before(i.on) and not any(o.off == i.on and o.value == i.value for o in every)]
    left = [i.value for i in every if i.off and i.off.earliest <= as_of and begun.before(i.off) and not any(o.on == i.off and o.value == i.value for o in every)]
    return [v for v in (*came, *left) if isinstance(v, Record)]


def cited_too_early(view: View, row: Requirement, own: Sequence[Item], as_of: dt.date) -> list[Record]:
    """
    Of answers that come one after the other, those whose sittings were all held before the answer before them.

    In the order of the number that `ordered` names, else of their days; the first comes after `since`.
    """
    of, number = row.selector("of"), str(row.param("ordered"))
    records = [(i.value, i.on) for i in own if isinstance(i.value, Record)]
    numbers = [value.get(number) for value, _ in records]
    whole = all(isinstance(n, int) for n in numbers)  # without a number each, they come in the order of their days
    ranked = [(n if whole and isinstance(n, int) else on.earliest.toordinal(), value, on) for n, (value, on) in zip(numbers, records, strict=True)]
    held = {str(s.address): day for leaf in view.words.leaves_of(row.selector("to").word) for s in view.held(leaf, as_of) if (day := s.held or s.done)}
    first = _first(view, view.words.leaves_of(str(row.param("since"))), as_of)
    out: list[Record] = []
    for rank, value, _ in ranked:
        earlier = [on for n, _, on in ranked if n < rank]
        before = max(earlier, key=lambda on: on.earliest) if earlier else first
        cited = [held[str(a)] for a in each_of(value.get(of.field)) if str(a) in held]
        if before is not None and cited and all(day.before(before) for day in cited):
            out.append(value)
    return out


def counted_by(words: Words, row: Requirement, where: Record) -> Callable[[View, Binding, dt.date], Sequence[Value]]:
    """What finds the values that a row counts: not of items that `but` describes; of different ones, who is named once each."""
    of, but = row.selector("of"), row.param("but")
    facet = words.facets.get(FacetId(of.word))
    find: Callable[[View, Binding, dt.date], Sequence[Value]] = finder(words, of, where)
    if facet is not None and isinstance(but, Record):
        named, left_out = facet, but

        def kept(view: View, binding: Binding, as_of: dt.date) -> Sequence[Value]:
            own = saying(said(view, named, binding, as_of, where), left_out, else_=True)
            return values_in(own, of.field) if of.field else [i.value for i in own]

        find = kept
    if not row.param("distinct"):
        return find
    pointed = _linked_kinds(words, of)
    return lambda view, binding, as_of: _one_name_each(view, pointed, find(view, binding, as_of))


def _linked_kinds(words: Words, of: Selector) -> tuple[KindId, ...]:
    """The kinds whose instances a text names, where a row has it point to them."""
    rows = [r for due in words.due_rows.values() for r in due if r.is_ is Is.LINKED and r.selector("of") == of]
    return tuple(dict.fromkeys(KindId(str(w)) for r in rows for w in (r.param("to"), r.param("also")) if w in words.kinds))


def _one_name_each(view: View, kinds: Sequence[KindId], found: Sequence[Value]) -> list[Value]:
    """Names as people compare them; of an instance of some kinds its label, whether it is called by that or by its id."""
    label_of = {as_said(name): as_said(i.label) for kind in kinds for i in view.of_kind(kind) for name in (i.id, i.label)}
    return [label_of.get(plain, plain) for plain in map(as_said, found)]


def names_of(view: View, kind: KindId) -> set[str]:
    """The ids and labels of the instances of a kind, as people compare them."""
    return {as_said(name) for i in view.of_kind(kind) for name in (i.id, i.label)}
