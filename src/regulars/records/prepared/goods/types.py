"""How far what members bought follows the books."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID


class GoodsReach(NamedTuple):
    """All that was booked below a transaction of this cluster is in the rows, by days of these
    zones; `after_id`: while all are folded, everybody up to this one is."""

    cluster: int
    zones: str
    below_tx: int
    after_id: UUID | None
