"""
Facts as plain data and back: the one door to `cattrs`.

Plain data is what JSON and TOML can hold, without floats. cattrs would turn 3.9 into 3 and 5 into
"5": here every type is demanded exactly, unknown keys are refused, and all faults are told at
once, each with its address. What goes out is read back before it leaves: an append-only journal
must never hold what nobody can read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from enum import Enum
from functools import cache, partial
from itertools import islice
from typing import Any, TypeVar, Union, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.errors import ClassValidationError, ForbiddenExtraKeysError

from . import _plain_words as wanted
from ._plain_words import Expectation, Wrong, below, expected, join, key_said, missing, nearest_or, unknown
from .doorstep import DEEPEST, LARGEST
from .errors import DossierError, Fault
from .facts import ARGS, DOSSIER, Args, Fact, Open, Stamp
from .values import Record, Value
from .when import When
from .words import Address, Text, Verb

T = TypeVar("T")


# -- facts --------------------------------------------------------------------------------------


def args_class(verb: Verb, address: str) -> type[Args]:
    """The class of arguments that *verb* takes; `declare` of the dossier itself takes `Open`."""
    return Open if verb is Verb.DECLARE and address == DOSSIER else ARGS[verb]


def fact_to_plain(fact: Fact) -> dict[str, object]:
    """
    A fact as plain data: `verb`, `address`, `args` (only what differs from the default), `stamp`.

    Raises DossierError where the fact could not be read back: a float, an argument of another type.
    """
    kind = args_class(fact.verb, fact.address)
    if type(fact.args) is not kind:
        name = kind.__name__
        raise DossierError((expected("args", Text(name, name), Text(f"donner {name}", f"give {name}"), fact.args),))
    try:
        args = _converter(False).unstructure(fact.args)
    except DossierError as exc:
        raise DossierError(below("args", exc.faults)) from None
    plain: dict[str, object] = {"verb": fact.verb.value, "address": fact.address, "args": args}
    if fact.stamp is not None:
        plain["stamp"] = _converter(False).unstructure(fact.stamp)
    if fact_from_plain(plain) != fact:
        raise DossierError((expected("args", *wanted.PLAIN, fact.args),))
    return plain


def fact_from_plain(data: object, *, toml: bool = False, path: str = "") -> Fact:
    """
    The fact that plain data says; with *toml*, native dates and times are read too.

    Raises DossierError with every fault, the verb's first.
    """
    envelope, faults = read(_Envelope, data, toml=toml, path=path)
    args: Args | None = None
    if isinstance(data, dict):
        # the class of the arguments hangs on the verb: without one, they are not judged
        verb = envelope.verb if envelope else read(Verb, data.get("verb"))[0]
        if verb is not None:
            address = data.get("address")
            kind = args_class(verb, address if isinstance(address, str) else "")
            args, more = read(kind, data.get("args", {}), toml=toml, path=join(path, "args"))
            faults += more
    if faults or envelope is None or args is None:
        raise DossierError(faults)
    return Fact(envelope.verb, envelope.address, args, envelope.stamp)


def read(cls: type[T], data: object, *, toml: bool = False, path: str = "") -> tuple[T | None, tuple[Fault, ...]]:
    """
    Plain data as a frozen class (or one of the types its fields may have), or every fault in it.

    Fields may be str, int, bool, date, time, an instant, When, Value, Record, a closed list
    (StrEnum), another attrs class, a tuple of these, or any of them or None. Each fault's path
    begins with *path*.

    >>> value, faults = read(Text, {"fr": "bonjour", "en": 5, "de": "hallo"}, path="label")
    >>> [f.path for f in faults]
    ['label.en', 'label.de']
    >>> print(faults[0])
    label.en: expected a text, found the number 5 → write it in quotes
    """
    try:
        return _converter(toml).structure(data, cls), ()
    except (Wrong, ClassValidationError) as exc:
        return None, below(path, _faults_of(exc))


def value_to_plain(value: Value) -> object:
    """
    A value as plain data: a When becomes the table `{"when": "2012-05"}`.

    Raises DossierError for a record that could be taken for such a table, and for what is no value.
    """
    if isinstance(value, When):
        return {"when": str(value)}
    if isinstance(value, Record):
        table = {k: value_to_plain(v) for k, v in value}
        if len(table) != len(value.names):
            raise DossierError((expected("", *wanted.DISTINCT, ", ".join(k for k, _ in value)),))
        if _reserved(table):
            raise DossierError((expected("", *wanted.RESERVED, value),))
        return table
    if isinstance(value, tuple):
        return [value_to_plain(v) for v in value]
    if not isinstance(value, str | int):
        raise DossierError((expected("", *wanted.VALUE, value),))
    return value


def value_from_plain(data: object, *, toml: bool = False, path: str = "") -> Value:
    """The value that plain data says; raises DossierError with every fault."""
    try:
        return _value(data, toml)
    except Wrong as exc:
        raise DossierError(below(path, exc.faults)) from None


def _faults_of(exc: BaseException) -> Iterator[Fault]:
    """What cattrs and the hooks found, with paths relative to what was read."""
    if isinstance(exc, Wrong):
        yield from exc.faults
    elif isinstance(exc, ClassValidationError):
        noted, others = exc.group_exceptions()
        for sub, note in noted:
            yield from (missing("", note.name),) if isinstance(sub, KeyError) else below(note.name, _faults_of(sub))
        for sub in others:
            yield from _faults_of(sub)
    elif isinstance(exc, ForbiddenExtraKeysError):
        known = [f.name for f in attrs.fields(exc.cl)]
        yield from (unknown("", str(key), known) for key in sorted(exc.extra_fields, key=str))
    else:  # the class itself refuses: its own sentence
        yield Fault("", Text(str(exc), str(exc)), Text("corriger ces valeurs", "mend these values"))


# -- reading and writing: one hook for each type ------------------------------------------------


@attrs.frozen
class _Envelope:
    verb: Verb
    address: Address
    args: dict[str, object] = attrs.Factory(dict)
    stamp: Stamp | None = None


def _must(data: object, kind: type[T], expectation: Expectation) -> T:
    """*data* when it is exactly of that type: a bool is no int, a day with an hour is no day."""
    if type(data) is not kind:
        raise Wrong(expected("", *expectation, data))
    return data


def _text(data: object, cls: type[Any]) -> Any:
    text = _must(data, str, wanted.TEXT)
    if issubclass(cls, Enum):
        try:
            return cls(text)
        except ValueError:
            words = [str(w.value) for w in cls]
            choice = Text(f"l'un de : {', '.join(words)}", f"one of: {', '.join(words)}")
            mend = nearest_or(text, words, Text("choisir un de ces mots", "choose one of these words"))
            raise Wrong(expected("", choice, mend, text)) from None
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Wrong(expected("", *wanted.UNICODE, text)) from None
    return text


def _int(data: object, _: object) -> int:
    number = _must(data, int, wanted.INT)
    if abs(number) > LARGEST:
        raise Wrong(expected("", *wanted.BOUND, data))
    return number


def _native(kind: type[Any], form: str, expectation: Expectation, toml: bool) -> Callable[[object, object], Any]:
    """A day, a time or an instant: one spelling in JSON; in TOML, besides, its own type."""
    spelling = re.compile(form, re.ASCII)

    def hook(data: Any, _: object) -> Any:
        if toml and type(data) is kind and (kind is dt.date or (kind is dt.datetime) == (data.tzinfo is not None)):
            return data.astimezone(dt.UTC) if kind is dt.datetime else data
        if type(data) is str and spelling.fullmatch(data):
            try:
                return kind.fromisoformat(data)
            except ValueError:
                pass
        raise Wrong(expected("", *expectation, data))

    return hook


def _when(data: object, _: object, *, toml: bool, ends: bool = True) -> When:
    if toml and type(data) is dt.date:
        return When(data)
    if toml and ends and type(data) is dict and data.keys() == {"from", "to"}:
        first, last = _each(data.items(), lambda end: _when(end, None, toml=True, ends=False))
        if list(data) == ["to", "from"]:
            first, last = last, first
        if last.latest < first.earliest:
            raise Wrong(expected("", *wanted.WHEN, f"{first}/{last}"))
        return When(first.earliest, last.latest)
    if type(data) is str:
        try:
            return When.parse(data)
        except ValueError:
            pass
    raise Wrong(expected("", *wanted.WHEN, data))


def _reserved(table: Mapping[str, object]) -> bool:
    return table.keys() == {"when"} and isinstance(table["when"], str)


def _value(data: object, toml: bool, depth: int = 0) -> Value:
    if depth > DEEPEST:
        raise Wrong(expected("", *wanted.SHALLOW, data))
    if type(data) is str:
        return data if data.isascii() else str(_text(data, str))
    if type(data) is int:
        return _int(data, int)
    if type(data) is list:
        return tuple(_all(data, lambda x: _value(x, toml, depth + 1), _indexed))
    if toml and type(data) is dt.date:
        return When(data)
    if type(data) is dict:
        return _when(data["when"], None, toml=False) if _reserved(data) else _record(data, None, toml=toml, depth=depth)
    return _must(data, bool, wanted.VALUE)


def _record(data: object, _: object, *, toml: bool, depth: int = 0) -> Record:
    table: dict[object, object] = _must(data, dict, wanted.TABLE)
    names = [str(_text(k, str)) for k in table]
    values = _all(table.values(), lambda x: _value(x, toml, depth + 1), lambda xs: zip(map(key_said, names), xs, strict=True))
    if names == ["when"] and isinstance(values[0], str):
        raise Wrong(expected("", *wanted.RESERVED, data))
    return Record(tuple(zip(names, values, strict=True)))


def _indexed(items: Iterable[object]) -> Iterator[tuple[str, object]]:
    return ((f"[{i}]", x) for i, x in enumerate(items))


def _all(items: Collection[object], one: Callable[[Any], T], named: Callable[[Iterable[object]], Iterable[tuple[str, object]]]) -> list[T]:
    """*one* of every item, each asked once; raises the faults of all, for which alone they are *named*."""
    done: list[T] = []
    try:
        for item in items:
            done.append(one(item))
    except (Wrong, ClassValidationError) as exc:
        (path, _), *rest = islice(named(items), len(done), None)
        faults = below(path, _faults_of(exc))
    else:
        return done
    try:
        _each(rest, one)
    except Wrong as exc:
        faults += exc.faults
    raise Wrong(*faults)


def _each(items: Iterable[tuple[str, object]], one: Callable[[Any], T]) -> list[T]:
    """*one* of every item; raises the faults of all."""
    done: list[T] = []
    faults: list[Fault] = []
    for path, item in items:
        try:
            done.append(one(item))
        except (Wrong, ClassValidationError) as exc:
            faults += below(path, _faults_of(exc))
    if faults:
        raise Wrong(*faults)
    return done


def _is(origin: object) -> Callable[[object], bool]:
    return lambda cls: get_origin(cls) is origin


def _is_value(cls: object) -> bool:
    """Whether a field's type is `Value`: the union that holds When and Record."""
    return get_origin(cls) is Union and {When, Record} <= set(get_args(cls))


@cache
def _converter(toml: bool) -> Converter:
    """Two converters from one function: what JSON holds, and what tomllib gives besides."""
    conv = Converter(forbid_extra_keys=True, omit_if_default=True)

    def table(cls: type[Any]) -> Callable[[object, Any], Any]:
        inner = conv.gen_structure_attrs_fromdict(cls)
        # what may be None and has no default is left out when it is None (`Open.uid`)
        needed = [f for f in attrs.fields(cls) if f.default is attrs.NOTHING]
        absent = {f.name: None for f in needed if type(None) in get_args(f.type)}
        return lambda data, _: inner(absent | _must(data, dict, wanted.TABLE), cls)

    def array(cls: Any) -> Callable[[object, Any], Any]:
        member = get_args(cls)[0]
        return lambda data, _: tuple(_all(_must(data, list, wanted.LIST), lambda x: conv.structure(x, member), _indexed))

    conv.register_structure_hook_factory(attrs.has, table)
    conv.register_structure_hook_factory(_is(tuple), array)
    conv.register_structure_hook_func(_is(dict), lambda data, _: _must(data, dict, wanted.TABLE))
    conv.register_structure_hook_func(_is_value, lambda data, _: _value(data, toml))
    conv.register_structure_hook(str, _text)  # reached by every StrEnum too
    conv.register_structure_hook(int, _int)
    conv.register_structure_hook(bool, lambda data, _: _must(data, bool, wanted.BOOL))
    clock = r"\d{2}:\d{2}:\d{2}(\.\d{1,6})?"
    conv.register_structure_hook(dt.date, _native(dt.date, r"\d{4}-\d{2}-\d{2}", wanted.DATE, toml))
    conv.register_structure_hook(dt.time, _native(dt.time, rf"\d{{2}}:\d{{2}}|{clock}", wanted.HOUR, toml))
    conv.register_structure_hook(dt.datetime, _native(dt.datetime, rf"\d{{4}}-\d{{2}}-\d{{2}}T{clock}Z", wanted.UTC, toml))
    conv.register_structure_hook(When, partial(_when, toml=toml))
    conv.register_structure_hook(Record, partial(_record, toml=toml))

    # On the way out, a value of another type passes as it is: reading it back names the fault.
    def out(kind: type[Any], write: Callable[[Any], object]) -> Callable[[Any], object]:
        return lambda it: write(it) if type(it) is kind else it

    def told(cls: type[Any]) -> Callable[[Any], object]:
        inner = conv.gen_unstructure_attrs_fromdict(cls)
        return out(cls, lambda it: {k: v for k, v in inner(it).items() if v is not None})

    conv.register_unstructure_hook_factory(attrs.has, told)
    conv.register_unstructure_hook_func(_is(tuple), out(tuple, lambda it: [conv.unstructure(x) for x in it]))
    conv.register_unstructure_hook_func(_is_value, value_to_plain)
    conv.register_unstructure_hook(Record, out(Record, value_to_plain))
    conv.register_unstructure_hook(When, out(When, str))
    conv.register_unstructure_hook(dt.date, out(dt.date, dt.date.isoformat))
    conv.register_unstructure_hook(dt.time, out(dt.time, _short))
    conv.register_unstructure_hook(dt.datetime, out(dt.datetime, _zulu))
    return conv


def _short(it: dt.time) -> str:
    return it.isoformat("auto" if it.second or it.microsecond else "minutes")


def _zulu(it: dt.datetime) -> object:
    return it if it.tzinfo is None else it.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z"
