"""Event logs against a process tree: align."""

from __future__ import annotations

import contextlib
import hashlib
import heapq
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import click

from ._commands_base import Asked, Named, as_json, hush, out, out_json
from .alignment import Aligner, Alignment, Kind, Sums, Tally
from .errors import AlignmentError
from .views import json_view
from .views._spool import Counts
from .views.ptml import read_ptml
from .views.xes import read_log
from .written import drafted

KEPT = 50_000
"""Events of variants whose alignments are kept for when they come again."""


@click.command()
@click.option("--tree", "tree_file", required=True, metavar="T.ptml", help="L'arbre / the process tree.")
@click.option("--log", "log_file", required=True, metavar="L.xes|L.csv", help="Le journal d'événements, .gz ou non / the event log, .gz or not.")
@click.option("--prefix", is_flag=True, help="Contre des débuts de parcours / against beginnings of runs.")
@click.option("--moves", "moves_file", type=Named(), metavar="OUT.jsonl", help="Les pas de chaque trace, une ligne par cas / a line per case.")
@as_json
@click.pass_obj
def align(asked: Asked, tree_file: str, log_file: str, prefix: bool, moves_file: str | None, as_json: bool) -> int:
    """Aligner un journal d'événements sur un arbre : le coût exact de chaque trace."""
    aligner = Aligner(read_ptml(tree_file))
    hush()  # it says itself how far it is
    sums, variants, alone = Sums(), Counts(), {Kind.MODEL: Counts(), Kind.LOG: Counts()}
    with _moves_to(moves_file) as moves:
        for case, found in _aligned(aligner, log_file, prefix, variants):
            sums.add(found)
            for move in () if as_json else found.moves:
                if move.kind is not Kind.SYNC:
                    alone[move.kind].add(move.label)
            if moves:
                line = json.dumps(json_view.moves(case, found), ensure_ascii=False)
                moves.write(f"{line}\n".encode("utf-8", "backslashreplace"))
    # The shortest beginning of a run is the empty one.
    tally = sums.tally(sum(1 for _ in variants), 0 if prefix else aligner.best_model_cost)
    if as_json:
        out_json(json_view.tally(tally))
    else:
        out(_told(asked, tally, alone))
    return 0


@contextlib.contextmanager
def _moves_to(name: str | None) -> Iterator[IO[bytes] | None]:
    """A file for the moves, written as they come; in its place once all is well."""
    if name is None:
        yield None
        return
    with drafted(Path(name)) as (file, put):
        yield file
        put()


def _aligned(aligner: Aligner, log: str, prefix: bool, variants: Counts) -> Iterator[tuple[str, Alignment]]:
    """Each case with its alignment, as the file is read; a person who waits for longer than a second sees how far it has come."""
    ask = aligner.prefix if prefix else aligner.align
    known: dict[tuple[str, ...], Alignment] = {}
    kept, begun, said = 0, time.monotonic(), 0.0
    for n, case in enumerate(read_log(log), 1):
        found = known.get(case.activities)
        if found is None:
            try:
                found = ask(case.activities)
            except AlignmentError as exc:
                raise AlignmentError(exc.why, case.id) from None
            kept += len(case.activities) + 1
            if kept > KEPT:
                known.clear()
                kept = len(case.activities) + 1
            known[case.activities] = found
            variants.add(hashlib.sha256(json.dumps(case.activities).encode()).hexdigest())
        yield case.id, found
        now = time.monotonic()
        if sys.stderr.isatty() and now - begun > 1 and now - said > 0.1:
            said = now
            sys.stderr.write(f"\r{n}")
            sys.stderr.flush()
    if said:
        sys.stderr.write("\r" + " " * 24 + "\r")
        sys.stderr.flush()


def _told(asked: Asked, tally: Tally, alone: dict[Kind, Counts]) -> str:
    fitness = f"{tally.mean_fitness:.4f}"

    def count(n: int, fr: str, en: str) -> str:
        """«1 trace», «0 trace», «2 traces»; «0 traces» in English."""
        return asked.say(f"{n} {fr}{'s' if n > 1 else ''}", f"{n} {en}{'s' if n != 1 else ''}")

    traces, variants, fitting = count(tally.traces, "trace", "trace"), count(tally.variants, "variante", "variant"), count(tally.fitting, "trace", "trace")
    steps = count(tally.best_model_cost, "étape", "step")
    lines = [
        f"{traces}, {variants}",
        asked.say(f"coût total {tally.total_cost} ; {fitting} sans écart", f"total cost {tally.total_cost}; {fitting} without a deviation"),
        asked.say(f"ajustement moyen {fitness.replace('.', ',')} (plus court parcours : {steps})", f"mean fitness {fitness} (shortest run: {steps})"),
    ]
    for kind, fr, en in ((Kind.MODEL, "le plus souvent manquantes", "most often missing"), (Kind.LOG, "le plus souvent en trop", "most often in excess")):
        most = heapq.nsmallest(5, ((-n, label) for label, n in alone[kind]))
        if most:
            lines.append(asked.say(f"{fr} : ", f"{en}: ") + ", ".join(f"{label} ({-n})" for n, label in most))
    return "\n".join(lines)
