"""Somebody of the shop gives points by hand, alone and for many at once; and faults about it."""

from __future__ import annotations

from typing import Any

from tests.insight.verify.planting import at, planted

from regulars.flows.access.commands import AddStaff, UseLink
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust
from regulars.flows.membership.office.commands import BeginRound, DecideRound
from regulars.flows.membership.office.keep_rounds import begin_rounds, turn_rounds
from regulars.records.access.office.read import following
from regulars.records.access.staff.types import By, principal_of
from regulars.records.members.types import Asked
from regulars.runtime.working.rounds import adjustments

HOUSE = By(words="the house")


async def by_hand(shop: Any) -> None:
    """Forty points given, ten taken; and five for each of two, which a colleague granted."""
    ada = await shop.join("by-hand@example.org")
    mia = await shop.join("by-hand-too@example.org")
    one, other = await hired(shop, b"o" * 32), await hired(shop, b"p" * 32)
    principal = principal_of(one)
    for name, units in (("gives", 40), ("takes", -10)):
        asked = Asked(principal, name)
        await shop.act(adjust_balances, Adjust(ada, "points", units, "slow", principal, asked))
    ids = (ada.id, mia.id)
    wish = BeginRound("points", 9_000, "closed", ids, asked=Asked(principal, "many"))
    (begun,) = await shop.act(begin_rounds, wish)
    assert begun.state == "waiting", begun
    await shop.act(turn_rounds, DecideRound(begun.round_id, True, By(other)))
    async with shop.database.transaction(shop.program_id) as tx:
        stretch = await following(tx, 9)
    await shop.act(adjust_balances, *adjustments(stretch))


async def hired(shop: Any, link: bytes) -> Any:
    """A manager."""
    told = AddStaff("Somebody", f"{link[:1].decode()}@shop.test", "manager", link, HOUSE)
    (added,) = await shop.act(keep_staff, told)
    await shop.act(keep_staff, UseLink(link, "$none$"))
    return added.staff_id


OFFICE = {
    "a budget counts less than was given": planted(
        at("update goodwill set given = given - 1", "goodwill", "given = 40"), "goodwill_fits"
    ),
    "a gift by hand is not in the books": planted(
        at(
            "update staff_act set after = jsonb_set(after, '{units}', '41')",
            "staff_act",
            "did = 'points.adjusted' and after ->> 'units' = '-10'",
        ),
        "goodwill_fits",
    ),
    "what a colleague granted is of nobody's budget": planted(
        "update adjustment_round set decided_by = null, decided_at = null", "goodwill_fits"
    ),
}
