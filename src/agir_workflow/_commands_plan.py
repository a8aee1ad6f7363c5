"""Dates and calendars: plan, ics."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import cast

import attrs
import click

from ._commands_base import (
    AT,
    STDOUT,
    Asked,
    BadLineError,
    Named,
    as_json,
    as_told,
    bad,
    by_option,
    code_of,
    day_of,
    dossier_argument,
    dressed,
    err,
    json_text,
    laid_open,
    out,
    out_json,
    placed,
    role_of,
    unknown,
)
from ._commands_people import guests_of
from .answers import Accepted, Plan, PlannedStep, Refused, Todo
from .desk import Desk
from .doorstep import shown
from .dossier import Dossier
from .errors import CalendarError, DossierError, Fault, FaultyFileError, PlanningError
from .facts import Publish, fact
from .ics_file import busy_days, name_of
from .planning.given import branches_given, held, held_on, why_not_planned
from .planning.make import Wishes, make_problem
from .planning.make import plan as make_plan
from .planning.problem import Problem
from .readings.seats import seated
from .toml_file import near
from .view import View, view_of
from .words import Text, Verb
from .written import write_whole


def _fixes(fixes: tuple[str, ...], faults: list[Fault]) -> dict[str, dt.date]:
    days: dict[str, dt.date] = {}
    for text in map(as_told, fixes):
        address, _, day = text.rpartition("=")
        if not address:
            faults.append(Fault(f"--fix {shown(text)}", Text("attendu : ADRESSE=DATE", "expected ADDRESS=DATE"), Text("écrire ADRESSE=2012-05-14", "write ADDRESS=2012-05-14")))
            continue
        try:
            found = day_of(f"--fix {shown(text)}", day)
        except FaultyFileError as exc:
            faults += exc.faults
            continue
        if days.get(address, found) != found:
            faults.append(Fault(f"--fix {shown(text)}", Text(f"{address} : déjà fixé au {days[address]}", f"{address}: fixed on {days[address]} already"), Text("ôter l'un des deux", "remove one of the two")))
        days[address] = found
    return days


def _busy(asked: Asked, files: tuple[str, ...], zone: str, faults: list[Fault]) -> dict[str, tuple[dt.date, ...]]:
    taken: dict[str, set[dt.date]] = {}
    for file in files:
        try:
            found = busy_days(file, zone)
        except DossierError as exc:
            faults += exc.faults
            continue
        taken.setdefault(as_told(name_of(file)), set()).update(found.days)
        for line in found.repeated:
            err(asked.say(f"{file}:{line}: répétition non dépliée : seule la première fois est comptée", f"{file}:{line}: a repetition is not unfolded: its first time alone is counted"))
    return {name: tuple(sorted(days)) for name, days in sorted(taken.items())}


def _wishes(asked: Asked, desk: Desk, start: dt.date | None, end: dt.date | None, fix: tuple[str, ...], without: tuple[str, ...], busy: tuple[str, ...], backward: bool) -> Wishes:
    """What was asked of the planner; every fault of the command line and of the calendars at once."""
    faults: list[Fault] = []
    days, taken = _fixes(fix, faults), _busy(asked, busy, desk.dossier.head.zone, faults)
    if start and end and end < start:
        faults.append(Fault("--end", Text(f"attendu : une fin après le début, {start} ; trouvé : {end}", f"expected an end after the start, {start}, found {end}"),
                            Text("inverser --start et --end", "swap --start and --end")))  # fmt: skip
    codes = sorted({str(r.code) for r in desk.method.requirements})
    for key in without:
        if key.partition(" @ ")[0] not in (*codes, "busy"):
            faults += unknown("--without", as_told(key), codes).faults
    if faults:
        raise BadLineError(tuple(faults))
    return Wishes(start=start, end=end, fix=tuple(sorted(days.items())), without=without, busy=tuple(taken.items()), backward=backward)


def _problem(asked: Asked, desk: Desk, wishes: Wishes) -> Problem:
    return make_problem(desk.method, desk.dossier, at=asked.at, wishes=wishes)


def _fixable(asked: Asked, desk: Desk, wishes: Wishes) -> tuple[Wishes, tuple[str, ...]]:
    """The wishes without days for what was held, and the keys of those that it was not held on: each is a conflict. A day for what nobody knows, or what is not planned, is a slip."""
    if not wishes.fix:
        return wishes, ()
    problem = _problem(asked, desk, attrs.evolve(wishes, fix=()))
    view = view_of(desk.method, desk.dossier.as_of(asked.at))
    when = held(view)
    free = [*(v.id for v in problem.variables if v.id not in when), *(key.removeprefix("fix @ ") for key in branches_given(view, wishes.fix).values())]
    faults = [f for a, _ in wishes.fix if a not in free and a not in when for f in (_not_planned(asked, view, a) or unknown("--fix", a, [*free, *when])).faults]
    if faults:
        raise BadLineError(tuple(faults))
    moved = tuple(f"fix @ {a}" for a, day in wishes.fix if a in when and not held_on(when[a], day))
    return attrs.evolve(wishes, fix=tuple((a, day) for a, day in wishes.fix if a in free)), moved


def _not_planned(asked: Asked, view: View, address: str) -> BadLineError | None:
    """What is said of a day for a step of the method that has no date in this plan; None for an address that is of no step."""
    why = why_not_planned(view, asked.at, address)
    return None if why is None else bad("--fix", f"{address} : {why.fr}", f"{address}: {why.en}", "ôter ce --fix", "remove this --fix")


def _made(asked: Asked, desk: Desk, wishes: Wishes) -> Plan:
    """The plan that was wished for. PlanningError where there is none."""
    return make_plan(desk.method, desk.dossier, at=asked.at, start=wishes.start, end=wishes.end, fix=dict(wishes.fix), without=wishes.without,
                     busy=dict(wishes.busy), backward=wishes.backward)  # fmt: skip


_bounds = dressed(
    click.option("--start", **AT, help="Rien avant / nothing before."),
    click.option("--end", **AT, help="Rien après / nothing after."),
    click.option("--fix", multiple=True, metavar="ADDRESS=DATE", help="Un jour imposé ; plusieurs fois / a day that is given; repeatable."),
    click.option("--without", multiple=True, metavar="KEY", help="Une exigence laissée de côté ; plusieurs fois / a requirement left out; repeatable."),
    click.option("--busy", multiple=True, metavar="FILE.ics", help="Quand personne ne peut ; plusieurs fois / when nobody can; repeatable."),
    click.option("--backward", is_flag=True, help="Au plus tard avant --end / as late as --end allows."),
)
"""What is asked of the dates, of a plan as of its calendar."""


@click.command()
@dossier_argument
@_bounds
@click.option("--problem", "problem_file", type=Named(), metavar="OUT.json", help="Le problème, pour un autre solveur.")
@click.option("--adopt", is_flag=True, help="Inscrire ce calendrier au dossier.")
@by_option
@as_json
@click.pass_obj
def plan(asked: Asked, dossier: str, start: dt.date | None, end: dt.date | None, fix: tuple[str, ...], without: tuple[str, ...],
         busy: tuple[str, ...], backward: bool, problem_file: str | None, adopt: bool, by: str, as_json: bool) -> int:  # fmt: skip
    """Des dates pour tout ce qui reste, chacune avec ce qui la tient ; ou ce qui l'interdit."""
    from .views import json_view
    from .views.text import decision_text, plan_text

    with laid_open(asked, dossier) as desk:
        wishes = _wishes(asked, desk, start, end, fix, without, busy, backward)
        try:
            wishes, moved = _fixable(asked, desk, wishes)
            if moved:
                raise PlanningError(tuple((key,) for key in moved))
            if problem_file:
                write_whole(Path(problem_file), (json_text(json_view.problem(_problem(asked, desk, wishes))) + "\n").encode())
            found = _made(asked, desk, wishes)
        except PlanningError as exc:
            return _impossible(asked, desk, exc, wishes, as_json)
        adopted = desk.do(fact(Verb.ADOPT, "plan", found.adoption()), by=role_of(desk.method, by), expect=desk.dossier.version) if adopt else Accepted(())
    if isinstance(adopted, Refused):
        err(decision_text(adopted, asked.lang, (Verb.ADOPT, Text("planning", "plan"))).rstrip("\n"))
        return code_of(adopted)
    if as_json:
        out_json(json_view.plan(found))
    else:
        out(plan_text(found, asked.lang))
    return 0


def _impossible(asked: Asked, desk: Desk, exc: PlanningError, wishes: Wishes, as_json: bool) -> int:
    from .views import json_view
    from .views.conflict_text import conflicts_text

    if as_json:
        out_json(json_view.conflicts(exc))
    if not exc.conflicts:
        err(exc.to(asked.lang))
    elif not as_json:
        view = view_of(desk.method, desk.dossier.as_of(asked.at))
        problem = exc.problem if isinstance(exc.problem, Problem) else _problem(asked, desk, wishes)
        err(conflicts_text(exc, problem, view, asked.lang).rstrip("\n"))
    return 1


# -- calendars -----------------------------------------------------------------------------------------


def _publications(dossier: Dossier) -> list[Publish]:
    return [f.args for f in dossier.facts if isinstance(f.args, Publish)]


def _since(dossier: Dossier, since: int | None) -> Publish | None:
    """The publication to compare with: the nth, by default the last; 0 for none."""
    before = _publications(dossier)
    if since is not None and not 0 <= since <= len(before):
        raise bad("--since", f"attendu : de 0 à {len(before)}, le nombre de publications ; trouvé : {since}", f"expected 0 to {len(before)}, the number of publications, found {since}",
                  f"écrire --since {len(before)}", f"write --since {len(before)}")  # fmt: skip
    return before[(since if since is not None else len(before)) - 1] if before and since != 0 else None


def _seats(asked: Asked, desk: Desk, plan: Plan, base: Publish | None) -> dict[str, frozenset[str]]:
    """Who has a seat at each meeting of a plan, and at those that were published before."""
    view = view_of(desk.method, desk.dossier.as_of(asked.at))
    return seated(view, sorted({str(m.address) for m in plan.meetings} | {e.address for e in (base.entries if base else ())}), asked.at)


def _check_only(found: Plan, only: str, seats: Mapping[str, Collection[str]]) -> None:
    """BadLineError with the nearest choice where nothing of the plan answers to *only*."""
    items: tuple[PlannedStep | Todo, ...] = (*found.meetings, *found.todos)
    instances = {f"{kind}:{id}" for i in items for kind, id in i.instances}
    roles = {f"role:{r}" for i in items for r in (i.role, *getattr(i, "invited", ())) if r}
    choices = ["deadlines", *{t for m in found.meetings for t in m.tags}, *instances, *roles, *{word for who in seats.values() for word in who}]
    if only not in choices and only not in {str(i.address) for i in items}:
        like = near(only, [*choices, *(str(m.address) for m in found.meetings)])
        kind = only.partition(":")[0] + ":"
        listed = sorted({x for x in choices if x.startswith(kind)} or {*choices}, key=lambda x: (x.startswith("role:"), x))  # the roles are many
        names = like or ", ".join([*listed[:12], *["…"] * (len(listed) > 12)])
        raise bad("--only", f"rien du calendrier ne répond à « {shown(only)} »", f"nothing of the plan answers to '{shown(only)}'", f"écrire {names}", f"write {names}")


def _check_letter(how: str, organizer: str | None, attendee: tuple[str, ...], *, called: bool) -> None:
    faults = []
    ask = Text("écrire secretariat@example.org", "write secretariat@example.org")
    if how != "none" and organizer is None:
        faults.append(Fault("--organizer", Text(f"--method {how} demande qui invite", f"--method {how} needs who calls"), ask))
    if how in ("request", "cancel") and not attendee and not called:
        faults.append(Fault("--attendee", Text(f"--method {how} demande qui est invité", f"--method {how} needs who is called"), ask))
    for name, mails in (("--organizer", (organizer,) if organizer else ()), ("--attendee", attendee)):
        for mail in mails:
            local, _, host = mail.partition("@")
            if not (local and host) or any(c.isspace() or not c.isprintable() for c in mail):
                faults.append(Fault(name, Text(f"attendu : une adresse électronique ; trouvé : « {shown(mail)} »", f"expected a mail address, found '{shown(mail)}'"), ask))
    if faults:
        raise BadLineError(tuple(faults))


def _one_uid(asked: Asked, desk: Desk) -> None:
    if desk.dossier.head.uid is None:
        line = f'uid = "{uuid.uuid4()}"'
        raise bad("dossier.uid", f"{desk.name} n'a pas d'uid, dont viennent ceux du calendrier", f"{desk.name} has no uid, from which those of its calendar derive",
                  f"ajouter sous [dossier] la ligne :\n{line}", f"add this line under [dossier]:\n{line}")  # fmt: skip


_SOMEBODY = ("person", "org", "role")
"""What of a calendar is for some people: the others have not seen it, so it is not published."""


@click.command(name="ics")
@dossier_argument
@_bounds
@click.option("--only", metavar="copils|plenaries|deadlines|theme:T|role:R|person:P|org:O|ADDRESS", help="Une partie seulement / a part alone.")
@click.option("--method", "how", type=click.Choice(["none", "publish", "request", "cancel"]), default="none", help="Annoncer, inviter, annuler / announce, invite, call off.")
@click.option("--organizer", metavar="MAIL", help="Qui invite / who invites.")
@click.option("--attendee", multiple=True, metavar="MAIL", help="Qui est invité ; plusieurs fois / who is invited; repeatable.")
@click.option("--people", "directory", metavar="FILE", help="L'annuaire : chaque réunion invite qui y a un siège / each meeting calls those who have a seat.")
@click.option("--since", type=int, metavar="N", help="La publication (1, 2…) à laquelle se comparer ; par défaut la dernière.")
@click.option("-o", "--out", "target", required=True, metavar="OUT", help="Le fichier à écrire, ou - pour la sortie / the file to write, - for standard output.")
@click.option("--publish", is_flag=True, help="Noter au dossier ce qui est publié.")
@by_option
@click.pass_obj
def ics_(asked: Asked, dossier: str, start: dt.date | None, end: dt.date | None, fix: tuple[str, ...], without: tuple[str, ...],
         busy: tuple[str, ...], backward: bool, only: str | None, how: str, organizer: str | None, attendee: tuple[str, ...], directory: str | None, since: int | None,
         target: str, publish: bool, by: str) -> int:  # fmt: skip
    """Un calendrier que tous les agendas acceptent."""
    from .views.ics import IcsMethod, published, to_ics
    from .views.text import decision_text

    with laid_open(asked, dossier) as desk:
        _one_uid(asked, desk)
        if publish and target == STDOUT:  # what nobody reads to the end must not be kept as published
            raise bad("--publish", "attendu : un fichier ; trouvé : -o -", "expected a file, found -o -", "écrire -o calendrier.ics", "write -o calendar.ics")
        if publish and only is not None and only.partition(":")[0] in _SOMEBODY:
            raise bad("--publish", f"attendu : un calendrier pour tous ; trouvé : --only {shown(only)}", f"expected a calendar for all, found --only {shown(only)}", "ôter --publish", "drop --publish")
        _check_letter(how, organizer, attendee, called=directory is not None)
        base = _since(desk.dossier.as_of(asked.at), since)
        wishes = _wishes(asked, desk, start, end, fix, without, busy, backward)
        try:
            wishes, moved = _fixable(asked, desk, wishes)
            if moved:
                raise PlanningError(tuple((key,) for key in moved))
            found = _made(asked, desk, wishes)
        except PlanningError as exc:
            return _impossible(asked, desk, exc, wishes, as_json=False)
        guests = guests_of(asked, desk, directory, found, base) if directory is not None and how in ("request", "cancel") else None
        if guests is not None and not any(guests.values()):
            raise bad("--people", f"personne de {directory} n'a de siège dans {desk.name}", f"nobody of {directory} has a seat in {desk.name}",
                      "écrire person = « pseudonyme » au siège, comme dans l'annuaire", "write person = 'pseudonym' at the seat, as in the directory")  # fmt: skip
        seats = _seats(asked, desk, found, base)
        try:
            data = to_ics(found, only=only, since=base, method=cast(IcsMethod, how), organizer=organizer, attendees=attendee, guests=guests, seats=seats)
        except CalendarError as exc:
            if only is not None:
                _check_only(found, only, seats)
            raise bad("ics", f"calendrier impossible : {exc.to('fr')}", f"no calendar: {exc.to('en')}", "changer --method ou --only", "change --method or --only") from None
        with placed(target, data) as put:  # the calendar lies ready before the dossier says that it was published
            if publish:
                kept = desk.do(fact(Verb.PUBLISH, "calendar", published(found, since=base, only=only, seats=seats)), by=role_of(desk.method, by), expect=desk.dossier.version)
                if isinstance(kept, Refused):
                    err(decision_text(kept, asked.lang, (Verb.PUBLISH, Text("calendrier", "calendar"))).rstrip("\n"))
                    return code_of(kept)
            put()
    return 0
