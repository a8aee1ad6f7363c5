"""On which line of a dossier file a thing is told, by its address."""

from __future__ import annotations

from .toml_file import Document

_FIRST = ("hold", "deliver", "agree", "decide")
"""The verbs that complete a step: their block is where a step stands, whatever else is told of it."""


def dossier_lines(data: bytes) -> dict[str, int]:
    """
    The lines of a dossier file's facts, instances (`kind/id` and `id`) and answers; that of `[dossier]` under "".

    Never fails: what cannot be read has no line. Of several facts at one address, the one that completes the step.

    >>> dossier_lines(b'[dossier]\\n[[facts]]\\nfact = "hold"\\naddress = "gt1/x"\\n')
    {'': 1, 'dossier': 1, 'gt1/x': 2}
    """
    return lines_of(Document.read(data))


def lines_of(document: Document) -> dict[str, int]:
    """The same of a file that was read already."""
    known = document.lines()
    found: dict[str, int] = {}

    def put(name: str, *path: str | int) -> None:
        if path in known:
            found.setdefault(name, known[path])

    put("", "dossier")
    put("dossier", "dossier")
    facts = document.data.get("facts")
    told = [(n, f) for n, f in enumerate(facts) if isinstance(f, dict)] if isinstance(facts, list) else []
    for n, fact in sorted(told, key=lambda x: _FIRST.index(x[1]["fact"]) if x[1].get("fact") in _FIRST else len(_FIRST)):
        if isinstance(address := fact.get("address"), str):
            put(address, "facts", n)
    for kind, tables in document.data.items():
        if isinstance(tables, list) and kind not in ("facts", "answers"):
            for n, table in enumerate(tables):
                if isinstance(table, dict) and isinstance(id := table.get("id"), str):
                    put(f"{kind}/{id}", kind, n)
                    put(id, kind, n)
    answers = document.data.get("answers")
    several = [(("answers", n), a) for n, a in enumerate(answers)] if isinstance(answers, list) else [(("answers",), answers)]
    for path, table in several:
        for key in table if isinstance(table, dict) else ():
            put(key, *path, key)
    return found
