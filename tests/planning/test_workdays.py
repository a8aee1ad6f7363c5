"""Days between days: public holidays, weekends, and the four ways of counting."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agir_workflow.planning.problem import Counting
from agir_workflow.workdays import REGIONS, elapsed, public_holidays

ONE = dt.timedelta(days=1)
# Few days, so that a closed one often lies on an end of the span.
days = st.dates(dt.date(2020, 2, 17), dt.date(2020, 3, 29))
some_days = st.lists(days, max_size=20)


def counted(a: dt.date, b: dt.date, counting: Counting, holidays: list[dt.date], closed: list[dt.date]) -> int:
    """The days in (a, b], one by one."""
    found = 0
    day = a
    while day < b:
        day += ONE
        if counting is Counting.WORKING:
            found += day.weekday() < 5 and day not in holidays
        elif counting is Counting.OPEN:
            found += day not in closed
        else:
            found += 1
    return found - 1 if counting is Counting.CLEAR else found


@pytest.mark.parametrize("counting", Counting)
@given(days, st.integers(0, 12), st.sets(st.integers(-1, 13)), st.sets(st.integers(-1, 13)))
def test_counting_is_walking(counting: Counting, a: dt.date, n: int, off: set[int], shut: set[int]) -> None:
    b = a + n * ONE
    holidays, closed = [a + k * ONE for k in off], [a + k * ONE for k in shut]
    assert elapsed(a, b, counting, holidays, closed) == counted(a, b, counting, holidays, closed)


@given(days, days, st.sampled_from([Counting.DAYS, Counting.WORKING, Counting.OPEN]), some_days)
def test_backwards_counts_below_zero(a: dt.date, b: dt.date, counting: Counting, closed: list) -> None:
    assert elapsed(a, b, counting, closed, closed) == -elapsed(b, a, counting, closed, closed)


@given(days, days, st.sampled_from(Counting), some_days)
def test_a_later_day_never_counts_less(a: dt.date, b: dt.date, counting: Counting, closed: list) -> None:
    assert elapsed(a, b, counting, closed, closed) <= elapsed(a, b + ONE, counting, closed, closed)
    assert elapsed(a, b, counting, closed, closed) >= elapsed(a + ONE, b, counting, closed, closed)


def test_metropole_has_eleven_and_alsace_moselle_thirteen() -> None:
    first, last = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    assert len(public_holidays(first, last)) == 11
    more = set(public_holidays(first, last, "alsace-moselle")) - set(public_holidays(first, last))
    assert more == {dt.date(2026, 4, 3), dt.date(2026, 12, 26)}


def test_two_holidays_on_one_day_are_given_once() -> None:
    # 8 May 2005 was a Sunday; 1 May 2008 was also Ascension.
    assert public_holidays(dt.date(2008, 5, 1), dt.date(2008, 5, 1)) == (dt.date(2008, 5, 1),)


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_is_sorted_and_within_its_bounds(region: str) -> None:
    first, last = dt.date(2025, 5, 8), dt.date(2028, 5, 8)
    found = public_holidays(first, last, region)
    assert list(found) == sorted(set(found))
    assert found[0] == first
    assert found[-1] == last


def test_overseas_regions_have_their_own_day() -> None:
    assert public_holidays(dt.date(2026, 12, 20), dt.date(2026, 12, 20), "la-reunion")
    assert not public_holidays(dt.date(2026, 12, 20), dt.date(2026, 12, 20))


def test_an_unknown_region_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ValueError, match=r"'bretagne'.*metropole.*alsace-moselle.*saint-pierre-et-miquelon"):
        public_holidays(dt.date(2026, 1, 1), dt.date(2026, 1, 31), "bretagne")


def test_days_before_the_package_begins_are_refused() -> None:
    with pytest.raises(ValueError, match="1886"):
        public_holidays(dt.date(1885, 1, 1), dt.date(1885, 12, 31))
    assert public_holidays(dt.date(1886, 1, 1), dt.date(1886, 1, 1))


def test_nothing_lies_between_a_day_and_one_before_it() -> None:
    assert public_holidays(dt.date(2026, 12, 31), dt.date(2026, 1, 1)) == ()
