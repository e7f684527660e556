"""Found, move and end sandboxes; keep what would have been sent from them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from regulars.base.tx import Tx, Write
from regulars.records.night.sandbox.types import Unsent

_FOUND = "select found_sandbox($1::text, $2::text) as program_id"
_RENEW = "select renew_sandbox($1::int, $2::text, $3::timestamptz) as program_id"
_INTO = "select set_config('regulars.program_id', $1::text, true)"
_CLEAR = "select clear_sandbox($1::int, $2::int) as gone"
_END = "select end_sandbox($1::int)"
_MOVE = """
update sandbox set from_at = $2::timestamptz, to_at = $3::timestamptz, moved_by = $4::text
 where program_id = $1::int
"""
# The clock shows that moment now: ours has gone on since this transaction began, and never back.
_SHOW = """
update sandbox set ahead = greatest(ahead, ahead + ($2::timestamptz - $3::timestamptz))
 where program_id = $1::int
"""
_ARRIVED = "update sandbox set from_at = null, to_at = null where program_id = $1::int"
# Whoever was erased meanwhile has no delivery any more, and nothing is kept of them. Whoever is
# being erased waits for that row, which was settled before this, and finds the letter.
_KEEP = """
insert into unsent_letter (program_id, delivery_id, member_id, channel, kind, about, says,
                           written_at)
select $1::int, u.* from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[],
                                $7::text[], $8::timestamptz[]) as u (delivery_id)
 where exists (select from delivery d
                where d.program_id = $1::int and d.delivery_id = u.delivery_id)
    on conflict do nothing
"""
_FORGET = "delete from unsent_letter where program_id = $1::int and written_at < $2::timestamptz"


async def found(tx: Tx, name: str, by: str) -> int:
    """The number of a new sandbox of this program; nothing is published in it yet."""
    return int((await tx.fetch(_FOUND, name, by))[0]["program_id"])


async def renew(tx: Tx, program_id: int, by: str) -> int:
    """The new number of a sandbox of this program that begins anew."""
    return int((await tx.fetch(_RENEW, program_id, by, tx.now))[0]["program_id"])


async def go_into(tx: Tx, program_id: int) -> None:
    """This transaction is about that program from here on."""
    await tx.fetch(_INTO, str(program_id))
    tx.program_id = program_id


async def clear(tx: Tx, program_id: int, most: int) -> int:
    """So many rows of a sandbox of this program go; how many there were."""
    return int((await tx.fetch(_CLEAR, program_id, most))[0]["gone"])


async def end(tx: Tx, program_id: int) -> None:
    """A sandbox of this program goes, with everything in it."""
    await tx.fetch(_END, program_id)


def move(tx: Tx, to: datetime, by: str) -> list[Write]:
    """The clock of this program begins to move there."""
    return [Write(_MOVE, (tx.program_id, tx.now, to, by))]


def show(tx: Tx, at: datetime) -> list[Write]:
    """The clock of this program shows this now, or what it shows already where that is later."""
    return [Write(_SHOW, (tx.program_id, at, tx.now))]


def arrived(tx: Tx) -> list[Write]:
    """The move of this program's clock is over."""
    return [Write(_ARRIVED, (tx.program_id,))]


def keep_unsent(tx: Tx, letters: Sequence[Unsent]) -> list[Write]:
    """Keep what would have been sent; written twice it is one letter, and of whoever is erased by
    then none. Order: after its delivery was settled in the same transaction."""
    if not letters:
        return []
    rows = [
        (u.delivery_id, u.member_id, u.channel, u.kind, u.about, u.says, u.written_at)
        for u in letters
    ]
    return [Write(_KEEP, (tx.program_id, *map(list, zip(*rows, strict=True))))]


def forget_unsent(tx: Tx, until: datetime) -> list[Write]:
    """Forget what was written before."""
    return [Write(_FORGET, (tx.program_id, until))]
