"""Keep where something was booked."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.tx import Tx, Write
from regulars.records.ledger.placed.types import Placed

_PLACE = """
insert into entry_place (program_id, member_id, cause_id, kind, store)
select $1::int, p.* from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) as p
"""


def place(tx: Tx, placed: Sequence[Placed]) -> list[Write]:
    """Keep these; what was booked nowhere in particular is left out."""
    said = [one for one in placed if one.store]
    if not said:
        return []
    return [Write(_PLACE, (tx.program_id, *map(list, zip(*said, strict=True))))]
