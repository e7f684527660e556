"""Keep that periods of leaderboards are closed, and who has something for which place."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx, Write
from regulars.records.standing.boards.types import End, Paid

_LOCK = waiting_for(Alone.BOARDS)
_ENDS = """
insert into board_end (program_id, board, store, began_on, version, paid, closed_at)
select $1::int, e.* from unnest($2::text[], $3::text[], $4::int[], $5::int[], $6::int[],
                                $7::timestamptz[]) as e
"""
_PLACES = """
insert into board_place (program_id, member_id, board, store, began_on, rank, score, prize, units,
                         needs)
select $1::int, p.* from unnest($2::uuid[], $3::text[], $4::text[], $5::int[], $6::int[],
                                $7::bigint[], $8::int[], $9::bigint[], $10::bigint[]) as p
"""


async def alone(tx: Tx) -> None:
    """Wait until nobody else closes boards in this program."""
    await tx.fetch(_LOCK, tx.program_id)


def close(tx: Tx, ends: Sequence[End], places: Sequence[Paid]) -> list[Write]:
    """Keep what was decided at the ends of periods, each once."""
    if not ends:
        return []
    rows = [(e.board, e.store, e.began_on, e.version, e.paid, e.closed_at) for e in ends]
    kept = [Write(_ENDS, (tx.program_id, *(list(one) for one in zip(*rows, strict=True))))]
    if places:
        had = [
            (
                p.member_id, p.board, p.store, p.began_on, p.rank, p.score, p.prize, p.units,
                p.needs,
            )
            for p in places
        ]  # fmt: skip
        columns = (list(one) for one in zip(*had, strict=True))
        kept.append(Write(_PLACES, (tx.program_id, *columns)))
    return kept
