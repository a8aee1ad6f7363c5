"""Days known roughly: forms, order, round trip."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

import agir_workflow as agir
from agir_workflow.errors import DossierError
from agir_workflow.facts import Fill
from agir_workflow.values import Record
from agir_workflow.when import Slot, When, civil_day

# Ends of months, quarters and years as often as any day between: that is where a short form begins or ends.
_edges = [dt.date(2012, month, day) for month in (1, 2, 3, 4, 6, 7, 12) for day in (1, 2, 29 if month == 2 else 30)] + [dt.date(2012, 12, 31), dt.date(2012, 3, 31), dt.date(2013, 1, 1)]
days = st.dates(dt.date(2000, 1, 1), dt.date(2060, 12, 31)) | st.sampled_from(_edges)
whens = st.builds(lambda a, b: When(min(a, b), max(a, b)), days, days)


@given(whens)
def test_what_is_written_is_read_back(when: When) -> None:
    assert When.parse(str(when)) == when


@given(st.sampled_from(["2018-05", "2012-S1", "2012-S2", "2012-Q3", "2018", "2024-02"]))
def test_a_rough_day_keeps_its_own_words(text: str) -> None:
    assert str(When.parse(text)) == text


@given(whens, whens)
def test_before_is_certain_or_says_nothing(a: When, b: When) -> None:
    certain = a.before(b)
    pairs = [(x, y) for x in (a.earliest, a.latest) for y in (b.earliest, b.latest)]
    if certain is not None:
        assert all((x < y) is certain for x, y in pairs)
    else:
        assert len({x < y for x, y in pairs}) == 2


@given(whens, whens)
def test_not_after_is_what_the_other_before_is_not(a: When, b: When) -> None:
    certain = a.not_after(b)
    pairs = {x <= y for x in (a.earliest, a.latest) for y in (b.earliest, b.latest)}
    assert pairs == ({certain} if certain is not None else {True, False})


@pytest.mark.parametrize("moment", [dt.datetime(2026, 9, 15, 9), "2026-09-15", None])
def test_an_instant_is_no_day_at_either_end(moment: dt.date) -> None:
    day = dt.date(2026, 9, 15)
    for wrong in (lambda: When(moment), lambda: When(day, moment), lambda: When(moment, day), lambda: civil_day(moment)):
        with pytest.raises(TypeError, match="civil day"):
            wrong()
    with pytest.raises(ValueError, match="2026-09-14, before it begins on 2026-09-15"):
        When(day, dt.date(2026, 9, 14))


@pytest.mark.parametrize("text", ["now", "", "2012-13", "2012-02-30", "2012-S3", "12/05/2012", "2012-06-01/2012-05-01", "2012/2013/2014", pytest.param("2012/" * 2000, id="deep")])
def test_what_is_no_date_is_refused_with_the_forms_that_are(text: str) -> None:
    with pytest.raises(ValueError, match="2012-S1"):
        When.parse(text)


def test_slots_without_hours_share_the_day() -> None:
    day = dt.date(2026, 9, 15)
    nine, ten = Slot(day, dt.time(9), 60), Slot(day, dt.time(10), 60)
    assert not nine.clashes(ten)
    assert Slot(day, dt.time(9), 61).clashes(ten)
    assert Slot(day).clashes(ten)
    assert Slot(day, dt.time(10)).clashes(Slot(day, dt.time(10)))
    assert not Slot(day, dt.time(9)).clashes(Slot(day, dt.time(10)))
    assert not Slot(day).clashes(Slot(dt.date(2026, 9, 16)))
    assert not ten.clashes(Slot(day, dt.time(9, 30), 30))
    assert Slot(day, dt.time(0)).clashes(Slot(day))
    assert not Slot(day, dt.time(9)).clashes(Slot(day, dt.time(9, 1)))


def test_a_slot_is_after_another_as_far_as_the_hours_tell() -> None:
    day, next_day = dt.date(2026, 9, 15), dt.date(2026, 9, 16)
    half_past = Slot(day, dt.time(9, 30))
    assert Slot(next_day).after(half_past)
    assert not half_past.after(Slot(next_day, dt.time(8)))
    assert half_past.after(Slot(day, dt.time(9, 15)))
    assert not half_past.after(Slot(day, dt.time(9, 30)))
    assert not half_past.after(Slot(day, dt.time(9, 45)))
    assert not half_past.after(Slot(day))
    assert not Slot(day).after(half_past)


ROUGH = """[dossier]
id = "d"
method = "agir_ensemble@1"
start = 2011-09-01
[answers]
idee = %s
date_copil = [2011-09-15, "2011-10"]
etape = [{ nom = "Entretiens", partie = "partie_preparation", echeance = { from = 2011-10-17, to = 2011-12-02 } }, { nom = "Bilan", partie = "partie_evaluation", echeance = "2013-S1" }]
"""


def test_an_answer_is_dated_as_a_fact_is() -> None:
    """A day, a rough one, or a window, wherever the method wants a date; and back through its file."""
    _, dossier = agir.read_dossier((ROUGH % '"2010"').encode(), agir.load_method)
    said = {f.address: f.args.value for f in dossier.facts if isinstance(f.args, Fill)}
    assert said["idee"] == When.parse("2010")
    assert said["date_copil"] == (When.parse("2011-09-15"), When.parse("2011-10"))
    stages = said["etape"]
    assert isinstance(stages, tuple)
    assert [s.get("echeance") for s in stages if isinstance(s, Record)] == [When.parse("2011-10-17/2011-12-02"), When.parse("2013-S1")]
    assert agir.read_dossier(agir.write_dossier(dossier).encode(), agir.load_method)[1] == dossier
    with pytest.raises(DossierError) as caught:
        agir.read_dossier((ROUGH % '"bientôt"').encode(), agir.load_method)
    (fault,) = caught.value.faults
    assert (fault.line, fault.path.startswith("answers.idee")) == (6, True)
    assert "2012-S1" in fault.mend.fr
