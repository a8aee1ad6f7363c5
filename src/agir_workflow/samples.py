"""
What a person could write, made from the words of the method alone.

For questions about the future (`path_to`, `what_if`, «may this be done?») a command needs its
contents: here they are, complete and plausible, never to be stored as an answer.
"""

from __future__ import annotations

import datetime as dt

from .answers import Ask
from .facts import (
    ARGS,
    NOTHING_TO_ADD,
    Agree,
    Clear,
    Convene,
    Decide,
    Declare,
    Derogate,
    Fact,
    Fill,
    Hold,
    Merge,
    Move,
    fact,
)
from .method import Facet, Field
from .requirements import Is
from .values import EMPTY, Record, Value, each_of, is_blank
from .view import View
from .when import When
from .words import ANONYMOUS, Address, Code, FacetId, InstanceId, KindId, Verb

_MANY = 10
"""Enough for a group of the usual size; more where a list has more words, so that each of them comes once."""
_FAR = When(dt.date(2100, 1, 1))
_PLAIN: dict[str, Value] = {"int": 1, "bool": True, "date": _FAR, "duration": "2y"}


def _one(view: View, type_: str, n: int) -> Value:
    words = view.method.list_(type_)
    if words is not None:
        return words.words[n % len(words.words)].id
    if type_ in view.words.kinds:
        ids = [str(i.id) for i in view.of_kind(KindId(type_))] or [str(ANONYMOUS)]
        return ids[n % len(ids)]
    return _PLAIN.get(type_, f"x{n}")


def _whole(view: View, field: Field, n: int) -> Value:
    words = view.method.list_(field.type)
    if field.many and words is not None:
        return tuple(w.id for w in words.words)
    value = _one(view, field.type, n)
    return (value,) if field.many else value


def value_of(view: View, facet: Facet, subject: str = "") -> Value:
    """A value of a facet in which every word of its lists comes at least once, and every link holds."""
    many = 1
    if facet.many:
        many = max([_MANY, *(len(words.words) for f in facet.fields if not f.many and (words := view.method.list_(f.type)))])
    if facet.fields:
        said, unsaid = _pointed(view, facet, subject), _left_out(view, facet)
        fields = [f for f in facet.fields if not (f.optional and f.name in unsaid)]
        found: list[Value] = [Record(tuple((f.name, said[f.name][n % len(said[f.name])] if f.name in said else _whole(view, f, n)) for f in fields)) for n in range(many)]
    else:
        found = [_one(view, facet.type, n) for n in range(many)]
    return tuple(found) if facet.many else found[0]


def _left_out(view: View, facet: Facet) -> set[str]:
    """The fields by which rows leave an item of a facet out of account: one that is to count says nothing there."""
    own = [row.param("but") for row in view.method.requirements if str(row.param("of")).partition(".")[0] == facet.id]
    return {name for but in own if isinstance(but, Record) for name, _ in but}


def _under(id: Value | None, value: Value) -> Value:
    """The value itself, or where an item of that id is asked for, that one alone."""
    first = each_of(value)[0]
    return (Record((("id", id), *((k, v) for k, v in first if k != "id"))),) if id is not None and isinstance(first, Record) else value


def _pointed(view: View, facet: Facet, subject: str) -> dict[str, tuple[Value, ...]]:
    """What fields say that rows have point to a sitting or an instance, or want to be a subject's own."""
    out: dict[str, tuple[Value, ...]] = {}
    for row in view.method.requirements:
        word, _, field = str(row.param("of")).partition(".")
        if word != facet.id or not field:
            continue
        to = str(row.param("to"))
        if leaves := view.words.leaves_of(to):
            held = tuple(str(s.address) for leaf in leaves for s in view.held(leaf))
            out[field] = held or (view.words.leaves[leaves[0]].address,)
        elif declared := view.of_kind(KindId(to)):
            out[field] = tuple(str(i.id) for i in declared)
        elif known := _ids(view, FacetId(to), subject):
            out[field] = known
        elif row.param("own"):
            out[field] = (subject,)
    return out


def _ids(view: View, facet: FacetId, subject: str) -> tuple[str, ...]:
    """The ids that the answers of a facet bear at the subject of another answer."""
    own = tuple(InstanceId(x) for x in subject.split("/")[1:])
    found = [i.value.get("id") for i in view.at(facet) if i.off is None and isinstance(i.value, Record) and (i.subject == own or not i.subject)]
    return tuple(dict.fromkeys(str(id) for id in found if id is not None))


def completed(view: View, code: Code, gone: Fact) -> Fact | None:
    """
    The answers that a command withdraws, said anew with what the rows of a code want each of them to say; unstamped.

    None where no such row finds a field blank: then nothing that is there may stay as it is.
    """
    name, *own = gone.address.split("/")
    facet, item = view.words.facets[FacetId(name)], gone.args.item if isinstance(gone.args, Clear) else None
    told = [i.value for i in view.at(facet.id) if i.off is None and i.subject == tuple(InstanceId(x) for x in own)]
    told = [v for v in told if item is None or item in (v, v.get("id") if isinstance(v, Record) else v)]
    rows = [r for r in view.method.requirements if r.code == code and r.is_ is Is.PRESENT and r.param("every") and r.selector("of").word == name]
    wanted = {f.name: _whole(view, f, 0) for r in rows for f in facet.fields if f.name == r.selector("of").field}
    new: list[Value] = []
    for value in told:
        said = dict(value) if isinstance(value, Record) else {}
        blank = {k: v for k, v in wanted.items() if is_blank(said.get(k))} if said else {}
        new.append(Record(tuple((said | blank).items())) if blank else value)
    return fact(Verb.FILL, gone.address, Fill(value=tuple(new))) if new != told else None


def crowd(view: View) -> Record:
    """Three of every college: everyone is there, and no group is too large."""
    colleges = view.method.list_(view.method.colleges)
    return Record(tuple((w.id, 3) for w in colleges.words)) if colleges else EMPTY


def _instance(view: View, ask: Ask) -> Fact:
    name, _, id = ask.address.partition("/")
    kind = view.words.kinds[KindId(name)]
    taken = {str(i.id) for i in view.of_kind(kind.id)}
    free = next(f"{name}-{n}" for n in range(1, len(taken) + 2) if f"{name}-{n}" not in taken) if id in ("…", "") else id
    wanted = dict(ask.args.pairs)
    given = tuple((f.name, each_of(wanted[f.name])[0] if f.name in wanted else _whole(view, f, 0)) for f in kind.attributes)
    inside = wanted.get(kind.inside) if kind.inside else None
    return fact(Verb.DECLARE, f"{name}/{free}", Declare(label=free, inside=str(inside) if inside else None, attributes=Record(given)))


def command_of(view: View, ask: Ask, on: dt.date) -> Fact:
    """The command that a lift asks for, with its contents; unstamped, *on* is the day it is asked."""
    found = view.words.find_leaf(ask.address)
    match ask.verb:
        case Verb.FILL:
            facet = view.words.facets[FacetId(ask.address.partition("/")[0])]
            return fact(ask.verb, ask.address, Fill(value=_under(ask.args.get("id"), value_of(view, facet, ask.address))))
        case Verb.CLEAR:
            item = ask.args.get("item")
            return fact(ask.verb, ask.address, Clear(item=item if isinstance(item, str) else None))
        case Verb.DECLARE:
            return _instance(view, ask)
        case Verb.HOLD if found:
            return fact(ask.verb, ask.address, Hold(attendance=crowd(view), agenda=tuple(p.id for p in found[0].agenda)))
        case Verb.DECIDE if found:
            reserves = ask.args.get("reserves")
            return fact(ask.verb, ask.address, Decide(value=found[0].decisions[0], reserves=("…",) * (reserves if isinstance(reserves, int) else 0)))
        case Verb.MOVE:
            return fact(ask.verb, ask.address, Move(day=on + dt.timedelta(days=28)))
        case Verb.CONVENE:
            return fact(ask.verb, ask.address, Convene(day=on + dt.timedelta(days=21)))
        case Verb.AGREE:
            version = ask.args.get("version")
            return fact(ask.verb, ask.address, Agree(version=version if isinstance(version, int) else None))
        case Verb.MERGE:
            return fact(ask.verb, ask.address, Merge(into=str(ask.args.get("into"))))
        case Verb.DEROGATE:
            return fact(ask.verb, ask.address, Derogate(code=str(ask.args.get("code")), reason="…", copil=str(ask.args.get("copil"))))
        case _:
            return Fact(ask.verb, Address(ask.address), NOTHING_TO_ADD[ARGS[ask.verb]])
