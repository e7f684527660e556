"""What a bill comes to: its lines, less its discounts and the rewards that are for it.

A thin bill: no taxes, no tips, no service charges. Every discount is on the whole bill.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from regulars.records.rewards.types import Promised, Redemption
from regulars.records.tills.bills.types import BillBody, Off

_HUNDRED: Final = 10_000
"""A hundred percent in hundredths of one."""


def gross_of(body: BillBody) -> int:
    """What the lines of a bill come to before anything is taken off.

    Units: minor units of money.
    """
    return sum(line.amount_minor for line in body.lines)


def due_of(body: BillBody, rewards: Sequence[Promised]) -> int:
    """What is to be paid of a bill, with these rewards for it.

    Units: minor units of money; never below nothing.
    Example: 20.00 with a reward of 3.50 is 16.50.
    """
    return gross_of(body) - sum(taken_off(body, rewards))


def taken_off(body: BillBody, rewards: Sequence[Promised]) -> tuple[int, ...]:
    """What each discount takes off a bill, then what each reward does; together never more than
    there is.

    Units: minor units of money. Order: as the bill has its discounts, then as rewards are given.
    """
    gross = left = gross_of(body)
    found: list[int] = []
    for wanted in (
        *(_discount(off, gross) for off in body.discounts),
        *(_worth(promised, body, gross) for promised in rewards),
    ):
        found.append(min(wanted, left))
        left -= found[-1]
    return tuple(found)


def counts(redemption: Redemption, now: datetime) -> bool:
    """Whether a reward takes something off its bill: it is reserved still, or was handed over."""
    held = redemption.state == "held" and now < redemption.lapses_at
    return held or redemption.state in ("captured", "returned")


def _discount(off: Off, gross: int) -> int:
    if off.percent_hundredths is not None:
        return gross * off.percent_hundredths // _HUNDRED
    return off.amount_minor or 0


def _worth(promised: Promised, body: BillBody, gross: int) -> int:
    """What a reward takes off a bill of so much.

    Example: a code of 5.00 from 50.00 on takes nothing off 10.00; of 25 percent, 0.24 off 0.99.
    """
    told = promised.told
    if promised.kind not in ("discount", "code"):
        return promised.worth_minor
    if int(told.get("from_minor", 0)) > gross:
        return 0
    skus = str(told["skus"]).split(",") if "skus" in told else None
    goods = [line for line in body.lines if skus is None or line.sku in skus]
    if "percent" in told:
        # The one rounding, down: of all these goods together.
        off = sum(line.amount_minor for line in goods) * int(told["percent"]) // 100
        return min(off, int(told.get("at_most_minor", off)))
    off = int(told.get("off_minor", 0)) if promised.kind == "discount" else promised.worth_minor
    if skus is None:
        return off
    # Off one piece of them, as a shop takes it: of the dearest, so that no member loses by it.
    return min(off, max((line.price_minor for line in goods if line.quantity), default=0))
