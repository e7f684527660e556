"""Other currencies than the program's own: what an amount in them counts, from which day on."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from regulars.records.program.wallets import Day, Decimal

Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}$")]


class Rate(Struct, frozen=True, forbid_unknown_fields=True):
    """From a day on so much of another currency counts as so much of the program's.

    What is bought is counted at the rate of its day, and keeps it: a return goes by the rate of
    its sale, whatever rates followed.
    """

    counts: Decimal
    """So much of the program's currency, with up to six decimals."""
    per: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    """For so many of the other one."""
    from_on: Day | None = None
    """From this day on, until the next rate; the first one may rule from ever."""
