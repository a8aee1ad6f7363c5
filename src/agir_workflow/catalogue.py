"""
Every rule that a verdict is made of, as a value: the rows of the method by their code, and the few that are code.

Rows of one code are one rule: the same condition at several steps, or in several parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import attrs

from .errors import UnknownNameError
from .method import Method
from .requirements import Due, Requirement
from .toml_file import near
from .values import Record
from .words import Aspect, Code, Severity, Text


class Written(Protocol):
    """A rule that is a small function; `no_row` says why it is no row of the method."""

    @property
    def code(self) -> Code: ...
    @property
    def aspect(self) -> Aspect: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def due(self) -> Due: ...
    @property
    def origin(self) -> str: ...
    @property
    def quote(self) -> str: ...
    @property
    def reference(self) -> Text: ...
    @property
    def where(self) -> str: ...
    @property
    def why(self) -> Text: ...
    @property
    def fix(self) -> Text: ...
    @property
    def no_row(self) -> Text: ...


@attrs.frozen(kw_only=True)
class Part:
    """
    One row of a rule: its kind, when it is due, its severity (the gravest, where bands decide), its sentences, and
    where it comes from.
    """

    kind: str | None
    due: Due
    severity: Severity
    why: Text
    fix: Text
    origin: str
    quote: str = ""
    reference: Text
    where: str


@attrs.frozen(kw_only=True)
class Rule:
    """
    One code of the catalogue.

    `severity` is the gravest of its parts; `keys` are the profile's numbers that it reads, `regime` those of the regime;
    `no_row` is None for a rule made of rows. `reference` and `where` say what the `origin` names, and
    where to read it, "" where the method does not say.
    """

    code: Code
    aspect: Aspect
    severity: Severity
    origin: str
    quote: str
    reference: Text
    where: str
    source: str
    keys: tuple[str, ...]
    regime: tuple[str, ...] = ()
    derogable: bool
    parts: tuple[Part, ...]
    no_row: Text | None = None

    @property
    def by(self) -> str:
        return "row" if self.no_row is None else "code"


def catalogue(method: Method, written: Iterable[Written] = ()) -> tuple[Rule, ...]:
    """Every rule of a method and of the check itself, by code."""
    rows: dict[Code, list[Requirement]] = {}
    for row in method.requirements:
        rows.setdefault(row.code, []).append(row)
    out = [_of_rows(method, found) for found in rows.values()]
    for rule in written:
        part = Part(kind=None, due=rule.due, severity=rule.severity, why=rule.why, fix=rule.fix, origin=rule.origin, quote=rule.quote, reference=rule.reference, where=rule.where)
        out.append(Rule(code=rule.code, aspect=rule.aspect, severity=rule.severity, origin=rule.origin, quote=rule.quote, reference=rule.reference,
                        where=rule.where, source="", keys=(), derogable=False, parts=(part,), no_row=rule.no_row))  # fmt: skip
    return tuple(sorted(out, key=lambda r: r.code))


def _of_rows(method: Method, rows: list[Requirement]) -> Rule:
    first = rows[0]
    parts = tuple(_part(method, r) for r in rows)
    keys, regime = ({str(v.get(of)) for r in rows for _, v in r.params if isinstance(v, Record) and v.get(of)} for of in ("profile", "regime"))
    return Rule(code=first.code, aspect=first.aspect, severity=min((r.severity for r in rows), key=lambda s: s.rank), origin=first.origin,
                quote=next((r.quote for r in rows if r.quote), ""), reference=method.words.reference(first.origin),
                where=parts[0].where, source=first.source, keys=tuple(sorted(keys)), regime=tuple(sorted(regime)),
                derogable=all(r.derogable for r in rows), parts=parts)  # fmt: skip


def _part(method: Method, row: Requirement) -> Part:
    named = method.words.origins.get(row.origin)
    return Part(kind=row.is_.value, due=row.due, severity=row.severity, why=row.why, fix=row.fix, origin=row.origin, quote=row.quote,
                reference=method.words.reference(row.origin), where=named.where if named else "")  # fmt: skip


def rule_of(rules: tuple[Rule, ...], code: str) -> Rule:
    """The rule of a code. Raises UnknownNameError, with the nearest that exists."""
    found = next((r for r in rules if r.code == code.upper()), None)
    if found is None:
        raise UnknownNameError("rule", code, near(code.upper(), [str(r.code) for r in rules]))
    return found
