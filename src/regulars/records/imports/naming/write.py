"""Give lots on their way in the name by which they are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regulars.base.tx import Tx
from regulars.records.imports.naming.types import Named

_NAME: Final = """
update staged s set key = n.key, content = n.content, packed = n.packed, sale_key = null
  from unnest($1::text[], $2::uuid[], $3::uuid[], $4::bytea[]) as n (place, key, content, packed)
 where s.ctid = n.place::tid
"""


async def name(tx: Tx, lots: Sequence[Named]) -> None:
    """These lots have names from now on."""
    if lots:
        await tx.fetch(_NAME, *map(list, zip(*lots, strict=True)))
