"""The command `agir` (INTERFACE.md): what stands before every command, and the last line of defence behind it."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sys
from typing import Any, cast

import click

from ._commands_align import align
from ._commands_ask import do_, record, why
from ._commands_base import AT, WAITING, Asked, Named, denied, err, told
from ._commands_check import check
from ._commands_dossier import cadre, demo, export, import_, init, next_, status
from ._commands_method import journal, method
from ._commands_people import people
from ._commands_plan import ics_, plan
from ._commands_repair import repair
from ._commands_rules import explain, rules
from ._commands_usage import usage_sentence
from ._commands_verify import verify as _verify
from ._waiting import Waiting
from .errors import AgirError
from .words import Lang

INTERRUPTED = 130
"""What a shell expects of a command that Ctrl-C ended."""

_EPILOG = """\
Codes de sortie : 0 fait, admis, conforme ; 1 refusé, non conforme, pas de plan, chaîne rompue ; 2 usage ou
fichier illisible ; 3 quelqu'un a écrit avant ; 4 faute interne ; 130 interrompu
(Ctrl-C).

Complétion / completion: eval "$(_AGIR_COMPLETE=bash_source agir)" (bash), eval "$(_AGIR_COMPLETE=zsh_source
agir)" (zsh), _AGIR_COMPLETE=fish_source agir | source (fish)."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=_EPILOG)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", help="Langue des phrases / language of the sentences.")
@click.option("--db", type=Named(), default="agir.db", metavar="FILE", help="Journal SQLite (agir.db) / SQLite journal.")
@click.option("--at", **AT, help="Le jour où l'on regarde / the only clock (default: today).")
@click.version_option(package_name="agir_workflow")
@click.pass_context
def agir(ctx: click.Context, lang: str, db: str, at: dt.date | None) -> None:
    """Une méthode écrite une fois : ce qui peut se faire, quand faire le reste, ce qui ne suit pas."""
    ctx.obj = Asked("en" if lang == "en" else "fr", db, at or dt.date.today(), at is not None)
    ctx.meta[WAITING] = waiting = Waiting()
    ctx.call_on_close(waiting.stop)


for _command in (demo, init, import_, export, status, next_, why, do_, record, plan, ics_, check, rules, explain, repair, cadre, align, method, journal, people):
    agir.add_command(_command)
method.add_command(_verify)


def run(argv: list[str]) -> int:
    """One command line; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            # a path that is no UTF-8 goes out byte for byte as it came in
            cast(Any, stream).reconfigure(encoding="utf-8", errors="surrogateescape")
    lang, stdout = _lang_of(argv), sys.stdout  # click puts another in its place where its reader went away
    try:
        code = agir.main(argv, prog_name="agir", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as exc:
        return exc.exit_code
    except (KeyboardInterrupt, click.Abort):
        err("interrompu" if lang == "fr" else "interrupted")
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as exc:
        err(exc.format_message())
        return 2
    except click.UsageError as exc:
        err(usage_sentence(exc, lang))
        return 2
    except AgirError as exc:
        return told(exc, lang)
    except SystemExit as exc:  # click's, for a completion, or for a reader that went away
        return _unread() if sys.stdout is not stdout else exc.code if isinstance(exc.code, int) else 0
    except BrokenPipeError:
        return _unread()
    except OSError as exc:
        err(denied(exc, lang))
        return 2
    except Exception as exc:  # the last line of defence: a person never sees a traceback
        said = f"{type(exc).__name__}: {exc}"[:400]
        err(f"faute interne : {said} → la signaler, avec la commande et le fichier" if lang == "fr" else f"internal error: {said} → report it, with the command and the file")
        return 4


def _unread() -> int:
    """Nobody reads any more (`agir … | head`): nothing is wrong, and nothing more is said."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _lang_of(argv: list[str]) -> Lang:
    at = argv.index("--lang") + 1 if "--lang" in argv else 0
    return "en" if (at and argv[at : at + 1] == ["en"]) or "--lang=en" in argv else "fr"
