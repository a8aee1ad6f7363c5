"""The verdict in each format: the same findings in all, marked ones too; SARIF as its published schema wants it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import jsonschema  # type: ignore[import-untyped, unused-ignore]
import pytest

import agir_workflow as agir
from agir_workflow.answers import Report, Suppression
from agir_workflow.checker_rules import CODE_RULES
from agir_workflow.dossier_lines import dossier_lines
from agir_workflow.views.json_view import report as report_json
from agir_workflow.views.sarif import line_of, sarif_log, sarif_results, sarif_run
from agir_workflow.views.text import SCREEN, report_text
from agir_workflow.views.verdict_csv import report_csv
from agir_workflow.views.verdict_html import report_html
from agir_workflow.views.verdict_md import report_md
from agir_workflow.words import Code, Lang, Severity, State, Text

EXAMPLES = Path(__file__).parents[2] / "examples"
METHOD = agir.load_method("agir_ensemble")
SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
CHARENTON = (EXAMPLES / "charenton" / "dossier.toml").read_bytes()


def broken() -> Report:
    """Charenton with a copil undone, an interview left out, and a dérogation for the small third session."""
    text = CHARENTON.decode().replace("on = 2012-03-13", 'on = "2012-03"').replace('fact = "agree"\naddress = "accord/expert"', 'fact = "agree"\naddress = "accord/entreprise"', 1)
    text += '\n[[facts]]\nfact = "derogate"\naddress = "gt3/handicap"\non = 2012-09-20\ncode = "EXP006"\nreason = "Un empêchement"\ncopil = "copil/synthese"\n'
    _, dossier = agir.read_dossier(text.encode(), lambda _: METHOD)
    report = agir.check(METHOD, dossier, at=dt.date(2013, 9, 1))
    # whatever the examples become, each way of standing is there
    first = report.findings[0]
    unsure = attrs.evolve(first, code=Code("ZZZ001"), state=State.UNDETERMINED, severity=Severity.WARNING, phase=None)
    allowed = attrs.evolve(first, code=Code("ZZZ002"), text=Text("Dérogation (copil/x) · fait.", "Dérogation (copil/x) · done."), suppressed=Suppression(by="derogation", copil="copil/x", reason="Un empêchement"))
    return attrs.evolve(report, findings=(*report.findings, unsure, allowed))


REPORT = broken()


def sarif(report: Report, **more: Any) -> Any:
    return sarif_log([sarif_run(METHOD, "fr", sarif_results(report, METHOD, "fr", **more), version="0")])


def valid(log: Any) -> bool:
    checker = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    found = [f"{list(e.absolute_path)}: {e.message[:200]}" for e in checker.iter_errors(json.loads(json.dumps(log)))]
    assert found == []
    return True


def test_no_format_leaves_a_finding_out() -> None:
    assert any(f.mark == "derogated" for f in REPORT.findings)
    keys = sorted(f.key for f in REPORT.findings)
    assert sorted(f["key"] for f in report_json(REPORT)["findings"]) == keys  # type: ignore[attr-defined]
    assert sorted(f"{r['code']} @ {r['subject']}" for r in csv.DictReader(io.StringIO(report_csv(REPORT, "fr")))) == keys
    told = [r["partialFingerprints"]["codeSubject/v1"] for r in sarif(REPORT, whole=False)["runs"][0]["results"]]
    assert sorted(told) == keys
    for text in (report_text(REPORT, "fr"), report_md(REPORT, "fr"), re.sub("<[^>]*>", " ", report_html(REPORT, "fr"))):
        assert [f.code for f in REPORT.findings if f.code not in text] == []
        assert "Dérogation (copil/x)" in text


def test_what_is_marked_counts_no_more_and_says_so() -> None:
    bare = attrs.evolve(REPORT, findings=tuple(f for f in REPORT.findings if f.mark is None))
    assert [bare.count(s) for s in Severity] == [REPORT.count(s) for s in Severity]
    allowed = sum(f.mark == "derogated" for f in REPORT.findings)
    assert f"{allowed} admis par dérogation" in report_text(REPORT, "fr")
    assert [f["mark"] for f in report_json(REPORT)["findings"] if f["code"] == "ZZZ002"] == ["derogated"]  # type: ignore[attr-defined]
    assert [r["mark"] for r in csv.DictReader(io.StringIO(report_csv(REPORT, "fr"))) if r["code"] == "ZZZ002"] == ["derogated"]


def test_each_form_says_since_when_and_never_since_a_day_to_come() -> None:
    broken = next(f for f in REPORT.findings if f.counts)
    for days, said in ((0, True), (1, False)):
        one = attrs.evolve(REPORT, findings=(attrs.evolve(broken, date=dt.date(2012, 6, 1)),), at=dt.date(2012, 6, 1) - dt.timedelta(days=days))
        assert ("[depuis le 1er juin 2012 ; " in report_text(one, "fr")) is said
        assert ("[since 1 June 2012; " in report_text(one, "en")) is said
        assert ("| 2012-06-01 |" in report_md(one, "fr")) is said
        page = report_html(one, "fr").replace("\u00a0", " ")
        assert ("Depuis le vendredi 1er juin 2012" in page, "Le vendredi 1er juin 2012" in page) == (said, not said)


def test_text_stands_on_one_screen_with_the_gravest_first() -> None:
    many = tuple(attrs.evolve(REPORT.findings[0], subject=f"s{n}", severity=Severity.ERROR if n == 199 else Severity.WARNING) for n in range(200))
    text = report_text(attrs.evolve(REPORT, findings=many), "en", screen=SCREEN)
    assert text.count("\n") <= SCREEN
    assert "✗" in text.splitlines()[text.splitlines().index("") + 2]
    shown = text.count(" ! ") + text.count("\n! ") + text.count("\n✗ ")
    assert f"… and {200 - shown} more" in text
    assert report_text(REPORT, "fr", screen=10_000) == report_text(REPORT, "fr")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_phases_come_by_their_gravest_finding(lang: Lang) -> None:
    kinds = [line[0] for line in report_text(REPORT, lang).splitlines() if line[:2] in ("✗ ", "! ", "· ", "? ", "○ ")]
    blocks = re.findall(r"## (.*)\n", report_md(REPORT, lang))
    assert kinds[0] == "✗"
    assert len(blocks) == len(set(blocks))


# -- sarif ---------------------------------------------------------------------------------------------


def test_sarif_fits_its_schema_and_declares_every_rule_once() -> None:
    log = sarif(REPORT, path="un dossier/é.toml", lines=dossier_lines(CHARENTON))
    assert valid(log)
    (run,) = log["runs"]
    ids = [r["id"] for r in run["tool"]["driver"]["rules"]]
    assert ids == sorted({r.code for r in (*METHOD.requirements, *CODE_RULES)})
    for result in run["results"]:
        assert result.get("ruleIndex") is None or ids[result["ruleIndex"]] == result["ruleId"]
        assert result["kind"] == "fail" or result["level"] == "none"  # SARIF 2.1.0 §3.27.10
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert uri == "un%20dossier/%C3%A9.toml"


def test_sarif_says_how_each_result_stands() -> None:
    by_code = {r["ruleId"]: r for r in sarif(REPORT)["runs"][0]["results"]}
    assert by_code["ZZZ001"]["kind"] == "open"
    assert by_code["ZZZ002"]["kind"] == "fail"
    assert by_code["ZZZ002"]["suppressions"][0]["status"] == "accepted"
    marked = {f.code for f in REPORT.findings if f.mark}
    assert {c for c, r in by_code.items() if "suppressions" in r} <= marked
    early = agir.check(METHOD, agir.read_dossier(CHARENTON, lambda _: METHOD)[1], at=dt.date(2011, 10, 1))
    kinds = {r["ruleId"]: r["kind"] for r in sarif(early)["runs"][0]["results"]}
    covers = dict(early.by_code)
    told = {f.code for f in early.findings}
    for code, kind in kinds.items():
        if code not in told:
            cover = covers[Code(code)]
            assert kind == ("open" if cover.not_yet_due else "pass" if cover.evaluated else "notApplicable")
    assert {"open", "pass"} <= set(kinds.values())


def test_sarif_names_the_line_of_the_fact() -> None:
    lines = dossier_lines(CHARENTON)
    rows = CHARENTON.decode().splitlines()
    for result in sarif(REPORT, path="d.toml", lines=lines, whole=False)["runs"][0]["results"]:
        place = result["locations"][0]
        subject = place["logicalLocations"][0]["name"]
        line = place["physicalLocation"]["region"]["startLine"]
        assert line == line_of(subject, lines)
        assert rows[line - 1].strip()
    held = lines["gt3/handicap"]
    assert rows[held - 1] == "[[facts]]"
    assert rows[held : held + 2] == ['fact = "hold"', 'address = "gt3/handicap"']


def test_a_file_without_lines_still_has_a_place() -> None:
    assert dossier_lines(b"\xff") == {}
    assert dossier_lines(b"[ ]\n") == {}
    assert dossier_lines(b"facts = 3\nanswers = 1\n[[theme]]\nid = 4\n") == {}
    assert valid(sarif(REPORT, path="d.toml", lines={}))
    assert valid(sarif(REPORT))


def test_what_changed_is_told_by_key() -> None:
    first = REPORT.findings[0].key
    log = sarif(REPORT, former=frozenset({first, "GON001 @ x/y"}), whole=False)
    assert valid(log)
    states = {r["partialFingerprints"]["codeSubject/v1"]: r.get("baselineState", "") for r in log["runs"][0]["results"]}
    assert (states[first], states["GON001 @ x/y"]) == ("unchanged", "absent")
    assert {k: s for k, s in states.items() if k not in (first, "GON001 @ x/y")} == {f.key: "new" if f.counts else "" for f in REPORT.findings[1:]}
    rows = {f"{r['code']} @ {r['subject']}": r["change"] for r in csv.DictReader(io.StringIO(report_csv(REPORT, "fr", former=frozenset({first, "GON001 @ x/y"}))))}
    assert {r["profile"] for r in csv.DictReader(io.StringIO(report_csv(REPORT, "fr")))} == {REPORT.profile}
    assert rows == {k: {"unchanged": "same", "absent": "gone"}.get(s, s) for k, s in states.items()}


# -- words of others -----------------------------------------------------------------------------------


EVIL = "=cmd|' /C'!A1 <script>alert(1)</script> | **x** `y` [z](javascript:0)\n# titre"


def evil() -> Report:
    finding = attrs.evolve(REPORT.findings[0], text=Text(EVIL, EVIL), quote=EVIL, subject=f"+{EVIL}")
    return attrs.evolve(REPORT, title=EVIL, findings=(finding,))


def test_words_of_others_stay_words() -> None:
    (row,) = csv.DictReader(io.StringIO(report_csv(evil(), "fr")))
    assert row["title"] == f"'{EVIL}"
    assert row["subject"].startswith("'+")
    page = report_md(evil(), "fr")
    assert "<script>" not in page
    assert not re.search(r"(?<!\\)\[z", page)
    assert page.count("\n# ") == 0
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 6 for line in page.splitlines() if line.startswith("|"))
    assert "<script>" not in report_html(evil(), "fr")
    assert valid(sarif(evil()))


# -- the page ------------------------------------------------------------------------------------------


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_stands_alone_and_is_reached_by_keyboard(lang: Lang) -> None:
    text = report_html(REPORT, lang)
    ET.fromstring(text.split("\n", 1)[1])
    tags = Page(text).tags
    names = {t for t, _ in tags}
    assert not names & {"script", "img", "link", "iframe", "object"}
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/1999/xhtml)", text)
    ids = {a["id"] for _, a in tags if "id" in a}
    links = [a["href"] for t, a in tags if t == "a"]
    assert links[0] == "#main"
    assert all(link and link[1:] in ids for link in links)
    assert ("html", lang) in [(t, a.get("lang")) for t, a in tags]
    assert "@media print" in text
    assert 'name="viewport"' in text
    levels = [int(t[1]) for t, _ in tags if re.fullmatch("h[1-6]", t)]
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
