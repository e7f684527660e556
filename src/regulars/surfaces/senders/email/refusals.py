"""Whom a mail server means when it refuses: us, a letter, or whoever it goes to."""

from __future__ import annotations

import re
from typing import Final

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
