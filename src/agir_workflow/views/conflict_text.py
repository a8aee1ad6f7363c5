"""Why no plan exists, in sentences: what each key of a conflict asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from math import inf

from ..errors import PlanningError
from ..planning.lenient import leniently
from ..planning.moves import convened, moves
from ..planning.problem import Lag, Problem, Status
from ..readings._phrases import days_of, when_of
from ..view import View
from ..words import Address, Lang, Text, Verb
from ..zones import day_in_words
from ._wording import VERBS, colon

_MANY = 20
"""Of a conflict of more keys those of one code are told together: sixty meetings that have no day of their own in so many weeks."""


def conflicts_text(refused: PlanningError, problem: Problem, view: View, lang: Lang) -> str:
    """Every conflict, the shortest first: its keys, then what each of them asks for; what may be written instead, and what is not sure."""
    lead = f"{refused.lead.to(lang)}{colon(lang)}"
    lines = []
    for conflict in refused.conflicts:
        told = _told_once(conflict, lang)
        lines.append(f"{lead}{' + '.join(told.values())}")
        early = "start" in conflict and "end" not in conflict
        lines += [f"  - {said}{colon(lang) if said != key else ': '}{_asks(key, problem, view, lang, pressed_early=early)}" for key, said in told.items()]
    return "\n".join([*lines, *_moved(refused, problem, view, lang), *_ways_out(refused, view, lang), *(x.to(lang) for x in refused.besides)]) + "\n"


def _told_once(conflict: Sequence[str], lang: Lang) -> dict[str, str]:
    """The keys that are told of a conflict, and how each is written: of very many the first of each code stands for all of it."""
    alike: dict[str, list[str]] = {}
    for key in conflict:
        alike.setdefault(key.partition(" @ ")[0] if len(conflict) > _MANY else key, []).append(key)
    others = Text("autre", "other").to(lang)
    return {keys[0]: keys[0] + (f" ({'et' if lang == 'fr' else 'and'} {n} {others}{'s' * (n > 1)})" if (n := len(keys) - 1) else "") for keys in alike.values()}


def _moved(refused: PlanningError, problem: Problem, view: View, lang: Lang) -> list[str]:
    """What to write where meetings that were called for a day stand in the way: the days to move them to."""
    asked = ", ".join(f"agir do DOSSIER move {id} day={day}" for id, day in moves(view, problem, refused.conflicts).items())
    said = Text("→ déplacer ce qui est convoqué : ", "→ move what was called: ")
    return [f"{said.to(lang)}{asked}"] if asked else []


def _ways_out(refused: PlanningError, view: View, lang: Lang) -> list[str]:
    """What to write for dates all the same: a row left out of each conflict, where none of them is an error in the verdict, and each is needed for it."""
    fr = lang == "fr"
    left = leniently(view.method, refused.conflicts)
    if not left:
        return []
    if any(key is None for key in left) or not refused.minimal:
        return ["→ changer --start, --end, --fix ou --busy, ou laisser une exigence de côté : --without CLÉ" if fr else "→ change --start, --end, --fix or --busy, or leave a requirement out: --without KEY"]
    options = " ".join(f'--without "{key}"' for key in dict.fromkeys(left))
    return [f"→ pour des dates malgré cela, que le verdict relèvera : {options}" if fr else f"→ for dates all the same, which the verdict will remark: {options}"]


def _asks(key: str, problem: Problem, view: View, lang: Lang, *, pressed_early: bool) -> str:
    fr = lang == "fr"
    head, _, subject = key.partition(" @ ")
    if key == "start":
        return f"rien ne se place avant le {day_in_words(problem.start, lang)}" if fr else f"nothing is placed before {day_in_words(problem.start, lang)}"
    if key == "end":
        return f"tout se place le {day_in_words(problem.end, lang)} au plus tard" if fr else f"all is placed by {day_in_words(problem.end, lang)}"
    name = _name(view, subject, lang)
    if head == "busy":
        return f"l'agenda « {subject} » est pris ces jours-là" if fr else f"the calendar '{subject}' is taken on those days"
    held = next((s.held for history in view.sittings.values() for s in history if s.held and s.address == subject), None)
    if head == "fix" and held:
        return f"« {name} » a déjà eu lieu : {when_of(held).fr}" if fr else f"'{name}' was held already: {when_of(held).en}"
    fixed = next((v.day for v in problem.variables if v.id == subject and v.status is not Status.PLANNED and v.day), None)
    if head == "fix" and fixed and subject in convened(view, problem):
        return f"« {name} » est convoqué pour le {day_in_words(fixed, lang)}" if fr else f"'{name}' was called for {day_in_words(fixed, lang)}"
    if head == "fix" and fixed:
        return f"« {name} » est fixé au {day_in_words(fixed, lang)}" if fr else f"'{name}' is fixed on {day_in_words(fixed, lang)}"
    lags = [*(x for x in problem.lags if x.key == key), *(x for c in problem.choices if c.key == key for x in c.options)]
    if pressed_early:  # of several distances the shortest that is allowed at most is the one that the start excludes
        lags.sort(key=lambda x: x.max if x.max is not None else inf)
    said = [_lag(x, view, lang, at_most=pressed_early) for x in lags]
    for variable in problem.variables:
        for hole in variable.holes:
            if hole.key == key:
                said.append(_hole(_name(view, variable.id, lang), fixed if variable.id == subject else variable.day, len(hole.days), lang))
    for apart in problem.apart:
        if apart.key == key:
            names = ", ".join(f"« {_name(view, m, lang)} »" if fr else f"'{_name(view, m, lang)}'" for m in apart.members[:3])
            said.append(f"pas en même temps : {names}" if fr else f"not at the same time: {names}")
    if not said:
        row = next((r for r in view.method.requirements if r.code == head), None)
        return row.fix.to(lang) if row else name
    more = len(said) - 1
    return said[0] + (f" (et {more} de plus)" if fr else f" (and {more} more)") * bool(more)


def _lag(lag: Lag, view: View, lang: Lang, *, at_most: bool) -> str:
    fr = lang == "fr"
    a, b = (_name(view, x, lang) for x in (lag.a, lag.b))
    if lag.min is None and lag.max is None:
        return f"« {b} » après « {a} »" if fr else f"'{b}' after '{a}'"
    if lag.min is not None and lag.min < 0:  # written the other way round: b may come before a
        return _told(b, a, None, -lag.min, lag, lang)
    if at_most and lag.max is not None:
        return _told(a, b, None, lag.max, lag, lang)
    return _told(a, b, lag.min, lag.max, lag, lang)


def _told(first: str, then: str, least: int | None, most: int | None, lag: Lag, lang: Lang) -> str:
    """How far one comes after the other; of two bounds both, since either may be the one that excludes."""
    words = (Text("au moins", "at least"), least), (Text("au plus", "at most"), most)
    counted = [f"{said.to(lang)} {days_of(number, lag.count).to(lang)}" for said, number in words if number is not None]
    if lang == "fr":
        return f"« {then} » {' et '.join(counted)} après « {first} »"
    return f"'{then}' {' and '.join(counted)} after '{first}'"


def _hole(name: str, day: object, number: int, lang: Lang) -> str:
    if isinstance(day, dt.date):
        said = day_in_words(day, lang)
        return f"« {name} » : pas de réunion le {said}" if lang == "fr" else f"'{name}': no meeting on {said}"
    s = "s" if number > 1 else ""
    return f"« {name} » : {number} jour{s} exclu{s}" if lang == "fr" else f"'{name}': {number} day{s} closed to it"


def _name(view: View, address: str, lang: Lang) -> str:
    verb, _, rest = address.rpartition(" ")
    if verb in {v.value for v in Verb}:  # a thing to do: «deliver note/x»
        return f"{VERBS[verb].to(lang)} {_name(view, rest, lang)}"
    found = view.words.find_leaf(address) or view.words.find_paper(address) or address.partition("/")[0] in view.words.facets
    return view.title(Address(address)).to(lang) if found else address
