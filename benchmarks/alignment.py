"""
What an exact alignment with its moves costs, here and with pm4py's A*, on the same traces in one run.

`python benchmarks/alignment.py --pm4py PYTHON [--inputs DIR] [--traces N]`: pm4py
(AGPL) runs out of process, in an environment of its own. DIR holds `k3`, `k3loop` and `k8` as
`.ptml` and `.xes.gz`; without it they are made here, an experimentation with three or eight
parallel groups of three sessions, a tenth of the events disturbed. The script fails where one cost
differs on one trace. See README.md beside this file.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import agir_workflow as agir
from agir_workflow.alignment import Aligner
from agir_workflow.dossier_file import read_dossier
from agir_workflow.readings.strays import reading
from agir_workflow.view import View
from agir_workflow.views.ptml import read_ptml
from agir_workflow.views.xes import read_log

BARS = {"k3": 20, "k3loop": 20, "k8": 40}

OTHER = r"""
import json, sys, time, warnings
warnings.filterwarnings("ignore")
import pm4py
from pm4py.algo.conformance.alignments.petri_net import algorithm
from pm4py.objects.conversion.log import converter
tree = pm4py.read_ptml(sys.argv[1])
log = converter.apply(pm4py.read_xes(sys.argv[2], return_legacy_log_object=True), variant=converter.Variants.TO_EVENT_LOG)
log._list = list(log)[: int(sys.argv[3])]
net, initial, final = pm4py.convert_to_petri_net(tree)
begun = time.process_time()
found = algorithm.apply(log, net, initial, final, parameters={"show_progress_bar": False}, variant=algorithm.Variants.VERSION_STATE_EQUATION_A_STAR)
spent = time.process_time() - begun
print(json.dumps({"version": pm4py.__version__, "seconds": spent, "costs": [int(a["cost"]) // 10000 for a in found]}))
"""

Tree: TypeAlias = "str | tuple[str, *tuple[Tree, ...]]"
"""A label, "" for a silent step, or an operator of PTML with its children."""


def lifecycle(groups: int, loops: bool) -> Tree:
    """The experimentation, its *groups* side by side; with *loops*, each session may be held again."""

    def session(n: int, group: str) -> Tree:
        return ("xorLoop", f"GT{n}:{group}", f"report:{n}:{group}", "") if loops else f"GT{n}:{group}"

    lanes: list[Tree] = [("sequence", *(session(n, chr(65 + g)) for n in (1, 2, 3))) for g in range(groups)]
    review: Tree = ("xor", "copil_bilan", "") if loops else "copil_bilan"
    return ("sequence", "cadrage", "copil_cadrage", ("and", "choix_thematiques", "entretiens_elus", "entretiens_participants"),
            "constitution_gt", "copil_lancement", "reunion_lancement", ("and", *lanes, "copil_intermediaire"), "synthese",
            "copil_restitution", "reunion_restitution", "evaluation", ("and", "suivi", "capitalisation"), review, "cloture")  # fmt: skip


def leaves(tree: Tree) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    else:
        for kid in tree[1:]:
            yield from leaves(kid)


def walked(tree: Tree, rng: random.Random) -> list[str]:
    """One run of the tree, its branches shuffled together, a loop gone round one time in five."""
    if isinstance(tree, str):
        return [tree] if tree else []
    op, *kids = tree
    if op == "xor":
        return walked(rng.choice(kids), rng)
    if op == "xorLoop":
        out = walked(kids[0], rng)
        while rng.random() < 0.2:
            out += walked(kids[1], rng) + walked(kids[0], rng)
        return out
    parts = [walked(kid, rng) for kid in kids]
    if op == "sequence":
        return [x for part in parts for x in part]
    turns = [n for n, part in enumerate(parts) for _ in part]
    rng.shuffle(turns)
    return [parts[n].pop(0) for n in turns]


def disturbed(run: list[str], foreign: list[str], rng: random.Random) -> list[str]:
    """A tenth of the events skipped (35 %), swapped with the next (30), doubled (20), or a stranger put before (15)."""
    out: list[str] = []
    rest = list(run)
    while rest:
        x = rest.pop(0)
        what = rng.random() if rng.random() < 0.1 else 1.0
        if what < 0.35:
            continue
        if what < 0.65 and rest:
            x, rest[0] = rest[0], x
        elif 0.65 <= what < 0.85:
            out.append(x)
        elif 0.85 <= what < 1:
            out.append(rng.choice(foreign))
        out.append(x)
    return out


def ptml(tree: Tree) -> str:
    lines: list[str] = []

    def add(node: Tree) -> str:
        id = f"n{len(lines)}"
        if isinstance(node, str):
            lines.append(f'<{"manualTask" if node else "automaticTask"} id="{id}" name="{node}"/>')
        else:
            lines.append(f'<{node[0]} id="{id}" name=""/>')
            for kid in [add(kid) for kid in node[1:]]:
                links.append(f'<parentsNode id="l{len(links)}" sourceId="{id}" targetId="{kid}"/>')
        return id

    links: list[str] = []
    root = add(tree)
    return f'<ptml><processTree id="t" name="t" root="{root}">' + "\n".join([*lines, *links]) + "</processTree></ptml>"


def make(folder: Path, traces: int) -> None:
    for name, tree in {"k3": lifecycle(3, False), "k3loop": lifecycle(3, True), "k8": lifecycle(8, False)}.items():
        rng, labels = random.Random(7), [x for x in leaves(tree) if x]
        (folder / f"{name}.ptml").write_text(ptml(tree), encoding="utf-8")
        rows = ["<log xes.version=\"1.0\">"]
        for n in range(traces):
            events = "".join(f'<event><string key="concept:name" value="{x}"/></event>' for x in disturbed(walked(tree, rng), [*labels, "hors_methode"], rng))
            rows.append(f'<trace><string key="concept:name" value="case{n}"/>{events}</trace>')
        (folder / f"{name}.xes").write_text("\n".join([*rows, "</log>"]), encoding="utf-8")


def ours(tree: Path, log: Path, traces: int, rounds: int = 3) -> tuple[float, list[int]]:
    """The least processor time of some rounds, each with an aligner that has seen nothing yet; and the costs."""
    node, cases = read_ptml(tree), tuple(itertools.islice(read_log(log), traces))
    best, costs = float("inf"), list[int]()
    for _ in range(rounds):
        gc.collect()
        begun = time.process_time()
        aligner = Aligner(node)
        found = [aligner.align(c.activities) for c in cases]
        best = min(best, time.process_time() - begun)
        costs = [a.cost for a in found]
    return best, costs


def charenton(rounds: int = 30) -> float:
    """Milliseconds to align the dossier of Charenton from its facts on: order found, lanes laid out, tree compiled."""
    path = Path(__file__).parents[1] / "examples" / "charenton" / "dossier.toml"
    read = read_dossier(path.read_bytes(), agir.load_method, str(path))
    best = float("inf")
    for _ in range(rounds):
        view = View(*read)  # a view keeps what it was asked
        begun = time.process_time()
        found = reading(view).aligned
        best = min(best, time.process_time() - begun)
        assert found.cost == 0
    return best * 1000


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--pm4py", metavar="PYTHON", help="the interpreter of an environment that has pm4py; without it, our times alone")
    ask.add_argument("--inputs", type=Path, metavar="DIR")
    ask.add_argument("--traces", type=int, default=1000)
    asked = ask.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}, {asked.traces} traces each; processor time of one core, reading apart")
    wrong = missed = 0
    with tempfile.TemporaryDirectory() as made:
        folder = asked.inputs or Path(made)
        if asked.inputs is None:
            make(folder, asked.traces)
        for name, bar in BARS.items():
            tree = folder / f"{name}.ptml"
            log = next(p for p in (folder / f"{name}.xes.gz", folder / f"{name}.xes") if p.exists())
            mine, costs = ours(tree, log, asked.traces)
            line = f"{name:7} {len(costs)} traces, total cost {sum(costs)}: {mine * 1000 / len(costs):.3f} ms a trace with moves"
            if asked.pm4py:
                done = subprocess.run([asked.pm4py, "-c", OTHER, str(tree), str(log), str(asked.traces)], check=True, capture_output=True, text=True)
                other = json.loads(done.stdout.splitlines()[-1])
                differ = sum(a != b for a, b in zip(costs, other["costs"], strict=True))
                ratio = other["seconds"] / mine
                wrong, missed = wrong + differ, missed + (ratio < bar)
                line += f"; pm4py {other['version']} A* {other['seconds'] * 1000 / len(costs):.1f} ms; costs differ on {differ}; {ratio:.0f} times faster, bar {bar}: {'met' if ratio >= bar else 'MISSED'}"
            print(line, flush=True)
    spent = charenton()
    missed += spent > 10
    print(f"agir_ensemble, Charenton's order: {spent:.2f} ms, bar 10: {'met' if spent <= 10 else 'MISSED'}")
    return 1 if wrong or missed else 0


if __name__ == "__main__":
    sys.exit(main())
