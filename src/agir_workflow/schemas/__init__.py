"""
The JSON Schema (draft 2020-12) of each object that `agir … --json` prints.

>>> schema("agir.plan/1")["$id"]
'agir.plan/1'
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any


def schema(name: str) -> dict[str, Any]:
    """The schema of an object by the name it bears (`agir.report/1`); LookupError for one that is not shipped."""
    file = resources.files(__package__) / f"{name.replace('/', '-')}.json"
    if name not in names():
        raise LookupError(f"no schema {name!r}: there are {', '.join(names())}")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def names() -> tuple[str, ...]:
    """The names of all schemas, sorted."""
    files = (f.name for f in resources.files(__package__).iterdir() if f.name.endswith(".json"))
    return tuple(sorted("/".join(f.removesuffix(".json").rsplit("-", 1)) for f in files))
