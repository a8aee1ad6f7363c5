"""
Theorem 3, row by row: a dossier that breaks a requirement is never passed.

The edits are the diffs of `edits/`, each written from its row; here each is told by the verdict and
cleared by its inverse, refused (or remarked) by the engine, and no longer told by a method without that row.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterator

import pytest
from edits import (
    BROKEN_BY,
    CHARENTON,
    EDITS,
    LATER,
    WITNESS,
    Edit,
    dossier_of,
    edited,
    edited_by,
    edited_files,
    judged,
    method,
    named,
    read,
    rows,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import missed

import agir_workflow as agir
from agir_workflow.answers import Blocker, Recorded, Refused
from agir_workflow.checker_rules import CODE_RULES
from agir_workflow.facts import Fact
from agir_workflow.readings.guard import NO_GUARD
from agir_workflow.requirements import Form, Is, Requirement
from agir_workflow.words import Severity, Text

each_edit = pytest.mark.parametrize("edit", EDITS, ids=lambda e: e.name)


def row_of(edit: Edit) -> Requirement:
    return dict(zip(rows(), method().requirements, strict=True))[edit.row]


def guards(row: Requirement) -> bool:
    """Whether the engine reads a row at some move; of a distance it reads only the shortest."""
    if row.due.form is Form.ALWAYS or row.is_ in NO_GUARD:
        return False
    return row.is_ is not Is.GAP or row.param("min") is not None


# -- the table itself ---------------------------------------------------------------------------------


def test_every_row_has_an_edit_and_every_edit_its_row() -> None:
    assert {e.row for e in EDITS} == {*rows(), *((r.code, 1) for r in CODE_RULES)}
    assert {e.name for e in EDITS} >= {str(r.code) for r in (*method().requirements, *CODE_RULES)}, "CODE.diff is that of the first row"
    assert len(CODE_RULES) <= 12


def test_every_row_that_guards_a_move_has_an_edit_that_tries_it() -> None:
    tried = {e.row for e in EDITS if e.move}
    assert tried == {name for name, row in zip(rows(), method().requirements, strict=True) if guards(row)}


# -- the verdict --------------------------------------------------------------------------------------


def test_the_witness_has_nothing_to_report() -> None:
    report = judged(WITNESS, LATER)
    assert (report.verdict, report.findings) == ("conforms", ())


@each_edit
def test_the_verdict_tells_it_and_its_inverse_clears_it(edit: Edit) -> None:
    """Named at its subject, alone or beside another; nothing graver is; and back, byte for byte, to the witness."""
    report = judged(edited_files(edit), edit.at)
    found = named(report, edit)
    assert found is not None, [f.key for f in report.findings]
    rank = Severity(edit.severity).rank
    assert found.severity.rank == rank
    assert [f.key for f in report.findings if f.severity.rank < rank] == []
    assert (report.verdict == "conforms") is not any(f.severity is Severity.ERROR for f in report.findings)
    assert judged(WITNESS, edit.at).findings == ()
    assert edit.patch.reverse(edited_files(edit)) == dict(WITNESS)


def test_no_fault_is_told_twice_under_one_key() -> None:
    for edit in EDITS:
        keys = [f.key for f in judged(edited_files(edit), edit.at).findings]
        assert len(keys) == len(set(keys)), edit.name


def test_a_row_that_is_not_due_yet_is_not_told() -> None:
    """The day before the move that a row guards nothing of it is found: only what is due is judged."""
    for edit in EDITS:
        if edit.move and row_of(edit).is_ is not Is.IN_PROCESS:
            eve = command_of(edit).on.earliest - dt.timedelta(days=1)
            assert named(agir.check(method(), edited(edit), at=eve), edit) is None, edit.name


# -- the engine ---------------------------------------------------------------------------------------


def command_of(edit: Edit) -> Fact:
    found = [f for f in edited(edit).facts[1:] if (f.verb.value, f.address) == edit.move]
    assert len(found) == 1, f"{edit.move} is said {len(found)} times"
    return found[0]


def said_to(edit: Edit) -> tuple[list[Blocker], bool]:
    """What the engine says to the move of an edit on its day, and whether it refuses it."""
    command = command_of(edit)
    eve = edited(edit).as_of(command.on.earliest - dt.timedelta(days=1))
    decision = agir.decide(method(), eve, command)
    told = agir.record(method(), eve, command)
    assert isinstance(told, Recorded)
    if isinstance(decision, Refused):
        assert set(decision.blockers) <= set(told.deviations)
    return list(told.deviations), isinstance(decision, Refused)


@pytest.mark.parametrize("edit", [e for e in EDITS if e.move], ids=lambda e: e.name)
def test_the_engine_objects_on_the_day_of_the_move(edit: Edit) -> None:
    blockers, refused = said_to(edit)
    mine = [b for b in blockers if b.code == edit.code]
    assert mine, [b.key for b in blockers]
    assert min(b.severity.rank for b in mine) == Severity(edit.severity).rank
    assert refused == (edit.severity == "error"), [(b.key, b.severity) for b in blockers]
    # It speaks of the step that is asked for, not of the same row at another.
    row = row_of(edit)
    if row.due.form is Form.LEAF and row.each is not None and method().words.leaves_of(row.each):
        assert row.code == "EXP003" or {b.subject for b in mine} == {edit.subject}


def test_the_witness_refuses_none_of_those_moves() -> None:
    witness = dossier_of(WITNESS)
    for edit in EDITS:
        for command in [f for f in witness.facts[1:] if (f.verb.value, f.address) == edit.move][:1]:
            eve = witness.as_of(command.on.earliest - dt.timedelta(days=1))
            assert edit.code not in {b.code for b in agir.why_not(method(), eve, command)}, edit.name


# -- without the row ----------------------------------------------------------------------------------


@pytest.mark.parametrize("row", rows(), ids=lambda r: f"{r[0]}.{r[1]}")
def test_without_its_row_an_edit_is_no_longer_told(row: tuple[str, int]) -> None:
    _, lost = missed(row)
    assert lost, "deleting the row changes nothing"
    assert {e.nth for e in lost} == {row[1]}, "another row of the code is silent too"


# -- the sentences ------------------------------------------------------------------------------------

_LAME = re.compile(r"\ble/la\b|\(s\)|\(e\)|\{|\}|  |\bNone\b|\bde le\b|\bà le\b|\bde les\b|\bsi il\b|\b[01] (jours|semaines|ans|pilotes)|\b1 (days|weeks|years|pilots)\b|: \.|-\d+ (jours|days)")


def sentences() -> Iterator[tuple[str, Text]]:
    for edit in EDITS:
        for finding in judged(edited_files(edit), edit.at).findings:
            yield finding.key, finding.text
            yield finding.code, finding.fix
        if edit.move:
            for blocker in said_to(edit)[0]:
                yield blocker.key, blocker.text


def test_every_sentence_reads_well() -> None:
    wrong = []
    for key, text in {(k, t) for k, t in sentences()}:
        for lang in (text.fr, text.en):
            fits = 0 < len(lang) <= 160 and not lang[0].islower() and lang[-1] in ".?!…" and not _LAME.search(lang)
            if not fits:
                wrong.append((key, lang))
        if re.search(r"\w[:;?!]", re.sub(r"\w+:\w+|\d:\d", "", text.fr)):
            wrong.append((key, text.fr))
    assert not wrong


# -- the order of arrival -----------------------------------------------------------------------------

_PARTS = re.compile(r"(?m)^\[(?:(?!^\[).*\n?)*")


BROKEN = edited_by(*BROKEN_BY)["dossier.toml"].decode()


def verdict(dossier: agir.Dossier) -> object:
    report = agir.check(method(), dossier, at=LATER)
    return report.findings, report.verdict, sorted(report.themes), report.coverage


TOLD = {name: verdict(read(text)) for name, text in (("charenton", CHARENTON), ("broken", BROKEN))}


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["charenton", "broken"]), st.randoms(use_true_random=False))
def test_the_order_of_the_blocks_of_a_file_does_not_matter(name: str, chance: random.Random) -> None:
    parts = _PARTS.findall({"charenton": CHARENTON, "broken": BROKEN}[name])
    assert len(parts) > 100
    chance.shuffle(parts)
    assert verdict(read("\n".join(parts))) == TOLD[name]


def _arrived(dossier: agir.Dossier, chance: random.Random) -> agir.Dossier:
    first, *rest = dossier.facts
    chance.shuffle(rest)
    return agir.Dossier((first, *rest))


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["charenton", "broken"]), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(name: str, chance: random.Random) -> None:
    """But for a decision, which arrives after the sitting that took it."""
    shuffled = _arrived(read({"charenton": CHARENTON, "broken": BROKEN}[name]), chance)
    first, *rest = shuffled.facts
    rest.sort(key=lambda f: f.verb is agir.facts.Verb.DECIDE)
    assert verdict(agir.Dossier((first, *rest))) == TOLD[name]


def test_a_decision_may_arrive_before_its_sitting_of_the_same_day() -> None:
    first, *rest = read(CHARENTON).facts
    assert verdict(agir.Dossier((first, *reversed(rest)))) == TOLD["charenton"]
