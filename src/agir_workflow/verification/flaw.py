"""What the proof of a method finds: a flaw, and the shortest run that shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum

import attrs

from ..facts import Decide, Declare, Fact, Stamp, fact
from ..method import Method
from ..requirements import Requirement
from ..values import Record, Value, each_of
from ..when import When
from ..words import OPENS, InstanceId, KindId, LeafId, Severity, Sort, Text, Verb
from .named import At, Lane, instance, read

DAY = dt.date(2024, 1, 8)
"""The day of every command of a witness: a Monday, open everywhere. Where days matter, no plan is the witness."""

NO_GUARD = Text("aucune commande ne s'y heurte : la ligne avertit sans refuser, ou se lit après coup", "no command runs into it: the row warns and refuses nothing, or is read afterwards")
"""Why nothing can be run where neither a guard nor the planner reads a row."""


class Shows(StrEnum):
    """What running a witness shows."""

    REFUSED = "refused"
    """All but the last command are accepted; the last is refused, and nothing lifts the refusal."""
    PASSES = "passes"
    """All are accepted, although the requirement ought to have something to object."""
    NO_PLAN = "no_plan"
    """After them the planner proves that the rest has no dates."""
    UNREAD = "unread"
    """There is nothing to run: `why` says so."""


@attrs.frozen(kw_only=True)
class Witness:
    """
    Commands from the first day of a dossier, under the tree and the rows at fault alone (`rows`: their places in the file).

    `why` says why there are none to run, where nothing can be shown so.
    """

    shows: Shows
    commands: tuple[Fact, ...]
    rows: tuple[int, ...]
    profile: str = ""
    regime: str = ""
    why: Text | None = None


@attrs.frozen(kw_only=True)
class Flaw:
    """One thing that is wrong with a method as a whole. `line` is filled in where the method came from a file."""

    code: str
    severity: Severity
    path: str
    what: Text
    mend: Text
    witness: Witness
    line: int | None = None


def passing(method: Method, leaf: LeafId, rows: Sequence[Requirement]) -> str:
    """A decision of a step that the rows let pass, else its first."""
    wanted = [str(v) for r in rows if str(r.param("by")) == leaf for v in each_of(r.param("values"))]
    offered = method.words.leaves[leaf].decisions
    return next((d for d in offered if d in wanted), offered[0] if offered else "")


def commands(method: Method, steps: Sequence[LeafId], rows: Sequence[Requirement], decided: Mapping[LeafId, str] | None = None, there: At = ()) -> tuple[Fact, ...]:
    """
    The commands that take these steps in this order, one instance a kind (more where a step is in the lane of another: `named`), all on one day (`day_by_day` where a step comes twice); and before them the
    instances that the rows speak of, without which they would ask nothing.

    *decided* gives what a decision decides; else one that the rows let pass. *there*: instances that are there from the first.
    """
    stamp = Stamp(on=When(DAY), by=_speaker(method))
    out: list[Fact] = []
    known: list[InstanceId] = []
    for kind, lane in there:
        _declare(method, kind, lane, rows, known, out)
    for row in rows:
        if row.each in method.words.kinds:
            _declare(method, KindId(row.each), _first(method, KindId(row.each)), rows, known, out)
    for step in steps:
        id, said, value = read(step)
        leaf = method.words.leaves[id]
        lanes = said or tuple(_first(method, kind) for kind in leaf.scope)
        for kind, lane in zip(leaf.scope, lanes, strict=True):
            _declare(method, kind, lane, rows, known, out)
        address = leaf.at(tuple(instance(kind, lane) for kind, lane in zip(leaf.scope, lanes, strict=True)))
        out.append(fact(OPENS[leaf.sort], address))
        if leaf.sort is Sort.DECISION:
            value = value or (decided or {}).get(id) or passing(method, id, rows)
            out.append(fact(Verb.DECIDE, address, Decide(value=value)))
    return tuple(c.stamped(stamp) for c in out)


def opening(method: Method, step: LeafId, rows: Sequence[Requirement], before: Sequence[Fact]) -> tuple[Fact, ...]:
    """The command at which the requirements due at a step are read, and the instances it still needs."""
    taken = {(c.verb, c.address) for c in before}
    wanted = OPENS[method.words.leaves[read(step).id].sort]
    made = [c for c in commands(method, (step,), rows) if c.verb in (Verb.DECLARE, wanted)]
    return tuple(c for c in made if c.verb is wanted or (c.verb, c.address) not in taken)


def closing(method: Method) -> Fact:
    return fact(Verb.CLOSE, "dossier").stamped(Stamp(on=When(DAY), by=_speaker(method)))


def _speaker(method: Method) -> str:
    roles = method.list_(method.roles)
    return roles.words[0].id if roles and roles.words else "lead"


def day_by_day(run: Sequence[Fact]) -> tuple[Fact, ...]:
    """The same commands, a day for each."""
    return tuple(c.stamped(attrs.evolve(c.stamp, on=When(DAY + dt.timedelta(days=n)))) if c.stamp else c for n, c in enumerate(run))


def _first(method: Method, kind: KindId) -> Lane:
    """The first instance of a kind, in the first of each that holds one."""
    holder = method.words.kinds[kind].inside
    return (1,) if holder is None else (*_first(method, holder), 1)


def _declare(method: Method, kind: KindId, lane: Lane, rows: Sequence[Requirement], known: list[InstanceId], out: list[Fact]) -> None:
    id = instance(kind, lane)
    if id in known:
        return
    known.append(id)
    found = method.words.kinds[kind]
    if found.inside:
        _declare(method, found.inside, lane[:-1], rows, known, out)
    wanted: dict[str, Value] = {k: each_of(v)[0] for r in rows for k, v in r.where if each_of(v)}
    said: list[tuple[str, Value]] = []
    for field in found.attributes:
        words = method.list_(field.type)
        value = wanted.get(field.name)
        if words is not None and (not isinstance(value, str) or words.word(value) is None):
            value = words.words[0].id if words.words else None
        value = "x" if value is None else value
        if not field.optional or field.name in wanted:
            said.append((field.name, (value,) if field.many else value))
    inside = instance(found.inside, lane[:-1]) if found.inside else None
    out.append(fact(Verb.DECLARE, f"{kind}/{id}", Declare(label=id, inside=inside, attributes=Record(tuple(said)))))
