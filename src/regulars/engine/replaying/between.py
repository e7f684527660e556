"""What a replay takes as given between members: points handed on, members who became one.

Only what is there changes hands. Where a draft gave less, the one who got it has less, and what
they spend of it is short with them, once.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.engine.deciding import booking
from regulars.engine.deciding.expire import expire
from regulars.engine.moving.merge import Union, merge
from regulars.engine.moving.transfer import Handing, hand_over
from regulars.engine.moving.unmerge import due, unmerge
from regulars.engine.replaying import nights
from regulars.engine.replaying.given import Scene
from regulars.engine.state import MemberState
from regulars.records.members.unions.types import Brought, Merge

Active = dict[int, datetime]


class Between(NamedTuple):
    """Of a merge in force what was brought along here, when it was, and of who stays when they had
    been active and since when they had owed before."""

    brought: Brought
    merged_at: datetime
    active: Active
    owed: nights.Owed


Unions = dict[UUID, Between]


def handed(scene: Scene, taker: MemberState) -> None:
    """Hand points on, by a gift or for a household's reward, in the order the wallet spends."""
    changes, giver, version, fact = scene
    expire(changes, giver, fact.now)
    expire(changes, taker, fact.now)
    units = min(fact.units, giver.balance(scene.code).available)
    if not units:
        return
    handing = Handing(
        booking.Cause("transfer", changes.new_id(), fact.cause_id, fact.now),
        booking.Cause("transfer", changes.new_id(), fact.cause_id, fact.now),
    )
    spends = version.program.wallets[fact.wallet].spends
    order = booking.in_order(giver.lots.values(), scene.code, spends)
    hand_over(changes, (giver, taker), handing, order, units)


def united(scene: Scene, stays: MemberState, unions: Unions, debts: nights.Debts) -> None:
    """Two members become one, with what each of them has here."""
    changes, gone, version, fact = scene
    union = Union("merge", fact.cause_id, fact.now, "", "")
    before = {
        code: balance.active_at
        for code, balance in stays.balances.items()
        if balance.active_at is not None
    }
    known = ((), (), nights.owes(debts, gone.member_id))
    brought = merge(changes, gone, stays, version, union, known)
    who = gone.member_id, stays.member_id
    owed = nights.owed_together(debts, who, brought, fact.now)
    unions[fact.cause_id] = Between(brought, fact.now, before, owed)
    gone.idle = {}  # whether they are active is known of whom they stand under


def parted(scene: Scene, stays: MemberState, unions: Unions, debts: nights.Debts) -> None:
    """A merge is undone: what came along here goes back, and of a debt what is still owed."""
    changes, gone, version, fact = scene
    if fact.cause_id not in unions:
        return
    brought, merged_at, active, before = unions.pop(fact.cause_id)
    due(changes, stays, fact.now)
    owed = {code: min(debt, stays.balance(code).debt) for code, debt in brought.debt.items()}
    brought = replace(brought, debt={code: debt for code, debt in owed.items() if debt})
    who = gone.member_id, stays.member_id
    one = Merge(fact.cause_id, *who, brought, 0, merged_at)
    gone.idle = version.idle
    union = Union("unmerge", fact.cause_id, fact.now, "", "")
    unmerge(changes, (gone, stays), version, one, union, active)
    nights.owed_apart(debts, who, one, before)
