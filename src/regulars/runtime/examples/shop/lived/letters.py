"""Letters and text messages of the last weeks: sent, tried again, and one address nobody is at.

Nothing leaves the machine: what a sender would have answered is drawn.
"""

from __future__ import annotations

import random
from typing import Final
from uuid import UUID

from regulars.flows.telling.plan_deliveries import plan_deliveries
from regulars.flows.telling.settle_deliveries import settle_deliveries
from regulars.flows.telling.take_deliveries import Parcel, take_deliveries
from regulars.records.outbox.delivery.types import Channel, Result
from regulars.runtime.examples.shop.lived.week import House, Week
from regulars.surfaces.senders.words.writing import message_shown

LAST_WEEKS: Final = 8
BOUNCES: Final = "7"
"""The last digit of guests whose letters come back."""
_SENDERS: Final[tuple[Channel, ...]] = ("email", "sms")
_BUSY: Final = 0.04


class Letters:
    """What members were told, and what became of it."""

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(f"{seed} writes")  # noqa: S311 - a made-up shop

    async def go(self, house: House, week: Week) -> None:
        """What this week brought is put on its way and sent."""
        if week.left >= LAST_WEEKS:
            return
        more = True
        while more:
            async with house.database.transaction(house.terms.program_id) as tx:
                more = await plan_deliveries(tx, house.keyed, _SENDERS)
        parcels: list[Parcel] = []
        while parcels or not more:
            async with house.database.transaction(house.terms.program_id) as tx:
                parcels = await take_deliveries(tx, house.terms, house.keyed, _SENDERS)
            if not parcels:
                return
            more = True
            async with house.database.transaction(house.terms.program_id) as tx:
                await settle_deliveries(tx, [self._went(one) for one in parcels])

    def _went(self, parcel: Parcel) -> Result:
        key = (parcel.delivery.delivery_id, parcel.attempts)
        if parcel.address.partition("@")[0].endswith(BOUNCES):
            return Result(*key, "never", "550 no such mailbox here", back="hard", by="email")
        if self._chance.random() < _BUSY:
            return Result(*key, "later", "450 mailbox busy, try again later")
        shown = message_shown(parcel)
        message = None if shown is None else UUID(shown)
        return Result(*key, "sent", message_id=message, by=parcel.delivery.channel)
