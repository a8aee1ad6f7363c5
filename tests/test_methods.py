"""
One test module for every method: engine, planner, calendar and verdict, without a line of Python of its own.

Theorem 1 is driven from the text of the calendar alone, read back by the icalendar package.
"""

import ast
import datetime as dt
from pathlib import Path

import attrs
import icalendar
import pytest
from conftest import kept

import agir_workflow as agir
from agir_workflow.answers import Accepted
from agir_workflow.dossier import Dossier
from agir_workflow.facts import Convene, Declare, Fact, Fill, Hold, Open, fact
from agir_workflow.method import Field, Method
from agir_workflow.method_file import packaged
from agir_workflow.values import Record, Value
from agir_workflow.view import view_of
from agir_workflow.when import When
from agir_workflow.words import FacetId, KindId, Severity, Sort, State, Verb

EXAMPLES = Path(__file__).parents[1] / "examples"
SOURCE = Path(agir.__file__).parent


def fresh(name: str) -> tuple[Method, Dossier]:
    """The dossier of an example as it was on its first day: its head and its instances, nothing done."""
    from agir_workflow.desk import read_file

    method, dossier = read_file(str(EXAMPLES / name / "dossier.toml"))
    first = dossier.facts[0].stamp
    assert first is not None
    heads = [f for f in dossier.facts if isinstance(f.args, (Open, Declare))]
    return method, Dossier(tuple(f.stamped(first) for f in heads))


@pytest.fixture(params=["charenton", "stage_gate"])
def case(request: pytest.FixtureRequest) -> tuple[Method, Dossier]:
    return fresh(request.param)


# -- what a person would write, derived from the words of the method ------------------------------------


def one(method: Method, dossier: Dossier, type_: str, n: int) -> Value:
    words = method.list_(type_)
    if words is not None:
        return words.words[n % len(words.words)].id
    if type_ in method.words.kinds:
        ids = [i.id for i in view_of(method, dossier).of_kind(KindId(type_))]
        return str(ids[n % len(ids)])
    plain: dict[str, Value] = {"int": 2012, "bool": True, "date": When(dt.date(2030, 1, 1)), "duration": "2y"}
    return plain.get(type_, f"x{n}")


def whole(method: Method, dossier: Dossier, field: Field, n: int) -> Value:
    words = method.list_(field.type)
    if field.many and words is not None:
        return tuple(w.id for w in words.words)
    value = one(method, dossier, field.type, n)
    return (value,) if field.many else value


def pointed(method: Method, dossier: Dossier, facet_id: str, subject: str) -> dict[str, dict[int, Value]]:
    """Fields that must name a sitting or an actor, or say something that no other subject says."""
    out: dict[str, dict[int, Value]] = {}
    for row in method.requirements:
        word, _, field = str(row.param("of")).partition(".")
        leaves = method.words.leaves_of(str(row.param("to")))
        if word == facet_id and leaves:
            out[field] = {n: method.words.leaves[leaves[0]].address for n in range(10)}
        elif word == facet_id and row.param("to") in method.words.kinds:
            out[field] = {n: one(method, dossier, str(row.param("to")), n) for n in range(10)}
        elif word == facet_id and row.param("own"):
            out[field] = {0: subject}
    return out


def answer(method: Method, dossier: Dossier, address: str) -> Value:
    facet_id = address.partition("/")[0]
    said = pointed(method, dossier, facet_id, address)
    facet = method.words.facets[FacetId(facet_id)]
    lists = [words for f in facet.fields if not f.many and (words := method.list_(f.type))]
    many = max([10, *(len(words.words) for words in lists)]) if facet.many else 1
    # An item that says why it is to be left out of account would not count.
    own = [row.param("but") for row in method.requirements if str(row.param("of")).partition(".")[0] == facet_id]
    unsaid = {name for but in own if isinstance(but, Record) for name, _ in but}
    if facet.fields:
        fields = [f for f in facet.fields if not (f.optional and f.name in unsaid)]
        found: list[Value] = [Record(tuple((f.name, said.get(f.name, {}).get(n) or whole(method, dossier, f, n)) for f in fields)) for n in range(many)]
    else:
        found = [one(method, dossier, facet.type, n) for n in range(many)]
    return tuple(found) if facet.many else found[0]


def command_of(method: Method, dossier: Dossier, verb: Verb, address: str, days: dict[str, dt.date]) -> Fact:
    if verb is Verb.FILL:
        return fact(verb, address, Fill(value=answer(method, dossier, address)))
    if verb is Verb.CONVENE:
        return fact(verb, address, Convene(day=days[address]))
    if verb is Verb.DECLARE and address.endswith("/…"):
        kind = method.words.kinds[KindId(address.partition("/")[0])]
        named = Declare(attributes=Record(tuple((f.name, whole(method, dossier, f, 0)) for f in kind.attributes)))
        return fact(verb, f"{kind.id}/{kind.id}-{dossier.version}", named)
    return fact(verb, address)


def sitting(method: Method, address: str) -> list[Fact]:
    found = method.words.find_leaf(address)
    assert found is not None
    leaf = found[0]
    colleges = method.list_(method.colleges)
    assert colleges is not None
    heads = Record(tuple((w.id, 3) for w in colleges.words))
    out = [fact(Verb.HOLD, address, Hold(attendance=heads, agenda=tuple(p.id for p in leaf.agenda)))]
    if leaf.sort is Sort.DECISION:
        out.append(agir.facts.decide(address, leaf.decisions[0]))
    return out


def carried_out(method: Method, dossier: Dossier, ics: bytes, since: dt.date = dt.date.min) -> Dossier:
    """The dossier after every entry of a calendar from *since* on was done on its day, each command accepted."""
    calendar = icalendar.Calendar.from_ical(ics)
    entries = []
    for part in calendar.walk():
        if part.name in ("VEVENT", "VTODO"):
            when = (part.get("DTSTART") if part.name == "VEVENT" else part.get("DUE")).dt
            day = when.date() if isinstance(when, dt.datetime) else when
            entries.append((day, part.name == "VEVENT", str(part["X-AGIR-ID"]), str(part.get("X-AGIR-VERB", ""))))
    days = {address: day for day, meeting, address, _ in entries if meeting}
    held = {s.address for history in view_of(method, dossier).sittings.values() for s in history if s.held}
    for day, meeting, address, verb in sorted(e for e in entries if e[0] >= since and not (e[1] and e[2] in held)):
        commands = sitting(method, address) if meeting else [command_of(method, dossier, Verb(verb), address, days)]
        for command in commands:
            decision = agir.decide(method, dossier, command.stamped(agir.Stamp(on=When(day), by="nobody")))
            assert isinstance(decision, Accepted), (day, command.verb, address, [str(b) for b in decision.blockers])
            for event in decision.events:
                dossier = agir.evolve(method, dossier, event)
    return dossier


# -- the promises ------------------------------------------------------------------------------------------


def test_a_plan_carried_out_as_planned_is_never_refused_and_conforms(case: tuple[Method, Dossier]) -> None:
    method, dossier = case
    plan = agir.plan(method, dossier, at=dossier.start)
    done = carried_out(method, dossier, kept("plan", agir.to_ics(plan)))
    last = max(f.on.latest for f in done.facts) + dt.timedelta(days=1)
    closing = agir.facts.close().stamped(agir.Stamp(on=When(last), by="nobody"))
    assert isinstance(agir.decide(method, done, closing), Accepted)
    report = agir.check(method, agir.evolve(method, done, closing), at=last)
    assert [f.key for f in report.findings if f.state is State.VIOLATED and f.severity is not Severity.INFO] == []
    assert report.verdict == "conforms"


def test_what_is_possible_is_accepted_and_what_is_blocked_is_refused(case: tuple[Method, Dossier]) -> None:
    method, dossier = case
    steps = agir.possible(method, dossier, on=dossier.start, by="nobody")
    assert any(not s.blockers for s in steps)
    assert any(s.blockers for s in steps)
    for step in steps:
        for blocker in step.blockers:
            assert blocker.lifts or blocker.permanent, blocker
            assert 0 < len(blocker.text.fr) <= 160
            assert 0 < len(blocker.text.en) <= 160


def test_the_dossier_goes_through_its_file_and_back(case: tuple[Method, Dossier]) -> None:
    method, dossier = case
    text = agir.write_dossier(dossier)
    assert agir.read_dossier(text.encode(), lambda _: method)[1] == dossier


def test_every_date_of_a_plan_says_what_holds_it(case: tuple[Method, Dossier]) -> None:
    method, dossier = case
    plan = agir.plan(method, dossier, at=dossier.start)
    assert plan.meetings
    assert all(m.because for m in plan.meetings)
    assert all(t.because for t in plan.todos)


def test_the_verdict_of_a_day_forgets_what_came_after(case: tuple[Method, Dossier]) -> None:
    method, dossier = case
    plan = agir.plan(method, dossier, at=dossier.start)
    done = carried_out(method, dossier, kept("plan", agir.to_ics(plan)))
    early = dossier.start + dt.timedelta(days=3)
    cut = Dossier(tuple(f for f in done.facts if f.on.earliest <= early))
    known, alone = agir.check(method, done, at=early), agir.check(method, cut, at=early)
    assert known.notes[: len(alone.notes)] == alone.notes
    assert len(known.notes) == len(alone.notes) + (len(done.facts) > len(cut.facts)), "how many are left out is all that is told of them"
    assert attrs.evolve(known, notes=alone.notes) == alone


def test_the_method_is_sound(case: tuple[Method, Dossier]) -> None:
    assert case[0].problems() == ()


def test_a_backward_plan_keeps_to_its_end(case: tuple[Method, Dossier]) -> None:
    method, dossier = case
    free = agir.plan(method, dossier, at=dossier.start)
    end = free.end + dt.timedelta(days=60)
    late = agir.plan(method, dossier, at=dossier.start, end=end, backward=True)
    assert late.end <= end
    assert min(m.day for m in late.meetings) >= min(m.day for m in free.meetings)


def test_the_source_names_no_word_of_a_packaged_method() -> None:
    banned: dict[str, str] = {}
    for name in packaged():
        method = agir.load_method(name)
        for kind, ids in {
            "leaf": [x.id for x in method.leaves],
            "deliverable": [d.id for d in method.deliverables],
            "requirement": [r.code for r in method.requirements],
            "word": [w.id for x in method.lists if x.id in (method.colleges, "heading", "question") for w in x.words],
        }.items():
            banned |= {str(i): kind for i in ids}
    found = []
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(d) for n in ast.walk(tree) if isinstance(n, (ast.Module, ast.ClassDef, ast.FunctionDef)) and n.body
                for d in [getattr(n.body[0], "value", None)]}  # fmt: skip
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs and node.value in banned:
                found.append(f"{path.name}:{node.lineno} {node.value} ({banned[node.value]})")
    assert found == []


def test_another_attrs_value_of_the_same_content_is_the_same_dossier(case: tuple[Method, Dossier]) -> None:
    _, dossier = case
    assert attrs.evolve(dossier) == dossier
    assert hash(Dossier(tuple(dossier.facts))) == hash(dossier)
