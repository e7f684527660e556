"""Keep which systems are told of members, and how far that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.outbox.following.read import FIRST, Horizon, Place
from regulars.records.outbox.hooks.outlets.journals import write as journals
from regulars.records.outbox.hooks.outlets.types import LEASE, SENT, Answering, Came, Due, Walk

_MAKE: Final = """
insert into outlet (program_id, inlet_id, address, keys, below_tx, after_id, cluster, looked_at,
                    floor_at, next_at, made_at)
values ($1::int, $2::uuid, $3::text, $4::bytea, $5::bigint, $6::uuid, $7::bigint, $8::timestamptz,
        $9::timestamptz, $8::timestamptz, $8::timestamptz)
"""
_CHANGE: Final = """
update outlet set address = $3::text, keys = $4::bytea, next_at = $5::timestamptz, failures = 0,
       problem = ''
 where program_id = $1::int and inlet_id = $2::uuid
"""
_ROTATE: Final = """
update outlet set keys = $4::bytea
 where program_id = $1::int and inlet_id = $2::uuid and keys = $3::bytea
"""
_END: Final = "delete from outlet where program_id = $1::int and inlet_id = $2::uuid"
_FORGET: Final = "delete from outlet_member where program_id = $1::int and inlet_id = $2::uuid"
_REACHED: Final = """
update outlet set below_tx = $3::bigint, after_id = $4::uuid,
       looked_at = greatest(looked_at, $5::timestamptz)
 where program_id = $1::int and inlet_id = $2::uuid
"""
# Another cluster counts its transactions anew: what was looked at there is known by its time.
_MOVED: Final = """
update outlet set below_tx = 0, after_id = $3::uuid, cluster = $4::bigint,
       floor_at = greatest(floor_at, looked_at)
 where program_id = $1::int and inlet_id = $2::uuid
"""
_WALK: Final = """
update outlet set walk = $3::text, walk_since = $4::timestamptz, walk_after = $5::uuid,
       walk_seen = 0, night = coalesce($6::date, night),
       next_at = case when $7::bool then $8::timestamptz else next_at end,
       walk_of = (select count(*) from member where program_id = $1::int)
 where program_id = $1::int and inlet_id = $2::uuid
"""
_WALKED: Final = """
update outlet set walk_after = $3::uuid, walk_seen = walk_seen + $4::int
 where program_id = $1::int and inlet_id = $2::uuid
"""
_ARRIVED: Final = """
update outlet set walk = '', walk_seen = walk_seen + $3::int, walked_at = $4::timestamptz
 where program_id = $1::int and inlet_id = $2::uuid
"""
# A member who is being told goes on being told, and is told once more after that.
_WANT: Final = """
insert into outlet_member (program_id, inlet_id, member_id, anew, try_at, since)
select $1::int, $2::uuid, m.member_id, $5::bool, $3::timestamptz, $3::timestamptz
  from unnest($4::uuid[]) as m (member_id) order by m.member_id
    on conflict (program_id, inlet_id, member_id) do update
   set changed = outlet_member.changed + 1, anew = outlet_member.anew or excluded.anew,
       try_at = coalesce(outlet_member.try_at, excluded.try_at),
       since = coalesce(outlet_member.since, excluded.since),
       tries = case when outlet_member.try_at is null then 0 else outlet_member.tries end,
       code = '', field = '', problem = ''
"""
_TAKE: Final = """
update outlet_member set try_at = $3::timestamptz
 where program_id = $1::int and inlet_id = $2::uuid and member_id = any($4::uuid[])
"""
# Before it answers, or where its answer is lost, it may know them.
_SENT: Final = """
update outlet_member set told = $3::uuid
 where program_id = $1::int and inlet_id = $2::uuid and member_id = any($4::uuid[])
   and told is null
"""
_SETTLE: Final = """
update outlet_member m
   set try_at = case when c.state = 'later' then $3::timestamptz + interval '1 second' * c.pause_s
                     when m.changed > c.changed then $3::timestamptz end,
       since = case when c.state = 'later' then m.since
                    when m.changed > c.changed then $3::timestamptz end,
       anew = m.anew and (c.state in ('later', 'refused') or m.changed > c.changed),
       tries = case when c.state = 'later' then c.tries else 0 end,
       told = case when c.state in ('told', 'refused') then c.digest else m.told end,
       told_at = case when c.state in ('told', 'same') then $3::timestamptz else m.told_at end,
       code = case when c.state = 'refused' and m.changed = c.changed then c.code else '' end,
       field = case when c.state = 'refused' and m.changed = c.changed then c.field else '' end,
       problem = case when c.state = 'refused' and m.changed = c.changed then c.problem else '' end
  from unnest($4::uuid[], $5::bigint[], $6::text[], $7::uuid[], $8::text[], $9::text[],
              $10::text[], $11::int[], $12::int[])
       as c (member_id, changed, state, digest, code, field, problem, tries, pause_s)
 where m.program_id = $1::int and m.inlet_id = $2::uuid and m.member_id = c.member_id
"""
_GONE: Final = """
delete from outlet_member m
 using unnest($3::uuid[], $4::bigint[]) as c (member_id, changed)
 where m.program_id = $1::int and m.inlet_id = $2::uuid and m.member_id = c.member_id
   and m.changed = c.changed
"""
_ANSWERS: Final = """
update outlet set next_at = $3::timestamptz, failures = $4::int, problem = $5::text,
       told = told + $6::int,
       told_at = case when $6::int > 0 then $7::timestamptz else told_at end
 where program_id = $1::int and inlet_id = $2::uuid
"""
_AGAIN: Final = """
update outlet_member set code = '', field = '', problem = '', try_at = $3::timestamptz,
       since = $3::timestamptz, changed = changed + 1
 where program_id = $1::int and inlet_id = $2::uuid and code <> ''
"""
_NOW: Final = (
    "update outlet set next_at = $3::timestamptz where program_id = $1::int and inlet_id = $2::uuid"
)


def make(tx: Tx, inlet_id: UUID, where: tuple[str, bytes], here: Horizon, floor: datetime) -> Write:
    """It is told from here on."""
    place = (here.below_tx, FIRST, here.cluster, tx.now, floor)
    return Write(_MAKE, (tx.program_id, inlet_id, *where, *place))


def change(tx: Tx, inlet_id: UUID, where: tuple[str, bytes]) -> Write:
    """It is elsewhere, or has other keys; it is told at once."""
    return Write(_CHANGE, (tx.program_id, inlet_id, *where, tx.now))


def rotate(tx: Tx, inlet_id: UUID, before: bytes, after: bytes) -> list[Write]:
    """These keys stand where those stood; others stay."""
    return [Write(_ROTATE, (tx.program_id, inlet_id, before, after))]


def end(tx: Tx, inlet_id: UUID) -> list[Write]:
    """It is told no more: its keys, and what it knows, are forgotten here."""
    ended = [Write(one, (tx.program_id, inlet_id)) for one in (_END, _FORGET)]
    return [*ended, *journals.over(tx, [inlet_id])]


def reached(tx: Tx, inlet_id: UUID, end: Place, looked_at: datetime) -> Write:
    """The events were looked at up to here."""
    return Write(_REACHED, (tx.program_id, inlet_id, *end, looked_at))


def moved(tx: Tx, inlet_id: UUID, cluster: int) -> Write:
    """All that another cluster told was looked at; it goes on in this one."""
    return Write(_MOVED, (tx.program_id, inlet_id, FIRST, cluster))


def walk(
    tx: Tx, inlet_id: UUID, walks: Walk, since: datetime | None = None, night: date | None = None
) -> Write:
    """All members are gone through from the first on; after a night, when it is asked next, and
    otherwise at once."""
    at_once = night is None
    return Write(_WALK, (tx.program_id, inlet_id, walks, since, FIRST, night, at_once, tx.now))


def walked(tx: Tx, inlet_id: UUID, after: UUID | None, count: int) -> Write:
    """So many members more were gone through, up to this one, or to the last."""
    if after is None:
        return Write(_ARRIVED, (tx.program_id, inlet_id, count, tx.now))
    return Write(_WALKED, (tx.program_id, inlet_id, after, count))


def want(tx: Tx, inlet_id: UUID, members: Sequence[UUID], *, anew: bool = False) -> list[Write]:
    """It is to be told of these."""
    if not members:
        return []
    return [Write(_WANT, (tx.program_id, inlet_id, tx.now, sorted(set(members)), anew))]


def take(tx: Tx, inlet_id: UUID, due: Sequence[Due]) -> list[Write]:
    """Nobody else tells it of these for a while; they are held."""
    if not due:
        return []
    members = [one.member_id for one in due]
    return [Write(_TAKE, (tx.program_id, inlet_id, tx.now + LEASE, members))]


def sent(tx: Tx, inlet_id: UUID, members: Sequence[UUID]) -> list[Write]:
    """From now on it may know these, whatever it answers."""
    if not members:
        return []
    return [Write(_SENT, (tx.program_id, inlet_id, SENT, list(members)))]


def settle(tx: Tx, inlet_id: UUID, came: Sequence[Came]) -> list[Write]:
    """What came of telling these; what changed meanwhile is told at once."""
    if not came:
        return []
    columns = [[getattr(one, name) for one in came] for name in Came.__struct_fields__]
    return [Write(_SETTLE, (tx.program_id, inlet_id, tx.now, *columns))]


def forget(tx: Tx, inlet_id: UUID, came: Sequence[Came]) -> list[Write]:
    """Of whom it has forgotten, or never knew, nothing is kept; these were settled before."""
    gone = [one for one in came if one.state == "gone"]
    if not gone:
        return []
    pairs = [one.member_id for one in gone], [one.changed for one in gone]
    return [Write(_GONE, (tx.program_id, inlet_id, *pairs))]


def answers(tx: Tx, inlet_id: UUID, how: Answering, told: int) -> Write:
    """How it answered, and how many records it took."""
    said = (how.next_at, how.failures, how.problem, told, tx.now)
    return Write(_ANSWERS, (tx.program_id, inlet_id, *said))


def otherwise(tx: Tx, inlet_id: UUID) -> list[Write]:
    """By another mapping it is told of everybody who is another then, and of whom it refused."""
    return [again(tx, inlet_id), walk(tx, inlet_id, "compare")]


def again(tx: Tx, inlet_id: UUID) -> Write:
    """Whom it did not take is told once more."""
    return Write(_AGAIN, (tx.program_id, inlet_id, tx.now))


def at_once(tx: Tx, inlet_id: UUID) -> Write:
    """It is asked again now, whatever pause it was given."""
    return Write(_NOW, (tx.program_id, inlet_id, tx.now))
