"""The framing document as a Word file, opened again by python-docx: the same content as its Markdown, and the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
import sys
from pathlib import Path

import attrs
import pytest
from real.needs import EXAMPLES, need

from agir_workflow.cli import main
from agir_workflow.demo import charenton
from agir_workflow.views.cadre import cadre_markdown, make_cadre
from agir_workflow.views.docx import cadre_docx


def plain(text: str) -> str:
    """Without the marks of Markdown and the spaces of typography."""
    return " ".join(re.sub(r"^(#+|-|>)\s|\*\*|\*|_", "", text.translate({0x202F: " ", 0xA0: " ", 0x2019: "'"})).split())


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("day", [dt.date(2011, 9, 2), dt.date(2013, 1, 1)])
def test_it_says_what_the_markdown_says(lang: str, day: dt.date) -> None:
    docx = need("docx", "office")
    method, dossier = charenton()
    cadre = make_cadre(method, dossier.as_of(day), lang=lang)  # type: ignore[arg-type]
    data = cadre_docx(cadre)
    assert data == cadre_docx(cadre)
    word = docx.Document(io.BytesIO(data))
    styles = [p.style.name for p in word.paragraphs]
    assert styles.count("Title") == 1
    assert styles.count("Heading 1") == 8 + 3  # the headings of the cadre, what is open or blank, the agreements
    said = {plain(p.text) for p in word.paragraphs} | {plain(c.text) for t in word.tables for r in t.rows for c in r.cells}
    wanted = {plain(x) for line in cadre_markdown(cadre).splitlines() for x in (line.strip("|").split("|") if line.startswith("|") else [line]) if plain(x).strip("-")}
    assert len(wanted) > 30
    assert {w for w in wanted if w not in said} == set()
    blanks = [r for p in word.paragraphs for r in p.runs if r.italic]
    assert len(blanks) == len(cadre.blanks)
    assert all(str(r.font.color.rgb) == "767676" for r in blanks)
    assert [c.text for r in word.tables[-1].rows for c in r.cells[1:]][1:] == [when or ("À recueillir" if lang == "fr" else "To be collected") for _, when in cadre.agreements]


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    docx = need("docx", "office")
    target = tmp_path / "cadre.docx"
    argv = ["--at", "2012-04-02", "cadre", str(EXAMPLES / "charenton" / "dossier.toml"), "--docx"]
    assert main([*argv, "-o", str(target)]) == 0
    assert len(docx.Document(str(target)).paragraphs) > 30
    assert main(argv) == 2
    assert "-o" in capsys.readouterr().err


def test_without_the_extra_the_error_names_it(tmp_path: Path) -> None:
    code = "import sys; sys.modules['docx'] = None; from agir_workflow.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run([sys.executable, "-c", code, "--at", "2012-04-02", "cadre", str(EXAMPLES / "charenton" / "dossier.toml"), "--docx", "-o", "c.docx"],
                          cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "agir_workflow[office]" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_it_makes_the_folders_of_its_output_and_names_what_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    need("docx", "office")
    (tmp_path / "fichier").write_text("garder", encoding="utf-8")

    def at(target: str) -> int:
        return main(["cadre", str(EXAMPLES / "hurried" / "dossier.toml"), "--docx", "-o", str(tmp_path / target)])

    assert at("fichier/dedans/cadre.docx") == 2
    assert "fichier: attendu : un répertoire → " in capsys.readouterr().err
    assert at("été/sous dossier/cadre.docx") == 0
    assert [p.name for p in (tmp_path / "été" / "sous dossier").iterdir()] == ["cadre.docx"]


def test_a_character_that_xml_cannot_hold_is_replaced() -> None:
    docx = need("docx", "office")
    method, dossier = charenton()
    cadre = attrs.evolve(make_cadre(method, dossier), title="Un\ufffetitre", agreements=(("Qui\uffff", None),), parties="Les\ufffe")
    word = docx.Document(io.BytesIO(cadre_docx(cadre)))
    assert word.paragraphs[0].text == "Un\ufffdtitre"
