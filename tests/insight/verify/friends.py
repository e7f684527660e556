"""The shop's last days: Una brings two friends, one purchase comes back, one code is refused."""

from collections.abc import Sequence
from typing import Any

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.points.referring.commands import GiveCode, NameReferral
from regulars.flows.points.referring.name_referrals import give_codes, name_referrals
from regulars.flows.points.referring.settle_referrals import settle_referrals


async def friends(shop: Any, till: Any) -> None:
    """Two milestones are reached; the one for both friends is taken back with the second."""
    una, vic, wes = [await shop.join(f"{name}@example.org") for name in ("una", "vic", "wes")]
    (given,) = await shop.act(give_codes, GiveCode(una))
    for friend in (vic, wes, una):
        await shop.act(name_referrals, NameReferral(friend, given.code))
    await shop.tell(
        till.bought("v1", vic, till.line(3_000)), till.bought("w1", wes, till.line(3_000))
    )
    shop.later(days=2)
    await shop.act(_night, None)
    await shop.tell(till.back("rw1", "w1"))
    shop.later(days=1)
    await shop.act(_night, None)


async def _night(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    """Only what becomes of friends: what is reserved stays so."""
    return [await settle_referrals(tx, terms, 100) for _ in (1, 2)]
