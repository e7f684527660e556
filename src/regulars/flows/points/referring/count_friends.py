"""Friends who stayed count for tiers by friends, and count no more when a referral is undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.ladder.counting import every
from regulars.engine.rewarding.referring import ACTOR
from regulars.engine.terms import Terms, Version
from regulars.flows.commands import RecordActivity
from regulars.flows.recording.record_activities import record_activities
from regulars.records.activity.types import FRIEND_STAYED, SaleRef
from regulars.records.members.referrals.types import Referral
from regulars.records.members.types import Asked, MemberErased, MemberRef
from regulars.records.once.read import known
from regulars.records.once.types import Known, natural_key

_BY_ITSELF = Asked(ACTOR)


async def count_friends(tx: Tx, terms: Terms, settled: Sequence[Referral]) -> None:
    """Tell what became of referrals just now to the ladders that count friends.

    A friend who stayed is an activity of whoever brought them, once for each referral; a referral
    that is undone takes it back, as a return does a sale.
    Order: in the transaction that settles them. Where no ladder counts friends nothing is told.
    Keeps: of who was erased since nothing is told.
    """
    stayed, gone = _just_now(tx, settled)
    told = [_stayed(one) for one in stayed] if counts_friends(terms.at(tx.now)) else []
    there = await known(tx, [_key(one) for one in gone])
    told += [_gone(one, there) for one in gone if _key(one) in there]
    for outcome in await record_activities(tx, terms, told) if told else ():
        if isinstance(outcome, Fault) and not isinstance(outcome, MemberErased):
            raise outcome


def counts_friends(version: Version) -> bool:
    """Whether any ladder of a version counts friends who stayed."""
    ladders = (one.program.tiers for one in every(version))
    return any(tiers is not None and tiers.measure == "friends" for tiers in ladders)


def _just_now(tx: Tx, settled: Sequence[Referral]) -> tuple[list[Referral], list[Referral]]:
    stayed = [one for one in settled if one.state == "rewarded" and one.settled_at == tx.now]
    gone = [one for one in settled if one.state == "retracted" and one.retracted_at == tx.now]
    return stayed, gone


def _key(one: Referral) -> UUID:
    return natural_key(ACTOR, one.referral_id.hex, FRIEND_STAYED)


def _stayed(one: Referral) -> RecordActivity:
    return RecordActivity(
        kind=FRIEND_STAYED,
        member=MemberRef(id=one.referrer_id),
        source=ACTOR,
        external_id=one.referral_id.hex,
        asked=_BY_ITSELF,
    )


def _gone(one: Referral, there: Mapping[UUID, Known]) -> RecordActivity:
    return RecordActivity(
        kind="return",
        source=ACTOR,
        external_id=one.referral_id.hex,
        sale=SaleRef(id=there[_key(one)].subject_id),
        asked=_BY_ITSELF,
    )
