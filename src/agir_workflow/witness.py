"""
A witness, run: does the engine stick where the proof of a method says it does?

Only the tree and the rows at fault stand; everything else of the method is left aside, so that
nothing else can refuse.
"""

from __future__ import annotations

import attrs

from .answers import Accepted, Blocker, Decision, Refused
from .dossier import Dossier
from .engine import decide, evolve, replay
from .errors import PlanningError
from .facts import DOSSIER, Fact, Open, Stamp
from .method import Method
from .paths import path_to
from .planning.make import plan
from .verification import Shows, Witness
from .verification.flaw import DAY
from .when import When
from .words import Family, Verb

_UID = "00000000-0000-4000-8000-000000000000"


@attrs.frozen
class Shown:
    """
    What a witness showed. `holds`: it shows what it is a witness of.

    `stuck` are the blockers that nothing lifts, `conflicts` the keys that exclude each other.
    """

    steps: tuple[tuple[Fact, Decision], ...]
    holds: bool
    stuck: tuple[Blocker, ...] = ()
    conflicts: tuple[tuple[str, ...], ...] = ()


def run_witness(method: Method, witness: Witness) -> Shown:
    """Take the commands of a witness in turn, on a dossier of its first day, and see where they stick."""
    cut = _cut(method, witness)
    dossier = _opened(cut, witness)
    steps: list[tuple[Fact, Decision]] = []
    for command in witness.commands:
        decision = decide(cut, dossier, command)
        steps.append((command, decision))
        if isinstance(decision, Refused):
            break
        for event in decision.events:
            dossier = evolve(cut, dossier, event)
    done = tuple(steps)
    if witness.shows is Shows.REFUSED:
        if len(done) < len(witness.commands) or not done or isinstance(done[-1][1], Accepted):
            return Shown(done, False)
        # It can be read and nothing of the tree is missing: what refuses is the rows alone, and no detour lifts it.
        if any(b.family is Family.INPUT or b.code == "state.missing" for b in done[-1][1].blockers):
            return Shown(done, False)
        stuck = path_to(cut, dossier, done[-1][0]).stuck
        return Shown(done, bool(stuck), stuck)
    accepted = len(done) == len(witness.commands) and all(isinstance(d, Accepted) for _, d in done)
    if witness.shows is Shows.NO_PLAN and accepted:
        try:
            plan(cut, dossier, at=dossier.start)
        except PlanningError as exc:
            return Shown(done, bool(exc.conflicts), (), exc.conflicts)
        return Shown(done, False)
    return Shown(done, accepted)


def _cut(method: Method, witness: Witness) -> Method:
    """The method with the rows of the witness alone, under a hash of its own. What is proved of them is so as they stand: a dérogation is no way through."""
    rows = tuple(attrs.evolve(method.requirements[n], derogable=False) for n in witness.rows if n < len(method.requirements))
    return attrs.evolve(method, requirements=rows, hash=f"{method.hash}:{','.join(map(str, witness.rows))}")


def _opened(method: Method, witness: Witness) -> Dossier:
    profile, regime = witness.profile or method.default_profile, witness.regime or method.default_regime
    head = Open(id="witness", uid=_UID, title="witness", method=method.ref, method_hash=method.hash, profile=profile, regime=regime)
    return replay(method, [Fact(Verb.DECLARE, DOSSIER, head, Stamp(on=When(DAY), by="lead"))])
