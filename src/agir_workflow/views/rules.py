"""The catalogue of rules, and one of them explained: as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from ..catalogue import Part, Rule
from ..method import Method
from ..requirements import Due, Form
from ..shipped import Broken
from ..values import Record, Value
from ..verification.labels import Asks, Bearing, Reading
from ..words import DeliverableId, Lang, Text, Verb
from ._wording import ASPECTS, SEVERITIES, VERBS, semicolon, source
from .json_view import Json, text


def rules_json(method: str, rules: tuple[Rule, ...], order: Sequence[Reading]) -> Json:
    """The object `agir.rules/1`; *order* is what the tree says of each row that asks something of the order."""
    return {"schema": "agir.rules/1", "method": method, "rules": [_rule(r, [x for x in order if x.code == r.code]) for r in rules]}


def _rule(rule: Rule, order: Sequence[Reading]) -> Json:
    return {
        "code": rule.code, "by": rule.by, "reason": text(rule.no_row) if rule.no_row else None, "aspect": rule.aspect.value, "severity": rule.severity.value,
        "due": list(dict.fromkeys(str(p.due) for p in rule.parts)), "origin": rule.origin, "quote": rule.quote,
        "reference": text(rule.reference) if rule.reference.fr else None, "where": rule.where, "source": rule.source,
        "profile": list(rule.keys), "derogable": rule.derogable, "why": text(rule.parts[0].why), "fix": text(rule.parts[0].fix),
        "rows": [{"is": p.kind, "due": str(p.due), "severity": p.severity.value, "why": text(p.why), "fix": text(p.fix),
                  "order": [{"asks": x.asks.value, "bearing": x.bearing.value} for x in order if x.nth == n]} for n, p in enumerate(rule.parts, 1) if p.kind],
    }  # fmt: skip


_ASKS = {
    Asks.ORDER: Text("ordre", "order"), Asks.DECISION: Text("décision", "decision"), Asks.DISTANCE: Text("délai", "distance"),
    Asks.TIMES: Text("nombre", "times"), Asks.RUN: Text("déroulé", "run"),
}  # fmt: skip
_BEARINGS = {
    Bearing.IMPLIED: Text("déjà dans l'arbre : nomme un écart", "in the tree already: names a deviation"),
    Bearing.INDEPENDENT: Text("indépendante de l'arbre", "independent of the tree"),
    Bearing.CONTRADICTORY: Text("contredit l'arbre", "contradicts the tree"),
    Bearing.UNVIOLABLE: Text("ne peut être enfreinte", "cannot be broken"),
}


def order_text(order: Sequence[Reading], lang: Lang) -> str:
    """A line for each row that asks something of the order: what it asks, and what the tree says of it."""
    lines = [f"{x.code}{f'.{x.nth}' if x.nth > 1 else '':4}{_ASKS[x.asks].to(lang):10}{_BEARINGS[x.bearing].to(lang)}" for x in order]
    return "\n".join(lines) + "\n"


_BLANKS = {
    "{subject}": Text("[sujet]", "[subject]"), "{value}": Text("[valeur]", "[value]"),
    "{bound}": Text("[borne]", "[bound]"), "{missing}": Text("[ce qui manque]", "[what is missing]"),
}  # fmt: skip
"""What a finding's sentence is filled with, as a person reads it before there is a finding."""


def _blank(sentence: Text, lang: Lang) -> str:
    said = sentence.to(lang)
    for part, name in _BLANKS.items():
        said = said.replace(part, name.to(lang))
    return said


def _named(method: Method, due: Due) -> Text:
    """What a requirement is due for, as people call it."""
    words = method.words
    for named in (words.leaves, words.sets, {p.id: p for p in method.phases}):
        if found := {str(k): v.label for k, v in named.items()}.get(due.name):
            return found
    chart, _, move = due.name.partition(".")
    verb = VERBS.get(Verb(move)) if move in set(Verb) else None
    of = Text("le projet", "the project") if chart == "run" else words.deliverables[DeliverableId(chart)].label if DeliverableId(chart) in words.deliverables else Text(chart, chart)
    return Text(f"{verb.fr} {of.fr}", f"{verb.en} {of.en}") if verb else Text(due.name, due.name)


def _when(method: Method, due: Due, lang: Lang) -> str:
    """When a requirement is due, in words (METHOD-LANGUAGE.md §1)."""
    if due.form is Form.ALWAYS:
        return Text("en tout temps", "at all times").to(lang)
    name = _named(method, due)
    said = {
        Form.AFTER: Text(f"après : {name.fr}", f"after: {name.en}"), Form.PHASE: Text(f"avant la partie : {name.fr}", f"before the part: {name.en}"),
    }.get(due.form, Text(f"avant : {name.fr}", f"before: {name.en}"))  # fmt: skip
    return said.to(lang)


def _due(method: Method, rule: Rule, lang: Lang) -> str:
    return ", ".join(dict.fromkeys(_when(method, p.due, lang) for p in rule.parts))


def rules_text(method: Method, rules: tuple[Rule, ...], lang: Lang) -> str:
    """A line for each rule, and how many are of which kind."""
    rows, code = sum(r.by == "row" for r in rules), sum(r.by == "code" for r in rules)
    lines = [f"{r.code}  {SEVERITIES[r.severity].to(lang):15}{_blank(r.parts[0].why, lang)} ({_due(method, r, lang)})" for r in rules]
    last = f"{len(rules)} règles : {rows} en lignes de la méthode, {code} en code" if lang == "fr" else f"{len(rules)} rules: {rows} as rows of the method, {code} as code"
    return "\n".join([*lines, "", last]) + "\n"


def _plain(value: Value | None) -> str:
    return "[" + ", ".join(_plain(v) for v in value) + "]" if isinstance(value, tuple) else str(value)


def _numbers(method: Method, key: str, lang: Lang) -> str:
    """A number of the profiles: its value in each."""
    return f"{key} = " + semicolon(lang).join(f"{_plain(p.values.get(key))} ({p.id})" for p in method.profiles if p.values.get(key) is not None)


def _regime_numbers(method: Method, key: str, lang: Lang) -> str:
    """A number of the regimes: its value in each, and where that one takes it from."""
    told = []
    for regime in method.regimes:
        if (value := regime.values.get(key)) is not None:
            own = sources.get(key) if isinstance(sources := regime.values.get("sources"), Record) else None
            origin = str(own or regime.origin)
            told.append(f"{_plain(value)} ({regime.id}{semicolon(lang)}{source(origin, method.words.reference(origin), lang)})")
    return f"{key} = " + semicolon(lang).join(told)


def _because(part: Part, lang: Lang) -> str:
    """The sentence that a row stands on, or what it follows, and where to read it."""
    said = source(part.origin, part.reference, lang)
    if part.quote:
        said = f"« {part.quote} » ({said})" if lang == "fr" else f"“{part.quote}” ({said})"
    return said + (f", {part.where}" if part.where else "")


def explanation(method: Method, rule: Rule, example: Broken | None, lang: Lang) -> str:
    """What a rule says, why, how to mend it, and what breaking it looks like."""
    fr = lang == "fr"
    lines = [f"{rule.code}  {SEVERITIES[rule.severity].to(lang)} · {ASPECTS[rule.aspect].to(lang)} · {_due(method, rule, lang)}", ""]
    says = ("quoi : {}", "pourquoi : {}", "remède : {}") if fr else ("what: {}", "why: {}", "how to mend: {}")
    for told in dict.fromkeys((_blank(p.why, lang), _because(p, lang), p.fix.to(lang)) for p in rule.parts):
        lines += [*([""] if len(lines) > 2 else []), *(say.format(w) for say, w in zip(says, told, strict=True))]
    also = [f"nombre du profil : {_numbers(method, k, lang)}" if fr else f"number of the profile: {_numbers(method, k, lang)}" for k in rule.keys]
    also += [f"nombre du régime : {_regime_numbers(method, k, lang)}" if fr else f"number of the regime: {_regime_numbers(method, k, lang)}" for k in rule.regime]
    if not rule.derogable:
        also.append("un copil ne peut en dispenser" if fr else "no copil can waive it")
    if rule.no_row:
        also.append(f"en code : {rule.no_row.fr}" if fr else f"as code: {rule.no_row.en}")
    lines += [*([""] if also and len(lines) > 5 else []), *also]
    if example:
        shown = f"exemple : le dossier témoin la respecte ; ainsi modifié, {rule.code} @ {example.subject} est signalé au {example.at}"
        lines += ["", shown if fr else f"example: the witness meets it; edited so, {rule.code} @ {example.subject} is told on {example.at}", "", *example.diff.splitlines()]
    return "\n".join(lines) + "\n"
