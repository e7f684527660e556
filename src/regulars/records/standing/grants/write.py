"""Keep tiers given by hand and what became of them; nothing of it ever changes."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.tx import Tx, Write
from regulars.records.standing.grants.types import GrantTurn, TierGrant

_GRANT = """
insert into tier_grant (program_id, member_id, grant_id, kind, tier, asks, proof, answer_by,
                        given_at, actor, reason)
select $1::int, g.* from unnest($2::tier_grant_row[]) as g
"""
_TURN = """
insert into tier_turn (program_id, member_id, grant_id, turn_id, what, at, until_at, was_tier,
                       was_until, had, actor, reason)
select $1::int, t.* from unnest($2::tier_turn_row[]) as t
"""


def give(tx: Tx, grants: Sequence[TierGrant]) -> list[Write]:
    """Keep what was given by hand."""
    if not grants:
        return []
    rows = [
        (
            g.member_id, g.grant_id, g.kind, g.tier, g.asks, g.proof, g.answer_by, g.given_at,
            g.actor, g.reason,
        )
        for g in grants
    ]  # fmt: skip
    return [Write(_GRANT, (tx.program_id, rows))]


def turn(tx: Tx, turns: Sequence[GrantTurn]) -> list[Write]:
    """Keep what became of it."""
    if not turns:
        return []
    rows = [
        (
            t.member_id, t.grant_id, t.turn_id, t.what, t.at, t.until_at, t.was_tier, t.was_until,
            t.had, t.actor, t.reason,
        )
        for t in turns
    ]  # fmt: skip
    return [Write(_TURN, (tx.program_id, rows))]
