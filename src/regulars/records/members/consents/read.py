"""Read what members said about channels."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.members.consents.types import Consent, ConsentState, Place
from regulars.records.members.types import Identifier

_SOME = """
select c.member_id, c.channel, c.changed_at, c.state
  from unnest($2::uuid[], $3::text[], $4::timestamptz[]) as w (member_id, channel, changed_at)
  join consent c on c.program_id = $1::int and c.member_id = w.member_id
                and c.channel = w.channel and c.changed_at = w.changed_at
"""
_STANDING = """
select distinct on (channel) channel, state, source, changed_at
  from consent where program_id = $1::int and member_id = $2::uuid
 order by channel, changed_at desc
"""

_LOG = """
select channel, state, source, changed_at
  from consent where program_id = $1::int and member_id = $2::uuid
 order by changed_at desc, channel
"""
_WITHDRAWN = """
select member_id, channel from (
       select distinct on (member_id, channel) member_id, channel, state
         from consent where program_id = $1::int and member_id = any($2::uuid[])
        order by member_id, channel, changed_at desc) said
 where state = 'withdrawn'
"""
_LAST = """
select distinct on (member_id, channel) member_id, channel, state, source, changed_at
  from consent where program_id = $1::int and member_id = any($2::uuid[])
 order by member_id, channel, changed_at desc
"""
_RECORDED = """
select distinct on (member_id, channel) member_id, channel, recorded_at
  from consent where program_id = $1::int and member_id = any($2::uuid[])
 order by member_id, channel, changed_at desc
"""
_UNPROVED = """
select i.member_id, i.kind, i.value
  from identifier i
 cross join lateral (
       select c.state, c.recorded_at from consent c
        where c.program_id = $1::int and c.member_id = i.member_id
          and c.channel = case i.kind when 'email' then 'email' else 'sms' end
        order by c.changed_at desc limit 1) said
 where i.program_id = $1::int and i.member_id = any($2::uuid[]) and i.kind in ('email', 'phone')
   and said.state = 'given' and i.linked_at > said.recorded_at
"""
_GIVEN = _WITHDRAWN.replace("'withdrawn'", "'given'")


async def some(tx: Tx, wanted: Sequence[Consent]) -> dict[Place, ConsentState]:
    """Which of these words are kept, and what they say."""
    if not wanted:
        return {}
    columns = map(list, zip(*(one.place for one in wanted), strict=True))
    rows = await tx.fetch(_SOME, tx.program_id, *columns)
    return {(r["member_id"], r["channel"], r["changed_at"]): r["state"] for r in rows}


async def standing(tx: Tx, member_id: UUID) -> dict[str, Consent]:
    """A member's last word per channel."""
    rows = await tx.fetch(_STANDING, tx.program_id, member_id)
    return {
        r["channel"]: Consent(member_id, r["channel"], r["state"], r["source"], r["changed_at"])
        for r in rows
    }


async def last(tx: Tx, ids: Collection[UUID]) -> dict[tuple[UUID, str], Consent]:
    """The last word of each of these members about each channel they spoke of."""
    rows = await tx.fetch(_LAST, tx.program_id, list(ids))
    return {(r["member_id"], r["channel"]): Consent(*r.values()) for r in rows}


async def recorded(tx: Tx, ids: Collection[UUID]) -> dict[tuple[UUID, str], datetime]:
    """Since when the last word of each of these members about each channel is known here."""
    rows = await tx.fetch(_RECORDED, tx.program_id, list(ids))
    return {(r["member_id"], r["channel"]): r["recorded_at"] for r in rows}


async def told_later(tx: Tx, ids: Collection[UUID]) -> list[tuple[UUID, Identifier]]:
    """Addresses of these members that were told after the yes that stands for their channel, so
    that it was said of another one."""
    rows = await tx.fetch(_UNPROVED, tx.program_id, list(ids))
    return [(row["member_id"], Identifier(row["kind"], row["value"])) for row in rows]


async def withdrawn(tx: Tx, ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """Channels for which these members took their consent back."""
    found: dict[UUID, set[str]] = {}
    for row in await tx.fetch(_WITHDRAWN, tx.program_id, list(ids)):
        found.setdefault(row["member_id"], set()).add(row["channel"])
    return found


async def given(tx: Tx, ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """Channels by which these members may be written to: their last word says so."""
    found: dict[UUID, set[str]] = {}
    for row in await tx.fetch(_GIVEN, tx.program_id, list(ids)):
        found.setdefault(row["member_id"], set()).add(row["channel"])
    return found


async def log(tx: Tx, member_id: UUID) -> list[Consent]:
    """Every word a member ever said about a channel, newest first."""
    rows = await tx.fetch(_LOG, tx.program_id, member_id)
    return [
        Consent(member_id, r["channel"], r["state"], r["source"], r["changed_at"]) for r in rows
    ]
