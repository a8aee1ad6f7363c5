"""
Whether the words of a method fit each other; where they do, `verification` proves the whole.

Every fault at once, with its path in the file and the nearest known name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol, cast

from .doorstep import PLAIN_ID
from .errors import Fault
from .method import Facet, Field, Leaf, Method
from .requirements import CONDITIONS, PARAMS, Duration, Form, Is, Requirement, Takes
from .toml_file import near, nearest
from .tree import Node, Op
from .values import Record, Value, each_of
from .verification import verify
from .words import Code, DeliverableId, FacetId, KindId, LeafId, Severity, Sort, Step, Text

_ORIGIN = re.compile(r"default|seed:\w+|practice:[\w-]+|source:[\w-]+")
_MOVES = {
    "run": ("suspend", "resume", "abandon", "close"),
    "deliverable": ("deliver", "submit", "return", "approve", "revoke"),
    "copil": ("convene", "hold", "move", "cancel", "decide"),
}
_TABLES = ("dossier", "answers", "facts")
_ENVELOPE = ("on", "by", "key", "recorded")
"""What a dossier file says of any fact, and its own tables: no word of a method can stand there."""
_PAPER_STATES = ("draft", "submitted", "approved")
CLOSED = ("weekend", "holiday", "august", "closures")
_SITTING_FIELDS = ("attendance", "seats", "persons", "chair", "agenda", "convened", "planned", "decided", "decision", "sittings", "reserves")
_KEPT = {Is.INTACT: ("artefacts", "journal", "publication", "stamps", "entries", "version"), Is.IN_PROCESS: ("plan",), Is.BY: ("invite",)}
_UNITS = ("words", "percent")
_PLAIN = ("text", "int", "bool", "date", "duration")


class _Sourced(Protocol):
    """Whatever says where it comes from."""

    origin: str
    quote: str


def problems(method: Method) -> tuple[Fault, ...]:
    """Every fault of a method as a value; () when sound. What closes the way is looked for once the words fit."""
    return misnamed(method) or unsound(method)


def misnamed(method: Method) -> tuple[Fault, ...]:
    """Words said twice, names that nothing bears, elements without origin, references of another kind."""
    return (*_words(method), *_tree(method), *_rows(method), *_elements(method), *_borne(method), *_sources(method))


def unsound(method: Method) -> tuple[Fault, ...]:
    """The errors of the proof (`verification.verify`), as faults of the file."""
    return tuple(Fault(f.path, f.what, f.mend, f.line) for f in verify(method) if f.severity is Severity.ERROR)


def _fault(path: str, fr: str, en: str, mend_fr: str, mend_en: str) -> Fault:
    return Fault(path, Text(fr, en), Text(mend_fr, mend_en))


def _unknown(path: str, what: tuple[str, str], name: str, known: Iterable[str]) -> Fault:
    options = sorted({str(k) for k in known})
    like = near(name, options)
    shown = like or ", ".join(nearest(name, options)) or "…"
    return _fault(path, f"{what[0]} : « {name} » n'est pas un nom connu", f"unknown {what[1]} '{name}'", f"écrire {shown}", f"write {shown}")


# -- words --------------------------------------------------------------------------------------------


def _words(method: Method) -> Iterator[Fault]:
    tables: dict[str, list[str]] = {
        "kinds": [str(x.id) for x in method.kinds], "leaves": [str(x.id) for x in method.leaves], "facets": [str(x.id) for x in method.facets],
        "deliverables": [str(x.id) for x in method.deliverables], "lists": [str(x.id) for x in method.lists], "sets": [x.id for x in method.sets],
        "origins": [x.id for x in method.origins],
    }  # fmt: skip
    counted = Counter(n for names in tables.values() for n in names)
    for table, names in tables.items():
        for n, name in enumerate(names):
            if table != "origins" and not _WORD.fullmatch(name):
                yield _fault(f"{table}[{n}].id", f"« {name} » : lettres, chiffres, tirets seulement", f"'{name}': letters, digits and dashes only",
                             "raccourcir le mot, le reste dans label", "shorten the word, the rest in label")  # fmt: skip
            if counted[name] > 1:
                yield _fault(f"{table}[{n}].id", f"« {name} » est dit deux fois", f"'{name}' is said twice", "choisir un autre nom", "choose another name")
    for n, kind in enumerate(method.kinds):
        if kind.id in _TABLES:
            yield _taken(f"kinds[{n}].id", str(kind.id))
        yield from (_taken(f"kinds[{n}].{f.name}", f.name) for f in kind.attributes if f.name in (*_ENVELOPE, "id", "label", kind.inside))
    yield from (_taken(f"facets[{n}].id", str(facet.id)) for n, facet in enumerate(method.facets) if facet.id in _ENVELOPE)
    for table, own in (("phases", [p.id for p in method.phases]), ("regimes", [r.id for r in method.regimes]), ("profiles", [p.id for p in method.profiles])):
        for n, name in enumerate(own):
            if name in own[:n]:
                yield _fault(f"{table}[{n}].id", f"« {name} » est dit deux fois", f"'{name}' is said twice", "choisir un autre nom", "choose another name")
    listed = [(f"lists[{n}].words", [w.id for w in x.words]) for n, x in enumerate(method.lists)] + [(f"sets[{n}].leaves", [*map(str, x.leaves)]) for n, x in enumerate(method.sets)]
    for path, words in listed:
        for word, times in Counter(words).items():
            if times > 1:
                yield _fault(path, f"« {word} » est dit deux fois", f"'{word}' is said twice", "ôter l'un des deux", "remove one of the two")
    if not PLAIN_ID.fullmatch(method.name):
        yield _fault("method.name", f"« {method.name} » : lettres, chiffres, tirets seulement", f"'{method.name}': letters, digits and dashes only",
                     "raccourcir le nom, le reste dans title", "shorten the name, the rest in title")  # fmt: skip
    heads = (("verdict_per", method.verdict_per, tables["kinds"]), ("colleges", method.colleges, tables["lists"]), ("roles", method.roles, tables["lists"]),
             ("default_profile", method.default_profile, [p.id for p in method.profiles]), ("default_regime", method.default_regime, [r.id for r in method.regimes]))  # fmt: skip
    for key, value, known in heads:
        if value and value not in known:
            yield _unknown(f"method.{key}", ("nom", "name"), str(value), known)


def _taken(path: str, name: str) -> Fault:
    """A word that the file of a dossier reads as something else."""
    return _fault(path, f"« {name} » a déjà un sens dans le fichier d'un dossier", f"'{name}' has a meaning of its own in the file of a dossier", "choisir un autre nom", "choose another name")


def _elements(method: Method) -> Iterator[Fault]:
    """Origins, quotes, roles, addresses and field types of what the method names."""
    for name, group in (("kinds", method.kinds), ("leaves", method.leaves), ("facets", method.facets), ("deliverables", method.deliverables),
                        ("phases", method.phases), ("requirements", method.requirements), ("regimes", method.regimes), ("profiles", method.profiles)):  # fmt: skip
        for n, element in enumerate(cast(tuple[_Sourced, ...], group)):
            yield from _origin(f"{name}[{n}]", element.origin, element.quote)
    for n, leaf_set in enumerate(method.sets):
        yield from _origin(f"sets[{n}]", leaf_set.origin, leaf_set.quote)
    for n, words in enumerate(method.lists):
        if not words.words:
            yield _fault(f"lists[{n}].words", "une liste sans mot", "a list without words", "y mettre un mot, ou ôter la liste", "put a word in it, or remove the list")
        yield from _origin(f"lists[{n}]", words.origin, words.quote)
        for m, word in enumerate(words.words):
            yield from _origin(f"lists[{n}].words[{m}]", word.origin, word.quote)
    listed = method.list_(method.roles)
    roles = {w.id for w in listed.words} if listed else set()
    borne = [(f"leaves[{n}]", x.role) for n, x in enumerate(method.leaves)]
    borne += [(f"facets[{n}]", f.role) for n, f in enumerate(method.facets)]
    borne += [(f"deliverables[{n}]", d.role) for n, d in enumerate(method.deliverables)]
    for path, bearer in borne:
        if bearer and bearer not in roles:
            yield _unknown(f"{path}.role", ("rôle", "role"), bearer, roles)
    for n, leaf in enumerate(method.leaves):
        for key, role in (*(("invited", r) for r in leaf.invited), *([("inviting", leaf.inviting)] if leaf.inviting else [])):
            if role not in roles:
                yield _unknown(f"leaves[{n}].{key}", ("rôle", "role"), role, roles)
        if leaf.sort is Sort.DECISION and not leaf.decisions:
            yield _fault(f"leaves[{n}].decisions", "une décision sans valeurs", "a decision without values", 'ajouter decisions = ["go", …]', 'add decisions = ["go", …]')
        for m, point in enumerate(leaf.agenda):
            yield from _origin(f"leaves[{n}].agenda[{m}]", point.origin, point.quote)
    for n, facet in enumerate(method.facets):
        yield from _seats(method, f"facets[{n}]", facet)
        texts = [f.name for f in facet.fields if f.type == "text"]
        if facet.documents is not None and facet.documents not in texts:
            yield _unknown(f"facets[{n}].documents", ("champ de texte", "text field"), facet.documents, texts)
    for n, paper in enumerate(method.deliverables):
        for item in paper.items:
            if item not in method.words.facets:
                yield _unknown(f"deliverables[{n}].items", ("réponse", "answer"), str(item), method.words.facets)
    for name, values in (("regimes", [r.values for r in method.regimes]), ("profiles", [p.values for p in method.profiles])):
        for n, numbers in enumerate(values):
            yield from _sourced_numbers(f"{name}[{n}]", numbers)
    shapes = Counter(re.sub(r"\{\w+\}", "{}", a) for a in [*(x.address for x in method.leaves), *(d.address for d in method.deliverables)])
    for name, addresses in (("leaves", [x.address for x in method.leaves]), ("deliverables", [d.address for d in method.deliverables])):
        for n, address in enumerate(addresses):
            if shapes[re.sub(r"\{\w+\}", "{}", address)] > 1:
                yield _fault(f"{name}[{n}].address", f"adresse « {address} » partagée", f"address '{address}' is shared", "en choisir une autre", "choose another")
    known = {str(k.id) for k in method.kinds} | {str(x.id) for x in method.lists} | set(_PLAIN)
    for name, holders in (("kinds", [(k.attributes, n) for n, k in enumerate(method.kinds)]), ("facets", [(f.fields, n) for n, f in enumerate(method.facets)])):
        for fields, n in holders:
            yield from _field_types(f"{name}[{n}]", fields, known)


def _borne(method: Method) -> Iterator[Fault]:
    """What elements say of each other: their kinds, lists, leaves and hours; addresses, and words within one leaf."""
    kinds, lists, leaves = [str(k.id) for k in method.kinds], [str(x.id) for x in method.lists], [str(x.id) for x in method.leaves]
    hours = sorted({name for p in method.profiles if isinstance(found := p.values.get("hours"), Record) for name in found.names})
    named: list[tuple[str, tuple[str, str], str, list[str]]] = [(f"kinds[{n}].inside", ("sorte", "kind"), k.inside, kinds) for n, k in enumerate(method.kinds) if k.inside]
    named += [(f"facets[{n}].scope", ("sorte ou liste", "kind or list"), f.scope, [*kinds, *lists]) for n, f in enumerate(method.facets) if f.scope]
    named += [(f"facets[{n}].type", ("type", "type"), f.type, [*kinds, *lists, *_PLAIN]) for n, f in enumerate(method.facets) if not f.fields]
    named += [(f"deliverables[{n}].of", ("étape", "step"), x, leaves) for n, d in enumerate(method.deliverables) for x in d.of]
    named += [(f"deliverables[{n}].address", ("sorte", "kind"), k, kinds) for n, d in enumerate(method.deliverables) for k in d.scope]
    named += [(f"leaves[{n}].address", ("sorte", "kind"), k, kinds) for n, x in enumerate(method.leaves) for k in x.scope]
    named += [(f"leaves[{n}].hours", ("heure", "hour"), x.hours, hours) for n, x in enumerate(method.leaves) if x.hours]
    yield from (_unknown(path, what, name, known) for path, what, name, known in named if name not in known)
    around = {k.id: k.inside for k in method.kinds}
    for n, kind in enumerate(method.kinds):
        outer, seen = kind.inside, set[KindId]()
        while outer is not None and outer not in seen:
            seen.add(outer)
            outer = around.get(outer)
        if kind.id in seen:
            yield _fault(f"kinds[{n}].inside", f"« {kind.id} » serait à l'intérieur d'elle-même", f"'{kind.id}' would lie inside itself", "ôter inside", "remove inside")
    for table, addresses in (("leaves", [x.address for x in method.leaves]), ("deliverables", [d.address for d in method.deliverables])):
        for n, address in enumerate(addresses):
            if address in _WHOLE or not _ADDRESS.fullmatch(address):
                yield _fault(f"{table}[{n}].address", f"« {address} » n'est pas l'adresse d'une étape", f"'{address}' is no address of a step",
                             "écrire mot/mot, sans blanc ni #", "write word/word, without blanks or #")  # fmt: skip
    for n, leaf in enumerate(method.leaves):
        for key, words in (("decisions", leaf.decisions), ("agenda", tuple(p.id for p in leaf.agenda))):
            for word, times in Counter(words).items():
                if times > 1:
                    yield _fault(f"leaves[{n}].{key}", f"« {word} » est dit deux fois", f"'{word}' is said twice", "ôter l'un des deux", "remove one of the two")


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
        yield _unknown(f"{path}.seats", ("étape", "step"), facet.seats, [*(str(x.id) for x in method.leaves), *(x.id for x in method.sets)])
    if not facet.many or not {"id", "college"} <= {f.name for f in facet.fields}:
        yield _fault(f"{path}.fields", "un siège veut un identifiant et un collège", "a seat needs an id and a college",
                     'écrire many = true et fields = { id = "text?", college = "…" }', 'write many = true and fields = { id = "text?", college = "…" }')  # fmt: skip


def _sourced_numbers(path: str, values: Record) -> Iterator[Fault]:
    """Where numbers say their sources: each is a number that is there, and its source reads as an origin does."""
    sources = values.get("sources")
    for key, origin in sources if isinstance(sources, Record) else ():
        if values.get(key) is None:
            yield _unknown(f"{path}.sources", ("nombre", "number"), key, [k for k, _ in values if k != "sources"])
        yield from _origin(f"{path}.sources.{key}", str(origin), "")


def _field_types(path: str, fields: tuple[Field, ...], known: set[str]) -> Iterator[Fault]:
    for field in fields:
        if field.type not in known:
            yield _unknown(f"{path}.{field.name}", ("type", "type"), field.type, known)


def _origin(path: str, origin: str, quote: str) -> Iterator[Fault]:
    if not _ORIGIN.fullmatch(origin):
        yield _fault(f"{path}.origin", f"origine « {origin} » illisible", f"unreadable origin '{origin}'",
                     "écrire seed:…, practice:… ou default", "write seed:…, practice:… or default")  # fmt: skip
    if len(quote.split()) > 20:
        yield _fault(f"{path}.quote", f"citation de {len(quote.split())} mots", f"a quote of {len(quote.split())} words", "vingt mots au plus", "twenty words at most")


def _sources(method: Method) -> Iterator[Fault]:
    """Each line of the source names what carries it, or says why nothing does; an origin that is declared could be one."""
    for n, origin in enumerate(method.origins):
        yield from _origin(f"origins[{n}]", origin.id, "")
    known = method.elements()
    for n, line in enumerate(method.source_lines):
        path = f"source.lines[{n}]"
        for name in line.carried:
            if name not in known:
                yield _unknown(f"{path}.carried", ("élément", "element"), name, known)
        if bool(line.carried) is bool(line.exempt):
            yield _fault(path, f"« {line.quote} » : portée par des éléments, ou exemptée, l'un des deux", f"'{line.quote}': carried by elements, or exempt, one of the two",
                         'écrire carried = ["…"] ou exempt = "pourquoi"', 'write carried = ["…"] or exempt = "why"')  # fmt: skip
        if len(line.quote.split()) > 20:
            yield _fault(f"{path}.quote", f"citation de {len(line.quote.split())} mots", f"a quote of {len(line.quote.split())} words", "vingt mots au plus", "twenty words at most")


# -- tree ---------------------------------------------------------------------------------------------


def _tree(method: Method) -> Iterator[Fault]:
    leaves = {x.id: (n, x) for n, x in enumerate(method.leaves)}
    seen: Counter[LeafId] = Counter()
    for node in method.tree.root.walk():
        if node.op is Op.EACH and node.kind not in {k.id for k in method.kinds}:
            yield _unknown(f"tree.{node.name}", ("sorte", "kind"), str(node.kind), [k.id for k in method.kinds])
        if node.op is Op.LEAF:
            seen[node.leaf] += 1
            yield from _leaf_in_tree(node, leaves)
    for leaf in method.tree.free:
        seen[leaf] += 1
        if leaf not in leaves:
            yield _unknown("tree.free", ("étape", "step"), str(leaf), leaves)
    for leaf, times in seen.items():
        if times > 1 and leaf in leaves:
            yield _fault("tree", f"l'étape « {leaf} » vient {times} fois", f"step '{leaf}' comes {times} times", "lui donner un autre nom", "give it another name")
    for id, (n, _) in leaves.items():
        if id not in seen:
            yield _fault(f"leaves[{n}].id", f"l'étape « {id} » n'est pas dans l'arbre", f"step '{id}' is not in the tree", "la placer ou l'ôter", "place it or remove it")
    named = {p.id for p in method.phases}
    for phase in method.tree.phases:
        if phase.name not in named:
            yield _fault(f"tree.{phase.name}", "phase sans nom lisible", "a phase without a label", "ajouter [[phases]]", "add [[phases]]")
    for n, s in enumerate(method.sets):
        for member in s.leaves:
            if member not in leaves:
                yield _unknown(f"sets[{n}].leaves", ("étape", "step"), str(member), leaves)


def _leaf_in_tree(node: Node, leaves: dict[LeafId, tuple[int, Leaf]]) -> Iterator[Fault]:
    if node.leaf not in leaves:
        yield _unknown("tree", ("étape ou bloc", "step or block"), node.name, leaves)
    elif leaves[node.leaf][1].scope != node.scope:
        n, leaf = leaves[node.leaf]
        want = "/".join("{" + k + "}" for k in node.scope) or "—"
        yield _fault(f"leaves[{n}].address", f"« {leaf.address} » : l'arbre demande {want}", f"'{leaf.address}': the tree wants {want}",
                     "nommer ces sortes dans l'adresse", "name these kinds in the address")  # fmt: skip


# -- requirements -------------------------------------------------------------------------------------


def _rows(method: Method) -> Iterator[Fault]:
    for n, row in enumerate(method.requirements):
        path = f"requirements[{n}]"
        yield from _due(method, row, path)
        known_each = {*map(str, method.words.kinds), *map(str, method.words.lists), *map(str, method.words.leaves), *method.words.sets}
        if row.each and row.each not in known_each:
            yield _unknown(f"{path}.each", ("sujet", "subject"), row.each, known_each)
        codes = {str(r.code) for r in method.requirements}
        if row.when and row.when not in codes:
            yield _unknown(f"{path}.when", ("exigence", "requirement"), row.when, codes)
        elif row.when and (kind := method.words.row_of[Code(row.when)].is_) not in CONDITIONS:
            known = ", ".join(sorted(CONDITIONS))
            yield _fault(f"{path}.when", f"attendu : une exigence qui est tenue ou non un jour donné ; trouvé : {row.when}, de sorte {kind}",
                         f"expected a requirement that holds or not on a day, found {row.when}, of kind {kind}", f"en nommer une de sorte {known}", f"name one of kind {known}")
        for param in PARAMS[row.is_]:
            value = row.param(param.name)
            if value is not None:
                yield from _param(method, row, f"{path}.{param.name}", param.takes, value)
        if row.is_ is Is.SETTLED and (row.param("paper") is None) is not (row.param("state") is None):
            yield _fault(path, "un document, et l'état où il doit être", "a document, and the state in which it is to be", "donner paper et state", "give paper and state")
        if row.is_ is Is.WINDOW and (row.param("before") is None) is not (row.param("within") is None):
            yield _fault(path, "des jours à éviter, et combien de temps avant eux", "days to keep clear of, and how long before them", "donner before et within", "give before and within")
        if row.is_ is Is.SHARE and (row.param("in") is None) is (row.param("among") is None):
            yield _fault(path, "une part se compte dans une période ou parmi d'autres", "a share is of a period or among others", "donner in ou among, l'un des deux", "give in or among, one of them")
        if row.is_ is Is.GAP and not (row.each and method.words.leaves_of(row.each)) and (told := _of_a_sitting(method, row)):
            name = row.selector("a").word  # a notice, a planned day, a document: of which meeting, `each` says
            yield _fault(f"{path}.each", f"« {told} » se lit à chaque réunion", f"'{told}' is read at each meeting", f'écrire each = "{name}"', f'write each = "{name}"')


def _of_a_sitting(method: Method, row: Requirement) -> str | None:
    """What a distance reads of one sitting: its notice, plan or decision, or the document of it."""
    a, b = row.selector("a"), row.selector("b")
    return f"{a.word}.{a.field}" if a.field else b.word if DeliverableId(b.word) in method.words.deliverables else None


def _due(method: Method, row: Requirement, path: str) -> Iterator[Fault]:
    form, name = row.due.form, row.due.name
    if form in (Form.LEAF, Form.AFTER) and not method.words.leaves_of(name):
        options = [*method.words.leaves, *method.words.sets, *(p.name for p in method.tree.phases), "always"]
        yield _unknown(f"{path}.due", ("échéance", "due"), name, [str(o) for o in options])
    if form is Form.CHART:
        chart, _, move = name.partition(".")
        if move not in _MOVES.get(chart, ()):
            yield _unknown(f"{path}.due", ("mouvement", "move"), name, [f"{c}.{m}" for c, moves in _MOVES.items() for m in moves])


def _leaves(method: Method, word: str) -> list[Leaf]:
    """The leaves that a word stands for; a set may name some that there are not, which is a fault of its own."""
    return [leaf for x in method.words.leaves_of(word) if (leaf := method.words.leaves.get(x)) is not None]


def _param(method: Method, row: Requirement, path: str, takes: Takes, value: Value) -> Iterator[Fault]:
    if takes is Takes.WHERE:
        filtered = "all" if path.endswith(".among") else "of"
        known = [f.name for f in words_of.fields] if (words_of := method.words.facets.get(FacetId(str(row.param(filtered)).partition(".")[0]))) else []
        yield from (_unknown(f"{path}.{k}", ("champ", "field"), k, known) for k, _ in (value if isinstance(value, Record) else ()) if k not in known)
    elif isinstance(value, Record):
        if value.get("facet") is not None and takes not in (Takes.DURATION, Takes.DAYS):
            yield _fault(path, "seuls une durée et des jours se lisent dans une réponse", "only a length and days can be read off an answer", "écrire { profile = … }", "write { profile = … }")
        yield from _reference(method, path, value)
    elif takes is Takes.SELECTOR:
        yield from _selector(method, row, path, str(value))
    elif takes is Takes.LEAF:
        if not method.words.leaves_of(str(value)):
            yield _unknown(path, ("étape", "step"), str(value), [*method.words.leaves, *method.words.sets])
    elif takes is Takes.DELIVERABLE:
        if value not in method.words.deliverables:
            yield _unknown(path, ("livrable", "deliverable"), str(value), method.words.deliverables)
    elif takes is Takes.TEXT and value not in _KEPT[row.is_]:
        yield _unknown(path, ("chose tenue", "thing kept"), str(value), _KEPT[row.is_])
    elif takes is Takes.STEP and value not in list(Step):
        yield _unknown(path, ("écart", "deviation"), str(value), Step)
    elif takes is Takes.STATE and value not in _PAPER_STATES:
        yield _unknown(path, ("état", "state"), str(value), _PAPER_STATES)
    elif takes is Takes.DURATION:
        try:
            Duration.parse(str(value))
        except ValueError:
            yield _fault(path, f"« {value} » n'est pas une durée", f"'{value}' is no duration", "écrire 7d, 2w, 3m ou 1y", "write 7d, 2w, 3m or 1y")
    elif takes is Takes.BAND and not (isinstance(value, tuple) and len(value) == 2 and all(type(v) is int for v in value)):
        yield _fault(path, "une bande a deux bornes", "a band has two bounds", "écrire [8, 12]", "write [8, 12]")
    elif takes is Takes.NUMBER and type(value) is not int:
        yield _fault(path, "un entier est attendu", "a whole number is expected", "écrire 1", "write 1")
    elif takes is Takes.POINT:
        points = {p.id for leaf in _leaves(method, str(row.param("of")).partition(".")[0]) for p in leaf.agenda}
        if value not in points:
            yield _unknown(path, ("point d'ordre du jour", "point of an agenda"), str(value), points)
    elif takes is Takes.UNIT and value not in _UNITS:
        yield _unknown(path, ("unité", "unit"), str(value), _UNITS)
    elif takes in (Takes.WORDS, Takes.VALUES):
        yield from _listed(method, row, path, value)
    elif takes is Takes.FIELD:
        yield from _selector(method, row, path, f"{str(row.param('of')).partition('.')[0]}.{value}")


def _listed(method: Method, row: Requirement, path: str, value: Value) -> Iterator[Fault]:
    if isinstance(value, str):
        known = {*map(str, method.words.lists), *map(str, method.words.kinds)}
        if row.is_ is Is.COVERS and "." in value:
            yield from _selector(method, row, path, value)
        elif value not in known:
            yield _unknown(path, ("liste", "list"), value, known)
        return
    options = {w.id for words in method.lists for w in words.words} | {p.id for leaf in method.leaves for p in leaf.agenda}
    if row.is_ is Is.DECIDED:
        options = {d for leaf in _leaves(method, str(row.param("by"))) for d in leaf.decisions}
    elif row.is_ is Is.WINDOW:
        options = set(CLOSED)
    for word in each_of(value):
        if word not in options:
            yield _unknown(path, ("mot", "word"), str(word), options)


def _reference(method: Method, path: str, value: Record) -> Iterator[Fault]:
    """A number that lies in a profile, a regime or a facet: somebody must give it."""
    if key := value.get("profile"):
        known = {k for p in method.profiles for k, _ in p.values}
    elif key := value.get("regime"):
        known = {k for r in method.regimes for k, _ in r.values}
    elif key := value.get("facet"):
        known = {str(f) for f in method.words.facets}
    else:
        yield _fault(path, "référence illisible", "unreadable reference", 'écrire { profile = "…" }', 'write { profile = "…" }')
        return
    if key not in known:
        yield _unknown(path, ("clé", "key"), str(key), known)


def _selector(method: Method, row: Requirement, path: str, text: str) -> Iterator[Fault]:
    words = method.words
    word, _, field = text.partition(".")
    if row.is_ is Is.INTACT or (row.is_ is Is.DECIDED and row.due.form is Form.CHART):
        return
    if words.leaves_of(word):
        known = [*_SITTING_FIELDS]
    elif word in words.facets:
        known = [f.name for f in words.facets[FacetId(word)].fields]
    elif word in words.kinds:
        known = [f.name for f in words.kinds[KindId(word)].attributes]
    elif (listed := method.list_(word)) is not None:
        known = [k for w in listed.words for k, _ in w.attributes]
    elif DeliverableId(word) in words.deliverables:
        known = []
    else:
        yield _unknown(path, ("mot", "word"), word, words.names())
        return
    if field and field not in known:
        yield _unknown(path, ("champ", "field"), field, known)
