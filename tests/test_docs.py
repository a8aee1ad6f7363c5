"""
The documentation does what it says: its Python runs, its sessions answer as printed, its links lead somewhere.

In Markdown, a ```python block with `>>>` is a doctest; one without is a sketch, and has at least to
compile. A ```console block is a session: lines after `$ ` are run, the rest is what they print, where
`…` stands for any words, and for any lines where it stands alone. `<!-- file: NAME -->` before a
block writes that block to NAME first. Each page begins in a folder of its own, and an empty one.
"""

from __future__ import annotations

import ast
import contextlib
import doctest
import io
import re
import shlex
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import attrs
import click
import pytest

from agir_workflow import errors
from agir_workflow._commands import agir
from agir_workflow.cli import main
from agir_workflow.requirements import PARAMS

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
FENCE = re.compile(r"^(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.M | re.S)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@attrs.frozen
class Block:
    kind: str
    body: str
    line: int
    file: str | None


def blocks(text: str) -> Iterator[Block]:
    for found in FENCE.finditer(text):
        yield Block(found["kind"], found["body"], text.count("\n", 0, found.start("body")) + 1, found["file"])


def every_page() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())


@every_page()
def test_its_python_does_what_is_printed(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = page.read_text(encoding="utf-8")
    lines = [""] * text.count("\n")
    for block in blocks(text):
        if block.kind != "python":
            continue
        if ">>>" in block.body:
            body = block.body.splitlines()
            lines[block.line - 1 : block.line - 1 + len(body)] = body
        else:
            ast.parse(block.body, str(page))
    test = doctest.DocTestParser().get_doctest("\n".join(lines) + "\n", {}, page.name, str(page), 0)
    said = io.StringIO()
    failed = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=said.write).failed
    assert not failed, said.getvalue()


@every_page()
def test_its_sessions_answer_as_printed(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code = 0
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.file:
            Path(block.file).write_text(block.body, encoding="utf-8")
        if block.kind != "console":
            continue
        for asked, wanted in asked_and_answered(block.body):
            if asked == "echo $?":
                said = f"{code}\n"
            else:
                said, code = answer(asked)
            assert fits(wanted, said), f"{page.name}:{block.line}: {asked}\n-- wanted\n{wanted}\n-- said\n{said}"


def asked_and_answered(body: str) -> list[tuple[str, str]]:
    """Each command of a session, its continued lines joined, with what the page prints under it."""
    parts = re.split(r"^\$ ", body.replace("\\\n", " "), flags=re.M)[1:]
    return [(part.partition("\n")[0], part.partition("\n")[2]) for part in parts]


def answer(command: str) -> tuple[str, int]:
    program, *argv = shlex.split(command)
    assert program == "agir", f"a session runs agir alone, not {program}"
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main(argv)
    return said.getvalue(), code


def fits(wanted: str, said: str) -> bool:
    """Whether an answer is the one printed; trailing blanks and the blank line before a fence do not count."""
    pattern = ""
    for line in wanted.strip("\n").splitlines():
        words = re.escape(line.rstrip()).replace("…", ".*")
        pattern += r"(?:.*\n)*?" if line.strip() == "…" else words + r"[ ]*\n"
    return re.fullmatch(pattern, said.strip("\n") + "\n" if said.strip() else "") is not None


@every_page()
def test_its_links_lead_somewhere(page: Path) -> None:
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    relative = [x.partition("#")[0] for x in LINK.findall(prose) if "://" not in x and not x.startswith(("#", "mailto:"))]
    assert [x for x in relative if not (page.parent / x).exists()] == []


@pytest.mark.parametrize("name", ["README.md", "README.fr.md"])
def test_the_first_two_commands_of_a_readme_are_one_line_each(name: str) -> None:
    shell = [b.body for b in blocks((ROOT / name).read_text(encoding="utf-8")) if b.kind == "sh"]
    assert len(shell) >= 2
    for body in shell[:2]:
        assert body.count("\n") == 1
        assert body.strip()


def test_the_two_readmes_give_the_same_commands() -> None:
    first, second = ([b.body for b in blocks((ROOT / n).read_text(encoding="utf-8")) if b.kind == "sh"][:2] for n in ("README.md", "README.fr.md"))
    assert first == second


def test_every_error_that_a_host_may_catch_is_in_the_table_of_errors() -> None:
    """But the roots, and that of alignments, which no name of the front door makes."""
    page = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    told = {name for line in page.splitlines() if line.startswith("| `") for name in re.findall(r"`(\w+Error)`", line)}
    known = {name for name, found in vars(errors).items() if isinstance(found, type) and issubclass(found, errors.AgirError)}
    assert known - told == {"AgirError", "FaultyFileError", "AlignmentError"}


def _all_commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from _all_commands(child, f"{path} {name}")


def test_the_page_of_the_command_line_names_every_command_and_option_and_no_other() -> None:
    text = (ROOT / "docs/command-line.md").read_text(encoding="utf-8")
    there = dict(_all_commands(agir, "agir"))
    assert [path for path, command in there.items() if not hasattr(command, "commands") and path not in text] == []
    options = {o for command in there.values() for p in command.params if isinstance(p, click.Option) for o in p.opts}
    assert sorted(o for o in options if not re.search(rf"(?<![\w-]){re.escape(o)}(?![\w-])", text)) == []
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) <= options
    told = {" ".join(x.split()[:3]) for x in re.findall(r"`(agir [a-z][^`]*)`", text)} - {"agir COMMAND -h"}
    assert [x for x in told if " ".join(x.split()[:2]) not in there] == []


def test_every_option_says_what_it_is_for_where_help_is_asked() -> None:
    there = dict(_all_commands(agir, "agir"))
    mute = [(path, o.opts[-1]) for path, command in there.items() for o in command.params if isinstance(o, click.Option) and not (o.help or "").strip()]
    assert mute == []
    again = [(path, o.opts[-1]) for path, command in there.items() for o in command.params if isinstance(o, click.Option) and o.multiple and "--format" not in o.opts and "repeatable" not in (o.help or "")]
    assert again == []


def _keys_of(method: dict[str, Any]) -> set[str]:
    """Every key of a method file that the method does not choose itself: of its tables, and of what these hold."""
    own = {"hours", "sources", "fields", "attributes", "labels", "where", "among", "but"}
    found: set[str] = set()
    work: list[Any] = [{k: v for k, v in method.items() if k != "tree"}, *method["tree"].values()]
    while work:
        holder = work.pop()
        if isinstance(holder, list):
            work += holder
        elif isinstance(holder, dict):
            found |= holder.keys()
            work += [v for k, v in holder.items() if k not in own]
    return found


def test_the_page_of_the_method_file_names_every_key_that_the_packaged_method_uses() -> None:
    method = tomllib.loads((resources.files("agir_workflow") / "methods" / "agir_ensemble.toml").read_text(encoding="utf-8"))
    said = set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", (ROOT / "docs" / "method-file.md").read_text(encoding="utf-8")))
    assert sorted(_keys_of(method) - said) == []


def test_every_requirement_kind_and_parameter_is_on_the_page() -> None:
    page = (ROOT / "docs" / "method-file.md").read_text(encoding="utf-8")
    lines = dict(re.findall(r"^\| `(\w+)` \| ([^|]*) \|", page, re.M))
    for kind, params in PARAMS.items():
        assert kind.value in lines, kind
        assert {p.name for p in params} - {"where"} <= set(re.findall(r"\w+", lines[kind.value])), kind
