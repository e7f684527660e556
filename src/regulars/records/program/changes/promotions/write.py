"""Keep promotions, and that they were canceled."""

from __future__ import annotations

from typing import Final

from regulars.base.tx import Tx, Write
from regulars.records.program.changes.promotions.types import Promotion

_MAKE: Final = """
insert into promotion (program_id, promotion_id, kind, told, starts_on, ends_on, made_at)
values ($1::int, $2::text, $3::text, $4::text::jsonb, $5::date, $6::date, $7::timestamptz)
"""
_CANCEL: Final = """
update promotion set canceled_at = $2::timestamptz
 where program_id = $1::int and promotion_id = $3::text and canceled_at is null
"""


def make(tx: Tx, one: Promotion) -> list[Write]:
    """Keep a new promotion."""
    row = (one.promotion_id, one.kind, one.told, one.starts_on, one.ends_on, one.made_at)
    return [Write(_MAKE, (tx.program_id, *row))]


def cancel(tx: Tx, promotion_id: str) -> list[Write]:
    """It gives nothing from now on."""
    return [Write(_CANCEL, (tx.program_id, tx.now, promotion_id))]
