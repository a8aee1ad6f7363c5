"""
What several rows ask of a dossier alike, looked up once for each view.

A view that notes what is read of it (`carried.Traced`) is asked anew each time: an answer that
was there already would not be noted. Keys are tuples that begin with what they are of.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from ..method import Words
from ..view import View

T = TypeVar("T")
_NONE = object()


def once(view: View, key: Hashable, make: Callable[[], T]) -> T:
    """What *make* gives; *key* names all that it depends on beside the view."""
    made = view.looked
    found = made.get(key, _NONE)
    if found is _NONE:
        found = made[key] = make()
    return found  # type: ignore[return-value]


def compiled(words: Words, key: Hashable, make: Callable[[], T]) -> T:
    """The same for what the method alone says: kept with its words, for all dossiers."""
    found = words.compiled.get(key, _NONE)
    if found is _NONE:
        found = words.compiled[key] = make()
    return found  # type: ignore[return-value]
