"""What a till hands over while it is cut off: reserved beforehand, like any reward (ADR 0368)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from regulars.base.faults import Fault, Refused
from regulars.flows.commands import Redeem, Redeemed, Settle
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.access.staff.read import chosen
from regulars.records.members import read as members
from regulars.records.members.types import Asked, MemberRef
from regulars.records.rewards import read as rewards
from regulars.records.rewards.types import Redemption
from regulars.records.tills import read
from regulars.records.tills.types import Store, Till
from regulars.surfaces.api.strict.ids import meant, shown
from regulars.surfaces.api.wire.parts import Whom, member_of
from regulars.surfaces.till.sync.applying import Books
from regulars.surfaces.till.sync.limits import above
from regulars.surfaces.till.sync.reading import CHANNEL
from regulars.surfaces.till.sync.wire import OfflineAllowance

SPENT_WITHIN: Final = timedelta(hours=24)
"""So long the device hands it over."""
WAITED_FOR: Final = timedelta(hours=96)
"""So long the points stay reserved for the record of it, from when they were."""


async def reserve(books: Books, till: Till, asked: Sequence[Whom]) -> list[OfflineAllowance]:
    """For each of these members the first offline reward of the store that they can have.

    Order: one after the other, so that a till never has more than its store allows at once.
    Keeps: whatever is reserved is an ordinary hold, so however many tills are cut off nobody's
    balance goes below zero (semantics I2).
    """
    whom, store, held, times = await _look(books, till, asked)
    found = []
    for place, (ref, who) in enumerate(zip(asked, whom, strict=True)):
        if isinstance(who, Fault):
            found.append(OfflineAllowance(place, code=who.code))
            continue
        mine = next((one for one in held if one.member_id == who), None)
        if mine is not None:
            found.append(allowance_of(mine, place))
        elif store is None or store.closed_at is not None or len(held) >= store.offline_most:
            found.append(OfflineAllowance(place, code="no_offline_rewards"))
        else:
            outcome = await _first(books, till, store, member_of(ref), f"{who.hex} {times[who]}")
            found.append(await _kept(books, till, held, outcome, place))
    return found


async def _look(books: Books, till: Till, asked: Sequence[Whom]) -> Any:
    country = books.terms.versions[-1].program.country
    async with books.transaction() as tx:
        whom = await members.whom(tx, country, [member_of(one) for one in asked])
        known = [one for one in whom if not isinstance(one, Fault)]
        times = await rewards.times_reserved(tx, till.reserving, known)
        held = await rewards.reserved_by(tx, till.reserving)
        now: datetime = tx.now
        store = (await read.stores(tx)).get(till.store)
    held = [one for one in held if now < one.opened_at + SPENT_WITHIN]
    return whom, store, held, {who: times.get(who, 0) for who in known}


async def _first(
    books: Books, till: Till, store: Store, member: MemberRef, key: str
) -> Redeemed | Fault | Refused:
    """The first of these that can be had; else why the last one cannot.

    Keeps: the key counts what was reserved for the member before, so that two requests at once
    reserve one and the same.
    """
    no: Fault | Refused = Refused("no_offline_rewards", "this store reserves nothing")
    async with books.transaction() as tx:
        limit, now = (await chosen(tx)).of("redeem_limit"), tx.now
        hour = tx.now.replace(minute=0, second=0, microsecond=0)  # two at once say the same
        until = hour + WAITED_FOR
    for reward in store.offline_rewards:
        if above(books.terms, reward, limit, now):  # nobody types a PIN while it is cut off
            continue
        wish = Redeem(
            member=member,
            reward=reward,
            store=till.store,
            channel=CHANNEL,
            asked=Asked(till.reserving, f"{key} {reward}", alone=True),
            until=until,
        )
        outcome = await books.submit(redeem_rewards, wish)
        if isinstance(outcome, Redeemed):
            return outcome
        no = outcome
    return no


async def _kept(
    books: Books, till: Till, held: list[Redemption], outcome: Any, place: int
) -> OfflineAllowance:
    if not isinstance(outcome, Redeemed):
        return OfflineAllowance(place, code=outcome.code)
    async with books.transaction() as tx:
        mine = await rewards.reserved_by(tx, till.reserving)
    for one in mine:
        if one.redemption_id == outcome.redemption_id:
            held.append(one)
            return allowance_of(one, place)
    return OfflineAllowance(place, code="hold_lapsed")


def allowance_of(redemption: Redemption, place: int) -> OfflineAllowance:
    """A reservation as the device keeps it."""
    return OfflineAllowance(
        place=place,
        redemption_id=shown("red", redemption.redemption_id),
        reward=redemption.reward,
        name=redemption.promised.name,
        member_id=shown("mem", redemption.member_id),
        price=redemption.promised.price,
        spend_until=min(redemption.opened_at + SPENT_WITHIN, redemption.lapses_at),
        lapses_at=redemption.lapses_at,
    )


async def release(books: Books, till: Till, sent: Sequence[str]) -> list[str]:
    """Give these back, or all; what is not this till's, or is over, is left out."""
    async with books.transaction() as tx:
        held = await rewards.reserved_by(tx, till.reserving)
    wanted: set[UUID | None] = {meant("red", one) for one in sent}
    done = []
    for one in held:
        if wanted and one.redemption_id not in wanted:
            continue
        asked = Asked(till.reserving, f"release {one.redemption_id.hex}")
        end = Settle(one.redemption_id, "voided", asked=asked)
        if isinstance(await books.submit(redeem_rewards, end), Redeemed):
            done.append(shown("red", one.redemption_id))
    return done
