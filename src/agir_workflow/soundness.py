"""
Whether the words of a method fit its tree and its rows, and each other (`naming`); where they do, `verification` proves the whole.

Every fault at once, with its path in the file and the nearest known name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from . import naming
from .errors import Fault
from .method import Leaf, Method
from .naming import fault, unknown
from .requirements import CONDITIONS, PARAMS, Duration, Form, Is, Requirement, Takes
from .tree import Node, Op
from .values import Record, Value, each_of
from .verification import verify
from .words import Code, DeliverableId, FacetId, KindId, LeafId, Severity, Step

_MOVES = {
    "run": ("suspend", "resume", "abandon", "close"),
    "deliverable": ("deliver", "submit", "return", "approve", "revoke"),
    "copil": ("convene", "hold", "move", "cancel", "decide"),
}
_PAPER_STATES = ("draft", "submitted", "approved")
CLOSED = ("weekend", "holiday", "august", "closures")
_SITTING_FIELDS = ("attendance", "seats", "persons", "chair", "agenda", "convened", "planned", "decided", "decision", "sittings", "reserves")
_KEPT = {Is.INTACT: ("artefacts", "journal", "publication", "stamps", "entries", "version"), Is.IN_PROCESS: ("plan",), Is.BY: ("invite",)}
_UNITS = ("words", "percent")


def problems(method: Method) -> tuple[Fault, ...]:
    """Every fault of a method as a value; () when sound. What closes the way is looked for once the words fit."""
    return misnamed(method) or unsound(method)


def misnamed(method: Method) -> tuple[Fault, ...]:
    """Words said twice, names that nothing bears, elements without origin, references of another kind."""
    return (*naming.words(method), *_tree(method), *_rows(method), *naming.elements(method))


def unsound(method: Method) -> tuple[Fault, ...]:
    """The errors of the proof (`verification.verify`), as faults of the file."""
    return tuple(Fault(f.path, f.what, f.mend, f.line) for f in verify(method) if f.severity is Severity.ERROR)


# -- tree ---------------------------------------------------------------------------------------------


def _tree(method: Method) -> Iterator[Fault]:
    leaves = {x.id: (n, x) for n, x in enumerate(method.leaves)}
    seen: Counter[LeafId] = Counter()
    for node in method.tree.root.walk():
        if node.op is Op.EACH and node.kind not in {k.id for k in method.kinds}:
            yield unknown(f"tree.{node.name}", ("sorte", "kind"), str(node.kind), [k.id for k in method.kinds])
        if node.op is Op.LEAF:
            seen[node.leaf] += 1
            yield from _leaf_in_tree(node, leaves)
    for leaf in method.tree.free:
        seen[leaf] += 1
        if leaf not in leaves:
            yield unknown("tree.free", ("étape", "step"), str(leaf), leaves)
    for n, step in leaves.values():
        if step.best_before and step.id not in method.tree.free:
            yield fault(f"leaves[{n}].best_before", f"l'étape « {step.id} » a sa place dans l'arbre", f"step '{step.id}' has its place in the tree",
                        "ôter best_before, ou nommer l'étape dans free", "remove best_before, or name the step in free")  # fmt: skip
    for leaf, times in seen.items():
        if times > 1 and leaf in leaves:
            yield fault("tree", f"l'étape « {leaf} » vient {times} fois", f"step '{leaf}' comes {times} times", "lui donner un autre nom", "give it another name")
    for id, (n, _) in leaves.items():
        if id not in seen:
            yield fault(f"leaves[{n}].id", f"l'étape « {id} » n'est pas dans l'arbre", f"step '{id}' is not in the tree", "la placer ou l'ôter", "place it or remove it")
    named = {p.id for p in method.phases}
    for phase in method.tree.phases:
        if phase.name not in named:
            yield fault(f"tree.{phase.name}", "phase sans nom lisible", "a phase without a label", "ajouter [[phases]]", "add [[phases]]")
    for n, s in enumerate(method.sets):
        for member in s.leaves:
            if member not in leaves:
                yield unknown(f"sets[{n}].leaves", ("étape", "step"), str(member), leaves)


def _leaf_in_tree(node: Node, leaves: dict[LeafId, tuple[int, Leaf]]) -> Iterator[Fault]:
    if node.leaf not in leaves:
        yield unknown("tree", ("étape ou bloc", "step or block"), node.name, leaves)
    elif leaves[node.leaf][1].scope != node.scope:
        n, leaf = leaves[node.leaf]
        want = "/".join("{" + k + "}" for k in node.scope) or "—"
        yield fault(f"leaves[{n}].address", f"« {leaf.address} » : l'arbre demande {want}", f"'{leaf.address}': the tree wants {want}",
                    "nommer ces sortes dans l'adresse", "name these kinds in the address")  # fmt: skip


# -- requirements -------------------------------------------------------------------------------------


def _rows(method: Method) -> Iterator[Fault]:
    for n, row in enumerate(method.requirements):
        path = f"requirements[{n}]"
        yield from _due(method, row, path)
        known_each = {*map(str, method.words.kinds), *map(str, method.words.lists), *map(str, method.words.leaves), *method.words.sets}
        if row.each and row.each not in known_each:
            yield unknown(f"{path}.each", ("sujet", "subject"), row.each, known_each)
        codes = {str(r.code) for r in method.requirements}
        if row.when and row.when not in codes:
            yield unknown(f"{path}.when", ("exigence", "requirement"), row.when, codes)
        elif row.when and (kind := method.words.row_of[Code(row.when)].is_) not in CONDITIONS:
            known = ", ".join(sorted(CONDITIONS))
            yield fault(f"{path}.when", f"attendu : une exigence qui est tenue ou non un jour donné ; trouvé : {row.when}, de sorte {kind}",
                        f"expected a requirement that holds or not on a day, found {row.when}, of kind {kind}", f"en nommer une de sorte {known}", f"name one of kind {known}")
        for param in PARAMS[row.is_]:
            value = row.param(param.name)
            if value is not None:
                yield from _param(method, row, f"{path}.{param.name}", param.takes, value)
        if row.is_ is Is.SETTLED and (row.param("paper") is None) is not (row.param("state") is None):
            yield fault(path, "un document, et l'état où il doit être", "a document, and the state in which it is to be", "donner paper et state", "give paper and state")
        if row.is_ is Is.WINDOW and (row.param("before") is None) is not (row.param("within") is None):
            yield fault(path, "des jours à éviter, et combien de temps avant eux", "days to keep clear of, and how long before them", "donner before et within", "give before and within")
        if row.is_ is Is.SHARE and (row.param("in") is None) is (row.param("among") is None):
            yield fault(path, "une part se compte dans une période ou parmi d'autres", "a share is of a period or among others", "donner in ou among, l'un des deux", "give in or among, one of them")
        if row.is_ is Is.GAP and not (row.each and method.words.leaves_of(row.each)) and (told := _of_a_sitting(method, row)):
            name = row.selector("a").word  # a notice, a planned day, a document: of which meeting, `each` says
            yield fault(f"{path}.each", f"« {told} » se lit à chaque réunion", f"'{told}' is read at each meeting", f'écrire each = "{name}"', f'write each = "{name}"')


def _of_a_sitting(method: Method, row: Requirement) -> str | None:
    """What a distance reads of one sitting: its notice, plan or decision, or the document of it."""
    a, b = row.selector("a"), row.selector("b")
    return f"{a.word}.{a.field}" if a.field else b.word if DeliverableId(b.word) in method.words.deliverables else None


def _due(method: Method, row: Requirement, path: str) -> Iterator[Fault]:
    form, name = row.due.form, row.due.name
    if form in (Form.LEAF, Form.AFTER) and not method.words.leaves_of(name):
        options = [*method.words.leaves, *method.words.sets, *(p.name for p in method.tree.phases), "always"]
        yield unknown(f"{path}.due", ("échéance", "due"), name, [str(o) for o in options])
    if form is Form.CHART:
        chart, _, move = name.partition(".")
        if move not in _MOVES.get(chart, ()):
            yield unknown(f"{path}.due", ("mouvement", "move"), name, [f"{c}.{m}" for c, moves in _MOVES.items() for m in moves])


def _leaves(method: Method, word: str) -> list[Leaf]:
    """The leaves that a word stands for; a set may name some that there are not, which is a fault of its own."""
    return [leaf for x in method.words.leaves_of(word) if (leaf := method.words.leaves.get(x)) is not None]


def _param(method: Method, row: Requirement, path: str, takes: Takes, value: Value) -> Iterator[Fault]:
    if takes is Takes.WHERE:
        filtered = "all" if path.endswith(".among") else "of"
        known = [f.name for f in words_of.fields] if (words_of := method.words.facets.get(FacetId(str(row.param(filtered)).partition(".")[0]))) else []
        yield from (unknown(f"{path}.{k}", ("champ", "field"), k, known) for k, _ in (value if isinstance(value, Record) else ()) if k not in known)
    elif isinstance(value, Record):
        if value.get("facet") is not None and takes not in (Takes.DURATION, Takes.DAYS):
            yield fault(path, "seuls une durée et des jours se lisent dans une réponse", "only a length and days can be read off an answer", "écrire { profile = … }", "write { profile = … }")
        yield from _reference(method, path, value)
    elif takes is Takes.SELECTOR:
        yield from _selector(method, row, path, str(value))
    elif takes is Takes.LEAF:
        if not method.words.leaves_of(str(value)):
            yield unknown(path, ("étape", "step"), str(value), [*method.words.leaves, *method.words.sets])
    elif takes is Takes.DELIVERABLE:
        if value not in method.words.deliverables:
            yield unknown(path, ("livrable", "deliverable"), str(value), method.words.deliverables)
    elif takes is Takes.TEXT and value not in _KEPT[row.is_]:
        yield unknown(path, ("chose tenue", "thing kept"), str(value), _KEPT[row.is_])
    elif takes is Takes.STEP and value not in list(Step):
        yield unknown(path, ("écart", "deviation"), str(value), Step)
    elif takes is Takes.STATE and value not in _PAPER_STATES:
        yield unknown(path, ("état", "state"), str(value), _PAPER_STATES)
    elif takes is Takes.DURATION:
        try:
            Duration.parse(str(value))
        except ValueError:
            yield fault(path, f"« {value} » n'est pas une durée", f"'{value}' is no duration", "écrire 7d, 2w, 3m ou 1y", "write 7d, 2w, 3m or 1y")
    elif takes is Takes.BAND and not (isinstance(value, tuple) and len(value) == 2 and all(type(v) is int for v in value)):
        yield fault(path, "une bande a deux bornes", "a band has two bounds", "écrire [8, 12]", "write [8, 12]")
    elif takes is Takes.NUMBER and type(value) is not int:
        yield fault(path, "un entier est attendu", "a whole number is expected", "écrire 1", "write 1")
    elif takes is Takes.POINT:
        points = {p.id for leaf in _leaves(method, str(row.param("of")).partition(".")[0]) for p in leaf.agenda}
        if value not in points:
            yield unknown(path, ("point d'ordre du jour", "point of an agenda"), str(value), points)
    elif takes is Takes.UNIT and value not in _UNITS:
        yield unknown(path, ("unité", "unit"), str(value), _UNITS)
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
            yield unknown(path, ("liste", "list"), value, known)
        return
    options = {w.id for words in method.lists for w in words.words} | {p.id for leaf in method.leaves for p in leaf.agenda}
    if row.is_ is Is.DECIDED:
        options = {d for leaf in _leaves(method, str(row.param("by"))) for d in leaf.decisions}
    elif row.is_ is Is.WINDOW:
        options = set(CLOSED)
    for word in each_of(value):
        if word not in options:
            yield unknown(path, ("mot", "word"), str(word), options)


def _reference(method: Method, path: str, value: Record) -> Iterator[Fault]:
    """A number that lies in a profile, a regime or a facet: somebody must give it."""
    if key := value.get("profile"):
        known = {k for p in method.profiles for k, _ in p.values}
    elif key := value.get("regime"):
        known = {k for r in method.regimes for k, _ in r.values}
    elif key := value.get("facet"):
        known = {str(f) for f in method.words.facets}
    else:
        yield fault(path, "référence illisible", "unreadable reference", 'écrire { profile = "…" }', 'write { profile = "…" }')
        return
    if key not in known:
        yield unknown(path, ("clé", "key"), str(key), known)


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
        yield unknown(path, ("mot", "word"), word, words.names())
        return
    if field and field not in known:
        yield unknown(path, ("champ", "field"), field, known)
