"""The log in XES: read back by the standard library, and where it is installed by another's reader and aligner (r4pm)."""

from __future__ import annotations

import datetime as dt
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import attrs
import pytest

import agir_workflow as agir
from agir_workflow.cli import main
from agir_workflow.dossier import Dossier
from agir_workflow.facts import Fact
from agir_workflow.net import workflow_net
from agir_workflow.view import view_of
from agir_workflow.views.pnml import activity, to_pnml
from agir_workflow.views.xes_out import NAMESPACE, to_xes
from agir_workflow.when import When

EXAMPLES = Path(__file__).parents[2] / "examples"
METHOD = agir.load_method("agir_ensemble")
TEMOIN = agir.read_dossier((EXAMPLES / "temoin" / "dossier.toml").read_bytes(), lambda _: METHOD)[1]


def traces(data: bytes) -> list[tuple[str, list[dict[str, str]]]]:
    root = ET.fromstring(data)
    name = f"{{{NAMESPACE}}}"
    read = lambda e: {a.get("key", ""): a.get("value", "") for a in e if a.get("key")}  # noqa: E731
    return [(read(t)["concept:name"], [read(e) for e in t.iter(f"{name}event")]) for t in root.iter(f"{name}trace")]


def test_every_completed_step_is_an_event_on_its_day() -> None:
    ((name, events),) = traces(to_xes([(METHOD, TEMOIN)]))
    view = view_of(METHOD, TEMOIN)
    done = {(s.address, s.done.earliest.isoformat()) for history in view.sittings.values() for s in history if s.done}
    assert name == "temoin"
    assert {(e["agir:address"], e["time:timestamp"][:10]) for e in events} == done
    assert {e["concept:name"] for e in events} <= {activity(x) for x in (*view.labels(), *view.free_labels())}
    stamps = [dt.datetime.fromisoformat(e["time:timestamp"]) for e in events]
    assert all(s.utcoffset() is not None for s in stamps)
    assert [s.date() for s in stamps] == sorted(s.date() for s in stamps)


def test_an_agreement_given_again_is_no_second_step() -> None:
    """A cadre revised has no position (and no transition in the net): only a new round asks for the agreement anew."""
    first = next(f for f in TEMOIN.facts if f.address == "accord/expert")
    assert first.stamp is not None
    again = agir.facts.agree("accord/expert", agir.facts.Agree(version=2)).stamped(attrs.evolve(first.stamp, on=When(dt.date(2011, 10, 20))))
    renewed = agir.evolve(METHOD, TEMOIN, again)
    assert traces(to_xes([(METHOD, renewed)])) == traces(to_xes([(METHOD, TEMOIN)]))
    assert view_of(METHOD, renewed).course() == view_of(METHOD, TEMOIN).course()


def test_the_facts_of_one_day_are_in_the_order_in_which_they_are_judged() -> None:
    shuffled = Dossier((TEMOIN.facts[0], *sorted(TEMOIN.facts[1:], key=lambda f: (f.on.earliest, str(f.verb) != "declare", f.address), reverse=False)))
    first, second = (e for _, e in traces(to_xes([(METHOD, TEMOIN), (METHOD, shuffled)])))
    assert view_of(METHOD, shuffled).position.deviations == view_of(METHOD, TEMOIN).position.deviations == ()
    assert sorted(e["concept:name"] for e in first) == sorted(e["concept:name"] for e in second)


def test_the_command_writes_it_and_the_day_is_the_clock(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--at", "2012-04-02", "export", str(EXAMPLES / "charenton" / "dossier.toml"), "--xes"]) == 0
    ((_, events),) = traces(capsys.readouterr().out.encode())
    assert events
    assert max(e["time:timestamp"] for e in events) < "2012-04-03"


def test_a_day_before_the_hours_of_zones_were_whole_minutes_is_told() -> None:
    """Paris was 9 minutes and 21 seconds ahead until 1911; an offset of xs:dateTime has hours and minutes."""
    told = b'[dossier]\nid = "x"\nmethod = "agir_ensemble@1"\nstart = 1905-01-01\n[[facts]]\nfact = "hold"\naddress = "copil/cadrage"\non = 1905-03-01\ndecision = "go"\n'
    data = to_xes([(METHOD, agir.read_dossier(told, lambda _: METHOD)[1])])
    assert b'value="1905-03-01T00:00:00.000+00:00"' in data


def test_words_of_others_do_not_break_the_log() -> None:
    head = agir.read_dossier(b'[dossier]\nid = "x"\ntitle = "<a> & \\"b\\" \xe2\x80\xae"\nmethod = "agir_ensemble@1"\nstart = 2026-01-01\n', lambda _: METHOD)[1]
    assert traces(to_xes([(METHOD, head)])) == [("x", [])]


# -- judged by another's engine ------------------------------------------------------------------------


def mutants(count: int) -> list[Dossier]:
    """The witness with one step or two left out, doubled, or moved: what a process miner is asked about."""
    steps = [n for n, f in enumerate(TEMOIN.facts) if n and f.verb.value in ("hold", "deliver", "agree")]
    out = []
    for n in range(count):
        facts = list(TEMOIN.facts)
        a, b = steps[n % len(steps)], steps[(n * 7 + 3) % len(steps)]
        match n % 3:
            case 0:
                facts = [f for i, f in enumerate(facts) if i not in (a, b)]
            case 1:
                facts[a], facts[b] = _on(facts[a], facts[b]), _on(facts[b], facts[a])
            case _:
                facts = [f for i, f in enumerate(facts) if i != a]
        out.append(Dossier(tuple(facts)))
    return out


def _on(fact: Fact, other: Fact) -> Fact:
    assert fact.stamp
    return fact.stamped(attrs.evolve(fact.stamp, on=other.on))


def test_another_reader_finds_the_same_traces(tmp_path: Path) -> None:
    r4pm = pytest.importorskip("r4pm", reason="the extra `real` brings it")
    dossiers = [(METHOD, d) for d in (TEMOIN, *mutants(30))]
    file = tmp_path / "log.xes"
    file.write_bytes(to_xes(dossiers))
    ours = sorted(tuple(e["concept:name"] for e in events) for _, events in traces(file.read_bytes()))
    theirs: list[tuple[str, ...]] = []
    log = r4pm.import_item("EventLog", str(file))
    for variant in _variants(r4pm, log):
        theirs += [tuple(variant["activities"])] * variant["count"]
    assert sorted(theirs) == ours


def _variants(r4pm: Any, log: str) -> Any:
    base = "process_mining::core::event_data::case_centric::utils::activity_projection::"
    projection = r4pm.call_binding(base + "log_to_activity_projection", json.dumps({"log": log}))
    found = r4pm.call_binding(base + "get_variants", json.dumps({"projection": json.loads(projection) if isinstance(projection, str) else projection}))
    return json.loads(found) if isinstance(found, str) else found


def test_the_names_are_those_of_the_net() -> None:
    view = view_of(METHOD, TEMOIN)
    net = to_pnml(workflow_net(METHOD.tree, {x.id: x.scope for x in METHOD.leaves}, tuple(view.instances)), METHOD.ref)
    names = {t.text for t in ET.fromstring(net).iter("{http://www.pnml.org/version-2009/grammar/pnml}text")}
    ((_, events),) = traces(to_xes([(METHOD, TEMOIN)]))
    assert {e["concept:name"] for e in events} <= names
