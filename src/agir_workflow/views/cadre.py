"""
The framing document itself: what the pilots agree on, heading by heading.

Every question of the method with its answer, or the example beside the blank; the points that the
pilots left open; what is to be completed; the page of agreements. As Markdown, or as one printable
HTML page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

import attrs

from .._titles import names_of
from ..dossier import Dossier, Item
from ..method import Facet, Field, Method, Word, WordList
from ..readings._phrases import span_of, when_of
from ..requirements import Duration
from ..values import Record, Value, each_of, is_blank
from ..view import View, view_of
from ..when import When
from ..words import FacetId, InstanceId, KindId, Lang, Sort, Text, capital
from ._markup import Markup, el, join, typeset
from ._style import STYLE
from ._wording import colon, semicolon
from .verdict_md import md, md_table

WORDS = {
    "blank": Text("À compléter", "To be completed"),
    "example": Text("Exemple", "Example"),
    "open": Text("Points ouverts", "Open points"),
    "settled": Text("Aucun point ne reste ouvert.", "No point is left open."),
    "blanks": Text("Points à compléter", "To be completed"),
    "none": Text("Toutes les questions ont une réponse.", "Every question has an answer."),
    "agreements": Text("Accords", "Agreements"),
    "who": Text("Qui", "Who"),
    "when": Text("Accord donné le", "Agreed on"),
    "missing": Text("À recueillir", "To be collected"),
}


@attrs.frozen
class Grid:
    """Answers that say several things each, side by side: what the columns are called, and a row for each answer, or for each task."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@attrs.frozen
class Answer:
    """One question of the framing document: `parts` are what was answered, () for a blank."""

    question: str
    parts: tuple[str | Grid, ...]
    example: str


@attrs.frozen
class Cadre:
    """
    The framing document as a value: headings with their answers, open points, agreements.

    `open_points` are those that the pilots have still to settle, as the dossier says them.
    """

    title: str
    headings: tuple[tuple[str, tuple[Answer, ...]], ...]
    agreements: tuple[tuple[str, str | None], ...]
    lang: Lang
    open_points: tuple[str, ...] = ()
    parties: str = ""
    """What those who agree are called; "" where the method asks nobody to, and there is no page of agreements."""

    @property
    def blanks(self) -> tuple[str, ...]:
        """The questions without an answer."""
        return tuple(a.question for _, answers in self.headings for a in answers if not a.parts)


def _headings(method: Method) -> tuple[WordList, WordList] | None:
    """The list of headings and the list of questions under them: the words that name facets, and each other."""
    naming = [x for x in method.lists if x.words and all(w.attributes.get("facets") for w in x.words)]
    for questions in naming:
        for headings in naming:
            if headings is not questions and all(w.attributes.get(str(headings.id)) for w in questions.words):
                return headings, questions
    return None


def make_cadre(method: Method, dossier: Dossier, *, lang: Lang = "fr") -> Cadre:
    """
    The framing document of a dossier as it stands.

    A method without headings and questions gives one heading with its unscoped facets.
    """
    view = view_of(method, dossier)
    found = _headings(method)
    points: tuple[str, ...] = ()
    if found is None:
        answers = tuple(_answer(view, capital(f.label.to(lang)), (f,), lang) for f in method.facets if f.scope is None)
        parts: tuple[tuple[str, tuple[Answer, ...]], ...] = ((method.title.to(lang), answers),)
    else:
        headings, questions = found
        points = tuple(_open_points(view, questions, lang))
        parts = tuple((h.label.to(lang), tuple(_of_word(view, q, lang) for q in questions.words if q.attributes.get(str(headings.id)) == h.id)) for h in headings.words)
    return Cadre(dossier.head.title, parts, tuple(_agreements(view, lang)), lang, points, _parties(method, lang))


def _open_points(view: View, questions: WordList, lang: Lang) -> list[str]:
    """The items of those facets that name a question and answer none: each as it is said, then what it is about."""
    asking = {str(f) for q in questions.words for f in each_of(q.attributes.get("facets"))}
    facets = [f for f in view.method.facets if f.id not in asking and any(x.type == questions.id for x in f.fields)]
    return [said for f in facets for item in view.at(f.id) if item.off is None and (said := _point(view, f, item.value, lang))]


def _point(view: View, facet: Facet, value: Value, lang: Lang) -> str:
    if not isinstance(value, Record):
        return ""
    parts = [_said(view, f.type, v, lang) for f in facet.fields if f.name != "id" and (v := value.get(f.name)) is not None and not is_blank(v)]
    return capital(f"{parts[0]} ({semicolon(lang).join(parts[1:])})" if len(parts) > 1 else "".join(parts))


def _of_word(view: View, question: Word, lang: Lang) -> Answer:
    facets = tuple(view.words.facets[FacetId(str(f))] for f in each_of(question.attributes.get("facets")))
    return _answer(view, question.label.to(lang), facets, lang)


def _answer(view: View, question: str, facets: tuple[Facet, ...], lang: Lang) -> Answer:
    parts: list[str | Grid] = []
    for n, facet in enumerate(facets):
        told = [i for i in view.at(facet.id) if i.off is None and not is_blank(i.value)]
        grid = _matrix(view, facet, told, lang) or _grid(view, facet, told, lang)
        # What answers a question besides says what it is: «Part du copil dans une tâche — …»; plain words of a list, once for all.
        lead, lines = f"{facet.label.to(lang)} — " if n else "", [_line(view, facet, item, lang) for item in told]
        if lead and all(_is_a_word(view, facet, i.value) for i in told):
            lines = [", ".join(lines)] if lines else []
        parts += [grid] if grid else [capital(lead + line) for line in lines]
    return Answer(question, tuple(parts), " — ".join(f.example for f in facets if f.example))


def _is_a_word(view: View, facet: Facet, value: Value) -> bool:
    """Whether an answer is a word of a list and nothing more."""
    said = [f for f in facet.fields if (v := value.get(f.name)) is not None and not is_blank(v)] if isinstance(value, Record) else []
    return len(said) == 1 and view.method.list_(said[0].type) is not None


def _matrix(view: View, facet: Facet, told: Sequence[Item], lang: Lang) -> Grid | None:
    """Who has which part in what: answers that each name a word, then someone, then more; a column for each of those who are named."""
    what, who, *more = (*facet.fields, None, None)
    if what is None or who is None or what.many or who.many or who.type not in view.words.kinds or not (view.method.list_(what.type) and any(more)):
        return None
    cells: dict[tuple[Value | None, Value | None], list[str]] = {}
    for item in told:
        if isinstance(item.value, Record):
            said = [_said(view, f.type, v, lang) for f in more if f and (v := item.value.get(f.name)) is not None and not is_blank(v)]
            cells.setdefault((item.value.get(what.name), item.value.get(who.name)), []).append(", ".join(said))
    named = dict.fromkeys(column for _, column in cells)
    columns = [*(i.id for i in view.of_kind(KindId(who.type)) if i.id in named), *(x for x in named if x is not None and view.instance(InstanceId(str(x)), KindId(who.type)) is None)]
    if len(columns) < 2:
        return None
    head = (_called(view, what, lang), *(capital(_said(view, who.type, x, lang)) for x in columns))
    return Grid(head, tuple((capital(_said(view, what.type, row, lang)), *(semicolon(lang).join(cells.get((row, x), ())) for x in columns)) for row in dict.fromkeys(r for r, _ in cells) if row))


def _grid(view: View, facet: Facet, told: Sequence[Item], lang: Lang) -> Grid | None:
    """A column for each thing that one answer at least says, where that makes three or more: fewer read better as a line."""
    rows = [i.value for i in told if isinstance(i.value, Record)]
    used = [f for f in facet.fields if f.name != "id" and any(not is_blank(v) for row in rows if (v := row.get(f.name)) is not None)]
    about = facet.scope is not None
    if len(used) + about < 3 or len(rows) < len(told):
        return None
    said = [[capital(_said(view, f.type, v, lang)) if (v := row.get(f.name)) is not None and not is_blank(v) else "" for f in used] for row in rows]
    if not about:
        return Grid(tuple(_called(view, f, lang) for f in used), tuple(map(tuple, said)))
    return Grid((_name_of(view, str(facet.scope), lang), *(_called(view, f, lang) for f in used)),
                tuple((capital(_subject(view, facet, i, lang)), *row) for i, row in zip(told, said, strict=True)))  # fmt: skip


def _called(view: View, field: Field, lang: Lang) -> str:
    """What people call a field: as the method says, else as its list or kind is called, else by its name."""
    return capital(field.label.to(lang)) if field.label else _name_of(view, field.type, lang) or capital(field.name.replace("_", " "))


def _name_of(view: View, type_: str, lang: Lang) -> str:
    """What a list or kind is called; "" for a plain type."""
    found = view.words.kinds.get(KindId(type_)) or view.method.list_(type_)
    return capital(found.label.to(lang)) if found else ""


def _line(view: View, facet: Facet, item: Item, lang: Lang) -> str:
    said = _record(view, facet, item.value, lang) if isinstance(item.value, Record) else _said(view, facet.type, item.value, lang)
    return f"{_subject(view, facet, item, lang)}{colon(lang)}{said}" if item.subject else said


def _subject(view: View, facet: Facet, item: Item, lang: Lang) -> str:
    """What a person calls the instance or word that an answer is about."""
    words = view.method.list_(facet.scope)
    word = words.word(item.subject[0]) if words else None
    return word.label.to(lang) if word else names_of(view, (KindId(str(facet.scope)),), item.subject[:1])[0]


def _record(view: View, facet: Facet, record: Record, lang: Lang) -> str:
    """The fields in the method's own order: the first, then what is said of it."""
    parts = [_said(view, f.type, v, lang) for f in facet.fields if (v := record.get(f.name)) is not None and not is_blank(v)]
    return semicolon(lang).join([f"{parts[0]}{colon(lang)}{parts[1]}", *parts[2:]]) if len(parts) > 1 else "".join(parts)


def _said(view: View, type_: str, value: Value, lang: Lang) -> str:
    """A plain value as a person would say it: the label of a word or instance, a day or a length in words."""
    if isinstance(value, tuple):
        return ", ".join(_said(view, type_, v, lang) for v in value)
    if isinstance(value, When):
        return span_of(value).to(lang)
    if isinstance(value, bool):
        return {"fr": "oui" if value else "non", "en": "yes" if value else "no"}[lang]
    text = str(value)
    if type_ == "duration":
        return Duration.parse(text).to_text().to(lang)
    if words := view.method.list_(type_):
        word = words.word(text)
        return word.label.to(lang) if word else text
    return names_of(view, (KindId(type_),), (InstanceId(text),))[0] if type_ in view.words.kinds else text


def _parties(method: Method, lang: Lang) -> str:
    scopes = {leaf.scope[-1:] for leaf in method.leaves if leaf.sort is Sort.AGREEMENT}
    if not scopes:
        return ""
    only = scopes.pop() if len(scopes) == 1 else ()
    return capital(method.words.kinds[only[0]].label.to(lang)) if only else WORDS["who"].to(lang)


def _agreements(view: View, lang: Lang) -> list[tuple[str, str | None]]:
    """Who has agreed, and when, for every step of the method that is an agreement."""
    out: list[tuple[str, str | None]] = []
    for leaf in view.method.leaves:
        if leaf.sort is not Sort.AGREEMENT:
            continue
        who = [(i.label, (i.id,)) for i in view.of_kind(KindId(leaf.scope[-1]))] if leaf.scope else [(leaf.label.to(lang), ())]
        for name, inst in who:
            history = [s for x, h in view.sittings.items() if x.leaf == leaf.id and x.inst[-1:] == inst for s in h if s.done]
            done = history[-1].done if history else None
            out.append((name, when_of(done).to(lang) if done else None))
    return out


def unsettled(cadre: Cadre) -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """What is not settled yet: a heading, its points, and what is said where there are none."""
    return ("open", cadre.open_points, "settled"), ("blanks", cadre.blanks, "none")


def example_of(answer: Answer, lang: Lang) -> str:
    """The example beside a blank."""
    return f"{WORDS['example'].to(lang)}{colon(lang)}{answer.example}"


def cadre_markdown(cadre: Cadre) -> str:
    """The document as Markdown; blanks stand as quotes with their example."""
    lang = cadre.lang
    lines = [f"# {md(cadre.title)}", ""]
    for n, (heading, answers) in enumerate(cadre.headings, 1):
        lines += [f"## {n}. {md(heading)}", ""]
        for answer in answers:
            lines += [f"**{md(answer.question)}**", ""]
            for grid, parts in groupby(answer.parts, key=lambda part: isinstance(part, Grid)):
                # A list that followed a table at once would be taken for one of its rows.
                lines += [line for part in parts for line in _markdown(part)] + ([""] if grid else [])
            if not answer.parts:
                lines.append(f"> *{WORDS['blank'].to(lang)}*" + (f" — {md(example_of(answer, lang))}" if answer.example else ""))
            lines += [""] if lines[-1] else []
    for word, points, none in unsettled(cadre):
        lines += [f"## {WORDS[word].to(lang)}", "", *([f"- {md(p)}" for p in points] or [WORDS[none].to(lang)]), ""]
    if cadre.parties:
        lines += [f"## {WORDS['agreements'].to(lang)}", "", f"| {md(cadre.parties)} | {WORDS['when'].to(lang)} |", "|---|---|"]
        lines += [f"| {md(who)} | {when or WORDS['missing'].to(lang)} |" for who, when in cadre.agreements]
    return "\n".join(lines).rstrip("\n") + "\n"


def _markdown(part: str | Grid) -> list[str]:
    return [f"- {md(part)}"] if isinstance(part, str) else md_table(map(md, part.head), (map(md, row) for row in part.rows))


_MORE = """
.q{font-weight:600;margin-top:1rem}.a{list-style:disc;padding-left:1.3rem}
.blank{color:var(--soft);border-left:3px solid var(--line);padding-left:.8rem}
@media screen and (max-width:50rem){.grid tbody td[data-label]{padding-left:0}.grid tbody td[data-label]::before{position:static;display:block}}
@media print{h2{break-after:avoid}.q{break-after:avoid}}
"""


def _table(grid: Grid, say: Callable[[str], str]) -> Markup:
    """On a telephone each row stands by itself, each cell under the name of its column."""
    head = el("tr", [el("th", say(x), scope="col") for x in grid.head])
    rows = [el("tr", el("th", say(row[0]), scope="row"), [el("td", say(x), data_label=say(name)) if x else el("td") for name, x in zip(grid.head[1:], row[1:], strict=True)]) for row in grid.rows]
    return el("table", el("thead", head), el("tbody", rows), class_="grid")


def cadre_html(cadre: Cadre) -> str:
    """The document as one self-contained page, printable, without script."""
    lang = cadre.lang

    def say(text: str) -> str:
        return typeset(text, lang)

    body: list[Markup] = []
    for n, (heading, answers) in enumerate(cadre.headings, 1):
        parts = [el("h2", say(f"{n}. {heading}"))]
        for answer in answers:
            parts.append(el("p", say(answer.question), class_="q"))
            for grid, said_so in groupby(answer.parts, key=lambda part: isinstance(part, Grid)):
                if grid:
                    parts += [_table(part, say) for part in said_so if isinstance(part, Grid)]
                else:
                    parts.append(el("ul", [el("li", say(x)) for x in said_so if isinstance(x, str)], class_="a"))
            if not answer.parts:
                example = f" — {example_of(answer, lang)}" if answer.example else ""
                parts.append(el("p", say(WORDS["blank"].to(lang) + example), class_="blank"))
        body.append(el("section", parts))
    for word, points, none in unsettled(cadre):
        said = el("ul", [el("li", say(p)) for p in points], class_="a") if points else el("p", WORDS[none].to(lang))
        body.append(el("section", el("h2", WORDS[word].to(lang)), said))
    if cadre.parties:
        rows = [el("tr", el("th", say(who), scope="row"), el("td", when or WORDS["missing"].to(lang))) for who, when in cadre.agreements]
        head = el("tr", el("th", cadre.parties, scope="col"), el("th", WORDS["when"].to(lang), scope="col"))
        body.append(el("section", el("h2", WORDS["agreements"].to(lang)), el("table", el("thead", head), el("tbody", rows))))
    top = el("header", el("div", el("h1", say(cadre.title)), class_="wrap"), class_="head")
    page = join(top, el("main", body, class_="wrap"))
    meta = join(el("meta", charset="utf-8"), el("meta", name="viewport", content="width=device-width, initial-scale=1"),
                el("title", cadre.title), el("style", Markup(STYLE + _MORE)))  # fmt: skip
    return "<!doctype html>\n" + el("html", el("head", meta), el("body", page), lang=lang) + "\n"
