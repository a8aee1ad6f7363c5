"""One finding, and what could be judged, as the pages show them."""

from __future__ import annotations

from ..answers import Finding, Report
from ..words import State, capital
from ._markup import Child, Markup, el, join, typeset
from ._verdict import MARKS, allowed_in_words, bound_in_words, deviation_of, since, unjudged_in_words
from ._wording import CURABILITIES, SEVERITIES, STATES, Voice, source


def finding_item(voice: Voice, finding: Finding, name: str, report: Report) -> Markup:
    """
    A finding as an item of a list: how grave, of what (*name*), the sentence, the mend, the quote, the rest.

    The method is quoted in the language of the dossier. One that counts no more says why.
    """
    note = voice.read(MARKS[finding.mark]) if finding.mark else None if finding.state is State.VIOLATED else voice.name(STATES, finding.state)
    state = el("span", f" ({note})", class_="soft") if note else None
    said = voice.read(finding.text)
    head = el("p", el("span", voice.name(SEVERITIES, finding.severity), class_="level"), el("code", finding.code), " ",
              None if said.startswith(name) else el("span", name, class_="soft"), state)  # fmt: skip
    fix = voice.read(finding.fix)
    return el(
        "li", head, el("p", said, class_="said"),
        el("p", voice.say("fix"), " ", fix) if fix and finding.mark != "derogated" else el("p", typeset(capital(allowed), voice.lang)) if (allowed := allowed_in_words(finding, voice.lang)) else None,
        _quote(voice, finding.quote, report.language), _meta(voice, finding, report),
        class_=str(finding.severity),
    )  # fmt: skip


def _quote(voice: Voice, quote: str, language: str) -> Child:
    if not quote:
        return None
    opening, _, closing = voice.say("quoted", text="\n").partition("\n")
    words = typeset(quote, "fr" if language == "fr" else "en")
    return el("p", voice.say("quote"), " ", opening, el("q", words, lang=None if language == voice.lang else language), closing, class_="small")


def _meta(voice: Voice, finding: Finding, report: Report) -> Markup:
    begun = finding.state is State.VIOLATED and since(finding, report) is not None
    parts = [voice.say("since_day" if begun else "on_day", day=voice.day(finding.date)) if finding.date else voice.say("no_day")]
    if finding.value:
        parts.append(voice.say("measured", value=voice.read(finding.measured) if finding.measured else finding.value))
    if finding.bound:
        parts.append(voice.say("expected", bound=voice.read(finding.expected) if finding.expected else finding.bound))
    parts.append(voice.name(CURABILITIES, finding.curability))
    if finding.origin:
        parts.append(voice.say("origin", origin=source(finding.origin, finding.reference, voice.lang)))
    if bound := bound_in_words(finding, voice.lang):
        parts.append(typeset(bound, voice.lang))
    if strayed := deviation_of(finding):
        parts.append(voice.read(strayed))
    if finding.also:
        parts.append(voice.say("also", codes=", ".join(finding.also)))
    return el("p", [join(el("span", capital(part)), " ") for part in parts], class_="meta")


def coverage_list(voice: Voice, report: Report) -> Markup:
    """How many instances of requirements could be judged, and why the others could not; the phases where none was."""
    numbers = [
        el("div", el("dt", voice.say(name)), el("dd", str(getattr(report.coverage, name))))
        for name in ("evaluated", "not_yet_due", "not_applicable", "undetermined")
    ]
    told = [el("p", capital(voice.read(t)), ".") for t in unjudged_in_words(report)]
    return join([el("dl", numbers, class_="coverage"), *told], "")
