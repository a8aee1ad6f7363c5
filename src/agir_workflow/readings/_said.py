"""What the items of a facet say, whomever they are about: in their fields, or nothing at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from .._fold import by_subject
from ..dossier import Item
from ..method import Facet
from ..values import BLANKS, Record, Value, is_blank
from ..view import View
from ..words import FacetId, InstanceId


def item_says(item: Item, where: Record) -> bool:
    """Whether a field says what is wanted of it: of several values, one does."""
    value = item.value
    if not isinstance(value, Record):
        return not where
    names, values = value.names, value.values
    for name, wanted in zip(where.names, where.values, strict=True):
        said = values[names.index(name)] if name in names else None
        among = wanted if isinstance(wanted, tuple) else (wanted,)
        if said is None or (not any([one in among for one in said]) if isinstance(said, tuple) else said not in among):
            return False
    return True


def saying(items: Sequence[Item], where: Record, *, else_: bool = False) -> list[Item]:
    """Those of some items that say what is wanted of each; with `else_` the others."""
    if len(where.names) != 1:
        return [i for i in items if item_says(i, where) is not else_]
    wanted = where.values[0]
    among = wanted if isinstance(wanted, tuple) else (wanted,)
    return [item for item, said in zip(items, column(items, where.names[0]), strict=True)
            if (said is not None and (said in among or (isinstance(said, tuple) and any([one in among for one in said])))) is not else_]  # fmt: skip


def column(items: Sequence[Item], field: str) -> list[Value | None]:
    """What each of some items says in a field, in their order; None where it says nothing of it."""
    try:
        return _column(items, field)
    except AttributeError:  # not of records alone
        return [i.value.get(field) if isinstance(i.value, Record) else None for i in items]


def _column(items: Sequence[Item], field: str) -> list[Value | None]:
    """The same of records alone; AttributeError where one is none."""
    records: list[Record] = [i.value for i in items]  # type: ignore[misc]
    names = records[0].names if records else ()
    if not [1 for r in records if r.names is not names]:  # nearly always
        if field not in names:
            return [None] * len(records)
        place = names.index(field)
        return [r.values[place] for r in records]
    return [r.get(field) for r in records]


def values_in(items: Sequence[Item], field: str) -> list[Value]:
    """The plain values that some items say in a field; blanks are left out."""
    found, out = column(items, field), list[Value]()
    if {*map(type, found)} == {str}:
        return [v for v in found if v.strip(BLANKS)]  # type: ignore[union-attr, misc]
    for value in found:
        if isinstance(value, str):
            if value.strip(BLANKS):
                out.append(value)
        elif isinstance(value, tuple):
            out += [v for v in value if not is_blank(v)]
        elif value is not None and not is_blank(value):
            out.append(value)
    return out


def telling(facet: Facet, items: Sequence[Item]) -> list[Item]:
    """Those of some items that say something."""
    if not facet.must_say:
        return [i for i in items if (v.strip(BLANKS) if isinstance(v := i.value, str) else not is_blank(v))]
    told = list(items)
    try:
        for name in facet.must_say:
            told = [i for i, said in zip(told, _column(told, name), strict=True) if (said.strip(BLANKS) if isinstance(said, str) else not is_blank(said))]
    except AttributeError:  # not of records alone
        return [i for i in items if not says_nothing(facet, i.value)]
    return told


def silent(items: Sequence[Item], field: str) -> list[Item]:
    """Those of some items that are records and say nothing in a field."""
    said = zip(items, column(items, field), strict=True)
    return [i for i, v in said if (not v.strip(BLANKS) if isinstance(v, str) else is_blank(v) and isinstance(i.value, Record))]


def items_by(view: View, facet: FacetId, as_of: dt.date | None) -> dict[InstanceId | None, list[Item]]:
    """The items of a facet, by the subject that each is about; under None all of them."""
    return by_subject(view.words.facets[facet], view.at(facet, as_of))


def said_by(view: View, facet: FacetId, as_of: dt.date | None) -> dict[InstanceId | None, list[Item]]:
    """The same of those that say something."""
    own = view.words.facets[facet]
    return by_subject(own, telling(own, view.at(facet, as_of)))


def says_nothing(facet: Facet, value: Value) -> bool:
    """Whether a value is blank, or a text that its record must hold is."""
    if isinstance(value, Record) and facet.must_say:
        return any([is_blank(value.get(name)) for name in facet.must_say])
    return is_blank(value)
