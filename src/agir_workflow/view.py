"""
A dossier read under its method: instances, sittings, values, states, and the position.

Facts are folded in the order of the days on which they happened, not of their arrival. Every
question takes the day as of which it is asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterator
from functools import cached_property
from typing import TypeVar

from . import _fold
from ._chart import initial
from ._fold import Folded
from ._fold import corrected as corrected
from ._kept import Answers
from ._tip import Tip, board_of
from ._titles import title_of
from .dossier import ChartState, Derogation, Dossier, Instance, Item, Label, Sitting, day_of, on_of
from .evidence import NOTHING, Evidence
from .facts import DOSSIER, Adopt, Agree, Correct, Declare, Derogate, Fact, Publish
from .method import Leaf, Method
from .position import Happened, Position
from .trace import course, in_order
from .values import Record
from .walk import locate
from .when import Slot, When
from .words import Address, FacetId, InstanceId, KindId, LeafId, Sort, Text, Verb
from .workdays import in_zone

# Names of their own: on Python 3.11 a member of an enum takes six times as long to look up as another name.
_CLEAR, _DECIDE, _DELIVER, _CANCEL, _DECISION = Verb.CLEAR, Verb.DECIDE, Verb.DELIVER, Verb.CANCEL, Sort.DECISION
_OF_A_SITTING = frozenset((Verb.CONVENE, Verb.HOLD, Verb.DECIDE, Verb.MOVE, Verb.CANCEL))
_OF_A_STEP = _OF_A_SITTING | {Verb.AGREE}
_OF_A_NOTICE = frozenset((Verb.CONVENE, Verb.MOVE, Verb.CANCEL))
_MOVES = frozenset((Verb.SUBMIT, Verb.RETURN, Verb.APPROVE, Verb.REVOKE))
_OF_AN_INSTANCE = frozenset((Verb.DECLARE, Verb.END, Verb.MERGE))
K = TypeVar("K")
T = TypeVar("T")
Word = TypeVar("Word", FacetId, LeafId)
RUN, PAPER, COPIL = "run", "deliverable", "copil"
INSTANCES, POSITION, SHAPE, CLEARED, ANY_FACT = "instances", "the position", "the lanes", "cleared", "any fact"
"""Keys of what a fact may touch, beside those of its own: a leaf, a label, a facet, a document…"""


def view_of(method: Method, dossier: Dossier) -> View:
    """The view of a dossier, made once and kept beside it."""
    tip = dossier.index
    if type(tip) is Tip and tip.method is method:
        if tip.view.dossier is dossier:
            return tip.view
        view = tip.view.extended(dossier, tip)
    else:
        view = View(method, dossier)
    dossier.keep(view.tip)
    return view


def tip_of(method: Method, dossier: Dossier) -> Tip:
    """The tip of a dossier; for one that was never asked, its view is made."""
    tip = dossier.index
    if type(tip) is not Tip or tip.method is not method:
        tip = view_of(method, dossier).tip
    if tip.board is None:
        tip.view.stand()
    return tip


def evolve(method: Method, dossier: Dossier, event: Fact) -> Dossier:
    """
    The dossier with one event more; total over every sequence of events.

    Where the event comes last in time what is known is carried over: after a
    plain step the tip alone, whose view is made when it is asked for; after another fact the view.
    """
    facts, tip = (*dossier.facts, event), dossier.index
    if type(tip) is not Tip or tip.method is not method:
        return Dossier(facts)
    ahead = tip.ahead
    if ahead is not None and ahead.said is not None and ahead.said[2] is event:
        return Dossier(facts, ahead)
    if tip.board is None and "position" in tip.view.__dict__:
        tip.view.stand()
    moved = tip.after(event)
    after = Dossier(facts, moved)
    if moved is None and not isinstance(event.args, Correct):
        view = view_of(method, dossier)
        # A day in which something came before its time is folded anew: the event may be what it waited for.
        # So is one into whose rough days the event falls: they are what the event leaves of them.
        day = event.on.earliest
        if view._vague < day and (view.last < day or (view.last == day and not view.jumped)):
            after.keep(view.extended(after).tip)
    return after


class View:
    """Built by `view_of`; read only."""

    evidence: Evidence = NOTHING

    def __init__(self, method: Method, dossier: Dossier) -> None:
        self.method, self.dossier, self.words = method, dossier, method.words
        head = dossier.head
        self.start = dossier.start
        self.profile: Record = in_zone(next((p.values for p in method.profiles if p.id == head.profile), Record()), head.zone)
        self.regime: Record = next((r.values for r in method.regimes if r.id == head.regime), Record())
        self.instances: list[Instance] = []
        self._steps: dict[Label, list[_fold.Told]] = {}
        self.sittings: dict[Label, list[Sitting]] = Folded(self._steps, _fold.sittings_of)
        answers: dict[FacetId, list[Fact]] = {}
        papers: dict[tuple[str, Address], list[Fact]] = {}
        self.items: dict[FacetId, list[Item]] = Folded(answers, lambda k, facts: _fold.items_of(method.words, method.words.facets[k], facts))
        self.states: dict[tuple[str, Address], list[ChartState]] = Folded(papers, lambda k, facts: _fold.states_of(*k, facts)[0])
        self.planned: dict[Address, Slot] = {}
        self.adopted: Adopt | None = None
        self.published: list[tuple[When, Publish]] = []
        self.derogations: list[Derogation] = []
        self.settled: dict[Address, When] = {}
        self.done_facts: list[tuple[Label, Fact]] = []
        self._done_at: list[Address | None] = []
        self._reach = dt.date.min
        self._mine: set[Hashable] | None = None
        self.counted: dict[FacetId, dict[tuple[InstanceId, ...], int]] = {}
        """How many values that say something hold at each subject; counted by whoever asks."""
        self._titles: dict[str, Text] = {}
        self.looked: dict[Hashable, object] = {}
        """What was looked up of this very view, for those who ask again."""
        self._sat: dict[LeafId, list[Label]] | None = None
        self._held: dict[tuple[LeafId, dt.date | None], tuple[Sitting, ...]] = {}
        self._as_of: tuple[dt.date, Dossier] | None = None
        self._opened: dict[LeafId, dict[tuple[InstanceId, ...], When]] | None = None
        self._by_id: dict[tuple[KindId | None, InstanceId], Instance] | None = None
        self._of_kind: dict[KindId, list[Instance]] | None = None
        self._touched: list[Hashable] = []
        self.answers = Answers()
        self.tip = Tip(method, self, None, 0, dt.date.max, None)
        facts = corrected(dossier)
        self.jumped = False
        self.last, self._vague, self.newest = _fold.last_days(dossier, facts)
        rest = _fold.set_apart(self.words, facts[1:], answers, papers, PAPER)
        while rest:
            rest = self._fold_straight(rest)
        self.jumped |= any(_fold.states_of(*key, told)[1] for key, told in papers.items() if day_of(told[-1]) == self.last)

    def extended(self, dossier: Dossier, plain: Tip | None = None) -> View:
        """
        The view of *dossier*, this one's with the facts that came since, each no earlier than the one before.

        *plain*: the tip after them, where they are plain steps.
        """
        out = View.__new__(View)
        out.__dict__.update(self.__dict__)
        out.looked, out._held, out._sat, out._as_of, out._by_id, out._of_kind, out._opened, out._touched, out._mine = {}, {}, None, None, None, None, None, [ANY_FACT], set()
        out.dossier, was = dossier, self.tip
        for fact in dossier.facts[self.dossier.version :]:
            out._append(fact, plain is None)
        if plain is not None:
            out.__dict__["position"] = self.position.moved(plain.bits)
            out.tip = Tip(out.method, out, plain.board, plain.bits, plain.floor, None)
        elif out.jumped or POSITION in out._touched or (RUN, DOSSIER) in out._touched:
            out.tip = Tip(out.method, out, None, 0, dt.date.max, None)
        else:
            out.tip = Tip(out.method, out, was.board, was.bits, max(was.floor, out.last), None)
        out.answers = self.answers.after(out._touched)
        return out

    def _append(self, fact: Fact, moving: bool) -> None:
        day = day_of(fact)
        self.jumped = (self.jumped and self.last == day) or not self._ready(fact)
        self.last, self.newest = day, max(self.newest, day)
        if not fact.on.is_day:
            self._vague = max(self._vague, fact.on.latest)
        reach, done = self._reach, len(self.done_facts)
        self._fold(fact)
        if fact.verb in _OF_AN_INSTANCE:
            self._titles = {}
            self.__dict__.pop("position", None)
            self._touched += (POSITION, SHAPE)
        elif len(self.done_facts) > done:
            self._touched.append(POSITION)
            if moving:
                self._move(reach, day)

    def _move(self, reach: dt.date, day: dt.date) -> None:
        """The position after one fact more: one step on, where all else was done before its day; else found anew when asked."""
        position = self.__dict__.pop("position", None)
        if position is not None and reach < day:
            n = len(self.done_facts) - 1
            (label, fact), address = self.done_facts[n], self._done_at[n]
            assert address is not None
            moved = self.__dict__["position"] = position.take(label, fact.on, address, renews=self.renews(label, fact, n))
            if moved.same_lanes(position):
                return
        self._touched.append(SHAPE)

    @cached_property
    def cleared(self) -> frozenset[dt.date]:
        """The days on which an answer was withdrawn."""
        return frozenset([f.on.earliest for f in self.dossier.facts if f.verb is _CLEAR])

    @property
    def since(self) -> dt.date:
        """The day from which on nothing has happened later."""
        return max(self.newest, self.last, self.start)

    def stand(self) -> None:
        """Makes the tip ready for plain steps, where there can be any."""
        if not self.states.get((RUN, DOSSIER)):
            full = max(self._reach, self._vague, self.last if self.jumped else dt.date.min)
            floor = max(self.since, full + dt.timedelta(days=1))
            position = self.position
            self.tip.bits, self.tip.floor, self.tip.board = position.bits, floor, board_of(self.words, position.shape)

    def beside(self, evidence: Evidence) -> View:
        """The same view, with that evidence beside its dossier."""
        out = View.__new__(View)
        out.__dict__.update(self.__dict__)
        out.looked, out.answers, out.evidence = {}, Answers(), evidence
        out.tip = Tip(out.method, out, None, 0, dt.date.max, None)
        return out

    # -- folding ------------------------------------------------------------------------------

    def _fold_straight(self, facts: list[Fact]) -> list[Fact]:
        """The facts in their order, down to a day in which one is not possible in its turn, and that day; what is left."""
        for n, fact in enumerate(facts):
            if fact.verb is _DECIDE and not self._ready(fact):
                day = day_of(fact)
                end = next((m for m in range(n, len(facts)) if day_of(facts[m]) != day), len(facts))
                self.jumped = self._fold_bent(facts[n:end]) and day == self.last
                return facts[end:]
            self._fold(fact)
        return []

    def _fold_bent(self, facts: list[Fact]) -> bool:
        """The facts of one day, those first that were possible by then, in the order of their arrival; whether one was not."""
        jumped = False
        while facts:
            ready = next((n for n, f in enumerate(facts) if self._ready(f)), None)
            jumped |= ready is None
            self._fold(facts.pop(ready or 0))
        return jumped

    def _ready(self, fact: Fact) -> bool:
        """Whether a fact that takes up another (a decision, a document's move) finds that other one done."""
        if fact.verb is _DECIDE and (found := self.words.find_leaf(fact.address)):
            history = self.sittings.get(Label(found[0].id, found[1]), ())
            return any(s.held is not None and s.done is None for s in history)
        return fact.verb not in _MOVES or _fold.ready_move(PAPER, self.states.get((PAPER, fact.address), ()), fact.verb)

    def _fold(self, fact: Fact) -> None:
        verb = fact.verb
        if not _fold.of_a_paper(self.words, fact) if verb is _DELIVER else verb in _OF_A_STEP:
            self._fold_sitting(fact)
            return
        match verb:
            case Verb.DECLARE | Verb.END | Verb.MERGE:
                self._fold_instance(fact)
            case Verb.FILL | Verb.CLEAR:
                self._fold_item(fact)
            case Verb.SUSPEND | Verb.RESUME | Verb.ABANDON | Verb.CLOSE:
                self._enter(RUN, DOSSIER, fact)
            case _ if _fold.of_a_paper(self.words, fact):
                self._enter(PAPER, fact.address, fact)
            case Verb.SETTLE:
                self._touched.append("settled")
                self._open("settled")
                self.settled.setdefault(fact.address, fact.on)
            case Verb.ADOPT if isinstance(fact.args, Adopt):
                self._touched += ("adopted", "planned")
                self._open("planned")
                self.adopted = fact.args
                for step in (*fact.args.meetings, *fact.args.deadlines):
                    self.planned[Address(step.address)] = step.slot
            case Verb.PUBLISH if isinstance(fact.args, Publish):
                self._touched.append("published")
                self._open("published")
                self.published.append((fact.on, fact.args))
            case Verb.DEROGATE if isinstance(fact.args, Derogate):
                args = fact.args
                self._touched.append("derogations")
                self._open("derogations")
                self.derogations.append(Derogation(code=args.code, subject=fact.address, copil=args.copil, reason=args.reason, by=fact.stamp.by if fact.stamp else "", on=fact.on, until=args.until))
            case Verb.ADOPT | Verb.PUBLISH | Verb.DEROGATE | Verb.CORRECT:
                pass  # a correction is read before the fold; of another verb's arguments nothing can be made

    def _fold_instance(self, fact: Fact) -> None:
        kind, _, id = fact.address.partition("/")
        self._by_id = self._of_kind = None
        self._touched.append(INSTANCES)
        self._open("instances")
        if isinstance(fact.args, Declare):
            self.instances.append(_fold.instance_of(fact, fact.args))
            return
        # On the day of an end what its lane did comes first: such a step is placed anew.
        self._reach = max(self._reach, fact.on.latest)
        for n, instance in enumerate(self.instances):
            if (instance.kind, instance.id) == (kind, id) and instance.off is None:
                self.instances[n] = instance._replace(off=fact.on)

    def _fold_item(self, fact: Fact) -> None:
        facet = self.words.facets.get(FacetId(fact.address.partition("/")[0]))
        if facet is None:
            return
        if fact.verb is _CLEAR:
            self._touched.append(CLEARED)
            self.__dict__.pop(CLEARED, None)
        self._open("items", "counted")
        self.counted.pop(facet.id, None)
        items, subject = self._own("items", self.items, facet.id), _fold.subject_of(fact)
        self._touched += (facet.id, "items")
        _fold.take_item(facet, fact, items, [n for n, i in enumerate(items) if i.off is None and i.subject == subject], *_fold.placeholders(self.words, facet))

    def _open(self, *names: str) -> None:
        """Tables of the view before, about to be changed: from here on copies of this view's own."""
        mine = self._mine
        if mine is not None:
            for name in names:
                if name not in mine:
                    mine.add(name)
                    self.__dict__[name] = self.__dict__[name].copy()

    def _own(self, name: str, table: dict[K, list[T]], key: K) -> list[T]:
        """The list under a key, to be changed: a copy where it is shared with the view before."""
        mine = self._mine
        if mine is not None and (name, key) not in mine:
            mine.add((name, key))
            row = table[key] = list(table[key])
            return row
        return table.setdefault(key, table[key])

    def _enter(self, chart: str, id: Address, fact: Fact) -> None:
        self._touched += ((chart, id), "states")
        self._open("states")
        _fold.enter(chart, id, fact, self._own("states", self.states, (chart, id)))

    def _fold_sitting(self, fact: Fact) -> None:
        found = self.words.find_label(fact.address)
        if found is None:
            return
        leaf, label, n = found
        verb, fresh = fact.verb, self._mine is None
        completes, decides = verb is leaf.completes, leaf.sort is _DECISION
        told = self._steps.setdefault(label, []) if fresh else []
        if completes:
            on = on_of(fact).latest
            if on > self._reach:
                self._reach = on
            if not fresh:
                self._open("done_facts", "_done_at")
            self.done_facts.append((label, fact))
            self._done_at.append(None)
            if fresh and not decides and not dict.__contains__(self.sittings, label):
                told.append((leaf, n, fact))
                return
        self._open("sittings")
        sitting = _fold.take_sitting(leaf, label, n, fact, self._own("sittings", self.sittings, label))
        self._touched += (label, leaf.id, "sittings")
        if completes:
            self._touched.append("done_facts")
            self._done_at[-1] = sitting.address
        if verb in _OF_A_NOTICE:
            self._touched.append("planned")
            self._open("planned")
            if verb is _CANCEL:
                self.planned.pop(sitting.address, None)
            elif sitting.planned is not None:
                self.planned[sitting.address] = sitting.planned
        if decides and verb in _OF_A_SITTING:
            self._enter(COPIL, sitting.address, fact)

    def _happened(self) -> Iterator[Happened]:
        """The completions of leaves, in the order in which they were folded."""
        again: dict[Label, Iterator[Address]] = {}
        for n, ((label, fact), at) in enumerate(zip(self.done_facts, self._done_at, strict=True)):
            if at is None:
                told = self._steps[label]
                if len(told) > 1 and label not in again:
                    again[label] = _fold.addresses_of(label, told)
                at = next(again[label]) if len(told) > 1 else Address(fact.address.partition("#")[0])
            yield tuple.__new__(Happened, (label, on_of(fact), at, isinstance(fact.args, Agree) and self.renews(label, fact, n)))

    def renews(self, label: Label, fact: Fact, n: int | None = None) -> bool:
        """Whether a fact is an agreement to a newer version than the one that the same party agreed to before, among the first *n* steps done."""
        if not isinstance(fact.args, Agree) or fact.args.version is None:
            return False
        said = next((f.args.version for x, f in reversed(self.done_facts[:n]) if x == label and isinstance(f.args, Agree)), None)
        return said is not None and said < fact.args.version

    def open_sitting(self, leaf: Leaf, label: Label, n: int, fact: Fact) -> Sitting:
        """The sitting that a fact speaks of: the named one, else the open one, else a new one."""
        return _fold.open_sitting(self.sittings.get(label, ()), leaf, label, n, fact.verb)

    # -- reading ------------------------------------------------------------------------------

    def of_word(self, word: Word, as_of: dt.date | None, make: Callable[[View, Word, dt.date | None], T]) -> T:
        """What *make* gives of the items of a facet, or the sittings of a leaf, alone on a day; made once for this view."""
        key = (make, word, as_of)
        if (found := self.looked.get(key)) is None:
            found = self.looked[key] = make(self, word, as_of)
        return found  # type: ignore[return-value]

    @cached_property
    def position(self) -> Position:
        return locate(self.method.tree, {x.id: x.scope for x in self.method.leaves}, self.instances, tuple(self._happened()))

    def trace(self) -> tuple[Happened, ...]:
        """The steps that were completed, in the order in which the position takes them."""
        return in_order(self.method.tree, {x.id: x.scope for x in self.method.leaves}, self.instances, tuple(self._happened()))

    def course(self) -> tuple[tuple[Happened, bool], ...]:
        """The same without what the tree leaves alone, each with whether it had a place there: see `position.course`."""
        return course(self.method.tree, {x.id: x.scope for x in self.method.leaves}, self.instances, tuple(self._happened()))

    def labels(self, leaf: LeafId | None = None) -> tuple[Label, ...]:
        """The labels that the tree has over the present instances, in its order; those of one leaf."""
        return self.position.labels(leaf)

    def redo(self, label: Label) -> Label | None:
        """The step that sends the innermost loop around a label round again; None if it has none."""
        return self.position.redo(label)

    def ends_by(self, day: dt.date) -> bool:
        """Whether nothing happened after a day; what holds from the dossier's start holds on any."""
        return self.newest <= max(day, self.start)

    def seen(self, day: dt.date) -> View:
        """The view of what happened by a day, as it is known now: this one, where nothing happened after it."""
        if self.ends_by(day):
            return self
        if self._as_of is None or self._as_of[0] != day:
            self._as_of = (day, _fold.known_now(self.dossier).as_of(day))
        return view_of(self.method, self._as_of[1])

    def after(self, fact: Fact) -> View:
        """The view of the dossier with one fact more, which is not kept."""
        return view_of(self.method, evolve(self.method, self.dossier, fact))

    def state(self, chart: str, id: Address, as_of: dt.date | None = None) -> str:
        """The state of the run, a deliverable or a sitting of a copil on a day."""
        for entry in reversed(self.states.get((chart, id), ())):
            if as_of is None or entry.on.earliest <= as_of:
                return entry.state
        return initial(chart)

    def of_kind(self, kind: KindId, as_of: dt.date | None = None) -> tuple[Instance, ...]:
        """The instances of a kind that exist on a day, in the order of their declaration."""
        if self._of_kind is None:
            self._of_kind = _fold.by_kind(self.instances)
        own = self._of_kind.get(kind, ())
        return tuple(own if as_of is None else [i for i in own if _fold.holds(i.on, i.off, as_of)])

    def free_labels(self, as_of: dt.date | None = None) -> tuple[Label, ...]:
        """The steps that stand anywhere, one for each instance that they are about."""
        return tuple(Label(x, inst) for x in self.method.tree.free for inst in self.named(self.words.leaves[x].scope, as_of))

    def named(self, scope: tuple[KindId, ...], as_of: dt.date | None = None) -> list[tuple[InstanceId, ...]]:
        """Whom a step of these kinds may be about, on a day: one of each, in the one it lies in; () for a step about nobody."""
        return _fold.together(scope, [self.of_kind(k, as_of) for k in scope], self.words.kinds)

    def instance(self, id: InstanceId, kind: KindId | None = None) -> Instance | None:
        """The first instance of a kind that bore an id; of any kind, where none is said."""
        if self._by_id is None:
            self._by_id = {key: i for i in reversed(self.instances) for key in ((i.kind, i.id), (None, i.id))}
        return self._by_id.get((kind, id))

    def held(self, leaf: LeafId, as_of: dt.date | None = None) -> tuple[Sitting, ...]:
        """The sittings of a leaf that were completed (or held) by a day, in order."""
        if self._sat is None:
            self._sat = _fold.by_leaf(self.sittings)
        if (held := self._held.get((leaf, as_of))) is None:
            dated = _fold.completed(s for label in self._sat.get(leaf, ()) for s in self.sittings[label])
            held = self._held[leaf, as_of] = tuple([s for day, _, s in dated if as_of is None or day <= as_of])
        return held

    def opened(self, leaf: LeafId) -> dict[tuple[InstanceId, ...], When]:
        """The day on which a leaf was first taken up (held, else completed) for each of the instances it is about."""
        if self._opened is None:
            self._opened = _fold.opened(self.sittings)
        return self._opened.get(leaf, {})

    def at(self, facet: FacetId, as_of: dt.date | None = None) -> tuple[Item, ...]:
        every = self.items.get(facet, ())
        if as_of is None or as_of >= self.since:
            return tuple(every) if as_of is None else tuple([i for i in every if i.off is None])
        return tuple([i for i in every if _fold.holds(i.on, i.off, as_of)])

    def title(self, address: str) -> Text:
        """What a person calls the thing at an address."""
        found = self._titles.get(address)
        if found is None:
            found = self._titles[address] = title_of(self, address)
        return found
