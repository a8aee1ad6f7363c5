"""Time zones: hours that do not exist or exist twice, lengths across a change, rules that a reader can follow."""

import datetime as dt
import zoneinfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from agir_workflow.zones import Onset, day_in_words, later, local, minutes_between, onsets, time_in_words, zone_of

PARIS = "Europe/Paris"
ZONES = [
    PARIS, "Indian/Reunion", "America/Martinique", "America/Cayenne", "America/Miquelon", "Pacific/Noumea",
    "Pacific/Tahiti", "Indian/Mayotte", "America/New_York", "Australia/Sydney", "America/Santiago", "America/Nuuk",
    "Australia/Lord_Howe", "Europe/Dublin", "Africa/Casablanca", "Africa/Cairo", "Asia/Singapore", "Europe/Moscow",
]  # fmt: skip


def test_paris_is_the_two_rules_that_every_judge_reads_alike() -> None:
    hour = dt.timedelta(hours=1)
    summer, winter = onsets(PARIS, 2026, 2027)
    assert summer == Onset(
        summer=True, start=dt.datetime(1981, 3, 29, 2), offset_from=hour, offset_to=2 * hour, name="CEST",
        rule=(("FREQ", ("YEARLY",)), ("BYMONTH", (3,)), ("BYDAY", ("-1SU",))),
    )  # fmt: skip
    assert winter == Onset(
        summer=False, start=dt.datetime(1996, 10, 27, 3), offset_from=2 * hour, offset_to=hour, name="CET",
        rule=(("FREQ", ("YEARLY",)), ("BYMONTH", (10,)), ("BYDAY", ("-1SU",))),
    )  # fmt: skip


def test_a_zone_without_summer_time_is_one_offset() -> None:
    (only,) = onsets("Indian/Reunion", 2026, 2027)
    assert (only.summer, only.offset_to, only.rule) == (False, dt.timedelta(hours=4), ())
    (singapore,) = onsets("Asia/Singapore", 2026, 2027)  # another offset in 1970
    assert singapore.offset_to == singapore.offset_from == dt.timedelta(hours=8)


def _starts(onset: Onset, until: dt.datetime) -> list[dt.datetime]:
    if not onset.rule:
        return [onset.start]
    rule = ";".join(f"{name}={','.join(map(str, values))}" for name, values in onset.rule)
    return list(rrulestr(rule, dtstart=onset.start).between(onset.start, until, inc=True))


@pytest.mark.parametrize("first", [1985, 1997, 2012, 2026])
@pytest.mark.parametrize("key", ZONES)
def test_a_reader_of_the_rules_alone_finds_the_offset_of_every_day(key: str, first: int) -> None:
    zone = zoneinfo.ZoneInfo(key)
    last = first + 2
    changes = sorted(
        (start - onset.offset_from, onset.offset_to)
        for onset in onsets(key, first, last)
        for start in _starts(onset, dt.datetime(last + 1, 1, 1))
    )
    begin, end = dt.datetime(first, 1, 1), dt.datetime(last, 12, 31, 12)
    for hours in range(0, int((end - begin).total_seconds()) // 3600, 7):
        utc = begin + dt.timedelta(hours=hours)
        offset = [to for at, to in changes if at <= utc][-1]
        assert offset == utc.replace(tzinfo=dt.UTC).astimezone(zone).utcoffset(), utc


@pytest.mark.parametrize(
    ("day", "start", "key", "why"),
    [
        (dt.date(2026, 3, 29), dt.time(2, 30), PARIS, "does not exist in Europe/Paris"),
        (dt.date(2026, 10, 25), dt.time(2, 30), PARIS, "exists twice in Europe/Paris"),
        (dt.date(2026, 10, 25), dt.time(2), PARIS, "exists twice"),
        (dt.date(2026, 3, 8), dt.time(2), "America/Miquelon", "does not exist"),
    ],
)
def test_an_hour_that_clocks_skip_or_repeat_is_refused(day: dt.date, start: dt.time, key: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        local(day, start, key)


def test_the_hours_beside_a_change_are_taken() -> None:
    assert local(dt.date(2026, 3, 29), dt.time(1, 59), PARIS).utcoffset() == dt.timedelta(hours=1)
    assert local(dt.date(2026, 3, 29), dt.time(3), PARIS).utcoffset() == dt.timedelta(hours=2)
    assert local(dt.date(2026, 10, 25), dt.time(3), PARIS).utcoffset() == dt.timedelta(hours=1)
    assert local(dt.date(2026, 3, 29), dt.time(2, 30), "Indian/Reunion").utcoffset() == dt.timedelta(hours=4)


def test_a_length_is_true_time_and_an_end_that_exists_twice_is_refused() -> None:
    eve = local(dt.date(2026, 10, 25), dt.time(1, 30), PARIS)
    assert later(eve, 150).time() == dt.time(3)
    assert minutes_between(eve, later(eve, 150)) == 150
    for minutes in (45, 105):
        with pytest.raises(ValueError, match="exists twice"):
            later(eve, minutes)


@given(st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2060, 1, 1)), st.integers(0, 3000), st.sampled_from(ZONES))
def test_a_length_comes_back(at: dt.datetime, minutes: int, key: str) -> None:
    try:
        start = local(at.date(), at.time(), key)
        end = later(start, minutes)
    except ValueError as exc:
        refusal = str(exc)
    else:
        refusal = ""
        assert minutes_between(start, end) == minutes
        assert start.replace(tzinfo=None) == at
    assert not refusal or "exist" in refusal


@pytest.mark.parametrize(
    "key", ["CET+1", "+02:00", "", "../etc/passwd", "/etc/passwd", "Europe", "Paris", "Europe/Lutèce\0", "localtime", "right/Europe/Paris"]
)
def test_what_is_no_zone_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="IANA"):
        zone_of(key)


def test_days_and_hours_in_words() -> None:
    assert day_in_words(dt.date(2026, 8, 14), "fr") == "vendredi 14 août 2026"
    assert day_in_words(dt.date(2026, 8, 14), "en") == "Friday 14 August 2026"
    assert [time_in_words(dt.time(h, m), "fr") for h, m in ((0, 0), (9, 30), (14, 5))] == ["0 h", "9 h 30", "14 h 05"]


def test_years_do_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        onsets(PARIS, 2027, 2026)
