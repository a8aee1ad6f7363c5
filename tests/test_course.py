"""The order of a dossier against its method's tree: three figures, and each defect told at its step."""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings

import agir_workflow as agir
from agir_workflow.alignment import Aligner, Kind, Strayed, strayed
from agir_workflow.answers import Finding
from agir_workflow.conformance import check
from agir_workflow.dossier import Dossier, Label
from agir_workflow.facts import Adopt, Declare, Derogate, Fact, Stamp
from agir_workflow.method import Method
from agir_workflow.position import Happened
from agir_workflow.readings.course import course_of
from agir_workflow.readings.strays import reading, said
from agir_workflow.tree import Node, beginning
from agir_workflow.verification.labels import Bearing, readings
from agir_workflow.view import View, view_of
from agir_workflow.views.json_view import report
from agir_workflow.walk import locate
from agir_workflow.when import When
from agir_workflow.words import Address, InstanceId, Step, Text, Verb

from .test_alignment import made, terms, words

EXAMPLES = Path(__file__).parents[1] / "examples"
SOAK = "AGIR_SOAK" in os.environ


@cache
def charenton() -> tuple[Method, Dossier]:
    from agir_workflow.dossier_file import read_dossier

    path = EXAMPLES / "charenton" / "dossier.toml"
    return read_dossier(path.read_bytes(), agir.load_method, str(path))


@cache
def lanes() -> tuple[View, Node, Aligner, tuple[Label, ...]]:
    """The tree over the three themes of Charenton, and the steps of its dossier in order."""
    view = view_of(*charenton())
    tree = view.position.process(named)
    course = view.course()
    return view, tree, Aligner(tree), tuple(h.label for h, placed in course if placed)


def named(label: Label) -> str:
    return f"{label.leaf}[{','.join(label.inst)}]" if label.inst else str(label.leaf)


def accepted(trace: list[Label]) -> bool:
    """Whether the position takes all of it without a deviation and has nothing left to do."""
    view = lanes()[0]
    days = [When(dt.date(2000, 1, 1) + dt.timedelta(days=n)) for n in range(len(trace))]
    instances = [type(i)(kind=i.kind, id=i.id, label=i.label, on=When(dt.date(1999, 1, 1)), inside=i.inside) for i in view.instances]
    scopes = {x.id: x.scope for x in view.method.leaves}
    at = locate(view.method.tree, scopes, instances, [Happened(x, day) for x, day in zip(trace, days, strict=True)])
    return not at.deviations and not at.to_do()


def defects() -> Iterator[tuple[str, list[Label], set[Label]]]:
    """A kind of defect, the trace with it, and the steps that may be blamed; with AGIR_SOAK at every place, and by every distance."""
    steps, rng = list(lanes()[3]), random.Random(3)
    foreign = Label(next(x.leaf for x in steps if x.inst), (InstanceId("nowhere"),))
    for n, x in enumerate(steps):
        yield "skip", steps[:n] + steps[n + 1 :], {x}
        for at in range(n + 1, len(steps) + 1) if SOAK else [rng.randint(n + 1, len(steps)) for _ in range(9)]:
            # A gate passed twice may as well lack the step back that stands between.
            yield "duplicate", [*steps[:at], x, *steps[at:]], {x, lanes()[0].position.redo(x) or x}
        for place in range(len(steps) + 1) if SOAK and not n else [(n * 8 + at) % (len(steps) + 1) for at in range(8)]:
            yield "foreign", [*steps[:place], foreign, *steps[place:]], {foreign}
        if n + 1 < len(steps):
            yield "swap", [*steps[:n], steps[n + 1], x, *steps[n + 2 :]], {x, steps[n + 1]}
        for by in range(2, len(steps) if SOAK else 8 if x.leaf.startswith("copil") else 4):
            if n + by < len(steps):
                yield "late", [*steps[:n], *steps[n + 1 : n + by + 1], x, *steps[n + by + 1 :]], {x, *steps[n + 1 : n + by + 1]}


def test_each_single_defect_is_told_at_its_step_at_the_least_cost() -> None:
    aligner, seen = lanes()[2], 0
    for kind, trace, blamed in defects():
        found = aligner.align([named(x) for x in trace])
        alone = [m for m in found.moves if m.kind is not Kind.SYNC]
        # The position, which knows nothing of alignments, says whether there is anything to tell.
        assert (found.cost == 0) == accepted(trace), (kind, trace)
        # A step that may be left out costs 1 elsewhere, any other 2.
        assert found.cost <= (2 if kind in ("swap", "late") else 1), (kind, found)
        assert {m.label for m in alone} <= {named(x) for x in blamed}, (kind, alone)
        if found.cost:
            assert len(strayed(found)) == 1, (kind, alone)
        seen += found.cost > 0
    assert seen >= (1200 if SOAK else 600), seen


@cache
def order_alone() -> tuple[Method, tuple[Fact, ...], dict[Label, tuple[Fact, ...]]]:
    """The method with the rows that its tree implies and no others; what opens Charenton's dossier; the facts of each step."""
    method, dossier = charenton()
    implied = {x.n for x in readings(method) if x.bearing is Bearing.IMPLIED}
    lean = attrs.evolve(method, requirements=tuple(r for n, r in enumerate(method.requirements) if n in implied))
    opening = tuple(on_day(f, dt.date(1999, 1, 1)) for f in dossier.facts if f.verb in (Verb.DECLARE, Verb.END) and f.on.earliest < dt.date(2011, 12, 31))
    taken: dict[Label, tuple[Fact, ...]] = {}
    for fact in dossier.facts:
        found = method.words.find_label(fact.address)
        if found and fact.verb in (Verb.HOLD, Verb.DECIDE, Verb.DELIVER, Verb.AGREE):
            taken[found[1]] = (*taken.get(found[1], ()), fact)
    return lean, (opening[0], *opening[1:]), taken


def on_day(fact: Fact, day: dt.date) -> Fact:
    stamp = fact.stamp
    return fact.stamped(Stamp(on=When(day), by=stamp.by if stamp else "lead"))


def alike(label: Label) -> tuple[Fact, ...]:
    """What completes the same step of another instance."""
    return next(facts for x, facts in order_alone()[2].items() if x.leaf == label.leaf)


def told(trace: list[Label]) -> tuple[Finding, ...]:
    """What the verdict tells of steps done one a day."""
    method, opening, taken = order_alone()
    facts = list(opening)
    for n, label in enumerate(trace):
        own = taken.get(label) or tuple(attrs.evolve(f, address=method.words.leaves[label.leaf].at(label.inst)) for f in alike(label))
        facts += [on_day(f, dt.date(2000, 1, 1) + dt.timedelta(days=n)) for f in own]
    return check(method, Dossier(tuple(facts)), at=dt.date(2014, 1, 1)).findings


def test_each_single_defect_is_one_finding_at_its_step() -> None:
    """Whatever rows it breaks: one finding, which says how its step strayed; none where the trace begins a run."""
    aligner, seen, codes = lanes()[2], 0, set()
    for kind, trace, blamed in defects():
        found = told(trace)
        strays_in_order = aligner.prefix([named(x) for x in trace]).cost > 0
        assert len(found) == strays_in_order, (kind, [(f.key, f.deviation) for f in found])
        for finding in found:
            titles = {lanes()[0].title(lanes()[0].words.leaves[x.leaf].at(x.inst)).en for x in blamed}
            assert finding.deviation is not None, (kind, finding.key)
            assert finding.deviation.en.startswith(tuple(titles)), (kind, finding.key, finding.deviation.en, titles)
            codes.add(finding.code)
        seen += strays_in_order
    assert seen >= (1200 if SOAK else 600), seen
    assert codes >= {"ORD001", "ORD002", "EXP027", "EXP001", "EXP004", "PRE001", "PRE008", "COP002", "COP003", "EXP023"}


def test_a_step_too_early_is_one_deviation_with_its_distance() -> None:
    aligner = Aligner(made(("seq", "a", "b", "c", "d", "e")))
    (early,) = strayed(aligner.align("dabce"))
    (late,) = strayed(aligner.align("acdbe"))
    assert early == Strayed(Step.MOVED, "d", 0, -3, since=4)
    assert late == Strayed(Step.MOVED, "b", 3, 2, since=1)
    assert strayed(aligner.align("abbcd")) == (Strayed(Step.EXTRA, "b", 2, since=2), Strayed(Step.SKIPPED, "e", 5, since=5))


def test_deviations_are_told_in_both_languages_by_the_title_of_the_step() -> None:
    title = Text("GT2 du thème emploi", "GT2 of the theme employment")
    assert said(Strayed(Step.MOVED, "x", 0, -2), title) == Text("GT2 du thème emploi, deux positions trop tôt", "GT2 of the theme employment, two positions too early")
    assert said(Strayed(Step.MOVED, "x", 0, 1), title) == Text("GT2 du thème emploi, une position trop tard", "GT2 of the theme employment, one position too late")
    assert said(Strayed(Step.SKIPPED, "x", 0), title).fr == "GT2 du thème emploi, étape sautée"
    assert said(Strayed(Step.EXTRA, "x", 0), title).en == "GT2 of the theme employment, once too often"


@settings(max_examples=80, deadline=None)
@given(terms, words)
def test_the_beginnings_of_a_block_are_a_block_of_their_own(term: object, word: str) -> None:
    tree = made(term)
    assert Aligner(beginning(tree)).align(word).cost == Aligner(tree).prefix(word).cost


def moved(dossier: Dossier, address: str, verb: str, on: dt.date) -> Dossier:
    def there(fact: Fact) -> Fact:
        if (fact.address, fact.verb.value) != (address, verb) or fact.stamp is None:
            return fact
        return fact.stamped(type(fact.stamp)(on=When(on), by=fact.stamp.by, recorded_at=fact.stamp.recorded_at, key=fact.stamp.key))

    return Dossier(tuple(there(f) for f in dossier.facts))


def test_a_dossier_in_order_has_nothing_to_align() -> None:
    method, dossier = charenton()
    for day in (dt.date(2012, 2, 1), dt.date(2012, 4, 2), dt.date(2013, 1, 1)):
        course = check(method, dossier, at=day).course
        assert course is not None
        assert (course.deviations, course.fitness, course.weighted, course.told) == (0, 1.0, 0, ())


def test_three_figures_of_a_dossier_out_of_order() -> None:
    """The second session of a group held on the day before its first."""
    method, dossier = charenton()
    first = next(f for f in dossier.facts if f.address == "gt1/insertion" and f.verb.value == "hold")
    early = moved(dossier, "gt2/insertion", "hold", first.on.earliest - dt.timedelta(days=1))
    found = check(method, early, at=dt.date(2014, 1, 1))
    assert found.course is not None
    assert found.course.deviations == 1
    assert 0.9 < (found.course.fitness or 0) < 1
    assert found.course.weighted == 3, "a row of order whose breach is an error speaks of the session"
    (sentence,) = found.course.told
    assert "position" in sentence.fr
    assert "insertion" in sentence.fr.lower()
    assert report(found)["alignment"]["deviations"] == 1  # type: ignore[index, call-overload]


@pytest.mark.parametrize(("code", "day", "fr", "en"), [
    ("COP005", dt.date(2013, 7, 3), "Copil de mi-parcours, sept positions trop tard", "Mid-course copil, seven positions too late"),
    ("EXP027", dt.date(2011, 12, 1), "Copil de mi-parcours, six positions trop tôt", "Mid-course copil, six positions too early"),
])  # fmt: skip
def test_a_step_that_may_be_left_out_is_told_by_its_distance_and_not_as_once_too_often(code: str, day: dt.date, fr: str, en: str) -> None:
    """It costs one move, for to leave it out costs nothing; it was done once, and at a wrong place. After the restitution that is no graver than to leave it out."""
    method, dossier = charenton()
    for verb in ("convene", "hold", "decide"):
        dossier = moved(dossier, "copil/mi_parcours", verb, day)
    report = check(method, dossier, at=dt.date(2014, 1, 1))
    (finding,) = [f for f in report.findings if f.deviation is not None]
    assert (finding.code, finding.deviation) == (code, Text(fr, en))
    assert (finding.text == Text(f"{fr}.", f"{en}.")) == (code == "EXP027"), "a row that labels it has a sentence of its own"


def test_a_deviation_weighs_what_its_finding_does() -> None:
    """A row of order speaks of that step whose breach is an error; what was found is that it was made up afterwards, a warning."""
    method, dossier = charenton()
    report = check(method, moved(dossier, "activite/contenus/insertion", "deliver", dt.date(2012, 1, 25)), at=dt.date(2014, 1, 1))
    (finding,) = [f for f in report.findings if f.deviation is not None]
    assert (finding.code, finding.severity.value) == ("ORD001", "warning")
    assert report.course is not None
    assert report.course.weighted == 2


def test_meetings_planned_and_held_the_wrong_way_round_are_told_by_the_deviation_alone() -> None:
    """Planned so and not held, it is the plan that is wrong."""
    method, dossier = charenton()
    first = next(f for f in dossier.facts if f.address == "gt1/insertion" and f.verb is Verb.HOLD).on.earliest
    day = first - dt.timedelta(days=1)
    plan = next(f for f in dossier.facts if f.verb is Verb.ADOPT and isinstance(f.args, Adopt))
    assert isinstance(plan.args, Adopt)
    meetings = tuple(attrs.evolve(m, day=day) if m.address == "gt2/insertion" else m for m in plan.args.meetings)
    wrong = Dossier(tuple(attrs.evolve(f, args=attrs.evolve(plan.args, meetings=meetings)) if f is plan else f for f in dossier.facts))

    def told(dossier: Dossier) -> list[str]:
        return [f.key for f in check(method, dossier, at=dt.date(2014, 1, 1)).findings if f.code in ("CAL005", "EXP004")]

    assert told(wrong) == ["CAL005 @ gt2/insertion"]
    assert told(moved(wrong, "gt2/insertion", "hold", day)) == ["EXP004 @ gt2/insertion"]


@pytest.mark.parametrize("folder", ["abandoned", "hurried", "temoin", "two_of_three", "second_month"])
def test_the_alignment_never_costs_more_than_the_position_counted(folder: str) -> None:
    from agir_workflow.dossier_file import read_dossier

    path = EXAMPLES / folder / "dossier.toml"
    method, dossier = read_dossier(path.read_bytes(), agir.load_method, str(path))
    view = view_of(method, dossier)
    told = sum(2 if d.step is Step.MOVED else 1 for d in view.position.deviations)
    assert reading(view).aligned.cost <= told
    assert (course_of(view, ()).deviations or 0) <= len(view.position.deviations)


def renamed(dossier: Dossier, **labels: str) -> Dossier:
    """The dossier with other names for some of its themes."""
    def called(fact: Fact) -> Fact:
        id = fact.address.removeprefix("theme/")
        return Fact(fact.verb, fact.address, attrs.evolve(fact.args, label=labels[id]), fact.stamp) if isinstance(fact.args, Declare) and id in labels else fact

    return Dossier(tuple(map(called, dossier.facts)))


def test_two_lanes_of_one_name_weigh_each_what_its_own_finding_does() -> None:
    method, dossier = charenton()
    both = renamed(dossier, insertion="Emploi", handicap="Emploi")
    for theme in ("insertion", "handicap"):
        first = next(f for f in dossier.facts if f.address == f"gt1/{theme}" and f.verb.value == "hold")
        both = moved(both, f"gt2/{theme}", "hold", first.on.earliest - dt.timedelta(days=1))
    at = dt.date(2014, 1, 1)
    course = check(method, both, at=at).course
    assert course is not None
    assert (course.deviations, course.weighted, len({t.fr for t in course.told})) == (2, 6, 1)
    (alone, _) = (f for f in check(method, both, at=at).findings if f.deviation is not None)
    granted = Fact(Verb.DEROGATE, Address(alone.subject), Derogate(code=alone.code, reason="salle prise", copil="copil/mi_parcours"))
    lifted = Dossier((*both.facts, *(granted.stamped(Stamp(on=When(dt.date(2012, 3, 29)), by="lead")),)))
    course = check(method, lifted, at=at).course
    assert course is not None
    assert course.weighted == 4, "one is allowed, and weighs as a remark; the other is an error still"


def test_what_people_wrote_in_braces_is_read_for_no_blank() -> None:
    method, dossier = charenton()
    own = agir.read_method(method.text.replace('label = { fr = "Copil de mi-parcours"', 'label = { fr = "Copil {subject} {missing}"').encode())
    for verb in ("convene", "hold", "decide"):
        dossier = moved(dossier, "copil/mi_parcours", verb, dt.date(2011, 12, 1))
    (finding,) = [f for f in check(own, dossier, at=dt.date(2014, 1, 1)).findings if f.deviation is not None]
    assert finding.text.fr == "Copil {subject} {missing}, six positions trop tôt."
