"""A day that is put right leaves every fact readable: what was kept can be written to a file, and read back."""

import datetime as dt
from pathlib import Path

import pytest

import agir_workflow as agir
from agir_workflow.answers import Accepted, Refused, Wait
from agir_workflow.dossier import Dossier
from agir_workflow.facts import Correct, Fact, fact
from agir_workflow.when import When
from agir_workflow.words import Verb

YOUNG = b"""
[dossier]
id = "young"
uid = "11111111-2222-4333-8444-555555555555"
method = "agir_ensemble@1"
start = 2026-09-01

[[theme]]
id = "emploi"

[[theme]]
id = "sante"

[[facts]]
fact = "hold"
address = "gt1/emploi"
on = 2026-09-10

[[facts]]
fact = "end"
address = "theme/sante"
on = 2026-09-20
"""
TODAY = dt.date(2026, 10, 1)
STAGES = Path(__file__).parents[1] / "examples" / "stage_gate"


def young() -> tuple[agir.Method, Dossier]:
    return agir.read_dossier(YOUNG, agir.load_method)


def put_right(dossier: Dossier, verb: Verb, address: str, day: dt.date) -> Fact:
    n = next(n for n, f in enumerate(dossier.facts, 1) if (f.verb, f.address) == (verb, address))
    return fact(Verb.CORRECT, address, Correct(of=n, on=When(day))).stamped(agir.Stamp(on=When(TODAY), by="pilotes"))


def test_nobody_is_declared_after_what_was_told_of_them() -> None:
    method, dossier = young()
    late = put_right(dossier, Verb.DECLARE, "theme/emploi", dt.date(2026, 9, 11))
    for answer in (agir.decide(method, dossier, late), agir.record(method, dossier, late)):
        assert isinstance(answer, Refused)
        (blocker,) = answer.blockers
        assert blocker.code == "input.stamp"
        told = next(n for n, f in enumerate(dossier.facts, 1) if f.address == "gt1/emploi")
        assert f"n° {told} " in blocker.text.fr
        assert f"number {told} " in blocker.text.en
    assert isinstance(agir.decide(method, dossier, put_right(dossier, Verb.DECLARE, "theme/emploi", dt.date(2026, 9, 9))), Accepted)


@pytest.mark.parametrize("day", [dt.date(2026, 9, 12), dt.date(2026, 9, 25)])
def test_an_end_that_is_put_right_is_written_and_read_back(day: dt.date) -> None:
    method, dossier = young()
    correction = put_right(dossier, Verb.END, "theme/sante", day)
    assert isinstance(agir.decide(method, dossier, correction), Accepted)
    kept = agir.evolve(method, dossier, correction)
    _, again = agir.read_dossier(agir.write_dossier(kept).encode(), agir.load_method)
    assert again.facts == kept.facts


def test_a_second_sitting_on_the_day_of_the_first_is_named_by_its_number() -> None:
    """What is allowed can be kept, told, written to a file and read back."""
    method, dossier = agir.read_dossier((STAGES / "dossier.toml").read_bytes(), lambda _: agir.load_method(str(STAGES / "method.toml")))
    stamp = agir.Stamp(on=When(TODAY), by="gatekeeper")
    path = agir.path_to(method, dossier, agir.facts.decide("gate/market", "recycle").stamped(stamp))
    dossier = agir.what_if(method, dossier, path.commands).dossier
    day = path.commands[-1].on
    again = agir.facts.hold("gate/market").stamped(agir.Stamp(on=day, by="gatekeeper"))
    refused = agir.decide(method, dossier, again)
    assert isinstance(refused, Refused)
    (blocker,) = refused.blockers
    assert (blocker.code, blocker.lifts, blocker.permanent) == ("input.twice", (Wait(day.latest + dt.timedelta(days=1)),), None)
    for allowed in (fact(Verb.HOLD, "gate/market#2").stamped(agir.Stamp(on=day, by="gatekeeper")), again.stamped(agir.Stamp(on=When(day.latest + dt.timedelta(days=1)), by="gatekeeper"))):
        assert isinstance(agir.decide(method, dossier, allowed), Accepted)
        kept = agir.evolve(method, dossier, allowed)
        _, read = agir.read_dossier(agir.write_dossier(kept).encode(), lambda _: method)
        assert read.facts == kept.facts


def test_nothing_is_put_right_into_days_to_come() -> None:
    """What has not happened yet is no fact; so a closing cannot be moved to next month to open the project again."""
    method, dossier = young()
    over = agir.evolve(method, dossier, fact(Verb.ABANDON, "dossier").stamped(agir.Stamp(on=When(TODAY), by="pilotes")))
    for told, verb, address in ((dossier, Verb.END, "theme/sante"), (over, Verb.ABANDON, "dossier")):
        for day, codes in ((TODAY, []), (TODAY + dt.timedelta(days=1), ["input.future"])):
            for answer in (agir.decide(method, told, put_right(told, verb, address, day)), agir.record(method, told, put_right(told, verb, address, day))):
                assert [b.code for b in answer.blockers if b.code.startswith("input.")] == codes if isinstance(answer, Refused) else codes == []
