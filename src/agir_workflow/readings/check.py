"""What each kind of requirement means to the verdict: whether it was so on the day it was due, or is by now."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TypeAlias

import attrs

from .. import _chart
from ..dossier import Dossier, Label, Sitting
from ..facts import DOSSIER
from ..method import Words
from ..requirements import CONDITIONS, Form, Is, Requirement
from ..values import Record, each_of
from ..view import RUN, View
from ..when import When
from ..words import Curability, InstanceId, KindId, State, Step, Text, Verb
from ._applies import where_it_applies
from ._days import closing, period_of, shunned
from ._due import EVER, due_alike, due_by, due_day, first, opened, owed_since
from ._gaps import gaps
from ._intact import intact
from ._judged import TOO_EARLY, AllMet, Judged, met, not_due
from ._once import compiled, once
from ._phrases import joined, named, percent_of, when_of
from ._planned import planned_order
from ._result import NotApplicable, Unmet, needed
from .binding import Binding, bound_by, fits, label_inst, labels_of, step_of, steps_of, subject_key, ways_before
from .order import deviations
from .quorum import seated_wrongly
from .seats import apart
from .selected import sittings, values
from .unmet import decision_of, evaluator, void

Reader: TypeAlias = Callable[[View, dt.date], Collection[Judged]]
"""What reads a row at all of its subjects, as of a day."""
Subjects: TypeAlias = Callable[[View], Sequence[Binding]]
# Names of their own: on Python 3.11 a member of an enum takes ten times as long to look up as another name.
_SATISFIED, _PENDING, _VIOLATED, _REPAIRABLE, _PERMANENT = State.SATISFIED, State.PENDING, State.VIOLATED, Curability.REPAIRABLE, Curability.PERMANENT
_ALWAYS, _CHART = Form.ALWAYS, Form.CHART


def judge(view: View, row: Requirement, at: dt.date) -> Collection[Judged]:
    """Every subject of a row with its state; a row that is not due yet is pending or currently ok."""
    return reader(view.words, row)(view, at)


def readers(view: View) -> Sequence[tuple[Requirement, Reader]]:
    """The rows of a method, each with what reads it; made once for a method."""
    return compiled(view.words, ("readers",), lambda: [(row, reader(view.words, row)) for row in view.method.requirements])


def reader(words: Words, row: Requirement) -> Reader:
    """What reads a row, made once for a method."""
    return compiled(words, ("reader", row), lambda: _reader(words, row))


def _reader(words: Words, row: Requirement) -> Reader:
    if row.is_ is Is.IN_PROCESS:
        return (lambda view, at: tuple(planned_order(view))) if row.param("of") == "plan" else (lambda view, at: tuple(_deviations(view, row, at)))
    subjects = _subjects_of(words, row)
    if row.is_ in CONDITIONS:
        return _evaluated(words, row, subjects)
    read = READERS[row.is_]
    if row.when:
        return lambda view, at: tuple([where_it_applies(view, row, judged, due_day(view, row, judged.binding), at) for judged in read(view, row, subjects(view), at)])
    return lambda view, at: tuple(read(view, row, subjects(view), at))


def _subjects_of(words: Words, row: Requirement) -> Subjects:
    """What finds the subjects of a row; an instance that has ended owes only what fell due by the day of its end."""
    key = subject_key(words, row)
    if row.each not in words.kinds:
        return lambda view: bound_by(view, row, key)
    return lambda view: [b for b in bound_by(view, row, key) if not _ended(view, row, b)] if once(view, _any_ended) else bound_by(view, row, key)


def _any_ended(view: View) -> bool:
    return any(i.off is not None for i in view.instances)


def _ended(view: View, row: Requirement, binding: Binding) -> bool:
    """Whether the instances of a binding have all ended, before the row was due."""
    ends = [i.off for kind, id in binding.inst for i in view.of_kind(kind) if i.id == id]
    return (binding.label is None and bool(ends) and None not in ends and not row.param("changed")
            and (row.due.form is Form.ALWAYS or not _was_due(view, row, binding, ends)))  # fmt: skip


def _was_due(view: View, row: Requirement, binding: Binding, ends: list[When | None]) -> bool:
    due = due_day(view, row, binding)
    return due is not None and any(off is not None and due.before(off) is not False for off in ends)


# -- rows that hold or do not hold as of a day --------------------------------------------------------


def _evaluated(words: Words, row: Requirement, find: Subjects) -> Reader:
    evaluate, due_at, always, alike = evaluator(words, row), due_by(words, row), row.due.form is _ALWAYS, due_alike(words, row)
    # Who was there is past; that nobody noted it is not.
    curability = _PERMANENT if row.selector("of").field in ("attendance", "chair", "sittings") and row.is_ is not Is.PRESENT else _REPAIRABLE

    def not_plain(view: View, binding: Binding, at: dt.date, due: When | None, now: Unmet | NotApplicable | None) -> Judged:
        if isinstance(now, NotApplicable):
            return Judged(binding=binding, state=_PENDING, missing_input=now.missing, absent=now.absent, due=due is not None)
        if due is None:
            return Judged(binding=binding, state=State.CURRENTLY_OK if now is None else _PENDING, due=False)
        # What is due always is judged as of the day it is looked at; there is no day on which it fell due.
        then = min(max(due.latest, view.start), at)
        if not always and (evaluate(view, binding, then) is None or ((other := _not_yet_withdrawn(view, then)) and evaluate(other, binding, then) is None)):
            return met(binding)
        day = owed_since(view, binding, due.earliest) if due.earliest > dt.date.min else None
        if day is None and binding.sitting is not None and (held := binding.sitting.held or binding.sitting.done):
            day = held.earliest
        elif day is None:
            day = _broken_since(view, at, lambda then: isinstance(evaluate(view, binding, then), Unmet))
        return Judged(binding=binding, state=_VIOLATED, unmet=now, on=day, curability=_PERMANENT if now is not None and now.past else curability)

    def read(view: View, at: dt.date) -> Collection[Judged]:
        subjects = find(view)
        days = [due_at(view, subjects[0])] * len(subjects) if alike and subjects else [due_at(view, binding) for binding in subjects]
        results = [evaluate(view, binding, at) for binding in subjects]
        if all(days) and not any(results):
            return AllMet(subjects)
        return tuple([met(binding) if now is None and due is not None else not_plain(view, binding, at, due, now)
                      for binding, due, now in zip(subjects, days, results, strict=True)])  # fmt: skip

    return read


def _broken_since(view: View, at: dt.date, is_broken: Callable[[dt.date], bool]) -> dt.date | None:
    """The day from which on a row that is due always has not held: of those on which something was told."""
    told = sorted({f.on.earliest for f in view.dossier.facts if f.stamp is not None and f.on.earliest <= at}, reverse=True)
    return next(reversed([*itertools.takewhile(is_broken, told)]), None)


def _not_yet_withdrawn(view: View, day: dt.date) -> View | None:
    """
    The dossier in which answers withdrawn on a day stand until the next; None where none was.

    A day has no order: in the best one what fell due on it was done while they stood.
    """
    return once(view, _redated, day) if day in view.cleared else None


def _redated(view: View, day: dt.date) -> View | None:
    next_day = When(day + dt.timedelta(days=1))
    facts = tuple([f.stamped(attrs.evolve(f.stamp, on=next_day)) if f.verb is Verb.CLEAR and f.stamp and f.on == When(day) else f for f in view.dossier.facts])
    return View(view.method, Dossier(facts)) if facts != view.dossier.facts else None


# -- order and distance -------------------------------------------------------------------------------


def _firsts(view: View, name: str, binding: Binding, at: dt.date, where: Record) -> list[Sitting]:
    """The first sitting of every label of a word that fits a binding."""
    first: dict[Label, Sitting] = {}
    for sitting in sittings(view, name, binding, at, where):
        first.setdefault(sitting.label, sitting)
    return list(first.values())


def _precedes(view: View, row: Requirement, binding: Binding, at: dt.date) -> Sequence[Judged]:
    a, b = row.selector("a"), row.selector("b")
    own, step = binding if binding.label is None else binding._replace(label=None), step_of(view, binding)
    taken = [s for leaf in steps_of(view, row, b.word, step) for s in sittings(view, leaf, own, at) if step in (None, s.label)]
    later = min(taken, key=lambda s: (s.held or s.done or EVER).earliest, default=None)
    day = (later.held or later.done) if later else None
    if later is None or day is None:
        return (not_due(binding),)
    ways = ways_before(view, row, binding)
    if not ways and any([s.label != later.label and w.latest <= day.earliest for s in sittings(view, a.word, own, at, row.where) if (w := s.done or s.held) is not None]):
        return (met(binding),)
    # A step does not come before itself.
    before = {s.label: w.not_after(day) for s in _firsts(view, a.word, own, at, row.where) if s.label != later.label and (w := s.done or s.held) is not None}
    verdict = _any(_all(_any(before.get(x, False) for x in lane) for lane in way) for way in ways) if ways else _any(before.values())
    if verdict:
        return (met(binding),)
    if _came_later(view, (beyond := [x for x in binding.inst if x not in label_inst(view, later.label)]), day):
        return (not_due(binding),)
    names = joined([view.words.leaves[x].label for x in view.words.leaves_of(a.word)])
    if verdict is None:
        return (Judged(binding=binding, state=State.UNDETERMINED, unmet=Unmet(missing=names), on=day.earliest),)
    lacks = (_filtered(row),) if row.where else () if before else _never(view, a.word, own)
    if beyond and not row.where and (before or any(x in once(view, _ahead) for leaf in view.words.leaves_of(a.word) for x in labels_of(view, leaf, own))):
        # What was done later, or may yet be, is not lacking: the one step came before it, and before that of other lanes too.
        lacks = (view.words.leaves[later.label.leaf].at(later.label.inst), TOO_EARLY)
    return (Judged(binding=binding, state=_VIOLATED, unmet=Unmet(missing=names, lacks=lacks), on=day.earliest, curability=_PERMANENT),)


def _came_later(view: View, inst: Iterable[tuple[KindId, InstanceId]], day: When) -> bool:
    """Whether one of some instances was declared only after a day: what was done by then could not wait for it."""
    return any([on and all(day.before(w) for w in on) for kind, id in inst for on in [[i.on for i in view.of_kind(kind) if i.id == id]]])


def _ahead(view: View) -> frozenset[Label]:
    """The steps that may still be taken."""
    return frozenset() if view.state(RUN, DOSSIER) in _chart.final(RUN) else frozenset(view.position.to_do())


def _any(said: Iterable[bool | None]) -> bool | None:
    """Whether one is so at least; None where that cannot be told."""
    found = {*said}
    return True if True in found else None if None in found else False


def _all(said: Iterable[bool | None]) -> bool | None:
    """Whether all are so; None where that cannot be told."""
    found = {*said}
    return False if False in found else None if None in found else True


def _filtered(row: Requirement) -> str:
    """Which of the first steps are wanted, where a row wants some of them only: rows that want the same before other steps tell one fault."""
    return f"{row.param('a')} {', '.join(sorted(f'{k}={v}' for k, v in row.where))}"


def _never(view: View, word: str, binding: Binding) -> tuple[str, ...]:
    """The addresses of the steps that were never done: what rows of order and of presence lack alike."""
    return tuple(view.words.leaves[leaf].at(x.inst) for leaf in view.words.leaves_of(word) for x in labels_of(view, leaf, binding))


def _decided(view: View, row: Requirement, binding: Binding, at: dt.date) -> Sequence[Judged]:
    step, day = _stood_before(view, row, binding)
    if day is None:
        return (not_due(binding),)
    by = str(row.param("by"))
    wanted = [str(v) for v in each_of(row.param("values"))]
    told = [s for s in sittings(view, by, binding._replace(label=None), at) if s.label != step]  # nothing comes before itself
    taken = [s for s in told if s.decision is not None and s.decided is not None]
    if row.param("late") and not any(s.decided and s.decided.not_after(day) is False for s in taken):
        # Only one that came after the fact is late: what was never decided is another row's.
        return (Judged(binding=binding, state=_SATISFIED if taken else _PENDING, due=bool(taken)),)
    state = _standing(view, taken, wanted, day)
    if state is _SATISFIED:
        return (met(binding),)
    leaf = view.words.leaves[view.words.leaves_of(by)[0]]
    known = [s for s in taken if s.decided and s.decided.not_after(day) is not False] or taken
    missing = decision_of(view, leaf.id, told, known[-1] if known else None)
    if known is taken and taken and taken[-1].decided:
        late = when_of(taken[-1].decided)
        missing = Text(f"{missing.fr}, {late.fr}", f"{missing.en}, {late.en}")
    unmet = Unmet(missing=missing, lacks=(f"{known[-1].address}.decision" if known else leaf.at(()),))
    return (Judged(binding=binding, state=state, unmet=unmet, on=day.earliest, curability=_PERMANENT),)


def _stood_before(view: View, row: Requirement, binding: Binding) -> tuple[Label | None, When | None]:
    """The step before which a decision had to be taken, if any, and the day by which it had."""
    if row.due.form is _CHART:
        return None, due_day(view, row, binding)
    before = str(row.param("before"))
    if (step := step_of(view, binding)) is not None:
        return step, opened(view, step) if step.leaf in view.words.leaves_of(before) else None
    leaves = steps_of(view, row, before, None)
    days = {x: day for leaf in leaves for inst, day in view.opened(leaf).items() if fits(view, binding, x := Label(leaf, inst))}
    earliest = first([*days.values()])
    return next((x for x, day in days.items() if day is earliest), None), earliest


def _standing(view: View, taken: list[Sitting], wanted: list[str], day: When) -> State:
    """Whether the decision that stood on a day, the last that is not void, is a wanted one; of one day the best."""
    good: list[tuple[dt.date, bool]] = []
    unsure = False
    for s in taken:
        if s.decided is None or s.decision is None or void(view, s):
            continue
        match s.decided.not_after(day):
            case True:
                good.append((s.decided.latest, s.decision.value in wanted))
            case None:
                unsure = unsure or s.decision.value in wanted
    if good and max(good)[1]:
        return _SATISFIED
    return State.UNDETERMINED if unsure else State.VIOLATED


def _window(view: View, row: Requirement, subjects: Sequence[Binding], at: dt.date) -> Iterator[Judged]:
    known = isinstance(needed(view, row, "not_in", at), tuple) or period_of(view, row, at) is not None or bool(shunned(view, row, at))
    why_not = closing(view, row, at)
    for binding in subjects:
        day = binding.sitting.held if binding.sitting else None
        if not known or day is None or day.earliest > at:
            yield not_due(binding, _open_to(row) if day is not None and day.earliest <= at else None)
            continue
        # Of a rough date each day may be the one: only where all are open, or all closed, can it be told.
        reasons = [why_not(day.earliest + dt.timedelta(days=n)) for n in range((day.latest - day.earliest).days + 1)]
        closed = [r for r in reasons if r is not None]
        if not closed:
            yield met(binding)
        elif len(closed) < len(reasons):
            yield Judged(binding=binding, state=State.UNDETERMINED, unmet=Unmet(value=when_of(day), missing=Text("peut-être", "perhaps")), on=day.earliest)
        else:
            unmet = Unmet(value=when_of(day), missing=max(closed, key=closed.count))
            yield Judged(binding=binding, state=_VIOLATED, unmet=unmet, on=day.earliest, curability=_PERMANENT)


def _open_to(row: Requirement) -> str:
    """What nothing gives where a row closes no day: an answer, or a number of profile or regime."""
    named = next((v for p in ("before", "not_in", "in") if (v := row.param(p)) is not None), None)
    return ", ".join(f"{k} {v}" for k, v in named) if isinstance(named, Record) else str(named)


def _share(view: View, row: Requirement, binding: Binding, at: dt.date) -> Sequence[Judged]:
    if row.param("among"):
        return (_kept(view, row, binding, at),)
    window, least = needed(view, row, "in", at), needed(view, row, "min", at)
    for value in (window, least):
        if isinstance(value, NotApplicable):
            return (not_due(binding, value.missing),)
    of = row.selector("of").word
    days = [s.held for leaf in view.words.leaves_of(of) for s in view.held(leaf, at) if s.held]
    due = due_day(view, row, binding)
    if due is None or not days:
        return (not_due(binding),)
    inside = When.parse(str(window))
    number = sum(inside.earliest <= d.earliest and d.latest <= inside.latest for d in days)
    perhaps = sum(inside.earliest <= d.latest and d.earliest <= inside.latest for d in days)
    percent, most = number * 100 // len(days), perhaps * 100 // len(days)
    if percent >= int(str(least)):
        return (met(binding),)
    # How many it holds for sure is too few; where rough days may lie in it, nobody can tell.
    state, curable = (_VIOLATED, _PERMANENT) if most < int(str(least)) else (State.UNDETERMINED, _REPAIRABLE)
    unmet = Unmet(value=percent_of(percent), bound=percent_of(int(str(least))))
    return (Judged(binding=binding, state=state, unmet=unmet, on=due.earliest, curability=curable),)


def _kept(view: View, row: Requirement, binding: Binding, at: dt.date) -> Judged:
    """How many per cent of what stands in one place stand in another too."""
    least, due = needed(view, row, "min", at), due_day(view, row, binding)
    of, among = row.selector("of"), row.selector("among")
    base = {v for v in values(view, among, binding, at, row.where)}
    again = {v for v in values(view, of, binding, at, row.where)}
    missing = least.missing if isinstance(least, NotApplicable) else among.field or among.word if not base else of.field or of.word if not again else None
    if missing is not None:
        return Judged(binding=binding, state=_PENDING, missing_input=missing, due=due is not None)
    percent = len(base & again) * 100 // len(base)
    holds = percent >= int(str(least))
    if due is None:
        return Judged(binding=binding, state=State.CURRENTLY_OK if holds else _PENDING, due=False)
    if holds:
        return met(binding)
    unmet = Unmet(value=percent_of(percent), bound=percent_of(int(str(least))))
    return Judged(binding=binding, state=_VIOLATED, unmet=unmet, on=due.earliest, curability=_PERMANENT)


def _disjoint(view: View, row: Requirement, binding: Binding, at: dt.date) -> Sequence[Judged]:
    """Only sittings with known hours can be said to overlap, unless all who sat are known and none sat at both."""
    own = _slots(binding.sitting)
    if own is None or binding.sitting is None or own[0] > at:
        held = binding.sitting.held if binding.sitting else None
        return (not_due(binding, "hours" if own is None and held is not None and held.earliest <= at else None),)
    clashing = [
        view.title(s.address)
        for leaf in view.words.leaves_of(row.selector("of").word)
        for s in view.held(leaf, at)
        if s.address < binding.sitting.address and (other := _slots(s)) and other[0] == own[0] and other[1] < own[2] and own[1] < other[2] and not apart(view, s, binding.sitting)
    ]
    if clashing:
        return (Judged(binding=binding, state=_VIOLATED, unmet=Unmet(missing=joined(clashing)), on=own[0], curability=_PERMANENT),)
    return (met(binding),)


def _slots(sitting: Sitting | None) -> tuple[dt.date, int, int] | None:
    if sitting is None or sitting.held is None or sitting.hold is None or sitting.hold.start is None:
        return None
    begin = sitting.hold.start.hour * 60 + sitting.hold.start.minute
    return sitting.held.earliest, begin, begin + (sitting.hold.minutes or 0)


def _by(view: View, row: Requirement, subjects: Sequence[Binding], at: dt.date) -> Iterator[Judged]:
    roles = view.method.list_(view.method.roles)
    known, leads = {w.id for w in roles.words} if roles else set(), roles.words[0].id if roles else None
    seats, invites = bool(row.param("seats")), row.param("does") is not None
    for binding in subjects:
        sitting = binding.sitting
        if binding.label is None or roles is None or sitting is None:
            yield not_due(binding)
        elif seats:
            yield _seated(view, row, binding, sitting, at)
        else:
            leaf = view.words.leaves[binding.label.leaf]
            wanted, who, day = (leaf.inviting or leaf.role, sitting.called_by, sitting.convened) if invites else (leaf.role, sitting.by, sitting.held or sitting.done)
            if wanted is None or who in (wanted, leads) or who not in known:
                # Of a meeting that is over nobody will note any more who called it.
                yield met(binding) if who else not_due(binding, "convened" if invites and (sitting.held or sitting.done) else None)
            else:
                unmet = Unmet(value=named(view, who), bound=named(view, wanted))
                yield Judged(binding=binding, state=_VIOLATED, unmet=unmet, on=day.earliest if day else None)


def _seated(view: View, row: Requirement, binding: Binding, sitting: Sitting, at: dt.date) -> Judged:
    if sitting.held is None or sitting.held.earliest > at:
        return not_due(binding)
    wrong = seated_wrongly(view, row, sitting)
    if wrong is None:
        return met(binding)
    return Judged(binding=binding, state=_VIOLATED, unmet=wrong, on=sitting.held.earliest, curability=_PERMANENT)


_Read: TypeAlias = Callable[[View, Requirement, Sequence[Binding], dt.date], Iterable[Judged]]


def _one_by_one(read: Callable[[View, Requirement, Binding, dt.date], Iterable[Judged]]) -> _Read:
    return lambda view, row, subjects, at: [judged for binding in subjects for judged in read(view, row, binding, at)]


READERS: dict[Is, _Read] = {
    Is.PRECEDES: _one_by_one(_precedes),
    Is.DECIDED: _one_by_one(_decided),
    Is.GAP: gaps,
    Is.WINDOW: _window,
    Is.SHARE: _one_by_one(_share),
    Is.DISJOINT: _one_by_one(_disjoint),
    Is.INTACT: _one_by_one(intact),
    Is.BY: _by,
}


# -- deviations from the tree ---------------------------------------------------------------------------


def _deviations(view: View, row: Requirement, at: dt.date) -> Iterator[Judged]:
    """The steps that deviate as the row says, for those that no row of order or decision labels."""
    for deviation in deviations(view, at, judge):
        stray = deviation.stray
        if stray.step is not Step(str(row.param("move"))) or deviation.labels:
            continue
        by = view.title(view.words.leaves[stray.by.leaf].at(stray.by.inst)) if stray.by else None
        binding = Binding(subject=stray.address, title=view.title(stray.address), label=stray.label)
        # The row speaks of what was made up afterwards, or was done once too often; not of what came at a wrong place alone.
        misplaced = stray.shift < 0 or (stray.step is Step.EXTRA and stray.shift)
        place = _PLACE if misplaced else _NEVER_DONE if by is None and stray.step is Step.SKIPPED else None
        unmet = Unmet(missing=stray.said if misplaced else by, lacks=deviation.lacks, said=place, fix=_UNSETTLED if stray.unsettled else None)
        yield Judged(binding=binding, state=_VIOLATED, unmet=unmet, on=stray.on.earliest,
                     curability=Curability.REPAIRABLE if stray.step is Step.SKIPPED or stray.unsettled else Curability.PERMANENT)  # fmt: skip


_PLACE = Text("{missing}.", "{missing}.")
"""What strayed says itself where: a sentence with people's own words in it, which fills a blank and is never read for others."""
_UNSETTLED = Text("Faire ce qui devait venir avant ; la suite dira quelle étape s'écarte.", "Do what should have come before; what follows will tell which step strayed.")
"""How to mend a deviation that what follows may yet lay at another step's door: a dérogation now might be of the wrong one."""
_NEVER_DONE = Text("{subject} : étape sautée, que la clôture du projet a laissée de côté.", "{subject}: step skipped, left out when the project was closed.")
"""A step that no later one came before: it is missing from a run that was closed."""
