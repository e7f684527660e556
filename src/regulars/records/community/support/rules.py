"""How urgent a case is, and whether it may be kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from regulars.records.community.support.types import LONGEST_NOTE, LONGEST_SUBJECT
from regulars.records.community.texts import Wrong, is_plain

_CODE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def priority_of(steps: Sequence[str], tier: str | None) -> int:
    """How urgent the trouble of somebody on this tier is: of the highest tier 1, of whoever stands
    above the lowest 2, of all others 3. Shape: `steps` from the lowest to the highest.

    Example: of three steps gold is 1, silver 2, bronze and nobody's tier 3; of one alone, it is 3.
    """
    if tier not in steps or len(steps) < 2:
        return 3
    place = steps.index(tier)
    if place == len(steps) - 1:
        return 1
    return 2 if place else 3


def ill_case(subject: str, reason: str) -> Wrong | None:
    """What is wrong with a case, at its place; nothing where it is well."""
    if not (is_plain(subject, LONGEST_SUBJECT) and subject.isprintable()):
        return Wrong("/subject", f"Say in one line of up to {LONGEST_SUBJECT} letters what it is")
    if reason and (len(reason) > 40 or _CODE.fullmatch(reason) is None):
        return Wrong("/reason", "Small letters, digits and hyphens, up to 40")
    return None


def ill_note(says: str) -> Wrong | None:
    """What is wrong with a note; nothing where it is well."""
    if is_plain(says, LONGEST_NOTE):
        return None
    return Wrong("/text", f"Plain text of up to {LONGEST_NOTE} letters")
