"""Keep what members choose."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.tx import Tx, Write
from regulars.records.rewards.choices.types import Choice

_CHOOSE = """
insert into choice (program_id, member_id, choice_id, word, period, chosen, version, chosen_at,
                    actor)
select $1::int, c.* from unnest($2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::text[],
                                $7::int[], $8::timestamptz[], $9::text[]) as c
"""


def choose(tx: Tx, made: Sequence[Choice]) -> list[Write]:
    """Keep new choices."""
    if not made:
        return []
    columns = zip(
        *(
            (c.member_id, c.choice_id, c.word, c.period, c.chosen, c.version, c.chosen_at, c.actor)
            for c in made
        ),
        strict=True,
    )
    return [Write(_CHOOSE, (tx.program_id, *(list(column) for column in columns)))]
