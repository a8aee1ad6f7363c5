"""
What is said to be for ever: no three commands, and no waiting, lead past a blocker that is permanent.

After refusals with each code that is permanent, every sequence of at most three commands of `alphabet`, each on one of the days
that matter and none earlier than the one before it; the command is then asked again, on its own day and on each later one.
`slices` leaves out of these sequences what cannot matter, and says why nothing is lost; here it is held against the plain
search `ways`, which leaves out nothing. In the packaged method, where a day has hundreds of commands, and for the hours of
meetings one command is tried; with `AGIR_PERMANENT=n` three, hours are in every search, and *n* refusals of each code are taken.
"""

import datetime as dt
import os
import random
import re
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from functools import cache
from pathlib import Path

import attrs
import pytest
import slices  # type: ignore[import-not-found]
from alphabet import alphabet, at_hours, corrections, odd, stamped  # type: ignore[import-not-found]
from edits import method as the_method  # type: ignore[import-not-found]
from edits import read
from test_planned_rows import ALONE  # type: ignore[import-not-found]
from test_story import charenton  # type: ignore[import-not-found]
from theorems.generate import case  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.answers import Accepted, Ask, Blocker
from agir_workflow.dossier import Dossier
from agir_workflow.facts import Agree, Convene, Correct, Fact, Move, fact
from agir_workflow.method import Method
from agir_workflow.paths import path_to, what_if
from agir_workflow.requirements import Is
from agir_workflow.samples import command_of
from agir_workflow.view import View, view_of
from agir_workflow.when import When
from agir_workflow.words import OPENS, Sort, Verb

MORE = int(os.environ.get("AGIR_PERMANENT", "1"))
DAY = dt.timedelta(days=1)
Domain = Callable[[Method, Dossier, dt.date, Iterable[Blocker]], list[Fact]]
Found = dict[Fact, tuple[Fact, ...]]
STATES = {"state.done", "state.passed", "state.closed", "state.abandoned", "state.held", "state.decided", "state.cancelled"}
FINAL = {"state.closed", "state.abandoned"}
"""In these nothing may be done any more."""
INPUTS = {f"input.{x}" for x in ("unknown", "type", "past", "verb", "version", "field", "self", "address", "lift", "sitting", "seat", "attendance", "votes")}
"""`input.twice` is told alone: an id that is borne already is free once its bearer ended."""


def state(view: View) -> Hashable:
    """All that a decision of the engine reads of a dossier; two that agree in it have the same future."""
    sittings = frozenset((x, tuple(history)) for x, history in view.sittings.items() if history)
    said = tuple(tuple(view.items.get(f.id, ())) for f in view.method.facets)
    states = frozenset((k, tuple(history)) for k, history in view.states.items() if history)
    plan = (frozenset(view.planned.items()), view.adopted, tuple(view.published))
    agreed = tuple((x, f.args) for x, f in view.done_facts if isinstance(f.args, Agree))
    return (view.position.done, view.position.skipped, tuple(view.instances), sittings, said, states, plan, agreed, frozenset(view.settled), tuple(view.derogations))


def ways(method: Method, dossier: Dossier, days: list[dt.date], wanted: dict[Fact, list[Blocker]], length: int, domain: Domain = alphabet) -> Found:
    """
    Of some refused commands those that are accepted after all, with what leads there: waiting, or at most *length* commands.

    Each command is of one of *days*, no earlier than the one before it; then the wanted one is asked on its own day and
    each later one of them. Two sequences that lead to one and the same state are gone on with once.
    """
    about = [b for blockers in wanted.values() for b in blockers][:8]
    found: Found = {}

    def ask(now: Dossier, since: dt.date, so_far: tuple[Fact, ...]) -> None:
        for f in wanted.keys() - found.keys():
            for day in {f.on.latest, *days}:
                again = f if day == f.on.latest else f.stamped(agir.Stamp(on=When(day), by="nobody"))
                if day >= max(since, f.on.latest) and isinstance(agir.decide(method, now, again), Accepted):
                    found[f] = (*so_far, again)
                    break

    ask(dossier, days[0], ())
    seen: set[Hashable] = set()
    here: list[tuple[Dossier, dt.date, tuple[Fact, ...]]] = [(dossier, days[0], ())]
    for _ in range(length):
        after: list[tuple[Dossier, dt.date, tuple[Fact, ...]]] = []
        for now, since, so_far in here:
            for command in (c for day in days if day >= since for c in domain(method, now, day, about)):
                if not isinstance(agir.decide(method, now, command), Accepted):
                    continue
                then, day = agir.evolve(method, now, command), command.on.latest
                if (key := (state(view_of(method, then)), day)) in seen:
                    continue
                seen.add(key)
                after.append((then, day, (*so_far, command)))
                ask(*after[-1])
        here = after
    return found


def told(found: Found, wanted: dict[Fact, list[Blocker]]) -> list[object]:
    return [(str(f.on), f.verb, f.address, f.args, [b.key for b in wanted[f]], [(str(x.on), x.verb, x.address) for x in way]) for f, way in found.items()]


def days_that_matter(view: View, day: dt.date, wanted: Iterable[Fact]) -> list[dt.date]:
    """
    The day of the last fact, the day itself, the next, the next working day; and of each day that a command, a plan or a
    notice speaks of, if it is near, that one and those about it. None is earlier than the last fact: an earlier one is the past.
    """
    spoken = [f.args.day for f in wanted if isinstance(f.args, (Convene, Move))] + [slot.day for slot in view.planned.values()]
    spoken += [i.off.latest for i in view.instances if i.off]
    near = [d for d in dict.fromkeys(spoken) if view.last <= d <= day + 30 * DAY][:2]
    working = next(d for n in range(2, 9) if (d := day + n * DAY).isoweekday() < 6)
    return sorted({max(view.last, day - DAY), day, day + DAY, working} | {d for s in near for d in (s - DAY, s, s + DAY) if d >= view.last})


# -- random methods -------------------------------------------------------------------------------------------


def moments(seed: int) -> Iterator[tuple[Method, Dossier, dt.date]]:
    """A random method's dossier: new, on its way, and at its end."""
    given, rng = case(seed), random.Random(f"for ever {seed}")
    method, dossier, day = given.method, given.dossier, given.dossier.start
    for last in (False, False, False, True):
        yield method, dossier, day + DAY
        view = view_of(method, dossier)
        ahead = [x for x in view.position.to_do() if "*" not in x.inst]
        goal = agir.facts.fact(Verb.ABANDON, "dossier") if last and seed % 2 else agir.facts.close()
        if ahead and not last:
            label = rng.choice(ahead)
            leaf = method.words.leaves[label.leaf]
            goal = command_of(view, Ask(OPENS[leaf.sort], leaf.at(label.inst)), day)
        for command in path_to(method, dossier, goal.stamped(agir.Stamp(on=When(day), by="nobody"))).commands:
            dossier = agir.evolve(method, dossier, command)
            day = max(day, command.on.latest)
    yield method, dossier, day + DAY


def called_off(seed: int) -> Iterator[tuple[Method, Dossier, dt.date]]:
    """A random method's dossier with its first meeting, and the first of its bodies, convened and cancelled."""
    given = case(seed)
    method, dossier, day = given.method, given.dossier, given.dossier.start + DAY
    sittings = [(leaf, x) for x in view_of(method, dossier).position.labels() if (leaf := method.words.leaves[x.leaf]).is_sitting and "*" not in x.inst]
    for sort in (Sort.MEETING, Sort.DECISION):
        at = next((leaf.at(x.inst) for leaf, x in sittings if leaf.sort is sort), None)
        for command in stamped([agir.facts.convene(at, day + 30 * DAY), fact(Verb.CANCEL, at)], day) if at else []:
            assert isinstance(agir.decide(method, dossier, command), Accepted)
            dossier = agir.evolve(method, dossier, command)
    yield method, dossier, day + DAY


@attrs.frozen
class Moment:
    """A dossier on a day, what may be asked of it, and how much of that is accepted at once."""

    method: Method
    dossier: Dossier
    day: dt.date
    asked: int
    open_: int
    refused: tuple[tuple[Fact, tuple[Blocker, ...]], ...]
    """What is refused for good, of that and of what nobody has use for."""

    @classmethod
    def of(cls, method: Method, dossier: Dossier, day: dt.date) -> "Moment":
        asked = [(c, agir.why_not(method, dossier, c)) for c in alphabet(method, dossier, day)]
        others = [(c, agir.why_not(method, dossier, c)) for c in odd(method, dossier, day)]
        for_good = tuple((c, bs) for c, bs in [*asked, *others] if any(b.permanent for b in bs))
        return cls(method, dossier, day, len(asked), sum(not bs for _, bs in asked), for_good)

    def sequences(self, length: int, days: int) -> int:
        """About how many commands a search has to decide here."""
        return (self.open_ * days) ** (length - 1) * self.asked * days


@attrs.define
class Sample:
    """Refusals for good: so many of each code where something may be done, and where nothing may."""

    each: int
    alone: bool = False
    """Only those that nothing else stands against."""
    seen: Counter[tuple[str, bool]] = attrs.field(factory=Counter)

    def of(self, moment: Moment) -> dict[Fact, list[Blocker]]:
        wanted: dict[Fact, list[Blocker]] = {}
        for command, blockers in moment.refused:
            keys = {(b.code, moment.open_ > 0): b for b in blockers if b.permanent}
            if self.alone and len(blockers) > 1:
                continue
            if any(self.seen[key] < self.each for key in keys):
                wanted[command] = list(keys.values())
                self.seen.update(set(keys))
        return wanted


@cache
def all_moments() -> list[Moment]:
    """Those of forty random methods, of some with meetings called off, first those of which little may be asked."""
    found = [Moment.of(*m) for seed in range(40) for m in (*moments(seed), *(called_off(seed) if seed < 8 else ()))]
    return sorted(found, key=lambda m: m.sequences(3, 1))


def with_hours(method: Method, dossier: Dossier, day: dt.date, about: Iterable[Blocker] = (), among: Collection[Hashable] | None = None) -> list[Fact]:
    return [*alphabet(method, dossier, day, about, among), *stamped(at_hours(view_of(method, dossier), day), day)]


def test_no_commands_lead_past_what_is_permanent() -> None:
    """
    Of each permanent code some refusals, and after them every sequence of at most three commands, over all days that matter.

    The domain is that of `alphabet` with hours: every verb but `correct`, each at every address that it may speak of, with a few
    arguments each. `stale.version` is of who asks, not of what is asked: it is not here.
    """
    sample, searched = Sample(MORE), set[str]()
    for moment in all_moments():
        if wanted := sample.of(moment):
            days = days_that_matter(view_of(moment.method, moment.dossier), moment.day, wanted)
            found = slices.ways(moment.method, moment.dossier, days, wanted, 3, with_hours if MORE > 1 else alphabet)
            assert found == {}, told(found, wanted)
            searched |= {b.code for blockers in wanted.values() for b in blockers if moment.open_}
    assert {code for code, _ in sample.seen} >= FINAL
    assert searched >= (STATES | INPUTS) - FINAL


def test_what_is_left_out_of_the_search_leads_nowhere() -> None:
    """Where there are ways past a refusal, the search finds them for the very same commands as the plain one: here for all that is refused, for ever or not."""
    some = [m for m in all_moments() if m.open_][: 2 * MORE]
    ways_out = 0
    for moment in some:
        asked = {c: list(agir.why_not(moment.method, moment.dossier, c)) for c in [*alphabet(moment.method, moment.dossier, moment.day), *odd(moment.method, moment.dossier, moment.day)]}
        refused = {c: blockers for c, blockers in asked.items() if blockers}
        plain = ways(moment.method, moment.dossier, [moment.day], refused, 2)
        about = [b for blockers in refused.values() for b in blockers][:8]
        assert slices.ways(moment.method, moment.dossier, [moment.day], refused, 2, about=about).keys() == plain.keys()
        ways_out += sum(len(way) > 2 for way in plain.values())
    assert ways_out


def test_every_way_to_misread_a_command_is_searched() -> None:
    """But those of its stamp, which the asker gives: without one nothing is asked, and no command was recorded before it happened."""
    text = "".join((Path(agir.__file__).parent / name).read_text(encoding="utf-8") for name in ("resolve.py", "_attendance.py", "_misread.py"))
    codes = {f"input.{x}" for x in re.findall(r'(?:Misread\(|code=)"(\w+)"', text)}
    assert codes == INPUTS | {"input.stamp", "input.future", "input.twice"}


# -- the packaged method --------------------------------------------------------------------------------------


def lives() -> dict[str, Dossier]:
    """Charenton closed, given up, and on its way; a young project of one pilot."""
    method, whole = charenton()
    begun = Dossier(whole.facts[:60])
    over = fact(Verb.ABANDON, "dossier").stamped(agir.Stamp(on=begun.facts[-1].on, by="nobody"))
    return {"closed": whole, "abandoned": agir.evolve(method, begun, over), "begun": begun, "alone": read(ALONE)}


@pytest.mark.parametrize("life", ["closed", "abandoned", "begun", "alone"])
def test_nor_do_they_in_the_packaged_method(life: str) -> None:
    """
    Of each code that is for ever there, in the same way.

    Where something may still be done, a day has hundreds of commands: of those projects sequences of three take minutes, and a single command is tried without `AGIR_PERMANENT`.
    """
    dossier, method = lives()[life], the_method()
    length = 3 if MORE > 1 or life in ("closed", "abandoned") else 1
    day = max(f.on.latest for f in dossier.facts) + DAY
    wanted = Sample(MORE).of(Moment.of(method, Dossier(dossier.facts), day))
    search = slices.ways if length > 1 else ways  # of one command there is little to leave out
    found = search(method, dossier, days_that_matter(view_of(method, dossier), day, wanted), wanted, length, with_hours if length > 1 else alphabet)
    assert found == {}, told(found, wanted)
    assert {b.code for blockers in wanted.values() for b in blockers} >= {"input.unknown", {"alone": "input.past"}.get(life, "state.done")}


# -- what a correction opens ----------------------------------------------------------------------------------


def test_no_correction_opens_what_is_closed_or_given_up() -> None:
    """
    For ever is as long as the facts stand as they were told: what was done or left behind on a day was not, if it was told wrongly.

    So `correct` is no way on, and in no domain above. What a command itself lacks no correction gives it. Nor does one open what is closed or given up: that is
    struck out no more (docs/decisions/0042), and a correction into days to come is refused as any fact told of them is.
    """
    sample, opened, met = Sample(2, alone=True), set[str](), set[str]()
    ends = [Moment.of(the_method(), lives()[life], dt.date(2014, 1, 6)) for life in ("closed", "abandoned")]
    for moment in [*ends, *all_moments()[:30]]:
        wanted, last = sample.of(moment), moment.dossier.version
        days = [moment.dossier.start, moment.day + 30 * DAY]

        def told_wrongly(method: Method, dossier: Dossier, day: dt.date, _: Iterable[Blocker], days: list[dt.date] = days, last: int = last) -> list[Fact]:
            return [f for f in corrections(method, dossier, day, days) if isinstance(f.args, Correct) and f.args.of > last - 12]

        found = ways(moment.method, moment.dossier, [moment.day], wanted, 1, told_wrongly)
        opened |= {b.code for command in found for b in wanted[command]}
        met |= {b.code for blockers in wanted.values() for b in blockers}
    assert met >= FINAL
    assert opened <= STATES - FINAL


# -- hours ---------------------------------------------------------------------------------------------------


def strict(method: Method) -> Method:
    """The same method with all rows out of a copil's reach."""
    return attrs.evolve(method, requirements=tuple(attrs.evolve(r, derogable=False) for r in method.requirements))


def taken(seed: int, reach: Callable[[Method], Method]) -> Iterator[tuple[Method, Dossier, dt.date, dict[Fact, list[Blocker]]]]:
    """A meeting held this morning, at an hour that its notice or its minutes say, and others that are to be convened at that hour."""
    for method, dossier, day in ((reach(m), Dossier(d.facts), day) for m, d, day in moments(seed)):
        rooms = {x for row in method.requirements if row.is_ is Is.DISJOINT for x in method.words.leaves_of(row.selector("of").word)}
        ahead = [x for x in view_of(method, dossier).position.to_do() if x.leaf in rooms and "*" not in x.inst]
        for label in ahead:
            held = method.words.leaves[label.leaf].at(label.inst)
            notice = agir.facts.fact(Verb.CONVENE, held, Convene(day=day, start=dt.time(9), minutes=60))
            sat = command_of(view_of(method, dossier), Ask(Verb.HOLD, held), day)
            for morning in ((notice, sat), (attrs.evolve(sat, args=attrs.evolve(sat.args, start=dt.time(9), minutes=60)),)):  # type: ignore[arg-type, misc]
                commands = stamped(morning, day)
                done = what_if(method, dossier, commands)
                if all(isinstance(d, Accepted) for d in done.decisions):
                    asked = stamped(at_hours(view_of(method, done.dossier), day), day)
                    refused = {c: bs for c in asked if (bs := list(agir.why_not(method, done.dossier, c))) and all(b.is_ is Is.DISJOINT for b in bs)}
                    if refused:
                        yield method, done.dossier, day, refused


def test_the_hour_of_a_meeting_that_was_held_is_taken_for_good() -> None:
    """Whatever is planned, moved or adopted then; a meeting that is still ahead is moved out of the way."""
    tried = 0
    for seed in range(60):
        for method, dossier, day, refused in taken(seed, strict):
            for_good = {c: bs for c, bs in refused.items() if any(b.permanent for b in bs)}
            found = (slices.ways if MORE > 1 else ways)(method, dossier, [day, day + DAY], for_good, 3 if MORE > 1 else 1, with_hours)
            assert found == {}, (seed, told(found, for_good))
            tried += bool(for_good)
        if tried >= 4 * MORE:
            break
    assert tried


def test_a_copil_lifts_what_nothing_else_does() -> None:
    """Where a row is within its reach, a dérogation is a way on; where none has met, it meets first."""
    first, verbs = 0, Counter[Verb]()
    for seed in range(60):
        for method, dossier, _, refused in taken(seed, lambda m: m):
            for command, blockers in refused.items():
                lifts = {x.verb for b in blockers for x in b.lifts if isinstance(x, Ask)}
                if lifts <= {Verb.MOVE}:
                    continue
                path = path_to(method, dossier, command)
                assert path.complete, (seed, command, [str(b) for b in path.stuck])
                verbs.update(lifts)
                first += 1
        if first >= 40 and len(verbs) > 2:
            break
    assert verbs[Verb.DEROGATE]
    assert verbs[Verb.HOLD]
