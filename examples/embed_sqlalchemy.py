"""
A host with its own table and its own transaction, on SQLAlchemy.

A project is a row of the host's, its facts lie in a second table of the host's. `do` decides and evolves around them: what the
method refuses raises; what it accepts is kept with the rest of the transaction, or not at all. Of two writers the second gets StaleDataError.
"""

import datetime as dt

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

import agir_workflow as agir
from agir_workflow.codec import fact_from_plain, fact_to_plain
from agir_workflow.facts import DOSSIER, Fact, Open, Verb
from agir_workflow.when import When

METHOD = agir.load_method("agir_ensemble")


class Base(DeclarativeBase): ...


class Line(Base):
    __tablename__ = "project_fact"
    project: Mapped[str] = mapped_column(ForeignKey("project.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    fact: Mapped[dict[str, object]] = mapped_column(JSON)


class Project(Base):
    __tablename__ = "project"
    id: Mapped[str] = mapped_column(primary_key=True)
    phase: Mapped[str | None]
    version: Mapped[int] = mapped_column()  # the number of its facts, and the lock of the row
    lines: Mapped[list[Line]] = relationship(order_by=Line.n)
    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012


def begin(session: Session, id: str, uid: str, *, by: str, on: dt.date) -> None:
    head = Open(id=id, uid=uid, title=id, method=METHOD.ref, method_hash=METHOD.hash, profile=METHOD.default_profile, regime=METHOD.default_regime)
    opening = Fact(Verb.DECLARE, DOSSIER, head, agir.Stamp(on=When(on), by=by))
    session.add(Project(id=id, phase=None, version=1, lines=[Line(n=1, fact=fact_to_plain(opening))]))


def do(session: Session, id: str, command: Fact, *, by: str, on: dt.date) -> agir.Accepted:
    """Ask, and put what follows into the caller's transaction; raises RefusedError with every reason."""
    project = session.get_one(Project, id)
    dossier = agir.replay(METHOD, (fact_from_plain(line.fact) for line in project.lines))
    decision = agir.decide(METHOD, dossier, command.stamped(agir.Stamp(on=When(on), by=by)))
    if isinstance(decision, agir.Refused):
        raise agir.errors.RefusedError(decision)
    for event in decision.events:
        dossier = agir.evolve(METHOD, dossier, event)
        project.lines.append(Line(n=dossier.version, fact=fact_to_plain(event)))
    phases = agir.outlook(METHOD, dossier, on=on, by=by).phases
    project.phase, project.version = next((p.id for p in phases if p.state == "current"), None), dossier.version
    return decision
