"""
The dossier file: one TOML that a project lead writes by hand, read into events and written back.

`[dossier]` says what it is, a list of tables for each kind of the method names its instances,
`[answers]` fills the cadre, `[[facts]]` tells what happened. Every fault at once, with its line.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import cast

import attrs

from ._fold import dated
from .codec import args_class, fact_to_plain, read, value_from_plain
from .doorstep import FIRST, clean, id_fault, in_reach, shown, text_fault, uid_fault, unreadable_date
from .dossier import Dossier, corrections, shared
from .errors import DossierError, MethodError, UnknownNameError
from .facts import DOSSIER, NOTHING_TO_ADD, Args, Correct, Declare, Fact, Fill, Open, Stamp
from .method import Facet, Kind, Method
from .resolve import misread, suits
from .toml_file import Document, Path, Table, near, steps, type_name, wrong
from .toml_text import toml_key, toml_value
from .values import Record, Value
from .view import view_of
from .when import When
from .words import Address, FacetId, Text, Verb
from .zones import zone_of

_ENVELOPE = ("on", "by", "key")
"""What a block says of the fact itself; an argument of that name stands in `args = { … }`."""
LENGTH = 1440
"""Minutes of the longest meeting: a day."""
_VERBS = {v.value: v for v in Verb}


def read_dossier(data: bytes, methods: Callable[[str], Method], name: str | None = None, stem: str = "dossier") -> tuple[Method, Dossier]:
    """
    The method and the dossier of a file's bytes; *methods* finds a method by its reference.

    Raises DossierError with every fault, each with path and line; *stem* is the id of a dossier
    whose file names none.
    """
    return read_document(Document.read(data, name), methods, stem)


def read_document(document: Document, methods: Callable[[str], Method], stem: str = "dossier", *, lasting: bool = True) -> tuple[Method, Dossier]:
    """
    The same of a document that was read already; one that has no fault stays as it was.

    Of a dossier that is not *lasting*, asked once and let go, equal parts are not made one.
    """
    if not document.readable:
        raise DossierError(tuple(document.faults))
    for path, text, put in document.each_text() if any(map(text_fault, document.texts())) else ():
        if fault := text_fault(text):
            document.fault(path, *fault)
            put(clean(text))
    reader = _Reader(document, methods, stem, lasting)
    dossier = reader.read()
    if document.faults or dossier is None or reader.method is None:
        raise DossierError(tuple(sorted(set(document.faults), key=lambda f: (f.line or 0, f.path))))
    return reader.method, dossier


class _Reader:
    def __init__(self, document: Document, methods: Callable[[str], Method], stem: str, lasting: bool) -> None:
        self.document, self.methods, self.stem, self.lasting = document, methods, stem, lasting
        self.method: Method | None = None
        self.start = When(FIRST)
        self.by = ""
        self.facts: list[tuple[Path, Fact, Mapping[str, Path]]] = []

    def read(self) -> Dossier | None:
        root = self.document.root()
        head = root.table("dossier", required=True)
        opening = self._head(head) if head is not None else None
        if opening is None or self.method is None:
            return None
        for kind in self.method.kinds:
            for table in root.tables(kind.id):
                self._instance(kind, table)
        self._answers(root)
        for table in root.tables("facts"):
            self._fact(table)
        self._misplaced(root)
        root.done(self.method.words.kinds)
        facts = (opening, *(f for _, f, _ in self.facts))
        dossier = Dossier(shared(facts) if self.lasting else facts)
        self._judge(dossier)
        return dossier

    def _head(self, t: Table) -> Fact | None:
        ref = t.text("method", _DEFAULT)
        try:
            self.method = self.methods(ref)
        except UnknownNameError as exc:
            mend = Text(f"écrire {exc.near}", f"write {exc.near}") if exc.near else Text("nommer une méthode fournie, ou un fichier", "name a packaged method, or a file")
            t.fault("method", Text(f"méthode « {shown(exc.name)} » inconnue", f"unknown method '{shown(exc.name)}'"), mend)
            return None
        except MethodError as exc:
            (fault, *more) = exc.faults
            if fault.path == "(file)" and fault.line is None and not more:  # the file is not there, or is none
                t.fault("method", Text(f"méthode « {shown(ref)} » : {fault.what.fr}", f"method '{shown(ref)}': {fault.what.en}"), fault.mend)
            else:
                self.document.faults.extend(exc.faults)
            return None
        method = self.method
        start = t.when("start")
        if start is None and "start" not in t.data:
            t.fault("start", Text("clé manquante ; attendu : une date (2012-05-14)", "missing key; expected a date (2012-05-14)"),
                    Text("ajouter start = 2026-09-15", "add start = 2026-09-15"))  # fmt: skip
        assumed = [f"{k}={v}" for k, v in (("profile", method.default_profile), ("regime", method.default_regime)) if k not in t.data]
        roles = method.list_(method.roles)
        self.by = t.text("by", roles.words[0].id if roles else "lead")
        profile = self._one_of(t, "profile", method.default_profile, [p.id for p in method.profiles])
        regime = self._one_of(t, "regime", method.default_regime, [r.id for r in method.regimes])
        language = self._one_of(t, "language", "fr", ["fr", "en"])
        zone = t.text("zone", "Europe/Paris")
        _check_zone(t, zone)
        id = t.text("id", self.stem)
        if wrong_id := id_fault(id, dossier=True):
            t.fault("id", *wrong_id)
        stamp = self._stamp(t, opening=True)
        args = Open(id=id, uid=self._uid(t), title=t.text("title", id), method=_pinned(ref, method), method_hash=method.hash, profile=profile,
                    regime=regime, language=language, zone=zone, assumed=tuple(assumed))  # fmt: skip
        self._misplaced(t)
        t.done()
        if start is not None:
            self.start = start
        return Fact(Verb.DECLARE, DOSSIER, args, attrs.evolve(stamp, on=self.start))

    def _misplaced(self, t: Table) -> None:
        """Answers that stand elsewhere than among the answers; instances under what people call their kind."""
        assert self.method is not None
        called = {word.lower(): kind.id for kind in self.method.kinds for word in (kind.label.fr, kind.label.en)} if not t.path else {}
        for key in sorted(t.data.keys() - t.asked):
            if key in self.method.words.facets:
                t.asked.add(key)
                t.fault(key, Text(f"« {key} » est une réponse", f"'{key}' is an answer"), Text("l'écrire sous [answers]", "write it under [answers]"))
            elif isinstance(t.data[key], list) and not near(key, self.method.words.kinds) and (like := near(key, called)):
                t.asked.add(key)
                t.fault(key, Text(f"clé inconnue : {shown(key)}", f"unknown key: {shown(key)}"), Text(f"écrire [[{called[like]}]]", f"write [[{called[like]}]]"))

    def _one_of(self, t: Table, key: str, default: str, known: list[str]) -> str:
        value = t.text(key, default)
        if value not in known:
            like = near(value, known)
            t.fault(key, Text(f"« {shown(value)} » inconnu", f"'{shown(value)}' unknown"),
                    Text(f"écrire {like or ' ou '.join(known)}", f"write {like or ' or '.join(known)}"))  # fmt: skip
        return value

    def _uid(self, t: Table) -> str | None:
        uid = t.maybe("uid")
        if uid is not None and (fault := uid_fault(uid)):
            t.fault("uid", *fault)
        return uid

    def _stamp(self, t: Table, *, opening: bool = False) -> Stamp:
        on = (None if opening else t.when("on")) or self.start
        recorded = t.data.get("recorded")
        t.asked.add("recorded")
        at = None
        if isinstance(recorded, dt.datetime) and recorded.tzinfo is not None and in_reach(When(recorded.date())):
            at = recorded.astimezone(dt.UTC)
        elif recorded is not None:
            t.fault("recorded", wrong(Text("un instant avec son fuseau", "an instant with its zone"), recorded),
                    Text("écrire 2012-05-14T10:00:00Z", "write 2012-05-14T10:00:00Z"))  # fmt: skip
        return Stamp(on=on, by=t.text("by", self.by), recorded_at=at, key=t.maybe("key"))

    def _instance(self, kind: Kind, t: Table) -> None:
        id = t.text("id")
        if fault := id_fault(id, dossier=False):
            if id or isinstance(t.data.get("id"), str):
                t.fault("id", *fault)
            id = ""
        label, stamp = t.text("label", id), self._stamp(t)
        inside = t.maybe(kind.inside) if kind.inside else None
        known = {f.name for f in kind.attributes}
        found = {k: self._value((*t.path, k), t.data[k]) for k in t.data if k in known}
        t.asked |= known
        if kind.inside and "inside" in t.data and "inside" not in t.asked:
            t.asked.add("inside")
            t.fault("inside", Text("clé inconnue : inside", "unknown key: inside"), Text(f"écrire {kind.inside} = …", f"write {kind.inside} = …"))
        t.done()
        values = Record(tuple((k, v) for k, v in found.items() if v is not None))
        if id:
            fact = Fact(Verb.DECLARE, Address(f"{kind.id}/{id}"), Declare(label=label, inside=inside, attributes=values), stamp)
            self._add(t.path, fact, {"address": ("id",), "inside": (kind.inside or "id",), "attributes": ()})

    def _value(self, path: Path, value: object) -> Value | None:
        try:
            return value_from_plain(value, toml=True)
        except DossierError as exc:
            for fault in exc.faults:
                self.document.fault((*path, *steps(fault.path)), fault.what, fault.mend)
            return None

    def _dated(self, address: str, value: object) -> object:
        """An answer whose rough days, written as those of a fact are, are told from texts: by the types of its facet."""
        facet = self.method.words.facets.get(FacetId(address.partition("/")[0])) if self.method else None
        if facet is None:
            return value
        if isinstance(value, list):
            return [self._dated(address, v) for v in value]
        if not facet.fields:
            return _rough(value) if facet.type == "date" else value
        dates = {f.name for f in facet.fields if f.type == "date"}
        return {k: _rough(v) if k in dates else v for k, v in value.items()} if isinstance(value, dict) else value

    def _answers(self, root: Table) -> None:
        several = isinstance(root.data.get("answers"), list)
        tables = root.tables("answers") if several else ()
        single = None if several else root.table("answers")
        assert self.method is not None
        for t in (*tables, *((single,) if single else ())):
            stamp = self._stamp(t)
            for key in list(t.data):
                facet = self.method.words.facets.get(FacetId(key))
                if facet is not None:
                    t.asked.add(key)
                    self._answer(facet, (*t.path, key), t.data[key], stamp)
            t.done(self.method.words.facets)

    def _answer(self, facet: Facet, path: Path, value: object, stamp: Stamp) -> None:
        if facet.scope is None:
            self._fill(path, Address(facet.id), value, stamp)
        elif isinstance(value, dict):
            for subject, inner in value.items():
                self._fill((*path, subject), Address(f"{facet.id}/{subject}"), inner, stamp)
        else:
            self.document.fault(path, Text(f"une réponse par « {facet.scope} » est attendue", f"one answer for each '{facet.scope}' is expected"),
                                Text(f"écrire {facet.id} = {{ identifiant = … }}", f"write {facet.id} = {{ id = … }}"))  # fmt: skip

    def _fill(self, path: Path, address: Address, value: object, stamp: Stamp) -> None:
        found = self._value(path, self._dated(address, value))
        if found is not None:
            self._add(path, Fact(Verb.FILL, address, Fill(value=found), stamp), {"value": (), "address": ()})

    def _fact(self, t: Table) -> None:
        text, address = self._verb(t), t.text("address")
        if text and text not in _VERBS:
            like = near(text, _VERBS)
            likely = like or ", ".join(_VERBS)
            t.fault("fact", Text(f"verbe « {shown(text)} » inconnu", f"unknown verb '{shown(text)}'"), Text(f"écrire {likely}", f"write {likely}"))
        if "on" not in t.data:
            t.fault("on", Text("date manquante", "the day is missing"), Text("ajouter on = 2012-05-14", "add on = 2012-05-14"))
        stamp = self._stamp(t)
        if text not in _VERBS or not address:
            return
        verb = _VERBS[text]
        decision = t.maybe("decision") if verb is Verb.HOLD else None
        reserves = t.texts("reserves") if verb is Verb.HOLD or verb is Verb.DECIDE else ()
        if reserves and verb is Verb.HOLD and decision is None:
            t.fault("reserves", Text("des réserves sans décision", "reserves without a decision"), Text('ajouter decision = "…", ou les ôter', 'add decision = "…", or remove them'))
        rest = t.rest()
        voted: dict[str, object] = {k: rest.pop(k) for k in ("votes", "chair") if decision is not None and k in rest}
        if verb is Verb.DECIDE and reserves:
            rest["reserves"] = list(reserves)
        args = self._args(t, verb, address, rest)
        if args is not None:
            self._add(t.path, Fact(verb, Address(address), args, stamp), {})
            if decision is not None:
                taken = self._args(t, Verb.DECIDE, address, {"value": decision, "reserves": list(reserves), **voted})
                if taken is not None:
                    self._add(t.path, Fact(Verb.DECIDE, Address(address), taken, attrs.evolve(stamp, key=None)), {"value": ("decision",)})

    def _verb(self, t: Table) -> str:
        """What a block says has happened; where another key says it, that is told in its place."""
        if "fact" in t.data:
            return t.text("fact")
        meant = next(((key, value) for key, value in t.data.items() if isinstance(value, str) and value in _VERBS), None)
        if meant is not None:
            t.fault(meant[0], Text(f"clé inconnue : {shown(meant[0])} ; attendu : fact", f"unknown key: {shown(meant[0])}; expected fact"),
                    Text(f'écrire fact = "{meant[1]}"', f'write fact = "{meant[1]}"'))  # fmt: skip
        else:
            few = ", ".join(_VERBS)
            t.fault("fact", Text("clé manquante ; attendu : ce qui s'est passé, en un mot", "missing key; expected what happened, in a word"),
                    Text(f'ajouter fact = "hold" ; connus : {few}', f'add fact = "hold"; known: {few}'))  # fmt: skip
        return ""

    def _args(self, t: Table, verb: Verb, address: str, rest: dict[str, object]) -> Args | None:
        """The arguments of a block; those whose name the block itself needs stand in `args = { … }`."""
        if verb is Verb.FILL and "value" in rest:
            rest["value"] = self._dated(address, rest["value"])
        inner = rest.pop("args", {})
        if not isinstance(inner, dict):
            t.fault("args", wrong(type_name({}), inner), Text("écrire args = { on = 2012-05-14 }", "write args = { on = 2012-05-14 }"))
            return None
        kind = args_class(verb, address)
        if not rest and not inner and kind in NOTHING_TO_ADD:
            return NOTHING_TO_ADD[kind]
        args, faults = read(kind, rest | inner, toml=True)
        for fault in faults:
            where = steps(fault.path)
            mend = fault.mend
            if where and where[0] in inner:
                where, mend = ("args", *where), Text("écrire args = { on = 2012-05-14 }", "write args = { on = 2012-05-14 }")
            self.document.fault((*t.path, *where), fault.what, mend)
        if isinstance(args, Correct) and args.is_blank:
            self.document.fault((*t.path, "args", "on"), Text("attendu : « on », « attendance » ou « void » ; trouvé : aucun", "expected 'on', 'attendance' or 'void', found none"),
                                Text("écrire args = { on = 2012-05-14 }", "write args = { on = 2012-05-14 }"))  # fmt: skip
            return None
        return args

    def _add(self, path: Path, fact: Fact, names: Mapping[str, Path]) -> None:
        """One fact more; *names* says where the file has what the fact calls so."""
        for where, what, mend in () if _in_bounds(fact.args) else beyond(fact.args):
            self.document.fault((*path, *_named(names, where)), what, mend)
        self.facts.append((path, fact, names))

    def _judge(self, dossier: Dossier) -> None:
        """What the method does not know of the dossier's words; and what is told twice."""
        assert self.method is not None
        fit = tuple([f for f in dossier.facts[1:] if suits(self.method.words, f)])
        view = view_of(self.method, dossier if len(fit) == len(self.facts) else Dossier((dossier.facts[0], *fit)))
        seen: dict[tuple[Verb, str, When | None], Path] = {}
        ends = [f for _, f, _ in self.facts if f.verb in (Verb.END, Verb.MERGE)]
        void = corrections(dossier.facts)[1]
        for n, ((path, fact, names), told) in enumerate(zip(self.facts, dated(dossier)[1:], strict=True), 2):
            for found in misread(view, told, telling=False) if n not in void else ():  # as a later correction puts it right
                if found.code not in ("twice", "past", "lift"):  # judged by the verdict, not refused
                    self.document.fault((*path, *_named(names, steps(found.where))), found.what, found.mend)
            key = (fact.verb, fact.address, None if fact.verb is Verb.DECLARE else fact.on)
            again = fact.verb is Verb.DECLARE and any(f.address == fact.address and f.on.before(fact.on) for f in ends)  # its id was free once more
            if fact.verb in (Verb.DECLARE, Verb.HOLD) and key in seen and not again and n not in void:
                first = self.document.line_of(seen[key])
                self.document.fault((*path, *_named(names, ("address",))), Text(f"{fact.address} : déjà dit ligne {first}", f"{fact.address}: already said on line {first}"),
                                    Text("ôter l'un des deux", "remove one of the two"))  # fmt: skip
            if n not in void:
                seen.setdefault(key, path)




def _named(names: Mapping[str, Path], where: Path) -> Path:
    """Where the file has what the fact calls *where*."""
    return (*names.get(str(where[0]), where[:1]), *where[1:]) if where else where


def beyond(args: object, path: Path = ()) -> Iterator[tuple[Path, Text, Text]]:
    """What lies out of bounds in the arguments of a fact: texts, days, lengths of meetings."""
    if isinstance(args, str):
        if fault := text_fault(args):
            yield path, *fault
    elif isinstance(args, (When, dt.date)):
        when = args if isinstance(args, When) else When(args)
        if not in_reach(when):
            yield path, *unreadable_date(str(when))
    elif isinstance(args, tuple):
        for n, member in enumerate(args):
            yield from beyond(member, (*path, n))
    elif isinstance(args, Record):
        for key, value in args:
            yield from beyond(key, (*path, key))
            yield from beyond(value, (*path, key))
    elif isinstance(args, int):
        if path[-1:] == ("minutes",) and not 0 < args <= LENGTH:
            yield (path, Text(f"attendu : de 1 à {LENGTH} minutes ; trouvé : {args}", f"expected 1 to {LENGTH} minutes, found {args}"),
                   Text("écrire minutes = 120", "write minutes = 120"))  # fmt: skip
    elif attrs.has(kind := type(args)):
        for field in attrs.fields(kind):
            yield from beyond(getattr(args, field.name), (*path, field.name))


def _in_bounds(args: object, name: str = "") -> bool:
    """Whether `beyond` would find nothing, without saying where."""
    kind = type(args)
    if kind is str:
        return text_fault(cast("str", args)) is None
    if args is None or kind is int or kind is bool:
        return name != "minutes" or not isinstance(args, int) or 0 < args <= LENGTH
    if isinstance(args, When):
        return in_reach(args)
    if isinstance(args, tuple):
        return all([_in_bounds(member) for member in args])
    if isinstance(args, Record):
        return all([_in_bounds(key) and _in_bounds(value, key) for key, value in args])
    names = _fields(cast("type[attrs.AttrsInstance]", kind))
    # What is empty is in bounds, but for a length of no minutes.
    return all([_in_bounds(v, field) for field in names if (v := getattr(args, field)) or field == "minutes"]) if names else next(beyond(args), None) is None


@cache
def _fields(kind: type[attrs.AttrsInstance]) -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(kind)) if attrs.has(kind) else ()


def _pinned(ref: str, method: Method) -> str:
    """The method as the dossier pins it: the version that it names, whichever was found; of an overlay's base, the base."""
    name, _, version = ref.partition("@")
    base = method.base
    if base and name == base.partition("@")[0]:
        return ref if version.isdecimal() else base
    return ref if name == method.name and version.isdecimal() else method.ref


_DEFAULT = "agir_ensemble"
"""The method of a dossier that names none."""


_ZONES = ("Europe/Paris", "Indian/Reunion", "Indian/Mayotte", "America/Martinique", "America/Guadeloupe", "America/Cayenne", "America/Miquelon",
          "America/St_Barthelemy", "America/Marigot", "Pacific/Noumea", "Pacific/Tahiti", "Pacific/Marquesas", "Pacific/Gambier", "Pacific/Wallis")  # fmt: skip
"""The zones of French territories: the nearest is proposed for one that nobody knows."""


def _check_zone(t: Table, zone: str) -> None:
    try:
        zone_of(zone)
    except ValueError:
        like = near(zone, _ZONES)
        t.fault("zone", Text(f"fuseau « {shown(zone)} » inconnu", f"unknown time zone '{shown(zone)}'"),
                Text(f"écrire {like or 'Europe/Paris, Indian/Reunion…'}", f"write {like or 'Europe/Paris, Indian/Reunion…'}"))  # fmt: skip


# -- writing ----------------------------------------------------------------------------------------


def _day(text: object) -> str:
    return str(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", str(text)) else toml_value(text)


def fact_block(fact: Fact) -> str:
    """One `[[facts]]` block, as `read_dossier` reads it back to the same fact."""
    plain = fact_to_plain(fact)
    stamp, args = plain.get("stamp"), plain["args"]
    assert isinstance(stamp, dict)
    assert isinstance(args, dict)
    lines = ["[[facts]]", f"fact = {toml_value(plain['verb'])}", f"address = {toml_value(plain['address'])}", f"on = {_on(str(stamp['on']))}", f"by = {toml_value(stamp['by'])}"]
    if "recorded_at" in stamp:
        lines.append(f"recorded = {stamp['recorded_at']}")
    if "key" in stamp:
        lines.append(f"key = {toml_value(stamp['key'])}")
    lines += [f"{toml_key(k)} = {toml_value(v)}" for k, v in args.items() if k not in _ENVELOPE]
    if inner := {k: v for k, v in args.items() if k in _ENVELOPE}:
        lines.append(f"args = {toml_value(inner)}")
    return "\n".join(lines) + "\n"


def _on(text: str) -> str:
    if "/" in text:
        first, last = text.split("/")
        return f"{{ from = {first}, to = {last} }}"
    return _day(text)


def _rough(value: object) -> object:
    """A day written as a text, or as `{ from, to }`, in the form in which a value says so."""
    if isinstance(value, list):
        return [_rough(v) for v in value]
    if isinstance(value, dict) and set(value) == {"from", "to"}:
        return {"when": f"{value['from']}/{value['to']}"}
    return {"when": value} if isinstance(value, str) else value


def write_dossier(dossier: Dossier) -> str:
    """The dossier as a file: its head, then every fact in the order of arrival; `read_dossier` gives it back."""
    head = dossier.head
    stamp = dossier.facts[0].stamp
    assert stamp is not None
    lines = ["[dossier]", f"id = {toml_value(head.id)}"]
    if head.uid:
        lines.append(f"uid = {toml_value(head.uid)}")
    lines += [f"title = {toml_value(head.title)}", f"method = {toml_value(head.method)}"]
    lines += [f"{k} = {toml_value(v)}" for k, v in (("profile", head.profile), ("regime", head.regime)) if f"{k}={v}" not in head.assumed]
    lines += [f"language = {toml_value(head.language)}", f"zone = {toml_value(head.zone)}", f"start = {_on(str(stamp.on))}", f"by = {toml_value(stamp.by)}"]
    if stamp.recorded_at is not None:
        lines.append(f"recorded = {stamp.recorded_at.astimezone(dt.UTC).replace(tzinfo=None).isoformat()}Z")
    if stamp.key is not None:
        lines.append(f"key = {toml_value(stamp.key)}")
    return "\n".join(lines) + "\n" + "".join("\n" + fact_block(f) for f in dossier.facts[1:])

