"""Asking and telling: why, do, record."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

import attrs
import click

from . import engine
from ._commands_base import (
    Asked,
    BadLineError,
    as_json,
    as_told,
    by_option,
    code_of,
    dossier_argument,
    dressed,
    laid_open,
    out,
    out_json,
    role_of,
    when_of,
)
from .answers import Accepted, Decision, Recorded
from .codec import args_class, read
from .desk import Desk
from .doorstep import shown, text_fault
from .dossier_file import beyond
from .errors import Fault
from .facts import DOSSIER, Args, Declare, Fact, Fill, Stamp
from .method import Field, Words
from .toml_file import near, said
from .values import Record
from .view import view_of
from .when import When
from .words import OF_THE_RUN, Address, FacetId, KindId, Text, Verb

_asked_for = [
    click.argument("command"),
    click.argument("address", default=""),
    click.argument("pairs", nargs=-1, metavar="[KEY=VALUE]..."),
    click.option("--on", default=None, metavar="DATE", help="Le jour du fait / the day of the fact."),
    by_option,
]
_kept = [
    click.option("--expect", type=int, default=None, metavar="N", help="La version lue / the version that was read."),
    click.option("--key", default=None, metavar="K", help="Clé d'idempotence / idempotency key."),
]


def fact_of(command: str, address: str, pairs: tuple[str, ...], by: str, key: str | None) -> Fact:
    """The command that a command line says; BadLineError with every fault at once."""
    if command in {v.value for v in OF_THE_RUN} and (not address or "=" in address):
        address, pairs = DOSSIER, (*([address] if address else ()), *pairs)
    if not address:
        raise BadLineError((Fault("ADDRESS", Text("attendu : une valeur ; trouvé : rien", "expected a value, found none"), Text("ajouter ADDRESS", "add ADDRESS")),))
    faults = [Fault(p, *fault) for p, text in (("--by", by), ("--key", key or ""), ("ADDRESS", address)) if (fault := text_fault(text))]
    verbs = [v.value for v in Verb]
    if command not in verbs:
        likely = near(command, verbs) or _in_french(command) or ", ".join(verbs)
        faults.append(Fault("COMMAND", Text(f"attendu : un verbe ; trouvé : « {shown(command)} »", f"expected a verb, found '{shown(command)}'"),
                            Text(f"écrire {likely}", f"write {likely}")))  # fmt: skip
        for _ in _table(pairs, faults):
            pass
        raise BadLineError(tuple(faults))
    verb = Verb(command)
    if verb is Verb.DECIDE:  # «decide copil/themes go» has one meaning
        pairs = tuple(f"value={pair}" if pair.isidentifier() else pair for pair in pairs)
    args = _args(verb, address, dict(_table(pairs, faults)), faults)
    if faults or args is None:
        raise BadLineError(tuple(faults))
    return Fact(verb, Address(address), args)


def _in_french(command: str) -> str | None:
    """The verb that a French word says, with or without its accents: « tenir » is hold."""
    from .views._wording import VERBS

    plain = {_unaccented(max(word.fr.split(), key=len)): name for name, word in VERBS.items()}
    like = near(_unaccented(command.lower()), plain)
    return str(plain[like]) if like else None


def _unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _table(pairs: tuple[str, ...], faults: list[Fault]) -> Iterator[tuple[str, str]]:
    seen = set()
    for pair in pairs:
        name, sign, text = pair.partition("=")
        name = name.strip()
        if not sign or not name:
            faults.append(Fault(shown(pair), Text("attendu : clé=valeur", "expected key=value"), Text("écrire clé=valeur", "write key=value")))
        elif name in seen:
            faults.append(Fault(shown(name), Text("dit deux fois", "said twice"), Text("garder l'un des deux", "keep one of the two")))
        else:
            seen.add(name)
            yield name, text


def _literal(text: str) -> object:
    """A value of TOML where the text is one, on one line; else the text itself."""
    if "\n" in text or len(re.findall(r"[\[{]", text)) > 200:
        return text
    try:
        found = tomllib.loads(f"v = {text}")
    except (ValueError, RecursionError):
        return text
    return found["v"] if len(found) == 1 else text


def _args(verb: Verb, address: str, told: dict[str, str], faults: list[Fault]) -> Args | None:
    kind = args_class(verb, address)
    names = {f.name for f in attrs.fields(kind)}
    for name in ("on", "by", "key"):  # what a block of a file says beside them
        if name in told and name not in names and kind is not Fill:
            text = shown(told.pop(name))
            faults.append(Fault(name, Text("attendu : une option ; trouvé : une clé", "expected an option, found a key"), Text(f"écrire --{name} {text}", f"write --{name} {text}")))
    table = {name: _literal(text) for name, text in told.items()}
    if kind is Fill and "value" not in table and all(k.isidentifier() for k in table):
        table = {"value": table} if table else table  # the fields of one answer, each by its name
    if kind is Declare:
        attributes = {k: table.pop(k) for k in list(table) if k not in names}
        given = table.get("attributes", {})
        if attributes and isinstance(given, dict):
            table["attributes"] = given | attributes
    for name, value in table.items():
        if isinstance(value, str) and name in ("agenda", "reserves"):
            table[name] = [part.strip() for part in value.split(",") if part.strip()]
    if verb is Verb.HOLD and "decision" in table:  # as the block of a file may say
        value = shown(str(table.pop("decision")))
        faults.append(Fault("decision", Text("attendu : une décision dite à part ; trouvé : dans « hold »", "expected a decision told apart, found one in 'hold'"),
                            Text(f"l'ôter, puis : decide {address} value={value}", f"remove it, then: decide {address} value={value}")))  # fmt: skip
    args, more = read(kind, table, toml=True)
    if more:  # a shell takes the quotes off: what reads as a number may be a text, or a year
        again, fewer = read(kind, table | {f.path: told[f.path] for f in more if f.path in told}, toml=True)
        args, more = (again, fewer) if len(fewer) < len(more) else (args, more)
    faults += [attrs.evolve(f, path=f.path.removeprefix("attributes.") if kind is Declare else f.path) for f in more]
    if args is not None:
        faults += [Fault(said(where), what, mend) for where, what, mend in beyond(args)]
    return args


def _fact(command: str, address: str, pairs: tuple[str, ...], by: str, key: str | None = None) -> Fact:
    return fact_of(as_told(command), as_told(address), tuple(as_told(p) for p in pairs), as_told(by), key)


def _as_texts(words: Words, fact: Fact, pairs: tuple[str, ...]) -> Fact:
    """What is told of a field of texts as it was typed: of `value=75` the shell took the quotes off, the method says that no number is meant."""
    name, typed = fact.address.partition("/")[0], dict(_table(tuple(as_told(p) for p in pairs), []))
    facet, kind = words.facets.get(FacetId(name)), words.kinds.get(KindId(name))
    if isinstance(fact.args, Fill) and facet is not None:
        value, said = fact.args.value, typed.get("value")
        if isinstance(value, Record) and said is None:
            if not facet.fields:
                raise BadLineError(tuple(read(Fill, dict(typed), toml=True)[1]))
            return attrs.evolve(fact, args=Fill(value=_texts_of(facet.fields, value, typed)))
        plain = facet.fields or facet.type in _NO_TEXTS or isinstance(value, (str, tuple, Record))
        return fact if plain or said is None else attrs.evolve(fact, args=Fill(value=said))
    if isinstance(fact.args, Declare) and kind is not None:
        return attrs.evolve(fact, args=attrs.evolve(fact.args, attributes=_texts_of(kind.attributes, fact.args.attributes, typed)))
    return fact


def _texts_of(fields: Iterable[Field], told: Record, typed: Mapping[str, str]) -> Record:
    texts = {f.name for f in fields if f.type not in _NO_TEXTS}
    return Record(tuple((k, typed[k] if k in texts and k in typed and not isinstance(v, (str, tuple, Record)) else v) for k, v in told))


_NO_TEXTS = ("int", "bool", "date")


def _tell(asked: Asked, desk: Desk, fact: Fact, answer: Decision | Recorded, as_json: bool, *, kept: bool = True) -> int:
    from .views import json_view
    from .views.text import decision_text

    if kept:
        answer = _now_kept(desk, answer)
    if as_json:
        out_json(json_view.decision(answer))
    else:
        out(decision_text(answer, asked.lang, (fact.verb, _named(asked, desk, fact))))
    return code_of(answer)


def _named(asked: Asked, desk: Desk, fact: Fact) -> Text:
    """What a person calls what a fact is about: somebody who is only being declared, by the name that is given."""
    view = view_of(desk.method, desk.dossier)
    if isinstance(fact.args, Declare) and not any(fact.address == f"{i.kind}/{i.id}" for i in view.instances):
        view = view_of(desk.method, engine.evolve(desk.method, desk.dossier, fact.stamped(Stamp(on=When(asked.at), by=""))))
    return view.title(fact.address)


@click.command()
@dossier_argument
@dressed(*_asked_for)
@as_json
@click.pass_obj
def why(asked: Asked, dossier: str, command: str, address: str, pairs: tuple[str, ...], on: str | None, by: str, as_json: bool) -> int:
    """Ce qui empêche une commande, motif par motif ; rien n'est écrit."""
    fact, day = _fact(command, address, pairs, by), when_of("--on", on) if on else When(asked.at)
    with laid_open(asked, dossier) as desk:
        seen, fact = desk.dossier.as_of(asked.at), _as_texts(desk.method.words, fact, pairs)
        decision = engine.decide(desk.method, seen, _questioned(desk, fact, pairs).stamped(Stamp(on=day, by=role_of(desk.method, by))))
        return _tell(asked, desk, fact, decision, as_json, kept=False)


def _now_kept(desk: Desk, answer: Decision | Recorded) -> Decision | Recorded:
    """The answer with what still mends each of its remarks, now that what it is about was done."""
    from .afterwards import afterwards

    match answer:
        case Accepted(events=(event,), notices=(_, *_) as remarks):
            return Accepted(answer.events, afterwards(desk.method, desk.dossier, event, tuple(remarks)))
        case Recorded(events=(event,), deviations=(_, *_) as remarks):
            return Recorded(answer.events, afterwards(desk.method, desk.dossier, event, tuple(remarks)))
    return answer


def _questioned(desk: Desk, command: Fact, pairs: tuple[str, ...]) -> Fact:
    """A bare question supposes everyone there and every point treated; arguments given are taken as they are."""
    from .answers import Ask
    from .samples import command_of

    if pairs or command.verb is not Verb.HOLD:
        return command
    view = view_of(desk.method, desk.dossier)
    return command_of(view, Ask(command.verb, command.address), view.dossier.start)


@click.command(name="do")
@dossier_argument
@dressed(*_asked_for, *_kept)
@as_json
@click.pass_obj
def do_(asked: Asked, dossier: str, command: str, address: str, pairs: tuple[str, ...], on: str | None, by: str, expect: int | None, key: str | None, as_json: bool) -> int:
    """Demander, et garder ce qui est admis."""
    key = as_told(key) if key else None
    fact, day = _fact(command, address, pairs, by, key), when_of("--on", on) if on else None
    with laid_open(asked, dossier) as desk:
        fact = _as_texts(desk.method.words, fact, pairs)
        decision = desk.do(fact, by=role_of(desk.method, by), on=day, expect=expect, key=key)
        return _tell(asked, desk, fact, decision, as_json)


@click.command()
@dossier_argument
@dressed(*_asked_for, *_kept)
@as_json
@click.pass_obj
def record(asked: Asked, dossier: str, command: str, address: str, pairs: tuple[str, ...], on: str | None, by: str, expect: int | None, key: str | None, as_json: bool) -> int:
    """Dire ce qui s'est passé, quoi qu'en pense la méthode."""
    key = as_told(key) if key else None
    fact, day = _fact(command, address, pairs, by, key), when_of("--on", on) if on else None
    with laid_open(asked, dossier) as desk:
        fact = _as_texts(desk.method.words, fact, pairs)
        told = desk.record(fact, by=role_of(desk.method, by), on=day, expect=expect, key=key)
        return 2 if _tell(asked, desk, fact, told, as_json) else 0
