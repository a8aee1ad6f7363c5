"""A patch leads from one folder to another and back, whatever lies in them; what is no patch says where."""

from __future__ import annotations

import difflib

import pytest
from edits import difference
from hypothesis import given
from hypothesis import strategies as st

from agir_workflow.patches import read_patch

_TEXT = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\r\n", b"--- x\n", b"+++ y\n", b"@@ -1 +1 @@\n", b"\n", b"d"]), max_size=30).map(b"".join)
_FOLDER = st.dictionaries(st.sampled_from(["dossier.toml", "plans/agenda.ics", "journal.jsonl"]), _TEXT.filter(bool), max_size=3)


@given(_FOLDER, _FOLDER)
def test_there_and_back(before: dict[str, bytes], after: dict[str, bytes]) -> None:
    patch = read_patch(b"# head\n" + b"".join(difference(before, after)))
    assert patch.head == ("# head",)
    assert patch.apply(before) == after
    assert patch.reverse(after) == before


_ALIKE = st.lists(st.sampled_from([b"a\n", b"a\n", b"b\n"]), min_size=12, max_size=40)


@given(_ALIKE, _ALIKE)
def test_several_hunks_without_a_line_around_them_stand_where_they_say(before: list[bytes], after: list[bytes]) -> None:
    hunks = list(difflib.diff_bytes(difflib.unified_diff, before, after, b"a/f", b"b/f", n=0, lineterm=b"\n"))
    patch = read_patch(b"".join(hunks) or b"--- f\n+++ f\n")
    assert patch.apply({"f": b"".join(before)}) == {"f": b"".join(after)}
    assert patch.reverse({"f": b"".join(after)}) == {"f": b"".join(before)}


def test_it_is_undone_where_it_was_done_among_lines_that_are_alike() -> None:
    patch = read_patch(b"--- a/f\n+++ b/f\n@@ -0,0 +1,4 @@\n+new\n+new\n+new\n+new\n@@ -5,0 +10 @@\n+a\n")
    before = {"f": b"a\n" * 4 + b"b\n" + b"a\n" * 9}
    after = patch.apply(before)
    assert after == {"f": b"new\n" * 4 + b"a\n" * 4 + b"b\n" + b"a\n" * 10}
    turned = read_patch(b"--- a/f\n+++ b/f\n@@ -1,4 +0,0 @@\n-x\n-x\n-x\n-x\n@@ -7 +3 @@\n-a\n+c\n")
    files = {"f": b"x\n" * 4 + b"a\na\na\na\na\n"}
    assert turned.apply(files) == {"f": b"a\na\nc\na\na\n"}
    back = read_patch(b"--- a/f\n+++ b/f\n@@ -0,0 +1,4 @@\n+x\n+x\n+x\n+x\n@@ -3 +7 @@\n-c\n+a\n")
    assert back.reverse(files) == {"f": b"a\na\nc\na\na\n"}


def test_lines_that_stand_lower_than_they_did_are_found() -> None:
    patch = read_patch(b"--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n one\n-two\n+deux\n three\n")
    assert patch.apply({"f": b"zero\nzero\none\ntwo\nthree\n"}) == {"f": b"zero\nzero\none\ndeux\nthree\n"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"--- a/f\n+++ b/f\n@@ -1 +1 @@\n-one\n", "line 5"),
        (b"--- a/f\n@@ -1 +1 @@\n-one\n+two\n", "line 1"),
        (b"--- a/f\n+++ b/f\n@@ -1 +1 @@\n-one\n?two\n", "line 5"),
        (b"--- a/f\n+++ b/f\n@@ -1,2 +1 @@\n-one\n+two\n+three\n", "line 7"),
    ],
)
def test_what_is_no_patch_says_where(text: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_patch(text)


def test_a_folder_of_another_kind_is_refused() -> None:
    patch = read_patch(b"--- a/f\n+++ b/f\n@@ -1 +1 @@\n-one\n+two\n")
    with pytest.raises(ValueError, match=r"^f: the lines near 1 are not"):
        patch.apply({"f": b"two\n"})
    for files in ({}, {"f": b"two\n"}, {"g": b"one\n"}):
        with pytest.raises(ValueError, match="f"):
            patch.apply(files)
    added = read_patch(b"--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+one\n")
    with pytest.raises(ValueError, match="already"):
        added.apply({"f": b"one\n"})
    with pytest.raises(ValueError, match="more than"):
        added.reverse({"f": b"one\ntwo\n"})
