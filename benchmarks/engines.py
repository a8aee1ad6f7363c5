"""
What an event costs, here and in five other engines; and what the four questions cost on Charenton.

`python benchmarks/engines.py [ROUNDS]`: one run, interleaved rounds, minima over the rounds and
ratios of minima, in processor time. Every bar is printed with whether it is met. See README.md beside this file.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import pickle
import platform
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path

import attrs
from charenton import DAY, ROOT, journal, mix, read
from foreign import (
    Auto,
    Bare,
    Chart,
    Model,
    Parallel,
    XState,
    automat_machine,
    flat_chart,
    flat_machine,
    nested_machine,
    x_flat,
    x_parallel,
)
from lifecycle import BROKEN, END, EVENTS, GUARDS, Run, Where, context, events
from own import METHOD, Own, setup

import agir_workflow as agir
from agir_workflow import facts
from agir_workflow.facts import Fact, Stamp, When
from agir_workflow.view import view_of

# -- all engines alike ------------------------------------------------------------------------------------


@attrs.frozen
class Engine:
    """
    How a life begins, sound or with one guard's matter broken.

    `lives` is how many are timed at once: about two milliseconds' worth for each engine, so that what it finds cold in the
    processor's caches, after the others had their turn, weighs alike.
    """

    name: str
    begin: Callable[[str], Run]
    lives: int


def engines() -> list[Engine]:
    flat, nested, chart, xp, xf, auto = flat_machine(), nested_machine(), flat_chart(), x_parallel(), x_flat(), automat_machine()
    method = agir.read_method(METHOD.encode(), "life.toml")
    ready = {broken: setup(method, broken) for broken in BROKEN}
    for dossier in ready.values():
        view_of(method, dossier).position  # noqa: B018  (known before the first event, as it is to a host that has shown the dossier)
    return [
        Engine("agir_workflow: decide + evolve", lambda broken: Own(method, ready[broken]), 40),
        Engine("bare dictionary", lambda broken: Bare(context(broken)), 300),
        Engine("automat", lambda broken: Auto(auto, context(broken)), 8),
        Engine("transitions, flat", lambda broken: Model(flat, context(broken)), 12),
        Engine("transitions, HierarchicalMachine", lambda broken: Model(nested, context(broken)), 2),
        Engine("python-statemachine, flat", lambda broken: Chart(chart, context(broken)), 1),
        Engine("python-statemachine, parallel", lambda broken: Chart(Parallel, context(broken)), 1),
        Engine("xstate-statemachine, flat", lambda broken: XState(xf, context(broken)), 7),
        Engine("xstate-statemachine, parallel", lambda broken: XState(xp, context(broken)), 4),
        Engine("xstate-statemachine, parallel, with a receipt", lambda broken: XState(xp, context(broken), wait=True), 3),
        Engine("agir_workflow, its view read after each event", lambda broken: Own(method, ready[broken], look=True), 8),
        Engine("agir_workflow, a dossier just read", lambda broken: Own(method, agir.replay(method, ready[broken].facts)), 8),
    ]


def same_lives(found: list[Engine]) -> None:
    """Every engine passes through the same states, ends in the same one, and refuses what is out of turn or guarded."""
    traces: dict[str, list[Where]] = {}
    for engine in found:
        run = engine.begin("")
        trace = [run.where()]
        for n, event in enumerate(EVENTS):
            if n in (1, 4):  # gt2 before gt1, and gt3 before gt2
                assert not run.offer(EVENTS[n + 3]), (engine.name, EVENTS[n + 3].name)
                assert run.where() == trace[-1], engine.name
            assert run.offer(event), (engine.name, event.name, run.where())
            trace.append(run.where())
        traces[engine.name] = trace
        for broken in GUARDS:
            run = engine.begin(broken)
            for event in events(broken):
                before, given = run.where(), run.offer(event)
                assert given == (event.kind != broken), (engine.name, broken, event.name)
                if not given:
                    assert run.where() == before, (engine.name, broken, event.name)
                    break
    first = traces[found[0].name]
    assert first[-1] == END
    for name, trace in traces.items():
        assert trace == first, (name, trace, first)


# -- the clock ---------------------------------------------------------------------------------------------


def clock(work: Callable[[], object]) -> float:
    """Processor seconds of one call in this thread, without the collector's pauses."""
    gc.disable()
    try:
        begin = time.thread_time()
        work()
        return time.thread_time() - begin
    finally:
        gc.enable()


@attrs.define
class Task:
    """Something to time once a round: *sample* gives seconds for one unit."""

    name: str
    sample: Callable[[], float]
    best: float = float("inf")


def _none() -> float:
    raise AssertionError("a mean of others; not timed itself")


def _lives(engine: Engine) -> float:
    runs = [engine.begin("") for _ in range(engine.lives)]

    def work() -> None:
        for run in runs:
            for step in run.steps:
                step()

    took = clock(work)
    assert all(run.where() == END for run in runs), engine.name
    return took / (len(runs) * len(EVENTS))


def _each(work: Callable[[], object], times: int = 1) -> float:
    def loop() -> None:
        for _ in range(times):
            work()

    return clock(loop) / times


def _weigh(make: Callable[[], object]) -> int:
    """Bytes that are still held after *make*, while what it gave is kept."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = make()
    gc.collect()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del kept
    return after - before


def _forget_shapes() -> None:
    """Lanes compiled in an earlier round are forgotten, where the library keeps any."""
    from agir_workflow import _shape, position

    for place in (getattr(_shape, "shape_of", None), getattr(position, "shape_of", None)):
        clear = getattr(place, "cache_clear", None)
        if clear is not None:
            clear()


# -- the run ----------------------------------------------------------------------------------------------


def machine_words() -> list[str]:
    cpu = next((x.partition(":")[2].strip() for x in Path("/proc/cpuinfo").read_text().splitlines() if x.startswith("model name")), "") if Path("/proc/cpuinfo").exists() else ""
    git = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    libs = ("transitions", "python-statemachine", "xstate-statemachine", "automat", "attrs")
    return [
        f"agir_workflow {version('agir_workflow')}, revision {git or 'unknown'}, read from {Path(agir.__file__).parent}",
        ", ".join(f"{x} {version(x)}" for x in libs),
        f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}, {cpu or platform.processor() or 'unknown processor'}, {os.cpu_count()} processors",
        f"load before the run: {load} (other work may run at the same time: processor time of this thread, minima)",
    ]


def _time(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.2f} µs"


def _table(rows: list[tuple[str, str, str, str]]) -> None:
    widths = [max(len(r[n]) for r in rows) for n in range(4)]
    for n, row in enumerate(rows):
        print(f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]}".rstrip())
        if n == 0:
            print("  ".join("-" * w for w in widths))


def _bar(value: float, bar: float, least: bool = False) -> str:
    return "met" if (value >= bar if least else value <= bar) else "MISSED"


def _beside(own: Task, others: list[Task]) -> None:
    """An event of ours, and of the others as so many times ours."""
    rows = [("an accepted event", "time", "against ours", ""), (own.name, _time(own.best), "", "")]
    _table(rows + [(t.name, _time(t.best), f"{t.best / own.best:.3g} ×", "") for t in others])


def _are_what_they_should(method: agir.Method, seen: agir.Dossier, witness: agir.Dossier, held: tuple[Fact, ...], end: dt.date) -> None:
    assert not agir.check(method, witness, at=end).findings, "the witness has nothing to report"
    assert not view_of(method, agir.replay(method, held)).position.to_do(), "the long journal completes the tree"
    assert [s.address for s in agir.possible(method, seen, on=DAY, by="lead") if not s.blockers] == [f"gt3/{t}" for t in ("insertion", "handicap", "precarite")]


def weights(method: agir.Method, seen: agir.Dossier) -> tuple[int, int, int]:
    """Bytes of a dossier pickled, in memory, and in memory with the view that a question leaves beside it."""
    packed = pickle.dumps(seen.as_of(DAY), protocol=pickle.HIGHEST_PROTOCOL)

    def with_view() -> object:
        made = pickle.loads(packed)
        agir.possible(method, made, on=DAY, by="lead")
        return made

    alone = _weigh(lambda: pickle.loads(packed))
    with_view()
    return len(packed), alone, _weigh(with_view)


@attrs.frozen
class Questions:
    """The commands of the mix, and what is timed on Charenton and on the witness."""

    accepted: tuple[Fact, ...]
    refused: tuple[Fact, ...]
    each: tuple[Task, ...]
    """Each command of the mix, asked again and again of one dossier;"""
    first: tuple[Task, ...]
    """and of one that it was never asked of."""
    can: Task
    can_first: Task
    replay: Task
    cold: Task
    clean: Task
    again: Task

    @property
    def tasks(self) -> tuple[Task, ...]:
        """In the order of a round: cold last, for what follows a forgotten shape is the next round's first."""
        return (*self.each, *self.first, self.can, self.can_first, self.replay, self.again, self.clean, self.cold)


def questions(method: agir.Method, seen: agir.Dossier) -> Questions:
    """What is asked of Charenton as of its day, and of the witness, once all are what they should be."""
    whole, witness = read("charenton", method), read("temoin", method)
    accepted, refused = mix(method, seen)
    held, end = journal(whole), dt.date(2014, 1, 1)
    _are_what_they_should(method, seen, witness, held, end)
    told = facts.deliver("compte_rendu/copil/mi_parcours").stamped(Stamp(on=When(DAY), by="expert"))

    def newly(ask: Callable[[agir.Dossier], object]) -> float:
        """A question that this dossier was never asked: one fact more, its view carried over beforehand."""
        after = agir.evolve(method, seen, told)
        view_of(method, after).position  # noqa: B018
        return _each(lambda: ask(after))

    def decided(command: Fact) -> Callable[[agir.Dossier], object]:
        return lambda dossier: agir.decide(method, dossier, command)

    def replayed() -> object:
        return view_of(method, agir.replay(method, held)).position.to_do()

    def replay_cold() -> float:
        _forget_shapes()
        return _each(replayed)

    def anew(dossier: agir.Dossier) -> agir.Dossier:
        return agir.replay(method, dossier.facts)

    commands = (*accepted, *refused)
    return Questions(
        tuple(accepted), tuple(refused),
        each=tuple(Task(f"decide {c.verb} {c.address}", partial(_each, partial(agir.decide, method, seen, c), 10)) for c in commands),
        first=tuple(Task(f"first {c.address}", partial(newly, decided(c))) for c in commands),
        can=Task("possible: every label, and why not", lambda: _each(lambda: agir.possible(method, seen, on=DAY, by="lead"))),
        can_first=Task("· the first time after a new fact", lambda: newly(lambda d: agir.possible(method, d, on=DAY, by="lead"))),
        replay=Task("replay of 1,000 facts, position read", lambda: _each(replayed)),
        cold=Task("· lanes not yet compiled", replay_cold),
        clean=Task("clean check of the witness, dossier fresh", lambda: _each(lambda: agir.check(method, anew(witness), at=end))),
        again=Task("· asked again of the same dossier", lambda: _each(lambda: agir.check(method, witness, at=end))),
    )  # fmt: skip


def _bars(method: agir.Method, seen: agir.Dossier, asked: Questions, own: Task, others: list[Task]) -> None:
    """Every bar, with whether it is met."""

    def mean(name: str, tasks: tuple[Task, ...]) -> Task:
        return Task(name, _none, sum(t.best for t in tasks) / len(tasks))

    def row(task: Task, bar: float | None = None) -> tuple[str, str, str, str]:
        return task.name, _time(task.best), f"≤ {_time(bar)}" if bar else "", _bar(task.best, bar) if bar else ""

    at = {t.name: t.best for t in others}
    x = min(v for k, v in at.items() if k.startswith("xstate"))
    h = at["transitions, HierarchicalMachine"]
    packed, alone, full = weights(method, seen)
    some = len(asked.accepted)
    print(f"\nagir_ensemble. Charenton as of {DAY}: {seen.version} facts; the mix is {some} commands accepted, {len(asked.refused)} refused.\n")
    _table([
        ("what", "measured", "bar", ""),
        ("event against xstate-statemachine, the faster form", f"{x / own.best:.2f} ×", "≥ 6 ×", _bar(x / own.best, 6, least=True)),
        ("event against HierarchicalMachine", f"{h / own.best:.2f} ×", "≥ 20 ×", _bar(h / own.best, 20, least=True)),
        row(mean("decide, mean over the mix", asked.each), 12e-6), row(mean("· each the first time after a new fact", asked.first), 12e-6),
        row(mean("· the accepted ones", asked.each[:some])), row(mean("· the refused ones, every blocker", asked.each[some:])),
        ("· the slowest of them", _time(max(t.best for t in asked.each)), "", ""),
        row(asked.can, 30e-6), row(asked.can_first, 30e-6), row(asked.replay, 2e-3), row(asked.cold, 2e-3), row(asked.clean, 5e-3), row(asked.again, 5e-3),
        ("dossier in memory, its facts", f"{alone / 1000:.1f} kB", "≤ 35 kB", _bar(alone, 35_000)),
        ("· with the view that the questions leave beside it", f"{full / 1000:.1f} kB", "", ""),
        ("· pickled", f"{packed / 1000:.1f} kB", "", ""),
    ])  # fmt: skip


def main(rounds: int = 40) -> None:
    for line in machine_words():
        print(line)
    found = engines()
    same_lives(found)
    method = agir.load_method("agir_ensemble")
    seen = read("charenton", method).as_of(DAY)
    asked = questions(method, seen)
    own, *others = lives = [Task(e.name, partial(_lives, e)) for e in found]
    for _ in range(rounds):
        for task in (*lives, *asked.tasks):
            task.best = min(task.best, task.sample())
    print(f"\n{rounds} interleaved rounds, minima. One event of {len(EVENTS)}, {len(GUARDS)} guards; states equal in all.\n")
    _beside(own, others)
    _bars(method, seen, asked, own, others)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
