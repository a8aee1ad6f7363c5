"""The commands of `agir` (INTERFACE.md): read what was asked, let a pure verb answer, write it out."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
import tomllib
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import attrs
import click

from . import engine
from .answers import Plan, Refused, Report
from .codec import args_class, read
from .conformance import check as judge
from .desk import Desk, is_file, open_db, read_file, write_whole
from .dossier import Dossier
from .dossier_file import write_dossier
from .errors import (
    AgirError,
    BrokenChainError,
    ConflictError,
    DossierError,
    Fault,
    FaultyFileError,
    PlanningError,
    RefusedError,
    UnknownNameError,
)
from .facts import Adopt, Declare, Fact, PlannedMeeting, Publish, Stamp
from .method import Method
from .method_file import load_method
from .planning.make import plan as make_plan
from .toml_file import near
from .view import view_of
from .when import When
from .words import Address, Lang, Severity, State, Text, Verb

_AT: dict[str, Any] = {"type": click.DateTime(["%Y-%m-%d"]), "metavar": "DATE"}


@attrs.define
class Asked:
    """What stands before the command: language, journal, and the only clock."""

    lang: Lang
    db: str
    at: dt.date


class _Bad(click.ClickException):
    exit_code = 2


def run(argv: list[str]) -> int:
    """One command line; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            cast(Any, stream).reconfigure(encoding="utf-8", errors="backslashreplace")
    lang = _lang_of(argv)
    try:
        code = agir.main(argv, prog_name="agir", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as exc:
        return exc.exit_code
    except click.Abort:
        return 2
    except click.ClickException as exc:
        exc.show()
        return 2
    except AgirError as exc:
        return _told(exc, lang)
    except BrokenPipeError:
        return 0
    except Exception as exc:  # the last line of defence: a person never sees a traceback
        click.echo(f"erreur interne : {type(exc).__name__}: {exc}" if lang == "fr" else f"internal error: {type(exc).__name__}: {exc}", err=True)
        return 4


def _lang_of(argv: list[str]) -> Lang:
    at = argv.index("--lang") + 1 if "--lang" in argv else 0
    return "en" if (at and argv[at : at + 1] == ["en"]) or "--lang=en" in argv else "fr"


def _told(exc: AgirError, lang: Lang) -> int:
    to = getattr(exc, "to", None)
    click.echo(to(lang) if to else str(exc), err=True)
    if isinstance(exc, ConflictError):
        return 3
    return 1 if isinstance(exc, (RefusedError, PlanningError, BrokenChainError)) else 2


def _out(text: str) -> None:
    click.echo(text, nl=not text.endswith("\n"))


def _json(value: Mapping[str, object]) -> None:
    _out(json.dumps(value, ensure_ascii=False, indent=1))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", help="Langue des phrases / language of the sentences.")
@click.option("--db", default="agir.db", metavar="FILE", help="Journal SQLite.")
@click.option("--at", **_AT, help="Le jour où l'on regarde / the only clock (default: today).")
@click.version_option(package_name="agir_workflow")
@click.pass_context
def agir(ctx: click.Context, lang: str, db: str, at: dt.datetime | None) -> None:
    """Une méthode écrite une fois : ce qui peut se faire, quand faire le reste, ce qui ne suit pas."""
    ctx.obj = Asked("en" if lang == "en" else "fr", db, at.date() if at else dt.date.today())


as_json = click.option("--json", "as_json", is_flag=True, help="Un objet JSON, et rien d'autre.")
dossier_argument = click.argument("dossier")


@contextlib.contextmanager
def _laid_open(asked: Asked, name: str) -> Iterator[Desk]:
    desk = Desk.open(name, asked.db)
    try:
        yield desk
    finally:
        desk.close()


# -- reading -----------------------------------------------------------------------------------------


@agir.command()
@click.option("--out", default="demo", metavar="DIR", show_default=True)
@click.option("--at", "day", **_AT, default="2012-04-02", show_default=True)
@click.pass_obj
def demo(asked: Asked, out: str, day: dt.datetime) -> None:
    """Le dossier de Charenton : calendrier, copils, planning, verdict."""
    from .demo import charenton, write_demo

    method, dossier = charenton()
    _out(write_demo(method, dossier, Path(out), at=day.date(), lang=asked.lang))


@agir.command()
@click.argument("file", default="dossier.toml")
@click.option("--method", "name", default="agir_ensemble", metavar="METHOD")
@click.pass_obj
def init(asked: Asked, file: str, name: str) -> None:
    """Un dossier commenté, prêt à remplir."""
    from .views.init_toml import blank_dossier

    target = Path(file)
    if target.exists():
        raise _Bad(f"{file} existe déjà : choisir un autre nom" if asked.lang == "fr" else f"{file} exists already: choose another name")
    text = blank_dossier(load_method(name), uid=str(uuid.uuid4()), start=asked.at, lang=asked.lang)
    write_whole(target.resolve(), text.encode())
    _out(f"{file} écrit ; ensuite : agir plan {file}" if asked.lang == "fr" else f"{file} written; next: agir plan {file}")


@agir.command(name="import")
@click.argument("files", nargs=-1, required=True)
@click.pass_obj
def import_(asked: Asked, files: tuple[str, ...]) -> None:
    """Des fichiers de dossier dans le journal ; l'identifiant vient du fichier."""
    read_all = [read_file(f) for f in files]
    workspace = open_db(asked.db, create=True)
    try:
        for file, (_, dossier) in zip(files, read_all, strict=True):
            id = workspace.import_(dossier.facts)
            _out(f"{file} → {id} ({dossier.version} faits)" if asked.lang == "fr" else f"{file} → {id} ({dossier.version} facts)")
    finally:
        workspace.store.close()


@agir.command()
@dossier_argument
@click.option("--toml", "toml", is_flag=True, default=True, help="Le dossier en TOML (seule forme pour l'instant).")
@click.pass_obj
def export(asked: Asked, dossier: str, toml: bool) -> None:
    """Le dossier tel qu'il s'importe."""
    with _laid_open(asked, dossier) as desk:
        _out(write_dossier(desk.dossier))


def _outlook(asked: Asked, name: str, by: str, as_json: bool, *, next_only: bool) -> None:
    from .views import json_view
    from .views.text import outlook_text

    with _laid_open(asked, name) as desk:
        found = engine.outlook(desk.method, desk.dossier, on=asked.at, by=by or _lead(desk.method))
    if as_json:
        _json(json_view.outlook(found))
    else:
        _out(outlook_text(found, asked.lang, next_only=next_only))


def _lead(method: Method) -> str:
    roles = method.list_(method.roles)
    return roles.words[0].id if roles else "lead"


@agir.command()
@dossier_argument
@click.option("--by", default="", metavar="ROLE")
@as_json
@click.pass_obj
def status(asked: Asked, dossier: str, by: str, as_json: bool) -> None:
    """Où en est le dossier."""
    _outlook(asked, dossier, by, as_json, next_only=False)


@agir.command(name="next")
@dossier_argument
@click.option("--by", default="", metavar="ROLE")
@as_json
@click.pass_obj
def next_(asked: Asked, dossier: str, by: str, as_json: bool) -> None:
    """Ce qui peut se faire, ce qui est bloqué et par quoi."""
    _outlook(asked, dossier, by, as_json, next_only=True)


# -- asking and telling --------------------------------------------------------------------------------


def _fact(asked: Asked, command: str, address: str, pairs: tuple[str, ...]) -> Fact:
    """The command that a command line says, every fault at once."""
    verbs = [v.value for v in Verb]
    if command not in verbs:
        raise UnknownNameError("verbe" if asked.lang == "fr" else "verb", command, near(command, verbs))
    verb = Verb(command)
    table: dict[str, object] = {}
    faults: list[Fault] = []
    for pair in pairs:
        key, sign, text = pair.partition("=")
        if not sign:
            faults.append(Fault(pair, Text("ni clé ni valeur", "neither key nor value"), Text("écrire clé=valeur", "write key=value")))
        table[key] = _literal(text)
    kind = args_class(verb, address)
    names = {f.name for f in attrs.fields(kind)}
    if kind is Declare:
        attributes = {k: table.pop(k) for k in list(table) if k not in names}
        if attributes:
            table["attributes"] = attributes
    for name, value in table.items():
        if isinstance(value, str) and name in ("agenda", "reserves"):
            table[name] = value.split(",")
    args, more = read(kind, table, toml=True)
    if faults or more or args is None:
        raise DossierError((*faults, *more))
    return Fact(verb, Address(address), args)


def _literal(text: str) -> object:
    try:
        return tomllib.loads(f"v = {text}")["v"]
    except tomllib.TOMLDecodeError:
        return text


fact_options = [
    click.argument("command"),
    click.argument("address"),
    click.argument("pairs", nargs=-1, metavar="[KEY=VALUE]..."),
    click.option("--on", default=None, metavar="DATE", help="Le jour du fait."),
    click.option("--by", default="", metavar="ROLE", help="Qui demande."),
]


def _with(*options: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def dress(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return dress


def _day(asked: Asked, on: str | None) -> When:
    if on is None:
        return When(asked.at)
    try:
        return When.parse(on)
    except ValueError as exc:
        raise _Bad(str(exc)) from None


@agir.command()
@dossier_argument
@_with(*fact_options)
@as_json
@click.pass_obj
def why(asked: Asked, dossier: str, command: str, address: str, pairs: tuple[str, ...], on: str | None, by: str, as_json: bool) -> int:
    """Ce qui empêche une commande, motif par motif ; rien n'est écrit."""
    from .views import json_view
    from .views.text import decision_text

    with _laid_open(asked, dossier) as desk:
        day = _day(asked, on)
        asked_for = _questioned(desk, _fact(asked, command, address, pairs), pairs)
        seen = desk.dossier.as_of(asked.at)
        decision = engine.decide(desk.method, seen, asked_for.stamped(Stamp(on=day, by=by or _lead(desk.method))))
    if as_json:
        _json(json_view.decision(decision))
    else:
        _out(decision_text(decision, asked.lang))
    return 1 if isinstance(decision, Refused) else 0


def _questioned(desk: Desk, command: Fact, pairs: tuple[str, ...]) -> Fact:
    """A bare question supposes everyone there and every point treated; arguments given are taken as they are."""
    from .answers import Ask

    if pairs or command.verb is not Verb.HOLD:
        return command
    from .samples import command_of

    view = view_of(desk.method, desk.dossier)
    return command_of(view, Ask(command.verb, command.address), view.dossier.start)


@agir.command(name="do")
@dossier_argument
@_with(*fact_options)
@click.option("--expect", type=int, default=None, metavar="N", help="La version lue.")
@click.option("--key", default=None, metavar="K", help="Clé d'idempotence.")
@as_json
@click.pass_obj
def do_(asked: Asked, dossier: str, command: str, address: str, pairs: tuple[str, ...], on: str | None, by: str, expect: int | None, key: str | None, as_json: bool) -> int:
    """Demander, et garder ce qui est admis."""
    from .views import json_view
    from .views.text import decision_text

    with _laid_open(asked, dossier) as desk:
        fact = _fact(asked, command, address, pairs)
        decision = desk.do(fact, by=by or _lead(desk.method), on=_day(asked, on), expect=expect, key=key)
    if as_json:
        _json(json_view.decision(decision))
    else:
        _out(decision_text(decision, asked.lang))
    return 1 if isinstance(decision, Refused) else 0


@agir.command()
@dossier_argument
@_with(*fact_options)
@click.option("--expect", type=int, default=None, metavar="N")
@click.option("--key", default=None, metavar="K")
@as_json
@click.pass_obj
def record(asked: Asked, dossier: str, command: str, address: str, pairs: tuple[str, ...], on: str | None, by: str, expect: int | None, key: str | None, as_json: bool) -> int:
    """Dire ce qui s'est passé, quoi qu'en pense la méthode."""
    from .views import json_view
    from .views.text import decision_text

    with _laid_open(asked, dossier) as desk:
        fact = _fact(asked, command, address, pairs)
        told = desk.record(fact, by=by or _lead(desk.method), on=_day(asked, on), expect=expect, key=key)
    if as_json:
        _json(json_view.decision(told))
    else:
        _out(decision_text(told, asked.lang))
    return 2 if isinstance(told, Refused) else 0


# -- dates and calendars ---------------------------------------------------------------------------------


def _fixes(asked: Asked, fixes: tuple[str, ...]) -> dict[str, dt.date]:
    out = {}
    for text in fixes:
        address, _, day = text.rpartition("=")
        try:
            out[address] = dt.date.fromisoformat(day)
        except ValueError:
            raise _Bad(f"--fix {text} : écrire ADRESSE=2012-05-14" if asked.lang == "fr" else f"--fix {text}: write ADDRESS=2012-05-14") from None
    return out


def _busy(files: tuple[str, ...]) -> dict[str, list[dt.date]]:
    from .views.ics_read import read_ics

    out: dict[str, list[dt.date]] = {}
    for file in files:
        try:
            items = read_ics(Path(file).read_bytes())
        except (OSError, ValueError) as exc:
            raise _Bad(f"{file}: {exc}") from None
        out[Path(file).stem] = [i.day for i in items if i.day and not i.cancelled and not i.is_todo]
    return out


@agir.command()
@dossier_argument
@click.option("--start", **_AT)
@click.option("--end", **_AT)
@click.option("--fix", multiple=True, metavar="ADDRESS=DATE")
@click.option("--without", multiple=True, metavar="KEY")
@click.option("--busy", multiple=True, metavar="FILE.ics")
@click.option("--backward", is_flag=True, help="Au plus tard avant --end.")
@click.option("--problem", "problem_file", metavar="OUT.json")
@click.option("--adopt", is_flag=True, help="Inscrire ce calendrier au dossier.")
@click.option("--by", default="", metavar="ROLE")
@as_json
@click.pass_obj
def plan(asked: Asked, dossier: str, start: dt.datetime | None, end: dt.datetime | None, fix: tuple[str, ...], without: tuple[str, ...],
         busy: tuple[str, ...], backward: bool, problem_file: str | None, adopt: bool, by: str, as_json: bool) -> int:  # fmt: skip
    """Des dates pour tout ce qui reste, chacune avec ce qui la tient ; ou ce qui l'interdit."""
    from .planning.make import Wishes, make_problem
    from .views import json_view
    from .views.text import plan_text

    with _laid_open(asked, dossier) as desk:
        days, taken = _fixes(asked, fix), _busy(busy)
        first, last = start.date() if start else None, end.date() if end else None
        if problem_file:
            wishes = Wishes(start=first, end=last, fix=tuple(sorted(days.items())), without=without,
                            busy=tuple((k, tuple(v)) for k, v in sorted(taken.items())), backward=backward)  # fmt: skip
            text = json.dumps(json_view.problem(make_problem(desk.method, desk.dossier, at=asked.at, wishes=wishes)), ensure_ascii=False, indent=1)
            write_whole(Path(problem_file).resolve(), text.encode() + b"\n")
        try:
            found = make_plan(desk.method, desk.dossier, at=asked.at, start=first, end=last, fix=days, without=without, busy=taken, backward=backward)
        except PlanningError as exc:
            if not as_json:
                raise
            _json(json_view.conflicts(exc.conflicts))
            return 1
        if adopt:
            desk.do(_adoption(found), by=by or _lead(desk.method), on=When(asked.at), expect=None, key=None)
    if as_json:
        _json(json_view.plan(found))
    else:
        _out(plan_text(found, asked.lang))
    return 0


def _adoption(found: Plan) -> Fact:
    meetings = tuple(PlannedMeeting(address=m.address, day=m.day, start=m.start, minutes=m.minutes) for m in found.meetings if m.status != "held")
    return Fact(Verb.ADOPT, Address("plan"), Adopt(meetings=meetings))


def _publications(dossier: Dossier) -> list[Publish]:
    return [f.args for f in dossier.facts if isinstance(f.args, Publish)]


@agir.command(name="ics")
@dossier_argument
@click.option("--only", metavar="copils|plenaries|deadlines|theme:T|role:R")
@click.option("--method", "how", type=click.Choice(["none", "publish", "request", "cancel"]), default="none")
@click.option("--organizer", metavar="MAIL")
@click.option("--attendee", multiple=True, metavar="MAIL")
@click.option("--since", type=int, metavar="N", help="La publication (1, 2…) à laquelle se comparer ; par défaut la dernière.")
@click.option("-o", "--out", required=True, metavar="OUT")
@click.option("--publish", is_flag=True, help="Noter au dossier ce qui est publié.")
@click.option("--by", default="", metavar="ROLE")
@click.pass_obj
def ics_(asked: Asked, dossier: str, only: str | None, how: str, organizer: str | None, attendee: tuple[str, ...], since: int | None,
         out: str, publish: bool, by: str) -> int:  # fmt: skip
    """Un calendrier que tous les agendas acceptent."""
    from .views.ics import IcsMethod, published, to_ics

    with _laid_open(asked, dossier) as desk:
        if desk.dossier.head.uid is None:
            line = f'uid = "{uuid.uuid4()}"'
            raise _Bad(f"le dossier n'a pas d'uid ; ajouter sous [dossier] la ligne :\n{line}" if asked.lang == "fr" else f"the dossier has no uid; add this line under [dossier]:\n{line}")
        before = _publications(desk.dossier.as_of(asked.at))
        if since is not None and not 0 <= since <= len(before):
            raise _Bad(f"--since {since} : {len(before)} publication(s)")
        base = before[(since if since is not None else len(before)) - 1] if before and since != 0 else None
        found = make_plan(desk.method, desk.dossier, at=asked.at)
        try:
            data = to_ics(found, only=only, since=base, method=cast(IcsMethod, how), organizer=organizer, attendees=attendee)
        except ValueError as exc:
            raise _Bad(str(exc)) from None
        write_whole(Path(out).resolve(), data)
        if publish:
            desk.do(Fact(Verb.PUBLISH, Address("calendar"), published(found, since=base)), by=by or _lead(desk.method), on=When(asked.at), expect=None, key=None)
    _out(out)
    return 0


# -- the verdict -------------------------------------------------------------------------------------------


def _judged(asked: Asked, name: str, profile: str | None, method_file: str | None) -> Report:
    with _laid_open(asked, name) as desk:
        method, dossier = desk.method, desk.dossier
    if method_file:
        method = load_method(method_file)
    if profile:
        known = [p.id for p in method.profiles]
        if profile not in known:
            raise UnknownNameError("profil" if asked.lang == "fr" else "profile", profile, near(profile, known))
        first = dossier.facts[0]
        head = attrs.evolve(dossier.head, profile=profile)
        dossier = Dossier((Fact(first.verb, first.address, head, first.stamp), *dossier.facts[1:]))
    return judge(method, dossier, at=asked.at)


def _fails(report: Report, fail_on: str) -> bool:
    if fail_on == "never":
        return False
    limit = Severity(fail_on).rank
    return any(f.state is State.VIOLATED and f.severity.rank <= limit for f in report.findings)


@agir.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--profile", metavar="P")
@click.option("--method", "method_file", metavar="FILE")
@click.option("--fail-on", type=click.Choice(["error", "warning", "info", "never"]), default="error", show_default=True)
@click.option("--format", "formats", multiple=True, metavar="FMT[:FILE]", help="text, json, html")
@as_json
@click.pass_obj
def check(asked: Asked, paths: tuple[str, ...], profile: str | None, method_file: str | None, fail_on: str, formats: tuple[str, ...], as_json: bool) -> int:
    """Le verdict ; un dossier de dossiers donne une ligne chacun et le pire code de sortie."""
    found: list[str] = []
    for path in paths:
        folder = Path(path)
        found += sorted(str(p) for p in folder.rglob("*.toml")) if folder.is_dir() else [path]
    if len(found) == 1 and not Path(paths[0]).is_dir():
        report = _judged(asked, found[0], profile, method_file)
        for form in ("json",) if as_json else formats or ("text",):
            _write_report(asked, report, found[0], form)
        return 1 if _fails(report, fail_on) else 0
    return _check_all(asked, found, profile, method_file, fail_on, as_json)


def _check_all(asked: Asked, found: list[str], profile: str | None, method_file: str | None, fail_on: str, as_json: bool) -> int:
    from .views import json_view
    from .views.text import VERDICTS

    worst, reports = 0, []
    for path in found:
        try:
            report = _judged(asked, path, profile, method_file)
        except FaultyFileError as exc:
            if any(f.path == "dossier" for f in exc.faults) and not is_dossier(path):
                continue
            worst = max(worst, 2)
            click.echo(exc.to(asked.lang), err=True)
            continue
        reports.append(json_view.report(report))
        worst = max(worst, 1 if _fails(report, fail_on) else 0)
        if not as_json:
            counts = " ".join(f"{report.count(s)}{s.value[0]}" for s in Severity)
            _out(f"{path}  {VERDICTS[report.verdict].to(asked.lang)}  {counts}  {', '.join(sorted({f.code for f in report.findings if f.state is State.VIOLATED}))}")
    if as_json:
        _json({"schema": "agir.reports/1", "reports": reports})
    return worst


def is_dossier(path: str) -> bool:
    """Whether a TOML file says of itself that it is a dossier; a method file beside one does not."""
    return is_file(path) and b"[dossier]" in Path(path).read_bytes()


def _write_report(asked: Asked, report: Report, name: str, form: str) -> None:
    from .views import json_view
    from .views.text import report_text

    kind, _, file = form.partition(":")
    if kind == "text":
        text = report_text(report, asked.lang)
    elif kind == "json":
        text = json.dumps(json_view.report(report), ensure_ascii=False, indent=1) + "\n"
    elif kind == "html":
        from .demo import page

        with _laid_open(asked, name) as desk:
            text = page(desk.method, desk.dossier, at=asked.at, lang=asked.lang)
    else:
        raise UnknownNameError("format", kind, near(kind, ["text", "json", "html"]))
    if file:
        write_whole(Path(file).resolve(), text.encode())
    else:
        _out(text)


# -- the method, the journal ---------------------------------------------------------------------------------


@agir.group()
def method() -> None:
    """La méthode elle-même."""


method_argument = click.argument("name", default="agir_ensemble", metavar="[METHOD]")


@method.command()
@method_argument
@click.pass_obj
def show(asked: Asked, name: str) -> None:
    """Ses mots, son arbre, ses exigences."""
    from .views.method_text import method_text

    _out(method_text(load_method(name), asked.lang))


@method.command(name="check")
@method_argument
@click.pass_obj
def check_method(asked: Asked, name: str) -> None:
    """Ses fautes, toutes à la fois ; code 2 s'il y en a."""
    found = load_method(name)
    _out(f"{found.ref} : rien à redire ({len(found.requirements)} exigences)" if asked.lang == "fr" else f"{found.ref}: nothing wrong ({len(found.requirements)} requirements)")


@method.command()
@method_argument
@click.pass_obj
def graph(asked: Asked, name: str) -> None:
    """Son arbre, en Mermaid."""
    from .views.method_text import mermaid

    _out(mermaid(load_method(name), asked.lang))


@agir.group()
def journal() -> None:
    """Le journal."""


@journal.command()
@click.argument("dossier", required=False)
@click.pass_obj
def verify(asked: Asked, dossier: str | None) -> int:
    """La chaîne des empreintes ; code 1 et le nom de chaque maillon rompu."""
    from .stores import SqliteStore
    from .stores import verify as chain

    if not Path(asked.db).is_file():
        raise UnknownNameError("journal", asked.db)
    store = SqliteStore.open(asked.db)
    try:
        broken = list(store.damage())
        names = [dossier] if dossier else list(store.dossiers())
        number = 0
        for name in names:
            records = list(store.records(name))
            number += len(records)
            broken += [f"{b.dossier} {b.v}: {b.why.to(asked.lang)}" for b in chain(records)]
    finally:
        store.close()
    for line in broken:
        _out(line)
    if broken:
        return 1
    _out(f"{len(names)} dossiers, {number} maillons, chaîne intacte" if asked.lang == "fr" else f"{len(names)} dossiers, {number} records, chain intact")
    return 0


@journal.command(name="export")
@click.argument("dossier", required=False)
@click.pass_obj
def export_journal(asked: Asked, dossier: str | None) -> None:
    """Une ligne JSON par fait."""
    from .stores import SqliteStore, export_lines

    if not Path(asked.db).is_file():
        raise UnknownNameError("journal", asked.db)
    store = SqliteStore.open(asked.db)
    try:
        for line in export_lines(store, dossier):
            _out(line)
    finally:
        store.close()

