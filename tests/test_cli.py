"""
The command `agir`, each of its commands: exit codes, what it prints and where, what it writes and what it leaves alone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import re
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import icalendar
import jsonschema  # type: ignore[import-untyped, unused-ignore]
import pytest

import agir_workflow
from agir_workflow import _waiting
from agir_workflow._commands import agir
from agir_workflow._waiting import Waiting
from agir_workflow.cli import main
from agir_workflow.desk import read_file
from agir_workflow.errors import UnknownNameError
from agir_workflow.schemas import names, schema

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
CHARENTON = EXAMPLES / "charenton" / "dossier.toml"
HURRIED = EXAMPLES / "hurried" / "dossier.toml"
STAGES = EXAMPLES / "stage_gate" / "dossier.toml"
SOON = ["--at", "2026-02-10"]
THEN = ["--at", "2012-04-02"]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """One command line: its exit code, what it said, and what it said aside; never a traceback, a colour, a control code."""

    def one(*argv: object) -> tuple[int, str, str]:
        code = main([str(a) for a in argv])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", out + err)
        return code, out, err

    return one


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def copy(source: Path, target: Path, end: bytes = b"\n") -> bytes:
    data = source.read_bytes().rstrip(b"\n") + end
    target.write_bytes(data)
    return data


def only_json(answer: tuple[int, str, str]) -> Any:
    """The one object on standard output, and nothing beside it."""
    _, out, err = answer
    assert err == ""
    return json.loads(out)


# -- JSON Schema, by hand, beside the validator: only the keywords that we mean to use -------------------------------------------


def misfits(value: Any, rule: dict[str, Any], root: dict[str, Any], path: str = "$") -> list[str]:
    """Where a value does not fit a schema; the keywords that the shipped schemas use, and no others."""
    out: list[str] = []
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "integer": int, "number": (int, float)}
    for key, want in rule.items():
        match key:
            case "$schema" | "$id" | "$defs" | "title" | "format":
                pass
            case "$ref":
                out += misfits(value, root["$defs"][want.removeprefix("#/$defs/")], root, path)
            case "type":
                allowed = [want] if isinstance(want, str) else want
                if not any(isinstance(value, kinds[k]) and not (k == "integer" and isinstance(value, bool)) for k in allowed):
                    out.append(f"{path}: {value!r} is no {want}")
            case "const" | "enum":
                if value not in ([want] if key == "const" else want):
                    out.append(f"{path}: {value!r} is none of {want}")
            case "required":
                out += [f"{path}: no {k}" for k in want if isinstance(value, dict) and k not in value]
            case "properties":
                out += [m for k, r in want.items() if isinstance(value, dict) and k in value for m in misfits(value[k], r, root, f"{path}.{k}")]
            case "items":
                out += [m for n, v in enumerate(value) for m in misfits(v, want, root, f"{path}[{n}]")] if isinstance(value, list) else []
            case "pattern":
                out += [] if not isinstance(value, str) or re.search(want, value) else [f"{path}: {value!r} is not {want}"]
            case "minLength" | "minItems" | "minimum":
                number = value if isinstance(value, (int, float)) else len(value) if value is not None else want
                out += [f"{path}: less than {want}"] if number < want else []
            case "maxLength":
                out += [f"{path}: longer than {want}: {value!r}"] if len(value) > want else []
            case "anyOf" | "oneOf":
                fits = sum(not misfits(value, r, root, path) for r in want)
                if not fits or (key == "oneOf" and fits != 1):
                    out.append(f"{path}: {value!r} fits {fits} of {key}")
            case _:
                raise AssertionError(f"this check knows no {key}")
    return out


def fits(value: Any, name: str) -> bool:
    assert value["schema"] == name
    rule = schema(name)
    assert misfits(value, rule, rule) == []
    jsonschema.Draft202012Validator(rule).validate(value)
    return True


def test_the_schemas_are_shipped() -> None:
    assert names() == (
        "agir.align/1",
        "agir.decision/1",
        "agir.foreseen/1",
        "agir.import/1",
        "agir.outlook/1",
        "agir.plan/1",
        "agir.problem/1",
        "agir.repair/1",
        "agir.report/1",
        "agir.reports/1",
        "agir.rules/1",
        "agir.verification/1",
        "agir.witness/1",
    )
    for name in names():
        assert schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert misfits({}, schema(name), schema(name))
    with pytest.raises(LookupError):
        schema("agir.plan/2")


def test_real_answers_fit_their_schemas(run: Run, here: Path) -> None:
    for at in ("2011-09-01", "2011-12-01", "2012-04-02", "2013-08-01"):
        assert fits(only_json(run("--at", at, "check", CHARENTON, "--json")), "agir.report/1")
        assert fits(only_json(run("--at", at, "status", CHARENTON, "--json")), "agir.outlook/1")
        assert fits(only_json(run("--at", at, "plan", CHARENTON, "--json")), "agir.plan/1")
    for source, at, gate in ((HURRIED, "2026-02-10", "copil/themes"), (STAGES, "2026-04-01", "gate/screening")):
        assert fits(only_json(run("--at", at, "repair", source, "--json")), "agir.repair/1")
        assert fits(only_json(run("--at", at, "check", source, "--before", gate, "--json")), "agir.foreseen/1")
        assert fits(only_json(run("--at", at, "check", source, "--json")), "agir.report/1")
        assert fits(only_json(run("--at", at, "next", source, "--json")), "agir.outlook/1")
        code, out, _ = run("--at", at, "plan", source, "--json", "--problem", "p.json")
        assert code == 0
        assert fits(json.loads(out), "agir.plan/1")
        assert fits(json.loads(Path("p.json").read_text(encoding="utf-8")), "agir.problem/1")
    assert fits(only_json(run(*SOON, "plan", HURRIED, "--end", "2026-02-12", "--json")), "agir.plan/1")
    for command in (["hold", "plenary/lancement"], ["hold", "gt1/nowhere"], ["convene", "copil/themes", "day=2026-03-03"], ["declare", "theme/x"], ["close", "dossier"]):
        assert fits(only_json(run(*SOON, "why", HURRIED, *command, "--json")), "agir.decision/1")
    assert fits(only_json(run(*SOON, "--db", "x.db", "why", HURRIED, "agree", "accord/collectivite", "--json")), "agir.decision/1")


# -- what stands before and behind every command ---------------------------------------------------------


OPTIONS = {
    "": ["--lang", "--db", "--at"], "demo": ["--out", "--at"], "init": [], "import": ["--into", "--by", "--json"], "export": ["--toml", "--xes", "--csv"], "status": ["--json"], "next": ["--json"],
    "why": ["--on", "--by", "--json"], "do": ["--on", "--by", "--expect", "--key", "--json"], "record": ["--on", "--by", "--expect", "--key", "--json"],
    "plan": ["--start", "--end", "--fix", "--without", "--busy", "--problem", "--adopt", "--json"],
    "ics": ["--only", "--method", "--since", "-o", "--publish"], "check": ["--profile", "--method", "--fail-on", "--format", "--since", "--jobs", "--before", "--json"], "repair": ["--json"],
    "method": ["show", "check", "graph", "export", "verify"], "people": ["add", "erase"], "journal": ["verify", "export"],
}  # fmt: skip


def test_every_option_of_the_interface_is_there() -> None:
    for name, wanted in OPTIONS.items():
        command: Any = agir.commands[name] if name else agir
        there = {o for p in command.params for o in p.opts} | set(getattr(command, "commands", {}))
        assert set(wanted) <= there, name


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(
    "argv",
    [["rules", "EXP006"], ["explain"], ["align"], ["serve"], ["replan", "x"], ["check", str(CHARENTON), "--before", "x"], ["check", str(CHARENTON), "--format", "xls:x"],
     ["journal", "import"], ["journal", "backup"], ["plan", "verify", "p.json", "x.json"], ["ics", "read", "a.ics", "d.toml"], ["method", "export", "--for", "x"], []],
    ids=" ".join,
)  # fmt: skip
def test_what_is_not_there_is_bad_usage(argv: list[str], lang: str, run: Run, here: Path) -> None:
    code, out, err = run("--lang", lang, *argv)
    assert (code, out) == (2, "")
    assert err.strip()
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("argv", "named", "unsaid"),
    [
        (["do", HURRIED, "dance", "gt1/emploi"], "declare, end, merge", "cancel → "),
        (["do", HURRIED, "holds", "gt1/emploi"], "écrire hold", ""),
        (["do", HURRIED, "tenir", "gt1/emploi"], "écrire hold", ""),
        (["do", HURRIED, "decider", "copil/cadrage"], "écrire decide", ""),
        (["record", HURRIED, "hold", "copil/cadrage", "decision=go"], "decide copil/cadrage value=go", ""),
        (["record", HURRIED, "hold", "copil/cadrage", "on=2026-02-03", "by=lead"], "--on 2026-02-03", ""),
        (["why", HURRIED, "hold", "gt9"], "connus : gt1/emploi, gt2/emploi", "accord"),
        (["why", HURRIED, "hold", "gt1/emplio"], "vouliez-vous dire « emploi »", ""),
        (["explain", "zz"], "agir rules", "vouliez-vous"),
        (["status", HURRIED, "--db", "x.db"], "avant la commande", "--help →"),
    ],
)
def test_a_near_miss_is_told_its_nearest_and_a_far_one_where_to_look(argv: list[str], named: str, unsaid: str, run: Run, here: Path) -> None:
    code, out, err = run(*SOON, *argv)
    assert code == 2
    assert named in out + err
    assert not unsaid or unsaid not in out + err


@pytest.mark.parametrize(("lang", "deed", "plain"), [("fr", "la décision est impossible", "« decide »"), ("en", "deciding is not possible", "'decide'")])
def test_a_refusal_says_the_deed_and_not_the_word_of_the_command(lang: str, deed: str, plain: str, run: Run) -> None:
    code, out, _ = run("--lang", lang, *SOON, "why", HURRIED, "decide", "copil/lancement", "value=go")
    assert code == 1
    assert deed in out
    assert plain not in out


def test_help_is_help(run: Run) -> None:
    code, out, err = run("--help")
    assert (code, err) == (0, "")
    assert "_AGIR_COMPLETE=bash_source" in out
    for name, command in agir.commands.items():
        assert name in out
        assert run(name, "--help")[0] == 0
        assert isinstance(command, click.Command)
    assert run("--version")[1].startswith("agir, version ")


def test_at_is_the_only_clock(run: Run) -> None:
    before = run("--at", "2012-03-01", "status", CHARENTON)[1]
    after = run("--at", "2012-07-01", "status", CHARENTON)[1]
    assert before != after
    assert "1er mars 2012" in before
    assert run("--at", "2012-03-01", "status", CHARENTON)[1] == before
    today = run("--lang", "en", "status", CHARENTON)[1]
    assert str(dt.date.today().year) in today


def test_facts_later_than_the_clock_are_left_out(run: Run, here: Path) -> None:
    early = only_json(run("--at", "2012-02-01", "check", CHARENTON, "--json"))
    text = CHARENTON.read_text(encoding="utf-8")
    blocks = text.split("[[facts]]")
    kept = [b for b in blocks[1:] if (m := re.search(r"^on = (\S+)", b, re.M)) and m[1] <= "2012-02-01"]
    Path("early.toml").write_text(blocks[0] + "".join("[[facts]]" + b for b in kept), encoding="utf-8")
    assert ["do not count" in note["en"] for note in early.pop("notes")] == [True]
    assert only_json(run("--at", "2012-02-01", "check", "early.toml", "--json")) == {**early, "notes": []}


@pytest.mark.parametrize("command", [["check"], ["status"], ["next"], ["plan"], ["why"]])
def test_both_languages(command: list[str], run: Run) -> None:
    more = ["hold", "plenary/lancement"] if command == ["why"] else []
    fr, en = (run("--lang", lang, *SOON, *command, HURRIED, *more)[1] for lang in ("fr", "en"))
    assert fr != en
    assert fr
    assert run(*SOON, *command, HURRIED, *more)[1] == fr


# -- demo, init -------------------------------------------------------------------------------------------


def test_demo_twice_gives_the_same_bytes(run: Run, here: Path) -> None:
    code, first, err = run("demo", "--out", "a")
    assert (code, err) == (0, "")
    assert run("demo", "--out", "b")[1] == first.replace("a/", "b/")
    files = {p.name: p.read_bytes() for p in Path("a").iterdir()}
    assert files == {p.name: p.read_bytes() for p in Path("b").iterdir()}
    assert set(files) == {"calendrier.ics", "copils.ics", "planning.html", "verdict.json", "verdict.txt"}
    assert fits(json.loads(files["verdict.json"]), "agir.report/1")
    for part in ("lundi 2 avril 2012", "Verdict : conforme", "GT3 — Insertion des jeunes", "a/planning.html"):
        assert part in first
    assert run("--at", "2011-10-01", "demo", "--out", "c")[1] != first
    assert "Saturday 1 October 2011" in run("--lang", "en", "demo", "--at", "2011-10-01", "--out", "c")[1]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_init_then_plan_and_check_at_once(lang: str, run: Run, here: Path) -> None:
    assert run("--lang", lang, "--at", "2026-09-01", "init")[0] == 0
    text = Path("dossier.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["dossier"]["start"] == dt.date(2026, 9, 1)
    for command in ("plan", "check", "status", "next"):
        code, out, err = run("--lang", lang, "--at", "2026-09-01", command, "dossier.toml")
        assert (code, err) == (0, "")
        assert out
    assert run("--at", "2026-09-01", "ics", "dossier.toml", "-o", "x.ics")[0] == 0
    assert run("init")[0] == 2
    assert Path("dossier.toml").read_text(encoding="utf-8") == text


def test_init_under_a_copy_of_a_method_names_the_copy(run: Run, here: Path) -> None:
    text = (Path(agir_workflow.__file__).parent / "methods" / "agir_ensemble.toml").read_text(encoding="utf-8")
    Path("mine.toml").write_text(text.replace("version = 1\n", "version = 2\n", 1), encoding="utf-8")
    assert run("init", "d.toml", "--method", "mine.toml")[0] == 0
    assert read_file("d.toml")[0].version == 2


def test_init_of_a_method_that_writes_on_several_lines_is_readable(run: Run, here: Path) -> None:
    text = (EXAMPLES / "stage_gate" / "method.toml").read_text(encoding="utf-8")
    Path("m.toml").write_text(text.replace('"42 k€"', '"42\\nk€"').replace('"dossier économique"', '"dossier\\néconomique"'), encoding="utf-8")
    assert run("--at", "2026-09-01", "init", "--method", "m.toml")[0] == 0
    assert run("--at", "2026-09-01", "plan", "dossier.toml")[0] == 0


def test_init_asks_what_is_said_for_each_word_of_a_list_though_it_has_no_example(run: Run, here: Path) -> None:
    text = (EXAMPLES / "stage_gate" / "method.toml").read_text(encoding="utf-8")
    asked = '{ id = "budget", label = { fr = "budget", en = "budget" }, scope = "function", role = "inventor", origin = "default" },'
    Path("m.toml").write_text(text.replace("facets = [", f"facets = [\n{asked}", 1), encoding="utf-8")
    assert run("--at", "2026-09-01", "init", "--method", "m.toml")[0] == 0
    assert '# budget = { research = "…" }\n' in Path("dossier.toml").read_text(encoding="utf-8")


def test_perimeter_themes_and_start_are_enough(run: Run, here: Path) -> None:
    Path("mine.toml").write_text('[dossier]\nstart = 2026-09-01\n[[theme]]\nid = "mobilite"\n[answers]\nperimetre = "Trois-Rivières"\n', encoding="utf-8")
    assert run("--at", "2026-09-01", "plan", "mine.toml")[0] == 0
    assert run("--at", "2026-09-01", "check", "mine.toml")[0] == 0


@pytest.mark.parametrize("method", ["agir_ensemble", str(EXAMPLES / "stage_gate" / "method.toml")])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_init_with_every_blank_filled_is_readable(method: str, lang: str, run: Run, here: Path) -> None:
    assert run("--lang", lang, "--at", "2026-09-01", "init", "sub/x.toml", "--method", method)[0] == 0
    file = Path("sub/x.toml")
    text = file.read_text(encoding="utf-8")
    blank = re.compile(r"^# (?=\[\[\w+\]\]$|[\w-]+ = )", re.M)
    assert len(blank.findall(text)) > 5
    file.write_text(blank.sub("", text), encoding="utf-8")
    for command in ("check", "plan", "status"):
        code, out, err = run("--at", "2026-09-01", command, file)
        assert code == 0, err
        assert out


# -- why, do, record -----------------------------------------------------------------------------------------


def test_asking_writes_nothing(run: Run, here: Path) -> None:
    before = copy(HURRIED, Path("d.toml"))
    code, out, _ = run(*SOON, "why", "d.toml", "hold", "plenary/lancement")
    assert code == 1
    assert out.startswith("refusé : ")
    assert run(*SOON, "why", "d.toml", "declare", "theme/sante", "label=Santé")[0] == 0
    assert run(*SOON, "do", "d.toml", "hold", "plenary/lancement")[0] == 1
    assert run(*SOON, "why", "d.toml", "hold", "plenary/nowhere")[0] == 2
    assert Path("d.toml").read_bytes() == before
    assert [p.name for p in here.iterdir()] == ["d.toml"]


@pytest.mark.parametrize("end", [b"\n", b"", b"\n\n# la fin", b"\r\n"])
def test_do_and_record_append_a_last_block_and_touch_nothing_else(end: bytes, run: Run, here: Path) -> None:
    file = Path("d.toml")
    before = copy(HURRIED, file, end)
    file.chmod(0o640)
    for argv in (["do", "d.toml", "agree", "accord/entreprise", "--by", "pilotes"], ["record", "d.toml", "hold", "plenary/lancement", "minutes=90", "--on", "2026-02-09"]):
        code, _, err = run(*SOON, *argv)
        assert (code, err) == (0, "")
        after = file.read_bytes()
        assert after.startswith(before)
        assert after[len(before) :].count(b"[[facts]]") == 1
        facts = tomllib.loads(after.decode())["facts"]
        assert facts[-1]["address"] == argv[3]
        before = after
    assert facts[-1] == {"fact": "hold", "address": "plenary/lancement", "on": dt.date(2026, 2, 9), "by": "lead", "minutes": 90}
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [p.name for p in here.iterdir()] == ["d.toml"]


@pytest.mark.parametrize("verb", ["do", "record"])
def test_a_second_answer_of_a_day_says_when_it_was_noted_and_is_the_last_word(verb: str, run: Run, here: Path) -> None:
    """The first needs no hour; each one after it has a later one, and no note doubts which counts. The bytes before stay."""
    file = Path("d.toml")
    copy(HURRIED, file)
    asked = (*SOON, verb, "d.toml", "fill", "perimetre")
    for value in ("Communauté de communes du Val", "…", "Communauté d'agglomération"):
        before = file.read_bytes()
        assert run(*asked, f"value={value}", "--by", "pilotes")[0] == 0
        assert file.read_bytes().startswith(before)
    told = [f for f in tomllib.loads(file.read_text(encoding="utf-8"))["facts"] if f["address"] == "perimetre"]
    hours = [f.get("recorded") for f in told]
    assert hours[0] is None
    assert hours[1] < hours[2]
    report = only_json(run(*SOON, "check", "d.toml", "--json"))
    assert not [n for n in report.get("notes", []) if "plusieurs" in n["fr"]]
    assert "CAD022" not in {f["code"] for f in report["findings"]}


def test_the_line_ends_of_a_file_are_kept(run: Run, here: Path) -> None:
    Path("d.toml").write_bytes(HURRIED.read_bytes().replace(b"\n", b"\r\n"))
    assert run(*SOON, "do", "d.toml", "agree", "accord/entreprise")[0] == 0
    data = Path("d.toml").read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")


OUTPUTS = {
    "ics": ["ics", HURRIED, "-o", "{}"],
    "cadre": ["cadre", HURRIED, "-o", "{}"],
    "plan --problem": ["plan", HURRIED, "--problem", "{}"],
    "check --format": ["check", HURRIED, "--format", "json:{}", "--fail-on", "never"],
    "check --write-baseline": ["check", HURRIED, "--write-baseline", "{}", "--fail-on", "never"],
    "method export": ["method", "export", "--pnml", "-o", "{}"],
    "method verify --write": ["method", "verify", "--write", "{}"],
    "explain --write": ["explain", "COP007", "--write", "{}"],
    "people add": ["people", "add", "{}", "--name", "X"],
    "demo --out": ["demo", "--out", "{}"],
    "align --moves": ["align", "--tree", "t.ptml", "--log", "l.csv", "--moves", "{}"],
    "init": ["init", "{}.toml"],
    "import --db": ["--db", "{}", "import", HURRIED],
}
"""Every command that writes where it is told, with its target left open; `cadre --docx`, which needs an extra: `tests/real/test_docx.py`."""


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_output_makes_its_folders_and_names_what_is_none(name: str, run: Run, here: Path) -> None:
    Path("t.ptml").write_text('<ptml><processTree id="t" root="a"><manualTask id="a" name="A"/></processTree></ptml>', encoding="utf-8")
    Path("l.csv").write_text("case,activity,timestamp\n1,A,2026-01-01\n", encoding="utf-8")
    Path("fichier").write_text("garder", encoding="utf-8")
    before = SOON if name != "import --db" else []

    def at(target: str) -> tuple[int, str, str]:
        return run(*before, *(str(word).format(target) for word in OUTPUTS[name]))

    code, _, err = at("fichier/dedans/sortie")
    assert code == 2
    assert "fichier: attendu : un répertoire → " in err
    assert Path("fichier").read_text(encoding="utf-8") == "garder"
    assert sorted(p.name for p in here.iterdir()) == ["fichier", "l.csv", "t.ptml"], "nothing half written, no folder left behind"
    code, _, err = at("été/sous dossier/sortie")
    assert (code, err) == (0, "") or name == "plan --problem"
    assert [p for p in Path("été/sous dossier").rglob("*") if p.is_file()]
    assert not [p for p in Path("été").rglob(".*")], "what was drafted took its place"


def test_every_option_that_writes_is_held_to_that() -> None:
    """An option that takes a target is one of those above."""
    held = " ".join(str(word) for argv in OUTPUTS.values() for word in argv)
    walk = [((), agir)]
    for path, group in walk:
        for name, command in group.commands.items():
            if isinstance(command, click.Group):
                walk.append(((*path, name), command))
                continue
            for option in command.params:
                if isinstance(option, click.Option) and option.metavar in ("OUT", "OUT.json", "OUT.jsonl", "DIR"):
                    assert any(o in held for o in option.opts), f"{' '.join((*path, name))} {option.opts[0]}"


def test_what_cannot_be_written_leaves_the_file_whole(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = copy(HURRIED, Path("d.toml"))

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "d.toml")

    for owner, name in ((tempfile, "mkstemp"), (os, "replace"), (os, "fsync")):
        with monkeypatch.context() as m:
            m.setattr(owner, name, denied)
            for argv in (["do", "d.toml", "agree", "accord/entreprise"], ["plan", "d.toml", "--adopt"], ["ics", "d.toml", "-o", "x.ics", "--publish"], ["init", "new.toml"]):
                code, out, err = run(*SOON, *argv)
                assert (code, out) == (2, "")
                assert any(f"{asked}: interdit" in err for asked in (*argv, "d.toml")), "what was asked for is named"
        assert Path("d.toml").read_bytes() == before
        assert [p.name for p in here.iterdir()] == ["d.toml"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_a_pipe_is_written_to_and_stays_one(run: Run, here: Path) -> None:
    """As `-o /dev/null` is: a file put in its place would be one for all who use it."""
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    assert run("method", "export", "--json", STAGES.with_name("method.toml"), "-o", "pipe")[0] == 0
    assert stat.S_ISFIFO(os.stat("pipe").st_mode)
    assert os.read(reader, 2) == b"{\""
    os.close(reader)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder(run: Run, here: Path) -> None:
    (here / "locked").mkdir()
    before = copy(HURRIED, here / "locked" / "d.toml")
    (here / "locked").chmod(0o500)
    assert run(*SOON, "do", "locked/d.toml", "agree", "accord/entreprise")[0] == 2
    (here / "locked").chmod(0o700)
    assert (here / "locked" / "d.toml").read_bytes() == before


def test_a_file_that_takes_no_block_is_left_alone(run: Run, here: Path) -> None:
    file = Path("d.toml")
    file.write_text('facts = [{ fact = "deliver", address = "activite/cadre", on = 2026-01-26 }]\n[dossier]\nstart = 2026-01-12\n[[pilot]]\nid = "p"\ncollege = "entreprises"\n', encoding="utf-8")
    before = file.read_bytes()
    code, _, err = run(*SOON, "record", "d.toml", "agree", "accord/p")
    assert code == 2
    assert "[[facts]]" in err
    assert file.read_bytes() == before


def test_who_wrote_first(run: Run, here: Path) -> None:
    copy(HURRIED, Path("d.toml"))
    version = read_file("d.toml")[1].version
    assert run("--db", "x.db", "import", "d.toml")[0] == 0
    for name in ("d.toml", "hurried"):
        for verb in ("do", "record"):
            code, out, err = run("--lang", "en", "--db", "x.db", *SOON, verb, name, "agree", "accord/entreprise", "--expect", version + 1)
            assert (code, out) == (3, "")
            assert "somebody wrote first" in err
        assert run("--db", "x.db", *SOON, "do", name, "agree", "accord/entreprise", "--expect", version)[0] == 0
        assert run("--db", "x.db", *SOON, "do", name, "deliver", "compte_rendu/copil/cadrage", "--expect", version)[0] == 3


def test_attributes_told_apart_and_at_once_are_all_kept(run: Run, here: Path) -> None:
    Path("d.toml").write_text("[dossier]\nstart = 2026-01-12\n", encoding="utf-8")
    said = run(*SOON, "do", "d.toml", "declare", "pilot/a", 'attributes={colege="entreprises"}', "college=entreprises")
    assert (said[0], "colege" in said[1]) == (2, True)


def test_a_number_that_stands_for_a_text_or_a_year_is_one(run: Run, here: Path) -> None:
    Path("d.toml").write_text("[dossier]\nstart = 2026-01-12\n", encoding="utf-8")
    assert run(*SOON, "do", "d.toml", "declare", "theme/a", "label=2026")[0] == 0
    assert run(*SOON, "record", "d.toml", "correct", "dossier", "of=2", "on=2026")[0] == 0
    told = read_file("d.toml")[1].facts
    assert (told[1].args.label, str(told[2].args.on)) == ("2026", "2026")
    assert run(*SOON, "record", "d.toml", "correct", "dossier", "of=two", "on=2026")[0] == 2


def test_who_expects_the_first_version_imports_nothing(run: Run, here: Path) -> None:
    copy(HURRIED, Path("d.toml"))
    code, out, err = run(*SOON, "do", "d.toml", "agree", "accord/entreprise", "--expect", 0)
    assert (code, out, "quelqu'un a écrit" in err, "importé" in err) == (3, "", True, False)
    assert run("--db", "x.db", "import", "d.toml")[0] == 0
    code, out, err = run("--db", "x.db", "import", "d.toml")
    assert (code, out, "rien n'est importé" in err) == (3, "", True)


@pytest.mark.parametrize("name", ["d.toml", "hurried"])
def test_a_key_makes_a_command_idempotent(name: str, run: Run, here: Path) -> None:
    copy(HURRIED, Path("d.toml"))
    run("--db", "x.db", "import", "d.toml")
    argv = ["--db", "x.db", *SOON, "do", name, "agree", "accord/entreprise", "--key", "k1", "--json"]
    first = only_json(run(*argv))
    exported = run("--db", "x.db", "export", name)[1]
    again = only_json(run(*argv))
    assert again["events"] == first["events"]
    assert only_json(run("--db", "x.db", "--at", "2026-02-12", *argv[4:]))["events"] == first["events"]
    assert run("--db", "x.db", "export", name)[1] == exported
    for other in (["agree", "accord/collectivite"], ["deliver", "compte_rendu/copil/cadrage"], ["agree", "accord/entreprise", "version=1"]):
        code, out, err = run("--db", "x.db", *SOON, "do", name, *other, "--key", "k1")
        assert (code, out) == (2, "")
        assert "k1" in err
    assert run("--db", "x.db", "export", name)[1] == exported


def test_record_exits_0_whatever_it_reports(run: Run, here: Path) -> None:
    copy(HURRIED, Path("d.toml"))
    found = only_json(run(*SOON, "record", "d.toml", "hold", "plenary/lancement", "--json"))
    assert found["allowed"]
    assert found["notices"]
    assert fits(found, "agir.decision/1")
    assert run(*SOON, "record", "d.toml", "hold", "plenary/lancement")[0] == 2
    assert run(*SOON, "record", "d.toml", "hold", "plenary/nowhere")[0] == 2


@pytest.mark.parametrize(("zone", "noon"), [("Europe/Paris", "2027-05-05T10:00:00Z"), ("Pacific/Tongatapu", "2027-05-04T23:00:00Z"), ("Pacific/Apia", "2027-05-04T23:00:00Z"), ("Etc/GMT+12", "2027-05-06T00:00:00Z")])
def test_a_clock_that_stands_still_stamps_the_journal(run: Run, here: Path, zone: str, noon: str) -> None:
    """At noon of that day where the project is: so it is that day there, whichever it is in UTC."""
    Path("d.toml").write_text(Path(HURRIED).read_text(encoding="utf-8").replace("[dossier]\n", f'[dossier]\nzone = "{zone}"\n'), encoding="utf-8")
    run("--db", "x.db", "import", "d.toml")
    assert run("--db", "x.db", "--at", "2027-05-05", "do", "hurried", "declare", "theme/sante")[0] == 0
    line = json.loads(run("--db", "x.db", "journal", "export", "hurried")[1].splitlines()[-1])
    assert line["event"]["stamp"] == {"on": "2027-05-05", "by": "lead", "recorded_at": noon}


# -- plan -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "keys"),
    [
        (["--end", "2026-02-12"], {"end"}),
        (["--fix", "plenary/lancement=2026-07-14"], {"fix @ plenary/lancement"}),
        (["--fix", "plenary/lancement=2026-07-14", "--fix", "gt1/emploi=2026-05-14"], {"fix @ plenary/lancement", "fix @ gt1/emploi"}),
    ],
)
def test_what_cannot_be_planned_is_said_in_sentences(argv: list[str], keys: set[str], run: Run) -> None:
    code, out, err = run(*SOON, "plan", HURRIED, *argv)
    assert (code, out) == (1, "")
    assert err.startswith("aucun calendrier possible")
    assert any(line.startswith("  - ") for line in err.splitlines())
    found = only_json(run(*SOON, "plan", HURRIED, *argv, "--json"))
    assert set(found) == {"schema", "conflicts"}
    assert keys <= {k for c in found["conflicts"] for k in c}
    sizes = [len(c) for c in found["conflicts"]]
    assert sizes == sorted(sizes)
    for conflict in found["conflicts"]:
        for key in conflict:
            assert f"  - {key}: " in err


def test_a_day_fixed_for_what_was_held_on_another(run: Run) -> None:
    code, out, _ = run(*THEN, "plan", CHARENTON, "--fix", "copil/cadrage=2012-05-03", "--json")
    assert code == 1
    assert json.loads(out)["conflicts"] == [["fix @ copil/cadrage"]]
    assert run(*THEN, "plan", CHARENTON, "--fix", "copil/cadrage=2011-09-15")[0] == 0


def test_a_day_for_what_was_held_on_another_is_told_in_words_as_in_json(run: Run, here: Path) -> None:
    for argv in (["plan", CHARENTON], ["ics", CHARENTON, "-o", "x.ics"]):
        code, _, told = run("--lang", "en", *THEN, *argv, "--fix", "copil/cadrage=2012-05-03")
        assert (code, "'Framing copil' was held already: 15 September 2011" in told) == (1, True)


@pytest.mark.parametrize(
    ("held", "address", "said"),
    [("", "meet/b", None), ("meet/a", "meet/b", "its branch was not taken"), ("", "meet/c", None), ("meet/a", "meet/a#2", "is not known here"), ("", "meet/e", "is not known here")],
)
def test_a_day_for_a_step_takes_its_branch_unless_that_was_passed_by(run: Run, here: Path, held: str, address: str, said: str | None) -> None:
    word = 'label = {{ fr = "{0}", en = "{0}" }}\norigin = "default"\n'
    leaves = "".join(f'[[leaves]]\nid = "{x}"\nsort = "meeting"\naddress = "meet/{x}"\nrole = "lead"\n{word.format(x)}' for x in "abcd")
    tables = "".join(f'[[{t}]]\nid = "{id}"\n{word.format(id)}' for t, id in (("phases", "all"), ("regimes", "u"), ("profiles", "u")))
    roles = 'label = { fr = "r", en = "r" }\norigin = "default"\nwords = [{ id = "lead", label = { fr = "l", en = "l" }, origin = "default" }]\n'
    tree = '[tree]\nroot = "p"\np = { seq = ["all"] }\nall = { phase = true, seq = ["one_of", "or_not", "d"] }\none_of = { choice = ["a", "b"] }\nor_not = { opt = "c" }\n'
    head = '[method]\nname = "m"\nversion = 1\ntitle = { fr = "M", en = "M" }\norigin = "default"\ndefault_profile = "u"\ndefault_regime = "u"\nroles = "role"\n'
    Path("m.toml").write_text(f'{head}[[lists]]\nid = "role"\n{roles}{leaves}{tables}{tree}', encoding="utf-8")
    fact = f'[[facts]]\nfact = "hold"\naddress = "{held}"\non = 2027-03-01\n' if held else ""
    Path("d.toml").write_text(f'[dossier]\ntitle = "D"\nmethod = "m.toml"\nstart = 2027-03-01\n{fact}', encoding="utf-8")
    code, out, told = run("--lang", "en", "--at", "2027-03-02", "plan", "d.toml", "--fix", f"{address}=2027-03-05")
    if said is None:
        assert (code, "2027-03-05  fixed " in out, f"[fix @ {address}]" in out) == (0, True, True), told
    else:
        assert (code, said in told) == (2, True), told
    method, dossier = agir_workflow.read_dossier(Path("d.toml").read_bytes(), lambda _: agir_workflow.read_method(Path("m.toml").read_bytes()))
    asked = lambda: agir_workflow.plan(method, dossier, at=dt.date(2027, 3, 2), fix={address: dt.date(2027, 3, 5)})  # noqa: E731
    if said is None:
        assert address in {m.address for m in asked().meetings}
    else:
        with pytest.raises(UnknownNameError) as caught:
            asked()
        assert said == "is not known here" or said in caught.value.to("en")


def test_a_thing_to_do_fixed_too_late_is_told_with_both_bounds(run: Run) -> None:
    code, _, err = run(*THEN, "plan", CHARENTON, "--fix", "deliver compte_rendu/copil/mi_parcours=2012-04-10")
    assert code == 1
    line = next(x for x in err.splitlines() if x.startswith("  - LIV002 @ copil/mi_parcours"))
    assert "au moins 1 jour et au plus 8 jours après « Copil de mi-parcours »" in line


def test_busy_days_are_kept_free(run: Run, here: Path) -> None:
    first = only_json(run(*SOON, "plan", HURRIED, "--json"))["meetings"]
    day = next(m["day"] for m in first if m["status"] == "planned").replace("-", "")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x"]
    for n, (start, end) in enumerate([(f";VALUE=DATE:{day}", ";VALUE=DATE:20260501"), (":20260505T220000Z", ":20260506T070000Z")]):
        lines += ["BEGIN:VEVENT", f"UID:{n}", f"DTSTAMP:{day}T000000Z", f"DTSTART{start}", f"DTEND{end}", "END:VEVENT"]
    Path("away.ics").write_text("\r\n".join([*lines, "END:VCALENDAR", ""]))
    found = only_json(run(*SOON, "plan", HURRIED, "--busy", "away.ics", "--without", "CAL003", "--without", "COP006", "--json"))
    if "meetings" in found:
        days = [m["day"] for m in found["meetings"] if m["status"] == "planned"]
        assert min(days) >= "2026-05-01"
        assert "2026-05-06" not in days
    else:
        assert any("busy @ away" in c for c in found["conflicts"])


def test_a_repetition_is_told(run: Run, here: Path) -> None:
    Path("r.ics").write_text("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20260401\nRRULE:FREQ=DAILY\nEND:VEVENT\nEND:VCALENDAR\n")
    code, out, err = run(*SOON, "plan", HURRIED, "--busy", "r.ics", "--json")
    assert code == 0
    json.loads(out)
    assert err.startswith("r.ics:5: ")


@pytest.mark.parametrize("name", ["d.toml", "hurried"])
def test_an_adopted_plan_is_a_fact(name: str, run: Run, here: Path) -> None:
    before = copy(HURRIED, Path("d.toml"))
    run("--db", "x.db", "import", "d.toml")
    first = only_json(run("--db", "x.db", *SOON, "plan", name, "--adopt", "--json"))
    if name == "d.toml":
        assert Path(name).read_bytes().startswith(before)
    exported = run("--db", "x.db", "export", name)[1]
    assert tomllib.loads(exported)["facts"][-1]["fact"] == "adopt"
    again = only_json(run("--db", "x.db", *SOON, "plan", name, "--start", "2026-02-10", "--json"))
    days = lambda found: {m["address"]: m["day"] for m in found["meetings"]}  # noqa: E731
    assert days(again) == days(first)


# -- standard output -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("argv", [["ics", CHARENTON], ["cadre", CHARENTON], ["method", "export"], ["ics", CHARENTON, "--only", "copils"]])
def test_a_dash_is_standard_output(argv: list[object], capsysbinary: pytest.CaptureFixture[bytes], here: Path) -> None:
    asked = [*THEN, *map(str, argv), "-o"]
    assert main([*asked, "-"]) == 0
    out, err = capsysbinary.readouterr()
    assert main([*asked, "kept"]) == 0
    assert (Path("kept").read_bytes(), err) == (out, b"")
    assert [p.name for p in here.iterdir()] == ["kept"]


@pytest.mark.parametrize(
    "argv",
    [
        ["ics", CHARENTON, "-o", "-", "--publish"], ["cadre", CHARENTON, "--docx", "-o", "-"], ["plan", CHARENTON, "--problem", "-"], ["check", CHARENTON, "--write-baseline", "-"],
        ["explain", "EXP006", "--write", "-"], ["demo", "--out", "-"], ["people", "add", "-"], ["init", "-"], ["method", "verify", "--write", "-"],
        ["align", "--tree", "t.ptml", "--log", "l.xes", "--moves", "-"],
    ],
)  # fmt: skip
def test_a_dash_is_never_a_name(argv: list[object], run: Run, here: Path) -> None:
    code, out, err = run(*THEN, *argv)
    assert (code, out, list(here.iterdir())) == (2, "", [])
    assert " → " in err


@pytest.mark.parametrize("only", ["person:p1", "org:maire", "role:pilotes"])
def test_what_some_people_have_seen_is_not_published(only: str, run: Run, here: Path) -> None:
    before = copy(CHARENTON, Path("d.toml"))
    code, out, err = run(*THEN, "ics", "d.toml", "-o", "x.ics", "--publish", "--only", only)
    assert (code, out, err.partition(":")[0], Path("d.toml").read_bytes()) == (2, "", "--publish", before)


# -- ics ----------------------------------------------------------------------------------------------------


def entries(file: str) -> list[Any]:
    calendar = icalendar.Calendar.from_ical(Path(file).read_bytes())
    return [*calendar.walk("VEVENT"), *calendar.walk("VTODO")]


@pytest.mark.parametrize(
    ("only", "count"),
    [("copils", 6), ("plenaries", 2), ("deadlines", None), ("theme:insertion", None), ("role:animateurs", None), ("copil/cloture", 1)],
)
def test_only_some_of_a_calendar(only: str, count: int | None, run: Run, here: Path) -> None:
    assert run(*THEN, "ics", CHARENTON, "-o", "all.ics") == (0, "all.ics\n", "")
    assert run(*THEN, "ics", CHARENTON, "-o", "some.ics", "--only", only) == (0, "some.ics\n", "")
    every, some = ({str(e["UID"]) for e in entries(f)} for f in ("all.ics", "some.ics"))
    assert some < every
    assert some
    assert count is None or len(some) >= count


def test_without_a_uid_the_line_to_paste_is_given(run: Run, here: Path) -> None:
    text = re.sub(r"^uid = .*\n", "", HURRIED.read_text(encoding="utf-8"), flags=re.M)
    Path("d.toml").write_text(text, encoding="utf-8")
    code, out, err = run(*SOON, "ics", "d.toml", "-o", "x.ics")
    assert (code, out) == (2, "")
    assert not Path("x.ics").exists()
    line = err.strip().splitlines()[-1]
    assert re.fullmatch(r'uid = "[0-9a-f-]{36}"', line)
    Path("d.toml").write_text(text.replace("[dossier]\n", f"[dossier]\n{line}\n", 1), encoding="utf-8")
    assert run(*SOON, "ics", "d.toml", "-o", "x.ics")[0] == 0


@pytest.mark.parametrize("name", ["d.toml", "hurried"])
def test_what_was_published_is_compared_with(name: str, run: Run, here: Path) -> None:
    before = copy(HURRIED, Path("d.toml"))
    run("--db", "x.db", "import", "d.toml")
    ics = ["--db", "x.db", "--at", "2026-02-10", "ics", name]
    assert run(*ics, "-o", "1.ics", "--publish")[0] == 0
    if name == "d.toml":
        assert Path(name).read_bytes().startswith(before)
    assert {int(e["SEQUENCE"]) for e in entries("1.ics")} == {0}
    moved = next(str(e["X-AGIR-ID"]) for e in entries("1.ics") if e.name == "VEVENT" and str(e["X-AGIR-ID"]).startswith("copil/t"))
    assert run("--db", "x.db", "--at", "2026-02-11", "record", name, "convene", moved, "day=2026-03-10")[0] == 0
    later = ["--db", "x.db", "--at", "2026-02-11", "ics", name]
    assert run(*later, "-o", "2.ics", "--publish")[0] == 0
    assert max(int(e["SEQUENCE"]) for e in entries("2.ics")) == 1
    assert run(*later, "-o", "0.ics", "--since", "0")[0] == 0
    assert {int(e["SEQUENCE"]) for e in entries("0.ics")} == {0}
    assert run(*later, "-o", "3.ics", "--since", "1")[0] == 0
    assert Path("3.ics").read_bytes() == Path("2.ics").read_bytes()
    assert run(*later, "-o", "4.ics", "--since", "3")[0] == 2
    assert not Path("4.ics").exists()


# -- check ----------------------------------------------------------------------------------------------------


def test_check_says_by_its_code_what_it_found(run: Run, here: Path) -> None:
    text = CHARENTON.read_text(encoding="utf-8").replace('address = "copil/themes"\non = 2011-10-13', 'address = "copil/themes"\non = 2011-10-12')
    Path("d.toml").write_text(text.replace('fact = "agree"\naddress = "accord/expert"', 'fact = "agree"\naddress = "accord/entreprise"', 1), encoding="utf-8")
    code, out, err = run("--at", "2013-09-01", "check", "d.toml")
    assert (code, err) == (1, "")
    assert "✗" in out
    assert run("--at", "2013-09-01", "check", "d.toml", "--fail-on", "never")[0] == 0
    assert run(*THEN, "check", CHARENTON)[0] == 0
    assert run(*THEN, "check", CHARENTON, "--fail-on", "warning")[0] == 1
    assert run(*THEN, "check", CHARENTON, "--profile", "rameau-default")[0] in (0, 1)
    assert run(*THEN, "check", CHARENTON, "--method", EXAMPLES / "stage_gate" / "method.toml")[0] in (0, 1)


def test_another_method_or_profile_is_told_as_what_it_was_judged_by(run: Run, here: Path) -> None:
    Path("d.toml").write_text("[dossier]\nstart = 2026-01-12\n", encoding="utf-8")

    def judged(*argv: object) -> tuple[str, str, list[str]]:
        said = only_json(run(*SOON, "check", "d.toml", *argv, "--json"))
        return said["profile"], said["regime"], [a["en"] for a in said["assumed"]]

    assert judged("--profile", "charenton-2012")[:2] == ("charenton-2012", "usage")
    assert not [a for a in judged("--profile", "charenton-2012")[2] if "profile" in a]
    assert judged("--method", STAGES.with_name("method.toml"), "--profile", "house")[:2] == ("house", "board")
    assert [a for a in judged("--method", STAGES.with_name("method.toml"))[2] if "house" in a]
    own = EXAMPLES / "overlay" / "territoire.toml"  # which has the usual profile and regime too, and others by default
    assert judged("--method", own)[:2] == ("territoire", "cgct")
    Path("d.toml").write_text('[dossier]\nstart = 2026-01-12\nprofile = "rameau-default"\nregime = "usage"\n', encoding="utf-8")
    assert judged("--method", own) == ("rameau-default", "usage", []), "what a dossier names stays"


def test_check_writes_each_format_where_it_is_told(run: Run, here: Path) -> None:
    code, out, err = run(*THEN, "check", CHARENTON, "--format", "json:v.json", "--format", "html:v.html", "--format", "text:v.txt", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == json.loads(Path("v.json").read_text(encoding="utf-8"))
    assert Path("v.html").read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert Path("v.txt").read_text(encoding="utf-8") == run(*THEN, "check", CHARENTON)[1]
    assert fits(json.loads(run(*THEN, "check", CHARENTON, "--format", "json")[1]), "agir.report/1")
    assert run(*THEN, "check", CHARENTON, "--format", "json:w.json", "--format", "xls:w.xls")[0] == 2
    assert not Path("w.json").exists()
    assert run(*THEN, "check", CHARENTON, "--json", "--format", "text")[0] == 2


def test_a_folder_gives_a_line_each_and_the_worst_code(run: Run, here: Path) -> None:
    many = here / "many"
    for name, source in (("a", CHARENTON), ("b", HURRIED)):
        (many / name).mkdir(parents=True)
        copy(source, many / name / "dossier.toml")
    (many / "pyproject.toml").write_text("[tool.x]\n")
    (many / "folder.toml").mkdir()
    code, out, err = run(*THEN, "check", "many")
    assert (code, err) == (0, "")
    lines, _, _ = out.partition("\n\n")
    assert [line.split("  ")[0] for line in lines.splitlines()] == ["many/a/dossier.toml", "many/b/dossier.toml"]
    (many / "c.toml").write_text("[dossier]\nstart = 3\n")
    code, again, err = run(*THEN, "check", "many")
    assert (code, again.partition("\n\n")[0]) == (2, lines)
    assert "illisible" in again
    assert err.startswith("many/c.toml:2: dossier.start")
    code, text, _ = run(*THEN, "check", "many", "--json")
    found = json.loads(text)
    assert code == 2
    assert [fits(r, "agir.report/1") for r in found["reports"]] == [True, True]
    assert run(*THEN, "check", many / "a", many / "b" / "dossier.toml", "--format", "json:all.json") == (0, "", "")
    assert len(json.loads(Path("all.json").read_text(encoding="utf-8"))["reports"]) == 2
    (here / "empty").mkdir()
    assert run("check", "empty")[0] == 2


def test_progress_is_told_to_a_person_who_waits(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from agir_workflow._check_folder import Progress

    said: list[str] = []

    class Terminal:
        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> int:
            said.append(text)
            return len(text)

        def flush(self) -> None:
            pass

    monkeypatch.setattr(sys, "stderr", Terminal())
    for name in ("b", "c"):
        (here / "a").mkdir(exist_ok=True)
        (here / "a" / f"{name}.toml").write_text("[dossier]\n")
    with Progress(["a"]) as progress:
        progress.at("a/b.toml")
        assert said == []
        monkeypatch.setattr(progress, "begun", time.monotonic() - 2)
        progress.at("a/c.toml")
        assert said == ["\r2/2 a/c.toml"]
    assert said[-1].endswith("\r")


# -- import, export, journal ----------------------------------------------------------------------------------


@pytest.mark.parametrize("source", [CHARENTON, HURRIED])
def test_in_and_out_and_in_again_is_the_same(source: Path, run: Run, here: Path) -> None:
    assert run("--db", "1.db", "import", source)[0] == 0
    name = read_file(str(source))[1].head.id
    code, out, err = run("--db", "1.db", "export", name, "--toml")
    assert (code, err) == (0, "")
    Path("again.toml").write_text(out, encoding="utf-8")
    assert run("--db", "2.db", "import", "again.toml")[0] == 0
    assert run("--db", "2.db", "export", name)[1] == out
    assert run("--db", "1.db", "journal", "export")[1] == run("--db", "2.db", "journal", "export")[1]
    assert read_file(str(source))[1] == read_file("again.toml")[1]
    assert run("export", source)[1] == out


def test_an_own_method_is_found_again_beside_an_exported_dossier(run: Run, here: Path) -> None:
    copy(EXAMPLES / "stage_gate" / "method.toml", Path("method.toml"))
    copy(STAGES, Path("d.toml"))
    Path("again.toml").write_text(run("export", "d.toml")[1], encoding="utf-8")
    assert read_file("again.toml")[1] == read_file("d.toml")[1]


def test_every_verb_comes_back_from_a_file(run: Run, here: Path) -> None:
    run("--db", "x.db", "import", HURRIED)
    for argv in (["correct", "dossier", "of=5", "on=2026-02-01"], ["derogate", "dossier", "code=EXP006", "reason=petit groupe", "copil=copil/cadrage"], ["end", "theme/emploi"],
                 ["hold", "copil/cadrage", "agenda=relecture_cadre", "start=10:30", "quorate=true", "attendance={ entreprises = 1 }", "--key", "k"]):  # fmt: skip
        code, _, err = run("--db", "x.db", *SOON, "record", "hurried", *argv)
        assert code == 0, err
    out = run("--db", "x.db", "export", "hurried")[1]
    Path("again.toml").write_text(out, encoding="utf-8")
    assert run("export", "again.toml")[1] == out


def test_import_is_all_or_nothing(run: Run, here: Path) -> None:
    Path("bad.toml").write_text("[dossier]\n")
    Path("worse.toml").write_text("[dossier]\nstart = 1\n")
    code, out, err = run("--db", "x.db", "import", HURRIED, "bad.toml", "worse.toml")
    assert (code, out) == (2, "")
    assert "bad.toml:1: dossier.start" in err
    assert "worse.toml:2: dossier.start" in err
    assert not Path("x.db").exists()
    assert run("--db", "x.db", "import", HURRIED)[0] == 0
    code, out, err = run("--db", "x.db", "import", CHARENTON, HURRIED)
    assert (code, out) == (3, "")
    assert run("--db", "x.db", "status", "charenton")[0] == 2


def rfc8785(value: Any) -> str:
    """Canonical JSON, from the RFC and apart from the package: keys by UTF-16, no blanks, the shortest escapes."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{rfc8785(k)}:{rfc8785(value[k])}" for k in sorted(value, key=lambda k: k.encode("utf-16-be"))) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(rfc8785, value)) + "]"
    if isinstance(value, str):
        short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
        return '"' + "".join(short.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in value) + '"'
    return {True: "true", False: "false", None: "null"}[value] if value is None or isinstance(value, bool) else str(int(value))


def test_a_number_is_text_where_the_method_wants_a_text(run: Run, here: Path) -> None:
    """A shell takes the quotes off: who types value=75 for the name of a department means no number."""
    target = here / "d.toml"
    target.write_text(Path(HURRIED).read_text(encoding="utf-8"), encoding="utf-8")
    for typed in ("75", "2026-09-01", "true"):
        assert run(*SOON, "record", str(target), "fill", "perimetre", f"value={typed}")[0] == 0
        assert f'value = "{typed}"' in target.read_text(encoding="utf-8").splitlines()[-1]
    assert run(*SOON, "record", str(target), "fill", "duree", "value=12")[0] == 2, "what is no length is none as a text either"


def test_the_fields_of_an_answer_are_told_by_their_names(run: Run, here: Path) -> None:
    """What is typed as fields is one answer; of a field of texts a number is a text; a name that is no field is refused."""
    target = here / "d.toml"
    target.write_bytes(HURRIED.read_bytes())
    assert run(*SOON, "record", target, "fill", "changement/entreprise", "objet=2026", "copil=copil/cadrage")[0] == 0
    last = tomllib.loads(target.read_text(encoding="utf-8"))["facts"][-1]
    assert (last["fact"], last["value"]) == ("fill", {"objet": "2026", "copil": "copil/cadrage"})
    code, said, _ = run(*SOON, "record", target, "fill", "changement/entreprise", "objet=x", "copill=copil/cadrage")
    assert code == 2
    assert "copill" in said
    code, _, err = run(*SOON, "record", target, "fill", "perimetre", "nom=75")
    assert code == 2
    assert "value" in err


def test_what_is_said_of_the_dossier_needs_no_address(run: Run, here: Path) -> None:
    target = here / "d.toml"
    target.write_bytes(HURRIED.read_bytes())
    assert run(*SOON, "do", target, "suspend", "reason=attente")[0] == 0
    last = tomllib.loads(target.read_text(encoding="utf-8"))["facts"][-1]
    assert (last["fact"], last["address"], last["reason"]) == ("suspend", "dossier", "attente")
    code, _, err = run(*SOON, "do", target, "hold")
    assert code == 2
    assert "ADDRESS" in err


def test_exported_lines_carry_their_hashes(run: Run, here: Path) -> None:
    run("--db", "x.db", "import", CHARENTON, HURRIED)
    run("--db", "x.db", *SOON, "record", "hurried", "fill", "perimetre", 'value="« é » \\"\\\\ \U0001f600"')
    code, out, err = run("--db", "x.db", "journal", "export")
    assert (code, err) == (0, "")
    last: dict[str, tuple[int, str]] = {}
    for line in out.splitlines():
        record = json.loads(line)
        assert set(record) == {"dossier", "v", "prev", "hash", "event"}
        v, prev = last.get(record["dossier"], (0, ""))
        assert (record["v"], record["prev"]) == (v + 1, prev)
        assert record["hash"] == hashlib.sha256((prev + rfc8785(record["event"])).encode()).hexdigest()
        last[record["dossier"]] = (v + 1, record["hash"])
    assert set(last) == {"charenton", "hurried"}
    alone = run("--db", "x.db", "journal", "export", "hurried")[1]
    assert alone.splitlines() == [x for x in out.splitlines() if '"dossier":"hurried"' in x]
    assert run("--db", "x.db", "journal", "export", "huried")[0] == 2


def test_verify_names_a_flipped_byte(run: Run, here: Path) -> None:
    run("--db", "x.db", "import", HURRIED)
    assert run("--lang", "en", "--db", "x.db", "journal", "verify")[1].endswith("records, chain intact\n")
    with sqlite3.connect("x.db") as db:
        db.execute("DROP TRIGGER journal_keeps")
        db.execute("UPDATE journal SET event = replace(event, '2026-01-26', '2026-01-27') WHERE version = 10")
        touched = [r[0] for r in db.execute("SELECT version FROM journal WHERE event LIKE '%2026-01-27%'")]
    db.close()
    for name in ([], ["hurried"]):
        code, out, _ = run("--db", "x.db", "journal", "verify", *name)
        if touched:
            assert code == 1
            assert f"hurried {touched[0]}: " in out
    assert run("--db", "x.db", "journal", "verify", "nobody")[0] == 2


def test_a_byte_flipped_in_the_file_itself(run: Run, here: Path) -> None:
    run("--db", "x.db", "import", HURRIED)
    with sqlite3.connect("x.db") as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    data = Path("x.db").read_bytes()
    at = data.index(b"accord/collectivite")
    Path("x.db").write_bytes(data[:at] + b"b" + data[at + 1 :])
    code, out, err = run("--db", "x.db", "journal", "verify")
    assert (code, err) == (1, "")
    assert re.search(r"^hurried \d+: ", out, re.M)


# -- the machine around it -------------------------------------------------------------------------------------


def shell(*argv: object, env: dict[str, str] | None = None, cwd: Path | None = None, module: str = "agir_workflow.cli") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", module, *map(str, argv)], capture_output=True, cwd=cwd, env=os.environ | (env or {}), check=False)


def test_a_poor_locale_and_a_rich_path(tmp_path: Path) -> None:
    folder = tmp_path / "dossier d'été à Nîmes"
    folder.mkdir()
    copy(HURRIED, folder / "é è.toml")
    env = {"PYTHONUTF8": "0", "LC_ALL": "C", "LANG": "C", "PYTHONIOENCODING": ""}
    done = shell("--at", "2026-02-10", "do", "é è.toml", "declare", "theme/sante", "label=Santé mentale", env=env, cwd=folder)
    assert (done.returncode, done.stderr) == (0, b"")
    assert 'label = "Santé mentale"' in (folder / "é è.toml").read_text(encoding="utf-8")
    done = shell("--at", "2026-02-10", "check", folder, env=env)
    assert "é è.toml  conforme" in done.stdout.decode()
    done = shell("--at", "2026-02-10", "--db", folder / "à.db", "import", folder / "é è.toml", env=env)
    assert done.returncode == 0
    assert "é è.toml → hurried" in done.stdout.decode()
    done = shell("check", folder / "ça.toml", env=env)
    assert done.returncode == 2
    assert "ça.toml: (file): fichier introuvable" in done.stderr.decode()
    assert b"\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize("asked", ["check {} --json", "status {} --facts"], ids=["at once", "line by line"])
def test_a_reader_that_goes_away_is_no_fault(asked: str) -> None:
    line = f'{sys.executable} -m agir_workflow.cli --at 2012-04-02 {asked.format(CHARENTON)} | head -c 1 > /dev/null; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
    assert done.stderr == ""


def test_without_its_extra_the_command_names_it() -> None:
    code = """
import sys
class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("click", "rich"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Gone())
from agir_workflow.cli import entry
entry()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "agir_workflow[cli]" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_says_one_word(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("agir_workflow._check_one.judge", stop)
    code, out, err = run("check", CHARENTON)
    assert (code, out, err.strip()) == (130, "", "interrompu")


def test_what_nobody_foresaw_is_told_in_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("agir_workflow._check_one.judge", burst)
    code, out, err = run("--lang", "en", "check", CHARENTON)
    assert (code, out, err.count("\n")) == (4, "", 1)
    assert err.startswith("internal error: ZeroDivisionError")


def test_the_completion_of_shells() -> None:
    code = "import sys; sys.argv[0] = 'agir'; from agir_workflow.cli import entry; entry()"
    env = os.environ | {"_AGIR_COMPLETE": "bash_source"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    assert "_agir_completion" in done.stdout
    env = os.environ | {"_AGIR_COMPLETE": "bash_complete", "COMP_WORDS": "agir sta", "COMP_CWORD": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    assert "status" in done.stdout


def test_the_method_and_its_views(run: Run) -> None:
    for lang in ("fr", "en"):
        assert "agir_ensemble@1" in run("--lang", lang, "method", "check")[1]
        assert run("--lang", lang, "method", "show")[0] == 0
        assert run("--lang", lang, "method", "graph", EXAMPLES / "stage_gate" / "method.toml")[0] == 0


def test_the_installed_command() -> None:
    script = Path(sys.executable).parent / "agir"
    if not script.exists():
        pytest.skip("the command is not installed beside this Python")
    done = subprocess.run([script, "--lang", "en", "--at", "2012-04-02", "check", CHARENTON], capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "conforms" in done.stdout
    assert agir_workflow.__all__


def test_the_cadre_is_written_as_markdown_and_as_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from agir_workflow.cli import main

    source = str(Path(__file__).parents[1] / "examples" / "hurried" / "dossier.toml")
    assert main(["--at", "2026-03-02", "cadre", source]) == 0
    assert "## 8. Planning prévisionnel" in capsys.readouterr().out
    page = tmp_path / "cadre.html"
    assert main(["--at", "2026-03-02", "cadre", source, "--format", "html", "-o", str(page)]) == 0
    assert "Entreprise pilote" in page.read_text(encoding="utf-8")


def test_the_readings_of_every_kind_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    from agir_workflow.cli import main

    assert main(["method", "show", "--readings"]) == 0
    assert capsys.readouterr().out.count("  planner  ") == 17


class _Screen(io.StringIO):
    """A terminal, or what is none."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize("terminal", [True, False])
def test_whoever_waits_sees_seconds_go_by_on_a_terminal_alone(terminal: bool) -> None:
    screen = _Screen(terminal)
    waiting = Waiting(screen, 0.001)
    until = time.monotonic() + 20
    while terminal and "2 s" not in screen.getvalue() and time.monotonic() < until:
        time.sleep(0.001)
    waiting.stop()
    said = screen.getvalue()
    assert ("… 1 s" in said and "… 2 s" in said) is terminal
    assert said == "" or said.endswith("\r"), "the line is taken away"
    waiting.stop()
    assert screen.getvalue() == said


def test_a_quick_answer_is_not_announced(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _Screen(terminal=True)
    monkeypatch.setattr(_waiting, "PATIENCE", 3600.0)
    monkeypatch.setattr(sys, "stderr", screen)
    assert run("method", "show")[0] == 0
    assert screen.getvalue() == ""


def test_a_table_is_kept_though_its_reader_goes_away(here: Path) -> None:
    copy(HURRIED, Path("d.toml"))
    Path("t.csv").write_text("quoi;date\nCopil de choix des thématiques;2026-02-09\n", encoding="utf-8")
    command = [sys.executable, "-m", "agir_workflow", "--at", "2026-02-10", "import", "t.csv", "--into", "d.toml"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.close()
    assert 'address = "copil/themes"' in Path("d.toml").read_text(encoding="utf-8")


def test_a_project_that_rests_says_how_it_goes_on(run: Run, here: Path) -> None:
    copy(CHARENTON, Path("d.toml"))
    assert run(*THEN, "do", "d.toml", "suspend", "--by", "collectivite")[0] == 0
    may_be = run("--lang", "en", *THEN, "next", "d.toml")[1].partition("blocked:")[0].splitlines()
    assert [line.split()[:2] for line in may_be[1:]] == [["resume", "dossier"]]
    assert run(*THEN, "do", "d.toml", "resume", "--by", "collectivite")[0] == 0
    assert "resume" not in run(*THEN, "next", "d.toml")[1]


def test_where_no_step_may_be_done_the_first_one_says_what_lifts_it(run: Run, here: Path) -> None:
    """An approval withdrawn before the restitution: what is to be done then is a document, and no step of the tree."""
    copy(CHARENTON.parents[1] / "temoin" / "dossier.toml", Path("d.toml"))
    then = ("--at", "2012-06-12")
    assert "→" not in run(*then, "next", "d.toml")[1]
    assert run(*then, "do", "d.toml", "revoke", "livrable/synthese", "--by", "collectivite")[0] == 0
    said = run("--lang", "en", *then, "next", "d.toml")[1].splitlines()
    assert said[1] == "  (nothing)"
    assert [line.strip() for line in said if "→" in line] == ["→ deliver livrable/synthese"]
