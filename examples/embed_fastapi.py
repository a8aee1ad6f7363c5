"""
A host behind FastAPI (`uvicorn embed_fastapi:app`): in one transaction of its database its own row and the facts are written, or neither.
"""

import datetime as dt
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated, Any

from fastapi import FastAPI, Header, HTTPException
from fastapi.responses import JSONResponse

import agir_workflow as agir
from agir_workflow.canonical import canonical
from agir_workflow.codec import fact_from_plain, fact_to_plain
from agir_workflow.views import json_view
from agir_workflow.when import When

METHOD = agir.load_method("agir_ensemble")
TABLES = """CREATE TABLE IF NOT EXISTS project(id TEXT PRIMARY KEY, title TEXT, changed TEXT);
CREATE TABLE IF NOT EXISTS fact(project TEXT REFERENCES project, n INTEGER, fact TEXT, PRIMARY KEY (project, n))"""
app = FastAPI()
app.add_exception_handler(agir.errors.AgirError, lambda _, exc: JSONResponse({"detail": str(exc)}, 422))  # what cannot be read


@contextmanager
def transaction() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(os.environ.get("HOST_DB", "host.db"), isolation_level=None)) as db:
        db.executescript(TABLES)
        db.execute("BEGIN IMMEDIATE")
        with db:  # commits at its end; what raises takes everything back
            yield db


@app.put("/projects/{id}", status_code=201)
def begin(id: str, title: str, uid: str, on: dt.date) -> None:
    args = agir.facts.Open(id=id, uid=uid, title=title, method=METHOD.ref, method_hash=METHOD.hash, profile=METHOD.default_profile, regime=METHOD.default_regime)
    opening = agir.facts.Fact(agir.facts.Verb.DECLARE, agir.facts.DOSSIER, args, agir.Stamp(on=When(on), by="lead"))
    with transaction() as db:
        if not db.execute("INSERT INTO project VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (id, title, on.isoformat())).rowcount:
            raise HTTPException(409, "it was begun before")
        db.execute("INSERT INTO fact VALUES (?, 1, ?)", (id, canonical(fact_to_plain(opening))))


@app.post("/projects/{id}/commands", response_model=None)
def command(id: str, body: dict[str, Any], on: dt.date, if_match: Annotated[int, Header()]) -> dict[str, object] | JSONResponse:
    asked = fact_from_plain({"args": {}} | body).stamped(agir.Stamp(on=When(on), by="lead"))  # the role: from your own session
    with transaction() as db:
        lines = db.execute("SELECT fact FROM fact WHERE project = ? ORDER BY n", (id,)).fetchall()
        if not lines or len(lines) != if_match:
            raise HTTPException(412 if lines else 404, f"at version {len(lines)}")
        decision = agir.decide(METHOD, agir.replay(METHOD, (fact_from_plain(json.loads(line)) for (line,) in lines)), asked)
        if isinstance(decision, agir.Accepted):
            events = ((id, n, canonical(fact_to_plain(e))) for n, e in enumerate(decision.events, if_match + 1))
            db.executemany("INSERT INTO fact VALUES (?, ?, ?)", events)
            db.execute("UPDATE project SET changed = ? WHERE id = ?", (on.isoformat(), id))
    return JSONResponse(json_view.decision(decision), 200 if isinstance(decision, agir.Accepted) else 409)
