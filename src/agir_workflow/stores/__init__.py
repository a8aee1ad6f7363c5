"""Where journals are kept: one contract, several stores."""

from .base import (
    BrokenLink,
    JournalRecord,
    MethodText,
    Shelf,
    Store,
    export_lines,
    read_lines,
    shelved,
    texts_of,
    verify,
)
from .memory import MemoryStore
from .sqlite import SqliteStore

__all__ = ["BrokenLink", "JournalRecord", "MemoryStore", "MethodText", "Shelf", "SqliteStore", "Store", "export_lines", "read_lines", "shelved", "texts_of", "verify"]
