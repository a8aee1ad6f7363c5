"""Dérogations: which count, for whom, and what they never lift."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from edits import EDITS, LATER, WITNESS, Cut, In, Put, Step, edited_files, edited_text, judged, method, read

import agir_workflow as agir
from agir_workflow.answers import Refused
from agir_workflow.desk import read_file
from agir_workflow.facts import Derogate, Fact, Hold, fact, hold
from agir_workflow.requirements import Is
from agir_workflow.values import Record
from agir_workflow.when import When
from agir_workflow.words import Family, Severity, State, Verb

FEW = In("hold", "gt3/handicap", "associations = 4", "associations = 3")


def lift(code: str, subject: str, on: str, copil: str, more: str = "") -> Put:
    return Put("derogate", subject, on, f'by = "lead"\ncode = "{code}"\nreason = "dit au copil"\ncopil = "{copil}"\n{more}')


def found(*steps: Step) -> dict[str, agir.Finding]:
    text = edited_text(WITNESS["dossier.toml"].decode(), *steps)
    return {f.key: f for f in judged(WITNESS | {"dossier.toml": text.encode()}, LATER).findings}


def asked(day: str, *steps: Step) -> tuple[agir.Dossier, When]:
    dossier = read(edited_text(WITNESS["dossier.toml"].decode(), *steps))
    when = When.parse(day)
    return dossier.as_of(when.earliest - dt.timedelta(days=1)), when


def test_one_filed_after_the_fact_counts_from_a_copil_that_could_know() -> None:
    assert found(FEW)["EXP006 @ gt3/handicap"].counts
    told = found(FEW, lift("EXP006", "gt3/handicap", "2012-06-08", "copil/synthese"))
    assert [f.suppressed and f.suppressed.copil for f in told.values()] == ["copil/synthese"]
    early = found(FEW, lift("EXP006", "gt3/handicap", "2012-06-08", "copil/mi_parcours"))
    assert {k for k, f in early.items() if f.counts} == {"EXP006 @ gt3/handicap", "MET003 @ EXP006@gt3/handicap"}
    before = found(FEW, lift("EXP006", "gt3/handicap", "2012-03-30", "copil/mi_parcours"))
    assert not any(f.counts for f in before.values()), "granted beforehand"


def test_it_counts_only_from_a_copil_with_its_quorum() -> None:
    council = In("hold", "copil/synthese", 'decision = "go"', 'decision = "go"\nquorate = false')
    text = edited_text(WITNESS["dossier.toml"].decode(), FEW, council, lift("EXP006", "gt3/handicap", "2012-06-08", "copil/synthese"))
    report = judged(WITNESS | {"dossier.toml": text.replace('"usage"', '"cgct"').encode()}, LATER)
    assert {"EXP006 @ gt3/handicap", "MET003 @ EXP006@gt3/handicap"} <= {f.key for f in report.findings if f.counts}


def test_what_expires_fires_again() -> None:
    over = found(FEW, lift("EXP006", "gt3/handicap", "2012-06-08", "copil/synthese", "until = 2013-12-31"))
    assert over["EXP006 @ gt3/handicap"].counts
    assert over["MET004 @ EXP006@gt3/handicap"].severity is Severity.WARNING
    heir = found(FEW, lift("EXP006", "gt3/handicap", "2012-06-08", "copil/synthese", "until = 2013-12-31"), lift("EXP006", "gt3/handicap", "2013-06-28", "copil/cloture"))
    assert not any(f.counts for f in heir.values())


@pytest.mark.parametrize("at", [dt.date.max, dt.date.max - dt.timedelta(days=1)])
def test_at_the_end_of_the_calendar_what_expired_has_expired(at: dt.date) -> None:
    text = edited_text(WITNESS["dossier.toml"].decode(), FEW, lift("EXP006", "gt3/handicap", "2012-06-08", "copil/synthese", "until = 2013-12-31"))
    assert "MET004 @ EXP006@gt3/handicap" in {f.key for f in agir.check(method(), read(text), at=at).findings}


def test_a_lifted_fault_takes_its_labels_with_it() -> None:
    """A late launch copil is one fault: PRE008, and COP004 for the copil's side of it."""
    late = next(e for e in EDITS if e.name == "COP004.2")
    text = edited_text(edited_files(late)["dossier.toml"].decode(), lift("PRE008", "plenary/lancement", "2012-03-29", "copil/mi_parcours"))
    told = {f.key: f for f in judged(WITNESS | {"dossier.toml": text.encode()}, LATER).findings}
    assert told["PRE008 @ plenary/lancement"].also == ("COP004",)
    assert not any(f.counts for f in told.values())


def test_the_order_of_the_tree_is_never_lifted() -> None:
    """The row that stands for a missing step becomes a notice; the step itself still has to come first."""
    dossier, when = asked("2012-03-14", Cut("hold", "gt1/handicap"), lift("EXP004", "gt2/handicap", "2012-02-01", "copil/lancement"))
    crowd = Record((("associations", 5), ("entreprises", 5)))
    decision = agir.decide(method(), dossier, hold("gt2/handicap", Hold(attendance=crowd)).stamped(agir.Stamp(on=when, by="animateurs")))
    assert isinstance(decision, Refused)
    assert {(b.family, b.subject) for b in decision.blockers} == {(Family.STATE, "gt1/handicap")}


def ask(code: str, *, reason: str = "dit au copil", copil: str = "copil/mi_parcours") -> Fact:
    return fact(Verb.DEROGATE, "gt2/precarite", Derogate(code=code, reason=reason, copil=copil)).stamped(agir.Stamp(on=When(dt.date(2012, 4, 2)), by="lead"))


@pytest.mark.parametrize(
    "command", [ask("PRV001"), ask("COP003"), ask("COP008"), ask("CAL010"), ask("EXP099"), ask("EXP006", reason=" "), ask("EXP006", copil="")],
    ids=["PRV001", "COP003", "COP008", "CAL010", "unknown", "reason", "copil"],
)  # fmt: skip
def test_what_lifts_nothing_is_refused_when_asked_and_kept_when_told(command: Fact) -> None:
    dossier = read(WITNESS["dossier.toml"]).as_of(dt.date(2012, 4, 2))
    assert isinstance(agir.decide(method(), dossier, command), Refused)
    assert not isinstance(agir.record(method(), dossier, command), Refused)


def test_what_stands_outside_a_copils_reach() -> None:
    out = {str(r.code) for r in method().requirements if not r.derogable}
    assert out >= {"COP003", "COP008", "CAL010", *(f"PRV00{n}" for n in range(1, 8))}
    assert all(r.derogable for r in method().requirements if r.is_ is Is.PRECEDES)


def test_of_a_closed_project_nothing_is_still_to_fall_due() -> None:
    """What no hour, no call, no election and no step before it lets one judge is not applicable, and says for want of what."""
    told = judged(WITNESS, LATER)
    assert told.coverage.not_yet_due == 0
    wanting = {code: c.not_applicable for code, c in told.by_code if c.not_applicable}
    assert {"CAL007": 2, "CAL009": 18, "COP006": 1, "LIV006": 1}.items() <= wanting.items()


def test_of_an_abandoned_project_nothing_is_still_to_fall_due() -> None:
    method_, dossier = read_file(str(Path(__file__).parents[1] / "examples" / "abandoned" / "dossier.toml"))
    day = next(f.on.earliest for f in dossier.facts if f.verb is Verb.ABANDON)
    before, after = (agir.check(method_, dossier, at=at).coverage for at in (day - dt.timedelta(days=1), day))
    assert before.not_yet_due > after.not_yet_due == 0
    assert after.not_applicable > before.not_yet_due


def test_a_verdict_says_which_rules_it_could_not_judge() -> None:
    told = judged(WITNESS, LATER)
    assert dict(told.unevaluated) == {"CAL009": ("hours",), "COP008": ("quorum",), "COP009": ("reserves",), "PRV005": ("recorded",)}
    assert told.findings == (), "what regime and profile leave open is listed, and is no remark"
    assert {f.state for f in found(FEW).values()} == {State.VIOLATED}
