"""
Reading a method file: TOML to `Method`, with every fault at once.

What a value may be is read here; whether the words fit each other is `soundness.problems`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from functools import lru_cache
from importlib import resources
from pathlib import Path as FilePath

import attrs

from ._tree_file import read_tree
from .doorstep import file_bytes, shown
from .errors import MethodError, UnknownNameError
from .method import (
    Deliverable,
    Facet,
    Field,
    Kind,
    Leaf,
    LeafSet,
    Method,
    Origin,
    Phase,
    Point,
    Profile,
    Regime,
    SourceLine,
    Word,
    WordList,
)
from .overlay import bereft, merged, moved, strangers
from .requirements import PARAMS, Due, Form, Is, Requirement
from .toml_file import Document, Table, as_when, near, nearest, said
from .toml_text import toml_document
from .values import Record, Value
from .words import Aspect, Code, DeliverableId, FacetId, KindId, LeafId, ListId, Severity, Sort, Text

_CHARTS = ("run", "deliverable", "copil")


def packaged() -> tuple[str, ...]:
    """The names of the methods that come with the package."""
    folder = resources.files(__package__) / "methods"
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))


def load_method(name: str) -> Method:
    """
    A packaged method by name (`agir_ensemble` or `agir_ensemble@1`), or one from a file's path.

    Raises UnknownNameError, or MethodError with every fault of the file.
    """
    data, file = _found(name)
    method = read_method(data, file) if file == name else _read_packaged(data, file)
    if file != name and name not in (method.name, method.ref):
        raise UnknownNameError("method", name, method.ref)
    return method


@lru_cache(maxsize=8)
def _read_packaged(data: bytes, file: str) -> Method:
    """A packaged method is read and proved once for each text: a territory's overlay asks for the one that its dossier follows already."""
    return read_method(data, file)


def _found(name: str) -> tuple[bytes, str]:
    """The bytes of a packaged method, or of a file, and the file's name."""
    bare = name.partition("@")[0]
    if bare in packaged():
        return (resources.files(__package__) / "methods" / f"{bare}.toml").read_bytes(), f"{bare}.toml"
    if name.endswith(".toml") or FilePath(name).is_dir():
        data, fault = file_bytes(name)
        if fault is not None:
            raise MethodError((fault,))
        return data, name
    raise UnknownNameError("method", name, near(name, packaged()))


def load_unproved(name: str) -> Method:
    """As `load_method`, for a method whose words and numbers can be read but that may be unsound: for `verification.verify` to look at."""
    return read_method(*_found(name), proved=False)


_ORDER = ("method", "kinds", "lists", "facets", "deliverables", "leaves", "sets", "phases", "tree", "regimes", "profiles", "requirements", "origins", "source")


def normal_text(name: str, *, toml: bool = True) -> str:
    """
    A method written out whole, an overlay laid upon what it extends; read back, it has the same hash.

    As TOML, in one order of its tables; or as the canonical JSON whose SHA-256 *is* the hash.
    Raises as `load_method` does.
    """
    load_method(name)
    document = Document.read(*_found(name))
    _extended(document, "")
    return toml_document(document.data, _ORDER) if toml else _canonical(document.data)


def _canonical(data: dict[str, object]) -> str:
    return json.dumps(_plain(data), sort_keys=True, ensure_ascii=False)


def read_method(data: bytes, name: str | None = None, *, strict: bool = True, proved: bool = True, under: str = "") -> Method:
    """
    The method of a file's bytes. Raises MethodError with every fault, path and line.

    Not *strict*: a file whose words do not fit each other is read all the same, and
    `Method.problems` says what is wrong with it, line by line. Not *proved*: it may be unsound. *under* is the text of the method
    that an overlay extends, where that is not the packaged one of today.
    """
    from .method_values import misfits, unread
    from .soundness import misnamed, unsound

    document = Document.read(data, name)
    if not document.readable:
        raise MethodError(tuple(document.faults))
    text = document.text
    extends, base, strays = _extended(document, under)
    if extends is None and document.faults:
        raise MethodError(tuple(document.faults))
    method = attrs.evolve(_method(document), extends=extends, text=text, under=base, strays=strays)
    if not document.faults and strict:
        document.faults.extend(document.placed(f) for f in (misnamed(method) or tuple(misfits(method) if proved else unread(method)) or (unsound(method) if proved else ())))
    if document.faults:
        raise MethodError(tuple(sorted(dict.fromkeys(document.faults), key=lambda f: (f.line or 0, f.path))))
    return method


def _extended(document: Document, under: str) -> tuple[str | None, str, tuple[str, ...]]:
    """
    Lay an overlay upon the method that it extends: the base's reference and hash, its text, and the codes that
    the overlay removes in vain; (None, "", ()) where there is none.
    """
    head = document.data.get("method")
    said_ref = head.get("extends") if isinstance(head, dict) else None
    ref = None if said_ref is None else _beside(document.name, str(said_ref))
    if ref is None:
        if "extends" in document.data:
            document.fault(("extends",), Text("« extends » n'est pas à sa place", "'extends' is not in its place"),
                           Text("l'écrire sous [method], avec name, version et title", "write it under [method], with name, version and title"))  # fmt: skip
        return None, "", ()
    try:
        if not under and _stands_on_another(ref):
            what = Text(f"« {shown(ref)} » se pose déjà sur une autre méthode", f"'{shown(ref)}' stands on another method itself")
            document.fault(("method", "extends"), what, Text("nommer une méthode entière, et y reprendre ce qui diffère", "name a whole method, and say again what differs"))
            raise MethodError(tuple(document.faults))
        base = read_method(under.encode(), ref, strict=False) if under else load_method(ref)
    except UnknownNameError as exc:
        document.fault(("method", "extends"), Text(exc.to("fr"), exc.to("en")), Text("nommer une méthode fournie", "name a packaged method"))
        return None, "", ()
    removed = document.data.get("remove")
    codes = removed.get("requirements") if isinstance(removed, dict) else ()
    known = {str(r.code) for r in base.requirements}
    strays = tuple(sorted({str(c) for c in codes} - known)) if isinstance(codes, list) else ()
    below = Document.read(base.text.encode()).data
    for path, what, mend in strangers(below, document.data):
        document.fault(path, what, mend)
    whole = merged(below, document.data)
    for path, what, mend in bereft(document.data, whole):
        document.fault(path, what, mend)
    document.overlaid(whole, *moved(document.lines(), document.data, whole))
    return f"{base.ref} {base.hash}", base.text, strays


def _beside(name: str | None, ref: str) -> str:
    """The path of a file that an overlay extends, looked for beside the overlay, as a dossier looks for its method; else as it is said."""
    beside = FilePath(name or "").parent / ref
    return str(beside) if name and ref.endswith(".toml") and beside.is_file() else ref


def _stands_on_another(ref: str) -> bool:
    """Whether a method to be extended is itself an overlay, perhaps the very same; UnknownNameError, MethodError for one that is not there."""
    if ref.partition("@")[0] in packaged():
        return False
    head = Document.read(*_found(ref)).data.get("method")
    return isinstance(head, dict) and "extends" in head


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, (dt.date, dt.time)) else value


def _method(document: Document) -> Method:
    root = document.root()
    head = root.table("method", required=True) or Table(document, ("method",), {})
    content = _canonical(document.data)
    profiles = tuple(_profile(t, root) for t in root.tables("profiles"))
    source_title, source_lines = _source(root.table("source"))
    lines = tuple((said(path), line) for path, line in document.lines().items())
    method = Method(
        file=document.name,
        lines=lines,
        origins=tuple(_origin(t) for t in root.tables("origins")),
        source_title=source_title,
        source_lines=source_lines,
        name=head.text("name"),
        version=head.integer("version", 1),
        hash=hashlib.sha256(content.encode()).hexdigest(),
        title=head.label("title"),
        origin=head.text("origin"),
        quote=head.text("quote", ""),
        verdict_per=KindId(per) if (per := head.maybe("verdict_per")) else None,
        colleges=ListId(colleges) if (colleges := head.maybe("colleges")) else None,
        roles=ListId(roles) if (roles := head.maybe("roles")) else None,
        default_profile=head.text("default_profile"),
        default_regime=head.text("default_regime"),
        kinds=tuple(_kind(t) for t in root.tables("kinds")),
        leaves=tuple(_leaf(t) for t in root.tables("leaves")),
        facets=tuple(_facet(t) for t in root.tables("facets")),
        deliverables=tuple(_deliverable(t) for t in root.tables("deliverables")),
        lists=tuple(_list(t) for t in root.tables("lists")),
        sets=tuple(_set(t) for t in root.tables("sets")),
        phases=tuple(_phase(t) for t in root.tables("phases")),
        tree=read_tree(root.table("tree", required=True) or Table(document, ("tree",), {})),
        requirements=tuple(_requirement(t, root) for t in root.tables("requirements")),
        regimes=tuple(_regime(t) for t in root.tables("regimes")),
        profiles=profiles,
    )
    head.done()
    root.done()
    return method


def _source(t: Table | None) -> tuple[str, tuple[SourceLine, ...]]:
    """The text that the method comes from, line by line."""
    if t is None:
        return "", ()
    title, lines = t.text("title"), []
    for line in t.tables("lines"):
        lines.append(SourceLine(section=line.text("section"), quote=line.text("quote"), carried=line.texts("carried"), exempt=line.text("exempt", "")))
        line.done()
    t.done()
    return title, tuple(lines)



def _field(name: str, spec: object, table: Table) -> Field:
    if not isinstance(spec, str):
        table.fault(name, Text("type de champ illisible", "unreadable type of field"), Text('écrire "text?"', 'write "text?"'))
        spec = "text"
    bare = spec.rstrip("*?")
    return Field(name=name, type=bare, many="*" in spec, optional="?" in spec)


def _fields(table: Table, key: str) -> tuple[Field, ...]:
    """The fields that a table names, with what people call them."""
    inner, called = table.table(key), table.table("labels")
    fields = tuple(_field(n, spec, inner) for n, spec in inner.rest().items()) if inner else ()
    if called is None:
        return fields
    fields = tuple(attrs.evolve(f, label=called.label(f.name)) if f.name in called.data else f for f in fields)
    called.done(f.name for f in fields)
    return fields


def _kind(t: Table) -> Kind:
    inside = t.maybe("inside")
    out = Kind(id=KindId(t.text("id")), label=t.label("label"), inside=KindId(inside) if inside else None,
               attributes=_fields(t, "attributes"), origin=t.text("origin"), quote=t.text("quote", ""))  # fmt: skip
    t.done()
    return out


def _sort(t: Table) -> Sort:
    text = t.text("sort")
    if text not in list(Sort):
        like = near(text, Sort)
        t.fault("sort", Text(f"« {text} » n'est pas une sorte d'étape", f"'{text}' is no sort of step"),
                Text(f"écrire {like or ' ou '.join(Sort)}", f"write {like or ' or '.join(Sort)}"))  # fmt: skip
        return Sort.ACTIVITY
    return Sort(text)


def _point(t: Table) -> Point:
    out = Point(id=t.text("id"), label=t.label("label"), origin=t.text("origin"), quote=t.text("quote", ""))
    t.done()
    return out


def _leaf(t: Table) -> Leaf:
    out = Leaf(
        id=LeafId(t.text("id")), sort=_sort(t), label=t.label("label"), address=t.text("address"), role=t.maybe("role"),
        decisions=t.texts("decisions"), agenda=tuple(_point(p) for p in t.tables("agenda")), tags=t.texts("tags"),
        inviting=t.maybe("inviting"), invited=t.texts("invited"), best_before=t.texts("best_before"), hours=t.text("hours", ""), origin=t.text("origin"), quote=t.text("quote", ""),
    )  # fmt: skip
    t.done()
    return out


def _facet(t: Table) -> Facet:
    out = Facet(
        id=FacetId(t.text("id")), label=t.label("label"), scope=t.maybe("scope"), many=t.flag("many"), type=t.text("type", "text"),
        fields=_fields(t, "fields"), example=t.text("example", ""), seats=t.maybe("seats"), documents=t.maybe("documents"), days_of=t.maybe("days_of"), role=t.maybe("role"), origin=t.text("origin"), quote=t.text("quote", ""),
    )  # fmt: skip
    t.done()
    return out


def _deliverable(t: Table) -> Deliverable:
    out = Deliverable(
        id=DeliverableId(t.text("id")), label=t.label("label"), address=t.text("address"), role=t.maybe("role"),
        of=tuple(LeafId(x) for x in t.texts("of")), items=tuple(FacetId(x) for x in t.texts("items")), origin=t.text("origin"), quote=t.text("quote", ""),
    )  # fmt: skip
    t.done()
    return out


def _list(t: Table) -> WordList:
    out = WordList(id=ListId(t.text("id")), label=t.label("label"), words=tuple(_word(w) for w in t.tables("words")), origin=t.text("origin"),
                   quote=t.text("quote", ""))  # fmt: skip
    t.done()
    return out


def _word(t: Table) -> Word:
    id, label, origin, quote = t.text("id"), t.label("label"), t.text("origin"), t.text("quote", "")
    return Word(id=id, label=label, attributes=_record(t, t.rest()), origin=origin, quote=quote)


def _set(t: Table) -> LeafSet:
    out = LeafSet(id=t.text("id"), label=t.label("label"), leaves=tuple(LeafId(x) for x in t.texts("leaves")), origin=t.text("origin"),
                  quote=t.text("quote", ""))  # fmt: skip
    t.done()
    return out


def _origin(t: Table) -> Origin:
    out = Origin(id=t.text("id"), title=t.label("title"), where=t.text("where", ""))
    t.done()
    return out


def _phase(t: Table) -> Phase:
    out = Phase(id=t.text("id"), label=t.label("label"), origin=t.text("origin"), quote=t.text("quote", ""))
    t.done()
    return out


def _value(t: Table, key: str, value: object) -> Value:
    """Plain TOML as a frozen value; days become `When`, hours stay texts."""
    if isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, list):
        return tuple(_value(t, key, v) for v in value)
    if isinstance(value, dict):
        return Record(tuple((k, _value(t, key, v)) for k, v in value.items()))
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return as_when(value)
    t.fault(key, Text("valeur d'un type non admis", "a value of a type that is not admitted"),
            Text("écrire un texte, un entier, une date ou une liste", "write a text, a whole number, a date or a list"))  # fmt: skip
    return ""


def _record(t: Table, values: dict[str, object]) -> Record:
    return Record(tuple((k, _value(t, k, v)) for k, v in values.items()))


def _regime(t: Table) -> Regime:
    id, label, origin, quote = t.text("id"), t.label("label"), t.text("origin"), t.text("quote", "")
    return Regime(id=id, label=label, values=_record(t, t.rest()), origin=origin, quote=quote)


def _profile(t: Table, root: Table) -> Profile:
    id, label, origin, quote = t.text("id"), t.label("label"), t.text("origin"), t.text("quote", "")
    extends = t.maybe("extends")
    own = _record(t, t.rest())
    inherited = _inherited(t, extends, root, (id,)) if extends else {}
    return Profile(id=id, label=label, values=Record(tuple(_over(inherited, dict(own.pairs)).items())), origin=origin, quote=quote, extends=extends)


def _over(above: dict[str, Value], own: dict[str, Value]) -> dict[str, Value]:
    """A profile's own values over those it extends; a number said anew has not the source of the other."""
    sources = {k: v for k, v in _sources_of(above).items() if k not in own} | _sources_of(own)
    return above | own | ({"sources": Record(tuple(sources.items()))} if sources else {})


def _sources_of(values: dict[str, Value]) -> dict[str, Value]:
    said = values.get("sources")
    return dict(said.pairs) if isinstance(said, Record) else {}


def _inherited(t: Table, id: str, root: Table, seen: tuple[str, ...]) -> dict[str, Value]:
    """The values of the profile of that id, which *t* extends, over those it extends in turn."""
    for below in root.tables("profiles") if id not in seen else ():
        if below.data.get("id") == id:
            above = below.data.get("extends")
            own = {k: _value(below, k, v) for k, v in below.data.items() if k not in {"id", "label", "origin", "quote", "extends"}}
            return _over(_inherited(below, above, root, (*seen, id)) if isinstance(above, str) else {}, own)
    names = [name for x in root.tables("profiles") if (name := str(x.data.get("id"))) not in seen]
    like = near(id, names) or ", ".join(nearest(id, names)) or "…"
    t.fault("extends", Text(f"attendu : un autre profil du fichier ; trouvé : « {shown(id)} »", f"expected another profile of the file, found '{shown(id)}'"), Text(f"écrire {like}", f"write {like}"))
    return {}


def _due(t: Table, phases: set[str]) -> Due:
    text = t.text("due")
    if text == "always":
        return Due(Form.ALWAYS)
    if text.startswith("after:"):
        return Due(Form.AFTER, text.removeprefix("after:"))
    if text.partition(".")[0] in _CHARTS and "." in text:
        return Due(Form.CHART, text)
    return Due(Form.PHASE if text in phases else Form.LEAF, text)


def _choice(t: Table, key: str, known: tuple[str, ...]) -> str:
    text = t.text(key)
    if text in known:
        return text
    if text:
        like = near(text, known)
        t.fault(key, Text(f"« {shown(text)} » n'est pas connu ici", f"'{shown(text)}' is not known here"),
                Text(f"écrire {like or ', '.join(known)}", f"write {like or ', '.join(known)}"))  # fmt: skip
    return known[0]


def _requirement(t: Table, root: Table) -> Requirement:
    tree = root.data.get("tree")
    phases = {n for n, v in tree.items() if isinstance(v, dict) and v.get("phase")} if isinstance(tree, dict) else set()
    code, kind = t.text("code"), Is(_choice(t, "is", tuple(Is)))
    where = t.table("where")
    row = Requirement(
        code=Code(code), is_=kind, due=_due(t, phases), aspect=Aspect(_choice(t, "aspect", tuple(Aspect))),
        severity=Severity(_choice(t, "severity", tuple(Severity))), why=t.label("why"), fix=t.label("fix"), origin=t.text("origin"),
        quote=t.text("quote", ""), source=t.text("source", ""), each=t.maybe("each"), when=t.maybe("when"),
        where=_record(where, where.rest()) if where else Record(), derogable="derogable" not in t.data or t.flag("derogable"),
        params=Record(tuple(_params(t, kind))),
    )  # fmt: skip
    t.asked.add("derogable")
    t.done(p.name for p in PARAMS[kind])
    return row


def _params(t: Table, kind: Is) -> list[tuple[str, Value]]:
    out: list[tuple[str, Value]] = []
    for param in PARAMS[kind]:
        if param.name == "where":
            continue
        t.asked.add(param.name)
        if param.name in t.data:
            out.append((param.name, _value(t, param.name, t.data[param.name])))
        elif param.required:
            t.fault(param.name, Text(f"une exigence « {kind} » demande {param.name}", f"a '{kind}' requirement needs {param.name}"),
                    Text(f"ajouter {param.name} = …", f"add {param.name} = …"))  # fmt: skip
    return out
