"""Read what members chose; who was merged into somebody is read as a part of them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.rewards.choices.types import Choice

# The first first: of two who became one the choice that was made first stands.
_CHOICES = """
with family as (
    select w.id as member_id, w.id as stands_as from unnest($2::uuid[]) as w (id)
     union
    select a.member_id, a.into_id from member_alias a
     where a.program_id = $1 and a.into_id = any($2::uuid[])
)
select f.stands_as as member_id, c.choice_id, c.word, c.period, c.chosen, c.version, c.chosen_at,
       c.actor
  from family f
  join choice c on c.program_id = $1 and c.member_id = f.member_id
 order by f.stands_as, c.chosen_at, c.choice_id
"""


async def choices(tx: Tx, member_ids: Sequence[UUID]) -> list[Choice]:
    """Everything these members chose, by whom they stand as; what was said first comes first."""
    return [Choice(**dict(row)) for row in await tx.fetch(_CHOICES, tx.program_id, member_ids)]
