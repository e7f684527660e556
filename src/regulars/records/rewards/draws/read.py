"""Read draws, what counts for their tickets, and who took part."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx
from regulars.records.rewards.draws.types import Closed, Draw, Entrant, OnList, Score, Won

_ALONE = waiting_for(Alone.DRAWS)
_DRAW = """
select draw, version, secret, commitment, announced_at, announced_by, public, list_digest, tickets,
       drawn_at, drawn_by
  from draw where program_id = $1 and draw = $2
"""
_ANNOUNCED = """
select draw, version, secret, commitment, announced_at, announced_by, public, list_digest, tickets,
       drawn_at, drawn_by
  from draw where program_id = $1 and draw = any($2::text[])
"""
# Of two who became one after the draw, what either won is theirs: the better prize first.
_OWN = """
select draw, place, member_id, alias, tickets, won from draw_entrant
 where program_id = $1 and draw = any($2::text[])
   and member_id = any(array(select member_id from member_alias
                              where program_id = $1 and into_id = $3) || $3::uuid)
 order by won = 0 desc, won desc
"""
_ENTRANTS = """
select place, member_id, alias, tickets, won from draw_entrant
 where program_id = $1 and draw = $2 order by place
"""
_CLOSED = """
select draw, closed_at, closed_by, digest, members, tickets from draw_list
 where program_id = $1 and draw = $2
"""
# Of two who became one since, both may stand on a closed list: who has more tickets is told.
_ON_LIST = """
select l.draw, l.closed_at, l.digest, own.member_id, coalesce(own.place, 0) as place,
       coalesce(own.tickets, 0) as tickets
  from draw_list l
  left join lateral (
    select m.member_id, p.place, l.tickets[p.place] as tickets
      from unnest(array(select member_id from member_alias
                         where program_id = $1 and into_id = $3) || $3::uuid) as m (member_id)
     cross join lateral (select array_position(l.members, m.member_id) as place) as p
     where p.place is not null
     order by tickets desc, p.place limit 1
  ) as own on true
 where l.program_id = $1 and l.draw = any($2::text[])
"""
_WON = """
select draw, won, member_id, state, why, wallet, units, entry_id, reward, redemption_id, booked_at
  from draw_prize where program_id = $1 and draw = any($2::text[]) order by draw, won
"""
# `period < 0` is what the index of boards and draws is about.
_SCORES = """
select c.member_id, c.value as score
  from counter c
  join member m on m.program_id = c.program_id and m.member_id = c.member_id
 where c.program_id = $1 and c.counter = $2::smallint and c.period = $3::int and c.period < 0
   and c.value > 0 and m.state = 'active'
   and m.attributes -> $4::text is distinct from 'true'::jsonb
 order by c.member_id
"""


async def alone(tx: Tx) -> None:
    """Wait until nobody else announces or draws in this program."""
    await tx.fetch(_ALONE, tx.program_id)


async def draw(tx: Tx, name: str) -> Draw | None:
    """A draw that was announced."""
    rows = await tx.fetch(_DRAW, tx.program_id, name)
    return next((Draw(**row) for row in rows), None)


async def announced(tx: Tx, names: Sequence[str]) -> dict[str, Draw]:
    """Those of these draws that were announced."""
    rows = await tx.fetch(_ANNOUNCED, tx.program_id, list(names))
    return {row["draw"]: Draw(**row) for row in rows}


async def own(tx: Tx, names: Sequence[str], member_id: UUID) -> dict[str, Entrant]:
    """How a member stands on the lists of those of these draws that are drawn."""
    found = {}
    for row in await tx.fetch(_OWN, tx.program_id, list(names), member_id):
        draw, *more = row.values()
        found[draw] = Entrant(*more)
    return found


async def entrants(tx: Tx, name: str) -> list[Entrant]:
    """Who took part in a draw, as on the list; nobody before it is drawn."""
    return [Entrant(**row) for row in await tx.fetch(_ENTRANTS, tx.program_id, name)]


async def closed(tx: Tx, name: str) -> Closed | None:
    """The list of a draw, where it was closed."""
    rows = await tx.fetch(_CLOSED, tx.program_id, name)
    return next(
        (
            Closed(**(dict(row) | {key: tuple(row[key]) for key in ("members", "tickets")}))
            for row in rows
        ),
        None,
    )


async def on_lists(tx: Tx, names: Sequence[str], member_id: UUID) -> dict[str, OnList]:
    """How a member stands on the lists of those of these draws whose list was closed."""
    rows = await tx.fetch(_ON_LIST, tx.program_id, list(names), member_id)
    return {row["draw"]: OnList(**row) for row in rows}


async def won(tx: Tx, names: Sequence[str]) -> dict[tuple[str, int], Won]:
    """What was booked for prizes of these draws, by draw and prize."""
    rows = await tx.fetch(_WON, tx.program_id, list(names))
    return {(row["draw"], row["won"]): Won(**row) for row in rows}


async def scores(tx: Tx, counter: int, period: int, excluded: str) -> list[Score]:
    """What counts for tickets, of everybody who may win, in the order of their ids."""
    rows = await tx.fetch(_SCORES, tx.program_id, counter, period, excluded)
    return [Score(**row) for row in rows]
