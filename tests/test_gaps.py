"""Distances at their bounds: the day before, the day, the day after; rough days, rests, what is still awaited, and what is no distance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from edits import LATER, WITNESS, Cut, In, Put, Step, block_of, edited_text, method, read  # type: ignore[import-not-found]

import agir_workflow as agir

TEXT = WITNESS["dossier.toml"].decode()
RAMEAU = TEXT.replace('profile = "charenton-2012"', 'profile = "rameau-default"')
Told = list[tuple[str, str, str]]


def day_of(fact: str, address: str, day: str, word: str = "on") -> In:
    """A fact told for another day, or one that names another (`word`)."""
    line = next(x for x in block_of(TEXT, fact, address).splitlines() if x.startswith(f"{word} = "))
    return In(fact, address, line, f"{word} = {day}")


def copil(name: str, day: str) -> tuple[In, In]:
    """A copil called for another day and held on it."""
    return day_of("hold", f"copil/{name}", day), day_of("convene", f"copil/{name}", day, "day")


def again(address: str, day: str) -> Put:
    return Put("hold", address, day, 'by = "animateurs"\nattendance = { associations = 5, entreprises = 4 }')


def until(day: str, text: str = TEXT) -> str:
    """The witness as far as a day."""
    from test_check_folder import _BLOCK, _day  # type: ignore[import-not-found]

    return "".join(b for b in _BLOCK.split(text) if not b.startswith("[[facts]]") or _day(b) <= day)


def told(code: str, text: str, at: str = str(LATER)) -> Iterator[tuple[str, str, str]]:
    for f in agir.check(method(), read(text), at=dt.date.fromisoformat(at)).findings:
        if f.code == code:
            yield f.subject, f.state.value, f.value or ""


HELD: dict[str, tuple[str, tuple[Step, ...], Told]] = {
    "13 days between two sessions, and the next too far for it": ("CAL006", (day_of("hold", "gt2/insertion", "2012-02-20"),), [("gt2/insertion", "violated", "13 days")]),
    "two sessions of one day": ("CAL006", (day_of("hold", "gt2/insertion", "2012-02-07"), day_of("hold", "gt3/insertion", "2012-04-10")), [("gt2/insertion", "violated", "0 days")]),
    "14 days": ("CAL006", (day_of("hold", "gt2/insertion", "2012-02-21"), day_of("hold", "gt3/insertion", "2012-05-08")), []),
    "from the last sitting": ("CAL006", (again("gt1/insertion#2", "2012-03-01"),), [("gt2/insertion", "violated", "12 days")]),
    "from the last sitting before it": ("CAL006", (again("gt1/insertion#2", "2012-02-28"),), []),
    "a further sitting of a rough day, which may lie before or after": ("CAL006", (again("gt1/insertion#2", '"2012-03"'),), [("gt2/insertion", "undetermined", "0–12 days")]),
    "a rough day on both sides of the shortest": ("CAL006", (day_of("hold", "gt2/handicap", '"2012-02"'),), [("gt2/handicap", "undetermined", "0–21 days"), ("gt3/handicap", "undetermined", "77–105 days")]),
    "30 days for a report": ("PRE004", (day_of("deliver", "compte_rendu_entretien/elu-1", "2011-11-17"),), []),
    "31 days for a report": ("PRE004", (day_of("deliver", "compte_rendu_entretien/elu-1", "2011-11-18"),), [("compte_rendu_entretien/elu-1", "violated", "31 days")]),
    "a report before its interview": ("PRE004", (day_of("deliver", "compte_rendu_entretien/elu-1", "2011-10-17"),), []),
    "15 days from the planned day": ("CAL008", (day_of("hold", "gt2/insertion", "2012-03-28"),), []),
    "16 days from the planned day": ("CAL008", (day_of("hold", "gt2/insertion", "2012-03-29"),), [("gt2/insertion", "violated", "16 days")]),
    "16 days before the planned day": ("CAL008", (day_of("hold", "gt2/insertion", "2012-02-26"),), [("gt2/insertion", "violated", "16 days")]),
    "held early, before the project rested": (
        "CAL008", (day_of("hold", "gt2/insertion", "2012-02-26"), Put("suspend", "dossier", "2012-02-27"), Put("resume", "dossier", "2012-03-10")),
        [("gt2/insertion", "violated", "16 days")],
    ),
    "a planned day in a rough one": ("CAL008", (day_of("hold", "gt2/insertion", '"2012-03"'),), [("gt2/insertion", "undetermined", "0–18 days")]),
    "out of its order, and of its planned day": ("CAL008", (day_of("hold", "gt3/handicap", "2012-02-01"),), []),
    "six days of notice": ("COP007", (day_of("convene", "copil/themes", "2011-10-07"),), [("copil/themes", "violated", "6 days")]),
    "seven days of notice": ("COP007", (day_of("convene", "copil/themes", "2011-10-06"),), []),
    "no notice": ("COP007", (Cut("convene", "copil/themes"),), [("copil/themes", "violated", "")]),
    "four months between copils": ("COP006", copil("mi_parcours", "2012-04-09"), []),
    "more than four months": ("COP006", copil("mi_parcours", "2012-04-10"), [("copil/mi_parcours", "violated", "124 days")]),
    "more than four months, the project at rest": ("COP006", (*copil("mi_parcours", "2012-04-10"), Put("suspend", "dossier", "2012-01-25"), Put("resume", "dossier", "2012-01-27")), []),
    "a copil of a rough day, called on 19 March": ("COP006", (day_of("hold", "copil/mi_parcours", '"2012-S1"'),), [("copil/mi_parcours", "undetermined", "102–205 days")]),
    "149 days to the follow-up": ("COP010", (day_of("hold", "comite_suivi", "2012-11-24"),), [("comite_suivi", "violated", "149 days")]),
    "150 days to the follow-up": ("COP010", (day_of("hold", "comite_suivi", "2012-11-25"),), []),
    "8 days for minutes": ("LIV002", (day_of("deliver", "compte_rendu/gt1/handicap", "2012-02-16"),), []),
    "9 days for minutes": ("LIV002", (day_of("deliver", "compte_rendu/gt1/handicap", "2012-02-17"),), [("gt1/handicap", "violated", "9 days")]),
    "a record of decisions two working days after": ("LIV002", (day_of("deliver", "releve_decisions/copil/themes", "2011-10-17"),), []),
    "one three working days after": ("LIV002", (day_of("deliver", "releve_decisions/copil/themes", "2011-10-18"),), [("copil/themes", "violated", "3 working days")]),
    "minutes in its place": ("LIV002", (Cut("deliver", "releve_decisions/copil/themes"), day_of("deliver", "compte_rendu/copil/themes", "2011-10-17")), []),
    "minutes in time, a record that came late": (
        "LIV002", (day_of("deliver", "releve_decisions/copil/themes", "2011-10-18"), day_of("deliver", "compte_rendu/copil/themes", "2011-10-17")), [],
    ),
    "minutes older than the decision": ("PRV002", (day_of("deliver", "compte_rendu/copil/themes", "2011-10-12"),), [("copil/themes", "violated", "")]),
    "minutes of the same day": ("PRV002", (day_of("deliver", "compte_rendu/copil/themes", "2011-10-13"),), []),
}  # fmt: skip


@pytest.mark.parametrize("name", HELD)
def test_a_distance_is_told_past_its_bound_and_not_on_it(name: str) -> None:
    code, steps, expected = HELD[name]
    assert list(told(code, edited_text(TEXT, *steps))) == expected


AWAITED: dict[str, tuple[str, str, str, Told]] = {
    "minutes on the eighth day": ("LIV002", "2012-05-16", "2012-05-24", []),
    "minutes on the ninth": ("LIV002", "2012-05-16", "2012-05-25", [("gt3/handicap", "violated", "9 days")]),
    "the next copil in time": ("COP006", "2012-01-25", "2012-04-09", []),
    "the next copil overdue": ("COP006", "2012-01-25", "2012-04-10", [("copil/synthese", "violated", "124 days")]),
    "the next session in time": ("CAL006", "2012-02-16", "2012-04-24", []),
    "the next session overdue": ("CAL006", "2012-02-16", "2012-04-25", [("gt2/insertion", "violated", "78 days")]),
}


@pytest.mark.parametrize("name", AWAITED)
def test_what_is_awaited_is_told_once_it_is_overdue(name: str) -> None:
    code, last, at, expected = AWAITED[name]
    found = [x for x in told(code, until(last), at) if code != "LIV002" or x[0] == "gt3/handicap"]
    assert found == expected


def test_a_run_given_up_waits_for_nothing_any_more() -> None:
    over = edited_text(until("2012-02-16"), Put("abandon", "dossier", "2012-03-01"))
    assert list(told("CAL006", over)) == list(told("COP006", over)) == []


def test_what_is_written_on_the_very_day_is_a_distance_of_none() -> None:
    text = edited_text(TEXT, day_of("deliver", "compte_rendu_entretien/elu-1", "2011-10-18"))
    counted = dict(agir.check(method(), read(text), at=LATER).by_code)["PRE004"]
    assert (counted.evaluated, counted.not_applicable) == (8, 0)


def test_a_longest_distance_of_another_profile_is_that_profiles() -> None:
    found = {s: v for s, _, v in told("COP006", edited_text(RAMEAU, *copil("mi_parcours", "2012-03-09")))}
    assert found == {}
    assert {s: v for s, _, v in told("COP006", edited_text(RAMEAU, *copil("mi_parcours", "2012-03-10")))} == {"copil/mi_parcours": "93 days"}
