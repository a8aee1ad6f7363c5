"""The proof of a method, as text and as the JSON objects `agir.verification/1` and `agir.witness/1`."""

from __future__ import annotations

from collections.abc import Sequence

from ..answers import Accepted
from ..codec import fact_from_plain, fact_to_plain
from ..errors import DossierError, Fault, MethodError
from ..method import Method
from ..verification import Flaw, Shows, Witness
from ..witness import Shown
from ..words import Lang, Severity, Text
from ._wording import colon
from .text import SEVERITIES

Json = dict[str, object]

_SHOWS = {
    Shows.REFUSED: Text("refusé, et rien ne le lève", "refused, and nothing lifts it"),
    Shows.PASSES: Text("tout passe : l'exigence n'a rien à redire", "all passes: the requirement has nothing to object"),
    Shows.NO_PLAN: Text("aucune date n'est possible", "no dates are possible"),
    Shows.UNREAD: Text("rien à jouer", "nothing to run"),
}


def verification(method: Method, flaws: Sequence[Flaw]) -> Json:
    """`agir.verification/1`: sound unless one of the flaws is an error."""
    return {
        "schema": "agir.verification/1", "method": {"ref": method.ref, "hash": method.hash},
        "sound": not any(f.severity is Severity.ERROR for f in flaws),
        "flaws": [
            {"code": f.code, "severity": f.severity.value, "path": f.path, "line": f.line, "requirements": [str(method.requirements[n].code) for n in f.witness.rows],
             "text": _both(f.what), "fix": _both(f.mend), "witness": witness(method, f)}
            for f in flaws
        ],
    }  # fmt: skip


def witness(method: Method, flaw: Flaw) -> Json:
    """`agir.witness/1`, as `agir method verify --run` reads it back."""
    w = flaw.witness
    return {"schema": "agir.witness/1", "method": method.ref, "code": flaw.code, "shows": w.shows.value, "rows": list(w.rows),
            "profile": w.profile, "regime": w.regime, "commands": [fact_to_plain(c) for c in w.commands], "why": _both(w.why) if w.why else None}  # fmt: skip


def read_witness(data: object, rows: int) -> Witness:
    """A witness from its plain JSON, for a method of so many rows. Raises MethodError with every fault."""
    faults: list[Fault] = []

    def want(ok: bool, path: str, fr: str, en: str) -> None:
        if not ok:
            faults.append(Fault(path, Text(f"attendu : {fr}", f"expected {en}"), Text("reprendre le témoin que « --write » a laissé", "take the witness that '--write' left")))

    table: dict[str, object] = data if isinstance(data, dict) else {}
    want(table.get("schema") == "agir.witness/1", "schema", "agir.witness/1", "agir.witness/1")
    shows, numbers, listed = table.get("shows"), table.get("rows"), table.get("commands")
    want(shows in list(Shows), "shows", f"l'un de {', '.join(Shows)}", f"one of {', '.join(Shows)}")
    want(isinstance(numbers, list) and all(type(n) is int and 0 <= n < rows for n in numbers), "rows", f"des rangs de 0 à {rows - 1}", f"places from 0 to {rows - 1}")
    want(isinstance(listed, list), "commands", "une liste de commandes", "a list of commands")
    commands = []
    for n, one in enumerate(listed if isinstance(listed, list) else []):
        try:
            command = fact_from_plain(one, path=f"commands[{n}]")
            want(command.stamp is not None, f"commands[{n}].stamp", "un jour et une personne", "a day and a person")
            commands.append(command)
        except DossierError as exc:
            faults += exc.faults
    if faults:
        raise MethodError(tuple(faults))
    assert isinstance(numbers, list)
    return Witness(shows=Shows(str(shows)), commands=tuple(commands), rows=tuple(int(n) for n in numbers), profile=str(table.get("profile") or ""), regime=str(table.get("regime") or ""))


def _both(text: Text) -> Json:
    return {"fr": text.fr, "en": text.en}


def verification_text(method: Method, flaws: Sequence[Flaw], lang: Lang) -> str:
    """A line a flaw, with where it is, how to mend it and what its witness shows."""
    out = []
    for n, f in enumerate(flaws, 1):
        where = ":".join(str(x) for x in (method.file, f.line) if x)
        codes = " ".join(dict.fromkeys(str(method.requirements[m].code) for m in f.witness.rows))
        out.append(f"{n}. {SEVERITIES[f.severity].to(lang)} {f.code}  {where} {f.path}{f' ({codes})' if codes else ''}")
        out.append(f"   {f.what.to(lang)} → {f.mend.to(lang)}")
        count = len(f.witness.commands)
        if f.witness.why is not None:
            out.append(f"   {Text('sans témoin : ' + f.witness.why.fr, 'no witness: ' + f.witness.why.en).to(lang)}")
        else:
            shows = _SHOWS[f.witness.shows]
            out.append("   " + Text(f"témoin : {count} commande{'s' * (count > 1)} ; {shows.fr}", f"witness: {count} command{'s' * (count != 1)}; {shows.en}").to(lang))
    found = {s: n for s in Severity if (n := sum(f.severity is s for f in flaws))}
    said = [] if Severity.ERROR in found else [Text("rien n'empêche de la suivre", "nothing keeps it from being followed").to(lang)]
    said += [f"{n} {SEVERITIES[s].to(lang)}{'s' * (n > 1)}" for s, n in found.items()]
    out.append(f"{method.ref}{colon(lang)}{', '.join(said)}")
    return "\n".join(out) + "\n"


def shown_text(witness: Witness, shown: Shown, lang: Lang) -> str:
    """A witness as it was run: each command with what came of it, and where it stuck."""
    out = []
    for command, decision in shown.steps:
        mark = "+" if isinstance(decision, Accepted) else "✗"
        out.append(f"{mark} {command.on} {command.verb.value} {command.address}")
        if not isinstance(decision, Accepted):
            out += [f"    {b.code}  {b.text.to(lang)}" for b in decision.blockers]
    out += [f"  ⇒ {b.code}  {b.text.to(lang)}" for b in shown.stuck]
    out += ["  ⇒ " + " / ".join(keys) for keys in shown.conflicts]
    said = _SHOWS[witness.shows] if shown.holds else Text("ce témoin ne montre rien sur cette méthode", "this witness shows nothing on this method")
    return "\n".join([*out, said.to(lang)]) + "\n"
