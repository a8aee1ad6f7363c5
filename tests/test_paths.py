"""Following what lifts a refusal leads to acceptance; of what is permanent see `test_for_ever`."""

import datetime as dt
import random

import attrs
import pytest
from alphabet import alphabet, answers, odd, stamped, steps  # type: ignore[import-not-found]
from edits import method as the_method  # type: ignore[import-not-found]
from edits import read
from test_methods import fresh  # type: ignore[import-not-found]
from test_planned_rows import ALONE, BEGUN, SHARED  # type: ignore[import-not-found]
from test_story import EXAMPLES, charenton  # type: ignore[import-not-found]
from theorems.generate import case  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.answers import Accepted, As, Ask, Refused, Wait
from agir_workflow.dossier import Dossier, Label
from agir_workflow.facts import Clear, Decide, Fact, Fill, fact
from agir_workflow.method import Method
from agir_workflow.paths import path_to, what_if
from agir_workflow.position import Standing
from agir_workflow.requirements import Is
from agir_workflow.samples import command_of
from agir_workflow.values import Record
from agir_workflow.view import view_of
from agir_workflow.when import When
from agir_workflow.words import OPENS, Address, Family, Severity, Verb

WRONG = (BEGUN, ALONE, SHARED)
"""Young projects: half answered, nearly nobody there, answers that point to nothing."""


def starts() -> list[tuple[Method, Dossier]]:
    """Dossiers at many moments of their lives: two fresh ones, Charenton cut at each third fact, a hurried one."""
    method, whole = charenton()
    hurried = agir.read_dossier((EXAMPLES / "hurried" / "dossier.toml").read_bytes(), agir.load_method)
    cuts = [(method, Dossier(whole.facts[:n])) for n in range(9, len(whole.facts) - 1, 3)]
    return [fresh("charenton"), fresh("stage_gate"), hurried, *cuts]


def refusals(rng: random.Random) -> list[tuple[Method, Dossier, Fact]]:
    """
    Refused commands without a permanent blocker.

    Steps of projects at many moments of their lives, also asked by who may not; of half-answered young ones (`WRONG`) anything that could be asked;
    of random methods, new and with answers that are there and wrong, the same and what nobody has use for (`odd`).
    """
    out: list[tuple[Method, Dossier, Fact]] = []

    def some(method: Method, dossier: Dossier, commands: list[Fact], most: int) -> None:
        found = []
        for command in rng.sample(commands, len(commands)):
            decision = agir.decide(method, dossier, command)
            if isinstance(decision, Refused) and not any(b.permanent for b in decision.blockers):
                found.append((method, dossier, command))
            if len(found) == most:
                break
        out.extend(found)

    for method, dossier in starts()[::3]:
        day = max(f.on.latest for f in dossier.facts) + dt.timedelta(days=1)
        asked = stamped(steps(view_of(method, dossier), day), day)
        some(method, dossier, asked, 3)
        if roles := method.list_(method.roles):
            firm, again = enforced(method), Dossier(dossier.facts)
            by_another = [f.stamped(agir.Stamp(on=When(day), by=roles.words[-1].id)) for f in asked]
            some(firm, again, [c for c in by_another if any(b.family is Family.ROLE for b in agir.why_not(firm, again, c))], 1)
    for text in WRONG:
        dossier = read(text)
        day = dossier.start + dt.timedelta(days=1)
        some(the_method(), dossier, alphabet(the_method(), dossier, day), 8)
    for seed in range(22):
        given = case(seed)
        for dossier in (given.dossier, spoilt(given.method, given.dossier)):
            day = dossier.start + dt.timedelta(days=1)
            some(given.method, dossier, alphabet(given.method, dossier, day), 3)
            some(given.method, dossier, odd(given.method, dossier, day), 2)
    return out


def enforced(method: Method) -> Method:
    """The same method in which only those may do a thing whose role it is: a remark of the packaged one, an error where a territory says so."""
    return attrs.evolve(method, requirements=tuple(attrs.evolve(r, severity=Severity.ERROR) if r.is_ is Is.BY and not r.param("seats") else r for r in method.requirements))


def spoilt(method: Method, dossier: Dossier) -> Dossier:
    """The dossier with every answer said, and said badly: with holes, and of some too many."""
    view = view_of(method, dossier)
    for fill in stamped(answers(view), dossier.start):
        assert isinstance(fill.args, (Fill, Clear))
        if isinstance(fill.args, Fill):
            for _ in range(1 + 6 * isinstance(fill.args.value, tuple)):
                dossier = agir.evolve(method, dossier, fill)
    return dossier


def test_following_the_lifts_leads_to_acceptance() -> None:
    cases = refusals(random.Random(7))
    assert len(cases) >= 200
    lifts = [b for m, d, c in cases for x in agir.why_not(m, d, c) for b in x.lifts]
    assert {type(x) for x in lifts} == {Ask, Wait, As}
    verbs = {x.verb for x in lifts if isinstance(x, Ask)}
    assert {Verb.FILL, Verb.CLEAR, Verb.DECLARE, Verb.HOLD, Verb.DECIDE, Verb.DELIVER, Verb.CONVENE, Verb.AGREE} <= verbs
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


def test_an_answer_that_lacks_a_field_is_said_anew() -> None:
    """One of several answers that bears no id can only be withdrawn, with what stands beside it, and all be said again; one with an id is said again."""
    method, dossier = the_method(), read(BEGUN)
    day = dossier.start + dt.timedelta(days=1)
    first = agir.facts.deliver("activite/choix_themes").stamped(agir.Stamp(on=When(day), by="lead"))
    (bare,) = [b for b in agir.why_not(method, dossier, first) if b.code == "CAD051"]
    assert [x for x in bare.lifts if isinstance(x, Ask)] == [Ask(Verb.CLEAR, Address("etape"))]
    synthesis = agir.facts.deliver("activite/synthese").stamped(agir.Stamp(on=When(day), by="lead"))
    named = next(b for b in agir.why_not(method, dossier, synthesis) if b.key == "EXP020 @ theme/insertion")
    assert named.lifts == (Ask(Verb.FILL, Address("action/insertion"), Record((("id", "a1"),))), Ask(Verb.CLEAR, Address("action/insertion"), Record((("item", "a1"),))))


def test_somebody_undeclared_is_to_be_declared() -> None:
    """A command that speaks of nobody known cannot be read as yet: declaring them lifts that, where nothing else stands in the way for good."""
    method, dossier = the_method(), read(BEGUN)
    day = dossier.start + dt.timedelta(days=1)
    for command, kind in ((agir.facts.hold("gt1/logement"), "theme"), (agir.facts.fill("positionnement/mairie", Record((("position", "pour"),))), "pilot")):
        asked = command.stamped(agir.Stamp(on=When(day), by="lead"))
        (blocker,) = agir.why_not(method, dossier, asked)
        assert (blocker.code, blocker.permanent) == ("input.unknown", None)
        assert blocker.lifts == (Ask(Verb.DECLARE, Address(f"{kind}/{command.address.partition('/')[2]}")),)
        path = path_to(method, dossier, asked)
        assert path.complete
    over = agir.evolve(method, dossier, agir.facts.fact(Verb.ABANDON, "dossier").stamped(agir.Stamp(on=When(day), by="lead")))
    assert [b.code for b in agir.why_not(method, over, agir.facts.hold("gt1/logement").stamped(agir.Stamp(on=When(day), by="lead"))) if b.permanent] == ["state.abandoned"]


def test_an_id_is_free_the_day_after_its_bearer_ended() -> None:
    """A theme that was dropped may be taken up again under its id; the id of one that goes on is another's no more than its answers are."""
    method, dossier = fresh("charenton")
    again = agir.facts.declare("theme/insertion").stamped(agir.Stamp(on=When(dossier.start), by="lead"))
    (blocker,) = agir.why_not(method, dossier, again)
    assert (blocker.code, blocker.lifts) == ("input.twice", (Ask(Verb.END, Address("theme/insertion")),))
    path = path_to(method, dossier, again)
    assert [(c.verb, c.on.earliest - dossier.start) for c in path.commands] == [(Verb.END, dt.timedelta(0)), (Verb.DECLARE, dt.timedelta(days=1))]
    lanes = [x for x in view_of(method, what_if(method, dossier, path.commands).dossier).position.labels() if x.inst == ("insertion",)]
    assert lanes == [x for x in view_of(method, dossier).position.labels() if x.inst == ("insertion",)]


def test_who_is_taken_up_again_goes_on_where_they_ended() -> None:
    """Dropped and taken up again is neither a way to do a step twice nor one to do it out of its turn; what was left open is open again."""
    method, whole = charenton()
    dossier = Dossier(whole.facts[:120])
    day = max(f.on.latest for f in dossier.facts) + dt.timedelta(days=1)
    before = view_of(method, dossier).position
    lane = [x for x in before.labels() if x.inst == ("insertion",)]
    held, ahead = (next(x for x in lane if before.standing(x) is s) for s in (Standing.DONE, Standing.ENABLED))
    gone = what_if(method, dossier, stamped([fact(Verb.END, "theme/insertion")], day)).dossier
    (blocker,) = [b for b in agir.why_not(method, gone, asked(method, gone, ahead, day)) if b.code == "state.passed"]
    assert blocker.lifts == (Ask(Verb.DECLARE, Address("theme/insertion")),)
    assert blocker.text.fr.endswith("« Thématique — Insertion des jeunes » a pris fin."), "not that the project is further on"
    assert all(b.permanent for b in agir.why_not(method, gone, asked(method, gone, held, day)) if b.code == "state.passed")
    path = path_to(method, gone, asked(method, gone, ahead, day))
    assert path.complete
    after = view_of(method, what_if(method, gone, path.commands[:-1]).dossier).position
    assert [after.standing(x) for x in lane] == [before.standing(x) for x in lane]


def asked(method: Method, dossier: Dossier, label: Label, day: dt.date) -> Fact:
    leaf = method.words.leaves[label.leaf]
    return command_of(view_of(method, dossier), Ask(OPENS[leaf.sort], leaf.at(label.inst)), day).stamped(agir.Stamp(on=When(day), by="lead"))


def test_votes_are_counted_whichever_way_a_decision_is_asked() -> None:
    """The plain decision of a body that sits is answered by a short way; not one whose votes say something else."""
    for seed in range(9):
        given = case(seed)
        for leaf in (x for x in given.method.leaves if x.decisions and not x.scope):
            day = given.dossier.start + dt.timedelta(days=1)
            path = path_to(given.method, given.dossier, command_of(view_of(given.method, given.dossier), Ask(Verb.DECIDE, leaf.at(())), day).stamped(agir.Stamp(on=When(day), by="lead")))
            sits = what_if(given.method, given.dossier, path.commands[:-1]).dossier
            against = attrs.evolve(path.commands[-1], args=Decide(value=leaf.decisions[0], votes=Record(((leaf.decisions[-1], 3),))))
            assert [b.code for b in agir.why_not(given.method, sits, against)] == ["input.votes"]


def test_nobody_is_called_what_is_no_name() -> None:
    method, dossier = fresh("charenton")
    for id in ("*", "…", "a b", "x" * 81):
        (blocker,) = agir.why_not(method, dossier, agir.facts.declare(f"theme/{id}").stamped(agir.Stamp(on=When(dossier.start), by="lead")))
        assert (blocker.code, bool(blocker.permanent)) == ("input.address", True)


def test_a_step_of_nobody_in_particular_is_nobodys() -> None:
    """A plan calls the step of whom nobody has named «*»: whoever is declared, the step is theirs, and never that one."""
    method, dossier = fresh("stage_gate")
    leaf = next(x for x in method.leaves if x.scope)
    asked = command_of(view_of(method, dossier), Ask(OPENS[leaf.sort], Address(leaf.at(("*",) * len(leaf.scope)))), dossier.start)
    (blocker,) = agir.why_not(method, dossier, asked.stamped(agir.Stamp(on=When(dossier.start), by="lead")))
    assert (blocker.code, blocker.lifts) == ("input.unknown", ())
    assert blocker.permanent


@pytest.mark.parametrize("name", ["charenton", "stage_gate"])
def test_the_end_can_be_reached_from_the_beginning(name: str) -> None:
    method, dossier = fresh(name)
    day = When(dossier.start)
    path = path_to(method, dossier, agir.facts.close().stamped(agir.Stamp(on=day, by="lead")))
    assert path.complete, [str(b) for b in path.stuck]
    assert path.commands[-1].verb is Verb.CLOSE
    end = what_if(method, dossier, path.commands[:-1]).dossier
    assert view_of(method, end).position.to_do() == (), "a run is closed when its tree is complete"


def test_what_if_leaves_the_dossier_alone() -> None:
    method, dossier = fresh("charenton")
    before = dossier.facts
    what_if(method, dossier, [agir.facts.deliver("activite/cadre").stamped(agir.Stamp(on=When(dossier.start), by="lead"))])
    assert dossier.facts == before


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


def test_a_step_that_the_run_has_left_behind_lifts_nothing() -> None:
    """A gate that said no, and a step after it told all the same: no loop brings the gate back, and its redo is offered no more."""
    text = (EXAMPLES / "stage_gate" / "method.toml").read_text(encoding="utf-8").replace('each = "module", due = "making"', 'each = "module", due = "prototype"')
    method = agir.read_method(text.encode(), "method.toml")
    _, dossier = agir.read_dossier((EXAMPLES / "stage_gate" / "dossier.toml").read_bytes(), lambda _: method)
    stamp = agir.Stamp(on=When(dossier.start + dt.timedelta(days=30)), by="gatekeeper")
    told = [agir.facts.hold("gate/screening"), agir.facts.decide("gate/screening", "recycle"), agir.facts.deliver("step/prototype/optics")]
    for n, done in enumerate(told):
        (blocker,) = [b for b in agir.why_not(method, dossier, agir.facts.deliver("step/prototype/mount").stamped(stamp)) if b.code == "SG02"]
        assert [x.address for x in blocker.lifts if isinstance(x, Ask)] == [("gate/screening", "gate/screening", "step/rewrite")[n]]
        dossier = agir.evolve(method, dossier, done.stamped(stamp))
    redo = agir.facts.deliver("step/rewrite").stamped(stamp)
    assert [b.code for b in agir.why_not(method, dossier, redo)] == ["state.passed"]
    (blocker,) = [b for b in agir.why_not(method, dossier, agir.facts.deliver("step/prototype/mount").stamped(stamp)) if b.code == "SG02"]
    assert [x.verb for x in blocker.lifts if isinstance(x, Ask)] in ([], [Verb.DEROGATE])
    assert bool(blocker.lifts) is (blocker.permanent is None)


def test_a_sitting_that_would_lack_its_quorum_may_be_held_by_more() -> None:
    """What a second call needs is a first that was held; of one that is only asked for, the way out is that more are there."""
    text = (EXAMPLES / "temoin" / "dossier.toml").read_text(encoding="utf-8").replace('regime = "usage"', 'regime = "crpa"', 1)
    method, whole = agir.read_dossier(text.encode(), agir.load_method)
    held = next(f for f in whole.facts if f.verb is Verb.HOLD and f.address == "copil/cadrage")
    dossier = Dossier(whole.facts[: whole.facts.index(held)])
    stamp = held.stamp
    assert stamp is not None
    alone = agir.facts.hold("copil/cadrage", agir.facts.Hold(attendance=Record.of({"collectivites": 1}))).stamped(stamp)
    (blocker,) = [b for b in agir.why_not(method, dossier, alone) if b.code == "COP008"]
    assert [x.verb for x in blocker.lifts if isinstance(x, Ask)] == [Verb.HOLD, Verb.CONVENE]
    path = path_to(method, dossier, alone)
    assert path.complete, [str(b) for b in path.stuck]
