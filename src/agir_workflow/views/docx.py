"""The framing document as a Word file: the same content as its page, for those who write in it (extra `office`)."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from ..errors import MissingExtraError
from ..words import Lang
from ._markup import typeset, writable
from .cadre import WORDS, Cadre, Grid, example_of, unsettled

if TYPE_CHECKING:
    from docx.document import Document

_GREY = (0x76, 0x76, 0x76)
"""On white, the lightest grey that is still read at 4.5 to 1."""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def cadre_docx(cadre: Cadre) -> bytes:
    """
    The document as the bytes of a .docx, the same for the same document.

    Raises MissingExtraError without python-docx.
    """
    try:
        import docx
    except ModuleNotFoundError as exc:
        raise MissingExtraError("office", "python-docx") from exc
    out = docx.Document()
    _dress(out, cadre)
    out.add_heading(_said(cadre.title, cadre.lang), level=0)
    for n, (heading, answers) in enumerate(cadre.headings, 1):
        out.add_heading(_said(f"{n}. {heading}", cadre.lang), level=1)
        for answer in answers:
            question = out.add_paragraph()
            question.add_run(_said(answer.question, cadre.lang)).bold = True
            question.paragraph_format.keep_with_next = True
            for part in answer.parts:
                if isinstance(part, Grid):
                    _grid(out, part, cadre.lang)
                else:
                    out.add_paragraph(_said(part, cadre.lang), style="List Bullet")
            if not answer.parts:
                example = f" — {example_of(answer, cadre.lang)}" if answer.example else ""
                _grey(out, _said(WORDS["blank"].to(cadre.lang) + example, cadre.lang))
    for word, points, none in unsettled(cadre):
        out.add_heading(WORDS[word].to(cadre.lang), level=1)
        for point in points:
            out.add_paragraph(_said(point, cadre.lang), style="List Bullet")
        if not points:
            out.add_paragraph(WORDS[none].to(cadre.lang))
    if cadre.parties:
        _agreements(out, cadre)
    bytes_ = io.BytesIO()
    out.save(bytes_)
    return _timeless(bytes_.getvalue())


def _said(text: str, lang: Lang) -> str:
    """Words as they stand in the document: what its format cannot hold is replaced, not refused."""
    return typeset(writable(text), lang)


def _dress(out: Document, cadre: Cadre) -> None:
    """The language of the text, so that a spelling checker follows; the paper of the country."""
    from docx.oxml.ns import qn
    from docx.shared import Mm

    section = out.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    out.core_properties.title, out.core_properties.author, out.core_properties.comments = writable(cadre.title)[:255], "", ""
    out.core_properties.language = "fr-FR" if cadre.lang == "fr" else "en-GB"
    for lang in out.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), out.core_properties.language)


def _grey(out: Document, text: str) -> None:
    from docx.shared import RGBColor

    run = out.add_paragraph().add_run(text)
    run.italic = True
    run.font.color.rgb = RGBColor(*_GREY)


def _grid(out: Document, grid: Grid, lang: Lang) -> None:
    """A table, what its columns are called in bold."""
    table = out.add_table(rows=1, cols=len(grid.head), style="Table Grid")
    for cell, word in zip(table.rows[0].cells, grid.head, strict=True):
        cell.paragraphs[0].add_run(_said(word, lang)).bold = True
    for row in grid.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = _said(text, lang)
    out.add_paragraph()


def _agreements(out: Document, cadre: Cadre) -> None:
    """The page of agreements: who, and when, a line for each."""
    out.add_heading(WORDS["agreements"].to(cadre.lang), level=1).paragraph_format.page_break_before = True
    table = out.add_table(rows=1, cols=2, style="Table Grid")
    for cell, word in zip(table.rows[0].cells, (cadre.parties, WORDS["when"].to(cadre.lang)), strict=True):
        cell.text = ""
        cell.paragraphs[0].add_run(_said(word, cadre.lang)).bold = True
    for who, when in cadre.agreements:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = _said(who, cadre.lang), when or WORDS["missing"].to(cadre.lang)


def _timeless(data: bytes) -> bytes:
    """The same archive without the hour at which it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(zipfile.ZipInfo(entry.filename, _LONG_AGO), source.read(entry), zipfile.ZIP_DEFLATED)
    return out.getvalue()
