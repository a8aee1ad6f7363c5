"""What a former run of `agir check` told, read back from its JSON or CSV, so that the next can say what changed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping

import attrs

from .errors import Fault, FaultyFileError
from .words import Text

BETWEEN = " ; "
"""What stands between the keys of a cell that holds several."""


@attrs.frozen
class Former:
    """What was told of a dossier: its verdict where the run gave one, and the keys of its findings."""

    verdict: str | None
    keys: frozenset[str]


class FormerRunError(FaultyFileError):
    """The file is not what `agir check` writes."""


def read_former(data: bytes, name: str) -> Mapping[str, Former]:
    """
    The dossiers of a former run by their ids, from `agir.report/1`, `agir.reports/1` or either CSV.

    Raises FormerRunError with the line, for a file that is none of these.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise _fault(name, "un texte en UTF-8", "a text in UTF-8", data.count(b"\n", 0, exc.start) + 1) from None
    return dict(_of_json(text, name) if text.lstrip().startswith("{") else _of_csv(text, name))


def _fault(name: str, fr: str, en: str, line: int | None) -> FormerRunError:
    return FormerRunError((Fault("--since", Text(f"attendu : {fr}", f"expected {en}"),
                                 Text("donner le JSON ou le CSV d'un « agir check » d'avant", "give the JSON or CSV of an earlier 'agir check'"), line, name),))  # fmt: skip


def _of_json(text: str, name: str) -> Iterator[tuple[str, Former]]:
    try:
        found = json.loads(text)
    except ValueError as exc:
        raise _fault(name, "du JSON", "JSON", getattr(exc, "lineno", None)) from None
    kind = found.get("schema")
    if kind not in ("agir.report/1", "agir.reports/1"):
        raise _fault(name, "agir.report/1 ou agir.reports/1", "agir.report/1 or agir.reports/1", 1)
    try:
        for report in found["reports"] if kind == "agir.reports/1" else [found]:
            keys = frozenset(str(f["key"]) for f in report["findings"] if f["state"] == "violated" and not f.get("mark"))
            yield str(report["dossier"]["id"]), Former(str(report["verdict"]), keys)
    except (KeyError, TypeError):
        raise _fault(name, f"{kind} en entier", f"a whole {kind}", 1) from None


def _of_csv(text: str, name: str) -> Iterator[tuple[str, Former]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    heads = set(reader.fieldnames or ())
    try:
        if {"dossier", "verdict", "findings"} <= heads:
            for row in reader:
                if row["dossier"]:
                    yield _raw(row["dossier"]), Former(row["verdict"], frozenset(filter(None, _raw(row["findings"] or "").split(BETWEEN))))
        elif {"dossier", "code", "subject", "state", "mark", "change"} <= heads:
            keys: dict[str, set[str]] = {}
            for row in reader:
                told = keys.setdefault(_raw(row["dossier"]), set())
                if row["state"] == "violated" and not row["mark"] and row["change"] != "gone":
                    told.add(f"{_raw(row['code'])} @ {_raw(row['subject'])}")
            yield from ((id, Former(None, frozenset(found))) for id, found in keys.items())
        else:
            raise _fault(name, "les colonnes d'un « agir check »", "the columns of an 'agir check'", 1)
    except csv.Error:
        raise _fault(name, "du CSV", "CSV", reader.line_num) from None


def _raw(cell: str) -> str:
    """A cell as it was before it was kept from being a formula."""
    return cell[1:] if cell[:1] == "'" else cell
