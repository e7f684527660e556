"""What takes no part in a replay, and why, in one wording for the fold and the kernel."""

from __future__ import annotations

from typing import Final

from regulars.records.activity.happening import Happening, LeftOut

NOBODY_KNOWN: Final = "a sale to nobody we know earns nothing"


def no_wallet(name: str) -> str:
    """Why a fact about a wallet that these terms do not have takes no part."""
    return f"these terms have no wallet {name}"


def left(one: Happening, why: str) -> LeftOut:
    """A row that takes no part, by what it is called."""
    id_ = one.activity.activity_id if one.activity is not None else one.cause_id
    name = one.activity.external_id if one.activity is not None else ""
    return LeftOut(f"{one.what} {name or id_}", why)
