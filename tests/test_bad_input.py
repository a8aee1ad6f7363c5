"""
Bad input gets a clear answer: where, what was expected, what was found, how to mend it; all at once, in both languages.

A table of kinds of file by classes of fault, then files with many faults, then files mutated at random.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import re
import sqlite3
import unicodedata
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agir_workflow.cli import main
from agir_workflow.conformance import check
from agir_workflow.dossier_file import read_dossier, write_dossier
from agir_workflow.engine import outlook
from agir_workflow.errors import AgirError, DossierError, FaultyFileError, PlanningError
from agir_workflow.facts import Declare, Fill
from agir_workflow.ics_file import busy_days
from agir_workflow.method_file import load_method, packaged, read_method
from agir_workflow.planning.make import plan
from agir_workflow.toml_file import LIMIT

ROOT = Path(__file__).parents[1]
CHARENTON = ROOT / "examples" / "charenton" / "dossier.toml"
HURRIED = ROOT / "examples" / "hurried" / "dossier.toml"
STAGES = ROOT / "examples" / "stage_gate"
METHOD = Path(load_method.__code__.co_filename).parent / "methods" / "agir_ensemble.toml"


@attrs.frozen
class Case:
    """What is in the file; the line and path of its fault; what is said, in French and in English, of the three."""

    name: str
    data: bytes
    line: int | None
    path: str
    expected: tuple[str, str]
    found: str
    mend: tuple[str, str]


def case(name: str, data: str | bytes, line: int | None, path: str, expected: tuple[str, str], found: str, mend: tuple[str, str]) -> Case:
    return Case(name, data.encode() if isinstance(data, str) else data, line, path, expected, found, mend)


def both(text: str) -> tuple[str, str]:
    return text, text


HEAD = '[dossier]\nid = "d"\nstart = 2026-01-12\n'
DATE = ("une date", "a date")
TEXT = ("un texte", "a text")
WRITE = ("écrire", "write")
REMOVE = ("ôter", "remove")


def fact(**said: str) -> str:
    """A whole dossier with one fact, which begins on line 9."""
    known = {"fact": '"hold"', "address": '"copil/cadrage"', "on": "2026-02-03"} | said
    lines = [f"{k} = {v}" for k, v in known.items() if v]
    return HEAD + '[[theme]]\nid = "emploi"\n\n\n[[facts]]\n' + "\n".join(lines) + "\n"


TOLD = '{ fact = "hold", address = "copil/cadrage", on = 2026-02-03 },'
DOSSIERS = [
    case("encoding", b"[dossier]\nid = \"caf\xe9\"\n", 2, "(file)", both("UTF-8"), "0xE9", ("enregistrer", "save")),
    case("utf-16", "[dossier]\n".encode("utf-16"), 1, "(file)", both("UTF-8"), "UTF-16", ("enregistrer", "save")),
    case("binary", b"[dossier]\n\x00\x01\x02", 2, "(file)", ("un fichier de texte", "a text file"), "10", ("vérifier", "check")),
    case("syntax", HEAD + "titre\n", 4, "(file)", ("« = » après la clé", "'=' after a key"), "titre", ("clé = valeur", "key = value")),
    case("unclosed", HEAD + 'title = "abc\n', 4, "(file)", ("caractère interdit", "Illegal character"), 'title = "abc', REMOVE),
    case("said twice", HEAD + 'id = "e"\n', 4, "(file)", ("clé dite deux fois", "overwrite"), 'id = "e"', REMOVE),
    case("impossible date", "[dossier]\nstart = 2026-02-30\n", 2, "(file)", ("date impossible", "Invalid date"), "2026-02-30", ("un jour qui existe", "that exists")),
    case("a number of 5,000 digits", HEAD + f"x = {'9' * 5000}\n", 4, "(file)", both("2^53-1"), "x = 999", WRITE),
    case("a huge hexadecimal number", HEAD + f"x = 0x{'f' * 5000}\n", 4, "dossier.x", both("2^53-1"), "", WRITE),
    case("size", HEAD + "# " + "x" * LIMIT, None, "(file)", both(str(LIMIT)), "", ("vérifier", "check")),
    case("deep brackets", HEAD + "x = " + "[" * 5000 + "]" * 5000, None, "(file)", ("imbriquées", "nested"), "", ("aplatir", "flatten")),
    case("deep dots", HEAD + ".".join("a" * 200) + " = 1\n", 4, "dossier.a.a.a", ("imbriquées", "nested"), "", ("aplatir", "flatten")),
    case("no head", "[answers]\n", None, "dossier", ("une table", "a table"), "", ("ajouter", "add")),
    case("no start", '[dossier]\nid = "d"\n', 1, "dossier.start", DATE, "", ("ajouter start", "add start")),
    case("wrong type", HEAD + "title = 3\n", 4, "dossier.title", TEXT, "3", WRITE),
    case("true for a text", HEAD + "title = true\n", 4, "dossier.title", TEXT, "'true'", WRITE),
    case("a list for a day", "[dossier]\nstart = [2026-01-12]\n", 2, "dossier.start", DATE, "list", WRITE),
    case("an answer of a hard space", HEAD + "[[theme]]\nid = 'a'\n[[facts]]\nfact = 'convene'\naddress = 'copil/cadrage'\non = 2026-02-03\nargs = { day = 2026-02-10, urgent = '\u00a0' }\n", 6, "facts[0].urgent", ("urgence sans raison", "urgent without a reason"), "", ("dire pourquoi", "say why")),
    case("a list for a text", HEAD + 'title = ["a"]\n', 4, "dossier.title", TEXT, "list", WRITE),
    case("a table for a list of tables", HEAD + "[theme]\nid = 'x'\n", 4, "theme", ("une liste", "a list"), "tab", WRITE),
    case("answers that are a number", "answers = 5\n" + HEAD, 1, "answers", ("une table", "a table"), "5", WRITE),
    case("an instant for a start", "[dossier]\nstart = 2026-01-12T10:00:00\n", 2, "dossier.start", ("une date sans heure", "without an hour"), "2026-01-12 10:00", ("écrire 2026-01-12", "write 2026-01-12")),
    case("a start out of range", "[dossier]\nstart = 0001-01-01\n", 2, "dossier.start", both("1900"), "0001-01-01", ("corriger l'année", "mend the year")),
    case("an interval backwards", "[dossier]\nstart = { from = 2026-02-01, to = 2026-01-01 }\n", 2, "dossier.start", ("dans l'ordre", "in order"), "2026-02-01", WRITE),
    case("no date at all", '[dossier]\nstart = "2026-13"\n', 2, "dossier.start", DATE, "2026-13", WRITE),
    case("unknown method", HEAD + 'method = "agir_ensembl"\n', 4, "dossier.method", ("inconnu", "unknown"), "agir_ensembl", ("agir_ensemble", "agir_ensemble")),
    case("method file missing", HEAD + 'method = "no.toml"\n', 4, "dossier.method", ("introuvable", "no such file"), "no.toml", ("vérifier", "check")),
    case("unknown profile", HEAD + 'profile = "rameau"\n', 4, "dossier.profile", ("inconnu", "unknown"), "rameau", ("rameau-default", "rameau-default")),
    case("unknown regime", HEAD + 'regime = "usages"\n', 4, "dossier.regime", ("inconnu", "unknown"), "usages", ("écrire usage", "write usage")),
    case("unknown zone", HEAD + 'zone = "Europe/Pari"\n', 4, "dossier.zone", ("inconnu", "unknown"), "Europe/Pari", ("Europe/Paris", "Europe/Paris")),
    case("unknown language", HEAD + 'language = "de"\n', 4, "dossier.language", ("inconnu", "unknown"), "de", ("fr ou en", "fr or en")),
    case("no uuid", HEAD + 'uid = "1234"\n', 4, "dossier.uid", both("UUID"), "1234", ("coller", "paste")),
    case("an id that is a path", '[dossier]\nid = "../x"\nstart = 2026-01-12\n', 2, "dossier.id", ("lettres, chiffres", "letters, digits"), "../x", ("raccourcir", "shorten")),
    case("unknown table", HEAD + "[[themes]]\nid = 'x'\n", 4, "themes", ("clé inconnue", "unknown key"), "themes", ("écrire theme", "write theme")),
    case("unknown key", HEAD + "stat = 2026-01-01\n", 4, "dossier.stat", ("clé inconnue", "unknown key"), "stat", ("écrire start", "write start")),
    case("unknown answer", HEAD + "[answers]\nperimetr = 'x'\n", 5, "answers.perimetr", ("clé inconnue", "unknown key"), "perimetr", ("écrire perimetre", "write perimetre")),
    case("answer of another type", HEAD + "[answers]\nperimetre = 75\n", 5, "answers.perimetre", TEXT, "75", WRITE),
    case("a table for a word", HEAD + "[[pilot]]\nid = 'p'\ncollege = { x = 1 }\n", 6, "pilot[0].college", ("un nom est attendu, non une table", "a name is expected, not a table"), "", both('"entreprises"')),
    case("a truth for a word", HEAD + "[answers]\nmotif = [{ texte = 'x', acteur = true }]\n", 5, "answers.motif[0].acteur", ("un nom", "a name"), "true", both('"entreprises"')),
    case("a day for an instance", HEAD + "[[pilot]]\nid = 'p'\n[answers]\nattribution = [{ tache = 'inviter', pilote = 2026-01-12, axe = 'contenu' }]\n", 7, "answers.attribution[0].pilote", ("un nom", "a name"), "2026-01-12", both('"p"')),
    case("a number for a duration", HEAD + "[answers]\nduree = 3\n", 5, "answers.duree", ("une durée", "a duration"), "3", ("1y", "1y")),
    case("a duration of two thousand years", HEAD + f"[answers]\nduree = '{'1y' * 2000}'\n", 5, "answers.duree", ("durée", "duration"), "1y1y", ("1y", "1y")),
    case("a float", HEAD + "[answers]\nperimetre = 3.5\n", 5, "answers.perimetre", TEXT, "3.5", WRITE),
    case("no duration", HEAD + "[answers]\nduree = 'longue'\n", 5, "answers.duree", ("durée", "duration"), "longue", ("1y", "1y")),
    case("a text too long", HEAD + f"[answers]\nperimetre = '{'x' * 20_001}'\n", 5, "answers.perimetre", both("20000"), "20001", ("raccourcir", "shorten")),
    case("a control character", HEAD + '[answers]\nperimetre = "a\\u001b[31mb"\n', 5, "answers.perimetre", ("contrôle", "control"), "U+001B", REMOVE),
    case("a blank id", HEAD + "[[theme]]\nid = ''\n", 5, "theme[0].id", ("lettres, chiffres", "letters, digits"), "", ("raccourcir", "shorten")),
    case("an id with a blank", HEAD + "[[theme]]\nid = 'a b'\n", 5, "theme[0].id", ("lettres, chiffres", "letters, digits"), "a b", ("raccourcir", "shorten")),
    case("id said twice", HEAD + "[[theme]]\nid = 'a'\n[[theme]]\nid = 'a'\n", 7, "theme[1].id", ("déjà dit ligne 4", "already said on line 4"), "theme/a", REMOVE),
    case("dangling reference", HEAD + "[[pilot]]\nid = 'p'\ncollege = 'entreprise'\n", 6, "pilot[0].college", ("inconnu", "unknown"), "entreprise", both("entreprises")),
    case("dangling subject", HEAD + "[answers]\npositionnement = { moi = { position = 'x' } }\n", 5, "answers.positionnement.moi", ("inconnu", "unknown"), "moi", ("", "")),
    case("a list for one answer", HEAD + "[answers]\nduree = ['1y', '2y']\n", 5, "answers.duree", ("une seule valeur", "one value"), "", ("ôter les crochets", "remove the brackets")),
    case("a place in another kind that there is not", fact(fact='"declare"', address='"theme/x"', inside='"y"'), 12, "facts[0].inside", ("aucune autre sorte", "no other kind"), "theme", REMOVE),
    case("reserves without a decision", fact(reserves='["Trouver une salle"]'), 12, "facts[0].reserves", ("sans décision", "without a decision"), "", ("ajouter decision", "add decision")),
    case("a seat withdrawn that nobody has", fact(withdrawn='["moi"]'), 12, "facts[0].withdrawn[0]", ("inconnu", "unknown"), "moi", ("déclarer", "declare")),
    case("a date of two thousand years", fact(on=f'"{"2012/" * 2000}"'), 11, "facts[0].on", DATE, "2012/2012", WRITE),
    case("a sitting without its number", fact(address='"copil/cadrage#"'), 10, "facts[0].address", ("inconnu", "unknown"), "copil/cadrage#", both("copil/cadrage")),
    case("an address with a hard space", fact(address='"gt1/em\u00a0plo"'), 10, "facts[0].address", ("inconnu", "unknown"), "em\u00a0plo", both("emploi")),
    case("an address on two lines", fact(address='"zz\\nyy"'), 10, "facts[0].address", ("inconnu", "unknown"), "zz\\nyy", ("connus", "known")),
    case("tables that share a line", f'dossier = {{ id = "d", start = 2026-01-12 }}\nfacts = [{TOLD}\n  {TOLD} {TOLD.replace("hold", "hodl")}\n]\n', 3, "facts[2].fact", ("inconnu", "unknown"), "hodl", ("écrire hold", "write hold")),
    case("proxies below none", fact(mandates="-3"), 12, "facts[0].mandates", ("nombre de mandats", "number of proxies"), "", ("0 ou plus", "0 or more")),
    case("unknown verb", fact(fact='"hodl"'), 9, "facts[0].fact", ("inconnu", "unknown"), "hodl", ("écrire hold", "write hold")),
    case("a verb under another key", fact(fact='"hold"').replace("fact = ", "verb = "), 9, "facts[0].verb", ("attendu : fact", "expected fact"), "verb", both('fact = "hold"')),
    case("instances under a word of people", HEAD + "[[thematiques]]\nid = 'x'\n", 4, "thematiques", ("clé inconnue", "unknown key"), "thematiques", ("écrire [[theme]]", "write [[theme]]")),
    case("an answer in the head", HEAD + 'perimetre = "x"\n', 4, "dossier.perimetre", ("une réponse", "an answer"), "perimetre", both("[answers]")),
    case("an answer before the tables", 'perimetre = "x"\n' + HEAD, 1, "perimetre", ("une réponse", "an answer"), "perimetre", both("[answers]")),
    case("no verb", fact(fact='"hold"').replace('fact = "hold"', 'done = "yes"'), 8, "facts[0].fact", ("ce qui s'est passé", "what happened"), "", ('fact = "hold" ;', 'fact = "hold";')),
    case("an address under another key", fact(fact='"hold"').replace("address = ", "adresse = "), 10, "facts[0].adresse", ("attendu : address", "expected address"), "adresse", ("écrire address", "write address")),
    case("a verb that does not suit", fact(fact='"deliver"'), 9, "facts[0].fact", ("ne convient pas", "does not suit"), "deliver", WRITE),
    case("unknown address", fact(address='"gt1/emplo"'), 10, "facts[0].address", ("inconnu", "unknown"), "emplo", both("emploi")),
    case("a sitting that is no number", fact(address='"copil/cadrage#²"'), 10, "facts[0].address", ("inconnu", "unknown"), "copil/cadrage#²", both("copil/cadrage")),
    case("a fact without day", fact(on=""), 8, "facts[0].on", ("date manquante", "day is missing"), "", ("ajouter on", "add on")),
    case("a fact at an instant", fact(on="2026-02-03T10:00:00Z"), 11, "facts[0].on", ("sans heure", "without an hour"), "2026-02-03", ("écrire 2026-02-03", "write 2026-02-03")),
    case("a fact of another age", fact(on='"9999"'), 11, "facts[0].on", both("2199"), "9999", ("corriger l'année", "mend the year")),
    case("recorded before it happened", fact(recorded="2026-01-01T10:00:00Z"), 11, "facts[0].on", ("avant le 2026-02-03", "before 2026-02-03"), "2026-01-01", ("corriger", "mend")),
    case("recorded without zone", fact(recorded="2026-03-01T10:00:00"), 12, "facts[0].recorded", ("un instant", "an instant"), "2026-03-01", WRITE),
    case("too few minutes", fact(minutes="0"), 12, "facts[0].minutes", both("1440"), "0", WRITE),
    case("too many minutes", fact(minutes="100000"), 12, "facts[0].minutes", both("1440"), "100000", WRITE),
    case("people less than none", fact(attendance="{ entreprises = -2 }"), 12, "facts[0].attendance", ("un nombre de personnes", "a number of people"), "", WRITE),
    case("unknown college", fact(attendance="{ entreprise = 2 }"), 12, "facts[0].attendance.entreprise", ("inconnu", "unknown"), "entreprise", both("entreprises")),
    case("unknown decision", fact(decision='"goo"'), 12, "facts[0].decision", ("inconnu", "unknown"), "goo", both("go")),
    case("unknown point", fact(agenda='["relectur_cadre"]'), 12, "facts[0].agenda", ("inconnu", "unknown"), "relectur_cadre", both("relecture_cadre")),
    case("unknown argument", fact(minute="60"), 12, "facts[0].minute", ("clé inconnue", "unknown key"), "minute", both("minutes")),
    case("an hour that is none", fact(start='"25:99"'), 12, "facts[0].start", ("une heure", "a time of day"), "25:99", both("14:30")),
    case("the same sitting told twice", fact() + '[[facts]]\nfact = "hold"\naddress = "copil/cadrage"\non = 2026-02-03\n', 14, "facts[1].address", ("déjà dit ligne 8", "already said on line 8"), "copil/cadrage", REMOVE),
    case("a corrected day without its place", fact(fact='"correct"', address='"dossier"', of="2"), 8, "facts[0].args.on", ("« on »", "'on'"), "", both("args = {")),
]  # fmt: skip


def stages(old: str = "", new: str = "") -> str:
    """The small method, with one thing changed."""
    text = (STAGES / "method.toml").read_text(encoding="utf-8")
    assert old in text, old
    return text.replace(old, new, 1)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def small(old: str, new: str, path: str, expected: tuple[str, str], found: str, mend: tuple[str, str], name: str, at: str | None = None) -> Case:
    text = stages(old, new)
    return case(name, text, line_of(text, at or new), path, expected, found, mend)


METHODS = [
    case("encoding", b"[method]\nname = \"\xff\"\n", 2, "(file)", both("UTF-8"), "0xFF", ("enregistrer", "save")),
    case("binary", b"\x7fELF\x00\x00", 1, "(file)", ("un fichier de texte", "a text file"), "4", ("vérifier", "check")),
    case("syntax", "[method\n", 1, "(file)", ("« ] »", "']'"), "[method", WRITE),
    case("size", "# " + "x" * LIMIT, None, "(file)", both(str(LIMIT)), "", ("vérifier", "check")),
    case("empty", "", None, "method", ("une table", "a table"), "", ("ajouter", "add")),
    small("version = 1,", 'version = "1",', "method.version", ("un entier", "a whole number"), "1", WRITE, "wrong type"),
    small("version = 1,", "version = 0,", "method.version", ("à partir de 1", "from 1"), "0", WRITE, "out of range"),
    small('sort = "activity"', 'sort = "activty"', "leaves[0].sort", ("sorte d'étape", "sort of step"), "activty", ("écrire activity", "write activity"), "unknown sort"),
    small('name = "stage_gate"', 'nam = "stage_gate"', "method.nam", ("clé inconnue", "unknown key"), "nam", ("écrire name", "write name"), "unknown key"),
    small('a = "prototype", b', 'a = "prototyp", b', "requirements[7].a", ("n'est pas un nom connu", "unknown"), "prototyp", both("prototype"), "dangling reference"),
    small('a = "user_trial", b = "go_to_market_gate", each = "module", min = "2w", max = "8w"', 'a = "user_trial", b = "go_to_market_gate", each = "module", min = "9w", max = "8w"',
          "requirements[4].max", ("au moins 9w", "at least 9w"), "8w", WRITE, "contradiction", at='min = "9w"'),
    small('of = "user_trial.attendance", each', 'of = "user_trial.attendance", min = 5, max = 3, each', "requirements[2].max", ("au moins 5", "at least 5"), "3", ("écrire max = 5", "write max = 5"), "numbers the wrong way round", at="min = 5"),
    small('{ id = "module", label', '{ id = "module", attributes = { by = "text" }, label', "kinds[0].by", ("a déjà un sens", "a meaning of its own"), "by", ("choisir un autre nom", "choose another name"), "an attribute that a dossier reads as its author"),
    small('{ id = "defect"', '{ id = "on"', "facets[1].id", ("a déjà un sens", "a meaning of its own"), "on", ("choisir un autre nom", "choose another name"), "an answer that a dossier reads as its day"),
    small('kinds = [{ id = "module",', 'kinds = [{ id = "module", inside = "modul",', "kinds[0].inside", ("nom connu", "unknown kind"), "modul", ("écrire module", "write module"), "a kind inside one that there is not"),
    small('kinds = [{ id = "module",', 'kinds = [{ id = "module", inside = "module",', "kinds[0].inside", ("d'elle-même", "inside itself"), "module", REMOVE, "a kind inside itself"),
    small('{ id = "defect"', '{ id = "de.fect"', "facets[1].id", ("lettres, chiffres", "letters, digits"), "de.fect", ("raccourcir", "shorten"), "a word with a point"),
    small('hours = "gate"', 'hours = "gaet"', "leaves[1].hours", ("nom connu", "unknown hour"), "gaet", ("écrire gate", "write gate"), "hours that no profile has"),
    small('sort = "activity"', 'best_before = ["market_debut"], sort = "activity"', "leaves[0].best_before", ("sa place dans l'arbre", "its place in the tree"), "idea_brief", REMOVE, "a step of the tree that is best done before another"),
    small('sort = "activity"', 'best_before = ["prototpe"], sort = "activity"', "leaves[0].best_before", ("nom connu", "unknown step or document"), "prototpe", ("écrire prototype", "write prototype"), "best done before nothing"),
    small('{ id = "budget_case", label', '{ id = "budget_case", days_of = "user_trail", type = "date", label', "facets[0].days_of", ("nom connu", "unknown step"), "user_trail", ("écrire user_trial", "write user_trial"), "days announced of no step"),
    small('{ id = "budget_case", label', '{ id = "budget_case", days_of = "user_trial", label', "facets[0].type", ("une date", "a date"), "", ("écrire type", "write type"), "days announced that are no dates"),
    small("lists = [", 'lists = [{ id = "asked", label = { fr = "x", en = "x" }, origin = "default", words = [{ id = "first", facets = ["defct"], label = { fr = "x", en = "x" }, origin = "default" }] }, ', "lists[0].words[0].facets", ("nom connu", "unknown answer"), "defct", both("defect"), "an answer that a word asks for and there is not"),
    small('of = ["user_trial"]', 'of = ["user_trail"]', "deliverables[0].of", ("nom connu", "unknown step"), "user_trail", ("écrire user_trial", "write user_trial"), "a document of no step"),
    small('address = "step/brief"', 'address = "step brief"', "leaves[0].address", ("l'adresse", "address"), "step brief", WRITE, "an address with a blank"),
    small('address = "step/brief"', 'address = "dossier"', "leaves[0].address", ("l'adresse", "address"), "dossier", WRITE, "the address of the dossier"),
    small('decisions = ["pass", "recycle", "kill"]', 'decisions = ["pass", "pass", "kill"]', "leaves[1].decisions", ("dit deux fois", "said twice"), "pass", REMOVE, "a decision said twice"),
    small('name = "stage_gate"', 'name = "stage@gate"', "method.name", ("lettres, chiffres", "letters, digits"), "stage@gate", ("raccourcir", "shorten"), "a name that no dossier could pin"),
    small('kinds = [{ id = "module"', 'kinds = [{ id = "facts"', "kinds[0].id", ("a déjà un sens", "a meaning of its own"), "facts", ("choisir un autre nom", "choose another name"), "a kind that is a table of its own"),
    small('min = "2w"', 'min = "2 semaines"', "requirements[4].min", ("2 semaines", "duration"), "2 semaines", WRITE, "no duration"),
    small('max = "8w"', 'max = "99999y"', "requirements[4].max", ("cent ans", "hundred years"), "99999y", WRITE, "a duration out of range"),
    small('id = "prototype"', 'id = "idea_brief"', "leaves[0].id", ("deux fois", "twice"), "idea_brief", ("choisir", "choose"), "duplicate", at='id = "idea_brief"'),
    small('origin = "practice:COOPER" },\n', 'origin = "un livre" },\n', "leaves[0].origin", ("origine", "origin"), "un livre", WRITE, "unknown origin"),
    small('seq = ["prototype", "user_trial"]', 'seqq = ["prototype", "user_trial"]', "tree.module_work", ("un seul opérateur", "one operator"), "seqq", WRITE, "unknown operator"),
    small("each = { of = \"module\", run = \"module_work\" }", "each = [1]", "tree.modules", both("of ="), "list", WRITE, "malformed operator"),
    small('root = "innovation"\n', 'root = "innovation"\nfre = ["x"]\n', "tree.fre", ("clé inconnue", "unknown key"), "fre", ("écrire free", "write free"), "unknown key of the tree", at="fre ="),
    small('default_profile = "house"', 'default_profile = "hose"', "method.default_profile", ("n'est pas un nom connu", "unknown"), "hose", both("house"), "unknown profile"),
]  # fmt: skip


def entry(*lines: str) -> str:
    """A calendar with one event, whose lines begin on line 5."""
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:u", *lines, "END:VEVENT", "END:VCALENDAR", ""])


EXPORT = ("exporter", "export")
CALENDARS = [
    case("encoding", entry("DTSTART:20120514", "SUMMARY:x").encode().replace(b"SUMMARY:x", b"SUMMARY:\xe9"), 7, "(file)", both("UTF-8"), "0xE9", ("enregistrer", "save")),
    case("binary", b"PK\x03\x04\x00\x00", 1, "(file)", ("un fichier de texte", "a text file"), "4", ("vérifier", "check")),
    case("size", b"x" * (LIMIT + 1), None, "(file)", both(str(LIMIT)), "", ("vérifier", "check")),
    case("empty", "", 1, "(file)", both("BEGIN:VCALENDAR"), "—", EXPORT),
    case("no calendar", "bonjour\n", 1, "(file)", both("BEGIN:VCALENDAR"), "bonjour", EXPORT),
    case("cut short", entry("DTSTART:20120514").split("END:VEVENT")[0], 6, "VEVENT", both("END:VEVENT"), "—", EXPORT),
    case("badly nested", entry("END:VTODO"), 6, "VCALENDAR.VEVENT", both("END:VEVENT"), "END:VTODO", EXPORT),
    case("a line without colon", entry("DTSTART:20120514", "SUMMARY x"), 7, "VCALENDAR.VEVENT", both("NAME:VALUE"), "SUMMARY x", EXPORT),
    case("impossible date", entry("DTSTART;VALUE=DATE:20120230"), 6, "VEVENT.DTSTART", ("un jour qui existe", "a day that exists"), "20120230", WRITE),
    case("no date", entry("DTSTART:demain"), 6, "VEVENT.DTSTART", ("un jour qui existe", "a day that exists"), "demain", WRITE),
    case("out of range", entry("DTSTART:00010101T000000Z"), 6, "VEVENT.DTSTART", both("1900"), "0001-01-01", ("corriger", "mend")),
    case("end before start", entry("DTSTART;VALUE=DATE:20120514", "DTEND;VALUE=DATE:20120501"), 7, "VEVENT.DTEND", ("une fin après le début", "an end after the start"), "2012-05-01", ("inverser", "swap")),
    case("no start", entry("SUMMARY:x"), 4, "VEVENT.DTSTART", both("DTSTART"), "", ("ajouter", "add")),
    case("unknown zone", entry("DTSTART;TZID=Nulle/Part:20120514T100000"), 4, "(file)", ("un calendrier", "an iCalendar file"), "Nulle/Part", EXPORT),
]  # fmt: skip

KINDS = {"dossier": (DOSSIERS, ["check"]), "method": (METHODS, ["method", "check"]), "ics": (CALENDARS, ["--at", "2026-02-10", "plan", str(HURRIED), "--busy"])}
TABLE = [pytest.param(kind, c, id=f"{kind}-{c.name.replace(' ', '_')}") for kind, (cases, _) in KINDS.items() for c in cases]


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(list(argv))
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", out + err), "no control codes"
    return code, out, err


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(("kind", "c"), TABLE)
def test_each_kind_of_file_by_each_class_of_fault(kind: str, c: Case, lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / f"bad.{'ics' if kind == 'ics' else 'toml'}"
    file.write_bytes(c.data)
    code, out, err = run(capsys, "--lang", lang, *KINDS[kind][1], str(file))
    assert (code, out) == (2, ""), err
    where = f"{file}:{c.line}: {c.path}" if c.line else f"{file}: {c.path}"
    lines = [x for x in err.splitlines() if where in x]
    assert lines, f"{where} not in:\n{err}"
    pick = 0 if lang == "fr" else 1
    line = next((x for x in lines if c.expected[pick] in x), lines[0])
    said, _, mend = line.partition(" → ")
    assert c.expected[pick] in said, line
    assert c.found in said, line
    assert c.mend[pick] in mend, line
    assert len(line) < 600
    assert file.read_bytes() == c.data


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("kind", list(KINDS))
def test_a_file_that_is_not_there_and_a_folder_in_its_place(kind: str, lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    end = "ics" if kind == "ics" else "toml"
    gone, folder = tmp_path / f"gone.{end}", tmp_path / f"folder.{end}"
    folder.mkdir()
    argv = KINDS[kind][1] if kind != "dossier" else ["status"]  # `check` takes a folder
    for path, fr, en in ((gone, "introuvable", "no such file"), (folder, "un répertoire", "a folder")):
        code, out, err = run(capsys, "--lang", lang, *argv, str(path))
        assert (code, out) == (2, "")
        assert str(path) in err
        assert (fr if lang == "fr" else en) in err
        assert " → " in err


@pytest.mark.parametrize(
    ("kind", "text"),
    [("dossier", HURRIED.read_bytes()), ("method", (STAGES / "method.toml").read_bytes()), ("ics", entry("DTSTART:20260514").encode())],
)
def test_a_byte_order_mark_is_accepted(kind: str, text: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / f"bom.{'ics' if kind == 'ics' else 'toml'}"
    file.write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n").replace(b"\r\r", b"\r"))
    code, _, err = run(capsys, *KINDS[kind][1], str(file))
    assert (code, err) == (0, "")


MANY = """[dossier]
id = "a b"
start = "2026-13"
regime = "usages"
zone = "Mars"
titre = "x"

[[theme]]
id = "emploi"

[[theme]]
id = "emploi"

[[pilot]]
id = "p"
college = "entreprise"

[answers]
perimetr = "x"
perimetre = 75
duree = "long"

[[facts]]
fact = "hodl"
address = "copil/cadrage"
on = 2026-02-03

[[facts]]
fact = "hold"
address = "gt1/rien"
on = 2026-02-03T10:00:00

[[facts]]
fact = "hold"
address = "copil/cadrage"
on = 2026-02-03
minutes = -1
decision = "goo"
"""


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_file_with_many_faults_gives_them_all_in_one_run(lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "many.toml"
    file.write_text(MANY)
    code, out, err = run(capsys, "--lang", lang, "check", str(file))
    assert (code, out) == (2, "")
    lines = [int(x) for x in re.findall(rf"^{re.escape(str(file))}:(\d+): ", err, re.M)]
    assert lines == sorted(lines)
    assert set(lines) == {2, 3, 4, 5, 6, 12, 16, 19, 20, 21, 24, 30, 31, 37, 38}
    assert all(" → " in x for x in err.splitlines())


def test_every_fault_of_a_method_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = stages('sort = "activity"', 'sort = "activty"').replace("version = 1,", "version = 0,", 1).replace('root = "innovation"', 'root = "innovation"\nx = 1', 1)
    file = tmp_path / "m.toml"
    file.write_text(text, encoding="utf-8")
    assert run(capsys, "method", "check", str(file))[2].count(" → ") == 3


def test_every_fault_of_a_calendar_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "c.ics"
    file.write_text(entry("DTSTART:x", "DTEND:y") + entry("DTSTART:20120514T250000"))
    assert run(capsys, "--at", "2026-02-10", "plan", str(HURRIED), "--busy", str(file))[2].count(" → ") == 3


# -- the journal ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_is_no_journal(lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, binary, other, folder, gone = (tmp_path / n for n in ("text.db", "binary.db", "other.db", "folder.db", "gone.db"))
    text.write_text("ceci n'est pas un journal\n" * 100)
    binary.write_bytes(bytes(range(256)) * 40)
    with sqlite3.connect(other) as db:
        db.execute("create table x(y)")
    folder.mkdir()
    before = {p: p.read_bytes() for p in (text, binary, other)}
    for path in (text, binary, other, folder, gone):
        for command in (["journal", "verify"], ["journal", "export"], ["status", "d"]):
            code, out, err = run(capsys, "--lang", lang, "--db", str(path), *command)
            assert (code, out) == (2, ""), (path, command)
            assert path.name in err
    code, out, err = run(capsys, "--lang", lang, "--db", str(text), "import", str(HURRIED))
    assert (code, out) == (2, "")
    assert {p: p.read_bytes() for p in before} == before
    assert not gone.exists()


# -- the command line -----------------------------------------------------------------------------------

LINES = [
    (["check", str(HURRIED), "--fail-on", "eror"], "--fail-on", ("l'un de", "one of"), "eror", ("écrire error", "write error")),
    (["--at", "2026-02-30", "check", str(HURRIED)], "--at", ("un jour qui existe", "a day that exists"), "2026-02-30", WRITE),
    (["--at", "0001-01-01", "check", str(HURRIED)], "--at", both("1900"), "0001-01-01", ("corriger", "mend")),
    (["--at", "2026-02-10", "plan", str(HURRIED), "--start", "demain"], "--start", ("un jour qui existe", "a day that exists"), "demain", WRITE),
    (["--at", "2026-02-10", "plan", str(HURRIED), "--start", "2026-05-01", "--end", "2026-04-01"], "--end", ("une fin après le début", "an end after the start"), "2026-04-01", ("inverser", "swap")),
    (["--at", "2026-02-10", "plan", str(HURRIED), "--fix", "copil/lancement"], "--fix", ("ADRESSE=DATE", "ADDRESS=DATE"), "copil/lancement", WRITE),
    (["--at", "2026-02-10", "plan", str(HURRIED), "--fix", "copil/lancemnt=2026-05-05"], "--fix", ("n'est pas connu", "not known"), "copil/lancemnt", both("copil/lancement")),
    (["--at", "2026-02-10", "plan", str(HURRIED), "--fix", "copil/themes=2026-05-05", "--fix", "copil/themes=2026-05-06"], "--fix", ("déjà fixé", "fixed on 2026-05-05 already"), "2026-05-06", REMOVE),
    (["--at", "2026-02-10", "plan", str(HURRIED), "--without", "PRE99"], "--without", ("n'est pas connu", "not known"), "PRE99", both("PRE009")),
    (["why", str(HURRIED), "hodl", "copil/themes"], "COMMAND", ("un verbe", "a verb"), "hodl", both("hold")),
    (["why", str(HURRIED), "hold", "copil/themes", "minutes"], "minutes", ("clé=valeur", "key=value"), "minutes", both("=")),
    (["why", str(HURRIED), "hold", "copil/themes", "minutes=1", "minutes=2"], "minutes", ("deux fois", "twice"), "minutes", ("garder", "keep")),
    (["why", str(HURRIED), "hold", "copil/themes", "minutes=0"], "minutes", both("1440"), "0", WRITE),
    (["why", str(HURRIED), "hold", "copil/themes", "minute=60"], "minute", ("clé inconnue", "unknown key"), "minute", both("minutes")),
    (["why", str(HURRIED), "hold", "copil/themes", "--on", "2026-13"], "--on", DATE, "2026-13", WRITE),
    (["why", str(HURRIED), "fill", "perimetre", "value=" + "x" * 20_001], "value", both("20000"), "20001", ("raccourcir", "shorten")),
    (["why", str(HURRIED), "fill", "perimetre", "value=a\x1bb"], "value", ("contrôle", "control"), "U+001B", REMOVE),
    (["why", str(HURRIED), "convene", "copil/themes", "day=2026-05-05T10:00:00"], "day", ("un jour", "a day"), "2026-05-05", WRITE),
    (["why", str(HURRIED), "convene", "copil/themes", "day=9999-01-01"], "day", both("2199"), "9999", ("corriger", "mend")),
    (["check", str(HURRIED), "--profile", "charenton"], "--profile", ("n'est pas connu", "not known"), "charenton", both("charenton-2012")),
    (["check", str(HURRIED), "--format", "jsn"], "--format", ("inconnu", "unknown"), "jsn", both("json")),
    (["--at", "2026-02-10", "ics", str(HURRIED), "-o", "x.ics", "--only", "coplis"], "--only", ("ne répond", "answers to"), "coplis", both("copils")),
    (["--at", "2026-02-10", "ics", str(HURRIED), "-o", "x.ics", "--since", "4"], "--since", ("de 0 à 0", "0 to 0"), "4", both("--since 0")),
    (["--at", "2026-02-10", "ics", str(HURRIED), "-o", "x.ics", "--method", "publish"], "--organizer", ("qui invite", "who calls"), "publish", both("@")),
    (["--at", "2026-02-10", "ics", str(HURRIED), "-o", "x.ics", "--method", "publish", "--organizer", "moi"], "--organizer", ("une adresse", "a mail address"), "moi", both("@")),
    (["do", str(HURRIED), "hold", "copil/themes", "--expect", "un"], "--expect", ("un entier", "a whole number"), "un", WRITE),
    (["chek"], "chek", ("commande inconnue", "unknown command"), "chek", both("check")),
    (["check", "--formt", "x", "y"], "--formt", ("option inconnue", "unknown option"), "--formt", both("--format")),
    (["plan"], "DOSSIER", ("une valeur", "a value"), "", ("ajouter", "add")),
    (["--at", "2026-02-10", "ics", str(HURRIED)], "-o", ("une valeur", "a value"), "", ("ajouter -o OUT", "add -o OUT")),
    (["status", "a.toml", "b.toml"], "ARGUMENT", ("en trop", "unexpected"), "b.toml", REMOVE),
    (["import", str(HURRIED), str(HURRIED)], "dossier.id", ("plusieurs fichiers", "several files"), "hurried", ("donner", "give")),
    (["status", "hurried"], "DOSSIER", both(".toml"), "hurried", both("agir --db")),
    (["method", "check", "agir_ensembl"], "", ("inconnu", "unknown"), "agir_ensembl", ("", "")),
]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(("argv", "path", "expected", "found", "mend"), LINES, ids=[" ".join(x[0])[-40:].replace("/", "_") for x in LINES])
def test_a_command_line_that_cannot_be_read(argv: list[str], path: str, expected: tuple[str, str], found: str, mend: tuple[str, str], lang: str, tmp_path: Path,
                                            monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "--lang", lang, *argv)
    pick = 0 if lang == "fr" else 1
    assert (code, out) == (2, ""), err
    for part in (path, expected[pick], found, mend[pick]):
        assert part in err, err
    assert list(tmp_path.iterdir()) == []


def test_every_fault_of_a_command_line_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "--at", "2026-02-10", "plan", str(HURRIED), "--fix", "a=b", "--fix", "c=2026-02-30", "--without", "X", "--start", "2026-02-01", "--end", "2026-01-01", "--busy", "no.ics")
    assert (code, err.count(" → ")) == (2, 5)
    code, _, err = run(capsys, "why", str(HURRIED), "hold", "copil/themes", "x", "minute=1", "start=25", "minutes=a")
    assert (code, err.count(" → ")) == (2, 4)


# -- texts ---------------------------------------------------------------------------------------------


def test_texts_are_nfc_and_of_any_language(tmp_path: Path) -> None:
    loose = unicodedata.normalize("NFD", "Communauté de communes de l'Étoile")
    assert not unicodedata.is_normalized("NFC", loose)
    text = HEAD + f"[[theme]]\nid = 'x'\nlabel = \"{loose}\"\n[answers]\nperimetre = '''{loose}\nhaut\tbas'''\n"
    _, dossier = read_dossier(text.encode(), load_method)
    values = [f.args for f in dossier.facts[1:]]
    assert isinstance(values[0], Declare)
    assert values[0].label == unicodedata.normalize("NFC", loose)
    assert isinstance(values[1], Fill)
    assert values[1].value == unicodedata.normalize("NFC", loose) + "\nhaut\tbas"


def test_a_text_may_be_as_long_as_it_may_be() -> None:
    text = HEAD + f"[answers]\nperimetre = '{'é' * 20_000}'\n"
    assert read_dossier(text.encode(), load_method)[1].version == 2


def test_what_a_file_says_never_moves_a_cursor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.toml"
    file.write_text(HEAD + '"\\u001b[2J" = 1\n[[theme]]\nid = "\\u009b31m"\n', encoding="utf-8")
    assert run(capsys, "check", str(file))[0] == 2


def test_lines_are_counted_as_editors_count_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.toml"
    file.write_text(HEAD + '# \u2028 \x85 \u2029\nstat = 1\n', encoding="utf-8")
    assert f"{file}:5: dossier.stat" in run(capsys, "check", str(file))[2]


# -- at random -------------------------------------------------------------------------------------------

SOURCES = {p: p.read_bytes() for p in (CHARENTON, HURRIED, STAGES / "dossier.toml", METHOD, STAGES / "method.toml")}
VALUES = [
    "0", "-1", "9" * 20, '"x"', '""', "[]", "{}", "true", "2012-02-30", "2012-05-14", "2012-05-14T10:00:00", "2012-05-14T10:00:00Z", '"2012-13"', '"2012-S1"', "nan", "3.5",
    "{ from = 2012-05-14, to = 2011-01-01 }", "{ from = 1, to = [] }", "0001-01-01", "9999-12-31", '"9999"', '"\\u001b[31m"', "[[1]]", '{ when = "2012" }', '"*"', '"a/b"', "10:00:00",
    '"25:99"', '"1000000y"', '"0d"', "[{ }]", "{ x = { y = 1 } }", "0x" + "f" * 40, '"always"', '"dossier"', "[2, 1]", '{ profile = "x" }', '"deliver"', '"hold"', '"copil/cloture"',
]  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Bytes flipped, lines deleted, doubled, moved, values swapped or replaced."""
    for _ in range(chance.choice([1, 1, 2, 3])):
        lines = data.split(b"\n")
        at = chance.randrange(len(lines))
        told = [n for n, line in enumerate(lines) if b" = " in line]
        match chance.randrange(6):
            case 0 if data:
                i = chance.randrange(len(data))
                data = data[:i] + bytes([data[i] ^ (1 << chance.randrange(8))]) + data[i + 1 :]
                continue
            case 1:
                del lines[at]
            case 2:
                lines.insert(chance.randrange(len(lines)), lines[at])
            case 3 if told:
                one, two = chance.choice(told), chance.choice(told)
                (a, x), (b, y) = (lines[n].split(b" = ", 1) for n in (one, two))
                lines[one], lines[two] = a + b" = " + y, b + b" = " + x
            case 4 if told:
                one = chance.choice(told)
                lines[one] = lines[one].split(b" = ", 1)[0] + b" = " + chance.choice(VALUES).encode()
            case _:
                words = list(re.finditer(rb'"[^"\n]*"', data))
                if len(words) > 1:
                    old, new = chance.choice(words), chance.choice(words)
                    data = data[: old.start()] + new.group() + data[old.end() :]
                continue
        data = b"\n".join(lines)
    return data


def tells_all(exc: FaultyFileError) -> None:
    """Every fault says where, what and how to mend it, in both languages."""
    assert exc.faults
    for fault in exc.faults:
        assert fault.path
        assert fault.line is None or fault.line > 0
        assert all((fault.what.fr, fault.what.en, fault.mend.fr, fault.mend.en))


AT = st.sampled_from([dt.date(2012, 4, 2), dt.date(2011, 9, 1), dt.date(2026, 3, 1), dt.date(2199, 12, 31), dt.date(1900, 1, 1)])
quietly = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quietly
@given(st.sampled_from([CHARENTON, HURRIED, STAGES / "dossier.toml"]), st.randoms(use_true_random=False), AT)
def test_a_mutated_dossier_gives_a_verdict_or_its_faults(source: Path, chance: random.Random, at: dt.date) -> None:
    own = read_method(SOURCES[STAGES / "method.toml"], "method.toml")
    methods = lambda ref: own if ref.startswith(("method.toml", "stage_gate")) else load_method(ref)  # noqa: E731
    data = mutated(SOURCES[source], chance)
    try:
        method, dossier = read_dossier(data, methods, "x.toml")
    except FaultyFileError as exc:
        tells_all(exc)
        return
    assert check(method, dossier, at=at).at == at
    assert outlook(method, dossier, on=at, by="").at == at
    assert read_dossier(write_dossier(dossier).encode(), methods)[1] == dossier


@quietly
@given(st.sampled_from([METHOD, STAGES / "method.toml", STAGES / "method.toml"]), st.randoms(use_true_random=False), AT)
def test_a_mutated_method_judges_or_gives_its_faults(source: Path, chance: random.Random, at: dt.date) -> None:
    data = mutated(SOURCES[source], chance)
    try:
        method = read_method(data, "x.toml")
        dossier = read_dossier(SOURCES[HURRIED if source == METHOD else STAGES / "dossier.toml"], lambda _: method)[1]
    except FaultyFileError as exc:
        tells_all(exc)
        return
    assert check(method, dossier, at=at).at == at
    with contextlib.suppress(PlanningError):
        plan(method, dossier, at=dt.date(2026, 3, 1))


def test_a_calendar_s_fault_is_told_at_its_own_entry_in_both_languages(tmp_path: Path) -> None:
    whole = entry("DTSTART:20260514T100000Z").replace("UID:u", "UID:t10").replace("END:VCALENDAR", "BEGIN:VEVENT\r\nUID:t1\r\nDTSTART;TZID=Lutèce:20260514T100000\r\nEND:VEVENT\r\nEND:VCALENDAR")
    file = tmp_path / "two.ics"
    file.write_text(whole, encoding="utf-8", newline="")
    with pytest.raises(DossierError) as caught:
        busy_days(str(file), "Europe/Paris")
    (fault,) = caught.value.faults
    assert fault.line == 8
    assert "le fuseau 'Lutèce' de son DTSTART n'est pas défini" in fault.to("fr")
    assert "the zone 'Lutèce' of its DTSTART is not defined" in fault.to("en")


@quietly
@given(st.randoms(use_true_random=False))
def test_a_mutated_calendar_gives_days_or_its_faults(tmp_path_factory: pytest.TempPathFactory, chance: random.Random) -> None:
    lines = ["DTSTART;TZID=Europe/Paris:20260514T100000", "DTEND;TZID=Europe/Paris:20260514T120000", "SUMMARY:a = b", "SEQUENCE:1", "DURATION:P1D"]
    data = mutated(entry(*lines[: chance.randrange(1, 6)]).replace(":", " = ").encode(), chance).replace(b" = ", b":")
    file = tmp_path_factory.getbasetemp() / "mutated.ics"
    file.write_bytes(data)
    try:
        found = busy_days(str(file), "Europe/Paris")
    except DossierError as exc:
        tells_all(exc)
        return
    assert all(isinstance(d, dt.date) for d in found.days)


@quietly
@given(st.lists(st.one_of(st.sampled_from(["why", "check", "status", "plan", "--lang", "en", "--at", "2026-02-01", str(HURRIED), "hold", "copil/themes", "--json", "minutes=3",
                                           "--on", "--fix", "journal", "verify", "method", "show", "x=", "=", "[", "--", "-"]), st.text(max_size=8)), max_size=7))  # fmt: skip
def test_any_words_get_an_answer(words: list[str]) -> None:
    try:
        assert main(words) in (0, 1, 2)
    except AgirError as exc:
        raise AssertionError("an error came out of the door") from exc


def test_no_method_of_the_package_is_at_fault() -> None:
    for name in packaged():
        assert load_method(name).requirements
