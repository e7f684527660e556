"""Keep drafts, and what members were told of versions and what they said to them."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx, Write
from regulars.records.program.changes.types import Draft, TermsWord

_KEEP = """
insert into program_draft (program_id, name, revision, based_on, source, author, created_at,
                           changed_by, changed_at, before)
values ($1::int, $2::text, $3::int, $4::int, $5::text, $6::text, $7::timestamptz, $8::text,
        $9::timestamptz, $10::text)
    on conflict (program_id, name) do update
   set revision = excluded.revision, source = excluded.source, changed_by = excluded.changed_by,
       changed_at = excluded.changed_at, before = excluded.before
"""
_DROP = "delete from program_draft where program_id = $1::int and name = $2::text"
_LOCK = waiting_for(Alone.DRAFTS)
_SAY = """
insert into terms_word (program_id, member_id, word_id, version, word, channel, said_at, actor,
                        recorded_at)
select $1::int, w.member_id, w.word_id, w.version, w.word, w.channel, w.said_at, w.actor,
       $2::timestamptz
  from unnest($3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::text[], $8::timestamptz[],
              $9::text[])
       as w (member_id, word_id, version, word, channel, said_at, actor)
"""


async def hold_drafts(tx: Tx) -> None:
    """Let nobody else write drafts of this program until this transaction ends."""
    await tx.fetch(_LOCK, tx.program_id)


def keep_draft(tx: Tx, d: Draft) -> list[Write]:
    """Keep a draft as it is now."""
    args = (
        d.name, d.revision, d.based_on, d.source, d.author, d.created_at, d.changed_by,
        d.changed_at, d.before,
    )  # fmt: skip
    return [Write(_KEEP, (tx.program_id, *args))]


def drop_draft(tx: Tx, name: str) -> list[Write]:
    """Forget a draft."""
    return [Write(_DROP, (tx.program_id, name))]


def say(tx: Tx, words: Sequence[TermsWord]) -> list[Write]:
    """Append words about versions."""
    if not words:
        return []
    rows = [
        (w.member_id, w.word_id, w.version, w.word, w.channel, w.said_at, w.actor) for w in words
    ]
    return [Write(_SAY, (tx.program_id, tx.now, *map(list, zip(*rows, strict=True))))]
