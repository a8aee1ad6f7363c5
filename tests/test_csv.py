"""A lead's table: dates, delimiters and names as people write them; every fault with its line and column; all kept or nothing."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped, unused-ignore]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import agir_workflow as agir
from agir_workflow.cli import main
from agir_workflow.csv_file import Line, lines_of, read_date, read_table, told, write_table
from agir_workflow.demo import charenton
from agir_workflow.doorstep import as_cell, of_cell
from agir_workflow.dossier import Dossier
from agir_workflow.dossier_file import read_dossier
from agir_workflow.facts import Hold
from agir_workflow.method_file import read_method
from agir_workflow.schemas import schema
from agir_workflow.view import view_of
from agir_workflow.when import When
from agir_workflow.words import Verb

MONTHS = (
    ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
)
DAYS = (("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"), ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"))
FORMS = (
    lambda d: d.isoformat(),
    lambda d: f"{d.day:02d}/{d.month:02d}/{d.year}",
    lambda d: f"{d.day}.{d.month}.{d.year}",
    lambda d: f"{d.day}-{d.month}-{d.year % 100:02d}" if d.year >= 2000 else d.isoformat(),
    lambda d: f"{d.day}{'er' if d.day == 1 else ''} {MONTHS[0][d.month - 1]} {d.year}",
    lambda d: f"{DAYS[0][d.weekday()]} {d.day} {MONTHS[0][d.month - 1].upper()} {d.year}",
    lambda d: f"{DAYS[1][d.weekday()]}, {MONTHS[1][d.month - 1]} {d.day}, {d.year}",
    lambda d: f"{d.day} {MONTHS[1][d.month - 1]} {d.year}",
)
CELL = st.text(st.sampled_from("abé;,\t\" 'ç–:1\n/"), max_size=12)


@settings(database=None, deadline=None, max_examples=60)
@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(FORMS), st.none() | st.times(), st.sampled_from([" {:%H:%M}", " à {:%Hh%M}", "T{:%H:%M}"]))
def test_a_date_is_read_in_every_form(day: dt.date, form: object, hour: dt.time | None, at: str) -> None:
    text = form(day) + (at.format(hour) if hour else "")  # type: ignore[operator]
    assert read_date(text) == (When(day), hour.replace(second=0, microsecond=0) if hour else None)


@pytest.mark.parametrize(("text", "when"), [("mai 2012", "2012-05"), ("05/2012", "2012-05"), ("2012-S1", "2012-S1"), ("oct. 2012", "2012-10"), ("1er fév 2012", "2012-02-01")])
def test_a_rough_date_is_one_too(text: str, when: str) -> None:
    assert read_date(text)[0] == When.parse(when)


@pytest.mark.parametrize("text", ["32/05/2012", "05/15/2012", "30 février 2012", "bientôt", "jui 2012", "15/05/1812", "2012-05-15 25:00", ""])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read_date(text)


@settings(database=None, deadline=None, max_examples=80)
@given(st.lists(st.tuples(CELL, CELL, CELL, CELL), min_size=1, max_size=4), st.sampled_from(";,\t"), st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]), st.sampled_from(["\n", "\r\n"]),
       st.sampled_from([("quoi", "date", "lieu", "présents"), ("What", "Date", "Place", "Present"), ("Réunion", "QUAND", "où", "Qui")]))  # fmt: skip
def test_a_table_is_read_whatever_its_delimiter_encoding_and_headers(rows: list[tuple[str, ...]], delimiter: str, encoding: str, end: str, header: tuple[str, ...]) -> None:
    rows = [(what or "x", date or "y", *rest) for what, date, *rest in rows if what.strip() and date.strip()]
    quoted = [delimiter.join('"' + c.replace('"', '""') + '"' for c in row) for row in rows]
    lines, faults = read_table(end.join([delimiter.join(header), *quoted, ""]).encode(encoding), "t.csv")
    assert faults == ()
    assert [(x.what, x.date, x.place, x.present) for x in lines] == [tuple(" ".join(c.split()) for c in row) for row in rows]


FAULTS = [
    (b"\x00\x01", "(file)", "binaire"),
    ("quoi;date\n".encode("utf-16"), "(file)", "UTF-16"),
    (b"", "(file)", "vide"),
    (b"truc;date\nGT1;2012-05-15\n", "quoi", "une colonne"),
    (b"quoi;lieu\nGT1;ici\n", "date", "une colonne"),
    (b"quoi;date;date\nGT1;2012-05-15;2012-05-16\n", "date", "deux fois"),
    (b"quoi;date\nGT1;\n", "date", "cellule vide"),
    (b'quoi;date\n"GT1;2012-05-15\n', "(file)", "du CSV"),
    (b"quoi;date\nGT1 insertion;2012-05-15;5;6\n", "(line)", "2 cellules"),
]


@pytest.mark.parametrize(("data", "path", "says"), FAULTS, ids=[f[2] for f in FAULTS])
def test_a_table_that_cannot_be_read_says_where_and_why(data: bytes, path: str, says: str) -> None:
    lines, faults = read_table(data, "t.csv")
    assert lines == ()
    assert [(f.path, says in f.what.fr, f.file) for f in faults] == [(path, True, "t.csv")]
    assert faults[0].line is not None
    assert all((f.what.fr, f.what.en, f.mend.fr, f.mend.en) for f in faults)


def view_at(day: str) -> object:
    method, dossier = charenton()
    return view_of(method, Dossier(tuple(f for f in dossier.facts if f.on.latest < dt.date.fromisoformat(day))))


@pytest.mark.parametrize(
    ("what", "address"),
    [("GT1 insertion", "gt1/insertion"), ("gt 1 – Insertion des jeunes", "gt1/insertion"), ("Groupe de travail 2 handicap", "gt2/handicap"), ("copil de lancement", "copil/lancement"),
     ("Comité de pilotage de lancement", "copil/lancement"), ("COPIL lancement", "copil/lancement"), ("gt3/precarite", "gt3/precarite"), ("GT3 Précarité", "gt3/precarite"), ("Launch copil", "copil/lancement")],
)  # fmt: skip
def test_a_step_is_found_as_people_call_it(what: str, address: str) -> None:
    (row,) = told(view_at("2012-04-02"), (Line(2, what, "2012-05-15"),))  # type: ignore[arg-type]
    assert row.faults == ()
    assert row.fact is not None
    assert row.fact.address == address


@pytest.mark.parametrize(
    ("line", "path", "says", "mend"),
    [
        (("GT1 insertoin", "2012-05-15"), "quoi", "le nom d'une étape", "gt1/insertion"),
        (("GT1", "2012-05-15"), "quoi", "une seule étape", "GT1 — "),
        (("GT1 insertion", "15/15/2012"), "date", "15/15/2012", "15/05/2012"),
        (("GT1 insertion", "2012-05-15", "", "3 asociations"), "présents", "asociations", "associations"),
        (("GT1 insertion", "2012-05-15", "", "la maire"), "présents", "la maire", "5 associations"),
    ],
)
def test_a_line_that_cannot_be_told_says_which_column_and_what_to_write(line: tuple[str, ...], path: str, says: str, mend: str) -> None:
    (row,) = told(view_at("2012-04-02"), (Line(7, *line),), "t.csv")  # type: ignore[arg-type]
    assert row.fact is None
    assert [(f.path, f.line, says in f.what.fr, mend in f.mend.fr) for f in row.faults] == [(path, 7, True, True)]


@given(st.text(st.sampled_from("'=+-@\ta")))
def test_a_text_comes_back_from_its_cell_and_is_no_formula(text: str) -> None:
    assert of_cell(as_cell(text)) == text
    assert as_cell(text)[:1] not in ("=", "+", "-", "@", "\t")


def test_a_method_may_write_in_full_what_others_shorten_and_join_two_words() -> None:
    text = (Path(__file__).parents[1] / "examples" / "stage_gate" / "method.toml").read_text(encoding="utf-8")
    for old, new in (("Porte de tri", "Comité de pilotage du tri"), ('"recherche"', '"recherche et développement"')):
        assert old in text
        text = text.replace(old, new)
    method = read_method(text.encode())
    _, dossier = read_dossier(b'[dossier]\nmethod = "stage_gate"\nstart = 2026-01-12\n', lambda _: method)
    for what in ("Comité de pilotage du tri", "copil du tri"):
        (row,) = told(view_of(method, dossier), (Line(2, what, "2026-02-03", "", "3 recherche et développement et 2 sales"),))
        assert row.faults == ()
        assert row.fact is not None
        assert isinstance(row.fact.args, Hold)
        assert (row.fact.address, dict(row.fact.args.attendance.pairs)) == ("gate/screening", {"research": 3, "sales": 2})


def test_who_was_there_is_read_as_numbers_of_colleges() -> None:
    (row,) = told(view_at("2012-04-02"), (Line(2, "GT3 insertion", "2012-03-30 14h30", "Mairie", "5 associations, 3 entreprises et 1 collectivité"),))  # type: ignore[arg-type]
    assert row.faults == ()
    assert row.fact is not None
    args = row.fact.args
    assert isinstance(args, Hold)
    assert (dict(args.attendance.pairs), args.place, args.start) == ({"associations": 5, "entreprises": 3, "collectivites": 1}, "Mairie", dt.time(14, 30))


def test_what_was_held_goes_out_as_a_table_and_comes_back() -> None:
    method, dossier = charenton()
    view = view_of(method, dossier)
    table = write_table(lines_of(view))
    lines, faults = read_table(table.encode(), "t.csv")
    rows = told(view, lines)
    assert faults == ()
    assert [f for r in rows for f in r.faults] == []
    held = sorted((str(f.on), f.address.partition("#")[0], f.args.attendance, f.args.start) for f in dossier.facts if f.verb is Verb.HOLD and isinstance(f.args, Hold))
    assert len(held) > 10
    assert sorted((str(r.on), str(r.fact.address), r.fact.args.attendance, r.fact.args.start) for r in rows if r.fact and isinstance(r.fact.args, Hold)) == held


HEAD = '[dossier]\nid = "d"\nstart = 2011-09-01\n[[theme]]\nid = "insertion"\nlabel = "Insertion des jeunes"\n'
TABLE = "quoi;date;lieu;présents\nGT1 insertion;26/01/2012;Mairie;5 associations, 4 entreprises\ncopil de lancement;19/01/2012;;12\nGT2 insertion;15/05/2030;;\n"


@pytest.mark.parametrize("where", ["d.toml", "d"])
def test_a_table_goes_into_a_dossier_with_a_report_for_each_line(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("d.toml").write_text(HEAD, encoding="utf-8")
    Path("t.csv").write_bytes(TABLE.encode("cp1252"))
    assert main(["import", "d.toml"]) == 0
    capsys.readouterr()
    assert main(["--at", "2012-06-01", "import", "t.csv", "--into", where]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("ligne 2 : GT1 insertion, 2012-01-26 → gt1/insertion : admis, ")
    assert any(line.startswith("  - ") for line in said)
    assert "  (12 présents, sans leur collège : nombre non retenu)" in said
    assert any(line.endswith("à venir, non repris") for line in said)
    assert said[-1] == "d : 2 faits de plus"
    assert main(["--at", "2012-06-01", "import", "t.csv", "--into", where]) == 0
    again = capsys.readouterr().out
    assert again.count("déjà au dossier") == 2
    assert again.endswith("d : 0 fait de plus\n")


def test_the_report_of_each_line_in_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("d.toml").write_text(HEAD, encoding="utf-8")
    Path("t.csv").write_text(TABLE, encoding="utf-8")

    def asked(*argv: str) -> dict[str, Any]:
        assert main(["--at", "2012-06-01", "import", *argv, "--json"]) == 0
        said: dict[str, Any] = json.loads(capsys.readouterr().out)
        jsonschema.Draft202012Validator(schema("agir.import/1")).validate(said)
        return said

    assert asked("d.toml")["dossiers"] == [{"file": "d.toml", "id": "d", "facts": 2}]
    said = asked("t.csv", "--into", "d")
    assert (said["into"], said["added"]) == ("d", 2)
    assert [(x["line"], x["address"], x["outcome"]) for x in said["lines"]] == [(2, "gt1/insertion", "added"), (3, "copil/lancement", "added"), (4, "gt2/insertion", "to_come")]
    assert "EXP001 @ gt1/insertion" in said["lines"][0]["deviations"]
    assert said["lines"][1]["remarks"][0]["en"].startswith("12 present")
    assert [x["outcome"] for x in asked("t.csv", "--into", "d")["lines"]] == ["known", "known", "to_come"]
    Path("t.csv").write_text(TABLE + "GT9 insertion;2012-02-30;;\n", encoding="utf-8")
    assert main(["--at", "2012-06-01", "import", "t.csv", "--into", "d", "--json"]) == 2
    assert capsys.readouterr().out == ""


def test_what_was_held_is_exported_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A dossier whose meetings are cut out takes them back from its own table: the same meetings, days and people."""
    monkeypatch.chdir(tmp_path)
    _, dossier = charenton()
    left = agir.Dossier(tuple(f for f in dossier.facts if f.verb not in (Verb.HOLD, Verb.DECIDE)))
    Path("whole.toml").write_text(agir.write_dossier(dossier), encoding="utf-8")
    Path("left.toml").write_text(agir.write_dossier(left), encoding="utf-8")
    assert main(["--at", "2014-01-01", "export", "whole.toml", "--csv"]) == 0
    table = capsys.readouterr().out
    assert len(table.splitlines()) == 1 + sum(f.verb is Verb.HOLD for f in dossier.facts)
    Path("t.csv").write_text(table, encoding="utf-8")
    assert main(["--at", "2014-01-01", "import", "t.csv", "--into", "left.toml"]) == 0
    capsys.readouterr()
    assert main(["--at", "2014-01-01", "export", "left.toml", "--csv"]) == 0
    assert capsys.readouterr().out == table
    assert main(["--lang", "en", "--at", "2012-03-01", "export", "whole.toml", "--csv"]) == 0
    early = capsys.readouterr().out.splitlines()
    assert early[0] == "what;date;place;present"
    assert early[1:] == [line for line in table.splitlines()[1:] if line.split(";")[1] < "2012-03-02"]


@pytest.mark.parametrize("where", ["d.toml", "d"])
def test_a_line_that_is_wrong_leaves_everything_as_it_was(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("d.toml").write_text(HEAD, encoding="utf-8")
    assert main(["import", "d.toml"]) == 0
    Path("t.csv").write_text(TABLE + "GT9 insertion;2012-02-30;;\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["--lang", "en", "--at", "2012-06-01", "import", "t.csv", "--into", where]) == 2
    out, err = capsys.readouterr()
    assert "nothing is written" in out
    told = [line.split(": ")[-1] for line in out.splitlines() if line.startswith("line ")]
    assert told
    assert all(end.startswith(("would be accepted", "to come", "in the dossier")) for end in told), "no line was accepted: nothing was written"
    assert [line.split(": ")[:2] for line in err.splitlines()] == [["t.csv:5", "date"], ["t.csv:5", "quoi"]]
    assert Path("d.toml").read_text(encoding="utf-8") == HEAD
    assert agir.SqliteStore.open("agir.db").version("d") == 2


@pytest.mark.parametrize(("argv", "path"), [(["t.csv"], "--into"), (["t.csv", "d.toml", "--into", "d.toml"], "FILES"), (["none.csv", "--into", "d.toml"], "(file)")])
def test_a_table_needs_a_dossier_to_go_into(argv: list[str], path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("d.toml").write_text(HEAD, encoding="utf-8")
    Path("t.csv").write_text(TABLE, encoding="utf-8")
    assert main(["--at", "2012-06-01", "import", *argv]) == 2
    assert path in capsys.readouterr().err


EXCEL = ["quoi;date;lieu;présents", "Copil de lancement;19/01/2012;Mairie;"]


@pytest.mark.parametrize(
    ("lines", "line", "mend"),
    [
        ([*EXCEL, ";26/01/2012;;"], 3, "fusionnée"),
        (["Nos réunions;;;", "", *EXCEL], 1, "la ligne 3"),
        ([EXCEL[0].replace("présents", "prŽsents"), EXCEL[1]], 1, "« présents »"),
    ],
)
def test_what_a_spreadsheet_adds_to_a_table_is_told_for_what_it_is(lines: list[str], line: int, mend: str) -> None:
    _, (fault,) = read_table("\r\n".join(lines).encode("cp1252"), "t.csv")
    assert (fault.line, mend in fault.mend.fr) == (line, True)


def test_a_name_with_a_word_more_is_told_with_the_step_that_it_may_mean() -> None:
    (row,) = told(view_at("2012-04-02"), (Line(2, "Réunion collective de lancement", "2012-01-19"),))  # type: ignore[arg-type]
    assert [f.mend.fr for f in row.faults] == ["écrire « Réunion de lancement », ou plenary/lancement"]
    (row,) = told(view_at("2012-04-02"), (Line(2, "Réunion du bureau", "2012-01-19"),))  # type: ignore[arg-type]
    assert [f.mend.fr for f in row.faults] == ["écrire le nom d'une étape, tel que « agir status » le dit"]


def test_a_title_above_the_table_is_quoted_as_each_language_does() -> None:
    _, (fault,) = read_table("Réunions du projet;;;\r\nQuoi;Date;Lieu;Présents\r\n".encode("cp1252"), "t.csv")
    assert fault.what.fr.endswith("trouvé : « Réunions du projet »")
    assert fault.what.en.endswith("found 'Réunions du projet'")


@pytest.mark.parametrize("foot", ["Total;;;42", "TOTAL;3;;", ";;Total général;42", "Sous-total 2012;;;12 personnes"])
def test_a_row_that_adds_up_the_others_is_left_out_and_said(foot: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("d.toml").write_text(HEAD, encoding="utf-8")
    Path("t.csv").write_text("\n".join([*EXCEL, foot]), encoding="utf-8")
    assert main(["--at", "2012-06-01", "import", "t.csv", "--into", "d.toml"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.endswith(" : un total, non repris") for line in said if line.startswith("ligne 3 : ")] == [True]
    assert said[-1] == "d : 1 fait de plus"
    assert main(["--at", "2012-06-01", "import", "t.csv", "--into", "d.toml", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(schema("agir.import/1")).validate(told)
    assert [x["outcome"] for x in told["lines"]] == ["known", "sum"]


@pytest.mark.parametrize(("cell", "says", "mend"), [("40927", "40927", "2012-01-19"), ("01/19/2012", "un jour qui existe", "le jour, puis le mois"), ("30/2/2012", "un jour qui existe", "le jour, puis le mois")])
def test_a_date_as_excel_keeps_it_or_as_americans_write_it_says_how_to_mend_it(cell: str, says: str, mend: str) -> None:
    (row,) = told(view_at("2012-04-02"), (Line(2, "GT1 insertion", cell),))  # type: ignore[arg-type]
    assert [(says in f.what.fr, mend in f.mend.fr) for f in row.faults] == [(True, True)]


def test_the_line_by_which_excel_is_told_the_separator_and_the_hour_of_a_bare_day_are_no_fault() -> None:
    (line,), faults = read_table("\r\n".join(["sep=;", EXCEL[0], "Copil de lancement;2012-01-19 00:00:00;Mairie, 1er;"]).encode("cp1252"), "t.csv")
    assert (faults, line.n, line.place, read_date(line.date)) == ((), 3, "Mairie, 1er", (When(dt.date(2012, 1, 19)), None))
