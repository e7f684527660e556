"""Ask the erasure list, and look at what came too late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.members.erasure.types import Late, Listed, SetAside

_LISTED = "select place, member_id, erased_at from erased_names($1::text[], $2::text[])"
_ERASED = """
select member_id, erased_at from erasure where program_id = $1 and member_id = any($2::uuid[])
"""
_ASIDE = """
select quarantine_id, key, member_id, about, kind, source, external_id, store, occurred_at,
       amount_minor, actor, recorded_at
  from quarantine
 where program_id = $1 and ($2::uuid is null or quarantine_id < $2::uuid)
 order by quarantine_id desc limit $3
"""


async def listed(tx: Tx, names: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Listed]:
    """Which of these names (kind and spelling) an erased member had; the latest erasure of each."""
    found: dict[tuple[str, str], Listed] = {}
    if not names:
        return found
    kinds, values = map(list, zip(*names, strict=True))
    for row in await tx.fetch(_LISTED, kinds, values):
        name, one = names[row["place"] - 1], Listed(row["member_id"], row["erased_at"])
        if name not in found or found[name].erased_at < one.erased_at:
            found[name] = one
    return found


async def erased(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Which of these members were erased, and since when."""
    rows = await tx.fetch(_ERASED, tx.program_id, member_ids)
    return {row["member_id"]: row["erased_at"] for row in rows}


async def quarantine(tx: Tx, *, before: UUID | None, limit: int) -> list[SetAside]:
    """What was told of erased members, the latest first."""
    found = []
    for row in await tx.fetch(_ASIDE, tx.program_id, before, limit):
        fields = dict(row)
        id_, recorded_at = fields.pop("quarantine_id"), fields.pop("recorded_at")
        found.append(SetAside(id_, Late(**fields), recorded_at))
    return found
