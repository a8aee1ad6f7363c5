"""The verdict is the same bytes whatever the order of a file's blocks, and of the facts of one day."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import random
import re
import shutil
from functools import cache
from pathlib import Path

import attrs
import pytest
from edits import BROKEN_BY, EDITS, EXAMPLES, LATER, edited, edited_by, method
from hypothesis import given, settings
from hypothesis import strategies as st

import agir_workflow as agir
from agir_workflow._commands_base import json_text
from agir_workflow.arrival import arranged
from agir_workflow.cli import main
from agir_workflow.facts import Convene, Correct, Decide, Fact, Hold, Stamp
from agir_workflow.view import dated
from agir_workflow.views import json_view
from agir_workflow.when import When
from agir_workflow.words import Address, Verb

_BLOCKS = re.compile(r"(?m)^\[(?:(?!^\[).*\n?)*")
CASES = {"charenton": "2012-04-02", "temoin": "2014-01-01", "hurried": "2026-11-26", "second_month": "2011-10-05", "two_of_three": "2014-01-01", "abandoned": "2014-01-01", "stage_gate": "2026-04-01", "broken": "2014-01-01"}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples, and the witness with a dozen faults at once."""
    place = tmp_path_factory.mktemp("examples")
    for name in CASES:
        shutil.copytree(EXAMPLES / ("temoin" if name == "broken" else name), place / name)
    (place / "broken" / "dossier.toml").write_bytes(edited_by(*BROKEN_BY)["dossier.toml"])
    return place


def told(folder: Path, at: str) -> tuple[int, bytes]:
    """What the command says of a folder: its exit code and its bytes."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    with contextlib.redirect_stdout(out):
        code = main(["--at", at, "check", str(folder), "--format", "json"])
    out.flush()
    return code, out.buffer.getvalue()  # type: ignore[attr-defined]


@cache
def first_told(folder: Path, at: str) -> tuple[int, bytes]:
    return told(folder, at)


@settings(max_examples=16, deadline=None)
@given(st.sampled_from(sorted(CASES)), st.randoms(use_true_random=False))
def test_the_blocks_of_a_file_may_stand_in_any_order(folders: Path, name: str, chance: random.Random) -> None:
    file = folders / name / "dossier.toml"
    before, whole = first_told(folders / name, CASES[name]), file.read_text(encoding="utf-8")
    assert before[0] in (0, 1)
    head = _BLOCKS.split(whole)[0] if name == "stage_gate" else ""  # what stands before the first block belongs to none
    blocks = [b.rstrip("\n") + "\n" for b in _BLOCKS.findall(whole)]
    chance.shuffle(blocks)
    try:
        file.write_text(head + "".join(blocks), encoding="utf-8")
        assert told(folders / name, CASES[name]) == before
    finally:
        file.write_text(whole, encoding="utf-8")


def crowded(dossier: agir.Dossier, days: int) -> list[Fact]:
    """The facts of a dossier, all that happened within so many days on the first of them."""

    def on(fact: Fact) -> Fact:
        assert fact.stamp is not None
        far = (fact.on.earliest - dossier.start).days // days * days
        return fact.stamped(attrs.evolve(fact.stamp, on=When(dossier.start + dt.timedelta(days=far))))

    return [on(f) for f in dossier.facts[1:]]


def shuffled(facts: list[Fact], chance: random.Random) -> list[Fact]:
    """In any order, but for facts of one day, verb and address: there the last word counts."""
    places = [(f.verb, f.address, f.on) for f in facts]
    chance.shuffle(places)
    left: dict[tuple[Verb, Address, When], list[Fact]] = {}
    for fact in facts:
        left.setdefault((fact.verb, fact.address, fact.on), []).append(fact)
    return [left[place].pop(0) for place in places]


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(EDITS), st.sampled_from([3, 14, 30, 60]), st.sampled_from([LATER, dt.date(2012, 3, 1)]), st.randoms(use_true_random=False))
def test_the_facts_of_one_day_may_arrive_in_any_order(edit: object, days: int, at: dt.date, chance: random.Random) -> None:
    dossier = edited(edit)  # type: ignore[arg-type]
    facts = crowded(dossier, days)

    def judged(rest: list[Fact]) -> str:
        return json_text(json_view.report(agir.check(method(), agir.Dossier((dossier.facts[0], *rest)), at=at)))

    assert judged(shuffled(facts, chance)) == judged(facts)


DAY = dt.date(2012, 3, 5)


def fact(verb: Verb, address: str, args: object = None, day: dt.date = DAY) -> Fact:
    return attrs.evolve(agir.facts.fact(verb, address, args), stamp=Stamp(on=When(day), by="lead"))  # type: ignore[arg-type]


def order(*facts: Fact) -> list[str]:
    dossier = agir.Dossier((edited(EDITS[0]).facts[0], *facts))
    return [f"{f.verb} {f.args.day.day}" if isinstance(f.args, Convene) else str(f.verb) for f in arranged(dossier, dated(dossier)).facts[1:]]


def test_what_is_called_for_on_the_day_of_a_sitting_is_the_next_one_where_it_is_later() -> None:
    at = "copil/lancement"
    held, said = fact(Verb.HOLD, at, Hold()), fact(Verb.DECIDE, at, Decide(value="no_go"))
    today, later = (fact(Verb.CONVENE, at, Convene(day=DAY + dt.timedelta(days=n))) for n in (0, 14))
    assert order(said, held, today) == ["convene 5", "hold", "decide"]
    assert order(later, said, held) == ["hold", "decide", "convene 19"]


def test_what_undoes_an_earlier_day_comes_before_what_is_done_anew() -> None:
    at, before = "copil/lancement", DAY - dt.timedelta(days=9)
    again = fact(Verb.CONVENE, at, Convene(day=DAY + dt.timedelta(days=9)))
    assert order(fact(Verb.CONVENE, at, Convene(day=DAY), before), again, fact(Verb.CANCEL, at)) == ["convene 5", "cancel", "convene 14"]
    assert order(fact(Verb.CANCEL, at), again) == ["convene 14", "cancel"]
    assert order(fact(Verb.SUSPEND, "dossier", None, before), fact(Verb.SUSPEND, "dossier"), fact(Verb.RESUME, "dossier")) == ["suspend", "resume", "suspend"]


def test_a_correction_follows_the_fact_that_it_corrects() -> None:
    at = "copil/lancement"
    dossier = agir.Dossier((edited(EDITS[0]).facts[0], fact(Verb.DECIDE, at, Decide(value="go")), fact(Verb.HOLD, at, Hold()), fact(Verb.CORRECT, "dossier", Correct(of=2, on=When(DAY))),
                            fact(Verb.CORRECT, "dossier", Correct(of=3, on=When(DAY)))))  # fmt: skip
    found = arranged(dossier, dated(dossier)).facts
    assert [(f.verb, f.args.of if isinstance(f.args, Correct) else None) for f in found[1:]] == [(Verb.HOLD, None), (Verb.DECIDE, None), (Verb.CORRECT, 3), (Verb.CORRECT, 2)]


def test_facts_in_order_are_left_as_they_are() -> None:
    dossier = edited(EDITS[0])
    assert arranged(dossier, dated(dossier)) is dossier
