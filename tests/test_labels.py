"""What the tree already says of the rows of a method: computed, against what the catalogue says and against all runs."""

from __future__ import annotations

import itertools
import json

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from test_cli import fits  # type: ignore[import-not-found]
from test_position import Term, holds, nodes, terms  # type: ignore[import-not-found]
from test_verification import tiny  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.cli import main
from agir_workflow.method import Method
from agir_workflow.requirements import Due, Form, Is, Requirement
from agir_workflow.tree import Node, Op
from agir_workflow.values import Record
from agir_workflow.verification.labels import Asks, Bearing, Formula, _Table, readings
from agir_workflow.words import Aspect, Code, Severity, Text

METHOD = agir.load_method("agir_ensemble")

# By hand, from RULES.md §1.0 and §1.4: a row of the order of the tree is a label; what copils decide, interviews (which stand
# anywhere), what is optional or beside (the mid-course copil, the lessons written up, the follow-up), repetitions, distances and the plan are not in the tree.
IMPLIED = {
    "CAD003", "CAD004", "PRE001 order", "PRE008 order", "EXP001", "EXP003", "EXP004", "EXP004.2", "EXP023", "EXP023.2", "EXP024", "EXP024.2", "EXP027", "ORD001", "ORD002",
    "COP002 order", "COP003 order", "COP004", "COP004.2", "COP010 order", "PRE005.2", "COP005.3",
}  # fmt: skip
INDEPENDENT = {
    "CAD003.2", "PRE001 decision", "PRE002", "PRE002.2", "PRE003", "PRE003.2", "PRE004", "PRE008 decision", "PRE009", "EXP005", "EXP011", "COP002 decision", "COP003 decision",
    "COP005", "COP005.2", "COP006", "COP010 decision", "COP010.2", "COP010.3", "CAL003", "CAL005", "CAL006", "CAL006.2", "LIV004", "LIV006.3", "LIV006.4",
}  # fmt: skip


def named(method: Method) -> dict[str, Bearing]:
    """The table by code; what is asked is said where a row asks two things."""
    found = readings(method)
    twice = {x.n for x in found if sum(y.n == x.n for y in found) > 1}
    return {f"{x.code}{f'.{x.nth}' if x.nth > 1 else ''}{f' {x.asks.value}' if x.n in twice else ''}": x.bearing for x in found}


def test_the_tree_says_of_each_row_what_the_catalogue_says() -> None:
    """A row that becomes implied, contradictory or unviolable fails here, as does a new one that nobody thought about."""
    assert named(METHOD) == dict.fromkeys(IMPLIED, Bearing.IMPLIED) | dict.fromkeys(INDEPENDENT, Bearing.INDEPENDENT)


def test_every_behavioural_row_is_in_the_table() -> None:
    table = {x.n for x in readings(METHOD)}
    assert {n for n, r in enumerate(METHOD.requirements) if r.aspect is Aspect.BEHAVIOURAL} <= table


@pytest.mark.parametrize("number", [1, 3])
def test_two_instances_say_what_any_number_says(number: int) -> None:
    assert readings(METHOD, number) == readings(METHOD)


def row(is_: str, due: str, each: str | None = None, **params: object) -> Requirement:
    text = Text("x", "x")
    form = Form.CHART if due == "run.close" else Form.ALWAYS if due == "always" else Form.LEAF
    return Requirement(code=Code("X1"), is_=Is(is_), params=Record(tuple(params.items())), due=Due(form, due), aspect=Aspect.BEHAVIOURAL,  # type: ignore[arg-type]
                       severity=Severity.ERROR, why=text, fix=text, origin="default", each=each)  # fmt: skip


GO = ("go", "go_with_reserves")
WRONG = {
    "the first session long before the third": (Bearing.IMPLIED, row("precedes", "gt3", "theme", a="gt1", b="gt3")),
    "all themes together before any lane": (Bearing.IMPLIED, row("precedes", "gt1", a="choose_themes", b="gt1")),
    "an optional copil before the synthesis": (Bearing.INDEPENDENT, row("present", "synthese", of="copil_mi_parcours")),
    "a go of the launch copil after which all may happen": (Bearing.INDEPENDENT, row("decided", "restitution", by="copil_lancement", before="restitution", values=GO)),
    "the second session before the first": (Bearing.CONTRADICTORY, row("precedes", "gt1", "theme", a="gt2", b="gt1")),
    "the synthesis copil before the launch": (Bearing.CONTRADICTORY, row("decided", "lancement", by="copil_synthese", before="lancement", values=("go", "go_with_reserves", "no_go", "postponed"))),
    "the closing copil held by the launch": (Bearing.CONTRADICTORY, row("present", "lancement", of="copil_cloture")),
    "no first session at all": (Bearing.CONTRADICTORY, row("count", "always", "session", of="session.sittings", max=0)),
    "a step before itself": (Bearing.CONTRADICTORY, row("precedes", "gt1", "theme", a="gt1", b="gt1")),
    "a copil that comes after the end": (Bearing.UNVIOLABLE, row("decided", "run.close", by="copil_cloture", before="run.close", values=GO, late=True)),
    "a distance back from the end": (Bearing.UNVIOLABLE, row("gap", "gt1", "theme", a="restitution", b="gt1", min="1w")),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_row_bent_by_hand_is_told_for_what_it_is(name: str) -> None:
    wanted, bent = WRONG[name]
    found = {x.asks: x.bearing for x in readings(attrs.evolve(METHOD, requirements=(bent,)))}
    assert found.pop(Asks.DECISION, Bearing.INDEPENDENT) is Bearing.INDEPENDENT
    if "a go of" in name:
        assert found.pop(Asks.ORDER) is Bearing.IMPLIED
    assert set(found.values()) <= {wanted}


def test_a_barrier_between_the_rounds_of_all_groups_would_be_independent() -> None:
    """Said of every lane at once; a row that reads each lane alone says less, and the tree says that already."""
    table = _Table(METHOD, 2)
    first, second = table.labels("gt1"), table.labels("gt2")
    assert len(first) == len(second) == 2
    assert table.bearing(Formula(Asks.ORDER, first, second, tuple((x,) for x in first))) is Bearing.INDEPENDENT
    assert table.bearing(Formula(Asks.ORDER, first[:1], second[:1])) is Bearing.IMPLIED


def runs(node: Node) -> set[tuple[str, ...]]:
    """The words of a block, each loop gone round once at most."""
    if node.op is Op.LEAF:
        return {(str(node.leaf),)}
    kids = [runs(k) for k in node.kids]
    if node.op in (Op.CHOICE, Op.OPT):
        return set().union(*kids) | ({()} if node.op is Op.OPT else set())
    if node.op is Op.LOOP:
        return kids[0] | {a + back + b for a in kids[0] for b in kids[0] for back in (kids[1] if kids[1:] else {()})}
    words: set[tuple[str, ...]] = {()}
    for kid in kids:
        words = {w for a in words for b in kid for w in ({a + b} if node.op is Op.SEQ else shuffled(a, b))}
        assert len(words) < 20_000
    return words


def shuffled(a: tuple[str, ...], b: tuple[str, ...]) -> set[tuple[str, ...]]:
    out = set()
    for places in itertools.combinations(range(len(a) + len(b)), len(a)):
        one, two = iter(a), iter(b)
        out.add(tuple(next(one) if n in places else next(two) for n in range(len(a) + len(b))))
    return out


@settings(max_examples=120, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(terms(leaves=4, exact=True).filter(lambda t: not isinstance(t, str) and not holds(t, "each")))
def test_what_is_computed_is_what_all_runs_say(term: Term) -> None:
    """Of every two steps, by every word of the tree: a second round brings about all that more rounds can."""
    names = [str(n.leaf) for n in nodes(term).leaves()]
    pairs = [(a, b) for a in names for b in names if a != b]
    found = {(pairs[x.n]): x.bearing for x in readings(tiny(term, pairs))}
    for a, b in pairs:
        kept = {a in w[: w.index(b)] for w in runs(nodes(term)) if b in w}
        wanted = Bearing.IMPLIED if kept == {True} else Bearing.CONTRADICTORY if kept == {False} else Bearing.INDEPENDENT
        assert found[a, b] is wanted, (term, a, b)


def test_the_table_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    fits(said, "agir.rules/1")
    of = {r["code"]: [x["order"] for x in r["rows"]] for r in said["rules"]}
    assert of["EXP004"] == [[{"asks": "order", "bearing": "implied"}]] * 2
    assert of["PRE001"] == [[{"asks": "order", "bearing": "implied"}, {"asks": "decision", "bearing": "independent"}]]
    assert of["EXP006"] == [[], []]
    assert main(["--lang", "en", "rules", "--order"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(readings(METHOD))
    assert [x.split(maxsplit=2) for x in lines if x.startswith("COP005 ")] == [["COP005", "order", "independent of the tree"]]
