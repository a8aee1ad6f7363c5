"""
Several facts of one thing on one day, and nothing that says which was told last.

A day has no hours: of the orders in which they may have been told the verdict takes the best one, and
a note says of which things it took it, and what would be found otherwise.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence

import attrs

from .answers import VERDICTS, Report
from .arrival import Ways, on_its_way, rivals
from .dossier import Dossier
from .facts import Correct, Fact
from .readings._phrases import day_of, fill_in, joined
from .view import View
from .words import Severity, State, Text

MOST = 32
"""Combinations that are all judged; where there are more, one thing after the other is settled."""


def best(judged: Callable[[Dossier], Report], dossier: Dossier, view: View) -> Report:
    """
    The best verdict that *judged* gives of the orders in which a dossier may have been told; of two that are as good, that of the first.

    *dossier* is one that was `arranged`, *view* one of it. Where more than `MOST` combinations could be, each thing is settled
    with the others as they are.
    """
    things = rivals(dossier, {str(f.id) for f in view.method.facets if f.many})
    if not things:
        return judged(dossier)
    known: dict[tuple[int, ...], Report] = {}

    def of(chosen: tuple[int, ...]) -> Report:
        if chosen not in known:
            known[chosen] = judged(on_its_way(dossier, [ways[n] for ways, n in zip(things, chosen, strict=True)]))
        return known[chosen]

    choice = tuple(0 for _ in things)
    if len(list(itertools.islice(itertools.product(*things), MOST + 1))) <= MOST:
        choice = min(itertools.product(*(range(len(ways)) for ways in things)), key=lambda c: (_badness(of(c)), c))
    else:
        for thing, ways in enumerate(things):
            choice = min(_beside(choice, thing, ways), key=lambda c: (_badness(of(c)), c))
    found = of(choice)
    told = [_note(view, dossier.facts, ways[0][0][1], found, worst) for thing, ways in enumerate(things)
            for worst in [max((of(c) for c in _beside(choice, thing, ways)), key=_badness)] if _apart(found, worst)]  # fmt: skip
    return attrs.evolve(found, notes=(*found.notes, *told))


def _beside(choice: tuple[int, ...], thing: int, ways: Ways) -> list[tuple[int, ...]]:
    return [(*choice[:thing], n, *choice[thing + 1 :]) for n in range(len(ways))]


def _badness(report: Report) -> tuple[int, ...]:
    broken = Counter(f.severity for f in report.findings if f.state is State.VIOLATED)
    return VERDICTS.index(report.verdict), *(broken[s] for s in sorted(Severity, key=lambda s: s.rank)), len(report.findings)


def _apart(one: Report, other: Report) -> set[str]:
    """The codes of what is found in one of two verdicts alone, or in another way."""
    return {f.code for f in {*one.findings} ^ {*other.findings}}


def _note(view: View, facts: Sequence[Fact], n: int, found: Report, worst: Report) -> Text:
    fact = facts[n]
    about = facts[fact.args.of - 1] if isinstance(fact.args, Correct) and fact.args.of <= len(facts) else fact
    codes = sorted(_apart(worst, found))
    return fill_in(
        Text("{subject}, le {day} : dit de plusieurs façons, sans ordre connu ; la plus favorable compte (en jeu : {missing}).",
             "{subject}, on {day}: told in several ways, in no known order; the most favourable counts (at stake: {missing})."),
        {"day": day_of(fact.on.earliest), "subject": view.title(about.address), "missing": joined([Text(c, c) for c in codes], 3)},
    )  # fmt: skip
