"""
The proof of a method: nothing in it closes the way, and each requirement can be met and broken.

It goes block by block, each lane once as a symbol: it costs the same for four themes as for one. A
search over markings is a test's oracle, at small size.
"""

from __future__ import annotations

import attrs

from ..method import Method
from ..words import Severity
from . import dates, flow, rows
from .flaw import Flaw, Shows, Witness
from .order import Order

__all__ = ["Flaw", "Shows", "Witness", "verify"]


def verify(method: Method) -> tuple[Flaw, ...]:
    """
    Every flaw of a method whose words fit each other, each cause once, in the order of the file; () when sound.

    ERROR: no run does all that is asked, or a row can never be met or broken; reading it refuses it.
    WARNING: a run may get stuck where another gets through. INFO: something that nothing reads.
    Distances are looked at once the order is sound.
    """
    order = Order(method.tree)
    found = [*flow.Flow(method, order).flaws(), *rows.flaws(method, order)]
    if not any(f.severity is Severity.ERROR for f in found):
        found += dates.flaws(method, order)
    lines = dict(method.lines)
    placed = [attrs.evolve(f, line=method.line_of(f.path, lines)) for f in found]
    return tuple(sorted(placed, key=lambda f: (f.severity.rank, f.line or 0, f.path, f.code)))
