"""A method goes out whole, and comes back the same."""

import hashlib
import tomllib
from pathlib import Path

import pytest

import agir_workflow as agir
from agir_workflow.cli import main
from agir_workflow.method_file import normal_text

EXAMPLES = Path(__file__).parents[1] / "examples"
METHODS = ["agir_ensemble", str(EXAMPLES / "stage_gate" / "method.toml"), str(EXAMPLES / "overlay" / "territoire.toml")]


@pytest.mark.parametrize("name", METHODS)
def test_what_goes_out_comes_back_the_same(name: str) -> None:
    """An overlay goes out with what it extends, and needs it no more."""
    method, text = agir.load_method(name), normal_text(name)
    again = agir.read_method(text.encode(), "again.toml")
    assert (again.ref, again.hash) == (method.ref, method.hash)
    assert (again.requirements, again.tree, again.profiles, again.lists) == (method.requirements, method.tree, method.profiles, method.lists)
    assert "extends" not in tomllib.loads(text)["method"]
    assert hashlib.sha256(normal_text(name, toml=False).encode()).hexdigest() == method.hash


def test_the_same_words_in_another_order_are_the_same_text(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(normal_text(METHODS[1]), encoding="utf-8")
    assert normal_text(str(path)) == normal_text(METHODS[1])


def test_the_command_writes_each_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dossier = str(EXAMPLES / "stage_gate" / "dossier.toml")
    assert main(["method", "export"]) == 0
    assert capsys.readouterr().out == normal_text("agir_ensemble")
    assert main(["method", "export", "--json", METHODS[1]]) == 0
    assert hashlib.sha256(capsys.readouterr().out.encode()).hexdigest() == agir.load_method(METHODS[1]).hash
    assert main(["method", "export", "--pnml", METHODS[1]]) == 0
    assert "<text>prototype[*]</text>" in capsys.readouterr().out
    target = tmp_path / "new" / "net.pnml"
    assert main(["method", "export", "--pnml", METHODS[1], "--for", dossier, "-o", str(target)]) == 0
    assert "<text>prototype[optics]</text>" in target.read_text(encoding="utf-8")


def test_a_dossier_without_a_net_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["method", "export", "--for", "x.toml"]) == 2
    assert "--pnml" in capsys.readouterr().err
