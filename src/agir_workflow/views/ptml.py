"""
Process trees as PTML, the files of ProM and pm4py.

Read: sequence, `and`, `xor`, `xorLoop` of two or three (body, step back, and what comes after the
last round), tasks. A task without a name is silent; `or` is refused, for no block of ours means it.
"""

from __future__ import annotations

from pathlib import Path

import attrs

from ..doorstep import shown
from ..tree import Node, Op
from ..words import Text
from ._xml import Faults, ProcessTreeError, pump

_TAGS = {"sequence": Op.SEQ, "and": Op.PAR, "parallel": Op.PAR, "xor": Op.CHOICE, "xorLoop": Op.LOOP}
_TASKS = ("manualTask", "automaticTask")
_DEEPEST = 100


@attrs.define
class _Element:
    tag: str
    name: str
    line: int
    kids: list[str] = attrs.field(factory=list)


def read_ptml(path: str | Path) -> Node:
    """
    The process tree of a file. ProcessTreeError with every fault and its line.

    Children stand in the order of their `parentsNode` elements.
    """
    faults = Faults(path, ProcessTreeError)
    reader = _Reader(faults)
    for _ in pump(path, faults, reader.start, lambda _: None):
        pass
    return reader.tree()


class _Reader:
    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.root: str | None = None
        self.seen, self.trees = 0, 0
        self.elements: dict[str, _Element] = {}
        self.links: list[tuple[str, str, int]] = []
        self.numbers = 0

    def start(self, tag: str, found: dict[str, str], line: int) -> None:
        self.seen += 1
        if self.seen == 1:
            if tag != "ptml":
                self.faults.add(tag, Text(f"attendu : <ptml> ; trouvé : <{tag}>", f"expected <ptml>, found <{tag}>"), Text("donner un fichier PTML", "give a PTML file"), line)
                self.faults.tell()
        elif tag == "processTree":
            self.trees += 1
            self.root = found.get("root")
            if self.trees > 1:
                self.faults.add(tag, Text("attendu : un seul arbre ; trouvé : un second", "expected one tree, found a second"), Text("un arbre par fichier", "one tree in a file"), line)
        elif tag == "parentsNode":
            self.links.append((found.get("sourceId", ""), found.get("targetId", ""), line))
        elif tag in _TAGS or tag in _TASKS:
            id = found.get("id", "")
            if not id or id in self.elements:
                what = Text(f"attendu : un id libre ; trouvé : « {shown(id)} », déjà pris", f"expected an id that is free, found '{shown(id)}', taken already") if id else Text("attendu : un id ; trouvé : rien", "expected an id, found nothing")
                self.faults.add(f"{tag}.id", what, Text("donner à chaque bloc un id à lui", "give each block an id of its own"), line)
            self.elements[id] = _Element(tag, found.get("name", ""), line)
        else:
            self._unknown(tag, line)

    def _unknown(self, tag: str, line: int) -> None:
        if tag == "or":
            self.faults.add(tag, Text("attendu : un opérateur qui a un sens ici ; trouvé : <or>", "expected an operator that means something here, found <or>"),
                            Text("l'écrire avec xor et and", "write it with xor and and"), line)  # fmt: skip
        else:
            known = ", ".join((*_TAGS, *_TASKS))
            self.faults.add(tag, Text(f"attendu : un bloc connu ; trouvé : <{shown(tag)}>", f"expected a known block, found <{shown(tag)}>"), Text(f"écrire {known}", f"write {known}"), line)

    def tree(self) -> Node:
        self.faults.tell()
        owned = set[str]()
        for source, target, line in self.links:
            parent = self.elements.get(source)
            for end in (source, target):
                if end not in self.elements:
                    self.faults.add("parentsNode", Text(f"attendu : l'id d'un bloc ; trouvé : « {shown(end)} »", f"expected the id of a block, found '{shown(end)}'"), Text("corriger sourceId ou targetId", "mend sourceId or targetId"), line)
            if parent is None or target not in self.elements:
                continue
            if target in owned or target == self.root:
                self.faults.add("parentsNode", Text(f"attendu : un bloc sans place ; trouvé : « {shown(target)} », qui en a une", f"expected a block without a place, found '{shown(target)}', which has one"), Text("un parent par bloc, aucun pour la racine", "one parent a block, none for the root"), line)
            owned.add(target)
            parent.kids.append(target)
        if self.root not in self.elements:
            self.faults.add("processTree.root", Text(f"attendu : l'id d'un bloc ; trouvé : « {self.root or ''} »", f"expected the id of a block, found '{self.root or ''}'"), Text("nommer la racine", "name the root"))
        for element in self.elements.values():
            self._arity(element)
        self.faults.tell()
        # Asked of links that are whole: what a wrong one leaves apart is no fault of its own.
        reached = self._reached()
        for id, element in self.elements.items():
            if id not in reached:
                self.faults.add(f"{element.tag}.id", Text(f"attendu : un bloc que la racine atteint ; trouvé : « {shown(id)} », à part", f"expected a block that the root reaches, found '{shown(id)}', apart from it"),
                                Text("lui donner un parent, ou l'ôter", "give it a parent, or remove it"), element.line)  # fmt: skip
        self.faults.tell()
        assert self.root is not None
        return self._node(self.root, 1)

    def _reached(self) -> set[str]:
        """The ids of the blocks below the root, and its own."""
        found, ahead = set[str](), [self.root] if self.root else []
        while ahead:
            found.add(id := ahead.pop())
            ahead += self.elements[id].kids
        return found

    def _arity(self, element: _Element) -> None:
        n = len(element.kids)
        if element.tag in _TASKS:
            wanted, right = Text("aucun enfant", "no children"), n == 0
        elif element.tag == "xorLoop":
            wanted, right = Text("deux ou trois enfants", "two or three children"), n in (2, 3)
        else:
            wanted, right = Text("au moins un enfant", "one child at least"), n > 0
        if not right:
            self.faults.add(element.tag, Text(f"attendu : {wanted.fr} ; trouvé : {n}", f"expected {wanted.en}, found {n}"), Text("corriger les parentsNode", "mend the parentsNode elements"), element.line)

    def _node(self, id: str, depth: int) -> Node:
        element = self.elements[id]
        if depth > _DEEPEST:
            self.faults.add(element.tag, Text(f"plus de {_DEEPEST} blocs les uns dans les autres", f"more than {_DEEPEST} blocks within each other"), Text("simplifier l'arbre", "make the tree simpler"), element.line)
            self.faults.tell()
        self.numbers += 1
        me = self.numbers
        if element.tag in _TASKS:
            silent = element.tag == "automaticTask" or not element.name
            return Node(me, "" if silent else element.name, Op.SEQ if silent else Op.LEAF)
        kids = tuple(self._node(kid, depth + 1) for kid in element.kids)
        if element.tag != "xorLoop":
            return Node(me, element.name, _TAGS[element.tag], kids)
        body, again, *after = kids
        loop = Node(me, element.name, Op.LOOP, (body, again))
        if not after or after[0] == Node(after[0].id, "", Op.SEQ):
            return loop
        self.numbers += 1
        return Node(self.numbers, "", Op.SEQ, (loop, after[0]))
