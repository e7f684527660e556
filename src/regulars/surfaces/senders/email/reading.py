"""The words of a mail that has them as HTML alone."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

LONGEST_PAGE: Final = 20_000
"""So much of it is read: its parser needs the square of a page that is made to hold it up, and what
somebody writes comes before what they quote. What mail programs write above it does not count."""
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
    reader = _Reader()
    reader.feed(page[max(page.lower().find("<body"), 0) :][:LONGEST_PAGE])
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.said).split("\n"))
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    """Keeps words, and a line's end where one is shown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._unseen = 0
        self._over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = " ".join(value or "" for name, value in attrs if name in ("class", "id"))
        self._over |= tag in ("blockquote", "hr") or any(one in named for one in _QUOTES)
        self._unseen += tag in _UNSEEN
        if tag in _LINES:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        if tag in _LINES:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen and not self._over:
            self.said.append(data.replace("\n", " "))
