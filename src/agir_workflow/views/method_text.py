"""A method for reading: its words, its tree, its requirements; and its tree as a Mermaid flowchart."""

from __future__ import annotations

from ..method import Method
from ..readings.table import readings_of
from ..requirements import Is
from ..tree import Node, Op
from ..words import Lang, Text

_MARKS = {Op.SEQ: "→", Op.PAR: "∥", Op.CHOICE: "×", Op.OPT: "?", Op.LOOP: "↺", Op.EACH: "∀", Op.LEAF: "·"}


def method_text(method: Method, lang: Lang) -> str:
    """The method on a few screens."""
    lines = [f"{method.ref}  {method.title.to(lang)}", f"sha256 {method.hash}", ""]
    lines += _tree(method, method.tree.root, lang, 0)
    for leaf in method.tree.free:
        lines.append(f"~ {method.words.leaves[leaf].address}  {method.words.leaves[leaf].label.to(lang)}")
    lines.append("")
    for row in method.requirements:
        lines.append(f"{row.code}  {row.is_.value:12} {row.severity.value:8} {row.due!s:22} {row.why.to(lang)}")
        if row.quote:
            lines.append(f"        « {row.quote} » ({row.origin})")
    lines += ["", "  ".join(p.id for p in method.profiles), "  ".join(r.id for r in method.regimes)]
    return "\n".join(lines) + "\n"


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
        lines += [f"  « {line.quote} »", f"      {', '.join(line.carried)}" if line.carried else f"      {Text('exempté', 'exempt').to(lang)} : {line.exempt}"]
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
