"""Look up promotions."""

from __future__ import annotations

from typing import Final

from regulars.base.tx import Tx
from regulars.records.program.changes.promotions.types import Promotion

_ALL: Final = """
select promotion_id, kind, told::text as told, starts_on, ends_on, made_at, canceled_at
  from promotion where program_id = $1::int order by made_at desc, promotion_id desc
"""


async def promotions(tx: Tx) -> list[Promotion]:
    """All promotions there ever were, the newest first."""
    return [Promotion(*row.values()) for row in await tx.fetch(_ALL, tx.program_id)]
