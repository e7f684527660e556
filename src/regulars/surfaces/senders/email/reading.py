"""The words of a mail that has them as HTML alone."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

# Not by `html.parser`, which takes the square of a page that is made to hold it up.
_PIECE: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>|<![^<>]*>|([^<]+)|<")
_UNSEEN: Final = frozenset({"head", "script", "style", "title"})
_LINES: Final = frozenset(
    {"br", "div", "h1", "h2", "h3", "li", "ol", "p", "table", "td", "tr", "ul"}
)
_QUOTES: Final = ("gmail_quote", "moz-cite-prefix", "yahoo_quoted", "divRplyFwdMsg")
"""Classes and names by which mail programs set apart the letter that is answered."""


def text_of(page: str) -> str:
    """What somebody reads of it, up to the letter that it answers.

    Example: of `<p>Yes</p><blockquote>Shall I?</blockquote>` it is `Yes`.
    """
    said, unseen = [], ""
    for piece in _PIECE.finditer(page):
        closes, tag, rest, words = piece.groups(default="")
        tag = tag.lower()
        if unseen:
            unseen = "" if closes and tag == unseen else unseen
        elif tag in _UNSEEN and not closes:
            unseen = tag
        elif tag in ("blockquote", "hr") or any(one in rest for one in _QUOTES):
            break
        elif tag in _LINES:
            said.append("\n")
        else:
            said.append(unescape(words).replace("\n", " "))
    lines = (" ".join(line.split()) for line in "".join(said).split("\n"))
    return "\n".join(line for line in lines if line)
