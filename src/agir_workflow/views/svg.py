"""
A plan as a Gantt chart (SVG): rows of meetings, a row of deadlines, the months as columns.

A day stands at ``x = LEFT + (day - first) × (RIGHT - LEFT) / (end - first)``, days counted, where
*first* opens the month of the earliest day shown and *end* the month after the latest: strictly
linear, months as long as they are. The number in a marker is the day of its month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import attrs

from ..answers import Plan, PlannedStep, Todo
from ..words import Lang, capital
from ._markup import Child, Markup, el, join
from ._wording import SHORT_MONTHS, STATUSES, TAGS, Voice, humane

LEFT, RIGHT, WIDTH = 156.0, 948.0, 960.0
"""Where the first day and the end of the last month stand, and how wide the chart is, in its own units."""

_TODAY, _YEARS, _MONTHS, _TOP = 11.0, 31.0, 50.0, 60.0  # base lines of the heading, top of the first row
_RADIUS, _LABEL, _LANE, _PAD = 10.0, 14.0, 24.0, 6.0
_LETTER = 6.5  # mean width of a letter of 11 to 12 units in a wide font
_TICK, _STACK = 9.0, 6
_NEAR = dt.timedelta(days=62)  # a «today» no farther than this from the plan widens the chart to show it

STYLE = """
.agir-gantt{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-size:12px}
.agir-gantt text{fill:#1b2733}
.agir-gantt .g-row{font-weight:600}
.agir-gantt .g-soft{fill:#4a5866}
.agir-gantt .g-name{font-size:11px;fill:#1b2733;stroke:#fff;stroke-width:3px;stroke-linejoin:round;paint-order:stroke}
.agir-gantt .g-year{font-weight:600;font-size:13px}
.agir-gantt .g-band{fill:#f3f6f8}
.agir-gantt .g-line{stroke:#dbe2e8;stroke-width:1}
.agir-gantt .g-line.g-new{stroke:#a9b6c2}
.agir-gantt .g-now{stroke:#9c2f14;stroke-width:1.5;stroke-dasharray:4 3}
.agir-gantt text.g-now-label{fill:#9c2f14;font-weight:600;stroke:none}
.agir-gantt .g-mark circle{fill:#fff;stroke:#0b5563;stroke-width:1.6}
.agir-gantt .g-mark text{text-anchor:middle;font-size:11.5px;font-weight:600;fill:#0b4550}
.agir-gantt .g-held circle{fill:#0b5563}
.agir-gantt .g-held text{fill:#fff}
.agir-gantt .g-fixed .g-ring{stroke-width:1.2}
.agir-gantt .g-tick rect{fill:#fff;stroke:#6b4a00;stroke-width:1.2}
.agir-gantt .g-tick.g-done rect{fill:#6b4a00}
.agir-gantt a:focus{outline:none}
.agir-gantt a:focus-visible circle{stroke:#9c2f14;stroke-width:3.5;stroke-dasharray:none}
.agir-gantt a:hover circle{stroke-width:3}
""".strip()


@attrs.frozen
class Row:
    """Meetings of one kind, or of one instance, under one name."""

    key: tuple[str, ...]
    label: str
    meetings: tuple[PlannedStep, ...]


def rows(plan: Plan, voice: Voice) -> tuple[Row, ...]:
    """
    The meetings in rows: those of an instance (its first, the outermost), else of a first tag, else the others.

    Rows of tags come first, then instances, then the others, each by first day. A row whose meetings
    share a title, or the end of it after « — », is called by that; else by its tag or instance.
    """
    found: dict[tuple[str, ...], list[PlannedStep]] = {}
    for meeting in plan.meetings:
        found.setdefault(_row_key(meeting), []).append(meeting)
    made = [Row(key, _row_label(key, group, voice), tuple(sorted(group, key=_order))) for key, group in found.items()]
    rank = {"tag": 0, "instance": 1, "other": 2}
    return tuple(sorted(made, key=lambda row: (rank[row.key[0]], row.meetings[0].day, row.key)))


def _row_key(meeting: PlannedStep) -> tuple[str, ...]:
    if meeting.instances:
        return ("instance", *meeting.instances[0])
    return ("tag", meeting.tags[0]) if meeting.tags else ("other",)


def _order(item: PlannedStep | Todo) -> tuple[dt.date, str]:
    return item.day, str(item.address)


def _row_label(key: tuple[str, ...], group: Sequence[PlannedStep], voice: Voice) -> str:
    titles = {voice.read(m.title) for m in group}
    if key[0] == "instance":
        tails = {title.partition(" — ")[2] for title in titles}
        return capital(tails.pop() if len(tails) == 1 and "" not in tails else humane(key[-1]))
    if len(titles) == 1:
        return titles.pop()
    return capital(voice.name(TAGS, key[1]) if key[0] == "tag" else voice.say("others"))


def short_title(meeting: PlannedStep, row: Row, voice: Voice) -> str:
    """The title without what the name of its row says already."""
    title = voice.read(meeting.title)
    head, _, tail = title.partition(" — ")
    return head if tail and row.key[0] == "instance" else "" if title == row.label else title


# -- the scale of days ------------------------------------------------------------------------


@attrs.frozen
class Scale:
    """From days to x; `first` is drawn at LEFT, `end` (a day after the last one) at RIGHT."""

    first: dt.date
    end: dt.date

    def x(self, day: dt.date) -> float:
        return LEFT + (day - self.first).days * (RIGHT - LEFT) / (self.end - self.first).days

    def holds(self, day: dt.date) -> bool:
        return self.first <= day < self.end

    def months(self) -> Iterator[dt.date]:
        """The first day of every month shown."""
        day = self.first
        while day < self.end:
            yield day
            day = _next_month(day)


def scale_of(plan: Plan, today: dt.date) -> Scale:
    """The months from the earliest to the latest day of the plan; with today where it is close to them."""
    days = [*(m.day for m in plan.meetings), *(t.day for t in plan.todos)] or [plan.start, plan.end]
    low, high = min(days), max(days)
    if low - _NEAR <= today <= high + _NEAR:
        low, high = min(low, today), max(high, today)
    return Scale(low.replace(day=1), _next_month(high.replace(day=1)))


def _next_month(day: dt.date) -> dt.date:
    return dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)


# -- drawing ----------------------------------------------------------------------------------


def to_svg(plan: Plan, *, lang: Lang | None = None, today: dt.date | None = None) -> str:
    """
    The plan as one self-contained SVG drawing that scales to any width.

    *lang* is by default the plan's language, *today* the day the plan was made (`plan.at`). Every meeting
    is a marker with its title and day in `<title>`, `data-address` and `data-day`: filled where held,
    ringed where the day is fixed, hollow where it is planned; every to-do is a tick in the last row,
    filled where done. x is strictly linear in days (see the module).
    """
    voice = Voice(lang or ("en" if plan.language == "en" else "fr"))
    return draw(plan, voice, today or plan.at, links=None)


def draw(plan: Plan, voice: Voice, today: dt.date, *, links: Mapping[int, str] | None) -> Markup:
    """The drawing; with *links* (index of a meeting → id of an element) every marker leads somewhere."""
    scale = scale_of(plan, today)
    targets = {id(m): links[n] for n, m in enumerate(plan.meetings)} if links else {}
    y, bands, marks = _TOP, [], []
    for n, row in enumerate(rows(plan, voice)):
        height, body = _draw_row(row, scale, y, voice, targets)
        bands.append(_band(n, y, height, row.label))
        marks.append(body)
        y += height
    if plan.todos:
        height, body = _draw_todos(plan, scale, y, voice)
        bands.append(_band(len(bands), y, height, voice.say("deadlines")))
        marks.append(body)
        y += height
    legend = _legend(y + 22, voice, bool(plan.todos))
    first, last = (_month_words(d, voice) for d in (scale.first, scale.end - dt.timedelta(days=1)))
    title = voice.say("chart", title=plan.title, first=first, last=last)
    layers: list[Child] = [bands, _columns(scale, y, voice), _now(scale, today, y, voice), marks, legend]
    return el(
        "svg", None if links else el("title", title), el("style", Markup(STYLE)), layers,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {_n(WIDTH)} {_n(y + 34)}", class_="agir-gantt",
        role="group" if links else "img", aria_label=title, lang=voice.lang,
    )  # fmt: skip


def _n(number: float) -> str:
    """A coordinate: at most three decimals, none where none is needed."""
    return f"{number:.3f}".rstrip("0").rstrip(".")


def _month_words(day: dt.date, voice: Voice) -> str:
    return f"{SHORT_MONTHS[day.month - 1].to(voice.lang)} {day.year}"


def _text(x: float, y: float, words: str, class_: str | None = None, anchor: str | None = None) -> Markup:
    return el("text", words, x=_n(x), y=_n(y), class_=class_, text_anchor=anchor)


def _line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    return el("line", x1=_n(x1), y1=_n(y1), x2=_n(x2), y2=_n(y2), class_=class_)


def _band(n: int, y: float, height: float, label: str) -> Child:
    """The ground of a row and its name, on two lines where it is long."""
    most = int((LEFT - 18) / _LETTER)
    lines = _wrapped(label, most)
    first = y + height / 2 + 4 - 7 * (len(lines) - 1)
    names = [_text(6, first + 14 * k, line, "g-row") for k, line in enumerate(lines)]
    ground = el("rect", x=0, y=_n(y), width=_n(WIDTH), height=_n(height), class_="g-band") if n % 2 == 0 else None
    return [ground, names]


def _wrapped(label: str, most: int) -> list[str]:
    lines = [""]
    for word in label.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1]}…"]
    return [line if len(line) <= most + 1 else f"{line[:most].rstrip()}…" for line in lines]


def _columns(scale: Scale, bottom: float, voice: Voice) -> Child:
    """Months and years: as many names as there is room for."""
    months = list(scale.months())
    width = (RIGHT - LEFT) / len(months)
    every = next((n for n in (1, 3, 6, 12) if n * width >= 30), None)
    drawn: list[Markup] = []
    for day in months:
        new_year = day.month == 1 or day == scale.first
        if every == 1 or new_year or (every and (day.month - 1) % every == 0):
            top, style = (20, "g-line g-new") if new_year else (38, "g-line")
            drawn.append(_line(scale.x(day), top, scale.x(day), bottom, style))
        if every and (day.month - 1) % every == 0:
            drawn.append(_text(scale.x(day) + 4, _MONTHS, SHORT_MONTHS[day.month - 1].to(voice.lang), "g-soft"))
        if new_year and (day.month <= 12 - int(36 / width) or day.month == 1):
            drawn.append(_text(scale.x(day) + 4, _YEARS, str(day.year), "g-year"))
    edges = [_line(0, y, WIDTH, y, "g-line g-new") for y in (_TOP, bottom)]
    return [drawn, _line(RIGHT, 20, RIGHT, bottom, "g-line"), edges]


def _now(scale: Scale, today: dt.date, bottom: float, voice: Voice) -> Child:
    """The line of today; where today is out of the picture, its day at the nearer edge."""
    words, x = voice.say("today"), scale.x(today)
    if not scale.holds(today):
        before = today < scale.first
        words = voice.say("today_is", day=voice.day(today))
        label = f"◂ {words}" if before else f"{words} ▸"
        return _text(LEFT if before else RIGHT, _TODAY, label, "g-now-label", None if before else "end")
    half = len(words) * _LETTER / 2
    anchor = "start" if x - half < LEFT else "end" if x + half > WIDTH else "middle"
    return el(
        "g", el("title", voice.say("today_is", day=voice.day(today))), _line(x, _TODAY + 4, x, bottom, "g-now"),
        _text(x, _TODAY, words, "g-now-label", anchor), class_="g-today", data_day=today.isoformat(),
    )  # fmt: skip


# -- meetings ---------------------------------------------------------------------------------


def _lanes(xs: Sequence[float], room: float) -> list[int]:
    """For each x (in order) the first lane where it does not touch the one before."""
    ends: list[float] = []
    found = []
    for x in xs:
        lane = next((n for n, end in enumerate(ends) if x - end >= room), len(ends))
        ends[lane:lane + 1] = [x]
        found.append(lane)
    return found


def _draw_row(row: Row, scale: Scale, y: float, voice: Voice, targets: Mapping[int, str]) -> tuple[float, Markup]:
    """The markers of a row, and how high it is."""
    xs = [scale.x(m.day) for m in row.meetings]
    lanes = _lanes(xs, 2 * _RADIUS + 2)
    places = _labels([short_title(m, row, voice) for m in row.meetings], xs) if max(lanes) == 0 else [None] * len(xs)
    above = _LABEL if any(p and p[0] == "above" for p in places) else 0.0
    below = _LABEL if any(p and p[0] == "below" for p in places) else 0.0
    top = y + _PAD + above
    drawn: list[Child] = []
    for meeting, x, lane, place in zip(row.meetings, xs, lanes, places, strict=True):
        middle = top + _RADIUS + lane * _LANE
        if place:
            side, anchor, at, words = place
            base = middle - _RADIUS - 4 if side == "above" else middle + _RADIUS + 12
            drawn.append(_text(at, base, words, "g-name", anchor))
        drawn.append(_mark(meeting, x, middle, voice, targets.get(id(meeting))))
    return 2 * _PAD + above + below + 2 * _RADIUS + max(lanes) * _LANE, join(drawn)


def _labels(titles: Sequence[str], xs: Sequence[float]) -> list[tuple[str, str, float, str] | None]:
    """
    For each title (xs in order): side, anchor, x and words, over or under its marker, or None where it finds no room.

    A title begins no later than at the middle of its marker; of two sides the one where it is moved less.
    """
    ends = {"above": LEFT - 9, "below": LEFT - 9}
    found: list[tuple[str, str, float, str] | None] = []
    for title, x in zip(titles, xs, strict=True):
        width = len(title) * _LETTER
        wish = x - width / 2
        lows = {side: min(max(wish, end + 5), WIDTH - 2 - width) for side, end in ends.items()}
        side = min(lows, key=lambda s: (abs(lows[s] - wish), s))
        low = lows[side]
        if not title or low > x or low < ends[side] + 5:
            found.append(None)
            continue
        ends[side] = low + width
        anchor, at = ("start", low) if low > wish else ("end", low + width) if low < wish else ("middle", x)
        found.append((side, anchor, at, title))
    return found


def _disc(status: str, x: float, y: float, number: str, *more: Child, **attributes: str) -> Markup:
    """The sign of a status with the day in it; without a number, the small one of the legend."""
    known = status if status in STATUSES else "planned"
    radius = _RADIUS if number else _RADIUS - 3
    ring = el("circle", r=_n(radius - 3), class_="g-ring") if known == "fixed" else None
    body = [el("circle", r=_n(radius)), ring, el("text", number, y="4") if number else None]
    return el("g", *more, body, class_=f"g-mark g-{known}", transform=f"translate({_n(x)} {_n(y)})", **attributes)


def _mark(meeting: PlannedStep, x: float, y: float, voice: Voice, target: str | None) -> Markup:
    title = f"{voice.read(meeting.title)}, {voice.day(meeting.day)} ({voice.name(STATUSES, meeting.status)})"
    disc = _disc(
        meeting.status, x, y, str(meeting.day.day), el("title", title),
        data_address=str(meeting.address), data_day=meeting.day.isoformat(), data_status=meeting.status,
    )  # fmt: skip
    return el("a", disc, href=f"#{target}", aria_label=title) if target else disc


# -- things to do -----------------------------------------------------------------------------


def _draw_todos(plan: Plan, scale: Scale, y: float, voice: Voice) -> tuple[float, Markup]:
    """One tick for each; those that would touch stand above each other, smaller where they are many."""
    todos = sorted(plan.todos, key=_order)
    lanes = _lanes([scale.x(t.day) for t in todos], 6.5)
    height = min(max(lanes) + 1, _STACK) * (_TICK + 2)
    step = height / (max(lanes) + 1)
    drawn = []
    for todo, lane in zip(todos, lanes, strict=True):
        words = f"{voice.task(todo.verb, todo.title)}, {voice.day(todo.day)}"
        title = el("title", f"{words} ({voice.say('legend_done')})" if todo.done else words)
        place = f"translate({_n(scale.x(todo.day))} {_n(y + _PAD + height - lane * step)})"
        drawn.append(
            el("g", title, _tick(step - 2), class_="g-tick g-done" if todo.done else "g-tick", transform=place,
               data_todo=f"{todo.verb} {todo.address}", data_day=todo.day.isoformat())
        )  # fmt: skip
    return height + 2 * _PAD, join(drawn)


def _tick(height: float) -> Markup:
    high = max(height, 1.0)
    return el("rect", x="-2", width="4", y=_n(-high - 1), height=_n(high), rx="1")


def _legend(y: float, voice: Voice, with_todos: bool) -> Markup:
    """What the signs mean, in words; hidden from screen readers, whose markers say it themselves."""
    x, drawn = LEFT + _RADIUS, []
    for status in STATUSES:
        words = voice.name(STATUSES, status)
        drawn += [_disc(status, x, y - 4, ""), _text(x + _RADIUS + 5, y, words, "g-soft")]
        x += 2 * _RADIUS + 26 + len(words) * _LETTER
    if with_todos:
        for done, name in ((True, "legend_done"), (False, "legend_deadline")):
            words = voice.say(name)
            style, place = "g-tick g-done" if done else "g-tick", f"translate({_n(x)} {_n(y + 1)})"
            drawn += [el("g", _tick(_TICK), class_=style, transform=place), _text(x + 8, y, words, "g-soft")]
            x += 34 + len(words) * _LETTER
    return el("g", drawn, class_="g-legend", aria_hidden="true")
