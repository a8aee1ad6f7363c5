"""The commented dossier that `agir init` writes: each question of the method above its blank."""

from __future__ import annotations

import datetime as dt
import json

from ..method import Facet, Field, Kind, Method
from ..values import each_of
from ..words import Lang, capital


def blank_dossier(method: Method, *, uid: str, start: dt.date, lang: Lang = "fr", ref: str | None = None) -> str:
    """
    A dossier file ready to be filled in; it can be planned and checked as it stands.

    Every question stands above its blank with an example; blanks are commented out, and readable as
    they are. *ref* is how the dossier finds its method, where that is no packaged one.
    """
    fr = lang == "fr"
    lines = [
        f"# {method.title.to(lang)}{' : un dossier' if fr else ': a dossier'}",
        "#",
        "# La date de début, les tables ci-dessous et une première réponse suffisent pour « agir plan » et « agir check »."
        if fr
        else "# The start date, the tables below and a first answer suffice for 'agir plan' and 'agir check'.",
        "# Une ligne qui commence par # est une question ou un exemple : ôter le # de l'exemple pour répondre."
        if fr
        else "# A line that begins with # is a question or an example: remove the # of the example to answer.",
        "",
        "[dossier]",
        f'uid = "{uid}"',
        f"title = {_quoted(method.title.to(lang))}",
        f"method = {_quoted(ref or method.ref)}",
        f"start = {start.isoformat()}",
        f'# profile = "{method.default_profile}"   # {", ".join(p.id for p in method.profiles)}',
        f'# regime = "{method.default_regime}"   # {", ".join(r.id for r in method.regimes)}',
        f'language = "{lang}"',
        'zone = "Europe/Paris"',
        "",
    ]
    for kind in method.kinds:
        lines += _kind(method, kind, start, lang)
    lines += ["[answers]"]
    for facet in method.facets:
        if facet.example or facet.scope is None or method.list_(facet.scope):  # what belongs to an instance is asked once there is one
            lines += _facet(method, facet, start, lang)
    lines += _facts(method, start, lang)
    # A comment ends with its line: what a method writes on several stands on one here.
    return "\n".join(" ".join(line.splitlines()) for line in lines) + "\n"


def _kind(method: Method, kind: Kind, start: dt.date, lang: Lang) -> list[str]:
    live = kind.id == method.verdict_per
    mark = "" if live else "# "
    lines = [f"# {capital(kind.label.to(lang))}" + ((f" : « {kind.quote} »" if lang == "fr" else f": “{kind.quote}”") if kind.quote else ""), f"{mark}[[{kind.id}]]"]
    lines += [f'{mark}id = "{kind.id}-1"', f'{mark}label = "{"à nommer" if lang == "fr" else "to be named"}"']
    lines += [f"{mark}{f.name} = {_sample(method, f, start)}" for f in kind.attributes]
    if kind.inside:
        lines.append(f'# {kind.inside} = "{kind.inside}-1"')
    return [*lines, ""]


def _questions(method: Method, facet: Facet, lang: Lang) -> list[str]:
    return [
        word.label.to(lang)
        for words in method.lists
        for word in words.words
        if facet.id in each_of(word.attributes.get("facets")) and word.label.to("fr").endswith("?")
    ]


def _facet(method: Method, facet: Facet, start: dt.date, lang: Lang) -> list[str]:
    lines = ["", *(f"# {q}" for q in _questions(method, facet, lang) or [capital(facet.label.to(lang))])]
    if facet.example:
        lines.append(f"# ({'exemple : ' if lang == 'fr' else 'example: '}{facet.example})")
    return [*lines, f"# {facet.id} = {_blank(method, facet, start)}"]


def _blank(method: Method, facet: Facet, start: dt.date) -> str:
    # of a seat only what must be said is shown, and the id by which an attendance names it
    shown = [f for f in facet.fields if not facet.seats or not f.optional or f.name == "id"]
    one = "{ " + ", ".join(f"{f.name} = {_sample(method, f, start)}" for f in shown) + " }" if facet.fields else _one(method, facet.type, start)
    one = f"[{one}]" if facet.many else one
    if facet.scope is None:
        return one
    words = method.list_(facet.scope)
    subject = words.words[0].id if words else f"{facet.scope}-1"
    return "{ " + f"{subject} = {one}" + " }"


def _sample(method: Method, field: Field, start: dt.date) -> str:
    one = _one(method, field.type, start)
    return f"[{one}]" if field.many else one


def _one(method: Method, type_: str, start: dt.date) -> str:
    words = method.list_(type_)
    if words:
        return f'"{words.words[0].id}"'
    plain = {"int": "1", "bool": "true", "date": start.isoformat(), "duration": '"1y"'}
    return f'"{type_}-1"' if type_ in method.words.kinds else plain.get(type_, '"…"')


def _facts(method: Method, start: dt.date, lang: Lang) -> list[str]:
    meeting = next((x for x in method.leaves if x.is_sitting and not x.scope), None)
    if meeting is None:
        return []
    says = "Ce qui s'est passé, un bloc par fait :" if lang == "fr" else "What happened, a block for each fact:"
    colleges = method.list_(method.colleges)
    lines = ["", f"# {says}", "# [[facts]]", '# fact = "hold"', f'# address = "{meeting.address}"', f"# on = {start + dt.timedelta(days=21)}"]
    if colleges:
        lines.append("# attendance = { " + ", ".join(f"{w.id} = 2" for w in colleges.words[:3]) + " }")
    if any(f.seats and meeting.id in method.words.leaves_of(f.seats) for f in method.facets):
        lines.append('#   ou, quand les sièges ont un id : present = ["…"], proxies = { absent = "présent" }, substitutes = { siège = "qui" }' if lang == "fr"
                     else '#   or, where the seats have an id: present = ["…"], proxies = { absent = "present" }, substitutes = { seat = "who" }')  # fmt: skip
    return [*lines, f'# decision = "{meeting.decisions[0]}"'] if meeting.decisions else lines


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
