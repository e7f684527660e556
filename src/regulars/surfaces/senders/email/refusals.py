"""Whom a mail server means when it refuses: us, a letter, or whoever it goes to."""

from __future__ import annotations

import re
from typing import Final

from regulars.records.outbox.bounces.types import Meant

STATUS: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
"""A status of RFC 3463: class, subject, detail."""
NOT_LET_IN: Final = frozenset({530, 534, 535, 538})
"""Answers that ask who we are (RFC 4954)."""
_OF_US: Final = frozenset(
    {"1.7", "1.8", "1.90", "2.252", "4.5", "7.8", "7.9", "7.57", "7.60"}
)  # fmt: skip
"""Subject and detail of what is said of the sender: its address or its domain is not right (1.7,
1.8), it is not let in (7.8, 7.9, 7.57), may not write as this address (2.252, 7.60), or wrote as
much as it may today (1.90, 4.5, as the large houses say it)."""
_SENDER: Final = re.compile(r"\bsender address rejected\b|\bsending (?:limit|quota)\b", re.I)
_REFUSED: Final = frozenset({550, 551, 553})
_CODE: Final = re.compile(r"([245])\d\d\b")
_UNKNOWN: Final = ("5.0.0", "4.0.0")
_NOT_OF_WHOM_IT_GOES_TO: Final = frozenset({"5", "7", "8", "9", "90"})
"""Details of an address that are of the sender's, or say that it is right."""
_FULL: Final = re.compile(r"\bfull\b|quota|storage|\binsufficient\b", re.I)
_POLICY: Final = re.compile(
    r"spam|polic|block|listed\b|reputation|relay|\bsender|limit|authentic|\bspf\b|\bdkim\b"
    r"|dmarc|bulk|unsolicited|abuse|virus|content",
    re.I,
)
"""Words by which a system says what it thinks of us, or of the letter."""
_OF_THE_LETTER: Final = re.compile(r"\b5\.(?:2\.3|3\.4|6\.\d{1,3})\b")


def of_us(code: int, said: str) -> bool:
    """Whether a refusal speaks of whoever sends, so that the next letter would fare no better.

    Example: `550 5.4.5 Daily user sending limit exceeded` does, `550 5.7.1 looks like spam` not.
    """
    status = STATUS.search(said)
    named = status is not None and f"{status[2]}.{status[3]}" in _OF_US
    return code in NOT_LET_IN or named or _SENDER.search(said) is not None


def of_the_letter(code: int, said: str) -> bool:
    """Whether a server that hears from whom a letter comes refuses it for what it is: too large, or
    with letters in its addresses that it does not take. All else it says there is said of us."""
    return bool(_OF_THE_LETTER.search(said)) or (code == 552 and STATUS.search(said) is None)


def of_the_address(code: int, said: str) -> Meant:
    """What a refusal says of the address: nobody is there (`hard`), nothing arrives there for now
    (`soft`), or nothing at all.

    Example: `550 5.1.1 no such user` and a bare 550 are hard, `552 5.2.2 mailbox full` and `550
    5.4.7 expired` are soft, `550 5.7.1 blocked` and `550 rejected as spam` say nothing of it.
    """
    if of_us(code, said):
        return ""
    status = STATUS.search(said)
    return _bare(code, said) if status is None else _of_status(*status.groups())


def came_back(status: str, said: str) -> Meant:
    """The same of a report: its status, and what the server said whose words it repeats.

    Example: 5.0.0 is what a mail system writes where a server gave no status; then its code counts.
    """
    found, code = STATUS.match(status), _CODE.match(said)
    if found is None or of_us(0, f"{status} {said}"):
        return ""
    if found[0] in _UNKNOWN and code is not None and code[1] != "4":
        return of_the_address(int(code[0]), said)
    return _of_status(*found.groups())


def _of_status(sort: str, subject: str, detail: str) -> Meant:
    """Of the address (1) and its mailbox (2), or of the way there (0, 4)."""
    place = (subject, detail)
    if place in (("2", "2"), ("2", "0"), ("2", "4")):
        return "soft"
    if sort != "5":
        return ""
    if subject == "1":
        return "" if detail in _NOT_OF_WHOM_IT_GOES_TO else "hard"
    if subject in ("0", "4"):
        return "soft"
    return "hard" if place == ("2", "1") else ""


def _bare(code: int, said: str) -> Meant:
    """What it means where it gave no status."""
    if _FULL.search(said) or code == 552:
        return "soft"
    return "hard" if code in _REFUSED and not _POLICY.search(said) else ""
