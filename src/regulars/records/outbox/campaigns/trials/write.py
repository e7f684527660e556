"""Keep tests of campaigns, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.outbox.campaigns.trials.types import State, Trial

_ASK = """
insert into campaign_trial (program_id, trial_id, campaign_id, staff_id, member_id, state, asked_at)
values ($1::int, $2::uuid, $3::uuid, $4::uuid, $5::uuid, 'waiting', $6::timestamptz)
"""
_TAKE = """
update campaign_trial set state = 'going', taken_at = $2::timestamptz
 where program_id = $1::int and trial_id = any($3::uuid[]) and state = 'waiting'
"""
_LOSE = """
update campaign_trial set state = 'unsure', member_id = null
 where program_id = $1::int and state = 'going' and taken_at <= $2::timestamptz
"""
_SETTLE = """
update campaign_trial t
   set state = s.state, reason = s.reason, member_id = null,
       taken_at = coalesce(t.taken_at, $2::timestamptz)
  from unnest($3::uuid[], $4::text[], $5::text[]) as s (trial_id, state, reason)
 where t.program_id = $1::int and t.trial_id = s.trial_id and t.state in ('waiting', 'going')
"""


def ask(tx: Tx, one: Trial) -> list[Write]:
    """It is to be sent."""
    args = (one.trial_id, one.campaign_id, one.staff_id, one.member_id, one.asked_at)
    return [Write(_ASK, (tx.program_id, *args))]


def take(tx: Tx, ids: Sequence[UUID]) -> list[Write]:
    """These are under way."""
    return [Write(_TAKE, (tx.program_id, tx.now, list(ids)), rows=ids)] if ids else []


def lose(tx: Tx, before: datetime) -> list[Write]:
    """Nobody knows what became of what was under way since then."""
    return [Write(_LOSE, (tx.program_id, before))]


def settle(tx: Tx, some: Sequence[tuple[UUID, State, str]]) -> list[Write]:
    """What became of these; as whom they were written is forgotten."""
    if not some:
        return []
    columns = [list(column) for column in zip(*some, strict=True)]
    return [Write(_SETTLE, (tx.program_id, tx.now, *columns), rows=columns[0])]
