"""Look up articles."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from regulars.base.tx import Tx
from regulars.records.tills.articles.types import Article

_COLUMNS: Final = """
select article_id, kind, name, version, changed_at, of_id as of, sku, price_minor, deleted
  from article where program_id = $1::int
"""
_SOME: Final = f"{_COLUMNS} and article_id = any($2::text[]) order by article_id"
_LOCKED: Final = f"{_SOME} for update"
_OF: Final = f"""{_COLUMNS} and kind = 'variation' and of_id = any($2::text[]) and not deleted
 order by article_id
"""
_ALL: Final = f"{_COLUMNS} and not deleted order by kind, article_id"


async def articles(tx: Tx) -> list[Article]:
    """All that were not deleted: categories, items, variations."""
    return [Article(*row.values()) for row in await tx.fetch(_ALL, tx.program_id)]


async def variations(tx: Tx, item_ids: Collection[str]) -> list[Article]:
    """The variations of these items that were not deleted."""
    if not item_ids:
        return []
    rows = await tx.fetch(_OF, tx.program_id, list(item_ids))
    return [Article(*row.values()) for row in rows]


async def some_articles(tx: Tx, ids: Collection[str], *, held: bool = False) -> dict[str, Article]:
    """These, also deleted ones; `held` until this transaction ends."""
    if not ids:
        return {}
    rows = await tx.fetch(_LOCKED if held else _SOME, tx.program_id, list(ids))
    return {row["article_id"]: Article(*row.values()) for row in rows}
