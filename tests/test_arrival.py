"""The verdict is the same bytes whatever the order of a file's blocks, and of the facts of one day."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import random
import re
import shutil
from functools import cache
from itertools import permutations
from pathlib import Path

import attrs
import pytest
from edits import (
    BROKEN_BY,
    EDITS,
    EXAMPLES,
    LATER,
    Edit,
    beside,
    edited,
    edited_by,
    edited_files,
    files_of,
    method,
    overlaid,
    read,
)
from hypothesis import given, settings
from hypothesis import strategies as st

import agir_workflow as agir
from agir_workflow._commands_base import json_text
from agir_workflow.arrival import arranged
from agir_workflow.cli import main
from agir_workflow.facts import Convene, Correct, Decide, Fact, Fill, Hold, Stamp
from agir_workflow.views import json_view
from agir_workflow.when import When
from agir_workflow.words import Verb

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


@settings(max_examples=12, deadline=None)
@given(st.sampled_from([*sorted(CASES), *EDITS]), st.randoms(use_true_random=False))
def test_the_blocks_of_a_file_may_stand_in_any_order(folders: Path, start: object, chance: random.Random) -> None:
    name, at = (start, CASES[start]) if isinstance(start, str) else (start.name, start.at.isoformat())  # type: ignore[attr-defined]
    if not (folders / name).exists():
        for path, data in edited_files(start).items():  # type: ignore[arg-type]
            (folders / name / path).parent.mkdir(parents=True, exist_ok=True)
            (folders / name / path).write_bytes(data)
    file = folders / name / "dossier.toml"
    before, whole = first_told(folders / name, at), file.read_text(encoding="utf-8")
    assert before[0] in (0, 1)
    head = _BLOCKS.split(whole)[0] if name == "stage_gate" else ""  # what stands before the first block belongs to none
    blocks = [b.rstrip("\n") + "\n" for b in _BLOCKS.findall(whole)]
    chance.shuffle(blocks)
    try:
        file.write_text(head + "".join(blocks), encoding="utf-8")
        assert told(folders / name, at) == before
    finally:
        file.write_text(whole, encoding="utf-8")


def crowded(dossier: agir.Dossier, days: int) -> list[Fact]:
    """The facts of a dossier, all that happened within so many days on the first of them."""

    def on(fact: Fact) -> Fact:
        assert fact.stamp is not None
        far = (fact.on.earliest - dossier.start).days // days * days
        return fact.stamped(attrs.evolve(fact.stamp, on=When(dossier.start + dt.timedelta(days=far))))

    return [on(f) for f in dossier.facts[1:]]


@cache
def of_verb() -> dict[Verb, list[Fact]]:
    """What the examples and the edits tell, by its verb."""
    out: dict[Verb, list[Fact]] = {}
    for dossier in (edited(EDITS[0]), *(read(files_of(EXAMPLES / n)["dossier.toml"]) for n in CASES if n not in ("broken", "stage_gate")), *map(edited, EDITS)):
        for one in dossier.facts[1:]:
            if one not in (known := out.setdefault(one.verb, [])):
                known.append(one)
    return out


def told_twice(facts: list[Fact], chance: random.Random) -> list[Fact]:
    """With one thing, or several, told again on its day: another answer, another decision, another day for it."""
    for _ in range(chance.choice([0, 1, 1, 2, 3])):
        n = chance.randrange(len(facts))
        if facts[n].verb is Verb.CORRECT:  # of the round before
            continue
        alike = [f for f in of_verb()[facts[n].verb] if f.address == facts[n].address and f.args != facts[n].args]
        other = chance.choice(alike or of_verb()[facts[n].verb])
        again = [attrs.evolve(facts[n], args=other.args)]
        if chance.random() < 0.2:
            days = [facts[n].on.earliest + dt.timedelta(days=by) for by in (1, 2)]
            again = [fact(Verb.CORRECT, "dossier", Correct(of=n + 2, on=When(day)), days[1]) for day in days]
        facts = [*facts, *again]
    return facts


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(EDITS), st.sampled_from([1, 3, 14, 30, 60, 400]), st.sampled_from([LATER, dt.date(2012, 3, 1), dt.date(2012, 6, 1)]), st.randoms(use_true_random=False))
def test_the_facts_of_one_day_may_arrive_in_any_order(edit: Edit, days: int, at: dt.date, chance: random.Random) -> None:
    """Whatever is told twice on it, and whatever lies beside the dossier."""
    files, dossier = edited_files(edit), edited(edit)
    over = files.get("territoire.toml")
    under, evidence = overlaid(over) if over is not None else method(), beside(files, dossier)
    dossier = agir.Dossier((dossier.facts[0], *told_twice(crowded(dossier, days), chance)))
    order = list(range(1, dossier.version))
    chance.shuffle(order)

    def judged(dossier: agir.Dossier) -> str:
        return json_text(json_view.report(agir.check(under, dossier, at=at, evidence=evidence)))

    assert judged(dossier.taking([0, *order])) == judged(dossier)


DAY = dt.date(2012, 3, 5)


def fact(verb: Verb, address: str, args: object = None, day: dt.date = DAY) -> Fact:
    return attrs.evolve(agir.facts.fact(verb, address, args), stamp=Stamp(on=When(day), by="lead"))  # type: ignore[arg-type]


def order(*facts: Fact) -> list[str]:
    dossier = agir.Dossier((edited(EDITS[0]).facts[0], *facts))
    return [f"{f.verb} {f.args.day.day}" if isinstance(f.args, Convene) else str(f.verb) for f in arranged(dossier).facts[1:]]


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


def test_an_answer_of_an_earlier_day_is_withdrawn_before_one_is_said_anew() -> None:
    """And one that was first said on the day is withdrawn after: nothing else could be."""
    before = fact(Verb.FILL, "motif", Fill(value="one"), DAY - dt.timedelta(days=3))
    said, withdrawn = fact(Verb.FILL, "motif", Fill(value="two")), fact(Verb.CLEAR, "motif")
    for day in permutations((said, withdrawn)):
        assert order(before, *day) == ["fill", "clear", "fill"]
        assert order(*day) == ["fill", "clear"]
    for day in permutations((said, withdrawn, fact(Verb.FILL, "motif", Fill(value="three")))):
        assert order(*day) == ["fill", "clear", "fill"]


def test_a_correction_follows_the_fact_that_it_corrects() -> None:
    at = "copil/lancement"
    dossier = agir.Dossier((edited(EDITS[0]).facts[0], fact(Verb.DECIDE, at, Decide(value="go")), fact(Verb.HOLD, at, Hold()), fact(Verb.CORRECT, "dossier", Correct(of=2, on=When(DAY))),
                            fact(Verb.CORRECT, "dossier", Correct(of=3, on=When(DAY)))))  # fmt: skip
    found = arranged(dossier).facts
    assert [(f.verb, f.args.of if isinstance(f.args, Correct) else None) for f in found[1:]] == [(Verb.HOLD, None), (Verb.DECIDE, None), (Verb.CORRECT, 3), (Verb.CORRECT, 2)]


def test_facts_in_order_are_left_as_they_are() -> None:
    dossier = edited(EDITS[0])
    assert arranged(dossier) is dossier


# -- two answers on one day -------------------------------------------------------------------------------


GOOD, BAD = "Communauté de communes témoin", "…"


def answered(*values: str, hours: tuple[int, ...] = ()) -> agir.Report:
    """The verdict on the witness, with these answers to one question, all on one day, noted at those hours."""
    dossier = edited(next(e for e in EDITS if e.name == "ACT008"))
    mine = [fact(Verb.FILL, "perimetre", Fill(value=v), dossier.start) for v in values]
    for n, hour in enumerate(hours):
        noted = dt.datetime.combine(dossier.start, dt.time(hour), dt.UTC)
        mine[n] = mine[n].stamped(Stamp(on=When(dossier.start), by="lead", recorded_at=noted))
    return agir.check(method(), agir.Dossier((*(f for f in dossier.facts if f.address != "perimetre"), *mine)), at=LATER)


def keys(report: agir.Report) -> set[str]:
    return {f.key for f in report.findings}


def of_two_answers(report: agir.Report) -> list[str]:
    return [n.fr for n in report.notes if "la plus favorable" in n.fr]


def test_of_two_answers_on_one_day_the_better_one_counts_and_a_note_says_so() -> None:
    """Nothing says which was told last: neither may be held against the project, and neither be hidden."""
    plain = answered(GOOD)
    (broken,) = keys(answered(BAD)) - keys(plain)
    for values in ((GOOD, BAD), (BAD, GOOD)):
        report = answered(*values)
        assert broken not in keys(report)
        (note,) = of_two_answers(report)
        assert broken.partition(" ")[0] in note
        assert len(note) <= 160
    assert not of_two_answers(plain)


def test_the_last_word_counts_where_it_is_known_which_one_it_is() -> None:
    (broken,) = keys(answered(BAD)) - keys(answered(GOOD))
    for values, hours, wanted in (((BAD, GOOD), (9, 10), set()), ((GOOD, BAD), (10, 9), set()), ((GOOD, BAD), (9, 10), {broken})):
        report = answered(*values, hours=hours)
        assert {broken} & keys(report) == wanted
        assert not of_two_answers(report)


def test_one_that_does_not_say_when_it_was_noted_came_before_those_that_do() -> None:
    (broken,) = keys(answered(BAD)) - keys(answered(GOOD))
    for values, hours, wanted in (((GOOD, BAD), (9,), set()), ((BAD, GOOD), (9,), {broken}), ((BAD, GOOD, "x"), (9, 10), set()), ((GOOD, BAD, "x"), (9, 10), {broken})):
        report = answered(*values, hours=hours)
        assert {broken} & keys(report) == wanted
        assert not of_two_answers(report)
    assert of_two_answers(answered(GOOD, BAD, BAD + BAD, hours=(9,)))


def test_what_is_told_twice_in_the_same_words_is_told_once() -> None:
    assert keys(answered(BAD, BAD)) == keys(answered(BAD))
    assert not of_two_answers(answered(BAD, BAD))


# -- as of a day ------------------------------------------------------------------------------------------


def test_a_correction_follows_its_fact_as_of_an_earlier_day() -> None:
    """What comes later is left out, by the days that are known by then; what is left is still corrected."""
    days = [dt.date(2012, 3, n) for n in range(1, 8)]
    head = edited(EDITS[0]).facts[0]
    later, held = fact(Verb.HOLD, "copil/themes", Hold(), days[5]), fact(Verb.HOLD, "copil/lancement", Hold(), days[0])
    dossier = agir.Dossier((head, later, held, fact(Verb.CORRECT, "dossier", Correct(of=3, on=When(days[1])), days[2])))
    assert [f.args.of for f in dossier.as_of(days[3]).facts if isinstance(f.args, Correct)] == [2]
    assert dossier.as_of(days[1]).facts == (head, held)
    assert dossier.as_of(days[6]) is dossier
    moved = agir.Dossier((head, held, fact(Verb.CORRECT, "dossier", Correct(of=2, on=When(days[5])), days[2])))
    assert [moved.as_of(d).version for d in (days[1], days[3], days[5])] == [2, 1, 3]
