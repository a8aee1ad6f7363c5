"""Process trees and event logs of others, and the command that aligns them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agir_workflow._commands import run
from agir_workflow.errors import FaultyFileError
from agir_workflow.tree import Node, Op
from agir_workflow.views._spool import Counts
from agir_workflow.views.ptml import read_ptml
from agir_workflow.views.xes import Case, read_log

from .peaks import growth, needs_proc

LOOP = """<ptml><processTree id="t" name="t" root="r">
<xorLoop id="r" name=""/><manualTask id="a" name="a"/><automaticTask id="tau" name=""/><manualTask id="c" name="c &amp; d"/>
<parentsNode id="1" sourceId="r" targetId="a"/><parentsNode id="2" sourceId="r" targetId="tau"/><parentsNode id="3" sourceId="r" targetId="c"/>
</processTree></ptml>"""

SEQUENCE = """<ptml><processTree id="t" name="t" root="r">
<sequence id="r" name=""/><manualTask id="a" name="a"/><manualTask id="b" name="b"/>
<parentsNode id="1" sourceId="r" targetId="a"/><parentsNode id="2" sourceId="r" targetId="b"/>
</processTree></ptml>"""

XES = """<?xml version="1.0"?><log xes.version="1.0" xmlns="http://www.xes-standard.org/">
<global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
<trace><string key="concept:name" value="one"/>
<event><string key="concept:name" value="a"><string key="concept:name" value="inner"/></string><string key="lifecycle:transition" value="start"/></event>
<event><string key="concept:name" value="b"/><string key="lifecycle:transition" value="complete"/></event></trace>
<trace><event><string key="concept:name" value="b"/></event></trace>
</log>"""


def put(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def leaf(node: Node) -> object:
    return node.name if node.op is Op.LEAF else (node.op.value, *map(leaf, node.kids))


def test_a_loop_of_three_is_a_loop_and_what_comes_after(tmp_path: Path) -> None:
    assert leaf(read_ptml(put(tmp_path / "t.ptml", LOOP))) == ("seq", ("loop", "a", ("seq",)), "c & d")


def test_the_operator_or_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(FaultyFileError) as caught:
        read_ptml(put(tmp_path / "t.ptml", LOOP.replace("<xorLoop", "<or")))
    (fault,) = caught.value.faults
    assert (fault.line, fault.path, fault.file) == (2, "or", str(tmp_path / "t.ptml"))


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('targetId="c"', 'targetId="x"', 3, "the id of a block, found 'x'"),
        ('targetId="c"', 'targetId="r"', 3, "a block without a place"),
        ('targetId="c"', 'targetId="a"', 3, "a block without a place"),
        ('root="r"', 'root="q"', None, "expected the id of a block"),
        ('id="tau"', 'id="a"', 2, "taken already"),
        ("<manualTask", "<event", 2, "a known block, found <event>"),
        ("<xorLoop", "<manualTask", 2, "expected no children, found 3"),
        ('<parentsNode id="2" sourceId="r" targetId="tau"/><parentsNode id="3" sourceId="r" targetId="c"/>', "", 2, "two or three children, found 1"),
        ("</processTree>", '<manualTask id="z" name="z"/></processTree>', 4, "a block that the root reaches, found 'z'"),
        ("</processTree></ptml>", "", 4, "expected well-formed XML"),
        ("<ptml>", "<log>", 1, "expected <ptml>"),
        ("<ptml>", '<!DOCTYPE x [<!ENTITY a "aa">]><ptml>', 1, "without a DOCTYPE"),
    ],
)
def test_a_faulty_tree_is_told_with_file_and_line(old: str, new: str, line: int | None, said: str, tmp_path: Path) -> None:
    assert old in LOOP
    with pytest.raises(FaultyFileError) as caught:
        read_ptml(put(tmp_path / "t.ptml", LOOP.replace(old, new, 1)))
    assert any(f.line == line and said in f.to("en") and f.file and f.to("fr") for f in caught.value.faults), str(caught.value)


def test_every_event_counts_by_its_own_name(tmp_path: Path) -> None:
    wanted = (Case("one", ("a", "b")), Case("2", ("b",)))
    assert tuple(read_log(put(tmp_path / "l.xes", XES))) == wanted
    assert tuple(read_log(put(tmp_path / "l.xes.gz", gzip.compress(XES.encode())))) == wanted


def test_csv_in_the_order_of_its_times_or_of_its_lines(tmp_path: Path) -> None:
    timed = "case;activity;time\none;b;2012-01-02\ntwo;\"b;c\";2012-01-01\none;a;2012-01-01T10:00\n"
    assert tuple(read_log(put(tmp_path / "l.csv", timed))) == (Case("one", ("a", "b")), Case("two", ("b;c",)))
    assert tuple(read_log(put(tmp_path / "l.csv.gz", gzip.compress(b"activity,case\nb,one\na,one\n")))) == (Case("one", ("b", "a")),)


@given(st.lists(st.tuples(st.sampled_from("uvwxyz"), st.integers(1, 9), st.text("ab;,\"é ", min_size=1).filter(str.strip)), max_size=40), st.booleans())
def test_rows_of_one_case_may_stand_anywhere_whatever_the_memory(rows: list[tuple[str, int, str]], timed: bool) -> None:
    """With no room in memory all of it goes through a file: the same cases, as a table in memory gives them."""
    cases: dict[str, list[tuple[int, str]]] = {}
    for case, hour, activity in rows:
        cases.setdefault(case, []).append((hour if timed else 0, activity))
    wanted = [Case(case, tuple(x for _, x in sorted(events, key=lambda e: e[0]))) for case, events in cases.items()]
    text = io.StringIO()
    csv.writer(text).writerows([("case", "activity", *(["time"] if timed else [])), *((c, x, *([f"2012-01-01T0{h}:00"] if timed else [])) for c, h, x in rows)])
    with tempfile.TemporaryDirectory() as folder:
        log = put(Path(folder) / "l.csv", text.getvalue())
        assert list(read_log(log)) == list(read_log(log, room=0)) == list(read_log(log, room=700)) == wanted


@given(st.lists(st.tuples(st.text("abc", max_size=2), st.integers(1, 3)), max_size=60), st.integers(0, 900))
def test_counts_are_the_same_whatever_the_memory(items: list[tuple[str, int]], room: int) -> None:
    small, wanted = Counts(room), Counter[str]()
    for key, n in items:
        small.add(key, n)
        wanted[key] += n
    assert list(small) == sorted(wanted.items())


@needs_proc
@pytest.mark.parametrize("name", ["l.xes", "l.csv"])
def test_memory_does_not_grow_with_the_log(name: str, tmp_path: Path) -> None:
    """Ten times as many cases, each another variant and each event another label, in CSV all mixed; holding them would take 25 MB more."""
    tree, log, peaks = put(tmp_path / "t.ptml", SEQUENCE), tmp_path / name, []
    for many in (600, 6000):
        labels = ["a", *(f"beside {n}" for n in range(12)), "b"]
        if name.endswith(".xes"):
            traces = ("".join(f'<event><string key="concept:name" value="{x} {n if " " in x else ""}"/></event>' for x in labels) for n in range(many))
            put(log, "<log>" + "".join(f"<trace>{x}</trace>" for x in traces) + "</log>")
        else:
            put(log, "case,activity\n" + "".join(f"{n},{x} {n if ' ' in x else ''}\n" for x in labels for n in range(many)))
        peaks.append(growth("from agir_workflow._commands import run", f"assert run(['align', '--tree', {str(tree)!r}, '--log', {str(log)!r}, '--moves', {str(tmp_path / 'm')!r}]) == 0"))
    assert peaks[1] - peaks[0] < 15, peaks
    assert len((tmp_path / "m").read_bytes().splitlines()) == 6000


def test_a_fault_at_the_end_of_a_log_leaves_the_moves_as_they_were(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree, log, moves = put(tmp_path / "t.ptml", SEQUENCE), put(tmp_path / "l.csv", "case,activity\n1,a\n2,\n3,\n"), put(tmp_path / "m.jsonl", "before")
    assert run(["align", "--tree", str(tree), "--log", str(log), "--moves", str(moves)]) == 2
    out, err = capsys.readouterr()
    assert (out, moves.read_text(), [p.name for p in tmp_path.iterdir() if p.name.startswith(".")]) == ("", "before", [])
    assert [f"l.csv:{n}: activity" in err for n in (2, 3, 4)] == [False, True, True]


@pytest.mark.parametrize(
    ("name", "text", "line", "said"),
    [
        ("l.csv", "case,activity\n1,a\n1," + "a" * 1_100_000, 3, "bytes a line at most, found more"),
        ("l.xes", XES.replace('key="concept:name" value="b"', 'key="org" value="b"'), 5, "expected a concept:name"),
        ("l.xes", XES.replace("<trace><event>", "<event>").replace('"b"/></event></trace>\n</log>', '"b"/></event>\n</log>'), 6, "expected an event inside a trace"),
        ("l.xes", "<!DOCTYPE log SYSTEM 'http://x/y'><log/>", 1, "without a DOCTYPE"),
        ("l.xes", "<ptml/>", 1, "expected <log>"),
        *(("l.xes", f'<?xml version="1.0" encoding="{name}"?><log/>', 1, "expected UTF-8 or") for name in ("shift_jis", "rot13", "no-such")),
        ("l.xes", "case,activity\n", 1, "expected well-formed XML"),
        ("l.xes.gz", gzip.compress(XES.encode())[:-20], None, "expected a whole gzip"),
        ("l.csv", "case,what\n1,a\n", 1, "expected a column 'activity'"),
        ("l.csv", "case,activity\n1,a\n1,\n", 3, "expected a value in 'activity'"),
        ("l.csv", "case,activity,time\n1,a,noon\n", 2, "expected a time that exists"),
        ("l.csv", "case,activity,time\n1,a,2012-01-01\n1,b,2012-01-01T00:00Z\n", None, "mixes times"),
        ("l.csv", 'case,activity\n1,"a"b\n', 2, "expected CSV"),
        ("l.csv", b"case,activity\n1,\xff\n", 2, "expected UTF-8"),
    ],
)
def test_a_faulty_log_is_told_with_file_and_line(name: str, text: str | bytes, line: int | None, said: str, tmp_path: Path) -> None:
    with pytest.raises(FaultyFileError) as caught:
        list(read_log(put(tmp_path / name, text)))
    assert any(f.line == line and said in f.to("en") and f.file and f.to("fr") for f in caught.value.faults), str(caught.value)


def test_all_faults_of_a_log_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(FaultyFileError) as caught:
        list(read_log(put(tmp_path / "l.xes", XES.replace('<event><string key="concept:name"', '<event><string key="name"'))))
    assert [f.line for f in caught.value.faults] == [4, 5, 6]


def test_align_prints_the_figures_and_writes_the_moves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree, log, moves = put(tmp_path / "t.ptml", SEQUENCE), put(tmp_path / "l.xes", XES), tmp_path / "m.jsonl"
    ask = ["--tree", str(tree), "--log", str(log)]
    assert run(["align", *ask, "--moves", str(moves), "--json"]) == 0
    said, err = capsys.readouterr()
    assert err == ""
    assert json.loads(said) == {
        "schema": "agir.align/1", "traces": 2, "variants": 2, "total_cost": 1, "fitting": 1, "mean_fitness": 5 / 6, "best_model_cost": 2,
    }  # fmt: skip
    assert [json.loads(line) for line in moves.read_text().splitlines()] == [
        {"case": "one", "cost": 0, "moves": [["sync", "a"], ["sync", "b"]]},
        {"case": "2", "cost": 1, "moves": [["model", "a"], ["sync", "b"]]},
    ]
    assert run(["--lang", "en", "align", *ask]) == 0
    assert "total cost 1; 1 trace without a deviation" in capsys.readouterr().out


@pytest.mark.parametrize("how", [(), ("--prefix",)])
def test_the_mean_fitness_is_made_of_the_figures_beside_it(how: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever reads costs, lengths and `best_model_cost` finds the same mean, against runs as against their beginnings."""
    log = put(tmp_path / "l.csv", "case,activity\n1,a\n2,b\n2,b\n3,a\n3,b\n4,z\n4,a\n4,z\n")
    moves = tmp_path / "m.jsonl"
    assert run(["align", "--tree", str(put(tmp_path / "t.ptml", SEQUENCE)), "--log", str(log), "--moves", str(moves), "--json", *how]) == 0
    told = json.loads(capsys.readouterr().out)
    cases = [json.loads(line) for line in moves.read_text().splitlines()]
    parts = [1 - c["cost"] / (sum(kind != "model" for kind, _ in c["moves"]) + told["best_model_cost"]) for c in cases]
    assert told["mean_fitness"] == pytest.approx(sum(parts) / 4)


def test_align_refuses_what_it_cannot_do_exactly_and_names_the_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree = SEQUENCE.replace("<sequence", "<xorLoop").replace('name="b"', 'name="a"')
    # Body and step back: two labels in parallel with many others make too many states for a long trace.
    lanes = "".join(f'<manualTask id="n{i}" name="n{i}"/><parentsNode id="p{i}" sourceId="a" targetId="n{i}"/>' for i in range(20))
    tree = tree.replace('<manualTask id="a" name="a"/>', f'<and id="a" name=""/>{lanes}')
    log = "case,activity\n" + "".join(f"long,n{i % 20}\n" for i in range(400))
    assert run(["--lang", "en", "align", "--tree", str(put(tmp_path / "t.ptml", tree)), "--log", str(put(tmp_path / "l.csv", log))]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "'long': exact alignment out of reach, 400 events in one loop\n"


def test_a_tree_with_or_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree, log = put(tmp_path / "t.ptml", SEQUENCE.replace("<sequence", "<or")), put(tmp_path / "l.xes", XES)
    assert run(["align", "--tree", str(tree), "--log", str(log)]) == 2
    assert capsys.readouterr().err.startswith(f"{tree}:2: or: ")
