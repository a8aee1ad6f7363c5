"""A folder that is one dossier: what lies beside its `dossier.toml` is judged with it, on the command line."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest
from witness import EDITS_FOLDER, FOLDER, beside, spoilt

from agir_workflow.beside import evidence_beside
from agir_workflow.cli import main
from agir_workflow.desk import read_file
from agir_workflow.doorstep import LIMIT
from agir_workflow.stores.base import read_lines, verify

THEN = ("--at", "2014-01-01")


def run(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    code = main([str(a) for a in argv])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(FOLDER, tmp_path / "d")
    return tmp_path / "d"


def keys(out: str) -> list[str]:
    return [f["key"] for f in json.loads(out)["findings"]]


def edit(file: Path, old: bytes, new: bytes) -> None:
    data = file.read_bytes()
    assert data.count(old) >= 1
    file.write_bytes(data.replace(old, new, 1))


def test_the_witness_is_one_dossier_with_its_evidence(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, _ = run(capsys, *THEN, "check", folder, "--json")
    report = json.loads(out)
    assert (code, report["findings"], report["method"]["ref"]) == (0, [], "temoin@1")
    assert json.loads(run(capsys, *THEN, "check", folder / "dossier.toml", "--json")[1]) == report
    # A folder of such folders still gives a line each.
    first = run(capsys, *THEN, "check", folder.parent)[1].splitlines()[0]
    assert first.startswith(f"{folder / 'dossier.toml'}  conforme")
    assert first.endswith("0e 0a 0r")


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("journal.jsonl", b'"associations":5', b'"associations":6', "PRV006 @ dossier"),
        ("documents/synthese.md", b"parrainage", b"tutorat", "PRV003 @ livrable/synthese"),
        ("calendrier.ics", b"20120515T", b"20120516T", "CAL010 @ gt3/insertion"),
    ],
)
def test_what_lies_beside_is_judged(capsys: pytest.CaptureFixture[str], folder: Path, file: str, old: bytes, new: bytes, key: str) -> None:
    data = (folder / file).read_bytes()
    (folder / file).write_bytes(data.replace(old, new))
    code, out, _ = run(capsys, *THEN, "check", folder, "--json")
    assert code == 1
    assert keys(out) == [key]
    # Elsewhere, under another name, the dossier is on its own.
    alone = folder.parent / "alone.toml"
    shutil.copy(folder / "dossier.toml", alone)
    assert run(capsys, *THEN, "check", alone, "--json")[0] == 0


def test_a_document_may_be_of_any_size_and_its_path_too_long_for_a_file(folder: Path) -> None:
    data = b"x" * (LIMIT + 1)
    (folder / "plans.pdf").write_bytes(data)
    text = '[dossier]\nid = "d"\nstart = 2012-01-02\n'
    for uri in ("plans.pdf", "a" * 300):
        text += f'[[facts]]\nfact = "deliver"\naddress = "activite/cadre"\non = 2012-02-01\nuri = "{uri}"\nsha256 = "{sha256(data).hexdigest()}"\n'
    (folder / "dossier.toml").write_text(text, encoding="utf-8")
    found = evidence_beside(str(folder / "dossier.toml"), read_file(str(folder / "dossier.toml"))[1])
    assert [(a.uri[:9], a.sha256) for a in found.artefacts] == [("a" * 9, None), ("plans.pdf", sha256(data).hexdigest())]


def test_a_calendar_that_was_sent_later_is_not_held_against_an_earlier_day(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, _ = run(capsys, "--at", "2012-02-01", "check", folder, "--json")
    assert (code, keys(out)) == (0, [])


def test_a_document_outside_the_folder_is_not_looked_at(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    for uri in ("../synthese.md", "/etc/hostname", "https://exemple.org/synthese.md"):
        text = (FOLDER / "dossier.toml").read_text(encoding="utf-8").replace("documents/synthese.md", uri)
        (folder / "dossier.toml").write_text(text, encoding="utf-8")
        assert keys(run(capsys, *THEN, "check", folder, "--json")[1]) == []


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_cannot_be_read_is_told_with_its_file_and_line(capsys: pytest.CaptureFixture[str], folder: Path, lang: str) -> None:
    edit(folder / "journal.jsonl", b'"v":2,', b'"v":two,')
    code, _, err = run(capsys, "--lang", lang, *THEN, "check", folder)
    assert (code, err.startswith(f"{folder / 'journal.jsonl'}:2: ")) == (2, True), err
    shutil.copy(FOLDER / "journal.jsonl", folder)
    edit(folder / "calendrier.ics", b"END:VCALENDAR", b"END:VCALENDER")
    code, _, err = run(capsys, "--lang", lang, *THEN, "check", folder)
    assert (code, f"{folder / 'calendrier.ics'}" in err) == (2, True), err


def test_an_overlay_on_another_method_is_refused(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    shutil.copy(FOLDER.parent / "stage_gate" / "method.toml", folder / "territoire.toml")
    code, _, err = run(capsys, "--lang", "en", *THEN, "check", folder)
    assert (code, "expected agir_ensemble@1" in err) == (2, True)


def test_an_older_version_is_judged_by_the_one_at_hand_and_told(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    edit(folder / "dossier.toml", b"agir_ensemble@1", b"agir_ensemble@0")
    code, out, _ = run(capsys, *THEN, "check", folder, "--json")
    assert (code, keys(out)) == (0, ["PRV007 @ dossier"])
    edit(folder / "dossier.toml", b"agir_ensemble@0", b"agir_ensemble@2")
    assert run(capsys, *THEN, "check", folder)[0] == 2


def test_other_commands_take_the_folder_too(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, _ = run(capsys, "--at", "2013-07-01", "status", folder)
    assert (code, out.splitlines()[0]) == (0, "Dossier témoin")


def test_the_evidence_of_the_witness_is_that_of_its_dossier() -> None:
    """Else: `python tests/witness.py`. The journal tells the hash of the method, so it is made anew when the method changes."""
    made = beside(FOLDER)
    assert made["calendrier.ics"] == (FOLDER / "calendrier.ics").read_bytes()
    records = list(read_lines((FOLDER / "journal.jsonl").read_text(encoding="utf-8").split("\n")))
    assert verify(records) == ()
    assert made["journal.jsonl"] == (FOLDER / "journal.jsonl").read_bytes()
    assert all((EDITS_FOLDER / f"{name}.diff").read_bytes() == data for name, data in spoilt(made["journal.jsonl"]).items())
