"""
A dossier looked at every month of its life: what is for ever stays, the counts add up, a folder's row is its verdict.

The lives are those of the witness and of Charenton, gone wrong at random: facts left out, steps at another time or in each other's
place, gates that say no first, rests, themes that come late, end or are merged, a project given up. Two hundred of them with AGIR_SOAK.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from edits import CHARENTON, WITNESS, dossier_of, method, read  # type: ignore[import-not-found]
from test_cli import fits  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.answers import Report
from agir_workflow.cli import main
from agir_workflow.dossier import Dossier
from agir_workflow.dossier_file import write_dossier
from agir_workflow.facts import Convene, Decide, Declare, Fact, Hold, Merge, fact
from agir_workflow.readings.strays import off_course, reading
from agir_workflow.values import Record
from agir_workflow.view import view_of
from agir_workflow.views.json_view import report as as_json
from agir_workflow.when import When
from agir_workflow.words import Curability, Severity, State, Verb

LIVES = 200 if "AGIR_SOAK" in os.environ else 8
DAY = dt.timedelta(days=1)
STEPS = (Verb.CONVENE, Verb.HOLD, Verb.DECIDE, Verb.DELIVER, Verb.AGREE)
REWORKS = {"copil/cadrage": "activite/reprise_cadre", "copil/themes": "activite/reprise_themes", "copil/lancement": "activite/reprise_preparation", "copil/synthese": "activite/reprise_synthese"}
THEMES = ("insertion", "handicap", "precarite")


def put(f: Fact, day: dt.date, start: dt.date) -> Fact:
    """The fact on another day, a notice with the day that it calls for."""
    args = attrs.evolve(f.args, day=f.args.day + (day - f.on.earliest)) if isinstance(f.args, Convene) else f.args
    return attrs.evolve(f, args=args).stamped(attrs.evolve(f.stamp, on=When(max(day, start)), recorded_at=None))


def told(verb: Verb, address: str, day: dt.date, args: object = None) -> Fact:
    return fact(verb, address, args).stamped(agir.Stamp(on=When(day), by="collectivite"))  # type: ignore[arg-type]


def gone_wrong(rng: random.Random, facts: list[Fact], start: dt.date) -> list[Fact]:
    """A life with one thing more that went wrong."""
    steps = sorted({f.address for f in facts if f.verb in STEPS})
    days = sorted({f.on.earliest for f in facts})
    day, step, theme = rng.choice(days), rng.choice(steps), rng.choice(THEMES)
    match rng.choice(("moved", "moved", "swapped", "dropped", "left out", "refused", "rest", "ended", "merged", "late theme", "given up", "twice", "cleared")):
        case "moved":
            by = rng.choice((-200, -90, -40, -15, -7, 7, 15, 40, 90, 200)) * DAY
            return [put(f, f.on.earliest + by, start) if f.address == step and f.verb in STEPS else f for f in facts]
        case "swapped":
            other = rng.choice(steps)
            one, two = (next(f.on.earliest for f in facts if f.address == x and f.verb in STEPS) for x in (step, other))
            way = {step: two - one, other: one - two}
            return [put(f, f.on.earliest + way[f.address], start) if f.address in way and f.verb in STEPS else f for f in facts]
        case "dropped":
            lost = rng.choice(facts)
            return [f for f in facts if f is not lost]
        case "left out":
            return [f for f in facts if f.address != step]
        case "refused":
            body = rng.choice([f for f in facts if f.verb is Verb.DECIDE] or facts)
            by = rng.randint(20, 40) * DAY
            first = [put(f, f.on.earliest - by, start) for f in facts if f.address == body.address and f.verb in (Verb.CONVENE, Verb.HOLD, Verb.DECIDE)]
            first = [attrs.evolve(f, args=attrs.evolve(f.args, value=rng.choice(("no_go", "postponed")))) if isinstance(f.args, Decide) else f for f in first]
            again = [told(Verb.DELIVER, REWORKS[body.address], body.on.earliest - by / 2)] if body.address in REWORKS and rng.random() < 0.7 else []
            return [*facts, *first, *again]
        case "rest":
            return [*facts, told(Verb.SUSPEND, "dossier", day), *([told(Verb.RESUME, "dossier", day + rng.choice((10, 40, 100)) * DAY)] if rng.random() < 0.9 else [])]
        case "ended" | "merged" as how:
            over = {f.address.partition("/")[2] for f in facts if f.verb in (Verb.END, Verb.MERGE)} | {f.args.into for f in facts if isinstance(f.args, Merge)}
            if theme in over or not (left := [x for x in THEMES if x != theme and x not in over]):
                return facts
            into = rng.choice(left)
            kept = facts if rng.random() < 0.4 else [f for f in facts if not (f.address.endswith(f"/{theme}") and f.on.earliest > day)]
            return [*kept, told(Verb.END, f"theme/{theme}", day) if how == "ended" else told(Verb.MERGE, f"theme/{theme}", day, Merge(into=into))]  # type: ignore[arg-type]
        case "late theme" if not any(f.address == "theme/nouveau" for f in facts):
            there = Hold(attendance=Record((("associations", 5), ("entreprises", 5))))
            own = [told(Verb.HOLD, f"gt{n}/nouveau", day + n * rng.choice((7, 20, 40)) * DAY, there) for n in (1, 2, 3) if rng.random() < 0.8]
            return [*facts, told(Verb.DECLARE, "theme/nouveau", day, Declare(label="Nouveau")), *own]
        case "given up" if rng.random() < 0.4:
            return [*(f for f in facts if f.on.earliest <= day), told(Verb.ABANDON, "dossier", day)]
        case "twice":
            by = rng.choice((7, 20, 40)) * DAY
            return [*facts, *(put(f, f.on.earliest + by, start) for f in facts if f.address == step and f.verb in (Verb.HOLD, Verb.DECIDE))]
        case "cleared":
            said = rng.choice([f for f in facts if f.verb is Verb.FILL] or facts)
            return [*facts, told(Verb.CLEAR, said.address, said.on.earliest + rng.choice((1, 30, 200)) * DAY)] if said.verb is Verb.FILL else facts
    return facts


def life(seed: int) -> Dossier:
    rng = random.Random(f"months {seed}")
    whole = rng.choice((dossier_of(WITNESS), read(CHARENTON)))
    # A dérogation, and a correction, may make well what was for ever: those are other tests'.
    facts = [f for f in whole.facts[1:] if f.verb not in (Verb.DEROGATE, Verb.CORRECT, Verb.PUBLISH)]
    for _ in range(rng.choice((1, 1, 2, 3, 5))):
        facts = gone_wrong(rng, facts, whole.start)
    return Dossier((whole.facts[0], *sorted(facts, key=lambda f: f.on.earliest)))


def months(dossier: Dossier) -> Iterator[dt.date]:
    day, last = dossier.start, max(f.on.earliest for f in dossier.facts) + 40 * DAY
    while day <= last:
        yield day
        day = (day.replace(day=1) + 32 * DAY).replace(day=15)


def still_told(key: str, code: str, subject: str, report: Report) -> bool:
    """Whether what was broken for good is told yet: by its own finding, by the one of a fault that it labels, or as the step that strayed there."""
    return any(f.key == key or code in (f.code, *f.also) or (f.deviation is not None and f.subject == subject) for f in report.findings)


@pytest.mark.parametrize("seed", range(LIVES))
def test_what_is_for_ever_in_one_month_is_told_in_every_later_one(seed: int) -> None:
    """No correction was made, and no copil allowed it; and what the run costs against the tree never falls, as long as that has the same lanes."""
    dossier = life(seed)
    for_ever: dict[str, tuple[str, str]] = {}
    before, lanes = 0, frozenset[object]()
    for at in months(dossier):
        report = agir.check(method(), dossier, at=at)
        for key, (code, subject) in for_ever.items():
            assert still_told(key, code, subject, report), (key, at, [f.key for f in report.findings])
        broken = [f for f in report.findings if f.state is State.VIOLATED and f.mark is None]
        for_ever |= {f.key: (f.code, f.subject) for f in broken if f.curability is Curability.PERMANENT}
        view = view_of(method(), dossier.as_of(at))
        now = frozenset((i.kind, i.id, i.off) for i in view.instances)
        cost = reading(view).aligned.cost if off_course(view) else 0
        assert now != lanes or cost >= before, at
        before, lanes = cost, now
        assert {s: report.count(s) for s in Severity} == {s: sum(f.severity is s for f in broken) for s in Severity}
        assert attrs.astuple(report.coverage) == tuple(map(sum, zip(*(attrs.astuple(c) for _, c in report.by_code), strict=True)))
        assert len({f.key for f in report.findings}) == len(report.findings)
        assert fits(json.loads(json.dumps(as_json(report))), "agir.report/1")


def test_a_folder_says_of_each_month_what_each_dossier_says_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lives = {f"life-{n}": life(1000 + n) for n in range(3)}
    for id, dossier in lives.items():
        head = dossier.facts[0]
        named = Dossier((attrs.evolve(head, args=attrs.evolve(head.args, id=id)), *dossier.facts[1:]))
        (tmp_path / f"{id}.toml").write_text(write_dossier(named), encoding="utf-8")
    for at in ("2011-09-01", "2012-02-15", "2012-07-15", "2014-01-15"):
        worst = main(["--at", at, "check", str(tmp_path), "--format", "csv"])
        rows = {r["dossier"]: r for r in csv.DictReader(io.StringIO(capsys.readouterr().out))}
        assert rows.keys() == lives.keys()
        codes = []
        for id in lives:
            codes.append(main(["--at", at, "check", str(tmp_path / f"{id}.toml"), "--json"]))
            alone = json.loads(capsys.readouterr().out)
            row = rows[id]
            assert (row["verdict"], int(row["errors"]), int(row["warnings"]), int(row["infos"])) == (alone["verdict"], *(alone["counts"][s] for s in ("error", "warning", "info")))
            counting = {f["key"] for f in alone["findings"] if f["mark"] is None and f["state"] == "violated"}
            assert set(filter(None, row["findings"].split(" ; "))) == counting
        assert worst == max(codes)
