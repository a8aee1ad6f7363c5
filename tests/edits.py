"""
One edit of the witness for every rule of `agir_ensemble`: what the rule says must be, undone by hand.

Each edit is a unified diff in `edits/`, against the folder `examples/temoin`, written from the row
and from RULES.md; none is made by the reader of a requirement, so that a reader that is wrong cannot
hide itself. `CODE.diff` breaks a rule; `CODE.2.diff` the second row of that code; `CODE-note.diff`
breaks it in another way. The first line names code and subject, others may follow before the diff:

    # EXP006 @ gt2/precarite
    # severity: warning          where it is not the row's own
    # move: hold gt2/precarite   the command of the edited dossier that the row guards
    # at: 2012-01-25             the day of the verdict, where it is not LATER

To write one, copy the witness, edit the copy, and:

    python tests/edits.py COPY "EXP006 @ gt2/precarite" > tests/edits/EXP006.diff
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import attrs

import agir_workflow as agir
from agir_workflow.beside import evidence_of
from agir_workflow.checker_rules import CODE_RULES
from agir_workflow.evidence import Evidence
from agir_workflow.patches import Files, Patch, read_patch

TESTS = Path(__file__).parent
EXAMPLES = TESTS.parent / "examples"
LATER = dt.date(2014, 1, 1)


# -- a dossier is a folder --------------------------------------------------------------------------------


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


WITNESS = files_of(EXAMPLES / "temoin")
CHARENTON = (EXAMPLES / "charenton" / "dossier.toml").read_text(encoding="utf-8")


@cache
def method() -> agir.Method:
    return agir.load_method("agir_ensemble")


def read(text: str | bytes, under: agir.Method | None = None) -> agir.Dossier:
    data = text if isinstance(text, bytes) else text.encode()
    return agir.read_dossier(data, lambda _: under or method())[1]


def dossier_of(files: Files) -> agir.Dossier:
    return read(files["dossier.toml"])


@cache
def overlaid(data: bytes) -> agir.Method:
    """The method of a territory's overlay."""
    return agir.read_method(data)


def beside(files: Files, dossier: agir.Dossier) -> Evidence:
    """What lies beside a dossier; the journal and the calendar of the witness are read once."""
    whole = {n: files.get(n) for n in ("journal.jsonl", "calendrier.ics")}
    if whole != {n: WITNESS.get(n) for n in whole}:
        return evidence_of(dossier, files.get, "temoin")
    documents = evidence_of(dossier, lambda name: None if name in whole else files.get(name), "temoin")
    return attrs.evolve(_of_witness(), artefacts=documents.artefacts)


@cache
def _of_witness() -> Evidence:
    return evidence_of(dossier_of(WITNESS), WITNESS.get, "temoin")


def judged(files: Files, at: dt.date, by: agir.Method | None = None) -> agir.Report:
    """The verdict on a folder, whatever of it a rule reads: under its overlay, or another method."""
    over = files.get("territoire.toml")
    under = by or (overlaid(over) if over is not None else method())
    dossier = read(files["dossier.toml"], under)
    return agir.check(under, dossier, at=at, evidence=beside(files, dossier))


# -- the edits --------------------------------------------------------------------------------------------

Row = tuple[str, int]
_NAME = re.compile(r"([A-Z]{3}\d{3})(?:\.(\d))?(?:-[\w-]+)?")
_HEAD = re.compile(r"# (\w+) @ (\S+)|# (\w+): (.+)")


@dataclass(frozen=True)
class Edit:
    """*code* is found at *subject* once the patch is applied; *nth* tells two rows of one code apart."""

    name: str
    code: str
    nth: int
    subject: str
    patch: Patch
    severity: str
    move: tuple[str, str] | None
    at: dt.date

    @property
    def row(self) -> Row:
        return self.code, self.nth


def _edit(path: Path) -> Edit:
    patch = read_patch(path.read_bytes())
    name = _NAME.fullmatch(path.stem)
    heads = [found for line in patch.head if (found := _HEAD.fullmatch(line))]
    said = {h[3]: h[4] for h in heads[1:]}
    wrong = name is None or len(heads) < len(patch.head) or heads[0][1] != name[1] or not set(said) <= {"severity", "move", "at"}
    assert name is not None, path.name
    assert not wrong, f"{path.name}: its first lines"
    code, nth = name[1], int(name[2] or 1)
    verb, _, address = said.get("move", "").partition(" ")
    severities = {row: str(r.severity.value) for row, r in zip(rows(), method().requirements, strict=True)} | {(r.code, 1): str(r.severity.value) for r in CODE_RULES}
    return Edit(path.stem, code, nth, heads[0][2], patch, said.get("severity") or severities[code, nth],
                (verb, address) if verb else None, dt.date.fromisoformat(said["at"]) if "at" in said else LATER)  # fmt: skip


def rows() -> tuple[Row, ...]:
    """Each row of the method by its code, and which of that code it is (from 1)."""
    codes = [str(r.code) for r in method().requirements]
    return tuple((code, codes[: n + 1].count(code)) for n, code in enumerate(codes))


def without(row: Row) -> agir.Method:
    """The method without one row."""
    kept = tuple(r for r, name in zip(method().requirements, rows(), strict=True) if name != row)
    return attrs.evolve(method(), requirements=kept)


EDITS = tuple(_edit(p) for p in sorted((TESTS / "edits").glob("*.diff")))
"""At least one edit for each row of the method and each rule on the check; more where one can be broken in several ways."""


@cache
def edited_files(edit: Edit) -> Files:
    return edit.patch.apply(WITNESS)


@cache
def edited(edit: Edit) -> agir.Dossier:
    return dossier_of(edited_files(edit))


BROKEN_BY = ("CAD042", "ACT003", "PRE003", "EXP001", "EXP004.2", "EXP015", "COP005", "COP007", "LIV002-none", "ORD002", "EXP027-gt1-after-gt2", "CAL009", "CAL002")
"""Edits that can be made of one dossier, one after the other: many faults at once, several of one day."""


def edited_by(*names: str) -> Files:
    files: Files = WITNESS
    for name in names:
        files = next(e for e in EDITS if e.name == name).patch.apply(files)
    return files


def named(report: agir.Report, edit: Edit) -> agir.Finding | None:
    """The finding that names the code of an edit at its subject, alone or beside another."""
    return next((f for f in report.findings if f.subject == edit.subject and edit.code in (f.code, *f.also)), None)


# -- edits of a text, for a case of its own -----------------------------------------------------------------


@dataclass(frozen=True)
class Cut:
    """The block of a fact goes."""

    fact: str
    address: str

    def __call__(self, text: str) -> str:
        return text.replace(block_of(text, self.fact, self.address), "")


@dataclass(frozen=True)
class In:
    """Within the block of a fact, *old* becomes *new*."""

    fact: str
    address: str
    old: str
    new: str

    def __call__(self, text: str) -> str:
        old = block_of(text, self.fact, self.address)
        assert old.count(self.old) == 1, (self.fact, self.address, self.old)
        return text.replace(old, old.replace(self.old, self.new))


@dataclass(frozen=True)
class Put:
    """One more fact, said last."""

    fact: str
    address: str
    day: str
    more: str = ""

    def __call__(self, text: str) -> str:
        return f'{text}\n[[facts]]\nfact = "{self.fact}"\naddress = "{self.address}"\non = {self.day}\n{self.more}\n'


Step = Cut | In | Put

_BLOCK = re.compile(r"\[\[facts\]\]\n(?:(?!\[\[).*\n?)*")


def block_of(text: str, fact: str, address: str) -> str:
    found = [b for b in _BLOCK.findall(text) if f'fact = "{fact}"\n' in b and f'address = "{address}"\n' in b]
    assert len(found) == 1, f"{len(found)} blocks say {fact} {address}"
    return str(found[0])


def edited_text(text: str, *steps: Step) -> str:
    for step in steps:
        text = step(text)
    return text


# -- writing one ------------------------------------------------------------------------------------------


def difference(before: Files, after: Files) -> Iterator[bytes]:
    """The unified diff from one folder to another."""
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old != new:
            lines = [[x for x in re.split(rb"(?<=\n)", data or b"") if x] for data in (old, new)]
            names = (f"a/{name}".encode() if old is not None else b"/dev/null", f"b/{name}".encode() if new is not None else b"/dev/null")
            for line in difflib.diff_bytes(difflib.unified_diff, *lines, *names, lineterm=b"\n"):  # type: ignore[arg-type]
                yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    folder, *head = sys.argv[1:]
    sys.stdout.buffer.write("".join(f"# {line}\n" for line in head).encode() + b"".join(difference(WITNESS, files_of(Path(folder)))))
