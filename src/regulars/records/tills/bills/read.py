"""Look up bills, their payments, and the rewards that are for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.tills.bills.types import Bill, BillBody, Paying, Payment, Refund

_RECEIPTS: Final = """
select bill_id, member_id, store, state, version, body::text as body, opened_at, changed_at,
       closed_at
  from bill where program_id = $1::int and bill_id = any($2::uuid[]) order by bill_id
"""
_LOCK: Final = f"{_RECEIPTS} for update"
# One statement for each order, so that a page reads the bills of it and no others.
_PLACES: Final = {
    ("opened", True): ("bill_id > coalesce($2::uuid, {first})", "bill_id"),
    ("opened", False): ("bill_id < coalesce($2::uuid, {last})", "bill_id desc"),
    ("closed", True): (
        "(closed_at, bill_id) > (coalesce({at}, '-infinity'), coalesce($2::uuid, {first}))",
        "closed_at, bill_id",
    ),
    ("closed", False): (
        "(closed_at, bill_id) < (coalesce({at}, 'infinity'), coalesce($2::uuid, {last}))",
        "closed_at desc, bill_id desc",
    ),
}
_NAMED: Final = {
    "first": f"'{UUID(int=0)}'::uuid",
    "last": f"'{UUID(int=(1 << 128) - 1)}'::uuid",
    "at": "(select b.closed_at from bill b where b.program_id = $1::int and b.bill_id = $2::uuid)",
}
_FOUND: Final = {
    which: f"""
select bill_id from bill
 where program_id = $1::int and {past.format(**_NAMED)}
   and ($3::text[] is null or store = any($3))
   and ($4::text[] is null or state = any($4))
   and ($5::uuid[] is null or member_id = any($5))
   and ($6::timestamptz is null or opened_at >= $6)
   and ($7::timestamptz is null or opened_at < $7)
   and ($8::timestamptz is null or closed_at >= $8)
   and ($9::timestamptz is null or closed_at < $9)
 order by {order} limit $10::int
"""  # noqa: S608
    for which, (past, order) in _PLACES.items()
}
_PAYMENTS: Final = """
select payment_id, bill_id, state, kind, amount_minor, told::text as told, store, made_at
  from bill_payment
 where program_id = $1::int
   and (payment_id = any($2::uuid[]) or bill_id = any($3::uuid[]))
 order by made_at, payment_id
"""
_PAYMENTS_PAGE: Final = {
    oldest: f"""
select payment_id, bill_id, state, kind, amount_minor, told::text as told, store, made_at
  from bill_payment
 where program_id = $1::int and {past}
   and ($3::timestamptz is null or made_at >= $3) and ($4::timestamptz is null or made_at < $4)
   and ($5::text is null or store = $5)
 order by {order} limit $6::int
"""  # noqa: S608
    for oldest, past, order in (
        (True, f"payment_id > coalesce($2::uuid, {_NAMED['first']})", "payment_id"),
        (False, f"payment_id < coalesce($2::uuid, {_NAMED['last']})", "payment_id desc"),
    )
}
_LOCK_PAYMENTS: Final = """
select payment_id from bill_payment
 where program_id = $1::int and payment_id = any($2::uuid[]) order by payment_id for update
"""
_REFUNDS: Final = """
select refund_id, payment_id, bill_id, amount_minor, reason, store, made_at from bill_refund
 where program_id = $1::int
   and (refund_id = any($2::uuid[]) or bill_id = any($3::uuid[]) or payment_id = any($4::uuid[]))
 order by refund_id
"""
_PAGE: Final = {
    oldest: f"""
select refund_id, payment_id, bill_id, amount_minor, reason, store, made_at from bill_refund
 where program_id = $1::int and {past}
   and ($3::timestamptz is null or made_at >= $3) and ($4::timestamptz is null or made_at < $4)
 order by {order} limit $5::int
"""  # noqa: S608
    for oldest, past, order in (
        (True, f"refund_id > coalesce($2::uuid, {_NAMED['first']})", "refund_id"),
        (False, f"refund_id < coalesce($2::uuid, {_NAMED['last']})", "refund_id desc"),
    )
}
_REWARDS: Final = """
select bill_id, redemption_id from bill_reward
 where program_id = $1::int and bill_id = any($2::uuid[]) order by redemption_id
"""
_ORDERS: Final = """
select bill_id, redemption_id from bill_reward
 where program_id = $1::int and redemption_id = any($2::uuid[])
"""
_LOCK_OF: Final = """
select bill_id from bill
 where program_id = $1::int
   and bill_id in (select bills_of($1::int, m) from unnest($2::uuid[]) m)
 order by bill_id for update
"""


By = Literal["opened", "closed"]
Between = tuple[datetime | None, datetime | None]


class Wanted(NamedTuple):
    """Which bills; what is not said does not matter. The later of two instants is exclusive."""

    stores: Sequence[str] | None = None
    states: Sequence[str] | None = None
    members: Sequence[UUID] | None = None
    opened_since: datetime | None = None
    opened_until: datetime | None = None
    closed_since: datetime | None = None
    closed_until: datetime | None = None


_body = msgspec.json.Decoder(BillBody).decode
_told = msgspec.json.Decoder(Paying).decode


async def bills(tx: Tx, ids: Sequence[UUID], *, lock: bool = False) -> dict[UUID, Bill]:
    """These bills; under lock in the order of their ids, before any member is locked."""
    if not ids:
        return {}
    rows = await tx.fetch(_LOCK if lock else _RECEIPTS, tx.program_id, list(ids))
    return {row["bill_id"]: _bill(row) for row in rows}


async def found(
    tx: Tx, asked: Wanted, after: UUID | None, limit: int, *, by: By = "opened", oldest: bool
) -> list[UUID]:
    """Bills that fit all that is asked for, past this one, the newest first unless said otherwise.

    Order: by when they were opened, or paid; by the latter none that is open is found.
    """
    args = (tx.program_id, after, *asked, limit)
    return [row["bill_id"] for row in await tx.fetch(_FOUND[by, oldest], *args)]


async def lock_of(tx: Tx, member_ids: Sequence[UUID]) -> None:
    """Lock the bills of these members, before the members are."""
    if member_ids:
        await tx.fetch(_LOCK_OF, tx.program_id, list(member_ids))


async def payments(
    tx: Tx, ids: Sequence[UUID] = (), bill_ids: Sequence[UUID] = ()
) -> list[Payment]:
    """Payments by their ids, or of bills, the oldest first."""
    rows = await tx.fetch(_PAYMENTS, tx.program_id, list(ids), list(bill_ids))
    return list(map(_payment, rows))


async def payments_page(
    tx: Tx, after: UUID | None, times: Between, store: str | None, limit: int, *, oldest: bool
) -> list[Payment]:
    """Payments made from one instant to before another, in a store or all, the newest first unless
    said otherwise; past this one."""
    rows = await tx.fetch(_PAYMENTS_PAGE[oldest], tx.program_id, after, *times, store, limit)
    return list(map(_payment, rows))


async def lock_payments(tx: Tx, ids: Sequence[UUID]) -> None:
    """Until this transaction ends nobody else gives these payments back."""
    await tx.fetch(_LOCK_PAYMENTS, tx.program_id, list(ids))


async def refunds(
    tx: Tx,
    ids: Sequence[UUID] = (),
    bill_ids: Sequence[UUID] = (),
    payment_ids: Sequence[UUID] = (),
) -> list[Refund]:
    """Refunds by their ids, of bills or of payments, the oldest first."""
    args = (list(ids), list(bill_ids), list(payment_ids))
    return [Refund(*row.values()) for row in await tx.fetch(_REFUNDS, tx.program_id, *args)]


async def refunds_page(
    tx: Tx, after: UUID | None, times: Between, limit: int, *, oldest: bool
) -> list[Refund]:
    """Refunds made from one instant to before another, the newest first unless said otherwise."""
    rows = await tx.fetch(_PAGE[oldest], tx.program_id, after, *times, limit)
    return [Refund(*row.values()) for row in rows]


async def rewards_of(tx: Tx, bill_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The redemptions that were made for each of these bills."""
    found: dict[UUID, list[UUID]] = {}
    for row in await tx.fetch(_REWARDS, tx.program_id, list(bill_ids)):
        found.setdefault(row["bill_id"], []).append(row["redemption_id"])
    return found


async def bills_of(tx: Tx, redemption_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The bill for which each of these redemptions was made."""
    if not redemption_ids:
        return {}
    rows = await tx.fetch(_ORDERS, tx.program_id, list(redemption_ids))
    return {row["redemption_id"]: row["bill_id"] for row in rows}


def _bill(row: Mapping[str, Any]) -> Bill:
    return Bill(**{**dict(row.items()), "body": _body(row["body"])})


def _payment(row: Mapping[str, Any]) -> Payment:
    return Payment(**{**dict(row.items()), "told": _told(row["told"])})
