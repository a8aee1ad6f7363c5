"""
The engine: what may be done now, and every reason why not.

`decide` asks and may refuse; `record` tells and refuses only what contradicts itself; `evolve` and
`replay` fold events into a dossier. All are pure: the day, the person and the key are in the stamp.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

import attrs

from . import _chart
from ._tip import Tip
from .answers import (
    Accepted,
    Ask,
    Blocker,
    Decision,
    NextStep,
    OpenReserve,
    Outlook,
    PhaseState,
    Recorded,
    Refused,
    Wait,
)
from .carried import kept, kept_anew
from .dossier import Dossier, Label
from .errors import DossierError, Fault
from .facts import DOSSIER, Convene, Fact, Merge, Move, Open, Stamp
from .method import Leaf, Method
from .position import Standing
from .readings._phrases import deed_name, fill_in, joined, state_name
from .readings._ways import declared_again
from .readings.binding import ask_label, bind_label, bind_next
from .readings.granted import granted
from .readings.guard import Asked, called_late, clashes, closed, due_rows, guard, inviting, objections, run_rows
from .readings.surely import surely
from .readings.unmet import reserve_address
from .requirements import Form, Is, Requirement
from .resolve import input_blockers
from .samples import command_of
from .values import Record, each_of
from .view import COPIL, PAPER, RUN, View, tip_of, view_of
from .view import evolve as evolve
from .when import Slot, When, civil_day
from .words import (
    ANONYMOUS,
    COMPLETES,
    OF_THE_RUN,
    OPENS,
    Address,
    Family,
    InstanceId,
    Severity,
    Sort,
    Text,
    Verb,
)

_PAPER_VERBS = (Verb.SUBMIT, Verb.RETURN, Verb.APPROVE, Verb.REVOKE)


def decide(method: Method, dossier: Dossier, command: Fact, *, expect: int | None = None) -> Decision:
    """
    Whether the command may be done, as of the day of its stamp.

    `Accepted(events, notices)` or `Refused(blockers)` with *every* blocker; never an exception for
    what a person may ask. *expect* is the version of the dossier the asker has read.
    """
    if expect is not None and expect != len(dossier.facts):
        return Refused((*input_blockers(view_of(method, dossier), command, telling=False), _stale(dossier, expect)))
    tip = dossier.index
    if type(tip) is not Tip or tip.method is not method or tip.board is None:
        tip = tip_of(method, dossier)
    if surely(tip, command):
        return Accepted((command,))
    return _decision(view_of(method, dossier), command)


def _decision(view: View, command: Fact) -> Decision:
    """The decision, kept with the view where all that happened did so by the command's day."""
    stamp = command.stamp
    if stamp is None or stamp.recorded_at is not None or not stamp.on.is_day or not view.ends_by(stamp.on.earliest):
        return _decided(view, command)
    key = ("decide", command.verb, command.address, stamp.on.earliest, stamp.by)
    asked, decision = kept(view, key, lambda v: (command, _decided(v, command)))
    if asked is command:
        return decision
    if asked.verb is not command.verb or asked.args != command.args:
        return kept_anew(view, key, lambda v: (command, _decided(v, command)))[1]
    return Accepted((command,), decision.notices) if isinstance(decision, Accepted) else decision


def _decided(view: View, command: Fact) -> Decision:
    wrong = input_blockers(view, command, telling=False)
    if wrong:
        return Refused((*wrong, *_for_good(view, command, wrong)))
    found = _blockers(view, command)
    errors = tuple(b for b in found if b.severity is Severity.ERROR) or (_held_today(view, command) if command.verb is Verb.HOLD else ())
    return Refused(errors) if errors else Accepted((command,), tuple(found))


def _held_today(view: View, command: Fact) -> tuple[Blocker, ...]:
    """A second sitting on the day of the first is named by its number: without, a file could not tell it from the first, told twice."""
    twice = (b for b in input_blockers(view, command, telling=True) if b.code == "input.twice")
    return tuple(attrs.evolve(b, lifts=(Wait(command.on.latest + dt.timedelta(days=1)),), permanent=None) for b in twice)


def _for_good(view: View, command: Fact, wrong: Sequence[Blocker]) -> list[Blocker]:
    """What would still stand in the way for ever, once everybody that a command speaks of was declared."""
    if any(b.permanent for b in wrong):
        return []
    return [b for b in _blockers(view, command) if b.permanent and b.severity is Severity.ERROR and b.code != "state.unknown"]


def why_not(method: Method, dossier: Dossier, command: Fact) -> tuple[Blocker, ...]:
    """Every blocker of a command; () when it may be done."""
    decision = decide(method, dossier, command)
    return decision.blockers if isinstance(decision, Refused) else ()


def record(method: Method, dossier: Dossier, told: Fact) -> Recorded | Refused:
    """
    What happened, whatever the method thinks of it.

    Refused only where the fact is unreadable or contradicts itself; the blockers that it would have
    met as a command come back as `deviations`, each key once.
    """
    view = view_of(method, dossier)
    wrong = input_blockers(view, told, telling=True)
    if wrong:
        return Refused(tuple(wrong))
    # What was filed as lifting a requirement, and lifts none, is a deviation.
    idle = [b for b in input_blockers(view, told, telling=False) if b.code == "input.lift"] if told.verb is Verb.DEROGATE else []
    return Recorded((told,), (*idle, *_blockers(view, told)))


def replay(method: Method, events: Iterable[Fact]) -> Dossier:
    """
    The dossier of a journal. Raises DossierError unless it begins with its opening.
    """
    facts = tuple(events)
    if not facts or not isinstance(facts[0].args, Open):
        fault = Fault("facts[0]", Text("un journal commence par l'ouverture du dossier", "a journal begins with the opening of its dossier"),
                      Text("ouvrir le dossier d'abord", "open the dossier first"))  # fmt: skip
        raise DossierError((fault,))
    return Dossier(facts)


# -- blockers -------------------------------------------------------------------------------------


def _engine(code: str, family: Family, subject: str, fr: str, en: str, *lifts: Ask | Wait, permanent: Text | None = None) -> Blocker:
    return Blocker(code=code, family=family, subject=subject, text=fill_in(Text(fr, en), {}), lifts=lifts,
                   permanent=None if lifts else permanent or Text("état définitif", "a final state"))  # fmt: skip


def _stale(dossier: Dossier, expect: int) -> Blocker:
    return _engine("stale.version", Family.STALE, DOSSIER, f"Le dossier est à la version {dossier.version}, non {expect} : le relire.",
                   f"The dossier is at version {dossier.version}, not {expect}: read it again.",
                   permanent=Text("relire le dossier, puis demander de nouveau", "read the dossier again, then ask again"))  # fmt: skip


def _blockers(full: View, command: Fact) -> list[Blocker]:
    """
    What stands against a command on its own day: later facts are left out, whenever they arrived.

    A step that was done later than that day is done all the same.
    """
    view = full if full.ends_by(command.on.latest) else full.seen(command.on.latest)
    out = _state_blockers(view, command) + _rule_blockers(view, command)
    found = full.words.find_leaf(command.address)
    if view is not full and found is not None and command.verb is COMPLETES[found[0].sort]:
        label = Label(found[0].id, found[1])
        if full.position.standing(label) is Standing.DONE and not _renewed(full, label, command):
            out += _tree_blockers(full, found[0], label, ())
    return [_with_derogation(view, b, command.on.latest) for b in _once(out)]


def _with_derogation(view: View, blocker: Blocker, on: dt.date) -> Blocker:
    """A requirement that a copil lifted beforehand remarks and no longer refuses; the tree's order is never lifted."""
    lifted = granted(view, blocker.code, blocker.subject, on)
    if lifted is None:
        return blocker
    text = fill_in(Text(f"Dérogation ({lifted.copil}) · {blocker.text.fr}", f"Dérogation ({lifted.copil}) · {blocker.text.en}"), {})
    return attrs.evolve(blocker, severity=Severity.INFO, text=text)


def _state_blockers(view: View, command: Fact) -> list[Blocker]:
    """What the three charts object: the run, a deliverable, a sitting of a copil."""
    out: list[Blocker] = []
    on = command.on.latest
    run = view.state(RUN, DOSSIER, on)
    if command.verb in OF_THE_RUN:
        out += _moves(view, RUN, DOSSIER, command, run)
    elif run != _chart.initial(RUN) and command.verb not in (Verb.CORRECT, Verb.SETTLE):
        fr = {"suspended": "suspendu", "abandoned": "abandonné", "closed": "clos"}.get(run, run)
        lifts = (Ask(Verb.RESUME, DOSSIER),) if run not in _chart.final(RUN) else ()
        out.append(_engine(f"state.{run}", Family.STATE, DOSSIER, f"Le dossier est {fr}.", f"The dossier is {run}.", *lifts))
    if command.verb in _PAPER_VERBS or (command.verb is Verb.DELIVER and view.words.find_paper(command.address)):
        out += _moves(view, PAPER, command.address, command, view.state(PAPER, command.address, on))
    found = view.words.find_leaf(command.address)
    if found and found[0].sort is Sort.DECISION and command.verb in (Verb.CONVENE, Verb.HOLD, Verb.DECIDE, Verb.MOVE, Verb.CANCEL):
        sitting = view.open_sitting(found[0], Label(found[0].id, found[1]), found[2], command)
        out += _moves(view, COPIL, sitting.address, command, view.state(COPIL, sitting.address, on))
    elif found and found[0].sort is Sort.MEETING and found[2] and command.verb in (Verb.CONVENE, Verb.HOLD, Verb.MOVE, Verb.CANCEL):
        # A meeting has no chart; but under its number it is that very one, and may be over. That it was held the tree says of a second time.
        sitting = view.open_sitting(found[0], Label(found[0].id, found[1]), found[2], command)
        state = "cancelled" if sitting.cancelled else "held" if sitting.held and command.verb is not Verb.HOLD else ""
        out += _moves(view, COPIL, sitting.address, command, state) if state else []
    if found and not found[2] and command.verb in (Verb.MOVE, Verb.CANCEL):
        out += _over(view, found[0], Label(found[0].id, found[1]), command)
    return out


def _over(view: View, leaf: Leaf, label: Label, command: Fact) -> list[Blocker]:
    """
    What is over is neither moved nor cancelled; without a number the address would mean a next sitting.

    There is one once somebody convened it, or a decision sent the loop round again; under its own number it may be spoken of before.
    """
    told = [s for s in view.sittings.get(label, ()) if not s.cancelled]
    again = view.redo(label)
    if not told or not told[-1].done or (again is not None and _redo_called(view, again)):
        return []
    address, deed = leaf.at(label.inst), deed_name(command.verb)
    state, title = "decided" if told[-1].decided else "held", view.title(told[-1].address)
    name = state_name(state)
    next_one = () if _called_in_vain(view, leaf, label) else (Ask(Verb.CONVENE, address),)
    return [_engine(f"state.{state}", Family.STATE, address, f"{title.fr} : {deed.fr} est impossible à l'état « {name.fr} ».",
                    f"{title.en}: {deed.en} is not possible in the state '{name.en}'.", *next_one)]  # fmt: skip


def _called_in_vain(view: View, leaf: Leaf, label: Label) -> list[Blocker]:
    """What the tree says of a sitting that nobody can hold any more; nothing of one that a decision sends round again, which may be called before what it waits for is done."""
    over = leaf.id not in view.method.tree.free and view.position.standing(label) in (Standing.DONE, Standing.PASSED)
    if not over or any(_redo_called(view, x) for x in view.position.redos(label)):
        return []
    return _tree_blockers(view, leaf, label, ())


def _moves(view: View, chart: str, id: Address, command: Fact, state: str) -> list[Blocker]:
    trigger = command.verb.value
    if _chart.destination(chart, state, trigger) is not None:
        return []
    title = view.title(id)
    try:
        lifts = tuple(Ask(Verb(t), id) for t in _chart.path(chart, state, trigger)[:1])
    except LookupError:
        # A sitting that was held is over once it has decided; without a number, the address then means the next.
        over = chart == COPIL and state == "held" and "#" not in command.address
        lifts = (Ask(Verb.DECIDE, id),) if over else ()
    name = state_name(state)
    deed = deed_name(command.verb)
    return [_engine(f"state.{state}", Family.STATE, id, f"{title.fr} : {deed.fr} est impossible à l'état « {name.fr} ».",
                    f"{title.en}: {deed.en} is not possible in the state '{name.en}'.", *lifts)]  # fmt: skip


def _rule_blockers(view: View, command: Fact) -> list[Blocker]:
    """What the tree and the requirements object, each key once, the gravest first in row order."""
    if command.verb in OF_THE_RUN:
        ends = run_rows(view, f"{RUN}.{command.verb}", command.on.latest, command.stamp.by if command.stamp else "")
        return [*ends, *_left_undone(view, ends), *_left_open(view)] if command.verb is Verb.CLOSE else ends
    if isinstance(command.args, Merge):
        return _left_behind(view, command.address, command.args.into)
    found = view.words.find_leaf(command.address)
    if found is not None and isinstance(command.args, (Convene, Move)):
        slot = Slot(command.args.day, command.args.start, command.args.minutes)
        label = Label(found[0].id, found[1])
        asked = Asked(leaf=found[0], label=label, on=command.on.latest, by=command.stamp.by if command.stamp else "", slot=slot)
        called = command.verb is Verb.CONVENE
        of_old = 0 < found[2] <= len(view.sittings.get(label, ()))  # what its own chart says of it is enough
        out = _called_in_vain(view, found[0], label) if called and not of_old else []
        later = view.after(command)
        sitting = bind_next(later, label)  # the one that is called or moved: a second bears its number
        return out + clashes(view, asked, sitting) + closed(view, asked, sitting) + called_late(later, asked, sitting) + (inviting(view, asked) if called else [])
    if found is None or command.verb not in (Verb.HOLD, Verb.DELIVER, Verb.AGREE, Verb.DECIDE):
        return []
    leaf, inst, _ = found
    label = Label(leaf.id, inst)
    rough = None if command.on.is_day else command.on.earliest
    asked = Asked(leaf=leaf, label=label, on=command.on.latest, by=command.stamp.by if command.stamp else "", first=rough)
    out = objections(view, asked) if command.verb is OPENS[leaf.sort] else []
    if not _renewed(view, label, command):
        # A row that only remarks, or that a copil lifted, does not stand for the order of the tree, which nobody lifts.
        standing = [b for b in out if b.severity is Severity.ERROR and granted(view, b.code, b.subject, asked.on) is None]
        out += _tree_blockers(view, leaf, label, standing)
    after_rows = view.words.due_rows.get((Form.AFTER, str(leaf.id)), ())
    if command.verb is Verb.DECIDE:
        out += _quorum_blockers(view, asked, after_rows)
    if command.verb is OPENS[leaf.sort] and after_rows:
        later = view.after(command)
        at = Asked(leaf=leaf, label=label, on=asked.on, by=asked.by, first=rough)
        fresh = later.sittings[label][-1]
        anew = Ask(command.verb, leaf.at(label.inst))
        for row in after_rows:
            of_steps = row.each is not None and view.words.leaves_of(row.each)
            mine = [b for b in guard(later, row, at) if b.subject == fresh.address or not of_steps]
            # Of what is only asked for, a second call comes after the first was held: by then more may be there.
            out += [attrs.evolve(b, lifts=(anew, *b.lifts)) for b in mine] if row.is_ is Is.QUORUM else mine
    return _once(out)


def _left_behind(view: View, address: Address, into: str) -> list[Blocker]:
    """A notice of the steps that a merger drops, since the other lane has done them: merged the other way round, the lane goes on at them."""
    kind, _, id = address.partition("/")

    def other(label: Label) -> Label:
        scope = view.words.leaves[label.leaf].scope
        return Label(label.leaf, tuple(InstanceId(into) if (k, i) == (kind, id) else i for k, i in zip(scope, label.inst, strict=False)))

    done = view.position.done
    lost = [x for x in view.position.to_do() if other(x) != x and other(x) in done]
    if not lost:
        return []
    what, whose = joined([view.title(view.words.leaves[x.leaf].at(x.inst)) for x in lost], 2), view.title(f"{kind}/{into}")
    back = Ask(Verb.MERGE, Address(f"{kind}/{into}"), Record((("into", id),)))
    notice = _engine("state.left_behind", Family.STATE, address, f"« {whose.fr} » garde son avance, et ceci n'aura pas lieu : {what.fr}.",
                     f"'{whose.en}' keeps its lead, and this will not take place: {what.en}.", back)  # fmt: skip
    return [attrs.evolve(notice, severity=Severity.INFO)]


def _renewed(view: View, label: Label, command: Fact) -> bool:
    """Whether a command agrees anew, to a newer version, where the step is done: it needs no new round."""
    return view.renews(label, command) and view.position.standing(label) is Standing.DONE


def _quorum_blockers(view: View, asked: Asked, rows: Sequence[Requirement]) -> list[Blocker]:
    """A sitting that was held without quorum decides nothing: it is reconvened."""
    assert asked.label is not None
    held = [s.address for s in view.sittings.get(asked.label, ()) if s.held and not s.done]
    found = [b for row in rows if row.is_ is Is.QUORUM for b in guard(view, row, asked)]
    return [b for b in found if b.subject in held[-1:]]


def _left_undone(view: View, found: Sequence[Blocker]) -> list[Blocker]:
    """A run is closed when its tree is complete; one that stops before is abandoned."""
    named = {lift.address for b in found for lift in b.lifts if isinstance(lift, Ask)}
    out = []
    for label in view.position.to_do():
        ask = ask_label(view, label)
        if ask.address not in named:
            what = view.title(ask.address)
            out.append(_engine("state.missing", Family.STATE, ask.address, f"La clôture attend : {what.fr}.", f"Closing waits for: {what.en}.", ask))
    return out


def _left_open(view: View) -> list[Blocker]:
    """A notice of each reserve that nobody settled: once the last copil was held no row asks for it any more (COP009)."""
    open_ones = [(x.address, fill_in(Text("{subject} : réserve non levée à la clôture ({missing}).", "{subject}: reserve still open at the closing ({missing})."),
                                     {"subject": x.title, "missing": Text(x.text, x.text)})) for x in _open_reserves(view)]  # fmt: skip
    return [attrs.evolve(_engine("state.reserve", Family.STATE, a, text.fr, text.en, Ask(Verb.SETTLE, a)), severity=Severity.INFO) for a, text in open_ones]


def _once(found: Sequence[Blocker]) -> list[Blocker]:
    """Each key once, the graver of two."""
    best: dict[str, Blocker] = {}
    for b in found:
        if b.key not in best or b.severity.rank < best[b.key].severity.rank:
            best[b.key] = b
    return list(best.values())


def _tree_blockers(view: View, leaf: Leaf, label: Label, found: Sequence[Blocker]) -> list[Blocker]:
    """What the position objects; a row's blocker on a missing label takes the place of `state.missing`."""
    if leaf.id in view.method.tree.free:
        return []
    standing = view.position.standing(label)
    title = view.title(leaf.at(label.inst))
    if label in view.position.skipped:
        notice = _engine("state.made_up", Family.STATE, leaf.at(label.inst), f"{title.fr} : étape sautée, faite après coup.",
                         f"{title.en}: a skipped step, made up afterwards.", permanent=Text("le retard reste visible", "the delay stays visible"))  # fmt: skip
        return [attrs.evolve(notice, severity=Severity.INFO)]
    if standing in (Standing.ENABLED, Standing.LATE):
        return []
    if standing is Standing.MISSING:
        codes = {b.code for b in found}
        named = {str(r.param(p)) for r in due_rows(view, label) if r.is_ in (Is.PRECEDES, Is.DECIDED) and r.code in codes for p in ("a", "by")}
        named = {x for n in named for x in view.words.leaves_of(n)}
        present = {b.subject for b in found}
        out = []
        for need in view.position.missing(label):
            address = view.words.leaves[need.leaf].at(need.inst)
            if need.leaf in named or address in present:
                continue
            what = view.title(address)
            out.append(_engine("state.missing", Family.STATE, address, f"{title.fr} : il faut d'abord « {what.fr} ».",
                               f"{title.en}: '{what.en}' must come first.", ask_label(view, need)))  # fmt: skip
        return out
    if standing is Standing.FOREIGN:
        return [_engine("state.unknown", Family.STATE, bind_label(view, label).subject, f"{title.fr} : étape qu'aucune instance n'attend.",
                        f"{title.en}: a step that no instance expects.")]  # fmt: skip
    # A loop around it that can still go round brings it back: now, or once its own steps are done.
    ahead = (Standing.ENABLED, Standing.MISSING)
    lifts = tuple(ask_label(view, x) for x in view.position.redos(label) if view.position.standing(x) in ahead)[:1]
    if standing is Standing.DONE:
        return [_engine("state.done", Family.STATE, leaf.at(label.inst), f"{title.fr} : déjà fait.", f"{title.en}: already done.", *lifts)]
    if not lifts and (gone := view.position.awaits(label)) is not None:
        whose = view.title(Address(f"{gone.kind}/{gone.id}"))
        return [_engine("state.passed", Family.STATE, leaf.at(label.inst), f"{title.fr} : « {whose.fr} » a pris fin.",
                        f"{title.en}: '{whose.en}' has ended.", declared_again(view, gone.kind, gone.id, gone.inside))]  # fmt: skip
    return [_engine("state.passed", Family.STATE, leaf.at(label.inst), f"{title.fr} : le déroulé est déjà plus loin.",
                    f"{title.en}: the run has moved beyond it.", *lifts)]  # fmt: skip


# -- what can be done ------------------------------------------------------------------------------


def possible(method: Method, dossier: Dossier, *, on: dt.date, by: str) -> tuple[NextStep, ...]:
    """
    Every step that the tree knows and that is not done, each with what blocks it on that day.

    Steps without blockers come first, in the order of the tree; then those held back.
    """
    view = view_of(method, dossier)
    if not view.ends_by(civil_day(on)):
        return _steps(view, on, by)
    return kept(view, ("possible", on, by), lambda v: _steps(v, on, by))


def _steps(view: View, on: dt.date, by: str) -> tuple[NextStep, ...]:
    done = view.position.done
    labels = [x for x in view.labels() if x not in done and ANONYMOUS not in x.inst]
    labels += [x for x in view.free_labels(on) if not any(s.done for s in view.sittings.get(x, ()))]
    whole = view.ends_by(on)
    found = [kept(view, ("step", x, on, by), lambda v, x=x: _step(v, x, on, by)) if whole else _step(view, x, on, by) for x in labels]  # type: ignore[misc]
    steps = [x for x in found if x is not None]
    return (*(x for x in steps if not x.blockers), *(x for x in steps if x.blockers))


def _step(view: View, label: Label, on: dt.date, by: str) -> NextStep | None:
    """A step and what blocks it; None for one that sends a loop round, while nobody asked for that."""
    ask = ask_label(view, label)
    leaf = view.words.leaves[label.leaf]
    if ask.verb is OPENS[leaf.sort] and view.redo(label) is None and _is_redo(view, label) and not _redo_called(view, label):
        return None
    command = command_of(view, ask, on).stamped(Stamp(on=When(on), by=by))
    decision = _decision(view, command)
    title = view.title(ask.address)
    if isinstance(decision, Accepted):
        return NextStep(verb=ask.verb, address=ask.address, title=title, notices=decision.notices)
    return NextStep(verb=ask.verb, address=ask.address, title=title, blockers=decision.blockers)


def _is_redo(view: View, label: Label) -> bool:
    return any(view.redo(x) == label for x in view.labels())


def _redo_called(view: View, label: Label) -> bool:
    """Whether a decision in the loop asks to go round again: a value that a `decided` row does not let pass."""
    for row in view.method.requirements:
        if row.is_ is not Is.DECIDED:
            continue
        for body in (x for leaf in view.words.leaves_of(str(row.param("by"))) for x in view.labels(leaf) if view.redo(x) == label):
            last = next((s.decision for s in reversed(view.sittings.get(body, ())) if s.decision), None)
            if last is not None and last.value not in each_of(row.param("values")):
                return True
    return False


def _begun(view: View, phase: str) -> dt.date | None:
    """The day of the first step of a phase; None while there is none."""
    days = [
        day.earliest
        for label, history in view.sittings.items()
        if (own := view.words.phase_of.get(label.leaf)) is not None and own.name == phase
        for s in history
        if (day := s.held or s.done) is not None
    ]
    return min(days, default=None)


def outlook(method: Method, dossier: Dossier, *, on: dt.date, by: str) -> Outlook:
    """Where a dossier stands on a day: phases, what may be done, what is blocked and by what."""
    seen = dossier.as_of(on)
    view = view_of(method, seen)
    labels = {p.id: p.label for p in method.phases}
    phases = tuple(PhaseState(id=name, title=labels.get(name, Text(name, name)), state=state, since=_begun(view, name)) for name, state in view.position.phases())
    return Outlook(dossier=dossier.head.id, title=dossier.head.title, at=on, run=view.state(RUN, DOSSIER, on), phases=phases,
                   steps=possible(method, seen, on=on, by=by), reserves=tuple(_open_reserves(view)))  # fmt: skip


def _open_reserves(view: View) -> Iterator[OpenReserve]:
    """The reserves of decisions that nobody settled nor carried on, in the order of the sittings' days."""
    told = sorted((s.decided.earliest, s.address, s.decision.reserves) for history in view.sittings.values() for s in history if s.decision and s.decided)
    for day, sitting, reserves in told:
        for n, text in enumerate(reserves, 1):
            if (address := reserve_address(sitting, n)) not in view.settled and not any(text in later for on, _, later in told if on > day):
                yield OpenReserve(address=address, text=text, title=view.title(sitting))
