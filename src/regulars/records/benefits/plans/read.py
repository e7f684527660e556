"""Read memberships; who was merged into somebody is read as a part of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx
from regulars.records.benefits.plans.types import BY_CLOCK, Membership, Turn


class Asking(Protocol):
    """What a question is put to, as far as it is used here."""

    async def fetch(self, sql: str, /, *args: Any) -> Sequence[Mapping[str, Any]]: ...


_STANDS = """t.membership_id, t.member_id, t.step, t.plan, t.state, t.anchor_at, t.terms, t.from_at,
       t.until_at, t.since_at, t.fee_minor, t.wait_until, t.paused_at, t.in_trial, t.next_plan,
       t.told_minor, t.told_at, t.gross_minor, t.paid_minor, t.returned_minor,
       t.gave_entry, t.wallet, t.units, t.units_back, t.stopped_at, t.off_minor,
       t.next_minor"""
_FAMILY = """
with family as (
    select who.member_id, who.member_id as stands_as from unnest($2::uuid[]) as who (member_id)
     union
    select a.member_id, a.into_id from member_alias a
     where a.program_id = $1 and a.into_id = any($2::uuid[])
)"""
_OF = f"""
{_FAMILY}
select distinct on (t.membership_id) f.stands_as, {_STANDS}
  from membership_turn t
  join family f on f.member_id = t.member_id
 where t.program_id = $1
 order by t.membership_id, t.step desc
"""  # noqa: S608
_SOME = f"""
select distinct on (t.membership_id) {_STANDS}
  from membership_turn t
 where t.program_id = $1 and t.membership_id = any($2::uuid[])
 order by t.membership_id, t.step desc
"""  # noqa: S608
_BEFORE = f"""
select {_STANDS}
  from unnest($2::uuid[]) as asked (membership_id)
 cross join lateral (
    select p.step from membership_turn p
     where p.program_id = $1 and p.membership_id = asked.membership_id and p.what = 'paid'
     order by p.step desc limit 1
  ) as paid
  join membership_turn t on t.program_id = $1 and t.membership_id = asked.membership_id
                        and t.step = paid.step - 1
"""  # noqa: S608
_TURNS = f"""
select t.turn_id, t.what, t.at, t.version, t.amount_minor, t.entry_id, t.source, t.external_id,
       t.actor, t.reason, t.payment, {_STANDS}
  from membership_turn t
 where t.program_id = $1 and t.membership_id = $2
 order by t.step
"""  # noqa: S608
_TURNS_OF = f"""
{_FAMILY}
select f.stands_as, t.turn_id, t.what, t.at, t.version, t.amount_minor, t.entry_id, t.source,
       t.external_id, t.actor, t.reason, t.payment, {_STANDS}
  from membership_turn t
  join family f on f.member_id = t.member_id
 where t.program_id = $1
 order by t.membership_id, t.step
"""  # noqa: S608
_TOLD_BEFORE = f"""
select t.recorded_at, t.turn_id, t.what, t.at, t.version, t.amount_minor, t.entry_id, t.source,
       t.external_id, t.actor, t.reason, t.payment, {_STANDS}
  from membership_turn t
 where t.program_id = $1 and t.recorded_at < $2
"""  # noqa: S608
_DUE = """
(select member_id from membership_clock
  where program_id = $1 and look_at <= $2 and member_id <> all($4::uuid[])
  order by look_at limit $3)
union all
(select untold.member_id
   from unnest($5::text[], $6::bigint[]) as p (plan, fee)
  cross join lateral (
     select c.member_id from membership_clock c
      where c.program_id = $1 and c.plan = p.plan and c.known_minor < p.fee
        and c.told_minor is null
        and c.member_id <> all($4::uuid[])
      order by c.known_minor limit $3
   ) as untold)
union all
(select off.member_id
   from unnest($5::text[], $6::bigint[]) as p (plan, fee)
  cross join lateral (
     select c.member_id from membership_clock c
      where c.program_id = $1 and c.plan = p.plan and c.told_minor > p.fee
        and c.member_id <> all($4::uuid[])
      order by c.told_minor desc limit $3
   ) as off)
limit $3
"""
_WORDS = f"""
select last.at, {_STANDS}
  from unnest($2::uuid[]) as asked (membership_id)
 cross join lateral (
    select p.step, p.at from membership_turn p
     where p.program_id = $1 and p.membership_id = asked.membership_id and p.what <> all($3::text[])
     order by p.step desc limit 1
  ) as last
  join membership_turn t on t.program_id = $1 and t.membership_id = asked.membership_id
                        and t.step = last.step
"""  # noqa: S608
_OF_TURN = """
select membership_id from membership_turn where program_id = $1 and turn_id = $2
"""
_TAKEN = """
select digest from trial_taken where program_id = $1 and digest = any($2::uuid[])
"""
_HAD_TRIAL = f"""
{_FAMILY}
select f.stands_as as member_id
  from family f
 cross join lateral (
    select from membership_turn t
     where t.program_id = $1 and t.member_id = f.member_id and t.in_trial and t.what = 'started'
    offset 0
  ) as had
"""  # noqa: S608
_NAMES = f"""
{_FAMILY}
select f.stands_as as member_id, i.kind, i.value
  from family f
 cross join lateral (
    select i.kind, i.value from identifier i
     where i.program_id = $1 and i.member_id = f.member_id and i.kind in ('phone', 'email', 'card')
    offset 0
  ) as i
"""  # noqa: S608
_ALONE = waiting_for(Alone.TRIALS)
_WORTH = """
select coalesce(sum((terms ->> 'worth_minor')::bigint), 0)::bigint as worth, count(*) as uses
  from benefit_use
 where program_id = $1 and coalesce(terms ->> 'plan', '') <> '' and state = 'used' and used_at >= $3
   and member_id in (select $2::uuid union all
                     select member_id from member_alias where program_id = $1 and into_id = $2)
"""


# The clock says whose fee is told, which is nobody's of who cancelled or chose another plan; which
# plan runs is what the last turn says.
_BY_PLAN = """
select p.plan, count(distinct c.member_id)::bigint as members
  from membership_clock c
 cross join lateral (
    select t.plan, t.next_plan from membership_turn t
     where t.program_id = $1 and t.membership_id = c.membership_id
     order by t.step desc limit 1
  ) as last
 cross join lateral (values (last.plan), (last.next_plan)) as p (plan)
 where c.program_id = $1 and p.plan <> '' group by p.plan
"""


async def by_plan(tx: Tx) -> dict[str, int]:
    """How many members are on each plan, or chose it from their next term on.

    Keeps: whatever was paid runs, also of who cancelled, paused or is late; memberships that are
    over do not count.
    """
    return {row["plan"]: row["members"] for row in await tx.fetch(_BY_PLAN, tx.program_id)}


async def of_members(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, list[Membership]]:
    """Every membership of these members, by whom they stand under now."""
    found: dict[UUID, list[Membership]] = {}
    if not member_ids:
        return found
    for row in await tx.fetch(_OF, tx.program_id, member_ids):
        fields = dict(row)
        found.setdefault(fields.pop("stands_as"), []).append(Membership(**fields))
    return found


async def some(tx: Tx, membership_ids: Sequence[UUID]) -> dict[UUID, Membership]:
    """Where these memberships stand."""
    if not membership_ids:
        return {}
    rows = await tx.fetch(_SOME, tx.program_id, membership_ids)
    return {row["membership_id"]: Membership(**dict(row)) for row in rows}


async def of_turn(tx: Tx, turn_id: UUID) -> UUID | None:
    """The membership that this happened to."""
    rows = await tx.fetch(_OF_TURN, tx.program_id, turn_id)
    return rows[0]["membership_id"] if rows else None


async def words(tx: Tx, membership_ids: Sequence[UUID]) -> dict[UUID, tuple[Membership, datetime]]:
    """Where each of these stood after the last thing the clock did not bring about, and since."""
    if not membership_ids:
        return {}
    found = [dict(row) for row in await tx.fetch(_WORDS, tx.program_id, membership_ids, BY_CLOCK)]
    return {
        row["membership_id"]: (Membership(**row), at) for row in found for at in [row.pop("at")]
    }


async def before(tx: Tx, membership_ids: Sequence[UUID]) -> dict[UUID, Membership]:
    """Where each of these stood just before its last term was paid."""
    rows = await tx.fetch(_BEFORE, tx.program_id, membership_ids) if membership_ids else ()
    return {row["membership_id"]: Membership(**dict(row)) for row in rows}


async def turns(tx: Tx, membership_id: UUID) -> list[Turn]:
    """All that happened to a membership, oldest first."""
    rows = await tx.fetch(_TURNS, tx.program_id, membership_id)
    return [_turn(row) for row in rows]


async def turns_of(tx: Tx, member_ids: Sequence[UUID]) -> list[tuple[UUID, Turn]]:
    """All that happened to every membership of these members, by whom they stand under now."""
    if not member_ids:
        return []
    rows = [dict(row) for row in await tx.fetch(_TURNS_OF, tx.program_id, member_ids)]
    return [(row.pop("stands_as"), _turn(row)) for row in rows]


async def told_before(
    connection: Asking, program_id: int, until: datetime
) -> list[tuple[datetime, Turn]]:
    """All that was told of anybody's memberships before an instant, each with when it was."""
    rows = [dict(row) for row in await connection.fetch(_TOLD_BEFORE, program_id, until)]
    return [(row.pop("recorded_at"), _turn(row)) for row in rows]


async def due(
    tx: Tx, now: datetime, fees: Mapping[str, int], most: int, but: Sequence[UUID]
) -> set[UUID]:
    """Members whose term, trial, grace or pause is over, or whose fee is other than told."""
    names, minors = list(fees), list(fees.values())
    rows = await tx.fetch(_DUE, tx.program_id, now, most, but, names, minors)
    return {row["member_id"] for row in rows}


async def alone(tx: Tx) -> None:
    """Nobody else begins a trial in this program until this transaction ends."""
    await tx.fetch(_ALONE, tx.program_id)


async def taken(tx: Tx, digests: Sequence[UUID]) -> set[UUID]:
    """Which of these had a trial before."""
    rows = await tx.fetch(_TAKEN, tx.program_id, digests)
    return {row["digest"] for row in rows}


async def had_trial(tx: Tx, member_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these members, or of those merged into them, had a trial."""
    rows = await tx.fetch(_HAD_TRIAL, tx.program_id, member_ids)
    return {row["member_id"] for row in rows}


async def names(tx: Tx, member_ids: Sequence[UUID]) -> list[tuple[UUID, str, str]]:
    """The telephone numbers, e-mail addresses and cards of these members, as they are kept."""
    rows = await tx.fetch(_NAMES, tx.program_id, member_ids)
    return [(row["member_id"], row["kind"], row["value"]) for row in rows]


async def used(tx: Tx, member_id: UUID, one: Membership) -> tuple[int, int]:
    """What the benefits of any plan used in the running term are worth, and how many uses."""
    ((worth, uses),) = [
        (row["worth"], row["uses"])
        for row in await tx.fetch(_WORTH, tx.program_id, member_id, one.since_at)
    ]
    return worth, uses


def _turn(row: Mapping[str, Any]) -> Turn:
    fields = dict(row)
    stands = {name: fields.pop(name) for name in Membership.__struct_fields__}
    return Turn(after=Membership(**stands), **fields)
