"""The nearest known name to a misspelt one: a slip of the pen is mended, another word is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agir_workflow.toml_file import near, nearest

WORDS = ["cancel", "hold", "deliver", "approve", "gt1/emploi", "gt2/emploi", "copil/lancement", "plenary/lancement"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [("holds", "hold"), ("hodl", "hold"), ("Deliver", "deliver"), ("approuve", "approve"), ("gt1/emplio", "gt1/emploi"),
     ("dance", None), ("cook", None), ("lancement", None), ("", None)],
)  # fmt: skip
def test_one_slip_in_four_letters_is_mended(said: str, meant: str | None) -> None:
    assert near(said, WORDS) == meant


def test_of_two_as_near_the_one_that_begins_and_ends_alike() -> None:
    assert near("ACT0015", ["ACT001", "ACT015", "CAD015"]) == "ACT015"


@given(st.sampled_from(WORDS), st.integers(0, 20), st.characters(codec="ascii", categories=["Ll"]))
def test_a_letter_too_many_never_hides_a_word(word: str, at: int, letter: str) -> None:
    assert near(word[:at] + letter + word[at:], WORDS) in WORDS


def test_the_nearest_come_first_and_few() -> None:
    assert nearest("gt9", WORDS, 2) == ["gt1/emploi", "gt2/emploi"]
    assert nearest("lancement", WORDS, 2) == ["copil/lancement", "plenary/lancement"]
    assert len(nearest("x", WORDS)) == 4
