"""What the log may say of a message that was not sent: no word of whoever was handed it."""

from __future__ import annotations

import re
import traceback
from pathlib import Path
from typing import Final

BEFORE_ANY: Final = (
    "the mail server does not answer: ",
    "the mail server does not let us in: ",
    "the provider does not answer: ",
    "it could not be written: ",
    "the sender itself failed: ",
)
"""Beginnings of reasons from before anything of a message was handed over, or that name a kind of
mistake alone: all of it is told."""
OURS: Final = (
    "the mail server went away",
    "the mail server closes",
    "the mail server does not take addresses with such letters",
    "the provider does not let us in",
    "it cannot be written as a letter",
)
"""Beginnings of reasons whose end is the other side's; they are told as far as they are ours."""
THEIRS: Final = "words of theirs, kept with the delivery"
# A status (RFC 5321, RFC 9110) and an enhanced one (RFC 3463); any further digits may be a phone's.
_NUMBER: Final = re.compile(r"[2-5]\d\d(?: [245]\.\d{1,3}\.\d{1,3})?(?![\d.])")


def logged_reason(reason: str) -> str:
    """Why a message was not sent, in our own words and with the number of the answer.

    Mail servers and providers repeat the address, in whatever spelling, and the text of the
    message, with names and codes in it. A log outlives an erasure, so their words stand beside the
    delivery alone, from where an erasure takes them (ADR 0717).

    Example: of `550 5.1.1 <ada@…>: Ada is unknown` it says `550 5.1.1`; of `it is Ada's`, only
    where it is to be read.
    """
    if reason.startswith(BEFORE_ANY):
        return reason
    ours = next((words for words in OURS if reason.startswith(words)), "")
    number = _NUMBER.match(reason.removeprefix(ours).lstrip(": "))
    return ": ".join(filter(None, (ours, number[0] if number else ""))) or THEIRS


def place_of(why: BaseException) -> dict[str, str]:
    """What kind of mistake it is, and where. Its own words may hold what was to be sent, or what
    the other side said."""
    last = traceback.extract_tb(why.__traceback__)[-1]
    return {"kind": type(why).__name__, "where": f"{Path(last.filename).name}:{last.lineno}"}
