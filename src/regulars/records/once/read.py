"""Look up keys that were used before."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.once.types import Known

_KNOWN = """
select key, content, member_id, subject_id, answer
  from once where program_id = $1 and key = any($2::uuid[])
"""


async def known(tx: Tx, keys: Sequence[UUID]) -> dict[UUID, Known]:
    """Which of these keys were used before, with what they became."""
    if not keys:
        return {}
    rows = await tx.fetch(_KNOWN, tx.program_id, keys)
    return {
        row["key"]: Known(row["content"], row["member_id"], row["subject_id"], row["answer"])
        for row in rows
    }
