"""The plan of the packaged method, carried out on its days: the third use of the method has nothing to say of what the second asked for and the first let through."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from pathlib import Path

import attrs
import pytest

import agir_workflow as agir
from agir_workflow.answers import Accepted
from agir_workflow.dossier import Dossier
from agir_workflow.facts import Fact, Hold
from agir_workflow.when import When
from agir_workflow.words import Address, Verb

WITNESS = (Path(__file__).parents[1] / "examples" / "temoin" / "dossier.toml").read_text(encoding="utf-8")
ORDER = [Verb.FILL, Verb.DELIVER, Verb.SUBMIT, Verb.APPROVE, Verb.AGREE, Verb.CONVENE]
"""In which order things to do are done that are due on one day."""


def fresh(start: dt.date, profile: str) -> tuple[agir.Method, Dossier, dict[tuple[Verb, str], list[Fact]]]:
    """The witness with all its people and themes on its first day and nothing done; and what it did, by verb and address."""
    _, whole = agir.read_dossier(WITNESS.encode(), agir.load_method)
    told: dict[tuple[Verb, str], list[Fact]] = {}
    for f in whole.facts:
        told.setdefault((f.verb, str(f.address)), []).append(f)
    head = WITNESS.partition("[answers]")[0]
    for day in ("2011-09-01", "2011-10-10", "2011-10-13"):
        head = head.replace(day, start.isoformat())
    method, dossier = agir.read_dossier(head.replace("charenton-2012", profile).encode(), agir.load_method)
    return method, dossier, told


def asked(told: dict[tuple[Verb, str], list[Fact]], todo: agir.Todo, meetings: dict[str, dt.date]) -> list[Fact]:
    """The commands of a to-do, as the witness said them; a meeting is called for its day, by whom the method has invite."""
    if todo.verb is Verb.CONVENE:
        return [agir.facts.convene(todo.address, meetings[str(todo.address)]).stamped(agir.Stamp(on=When(todo.day), by=todo.role or "pilotes"))]
    word = str(todo.address).partition("/")[0]
    same = told.get((todo.verb, str(todo.address))) or [f for (verb, address), own in told.items() if verb is todo.verb and address.partition("/")[0] == word for f in own]
    assert same, f"the witness never did {todo.verb} {todo.address}"
    return same


@pytest.mark.parametrize(("start", "profile"), [(dt.date(2027, 1, 4), "rameau-default"), (dt.date(2011, 9, 1), "charenton-2012"), (dt.date(2028, 6, 19), "rameau-default")])
def test_who_follows_the_plan_day_by_day_hears_nothing(start: dt.date, profile: str) -> None:
    method, dossier, told = fresh(start, profile)
    plan = agir.plan(method, dossier, at=start)
    meetings = {str(m.address): m.day for m in plan.meetings}
    entries = [(t.day, ORDER.index(t.verb), str(t.address), asked(told, t, meetings)) for t in plan.todos]
    entries += [(day, len(ORDER), address, [f for verb in (Verb.HOLD, Verb.DECIDE) for f in told.get((verb, address), ())]) for address, day in meetings.items()]
    heard = list[tuple[dt.date, str, str]]()
    for day, due in groupby(sorted(entries, key=lambda e: e[:3]), key=lambda e: e[0]):
        for _, _, address, commands in due:
            for f in commands:
                args = f.args
                if isinstance(args, Hold) and (step := method.words.find_leaf(Address(address))):  # with the agenda that its entry of the calendar has
                    args = attrs.evolve(args, agenda=tuple(p.id for p in step[0].agenda))
                by = f.stamp.by if f.stamp else "pilotes"
                decision = agir.decide(method, dossier, attrs.evolve(f, args=args, stamp=agir.Stamp(on=When(day), by=by)))
                assert isinstance(decision, Accepted), (day, f.verb, address, [b.key for b in decision.blockers])
                for event in decision.events:
                    dossier = agir.evolve(method, dossier, event)
        heard += [(day, f.severity, f.key) for f in agir.check(method, dossier, at=day).findings if f.counts]
    assert heard == []
