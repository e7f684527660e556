"""Keep deeds, parts and prizes, and whom to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.rewards.prizes.types import Part, Prize

# The day of a deed is the one where its member lives now; later they may live elsewhere.
_DEEDS = """
insert into deed (program_id, member_id, activity_id, occurred_at, own_day)
select $1::int, d.member_id, d.activity_id, d.occurred_at,
       (d.occurred_at at time zone coalesce(nullif(m.zone, ''), $5::text))::date
       - date '0001-01-01' + 1
  from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) as d (member_id, activity_id, occurred_at)
  join member m on m.program_id = $1::int and m.member_id = d.member_id
"""
_WATCH = """
insert into prize_clock (program_id, member_id, due_at, since)
select $1::int, w.id, w.due_at, w.since
  from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) as w (id, since, due_at)
 order by w.id
    on conflict (program_id, member_id) do update
   set due_at = excluded.due_at,
       since = case when prize_clock.since is not null and excluded.since is not null
                    then least(prize_clock.since, excluded.since) end
"""
# Who wins a place is named without being held: who was named anew meanwhile stays named.
_LOOKED = """
delete from prize_clock c using unnest($2::uuid[], $3::timestamptz[]) as l (member_id, due_at)
 where c.program_id = $1::int and c.member_id = l.member_id and c.due_at = l.due_at
"""
_PART = """
insert into challenge_part (program_id, member_id, part_id, challenge, since)
select $1::int, p.* from unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[]) as p
"""
_GIVE = """
insert into prize (program_id, member_id, prize_id, game, name, began_on, place, version, deed_id,
                   reached_at, wallet, units, entry_id, grant_id, badge, given_at, about, reward,
                   redemption_id)
select $1::int, p.* from unnest($2::prize_row[]) as p
"""
_UNDO = """
update prize p set undone_at = $4::timestamptz, undone_by = u.undone_by
  from unnest($2::uuid[], $3::uuid[]) as u (prize_id, undone_by)
 where p.program_id = $1::int and p.prize_id = u.prize_id
"""


def did(tx: Tx, zone: str, deeds: Sequence[tuple[UUID, UUID, datetime]]) -> list[Write]:
    """Keep what members did: whose, which activity and when; `zone` is for who has none."""
    if not deeds:
        return []
    members, activities, instants = (list(column) for column in zip(*deeds, strict=True))
    return [Write(_DEEDS, (tx.program_id, members, activities, instants, zone))]


def watch(
    tx: Tx, since: Mapping[UUID, datetime | None], at: Mapping[UUID, datetime] | None = None
) -> list[Write]:
    """Have these members looked at soon, or each at its time, for what they did since an instant,
    or ever."""
    if not since:
        return []
    who, then = sorted(since), at or {}
    times = [then.get(one, tx.now) for one in who]
    return [Write(_WATCH, (tx.program_id, who, [since[one] for one in who], times), rows=who)]


def looked(tx: Tx, listed: Mapping[UUID, datetime]) -> list[Write]:
    """These members were looked at, under their lock, as they were listed to be by then."""
    if not listed:
        return []
    who = sorted(listed)
    return [Write(_LOOKED, (tx.program_id, who, [listed[one] for one in who]), rows=who)]


def take_part(tx: Tx, parts: Sequence[Part]) -> list[Write]:
    """Keep who takes part in what."""
    if not parts:
        return []
    columns = (
        [p.member_id for p in parts], [p.part_id for p in parts], [p.challenge for p in parts],
        [p.since for p in parts],
    )  # fmt: skip
    return [Write(_PART, (tx.program_id, *columns))]


def give(tx: Tx, given: Sequence[Prize]) -> list[Write]:
    """Keep what members got."""
    if not given:
        return []
    rows = [
        (
            p.member_id, p.prize_id, p.game, p.name, p.began_on, p.place, p.version, p.deed_id,
            p.reached_at, p.wallet, p.units, p.entry_id, p.grant_id, p.badge, p.given_at,
            p.about, p.reward, p.redemption_id,
        )
        for p in given
    ]  # fmt: skip
    return [Write(_GIVE, (tx.program_id, rows))]


def undo(tx: Tx, undone: Sequence[tuple[UUID, UUID | None]]) -> list[Write]:
    """Keep that these prizes were taken back, and by which entries."""
    if not undone:
        return []
    ids, entries = [one for one, _ in undone], [entry for _, entry in undone]
    return [Write(_UNDO, (tx.program_id, ids, entries, tx.now))]
