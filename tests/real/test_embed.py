"""The method around a host's own record and transaction: real SQLAlchemy on SQLite, real FastAPI through its own client."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from real.needs import EXAMPLES, example, need

import agir_workflow as agir
from agir_workflow import facts
from agir_workflow.codec import fact_to_plain

UID = "0d1f2c5e-6a0b-4d0e-9a51-7c2f5f1e2026"
DAY = dt.date(2026, 9, 1)


@pytest.mark.parametrize("name", ["embed_sqlalchemy", "embed_fastapi"])
def test_it_stays_short(name: str) -> None:
    assert len((EXAMPLES / f"{name}.py").read_text(encoding="utf-8").splitlines()) <= 60


def test_sqlalchemy_keeps_all_of_a_transaction_or_nothing(tmp_path: Path) -> None:
    need("sqlalchemy", "sqlalchemy")
    from sqlalchemy import create_engine, insert
    from sqlalchemy.exc import IntegrityError
    from sqlalchemy.orm import Session
    from sqlalchemy.orm.exc import StaleDataError

    host = example("embed_sqlalchemy")
    engine = create_engine(f"sqlite:///{tmp_path / 'host.db'}")
    host.Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        host.begin(session, "rivieres", UID, by="lead", on=DAY)
        host.do(session, "rivieres", facts.declare("theme/mobilite", facts.Declare(label="Mobilité")), by="lead", on=DAY)
    assert stood(engine, host) == ("cadrage", 2, 2)

    with Session(engine) as session, session.begin(), pytest.raises(agir.errors.RefusedError) as refused:
        host.do(session, "rivieres", facts.hold("gt1/mobilite"), by="lead", on=DAY)
    assert len(refused.value.refused.blockers) > 1
    assert stood(engine, host) == ("cadrage", 2, 2)

    # what the host itself breaks takes the method's facts back with it
    with Session(engine) as session:
        host.do(session, "rivieres", facts.deliver("activite/cadre"), by="pilotes", on=DAY)
        session.flush()
        with pytest.raises(IntegrityError):
            session.execute(insert(host.Project).values(id="rivieres", version=1))
    assert stood(engine, host) == ("cadrage", 2, 2)

    # two at once, each on what it read: the second is told, and keeps nothing
    with Session(engine) as one, Session(engine) as two:
        for session in (one, two):
            assert session.get_one(host.Project, "rivieres").lines
        host.do(two, "rivieres", facts.deliver("activite/cadre"), by="pilotes", on=DAY)
        one.rollback()
        host.do(one, "rivieres", facts.fill("perimetre", "Trois-Rivières"), by="lead", on=DAY)
        one.commit()
        with pytest.raises(StaleDataError):
            two.flush()
    assert stood(engine, host) == ("cadrage", 3, 3)


def stood(engine: object, host: object) -> tuple[str, int, int]:
    """The phase and version of the host's row, and how many facts lie beside it."""
    from sqlalchemy import func, select
    from sqlalchemy.orm import Session

    with Session(engine) as session:
        project = session.get_one(host.Project, "rivieres")
        return project.phase, project.version, session.scalar(select(func.count()).select_from(host.Line))


def test_fastapi_answers_a_command_in_one_transaction_of_the_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    need("fastapi", "fastapi")
    need("httpx", "real")
    from fastapi.testclient import TestClient

    monkeypatch.setenv("HOST_DB", str(tmp_path / "host.db"))
    client = TestClient(example("embed_fastapi").app)
    begun = [client.put("/projects/rivieres", params={"title": "Trois-Rivières", "uid": UID, "on": "2026-09-01"}).status_code for _ in range(2)]
    assert begun == [201, 409]

    def ask(command: facts.Fact, version: int) -> tuple[int, dict[str, object]]:
        plain = fact_to_plain(command.stamped(agir.Stamp(on=agir.facts.When(DAY), by="lead")))
        del plain["stamp"]
        answer = client.post("/projects/rivieres/commands", params={"on": "2026-09-01"}, headers={"If-Match": str(version)}, json=plain)
        return answer.status_code, answer.json()

    code, said = ask(facts.declare("theme/mobilite", facts.Declare(label="Mobilité")), 1)
    assert (code, said["allowed"]) == (200, True)
    code, said = ask(facts.hold("gt1/mobilite"), 2)
    assert (code, said["schema"], said["allowed"]) == (409, "agir.decision/1", False)
    assert len(said["blockers"]) > 1
    assert ask(facts.declare("theme/emploi"), 1)[0] == 412
    assert ask(facts.declare("theme/emploi"), 2)[0] == 200
    for version in ("0", "1"):
        unknown = client.post("/projects/ailleurs/commands", params={"on": "2026-09-01"}, headers={"If-Match": version}, json={"verb": "close", "address": "dossier"})
        assert unknown.status_code == 404
    misspelt = client.post("/projects/rivieres/commands", params={"on": "2026-09-01"}, headers={"If-Match": "3"}, json={"verb": "clos", "address": "dossier"})
    assert (misspelt.status_code, "'close'" in misspelt.json()["detail"]) == (422, True)
