"""A household pays a part of a basket: each member's points by a reservation of their own.

What is reserved stays with its owner until the sale takes it. So nothing is handed round: where no
sale comes it is free again where it was, and what comes back of the sale goes to the lots it was
taken from, whoever of the household they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from math import lcm
from typing import Literal, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Refused
from regulars.engine.deciding import tiering
from regulars.engine.deciding.expire import expire
from regulars.engine.deciding.redeem import not_by, reserve
from regulars.engine.moving.pool import Pool, first_of, free_of, gives, shares_of
from regulars.engine.rewarding.counter.currencies import Abroad, abroad
from regulars.engine.rewarding.having import Wish, wallet_code
from regulars.engine.rewarding.paying import (
    Basket,
    Lent,
    Quote,
    as_quoted,
    promised_payment,
    quote,
    said_of,
    worth_of,
)
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import Lot
from regulars.records.rewards.types import Promised, Redemption

Refusal = Literal["no_households", "head_only", "not_stored_value"]
"""What can be refused beyond what paying alone can be."""


class Part(NamedTuple):
    """So many points of one member pay so much of the basket, in its currency."""

    owner: MemberState
    points: int
    value_minor: int


def quote_together(
    changes: Changes, pool: Pool, version: Version, wish: Wish, basket: Basket
) -> Quote | Refused:
    """What a member could pay of a basket with the points of their household, or why nothing.

    Order: what lapsed leaves first. Who is blocked or owes points lends none.
    Keeps: what the member may spend (semantics H4: minors, buyers) bounds all of it; points that
    keep an earlier worth (F3) pay by it.
    Refuses: as paying alone would, were all these points the member's own.
    """
    for state in (pool.taker, *pool.others):
        expire(changes, state, wish.now)
    tiering.review(changes, pool.taker, version, wish.now)
    said = said_of(version, basket)
    if isinstance(said, Refused):
        return said
    if basket.wallet:
        facts = {"wallet": basket.wallet}
        return Refused("not_stored_value", "a gift balance pays for its owner alone", facts)
    pool = _giving(pool, version)
    where = abroad(version, wish.currency, wish.now, "/currency")
    assert isinstance(where, Abroad), (wish, where)
    own = pool.taker.balance(wallet_code(version, said.wallet))
    lent = sum(one.balance(wallet_code(version, said.wallet)).available for one in pool.others)
    own.available += lent
    try:
        found = quote(version, pool.taker, basket, where, wish.now, partial(_paying, version, pool))
    finally:
        own.available -= lent
    if isinstance(found, Refused):
        return found
    parts = parts_of(version, pool, wish, (basket, found))
    return replace(
        found, parts=tuple(Lent(one.owner.member_id, one.points, one.value_minor) for one in parts)
    )


def pay_together(
    changes: Changes, pool: Pool, version: Version, wish: Wish, basket: Basket
) -> list[Redemption] | Refused:
    """Reserve what a household pays of a basket: of each member a part, as the household draws.

    Shape: one redemption for each whose points pay, the taker's first, then by id; the sale names
    all of them. Their points come to what was quoted, and so do their values.
    Refuses: as `quote_together`; `payment_changed` where it takes other points than were said; and
    for want of proof, or of a manager, for all of it together.
    """
    found = quote_together(changes, pool, version, wish, basket)
    if isinstance(found, Refused):
        return found
    if wish.quoted is not None and not as_quoted(found, basket, wish.quoted):
        facts = {"points": found.points, "value_minor": found.value_minor}
        return Refused("payment_changed", "by now it takes other points than were said", facts)
    whole = promised_payment(found)
    no = not_by(version, whole, wish)
    if no is not None:
        return no
    said = said_of(version, basket)
    assert not isinstance(said, Refused), (version.number, basket)
    return [
        reserve(
            changes,
            part.owner,
            version,
            wish._replace(redemption_id=changes.new_id()),
            (_promised(whole, found, part, pool.taker.member_id), said.hold_for),
            pool.taker,
        )
        for part in parts_of(version, _giving(pool, version), wish, (basket, found))
    ]


def whole_of(paid: Sequence[Redemption]) -> Promised:
    """All that a household pays of a basket, as if it were one payment."""
    promised = [one.promised for one in paid]
    (wallet,) = promised[0].price
    value = sum(one.told["value_minor"] for one in promised)  # type: ignore[misc]
    return replace(
        promised[0],
        price={wallet: sum(one.price[wallet] for one in promised)},
        worth_minor=sum(one.worth_minor for one in promised),
        cost_minor=sum(one.cost_minor for one in promised),
        told={**promised[0].told, "value_minor": value},
        value_minor=value if promised[0].currency else 0,
        pays_for=None,
    )


def parts_of(version: Version, pool: Pool, wish: Wish, what: tuple[Basket, Quote]) -> list[Part]:
    """Whose points pay, and how much of the value each pays.

    Keeps: the values add up to what is paid. Each is in proportion to what its points are worth,
    by largest remainder, at a tie the taker first, then the smallest id.
    Example: 5 points that pay 0.05 are 2 of one and 3 of another: 0.02 and 0.03.
    """
    basket, found = what
    said = said_of(version, basket)
    assert not isinstance(said, Refused), (version.number, basket)
    shares = sorted(
        shares_of(version, found.wallet, pool, found.points),
        key=lambda one: (one[0] is not pool.taker, one[0].member_id),
    )
    worth = {
        owner.member_id: worth_of(
            version, said, found.where, first_of(version, found.wallet, owner, points), wish.now
        )
        for owner, points in shares
    }
    value = split(worth, found.value_minor)
    return [Part(owner, points, value[owner.member_id]) for owner, points in shares]


def split(worth: Mapping[UUID, Fraction], value: int) -> dict[UUID, int]:
    """A value in proportion to these worths: by largest remainder, at a tie the first of them.

    Example: 10 of 1, 1 and 1 are 4, 3 and 3.
    """
    grain = lcm(*(one.denominator for one in worth.values()))
    weights = {who: one.numerator * (grain // one.denominator) for who, one in worth.items()}
    whole = sum(weights.values())
    found = {who: value * weight // whole for who, weight in weights.items()}
    spare = value - sum(found.values())
    for who in sorted(weights, key=lambda who: -(value * weights[who] % whole))[:spare]:
        found[who] += 1
    return found


def _paying(version: Version, pool: Pool, wallet: str, units: int) -> list[tuple[Lot, int]]:
    """Which lots would pay so much, as the household draws; fewer where there are not so many."""
    code = wallet_code(version, wallet)
    there = sum(free_of(state, code) for state in (pool.taker, *pool.others))
    shares = shares_of(version, wallet, pool, min(units, there))
    return [one for owner, n in shares for one in first_of(version, wallet, owner, n)]


def _promised(whole: Promised, found: Quote, part: Part, taker: UUID) -> Promised:
    """What one member's points pay, promised to whose basket it is."""
    worth = found.where.counts(part.value_minor)
    return replace(
        whole,
        price={found.wallet: part.points},
        worth_minor=worth,
        cost_minor=worth,
        told={**whole.told, "value_minor": part.value_minor},
        value_minor=part.value_minor if found.where.currency else 0,
        pays_for=None if part.owner.member_id == taker else taker,
    )


def _giving(pool: Pool, version: Version) -> Pool:
    return pool._replace(others=[state for state in pool.others if gives(version, state)])
