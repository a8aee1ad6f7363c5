"""A project lead at the command line: slips, and what a project meets on its way."""

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path

import icalendar
import pytest

from agir_workflow import desk
from agir_workflow.cli import main
from agir_workflow.dossier_file import fact_block

EXAMPLES = Path(__file__).parents[1] / "examples"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    Path("d.toml").write_bytes((EXAMPLES / "second_month" / "dossier.toml").read_bytes())

    def one(*argv: str) -> tuple[int, str, str]:
        code = main(list(argv))
        return (code, *capsys.readouterr())

    return one


THEN = ("--at", "2011-10-10")
"""A day on which the project is on time."""
LATE = ("--at", "2012-06-01")
"""A day on which it is so late that no day keeps all the distances any more."""


def events(file: str) -> dict[str, icalendar.Event]:
    return {str(e["X-AGIR-ID"]): e for e in icalendar.Calendar.from_ical(Path(file).read_bytes()).walk("VEVENT")}


def test_a_project_that_is_late_gets_its_calendar_and_hears_what_it_breaks(run: Run) -> None:
    code, out, err = run(*LATE, "plan", "d.toml", "--json")
    assert (code, err) == (0, "")
    broken = json.loads(out)["broken"]
    assert broken
    assert run(*LATE, "ics", "d.toml", "-o", "c.ics", "--fix", "copil/themes=2012-06-20")[0] == 0
    assert events("c.ics")["copil/themes"].decoded("DTSTART").date() == dt.date(2012, 6, 20)
    out = run(*LATE, "plan", "d.toml")[1]
    assert all(f"{key} ne peut plus être tenue" in out for key in broken)


def test_what_a_wish_excludes_is_refused_with_a_way_out(run: Run) -> None:
    wish = ("--start", "2012-06-01")
    code, _, err = run(*THEN, "ics", "d.toml", "-o", "c.ics", *wish)
    assert (code, Path("c.ics").exists()) == (1, False)
    assert run(*THEN, "plan", "d.toml", *wish)[2] == err, "the same reasons as the plan gives"
    options = re.findall(r'--without "([^"]+)"', err)
    assert options, "what to write for dates all the same"
    without = [part for key in options for part in ("--without", key)]
    assert run(*THEN, "ics", "d.toml", "-o", "c.ics", *wish, *without)[0] == 0


def test_a_plan_that_errors_exclude_is_not_offered_without_them(run: Run) -> None:
    code, _, err = run("--at", "2011-10-13", "plan", "d.toml")  # the themes are not chosen, and their copil is called for this day
    assert code == 1
    assert '--without "' not in err
    assert "--fix" in err.splitlines()[-1]
    (way,) = re.findall(r"→ déplacer ce qui est convoqué : agir do DOSSIER (move copil/themes day=\S+)", err)
    assert run("--at", "2011-10-13", "do", "d.toml", *way.split())[0] == 0
    assert run("--at", "2011-10-13", "plan", "d.toml")[0] == 0, "the way out that was told leads out"


def test_giving_up_a_project_cancels_what_was_published(run: Run) -> None:
    assert run(*THEN, "ics", "d.toml", "-o", "a.ics", "--publish")[0] == 0
    assert run(*THEN, "do", "d.toml", "abandon", "dossier")[0] == 0
    code, out, _ = run(*THEN, "plan", "d.toml")
    assert (code, "abandonné" in out, "prévu" in out) == (0, True, False)
    assert run(*THEN, "ics", "d.toml", "-o", "b.ics")[0] == 0
    before, after = events("a.ics"), events("b.ics")
    assert set(before) == set(after)
    for address, event in after.items():
        was_held = address == "copil/cadrage"
        assert (str(event["STATUS"]) == "CANCELLED") is not was_held
        assert int(event["SEQUENCE"]) == (0 if was_held else 1)


def test_a_suspended_project_is_dated_and_said_to_be_suspended(run: Run) -> None:
    assert run(*THEN, "do", "d.toml", "suspend", "dossier")[0] == 0
    code, out, _ = run(*THEN, "plan", "d.toml")
    assert (code, "suspendu" in out, "prévu" in out) == (0, True, True)
    code, out, _ = run(*THEN, "do", "d.toml", "suspend", "dossier")
    assert (code, "suspended" in out.replace("state.suspended", "")) == (1, False)


@pytest.mark.parametrize("verb", ["do", "record"])
def test_what_has_not_happened_yet_is_not_kept_in_a_file_either(verb: str, run: Run) -> None:
    before = Path("d.toml").read_bytes()
    code, out, _ = run(*THEN, verb, "d.toml", "deliver", "activite/choix_themes", "--on", "2012-10-12")
    assert (code, "input.future" in out, Path("d.toml").read_bytes()) == (2, True, before)


def test_a_day_that_is_not_known_may_have_been_an_open_one(run: Run) -> None:
    told = ("d.toml", "hold", "copil/themes", "attendance={associations=2}")
    assert "CAL007" in run("--at", "2012-01-31", "record", *told, "--on", "2011-12-31")[1]
    assert "CAL007" not in run("--at", "2012-01-31", "record", *told, "--on", "2011-12")[1]


def test_who_is_declared_later_is_not_said_to_be_unknown(run: Run) -> None:
    assert run(*THEN, "do", "d.toml", "declare", "theme/transport", "label=Transport")[0] == 0
    code, out, _ = run(*THEN, "record", "d.toml", "hold", "gt1/transport", "--on", "2011-10-01")
    assert (code, "10 octobre 2011" in out, "declare theme/transport" in out) == (2, True, False)


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("plan", "d.toml", "--fix", "copil/themes"), "ADRESSE=DATE"),
        (("check", "d.toml", "--jobs", "0"), "de 1 à 64 ; trouvé : 0"),
        (("export", "d.toml", "--xes", "--csv"), "--xes, --csv"),
        (("--db", "postgres://host/base", "import", "d.toml"), "postgres://"),
        (("people", "erase", "d.toml", "p-x"), "d.toml:"),
        (("--db", "d.toml", "journal", "verify"), "n'est pas une base SQLite"),
        (("do", "d.toml", "deliver", "livrable/note_enjeux", "sha256=zz"), "sha256"),
        (("do", "d.toml", "settle", "copil/themes"), "réserves"),
    ],
)
def test_a_slip_is_told_where_it_is_and_nothing_is_written(argv: tuple[str, ...], told: str, run: Run) -> None:
    before = sorted(p.name for p in Path().iterdir()), Path("d.toml").read_bytes()
    code, out, err = run(*THEN, *argv) if argv[0] != "--db" else run(*argv)
    assert code == 2
    assert told in out + err
    assert not re.search(r" : [^;]*[^ ;] : ", (out + err).partition("input.")[2]), "two colons in a row"
    assert (sorted(p.name for p in Path().iterdir()), Path("d.toml").read_bytes()) == before


@pytest.mark.parametrize(
    ("before", "after", "mend"),
    [
        ("start = 2011-09-01", "start = 15/09/2011", "écrire 2011-09-15"),
        ("start = 2011-09-01", 'start = "15.9.2011"', "écrire 2011-09-15"),
        ("start = 2011-09-01", "start = 31/02/2011", "fin de ligne"),
        ('label = "Précarité"', 'label = "La "grande" précarité"', "un guillemet dans un texte"),
        ("[dossier]", "[dosier]", "écrire [dossier] au lieu de [dosier]"),
    ],
)
def test_a_slip_of_the_pen_is_mended_in_its_own_words(before: str, after: str, mend: str, run: Run) -> None:
    text = Path("d.toml").read_text(encoding="utf-8")
    assert before in text
    Path("d.toml").write_text(text.replace(before, after, 1), encoding="utf-8")
    code, _, err = run("check", "d.toml")
    assert code == 2
    assert mend in err


@pytest.mark.parametrize("argv", [("--at", "15/09/2011", "check", "d.toml"), ("plan", "d.toml", "--start", "15.9.2011"), ("do", "d.toml", "fill", "date_copil", "value=15/09/2011")])
def test_a_day_written_as_in_a_letter_is_given_back_as_it_should_be(argv: tuple[str, ...], run: Run) -> None:
    code, out, err = run(*argv)
    assert (code, "écrire 2011-09-15" in out + err) == (2, True)


def test_each_fact_has_the_number_that_a_correction_asks_for(run: Run) -> None:
    _, out, _ = run(*THEN, "status", "d.toml", "--facts")
    line = next(x for x in out.splitlines() if "hold copil/cadrage" in x)
    number = line.split()[0]
    assert "2011-09-15" in line
    assert run(*THEN, "record", "d.toml", "correct", "copil/cadrage", f"of={number}", "on=2011-09-14")[0] == 0
    assert "2011-09-14  tenu" in run(*THEN, "plan", "d.toml")[1]


def test_a_meeting_told_by_mistake_is_struck_out_and_held_anew(run: Run) -> None:
    """In a file too, where the block stays: the same day may then be told again."""
    line = next(x for x in run(*THEN, "status", "d.toml", "--facts")[1].splitlines() if "hold copil/cadrage" in x)
    again = ("record", "d.toml", "hold", "copil/cadrage", "--on", "2011-09-15", "attendance={associations=2,entreprises=2,collectivites=2}")
    assert run(*THEN, *again)[0] == 2
    assert run(*THEN, "record", "d.toml", "correct", "copil/cadrage", f"of={line.split()[0]}", "void=true")[0] == 0
    assert "(rayé)" in next(x for x in run(*THEN, "status", "d.toml", "--facts")[1].splitlines() if x.startswith(line))
    assert run(*THEN, *again)[0] == 0
    assert "2011-09-15  tenu" in run(*THEN, "plan", "d.toml")[1]


def test_the_page_of_a_late_project_is_written_and_says_what_it_breaks(run: Run) -> None:
    code, _, err = run(*LATE, "check", "d.toml", "--format", "planning:p.html", "--format", "md:v.md")
    assert (code, err) == (0, "")
    assert Path("v.md").exists()
    assert "COP006 @ copil/themes ne peut plus être tenue" in re.sub("[\u00a0\u202f]", " ", Path("p.html").read_text(encoding="utf-8"))


def test_a_conflict_names_the_distance_that_is_too_short_in_words(run: Run) -> None:
    assert run(*THEN, "do", "d.toml", "deliver", "activite/choix_themes")[0] == 0
    assert run("--at", "2011-10-13", "record", "d.toml", "hold", "copil/themes")[0] == 0
    err = run("--at", "2011-10-14", "plan", "d.toml", "--start", "2011-11-07")[2]
    line = next(x for x in err.splitlines() if x.startswith("  - LIV002 @ copil/themes"))
    assert "au plus 2 jours ouvrés après « Copil de choix des thématiques »" in line
    assert "deliver" not in line


HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script>"


def test_what_a_person_wrote_is_never_run_by_who_opens_it(run: Run) -> None:
    assert run(*THEN, "record", "d.toml", "hold", "copil/themes", f'place="{HOSTILE}"', "attendance={associations=2}")[0] == 0
    assert run(*THEN, "record", "d.toml", "fill", "perimetre", f'value="- {HOSTILE}"')[0] == 0
    _, table, _ = run(*THEN, "export", "d.toml", "--csv")
    assert f";'{HOSTILE};" in table
    Path("t.csv").write_text(table, encoding="utf-8")
    Path("e.toml").write_bytes((EXAMPLES / "second_month" / "dossier.toml").read_bytes())
    assert run(*THEN, "import", "t.csv", "--into", "e.toml")[0] == 0
    assert f'place = "{HOSTILE}"' in Path("e.toml").read_text(encoding="utf-8")
    _, cadre, _ = run(*THEN, "cadre", "d.toml")
    assert "<script" not in cadre.replace("\\<script", "")
    assert "\n- \\- =cmd" in cadre


def test_two_that_bear_one_id_are_each_called_by_their_own_name(run: Run) -> None:
    Path("two.toml").write_text('[dossier]\nstart = 2026-01-12\n[[pilot]]\nid = "a"\nlabel = "Le club"\ncollege = "entreprises"\n[[theme]]\nid = "a"\nlabel = "L\'emploi"\n', encoding="utf-8")
    said = run("--at", "2026-02-01", "next", "two.toml")[1]
    assert "Accord sur le cadre — Le club" in said
    assert "GT1 — L'emploi" in said
    assert "Accord sur le cadre — L'emploi" not in said


def test_a_sentence_that_a_long_name_cuts_short_says_so(run: Run) -> None:
    Path("long.toml").write_text(f'[dossier]\nstart = 2026-01-12\n[[theme]]\nid = "a"\nlabel = "{"mot " * 80}"\n', encoding="utf-8")
    told = json.loads(run("--at", "2026-02-01", "why", "long.toml", "hold", "gt1/a", "--json")[1])
    texts = [b["text"][lang] for b in told["blockers"] for lang in ("fr", "en")]
    assert all(len(t) <= 160 and t[-1] in ".…?!" for t in texts), texts
    assert [b for b in told["blockers"] if b["code"] == "state.missing" and b["text"]["fr"].endswith("…")]


def test_whoever_is_declared_is_called_by_the_name_that_is_given(run: Run) -> None:
    told = ("d.toml", "declare", "pilot/ccas")
    assert run(*THEN, "why", *told, "label=Le CCAS", "college=x")[1].startswith("refusé : déclarer « Pilote — Le CCAS »")
    assert run(*THEN, "do", *told, "label=Le CCAS", "college=collectivites")[1].startswith("admis : déclarer « Pilote — Le CCAS »")
    assert "Pilote — Le CCAS »" in run(*THEN, "why", *told, "label=Un autre", "college=collectivites")[1], "who is there keeps their name"


def test_a_file_that_a_fact_would_make_unreadable_says_what_is_wrong_before_all(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    told = ("do", "d.toml", "declare", "pilot/ccas", "label=Le CCAS", "college=collectivites")
    before = Path("d.toml").read_bytes()
    wrong = fact_block
    with monkeypatch.context() as patched:  # undone alone: to undo all would leave the folder of the test
        patched.setattr(desk, "fact_block", lambda told: wrong(told).replace("2011-10-10", "2011-13-10"))
        code, out, err = run(*THEN, *told)
    first, *_, last = err.splitlines()
    assert (code, out) == (2, "")
    assert "2011-13-10" in first
    assert "rien n'est écrit" in last
    facts = 'facts = [\n  { fact = "convene", address = "copil/themes", on = 2011-09-20, by = "lead", day = 2011-10-20 },\n]\n'
    listed = (facts + before.decode().partition("[[facts]]")[0]).encode()
    Path("d.toml").write_bytes(listed)
    code, out, err = run(*THEN, *told)
    assert (code, out) == (2, "")
    assert [line for line in err.splitlines() if line.startswith("d.toml")] == [
        "d.toml:1: facts: attendu : des blocs [[facts]], pour en ajouter un ; trouvé : une liste ; rien n'est écrit → écrire chaque fait de la liste en bloc [[facts]]"
    ]
    assert Path("d.toml").read_bytes() == listed


def test_of_what_a_calendar_may_hold_only_that_of_the_kind_asked_for_is_listed(run: Run) -> None:
    for only in ("theme:", "theme:zzzzzz"):
        code, _, err = run(*THEN, "ics", "d.toml", "-o", "c.ics", "--only", only)
        assert code == 2
        assert re.search(r"écrire (theme:[a-z]+(, )?)+$", err.splitlines()[0]), err
    listed = run(*THEN, "ics", "d.toml", "-o", "c.ics", "--only", "zzz")[2].splitlines()[0]
    assert "theme:" in listed, "the roles, which are many, come last"
    assert listed.endswith(", …")


def test_the_calendar_keeps_the_hour_of_a_meeting_that_was_held_and_the_name_of_what_is_gone(run: Run) -> None:
    """Nobody's agenda turns a meeting into a whole day once it was held, nor calls a dropped theme's by its address."""
    day = ("--at", "2011-10-20")
    assert run(*day, "plan", "d.toml", "--adopt")[0] == 0
    assert run(*day, "do", "d.toml", "move", "copil/themes", "day=2011-10-24")[0] == 0
    assert run("--at", "2011-10-21", "ics", "d.toml", "-o", "a.ics", "--publish")[0] == 0
    assert run("--at", "2011-10-24", "record", "d.toml", "hold", "copil/themes", "attendance={associations=2,entreprises=2,collectivites=2}")[0] == 0
    assert run("--at", "2011-10-24", "do", "d.toml", "end", "theme/handicap")[0] == 0
    assert run("--at", "2011-10-24", "ics", "d.toml", "-o", "b.ics")[0] == 0
    before, after = events("a.ics"), events("b.ics")
    assert after["copil/themes"]["DTSTART"].dt == before["copil/themes"]["DTSTART"].dt == dt.datetime(2011, 10, 24, 10, tzinfo=before["copil/themes"]["DTSTART"].dt.tzinfo)
    assert int(after["copil/themes"]["SEQUENCE"]) == int(before["copil/themes"]["SEQUENCE"])
    assert (str(after["gt1/handicap"]["STATUS"]), str(after["gt1/handicap"]["SUMMARY"])) == ("CANCELLED", "Annulé : GT1 — Handicap")


def test_a_decision_is_told_in_a_word_and_its_lift_says_that_one_is_wanted(run: Run) -> None:
    day = ("--at", "2011-10-24")
    assert run(*day, "do", "d.toml", "deliver", "activite/choix_themes")[0] == 0
    assert run(*day, "do", "d.toml", "hold", "copil/themes", "attendance={associations=2,entreprises=2,collectivites=2}")[0] == 0
    assert "→ decide copil/themes value=…" in run(*day, "why", "d.toml", "deliver", "activite/contenus/handicap")[1]
    code, out, _ = run(*day, "why", "d.toml", "decide", "copil/themes", "peut_etre")
    assert (code, "go_with_reserves" in out) == (2, True)
    assert run(*day, "do", "d.toml", "decide", "copil/themes", "go")[0] == 0
    assert 'value = "go"' in Path("d.toml").read_text(encoding="utf-8")
