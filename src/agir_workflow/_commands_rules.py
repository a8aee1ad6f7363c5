"""The catalogue of rules: all of them, or one explained with a dossier that passes and one that fails."""

from __future__ import annotations

from pathlib import Path

import click

from ._commands_base import Asked, Named, as_json, as_told, bad, out, out_json
from .catalogue import Rule, catalogue, rule_of
from .checker_rules import CODE_RULES
from .method import Method
from .method_file import load_method
from .patches import Files
from .shipped import Broken, broken
from .written import write_whole

_method = click.option("--method", "name", default="agir_ensemble", metavar="METHOD", help="Une autre méthode / another method.")


def _rules(name: str) -> tuple[Method, tuple[Rule, ...]]:
    method = load_method(name)
    return method, catalogue(method, CODE_RULES)


@click.command()
@_method
@click.option("--order", "by_order", is_flag=True, help="Ce que l'arbre dit déjà de chacune / what the tree says of each.")
@as_json
@click.pass_obj
def rules(asked: Asked, name: str, by_order: bool, as_json: bool) -> int:
    """Le catalogue des règles."""
    from .verification.labels import readings
    from .views.rules import order_text, rules_json, rules_text

    method, found = _rules(name)
    if as_json:
        out_json(rules_json(method.ref, found, readings(method)))
    elif by_order:
        out(order_text(readings(method), asked.lang))
    else:
        out(rules_text(method, found, asked.lang))
    return 0


@click.command()
@click.argument("code")
@_method
@click.option("--write", "folder", type=Named(), metavar="DIR", help="Y laisser un dossier qui passe et un qui échoue.")
@click.pass_obj
def explain(asked: Asked, code: str, name: str, folder: str | None) -> int:
    """Une règle : quoi, pourquoi, le remède, un exemple qui passe et un qui échoue."""
    from .views.rules import explanation

    method, found = _rules(name)
    rule = rule_of(found, as_told(code))
    example = broken(rule.code) if name.partition("@")[0] == "agir_ensemble" else None
    if folder and example is None:
        raise bad("--write", f"{method.ref} n'a pas d'exemple de {rule.code} ; rien n'est écrit", f"{method.ref} has no example of {rule.code}; nothing is written", "ôter --write", "remove --write")
    out(explanation(method, rule, example, asked.lang))
    if folder and example:
        for path in _write(Path(folder), example):
            out(asked.say(f"écrit : {path}", f"written: {path}"))
    return 0


def _write(folder: Path, example: Broken) -> list[Path]:
    """Two dossiers, or two folders where the rule reads more than the dossier."""
    if example.of_dossier_alone:
        written = [folder / "pass.toml", folder / "fail.toml"]
        _put(folder, {"pass.toml": example.good["dossier.toml"], "fail.toml": example.bad["dossier.toml"]})
        return written
    for name, files in (("pass", example.good), ("fail", example.bad)):
        _put(folder / name, files)
    return [folder / "pass", folder / "fail"]


def _put(folder: Path, files: Files) -> None:
    for name, data in files.items():
        write_whole(folder / name, data)
