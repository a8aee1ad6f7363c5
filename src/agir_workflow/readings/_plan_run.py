"""
The run of the tree that a plan does: what is left of it, with each branch whole that a row needs; and where in it a row is due.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping

import attrs

from ..dossier import Label
from ..position import Position
from ..requirements import Form, Is, Requirement
from ..view import View
from ._plan_lacks import Quiet, condition, lack
from ._plan_subjects import Matter, address_of, matters, touches

_STANDING = (Is.PRESENT, Is.AGREED)
"""The kinds that want a step done by their due, whatever comes after it."""


def key(row: Requirement, subject: str) -> str:
    return f"{row.code} @ {subject}"


@attrs.frozen
class Run:
    """
    The labels of the tree that a plan does, in its order, each option and branch whole that a row needs.

    `lost` are those that some row needs and that another row's branch excludes, with the keys of both.
    """

    labels: tuple[Label, ...]
    lost: tuple[tuple[Label, str, Label, str], ...] = ()


_RUNS = 64
"""So many ways to meet the rows that several steps would do for are tried, the first ones first."""


def run_of(view: View, at: dt.date, asked: Callable[[str], bool], given: Mapping[Label, str]) -> Run:
    """
    What is left of the tree, and the branches that rows (those whose key is *asked* for) need of it; row by row. A day *given* to a step (label → key) takes its branch.

    Of several steps that would do for a row the first that no other row excludes.
    """
    todo: deque[frozenset[tuple[str, Label]]] = deque([frozenset()])
    seen, best = {*todo}, Run(())
    for n in range(_RUNS):
        if not todo:
            break
        banned = todo.popleft()
        run, taken = _run(view, at, asked, banned, given)
        if not n or not run.lost:
            best = run
        if not run.lost:
            break
        # Either of two that exclude each other might have been met in another way.
        excluded = {x for lost in run.lost for x in (lost[:2][::-1], lost[2:][::-1])}
        more = [banned | {pair} for pair in taken if pair in excluded]
        todo += [x for x in more if x not in seen]
        seen.update(more)
    return best


def other_runs(view: View, at: dt.date, asked: Callable[[str], bool], given: Mapping[Label, str], first: Run) -> Iterator[Run | None]:
    """
    The other ways to the end: another branch of a choice, another of several steps that would do.

    Each differs from the *first* and from those before it, the nearest first; none in which two rows exclude each other.
    They may be very many, so each try counts: None where it gave no other.
    """
    start: tuple[frozenset[tuple[str, Label]], tuple[Label, ...]] = (frozenset(), ())
    todo, seen, told = deque([start]), {start}, {first.labels}
    while todo:
        banned, forced = todo.popleft()
        run, taken = _run(view, at, asked, banned, given, forced)
        more = [(banned | {pair}, forced) for pair in taken] + [(banned, (*forced, x)) for x in _turns(view, forced)]
        todo += [x for x in more if x not in seen]
        seen.update(more)
        new = not run.lost and run.labels not in told
        told.add(run.labels)
        yield run if new else None


def _turns(view: View, forced: tuple[Label, ...]) -> list[Label]:
    """A step of each branch that stands beside one that would be taken, in the order of the tree."""
    own, found = set(view.position.to_do(forced)), dict[frozenset[Label], Label]()
    for x in view.position.optional():
        with_it = frozenset(view.position.to_do((*forced, x)))
        if x in with_it and own - with_it:
            found.setdefault(with_it, x)
    return list(found.values())


def _run(view: View, at: dt.date, asked: Callable[[str], bool], banned: frozenset[tuple[str, Label]], given: Mapping[Label, str],
         forced: tuple[Label, ...] = ()) -> tuple[Run, list[tuple[str, Label]]]:  # fmt: skip
    """A run with what is *forced* and what has a day *given*, in which no row has what is *banned* for it, and what rows took of which another step would do."""
    position = view.position
    wish: dict[Label, str] = dict.fromkeys(forced, "")
    lost: list[tuple[Label, str, Label, str]] = []
    chosen: list[tuple[str, Label]] = []
    for label, why in given.items():
        _wish_for(position, label, why, wish, lost)
    labels = position.to_do(list(wish))
    ways = {x.leaf for x in (*labels, *position.to_do(), *position.optional())}  # what is owed without a wish too: what is forced may leave it out
    rows = [r for r in view.method.requirements if ways.intersection(view.words.leaves_of(_needs(r)))]
    while new := next((found for r in rows if (found := _lacking(view, r, labels, at, asked, {*wish, *(x for x, *_ in lost)}, banned))), None):
        why, needed_now, several = new
        for label in needed_now:
            chosen += [(why, label)] if several else []
            if _wish_for(position, label, why, wish, lost):
                lost = [x for x in lost if not (several and x[1] == why and x[0].inst == label.inst)]
        labels = position.to_do(list(wish))
    return Run(labels, tuple(x for x in lost if x[0] != x[2])), chosen


def _wish_for(position: Position, label: Label, why: str, wish: dict[Label, str], lost: list[tuple[Label, str, Label, str]]) -> bool:
    """Whether a step has a place beside what is wished for already, and is a *wish* then; else it is *lost* to what excludes it."""
    if {*wish, label} <= set(position.to_do([*wish, label])):
        wish[label] = why
        return True
    other = next((x for x in wish if not {x, label} <= set(position.to_do([x, label]))), None)
    lost.append((label, why, other, wish[other]) if other else (label, why, label, why))
    return False


def _lacking(view: View, row: Requirement, labels: tuple[Label, ...], at: dt.date, asked: Callable[[str], bool], tried: Collection[Label],
             banned: frozenset[tuple[str, Label]]) -> tuple[str, list[Label], bool] | None:  # fmt: skip
    """The key of a row due in a run of these labels, the steps that it needs and the run lacks, and whether others would do; None where it has all."""
    leaves = view.words.leaves_of(_needs(row))
    for matter in matters(view, row, at):
        why = key(row, matter.subject)
        if not asked(why) or not _is_due(view, row, matter, labels) or not _applies(view, row, matter, labels, at):
            continue
        own = [x for x in view.position.labels() if x.leaf in leaves and touches(view, matter, x)]
        if row.is_ in _STANDING and (isinstance(lack(view, row, matter, at), Quiet) or any(x in labels for x in own)):
            continue
        there = [x for x in own if x in labels or any(s.done for s in view.sittings.get(x, ()))]
        new = [x for x in own if x not in there and x not in tried]
        if len(leaves) > 1:  # any one of them, in each lane: the last of them is taken, banned or not
            new = [x for x in new if not any(y.inst in ((), x.inst) for y in there)]
            new = ([x for x in new if (why, x) not in banned] or new[-1:])[:1]
        if new:
            return why, new, len(leaves) > 1
    return None


def _applies(view: View, row: Requirement, matter: Matter, labels: tuple[Label, ...], at: dt.date) -> bool:
    """Whether the `when` of a row that needs steps holds about a matter, or a run of these labels brings it about; what is known only afterwards is taken to."""
    if row.is_ in _STANDING or not row.when:  # of those that are to stand, what they lack is read with their `when`
        return True
    found = condition(view, row, matter, at)
    if found is None or isinstance(found, Quiet):
        return found is not Quiet.SILENT
    other = next(r for r in view.method.requirements if r.code == row.when)
    due = other.due.form is Form.CHART or bool(entries(view, labels, other, matter))
    return bool(found) and (due or {ask.address for ask in found} <= {address_of(view, x) for x in labels})


def _is_due(view: View, row: Requirement, matter: Matter, labels: tuple[Label, ...]) -> bool:
    """Whether a run of these labels comes to where a row needs its steps."""
    if row.is_ in _STANDING:
        return row.due.form in (Form.CHART, Form.ALWAYS) or bool(entries(view, labels, row, matter))
    later = view.words.leaves_of(str(row.param("b") or row.param("before")))
    return any(x.leaf in later and (x == matter.step if matter.step else touches(view, matter, x)) for x in labels)


def _needs(row: Requirement) -> str:
    """The word of the steps that a row cannot do without: '' where it needs none in particular."""
    if row.is_ in _STANDING and not row.selector("of").field:
        return row.selector("of").word
    if row.is_ is Is.PRECEDES and not row.where:
        return row.selector("a").word
    # A row that reads only what came late asks for nothing: what is never held is not late.
    return str(row.param("by")) if row.is_ is Is.DECIDED and not row.param("late") else ""


def entries(view: View, labels: tuple[Label, ...], row: Requirement, matter: Matter) -> list[Label]:
    """The planned labels before which a row is due, or on whose day where it is due after them: its leaf, or the first steps of its phase and later."""
    if row.due.form in (Form.LEAF, Form.AFTER):
        leaves = view.words.leaves_of(row.due.name)
        return [x for x in labels if x.leaf in leaves and (x == matter.step if matter.step and matter.step.leaf in leaves else touches(view, matter, x))]
    if row.due.form is not Form.PHASE:
        return []
    phases = [p.name for p in view.method.tree.phases]
    if any(view.position.phase_begun(p) for p in phases[phases.index(row.due.name) :]):
        return []
    inside = [x for x in labels if (p := view.words.phase_of.get(x.leaf)) is not None and p.name == row.due.name]
    return [x for x in inside if not any(view.position.precedes(y, x) for y in inside)]


def fell_due(view: View, row: Requirement, matter: Matter) -> dt.date | None:
    """The day on which a row fell due at a matter: that of its step, or of the first of its phase; None while there is none."""
    if row.due.form is Form.PHASE:
        phases = [p.name for p in view.method.tree.phases]
        late = phases[phases.index(row.due.name) :]
        taken = [x for x in view.sittings if (p := view.words.phase_of.get(x.leaf)) is not None and p.name in late]
    elif row.due.form in (Form.LEAF, Form.AFTER):
        leaves = view.words.leaves_of(row.due.name)
        taken = [x for x in view.sittings if x.leaf in leaves and (x == matter.step if matter.step and matter.step.leaf in leaves else touches(view, matter, x))]
    else:
        return None
    return min((day.earliest for x in taken for s in view.sittings[x] if (day := s.held or s.done) is not None and matter.sitting in (None, s)), default=None)
