"""The dossier of Charenton, as it is asked about, and with a thousand facts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import agir_workflow as agir
from agir_workflow import facts
from agir_workflow.answers import Accepted, Ask
from agir_workflow.facts import Fact, Stamp, When
from agir_workflow.samples import command_of
from agir_workflow.values import Record
from agir_workflow.view import corrected, view_of
from agir_workflow.words import Verb

ROOT = Path(__file__).parents[1]
DAY = dt.date(2012, 4, 2)


def read(name: str, method: agir.Method) -> agir.Dossier:
    return agir.read_dossier((ROOT / "examples" / name / "dossier.toml").read_bytes(), lambda _: method)[1]


def mix(method: agir.Method, dossier: agir.Dossier) -> tuple[list[Fact], list[Fact]]:
    """The commands of the day: those that are accepted, and those that are refused (not yet, or already done)."""
    view, stamp = view_of(method, dossier), Stamp(on=When(DAY), by="lead")
    steps = agir.possible(method, dossier, on=DAY, by="lead")
    asked = [command_of(view, Ask(s.verb, s.address), DAY).stamped(stamp) for s in steps]
    asked += [command_of(view, Ask(v, a), DAY).stamped(stamp)
              for v, a in ((Verb.HOLD, "gt1/insertion"), (Verb.HOLD, "plenary/lancement"), (Verb.DELIVER, "activite/contenus/handicap"))]  # fmt: skip
    asked += [f.stamped(stamp) for f in (facts.convene("copil/synthese", dt.date(2012, 6, 7)), facts.fill("objectif", Record.of({"texte": "…", "pour": ("enjeu_territoire",)})),
                                         facts.deliver("livrable/plan_action/insertion"), facts.approve("livrable/synthese"))]  # fmt: skip
    accepted = [c for c in asked if isinstance(agir.decide(method, dossier, c), Accepted)]
    return accepted, [c for c in asked if c not in accepted]


def journal(dossier: agir.Dossier, size: int = 1000) -> tuple[Fact, ...]:
    """
    Charenton with more in it, in the order of days: twenty more interviews with their minutes; stakes,
    leads and actions written again; a framing document delivered, submitted, returned; closed at the end.
    """
    first, *rest = corrected(dossier)
    close = rest.pop()
    more: list[Fact] = []

    def tell(fact: Fact, on: dt.date, by: str = "expert") -> None:
        more.append(fact.stamped(Stamp(on=When(on), by=by)))

    for n in range(20):
        on = dt.date(2011, 10, 17) + dt.timedelta(days=n)
        attributes = Record.of({"qualite": "participant_groupe", "college": "associations"})
        theme = ("insertion", "handicap", "precarite")[n % 3]
        tell(facts.declare(f"interviewee/more-{n}", facts.Declare(label=f"More {n}", inside=theme, attributes=attributes)), dt.date(2011, 10, 13))
        tell(facts.deliver(f"entretien/more-{n}"), on)
        tell(facts.deliver(f"compte_rendu_entretien/more-{n}"), on + dt.timedelta(days=7))
    count = size - len(rest) - 2 - len(more)
    for n in range(count):
        theme, on = ("insertion", "handicap", "precarite")[n // 6 % 3], dt.date(2012, 3, 16) + dt.timedelta(days=n * 450 // count)
        again = 1 + n // 18 % 2
        match n % 6:
            case 0:
                tell(facts.fill(f"enjeu/{theme}", (Record.of({"id": f"e{again}", "texte": f"stake, version {n}", "niveau": "individuel"}),)), on, "animateurs")
            case 2:
                tell(facts.fill(f"piste/{theme}", (Record.of({"id": f"p{again}", "texte": f"lead, version {n}", "repond_a": (f"e{again}",)}),)), on, "animateurs")
            case 4:
                action = {"id": f"a{again}", "texte": f"action, version {n}", "terme": "court", "pour": "pour_territoire", "issue_de": f"p{again}"}
                tell(facts.fill(f"action/{theme}", (Record.of(action),)), on, "animateurs")
            case 1:
                tell(facts.deliver("livrable/cadre"), on, "pilotes")
            case 3:
                tell(facts.submit("livrable/cadre"), on, "pilotes")
            case _:
                tell(facts.fact(Verb.RETURN, "livrable/cadre"), on, "pilotes")
    out = (first, *sorted((*rest, *more), key=lambda f: f.on.earliest), close)
    assert len(out) == size
    return out
