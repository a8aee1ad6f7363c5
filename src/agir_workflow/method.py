"""
A method, as a value: words, tree, requirements, regimes and profiles.

Kinds, leaves, facets and lists carry the method's own words, so that a second method needs no
line of Python.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from functools import cached_property
from itertools import zip_longest
from typing import TypeAlias, TypeVar

import attrs

from .dossier import Label
from .errors import Fault, UnknownNameError
from .requirements import Form, Requirement
from .tree import Tree
from .values import EMPTY, Record
from .words import (
    COMPLETES,
    NO_TEXT,
    Address,
    Code,
    DeliverableId,
    FacetId,
    InstanceId,
    KindId,
    LeafId,
    ListId,
    Sort,
    Text,
    Verb,
)

_SLOT = re.compile(r"\{(\w+)\}")


@attrs.frozen(kw_only=True)
class Kind:
    """What may have instances: a theme, a pilot… ; `inside` is the kind that holds it."""

    id: KindId
    label: Text
    inside: KindId | None = None
    attributes: tuple[Field, ...] = ()
    origin: str
    quote: str = ""


@attrs.frozen(kw_only=True)
class Field:
    """
    A named part of a value. `type`: text, int, bool, date, duration, or the id of a list or kind whose words or instances
    it must name; `many` allows several; `label` is what people call it, where its name or its list does not say it.
    """

    name: str
    type: str
    many: bool = False
    optional: bool = False
    label: Text | None = None


@attrs.frozen(kw_only=True)
class Origin:
    """
    What the `origin` of an element names: a part of the seed, or a text that tells of a practice.

    `where` is its address for a person to look up, "" where there is none.
    """

    id: str
    title: Text
    where: str = ""


@attrs.frozen(kw_only=True)
class Point:
    """One item of a meeting's agenda."""

    id: str
    label: Text
    origin: str
    quote: str = ""


@attrs.frozen(kw_only=True)
class Leaf:
    """
    A step of the tree. `address` is its pattern (`gt1/{theme}`); `tags` name the calendars it
    belongs to; `inviting` is the role that invites to it, `invited` those who come; `best_before` names the steps and documents that it is best done before.
    """

    id: LeafId
    sort: Sort
    label: Text
    address: str
    role: str | None = None
    decisions: tuple[str, ...] = ()
    agenda: tuple[Point, ...] = ()
    tags: tuple[str, ...] = ()
    inviting: str | None = None
    invited: tuple[str, ...] = ()
    best_before: tuple[str, ...] = ()
    hours: str = ""
    origin: str
    quote: str = ""

    @cached_property
    def scope(self) -> tuple[KindId, ...]:
        return tuple(KindId(k) for k in _SLOT.findall(self.address))

    @cached_property
    def completes(self) -> Verb:
        """The verb that completes it."""
        return COMPLETES[self.sort]

    @property
    def is_sitting(self) -> bool:
        """Whether people meet: it has a date in a calendar, notice and attendance."""
        return self.sort in (Sort.MEETING, Sort.DECISION)

    def at(self, inst: tuple[InstanceId, ...]) -> Address:
        before, *after = self._pieces
        return Address(before + "".join([id + piece for id, piece in zip_longest(inst[: len(after)], after, fillvalue="*")])) if after else Address(before)

    @cached_property
    def _pieces(self) -> tuple[str, ...]:
        """The address pattern without its slots."""
        return tuple(_SLOT.split(self.address)[::2])


@attrs.frozen(kw_only=True)
class Facet:
    """
    What a dossier says, apart from its steps: an answer of the cadre, a stake, an action…

    `scope` is the kind or list of its subjects (None: the dossier itself). Without fields the
    value is of `type`; with fields, a record of them. `seats`: its items are the seats of the people
    who meet at that step or set of steps. `documents`: the field that names documents in free words; `days_of`: it announces the days of that step or set.
    """

    id: FacetId
    label: Text
    scope: str | None = None
    many: bool = False
    type: str = "text"
    fields: tuple[Field, ...] = ()
    example: str = ""
    seats: str | None = None
    documents: str | None = None
    days_of: str | None = None
    role: str | None = None
    origin: str
    quote: str = ""

    @cached_property
    def must_say(self) -> tuple[str, ...]:
        """The texts that each of its records must hold."""
        return tuple(f.name for f in self.fields if f.type == "text" and not f.optional)


@attrs.frozen(kw_only=True)
class Deliverable:
    """A document with versions: draft, submitted, returned or approved, revoked; `items` are the facets that it holds."""

    id: DeliverableId
    label: Text
    address: str
    role: str | None = None
    of: tuple[LeafId, ...] = ()
    items: tuple[FacetId, ...] = ()
    origin: str
    quote: str = ""

    @cached_property
    def scope(self) -> tuple[KindId, ...]:
        return tuple(KindId(k) for k in _SLOT.findall(self.address) if k != "sitting")

    @property
    def per_sitting(self) -> bool:
        return "{sitting}" in self.address


@attrs.frozen(kw_only=True)
class Word:
    """A member of one of the method's lists (a college, a question, a role…)."""

    id: str
    label: Text
    attributes: Record = EMPTY
    origin: str
    quote: str = ""


@attrs.frozen(kw_only=True)
class WordList:
    id: ListId
    label: Text
    words: tuple[Word, ...]
    origin: str
    quote: str = ""

    def word(self, id: str) -> Word | None:
        for word in self.words:
            if word.id == id:
                return word
        return None


@attrs.frozen(kw_only=True)
class LeafSet:
    """A name for several leaves: all sessions, all copils…"""

    id: str
    label: Text
    leaves: tuple[LeafId, ...]
    origin: str
    quote: str = ""


@attrs.frozen(kw_only=True)
class Phase:
    id: str
    label: Text
    origin: str
    quote: str = ""


@attrs.frozen(kw_only=True)
class Regime:
    """How a decision body is convened: notice, quorum, minutes; from the law or from usage. `sources` say where each number comes from."""

    id: str
    label: Text
    values: Record
    origin: str
    quote: str = ""


@attrs.frozen(kw_only=True)
class Profile:
    """Thresholds and durations, `sources` among them; `values` already holds those of the profile it extends."""

    id: str
    label: Text
    values: Record
    origin: str
    quote: str = ""
    extends: str | None = None


_Numbers = TypeVar("_Numbers", Profile, Regime)


@attrs.frozen(kw_only=True)
class SourceLine:
    """
    One line of the text that a method comes from, by its first words (*quote*), with what carries it.

    `carried` names elements: their id, the code of a requirement, `list.word`, `leaf.point`, or
    `method`. A line that nothing carries says why in `exempt`.
    """

    section: str
    quote: str
    carried: tuple[str, ...] = ()
    exempt: str = ""


@attrs.frozen(kw_only=True, eq=False)
class Method:
    """
    The whole of a method. Read one with `read_method` or `load_method`.

    `extends` is the reference and hash of the method that an overlay stands on, hashed apart; `strays`
    are the codes that it removes and that the base never had.
    `ref` is `name@version`; `hash` is the SHA-256 of the normalised content. A dossier pins both.
    `text` is the file it was read from, `under` that of the method it extends: what a store keeps.
    """

    name: str
    version: int
    hash: str
    title: Text
    origin: str
    quote: str = ""
    tree: Tree
    kinds: tuple[Kind, ...]
    leaves: tuple[Leaf, ...]
    facets: tuple[Facet, ...]
    deliverables: tuple[Deliverable, ...]
    lists: tuple[WordList, ...]
    sets: tuple[LeafSet, ...]
    phases: tuple[Phase, ...]
    requirements: tuple[Requirement, ...]
    regimes: tuple[Regime, ...]
    profiles: tuple[Profile, ...]
    verdict_per: KindId | None = None
    colleges: ListId | None = None
    roles: ListId | None = None
    default_profile: str = ""
    default_regime: str = ""
    origins: tuple[Origin, ...] = ()
    source_title: str = ""
    source_lines: tuple[SourceLine, ...] = ()
    extends: str | None = None
    strays: tuple[str, ...] = ()
    file: str | None = None
    lines: tuple[tuple[str, int], ...] = attrs.field(default=(), repr=False)
    text: str = attrs.field(default="", repr=False)
    under: str = attrs.field(default="", repr=False)

    def __eq__(self, other: object) -> bool:
        """Two methods are one when their names, versions and contents are."""
        return isinstance(other, Method) and (self.ref, self.hash) == (other.ref, other.hash)

    def __hash__(self) -> int:
        return hash(self.hash)

    @property
    def ref(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def base(self) -> str | None:
        """The `name@version` of the method that an overlay stands on."""
        return self.extends.partition(" ")[0] if self.extends else None

    @cached_property
    def words(self) -> Words:
        return Words(self)

    def problems(self) -> tuple[Fault, ...]:
        """
        Every fault at once, with path and, where the method came from a file, its line; () when sound.

        A word said twice, a name that nothing bears (with the nearest that something does), a
        requirement that contradicts the tree, an element without origin.
        """
        from .soundness import problems

        lines = dict(self.lines)
        return tuple(attrs.evolve(f, line=self.line_of(f.path, lines), file=self.file) for f in problems(self))

    def line_of(self, path: str, lines: dict[str, int] | None = None) -> int | None:
        """The line of a path in the file, or of the nearest thing that holds it; None for what came from no file."""
        known = dict(self.lines) if lines is None else lines
        while path and path not in known:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return known.get(path)

    def elements(self) -> dict[str, str]:
        """
        Everything with an origin: its quote, under the name by which a line of the source cites it.

        Quotes of the rows of one code are joined by a line break.
        """
        out: dict[str, str] = {"method": self.quote}
        named = (self.kinds, self.leaves, self.facets, self.deliverables, self.phases, self.regimes, self.profiles, self.sets, self.lists)
        for group in named:
            for one in group:
                out[str(one.id)] = one.quote
        for words in self.lists:
            out |= {f"{words.id}.{w.id}": w.quote for w in words.words}
        for leaf in self.leaves:
            out |= {f"{leaf.id}.{p.id}": p.quote for p in leaf.agenda}
        for row in self.requirements:
            out[str(row.code)] = "\n".join(q for q in (out.get(str(row.code), ""), row.quote) if q)
        return out

    def profile(self, id: str) -> Profile:
        """The profile of that id. Raises UnknownNameError."""
        return _of_id("profile", self.profiles, id)

    def regime(self, id: str) -> Regime:
        """The regime of that id. Raises UnknownNameError."""
        return _of_id("regime", self.regimes, id)

    def list_(self, id: str | None) -> WordList | None:
        for one in self.lists:
            if one.id == id:
                return one
        return None


def _of_id(what: str, known: tuple[_Numbers, ...], id: str) -> _Numbers:
    found = next((one for one in known if one.id == id), None)
    if found is None:
        raise UnknownNameError(what, id)
    return found


Place: TypeAlias = tuple[Leaf, tuple[InstanceId, ...], int]
Paper: TypeAlias = tuple[Deliverable, tuple[InstanceId, ...]]
_MOST = 10_000
"""Addresses remembered; a host of many dossiers would else grow without bound."""


class _Leaves(dict[str, tuple[LeafId, ...]]):
    __slots__ = ()

    def __missing__(self, name: str) -> tuple[LeafId, ...]:
        return ()


class Words:
    """Look-up tables of a method; they ride along outside equality, hash and pickle."""

    def __init__(self, method: Method) -> None:
        self.kinds = {k.id: k for k in method.kinds}
        self.leaves = {x.id: x for x in method.leaves}
        self.facets = {f.id: f for f in method.facets}
        self.deliverables = {d.id: d for d in method.deliverables}
        self.lists = {x.id: x for x in method.lists}
        self.sets = {s.id: s for s in method.sets}
        self.origins = {o.id: o for o in method.origins}
        self.decisions = tuple(x for x in method.leaves if x.sort is Sort.DECISION)
        self._addresses: dict[str, Place | None] = {}
        self._papers: dict[str, Paper | None] = {}
        self._labels: dict[str, tuple[Leaf, Label, int]] = {}
        self.free = frozenset(method.tree.free)
        self.boards: dict[object, object] = {}
        """The moves over each set of lanes; see `_tip`."""
        self.compiled: dict[Hashable, object] = {}
        """What the readings compile of the rows, by what it is."""
        self.patterns = tuple((_as_regex(x.address), x) for x in method.leaves)
        self.papers = tuple((_as_regex(d.address), d) for d in method.deliverables)
        self.row_of: dict[Code, Requirement] = {row.code: row for row in reversed(method.requirements)}
        """The first row of each code."""
        self.due_rows: dict[tuple[Form, str], tuple[Requirement, ...]] = {}
        for row in method.requirements:
            for leaf in self.leaves_of(row.due.name) if row.due.form in (Form.LEAF, Form.AFTER) else (row.due.name,):
                key = (row.due.form, str(leaf))
                self.due_rows[key] = (*self.due_rows.get(key, ()), row)
        self.phase_of = {leaf.leaf: phase for phase in method.tree.phases for leaf in phase.leaves()}

    @cached_property
    def leaves_of(self) -> Callable[[str], tuple[LeafId, ...]]:
        """The leaves that a name stands for: a leaf itself, or a set of them; () for another word. Asked so often that the table itself answers."""
        return _Leaves([*((x, (x,)) for x in self.leaves), *((s.id, s.leaves) for s in self.sets.values())]).__getitem__

    def reference(self, origin: str) -> Text:
        """The title of what an origin names; empty where the method declares none."""
        return self.origins[origin].title if origin in self.origins else NO_TEXT

    def find_leaf(self, address: str) -> Place | None:
        """The leaf of an address, the instances it names, and which sitting (`#2`) it is."""
        if address in self._addresses:
            return self._addresses[address]
        if len(self._addresses) > _MOST:
            self._addresses.clear()
        place = self._addresses[address] = self._place(address)
        return place

    def _place(self, address: str) -> Place | None:
        base, mark, n = address.partition("#")
        if mark and not re.fullmatch(r"[1-9][0-9]{0,3}", n):
            return None
        for pattern, leaf in self.patterns:
            if found := pattern.fullmatch(base):
                return leaf, tuple(InstanceId(g) for g in found.groups()), int(n) if n else 0
        return None

    def find_label(self, address: str) -> tuple[Leaf, Label, int] | None:
        """The same with its label, one object for all who ask."""
        found = self._labels.get(address)
        if found is None and (place := self.find_leaf(address)) is not None:
            if len(self._labels) > _MOST:
                self._labels.clear()
            leaf, inst, n = place
            found = self._labels[address] = leaf, Label(leaf.id, inst), n
        return found

    def find_paper(self, address: str) -> tuple[Deliverable, tuple[InstanceId, ...]] | None:
        """The deliverable of an address; for one per sitting, the sitting's address is the instance."""
        if address in self._papers:
            return self._papers[address]
        if len(self._papers) > _MOST:
            self._papers.clear()
        places = ((paper, tuple(InstanceId(g) for g in found.groups())) for pattern, paper in self.papers if (found := pattern.fullmatch(address)))
        return self._papers.setdefault(address, next(places, None))

    def names(self) -> Iterator[str]:
        for table in (self.kinds, self.leaves, self.facets, self.deliverables, self.lists, self.sets):
            yield from (str(n) for n in table)


def _as_regex(address: str) -> re.Pattern[str]:
    out, last = "", 0
    for m in _SLOT.finditer(address):
        out += re.escape(address[last : m.start()]) + ("(.+)" if m[1] == "sitting" else "([^/#]+)")
        last = m.end()
    return re.compile(out + re.escape(address[last:]))
