"""
One edit of a dossier for every row of `agir_ensemble`: what the row says must be, undone by hand.

Each edit is written from the row and from RULES.md, as a change of the text of the dossier file;
none is made by the reader of a requirement, so that a reader that is wrong cannot hide itself.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import attrs

import agir_workflow as agir

EXAMPLES = Path(__file__).parents[1] / "examples"
E, W, I = "error", "warning", "info"  # noqa: E741


# -- the eight ways to edit a text ---------------------------------------------------------------------


@dataclass(frozen=True)
class Swap:
    """*old* stands *times* times in the text; each becomes *new*."""

    old: str
    new: str
    times: int = 1

    def __call__(self, text: str) -> str:
        assert text.count(self.old) == self.times, f"{self.old!r} stands {text.count(self.old)} times, not {self.times}"
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Cut:
    """The block of a fact goes."""

    fact: str
    address: str

    def __call__(self, text: str) -> str:
        return text.replace(block_of(text, self.fact, self.address), "")


@dataclass(frozen=True)
class On:
    """A fact happened on another day."""

    fact: str
    address: str
    day: str

    def __call__(self, text: str) -> str:
        old = block_of(text, self.fact, self.address)
        return text.replace(old, re.sub(r"(?m)^on = .*$", f"on = {self.day}", old))


@dataclass(frozen=True)
class In:
    """Within the block of a fact, *old* becomes *new*."""

    fact: str
    address: str
    old: str
    new: str

    def __call__(self, text: str) -> str:
        old = block_of(text, self.fact, self.address)
        assert old.count(self.old) == 1, (self.fact, self.address, self.old)
        return text.replace(old, old.replace(self.old, self.new))


@dataclass(frozen=True)
class Put:
    """One more fact, said last."""

    fact: str
    address: str
    day: str
    more: str = ""

    def __call__(self, text: str) -> str:
        return f'{text}\n[[facts]]\nfact = "{self.fact}"\naddress = "{self.address}"\non = {self.day}\n{self.more}\n'


@dataclass(frozen=True)
class Unsaid:
    """An answer of the cadre goes altogether."""

    key: str

    def __call__(self, text: str) -> str:
        out, times = re.subn(rf"(?m)^{self.key} = (?:\[\n(?:    .*\n)*\]|.*)\n", "", text)
        assert times == 1, f"{self.key} is answered {times} times"
        return out


@dataclass(frozen=True)
class All:
    """All that happened between two days happened on one day."""

    first: str
    last: str
    day: str

    def __call__(self, text: str) -> str:
        return re.sub(r"(?m)^on = (.*)$", lambda m: f"on = {self.day}" if self.first <= m[1] <= self.last else m[0], text)


@dataclass(frozen=True)
class Without:
    """Every block that speaks of one of these goes: instances and facts."""

    words: tuple[str, ...]

    def __init__(self, *words: str) -> None:
        object.__setattr__(self, "words", words)

    def __call__(self, text: str) -> str:
        out, times = re.subn(r"(?m)^\[\[(?:(?!^\[).*\n?)*", lambda m: "" if any(w in m[0] for w in self.words) else m[0], text)
        assert times
        return out


Step = Swap | Cut | On | In | Put | Unsaid | All | Without

_BLOCK = re.compile(r"\[\[facts\]\]\n(?:(?!\[\[).*\n?)*")


def block_of(text: str, fact: str, address: str) -> str:
    found = [b for b in _BLOCK.findall(text) if f'fact = "{fact}"\n' in b and f'address = "{address}"\n' in b]
    assert len(found) == 1, f"{len(found)} blocks say {fact} {address}"
    return str(found[0])


# -- the dossiers to begin from -----------------------------------------------------------------------

CHARENTON = (EXAMPLES / "charenton" / "dossier.toml").read_text(encoding="utf-8")


def edited_text(text: str, *steps: Step) -> str:
    for step in steps:
        text = step(text)
    return text


FOLLOW_UP = 'partie_evaluation = { objectifs = "Dire ce qui reste", description = "Un suivi, un bilan", mode_operatoire = "Comité de suivi, rapport" }'
CROWD = "attendance = { associations = 5, collectivites = 1, entreprises = 4 }"
GT1_AGENDA = 'agenda = ["etat_des_lieux", "temoignage", "situation_territoriale", "echanges"]'

MENDED = edited_text(
    CHARENTON,
    Swap('source = "note 1 (text lost)"', "annee = 2008"),
    Swap('source = "note 2 (text lost)"', "annee = 2008"),
    Swap('source = "note 3 (text lost)"', "annee = 2010"),
    Swap("focus = { ", f"focus = {{ {FOLLOW_UP}, "),
    In("hold", "gt3/handicap", "associations = 3", "associations = 4"),
)
"""Charenton with its three findings mended: nothing at all is left to find."""

COUNCIL = edited_text(CHARENTON, Swap('regime = "usage"', 'regime = "cgct"'))
"""Charenton under the regime of a municipal council: clear days, and half of the seats."""

BASES = {"charenton": CHARENTON, "mended": MENDED, "council": COUNCIL}
LATER = dt.date(2014, 1, 1)


# -- the table ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Edit:
    """
    *code* is found at *subject* once the *steps* are made; *nth* tells two rows of one code apart.

    *move* is the command (verb, address) of the edited dossier that the row guards, None where it
    guards none. *graver* says why something graver than the row may be found beside it.
    """

    code: str
    subject: str
    severity: str
    steps: tuple[Step, ...]
    nth: int = 1
    move: tuple[str, str] | None = None
    base: str = "charenton"
    at: dt.date = LATER
    graver: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        return f"{self.code}{f'.{self.nth}' if self.nth > 1 else ''}{f'-{self.note}' if self.note else ''}"


PREPARE = ("deliver", "activite/choix_themes")
LAUNCH = ("hold", "plenary/lancement")
RESTITUTE = ("hold", "plenary/restitution")
SYNTHESE = ("deliver", "activite/synthese")
CLOSE = ("close", "dossier")

CADRE = (
    Edit("CAD001", "heading/planning_previsionnel", E, (Unsaid("duree"), Unsaid("date_copil")), move=PREPARE),
    Edit("CAD002", "heading/description_generale", E, (Unsaid("perimetre"), Unsaid("grandes_lignes")), move=PREPARE),
    Edit("CAD002", "perimetre", E, (Swap('"Communauté de communes de Charenton-Saint-Maurice"', '"…"'),), note="placeholder", move=PREPARE),
    Edit("CAD003", "activite/choix_themes", E, (Cut("deliver", "activite/cadre"),), move=PREPARE),
    Edit("CAD003", "activite/choix_themes", E, (On("deliver", "activite/cadre", "2011-10-11"),), note="late", move=PREPARE),
    Edit("CAD004", "accord/expert", E, (Cut("agree", "accord/expert"),), move=PREPARE),
    Edit("CAD004", "accord/collectivite", E, (In("agree", "accord/expert", "version = 1", "version = 2"),), note="version", move=PREPARE),
    Edit("CAD010", "motif", E, (Unsaid("motif"),), move=PREPARE),
    Edit("CAD011", "motif", W, (Swap('{ acteur = "collectivites", texte = "Elles', '{ texte = "Elles'),), move=PREPARE),
    Edit("CAD012", "chiffre", W, (Swap(", annee = 2010", ""),), base="mended", move=PREPARE),
    Edit("CAD020", "objectif", E, (Unsaid("objectif"),), move=PREPARE),
    Edit("CAD021", "objectif", W, (Swap('"enjeu_associations", "enjeu_entreprises", "enjeu_collectivites"', '"enjeu_entreprises", "enjeu_collectivites"'),), move=PREPARE),
    Edit("CAD022", "perimetre", E, (Unsaid("perimetre"),), move=PREPARE),
    Edit("CAD023", "grandes_lignes", E, (Unsaid("grandes_lignes"),), move=PREPARE),
    Edit("CAD024", "invitation", E, (Unsaid("invitation"),), move=PREPARE),
    Edit("CAD030", "principe", E, (Unsaid("principe"),), move=PREPARE),
    Edit("CAD031", "heading/principes_experimentation", W, (Unsaid("cle_succes"),), move=PREPARE,
         graver="a heading of which one question has no answer is CAD002, an error: CAD031 is told with it"),
    Edit("CAD040", "pilot/expert", E, (
        Swap(', expert = { position = "Tient la méthode et la synthèse", apport = "méthode et données nationales" }', ""),
    ), move=PREPARE),
    Edit("CAD042", "partie_prenante", W, (Swap('{ nom = "Club d\'entreprises", but = "relayer l\'invitation" }', '{ nom = "Club d\'entreprises" }'),), move=PREPARE),
    Edit("CAD050", "etape", E, (
        Swap('    { nom = "Suivi et bilan", partie = "partie_evaluation", livrable = "rapport d\'évaluation", echeance = 2013-06-27 },\n', ""),
    ), move=PREPARE),
    Edit("CAD051", "etape", E, (Swap(', livrable = "plans d\'action"', ""),), move=PREPARE),
    Edit("CAD060", "partie/partie_experimentation", E, (
        Swap(', partie_experimentation = { objectifs = "Passer des enjeux à des actions concrètes", description = "Lancement, trois séances par thématique, synthèse, restitution", mode_operatoire = "Groupes mixtes de huit à douze, animation partagée" }', ""),
    ), move=PREPARE),
    Edit("CAD060", "partie/partie_preparation", E, (Swap('"Réunions de pilotes, copils, entretiens avec grille"', '"…"'),), note="one-text", move=PREPARE),
    Edit("CAD061", "partie/partie_evaluation", I, (Swap(f"{FOLLOW_UP}, ", ""),), base="mended", move=("hold", "comite_suivi")),
)

ACTORS = (
    Edit("ACT001", "pilot", E, (
        Without('id = "entreprise"', 'id = "expert"', "accord/entreprise", "accord/expert"),
        Swap('pilote = "entreprise"', 'pilote = "collectivite"'), Swap('pilote = "expert"', 'pilote = "collectivite"', 4),
        Swap(', entreprise = { position = "Entraîne le réseau des entreprises", apport = "réseau" }, expert = { position = "Tient la méthode et la synthèse", apport = "méthode et données nationales" }', ""),
    ), move=PREPARE),
    Edit("ACT002", "pilot", E, (Swap('label = "Communauté de communes"\ncollege = "collectivites"', 'label = "Communauté de communes"\ncollege = "autres"'),), move=PREPARE),
    Edit("ACT003", "attribution", E, (Swap('{ tache = "animer_groupes", pilote = "entreprise"', '{ tache = "animer_groupes", pilote = "collectivite"'),), move=PREPARE),
    Edit("ACT004", "attribution", E, (Swap('    { tache = "rediger_synthese", pilote = "expert", axe = "contenu" },\n', ""),), move=PREPARE),
    Edit("ACT006", "attribution", W, (
        Swap('pilote = "collectivite", axe = "animation"', 'pilote = "collectivite", axe = "contenu"'),
        Swap('pilote = "entreprise", axe = "animation"', 'pilote = "entreprise", axe = "contenu"'),
    ), move=PREPARE),
    Edit("ACT010", "membre_copil", E, (
        Swap('{ siege = "Association d\'insertion", college = "associations" }', '{ siege = "Association d\'insertion", college = "autres" }'),
        Swap('{ siege = "Association de solidarité", college = "associations" }', '{ siege = "Association de solidarité", college = "autres" }'),
    ), move=PREPARE),
    Edit("ACT012", "copil/lancement", W, (In("hold", "copil/lancement", "associations = 2, ", ""),), move=("hold", "copil/lancement")),
    Edit("ACT015", "plenary/lancement", W, (In("hold", "plenary/lancement", 'by = "collectivite"', 'by = "animateurs"'),), move=LAUNCH),
    Edit("ACT015", "gt1/insertion", W, (
        In("hold", "gt1/insertion", 'by = "animateurs"', 'by = "membres_copil"'),
        Put("hold", "gt1/insertion#2", "2012-02-14", f'by = "animateurs"\n{CROWD}\n{GT1_AGENDA}'),
        Put("deliver", "compte_rendu/gt1/insertion#2", "2012-02-16"),
    ), note="first-of-two", move=("hold", "gt1/insertion")),
    Edit("ACT015", "copil/lancement", W, (In("hold", "copil/lancement", 'by = "collectivite"', 'by = "animateurs"'),), note="copil", move=("hold", "copil/lancement")),
)

PREPARATION = (
    Edit("PRE001", "activite/choix_themes", E, (In("hold", "copil/cadrage", 'decision = "go"\n', ""),), move=PREPARE),
    Edit("PRE001", "activite/choix_themes", E, (In("hold", "copil/cadrage", 'decision = "go"\n', 'decision = "no_go"\n'),), note="no-go", move=PREPARE),
    Edit("PRE001", "activite/choix_themes", E, (On("hold", "copil/cadrage", "2011-10-11"), On("deliver", "compte_rendu/copil/cadrage", "2011-10-12")), note="late", move=PREPARE),
    Edit("PRE002", "plenary/lancement", W, (
        On("deliver", "entretien/elu-1", "2012-01-24"), On("deliver", "compte_rendu_entretien/elu-1", "2012-01-31"),
        On("deliver", "entretien/elu-2", "2012-01-25"), On("deliver", "compte_rendu_entretien/elu-2", "2012-02-01"),
    ), move=LAUNCH),
    Edit("PRE002", "gt1/handicap", E, (
        Cut("deliver", "entretien/elu-1"), Cut("deliver", "compte_rendu_entretien/elu-1"),
        Cut("deliver", "entretien/elu-2"), Cut("deliver", "compte_rendu_entretien/elu-2"),
    ), nth=2, move=("hold", "gt1/handicap")),
    Edit("PRE003", "theme/handicap", W, (
        On("deliver", "entretien/association-handicap", "2012-01-24"), On("deliver", "compte_rendu_entretien/association-handicap", "2012-01-31"),
        On("deliver", "entretien/entreprise-handicap", "2012-01-25"), On("deliver", "compte_rendu_entretien/entreprise-handicap", "2012-02-01"),
    ), move=LAUNCH),
    Edit("PRE003", "gt1/handicap", E, (
        Cut("deliver", "entretien/association-handicap"), Cut("deliver", "compte_rendu_entretien/association-handicap"),
        Cut("deliver", "entretien/entreprise-handicap"), Cut("deliver", "compte_rendu_entretien/entreprise-handicap"),
    ), nth=2, move=("hold", "gt1/handicap")),
    Edit("PRE004", "compte_rendu_entretien/elu-2", W, (Cut("deliver", "compte_rendu_entretien/elu-2"),)),
    Edit("PRE004", "compte_rendu_entretien/elu-2", W, (On("deliver", "compte_rendu_entretien/elu-2", "2011-12-01"),), note="late"),
    Edit("PRE005", "theme", E, (Without("insertion\"", "handicap\"", "precarite\""),), move=LAUNCH, at=dt.date(2012, 1, 25)),
    Edit("PRE006", "theme/precarite", W, (In("fill", "justification/precarite", '["associations", "entreprises"]', '["entreprises"]'),), move=LAUNCH),
    Edit("PRE007", "theme/precarite", E, (Cut("fill", "participant/precarite"),), move=LAUNCH),
    Edit("PRE008", "plenary/lancement", E, (In("hold", "copil/lancement", 'decision = "go"\n', 'decision = "postponed"\n'),), move=LAUNCH),
    Edit("PRE008", "plenary/lancement", E, (On("hold", "copil/lancement", "2012-01-20"), On("deliver", "compte_rendu/copil/lancement", "2012-01-24")), note="late", move=LAUNCH),
    Edit("PRE009", "plenary/lancement", W, (
        All("2011-11-08", "2011-12-08", "2011-11-03"), On("deliver", "compte_rendu/copil/lancement", "2011-11-07"),
        On("hold", "plenary/lancement", "2011-11-08"), On("deliver", "compte_rendu/plenary/lancement", "2011-11-10"),
    ), move=LAUNCH),
)

GROUPS = (
    Edit("EXP001", "gt1/insertion", E, (On("hold", "plenary/lancement", "2012-02-08"), On("deliver", "compte_rendu/plenary/lancement", "2012-02-14")),
         move=("hold", "gt1/insertion")),
    Edit("EXP002", "plenary/lancement", W, (In("hold", "plenary/lancement", '"panorama_partenariats", ', ""),), move=LAUNCH),
    Edit("EXP003", "gt3/handicap", E, (Cut("hold", "gt3/handicap"), Cut("deliver", "compte_rendu/gt3/handicap")), move=RESTITUTE),
    Edit("EXP004", "gt2/handicap", E, (On("hold", "gt1/handicap", "2012-03-20"), On("deliver", "compte_rendu/gt1/handicap", "2012-03-22")), move=("hold", "gt2/handicap")),
    Edit("EXP004", "gt3/handicap", E, (On("hold", "gt2/handicap", "2012-05-22"), On("deliver", "compte_rendu/gt2/handicap", "2012-05-24")), nth=2,
         move=("hold", "gt3/handicap")),
    Edit("EXP005", "gt1/insertion", I, (
        Put("hold", "gt1/insertion", "2012-02-14", f'by = "animateurs"\n{CROWD}\n{GT1_AGENDA}'), Put("deliver", "compte_rendu/gt1/insertion#2", "2012-02-15"),
        Put("hold", "gt1/insertion", "2012-02-16", f'by = "animateurs"\n{CROWD}\n{GT1_AGENDA}'), Put("deliver", "compte_rendu/gt1/insertion#3", "2012-02-17"),
    )),
    Edit("EXP006", "gt2/precarite", E, (In("hold", "gt2/precarite", "associations = 5, collectivites = 1, entreprises = 4", "associations = 1, collectivites = 4, entreprises = 2"),),
         move=("hold", "gt2/precarite")),
    Edit("EXP006", "gt2/precarite", W, (In("hold", "gt2/precarite", "associations = 5, collectivites = 1, entreprises = 4", "associations = 2, collectivites = 4, entreprises = 3"),),
         note="five", move=("hold", "gt2/precarite")),
    Edit("EXP006", "gt2/precarite", W, (In("hold", "gt2/precarite", "associations = 5, collectivites = 1, entreprises = 4", "associations = 9, entreprises = 6"),),
         note="fifteen", move=("hold", "gt2/precarite")),
    Edit("EXP006", "gt2/precarite", I, (In("hold", "gt2/precarite", "associations = 5, collectivites = 1, entreprises = 4", "associations = 7, collectivites = 9, entreprises = 7"),),
         note="fourteen", move=("hold", "gt2/precarite")),
    Edit("EXP006", "theme/precarite", W, (In("fill", "participant/precarite", "\n".join((
        '    { siege = "association 3", college = "associations" },', '    { siege = "association 4", college = "associations" },',
        '    { siege = "association 5", college = "associations" },', '    { siege = "entreprise 1", college = "entreprises" },',
        '    { siege = "entreprise 2", college = "entreprises" },', '    { siege = "entreprise 3", college = "entreprises" },')), ""),),
        nth=2, move=("hold", "gt1/precarite")),
    Edit("EXP007", "theme/precarite", E, tuple(In("fill", "participant/precarite", f'"entreprise {n}", college = "entreprises"', f'"entreprise {n}", college = "autres"') for n in range(1, 6)),
         move=("hold", "gt1/precarite")),
    Edit("EXP008", "gt2/precarite", W, (In("hold", "gt2/precarite", "associations = 5, collectivites = 1, entreprises = 4", "associations = 9, collectivites = 1"),),
         move=("hold", "gt2/precarite")),
    Edit("EXP010", "gt1/precarite", W, (In("hold", "gt1/precarite", '"temoignage", ', ""),), move=("hold", "gt1/precarite")),
    Edit("EXP011", "theme/precarite", E, tuple(Cut("deliver", f"compte_rendu_entretien/{x}") for x in ("elu-1", "elu-2", "association-precarite", "entreprise-precarite")),
         move=("hold", "gt2/precarite")),
    Edit("EXP012", "theme/precarite", W, (In("fill", "enjeu/precarite", 'niveau = "territoire"', 'niveau = "individuel"'),), move=("hold", "gt2/precarite")),
    Edit("EXP013", "gt2/precarite", W, (In("hold", "gt2/precarite", '"bilan_existant", ', ""),), move=("hold", "gt2/precarite")),
    Edit("EXP014", "theme/precarite", W, (In("fill", "existant/precarite", 'niveau = "individuel"', 'niveau = "territoire"'),), move=("hold", "gt3/precarite")),
    Edit("EXP015", "theme/precarite", E, (Cut("fill", "piste/precarite"),), move=("hold", "gt3/precarite")),
    Edit("EXP016", "theme/precarite", W, (In("fill", "piste/precarite", 'repond_a = ["e2"]', 'repond_a = ["e3"]'),), move=RESTITUTE),
    Edit("EXP016", "theme/precarite", W, (In("fill", "piste/precarite", ', repond_a = ["e2"]', ""),), note="unlinked", move=RESTITUTE),
    Edit("EXP017", "theme/precarite", E, (Cut("fill", "action/precarite"),), move=SYNTHESE),
    Edit("EXP018", "theme/precarite", W, (In("fill", "action/precarite", 'terme = "moyen"', 'terme = "court"'),), move=SYNTHESE),
    Edit("EXP019", "theme/precarite", W, (In("fill", "action/precarite", 'pour = "pour_participants"', 'pour = "pour_territoire"'),), move=SYNTHESE),
    Edit("EXP020", "theme/precarite", E, (In("fill", "action/precarite", ', responsable = "entreprise pilote"', ""),), move=SYNTHESE),
    Edit("EXP021", "theme/precarite", W, (In("fill", "action/precarite", ', issue_de = "p2"', ""),), move=RESTITUTE),
    Edit("EXP022", "theme/precarite", W, (In("fill", "action/precarite", ", echeance = 2013-06-30", ""),), move=SYNTHESE),
    Edit("EXP023", "plenary/restitution", E, (On("deliver", "activite/synthese", "2012-07-02"),), move=RESTITUTE),
    Edit("EXP024", "theme/precarite", E, (On("hold", "gt3/precarite", "2012-07-03"), On("deliver", "compte_rendu/gt3/precarite", "2012-07-05")), move=RESTITUTE),
    Edit("EXP025", "plenary/restitution", W, (In("hold", "plenary/restitution", ', "presentation_plans"', ""),), move=RESTITUTE),
    Edit("EXP026", "plenary/restitution", E, (In("hold", "plenary/restitution", "collectivites = 7, ", ""),), move=RESTITUTE),
    Edit("EXP028", "theme/precarite", W, (In("fill", "action/precarite", 'acteurs = ["associations", "entreprises"]', 'acteurs = ["associations"]'),), move=SYNTHESE),
    Edit("EXP027", "activite/synthese_enjeux#2", E, (Put("deliver", "activite/synthese_enjeux", "2012-01-10"),)),
    Edit("EXP027", "gt1/insertion#2", E, (
        Put("hold", "gt1/insertion", "2012-04-11", f'by = "animateurs"\n{CROWD}\n{GT1_AGENDA}'), Put("deliver", "compte_rendu/gt1/insertion#2", "2012-04-12"),
    ), note="gt1-after-gt2"),
    Edit("ORD001", "activite/contenus/insertion", W, (On("deliver", "activite/contenus/insertion", "2012-01-25"),)),
    Edit("ORD002", "activite/contenus/insertion", E, (Cut("deliver", "activite/contenus/insertion"),)),
)

COPILS = (
    Edit("COP001", "date_copil", E, (Unsaid("date_copil"),), move=PREPARE),
    Edit("COP002", "plenary/restitution", E, (In("hold", "copil/synthese", 'decision = "go"', 'decision = "no_go"'),), move=RESTITUTE),
    Edit("COP002", "plenary/restitution", E, (On("hold", "copil/synthese", "2012-06-29"), On("deliver", "compte_rendu/copil/synthese", "2012-07-02")), note="late", move=RESTITUTE),
    Edit("COP003", "activite/mobilisation/insertion", E, (In("hold", "copil/themes", 'decision = "go"', 'decision = "no_go"'),),
         move=("deliver", "activite/mobilisation/insertion")),
    Edit("COP005", "copil/mi_parcours", W, (Cut("convene", "copil/mi_parcours"), Cut("hold", "copil/mi_parcours"), Cut("deliver", "compte_rendu/copil/mi_parcours")), move=RESTITUTE),
    Edit("COP005", "theme/precarite", W, (
        On("convene", "copil/mi_parcours", "2012-01-23"), On("hold", "copil/mi_parcours", "2012-02-08"), On("deliver", "compte_rendu/copil/mi_parcours", "2012-02-14"),
    ), nth=2, move=("hold", "copil/mi_parcours")),
    Edit("COP006", "copil/synthese", W, (Cut("convene", "copil/mi_parcours"), Cut("hold", "copil/mi_parcours"), Cut("deliver", "compte_rendu/copil/mi_parcours"))),
    Edit("COP007", "copil/lancement", W, (On("convene", "copil/lancement", "2011-12-05"),), move=("hold", "copil/lancement")),
    Edit("COP007", "copil/lancement", W, (Cut("convene", "copil/lancement"),), note="none", move=("hold", "copil/lancement")),
    Edit("COP007", "copil/lancement", W, (On("convene", "copil/lancement", "2011-12-03"),), base="council", note="clear-days", move=("hold", "copil/lancement")),
    Edit("COP008", "copil/synthese", E, (In("hold", "copil/synthese", "associations = 2, collectivites = 2, entreprises = 2, experts = 1", "associations = 1, collectivites = 1, entreprises = 1"),),
         base="council", move=("hold", "copil/synthese")),
    Edit("COP009", "copil/themes", W, (In("hold", "copil/themes", 'decision = "go"', 'decision = "go_with_reserves"\nreserves = ["Revoir la grille"]'),)),
    Edit("COP010", "dossier", E, (In("hold", "copil/cloture", 'decision = "go"', 'decision = "postponed"'),), move=CLOSE),
    Edit("COP010", "copil/cloture", I, (
        On("deliver", "activite/evaluation", "2012-11-26"), On("deliver", "livrable/rapport_evaluation", "2012-11-27"), On("submit", "livrable/rapport_evaluation", "2012-11-28"),
        On("deliver", "activite/capitalisation", "2012-11-29"), On("convene", "copil/cloture", "2012-12-03"), On("hold", "copil/cloture", "2012-12-20"),
        On("deliver", "compte_rendu/copil/cloture", "2012-12-21"), On("approve", "livrable/rapport_evaluation", "2012-12-20"), On("close", "dossier", "2012-12-21"),
    ), nth=2, move=("hold", "copil/cloture")),
)

CALENDAR = (
    Edit("CAL001", "etape", E, (Swap(", echeance = 2012-05-22", ""),), move=PREPARE),
    Edit("CAL002", "duree", E, (Unsaid("duree"),), move=PREPARE),
    Edit("CAL003", "plenary/restitution", W, (Swap('duree = "1y"', 'duree = "6m"'),)),
    Edit("CAL004", "dossier", W, (
        On("hold", "gt3/handicap", "2012-07-03"), On("deliver", "compte_rendu/gt3/handicap", "2012-07-05"),
        On("hold", "gt3/precarite", "2012-07-04"), On("deliver", "compte_rendu/gt3/precarite", "2012-07-06"),
        On("deliver", "activite/synthese", "2012-07-06"), On("convene", "copil/synthese", "2012-07-02"), On("hold", "copil/synthese", "2012-07-10"),
        On("deliver", "compte_rendu/copil/synthese", "2012-07-11"), On("approve", "livrable/synthese", "2012-07-10"),
        On("hold", "plenary/restitution", "2012-07-17"), On("deliver", "compte_rendu/plenary/restitution", "2012-07-19"),
    )),
    Edit("CAL006", "gt2/insertion", W, (On("hold", "gt2/insertion", "2012-02-14"), On("deliver", "compte_rendu/gt2/insertion", "2012-02-16")), move=("hold", "gt2/insertion")),
    Edit("CAL006", "gt2/insertion", W, (On("hold", "gt2/insertion", "2012-05-10"), On("deliver", "compte_rendu/gt2/insertion", "2012-05-11")), note="long"),
    Edit("CAL006", "gt3/insertion", W, (On("hold", "gt3/insertion", "2012-03-20"), On("deliver", "compte_rendu/gt3/insertion", "2012-03-22")), nth=2, move=("hold", "gt3/insertion")),
    Edit("CAL006", "gt3/insertion", W, (On("hold", "gt3/insertion", "2012-05-31"), On("deliver", "compte_rendu/gt3/insertion", "2012-06-01")), nth=2, note="long"),
    Edit("CAL007", "gt3/insertion", W, (On("hold", "gt3/insertion", "2012-05-19"),), move=("hold", "gt3/insertion")),
    Edit("CAL007", "gt3/insertion", W, (On("hold", "gt3/insertion", "2012-05-17"),), note="holiday", move=("hold", "gt3/insertion")),
    Edit("CAL007", "gt3/insertion", W, (On("hold", "gt3/insertion", "2012-04-25"), On("deliver", "compte_rendu/gt3/insertion", "2012-04-26")), note="closure", move=("hold", "gt3/insertion")),
    Edit("CAL009", "gt3/insertion", E, (
        In("hold", "gt3/insertion", "on = 2012-05-15", "on = 2012-05-16\nstart = 15:00:00\nminutes = 120"),
        In("hold", "gt3/handicap", "on = 2012-05-16", "on = 2012-05-16\nstart = 14:00:00\nminutes = 180"),
    )),
    Edit("CAL010", "gt1/insertion", E, (Put("publish", "calendar", "2011-12-09", 'entries = [{ address = "gt1/insertion", uid = "u1", sequence = 0, day = 2012-02-06 }]'),)),
    Edit("CAL010", "gt2/insertion", E, (
        Put("publish", "calendar", "2011-12-09", 'entries = [{ address = "gt2/insertion", uid = "u1", sequence = 0, day = 2012-03-12 }]'),
        Put("publish", "calendar", "2011-12-12", 'entries = [{ address = "gt2/insertion", uid = "u1", sequence = 0, day = 2012-03-13 }]'),
    ), note="sequence"),
    Edit("CAL010", "gt2/insertion", E, (
        Put("publish", "calendar", "2011-12-09", 'entries = [{ address = "gt2/insertion", uid = "u1", sequence = 0, day = 2012-03-12 }]'),
        Put("publish", "calendar", "2011-12-12", 'entries = [{ address = "gt2/insertion", uid = "u2", sequence = 1, day = 2012-03-13 }]'),
    ), note="uid"),
)

PAPERS = (
    Edit("LIV001", "livrable/note_enjeux", E, (Cut("submit", "livrable/note_enjeux"),), move=LAUNCH),
    Edit("LIV002", "copil/themes", W, (On("deliver", "compte_rendu/copil/themes", "2011-10-25"),)),
    Edit("LIV002", "copil/themes", W, (Cut("deliver", "compte_rendu/copil/themes"),), note="none"),
    Edit("LIV003", "livrable/plan_action/precarite", E, (Cut("submit", "livrable/plan_action/precarite"),), move=RESTITUTE),
    Edit("LIV003", "livrable/synthese", E, (Cut("approve", "livrable/synthese"),), nth=2, move=RESTITUTE),
    Edit("LIV004", "activite/capitalisation", W, (Cut("deliver", "activite/capitalisation"),), move=CLOSE),
    Edit("LIV005", "livrable/rapport_evaluation", E, (Cut("approve", "livrable/rapport_evaluation"),), move=CLOSE),
    Edit("PRV001", "gt2/precarite", E, (In("hold", "gt2/precarite", "attendance = { associations = 5, collectivites = 1, entreprises = 4 }\n", ""),), move=("hold", "gt2/precarite")),
)

EDITS: tuple[Edit, ...] = (*CADRE, *ACTORS, *PREPARATION, *GROUPS, *COPILS, *CALENDAR, *PAPERS)
"""At least one edit for each row of the method; two where a row can be broken in two ways."""


# -- what an edit makes -------------------------------------------------------------------------------


@cache
def method() -> agir.Method:
    return agir.load_method("agir_ensemble")


def read(text: str) -> agir.Dossier:
    return agir.read_dossier(text.encode(), lambda _: method())[1]


@cache
def base(name: str) -> agir.Dossier:
    return read(BASES[name])


@cache
def edited(edit: Edit) -> agir.Dossier:
    return read(edited_text(BASES[edit.base], *edit.steps))


Row = tuple[str, int]


def rows() -> tuple[Row, ...]:
    """Each row of the method by its code, and which of that code it is (from 1)."""
    codes = [str(r.code) for r in method().requirements]
    return tuple((code, codes[: n + 1].count(code)) for n, code in enumerate(codes))


def without(row: Row) -> agir.Method:
    """The method without one row."""
    kept = tuple(r for r, name in zip(method().requirements, rows(), strict=True) if name != row)
    return attrs.evolve(method(), requirements=kept)


def named(report: agir.Report, edit: Edit) -> agir.Finding | None:
    """The finding that names the code of an edit at its subject, alone or beside another."""
    return next((f for f in report.findings if f.subject == edit.subject and edit.code in (f.code, *f.also)), None)
