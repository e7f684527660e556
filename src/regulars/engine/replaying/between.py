"""What a replay takes as given between members: points handed on, members who became one.

Only what is there changes hands. Where a draft gave less, the one who got it has less, and what
they spend of it is short with them, once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.engine.deciding import booking
from regulars.engine.deciding.expire import expire
from regulars.engine.moving.merge import Union, merge
from regulars.engine.moving.transfer import Handing, hand_over
from regulars.engine.moving.unmerge import Apart, due, unmerge, without_forgiven
from regulars.engine.replaying import nights
from regulars.engine.replaying.given import Scene
from regulars.engine.replaying.paid import Stands, stands_as
from regulars.engine.state import MemberState
from regulars.records.ledger.types import Entry
from regulars.records.members.unions.types import Brought, Merge

Active = dict[int, datetime]


class Between(NamedTuple):
    """Of a merge in force what was brought along here, when it was, and of who stays when they had
    been active, since when they had owed, what had lapsed of the same and how often they had been
    forgiven before."""

    brought: Brought
    merged_at: datetime
    active: Active
    owed: nights.Owed
    lapsed: Lapsed
    forgiven: dict[int, int]


Lapsed = dict[tuple[UUID, int], int]
"""Per cause and wallet of what was brought along."""


class Unions(dict[UUID, Between]):
    """Merges in force, and how often everybody was forgiven what they owed, per wallet."""

    def __init__(self) -> None:
        super().__init__()
        self.forgiven: Counter[tuple[UUID, int]] = Counter()

    def hear(self, entries: Iterable[Entry]) -> None:
        """Count what of these was forgiven."""
        for entry in entries:
            if entry.kind == "write_off":
                self.forgiven[entry.member_id, entry.postings[0].wallet] += 1


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
    came = {(lot.cause_id, lot.wallet) for lot in gone.lots.values() if lot.remaining}
    brought = merge(changes, gone, stays, version, union, known)
    who = gone.member_id, stays.member_id
    owed = nights.owed_together(debts, who, brought, fact.now)
    lapsed = {key: stays.lapsed.get(key, 0) for key in came}
    forgiven = {code: unions.forgiven[stays.member_id, code] for code in brought.debt}
    unions[fact.cause_id] = Between(brought, fact.now, before, owed, lapsed, forgiven)
    gone.idle = {}  # whether they are active is known of whom they stand under


def parted(
    scene: Scene, stays: MemberState, unions: Unions, debts: nights.Debts, stands: Stands
) -> None:
    """A merge is undone: what came along here goes back, and of a debt what is still owed and was
    not forgiven. What lapsed of it meanwhile lapsed with the one it goes back to."""
    changes, gone, version, fact = scene
    if fact.cause_id not in unions:
        return
    brought, merged_at, active, before, lapsed, forgiven = unions.pop(fact.cause_id)
    due(changes, stays, fact.now)
    brought = _not_forgiven(brought, (gone.member_id, stays.member_id), unions, forgiven)
    owed = {code: min(debt, stays.balance(code).debt) for code, debt in brought.debt.items()}
    brought = replace(brought, debt={code: debt for code, debt in owed.items() if debt})
    who = gone.member_id, stays.member_id
    one = Merge(fact.cause_id, *who, brought, 0, merged_at)
    gone.idle = version.idle
    union = Union("unmerge", fact.cause_id, fact.now, "", "")
    there = {*brought.lots}
    again = [
        lot.lot_id
        for lot in stays.lots.values()
        if (lot.cause_id, lot.wallet) in lapsed
        and lot.earned_at >= merged_at
        and lot.lot_id not in there
    ]
    apart = Apart(active, _under(gone.member_id, stands), again)
    unmerge(changes, (gone, stays), version, one, union, apart)
    nights.owed_apart(debts, who, one, before)
    for key, had in lapsed.items():
        since = stays.lapsed.get(key, 0) - had
        stays.lapsed[key] = had
        gone.lapsed[key] = gone.lapsed.get(key, 0) + since


def _not_forgiven(
    brought: Brought, who: tuple[UUID, UUID], unions: Unions, before: dict[int, int]
) -> Brought:
    """What came along without the debts that were forgiven since; whoever came along to the one
    that goes, before them, was forgiven as well."""
    gone, stays = who
    over = {code for code, had in before.items() if unions.forgiven[stays, code] > had}
    unions.forgiven.update((gone, code) for code in over)
    return without_forgiven(brought, dict.fromkeys(over, True))


def _under(gone: UUID, stands: Stands) -> set[UUID]:
    """Who was merged into this one before they were merged themselves."""
    apart = {who: into for who, into in stands.items() if who != gone}
    return {who for who in apart if stands_as(who, apart) == gone}
