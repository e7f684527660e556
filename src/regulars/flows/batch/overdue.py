"""Holds that were not captured in time: over at that instant, whether or not a duty has run.

Whether points can be spent is a question to the clock, never to a job (semantics A4, A11): whoever
asks for them first ends the hold, in the same words as the duty that comes by every few seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx, Write
from regulars.engine.deciding.conclude import Ending, conclude
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.records.ledger.ends import read as ends
from regulars.records.ledger.reserved import read as reserved
from regulars.records.ledger.types import Hold
from regulars.records.rewards import read as rewards
from regulars.records.rewards.types import Redemption
from regulars.records.rewards.write import close_redemptions, keep_stock


class Overdue(Struct):
    """Redemptions of some members that lapsed and are not yet written as such."""

    redemptions: list[Redemption] = []
    holds: dict[UUID, list[Hold]] = {}

    def stocked(self) -> list[str]:
        """Which shelves get a piece back."""
        return [one.shelf for one in self.redemptions if one.promised.stocked]

    def lapse(
        self, changes: Changes, states: Mapping[UUID, MemberState], terms: Terms, tx: Tx
    ) -> None:
        """End them; the members and their lots must be loaded, the shelves under lock."""
        for redemption in self.redemptions:
            conclude(
                changes,
                states[redemption.member_id],
                terms.numbered(redemption.version),
                redemption,
                self.holds.get(redemption.redemption_id, []),
                Ending("lapsed", tx.now),
            )

    def of(self, member_id: UUID) -> Overdue:
        """Those of one member that are still to be ended."""
        own = [one for one in self.redemptions if one.member_id == member_id]
        return Overdue([one for one in own if one.state == "held"], self.holds)


async def overdue(tx: Tx, states: Mapping[UUID, MemberState]) -> Overdue:
    """What of these members has lapsed by now; nearly always nothing.

    Order: after the members are locked, so that nobody else ends the same holds. Of members for
    whom nothing is held, which is most of them, the database is asked nothing.
    """
    members = sorted(id_ for id_, state in states.items() if _holds(state))
    found = await ends.overdue(tx, members)
    if not found:
        return Overdue()
    redemptions = await rewards.some(tx, members, found)
    return Overdue(list(redemptions.values()), await reserved.holds(tx, members, found))


def _holds(state: MemberState) -> bool:
    return any(balance.held for balance in state.balances.values())


async def lapse_overdue(
    tx: Tx, terms: Terms, changes: Changes, states: Mapping[UUID, MemberState]
) -> list[Write]:
    """Give back what these members reserved and did not take in time; the rows to write for it.

    Order: their lots are loaded; the shelves come under lock after the members.
    """
    late = await overdue(tx, states)
    changes.stock |= await rewards.lock_stock(tx, late.stocked())
    late.lapse(changes, states, terms, tx)
    return [*close_redemptions(tx, late.redemptions), *keep_stock(tx, changes.stock)]
