"""
Before a decision: what it would make past, what would still be mended, what needs a dérogation already.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import attrs

from .answers import Accepted, Ask, Finding, Refused, Wait
from .conformance import check
from .dossier import Dossier, Label, Sitting
from .engine import decide, evolve
from .errors import RefusedError, SittingError, UnknownNameError
from .facts import Decide, Fact, Hold, Stamp, fact
from .method import Leaf, Method
from .position import Standing
from .samples import command_of, crowd
from .toml_file import near
from .view import view_of
from .when import When
from .words import OPENS, Address, Curability, InstanceId, Sort, State, Text, Verb

_WAITS = 60
"""Days waited for a step that the decision opens; one that must wait longer is left out."""


@attrs.frozen(kw_only=True)
class Foreseen:
    """
    What a decision would do to the findings, were it taken on `on`.

    `permanent`: those that only a dérogation could close from then on. `curable`: those that could
    still be mended. `to_allow`: those that need a dérogation already. `opens` is what it lets begin.
    """

    dossier: str
    title: str
    address: Address
    name: Text
    on: dt.date
    decision: Text
    opens: tuple[Text, ...]
    permanent: tuple[Finding, ...]
    curable: tuple[Finding, ...]
    to_allow: tuple[Finding, ...]


def foresee(method: Method, dossier: Dossier, address: str, *, at: dt.date, by: str) -> Foreseen:
    """
    What would be so if the decision at *address* were taken, with its first value, on its planned day or else on *at*, and if
    what it opens began at once.

    Nothing else is done meanwhile, so what is missing that day is missing for good. Raises
    UnknownNameError where the address is no decision of the method, or not one of this dossier's;
    SittingError where it names a sitting beyond the next one; RefusedError where it was taken already, or the run has moved beyond it.
    """
    here = dossier.as_of(at)
    view = view_of(method, here)
    found = view.words.find_leaf(address)
    if found is None or found[0].sort is not Sort.DECISION or (found[1] and Label(found[0].id, found[1]) not in view.position.labels()):
        ahead = (*view.position.to_do(), *view.position.labels())
        known = [view.words.leaves[x.leaf].at(x.inst) for x in ahead if view.words.leaves[x.leaf].sort is Sort.DECISION]
        raise UnknownNameError("decision", address, near(address, known) or next(iter(known), None))
    leaf, inst, n = found
    history, over = view.sittings.get(Label(leaf.id, inst), ()), view.position.standing(Label(leaf.id, inst)) in (Standing.DONE, Standing.PASSED)
    _sitting_there_is(leaf.at(inst), n, history, over=over)
    if over or (0 < n <= len(history) and history[n - 1].done):
        again = decide(method, here, fact(Verb.DECIDE, address, Decide(value=leaf.decisions[0])).stamped(Stamp(on=When(at), by=by)))
        assert isinstance(again, Refused)
        raise RefusedError(again)
    planned = view.planned.get(Address(leaf.at(inst)))
    day = max(at, planned.day) if planned else at
    stamp = Stamp(on=When(day), by=by)
    before = {f.key: f for f in check(method, here, at=at).findings if f.state is State.VIOLATED}
    enabled = set(view.position.enabled())
    taken = _taken(method, here, leaf, inst, stamp)
    position = view_of(method, taken).position
    fresh = [x for x in position.enabled() if x not in enabled and position.redo(x) is None and x.leaf != leaf.id]
    opened = [x for x in fresh if not any(position.redo(y) == x for y in position.labels())]
    copy, last = taken, day
    for label in opened:
        copy, begun = _begun(method, copy, label, day, by)
        last = max(last, begun)
    after = [f for f in check(method, copy, at=last).findings if f.state is State.VIOLATED]
    lost = [f for f in after if f.curability is Curability.PERMANENT]
    words = next((w for x in method.lists if (w := x.word(leaf.decisions[0]))), None)
    return Foreseen(
        dossier=here.head.id, title=here.head.title, address=Address(leaf.at(inst)), name=view.title(leaf.at(inst)), on=day,
        decision=words.label if words else Text(leaf.decisions[0], leaf.decisions[0]),
        opens=tuple(view.title(view.words.leaves[x.leaf].at(x.inst)) for x in opened),
        permanent=tuple(f for f in lost if f.key not in before or before[f.key].curability is not Curability.PERMANENT),
        curable=tuple(f for f in after if f.curability is not Curability.PERMANENT),
        to_allow=tuple(f for f in before.values() if f.curability is Curability.PERMANENT and f.derogable),
    )  # fmt: skip


def _sitting_there_is(address: str, n: int, history: Sequence[Sitting], *, over: bool) -> None:
    """Raises SittingError where an address names a sitting that neither was called or held, nor can come next."""
    next_one = 0 if over or (history and not (history[-1].done or history[-1].cancelled)) else len(history) + 1
    if n > max(len(history), next_one):
        following = None if not next_one else address if next_one == 1 else f"{address}#{next_one}"
        raise SittingError(f"{address}#{n}", tuple(str(s.address) for s in history), following)


def _taken(method: Method, dossier: Dossier, leaf: Leaf, inst: tuple[InstanceId, ...], stamp: Stamp) -> Dossier:
    """The dossier in which the decision was taken, whatever stands against it."""
    view, address = view_of(method, dossier), leaf.at(inst)
    sitting = view.open_sitting(leaf, Label(leaf.id, inst), 0, fact(Verb.DECIDE, address, Decide(value=leaf.decisions[0])))
    facts = [] if sitting.held else [fact(Verb.HOLD, address, Hold(attendance=crowd(view), agenda=tuple(p.id for p in leaf.agenda)))]
    for told in (*facts, fact(Verb.DECIDE, address, Decide(value=leaf.decisions[0]))):
        dossier = evolve(method, dossier, told.stamped(stamp))
    return dossier


def _begun(method: Method, dossier: Dossier, label: Label, day: dt.date, by: str) -> tuple[Dossier, dt.date]:
    """The dossier in which a step was begun, as planned or else on the first day on which nothing says to wait; and that day."""
    view = view_of(method, dossier)
    leaf = view.words.leaves[label.leaf]
    planned = view.planned.get(Address(leaf.at(label.inst)))
    day = max(day, planned.day) if planned else day
    command = command_of(view, Ask(OPENS[leaf.sort], leaf.at(label.inst)), day)
    last = day + dt.timedelta(days=_WAITS)
    on = day
    while on <= last:
        asked: Fact = command.stamped(Stamp(on=When(on), by=leaf.role or by))
        decision = decide(method, dossier, asked)
        said = decision.blockers if isinstance(decision, Refused) else decision.notices if isinstance(decision, Accepted) else ()
        until = [x.until for b in said for x in b.lifts if isinstance(x, Wait)]
        if not until:
            return evolve(method, dossier, asked), on
        on = max(until)
    return dossier, day
