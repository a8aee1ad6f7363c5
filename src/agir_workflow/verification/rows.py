"""
Each requirement by itself, and against its neighbours: can it be met, can it be broken, does anything read it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ..facts import Fact
from ..method import Field, Method
from ..requirements import Duration, Form, Is, Requirement
from ..values import Record, Value, each_of
from ..words import FacetId, KindId, LeafId, Severity, Sort, Text
from .flaw import NO_GUARD, Flaw, Shows, Witness, commands, opening
from .needs import dues, number
from .order import Order, Rel

_HOW = {
    "unsatisfiable": Text("corriger la borne ou la liste", "mend the bound or the list"),
    "irrefutable": Text("donner une borne, ou ôter la ligne", "give a bound, or remove the row"),
    "unviolable": Text("ôter la ligne, ou la condition", "remove the row, or its condition"),
    "rows_conflict": Text("garder l'une des deux", "keep one of the two"),
    "repeated": Text("en ôter une", "remove one"),
    "when_cycle": Text("ôter l'un des « when »", "remove one of the 'when'"),
}
_UNSHOWN = {
    "repeated": Text("ce que deux lignes disent de même n'est dit qu'une fois : aucune commande ne les distingue", "what two rows say alike is told once: no command tells them apart"),
    "when_cycle": Text("ce qui doit tenir d'abord attend la ligne même : aucune commande ne la voit jamais s'appliquer", "what has to hold first waits for the row itself: no command ever sees it apply"),
    "unviolable": Text("là où elle s'applique, elle est déjà tenue : aucune commande ne s'y heurte", "where it applies it holds already: no command runs into it"),
}
_NOT_SEARCHED = Text("la preuve attend la décision : rien n'est prouvé de ce qui se ferait entre-temps", "the proof waits for the decision: of what is done meanwhile nothing is proved")
_UNUSED = Text("rien ne le lit : aucune suite de commandes n'y passe", "nothing reads it: no commands come by it")


def flaws(method: Method, order: Order) -> Iterator[Flaw]:
    """The flaws of the rows, each row's gravest first; then what nothing reads."""
    rows = method.requirements
    codes = {str(r.code): n for n, r in reversed(list(enumerate(rows)))}
    for n, row in enumerate(rows):
        why = _unsatisfiable(method, row)
        if why:
            yield _flaw(method, order, "unsatisfiable", (n,), why, Shows.REFUSED)
        elif why := _irrefutable(method, row):
            yield _flaw(method, order, "irrefutable", (n,), why, Shows.PASSES)
        elif why := _unviolable(method, order, n, codes):
            yield _flaw(method, order, "unviolable", (n,), why, Shows.UNREAD if row.when else Shows.PASSES)
        if row.when and (others := _waits(rows, n, codes)) and n == min(others):
            said = ", ".join(rows[m].code for m in others)
            yield _flaw(method, order, "when_cycle", others, Text(f"exigence qui ne vaut que si elle-même est tenue : {said}", f"a requirement that applies only where it holds itself: {said}"), Shows.UNREAD)
    yield from _against_each_other(method, order)
    yield from _there_undecided(method, order)
    yield from _unread(method)


def _there_undecided(method: Method, order: Order) -> Iterator[Flaw]:
    """
    A row that is content with a body that sat, whatever it decided, where the tree lets a run pass it by.

    The proof waits for the decision; between the two another step may close it, and what that gets stuck is not searched.
    """
    for n, row in enumerate(method.requirements):
        if row.is_ is not Is.PRESENT or row.severity is not Severity.ERROR or row.due.form not in (Form.LEAF, Form.PHASE) or row.selector("of").field:
            continue
        due = next((x for x in method.words.leaves_of(row.due.name) if x in order.place), None)
        for leaf in (x for x in method.words.leaves_of(row.selector("of").word) if method.words.leaves[x].sort is Sort.DECISION and x in order.place):
            if order.optional(leaf, due):
                name = method.words.leaves[leaf].label
                what = Text(f"« {name.fr} » peut siéger sans décider, et une autre étape la clore : non prouvé", f"'{name.en}' may sit without deciding, and another step close it: not proved")
                yield Flaw(code="method.undecided", severity=Severity.WARNING, path=f"requirements[{n}]", what=what, mend=Text(f'écrire of = "{leaf}.decision", ou decided', f'write of = "{leaf}.decision", or decided'),
                           witness=Witness(shows=Shows.UNREAD, commands=(), rows=(n,), why=_NOT_SEARCHED))  # fmt: skip
                break


def _flaw(method: Method, order: Order, code: str, rows: Sequence[int], what: Text, shows: Shows) -> Flaw:
    row = method.requirements[rows[0]]
    refuses = row.severity is Severity.ERROR and row.due.form in (Form.LEAF, Form.PHASE)
    if shows is Shows.REFUSED and not refuses:
        shows = Shows.UNREAD
    shown = () if shows is Shows.UNREAD else _up_to(method, order, rows)
    why = _UNSHOWN.get(code, NO_GUARD) if shows is Shows.UNREAD else None
    return Flaw(code=f"method.{code}", severity=Severity.ERROR, path=f"requirements[{rows[0]}]", what=what, mend=_HOW[code],
                witness=Witness(shows=shows, commands=shown, rows=tuple(rows), why=why))  # fmt: skip


def _up_to(method: Method, order: Order, rows: Sequence[int]) -> tuple[Fact, ...]:
    """The shortest run to where the first of the rows is read, that step included."""
    row = method.requirements[rows[0]]
    own = [method.requirements[n] for n in rows]
    goal: LeafId | None = None
    if row.due.form in (Form.LEAF, Form.AFTER):
        goal = next((x for x in method.words.leaves_of(row.due.name) if x in order.place), None)
    elif row.due.form is Form.PHASE:
        phase = next((p for p in method.tree.phases if p.name == row.due.name), None)
        goal = order.sorted(order.first_of(phase))[0] if phase else None
    if goal is None:
        return commands(method, order.run_whole(), own)
    asked = {x for r in own for x in method.words.leaves_of(str(r.param("by")))}  # the rows themselves ask for these
    done = commands(method, [x for x in order.run_to(goal) if x not in asked], own)
    return (*done, *opening(method, goal, own, done))


# -- can it be met --------------------------------------------------------------------------------------


def _field(method: Method, word: str, name: str) -> Field | None:
    """The field of a facet or kind that a selector names."""
    facet, kind = method.words.facets.get(FacetId(word)), method.words.kinds.get(KindId(word))
    fields = facet.fields if facet else kind.attributes if kind else ()
    return next((f for f in fields if f.name == name), None)


def _admitted(method: Method, word: str, name: str) -> set[str] | None:
    """The words that a field may hold; None where it may hold anything."""
    if name == "attendance" and method.words.leaves_of(word):
        return {w.id for w in listed.words} if (listed := method.list_(method.colleges)) else None
    if name == "agenda" and method.words.leaves_of(word):
        return {p.id for x in method.words.leaves_of(word) for p in method.words.leaves[x].agenda}
    field = _field(method, word, name)
    listed = method.list_(field.type) if field else None
    return {w.id for w in listed.words} if listed else None


def _unsatisfiable(method: Method, row: Requirement) -> Text | None:
    word, _, name = str(row.param("of") or row.param("a") or "").partition(".")
    if row.is_ is Is.COUNT:
        return _count_unmet(method, row, word, name)
    if row.is_ is Is.COVERS and isinstance(row.param("all"), tuple):
        wanted, admitted = [str(w) for w in each_of(row.param("all"))], _admitted(method, word, name)
        alien = [w for w in wanted if admitted is not None and w not in admitted]
        if alien:
            return Text(f"« {word}.{name} » ne peut dire : {', '.join(alien)}", f"'{word}.{name}' can never say: {', '.join(alien)}")
        if len(set(wanted)) > 1 and _single(method, row, word, name):
            return Text(f"« {word}.{name} » ne tient qu'une valeur, {len(wanted)} sont voulues", f"'{word}.{name}' holds one value, {len(wanted)} are wanted")
    if row.is_ is Is.DECIDED:
        offered = {d for x in method.words.leaves_of(str(row.param("by"))) for d in method.words.leaves[x].decisions}
        if not offered & {str(v) for v in each_of(row.param("values"))}:
            return Text(f"« {row.param('by')} » ne prend aucune de ces décisions", f"'{row.param('by')}' takes none of these decisions")
    if row.is_ is Is.SHARE and isinstance(least := number(method, row.param("min")), int) and least > 100:
        return Text(f"une part de {least} % ne s'atteint pas", f"a share of {least}% cannot be reached")
    if row.is_ in (Is.PRECEDES, Is.GAP) and row.where:
        kinds = [k for x in method.words.leaves_of(word) for k in method.words.leaves[x].scope]
        for key, value in row.where:
            known = [a for k in kinds if (a := _admitted(method, k, key)) is not None]
            if known and not any(str(v) in a for v in each_of(value) for a in known):
                return Text(f"aucune instance ne peut être « {key} = {_said(value)} »", f"no instance can be '{key} = {_said(value)}'")
    return None


def _said(value: Value) -> str:
    return ", ".join(str(v) for v in each_of(value))


def _count_unmet(method: Method, row: Requirement, word: str, name: str) -> Text | None:
    low, high = number(method, row.param("min")), number(method, row.param("max"))
    if isinstance(low, int) and isinstance(high, int) and low > high:
        return Text(f"au moins {low} et au plus {high}", f"at least {low} and at most {high}")
    if not isinstance(low, int) or low < 1:
        return None
    for key, value in row.where if word in method.words.facets else ():
        admitted = _admitted(method, word, key)
        if admitted is not None and not any(str(v) in admitted for v in each_of(value)):
            return Text(f"rien ne peut être « {key} = {_said(value)} »", f"nothing can be '{key} = {_said(value)}'")
    admitted = _admitted(method, word, name)
    if row.param("distinct") and admitted is not None and low > len(admitted):
        return Text(f"{low} mots différents voulus, la liste en a {len(admitted)}", f"{low} different words wanted, the list has {len(admitted)}")
    if low > 1 and _single(method, row, word, name):
        return Text(f"« {word} » ne tient qu'une valeur, {low} sont voulues", f"'{word}' holds one value, {low} are wanted")
    return None


def _single(method: Method, row: Requirement, word: str, name: str) -> bool:
    """Whether a selector finds one value at most at a subject."""
    facet = method.words.facets.get(FacetId(word))
    if facet is None or facet.many or (facet.scope and row.each != facet.scope):
        return False
    field = _field(method, word, name)
    return field is None or not field.many


# -- can it be broken -----------------------------------------------------------------------------------


def _irrefutable(method: Method, row: Requirement) -> Text | None:
    low, high = number(method, row.param("min")), number(method, row.param("max"))
    if row.is_ is Is.COUNT and row.param("ok") is None and row.param("max") is None and (row.param("min") is None or low == 0):
        return Text("aucun nombre n'est trop petit ni trop grand", "no number is too small or too large")
    if row.is_ is Is.COVERS and _nothing_wanted(method, row):
        return Text("la liste de ce qui est voulu est vide", "the list of what is wanted is empty")
    if row.is_ is Is.SHARE and low == 0:
        return Text("une part de 0 % est toujours atteinte", "a share of 0% is always reached")
    if row.is_ is Is.GAP and row.param("max") is None and (row.param("min") is None or _is_zero(low)):
        return Text("aucune distance n'est trop courte ni trop longue", "no distance is too short or too long")
    if row.is_ is Is.WINDOW and row.param("in") is None and row.param("before") is None and number(method, row.param("not_in")) in (None, ()) and high is None:
        return Text("aucun jour n'est exclu", "no day is excluded")
    return None


def _is_zero(value: Value | None) -> bool:
    try:
        return isinstance(value, str) and Duration.parse(value).days == 0
    except ValueError:
        return False


def _nothing_wanted(method: Method, row: Requirement) -> bool:
    wanted, (word, _, name) = row.param("all"), str(row.param("of")).partition(".")
    if wanted is None:
        return name == "agenda" and not _admitted(method, word, name)
    if isinstance(wanted, str):
        listed = method.list_(wanted)
        return listed is not None and not listed.words
    return wanted == ()


def _unviolable(method: Method, order: Order, n: int, codes: dict[str, int]) -> Text | None:
    row = method.requirements[n]
    listed = method.list_(row.each)
    if listed is not None and not any(all(w.attributes.get(k) == v for k, v in row.where) for w in listed.words):
        return Text(f"aucun mot de « {row.each} » n'est visé", f"no word of '{row.each}' is meant")
    if row.is_ is Is.GAP:
        ends = [[x for x in method.words.leaves_of(str(row.param(p)).partition(".")[0]) if x in order.place] for p in ("a", "b")]
        if all(ends) and all(order.rel(a, b) is Rel.APART for a in ends[0] for b in ends[1]):
            return Text("les deux étapes s'excluent : il n'y a pas de distance", "the two steps exclude each other: there is no distance")
    other = method.requirements[codes[row.when]] if row.when in codes else None
    if other is not None and row.is_ is Is.PRESENT and not row.param("every") and _as_strong(other, row):
        return Text(f"ne vaut que si {other.code} est tenue, qui la tient déjà", f"applies only where {other.code} holds, which makes it hold")
    return None


def _as_strong(other: Requirement, row: Requirement) -> bool:
    """Whether meeting *other* meets a `present` row."""
    least = other.param("min")
    enough = other.is_ is Is.PRESENT or (other.is_ is Is.COUNT and isinstance(least, int) and least >= 1)
    return enough and (other.param("of"), other.each, other.where) == (row.param("of"), row.each, row.where)


def _waits(rows: Sequence[Requirement], start: int, codes: dict[str, int]) -> tuple[int, ...]:
    """The rows of the circle of `when` that a row stands in; () where it stands in none."""
    along, here = [start], codes.get(rows[start].when or "")
    while here is not None and here not in along:
        along.append(here)
        here = codes.get(rows[here].when or "")
    return tuple(along) if here == start else ()


# -- one against another --------------------------------------------------------------------------------


def _against_each_other(method: Method, order: Order) -> Iterator[Flaw]:
    rows = list(enumerate(method.requirements))
    for n, one in rows:
        for m, two in rows[n + 1 :]:
            if one.is_ is not two.is_ or (one.each, one.where) != (two.each, two.where):
                continue
            if (one.code, one.params, one.due, one.when) == (two.code, two.params, two.due, two.when):
                yield _flaw(method, order, "repeated", (m, n), Text(f"{one.code} dit deux fois la même chose", f"{one.code} says the same thing twice"), Shows.UNREAD)
            elif one.severity is two.severity is Severity.ERROR and not (one.is_ is Is.DECIDED and dues(method, order, one)) and (why := _excluded(method, one, two)):
                yield _flaw(method, order, "rows_conflict", (m, n), why, Shows.REFUSED)


def _other_decisions(one: Requirement, two: Requirement) -> Text:
    by = one.param("by")
    return Text(f"{one.code} et {two.code} veulent des décisions différentes de « {by} »", f"{one.code} and {two.code} want different decisions of '{by}'")


def _excluded(method: Method, one: Requirement, two: Requirement) -> Text | None:
    """Why two rows of one kind, on the same subject, cannot both be met."""
    if one.is_ is Is.DECIDED and (one.param("by"), one.due) == (two.param("by"), two.due):
        both = set(each_of(one.param("values"))) & set(each_of(two.param("values")))
        return None if both else _other_decisions(one, two)
    if one.is_ is Is.COUNT and (one.param("of"), one.param("distinct")) == (two.param("of"), two.param("distinct")):
        for low, high in ((one, two), (two, one)):
            least, most = number(method, low.param("min")), number(method, high.param("max"))
            if isinstance(least, int) and isinstance(most, int) and least > most:
                return Text(f"{low.code} en veut {least} au moins, {high.code} {most} au plus", f"{low.code} wants {least} at least, {high.code} {most} at most")
    return None


# -- what nothing reads ---------------------------------------------------------------------------------


def _unread(method: Method) -> Iterator[Flaw]:
    """Words that no row, no step, no question and no other word names: a remark."""
    named = Counter(_names(method))
    tables = {
        "kinds": [str(x.id) for x in method.kinds], "lists": [str(x.id) for x in method.lists], "sets": [x.id for x in method.sets],
        "facets": [str(x.id) for x in method.facets], "deliverables": [str(x.id) for x in method.deliverables],
    }  # fmt: skip
    for table, ids in tables.items():
        for n, id in enumerate(ids):
            if not named[id]:
                yield Flaw(code="method.unused", severity=Severity.INFO, path=f"{table}[{n}]", what=Text(f"rien ne lit « {id} »", f"nothing reads '{id}'"),
                           mend=Text("l'ôter, ou le nommer quelque part", "remove it, or name it somewhere"), witness=Witness(shows=Shows.UNREAD, commands=(), rows=(), why=_UNUSED))  # fmt: skip


def _names(method: Method) -> Iterator[str]:
    yield from (str(x) for x in (method.roles, method.colleges, method.verdict_per) if x)
    for kind in method.kinds:
        yield from (str(kind.inside), *(f.type for f in kind.attributes))
    for facet in method.facets:
        yield from (str(facet.scope), facet.type, *(f.type for f in facet.fields))
    for leaf in method.leaves:
        yield from map(str, leaf.scope)
        yield from leaf.decisions
    for node in method.tree.root.walk():
        if node.kind:
            yield str(node.kind)
    for paper in method.deliverables:
        yield from (*map(str, paper.scope), *((str(paper.id),) if paper.of else ()))
    for words in method.lists:
        for word in words.words:
            said = [str(v) for _, value in word.attributes for v in each_of(value)]
            yield from said
            if any(FacetId(v) in method.words.facets for v in said):  # a question: the cadre asks it
                yield str(words.id)
            if word.id in {d for leaf in method.leaves for d in leaf.decisions}:
                yield str(words.id)
    for row in method.requirements:
        yield from (str(row.each), row.due.name)
        for _, value in row.params:
            yield from (str(v).partition(".")[0] for v in each_of(value) if not isinstance(v, Record))
            yield from (str(x) for v in each_of(value) if isinstance(v, Record) for _, x in v)
        yield from (k for k, _ in row.where)
    for values in (*(p.values for p in method.profiles), *(r.values for r in method.regimes)):
        yield from (v for _, value in values for v in each_of(value) if isinstance(v, str))

