"""
Random methods, as TOML text read by `read_method`, each with a dossier on its first day.

One seed, one method: the same text on every machine. `contradictory` gives a method whose one bad
row reading must refuse.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable
from typing import Any, TypeAlias

import attrs

import agir_workflow as agir
from agir_workflow.dossier import Dossier
from agir_workflow.facts import DOSSIER, Declare, Fact, Fill, Open, Stamp, fact
from agir_workflow.method import Method
from agir_workflow.values import Record
from agir_workflow.when import When
from agir_workflow.words import Sort, Verb

Table: TypeAlias = dict[str, Any]

DECISIONS = ["go", "reserves", "no"]
COLLEGES = ["north", "south", "east"]
ASPECTS = {
    "precedes": "behavioural", "decided": "behavioural", "in_process": "behavioural", "present": "structural", "count": "structural", "covers": "structural",
    "agreed": "structural", "deliverable": "structural", "gap": "temporal", "window": "temporal", "disjoint": "temporal",
}  # fmt: skip
FREE = 99
"""The phase of a step outside the tree: after all, so that nothing is due later than it."""
FIRST_DAY = dt.date(2024, 1, 8)


@attrs.frozen
class Step:
    """
    A leaf as the generator knows it: no row goes against `rank`, its place in the file.

    `again` sends a loop round, `lone` is an option by itself, `optional` may be left out for any reason.
    """

    id: str
    sort: str
    scope: tuple[str, ...]
    phase: int
    rank: int
    optional: bool = False
    again: bool = False
    lone: bool = False

    @property
    def is_sitting(self) -> bool:
        return self.sort in ("meeting", "decision")


@attrs.define
class Draft:
    """A method in the making, and what is known of the order of its steps."""

    rng: random.Random
    steps: list[Step] = attrs.field(factory=list)
    blocks: dict[str, Table] = attrs.field(factory=dict)
    before: set[tuple[str, str]] = attrs.field(factory=set)
    apart: set[tuple[str, str]] = attrs.field(factory=set)
    kinds: list[Table] = attrs.field(factory=list)
    facets: list[Table] = attrs.field(factory=list)
    papers: list[Table] = attrs.field(factory=list)
    sets: list[Table] = attrs.field(factory=list)
    rows: list[Table] = attrs.field(factory=list)
    free: list[str] = attrs.field(factory=list)
    phases: list[str] = attrs.field(factory=list)

    # -- tree ---------------------------------------------------------------------------------------

    def leaf(self, at: At, sort: str | None = None, *, again: bool = False) -> tuple[str, list[Step]]:
        sort = sort or self.rng.choices(["activity", "meeting", "agreement", "decision"], [4, 4, 2, 2])[0]
        step = Step(f"s{len(self.steps) + 1}", sort, at.scope, at.phase, len(self.steps), at.optional or again, again)
        self.steps.append(step)
        return step.id, [step]

    def block(self, op: str, spec: object, **more: object) -> str:
        name = f"b{len(self.blocks) + 1}"
        self.blocks[name] = {op: spec, **more}
        return name

    def seq(self, kids: list[tuple[str, list[Step]]]) -> tuple[str, list[Step]]:
        for n, (_, earlier) in enumerate(kids):
            for _, later in kids[n + 1 :]:
                self.before |= {(a.id, b.id) for a in earlier for b in later}
        if len(kids) == 1:
            return kids[0]
        return self.block("seq", [k for k, _ in kids]), [s for _, steps in kids for s in steps]

    def some(self, at: At, depth: int) -> tuple[str, list[Step]]:
        """One block of any operator, or a leaf."""
        names = ["leaf", "seq", "par", "opt", "choice", "gate", "silent", "each"]
        weights = [8, 2, 3, 1.5, 1, 3, 1, 4] if depth else [1, 0, 0, 0, 0, 0, 0, 0]
        op = self.rng.choices(names, weights)[0]
        if op == "each" and (not self.kinds or len(at.scope) >= 2 or (at.scope and self.rng.random() < 0.6)):
            op = "leaf"
        if op == "seq":
            return self.seq([self.some(at, depth - 1) for _ in range(self.rng.randint(2, 3))])
        if op in ("par", "choice"):
            inner = at if op == "par" else attrs.evolve(at, optional=True)
            kids = [self.some(inner, depth - 1) for _ in range(2)]
            if op == "choice":
                self.apart |= {(a.id, b.id) for a in kids[0][1] for b in kids[1][1]}
            return self.block(op, [k for k, _ in kids]), [s for _, steps in kids for s in steps]
        if op == "opt":
            name, steps = self.some(attrs.evolve(at, optional=True), depth - 1)
            if len(steps) == 1 and name == steps[0].id and not at.optional:
                steps = self.steps[-1:] = [attrs.evolve(steps[0], lone=True)]
            return self.block("opt", name), steps
        if op == "silent":
            name, steps = self.leaf(at, "meeting")
            return self.block("loop", {"body": name}), steps
        if op == "gate":
            return self.gate(at, depth)
        if op == "each":
            return self.each(at, depth)
        return self.leaf(at)

    def gate(self, at: At, depth: int) -> tuple[str, list[Step]]:
        kids = [self.some(at, depth - 1)] if self.rng.random() < 0.5 else []
        name, steps = self.seq([*kids, self.leaf(at, "decision")])
        spec: Table = {"body": name}
        if self.rng.random() < 0.8:
            again, redo = self.leaf(at, "activity", again=True)
            self.before |= {(a.id, redo[0].id) for a in steps}
            spec["again"] = again
            steps = [*steps, *redo]
        return self.block("loop", spec), steps

    def each(self, at: At, depth: int) -> tuple[str, list[Step]]:
        possible = [k["id"] for k in self.kinds if k["id"] not in at.scope and k.get("inside") in (None, *at.scope)]
        if not possible:
            return self.leaf(at)
        kind = self.rng.choice(possible)
        inner = attrs.evolve(at, scope=(*at.scope, kind))
        name, steps = self.some(inner, depth - 1)
        return self.block("each", {"of": kind, "run": name}), steps

    # -- rows ---------------------------------------------------------------------------------------

    def row(self, is_: str, due: str, *, severity: str = "error", **params: object) -> None:
        code = f"R{len(self.rows) + 1:02}"
        text = {"fr": "{subject} : {value} {bound} {missing}.", "en": "{subject}: {value} {bound} {missing}."}
        self.rows.append({"code": code, "is": is_, "due": due, "aspect": ASPECTS[is_], "severity": severity, "origin": "default",
                          "why": text, "fix": {"fr": "Le faire.", "en": "Do it."}} | {k.rstrip("_"): v for k, v in params.items() if v is not None})  # fmt: skip

    def pairs(self, *, parallel: bool, ok: Callable[[Step, Step], bool]) -> list[tuple[Step, Step]]:
        out = []
        for n, a in enumerate(self.steps):
            for b in self.steps[n + 1 :]:
                if a.again or b.again or (a.id, b.id) in self.apart or not ok(a, b):
                    continue
                if (a.id, b.id) in self.before or parallel:
                    out.append((a, b))
        return out

    def each_for(self, *steps: Step) -> str | None:
        """A kind that a row about these steps may be said of, or none."""
        shared = [k["id"] for k in self.kinds if any(k["id"] in s.scope for s in steps) and all(not s.scope or k["id"] in s.scope for s in steps)]
        return self.rng.choice(shared) if shared and self.rng.random() < 0.8 else None

    def due_after(self, step: Step) -> list[str]:
        """Where a row that reads a step may be due: later steps, and phases after its own."""
        later = [b.id for b in self.steps if (step.id, b.id) in self.before and not b.again]
        return later + self.phases[step.phase + 1 :]


@attrs.frozen
class At:
    phase: int
    scope: tuple[str, ...] = ()
    optional: bool = False


@attrs.frozen
class Case:
    """A method, its text, and a dossier on its first day."""

    seed: int
    text: str
    method: Method
    dossier: Dossier


# -- methods ---------------------------------------------------------------------------------------------


def draft(rng: random.Random) -> Draft:
    made = Draft(rng)
    kinds = rng.choices([0, 1, 2], [1, 4, 4])[0]
    for n in range(kinds):
        kind = {"id": f"k{n + 1}", "label": both(f"kind {n + 1}"), "origin": "default"}
        if n and rng.random() < 0.4:
            kind["inside"] = "k1"
        made.kinds.append(kind)
    if kinds and rng.random() < 0.25:
        name, _ = made.leaf(At(FREE, ("k1",)), rng.choice(["activity", "meeting"]))
        made.free.append(name)
    phases = rng.randint(1, 4)
    made.phases = [f"p{n + 1}" for n in range(phases)]
    kids = []
    for n in range(phases):
        parts = [made.some(At(n), 3) for _ in range(rng.randint(1, 3))]
        if all(s.optional for _, steps in parts for s in steps):
            parts.append(made.leaf(At(n)))
        name, steps = made.seq(parts)
        if name in made.blocks:
            made.blocks[f"p{n + 1}"] = {**made.blocks.pop(name), "phase": True}
        else:
            made.blocks[f"p{n + 1}"] = {"seq": [name], "phase": True}
        kids.append((f"p{n + 1}", steps))
    for n, (_, earlier) in enumerate(kids):
        for _, later in kids[n + 1 :]:
            made.before |= {(a.id, b.id) for a in earlier for b in later}
    made.blocks["whole"] = {"seq": [k for k, _ in kids]}
    _words(made)
    _rows(made)
    return made


def both(text: str) -> Table:
    return {"fr": text, "en": text}


def _words(made: Draft) -> None:
    rng = made.rng
    kinds = [k["id"] for k in made.kinds]
    for n in range(rng.randint(1, 4)):
        facet: Table = {"id": f"f{n + 1}", "label": both(f"facet {n + 1}"), "origin": "default"}
        if kinds and rng.random() < 0.5:
            facet["scope"] = rng.choice(kinds)
        facet["many"] = rng.random() < 0.5
        if facet["many"] and rng.random() < 0.7:
            facet["fields"] = {"name": "text", "side": "college"}
        made.facets.append(facet)
    for n in range(rng.randint(0, 2)):
        of = rng.choice([s for s in made.steps if not s.again])
        kind = of.scope[0] if len(of.scope) == 1 and rng.random() < 0.6 else None
        made.papers.append({"id": f"d{n + 1}", "label": both(f"paper {n + 1}"), "address": f"paper{n + 1}" + (f"/{{{kind}}}" if kind else ""),
                            "of": [of.id] if rng.random() < 0.8 else [], "origin": "default", "_of": of, "_kind": kind})  # fmt: skip
    sittings = [s.id for s in made.steps if s.is_sitting]
    if sittings:
        made.sets.append({"id": "all_sittings", "origin": "default", "label": both("sitting"), "leaves": sittings})


def _rows(made: Draft) -> None:
    rng = made.rng
    makers = [_precedes, _precedes, _decided, _decided, _gap, _gap, _present, _present, _present_step, _count, _covers, _deliverable, _agreed, _attendance, _convened]
    for _ in range(rng.randint(2, 9)):
        rng.choice(makers)(made)
    if made.sets and rng.random() < 0.6:
        made.row("window", "all_sittings", severity=rng.choice(["error", "warning"]), of="all_sittings", each="all_sittings", not_in={"profile": "closed"})
    if made.sets and rng.random() < 0.5:
        made.row("disjoint", "always", of="all_sittings")
    if rng.random() < 0.8:
        made.row("in_process", "always", move="skipped")
    if rng.random() < 0.3:
        made.row("in_process", "always", move="extra", severity="warning")
    if made.sets and rng.random() < 0.3:
        made.papers.append({"id": "minutes", "label": both("minutes"), "address": "minutes/{sitting}", "origin": "default"})
        made.row("gap", "always", a="all_sittings", b="minutes", each="all_sittings", max=rng.choice(["8d", "15d", "3w"]))


def grave(needed: Step) -> str:
    """A step that may be left out, and then no longer done, must not be needed by an error: reading refuses that. A warning is planned for all the same."""
    return "warning" if needed.optional or needed.lone else "error"


def _precedes(made: Draft) -> None:
    pairs = made.pairs(parallel=True, ok=lambda a, b: a.lone or not a.optional)
    if pairs:
        a, b = made.rng.choice(pairs)
        made.row("precedes", b.id, a=a.id, b=b.id, each=made.each_for(a, b), severity=grave(a))


def _decided(made: Draft) -> None:
    pairs = made.pairs(parallel=False, ok=lambda a, b: a.sort == "decision" and (a.lone or not a.optional))
    if pairs:
        a, b = made.rng.choice(pairs)
        due = made.phases[b.phase] if b.phase > a.phase and made.rng.random() < 0.3 else b.id
        each = made.rng.choice([b.scope[-1], None]) if b.scope else None
        if a.scope and each not in a.scope:
            each = made.each_for(a, b)
        made.row("decided", due, by=a.id, values=DECISIONS[: made.rng.randint(1, 2)], before=b.id, each=each, severity=grave(a))


def _gap(made: Draft) -> None:
    rng = made.rng
    pairs = made.pairs(parallel=rng.random() < 0.3, ok=lambda a, b: True)
    if pairs:
        a, b = rng.choice(pairs)
        far = (a.id, b.id) in made.before
        most = rng.choice(["9w", "26w", "1y"]) if far and rng.random() < 0.4 else None
        count = rng.choice([None, None, "working", "open"]) if most is None else None
        made.row("gap", b.id, severity=rng.choice(["error", "error", "warning"]), a=a.id, b=b.id, each=made.each_for(a, b),
                 min=rng.choice(["2d", "5d", "1w", "3w", "2m"]), max=most, count=count)  # fmt: skip


def _facet_due(made: Draft, facet: Table) -> tuple[str, str | None]:
    """Where a row on a facet is due, and the kind it is said of."""
    rng = made.rng
    scope = facet.get("scope")
    steps = [s for s in made.steps if not s.again and (not scope or not s.scope or scope in s.scope)]
    options = [s.id for s in steps] + made.phases + ["run.close"]
    return rng.choice(options), scope if rng.random() < 0.7 else None


def _present(made: Draft) -> None:
    facet = made.rng.choice(made.facets)
    due, each = _facet_due(made, facet)
    made.row("present", due, of=facet["id"], each=each)


def _present_step(made: Draft) -> None:
    step = made.rng.choice(made.steps)
    dues = made.due_after(step)
    if dues and not step.again:
        due = made.rng.choice(dues)
        after = next((s for s in made.steps if s.id == due), None)
        made.row("present", due, of=step.id, each=made.each_for(step, *([after] if after else [])), severity=grave(step))


def _count(made: Draft) -> None:
    many = [f for f in made.facets if f["many"]]
    if many:
        facet = made.rng.choice(many)
        due, each = _facet_due(made, facet)
        made.row("count", due, of=facet["id"], each=each, min=made.rng.randint(1, 6), max=made.rng.choice([None, 60]))


def _covers(made: Draft) -> None:
    wide = [f for f in made.facets if "fields" in f]
    if wide:
        facet = made.rng.choice(wide)
        due, each = _facet_due(made, facet)
        made.row("covers", due, of=f"{facet['id']}.side", each=each, all=made.rng.choice(["college", COLLEGES[:2]]))


def _deliverable(made: Draft) -> None:
    papers = [p for p in made.papers if "_of" in p]
    if papers:
        paper = made.rng.choice(papers)
        dues = made.due_after(paper["_of"])
        kind = paper["_kind"]
        if kind:
            dues = [d for d in dues if all(not s.scope or kind in s.scope for s in made.steps if s.id == d)]
        if dues:
            made.row("deliverable", made.rng.choice(dues), of=paper["id"], state=made.rng.choice(["draft", "submitted", "approved"]), each=kind)


def _agreed(made: Draft) -> None:
    steps = [s for s in made.steps if s.sort == "agreement" and not s.optional and len(s.scope) <= 1]
    if steps:
        step = made.rng.choice(steps)
        dues = [d for d in made.due_after(step) if all(not s.scope or not step.scope or step.scope[0] in s.scope for s in made.steps if s.id == d)]
        if dues:
            made.row("agreed", made.rng.choice(dues), of=step.id, each=step.scope[0] if step.scope else None, same_version=made.rng.choice([None, True]))


# -- rows of their own source of chance: the methods of a seed stay what they were, and gain these ------------------


def _more(made: Draft) -> None:
    """What lies inside options, what applies only where another row holds, what each item must say, what lies within an instance."""
    for make in (_agreed_if_at_all, _decided_if_at_all, _every, _when, _within):
        if made.rng.random() < 0.5:
            make(made)


def _agreed_if_at_all(made: Draft) -> None:
    """An agreement of an option is wanted by a warning alone: reading refuses an error (`grave`), and the plan takes the option."""
    steps = [s for s in made.steps if s.sort == "agreement" and s.optional and not s.again and len(s.scope) <= 1]
    for step in steps[:1]:
        dues = [d for d in made.due_after(step) if all(not s.scope or not step.scope or step.scope[0] in s.scope for s in made.steps if s.id == d)]
        if dues:
            made.row("agreed", made.rng.choice(dues), of=step.id, each=step.scope[0] if step.scope else None, severity="warning")


def _decided_if_at_all(made: Draft) -> None:
    """A gate that lies with other steps inside an option: by a warning alone, as above."""
    pairs = made.pairs(parallel=False, ok=lambda a, b: a.sort == "decision" and a.optional and not a.lone and a.phase < b.phase)
    if pairs:
        a, b = made.rng.choice(pairs)
        made.row("decided", b.id, by=a.id, values=DECISIONS[:2], before=b.id, each=made.each_for(a, b), severity="warning")


def _every(made: Draft) -> None:
    """Each of many answers says its day; the dossier has some that do not (`dossier_of`)."""
    for facet in [f for f in made.facets if "fields" in f][:1]:
        facet["fields"]["until"] = "date?"
        due, each = _facet_due(made, facet)
        made.row("present", due, of=f"{facet['id']}.until", each=each, every=True)


def _when(made: Draft) -> None:
    """A row that applies only where an earlier one, on another facet and said of the same, holds."""
    first = [r for r in made.rows if r["is"] in ("present", "count") and r["of"].partition(".")[0] in {f["id"] for f in made.facets} and "every" not in r]
    for row in first[:1]:
        others = [f for f in made.facets if f["id"] != row["of"] and f.get("scope") == next(f.get("scope") for f in made.facets if f["id"] == row["of"])]
        if others:
            made.row("present", row["due"], of=others[0]["id"], each=row.get("each"), when=row["code"])


def _within(made: Draft) -> None:
    """A step of somebody within an instance comes before a step of that instance: said of each of the inner ones."""
    for kind in [k for k in made.kinds if k.get("inside")]:
        pairs = made.pairs(parallel=True, ok=lambda a, b, k=kind: not a.optional and a.scope[-1:] == (k["id"],) and b.scope == (k["inside"],))  # type: ignore[misc]
        if pairs:
            a, b = made.rng.choice(pairs)
            made.row("precedes", b.id, a=a.id, b=b.id, each=kind["id"])


def _several(made: Draft) -> None:
    """One of several steps before one of several: one that has to be done and may come first, with others that need not."""
    pairs = made.pairs(parallel=True, ok=lambda a, b: not a.optional)
    if not pairs or made.rng.random() < 0.5:
        return
    a, b = made.rng.choice(pairs)
    first = [a, *made.rng.sample(made.steps, min(2, len(made.steps)))]
    later = [b, *(y for x, y in pairs if x is a and y is not b and made.rng.random() < 0.4 and y.scope == b.scope)]
    made.rng.shuffle(first)
    words = [list(dict.fromkeys(x.id for x in steps)) for steps in (first, later)]
    made.sets += [{"id": name, "origin": "default", "label": both(name), "leaves": ids} for name, ids in zip(("first", "later"), words, strict=True)]
    made.row("precedes", "later", a="first", b="later", each=made.each_for(a, b))


def _attendance(made: Draft) -> None:
    steps = [s for s in made.steps if s.is_sitting]
    if steps:
        step = made.rng.choice(steps)
        if made.rng.random() < 0.5:
            made.row("count", f"after:{step.id}", of=f"{step.id}.attendance", each=step.id, ok=[6, 12], info=[3, 20], warning=[1, 40])
        else:
            made.row("covers", f"after:{step.id}", of=f"{step.id}.attendance", each=step.id, all="college")


def _convened(made: Draft) -> None:
    steps = [s for s in made.steps if s.is_sitting]
    if steps:
        step = made.rng.choice(steps)
        made.row("gap", step.id, a=f"{step.id}.convened", b=step.id, each=step.id, min={"regime": "notice"}, severity=made.rng.choice(["error", "warning"]))


# -- text ---------------------------------------------------------------------------------------------------


def toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {toml(v)}" for k, v in value.items() if not k.startswith("_")) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def text_of(data: Table) -> str:
    """The file of a method, one line an entry, `[tree]` last."""
    lines = []
    for name, value in data.items():
        if name == "tree":
            continue
        if isinstance(value, list):
            lines += [f"{name} = [", *(f"    {toml(v)}," for v in value), "]"]
        else:
            lines.append(f"{name} = {toml(value)}")
    return "\n".join([*lines, "[tree]", *(f"{k} = {toml(v)}" for k, v in data["tree"].items()), ""])


def table_of(made: Draft, seed: int) -> Table:
    rng = made.rng
    leaves = []
    for step in made.steps:
        leaf: Table = {"id": step.id, "sort": step.sort, "label": both(f"step {step.id}"), "address": "/".join([step.id, *("{" + k + "}" for k in step.scope)])}
        if step.sort == "decision":
            leaf["decisions"] = DECISIONS
        if step.is_sitting and rng.random() < 0.3:
            leaf["hours"] = "short"
        leaves.append(leaf | {"origin": "default"})
    words = [{"id": c, "label": both(c), "origin": "default"} for c in COLLEGES]
    closed = rng.choice([["weekend"], ["weekend", "holiday"], ["weekend", "holiday", "august"]])
    return {
        "method": {"name": f"random_{seed}", "version": 1, "title": both("random"), "origin": "default", "colleges": "college", "default_profile": "plain", "default_regime": "usual"}
        | ({"verdict_per": "k1"} if made.kinds and rng.random() < 0.5 else {}),
        "kinds": made.kinds,
        "leaves": leaves,
        "facets": made.facets,
        "deliverables": made.papers,
        "lists": [{"id": "college", "origin": "default", "label": both("college"), "words": words}],
        "sets": made.sets,
        "phases": [{"id": p, "label": both(p), "origin": "default"} for p in made.phases],
        "regimes": [{"id": "usual", "label": both("usual"), "notice": "5d", "minutes": "10d", "origin": "default"}],
        "profiles": [{"id": "plain", "label": both("plain"), "closed": closed, "hours": {"short": {"start": "09:30", "minutes": 60}}, "origin": "default"}],
        "requirements": made.rows,
        "tree": {"root": "whole", **({"free": made.free} if made.free else {}), **made.blocks},
    }  # fmt: skip


def dossier_of(rng: random.Random, method: Method) -> Dossier:
    """The opening, and nought to three instances of each kind; one inside lies in each that holds it."""
    start = FIRST_DAY + dt.timedelta(days=rng.randint(0, 700))
    stamp = Stamp(on=When(start), by="nobody")
    head = Open(id="d", uid="0b6de9a4-5f0e-4c39-8a3b-9a4f3f6f1c55", title="d", method=method.ref, method_hash=method.hash, profile="plain", regime="usual")
    facts: list[Fact] = [fact(Verb.DECLARE, DOSSIER, head)]
    made: dict[str, list[str]] = {}
    for kind in method.kinds:
        holders = made[str(kind.inside)] if kind.inside else [None]
        for holder in holders:
            # A holder without any would keep one nameless lane, which nobody can do.
            for _ in range(rng.choices([0, 1, 2, 3], [1, 4, 4, 2])[0] if holder is None else rng.randint(1, 2)):
                id = f"{kind.id}-{len(made.setdefault(str(kind.id), [])) + 1}"
                made[str(kind.id)].append(id)
                facts.append(fact(Verb.DECLARE, f"{kind.id}/{id}", Declare(label=id, inside=holder)))
        made.setdefault(str(kind.id), [])
    return Dossier(tuple(f.stamped(stamp) for f in facts))


def sorts(method: Method) -> dict[str, Sort]:
    return {str(x.id): x.sort for x in method.leaves}


def case(seed: int) -> Case:
    rng, more = random.Random(f"method {seed}"), random.Random(f"more {seed}")
    made = draft(rng)
    made.rng = more
    _more(made)
    made.rng = random.Random(f"several {seed}")
    _several(made)
    made.rng = rng
    text = text_of(table_of(made, seed))
    method = agir.read_method(text.encode())
    return Case(seed, text, method, _with_holes(more, method, dossier_of(rng, method)))


def _with_holes(rng: random.Random, method: Method, dossier: Dossier) -> Dossier:
    """The dossier with some answers that leave out what each of them must say, now and then."""
    facts = list(dossier.facts)
    for facet in method.facets:
        if any(f.name == "until" for f in facet.fields) and rng.random() < 0.6:
            ids = [f.address.partition("/")[2] for f in facts if facet.scope and f.address.startswith(f"{facet.scope}/")]
            poor = Fill(value=(Record((("name", "poor"), ("side", "east"))),))
            facts += [fact(Verb.FILL, f"{facet.id}/{x}" if x else str(facet.id), poor).stamped(Stamp(on=When(dossier.start), by="nobody")) for x in (ids if facet.scope else [""])]
    return Dossier(tuple(facts))


# -- methods that contradict themselves --------------------------------------------------------------------

SHAPES = ("precedes", "decided", "present", "agreed", "gap", "deliverable", "phase", "early precedes", "early decided")


def contradictory(seed: int, shape: str) -> tuple[str, str] | None:
    """The text of a method with one bad row as its last, and that row's path; None where the tree has no place for it."""
    rng = random.Random(f"method {seed}")
    made = draft(rng)
    wrong = {"decided": "decision", "early decided": "decision", "agreed": "agreement"}.get(shape)
    # A step left out of a first round may come in a second one, after what follows it in the first.
    pairs = [(a, b) for a, b in made.pairs(parallel=False, ok=lambda a, b: not (a.optional or a.lone)) if wrong in (None, b.sort)]
    if not pairs:
        return None
    early, late = rng.choice(pairs)
    each, due = made.each_for(early, late), early.id
    match shape:
        case "precedes":
            params: Table = {"a": late.id, "b": early.id}
        case "decided":
            params = {"by": late.id, "values": ["go"], "before": early.id}
        case "gap":
            params = {"a": late.id, "b": early.id, "min": "1w"}
        case "deliverable":
            made.papers.append({"id": "late", "label": both("late"), "address": "late", "of": [late.id], "origin": "default"})
            params, each = {"of": "late", "state": "draft"}, None
        case "phase":
            params, due = {"of": late.id}, rng.choice(made.phases[: late.phase + 1])
        case "early precedes" | "early decided":
            # The tree has no quarrel with the two steps: only the due comes before the first of them.
            after = [x for x in made.steps if (late.id, x.id) in made.before and not x.again and (late.id, x.id) not in made.apart]
            if not after:
                return None
            last = rng.choice(after)
            params = {"a": late.id, "b": last.id} if shape == "early precedes" else {"by": late.id, "values": ["go"], "before": last.id}
        case _:
            params = {"of": late.id}
    is_ = {"phase": "present"}.get(shape, shape.rpartition(" ")[2])
    made.row(is_, due, each=each, **params)
    return text_of(table_of(made, seed)), f"requirements[{len(made.rows) - 1}]"
