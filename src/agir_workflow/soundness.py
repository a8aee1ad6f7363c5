"""Static proof of a method: whether its words fit each other."""

from __future__ import annotations

from .errors import Fault
from .method import Method


def problems(method: Method) -> tuple[Fault, ...]:
    """Every fault of a method as a value; () when sound."""
    return ()
