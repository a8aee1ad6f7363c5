"""The tree of a method file: its named blocks, read into nested nodes."""

from __future__ import annotations

from .doorstep import DEEPEST, shown
from .toml_file import Table, near, type_name
from .tree import Node, Op, Tree
from .words import KindId, LeafId, Text, Verb


class _TreeReader:
    """The blocks of a tree file, each named once, read into nested nodes."""

    def __init__(self, t: Table) -> None:
        self.t = t
        self.blocks = {k: v for k, v in t.data.items() if isinstance(v, dict)}
        self.used: list[str] = []
        self.count = 0

    def node(self, name: str, scope: tuple[KindId, ...], above: tuple[str, ...]) -> Node:
        self.count += 1
        number = self.count
        if len(above) > DEEPEST:
            self.fault(name, f"attendu : {DEEPEST} blocs emboîtés au plus", f"expected {DEEPEST} blocks within each other at most", "aplatir l'arbre", "flatten the tree")
            self.used.append(name)
            return Node(number, name, Op.LEAF, scope=scope)
        block = self.blocks.get(name)
        if block is None:
            return Node(number, name, Op.LEAF, scope=scope)
        if name in self.used:
            self.fault(name, "bloc utilisé deux fois", "block used twice", "le nommer une seule fois", "name it once only")
            return Node(number, name, Op.SEQ, scope=scope)
        self.used.append(name)
        operators = [o for o in Op if o is not Op.LEAF and o.value in block]
        if len(operators) != 1:
            found = ", ".join(shown(str(k), 20) for k in block) or "{}"
            self.fault(name, f"attendu : un seul opérateur par bloc ; trouvé : {found}", f"expected one operator in a block, found {found}",
                       "écrire seq, par, choice, opt, loop ou each, l'un d'eux", "write seq, par, choice, opt, loop or each, one of them")  # fmt: skip
            return Node(number, name, Op.SEQ, scope=scope)
        op = operators[0]
        names, kind = self.parts(name, op, block[op.value])
        if op is Op.LOOP and (back := [x for x in names[1:] if x in self.blocks]):
            # A round more begins with one label, so that «once more» is one event, one line of a verdict, one way out of a refusal.
            self.fault(name, f"again : attendu une étape ; trouvé : le bloc « {shown(back[0])} »", f"again: expected a step, found the block '{shown(back[0])}'",
                       "nommer une étape, et mettre le reste dans body", "name one step, and put the rest into body")  # fmt: skip
        inner = (*scope, kind) if kind else scope
        kids = tuple(self.node(n, inner, (*above, name)) for n in names)
        for key in set(block) - {op.value, "phase"}:
            like = near(key, [op.value, "phase"]) or "phase = true"
            self.fault(name, f"clé inconnue : {shown(key)}", f"unknown key: {shown(key)}", f"écrire {like}, ou l'ôter", f"write {like}, or remove it")
        if type(block.get("phase", False)) is not bool:
            self.fault(name, "phase : attendu true ou false", "phase: expected true or false", "écrire phase = true", "write phase = true")
        return Node(number, name, op, kids, kind, scope, block.get("phase") is True)

    def parts(self, name: str, op: Op, spec: object) -> tuple[list[str], KindId | None]:
        if op in (Op.SEQ, Op.PAR, Op.CHOICE) and isinstance(spec, list) and spec and all(isinstance(x, str) for x in spec):
            return list(spec), None
        if op is Op.OPT and isinstance(spec, str):
            return [spec], None
        if op is Op.LOOP and isinstance(spec, dict) and set(spec) <= {"body", "again"} and isinstance(spec.get("body"), str):
            return [str(spec[k]) for k in ("body", "again") if k in spec], None
        if op is Op.EACH and isinstance(spec, dict) and {"of", "run"} <= set(spec) <= {"of", "run", "ends_early"}:
            self.ends(name, spec.get("ends_early", []), (Verb.END, Verb.MERGE))
            return [str(spec["run"])], KindId(str(spec["of"]))
        form = {Op.OPT: 'opt = "…"', Op.LOOP: 'loop = { body = "…", again = "…" }', Op.EACH: 'each = { of = "…", run = "…" }'}.get(op, f'{op} = ["…", "…"]')
        found = type_name(spec)
        self.fault(name, f"opérateur « {op} » : attendu {form} ; trouvé : {found.fr}", f"operator '{op}': expected {form}, found {found.en}", f"écrire {form}", f"write {form}")
        return [], None

    def ends(self, path: str, told: object, known: tuple[Verb, ...]) -> None:
        """The verbs that leave a lane, or the whole, before its last step: what was done by then is judged as a beginning, and they are always the same."""
        for verb in told if isinstance(told, list) else (told,):
            if verb not in list(known):
                words = ", ".join(f'"{v}"' for v in known)
                self.fault(path, f"ends_early : attendu {words} ; trouvé : {shown(str(verb))}", f"ends_early: expected {words}, found {shown(str(verb))}",
                           f"écrire ends_early = [{words}]", f"write ends_early = [{words}]")  # fmt: skip

    def fault(self, name: str, fr: str, en: str, mend_fr: str, mend_en: str) -> None:
        self.t.fault(name, Text(fr, en), Text(mend_fr, mend_en))


def read_tree(t: Table) -> Tree:
    """The tree of a method file; every fault is noted in the document of its table."""
    reader = _TreeReader(t)
    free = tuple(LeafId(x) for x in t.texts("free"))
    reader.ends("ends_early", list(t.texts("ends_early")), (Verb.ABANDON,))
    root = reader.node(t.text("root"), (), ())
    for name in reader.blocks:
        if name not in reader.used:
            reader.fault(name, "bloc que l'arbre n'atteint pas", "block that the tree does not reach", "le nommer dans un autre bloc, ou l'ôter", "name it in another block, or remove it")
    for key in reader.blocks:
        t.asked.add(key)
    t.done()
    return Tree(root, free)
