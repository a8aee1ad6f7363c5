"""What of a fact cannot be read, and the nearest that can; and what does not fit of a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from ._plain_words import found
from .answers import Ask, Wait
from .doorstep import PLAIN_ID, day_meant, shown
from .method import Field
from .readings._phrases import when_of
from .requirements import Duration
from .toml_file import near, nearest
from .values import EMPTY, Record, Value, each_of
from .view import View
from .when import When
from .words import Address, KindId, ListId, Text, Verb


@attrs.frozen
class Misread:
    """One thing that cannot be read: its code, where in the fact, what, and how to mend it."""

    code: str
    where: str
    what: Text
    mend: Text
    lifts: tuple[Ask | Wait, ...] = ()
    """What would make it readable: somebody is not declared yet or bears the id still, a sitting has not decided."""


def undeclared(view: View, where: str, kind: KindId, id: str, known: Iterable[str], inside: str | None = None, on: When | None = None) -> Misread:
    """An instance that nobody has declared (by the day *on*): declaring it is the way out. What stands for nobody in particular («*») is never anybody."""
    if on is not None and (later := next((i.on for i in view.of_kind(kind) if i.id == id and i.on.earliest > on.latest), None)):
        first = when_of(later)
        return Misread("unknown", where, Text(f"« {id} » est déclaré plus tard ({first.fr})", f"'{id}' is declared later ({first.en})"),
                       Text("corriger l'une des deux dates", "mend one of the two days"), lifts=(Wait(later.earliest),))  # fmt: skip
    outer = view.words.kinds[kind].inside
    within = Record(((outer, inside),)) if outer and inside else EMPTY
    ask = Ask(Verb.DECLARE, Address(f"{kind}/{id}"), within)
    return attrs.evolve(unknown(where, id, known), lifts=(ask,) if PLAIN_ID.fullmatch(id) else ())  # of what cannot be an id no declaration is proposed


def unknown(where: str, name: str, known: Iterable[str]) -> Misread:
    options = sorted(set(known))
    if like := near(name, options) or _without_its_head(name, options):
        mend = Text(f"vouliez-vous dire « {like} » ?", f"did you mean '{like}'?")
    elif options:
        few = ", ".join(nearest(name, options)) + (", …" if len(options) > 4 else "")
        mend = Text(f"connus : {few}", f"known: {few}")
    else:
        mend = Text("rien de tel n'est déclaré : le déclarer d'abord", "nothing of the kind is declared: declare it first")
    return Misread("unknown", where, Text(f"« {shown(name)} » inconnu", f"'{shown(name)}' unknown"), mend)


def _without_its_head(name: str, options: Sequence[str]) -> str | None:
    """The one address that ends so, where it was said without its beginning."""
    ending = [x for x in options if x.endswith(f"/{name}")]
    return ending[0] if len(ending) == 1 else None


def value_faults(view: View, fields: tuple[Field, ...], type: str, value: Value, where: str) -> Iterator[Misread]:
    """What does not fit of a facet's value: its fields, or its plain type."""
    for n, member in enumerate(each_of(value)):
        at = f"{where}[{n}]" if isinstance(value, tuple) else where
        if fields and isinstance(member, Record):
            yield from record_faults(view, fields, member, at)
        elif fields:
            names = ", ".join(f"{f.name} = …" for f in fields)
            yield _other(at, Text("une table est attendue", "a table is expected"), Text(f"écrire {{ {names} }}", f"write {{ {names} }}"), member)
        else:
            yield from _plain(view, type, member, at)


def record_faults(view: View, fields: tuple[Field, ...], record: Record, where: str) -> Iterator[Misread]:
    known = {f.name: f for f in fields}
    for key, value in record:
        at = f"{where}.{key}" if where else key
        field = known.get(key)
        if field is None:
            lost = attrs.evolve(unknown(at, key, known), code="field")
            yield lost if known else attrs.evolve(lost, mend=Text(f"ôter {key}", f"remove {key}"))
        elif isinstance(value, tuple) and not field.many:
            yield Misread("type", at, *ONE)
        else:
            for member in each_of(value):
                yield from _plain(view, field.type, member, at)
    for field in fields:
        if not field.optional and record.get(field.name) is None:
            at = f"{where}.{field.name}" if where else field.name
            yield Misread("field", at, Text(f"il manque « {field.name} »", f"'{field.name}' is missing"), Text(f"ajouter {field.name} = …", f"add {field.name} = …"))


ONE = Text("une seule valeur est attendue, non une liste", "one value is expected, not a list"), Text("ôter les crochets", "remove the brackets")
_PLAIN: dict[str, tuple[type, Text, Text]] = {
    "text": (str, Text("un texte est attendu", "a text is expected"), Text("l'écrire entre guillemets", "write it in quotes")),
    "int": (int, Text("un entier est attendu", "a whole number is expected"), Text("l'écrire sans guillemets ni virgule", "write it without quotes or a point")),
    "bool": (bool, Text("oui ou non est attendu", "yes or no is expected"), Text("écrire true ou false, sans guillemets", "write true or false, without quotes")),
    "date": (When, Text("une date est attendue", "a date is expected"), Text("écrire 2012-05-14, \"2012-05\" ou \"2012-S1\"", "write 2012-05-14, \"2012-05\" or \"2012-S1\"")),
}


def _plain(view: View, type_: str, value: Value, at: str) -> Iterator[Misread]:
    if type_ in _PLAIN:
        wanted, expected, mend = _PLAIN[type_]
        if type(value) is not wanted:
            day = day_meant(value) if wanted is When and isinstance(value, str) else None
            yield _other(at, expected, Text(f"écrire {day}", f"write {day}") if day else mend, value)
    elif type_ == "duration":
        if not isinstance(value, str):
            yield _other(at, Text("une durée est attendue", "a duration is expected"), _DURATIONS, value)
        elif not _is_duration(value):
            yield Misread("type", at, Text(f"« {shown(value)} » n'est pas une durée", f"'{shown(value)}' is no duration"), _DURATIONS)
    elif words := view.words.lists.get(ListId(type_)):
        if not isinstance(value, str):
            yield _no_name(at, [w.id for w in words.words], value)
        elif words.word(value) is None:
            yield unknown(at, value, [w.id for w in words.words])
    elif type_ in view.words.kinds:
        ids = [i.id for i in view.of_kind(KindId(type_))]
        if not isinstance(value, str):
            yield _no_name(at, ids, value)
        elif value not in ids:
            yield undeclared(view, at, KindId(type_), value, ids)


_DURATIONS = Text("écrire 1y, 10m, 6w ou 90d", "write 1y, 10m, 6w or 90d")


def _is_duration(text: str) -> bool:
    try:
        Duration.parse(text)
    except ValueError:
        return False
    return True


def _other(at: str, wanted: Text, mend: Text, value: Value) -> Misread:
    """A value of another type than is wanted: neither a name that nothing bears, nor a text."""
    there = found(value)
    return Misread("type", at, Text(f"{wanted.fr}, non {there.fr}", f"{wanted.en}, not {there.en}"), mend)


def _no_name(at: str, known: Sequence[str], value: Value) -> Misread:
    few = ", ".join(f'"{x}"' for x in sorted(known)[:4]) + (", …" if len(known) > 4 else "")
    mend = Text(f"écrire l'un de ces noms : {few}", f"write one of these names: {few}") if known else Text("l'écrire entre guillemets", "write it in quotes")
    return _other(at, Text("un nom est attendu", "a name is expected"), mend, value)
