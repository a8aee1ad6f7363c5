"""The catalogue: complete, in two languages, at most twelve rules of code; each explained with a dossier that passes and one that fails."""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import cache
from pathlib import Path

import pytest

import agir_workflow as agir
from agir_workflow.beside import evidence_of
from agir_workflow.checker_rules import CODE_RULES
from agir_workflow.cli import main
from agir_workflow.evidence import NOTHING
from agir_workflow.patches import Files
from agir_workflow.shipped import broken, witness

METHOD = agir.load_method("agir_ensemble")
THRESHOLDS = {"min", "max", "ok", "info", "warning"}


def catalogue(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    assert main(["rules", "--json"]) == 0
    found: dict[str, list[dict[str, object]]] = json.loads(capsys.readouterr().out)
    return found["rules"]


def test_every_rule_says_all_that_there_is_to_say(capsys: pytest.CaptureFixture[str]) -> None:
    rules = catalogue(capsys)
    codes = [str(r["code"]) for r in rules]
    assert codes == sorted(set(codes))
    assert len(codes) == 118
    assert sum(r["by"] == "code" for r in rules) <= 12
    for rule in rules:
        assert (rule["by"] == "code") is (rule["reason"] is not None) is (not rule["rows"]), rule["code"]
        assert len(str(rule["quote"]).split()) <= 20
        assert rule["quote"] or not str(rule["origin"]).startswith("seed:"), rule["code"]
        for sentences in [rule["why"], rule["fix"]]:
            assert isinstance(sentences, dict)
            assert all(0 < len(sentences[lang]) <= 160 for lang in ("fr", "en")), rule["code"]


def test_the_thresholds_of_seed_rules_lie_in_profiles() -> None:
    """A number that is ours stands in a profile; one in a row is the seed's own «at least one»."""
    literal = {str(r.code) for r in METHOD.requirements for k, v in r.params if k in THRESHOLDS and not hasattr(v, "pairs") and v != 1}
    assert literal == set()


def told(files: Files, at: str) -> set[str]:
    """Every code told of a dossier, at its subject."""
    return {f"{c} @ {f.subject}" for f in report(files, at).findings for c in (f.code, *f.also)}


@cache
def told_of_witness(at: str, *, alone: bool) -> set[str]:
    return told({"dossier.toml": witness()["dossier.toml"]} if alone else witness(), at)


def report(files: Files, at: str) -> agir.Report:
    over = files.get("territoire.toml")
    method = agir.read_method(over) if over is not None else METHOD
    _, dossier = agir.read_dossier(files["dossier.toml"], lambda _: method)
    # a dossier under another name stands alone: nothing lies beside it
    evidence = evidence_of(dossier, files.get, "temoin") if len(files) > 1 else NOTHING
    return agir.check(method, dossier, at=dt.date.fromisoformat(at), evidence=evidence)


@pytest.mark.parametrize("code", sorted({str(r.code) for r in (*METHOD.requirements, *CODE_RULES)}))
def test_explained_with_a_dossier_that_passes_and_one_that_fails(code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "explain", code.lower(), "--write", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    rows = [r for r in METHOD.requirements if r.code == code]
    assert "{" not in said.partition("example:")[0], "a person reads words, not blanks"
    assert all(part in said for r in rows for part in (*re.split(r"\{\w+\}", r.why.en), r.fix.en))
    assert all(r.quote in said for r in rows[:1])
    key, day = re.findall(rf"({code} @ \S+) is told on (\S+)", said)[0]
    good, bad = written(tmp_path, "pass"), written(tmp_path, "fail")
    assert good == {n: d for n, d in witness().items() if n in good}
    assert told_of_witness(day, alone=len(good) == 1) == set()
    assert key in told(bad, day)


def written(folder: Path, name: str) -> dict[str, bytes]:
    """What `--write` left: a dossier alone, or a folder with what lies beside it."""
    file = folder / f"{name}.toml"
    if file.exists():
        return {"dossier.toml": file.read_bytes()}
    return {p.relative_to(folder / name).as_posix(): p.read_bytes() for p in (folder / name).rglob("*") if p.is_file()}


def test_a_method_without_examples_writes_none_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stages = Path(__file__).parents[1] / "examples" / "stage_gate" / "method.toml"
    assert main(["explain", "SG01", "--method", str(stages), "--write", str(tmp_path / "x")]) == 2
    assert "--write: stage_gate@1" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
    assert main(["explain", "CAD001", "--method", METHOD.ref, "--write", str(tmp_path / "x")]) == 0
    assert (tmp_path / "x" / "pass.toml").exists()


def test_a_code_that_nobody_knows_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "explain", "ACT0015"]) == 2
    assert "ACT015" in capsys.readouterr().err
    assert broken("EXP999") is None
    assert "dossier.toml" in witness()
