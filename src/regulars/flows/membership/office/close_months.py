"""A month of points is closed: what its roll-forward came to is written down, once and for good."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.base.alone import Alone, waiting_for_one
from regulars.base.faults import Fault, Forbidden, Invalid
from regulars.base.tx import Tx
from regulars.engine.changing.costing import cost_then, lives_of
from regulars.engine.terms import Terms
from regulars.insight.metrics.asked import Asked, Costing
from regulars.insight.metrics.points import Rolled, flow_of, rolled
from regulars.insight.metrics.reading import points as read
from regulars.insight.metrics.reading.closed import ABOUT, CLOSED, closed_months, kept_of
from regulars.insight.metrics.reports.owed.liability import contract
from regulars.insight.metrics.spans import Span, months_on
from regulars.records.access.staff import read as staff
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.prepared.read import kept_still


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

    Order: one after the other: what changes in closed months is booked in the next. Of two who
    close one, the second waits, and is told that it is closed.
    Faults, each for its own item: whose role does not; a month that has not ended, is closed, or
    is not the one after the last that was closed; rows that do not tie to the ledger (yet), or
    are folded anew.
    Keeps: no round of the worker changes a row between what is asked and what is written down.
    """
    return [await _close(tx, terms, one) for one in batch]


async def _close(tx: Tx, terms: Terms, one: CloseMonth) -> MonthClosed | Fault:
    if not await _may(tx, one.by):
        return Forbidden("your role does not do this; ask an owner")
    codes = {name: code for code, name in terms.wallet_names.items()}
    if one.wallet not in codes:
        return Invalid("there is no wallet of this name", field="/wallet")
    zone = ZoneInfo(str(terms.at(tx.now).zone))
    today = tx.now.astimezone(zone).date()
    if one.month.day != 1 or months_on(one.month, 1) > today:
        return Invalid("a month is closed once it has ended", field="/month")
    about_id = f"{one.month:%Y-%m}/{one.wallet}"
    # Of a wallet one at a time: what a month opens with is what the one before was closed with.
    await tx.fetch(waiting_for_one(Alone.CLOSING), tx.program_id, one.wallet)
    if (no := _not_next(one.month, await closed_months(tx, one.wallet))) is not None:
        return no
    # By days everything ties also while what came of each month's points is only half there again.
    if not await kept_still(tx, str(zone)) or await _off(tx, codes[one.wallet]):
        return Invalid("what was added up is not up to the ledger yet", field="/rows")
    found = await _rolled(tx, codes[one.wallet], one.month)
    owed = await contract(tx, _asked(terms, tx.now, one, codes[one.wallet]))
    row = next((each for each in owed if each.month == one.month), None)
    after = _kept(one.wallet, found) | kept_of(row)
    await tx.write(acted(tx, [Done(one.by, CLOSED, ABOUT, about_id, after=after)]))
    return MonthClosed(about_id, found.closing)


async def _may(tx: Tx, by: By) -> bool:
    """Somebody of the shop whose role does; of a key its scope was asked at the door."""
    if by.staff_id is None:
        return bool(by.words)
    who = await staff.one_staff(tx, by.staff_id)
    return who is not None and who.may(Permission.BOOKS_CLOSE)


def _not_next(month: date, closed: Collection[date]) -> Invalid | None:
    """Why this month cannot be closed now: it is, or another is next."""
    if month in closed:
        return Invalid("this month is closed already", field="/month")
    due = months_on(max(closed), 1) if closed else month
    if month != due:
        says = f"months are closed one after the other; the next is {due:%Y-%m}"
        return Invalid(says, field="/month")
    return None


def _asked(terms: Terms, now: datetime, one: CloseMonth, wallet: int) -> Asked:
    """The question for the contract liability: each wallet at what it cost in its time."""
    zone = terms.at(now).zone
    each = terms.wallet_names.items()
    return Asked(
        span=Span(one.month, months_on(one.month, 1)),
        compare=None,
        granularity="month",
        today=now.astimezone(zone).date(),
        zone=str(zone),
        wallet=wallet,
        called=one.wallet,
        wallets=tuple(
            Costing(code, cost_then(terms, now, name), lives_of(terms, now, name))
            for code, name in each
        ),
    )


async def _off(tx: Tx, wallet: int) -> int:
    """By how much what was added up differs from what members hold."""
    held = await read.held(tx, wallet)
    return await read.change(tx, wallet) - (held.units - held.debt)


async def _rolled(tx: Tx, wallet: int, month: date) -> Rolled:
    span = Span(month, months_on(month, 1))
    opening = await read.change(tx, wallet, before=month)
    (found,) = rolled([flow_of(span, await read.moved(tx, wallet, span))], opening)
    return found


def _kept(wallet: str, found: Rolled) -> dict[str, Any]:
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
