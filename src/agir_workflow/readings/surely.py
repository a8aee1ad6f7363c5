"""
Whether a step may surely be taken: a short way to yes, for the commands that carry nothing to be read.

The rows due at a leaf are compiled once into tests that look at the view's tables and make no
sentence. A test says True only where the row has nothing to object; in every other case, and for
every row or command it does not know, the answer is left to the guard, which has all the reasons.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeAlias, cast

from ..dossier import Label
from ..facts import ARGS, DOSSIER, NOTHING_TO_ADD, Decide, Fact
from ..method import Facet, Leaf, Words
from ..requirements import Duration, Form, Is, Requirement
from ..values import each_of
from ..view import COPIL, PAPER, RUN, View
from ..words import OPENS, Address, DeliverableId, FacetId, LeafId, Sort, Verb
from .binding import says_nothing
from .unmet import AT_LEAST

Test: TypeAlias = Callable[[View, Label, dt.date], bool]


def surely(view: View, command: Fact) -> bool:
    """Whether a command is accepted without a remark; False where that takes a longer look."""
    stamp = command.stamp
    if stamp is None or stamp.recorded_at is not None:
        return False
    day = stamp.on.earliest
    if stamp.on.latest != day or view.newest > day or view.last > day or day < view.start:
        return False
    words = view.words
    place = words.find_label(command.address)
    if place is None or place[2]:
        return False
    leaf, label, _ = place
    tests = cast("tuple[Test, ...] | None", words.tests[leaf.id]) if leaf.id in words.tests else _compiled(words, leaf)
    if tests is None or view.states.get((RUN, DOSSIER)):
        return False
    if command.verb is not OPENS[leaf.sort]:
        return _decides(view, leaf, label, command)
    if command.args is not _BARE.get(command.verb) or (leaf.sort is Sort.ACTIVITY and words.find_paper(command.address)):
        return False
    if leaf.sort is Sort.DECISION and view.sittings.get(label):
        return False
    phase = words.phase_of.get(leaf.id)
    if not view.position.is_next(label) or (phase is not None and not view.position.phase_begun(phase.name)):
        return False
    return all([test(view, label, day) for test in tests])


_BARE = {verb: NOTHING_TO_ADD.get(ARGS[verb]) for verb in (Verb.HOLD, Verb.DELIVER)}


def _decides(view: View, leaf: Leaf, label: Label, command: Fact) -> bool:
    """Whether a body that sits decides: on its first sitting, with a value that it knows."""
    if command.verb is not Verb.DECIDE or leaf.sort is not Sort.DECISION or not isinstance(command.args, Decide):
        return False
    history = view.sittings.get(label, ())
    return (len(history) == 1 and history[0].done is None and command.args.value in leaf.decisions and view.position.is_next(label)
            and view.state(COPIL, history[0].address) == "held")  # fmt: skip


def _compiled(words: Words, leaf: Leaf) -> tuple[Test, ...] | None:
    """The tests of the rows due at a leaf; None where one of them, or one due after it, takes the guard."""
    found: list[Test] | None = []
    if words.due_rows.get((Form.AFTER, str(leaf.id))) or leaf.id in words.free or len(leaf.scope) > 1:
        found = None
    for row in words.due_rows.get((Form.LEAF, str(leaf.id)), ()):
        plain = not row.when and not row.where and (row.each is None or leaf.scope == (row.each,))
        maker = _MAKERS.get(row.is_) if plain and found is not None else None
        test = maker(words, row, leaf) if maker else None
        if test is None or found is None:
            found = None
            break
        found.append(test)
    out = words.tests[leaf.id] = None if found is None else tuple(found)
    return out


def _of_facet(words: Words, row: Requirement) -> Facet | None:
    """The facet that a row speaks of as a whole, at the instance of its `each` or of the dossier."""
    of = row.selector("of")
    facet = words.facets.get(FacetId(of.word))
    return facet if facet is not None and not of.field and facet.scope == row.each else None


def _present(words: Words, row: Requirement, leaf: Leaf) -> Test | None:
    facet = _of_facet(words, row)
    if facet is None or row.param("every"):
        return None
    return _number(facet.id, 1, None)


def _count(words: Words, row: Requirement, leaf: Leaf) -> Test | None:
    facet, low, high = _of_facet(words, row), row.param("min"), row.param("max")
    known = all(x is None or type(x) is int for x in (low, high))
    if facet is None or not known or row.param("ok") is not None or row.param("distinct"):
        return None
    return _number(facet.id, cast("int", low or 0), cast("int | None", high))


def _number(facet: FacetId, low: int, high: int | None) -> Test:
    def test(view: View, label: Label, day: dt.date) -> bool:
        subject, number = label.inst if view.words.facets[facet].scope else (), 0
        for i in view.items.get(facet, ()):
            if i.subject == subject and (i.off is None or i.off.earliest > day) and i.on.earliest <= day and not says_nothing(view, facet, i.value):
                number += 1
        return number >= low and (high is None or number <= high)

    return test


def _gap(words: Words, row: Requirement, leaf: Leaf) -> Test | None:
    a, least = row.selector("a"), row.param("min")
    before = words.leaves.get(LeafId(a.word))
    if row.selector("b").word != leaf.id or before is None or a.field or row.param("count") is not None or not isinstance(least, str):
        return None
    if before.scope and before.scope != leaf.scope:
        return None
    days, whole = Duration.parse(least).days, not before.scope

    def test(view: View, label: Label, day: dt.date) -> bool:
        history = view.sittings.get(Label(before.id, () if whole else label.inst), ())
        if len(history) != 1:
            return not history
        since = history[0].done or history[0].held
        return since is None or (day - since.earliest).days >= days

    return test


def _deliverable(words: Words, row: Requirement, leaf: Leaf) -> Test | None:
    paper = words.deliverables.get(DeliverableId(row.selector("of").word))
    if paper is None or paper.per_sitting or paper.scope or row.each is not None:
        return None
    address, enough = Address(paper.address), AT_LEAST[str(row.param("state"))]
    return lambda view, label, day: view.state(PAPER, address, day) in enough


def _decided(words: Words, row: Requirement, leaf: Leaf) -> Test | None:
    by = words.leaves.get(LeafId(str(row.param("by"))))
    if by is None or by.scope or by.id == leaf.id or row.each is not None or any(form is Form.AFTER and name == by.id for form, name in words.due_rows):
        return None
    own, wanted = Label(by.id), tuple(str(v) for v in each_of(row.param("values")))

    def test(view: View, label: Label, day: dt.date) -> bool:
        history = view.sittings.get(own, ())
        if len(history) != 1 or history[0].decision is None or history[0].decided is None:
            return False
        stands = history[0].decided.earliest <= day and history[0].decision.value in wanted
        return stands and view.state(COPIL, history[0].address) == "decided" and not any(r.is_ is Is.QUORUM for r in view.method.requirements)

    return test


_MAKERS: dict[Is, Callable[[Words, Requirement, Leaf], Test | None]] = {
    Is.PRESENT: _present,
    Is.COUNT: _count,
    Is.GAP: _gap,
    Is.DELIVERABLE: _deliverable,
    Is.DECIDED: _decided,
}
