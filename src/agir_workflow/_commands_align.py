"""Event logs against a process tree: align."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from ._commands_base import Asked, as_json, out, out_json
from .alignment import Aligner, Alignment, Kind, Tally
from .desk import write_whole
from .errors import AlignmentError
from .views import json_view
from .views.ptml import read_ptml
from .views.xes import Case, read_log


@click.command()
@click.option("--tree", "tree_file", required=True, metavar="T.ptml", help="L'arbre / the process tree.")
@click.option("--log", "log_file", required=True, metavar="L.xes|L.csv", help="Le journal d'événements, .gz ou non / the event log, .gz or not.")
@click.option("--prefix", is_flag=True, help="Contre des débuts de parcours / against beginnings of runs.")
@click.option("--moves", "moves_file", metavar="OUT.jsonl", help="Les pas de chaque trace, une ligne par cas / a line per case.")
@as_json
@click.pass_obj
def align(asked: Asked, tree_file: str, log_file: str, prefix: bool, moves_file: str | None, as_json: bool) -> int:
    """Aligner un journal d'événements sur un arbre : le coût exact de chaque trace."""
    aligner = Aligner(read_ptml(tree_file))
    cases = read_log(log_file)
    found = _aligned(asked, aligner, cases, prefix)
    tally = Tally.of([found[c.activities] for c in cases], variants=len(found), best_model_cost=aligner.best_model_cost)
    if moves_file:
        lines = (json.dumps(json_view.moves(c.id, found[c.activities]), ensure_ascii=False) for c in cases)
        write_whole(Path(moves_file), "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace"))
    if as_json:
        out_json(json_view.tally(tally))
    else:
        out(_told(asked, tally, cases, found))
    return 0


def _aligned(asked: Asked, aligner: Aligner, cases: Sequence[Case], prefix: bool) -> dict[tuple[str, ...], Alignment]:
    """Each variant once; a person who waits for longer than a second sees how far it has come."""
    found: dict[tuple[str, ...], Alignment] = {}
    begun, said = time.monotonic(), 0.0
    for n, case in enumerate(cases, 1):
        if case.activities in found:
            continue
        try:
            found[case.activities] = (aligner.prefix if prefix else aligner.align)(case.activities)
        except AlignmentError as exc:
            raise AlignmentError(exc.why, case.id) from None
        now = time.monotonic()
        if sys.stderr.isatty() and now - begun > 1 and now - said > 0.1:
            said = now
            sys.stderr.write(f"\r{n}/{len(cases)}")
            sys.stderr.flush()
    if said:
        sys.stderr.write("\r" + " " * 24 + "\r")
        sys.stderr.flush()
    return found


def _told(asked: Asked, tally: Tally, cases: Sequence[Case], found: dict[tuple[str, ...], Alignment]) -> str:
    fitness = f"{tally.mean_fitness:.4f}"
    lines = [
        asked.say(f"{tally.traces} traces, {tally.variants} variantes", f"{tally.traces} traces, {tally.variants} variants"),
        asked.say(f"coût total {tally.total_cost} ; {tally.fitting} traces sans écart", f"total cost {tally.total_cost}; {tally.fitting} traces without a deviation"),
        asked.say(f"ajustement moyen {fitness.replace('.', ',')} (plus court parcours : {tally.best_model_cost} étapes)",
                  f"mean fitness {fitness} (shortest run: {tally.best_model_cost} steps)"),
    ]  # fmt: skip
    alone = Counter((m.kind, m.label) for c in cases for m in found[c.activities].moves if m.kind is not Kind.SYNC)
    for kind, fr, en in ((Kind.MODEL, "le plus souvent manquantes", "most often missing"), (Kind.LOG, "le plus souvent en trop", "most often in excess")):
        most = sorted(((-n, label) for (k, label), n in alone.items() if k is kind))[:5]
        if most:
            lines.append(asked.say(f"{fr} : ", f"{en}: ") + ", ".join(f"{label} ({-n})" for n, label in most))
    return "\n".join(lines)
