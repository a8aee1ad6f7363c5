"""
Markup that cannot be left unescaped, and French set as a printer would set it.

A `Markup` is text that is already safe; every other string is escaped on its way in. What comes out
is well-formed as HTML and as XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias, Union

from ..words import Lang

NBSP, NNBSP = "\u00a0", "\u202f"

# Not allowed in XML 1.0, or able to turn the order of the text around it.
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_VOID = frozenset({"br", "hr", "link", "meta"})
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})

_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_BEFORE_COLON = re.compile(r"[ \u00a0](?=[:»%])")
_AFTER_OPENING = re.compile(r"(?<=«)[ \u00a0]?")
_BEFORE_CLOSING = re.compile(r"(?<=[^\s«])(?=»)")
_BEFORE_HIGH = re.compile(r"[ \u00a0](?=[;?!])")


class Markup(str):
    """Text that is already markup: it is not escaped again."""

    __slots__ = ()


Child: TypeAlias = Union[str, Iterable["Child"], None]
"""What an element may hold: text, markup, nothing, or several of them."""


def writable(text: str) -> str:
    """The text with U+FFFD for each character that XML may not hold, or that turns the order of others."""
    return _UNSAFE.sub("\ufffd", text)


def escape(text: str) -> Markup:
    """
    The text as markup; what neither HTML nor XML may hold becomes U+FFFD.

    >>> escape('<b> & "c"')
    '&lt;b&gt; &amp; &quot;c&quot;'
    """
    return text if isinstance(text, Markup) else Markup(writable(text).translate(_ESCAPES))


def join(*children: Child) -> Markup:
    """The children one after the other, each escaped unless it is markup; `None` is nothing."""
    parts: list[str] = []
    for child in children:
        if isinstance(child, str):
            parts.append(escape(child))
        elif child is not None:
            parts.append(join(*child))
    return Markup("".join(parts))


def el(tag: str, *children: Child, **attributes: str | int | bool | None) -> Markup:
    """
    One element. An attribute that is None or False is left out, one that is True repeats its
    name (`open="open"`); `class_` and `data_day` stand for `class` and `data-day`.

    >>> el("a", "R&D", href="#x", class_="m", hidden=None)
    '<a href="#x" class="m">R&amp;D</a>'
    """
    head = tag
    for name, value in attributes.items():
        if value is None or value is False:
            continue
        name = name.rstrip("_").replace("_", "-")
        head += f' {name}="{escape(name if value is True else str(value))}"'
    if tag in _VOID:
        return Markup(f"<{head}/>")
    return Markup(f"<{head}>{join(*children)}</{tag}>")


def typeset(text: str, lang: Lang) -> str:
    """
    Prose with its apostrophes curved and, in French, its spaces before « : ; ? ! % » and inside « »
    non-breaking. Spaces are changed, never added to words of others, save inside « ».

    >>> typeset("L'accord : «oui» ?", "fr") == "L’accord\u00a0: «\u00a0oui\u00a0»\u202f?"
    True
    >>> typeset("46 % des associations", "fr") == "46\u00a0% des associations"
    True
    """
    text = _APOSTROPHE.sub("’", text)
    if lang == "fr":
        text = _BEFORE_COLON.sub(NBSP, text)
        text = _AFTER_OPENING.sub(NBSP, text)
        text = _BEFORE_CLOSING.sub(NBSP, text)
        text = _BEFORE_HIGH.sub(NNBSP, text)
    return text
