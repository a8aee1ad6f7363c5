"""Instances that come late or end early leave no dossier stuck; interviews are judged by when they came."""

import datetime as dt

import pytest
from conftest import kept  # type: ignore[import-not-found]
from test_methods import carried_out  # type: ignore[import-not-found]
from test_story import charenton  # type: ignore[import-not-found]

import agir_workflow as agir
from agir_workflow.answers import Accepted, Ask, Refused
from agir_workflow.dossier import Dossier
from agir_workflow.facts import Agree, Convene, Decide, Declare, Fact, Hold, Merge, fact
from agir_workflow.values import Record
from agir_workflow.view import view_of
from agir_workflow.when import When
from agir_workflow.words import Severity, State, Verb


def told(verb: Verb, address: str, day: dt.date, args: object = None) -> Fact:
    return fact(verb, address, args).stamped(agir.Stamp(on=When(day), by="lead"))  # type: ignore[arg-type]


def until(day: dt.date) -> tuple[agir.Method, Dossier]:
    """Charenton as it was on a day, without the calendar that its copil adopted."""
    method, dossier = charenton()
    return method, Dossier(tuple(f for f in dossier.facts if f.on.earliest <= day and f.verb is not Verb.ADOPT))


AFTER_LAUNCH = dt.date(2012, 1, 25)
THEME = told(Verb.DECLARE, "theme/logement", AFTER_LAUNCH, Declare(label="Logement"))
PILOT = told(Verb.DECLARE, "pilot/departement", AFTER_LAUNCH, Declare(label="Département", attributes=Record((("college", "collectivites"),))))
VOICE = told(Verb.DECLARE, "interviewee/asso-logement", AFTER_LAUNCH,
             Declare(label="Association", inside="logement", attributes=Record((("qualite", "participant_groupe"),))))  # fmt: skip


@pytest.mark.parametrize("late", [(THEME, VOICE), (PILOT,), (THEME, VOICE, PILOT)], ids=["theme", "pilot", "both"])
def test_a_late_instance_leaves_no_dossier_stuck(late: tuple[Fact, ...]) -> None:
    method, dossier = until(AFTER_LAUNCH)
    dossier = Dossier((*dossier.facts, *late))
    plan = agir.plan(method, dossier, at=AFTER_LAUNCH)
    if THEME in late:
        assert {"gt1/logement", "gt2/logement", "gt3/logement"} <= {m.address for m in plan.meetings}
    todos = {t.address for t in plan.todos}
    assert "activite/mobilisation/logement" not in todos, "a lane that was passed is not owed"
    assert ("accord/departement" in todos) is (PILOT in late), "that the pilots agree is a requirement too, which the verdict finds"
    done = carried_out(method, dossier, kept("plan", agir.to_ics(plan)), AFTER_LAUNCH)
    last = max(f.on.latest for f in done.facts) + dt.timedelta(days=1)
    assert isinstance(agir.decide(method, done, told(Verb.CLOSE, "dossier", last)), Accepted)
    found = agir.check(method, done, at=last).findings
    assert [f.key for f in found if f.severity is Severity.ERROR and (f.aspect == "behavioural" or f.code == "CAD004")] == []


def test_a_theme_dropped_before_the_launch_is_owed_nothing() -> None:
    method, dossier = charenton()
    gone = told(Verb.END, "theme/handicap", dt.date(2011, 12, 12))
    kept = tuple(f for f in dossier.facts if "handicap" not in f.address or f.on.latest < dt.date(2011, 12, 12))
    report = agir.check(method, Dossier((*kept, gone)), at=dt.date(2014, 1, 1))
    assert report.verdict == "conforms", [f.key for f in report.findings]


def not_stuck(method: agir.Method, dossier: Dossier, day: dt.date) -> Dossier:
    """The dossier carried out from a day on as its plan says, each command accepted, and closed."""
    plan = agir.plan(method, dossier, at=day)
    done = carried_out(method, dossier, agir.to_ics(plan), day)
    last = max(f.on.latest for f in done.facts) + dt.timedelta(days=1)
    closing = told(Verb.CLOSE, "dossier", last)
    decision = agir.decide(method, done, closing)
    assert isinstance(decision, Accepted), [str(b) for b in decision.blockers]
    closed = agir.evolve(method, done, closing)
    order = [f.key for f in agir.check(method, closed, at=last).findings if f.aspect == "behavioural" and f.severity is Severity.ERROR]
    assert order == []
    return closed


ENDED = {
    "a theme dropped before the launch": told(Verb.END, "theme/handicap", dt.date(2011, 12, 12)),
    "two themes merged during GT2": told(Verb.MERGE, "theme/precarite", dt.date(2012, 3, 14), Merge(into="handicap")),
    "an interviewee gone": told(Verb.END, "interviewee/elu-1", dt.date(2012, 1, 25)),
}


@pytest.mark.parametrize("ended", ENDED.values(), ids=[x.replace(" ", "_") for x in ENDED])
def test_an_ended_instance_leaves_no_dossier_stuck(ended: Fact) -> None:
    """From that day on the plan owes its lane nothing, and what it does plan leads to the end."""
    day, (method, dossier) = ended.on.latest, until(ended.on.latest)
    assert isinstance(agir.decide(method, dossier, ended), Accepted)
    closed = not_stuck(method, agir.evolve(method, dossier, ended), day)
    gone = ended.address.partition("/")[2]
    assert [f.address for f in closed.facts if f.on.latest > day and f.address.endswith(f"/{gone}")] == []


def without_officials(held: dt.date | None) -> tuple[agir.Method, Dossier]:
    """Charenton whose only interview with an elected official was held on a day, or never."""
    method, dossier = charenton()
    facts = tuple(f for f in dossier.facts if "elu-" not in f.address or f.verb is Verb.DECLARE)
    extra = () if held is None else (told(Verb.DELIVER, "entretien/elu-1", held),)
    return method, Dossier((*facts, *extra))


def severities(method: agir.Method, dossier: Dossier) -> dict[str, Severity]:
    report = agir.check(method, dossier, at=dt.date(2014, 1, 1))
    return {f.subject: f.severity for f in report.findings if f.code == "PRE002" and f.state is State.VIOLATED}


def test_an_interview_after_the_launch_is_a_warning_and_after_gt1_an_error() -> None:
    assert severities(*without_officials(dt.date(2012, 1, 10))) == {}
    assert severities(*without_officials(dt.date(2012, 1, 30))) == {"plenary/lancement": Severity.WARNING}
    late = severities(*without_officials(dt.date(2012, 2, 20)))
    assert late == {f"gt1/{t}": Severity.ERROR for t in ("insertion", "handicap", "precarite")}, "the graver hides the other"


def test_the_launch_remarks_the_missing_interview_and_gt1_refuses_it() -> None:
    crowd = Hold(attendance=Record((("associations", 5), ("collectivites", 1), ("entreprises", 5))))
    method, dossier = without_officials(None)
    at_launch = Dossier(tuple(f for f in dossier.facts if f.on.latest < dt.date(2012, 1, 19)))
    launch = agir.decide(method, at_launch, told(Verb.HOLD, "plenary/lancement", dt.date(2012, 1, 19), crowd))
    assert isinstance(launch, Accepted)
    assert "PRE002 @ plenary/lancement" in {n.key for n in launch.notices}
    at_gt1 = Dossier(tuple(f for f in dossier.facts if f.on.latest < dt.date(2012, 2, 7)))
    gt1 = agir.decide(method, at_gt1, told(Verb.HOLD, "gt1/insertion", dt.date(2012, 2, 7), crowd))
    assert isinstance(gt1, Refused)
    assert {b.key for b in gt1.blockers} == {"PRE002 @ gt1/insertion"}
    assert gt1.blockers[0].lifts


def test_the_order_of_arrival_changes_nothing() -> None:
    method, dossier = charenton()
    backwards = Dossier((dossier.facts[0], *sorted(dossier.facts[1:], key=lambda f: (f.on.earliest, f.address), reverse=True)))
    one = agir.check(method, dossier, at=dt.date(2014, 1, 1))
    assert [f.key for f in agir.check(method, backwards, at=dt.date(2014, 1, 1)).findings] == [f.key for f in one.findings]


def test_two_themes_merged_during_gt2_go_on_as_one() -> None:
    """The merged lane is owed nothing more; what it did stays judged; the other carries on and the whole conforms."""
    method, dossier = charenton()
    day = dt.date(2012, 3, 14)
    merged = told(Verb.MERGE, "theme/precarite", day, Merge(into="handicap"))
    # Précarité has had its GT1 only, handicap its GT2; nothing of précarité comes after.
    facts = tuple(f for f in dossier.facts if f.on.latest <= day or "precarite" not in f.address)
    assert agir.check(method, Dossier(facts), at=dt.date(2014, 1, 1)).verdict != "conforms"
    before = Dossier(tuple(f for f in facts if f.on.latest <= day and f.verb is not Verb.ADOPT))
    assert isinstance(agir.decide(method, before, merged), Accepted)
    whole = agir.check(method, Dossier((*facts, merged)), at=dt.date(2014, 1, 1))
    assert whole.verdict == "conforms", [f.key for f in whole.findings]
    assert not [f.key for f in whole.findings if f.aspect == "behavioural"]
    plan = agir.plan(method, agir.evolve(method, before, merged), at=day)
    ahead = {m.address for m in plan.meetings if m.day > day}
    assert {"gt3/handicap", "gt2/insertion" if "gt2/insertion" in ahead else "gt3/insertion"} <= ahead
    assert not {a for a in ahead if a.endswith("/precarite")}
    late = agir.decide(method, agir.evolve(method, before, merged), told(Verb.HOLD, "gt2/precarite", day + dt.timedelta(days=1), Hold()))
    assert isinstance(late, Refused)


def test_a_merger_says_which_sessions_it_drops_and_the_other_way_round_goes_on_at_them() -> None:
    """A merged lane starts at the least advanced of its parts, unless the copil says otherwise: who merges it the other way is told."""
    method, dossier = charenton()
    day = dt.date(2012, 3, 14)
    before = Dossier(tuple(f for f in dossier.facts if f.on.latest <= day and f.address != "gt2/precarite"))
    decision = agir.decide(method, before, told(Verb.MERGE, "theme/precarite", day, Merge(into="handicap")))
    assert isinstance(decision, Accepted)
    (notice,) = decision.notices
    assert (notice.code, notice.severity) == ("state.left_behind", Severity.INFO)
    assert notice.text.fr.endswith(": GT2 — Précarité.")
    (back,) = notice.lifts
    assert isinstance(back, Ask)
    round_ = agir.decide(method, before, told(back.verb, str(back.address), day, Merge(into=str(back.args.get("into")))))
    assert isinstance(round_, Accepted)
    assert not round_.notices
    after = agir.evolve(method, before, round_.events[0])
    assert {str(s.address) for s in agir.possible(method, after, on=day, by="expert") if s.verb is Verb.HOLD} >= {"gt2/precarite", "gt3/precarite"}


def test_a_pilot_replaced_between_two_rounds_of_the_cadre() -> None:
    """A no-go sends the cadre round again; the pilot who left owes no agreement in the second round, the new one does."""
    method, dossier = charenton()
    first = dt.date(2011, 9, 15)
    begun = Dossier(tuple(f for f in dossier.facts if f.on.latest <= first and f.verb is not Verb.DECIDE and f.address not in ("accord/entreprise",)))
    seats = Hold(attendance=Record((("associations", 2), ("collectivites", 2), ("entreprises", 2), ("experts", 1))), agenda=("relecture_cadre", "accord_cadre"))

    def done(now: Dossier, *commands: Fact) -> Dossier:
        for command in commands:
            decision = agir.decide(method, now, command)
            assert isinstance(decision, Accepted), (command.address, [str(b) for b in decision.blockers])
            now = agir.evolve(method, now, command)
        return now

    d = lambda n: dt.date(2011, 9, n)  # noqa: E731
    refused = done(begun, told(Verb.DECIDE, "copil/cadrage", first, Decide(value="no_go")))
    changed = done(refused, told(Verb.END, "pilot/entreprise", d(16)),
                   told(Verb.DECLARE, "pilot/banque", d(16), Declare(label="Banque", attributes=Record((("college", "entreprises"),)))),
                   told(Verb.DELIVER, "activite/reprise_cadre", d(19)), told(Verb.DELIVER, "activite/cadre", d(20)))  # fmt: skip
    owed = {str(x.inst[0]) for x in view_of(method, changed).position.to_do() if x.leaf == "agree_cadre"}
    assert owed == {"collectivite", "expert", "banque"}
    copil = (told(Verb.CONVENE, "copil/cadrage", d(20), Convene(day=d(29))), told(Verb.HOLD, "copil/cadrage", d(29), seats), told(Verb.DECIDE, "copil/cadrage", d(29), Decide(value="go")))
    second = done(changed, *(told(Verb.AGREE, f"accord/{p}", d(28), Agree(version=2)) for p in ("collectivite", "expert", "banque")), *copil)
    assert view_of(method, second).position.deviations == ()
    blockers = agir.why_not(method, second, told(Verb.DELIVER, "activite/choix_themes", dt.date(2011, 10, 10)))
    assert {b.code for b in blockers} <= {"ACT003", "CAD040"}, [str(b) for b in blockers]  # the cadre has still to speak of the new pilot
    assert "CAD004" not in {b.code for b in blockers}
    later = [f.stamped(told(Verb.CLOSE, "", d(30)).stamp) for f in dossier.facts if f.verb is Verb.DECLARE and f not in second.facts]  # type: ignore[arg-type]
    not_stuck(method, Dossier((*second.facts, *later)), d(30))


@pytest.mark.parametrize(("declared", "owed"), [(dt.date(2012, 3, 1), {"COP005", "EXP023", "EXP024"}), (dt.date(2012, 4, 10), {"EXP023", "EXP024"}), (dt.date(2012, 7, 10), set())])
def test_a_step_could_not_wait_for_a_theme_that_came_later(declared: dt.date, owed: set[str]) -> None:
    """Neither the mid-course copil, of all groups, nor synthesis and restitution, of each: the verdict would else call an error, for ever, what was never refused."""
    method, dossier = charenton()
    facts = [told(Verb.DECLARE, "theme/logement", declared, Declare(label="Logement"))]
    facts += [told(Verb.HOLD, f"gt{n}/logement", declared + n * dt.timedelta(days=40), Hold(attendance=Record((("associations", 5), ("entreprises", 5))))) for n in (1, 2, 3)]
    report = agir.check(method, Dossier((*dossier.facts, *facts)), at=dt.date(2014, 1, 1))
    assert {code for f in report.findings for code in (f.code, *f.also)} & {"COP005", "EXP023", "EXP024"} == owed
