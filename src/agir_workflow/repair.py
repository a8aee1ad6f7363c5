"""
What would mend a dossier: what to add, what to move, and what only a copil can allow.

Nothing past is deleted or dated anew. The facts proposed are tried on a copy, which is judged
again; their contents are made up (`samples`) and are for a person to write.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import combinations

import attrs

from .answers import Accepted, Ask, Finding, Refused, Report, Wait
from .arrival import arranged
from .conformance import check
from .dossier import Derogation, Dossier, verbs_of
from .engine import decide, evolve
from .facts import Derogate, Fact, Fill, Hold, Move, Stamp, fact
from .method import Method
from .paths import path_to
from .readings.granted import why_void
from .samples import command_of, completed
from .values import Value
from .view import PAPER, View, view_of
from .when import Slot, When
from .words import OPENS, Address, Curability, FacetId, Severity, Sort, State, Verb

_SUBSETS = 8
"""Of more facts that bear upon one another, not every choice is tried: one that can do without none is taken."""
_SEEN = 400
"""Ways of mending looked at; past it those found so far are chosen from."""
_MOVES = 60
"""Days tried for a meeting that must be moved."""

_CLOSE = Verb.CLOSE

Steps = tuple[Fact, ...]
Weight = tuple[int, int, int, int]
Cost = tuple[int, int, int, int, int]


@attrs.frozen(kw_only=True)
class Repair:
    """
    What mends a dossier as of a day, every fact stamped with it.

    `facts` are what is missing and what is moved ahead; `derogations` allow what is past, each by a copil that was held
    since; `ahead` are those that the next copil would have to decide: no fact until it has. `left` is what none of
    these mends: for a person, with the sentence of its finding. `after` is the verdict on a copy with facts and
    dérogations, without `ahead`. `least`: no choice of facts leaves less, or as little with fewer facts.
    """

    facts: tuple[Fact, ...]
    derogations: tuple[Fact, ...]
    ahead: tuple[Fact, ...]
    left: tuple[Finding, ...]
    before: Report
    after: Report
    least: bool


def repair(method: Method, dossier: Dossier, *, at: dt.date, by: str) -> Repair:
    """
    What would mend a dossier as of the civil day *at*; asked by the role *by*.

    Errors count before warnings, warnings before remarks, then what is still lacking before what is only late, all before the
    number of facts. Of a run that is closed, what is missing is to be noted (`record`): answers and documents, no more steps.
    """
    # Of a dossier of its own: what was answered of this one before may not have been noted, and would hold for no other.
    mender = _Mender(method, Dossier(arranged(dossier.as_of(at)).facts), at, by)
    view_of(method, mender.dossier).answers.note()
    before = check(method, mender.dossier, at=at)
    facts, least = mender.facts()
    moves = mender.moves(facts)
    copy = mender.with_(mender.dossier, (*facts, *moves))
    derogations, ahead = mender.derogations(copy)
    copy = mender.told(copy, derogations)
    after = check(method, copy, at=at)
    left = tuple(f for f in violated(after) if f.key not in ahead)
    return Repair(facts=(*facts, *moves), derogations=derogations, ahead=tuple(ahead.values()), left=left, before=before, after=after, least=least)


def violated(report: Report) -> tuple[Finding, ...]:
    """What of a report does not follow the method."""
    return tuple(f for f in report.findings if f.state is State.VIOLATED)


@attrs.frozen
class _Way:
    """A row of facts that mends something, and the findings that it takes away or brings."""

    steps: Steps
    touched: frozenset[str]


@attrs.define
class _Mender:
    method: Method
    dossier: Dossier
    at: dt.date
    by: str
    _tried: dict[Steps, tuple[Finding, ...]] = attrs.field(factory=dict, init=False)
    """What rows of facts would leave, each judged once."""
    _with: dict[Steps, Dossier] = attrs.field(factory=dict, init=False)
    """The dossier after each beginning of such rows: many begin alike."""

    # -- what is missing ----------------------------------------------------------------------------

    def facts(self) -> tuple[Steps, bool]:
        """The fewest facts that leave the least; and whether that is sure."""
        ways = self._ways()
        chosen: list[Fact] = []
        least = len(ways) < _SEEN
        for group in _connected(ways):
            floor = self._floor(group)
            taken, sure = self._best(group, floor)
            chosen += self._shorter(taken, floor)
            least = least and sure
        return _once(chosen), least

    def _ways(self) -> list[_Way]:
        """Each way out of each finding, with what it changes; those of what it brings too."""
        base = {_as_it_stands(f) for f in self.left_by(())}
        found: dict[tuple[tuple[Verb, Address], ...], _Way] = {}
        queue: list[tuple[Finding, Steps]] = [(f, ()) for f in self.left_by(())]
        asked: set[str] = set()
        while queue and len(found) < _SEEN:
            finding, first = queue.pop(0)
            if finding.key in asked:
                continue
            asked.add(finding.key)
            for steps in self._out_of(finding, first):
                name = tuple((f.verb, f.address) for f in steps)
                if name in found:
                    continue
                now = self.left_by(steps)
                touched = frozenset(base ^ {_as_it_stands(f) for f in now})
                if touched:
                    found[name] = _Way(steps, touched)
                    queue += [(f, steps) for f in now if _as_it_stands(f) not in base]
        return list(found.values())

    def _out_of(self, finding: Finding, first: Steps) -> Iterable[Steps]:
        """The rows of commands that today lead out of a finding, after *first*."""
        here = self.with_(self.dossier, first)
        for ask in self._asks(view_of(self.method, here), finding):
            command = command_of(view_of(self.method, here), ask, self.at).stamped(self._stamp(self.by))
            path = path_to(self.method, self._unclosed(here), command)
            steps = (*first, *path.commands)
            # A meeting that decides, and one still ahead in the run, is nobody's to make up; nor any step of a run that is closed.
            if path.complete and all(f.on == When(self.at) and f.verb is not Verb.DECIDE and self._may_be_told(here, f) for f in steps):
                yield from self._nothing_lost(here, finding, steps)

    def _nothing_lost(self, here: Dossier, finding: Finding, steps: Steps) -> Iterable[Steps]:
        """
        The same commands, each answer that they withdraw said anew with what it lacked; none where one of them only takes away.

        An answer that is incomplete is completed: what a person wrote is never proposed for deletion.
        """
        out: list[Fact] = []
        for step in steps:
            out.append(step)
            if step.verb is Verb.CLEAR and not any(f.verb is Verb.FILL and f.address == step.address for f in steps):
                again = completed(view_of(self.method, here), finding.code, step)
                if again is None:
                    return
                out.append(again.stamped(self._stamp(self.by)))
        yield tuple(out)

    def _asks(self, view: View, finding: Finding) -> list[Ask]:
        asks = [x for x in finding.lifts if isinstance(x, Ask) and x.verb not in (Verb.DECIDE, Verb.DEROGATE)]
        if asks:
            return asks
        address = Address(finding.subject)
        if found := view.words.find_leaf(address):
            return [] if found[0].sort is Sort.DECISION else [Ask(OPENS[found[0].sort], address)]
        if view.words.find_paper(address):
            state = view.state(PAPER, address)
            return [Ask(v, address) for v in (Verb.DELIVER, Verb.SUBMIT, Verb.APPROVE) if state != "approved"]
        if FacetId(finding.subject.partition("/")[0]) in view.words.facets:
            return [Ask(Verb.FILL, address)]
        return []

    def _floor(self, ways: Sequence[_Way]) -> Weight:
        """What is left once all is gone that any of some ways takes away, by itself or with the others."""
        together = {_as_it_stands(f) for f in self.left_by(_once(f for w in ways for f in w.steps))}
        left = [f for f in self.left_by(()) if (told := _as_it_stands(f)) in together and not any(told in w.touched for w in ways)]
        return self._weight(left)

    def _best(self, ways: Sequence[_Way], floor: Weight) -> tuple[Steps, bool]:
        """
        Of ways that bear upon one another, those to take: every choice of few, else all that none can be spared of.

        Where no more than the *floor* is left, more ways are only more facts.
        """
        if len(ways) > _SUBSETS:
            return self._spared(ways), False
        best: tuple[Cost, Steps] = (self.cost(()), ())
        for size in range(1, len(ways) + 1):
            for some in combinations(ways, size):
                steps = _once(f for w in some for f in w.steps)
                if size > 1 and best[0][:4] <= floor and len(steps) >= len(best[1]):
                    continue
                best = min(best, (self.cost(steps), steps), key=lambda x: x[0])
        return best[1], True

    def _spared(self, ways: Sequence[_Way]) -> Steps:
        kept = list(ways)
        for way in ways:
            without = [w for w in kept if w is not way]
            if self.cost(_once(f for w in without for f in w.steps)) <= self.cost(_once(f for w in kept for f in w.steps)):
                kept = without
        return _once(f for w in kept for f in w.steps)

    def _shorter(self, steps: Steps, floor: Weight) -> Steps:
        """The same facts, each answer of several items with no more of them than it takes."""
        out = list(steps)
        kept = {f.address for f in steps if f.verb is Verb.CLEAR}  # said anew: not made up
        for n, step in enumerate(steps):
            if step.address not in kept and isinstance(args := step.args, Fill) and isinstance(args.value, tuple) and len(args.value) > 1:
                out[n] = self._fewest(tuple(out), n, args.value, floor)
        return tuple(out)

    def _fewest(self, steps: Steps, n: int, items: tuple[Value, ...], floor: Weight) -> Fact:
        """
        The answer at a place in a row, with as few of its items as leave the least.

        Of a number of items some are too few, then some enough, then perhaps some too many. Where all of them leave the
        *floor* the first that is enough is found by halves, else one item after the other is left out.
        """

        def some(k: int) -> Fact:
            return attrs.evolve(steps[n], args=Fill(value=items[:k]))

        def cost(k: int) -> Cost:
            return self.cost((*steps[:n], some(k), *steps[n + 1 :]))

        few, enough = 0, len(items)
        if cost(enough)[:4] <= floor:
            while enough - few > 1:
                tried = min(2 * few or 1, (few + enough) // 2)  # mostly one or two are enough
                few, enough = (few, tried) if cost(tried)[:4] <= floor else (tried, enough)
        else:
            while enough > 1 and cost(enough - 1) <= cost(enough):
                enough -= 1
        return some(enough)

    # -- what is ahead ------------------------------------------------------------------------------

    def moves(self, steps: Steps) -> Steps:
        """Another day for each meeting ahead that could not be held on its own without a remark that waiting lifts."""
        here = self.with_(self.dossier, steps)
        out: list[Fact] = []
        for address, slot in sorted(view_of(self.method, here).planned.items(), key=lambda x: (x[1].day, x[0])):
            if slot.day <= self.at:
                continue
            day = self._open_day(here, address, slot)
            if day is None or day == slot.day:
                continue
            move = fact(Verb.MOVE, address, Move(day=day, start=slot.start, minutes=slot.minutes)).stamped(self._stamp(self.by))
            if isinstance(decide(self.method, here, move), Accepted):
                out.append(move)
                here = self.with_(here, (move,))
        return tuple(out)

    def _open_day(self, here: Dossier, address: Address, slot: Slot) -> dt.date | None:
        """The first day from the planned one on which nothing says to wait; None where waiting does not help."""
        day = slot.day
        for _ in range(_MOVES):
            held = fact(Verb.HOLD, address, Hold()).stamped(Stamp(on=When(day), by=self.by))
            decision = decide(self.method, here, held)
            said = decision.blockers if isinstance(decision, Refused) else decision.notices
            until = [x.until for b in said for x in b.lifts if isinstance(x, Wait)]
            if not until:
                return day
            day = max(until)
        return None

    # -- what is past -------------------------------------------------------------------------------

    def derogations(self, copy: Dossier) -> tuple[Steps, dict[str, Fact]]:
        """A dérogation for each error and warning that is past: by a copil held since, or (by key) by the next one."""
        view = view_of(self.method, copy)
        given, ahead = list[Fact](), dict[str, Fact]()
        for finding in violated(check(self.method, copy, at=self.at)):
            if finding.curability is not Curability.PERMANENT or finding.severity is Severity.INFO or not finding.derogable:
                continue
            since, following = self._deciding(view, finding)
            copil = since or following
            if copil is None:
                continue
            args = Derogate(code=finding.code, reason="…", copil=copil)
            made = fact(Verb.DEROGATE, finding.subject, args).stamped(self._stamp(self.by))
            if since:
                given.append(made)
            else:
                ahead[finding.key] = made
        return tuple(given), ahead

    def _deciding(self, view: View, finding: Finding) -> tuple[str | None, str | None]:
        """The last sitting that decided since the fault and may allow it, and the address of the next decision of the run."""
        bodies = {x.id for x in view.words.decisions}
        held = [s for label, history in view.sittings.items() if label.leaf in bodies for s in history]
        since = [(s.decided.latest, s.address) for s in held if s.decided and (finding.date is None or s.decided.earliest > finding.date)
                 and why_void(view, self._lifting(finding, s.address), finding.date) is None]  # fmt: skip
        following = next((view.words.leaves[x.leaf].at(x.inst) for x in view.position.to_do() if x.leaf in bodies), None)
        return (max(since)[1] if since else None), following

    def _lifting(self, finding: Finding, copil: str) -> Derogation:
        return Derogation(code=finding.code, subject=finding.subject, copil=copil, reason="…", by=self.by, on=When(self.at))

    # -- trying ---------------------------------------------------------------------------------------

    def _stamp(self, by: str) -> Stamp:
        return Stamp(on=When(self.at), by=by)

    def with_(self, dossier: Dossier, steps: Steps) -> Dossier:
        """The dossier with those of the commands that are accepted, or would be but for the end of the run."""
        for step in steps:
            if self._may_be_told(dossier, step) and isinstance(decide(self.method, self._unclosed(dossier), step), Accepted):
                dossier = evolve(self.method, dossier, step)
        return dossier

    def _unclosed(self, dossier: Dossier) -> Dossier:
        if _CLOSE not in verbs_of(dossier.facts):
            return dossier
        return dossier.taking([n for n, f in enumerate(dossier.facts) if f.verb is not _CLOSE])

    def _may_be_told(self, dossier: Dossier, step: Fact) -> bool:
        """Whether a fact may be noted: once the run is closed an answer or a document may, a step no more."""
        return self.method.words.find_leaf(step.address) is None or self._unclosed(dossier) is dossier

    def told(self, dossier: Dossier, steps: Steps) -> Dossier:
        for step in steps:
            dossier = evolve(self.method, dossier, step)
        return dossier

    def faults(self, dossier: Dossier) -> tuple[Finding, ...]:
        return violated(check(self.method, dossier, at=self.at))

    def left_by(self, steps: Steps) -> tuple[Finding, ...]:
        known = self._tried.get(steps)
        if known is None:
            known = self._tried[steps] = self.faults(self._after(steps))
        return known

    def _after(self, steps: Steps) -> Dossier:
        """The dossier with the commands of a row, as `with_`."""
        known = next(n for n in range(len(steps), -1, -1) if not n or steps[:n] in self._with)
        dossier = self._with[steps[:known]] if known else self.dossier
        for n in range(known, len(steps)):
            dossier = self._with[steps[: n + 1]] = self.with_(dossier, steps[n : n + 1])
        return dossier

    def cost(self, steps: Steps) -> Cost:
        return *self._weight(self.left_by(steps)), len(steps)

    def _weight(self, left: Sequence[Finding]) -> Weight:
        errors, warnings, infos = (sum(f.severity is s for f in left) for s in Severity)
        return errors, warnings, infos, sum(f.curability is Curability.REPAIRABLE for f in left)


def _as_it_stands(finding: Finding) -> str:
    """A finding, how grave it is, and what can be done of it: what is made up late is lacking no more, and late for good."""
    return f"{finding.key} {finding.severity} {finding.curability}"


def _once(steps: Iterable[Fact]) -> Steps:
    """Each command once, in the order in which it first comes."""
    return tuple({(f.verb, f.address): f for f in reversed(list(steps))}.values())[::-1]


def _connected(ways: Sequence[_Way]) -> list[list[_Way]]:
    """The ways in groups that share no finding and no fact: each group is chosen from by itself."""
    groups: list[tuple[set[object], list[_Way]]] = []
    for way in ways:
        names: set[object] = {*way.touched, *((f.verb, f.address) for f in way.steps)}
        own = [way]
        rest = []
        for other, members in groups:
            if other & names:
                names |= other
                own = [*members, *own]
            else:
                rest.append((other, members))
        groups = [*rest, (names, own)]
    return [members for _, members in groups]
