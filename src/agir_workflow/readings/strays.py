"""
What strayed from the tree: the moves of one exact alignment, each as a deviation with its day.

Where the position was reached without a deviation there is nothing to align.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import attrs

from .._chart import final
from ..alignment import Aligner, Alignment, Kind, Strayed, strayed
from ..carried import kept_for
from ..dossier import Label
from ..errors import AlignmentError
from ..facts import DOSSIER
from ..position import Deviation, Happened, Standing
from ..requirements import Is
from ..view import RUN, View
from ..when import When
from ..words import LeafId, Severity, Step, Text
from ._once import once
from ._phrases import fill_in

_FR = ("", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
_EN = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_EXTRA, _SKIPPED, _LATE = Text("une fois de trop", "once too often"), Text("étape sautée", "skipped"), Text("faite après coup", "made up afterwards")
_BESIDE = "beside:"
"""Before the name of an event that has no place in the tree: no step has such a name, so none is matched with it."""


@attrs.frozen(kw_only=True)
class Stray:
    """
    One deviation from the tree: a step skipped, done once too often, or moved.

    `on` is the day on which it showed: that of the step itself where it came early or too often, else that of
    `by`, the first step done that should have come after it. `shift` counts positions, below 0 where it came early; a
    step too many has one where it stands outside its place and was not done within it. `unsettled`: which step is blamed hangs
    on what is done next, for nothing was done yet that comes after its place. `sitting` is the address at which the step was
    done, "" where it was skipped, None where that is not known.
    """

    step: Step
    label: Label
    address: str
    on: When
    by: Label | None = None
    shift: int = 0
    said: Text
    unsettled: bool = False
    sitting: str | None = None

    @property
    def key(self) -> str:
        """Which deviation it is, whatever its step is called: two lanes may bear one name."""
        return f"{self.step} {self.address} {self.on}"


@attrs.frozen
class Reading:
    """
    The alignment of a dossier, and the one that its deviations are told from, over *trace*: there each pair of *late*
    (a step, and the one that came before it too early) is in its order.
    """

    aligned: Alignment
    told: Alignment
    trace: tuple[Happened, ...]
    late: tuple[tuple[Happened, Happened], ...] = ()


def strays(view: View) -> tuple[Stray, ...]:
    """
    The deviations of a dossier, by an optimal alignment; () at once where the position has none.

    Where no exact alignment can be had they are those of the position, met step by step.
    """
    return kept_for(view, ("strays",), _strays) if off_course(view) else ()


def off_course(view: View) -> bool:
    """Whether there is anything to align: a deviation of the position, or steps left in a run that was closed."""
    return once(view, _off_course)


def _off_course(view: View) -> bool:
    return bool(view.position.deviations) or (_closed(view) and bool(view.position.left()))


def reading(view: View) -> Reading:
    """
    The trace of a dossier against the lanes of its tree; its steps are named by their addresses.

    Free steps and those of late instances are left out; what is done after the end of its instance has no place, even where that is taken up again later.
    AlignmentError where no exact alignment can be had.
    """
    return kept_for(view, ("aligned",), _read)


def grave(view: View) -> frozenset[LeafId]:
    """The steps that a row of order or decision speaks of whose breach is an error."""
    rows = [r for r in view.method.requirements if r.is_ in (Is.PRECEDES, Is.DECIDED) and r.severity is Severity.ERROR]
    words = [str(r.param(p)) for r in rows for p in ("a", "b", "by", "before") if isinstance(r.param(p), str)]
    return frozenset(leaf for word in words for leaf in view.words.leaves_of(word))


def _read(view: View) -> Reading:
    course = view.course()
    heavy = grave(view)
    tree = view.position.process(lambda x: _name(view, x))
    aligner = Aligner(tree, (leaf.name for leaf in tree.leaves() if _leaf(view, leaf.name) in heavy))
    names = {id(h): _name(view, h.label) if placed else _BESIDE + (h.address or _name(view, h.label)) for h, placed in course}
    trace = [h for h, _ in course]
    if _closed(view):
        found = aligner.align([names[id(h)] for h in trace])
        return Reading(found, found, tuple(trace))
    found = told = aligner.prefix([names[id(h)] for h in trace])
    late: list[tuple[Happened, Happened]] = []
    better = True
    while better:
        better = False
        for e, x in _made_up(view, told, trace):
            order = [*trace[:e], trace[x], *trace[e:x], *trace[x + 1 :]]
            after = aligner.prefix([names[id(h)] for h in order])
            if after.cost < told.cost:
                late.append((trace[x], trace[e]))
                told, trace, better = after, order, True
                break
    return Reading(found, told, tuple(trace), tuple(late))


def _made_up(view: View, told: Alignment, trace: Sequence[Happened]) -> Iterator[tuple[int, int]]:
    """
    Each event left alone although the tree still owes its step, with the one step later done that it should have waited for.

    In a run that goes on, leaving it out is cheaper by one than to move the other; but what was done is done, and the
    other was made up afterwards: both are one deviation.
    """
    matched = [m.kind is Kind.SYNC for m in told.moves if m.kind is not Kind.MODEL]
    for e, event in enumerate(trace):
        if not matched[e] and _name(view, event.label) in told.remaining:
            later = [n for n in range(e + 1, len(trace)) if matched[n] and view.position.precedes(trace[n].label, event.label)]
            if len(later) == 1:
                yield e, later[0]


def _strays(view: View) -> tuple[Stray, ...]:
    try:
        found = reading(view)
    except AlignmentError:
        return tuple([_of_position(view, d) for d in view.position.deviations])
    before = view.position.precedes
    trace, owed = found.trace, Counter(found.told.remaining)
    matched = [m.kind is Kind.SYNC for m in found.told.moves if m.kind is not Kind.MODEL]
    goes_on = view.state(RUN, DOSSIER) not in final(RUN)
    closed = next((s.on for s in view.states.get((RUN, DOSSIER), ()) if s.state == "closed"), None)
    out = []
    for late, early in found.late:
        start, end = trace.index(early), next((n for n, h in enumerate(trace) if h.on.earliest > late.on.latest), len(trace))
        shift = sum(matched[n] and before(late.label, trace[n].label) for n in range(start, end)) or 1
        out.append(_told(view, Strayed(Step.MOVED, _name(view, late.label), 0, shift), late.label, early.on, early.label, unsettled=goes_on, sitting=late.address))
    for one in strayed(found.told, lambda a, b: before(_label(view, a), _label(view, b))):
        here = trace[one.at] if one.step is not Step.SKIPPED else None
        label = here.label if here else _label(view, one.label)
        if here and one.step is Step.EXTRA and owed[one.label] > 0:
            owed[one.label] -= 1
            jumped = [trace[n].label for n in range(one.at + 1, len(trace)) if matched[n]] + [_label(view, x) for x in found.told.remaining]
            one = attrs.evolve(one, step=Step.MOVED, shift=-(sum(before(x, label) for x in jumped) or 1))
        elif here and one.step is Step.EXTRA and not any(hit and h.label == label for hit, h in zip(matched, trace, strict=True)):
            # It was not done elsewhere: a step that may be left out, held where its place is over, or not yet come.
            over = sum(hit and before(label, h.label) for hit, h in zip(matched[: one.at], trace, strict=False))
            one = attrs.evolve(one, shift=over or -sum(hit and before(h.label, label) for hit, h in zip(matched[one.at :], trace[one.at :], strict=True)))
        if here and (one.step is Step.EXTRA or one.shift < 0):
            for_good = one.label.startswith(_BESIDE) and view.position.standing(label) is not Standing.FOREIGN  # whose instance had ended
            unsettled = goes_on and not for_good and not any(hit and before(label, h.label) for hit, h in zip(matched, trace, strict=True))
            out.append(_told(view, one, label, here.on, address=here.address if one.step is Step.EXTRA else "", unsettled=unsettled, sitting=here.address))
            continue
        after = next((trace[n] for n in range(one.since, len(trace)) if matched[n] and before(label, trace[n].label)), trace[one.since] if one.since < len(trace) else None)
        on = after.on if after else closed
        assert on is not None, "a step is owed to one after it, or to the end"
        out.append(_told(view, one, label, on, after.label if after else None, sitting=here.address if here else ""))
    return tuple(out)


def _told(view: View, what: Strayed, label: Label, on: When, by: Label | None = None, address: str = "", unsettled: bool = False, sitting: str = "") -> Stray:
    address = address or _name(view, label)
    return Stray(step=what.step, label=label, address=address, on=on, by=by, shift=what.shift, said=said(what, view.title(address)), unsettled=unsettled,
                 sitting=sitting)  # fmt: skip


def _of_position(view: View, deviation: Deviation) -> Stray:
    address = deviation.address or _name(view, deviation.label)
    tail = {Step.EXTRA: _EXTRA, Step.SKIPPED: _SKIPPED, Step.MOVED: _LATE}[deviation.step]
    return Stray(step=deviation.step, label=deviation.label, address=address, on=deviation.on, by=deviation.by, said=_of(view.title(address), tail))


def said(what: Strayed, title: Text) -> Text:
    """One deviation as a sentence: « GT2 — Emploi, deux positions trop tôt »."""
    if what.step is not Step.MOVED and not what.shift:
        return _of(title, _EXTRA if what.step is Step.EXTRA else _SKIPPED)
    n, early = abs(what.shift), what.shift < 0
    fr, en = (_FR[n], _EN[n]) if n < len(_FR) else (str(n), str(n))
    return _of(title, Text(f"{fr} position{'s' if n > 1 else ''} trop {'tôt' if early else 'tard'}", f"{en} position{'s' if n > 1 else ''} too {'early' if early else 'late'}"))


def _of(title: Text, tail: Text) -> Text:
    return fill_in(Text("{subject}, " + tail.fr, "{subject}, " + tail.en), {"subject": title})


def _closed(view: View) -> bool:
    return view.state(RUN, DOSSIER) == "closed"


def _name(view: View, label: Label) -> str:
    leaf = view.words.leaves.get(label.leaf)
    return str(leaf.at(label.inst)) if leaf else f"{label.leaf}/{'/'.join(label.inst)}"


def _label(view: View, name: str) -> Label:
    found = view.words.find_label(name.removeprefix(_BESIDE))
    return found[1] if found else Label(LeafId(name))


def _leaf(view: View, name: str) -> LeafId | None:
    found = view.words.find_leaf(name)
    return found[0].id if found else None
