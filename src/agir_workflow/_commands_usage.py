"""What click says of a command line that cannot be read, in the tool's own words and both languages."""

from __future__ import annotations

import click

from .doorstep import shown
from .errors import Fault
from .toml_file import near
from .words import Lang, Text


def usage_sentence(exc: click.UsageError, lang: Lang) -> str:
    """What, where, expected, found, how to mend it; then where the help is."""
    path = exc.ctx.command_path if exc.ctx else "agir"
    fault = _fault(exc)
    help_ = Text(f"aide : {path} --help", f"help: {path} --help")
    return f"{path}: {fault.to(lang)}\n{help_.to(lang)}"


def _fault(exc: click.UsageError) -> Fault:
    match exc:
        case click.exceptions.NoSuchOption() if exc.option_name in _BEFORE:
            name = exc.option_name
            return Fault(name, Text("attendu : avant la commande", "expected before the command"), Text(f"écrire agir {name} … COMMANDE", f"write agir {name} … COMMAND"))
        case click.exceptions.NoSuchOption():
            return _unknown(exc.option_name, Text("option inconnue", "unknown option"), _options(exc.ctx))
        case click.exceptions.NoSuchCommand():
            commands = exc.ctx.command.commands if exc.ctx and isinstance(exc.ctx.command, click.Group) else {}
            return _unknown(exc.command_name, Text("commande inconnue", "unknown command"), list(commands))
        case click.MissingParameter():
            name = _name(exc.param)
            whole = f"{name} {exc.param.metavar or ''}".strip() if isinstance(exc.param, click.Option) else name
            return Fault(name, Text("attendu : une valeur ; trouvé : rien", "expected a value, found nothing"), Text(f"ajouter {whole}", f"add {whole}"))
        case click.BadParameter():
            return _bad(exc)
        case click.BadOptionUsage():
            name = exc.option_name
            if "requires an argument" in exc.message:
                return Fault(name, Text("attendu : une valeur ; trouvé : rien", "expected a value, found nothing"), Text(f"écrire {name} VALEUR", f"write {name} VALUE"))
            return Fault(name, Text("attendu : aucune valeur", "expected no value"), Text(f"écrire {name} seul", f"write {name} alone"))
    return _surplus(exc)


_BEFORE = ("--lang", "--db", "--at")
"""What is asked of `agir` itself, and not of one of its commands."""


def _surplus(exc: click.UsageError) -> Fault:
    """Too many arguments, and what click may come to say besides."""
    before, opening, rest = exc.format_message().partition("(")
    if opening and "unexpected" in before:
        found = shown(rest.rpartition(")")[0])
        return Fault("ARGUMENT", Text(f"en trop : {found}", f"unexpected: {found}"), Text("l'ôter, ou le mettre entre guillemets", "remove it, or put it in quotes"))
    said = shown(exc.format_message(), 200)
    return Fault("ARGUMENT", Text(said, said), Text("corriger la ligne", "mend the line"))


def _unknown(name: str, what: Text, known: list[str]) -> Fault:
    like = near(name, known)
    mend = like or ", ".join(sorted(known))
    return Fault(shown(name), what, Text(f"vouliez-vous dire {like} ?" if like else f"écrire l'un de : {mend}", f"did you mean {like}?" if like else f"write one of: {mend}"))


def _bad(exc: click.BadParameter) -> Fault:
    name = _name(exc.param)
    kind = exc.param.type if exc.param else None
    found = exc.message.partition("'")[2].partition("'")[0]
    if isinstance(kind, click.Choice):
        known = [str(c) for c in kind.choices]
        like = near(found, known)
        names = ", ".join(known)
        return Fault(name, Text(f"attendu : l'un de {names} ; trouvé : « {shown(found)} »", f"expected one of {names}, found '{shown(found)}'"),
                     Text(f"écrire {like or known[0]}", f"write {like or known[0]}"))  # fmt: skip
    if isinstance(kind, click.types.IntParamType):
        if isinstance(kind, click.IntRange) and not found:  # «0 is not in the range 1<=x<=64.»
            found, low, high = exc.message.partition(" ")[0], kind.min, kind.max
            return Fault(name, Text(f"attendu : un entier de {low} à {high} ; trouvé : {shown(found)}", f"expected a whole number from {low} to {high}, found {shown(found)}"),
                         Text(f"écrire {name} {low}", f"write {name} {low}"))  # fmt: skip
        return Fault(name, Text(f"attendu : un entier ; trouvé : « {shown(found)} »", f"expected a whole number, found '{shown(found)}'"), Text(f"écrire {name} 1", f"write {name} 1"))
    said = shown(exc.message, 200)
    return Fault(name, Text(said, said), Text("corriger cette valeur", "mend that value"))


def _options(ctx: click.Context | None) -> list[str]:
    return [o for p in (ctx.command.get_params(ctx) if ctx else []) for o in p.opts if o.startswith("--")]


def _name(param: click.Parameter | None) -> str:
    if param is None:
        return "ARGUMENT"
    return param.opts[0] if isinstance(param, click.Option) else (param.metavar or param.name or "argument").upper()
