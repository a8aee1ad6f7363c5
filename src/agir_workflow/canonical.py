"""The canonical text of JSON (RFC 8785): one text for one content, whoever writes it. Hashes are taken of it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from .doorstep import LARGEST


def canonical(data: object) -> str:
    """
    The JSON text of RFC 8785: one text for one content, whoever writes it.

    Raises TypeError for a float or what JSON does not know, ValueError for a whole number beyond
    ±(2^53-1) or a text that is no Unicode.

    >>> canonical({"b": [1, True, None], "a": "é"})
    '{"a":"é","b":[1,true,null]}'
    """
    return json.dumps(_ordered(data), ensure_ascii=False, separators=(",", ":"))


def _ordered(data: object) -> object:
    match data:
        case None | bool():
            return data
        case str():
            data.encode()  # a lone surrogate is a UnicodeEncodeError, hence a ValueError
            return data
        case int():
            if abs(data) > LARGEST:
                raise ValueError(f"{data} is beyond ±(2^53-1)")
            return data
        case list() | tuple():
            return [_ordered(x) for x in data]
        case Mapping():
            if bad := [k for k in data if not isinstance(k, str)]:
                raise TypeError(f"a key of JSON is a text, not {bad[0]!r}")
            return {k: _ordered(data[k]) for k in sorted(data, key=lambda k: k.encode("utf-16-be"))}
        case _:
            raise TypeError(f"canonical JSON holds no {type(data).__name__}: {data!r}")
