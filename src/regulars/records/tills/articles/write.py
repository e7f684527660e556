"""Keep articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regulars.base.tx import Tx, Write
from regulars.records.tills.articles.types import Article

# Of two who told a new one at once the later stands; whoever read it holds its row.
_KEEP: Final = """
insert into article as a (program_id, article_id, kind, name, version, changed_at, of_id, sku,
                          price_minor, deleted)
select $1::int, r.* from unnest($2::text[], $3::text[], $4::text[], $5::bigint[],
                                $6::timestamptz[], $7::text[], $8::text[], $9::bigint[],
                                $10::bool[]) as r
    on conflict (program_id, article_id) do update
   set kind = excluded.kind, name = excluded.name, version = excluded.version,
       changed_at = excluded.changed_at, of_id = excluded.of_id, sku = excluded.sku,
       price_minor = excluded.price_minor, deleted = excluded.deleted
"""


def keep_articles(tx: Tx, articles: Sequence[Article]) -> list[Write]:
    """Keep these as they are now."""
    if not articles:
        return []
    rows = [
        (a.article_id, a.kind, a.name, a.version, a.changed_at, a.of, a.sku, a.price_minor,
         a.deleted)
        for a in articles
    ]  # fmt: skip
    return [Write(_KEEP, (tx.program_id, *map(list, zip(*rows, strict=True))))]
