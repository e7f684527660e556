"""Keep text messages that came in."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx, Write
from regulars.records.members.consents.texts.types import Text

_HOLD = waiting_for(Alone.TEXTS)
_KEEP = """
insert into text_heard (program_id, text_id, sender, member_id, word, says, answered, heard_at)
select $1::int, t.text_id, t.phone, t.member_id, t.word, t.says, t.answered, t.heard_at
  from unnest($2::uuid[], $3::bytea[], $4::uuid[], $5::text[], $6::text[], $7::bool[],
              $8::timestamptz[])
       as t (text_id, phone, member_id, word, says, answered, heard_at)
    on conflict do nothing
"""


async def hold(tx: Tx) -> None:
    """Until this transaction is over nobody else hears a text message: of two at once that are
    the same one, one is answered."""
    await tx.fetch(_HOLD, tx.program_id)


def keep(tx: Tx, texts: Sequence[Text]) -> list[Write]:
    """These came in; what came before stays as it is."""
    if not texts:
        return []
    return [Write(_KEEP, (tx.program_id, *map(list, zip(*texts, strict=True))))]
