"""A plan as a person asks for it: days that are given, and whom each entry is about."""

import datetime as dt
from pathlib import Path

import attrs
import pytest

import agir_workflow as agir
from agir_workflow.demo import charenton
from agir_workflow.errors import DossierError, PlanningError
from agir_workflow.paths import path_to, what_if
from agir_workflow.planning.make import Wishes, make_problem
from agir_workflow.view import view_of
from agir_workflow.views.conflict_text import conflicts_text
from agir_workflow.when import When
from agir_workflow.words import Verb

STAGES = Path(__file__).parents[2] / "examples" / "stage_gate"
DAY = dt.timedelta(days=1)

TWINS = """
[dossier]
id = "twins"
uid = "11111111-2222-4333-8444-555555555555"
method = "agir_ensemble@1"
start = 2011-09-01

[[pilot]]
id = "sante"
label = "Hôpital"
college = "experts"

[[theme]]
id = "sante"
label = "Santé de tous"
"""


def twins() -> tuple[agir.Method, agir.Dossier]:
    return agir.read_dossier(TWINS.encode(), agir.load_method)


def test_a_day_given_for_a_thing_to_do_is_kept_or_told_to_be_impossible() -> None:
    method, dossier = twins()
    start = dt.date(2011, 9, 1)
    before = agir.plan(method, dossier, at=start)
    name, day = [(f"{t.verb} {t.address}", t.day) for t in before.todos if t.verb == "convene"][-1]
    given = next(d for n in range(1, 9) if (d := day - n * DAY).weekday() < 5)
    after = agir.plan(method, dossier, at=start, fix={name: given})
    found = next(t for t in after.todos if f"{t.verb} {t.address}" == name)
    assert found.day == given
    assert f"fix @ {name}" in found.because
    sunday = given - (given.isoweekday() % 7) * DAY
    with pytest.raises(PlanningError) as caught:
        agir.plan(method, dossier, at=start, fix={name: sunday})
    assert f"fix @ {name}" in caught.value.conflicts[0]


def test_a_pilot_and_a_theme_of_one_id_are_two() -> None:
    method, dossier = twins()
    view = view_of(method, dossier)
    assert "Santé de tous" in view.title("gt1/sante").fr
    assert "Hôpital" in view.title("accord/sante").fr
    found = agir.plan(method, dossier, at=dt.date(2011, 9, 1))
    about = {t.address: t.instances for t in found.todos}
    assert about["accord/sante"] == (("pilot", "sante"),)
    assert about["action/sante"] == about["compte_rendu/gt1/sante"] == (("theme", "sante"),)
    assert all(k != "pilot" for m in found.meetings for k, _ in m.instances)


def test_a_meeting_that_missed_the_day_it_was_called_for_is_planned_anew_and_not_fixed() -> None:
    method, whole = charenton()
    told = agir.facts.convene("gt3/insertion", day=dt.date(2012, 5, 10)).stamped(agir.Stamp(on=When(dt.date(2012, 4, 2)), by="expert"))
    dossier = agir.evolve(method, whole.as_of(dt.date(2012, 4, 1)), told)
    said = {}
    for at in (dt.date(2012, 4, 16), dt.date(2012, 5, 14)):
        found = next(m for m in agir.plan(method, dossier, at=at).meetings if m.address == "gt3/insertion")
        said[found.day] = found.status
    assert said.pop(dt.date(2012, 5, 10)) == "fixed"
    assert list(said.values()) == ["planned"]


def test_the_minutes_of_each_of_two_sittings_are_due_after_their_own() -> None:
    method, whole = charenton()
    dossier = whole.as_of(dt.date(2012, 4, 1))
    for day in (2, 5):
        told = agir.facts.hold("gt3/insertion")
        dossier = agir.evolve(method, dossier, told.stamped(agir.Stamp(on=When(dt.date(2012, 4, day)), by="expert")))
    due = {t.address: t.day for t in agir.plan(method, dossier, at=dt.date(2012, 4, 6)).todos if t.verb == "deliver"}
    assert due["compte_rendu/gt3/insertion"] <= dt.date(2012, 4, 10)
    assert due["compte_rendu/gt3/insertion#2"] <= dt.date(2012, 4, 13)


STEPS = """
[[facts]]
fact = "fill"
address = "budget_case"
on = 2026-03-10
value = "x"
[[facts]]
fact = "hold"
address = "gate/screening"
on = 2026-03-20
decision = "pass"
[[facts]]
fact = "deliver"
address = "step/prototype/optics"
on = 2026-04-01
[[facts]]
fact = "deliver"
address = "step/prototype/mount"
on = 2026-04-08
"""


def stages_with_a_series() -> tuple[agir.Method, agir.Dossier]:
    """Between prototype and trial of each module three weeks at least."""
    row = '{ code = "SG00", is = "gap", a = "work", b = "work", each = "module", min = "3w", due = "user_trial", aspect = "temporal", severity = "error", '
    row += 'origin = "default", why = { fr = "x", en = "x" }, fix = { fr = "x", en = "x" } },'
    text = (STAGES / "method.toml").read_text(encoding="utf-8").replace("requirements = [", f"requirements = [\n{row}", 1)
    text = text.replace("sets = [", 'sets = [{ id = "work", origin = "default", label = { fr = "x", en = "x" }, leaves = ["prototype", "user_trial"] }, ', 1)
    method = agir.read_method(text.encode(), "m.toml")
    return agir.read_dossier((STAGES / "dossier.toml").read_bytes() + STEPS.encode(), lambda _: method)


def test_neighbours_of_each_instance_are_apart_whatever_was_done_for_another() -> None:
    method, dossier = stages_with_a_series()
    for meeting in agir.plan(method, dossier, at=dt.date(2026, 4, 9)).meetings:
        if meeting.address.startswith("trial/"):
            asked = agir.facts.hold(meeting.address).stamped(agir.Stamp(on=When(meeting.day), by="inventor"))
            assert isinstance(agir.decide(method, dossier, asked), agir.Accepted), meeting


def test_the_verdict_reads_the_neighbours_of_each_instance_as_the_guard_does() -> None:
    method, dossier = stages_with_a_series()
    for module, day in (("optics", dt.date(2026, 4, 10)), ("mount", dt.date(2026, 5, 4))):
        told = agir.facts.hold(f"trial/{module}").stamped(agir.Stamp(on=When(day), by="inventor"))
        assert isinstance(agir.decide(method, dossier, told), agir.Refused) == (module == "optics")
        dossier = agir.evolve(method, dossier, told)
    found = [f for f in agir.check(method, dossier, at=dt.date(2026, 5, 10)).findings if f.code == "SG00"]
    assert [f.subject.partition("/")[2] for f in found] == ["optics"]


def test_a_share_of_none_is_none() -> None:
    row = '{ code = "SG00", is = "count", of = "module", unit = "percent", max = 50, due = "making", aspect = "cardinality", severity = "error", '
    row += 'origin = "default", why = { fr = "x", en = "x" }, fix = { fr = "x", en = "x" } },'
    text = (STAGES / "method.toml").read_text(encoding="utf-8").replace("requirements = [", f"requirements = [\n{row}", 1)
    method = agir.read_method(text.encode(), "m.toml")
    bare = (STAGES / "dossier.toml").read_text(encoding="utf-8").partition("\n")[2]
    _, dossier = agir.read_dossier(bare.encode(), lambda _: method)
    assert agir.plan(method, dossier, at=dt.date(2026, 3, 3)).meetings
    assert not [f for f in agir.check(method, dossier, at=dt.date(2026, 4, 20)).findings if f.code == "SG00"]


OLD, FAR = dt.date(1886, 1, 1), dt.date(9999, 12, 31)


def test_a_day_of_another_age_is_a_fault_and_no_exception_of_a_calendar() -> None:
    method, dossier = twins()
    at = dt.date(2011, 9, 1)
    with pytest.raises(DossierError) as caught:
        agir.plan(method, dossier, at=OLD, start=FAR, end=OLD, fix={"copil/cadrage": FAR}, busy={"agenda": (at, OLD)})
    assert [f.path for f in caught.value.faults] == ["at", "start", "end", "fix.copil/cadrage", "busy.agenda"]
    for fault, found in zip(caught.value.faults, (OLD, FAR, OLD, FAR, OLD), strict=True):
        assert all(f"1900 {to} 2199" in said and str(found) in said for to, said in (("à", fault.what.fr), ("to", fault.what.en)))
    with pytest.raises(DossierError):
        make_problem(method, dossier, at=at, wishes=Wishes(end=FAR))


@pytest.mark.parametrize("at", [dt.date(1900, 1, 1), dt.date(2199, 12, 31)])
def test_the_first_and_the_last_day_of_a_dossier_can_be_planned_from(at: dt.date) -> None:
    method, dossier = agir.read_dossier(TWINS.replace("2011-09-01", str(at)).encode(), agir.load_method)
    for backward in (False, True):
        found = agir.plan(method, dossier, at=at, backward=backward)
        assert at <= found.meetings[0].day <= found.end <= at + 1100 * DAY


@pytest.mark.parametrize("each", ['each = "theme"\n', ""])
@pytest.mark.parametrize("row", ['is = "decided"\nby = "copil_mi_parcours"\nvalues = ["go"]\nbefore = "gt3"\n', 'is = "precedes"\na = "copil_mi_parcours"\nb = "gt3"\n'])
def test_what_must_come_first_does_so_where_the_tree_lets_both_be_free(row: str, each: str) -> None:
    """A copil beside the groups: that its decision comes before a session only the row says, and the guard would refuse that session."""
    words = 'code = "TER001"\ndue = "gt3"\naspect = "behavioural"\nseverity = "error"\norigin = "default"\nwhy = { fr = "x", en = "x" }\nfix = { fr = "x", en = "x" }\n'
    head = '[method]\nname = "t"\nversion = 1\nextends = "agir_ensemble@1"\ntitle = { fr = "T", en = "T" }\n[[requirements]]\n'
    method = agir.read_method(f"{head}{words}{row}{each}".encode())
    text = '[dossier]\nmethod = "t@1"\nstart = 2026-12-01\n[[theme]]\nid = "emploi"\n[[theme]]\nid = "sante"\n'
    dossier = agir.read_dossier(text.encode(), lambda _: method)[1]
    for late in (None, dt.date(2027, 4, 15)):
        found = agir.plan(method, dossier, at=dt.date(2026, 12, 1), fix={"copil/mi_parcours": late} if late else None)
        day = {str(m.address): m.day for m in found.meetings}
        assert day["copil/mi_parcours"] < min(day["gt3/emploi"], day["gt3/sante"])


@pytest.mark.parametrize("hour", [dt.time(14, 0), dt.time(9, 0)])
def test_the_hour_of_a_meeting_held_today_is_taken(hour: dt.time) -> None:
    method, dossier = agir.read_dossier((STAGES / "dossier.toml").read_bytes(), lambda _: agir.load_method(str(STAGES / "method.toml")))
    today = dt.date(2026, 4, 21)
    stamp = agir.Stamp(on=When(today), by="inventor")
    ready = agir.facts.deliver("step/prototype/mount")
    for told in (ready, agir.facts.hold("trial/optics", agir.facts.Hold(start=hour, minutes=90))):
        dossier = agir.evolve(method, dossier, told.stamped(stamp))
    other = next(m for m in agir.plan(method, dossier, at=today).meetings if m.address == "trial/mount")
    assert (other.day == today) == (hour.hour == 9)
    sat = agir.facts.hold("trial/mount", agir.facts.Hold(start=other.start, minutes=other.minutes)).stamped(attrs.evolve(stamp, on=When(other.day)))
    verdict = agir.check(method, agir.evolve(method, dossier, sat), at=dt.date(2026, 5, 1))
    assert not [f.key for f in verdict.findings if f.code == "SG11" and f.counts]


def test_what_is_left_once_the_last_meeting_is_held_is_not_put_off_to_the_end_of_the_horizon() -> None:
    text = (STAGES / "method.toml").read_text(encoding="utf-8").replace('seq = ["market_debut"]', 'seq = ["market_debut", "lessons"]')
    lessons = '{ id = "lessons", sort = "activity", label = { fr = "Leçons", en = "Lessons" }, address = "step/lessons", role = "inventor", origin = "default" },'
    method = agir.read_method(text.replace("leaves = [", f"leaves = [{lessons}", 1).encode(), "m.toml")
    _, dossier = agir.read_dossier((STAGES / "dossier.toml").read_bytes(), lambda _: method)
    debut = dt.date(2026, 9, 1)
    dossier = agir.evolve(method, dossier, agir.facts.hold("debut").stamped(agir.Stamp(on=When(debut), by="gatekeeper")))
    left = agir.plan(method, dossier, at=debut + DAY)
    assert [m.status for m in left.meetings] == ["held"]
    assert [(t.address, t.day <= debut + 30 * DAY) for t in left.todos if t.day > debut] == [("step/lessons", True)]


NO = [("gate/screening", "recycle", "step/rewrite"), ("gate/market", "recycle", None)]


@pytest.mark.parametrize(("gate", "said", "redo"), NO)
def test_a_gate_that_did_not_open_is_planned_again_and_what_sends_its_loop_round(gate: str, said: str, redo: str | None) -> None:
    method, dossier = agir.read_dossier((STAGES / "dossier.toml").read_bytes(), lambda _: agir.load_method(str(STAGES / "method.toml")))
    asked = agir.facts.decide(gate, said).stamped(agir.Stamp(on=When(dt.date(2026, 3, 9)), by="gatekeeper"))
    path = path_to(method, dossier, asked)
    assert path.complete
    dossier = what_if(method, dossier, path.commands).dossier
    today = path.commands[-1].on.latest
    found = agir.plan(method, dossier, at=today)
    days = {m.address: m.day for m in found.meetings} | {t.address: t.day for t in found.todos if t.verb is Verb.DELIVER}
    assert days[f"{gate}#2"] > today
    if redo is not None:
        assert today <= days[redo] < days[f"{gate}#2"]
        assert next(t for t in found.todos if t.address == redo).because == ("SG02 @ module/optics",)
    # What comes after the gate comes after its second sitting, and the engine takes it so.
    after = "step/prototype/optics" if redo else "debut"
    assert days[after] > days[f"{gate}#2"]
    for command in [agir.facts.deliver(redo)] if redo else []:
        dossier = what_if(method, dossier, [command.stamped(agir.Stamp(on=When(days[str(redo)]), by="inventor"))]).dossier
    again = path_to(method, dossier, agir.facts.decide(gate, "pass").stamped(agir.Stamp(on=When(days[f"{gate}#2"]), by="gatekeeper")))
    assert again.complete
    assert again.commands[-1].on.latest == days[f"{gate}#2"]


def beside(sort: str) -> tuple[agir.Method, agir.Dossier]:
    """The stages with the brief, as a step of that sort, beside the gate; the gate sent the idea back before the brief was there."""
    text = (STAGES / "method.toml").read_text(encoding="utf-8").replace('screening = { seq = ["idea_brief"', 'screening = { par = ["idea_brief"').replace('id = "idea_brief", sort = "activity"', f'id = "idea_brief", sort = "{sort}"')
    method = agir.read_method(text.encode(), "m.toml")
    _, dossier = agir.read_dossier((STAGES / "dossier.toml").read_bytes().partition(b"[[facts]]")[0], lambda _: method)
    path = path_to(method, dossier, agir.facts.decide("gate/screening", "recycle").stamped(agir.Stamp(on=When(dt.date(2026, 3, 9)), by="gatekeeper")))
    assert path.complete
    assert "step/brief" not in [c.address for c in path.commands]
    return method, what_if(method, dossier, path.commands).dossier


def test_what_a_round_still_owes_beside_its_gate_is_planned_before_the_loop_is_sent_round_and_after() -> None:
    """The plan dated what follows as if the gate had opened."""
    method, dossier = beside("activity")
    found = agir.plan(method, dossier, at=dt.date(2026, 3, 10))
    days = {m.address: m.day for m in found.meetings} | {t.address: t.day for t in found.todos if t.verb is Verb.DELIVER}
    assert dt.date(2026, 3, 10) <= days["step/brief"] <= days["step/rewrite"] < days["step/brief#2"]
    assert days["step/rewrite"] < days["gate/screening#2"] < days["step/prototype/optics"]
    for step in ("step/brief", "step/rewrite"):
        asked = agir.facts.deliver(step).stamped(agir.Stamp(on=When(days[step]), by="inventor"))
        assert agir.why_not(method, dossier, asked) == ()
        dossier = agir.evolve(method, dossier, asked)


def test_a_gate_that_waits_for_a_meeting_beside_it_says_so() -> None:
    found = agir.plan(*beside("meeting"), at=dt.date(2026, 3, 10))
    assert "step/brief" in [m.address for m in found.meetings]
    assert any(t.en.startswith("SG02 @ module/optics: 'Screening gate' said 'recycle' and is held again after 'Idea brief'") for t in found.assumed), found.assumed


def test_a_closing_gate_that_said_no_is_planned_again() -> None:
    """Nothing stands after it but the closing, which waits for its yes."""
    method, whole = agir.read_dossier((STAGES.parent / "temoin" / "dossier.toml").read_bytes(), agir.load_method)
    closing = next(f for f in whole.facts if f.verb is Verb.DECIDE and f.address == "copil/cloture")
    dossier = agir.replay(method, whole.facts[: whole.facts.index(closing)])
    assert closing.stamp is not None
    for value, more in (("go", []), ("no_go", ["copil/cloture#2"])):
        said = agir.evolve(method, dossier, agir.facts.decide("copil/cloture", value).stamped(closing.stamp))
        assert [m.address for m in agir.plan(method, said, at=closing.on.latest).meetings if m.status == "planned"] == more


def test_a_gate_that_cannot_be_held_again_is_said_where_the_rest_is_dated_all_the_same() -> None:
    text = (STAGES / "method.toml").read_text(encoding="utf-8").replace('"modules", "market_gate"]', '"modules", "go_to_market_gate"]').replace('market_gate = { loop = { body = "go_to_market_gate" } }\n', "")
    method = agir.read_method(text.encode(), "m.toml")
    _, dossier = agir.read_dossier((STAGES / "dossier.toml").read_bytes(), lambda _: method)
    for said, told in (("pass", False), ("kill", True)):
        asked = agir.facts.decide("gate/market", said).stamped(agir.Stamp(on=When(dt.date(2026, 3, 9)), by="gatekeeper"))
        path = path_to(method, dossier, asked)
        after = what_if(method, dossier, path.commands).dossier
        found = agir.plan(method, after, at=path.commands[-1].on.latest)
        assert "debut" in [m.address for m in found.meetings]
        assert any(t.en.startswith("SG07 @ debut: 'Go-to-market gate' said 'kill' and cannot be held again") for t in found.assumed) is told, found.assumed


HEARD = """
[dossier]
id = "heard"
method = "agir_ensemble@1"
start = 2027-01-04

[[pilot]]
id = "ville"
college = "collectivites"

[[theme]]
id = "emploi"
label = "Emploi"

[[interviewee]]
id = "maire"
label = "Maire"
qualite = "elu"
college = "collectivites"

[[interviewee]]
id = "asso"
label = "Directrice d'une association"
qualite = "participant_groupe"
college = "associations"
theme = "emploi"
"""
"""A project whose interviews are all to come."""


def test_a_plan_made_before_a_project_starts_is_that_of_its_first_day() -> None:
    method, dossier = agir.read_dossier(HEARD.encode(), agir.load_method)
    start = dt.date(2027, 1, 4)
    early, found = (agir.plan(method, dossier, at=day) for day in (start - 20 * DAY, start))
    assert (early.meetings, early.todos, early.assumed) == (found.meetings, found.todos, found.assumed)


def test_what_is_best_done_before_something_else_is_where_there_is_room() -> None:
    """Interviews before the note of the stakes, their reports before the session where they are shared: nothing asks for it, and no meeting is moved for it."""
    method, dossier = agir.read_dossier(HEARD.encode(), agir.load_method)
    plainly = attrs.evolve(method, leaves=tuple(attrs.evolve(x, best_before=()) for x in method.leaves))
    start = dt.date(2027, 1, 4)

    def days(found: agir.Plan) -> dict[str, dt.date]:
        return {m.address: m.day for m in found.meetings} | {f"{t.verb} {t.address}": t.day for t in found.todos}

    kept, plain = (agir.plan(m, dossier, at=start) for m in (method, plainly))
    assert kept.meetings == plain.meetings
    found, other = days(kept), days(plain)
    for who in ("maire", "asso"):
        assert found[f"deliver entretien/{who}"] < found["deliver livrable/note_enjeux"] <= other[f"deliver entretien/{who}"]
        assert found[f"deliver compte_rendu_entretien/{who}"] < found["gt1/emploi"] < other[f"deliver compte_rendu_entretien/{who}"]
    note = "deliver livrable/note_enjeux"
    wished = days(agir.plan(method, dossier, at=start, fix={note: found[note], "entretien/maire": found[note] + DAY}))
    assert wished["deliver entretien/maire"] == found[note] + DAY, "a day that somebody wished goes before it"
    assert wished["deliver entretien/asso"] < found[note]


def many_themes(number: int) -> tuple[agir.Method, agir.Dossier]:
    head = '[dossier]\nid = "many"\nuid = "11111111-2222-4333-8444-555555555555"\nmethod = "agir_ensemble@1"\nstart = 2026-09-01\n'
    return agir.read_dossier((head + "".join(f'[[theme]]\nid = "t{n}"\n' for n in range(number))).encode(), agir.load_method)


def test_more_sessions_than_days_left_to_them_are_counted_whatever_meets_at_another_hour() -> None:
    """
    Thirty-six sessions of the afternoon in too few days: tried order by order that is out of reach.

    The copils, told first, meet in the morning; only those were counted.
    """
    method, dossier = many_themes(12)
    at = dt.date(2026, 9, 1)
    with pytest.raises(PlanningError) as caught:
        agir.plan(method, dossier, at=at, end=dt.date(2027, 7, 5))
    assert caught.value.proved
    (conflict,) = caught.value.conflicts
    assert {"CAL009 @ meeting", "start", "end"} <= {*conflict}
    said = conflicts_text(caught.value, caught.value.problem, view_of(method, dossier), "fr")
    assert " autres) : « GT" in said  # not sixty lines of one code
    assert len(said.splitlines()) < 20
    assert "--without \"" not in said  # to leave out one of so many would not be enough
    assert agir.plan(method, dossier, at=at, end=dt.date(2027, 7, 12)).end <= dt.date(2027, 7, 12)


def test_meetings_end_as_soon_as_they_can_also_where_nobody_asks_for_it() -> None:
    """Fifteen themes, too crowded for the search to order all pairs: asked for an end a plan was found that nobody got who did not ask."""
    method, dossier = many_themes(15)
    at, end = dt.date(2026, 9, 1), dt.date(2027, 7, 26)
    assert agir.plan(method, dossier, at=at, end=end).end <= end
    assert max(m.day for m in agir.plan(method, dossier, at=at).meetings) <= end


def test_the_report_of_every_interview_held_is_planned_whatever_else_was_reported() -> None:
    """One report is all that the session wants; each interview has its thirty days."""
    method, dossier = agir.read_dossier(HEARD.encode(), agir.load_method)
    day = dt.date(2027, 1, 14)
    for command in (agir.facts.deliver("activite/cadre"), agir.facts.deliver("entretien/maire"), agir.facts.deliver("entretien/asso"), agir.facts.deliver("compte_rendu_entretien/maire")):
        dossier = agir.evolve(method, dossier, command.stamped(agir.Stamp(on=When(day), by="expert")))
    left = {t.address: t for t in agir.plan(method, dossier, at=day + DAY).todos if t.address.startswith("compte_rendu_entretien/")}
    assert [(address, t.day <= day + 30 * DAY, t.because[-1]) for address, t in left.items()] == [("compte_rendu_entretien/asso", True, "PRE004 @ compte_rendu_entretien/asso")]


def test_what_is_late_may_be_done_on_the_day_of_what_waits_for_it() -> None:
    """The copil on themes is called for tomorrow and a question of the cadre has no answer: both steps before it are for today, and the engine takes them so."""
    method, dossier = agir.read_dossier(HEARD.encode(), agir.load_method)
    start = dt.date(2027, 1, 4)
    first = agir.plan(method, dossier, at=start)
    days = {str(m.address): m.day for m in first.meetings}
    assert not any("jour même" in said.fr for said in first.assumed)
    called = agir.facts.convene("copil/themes", days["copil/themes"]).stamped(agir.Stamp(on=When(start + DAY), by="pilotes"))
    dossier = agir.evolve(method, dossier, called)
    eve = days["copil/themes"] - DAY
    for command in [agir.facts.deliver("activite/cadre"), agir.facts.agree("accord/ville"), agir.facts.hold("copil/cadrage"), agir.facts.decide("copil/cadrage", "go")]:
        dossier = agir.evolve(method, dossier, command.stamped(agir.Stamp(on=When(eve - DAY), by="pilotes")))
    found = agir.plan(method, dossier, at=eve)
    told = {f"{t.verb} {t.address}": t.day for t in found.todos}
    assert (told["fill perimetre"], told["deliver activite/choix_themes"], {m.address: m.day for m in found.meetings}["copil/themes"]) == (eve, eve, eve + DAY)
    (said,) = [said for said in found.assumed if "jour même" in said.fr]
    assert "Périmètre géographique" in said.fr
    later = {str(m.address): m.day for m in found.meetings}
    assert all(day < later["gt3/emploi"] for what, day in told.items() if what.startswith("fill piste")), "what is not late keeps its day in hand"


def test_the_announced_days_of_copils_are_kept_and_what_came_after_one_still_does() -> None:
    """The cadre says when the copils are (Q14): a plan that put them elsewhere would have to be explained to forty people."""
    _, plain = agir.read_dossier(HEARD.encode(), agir.load_method)
    start = dt.date(2027, 1, 4)
    told = [dt.date(2027, 1, 20), dt.date(2027, 2, 6), dt.date(2027, 3, 3), dt.date(2027, 5, 5)]  # the second is a Saturday
    method, dossier = agir.read_dossier((HEARD + f"\n[answers]\ndate_copil = [{', '.join(map(str, told))}]\n").encode(), agir.load_method)
    before, found = (agir.plan(method, d, at=start) for d in (plain, dossier))
    days = {str(m.address): m.day for m in found.meetings}
    assert [days[f"copil/{which}"] for which in ("cadrage", "themes", "lancement", "mi_parcours")] == [told[0], told[1] + 2 * DAY, *told[2:]]
    assert next(m for m in found.meetings if m.address == "copil/themes").because == ("announced",)
    assert [m.address for m in found.meetings] == [m.address for m in before.meetings], "in the order in which they were"
    assert any("6 février 2027" in said.fr for said in found.assumed), "a day on which nobody can meet is told"
    fixed = agir.plan(method, dossier, at=start, fix={"copil/themes": told[1] + 4 * DAY})
    assert next(m for m in fixed.meetings if m.address == "copil/themes").day == told[1] + 4 * DAY, "a wish goes before it"
    late = {str(m.address): m.day for m in agir.plan(method, dossier, at=told[1] - 2 * DAY, fix={"copil/cadrage": told[1] + 6 * DAY}).meetings}
    assert (late["copil/themes"] < told[2], late["copil/lancement"]) == (True, told[2]), "who is late for a day does not take that of the next"
    tight = agir.plan(method, dossier, at=start, end=before.end + 10 * DAY)
    assert tight.end <= before.end + 10 * DAY, "an announced day refuses no plan"


def test_who_is_to_be_interviewed_is_named_before_the_note_that_sums_the_interviews_up() -> None:
    method, dossier = agir.read_dossier((HEARD.partition("[[interviewee]]")[0]).encode(), agir.load_method)
    told = {f"{t.verb} {t.address}": t.day for t in agir.plan(method, dossier, at=dt.date(2027, 1, 4)).todos}
    assert told["declare interviewee/…"] + DAY < told["deliver livrable/note_enjeux"]
