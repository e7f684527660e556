"""Which months of a wallet are closed, and with what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from regulars.base.tx import Tx
from regulars.insight.metrics.deferring import Deferred
from regulars.records.access.staff import read as staff
from regulars.records.access.staff.types import Act

ABOUT: Final = "month"
"""What an act of closing is about, in the log; its id is `2026-10/points`."""
CLOSED: Final = "month.closed"
MOST: Final = 2_000
"""So many closed months are looked through, the latest first."""
PARTS: Final = ("opening", "added", "changed_added", "earned", "changed_earned", "closing")
"""What is written down of the contract liability of a month, each in minor units."""


async def closes(tx: Tx) -> dict[str, Act]:
    """Months that were closed, as `2026-10/points`, each with when, by whom and with what."""
    found = await staff.acts(tx, staff.Wanted(about=ABOUT, did=CLOSED, limit=MOST))
    return {one.about_id: one for one in found}


async def closed_months(tx: Tx, wallet: str) -> dict[date, Act]:
    """The closed months of the wallet of this name, by their first day."""
    mine = (
        (about.partition("/"), act) for about, act in (await closes(tx)).items()
    )  # fmt: skip
    return {
        date.fromisoformat(f"{month}-01"): act
        for (month, _, name), act in mine
        if name == wallet
    }  # fmt: skip


def rows_closed(acts: Mapping[date, Act]) -> dict[date, Deferred | None]:
    """With which contract liability months were closed; nothing where none could be said.

    Keeps: months that were closed before that was written down are left out.
    """
    return {month: _row(month, act.after) for month, act in acts.items() if "contract" in act.after}


def kept_of(row: Deferred | None) -> dict[str, Any]:
    """The same, to be written down."""
    if row is None:
        return {"contract": {}}
    parts = {name: getattr(row, f"{name}_minor") for name in PARTS}
    return {"contract": parts, "rate": f"{row.rate:.6f}"}


def _row(month: date, after: Mapping[str, Any]) -> Deferred | None:
    parts = {f"{name}_minor": int(minor) for name, minor in after["contract"].items()}
    return Deferred(month=month, rate=float(after["rate"]), **parts) if parts else None
