"""What every section of the page reads: the three values, the voice, and the names of addresses."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from functools import cached_property

import attrs

from ..answers import NextStep, Outlook, Plan, PlannedStep, Report, Todo
from ..words import Text, capital
from ._markup import Child, Markup, el, join, typeset
from ._wording import STATUSES, VERBS, Voice, humane, reason
from .svg import rows


@attrs.frozen(slots=False)
class Page:
    """A page in the making. The day of the view is the outlook's."""

    plan: Plan
    report: Report
    outlook: Outlook
    voice: Voice

    @property
    def today(self) -> dt.date:
        return self.outlook.at

    @cached_property
    def _titles(self) -> Mapping[str, Text]:
        found: dict[str, Text] = {}
        items: tuple[NextStep | PlannedStep | Todo, ...] = (*self.outlook.steps, *self.plan.meetings, *self.plan.todos)
        for item in items:
            found.setdefault(str(item.address), item.title)
        return found

    @cached_property
    def _subjects(self) -> Mapping[str, Text]:
        """What the findings and the reasons of the plan call what they are about."""
        return dict(self.plan.names) | {f.subject: f.title for f in self.report.findings if f.title}

    @cached_property
    def anchors(self) -> Mapping[int, str]:
        """For each meeting of the plan, by index, the id of its row."""
        found: dict[int, str] = {}
        for n, meeting in enumerate(self.plan.meetings):
            name = "m-" + re.sub(r"[^0-9a-z]+", "-", str(meeting.address).lower()).strip("-")
            found[n] = f"{name}-{n}" if name in found.values() else name
        return found

    def title_of(self, address: str) -> str | None:
        """What a person calls the thing at an address, where this page knows it."""
        text = self._titles.get(address)
        return self.voice.read(text) if text else None

    @cached_property
    def _instances(self) -> Mapping[str, str]:
        return {"/".join(row.key[1:]): row.label for row in rows(self.plan, self.voice) if row.key[0] == "instance"}

    def instance(self, name: str) -> str:
        """What a person calls an instance that has a verdict of its own: as the report does, else its id made readable."""
        return typeset(dict(self.report.names).get(name) or capital(humane(name)), self.voice.lang)

    def subject(self, subject: str) -> str:
        """What a person calls the subject of a requirement: a known address, an instance, else itself made readable."""
        known = self.title_of(subject) or self._instances.get(subject)
        if known is None and subject in self._subjects:
            known = self.voice.read(self._subjects[subject])
        return capital(known or humane(subject))

    def reasons(self, item: PlannedStep | Todo) -> Markup:
        """
        Why the item has its date, from its keys (`CODE @ subject`, `fix @ …`, `busy @ …`, `start`, `end`, `adopted`).

        Codes of one subject stand together; a subject that the title of the item names already is left out.
        """
        own, codes, plain = self.voice.read(item.title), dict[str, list[str]](), list[str]()
        for key in item.because:
            code, at, subject = key.partition(" @ ")
            if (said := reason(key, self.voice.lang, self.title_of(subject) or subject)) is not None:
                plain.append(typeset(said, self.voice.lang))
            else:
                name = "" if not at or subject == item.address else self.subject(subject)
                codes.setdefault("" if name and name in own else name, []).append(code)
        grouped = [[[el("code", c), " "] for c in found] + [name] for name, found in codes.items()]
        return join([[el("span", group), " "] for group in (*grouped, *plain)])

    def foreign(self, text: str) -> tuple[str, str | None]:
        """Words in the language of the dossier, typeset, and that language where it is not the page's."""
        lang = self.plan.language
        return typeset(text, "fr" if lang == "fr" else "en"), None if lang == self.voice.lang else lang

    def section(self, name: str, *body: Child) -> Markup:
        """A landmark under a heading of the second level."""
        return el("section", el("h2", self.voice.say(name), id=f"{name}-title"), *body, id=name,
                  aria_labelledby=f"{name}-title")  # fmt: skip


def sign(meeting: PlannedStep) -> Markup:
    """The same sign as in the chart; words always stand beside it."""
    status = meeting.status if meeting.status in STATUSES else "planned"
    return el("span", class_=f"sign {status}", aria_hidden="true")


def task(page: Page, item: NextStep | Todo) -> Markup:
    """«Tenir : la réunion», the title set off from the verb."""
    verb = capital(page.voice.name(VERBS, item.verb))
    return join(el("span", verb, page.voice.say("colon"), class_="verb"), el("b", page.voice.read(item.title)))


def table(page: Page, caption: str, heads: Sequence[str], body: Child) -> Markup:
    """A table whose parts keep their roles when a narrow page lays them out as blocks."""
    cells = [el("th", page.voice.say(h), scope="col", role="columnheader") for h in heads]
    return el(
        "table", el("caption", page.voice.say(caption), class_="hidden"),
        el("thead", el("tr", cells, role="row"), role="rowgroup"), el("tbody", body, role="rowgroup"), role="table",
    )  # fmt: skip


def cell(page: Page, head: str, *body: Child) -> Markup:
    """A cell that carries the name of its column for the narrow page."""
    return el("td", *body, role="cell", data_label=page.voice.say(head) if join(*body) else None)


def folded(words: str, body: Child) -> Markup:
    """What is there for who wants it."""
    return el("details", el("summary", words), body)
