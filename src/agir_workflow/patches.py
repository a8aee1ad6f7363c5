"""
Unified diffs, read and applied by ourselves: no `patch` program is needed, on any system.

A patch names the files of a folder by their paths below it, and may add or remove one. Lines keep
their own ends, so a calendar (CRLF) stays one. Applied backwards, a patch gives the bytes before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import attrs

Files = Mapping[str, bytes]
"""The bytes of each file of a folder, by its path below it (`/` on every system)."""

_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@")
_NONE = "/dev/null"
_NO_END = b"\\ No newline at end of file"


@attrs.frozen
class Hunk:
    """Lines that stand together, before and after; `at` is the first of them before, from 0."""

    at: int
    before: tuple[bytes, ...]
    after: tuple[bytes, ...]


@attrs.frozen
class Change:
    """What a patch does to one file: None instead of a name where there is no file before, or after."""

    before: str | None
    after: str | None
    hunks: tuple[Hunk, ...]

    def turned(self) -> Change:
        """What undoes it; each hunk then stands where those before it have moved its lines to."""
        shift, hunks = 0, []
        for h in self.hunks:
            hunks.append(Hunk(h.at + shift, h.after, h.before))
            shift += len(h.after) - len(h.before)
        return Change(self.after, self.before, tuple(hunks))


@attrs.frozen
class Patch:
    """The lines before the first file, and what is done to each file."""

    head: tuple[str, ...]
    changes: tuple[Change, ...]

    def apply(self, files: Files) -> dict[str, bytes]:
        """The files after the patch. Raises ValueError where they are not those it was made for."""
        out = dict(files)
        for change in self.changes:
            data = b"" if change.before is None else out.pop(change.before, None)
            if data is None:
                raise ValueError(f"no file {change.before} to patch")
            if change.before is None and change.after in out:
                raise ValueError(f"{change.after} is there already")
            lines = _patched(_lines(data), change)
            if change.after is not None:
                out[change.after] = b"".join(lines)
            elif lines:
                raise ValueError(f"{change.before} holds more than the patch removes")
        return out

    def reverse(self, files: Files) -> dict[str, bytes]:
        """The files before the patch. Raises ValueError where they are not what it made."""
        return Patch(self.head, tuple(c.turned() for c in self.changes)).apply(files)


def _lines(data: bytes) -> list[bytes]:
    return [line for line in re.split(rb"(?<=\n)", data) if line]


def _patched(lines: list[bytes], change: Change) -> list[bytes]:
    shift = done = 0
    for hunk in change.hunks:
        place = _place(lines, hunk.before, hunk.at + shift, done)
        if place is None:
            raise ValueError(f"{change.before or change.after}: the lines near {hunk.at + 1} are not those of the patch")
        shift = place - hunk.at + len(hunk.after) - len(hunk.before)
        lines = [*lines[:place], *hunk.after, *lines[place + len(hunk.before) :]]
        done = place + len(hunk.after)
    return lines


def _place(lines: list[bytes], wanted: tuple[bytes, ...], near: int, least: int) -> int | None:
    """Where *wanted* stands in *lines*, as near as can be to *near*, and not before *least*; None where it does not."""
    places = range(least, len(lines) - len(wanted) + 1)
    fits = (n for n in sorted(places, key=lambda n: abs(n - near)) if tuple(lines[n : n + len(wanted)]) == wanted)
    return next(fits, None)


def read_patch(data: bytes) -> Patch:
    """
    A unified diff as a value; what stands before its first file is its head.

    Raises ValueError, with the line, for what is none.
    """
    lines = _lines(data)
    first = next((n for n, line in enumerate(lines) if line.startswith(b"--- ")), len(lines))
    head = tuple(line.decode().rstrip("\r\n") for line in lines[:first])
    return Patch(head, tuple(_changes(lines, first)))


def _changes(lines: list[bytes], n: int) -> Iterator[Change]:
    while n < len(lines):
        if not lines[n].startswith(b"--- ") or n + 1 >= len(lines) or not lines[n + 1].startswith(b"+++ "):
            raise ValueError(f"line {n + 1}: '--- a/FILE' and '+++ b/FILE' expected")
        before, after = _name(lines[n]), _name(lines[n + 1])
        n += 2
        hunks: list[Hunk] = []
        while n < len(lines) and (found := _HUNK.match(lines[n])):
            hunk, n = _hunk(lines, n + 1, found)
            hunks.append(hunk)
        yield Change(before, after, tuple(hunks))


def _name(line: bytes) -> str | None:
    name = line[4:].decode().rstrip("\r\n").partition("\t")[0]
    return None if name == _NONE else name[2:] if name[:2] in ("a/", "b/") else name


def _hunk(lines: list[bytes], n: int, found: re.Match[bytes]) -> tuple[Hunk, int]:
    olds, news = int(found[2] or 1), int(found[3] or 1)
    before: list[bytes] = []
    after: list[bytes] = []
    while len(before) < olds or len(after) < news:
        if n >= len(lines) or lines[n][:1] not in (b" ", b"-", b"+"):
            raise ValueError(f"line {n + 1}: a line that begins with ' ', '-' or '+' expected")
        sign, text = lines[n][:1], lines[n][1:]
        n += 1
        if n < len(lines) and lines[n].startswith(_NO_END):
            text, n = text.removesuffix(b"\n"), n + 1
        if sign != b"+":
            before.append(text)
        if sign != b"-":
            after.append(text)
    if (len(before), len(after)) != (olds, news):
        raise ValueError(f"line {n}: the hunk has {len(before)} and {len(after)} lines, not {olds} and {news}")
    return Hunk(max(int(found[1]) - (olds > 0), 0), tuple(before), tuple(after)), n
