"""A territory's own profile extends one and says only what differs; every format says it beside value and bound."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import agir_workflow as agir
from agir_workflow.cli import main
from agir_workflow.values import Record
from agir_workflow.words import Severity

EXAMPLES = Path(__file__).parents[1] / "examples"
OVERLAY = """
[method]
name = "vallee"
version = 1
extends = "agir_ensemble@1"
title = { fr = "La vallée", en = "The valley" }
origin = "default"

[[profiles]]
id = "vallee"
extends = "charenton-2012"
label = { fr = "profil de la vallée", en = "the valley's profile" }
group_ok = [9, 15]
group_info = [8, 16]
origin = "default"
"""
SAYS = ("vallee", "8 au lieu de 9 à 15 participants")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "vallee"
    place.mkdir()
    text = (EXAMPLES / "charenton" / "dossier.toml").read_text(encoding="utf-8")
    (place / "territoire.toml").write_text(OVERLAY, encoding="utf-8")
    (place / "dossier.toml").write_text(text.replace('profile = "charenton-2012"', 'profile = "vallee"'), encoding="utf-8")
    return place


def test_a_profile_says_only_what_differs() -> None:
    base, own = agir.load_method("agir_ensemble"), agir.read_method(OVERLAY.encode())
    profile, extended = dict(own.profile("vallee").values), dict(base.profile("charenton-2012").values)
    assert {k for k in profile if profile[k] != extended.get(k)} == {"group_ok", "group_info", "sources"}
    said, usual = profile["sources"], extended["sources"]
    assert isinstance(said, Record)
    assert isinstance(usual, Record)
    assert dict(said.pairs) == {k: v for k, v in usual if k not in ("group_ok", "group_info")}, "what it says anew has not the source of the other"
    assert set(profile) == set(extended)
    assert own.profile("charenton-2012") == base.profile("charenton-2012")
    assert own.requirements == base.requirements


def test_a_number_that_a_territory_changes_has_not_the_source_of_the_other() -> None:
    head = OVERLAY.partition("[[profiles]]")[0]
    own = agir.read_method((head + '[[profiles]]\nid = "rameau-default"\ngroup_ok = [6, 15]\n').encode())
    said = own.profile("rameau-default").values.get("sources")
    assert isinstance(said, Record)
    assert "group_ok" not in dict(said.pairs)
    assert said.get("group_info") == "default"


def test_the_verdict_is_by_its_bounds(folder: Path) -> None:
    own = agir.read_method(OVERLAY.encode())
    _, dossier = agir.read_dossier((folder / "dossier.toml").read_bytes(), lambda _: own)
    found = {f.subject: (f.value, f.bound, f.severity) for f in agir.check(own, dossier, at=dossier.start.replace(year=2014)).findings if f.code == "EXP006"}
    usual, named = agir.read_dossier((EXAMPLES / "charenton" / "dossier.toml").read_bytes(), agir.load_method)
    before = {f.subject for f in agir.check(usual, named, at=dossier.start.replace(year=2014)).findings if f.code == "EXP006"}
    assert before == {"gt3/handicap"}
    assert found["gt3/handicap"] == ("7", "9 to 15", Severity.WARNING)  # out of both bands, where the one it extends says info
    assert {s for s, (value, _, severity) in found.items() if value == "8" and severity is Severity.INFO} == set(found) - {"gt3/handicap"} != set()


def test_every_format_says_value_bound_profile_and_the_sentence(folder: Path, tmp_path: Path) -> None:
    kinds = ("text", "json", "html", "md", "csv", "sarif", "planning")
    forms = [a for kind in kinds for a in ("--format", f"{kind}:{tmp_path / kind}")]
    assert main(["--lang", "fr", "--at", "2014-01-01", "check", str(folder), *forms]) == 0
    for kind in kinds:
        text = (tmp_path / kind).read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
        assert "environ 8 à 12 participants" in text, kind
        for words in SAYS:
            assert words in text.lower(), (kind, words)
    told = json.loads((tmp_path / "json").read_text(encoding="utf-8"))
    assert (told["profile"], {(f["value"], f["bound"], bool(f["quote"])) for f in told["findings"] if f["code"] == "EXP006"}) == ("vallee", {("7", "9 to 15", True), ("8", "9 to 15", True)})
    rows = [r for r in csv.DictReader(io.StringIO((tmp_path / "csv").read_text(encoding="utf-8"))) if r["code"] == "EXP006"]
    assert {(r["profile"], r["bound"], bool(r["quote"])) for r in rows} == {("vallee", "9 to 15", True)}
    results = [r for r in json.loads((tmp_path / "sarif").read_text(encoding="utf-8"))["runs"][0]["results"] if r["ruleId"] == "EXP006"]
    assert {(r["properties"]["profile"], r["properties"]["bound"]) for r in results} == {("vallee", "9 to 15")}


@pytest.mark.parametrize(("says", "code"), [('gt_window = "2011-S2"', "CAL004"), ('session_max = "4w"', "CAL006")])
def test_a_share_and_a_distance_are_broken_each_without_the_other(folder: Path, capsys: pytest.CaptureFixture[str], says: str, code: str) -> None:
    """Neither implies the other: that both come of one session held late makes no label of either (0031)."""
    place = folder / "territoire.toml"
    place.write_text(place.read_text(encoding="utf-8").replace("group_ok = [9, 15]\ngroup_info = [8, 16]", says), encoding="utf-8")
    assert main(["--at", "2013-07-15", "check", str(folder), "--json", "--fail-on", "never"]) == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    assert {f["code"] for f in found} & {"CAL004", "CAL006"} == {code}
