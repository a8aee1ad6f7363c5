"""The page and the chart of a dossier like Charenton's: well-formed, self-contained, linear, in two languages."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import attrs
import pytest

from agir_workflow.answers import (
    As,
    Ask,
    Blocker,
    Coverage,
    Finding,
    Lift,
    NextStep,
    Outlook,
    PhaseState,
    Plan,
    PlannedStep,
    Report,
    Todo,
    Wait,
)
from agir_workflow.readings._phrases import MONTHS
from agir_workflow.views._page import Page
from agir_workflow.views._wording import (
    CURABILITIES,
    PHASES,
    SEVERITIES,
    SHORT_MONTHS,
    STATUSES,
    VERBS,
    VERDICTS,
    WEEKDAYS,
    WORDS,
    Voice,
)
from agir_workflow.views.html import to_html
from agir_workflow.views.svg import LEFT, RIGHT, to_svg
from agir_workflow.words import Address, Aspect, Code, Curability, Family, Lang, Severity, State, Text, Verb

TODAY = dt.date(2012, 4, 2)
THEMES = {"insertion": "insertion des jeunes", "handicap": "handicap", "precarite": "précarité"}
SVG, XHTML = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xhtml}"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# -- a dossier as in DOMAIN.md §2.5 -------------------------------------------------------------


def step(address: str, on: str, fr: str, en: str, *because: str, tag: str, theme: str | None = None, **more: object) -> PlannedStep:
    status = "held" if day(on) < TODAY else "planned"
    return PlannedStep(
        address=Address(address), uid=None, title=Text(fr, en), day=day(on), because=because, tags=(tag,),
        instances=(("theme", theme),) if theme else (), **({"status": status} | more),  # type: ignore[arg-type]
    )  # fmt: skip


def sessions() -> list[PlannedStep]:
    found = []
    for n, days in enumerate((("02-07", "02-08", "02-09"), ("03-13", "03-14", "03-15"), ("05-15", "05-16", "05-22")), 1):
        for (theme, name), on in zip(THEMES.items(), days, strict=True):
            keys = () if n < 3 else (f"CAL006 @ gt{n}/{theme}", "CAL004 @ legislatives")
            found.append(step(f"gt{n}/{theme}", f"2012-{on}", f"GT{n} — {name}", f"GT{n} — {name}", *keys, tag="groupes",
                              theme=theme, start=dt.time(14), minutes=180))  # fmt: skip
    return found


AGENDA = (Text("Avancement des trois groupes", "Progress of the three groups"), Text("Relevé de décisions", "Decisions"))
MEETINGS = (
    step("copil/cadrage", "2011-09-15", "Copil de cadrage", "Framing copil", tag="copils", start=dt.time(9, 30), minutes=120),
    step("copil/themes", "2011-10-13", "Copil de choix des thématiques", "Copil on themes", tag="copils"),
    step("copil/lancement", "2011-12-08", "Copil de lancement", "Launch copil", tag="copils", start=dt.time(9, 30)),
    step("plenary/lancement", "2012-01-19", "Réunion de lancement", "Launch plenary", tag="plenaries", start=dt.time(18), minutes=120),
    step("copil/mi_parcours", "2012-03-29", "Copil de mi-parcours", "Mid-course copil", tag="copils", agenda=AGENDA),
    step("copil/synthese", "2012-06-07", "Copil de synthèse", "Synthesis copil", "fix @ copil/synthese", tag="copils",
         status="fixed", start=dt.time(9, 30), minutes=150, agenda=AGENDA, documents=(Text("Note de synthèse", "Synthesis"),)),
    step("plenary/restitution", "2012-06-28", "Réunion de restitution", "Restitution plenary",
         "COP004 @ copil/synthese", "busy @ salle des fêtes", tag="plenaries", start=dt.time(18), minutes=120),
    step("comite_suivi", "2012-12-13", "Comité de suivi", "Follow-up committee", "EXP020 @ comite_suivi", tag="suivi"),
    step("copil/cloture", "2013-06-27", "Copil de clôture", "Closing copil", "EXP024 @ copil/cloture", "end", tag="copils"),
    *sessions(),
)  # fmt: skip


def todo(verb: Verb, address: str, on: str, fr: str, en: str, role: str, *because: str) -> Todo:
    return Todo(address=Address(address), verb=verb, day=day(on), title=Text(fr, en), role=role, because=because,
                done=day(on) < dt.date(2012, 3, 27))  # fmt: skip


def todos() -> list[Todo]:
    found = [
        todo(Verb.FILL, "activite/cadre", "2011-09-08", "Rédaction du cadre", "Drafting the cadre", "pilotes", "CAD003 @ cadre"),
        todo(Verb.APPROVE, "livrable/note_enjeux", "2011-12-08", "Note de synthèse des enjeux", "Note on the stakes", "expert"),
        todo(Verb.DELIVER, "activite/synthese", "2012-06-04", "Analyse et synthèse", "Analysis and synthesis", "expert", "COP003 @ copil/synthese"),
        todo(Verb.SUBMIT, "livrable/synthese", "2012-06-05", "Synthèse remise au copil", "Synthesis handed to the copil", "expert", "COP003 @ copil/synthese"),
        todo(Verb.APPROVE, "livrable/synthese", "2012-06-07", "Synthèse approuvée", "Synthesis approved", "membres_copil", "ORD012 @ livrable/synthese"),
        todo(Verb.CONVENE, "plenary/restitution", "2012-06-13", "Invitation à la restitution", "Invitation to the restitution", "collectivite", "COP002 @ plenary/restitution"),
        todo(Verb.DELIVER, "activite/evaluation", "2013-06-17", "Évaluation", "Evaluation", "pilotes", "EXP024 @ copil/cloture"),
        todo(Verb.DELIVER, "compte_rendu/copil/mi_parcours", "2012-03-30", "Compte rendu — Copil de mi-parcours", "Minutes — Mid-course copil", "lead", "COP006 @ copil/mi_parcours"),
    ]  # fmt: skip
    for n, (theme, name) in enumerate(THEMES.items()):
        found += [
            todo(Verb.DELIVER, f"entretien/elu_{theme}", f"2011-11-{8 + 7 * n:02d}", f"Entretien préparatoire — {name}", f"Preparatory interview — {name}", "expert"),
            todo(Verb.DELIVER, f"compte_rendu/gt2/{theme}", f"2012-03-{21 + n}", f"Compte rendu — GT2 — {name}", f"Minutes — GT2 — {name}", "animateurs"),
            todo(Verb.CONVENE, f"gt3/{theme}", f"2012-05-{(1, 2, 8)[n]:02d}", f"Convocation — GT3 — {name}", f"Notice — GT3 — {name}", "collectivite", f"EXP011 @ gt3/{theme}"),
            todo(Verb.DELIVER, f"compte_rendu/gt3/{theme}", f"2012-05-{(23, 24, 30)[n]}", f"Compte rendu — GT3 — {name}", f"Minutes — GT3 — {name}", "animateurs", f"EXP012 @ gt3/{theme}"),
        ]  # fmt: skip
    return found


PLAN = Plan(
    dossier="charenton", uid=None, title="Charenton – Saint-Maurice : agir ensemble", method="agir_ensemble@1", zone="Europe/Paris",
    language="fr", at=TODAY, start=day("2011-09-01"), end=day("2013-06-30"),
    meetings=tuple(sorted(MEETINGS, key=lambda m: (m.day, m.address))), todos=tuple(sorted(todos(), key=lambda t: (t.day, t.address))),
    assumed=(Text("Les réunions se tiennent du mardi au jeudi.", "Meetings are held from Tuesday to Thursday."),),
    branches=("suivi",),
)  # fmt: skip


def blocker(code: str, subject: str, fr: str, en: str, *lifts: Lift, **more: object) -> Blocker:
    return Blocker(code=code, family=Family.RULE, subject=subject, text=Text(fr, en), lifts=lifts, **more)  # type: ignore[arg-type]


def held_back() -> list[NextStep]:
    steps = [
        NextStep(verb=Verb.HOLD, address=Address("copil/synthese"), title=Text("Copil de synthèse", "Synthesis copil"), blockers=(
            *(blocker("COP003", f"gt3/{t}", f"Copil de synthèse : GT3 — {n} n'a pas eu lieu.", f"Synthesis copil: GT3 — {n} has not been held.",
                      Ask(Verb.HOLD, Address(f"gt3/{t}"))) for t, n in THEMES.items()),
            blocker("COP008", "copil/synthese", "Le collège des entreprises n'est pas représenté.", "The college of companies is not represented.",
                    As("collectivite")))),
        NextStep(verb=Verb.APPROVE, address=Address("livrable/synthese"), title=Text("Synthèse", "Synthesis"), blockers=(
            blocker("ORD012", "livrable/synthese", "La synthèse n'est pas remise : elle ne peut être approuvée.", "The synthesis is not submitted: it cannot be approved.",
                    Ask(Verb.SUBMIT, Address("livrable/synthese")), Wait(day("2012-06-07"))),)),
        NextStep(verb=Verb.HOLD, address=Address("plenary/restitution"), title=Text("Réunion de restitution", "Restitution plenary"), blockers=(
            blocker("COP004", "copil/synthese", "Le copil de synthèse n'a pas décidé « go ».", "The synthesis copil has not decided “go”.",
                    Ask(Verb.DECIDE, Address("copil/synthese"))),)),
        NextStep(verb=Verb.FILL, address=Address("invitation"), title=Text("Invitation de la collectivité", "Invitation by the authority"), blockers=(
            blocker("CAD024", "invitation", "L'invitation devait précéder le lancement.", "The invitation had to precede the launch.",
                    permanent=Text("le lancement a eu lieu le 19 janvier 2012.", "the launch took place on 19 January 2012.")),)),
    ]  # fmt: skip
    for n in range(9):
        steps.append(NextStep(
            verb=Verb.DELIVER, address=Address(f"suivi/{n}"), title=Text(f"Suivi de l'action {n + 1}", f"Follow-up of action {n + 1}"),
            blockers=(
                blocker("EXP020", f"suivi/{n}", "Demande d'abord la restitution.", "Needs the restitution first.", Ask(Verb.HOLD, Address("plenary/restitution"))),
                blocker("EXP021", f"suivi/{n}", "L'action n'a pas de responsable.", "Nobody is responsible for the action.", Ask(Verb.FILL, Address(f"action/{n}")), As("pilotes"))))
        )  # fmt: skip
    return steps


OUTLOOK = Outlook(
    dossier="charenton", title=PLAN.title, at=TODAY, run="open",
    phases=(
        PhaseState(id="cadrage", title=Text("Cadrage", "Framing"), state="past", since=day("2011-09-01")),
        PhaseState(id="preparation", title=Text("Préparation", "Preparation"), state="past", since=day("2011-09-15")),
        PhaseState(id="experimentation", title=Text("Expérimentation", "Experimentation"), state="current", since=day("2011-12-08")),
        PhaseState(id="evaluation", title=Text("Évaluation et suivi", "Evaluation and follow-up"), state="ahead"),
    ),
    steps=(
        *(NextStep(verb=Verb.HOLD, address=Address(f"gt3/{t}"), title=Text(f"GT3 — {n}", f"GT3 — {n}"),
                   notices=(blocker("EXP008", f"gt3/{t}", "Cinq inscrits : on en attend 8 à 12.", "Five enrolled: 8 to 12 are expected."),) if t == "handicap" else ())
          for t, n in THEMES.items()),
        NextStep(verb=Verb.DELIVER, address=Address("compte_rendu/copil/mi_parcours"), title=Text("Compte rendu — Copil de mi-parcours", "Minutes — Mid-course copil")),
        *held_back(),
    ),
)  # fmt: skip


def finding(code: str, subject: str, severity: Severity, fr: str, en: str, **more: object) -> Finding:
    base: dict[str, object] = {
        "state": State.VIOLATED, "aspect": Aspect.CONTENT, "origin": "seed:charenton",
        "fix": Text("Compléter le dossier ; en informer le copil.", "Complete the dossier; tell the copil."),
    }  # fmt: skip
    return Finding(code=Code(code), subject=subject, severity=severity, text=Text(fr, en), **(base | more))  # type: ignore[arg-type]


FINDINGS = (
    finding("EXP008", "gt1/handicap", Severity.WARNING, "GT1 — handicap : 7 participants.", "GT1 — handicap: 7 participants.",
            date=day("2012-02-08"), value="7", bound="8 à 12", quote="environ 8 à 12 participants par groupe de travail", curability=Curability.PERMANENT),
    finding("CAD024", "invitation", Severity.ERROR, "L'invitation de la collectivité manque au dossier.", "The authority's invitation is missing from the dossier.",
            quote="A l'invitation de la collectivité", also=(Code("PRE002"),)),
    finding("EXP006", "gt2/precarite", Severity.ERROR, "GT2 — précarité : aucune entreprise présente.", "GT2 — précarité: no company present.",
            date=day("2012-03-15"), value="0", bound="1", quote="groupes de travail mixtes, associations et entreprises", curability=Curability.PERMANENT),
    finding("CAD012", "chiffre", Severity.INFO, "Chiffres cités sans source : chômage des jeunes.", "Figures quoted without source: youth unemployment.", origin="practice:CNFPT"),
    finding("COP006", "copil/mi_parcours", Severity.WARNING, "Compte rendu attendu depuis le 30 mars 2012.", "Minutes expected since 30 March 2012.",
            date=day("2012-03-30"), origin="default"),
    finding("PRE009", "entretien/elu_handicap", Severity.ERROR, "Entretien daté de « 2011 » : avant ou après le copil ?", "Interview dated “2011”: before or after the copil?",
            state=State.UNDETERMINED),
)  # fmt: skip
REPORT = Report(
    dossier="charenton", uid=None, title=PLAN.title, method="agir_ensemble@1", method_hash="9c1e5a7b20d4f6e8a1b3", profile="charenton-2012",
    regime="usage", at=TODAY, verdict="partial",
    themes=(("insertion", "conforms"), ("handicap", "conforms"), ("precarite", "does_not_conform")), findings=FINDINGS,
    names=(("insertion", "Insertion"), ("handicap", "Handicap"), ("precarite", "Précarité")),
    coverage=Coverage(evaluated=184, not_yet_due=61, not_applicable=23, undetermined=1),
    assumed=(Text("Deux élus représentent la collectivité.", "Two elected officials stand for the authority."),),
)  # fmt: skip


def page(lang: Lang = "fr", **changes: object) -> str:
    return to_html(attrs.evolve(PLAN, **changes), REPORT, OUTLOOK, lang=lang)  # type: ignore[arg-type]


class Tags(HTMLParser):
    """Fails on a tag that is not closed in order; keeps tags with attributes, and the text that a person reads."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(source)
        self.close()
        assert self.open == []
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words.append(data)

    def all(self, *names: str) -> list[tuple[str, dict[str, str | None]]]:
        return [t for t in self.tags if t[0] in names]


def plain(text: str) -> str:
    """As a person reads it: any space is a space, any apostrophe an apostrophe."""
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'").split())


def marks(svg: str) -> list[ET.Element]:
    return [e for e in ET.fromstring(svg).iter(f"{SVG}g") if e.get("data-address")]


def x_of(mark: ET.Element) -> float:
    found = re.fullmatch(r"translate\(([\d.]+) [\d.]+\)", mark.get("transform", ""))
    assert found
    return float(found[1])


# -- the chart ----------------------------------------------------------------------------------


def test_every_meeting_stands_once_in_the_chart_and_its_x_is_linear_in_its_day() -> None:
    found = marks(to_svg(PLAN))
    assert sorted(m.get("data-address") for m in found) == sorted(m.address for m in PLAN.meetings)
    assert {m.get("data-address"): m.get("data-day") for m in found} == {m.address: m.day.isoformat() for m in PLAN.meetings}
    first, end = day("2011-09-01"), day("2013-07-01")
    for mark in found:
        days = (day(mark.get("data-day", "")) - first).days
        assert x_of(mark) == pytest.approx(LEFT + days * (RIGHT - LEFT) / (end - first).days, abs=0.001)


def test_the_chart_in_the_page_has_the_same_markers_and_each_leads_to_its_row() -> None:
    source = page()
    svg = source[source.index("<svg") : source.index("</svg>") + 6]
    assert [m.attrib for m in marks(svg)] == [m.attrib for m in marks(to_svg(PLAN))]
    ids = [a["id"] for _, a in Tags(source).tags if a.get("id")]
    assert len(ids) == len(set(ids))
    targets = [a.get("href") for a in ET.fromstring(svg).iter(f"{SVG}a")]
    assert len(set(targets)) == len(PLAN.meetings)
    assert {t[1:] for t in targets if t} <= set(ids)


def test_a_status_shows_in_the_shape_and_in_the_words_not_in_the_colour_alone() -> None:
    for mark in marks(to_svg(PLAN)):
        status = mark.get("data-status", "")
        assert f"g-{status}" in mark.get("class", "")
        assert len(mark.findall(f"{SVG}circle")) == (2 if status == "fixed" else 1)
        assert plain(STATUSES[status].fr) in plain(mark.findtext(f"{SVG}title") or "")


def test_rows_are_called_by_what_their_meetings_share() -> None:
    names = [e.text for e in ET.fromstring(to_svg(PLAN)).iter(f"{SVG}text") if e.get("class") == "g-row"]
    assert names == ["Copils", "Plénières", "Comité de suivi", "Insertion des jeunes", "Handicap", "Précarité", "Échéances"]


def test_the_rows_of_a_method_without_tags_or_instances() -> None:
    bare = tuple(attrs.evolve(m, tags=(), instances=()) for m in PLAN.meetings)
    names = [e.text for e in ET.fromstring(to_svg(attrs.evolve(PLAN, meetings=bare))).iter(f"{SVG}text") if e.get("class") == "g-row"]
    assert names == ["Divers", "Échéances"]


def test_meetings_of_a_row_on_near_days_do_not_cover_each_other() -> None:
    crowd = tuple(step(f"x/{n}", f"2012-03-{n + 1:02d}", f"Réunion {n}", f"Meeting {n}", tag="copils") for n in range(9))
    spread = (*crowd, step("x/last", "2013-06-01", "Fin", "End", tag="copils"))
    places = [m.get("transform", "")[10:-1].split() for m in marks(to_svg(attrs.evolve(PLAN, meetings=spread)))]
    points = [(float(x), float(y)) for x, y in places]
    assert all((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 >= 20**2 for n, a in enumerate(points) for b in points[:n])


def test_names_in_the_chart_do_not_run_into_each_other() -> None:
    names = [e for e in ET.fromstring(to_svg(PLAN)).iter(f"{SVG}text") if e.get("class") == "g-name"]
    assert {"Copil de lancement", "Copil de mi-parcours", "GT3"} <= {e.text for e in names}
    spans: dict[str, list[tuple[float, float]]] = {}
    for e in names:
        x, width = float(e.get("x", "")), 6 * len(e.text or "")
        low = x - {"start": 0.0, "middle": width / 2, "end": width}[e.get("text-anchor", "start")]
        spans.setdefault(e.get("y", ""), []).append((low, low + width))
    assert all(a[1] < b[0] for line in spans.values() for a, b in pairwise(sorted(line)))


def test_of_many_meetings_the_nearest_are_printed_and_the_rest_is_counted_there_and_stands_on_the_screen() -> None:
    def meetings(number: int) -> tuple[PlannedStep, ...]:
        days = [TODAY + (n - 20) * dt.timedelta(days=1) for n in range(number)]
        return tuple(attrs.evolve(PLAN.meetings[0], address=f"gt1/t{n}", day=day, status="planned") for n, day in enumerate(days))

    few, many = (page(meetings=meetings(n)) for n in (40, 41))
    for text, printed in ((few, 40), (many, 12)):
        rows = re.findall(r'<tr id="[^"]+" role="row"( class="screen")?>', text)
        assert (len(rows), rows.count("")) == (40 if text is few else 41, printed)
    assert "Autres réunions" in many
    assert "Autres réunions" not in few
    shown = [day for screen, day in re.findall(r'<tr id="[^"]+" role="row"( class="screen")?>.*?datetime="([^"]+)"', many) if not screen]
    assert [dt.date.fromisoformat(day[:10]) < TODAY for day in shown] == [True] * 2 + [False] * 10


def test_every_todo_is_a_tick() -> None:
    ticks = [e.get("data-todo") for e in ET.fromstring(to_svg(PLAN)).iter(f"{SVG}g") if e.get("data-todo")]
    assert sorted(ticks) == sorted(f"{t.verb} {t.address}" for t in PLAN.todos)


def test_today_is_a_line_at_its_place_or_words_at_the_edge() -> None:
    root = ET.fromstring(to_svg(PLAN, today=day("2012-04-02")))
    line = next(e for e in root.iter(f"{SVG}g") if e.get("class") == "g-today").find(f"{SVG}line")
    assert line is not None
    assert float(line.get("x1", "")) == pytest.approx(LEFT + 214 * (RIGHT - LEFT) / 669, abs=0.001)
    far = to_svg(PLAN, today=day("2026-01-01"))
    assert "g-today" not in far
    assert "Aujourd’hui\u00a0: jeudi 1er janvier 2026 ▸" in far


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_plan_with_nothing_in_it_still_draws(lang: Lang) -> None:
    empty = attrs.evolve(PLAN, meetings=(), todos=())
    assert not marks(to_svg(empty, lang=lang))
    nothing = attrs.evolve(OUTLOOK, steps=(), phases=())
    blank = attrs.evolve(REPORT, findings=(), themes=(), assumed=())
    Tags(to_html(attrs.evolve(empty, assumed=()), blank, nothing, lang=lang))


# -- the page -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_is_well_formed_as_html_and_as_xml(lang: Lang) -> None:
    source = page(lang)
    tags = Tags(source)
    assert tags.all("html")[0][1]["lang"] == lang
    ET.fromstring(source.partition("\n")[2])


def test_nothing_is_loaded_and_nothing_runs() -> None:
    source = page()
    tags = Tags(source)
    assert not tags.all("script", "link", "img", "iframe", "object", "base", "form")
    assert all((a.get("href") or "#").startswith("#") and "src" not in a for _, a in tags.tags)
    assert not [name for _, a in tags.tags for name in a if name.startswith("on")]
    assert "@import" not in source
    assert "url(" not in source
    assert set(re.findall(r"https?://[^\"]+", source)) == {"http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"}


def test_every_text_of_the_data_is_escaped() -> None:
    evil = "<script>alert('x')</script>\x00 & \"]]>"
    text = Text(evil, evil)
    spoilt = attrs.evolve(
        PLAN, title=evil, branches=(evil,), assumed=(text,),
        meetings=tuple(attrs.evolve(m, title=text, because=(evil, f"busy @ {evil}"), agenda=(text,), tags=(evil,), status=evil) for m in PLAN.meetings),
        todos=tuple(attrs.evolve(t, title=text, role=evil, because=(evil,)) for t in PLAN.todos),
    )  # fmt: skip
    bad = blocker(evil, evil, evil, evil, Ask(Verb.HOLD, Address(evil)), As(evil))
    outlook = attrs.evolve(OUTLOOK, run=evil, phases=(PhaseState(id=evil, title=text, state=evil),),
                           steps=(NextStep(verb=Verb.HOLD, address=Address(evil), title=text, blockers=(bad,), notices=(bad,)),))  # fmt: skip
    found = finding(evil, evil, Severity.ERROR, evil, evil, quote=evil, origin=evil, value=evil, bound=evil, fix=text, also=(Code(evil),))
    report = attrs.evolve(REPORT, title=evil, verdict=evil, themes=((evil, evil),), findings=(found,), method=evil, method_hash=evil, profile=evil)
    for source in (to_html(spoilt, report, outlook), to_html(spoilt, report, outlook, lang="en"), to_svg(spoilt)):
        assert "<script" not in source
        assert "\x00" not in source
        ET.fromstring(source.partition("\n")[2] if source.startswith("<!") else source)


def test_headings_go_down_one_level_at_a_time_and_every_section_has_a_name() -> None:
    tags = Tags(page())
    levels = [int(t[1]) for t, _ in tags.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    ids = {a.get("id") for _, a in tags.tags}
    assert all(a["aria-labelledby"] in ids for _, a in tags.all("section"))
    assert [len(tags.all(t)) for t in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    assert next(a for t, a in tags.tags if t == "a") == {"href": "#main", "class": "skip"}


def test_every_table_has_headers_with_a_scope_and_every_row_a_name() -> None:
    source = page()
    for table in ET.fromstring(source.partition("\n")[2]).iter(f"{XHTML}table"):
        rows = [[c.tag.rpartition("}")[2] for c in r] for r in table.iter(f"{XHTML}tr")]
        assert set(rows[0]) == {"th"}
        assert all("th" in r or len(r) == 1 for r in rows)
    heads = Tags(source).all("th")
    assert heads
    assert {a["scope"] for _, a in heads} == {"row", "col"}


@pytest.mark.parametrize(("lang", "other"), [("fr", "en"), ("en", "fr")])
def test_a_page_speaks_one_language(lang: Lang, other: Lang) -> None:
    text = plain(Tags(page(lang)).text)
    known = plain(" ".join(w for t in _fixed() for w in re.split(r"\{\w+\}", t.to(lang))))
    for sentence in _fixed():
        for part in re.split(r"\{\w+\}", plain(sentence.to(other))):
            if len(part.strip()) > 3 and plain(part) not in known:
                assert not re.search(rf"(?<!\w){re.escape(plain(part))}(?!\w)", text), part


def _fixed() -> list[Text]:
    tables = (WORDS, STATUSES, VERDICTS, PHASES, SEVERITIES, CURABILITIES, VERBS)
    return [*(t for table in tables for t in table.values() if t.fr != t.en), *SHORT_MONTHS, *MONTHS, *WEEKDAYS]


def test_what_a_reader_looks_for_is_there() -> None:
    text = plain(Tags(page()).text)
    for words in (
        "Situation au lundi 2 avril 2012", "partiellement conforme", "2 erreurs · 2 avertissements · 1 remarque", "11 sur 18",
        "jeudi 29 mars 2012", "mardi 1er mai 2012", "14 h – 17 h", "vendredi 30 mars 2012 en retard", "date fixée", "fin du plan",
        "déjà pris : salle des fêtes", "La synthèse n'est pas remise : elle ne peut être approuvée.",
        "Pour débloquer : remettre « Synthèse » ou attendre le jeudi 7 juin 2012.", "passer par : collectivite",
        "Sans issue : le lancement a eu lieu le 19 janvier 2012.", "Autres étapes bloquées : 7", "GT2 — précarité : aucune entreprise présente.",
        "« groupes de travail mixtes, associations et entreprises »", "Origine : texte de la méthode (charenton)", "jugées 184",
        "Deux élus représentent la collectivité.", "Les réunions se tiennent du mardi au jeudi.", "Précarité : ✗ non conforme",
        "Remettre : Synthèse remise au copil", "Convoquer : Convocation — GT3 — handicap", "Étapes facultatives retenues : Suivi",
    ):  # fmt: skip
        assert words in text
    assert "Reasons" not in text


def test_the_reasons_of_a_date_are_grouped_by_what_they_are_about() -> None:
    keys = ("EXP017 @ theme/handicap", "EXP018 @ theme/handicap", "COP002 @ plenary/restitution", "adopted", "fix @ x", "word")
    one = attrs.evolve(PLAN.meetings[-1], title=Text("Fin", "End"), because=keys)
    rest = tuple(m for m in PLAN.meetings if m.address != one.address)
    text = plain(Tags(to_html(attrs.evolve(PLAN, meetings=(*rest, one)), REPORT, attrs.evolve(OUTLOOK, steps=()))).text)
    assert "EXP017 EXP018 Handicap COP002 Réunion de restitution word planning adopté date fixée" in text


def test_a_subject_is_called_by_its_own_name_and_not_by_an_instance_of_that_id() -> None:
    one = attrs.evolve(FINDINGS[0], subject="pilot/handicap", title=Text("Pilote — Hôpital", "Pilot — Hospital"))
    page = Page(PLAN, attrs.evolve(REPORT, findings=(one,)), OUTLOOK, Voice("fr"))
    assert page.subject("pilot/handicap") == "Pilote — Hôpital"
    assert page.subject("theme/handicap") == "Handicap"


def test_every_blocker_and_finding_is_in_the_page_folded_or_not() -> None:
    text = plain(Tags(page()).text)
    assert all(plain(b.text.fr) in text and b.code in text for s in OUTLOOK.steps for b in (*s.blockers, *s.notices))
    assert all(plain(f.text.fr) in text and plain(f.fix.fr) in text for f in FINDINGS)


def test_what_three_sheets_cannot_hold_is_counted_on_paper_and_stands_on_screen() -> None:
    many = tuple(todo(Verb.DELIVER, f"tache/{n}", "2013-01-10", f"Tâche {n}", f"Task {n}", "expert") for n in range(200))
    text = page(todos=many)
    kept = text.count('<tr role="row" class="screen">')
    assert all(f"Tâche {n}<" in text for n in range(200))
    assert 0 < kept < 200
    assert f'<p class="paper soft">Autres échéances, à partir du jeudi 10 janvier 2013\u00a0: {kept} (' in text
    assert 'class="paper soft"' not in page()
    found = tuple(attrs.evolve(REPORT.findings[0], subject=f"gt1/{n}") for n in range(30))
    text = to_html(PLAN, attrs.evolve(REPORT, findings=found), OUTLOOK, lang="fr")
    assert '<p class="paper soft">Autres constats\u00a0: 24</p>' in text
    assert "<summary>Autres constats\u00a0: 18</summary>" in text


def test_findings_come_by_gravity_and_what_cannot_be_told_comes_last() -> None:
    section = next(e for e in ET.fromstring(page().partition("\n")[2]).iter(f"{XHTML}section") if e.get("id") == "findings")
    codes = [e.findtext(f"{XHTML}p/{XHTML}code") for e in section.iter(f"{XHTML}li")]
    assert codes == ["EXP006", "CAD024", "EXP008", "COP006", "CAD012", "PRE009"]


def test_french_has_its_spaces_and_english_its_own() -> None:
    french, english = (re.sub(r"<style>.*?</style>|<[^>]*>", "\n", page(lang), flags=re.S) for lang in ("fr", "en"))
    assert not re.search(r"\w [:;?!»]|« |\w[;?!»]", unescape(french))
    assert not re.search(r"[\u00a0\u202f][:;?!]", unescape(english).replace("Maurice\u00a0:", ""))


def test_the_same_values_give_the_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        f"import sys, hashlib; sys.path.insert(0, {str(Path(__file__).parent)!r}); import test_html as t;"
        "print(hashlib.sha256((t.page() + t.page('en') + t.to_svg(t.PLAN)).encode()).hexdigest())"
    )
    digests = {
        subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(digests) == 1


def test_text_stands_out_from_its_ground() -> None:
    colours = dict(re.findall(r"--(\w+):(#[0-9a-f]{3,6})", page()))
    for ink in ("ink", "soft", "deep", "accent", "good", "warn", "bad", "note"):
        for ground in ("ground", "paper"):
            assert _contrast(colours[ink], colours[ground]) >= 4.5
    assert _contrast(colours["bad"], "#fdf3dc") >= 4.5


def _contrast(a: str, b: str) -> float:
    high, low = sorted((_light(a), _light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _light(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
