"""The page and the chart of a dossier like Charenton's: well-formed, self-contained, linear, in two languages."""

from __future__ import annotations

import datetime as dt

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
from agir_workflow.words import Address, Aspect, Code, Curability, Family, Severity, State, Text, Verb

TODAY = dt.date(2012, 4, 2)
THEMES = {"insertion": "insertion des jeunes", "handicap": "handicap", "precarite": "précarité"}
SVG = "{http://www.w3.org/2000/svg}"


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
    coverage=Coverage(evaluated=184, not_yet_due=61, not_applicable=23, undetermined=1),
    assumed=(Text("Deux élus représentent la collectivité.", "Two elected officials stand for the authority."),),
)  # fmt: skip
