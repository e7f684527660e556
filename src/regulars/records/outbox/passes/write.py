"""Keep how far the events of a program were looked at for passes."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from regulars.base.tx import Tx, Write
from regulars.records.outbox.following.read import FIRST, Horizon, Place

_BEGIN: Final = """
insert into pass_reach (program_id, below_tx, after_id, cluster, looked_at, floor_at)
values ($1::int, $2::bigint, $3::uuid, $4::bigint, $5::timestamptz, $6::timestamptz)
    on conflict (program_id) do nothing
"""
_REACHED: Final = """
update pass_reach set below_tx = $2::bigint, after_id = $3::uuid,
       looked_at = greatest(looked_at, $4::timestamptz)
 where program_id = $1::int
"""
# Another cluster counts its transactions anew: what was looked at there is known by its time.
_MOVED: Final = """
update pass_reach set below_tx = 0, after_id = $2::uuid, cluster = $3::bigint,
       floor_at = greatest(floor_at, looked_at)
 where program_id = $1::int
"""


def begin(tx: Tx, here: Horizon, floor_at: datetime) -> list[Write]:
    """From here on the events of this program are looked at."""
    told = (here.below_tx, FIRST, here.cluster, tx.now, floor_at)
    return [Write(_BEGIN, (tx.program_id, *told))]


def reached(tx: Tx, end: Place, looked_at: datetime) -> list[Write]:
    """The events were looked at up to here."""
    return [Write(_REACHED, (tx.program_id, *end, looked_at))]


def moved(tx: Tx, cluster: int) -> list[Write]:
    """All that another cluster told was looked at; it goes on in this one."""
    return [Write(_MOVED, (tx.program_id, FIRST, cluster))]
