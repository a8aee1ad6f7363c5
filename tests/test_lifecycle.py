"""The machines that a host gets: they move as `transitions` users expect, and keep the method's reasons."""

import datetime as dt
from functools import partial

import pytest
from test_methods import fresh  # type: ignore[import-not-found]
from test_story import charenton  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.dossier import Dossier
from agir_workflow.errors import UnknownNameError
from agir_workflow.facts import Convene, Hold
from agir_workflow.lifecycle import COMPLETE, Case, machine, stage, watch
from agir_workflow.values import Record
from agir_workflow.view import corrected


def case_on(day: dt.date, address: str) -> Case:
    method, dossier = charenton()
    return Case(method, dossier.as_of(day), by="lead", today=lambda: day, address=address)


def test_a_group_moves_from_session_to_session_and_says_why_not() -> None:
    day = dt.date(2012, 2, 7)
    case = case_on(day - dt.timedelta(days=1), "theme/insertion")
    case.today = lambda: day
    built = machine(case.method, "group")
    watch(built, "group", case)
    assert case.state == "gt1_sittings"
    assert not case.may_gt2(), "the session before it has not been held"
    assert case.may_gt1()
    assert not case.gt1(), "who was there is not made up"
    assert [b.code for b in case.reasons] == ["PRV001"]
    assert not case.events
    assert case.gt1(args=Hold(attendance=Record((("associations", 4), ("entreprises", 5)))))
    assert case.state == "gt2_sittings"
    assert case.events[-1].address == "gt1/insertion"
    few = Hold(attendance=Record((("associations", 1), ("entreprises", 1))))
    assert not case.gt2(args=few)
    assert "EXP006 @ gt2/insertion" in {b.key for b in case.reasons}


def test_the_project_chart_follows_the_dossier_through_its_life() -> None:
    method, dossier = charenton()
    seen = []
    for n in range(1, len(dossier.facts) + 1):
        now = stage(method, Dossier((dossier.facts[0], *corrected(dossier)[1:n])), "project")
        if not seen or seen[-1] != now:
            seen.append(now)
    assert seen == ["cadrage", "preparation", "experimentation", "evaluation", COMPLETE]


@pytest.mark.parametrize(("name", "chart", "address"), [("charenton", "project", "dossier"), ("charenton", "run", "dossier"),
                                                       ("charenton", "deliverable", "livrable/cadre"), ("stage_gate", "innovation", "dossier")])  # fmt: skip
def test_what_may_be_triggered_is_what_the_method_allows(name: str, chart: str, address: str) -> None:
    method, dossier = fresh(name)
    case = Case(method, dossier, by="nobody", today=lambda: dossier.start, address=address)
    built = machine(method, chart)
    watch(built, chart, case)
    for trigger in built.get_triggers(case.state):
        scope = method.words.leaves[trigger].scope if trigger in method.words.leaves else ()
        words = {k: view_first(method, dossier, k) for k in scope}
        before = case.dossier
        allowed = getattr(case, f"may_{trigger}")(**words)
        assert allowed is not bool(case.reasons)
        assert case.dossier is before, "a question changes nothing"


@pytest.mark.parametrize("chart", ["run", "deliverable", "copil"])
def test_every_trigger_of_a_chart_may_be_asked_about_in_every_state(chart: str) -> None:
    """As `transitions` has it: `may_…` answers yes or no, also where the trigger itself wants to be told a day or a decision."""
    address = {"run": "dossier", "deliverable": "livrable/synthese", "copil": "copil/mi_parcours"}[chart]
    case = case_on(dt.date(2012, 3, 20), address)
    built = machine(case.method, chart)
    watch(built, chart, case)
    for state in built.states:
        built.set_state(state, case)
        for trigger in built.get_triggers(state):
            assert getattr(case, f"may_{trigger}")() in (True, False)


def test_a_trigger_that_must_be_told_something_says_what() -> None:
    case = case_on(dt.date(2012, 3, 20), "copil/mi_parcours")
    watch(machine(case.method, "copil"), "copil", case)
    assert case.state == "convened"
    with pytest.raises(TypeError, match=r"convene: expected args=Convene\(…\)"):
        case.convene()
    with pytest.raises(TypeError, match=r"convene: expected args=Convene\(…\), found dict"):
        case.convene(args={"day": dt.date(2012, 4, 5)})
    assert (case.state, case.events) == ("convened", [])
    assert case.convene(args=Convene(day=dt.date(2012, 4, 5)))


class Told(Case):
    """A host's own case: it notes what its callbacks find."""

    found: list[tuple[str, str, list[str], int]]

    def note(self, when: str) -> None:
        self.found.append((when, self.state, [e.verb.value for e in self.events], self.dossier.version))

    def on_exit_submitted(self, event: object) -> None:
        self.note("on_exit")

    def on_enter_approved(self, event: object) -> None:
        self.note("on_enter")


def test_callbacks_of_a_host_find_the_dossier_as_it_was_until_the_state_is_entered_and_as_it_is_from_then_on() -> None:
    plain = case_on(dt.date(2012, 6, 6), "livrable/synthese")
    case = Told(plain.method, plain.dossier, by="lead", today=plain.today, address=plain.address)
    case.found = []
    built = machine(case.method, "deliverable")
    for when in ("before", "after"):
        built.events["approve"].add_callback(when, partial(lambda when, event: event.model.note(when), when))
    watch(built, "deliverable", case)
    assert case.state == "submitted"
    version = case.dossier.version
    assert case.approve()
    assert [found for found in case.found if found[0] in ("before", "on_exit")] == [(when, "submitted", [], version) for when in ("before", "on_exit")]
    assert [found for found in case.found if found[0] in ("on_enter", "after")] == [(when, "approved", ["approve"], version + 1) for when in ("on_enter", "after")]


def view_first(method: agir.Method, dossier: Dossier, kind: str) -> str:
    return next(f.address.partition("/")[2] for f in dossier.facts if f.address.startswith(f"{kind}/"))


def test_an_unknown_chart_is_refused_with_the_nearest() -> None:
    method, _ = fresh("charenton")
    with pytest.raises(UnknownNameError, match="project"):
        machine(method, "projekt")


@pytest.mark.parametrize("chart", ["project", "group", "run"])
def test_a_machine_draws_itself_in_mermaid(chart: str) -> None:
    """Every state and every trigger of the plain machine, and where the case stands."""
    case = case_on(dt.date(2012, 2, 7), "theme/insertion" if chart == "group" else "dossier")
    plain, drawn = machine(case.method, chart), machine(case.method, chart, graph=True)
    watch(drawn, chart, case)
    text = case.get_graph().draw(None)
    assert text.splitlines()[3] == "stateDiagram-v2"
    assert all(f"as {state}\n" in text for state in plain.states)
    assert all(trigger in text for trigger in plain.events)
    assert f"Class {case.state} s_active" in text
