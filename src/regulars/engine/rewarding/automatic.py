"""Rewards that are taken by themselves: as soon as the balance reaches their price (ADR 0242)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.faults import Refused
from regulars.engine.deciding import idle
from regulars.engine.deciding.redeem import hold
from regulars.engine.returning.owed import Because, as_paid
from regulars.engine.returning.payments import Spent
from regulars.engine.returning.refund import Coming, refund
from regulars.engine.rewarding.having import Wish, points_missing, wallet_code
from regulars.engine.rewarding.promise import ways
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.ledger.types import Balance
from regulars.records.program.parts.rewards import Reward
from regulars.records.rewards.codes.types import RewardCode
from regulars.records.rewards.types import Redemption

ACTOR: Final = "automatic"
"""Who takes them, as redemptions and corrections say it."""
MOST: Final = 100
"""So many at once for one member; who can have more is looked at again."""


class Taken(NamedTuple):
    """What was taken for a member, and whether somebody has to look again later."""

    redemptions: list[Redemption]
    again: bool


def automatic(version: Version) -> list[Reward]:
    """The rewards that are taken by themselves, as in the file."""
    return [one for one in version.program.rewards if one.automatic]


def prices(version: Version) -> dict[int, int]:
    """The least price of such a reward, per wallet, also by terms whose worth points keep; nothing
    in a program without them."""
    found: dict[int, int] = {}
    for reward in automatic(version):
        terms = [version, *(kept.terms for kept in version.kept)]
        for one in (each for each in terms if reward.id in each.rewards):
            for name, units in ways(one, one.rewards[reward.id])[0].price.items():
                if name in version.program.wallets:
                    code = wallet_code(version, name)
                    found[code] = min(units, found.get(code, units))
    return found


def reached(version: Version, balances: Mapping[tuple[UUID, int], Balance]) -> set[UUID]:
    """Whose balances have reached a price, or are owed what a reward may pay."""
    least = prices(version)
    if not least:
        return set()
    return {
        member_id
        for (member_id, wallet), balance in balances.items()
        if wallet in least and (balance.available >= least[wallet] or balance.debt)
    }


def take(changes: Changes, state: MemberState, version: Version, now: datetime) -> Taken:
    """Reserve every such reward this member can have now, in the order of the file.

    Keeps: the member is under lock, so nobody takes the same points twice. What cannot be had today
    (a limit, a cooldown, an empty shelf) although the points are there is looked at again.
    Example: 100 points become a voucher: with 250 points there are two, and 50 are left.
    """
    found: list[Redemption] = []
    again = False
    for reward in automatic(version):
        while len(found) < MOST:
            wish = Wish(reward.id, changes.new_id(), now, "", "", ACTOR, unproven=None)
            redemption = hold(changes, state, version, wish)
            if isinstance(redemption, Refused):
                price = ways(version, reward)[0].price
                again |= points_missing(version, as_paid(state), price) is None
                break
            found.append(redemption)
    return Taken(found, again)


def give_back(
    changes: Changes,
    state: MemberState,
    version: Version,
    codes: Sequence[tuple[RewardCode, Spent]],
    now: datetime,
) -> list[RewardCode]:
    """Give back codes that were taken by themselves and not used, while their points are owed.

    Shape: `codes` the newest first, with what each took of which lots; those that are given back.
    Order: what was paid goes to the very lots it was taken from, with their ends; what lapsed
    meanwhile lapses in the same breath; what lives pays what is owed, and the rest can be spent.
    Keeps: a code of which nothing lives that is owed stays with its member. Of one that is given
    back the place under its limit is free again, and its piece is on the shelf: nobody had it.
    A code of a pool was handed over and is nobody else's (ADR 0111).
    Example: a purchase gave 100 points and they became a voucher; it comes back, and 100 points are
    owed: the voucher is withdrawn, and nothing is owed.
    """
    back: list[RewardCode] = []
    for code, spent in codes:
        if not _pays(state, spent, now):
            continue
        because = Because(
            spent.redemption.redemption_id,
            now,
            ACTOR,
            f"{spent.redemption.promised.name} taken back",
        )
        coming = Coming([spent], [dict(spent.taken)], [True], version)
        units = refund(changes, state, coming, because, now)
        if shelf_again(spent.redemption):
            changes.shelve(spent.redemption.shelf, 1)
        changes.touch(state)
        for wallet, points in units.items():
            told = {"wallet": wallet, "points": points, "redemption_id": because.cause_id}
            changes.events.append(Event(state.member_id, state.version, "points.refunded", told))
        back.append(code)
    return back


def shelf_again(redemption: Redemption) -> bool:
    """Whether a piece is on its shelf again once the unused code for it was given back."""
    promised = redemption.promised
    return promised.kind == "code" and promised.stocked and not promised.shelf


def _pays(state: MemberState, spent: Spent, now: datetime) -> bool:
    """Whether something of what was paid lives and is owed."""
    owner = spent.taker or state
    lots = [owner.lots[lot_id] for lot_id in spent.taken]
    return any(
        state.balance(lot.wallet).debt and idle.leaves_at(owner, lot, now) > now for lot in lots
    )
