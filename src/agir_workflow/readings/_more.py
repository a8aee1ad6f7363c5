"""What leads out of a number that is too low or too high."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ..answers import Ask, Lift
from ..position import Standing
from ..requirements import Requirement
from ..values import EMPTY
from ..view import View
from ..words import Address, KindId, LeafId, Verb
from ._ways import fewer, named_first, named_kind
from .binding import Binding, ask_label, labels_of
from .selected import instances, items


def another(view: View, row: Requirement, binding: Binding, as_of: dt.date, number: int, *, short: bool, fill: Ask) -> tuple[Lift, ...]:
    """
    One more of the answers that a row counts, by *fill*, or one less. Of a share of them, more; it is of another.

    Different ones that answers name cannot be more than there are: then one more is declared first.
    """
    kind = named_kind(view, row.selector("of")) if short and row.param("distinct") else None
    if kind is not None and len(view.of_kind(kind, as_of)) <= number:
        return (named_first(view, kind),)
    where = EMPTY if row.each in view.words.lists else row.where
    found = [] if short or row.param("unit") == "percent" else items(view, row.selector("of").word, binding, as_of, where)
    return fewer(found) if found else (fill,)


def another_of_kind(view: View, row: Requirement, binding: Binding, as_of: dt.date, *, short: bool) -> tuple[Lift, ...]:
    """One more instance of a kind, or one less: the last declared."""
    kind = KindId(row.selector("of").word)
    there = instances(view, kind, binding, as_of)
    if short or not there:
        return (named_first_at(view, kind, binding),)
    return (Ask(Verb.END, Address(f"{kind}/{there[-1].id}")),)


def another_sitting(view: View, leaves: Iterable[LeafId], binding: Binding) -> tuple[Lift, ...]:
    """One more sitting of some steps, of those that can still be held."""
    own = (x for leaf in leaves for x in labels_of(view, leaf, binding))
    return tuple(ask_label(view, x) for x in own if view.position.standing(x) in _AHEAD)


_AHEAD = (Standing.ENABLED, Standing.MISSING, Standing.LATE)


def named_first_at(view: View, kind: KindId, binding: Binding) -> Ask:
    """An instance of a kind is to be declared, in that of a binding which holds such."""
    outer = view.words.kinds[kind].inside
    return named_first(view, kind, binding.of(outer) if outer is not None else None)
