"""A plan as iCalendar: read back by two packages, SEQUENCE as a thread, the same bytes whatever the hash seed."""

from __future__ import annotations

import datetime as dt
import os
import pickle
import subprocess
import sys
import unicodedata
from pathlib import Path
from uuid import UUID, uuid5

import attrs
import icalendar
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from agir_workflow.answers import Plan, PlannedStep, Todo
from agir_workflow.errors import CalendarError
from agir_workflow.facts import Publish, PublishedEntry
from agir_workflow.views.ics import IcsMethod, entry_address, published, to_ics
from agir_workflow.views.ics_read import CalendarItem, read_ics
from agir_workflow.words import Address, Lang, Text, Verb

UID = "5b0a3d2e-0d0e-5f3b-9d59-6b7d3d0f4f11"
ORGANIZER = "secretariat@agir.example.fr"
PEOPLE = ("helene.dupre@mairie.example.fr", "jf.nael@prefecture.example.fr")


def meeting(
    address: str, day: str, hours: str | None = None, *, status: str = "planned", **more: object
) -> PlannedStep:
    start, minutes = (
        (None, None) if hours is None else (dt.time.fromisoformat(hours.split("+")[0]), int(hours.split("+")[1]))
    )
    more.setdefault("title", Text(fr=f"Réunion {address}", en=f"Meeting {address}"))
    return PlannedStep(
        address=Address(address), uid=None, day=dt.date.fromisoformat(day), start=start, minutes=minutes, status=status,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def todo(address: str, day: str, verb: Verb = Verb.APPROVE, **more: object) -> Todo:
    title = Text(fr=f"Échéance {verb} {address}", en=f"Deadline {verb} {address}")
    return Todo(address=Address(address), verb=verb, day=dt.date.fromisoformat(day), title=title, **more)  # type: ignore[arg-type]


def plan(*items: PlannedStep | Todo, **more: object) -> Plan:
    base: dict[str, object] = {
        "dossier": "essai", "uid": UID, "title": "L’été à Saint-Étienne, « essai »", "method": "m@1",
        "zone": "Europe/Paris", "language": "fr", "at": dt.date(2026, 9, 1), "start": dt.date(2026, 9, 1),
        "end": dt.date(2027, 9, 1),
        "meetings": tuple(i for i in items if isinstance(i, PlannedStep)),
        "todos": tuple(i for i in items if isinstance(i, Todo)),
    }  # fmt: skip
    return Plan(**(base | more))  # type: ignore[arg-type]


RICH = meeting(
    "body/lancement", "2026-09-15", "09:30+90", status="held", tags=("bodies", "all, of us"), invited=("pilot", "host"),
    title=Text(fr="Lancement ; décision n°3, 🏛️ — Communauté d’agglomération de Saint-Étienne-du-Rouvray", en="Launch"),
    agenda=(Text("état d’avancement", "progress"), Text("budget 2026, arbitrages ; C:\\Nouveau\\notes", "C:\\New")),
    documents=(Text("note de cadrage", "scoping note"),), because=("CAL006 @ g/x", "start"),
)  # fmt: skip
GROUP = meeting("g/insertion", "2026-10-26", tags=("groups",), role="facilitator", instances=(("theme", "insertion"),))
OTHER = meeting("g/sante", "2027-07-01", "14:00+120", status="fixed", tags=("groups",), instances=(("theme", "sante"),))
NOTE = todo("note/insertion", "2026-09-20", instances=(("theme", "insertion"),), because=("CAL009 @ note/insertion",))
SENT = todo("note/insertion", "2026-09-10", Verb.SUBMIT, done=True, role="pilot")
ALL = plan(RICH, GROUP, OTHER, NOTE, SENT)


def parts(data: bytes, *names: str) -> dict[str, icalendar.Component]:
    calendar = icalendar.Calendar.from_ical(data)
    assert isinstance(calendar, icalendar.Calendar)
    found = [c for c in calendar.walk() if c.name in (names or ("VEVENT", "VTODO"))]
    assert not [e for c in calendar.walk() for e in c.errors]
    return {f"{c['X-AGIR-VERB']} {c['X-AGIR-ID']}" if "X-AGIR-VERB" in c else str(c["X-AGIR-ID"]): c for c in found}


def unfolded(data: bytes) -> str:
    return data.decode().replace("\r\n ", "")


# -- what is written --------------------------------------------------------------------------


def test_icalendar_reads_back_days_hours_and_states() -> None:
    found = parts(to_ics(ALL))
    assert list(found) == [
        "body/lancement",
        "g/insertion",
        "g/sante",
        "submit note/insertion",
        "approve note/insertion",
    ]
    rich, group, note = found["body/lancement"], found["g/insertion"], found["approve note/insertion"]
    assert rich["DTSTART"].dt.isoformat() == "2026-09-15T09:30:00+02:00"
    assert rich["DTSTART"].params["TZID"] == "Europe/Paris"
    assert rich["DTEND"].dt.isoformat() == "2026-09-15T11:00:00+02:00"
    assert (group["DTSTART"].dt, group["DTEND"].dt) == (dt.date(2026, 10, 26), dt.date(2026, 10, 27))
    assert note["DUE"].dt == dt.date(2026, 9, 20)
    assert "DTSTART" not in note
    states = {name: str(c["STATUS"]) for name, c in found.items()}
    assert states == {
        "body/lancement": "CONFIRMED", "g/insertion": "TENTATIVE", "g/sante": "CONFIRMED",
        "submit note/insertion": "COMPLETED", "approve note/insertion": "NEEDS-ACTION",
    }  # fmt: skip
    assert found["submit note/insertion"]["PERCENT-COMPLETE"] == 100
    assert [str(c) for c in rich["CATEGORIES"].cats] == ["bodies", "all, of us"]
    for component in found.values():
        assert component["DTSTAMP"].dt == component["LAST-MODIFIED"].dt == dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
        assert component["SEQUENCE"] == 0


def test_vobject_reads_back_the_same() -> None:
    calendar = vobject.readOne(to_ics(ALL).decode())
    calendar.validate(raiseException=True)
    rich = next(e for e in calendar.vevent_list if e.x_agir_id.value == "body/lancement")
    assert rich.dtstart.value.astimezone(dt.UTC) == dt.datetime(2026, 9, 15, 7, 30, tzinfo=dt.UTC)
    assert rich.dtend.value.astimezone(dt.UTC) == dt.datetime(2026, 9, 15, 9, tzinfo=dt.UTC)
    assert rich.summary.value == RICH.title.fr
    assert calendar.x_wr_calname.value == ALL.title
    assert {t.due.value for t in calendar.vtodo_list} == {dt.date(2026, 9, 10), dt.date(2026, 9, 20)}


def test_the_uid_derives_from_the_dossier_and_the_address() -> None:
    given_ = attrs.evolve(GROUP, uid="7d444840-9dc0-11d1-b245-5ffdce74fad2")
    found = parts(to_ics(plan(RICH, given_, NOTE)))
    assert found["body/lancement"]["UID"] == str(uuid5(UUID(UID), "body/lancement"))
    assert found["g/insertion"]["UID"] == given_.uid
    assert found["approve note/insertion"]["UID"] == str(uuid5(UUID(UID), "approve note/insertion"))
    assert len({c["UID"] for c in parts(to_ics(ALL)).values()}) == 5


@pytest.mark.parametrize(("uid", "why"), [(None, "needs a uid"), ("essai", "no UUID")])
def test_a_dossier_without_uid_is_refused(uid: str | None, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        to_ics(attrs.evolve(ALL, uid=uid))


def test_two_entries_with_one_identity_are_refused() -> None:
    with pytest.raises(ValueError, match="'g/insertion' twice"):
        to_ics(plan(GROUP, attrs.evolve(GROUP, day=dt.date(2026, 11, 1))))
    with pytest.raises(ValueError, match="g/insertion, g/sante share the UID 'same'"):
        to_ics(plan(attrs.evolve(GROUP, uid="same"), attrs.evolve(OTHER, uid="same")))


@pytest.mark.parametrize(
    ("language", "lang", "words"),
    [
        ("fr", None, ["Ordre du jour :", "1. état d’avancement", "2. budget", "- note de cadrage"]),
        ("fr", None, ["Documents :", "Pourquoi cette date : CAL006 @ g/x ; début du plan"]),
        ("en", None, ["Agenda:", "1. progress", "2. C:/New", "- scoping note", "Why this date: CAL006 @ g/x; start of the plan"]),
        ("fr", "en", ["Agenda:"]),
        ("en", "fr", ["Ordre du jour :"]),
    ],
)  # fmt: skip
def test_the_description_speaks_the_plan_s_language_or_the_one_asked_for(
    language: str, lang: Lang | None, words: list[str]
) -> None:
    found = parts(to_ics(attrs.evolve(ALL, language=language), lang=lang))["body/lancement"]
    assert [w for w in words if w not in str(found["DESCRIPTION"])] == []
    assert str(found["SUMMARY"]) == RICH.title.to(lang or language)  # type: ignore[arg-type]


@pytest.mark.parametrize(("lang", "said"), [("fr", {"Retirer : Chiffre", "Renseigner : Chiffre"}), ("en", {"Withdraw: Figure", "Fill in: Figure"})])
def test_a_thing_to_do_is_called_by_what_is_done(lang: Lang, said: set[str]) -> None:
    """Of one thing there may be two to do on one day."""
    figure = Text("Chiffre", "Figure")
    two = [Todo(address=Address("chiffre"), verb=v, day=dt.date(2026, 10, 1), title=figure, uid=f"u-{v}") for v in (Verb.CLEAR, Verb.FILL)]
    calendar = icalendar.Calendar.from_ical(to_ics(attrs.evolve(ALL, todos=tuple(two)), lang=lang))
    assert {str(x["SUMMARY"]) for x in calendar.walk("VTODO")} == said


def test_a_meeting_of_unknown_length_is_a_whole_day_that_tells_its_hour() -> None:
    found = parts(to_ics(plan(attrs.evolve(RICH, minutes=None))))["body/lancement"]
    assert found["DTSTART"].dt == dt.date(2026, 9, 15)
    assert "Début : 9 h 30" in found["DESCRIPTION"]
    with pytest.raises(ValueError, match="body/lancement lasts -5 minutes"):
        to_ics(plan(attrs.evolve(RICH, minutes=-5)))


def test_a_zone_is_told_by_its_rules_and_only_where_it_is_used() -> None:
    text = unfolded(to_ics(ALL))
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert "BEGIN:DAYLIGHT\r\nDTSTART:19810329T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n" in text
    assert "BEGIN:STANDARD\r\nDTSTART:19961027T030000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n" in text
    assert "RDATE" not in text
    assert b"VTIMEZONE" not in to_ics(ALL, only="deadlines")
    assert b"VTIMEZONE" not in to_ics(plan(GROUP))
    assert b"VTIMEZONE" not in to_ics(attrs.evolve(ALL, zone="UTC"))
    assert b"DTSTART:20260915T093000Z" in to_ics(attrs.evolve(ALL, zone="Etc/UTC"))


def test_overseas_the_hour_is_the_one_of_the_place() -> None:
    data = to_ics(attrs.evolve(ALL, zone="Indian/Reunion"))
    assert parts(data)["body/lancement"]["DTSTART"].dt.astimezone(dt.UTC).hour == 5
    assert b"DAYLIGHT" not in data
    assert b"TZOFFSETTO:+0400" in data


@pytest.mark.parametrize(
    ("day", "hours", "why"),
    [
        ("2026-03-29", "02:30+60", "does not exist"),
        ("2026-10-25", "02:30+60", "exists twice"),
        ("2026-10-25", "01:30+60", "exists twice"),
    ],
)  # fmt: skip
def test_an_hour_that_clocks_skip_or_repeat_is_refused(day: str, hours: str, why: str) -> None:
    with pytest.raises(CalendarError, match=f"g/x: .*{why}") as refusal:
        to_ics(plan(meeting("g/x", day, hours)))
    assert "g/x : " in refusal.value.to("fr")
    assert "existe" in refusal.value.to("fr")


def test_a_plan_without_entries_is_still_a_calendar() -> None:
    data = to_ics(plan())
    assert read_ics(data) == ()
    assert b"BEGIN:VTIMEZONE" in data  # RFC 5545 §3.6: at least one component
    for method in ("publish", "request", "cancel"):
        with pytest.raises(ValueError, match=f"nothing to {method}"):
            to_ics(plan(), method=method, organizer=ORGANIZER, attendees=PEOPLE)  # type: ignore[arg-type]


# -- only -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("only", "found"),
    [
        ("deadlines", {"submit note/insertion", "approve note/insertion"}),
        ("groups", {"g/insertion", "g/sante"}),
        ("all, of us", {"body/lancement"}),
        ("theme:insertion", {"g/insertion", "approve note/insertion"}),
        ("role:pilot", {"body/lancement", "submit note/insertion"}),
        ("role:facilitator", {"g/insertion"}),
        ("g/sante", {"g/sante"}),
        ("note/insertion", {"submit note/insertion", "approve note/insertion"}),
    ],
)
def test_only_what_is_asked_for(only: str, found: set[str]) -> None:
    assert set(parts(to_ics(ALL, only=only))) == found


@pytest.mark.parametrize(
    "only", ["copils", "theme:x", "theme", "theme:", "role:", "role:nobody", "", ":", "DEADLINES", "g"]
)
def test_what_finds_nothing_is_refused_with_all_that_would(only: str) -> None:
    with pytest.raises(
        ValueError, match="deadlines, all, of us, bodies, groups, theme:insertion, theme:sante, role:facil"
    ):
        to_ics(ALL, only=only)


def test_deadlines_may_be_none_and_are_never_unknown() -> None:
    assert read_ics(to_ics(plan(RICH), only="deadlines")) == ()


# -- the thread -------------------------------------------------------------------------------


def sequences(data: bytes) -> dict[str, tuple[int, str]]:
    return {name: (int(c["SEQUENCE"]), str(c["STATUS"])) for name, c in parts(data).items()}


def test_a_move_raises_a_drop_cancels_a_return_raises_again() -> None:
    first = published(ALL)
    assert {e.sequence for e in first.entries} == {0}
    assert published(ALL, since=first) == first
    moved = attrs.evolve(ALL, meetings=(RICH, attrs.evolve(GROUP, start=dt.time(9), minutes=60)), todos=(SENT,))
    assert sequences(to_ics(moved, since=first)) == {
        "body/lancement": (0, "CONFIRMED"), "g/insertion": (1, "TENTATIVE"), "g/sante": (1, "CANCELLED"),
        "submit note/insertion": (0, "COMPLETED"), "approve note/insertion": (1, "CANCELLED"),
    }  # fmt: skip
    second = published(moved, since=first)
    gone = parts(to_ics(moved, since=second))
    assert (gone["g/sante"]["SEQUENCE"], gone["g/sante"]["STATUS"]) == (1, "CANCELLED")
    assert gone["g/sante"]["DTSTART"].dt.isoformat() == "2027-07-01T14:00:00+02:00"
    assert gone["g/sante"]["SUMMARY"] == "Annulé : g/sante"
    assert gone["approve note/insertion"].name == "VTODO"
    assert gone["approve note/insertion"]["DUE"].dt == NOTE.day
    back = sequences(to_ics(ALL, since=second))
    assert back["g/sante"] == (2, "CONFIRMED")
    assert back["g/insertion"] == (2, "TENTATIVE")
    assert back["approve note/insertion"] == (2, "NEEDS-ACTION")


def test_what_was_published_keeps_its_uid_and_its_first_day() -> None:
    before = Publish(entries=(PublishedEntry(address="g/insertion", uid="old", sequence=3, day=GROUP.day),))
    found = parts(to_ics(ALL, since=before))
    assert (found["g/insertion"]["UID"], found["g/insertion"]["SEQUENCE"]) == ("old", 3)
    assert "CREATED" not in found["g/insertion"]
    assert found["g/sante"]["CREATED"].dt == dt.datetime(2026, 9, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("only", "told"),
    [
        (None, {"g/sante", "approve note/insertion"}), ("deadlines", {"approve note/insertion"}),
        ("groups", {"g/sante"}),
        ("bodies", set()), ("theme:insertion", {"approve note/insertion"}), ("theme:sante", {"g/sante"}),
        ("role:facilitator", {"g/sante"}), ("g/sante", {"g/sante"}), ("g/insertion", set()),
    ],
)  # fmt: skip
def test_a_cancellation_goes_to_those_who_had_the_meeting(only: str | None, told: set[str]) -> None:
    rest = attrs.evolve(ALL, meetings=(RICH, GROUP), todos=(SENT,))
    found = sequences(to_ics(rest, only=only, since=published(ALL)))
    assert {name for name, (_, state) in found.items() if state == "CANCELLED"} == told


def test_a_part_that_is_published_leaves_the_rest_as_it_was() -> None:
    """What nobody was sent is not published; what was sent before is not sent anew."""
    part = published(ALL, only="groups")
    assert {e.address for e in part.entries} == {a for a, (_, state) in sequences(to_ics(ALL, only="groups")).items() if state}
    assert len(part.entries) < len(published(ALL).entries)
    whole, later = published(ALL), attrs.evolve(ALL, meetings=tuple(attrs.evolve(m, day=m.day + dt.timedelta(days=7)) for m in ALL.meetings))
    moved = {e.address: e for e in published(later, since=whole, only="groups").entries}
    groups = {e.address for e in part.entries}
    assert {a: e for a, e in moved.items() if a not in groups} == {e.address: e for e in whole.entries if e.address not in groups}
    assert {moved[a].sequence for a in groups} == {1}


ADDRESSES = ["g/a", "g/b", "body/c", "body/c#2"]
slots = st.tuples(st.sampled_from(["2026-09-15", "2026-09-16"]), st.sampled_from([None, "09:00+60", "09:00+90"]))
plans = st.builds(
    lambda meetings, days: plan(
        *(meeting(a, *slot) for a, slot in meetings.items()),
        *(todo(a, f"2026-10-{d:02d}", v) for (a, v), d in days.items()),
    ),
    st.dictionaries(st.sampled_from(ADDRESSES), slots),
    st.dictionaries(
        st.tuples(st.sampled_from(ADDRESSES), st.sampled_from([Verb.APPROVE, Verb.SUBMIT])), st.integers(1, 3)
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(plans, min_size=1, max_size=6))
def test_a_thread_never_falls_back_and_forgets_nothing(history: list[Plan]) -> None:
    known: dict[str, PublishedEntry] = {}
    since: Publish | None = None
    for now in history:
        after = published(now, since=since)
        entries = {e.address: e for e in after.entries}
        live = {entry_address(i): i for i in (*now.meetings, *now.todos)}
        assert set(entries) == set(known) | set(live)
        assert {a for a, e in entries.items() if not e.cancelled} == set(live)
        for address, entry in entries.items():
            if (old := known.get(address)) is None:
                assert entry.sequence == 0
                continue
            same = (old.day, old.start, old.minutes, old.cancelled) == (
                entry.day,
                entry.start,
                entry.minutes,
                entry.cancelled,
            )
            assert entry.uid == old.uid
            assert entry.sequence == old.sequence + (not same)
        items = {(f"{i.verb} " if i.is_todo else "") + str(i.address): i for i in read_ics(to_ics(now, since=since))}
        assert {a: (i.uid, i.sequence, i.cancelled, i.day, i.start, i.minutes) for a, i in items.items()} == {
            e.address: (e.uid, e.sequence, e.cancelled, e.day, e.start, e.minutes) for e in after.entries
        }
        assert published(now, since=after) == after
        known, since = entries, after


# -- methods ----------------------------------------------------------------------------------


def test_a_file_for_import_by_hand_invites_nobody() -> None:
    text = unfolded(to_ics(ALL, organizer=ORGANIZER, attendees=PEOPLE))
    assert not [w for w in ("METHOD", "ORGANIZER", "ATTENDEE") if w in text]


def test_publish_has_an_organizer_no_attendee_and_whole_todos() -> None:
    data = to_ics(ALL, method="publish", organizer=f"mailto:{ORGANIZER}", attendees=PEOPLE)
    assert b"METHOD:PUBLISH" in data
    for name, component in parts(data).items():
        assert component["ORGANIZER"] == f"mailto:{ORGANIZER}"
        assert "ATTENDEE" not in component
        if component.name == "VTODO":
            assert component["PRIORITY"] == 5, name
            assert component["DTSTART"].dt < component["DUE"].dt


def test_request_calls_to_meetings_and_cancel_takes_them_back() -> None:
    rest, first = attrs.evolve(ALL, meetings=(RICH, GROUP)), published(ALL)
    asked = parts(to_ics(ALL, method="request", organizer=ORGANIZER, attendees=PEOPLE))
    assert set(asked) == {"body/lancement", "g/insertion", "g/sante"}
    assert [a.params["PARTSTAT"] for a in asked["g/sante"]["ATTENDEE"]] == ["NEEDS-ACTION"] * 2
    off = to_ics(rest, since=first, method="cancel", organizer=ORGANIZER, attendees=PEOPLE)
    assert b"METHOD:CANCEL" in off
    assert sequences(off) == {"g/sante": (1, "CANCELLED")}
    left = to_ics(rest, since=first, method="request", organizer=ORGANIZER, attendees=PEOPLE)
    assert set(parts(left)) == {"body/lancement", "g/insertion"}
    tasks = to_ics(ALL, only="deadlines", method="request", organizer=ORGANIZER, attendees=PEOPLE[:1])
    assert {c.name for c in parts(tasks).values()} == {"VTODO"}


@pytest.mark.parametrize(
    ("method", "organizer", "attendees", "why"),
    [
        ("publish", None, (), "needs an organizer"), ("request", None, PEOPLE, "needs an organizer"),
        ("request", ORGANIZER, (), "needs attendees"), ("cancel", ORGANIZER, (), "needs attendees"),
        ("publish", "Ana <ana@example.fr>", (), "no mail address"), ("publish", "ana", (), "no mail address"),
        ("request", ORGANIZER, ("a@b\r\nX:y",), "no mail address"), ("PUBLISH", ORGANIZER, (), "no method"),
    ],
)  # fmt: skip
def test_a_message_without_what_it_needs_is_refused(
    method: IcsMethod, organizer: str | None, attendees: tuple[str, ...], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        to_ics(ALL, method=method, organizer=organizer, attendees=attendees)


# -- bytes and text ---------------------------------------------------------------------------

TRAPS = '\\\\nN,;:"\r\n\t\x00\x07\x1b\x85\u2028\u2029\ufeff\ud800\udfffé🎉e\u0301\u202f\xa0'
nasty = st.text(st.one_of(st.characters(), st.sampled_from(TRAPS)), max_size=120)


@settings(max_examples=150, deadline=None)
@given(nasty, nasty, nasty)
def test_any_text_gives_lines_that_every_reader_takes(title: str, point: str, tag: str) -> None:
    step = meeting("g/x", "2026-09-15", "09:00+60", title=Text(title, title), agenda=(Text(point, point),), tags=(tag,))
    data = to_ics(plan(step, title=title))
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        text = line.decode()  # no fold inside a character
        assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cs") or c == "\ufeff"]
    ours = parts(data)["g/x"]
    theirs = vobject.readOne(data.decode()).vevent
    assert str(ours["SUMMARY"]) == theirs.summary.value == read_ics(data)[0].summary
    assert unicodedata.is_normalized("NFC", str(ours["SUMMARY"]))
    assert str(ours["DESCRIPTION"]) == theirs.description.value
    assert "\\" not in str(ours["DESCRIPTION"])


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_the_same_plan_gives_the_same_bytes_whatever_the_hash_seed(seed: str, tmp_path: Path) -> None:
    since = published(attrs.evolve(ALL, meetings=(*ALL.meetings, meeting("g/c", "2026-12-01", "09:00+60"))))
    (tmp_path / "in").write_bytes(pickle.dumps((ALL, since)))
    code = (
        "import pickle, sys; from agir_workflow.views.ics import to_ics\n"
        "plan, since = pickle.load(open(sys.argv[1], 'rb'))\n"
        "sys.stdout.buffer.write(to_ics(plan, since=since, method='publish', organizer='a@b.fr'))"
    )
    env = os.environ | {"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"}
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "in")], env=env, capture_output=True, check=True)
    assert done.stdout == to_ics(ALL, since=since, method="publish", organizer="a@b.fr")


# -- reading ----------------------------------------------------------------------------------


def wrap(*lines: str, name: str = "VEVENT", head: str = "") -> bytes:
    body = [f"BEGIN:{name}", "UID:u", "DTSTAMP:20260101T000000Z", *lines, f"END:{name}"]
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *([head] if head else []), *body, "END:VCALENDAR", ""]
    ).encode()


def test_what_is_written_is_read_back() -> None:
    items = read_ics(to_ics(ALL))
    assert items[0] == CalendarItem(
        address="body/lancement", uid=str(uuid5(UUID(UID), "body/lancement")), verb=None, day=dt.date(2026, 9, 15),
        start=dt.time(9, 30), minutes=90, cancelled=False, sequence=0, is_todo=False, summary=RICH.title.fr,
        zone="Europe/Paris", stamp=dt.date(2026, 9, 1),
    )  # fmt: skip
    assert (items[1].day, items[1].start, items[1].minutes) == (dt.date(2026, 10, 26), None, None)
    assert [(i.verb, i.day, i.is_todo) for i in items[3:]] == [
        ("submit", dt.date(2026, 9, 10), True), ("approve", dt.date(2026, 9, 20), True),
    ]  # fmt: skip


def test_foreign_entries_are_read_too() -> None:
    (utc,) = read_ics(
        wrap("DTSTART:20260701T073000Z", "DURATION:PT1H30M", "SUMMARY:a", "SUMMARY:b"), zone="Europe/Paris"
    )
    assert (utc.address, utc.start, utc.minutes, utc.zone, utc.summary) == (
        None,
        dt.time(9, 30),
        90,
        "Europe/Paris",
        "a",
    )
    (night,) = read_ics(wrap("DTSTART:20260701T230000Z"), zone="Europe/Paris")
    assert (night.day, night.start, night.minutes) == (dt.date(2026, 7, 2), dt.time(1), None)
    (floating,) = read_ics(wrap("DTSTART:20260701T073000", "DTEND:20260701T080000"), zone="Europe/Paris")
    assert (floating.start, floating.minutes, floating.zone) == (dt.time(7, 30), 30, None)
    (bare,) = read_ics(wrap(name="VTODO"))
    assert (bare.day, bare.start, bare.is_todo, bare.sequence, bare.summary) == (None, None, True, 0, "")
    (off,) = read_ics(wrap("DTSTART;VALUE=DATE:20260701", "SEQUENCE:4", head="METHOD:CANCEL"))
    assert (off.cancelled, off.sequence, off.method) == (True, 4, "CANCEL")
    (reply,) = read_ics(wrap("ATTENDEE;PARTSTAT=declined:mailto:a@b.fr", "X-AGIR-ID:g/a\\,b", head="METHOD:REPLY"))
    assert (reply.partstat, reply.address) == ("DECLINED", "g/a,b")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "BEGIN:VCALENDAR is missing"),
        (b"\n \n", "BEGIN:VCALENDAR is missing"),
        (b"\xff\xfe", "byte 0 is not UTF-8"),
        (b"hello", "BEGIN:VCALENDAR is missing"),
        (b"<html>BEGIN:VCALENDAR</html>", "missing"),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "it begins with 'BEGIN:VCARD'"),
        (to_ics(ALL)[:900], "cut short: END:"),
        (b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n", "closes what was not open"),
        (b"BEGIN:VCALENDAR\r\nfoo\r\nEND:VCALENDAR\r\n", "cannot be read: .*foo"),
        (b"X:1\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "cannot be read"),
        (wrap("DTSTART:20260230T100000"), "the VEVENT u: DTSTART cannot be read"),
        (wrap("DTSTART:20260201T100000", "DTSTART:20260202T100000"), "DTSTART stands 2 times"),
        (wrap("DTSTART;TZID=Lutèce:20260201T100000"), "the zone 'Lutèce' of its DTSTART is not defined"),
        (wrap("DTSTART:20260201T100000Z", "DTEND;VALUE=DATE:20260202"), "DTEND is not of the kind"),
        (wrap("DTSTART:20260201T100000Z", "DTEND:20260201T090000Z"), "ends before it begins"),
        (wrap("DTSTART:20260201T100000Z", "DURATION:1 hour"), "DURATION cannot be read"),
        (wrap("SEQUENCE:two"), "SEQUENCE cannot be read"),
        (wrap("SEQUENCE:-1"), "SEQUENCE is no whole number"),
        (wrap("DUE:soon", name="VTODO"), "cannot be read: .*soon"),
    ],
)
def test_what_is_broken_is_refused_with_a_sentence(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refusal:
        read_ics(data)
    assert type(refusal.value) is CalendarError


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_file_that_was_damaged_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    whole = to_ics(ALL)
    at = data.draw(st.integers(0, len(whole)))
    cut = data.draw(st.integers(0, 40))
    noise = data.draw(
        st.binary(max_size=12) | st.sampled_from([b";", b":", b"\r\n", b"BEGIN:X\r\n", b";TZID=", b'"', b"RRULE:"])
    )
    try:
        items = read_ics(whole[:at] + noise + whole[at + cut :])
    except ValueError as exc:
        refusal: ValueError | None = exc
    else:
        refusal = None
        assert all(isinstance(i, CalendarItem) for i in items)
    assert refusal is None or (type(refusal) is CalendarError and str(refusal))
