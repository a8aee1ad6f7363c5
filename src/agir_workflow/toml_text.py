"""Plain data as TOML: the same data, the same text."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence


def toml_value(value: object) -> str:
    """
    One value, on one line; `{"when": "2012-05-14"}` is that day.

    >>> toml_value({"on": dt.date(2012, 5, 14), "who": ["a", True]})
    '{ on = 2012-05-14, who = ["a", true] }'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        if set(value) == {"when"} and isinstance(value["when"], str):
            if re.fullmatch(r"\d{4}-\d\d-\d\d", value["when"]):
                return value["when"]
            return "{ when = " + toml_value(value["when"]) + " }"
        return "{ " + ", ".join(f"{toml_key(k)} = {toml_value(v)}" for k, v in value.items()) + " }" if value else "{}"
    assert isinstance(value, list), value
    return "[" + ", ".join(toml_value(v) for v in value) + "]"


def toml_key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


def toml_document(data: Mapping[str, object], order: Sequence[str] = ()) -> str:
    """
    A whole file: a header for each table and each table of a list, what is inside them a line each.

    Top-level names come in *order*, others after them as they stand; keys as they stand.
    """
    names = sorted(data, key=lambda k: order.index(k) if k in order else len(order))
    plain = [f"{toml_key(k)} = {toml_value(data[k])}\n" for k in names if not _is_table(data[k]) and not _is_tables(data[k])]
    parts = ["".join(plain)] if plain else []
    for name in names:
        value = data[name]
        if isinstance(value, Mapping):
            parts.append(f"[{toml_key(name)}]\n" + _lines(value))
        elif _is_tables(value):
            assert isinstance(value, list)
            parts += [f"[[{toml_key(name)}]]\n" + _lines(table) for table in value]
    return "\n".join(parts)


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(x, Mapping) for x in value)


def _lines(table: Mapping[str, object]) -> str:
    return "".join(_line(k, v) for k, v in table.items())


def _line(key: str, value: object) -> str:
    if _is_tables(value):  # TOML 1.0 lets an inline table be no longer than its line, but a list go on
        assert isinstance(value, list)
        return f"{toml_key(key)} = [\n" + "".join(f"    {toml_value(x)},\n" for x in value) + "]\n"
    return f"{toml_key(key)} = {toml_value(value)}\n"
