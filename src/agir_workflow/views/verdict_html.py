"""
The verdict as one page (HTML): self-contained, without script, printable, from a telephone's width up.

Every finding, by phase, the gravest first, with the sentence of the method and what would mend it.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..answers import Report
from ..words import Lang, capital
from ._findings import coverage_list, finding_item
from ._markup import Child, Markup, el, typeset
from ._style import STYLE
from ._verdict import OVER, Group, counts_in_words, current_phase, groups
from ._wording import SIGNS, VERDICTS, Voice, humane


def report_html(report: Report, lang: Lang) -> str:
    """The verdict on a dossier; well-formed as HTML and as XML, every text of the data escaped."""
    voice = Voice(lang)
    title, own = foreign(report.title, report.language, lang)
    found = groups(report)
    names = {f"p{n}": group.title for n, group in enumerate(found)}
    sections = [_section(report, voice, name, group) for name, group in zip(names, found, strict=True)]
    if not found:
        sections = [el("section", el("p", voice.say("no_findings")))]
    links = [el("li", el("a", voice.read(text), href=f"#{name}")) for name, text in names.items()]
    links.append(el("li", el("a", voice.say("basis"), href="#basis")))
    head = el("div", el("h1", title, lang=own), el("p", voice.say("seen_on", day=voice.day(report.at)), class_="soft"), _facts(report, voice), class_="wrap")
    main = [*sections, _basis(report, voice)]
    return document(f"{title} — {voice.say('verdict')}", head, links, main, report_foot(report, voice), lang)


def document(title: str, head: Markup, links: Iterable[Child], main: Child, foot: Child, lang: Lang) -> str:
    """A whole page: its head, its contents, its body, its foot; a link of the keyboard over the first two."""
    say = Voice(lang).say
    meta = el("head", el("meta", charset="utf-8"), el("meta", name="viewport", content="width=device-width, initial-scale=1"),
              el("title", title), el("style", Markup(STYLE)))  # fmt: skip
    body = el(
        "body", el("a", say("skip"), href="#main", class_="skip"), el("header", head, class_="head"),
        el("nav", el("ul", list(links)), class_="toc wrap", aria_label=say("contents")),
        el("main", main, id="main", class_="wrap", tabindex="-1"),
        el("footer", el("div", foot, el("p", el("a", say("top"), href="#top"), class_="top"), class_="wrap")), id="top",
    )  # fmt: skip
    return f"<!DOCTYPE html>\n{el('html', meta, body, lang=lang, xmlns='http://www.w3.org/1999/xhtml')}\n"


def foreign(text: str, own: str, lang: Lang) -> tuple[str, str | None]:
    """Words in the language of the dossier, typeset, and that language where it is not the page's."""
    return typeset(text, "fr" if own == "fr" else "en"), None if own == lang else own


def _facts(report: Report, voice: Voice) -> Markup:
    sign = el("i", f"{SIGNS.get(report.verdict, '•')} ", class_="glyph", aria_hidden="true")
    phase = current_phase(report) or (OVER if report.phases else None)
    counts = typeset(counts_in_words(report, voice.lang), voice.lang)
    facts = [
        el("div", el("dt", voice.say("verdict")), el("dd", el("b", sign, voice.name(VERDICTS, report.verdict)), el("span", counts)), class_=f"v-{report.verdict}"),
        el("div", el("dt", voice.say("phase_now")), el("dd", el("b", voice.read(phase) if phase else voice.say("no_phase")))),
    ]
    if report.themes:
        names = dict(report.names)
        verdicts = [el("span", f"{typeset(names.get(i) or capital(humane(i)), voice.lang)}{voice.say('colon')}{voice.name(VERDICTS, v)}") for i, v in report.themes]
        facts.append(el("div", el("dt", voice.say("by_instance")), el("dd", verdicts)))
    return el("dl", facts, class_="facts")


def _section(report: Report, voice: Voice, name: str, group: Group) -> Markup:
    items = [finding_item(voice, f, capital(voice.read(f.title) if f.title else humane(f.subject)), report) for f in group.findings]
    return el("section", el("h2", voice.read(group.title), id=f"{name}-title"), el("ul", items, class_="findings"), id=name, aria_labelledby=f"{name}-title")


def _basis(report: Report, voice: Voice) -> Markup:
    assumed: Child = el("p", voice.say("nothing_assumed"))
    if report.assumed:
        assumed = el("ul", [el("li", voice.read(t)) for t in report.assumed], class_="dots")
    notes: Child = [el("h3", voice.say("notes")), el("ul", [el("li", voice.read(n)) for n in report.notes], class_="dots")] if report.notes else None
    return el(
        "section", el("h2", voice.say("basis"), id="basis-title"), el("h3", voice.say("coverage")), coverage_list(voice, report),
        el("h3", voice.say("assumed")), assumed, notes, id="basis", aria_labelledby="basis-title",
    )  # fmt: skip


def report_foot(report: Report, voice: Voice) -> Child:
    """What the verdict was judged by."""
    read_with = voice.say("read_with", method=report.method, profile=humane(report.profile), regime=humane(report.regime))
    return [el("p", read_with), el("p", el("code", report.method_hash[:16]), class_="screen") if report.method_hash else None]
