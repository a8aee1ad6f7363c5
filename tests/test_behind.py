"""`conforms` needs something judged in each phase left behind: silence is no verdict."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest

import agir_workflow as agir
from agir_workflow.answers import Report
from agir_workflow.cli import main
from agir_workflow.words import Severity

STAGES = Path(__file__).parents[1] / "examples" / "stage_gate"
METHOD = (STAGES / "method.toml").read_text(encoding="utf-8")
AT = "2026-09-01"
STEPS = (
    ("deliver", "step/brief", "2026-03-09", ""), ("hold", "gate/screening", "2026-03-16", 'attendance = { research = 2, sales = 1 }'), ("decide", "gate/screening", "2026-03-16", 'value = "pass"'),
    ("deliver", "step/prototype/optics", "2026-04-01", ""), ("deliver", "step/prototype/mount", "2026-04-01", ""),
    ("hold", "trial/optics", "2026-04-14", 'attendance = { research = 4, sales = 1 }'), ("hold", "trial/mount", "2026-04-15", 'attendance = { research = 4, sales = 1 }'),
    ("approve", "paper/trial_report", "2026-04-20", ""), ("hold", "gate/market", "2026-05-18", ""), ("decide", "gate/market", "2026-05-18", 'value = "pass"'), ("hold", "debut", "2026-06-01", ""),
)  # fmt: skip


def without(*codes: str) -> str:
    text = METHOD
    for code in codes:
        text, n = re.subn(rf'(?m)^    \{{ code = "{code}".*\n', "", text)
        assert n == 1
    return text


def written(folder: Path, method: str, *, upto: str = "2026-12-31") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "method.toml").write_text(method, encoding="utf-8")
    head = (STAGES / "dossier.toml").read_text(encoding="utf-8").partition("[[facts]]")[0] + '[answers]\nbudget_case = "42 k€"\n'
    facts = [f'[[facts]]\nfact = "{f}"\naddress = "{a}"\non = {d}\nby = "inventor"\n{more}\n' for f, a, d, more in STEPS if d <= upto]
    (folder / "lamp.toml").write_text(head + "".join(facts), encoding="utf-8")
    return folder / "lamp.toml"


def judged(file: Path) -> Report:
    method, dossier = agir.read_dossier(file.read_bytes(), lambda name: agir.load_method(str(file.parent / name)))
    return agir.check(method, dossier, at=dt.date.fromisoformat(AT))


def test_a_project_of_which_each_phase_was_judged_conforms(tmp_path: Path) -> None:
    report = judged(written(tmp_path, METHOD))
    assert [(p.id, p.state) for p in report.phases] == [("discovery", "past"), ("making", "past"), ("market", "past")]
    assert (report.verdict, report.unjudged, report.findings) == ("conforms", (), ())


@pytest.mark.parametrize(
    ("method", "blank"),
    [
        (without("SG07", "SG09", "SG11"), ("market",)),  # no rule at all of the last phase
        (without("SG07", "SG09", "SG11").replace('"user_trial.attendance", each = "user_trial"', '"market_debut.attendance", each = "market_debut"').replace("after:user_trial", "after:market_debut"), ("market",)),  # a rule, for which the dossier says nothing
        (without("SG01", "SG02", "SG04", "SG09", "SG11"), ("discovery",)),
    ],
    ids=["no rule", "nothing to read", "the first phase"],
)  # fmt: skip
def test_a_phase_left_without_any_rule_judged_is_no_conformity(method: str, blank: tuple[str, ...], tmp_path: Path) -> None:
    report = judged(written(tmp_path, method))
    assert [f.key for f in report.findings if f.counts and f.severity is Severity.ERROR] == []
    assert (report.verdict, report.unjudged) == ("partial", blank)


def test_a_phase_that_goes_on_need_not_be_judged_yet(tmp_path: Path) -> None:
    report = judged(written(tmp_path, without("SG07", "SG09", "SG11"), upto="2026-05-18"))
    assert report.phases[-1].state == "current"
    assert (report.verdict, report.unjudged) == ("conforms", ())


def test_every_format_says_it_in_words_and_the_exit_code_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path / "d", without("SG07", "SG09", "SG11"))
    kinds = ("text", "md", "html", "planning")
    forms = [a for kind in kinds for a in ("--format", f"{kind}:{tmp_path / kind}")]
    asked = ("--lang", "fr", "--at", AT, "check", str(file))
    assert main([*asked, *forms, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["unjudged"] == ["market"]
    for kind in kinds:
        assert "assée sans qu'aucune exigence" in (tmp_path / kind).read_text(encoding="utf-8").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    assert main([*asked, "--fail-on", "never"]) == 0
