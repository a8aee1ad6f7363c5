"""What a plan takes of a choice or an option: a whole branch, for the rows that need a step of it; and what it cannot."""

from __future__ import annotations

import datetime as dt

import pytest

import agir_workflow as agir
from agir_workflow.answers import Refused, Todo
from agir_workflow.dossier import Dossier
from agir_workflow.errors import NotPlannedError, PlanningError
from agir_workflow.facts import DOSSIER, Adopt, Fact, Open, PlannedMeeting, fact
from agir_workflow.method import Method
from agir_workflow.planning import _best, make
from agir_workflow.planning.make import make_problem
from agir_workflow.planning.problem import Problem, Solved, Unsolvable
from agir_workflow.views import json_view
from agir_workflow.when import When
from agir_workflow.words import Address, Severity, State, Verb

DAY = dt.date(2024, 1, 8)
WORDS = 'origin = "default", why = { fr = "…", en = "…" }, fix = { fr = "…", en = "…" }'


def a_method(*rows: str, strict: bool = True, sets: str = "") -> Method:
    """A method that begins, goes left or right or makes a detour of two steps, and ends."""
    steps = "\n".join(
        f'    {{ id = "{x}", sort = "{sort}", label = {{ fr = "{x}", en = "{x}" }}, address = "{x}", origin = "default"{more} }},'
        for x, sort, more in (
            ("begin", "activity", ""), ("left", "activity", ""), ("right", "meeting", ""), ("after_right", "activity", ""),
            ("detour", "activity", ""), ("back", "meeting", ""), ("checked", "activity", ""), ("again", "activity", ""),
            ("gate", "decision", ', decisions = ["go", "no"]'), ("end", "activity", ""),
        )
    )  # fmt: skip
    text = f"""
method = {{ name = "m", version = 1, title = {{ fr = "m", en = "m" }}, origin = "default", colleges = "college", default_profile = "plain", default_regime = "usual" }}
leaves = [
{steps}
]
{sets}
lists = [{{ id = "college", origin = "default", label = {{ fr = "c", en = "c" }}, words = [{{ id = "north", label = {{ fr = "n", en = "n" }}, origin = "default" }}] }}]
phases = [{{ id = "all", label = {{ fr = "p", en = "p" }}, origin = "default" }}]
regimes = [{{ id = "usual", label = {{ fr = "r", en = "r" }}, notice = "5d", minutes = "10d", origin = "default" }}]
profiles = [{{ id = "plain", label = {{ fr = "p", en = "p" }}, closed = ["weekend"], origin = "default" }}]
requirements = [
{"".join(f"    {{ {row}, {WORDS} }}," + chr(10) for row in rows)}]
[tree]
root = "all"
all = {{ seq = ["begin", "fork", "side", "gates", "end"], phase = true }}
fork = {{ choice = ["left", "rights"] }}
rights = {{ seq = ["right", "after_right"] }}
side = {{ opt = "detours" }}
detours = {{ seq = ["detour", "back"] }}
gates = {{ seq = ["inner", "gate"] }}
inner = {{ loop = {{ body = "checked", again = "again" }} }}
"""
    return agir.read_method(text.encode(), strict=strict)


def needs(code: str, of: str) -> str:
    return f'code = "{code}", is = "present", of = "{of}", due = "end", aspect = "structural", severity = "warning"'


def opened(method: Method) -> Dossier:
    head = Open(id="d", uid="0b6de9a4-5f0e-4c39-8a3b-9a4f3f6f1c55", title="d", method=method.ref, method_hash=method.hash, profile="plain", regime="usual")
    return Dossier((on(DAY, fact(Verb.DECLARE, DOSSIER, head)),))


def on(day: dt.date, told: Fact) -> Fact:
    return told.stamped(agir.Stamp(on=When(day), by="nobody"))


def planned(*rows: str) -> tuple[set[str], set[str]]:
    method = a_method(*rows)
    plan = agir.plan(method, opened(method), at=DAY)
    return {str(x.address) for x in (*plan.meetings, *plan.todos)}, set(plan.branches)


def test_without_a_need_the_first_branch_is_taken_and_no_option() -> None:
    assert planned() == ({"begin", "left", "checked", "gate", "end"}, set())


def test_the_branch_of_a_step_that_a_row_needs_is_taken_whole_and_the_other_is_not() -> None:
    taken = {"right", "after_right"}
    assert planned(needs("R1", "after_right")) == ({"begin", "checked", "gate", "end"} | taken, taken)


def test_an_option_of_several_steps_is_taken_whole() -> None:
    taken = {"detour", "back"}
    assert planned(needs("R1", "back")) == ({"begin", "left", "checked", "gate", "end"} | taken, taken)


def test_two_branches_of_one_choice_exclude_each_other() -> None:
    # Reading refuses such a file; what is read all the same (`agir method check`) has a conflict, not a plan to be refused.
    method = a_method(needs("R1", "left"), needs("R2", "after_right"), strict=False)
    with pytest.raises(PlanningError) as caught:
        agir.plan(method, opened(method), at=DAY)
    assert caught.value.conflicts == (("R1 @ left", "R2 @ after_right"),)
    for key in caught.value.conflicts[0]:
        agir.plan(method, opened(method), at=DAY, without=[key])


@pytest.mark.parametrize("first", [0, 1])
def test_of_several_steps_the_one_that_no_other_row_excludes_is_taken(first: int) -> None:
    """«After the right or back» comes first upon the right, which the left excludes: the detour does as well."""
    either = 'code = "R1", is = "precedes", a = "either", b = "end", due = "end", aspect = "behavioural", severity = "error"'
    rows = [either, needs("R2", "left")]
    method = a_method(*(rows if first else reversed(rows)), strict=False, sets='sets = [{ id = "either", label = { fr = "e", en = "e" }, origin = "default", leaves = ["after_right", "back"] }]')
    found = agir.plan(method, opened(method), at=DAY)
    assert {t.address for t in (*found.todos, *found.meetings)} >= {"left", "detour", "back"}
    assert "right" not in {m.address for m in found.meetings}
    with pytest.raises(PlanningError):
        agir.plan(a_method(*rows, needs("R3", "after_right"), strict=False, sets='sets = [{ id = "either", label = { fr = "e", en = "e" }, origin = "default", leaves = ["after_right", "back"] }]'), opened(method), at=DAY)


def told(method: Method, *commands: tuple[int, Fact]) -> Dossier:
    dossier = opened(method)
    for n, command in commands:
        decision = agir.decide(method, dossier, on(DAY + dt.timedelta(days=n), command))
        assert not isinstance(decision, Refused), [str(b) for b in decision.blockers]
        for event in decision.events:
            dossier = agir.evolve(method, dossier, event)
    return dossier


START = ((0, fact(Verb.DELIVER, "begin")), (1, fact(Verb.DELIVER, "left")))


def test_a_gate_that_was_held_decides_nothing_over_a_round_begun_since() -> None:
    method = a_method()
    dossier = told(method, *START, (2, fact(Verb.DELIVER, "checked")), (3, agir.facts.hold("gate")), (4, fact(Verb.DELIVER, "again")))
    refused = agir.decide(method, dossier, on(DAY + dt.timedelta(days=5), agir.facts.decide("gate", "go")))
    assert isinstance(refused, Refused)
    assert [b.key for b in refused.blockers] == ["state.missing @ checked"]


FAR = 'code = "R1", is = "gap", a = "begin", b = "back", max = "1w", due = "back", aspect = "temporal", severity = "error"'
NEAR = 'code = "R1", is = "gap", a = "left", b = "end", max = "1w", due = "end", aspect = "temporal", severity = "error"'


@pytest.mark.parametrize(("row", "late"), [(FAR, []), (NEAR, ["R1 @ end"])])
def test_only_a_step_that_is_still_to_come_is_overdue(row: str, late: list[str]) -> None:
    method = a_method(row)
    report = agir.check(method, told(method, *START), at=DAY + dt.timedelta(days=60))
    assert [f.key for f in report.findings if f.state is State.VIOLATED and f.severity is Severity.ERROR] == late


def gap(code: str, a: str, b: str, bounds: str) -> str:
    return f'code = "{code}", is = "gap", a = "{a}", b = "{b}", {bounds}, due = "{b}", aspect = "temporal", severity = "error"'


SOON = gap("S1", "begin", "gate", 'max = "4w"')
EITHER = 'sets = [{ id = "either", label = { fr = "e", en = "e" }, origin = "default", leaves = ["after_right", "back"] }]'


def test_a_branch_that_no_calendar_keeps_gives_way_to_one_that_has_one_and_the_plan_says_so() -> None:
    method = a_method(SOON, gap("L1", "begin", "left", 'min = "10w"'), strict=False)
    found = agir.plan(method, opened(method), at=DAY)
    addresses = {str(x.address) for x in (*found.meetings, *found.todos)}
    assert addresses >= {"right", "after_right"}
    assert "left" not in addresses
    assert set(found.branches) == {"right", "after_right"}
    (said,) = [t for t in found.assumed if "au lieu de" in t.fr]
    assert said.fr == "Right, After_right au lieu de Left, faute de calendrier possible (L1 @ left + S1 @ gate + order)"
    assert said.en == "Right, After_right instead of Left, for which no plan exists (L1 @ left + S1 @ gate + order)"
    assert {v.id for v in make_problem(method, opened(method), at=DAY).variables} >= {"right"}
    carried_out(method, found)


def carried_out(method: Method, plan: agir.Plan) -> None:
    """Theorem 1: what is done on its day is not refused."""
    dossier = opened(method)
    for item in sorted((*plan.meetings, *plan.todos), key=lambda x: x.day):
        verb = item.verb if isinstance(item, Todo) else Verb.HOLD
        for command in (fact(verb, str(item.address)), *([agir.facts.decide("gate", "go")] if item.address == "gate" else [])):
            decision = agir.decide(method, dossier, on(item.day, command))
            assert not isinstance(decision, Refused), [str(b) for b in decision.blockers]
            dossier = agir.evolve(method, dossier, decision.events[0])


def test_of_several_steps_that_would_do_the_one_that_has_days_is_taken() -> None:
    first = 'code = "R1", is = "precedes", a = "either", b = "end", due = "end", aspect = "behavioural", severity = "error"'
    method = a_method(first, SOON, gap("L1", "begin", "after_right", 'min = "10w"'), strict=False, sets=EITHER)
    found = agir.plan(method, opened(method), at=DAY)
    addresses = {str(x.address) for x in (*found.meetings, *found.todos)}
    assert addresses >= {"left", "detour", "back"}
    assert "after_right" not in addresses
    assert [t.fr for t in found.assumed if "au lieu de" in t.fr] == ["Left, Detour et 1 de plus au lieu de Right, After_right, faute de calendrier possible (L1 @ after_right + S1 @ gate + order)"]


def test_where_no_branch_has_a_calendar_the_conflict_is_that_of_the_nearest_and_says_whose() -> None:
    """Of two alike that of the first; where another has less against it, giving that up gives a plan, and giving up what is against the first does not."""
    rows = [SOON, gap("L1", "begin", "left", 'min = "10w"'), gap("L2", "begin", "right", 'min = "10w"')]
    with pytest.raises(PlanningError) as alike:
        agir.plan(method := a_method(*rows, strict=False), opened(method), at=DAY)
    assert alike.value.conflicts == (("L1 @ left", "S1 @ gate", "order"),)
    assert alike.value.way is None
    more = [*rows, gap("L3", "begin", "left", 'max = "8w"')]
    method = a_method(*more, strict=False)
    with pytest.raises(PlanningError) as caught:
        agir.plan(method, opened(method), at=DAY)
    (nearest,) = caught.value.conflicts
    assert nearest == ("L2 @ right", "S1 @ gate", "order")
    assert caught.value.way is not None
    assert caught.value.way.fr == "Right, After_right au lieu de Left"
    assert caught.value.to("en").splitlines()[-1] == "the way nearest to a plan: Right, After_right instead of Left"
    assert {v.id for v in make_problem(method, opened(method), at=DAY).variables} >= {"right"}
    agir.plan(method, opened(method), at=DAY, without=["L2 @ right"])
    with pytest.raises(PlanningError):
        agir.plan(method, opened(method), at=DAY, without=["L3 @ left"])


SLOW = gap("L1", "begin", "left", 'min = "10w"')


def steps_of(found: agir.Plan) -> set[str]:
    return {str(x.address) for x in (*found.meetings, *found.todos)}


def test_of_two_branches_the_one_that_ends_first_is_taken_and_the_plan_says_why() -> None:
    method = a_method(SLOW, strict=False)
    found = agir.plan(method, opened(method), at=DAY)
    assert {"right", "after_right"} <= steps_of(found)
    assert "left" not in steps_of(found)
    (said,) = [t for t in found.assumed if "au lieu de" in t.fr]
    assert said.fr == "Right, After_right au lieu de Left : fin au plus tôt le 13 janvier 2024, au lieu du 21 mars 2024"
    assert said.en == "Right, After_right instead of Left: ends at the earliest on 13 January 2024 instead of 21 March 2024"
    assert {v.id for v in make_problem(method, opened(method), at=DAY).variables} >= {"right"}
    carried_out(method, found)


def test_backward_the_branch_that_begins_last_is_taken() -> None:
    method = a_method(SLOW, strict=False)
    found = agir.plan(method, opened(method), at=DAY, end=DAY + dt.timedelta(days=200), backward=True)
    assert "right" in steps_of(found)
    assert any(t.fr.startswith("Right, After_right au lieu de Left : début au plus tard le ") for t in found.assumed)


def test_of_two_branches_that_end_on_one_day_the_one_with_fewer_meetings_is_taken() -> None:
    method = a_method(gap("L1", "begin", "gate", 'min = "10w"'), strict=False)
    assert "left" in steps_of(agir.plan(method, opened(method), at=DAY))
    turned = agir.read_method(method.text.replace('["left", "rights"]', '["rights", "left"]').encode(), strict=False)
    found = agir.plan(turned, opened(turned), at=DAY)
    assert "left" in steps_of(found)
    assert [t.fr for t in found.assumed if "au lieu de" in t.fr] == ["Left au lieu de Right, After_right : réunions : 1, au lieu de 2"]


def test_the_branch_of_an_adopted_plan_is_kept_though_another_now_ends_first() -> None:
    """A plan that was made around a busy spring goes left; the days are free again, and nobody is told of another way."""
    method = a_method(gap("L1", "begin", "right", 'min = "2w"'), gap("L2", "begin", "left", 'min = "4w"'), strict=False)
    dossier = opened(method)
    busy = tuple(DAY + dt.timedelta(days=n) for n in range(90))
    slow = agir.plan(method, dossier, at=DAY, busy={"spring": busy})
    assert "left" in steps_of(slow)
    assert "right" in steps_of(agir.plan(method, dossier, at=DAY))
    adopted = agir.evolve(method, dossier, on(DAY, Fact(Verb.ADOPT, Address("plan"), Adopt(meetings=tuple(PlannedMeeting(address=m.address, day=m.day) for m in slow.meetings)))))
    again = agir.plan(method, adopted, at=DAY)
    assert {m.address: m.day for m in again.meetings} == {m.address: m.day for m in slow.meetings}
    assert "left" in steps_of(again)


def test_where_not_every_way_was_tried_the_plan_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    method = a_method(SLOW, strict=False)
    assert not [t for t in agir.plan(method, opened(method), at=DAY).assumed if "pas toutes" in t.fr]
    monkeypatch.setattr(_best, "TRIES", 1)
    found = agir.plan(method, opened(method), at=DAY)
    assert "left" in steps_of(found)
    assert [t.en for t in found.assumed if "not all" in t.en] == ["1 other ways through the method's choices tried, not all: there may be a better one"]


def test_a_day_fixed_for_a_step_keeps_its_branch() -> None:
    method = a_method(SLOW, strict=False)
    day = DAY + dt.timedelta(days=84)
    found = agir.plan(method, opened(method), at=DAY, fix={"left": day})
    assert {t.address: t.day for t in found.todos}["left"] == day


def test_a_branch_that_a_row_needs_is_not_left_for_one_that_ends_first() -> None:
    """Of a method as it is written, too: the first branch, which no wish asks for, is needed all the same."""
    first = 'code = "R1", is = "precedes", a = "left", b = "end", due = "end", aspect = "behavioural", severity = "warning"'
    for row in (needs("R1", "left"), first):
        method = a_method(row, SLOW, strict=False)
        assert "left" in steps_of(agir.plan(method, opened(method), at=DAY))


def test_a_day_fixed_for_a_step_takes_its_branch() -> None:
    """Of a choice and of an option; what the day then asks for is a conflict like any other."""
    method = a_method(strict=False)
    day = DAY + dt.timedelta(days=84)
    right = agir.plan(method, opened(method), at=DAY, fix={"right": day})
    assert {"right", "after_right"} <= steps_of(right)
    assert "left" not in steps_of(right)
    assert set(right.branches) == {"right", "after_right"}
    assert {m.address: (m.day, m.because) for m in right.meetings}["right"] == (day, ("fix @ right",))
    assert {"detour", "back"} <= steps_of(agir.plan(method, opened(method), at=DAY, fix={"back": day}))
    carried_out(method, right)
    with pytest.raises(PlanningError) as two:
        agir.plan(method, opened(method), at=DAY, fix={"left": day, "right": day})
    assert two.value.conflicts == (("fix @ left", "fix @ right"),)
    wants_left = a_method(needs("R1", "left"), strict=False)
    with pytest.raises(PlanningError) as caught:
        agir.plan(wants_left, opened(wants_left), at=DAY, fix={"right": day})
    assert caught.value.conflicts == (("R1 @ left", "fix @ right"),)
    agir.plan(wants_left, opened(wants_left), at=DAY, fix={"right": day}, without=["R1"])


def test_a_day_fixed_for_what_has_none_says_why() -> None:
    method = a_method(strict=False)
    dossier = told(method, *START)
    for address, said in (("right", "right: its branch was not taken"), ("begin", "begin: it is done already"), ("again", "again: the plan does not take its branch")):
        with pytest.raises(NotPlannedError) as caught:
            agir.plan(method, dossier, at=DAY + dt.timedelta(days=2), fix={address: DAY + dt.timedelta(days=84)})
        assert str(caught.value).startswith(said)
    over = agir.evolve(method, dossier, on(DAY + dt.timedelta(days=2), fact(Verb.ABANDON, DOSSIER)))
    with pytest.raises(NotPlannedError, match="the project is over"):
        agir.plan(method, over, at=DAY + dt.timedelta(days=3), fix={"end": DAY + dt.timedelta(days=84)})


def test_a_day_fixed_for_a_meeting_that_was_held_is_that_day_or_a_conflict() -> None:
    method = a_method(strict=False)
    held = told(method, (0, fact(Verb.DELIVER, "begin")), (1, agir.facts.hold("right")))
    at = DAY + dt.timedelta(days=2)
    assert agir.plan(method, held, at=at, fix={"right": DAY + dt.timedelta(days=1)}).meetings
    with pytest.raises(PlanningError) as caught:
        agir.plan(method, held, at=at, fix={"right": DAY + dt.timedelta(days=9)})
    assert caught.value.conflicts == (("fix @ right",),)


def test_where_a_way_was_given_up_or_not_tried_nothing_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    """The conflicts of the way that was searched are told all the same; that there is no plan is not."""
    method = a_method(SOON, gap("L1", "begin", "left", 'min = "10w"'), gap("L2", "begin", "right", 'min = "10w"'), strict=False)
    with pytest.raises(PlanningError) as caught:
        agir.plan(method, opened(method), at=DAY)
    assert caught.value.proved
    assert caught.value.to("en").startswith("no plan exists: L1 @ left")
    solve = make.solve

    def hurried(problem: Problem, *, backward: bool) -> Solved | Unsolvable:
        return Unsolvable(conflicts=(), proved=False) if any(v.id == "right" for v in problem.variables) else solve(problem, backward=backward)

    with monkeypatch.context() as gives_up:
        gives_up.setattr(make, "solve", hurried)
        with pytest.raises(PlanningError) as unsure:
            agir.plan(method, opened(method), at=DAY)
    monkeypatch.setattr(_best, "TRIES", 0)
    with pytest.raises(PlanningError) as untried:
        agir.plan(method, opened(method), at=DAY)
    for doubtful in (unsure.value, untried.value):
        assert doubtful.conflicts == caught.value.conflicts
        assert not doubtful.proved
        assert doubtful.to("en").startswith("no plan found: L1 @ left")
        assert "aucun calendrier possible" not in doubtful.to("fr")
        assert json_view.conflicts(doubtful)["proved"] is False
