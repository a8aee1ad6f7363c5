"""What a former run of `agir check` told, read back from its JSON or CSV, so that the next can say what changed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping

import attrs

from .answers import VERDICTS
from .doorstep import decoded, of_cell, shown
from .errors import Fault, FaultyFileError
from .words import Text

BETWEEN = " ; "
"""What stands between the keys of a cell that holds several."""
LARGEST = 500_000_000
"""Bytes; the verdicts of ten thousand dossiers are a tenth of it."""
MOST_FAULTS = 50
"""A file that is something else has said enough by then."""
_UNREADABLE = "unreadable"
"""What the CSV of a folder says of a file that could not be read."""
_AGAIN = Text("donner le JSON ou le CSV d'un « agir check » d'avant", "give the JSON or CSV of an earlier 'agir check'")
_KINDS = {dict: Text("un objet", "an object"), list: Text("une liste", "a list"), str: Text("un texte", "a text")}


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

    Raises FormerRunError with every fault and its line, for a file that is none of these.
    """
    text, fault = decoded(data, name, LARGEST)
    if fault is not None:
        raise FormerRunError((fault,))
    faults = _Faults(name)
    told: dict[str, Former] = {}
    for id, former in _of_json(text, faults) if text.lstrip()[:1] in ("{", "[") else _of_csv(text, faults):
        # Two files of one folder may give the same id: what was told of either is known.
        told[id] = attrs.evolve(former, keys=former.keys | told[id].keys) if id in told else former
    faults.tell()
    return told


@attrs.define
class _Faults:
    file: str
    found: list[Fault] = attrs.field(factory=list)

    def add(self, path: str, what: Text, line: int | None = None) -> None:
        self.found.append(Fault(path, what, _AGAIN, line, self.file))
        if len(self.found) >= MOST_FAULTS:
            self.tell()

    def wrong(self, path: str, expected: Text, found: object, line: int | None = None) -> None:
        kind = _KINDS.get(type(found)) if isinstance(found, (dict, list)) else None
        said = kind or Text(*(("rien", "nothing") if found in (None, "") else (f"« {shown(str(found))} »", f"'{shown(str(found))}'")))
        self.add(path, Text(f"attendu : {expected.fr} ; trouvé : {said.fr}", f"expected {expected.en}, found {said.en}"), line)

    def tell(self) -> None:
        if self.found:
            raise FormerRunError(tuple(self.found))


def _of_json(text: str, faults: _Faults) -> Iterator[tuple[str, Former]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as exc:
        line = getattr(exc, "lineno", 1)
        faults.wrong("(file)", Text("du JSON", "JSON"), next(iter(text.splitlines()[line - 1 : line]), ""), line)
        return
    kind = found.get("schema") if isinstance(found, dict) else None
    if kind == "agir.report/1":
        yield from _report(found, "", faults)
    elif kind == "agir.reports/1" and isinstance(found.get("reports"), list):
        for n, report in enumerate(found["reports"]):
            yield from _report(report, f"reports[{n}].", faults)
    elif kind == "agir.reports/1":
        faults.wrong("reports", Text("une liste", "a list"), found.get("reports"), 1)
    else:
        faults.wrong("schema", Text("agir.report/1 ou agir.reports/1", "agir.report/1 or agir.reports/1"), kind, 1)


def _report(report: object, path: str, faults: _Faults) -> Iterator[tuple[str, Former]]:
    """One report; nothing where it is none, and why."""
    if not isinstance(report, dict):
        return faults.wrong(path.rstrip("."), _KINDS[dict], report)
    head, verdict, findings = report.get("dossier"), report.get("verdict"), report.get("findings")
    id = head.get("id") if isinstance(head, dict) else None
    if not isinstance(id, str) or not id:
        faults.wrong(f"{path}dossier.id", _KINDS[str], id)
    if verdict not in VERDICTS:
        faults.wrong(f"{path}verdict", _one_of(VERDICTS), verdict)
    if not isinstance(findings, list):
        return faults.wrong(f"{path}findings", _KINDS[list], findings)
    keys = set()
    for n, finding in enumerate(findings):
        told = finding if isinstance(finding, dict) else {}
        for field in ("key", "state"):
            if not isinstance(told.get(field), str):
                faults.wrong(f"{path}findings[{n}].{field}", _KINDS[str], told.get(field))
        if told.get("state") == "violated" and not told.get("mark"):
            keys.add(str(told.get("key")))
    if isinstance(id, str) and id:
        yield id, Former(str(verdict), frozenset(keys))


def _of_csv(text: str, faults: _Faults) -> Iterator[tuple[str, Former]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        heads = set(reader.fieldnames or ())
        if {"dossier", "verdict", "findings"} <= heads:
            for row in reader:
                if row["verdict"] not in (*VERDICTS, _UNREADABLE):
                    faults.wrong("verdict", _one_of(VERDICTS), row["verdict"], reader.line_num)
                elif row["dossier"]:
                    keys = frozenset(filter(None, of_cell(row["findings"] or "").split(BETWEEN)))
                    yield of_cell(row["dossier"]), Former(row["verdict"], keys)
        elif {"dossier", "code", "subject", "state", "mark", "change"} <= heads:
            yield from _of_findings(reader, faults)
        else:
            faults.wrong("(file)", Text("les colonnes d'un « agir check »", "the columns of an 'agir check'"), next(iter(text.splitlines()), ""), 1)
    except csv.Error:  # a quote that nothing closes, a cell without end
        faults.wrong("(file)", Text("du CSV", "CSV"), next(iter(text.splitlines()[reader.line_num : reader.line_num + 1]), ""), reader.line_num + 1)


def _of_findings(reader: csv.DictReader[str], faults: _Faults) -> Iterator[tuple[str, Former]]:
    """The dossiers of a CSV with a line for each finding."""
    keys: dict[str, set[str]] = {}
    for row in reader:
        needed = ("dossier", "code", "subject") if row["change"] == "gone" else ("dossier", "code", "subject", "state")
        if missing := next((c for c in needed if not row[c]), None):
            faults.wrong(missing, _KINDS[str], row[missing], reader.line_num)
            continue
        told = keys.setdefault(of_cell(row["dossier"]), set())
        if row["state"] == "violated" and not row["mark"] and row["change"] != "gone":
            told.add(f"{of_cell(row['code'])} @ {of_cell(row['subject'])}")
    yield from ((id, Former(None, frozenset(found))) for id, found in keys.items())


def _one_of(words: tuple[str, ...]) -> Text:
    return Text(f"l'un de {', '.join(words)}", f"one of {', '.join(words)}")
