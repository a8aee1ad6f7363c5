"""
Every row that the planner reads moves a date, a to-do or a constraint of some young dossier.

Deleting the row from the method and planning again must change the problem that the planner solves;
where dates or to-dos change too, the plan's own text does.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest
from edits import Row, method, read, rows, without
from test_methods import carried_out

import agir_workflow as agir
from agir_workflow.dossier import Dossier
from agir_workflow.facts import DOSSIER, Open, fact
from agir_workflow.planning.make import make_problem
from agir_workflow.readings.plan import NO_PLAN
from agir_workflow.requirements import Form, Is
from agir_workflow.when import When
from agir_workflow.words import Address, Verb

AT = dt.date(2011, 9, 1)

FRESH = """
[dossier]
id = "fresh"
uid = "11111111-2222-4333-8444-555555555555"
method = "agir_ensemble@1"
profile = "charenton-2012"
start = 2011-09-01

[[pilot]]
id = "collectivite"
college = "collectivites"
[[pilot]]
id = "entreprise"
college = "entreprises"
[[pilot]]
id = "expert"
college = "experts"

[[theme]]
id = "insertion"
[[theme]]
id = "handicap"

[[interviewee]]
id = "elu-1"
qualite = "elu"
[[interviewee]]
id = "association-1"
qualite = "participant_groupe"
theme = "insertion"
[[interviewee]]
id = "entreprise-1"
qualite = "participant_groupe"
theme = "handicap"
"""

BEGUN = (
    FRESH
    + """
[answers]
perimetre = "Communauté de communes"
grandes_lignes = "…"
duree = "6m"
date_copil = [2011-09-15]
chiffre = [{ texte = "46 % des associations", source = "étude associations" }]
partie_prenante = [{ nom = "Lycée" }]
etape = [{ nom = "Cadrage", partie = "partie_preparation" }]
participant = { insertion = [{ siege = "association 1", college = "associations" }, { siege = "entreprise 1", college = "entreprises" }] }
enjeu = { insertion = [{ id = "e1", texte = "les réseaux", niveau = "individuel" }] }
piste = { insertion = [{ id = "p1", texte = "parrainage" }] }
action = { insertion = [{ id = "a1", texte = "parrainage", terme = "court", pour = "pour_territoire", acteurs = ["associations"], pertinente = true, appreciation = "peu coûteuse" }] }
attribution = [{ tache = "etat_national", pilote = "expert", axe = "contenu" }, { tache = "rediger_synthese", pilote = "entreprise", axe = "contenu" }]

[[facts]]
fact = "deliver"
address = "activite/cadre"
on = 2011-09-01
[[facts]]
fact = "agree"
address = "accord/collectivite"
on = 2011-09-01
version = 1
[[facts]]
fact = "agree"
address = "accord/entreprise"
on = 2011-09-01
version = 2
"""
)
"""Half answered: what was said lacks a year, a purpose, a deadline…; one pilot agreed to an older version."""

ALONE = """
[dossier]
id = "alone"
method = "agir_ensemble@1"
start = 2011-09-01

[[pilot]]
id = "expert"
college = "experts"
"""
"""One pilot, no theme, nobody to interview."""

SHARED = (
    FRESH
    + """
[[actor]]
id = "club"

[answers]
attribution = [{ tache = "inviter", pilote = "collectivite", axe = "animation" }, { tache = "inviter", pilote = "entreprise", axe = "animation" }]
membre_copil = [{ siege = "mairie", college = "collectivites" }]
principe = ["agir"]
partie_prenante = [{ nom = "Lycée", but = "accueillir" }]
chiffre = [{ texte = "46 % des associations", annee = 2010 }]
revision = [{ objet = "relu", copil = "copil/autre" }]

[answers.action]
insertion = [
    { id = "a1", texte = "parrainage", terme = "court", pour = "pour_territoire", responsable = "club", realisable = true, appreciation = "peu coûteuse" },
    { id = "a2", texte = "visites", terme = "court", pour = "pour_territoire", responsable = "lycée", realisable = true, appreciation = "peu coûteuse" },
    { id = "a3", texte = "forum", terme = "court", pour = "pour_territoire", realisable = true, appreciation = "attendue" },
]
handicap = [{ id = "a1", texte = "parrainage", terme = "court", pour = "pour_territoire", responsable = "club", pertinente = true, realisable = true }]
"""
)
"""Roles shared, but not all of them; actions in several hands, or in one."""

VOTING = FRESH + "\n[answers]\nelection = [2012-06-10]\n"
"""Municipal elections on a day on which the restitution might be near."""

SAT = FRESH.replace("start = 2011-09-01", 'start = 2011-08-01\nregime = "crpa"') + """
[[facts]]
fact = "deliver"
address = "activite/cadre"
on = 2011-08-10
[[facts]]
fact = "hold"
address = "copil/cadrage"
on = 2011-08-25
attendance = { collectivites = 1 }
"""
RESERVED = SAT + 'decision = "go_with_reserves"\nreserves = ["trouver une salle"]\n'
"""A decision with a reserve."""

INQUORATE = SAT + "quorate = false\n"
"""A copil without its quorum."""

DOSSIERS = {"reserved": RESERVED, "inquorate": INQUORATE, "fresh": FRESH, "begun": BEGUN, "alone": ALONE, "shared": SHARED, "voting": VOTING}

PLANNED: dict[Row, str] = {
    **{(code, 1): "fresh" for code in (
        "CAD001", "CAD010", "CAD011", "CAD020", "CAD021", "CAD022", "CAD023", "CAD024", "CAD030", "CAD031", "CAD040", "CAD050", "CAD060", "CAD061",
        "CAD005", "CAD032", "CAD041", "ACT003", "ACT004", "ACT010", "PRE001", "PRE002", "PRE003", "PRE004", "PRE006", "PRE007", "PRE008", "PRE009",
        "EXP001", "EXP004", "EXP007", "EXP012", "EXP014", "EXP015", "EXP017", "EXP018", "EXP019", "ORD002",
        "COP001", "COP002", "COP003", "COP005", "COP006", "COP007", "CAL002", "CAL006", "CAL007", "CAL009", "LIV001", "LIV002", "LIV003", "LIV004", "LIV005", "PRV002",
    )},
    **{(code, 2): "fresh" for code in ("CAD003", "EXP023", "PRE002", "PRE003", "EXP004", "COP005", "COP010", "CAL006", "LIV001", "LIV002", "LIV003")},
    **{("LIV001", n): "fresh" for n in (3, 4)},
    **{("LIV002", n): "fresh" for n in (3, 5)},
    **{("LIV006", n): "fresh" for n in (3, 4)},
    ("COP005", 3): "fresh", ("COP010", 3): "fresh",
    ("CAL007", 2): "voting", ("COP009", 1): "reserved", ("COP008", 1): "inquorate",
    **{(code, 1): "begun" for code in (
        "CAD002", "CAD004", "CAD012", "CAD042", "CAD051", "ACT006", "ACT013", "CAL001", "CAL003", "EXP016", "EXP021", "EXP022", "EXP028", "LIV006",
    )},
    **{(code, 2): "begun" for code in ("EXP006", "EXP026", "LIV006", "COP001")},
    ("LIV007", 2): "begun",
    **{(code, 1): "shared" for code in ("CAD007", "ACT005", "ACT007", "ACT011", "EXP020", "LIV007")},
    **{name: "shared" for name in (("CAD012", 2), ("ACT006", 2), ("EXP020", 2), ("LIV007", 3))},
    **{(code, 1): "alone" for code in ("ACT001", "ACT002", "PRE005", "EXP011")},
}  # fmt: skip
"""The rows that the planner reads, and the dossier that shows it."""

SOFT: dict[Row, str] = {("CAL004", 1): "fresh"}
"""A share below error is a wish: it moves dates, and is no part of the hard problem."""

SILENT: dict[Row, str] = {
    ("CAD003", 1): "the tree has the copil of cadrage between the two",
    ("PRE005", 2): "the tree has the copil on themes between the two",
    ("EXP023", 1): "the tree has the copil of synthesis between the two",
    ("EXP024", 2): "the tree owes the restitution",
    ("EXP024", 1): "the tree has the synthesis between the two",
    ("EXP003", 1): "the tree owes each session",
    ("COP010", 1): "the tree owes the closing copil; the run is closed on no planned day",
    **{(code, 1): "judged on what a session brought, known only after it" for code in (
        "ACT012", "EXP002", "EXP006", "EXP008", "EXP010", "EXP013", "EXP025", "EXP026", "PRV001",
    )},
    ("LIV002", 4): "minutes are approved at the next sitting itself, or by silence",
    **{("ACT014", n): "due at no step: a change of seats, or of themes, is already there" for n in (2, 3)},
    **{("ACT015", n): "a kind without a reading by the planner" for n in (2, 3)},
    ("ACT015", 4): "judged on what a session brought, known only after it",
    ("EXP005", 1): "no plan holds a session twice",
    ("EXP009", 1): "who comes again is known only on the day",
    **{("COP004", n): "the tree has that copil between the two" for n in (1, 2)},
    ("CAL008", 1): "a plan keeps its own dates",
    ("ACT008", 1): "what an actor is stands in its declaration",
    **{(code, 1): "due at no step: a document or a change is already there" for code in ("CAD006", "ACT014")},
    ("COP003", 2): "what a copil decides is noted once it was held",
    **{(code, 1): "a kind without a reading by the planner" for code in ("ACT015", "EXP027", "ORD001", "CAL005", "CAL010", "PRV003", "PRV004", "PRV005", "PRV006", "PRV007")},
}  # fmt: skip
"""The rows that change no problem, and why."""


@cache
def dossier(name: str) -> agir.Dossier:
    return read(DOSSIERS[name])


def test_every_row_is_planned_or_says_why_not() -> None:
    assert {*PLANNED, *SOFT, *SILENT} == set(rows())
    assert len(PLANNED) + len(SOFT) + len(SILENT) == len(rows())
    by_kind = {row.is_ for name, row in zip(rows(), method().requirements, strict=True) if name in PLANNED or name in SOFT}
    # The tree's own lags bear the code of the row for skipped steps; all other kinds are read row by row.
    assert by_kind == set(Is) - set(NO_PLAN) | {Is.IN_PROCESS}


def test_what_a_session_brings_of_itself_is_never_planned_and_what_is_told_of_it_is() -> None:
    """But for a quorum: of a sitting that had none the next is planned."""
    after = {name: row for name, row in zip(rows(), method().requirements, strict=True) if row.due.form is Form.AFTER}
    brought = {name for name, row in after.items() if method().words.leaves_of(row.selector("of").word)}
    assert (brought - {("COP008", 1)} <= set(SILENT), set(after) - brought <= set(PLANNED)) == (True, True)


@pytest.mark.parametrize("row", PLANNED, ids=lambda r: f"{r[0]}.{r[1]}")
def test_without_its_row_the_problem_is_another(row: Row) -> None:
    young = dossier(PLANNED[row])
    assert make_problem(without(row), young, at=AT) != make_problem(method(), young, at=AT)


@pytest.mark.parametrize("row", SILENT, ids=lambda r: f"{r[0]}.{r[1]}")
def test_a_silent_row_changes_no_problem(row: Row) -> None:
    for name in DOSSIERS:
        assert make_problem(without(row), dossier(name), at=AT) == make_problem(method(), dossier(name), at=AT), name


def _told(plan: agir.Plan) -> tuple[object, ...]:
    meetings = tuple((m.address, m.day) for m in plan.meetings)
    return meetings, tuple((t.verb, t.address, t.day) for t in plan.todos), plan.branches


VISIBLE: dict[Row, str] = {
    ("COP005", 2): "precedes", ("PRE009", 1): "gap", ("CAL006", 1): "gap", ("COP007", 1): "gap", ("LIV002", 1): "gap",
    ("COP010", 2): "gap", ("COP009", 1): "settled", ("COP008", 1): "quorum", ("CAL007", 1): "window", ("CAL009", 1): "disjoint", ("CAD024", 1): "present", ("COP005", 1): "present",
    ("PRE007", 1): "count", ("EXP015", 1): "count", ("ACT010", 1): "covers", ("LIV001", 1): "deliverable",
    ("LIV003", 2): "deliverable", ("CAD004", 1): "agreed", ("EXP016", 1): "linked", ("CAL004", 1): "share",
}  # fmt: skip
"""Rows whose loss a person sees: another day, another to-do, or another branch."""


@pytest.mark.parametrize("row", VISIBLE, ids=lambda r: f"{r[0]}.{r[1]}")
def test_without_its_row_a_person_sees_another_plan(row: Row) -> None:
    young = dossier((PLANNED | SOFT)[row])
    kind = dict(zip(rows(), method().requirements, strict=True))[row].is_
    assert kind == VISIBLE[row]
    assert _told(agir.plan(without(row), young, at=AT)) != _told(agir.plan(method(), young, at=AT))


def test_a_decision_names_the_row_that_waits_for_it() -> None:
    """`decided` adds no date to the tree's own: it says why the next step waits."""
    todos = {t.address: t.because for t in agir.plan(method(), dossier("fresh"), at=AT).todos}
    assert "PRE001 @ activite/choix_themes" in todos["activite/choix_themes"]
    todos = {t.address: t.because for t in agir.plan(without(("PRE001", 1)), dossier("fresh"), at=AT).todos}
    assert "PRE001" not in str(todos["activite/choix_themes"])


@pytest.mark.parametrize("text", [FRESH + '[[actor]]\nid = "club"\ncollege = "associations"\n', SHARED.replace('"lycée"', '"club"').replace('id = "a3",', 'id = "a3", responsable = "club",')], ids=["unsaid", "said"])
def test_who_else_is_in_charge_is_declared_before_the_plans_name_them(text: str) -> None:
    """One actor cannot share the actions out; of several none is to be declared."""
    young = read(text)
    plan = agir.plan(method(), young, at=AT)
    days = {(t.verb, t.address): t.day for t in plan.todos}
    plans = [day for (verb, address), day in days.items() if verb is Verb.FILL and address.startswith("action/")]
    assert days[Verb.DECLARE, Address("actor/…")] < min(plans)
    more = read(text + '[[actor]]\nid = "mairie"\ncollege = "collectivites"\n') if "[answers]" not in text else None
    assert more is None or Address("actor/…") not in {t.address for t in agir.plan(method(), more, at=AT).todos}
    done = carried_out(method(), young, agir.to_ics(plan))
    assert {"EXP020", "ACT007"}.isdisjoint(f.code for f in agir.check(method(), done, at=max(f.on.latest for f in done.facts)).findings)


def test_interview_reports_are_planned_before_they_are_due() -> None:
    plan = agir.plan(method(), read(FRESH.replace("charenton-2012", "rameau-default")), at=AT)
    first = min(m.day for m in plan.meetings if m.address.startswith("gt2/"))
    assert min(t.day for t in plan.todos if t.address.startswith("compte_rendu_entretien/")) < first


@pytest.mark.parametrize("row", ["", "precedes", "present", "at_the_end", "window"])
def test_a_free_step_has_a_date_where_something_wants_it(row: str) -> None:
    """It may stand anywhere, and may not be at all: without a row no day would have a reason, and a calendar would ask for what nobody needs."""
    words = 'aspect = "behavioural", severity = "warning", origin = "default", why = { fr = "…", en = "…" }, fix = { fr = "…", en = "…" }'
    rows = {
        "precedes": 'is = "precedes", a = "note", b = "end", due = "end"', "present": 'is = "present", of = "note", due = "end"',
        "at_the_end": 'is = "present", of = "note", due = "run.close"', "window": 'is = "window", of = "note", not_in = ["weekend"], due = "note"',
    }  # fmt: skip
    steps = "".join(f'    {{ id = "{x}", sort = "activity", label = {{ fr = "{x}", en = "{x}" }}, address = "{x}", origin = "default" }},\n' for x in ("begin", "end", "note"))
    method = agir.read_method(f"""
method = {{ name = "m", version = 1, title = {{ fr = "m", en = "m" }}, origin = "default", default_profile = "plain", default_regime = "usual" }}
leaves = [
{steps}]
phases = [{{ id = "all", label = {{ fr = "p", en = "p" }}, origin = "default" }}]
regimes = [{{ id = "usual", label = {{ fr = "r", en = "r" }}, origin = "default" }}]
profiles = [{{ id = "plain", label = {{ fr = "p", en = "p" }}, closed = ["weekend"], origin = "default" }}]
requirements = [{f'{{ code = "R1", {rows[row]}, {words} }}' if row else ""}]
[tree]
root = "all"
free = ["note"]
all = {{ seq = ["begin", "end"], phase = true }}
""".encode(), strict=False)  # fmt: skip
    day = dt.date(2024, 1, 8)
    head = Open(id="d", uid="0b6de9a4-5f0e-4c39-8a3b-9a4f3f6f1c55", title="d", method=method.ref, method_hash=method.hash, profile="plain", regime="usual")
    young = Dossier((fact(Verb.DECLARE, DOSSIER, head).stamped(agir.Stamp(on=When(day), by="nobody")),))
    wanted = row not in ("", "window")
    found = agir.plan(method, young, at=day)
    assert ("note" in {t.address for t in found.todos}) is wanted
    assert (b"note" in agir.to_ics(found)) is wanted
    fixed = agir.plan(method, young, at=day, fix={"note": day + dt.timedelta(days=9)})
    assert {t.address: t.day for t in fixed.todos}["note"] == day + dt.timedelta(days=9), "who gives it a day wants it"
    if wanted:
        assert "note" not in {t.address for t in agir.plan(method, young, at=day, without=["R1"]).todos}
