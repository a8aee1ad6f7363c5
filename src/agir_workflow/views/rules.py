"""The catalogue of rules, and one of them explained: as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from ..catalogue import Rule
from ..shipped import Broken
from ..verification.labels import Asks, Bearing, Reading
from ..words import Lang, Text
from ._wording import SEVERITIES
from .json_view import Json, text


def rules_json(method: str, rules: tuple[Rule, ...], order: Sequence[Reading]) -> Json:
    """The object `agir.rules/1`; *order* is what the tree says of each row that asks something of the order."""
    return {"schema": "agir.rules/1", "method": method, "rules": [_rule(r, [x for x in order if x.code == r.code]) for r in rules]}


def _rule(rule: Rule, order: Sequence[Reading]) -> Json:
    return {
        "code": rule.code, "by": rule.by, "reason": text(rule.no_row) if rule.no_row else None, "aspect": rule.aspect.value, "severity": rule.severity.value,
        "due": list(dict.fromkeys(p.due for p in rule.parts)), "origin": rule.origin, "quote": rule.quote, "source": rule.source,
        "profile": list(rule.keys), "derogable": rule.derogable, "why": text(rule.parts[0].why), "fix": text(rule.parts[0].fix),
        "rows": [{"is": p.kind, "due": p.due, "severity": p.severity.value, "why": text(p.why), "fix": text(p.fix),
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


def rules_text(rules: tuple[Rule, ...], lang: Lang) -> str:
    """A line for each rule, and how many are of which kind."""
    rows, code = sum(r.by == "row" for r in rules), sum(r.by == "code" for r in rules)
    lines = [f"{r.code}  {r.severity.value:8}{r.aspect.value:20}{r.by:5}{', '.join(dict.fromkeys(p.due for p in r.parts)):32}{_blank(r.parts[0].why, lang)}" for r in rules]
    last = f"{len(rules)} règles : {rows} en lignes de la méthode, {code} en code" if lang == "fr" else f"{len(rules)} rules: {rows} as rows of the method, {code} as code"
    return "\n".join([*lines, "", last]) + "\n"


def explanation(rule: Rule, example: Broken | None, lang: Lang) -> str:
    """What a rule says, why, how to mend it, and what breaking it looks like."""
    fr = lang == "fr"
    head = f"{rule.code}  {SEVERITIES[rule.severity].to(lang)} · {rule.aspect.value} · {', '.join(dict.fromkeys(p.due for p in rule.parts))}"
    lines = [head, ""]
    lines += [f"quoi : {w}" if fr else f"what: {w}" for w in dict.fromkeys(_blank(p.why, lang) for p in rule.parts)]
    why = f"« {rule.quote} » ({rule.origin})" if rule.quote else rule.origin
    lines.append(f"pourquoi : {why}" if fr else f"why: {why}")
    lines += [f"remède : {w}" if fr else f"how to mend: {w}" for w in dict.fromkeys(p.fix.to(lang) for p in rule.parts)]
    if rule.keys:
        lines.append(f"seuils du profil : {', '.join(rule.keys)}" if fr else f"numbers of the profile: {', '.join(rule.keys)}")
    if not rule.derogable:
        lines.append("un copil ne peut en dispenser" if fr else "no copil can waive it")
    if rule.no_row:
        lines.append(f"en code : {rule.no_row.fr}" if fr else f"as code: {rule.no_row.en}")
    if example:
        says = f"exemple : le dossier témoin la respecte ; ainsi modifié, {rule.code} @ {example.subject} est signalé au {example.at}"
        lines += ["", says if fr else f"example: the witness meets it; edited so, {rule.code} @ {example.subject} is told on {example.at}", "", *example.diff.splitlines()]
    return "\n".join(lines) + "\n"
