"""Read leaderboards; of members only what they are called there leaves the database."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.standing.boards.types import Asked, End, Paid, Place, Ranked

# Nobody is shown who is blocked, was merged or erased, does not want to, or has no name to show.
# `period < 0` is what the index of boards is about.
_SHOWN = """
select c.member_id, c.value as score,
       coalesce(case when $4::bool then nullif(trim(m.attributes ->> 'nickname'), '') end,
                concat_ws(' ', upper(nullif(left(trim(m.given_name), 1), '')) || '.',
                               upper(nullif(left(trim(m.family_name), 1), '')) || '.')) as called
  from counter c
  join member m on m.program_id = c.program_id and m.member_id = c.member_id
 where c.program_id = $1 and c.counter = $2::smallint and c.period = $3::int and c.period < 0
   and c.value > 0 and m.state = 'active'
   and m.attributes -> $5::text is distinct from 'true'::jsonb
   and (trim(m.given_name) <> '' or trim(m.family_name) <> ''
        or ($4::bool and coalesce(trim(m.attributes ->> 'nickname'), '') <> ''))
"""
_TOP = f"""
with shown as ({_SHOWN} order by c.value desc, c.member_id)
select rank() over (order by score desc) as rank, called, score from shown
 order by score desc, member_id limit $6
"""  # noqa: S608
# Not materialized: who stands before a member is counted by the index, and nobody else is read.
_OWN = f"""
with shown as not materialized ({_SHOWN})
select 1 + (select count(*) from shown other where other.score > own.score) as rank, called, score
  from shown own where member_id = $6
"""  # noqa: S608
_RANKED = f"""
with shown as ({_SHOWN} order by c.value desc, c.member_id)
select rank() over (order by score desc) as rank, member_id, score from shown
 order by score desc, member_id limit $6
"""  # noqa: S608
_CLOSED = """
select board, store, began_on from board_end where program_id = $1 and board = any($2::text[])
"""
_ENDS = """
select board, store, began_on, version, paid, closed_at from board_end
 where program_id = $1 and board = $2::text and store = $3::text and began_on = $4::int
"""
_PLACES = """
with family as (
    select w.id as member_id, w.id as stands_as from unnest($2::uuid[]) as w (id)
     union
    select a.member_id, a.into_id from member_alias a
     where a.program_id = $1 and a.into_id = any($2::uuid[])
)
select f.stands_as, p.member_id, p.board, p.store, p.began_on, p.rank, p.score, p.prize, p.units,
       p.needs, e.version, e.paid, e.closed_at
  from family f
  join board_place p on p.program_id = $1 and p.member_id = f.member_id
  join board_end e on e.program_id = $1 and e.board = p.board and e.store = p.store
                  and e.began_on = p.began_on
 order by e.closed_at, p.board, p.store, p.began_on, p.rank
"""


async def top(tx: Tx, asked: Asked, most: int) -> list[Place]:
    """The first places of a board; who has as much as another has the same one."""
    rows = await tx.fetch(_TOP, *_args(tx, asked), most)
    return [Place(row["rank"], row["called"], row["score"]) for row in rows]


async def own(tx: Tx, asked: Asked, member_id: UUID) -> Place | None:
    """The place of one member; nothing where they are not shown or have nothing."""
    rows = await tx.fetch(_OWN, *_args(tx, asked), member_id)
    return next((Place(row["rank"], row["called"], row["score"]) for row in rows), None)


async def ranked(tx: Tx, asked: Asked, most: int) -> list[Ranked]:
    """The first places of a board as they are shown, and whose they are."""
    rows = await tx.fetch(_RANKED, *_args(tx, asked), most)
    return [Ranked(row["rank"], row["member_id"], row["score"]) for row in rows]


async def closed(tx: Tx, boards: Sequence[str]) -> set[tuple[str, str, int]]:
    """Which periods of these boards are closed: board, store and first day."""
    rows = await tx.fetch(_CLOSED, tx.program_id, list(boards))
    return {(row["board"], row["store"], row["began_on"]) for row in rows}


async def end(tx: Tx, key: tuple[str, str, int]) -> End | None:
    """What was decided at the end of a period of a board; nothing while it is not closed."""
    rows = await tx.fetch(_ENDS, tx.program_id, *key)
    return next((End(**row) for row in rows), None)


async def places(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, list[tuple[Paid, End]]]:
    """The places of each of these members that have something, the first closed first; who was
    merged is a part of whom they stand under."""
    found: dict[UUID, list[tuple[Paid, End]]] = {}
    for row in await tx.fetch(_PLACES, tx.program_id, list(member_ids)):
        fields = dict(row)
        mine = found.setdefault(fields.pop("stands_as"), [])
        version, paid, closed_at = (fields.pop(name) for name in ("version", "paid", "closed_at"))
        place = Paid(**fields)
        key = place.board, place.store, place.began_on
        mine.append((place, End(*key, version, paid, closed_at)))
    return found


def _args(tx: Tx, asked: Asked) -> tuple[object, ...]:
    return tx.program_id, asked.counter, asked.period, asked.nicknames, asked.unlisted
