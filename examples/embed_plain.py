"""
A host application without a framework: `python embed_plain.py OUT.ics`.

It opens a dossier, asks what stands in the way of a meeting, takes the first steps, plans the rest,
writes the calendar, and prints the verdict. Nothing is read from the clock: two runs, same bytes.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import agir_workflow as agir
from agir_workflow import facts
from agir_workflow.values import Record

START = dt.date(2026, 9, 1)
TODAY = dt.date(2026, 9, 16)


def open_dossier() -> agir.Workspace:
    """A workspace with one dossier, three pilots and one theme."""
    method = agir.load_method("agir_ensemble")
    workspace = agir.Workspace(agir.MemoryStore(), methods=[method], clock=lambda: dt.datetime(2026, 9, 16, 9, tzinfo=dt.UTC))
    uid = "1b4e28ba-2fa1-4d9b-8f6e-3d1c6a9f0c21"  # drawn once, then kept: the calendar's own ids derive from it
    workspace.open("rivieres", method=method.ref, by="lead", on=START, uid=uid, title="Pays des Trois-Rivières", language="en")
    people = {"pilot/collectivite": "collectivites", "pilot/entreprise": "entreprises", "pilot/expert": "experts"}
    for address, college in people.items():
        attributes = Record.of({"college": college})
        workspace.do("rivieres", facts.declare(address, facts.Declare(attributes=attributes)), by="lead", on=START)
    workspace.do("rivieres", facts.declare("theme/mobilite", facts.Declare(label="Mobility")), by="lead", on=START)
    return workspace


def main(out: str) -> None:
    workspace = open_dossier()
    why = workspace.why_not("rivieres", facts.hold("gt1/mobilite"), by="lead", on=TODAY)
    print(f"GT1 waits for {len(why)} things, the first of them: {why[0]}")
    try:
        workspace.do("rivieres", facts.decide("copil/cadrage", "go"), by="collectivite", on=TODAY)
    except agir.errors.RefusedError as exc:
        for blocker in exc.refused.blockers:
            print(f"refused, {blocker.code}: {blocker}")
    workspace.do("rivieres", facts.deliver("activite/cadre"), by="pilotes", on=dt.date(2026, 9, 7))
    workspace.do("rivieres", facts.convene("copil/cadrage", dt.date(2026, 9, 22)), by="collectivite", on=dt.date(2026, 9, 14))
    method, dossier = workspace.method_of("rivieres"), workspace.get("rivieres")
    plan = agir.plan(method, dossier, at=TODAY)
    Path(out).write_bytes(agir.to_ics(plan, only="copils"))
    print(f"{len(plan.meetings)} meetings planned, the last on {plan.meetings[-1].day}; the copils are in {out}")
    report = agir.check(method, dossier, at=TODAY)
    print(f"verdict on {report.at}: {report.verdict}, {len(report.findings)} findings")


if __name__ == "__main__":
    main(*sys.argv[1:])
