"""A month of points is closed: what its roll-forward came to is written down, once and for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.base.alone import Alone, waiting_for_one
from regulars.base.faults import Fault, Forbidden, Invalid
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.insight.metrics.points import Rolled, flow_of, rolled
from regulars.insight.metrics.reading import points as read
from regulars.insight.metrics.spans import Span, months_on
from regulars.records.access.staff import read as staff
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted

ABOUT = "month"
"""What an act of closing is about, in the log; its id is `2026-10/points`."""


class CloseMonth(Struct, frozen=True, omit_defaults=True):
    """Somebody closes the month that begins on this day, for one wallet."""

    month: date
    wallet: str
    by: By


class MonthClosed(Struct, frozen=True):
    """The month is closed with this many units outstanding."""

    about_id: str
    closing: int


async def close_months(
    tx: Tx, terms: Terms, batch: Sequence[CloseMonth]
) -> list[MonthClosed | Fault]:
    """Months are closed, each once. What happens later in them is shown beside what was closed.

    Order: of two who close the same month one waits, and is told that it is closed.
    Faults, each for its own item: whose role does not; a month that has not ended, or is closed;
    rows that do not tie to the ledger (yet).
    """
    return [await _close(tx, terms, one) for one in batch]


async def _close(tx: Tx, terms: Terms, one: CloseMonth) -> MonthClosed | Fault:
    who = await staff.one_staff(tx, one.by.staff_id) if one.by.staff_id else None
    if who is None or not who.may(Permission.BOOKS_CLOSE):
        return Forbidden("your role does not do this; ask an owner")
    codes = {name: code for code, name in terms.wallet_names.items()}
    if one.wallet not in codes:
        return Invalid("there is no wallet of this name", field="/wallet")
    zone = ZoneInfo(str(terms.at(tx.now).zone))
    today = tx.now.astimezone(zone).date()
    if one.month.day != 1 or months_on(one.month, 1) > today:
        return Invalid("a month is closed once it has ended", field="/month")
    about_id = f"{one.month:%Y-%m}/{one.wallet}"
    await tx.fetch(waiting_for_one(Alone.CLOSING), tx.program_id, about_id)
    wanted = staff.Wanted(about=ABOUT, about_id=about_id, limit=1)
    if await staff.acts(tx, wanted):
        return Invalid("this month is closed already", field="/month")
    if await _off(tx, codes[one.wallet]):
        return Invalid("what was added up is not up to the ledger yet", field="/rows")
    found = await _rolled(tx, codes[one.wallet], one.month)
    done = Done(one.by, "month.closed", ABOUT, about_id, after=_kept(one.wallet, found))
    await tx.write(acted(tx, [done]))
    return MonthClosed(about_id, found.closing)


async def _off(tx: Tx, wallet: int) -> int:
    """By how much what was added up differs from what members hold."""
    held = await read.held(tx, wallet)
    return await read.change(tx, wallet) - (held.units - held.debt)


async def _rolled(tx: Tx, wallet: int, month: date) -> Rolled:
    span = Span(month, months_on(month, 1))
    opening = await read.change(tx, wallet, before=month)
    (found,) = rolled([flow_of(span, await read.moved(tx, wallet, span))], opening)
    return found


def _kept(wallet: str, found: Rolled) -> dict[str, str | int]:
    """What is written down, in units of the wallet's scale."""
    flow = found.flow
    return {
        "wallet": wallet,
        "opening": found.opening,
        "issued": flow.issued,
        "redeemed": flow.redeemed,
        "expired": flow.expired,
        "adjusted": flow.adjusted,
        "other": flow.other,
        "closing": found.closing,
    }
