"""A method for reading: its words, its tree, its requirements; and its tree as a Mermaid flowchart."""

from __future__ import annotations

from ..method import Method, Profile, Regime
from ..readings.table import readings_of
from ..requirements import Is
from ..tree import Node, Op
from ..values import Record, Value
from ..words import Lang, Text
from ._wording import colon

_MARKS = {Op.SEQ: "→", Op.PAR: "∥", Op.CHOICE: "×", Op.OPT: "?", Op.LOOP: "↺", Op.EACH: "∀", Op.LEAF: "·"}


def method_text(method: Method, lang: Lang) -> str:
    """The method on a few screens."""
    lines = [f"{method.ref}  {method.title.to(lang)}", f"sha256 {method.hash}", ""]
    lines += _tree(method, method.tree.root, lang, 0)
    for leaf in method.tree.free:
        lines.append(f"~ {method.words.leaves[leaf].address}  {method.words.leaves[leaf].label.to(lang)}")
    lines += ["", *_answers(method, lang), "", *_meetings(method, lang), "", *_papers(method, lang), ""]
    for row in method.requirements:
        lines.append(f"{row.code}  {row.is_.value:12} {row.severity.value:8} {row.due!s:22} {row.why.to(lang)}")
        if row.quote:
            lines.append(f"        « {row.quote} » ({row.origin})")
    lines += ["", *_numbers(method)]
    return "\n".join(lines) + "\n"


_ASKED = {"many": Text("plusieurs", "several"), "per": Text("par", "for each"), "invites": Text("invite", "invites"), "come": Text("viennent", "come"), "holds": Text("contient", "holds")}


def _answers(method: Method, lang: Lang) -> list[str]:
    """What a dossier says, and in what shape: `?` what may be left out, `*` what may be several."""
    lines = []
    for facet in method.facets:
        fields = ", ".join(f"{f.name}{'*' if f.many else ''}{'?' if f.optional else ''} ({f.type})" for f in facet.fields) or facet.type
        about = f", {_ASKED['per'].to(lang)} {facet.scope}" if facet.scope else ""
        lines.append(f"{facet.id}  {facet.label.to(lang)}{', ' + _ASKED['many'].to(lang) if facet.many else ''}{about}{colon(lang)}{fields}")
    return lines


def _meetings(method: Method, lang: Lang) -> list[str]:
    """Each meeting with who invites and who comes, and its agenda, item by item."""
    roles = method.list_(method.roles)
    names = {w.id: w.label.to(lang) for w in roles.words} if roles else {}
    lines = []
    for leaf in (x for x in method.leaves if x.is_sitting):
        inviting, invited = leaf.inviting or leaf.role, ", ".join(names.get(r, r) for r in leaf.invited)
        parts = [f"{_ASKED['invites'].to(lang)}{colon(lang)}{names.get(inviting, inviting)}"] if inviting else []
        parts += [f"{_ASKED['come'].to(lang)}{colon(lang)}{invited}"] if invited else []
        lines += [f"{leaf.label.to(lang)}  [{leaf.address}]  {' · '.join(parts)}".rstrip(), *(f"    {n}. {p.label.to(lang)}" for n, p in enumerate(leaf.agenda, 1))]
    return lines


def _papers(method: Method, lang: Lang) -> list[str]:
    """Each document with the items that it holds."""
    return [f"{d.label.to(lang)}  [{d.address}]" + (f"  {_ASKED['holds'].to(lang)}{colon(lang)}{', '.join(d.items)}" if d.items else "") for d in method.deliverables]


def _numbers(method: Method) -> list[str]:
    """The numbers of profiles and regimes, each with its source: that of its own, else that of the whole."""
    lines: list[str] = []
    holders: list[Profile | Regime] = [*method.profiles, *method.regimes]
    for holder in holders:
        sources = holder.values.get("sources")
        own = dict(sources.pairs) if isinstance(sources, Record) else {}
        lines += [holder.id, *(f"    {key} = {_short(value)}  ({own.get(key, holder.origin)})" for key, value in holder.values if key != "sources")]
    return lines


def _short(value: Value) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_short(v) for v in value)}]"
    return "{ " + ", ".join(f"{k} = {_short(v)}" for k, v in value) + " }" if isinstance(value, Record) else str(value)


def _name(method: Method, node: Node, lang: Lang) -> str:
    if node.op is Op.LEAF:
        leaf = method.words.leaves[node.leaf]
        return f"{leaf.label.to(lang)}  [{leaf.address}]"
    phase = next((p.label.to(lang) for p in method.phases if p.id == node.name), None)
    return f"{phase or node.name}" + (f" ({method.words.kinds[node.kind].label.to(lang)})" if node.kind else "")


def _tree(method: Method, node: Node, lang: Lang, depth: int) -> list[str]:
    lines = [f"{'  ' * depth}{_MARKS[node.op]} {_name(method, node, lang)}"]
    for kid in node.kids:
        lines += _tree(method, kid, lang, depth + 1)
    return lines


def mermaid(method: Method, lang: Lang) -> str:
    """The tree as a Mermaid flowchart: a box for each block, its operator on it."""
    lines = ["flowchart LR"]
    for node in method.tree.root.walk():
        label = _name(method, node, lang).replace('"', "'").replace("[", "(").replace("]", ")")
        shape = f'(["{label}"])' if node.op is Op.LEAF else f'["{_MARKS[node.op]} {label}"]'
        lines.append(f"  n{node.id}{shape}")
        lines += [f"  n{node.id} --> n{kid.id}" for kid in node.kids]
    return "\n".join(lines) + "\n"


def source_text(method: Method, lang: Lang) -> str:
    """Each line of the text that a method comes from, by its first words, with the elements that carry it."""
    lines = [method.source_title]
    section = ""
    for line in method.source_lines:
        if line.section != section:
            section = line.section
            lines += ["", section]
        lines += [f"  « {line.quote} »", f"      {', '.join(line.carried)}" if line.carried else f"      {Text('exempté', 'exempt').to(lang)}{colon(lang)}{line.exempt}"]
    carried = sum(bool(x.carried) for x in method.source_lines)
    exempt = len(method.source_lines) - carried
    lines += ["", Text(f"{len(method.source_lines)} lignes : {carried} portées, {exempt} exemptées", f"{len(method.source_lines)} lines: {carried} carried, {exempt} exempt").to(lang)]
    return "\n".join(lines) + "\n"


def readings_text() -> str:
    """The three readings of each kind of requirement, a line each."""
    lines = []
    for kind in Is:
        found = readings_of(kind)
        lines += [kind.value, f"  guard    {found.guard}", f"  planner  {found.planner}", f"  verdict  {found.verdict}"]
    return "\n".join(lines) + "\n"
