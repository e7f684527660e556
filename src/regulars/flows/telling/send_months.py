"""Each month is kept on one page once, and goes to whoever of the staff asks for it, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.alone import Alone, waiting_for
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import Staff
from regulars.records.outbox.bounces import read as bounces
from regulars.records.outbox.delivery.reasons import kept_reason
from regulars.records.outbox.delivery.rules import LEASE, MOST_ATTEMPTS, pause
from regulars.records.outbox.delivery.types import address_digest
from regulars.records.outbox.months import read, write
from regulars.records.outbox.months.types import LetterState, MonthLetter, Page

_LOCK: Final = waiting_for(Alone.MONTHS)
_BOUNCES: Final[tuple[LetterState, ...]] = ("sent", "unsure", "going")
"""What can still come back."""


class MonthParcel(Struct, frozen=True):
    """A letter that is to be handed over now: to whom, and what it says."""

    letter: MonthLetter
    to: str
    page: Page


class Handed(Struct, frozen=True):
    """What came of handing one over, as its sender says it."""

    outcome: Literal["sent", "later", "never"]
    reason: str = ""
    bounced: bool = False
    unsure: bool = False
    """It was under way when the sender went away, and may have arrived."""


async def keep_month(tx: Tx, month: date, pages: Sequence[Page], *, sends: bool) -> bool:
    """Keep a month as it is told now, and address it to whoever asks for it; whether it was new.

    Order: two that do it at once wait for each other, and the second finds it kept.
    Keeps: kept is kept; what is told late shows when the month is asked for anew.
    """
    await tx.fetch(_LOCK, tx.program_id)
    if await read.is_kept(tx, month):
        return False
    writes = [*write.keep(tx, pages), *write.forget_addresses(tx)]
    asked = [one for one in await staff_read.all_staff(tx) if wants(one)] if sends else []
    whom = [(one.staff_id, one.month_letter) for one in asked]
    await tx.write(writes)
    if whom:
        await tx.write(write.address_to(tx, month, whom))
    return True


def wants(one: Staff) -> bool:
    """Whether somebody gets each month: asked for it, works here, and may read reports."""
    return bool(one.month_letter) and one.may(Permission.REPORTS_READ)


async def take_month_letter(tx: Tx, keyed: Keyed) -> MonthParcel | None:
    """The next letter to be handed over, marked as going before it is; nothing where none is due.

    Keeps: one whose handing over was cut off is never handed over again. Nothing goes where
    letters came back from, or to who wants or may have it no more.
    """
    await tx.write(write.lose(tx, tx.now - LEASE))
    while (letter := await read.due(tx)) is not None:
        found = await staff_read.one_staff(tx, letter.staff_id)
        waiting: Sequence[LetterState] = ("waiting",)
        if found is None or not wants(found):
            await tx.write(write.settle(tx, letter.letter_id, "unwanted", was=waiting))
            continue
        address = address_digest(keyed, "email", found.email)
        if await bounces.some(tx, [address]) or await read.has_bounced(tx, address):
            reason = "letters to this address came back"
            gone = write.settle(tx, letter.letter_id, "refused", reason=reason, was=waiting)
            await tx.write(gone)
            continue
        page = (await read.pages(tx, letter.month))[letter.language]
        await tx.write(write.take(tx, letter.letter_id, address))
        return MonthParcel(letter, found.email, page)
    return None


async def settle_month_letter(tx: Tx, parcel: MonthParcel, handed: Handed) -> None:
    """What came of it: sent, to be tried later, never, or nobody knows, which is never, too."""
    letter, tries = parcel.letter, parcel.letter.tries + 1
    reason = "" if handed.outcome == "sent" else kept_reason(handed.reason, parcel.to)
    if handed.unsure:
        await tx.write(write.settle(tx, letter.letter_id, "unsure", reason=reason))
        return
    if handed.outcome == "later" and tries < MOST_ATTEMPTS:
        at = tx.now + pause(tries)
        await tx.write(write.settle(tx, letter.letter_id, "waiting", at=at, reason=reason))
        return
    state: LetterState = "bounced" if handed.bounced else "refused"
    became = "sent" if handed.outcome == "sent" else state
    await tx.write(write.settle(tx, letter.letter_id, became, reason=reason))


async def note_months_bounced(tx: Tx, told: Sequence[tuple[UUID, str]]) -> int:
    """Letters with a month came back for good, why each; how many of them were ours."""
    reasons = dict(told)
    found = await read.these(tx, list(reasons))
    for one in found:
        reason = kept_reason(reasons[one.letter_id])
        gone = write.settle(tx, one.letter_id, "bounced", reason=reason, was=_BOUNCES)
        await tx.write(gone)
    return len(found)
