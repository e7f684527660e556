"""Addresses of the web in a text that somebody wrote become links."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

_LINE: Final = Markup("<br>")
_LINK: Final = Markup('<a href="{0}">{0}</a>')
_ADDRESS: Final = re.compile(r"(?<![\w/@])https?://[^\s<>\"]+")
_CLOSING: Final = ".,;:!?'…’”»)]}،؛؟。、，」"
"""Signs that end a sentence or close what was opened before the address, and not the address."""
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}


def linked(text: str, line: Markup = _LINE) -> Markup:
    """The text as HTML, with what is an address of the web to be clicked, wherever it stands.

    Example: of `(see https://shop.example/a_(b).)` the address is `https://shop.example/a_(b)`.
    """
    said, at = [], 0
    for found in _ADDRESS.finditer(text):
        address = _bare(found[0])
        said += [escape(text[at : found.start()]), _LINK.format(address)]
        at = found.start() + len(address)
    said.append(escape(text[at:]))
    return line.join(Markup("").join(said).split("\n"))


def _bare(address: str) -> str:
    """Without the signs behind it; a bracket that is opened in it is closed in it."""
    while address[-1] in _CLOSING:
        opens = _PAIRS.get(address[-1])
        if opens is not None and address.count(opens) >= address.count(address[-1]):
            return address
        address = address[:-1]
    return address
