"""What is offered for a remark about a fact that was told is a way that works, now that the fact stands."""

from __future__ import annotations

import datetime as dt
import shlex

import pytest
from test_practice import on, until

import agir_workflow as agir
from agir_workflow._commands_ask import fact_of
from agir_workflow.afterwards import afterwards
from agir_workflow.answers import Blocker, Recorded
from agir_workflow.dossier import Dossier
from agir_workflow.facts import Fact
from agir_workflow.views.text import blocker_lines
from agir_workflow.words import Verb

FULL = "attendance={collectivites = 3, associations = 4, entreprises = 4}"
FEW = "attendance={associations = 3}"


def told(dossier: Dossier, line: str, day: str) -> tuple[Dossier, tuple[Blocker, ...]]:
    """The dossier with what a command line tells, and the remarks about it."""
    method = agir.load_method("agir_ensemble")
    words = shlex.split(line)
    command = fact_of(words[0], words[1], tuple(words[2:]), "lead", None)
    fact = on(day, command.verb, command.address, command.args)
    answer = agir.record(method, dossier, fact)
    assert isinstance(answer, Recorded), answer
    return agir.evolve(method, dossier, fact), afterwards(method, dossier, fact, answer.deviations)


def before(address: str) -> Dossier:
    """Charenton when the sitting of an address was about to be held; nobody had been convened to it."""
    _, whole = until("2014-01-01")
    n = next(n for n, f in enumerate(whole.facts) if f.verb is Verb.HOLD and f.address == address)
    return Dossier(tuple(f for f in whole.facts[:n] if not (f.verb is Verb.CONVENE and f.address == address)))


@pytest.mark.parametrize(
    ("line", "code", "blank", "filled", "day"),
    [
        ("hold gt3/insertion", "PRV001", "attendance={…}", shlex.quote(FULL), None),
        (f"hold gt3/insertion {shlex.quote(FEW)}", "EXP006", "attendance={…}", shlex.quote(FULL), None),
        ("hold copil/synthese", "PRV001", "attendance={…}", shlex.quote(FULL), None),
        (f"hold copil/synthese {shlex.quote(FULL)}", "COP007", "--on …", "", "2012-05-15"),
    ],
    ids=["list", "number", "copil", "notice"],
)
def test_the_way_that_is_offered_works_when_followed(line: str, code: str, blank: str, filled: str, day: str | None) -> None:
    address = line.split()[1]
    dossier = before(address)
    day_held = "2012-06-06"
    after, remarks = told(dossier, line, day_held)
    (remark,) = [r for r in remarks if r.code == code]
    _, way = blocker_lines(remark, "fr")
    assert blank in way
    mended, _ = told(after, way.strip().removeprefix("→ ").replace(blank, filled), day or day_held)
    method = agir.load_method("agir_ensemble")
    keys = [{f.key for f in agir.check(method, d, at=dt.date(2012, 6, 7)).findings} for d in (after, mended)]
    assert [remark.key in k for k in keys] == [True, False]


def test_of_what_is_done_nobody_is_told_to_wait_or_to_do_it_again() -> None:
    """Every fact of Charenton, told where half of what came before it is not: each way that is left can be asked for now, or leads to one that can."""
    method, whole = until("2014-01-01")
    facts = whole.facts
    seen = 0
    for n, fact in enumerate(facts):
        if n % 4 != 3 or fact.verb is Verb.FILL:
            continue
        dossier = Dossier(tuple(f for i, f in enumerate(facts[:n]) if not i or f.verb is Verb.DECLARE or i % 2))
        answer = agir.record(method, dossier, fact)
        for remark in afterwards(method, dossier, fact, answer.deviations if isinstance(answer, Recorded) else ()):
            assert bool(remark.lifts) != bool(remark.permanent)
            for lift in remark.lifts:
                assert isinstance(lift, agir.answers.Ask)
                assert (lift.verb, lift.address) != (fact.verb, fact.address)
                seen += 1
    assert seen


def test_a_remark_that_nothing_mends_says_that_it_is_done() -> None:
    """A meeting on a closed day was held on it: no other day will change that."""
    held = next(f for f in until("2014-01-01")[1].facts if f.verb is Verb.HOLD and f.address == "gt2/insertion")
    words = Fact(held.verb, held.address, held.args)
    after = before("gt2/insertion")
    answer = agir.record(agir.load_method("agir_ensemble"), after, on("2012-03-11", words.verb, words.address, words.args))
    assert isinstance(answer, Recorded)
    (remark,) = [r for r in afterwards(agir.load_method("agir_ensemble"), after, answer.events[0], answer.deviations) if r.code == "CAL007"]
    assert (remark.lifts, remark.permanent is not None) == ((), True)
