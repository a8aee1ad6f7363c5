"""Baselines: what was there when the tool was adopted fails no run, and may only become less."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from edits import EXAMPLES, WITNESS

from agir_workflow.cli import main

THEN = ("--at", "2014-01-01")
WARN = ("--fail-on", "info")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(EXAMPLES / "charenton", tmp_path / "charenton")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main([*THEN, *argv])
    told = capsys.readouterr()
    return code, told.out, told.err


def findings(out: str) -> dict[str, str | None]:
    return {f["key"]: f["mark"] for f in json.loads(out)["findings"]}


def test_what_was_there_is_marked_and_fails_no_more(capsys: pytest.CaptureFixture[str], here: Path) -> None:
    assert run(capsys, "check", "charenton", *WARN, "--write-baseline", "b.txt")[0] == 1
    lines = (here / "b.txt").read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines) == ["charenton CAD012 @ chiffre", "charenton CAD061 @ partie/partie_evaluation", "charenton EXP006 @ gt3/handicap"]
    code, out, _ = run(capsys, "check", "charenton", *WARN, "--baseline", "b.txt", "--json")
    assert (code, set(findings(out).values())) == (0, {"baselined"})
    assert f"{len(findings(out))} connus (base de référence)" in run(capsys, "check", "charenton", *WARN, "--baseline", "b.txt")[1]
    assert len(findings(out)) == 3, "marked, never removed"


def test_a_new_fault_fails_and_is_not_taken_in(capsys: pytest.CaptureFixture[str], here: Path) -> None:
    run(capsys, "check", "charenton", "--write-baseline", "b.txt")
    before = (here / "b.txt").read_bytes()
    file = here / "charenton" / "dossier.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('duree = "1y"\n', ""), encoding="utf-8")
    code, out, _ = run(capsys, "check", "charenton", "--baseline", "b.txt", "--json")
    told = findings(out)
    assert (code, [k for k, mark in told.items() if mark is None][:1]) == (1, ["CAL002 @ duree"])
    assert run(capsys, "check", "charenton", "--write-baseline", "b.txt")[0] == 1
    assert (here / "b.txt").read_bytes() == before, "it may only shrink"


def test_a_line_that_no_longer_fires_fails_until_it_is_written_again(capsys: pytest.CaptureFixture[str], here: Path) -> None:
    (here / "b.txt").write_text("autre EXP006 @ gt1/x\ncharenton CAD012 @ chiffre\ncharenton EXP006 @ gt1/insertion\ncharenton EXP099 @ x\n", encoding="utf-8")
    code, out, _ = run(capsys, "check", "charenton", "--baseline", "b.txt", "--json")
    told = findings(out)
    assert code == 1
    assert {"MET001 @ baseline:EXP006@gt1/insertion", "MET005 @ EXP099"} <= set(told)
    assert next(iter(told)) == "MET005 @ EXP099", "the gravest first, whether of the dossier or of the baseline"
    assert told["CAD012 @ chiffre"] == "baselined"
    assert run(capsys, "check", "charenton", "--baseline", "b.txt", "--write-baseline", "b.txt")[0] == 0
    assert (here / "b.txt").read_text(encoding="utf-8") == "autre EXP006 @ gt1/x\ncharenton CAD012 @ chiffre\n"
    assert run(capsys, "check", "charenton", "--baseline", "b.txt")[0] == 0


def test_a_line_of_an_unknown_rule_does_not_conform_in_words_as_in_the_exit_code(capsys: pytest.CaptureFixture[str], here: Path) -> None:
    run(capsys, "check", "charenton", "--write-baseline", "b.txt")
    lines = (here / "b.txt").read_text(encoding="utf-8").splitlines()
    (here / "b.txt").write_text("\n".join(sorted([*lines, "charenton EXP099 @ x"])) + "\n", encoding="utf-8")
    for path, form, said in (("charenton", "text", "non conforme (1 erreur"), ("charenton", "json", '"verdict": "does_not_conform"'), (".", "csv", ",does_not_conform,1,")):
        code, out, _ = run(capsys, "check", path, "--baseline", "b.txt", "--format", form)
        assert (code, said in out) == (1, True), form


def test_one_file_for_a_whole_folder(capsys: pytest.CaptureFixture[str], here: Path) -> None:
    for name, data in WITNESS.items():
        target = here / "temoin" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.replace(b"entreprises = 4 }", b"entreprises = 1 }"))
    assert run(capsys, "check", ".", *WARN, "--write-baseline", "b.txt")[0] == 1
    lines = (here / "b.txt").read_text(encoding="utf-8").splitlines()
    assert {x.split()[0] for x in lines} == {"charenton", "temoin"}
    assert run(capsys, "check", ".", *WARN, "--baseline", "b.txt")[0] == 0
    assert run(capsys, "check", "charenton", *WARN, "--baseline", "b.txt")[0] == 0


@pytest.mark.parametrize(("text", "line"), [("charenton EXP006\n", 1), ("b EXP006 @ x\na EXP006 @ x\n", 2), ("a EXP006 @ x\na EXP006 @ x\n", 2)])
def test_a_file_that_is_none_is_told_with_its_line(capsys: pytest.CaptureFixture[str], here: Path, text: str, line: int) -> None:
    (here / "b.txt").write_text(text, encoding="utf-8")
    code, _, err = run(capsys, "check", "charenton", "--baseline", "b.txt")
    assert (code, err.startswith(f"b.txt:{line}: ")) == (2, True), err
    assert run(capsys, "check", "charenton", "--baseline", "nulle-part.txt")[0] == 2
