"""Days known roughly: forms, order, round trip."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agir_workflow.when import Slot, When

days = st.dates(dt.date(2000, 1, 1), dt.date(2060, 12, 31))
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


@pytest.mark.parametrize("text", ["now", "", "2012-13", "2012-02-30", "2012-S3", "12/05/2012", "2012-06-01/2012-05-01"])
def test_what_is_no_date_is_refused_with_the_forms_that_are(text: str) -> None:
    with pytest.raises(ValueError, match="2012-S1"):
        When.parse(text)


def test_slots_without_hours_share_the_day() -> None:
    day = dt.date(2026, 9, 15)
    nine, ten = Slot(day, dt.time(9), 60), Slot(day, dt.time(10), 60)
    assert not nine.clashes(ten)
    assert Slot(day, dt.time(9), 61).clashes(ten)
    assert Slot(day).clashes(ten)
    assert not Slot(day).clashes(Slot(dt.date(2026, 9, 16)))
