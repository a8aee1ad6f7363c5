"""
The plain part of TOML, in which nearly all dossiers are written: a short way past `tomllib`.

Tables and lists of tables under one bare name; bare keys; texts on one line without escapes, days, hours, instants in UTC,
whole numbers, true and false, lists and inline tables of these. What is plain is read to the same values as `tomllib` reads it; for all else,
and for every fault, there is no answer, and `tomllib` has the word.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TypeAlias

Data: TypeAlias = dict[str, object]

_NAME = r"[A-Za-z0-9_-]+"
_ONE = r'(?:"[^"\\\x00-\x08\x0a-\x1f\x7f]*"|\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?|\d\d:\d\d:\d\d|0|[1-9]\d{0,17}|true|false)'
_END = r"[ \t]*(?:#[^\x00-\x08\x0a-\x1f\x7f]*)?(?:\n|\Z)"
"""What may end a line: blanks, a comment."""

_LINE = re.compile(rf"({_NAME})[ \t]*=[ \t]*({_ONE}){_END}", re.ASCII)
_HEADER = re.compile(rf"(\[\[?)[ \t]*({_NAME})[ \t]*(\]\]?){_END}", re.ASCII)
_BEGUN = re.compile(rf"({_NAME})[ \t]*=[ \t]*(?=[\[{{])", re.ASCII)
_BLANK = re.compile(_END, re.ASCII)
_KEY = re.compile(rf"[ \t]*({_NAME})[ \t]*=[ \t]*", re.ASCII)
_VALUE = re.compile(rf"({_ONE})(?=[ \t\n,\]}}])", re.ASCII)
_NEXT = re.compile(r"[ \t\n]*([,\]])[ \t\n]*")
_MORE = re.compile(r"[ \t]*([,}])")
_GAP = re.compile(r"[ \t\n]*")
_DEEPEST = 8


def plain(text: str) -> Data | None:
    """The values of a text that is plain throughout; None for any other, and for one that is no TOML."""
    text = text.replace("\r\n", "\n")
    root: Data = {}
    here, lists, at = root, set[str](), 0
    try:
        while at < len(text):
            if found := _LINE.match(text, at) or _BLANK.match(text, at):
                if found.lastindex:
                    _put(here, found[1], _one(found[2]))
            elif (found := _HEADER.match(text, at)) and len(found[1]) == len(found[3]):
                here = _opened(root, lists, found[2], several=len(found[1]) == 2)
            elif begun := _BEGUN.match(text, at):
                value, end = _several(text, begun.end(), 0)
                _put(here, begun[1], value)
                found = _BLANK.match(text, end)
            else:
                found = None
            if found is None:
                return None
            at = found.end()
    except ValueError:
        return None
    return root


def _put(table: Data, key: str, value: object) -> None:
    if key in table:
        raise ValueError(key)
    table[key] = value


def _opened(root: Data, lists: set[str], name: str, *, several: bool) -> Data:
    """The table that a header begins; ValueError where that name stands for something else."""
    table: Data = {}
    if not several:
        _put(root, name, table)
        return table
    if name not in lists:
        _put(root, name, [])
        lists.add(name)
    members = root[name]
    assert isinstance(members, list)
    members.append(table)
    return table


def _one(text: str) -> object:
    """What one word says; ValueError for a day or an hour that there is not."""
    if text[0] == '"':
        return text[1:-1]
    if text in ("true", "false"):
        return text == "true"
    if ":" in text:
        return dt.datetime.fromisoformat(text) if "T" in text else dt.time.fromisoformat(text)
    return dt.date.fromisoformat(text) if "-" in text else int(text)


def _several(text: str, at: int, depth: int) -> tuple[object, int]:
    """The value that begins there, and where it ends; ValueError for one that is not plain."""
    if found := _VALUE.match(text, at):
        return _one(found[1]), found.end()
    if depth > _DEEPEST:
        raise ValueError(at)
    return _list(text, at + 1, depth) if text.startswith("[", at) else _table(text, at, depth)


def _list(text: str, at: int, depth: int) -> tuple[list[object], int]:
    out: list[object] = []
    at = _past(text, at)
    while not text.startswith("]", at):
        value, at = _several(text, at, depth + 1)
        out.append(value)
        mark = _NEXT.match(text, at)
        if mark is None:
            raise ValueError(at)
        if mark[1] == "]":
            return out, mark.end(1)
        at = mark.end()
    return out, at + 1


def _table(text: str, at: int, depth: int) -> tuple[Data, int]:
    out: Data = {}
    if not text.startswith("{", at):
        raise ValueError(at)
    at += 1
    if (mark := _MORE.match(text, at)) and mark[1] == "}":
        return out, mark.end()
    while key := _KEY.match(text, at):
        value, at = _several(text, key.end(), depth + 1)
        _put(out, key[1], value)
        mark = _MORE.match(text, at)
        if mark is None:
            break
        at = mark.end()
        if mark[1] == "}":
            return out, at
    raise ValueError(at)


def _past(text: str, at: int) -> int:
    """Past blanks and ends of lines."""
    found = _GAP.match(text, at)
    return found.end() if found else at
