"""Documents that a dossier names in free words: judged where they bear the name of a deliverable, told as not judged where they do not."""

from __future__ import annotations

import datetime as dt

import pytest
from edits import LATER, WITNESS, method, read

import agir_workflow as agir
from agir_workflow.errors import MethodError
from agir_workflow.method_file import normal_text

LEAD = "livrables nommés librement"


def told(text: str, at: dt.date = LATER) -> list[str]:
    return [t.fr for t in agir.check(method(), read(text), at=at).assumed if t.fr.startswith(LEAD)]


def test_what_no_rule_judges_is_named_once_in_the_verdict() -> None:
    text = WITNESS["dossier.toml"].decode()
    (said,) = told(text)
    assert "liste des thématiques et des participants" in said
    # These bear the names of deliverables of the method, whose rows judge them.
    assert "cadre méthodologique" not in said
    assert "rapport d'évaluation" not in said
    assert told(text, dt.date(2011, 9, 1)) == []


def test_a_document_named_at_length_is_named_shortly_and_once() -> None:
    text = WITNESS["dossier.toml"].decode()
    for free, long in (("liste des thématiques et des participants", "Z" + "z" * 300), ("présentation et compte rendu", "z" * 301)):
        text = text.replace(f'livrable = "{free}"', f'livrable = "{long}"')
    (said,) = told(text)
    assert said.count("…") == 1
    assert "Z" + "z" * 58 + "…" in said


def test_where_every_stage_names_a_deliverable_of_the_method_nothing_is_left_to_say() -> None:
    text = WITNESS["dossier.toml"].decode()
    for free in ("liste des thématiques et des participants", "comptes rendus et note des enjeux", "présentation et compte rendu", "plans d'action", "synthèse consolidée"):
        assert free in text
        text = text.replace(f'livrable = "{free}"', 'livrable = "Note de synthèse des  enjeux"')
    assert told(text) == []


def test_the_field_must_be_one_of_the_answer() -> None:
    text = normal_text("agir_ensemble").replace('documents = "livrable"', 'documents = "livrables"', 1)
    with pytest.raises(MethodError) as caught:
        agir.read_method(text.encode(), "m.toml")
    assert any(f.path.endswith(".documents") and "livrable" in f.mend.fr for f in caught.value.faults), str(caught.value)
