"""Read what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx
from regulars.records.activity.types import Activity, Body, Unapproved

_SOME = """
select activity_id, member_id, kind, source, external_id, sale_id, occurred_at, store, channel,
       amount_minor, body::text as body, actor
  from activity
 where program_id = $1 and member_id = any($2::uuid[]) and activity_id = any($3::uuid[])
"""
# With the returns of what was done since, and the sales of what came back since.
_DONE_BY = """
with done as (
    select a.activity_id, a.sale_id
      from unnest($2::uuid[], $3::timestamptz[]) as w (member_id, since)
      join activity a on a.program_id = $1 and a.member_id = w.member_id
                     and a.occurred_at > w.since
     where a.member_id <> '00000000-0000-0000-0000-000000000000'
), named as (
    select activity_id from done
    union
    select sale_id from done where sale_id is not null
    union
    select r.activity_id from done d
      join activity r on r.program_id = $1 and r.sale_id = d.activity_id
)
select activity_id, member_id, kind, source, external_id, sale_id, occurred_at, store, channel,
       amount_minor, body::text as body, actor
  from activity
 where program_id = $1 and activity_id in (select activity_id from named)
   and member_id = any($2::uuid[])
 order by member_id, occurred_at, activity_id
"""
_CAME_BACK = """
select distinct sale_id from activity where program_id = $1 and sale_id = any($2::uuid[])
"""
_OF_KINDS = """
select activity_id from activity
 where program_id = $1 and activity_id = any($2::uuid[]) and kind = any($3::text[])
"""
# Asked for as the index by member says it, without nobody's.
_WHO_DID = """
select distinct member_id from activity
 where program_id = $1 and kind = any($2::text[]) and occurred_at >= $3::timestamptz
   and occurred_at < $4::timestamptz and member_id > $5::uuid
   and member_id <> '00000000-0000-0000-0000-000000000000'
 order by member_id limit $6::int
"""
_TO_APPROVE = """
select a.activity_id, l.member_id, a.kind, a.source, a.external_id,
       coalesce(a.body -> 'details' ->> w.about, '') as about, a.occurred_at,
       min(l.cancels_at) as until, array_agg(l.wallet order by l.wallet, l.lot_id) as wallets,
       array_agg(l.remaining order by l.wallet, l.lot_id) as units
  from lot l
  join activity a on a.program_id = l.program_id and a.activity_id = l.cause_id
  join unnest($2::text[], $3::text[]) as w (kind, about) on w.kind = a.kind
 where l.program_id = $1 and l.state = 'pending' and l.cancels_at is not null
   and ($5::timestamptz is null
        or (a.occurred_at, a.activity_id, l.member_id) > ($5, $6::uuid, $7::uuid))
 group by 1, 2, 3, 4, 5, 6, 7
 order by a.occurred_at, a.activity_id, l.member_id limit $4
"""
# What was looked at and not approved was never told, so it may be told again.
# What was to be approved by now and was not is cancelled, whether or not a night wrote that down.
# Activities are asked for as the index by member says it, without nobody's.
_TOLD = """
with family as (
    select w.id as member_id, w.id as stands_as from unnest($2::uuid[]) as w (id)
     union
    select a.member_id, a.into_id from member_alias a
     where a.program_id = $1 and a.into_id = any($2::uuid[])
)
select f.stands_as, a.kind, a.body -> 'details' ->> w.about as subject, a.activity_id
  from unnest($3::text[], $4::text[]) as w (kind, about)
  cross join family f
  join activity a on a.program_id = $1 and a.member_id = f.member_id and a.kind = w.kind
                 and a.member_id <> '00000000-0000-0000-0000-000000000000'
 where a.body -> 'details' ->> w.about is not null
   and not exists (select from activity r
                    where r.program_id = $1 and r.sale_id = a.activity_id)
   and not exists (select from lot l
                    where l.program_id = $1 and l.cause_id = a.activity_id
                      and l.member_id in (a.member_id, f.stands_as)
                      and (l.state = 'cancelled'
                           or (l.state = 'pending' and l.cancels_at <= $5::timestamptz)))
"""
_WAITING = """
select sale_key, activity_id, command from waiting_return
 where program_id = $1 and sale_key = any($2::uuid[]) and settled_at is null
 order by recorded_at, activity_id
"""
_ACTORS = """
select activity_id, actor from activity
 where program_id = $1::int and activity_id = any($2::uuid[])
"""
_WHOSE = """
select activity_id, member_id from activity
 where program_id = $1 and activity_id = any($2::uuid[])
"""
_MET = """
select w.sale_key, w.activity_id, w.command, o.subject_id, o.member_id
  from waiting_return w
  join once o on o.program_id = w.program_id and o.key = w.sale_key
 where w.program_id = $1 and w.settled_at is null and w.refused_at is null
 order by w.recorded_at, w.activity_id limit $2
"""
# By `activity_of_member`, a range of it for each.
_BOUGHT_WITHIN = """
select a.activity_id, a.member_id, a.kind, a.source, a.external_id, a.sale_id, a.occurred_at,
       a.store, a.channel, a.amount_minor, a.body::text as body, a.actor
  from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) as w (member_id, since, until)
  join activity a on a.program_id = $1 and a.member_id = w.member_id
                 and a.occurred_at between w.since and w.until
 where a.member_id <> '00000000-0000-0000-0000-000000000000' and a.kind = 'purchase'
"""
_BY_ID = """
select activity_id, member_id, kind, source, external_id, sale_id, occurred_at, store, channel,
       amount_minor, body::text as body, actor, recorded_at
  from activity where program_id = $1 and activity_id = $2
"""
_WAITS = """
select command, recorded_at from waiting_return
 where program_id = $1 and activity_id = $2 and settled_at is null
"""
# No index leads from a member to what they did: one would cost every earn, and this is rare.
_OF_MEMBERS = """
select activity_id, member_id from activity
 where program_id = $1 and member_id = any($2::uuid[])
   and member_id <> '00000000-0000-0000-0000-000000000000'
"""
_MAY_NAME = """
select activity_id, command from waiting_return
 where program_id = $1 and (settled_at is null or activity_id = any($2::uuid[]))
"""
_LATEST = """
select activity_id, member_id, kind, source, external_id, sale_id, occurred_at, store, channel,
       amount_minor, body::text as body, actor, recorded_at
  from activity where program_id = $1 order by activity_id desc limit $2
"""
_BOUGHT = """
select activity_id, member_id, kind, source, external_id, sale_id, occurred_at, store, channel,
       amount_minor, body::text as body, actor
  from activity
 where program_id = $1 and member_id = any($2::uuid[]) and kind = 'purchase'
   and member_id <> '00000000-0000-0000-0000-000000000000'
 order by occurred_at desc, activity_id desc limit $3
"""
# As the index `activity_receipt` says it, so that it is used.
_PRINTED = """
select w.place, a.* from unnest($2::text[], $3::timestamptz[]) with ordinality
                   as w (receipt, until, place)
  cross join unnest($4::text[]) as s (store)
  cross join lateral (
    select activity_id, member_id, kind, source, external_id, sale_id, occurred_at, store, channel,
           amount_minor, body::text as body, actor
      from activity
     where program_id = $1 and external_id = w.receipt and external_id <> ''
       and kind = 'purchase' and store = s.store
       and occurred_at <= coalesce(w.until, 'infinity'::timestamptz)
     order by occurred_at desc limit $5
  ) a
 order by a.occurred_at desc, a.activity_id desc
"""
_BY_RECEIPT = """
select distinct member_id from (
    select member_id from activity
     where program_id = $1::int and external_id = $2::text and external_id <> ''
       and kind = 'purchase'
       and member_id <> '00000000-0000-0000-0000-000000000000' limit $3::int) a
"""
_LOCK_NOBODY = waiting_for(Alone.NOBODYS_SALES)
_decode = msgspec.json.Decoder(Body).decode


Waited = tuple[datetime, UUID, UUID]
"""The place of something that waits in the order of all: when it happened, its id, its member."""


class Told(NamedTuple):
    """An activity, and when we were told of it."""

    activity: Activity
    recorded_at: datetime


def from_row(row: Mapping[str, Any]) -> Activity:
    """One row as a value."""
    fields = dict(row) | {"body": _decode(row["body"])}
    return Activity(**fields)


async def of_kinds(tx: Tx, activity_ids: Sequence[UUID], kinds: Sequence[str]) -> list[UUID]:
    """Which of these activities are of one of these kinds."""
    rows = await tx.fetch(_OF_KINDS, tx.program_id, activity_ids, kinds)
    return [row["activity_id"] for row in rows]


async def to_approve(
    tx: Tx, asked: Sequence[tuple[str, str]], most: int, after: Waited | None = None
) -> list[Unapproved]:
    """So many activities of these kinds whose points wait for a word, the oldest first.

    Shape: `asked` are kinds, each with the detail that says what it is about; only what comes
    `after` one of the list, where that is said.
    """
    columns = [kind for kind, _ in asked], [about for _, about in asked]
    found = []
    for row in await tx.fetch(
        _TO_APPROVE, tx.program_id, *columns, most, *(after or (None, None, None))
    ):
        fields = dict(row)
        points: dict[int, int] = {}
        for code, units in zip(fields.pop("wallets"), fields.pop("units"), strict=True):
            points[code] = points.get(code, 0) + units
        found.append(Unapproved(**fields, points=points))
    return found


async def told_about(
    tx: Tx, member_ids: Sequence[UUID], asked: Sequence[tuple[str, str]]
) -> list[tuple[tuple[UUID, str, str], UUID]]:
    """Of what these members told by these kinds of activity: who, which kind, and about what; and
    which activity says so.

    Shape: `asked` are kinds, each with the detail that says what it is about.
    """
    columns = [kind for kind, _ in asked], [about for _, about in asked]
    rows = await tx.fetch(_TOLD, tx.program_id, member_ids, *columns, tx.now)
    told = [(row["stands_as"], row["kind"], row["subject"]) for row in rows]
    return list(zip(told, (row["activity_id"] for row in rows), strict=True))


async def some(
    tx: Tx, member_ids: Sequence[UUID], activity_ids: Sequence[UUID]
) -> dict[UUID, Activity]:
    """These activities of these members."""
    if not activity_ids:
        return {}
    rows = await tx.fetch(_SOME, tx.program_id, member_ids, activity_ids)
    return {row["activity_id"]: from_row(row) for row in rows}


async def came_back(tx: Tx, activity_ids: Sequence[UUID]) -> set[UUID]:
    """Of which of these sales something came back."""
    rows = await tx.fetch(_CAME_BACK, tx.program_id, activity_ids)
    return {row["sale_id"] for row in rows}


async def done_by(tx: Tx, since: Mapping[UUID, datetime]) -> list[Activity]:
    """Everything these members did after an instant, each in the order it happened.

    With it come the sales of returns since then, and all returns of what they bought since.
    """
    members = sorted(since)
    found = await tx.fetch(_DONE_BY, tx.program_id, members, [since[one] for one in members])
    return [from_row(row) for row in found]


async def bought_within(tx: Tx, spans: Mapping[UUID, tuple[datetime, datetime]]) -> list[Activity]:
    """What each of these members bought from one instant until another, both within."""
    if not spans:
        return []
    since, until = [one[0] for one in spans.values()], [one[1] for one in spans.values()]
    rows = await tx.fetch(_BOUGHT_WITHIN, tx.program_id, list(spans), since, until)
    return [from_row(row) for row in rows]


async def waiting(tx: Tx, sale_keys: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, bytes]]]:
    """Returns that wait for these sales: activity id and what was told, oldest first."""
    found: dict[UUID, list[tuple[UUID, bytes]]] = {}
    if not sale_keys:
        return found
    for row in await tx.fetch(_WAITING, tx.program_id, sale_keys):
        found.setdefault(row["sale_key"], []).append((row["activity_id"], row["command"]))
    return found


class Met(NamedTuple):
    """A return that still waits although its sale is here."""

    activity_id: UUID
    command: bytes
    sale_id: UUID
    member_id: UUID


async def met(tx: Tx, most: int) -> list[Met]:
    """Returns that wait for sales which came meanwhile, those that wait longest first."""
    rows = await tx.fetch(_MET, tx.program_id, most)
    return [
        Met(row["activity_id"], row["command"], row["subject_id"], row["member_id"]) for row in rows
    ]


async def who_did(
    tx: Tx, asked: tuple[Sequence[str], datetime, datetime], after: UUID, most: int
) -> list[UUID]:
    """The next members who did something of these kinds from one instant until before another, in
    the order of their ids."""
    rows = await tx.fetch(_WHO_DID, tx.program_id, *asked, after, most)
    return [row["member_id"] for row in rows]


async def whose(tx: Tx, activity_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The member of each of these activities."""
    if not activity_ids:
        return {}
    rows = await tx.fetch(_WHOSE, tx.program_id, activity_ids)
    return {row["activity_id"]: row["member_id"] for row in rows}


async def actors(tx: Tx, activity_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Who told each of these; of what is not here nothing is said."""
    if not activity_ids:
        return {}
    rows = await tx.fetch(_ACTORS, tx.program_id, activity_ids)
    return {row["activity_id"]: row["actor"] for row in rows}


async def bought(tx: Tx, member_ids: Sequence[UUID], most: int) -> list[Activity]:
    """The latest purchases of these members, the last one first."""
    return [from_row(row) for row in await tx.fetch(_BOUGHT, tx.program_id, member_ids, most)]


async def printed(
    tx: Tx, asked: Sequence[tuple[str, datetime | None]], stores: Sequence[str], most: int
) -> list[list[Activity]]:
    """For each receipt its purchases in these stores, whichever system told them; the last first.

    Shape: `asked` are receipts, each with the instant until which it was bought, if that matters;
    of each and each store no more than `most`.
    """
    found: list[list[Activity]] = [[] for _ in asked]
    columns = [receipt for receipt, _ in asked], [until for _, until in asked]
    if asked:
        for row in await tx.fetch(_PRINTED, tx.program_id, *columns, stores, most):
            fields = dict(row)
            found[fields.pop("place") - 1].append(from_row(fields))
    return found


async def buyers(tx: Tx, receipt: str, most: int) -> list[UUID]:
    """Who bought by this receipt, in any store; so many purchases at most are looked at."""
    rows = await tx.fetch(_BY_RECEIPT, tx.program_id, receipt, most)
    return [row["member_id"] for row in rows]


async def lock_nobody(tx: Tx) -> None:
    """Hold the sales to nobody: they have no member whose lock could order their returns."""
    await tx.fetch(_LOCK_NOBODY, tx.program_id)


async def one(tx: Tx, activity_id: UUID) -> Told | None:
    """An activity by its id, and when we were told."""
    rows = await tx.fetch(_BY_ID, tx.program_id, activity_id)
    return _told(rows[0]) if rows else None


async def waits(tx: Tx, activity_id: UUID) -> tuple[bytes, datetime] | None:
    """What was told of a return that still waits for its sale, and when."""
    rows = await tx.fetch(_WAITS, tx.program_id, activity_id)
    return (rows[0]["command"], rows[0]["recorded_at"]) if rows else None


async def of_members(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The activities of each of these members, in the order of their ids."""
    found: dict[UUID, list[UUID]] = {id_: [] for id_ in member_ids}
    for row in await tx.fetch(_OF_MEMBERS, tx.program_id, member_ids):
        found[row["member_id"]].append(row["activity_id"])
    return {id_: sorted(ids) for id_, ids in found.items()}


async def may_name(tx: Tx, activity_ids: Sequence[UUID]) -> list[tuple[UUID, bytes]]:
    """What was told of returns that wait, or waited and became these activities."""
    rows = await tx.fetch(_MAY_NAME, tx.program_id, activity_ids)
    return [(row["activity_id"], row["command"]) for row in rows]


async def latest(tx: Tx, most: int) -> list[Told]:
    """What was told last, newest first."""
    return [_told(row) for row in await tx.fetch(_LATEST, tx.program_id, most)]


def _told(row: Mapping[str, Any]) -> Told:
    fields = dict(row)
    recorded_at = fields.pop("recorded_at")
    return Told(from_row(fields), recorded_at)
