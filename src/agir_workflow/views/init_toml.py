"""The commented dossier that `agir init` writes: each question of the method above its blank."""

from __future__ import annotations

import datetime as dt

from ..method import Facet, Field, Kind, Method
from ..values import each_of
from ..words import Lang


def blank_dossier(method: Method, *, uid: str, start: dt.date, lang: Lang = "fr") -> str:
    """
    A dossier file ready to be filled in; it can be planned and checked as it stands.

    Every question stands above its blank with an example; blanks are commented out.
    """
    fr = lang == "fr"
    lines = [
        f"# {method.title.to(lang)} : {'un dossier' if fr else 'a dossier'}",
        "#",
        "# Le périmètre, les instances ci-dessous et une date de début suffisent pour « agir plan » et « agir check »."
        if fr
        else "# The first answer, the instances below and a start date suffice for 'agir plan' and 'agir check'.",
        "# Une ligne qui commence par # est un exemple : ôter le # pour répondre."
        if fr
        else "# A line that begins with # is an example: remove the # to answer.",
        "",
        "[dossier]",
        f'uid = "{uid}"',
        f'title = "{method.title.to(lang)}"',
        f'method = "{method.ref}"',
        f"start = {start.isoformat()}",
        f'# profile = "{method.default_profile}"   # {", ".join(p.id for p in method.profiles)}',
        f'# regime = "{method.default_regime}"   # {", ".join(r.id for r in method.regimes)}',
        f'language = "{lang}"',
        'zone = "Europe/Paris"',
        "",
    ]
    for kind in method.kinds:
        lines += _kind(method, kind, lang)
    lines += ["[answers]"]
    for facet in method.facets:
        if facet.example or facet.scope is None:
            lines += _facet(method, facet, lang)
    lines += _facts(method, lang)
    return "\n".join(lines) + "\n"


def _kind(method: Method, kind: Kind, lang: Lang) -> list[str]:
    live = kind.id == method.verdict_per
    mark = "" if live else "# "
    lines = [f"# {kind.label.to(lang)}" + (f" : « {kind.quote} »" if kind.quote else ""), f"{mark}[[{kind.id}]]"]
    lines += [f'{mark}id = "{kind.id}-1"', f'{mark}label = "{"à nommer" if lang == "fr" else "to be named"}"']
    lines += [f"{mark}{f.name} = {_sample(method, f)}" for f in kind.attributes if not live]
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


def _facet(method: Method, facet: Facet, lang: Lang) -> list[str]:
    lines = ["", *(f"# {q}" for q in _questions(method, facet, lang) or [facet.label.to(lang)])]
    if facet.example:
        lines.append(f"# ({'exemple' if lang == 'fr' else 'example'} : {facet.example})")
    return [*lines, f"# {facet.id} = {_blank(method, facet)}"]


def _blank(method: Method, facet: Facet) -> str:
    one = "{ " + ", ".join(f"{f.name} = {_sample(method, f)}" for f in facet.fields) + " }" if facet.fields else _plain(facet.type)
    one = f"[{one}]" if facet.many else one
    if facet.scope is None:
        return one
    words = method.list_(facet.scope)
    subject = words.words[0].id if words else f"{facet.scope}-1"
    return "{ " + f"{subject} = {one}" + " }"


def _sample(method: Method, field: Field) -> str:
    words = method.list_(field.type)
    one = f'"{words.words[0].id}"' if words else f'"{field.type}-1"' if field.type in method.words.kinds else _plain(field.type)
    return f"[{one}]" if field.many else one


def _plain(type_: str) -> str:
    return {"int": "1", "bool": "true", "date": "2026-09-15", "duration": '"1y"'}.get(type_, '"…"')


def _facts(method: Method, lang: Lang) -> list[str]:
    meeting = next((x for x in method.leaves if x.is_sitting and not x.scope), None)
    if meeting is None:
        return []
    says = "Ce qui s'est passé, un bloc par fait :" if lang == "fr" else "What happened, a block for each fact:"
    colleges = method.list_(method.colleges)
    heads = ", ".join(f"{w.id} = 2" for w in colleges.words[:3]) if colleges else ""
    lines = ["", f"# {says}", "# [[facts]]", '# fact = "hold"', f'# address = "{meeting.address}"', "# on = 2026-09-22", f"# attendance = {{ {heads} }}"]
    return [*lines, f'# decision = "{meeting.decisions[0]}"'] if meeting.decisions else lines
