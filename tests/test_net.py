"""
The workflow net of a tree, and the position held equal to it on random words.

The token game below knows nothing of trees: it moves tokens along the arcs of the value.
"""

from __future__ import annotations

import json
import os
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from test_methods import fresh  # type: ignore[import-not-found]
from test_position import LANES, Term, at, day, instance, lab, nodes, said, scopes, terms  # type: ignore[import-not-found]

from agir_workflow.dossier import Instance, Label
from agir_workflow.method import Method
from agir_workflow.net import Net, workflow_net
from agir_workflow.tree import Tree
from agir_workflow.view import view_of
from agir_workflow.views.pnml import GRAMMAR, activity, to_pnml
from agir_workflow.walk import locate
from agir_workflow.words import LeafId

Marking = frozenset[str]
"""The places with a token: a net of ours never has two on one, and the game below says so."""


MOST = 200
"""Markings that silent moves may spread one into, before a drawn tree is thought too wide."""


class Game:
    """Tokens on a net."""

    def __init__(self, net: Net) -> None:
        self.net = net
        self.moves = [(t.label, {a for a, b in net.arcs if b == t.id}, {b for a, b in net.arcs if a == t.id}) for t in net.transitions]

    def silent(self, marking: Marking) -> frozenset[Marking]:
        """All markings that silent moves alone may reach."""
        seen, todo = {marking}, [marking]
        while todo:
            here = todo.pop()
            for label, takes, gives in self.moves:
                if label is None and takes <= here and (there := self.after(here, takes, gives)) not in seen:
                    seen.add(there)
                    todo.append(there)
                    if len(seen) > MOST:
                        reject()  # many silent branches side by side: the same law, and minutes of it
        return frozenset(seen)

    @staticmethod
    def after(here: Marking, takes: set[str], gives: set[str]) -> Marking:
        rest = here - takes
        assert not rest & gives, "a second token on one place"
        return frozenset(rest | gives)

    def begin(self) -> frozenset[Marking]:
        return self.silent(frozenset({self.net.source}))

    def following(self, markings: frozenset[Marking]) -> dict[Label, frozenset[Marking]]:
        out: dict[Label, frozenset[Marking]] = {}
        for here in markings:
            for label, takes, gives in self.moves:
                if label is not None and takes <= here:
                    out[label] = out.get(label, frozenset()) | self.silent(self.after(here, takes, gives))
                    if len(out[label]) > 5 * MOST:
                        reject()
        return out

    def over(self, markings: frozenset[Marking]) -> bool:
        return frozenset({self.net.sink}) in markings


def net_of(term: Term, people: list[Instance], free: str = "") -> Net:
    root = nodes(term)
    return workflow_net(Tree(root, tuple(LeafId(f) for f in free.split())), scopes(root), people)


def people_of(lanes: dict[str, tuple[str, ...]]) -> list[Instance]:
    return [instance(kind, i) for kind, ids in lanes.items() for i in ids]


some = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@some
@given(st.data(), terms(exact=True), LANES)
def test_the_position_is_the_net_on_random_words(data: st.DataObject, term: Term, lanes: Any) -> None:
    """Words of any labels, half of them steered: accepted by one and the other, step for step and at the end."""
    people = people_of(lanes)
    position, game = at(term, *people, free="z"), Game(net_of(term, people, free="z"))
    markings = game.begin()
    alphabet = [*position.labels(), lab("z")]
    for n in range(14):
        following = game.following(markings)
        assert {*position.enabled(), lab("z")} == set(following)
        assert (position.to_do() == ()) is game.over(markings)
        x = data.draw(st.sampled_from(sorted(following, key=str)) if n % 2 else st.sampled_from(alphabet))
        after = position.take(x, day(n))
        assert (after.deviations == ()) is (x in following)
        if x not in following:
            break
        position, markings = after, following[x]


@some
@given(st.data(), terms(), LANES)
def test_whatever_the_tree_the_position_enables_nothing_that_the_net_does_not(data: st.DataObject, term: Term, lanes: Any) -> None:
    people = people_of(lanes)
    position, game = at(term, *people), Game(net_of(term, people))
    markings = game.begin()
    for n in range(12):
        following = game.following(markings)
        enabled = position.enabled()
        assert set(enabled) <= set(following)
        if not enabled:
            assert game.over(markings)
            break
        x = data.draw(st.sampled_from(enabled))
        position, markings = position.take(x, day(n)), following[x]


@some
@given(terms(), LANES)
def test_every_net_is_a_workflow_net(term: Term, lanes: Any) -> None:
    """One source, one sink, and every node on a way from the one to the other."""
    net = net_of(term, people_of(lanes), free="z")
    ids = {*net.places, *(t.id for t in net.transitions)}
    assert {n for arc in net.arcs for n in arc} == ids
    assert {a for a, _ in net.arcs} == ids - {net.sink}
    assert {b for _, b in net.arcs} == ids - {net.source}
    for start, arcs in ((net.source, net.arcs), (net.sink, tuple((b, a) for a, b in net.arcs))):
        reached, todo = {start}, [start]
        while todo:
            here = todo.pop()
            new = {b for a, b in arcs if a == here} - reached
            reached |= new
            todo += new
        assert reached == ids


def test_lanes_inside_an_instance_are_those_of_that_instance() -> None:
    term = ("each", "k", ("each", "l", "a"))
    people = [instance("k", "1"), instance("k", "2"), instance("l", "x", inside="1"), instance("l", "y", inside="2"), instance("l", "z", inside="2")]
    labels = [t.label for t in net_of(term, people).transitions if t.label]
    assert said(labels) == ["a[1,x]", "a[2,y]", "a[2,z]"] == said(at(term, *people).labels())


def of_method(method: Method, people: tuple[Instance, ...]) -> Net:
    return workflow_net(method.tree, {x.id: x.scope for x in method.leaves}, people)


@pytest.mark.parametrize("name", ["charenton", "stage_gate"])
@settings(max_examples=12, deadline=None)
@given(st.data())
def test_on_a_real_method_too(name: str, data: st.DataObject) -> None:
    method, dossier = fresh(name)
    kinds: dict[str, int] = {}
    people = []
    for one in view_of(method, dossier).instances:
        kinds[one.kind] = kinds.get(one.kind, 0) + 1
        if kinds[one.kind] <= 2:
            people.append(one._replace(on=day(0)))
    position = locate(method.tree, {x.id: x.scope for x in method.leaves}, people, ())
    game = Game(of_method(method, tuple(people)))
    markings = game.begin()
    free = {x for x in game.following(markings) if x.leaf in method.tree.free}
    for n in range(80):
        following = game.following(markings)
        assert {*position.enabled(), *free} == set(following)
        assert (position.to_do() == ()) is game.over(markings)
        if not following:
            break
        owed = [x for x in position.enabled() if x in position.to_do()] or [*following]
        x = data.draw(st.sampled_from(owed if n % 4 else sorted(following, key=str)))
        position, markings = position.take(x, day(n)), following[x]


# -- PNML, read by others ------------------------------------------------------------------------------


@some
@given(terms(), LANES)
def test_pnml_says_the_net_and_nothing_else(term: Term, lanes: Any) -> None:
    """Read back by the XML parser of the standard library, by the element names of ISO/IEC 15909-2."""
    net = net_of(term, people_of(lanes), free="z")
    root = ET.fromstring(to_pnml(net, "R&D <x>"))
    ns = {"p": GRAMMAR}
    whole = root.find("p:net", ns)
    assert whole is not None
    assert (whole.findtext("p:name/p:text", None, ns), whole.get("type", "").rsplit("/", 1)[1]) == ("R&D <x>", "ptnet")
    page = whole.find("p:page", ns)
    assert page is not None
    places = page.findall("p:place", ns)
    assert [p.get("id") for p in places] == list(net.places)
    assert [p.get("id") for p in places if p.findtext("p:initialMarking/p:text", "0", ns) == "1"] == [net.source]
    assert [p.get("idref") for p in whole.findall("p:finalmarkings/p:marking/p:place", ns)] == [net.sink]
    moves = page.findall("p:transition", ns)
    said_ = [None if t.find("p:toolspecific[@activity='$invisible$']", ns) is not None else t.findtext("p:name/p:text", None, ns) for t in moves]
    assert said_ == [activity(t.label) if t.label else None for t in net.transitions]
    assert tuple((a.get("source"), a.get("target")) for a in page.findall("p:arc", ns)) == net.arcs
    ids = [x.get("id") for x in root.iter() if x.get("id")]
    assert len(ids) == len(set(ids))


JUDGE = """
import json, sys, logging
logging.disable(logging.CRITICAL)
import pm4py
from pm4py.objects.petri_net.utils import check_soundness
from pm4py.objects.petri_net import semantics
net, start, end = pm4py.read_pnml(sys.argv[1])
words = json.load(open(sys.argv[2]))
def closed(markings):
    seen, todo = set(markings), list(markings)
    while todo:
        m = todo.pop()
        for t in semantics.enabled_transitions(net, m):
            if t.label is None:
                n = semantics.execute(t, net, m)
                if n not in seen:
                    seen.add(n); todo.append(n)
    return seen
def run(word):
    here = closed({start})
    for x in word:
        here = closed({semantics.execute(t, net, m) for m in here for t in semantics.enabled_transitions(net, m) if t.label == x})
    return [bool(here), end in here]
print(json.dumps({"wf": bool(check_soundness.check_wfnet(net)), "labels": sorted(t.label for t in net.transitions if t.label),
                  "words": [run(w) for w in words]}))
"""


@pytest.mark.skipif(not os.environ.get("AGIR_PM4PY"), reason="AGIR_PM4PY names the python of an environment that has pm4py (AGPL: out of process)")
@pytest.mark.parametrize("name", ["charenton", "stage_gate"])
def test_pm4py_reads_the_same_net_and_accepts_the_same_words(name: str, tmp_path: Path) -> None:
    method, dossier = fresh(name)
    people = tuple(i._replace(on=day(0)) for i in view_of(method, dossier).instances)
    net = of_method(method, people)
    position = start = locate(method.tree, {x.id: x.scope for x in method.leaves}, people, ())
    word: list[Label] = []
    while position.to_do():
        word.append(next(x for x in position.enabled() if x in position.to_do()))
        position = position.take(word[-1], day(len(word)))
    words = [word, word[:-1], *([*word[:n], word[n + 1], word[n], *word[n + 2 :]] for n in range(len(word) - 1))]
    (tmp_path / "net.pnml").write_bytes(to_pnml(net, method.ref))
    (tmp_path / "words.json").write_text(json.dumps([[activity(x) for x in w] for w in words]))
    judge = [os.environ["AGIR_PM4PY"], "-c", JUDGE, str(tmp_path / "net.pnml"), str(tmp_path / "words.json")]
    told = json.loads(subprocess.run(judge, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
    assert told["wf"]
    assert told["labels"] == sorted(activity(t.label) for t in net.transitions if t.label)
    for w, (runs, ends) in zip(words, told["words"], strict=True):
        here = start
        for n, x in enumerate(w):
            here = here.take(x, day(n))
        assert (runs, ends) == (not here.deviations, not here.deviations and not here.to_do()), said(w)
