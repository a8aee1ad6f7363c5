"""
Every kind of file that a person can hand in, by every class of fault: no cell is empty.

Dossier, method and calendar are in `test_bad_input`; here are the others, and the table that holds all of them. A cell
without a case says why such a fault cannot be.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import attrs
import pytest
import test_bad_input as base  # type: ignore[import-not-found]

ROOT = Path(__file__).parents[1]
TEMOIN, OVERLAY, HURRIED = (ROOT / "examples" / x for x in ("temoin", "overlay/territoire.toml", "hurried/dossier.toml"))
CLASSES = ("encoding", "bom", "syntax", "type", "range", "unknown", "duplicate", "dangling", "contradiction", "date", "size", "binary")
Case, case, both = base.Case, base.case, base.both
Cell = Case | str
"""A case; or why there can be none."""
READ_OVER = "read over: see test_a_byte_order_mark_is_read_over"

UTF8 = (both("UTF-8"), ("enregistrer", "save"))
TEXTFILE = (("un fichier de texte", "a text file"), ("vérifier", "check"))
JSONL = (TEMOIN / "journal.jsonl").read_bytes().splitlines(keepends=True)
ICS = (TEMOIN / "calendrier.ics").read_bytes()
TERRITORY = OVERLAY.read_bytes()
PTML = """<ptml>
<processTree id="t" root="a">
<sequence id="a" name=""/>
<manualTask id="b" name="A"/>
<parentsNode id="1" sourceId="a" targetId="b"/>
</processTree>
</ptml>
"""
XES = """<log>
<trace><string key="concept:name" value="1"/>
<event><string key="concept:name" value="A"/></event>
</trace>
</log>
"""
LOG = "case,activity,time\n1,A,2026-01-01\n"
PEOPLE = '[[person]]\nid = "p-1"\nname = "Rôle"\n'
TABLE = "quoi;date;lieu;présents\nCopil de cadrage;2026-01-20;mairie;\n"
FINDINGS = "dossier,code,subject,state,mark,change\nhurried,ACT012,copil/cadrage,violated,,\n"
FOLDER = "dossier,verdict,findings\nhurried,conforms,ACT012 @ copil/cadrage\n"
REPORT = '{"schema": "agir.report/1", "dossier": {"id": "hurried"}, "verdict": "conforms",\n"findings": [{"key": "ACT012 @ copil/cadrage", "state": "violated"}]}\n'
BASELINE = "hurried ACT012 @ copil/cadrage\n"


def text_cells(good: str, most: int) -> dict[str, Cell]:
    """What every text of ours answers to bytes that are none: its second line is broken."""
    data = good.encode()
    cut = data.index(b"\n") + 1
    size = case("size", data + b"# " + b"x" * most, None, "(file)", both(str(most)), "", ("vérifier", "check"))
    return {
        "encoding": case("encoding", data[:cut] + b"\xe9\xff\n" + data[cut:], 2, "(file)", *UTF8[:1], "0xE9", UTF8[1]),
        "binary": case("binary", data[:cut] + b"\x00\x01\n", 2, "(file)", TEXTFILE[0], str(cut), TEXTFILE[1]),
        "bom": READ_OVER, "size": size,
    }  # fmt: skip


def xml_cells(good: str, root: str) -> dict[str, Cell]:
    data, xml = good.encode(), ("XML bien formé", "well-formed XML")
    mend = ("corriger le XML", "mend the XML")
    return {
        "encoding": case("encoding", data.replace(b'"A"', b'"\xe9"'), data[: data.index(b'"A"')].count(b"\n") + 1, "(file)", xml, "", mend),
        "bom": READ_OVER, "binary": case("binary", b"PK\x03\x04\x00\x00", 1, "(file)", xml, "", mend),
        "syntax": case("syntax", data[:-8], 4 if root == "log" else 7, "(file)", xml, "", mend),
        "size": "read piece by piece, two billion bytes at most: too much for a test; what ends it is the same line as for the others",
    }  # fmt: skip


@attrs.frozen
class Kind:
    """A kind of file: a good one, the cells, and how it is handed in (what is laid beside it, and the command)."""

    good: bytes
    cells: Mapping[str, Cell]
    hand_in: Callable[[Path, bytes], tuple[Path, list[str]]]


def beside(name: str) -> Callable[[Path, bytes], tuple[Path, list[str]]]:
    def hand_in(tmp: Path, data: bytes) -> tuple[Path, list[str]]:
        folder = tmp / "d"
        shutil.copytree(TEMOIN, folder)
        (folder / name).write_bytes(data)
        return folder / name, ["--at", "2013-12-01", "check", str(folder)]

    return hand_in


def with_dossier(name: str, *argv: str) -> Callable[[Path, bytes], tuple[Path, list[str]]]:
    """`D` stands for the dossier, `F` for the file."""

    def hand_in(tmp: Path, data: bytes) -> tuple[Path, list[str]]:
        shutil.copy(HURRIED, tmp / "hurried.toml")
        (tmp / name).write_bytes(data)
        places = {"D": str(tmp / "hurried.toml"), "F": str(tmp / name), "O": str(tmp / "out")}
        return tmp / name, ["--at", "2026-02-10", *(places.get(a, a) for a in argv)]

    return hand_in


def aligned(name: str) -> Callable[[Path, bytes], tuple[Path, list[str]]]:
    def hand_in(tmp: Path, data: bytes) -> tuple[Path, list[str]]:
        tree, log = (tmp / name, tmp / "l.xes") if name.endswith("ptml") else (tmp / "t.ptml", tmp / name)
        tree.write_bytes(data if name.endswith("ptml") else PTML.encode())
        log.write_bytes(XES.encode() if name.endswith("ptml") else data)
        return tmp / name, ["align", "--tree", str(tree), "--log", str(log)]

    return hand_in


def alone(name: str, *argv: str) -> Callable[[Path, bytes], tuple[Path, list[str]]]:
    def hand_in(tmp: Path, data: bytes) -> tuple[Path, list[str]]:
        (tmp / name).write_bytes(data)
        return tmp / name, [*argv, str(tmp / name)]

    return hand_in


def territory(old: str, new: str, name: str, line: int, path: str, expected: tuple[str, str], found: str, mend: tuple[str, str]) -> Case:
    text = TERRITORY.decode()
    assert old in text
    return case(name, text.replace(old, new, 1), line, path, expected, found, mend)


def row(name: str, text: str, line: int | None, path: str, expected: tuple[str, str], found: str, mend: tuple[str, str]) -> Case:
    return case(name, text, line, path, expected, found, mend)


FAR, YEAR = both("1900"), ("corriger l'année", "mend the year")
WRITE, REMOVE = base.WRITE, base.REMOVE
AGAIN, EXPORT = ("agir check", "agir check"), ("exporter de nouveau", "export")
JSON_OBJECT = ("un objet JSON", "a JSON object")
TORN = "the chain of hashes tells it, in the verdict (PRV006): see test_beside"
PLAIN_NAMES = "its words are names that nothing declares"

KINDS: dict[str, Kind] = {
    "overlay": Kind(TERRITORY, text_cells(TERRITORY.decode(), base.LIMIT) | {
        "syntax": territory('version = 1', 'version = ', "syntax", 6, "(file)", ("valeur illisible", "Invalid value"), "version =", ("mettre", "put")),
        "type": territory('version = 1', 'version = "1"', "type", 6, "method.version", ("un entier", "a whole number"), "1", WRITE),
        "range": territory('version = 1', 'version = 0', "range", 6, "method.version", ("à partir de 1", "from 1"), "0", WRITE),
        "unknown": territory("[[profiles]]", "[[profile]]", "unknown", 12, "profile", ("clé inconnue", "unknown key"), "profile", both("profiles")),
        "duplicate": territory("group_info", "group_ok", "duplicate", 17, "(file)", ("clé dite deux fois", "overwrite"), "group_ok", REMOVE),
        "dangling": territory('"copil_mi_parcours"', '"copil_mi_parcour"', "dangling", 24, "remove.leaves", ("clé inconnue", "unknown key"), "copil_mi_parcour", both("copil_mi_parcours")),
        "contradiction": territory('tree = ["midcourse"]\n', "", "contradiction", 20, "tree.midcourse", ("n'atteint pas", "does not reach"), "midcourse", ("le nommer", "name it")),
        "date": row("date", TERRITORY.decode() + '\n[[requirements]]\ncode = "CAL004"\nin = "0001"\n', 30, "requirements[0].in", FAR, "0001", YEAR),
    }, alone("o.toml", "method", "check")),
    "profile": Kind(TERRITORY, dict.fromkeys(("encoding", "bom", "size", "binary"), "a table of a method or an overlay: theirs is the file") | {
        "syntax": territory("group_ok = [6, 15]", "group_ok = [6, 15", "syntax", 17, "(file)", ("liste non fermée", "Unclosed array"), "group_info", ("fermer", "close")),
        "type": territory("group_ok = [6, 15]", 'group_ok = "six"', "type", 16, "profiles[0].group_ok", ("deux entiers", "two whole numbers"), "six", WRITE),
        "range": territory("group_ok = [6, 15]", "group_ok = [15, 6]", "range", 16, "profiles[0].group_ok", ("le plus petit d'abord", "the smaller first"), "", WRITE),
        "unknown": territory("group_ok = [6, 15]", "grup_ok = [6, 15]", "unknown", 16, "profiles[0].grup_ok", ("clé inconnue", "unknown key"), "grup_ok", both("group_ok")),
        "duplicate": territory("group_ok = [6, 15]", "group_ok = [6, 15]\ngroup_ok = [6, 16]", "duplicate", 17, "(file)", ("clé dite deux fois", "overwrite"), "group_ok", REMOVE),
        "dangling": territory('default_profile = "territoire"', 'default_profile = "teritoire"', "dangling", 10, "method.default_profile", ("n'est pas un nom connu", "unknown"), "teritoire", both("territoire")),
        "contradiction": territory('extends = "rameau-default"', 'extends = "territoire"', "contradiction", 14, "profiles[0].extends", ("un autre profil", "another profile"), "territoire", both("rameau-default")),
        "date": territory("group_ok = [6, 15]", 'closures = [{ label = { fr = "x", en = "x" }, from = 1999-12-20, to = 9999-01-02 }]', "date", 16, "profiles[0].closures[0].to", FAR, "9999-01-02", YEAR),
    }, alone("o.toml", "method", "check")),
    "people": Kind(PEOPLE.encode(), text_cells(PEOPLE, base.LIMIT) | {
        "syntax": row("syntax", "[[person]\n", 1, "(file)", both("]]"), "[[person]", WRITE),
        "type": row("type", PEOPLE + "phone = 33\n", 4, "person[0].phone", ("un texte", "a text"), "33", WRITE),
        "range": row("range", PEOPLE.replace("Rôle", "x" * 20_001), 3, "person[0].name", both("20000"), "20001", ("raccourcir", "shorten")),
        "unknown": row("unknown", PEOPLE + 'nam = "x"\n', 4, "person[0].nam", ("clé inconnue", "unknown key"), "nam", both("name")),
        "duplicate": row("duplicate", PEOPLE + PEOPLE, 5, "person[1].id", ("une fois", "once"), "p-1", both("agir people add")),
        "dangling": "a pseudonym refers to nothing; that none has a seat is said of --people (test_people)",
        "contradiction": row("contradiction", PEOPLE + 'mail = "personne"\n', 4, "person[0].mail", ("une adresse électronique", "a mail address"), "personne", both("@")),
        "date": "a directory holds no dates",
    }, with_dossier("p.toml", "ics", "D", "--method", "request", "--organizer", "a@example.org", "--people", "F", "-o", "O")),
    "table": Kind(TABLE.encode(), text_cells(TABLE, base.LIMIT) | {
        "encoding": "a table of another encoding is read as what it likely is, Windows-1252 (test_csv); UTF-16 is refused below",
        "syntax": row("syntax", TABLE + '"x;2026-01-21;;\n', 3, "(file)", ("du CSV", "CSV"), "", ("guillemets", "quotes")),
        "type": row("type", TABLE.replace("mairie;", "mairie;associations : beaucoup"), 2, "présents", ("un nombre", "a number"), "beaucoup", WRITE),
        "range": row("range", TABLE.replace("2026-01-20", "1492-01-20"), 2, "date", base.DATE, "1492-01-20", WRITE),
        "unknown": row("unknown", TABLE.replace("quoi;", "quooi;"), 1, "quooi", ("un en-tête connu", "a known header"), "quooi", ("« quoi »", "'what'")),
        "duplicate": row("duplicate", TABLE.replace("lieu;", "date;"), 1, "date", ("une fois", "once"), "date", REMOVE),
        "dangling": row("dangling", TABLE.replace("Copil de cadrage", "GT1 — Culture"), 2, "quoi", ("le nom d'une étape", "the name of a step"), "GT1 — Culture", WRITE),
        "contradiction": row("contradiction", TABLE + "Copil de cadrage;2026-01-20;mairie;\n", 3, "(line)", ("déjà tenue", "Held on that day already"), "copil/cadrage", REMOVE),
        "date": row("date", TABLE.replace("2026-01-20", "2026-02-30"), 2, "date", base.DATE, "2026-02-30", WRITE),
    }, with_dossier("t.csv", "import", "F", "--into", "D")),
    "xes": Kind(XES.encode(), xml_cells(XES, "log") | {
        "type": row("type", XES.replace("<log>", "<logs>").replace("</log>", "</logs>"), 1, "logs", both("<log>"), "<logs>", ("XES", "XES")),
        "range": "an event is a name, of any length; nothing in it is counted",
        "unknown": "a log may hold whatever its maker wants, and names that the tree does not know: they cost a move",
        "duplicate": row("duplicate", XES.replace("</event>", '<string key="concept:name" value="B"/></event>'), 3, "event", ("un seul concept:name", "one concept:name"), "", REMOVE),
        "dangling": row("dangling", XES.replace(' key="concept:name" value="A"', ""), 3, "event", both("concept:name"), "", ("ajouter", "add")),
        "contradiction": row("contradiction", XES.replace("<trace>", "").replace("</trace>", ""), 3, "event", ("une trace", "a trace"), "", both("<trace>")),
        "date": "the order of a log in XES is that of the file; its times are not read",
    }, aligned("l.xes")),
    "ptml": Kind(PTML.encode(), xml_cells(PTML, "ptml") | {
        "type": row("type", PTML.replace("ptml>", "pnml>"), 1, "pnml", both("<ptml>"), "<pnml>", both("PTML")),
        "range": row("range", PTML.replace("sequence", "xorLoop"), 3, "xorLoop", ("deux ou trois enfants", "two or three children"), "1", both("parentsNode")),
        "unknown": row("unknown", PTML.replace("sequence", "sequenz"), 3, "sequenz", ("un bloc connu", "a known block"), "<sequenz>", both("sequence")),
        "duplicate": row("duplicate", PTML.replace('id="b"', 'id="a"'), 4, "manualTask.id", ("un id libre", "an id that is free"), "a", ("un id à lui", "of its own")),
        "dangling": row("dangling", PTML.replace('targetId="b"', 'targetId="z"'), 5, "parentsNode", ("l'id d'un bloc", "the id of a block"), "z", both("targetId")),
        "contradiction": row("contradiction", PTML.replace('targetId="b"', 'targetId="a"'), 5, "parentsNode", ("un bloc sans place", "a block without a place"), "a", ("un parent", "one parent")),
        "date": "a tree holds no dates",
    }, aligned("t.ptml")),
    "log": Kind(LOG.encode(), text_cells(LOG, base.LIMIT) | {
        "size": case("size", LOG.encode() + b"x" * 1_000_001, 3, "(file)", both("1000000"), "", ("vérifier", "check")),
        "binary": case("binary", LOG.encode() + b"\x00\n", 3, "(file)", TEXTFILE[0], "0", TEXTFILE[1]),
        "syntax": row("syntax", LOG + '"2,A,2026-01-01\n', 3, "(file)", ("du CSV", "CSV"), "", ("guillemets", "quotes")),
        "type": row("type", LOG.replace("2026-01-01", "hier"), 2, "time", ("une heure qui existe", "a time that exists"), "hier", WRITE),
        "range": row("range", LOG.replace("2026-01-01", "0000-01-01"), 2, "time", ("une heure qui existe", "a time that exists"), "0000", WRITE),
        "unknown": row("unknown", LOG.replace("case", "cas"), 1, "case", ("une colonne", "a column"), "cas,", both("case,activity,time")),
        "duplicate": row("duplicate", LOG.replace("time", "activity"), 1, "activity", ("une fois", "once"), "activity", REMOVE),
        "dangling": row("dangling", LOG.replace("1,A", "1,"), 2, "activity", ("une valeur", "a value"), "", ("ôter", "remove")),
        "contradiction": row("contradiction", LOG + "1,B,2026-01-02T10:00:00Z\n", None, "time", ("avec et sans fuseau", "with and without a zone"), "1", ("fuseau", "zone")),
        "date": row("date", LOG.replace("2026-01-01", "2026-02-30"), 2, "time", ("une heure qui existe", "a time that exists"), "2026-02-30", WRITE),
    }, aligned("l.csv")),
    "journal": Kind(b"".join(JSONL), text_cells(b"".join(JSONL).decode(), base.LIMIT) | {
        "syntax": row("syntax", JSONL[0].decode() + "{\n", 2, "(line)", JSON_OBJECT, "{", EXPORT),
        "type": case("type", JSONL[0].replace(b'"v":1', b'"v":"1"'), 1, "v", ("un nombre entier", "a whole number"), "1", ("sans guillemets", "without quotes")),
        "range": TORN, "duplicate": TORN, "dangling": TORN, "contradiction": TORN, "date": TORN,
        "unknown": case("unknown", JSONL[0].replace(b'"v":1', b'"v":1,"vv":2'), 1, "vv", ("clé inconnue", "unknown key"), "vv", ("« v »", "'v'")),
    }, beside("journal.jsonl")),
    "calendar beside": Kind(ICS, text_cells(ICS.decode(), base.LIMIT) | {
        "syntax": case("syntax", ICS.replace(b"BEGIN:VEVENT", b"BEGIN VEVENT", 1), ICS[: ICS.index(b"BEGIN:VEVENT")].count(b"\n") + 1, "VCALENDAR", both("NAME:VALUE"), "BEGIN VEVENT", EXPORT),
        "date": case("date", re.sub(rb"DTSTART;VALUE=DATE:\d+", b"DTSTART;VALUE=DATE:20120230", ICS, count=1), ICS[: ICS.index(b"DTSTART;VALUE=DATE")].count(b"\n") + 1,
                     "VEVENT.DTSTART", ("un jour qui existe", "a day that exists"), "20120230", WRITE),
        "type": case("type", re.sub(rb"DTSTART;VALUE=DATE:\d+", b"DTSTART;VALUE=DATE:bientot", ICS, count=1), ICS[: ICS.index(b"DTSTART;VALUE=DATE")].count(b"\n") + 1,
                     "VEVENT.DTSTART", ("un jour qui existe", "a day that exists"), "bientot", WRITE),
        "range": case("range", re.sub(rb"DTSTART;VALUE=DATE:\d+", b"DTSTART;VALUE=DATE:00010101", ICS, count=1), ICS[: ICS.index(b"DTSTART;VALUE=DATE")].count(b"\n") + 1,
                      "VEVENT.DTSTART", both("1900"), "0001-01-01", ("corriger", "mend")),
        "unknown": "what another calendar holds besides is its own affair", "duplicate": "the verdict tells it (CAL010): see test_beside",
        "dangling": "an event of nobody is a foreign one: the verdict tells it (CAL010)", "contradiction": "the verdict tells it (CAL010): see test_beside",
    }, beside("calendrier.ics")),
    "baseline": Kind(BASELINE.encode(), text_cells(BASELINE, 100_000_000) | {
        "size": "more than a hundred million bytes: too much for a test; the bound is that of `decoded`, as for the others",
        "syntax": row("syntax", BASELINE + "bonjour\n", 2, "(line)", both("CODE @ "), "bonjour", both("--write-baseline")),
        "type": row("type", BASELINE + "hurried 12\n", 2, "(line)", both("CODE @ "), "hurried 12", both("--write-baseline")),
        "range": "its lines are names", "date": "it holds no dates",
        "unknown": "a code that no rule has is told by the verdict (MET005): see test_baseline",
        "duplicate": row("duplicate", BASELINE * 2, 2, "(line)", ("une fois", "once"), "hurried ACT012", REMOVE),
        "dangling": "what no longer fires is told by the verdict (MET001): see test_baseline",
        "contradiction": row("contradiction", BASELINE + "a ACT012 @ x\n", 2, "(line)", ("triées", "sorted"), "a ACT012 @ x", ("trier", "sort")),
    }, with_dossier("b.txt", "check", "D", "--baseline", "F")),
    "former json": Kind(REPORT.encode(), text_cells(REPORT, 500_000_000) | {
        "size": "more than five hundred million bytes: too much for a test; the bound is that of `decoded`, as for the others",
        "syntax": row("syntax", REPORT + "{", 3, "(file)", both("JSON"), "{", AGAIN),
        "type": row("type", REPORT.replace('"conforms"', "5"), None, "verdict", ("l'un de", "one of"), "5", AGAIN),
        "range": row("range", REPORT.replace('"id": "hurried"', '"id": ""'), None, "dossier.id", ("un texte", "a text"), "", AGAIN),
        "unknown": row("unknown", REPORT.replace("agir.report/1", "agir.report/9"), 1, "schema", both("agir.report/1"), "agir.report/9", AGAIN),
        "duplicate": "two files of one folder may give the same id: what was told of either is known",
        "dangling": row("dangling", REPORT.replace('"key": "ACT012 @ copil/cadrage", ', ""), None, "findings[0].key", ("un texte", "a text"), "", AGAIN),
        "contradiction": "only verdicts and keys are read, and neither says anything of the other", "date": "its dates are not read",
    }, with_dossier("f.json", "check", "D", "--fail-on", "never", "--since", "F")),
    "former csv": Kind(FINDINGS.encode(), text_cells(FINDINGS, 500_000_000) | {
        "size": "more than five hundred million bytes: too much for a test; the bound is that of `decoded`, as for the others",
        "syntax": row("syntax", FINDINGS + '"' + "x" * 140_000, 3, "(file)", both("CSV"), "xxx", AGAIN),
        "type": row("type", FOLDER.replace("conforms", "oui"), 2, "verdict", ("l'un de", "one of"), "oui", AGAIN),
        "range": "its cells are names", "date": "its dates are not read",
        "unknown": row("unknown", FINDINGS.replace("code,", "cod,"), 1, "(file)", ("les colonnes", "the columns"), "cod,", AGAIN),
        "duplicate": "two files of one folder may give the same id: what was told of either is known",
        "dangling": row("dangling", FINDINGS.replace("ACT012", ""), 2, "code", ("un texte", "a text"), "", AGAIN),
        "contradiction": "only verdicts and keys are read, and neither says anything of the other",
    }, with_dossier("f.csv", "check", "D", "--fail-on", "never", "--since", "F")),
}  # fmt: skip
"""PNML is written and never read; a folder of documents is a set of digests, whose faults the verdict tells (CAD, PRV005)."""

ELSEWHERE = {
    "dossier": ("encoding", "bom", "syntax", "wrong type", "too many minutes", "unknown key", "id said twice", "dangling reference", "an interval backwards", "impossible date", "size", "binary"),
    "method": ("encoding", "bom", "syntax", "wrong type", "out of range", "unknown key", "duplicate", "dangling reference", "contradiction", None, "size", "binary"),
    "ics": ("encoding", "bom", "a line without colon", "no date", "out of range", "unknown zone", None, None, "end before start", "impossible date", "size", "binary"),
}
"""The names of the cases of `test_bad_input`, in the order of the classes; None: a method holds no dates, and foreign events may come twice and refer to what they want."""

ALL = [(kind, c) for kind in KINDS for c in CLASSES if isinstance(KINDS[kind].cells.get(c), Case)]


def test_no_cell_is_empty() -> None:
    for kind, found in KINDS.items():
        assert set(found.cells) == set(CLASSES), kind
    for kind, names in ELSEWHERE.items():
        known = {c.name for c in base.KINDS[kind][0]} | {"bom"}
        assert len(names) == len(CLASSES)
        assert {n for n in names if n} <= known, kind


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(("kind", "name"), ALL, ids=[f"{k}-{c}".replace(" ", "_") for k, c in ALL])
def test_each_cell(kind: str, name: str, lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found, c = KINDS[kind], KINDS[kind].cells[name]
    assert isinstance(c, Case)
    file, argv = found.hand_in(tmp_path, c.data)
    code, out, err = base.run(capsys, "--lang", lang, *argv)
    assert code == 2, err
    pick = 0 if lang == "fr" else 1
    where = f"{file}:{c.line}: {c.path}" if c.line else f"{file}: {c.path}"
    said = [x for x in (out + err).splitlines() if where in x]
    assert said, f"{where} not in:\n{out}{err}"
    assert any(c.expected[pick] in x.partition(" → ")[0] and c.found in x.partition(" → ")[0] and c.mend[pick] in x.partition(" → ")[2] for x in said), "\n".join(said)
    assert file.read_bytes() == c.data


@pytest.mark.parametrize("kind", [k for k in KINDS if KINDS[k].cells["bom"] == READ_OVER])
def test_a_byte_order_mark_is_read_over(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = []
    for n, data in enumerate((KINDS[kind].good, b"\xef\xbb\xbf" + KINDS[kind].good)):
        place = tmp_path / str(n)
        place.mkdir()
        code, out, err = base.run(capsys, *KINDS[kind].hand_in(place, data)[1])
        answers.append((code, (out + err).replace(str(place), "")))
    assert answers[0] == answers[1]
    assert answers[0][0] in (0, 2 if kind == "people" else 0), "the good file is good"


MANY = {
    "people": ('[[person]]\nid = 5\nmail = "x"\nnam = "y"\n', 3),
    "table": (TABLE + "GT9;2026-02-30;;\n", 2),
    "log": ("case,activity,time\n,A,2026-01-01\n1,,2026-01-01\n1,A,hier\n", 3),
    "xes": (XES.replace("</trace>", "<event/><event/></trace>"), 2),
    "ptml": (PTML.replace("sequence", "sequenz").replace("manualTask", "task"), 2),
    "journal": ("{\nx\n[]\n", 3),
    "baseline": ("a\nb\n" + BASELINE * 2, 3),
    "former json": ('{"schema": "agir.report/1", "dossier": {}, "verdict": 1, "findings": [{}, 3]}', 6),
    "former csv": (FOLDER + "a,oui,\nb,non,\n", 2),
    "overlay": (TERRITORY.decode().replace("[[profiles]]", "[[profile]]").replace('"copil_mi_parcours"', '"x"').replace("version = 1", "version = 0"), 3),
}  # fmt: skip
"""Files with several faults, and how many."""


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("kind", MANY)
def test_all_faults_of_a_file_in_one_run(kind: str, lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, faults = MANY[kind]
    file, argv = KINDS[kind].hand_in(tmp_path, text.encode())
    code, out, err = base.run(capsys, "--lang", lang, *argv)
    assert code == 2
    assert sum(line.startswith(str(file)) and " → " in line for line in (out + err).splitlines()) >= faults, out + err
