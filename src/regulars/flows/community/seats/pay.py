"""What a seat takes: reserved with it, given back with it until a day, and spent from then on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, Literal, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms, Version
from regulars.flows.commands import Redeem, Redeemed, Settle
from regulars.flows.community.commands import SeatTold
from regulars.flows.community.room import told_of
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.community.gatherings.types import KEPT_AFTER, Gathering, Seat
from regulars.records.community.texts import Wrong
from regulars.records.members.types import Asked, MemberRef
from regulars.records.program.parts.rewards import at_gatherings

CHANNEL: Final = "community"
"""Where what a seat takes is taken."""


class Wanted(NamedTuple):
    """Somebody wants a seat that takes points."""

    member_id: UUID
    what: Gathering
    asked: Asked
    signed_in: bool = False
    shown: dict[str, int] | None = None
    before: Seat | None = None
    """Their seat of before, where something is reserved for it that is to be given back first."""


def no_seat_reward(version: Version, name: str) -> Wrong | None:
    """Why no seat takes this reward."""
    reward = version.rewards.get(name)
    if reward is not None and at_gatherings(reward):
        return None
    says = "No reward of the program in force gives a seat at an event; write one with `kind: seat`"
    return Wrong("/reward", says)


async def reserve(
    tx: Tx, terms: Terms, wanted: Sequence[Wanted]
) -> list[Redeemed | Refused | Fault]:
    """Reserve what each of these seats takes, until long after its gathering ends.

    Order: the members are locked by now; what is reserved for a seat of before is given back first.
    Keeps: whoever waits has it reserved, too, so that whoever moves up has paid.
    """
    if not wanted:
        return []
    back = [one.before for one in wanted if one.before is not None]
    wishes = [_wish(one) for one in wanted]
    batch: list[Redeem | Settle] = [*_ends(back, "voided", Asked()), *wishes]
    done = await redeem_rewards(tx, terms, batch)
    return done[len(batch) - len(wanted) :]


async def settle(
    tx: Tx, terms: Terms, seats: Iterable[tuple[Seat, bool]], asked: Asked | None = None
) -> list[UUID]:
    """Take what is reserved for these seats, or give it back where said; which seats are settled.

    Keeps: what ended by itself, as with its member, stays as it is.
    """
    found = [one for one in seats if one[0].unsettled]
    back = [seat for seat, gives_back in found if gives_back]
    taken = [seat for seat, gives_back in found if not gives_back]
    if found:
        by = replace(asked or Asked(), key="")
        await redeem_rewards(tx, terms, [*_ends(back, "voided", by), *_ends(taken, "captured", by)])
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
    if none:
        await redeem_rewards(tx, terms, none)


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


def _ends(
    seats: Sequence[Seat], outcome: Literal["voided", "captured"], asked: Asked
) -> list[Settle]:
    return [
        Settle(one.redemption_id, outcome, asked=asked, with_seat=True)
        for one in seats
        if one.redemption_id is not None
    ]
