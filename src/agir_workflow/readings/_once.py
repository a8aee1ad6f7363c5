"""
What several rows ask of a dossier alike, looked up once for each view.

A view that notes what is read of it (`carried.Traced`) is asked anew each time: an answer that
was there already would not be noted.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, TypeVarTuple

from ..method import Words
from ..view import View

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
_NONE = object()


def once(view: View, make: Callable[[View, *Ts], T], *args: *Ts) -> T:
    """What *make* gives of a view and these arguments, which are all that it depends on."""
    made, key = view.looked, (make, args)
    found = made.get(key, _NONE)
    if found is _NONE:
        found = made[key] = make(view, *args)
    return found  # type: ignore[return-value]


def compiled(words: Words, key: Hashable, make: Callable[[], T]) -> T:
    """What *make* gives of what the method alone says, kept with its words for all dossiers; *key* begins with what it is of, and names all that it depends on."""
    found = words.compiled.get(key, _NONE)
    if found is _NONE:
        found = words.compiled[key] = make()
    return found  # type: ignore[return-value]
