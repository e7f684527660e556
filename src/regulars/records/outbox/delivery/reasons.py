"""What may be kept of the reasons for which something was not sent.

Servers and providers quote: the address, others it was passed on to, telephones in spellings of
their own, the letter itself. None of that is needed to see what is wrong, and nothing can be
erased with whoever is quoted beside the member. What is left is the status and plain words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

LONGEST_REASON: Final = 300
_LOOKED_AT: Final = 4
"""Times as much is looked through as is kept: a provider may answer with a whole page."""
_GONE: Final = "…"
_STATUS: Final = (
    r"(?P<status>(?:^|\b)(?:[245]\.\d{1,3}\.\d{1,3} )?[245]\d\d[ -][245]\.\d{1,3}\.\d{1,3}\b)"
)
_QUOTED: Final = re.compile(
    _STATUS
    # An address; what is set in quotes, unless it is one small word such as a parameter's name.
    + r"""|(?P<mail>[^\s<>"'()\[\],;:=]+@[^\s<>"'()\[\],;:=]*[^\s<>"'()\[\],;:=.])"""
    + r"""|(?P<said>"(?![a-z_]{1,20}")[^"]*"?|(?<!\w)'(?![a-z_]{1,20}')[^']*'(?!\w))"""
    + r"|(?P<path>(?<=://)(?P<host>[^\s/?#]+)[/?#]\S*)"
    # Seven digits and more, however they are set apart: a telephone, a card, an account.
    + r"|(?P<number>\+?\(?\d(?:[\s().\-/]*\d){6,})",
    re.MULTILINE,
)


def kept_reason(reason: str, address: str = "") -> str:
    """Why something was not sent, on one line: the status and plain words, nobody's address.

    Example: `550 5.1.1 <…> unknown, was …` of an address, and of another it was passed on to.
    """
    plain = " ".join(reason.split())
    hidden: Mapping[str, str] = {address: _GONE, address.rpartition("@")[0]: _GONE}
    for text, instead in hidden.items():
        if len(text) > 2:
            plain = _without(plain, text, instead)
    some = plain[: _LOOKED_AT * LONGEST_REASON]
    return _QUOTED.sub(_unquoted, some)[:LONGEST_REASON] or "no reason was given"


def _unquoted(found: re.Match[str]) -> str:
    if found["status"]:
        return found["status"]
    return f"{found['host']}/{_GONE}" if found["path"] else _GONE


def _without(plain: str, text: str, instead: str) -> str:
    low, sought = plain.lower(), text.lower()
    if len(low) != len(plain):  # a letter whose small form is longer; rather nothing than a name
        return instead
    found = low.find(sought)
    while found >= 0:
        plain = plain[:found] + instead + plain[found + len(sought) :]
        low = plain.lower()
        found = low.find(sought, found + len(instead))
    return plain
