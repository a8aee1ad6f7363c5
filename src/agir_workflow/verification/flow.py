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
from ..words import DeliverableId, LeafId, Severity, Text
from .flaw import Flaw, Shows, Witness, closing, commands, opening
from .order import Order, Rel

_NEXT_ROUND = Text("dans ce tour seul : au suivant, la suite de commandes passerait", "in this round alone: in the next one, the commands would pass")


@attrs.frozen
class Need:
    """
    What a requirement asks of the order: one of `earlier` before `later` (None: before the run is closed).

    `through` are the places of other rows, where it asks for that only by way of what they ask for.
    """

    n: int
    row: Requirement
    earlier: tuple[LeafId, ...]
    later: LeafId | None
    through: tuple[int, ...] = ()

    @property
    def rows(self) -> tuple[int, ...]:
        return (self.n, *self.through)


class Flow:
    """The needs of a method's guards, over the order of its tree."""

    def __init__(self, method: Method, order: Order) -> None:
        self.method, self.order = method, order
        self.refusing = [n for n, r in enumerate(method.requirements) if r.severity is Severity.ERROR]
        self.needs = [need for n in self.refusing for need in self._needs(n, method.requirements[n])]

    def _needs(self, n: int, row: Requirement) -> Iterator[Need]:
        words = self.method.words
        for later in self._dues(row):
            for name in reads(row):
                earlier = tuple(x for x in words.leaves_of(name) if x in self.order.place)
                if row.each == name and len(earlier) > 1:  # said of each of a set: all of them
                    yield from (Need(n, row, (x,), later) for x in earlier)
                elif earlier:
                    yield Need(n, row, earlier, later)

    def _dues(self, row: Requirement) -> tuple[LeafId | None, ...]:
        """The steps at which the guard reads a row; None stands for the closing of the run."""
        form, name = row.due.form, row.due.name
        if form is Form.LEAF:
            return tuple(x for x in self.method.words.leaves_of(name) if x in self.order.place)
        if form is Form.PHASE:
            phase = next((p for p in self.method.tree.phases if p.name == name), None)
            return self.order.sorted(self.order.first_of(phase)) if phase else ()
        return (None,) if form is Form.CHART and name == "run.close" else ()

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
        yield from self._left_behind(bad)
        yield from self._no_way_back(bad)

    def _flaw(self, code: str, rows: Sequence[int], what: Text, mend: Text, shown: tuple[Fact, ...], *, due: bool = False,
              shows: Shows = Shows.REFUSED, severity: Severity = Severity.ERROR) -> Flaw:  # fmt: skip
        path = f"requirements[{rows[0]}]" + (".due" if due else "")
        why = _NEXT_ROUND if shows is Shows.UNREAD else None
        return Flaw(code=f"method.{code}", severity=severity, path=path, what=what, mend=mend, witness=Witness(shows=shows, commands=shown, rows=tuple(rows), why=why))

    def _against_the_tree(self) -> Iterator[Flaw]:
        """A row whose `a` cannot come before its `b`, or that is due before what it reads can be."""
        for n, row in enumerate(self.method.requirements):
            if row.is_ in (Is.PRECEDES, Is.DECIDED, Is.GAP) and row.due.form is not Form.CHART:
                first = str(row.param("a") or row.param("by")).partition(".")[0]
                second = str(row.param("b") or row.param("before")).partition(".")[0]
                if self._backwards(first, second, same=row.is_ is not Is.GAP):
                    shown, shows = self._stuck_or_undated(n, row)
                    yield self._flaw("contradicts_tree", (n,), Text(f"« {first} » ne peut précéder « {second} » dans l'arbre", f"'{first}' cannot precede '{second}' in the tree"),
                                     Text("inverser a et b, ou ôter la ligne", "swap a and b, or remove the row"), shown, shows=shows)  # fmt: skip
                    continue
            for name in reads(row, self.method):
                if self._too_soon(row, name):
                    shown, shows = self._stuck_or_undated(n, row)
                    yield self._flaw("due_too_soon", (n,), Text(f"exigible avant « {name} »", f"due before '{name}' can be"),
                                     Text("la rendre exigible plus tard", "make it due later"), shown, due=True, shows=shows)  # fmt: skip
                    break

    def _stuck_or_undated(self, n: int, row: Requirement) -> tuple[tuple[Fact, ...], Shows]:
        """A guard that reads the order refuses at the row's due; what only the planner reads has no dates."""
        dues = self._dues(row)
        guarded = row.severity is Severity.ERROR and row.is_ not in (Is.GAP, Is.DELIVERABLE)
        named = [x for name in reads(row) for x in self.method.words.leaves_of(name) if x in self.order.place]
        if any(due is not None and self.order.later_round(x, due) for x in named for due in dues):
            return (), Shows.UNREAD
        if guarded and dues and dues[0] is not None:
            return self._run((n,), dues[0]), Shows.REFUSED
        return (), Shows.NO_PLAN

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
        needs = [x for x in self.needs if x.n not in bad]
        for need in needs:
            if need.later is not None and all(self.order.exclude(a, need.later) for a in need.earlier):
                yield self._flaw("dead_step", (need.n,), Text(f"« {need.later} » ne peut jamais se faire : « {need.earlier[0]} » est dans l'autre branche", f"'{need.later}' can never be done: '{need.earlier[0]}' is in the other branch"),
                                 Text("déplacer l'une des deux étapes, ou ôter la ligne", "move one of the two steps, or remove the row"), self._run((need.n,), need.later))  # fmt: skip
        for one in needs:
            for two in needs:
                if (one.n, one.earlier) >= (two.n, two.earlier) or one.later != two.later:
                    continue
                if all(self.order.exclude(a, b) for a in one.earlier for b in two.earlier):
                    rows, a, b = tuple(dict.fromkeys((one.n, two.n))), one.earlier[0], two.earlier[0]
                    dead = one.later is not None and self.order.optional(one.later)
                    title = one.later or "run.close"
                    yield self._flaw("dead_step" if dead else "no_completion", rows, Text(f"« {title} » demande « {a} » et « {b} », qui s'excluent", f"'{title}' wants '{a}' and '{b}', which exclude each other"),
                                     Text("n'exiger que l'une des deux", "want only one of the two"), self._run(rows, one.later, without=(a, b)))  # fmt: skip

    def _in_a_circle(self, bad: Collection[int]) -> Iterator[Flaw]:
        """Steps that wait for each other: each row could be met, together they cannot."""
        needs = [x for x in self.needs if x.n not in bad and x.later is not None and len(x.earlier) == 1]
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
            first = min((x.later for x in circle if x.later), key=lambda x: len(self.order.run_to(x)))
            others = tuple(x.earlier[0] for x in circle)
            yield self._flaw("cycle", rows, Text(f"ces étapes s'attendent l'une l'autre : {names}", f"these steps wait for each other: {names}"),
                             Text("ôter l'une des lignes", "remove one of the rows"), self._run(rows, first, without=others))  # fmt: skip

    def _left_behind(self, bad: Collection[int]) -> Iterator[Flaw]:
        """
        A run that leaves out what it later needs, and can no longer make it up.

        Refused, although another run gets through: who took this one is stuck, and nothing told them so. A row may
        want a branch as long as it can still be taken: then the plan takes it, and a refusal says so.
        """
        for need in self._with_chains(bad):
            a, b = need.earlier[0], need.later
            if not self.order.optional(a, b) or a in self.method.tree.free:
                continue
            round_later = b is not None and self.order.rel(a, b) in (Rel.AFTER, Rel.APART)
            begun = self.order.owing(b, self.order.run_to(b, without=(a,)), a) if b is not None and round_later else ()
            runs = [begun] if begun and self.order.owed(b, begun) and self._possible(begun) else [run for c in self.order.passed_by(a) if (run := self._past(need, a, c)) is not None]
            if not runs:
                continue
            shortest = min(runs, key=lambda r: (len(r), [self.order.place[x] for x in r]))
            code = "deadlock" if b is not None else "improper_completion"
            title = b or "run.close"
            shown = self._steps(need.rows, shortest, b)
            yield self._flaw(code, need.rows, Text(f"« {title} » demande « {a} », que l'on peut omettre et ne plus pouvoir faire", f"'{title}' needs '{a}', which may be left out and then no longer be done"),
                             Text("rendre l'étape obligatoire, ou l'exiger plus tôt", "make the step mandatory, or want it earlier"), shown)  # fmt: skip

    def _with_chains(self, bad: Collection[int]) -> list[Need]:
        """The needs of one step, and what they come to one by way of another: what wants an option wants what that option wants."""
        own = [x for x in self.needs if x.n not in bad and len(x.earlier) == 1]
        found = list(own)
        known = {(x.earlier, x.later) for x in own}
        for one in found:
            for two in own:
                middle = two.earlier[0]
                if one.later == middle and (one.earlier, two.later) not in known and one.earlier[0] != two.later and self.order.optional(middle, two.later):
                    known.add((one.earlier, two.later))
                    found.append(Need(two.n, two.row, one.earlier, two.later, tuple(dict.fromkeys((*two.through, *one.rows)))))
        return found

    def _past(self, need: Need, a: LeafId, c: LeafId) -> tuple[LeafId, ...] | None:
        """The shortest run over *c* without *a*, up to where *a* is needed; None where there is none or a loop brings *a* back."""
        order, b = self.order, need.later
        if b is not None and (c == b or order.rel(c, b) in (Rel.AFTER, Rel.APART)):
            return None
        if b is None and order.again((a,), None):
            return None
        if b is None:
            run = order.run_whole(without=(a,))
            run = order.sorted({*run, *order.run_to(c, without=(a,)), c})
        else:
            run = order.sorted({*order.run_to(b, c, without=(a,)), c})
            run = order.sorted({*run, *order.owing(b, run, a)})
        if order.again((a, c), b, run) or not order.owed(b, run):
            return None
        run = self._with_wanted(run)
        return None if a in run or b in run or not self._possible(run) else run

    def _with_wanted(self, run: tuple[LeafId, ...]) -> tuple[LeafId, ...]:
        """A run with the options that its own steps want before them, where the tree lets them stand there."""
        order = self.order
        for need in [x for x in self.needs if x.later in run and not set(x.earlier) & set(run)]:
            wanted = need.earlier[0]
            more = {*order.run_to(wanted, *run), wanted} - set(run)
            if need.later is not None and order.place[wanted] < order.place[need.later] and not any(order.rel(x, y) is Rel.APART for x in more for y in run):
                run = order.sorted({*run, *more})
        return run

    def _possible(self, run: Sequence[LeafId]) -> bool:
        """Whether the steps of a run have what the rows want before them."""
        return all(set(x.earlier) & set(run) for x in self.needs if x.later in run)

    def _no_way_back(self, bad: Collection[int]) -> Iterator[Flaw]:
        """A decision that stops the run for good: no loop goes round for another. Worth a remark; a run may end so."""
        for n in self.refusing:
            row = self.method.requirements[n]
            if row.is_ is not Is.DECIDED or n in bad:
                continue
            gate = next((x for x in self.method.words.leaves_of(str(row.param("by"))) if x in self.order.ways), None)
            wanted = {str(v) for v in each_of(row.param("values"))}
            stops = [d for d in self.method.words.leaves[gate].decisions if d not in wanted] if gate else []
            for later in self._dues(row)[:1]:
                if gate is None or not stops or self.order.again((gate,), later):
                    continue
                steps = self.order.run_to(*(x for x in (later,) if x)) if later else self.order.run_whole()
                shown = self._steps((n,), steps, later, {gate: stops[0]})
                yield self._flaw("no_redo", (n,), Text(f"après « {stops[0]} », « {gate} » ne peut se tenir de nouveau : le projet s'arrête là", f"after '{stops[0]}', '{gate}' cannot be held again: the project ends there"),
                                 Text("la mettre dans une boucle", "put it in a loop"), shown, severity=Severity.WARNING)  # fmt: skip

    # -- witnesses

    def _run(self, rows: Sequence[int], goal: LeafId | None, *, without: Collection[LeafId] = ()) -> tuple[Fact, ...]:
        steps = self.order.run_to(goal, without=without) if goal is not None else self.order.run_whole(without=without)
        # What the rows themselves name, they ask for: only another step's sake keeps it in the run.
        kept = [x for x in without if any(self.order.rel(x, y) is Rel.BEFORE for y in steps)]
        steps = tuple(x for x in steps if x not in without or x in kept)
        return self._steps(rows, steps, goal)

    def _steps(self, rows: Sequence[int], steps: Sequence[LeafId], goal: LeafId | None, decided: dict[LeafId, str] | None = None) -> tuple[Fact, ...]:
        """The steps as commands, then the one that is refused."""
        own = [self.method.requirements[n] for n in rows]
        done = commands(self.method, steps, own, decided)
        return (*done, *(opening(self.method, goal, own, done) if goal is not None else (closing(self.method),)))


def reads(row: Requirement, method: Method | None = None) -> tuple[str, ...]:
    """The steps that must lie behind for a row to hold at its due; with *method*, those that its document comes from too."""
    if row.is_ in (Is.PRESENT, Is.AGREED):
        word, _, field = str(row.param("of")).partition(".")
        return (word,) if not field or method else ()
    if row.is_ is Is.PRECEDES:
        return (str(row.param("a")),)
    if row.is_ is Is.DECIDED:
        return (str(row.param("by")),)
    if row.is_ is Is.DELIVERABLE and method is not None:
        return tuple(str(x) for x in method.words.deliverables[DeliverableId(str(row.param("of")))].of)
    return ()


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
