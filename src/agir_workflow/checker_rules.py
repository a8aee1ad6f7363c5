"""
The rules on the check itself: what no row can say, because it speaks of rows.

One small function each, registered in `CODE_RULES` with all that a row has; `agir rules` lists them
beside the rows. None of them can be lifted by a copil.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import attrs

from .dossier import Derogation
from .readings._judged import Judged
from .readings._phrases import day_of, joined
from .readings.granted import derogable, granted, in_force, justified, why_void
from .requirements import Due, Form, Is, Requirement
from .toml_file import near
from .view import View
from .words import NO_TEXT, Aspect, Code, Severity, State, Text

ALWAYS = Due(Form.ALWAYS)
SOON = dt.timedelta(days=30)
"""How long before its end a dérogation is said to expire."""


@attrs.frozen(kw_only=True)
class Checked:
    """What each row gave for a dossier on a day, before any dérogation."""

    view: View
    at: dt.date
    judged: Sequence[tuple[Requirement, Collection[Judged]]]
    lacking: Mapping[Code, Sequence[Judged]]
    """What was judged under the codes of which an input is missing somewhere."""

    def under(self, code: str) -> list[Judged]:
        """What was judged under a code."""
        return [j for row, every in self.judged if row.code == code for j in every]

    def fault(self, derogation: Derogation) -> dt.date | None:
        """The day of what a dérogation is to lift; None while it has not happened."""
        days = [j.on for j in self.under(derogation.code) if j.binding.subject == derogation.subject and j.state is State.VIOLATED]
        return next((d for d in days if d is not None), None)


@attrs.frozen(kw_only=True)
class Remark:
    """What a rule on the check says: of which dérogation, code or line, and why."""

    subject: str
    missing: Text
    on: dt.date | None = None


@attrs.frozen(kw_only=True)
class CodeRule:
    """A rule that is a function; `no_row` says why it is not a row of the method."""

    code: Code
    aspect: Aspect = Aspect.PROVENANCE
    severity: Severity
    due: Due = ALWAYS
    origin: str
    quote: str = ""
    reference: Text = NO_TEXT
    where: str = ""
    why: Text
    fix: Text
    no_row: Text
    read: Callable[[Checked], Iterator[Remark]]
    derogable: bool = False


def _of_each(one: Callable[[Checked, Derogation], Remark | None]) -> Callable[[Checked], Iterator[Remark]]:
    """A rule that reads one dérogation, over all that were told by the day of the check."""

    def read(checked: Checked) -> Iterator[Remark]:
        told = (one(checked, d) for d in checked.view.derogations if d.on.earliest <= checked.at)
        return (remark for remark in told if remark is not None)

    return read


def _known(view: View, code: str) -> bool:
    return code in {*(r.code for r in view.method.requirements), *(r.code for r in CODE_RULES)}


def _stale(checked: Checked, d: Derogation) -> Remark | None:
    """In force and in order, but nothing is there to be lifted; or nothing that a copil may lift."""
    if not in_force(d, checked.at) or not justified(d) or not _known(checked.view, d.code):
        return None
    if not derogable(checked.view, d.code):
        return Remark(subject=d.key, missing=Text("l'exigence n'admet pas de dérogation", "the requirement admits no dérogation"))
    if (nowhere := _nowhere(checked, d)) is not None:
        return nowhere
    waits = {State.VIOLATED, State.UNDETERMINED, State.PENDING, State.CURRENTLY_OK}
    if any(j.state in waits for j in checked.under(d.code) if j.binding.subject == d.subject) or why_void(checked.view, d) is not None:
        return None
    return Remark(subject=d.key, missing=Text("l'exigence est satisfaite sans elle", "the requirement is met without it"))


def _nowhere(checked: Checked, d: Derogation) -> Remark | None:
    """A subject at which nothing is ever judged under the code: misspelt, or that of another rule. A further sitting may be still to come."""
    view, code = checked.view, Code(d.code)
    judged = {j.binding.subject for j in checked.under(code)}
    subject = d.subject.partition("#")[0]
    found = view.words.find_label(subject)
    # Rows about deviations are judged at those that there are; each step might have one.
    strays = found is not None and found[1] in view.position.labels() and any(r.code == code and r.is_ is Is.IN_PROCESS for r in view.method.requirements)
    if strays or {subject, d.subject} & judged:
        return None
    nearest = near(d.subject, sorted(judged))
    meant = Text(f" (peut-être {nearest})", f" (perhaps {nearest})") if nearest else Text("", "")
    return Remark(subject=d.key, missing=Text(f"l'exigence ne se juge pas à ce sujet{meant.fr}", f"the requirement is not judged at that subject{meant.en}"))


def _unjustified(checked: Checked, d: Derogation) -> Remark | None:
    names = (("reason", Text("le motif", "the reason")), ("by", Text("l'auteur", "the author")), ("copil", Text("le copil", "the copil")))
    lacks = [name for field, name in names if not getattr(d, field).strip()]
    return Remark(subject=d.key, missing=joined(lacks), on=d.on.earliest) if lacks else None


def _ungranted(checked: Checked, d: Derogation) -> Remark | None:
    why = why_void(checked.view, d, checked.fault(d)) if d.copil.strip() else None
    if why is None:
        return None
    copil = checked.view.title(d.copil)
    return Remark(subject=d.key, missing=Text(f"{why.fr} ({copil.fr})", f"{why.en} ({copil.en})"), on=d.on.earliest)


def _expiring(checked: Checked, d: Derogation) -> Remark | None:
    """Over, or nearly so, the thirtieth day with it; but not where another that lasts has taken its place."""
    beyond = checked.at + min(SOON + dt.timedelta(days=1), dt.date.max - checked.at)
    if d.until is None or d.until >= beyond or granted(checked.view, d.code, d.subject, beyond, checked.fault(d)) is not None:
        return None
    day = day_of(d.until)
    over, ends = Text(f"elle a expiré le {day.fr}", f"it expired on {day.en}"), Text(f"elle expire le {day.fr}", f"it expires on {day.en}")
    return Remark(subject=d.key, missing=over if d.until < checked.at else ends, on=d.until)


def _unknown(checked: Checked) -> Iterator[Remark]:
    yield from _of_each(_of_no_rule)(checked)
    for code in checked.view.method.strays:
        yield Remark(subject=code, missing=Text("retirée par la méthode du territoire", "removed by the territory's method"))


def _of_no_rule(checked: Checked, d: Derogation) -> Remark | None:
    if _known(checked.view, d.code):
        return None
    return Remark(subject=d.code, missing=Text(f"dérogation sur {d.subject}", f"dérogation at {d.subject}"))


def unevaluated(lacking: Mapping[Code, Sequence[Judged]], *, absent: bool = False) -> list[tuple[Code, tuple[str, ...]]]:
    """
    The rules of which nothing could be judged for want of an input, each with what it wants.

    With *absent* only those that are due and want what the dossier could say; not what profile or regime leave open.
    """
    out = []
    for code, every in lacking.items():
        due = [j for j in every if j.due] if absent else every
        wanting = [j for j in due if j.missing_input is not None and (j.absent or not absent)]
        if wanting and len(wanting) == len(due):
            out.append((code, tuple(sorted({str(j.missing_input) for j in wanting}))))
    return out


def _unread(checked: Checked) -> Iterator[Remark]:
    for code, missing in unevaluated(checked.lacking, absent=True):
        names = joined([_input_name(checked.view, m) for m in missing])
        yield Remark(subject=code, missing=names)


_INPUTS = {
    "attendance": Text("les présences", "attendance"), "agenda": Text("les points traités", "the items covered"), "seats": Text("les sièges", "the seats"),
    "artefact": Text("un document dont l'empreinte est notée", "a document whose digest is noted"), "journal": Text("l'export du journal", "the journal's export"),
    "recorded": Text("le jour de saisie des faits", "the day on which facts were recorded"),
}  # fmt: skip


def _input_name(view: View, name: str) -> Text:
    """What a person calls an input: an answer, a step, a document… by its label in the method."""
    method, id = view.method, name.removeprefix("facet ")
    labels: dict[str, Text] = {}
    for listed in (method.deliverables, method.kinds, method.sets, method.leaves, method.facets):
        labels |= {str(x.id): x.label for x in listed}
    return _INPUTS.get(name) or labels.get(id, Text(name, name))


CODE_RULES: tuple[CodeRule, ...] = (
    CodeRule(code=Code("MET001"), severity=Severity.WARNING, origin="practice:ESLINT", read=_of_each(_stale),
             reference=Text("ESLint, suppressions devenues inutiles", "ESLint, suppressions no longer needed"), where="eslint.org/docs/latest/use/suppressions",
             why=Text("La dérogation {subject} est sans effet : {missing}.", "The dérogation {subject} has no effect: {missing}."),
             fix=Text("La retirer du dossier.", "Take it out of the dossier."),
             no_row=Text("elle lit le verdict des autres règles", "it reads the verdict of the other rules")),
    CodeRule(code=Code("MET002"), severity=Severity.ERROR, origin="practice:RUFF", read=_of_each(_unjustified),
             reference=Text("Ruff, demande #5182", "Ruff, issue #5182"), where="github.com/astral-sh/ruff/issues/5182",
             why=Text("La dérogation {subject} est incomplète ; il manque : {missing}.", "The dérogation {subject} is incomplete; it lacks: {missing}."),
             fix=Text("Dire pourquoi, par qui, et quel copil l'a prise.", "Say why, by whom, and which copil took it."),
             no_row=Text("elle juge les dérogations, qui portent sur des règles", "it judges dérogations, which speak of rules")),
    CodeRule(code=Code("MET003"), severity=Severity.ERROR, origin="default", read=_of_each(_ungranted),
             why=Text("La dérogation {subject} ne compte pas : {missing}.", "The dérogation {subject} does not count: {missing}."),
             fix=Text("La faire prendre par un copil qui le pouvait.", "Have a copil take it that could."),
             no_row=Text("elle joint une dérogation, son copil et le fait d'une autre règle", "it joins a dérogation, its copil and the fault of another rule")),
    CodeRule(code=Code("MET004"), aspect=Aspect.TEMPORAL, severity=Severity.WARNING, origin="default", read=_of_each(_expiring),
             why=Text("Dérogation {subject} : {missing}.", "Dérogation {subject}: {missing}."),
             fix=Text("La faire prolonger par un copil, ou se conformer.", "Have a copil extend it, or meet the requirement."),
             no_row=Text("elle juge les dérogations, qui portent sur des règles", "it judges dérogations, which speak of rules")),
    CodeRule(code=Code("MET005"), severity=Severity.ERROR, origin="practice:RUFF", read=_unknown,
             reference=Text("Ruff, demande #12831", "Ruff, issue #12831"), where="github.com/astral-sh/ruff/issues/12831",
             why=Text("La règle {subject} n'existe pas ({missing}).", "There is no rule {subject} ({missing})."),
             fix=Text("Corriger le code : agir rules les donne tous.", "Mend the code: agir rules lists them all."),
             no_row=Text("elle lit la configuration, non le dossier", "it reads the configuration, not the dossier")),
    CodeRule(code=Code("MET006"), aspect=Aspect.EVIDENCE, severity=Severity.INFO, origin="practice:CONFTEST", read=_unread,
             reference=Text("Conftest, demande #412", "Conftest, issue #412"), where="github.com/open-policy-agent/conftest/issues/412",
             why=Text("La règle {subject} n'a pu être jugée ; il manque : {missing}.", "The rule {subject} could not be judged; it lacks: {missing}."),
             fix=Text("Compléter le dossier.", "Complete the dossier."),
             no_row=Text("elle dit quelles règles n'ont rien trouvé à lire", "it says which rules found nothing to read")),
)  # fmt: skip
"""Every rule that is no row; at most twelve."""

