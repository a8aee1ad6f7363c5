"""What is plain in a TOML is read as `tomllib` reads it; what is not is left to it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agir_workflow._toml_plain import plain

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*/dossier.toml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.parent.name)
def test_a_dossier_is_plain(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert repr(plain(text)) == repr(tomllib.loads(text))  # the order of keys as well
    assert plain(text.replace("\n", "\r\n")) == tomllib.loads(text)


PIECES = ["[a]", "[[a]]", "[ b ]", "[a.b]", "a = ", "b=", "c = ", '"é x"', '"#"', '""', '"""', "'y'", r'"\n"', "2012-02-29", "2013-02-29", "2012-01-01T10:00:00", "2012-01-01T10:00:00Z",
          "18:00:00", "24:00:00", "18:00",
          "07", "12", "-1", "1.5", "true", "false", "[", "]", "{ ", " }", ", ", "[1, 2]", '["x", "y",]', '{ d = 1, e = "z" }', "{ d = 1, d = 2 }", "{ d = [1,\n2], }",
          " ", "\t", "\n", "\n", "\n", "\r\n", "\r", "# c", "\x01", "\x7f", "\u2028"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_what_is_plain_is_read_as_tomllib_does(text: str) -> None:
    found = plain(text)
    if found is not None:
        assert repr(found) == repr(tomllib.loads(text))
