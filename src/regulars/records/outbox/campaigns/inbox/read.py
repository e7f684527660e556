"""Look up what lies in members' cards."""

from __future__ import annotations

from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.campaigns.inbox.types import Lying

# Whoever was merged into this member has theirs beside. All ids in one list, so that they are
# looked up by it: with an "or" every card of the shop would be looked through.
_THEIRS = """
 where program_id = $1::int and member_id = any(array(
       select $2::uuid union all
       select member_id from member_alias where program_id = $1::int and into_id = $2::uuid))
"""
_PAGE = f"""
select message_id, campaign_id, language, about, says, laid_at, read_at from card_letter
{_THEIRS} and ($3::uuid is null or (laid_at, message_id) < (
       select laid_at, message_id from card_letter {_THEIRS} and message_id = $3::uuid))
 order by laid_at desc, message_id desc limit $4::int
"""  # noqa: S608
_UNREAD = f"""
select count(*)::int as many from card_letter {_THEIRS} and read_at is null
"""  # noqa: S608
_READ = """
select count(*)::int as many from card_letter
 where program_id = $1::int and campaign_id = $2::uuid and read_at is not null
"""


async def lying(tx: Tx, member_id: UUID, *, before: UUID | None, limit: int) -> list[Lying]:
    """What lies in this member's card, the latest first."""
    rows = await tx.fetch(_PAGE, tx.program_id, member_id, before, limit)
    return [Lying(*row.values()) for row in rows]


async def unread(tx: Tx, member_id: UUID) -> int:
    """How many of these were not opened yet."""
    return int((await tx.fetch(_UNREAD, tx.program_id, member_id))[0]["many"])


async def opened(tx: Tx, campaign_id: UUID) -> int:
    """How many messages of a campaign were opened in the card."""
    return int((await tx.fetch(_READ, tx.program_id, campaign_id))[0]["many"])
