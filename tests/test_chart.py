"""The three charts: their rows, and the lean walk held equal to transitions' own dispatcher."""

from itertools import product
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transitions import MachineError

from agir_workflow import _chart

ALL = {c: tuple(dict.fromkeys(t for t, _, _ in table.rows)) for c, table in _chart.CHARTS.items()}


def dispatch(chart: str, state: str, trigger: str) -> str | None:
    """Where transitions itself takes a throw-away model; None where it raises or stays out."""
    model = SimpleNamespace(state=state)
    try:
        moved = _chart.machine(chart).events[trigger].trigger(model)
    except MachineError:
        assert model.state == state
        return None
    return model.state if moved else None


@given(st.data(), st.sampled_from(sorted(ALL)))
def test_the_lean_walk_is_that_of_transitions(data: st.DataObject, chart: str) -> None:
    state = _chart.initial(chart)
    for trigger in data.draw(st.lists(st.sampled_from(ALL[chart]), max_size=20)):
        expected = dispatch(chart, state, trigger)
        assert _chart.destination(chart, state, trigger) == expected
        assert (trigger in _chart.triggers(chart, state)) is (expected is not None)
        assert (state in _chart.sources(chart, trigger)) is (expected is not None)
        state = expected or state
    assert _chart.machine(chart).models == []


@pytest.mark.parametrize("chart", sorted(ALL))
def test_a_question_leaves_the_machine_as_it_was(chart: str) -> None:
    tables = {t: dict(e.transitions) for t, e in _chart.machine(chart).events.items()}
    for state, trigger in product((*_chart.CHARTS[chart].states, "nowhere"), (*ALL[chart], "nothing")):
        _chart.destination(chart, state, trigger)
    assert {t: dict(e.transitions) for t, e in _chart.machine(chart).events.items()} == tables
    assert _chart.machine(chart) is _chart.machine(chart)


@pytest.mark.parametrize("chart", sorted(ALL))
def test_a_path_is_a_way_and_none_is_shorter(chart: str) -> None:
    for state, trigger in product(_chart.CHARTS[chart].states, ALL[chart]):
        reached, far = {state}, 0  # by layers, apart from the search in the source
        while not any(dispatch(chart, s, trigger) for s in reached):
            wider = reached | {d for s in reached for t in ALL[chart] if (d := dispatch(chart, s, t))}
            if wider == reached:
                break
            reached, far = wider, far + 1
        else:
            way, here = _chart.path(chart, state, trigger), state
            assert len(way) == far
            for step in way:
                here = dispatch(chart, here, step) or pytest.fail(f"{step} from {here}")
            assert dispatch(chart, here, trigger)
            continue
        with pytest.raises(LookupError):
            _chart.path(chart, state, trigger)


@pytest.mark.parametrize("chart", sorted(ALL))
def test_every_state_can_be_reached_and_the_final_ones_are_left_by_nothing(chart: str) -> None:
    reached = {_chart.initial(chart)}
    for _ in _chart.CHARTS[chart].states:
        reached |= {d for s in reached for t in ALL[chart] if (d := dispatch(chart, s, t))}
    assert reached == set(_chart.CHARTS[chart].states)
    assert _chart.final(chart) == {s for s in reached if not any(dispatch(chart, s, t) for t in ALL[chart])}


def walk(chart: str, *word: str) -> str | None:
    state: str | None = _chart.initial(chart)
    for trigger in word:
        state = state and _chart.destination(chart, state, trigger)
    return state


@pytest.mark.parametrize(
    ("chart", "word", "end"),
    [
        ("run", "suspend resume close", "closed"),
        ("run", "suspend abandon", "abandoned"),
        ("run", "suspend close", None),
        ("run", "close resume", None),
        ("run", "abandon close", None),
        ("deliverable", "deliver submit return submit approve revoke deliver", "draft"),
        ("deliverable", "deliver submit approve deliver", "draft"),
        ("deliverable", "deliver submit deliver", None),
        ("deliverable", "deliver approve", None),
        ("copil", "move", "planned"),
        ("copil", "convene move", "convened"),
        ("copil", "convene convene hold decide", "decided"),
        ("copil", "hold cancel", None),
        ("copil", "convene cancel hold", None),
    ],
)
def test_lives(chart: str, word: str, end: str | None) -> None:
    assert walk(chart, *word.split()) == end


def test_what_ends_a_life() -> None:
    assert _chart.final("run") == {"abandoned", "closed"}
    assert _chart.final("deliverable") == frozenset()
    assert _chart.final("copil") == {"decided", "cancelled"}


def test_what_would_lift_a_refusal() -> None:
    assert _chart.path("deliverable", "none", "approve") == ("deliver", "submit")
    assert _chart.path("run", "suspended", "close") == ("resume",)
    assert _chart.path("copil", "planned", "decide") == ("hold",)
    assert _chart.path("run", "open", "close") == ()
    with pytest.raises(LookupError, match="abandoned"):
        _chart.path("run", "abandoned", "close")
    with pytest.raises(LookupError, match="no chart"):
        _chart.path("elsewhere", "open", "close")
