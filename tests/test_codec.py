"""Facts as plain data and back: round trip, exact types, every fault with its address, canonical JSON."""

import datetime as dt
import json
import tomllib
import typing
from types import NoneType

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agir_workflow import facts as f
from agir_workflow.canonical import canonical
from agir_workflow.codec import (
    args_class,
    fact_from_plain,
    fact_to_plain,
    read,
    value_from_plain,
    value_to_plain,
)
from agir_workflow.doorstep import LARGEST
from agir_workflow.errors import DossierError
from agir_workflow.values import Record, Value
from agir_workflow.when import When
from agir_workflow.words import Address, Text, Verb

days = st.dates(dt.date(1, 1, 1), dt.date(9998, 12, 31))
whens = st.one_of(
    st.builds(lambda a, b: When(min(a, b), max(a, b)), days, days),
    days.map(When),
    st.sampled_from(["2012-S1", "2012-Q3", "2012", "2024-02"]).map(When.parse),
)
texts = st.text(max_size=20)
ints = st.integers(-LARGEST, LARGEST)


def is_reserved(record: Record) -> bool:
    return len(record.pairs) == 1 and record.pairs[0][0] == "when" and isinstance(record.pairs[0][1], str)


def records(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Record]:
    names = st.one_of(texts, st.sampled_from(["when", "from", "to", "é"]))
    return st.dictionaries(names, values, max_size=3).map(Record.of).filter(lambda r: not is_reserved(r))


leaves: st.SearchStrategy[Value] = st.one_of(texts, ints, st.booleans(), whens)
values: st.SearchStrategy[Value] = st.recursive(
    leaves, lambda v: st.one_of(records(v), st.lists(v, max_size=3).map(tuple)), max_leaves=8
)
instants = st.datetimes(
    dt.datetime(2, 1, 1),
    dt.datetime(9998, 1, 1),
    timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=5, minutes=30))]),
)
BY_TYPE: dict[object, st.SearchStrategy[object]] = {
    str: texts, int: ints, bool: st.booleans(), dt.date: days, dt.time: st.times().map(lambda t: t.replace(fold=0)), dt.datetime: instants,
    When: whens, Record: records(values), NoneType: st.none(), Address: texts,
}  # fmt: skip


def anything(hint: object) -> st.SearchStrategy[object]:
    if hint in BY_TYPE:
        return BY_TYPE[hint]
    if typing.get_origin(hint) is tuple:
        return st.lists(anything(typing.get_args(hint)[0]), max_size=3).map(tuple)
    if attrs.has(hint):  # type: ignore[arg-type]
        hints = typing.get_type_hints(hint)
        return st.builds(hint, **{a.name: anything(hints[a.name]) for a in attrs.fields(hint)})  # type: ignore[call-overload, arg-type]
    members = typing.get_args(hint)
    return values if Record in members else st.one_of(*map(anything, members))


def facts_of(verb: Verb, address: str) -> st.SearchStrategy[f.Fact]:
    stamps = st.one_of(st.none(), anything(f.Stamp))
    return st.builds(f.Fact, st.just(verb), st.just(Address(address)), anything(args_class(verb, address)), stamps)  # type: ignore[arg-type]


every_fact = st.one_of(*[facts_of(v, a) for v in Verb for a in ("x/é y#2", "dossier")])


@given(every_fact)
def test_every_fact_comes_back_through_canonical_json(fact: f.Fact) -> None:
    plain = fact_to_plain(fact)
    text = canonical(plain)
    again = fact_from_plain(json.loads(text))
    assert again == fact
    assert repr(again.args) == repr(fact.args)  # True is no 1
    assert canonical(fact_to_plain(again)) == text


@given(values)
def test_every_value_comes_back(value: Value) -> None:
    again = value_from_plain(json.loads(canonical(value_to_plain(value))))
    assert (again, repr(again)) == (value, repr(value))


def test_only_what_differs_from_the_default_is_written() -> None:
    assert fact_to_plain(f.close()) == {"verb": "close", "address": "dossier", "args": {}}
    stamp = f.Stamp(
        on=When.parse("2012-S1"),
        by="lead",
        recorded_at=dt.datetime(2012, 7, 1, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=2))),
        key="k",
    )
    sitting = f.hold(
        "gt", f.Hold(attendance=Record.of({"b": 2, "a": 1}), agenda=("x",), start=dt.time(14, 30), quorate=False)
    ).stamped(stamp)
    assert fact_to_plain(sitting) == {
        "verb": "hold",
        "address": "gt",
        "args": {"attendance": {"a": 1, "b": 2}, "agenda": ["x"], "start": "14:30", "quorate": False},
        "stamp": {"on": "2012-S1", "by": "lead", "recorded_at": "2012-07-01T07:30:00Z", "key": "k"},
    }
    adopted = f.fact(
        Verb.ADOPT, "dossier", f.Adopt(meetings=(f.PlannedMeeting(address="gt", day=dt.date(2012, 5, 14), minutes=0),))
    )
    assert fact_to_plain(adopted)["args"] == {"meetings": [{"address": "gt", "day": "2012-05-14", "minutes": 0}]}


def test_opening_the_dossier_is_another_declaration() -> None:
    head = f.Open(id="a", uid=None, title="", method="m@1", method_hash="h", profile="p", regime="r")
    opening = f.Fact(Verb.DECLARE, f.DOSSIER, head)
    plain = fact_to_plain(opening)
    assert "uid" not in typing.cast(dict[str, object], plain["args"])
    assert fact_from_plain(plain) == opening
    assert args_class(Verb.DECLARE, "theme/a") is f.Declare
    with pytest.raises(DossierError, match="unknown key 'id'"):
        fact_from_plain({**plain, "address": "theme/a"})


def faults(data: object) -> dict[str, str]:
    with pytest.raises(DossierError) as caught:
        fact_from_plain(data)
    for fault in caught.value.faults:
        assert fault.what.fr
        assert fault.what.fr != fault.what.en
        assert fault.mend.fr
        assert fault.mend.en
    return {fault.path: fault.what.en for fault in caught.value.faults}


def hold(**args: object) -> dict[str, object]:
    return {"verb": "hold", "address": "gt", "args": args}


@pytest.mark.parametrize(
    ("args", "path", "what"),
    [
        ({"minutes": 3.9}, "args.minutes", "expected a whole number, found the decimal number 3.9"),
        ({"minutes": 3.0}, "args.minutes", "expected a whole number, found the decimal number 3.0"),
        ({"minutes": "5"}, "args.minutes", "expected a whole number, found the text '5'"),
        ({"minutes": True}, "args.minutes", "expected a whole number, found true"),
        (
            {"minutes": 2**53},
            "args.minutes",
            "expected a whole number of at most 2^53-1, found the number 9007199254740992",
        ),
        ({"mode": 5}, "args.mode", "expected a text, found the number 5"),
        ({"mode": "\ud800"}, "args.mode", "expected a Unicode text, found the text '\\ud800'"),
        ({"quorate": 1}, "args.quorate", "expected true or false, found the number 1"),
        ({"quorate": "true"}, "args.quorate", "expected true or false, found the text 'true'"),
        ({"agenda": "abc"}, "args.agenda", "expected a list, found the text 'abc'"),
        ({"agenda": ["a", 1, None]}, "args.agenda[1]", "expected a text, found the number 1"),
        ({"attendance": 12}, "args.attendance", "expected a table, found the number 12"),
        ({"attendance": {"a b": 1.5}}, 'args.attendance."a b"', None),
        ({"attendance": {"a": [{"b": None}]}}, "args.attendance.a[0].b", None),
        (
            {"attendance": {"when": "2012"}},
            "args.attendance",
            "expected a table with another name than 'when', found a table",
        ),
        ({"start": "25:00"}, "args.start", "expected a time of day, found the text '25:00'"),
        ({"start": "9:00"}, "args.start", "expected a time of day, found the text '9:00'"),
        ({"start": "09:00+02:00"}, "args.start", "expected a time of day, found the text '09:00+02:00'"),
        ({"begin": "09:00"}, "args.begin", "unknown key 'begin'"),
    ],
)
def test_every_type_is_demanded_exactly(args: dict[str, object], path: str, what: str | None) -> None:
    found = faults(hold(**args))
    assert path in found
    assert what is None or found[path] == what


@pytest.mark.parametrize(
    "day",
    [
        "2012-02-30",
        "20120514",
        "2012-W20-1",
        "2012-05-14T00:00:00",
        "2012-5-14",
        "now",
        "",
        20120514,
        None,
        "２０１２-05-14",
    ],
)
def test_a_day_has_one_spelling(day: object) -> None:
    assert list(faults({"verb": "convene", "address": "gt", "args": {"day": day}})) == ["args.day"]


@pytest.mark.parametrize(
    "at",
    ["2012-05-14T09:30:00", "2012-05-14T09:30:00+00:00", "2012-05-14 09:30:00Z", "2012-05-14T09:30Z", "2012-05-14", 0],
)
def test_an_instant_has_one_spelling(at: object) -> None:
    assert list(
        faults({"verb": "close", "address": "dossier", "stamp": {"on": "2012", "by": "x", "recorded_at": at}})
    ) == ["stamp.recorded_at"]


def test_all_faults_are_told_at_once() -> None:
    bad = {
        "verb": "adopt",
        "address": 5,
        "args": {"meetings": [{"address": "a", "day": "2012-01-01"}, {"adress": "a", "day": "x"}, 5], "deadline": []},
        "stamp": {"on": "2012-13", "who": "x"},
        "extra": 1,
    }
    assert list(faults(bad)) == [
        "address",
        "stamp.on",
        "stamp.by",
        "stamp.who",
        "extra",
        "args.meetings[1].address",
        "args.meetings[1].day",
        "args.meetings[1].adress",
        "args.meetings[2]",
        "args.deadline",
    ]


@pytest.mark.parametrize("verb", ["hod", None, 5, "HOLD", ["hold"]])
def test_without_a_verb_the_arguments_are_not_judged(verb: object) -> None:
    found = faults({"verb": verb, "address": "gt", "args": {"zzz": 1}})
    assert list(found) == ["verb"]


def test_a_misspelt_word_is_told_its_nearest() -> None:
    with pytest.raises(DossierError) as caught:
        fact_from_plain({"verb": "hod", "adress": "gt"})
    assert next((x.path, x.mend.en) for x in caught.value.faults) == ("verb", "did you mean 'hold'?")
    assert ("adress", "vouliez-vous dire « address » ?") in [(x.path, x.mend.fr) for x in caught.value.faults]


@pytest.mark.parametrize("data", [None, [], "x", 1, {}])
def test_what_is_no_fact(data: object) -> None:
    with pytest.raises(DossierError):
        fact_from_plain(data)


@pytest.mark.parametrize(
    "fact",
    [
        f.fill("a", 3.9),  # type: ignore[arg-type]
        f.fill("a", (1, None)),  # type: ignore[arg-type]
        f.fill("a", dt.date(2012, 1, 1)),  # type: ignore[arg-type]
        f.fill("a", 2**53),
        f.fill("a", "\udfff"),
        f.fill("a", Record.of({"when": "2012"})),
        f.fill("a", Record.of({"x": (Record.of({"when": "soon"}),)})),
        f.fill("a", Record((("x", 1), ("x", 2)))),
        f.hold("a", f.Hold(minutes="90")),  # type: ignore[arg-type]
        f.hold("a", f.Hold(minutes=True)),
        f.hold("a", f.Hold(agenda=["a"])),  # type: ignore[arg-type]
        f.hold("a", f.Hold(start=dt.time(9, tzinfo=dt.UTC))),
        f.fact(Verb.CONVENE, "a", f.Convene(day=dt.datetime(2012, 1, 1))),
        f.Fact(Verb.HOLD, Address("a"), f.Bare()),
        f.Fact(Verb.DECLARE, f.DOSSIER, f.Declare()),
        f.close().stamped(f.Stamp(on=dt.date(2012, 1, 1), by="x")),  # type: ignore[arg-type]
        f.close().stamped(f.Stamp(on=When.parse("2012"), by="x", recorded_at=dt.datetime(2012, 1, 1))),
    ],
)
def test_what_could_not_be_read_back_is_never_written(fact: f.Fact) -> None:
    with pytest.raises(DossierError):
        fact_to_plain(fact)


def test_values_nested_without_end_are_refused() -> None:
    deep: object = 1
    for _ in range(100):
        deep = [deep]
    with pytest.raises(DossierError, match="nested"):
        value_from_plain(deep)


def test_only_a_lone_when_is_a_date() -> None:
    assert value_from_plain({"when": "2012-05"}) == When.parse("2012-05")
    assert value_from_plain({"when": "2012-05", "where": "x"}) == Record.of({"when": "2012-05", "where": "x"})
    assert value_from_plain({"when": 3}) == Record.of({"when": 3})
    assert value_from_plain({"when": {"when": "2012"}}) == Record.of({"when": When.parse("2012")})
    with pytest.raises(DossierError, match="found the text 'soon'"):
        value_from_plain([{"when": "soon"}], path="args.value")


# -- TOML ---------------------------------------------------------------------------------------


def toml_args(verb: Verb, text: str) -> f.Args:
    args, faults = read(args_class(verb, "gt"), tomllib.loads(text), toml=True, path="args")
    if args is None:
        raise DossierError(faults)
    return args


def test_toml_gives_days_and_hours_of_its_own() -> None:
    assert toml_args(Verb.CONVENE, 'day = 2012-05-14\nstart = 14:30:00\nagenda = ["x"]') == f.Convene(
        day=dt.date(2012, 5, 14), start=dt.time(14, 30), agenda=("x",)
    )
    assert toml_args(Verb.CONVENE, 'day = "2012-05-14"\nstart = "14:30"') == f.Convene(
        day=dt.date(2012, 5, 14), start=dt.time(14, 30)
    )
    assert toml_args(Verb.FILL, "value = { due = 2012-05-14, term = { when = '2012-S1' }, n = [1, true] }") == f.Fill(
        value=Record.of({"due": When(dt.date(2012, 5, 14)), "term": When.parse("2012-S1"), "n": (1, True)})
    )
    assert toml_args(Verb.FILL, "value = 2012-05-14") == f.Fill(value=When(dt.date(2012, 5, 14)))


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2012-05-14", "2012-05-14"),
        ("'2012-S1'", "2012-S1"),
        ("{ from = 2011-10-17, to = 2011-12-02 }", "2011-10-17/2011-12-02"),
        ("{ to = 2011-12-02, from = '2011-10' }", "2011-10-01/2011-12-02"),
    ],
)
def test_a_rough_day_in_toml(on: str, expected: str) -> None:
    args = toml_args(Verb.CORRECT, f"of = 3\non = {on}")
    assert isinstance(args, f.Correct)
    assert str(args.on) == expected
    table = tomllib.loads(f"[stamp]\non = {on}\nby = 'x'\nrecorded_at = 2012-07-01T09:30:00+02:00")
    fact = fact_from_plain({"verb": "close", "address": "dossier", **table}, toml=True)
    assert fact.on == args.on
    assert fact.stamp is not None
    assert fact.stamp.recorded_at == dt.datetime(2012, 7, 1, 7, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("verb", "text", "path"),
    [
        (Verb.CONVENE, "day = 2012-05-14T09:00:00", "args.day"),
        (Verb.CONVENE, "day = 2012-05-14T09:00:00Z", "args.day"),
        (Verb.CONVENE, "day = 09:00:00", "args.day"),
        (Verb.CONVENE, "day = 2012-05-14\nstart = 2012-05-14", "args.start"),
        (Verb.FILL, "value = 1.5", "args.value"),
        (Verb.FILL, "value = [2012-05-14T09:00:00]", "args.value[0]"),
        (Verb.FILL, "value = 09:00:00", "args.value"),
        (Verb.CORRECT, "of = 3\non = { from = 2012-05-14 }", "args.on"),
        (Verb.CORRECT, "of = 3\non = { from = 2012-05-14, to = 2012-05-01 }", "args.on"),
        (Verb.CORRECT, "of = 3\non = { from = 2012-05-14, to = 5 }", "args.on.to"),
        (
            Verb.CORRECT,
            "of = 3\non = { from = { from = 2012-05-14, to = 2012-05-15 }, to = 2012-05-16 }",
            "args.on.from",
        ),
        (Verb.CORRECT, "of = 3\non = 2012-05-14T09:00:00", "args.on"),
        (Verb.CORRECT, "of = 3.0\non = 2012-05-14", "args.of"),
    ],
)
def test_toml_is_no_looser(verb: Verb, text: str, path: str) -> None:
    with pytest.raises(DossierError) as caught:
        toml_args(verb, text)
    assert [x.path for x in caught.value.faults] == [path]


@pytest.mark.parametrize("args", [{"day": dt.date(2012, 5, 14)}, {"day": "2012-05-14", "start": dt.time(9)}])
def test_json_has_no_days_of_its_own(args: dict[str, object]) -> None:
    assert read(args_class(Verb.CONVENE, "gt"), args)[0] is None


def test_any_frozen_class_can_be_read() -> None:
    assert read(Text, {"fr": "a", "en": "b"}) == (Text("a", "b"), ())
    assert read(Verb, "hold") == (Verb.HOLD, ())
    value, found = read(Text, {"fr": 1}, path="meetings[2].label")
    assert value is None
    assert [x.path for x in found] == ["meetings[2].label.fr", "meetings[2].label.en"]


# -- canonical JSON -----------------------------------------------------------------------------


def test_canonical_sorts_by_utf16() -> None:
    # the example of RFC 8785 §3.2.3
    data = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    assert list(json.loads(canonical(data)).values()) == [2, 4, 6, 7, 1, 5, 3]


def test_canonical_escapes_as_the_rfc_says() -> None:
    # the example of RFC 8785 §3.2.2.2, without its floats
    assert canonical("\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/") == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'
    assert canonical("\b\t\f\x7f\u2028") == '"\\b\\t\\f\x7f\u2028"'
    assert (
        canonical({"literals": [None, True, False], "n": [LARGEST, -LARGEST, 0]})
        == '{"literals":[null,true,false],"n":[9007199254740991,-9007199254740991,0]}'
    )


@pytest.mark.parametrize(
    ("data", "error"),
    [(1.0, TypeError), ({"a": [0.5]}, TypeError), ({1: 2}, TypeError), (b"x", TypeError), (dt.date(2012, 1, 1), TypeError), ({"a"}, TypeError),
     (LARGEST + 1, ValueError), ([-LARGEST - 1], ValueError), ("\ud800", ValueError), ({"\udfff": 1}, ValueError)],
)  # fmt: skip
def test_canonical_refuses(data: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        canonical(data)
