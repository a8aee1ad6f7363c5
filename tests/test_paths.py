"""Following what lifts a refusal leads to acceptance; what is permanent stays refused."""

import datetime as dt
import random

import pytest
from test_methods import fresh  # type: ignore[import-not-found]
from test_story import EXAMPLES, charenton  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.answers import Accepted, Ask, Refused
from agir_workflow.dossier import Dossier
from agir_workflow.facts import Fact
from agir_workflow.method import Method
from agir_workflow.paths import path_to, what_if
from agir_workflow.samples import command_of
from agir_workflow.view import view_of
from agir_workflow.when import When
from agir_workflow.words import OPENS, Verb


def starts() -> list[tuple[Method, Dossier]]:
    """Dossiers at many moments of their lives: two fresh ones, Charenton cut at each third fact, a hurried one."""
    method, whole = charenton()
    hurried = agir.read_dossier((EXAMPLES / "hurried" / "dossier.toml").read_bytes(), agir.load_method)
    cuts = [(method, Dossier(whole.facts[:n])) for n in range(9, len(whole.facts) - 1, 3)]
    return [fresh("charenton"), fresh("stage_gate"), hurried, *cuts]


def refusals(rng: random.Random, most: int) -> list[tuple[Method, Dossier, Fact]]:
    out: list[tuple[Method, Dossier, Fact]] = []
    for method, dossier in starts():
        view = view_of(method, dossier)
        day = max(f.on.latest for f in dossier.facts) + dt.timedelta(days=1)
        labels = [x for x in view.position.labels() if "*" not in x.inst]
        for label in rng.sample(labels, min(8, len(labels))):
            leaf = method.words.leaves[label.leaf]
            command = command_of(view, Ask(OPENS[leaf.sort], leaf.at(label.inst)), day).stamped(agir.Stamp(on=When(day), by="lead"))
            decision = agir.decide(method, dossier, command)
            if isinstance(decision, Refused) and not any(b.permanent for b in decision.blockers):
                out.append((method, dossier, command))
    rng.shuffle(out)
    return out[:most]


def test_following_the_lifts_leads_to_acceptance() -> None:
    cases = refusals(random.Random(7), 260)
    assert len(cases) >= 200
    lost = []
    for method, dossier, command in cases:
        path = path_to(method, dossier, command)
        if not path.complete:
            lost.append((command.verb, command.address, [str(b) for b in path.stuck]))
            continue
        supposed = what_if(method, dossier, path.commands)
        assert all(isinstance(d, Accepted) for d in supposed.decisions)
        assert (path.commands[-1].verb, path.commands[-1].address) == (command.verb, command.address)
    assert lost == []


@pytest.mark.parametrize("name", ["charenton", "stage_gate"])
def test_the_end_can_be_reached_from_the_beginning(name: str) -> None:
    method, dossier = fresh(name)
    day = When(dossier.start)
    path = path_to(method, dossier, agir.facts.close().stamped(agir.Stamp(on=day, by="lead")))
    assert path.complete, [str(b) for b in path.stuck]
    assert path.commands[-1].verb is Verb.CLOSE


def test_what_if_leaves_the_dossier_alone() -> None:
    method, dossier = fresh("charenton")
    before = dossier.facts
    what_if(method, dossier, [agir.facts.deliver("activite/cadre").stamped(agir.Stamp(on=When(dossier.start), by="lead"))])
    assert dossier.facts == before
