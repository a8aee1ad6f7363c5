"""
Whether what a method names is named soundly: its words, what they say of each other, and where they come from.

Every fault at once, with its path in the file and the nearest known name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol, cast

from .doorstep import PLAIN_ID
from .errors import Fault
from .method import Facet, Field, Method
from .toml_file import near, nearest
from .values import Record, each_of
from .words import KindId, Sort, Text

_ORIGIN = re.compile(r"default|seed:\w+|practice:[\w-]+|source:[\w-]+")
_TABLES = ("dossier", "answers", "facts")
_ENVELOPE = ("on", "by", "key", "recorded")
"""What a dossier file says of any fact, and its own tables: no word of a method can stand there."""
_PLAIN = ("text", "int", "bool", "date", "duration")


class _Sourced(Protocol):
    """Whatever says where it comes from."""

    origin: str
    quote: str


def fault(path: str, fr: str, en: str, mend_fr: str, mend_en: str) -> Fault:
    return Fault(path, Text(fr, en), Text(mend_fr, mend_en))


def unknown(path: str, what: tuple[str, str], name: str, known: Iterable[str]) -> Fault:
    options = sorted({str(k) for k in known})
    like = near(name, options)
    shown = like or ", ".join(nearest(name, options)) or "…"
    return fault(path, f"{what[0]} : « {name} » n'est pas un nom connu", f"unknown {what[1]} '{name}'", f"écrire {shown}", f"write {shown}")


def words(method: Method) -> Iterator[Fault]:
    """The words themselves: how they are written, each said once, none that the file of a dossier reads as something else; and those that the head of the method names."""
    for read in (_ids, _said_twice, _reserved, _head):
        yield from read(method)


def _ids(method: Method) -> Iterator[Fault]:
    """Words that must not be met in two tables, for they are named without saying of which."""
    tables: dict[str, list[str]] = {
        "kinds": [str(x.id) for x in method.kinds], "leaves": [str(x.id) for x in method.leaves], "facets": [str(x.id) for x in method.facets],
        "deliverables": [str(x.id) for x in method.deliverables], "lists": [str(x.id) for x in method.lists], "sets": [x.id for x in method.sets],
        "origins": [x.id for x in method.origins],
    }  # fmt: skip
    counted = Counter(n for names in tables.values() for n in names)
    for table, names in tables.items():
        for n, name in enumerate(names):
            if table != "origins" and not _WORD.fullmatch(name):
                yield fault(f"{table}[{n}].id", f"« {name} » : lettres, chiffres, tirets seulement", f"'{name}': letters, digits and dashes only",
                            "raccourcir le mot, le reste dans label", "shorten the word, the rest in label")  # fmt: skip
            if counted[name] > 1:
                yield fault(f"{table}[{n}].id", f"« {name} » est dit deux fois", f"'{name}' is said twice", "choisir un autre nom", "choose another name")


def _said_twice(method: Method) -> Iterator[Fault]:
    """Words that are met in one table alone, and those of a list, of a set and of one step."""
    for table, own in (("phases", [p.id for p in method.phases]), ("regimes", [r.id for r in method.regimes]), ("profiles", [p.id for p in method.profiles])):
        for n, name in enumerate(own):
            if name in own[:n]:
                yield fault(f"{table}[{n}].id", f"« {name} » est dit deux fois", f"'{name}' is said twice", "choisir un autre nom", "choose another name")
    listed: list[tuple[str, list[str]]] = [(f"lists[{n}].words", [w.id for w in x.words]) for n, x in enumerate(method.lists)]
    listed += [(f"sets[{n}].leaves", [*map(str, x.leaves)]) for n, x in enumerate(method.sets)]
    for n, leaf in enumerate(method.leaves):
        listed += [(f"leaves[{n}].decisions", [*leaf.decisions]), (f"leaves[{n}].agenda", [p.id for p in leaf.agenda])]
    for path, own in listed:
        for word, times in Counter(own).items():
            if times > 1:
                yield fault(path, f"« {word} » est dit deux fois", f"'{word}' is said twice", "ôter l'un des deux", "remove one of the two")


def _reserved(method: Method) -> Iterator[Fault]:
    """Words that the file of a dossier reads as something else."""
    for n, kind in enumerate(method.kinds):
        if kind.id in _TABLES:
            yield _taken(f"kinds[{n}].id", str(kind.id))
        yield from (_taken(f"kinds[{n}].{f.name}", f.name) for f in kind.attributes if f.name in (*_ENVELOPE, "id", "label", kind.inside))
    yield from (_taken(f"facets[{n}].id", str(facet.id)) for n, facet in enumerate(method.facets) if facet.id in _ENVELOPE)


def _head(method: Method) -> Iterator[Fault]:
    """The name of the method, and what its head names."""
    if not PLAIN_ID.fullmatch(method.name):
        yield fault("method.name", f"« {method.name} » : lettres, chiffres, tirets seulement", f"'{method.name}': letters, digits and dashes only",
                    "raccourcir le nom, le reste dans title", "shorten the name, the rest in title")  # fmt: skip
    lists = [str(x.id) for x in method.lists]
    heads = (("verdict_per", method.verdict_per, [str(k.id) for k in method.kinds]), ("colleges", method.colleges, lists), ("roles", method.roles, lists),
             ("default_profile", method.default_profile, [p.id for p in method.profiles]), ("default_regime", method.default_regime, [r.id for r in method.regimes]))  # fmt: skip
    for key, value, known in heads:
        if value and value not in known:
            yield unknown(f"method.{key}", ("nom", "name"), str(value), known)


def _taken(path: str, name: str) -> Fault:
    """A word that the file of a dossier reads as something else."""
    return fault(path, f"« {name} » a déjà un sens dans le fichier d'un dossier", f"'{name}' has a meaning of its own in the file of a dossier", "choisir un autre nom", "choose another name")


def elements(method: Method) -> Iterator[Fault]:
    """What is said with the words: origins, quotes, roles, addresses, kinds and types; and of which lines of the source each element is."""
    for read in (_origins, _bearers, _of_leaves, _of_facets, _of_documents, _of_numbers, _shared_addresses, _types, _references, _asked, _circles, _addresses, _sources):
        yield from read(method)


def _origins(method: Method) -> Iterator[Fault]:
    """Where each element of the method stands in its text, with what it quotes."""
    for name, group in (("kinds", method.kinds), ("leaves", method.leaves), ("facets", method.facets), ("deliverables", method.deliverables),
                        ("phases", method.phases), ("requirements", method.requirements), ("regimes", method.regimes), ("profiles", method.profiles), ("sets", method.sets)):  # fmt: skip
        for n, element in enumerate(cast(tuple[_Sourced, ...], group)):
            yield from _origin(f"{name}[{n}]", element.origin, element.quote)
    for n, words in enumerate(method.lists):
        if not words.words:
            yield fault(f"lists[{n}].words", "une liste sans mot", "a list without words", "y mettre un mot, ou ôter la liste", "put a word in it, or remove the list")
        yield from _origin(f"lists[{n}]", words.origin, words.quote)
        for m, word in enumerate(words.words):
            yield from _origin(f"lists[{n}].words[{m}]", word.origin, word.quote)


def _bearers(method: Method) -> Iterator[Fault]:
    """Who does, says, writes and invites: each a role of the method."""
    listed = method.list_(method.roles)
    roles = {w.id for w in listed.words} if listed else set()
    borne = [(f"leaves[{n}].role", x.role) for n, x in enumerate(method.leaves)]
    borne += [(f"facets[{n}].role", f.role) for n, f in enumerate(method.facets)]
    borne += [(f"deliverables[{n}].role", d.role) for n, d in enumerate(method.deliverables)]
    for n, leaf in enumerate(method.leaves):
        borne += [*((f"leaves[{n}].invited", r) for r in leaf.invited), (f"leaves[{n}].inviting", leaf.inviting)]
    for path, bearer in borne:
        if bearer and bearer not in roles:
            yield unknown(path, ("rôle", "role"), bearer, roles)


def _of_leaves(method: Method) -> Iterator[Fault]:
    """What the steps decide, and their agendas."""
    for n, leaf in enumerate(method.leaves):
        if leaf.sort is Sort.DECISION and not leaf.decisions:
            yield fault(f"leaves[{n}].decisions", "une décision sans valeurs", "a decision without values", 'ajouter decisions = ["go", …]', 'add decisions = ["go", …]')
        for m, point in enumerate(leaf.agenda):
            yield from _origin(f"leaves[{n}].agenda[{m}]", point.origin, point.quote)


def _of_facets(method: Method) -> Iterator[Fault]:
    """The seats that answers name, and the field in which they say which document they are."""
    for n, facet in enumerate(method.facets):
        yield from _seats(method, f"facets[{n}]", facet)
        texts = [f.name for f in facet.fields if f.type == "text"]
        if facet.documents is not None and facet.documents not in texts:
            yield unknown(f"facets[{n}].documents", ("champ de texte", "text field"), facet.documents, texts)
        if facet.days_of is not None and not method.words.leaves_of(facet.days_of):
            yield unknown(f"facets[{n}].days_of", ("étape", "step"), facet.days_of, [*map(str, method.words.leaves), *method.words.sets])
        if facet.days_of is not None and (facet.type != "date" or facet.fields):
            yield fault(f"facets[{n}].type", "une réponse qui annonce des jours est une date", "an answer that announces days is a date", 'écrire type = "date"', 'write type = "date"')


def _of_documents(method: Method) -> Iterator[Fault]:
    """The answers that documents hold."""
    for n, paper in enumerate(method.deliverables):
        for item in paper.items:
            if item not in method.words.facets:
                yield unknown(f"deliverables[{n}].items", ("réponse", "answer"), str(item), method.words.facets)


def _of_numbers(method: Method) -> Iterator[Fault]:
    """Where the numbers of regimes and profiles come from."""
    for name, values in (("regimes", [r.values for r in method.regimes]), ("profiles", [p.values for p in method.profiles])):
        for n, numbers in enumerate(values):
            yield from _sourced_numbers(f"{name}[{n}]", numbers)


def _shared_addresses(method: Method) -> Iterator[Fault]:
    """Each step and each document has an address of its own, whatever the instance in it."""
    found = _addressed(method)
    shapes = Counter(_shape(address) for _, address in found)
    for path, address in found:
        if shapes[_shape(address)] > 1:
            yield fault(path, f"adresse « {address} » partagée", f"address '{address}' is shared", "en choisir une autre", "choose another")


def _shape(address: str) -> str:
    return re.sub(r"\{\w+\}", "{}", address)


def _types(method: Method) -> Iterator[Fault]:
    """Of what type the fields of instances and answers are: a plain one, a kind or a list."""
    known = {str(k.id) for k in method.kinds} | {str(x.id) for x in method.lists} | set(_PLAIN)
    for n, kind in enumerate(method.kinds):
        yield from _field_types(f"kinds[{n}]", kind.attributes, known)
    for n, facet in enumerate(method.facets):
        yield from _field_types(f"facets[{n}]", facet.fields, known)


def _references(method: Method) -> Iterator[Fault]:
    """What elements say of each other: their kinds, lists, steps and hours."""
    kinds, lists, leaves = [str(k.id) for k in method.kinds], [str(x.id) for x in method.lists], [str(x.id) for x in method.leaves]
    hours = sorted({name for p in method.profiles if isinstance(found := p.values.get("hours"), Record) for name in found.names})
    named: list[tuple[str, tuple[str, str], str, list[str]]] = [(f"kinds[{n}].inside", ("sorte", "kind"), k.inside, kinds) for n, k in enumerate(method.kinds) if k.inside]
    named += [(f"facets[{n}].scope", ("sorte ou liste", "kind or list"), f.scope, [*kinds, *lists]) for n, f in enumerate(method.facets) if f.scope]
    named += [(f"facets[{n}].type", ("type", "type"), f.type, [*kinds, *lists, *_PLAIN]) for n, f in enumerate(method.facets) if not f.fields]
    named += [(f"deliverables[{n}].of", ("étape", "step"), x, leaves) for n, d in enumerate(method.deliverables) for x in d.of]
    named += [(f"deliverables[{n}].address", ("sorte", "kind"), k, kinds) for n, d in enumerate(method.deliverables) for k in d.scope]
    named += [(f"leaves[{n}].best_before", ("étape ou document", "step or document"), x, [*leaves, *(str(d.id) for d in method.deliverables)]) for n, leaf in enumerate(method.leaves) for x in leaf.best_before]
    named += [(f"leaves[{n}].address", ("sorte", "kind"), k, kinds) for n, x in enumerate(method.leaves) for k in x.scope]
    named += [(f"leaves[{n}].hours", ("heure", "hour"), x.hours, hours) for n, x in enumerate(method.leaves) if x.hours]
    yield from (unknown(path, what, name, known) for path, what, name, known in named if name not in known)


def _asked(method: Method) -> Iterator[Fault]:
    """The answers that words of a list ask for: those that the cadre asks, and those that a row reads off them."""
    facets = [str(f.id) for f in method.facets]
    named = {(of.word, of.field) for r in method.requirements if r.param("of") is not None and (of := r.selector("of")).field}
    for n, listed in enumerate(method.lists):
        for m, word in enumerate(listed.words):
            for key, value in word.attributes:
                asked = [str(v) for v in each_of(value)] if key == "facets" or (listed.id, key) in named else []
                yield from (unknown(f"lists[{n}].words[{m}].{key}", ("réponse", "answer"), name, facets) for name in asked if name not in facets)


def _circles(method: Method) -> Iterator[Fault]:
    """Kinds that would lie inside themselves, in one step or several."""
    around = {k.id: k.inside for k in method.kinds}
    for n, kind in enumerate(method.kinds):
        outer, seen = kind.inside, set[KindId]()
        while outer is not None and outer not in seen:
            seen.add(outer)
            outer = around.get(outer)
        if kind.id in seen:
            yield fault(f"kinds[{n}].inside", f"« {kind.id} » serait à l'intérieur d'elle-même", f"'{kind.id}' would lie inside itself", "ôter inside", "remove inside")


def _addresses(method: Method) -> Iterator[Fault]:
    """How addresses are written: none that is the dossier's own."""
    for path, address in _addressed(method):
        if address in _WHOLE or not _ADDRESS.fullmatch(address):
            yield fault(path, f"« {address} » n'est pas l'adresse d'une étape", f"'{address}' is no address of a step",
                        "écrire mot/mot, sans blanc ni #", "write word/word, without blanks or #")  # fmt: skip


def _addressed(method: Method) -> list[tuple[str, str]]:
    """The addresses of steps and documents, each with its path in the file."""
    return [(f"leaves[{n}].address", x.address) for n, x in enumerate(method.leaves)] + [(f"deliverables[{n}].address", d.address) for n, d in enumerate(method.deliverables)]


_WORD = re.compile(r"[\w-]+")
"""What the method's words are written with: a point would part a word from its field."""
_ADDRESS = re.compile(r"[^\s#/]+(?:/[^\s#/]+)*")
_WHOLE = ("dossier", "plan", "calendar")
"""Addresses of the dossier itself, of what is adopted and of what is published."""


def _seats(method: Method, path: str, facet: Facet) -> Iterator[Fault]:
    """A seat has an id and a college, and its facet says at which step or steps people sit."""
    if facet.seats is None:
        return
    if not method.words.leaves_of(facet.seats):
        yield unknown(f"{path}.seats", ("étape", "step"), facet.seats, [*(str(x.id) for x in method.leaves), *(x.id for x in method.sets)])
    if not facet.many or not {"id", "college"} <= {f.name for f in facet.fields}:
        yield fault(f"{path}.fields", "un siège veut un identifiant et un collège", "a seat needs an id and a college",
                    'écrire many = true et fields = { id = "text?", college = "…" }', 'write many = true and fields = { id = "text?", college = "…" }')  # fmt: skip


def _sourced_numbers(path: str, values: Record) -> Iterator[Fault]:
    """Where numbers say their sources: each is a number that is there, and its source reads as an origin does."""
    sources = values.get("sources")
    for key, origin in sources if isinstance(sources, Record) else ():
        if values.get(key) is None:
            yield unknown(f"{path}.sources", ("nombre", "number"), key, [k for k, _ in values if k != "sources"])
        yield from _origin(f"{path}.sources.{key}", str(origin), "")


def _field_types(path: str, fields: tuple[Field, ...], known: set[str]) -> Iterator[Fault]:
    for field in fields:
        if field.type not in known:
            yield unknown(f"{path}.{field.name}", ("type", "type"), field.type, known)


def _origin(path: str, origin: str, quote: str) -> Iterator[Fault]:
    if not _ORIGIN.fullmatch(origin):
        yield fault(f"{path}.origin", f"origine « {origin} » illisible", f"unreadable origin '{origin}'",
                    "écrire seed:…, practice:… ou default", "write seed:…, practice:… or default")  # fmt: skip
    if len(quote.split()) > 20:
        yield fault(f"{path}.quote", f"citation de {len(quote.split())} mots", f"a quote of {len(quote.split())} words", "vingt mots au plus", "twenty words at most")


def _sources(method: Method) -> Iterator[Fault]:
    """Each line of the source names what carries it, or says why nothing does; an origin that is declared could be one."""
    for n, origin in enumerate(method.origins):
        yield from _origin(f"origins[{n}]", origin.id, "")
    known = method.elements()
    for n, line in enumerate(method.source_lines):
        path = f"source.lines[{n}]"
        for name in line.carried:
            if name not in known:
                yield unknown(f"{path}.carried", ("élément", "element"), name, known)
        if bool(line.carried) is bool(line.exempt):
            yield fault(path, f"« {line.quote} » : portée par des éléments, ou exemptée, l'un des deux", f"'{line.quote}': carried by elements, or exempt, one of the two",
                        'écrire carried = ["…"] ou exempt = "pourquoi"', 'write carried = ["…"] or exempt = "why"')  # fmt: skip
        if len(line.quote.split()) > 20:
            yield fault(f"{path}.quote", f"citation de {len(line.quote.split())} mots", f"a quote of {len(line.quote.split())} words", "vingt mots au plus", "twenty words at most")
