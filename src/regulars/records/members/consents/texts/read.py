"""Look up text messages that came in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.members.consents.texts.types import Text

_THERE = """
select text_id, sender as phone, member_id, word, says, answered, heard_at from text_heard
 where program_id = $1::int and text_id = any($2::uuid[])
"""
# HELP in between does not make a second STOP a new one.
_BEFORE = """
select distinct on (sender, word = 'help')
       text_id, sender as phone, member_id, word, says, answered, heard_at
  from text_heard
 where program_id = $1::int and sender = any($2::bytea[]) and answered
 order by sender, word = 'help', heard_at desc
"""
# Whoever stands as one of these now may have written as another one.
_OF = """
select text_id, sender as phone, member_id, word, says, answered, heard_at from text_heard
 where program_id = $1::int and word = 'other' and member_id in (
       select $2::uuid union
       select member_id from member_alias where program_id = $1::int and into_id = $2::uuid)
 order by heard_at desc, text_id limit $3::int
"""


async def there(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Text]:
    """Which of these came before."""
    rows = await tx.fetch(_THERE, tx.program_id, list(ids))
    return {row["text_id"]: _text(row) for row in rows}


async def answered(tx: Tx, phones: Collection[bytes]) -> dict[tuple[bytes, bool], Text]:
    """The last that was answered of each number: of HELP, and of the other words."""
    rows = await tx.fetch(_BEFORE, tx.program_id, list(phones))
    return {(bytes(row["phone"]), row["word"] == "help"): _text(row) for row in rows}


async def written(tx: Tx, member_id: UUID, most: int) -> list[Text]:
    """What a member wrote by text message, the latest first."""
    return [_text(row) for row in await tx.fetch(_OF, tx.program_id, member_id, most)]


def _text(row: Mapping[str, Any]) -> Text:
    return Text(**{**row, "phone": bytes(row["phone"])})
