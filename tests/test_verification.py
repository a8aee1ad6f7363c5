"""
The proof of a method: hand-broken methods, each with its own flaw and no other, its witness run;
and an oracle that searches markings, at small size.
"""

from __future__ import annotations

import json
import os
from itertools import pairwise
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_cli import fits  # type: ignore[import-not-found]
from test_position import Marking, Term, holds, laid, moves, nodes, over, terms  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.cli import main
from agir_workflow.errors import MethodError
from agir_workflow.method import Kind, Leaf, LeafSet, Method
from agir_workflow.requirements import Due, Form, Is, Requirement
from agir_workflow.tree import Tree
from agir_workflow.values import Record
from agir_workflow.verification import Flaw, Shows, verify
from agir_workflow.verification.flow import Flow
from agir_workflow.verification.order import Order, Rel
from agir_workflow.views.verification_view import verification, verification_text
from agir_workflow.witness import run_witness
from agir_workflow.words import Aspect, Code, LeafId, Severity, Sort, Text, Verb

EXAMPLES = Path(__file__).parents[1] / "examples"
BASE = (EXAMPLES / "stage_gate" / "method.toml").read_text(encoding="utf-8")


def row(code: str, is_: str, due: str, severity: str = "error", **params: object) -> str:
    said = ", ".join(f"{k.rstrip('_')} = {v if str(v).startswith('{') else json.dumps(v)}" for k, v in params.items())
    text = '{ fr = "{subject}.", en = "{subject}." }'
    return f'    {{ code = "{code}", is = "{is_}", due = "{due}", {said}, aspect = "structural", severity = "{severity}", origin = "default", why = {text}, fix = {text} }},\n'  # fmt: skip


def with_rows(*rows: str) -> tuple[str, str]:
    return "requirements = [\n", "requirements = [\n" + "".join(rows)


def with_leaves(*ids: str) -> tuple[str, str]:
    made = "".join(f'    {{ id = "{x}", sort = "activity", label = {{ fr = "{x}", en = "{x}" }}, address = "step/{x}", origin = "default" }},\n' for x in ids)
    return "leaves = [\n", "leaves = [\n" + made


CHOICE = (with_leaves("quiet", "loud"), ('market = { phase = true, seq = ["market_debut"] }', 'market = { phase = true, seq = ["way", "market_debut"] }\nway = { choice = ["quiet", "loud"] }'),
          ('before = "market_debut", due = "market_debut"', 'before = "market_debut", due = "market"'))  # fmt: skip
AUDIT = (with_leaves("audit"), ('seq = ["modules", "market_gate"]', 'seq = ["modules", "extra", "market_gate"]'), ("market_gate = {", 'extra = { opt = "audit" }\nmarket_gate = {'))
AT_ONCE = ('module_work = { seq = ["prototype", "user_trial"] }', 'module_work = { par = ["prototype", "user_trial"] }')

LANES = (('leaves = [\n', 'leaves = [\n' + "".join(f'    {{ id = "{x}", sort = "activity", label = {{ fr = "{x}", en = "{x}" }}, address = "step/{x}/{{module}}", origin = "default" }},\n' for x in ("bought", "built"))),
         with_leaves("lease", "sell"), ('module_work = { seq = ["prototype", "user_trial"] }', 'module_work = { seq = ["prototype", "source", "user_trial"] }\nsource = { choice = ["bought", "built"] }'),
         ('seq = ["modules", "market_gate"]', 'seq = ["modules", "fork", "market_gate"]'), ("market_gate = {", 'fork = { choice = ["lease", "sell"] }\nmarket_gate = {'))  # fmt: skip
CHECKS = (with_leaves("poll", "audit", "report"), ('seq = ["modules", "market_gate"]', 'seq = ["modules", "extra", "market_gate"]'),
          ("market_gate = {", 'extra = { par = ["poll", "checks"] }\nchecks = { seq = ["maybe", "report"] }\nmaybe = { opt = "audit" }\nmarket_gate = {'))  # fmt: skip

BROKEN: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "a row goes against the tree": ("contradicts_tree", (('a = "prototype", b = "user_trial", each = "module", due = "user_trial"', 'a = "user_trial", b = "prototype", each = "module", due = "prototype"'),)),
    "a distance goes against the tree": ("contradicts_tree", (('a = "user_trial", b = "go_to_market_gate", each', 'a = "market_debut", b = "go_to_market_gate", each'),)),
    "a step must come before itself": ("contradicts_tree", (with_rows(row("X1", "precedes", "market_debut", a="market_debut", b="market_debut")),)),
    "a decision wanted before it can be taken": ("due_too_soon", (('before = "market_debut", due = "market_debut"', 'before = "market_debut", due = "making"'),)),
    "a document wanted before its source": ("due_too_soon", (('state = "approved", due = "go_to_market_gate"', 'state = "approved", due = "prototype"'),)),
    "a step wanted at its own phase": ("due_too_soon", (with_rows(row("X1", "present", "discovery", of="idea_brief")),)),
    "a step of another branch": ("dead_step", (*CHOICE, with_rows(row("X1", "precedes", "loud", a="quiet", b="loud")))),
    "two steps that exclude each other, for a third that may be left out": (
        "dead_step", (*CHOICE, *AUDIT[:1], ('"way", "market_debut"] }', '"way", "market_debut", "late"] }\nlate = { opt = "audit" }'),
                      with_rows(row("X1", "precedes", "audit", a="quiet", b="audit"), row("X2", "precedes", "audit", a="loud", b="audit")))),
    "two steps that exclude each other, for one that must be": ("no_completion", (*CHOICE, with_rows(row("X1", "precedes", "market_debut", a="quiet", b="market_debut"), row("X2", "precedes", "market_debut", a="loud", b="market_debut")))),
    "an option that is missed too late": ("deadlock", (*AUDIT, with_rows(row("X1", "present", "market_debut", of="audit")))),
    "a branch that is missed too late": ("deadlock", (*CHOICE, with_rows(row("X1", "precedes", "market_debut", a="quiet", b="market_debut")))),
    "an option that another one wants too late": (
        "deadlock", (*AUDIT, with_leaves("survey"), ('"modules", "extra", "market_gate"', '"early", "modules", "extra", "market_gate"'), ("market_gate = {", 'early = { opt = "survey" }\nmarket_gate = {'),
                     with_rows(row("X1", "precedes", "audit", a="survey", b="audit"), row("X2", "present", "go_to_market_gate", of="audit")))),
    "an end that cannot be closed": ("improper_completion", (*AUDIT, with_rows(row("X1", "present", "run.close", of="audit")))),
    "two steps that wait for each other": ("cycle", (AT_ONCE, with_rows(row("X1", "precedes", "prototype", a="user_trial", b="prototype", each="module")))),
    "three steps that wait for each other": (
        "cycle", (AT_ONCE, with_leaves("third"), ("market_gate = {", 'beside = { par = ["modules", "third"] }\nmarket_gate = {'), ('seq = ["modules", "market_gate"]', 'seq = ["beside", "market_gate"]'),
                  with_rows(row("X1", "precedes", "third", a="user_trial", b="third"), row("X2", "precedes", "prototype", a="third", b="prototype")))),
    "two rows that leave an option no place": (
        "dead_step", (*CHECKS, with_rows(row("X1", "precedes", "audit", a="poll", b="audit"), row("X2", "precedes", "poll", a="report", b="poll")))),
    "three rows of which no two do": (
        "dead_step", (*CHECKS[:2], with_leaves("notice"), ("market_gate = {", 'extra = { par = ["poll", "notice", "checks"] }\nchecks = { seq = ["maybe", "report"] }\nmaybe = { opt = "audit" }\nmarket_gate = {'),
                      with_rows(row("X1", "precedes", "audit", a="poll", b="audit"), row("X2", "precedes", "poll", a="notice", b="poll"), row("X3", "precedes", "notice", a="report", b="notice")))),
    "two rows that shut a branch": (
        "dead_step", (*CHECKS[:2], with_leaves("short"), ("market_gate = {", 'extra = { par = ["poll", "ways"] }\nways = { choice = ["long", "short"] }\nlong = { seq = ["audit", "report"] }\nmarket_gate = {'),
                      with_rows(row("X1", "precedes", "short", a="poll", b="short"), row("X2", "precedes", "poll", a="audit", b="poll")))),
    "an option that nobody may leave out, and one may": ("deadlock", (*CHECKS, with_rows(row("X1", "precedes", "poll", a="audit", b="poll")))),
    "two lanes that go different ways": ("deadlock", (*LANES, with_rows(row("X1", "precedes", "lease", a="bought", b="lease", each="module"), row("X2", "precedes", "sell", a="built", b="sell", each="module")))),
    "two decisions of one gate, for two steps": ("rows_conflict", (with_rows(row("X1", "decided", "market_debut", by="screening_gate", before="market_debut", values=["kill"])),)),
    "a gate without a way round": ("no_redo", (('seq = ["modules", "market_gate"]', 'seq = ["modules", "go_to_market_gate"]'), ('market_gate = { loop = { body = "go_to_market_gate" } }\n', ""))),
    "more at least than at most": ("unsatisfiable", (with_rows(row("X1", "count", "go_to_market_gate", of="defect", each="module", min=5, max=2)),)),
    "a word that the field cannot say": ("unsatisfiable", (('all = ["research", "sales"]', 'all = ["research", "gatekeeper"]'),)),
    "two of what there is one of": ("unsatisfiable", (with_rows(row("X1", "count", "making", of="budget_case", min=2)),)),
    "an instance that cannot be": ("unsatisfiable", (('kinds = [{ id = "module",', 'kinds = [{ id = "module", attributes = { side = "function" },'), with_rows(row("X1", "precedes", "market_debut", a="prototype", b="market_debut", where='{ side = "inventor" }')))),
    "no number is wrong": ("irrefutable", (with_rows(row("X1", "count", "go_to_market_gate", of="defect", each="module", min=0)),)),
    "no distance is wrong": ("irrefutable", (('each = "module", min = "2w", max = "8w"', 'each = "module"'),)),
    "no day is wrong": ("irrefutable", ((', not_in = { profile = "closed" }', ""),)),
    "a distance between branches": ("unviolable", (*CHOICE, with_rows(row("X1", "gap", "loud", a="quiet", b="loud", min="2d")))),
    "a condition that is its own": ("when_cycle", (with_rows(row("X1", "count", "go_to_market_gate", of="defect", each="module", min=3, when="X1")),)),
    "a condition that does all the work": ("unviolable", (with_rows(row("X1", "present", "market", of="budget_case", when="SG01")),)),
    "conditions in a circle": ("when_cycle", (with_rows(row("X1", "count", "go_to_market_gate", of="defect", each="module", min=3, when="SG01")), ('code = "SG01", is = "present"', 'code = "SG01", when = "X1", is = "present"'))),
    "two decisions of one gate": ("rows_conflict", (with_rows(row("X1", "decided", "market_debut", by="go_to_market_gate", before="market_debut", values=["kill", "recycle"])),)),
    "two numbers of one thing": ("rows_conflict", (with_rows(row("X1", "count", "go_to_market_gate", of="defect", each="module", min=5), row("X2", "count", "go_to_market_gate", of="defect", each="module", max=2)),)),
    "the same said twice": ("repeated", (with_rows(row("SG07", "decided", "market_debut", by="go_to_market_gate", values=["pass"], before="market_debut")),)),
    "a distance that a profile makes empty": ("gap_empty", (('min = "2w", max = "8w"', 'min = { profile = "least" }, max = "8w"'), ('id = "house", label', 'id = "house", least = "9w", label'))),
    "distances that exclude each other": ("timing", (with_rows(row("X1", "gap", "user_trial", a="prototype", b="user_trial", each="module", min="7w"), row("X2", "gap", "go_to_market_gate", a="prototype", b="go_to_market_gate", each="module", max="8w")),)),
    "a period without an open day": ("window_empty", (with_rows(row("X1", "window", "market_debut", of="market_debut", in_="2012-07-14", not_in='{ profile = "closed" }')),)),
    "closures without end": ("no_calendar", (('closed = ["weekend", "holiday"]', 'closed = ["weekend", "holiday", "closures"], closures = [{ label = { fr = "travaux", en = "works" }, from = 2024-01-01, to = 2034-12-31 }]'),)),
    "distances over an option that a row wants": ("timing", (*AUDIT, with_rows(row("X1", "present", "go_to_market_gate", of="audit"), row("X2", "gap", "audit", a="user_trial", b="audit", min="9w")))),
    "a list for nothing": ("unused", (('lists = [\n', 'lists = [\n    { id = "mood", origin = "default", label = { fr = "humeur", en = "mood" }, words = [{ id = "good", label = { fr = "bonne", en = "good" }, origin = "default" }] },\n'),)),
}  # fmt: skip


def broken(name: str) -> tuple[str, str]:
    kind, edits = BROKEN[name]
    text = BASE
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return kind, text


def flaws_of(text: str) -> tuple[Method, list[Flaw]]:
    """The flaws that the unbroken method has not."""
    method = agir.read_method(text.encode(), "m.toml", strict=False)
    usual = {(f.code, f.what) for f in verify(agir.read_method(BASE.encode()))}
    return method, [f for f in verify(method) if (f.code, f.what) not in usual]


@pytest.mark.parametrize("name", BROKEN)
def test_each_broken_method_has_its_own_flaw_and_no_other(name: str) -> None:
    kind, text = broken(name)
    method, found = flaws_of(text)
    assert [f.code for f in found] == [f"method.{kind}"], [(f.code, f.path, f.what.en) for f in found]
    flaw = found[0]
    lines = text.splitlines()
    assert flaw.line is not None
    assert any(str(method.requirements[n].code) in lines[flaw.line - 1] for n in flaw.witness.rows) or flaw.severity is Severity.INFO or kind in ("no_calendar",)
    assert all(len(s) <= 160 for s in (flaw.what.fr, flaw.what.en, flaw.mend.fr, flaw.mend.en))
    shown = run_witness(method, flaw.witness)
    assert shown.holds, [(c.verb, c.address, d) for c, d in shown.steps]
    assert (flaw.witness.shows is Shows.UNREAD) is (flaw.witness.why is not None)
    silent = ("a condition that is its own", "a condition that does all the work", "conditions in a circle", "the same said twice", "a list for nothing", "a word that the field cannot say")
    assert (name in silent) is (flaw.witness.why is not None)


@pytest.mark.parametrize("name", BROKEN)
def test_no_command_of_a_witness_can_be_spared(name: str) -> None:
    """Without any one of its commands, it no longer sticks at the same place."""
    method, found = flaws_of(broken(name)[1])
    for flaw in found:
        if flaw.witness.shows is not Shows.REFUSED:
            continue
        whole = run_witness(method, flaw.witness)
        for n in range(len(flaw.witness.commands)):
            rest = flaw.witness.commands[:n] + flaw.witness.commands[n + 1 :]
            less = run_witness(method, attrs.evolve(flaw.witness, commands=rest))
            assert not less.holds or {b.key for b in less.stuck} != {b.key for b in whole.stuck} or rest[-1:] != flaw.witness.commands[-1:], (n, flaw.code)


@pytest.mark.parametrize("name", BROKEN)
def test_an_unsound_method_is_refused_when_it_is_read(name: str) -> None:
    """All but two: a project may rightly end by a "no", and a word that nothing reads hurts nobody."""
    kind, text = broken(name)
    if kind in ("no_redo", "unused"):
        agir.read_method(text.encode(), "m.toml")
        return
    with pytest.raises(MethodError) as caught:
        agir.read_method(text.encode(), "m.toml")
    assert all(f.line and f.file == "m.toml" for f in caught.value.faults)
    if name != "more at least than at most":  # the reader of numbers says that one first
        assert {f.what for f in caught.value.faults} == {f.what for f in flaws_of(text)[1]}


AGAINST: dict[str, tuple[str, Shows, Shows]] = {
    # A row that goes against the tree or is due too soon; what its witness shows where it refuses, and where it only warns.
    row("X1", "precedes", "prototype", "{}", a="user_trial", b="prototype", each="module"): ("contradicts_tree", Shows.REFUSED, Shows.NO_PLAN),
    row("X1", "precedes", "idea_brief", "{}", a="user_trial", b="idea_brief", each="module"): ("contradicts_tree", Shows.REFUSED, Shows.NO_PLAN),
    row("X1", "precedes", "market_debut", "{}", a="market_debut", b="market_debut"): ("contradicts_tree", Shows.REFUSED, Shows.UNREAD),
    row("X1", "decided", "making", "{}", by="go_to_market_gate", before="prototype", values=["pass"]): ("contradicts_tree", Shows.REFUSED, Shows.UNREAD),
    row("X1", "decided", "always", "{}", by="go_to_market_gate", before="prototype", values=["pass"], late=True): ("contradicts_tree", Shows.UNREAD, Shows.UNREAD),
    row("X1", "gap", "idea_brief", "{}", a="market_debut", b="idea_brief", min="2d"): ("contradicts_tree", Shows.NO_PLAN, Shows.NO_PLAN),
    row("X1", "gap", "idea_brief", "{}", a="market_debut", b="idea_brief", max="2d"): ("contradicts_tree", Shows.UNREAD, Shows.UNREAD),
    row("X1", "present", "screening_gate", "{}", of="user_trial", each="module"): ("due_too_soon", Shows.REFUSED, Shows.NO_PLAN),
    row("X1", "agreed", "screening_gate", "{}", of="prototype", each="module"): ("due_too_soon", Shows.REFUSED, Shows.NO_PLAN),
    row("X1", "count", "idea_brief", "{}", of="market_debut.sittings", min=1): ("due_too_soon", Shows.REFUSED, Shows.UNREAD),
    row("X1", "deliverable", "making", "{}", of="trial_report", state="approved"): ("due_too_soon", Shows.NO_PLAN, Shows.NO_PLAN),
}


@pytest.mark.parametrize("severity", ["error", "warning"])
@pytest.mark.parametrize("line", AGAINST)
def test_a_row_against_the_tree_has_a_witness_where_anything_reads_it(line: str, severity: str) -> None:
    """A guard refuses, or the planner finds no dates; a lane is declared where the row speaks of lanes. Else it says that nothing reads it."""
    code, refuses, warns = AGAINST[line]
    method, (flaw,) = flaws_of(BASE.replace(*with_rows(line.replace('severity = "{}"', f'severity = "{severity}"')), 1))
    assert (flaw.code, flaw.witness.shows) == (f"method.{code}", refuses if severity == "error" else warns)
    assert run_witness(method, flaw.witness).holds


def test_a_document_for_which_its_answers_stand_waits_for_no_step() -> None:
    papers = ('of = ["user_trial"], role', 'of = ["user_trial"], items = ["budget_case"], role')
    rows = with_rows('    { items = true, ' + row("X1", "deliverable", "making", of="trial_report", state="draft").lstrip(" {"))
    assert not flaws_of(BASE.replace(*papers, 1).replace(*rows, 1))[1]


def test_a_document_that_is_due_at_the_step_it_comes_from_has_a_date() -> None:
    """The guard wants it before that step, and the proof finds nothing wrong: nor does the planner wait for the step first."""
    method, flaws = flaws_of(BASE.replace(*with_rows(row("X1", "deliverable", "user_trial", of="trial_report", state="draft", each="module")), 1))
    assert flaws == []
    dossier = agir.read_dossier((EXAMPLES / "stage_gate" / "dossier.toml").read_bytes().partition(b"[[facts]]")[0], lambda _: method)[1]
    plan = agir.plan(method, dossier, at=dossier.start)
    assert "paper/trial_report" in {t.address for t in plan.todos}


def test_an_overlay_and_a_profile_are_proved_as_well() -> None:
    """What the base and the territory say is each sound, and together they are not."""
    head = '[method]\nextends = "agir_ensemble@1"\nname = "x"\nversion = 1\ntitle = { fr = "x", en = "x" }\norigin = "default"\n'
    over = '[[profiles]]\nid = "rameau-default"\nsession_min = "9w"\n'
    agir.read_method(head.encode(), "o.toml")
    with pytest.raises(MethodError, match="minimum") as caught:
        agir.read_method((head + over).encode(), "o.toml")
    assert len(caught.value.faults) == 1, "two rows take their bounds from one number: one fault"


def test_numbers_that_cannot_be_read_are_told_before_anything_is_proved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`verify` reads as far as `check` does; a number that another profile inherits is told where it is written."""
    head = '[method]\nextends = "agir_ensemble@1"\nname = "x"\nversion = 1\ntitle = { fr = "x", en = "x" }\norigin = "default"\n'
    (tmp_path / "o.toml").write_text(head + '[[profiles]]\nid = "rameau-default"\ngroup_ok = [15, 6]\n', encoding="utf-8")
    for command in ("verify", "check"):
        assert main(["method", command, str(tmp_path / "o.toml")]) == 2
        assert capsys.readouterr().err.count("group_ok") == 1


def test_at_least_ten_kinds_are_told_apart() -> None:
    assert len({kind for kind, _ in BROKEN.values()}) >= 18
    assert len(BROKEN) >= 20


# -- the oracle -----------------------------------------------------------------------------------------


Wants = list[tuple[tuple[str, ...], str | None]]
"""Of each: one of the first before the second (None: before the run is closed)."""


def tiny(term: Term, wants: Wants, free: tuple[str, ...] = (), each: str | None = None) -> Method:
    """A method of activities alone, with a row for each want; *each*: said of the lanes of that kind."""
    root = nodes(term)
    text, empty = Text("x", "x"), ()
    leaves = tuple(Leaf(id=LeafId(x), sort=Sort.ACTIVITY, label=text, address="/".join(("step", x, *(f"{{{k}}}" for k in scope))), origin="default")
                   for x, scope in (*((n.leaf, n.scope) for n in root.leaves()), *((x, ()) for x in free)))  # fmt: skip
    kinds = tuple(Kind(id=k, label=text, attributes=empty, origin="default") for k in dict.fromkeys(k for n in root.leaves() for k in n.scope))
    sets = tuple(LeafSet(id=f"set{n}", label=text, leaves=tuple(LeafId(x) for x in earlier), origin="default") for n, (earlier, _) in enumerate(wants))
    rows = tuple(
        Requirement(code=Code(f"R{n}"), is_=Is.PRECEDES if b else Is.PRESENT, params=Record((("a", a), ("b", b)) if b else (("of", a),)),
                    due=Due(Form.LEAF, b) if b else Due(Form.CHART, "run.close"), aspect=Aspect.BEHAVIOURAL, severity=Severity.ERROR, why=text, fix=text, origin="default", each=each)
        for n, (earlier, b) in enumerate(wants) for a in [earlier[0] if len(earlier) == 1 else f"set{n}"]
    )  # fmt: skip
    return Method(name="tiny", version=1, hash=repr((term, wants, free, each)), title=text, origin="default", tree=Tree(root, tuple(LeafId(x) for x in free)), kinds=kinds, leaves=leaves,
                  facets=empty, deliverables=empty, lists=empty, sets=sets, phases=empty, requirements=rows, regimes=empty, profiles=empty)  # fmt: skip


PANEL = '    { id = "panel", sort = "decision", label = { fr = "Jury", en = "Panel" }, address = "gate/panel", decisions = ["pass", "kill"], origin = "default" },\n'


@pytest.mark.parametrize(
    ("way", "of", "severity", "told"),
    [('{ opt = "panel" }', "panel", "error", 1), ('{ opt = "panel" }', "panel.decision", "error", 0), ('{ opt = "panel" }', "panel", "warning", 0), ('{ seq = ["panel"] }', "panel", "error", 0)],
)
def test_a_body_that_may_sit_and_not_decide_is_said_not_to_be_proved(way: str, of: str, severity: str, told: int) -> None:
    text = BASE.replace("leaves = [\n", "leaves = [\n" + PANEL, 1).replace('seq = ["modules", "market_gate"]', 'seq = ["modules", "extra", "market_gate"]')
    text = text.replace("market_gate = {", f"extra = {way}\nmarket_gate = {{", 1).replace(*with_rows(row("SG90", "present", "market_debut", severity, of=of)), 1)
    found = [f for f in flaws_of(text)[1] if f.code == "method.undecided"]
    assert [(f.severity, f.witness.shows) for f in found] == [(Severity.WARNING, Shows.UNREAD)] * told


def test_more_ways_than_are_searched_are_told_and_not_refused() -> None:
    """Thirteen options of which another step wants one of every two neighbours: what is not proved says so, and says why it has no witness."""
    names = [f"s{n:02}" for n in range(14)]
    method = tiny(("par", *(("opt", x) for x in names)), [((x, y), names[-1]) for x, y in pairwise(names[:-1])])
    (told,) = Flow(method, Order(method.tree)).flaws()
    assert (told.code, told.severity, told.witness.shows) == ("method.undecided", Severity.WARNING, Shows.UNREAD)
    assert told.witness.rows == tuple(range(12))
    assert told.witness.why is not None
    assert max(len(told.what.fr), len(told.what.en)) <= 160


def test_options_that_are_alike_are_counted_and_not_multiplied() -> None:
    """Forty of which another step wants each: as many states as may be done of them, not two to the power."""
    names = [f"s{n:02}" for n in range(41)]
    method = tiny(("par", *(("opt", x) for x in names)), [((x,), names[-1]) for x in names[:-1]])
    assert [*Flow(method, Order(method.tree)).flaws()] == []


Spot = tuple[Marking, frozenset[str]]


class Searched:
    """All that rewriting the term, under the wants, lets one reach: it shares nothing with the source but the term."""

    def __init__(self, term: Term, wants: Wants, free: tuple[str, ...] = ()) -> None:
        self.start: Spot = (frozenset({term}), frozenset())
        self.wants = wants
        self.after: dict[Spot, dict[str, Spot]] = {}
        ends, todo = set(), [self.start]
        for here in todo:
            if here in self.after:
                continue
            marking, ever = here
            ready = moves(marking) | dict.fromkeys(free, marking)
            self.after[here] = {x: (there, ever | {x}) for x, there in ready.items() if self.met(x, ever)}
            todo += self.after[here].values()
            if over(marking) and self.met(None, ever):
                ends.add(here)
        self.good = ends
        while more := {s for s, nexts in self.after.items() if s not in self.good and self.good & {*nexts.values()}}:
            self.good |= more

    def met(self, step: str | None, ever: frozenset[str]) -> bool:
        return all(ever & {*earlier} for earlier, b in self.wants if b == step)

    def sound(self, steps: set[str]) -> bool:
        return self.good == set(self.after) and steps == {x for nexts in self.after.values() for x in nexts}


SOAK = max(int(os.environ.get("AGIR_SOAK", "0")), 20_000 * ("AGIR_SOAK" in os.environ))
"""Examples: none more than usual, 20,000 with AGIR_SOAK=1, or as many as it says beyond that."""


@st.composite
def wanting(draw: st.DrawFn) -> tuple[Term, Wants, tuple[str, ...]]:
    """A tree of some steps, some more that are done at any time, and what is wanted of both; few wants against the tree, which reading refuses anyhow."""
    term = draw(terms(leaves=8 if SOAK else 6, exact=True).filter(lambda t: not isinstance(t, str) and not holds(t, "each")))
    free = draw(st.sampled_from([(), (), (), ("y",), ("y", "z")]))
    order = Order(Tree(nodes(term), free))
    one = st.sampled_from([str(x) for x in order.leaves])
    lists = st.one_of(one.map(lambda x: (x,)), st.lists(one, min_size=1, max_size=3, unique=True).map(tuple))
    drawn = draw(st.lists(st.tuples(lists, st.one_of(one, one, one, st.none())), min_size=1, max_size=4, unique=True))
    against = draw(st.integers(0, 9)) == 0
    return term, [(a, b) for a, b in drawn if against or b is None or not all(order.rel(LeafId(x), LeafId(b)) in (Rel.AFTER, Rel.SAME) for x in a)], free


@settings(max_examples=SOAK or 250, derandomize=not SOAK, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(wanting())
def test_the_proof_finds_what_a_search_over_markings_finds(drawn: tuple[Term, Wants, tuple[str, ...]]) -> None:
    term, wants, free = drawn
    method = tiny(term, wants, free)
    flaws = list(Flow(method, Order(method.tree)).flaws())
    sound = Searched(term, wants, free).sound({str(x.id) for x in method.leaves})
    # Against the tree means: within a round. A later round might bring it about, and reading refuses it all the same.
    told = [f for f in flaws if f.code not in ("method.contradicts_tree", "method.due_too_soon", "method.undecided")]
    assert not (told and sound), ("a false alarm", drawn, [(f.code, f.what.en) for f in flaws])
    assert flaws or sound, ("a flaw not found", drawn)
    for flaw in flaws:
        assert len(flaw.what.fr) <= 160
        if flaw.witness.shows is Shows.REFUSED:
            assert run_witness(method, flaw.witness).holds, (flaw.code, drawn)
        if flaw.code in ("method.deadlock", "method.improper_completion"):
            # A step may be asked for sooner: where nothing is missing but what the rows themselves ask for.
            assert len(flaw.witness.commands) - 1 <= shortest(Searched(term, [wants[n] for n in flaw.witness.rows], free), free), (flaw.code, drawn)


def in_lanes(wants: Wants, scoped: set[str], lanes: tuple[str, ...], each: str | None) -> Wants:
    """The wants as they are said of lanes: of each its own, or of all."""
    out: Wants = []
    for earlier, b in wants:
        for there in lanes if b in scoped else lanes[:1]:
            said_of = (there,) if each and b in scoped else lanes
            before = [tuple(f"{a}[{x}]" if a in scoped else a for a in earlier) for x in said_of]
            out += [(x, f"{b}[{there}]" if b in scoped else b) for x in dict.fromkeys(before)]
    return out


@settings(max_examples=SOAK // 10 or 60, derandomize=not SOAK, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data(), terms(leaves=5, exact=True).filter(lambda t: holds(t, "each") and "l" not in {str(k) for n in nodes(t).leaves() for k in n.scope}))
def test_what_several_lanes_do_is_found_as_what_one_does(data: st.DataObject, term: Term) -> None:
    """Of two lanes, of three where they are small, and of as many as a witness has."""
    root = nodes(term)
    order, one = Order(Tree(root)), st.sampled_from([str(n.leaf) for n in root.leaves()])
    some = st.one_of(one.map(lambda x: (x,)), st.lists(one, min_size=1, max_size=3, unique=True).map(tuple))
    drawn = data.draw(st.lists(st.tuples(some, one), min_size=1, max_size=3, unique=True))
    wants = [(a, b) for a, b in drawn if not all(order.rel(LeafId(x), LeafId(b)) in (Rel.AFTER, Rel.SAME) for x in a)]
    each = data.draw(st.sampled_from(["k", None]))
    method = tiny(term, wants, each=each)
    flaws = list(Flow(method, Order(method.tree)).flaws())
    scoped = {str(n.leaf) for n in root.leaves() if n.scope}
    shown = max((sum(c.verb is Verb.DECLARE for c in f.witness.commands) for f in flaws), default=0)
    number = max(shown, 3 if len(scoped) <= 3 else 2)
    sound = all(
        Searched(laid(term, {"k": lanes}), in_lanes(wants, scoped, lanes, each)).sound({y for n in root.leaves() for y in ([f"{n.leaf}[{x}]" for x in lanes] if n.scope else [str(n.leaf)])})
        for lanes in (tuple(map(str, range(1, n + 1))) for n in range(1, number + 1))
    )
    assert flaws or sound, ("a flaw not found", term, wants, each)
    assert not sound or all(f.code == "method.undecided" for f in flaws), ("a false alarm", term, wants, each, [f.what.en for f in flaws])
    for flaw in flaws:
        assert flaw.witness.shows is not Shows.REFUSED or run_witness(method, flaw.witness).holds, (flaw.code, term, wants, each)


WAITING = {
    # Rows that one lane keeps, and any two, and not three; each wants one of the first in every lane before the second, or (None) in any.
    "a ring of three lanes": (
        ("seq", "y", ("each", "k", ("choice", ("seq", "c", "d"), ("seq", "e", "f"), ("seq", "g", "h"))), "z"),
        [(("c", "f", "g"), "d", True), (("e", "h", "c"), "f", True), (("g", "d", "e"), "h", True)],
    ),
    "a lane that a second lets go on to where a third holds it up": (
        ("seq", ("opt", "e"), ("each", "k", ("choice", ("seq", "t", "a", "b"), "u", ("seq", "s", "c"))), "z"),
        [(("s", "e"), "t", False), (("a", "c", "e"), "b", True)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WAITING)
def test_three_lanes_may_get_stuck_where_no_two_do(name: str) -> None:
    term, rows = WAITING[name]
    method = tiny(term, [(earlier, b) for earlier, b, _ in rows])
    own = [r if every else attrs.evolve(r, is_=Is.PRESENT, params=Record((("of", str(r.param("a"))),))) for r, (_, _, every) in zip(method.requirements, rows, strict=True)]
    method = attrs.evolve(method, requirements=tuple(own), hash=name)
    scoped, leaves = {str(n.leaf) for n in nodes(term).leaves() if n.scope}, [str(n.leaf) for n in nodes(term).leaves()]
    for lanes in (("1",), ("1", "2"), ("1", "2", "3")):
        wants = in_lanes([(a, b) for a, b, every in rows if every], scoped, lanes, None)
        wants += [(tuple(y for a in earlier for y in ([f"{a}[{x}]" for x in lanes] if a in scoped else [a])), f"{b}[{there}]") for earlier, b, every in rows if not every for there in lanes]
        assert Searched(laid(term, {"k": lanes}), wants).sound({y for x in leaves for y in ([f"{x}[{n}]" for n in lanes] if x in scoped else [x])}) is (len(lanes) < 3)
    (flaw,) = Flow(method, Order(method.tree)).flaws()
    assert flaw.code == "method.deadlock"
    # One of the two rows of the second gets stuck by itself, with two lanes: the other keeps these apart.
    assert (sum(c.verb is Verb.DECLARE for c in flaw.witness.commands), len(flaw.witness.rows)) == ((3, 3) if len(rows) == 3 else (2, 1))
    assert run_witness(method, flaw.witness).holds


def shortest(ways: Searched, free: tuple[str, ...]) -> int:
    """How many steps it takes at least until the end is lost and something that nothing missing holds back is refused for ever."""
    row, seen = [(ways.start, 0)], {ways.start}
    for here, far in row:
        if here not in ways.good:
            ahead, todo = set[str](), [here]
            reached = {here}
            for there in todo:
                ahead |= {*ways.after[there]}
                more = {*ways.after[there].values()} - reached
                reached |= more
                todo += more
            ready: set[str | None] = {*moves(here[0]), *free} | ({None} if over(here[0]) else set())
            if any(not ways.met(x, here[1]) and x not in ahead for x in ready):
                return far
        more = {*ways.after[here].values()} - seen
        seen |= more
        row += [(x, far + 1) for x in more]
    return -1


# -- on the command line --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["agir_ensemble", str(EXAMPLES / "stage_gate" / "method.toml"), str(EXAMPLES / "overlay" / "territoire.toml")])
def test_the_methods_at_hand_are_sound(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["method", "verify", name]) == 0
    assert "✗" not in capsys.readouterr().out
    assert main(["method", "verify", "--json", name]) == 0
    assert json.loads(capsys.readouterr().out)["sound"] is True


def test_json_text_and_witness_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("m.toml").write_text(broken("an option that is missed too late")[1], encoding="utf-8")
    assert main(["method", "verify", "--json", "m.toml"]) == 1
    told = json.loads(capsys.readouterr().out)
    fits(told, "agir.verification/1")
    assert [f["code"] for f in told["flaws"] if f["severity"] == "error"] == ["method.deadlock"]
    assert main(["method", "verify", "m.toml", "--write", "out"]) == 1
    assert "audit" in capsys.readouterr().out
    assert main(["--lang", "en", "method", "verify", "m.toml", "--run", "out/01-method.deadlock.json"]) == 1
    said = capsys.readouterr().out
    assert "✗ 2024-01-08 hold debut" in said
    assert "nothing lifts it" in said
    Path("sound.toml").write_text(BASE, encoding="utf-8")
    plain = json.loads(Path("out/01-method.deadlock.json").read_text(encoding="utf-8")) | {"rows": []}
    Path("w.json").write_text(json.dumps(plain), encoding="utf-8")
    assert main(["method", "verify", "sound.toml", "--run", "w.json"]) == 0


def test_an_error_is_exit_code_one(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(broken("two steps that wait for each other")[1], encoding="utf-8")
    assert main(["method", "verify", str(path)]) == 1
    assert main(["method", "check", str(path)]) == 2


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": "x"}', '{"schema": "agir.witness/1", "shows": "refused", "rows": [99], "commands": [{"verb": "hold"}]}'])
def test_a_witness_that_is_none_is_bad_input(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "w.json"
    path.write_text(text, encoding="utf-8")
    assert main(["method", "verify", "--run", str(path)]) == 2
    assert "→" in capsys.readouterr().err


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_told_is_the_same_each_time_and_fits_its_schema(name: str) -> None:
    method, _ = flaws_of(broken(name)[1])
    flaws = verify(method)
    told = verification(method, flaws)
    fits(told, "agir.verification/1")
    assert told == verification(method, verify(method))
    for lang in ("fr", "en"):
        assert str(len(flaws)) in verification_text(method, flaws, lang)
