"""
A territory's own method: another one, and what differs.

`[method] extends = "name@1"` names the base. A table of the same id (or code) changes what it says
and keeps the rest; a new one is added; `[remove]` names what falls away. The result is judged as
any method is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .doorstep import shown
from .toml_file import Path, near, nearest
from .words import Text

Plain = dict[str, object]
_KEYS = {"requirements": "code"}
_LISTS = ("kinds", "lists", "facets", "deliverables", "leaves", "sets", "phases", "requirements", "regimes", "profiles", "origins")


def merged(base: Mapping[str, object], over: Mapping[str, object]) -> Plain:
    """
    The data of a method file with an overlay laid upon it; neither is changed.

    A row of requirements is changed in every row of its code, unless it says which one by its
    `due`. A leaf that is removed leaves the sets it was in.
    """
    out: Plain = {k: v for k, v in base.items()}
    head, own = _table(base.get("method")), _table(over.get("method"))
    out["method"] = head | {k: v for k, v in own.items() if k != "extends"}
    removed = {k: {str(x) for x in _list(v)} for k, v in _table(over.get("remove")).items()}
    for name in _LISTS:
        out[name] = _merge_list(name, _list(base.get(name)), _list(over.get(name)), removed.get(name, set()))
    tree = {k: v for k, v in _table(base.get("tree")).items() if k not in removed.get("tree", set())}
    out["tree"] = tree | _table(over.get("tree"))
    for entry in _list(out["sets"]):
        if isinstance(entry, dict):
            entry["leaves"] = [x for x in _list(entry.get("leaves")) if x not in removed.get("leaves", set())]
    _forget(out, {name for names in removed.values() for name in names})
    return out


def strangers(base: Mapping[str, object], over: Mapping[str, object]) -> Iterator[tuple[Path, Text, Text]]:
    """What an overlay says that nothing reads, and what it removes that nothing bears: where, what, and how to mend it."""
    for name in over.keys() - {*_LISTS, "method", "tree", "remove"}:
        yield (name,), *_stranger(name, [*_LISTS, "method", "tree", "remove"])
    for name in _LISTS:
        key = _KEYS.get(name, "id")
        below = [t for t in _list(base.get(name)) if isinstance(t, dict)]
        for n, entry in enumerate(_list(over.get(name))):
            if not isinstance(entry, dict) or key not in entry or not _meant_as_another(name, entry) or any(_same(name, entry, t) for t in below):
                continue
            alike = [t for t in below if t.get(key) == entry[key]]  # rows of that code, but none that is due then
            where, among = ("due", alike) if alike else (key, below)
            yield (name, n, where), *_no_such(str(entry.get(where)), [str(t.get(where)) for t in among])
    for name, value in _table(over.get("remove")).items():
        if name not in (*_LISTS, "tree"):
            yield ("remove", name), *_stranger(name, [*_LISTS, "tree"])
        elif name != "requirements":  # a code removed in vain is told by the verdict
            known = [str(t.get("id")) for t in _list(base.get(name)) if isinstance(t, dict)] if name in _LISTS else list(_table(base.get(name)))
            yield from ((("remove", name), *_stranger(str(x), known)) for x in _list(value) if str(x) not in known)


def bereft(over: Mapping[str, object], whole: Mapping[str, object]) -> Iterator[tuple[Path, Text, Text]]:
    """What of the whole still waits for what the overlay removes (a row where another holds, a block of the tree): where, what, and how to mend it."""
    rows = [t for t in _list(whole.get("requirements")) if isinstance(t, dict)]
    gone = {str(x) for x in _list(_table(over.get("remove")).get("requirements"))} - {str(t.get("code")) for t in rows}
    for code, when in dict.fromkeys((str(t.get("code")), str(t.get("when"))) for t in rows):
        if when in gone:
            yield (("remove", "requirements"), Text(f"{when} est ôtée, mais {code} ne vaut que là où elle est tenue (when)", f"{when} is removed, but {code} applies only where it holds (when)"),
                   Text(f'ôter {code} aussi, ou lui donner sous [[requirements]] un autre when ("" : toujours)',
                        f'remove {code} too, or give it another when under [[requirements]] ("": always)'))  # fmt: skip
    tree = _table(whole.get("tree"))
    blocks = {str(x) for x in _list(_table(over.get("remove")).get("tree"))} - tree.keys()
    for name, block in tree.items():
        for gone_block in sorted(blocks & set(_named(block))):
            yield (("remove", "tree"), Text(f"{gone_block} est ôté, mais {name} le nomme encore", f"{gone_block} is removed, but {name} still names it"),
                   Text(f"redire {name} sous [tree], sans lui", f"say {name} anew under [tree], without it"))  # fmt: skip


def _named(value: object) -> Iterator[str]:
    """The names in a block of the tree."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else _list(value):
        yield from _named(inner)


def _stranger(name: str, known: list[str]) -> tuple[Text, Text]:
    like = near(name, known) or ", ".join(nearest(name, known))
    return Text(f"clé inconnue : {shown(name)}", f"unknown key: {shown(name)}"), Text(f"écrire {like}, ou l'ôter", f"write {like}, or remove it")


def _no_such(name: str, known: list[str]) -> tuple[Text, Text]:
    like = near(name, known) or ", ".join(nearest(name, known))
    return (Text(f"rien de tel dans la méthode étendue : {shown(name)}", f"nothing of the kind in the method that it extends: {shown(name)}"),
            Text(f"écrire {like} ; d'un élément nouveau, dire tout, et d'abord origin", f"write {like}; of a new element say everything, its origin first"))  # fmt: skip


def moved(lines: Mapping[Path, int], over: Mapping[str, object], whole: Mapping[str, object]) -> tuple[dict[Path, int], dict[Path, Path]]:
    """The lines of an overlay's text under the paths that its tables have in the whole; and those tables, by what they are in the text."""
    out: dict[Path, int] = {}
    rows: dict[Path, Path] = {}
    for path, line in lines.items():
        name, *rest = path
        if name not in _LISTS or not rest or not isinstance(rest[0], int):
            out[path] = line
            continue
        entry = _table(_list(over.get(str(name)))[rest[0]])
        tail = rest[1 : rest.index("words") + 1] if "words" in rest else rest[1:]  # words have other places too
        for n, table in enumerate(_list(whole.get(str(name)))):
            if isinstance(table, dict) and _same(str(name), entry, table):
                out.setdefault((name, n, *tail), line)
                rows.setdefault((name, n), (name, rest[0]))
    return out, rows


def _same(name: str, entry: Mapping[str, object], table: Mapping[str, object]) -> bool:
    """Whether an entry of an overlay speaks of that table."""
    key = _KEYS.get(name, "id")
    return table.get(key) == entry.get(key) and entry.get("due", table.get("due")) == table.get("due")


def _forget(out: Plain, removed: set[str]) -> None:
    """A line of the source is no longer carried by what falls away."""
    source = _table(out.get("source"))
    lines = [dict(x) for x in _list(source.get("lines")) if isinstance(x, dict)]
    for line in lines:
        carried = _list(line.get("carried"))
        kept = [x for x in carried if str(x) not in removed and str(x).partition(".")[0] not in removed]
        if carried and not kept:
            del line["carried"]
            line["exempt"] = "ôté par le territoire"
        elif carried:
            line["carried"] = kept
    if lines:
        out["source"] = source | {"lines": lines}


def _table(value: object) -> Plain:
    return dict(value) if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _merge_list(name: str, base: list[object], over: list[object], removed: set[str]) -> list[object]:
    key = _KEYS.get(name, "id")
    kept = [dict(t) for t in base if isinstance(t, dict) and str(t.get(key)) not in removed]
    out: list[object] = list(kept)
    for entry in over:
        if not isinstance(entry, dict):
            out.append(entry)
            continue
        same = [t for t in kept if _same(name, entry, t)]
        for table in same:
            table.update(_nested(table, entry))
        if not same and not _meant_as_another(name, entry):
            out.append(dict(entry))
    return out


def _meant_as_another(name: str, entry: Mapping[str, object]) -> bool:
    """Whether an entry that is none of those below says too little to be one of its own: every element has an origin."""
    return name in _LISTS and name != "origins" and "origin" not in entry


def _nested(table: Plain, entry: Mapping[str, object]) -> Plain:
    """The words of a list are themselves merged by their id; a number said anew has not the source of the other; everything else is replaced."""
    changed = dict(entry)
    if "sources" in table:
        changed["sources"] = {k: v for k, v in _table(table["sources"]).items() if k not in entry} | _table(entry.get("sources"))
    words = entry.get("words")
    if isinstance(words, list):
        changed["words"] = _merge_list("words", _list(table.get("words")), words, set())
    return changed
