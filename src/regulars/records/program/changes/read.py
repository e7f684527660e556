"""Read drafts, and what members were told of versions and what they said to them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.program.changes.types import Draft, TermsWord

_DRAFT = "name, revision, based_on, source, author, created_at, changed_by, changed_at, before"
_ALL = f"select {_DRAFT} from program_draft where program_id = $1 order by name"  # noqa: S608
_ONE = f"select {_DRAFT} from program_draft where program_id = $1 and name = $2"  # noqa: S608
_COLUMNS = "word_id, member_id, version, word, channel, said_at, actor, recorded_at"
_SOME = f"""
select {_COLUMNS} from terms_word
 where program_id = $1 and member_id = any($2::uuid[])
 order by word_id
"""  # noqa: S608
_OF_VERSION = f"""
select {_COLUMNS} from terms_word
 where program_id = $1 and version = $2 and word = $3 and word_id > $4
 order by word_id limit $5
"""  # noqa: S608


async def drafts(tx: Tx) -> list[Draft]:
    """Every draft, by name."""
    return [Draft(*row.values()) for row in await tx.fetch(_ALL, tx.program_id)]


async def draft(tx: Tx, name: str) -> Draft | None:
    """The draft of this name, if there is one."""
    rows = await tx.fetch(_ONE, tx.program_id, name)
    return Draft(*rows[0].values()) if rows else None


async def words(tx: Tx, member_ids: Sequence[UUID]) -> list[TermsWord]:
    """All words with these members, oldest first."""
    rows = await tx.fetch(_SOME, tx.program_id, list(member_ids))
    return [TermsWord(*row.values()) for row in rows]


async def of_version(tx: Tx, version: int, word: str, after: UUID, limit: int) -> list[TermsWord]:
    """Whom this word about a version is from, oldest first, after one of them."""
    rows = await tx.fetch(_OF_VERSION, tx.program_id, version, word, after, limit)
    return [TermsWord(*row.values()) for row in rows]
