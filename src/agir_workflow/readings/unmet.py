"""
Whether a requirement holds at a subject, as of a day: the one evaluator of guard and verdict.

Rows about order and distance are not here: a guard and a verdict read those each in its own way.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

import attrs

from ..answers import Ask, Lift
from ..dossier import Item, Label, Sitting
from ..facts import Agree
from ..method import Word, WordList, Words
from ..requirements import Is, Requirement, Selector
from ..values import EMPTY, Record, Value, each_of, is_blank
from ..view import PAPER, View
from ..words import Address, Code, DeliverableId, FacetId, InstanceId, KindId, LeafId, ListId, Text, Verb
from ._bands import in_bands
from ._found import (
    as_said,
    brought_also_by,
    came_or_left,
    changed_items,
    cited_too_early,
    counted_by,
    names_of,
    number_of,
    written_under,
)
from ._minuted import minuted, undecided
from ._more import another, another_of_kind, another_sitting, named_first_at
from ._once import compiled, once
from ._papers import AT_LEAST, NOTHING, answer, next_move, unbegun
from ._phrases import count_of, joined, named, percent_of, state_name
from ._result import Met, NotApplicable, Result, Unmet, needed
from ._said import column, saying, silent, values_in
from ._ways import anew, fewer, subject_or_nobody
from .binding import Binding, asks, bind_label, fits, paper_address, title_of
from .quorum import quorum
from .seats import counted, heads
from .selected import all_said, finder, instances, items, said, sittings

Evaluator: TypeAlias = Callable[[View, Binding, dt.date], Result]


def evaluate(view: View, row: Requirement, binding: Binding, as_of: dt.date) -> Result:
    """None when the row holds at the binding as of the day; else why not."""
    return evaluator(view.words, row)(view, binding, as_of)


def evaluator(words: Words, row: Requirement) -> Evaluator:
    """What evaluates a row, made once for a method: the words of the row are looked up in it beforehand."""
    return compiled(words, row, lambda: _evaluator(words, row))


def _evaluator(words: Words, row: Requirement) -> Evaluator:
    own = _EVALUATORS[row.is_](words, row)
    other = words.row_of.get(Code(row.when)) if row.when else None
    if other is None:
        return own
    first = evaluator(words, other)
    return lambda view, binding, as_of: own(view, binding, as_of) if first(view, binding, as_of) is None else NotApplicable(other.code, absent=False)


def _fill(view: View, facet: str, binding: Binding) -> Ask:
    scope = view.words.facets[FacetId(facet)].scope
    subject = binding.of(KindId(scope)) if scope in view.words.kinds else None
    if subject is None and scope and binding.word is not None and binding.subject == f"{scope}/{binding.word.id}":
        subject = InstanceId(binding.word.id)
    if subject is None and scope:
        return _fill_first(view, FacetId(facet))
    return Ask(Verb.FILL, Address(f"{facet}/{subject}" if subject else facet))


def _present(words: Words, row: Requirement) -> Evaluator:
    of, own = row.selector("of"), row.param("own")
    find, facet = finder(words, of, _own_where(words, row)), words.facets.get(FacetId(of.word))

    def present(view: View, binding: Binding, as_of: dt.date) -> Result:
        if find(view, binding, as_of):
            other = brought_also_by(view, find, binding, as_of) if own else None
            return Met if other is None else Unmet(missing=named(view, str(other)), lifts=(_fill(view, of.word, binding),))
        if facet is not None:
            return Unmet(lacks=(_lack(view, of.word, binding),), lifts=(_fill(view, of.word, binding),))
        if of.field:
            return Unmet(lacks=(f"{binding.subject}.{of.field}",))
        if of.word in words.kinds:
            return Unmet(lacks=(binding.subject,), lifts=(named_first_at(view, KindId(of.word), binding),))
        return Unmet(lacks=(binding.subject,), lifts=_do_leaf(view, of.word, binding))

    if of.field == "decision" and words.leaves_of(of.word):
        return lambda view, binding, as_of: undecided(view, row, binding, as_of) if not (binding.sitting and void(view, binding.sitting)) else NotApplicable("decision", absent=False)
    if of.word in words.lists:
        return lambda view, binding, as_of: present(view, binding, as_of) if binding.word is None else _answered(view, row, binding.word, as_of)
    return _every(of) if facet is not None and row.param("every") else present


def _every(of: Selector) -> Evaluator:
    """Whether each item of a facet says something in a field."""

    def every(view: View, binding: Binding, as_of: dt.date) -> Result:
        blank = silent(items(view, of.word, binding, as_of), of.field)
        if not blank:
            return Met
        return Unmet(missing=joined([named(view, i.value) for i in blank]), lacks=(f"{of.word}.{of.field}",), lifts=anew(view, blank))

    return every


def _own_where(words: Words, row: Requirement) -> Record:
    """A filter that chose the words to speak of is no filter of their values."""
    return EMPTY if row.each in words.lists else row.where


def _lack(view: View, facet: str, binding: Binding) -> str:
    """What is missing where a facet is empty: one that has no subjects lacks the same, whoever looks for it."""
    return f"{facet} @ {binding.subject}" if view.words.facets[FacetId(facet)].scope else facet


def _do_leaf(view: View, name: str, binding: Binding) -> tuple[Lift, ...]:
    leaves = view.words.leaves_of(name)
    own = [binding.label.leaf] if binding.label is not None and binding.label.leaf in leaves else leaves[:1]
    return tuple(a for leaf in own for a in asks(view, leaf, binding))


def _answered(view: View, row: Requirement, word: Word, as_of: dt.date) -> Result:
    """Whether the facets that a word of a list names hold anything (or, with `every`, all of them)."""
    facets = [FacetId(str(f)) for f in each_of(word.attributes.get(row.selector("of").field))]
    empty = [f for f in facets if not all_said(view, f, as_of)]
    if not empty or (len(empty) < len(facets) and not row.param("every")):
        return Met
    names = [view.words.facets[f].label for f in empty]
    return Unmet(missing=joined(names), lacks=tuple(empty), lifts=tuple(_fill_first(view, f) for f in empty))


def _fill_first(view: View, facet: FacetId) -> Ask:
    """The first answer that a facet lacks altogether: at its first instance or word where it has several; or the instance to declare first."""
    first = subject_or_nobody(view, facet) if view.words.facets[facet].scope else ""
    return first if isinstance(first, Ask) else Ask(Verb.FILL, Address(f"{facet}/{first}" if first else facet))


def _count(words: Words, row: Requirement) -> Evaluator:
    of, banded, unit = row.selector("of"), row.param("ok") is not None, row.param("unit")
    if per := row.param("per"):
        return lambda view, binding, as_of: _count_each(view, row, str(per), binding, as_of)
    find = counted_by(words, row, _own_where(words, row))
    many, bounds = number_of(row), (row.param("min"), row.param("max"))
    fixed = None if any(isinstance(bound, Record) for bound in bounds) else bounds
    of_list, of_facet, of_kind = of.word in words.lists, of.word in words.facets, of.word in words.kinds
    attendance = of.field == "attendance" and bool(words.leaves_of(of.word))
    # Of what nothing is said there is no number to judge, where a share of it is, or how much.
    wants_some = not words.leaves_of(of.word) and (of_list or (of_facet and (banded or bool(unit))))

    def ways(view: View, binding: Binding, listed: Word | None, as_of: dt.date, number: int, short: bool) -> tuple[Lift, ...]:
        if of_facet:
            return another(view, row, binding, as_of, number, short=short, fill=_fill(view, of.word, binding))
        if of_kind:
            return another_of_kind(view, row, binding, as_of, short=short)
        if of.field == "sittings" and short:
            return another_sitting(view, words.leaves_of(of.word), binding)
        named_by = each_of(listed.attributes.get(of.field))[:1] if listed else ()
        return tuple(_fill_first(view, FacetId(str(f))) for f in named_by)

    def count(view: View, binding: Binding, as_of: dt.date) -> Result:
        listed = binding.word if of_list else None
        found = written_under(view, listed, of.field, as_of) if listed else find(view, binding, as_of)
        if attendance and not (binding.sitting and counted(binding.sitting.hold)):
            return NotApplicable("attendance")
        if wants_some and not found:
            return NotApplicable(of.word)
        number = many(found)
        if banded:
            return in_bands(view, row, number, as_of, partial(ways, view, binding, listed, as_of, number))
        low, high = fixed or (needed(view, row, "min", as_of), needed(view, row, "max", as_of))
        for bound in (low, high):
            if isinstance(bound, NotApplicable):
                return bound
        short = isinstance(low, int) and number < low
        if not short and not (isinstance(high, int) and number > high):
            return Met
        lacks = (_lack(view, of.word, binding),) if of_facet and not number else ()
        lifts = ways(view, binding, None, as_of, number, short)
        told = percent_of if unit == "percent" else count_of
        commonest = named(view, Counter(found).most_common(1)[0][0]) if told is percent_of else None
        return Unmet(value=told(number), bound=told(int(str(low if short else high))), missing=commonest, lacks=lacks, lifts=lifts)

    return count


def _count_each(view: View, row: Requirement, per: str, binding: Binding, as_of: dt.date) -> Result:
    """How many items speak of each value of a field, or how many different ones they name; those that `but` describes are not counted."""
    of = row.selector("of")
    low, high = needed(view, row, "min", as_of), needed(view, row, "max", as_of)
    for bound in (low, high):
        if isinstance(bound, NotApplicable):
            return bound
    but, every = row.param("but"), items(view, of.word, binding, as_of, row.where)
    kept = saying(every, but, else_=True) if isinstance(but, Record) else every
    of_each: dict[Value, list[Item]] = {v: [] for value in column(every, per) for v in each_of(value)}
    for item, value in zip(kept, column(kept, per), strict=True):
        for v in each_of(value):
            of_each[v].append(item)
    numbers = {v: len(set(map(as_said, values_in(own, of.field)))) if row.param("distinct") else len(own) for v, own in of_each.items()}
    wrong = [v for v, n in numbers.items() if (isinstance(low, int) and n < low) or (isinstance(high, int) and n > high)]
    if not wrong:
        return Met
    many = isinstance(high, int) and numbers[wrong[0]] > high
    return Unmet(missing=joined([named(view, v) for v in wrong]), lifts=fewer(of_each[wrong[0]]) if many else (_fill(view, of.word, binding),))


Wanted: TypeAlias = Callable[[View, Binding, dt.date], Sequence[str]]


def _wanted(words: Words, row: Requirement) -> Wanted:
    """What a `covers` row wants: words said, all of a list, all instances, all values of a facet, or the agenda's own points."""
    raw = row.param("all")
    name = str(raw) if raw else ""
    if isinstance(raw, tuple):
        fixed = [str(w) for w in raw]
    elif listed := words.lists.get(ListId(name)):
        return lambda view, binding, as_of: _words_wanted(words, listed, row, binding.word)
    elif name in words.kinds:
        return lambda view, binding, as_of: sorted(str(i.id) for i in instances(view, KindId(name), binding, as_of))
    elif name:
        among = row.param("among")
        find = finder(words, Selector.parse(name), among if isinstance(among, Record) else EMPTY)
        return lambda view, binding, as_of: [str(v) for v in find(view, binding, as_of)]
    else:
        fixed = [p.id for leaf in words.leaves_of(row.selector("of").word) for p in words.leaves[leaf].agenda]
    return lambda view, binding, as_of: fixed


def _words_wanted(words: Words, listed: WordList, row: Requirement, word: Word | None) -> list[str]:
    """The words of a list; those that say to which word of another list they belong are wanted of that one alone."""
    if word is None:
        return [w.id for w in listed.words]
    return compiled(words, ("wanted", listed.id, row.each, word.id), lambda: [w.id for w in listed.words if word.id in (each_of(w.attributes.get(str(row.each))) or (word.id,))])


def _covers(words: Words, row: Requirement) -> Evaluator:
    of, all_, of_facet = row.selector("of"), str(row.param("all")), row.selector("of").word in words.facets
    wants, find, told = _wanted(words, row), finder(words, of, _own_where(words, row)), of.field in ("attendance", "agenda", "chair")
    at_least = row.param("at_least")
    facet, but = words.facets.get(FacetId(of.word)), row.param("but")
    besides = finder(words, row.selector("also"), EMPTY) if row.param("also") else None

    def found_in(view: View, binding: Binding, as_of: dt.date) -> set[str]:
        more = set(map(str, besides(view, binding, as_of))) if besides else set()
        if not isinstance(but, Record):
            return more.union(map(str, find(view, binding, as_of)))
        kept = saying(said(view, facet, binding, as_of, _own_where(words, row)), but, else_=True) if facet else []
        return more | {str(v) for value in column(kept, of.field) for v in each_of(value)}

    def covers(view: View, binding: Binding, as_of: dt.date) -> Result:
        if of.field == "agenda" and binding.sitting is not None:
            # A session held in several sittings covers its agenda over all of them, and is judged once: at the first.
            began = next(iter(sittings(view, of.word, every := binding._replace(sitting=None), as_of)), binding.sitting)
            if began.address != binding.sitting.address:
                return Met
            binding = every
        wanted = wants(view, binding, as_of)
        if not wanted and "." in all_:
            return NotApplicable(all_, absent=False, lifts=(_fill(view, of.word, binding),))
        if at_least:
            return _covered_once(view, of, wanted, binding, as_of)
        if told and (silent := _untold(view, of, binding, as_of)) is not None:
            return silent
        found = found_in(view, binding, as_of)
        if found.issuperset(wanted):
            return Met
        absent = [w for w in wanted if w not in found]
        lifts: tuple[Lift, ...] = ()
        lacks: tuple[str, ...] = ()
        if of_facet:
            lifts = (_fill(view, of.word, binding),)
            if not found and facet is not None and not said(view, facet, binding, as_of):
                lacks = (_lack(view, of.word, binding),)
        elif of.word in words.kinds:
            # The first that is missing: declaring it leaves one less to declare.
            first = named_first_at(view, KindId(of.word), binding)
            lifts = (attrs.evolve(first, args=Record((*first.args, (of.field, absent[0])))) if of.field else first,)
        return Unmet(missing=joined([named(view, w) for w in absent]), lacks=lacks, lifts=lifts)

    return covers


def _covered_once(view: View, of: Selector, wanted: Sequence[str], binding: Binding, as_of: dt.date) -> Result:
    """Whether one item at least holds all that is wanted."""
    sets = [{str(v) for v in each_of(i.value.get(of.field))} for i in items(view, of.word, binding, as_of) if isinstance(i.value, Record)]
    if not sets:
        return NotApplicable(of.word)
    return Met if any(set(wanted) <= s for s in sets) else Unmet(lifts=(_fill(view, of.word, binding),))


def _untold(view: View, of: Selector, binding: Binding, as_of: dt.date) -> NotApplicable | None:
    """Why nothing can be said of those who were there, or of what was spoken of: no sitting was held, or it does not say."""
    held = sittings(view, of.word, binding, as_of)
    if not held:
        return NotApplicable(of.word)
    if of.field == "attendance" and not any(heads(view, s, EMPTY) for s in held):
        return NotApplicable("attendance")
    if of.field == "agenda" and not any(s.hold and s.hold.agenda for s in held):
        return NotApplicable("agenda")
    if of.field == "chair" and not any(s.hold and s.hold.chaired_by for s in held):
        return NotApplicable("chair", absent=False)  # nobody must say who presided
    return None


def _linked(view: View, row: Requirement, binding: Binding, as_of: dt.date) -> Result:
    of, to = row.selector("of"), row.selector("to")
    known = _link_ends(view, to, binding, as_of)
    if known and row.param("also"):
        known = known | (_link_ends(view, row.selector("also"), binding, as_of) or set())
    facet = view.words.facets.get(FacetId(of.word))
    own = said(view, facet, binding, as_of, row.where) if facet else []
    if known is None:
        return NotApplicable(to.word, absent=bool(own))
    if row.param("changed") and not came_or_left(view, row, binding, as_of):
        return Met
    if row.param("changes"):
        return _changes_told(view, row, own, known, binding, as_of)
    stated = row.param("stated")
    loose = [i for i, v in zip(own, column(own, of.field), strict=True)
             if isinstance(i.value, Record) and known.isdisjoint(map(as_said, each_of(v))) and not (stated and is_blank(v))]  # fmt: skip
    if row.param("ordered"):
        early = cited_too_early(view, row, own, as_of)
        loose += [i for i in own if i.value in early and i not in loose]
    if not loose and (own or not row.param("changed")):
        return Met
    lifts = anew(view, loose) if loose else (_fill(view, of.word, binding),)
    return Unmet(missing=joined([named(view, i.value) for i in loose]) if loose else title_of(view, binding), lacks=(f"{of.word}.{of.field} @ {binding.subject}",), lifts=lifts)


def _changes_told(view: View, row: Requirement, own: list[Item], known: set[str], binding: Binding, as_of: dt.date) -> Result:
    """Each seat that came or left has an answer that names it and points to a sitting."""
    of, names = row.selector("of"), str(row.param("names"))
    told = {as_said(n) for i in own if isinstance(i.value, Record) and {as_said(v) for v in each_of(i.value.get(of.field))} & known for n in each_of(i.value.get(names))}
    changed = changed_items(view, FacetId(str(row.param("changes"))), row.selector("to"), as_of)
    untold = [v for v in changed if not told & {as_said(x) for _, x in v if isinstance(x, str)}]
    if not untold:
        return Met
    return Unmet(missing=joined(list(dict.fromkeys(named(view, v) for v in untold))), lacks=(f"{of.word}.{of.field} @ {binding.subject}",), lifts=(_fill(view, of.word, binding),))


def _link_ends(view: View, to: Selector, binding: Binding, as_of: dt.date) -> set[str] | None:
    """What may be pointed to: items by their id, instances by id or label, sittings by address; None where nobody is declared."""
    if to.word in view.words.kinds:
        return once(view, names_of, KindId(to.word)) or None
    if leaves := view.words.leaves_of(to.word):
        return once(view, _cited, leaves, as_of)
    return {as_said(i.value.get("id") or "") for i in items(view, to.word, binding, as_of) if isinstance(i.value, Record)}


def _cited(view: View, leaves: tuple[LeafId, ...], as_of: dt.date) -> set[str]:
    return {s.address for label, history in view.sittings.items() if label.leaf in leaves for s in history if _stands(view, s, as_of)}


def _stands(view: View, sitting: Sitting, as_of: dt.date) -> bool:
    """Whether a sitting may be cited: held by the day and not void, or convened and still to come."""
    day = sitting.held or sitting.done
    if day is not None and day.earliest <= as_of:
        return sitting.decision is None or not void(view, sitting)
    slot = view.planned.get(Address(sitting.address))
    return not sitting.cancelled and sitting.convened is not None and slot is not None and slot.day >= as_of


def _agreed(view: View, row: Requirement, binding: Binding, as_of: dt.date) -> Result:
    """With `same_version`, an agreement to an older version than another's is none; one that names none is to any."""
    said = once(view, _agreements, row.selector("of").word, as_of)
    newest = max((v for v in said.values() if v is not None), default=None) if row.param("same_version") else None
    mine = [v for label, v in said.items() if fits(view, binding, label)]
    if mine and (newest is None or all(v is None or v == newest for v in mine)):
        return Met
    args = Record((("version", newest),)) if newest is not None else EMPTY
    return Unmet(missing=title_of(view, binding), lacks=(binding.subject,), lifts=(Ask(Verb.AGREE, Address(binding.subject), args),))


def _agreements(view: View, word: str, as_of: dt.date) -> dict[Label, int | None]:
    """The version that each party agreed to last, where it names one."""
    leaves = view.words.leaves_of(word)
    return {label: f.args.version for label, f in view.done_facts if label.leaf in leaves and isinstance(f.args, Agree) and f.on.earliest <= as_of}


def _deliverable(view: View, row: Requirement, binding: Binding, as_of: dt.date) -> Result:
    wanted = str(row.param("state"))
    address = paper_address(view, row.selector("of").word, binding)
    state = view.state(PAPER, address, as_of)
    if state in AT_LEAST[wanted]:
        return Met
    if row.param("items"):
        return _told_instead(view, row, binding, as_of, state)
    lacks = (unbegun(view, row.selector("of").word, binding, as_of) if state == NOTHING else None) or address
    return Unmet(value=state_name(state), bound=state_name(wanted), lacks=(lacks,), lifts=(Ask(next_move(state, wanted), address),))


def _told_instead(view: View, row: Requirement, binding: Binding, as_of: dt.date, state: str) -> Result:
    """Whether the answers that a document holds are told, each of them, where the document itself is not there: its body is either."""
    facets = [view.words.facets[f] for f in view.words.deliverables[DeliverableId(row.selector("of").word)].items]
    blank = [f for f in facets if not said(view, f, binding, as_of)]
    if not blank and facets:
        return Met
    # The same lack as that of a row that looks for the answer itself, at its instance.
    lacks = tuple(answer(view, f, binding) for f in blank)
    return Unmet(value=state_name(state), bound=state_name(str(row.param("state"))), lacks=lacks, lifts=tuple(_fill(view, f.id, binding) for f in blank))


def void(view: View, sitting: Sitting) -> bool:
    """Whether a decision is void: a quorum row does not hold at its sitting. The chart has no state for it: it is read from who was there."""
    rows = compiled(view.words, ("quorum", sitting.label.leaf), lambda: _quorum_rows(view, sitting.label.leaf))
    if not rows or not sitting.held:
        return False
    known, key = view.looked, ("void", sitting.label, sitting.n)
    if key not in known:
        known[key] = any(_breaks(view, row, sitting) for row in rows)
    return bool(known[key])


def _quorum_rows(view: View, leaf: LeafId) -> tuple[Requirement, ...]:
    return tuple(r for r in view.method.requirements if r.is_ is Is.QUORUM and leaf in view.words.leaves_of(r.selector("of").word))


def _breaks(view: View, row: Requirement, sitting: Sitting) -> bool:
    assert sitting.held is not None
    return isinstance(evaluate(view, row, bind_label(view, sitting.label, sitting), sitting.held.latest), Unmet)


def verdict_name(view: View, sitting: Sitting) -> Text:
    """What came of a decision: its value, or that it is void."""
    assert sitting.decision is not None
    return Text("sans quorum", "no quorum") if void(view, sitting) else named(view, sitting.decision.value)


def decision_of(view: View, leaf: LeafId, told: Sequence[Sitting], last: Sitting | None) -> Text:
    """How a decision stands, after the name of its body: what was decided at the *last* sitting; else whether any of those *told* was held."""
    label = view.words.leaves[leaf].label
    if last is not None:
        verdict = verdict_name(view, last)
    elif any(s.held is not None for s in told):
        verdict = Text("aucune décision notée", "no decision noted")
    else:
        verdict = Text("séance non tenue", "not held")
    return Text(f"{label.fr} : {verdict.fr}", f"{label.en}: {verdict.en}")


def reserve_address(sitting: str, n: int) -> Address:
    """Where the nth reserve (from 1) of a decision is settled."""
    return Address(f"reserve/{sitting}/{n}")


def _settled(view: View, row: Requirement, binding: Binding, as_of: dt.date) -> Result:
    sitting = binding.sitting
    if sitting is None or sitting.decision is None or not sitting.decision.reserves:
        return NotApplicable("reserves", absent=False)
    after = [s for leaf in view.words.leaves_of(row.selector("of").word) for s in view.held(leaf, as_of)
             if s.held and sitting.decided and sitting.decided.before(s.held)]  # fmt: skip
    if not after:
        return Met
    following = min(after, key=lambda s: (s.held.earliest if s.held else as_of, s.address))
    carried = following.decision.reserves if following.decision else ()
    open_ = [
        (n, text)
        for n, text in enumerate(sitting.decision.reserves, 1)
        if text not in carried and ((day := view.settled.get(reserve_address(sitting.address, n))) is None or day.earliest > as_of)
    ]
    if not open_:
        return Met
    return Unmet(missing=joined([Text(t, t) for _, t in open_]), lifts=tuple(Ask(Verb.SETTLE, reserve_address(sitting.address, n)) for n, _ in open_))


def _read_by(reader: Callable[[View, Requirement, Binding, dt.date], Result]) -> Callable[[Words, Requirement], Evaluator]:
    """A kind of which the method says nothing that could be looked up beforehand."""
    return lambda words, row: lambda view, binding, as_of: reader(view, row, binding, as_of)


_EVALUATORS: dict[Is, Callable[[Words, Requirement], Evaluator]] = {
    Is.PRESENT: _present,
    Is.COUNT: _count,
    Is.COVERS: _covers,
    Is.LINKED: _read_by(_linked),
    Is.AGREED: _read_by(_agreed),
    Is.DELIVERABLE: _read_by(_deliverable),
    Is.QUORUM: _read_by(quorum),
    Is.SETTLED: lambda words, row: _read_by(minuted if row.param("paper") else _settled)(words, row),
}
