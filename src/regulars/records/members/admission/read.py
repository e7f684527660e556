"""Read what people told when they joined."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.members.admission.types import Admission

_SOME = """
select member_id, birthday, country, guardian_id, invited_by, actor
  from admission where program_id = $1 and member_id = any($2::uuid[])
"""


async def some(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, Admission]:
    """What these members told, where they told anything."""
    rows = await tx.fetch(_SOME, tx.program_id, member_ids)
    return {row["member_id"]: Admission(**dict(row)) for row in rows}
