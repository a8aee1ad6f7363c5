"""What each kind of requirement means to the engine: a reason why not, at the moment of a command."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence

import attrs

from ..answers import As, Ask, Blocker, Lift, Wait
from ..carried import kept
from ..dossier import Label
from ..method import Leaf
from ..position import Standing
from ..requirements import CONDITIONS, Duration, Form, Is, Requirement
from ..tree import Node
from ..values import Record, each_of
from ..view import View
from ..when import Slot
from ..words import OPENS, Address, Family, LeafId, Severity, Text, Verb
from ._applies import applies
from ._days import counting_of, earliest_after, elapsed_between, not_on, period_of
from ._notice import NOT_CALLED, shortened
from ._phrases import day_of, days_of, fill_in, joined, length_of, named, range_of
from ._result import NotApplicable, Unmet, needed
from .binding import Binding, ask_label, asks, bind_label, bind_next, bindings, fits, title_of, ways_before
from .granted import lifted_by_copil
from .quorum import seated_wrongly
from .seats import expected
from .selected import sittings
from .unmet import decision_of, evaluate, void


@attrs.frozen(kw_only=True)
class Asked:
    """The move a guard looks at: which leaf, by whom, on which day and hour."""

    leaf: Leaf | None
    label: Label | None
    on: dt.date
    by: str
    slot: Slot | None = None
    first: dt.date | None = None
    """The first day that it may have been, where the day is not known; `on` is the last."""


def blocker(view: View, row: Requirement, binding: Binding, unmet: Unmet, *, permanent: Text | None = None, family: Family = Family.RULE) -> Blocker:
    """The value of one unmet requirement, with its sentence and ways out."""
    parts = {"subject": title_of(view, binding), "value": unmet.value, "bound": unmet.bound, "missing": unmet.missing}
    lifts = unmet.lifts or lifted_by_copil(view, row, binding.subject)
    if not lifts and permanent is None:
        permanent = Text("le fait est passé", "what happened cannot be changed")
    return Blocker(
        code=row.code, family=family, subject=binding.subject, text=fill_in(unmet.said or row.why, parts), is_=row.is_ if family is Family.RULE else None,
        params=Record(tuple((k, v.en) for k, v in parts.items() if v is not None and k != "subject")),
        lifts=lifts, permanent=None if lifts else permanent, severity=unmet.severity or row.severity,
        quote=row.quote, origin=row.origin,
    )  # fmt: skip


def due_rows(view: View, label: Label) -> Iterator[Requirement]:
    """The rows to read before a label is taken: those due at its leaf, or at a phase not yet begun."""
    table = view.words.due_rows
    for phase in begins(view, label):
        yield from table.get((Form.PHASE, phase.name), ())
    yield from table.get((Form.LEAF, str(label.leaf)), ())


def begins(view: View, label: Label) -> list[Node]:
    """The phases that a label would open: its own and those before it, as far as none has begun."""
    own = view.words.phase_of.get(label.leaf)
    if own is None:
        return []
    phases = list(view.method.tree.phases)
    upto = phases[: phases.index(own) + 1]
    return [p for n, p in enumerate(upto) if not any(view.position.phase_begun(q.name) for q in phases[n:])]


def objections(view: View, asked: Asked) -> list[Blocker]:
    """What the rows of `due_rows` object to before a label is taken, in their order."""
    label = asked.label
    assert label is not None
    out: list[Blocker] = []
    for phase in begins(view, label):
        for row, found in kept(view, ("phase", phase.name, asked.on), lambda v, name=phase.name: _at_phase(v, name, asked.on)):  # type: ignore[misc]
            if found is None:
                out += guard(view, row, asked)
                continue
            first: dict[str, Blocker] = {}
            for binding, made in found:
                if _is_about(view, row, binding, label, (label.leaf,)):
                    first.setdefault(made.key, made)
            out += first.values()
    for row in view.words.due_rows.get((Form.LEAF, str(label.leaf)), ()):
        out += guard(view, row, asked)
    return out


_OF_A_LABEL = (Is.GAP, Is.BY)
"""The kinds whose reader looks at the label that is asked for."""


def _at_phase(view: View, phase: str, on: dt.date) -> list[tuple[Requirement, list[tuple[Binding, Blocker]] | None]]:
    """The rows due at a phase that object at some subject, whatever label opens it; None for one that each label must ask."""
    out: list[tuple[Requirement, list[tuple[Binding, Blocker]] | None]] = []
    for row in view.words.due_rows.get((Form.PHASE, phase), ()):
        if row.is_ in _OF_A_LABEL:
            out.append((row, None))
            continue
        asked = Asked(leaf=None, label=None, on=on, by="")
        found = [(binding, blocker(view, row, binding, unmet)) for binding in bindings(view, row, on) if (unmet := _unmet(view, row, binding, asked)) is not None]
        if found:
            out.append((row, found))
    return out


def relevant(view: View, row: Requirement, asked: Asked) -> Iterator[Binding]:
    """The subjects of a row that a move is about: its own label where the row is due at each, else of its own instance."""
    label = asked.label
    at_leaf = row.due.form in (Form.LEAF, Form.AFTER)
    own = {*(view.words.leaves_of(row.due.name) if at_leaf else ()), *((label.leaf,) if label else ())}
    only = label if at_leaf and label is not None and label.leaf in own else None
    for binding in bindings(view, row, asked.on, only):
        if label is None:
            yield binding
        elif _is_about(view, row, binding, label, own):
            at_next = row.due.form is Form.LEAF and binding.label is not None and binding.label.leaf in own
            yield bind_next(view, label)._replace(inst=binding.inst) if at_next else binding


def _is_about(view: View, row: Requirement, binding: Binding, label: Label, own: Collection[LeafId]) -> bool:
    """Whether a subject is the label that is asked for, or its matter; *own* are the steps that the row is due at, and the label's."""
    if binding.label is not None and binding.label.leaf in own:
        return binding.label == label
    return (row.due.form is Form.PHASE or fits(view, binding, label)) and not _of_another(view, binding, label, own)


def _of_another(view: View, binding: Binding, label: Label, own: Collection[LeafId]) -> bool:
    """Whether a subject is the address of another of the steps at which the row is due."""
    found = view.words.find_leaf(binding.subject)
    return found is not None and found[0].id in own and (found[0].id, found[1]) != (label.leaf, label.inst)


def guard(view: View, row: Requirement, asked: Asked) -> list[Blocker]:
    """Every blocker of one row for a move; [] when it does not object. Read only: it is kept with the view."""
    if row.is_ is Is.BY:
        return _by(row, asked, view)
    if row.due.form is Form.AFTER:
        return _guard(view, row, asked)  # read on the state after a move, which nobody asks for again
    return kept(view, (id(row), asked.label, asked.on, asked.by), lambda v: _guard(v, row, asked))


def _guard(view: View, row: Requirement, asked: Asked) -> list[Blocker]:
    out, seen = [], set()
    for binding in relevant(view, row, asked):
        unmet = _unmet(view, row, binding, asked)
        if unmet is not None:
            made = blocker(view, row, binding, unmet)
            if made.key not in seen:
                seen.add(made.key)
                out.append(made)
    return out


def _unmet(view: View, row: Requirement, binding: Binding, asked: Asked) -> Unmet | None:
    if row.is_ not in CONDITIONS:
        reader = READERS.get(row.is_)
        return reader(view, row, binding, asked) if reader and applies(view, row, binding, asked.on) else None
    found = evaluate(view, row, binding, asked.on)
    unmet = found if isinstance(found, Unmet) else None
    if unmet is not None and row.due.form is Form.AFTER and not unmet.lifts and asked.label is not None and asked.leaf is not None:
        return attrs.evolve(unmet, lifts=(Ask(OPENS[asked.leaf.sort], asked.leaf.at(asked.label.inst)),))
    return unmet


def _precedes(view: View, row: Requirement, binding: Binding, asked: Asked) -> Unmet | None:
    a = row.selector("a")
    own = binding._replace(label=None, sitting=None)  # of its lane, whatever step is asked for
    done = {s.label for s in sittings(view, a.word, own, asked.on, row.where) if s.done is not None and s.done.earliest <= asked.on}
    ways = ways_before(view, row, binding) if done else []
    if done and (not ways or any(all(not done.isdisjoint(lane) for lane in way) for way in ways)):
        return None
    lifts: tuple[Lift, ...] = tuple(x for leaf in view.words.leaves_of(a.word) for x in _matching(view, row, leaf, own)
                                    if not (isinstance(x, Ask) and _is_done(view, x.address, done)))  # fmt: skip
    return Unmet(missing=joined([view.words.leaves[x].label for x in view.words.leaves_of(a.word)]), lifts=_ahead(view, lifts))


def _is_done(view: View, address: str, done: set[Label]) -> bool:
    found = view.words.find_leaf(address)
    return found is not None and Label(found[0].id, found[1]) in done


def _matching(view: View, row: Requirement, leaf: str, binding: Binding) -> tuple[Lift, ...]:
    """The commands that would bring `a` about: for the instances that the row's filter admits."""
    pattern = view.words.leaves[LeafId(leaf)]
    if not row.where:
        return asks(view, LeafId(leaf), binding)
    suited = {i.id for i in view.of_kind(pattern.scope[-1]) if all(i.attributes.get(k) in each_of(v) for k, v in row.where)}
    fitting = [x for inst in view.named(pattern.scope) if inst[-1] in suited and fits(view, binding, x := Label(LeafId(leaf), inst))]
    if fitting:
        return tuple(ask_label(view, x) for x in fitting)
    return (Ask(Verb.DECLARE, Address(f"{pattern.scope[-1]}/…"), row.where),)


def _gap(view: View, row: Requirement, binding: Binding, asked: Asked) -> Unmet | None:
    """Only the shortest distance: a longest one cannot refuse, later is only worse."""
    low = needed(view, row, "min", asked.on)
    if low is None or isinstance(low, NotApplicable) or asked.label is None:
        return None
    b = row.selector("b")
    if asked.label.leaf not in view.words.leaves_of(b.word):
        return None
    a = row.selector("a")
    counting = counting_of(view, row, asked.on)
    duration, high = Duration.parse(str(low)), needed(view, row, "max", asked.on)
    bound = range_of(duration, Duration.parse(high) if isinstance(high, str) else None, counting)
    if a.field:
        sitting = next((s for s in reversed(view.sittings.get(asked.label, ())) if s.done is None and not s.cancelled), None)
        since = sitting.convened if sitting else None
        if sitting is not None and (short := shortened(view, row, sitting, asked.on)) is not None:
            duration, counting = short
            bound = length_of(duration, counting)
        if since is None:
            here = ask_label(view, asked.label)
            return Unmet(bound=bound, lifts=(Ask(Verb.CONVENE, here.address),), said=NOT_CALLED)
    else:
        before = sittings(view, a.word, binding, asked.on)
        since = (before[-1].done or before[-1].held) if before else None
        if since is None:
            return None
    passed = elapsed_between(view, since.earliest, asked.on, counting)
    if passed >= duration.shortest:
        return None
    until = earliest_after(view, since.latest, duration.shortest, counting)
    return Unmet(value=days_of(passed, counting), bound=bound, lifts=(Wait(until),))


def _window(view: View, row: Requirement, binding: Binding, asked: Asked) -> Unmet | None:
    why = not_on(view, row, asked.on, asked.on)
    if why is None or _may_lie_outside(view, row, asked):
        return None
    period = period_of(view, row, asked.on)
    day = asked.on if period is None else max(asked.on, period.earliest)
    while not_on(view, row, day, asked.on) is not None:
        day += dt.timedelta(days=1)
        if period is not None and day > period.latest:
            return Unmet(value=day_of(asked.on), missing=why)
    return Unmet(value=day_of(asked.on), missing=why, lifts=(Wait(day),))


def _may_lie_outside(view: View, row: Requirement, asked: Asked) -> bool:
    """Of a day that is not known, whether it may be one that the row allows: then nothing can be said against it."""
    days = (asked.on - asked.first).days if asked.first else 0
    return any(not_on(view, row, asked.on - dt.timedelta(days=n), asked.on) is None for n in range(1, days + 1))


def _decided(view: View, row: Requirement, binding: Binding, asked: Asked) -> Unmet | None:
    by = str(row.param("by"))
    wanted = [str(v) for v in each_of(row.param("values"))]
    told = sittings(view, by, binding._replace(label=None, sitting=None), asked.on)
    held = [s for s in told if s.decision is not None and s.decided and s.decided.earliest <= asked.on]
    standing = [s.decision.value for s in held if s.decision and not void(view, s)]
    if standing and standing[-1] in wanted:
        return None
    leaf = view.words.leaves_of(by)[0]
    missing = decision_of(view, leaf, told, held[-1] if held else None)
    if not held:
        return Unmet(missing=missing, lifts=_ahead(view, asks(view, leaf, binding)))
    redo = view.redo(held[-1].label)
    way: tuple[Lift, ...] = (ask_label(view, redo),) if redo is not None and redo not in view.position.done else asks(view, leaf, binding)
    return Unmet(missing=missing, lifts=_ahead(view, way))


def _ahead(view: View, lifts: Sequence[Lift]) -> tuple[Lift, ...]:
    """The lifts but for steps that the run has left behind: no loop around them brings them back."""
    return tuple(x for x in lifts if not (isinstance(x, Ask) and (found := view.words.find_leaf(x.address)) and _left_behind(view, Label(found[0].id, found[1]))))


def _left_behind(view: View, label: Label) -> bool:
    over, position = (Standing.DONE, Standing.PASSED), view.position
    return position.standing(label) in over and all(position.standing(x) in over for x in position.redos(label)) and position.awaits(label) is None


def clashes(view: View, asked: Asked, binding: Binding) -> list[Blocker]:
    """
    What a `disjoint` row objects when a meeting is given an hour: another one has it already.

    Days alone do not clash, only hours known on both sides. A meeting still to come may be moved out of the way, and is
    in nobody's way whose people are others; one that was held has its hour for good.
    """
    out: list[Blocker] = []
    if asked.slot is None or asked.slot.start is None or asked.leaf is None or asked.label is None:
        return out
    own = asked.leaf.at(asked.label.inst)
    for row in view.method.requirements:
        members = view.words.leaves_of(row.selector("of").word) if row.is_ is Is.DISJOINT else ()
        if asked.leaf.id not in members or not applies(view, row, binding, asked.on):
            continue
        hours = [x for x in _hours(view, members) if x[0].partition("#")[0] != own and x[1].start is not None and x[1].clashes(asked.slot)]
        taken = [(a, held) for a, _, held, label in hours if held or not _apart(view, asked.label, label, asked.slot.day)]
        if taken:
            away = Text("prendre une autre heure, ou un autre jour", "take another hour, or another day")
            lifts = () if any(held for _, held in taken) else tuple(Ask(Verb.MOVE, a) for a, _ in taken)
            out.append(blocker(view, row, binding, Unmet(missing=joined([view.title(a) for a, _ in taken]), lifts=lifts), permanent=away))
    return out


def closed(view: View, asked: Asked, binding: Binding) -> list[Blocker]:
    """What the rows on days that only remark say of the day to which a meeting is called or moved: it is heard while another may be chosen."""
    if asked.slot is None or asked.leaf is None or asked.label is None:
        return []
    out, on_it = list[Blocker](), attrs.evolve(asked, on=asked.slot.day, first=None)
    for row in view.method.requirements:
        if row.is_ is Is.WINDOW and row.severity is not Severity.ERROR and asked.leaf.id in view.words.leaves_of(row.selector("of").word):
            found = _window(view, row, binding, on_it) if applies(view, row, binding, asked.on) else None
            if found is not None:
                out.append(_another_day(view, row, binding, found))
    return out


def called_late(later: View, asked: Asked, binding: Binding) -> list[Blocker]:
    """What the rows on notices that only remark say of a meeting as it stands *later*, once called: nothing that is done on its day makes its notice longer."""
    if asked.slot is None or asked.leaf is None or asked.label is None:
        return []
    rows = [r for r in later.method.requirements if r.is_ is Is.GAP and r.severity is not Severity.ERROR and r.selector("a").field == "convened"]
    rows = [r for r in rows if asked.leaf.id in later.words.leaves_of(r.selector("b").word)]
    on_it = attrs.evolve(asked, on=asked.slot.day, first=None)
    found = [(r, _gap(later, r, binding, on_it)) for r in rows if applies(later, r, binding, asked.on)]
    # What has no number speaks of a notice that nobody sent: of a meeting moved that was never called.
    return [_another_day(later, r, binding, unmet) for r, unmet in found if unmet is not None and unmet.value is not None]


def _another_day(view: View, row: Requirement, binding: Binding, unmet: Unmet) -> Blocker:
    """A remark on the day to which a meeting is called: what would lift it is that it be called to another."""
    told = blocker(view, row, binding, attrs.evolve(unmet, lifts=()))
    return attrs.evolve(told, lifts=(), permanent=Text("choisir un autre jour", "choose another day"))


def _hours(view: View, leaves: Collection[LeafId]) -> list[tuple[Address, Slot, bool, Label]]:
    """When the meetings of some leaves are, by address, and whether each was held: then as its minutes or its notice say, whatever a plan says."""
    out, sat = [], set()
    for label, history in view.sittings.items():
        for s in history if label.leaf in leaves else ():
            if s.held is not None:
                sat.add(s.address)
                said = Slot(s.held.earliest, s.hold.start, s.hold.minutes) if s.hold is not None and s.hold.start is not None else s.planned
                out += [(s.address, said, True, label)] if said is not None and said.day == s.held.earliest else []
    for address, slot in view.planned.items():
        found = view.words.find_leaf(address)
        if found is not None and found[0].id in leaves and address not in sat:
            out.append((address, slot, False, Label(found[0].id, found[1])))
    return sorted(out, key=lambda x: x[0])


def inviting(view: View, asked: Asked) -> list[Blocker]:
    """What the `by` rows about inviting object when a meeting is called."""
    return [b for row in view.method.requirements if row.is_ is Is.BY and row.param("does") for b in _invites(row, asked, view)]


def _invites(row: Requirement, asked: Asked, view: View) -> list[Blocker]:
    """Who may call a meeting: silent for an actor who bears no declared role, as of whoever holds it."""
    roles, leaf = view.method.list_(view.method.roles), asked.leaf
    wanted = (leaf.inviting or leaf.role) if leaf else None
    if leaf is None or asked.label is None or wanted is None or roles is None or roles.word(asked.by) is None or asked.by in (wanted, roles.words[0].id):
        return []
    if leaf.id not in view.words.leaves_of(row.selector("of").word):
        return []
    history, binding = list(view.sittings.get(asked.label, ())), bind_next(view, asked.label)
    if not applies(view, row, binding, asked.on):
        return []
    if history and history[-1].held is not None and history[-1].done is None:
        # A sitting that was held and could not decide is called anew: under the next number.
        binding = binding._replace(subject=f"{leaf.at(asked.label.inst)}#{len(history) + 1}", sitting=None)
    unmet = Unmet(value=named(view, asked.by), bound=named(view, wanted), lifts=(As(wanted),))
    return [blocker(view, row, binding, unmet, family=Family.ROLE)]


def _apart(view: View, one: Label, other: Label, day: dt.date) -> bool:
    """Whether every seat of both names its person, and nobody sits at both."""
    here, there = expected(view, one, day), expected(view, other, day)
    return here is not None and there is not None and not here & there


def _by(row: Requirement, asked: Asked, view: View) -> list[Blocker]:
    """Who may do it: read for the leaves the row names, silent for an actor who bears no declared role; with `seats`, who may sit."""
    if row.param("seats"):
        return _seated(row, asked, view)
    if row.param("does"):
        return []  # read when a meeting is called: `_invites`
    roles = view.method.list_(view.method.roles)
    if asked.leaf is None or asked.label is None or asked.leaf.role is None or roles is None or roles.word(asked.by) is None:
        return []
    if asked.leaf.id not in view.words.leaves_of(row.selector("of").word) or asked.by == asked.leaf.role or asked.by == roles.words[0].id:
        return []
    binding = bind_next(view, asked.label)
    unmet = Unmet(value=named(view, asked.by), bound=named(view, asked.leaf.role), lifts=(As(asked.leaf.role),))
    return [blocker(view, row, binding, unmet, family=Family.ROLE)] if applies(view, row, binding, asked.on) else []


def _seated(row: Requirement, asked: Asked, view: View) -> list[Blocker]:
    """What a row about seats objects to a sitting as it would be held."""
    if asked.leaf is None or asked.label is None or asked.leaf.id not in view.words.leaves_of(row.selector("of").word):
        return []
    out = []
    for sitting in list(view.sittings.get(asked.label, ()))[-1:]:
        wrong = seated_wrongly(view, row, sitting)
        if wrong is not None and applies(view, row, bind_label(view, asked.label, sitting), asked.on):
            lifts = (Ask(OPENS[asked.leaf.sort], sitting.address),)
            out.append(blocker(view, row, bind_label(view, asked.label, sitting), attrs.evolve(wrong, lifts=lifts)))
    return out


READERS = {Is.PRECEDES: _precedes, Is.GAP: _gap, Is.WINDOW: _window, Is.DECIDED: _decided}
NO_GUARD = {
    Is.DISJOINT: "read by `clashes` when a meeting is given its hour, not at a due",
    Is.SHARE: "known only once all are held",
    Is.IN_PROCESS: "the position itself refuses a label that is not enabled",
    Is.INTACT: "there is nothing to ask",
}
"""The kinds that guard nothing, and why; the position reads IN_PROCESS."""


def run_rows(view: View, move: str, on: dt.date, by: str) -> list[Blocker]:
    """The blockers of the rows due at a move of the run (`run.close`)."""
    asked = Asked(leaf=None, label=None, on=on, by=by)
    return [b for row in view.words.due_rows.get((Form.CHART, move), ()) for b in guard(view, row, asked)]


