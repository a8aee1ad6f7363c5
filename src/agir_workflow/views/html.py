"""
Plan, verdict and outlook as one page (HTML): self-contained, without script, printable on A4.

The same values give the same bytes. Sections with reasons and findings are in `_reasons`.
"""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from ..answers import Outlook, Plan, PlannedStep, Report, Todo
from ..readings._phrases import MONTHS
from ..words import Lang, Severity, capital
from ._markup import Child, Markup, el, join
from ._page import Page, cell, folded, sign, table, task
from ._reasons import SHOWN_FINDINGS, basis, crowded, findings, upcoming
from ._style import STYLE
from ._wording import PHASES, RUNS, SIGNS, STATUSES, VERDICTS, WEEKDAYS, Voice, humane
from .svg import draw

_PHASE_SIGNS = {"past": "✓", "current": "●", "ahead": "○"}


def to_html(plan: Plan, report: Report, outlook: Outlook, *, lang: Lang = "fr") -> str:
    """
    The dossier on one page, as of the day of *outlook*.

    Where it stands, the chart, meetings with the reason for their dates, things to do, what is possible
    and what is blocked by what, findings, coverage, assumptions. One file, no script, nothing loaded; in
    French or English; well-formed as HTML and as XML. Every text of the data is escaped.
    """
    page = Page(plan, report, outlook, Voice(lang))
    say = page.voice.say
    title = f"{page.foreign(report.title)[0]} — {say('seen_on', day=page.voice.day(page.today))}"
    main = [_where(page), _calendar(page), _meetings(page), _todos(page), upcoming(page), findings(page), basis(page)]
    head = el(
        "head", el("meta", charset="utf-8"), el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", title), el("style", Markup(STYLE)),
    )  # fmt: skip
    body = el(
        "body", el("a", say("skip"), href="#main", class_="skip"), _head(page), _contents(page),
        el("main", main, id="main", class_="wrap many" if _many(page) else "wrap", tabindex="-1"), _foot(page), id="top",
    )  # fmt: skip
    return f"<!DOCTYPE html>\n{el('html', head, body, lang=lang, xmlns='http://www.w3.org/1999/xhtml')}\n"


# -- head and foot ----------------------------------------------------------------------------


def _head(page: Page) -> Markup:
    say, report = page.voice.say, page.report
    title, lang = page.foreign(report.title)
    days = [say("seen_on", day=page.voice.day(page.today))]
    if page.plan.at != page.today:
        days.append(say("plan_made", day=page.voice.day(page.plan.at)))
    verdict = [_glyph(SIGNS.get(report.verdict, "•")), page.voice.name(VERDICTS, report.verdict)]
    counts = " · ".join(page.voice.count(report.count(s), s) for s in Severity)
    run = page.outlook.run
    facts = [
        _fact(say("verdict"), verdict, counts, f"v-{report.verdict}"),
        _fact(say("phase_now"), _phase_now(page), page.voice.name(RUNS, run) if run in RUNS else None),
        _next_meeting(page),
        _fact(say("meetings_held"), _held_count(page), None),
    ]
    lines = [el("h1", title, lang=lang), el("p", " · ".join(days), class_="soft"), el("dl", facts, class_="facts")]
    return el("header", el("div", lines, class_="wrap"), class_="head")


def _fact(name: str, value: Child, more: str | None, class_: str | None = None) -> Markup:
    return el("div", el("dt", name), el("dd", el("b", value), el("span", more) if more else None), class_=class_)


def _glyph(sign: str) -> Markup:
    """A sign that repeats the words after it, for the eye only."""
    return el("i", f"{sign} ", class_="glyph", aria_hidden="true")


def _phase_now(page: Page) -> str:
    current = [page.voice.read(p.title) for p in page.outlook.phases if p.state == "current"]
    return ", ".join(current) or page.voice.say("no_phase")


def _next_meeting(page: Page) -> Markup:
    ahead = [m for m in page.plan.meetings if m.day >= page.today and m.status != "held"]
    if not ahead:
        return _fact(page.voice.say("next_meeting"), page.voice.say("no_meeting"), None)
    first = ahead[0]
    return _fact(page.voice.say("next_meeting"), page.voice.read(first.title), page.voice.day(first.day))


def _held_count(page: Page) -> str:
    held = sum(m.status == "held" for m in page.plan.meetings)
    return page.voice.say("of_all", n=str(held), all=str(len(page.plan.meetings)))


def _contents(page: Page) -> Markup:
    names = ("where", "calendar", "meetings", "todos", "next", "findings", "basis")
    links = [el("li", el("a", page.voice.say(n), href=f"#{n}")) for n in names]
    return el("nav", el("ul", links), class_="toc wrap", aria_label=page.voice.say("contents"))


def _foot(page: Page) -> Markup:
    report, say = page.report, page.voice.say
    read_with = say("read_with", method=report.method, profile=humane(report.profile), regime=humane(report.regime))
    digest = el("p", el("code", report.method_hash[:16]), class_="screen") if report.method_hash else None
    top = el("p", el("a", say("top"), href="#top"), class_="top")
    return el("footer", el("div", el("p", read_with), digest, top, class_="wrap"))


# -- where it stands --------------------------------------------------------------------------


def _where(page: Page) -> Markup:
    voice = page.voice
    steps = []
    for phase in page.outlook.phases:
        state = phase.state if phase.state in PHASES else "ahead"
        words = voice.name(PHASES, phase.state)
        if phase.since:
            words = voice.say("since", state=words, day=voice.day(phase.since))
        name = el("b", _glyph(_PHASE_SIGNS[state]), voice.read(phase.title))
        steps.append(
            el("li", name, el("span", words), class_=state, aria_current="step" if state == "current" else None)
        )
    body: list[Child] = [el("ol", steps, class_="steps") if steps else el("p", voice.say("no_phases"))]
    if page.report.themes:
        verdicts = [
            el("li", el("b", page.instance(name)), voice.say("colon"), _glyph(SIGNS.get(verdict, "•")),
               voice.name(VERDICTS, verdict))
            for name, verdict in page.report.themes
        ]  # fmt: skip
        body += [el("h3", voice.say("by_instance")), el("ul", verdicts, class_="groups")]
    return page.section("where", body)


# -- chart ------------------------------------------------------------------------------------


def _calendar(page: Page) -> Markup:
    """The chart, and for a narrow screen the same meetings as a list by month."""
    if not page.plan.meetings and not page.plan.todos:
        return page.section("calendar", el("p", page.voice.say("no_dates")))
    chart = draw(page.plan, page.voice, page.today, links=page.anchors)
    return page.section("calendar", el("div", chart, class_="gantt"), el("div", _agenda(page), class_="agenda"))


def _agenda(page: Page) -> Child:
    lang, parts, passed = page.voice.lang, [], False
    for (year, month), group in groupby(page.plan.meetings, key=lambda m: (m.day.year, m.day.month)):
        lines: list[Markup] = []
        heading = el("h3", f"{capital(MONTHS[month - 1].to(lang))} {year}")
        for meeting in group:
            if not passed and meeting.day >= page.today:
                passed = True
                now = page.voice.say("today_is", day=page.voice.day(page.today))
                if lines:
                    lines.append(el("li", now, class_="now"))
                else:
                    heading = join(el("p", now, class_="now"), heading)
            day = f"{WEEKDAYS[meeting.day.weekday()].to(lang)} {meeting.day.day}{_ordinal(meeting.day, lang)}"
            status = el("span", f" ({page.voice.name(STATUSES, meeting.status)})", class_="hidden")
            lines.append(el("li", sign(meeting), el("time", day, datetime=meeting.day.isoformat()),
                            el("span", page.voice.read(meeting.title), status)))  # fmt: skip
        parts.append(heading)
        parts.append(el("ul", lines))
    return parts


def _ordinal(day: dt.date, lang: Lang) -> str:
    return "er" if lang == "fr" and day.day == 1 else ""


# -- meetings ---------------------------------------------------------------------------------


def _meetings(page: Page) -> Markup:
    if not page.plan.meetings:
        return page.section("meetings", el("p", page.voice.say("no_meetings")))
    heads = ("col_day", "col_meeting", "col_status", "col_why")
    lines, passed, printed = [], False, _printed(page)
    for n, meeting in enumerate(page.plan.meetings):
        if not passed and meeting.day >= page.today:
            passed = True
            today = page.voice.say("today_is", day=page.voice.day(page.today))
            lines.append(el("tr", el("td", today, colspan=len(heads), role="cell"), class_="now", role="row"))
        lines.append(_meeting(page, meeting, page.anchors[n], on_paper=n in printed))
    codes = sorted({key.partition(" @ ")[0] for m in page.plan.meetings for key in m.because if _is_code(key)})
    note = el("p", page.voice.say("codes", code=codes[0]), class_="small soft") if codes else None
    left = len(page.plan.meetings) - len(printed)
    more = el("p", page.voice.say("more_meetings", n=str(left)), class_="paper soft") if left else None
    return page.section("meetings", table(page, "meetings", heads, lines), more, note)


_NEAREST, _JUST_HELD = 12, 2


def _many(page: Page) -> bool:
    """Whether the meetings are so many that on paper three sheets do not hold them all beside the rest."""
    return len(page.plan.meetings) > (20 if crowded(page) else 40)


def _printed(page: Page) -> range:
    """The meetings that are printed: all, or of many the nearest, from the last two held on."""
    meetings = page.plan.meetings
    if not _many(page):
        return range(len(meetings))
    first = next((n for n, m in enumerate(meetings) if m.day >= page.today), len(meetings))
    begin = max(0, min(first - _JUST_HELD, len(meetings) - _NEAREST))
    return range(begin, begin + _NEAREST)


def _is_code(key: str) -> bool:
    code, at, _ = key.partition(" @ ")
    return bool(at) and code not in ("fix", "busy")


def _meeting(page: Page, meeting: PlannedStep, anchor: str, *, on_paper: bool) -> Markup:
    voice = page.voice
    hours = voice.hours(meeting.day, meeting.start, meeting.minutes, page.plan.zone)
    gone = meeting.status != "held" and meeting.day < page.today
    reasons = page.reasons(meeting)
    if not meeting.because:
        known = {"held": "why_held", "fixed": "why_fix"}
        reasons = el("span", voice.say(known.get(meeting.status, "why_free")), class_="soft")
    why = "why" if meeting.because else "why idle"
    papers = _papers(page, meeting) if meeting.status != "held" else None
    return el(
        "tr",
        cell(page, "col_day", voice.time(meeting.day), el("span", hours, class_="soft nowrap") if hours else None),
        el("th", voice.read(meeting.title), papers, scope="row", role="rowheader"),
        cell(page, "col_status", el("span", sign(meeting), voice.name(STATUSES, meeting.status), class_="nowrap"),
             el("span", voice.say("date_gone"), class_="late") if gone else None),
        el("td", reasons, class_=why, role="cell", data_label=voice.say("short_why")),
        id=anchor, role="row", class_=None if on_paper else "screen",
    )  # fmt: skip


def _papers(page: Page, meeting: PlannedStep) -> Child:
    """Agenda and documents, folded under the title."""
    if not meeting.agenda and not meeting.documents:
        return None
    lists: list[Child] = []
    for name, texts in (("agenda", meeting.agenda), ("documents", meeting.documents)):
        if texts:
            lists.append(el("p", page.voice.say(name)))
            lists.append(el("ul", [el("li", page.voice.read(t)) for t in texts], class_="dots"))
    return el("div", folded(page.voice.say("agenda_documents"), lists), class_="papers screen")


# -- things to do -----------------------------------------------------------------------------


def _on_paper(page: Page) -> int:
    """How many things to do are printed, the nearest first; the rest is counted: three sheets hold no more, and fewer beside many meetings or findings."""
    meetings, found = max(0, len(page.plan.meetings) - 15), min(len(page.report.findings), SHOWN_FINDINGS)
    if _many(page):  # their chart takes a sheet
        return 10
    return max(20, 88 - meetings * 7 // 2 - found * 3)


def _todos(page: Page) -> Markup:
    open_, done = [t for t in page.plan.todos if not t.done], [t for t in page.plan.todos if t.done]
    body: list[Child] = [_todo_table(page, open_) if open_ else el("p", page.voice.say("no_todos"))]
    if later := open_[_on_paper(page):]:
        body.append(el("p", page.voice.say("later_todos", n=str(len(later)), day=page.voice.day(later[0].day)), class_="paper soft"))
    if done:
        body.append(folded(page.voice.say("done_todos", n=str(len(done))), _todo_table(page, done)))
    return page.section("todos", body)


def _todo_table(page: Page, todos: list[Todo]) -> Markup:
    with_roles = any(t.role for t in todos)
    heads = ("col_due", "col_what", *(("col_who",) if with_roles else ()), "col_for")
    return table(page, "todos", heads, [_todo(page, t, with_roles, on_paper=n < _on_paper(page)) for n, t in enumerate(todos)])


def _todo(page: Page, todo: Todo, with_role: bool, *, on_paper: bool) -> Markup:
    voice = page.voice
    late = not todo.done and todo.day < page.today
    reasons = page.reasons(todo)
    sign_late = join(" ", el("span", voice.say("late"), class_="late")) if late else None
    return el(
        "tr",
        cell(page, "col_due", voice.time(todo.day), sign_late),
        el("th", task(page, todo), scope="row", role="rowheader"),
        cell(page, "col_who", voice.read(todo.who) if todo.who else humane(todo.role or "")) if with_role else None,
        el("td", reasons, class_="why", role="cell", data_label=voice.say("col_for") if reasons else None),
        role="row", class_=None if on_paper else "screen",
    )  # fmt: skip
