"""What people leave where an answer is still to come: it is there, and says nothing, alone or in a field of one record of many."""

from __future__ import annotations

import datetime as dt

from edits import method, read  # type: ignore[import-not-found]
from hypothesis import given
from hypothesis import strategies as st

import agir_workflow as agir
from agir_workflow.facts import Stamp, fill
from agir_workflow.values import UNSAID, Record, Value, as_unsaid, none_stands_in, without
from agir_workflow.view import view_of
from agir_workflow.when import When
from agir_workflow.words import FacetId

TEXTS = frozenset({"texte", "pour"})
WORDS = st.sampled_from(["créer des stages", "[À compléter]", "TBD", "Une phrase assez longue pour ne tenir lieu de rien, avec son point.", "à définir…", "…", "", "emploi"])
RECORDS = st.dictionaries(st.sampled_from(["id", "texte", "pour", "niveau"]), st.one_of(WORDS, st.integers(0, 3), st.tuples(WORDS)), max_size=4).map(Record.of)


def holds_a_place(value: Value, texts: frozenset[str]) -> bool:
    """The promise, read plainly: a text is one that stands in for an answer, or a text field of a record holds one."""
    if isinstance(value, Record):
        return any(holds_a_place(v, texts) for name, v in value if name in texts)
    return any(holds_a_place(v, texts) for v in value) if isinstance(value, tuple) else isinstance(value, str) and as_unsaid(value) in UNSAID


@given(st.lists(RECORDS, max_size=4))
def test_records_are_left_alone_where_no_text_holds_a_place(records: list[Record]) -> None:
    if none_stands_in(UNSAID, records, TEXTS):
        assert not any(holds_a_place(r, TEXTS) for r in records)
    for record in records:
        said = without(UNSAID, record, TEXTS)
        assert (said == record) is not holds_a_place(record, TEXTS)
        assert not holds_a_place(said, TEXTS)


@given(st.lists(WORDS, max_size=4))
def test_texts_are_left_alone_where_none_holds_a_place(texts: list[str]) -> None:
    assert none_stands_in(UNSAID, texts, frozenset([""])) is not any(holds_a_place(t, TEXTS) for t in texts)


def test_one_record_of_several_says_nothing_and_the_others_what_they_said() -> None:
    young = read('[dossier]\nid = "p"\ntitle = "P"\nmethod = "agir_ensemble@1"\nstart = 2026-01-05\n')
    three = tuple(Record.of({"acteur": who, "texte": text}) for who, text in (("associations", "trouver des appuis"), ("entreprises", "[À compléter]"), ("collectivites", "relier")))
    view = view_of(method(), agir.evolve(method(), young, fill("motif", three).stamped(Stamp(on=When(dt.date(2026, 1, 6)), by="pilotes"))))
    assert [i.value.get("texte") for i in view.at(FacetId("motif")) if isinstance(i.value, Record)] == ["trouver des appuis", "…", "relier"]
