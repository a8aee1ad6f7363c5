"""
Whether a step may surely be taken: a short way to yes, for the commands that carry nothing to be read.

The rows due at a leaf are compiled once into tests that look at the view's tables and make no
sentence. A test says True only where the row has nothing to object; in every other case, and for
every row or command it does not know, the answer is left to the guard, which has all the reasons.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import cast

from .._tip import Board, Move, Test, Tip, said_of, unasked
from ..dossier import Label
from ..facts import Decide, Fact
from ..method import Facet, Words
from ..requirements import Duration, Form, Is, Requirement
from ..values import each_of
from ..view import COPIL, PAPER, View
from ..words import Address, DeliverableId, FacetId, InstanceId, LeafId, Sort
from ._papers import AT_LEAST
from ._said import says_nothing


def surely(tip: Tip, command: Fact) -> bool:
    """Whether a command is accepted without a remark; False where that takes a longer look."""
    board, stamp = tip.board, command.stamp
    if board is None or stamp is None:
        return False
    try:
        move = board.moves[command.address]
    except KeyError:
        move = board.move(command.address)
    on = stamp.on
    day, known = on.earliest, stamp.recorded_at
    last = day >= tip.floor
    if move is None or (on.latest is not day and on.latest != day) or (not last and (tip.said is not None or day < tip.view.since)) or (known is not None and known.date() < day):
        return False
    test, bits = move.test, tip.bits
    if test is unasked:
        test = move.test = _compiled(board, move)
    if test is None or bits & move.mask != move.need or (move.blocks and not move.ready(bits)):
        return False
    if command.verb is not move.opens:
        if not _decides(tip, move, command):
            return False
        bits |= move.bit
    else:
        if command.args is not move.bare or not (move.phase is None or bits & move.phase):
            return False
        if move.decides:
            if said_of(tip.said, move.bit) is not None or tip.view.sittings.get(move.label):
                return False
        else:
            bits |= move.bit
        if test is not _nothing_due and not test(tip, day):
            return False
    if last and not move.turns:
        tip.ahead = Tip(tip.method, tip.view, board, bits, day, (move.bit, day, command, tip.said))
    return True


def _decides(tip: Tip, move: Move, command: Fact) -> bool:
    """Whether a body that sits decides: on its first sitting, with a value that it knows, and no votes to be counted."""
    if command.verb is not move.completes or not move.decides or not isinstance(command.args, Decide) or command.args.value not in move.leaf.decisions:
        return False
    if command.args.votes.pairs or command.args.chair is not None:
        return False
    history, last = tip.view.sittings.get(move.label, ()), said_of(tip.said, move.bit)
    if last is not None:
        return not history and last[2].verb is move.opens and said_of(last[3], move.bit) is None
    return len(history) == 1 and history[0].done is None and tip.view.state(COPIL, history[0].address) == "held"


def _nothing_due(tip: Tip, day: dt.date) -> bool:
    return True


def _compiled(board: Board, move: Move) -> Test | None:
    """One test of the rows due at a leaf; None where one of them, or one due after it, takes the guard."""
    words, leaf = board.words, move.leaf
    if words.due_rows.get((Form.AFTER, str(leaf.id))) or len(leaf.scope) > 1:
        return None
    found: list[Test] = []
    for row in words.due_rows.get((Form.LEAF, str(leaf.id)), ()):
        plain = not row.when and not row.where and (row.each is None or leaf.scope == (row.each,))
        maker = _MAKERS.get(row.is_) if plain else None
        test = maker(board, row, move) if maker else None
        if test is None:
            return None
        found.append(test)
    if len(found) > 1:
        return lambda tip, day: all([test(tip, day) for test in found])
    return found[0] if found else _nothing_due


def _of_facet(words: Words, row: Requirement) -> Facet | None:
    """The facet that a row speaks of as a whole, at the instance of its `each` or of the dossier."""
    of = row.selector("of")
    facet = words.facets.get(FacetId(of.word))
    return facet if facet is not None and not of.field and facet.scope == row.each else None


def _present(board: Board, row: Requirement, move: Move) -> Test | None:
    facet = _of_facet(board.words, row)
    if facet is None or row.param("every"):
        return None
    return _number(facet, move, 1, None)


def _count(board: Board, row: Requirement, move: Move) -> Test | None:
    facet, low, high = _of_facet(board.words, row), row.param("min"), row.param("max")
    known = all(x is None or type(x) is int for x in (low, high))
    if facet is None or not known or row.param("ok") is not None or row.param("distinct") or row.param("but"):
        return None
    return _number(facet, move, cast("int", low or 0), cast("int | None", high))


def _number(facet: Facet, move: Move, low: int, high: int | None) -> Test:
    subject = move.label.inst if facet.scope else ()

    def test(tip: Tip, day: dt.date) -> bool:
        counted = tip.view.counted.get(facet.id)
        number = (_count_of(tip.view, facet) if counted is None else counted).get(subject, 0)
        return number >= low and (high is None or number <= high)

    return test


def _count_of(view: View, facet: Facet) -> dict[tuple[InstanceId, ...], int]:
    """How many values that say something hold at each subject, on any day after which nothing happened."""
    out: dict[tuple[InstanceId, ...], int] = {}
    for i in view.items.get(facet.id, ()):
        if i.off is None and not says_nothing(facet, i.value):
            out[i.subject] = out.get(i.subject, 0) + 1
    view.counted[facet.id] = out
    return out


def _gap(board: Board, row: Requirement, move: Move) -> Test | None:
    a, least, leaf = row.selector("a"), row.param("min"), move.leaf
    before = board.words.leaves.get(LeafId(a.word))
    if row.selector("b").word != leaf.id or before is None or a.field or row.param("count") is not None or not isinstance(least, str):
        return None
    if before.scope and before.scope != leaf.scope:
        return None
    days, own = dt.timedelta(days=Duration.parse(least).shortest), Label(before.id, move.label.inst if before.scope else ())
    bit, once = board.bit(own), before.sort is not Sort.DECISION

    def test(tip: Tip, day: dt.date) -> bool:
        history, last = tip.view.sittings.get(own, ()), said_of(tip.said, bit)
        if last is not None:
            return once and not history and day - last[1] >= days
        if len(history) != 1:
            return not history
        since = history[0].done or history[0].held
        return since is None or day - since.earliest >= days

    return test


def _deliverable(board: Board, row: Requirement, move: Move) -> Test | None:
    paper = board.words.deliverables.get(DeliverableId(row.selector("of").word))
    if paper is None or paper.per_sitting or paper.scope or row.each is not None or row.param("items"):
        return None
    address, enough = Address(paper.address), AT_LEAST[str(row.param("state"))]
    return lambda tip, day: tip.view.state(PAPER, address, day) in enough


def _decided(board: Board, row: Requirement, move: Move) -> Test | None:
    by = board.words.leaves.get(LeafId(str(row.param("by"))))
    if by is None or by.scope or by.id == move.leaf.id or row.each is not None:
        return None
    if any((form is Form.AFTER and name == by.id) or any(r.is_ is Is.QUORUM for r in rows) for (form, name), rows in board.words.due_rows.items()):
        return None
    own, wanted = Label(by.id), tuple(str(v) for v in each_of(row.param("values")))
    bit = board.bit(own)

    def test(tip: Tip, day: dt.date) -> bool:
        view = tip.view
        history, last = view.sittings.get(own, ()), said_of(tip.said, bit)
        if last is not None:
            # One sitting in all: held and decided since the view was made, or held before.
            decision, first = last[2].args, said_of(last[3], bit)
            alone = len(history) == 1 if first is None else not history and said_of(first[3], bit) is None
            return alone and isinstance(decision, Decide) and decision.value in wanted
        if len(history) != 1 or history[0].decision is None or history[0].decided is None:
            return False
        stands = history[0].decided.earliest <= day and history[0].decision.value in wanted
        return stands and view.state(COPIL, history[0].address) == "decided"

    return test


_MAKERS: dict[Is, Callable[[Board, Requirement, Move], Test | None]] = {
    Is.PRESENT: _present,
    Is.COUNT: _count,
    Is.GAP: _gap,
    Is.DELIVERABLE: _deliverable,
    Is.DECIDED: _decided,
}
