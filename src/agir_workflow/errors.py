"""
Everything raised on purpose, split by what the caller should do next.

Each error carries facts; its sentence is made from them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from .words import Lang, Text

if TYPE_CHECKING:
    from .answers import Refused


class AgirError(Exception):
    """Catch this one to catch them all."""


@attrs.frozen
class Fault:
    """One thing wrong in a file: where, what was expected, what was found, how to mend it."""

    path: str
    what: Text
    mend: Text
    line: int | None = None
    file: str | None = None

    def to(self, lang: Lang) -> str:
        where = ":".join(str(p) for p in (self.file, self.line) if p is not None)
        lead = f"{where}: " if where else ""
        return f"{lead}{self.path}: {self.what.to(lang)} → {self.mend.to(lang)}"

    def __str__(self) -> str:
        return self.to("en")


class FaultyFileError(AgirError):
    """A file cannot be read as it is; `faults` lists everything wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def to(self, lang: Lang) -> str:
        return "\n".join(f.to(lang) for f in self.faults)

    def __str__(self) -> str:
        return self.to("en")


class MethodError(FaultyFileError):
    """Mend the method file."""


class DossierError(FaultyFileError):
    """Mend the dossier file."""


class RefusedError(AgirError):
    """The method says «not yet»: show `refused.blockers`."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused)
        self.refused = refused

    def to(self, lang: Lang) -> str:
        return "\n".join(b.text.to(lang) for b in self.refused.blockers)

    def __str__(self) -> str:
        return self.to("en")


_FRENCH = {
    "address": "adresse", "chart": "diagramme", "decision": "décision", "language": "langue", "method": "méthode", "profile": "profil", "regime": "régime",
    "requirement": "exigence", "rule": "règle", "verb": "verbe", "zone": "fuseau",
}  # fmt: skip
_FEMININE = frozenset({"address", "decision", "language", "method", "requirement", "rule"})


class UnknownNameError(AgirError, LookupError):
    """A name that nothing bears; `near` is the nearest that something does."""

    def __init__(self, kind: str, name: str, near: str | None = None) -> None:
        super().__init__(kind, name, near)
        self.kind, self.name, self.near = kind, name, near

    def to(self, lang: Lang) -> str:
        if lang == "fr":
            return f"{_FRENCH.get(self.kind, self.kind)} « {self.name} » inconnu{'e' if self.kind in _FEMININE else ''}" + (f" : vouliez-vous dire « {self.near} » ?" if self.near else "")
        return f"unknown {self.kind} '{self.name}'" + (f": did you mean '{self.near}'?" if self.near else "")

    def __str__(self) -> str:
        return self.to("en")


class NotPlannedError(UnknownNameError):
    """A step of the method that has no date in a plan, and so none that could be given; `why` says why."""

    def __init__(self, name: str, why: Text) -> None:
        super().__init__("address", name)
        self.args = (name, why)
        self.why = why

    def to(self, lang: Lang) -> str:
        return f"{self.name}{' :' if lang == 'fr' else ':'} {self.why.to(lang)}"


class SittingError(AgirError, LookupError):
    """A sitting that there is not; `known` are those there are, `following` the one that may come next, if any may."""

    def __init__(self, name: str, known: tuple[str, ...], following: str | None) -> None:
        super().__init__(name, known, following)
        self.name, self.known, self.following = name, known, following

    def to(self, lang: Lang) -> str:
        there = ", ".join(self.known)
        if lang == "fr":
            known, ahead = f"il y a {there}" if there else "il n'y en a encore aucune", f" ; la prochaine sera {self.following}" if self.following else ""
            return f"séance « {self.name} » inconnue : {known}{ahead}"
        known, ahead = f"there is {there}" if there else "there is none yet", f"; the next will be {self.following}" if self.following else ""
        return f"unknown sitting '{self.name}': {known}{ahead}"

    def __str__(self) -> str:
        return self.to("en")


class AlignmentError(AgirError):
    """An exact alignment would cost more than is allowed, and no other is given; `why` says what is too much, `case` for which trace."""

    def __init__(self, why: Text, case: str | None = None) -> None:
        super().__init__(why, case)
        self.why, self.case = why, case

    def to(self, lang: Lang) -> str:
        if lang == "fr":
            return f"{f'« {self.case} » : ' if self.case else ''}alignement exact hors de portée, {self.why.fr}"
        return f"{f'{self.case!r}: ' if self.case else ''}exact alignment out of reach, {self.why.en}"

    def __str__(self) -> str:
        return self.to("en")


class PlanningError(AgirError):
    """
    No plan exists; `conflicts` are the smallest sets of requirements that exclude each other.

    Not `proved`, and without conflicts, where the search gave up before it could tell; not `minimal`
    where it is proved that there is none, and the one set given may hold a key too many. Where no way through the
    method's choices has a plan, the conflicts are those of the way nearest to one, and `way` says which, if it is not the first;
    not `proved`, and with these conflicts, where another way was given up, or not tried.
    """

    def __init__(self, conflicts: tuple[tuple[str, ...], ...], *, proved: bool = True, minimal: bool = True, way: Text | None = None, problem: object = None) -> None:
        super().__init__(conflicts)
        self.conflicts, self.proved, self.minimal, self.way = conflicts, proved, minimal, way
        self.problem = problem
        """What was to be solved, a `planning.problem.Problem`; None where nothing was asked of the planner."""

    def to(self, lang: Lang) -> str:
        if not self.conflicts and not self.proved:
            return "recherche abandonnée sans preuve : fixer des dates" if lang == "fr" else "search given up without proof: fix some days"
        said = [f"{self.lead.to(lang)}{' :' if lang == 'fr' else ':'} {' + '.join(c)}" for c in self.conflicts]
        return "\n".join([*said, *(x.to(lang) for x in self.besides)])

    @property
    def lead(self) -> Text:
        """What the conflicts show: that there is no plan; only that none was found, where not all was searched."""
        return Text("aucun calendrier possible", "no plan exists") if self.proved else Text("aucun calendrier trouvé", "no plan found")

    @property
    def besides(self) -> tuple[Text, ...]:
        """What is to be said beside the conflicts: whose they are, and what is not sure of them."""
        unproved = Text("d'autres voies n'ont pas été cherchées jusqu'au bout : l'une d'elles peut avoir un calendrier", "other ways were not searched to their end: one of them may have a plan")
        return tuple(x for x in (self.nearest, None if self.proved else unproved, None if self.minimal else self.doubt) if x)

    @property
    def nearest(self) -> Text | None:
        """Which way the conflicts are of, where it is not the first."""
        return self.way and Text(f"voie la plus proche d'un calendrier : {self.way.fr}", f"the way nearest to a plan: {self.way.en}")

    @property
    def doubt(self) -> Text:
        """What to say of conflicts that are not sure to be minimal."""
        return Text("(une partie de ces exigences suffit peut-être à l'exclure)", "(part of these requirements may be enough to exclude one)")

    def __str__(self) -> str:
        return self.to("en")


class CalendarError(AgirError, ValueError):
    """A calendar that cannot be: `why` says what stands against it."""

    def __init__(self, why: Text) -> None:
        super().__init__(why)
        self.why = why

    def to(self, lang: Lang) -> str:
        return self.why.to(lang)

    def __str__(self) -> str:
        return self.why.en


class StoreError(AgirError):
    """The journal could not be read or written. Made of one sentence: a text of one language, or a `Text` of both."""

    def to(self, lang: Lang) -> str:
        said = self.args[0] if len(self.args) == 1 else ""
        return said.to(lang) if isinstance(said, Text) else str(said)

    def __str__(self) -> str:
        return self.to("en")


class ConflictError(StoreError):
    """Somebody wrote first: read again, decide again."""

    def __init__(self, dossier: str, expected: int, found: int) -> None:
        super().__init__(dossier, expected, found)
        self.dossier, self.expected, self.found = dossier, expected, found

    def to(self, lang: Lang) -> str:
        if lang == "fr":
            return f"dossier « {self.dossier} » à la version {self.found}, non {self.expected}"
        return f"dossier {self.dossier!r} is at version {self.found}, not {self.expected}"


class IdempotencyError(StoreError):
    """The same key was already used for another command."""

    def __init__(self, dossier: str, key: str) -> None:
        super().__init__(dossier, key)
        self.dossier, self.key = dossier, key

    def to(self, lang: Lang) -> str:
        if lang == "fr":
            return f"la clé « {self.key} » a déjà servi à une autre commande dans le dossier « {self.dossier} »"
        return f"key {self.key!r} was already used in dossier {self.dossier!r} for another command"


class DossierNotFoundError(StoreError, LookupError):
    """The store has no dossier of that id."""

    def __init__(self, dossier: str) -> None:
        super().__init__(dossier)
        self.dossier = dossier

    def to(self, lang: Lang) -> str:
        return f"dossier « {self.dossier} » inconnu" if lang == "fr" else f"no dossier {self.dossier!r}"


class BrokenChainError(StoreError):
    """A record of the journal does not carry the hash that its content has."""

    def __init__(self, dossier: str, version: int, why: str) -> None:
        super().__init__(dossier, version, why)
        self.dossier, self.version, self.why = dossier, version, why

    def to(self, lang: Lang) -> str:
        if lang == "fr":
            return f"dossier « {self.dossier} », enregistrement {self.version} : la chaîne des empreintes est rompue"
        return f"dossier {self.dossier!r}, record {self.version}: {self.why}"


class MethodMismatchError(AgirError):
    """The dossier was opened with another text of the method than the one at hand."""

    def __init__(self, dossier: str, pinned: str, found: str) -> None:
        super().__init__(dossier, pinned, found)
        self.dossier, self.pinned, self.found = dossier, pinned, found

    def to(self, lang: Lang) -> str:
        if lang == "fr":
            return f"le dossier « {self.dossier} » suit {self.pinned} ; la méthode présente est {self.found}"
        return f"dossier {self.dossier!r} follows {self.pinned}, the method at hand is {self.found}"

    def __str__(self) -> str:
        return self.to("en")


class MissingExtraError(AgirError, ImportError):
    """A part that is an extra is asked for and not installed."""

    def __init__(self, extra: str, module: str) -> None:
        super().__init__(extra, module)
        self.extra, self.module = extra, module

    def to(self, lang: Lang) -> str:
        lead = f"{self.module} manque : installer" if lang == "fr" else f"{self.module} is missing: install"
        return f"{lead} agir_workflow[{self.extra}]"

    def __str__(self) -> str:
        return self.to("en")
