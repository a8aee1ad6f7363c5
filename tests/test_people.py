"""People lie apart: a dossier knows pseudonyms, a directory the rest; who is taken out of it is forgotten, and no digest changes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import icalendar
import pytest
from conftest import kept

from agir_workflow.cli import main
from agir_workflow.errors import DossierError
from agir_workflow.people_file import read_people, without

PEOPLE = """# l'annuaire
[[person]]
id = "p-aaaa"
name = "Personne Une, maire"
mail = "une@example.org"

[[person]]
id = "p-bbbb"   # avec un commentaire
name = "Personne « Deux »"
mail = "deux@example.org"
phone = "01 00 00 00 00"

[[person]]
id = "p-cccc"
name = "Personne Trois"
"""
DOSSIER = """[dossier]
id = "d"
uid = "0d1f2c5e-6a0b-4d0e-9a51-7c2f5f1e2026"
start = 2026-09-01
[[theme]]
id = "emploi"
[answers]
membre_copil = [
    { id = "maire", siege = "Le maire", college = "collectivites", person = "p-aaaa" },
    { id = "club", siege = "Le club", college = "entreprises", person = "p-cccc", actor = "Club d'entreprises" },
]
participant = { emploi = [{ id = "asso", siege = "L'association", college = "associations", person = "p-bbbb" }] }
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("annuaire.toml").write_text(PEOPLE, encoding="utf-8")
    Path("d.toml").write_text(DOSSIER, encoding="utf-8")
    return tmp_path


REQUEST = ("--at", "2026-09-02", "ics", "d.toml", "--method", "request", "--organizer", "lead@example.org")


def called(data: bytes) -> dict[str, list[tuple[str, str]]]:
    out: dict[str, list[tuple[str, str]]] = {}
    for event in icalendar.Calendar.from_ical(kept("people", data)).walk("VEVENT"):
        found = event.get("ATTENDEE", [])
        out[str(event["X-AGIR-ID"])] = [(str(a), str(a.params.get("CN", ""))) for a in (found if isinstance(found, list) else [found])]
    return out


def test_each_meeting_calls_those_who_have_a_seat_there(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*REQUEST, "--people", "annuaire.toml", "-o", "r.ics"]) == 0
    found = called(Path("r.ics").read_bytes())
    assert found["copil/lancement"] == [("mailto:une@example.org", "Personne Une, maire")]
    assert found["gt1/emploi"] == [("mailto:deux@example.org", "Personne « Deux »")]
    assert all(found.values())
    assert "plenary/lancement" not in found  # nobody has a seat there
    said = capsys.readouterr().err
    assert "copil/lancement : sans adresse électronique dans annuaire.toml : p-cccc" in said


def meetings_of(who: str) -> set[str]:
    assert main(["--at", "2026-09-02", "ics", "d.toml", "--only", who, "-o", "o.ics"]) == 0
    return {str(e["X-AGIR-ID"]) for e in icalendar.Calendar.from_ical(kept("one", Path("o.ics").read_bytes())).walk("VEVENT")}


def test_one_person_or_organisation_has_the_meetings_of_its_seats_and_those_that_invite_its_role(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plenaries = {"plenary/lancement", "plenary/restitution"}
    groups = {"gt1/emploi", "gt2/emploi", "gt3/emploi"}
    mine, theirs = meetings_of("person:p-aaaa"), meetings_of("person:p-bbbb")
    assert theirs == plenaries | groups
    assert plenaries < mine
    assert {a.partition("/")[0] for a in mine - plenaries} == {"copil", "comite_suivi"}  # which invites the members of the copil
    assert meetings_of("org:Club d'entreprises") == mine
    assert main(["--at", "2026-09-02", "ics", "d.toml", "--only", "person:p-aaab", "-o", "n.ics"]) == 2
    assert "écrire person:p-aaaa" in capsys.readouterr().err
    assert not Path("n.ics").exists()


def test_nobody_to_call_is_said(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("d.toml").write_text(DOSSIER.replace('person = "p-', 'person = "q-'), encoding="utf-8")
    assert main([*REQUEST, "--people", "annuaire.toml", "-o", "r.ics"]) == 2
    assert "--people" in capsys.readouterr().err
    assert not Path("r.ics").exists()
    assert main([*REQUEST, "-o", "r.ics"]) == 2
    assert "--attendee" in capsys.readouterr().err


def test_a_person_erased_leaves_every_digest_as_it_was(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "d.toml"]) == 0

    def digests() -> tuple[str, ...]:
        capsys.readouterr()
        for argv in (["journal", "verify"], ["journal", "export"], ["export", "d"], ["--at", "2026-09-02", "check", "d", "--json"], ["--at", "2026-09-02", "ics", "d", "-o", "all.ics"]):
            assert main(argv) == 0
        return hashlib.sha256(capsys.readouterr().out.encode()).hexdigest(), hashlib.sha256(Path("all.ics").read_bytes()).hexdigest(), hashlib.sha256(Path("d.toml").read_bytes()).hexdigest()

    before = digests()
    assert main(["people", "erase", "annuaire.toml", "p-bbbb"]) == 0
    left = Path("annuaire.toml").read_text(encoding="utf-8")
    assert "Deux" not in left
    assert left == PEOPLE.replace(PEOPLE[PEOPLE.index('[[person]]\nid = "p-bbbb"') : PEOPLE.index('[[person]]\nid = "p-cccc"')], "")
    assert digests() == before
    for file in (*here.glob("agir.db*"), here / "d.toml", here / "all.ics"):
        assert [x for x in ("Personne Une", "Deux »", "@example.org") if x.encode() in file.read_bytes()] == []
    assert main([*REQUEST, "--people", "annuaire.toml", "-o", "r.ics"]) == 0
    assert "gt1/emploi" not in called(Path("r.ics").read_bytes())


def test_the_signature_and_line_ends_of_a_file_stay(here: Path) -> None:
    Path("annuaire.toml").write_bytes(b"\xef\xbb\xbf" + PEOPLE.replace("\n", "\r\n").encode())
    assert main(["people", "erase", "annuaire.toml", "p-cccc"]) == 0
    assert Path("annuaire.toml").read_bytes() == b"\xef\xbb\xbf" + PEOPLE[: PEOPLE.index('[[person]]\nid = "p-cccc"')].replace("\n", "\r\n").encode()


@pytest.mark.parametrize("text", ['person = [{ id = "p-aaaa", name = "Personne Une" }]\n', '[["person"]]\nid = "p-aaaa"\nname = "Personne Une"\n'])
def test_who_is_written_another_way_is_not_said_to_be_forgotten(text: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("annuaire.toml").write_text(text, encoding="utf-8")
    assert main(["people", "erase", "annuaire.toml", "p-aaaa"]) == 2
    out, err = capsys.readouterr()
    assert (out, "[[person]]" in err) == ("", True)
    assert Path("annuaire.toml").read_text(encoding="utf-8") == text


def test_a_mail_holds_no_control_character() -> None:
    with pytest.raises(DossierError, match=r"person\[0\].mail: .*U\+0007"):
        read_people(b'[[person]]\nid = "p-aaaa"\nmail = "a\\u0007b@example.org"\n')


def test_a_pseudonym_is_drawn_for_each_person(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["people", "add", "new.toml", "--name", "Quelqu'un \"d'ici\"", "--mail", "x@example.org"]) == 0
    first, second = capsys.readouterr().out.split()
    found = read_people(Path("new.toml").read_bytes())
    assert [p.id for p in found.persons] == [first, second]
    assert first != second
    assert found.persons[0].name == "Quelqu'un \"d'ici\""
    before = Path("new.toml").read_bytes()
    assert main(["people", "add", "new.toml", "--mail", "nulle part"]) == 2
    assert Path("new.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("change", "path", "line", "says"),
    [
        (('id = "p-aaaa"\n', ""), "person[0].id", 2, "clé manquante"),
        (("p-bbbb", "p-aaaa"), "person[1].id", 8, "deux fois"),
        (('mail = "deux', 'mial = "deux'), "person[1].mial", 10, "clé inconnue"),
        (("deux@example.org", "deux"), "person[1].mail", 10, "une adresse électronique"),
        (('phone = "01 00 00 00 00"', "phone = 100000000"), "person[1].phone", 11, "un texte"),
    ],
)
def test_a_directory_that_cannot_be_read_says_where(change: tuple[str, str], path: str, line: int, says: str) -> None:
    with pytest.raises(DossierError) as wrong:
        read_people(PEOPLE.replace(*change).encode(), "annuaire.toml")
    assert [(f.path, f.line, says in f.what.fr) for f in wrong.value.faults] == [(path, line, True)]


def test_who_is_not_there_cannot_be_erased() -> None:
    with pytest.raises(DossierError, match="p-aaaa"):
        without(PEOPLE, "p-aaab")
