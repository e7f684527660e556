"""Which kinds of activities are named outside the program."""

from __future__ import annotations

import re
from collections.abc import Collection

from regulars.base.tx import Tx

# Purchases are known anyway; of all others there is an index by kind.
_NAMED = r"""
select k.kind from unnest($2::text[], $3::text[]) as k (kind, word)
 where exists (select from activity a
                where a.program_id = $1::int and a.kind = k.kind and a.kind <> 'purchase')
    or exists (select from segment s
                 join segment_version v on v.program_id = s.program_id
                  and v.segment_id = s.segment_id and v.version = s.saved
                where s.program_id = $1::int
                  and jsonb_path_exists(v.condition, '$.** ? (@ == $kind)',
                                        jsonb_build_object('kind', k.kind)))
    or exists (select from inlet i
                where i.program_id = $1::int and i.state <> 'deleted' and i.mapping ~ k.word)
"""


async def named(tx: Tx, kinds: Collection[str]) -> set[str]:
    """Which of these kinds were told before, or are asked for by a saved segment or the mapping of
    an inlet."""
    if not kinds:
        return set()
    asked = sorted(kinds)
    words = [rf"(^|[^\w-]){re.escape(one)}($|[^\w-])" for one in asked]
    rows = await tx.fetch(_NAMED, tx.program_id, asked, words)
    return {row["kind"] for row in rows}
