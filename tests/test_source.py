"""
No line of the seed is without an element that carries it, or a written exemption.

The seed itself is not ours to copy: `seed_lines.txt` holds a digest of each of its lines, and where
the text lies beside the checkout (as it does on CI) the lines themselves are compared.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

import pytest

import agir_workflow as agir
from agir_workflow.cli import main
from agir_workflow.errors import MethodError
from agir_workflow.method_file import normal_text
from agir_workflow.values import Record
from agir_workflow.words import LeafId, Text

HERE = Path(__file__).parent
DIGESTS = (HERE / "seed_lines.txt").read_text(encoding="ascii").split()
SEED = next((p for up in HERE.parents if (p := up / "shared" / "domain" / "seed-cadre-methodologique.txt").is_file()), None)
METHOD = agir.load_method("agir_ensemble")


def norm(text: str) -> str:
    """Words and numbers alone: no accents, marks of notes, emphasis or punctuation."""
    text = unicodedata.normalize("NFKD", re.sub(r"[¹²³]|\^\{|\}|\*", "", text)).casefold().replace("œ", "oe")
    return " ".join(re.findall(r"[a-z0-9%]+", "".join(c for c in text if not unicodedata.combining(c))))


def digest(text: str) -> str:
    return hashlib.sha256(norm(text).encode()).hexdigest()[:16]


def seed_lines() -> list[str]:
    if SEED is None:
        pytest.skip("the seed does not lie beside this checkout")
    return [line for line in SEED.read_text(encoding="utf-8").splitlines() if norm(line)]


def test_every_line_is_carried_or_exempt() -> None:
    assert len(METHOD.source_lines) == len(DIGESTS)
    assert METHOD.problems() == ()
    # A line that is quoted whole is known by its digest, wherever this runs.
    whole = [d for line, d in zip(METHOD.source_lines, DIGESTS, strict=True) if digest(line.quote) == d]
    assert len(whole) >= 70


def test_the_lines_are_those_of_the_seed() -> None:
    lines = seed_lines()
    assert [digest(x) for x in lines] == DIGESTS
    assert [x.quote for x, line in zip(METHOD.source_lines, lines, strict=True) if not f"{norm(line)} ".startswith(f"{norm(x.quote)} ")] == []


def test_every_quote_is_in_the_seed() -> None:
    """Of an element with a quote; one that joins passages with a comma has each of them."""
    seed = norm(" ".join(seed_lines()))
    for name, quotes in METHOD.elements().items():
        for quote in filter(None, quotes.split("\n")):
            assert norm(quote) in seed or all(norm(part) in seed for part in quote.split(", ")), (name, quote)


def test_every_element_of_the_seed_carries_a_line() -> None:
    """Who quotes the seed is found again under the line it quotes: nothing claims an origin that is not listed."""
    lines = [norm(x) for x in seed_lines()]
    carried = {name for line in METHOD.source_lines for name in line.carried}
    quoted = {name: quotes.split("\n") for name, quotes in METHOD.elements().items() if quotes}
    inside = {name for name, qs in quoted.items() if any(len(norm(q).split()) >= 3 and any(norm(q) in line for line in lines) for q in qs)}
    assert sorted(inside - carried) == []


def test_every_origin_says_what_it_is() -> None:
    """A reader of a verdict is given a title, never a key; nothing is declared that no element names."""
    named = set(re.findall(r'origin = "((?:seed|practice):[^"]+)"', normal_text("agir_ensemble")))
    named |= {str(o) for holder in (*METHOD.regimes, *METHOD.profiles) for _, o in holder.values.get("sources") if o != "default"}  # type: ignore[union-attr]
    assert {o.id for o in METHOD.origins} == named
    assert all(o.title.fr and o.title.en for o in METHOD.origins)
    rule = next(r for r in METHOD.requirements if r.code == "COP007")
    assert METHOD.words.reference(rule.origin).fr.startswith("Décret n° 2006-672")
    assert METHOD.words.reference("practice:NOBODY") == Text("", "")


def test_every_number_says_its_source() -> None:
    for holder in (*METHOD.regimes, *METHOD.profiles):
        sources = holder.values.get("sources")
        assert isinstance(sources, Record)
        said = dict(sources.pairs)
        assert {k for k, _ in holder.values} - {"sources", "notice_count"} == set(said) - {"notice_count"}, holder.id
    wrong = normal_text("agir_ensemble").replace('copil_max = "practice:LAW"', 'copil_maxi = "somewhere"', 1)
    with pytest.raises(MethodError) as caught:
        agir.read_method(wrong.encode(), "m.toml")
    assert {f.path for f in caught.value.faults} == {f"profiles[{n}].sources{end}" for n in (0, 1) for end in ("", ".copil_maxi.origin")}


def test_the_method_says_who_invites_and_what_a_document_holds() -> None:
    """The five meetings of the seed, at the authority's invitation; each deliverable of a session holds the items of that session."""
    five = [METHOD.words.leaves[LeafId(x)] for x in ("lancement", "gt1", "gt2", "gt3", "restitution")]
    assert {leaf.inviting for leaf in five} == {"collectivite"}
    assert all(leaf.invited and leaf.agenda for leaf in five)
    assert [len(leaf.agenda) for leaf in five] == [2, 4, 2, 2, 2]
    held = {str(d.id): d.items for d in METHOD.deliverables}
    assert (held["diagnostic"], held["pistes_solution"], held["plan_action"]) == (("enjeu",), ("existant", "piste"), ("action", "proposition"))
    text = normal_text("agir_ensemble")
    for old, new, path in (('items = ["enjeu"]', 'items = ["enjeux"]', "deliverables[3].items"), ('inviting = "collectivite"', 'inviting = "mairie"', ".inviting")):
        with pytest.raises(MethodError) as caught:
            agir.read_method(text.replace(old, new, 1).encode(), "m.toml")
        assert any(path in f.path for f in caught.value.faults), str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "path", "mend"),
    [('carried = ["theme"] }', 'carried = ["themme"] }', ".carried", "theme"), (', exempt = "titre d\'une page" }', " }", "source.lines[9]", "carried"),
     ('carried = ["etape", "CAL001"] }', 'carried = ["etape"], exempt = "x" }', "source.lines[116]", "exempt")],
)  # fmt: skip
def test_a_line_without_either_is_a_fault(old: str, new: str, path: str, mend: str) -> None:
    text = normal_text("agir_ensemble")
    assert old in text
    with pytest.raises(MethodError) as caught:
        agir.read_method(text.replace(old, new, 1).encode(), "m.toml")
    assert any(path in f.path and mend in f.mend.fr for f in caught.value.faults), str(caught.value)


def test_a_territory_that_removes_an_element_removes_it_from_its_lines() -> None:
    head = '[method]\nextends = "agir_ensemble@1"\nname = "x"\nversion = 1\ntitle = { fr = "x", en = "x" }\norigin = "default"\n'
    own = agir.read_method((head + '[remove]\nrequirements = ["CAL001"]\n').encode(), "o.toml")
    assert len(own.source_lines) == len(METHOD.source_lines)
    assert not any("CAL001" in x.carried for x in own.source_lines)


def test_it_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    for lang in ("fr", "en"):
        assert main(["--lang", lang, "method", "show", "--source"]) == 0
        said = capsys.readouterr().out
        assert said.count("  « ") == len(DIGESTS)
        assert "gt1.temoignage" in said
