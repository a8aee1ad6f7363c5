"""`agir import FILE.csv --into DOSSIER`: a table as facts, with a report for each line, all kept or none."""

from __future__ import annotations

import attrs

from ._commands_base import Asked, bad, laid_open, out, out_json, role_of
from ._fold import standing
from .answers import Blocker, Recorded
from .csv_file import Told, read_table, told
from .desk import Desk
from .doorstep import file_bytes, shown
from .errors import DossierError, Fault
from .facts import Fact, Hold
from .view import view_of
from .when import When
from .words import Text


def import_csv(asked: Asked, files: tuple[str, ...], into: str | None, by: str, *, as_json: bool = False) -> int:
    """Read the tables, tell what they say, and keep it: 0 when it ran, 2 when a line could not be read and nothing was written."""
    if into is None:
        raise bad("--into", "un tableau va dans un dossier", "a table goes into a dossier", "ajouter --into DOSSIER", "add --into DOSSIER")
    if not all(f.lower().endswith(".csv") for f in files):
        raise bad("FILES", "des tableaux et des dossiers à la fois", "tables and dossiers at once", "importer les uns, puis les autres", "import the ones, then the others")
    with laid_open(asked, into) as desk:
        view = view_of(desk.method, desk.dossier)
        rows: list[tuple[str, Told]] = []
        faults: list[Fault] = []
        for file in files:
            data, fault = file_bytes(file)
            lines, found = read_table(data, file) if fault is None else ((), (fault,))
            faults += found
            rows += [(file, t) for t in told(view, lines, file)]
        return _keep(asked, desk, rows, faults, role_of(desk.method, by), as_json=as_json)


def _keep(asked: Asked, desk: Desk, rows: list[tuple[str, Told]], faults: list[Fault], by: str, *, as_json: bool) -> int:
    fresh = [(file, t) for file, t in rows if t.fact and t.on and t.on.earliest <= asked.at and not _known(desk, t.fact, t.on)]
    answers = dict(zip([id(t) for _, t in fresh], desk.tell([(t.fact, t.on) for _, t in fresh if t.fact and t.on], by=by), strict=True))
    said: list[tuple[str, Told, Recorded | None]] = []
    for file, t in rows:
        answer = answers.get(id(t))
        if answer is not None and not isinstance(answer, Recorded):
            t = attrs.evolve(t, faults=tuple(_as_fault(b, t.line.n, file) for b in answer.blockers))
        faults += t.faults
        if not t.faults:
            said.append((file, t, answer if isinstance(answer, Recorded) else None))
    said.sort(key=lambda x: (x[0], x[1].line.n))
    if not faults:  # kept before it is told: whoever listens may go away
        desk.keep_told([a for a in answers.values() if isinstance(a, Recorded)])
    for _, t, answer in said if not as_json else ():
        for line in _report(asked, t, answer, kept=not faults):
            out(line)
    if faults:
        if not as_json:
            out(asked.say("rien n'est écrit : corriger les lignes suivantes, et recommencer", "nothing is written: mend the following lines, and try again"))
        raise DossierError(tuple(sorted(dict.fromkeys(faults), key=lambda f: (f.file or "", f.line or 0, f.path))))
    number, into = len(answers), desk.dossier.head.id
    if as_json:
        out_json({"schema": "agir.import/1", "dossiers": [], "into": into, "added": number, "lines": [_line(asked, file, t, answer) for file, t, answer in said]})
        return 0
    out(asked.say(f"{into} : {number} fait{'s' if number > 1 else ''} de plus", f"{into}: {number} fact{'s' if number != 1 else ''} more"))
    return 0


def _line(asked: Asked, file: str, t: Told, answer: Recorded | None) -> dict[str, object]:
    if t.line.sum:
        return {"file": file, "line": t.line.n, "what": t.line.what, "on": "", "command": "", "address": "", "outcome": "sum", "deviations": [], "remarks": []}
    assert t.fact is not None
    assert t.on is not None
    return {
        "file": file, "line": t.line.n, "what": t.line.what, "on": str(t.on), "command": str(t.fact.verb), "address": str(t.fact.address),
        "outcome": "to_come" if t.on.earliest > asked.at else "known" if answer is None else "added",
        "deviations": [b.key for b in answer.deviations] if answer else [], "remarks": [{"fr": r.fr, "en": r.en} for r in _remarks(t, answer)],
    }  # fmt: skip


def _remarks(t: Told, answer: Recorded | None) -> list[Text]:
    """What a line leaves out, or what was left out of it."""
    unknown = t.fact is not None and isinstance(t.fact.args, Hold) and answer is not None and not t.line.present
    return [*t.remarks, *([Text("présents inconnus", "attendance unknown")] if unknown else [])]


def _as_fault(blocker: Blocker, line: int, file: str) -> Fault:
    """Why a line contradicts the dossier; the mend, which stands at the end of the sentence, has its own place."""
    mend = blocker.permanent or _PUT_RIGHT
    fr, en = (said.removesuffix(f"{end}.").rstrip(" :") for said, end in ((blocker.text.fr, mend.fr), (blocker.text.en, mend.en)))
    return Fault("(line)", Text(fr, en), mend, line, file)


_PUT_RIGHT = Text("corriger la ligne", "mend the line")


def _known(desk: Desk, fact: Fact, on: When) -> bool:
    """Whether the dossier says it already: the same step done on the same day."""
    base = str(fact.address)
    return any(f.verb is fact.verb and str(f.address).partition("#")[0] == base and f.on == on for f in standing(desk.dossier) if f.stamp)


def _report(asked: Asked, t: Told, answer: Recorded | None, *, kept: bool) -> list[str]:
    lead = f"{asked.say('ligne', 'line')} {t.line.n}: " if asked.lang == "en" else f"ligne {t.line.n} : "
    if t.line.sum:
        return [lead + shown(t.line.what) + asked.say(" : un total, non repris", ": a sum, left out")]
    assert t.fact is not None
    assert t.on is not None
    what = f"{shown(t.line.what)}, {t.on} → {t.fact.address}"
    if t.on.earliest > asked.at:
        end = asked.say("à venir, non repris", "to come, left out")
    elif answer is None:
        end = asked.say("déjà au dossier", "in the dossier already")
    else:
        n = len(answer.deviations)
        end = asked.say("admis", "accepted") if kept else asked.say("serait admis", "would be accepted")
        end += asked.say(f", {n} écart{'s' if n > 1 else ''}", f", {n} deviation{'s' if n > 1 else ''}") if n else ""
    marks = [f"  ({r.to(asked.lang)})" for r in _remarks(t, answer)]
    return [lead + what + (" : " if asked.lang == "fr" else ": ") + end, *marks, *(f"  - {b.code} · {b.text.to(asked.lang)}" for b in (answer.deviations if answer else ()))]
