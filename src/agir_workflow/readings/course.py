"""
The order of what was done against the tree: aligned with the beginning of a run, or with a whole one once closed.

Where the position was reached without a deviation there is nothing to align: the cost is 0.
"""

from __future__ import annotations

from ..alignment import Aligner, Alignment, Strayed, strayed
from ..answers import Course
from ..dossier import Label
from ..errors import AlignmentError
from ..facts import DOSSIER
from ..requirements import Is
from ..view import RUN, View
from ..words import LeafId, Severity, Step, Text
from ._phrases import fill_in

_WEIGHTS = {Severity.ERROR: 3, Severity.WARNING: 2, Severity.INFO: 1}
_FR = ("", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
_EN = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_BESIDE = "beside:"
"""Before the name of an event that has no place in the tree: no step has such a name, so none is matched with it."""


def course_of(view: View) -> Course:
    """The three figures of a dossier as far as it is seen, and what strayed."""
    to_do = view.position.to_do()
    if not view.position.deviations and not (to_do and _closed(view)):
        return Course(deviations=0, fitness=1.0, weighted=0, remaining=len(to_do))
    try:
        found = aligned(view)
    except AlignmentError as exc:
        return Course(deviations=None, fitness=None, weighted=None, remaining=None, refused=exc.why)
    out = deviations(view, found)
    of_move = {str(row.param("move")): _WEIGHTS[row.severity] for row in view.method.requirements if row.is_ is Is.IN_PROCESS and row.param("move")}
    grave = _grave(view)
    weights = [_WEIGHTS[Severity.ERROR] if _leaf(view, s.label) in grave else of_move.get(s.step.value, 1) for s in out]
    told = tuple(said(s, view.title(s.label.removeprefix(_BESIDE))) for s in out)
    return Course(deviations=len(out), fitness=round(found.fitness, 6), weighted=sum(weights), remaining=len(found.remaining), told=told)


def aligned(view: View) -> Alignment:
    """
    The trace of a dossier against the lanes of its tree; its steps are named by their addresses.

    Free steps and those of late instances are left out; what is done after the end of its instance has no place.
    """
    course = view.course()
    grave = _grave(view)
    tree = view.position.process(lambda x: _name(view, x))
    aligner = Aligner(tree, (leaf.name for leaf in tree.leaves() if _leaf(view, leaf.name) in grave))
    trace = [_name(view, h.label) if placed else _BESIDE + (h.address or _name(view, h.label)) for h, placed in course]
    return aligner.align(trace) if _closed(view) else aligner.prefix(trace)


def deviations(view: View, found: Alignment) -> tuple[Strayed, ...]:
    """The deviations of an alignment, shifts counted along the order of the tree."""
    labels = {_name(view, x): x for x in view.position.labels()}

    def before(a: str, b: str) -> bool:
        return a in labels and b in labels and view.position.precedes(labels[a], labels[b])

    return strayed(found, before)


def said(what: Strayed, title: Text) -> Text:
    """One deviation as a sentence: « GT2 — Emploi, deux positions trop tôt »."""
    if what.step is Step.EXTRA:
        tail = Text("une fois de trop", "once too often")
    elif what.step is Step.SKIPPED:
        tail = Text("étape sautée", "skipped")
    else:
        n, early = abs(what.shift), what.shift < 0
        fr, en = (_FR[n], _EN[n]) if n < len(_FR) else (str(n), str(n))
        tail = Text(f"{fr} position{'s' if n > 1 else ''} trop {'tôt' if early else 'tard'}", f"{en} position{'s' if n > 1 else ''} too {'early' if early else 'late'}")
    return fill_in(Text("{subject}, " + tail.fr, "{subject}, " + tail.en), {"subject": title})


def _closed(view: View) -> bool:
    return view.state(RUN, DOSSIER) == "closed"


def _name(view: View, label: Label) -> str:
    leaf = view.words.leaves.get(label.leaf)
    return str(leaf.at(label.inst)) if leaf else f"{label.leaf}/{'/'.join(label.inst)}"


def _leaf(view: View, name: str) -> LeafId | None:
    found = view.words.find_leaf(name)
    return found[0].id if found else None


def _grave(view: View) -> frozenset[LeafId]:
    """The steps that a row of order or decision speaks of whose breach is an error."""
    rows = [r for r in view.method.requirements if r.is_ in (Is.PRECEDES, Is.DECIDED) and r.severity is Severity.ERROR]
    words = [str(r.param(p)) for r in rows for p in ("a", "b", "by", "before") if isinstance(r.param(p), str)]
    return frozenset(leaf for word in words for leaf in view.words.leaves_of(word))
