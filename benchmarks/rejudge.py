"""
The alignment of dossiers, judged again by somebody else from the files alone: XES for the steps, PNML for the method.

    python benchmarks/rejudge.py 300 --judge PM4PY_ENV/bin/python [--kept FILE]

Mutates the witness (steps left out, exchanged, repeated, put late), writes the log and the net, and lets pm4py's A*, in
a process and an environment of its own (`pip install pm4py`: AGPL, no dependency of ours), say the cost of every trace.
The costs of our aligner, which reads the tree and not the net, have to be the same integers. Exit 1 where one differs.
One process of the judge for all: it reads the net once, aligns each variant once, and says each cost as soon as it has it.
With --kept the costs it has said are kept in a file, a line each, and are not asked for again: stop it when you like, and go on.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import attrs

import agir_workflow as agir
from agir_workflow.alignment import Aligner
from agir_workflow.dossier import Dossier, Instance, Label
from agir_workflow.facts import Fact
from agir_workflow.method import Method
from agir_workflow.net import workflow_net
from agir_workflow.tree import Node, Op
from agir_workflow.view import view_of
from agir_workflow.views.pnml import activity, to_pnml
from agir_workflow.views.xes_out import to_xes
from agir_workflow.words import InstanceId, KindId

WITNESS = Path(__file__).parents[1] / "examples" / "temoin" / "dossier.toml"
JUDGE = """
import sys, warnings
warnings.filterwarnings("ignore")
import pm4py
from pm4py.algo.conformance.alignments.petri_net import algorithm
log = pm4py.read_xes(sys.argv[1], return_legacy_log_object=True)
net, start, end = pm4py.read_pnml(sys.argv[2])
known = {}
for trace in log:
    variant = tuple(e["concept:name"] for e in trace)
    if variant not in known:
        known[variant] = int(algorithm.apply_trace(trace, net, start, end)["cost"]) // 10000
    print(trace.attributes["concept:name"], known[variant], flush=True)
"""


def mutants(dossier: Dossier, count: int, seed: int = 1) -> list[Dossier]:
    """The dossier with one to three of its steps left out, exchanged, repeated or put late; each with an id of its own."""
    draw = random.Random(seed)
    steps = [n for n, f in enumerate(dossier.facts) if f.verb.value in ("hold", "deliver", "agree")]
    out = []
    for n in range(count):
        facts: list[Fact | None] = list(dossier.facts)
        for _ in range(draw.randint(1, 3)):
            a, b = draw.sample(steps, 2)
            one, two = facts[a], facts[b]
            if one is None or two is None:
                continue
            match draw.randrange(4):
                case 0:
                    facts[a] = None
                case 1:
                    facts[a], facts[b] = _moved(one, two), _moved(two, one)
                case 2:
                    facts[a] = _moved(one, two)
                case _:
                    facts.append(_moved(one, two))
        head = attrs.evolve(dossier.head, id=f"m{n:04d}")
        first = dossier.facts[0]
        out.append(Dossier((Fact(first.verb, first.address, head, first.stamp), *(f for f in facts[1:] if f is not None))))
    return out


def _moved(fact: Fact, to: Fact) -> Fact:
    assert fact.stamp is not None
    return fact.stamped(attrs.evolve(fact.stamp, on=to.on))


def plain(node: Node, instances: Sequence[Instance], ctx: tuple[tuple[KindId, InstanceId], ...] = ()) -> Node:
    """The tree with a branch for each instance: what a process tree without instances says."""
    if node.op is Op.LEAF:
        return Node(node.id, activity(Label(node.leaf, tuple(i for _, i in ctx))), Op.LEAF)
    if node.op is Op.EACH:
        assert node.kind is not None
        held = [i for i in instances if i.kind == node.kind and (i.inside is None or i.inside in {c for _, c in ctx} or not ctx)]
        kids = tuple(plain(node.kids[0], instances, (*ctx, (node.kind, i.id))) for i in held)
        return Node(node.id, node.name, Op.PAR, kids) if len(kids) != 1 else kids[0]
    return Node(node.id, node.name, node.op, tuple(plain(k, instances, ctx) for k in node.kids))


def ours(method: Method, dossiers: Sequence[Dossier], instances: Sequence[Instance]) -> dict[str, int]:
    """The cost of each; steps that may be taken at any time cost nothing, and are left out."""
    aligner = Aligner(plain(method.tree.root, instances))
    free = frozenset(method.tree.free)
    return {d.head.id: aligner.align([activity(h.label) for h in view_of(method, d).trace() if h.label.leaf not in free]).cost for d in dossiers}


def theirs(judge: str, log: Path, net: Path, kept: Path | None) -> dict[str, int]:
    """What the judge says of each trace of a log, told as it comes; kept in a file where there is one."""
    found: dict[str, int] = {}
    with subprocess.Popen([judge, "-c", JUDGE, str(log), str(net)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            name, cost = line.split()
            found[name] = int(cost)
            if kept is not None:
                with kept.open("a", encoding="utf-8") as file:
                    file.write(line)
    if process.returncode:
        sys.exit(f"the judge ended with {process.returncode}")
    return found


def said(kept: Path | None) -> dict[str, int]:
    """What the judge said in former runs; a line that was cut off is asked for again."""
    lines = kept.read_text(encoding="utf-8").splitlines(keepends=True) if kept is not None and kept.exists() else []
    return {line.split()[0]: int(line.split()[1]) for line in lines if line.endswith("\n") and len(line.split()) == 2}


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("count", type=int)
    asked.add_argument("--judge", required=True, help="the python of an environment that has pm4py")
    asked.add_argument("--kept", type=Path, help="a file for the costs that the judge said: those are not asked for again")
    args = asked.parse_args()
    method = agir.load_method("agir_ensemble")
    witness = agir.read_dossier(WITNESS.read_bytes(), lambda _: method)[1]
    instances = tuple(view_of(method, witness).instances)
    dossiers = [witness, *mutants(witness, args.count)]
    begun = time.perf_counter()
    mine = ours(method, dossiers, instances)
    took = time.perf_counter() - begun
    before = said(args.kept)
    with tempfile.TemporaryDirectory() as name:
        log, net = Path(name) / "log.xes", Path(name) / "net.pnml"
        log.write_bytes(to_xes([(method, d) for d in dossiers if d.head.id not in before]))
        net.write_bytes(to_pnml(workflow_net(method.tree, {x.id: x.scope for x in method.leaves}, instances), method.ref))
        begun = time.perf_counter()
        judged = before | (theirs(args.judge, log, net, args.kept) if len(before) < len(dossiers) else {})
        other = time.perf_counter() - begun
    wrong = {k: (v, judged.get(k)) for k, v in mine.items() if judged.get(k) != v}
    print(f"{len(mine)} dossiers ({len(before)} judged before), costs {min(mine.values())} to {max(mine.values())}, sum {sum(mine.values())}; ours {took:.1f} s, the judge {other:.1f} s with its start")
    print("the same integers" if not wrong else f"differ: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
