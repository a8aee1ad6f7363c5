"""The sections of the page that say why: what comes next and what holds it back, findings, and what all rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from ..answers import As, Ask, Blocker, Finding, Lift, NextStep, Wait
from ..words import State, Text, natural
from ._findings import coverage_list, finding_item
from ._markup import Child, Markup, el
from ._page import Page, folded, task
from ._wording import VERBS, humane

SHOWN_POSSIBLE, SHOWN_BLOCKED, SHOWN_REASONS, SHOWN_FINDINGS = 12, 6, 3, 12
"""How many of each are in sight; the rest is folded away, never left out."""
PRINTED_BLOCKED, PRINTED_FINDINGS = 2, 6
"""How many stand on paper where there is much to tell, as the style sheet has it; the rest is counted."""

_STATES = (State.VIOLATED, State.UNDETERMINED, State.PENDING, State.SATISFIED)


# -- what comes next --------------------------------------------------------------------------


def upcoming(page: Page) -> Markup:
    """What may be done now, and what is blocked with all its blockers and their ways out."""
    free = [s for s in page.outlook.steps if not s.blockers]
    held = sorted((s for s in page.outlook.steps if s.blockers), key=lambda s: len(s.blockers))
    possible = [el("li", task(page, s), [_notice(page, n) for n in s.notices]) for s in free]
    blocked = [_blocked(page, s) for s in held]
    return page.section(
        "next",
        el(
            "div",
            el("div", el("h3", page.voice.say("possible")),
               _cut(page, possible, SHOWN_POSSIBLE, "more_possible", "items", "nothing_possible")),
            el("div", el("h3", page.voice.say("blocked")),
               el("p", page.voice.say("nearest_first"), class_="soft small screen") if len(held) > 1 else None,
               _cut(page, blocked, SHOWN_BLOCKED, "more_steps", "items", "nothing_blocked", printed=PRINTED_BLOCKED if crowded(page) else None)),
            class_="two",
        ),
    )  # fmt: skip


def _cut(page: Page, items: Sequence[Markup], most: int, more: str, class_: str, none: str, *, printed: int | None = None) -> Child:
    """A list; what is beyond *most* is folded. On paper only *printed* of them stand, where that is said, and the others are counted."""
    if not items:
        return el("p", page.voice.say(none))
    few = printed is not None and len(items) > printed
    names = f"{class_} few" if few else class_
    left = el("p", page.voice.say(more, n=str(len(items) - (printed or 0))), class_="paper soft") if few else None
    if len(items) <= most + 1:  # folding a single one away would save nothing
        return [el("ul", items, class_=names), left]
    rest = folded(page.voice.say(more, n=str(len(items) - most)), el("ul", items[most:], class_=class_))
    return [el("ul", items[:most], class_=names), el("div", rest, class_="screen") if few else rest, left]


def crowded(page: Page) -> bool:
    """Whether so much was found that three sheets hold it only if less of the rest is printed."""
    return len(page.report.findings) > SHOWN_FINDINGS


def _notice(page: Page, notice: Blocker) -> Markup:
    return el("p", page.voice.say("notice"), " ", el("code", notice.code), " ", page.voice.read(notice.text),
              class_="small soft")  # fmt: skip


def _blocked(page: Page, step: NextStep) -> Markup:
    reasons = [_blocker(page, b) for b in step.blockers]
    count = el("span", f" ({page.voice.count(len(reasons), 'reasons')})", class_="soft small nowrap")
    return el("li", task(page, step), count, _cut(page, reasons, SHOWN_REASONS, "more_reasons", "reasons", "or"))


def _blocker(page: Page, blocker: Blocker) -> Markup:
    ways: list[Child] = []
    for lift in blocker.lifts:
        ways += [f" {page.voice.say('or')} " if ways else " ", _lift(page, lift)]
    line: Child = None
    if ways:
        line = el("p", page.voice.say("lifted_by"), ways, ".", class_="lifts")
    elif blocker.permanent:
        line = el("p", page.voice.say("permanent"), " ", page.voice.read(blocker.permanent), class_="lifts")
    return el("li", el("code", blocker.code), " ", page.voice.read(blocker.text), line)


def _lift(page: Page, lift: Lift) -> str:
    match lift:
        case Ask():
            verb = page.voice.name(VERBS, lift.verb)
            return page.voice.say("lift_ask", verb=verb, what=page.subject(lift.address))
        case Wait():
            return page.voice.say("lift_wait", day=page.voice.day(lift.until))
        case As():
            return page.voice.say("lift_as", role=humane(lift.role))


# -- findings ---------------------------------------------------------------------------------


def findings(page: Page) -> Markup:
    """Every finding, what is violated before what cannot be told yet and what a dérogation allows, the gravest first."""
    shown = sorted((f for f in page.report.findings if f.state in _STATES), key=_gravity)
    items = [finding_item(page.voice, f, page.subject(f.subject), page.report) for f in shown]
    return page.section("findings", _cut(page, items, SHOWN_FINDINGS, "more_findings", "findings", "no_findings", printed=PRINTED_FINDINGS if crowded(page) else None))


def _gravity(finding: Finding) -> tuple[int, int, dt.date, tuple[tuple[int, str], ...]]:
    return _STATES.index(finding.state), finding.severity.rank, finding.date or dt.date.max, natural(finding.key)


# -- what it rests on -------------------------------------------------------------------------


def basis(page: Page) -> Markup:
    """How much could be judged, and what was assumed."""
    voice = page.voice
    texts: dict[Text, None] = dict.fromkeys((*page.report.assumed, *page.plan.assumed))
    assumed = el("ul", [el("li", voice.read(t)) for t in texts], class_="dots") if texts else None
    taken = ", ".join(page.subject(b) for b in page.plan.branches)
    return page.section(
        "basis", el("h3", voice.say("coverage")), coverage_list(voice, page.report), el("h3", voice.say("assumed")),
        assumed or el("p", voice.say("nothing_assumed")),
        el("p", voice.say("branches", names=taken)) if taken else None,
    )  # fmt: skip
