"""
The fixed sentences of the drawn views, each in both languages, and the voice that says them.

Machine words (states, verbs, verdicts) become words of people here; what a method calls its own
things arrives in the data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

import attrs

from ..words import Aspect, Curability, Lang, Severity, State, Text, Verb, capital
from ..zones import day_in_words, later, local, time_in_words
from ._markup import Markup, el, typeset

SHORT_MONTHS = (
    Text("janv.", "Jan"), Text("févr.", "Feb"), Text("mars", "Mar"), Text("avr.", "Apr"), Text("mai", "May"),
    Text("juin", "Jun"), Text("juil.", "Jul"), Text("août", "Aug"), Text("sept.", "Sep"), Text("oct.", "Oct"),
    Text("nov.", "Nov"), Text("déc.", "Dec"),
)  # fmt: skip
WEEKDAYS = (
    Text("lun.", "Mon"), Text("mar.", "Tue"), Text("mer.", "Wed"), Text("jeu.", "Thu"), Text("ven.", "Fri"),
    Text("sam.", "Sat"), Text("dim.", "Sun"),
)  # fmt: skip

STATUSES: Mapping[str, Text] = MappingProxyType(
    {"held": Text("tenue", "held"), "fixed": Text("date fixée", "date fixed"), "planned": Text("prévue", "planned")}
)
VERDICTS: Mapping[str, Text] = MappingProxyType({
    "conforms": Text("conforme", "conforms"),
    "partial": Text("partiellement conforme", "partly conforms"),
    "does_not_conform": Text("non conforme", "does not conform"),
})  # fmt: skip
SIGNS: Mapping[str, str] = MappingProxyType({"conforms": "✓", "partial": "◐", "does_not_conform": "✗"})
PHASES: Mapping[str, Text] = MappingProxyType(
    {"past": Text("passée", "past"), "current": Text("en cours", "current"), "ahead": Text("à venir", "ahead")}
)
RUNS: Mapping[str, Text] = MappingProxyType({
    "suspended": Text("dossier suspendu", "dossier suspended"),
    "abandoned": Text("dossier abandonné", "dossier abandoned"),
    "closed": Text("dossier clos", "dossier closed"),
})  # fmt: skip
SEVERITIES: Mapping[str, Text] = MappingProxyType({
    Severity.ERROR: Text("Erreur", "Error"),
    Severity.WARNING: Text("Avertissement", "Warning"),
    Severity.INFO: Text("Remarque", "Remark"),
})  # fmt: skip
STATES: Mapping[str, Text] = MappingProxyType({
    State.PENDING: Text("en attente", "pending"),
    State.UNDETERMINED: Text("date trop vague pour juger", "date too coarse to judge"),
})  # fmt: skip
CURABILITIES: Mapping[str, Text] = MappingProxyType({
    Curability.REPAIRABLE: Text("peut se réparer", "can be repaired"),
    Curability.RESCHEDULABLE: Text("peut se replanifier", "can be rescheduled"),
    Curability.PERMANENT: Text("ne se rattrape plus", "can no longer be cured"),
})  # fmt: skip
ASPECTS: Mapping[str, Text] = MappingProxyType({
    Aspect.STRUCTURAL: Text("présence", "presence"),
    Aspect.CARDINALITY: Text("nombre", "number"),
    Aspect.BEHAVIOURAL: Text("ordre", "order"),
    Aspect.TEMPORAL: Text("délais", "time"),
    Aspect.REPRESENTATIVENESS: Text("représentation", "representation"),
    Aspect.CONTENT: Text("contenu", "content"),
    Aspect.EVIDENCE: Text("preuve", "evidence"),
    Aspect.PROVENANCE: Text("provenance", "provenance"),
})  # fmt: skip
VERBS: Mapping[str, Text] = MappingProxyType({
    Verb.DECLARE: Text("déclarer", "declare"),
    Verb.END: Text("mettre fin à", "end"),
    Verb.MERGE: Text("fusionner", "merge"),
    Verb.FILL: Text("renseigner", "fill in"),
    Verb.CLEAR: Text("retirer", "withdraw"),
    Verb.AGREE: Text("recueillir", "collect"),
    Verb.HOLD: Text("tenir", "hold"),
    Verb.CONVENE: Text("convoquer", "convene"),
    Verb.MOVE: Text("déplacer", "move"),
    Verb.CANCEL: Text("annuler", "cancel"),
    Verb.DECIDE: Text("faire décider", "decide at"),
    Verb.DELIVER: Text("réaliser", "carry out"),
    Verb.SUBMIT: Text("remettre", "submit"),
    Verb.RETURN: Text("renvoyer", "send back"),
    Verb.APPROVE: Text("approuver", "approve"),
    Verb.REVOKE: Text("révoquer", "revoke"),
    Verb.SUSPEND: Text("suspendre", "suspend"),
    Verb.RESUME: Text("reprendre", "resume"),
    Verb.ABANDON: Text("abandonner", "abandon"),
    Verb.CLOSE: Text("clore", "close"),
    Verb.DEROGATE: Text("déroger pour", "derogate for"),
    Verb.SETTLE: Text("lever", "settle"),
    Verb.CORRECT: Text("corriger", "correct"),
    Verb.ADOPT: Text("adopter", "adopt"),
    Verb.PUBLISH: Text("publier", "publish"),
})  # fmt: skip
TAGS: Mapping[str, Text] = MappingProxyType({"plenaries": Text("plénières", "plenaries")})
"""The one tag of the command line (`--only plenaries`) that is no French word."""

WORDS: Mapping[str, Text] = MappingProxyType({
    # -- the chart
    "chart": Text("Calendrier de « {title} », de {first} à {last}", "Calendar of “{title}”, from {first} to {last}"),
    "today": Text("aujourd'hui", "today"),
    "today_is": Text("Aujourd'hui : {day}", "Today: {day}"),
    "others": Text("divers", "others"),
    "deadlines": Text("Échéances", "Deadlines"),
    "legend_deadline": Text("à faire", "to do"),
    "legend_done": Text("fait", "done"),
    "no_dates": Text("Aucune date à montrer.", "There is no date to show."),
    # -- head
    "skip": Text("Aller au contenu", "Skip to the content"),
    "seen_on": Text("Situation au {day}", "As of {day}"),
    "plan_made": Text("Planning établi le {day}", "Plan made on {day}"),
    "phase_now": Text("Phase en cours", "Current phase"),
    "no_phase": Text("aucune", "none"),
    "verdict": Text("Verdict", "Verdict"),
    "next_meeting": Text("Prochaine réunion", "Next meeting"),
    "no_meeting": Text("aucune réunion à venir", "no meeting ahead"),
    "meetings_held": Text("Réunions tenues", "Meetings held"),
    "of_all": Text("{n} sur {all}", "{n} of {all}"),
    "contents": Text("Sommaire", "Contents"),
    # -- titles of sections
    "where": Text("Où en est la démarche", "Where it stands"),
    "calendar": Text("Calendrier", "Calendar"),
    "meetings": Text("Copils et réunions", "Copils and meetings"),
    "todos": Text("À faire", "To do"),
    "next": Text("La suite", "What comes next"),
    "findings": Text("Constats", "Findings"),
    "basis": Text("Sur quoi repose cette page", "What this page rests on"),
    # -- where it stands
    "since": Text("{state}, commencée le {day}", "{state}, begun on {day}"),
    "by_instance": Text("Par groupe", "By group"),
    "no_phases": Text("La méthode n'a pas de phase.", "The method has no phase."),
    # -- meetings
    "col_day": Text("Date", "Date"),
    "col_meeting": Text("Réunion", "Meeting"),
    "col_status": Text("État", "Status"),
    "col_why": Text("Pourquoi cette date", "Why this date"),
    "from_to": Text("{start} – {end}", "{start} – {end}"),
    "lasts": Text("durée : {length}", "length: {length}"),
    "date_gone": Text("date passée", "date gone by"),
    "agenda": Text("Ordre du jour", "Agenda"),
    "documents": Text("Documents", "Documents"),
    "agenda_documents": Text("Ordre du jour et documents", "Agenda and documents"),
    "no_meetings": Text("Aucune réunion dans ce planning.", "No meeting in this plan."),
    "why_start": Text("début du plan", "start of the plan"),
    "why_end": Text("fin du plan", "end of the plan"),
    "why_fix": Text("date fixée", "date fixed"),
    "why_order": Text("ordre des étapes", "order of the steps"),
    "why_adopted": Text("planning adopté", "adopted plan"),
    "why_announced": Text("dates annoncées", "dates announced"),
    "why_busy": Text("déjà pris : {what}", "already taken: {what}"),
    "why_free": Text("date libre", "free date"),
    "why_held": Text("a eu lieu", "took place"),
    # -- things to do
    "col_due": Text("Échéance", "Deadline"),
    "col_what": Text("Quoi", "What"),
    "col_who": Text("Qui", "Who"),
    "col_for": Text("Pour", "Because of"),
    "short_why": Text("Pourquoi", "Why"),
    "codes": Text(
        "Un code comme {code} est celui d'une règle ; « agir explain {code} » en donne le texte et l'origine.",
        "A code such as {code} is that of a rule; “agir explain {code}” gives its text and origin.",
    ),
    "late": Text("en retard", "late"),
    "done_todos": Text("Déjà fait : {n}", "Already done: {n}"),
    "more_meetings": Text("Autres réunions : {n} (sur la page à l'écran, et dans le calendrier).", "More meetings: {n} (on the page on screen, and in the calendar)."),
    "later_todos": Text("Autres échéances, à partir du {day} : {n} (sur la page à l'écran, et dans le calendrier).", "More deadlines, from {day} on: {n} (on the page on screen, and in the calendar)."),
    "no_todos": Text("Rien à faire dans ce planning.", "Nothing to do in this plan."),
    # -- what comes next
    "possible": Text("Possible maintenant", "Possible now"),
    "nothing_possible": Text("Rien n'est possible pour l'instant.", "Nothing is possible for now."),
    "blocked": Text("Bloqué, et par quoi", "Blocked, and by what"),
    "nearest_first": Text(
        "Les étapes retenues par le moins de raisons viennent d'abord.",
        "Steps held back by the fewest reasons come first.",
    ),
    "nothing_blocked": Text("Rien n'est bloqué.", "Nothing is blocked."),
    "notice": Text("À noter :", "Note:"),
    "lifted_by": Text("Pour débloquer :", "To lift it:"),
    "or": Text("ou", "or"),
    "lift_ask": Text("{verb} « {what} »", "{verb} “{what}”"),
    "lift_wait": Text("attendre le {day}", "wait until {day}"),
    "lift_as": Text("passer par : {role}", "go through: {role}"),
    "permanent": Text("Sans issue :", "No way out:"),
    "more_steps": Text("Autres étapes bloquées : {n}", "Other blocked steps: {n}"),
    "more_possible": Text("Autres étapes possibles : {n}", "Other possible steps: {n}"),
    "more_reasons": Text("Autres raisons : {n}", "Other reasons: {n}"),
    # -- findings
    "no_findings": Text("Aucun constat : rien à signaler.", "No finding: nothing to report."),
    "more_findings": Text("Autres constats : {n}", "Other findings: {n}"),
    "fix": Text("À faire :", "To do:"),
    "quote": Text("La méthode dit :", "The method says:"),
    "quoted": Text("« {text} »", "“{text}”"),
    "origin": Text("Origine : {origin}", "Origin: {origin}"),
    "measured": Text("constaté : {value}", "found: {value}"),
    "expected": Text("attendu : {bound}", "expected: {bound}"),
    "also": Text("aussi : {codes}", "also: {codes}"),
    "on_day": Text("le {day}", "on {day}"),
    "since_day": Text("depuis le {day}", "since {day}"),
    "no_day": Text("sans date", "no date"),
    # -- what it rests on
    "coverage": Text("Exigences examinées", "Requirements examined"),
    "evaluated": Text("jugées", "judged"),
    "not_yet_due": Text("pas encore exigibles", "not yet due"),
    "not_applicable": Text("sans objet", "not applicable"),
    "undetermined": Text("indéterminées", "undetermined"),
    "assumed": Text("Ce qui a été supposé", "What was assumed"),
    "notes": Text("À noter", "To note"),
    "nothing_assumed": Text("Rien n'a été supposé.", "Nothing was assumed."),
    "branches": Text("Étapes facultatives retenues : {names}", "Optional steps taken: {names}"),
    "read_with": Text(
        "Méthode {method}, profil {profile}, régime {regime}.", "Method {method}, profile {profile}, regime {regime}."
    ),
    "colon": Text(" : ", ": "),
    "top": Text("Haut de page", "Top of page"),
})  # fmt: skip
_COUNTS: Mapping[str, tuple[Text, Text]] = MappingProxyType({
    "error": (Text("erreur", "error"), Text("erreurs", "errors")),
    "warning": (Text("avertissement", "warning"), Text("avertissements", "warnings")),
    "info": (Text("remarque", "remark"), Text("remarques", "remarks")),
    "reasons": (Text("raison", "reason"), Text("raisons", "reasons")),
})  # fmt: skip


@attrs.frozen
class Voice:
    """Says things in one language, typeset."""

    lang: Lang

    def say(self, name: str, /, **parts: str) -> str:
        """The fixed sentence of that name, its blanks filled."""
        return typeset(WORDS[name].to(self.lang).format(**parts), self.lang)

    def read(self, text: Text) -> str:
        """A text of the data."""
        return typeset(text.to(self.lang), self.lang)

    def task(self, verb: Verb, title: Text) -> str:
        """«Tenir : la réunion»: a verb and what it is done to."""
        return f"{capital(self.name(VERBS, verb))}{self.say('colon')}{self.read(title)}"

    def name(self, names: Mapping[str, Text], key: str) -> str:
        """The word for a machine word; an unknown one as it is, for no value may vanish."""
        return self.read(names[key]) if key in names else humane(key)

    def count(self, number: int, what: str) -> str:
        """«1 erreur», «0 erreur», «2 erreurs»; «0 errors» in English."""
        one, many = _COUNTS[what]
        single = abs(number) < 2 if self.lang == "fr" else number == 1
        return f"{number}\u00a0{(one if single else many).to(self.lang)}"

    def day(self, day: dt.date) -> str:
        """«jeudi 29 mars 2012», «mardi 1er mai 2012»."""
        return day_in_words(day, self.lang)

    def time(self, day: dt.date) -> Markup:
        """The day in words, with the day itself for machines."""
        return el("time", self.day(day), datetime=day.isoformat())

    def hours(self, day: dt.date, start: dt.time | None, minutes: int | None, zone: str) -> str | None:
        """«14 h – 17 h», «14 h», «durée : 3 h», or nothing where nothing is known."""
        if start is None:
            return None if minutes is None else self.say("lasts", length=self._length(minutes))
        begin = time_in_words(start, self.lang)
        if minutes is None:
            return begin
        try:
            end = later(local(day, start, zone), minutes).time()
        except ValueError:  # the clocks skip or repeat it: better no end than a wrong one
            return begin
        return self.say("from_to", start=begin, end=time_in_words(end, self.lang))

    def _length(self, minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        if not hours:
            return f"{rest} min"
        return f"{hours} h {rest:02d}" if rest else f"{hours} h"


def source(origin: str, reference: Text, lang: Lang) -> str:
    """Where an element of the method comes from, in words: the text it stands in, the practice it follows, or nobody's but ours."""
    kind, _, name = origin.partition(":")
    if kind == "default":
        return Text("choix par défaut de la méthode, où son texte ne dit rien", "the method's default, where its text is silent").to(lang)
    title = reference if reference.fr else Text(humane(name), humane(name))
    if kind == "practice":
        return Text(f"usage : {title.fr}", f"practice: {title.en}").to(lang)
    return title.to(lang) if reference.fr or kind != "seed" else Text(f"texte de la méthode ({title.fr})", f"text of the method ({title.en})").to(lang)


def colon(lang: Lang) -> str:
    """The colon of plain text, with its spaces."""
    return " : " if lang == "fr" else ": "


def semicolon(lang: Lang) -> str:
    """The same of a list of parts of a sentence."""
    return " ; " if lang == "fr" else "; "


def reason(key: str, lang: Lang, what: str | None = None) -> str | None:
    """A reason of a day in words (`fix @ …`, `busy @ …` of *what*, `start`, `order`…); None for the code of a requirement."""
    name, _, subject = key.partition(" @ ")
    said = WORDS.get(f"why_{name}")
    return None if said is None else said.to(lang).format(what=what or humane(subject))


def humane(word: str) -> str:
    """A machine word as a person may read it: `lead_company` → `lead company`."""
    return word.replace("_", " ").strip()
