"""What a seat takes: reserved with it, given back with it until a day, and spent from then on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, Literal, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Forbidden, Refused
from regulars.base.tx import Tx
from regulars.engine.deciding.conclude import Ending
from regulars.engine.terms import Terms, Version
from regulars.flows.commands import Redeem, Redeemed, Settle
from regulars.flows.community.commands import SeatTold
from regulars.flows.community.room import told_of
from regulars.flows.redeem_rewards import (
    end,
    load_redemptions,
    redeem_rewards,
    write_ended,
)
from regulars.records.community.gatherings.types import KEPT_AFTER, Gathering, Seat
from regulars.records.community.texts import Wrong
from regulars.records.members.types import Asked, MemberRef
from regulars.records.program.changes.offers.types import PREFIX
from regulars.records.program.parts.rewards import at_gatherings
from regulars.records.rewards import read as rewards

CHANNEL: Final = "community"
"""Where what a seat takes is taken."""


class Wanted(NamedTuple):
    """Somebody wants a seat that takes points."""

    member_id: UUID
    what: Gathering
    asked: Asked
    signed_in: bool = False
    shown: dict[str, int] | None = None
    may_pay: bool = True
    before: Seat | None = None
    """Their seat of before, where something is reserved for it that is to be given back first."""


def no_seat_reward(version: Version, name: str) -> Wrong | None:
    """Why no seat takes this reward; that of an offer ends with it, and what it is of stays."""
    reward = None if name.startswith(PREFIX) else version.rewards.get(name)
    if reward is not None and at_gatherings(reward):
        return None
    says = "No reward of the program in force gives a seat at an event; write one with `kind: seat`"
    return Wrong("/reward", says)


async def reserve(
    tx: Tx, terms: Terms, wanted: Sequence[Wanted]
) -> list[Redeemed | Refused | Fault]:
    """Reserve what each of these seats takes, until long after its gathering ends.

    Order: the members are locked by now; what is reserved for a seat of before is given back first.
    Keeps: whoever waits has it reserved, too, so that whoever moves up has paid; whoever may give
    seats and not take points gives none that takes some (`forbidden`).
    """
    may = [one for one in wanted if one.may_pay]
    if not may:
        return [_may_not(one) for one in wanted]
    back = [one.before for one in may if one.before is not None]
    wishes = [_wish(one) for one in may]
    batch: list[Redeem | Settle] = [*_ends(back, "voided"), *wishes]
    done = iter((await redeem_rewards(tx, terms, batch))[len(batch) - len(may) :])
    return [next(done) if one.may_pay else _may_not(one) for one in wanted]


async def settle(tx: Tx, terms: Terms, seats: Iterable[tuple[Seat, bool]]) -> list[UUID]:
    """Take what is reserved for these seats, or give it back where said; which seats are settled.

    Keeps: whoever gave a seat up asked for that; that what it took ends is the house's doing, so
    nobody's own membership stands in its way. What ended by itself, as with its member, stays as it
    is; what nobody took in time lapses, and who has it back has had the seat for nothing.
    """
    found = [one for one in seats if one[0].unsettled]
    if not found:
        return []
    back = [seat for seat, gives_back in found if gives_back]
    taken = [seat for seat, gives_back in found if not gives_back]
    done = await redeem_rewards(tx, terms, [*_ends(back, "voided"), *_ends(taken, "captured")])
    ended = [seat.redemption_id for seat in (*back, *taken)]
    left = await _still_held(tx, [id_ for id_ in ended if id_ is not None])
    for id_, outcome in zip(ended, done, strict=True):
        late = isinstance(outcome, Refused) and outcome.code == "hold_lapsed"
        assert id_ not in left or late, outcome
    if left:
        await _lapse(tx, terms, left)
    return [seat.seat_id for seat, _ in found]


async def give_back(
    tx: Tx,
    terms: Terms,
    reserved: Iterable[Redeemed | Refused | Fault],
    used: Collection[UUID | None],
) -> None:
    """What was reserved for whoever has no seat after all is theirs again."""
    none = [
        Settle(one.redemption_id, "voided", with_seat=True)
        for one in reserved
        if isinstance(one, Redeemed) and one.redemption_id not in used
    ]
    for outcome in await redeem_rewards(tx, terms, none) if none else []:
        assert isinstance(outcome, Redeemed), outcome


async def _still_held(tx: Tx, redemption_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """What of these is reserved still, and by whom."""
    whose = await rewards.whose(tx, redemption_ids)
    open_ = await rewards.open_of(tx, sorted(set(whose.values())))
    return {id_: who for id_, who in open_.items() if id_ in whose}


async def _lapse(tx: Tx, terms: Terms, owners: dict[UUID, UUID]) -> None:
    """Give back what was reserved and not taken in time, as the night would."""
    batch, redemptions = await load_redemptions(tx, terms, owners)
    for one in redemptions.values():
        no = end(batch, one, Ending("lapsed", tx.now))
        assert no is None, no
    await write_ended(batch)


def gives_back(tx: Tx, what: Gathering, seat: Seat) -> bool:
    """Whether whoever gives this seat up now has back what it took; who waits always has, and who
    took it for another time or place, until it begins."""
    moved = what.moved_at is not None and seat.asked_at < what.moved_at
    until = what.begins_at if moved else what.gives_back_until
    return seat.state != "held" or tx.now < until


def given_up(tx: Tx, what: Gathering, seat: Seat) -> SeatTold:
    """What whoever gave this seat up is told."""
    told = replace(told_of(what, seat), state="given_up", ahead=0)
    if not seat.unsettled:
        return told
    return replace(told, points="given_back" if gives_back(tx, what, seat) else "spent")


def _may_not(one: Wanted) -> Forbidden:
    says = "A seat here takes points, which whoever asks may not take"
    return Forbidden(says, gathering=one.what.code)


def _wish(one: Wanted) -> Redeem:
    return Redeem(
        member=MemberRef(id=one.member_id),
        reward=one.what.reward,
        store=one.what.store,
        channel=CHANNEL,
        asked=replace(one.asked, key=""),
        until=one.what.ends_at + KEPT_AFTER,
        signed_in=one.signed_in,
        shown=one.shown,
        gathering=one.what.code,
    )


def _ends(seats: Sequence[Seat], outcome: Literal["voided", "captured"]) -> list[Settle]:
    return [
        Settle(one.redemption_id, outcome, with_seat=True)
        for one in seats
        if one.redemption_id is not None
    ]
