"""
What each kind of requirement means to the planner: lags, closed days, steps to add, things to do.

Shares no function with the guard, only the requirement value and the view of the dossier: whom a row is about
(`_plan_subjects`), what it still lacks (`_plan_lacks`) and the days (`_plan_days`) are read here in another way.
Every row with a reading here is hard, whatever its severity, but a `share`.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Mapping

import attrs

from ..answers import Ask
from ..dossier import Label
from ..method import Deliverable
from ..planning.problem import Apart, Choice, Counting, Hole, Lag
from ..requirements import Form, Is, Requirement, Selector
from ..values import Record, Value
from ..view import PAPER, View
from ..when import When
from ..words import ANONYMOUS, Address, Code, DeliverableId, LeafId, Severity, Sort, Verb
from ._plan_choices import First, distances, one_each
from ._plan_days import ahead_of, counted_in, gone_by, last_in_time, left_open, length_of, shut, sought
from ._plan_lacks import TO_DO, Quiet, condition, lack, of_what_will_be, said_again
from ._plan_reserves import settled
from ._plan_run import entries, fell_due, key
from ._plan_subjects import Matter, address_of, instances_of, matters, members, touches

NO_PLAN = {
    Is.INTACT: "there is nothing to date",
    Is.BY: "who, not when",
    Is.IN_PROCESS: "the tree's own order is the plan's: its row names the lags that no other row labels",
}
"""The kinds that constrain no date of their own, and why."""


@attrs.frozen(kw_only=True)
class Task:
    """A to-do of the plan: what to ask."""

    verb: Verb
    address: Address

    @property
    def id(self) -> str:
        return f"{self.verb} {self.address}"


@attrs.define
class Draft:
    """What a reading of the rows adds up to, before it becomes a problem."""

    view: View
    at: dt.date
    labels: tuple[Label, ...]
    variable: Callable[[Label], str]
    done: Callable[[Label], When | None]
    asked: Callable[[str], bool] = attrs.field(default=lambda key: True)
    """Whether a row, by its key, is not left out."""
    missed: Mapping[Label, str] = attrs.field(factory=dict)
    """The decisions whose last sitting had no quorum, with the key that says so: the next sitting is ahead."""
    lags: list[Lag] = attrs.field(factory=list)
    tasks: dict[str, Task] = attrs.field(factory=dict)
    wanted_by: dict[str, list[str]] = attrs.field(factory=dict)
    holes: dict[str, list[Hole]] = attrs.field(factory=dict)
    soft: dict[str, list[Hole]] = attrs.field(factory=dict)
    apart: list[Apart] = attrs.field(factory=list)
    choices: list[Choice] = attrs.field(factory=list)
    supposed: dict[tuple[Code, Code, bool], list[str]] = attrs.field(factory=dict)
    """Where the `when` of a distance does not hold as yet: the row, that other one, whether the distance is kept all the same, and the subjects."""
    overdue: dict[str, dt.date] = attrs.field(factory=dict)
    """The last day on which a to-do was in time, by its id, where that is past: it is to be done now, and was to be done by then."""
    rather: list[Lag] = attrs.field(factory=list)
    """What is better done before something else: kept where the days of the meetings and to-dos leave room for it."""
    stand_ins: dict[str, LeafId] = attrs.field(factory=dict)
    """The steps for which nobody is named yet, by the to-do that names somebody."""
    wanted: set[str] = attrs.field(factory=set)
    """The steps, by their variables, that some row wants done: asked for by it, or first where it says what comes first."""
    notices: dict[str, dt.date] = attrs.field(factory=dict)
    """The day on which a notice was sent, by the id of the to-do that it would be."""

    def one_of(self, key: str, way: list[Lag]) -> None:
        """One of these lags is to hold; () asks for nothing."""
        if len(way) == 1:
            self.lags += way
        elif way:
            self.choices.append(Choice(options=tuple(way), key=key))

    def task(self, ask: Ask, key: str) -> str:
        made = Task(verb=ask.verb, address=ask.address)
        self.tasks.setdefault(made.id, made)
        keys = self.wanted_by.setdefault(made.id, [])
        if key not in keys:
            keys.append(key)
        return made.id

    def late(self, ask: Ask, key: str, last: dt.date) -> None:
        """A to-do whose time is past."""
        id = self.task(ask, key)
        self.overdue[id] = min(last, self.overdue.get(id, last))


def read_rows(draft: Draft, first: dt.date, last: dt.date) -> None:
    """Every row's lags, holes and to-dos, added to the draft."""
    _to_do(draft)
    _left_undone(draft)
    for row in draft.view.method.requirements:
        if row.is_ is Is.PRECEDES:
            _precedes(draft, row, row.selector("a"), row.selector("b"))
        elif row.is_ is Is.DECIDED:
            _precedes(draft, row, row.selector("by"), row.selector("before"))
        elif row.is_ is Is.GAP:
            _gap(draft, row)
        elif row.is_ is Is.SETTLED:
            (_minuted if row.param("paper") else settled)(draft, row)
        elif row.is_ is Is.WINDOW:
            _window(draft, row, first, last)
        elif row.is_ is Is.SHARE:
            _share(draft, row, first, last)
        elif row.is_ is Is.DISJOINT:
            _disjoint(draft, row, first)
    _withdrawn(draft)
    _best_before(draft)


def order_key(view: View, a: Label, b: Label) -> str:
    """The key of a lag of the tree: the row that labels it, else the row for skipped steps."""
    subject = view.words.leaves[b.leaf].at(b.inst)
    fallback = "order"
    for row in view.method.requirements:
        first = row.param("a") if row.is_ is Is.PRECEDES else row.param("by") if row.is_ is Is.DECIDED else None
        second = row.param("b") or row.param("before")
        if first and a.leaf in view.words.leaves_of(str(first)) and b.leaf in view.words.leaves_of(str(second)) and not row.where:
            return key(row, subject)
        if row.is_ is Is.IN_PROCESS and row.param("move") == "skipped":
            fallback = key(row, subject)
    return fallback


# -- things to do ---------------------------------------------------------------------------------------


def _due_rows(draft: Draft) -> Iterable[tuple[Requirement, Matter, list[Label]]]:
    """Each row that has something asked for, at each of its matters that comes to be due in the plan, with the steps before which it is."""
    for row in draft.view.method.requirements:
        if row.is_ in TO_DO and row.due.form is not Form.ALWAYS:
            for matter in matters(draft.view, row, draft.at):
                before = entries(draft.view, draft.labels, row, matter)
                if before or row.due.form is Form.CHART:
                    yield row, matter, before


def _to_do(draft: Draft) -> None:
    for row, matter, before in _due_rows(draft):
        found = lack(draft.view, row, matter, draft.at)
        if not isinstance(found, Quiet):
            _asked(draft, row, matter, found, before)


def _left_undone(draft: Draft) -> None:
    """What was due at a step that is over, was not there on that day, and can still be told: to be done now."""
    view = draft.view
    for row in view.method.requirements:
        for matter in matters(view, row, draft.at) if row.is_ in TO_DO else ():
            found = Quiet.SILENT if ANONYMOUS in dict(matter.about).values() else lack(view, row, matter, draft.at)
            if isinstance(found, Quiet) or of_what_will_be(view, row, matter, draft.at) or entries(view, draft.labels, row, matter):
                continue
            due = fell_due(view, row, matter)
            if due is None or lack(view, row, matter, due) is Quiet.HOLDS:
                continue
            # Whoever came later could not be asked before.
            came = [i.on.earliest for i in view.instances if (i.kind, i.id) in matter.about]
            last = max([due - dt.timedelta(days=row.due.form is not Form.AFTER), *came])
            planned = {address_of(view, x): draft.variable(x) for x in draft.labels}
            if draft.asked(key(row, matter.subject)):
                draft.wanted.update(planned[ask.address] for ask in found if ask.address in planned)
            for n, ask in enumerate(reversed([ask for ask in found if ask.verb is not Verb.HOLD and ask.address not in planned])):
                draft.late(ask, key(row, matter.subject), last - dt.timedelta(days=n))


def _withdrawn(draft: Draft) -> None:
    """What a plan has withdrawn, to be said anew, is said in time for every row that it now satisfies too."""
    cleared = {t.address for t in draft.tasks.values() if t.verb is Verb.CLEAR}
    for row, matter, before in _due_rows(draft) if cleared else ():
        if lack(draft.view, row, matter, draft.at) is Quiet.HOLDS:
            again = [ask for ask in said_again(draft.view, row, matter) if ask.address in cleared]
            _asked(draft, row, matter, again, before)


def _asked(draft: Draft, row: Requirement, matter: Matter, asks: Iterable[Ask], before: list[Label]) -> None:
    """
    A to-do for each ask, before the steps that a row is due at; of one address a day after the other, in their order, and after who is declared for it.

    What is due after a step is judged on its very day, when all that is told on that day counts.
    """
    why, named, least = key(row, matter.subject), list[str](), 0 if row.due.form is Form.AFTER else 1
    for address, own in itertools.groupby(asks, key=lambda ask: ask.address):
        wanted = list(own)
        if _a_step(draft, why, address, before, least):
            continue
        ids = [*named, *(draft.task(ask, why) for ask in wanted)]
        named = ids if wanted[-1].verb is Verb.DECLARE else []
        draft.lags += [Lag(a=a, b=b, key=why, min=1) for a, b in itertools.pairwise(ids)]
        draft.lags += [Lag(a=ids[-1], b=draft.variable(x), key=why, min=least) for x in before]
        paper = draft.view.words.find_paper(address) if row.is_ is Is.DELIVERABLE else None
        for source in _sources(draft.view, paper[0]) if paper else ():
            draft.lags += [Lag(a=draft.variable(x), b=ids[0], key=why, min=1) for x in draft.labels if x.leaf == source and touches(draft.view, matter, x)]


def _best_before(draft: Draft) -> None:
    """What stands anywhere comes rather before the steps and documents that its step names, for the reasons why those, or itself, are wanted; who is named for it, a day sooner."""
    view = draft.view
    coming = [(draft.variable(x), x.leaf, Matter(subject="", about=instances_of(view, x)), _why_first(draft, draft.variable(x)), 1) for x in draft.labels]
    coming += [(task, leaf, Matter(subject=""), draft.wanted_by[task], 2) for task, leaf in draft.stand_ins.items()]
    for a, leaf, about, own, least in coming:
        for name in view.words.leaves[leaf].best_before:
            draft.rather += [Lag(a=a, b=draft.variable(y), key=why, min=least) for y in draft.labels if y.leaf == name and touches(view, about, y) for why in own]
            for task in draft.tasks.values():
                if task.verb is Verb.DELIVER and (paper := view.words.find_paper(task.address)) and paper[0].id == name:
                    draft.rather += [Lag(a=a, b=task.id, key=why, min=least) for why in draft.wanted_by[task.id]]


def _why_first(draft: Draft, id: str) -> list[str]:
    """The keys for which a step comes before others, else for which it comes so long after one at the most."""
    first = {c.key for c in draft.choices if any(lag.a == id for lag in c.options)} | {lag.key for lag in draft.lags if lag.a == id}
    return sorted(first or {lag.key for lag in draft.lags if lag.b == id and lag.max is not None})


def _sources(view: View, paper: Deliverable) -> list[LeafId]:
    """The steps after which a document is made: but for those before which a row wants it already, as a part of what they do."""
    rows = [r for r in view.method.requirements if r.is_ is Is.DELIVERABLE and r.due.form is Form.LEAF and r.selector("of").word == paper.id]
    wanted = {leaf for r in rows for leaf in view.words.leaves_of(r.due.name)}
    return [leaf for leaf in paper.of if leaf not in wanted]


def _a_step(draft: Draft, why: str, address: Address, before: list[Label], least: int) -> bool:
    """Whether what is asked for is a step of the plan, or a meeting: then it comes before those others, and is no other to-do."""
    view, found = draft.view, draft.view.words.find_leaf(address)
    if not found:
        return False
    leaf, inst = found[0], found[1]
    own = [x for x in draft.labels if x.leaf == leaf.id and x.inst == inst]
    if leaf.sort not in (Sort.MEETING, Sort.DECISION) and not any(draft.variable(x) == leaf.at(inst) for x in own):
        return False
    if draft.asked(why):
        draft.wanted.update(map(draft.variable, own))
    draft.lags += [Lag(a=draft.variable(x), b=draft.variable(y), key=why, min=least) for x in own for y in before if x != y and not view.position.precedes(x, y)]
    return True


# -- order and distance -----------------------------------------------------------------------------------


def _fitting(draft: Draft, name: str, matter: Matter, where: Record = Record()) -> list[Label]:
    """The planned labels of a word that are about a matter and whose instances the filter admits."""
    view = draft.view

    def admitted(label: Label) -> bool:
        own = set(zip(view.words.leaves[label.leaf].scope, label.inst, strict=False))
        found = [i for i in view.instances if (i.kind, i.id) in own]
        return all(any(i.attributes.get(k) in members(v) for i in found) for k, v in where)

    leaves = frozenset(view.words.leaves_of(name))
    return [x for x in draft.labels if x.leaf in leaves and touches(view, matter, x) and admitted(x)]


def _precedes(draft: Draft, row: Requirement, a: Selector, b: Selector) -> None:
    """Only what the tree does not order already: steps that are free or in parallel, with the filter of the row."""
    view = draft.view
    for matter in matters(view, row, draft.at):
        later = [x for x in _fitting(draft, b.word, matter) if matter.step in (None, x)]
        if not later or _holds_off(draft, row, None, matter):
            continue
        happened = [x for x, history in view.sittings.items() if x.leaf in view.words.leaves_of(a.word) and touches(view, matter, x) and any(s.done for s in history)]
        earlier = _fitting(draft, a.word, matter, row.where)
        why = key(row, matter.subject)
        if not earlier and not happened and set(view.words.leaves_of(a.word)) & set(view.method.tree.free):
            _stand_in(draft, row, a.word, why, later)
        several = len(view.words.leaves_of(a.word)) > 1
        for y in later:
            if row.is_ is Is.DECIDED:  # of whichever instance, and of whichever step
                ways = [] if happened or any(view.position.precedes(x, y) for x in earlier) else [[x for x in earlier if x != y]]
            else:
                ways = one_each(view, row, earlier, happened, y) if several else [[x] for x in earlier if not view.position.precedes(x, y)]
            if draft.asked(why):
                draft.wanted.update(draft.variable(x) for way in ways for x in way)
            for way in ways:
                draft.one_of(why, [Lag(a=draft.variable(x), b=draft.variable(y), key=why, min=1) for x in way])


def _stand_in(draft: Draft, row: Requirement, name: str, why: str, later: list[Label]) -> None:
    """Nobody is named yet for a step that must come first: naming them is the thing to do."""
    view = draft.view
    for leaf in view.words.leaves_of(name):
        scope = view.words.leaves[leaf].scope
        if scope:
            task = draft.task(Ask(Verb.DECLARE, Address(f"{scope[-1]}/…"), row.where), why)
            draft.stand_ins[task] = leaf
            draft.lags += [Lag(a=task, b=draft.variable(y), key=why, min=1) for y in later]


def _holds_off(draft: Draft, row: Requirement, label: Label | None, matter: Matter | None = None) -> bool:
    """
    Whether a row's `when` keeps it from binding a step: that other row does not hold about it, nor does the plan bring it about.

    A condition that is known only afterwards is taken to hold: a distance that is kept for nothing refuses nothing.
    """
    view = draft.view
    if not row.when:
        return False
    about = matter or (Matter(subject=address_of(view, label), about=instances_of(view, label), step=label) if label else Matter(subject=""))
    found = condition(view, row, about, draft.at)
    if found is Quiet.HOLDS:
        return False
    planned = {*draft.tasks, *(draft.variable(x) for x in draft.labels)}
    brought = found is None or (not isinstance(found, Quiet) and bool(found) and all(planned & {f"{ask.verb} {ask.address}", str(ask.address)} for ask in found))
    draft.supposed.setdefault((row.code, Code(row.when), brought), []).append(about.subject)
    return not brought


def _gap(draft: Draft, row: Requirement) -> None:
    view = draft.view
    if left_open(view, row, "min", draft.at) or left_open(view, row, "max", draft.at):
        return
    least, most = (length_of(view, row, bound, draft.at) for bound in ("min", "max"))
    counting = counted_in(view, row, draft.at)
    a, b = row.selector("a"), row.selector("b")
    if a.field == "planned":
        return  # how far the plan is kept is known only afterwards
    if a.word == b.word and not a.field:
        _consecutive(draft, row, a.word, least, most, counting)
    elif DeliverableId(b.word) in view.words.deliverables:
        _written_up(draft, row, a.word, least, most, counting)
    elif a.field:
        _convened(draft, row, b.word, least, counting)
    else:
        for matter in matters(view, row, draft.at):
            later = _fitting(draft, b.word, matter)
            for y in later if later and not _holds_off(draft, row, None, matter) else ():
                why, firsts = key(row, view.words.leaves[y.leaf].at(y.inst)), _before_or_held(draft, a.word, matter)
                if most is not None and draft.asked(why) and any(first.held or first.id in draft.wanted for first in firsts):
                    draft.wanted.add(draft.variable(y))  # what was begun has so long to be followed by it
                for way in distances(view, firsts, y, draft.variable(y), Lag(a="", b="", key=why, min=least, max=most, count=counting)):
                    draft.one_of(why, way)


def _before_or_held(draft: Draft, name: str, matter: Matter) -> list[First]:
    """The steps from which a distance may be measured: those held, in the order of their days, then those to come."""
    view = draft.view
    done = [(day, x) for x in view.sittings if x.leaf in view.words.leaves_of(name) and touches(view, matter, x) and (day := draft.done(x))]
    held = [First(draft.variable(x), x, held=True) for _, x in sorted(done, key=lambda told: (told[0].latest, told[1]))]
    known = {first.id for first in held}
    return held + [First(v, x, held=False) for x in _fitting(draft, name, matter) if (v := draft.variable(x)) not in known]


def _consecutive(draft: Draft, row: Requirement, name: str, least: int | None, most: int | None, counting: Counting) -> None:
    """Between neighbours in the tree's order, the last held one first: of each instance by itself where the row is of each."""
    view = draft.view
    leaves = view.words.leaves_of(name)
    for matter in matters(view, row, draft.at) if row.each in view.words.kinds else [Matter(subject="")]:
        held = [(w.earliest, x) for x in view.sittings if x.leaf in leaves and touches(view, matter, x) and (w := draft.done(x))]
        chain = [max(held, key=lambda h: (h[0], h[1].leaf))[1]] if held else []
        chain += [x for x in draft.labels if x.leaf in leaves and touches(view, matter, x)]
        for x, y in itertools.pairwise(chain):
            if view.position.precedes(x, y) and not _holds_off(draft, row, y):
                draft.lags.append(Lag(a=draft.variable(x), b=draft.variable(y), key=key(row, view.words.leaves[y.leaf].at(y.inst)), min=least, max=most, count=counting))


def _written_up(draft: Draft, row: Requirement, name: str, least: int | None, most: int | None, counting: Counting) -> None:
    view = draft.view
    paper = view.words.deliverables[DeliverableId(row.selector("b").word)]
    leaves = view.words.leaves_of(name)
    meetings: list[tuple[str, When | None, Label]] = [(draft.variable(x), None, x) for x in draft.labels if x.leaf in leaves]
    meetings += [(s.address, s.held, x) for x, h in view.sittings.items() if x.leaf in leaves for s in h if s.held and (draft.done(x) or s.address != draft.variable(x))]
    for meeting, held, label in meetings:
        address, other = Address(paper.address.replace("{sitting}", meeting)), row.param("instead")
        papers = [paper.address, *([view.words.deliverables[DeliverableId(str(other))].address] if other else [])]
        if any(view.states.get((PAPER, Address(p.replace("{sitting}", meeting)))) for p in papers):
            continue
        if _holds_off(draft, row, label, _of_sitting(view, meeting, label)):
            continue
        if held and most and gone_by(view, held.latest, draft.at, counting, draft.at) > most:
            draft.late(Ask(Verb.DELIVER, address), key(row, meeting), last_in_time(view, held.latest, most, counting, draft.at))
            continue
        task = draft.task(Ask(Verb.DELIVER, address), key(row, meeting))
        draft.lags.append(Lag(a=meeting, b=task, key=key(row, meeting), min=max(1, least or 0), max=most, count=counting))


def _minuted(draft: Draft, row: Requirement) -> None:
    """Minutes are sent a day before the next sitting of the same body at the latest; they are approved at it, which is no to-do."""
    if row.param("state") == "approved":
        return
    view, leaves = draft.view, draft.view.words.leaves_of(row.selector("of").word)
    paper = view.words.deliverables[DeliverableId(str(row.param("paper")))]
    sat = [x for x in view.sittings if x.leaf in leaves and draft.done(x) and x not in draft.labels]
    _unminuted(draft, row, leaves)
    for y in (x for x in draft.labels if x.leaf in leaves):
        before = [(draft.variable(x), x) for x in (*sat, *draft.labels) if x.leaf in leaves and x.inst == y.inst and view.position.precedes(x, y)]
        before += [(s.address, y) for s in view.sittings.get(y, ()) if s.held and s.address != draft.variable(y)]
        for meeting, x in before:
            address = Address(paper.address.replace("{sitting}", meeting))
            if view.states.get((PAPER, address)):
                continue
            if _holds_off(draft, row, x, _of_sitting(view, meeting, x)):
                continue
            task = draft.task(Ask(Verb.DELIVER, address), key(row, meeting))
            draft.lags += [Lag(a=meeting, b=task, key=key(row, meeting), min=1), Lag(a=task, b=draft.variable(y), key=key(row, meeting), min=1)]


def _of_sitting(view: View, address: str, label: Label) -> Matter:
    return Matter(subject=address, about=instances_of(view, label), step=label)


def _unminuted(draft: Draft, row: Requirement, leaves: tuple[LeafId, ...]) -> None:
    """Minutes that were not sent before the next sitting, which is over, are to be sent all the same."""
    view = draft.view
    paper = view.words.deliverables[DeliverableId(str(row.param("paper")))]
    held = [(s.held, s.address, x) for x, h in view.sittings.items() if x.leaf in leaves for s in h if s.held]
    for day, meeting, x in held:
        after = [d.earliest for d, _, y in held if y.inst == x.inst and (y == x or view.position.precedes(x, y)) and d.earliest > day.latest]
        address = Address(paper.address.replace("{sitting}", meeting))
        if after and not view.states.get((PAPER, address)) and not _holds_off(draft, row, x, _of_sitting(view, meeting, x)):
            draft.late(Ask(Verb.DELIVER, address), key(row, meeting), min(after) - dt.timedelta(days=1))


def _convened(draft: Draft, row: Requirement, name: str, least: int | None, counting: Counting) -> None:
    view = draft.view
    for x in draft.labels:
        if x.leaf not in view.words.leaves_of(name) or _holds_off(draft, row, x):
            continue
        open_ = None if x in draft.missed else next((s for s in reversed(view.sittings.get(x, ())) if not s.done and not s.cancelled), None)
        if open_ is None or (open_.convened is None and open_.held is None):
            why = key(row, view.words.leaves[x.leaf].at(x.inst))
            task = draft.task(Ask(Verb.CONVENE, view.words.leaves[x.leaf].at(x.inst)), why)
            draft.lags.append(Lag(a=task, b=draft.variable(x), key=why, min=least, count=counting))
        elif open_.convened is not None and open_.held is None and least is not None and row.severity is Severity.ERROR:
            # Convened already: before its notice has run it would be refused. (Of a warning, what was convened is a fact.)
            sent = f"{Verb.CONVENE} {open_.address}"
            draft.notices[sent] = open_.convened.latest
            draft.lags.append(Lag(a=sent, b=draft.variable(x), key=key(row, open_.address), min=least, count=counting))


# -- days ---------------------------------------------------------------------------------------------------


def _window(draft: Draft, row: Requirement, first: dt.date, last: dt.date) -> None:
    view = draft.view
    not_in, period = sought(view, row.param("not_in"), draft.at), sought(view, row.param("in"), draft.at)
    closed = shut(view, first, last, {str(w) for w in not_in}) if isinstance(not_in, tuple) else ()
    closed = tuple(sorted({*closed, *_outside(period, first, last), *ahead_of(view, row, draft.at, first, last)}))
    if not closed:
        return
    for label in draft.labels:
        if label.leaf in view.words.leaves_of(row.selector("of").word) and not _holds_off(draft, row, label):
            id = draft.variable(label)
            draft.holes.setdefault(id, []).append(Hole(key=key(row, id), days=closed))


def _outside(period: Value | None, first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """The days of a span that lie outside a period; none where there is no period."""
    inside = When.parse(str(period)) if period is not None else When(first)
    days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(d for d in days if period is not None and not inside.earliest <= d <= inside.latest)


def _share(draft: Draft, row: Requirement, first: dt.date, last: dt.date) -> None:
    """Soft: every one of them inside the window where that is possible."""
    view = draft.view
    window = sought(view, row.param("in"), draft.at)
    if window is None:
        return
    outside = _outside(window, first, last)
    for label in draft.labels:
        if label.leaf in view.words.leaves_of(row.selector("of").word) and not _holds_off(draft, row, label):
            id = draft.variable(label)
            draft.soft.setdefault(id, []).append(Hole(key=key(row, id), days=outside))


def _disjoint(draft: Draft, row: Requirement, first: dt.date) -> None:
    """The meetings to come, and those of this very day that were held: their hour is taken."""
    view = draft.view
    name = row.selector("of").word
    leaves = view.words.leaves_of(name)
    own = [x for x in draft.labels if x.leaf in leaves]
    held = [s.address for x in leaves for s in view.held(x) if s.held is not None and s.held.latest >= first]
    members = tuple(dict.fromkeys([*(draft.variable(x) for x in own), *held]))
    if own and len(members) > 1 and not all(_holds_off(draft, row, x) for x in own):  # either of two may be the one that must not clash
        draft.apart.append(Apart(members=members, key=key(row, name)))
