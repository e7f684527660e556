"""Gift balances and gifts to causes on the wire: topped up, owed, and given in members' place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from regulars.flows.commands import Adjusted
from regulars.records.rewards.causes.types import Given
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.moving import Who
from regulars.surfaces.api.wire.parts import Money, Slug, Whom


class TopUpSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A gift balance was paid for: so much money is on it from now on."""

    member: Whom
    """A member, or an unregistered card that is given away."""
    wallet: Slug
    amount: Money
    reference: Annotated[str, Meta(min_length=1, max_length=200)]
    """The receipt of whoever paid for it; told again of the same member, nothing happens twice."""
    actor: Who = ""


class TopUpDone(Struct, frozen=True):
    """What is on the gift balance now."""

    id: str
    member_id: str
    wallet: str
    amount: Money
    balance: Money
    """What can be spent of it."""


class GiftLiability(Struct, frozen=True):
    """What the shop owes for one gift balance: what all members have on it together."""

    wallet: str
    amount: Money


class GiftLiabilities(Struct, frozen=True):
    """All gift balances of the program in force."""

    items: list[GiftLiability]


def top_up_done(answer: Adjusted, currency: str) -> TopUpDone:
    """The answer to a top-up."""
    return TopUpDone(
        id=shown("ent", answer.entry_id),
        member_id=shown("mem", answer.member_id),
        wallet=answer.wallet,
        amount=Money(answer.units, currency),
        balance=Money(answer.balances.get(answer.wallet, 0), currency),
    )


class CauseShown(Struct, frozen=True):
    """What members had given to one cause in their place."""

    cause: str
    amount: Money
    times: int
    """How many donations that were."""
    members: int
    """By how many members."""
    first_at: datetime
    last_at: datetime


class CausesShown(Struct, frozen=True):
    """What was given to each cause, the most first."""

    items: list[CauseShown]


def causes_shown(found: Sequence[Given], currency: str) -> CausesShown:
    """What was given, in the currency in which each was promised."""
    items = [
        CauseShown(
            cause=one.cause,
            amount=Money(one.amount_minor, one.currency or currency),
            times=one.times,
            members=one.members,
            first_at=one.first_at,
            last_at=one.last_at,
        )
        for one in found
    ]
    return CausesShown(items)
