"""A distance that binds only where another row holds (`when`): guard, planner and verdict read the condition alike."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest
from edits import read  # type: ignore[import-not-found]
from test_contested import BLOCKS, ON  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.dossier import Dossier
from agir_workflow.errors import MethodError
from agir_workflow.facts import Hold, hold
from agir_workflow.method import Method
from agir_workflow.planning.make import Wishes, _planner, make_problem
from agir_workflow.readings.unmet import _EVALUATORS
from agir_workflow.requirements import CONDITIONS
from agir_workflow.values import Record
from agir_workflow.when import When

AT, HELD = dt.date(2012, 3, 20), dt.date(2012, 3, 14)
KEY, STEP = "CAL006 @ gt3/handicap", "gt3/handicap"
CROWD = Hold(attendance=Record.of({"associations": 4, "collectivites": 4, "entreprises": 2}))
IN_MARCH = "".join(b for b in map(str, BLOCKS) if (on := ON.search(b)) is None or on[1] <= "2012-03-20")
HEAD = '[method]\nname = "t"\nversion = 1\nextends = "agir_ensemble@1"\ntitle = { fr = "T", en = "T" }\n[[requirements]]\n'


@cache
def where(condition: str) -> Method:
    """The packaged method, in which the distance from GT2 to GT3 binds only where another row holds."""
    return agir.read_method(f'{HEAD}code = "CAL006"\ndue = "gt3"\nwhen = "{condition}"\n'.encode())


def march(unsaid: str = "", said: str = "…") -> Dossier:
    """The witness after its second sessions; an answer that is taken away is only dots."""
    assert unsaid in IN_MARCH
    return read(IN_MARCH.replace(unsaid, said, 1) if unsaid else IN_MARCH)


PERIMETER = ("Communauté de communes témoin",)
"""Not said when it was due: the plan asks for it now."""
REVISION = ('copil = "copil/themes" }]', 'copil = "copil/printemps" }]')
"""Of a copil that there is none of; due always, so that no plan asks for it."""


def held_too_soon(dossier: Dossier) -> agir.facts.Fact:
    return hold(STEP, CROWD).stamped(agir.Stamp(on=When(AT), by="expert"))


def said(method: Method, dossier: Dossier) -> tuple[bool, bool, bool]:
    """Whether planner, guard and verdict hold the distance to be one."""
    decided = agir.decide(method, dossier, held_too_soon(dossier))
    assert isinstance(decided, agir.Accepted)
    report = agir.check(method, Dossier((*dossier.facts, held_too_soon(dossier))), at=AT)
    planned = any(lag.key == KEY for lag in make_problem(method, dossier, at=AT).lags)
    return planned, "CAL006" in {b.code for b in decided.notices}, KEY in {f.key for f in report.findings}


SUPPOSED = ("laissée de côté, puisque", "gardée, en supposant")


@pytest.mark.parametrize(
    ("condition", "unsaid", "binds", "words"),
    [
        ("EXP015", (), (True, True, True), ""),  # the leads are there
        ("CAD006", REVISION, (False, False, False), SUPPOSED[0]),
        ("CAD022", PERIMETER, (True, False, False), SUPPOSED[1]),
        ("EXP017", (), (True, False, False), SUPPOSED[1]),  # the plan asks for the actions, and nobody has them yet
        ("EXP013", (), (True, True, True), SUPPOSED[1]),  # an agenda is read of a meeting once it was held
    ],
    ids=["holds", "never", "overdue", "planned", "afterwards"],
)
def test_who_reads_the_condition(condition: str, unsaid: tuple[str, ...], binds: tuple[bool, bool, bool], words: str) -> None:
    method, dossier = where(condition), march(*unsaid)
    assert said(method, dossier) == binds
    told = [t for t in agir.plan(method, dossier, at=AT).assumed if t.fr.startswith("CAL006")]
    assert [words in t.fr for t in told] == [True] * bool(words)


def test_a_distance_that_does_not_apply_is_counted_so() -> None:
    method, dossier = where("CAD022"), march(*PERIMETER)
    counted = [agir.check(m, Dossier((*dossier.facts, held_too_soon(dossier))), at=AT).coverage for m in (agir.load_method("agir_ensemble"), method)]
    assert counted[1].not_applicable > counted[0].not_applicable


def test_a_condition_is_a_row_that_holds_or_not() -> None:
    assert frozenset(_EVALUATORS) == CONDITIONS
    with pytest.raises(MethodError) as caught:
        agir.read_method(f'{HEAD}code = "EXP020"\nwhen = "CAL006"\n'.encode(), "t.toml")
    (fault,) = caught.value.faults
    assert (fault.path, fault.line, fault.file) == ("requirements[0].when", 8, "t.toml")
    assert all("CAL006" in told and "gap" in told for told in (fault.what.fr, fault.what.en))
    assert all("present" in told for told in (fault.mend.fr, fault.mend.en))


def test_two_distances_that_never_bind_together_exclude_nothing() -> None:
    own = 'is = "gap"\naspect = "temporal"\nseverity = "warning"\norigin = "default"\nwhy = { fr = "x", en = "x" }\nfix = { fr = "x", en = "x" }\ndue = "gt2"\neach = "theme"\na = "gt1"\nb = "gt2"\n'
    rows = f'code = "TER001"\nmin = "20w"\nwhen = "PRE006"\n{own}'
    assert agir.read_method((HEAD + rows).encode()).problems() == ()
    with pytest.raises(MethodError):
        agir.read_method((HEAD + rows.replace('when = "PRE006"\n', "")).encode())


OWN = 'aspect = "temporal"\nseverity = "error"\norigin = "default"\nwhy = { fr = "x", en = "x" }\nfix = { fr = "x", en = "x" }\n'
ROWS = {
    "window": 'is = "window"\nof = "gt3"\neach = "gt3"\nin = "2012-06"\ndue = "gt3"\n',
    "precedes": 'is = "precedes"\na = "copil_mi_parcours"\nb = "gt3"\neach = "theme"\ndue = "gt3"\n',
    "decided": 'is = "decided"\nby = "copil_mi_parcours"\nvalues = ["go"]\nbefore = "gt3"\neach = "theme"\ndue = "gt3"\n',
    "disjoint": 'is = "disjoint"\nof = "session"\ndue = "session"\n',
    "share": 'is = "share"\nof = "session"\nin = "2012-06"\nmin = 80\ndue = "synthese"\n',
    "settled": 'is = "settled"\nof = "copil"\neach = "copil"\npaper = "releve_decisions"\nstate = "draft"\ndue = "always"\n',
}


@pytest.mark.parametrize("kind", ROWS)
def test_every_row_that_dates_something_is_left_out_where_its_condition_does_not_hold(kind: str) -> None:
    """What is answered already is known: a row whose condition it excludes binds no day."""
    def keys(condition: str, *unsaid: str) -> set[str]:
        method = agir.read_method(f'{HEAD}code = "TER001"\nwhen = "{condition}"\n{ROWS[kind]}{OWN}'.encode(), strict=False)
        made = _planner(method, march(*unsaid), AT, Wishes()).problem(soft=True)
        bound = {h.key for v in made.variables for h in v.holes} | {x.key for x in (*made.lags, *made.apart, *made.choices)}
        return {key for key in bound if key.startswith("TER001")}

    assert keys("EXP015")
    assert keys("CAD022", *PERIMETER)
    assert not keys("CAD006", *REVISION)
