"""
A method for territorial, collective experimentation, written once and used three ways.

What may be done now, when to do the rest, whether what was done follows: `decide`, `plan`, `check`.
Everything a host needs is here; the rooms with heavy furniture are opened on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import errors, facts
    from .answers import Accepted, Blocker, Finding, Plan, Refused, Report
    from .conformance import check
    from .dossier import Dossier
    from .dossier_file import read_dossier, write_dossier
    from .engine import decide, evolve, outlook, possible, record, replay, why_not
    from .facts import Stamp
    from .lifecycle import Case, machine, watch
    from .method import Method
    from .method_file import load_method, read_method
    from .paths import path_to, what_if
    from .planning.make import plan
    from .stores import MemoryStore, SqliteStore
    from .views.html import to_html
    from .views.ics import to_ics
    from .views.svg import to_svg
    from .workspace import Workspace

__all__ = [
    "Accepted", "Blocker", "Case", "Dossier", "Finding", "MemoryStore", "Method", "Plan", "Refused", "Report", "SqliteStore", "Stamp", "Workspace",
    "check", "decide", "errors", "evolve", "facts", "load_method", "machine", "outlook", "path_to", "plan", "possible", "read_dossier", "read_method", "record",
    "replay", "to_html", "to_ics", "to_svg", "watch", "what_if", "why_not", "write_dossier",
]  # fmt: skip

_ROOMS = {
    "answers": ("Accepted", "Blocker", "Finding", "Plan", "Refused", "Report"),
    "conformance": ("check",),
    "dossier": ("Dossier",),
    "dossier_file": ("read_dossier", "write_dossier"),
    "engine": ("decide", "evolve", "outlook", "possible", "record", "replay", "why_not"),
    "facts": ("Stamp",),
    "lifecycle": ("Case", "machine", "watch"),
    "method": ("Method",),
    "method_file": ("load_method", "read_method"),
    "paths": ("path_to", "what_if"),
    "planning.make": ("plan",),
    "stores": ("MemoryStore", "SqliteStore"),
    "views.html": ("to_html",),
    "views.ics": ("to_ics",),
    "views.svg": ("to_svg",),
    "workspace": ("Workspace",),
}
_LATE = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    if name in ("errors", "facts"):
        return import_module(f".{name}", __name__)
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{_LATE[name]}", __name__), name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
