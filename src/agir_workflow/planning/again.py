"""
The rounds that a decision asks for: a gate that did not open is held again, once its loop was sent round.

What sends it round is supposed to be done at once, so that the gate stands ahead again and the rest is dated after it; the plan then says by when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence

import attrs

from .. import _chart
from ..dossier import Dossier, Label
from ..facts import ARGS, DOSSIER, NOTHING_TO_ADD, Fact, Stamp
from ..method import Method
from ..position import Standing
from ..readings._phrases import named
from ..readings._plan_days import shut
from ..readings._plan_quorum import lacking
from ..readings._plan_subjects import address_of, members
from ..requirements import Is, Requirement
from ..view import RUN, View, view_of
from ..when import When
from ..words import COMPLETES, Sort, Text, Verb


@attrs.frozen
class Round:
    """
    The steps that are ahead again, why, and what sends their loop round; None where nothing has to.

    `first` is what the round that is over still owes beside the gate, before its loop is sent round.
    """

    again: tuple[Label, ...]
    key: str
    redo: Label | None = None
    first: tuple[Label, ...] = ()


def supposed(method: Method, dossier: Dossier, at: dt.date, wanted: Callable[[str], bool]) -> tuple[Dossier, tuple[Round, ...]]:
    """The dossier as if every round that a decision asks for had been begun on a day, and those rounds; rows whose key is not *wanted* ask for none."""
    rounds: list[Round] = []
    if view_of(method, dossier).state(RUN, DOSSIER, at) in _chart.final(RUN):
        return dossier, ()
    while (found := next(_called(view := view_of(method, dossier), wanted, {y for x in rounds for y in x.again}), None)) is not None:
        body, redo, key = found
        if redo is None:
            rounds.append(Round((body,), key))
            continue
        first = view.position.missing(redo)
        before = set(view.position.to_do()).difference(first)
        for x in (*first, redo):
            leaf = method.words.leaves[x.leaf]
            verb, stamp = COMPLETES[leaf.sort], Stamp(on=When(max(at, view.newest)), by=leaf.role or "")
            dossier = Dossier((*dossier.facts, Fact(verb, leaf.at(x.inst), NOTHING_TO_ADD[ARGS[verb]], stamp)))
        rounds.append(Round((body, *(x for x in view_of(method, dossier).position.to_do() if x not in before and x != body)), key, redo, first))
    return dossier, tuple(rounds)


def _called(view: View, wanted: Callable[[str], bool], begun: Collection[Label]) -> Iterator[tuple[Label, Label | None, str]]:
    """The gates that can be held again, but those of a round *begun*; what sends each round, and the key of the row that its decision does not meet."""
    for body, key in _unopened(view, wanted):
        redo = view.position.redo(body)
        if body not in begun and _may_be_sent_round(view, body, redo) and not (redo and view.words.leaves[redo.leaf].sort is Sort.DECISION):
            yield body, redo, key


def _may_be_sent_round(view: View, body: Label, redo: Label | None) -> bool:
    """Whether the gate may be held again now, or once what its round owes beside it is done; no meeting, which has a day of its own."""
    if view.position.standing(redo or body) is Standing.ENABLED:
        return True
    owed = _owed_beside(view, body, redo)
    return bool(owed) and not any(view.words.leaves[x.leaf].is_sitting for x in owed)


def _owed_beside(view: View, body: Label, redo: Label | None) -> tuple[Label, ...]:
    """What is to be done before the loop of a gate is sent round; () where that comes after the gate, and waits for its yes."""
    owed = view.position.missing(redo) if redo else ()
    return () if any(view.position.precedes(body, x) for x in owed) else owed


def said_shut(view: View, wanted: Callable[[str], bool]) -> list[Text]:
    """That a gate did not open and can be held no more, or not yet: what waits for it is dated all the same, and will be refused unless a copil lets it pass."""
    out = []
    for body, key in _unopened(view, wanted):
        gate, said = view.title(address_of(view, body)), _said(view, body, wanted)
        if all(view.position.standing(x) in (Standing.DONE, Standing.PASSED) for x in (body, *view.position.redos(body))):
            out.append(Text(f"{key} : « {gate.fr} » a dit « {said.fr} » et ne se tient plus de nouveau ; sans dérogation, la suite sera refusée",
                            f"{key}: '{gate.en}' said '{said.en}' and cannot be held again; without a dérogation what follows will be refused"))  # fmt: skip
        elif owed := _owed_beside(view, body, view.position.redo(body)):
            first = view.title(address_of(view, owed[0]))
            out.append(Text(f"{key} : « {gate.fr} » a dit « {said.fr} » et se tient de nouveau après « {first.fr} » ; jusque-là, la suite sera refusée",
                            f"{key}: '{gate.en}' said '{said.en}' and is held again after '{first.en}'; until then what follows will be refused"))  # fmt: skip
    return out


def _decisions(view: View, body: Label, wanted: Callable[[str], bool]) -> list[str | None]:
    """What a gate has decided, in order; None for a decision that is void for want of a quorum."""
    history = view.sittings.get(body, ())
    told = [(s, s.decision.value) for s in history if s.decision is not None and s.done is not None]
    return [None if lacking(view, history, s, wanted) else value for s, value in told]


def _said(view: View, body: Label, wanted: Callable[[str], bool]) -> Text:
    last = _decisions(view, body, wanted)[-1]
    return Text("sans quorum", "no quorum") if last is None else named(view, last)


def _unopened(view: View, wanted: Callable[[str], bool]) -> Iterator[tuple[Label, str]]:
    """The gates of which the last decision that is not void does not meet a row that something ahead waits for, with the key of the row."""
    ahead = view.position.to_do()
    for row in view.method.requirements:
        if row.is_ is not Is.DECIDED:
            continue
        for body in (x for leaf in view.words.leaves_of(str(row.param("by"))) for x in view.labels(leaf)):
            told = _decisions(view, body, wanted)
            stands = next((value for value in reversed(told) if value is not None), "")
            if told and stands not in map(str, members(row.param("values"))) and (subject := _waiting(view, row, body, ahead)) is not None and wanted(key := f"{row.code} @ {subject}"):
                yield body, key


def _waiting(view: View, row: Requirement, body: Label, ahead: Sequence[Label]) -> str | None:
    """The subject of a row whose decision something ahead still waits for, the closing at last; None where nothing does."""
    before = str(row.param("before"))
    if before == f"{RUN}.{Verb.CLOSE}":
        return str(DOSSIER)
    waits = next((x for x in ahead if x.leaf in view.words.leaves_of(before) and _of_one_lane(view, body, x)), None)
    return None if waits is None else _subject(view, row, waits)


def _of_one_lane(view: View, a: Label, b: Label) -> bool:
    leaves = view.words.leaves
    own = dict(zip(leaves[a.leaf].scope, a.inst, strict=True))
    return all(own.get(kind, id) == id for kind, id in zip(leaves[b.leaf].scope, b.inst, strict=True))


def _subject(view: View, row: Requirement, waits: Label) -> str:
    leaf = view.words.leaves[waits.leaf]
    mine = next((f"{kind}/{id}" for kind, id in zip(leaf.scope, waits.inst, strict=True) if kind == row.each), None)
    return mine or str(leaf.at(waits.inst))


def day_before(view: View, days: Sequence[dt.date], start: dt.date) -> dt.date:
    """The last open day before the first of some days; *start* where there is none since."""
    day = min(days, default=start + dt.timedelta(days=1)) - dt.timedelta(days=1)
    closed = shut(view, start, day, {"weekend", "holiday"})
    while day in closed:
        day -= dt.timedelta(days=1)
    return max(day, start)
