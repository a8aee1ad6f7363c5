"""
Many dossiers at once: 2,000 here. A hundred and twenty are the examples at every age of their lives, each with a fact left out (all of
them with AGIR_SOAK set), the others the lamp of the method of stages; benchmarks/folder.py makes any number of whole witnesses.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
import time
import tracemalloc
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped, unused-ignore]
import pytest

import agir_workflow as agir
from agir_workflow._check_folder import Judge, Task, check_all
from agir_workflow._check_one import Wish
from agir_workflow._check_sinks import Form
from agir_workflow._commands_base import Asked
from agir_workflow.cli import main
from agir_workflow.desk import read_file
from agir_workflow.schemas import schema
from agir_workflow.views.folder import COLUMNS, Summary, row_of

WITNESS = (Path(__file__).parents[1] / "examples" / "temoin" / "dossier.toml").read_text(encoding="utf-8")
SARIF = json.loads((Path(__file__).parent / "views" / "schemas" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
STAGES = Path(__file__).parents[1] / "examples" / "stage_gate"
LAMP = (STAGES / "dossier.toml").read_text(encoding="utf-8").replace('"method.toml"', '"../method.toml"')
MANY, LIVES = 2000, 2000 if "AGIR_SOAK" in os.environ else 120
AGES = 8
AT = ["--at", "2014-01-01"]
Run = Callable[..., tuple[int, str, str]]
_BLOCK = re.compile(r"(?m)^(?=\[)")
EXAMPLES = [_BLOCK.split((STAGES.parent / name / "dossier.toml").read_text(encoding="utf-8")) for name in ("charenton", "temoin", "second_month", "two_of_three", "abandoned", "hurried")]


def life(n: int) -> str:
    """An example as it was at some age, but for one of the facts that it had told by then: none that names who others are said to be."""
    age, which = divmod(n, len(EXAMPLES))
    told = [b for b in EXAMPLES[which] if b.startswith("[[facts]]")]
    days = sorted(_day(b) for b in told)
    today = days[(age % AGES + 1) * (len(days) - 1) // AGES]
    had = [b for b in told if _day(b) <= today]
    could = [b for b in had if "siege = " not in b]
    left_out = could[age * 5 % len(could)]
    return "".join(b for b in EXAMPLES[which] if b is not left_out and (b not in told or b in had))


def _day(block: str) -> str:
    found = re.search(r"(?m)^on = (.*)$", block)
    assert found is not None, block
    return found[1]


def fill(folder: Path, count: int, whole: int = 0, lives: int = LIVES) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "method.toml").write_bytes((STAGES / "method.toml").read_bytes())
    for n in range(count):
        text = WITNESS if n < whole else life(n) if n < lives else LAMP
        place = folder / f"r{n // 100:04d}"
        place.mkdir(exist_ok=True)
        text = re.sub(r'(?m)^id = .*$', f'id = "t{n}"', text, count=1)
        text = re.sub(r'(?m)^uid = "[^-]*', f'uid = "{n:08x}', text, count=1)
        (place / f"t{n}.toml").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    fill(folder, MANY)
    (folder / "r0003" / "broken.toml").write_text('[dossier]\nid = "broken"\nmethod = "agir_ensemble@1"\nstart = "never"\n', encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    fill(folder, 60, whole=2, lives=20)
    (folder / "r0000" / "bad.toml").write_text("[dossier]\nstart = 3\n", encoding="utf-8")
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def one(*argv: object) -> tuple[int, str, str]:
        code = main([str(a) for a in argv])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return one


def rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as source:
        yield from csv.DictReader(source)


def test_two_thousand_have_a_row_each_and_one_bad_file_stops_none(many: Path, tmp_path: Path, run: Run) -> None:
    target = tmp_path / "v.csv"
    code, out, err = run(*AT, "check", many, "--format", f"csv:{target}", "--jobs", "2")
    assert (code, out) == (2, "")
    assert re.fullmatch(r"\S*r0003/broken\.toml:4: dossier\.start.*\n", err)
    found = list(rows(target))
    assert tuple(found[0]) == COLUMNS
    assert len(found) == MANY + 1
    names = [r["file"] for r in found]
    assert names == sorted(names, key=lambda n: Path(n).parts)
    assert Counter(r["verdict"] == "unreadable" for r in found)[True] == 1
    assert {r["dossier"] for r in found if r["dossier"]} == {f"t{n}" for n in range(MANY)}
    assert {"conforms", "partial", "does_not_conform"} < {r["verdict"] for r in found}
    assert {"Cadrage", "Préparation", "Expérimentation", "Évaluation et suivi", "Terminé"} < {r["phase"] for r in found}


def test_phases_are_counted_in_the_order_of_their_methods() -> None:
    summary = Summary()
    for name in ("temoin", "second_month", "hurried", "stage_gate"):
        method, dossier = read_file(str(STAGES.parent / name / "dossier.toml"))
        summary.add(row_of(name, agir.check(method, dossier, at=dt.date(2012, 4, 2))))
    assert [line[0] for line in summary.table("fr")[1]] == ["Cadrage", "Découverte", "Préparation", "Expérimentation", "Tous les dossiers"]


def test_what_is_no_toml_may_have_been_a_dossier_and_an_id_that_two_bear_is_told(tmp_path: Path, run: Run) -> None:
    fill(tmp_path, 2, whole=0)
    (tmp_path / "cut.toml").write_text("x = [", encoding="utf-8")
    (tmp_path / "other.toml").write_bytes(b"\xff\xfe[\x00d\x00")
    (tmp_path / "empty.toml").write_text("\n", encoding="utf-8")
    (tmp_path / "list.toml").write_text('places = ["north", "south"]\n', encoding="utf-8")
    again = tmp_path / "r0001"
    again.mkdir()
    again.joinpath("copy.toml").write_bytes((tmp_path / "r0000" / "t1.toml").read_bytes())
    code, out, err = run(*AT, "check", tmp_path, "--format", "csv")
    assert code == 2
    found = {Path(r["file"]).name: r["verdict"] for r in csv.DictReader(out.splitlines())}
    assert {n for n, v in found.items() if v == "unreadable"} == {"cut.toml", "other.toml", "empty.toml"}
    assert set(found) == {"cut.toml", "other.toml", "empty.toml", "t0.toml", "t1.toml", "copy.toml"}, "what is TOML and no dossier is passed over"
    assert [line for line in err.splitlines() if "t1" in line and "copy.toml" in line]
    assert not [line for line in err.splitlines() if "t0" in line]


def test_brackets_without_end_stop_no_folder_and_a_method_with_a_signature_is_none(tmp_path: Path, run: Run) -> None:
    fill(tmp_path, 1, whole=0)
    (tmp_path / "deep.toml").write_text("x = " + "[" * 5000 + "]" * 5000, encoding="utf-8")
    (tmp_path / "method.toml").write_text('[method]\nname = "x"\n', encoding="utf-8-sig")
    code, out, err = run(*AT, "check", tmp_path, "--format", "csv")
    assert code == 2
    assert {Path(r["file"]).name for r in csv.DictReader(out.splitlines())} == {"t0.toml", "deep.toml"}
    assert "deep.toml: (file)" in err


def test_a_method_beside_many_dossiers_is_looked_for_once(tmp_path: Path) -> None:
    shutil.copy(STAGES / "method.toml", tmp_path / "a.toml")
    for n in range(3):
        (tmp_path / f"{n}.toml").write_text(f'[dossier]\nid = "d{n}"\nmethod = "stage_gate@1"\nstart = 2026-01-12\n', encoding="utf-8")
    judge = Judge(Task(Asked("fr", "none.db", dt.date(2026, 2, 1)), Wish(None, None, "error"), frozenset()))
    assert [judge.one(str(tmp_path / f"{n}.toml"), named=True).row.fault for n in range(3)] == [None] * 3
    assert judge.finder.beside.cache_info().misses == 1  # type: ignore[attr-defined]


def test_memory_does_not_grow_with_the_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import datetime as dt

    asked = Asked("en", "none.db", dt.date(2011, 9, 2), True)
    forms = [Form(kind, str(tmp_path / f"v.{kind}")) for kind in ("csv", "json", "md", "html", "sarif", "text")]

    def peak(count: int) -> int:
        folder = tmp_path / str(count)
        fill(folder, count, lives=0)
        tracemalloc.start()
        check_all(asked, (str(folder),), Wish(None, None, "error"), forms, jobs=1, former=None)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    few = peak(20)
    assert peak(120) < few + 400_000  # 4 kB for each of the 100 others: less than it takes in one of the formats


def test_jobs_and_formats_tell_the_same(small: Path, tmp_path: Path, run: Run) -> None:
    kinds = ("text", "csv", "md", "html", "json", "sarif")
    wishes = {j: [a for k in kinds for a in ("--format", f"{k}:{tmp_path / f'{j}.{k}'}")] for j in (1, 3)}
    codes = {j: run(*AT, "check", small, "--jobs", j, *wishes[j]) for j in (1, 3)}
    assert codes[1] == codes[3]
    assert codes[1][0] == 2
    for kind in kinds:
        assert (tmp_path / f"1.{kind}").read_bytes() == (tmp_path / f"3.{kind}").read_bytes()
    table = list(rows(tmp_path / "1.csv"))
    reports = json.loads((tmp_path / "1.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema("agir.reports/1")).validate(reports)
    assert [r["dossier"]["id"] for r in reports["reports"]] == [r["dossier"] for r in table if r["dossier"]]
    assert [u["line"] for u in reports["unreadable"]] == [2]
    assert reports["summary"]["dossiers"] == len(table) == 61
    for report, row in zip(reports["reports"], [r for r in table if r["dossier"]], strict=True):
        counted = {f["key"] for f in report["findings"] if f["state"] == "violated" and not f["mark"]}
        assert set(filter(None, row["findings"].split(" ; "))) == counted
        assert row["verdict"] == report["verdict"]
    log = json.loads((tmp_path / "1.sarif").read_text(encoding="utf-8"))
    assert not list(jsonschema.Draft4Validator(SARIF).iter_errors(log))
    told = log["runs"][0]
    assert sorted(r["properties"]["method"] for r in log["runs"]) == ["agir_ensemble@1", "stage_gate@1"]
    assert sum(len(r["results"]) for r in log["runs"]) == sum(len(r["findings"]) for r in reports["reports"])
    assert told["invocations"][0]["toolExecutionNotifications"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 2
    page = ET.fromstring((tmp_path / "1.html").read_text(encoding="utf-8").split("\n", 1)[1])
    tables = page.findall(".//{*}table")
    assert [len(t.findall("{*}tbody/{*}tr")) for t in tables][1] == 61
    assert all(c.get("role") for t in tables for c in t.iter() if c.tag.endswith(("}tr", "}td", "}th")))
    assert not page.findall(".//{*}script")
    assert (tmp_path / "1.md").read_text(encoding="utf-8").count(".toml |") == 61


def test_a_page_names_dossiers_by_their_path_below_the_folder(small: Path, tmp_path: Path, run: Run) -> None:
    away = tmp_path / "away"
    fill(away, 1, whole=1)
    (away / "r0000" / "worse.toml").write_text('[dossier]\nid = "worse"\nmethod = "../nowhere.toml"\nstart = 2011-09-01\n', encoding="utf-8")
    for kind in ("html", "md"):
        page = tmp_path / f"p.{kind}"
        run(*AT, "check", small, "--fail-on", "never", "--format", f"{kind}:{page}")
        shown = page.read_text(encoding="utf-8")
        assert "r0000/t1.toml" in shown
        assert "r0000/bad.toml" in shown
        assert str(small) not in shown
        run(*AT, "check", away / "r0000" / "t0.toml", away / "r0000" / "worse.toml", "--fail-on", "never", "--format", f"{kind}:{page}")
        shown = page.read_text(encoding="utf-8")
        assert "t0.toml" in shown
        assert "worse.toml" in shown
        assert str(away) not in shown


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_since_says_what_changed_for_each(kind: str, tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "d"
    fill(folder, 3, whole=1)
    before = tmp_path / f"before.{kind}"
    assert run(*AT, "check", folder, "--fail-on", "never", "--format", f"{kind}:{before}")[0] == 0
    path = folder / "r0000" / "t0.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('attendance = { associations = ', 'attendance = { autres = ', 1), encoding="utf-8")
    fill(folder / "more", 4)
    for n in range(3):
        (folder / "more" / "r0000" / f"t{n}.toml").unlink()
    after = tmp_path / "after.csv"
    log = tmp_path / "after.sarif"
    run(*AT, "check", folder, "--fail-on", "never", "--since", before, "--format", f"csv:{after}", "--format", f"sarif:{log}")
    found = {r["dossier"]: r for r in rows(after)}
    assert found["t3"]["former"] == "none"
    assert found["t3"]["new"] == found["t3"]["findings"]
    assert (found["t1"]["new"], found["t1"]["gone"]) == ("", "")
    assert found["t0"]["new"] != ""
    assert found["t0"]["gone"] == ""
    told = json.loads(log.read_text(encoding="utf-8"))
    assert not list(jsonschema.Draft4Validator(SARIF).iter_errors(told))
    states: dict[str, set[str]] = {}
    for result in (r for one in told["runs"] for r in one["results"] if "baselineState" in r):
        states.setdefault(f"{result['properties']['dossier']} {result['baselineState']}", set()).add(result["partialFingerprints"]["codeSubject/v1"])
    keys: Callable[[str, str], set[str]] = lambda id, column: set(filter(None, found[id][column].split(" ; ")))  # noqa: E731
    for id in found:
        assert states.get(f"{id} new", set()) == keys(id, "new")
        assert states.get(f"{id} absent", set()) == keys(id, "gone")
        assert states.get(f"{id} unchanged", set()) == keys(id, "findings") - keys(id, "new")
    # Two dossiers of one verdict have the same fingerprints: what tells them apart stands beside them.
    told_of = [(r["properties"]["dossier"], tuple(r["partialFingerprints"].items())) for one in told["runs"] for r in one["results"]]
    assert len({prints for _, prints in told_of}) == len(told_of) > len({prints[0] for _, prints in told_of})
    assert all(dict(prints)["dossier/v1"] == id for id, prints in told_of)
    code, text, _ = run(*AT, "check", path, "--since", after, "--lang-is-bad")
    assert (code, text) == (2, "")


def test_what_is_no_former_run_is_told(tmp_path: Path, small: Path, run: Run) -> None:
    for data in (b"{", b'{"schema": "x/1"}', b'{"schema": "agir.report/1"}', b"a,b\r\n1,2\r\n", b"\xff\xfe", b""):
        (tmp_path / "f").write_bytes(data)
        code, out, err = run("check", small, "--since", tmp_path / "f")
        assert (code, out) == (2, "")
        assert str(tmp_path / "f") in err
        assert " → " in err
    assert run("check", small, "--since", tmp_path / "none")[0] == 2


def test_one_format_has_the_output_and_one_file(small: Path, tmp_path: Path, run: Run) -> None:
    for argv in (["--format", "csv", "--format", "md:-"], ["--json", "--format", "text:-"], ["--format", f"csv:{tmp_path / 'x'}", "--format", f"md:{tmp_path / 'x'}"], ["--format", f"planning:{tmp_path / 'x'}"]):
        code, out, err = run("check", small, *argv)
        assert (code, out) == (2, "")
        assert "--format" in err
    assert not (tmp_path / "x").exists()


def test_nothing_is_half_written(small: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "v.csv"
    target.write_text("before")

    def burst(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("agir_workflow._check_folder.row_of", burst)
    code, _, _ = run("check", small, "--format", f"csv:{target}")
    assert code == 130
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(sys.platform == "win32", reason="there a process is ended without a word")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_run_that_is_told_to_end_leaves_nothing_behind(jobs: str, tmp_path: Path) -> None:
    """As CI does with a run that is called off: neither a half-written file, nor a process that waits for work for ever and holds the output open."""
    (tmp_path / "out").mkdir()
    fill(tmp_path / "d", 400, whole=400)
    argv = [sys.executable, "-m", "agir_workflow", *AT, "check", "d", "--jobs", jobs, "--format", "csv:out/v.csv"]
    with subprocess.Popen(argv, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        while running.poll() is None and not list((tmp_path / "out").iterdir()):
            time.sleep(0.01)
        running.terminate()
        running.communicate(timeout=60)  # its output is closed by all who had it
    assert running.returncode == 130
    assert list((tmp_path / "out").iterdir()) == []
