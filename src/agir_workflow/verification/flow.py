"""
The order of the tree against the order that the requirements ask for.

A tree is sound by its shape; what a requirement adds may close the way: a step that can never be
done, two that wait for each other, a run that gets stuck, an end that is never reached.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import attrs

from ..facts import Fact
from ..method import Method
from ..requirements import Form, Is, Requirement
from ..values import each_of
from ..words import LeafId, Severity, Text
from .flaw import NO_GUARD, Flaw, Shows, Witness, closing, commands, day_by_day, opening
from .lanes import instances
from .named import At, read
from .needs import Need, dues, needs_of, reads
from .order import Order, Rel
from .together import Together, lanes
from .ways import LIMIT, Stuck

_NEXT_ROUND = Text("dans ce tour seul : au suivant, la suite de commandes passerait", "in this round alone: in the next one, the commands would pass")


class Flow:
    """The needs of a method's guards, over the order of its tree."""

    def __init__(self, method: Method, order: Order) -> None:
        self.method, self.order = method, order
        self.needs = needs_of(method, order)
        places = {str(r.code): n for n, r in enumerate(method.requirements)}
        self._conditions = {x.n: places[when] for x in self.needs if x.once and (when := method.requirements[x.n].when) in places}
        """Of each row that applies only once a step is done, the row that says which."""
        self._one = Together(method, self.needs, instances(method, 1))

    # -- findings

    def flaws(self) -> Iterator[Flaw]:
        """Each cause once: what a later check would say of a need already at fault is not said again."""
        found = list(self._against_the_tree())
        bad = {f.witness.rows[0] for f in found}
        yield from found
        more = [*self._never_together(bad)]
        bad |= {n for f in more for n in f.witness.rows}
        yield from more
        more = [*self._in_a_circle(bad)]
        bad |= {n for f in more for n in f.witness.rows}
        yield from more
        more = [*self._together(bad)]
        bad |= {n for f in more for n in f.witness.rows}
        yield from more
        yield from self._no_way_back(bad)

    def _flaw(self, code: str, rows: Sequence[int], what: Text, mend: Text, shown: tuple[Fact, ...], *, due: bool = False,
              shows: Shows = Shows.REFUSED, why: Text = _NEXT_ROUND, severity: Severity = Severity.ERROR) -> Flaw:  # fmt: skip
        path = f"requirements[{rows[0]}]" + (".due" if due else "")
        read_too = dict.fromkeys((*rows, *(self._conditions[n] for n in rows if n in self._conditions)))
        return Flaw(code=f"method.{code}", severity=severity, path=path, what=what, mend=mend, witness=Witness(shows=shows, commands=shown, rows=tuple(read_too), why=why if shows is Shows.UNREAD else None))

    def _against_the_tree(self) -> Iterator[Flaw]:
        """A row whose `a` cannot come before its `b`, or that is due before what it reads can be."""
        for n, row in enumerate(self.method.requirements):
            if row.is_ in (Is.PRECEDES, Is.DECIDED, Is.GAP) and row.due.form is not Form.CHART:
                first = str(row.param("a") or row.param("by")).partition(".")[0]
                second = str(row.param("b") or row.param("before")).partition(".")[0]
                if self._backwards(first, second, same=row.is_ is not Is.GAP):
                    shown, shows, why = self._stuck_or_undated(n, row)
                    what = Text(f"« {first} » ne peut précéder « {second} » dans l'arbre", f"'{first}' cannot precede '{second}' in the tree")
                    mend = Text("inverser a et b, ou ôter la ligne", "swap a and b, or remove the row")
                    if first == second:
                        what = Text(f"une étape ne peut venir avant elle-même : « {first} »", f"a step cannot come before itself: '{first}'")
                        mend = Text("nommer une autre étape, ou ôter la ligne", "name another step, or remove the row")
                    yield self._flaw("contradicts_tree", (n,), what, mend, shown, shows=shows, why=why)
                    continue
            for name in reads(row, self.method, sources=True):
                if self._too_soon(row, name):
                    shown, shows, why = self._stuck_or_undated(n, row)
                    yield self._flaw("due_too_soon", (n,), Text(f"exigible avant que « {name} » ne soit possible", f"due before '{name}' can be"),
                                     Text("la rendre exigible plus tard", "make it due later"), shown, due=True, shows=shows, why=why)  # fmt: skip
                    break

    def _stuck_or_undated(self, n: int, row: Requirement) -> tuple[tuple[Fact, ...], Shows, Text]:
        """A guard that reads the order refuses at the row's due; what only the planner reads has no dates; what neither does has nothing to run."""
        due_at = dues(self.method, self.order, row)
        guarded = row.severity is Severity.ERROR and row.is_ not in (Is.GAP, Is.DELIVERABLE)
        named = [x for name in reads(row, self.method) for x in self.method.words.leaves_of(name) if x in self.order.place]
        if any(due is not None and self.order.later_round(x, due) for x in named for due in due_at):
            return (), Shows.UNREAD, _NEXT_ROUND
        if guarded and due_at and due_at[0] is not None:
            return self._run((n,), due_at[0]), Shows.REFUSED, NO_GUARD
        # The planner reads no decision as a distance, nor how often a step is done, nor a step as distant from itself, nor a most alone.
        undated = row.is_ in (Is.DECIDED, Is.COUNT) or row.param("a") == row.param("b") is not None or (row.is_ is Is.GAP and row.param("min") is None)
        return (), Shows.UNREAD if undated else Shows.NO_PLAN, NO_GUARD

    def _backwards(self, first: str, second: str, *, same: bool = False) -> bool:
        """Whether every step of the first word comes after every step of the second in a round (or *same*: is that step)."""
        words, order = self.method.words, self.order
        pairs = [(a, b) for a in words.leaves_of(first) for b in words.leaves_of(second) if a in order.place and b in order.place]
        known = [order.rel(a, b) for a, b in pairs]
        return bool(known) and all(r in (Rel.AFTER, Rel.SAME) for r in known) and (Rel.AFTER in known or same)

    def _too_soon(self, row: Requirement, reads: str) -> bool:
        """Whether what a row reads can only come at or after its due."""
        if row.due.form is Form.LEAF:
            return self._backwards(reads, row.due.name, same=row.is_ is not Is.DELIVERABLE)
        if row.due.form is not Form.PHASE:
            return False
        phases = [p.name for p in self.method.tree.phases]
        if row.due.name not in phases:
            return False  # the tree lacks that phase: said of the tree
        own = [self.method.words.phase_of.get(x) for x in self.method.words.leaves_of(reads)]
        return bool(own) and all(p is not None and phases.index(p.name) >= phases.index(row.due.name) for p in own)

    def _never_together(self, bad: Collection[int]) -> Iterator[Flaw]:
        """A step that needs one of another branch of its choice, or two that exclude each other."""
        needs = [x for x in self.needs if x.n not in bad and not x.once]
        for need in needs:
            if need.later is not None and all(self.order.exclude(a, need.later) for a in need.earlier):
                yield self._flaw("dead_step", (need.n,), Text(f"« {need.later} » ne peut jamais se faire : « {need.earlier[0]} » est dans l'autre branche", f"'{need.later}' can never be done: '{need.earlier[0]}' is in the other branch"),
                                 Text("déplacer l'une des deux étapes, ou ôter la ligne", "move one of the two steps, or remove the row"), self._nearest((need.n,), need.later))  # fmt: skip
        for one in needs:
            for two in needs:
                if (one.n, one.earlier) >= (two.n, two.earlier) or one.later != two.later:
                    continue
                if all(self.order.exclude(a, b) for a in one.earlier for b in two.earlier):
                    rows, a, b = tuple(dict.fromkeys((one.n, two.n))), one.earlier[0], two.earlier[0]
                    dead = one.later is not None and self.order.optional(one.later)
                    title = _title(one.later)
                    yield self._flaw("dead_step" if dead else "no_completion", rows, Text(f"{title.fr} demande « {a} » et « {b} », qui s'excluent", f"{title.en} wants '{a}' and '{b}', which exclude each other"),
                                     Text("n'exiger que l'une des deux", "want only one of the two"), self._nearest(rows, one.later))  # fmt: skip

    def _in_a_circle(self, bad: Collection[int]) -> Iterator[Flaw]:
        """Steps that wait for each other: each row could be met, together they cannot."""
        needs = [x for x in self.needs if x.n not in bad and not x.once and x.later is not None and len(x.earlier) == 1]
        steps = [x for x in self.order.leaves if any(x in (*y.earlier, y.later) for y in needs)]
        ways: dict[LeafId, list[tuple[LeafId, Need | None]]] = {x: [] for x in steps}
        for need in needs:
            if need.later is not None:
                ways[need.earlier[0]].append((need.later, need))
        for a in steps:
            ways[a] += [(b, None) for b in steps if self.order.rel(a, b) is Rel.BEFORE and not self.order.optional(a, b)]
        told: set[int] = set()
        for need in needs:
            circle = _way_back(ways, need)
            rows = tuple(dict.fromkeys(x.n for x in circle))
            if not rows or told & set(rows):
                continue
            told |= set(rows)
            names = " → ".join(str(x.earlier[0]) for x in circle)
            each_other = "l'une l'autre" if len(circle) == 2 else "les unes les autres"
            first = min((x.later for x in circle if x.later), key=lambda x: len(self.order.run_to(x)))
            yield self._flaw("cycle", rows, Text(f"ces étapes s'attendent {each_other} : {names}", f"these steps wait for each other: {names}"),
                             Text("ôter l'une des lignes", "remove one of the rows"), self._nearest(rows, first))  # fmt: skip

    def _together(self, bad: Collection[int]) -> Iterator[Flaw]:
        """
        Runs that get stuck although another gets through, and steps that rows leave no place: every way through what they speak of.

        Refused: who took that run is stuck, and nothing told them so. A row may want a branch as long as it can still
        be taken: then the plan takes it, and a refusal says so.
        """
        told, number = {*bad}, 2
        laid: Together | None = self._one
        while laid is not None:
            for needs, stuck in laid.stuck(told):
                told |= {x.n for x in needs}
                yield self._stuck(needs, stuck) if stuck is not None else self._undecided(needs)
            laid = lanes(self.method, self.needs, number) if number == 2 or number <= laid.enough(told) else None
            number += 1

    def _nearest(self, rows: Sequence[int], goal: LeafId | None) -> tuple[Fact, ...]:
        """The commands of the shortest run to where some rows get stuck; those up to *goal* where it was not found."""
        stuck = self._one.found([x for x in self.needs if x.n in rows])
        return self._steps(rows, stuck.run, stuck.later, there=stuck.there) if stuck else self._run(rows, goal)

    def _stuck(self, needs: Sequence[Need], stuck: Stuck) -> Flaw:
        """The flaw of a few rows that get stuck."""
        rows = tuple(dict.fromkeys(x.n for x in needs))
        title, codes = _title(stuck.later), list(dict.fromkeys(str(self.method.requirements[n].code) for n in rows))
        fr, en = (word.join(dict.fromkeys(read(x).id for x in stuck.missing[:3])) for word in (" » ou « ", "' or '"))
        times = max((x.times for x in needs if {*x.earlier} == {*stuck.missing}), default=1)
        often = Text(f" {times} fois" if times > 1 else "", f" {times} times" if times > 1 else "")
        mend = Text("rendre l'étape obligatoire, ou l'exiger plus tôt", "make the step mandatory, or want it earlier")
        if stuck.decided:
            what = Text(f"{_listed(codes, 'et')} veulent des décisions différentes de « {fr} »", f"{_listed(codes, 'and')} want different decisions of '{en}'")
            return self._flaw("rows_conflict", rows[::-1], what, Text("garder l'une d'elles", "keep one of them"), self._steps(rows, stuck.run, stuck.later, there=stuck.there))
        if not stuck.dead:
            code = "dead_step"
            what = Text(f"{title.fr} ne peut jamais se faire : « {fr} »{often.fr} vient trop tard", f"{title.en} can never be done: '{en}'{often.en} comes too late")
        elif not stuck.avoidable:
            code = "no_completion"
            what = Text(f"aucune suite d'étapes n'atteint la fin : {title.fr} demande « {fr} »{often.fr}", f"no run reaches the end: {title.en} needs '{en}'{often.en}")
        else:
            code = "deadlock" if stuck.later is not None else "improper_completion"
            what = Text(f"{title.fr} demande « {fr} »{often.fr}, que l'on peut omettre et ne plus pouvoir faire", f"{title.en} needs '{en}'{often.en}, which may be left out and then no longer be done")
        if len(rows) > 1:
            what = Text(f"{what.fr} ({', '.join(codes)})", f"{what.en} ({', '.join(codes)})")
            mend = Text("ôter l'une des lignes, ou rendre l'étape obligatoire", "remove one of the rows, or make the step mandatory")
        if not stuck.dead:
            mend = Text("ôter l'une des lignes", "remove one of the rows") if len(rows) > 1 else Text("ôter la ligne, ou déplacer une étape", "remove the row, or move a step")
        return self._flaw(code, rows, what, mend, self._steps(rows, stuck.run, stuck.later, there=stuck.there))

    def _undecided(self, needs: Sequence[Need]) -> Flaw:
        rows = tuple(dict.fromkeys(x.n for x in needs))
        codes = ", ".join(dict.fromkeys(str(self.method.requirements[n].code) for n in rows[:4])) + (", …" if len(rows) > 4 else "")
        what = Text(f"plus de {LIMIT} pas : on ne sait si ces lignes se bloquent ensemble ({codes})", f"more than {LIMIT} moves: whether these rows get stuck together is not known ({codes})")
        return self._flaw("undecided", rows, what, Text("rendre des options obligatoires, ou ôter des lignes", "make options mandatory, or remove rows"), (), shows=Shows.UNREAD,
                          why=Text("rien n'est prouvé : ni que cela coince, ni que cela passe", "nothing is proved: neither that it sticks nor that it passes"), severity=Severity.WARNING)  # fmt: skip

    def _no_way_back(self, bad: Collection[int]) -> Iterator[Flaw]:
        """A decision that stops the run for good: nothing brings another, or a step may be done after which nothing does. Worth a remark; a run may end so."""
        gates: dict[LeafId, list[Need]] = {}
        for need in self._one.needs:
            row = self.method.requirements[need.n]
            if row.is_ is Is.DECIDED and need.n not in bad:
                wanted = tuple(str(v) for v in each_of(row.param("values")))
                gates.setdefault(need.earlier[0], []).append(attrs.evolve(need, values=wanted))
        for gate, needs in gates.items():
            offered = self.method.words.leaves[gate].decisions
            if all(d in x.values for x in needs for d in offered) or (found := self._one.ended(gate, needs, offered, bad)) is None:
                continue
            stuck, step = found
            stop = next((read(x).value for x in reversed(stuck.run) if read(x).id == gate), "")
            rows = tuple(x.n for x in needs if x.later == stuck.later and stop and stop not in x.values)[:1]
            if not rows:
                continue
            what = Text(f"après « {stop} », « {gate} » ne peut se tenir de nouveau : le projet s'arrête là", f"after '{stop}', '{gate}' cannot be held again: the project ends there")
            mend = Text("mettre cette étape dans une boucle", "put that step in a loop")
            if step != gate:
                what = Text(f"« {step} » peut se faire après un « {stop} » de « {gate} », qui ne peut alors plus se tenir de nouveau", f"'{step}' may be done after '{gate}' said '{stop}', and then it cannot be held again")
                mend = Text(f"exiger la décision dès « {step} »", f"want the decision before '{step}'")
            yield self._flaw("no_redo", rows, what, mend, self._steps(rows, stuck.run, stuck.later), severity=Severity.WARNING)

    # -- witnesses

    def _run(self, rows: Sequence[int], goal: LeafId | None) -> tuple[Fact, ...]:
        return self._steps(rows, self.order.run_to(goal) if goal is not None else self.order.run_whole(), goal)

    def _steps(self, rows: Sequence[int], steps: Sequence[LeafId], goal: LeafId | None, decided: dict[LeafId, str] | None = None, there: At = ()) -> tuple[Fact, ...]:
        """The steps as commands, then the one that is refused."""
        own = [self.method.requirements[n] for n in rows]
        done = commands(self.method, steps, own, decided, there)
        run = (*done, *(opening(self.method, goal, own, done) if goal is not None else (closing(self.method),)))
        # Of one day no order is known: a second round would be read as the rest of the first.
        return day_by_day(run) if len({*steps}) < len(steps) else run


def _title(step: LeafId | None) -> Text:
    return Text(f"« {read(step).id} »", f"'{read(step).id}'") if step is not None else Text("la clôture", "the closing")


def _listed(codes: Sequence[str], word: str) -> str:
    return f" {word} ".join((", ".join(codes[:-1]), codes[-1])) if len(codes) > 1 else codes[0]


def _way_back(ways: dict[LeafId, list[tuple[LeafId, Need | None]]], start: Need) -> tuple[Need, ...]:
    """The shortest way from what a need wants later to what it wants earlier, as needs; () where there is none."""
    goal = start.earlier[0]
    assert start.later is not None
    row: list[tuple[LeafId, tuple[Need, ...]]] = [(start.later, (start,))]
    seen = {start.later}
    for here, needs in row:
        for there, need in ways.get(here, ()):
            along = (*needs, need) if need is not None else needs
            if there == goal:
                return along
            if there not in seen:
                seen.add(there)
                row.append((there, along))
    return ()
