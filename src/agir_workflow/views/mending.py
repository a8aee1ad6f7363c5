"""What would mend a dossier, as a diff of its file; and the annex of an agenda, before a decision."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from ..answers import Finding
from ..codec import fact_to_plain
from ..dossier_file import fact_block
from ..facts import Fact, Fill
from ..foresee import Foreseen
from ..repair import Repair
from ..toml_text import toml_value
from ..values import Record, each_of
from ..words import Lang, Text, Verb, natural
from ..zones import day_in_words
from ._wording import SEVERITIES, VERDICTS
from .json_view import Json, finding, text
from .verdict_md import md


def blocks(repair: Repair, told: Sequence[Fact], lang: Lang, standing: str = "") -> str:
    """
    The facts and dérogations as blocks of a dossier file; what is made up in them, beyond the facts *told*, is said above.

    A dérogation that a copil has yet to decide is written as comments: told before, it would not count. One that waits so in the
    *standing* text of the file already is not written again.
    """
    made_up = Text("# contenu inventé : l'écrire", "# made-up contents: write them").to(lang)
    given = Text("# prise à cette séance ? En dire le motif", "# taken at this sitting? Say why").to(lang)
    ahead = Text("# à faire décider à cette séance ; ensuite seulement, ôter les « # »", "# for this sitting to decide; only then, take the '#' away").to(lang)
    withdrawn = Text("# retiré pour être redit, complété, juste après", "# withdrawn to be said again, completed, just below").to(lang)
    gone = {f.address for f in repair.facts if f.verb is Verb.CLEAR}
    above = [made_up if f.address not in gone else withdrawn if f.verb is Verb.CLEAR else _anew(f, told).to(lang) for f in repair.facts]
    facts = "".join(f"\n{line}\n{fact_block(f)}" for line, f in zip(above, repair.facts, strict=True))
    facts += "".join(f"\n{given}\n{fact_block(f)}" for f in repair.derogations)
    proposed = [[f"# {line}" for line in fact_block(f).splitlines()] for f in repair.ahead]
    return facts + "".join(f"\n{ahead}\n" + "".join(f"{line}\n" for line in lines) for lines in proposed if not _waits(lines, standing))


def _waits(lines: Sequence[str], standing: str) -> bool:
    """Whether a file proposes a dérogation already: its code, at its address; on another day perhaps, or to another copil."""
    named = {line for line in lines if line.startswith(("# address = ", "# code = "))}
    return any(named <= set(block.splitlines()) for block in standing.replace("\r\n", "\n").split("\n\n"))


def _anew(fact: Fact, told: Sequence[Fact]) -> Text:
    """Of answers that are said again, what of them nobody said: it stands there to be written over."""
    known = [item for f in told if f.address == fact.address and isinstance(f.args, Fill) for item in each_of(f.args.value)]
    said = [dict(item) for item in known if isinstance(item, Record)]
    made_up: dict[str, str] = {}
    for item in each_of(fact.args.value) if isinstance(fact.args, Fill) else ():
        new = dict(item) if isinstance(item, Record) else {}
        old = next((x for x in said if x.items() <= new.items()), new)
        made_up |= {k: f"{k} = {toml_value(v) if isinstance(v, (str, int)) else '…'}" for k, v in new.items() if k not in old}
    what = ", ".join(made_up.values()) or "…"
    return Text(f"# les réponses qui étaient là, redites et complétées ; inventé, à écrire : {what}", f"# the answers that were there, said again and completed; made up, to be written: {what}")


def diff(before: str, after: str, name: str) -> str:
    """A unified diff of a dossier file."""
    # Lines end at \n alone: `splitlines` would end one at each U+2028 of a text too, and the diff could not be applied.
    old, new = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in (before, after))
    lines = difflib.unified_diff(old, new, f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


def repair_text(repair: Repair, lang: Lang) -> str:
    """What the diff does, and what it leaves."""
    fr = lang == "fr"
    verdicts = [VERDICTS[r.verdict].to(lang) for r in (repair.before, repair.after)]
    out = [f"verdict : {verdicts[0]} → {verdicts[1]}" if fr else f"verdict: {verdicts[0]} → {verdicts[1]}"]
    out.append(
        f"faits à ajouter ou à déplacer : {len(repair.facts)} ; dérogations à demander : {len(repair.derogations) + len(repair.ahead)} ; reste à la main : {len(repair.left)}"
        if fr
        else f"facts to add or to move: {len(repair.facts)}; dérogations to ask for: {len(repair.derogations) + len(repair.ahead)}; left to do by hand: {len(repair.left)}"
    )
    if not repair.least:
        out.append("peut-être pas le plus court : trop de choix pour les essayer tous" if fr else "perhaps not the shortest: too many choices to try them all")
    out += [line for f in repair.left for line in (f"- {f.code} · {f.text.to(lang)}", f"    → {f.fix.to(lang)}")]
    return "\n".join(out) + "\n"


def repair_json(repair: Repair) -> Json:
    """The object `agir.repair/1`."""
    return {
        "schema": "agir.repair/1",
        "dossier": {"id": repair.before.dossier, "uid": repair.before.uid},
        "at": repair.before.at.isoformat(),
        "verdict": {"before": repair.before.verdict, "after": repair.after.verdict},
        "facts": [fact_to_plain(f) for f in repair.facts],
        "derogations": [fact_to_plain(f) for f in repair.derogations],
        "ahead": [fact_to_plain(f) for f in repair.ahead],
        "left": [finding(f) for f in repair.left],
        "least": repair.least,
    }


def foreseen_json(seen: Foreseen) -> Json:
    """The object `agir.foreseen/1`."""
    return {
        "schema": "agir.foreseen/1", "dossier": {"id": seen.dossier}, "address": seen.address, "on": seen.on.isoformat(), "decision": text(seen.decision),
        "permanent": [finding(f) for f in seen.permanent], "curable": [finding(f) for f in seen.curable],
        "to_allow": [finding(f) for f in seen.to_allow],
    }  # fmt: skip


def foreseen_markdown(seen: Foreseen, lang: Lang) -> str:
    """The annex of the agenda: what a first decision («go») would do to the findings, in Markdown."""
    fr = lang == "fr"
    day, name, whose = day_in_words(seen.on, lang), md(seen.name.to(lang)), md(seen.title)
    permanent, curable, allow = (len(x) for x in (seen.permanent, seen.curable, seen.to_allow))
    decision, opens = md(seen.decision.to(lang)), ", ".join(md(t.to(lang)) for t in seen.opens)
    if fr:
        head = [f"# {name} : avant de décider", "", f"{whose}, {day}.", "",
                f"Si la décision est « {decision} » ce jour-là : {_said(permanent, 'constat devient définitif', 'constats deviennent définitifs', lang)}, "
                f"{_said(curable, 'reste réparable', 'restent réparables', lang)}, {_said(allow, 'demande une dérogation', 'demandent une dérogation', lang)}."]  # fmt: skip
        if opens:
            head += ["", f"La décision ouvre : {opens}. On suppose que rien d'autre n'est fait d'ici là."]
    else:
        head = [f"# {name}: before deciding", "", f"{whose}, {day}.", "",
                f"If the decision is “{decision}” that day: {_said(permanent, 'finding becomes permanent', 'findings become permanent', lang)}, "
                f"{_said(curable, 'stays curable', 'stay curable', lang)}, {_said(allow, 'needs a dérogation', 'need a dérogation', lang)}."]  # fmt: skip
        if opens:
            head += ["", f"The decision opens: {opens}. Nothing else is supposed to be done until then."]
    titles = (
        Text("Deviendraient définitifs (une dérogation seule les lèverait)", "Would become permanent (only a dérogation would close them)"),
        Text("Resteraient réparables", "Would stay curable"),
        Text("Demandent une dérogation dès maintenant", "Need a dérogation already"),
    )
    for title, found in zip(titles, (seen.permanent, seen.curable, seen.to_allow), strict=True):
        if found:
            head += ["", f"## {title.to(lang)}", "", *_items(found, lang)]
    return "\n".join(head) + "\n"


def _said(n: int, one: str, several: str, lang: Lang) -> str:
    single = n < 2 if lang == "fr" else n == 1
    return f"{n} {one if single else several}"


def _items(found: Sequence[Finding], lang: Lang) -> list[str]:
    ordered = sorted(found, key=lambda f: (f.severity.rank, f.code, natural(f.subject)))
    return [f"- **{f.code}** ({SEVERITIES[f.severity].to(lang)}) {md(f.text.to(lang))}\n  → {md(f.fix.to(lang))}" for f in ordered]
