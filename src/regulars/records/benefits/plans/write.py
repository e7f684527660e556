"""Keep what happened to memberships, when to look at them next, and who had a trial."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.benefits.plans.types import Membership, Turn

_TURN = """
insert into membership_turn (
    program_id, recorded_at, member_id, membership_id, step, turn_id, what, at, version,
    amount_minor, entry_id, source, external_id, actor, reason, plan, state, anchor_at, terms,
    from_at, until_at, since_at, wait_until, paused_at, in_trial, next_plan, fee_minor, told_minor,
    told_at, gross_minor, paid_minor, returned_minor, gave_entry, wallet, units,
    units_back, stopped_at, off_minor, payment, next_minor)
select $1::int, $2::timestamptz, t.* from unnest($3::membership_turn_row[]) as t
"""
_WATCH = """
insert into membership_clock (program_id, member_id, membership_id, look_at, plan, known_minor,
                              told_minor)
select $1::int, c.* from unnest($2::membership_clock_row[]) as c
    on conflict (program_id, member_id, membership_id)
    do update set look_at = excluded.look_at, plan = excluded.plan,
                  known_minor = excluded.known_minor, told_minor = excluded.told_minor
"""
_REST = """
delete from membership_clock c using unnest($2::uuid[], $3::uuid[]) as o (member_id, membership_id)
 where c.program_id = $1::int and c.member_id = o.member_id and c.membership_id = o.membership_id
"""
_TRIAL = """
insert into trial_taken (program_id, member_id, digest, taken_at)
select $1::int, t.member_id, t.digest, $2::timestamptz from unnest($3::trial_taken_row[]) as t
"""


def turn(tx: Tx, turns: Sequence[Turn]) -> list[Write]:
    """Keep what happened, and when to look at each membership next."""
    if not turns:
        return []
    last = {one.after.membership_id: one.after for one in turns}
    return [
        Write(_TURN, (tx.program_id, tx.now, [_row(one) for one in turns])),
        *_clocks(tx, list(last.values())),
    ]


def _clocks(tx: Tx, last: Sequence[Membership]) -> list[Write]:
    runs = [
        (
            one.member_id,
            one.membership_id,
            one.next_look,
            _priced(one),
            one.known_minor,
            one.told_minor,
        )
        for one in last
        if one.next_look is not None
    ]
    over = [one for one in last if one.next_look is None]
    keys = [one.member_id for one in over], [one.membership_id for one in over]
    going_on = {membership_id for _, membership_id, *_ in runs}
    writes = [Write(_WATCH, (tx.program_id, runs), rows=going_on)] if runs else []
    return writes + ([Write(_REST, (tx.program_id, *keys), rows=keys[1])] if over else [])


def _priced(one: Membership) -> str:
    """The plan of whose fee its member is told when it changes, if there is one."""
    return "" if one.state == "cancelled" or one.next_plan else one.plan


def take_trials(tx: Tx, digests: Sequence[tuple[UUID, UUID]]) -> list[Write]:
    """Keep that these members had a trial, by what they are found by."""
    return [Write(_TRIAL, (tx.program_id, tx.now, list(digests)))] if digests else []


def _row(one: Turn) -> tuple[object, ...]:
    after = one.after
    return (
        after.member_id, after.membership_id, after.step, one.turn_id, one.what, one.at,
        one.version, one.amount_minor, one.entry_id, one.source, one.external_id, one.actor,
        one.reason, after.plan, after.state, after.anchor_at, after.terms, after.from_at,
        after.until_at, after.since_at, after.wait_until, after.paused_at, after.in_trial,
        after.next_plan, after.fee_minor, after.told_minor, after.told_at, after.gross_minor,
        after.paid_minor, after.returned_minor, after.gave_entry,
        after.wallet, after.units, after.units_back, after.stopped_at, after.off_minor,
        one.payment, after.next_minor,
    )  # fmt: skip
