"""A territory's method says only what differs, is judged whole, and is hashed apart."""

from datetime import date
from pathlib import Path

import pytest

import agir_workflow as agir
from agir_workflow.errors import MethodError
from agir_workflow.words import Verb

FILE = Path(__file__).parents[1] / "examples" / "overlay" / "territoire.toml"


def test_an_overlay_changes_what_it_says_and_keeps_the_rest() -> None:
    base, own = agir.load_method("agir_ensemble"), agir.load_method(str(FILE))
    assert own.ref == "territoire@1"
    assert own.extends == f"{base.ref} {base.hash}"
    assert own.hash != base.hash
    assert own.default_regime == "cgct"
    assert own.profile("territoire").values.get("group_ok") == (6, 15)
    assert own.profile("territoire").values.get("session_max") == base.profile("rameau-default").values.get("session_max")
    assert {x.id for x in base.leaves} - {x.id for x in own.leaves} == {"copil_mi_parcours"}
    assert {r.code for r in base.requirements} - {r.code for r in own.requirements} == {"COP005"}
    assert own.problems() == ()
    assert all("copil_mi_parcours" not in s.leaves for s in own.sets)


def test_the_base_is_untouched() -> None:
    before = agir.load_method("agir_ensemble")
    agir.load_method(str(FILE))
    assert agir.load_method("agir_ensemble") == before


def test_a_dossier_follows_its_territory() -> None:
    own = agir.load_method(str(FILE))
    text = '[dossier]\nmethod = "territoire.toml"\nstart = 2026-09-15\n[[theme]]\nid = "emploi"\n'
    _, dossier = agir.read_dossier(text.encode(), lambda _: own)
    plan = agir.plan(own, dossier, at=dossier.start)
    assert "copil/mi_parcours" not in {m.address for m in plan.meetings}
    assert dossier.head.regime == "cgct"


@pytest.mark.parametrize(("old", "new", "says"), [('"agir_ensemble@1"', '"agir_ensembel"', "agir_ensemble"), ('leaves = ["copil_mi_parcours"]', "leaves = []", "copil_mi_parcours")])
def test_an_overlay_that_does_not_hold_together_is_refused(old: str, new: str, says: str) -> None:
    with pytest.raises(MethodError, match=says):
        agir.read_method(FILE.read_text(encoding="utf-8").replace(old, new).encode(), "territoire.toml")


@pytest.mark.parametrize("base", ["own.toml", str(FILE)])
def test_an_overlay_stands_on_a_whole_method(base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own.toml").write_text(FILE.read_text(encoding="utf-8").replace("agir_ensemble@1", base), encoding="utf-8")
    with pytest.raises(MethodError) as caught:
        agir.load_method("own.toml")
    assert [(f.path, f.line, "another method itself" in f.what.en) for f in caught.value.faults] == [("method.extends", 7, True)]


COTECH = FILE.with_name("cotech.toml")


def test_the_file_that_an_overlay_extends_is_looked_for_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is opened from elsewhere, or moved, holds the same method."""
    home, elsewhere = tmp_path / "territoire", tmp_path / "ailleurs"
    home.mkdir()
    elsewhere.mkdir()
    (home / "base.toml").write_bytes((FILE.parents[1] / "stage_gate" / "method.toml").read_bytes())
    (home / "own.toml").write_text('[method]\nname = "own"\nversion = 1\nextends = "base.toml"\ntitle = { fr = "X", en = "X" }\n', encoding="utf-8")
    hashes = []
    for where, path in ((home, "own.toml"), (elsewhere, str(home / "own.toml"))):
        monkeypatch.chdir(where)
        method = agir.load_method(path)
        hashes.append(method.hash)
        assert method.extends is not None
        assert method.extends.startswith("stage_gate@1 ")
    assert len(set(hashes)) == 1


def test_a_technical_committee_meets_before_each_decision() -> None:
    """COSTRAT, COPIL, COTECH: planned, asked for and judged by the tree alone, with no row of its own."""
    own = agir.load_method(str(COTECH))
    text = (FILE.parents[1] / "temoin" / "dossier.toml").read_text(encoding="utf-8")
    _, whole = agir.read_dossier(text.encode(), lambda _: own)
    plan = agir.plan(own, agir.Dossier(whole.facts[:1]), at=whole.start)
    days = {m.address: m.day for m in plan.meetings}
    assert all(days[f"cotech/{x}"] < days[f"copil/{x}"] for x in ("themes", "lancement", "synthese"))
    # The witness never held one: each is a step skipped, and the copil that it prepares would have been refused.
    skipped = {f.subject for f in agir.check(own, whole, at=date(2014, 1, 1)).findings if f.code == "ORD002"}
    assert skipped == {"cotech/themes", "cotech/lancement", "cotech/synthese"}
    held = next(f for f in whole.facts if (f.verb, f.address) == (Verb.HOLD, "copil/synthese"))
    refused = agir.why_not(own, whole.as_of(date(2012, 6, 6)), held)
    assert "cotech/synthese" in {b.subject for b in refused if b.code == "state.missing"}


def test_a_new_round_of_a_gate_has_its_own_technical_committee() -> None:
    own = agir.load_method(str(COTECH))
    body = own.tree.root
    loop = next(n for n in body.walk() if n.name == "synthesis_gate")
    assert [leaf.leaf for leaf in loop.leaves()] == ["cotech_synthese", "copil_synthese", "rework_synthese"]


def test_what_an_overlay_breaks_below_is_told_by_its_name_there() -> None:
    """A row of the method below has no line in the overlay, and nobody knows its number."""
    text = '[method]\nname = "t"\nversion = 1\nextends = "agir_ensemble@1"\ntitle = { fr = "T", en = "T" }\n[remove]\nleaves = ["copil_mi_parcours"]\n'
    with pytest.raises(MethodError) as caught:
        agir.read_method(text.encode(), "t.toml")
    assert {f.path for f in caught.value.faults} == {*(f"requirements[COP005].{x}" for x in ("of", "b", "due", "by", "values")), "tree"}


def test_a_row_that_another_one_waits_for_is_not_removed_alone() -> None:
    """CAD002 asks for answers only where the heading is there (CAD001): without that row it would wait for ever, or for another by its like name."""
    text = '[method]\nname = "t"\nversion = 1\nextends = "agir_ensemble@1"\ntitle = { fr = "T", en = "T" }\n[remove]\nrequirements = ["CAD001"{more}]\n'
    with pytest.raises(MethodError) as caught:
        agir.read_method(text.replace("{more}", "").encode(), "t.toml")
    (fault,) = caught.value.faults
    assert (fault.path, fault.line) == ("remove.requirements", 7)
    assert fault.what.en == "CAD001 is removed, but CAD002 applies only where it holds (when)"
    for mended in (text.replace("{more}", ', "CAD002"'), text.replace("{more}", "") + '[[requirements]]\ncode = "CAD002"\nwhen = ""\n'):
        assert "CAD001" not in {r.code for r in agir.read_method(mended.encode(), "t.toml").requirements}


def test_a_block_that_another_one_names_is_not_removed_alone() -> None:
    text = FILE.read_text(encoding="utf-8")
    with pytest.raises(MethodError) as caught:
        agir.read_method(text.replace('groups = { par = ["group_lanes"] }', "").encode(), "t.toml")
    assert [(f.path, f.what.en, f.mend.en) for f in caught.value.faults] == [("remove.tree", "midcourse is removed, but groups still names it", "say groups anew under [tree], without it")]


@pytest.mark.parametrize(
    ("entry", "line", "path", "like"),
    [
        ('[[deliverables]]\nid = "syntese_consolidee"\nlabel = { fr = "bilan", en = "review" }\n', 7, "deliverables[0].id", "écrire synthese_consolidee ;"),
        ('[[requirements]]\ncode = "EXP06"\nseverity = "info"\n', 7, "requirements[0].code", "écrire EXP006 ;"),
        ('[[requirements]]\ncode = "CAL006"\ndue = "gt22"\nmin = "3w"\n', 8, "requirements[0].due", "écrire gt2 ;"),
    ],
)
def test_what_is_changed_under_a_name_that_nothing_bears_is_told_by_the_nearest(entry: str, line: int, path: str, like: str) -> None:
    """Not as a new element of which everything is missing."""
    text = f'[method]\nname = "t"\nversion = 1\nextends = "agir_ensemble@1"\ntitle = {{ fr = "T", en = "T" }}\n{entry}'
    with pytest.raises(MethodError) as caught:
        agir.read_method(text.encode(), "t.toml")
    assert [(f.path, f.line) for f in caught.value.faults] == [(path, line)]
    assert like in caught.value.faults[0].mend.fr
