"""The lifecycle here: a method of one tree and six rows, and each event decided, kept as a fact, its version read."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import partial

from lifecycle import EVENTS, GROUPS, Event, Where, context

import agir_workflow as agir
from agir_workflow import facts
from agir_workflow.answers import Refused
from agir_workflow.facts import Fact, Stamp, When
from agir_workflow.view import view_of

METHOD = """
kinds = [{ id = "group", label = { fr = "groupe", en = "group" }, origin = "default" }]
leaves = [
    { id = "launch", sort = "meeting", label = { fr = "Lancement", en = "Launch" }, address = "launch", origin = "default" },
    { id = "gt1", sort = "meeting", label = { fr = "GT1", en = "GT1" }, address = "gt1/{group}", origin = "default" },
    { id = "gt2", sort = "meeting", label = { fr = "GT2", en = "GT2" }, address = "gt2/{group}", origin = "default" },
    { id = "gt3", sort = "meeting", label = { fr = "GT3", en = "GT3" }, address = "gt3/{group}", origin = "default" },
    { id = "synthesis", sort = "activity", label = { fr = "Synthèse", en = "Synthesis" }, address = "synthesis", origin = "default" },
    { id = "copil", sort = "decision", label = { fr = "Copil", en = "Steering committee" }, address = "copil", decisions = ["go", "no_go"], origin = "default" },
    { id = "restitution", sort = "meeting", label = { fr = "Restitution", en = "Restitution" }, address = "restitution", origin = "default" },
]
facets = [
    { id = "invitation", label = { fr = "invitation", en = "invitation" }, origin = "default" },
    { id = "seat", label = { fr = "siège", en = "seat" }, scope = "group", many = true, origin = "default" },
    { id = "lead", label = { fr = "piste", en = "lead" }, scope = "group", many = true, origin = "default" },
]
deliverables = [{ id = "note", label = { fr = "note", en = "note" }, address = "paper/note", of = ["synthesis"], origin = "default" }]
regimes = [{ id = "usage", label = { fr = "usage", en = "usage" }, origin = "default" }]
profiles = [{ id = "plain", label = { fr = "simple", en = "plain" }, origin = "default" }]
requirements = [
    { code = "B1", is = "present", of = "invitation", due = "launch", aspect = "structural", severity = "error", origin = "default", why = { fr = "L'invitation manque.", en = "The invitation is missing." }, fix = { fr = "L'écrire.", en = "Write it." } },
    { code = "B2", is = "count", of = "seat", each = "group", min = 8, max = 12, due = "gt1", aspect = "cardinality", severity = "error", origin = "default", why = { fr = "{subject} : {value}, pour {bound}.", en = "{subject}: {value}, where {bound} are wanted." }, fix = { fr = "Inviter.", en = "Invite." } },
    { code = "B3", is = "gap", a = "gt1", b = "gt2", each = "group", min = "14d", due = "gt2", aspect = "temporal", severity = "error", origin = "default", why = { fr = "{subject} : {value}, pour {bound}.", en = "{subject}: {value}, where {bound} is wanted." }, fix = { fr = "Attendre.", en = "Wait." } },
    { code = "B4", is = "present", of = "lead", each = "group", due = "gt3", aspect = "structural", severity = "error", origin = "default", why = { fr = "{subject} : aucune piste.", en = "{subject}: no lead." }, fix = { fr = "En écrire une.", en = "Write one." } },
    { code = "B5", is = "deliverable", of = "note", state = "submitted", due = "copil", aspect = "evidence", severity = "error", origin = "default", why = { fr = "{subject} : « {value} », attendu « {bound} ».", en = "{subject}: '{value}', should be '{bound}'." }, fix = { fr = "La soumettre.", en = "Submit it." } },
    { code = "B6", is = "decided", by = "copil", values = ["go"], before = "restitution", due = "restitution", aspect = "behavioural", severity = "error", origin = "default", why = { fr = "{subject} : {missing}.", en = "{subject}: {missing}." }, fix = { fr = "Décider.", en = "Decide." } },
]
method = { name = "life", version = 1, title = { fr = "Treize événements", en = "Thirteen events" }, origin = "default", verdict_per = "group", default_profile = "plain", default_regime = "usage" }
[tree]
root = "life"
life = { seq = ["launch", "groups", "synthesis", "copil", "restitution"] }
groups = { each = { of = "group", run = "sessions" } }
sessions = { seq = ["gt1", "gt2", "gt3"] }
"""

DOSSIER = """
group = [{ id = "a" }, { id = "b" }, { id = "c" }]
[dossier]
id = "life"
uid = "2f1f6d7e-6a0e-4e58-8a2b-3f6f4f0a2026"
title = "Life"
method = "life@1"
start = 2026-01-05
"""


def setup(method: agir.Method, broken: str = "") -> agir.Dossier:
    """The dossier before its first event: groups, and what the context says of them, as facts."""
    _, dossier = agir.read_dossier(DOSSIER.encode(), lambda _: method)
    ctx = context(broken)
    told = [facts.fill("invitation", ctx["invitation"])] if ctx["invitation"] else []
    told += [facts.fill(f"seat/{g}", tuple(f"seat {n}" for n in range(ctx["seats"][g]))) for g in GROUPS]
    told += [facts.fill(f"lead/{g}", tuple(f"lead {n}" for n in range(ctx["leads"][g]))) for g in GROUPS if ctx["leads"][g]]
    told += [facts.deliver("paper/note"), *([facts.submit("paper/note")] if ctx["note"] == "submitted" else [])]
    for n, fact in enumerate(told):
        on = dt.date(2026, 1, 5) + dt.timedelta(days=n * 5 // len(told))
        dossier = agir.evolve(method, dossier, fact.stamped(Stamp(on=When(on), by="lead")))
    return dossier


def commands_of(event: Event) -> tuple[Fact, ...]:
    """An event as commands; the copil's is two, held and decided."""
    stamp = Stamp(on=When(event.day), by="lead")
    match event.kind:
        case "synthesis":
            return (facts.deliver("synthesis").stamped(stamp),)
        case "copil":
            return facts.hold("copil").stamped(stamp), facts.decide("copil", event.value).stamped(stamp)
        case _:
            return (facts.hold(f"{event.kind}/{event.group}" if event.group else event.kind).stamped(stamp),)


class Own:
    """One life here: each event decided with all its reasons, kept as a fact, the version read; with *look*, where it stands as well."""

    def __init__(self, method: agir.Method, dossier: agir.Dossier, *, look: bool = False) -> None:
        self.method, self.dossier, self.look = method, dossier, look
        self.version = dossier.version
        self.steps = [partial(self.give, commands_of(e)) for e in EVENTS]

    def give(self, commands: tuple[Fact, ...]) -> bool:
        for command in commands:
            decision = agir.decide(self.method, self.dossier, command, expect=self.version)
            if isinstance(decision, Refused):
                return False
            for event in decision.events:
                self.dossier = agir.evolve(self.method, self.dossier, event)
            self.version = self.dossier.version
            if self.look:
                view_of(self.method, self.dossier).position  # noqa: B018
        return True

    def offer(self, event: Event) -> bool:
        return self.give(commands_of(event))

    def where(self) -> Where:
        done = {str(x.leaf) for x in view_of(self.method, self.dossier).position.done}
        after = 4 if "restitution" in done else 3 if "copil" in done else 2 if "synthesis" in done else 1 if "launch" in done else 0
        by = Counter(str(x.inst[0]) for x in view_of(self.method, self.dossier).position.done if x.inst)
        return after, by["a"], by["b"], by["c"]
