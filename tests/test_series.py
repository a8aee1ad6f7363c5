"""The distances of a series in each lane: a step that is long in coming after the last is told, in its own lane alone."""

from __future__ import annotations

import datetime as dt

import pytest
from test_practice import on, until

import agir_workflow as agir
from agir_workflow.dossier import Dossier
from agir_workflow.facts import Declare
from agir_workflow.method import Method
from agir_workflow.values import Record
from agir_workflow.words import Verb

OWN = """
[method]
name = "serie"
version = 1
extends = "agir_ensemble@1"
title = { fr = "Avec une série", en = "With a series" }

[[requirements]]
code = "SER001"
is = "gap"
a = "%s"
b = "%s"
each = "theme"
max = "6w"
due = "%s"
aspect = "temporal"
severity = "warning"
origin = "default"
why = { fr = "{subject} : {value} pour {bound} ({missing}).", en = "{subject}: {value} for {bound} ({missing})." }
fix = { fr = "Rapprocher.", en = "Bring them nearer." }
"""


def late(word: str, due: str, dossier: Dossier, day: str) -> set[str]:
    own: Method = agir.read_method((OWN % (word, word, due)).encode())
    return {f.subject for f in agir.check(own, dossier, at=dt.date.fromisoformat(day)).findings if f.code == "SER001"}


@pytest.mark.parametrize(("day", "themes"), [("2012-04-20", ()), ("2012-05-10", ("insertion", "handicap", "precarite"))])
def test_the_next_session_of_a_group_that_is_long_in_coming_is_told(day: str, themes: tuple[str, ...]) -> None:
    """The second sessions were held in the middle of March; of the third none was."""
    _, dossier = until("2012-05-01")
    assert late("session", "always", dossier, day) == {f"gt3/{t}" for t in themes}


def test_a_lane_of_which_the_series_is_over_owes_no_more() -> None:
    _, dossier = until("2012-05-01")
    last = next(f for f in until("2014-01-01")[1].facts if f.verb is Verb.HOLD and f.address == "gt3/insertion")
    held = Dossier((*dossier.facts, on("2012-04-20", last.verb, last.address, last.args)))
    assert late("session", "always", held, "2012-05-10") == {"gt3/handicap", "gt3/precarite"}


def test_the_interviews_of_a_theme_that_are_long_in_coming_are_told() -> None:
    """An interview has no place in the tree; whoever of the theme is declared is still to be seen."""
    _, dossier = until("2012-01-01")
    assert late("interview", "always", dossier, "2012-02-20") == set()
    more = on("2011-11-01", Verb.DECLARE, "interviewee/voisin", Declare(label="un voisin", inside="handicap", attributes=Record.of({"qualite": "elu"})))
    waiting = Dossier((*dossier.facts, more))
    assert late("interview", "always", waiting, "2012-02-20") == {"theme/handicap"}
    gone = Dossier((*waiting.facts, on("2011-12-01", Verb.END, "interviewee/voisin")))
    assert late("interview", "always", gone, "2012-02-20") == set()


def test_each_session_of_a_lane_is_told_by_its_own_distance() -> None:
    """Thirty-five days lie between the first two sessions of «insertion» (7 February, 13 March), sixty-three between the last two (15 May)."""
    _, whole = until("2014-01-01")
    own: Method = agir.read_method((OWN % ("session", "session", "always")).replace('max = "6w"', 'max = "30d"').encode())
    found = {f.subject: (f.value, str(f.date)) for f in agir.check(own, whole, at=dt.date(2014, 1, 1)).findings if f.code == "SER001" and "insertion" in f.subject}
    assert found == {"gt2/insertion": ("35 days", "2012-03-13"), "gt3/insertion": ("63 days", "2012-05-15")}
