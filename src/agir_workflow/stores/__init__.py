"""Where journals are kept: one contract, several stores."""

from .base import BrokenLink, JournalRecord, Store, export_lines, read_lines, verify
from .memory import MemoryStore
from .sqlite import SqliteStore

__all__ = ["BrokenLink", "JournalRecord", "MemoryStore", "SqliteStore", "Store", "export_lines", "read_lines", "verify"]
