"""
Dérogations: which of them count, and why the others do not.

A copil lifts one requirement at one subject, with a reason, until a day or for good. It counts only
where that copil was held, with its quorum, with every college that must be there, and where
it could know: one that is filed after the fault cites a copil no earlier than it. What stands outside
a copil's reach (`derogable = false`) is never lifted, nor is the order of the tree.
"""

from __future__ import annotations

import datetime as dt

from ..answers import Ask
from ..dossier import Derogation, Label, Sitting
from ..method import Method
from ..position import Standing
from ..requirements import Is, Requirement
from ..values import Record
from ..view import View
from ..words import Address, Text, Verb
from ._once import compiled
from ._result import Unmet
from .binding import ask_label, bind_label, bound, of_each_sitting
from .unmet import evaluate, void


def derogable(view: View, code: str) -> bool:
    """Whether a copil may lift every row of a code; False for a code that the method does not have."""
    return compiled(view.words, ("derogable", code), lambda: _derogable(view.method, code))


def _derogable(method: Method, code: str) -> bool:
    rows = [r for r in method.requirements if r.code == code]
    return bool(rows) and all(r.derogable for r in rows)


def subjects_of(view: View, code: str) -> frozenset[str]:
    """Where the rows of a code are judged, as far as the dossier tells now; those of the tree's order, and of each sitting, at any step that it may have."""
    rows = [r for r in view.method.requirements if r.code == code]
    every, some = any(r.is_ is Is.IN_PROCESS for r in rows), {x for r in rows for x in of_each_sitting(view.words, r)}
    steps = [view.words.leaves[x.leaf].at(x.inst) for x in (*view.labels(), *view.free_labels()) if every or x.leaf in some]
    return frozenset((*(b.subject for r in rows for b in bound(view, r)), *steps))


def granted(view: View, code: str, subject: str, at: dt.date, fault: dt.date | None = None) -> Derogation | None:
    """
    The dérogation that lifts a requirement at a subject on the day *at*; None where none counts.

    *fault* is the day of what it is to lift, once that has happened.
    """
    if not view.derogations or not derogable(view, code):
        return None
    own = (d for d in reversed(view.derogations) if (d.code, d.subject) == (code, subject))
    return next((d for d in own if in_force(d, at) and justified(d) and why_void(view, d, fault) is None), None)


def lifted_by_copil(view: View, row: Requirement, subject: str) -> tuple[Ask, ...]:
    """
    The way past a row that nothing else lifts: the last copil that could takes a dérogation; before there is one, the next meets.

    () where the row is out of a copil's reach, or none could meet any more.
    """
    if not derogable(view, row.code):
        return ()
    able = [(s.decided.latest, s.address) for leaf in view.words.decisions for s in view.held(leaf.id)
            if s.held is not None and s.decided is not None and not void(view, s) and _representative(view, s)]  # fmt: skip
    if able:
        return (Ask(Verb.DEROGATE, Address(subject), Record((("code", row.code), ("copil", max(able)[1])))),)
    bodies, ahead = {leaf.id for leaf in view.words.decisions}, (Standing.ENABLED, Standing.MISSING)
    found = view.words.find_leaf(subject)
    own = Label(found[0].id, found[1]) if found else None  # nobody meets to allow their own meeting, nor before it what comes after
    able_to = (x for x in view.labels() if x.leaf in bodies and view.position.standing(x) in ahead and (own is None or (x != own and not view.position.precedes(own, x))))
    return tuple(ask_label(view, x) for x in able_to)[:1]


def in_force(derogation: Derogation, at: dt.date) -> bool:
    return derogation.on.earliest <= at and (derogation.until is None or derogation.until >= at)


def justified(derogation: Derogation) -> bool:
    """Whether it says why, who filed it, and which copil took it."""
    return all(x.strip() for x in (derogation.reason, derogation.by, derogation.copil))


def why_void(view: View, derogation: Derogation, fault: dt.date | None = None) -> Text | None:
    """Why the copil that a dérogation cites could not grant it; None where it could."""
    sitting = _cited(view, derogation)
    if sitting is None or sitting.held is None or sitting.decided is None or sitting.decided.not_after(derogation.on) is False:
        return Text("cette séance n'avait pas eu lieu", "that sitting had not been held")
    if void(view, sitting):
        return Text("cette séance était sans quorum", "that sitting had no quorum")
    if not _representative(view, sitting):
        return Text("un collège y manquait", "a college was absent from it")
    if fault is not None and derogation.on.earliest > fault and sitting.held.latest < fault:
        return Text("cette séance est antérieure au fait", "that sitting came before the fault")
    return None


def _cited(view: View, derogation: Derogation) -> Sitting | None:
    found = view.words.find_leaf(derogation.copil)
    history = view.sittings.get(Label(found[0].id, found[1]), ()) if found else ()
    return next((s for s in history if s.address == derogation.copil), None)


def _representative(view: View, sitting: Sitting) -> bool:
    """Whether every row that wants colleges at such a sitting holds at it; the days are those of the sitting."""
    assert sitting.held is not None
    leaf, day = sitting.label.leaf, sitting.held.latest
    wanting = [r for r in view.method.requirements if r.is_ is Is.COVERS and r.each and (of := r.selector("of")).field == "attendance"
               and leaf in view.words.leaves_of(of.word)]  # fmt: skip
    return not any(isinstance(evaluate(view, r, bind_label(view, sitting.label, sitting), day), Unmet) for r in wanting)
