"""
A territory's own method: another one, and what differs.

`[method] extends = "name@1"` names the base. A table of the same id (or code) changes what it says
and keeps the rest; a new one is added; `[remove]` names what falls away. The result is judged as
any method is.
"""

from __future__ import annotations

from collections.abc import Mapping

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
        same = [t for t in kept if t.get(key) == entry.get(key) and entry.get("due", t.get("due")) == t.get("due")]
        for table in same:
            table.update(_nested(table, entry))
        if not same:
            out.append(dict(entry))
    return out


def _nested(table: Plain, entry: Mapping[str, object]) -> Plain:
    """The words of a list are themselves merged by their id; a number said anew has not the source of the other; everything else is replaced."""
    changed = dict(entry)
    if "sources" in table:
        changed["sources"] = {k: v for k, v in _table(table["sources"]).items() if k not in entry} | _table(entry.get("sources"))
    words = entry.get("words")
    if isinstance(words, list):
        changed["words"] = _merge_list("words", _list(table.get("words")), words, set())
    return changed
