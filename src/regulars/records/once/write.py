"""Keep keys, in the same transaction as what they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from regulars.base.tx import Tx, Write

# Sorted, so that two batches with common keys wait for each other instead of deadlocking.
_KEEP = """
insert into once (program_id, key, content, member_id, subject_id, answer, recorded_at)
select $1::int, k.key, k.content, k.member_id, k.subject_id, k.answer, $2::timestamptz
  from unnest($3::once_row[]) as k
 order by k.key
"""


_FREE = """
delete from once where program_id = $1::int and key = any($2::uuid[])
"""


class Kept(NamedTuple):
    """One key with what it stands for."""

    key: UUID
    content: UUID
    member_id: UUID
    subject_id: UUID
    answer: bytes


def keep(tx: Tx, keys: Sequence[Kept]) -> list[Write]:
    """Keep these keys; a key kept by somebody else meanwhile fails the transaction."""
    if not keys:
        return []
    return [Write(_KEEP, (tx.program_id, tx.now, keys))]


def free(tx: Tx, keys: Sequence[UUID]) -> list[Write]:
    """These keys stand for nothing any more, and may be used anew in a further round: of what was
    taken for something else."""
    return [Write(_FREE, (tx.program_id, list(keys)))] if keys else []
