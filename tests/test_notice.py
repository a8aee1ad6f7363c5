"""How long before a copil its convocation is sent: clear days, urgency, and a second call for want of a quorum."""

import datetime as dt
from pathlib import Path

import attrs
import pytest
from test_practice import COPIL, FEW, LAST, WHOLE, codes, done, on, until

import agir_workflow as agir
from agir_workflow.answers import Accepted, Refused
from agir_workflow.dossier import Dossier
from agir_workflow.facts import Convene, Decide, Fact, Hold, Move, Open
from agir_workflow.words import Text, Verb

REGIMES = Path(__file__).parents[1] / "examples" / "overlay" / "regimes.toml"
DAY = dt.date.fromisoformat(LAST)
WHY = "la salle n'est libre que ce jour"


def before(regime: str) -> tuple[agir.Method, Dossier]:
    """Charenton before its last copil, nobody convened to it, under a regime of the method or of the overlay."""
    method, dossier = until(LAST)
    first, *rest = (f for f in dossier.facts if (f.verb, f.address) != (Verb.CONVENE, COPIL))
    assert isinstance(first.args, Open)
    own = method if any(r.id == regime for r in method.regimes) else agir.load_method(str(REGIMES))
    return own, Dossier((Fact(first.verb, first.address, attrs.evolve(first.args, regime=regime), first.stamp), *rest))


def called(days: int, urgent: str | None, *, to: dt.date = DAY) -> Fact:
    return on((to - dt.timedelta(days=days)).isoformat(), Verb.CONVENE, COPIL, Convene(day=to, urgent=urgent))


@pytest.mark.parametrize(
    ("regime", "days", "urgent", "enough"),
    [
        ("usage", 7, None, True), ("usage", 6, None, False), ("usage", 6, WHY, False),  # house usage knows no urgency
        ("cgct", 6, None, True), ("cgct", 5, None, False), ("cgct", 2, WHY, True), ("cgct", 1, WHY, False),  # 5 clear days; 1 in urgency
        ("crpa", 5, None, True), ("crpa", 4, None, False), ("crpa", 0, WHY, True),  # «except urgency»: the text gives no floor
        ("leader", 6, WHY, False),
        ("petite_commune", 4, None, True), ("petite_commune", 3, None, False), ("petite_commune", 2, WHY, True),  # 3 clear days
        ("grand_conseil", 15, None, True), ("grand_conseil", 14, None, False), ("grand_conseil", 6, WHY, True), ("grand_conseil", 5, WHY, False),
        ("commission_controle", 15, None, True), ("commission_controle", 14, WHY, False), ("protocole", 30, None, True), ("protocole", 29, None, False),
        # The copil is on a Thursday: sent the Monday before, three working days; on the Tuesday, two.
        ("college_regulateur", 3, None, True), ("college_regulateur", 2, None, False),
    ],
)  # fmt: skip
def test_a_notice_is_long_enough_as_its_regime_and_urgency_say(regime: str, days: int, urgent: str | None, enough: bool) -> None:
    method, dossier = before(regime)
    dossier = done(method, dossier, called(days, urgent))
    decision = agir.decide(method, dossier, on(LAST, Verb.HOLD, COPIL, WHOLE))
    assert isinstance(decision, Accepted), "a notice that is too short is remarked, and refuses nothing"
    assert ("COP007" not in {b.code for b in decision.notices}) is enough
    held = agir.evolve(method, dossier, decision.events[0])
    found = {f.key for f in agir.check(method, held, at=DAY).findings}
    assert (f"COP007 @ {COPIL}" not in found) is enough


@pytest.mark.parametrize(
    ("regime", "days", "urgent", "enough"),
    [("usage", 7, None, True), ("usage", 6, None, False), ("cgct", 6, None, True), ("cgct", 5, None, False), ("cgct", 2, WHY, True), ("cgct", 1, WHY, False), ("college_regulateur", 2, None, False)],
)
def test_a_notice_too_short_is_remarked_when_it_is_sent_while_another_day_may_be_chosen(regime: str, days: int, urgent: str | None, enough: bool) -> None:
    """In the words in which it is remarked on the day itself, when it is too late."""
    method, dossier = before(regime)
    sent = agir.decide(method, dossier, called(days, urgent))
    assert isinstance(sent, Accepted)
    told = [b for b in sent.notices if b.code == "COP007"]
    held = agir.decide(method, agir.evolve(method, dossier, sent.events[0]), on(LAST, Verb.HOLD, COPIL, WHOLE))
    assert isinstance(held, Accepted)
    assert [(b.subject, b.text) for b in told] == [(b.subject, b.text) for b in held.notices if b.code == "COP007"]
    assert (told == []) is enough
    assert all(b.permanent == Text("choisir un autre jour", "choose another day") and not b.lifts for b in told)


def test_a_meeting_brought_forward_is_called_too_late_if_its_notice_was_sent_too_few_days_before() -> None:
    method, dossier = before("usage")
    dossier = done(method, dossier, called(10, None))
    sooner = {n: agir.decide(method, dossier, on((DAY - dt.timedelta(days=9)).isoformat(), Verb.MOVE, COPIL, Move(day=DAY - dt.timedelta(days=n)))) for n in (3, 4)}
    assert {n: "COP007" in {b.code for b in d.notices} for n, d in sooner.items() if isinstance(d, Accepted)} == {3: False, 4: True}


def test_a_meeting_that_nobody_called_may_be_moved_without_a_word_on_its_notice() -> None:
    method, dossier = before("usage")
    moved = agir.decide(method, dossier, on((DAY - dt.timedelta(days=2)).isoformat(), Verb.MOVE, COPIL, Move(day=DAY)))
    assert "COP007" not in {b.code for b in moved.notices} if isinstance(moved, Accepted) else {b.code for b in moved.blockers}


@pytest.mark.parametrize(
    ("regime", "days", "urgent", "fr", "en"),
    [
        ("usage", 6, None, "convocation 6 jours avant, pour 7 jours au moins.", "notice given 6 days before, where at least 7 days is wanted."),
        ("cgct", 5, None, "convocation 4 jours francs avant, pour 5 jours francs au moins.", "notice given 4 clear days before, where at least 5 clear days is wanted."),
        ("cgct", 1, WHY, "convocation 0 jour franc avant, pour 1 jour franc au moins.", "notice given 0 clear days before, where at least 1 clear day is wanted."),
        ("grand_conseil", 14, None, "convocation 14 jours avant, pour 15 jours au moins.", "notice given 14 days before, where at least 15 days is wanted."),
        ("college_regulateur", 2, None, "convocation 2 jours ouvrés avant, pour 3 jours ouvrés au moins.", "notice given 2 working days before, where at least 3 working days is wanted."),
    ],
)
def test_guard_and_verdict_say_in_which_days_they_count(regime: str, days: int, urgent: str | None, fr: str, en: str) -> None:
    method, dossier = before(regime)
    dossier = done(method, dossier, called(days, urgent))
    decision = agir.decide(method, dossier, on(LAST, Verb.HOLD, COPIL, WHOLE))
    assert isinstance(decision, Accepted)
    held = agir.evolve(method, dossier, decision.events[0])
    said = [b.text for b in decision.notices if b.code == "COP007"] + [f.text for f in agir.check(method, held, at=DAY).findings if f.code == "COP007" and f.subject == COPIL]
    assert [(t.fr.partition(" : ")[2], t.en.partition(": ")[2]) for t in said] == [(fr, en)] * 2


def test_an_urgent_notice_says_why() -> None:
    method, dossier = before("cgct")
    for blank in ("", "  …"):
        assert codes(agir.decide(method, dossier, called(2, blank))) == {"input.type"}


def second(days: int, urgent: str | None, hold: Hold, regime: str = "cgct") -> tuple[agir.Method, Dossier, Accepted | Refused]:
    """A copil without quorum, convened again the day after, so many days ahead."""
    method, dossier = before(regime)
    dossier = done(method, dossier, called(10, None))
    for event in agir.record(method, dossier, on(LAST, Verb.HOLD, COPIL, FEW)).events:  # type: ignore[union-attr]
        dossier = agir.evolve(method, dossier, event)
    again = DAY + dt.timedelta(days=1 + days)
    dossier = done(method, dossier, called(days, urgent, to=again))
    return method, dossier, agir.decide(method, dossier, on(again.isoformat(), Verb.HOLD, COPIL, hold))


@pytest.mark.parametrize(
    ("days", "urgent", "hold", "refused", "remarked"),
    [
        (4, None, FEW, False, False),  # three clear days: no quorum, and no longer notice, is wanted
        (3, None, FEW, True, True),
        (3, None, WHOLE, False, True),
        (3, WHY, FEW, True, False),  # shortened by urgency: the notice will do, the quorum is wanted again
        (3, WHY, WHOLE, False, False),
        (1, WHY, WHOLE, False, True),  # not one clear day
    ],
)
def test_a_second_call_needs_no_quorum_unless_it_comes_sooner(days: int, urgent: str | None, hold: Hold, refused: bool, remarked: bool) -> None:
    method, dossier, decision = second(days, urgent, hold)
    assert isinstance(decision, Refused) is refused
    held = on((DAY + dt.timedelta(days=1 + days)).isoformat(), Verb.HOLD, COPIL, hold)
    told = agir.record(method, dossier, held)
    assert not isinstance(told, Refused)
    assert ("COP008" in {b.code for b in told.deviations}) is refused
    assert ("COP007" in {b.code for b in told.deviations}) is remarked
    facts = (*dossier.facts, held, on(held.on.earliest.isoformat(), Verb.DECIDE, COPIL, Decide(value="go")))
    found = {f.key for f in agir.check(method, Dossier(facts), at=dt.date(2012, 6, 25)).findings}
    assert (f"COP008 @ {COPIL}#2" in found) is refused
    assert (f"COP007 @ {COPIL}#2" in found) is remarked


def test_where_a_regime_says_nothing_of_a_second_call_it_needs_no_quorum_however_soon() -> None:
    _, _, decision = second(1, None, FEW, regime="crpa")
    assert isinstance(decision, Accepted)


def test_a_third_sitting_is_called_for_want_of_the_quorum_of_the_second() -> None:
    method, dossier = before("crpa")
    dossier = done(method, dossier, called(10, None))
    dossier = done(method, dossier, on(LAST, Verb.HOLD, COPIL, WHOLE))
    dossier = done(method, dossier, on(LAST, Verb.DECIDE, COPIL, Decide(value="postponed")))
    dossier = done(method, dossier, on(LAST, Verb.DELIVER, "activite/reprise_synthese"))
    second, third = DAY + dt.timedelta(days=10), DAY + dt.timedelta(days=20)
    dossier = done(method, dossier, called(9, None, to=second))
    few = on(second.isoformat(), Verb.HOLD, COPIL, FEW)
    assert codes(agir.decide(method, dossier, few)) == {"COP008"}
    for event in agir.record(method, dossier, few).events:  # type: ignore[union-attr]
        dossier = agir.evolve(method, dossier, event)
    dossier = done(method, dossier, called(9, None, to=third))
    assert isinstance(agir.decide(method, dossier, on(third.isoformat(), Verb.HOLD, COPIL, FEW)), Accepted)


def test_a_closed_day_is_said_of_the_sitting_that_is_called_there_as_the_verdict_says_it() -> None:
    """The second sitting of a session of a group, called and then moved to a Saturday, and held on it."""
    method, dossier = until("2012-04-02")
    saturday, next_one = dt.date(2012, 4, 14), dt.date(2012, 4, 21)
    for command, day in ((Convene(day=saturday), saturday), (Move(day=next_one), next_one)):
        verb = Verb.CONVENE if isinstance(command, Convene) else Verb.MOVE
        asked = agir.decide(method, dossier, on("2012-04-03", verb, "gt2/insertion#2", command))
        assert isinstance(asked, Accepted)
        assert [b.subject for b in asked.notices if b.code == "CAL007"] == ["gt2/insertion#2"]
        dossier = agir.evolve(method, dossier, asked.events[0])
        held = done(method, dossier, on(day.isoformat(), Verb.HOLD, "gt2/insertion#2", Hold(attendance=WHOLE.attendance)))
        assert "CAL007 @ gt2/insertion#2" in {f.key for f in agir.check(method, held, at=day).findings}


def test_the_planner_plans_no_urgency() -> None:
    method, dossier = before("cgct")
    plan = agir.plan(method, dossier, at=dt.date(2012, 5, 21))
    meeting = next(m for m in plan.meetings if m.address == COPIL)
    notice = next(t for t in plan.todos if (t.verb, t.address) == (Verb.CONVENE, COPIL))
    assert (meeting.day - notice.day).days >= 6
