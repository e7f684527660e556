"""Some guests have the coffee pass: a trial, a month after a month, and now and then an end."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Final

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx
from regulars.flows.membership.benefits.use_benefits import use_benefits
from regulars.flows.membership.commands import UseBenefit
from regulars.flows.membership.plans.commands import (
    MembershipStands,
    StartMembership,
    Told,
    TurnMembership,
)
from regulars.flows.membership.plans.keep_memberships import (
    renew_plans,
    start_memberships,
    turn_memberships,
)
from regulars.records.members.types import Asked, MemberRef
from regulars.runtime.examples.shop.guests import SHOWN, STORE
from regulars.runtime.examples.shop.lived.terms import FILTER, PASS
from regulars.runtime.examples.shop.lived.week import House, Week, done

SOURCE: Final = "payments"
SINCE: Final = 22
"""The week in which the pass came."""
_NEW: Final = 0.025
_MOST: Final = 18
_ENDS: Final = (("cancelled", 0.1), ("failed", 0.14))
"""What a month ends with instead of a payment, and up to which draw."""
_MANY: Final = 500


class Passes:
    """Who has a pass, and until when it is paid."""

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(f"{seed} sells passes")  # noqa: S311 - a made-up shop
        self._runs: dict[str, MembershipStands] = {}
        self._had: set[str] = set()

    async def go(self, house: House, week: Week) -> None:
        """Terms that end are paid or not, some begin, and whoever has a pass uses it."""
        if week.number < SINCE:
            return
        async with house.database.transaction(house.terms.program_id) as tx:
            await self._renew(tx, house, week)
        async with house.database.transaction(house.terms.program_id) as tx:
            await renew_plans(tx, house.terms, _MANY)
        async with house.database.transaction(house.terms.program_id) as tx:
            await self._begin(tx, house, week)
            uses = [
                UseBenefit(
                    MemberRef(external=one), FILTER, STORE, "till",
                    asked=Asked("regulars demo", f"{one}-filter-{week.number}"),
                )
                for one in self._runs
            ]  # fmt: skip
            for outcome in await use_benefits(tx, house.terms, uses):
                assert not isinstance(outcome, Fault), outcome

    async def _begin(self, tx: Tx, house: House, week: Week) -> None:
        fresh = [
            one.external
            for one in week.here
            if one.left_on is None
            and one.external not in self._had
            and (one.external == SHOWN or self._chance.random() < _NEW)
            and len(self._had) < _MOST
        ]
        self._had |= set(fresh)
        wishes = [
            StartMembership(
                MemberRef(external=one), PASS, trial=True, source=SOURCE, external_id=f"sub-{one}"
            )
            for one in fresh
        ]
        begun = done(await start_memberships(tx, house.terms, wishes))
        self._runs |= dict(zip(fresh, begun, strict=True))

    async def _renew(self, tx: Tx, house: House, week: Week) -> None:
        soon = week.ends + timedelta(days=7)
        ending = [(who, one) for who, one in self._runs.items() if one.until_at <= soon]
        told = [(who, one, self._what(who)) for who, one in ending]
        wishes = [_turn(who, one, what, one.until_at) for who, one, what in told]
        outcomes = await turn_memberships(tx, house.terms, wishes)
        for (who, _, what), outcome in zip(told, outcomes, strict=True):
            assert not isinstance(outcome, Fault | Refused), outcome
            if what == "paid":
                self._runs[who] = outcome
            else:
                del self._runs[who]

    def _what(self, who: str) -> Told:
        drawn = self._chance.random()
        for what, below in _ENDS:
            if drawn < below and who != SHOWN:
                return what  # type: ignore[return-value]
        return "paid"


def _turn(who: str, one: MembershipStands, what: Told, until_at: datetime) -> TurnMembership:
    number = f"{who}-{until_at:%Y%m%d}-{what}"
    reason = {"failed": "the card was declined", "cancelled": "moved away"}.get(what, "")
    return TurnMembership(
        one.membership_id, what, source=SOURCE, external_id=number, actor="payments", reason=reason
    )
