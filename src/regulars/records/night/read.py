"""Which steps of a night are done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.night.ahead import LISTED, Ahead
from regulars.records.night.types import Walk

Find = Callable[[UUID | None, int], Awaitable[bytes]]
"""The ids of so many members behind one, in their order, written one behind the other."""

_DONE = """
select step from midnight_step
 where program_id = $1 and night_on = $2 and done_at is not null
"""
_PARKED = """
select member_id from parked_member
 where program_id = $1 and step = $2 and settled_at is null and again_at > $3
"""
_RETURNING = """
select member_id from parked_member
 where program_id = $1::int and step = $2::text and settled_at is null
   and again_at <= $3::timestamptz
 order by member_id limit $4::int
"""
_LOOKS = """
select member_id, wallet from idle_clock
 where program_id = $1 and look_at <= $2 and member_id <> all($4::uuid[])
 order by look_at, member_id, wallet limit $3
"""
_WALKS = "select wallet, since, days, last_id, done_at from idle_walk where program_id = $1"


async def looks(tx: Tx, most: int, but: Sequence[UUID] = ()) -> list[tuple[UUID, int]]:
    """Wallets (member and wallet) that somebody has to look at by now, some members left out."""
    rows = await tx.fetch(_LOOKS, tx.program_id, tx.now, most, but)
    return [(row["member_id"], row["wallet"]) for row in rows]


async def walks(tx: Tx) -> dict[int, Walk]:
    """How far the walk through each wallet is."""
    return {
        row["wallet"]: Walk(row["since"], row["days"], row["last_id"], row["done_at"])
        for row in await tx.fetch(_WALKS, tx.program_id)
    }


async def returning(tx: Tx, step: str, most: int) -> list[UUID]:
    """Members whom this step left out and whose time to be tried again has come, by id."""
    rows = await tx.fetch(_RETURNING, tx.program_id, step, tx.now, most)
    return [row["member_id"] for row in rows]


async def parked(tx: Tx, step: str) -> list[UUID]:
    """Members whom this step leaves out for now."""
    return [row["member_id"] for row in await tx.fetch(_PARKED, tx.program_id, step, tx.now)]


async def done(tx: Tx, night_on: date) -> set[str]:
    """The steps of this night that nothing is left of."""
    return {row["step"] for row in await tx.fetch(_DONE, tx.program_id, night_on)}


async def some_ahead(ahead: Ahead, which: int, find: Find, most: int) -> list[UUID]:
    """The next members ahead of a step; found, where the list of them is at its end."""
    one = ahead.of(which)
    if one.empty:
        one.fill(await find(one.last, LISTED), LISTED)
    return ahead.some(which, most)
