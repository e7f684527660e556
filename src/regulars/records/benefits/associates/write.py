"""Keep who looks after whom, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx, Write
from regulars.records.benefits.associates.types import Associate, Why

_BEGIN = """
insert into benefit_associate (program_id, associate_id, member_id, benefit, staff_id, store, how,
                               begun_at, begun_by, ended_at, why, looked_at)
select $1::int, a.associate_id, a.member_id, a.benefit, a.staff_id, a.store, a.how,
       $3::timestamptz, a.begun_by, a.ended_at, a.why, $3::timestamptz
  from unnest($2::benefit_associate_row[]) as a
"""
_END = """
update benefit_associate a set ended_at = e.ended_at, why = e.why, ended_by = e.ended_by
  from unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[])
       as e (associate_id, ended_at, why, ended_by)
 where a.program_id = $1::int and a.associate_id = e.associate_id
"""
_RESUME = """
update benefit_associate set ended_at = null, why = '', ended_by = '', looked_at = $3::timestamptz
 where program_id = $1::int and associate_id = any($2::uuid[])
"""
_LOOKED = """
update benefit_associate set looked_at = $3::timestamptz
 where program_id = $1::int and associate_id = any($2::uuid[])
"""


async def alone(tx: Tx) -> None:
    """Wait until nobody else chooses an associate, and nobody is taken on or closed.

    Order: after members are held. So whoever has fewest has fewest until the end.
    """
    await tx.fetch(waiting_for(Alone.STAFF), tx.program_id)


def begin(tx: Tx, begun: Sequence[Associate]) -> list[Write]:
    """They look after these members from now on."""
    if not begun:
        return []
    rows = [
        (
            a.associate_id, a.member_id, a.benefit, a.staff_id, a.store, a.how, a.begun_by,
            a.ended_at, a.why,
        )
        for a in begun
    ]  # fmt: skip
    return [Write(_BEGIN, (tx.program_id, rows, tx.now), rows=[row[0] for row in rows])]


class End(NamedTuple):
    """One is over at this instant, or will be."""

    associate_id: UUID
    at: datetime
    why: Why
    actor: str


def end(tx: Tx, over: Sequence[End]) -> list[Write]:
    """These are over. Order: written before others begin, as a member has one for each benefit."""
    columns = [list(one) for one in zip(*over, strict=True)]
    return [Write(_END, (tx.program_id, *columns), rows=columns[0])] if over else []


def resume(tx: Tx, ids: Sequence[UUID]) -> list[Write]:
    """These go on: the end that was to come is taken back."""
    return [Write(_RESUME, (tx.program_id, list(ids), tx.now), rows=ids)] if ids else []


def looked(tx: Tx, ids: Sequence[UUID]) -> list[Write]:
    """These were seen to last, now."""
    return [Write(_LOOKED, (tx.program_id, list(ids), tx.now), rows=ids)] if ids else []
