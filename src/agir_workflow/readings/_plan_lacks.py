"""
What a row still lacks, as the planner reads it: the commands to have asked by the time it is due.

The planner's own evaluation of what a row wants and of its `when`, written from METHOD-LANGUAGE.md §4: the guard has
another (`unmet`). It looks ahead: what the plan itself brings about counts as brought about.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Final, TypeAlias

from ..answers import Ask
from ..dossier import Label, Sitting
from ..facts import Agree
from ..requirements import Is, Requirement, Selector
from ..values import BLANKS, EMPTY, Record, Value
from ..view import PAPER, View
from ..words import OPENS, Address, FacetId, InstanceId, KindId, LeafId, Verb
from ._plan_days import left_open, sought
from ._plan_subjects import (
    Matter,
    address_of,
    alive,
    members,
    of_facet,
    paper_of,
    touches,
)


class Quiet(Enum):
    """A row that asks for nothing: it holds, or it says nothing here."""

    HOLDS = "holds"
    SILENT = "silent"


Lack: TypeAlias = "tuple[Ask, ...] | Quiet"
"""What to ask for, in that order; () where nothing that one can ask for would help."""
HEIGHT: Final = {"draft": 1, "submitted": 2, "approved": 3}
"""How far a document has come, in the states that a row may want."""


def lack(view: View, row: Requirement, matter: Matter, at: dt.date) -> Lack:
    """
    What a row lacks at a matter as of a day.

    A row with a `when` applies where that other row holds, or comes to hold by what the plan asks for.
    """
    other = next((r for r in view.method.requirements if r.code == row.when), None) if row.when else None
    if other is not None:
        first = lack(view, other, matter, at) if other.is_ in _READ else Quiet.SILENT
        if first is Quiet.SILENT or first == ():
            return Quiet.SILENT
    return _READ[row.is_](view, row, matter, max(at, view.start))


def condition(view: View, row: Requirement, matter: Matter, at: dt.date) -> Lack | None:
    """What the `when` of a row lacks at a matter: SILENT where it does not apply itself, None where there is none or that is known only afterwards."""
    other = next((r for r in view.method.requirements if r.code == row.when), None) if row.when else None
    if other is None or other.is_ not in _READ or (other.is_ in (Is.COUNT, Is.COVERS) and view.words.leaves_of(other.selector("of").word)):
        return None
    return lack(view, other, matter, at)


def sat(view: View, matter: Matter, leaves: Sequence[LeafId], at: dt.date) -> list[Sitting]:
    """The completed (or at least held) sittings of some leaves that are about a matter, by a day."""
    if matter.sitting is not None and matter.step is not None and matter.step.leaf in leaves:
        found = [matter.sitting]
    else:
        found = [s for x, history in view.sittings.items() if x.leaf in leaves and x == (matter.step if matter.step and matter.step.leaf in leaves else x)
                 and touches(view, matter, x) for s in history]  # fmt: skip
    return [s for s in found if (day := s.done or s.held) is not None and day.earliest <= at]


# -- what is said -----------------------------------------------------------------------------------------


def _blank(value: Value | None) -> bool:
    """Whether nothing is said: nothing at all, dots and blanks, or only such members."""
    if isinstance(value, str):
        return set(BLANKS).issuperset(value)
    if isinstance(value, Record):
        return all(_blank(v) for v in value.values)
    return value is None if not isinstance(value, tuple) else all(_blank(v) for v in value)


def _told(view: View, word: str, matter: Matter, at: dt.date, where: Record = EMPTY) -> list[Value]:
    """The answers of a facet about a matter that stand on a day, and that a filter admits."""
    facet, subject = FacetId(word), of_facet(view, FacetId(word), matter)
    found = [i.value for i in view.at(facet, at) if subject is None or i.subject == (subject,)]
    return [v for v in found if _admits(v, where)] if where else found


def _admits(value: Value, where: Record) -> bool:
    return isinstance(value, Record) and all(set(members(value.get(name))) & set(members(wanted)) for name, wanted in where)


def _full(view: View, word: str, found: Sequence[Value]) -> list[Value]:
    """Those answers that say something, and every text that they must."""
    must = view.words.facets[FacetId(word)].must_say
    return [v for v in found if not (_blank(v) or (isinstance(v, Record) and any(_blank(v.get(name)) for name in must)))]


def _field(value: Value, name: str) -> tuple[Value, ...]:
    return members(value.get(name)) if isinstance(value, Record) else ()


def _values(view: View, of: Selector, matter: Matter, at: dt.date, where: Record) -> list[Value]:
    """The values of a facet or kind that a selector names."""
    if of.word in view.words.facets:
        own = _full(view, of.word, _told(view, of.word, matter, at, where))
        return [m for v in own for m in _field(v, of.field) if not _blank(m)] if of.field else own
    kind = KindId(of.word)
    bound = dict(matter.about).get(kind)
    there = [i for i in alive(view, kind, at) if bound in (None, i.id)]
    return [m for i in there for m in members(i.attributes.get(of.field))] if of.field else [str(i.id) for i in there]


def _where(view: View, row: Requirement) -> Record:
    """The filter of the values: one that chose words of a list is none."""
    return EMPTY if view.method.list_(row.each) else row.where


# -- what is asked for ------------------------------------------------------------------------------------


def _fill(view: View, word: str, matter: Matter) -> tuple[Ask, ...]:
    """The answer of a facet about a matter; of several subjects the first. () where nobody is named for it yet: naming them is another to-do."""
    facet = view.words.facets[FacetId(word)]
    subject = of_facet(view, facet.id, matter)
    if subject is None and facet.scope is not None:
        words = view.method.list_(facet.scope)
        known = [InstanceId(w.id) for w in words.words] if words else [i.id for i in alive(view, KindId(facet.scope), dt.date.max)]
        subject = known[0] if known else None
    if facet.scope is None:
        return (Ask(Verb.FILL, Address(word)),)
    return (Ask(Verb.FILL, Address(f"{word}/{subject}")),) if subject is not None and subject != "*" else ()


def _anew(view: View, word: str, matter: Matter, at: dt.date, wrong: Sequence[Value]) -> tuple[Ask, ...]:
    """Answers that are wrong, wherever they stand: said again where their facet has one value or they bear an id, else withdrawn first."""
    subject, many = of_facet(view, FacetId(word), matter), view.words.facets[FacetId(word)].many
    found = [i for i in view.at(FacetId(word), at) if i.value in wrong and (subject is None or i.subject == (subject,))]
    out: list[Ask] = []
    for address in dict.fromkeys(Address("/".join([word, *i.subject])) for i in found):
        named = [isinstance(i.value, Record) and i.value.get("id") is not None for i in found if "/".join([word, *i.subject]) == address]
        out += [] if all(named) or not many else [Ask(Verb.CLEAR, address)]
        out.append(Ask(Verb.FILL, address))
    return tuple(out)


def _listed(view: View, row: Requirement, matter: Matter) -> list[str]:
    """The facets that a word of a list names, where a row is said of those."""
    of = row.selector("of")
    return [str(f) for f in members(matter.word.attributes.get(of.field))] if matter.word is not None and of.word in view.words.lists else []


def _present(view: View, row: Requirement, matter: Matter, at: dt.date) -> Lack:
    of = row.selector("of")
    if of.word in view.words.lists and matter.word is not None:
        facets = _listed(view, row, matter)
        empty = [f for f in facets if not _full(view, f, [i.value for i in view.at(FacetId(f), at)])]
        if not empty or (len(empty) < len(facets) and not row.param("every")):
            return Quiet.HOLDS
        return tuple(a for f in empty for a in _fill(view, f, Matter(subject="")))
    if of.word in view.words.facets:
        return _answer(view, row, of, matter, at)
    if of.word in view.words.kinds:
        return Quiet.HOLDS if _values(view, of, matter, at, row.where) else ()
    leaves = view.words.leaves_of(of.word)
    if sat(view, matter, leaves, at):
        return Quiet.HOLDS
    return () if of.field else tuple(Ask(OPENS[view.words.leaves[x.leaf].sort], address_of(view, x)) for x in _steps(view, matter, leaves))


def said_again(view: View, row: Requirement, matter: Matter) -> tuple[Ask, ...]:
    """The answers that a row reads at a matter, each to be said."""
    if facets := _listed(view, row, matter):
        return tuple(a for f in facets for a in _fill(view, f, Matter(subject="")))
    return _fill(view, row.selector("of").word, matter) if row.selector("of").word in view.words.facets else ()


def _answer(view: View, row: Requirement, of: Selector, matter: Matter, at: dt.date) -> Lack:
    if row.param("every"):
        holes = [v for v in _told(view, of.word, matter, at) if isinstance(v, Record) and _blank(v.get(of.field))]
        return _anew(view, of.word, matter, at, holes) if holes else Quiet.HOLDS
    said = _values(view, of, matter, at, _where(view, row))
    if said and not (row.param("own") and _also(view, row, of, matter, at)):
        return Quiet.HOLDS
    return _fill(view, of.word, matter)


def _also(view: View, row: Requirement, of: Selector, matter: Matter, at: dt.date) -> bool:
    """Whether another instance says all that the one of a matter says."""
    mine = {_plainly(v) for v in _values(view, of, matter, at, row.where)}
    for kind, id in matter.about:
        for other in alive(view, kind, at):
            theirs = Matter(subject="", about=((kind, other.id),))
            if other.id != id and mine <= {_plainly(v) for v in _values(view, of, theirs, at, row.where)}:
                return True
    return False


def _plainly(value: Value) -> str:
    """A value without regard to case and blanks."""
    return re.sub(r"\s+", " ", str(value).casefold()).strip()


def _steps(view: View, matter: Matter, leaves: Sequence[LeafId]) -> list[Label]:
    """The steps that a row without a sitting wants: its own, else those of the first leaf that are about its matter."""
    if matter.step is not None and matter.step.leaf in leaves:
        return [matter.step]
    leaf = leaves[0]
    known = [x for x in view.position.labels() if x.leaf == leaf]
    if not known and (scope := view.words.leaves[leaf].scope):
        lanes: list[tuple[InstanceId, ...]] = [()]
        for kind in scope:  # who lies in somebody, with that one
            lanes = [(*inst, i.id) for inst in lanes for i in alive(view, kind, dt.date.max) if not inst or i.inside in (None, *inst)]
        known = [Label(leaf, inst) for inst in lanes]
    return [x for x in known or [Label(leaf)] if touches(view, matter, x)]


def _count(view: View, row: Requirement, matter: Matter, at: dt.date) -> Lack:
    of, facets = row.selector("of"), _listed(view, row, matter)
    if any(left_open(view, row, bound, at) for bound in ("min", "max", "ok", "info", "warning")) or view.words.leaves_of(of.word):
        return Quiet.SILENT  # who comes to a meeting, and how often one is held, is known only afterwards
    if row.param("per"):
        return _each_counted(view, row, of, matter, at)
    if facets:
        found: Sequence[Value] = [v for f in facets for v in _full(view, f, [i.value for i in view.at(FacetId(f), at)])]
    else:
        found = _values_but(view, row, of, matter, at)
    if not found and (facets or (of.word in view.words.facets and (row.param("ok") is not None or row.param("unit")))):
        return Quiet.SILENT
    number = _number(row, _once_named(view, row, found))
    low, high = sought(view, row.param("min"), at), sought(view, row.param("max"), at)
    if row.param("ok") is not None:
        band = sought(view, row.param("ok"), at)
        low, high = band if isinstance(band, tuple) else (None, None)
    few, many = isinstance(low, int) and number < low, isinstance(high, int) and number > high
    if not (few or many):
        return Quiet.HOLDS
    if facets:
        return _fill(view, facets[0], Matter(subject=""))
    if of.word in view.words.kinds:
        return (Ask(Verb.DECLARE, Address(f"{of.word}/…")),) if few else ()
    if few and isinstance(low, int):
        return (*_more_named(view, row, of, low, at), *_fill(view, of.word, matter))
    return _fill(view, of.word, matter) if few or row.param("unit") == "percent" else _anew(view, of.word, matter, at, found)


def _values_but(view: View, row: Requirement, of: Selector, matter: Matter, at: dt.date) -> Sequence[Value]:
    """The values of a row, not of answers that it leaves out."""
    but, where = row.param("but"), _where(view, row)
    if not isinstance(but, Record) or of.word not in view.words.facets:
        return _values(view, of, matter, at, where)
    counted = [v for v in _full(view, of.word, _told(view, of.word, matter, at, where)) if not _admits(v, but)]
    return [m for v in counted for m in _field(v, of.field)] if of.field else counted


def _once_named(view: View, row: Requirement, found: Sequence[Value]) -> Sequence[Value]:
    """Names whose case and blanks do not count; what rows have them point to is one thing, by its id as by its label."""
    if not row.param("distinct"):
        return found
    ends = [r.param(p) for r in view.method.requirements if r.is_ is Is.LINKED and r.param("of") == row.param("of") for p in ("to", "also")]
    known = {_plainly(name): _plainly(i.label) for i in view.instances if i.kind in ends for name in (i.id, i.label)}
    return [known.get(_plainly(v), _plainly(v)) for v in found]


def _more_named(view: View, row: Requirement, of: Selector, low: int, at: dt.date) -> tuple[Ask, ...]:
    """Different ones that answers name cannot be more than there are: where some are there, but too few, others are declared first."""
    facet = view.words.facets[FacetId(of.word)]
    pointed = [str(r.param("to")) for r in view.method.requirements if r.is_ is Is.LINKED and r.param("of") == row.param("of")]
    kinds = [KindId(w) for w in (*(f.type for f in facet.fields if f.name == of.field), *pointed) if w in view.words.kinds]
    known = len(alive(view, kinds[0], at)) if kinds and row.param("distinct") else 0
    return (Ask(Verb.DECLARE, Address(f"{kinds[0]}/…")),) if 0 < known < low else ()


def _number(row: Requirement, found: Sequence[Value]) -> int:
    """How many: of words, of the commonest value in a hundred, of different ones, or of all."""
    if row.param("unit") == "words":
        return sum(len(text.split()) for text in _texts(found))
    if row.param("unit") == "percent":
        commonest = max(Counter(found).values(), default=0) * 100
        return commonest // max(1, len(found)) if row.param("min") is not None else -(-commonest // max(1, len(found)))
    return len(set(found) if row.param("distinct") else found)


def _texts(values: Sequence[Value]) -> list[str]:
    out: list[str] = []
    for v in values:
        out += _texts(v.values if isinstance(v, Record) else v) if isinstance(v, (Record, tuple)) else [str(v)]
    return out


def _each_counted(view: View, row: Requirement, of: Selector, matter: Matter, at: dt.date) -> Lack:
    """How many answers speak of each value of a field, or how many different ones they name, but for those that `but` describes."""
    found, but = _told(view, of.word, matter, at, row.where), row.param("but")
    named: dict[Value, list[Value]] = {}
    for v in found:
        counts = not (isinstance(but, Record) and _admits(v, but))
        for m in _field(v, str(row.param("per"))):
            named.setdefault(m, []).extend((_field(v, of.field) if of.field else [v]) if counts else ())
    numbers = {m: len(set(map(_plainly, own)) if row.param("distinct") else own) for m, own in named.items()}
    low, high = sought(view, row.param("min"), at), sought(view, row.param("max"), at)
    if any(isinstance(high, int) and n > high for n in numbers.values()):
        return _anew(view, of.word, matter, at, found)
    return _fill(view, of.word, matter) if any(isinstance(low, int) and n < low for n in numbers.values()) else Quiet.HOLDS


def of_what_will_be(view: View, row: Requirement, matter: Matter, at: dt.date) -> bool:
    """Whether a row asks for what another answer says, which says nothing as yet."""
    every = row.param("all")
    of_words = not isinstance(every, str) or view.method.list_(every) is not None or every in view.words.kinds
    return row.is_ is Is.COVERS and not of_words and not _said_elsewhere(view, row, str(every), matter, at)


def _said_elsewhere(view: View, row: Requirement, every: str, matter: Matter, at: dt.date) -> list[str]:
    """What another answer says, that a row wants to be spoken of."""
    some = row.param("among")
    return [str(v) for v in _values(view, Selector.parse(every), matter, at, some if isinstance(some, Record) else EMPTY)]


def _covers(view: View, row: Requirement, matter: Matter, at: dt.date) -> Lack:
    of, every = row.selector("of"), row.param("all")
    if view.words.leaves_of(of.word):
        return Quiet.SILENT  # attendance and agenda are known only on the day
    if every is None:
        return Quiet.HOLDS
    if isinstance(every, tuple):
        wanted = [str(w) for w in every]
    elif words := view.method.list_(str(every)):
        # Of words that lie under words of another list, those of the matter's own word alone.
        under = {w.id: members(w.attributes.get(str(row.each))) for w in words.words} if matter.word is not None else {}
        wanted = [w.id for w in words.words if matter.word is None or not under[w.id] or matter.word.id in under[w.id]]
    elif str(every) in view.words.kinds:
        wanted = sorted(str(i.id) for i in alive(view, KindId(str(every)), at))
    else:
        wanted = _said_elsewhere(view, row, str(every), matter, at)
        if not wanted:  # nothing as yet, and so it is to be said of what will be
            return _fill(view, of.word, matter)
    if row.param("at_least"):
        sets = [{str(m) for m in _field(v, of.field)} for v in _told(view, of.word, matter, at) if isinstance(v, Record)]
        return Quiet.SILENT if not sets else Quiet.HOLDS if any(s.issuperset(wanted) for s in sets) else _fill(view, of.word, matter)
    found = {str(v) for v in _values(view, of, matter, at, _where(view, row))}
    but = row.param("but")
    if isinstance(but, Record):
        counted = [v for v in _full(view, of.word, _told(view, of.word, matter, at, _where(view, row))) if not _admits(v, but)]
        found = {str(m) for v in counted for m in _field(v, of.field)}
    if row.param("also"):
        found |= {str(v) for v in _values(view, row.selector("also"), matter, at, EMPTY)}
    absent = [w for w in wanted if w not in found]
    if not absent:
        return Quiet.HOLDS
    if of.word in view.words.facets:
        return _fill(view, of.word, matter)
    return (Ask(Verb.DECLARE, Address(f"{of.word}/…"), Record(((of.field, absent[0]),)) if of.field else EMPTY),)


def _linked(view: View, row: Requirement, matter: Matter, at: dt.date) -> Lack:
    """Answers that point to nothing; `changed` wants one only of an instance that came after the first of those sittings."""
    of, to = row.selector("of"), row.selector("to")
    leaves = view.words.leaves_of(to.word)
    if to.word in view.words.kinds:
        ends = {_plainly(name) for i in view.instances if i.kind == to.word for name in (i.id, i.label)}
    elif leaves:
        ends = {str(s.address) for x, history in view.sittings.items() if x.leaf in leaves for s in history if s.held or s.done or (s.convened and not s.cancelled)}
    else:
        ends = {_plainly(v.get("id") or "") for v in _told(view, to.word, matter, at) if isinstance(v, Record)}
    if to.word in view.words.kinds and not ends:
        return Quiet.SILENT
    if row.param("also"):
        ends |= {_plainly(name) for i in view.instances if i.kind == row.param("also") for name in (i.id, i.label)}
    own = _full(view, of.word, _told(view, of.word, matter, at, row.where))
    loose = [v for v in own if isinstance(v, Record) and ends.isdisjoint(_plainly(m) for m in _field(v, of.field)) and not (row.param("stated") and _blank(v.get(of.field)))]
    if row.param("changed"):
        first = min((s.held.earliest for x in leaves for s in view.held(x, at) if s.held), default=None)
        came = [i for kind, id in matter.about for i in alive(view, kind, at) if i.id == id and first is not None and i.on.earliest > first]
        if not came:
            return Quiet.HOLDS
        return _fill(view, of.word, matter) if not own else _anew(view, of.word, matter, at, loose) if loose else Quiet.HOLDS
    return _anew(view, of.word, matter, at, loose) if loose else Quiet.HOLDS


def _agreed(view: View, row: Requirement, matter: Matter, at: dt.date) -> Lack:
    """An agreement about the matter; with `same_version` each of those to the newest version that anybody agreed to, or to none named."""
    leaves = view.words.leaves_of(row.selector("of").word)
    told = [(x, f.args.version) for x, f in view.done_facts if x.leaf in leaves and isinstance(f.args, Agree) and f.on.earliest <= at]
    last = dict(told)
    mine = [v for x, v in last.items() if touches(view, matter, x)]
    versions = [v for v in last.values() if v is not None] if row.param("same_version") else []
    if mine and all(v is None or v >= max(versions, default=v) for v in mine):
        return Quiet.HOLDS
    args = Record((("version", max(versions)),)) if versions else EMPTY
    return (Ask(Verb.AGREE, Address(matter.subject), args),)


def _document(view: View, row: Requirement, matter: Matter, at: dt.date) -> Lack:
    address = paper_of(view, row, matter)
    verbs = way_up(view.state(PAPER, address, at), str(row.param("state")))
    if verbs and row.param("items"):
        blank = [f for f in _body(view, row) if not _full(view, f, _told(view, f, matter, at))]
        return tuple(a for f in blank for a in _fill(view, f, matter)) if blank else Quiet.HOLDS
    return tuple(Ask(v, address) for v in verbs) or Quiet.HOLDS


def _body(view: View, row: Requirement) -> tuple[FacetId, ...]:
    """The answers that a document holds: told, they are the document."""
    return next(d.items for d in view.method.deliverables if d.id == row.selector("of").word)


def way_up(state: str, wanted: str) -> list[Verb]:
    """The moves that bring a document from a state to one that a row wants, or beyond; [] where it is there."""
    out: list[Verb] = []
    while HEIGHT.get(state, 0) < HEIGHT[wanted]:
        if state == "submitted":
            out.append(Verb.APPROVE)
            state = "approved"
        elif state == "draft" or (state == "returned" and wanted != "draft"):
            out.append(Verb.SUBMIT)
            state = "submitted"
        else:
            out.append(Verb.DELIVER)
            state = "draft"
    return out


_READ: dict[Is, Callable[[View, Requirement, Matter, dt.date], Lack]] = {
    Is.PRESENT: _present, Is.COUNT: _count, Is.COVERS: _covers, Is.LINKED: _linked, Is.AGREED: _agreed, Is.DELIVERABLE: _document,
}  # fmt: skip
TO_DO = frozenset(_READ)
"""The kinds of row that a plan has something asked for."""
