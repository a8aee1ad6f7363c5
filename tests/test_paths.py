"""Following what lifts a refusal leads to acceptance; what is permanent stays refused."""

import datetime as dt
import random

import pytest
from edits import method as the_method  # type: ignore[import-not-found]
from edits import read
from test_methods import fresh  # type: ignore[import-not-found]
from test_planned_rows import BEGUN  # type: ignore[import-not-found]
from test_story import EXAMPLES, charenton  # type: ignore[import-not-found]
from theorems.generate import case  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.answers import Accepted, Ask, Refused
from agir_workflow.dossier import Dossier
from agir_workflow.facts import Fact
from agir_workflow.method import Method
from agir_workflow.paths import path_to, what_if
from agir_workflow.samples import command_of
from agir_workflow.view import view_of
from agir_workflow.when import When
from agir_workflow.words import OPENS, Address, Family, Verb


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


# -- what is said to be for ever -----------------------------------------------------------------------------


def alphabet(method: Method, dossier: Dossier, day: dt.date) -> list[Fact]:
    """Everything that somebody could ask of a dossier: each step, decision, paper and answer, and each move of the run."""
    view, out = view_of(method, dossier), []
    for label in [x for x in view.position.labels() if "*" not in x.inst]:
        leaf = method.words.leaves[label.leaf]
        out.append(command_of(view, Ask(OPENS[leaf.sort], leaf.at(label.inst)), day))
        out += [agir.facts.decide(leaf.at(label.inst), value) for value in leaf.decisions]
    out += [command_of(view, Ask(verb, Address("dossier")), day) for verb in (Verb.SUSPEND, Verb.RESUME, Verb.ABANDON, Verb.CLOSE)]
    return [f.stamped(agir.Stamp(on=When(day), by="nobody")) for f in out]


def way(method: Method, dossier: Dossier, command: Fact, day: dt.date, most: int) -> tuple[Fact, ...] | None:
    """Commands, at most so many, after which another is accepted; None where there are none."""
    day += dt.timedelta(days=1)
    for first in alphabet(method, dossier, day) if most else ():
        decision = agir.decide(method, dossier, first)
        if not isinstance(decision, Accepted):
            continue
        after = agir.evolve(method, dossier, decision.events[0])
        last = command.stamped(agir.Stamp(on=When(day), by="nobody"))
        if isinstance(agir.decide(method, after, last), Accepted):
            return (first,)
        if (rest := way(method, after, command, day, most - 1)) is not None:
            return (first, *rest)
    return None


def test_no_three_commands_lead_past_what_is_permanent() -> None:
    """
    Over random methods, with the steps of a walk: of each permanent code some refusals, and every sequence after them.

    A command that cannot be read (`input.*`) is another thing: it is itself to be written anew.
    """
    seen: dict[str, int] = {}
    for seed in range(24):
        given = case(seed)
        rng, dossier = random.Random(seed), given.dossier
        day = dossier.start
        for _ in range(14):
            asked = alphabet(given.method, dossier, day)
            for command in rng.sample(asked, min(6, len(asked))):
                for blocker in agir.why_not(given.method, dossier, command):
                    if blocker.permanent and blocker.family is not Family.INPUT and seen.get(blocker.code, 0) < 6 and len(asked) < 24:
                        seen[blocker.code] = seen.get(blocker.code, 0) + 1
                        found = way(given.method, dossier, command, day, 3)
                        assert found is None, (seed, blocker.key, [(f.verb, f.address) for f in found])
            taken = [c for c in asked if c.verb not in (Verb.ABANDON, Verb.SUSPEND) and isinstance(agir.decide(given.method, dossier, c), Accepted)]
            end = [c for c in asked if c.verb is Verb.ABANDON]
            choice = rng.choice(taken if taken and rng.random() < 0.95 else end or asked)
            decision = agir.decide(given.method, dossier, choice)
            if isinstance(decision, Accepted):
                dossier = agir.evolve(given.method, dossier, decision.events[0])
            day += dt.timedelta(days=rng.choice([0, 3, 30]))
    assert {"state.done", "state.passed", "state.closed", "state.abandoned"} <= set(seen), seen


def test_an_agreement_is_given_again_to_a_newer_version() -> None:
    """An agreement to an older version than another's holds the next phase back; agreeing to that one needs no new round."""
    method, dossier = the_method(), read(BEGUN)
    day = dossier.start + dt.timedelta(days=1)
    first = agir.facts.deliver("activite/choix_themes").stamped(agir.Stamp(on=When(day), by="lead"))
    stale = next(b for b in agir.why_not(method, dossier, first) if b.key == "CAD004 @ accord/collectivite")
    (lift,) = stale.lifts
    assert isinstance(lift, Ask)
    again = command_of(view_of(method, dossier), lift, day).stamped(agir.Stamp(on=When(day), by="lead"))
    after = what_if(method, dossier, [again])
    assert isinstance(after.decisions[0], Accepted)
    assert "CAD004 @ accord/collectivite" not in [b.key for b in agir.why_not(method, after.dossier, first)]
    assert view_of(method, Dossier(after.dossier.facts)).position == view_of(method, dossier).position
    assert isinstance(agir.decide(method, after.dossier, again), Refused), "to the same version it is given once"
