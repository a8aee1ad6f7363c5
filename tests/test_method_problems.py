"""A method says everything that is wrong with it, at once, each with its line and the nearest name."""

from importlib import resources

import pytest

import agir_workflow as agir
from agir_workflow.errors import MethodError, UnknownNameError

TEXT = (resources.files("agir_workflow") / "methods" / "agir_ensemble.toml").read_text(encoding="utf-8")

BREAKS = {
    "unknown word": ('of = "objectif"\nmin = 1', 'of = "objectiff"\nmin = 1', "requirements[12].of", "objectif"),
    "unknown due": ('due = "choose_themes"', 'due = "choose_themess"', "requirements[2].due", "choose_themes"),
    "no origin of ours": ('origin = "practice:GUIDE"\n', 'origin = "gossip"\n', "deliverables[10].origin", "default"),
    "unknown field": ('of = "motif.acteur"', 'of = "motif.actor"', "requirements[9].of", "acteur"),
    "unknown profile key": ('max = { profile = "copil_max" }', 'max = { profile = "copil_maxi" }', ".max", "copil_max"),
    "contradiction": ('a = "lancement"\nb = "gt1"', 'a = "gt1"\nb = "lancement"', "requirements[", "gt1"),
    "unknown role": ('role = "pilotes"\norigin = "seed:cadre"\nquote = "Le document', 'role = "pilots"\norigin = "seed:cadre"\nquote = "Le document', ".role", "pilotes"),
    "a verb that ends no run": ('ends_early = ["abandon"]', 'ends_early = ["abandoned"]', "tree.ends_early", '"abandon"'),
    "a verb that ends no lane": ('run = "group", ends_early = ["end", "merge"]', 'run = "group", ends_early = ["end", "close"]', "tree.group_lanes", '"end", "merge"'),
    "a block nobody reaches": ("[tree.suivi]\nopt", "[tree.suivis]\nopt", "tree.suivis", "bloc"),
    "a block that sends a loop round": ('again = "rework_cadre" }\n', 'again = "redo" }\n[tree.redo]\nopt = "rework_cadre"\n', "tree.cadrage", "une étape"),
    "a notice of no meeting in particular": ('b = "pilotage"\neach = "pilotage"\nmin = { regime = "notice" }', 'b = "pilotage"\nmin = { regime = "notice" }', "].each", 'each = "pilotage"'),
    "a document of no meeting in particular": ('instead = "compte_rendu"\neach = "copil"\n', 'instead = "compte_rendu"\n', "].each", 'each = "copil"'),
    "a set of steps of which one is none": ('"copil_mi_parcours", "copil_synthese", "comite_suivi"', '"copil_mi_parcours", "copil_synthesse", "comite_suivi"', "sets[", "copil_synthese"),
    "a set that names a step twice": ('leaves = ["gt1", "gt2", "gt3"]', 'leaves = ["gt1", "gt2", "gt2", "gt3"]', "sets[0].leaves", "dit deux fois"),
    "a phase that is a text": ("phase = true\n", 'phase = "true"\n', "tree.cadrage", "phase = true"),
    "a quorum of all and more": ("quorum = { more_than = 50 }", "quorum = { more_than = 100 }", "regimes[1].quorum", "plus qu'une part de 1 à 99"),
    "a quorum in a word that nothing reads": ("quorum = { more_than = 50 }", "quorum = { more = 50 }", "regimes[1].quorum", "écrire quorum = { more_than = 50 }"),
    "a profile said twice": ('id = "charenton-2012"\nextends = "rameau-default"\n', 'id = "rameau-default"\n', "profiles[1].id", "dit deux fois"),
    "two documents of one address": ('address = "livrable/pistes/{theme}"', 'address = "livrable/diagnostic/{theme}"', "deliverables[4].address", "partagée"),
    "an answer of no type": ('type = "duration"\n', 'type = "durationn"\n', "].type", "duration"),
    "what a field that there is not is called": ("annee = { fr =", "anne = { fr =", ".labels.anne", "annee"),
    "a scope that is no kind": ('scope = "theme"\n', 'scope = "themee"\n', "].scope", "theme"),
    "an address of another kind": ('address = "entretien/{interviewee}"', 'address = "entretien/{interviewe}"', "].address", "interviewee"),
    "a list of words read off an answer": ('not_in = { profile = "closed" }', 'not_in = { facet = "duree" }', ".not_in", "profile"),
    "a list without origin": ('origin = "default"\nwords', "words", "lists[", "origin"),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKS)
def test_each_break_is_told_with_its_line_and_mend(name: str) -> None:
    old, new, path, mend = BREAKS[name]
    assert old in TEXT
    broken = TEXT.replace(old, new, 1)
    with pytest.raises(MethodError) as caught:
        agir.read_method(broken.encode(), "m.toml")
    faults = caught.value.faults
    assert any(path in f.path and mend in f"{f.mend.fr} {f.what.fr}" for f in faults), [str(f) for f in faults]
    line = TEXT[: TEXT.index(old)].count("\n") + 1
    assert any(f.line is not None and abs(f.line - line) <= 12 for f in faults), (line, [str(f) for f in faults])
    assert all(f.file == "m.toml" for f in faults)


def test_all_of_them_are_told_at_once() -> None:
    broken, words = TEXT, ["unknown word", "unknown due", "no origin of ours", "unknown field", "unknown profile key", "unknown role"]
    for name in words:
        broken = broken.replace(BREAKS[name][0], BREAKS[name][1], 1)
    method = agir.read_method(broken.encode(), "m.toml", strict=False)
    problems = method.problems()
    assert all(any(BREAKS[name][2] in p.path for p in problems) for name in words), [str(p) for p in problems]
    assert all(p.line for p in problems)


def test_a_sound_method_has_no_problem() -> None:
    assert agir.load_method("agir_ensemble").problems() == ()


def test_a_profile_or_regime_that_there_is_not() -> None:
    method = agir.load_method("agir_ensemble")
    assert (method.profile("charenton-2012").id, method.regime("usage").id) == ("charenton-2012", "usage")
    for ask in (method.profile, method.regime):
        with pytest.raises(UnknownNameError):
            ask("nowhere")


def test_a_list_without_words_is_refused() -> None:
    """Who is asked for one of its words would have to say nothing."""
    bare = TEXT + '\n[[lists]]\nid = "couleur"\norigin = "default"\nlabel = { fr = "couleur", en = "colour" }\nwords = []\n'
    with pytest.raises(MethodError) as caught:
        agir.read_method(bare.encode(), "m.toml")
    assert [(f.path.rpartition(".")[2], f.mend.en) for f in caught.value.faults] == [("words", "put a word in it, or remove the list")]
