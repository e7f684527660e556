"""Redemptions that paid for a sale, so that their points come back when the sale does.

Only what was there was taken, so only that comes back; what was short stays owed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from regulars.engine.replaying.given import Holds, Scene
from regulars.engine.returning.owed import Because
from regulars.engine.returning.payments import Spent, redemptions_of
from regulars.engine.returning.refund import Coming, refund
from regulars.engine.returning.sale import Sale
from regulars.engine.state import MemberState
from regulars.records.ledger.types import Lot
from regulars.records.rewards.types import Promised, Redemption


class Took(NamedTuple):
    """What a redemption took, and the lots it took it from, which may be empty since."""

    spent: Spent
    lots: dict[UUID, Lot]


Paid = dict[UUID, Took]
"""Per redemption that was handed over."""
Stands = dict[UUID, tuple[UUID, UUID]]
"""Of members who were merged: by which merge, and into whom."""
Around = tuple[Paid, Stands, Mapping[UUID, MemberState]]


def taken(scene: Scene, holds: Holds, paid: Paid) -> None:
    """Remember what a redemption takes of which lots, before its hold ends.

    Order: as a hold ends, the soonest to lapse first.
    """
    _, state, _, fact = scene
    pinned = holds.get((fact.cause_id, fact.wallet))
    if pinned is None or not fact.units:
        return
    known = paid.setdefault(fact.cause_id, Took(_spent(state, fact.cause_id), {}))
    left = fact.units
    pins = [(state.lots[lot_id], part) for lot_id, part in pinned.lots]
    for lot, part in sorted(pins, key=lambda pin: _end(pin[0])):
        points = min(left, part)
        if points:
            known.lots[lot.lot_id] = lot
            known.spent.taken[lot.lot_id] = known.spent.taken.get(lot.lot_id, 0) + points
            left -= points


def of_sale(sale: Sale, state: MemberState, around: Around) -> list[Spent]:
    """The redemptions by which this member paid for a sale, with their lots at hand."""
    paid, stands, states = around
    seller, sale_id, found = sale.activity.member_id, sale.activity.activity_id, []
    if seller != state.member_id:
        # What lapsed before the merge is not taken twice either.
        gone = states[seller].lapsed.items()
        sale.lapsed = {code: points for (cause, code), points in gone if cause == sale_id}
    for redemption_id in redemptions_of(sale.activity.body):
        took = paid.get(redemption_id)
        if took is None:
            continue
        by = took.spent.redemption.member_id
        if stands_as(by, stands) != state.member_id:
            continue
        found.append(_at_hand(took, state, around))
    return found


def come_back(scene: Scene, around: Around) -> None:
    """So much of what a redemption took is there again: a reward that was taken by itself was given
    back, or somebody's purchase came back that their household paid for.

    Order: the lot that was spent last first, as when it came back.
    """
    changes, state, version, fact = scene
    took = around[0].get(fact.cause_id)
    if took is None:
        return
    spent = _at_hand(took, state, around)
    shares, left = {}, -fact.units
    for lot in sorted(took.lots.values(), key=_end, reverse=True):
        there = spent.taken[lot.lot_id] - spent.back.get(lot.lot_id, 0)
        part = min(there, left) if lot.wallet == scene.code else 0
        if part:
            shares[lot.lot_id] = part
            left -= part
    over = sum(spent.back.values()) + sum(shares.values()) == sum(spent.taken.values())
    coming, because = (
        Coming([spent], [shares], [over], version),
        Because(fact.cause_id, fact.at, ""),
    )
    refund(changes, state, coming, because, fact.now)


def _at_hand(took: Took, state: MemberState, around: Around) -> Spent:
    """What a redemption took, as whoever stands for its taker now has it."""
    _, stands, states = around
    by = took.spent.redemption.member_id
    took.spent.member_id = state.member_id
    took.spent.taker = took.spent.merge_id = None
    if by != state.member_id:
        took.spent.taker, took.spent.merge_id = states[by], stands[by][0]
    for lot in took.lots.values():
        states[by].lots.setdefault(lot.lot_id, lot)
    return took.spent


def _end(lot: Lot) -> tuple[datetime, datetime, UUID]:
    return lot.expires_at, lot.earned_at, lot.lot_id


def stands_as(member_id: UUID, stands: Stands) -> UUID:
    """As whom a member stands who was merged; whoever was not, as themselves."""
    while member_id in stands:
        member_id = stands[member_id][1]
    return member_id


def _spent(state: MemberState, redemption_id: UUID) -> Spent:
    """A redemption is a given fact: its limits and its piece on the shelf are no part of this."""
    opened = state.joined_at
    redemption = Redemption(
        redemption_id, state.member_id, "", 0, Promised("", {}, 0, 0), "captured", "", "", "",
        opened, opened,
    )  # fmt: skip
    return Spent(redemption, state.member_id)
