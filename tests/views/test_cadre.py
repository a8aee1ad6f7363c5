"""The framing document: every question once, answers as they are, blanks with their example."""

import datetime as dt
import re
from pathlib import Path

import pytest

import agir_workflow as agir
from agir_workflow import _commands_base
from agir_workflow.facts import Clear
from agir_workflow.view import view_of
from agir_workflow.views.cadre import cadre_html, cadre_markdown, make_cadre
from agir_workflow.views.verdict_md import report_md
from agir_workflow.when import When
from agir_workflow.words import FacetId, Verb

EXAMPLES = Path(__file__).parents[2] / "examples"


def read(name: str) -> tuple[agir.Method, agir.Dossier]:
    return agir.read_dossier((EXAMPLES / name / "dossier.toml").read_bytes(), agir.load_method)


def test_charenton_answers_everything_under_eight_headings() -> None:
    text = cadre_markdown(make_cadre(*read("charenton")))
    assert len(re.findall(r"^## \d\. ", text, re.M)) == 8
    for said in ("Communauté de communes de Charenton-Saint-Maurice", "Part du copil dans une tâche — choisir les thématiques : validation", "Du 17 octobre 2011 au 2 décembre 2011", "| Pilote |", "1 an", "15 septembre 2011"):
        assert said in text, said
    assert "À compléter*" not in text
    assert "| Expert de la méthode | 15 septembre 2011 |" in text


def test_answers_of_several_parts_are_tables_and_what_is_shared_among_pilots_a_matrix() -> None:
    text = cadre_markdown(make_cadre(*read("charenton")))
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    assert ["Pilote", "Positionnement", "Apports"] in rows
    assert ["Entreprise pilote", "Entraîne le réseau des entreprises", "Réseau"] in rows
    assert ["Étape", "Partie", "Ce qui en sort", "Échéance"] in rows
    assert ["Partie", "Objectifs", "Description", "Mode opératoire"] in rows
    assert ["Tâche", "Communauté de communes", "Entreprise pilote", "Expert de la méthode"] in rows
    assert ["Animer les groupes", "animation, concours", "animation", "animation, concours"] in rows
    assert "\n- Principe du modèle, repris ou écarté — capitaliser, être concret, des pistes simples sans simplisme" in text


def test_a_column_that_no_answer_fills_is_left_out_and_two_things_said_make_a_line() -> None:
    told = b'[dossier]\nstart = 2026-02-02\n[[theme]]\nid = "t"\n[answers]\npartie_prenante = [{ nom = "Lyc\xc3\xa9e", place = "au_copil" }, { nom = "Club", place = "dans_un_groupe" }]\n'
    text = cadre_markdown(make_cadre(*agir.read_dossier(told, agir.load_method)))
    assert "- Lycée : au copil\n- Club : dans un groupe\n" in text


def test_in_a_matrix_a_pilot_without_a_task_has_no_column_and_one_alone_needs_none() -> None:
    pilots = "".join(f'[[pilot]]\nid = "{x}"\nlabel = "Pilote {x}"\ncollege = "associations"\n' for x in "abc")
    given = [("inviter", "b"), ("inviter", "a"), ("trouver_temoin", "b")]
    for named, head in (("ab", "| Tâche | Pilote a | Pilote b |"), ("b", "| Tâche | Pilote | Axe |")):
        tasks = ", ".join(f'{{ tache = "{t}", pilote = "{p}", axe = "animation" }}' for t, p in given if p in named)
        told = f'[dossier]\nstart = 2026-02-02\n[[theme]]\nid = "t"\n{pilots}[answers]\nattribution = [{tasks}]\n'
        assert head in cadre_markdown(make_cadre(*agir.read_dossier(told.encode(), agir.load_method)))


def test_a_stage_may_have_a_window_and_the_idea_a_year_of_its_own() -> None:
    """One date or window per stage (Q12); the idea, the accord, the preparation and the launch each have their own date."""
    method, dossier = read("charenton")
    text = cadre_markdown(make_cadre(method, dossier))
    assert "17 octobre 2011" in next(line for line in text.splitlines() if line.startswith("| Entretiens |"))
    view = view_of(method, dossier)
    (idea,) = view.at(FacetId("idee"))
    assert idea.value == When.parse("2010")
    first = {name: min(s.done.earliest for x, h in view.sittings.items() if x.leaf == name for s in h if s.done) for name in ("agree_cadre", "choose_themes", "lancement")}
    assert idea.value.latest < first["agree_cadre"] < first["choose_themes"] < first["lancement"]  # type: ignore[union-attr]


def test_a_blank_stands_with_its_example_and_among_what_is_to_be_completed() -> None:
    method, dossier = read("charenton")
    facts = tuple(f for f in dossier.facts if f.address not in ("perimetre", "accord/expert"))
    cadre = make_cadre(method, agir.Dossier(facts))
    assert cadre.blanks == ("Quel périmètre géographique ?",)
    text = cadre_markdown(cadre)
    assert "> *À compléter* — Exemple : Communauté de communes de Charenton-Saint-Maurice" in text
    assert "| Expert de la méthode | À recueillir |" in text


def test_in_english_a_colon_has_no_space_and_a_method_s_own_marks_are_no_markdown() -> None:
    text = (EXAMPLES / "stage_gate" / "method.toml").read_text(encoding="utf-8").replace('"business case"', '"business *case*"')
    method = agir.read_method(text.encode())
    _, dossier = agir.read_dossier((EXAMPLES / "stage_gate" / "dossier.toml").read_bytes(), lambda _: method)
    said = cadre_markdown(make_cadre(method, dossier, lang="en"))
    assert "Example: 42 k€" in said
    assert "**Business \\*case\\***" in said


def test_an_open_point_is_listed_until_it_is_settled() -> None:
    method, dossier = read("second_month")
    cadre = make_cadre(method, dossier)
    point = "Qui accueille les séances des groupes ? (Quels rôles concrets des pilotes ? ; Communauté de communes, Entreprise pilote)"
    assert cadre.open_points == (point,)
    assert f"## Points ouverts\n\n- {point}\n" in cadre_markdown(cadre)
    assert "Qui accueille" in cadre_html(cadre)
    settled = agir.facts.fact(Verb.CLEAR, "point_ouvert", Clear(item="accueil")).stamped(agir.Stamp(on=When.parse("2011-10-04"), by="pilotes"))
    after = make_cadre(method, agir.evolve(method, dossier, settled))
    assert after.open_points == ()
    assert "## Points ouverts\n\nAucun point ne reste ouvert.\n" in cadre_markdown(after)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_is_whole_escaped_and_needs_nothing_else(lang: str) -> None:
    method, dossier = read("charenton")
    page = cadre_html(make_cadre(method, dossier, lang="en" if lang == "en" else "fr"))
    assert f'lang="{lang}"' in page
    assert "http" not in page
    assert page.count("<h2>") == 11
    assert page == cadre_html(make_cadre(method, dossier, lang="en" if lang == "en" else "fr"))


def test_no_text_turns_the_order_of_what_stands_beside_it() -> None:
    """A letter that says «from right to left» is shown in no page, and at no command line."""
    told = '[dossier]\ntitle = "Un \\u202eprojet\\u202c à lire"\nstart = 2026-02-02\n[[theme]]\nid = "eau"\nlabel = "L\'eau \\u2066vive"\n'
    method, dossier = agir.read_dossier(told.encode(), agir.load_method)
    made = make_cadre(method, dossier)
    report = agir.check(method, dossier, at=dt.date(2026, 3, 2))
    for text in (cadre_markdown(made), cadre_html(made), report_md(report, "fr"), _commands_base._plain(dossier.head.title)):
        assert "projet" in text
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)
