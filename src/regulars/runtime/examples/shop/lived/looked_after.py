"""Who comes most often has somebody behind the counter who knows them."""

from __future__ import annotations

from typing import Final

from regulars.flows.membership.benefits.grant_benefits import grant_benefits
from regulars.flows.membership.commands import GrantBenefit
from regulars.records.members.types import Asked, MemberRef
from regulars.runtime.examples.shop.lived.firms import FIRMS
from regulars.runtime.examples.shop.lived.terms import BARISTA
from regulars.runtime.examples.shop.lived.week import House, Week, done

WEEK: Final = 34
_MOST: Final = 8


async def give_baristas(house: House, week: Week) -> None:
    """In one week the companies and those who come most often are given somebody."""
    if week.number != WEEK:
        return
    often = [one for one in week.here if one.left_on is None]
    often = sorted(often, key=lambda one: (one.every_days, one.number))[:_MOST]
    whom = [*(one.external for one in FIRMS), *(one.external for one in often)]
    wishes = [
        GrantBenefit(
            MemberRef(external=one), BARISTA, "comes almost every day", "regulars demo",
            asked=Asked("regulars demo", f"{one}-barista"),
        )
        for one in whom
    ]  # fmt: skip
    async with house.database.transaction(house.terms.program_id) as tx:
        done(await grant_benefits(tx, house.terms, wishes))
