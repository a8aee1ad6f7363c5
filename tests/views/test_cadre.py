"""The framing document: every question once, answers as they are, blanks with their example."""

import re
from pathlib import Path

import pytest

import agir_workflow as agir
from agir_workflow.views.cadre import cadre_html, cadre_markdown, make_cadre

EXAMPLES = Path(__file__).parents[2] / "examples"


def read(name: str) -> tuple[agir.Method, agir.Dossier]:
    return agir.read_dossier((EXAMPLES / name / "dossier.toml").read_bytes(), agir.load_method)


def test_charenton_answers_everything_under_eight_headings() -> None:
    text = cadre_markdown(make_cadre(*read("charenton")))
    assert len(re.findall(r"^## \d\. ", text, re.M)) == 8
    for said in ("Communauté de communes de Charenton-Saint-Maurice", "inviter les participants : Communauté de communes", "1 an", "15 septembre 2011"):
        assert said in text, said
    assert "À compléter*" not in text
    assert "| Expert de la méthode | 15 septembre 2011 |" in text


def test_a_blank_stands_with_its_example_and_among_the_open_points() -> None:
    method, dossier = read("charenton")
    facts = tuple(f for f in dossier.facts if f.address not in ("perimetre", "accord/expert"))
    cadre = make_cadre(method, agir.Dossier(facts))
    assert cadre.open_points == ("Quel périmètre géographique ?",)
    text = cadre_markdown(cadre)
    assert "> *À compléter* — Exemple : Communauté de communes de Charenton-Saint-Maurice" in text
    assert "| Expert de la méthode | À recueillir |" in text


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_is_whole_escaped_and_needs_nothing_else(lang: str) -> None:
    method, dossier = read("charenton")
    page = cadre_html(make_cadre(method, dossier, lang="en" if lang == "en" else "fr"))
    assert f'lang="{lang}"' in page
    assert "http" not in page
    assert page.count("<h2>") == 10
    assert page == cadre_html(make_cadre(method, dossier, lang="en" if lang == "en" else "fr"))
