"""The small words of a sentence, in both languages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from ..facts import DOSSIER
from ..planning.problem import Counting
from ..requirements import Duration
from ..values import Record, Value
from ..view import RUN, View
from ..when import When
from ..words import Address, Code, InstanceId, Lang, Text, Verb, capital

# Both by name: `strftime` would speak the language of the host's locale.
MONTHS = (
    Text("janvier", "January"), Text("février", "February"), Text("mars", "March"), Text("avril", "April"), Text("mai", "May"), Text("juin", "June"),
    Text("juillet", "July"), Text("août", "August"), Text("septembre", "September"), Text("octobre", "October"), Text("novembre", "November"), Text("décembre", "December"),
)  # fmt: skip
_STATES = {
    "none": Text("absent", "absent"),
    "draft": Text("rédigé", "drafted"),
    "submitted": Text("remis", "submitted"),
    "returned": Text("renvoyé", "returned"),
    "approved": Text("approuvé", "approved"),
    "revoked": Text("révoqué", "revoked"),
    "planned": Text("prévu", "planned"),
    "convened": Text("convoqué", "convened"),
    "held": Text("tenu", "held"),
    "decided": Text("décidé", "decided"),
    "cancelled": Text("annulé", "cancelled"),
    "open": Text("ouvert", "open"),
    "suspended": Text("suspendu", "suspended"),
    "abandoned": Text("abandonné", "abandoned"),
    "closed": Text("clos", "closed"),
}


_DEEDS = {
    Verb.DECLARE: Text("la déclaration", "declaring"),
    Verb.END: Text("la fin", "ending"),
    Verb.MERGE: Text("la fusion", "merging"),
    Verb.FILL: Text("la réponse", "filling in"),
    Verb.CLEAR: Text("le retrait", "withdrawing"),
    Verb.AGREE: Text("l'accord", "agreeing"),
    Verb.HOLD: Text("la tenue", "holding"),
    Verb.CONVENE: Text("la convocation", "convening"),
    Verb.MOVE: Text("le déplacement", "moving"),
    Verb.CANCEL: Text("l'annulation", "cancelling"),
    Verb.DECIDE: Text("la décision", "deciding"),
    Verb.DELIVER: Text("la réalisation", "delivering"),
    Verb.SUBMIT: Text("la remise", "submitting"),
    Verb.RETURN: Text("le renvoi", "returning"),
    Verb.APPROVE: Text("l'approbation", "approving"),
    Verb.REVOKE: Text("la révocation", "revoking"),
    Verb.SUSPEND: Text("la suspension", "suspending"),
    Verb.RESUME: Text("la reprise", "resuming"),
    Verb.ABANDON: Text("l'abandon", "abandoning"),
    Verb.CLOSE: Text("la clôture", "closing"),
    Verb.DEROGATE: Text("la dérogation", "derogating"),
    Verb.SETTLE: Text("la levée", "settling"),
    Verb.CORRECT: Text("la correction", "correcting"),
    Verb.ADOPT: Text("l'adoption", "adopting"),
    Verb.PUBLISH: Text("la publication", "publishing"),
}


def deed_name(verb: Verb) -> Text:
    """What a command does, as a noun with its article: « la décision », « deciding »."""
    return _DEEDS[verb]


def state_name(state: str) -> Text:
    return _STATES.get(state, Text(state, state))


def count_of(number: int) -> Text:
    return Text(str(number), str(number))


def percent_of(number: int) -> Text:
    return Text(f"{number} %", f"{number}%")


_COUNTED = {
    Counting.DAYS: (Text("jour", "day"), Text("jours", "days")),
    Counting.OPEN: (Text("jour ouvert", "open day"), Text("jours ouverts", "open days")),
    Counting.WORKING: (Text("jour ouvré", "working day"), Text("jours ouvrés", "working days")),
    Counting.CLEAR: (Text("jour franc", "clear day"), Text("jours francs", "clear days")),
}


def days_of(number: int, counting: Counting = Counting.DAYS) -> Text:
    """So many days as they were counted: « 5 jours francs », « 1 jour »."""
    one, many = _COUNTED[counting]
    return Text(f"{number} {(many if abs(number) > 1 else one).fr}", f"{number} {(many if number != 1 else one).en}")


def days_between(least: int, most: int, counting: Counting = Counting.DAYS) -> Text:
    """A number of days of which only the bounds are known: « 1–59 jours »."""
    told = days_of(most, counting)
    return Text(f"{least}–{told.fr}", f"{least}–{told.en}") if least < most else told


def length_of(length: Duration, counting: Counting) -> Text:
    """A bound in its own unit, or where days are not counted plainly in those days."""
    return length.to_text() if counting is Counting.DAYS else days_of(length.days, counting)


def range_of(least: Duration | None, most: Duration | None, counting: Counting = Counting.DAYS) -> Text:
    """What a distance should be: « 2 à 11 semaines », « 7 jours francs », « 1 mois à 1 an »."""
    if least is None or most is None:
        return length_of(least or most or Duration(0, "d"), counting)
    low, high = length_of(least, counting), length_of(most, counting)
    if least.unit == most.unit or counting is not Counting.DAYS:
        number = str(least.number if counting is Counting.DAYS else least.days)
        low = Text(number, number)
    return Text(f"{low.fr} à {high.fr}", f"{low.en} to {high.en}")


def day_of(day: dt.date) -> Text:
    first = "1er" if day.day == 1 else str(day.day)
    month = MONTHS[day.month - 1]
    return Text(f"{first} {month.fr} {day.year}", f"{day.day} {month.en} {day.year}")


_SPANS = {"S": Text("semestre", "half"), "Q": Text("trimestre", "quarter")}
_ORDINALS = ("", "first", "second", "third", "fourth")


def when_of(when: When) -> Text:
    """A day, or what is known of one: « jour inconnu de mars 2012 », « jour inconnu du 1er semestre 2012 »."""
    span, text = span_of(when), str(when)
    if when.is_day:
        return span
    if "/" in text:
        first, last = day_of(when.earliest), day_of(when.latest)
        return Text(f"jour inconnu entre le {first.fr} et le {last.fr}", f"an unknown day between {first.en} and {last.en}")
    if text[5:6] in _SPANS:
        return Text(f"jour inconnu du {span.fr}", f"an unknown day of the {span.en}")
    of = "d'" if span.fr[0] in "ao" else "de "
    return Text(f"jour inconnu {of}{span.fr}", f"an unknown day of {span.en}")


def span_of(when: When) -> Text:
    """A day, or the time that is said for one: « mars 2012 », « 1er semestre 2012 », « du 17 octobre 2011 au 2 décembre 2011 »."""
    if when.is_day:
        return day_of(when.earliest)
    year, text = when.earliest.year, str(when)
    if "/" in text:
        first, last = day_of(when.earliest), day_of(when.latest)
        return Text(f"du {first.fr} au {last.fr}", f"{first.en} to {last.en}")
    part = text[5:]
    if part[:1] in _SPANS:
        span, n = _SPANS[part[0]], int(part[1])
        return Text(f"{'1er' if n == 1 else f'{n}e'} {span.fr} {year}", f"{_ORDINALS[n]} {span.en} of {year}")
    if not part:
        return Text(str(year), str(year))
    month = MONTHS[when.earliest.month - 1]
    return Text(f"{month.fr} {year}", f"{month.en} {year}")


def joined(parts: Sequence[Text], most: int = 4) -> Text:
    """A list of names; past *most* the rest is counted, so that a sentence stays short."""
    shown, rest = parts[:most], len(parts) - most
    fr, en = ", ".join(p.fr for p in shown), ", ".join(p.en for p in shown)
    return Text(f"{fr} et {rest} de plus", f"{en} and {rest} more") if rest > 0 else Text(fr, en)


def named(view: View, value: Value) -> Text:
    """What a person calls a value: a word of a list, an instance, the name an item gives itself, else the first text of it in the order of its facet."""
    if isinstance(value, Record):
        for key in ("id", "nom", "name", "texte", "text"):
            if isinstance(found := value.get(key), str):
                return Text(brief(found), brief(found))
        ordered = next((names for f in view.method.facets if {*value.names} <= {*(names := [x.name for x in f.fields])}), value.names)
        return next((named(view, v) for name in ordered if isinstance(v := value.get(name), str)), Text("…", "…"))
    text = str(value)
    for words in view.method.lists:
        if word := words.word(text):
            return word.label
    for leaf in view.method.leaves:
        for point in leaf.agenda:
            if point.id == text:
                return point.label
    found_instance = view.instance(InstanceId(text))
    label = found_instance.label if found_instance else text
    return Text(brief(label), brief(label))


def brief(text: str, most: int = 40) -> str:
    """A name as a sentence has room for it."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def listed(pattern: Text, parts: Sequence[Text], limit: int = 160) -> Text:
    """A sentence with a list in the place of `{missing}`: as many of its names as leave the sentence whole, the rest counted."""
    for most in range(4, 1, -1):
        names = joined(parts, most)
        if max(len(pattern.fr.replace("{missing}", names.fr)), len(pattern.en.replace("{missing}", names.en))) <= limit:
            break
    else:
        names = joined(parts, 1)
    return fill_in(pattern, {"missing": names}, limit)


_BLANK = re.compile(r"\{(\w+)\}")


def fill_in(pattern: Text, parts: dict[str, Text | None], limit: int = 160) -> Text:
    """A sentence with its blanks filled, at most *limit* characters in each language. What fills a blank is never read for blanks: it is people's own text."""

    def one(text: str, lang: Lang) -> str:
        def filled(blank: re.Match[str]) -> str:
            if blank[1] not in parts:
                return blank[0]
            part = parts[blank[1]]
            return "…" if part is None else part.to(lang)

        text = _BLANK.sub(filled, text).replace("….", "…")  # a name cut short ends the sentence
        text = capital(text)
        return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"

    return Text(one(pattern.fr, "fr"), one(pattern.en, "en"))


def said_assumptions(view: View) -> tuple[Text, ...]:
    """What the dossier left unsaid and the engine took from the method, as sentences."""
    names = {"profile": Text("profil", "profile"), "regime": Text("régime", "regime")}
    out = []
    for entry in view.dossier.head.assumed:
        what, _, value = entry.partition("=")
        label = names.get(what, Text(what, what))
        out.append(Text(f"{label.fr} « {value} », faute d'indication", f"{label.en} '{value}', since none is given"))
    return tuple(out)


def said_suppositions(supposed: Mapping[tuple[Code, Code, bool], Sequence[str]]) -> list[Text]:
    """Of rows that bind only where another holds, which does not as yet: whether a plan keeps them, and at which subjects."""
    out = []
    for (code, other, kept), subjects in sorted(supposed.items()):
        named = list(dict.fromkeys(subjects))
        where = ", ".join(named[:3]) + ", …" * (len(named) > 3)
        if kept:
            out.append(Text(f"{code} gardée, en supposant {other} tenue ({where})", f"{code} kept, taking {other} to hold ({where})"))
        else:
            out.append(Text(f"{code} laissée de côté, puisque {other} n'est pas tenue ({where})", f"{code} left out, since {other} does not hold ({where})"))
    return out


def said_same_day(view: View, addresses: Sequence[Address]) -> tuple[Text, ...]:
    """What a plan has done on the very day of what waits for it, for want of a day before."""
    titles = [view.title(a) for a in dict.fromkeys(addresses)]
    names = joined(titles, 3)
    return (Text(f"faute d'un jour d'avance, à faire le jour même de ce qui l'attend : {names.fr}", f"for want of a day in hand, to be done on the very day of what waits for it: {names.en}"),) if titles else ()


def said_run(view: View) -> tuple[Text, ...]:
    """That the project rests, or was given up, where it does."""
    last = max(reversed(view.states.get((RUN, DOSSIER), ())), key=lambda s: s.on.earliest, default=None)  # of one day, the last told
    if last is None or last.state not in _RESTING:
        return ()
    since, said = when_of(last.on), _RESTING[last.state]
    return (fill_in(said, {"value": since}),)


_RESTING = {
    "suspended": Text("projet suspendu ({value})", "project suspended ({value})"),
    "abandoned": Text("projet abandonné ({value}) : plus rien n'est attendu", "project abandoned ({value}): nothing more is awaited"),
}
