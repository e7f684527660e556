"""Keep draws and who took part."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.tx import Tx, Write
from regulars.records.rewards.draws.types import Closed, Draw, Entrant, Won

_ANNOUNCE = """
insert into draw (program_id, draw, version, secret, commitment, announced_at, announced_by)
values ($1::int, $2::text, $3::int, $4::text, $5::text, $6::timestamptz, $7::text)
"""
_DRAWN = """
update draw set public = $3::text, list_digest = $4::text, tickets = $5::bigint,
                drawn_at = $6::timestamptz, drawn_by = $7::text
 where program_id = $1::int and draw = $2::text
"""
_ENTRANTS = """
insert into draw_entrant (program_id, draw, place, member_id, alias, tickets, won)
select $1::int, $2::text, e.*
  from unnest($3::int[], $4::uuid[], $5::text[], $6::bigint[], $7::int[]) as e
"""
_CLOSE = """
insert into draw_list (program_id, draw, closed_at, closed_by, digest, members, tickets)
values ($1::int, $2::text, $3::timestamptz, $4::text, $5::text, $6::uuid[], $7::bigint[])
"""

_BOOK = """
insert into draw_prize (program_id, draw, won, member_id, state, why, wallet, units, entry_id,
                        reward, redemption_id, booked_at)
select $1::int, p.draw, p.won, p.member_id, p.state, p.why, p.wallet, p.units, p.entry_id,
       p.reward, p.redemption_id, $2::timestamptz
  from unnest($3::text[], $4::int[], $5::uuid[], $6::text[], $7::text[], $8::int[], $9::bigint[],
              $10::uuid[], $11::text[], $12::uuid[])
       as p (draw, won, member_id, state, why, wallet, units, entry_id, reward, redemption_id)
    on conflict (program_id, draw, won) do update
   set member_id = excluded.member_id, state = excluded.state, why = excluded.why,
       entry_id = excluded.entry_id, redemption_id = excluded.redemption_id,
       booked_at = excluded.booked_at
"""


def announce(tx: Tx, one: Draw) -> list[Write]:
    """Keep that a draw is announced."""
    said = (one.draw, one.version, one.secret, one.commitment, one.announced_at, one.announced_by)
    return [Write(_ANNOUNCE, (tx.program_id, *said))]


def close(tx: Tx, one: Closed) -> list[Write]:
    """Keep the list of a draw as it is now."""
    said = (one.draw, one.closed_at, one.closed_by, one.digest)
    return [Write(_CLOSE, (tx.program_id, *said, list(one.members), list(one.tickets)))]


def drawn(tx: Tx, one: Draw, entrants: Sequence[Entrant]) -> list[Write]:
    """Keep what was drawn, and who took part."""
    said = (one.draw, one.public, one.list_digest, one.tickets, one.drawn_at, one.drawn_by)
    columns = (
        [e.place for e in entrants], [e.member_id for e in entrants], [e.alias for e in entrants],
        [e.tickets for e in entrants], [e.won for e in entrants],
    )  # fmt: skip
    return [
        Write(_DRAWN, (tx.program_id, *said)),
        Write(_ENTRANTS, (tx.program_id, one.draw, *columns)),
    ]


def book(tx: Tx, prizes: Sequence[Won]) -> list[Write]:
    """Keep what was booked for prizes; one that waited is given, or waits on."""
    if not prizes:
        return []
    rows = [
        (p.draw, p.won, p.member_id, p.state, p.why, p.wallet, p.units, p.entry_id, p.reward,
         p.redemption_id)
        for p in prizes
    ]  # fmt: skip
    columns = (list(column) for column in zip(*rows, strict=True))
    return [Write(_BOOK, (tx.program_id, tx.now, *columns))]
