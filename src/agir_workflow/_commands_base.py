"""What every command of `agir` shares: what was asked, how answers and errors are told, how arguments are read."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import click

from ._waiting import Waiting
from .answers import Refused
from .desk import Desk, is_file
from .doorstep import FIRST, LAST, day_meant, nfc, shown
from .errors import (
    AgirError,
    AlignmentError,
    BrokenChainError,
    ConflictError,
    DossierNotFoundError,
    Fault,
    FaultyFileError,
    IdempotencyError,
    MethodMismatchError,
    MissingExtraError,
    PlanningError,
    RefusedError,
    StoreError,
    UnknownNameError,
)
from .method import Method
from .toml_file import near, nearest
from .when import When
from .words import Family, Lang, Text
from .written import staged


@attrs.define
class Asked:
    """What stands before the command: language, journal, and the only clock (`given` where `--at` said it)."""

    lang: Lang
    db: str
    at: dt.date
    given: bool = False

    def say(self, fr: str, en: str) -> str:
        return fr if self.lang == "fr" else en


class BadLineError(FaultyFileError):
    """The command line asks for what cannot be; each fault's path is an option or argument."""


def bad(path: str, fr: str, en: str, mend_fr: str, mend_en: str) -> BadLineError:
    return BadLineError((Fault(path, Text(fr, en), Text(mend_fr, mend_en)),))


def unknown(path: str, name: str, known: Iterator[str] | list[str]) -> BadLineError:
    """A name on the command line that nothing bears, with the nearest that something does."""
    names = sorted(set(known))
    like = near(name, names) or ", ".join(nearest(name, names)) + ", …" * (len(names) > 4) or "—"
    return bad(path, f"« {shown(name)} » n'est pas connu ici", f"'{shown(name)}' is not known here", f"écrire {like}", f"write {like}")


# -- telling -----------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """Without control characters: what a file says never moves a cursor, nor turns the order of what stands beside it; bytes of a path stay bytes."""
    return "".join(c if c in "\n\t" or not _moves(c) else f"\\u{ord(c):04x}" for c in text)


def _moves(c: str) -> bool:
    return c < " " or "\x7f" <= c < "\xa0" or c in "\u2028\u2029" or "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069" or ("\ud800" <= c <= "\udfff" and not "\udc80" <= c <= "\udcff")


WAITING = "agir.waiting"
"""Where click's context keeps the line for a person who waits."""


def hush() -> None:
    """Take that line away: something is about to be said."""
    context = click.get_current_context(silent=True)
    waiting = context.find_root().meta.get(WAITING) if context else None
    if isinstance(waiting, Waiting):
        waiting.stop()


def out(text: str) -> None:
    hush()
    click.echo(_plain(text), nl=not text.endswith("\n"))


def err(text: str) -> None:
    hush()
    click.echo(_plain(text), err=True)


STDOUT = "-"
"""What stands for standard output where a file to write to may stand."""


@contextlib.contextmanager
def placed(target: str, data: bytes) -> Iterator[Callable[[], None]]:
    """What puts the bytes where they were asked for: in a file at one stroke, whose name is then told; or on standard output, and nothing else."""
    if target == STDOUT:
        yield lambda: _poured(data)
        return
    with staged(Path(target), data) as put:
        yield put
    out(target)


def _poured(data: bytes) -> None:
    hush()
    click.echo(data, nl=False)


def out_raw(text: str) -> None:
    """A text whose lines may end as CSV's do, and whose last one needs no end."""
    hush()
    click.echo("\r".join(_plain(part) for part in re.split(r"\r(?=\n|\Z)", text)), nl=False)


def json_text(value: object, indent: int | None = 1) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return re.sub("[\x7f-\x9f\u2028\u2029\ud800-\udfff]", lambda m: f"\\u{ord(m[0]):04x}", text)


def out_json(value: Mapping[str, object]) -> None:
    hush()
    click.echo(json_text(value))


def told(exc: AgirError, lang: Lang) -> int:
    """Say an error on standard error; the exit code it stands for."""
    err(sentence(exc, lang))
    if isinstance(exc, ConflictError):
        return 3
    return 1 if isinstance(exc, (RefusedError, PlanningError, BrokenChainError, AlignmentError)) else 2


def sentence(exc: AgirError, lang: Lang) -> str:
    """What an error says to a person, in their language, with what to do next."""
    fr = lang == "fr"
    match exc:
        case ConflictError():
            return (
                f"« {exc.dossier} » est à la version {exc.found}, non {exc.expected} : quelqu'un a écrit entre-temps → relire, puis demander de nouveau"
                if fr
                else f"'{exc.dossier}' is at version {exc.found}, not {exc.expected}: somebody wrote first → read it again, then ask again"
            )
        case IdempotencyError():
            return (
                f"--key: la clé « {exc.key} » a déjà servi à une autre commande dans « {exc.dossier} » → prendre une autre clé"
                if fr
                else f"--key: the key '{exc.key}' was already used for another command in '{exc.dossier}' → take another key"
            )
        case DossierNotFoundError():
            return f"dossier « {exc.dossier} » inconnu" if fr else f"unknown dossier '{exc.dossier}'"
        case BrokenChainError():
            return f"« {exc.dossier} », enregistrement {exc.version} : chaîne rompue → agir journal verify" if fr else f"'{exc.dossier}', record {exc.version}: broken chain → agir journal verify"
        case MethodMismatchError():
            return (
                f"« {exc.dossier} » suit {exc.pinned} ; la méthode présente est {exc.found}"
                if fr
                else f"'{exc.dossier}' follows {exc.pinned}; the method at hand is {exc.found}"
            )
        case MissingExtraError():
            return f"il manque {exc.module} → pip install 'agir_workflow[{exc.extra}]'" if fr else f"{exc.module} is missing → pip install 'agir_workflow[{exc.extra}]'"
        case UnknownNameError() if exc.near is None and exc.kind in _WHERE:
            return f"{exc.to(lang)} → {_WHERE[exc.kind].to(lang)}"
        case StoreError():
            return f"journal illisible : {exc.to(lang)}" if fr else f"the journal cannot be read: {exc}"
        case _:
            to = getattr(exc, "to", None)
            return str(to(lang)) if to else str(exc)


_WHERE = {
    "rule": Text("agir rules les donne toutes", "agir rules gives them all"),
    "requirement": Text("agir rules les donne toutes", "agir rules gives them all"),
    "address": Text("agir status DOSSIER donne celles du dossier", "agir status DOSSIER gives those of the dossier"),
    "decision": Text("la méthode n'en a pas", "the method has none"),
    "dossier": Text("agir journal verify les donne tous", "agir journal verify gives them all"),
    "journal": Text("vérifier le chemin de --db, ou importer d'abord : agir import FICHIER.toml", "check the path of --db, or import first: agir import FILE.toml"),
    "method": Text("écrire le nom d'une méthode fournie, ou le chemin d'un .toml", "write the name of a packaged method, or the path of a .toml"),
}
"""Where a name that nothing resembles is to be looked up."""


def denied(exc: OSError, lang: Lang) -> str:
    """What the machine refused, and where."""
    name = shown(os.fsdecode(exc.filename), 200) if exc.filename else Text("la sortie", "the output").to(lang)
    reasons = {
        2: Text("introuvable", "not found"), 13: Text("interdit", "not permitted"), 17: Text("existe déjà", "exists already"),
        20: Text("attendu : un répertoire", "expected a folder"), 21: Text("attendu : un fichier ; trouvé : un répertoire", "expected a file, found a folder"),
        28: Text("plus de place", "no space left"), 30: Text("en lecture seule", "read only"), 36: Text("nom trop long", "name too long"),
    }  # fmt: skip
    reason = reasons.get(exc.errno or 0, Text(exc.strerror or str(exc), exc.strerror or str(exc)))
    mend = Text("vérifier le chemin et ses droits ; rien n'est écrit", "check the path and its permissions; nothing is written")
    return f"{name}: {reason.to(lang)} → {mend.to(lang)}"


# -- arguments ---------------------------------------------------------------------------------------


def as_told(text: str) -> str:
    """An argument as it was typed, in NFC, whatever the locale took its bytes for."""
    if any("\udc80" <= c <= "\udcff" for c in text):
        text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return nfc(text)


class Day(click.ParamType[dt.date]):
    """A day such as 2012-05-14, of a year that projects have."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        return day_of(param.opts[0] if param else "DATE", as_told(str(value)))


def day_of(path: str, text: str) -> dt.date:
    """The day that a text says; BadLineError where it says none."""
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            raise ValueError(text)
        day = dt.date.fromisoformat(text)
    except ValueError:
        meant = day_meant(text) or "2012-05-14"
        raise bad(path, f"attendu : un jour qui existe ; trouvé : « {shown(text)} »", f"expected a day that exists, found '{shown(text)}'", f"écrire {meant}", f"write {meant}") from None
    if not FIRST <= day <= LAST:
        raise bad(path, f"attendu : une date de {FIRST.year} à {LAST.year} ; trouvé : {text}", f"expected a date from {FIRST.year} to {LAST.year}, found {text}", "corriger l'année", "mend the year")
    return day


def when_of(path: str, text: str) -> When:
    """A day, or a rough one such as `2012-05`; BadLineError where it is none."""
    try:
        when = When.parse(as_told(text))
    except ValueError:
        meant = day_meant(text)
        fr, en = (f"écrire {meant}", f"write {meant}") if meant else ("écrire 2012-05-14, 2012-05 ou 2012-S1", "write 2012-05-14, 2012-05 or 2012-S1")
        raise bad(path, f"attendu : une date ; trouvé : « {shown(text)} »", f"expected a date, found '{shown(text)}'", fr, en) from None
    day_of(path, when.earliest.isoformat())
    day_of(path, when.latest.isoformat())
    return when


class Named(click.ParamType[str]):
    """A file or folder to write to, by its name: `-` is standard output elsewhere, and here it would be a name."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value == STDOUT:
            path = max(param.opts, key=len) if param else "OUT"
            raise bad(path if path.startswith("-") else path.upper(), "attendu : un nom ; trouvé : « - », la sortie, qui dit déjà autre chose",
                      "expected a name, found '-', standard output, which says something else already", "écrire un nom", "write a name")  # fmt: skip
        return str(value)


AT: dict[str, Any] = {"type": Day(), "metavar": "DATE"}
as_json = click.option("--json", "as_json", is_flag=True, help="Un objet JSON, et rien d'autre / one JSON object, nothing else.")
dossier_argument = click.argument("dossier")
by_option = click.option("--by", default="", metavar="ROLE", help="Qui demande / who asks.")


@contextlib.contextmanager
def laid_open(asked: Asked, name: str) -> Iterator[Desk]:
    """The dossier of a path or id; closed afterwards."""
    desk = Desk.open(name if is_file(name) or os.path.exists(name) else as_told(name), asked.db, asked.at, clock=asked.given)
    try:
        yield desk
    finally:
        desk.close()


def role_of(method: Method, by: str) -> str:
    """Who asks: the first role of the method where nobody is named."""
    roles = method.list_(method.roles)
    return as_told(by) or (roles.words[0].id if roles else "lead")


def code_of(answer: object) -> int:
    """0 for what is done or allowed, 1 for what is refused, 2 for what could not even be read."""
    if not isinstance(answer, Refused):
        return 0
    return 2 if all(b.family is Family.INPUT for b in answer.blockers) else 1


def dressed(*options: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Several options of click as one decorator."""

    def dress(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return dress
