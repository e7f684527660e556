"""Lay messages into members' cards, and keep that they were opened."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.outbox.campaigns.inbox.types import Laid

# Only of what is under way at this moment, and held, so that who is being erased is waited for:
# whoever was erased meanwhile has nothing laid.
_LAY = """
insert into card_letter (program_id, member_id, message_id, campaign_id, language, about, says,
                         laid_at)
select $1::int, w.member_id, w.message_id, w.campaign_id, w.language, w.about, w.says,
       $2::timestamptz
  from (select m.member_id, m.message_id, m.campaign_id, l.language, l.about, l.says
          from unnest($3::uuid[], $4::text[], $5::text[], $6::text[])
               as l (message_id, language, about, says)
          join campaign_message m on m.program_id = $1::int and m.message_id = l.message_id
                                 and m.state = 'sending'
         order by m.message_id for update of m) w
    on conflict do nothing
"""
_LAY_TRIAL = """
insert into card_letter (program_id, member_id, message_id, campaign_id, language, about, says,
                         laid_at)
select $1::int, m.member_id, $3::uuid, $3::uuid, $4::text, $5::text, $6::text, $7::timestamptz
  from member m where m.program_id = $1::int and m.member_id = $2::uuid and m.state = 'active'
    on conflict do nothing
returning 1
"""
_OPENED = """
update card_letter set read_at = $2::timestamptz
 where program_id = $1::int and read_at is null and message_id = any($4::uuid[])
   and member_id = any(array(
       select $3::uuid union all
       select member_id from member_alias where program_id = $1::int and into_id = $3::uuid))
"""


def lay(tx: Tx, some: Sequence[Laid]) -> list[Write]:
    """These lie in their members' cards from now on, each once."""
    if not some:
        return []
    return [Write(_LAY, (tx.program_id, tx.now, *map(list, zip(*some, strict=True))))]


async def lay_trial(tx: Tx, member_id: UUID | None, one: Laid) -> bool:
    """A test lies in this member's card, under its own number and that of no campaign, so that
    nothing counts it; whether it does, as whoever is blocked or gone has no card."""
    args = (member_id, one.message_id, one.language, one.about, one.says, tx.now)
    return bool(await tx.fetch(_LAY_TRIAL, tx.program_id, *args))


def opened(tx: Tx, member_id: UUID, messages: Sequence[UUID]) -> list[Write]:
    """This member opened these; the first time counts and stays."""
    return [Write(_OPENED, (tx.program_id, tx.now, member_id, list(messages)))]
