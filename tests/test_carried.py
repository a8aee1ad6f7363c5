"""Answers kept from one fact to the next are those that a dossier never asked before would give."""

from __future__ import annotations

import datetime as dt
import pickle
import random

import pytest
import test_walk as walk  # type: ignore[import-not-found]
from edits import method as the_method  # type: ignore[import-not-found]
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_story import charenton  # type: ignore[import-not-found]
from theorems.generate import case  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow._kept import DEPTH, Answers
from agir_workflow.answers import Accepted, Ask, Decision, NextStep
from agir_workflow.carried import Traced
from agir_workflow.dossier import Dossier, shared
from agir_workflow.engine import _decided, _decision
from agir_workflow.facts import Fact, Stamp
from agir_workflow.method import Method
from agir_workflow.readings.binding import ask_label
from agir_workflow.readings.surely import surely
from agir_workflow.samples import command_of
from agir_workflow.view import RUN, View, corrected, tip_of, view_of
from agir_workflow.when import When
from agir_workflow.words import ANONYMOUS, Verb

NEVER_CHANGES = {"method", "words", "profile", "regime", "start"}
"""What a view that comes of another has from it unchanged, whatever the fact."""
NOT_READ = {"answers", "newest", "_vague", "jumped", "_done_at", "_steps", "looked", "_as_of", "_touched", "_mine", "tip", "counted", "_titles", "_sat", "_held", "_reach", "_by_id", "_of_kind", "_opened"}
"""What only the fold and the view's own methods look at; those that a row may call are noted by their name."""


def test_every_table_of_a_view_is_noted_when_it_is_read() -> None:
    method, dossier = charenton()
    view = view_of(method, dossier)
    view.position, view.cleared  # noqa: B018  (made, so that they are among the tables)
    noted = {name for name, what in vars(Traced).items() if isinstance(what, property)} - {"looked"}  # empty for each who is traced
    assert set(vars(view)) - NEVER_CHANGES - NOT_READ == noted


def asked(method: Method, dossier: Dossier, command: Fact, day: dt.date) -> tuple[Decision, tuple[NextStep, ...]]:
    return agir.decide(method, dossier, command), agir.possible(method, dossier, on=day, by="lead")


def test_answers_carried_over_a_walk_are_those_of_a_view_made_anew() -> None:
    rng, method = random.Random(1789), the_method()
    starts = walk.beginnings(rng)
    dossier, guide = next(starts), walk.Guide(rng, dt.date(2011, 9, 1))
    for n in range(240):
        if n % 60 == 0 or view_of(method, dossier).state(RUN, agir.facts.DOSSIER) in ("abandoned", "closed"):
            dossier = next(starts)
            guide = walk.Guide(rng, max(f.on.latest for f in dossier.facts) + dt.timedelta(days=1), careful=n % 2 == 0)
        view = view_of(method, dossier)
        view.position  # noqa: B018  (known, so that it is carried over too)
        odd = rng.random() < 0.5
        command = walk.stamped(rng, walk.wild(rng, view, guide.day) if odd else guide.command(view), guide.day, "lead", odd=odd)
        found = asked(method, dossier, command, guide.day)
        if n % 3 == 0:
            assert found == asked(method, Dossier(dossier.facts), command, guide.day), (n, command)
        if isinstance(found[0], Accepted) or rng.random() < 0.2:
            dossier = walk.evolve(walk.Walk(), method, dossier, (command,))
        elif not odd:
            guide.refused(command, found[0].blockers)
        guide.day += dt.timedelta(days=rng.choice((0, 0, 0, 1, 7)))


def test_answers_carried_over_are_right_under_any_method() -> None:
    for seed in range(6):
        given, rng = case(seed), random.Random(seed)
        dossier, day = given.dossier, given.dossier.start
        for _ in range(30):
            view_of(given.method, dossier).position  # noqa: B018
            steps = agir.possible(given.method, dossier, on=day, by="lead")
            assert steps == agir.possible(given.method, Dossier(dossier.facts), on=day, by="lead"), seed
            if not steps:
                break
            step = rng.choice([s for s in steps if not s.blockers] or steps)
            lifts = [x for b in step.blockers for x in b.lifts if isinstance(x, Ask)]
            ask = rng.choice(lifts) if lifts else Ask(step.verb, step.address)
            command = command_of(view_of(given.method, dossier), ask, day).stamped(Stamp(on=When(day), by="lead"))
            dossier = agir.evolve(given.method, dossier, command)
            day += dt.timedelta(days=rng.choice((0, 1, 4)))


def test_the_short_way_to_yes_is_only_taken_where_the_guard_says_yes_without_a_remark() -> None:
    yes = 0
    for seed in range(24):
        given, rng = case(seed), random.Random(seed)
        dossier, day = given.dossier, given.dossier.start
        for _ in range(24):
            view = view_of(given.method, dossier)
            told = list(view.position.labels())
            asks = [ask_label(view, label) for label in rng.sample(told, min(6, len(told))) if ANONYMOUS not in label.inst]
            for ask in asks:
                filled = command_of(view, ask, day).stamped(Stamp(on=When(day), by="lead"))
                bare = filled if ask.verb is Verb.DECIDE else agir.facts.fact(ask.verb, ask.address).stamped(Stamp(on=When(day), by="lead"))
                for command in (bare, filled):
                    if surely(tip_of(given.method, dossier), command):
                        yes += 1
                        assert _decided(View(given.method, Dossier(dossier.facts)), command) == Accepted((command,)), (seed, command)
            steps = agir.possible(given.method, dossier, on=day, by="lead")
            if not steps:
                break
            step = rng.choice([s for s in steps if not s.blockers] or steps)
            lifts = [x for b in step.blockers for x in b.lifts if isinstance(x, Ask)]
            ask = rng.choice(lifts) if lifts else Ask(step.verb, step.address)
            dossier = agir.evolve(given.method, dossier, command_of(view, ask, day).stamped(Stamp(on=When(day), by="lead")))
            day += dt.timedelta(days=rng.choice((0, 1, 4)))
    assert yes > 100


def told_at_random(method: Method, dossier: Dossier, rng: random.Random, day: dt.date) -> Fact:
    """A step, plain or not, mostly in turn and mostly in order; now and then an end, an instance more, a correction."""
    view = view_of(method, Dossier(dossier.facts))
    by, early = "lead", day - dt.timedelta(days=rng.choice((0, 0, 0, 0, 0, 0, 3)))
    on = When(early, early + dt.timedelta(days=rng.choice((0, 0, 0, 0, 0, 0, 0, 2))))
    kinds = [i for i in view.instances if i.off is None]
    odd = rng.random()
    if odd < 0.06 and kinds:
        one = rng.choice(kinds)
        verb, address = (Verb.END, f"{one.kind}/{one.id}") if odd < 0.03 else (Verb.DECLARE, f"{one.kind}/late-{dossier.version}")
        return agir.facts.fact(verb, address).stamped(Stamp(on=on, by=by))
    if odd < 0.08 and dossier.version > 2:
        of = rng.randint(2, dossier.version)
        right = agir.facts.Correct(of=of, on=on) if rng.random() < 0.6 else agir.facts.Correct(of=of, void=True)
        return Fact(Verb.CORRECT, agir.facts.DOSSIER, right, Stamp(on=on, by=by))
    labels = [x for x in (view.position.enabled() if odd < 0.85 else view.position.labels()) if ANONYMOUS not in x.inst]
    if not labels:
        return agir.facts.fact(Verb.SUSPEND, agir.facts.DOSSIER).stamped(Stamp(on=on, by=by))
    ask = ask_label(view, rng.choice(labels))
    if rng.random() < 0.5 and ask.verb in (Verb.HOLD, Verb.DELIVER):
        return agir.facts.fact(ask.verb, ask.address).stamped(Stamp(on=on, by=by))
    return command_of(view, ask, day).stamped(Stamp(on=on, by=by))


PLAIN = """
kinds = [{ id = "group", label = { fr = "groupe", en = "group" }, origin = "default" }]
leaves = [
    { id = "launch", sort = "meeting", label = { fr = "Lancement", en = "Launch" }, address = "launch", origin = "default" },
    { id = "talk", sort = "meeting", label = { fr = "Séance", en = "Talk" }, address = "talk/{group}", origin = "default" },
    { id = "vote", sort = "decision", label = { fr = "Copil", en = "Vote" }, address = "vote", decisions = ["go", "no_go"], origin = "default" },
    { id = "feast", sort = "meeting", label = { fr = "Fête", en = "Feast" }, address = "feast", origin = "default" },
]
facets = [{ id = "seat", label = { fr = "siège", en = "seat" }, scope = "group", many = true, origin = "default" }]
regimes = [{ id = "usage", label = { fr = "usage", en = "usage" }, origin = "default" }]
profiles = [{ id = "plain", label = { fr = "simple", en = "plain" }, origin = "default" }]
requirements = [
    { code = "B1", is = "count", of = "seat", each = "group", min = 2, due = "talk", aspect = "cardinality", severity = "error", origin = "default", why = { fr = "{subject} : {value}, pour {bound}.", en = "{subject}: {value}, {bound} wanted." }, fix = { fr = "Inviter.", en = "Invite." } },
    { code = "B2", is = "gap", a = "launch", b = "talk", min = "3d", due = "talk", aspect = "temporal", severity = "error", origin = "default", why = { fr = "{subject} : {value}, pour {bound}.", en = "{subject}: {value}, {bound} wanted." }, fix = { fr = "Attendre.", en = "Wait." } },
    { code = "B3", is = "decided", by = "vote", values = ["go"], before = "feast", due = "feast", aspect = "behavioural", severity = "error", origin = "default", why = { fr = "{subject} : {missing}.", en = "{subject}: {missing}." }, fix = { fr = "Décider.", en = "Decide." } },
]
method = { name = "plain", version = 1, title = { fr = "Un peu de tout", en = "A bit of all" }, origin = "default", verdict_per = "group", default_profile = "plain", default_regime = "usage" }
[tree]
root = "plain"
plain = { seq = ["launch", "talks", "vote", "feast"] }
talks = { each = { of = "group", run = "talk" } }
"""
LIFE = (
    "0 declare group/a", "0 declare group/b", "1 fill seat/a x", "1 fill seat/a y", "1 fill seat/b x", "1 fill seat/b y",
    "2 hold launch", "6 hold talk/a", "6 hold talk/b", "7 hold vote", "7 decide vote go", "8 hold feast",
)  # fmt: skip
BENT = {
    "in order": {},
    "too soon": {7: "4 hold talk/a"},
    "a seat withdrawn": {6: "2 hold launch; 5 hold talk/b; 5 clear seat/a x"},
    "a session again, after the vote": {10: "7 decide vote go; 7 hold talk/a"},
    "ended on the day of its session": {7: "6 end group/b"},
    "decided before it was held": {9: "7 decide vote go", 10: "7 hold vote"},
    "decided otherwise": {10: "7 decide vote no_go"},
    "held twice before it decided": {8: "6 hold vote", 9: "7 hold vote"},
    "a rough day, then a step within it": {6: "2~4 hold launch", 7: "3 hold talk/a"},
    "late news of an early day": {8: "1 hold launch"},
    "a session before the launch, on one day": {6: "6 hold talk/a", 7: "6 hold launch"},
    "the feast before the vote, on one day": {9: "7 hold feast", 10: "7 hold vote; 7 decide vote go"},
    "the launch known roughly, the first session in that time": {6: "2~9 hold launch", 7: "6 hold talk/a"},
    "a day corrected": {8: "6 correct dossier 8"},
    "suspended": {7: "6 suspend dossier"},
    "decided some day by that of its sitting, then held again": {9: "5~7 decide vote go", 10: "7 hold vote; 8 hold vote"},
    "the same, told in turn": {9: "7 hold vote", 10: "5~7 decide vote go; 8 hold vote"},
    "the same, held again on that day": {9: "7 hold vote", 10: "5~7 decide vote go; 7 hold launch; 7 hold vote"},
    "a sitting on the last of the days in which it was decided, after something else of that day": {9: "5~7 decide vote go", 10: "7 hold launch; 7 hold vote"},
}


def spoken(said: str) -> Fact:
    when, verb, address, *rest = said.split()
    first, _, last = when.partition("~")
    on = When(*(dt.date(2026, 1, 1) + dt.timedelta(days=int(n)) for n in (first, last) if n))
    args: dict[str, agir.facts.Args] = {
        "fill": agir.facts.Fill(value="".join(rest)), "clear": agir.facts.Clear(item="".join(rest)), "decide": agir.facts.Decide(value="".join(rest)),
        "correct": agir.facts.Correct(of=8, on=When(dt.date(2026, 1, 5))),
    }  # fmt: skip
    return agir.facts.fact(Verb(verb), address, args.get(verb)).stamped(Stamp(on=on, by="lead"))


@pytest.mark.parametrize("read", ["asked", "told", "read"])
@pytest.mark.parametrize("bent", BENT)
def test_a_short_life_told_plainly_or_not(bent: str, read: str) -> None:
    method = agir.read_method(PLAIN.encode(), "plain.toml")
    _, dossier = agir.read_dossier(b'[dossier]\nid = "plain"\nmethod = "plain@1"\nstart = 2026-01-01\n', lambda _: method)
    life = [said for n, plain in enumerate(LIFE) for said in BENT[bent].get(n, plain).split("; ")]
    for n, said in enumerate(life):
        fact = spoken(said)
        if read == "read" or n == 6:
            assert walk.same_view(method, dossier) == [], fact
        if read != "told":
            anew = Dossier(dossier.facts)
            assert agir.decide(method, dossier, fact) == _decision(view_of(method, anew), fact), fact
        dossier = agir.evolve(method, dossier, fact)
    assert walk.same_view(method, dossier) == []


@settings(max_examples=25, deadline=None)
@example(seed=9622, looks=0.5)  # held on the 19th, decided on one of the 17th to the 19th, held again on the 25th
@given(seed=st.integers(0, 10_000), looks=st.sampled_from((0.0, 0.1, 0.5)))
def test_a_dossier_whose_view_is_seldom_read_is_the_one_read_after_every_fact(seed: int, looks: float) -> None:
    given_, rng = case(seed % 50), random.Random(seed)
    method, dossier, day = given_.method, given_.dossier, given_.dossier.start
    view_of(method, dossier).position  # noqa: B018
    for _ in range(25):
        fact = told_at_random(method, dossier, rng, day)
        if rng.random() < 0.7:
            assert agir.decide(method, dossier, fact) == agir.decide(method, Dossier(dossier.facts), fact), fact
        dossier = agir.evolve(method, dossier, fact)
        if rng.random() < looks:
            assert walk.same_view(method, dossier) == []
        day += dt.timedelta(days=rng.choice((0, 0, 1, 4)))
    assert walk.same_view(method, dossier) == []


def test_two_dossiers_that_come_of_one_do_not_share_what_differs() -> None:
    method, whole = charenton()
    day = dt.date(2012, 4, 2)
    seen = whole.as_of(day)
    before = agir.possible(method, seen, on=day, by="lead")
    stamp = Stamp(on=When(day), by="animateurs")
    branches = [agir.evolve(method, seen, f.stamped(stamp)) for f in (agir.facts.hold("gt3/insertion"), agir.facts.fact(agir.words.Verb.SUSPEND, "dossier"))]
    found = [agir.possible(method, b, on=day, by="lead") for b in (*branches, *branches)]
    assert found[:2] == found[2:] == [agir.possible(method, Dossier(b.facts), on=day, by="lead") for b in branches]
    assert agir.possible(method, seen, on=day, by="lead") == before
    assert found[0] != found[1]


def test_an_answer_is_dropped_with_what_it_was_read_from_and_forgotten_in_the_end() -> None:
    first = Answers()
    first.own["q"] = (first.bit("a"), 1)
    later = first.after(["b"])
    assert later.find("q") == first.own["q"]
    assert later.after(["a"]).find("q") is None
    assert first.after(["a"]).find("q") is None
    # A table first read after the fact that touched it is the same table all the same.
    other = first.after(["c"])
    first.own["late"] = (first.bit("c"), 2)
    assert other.find("late") is None
    far = first
    for _ in range(DEPTH + 1):
        far = far.after(["b"])
    assert far.find("q") is None


def test_a_kept_decision_speaks_of_the_command_that_was_asked() -> None:
    method, whole = charenton()
    day = dt.date(2012, 4, 2)
    seen = whole.as_of(day)
    command = command_of(view_of(method, seen), Ask(agir.words.Verb.HOLD, agir.words.Address("gt3/insertion")), day)
    one, two = (command.stamped(Stamp(on=When(day), by="lead", key=k)) for k in ("1", "2"))
    first, second = (agir.decide(method, seen, c) for c in (one, two))
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert (first.events, second.events) == ((one,), (two,))


def test_facts_whose_parts_are_shared_are_the_same_facts_in_less_room() -> None:
    whole = charenton()[1]
    stamp = Stamp(on=When(dt.date(2012, 1, 1)), by="lead")
    told = [agir.facts.fill("focus", agir.values.Record((("a", v), ("b", "x y")))).stamped(stamp) for v in (1, True, 1)]
    one, two, three = shared(told)
    assert [type(f.args.value.get("a")) for f in (one, two, three)] == [int, bool, int]  # type: ignore[union-attr]
    assert one is three
    again = pickle.loads(pickle.dumps(whole))
    assert again == whole
    assert hash(again) == hash(whole)
    other = pickle.loads(pickle.dumps(whole))
    assert all(f.on is g.on for f, g in zip(again.facts, other.facts, strict=True) if f.on.is_day)
    rows = [(f.args.agenda, g.args.agenda) for f, g in zip(again.facts, other.facts, strict=True) if isinstance(f.args, agir.facts.Hold) and isinstance(g.args, agir.facts.Hold)]
    assert rows
    assert all(one is two for one, two in rows)
    plain = agir.facts.deliver("livrable/cadre").stamped(stamp)
    assert shared(pickle.loads(pickle.dumps((plain,))))[0].args is plain.args
    stamps = [f.stamp for f in again.facts]
    assert len({id(s) for s in stamps}) == len(set(stamps)) < len(stamps)


def test_a_journal_folded_at_once_is_the_one_folded_fact_by_fact() -> None:
    method, whole = charenton()
    facts = corrected(whole)
    grown = Dossier(facts[:1])
    view_of(method, grown)
    for fact in facts[1:]:
        grown = agir.evolve(method, grown, fact)
    assert walk.same_view(method, grown) == []
    assert grown == agir.replay(method, facts)


def test_a_verdict_asked_again_after_a_fact_is_the_one_of_a_dossier_made_anew() -> None:
    method, whole = charenton()
    day = dt.date(2012, 4, 2)
    seen = whole.as_of(day)
    for fact in (agir.facts.deliver("livrable/cadre"), agir.facts.hold("gt3/handicap"), agir.facts.fill("duree", "1m")):
        agir.check(method, seen, at=day)
        seen = agir.evolve(method, seen, fact.stamped(Stamp(on=When(day), by="animateurs")))
        assert agir.check(method, seen, at=day) == agir.check(method, Dossier(seen.facts), at=day)


def test_a_fact_leaves_standing_what_was_not_read_of_it() -> None:
    """The minutes of one meeting are none of the business of the others; else every answer would be made anew."""
    method, dossier = charenton()
    day = dt.date(2012, 4, 2)
    seen = dossier.as_of(day)
    agir.possible(method, seen, on=day, by="lead")
    answered = view_of(method, seen).answers.own
    after = agir.evolve(method, seen, agir.facts.deliver("compte_rendu/copil/mi_parcours").stamped(Stamp(on=When(day), by="lead")))
    assert len(answered) > 50
    assert [key for key in answered if view_of(method, after).answers.find(key) is None] == []
