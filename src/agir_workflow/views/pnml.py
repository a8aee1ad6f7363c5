"""
A workflow net as PNML (ISO/IEC 15909-2), place/transition nets.

Silent transitions and the final marking, of which the standard has no element, are told in
`toolspecific` and `finalmarkings`, as ProM writes them and as other tools read them.
"""

from __future__ import annotations

from ..dossier import Label
from ..net import Net
from ._markup import Markup, el

GRAMMAR = "http://www.pnml.org/version-2009/grammar/pnml"
PTNET = "http://www.pnml.org/version-2009/grammar/ptnet"


def activity(label: Label) -> str:
    """
    The name of a step in files of others: `gt1[insertion]`, or the leaf's id where it has no instance.

    >>> activity(Label("gt1", ("insertion",)))
    'gt1[insertion]'
    """
    return f"{label.leaf}[{','.join(label.inst)}]" if label.inst else str(label.leaf)


def to_pnml(net: Net, name: str) -> bytes:
    """The net in UTF-8; one token lies in its source, and it is over when one lies in its sink alone."""
    places = [
        el("place", el("name", el("text", p)), el("initialMarking", el("text", "1")) if p == net.source else None, id=p)
        for p in net.places
    ]
    moves = []
    for t in net.transitions:
        silent = None if t.label else el("toolspecific", tool="ProM", version="6.4", activity="$invisible$")
        moves.append(el("transition", el("name", el("text", activity(t.label) if t.label else t.id)), silent, id=t.id))
    arcs = [el("arc", id=f"a{n}", source=a, target=b) for n, (a, b) in enumerate(net.arcs, 1)]
    final = el("finalmarkings", el("marking", el("place", el("text", "1"), idref=net.sink)))
    page = el("page", [x for group in (places, moves, arcs) for x in (Markup("\n"), *(y for z in group for y in (z, Markup("\n"))))], id="page1")
    whole = el("pnml", el("net", el("name", el("text", name)), page, final, id="net1", type=PTNET), xmlns=GRAMMAR)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{whole}\n'.encode()
