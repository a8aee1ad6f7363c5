"""What a distance between two steps means to the verdict."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

import attrs

from .._chart import final
from ..answers import Ask
from ..dossier import Label, Sitting
from ..facts import DOSSIER
from ..planning.problem import Counting
from ..position import Standing
from ..requirements import Duration, Is, Requirement
from ..view import PAPER, RUN, View
from ..when import When
from ..words import Address, Curability, DeliverableId, Sort, State, Text, Verb
from ._days import counting_of, elapsed_between
from ._judged import ITS_DAY, Judged, met, not_due
from ._notice import NOT_CALLED, shortened
from ._once import once
from ._phrases import day_of, days_of, length_of, range_of
from ._rests import between_without_rest, due_after, rested, without_rest
from ._result import NotApplicable, Unmet, needed
from .binding import Binding, bind_label, fits, label_inst, labels_of, paper_address, step_of
from .selected import sittings
from .strays import strays

_Ends: TypeAlias = tuple[When | None, When | None, str]
"""The two dates of a gap, and the address the second stands at."""


def _ends(view: View, row: Requirement, binding: Binding, at: dt.date, least: Duration | None) -> _Ends:
    return _ends_of(view, row, at)(binding, least)


def _ends_of(view: View, row: Requirement, at: dt.date) -> Callable[[Binding, Duration | None], _Ends]:
    """What finds the two dates of a gap at each subject."""
    a, b = row.selector("a"), row.selector("b")
    if a.word == b.word and not a.field:
        return lambda binding, least: _consecutive(view, a.word, binding, at)
    if DeliverableId(b.word) in view.words.deliverables:
        return _written(view, row, at)

    planned = a.field == "planned"

    def of_steps(binding: Binding, least: Duration | None) -> _Ends:
        later = sittings(view, b.word, binding, at)
        end = (later[0].held or later[0].done) if later else None
        if planned:
            return _planned(view, binding), end, binding.subject
        if a.field:
            return (binding.sitting.convened if binding.sitting else None), end, binding.subject
        start = None
        for s in sittings(view, a.word, binding, at):
            day = s.done or s.held
            if later and day == end and least is not None and not view.position.precedes(s.label, later[0].label):
                continue  # of one day, and the tree orders them not: read as coming after, where the distance would be too short
            if day is not None and (end is None or start is None or day.not_after(end) is not False):
                start = day
        return start, end, binding.subject

    return of_steps


def _written(view: View, row: Requirement, at: dt.date) -> Callable[[Binding, Duration | None], _Ends]:
    """From a sitting to the document of it, or to the one that may stand instead."""
    name, other = row.selector("b").word, row.param("instead")

    def came(address: Address) -> When | None:
        told = view.states.get((PAPER, address))
        return told[0].on if told and told[0].on.earliest <= at else None

    def ends(binding: Binding, least: Duration | None) -> _Ends:
        here, sitting = paper_address(view, name, binding), binding.sitting
        done = came(here)
        if other is not None and (instead := came(paper_address(view, str(other), binding))) is not None:
            done = instead if done is None else min(done, instead, key=lambda on: on.earliest)
        return (sitting.held or sitting.done) if sitting else None, done, here

    return ends


def _planned(view: View, binding: Binding) -> When | None:
    """The day last planned for a sitting: adopted, convened or moved to."""
    slot = view.planned.get(Address(binding.subject)) or (binding.sitting.planned if binding.sitting else None)
    return _on(slot.day) if slot else None


_on = lru_cache(maxsize=1024)(When)
"""A day as `When`: the same few are planned again and again."""


def _neighbours(view: View, word: str, binding: Binding, at: dt.date) -> tuple[Sitting, Sitting] | None:
    """The sitting that a binding speaks of, after the one before it in a series."""
    return once(view, _in_turn, word, at).get(binding.sitting.address) if binding.sitting is not None else None


def _in_its_series(view: View, row: Requirement, binding: Binding, at: dt.date, bounds: _Bounds) -> Judged:
    """The distances from the step before it in an instance's own series, or in that of one step held several times: the first that is wrong, else the last."""
    step = step_of(view, binding)
    own = sittings(view, row.selector("a").word, binding._replace(label=None), at)
    series = sorted([(day, s) for s in own if (day := s.held or s.done) is not None], key=lambda told: (told[0].earliest, told[1].address))
    found = [_distance(view, binding, one, two, bounds, at) for (one, _), (two, s) in itertools.pairwise(series) if step in (None, s.label)]
    if series and (late := _owed_in_series(view, row, binding, series[-1][0], at)) is not None:
        found.append(late)
    graver = [j for state in (_VIOLATED, State.UNDETERMINED) for j in found if j.state is state]
    return next(iter((*graver, *found[::-1])), not_due(binding))


def _owed_in_series(view: View, row: Requirement, binding: Binding, last: When, at: dt.date) -> Judged | None:
    """The next step of an instance's own series, once it is too long in coming after the last; None while it is in time, and where none is owed."""
    bounds = _bounds(view, row, at)
    if isinstance(bounds, NotApplicable) or view.state(RUN, DOSSIER, at) not in ("open", "suspended"):
        return None
    _, most, counting = bounds
    owed = None if most is None else _next_in_series(view, row.selector("a").word, binding)
    if owed is None or most is None or step_of(view, binding) not in (None, owed) or (found := _overdue_by(view, last.latest, at, most, counting, at)) is None:
        return None
    lacks = (str(view.words.leaves[owed.leaf].at(owed.inst)),)
    unmet = Unmet(value=found[0], bound=length_of(most, counting), missing=_STILL, lacks=lacks)
    return Judged(binding=binding, state=_VIOLATED, unmet=unmet, on=found[1], curability=_overdue(view, row))


def _next_in_series(view: View, word: str, binding: Binding) -> Label | None:
    """The first step of a word that a lane still owes; of one that the tree leaves free, that of whoever is declared and did not have it."""
    own, leaves = binding._replace(label=None), view.words.leaves_of(word)
    apart = (x for leaf in leaves if leaf in view.method.tree.free for x in labels_of(view, leaf, own) if not view.sittings.get(x) and _is_there(view, x))
    return next((x for x in (*once(view, _to_do), *apart) if x.leaf in leaves and fits(view, own, x)), None)


def _is_there(view: View, label: Label) -> bool:
    """Whether all whom a step is about were declared, and none has left."""
    found = [view.instance(id, kind) for kind, id in label_inst(view, label)]
    return all(i is not None and i.off is None for i in found)


def _consecutive(view: View, word: str, binding: Binding, at: dt.date) -> tuple[When | None, When | None, str]:
    found = _neighbours(view, word, binding, at)
    if found is None:
        return None, None, binding.subject
    one, two = found
    return one.held or one.done, two.held or two.done, two.address


def _left_out(view: View, row: Requirement, binding: Binding, at: dt.date) -> tuple[str, ...]:
    """The first step of a series that the tree puts between two of it that are far apart, and that was never done."""
    word = row.selector("a").word
    found = _neighbours(view, word, binding, at) if word == row.selector("b").word else None
    return _never_held(view, word, found[0].label, found[1].label, at) if found else ()


def _never_held(view: View, word: str, one: Label, two: Label, at: dt.date) -> tuple[str, ...]:
    """The first step of a word that the tree puts between two others, and that was never done."""
    between = (x for leaf in view.words.leaves_of(word) for x in view.labels(leaf) if view.position.precedes(one, x) and view.position.precedes(x, two))
    return next(((view.words.leaves[x.leaf].at(x.inst),) for x in between if not view.held(x.leaf, at)), ())


def _misplaced(view: View, row: Requirement, binding: Binding, at: dt.date) -> tuple[str, ...]:
    """The step that is too far from the one before it and too near the one after, or the reverse: its own day is wrong."""
    for other in view.method.requirements:
        if other is row or other.is_ is not Is.GAP or (other.code, other.each) != (row.code, row.each):
            continue
        shared = row.selector("b") if other.selector("a") == row.selector("b") else row.selector("a") if other.selector("b") == row.selector("a") else None
        if shared is None or shared.field or {_out(view, row, binding, at), _out(view, other, binding, at)} != {-1, 1}:
            continue
        return next(((view.words.leaves[leaf].at(x.inst), ITS_DAY) for leaf in view.words.leaves_of(shared.word) for x in labels_of(view, leaf, binding)), ())
    return ()


def _out(view: View, row: Requirement, binding: Binding, at: dt.date) -> int:
    """Below 0 where two steps are too near each other, above where they are too far; 0 where neither can be said."""
    bounds = _bounds(view, row, at)
    if isinstance(bounds, NotApplicable):
        return 0
    least, most, counting = bounds
    start, end, _ = _ends(view, row, binding, at, least)
    if start is None or end is None or end.before(start):
        return 0
    if most is not None and elapsed_between(view, start.latest, end.earliest, counting) - rested(view, start.latest, end.earliest, counting, at)[1] > most.longest:
        return 1
    return -1 if least is not None and elapsed_between(view, start.earliest, end.latest, counting) < least.shortest else 0


def _perhaps_shorter(view: View, row: Requirement, binding: Binding, start: When, end: When, bounds: _Bounds, at: dt.date) -> bool:
    """Whether a distance in a series that is too long may be two shorter ones: another of the series has a rough day, which may lie between."""
    _, most, counting = bounds
    word = row.selector("a").word
    found = _neighbours(view, word, binding, at) if word == row.selector("b").word and most is not None else None
    if found is None or _distance(view, binding, start, end, (None, most, counting), at).state is not _VIOLATED:
        return False
    days = (s.held or s.done for leaf in view.words.leaves_of(word) for s in view.held(leaf, at) if s not in found)
    return any(day is not None and not day.is_day and day.latest > start.earliest and day.earliest < end.latest for day in days)


def _in_turn(view: View, word: str, at: dt.date) -> dict[Address, tuple[Sitting, Sitting]]:
    """Each sitting of a word but the first, by its address, after the one before it."""
    held = (s for leaf in view.words.leaves_of(word) for s in view.held(leaf, at))
    return {two.address: (one, two) for one, two in itertools.pairwise(sorted(held, key=lambda s: ((s.held or s.done or When(at)).earliest, s.address)))}


_Bounds = tuple[Duration | None, Duration | None, Counting]
# Names of their own: on Python 3.11 a member of an enum takes ten times as long to look up as another name.
_DAYS, _VIOLATED = Counting.DAYS, State.VIOLATED


def _bounds(view: View, row: Requirement, at: dt.date) -> _Bounds | NotApplicable:
    """The shortest and the longest distance, and how its days are counted."""
    low, high = needed(view, row, "min", at), needed(view, row, "max", at)
    for bound in (low, high):
        if isinstance(bound, NotApplicable):
            return bound
    return Duration.parse(str(low)) if low else None, Duration.parse(str(high)) if high else None, counting_of(view, row, at)


def gaps(view: View, row: Requirement, subjects: Sequence[Binding], at: dt.date) -> Iterator[Judged]:
    """A distance against its bounds; two steps in the wrong order have none, one that is long in coming is overdue."""
    bounds = _bounds(view, row, at)
    if isinstance(bounds, NotApplicable):
        for binding in subjects:
            yield not_due(binding, bounds.missing)
        return
    _, most, counting = bounds
    a, b = row.selector("a"), row.selector("b")
    alike, ends = a == b, _ends_of(view, row, at)
    called, decided, planned = (a.field == field for field in ("convened", "decided", "planned"))
    strayed = {(s.label, s.sitting) for s in strays(view)} if planned and subjects else set()
    for binding in subjects:
        own = bounds
        if called and binding.sitting is not None and (short := shortened(view, row, binding.sitting, at)) is not None:
            own = (short[0], most, short[1])
        if alike and binding.sitting is None:
            yield _in_its_series(view, row, binding, at, bounds)
            continue
        if alike and most is not None:
            yield from _next_overdue(view, row, binding, at, most, counting)
        if decided and most is not None:
            yield _written_up(view, row, binding, at, most, counting)
            continue
        start, end, address = ends(binding, own[0])
        if planned and start is not None and end is not None and {(binding.label, binding.subject), (binding.label, None)} & strayed:
            end = None  # What was held out of its order is told as that.
        if start is None or end is None:
            yield _open_ended(view, row, binding, at, own, (start, end, address))
        elif planned:
            yield _apart(view, binding, start, end, most, counting, at)
        else:
            yield _measured(view, row, binding, at, own, start, end)


def _delivered(view: View, row: Requirement, address: str) -> tuple[Ask, ...]:
    """What brings the document that a row waits for."""
    return (Ask(Verb.DELIVER, Address(address)),) if DeliverableId(row.selector("b").word) in view.words.deliverables else ()


_STILL = Text("encore attendu", "still awaited")
"""Of what is long in coming and not there: it can be done, if late; what came late will have come late for good."""


def _open_ended(view: View, row: Requirement, binding: Binding, at: dt.date, bounds: _Bounds, ends: tuple[When | None, When | None, str]) -> Judged:
    """A distance that has one end at most: overdue, where the second is owed and too long in coming."""
    (least, most, counting), (start, end, address), field = bounds, ends, row.selector("a").field
    if field == "planned":
        return not_due(binding)
    if start is None:
        if end is not None and field and least is not None:
            return Judged(binding=binding, state=_VIOLATED, unmet=Unmet(bound=range_of(least, most, counting), said=NOT_CALLED),
                          on=end.earliest, curability=Curability.PERMANENT)  # fmt: skip
    elif most is not None and _owed(view, row, binding) and (late := _overdue_by(view, start.latest, _last_day(view, at), most, counting, at)):
        unmet = Unmet(value=late[0], bound=range_of(least, most, counting), missing=_STILL, lacks=(address,), lifts=_delivered(view, row, address))
        again = not field and _counts_anew(view, row, binding)
        return Judged(binding=binding, state=_VIOLATED, unmet=unmet, on=late[1], curability=Curability.REPAIRABLE if again else _overdue(view, row))
    # The first of a series, and what came without the step before it, has no distance: neither now nor later.
    came = binding.sitting is not None and (binding.sitting.held or binding.sitting.done) is not None if row.selector("a") == row.selector("b") else end is not None
    return not_due(binding, row.selector("a").word if start is None and came else None)


def _overdue_by(view: View, start: dt.date, until: dt.date, most: Duration, counting: Counting, at: dt.date) -> tuple[Text, dt.date] | None:
    """How long something is waited for that is longer than it may be, and the last day on which it was in time; None where it is not."""
    passed, rest = elapsed_between(view, start, until, counting), rested(view, start, until, counting, at)[1]
    return (without_rest(passed - rest, counting, rest), due_after(view, start, most.longest, counting, at)) if passed - rest > most.longest else None


def _overdue(view: View, row: Requirement) -> Curability:
    """What is written is lacking until it is there, if late; a meeting that is overdue comes too late whenever it comes."""
    leaves = [view.words.leaves[x] for x in view.words.leaves_of(row.selector("b").word)]
    return Curability.PERMANENT if any(x.sort in (Sort.MEETING, Sort.DECISION) for x in leaves) else Curability.REPAIRABLE


def _counts_anew(view: View, row: Requirement, binding: Binding) -> bool:
    """Whether the first of two steps may be taken (once more): then the distance is that from its last sitting."""
    labels = (x for leaf in view.words.leaves_of(row.selector("a").word) for x in labels_of(view, leaf, binding))
    return view.state(RUN, DOSSIER) not in final(RUN) and any(view.position.standing(x) in (Standing.ENABLED, Standing.MISSING) for x in labels)


def _measured(view: View, row: Requirement, binding: Binding, at: dt.date, bounds: _Bounds, start: When, end: When) -> Judged:
    judged = _distance(view, binding, start, end, bounds, at)
    if judged.state is _VIOLATED and _perhaps_shorter(view, row, binding, start, end, bounds, at):
        judged = judged._replace(state=State.UNDETERMINED, curability=Curability.REPAIRABLE)
    if judged.state is _VIOLATED and judged.unmet is not None and (lacks := _left_out(view, row, binding, at) or _misplaced(view, row, binding, at)):
        judged = judged._replace(unmet=attrs.evolve(judged.unmet, lacks=lacks))
    return judged


def _written_up(view: View, row: Requirement, binding: Binding, at: dt.date, most: Duration, counting: Counting) -> Judged:
    """
    A decision stands in a document that is no older than itself.

    That there is none is told once the longest distance has passed; that it came late is no lack of it.
    """
    start = binding.sitting.decided if binding.sitting else None
    if start is None:
        return not_due(binding)
    address = paper_address(view, row.selector("b").word, binding)
    papers = [s.on for s in view.states.get((PAPER, address), ()) if s.on.earliest <= at]
    if any(on.before(start) is not True for on in papers):
        return met(binding)
    if papers:
        return Judged(binding=binding, state=_VIOLATED, unmet=Unmet(missing=day_of(papers[-1].earliest)), on=start.earliest)
    if _overdue_by(view, start.latest, _last_day(view, at), most, counting, at) is None:
        return not_due(binding)
    return Judged(binding=binding, state=_VIOLATED, unmet=Unmet(missing=Text("aucun", "none"), lacks=(address,)), on=start.earliest)


def _owed(view: View, row: Requirement, binding: Binding) -> bool:
    """Whether the second of two steps is still to come: a step of the tree that may be left out is owed only once begun."""
    leaves = set(view.words.leaves_of(row.selector("b").word)) - set(view.method.tree.free)
    if not leaves:
        return True
    return any(x.leaf in leaves and fits(view, binding, x) for x in (*once(view, _to_do), *view.position.skipped))


def _last_day(view: View, at: dt.date) -> dt.date:
    """The day up to which what does not come is waited for: a run that was abandoned owes nothing more."""
    last = max((s for s in view.states.get((RUN, DOSSIER), ()) if s.on.earliest <= at), key=lambda s: s.on.earliest, default=None)
    return min(at, last.on.latest) if last is not None and last.state == "abandoned" else at


def _to_do(view: View) -> tuple[Label, ...]:
    return view.position.to_do()


def _next_of(view: View, word: str, at: dt.date) -> tuple[Label | None, dt.date | None]:
    """The first step of a series that the tree still owes, and the day of the last that was held."""
    leaves = view.words.leaves_of(word)
    held = (s for leaf in leaves for s in view.held(leaf, at))
    return next((x for x in once(view, _to_do) if x.leaf in leaves), None), max((w.latest for s in held if (w := s.held or s.done)), default=None)


def _next_overdue(view: View, row: Requirement, binding: Binding, at: dt.date, most: Duration, counting: Counting) -> Iterator[Judged]:
    """After the last of a series: the next one that the tree owes, once it is too long in coming."""
    owed, last = once(view, _next_of, row.selector("a").word, at)
    own = (binding.sitting.held or binding.sitting.done) if binding.sitting else None
    if owed is None or last is None or own is None or own.latest != last or view.state(RUN, DOSSIER, at) not in ("open", "suspended"):
        return
    if found := _overdue_by(view, last, at, most, counting, at):
        late = bind_label(view, owed)
        # Where one of the series was skipped in between, the distance is that fault's, as it will be once the next is held.
        lacks = _never_held(view, row.selector("a").word, binding.sitting.label, owed, at) if binding.sitting else ()
        unmet = Unmet(value=found[0], bound=length_of(most, counting), lacks=lacks or (late.subject,))
        # Of several steps another may come first: then the distance is that one's.
        alone = len(view.words.leaves_of(row.selector("a").word)) == 1
        yield Judged(binding=late, state=_VIOLATED, unmet=unmet, on=found[1], curability=_overdue(view, row) if alone else Curability.REPAIRABLE)


def _distance(view: View, binding: Binding, start: When, end: When, bounds: _Bounds, at: dt.date) -> Judged:
    first, last, most, counting = start.earliest, end.latest, bounds[1], bounds[2]
    if last < first:
        # Two steps in the wrong order have no distance: that fault is another row's, or the tree's.
        return not_due(binding)
    near = far = (last - first).days if counting is _DAYS else elapsed_between(view, first, last, counting)
    if first != start.latest or last != end.earliest:
        near = elapsed_between(view, start.latest, end.earliest, counting)
    if (bounds[0] is None or max(near, 0) >= bounds[0].shortest) and (most is None or far <= most.longest):
        return met(binding, end.earliest)  # nearly always: whatever rest there was
    rest = (0, 0) if most is None else (rested(view, first, last, counting, at)[0], rested(view, start.latest, end.earliest, counting, at)[1])
    return _within(binding, end, (max(near, 0), far), rest, bounds, in_order=start.not_after(end) is True)


def _apart(view: View, binding: Binding, start: When, end: When, most: Duration | None, counting: Counting, at: dt.date) -> Judged:
    """How far a day fell from the planned one, on either side: at the least and at the most, where the day is rough."""

    def apart(one: dt.date, two: dt.date) -> tuple[int, int, int]:
        early, one, two = two < one, min(one, two), max(one, two)
        days = (two - one).days if counting is _DAYS else elapsed_between(view, one, two, counting)
        # What was held before its day did not wait for a project that rested after it.
        return (days, 0, 0) if early else (days, *rested(view, one, two, counting, at))

    first = apart(start.earliest, end.latest)
    last = first if start.earliest == start.latest and end.earliest == end.latest else apart(start.latest, end.earliest)
    overlap = start.earliest <= end.latest and end.earliest <= start.latest
    near, far = (0, 0, 0) if overlap else min(first, last), max(first, last)
    return _within(binding, end, (near[0], far[0]), (far[1], near[2]), (None, most, counting))


def _within(binding: Binding, end: When, took: tuple[int, int], rest: tuple[int, int], bounds: _Bounds, *, in_order: bool = True) -> Judged:
    """
    A distance at the least and at the most, against its bounds; too short for sure only where the two are *in_order* for sure.

    The longest one leaves out the time of a rest: so much of the longer way for sure, so much of the shorter at the most.
    """
    (near, far), (sure, at_most), (least, most, counting) = took, rest, bounds
    if (least is None or near >= least.shortest) and (most is None or far - sure <= most.longest):
        return met(binding, end.earliest)
    short = in_order and least is not None and far < least.shortest
    long = most is not None and near - at_most > most.longest
    if short or long:
        said = without_rest(near - at_most, counting, at_most) if long else days_of(far, counting)
        unmet = Unmet(value=said, bound=range_of(least, most, counting), missing=Text(f"venu après {said.fr}", f"came after {said.en}"))
        return Judged(binding=binding, state=_VIOLATED, unmet=unmet, on=end.earliest, curability=Curability.PERMANENT)
    between = between_without_rest(max(near - at_most, 0), far - sure, counting, at_most)
    unmet = Unmet(value=between, bound=range_of(least, most, counting), missing=Text(f"venu après {between.fr}", f"came after {between.en}"))
    return Judged(binding=binding, state=State.UNDETERMINED, unmet=unmet, on=end.earliest)
