"""Whether a request for a reference may be kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from regulars.records.community.references.types import (
    LONGEST_PROSPECT,
    MOST_WANTS,
    Wanted,
)
from regulars.records.community.texts import Wrong, is_plain

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def ill_wanted(prospect: str, wants: Mapping[str, Wanted]) -> Wrong | None:
    """What is wrong with a request, at its place; nothing where it is well."""
    if not (is_plain(prospect, LONGEST_PROSPECT) and prospect.isprintable()):
        return Wrong("/prospect", f"Say in one line of up to {LONGEST_PROSPECT} letters who asks")
    if len(wants) > MOST_WANTS:
        return Wrong("/wants", f"Up to {MOST_WANTS} attributes")
    for name, value in wants.items():
        if len(name) > 40 or _NAME.fullmatch(name) is None:
            return Wrong("/wants", "An attribute's name has small letters, digits and hyphens")
        if isinstance(value, str) and not (len(value) <= 200 and value.isprintable()):
            return Wrong(f"/wants/{name}", "One line of up to 200 letters")
        if type(value) is int and abs(value) > 2**53:
            return Wrong(f"/wants/{name}", "This number is too large")
    return None
