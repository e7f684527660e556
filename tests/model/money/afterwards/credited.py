"""A purchase that named nobody becomes somebody's, by hand: as if they had been named then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.model.events import Answer, Returns
from tests.model.money.afterwards.events import Credits

if TYPE_CHECKING:
    from tests.model.reference import World

DAYS = timedelta(days=30)
"""So long a purchase can be credited, where the shop says nothing."""


def credits_late(world: World, event: Credits) -> Answer:
    """What came back of it before comes back again; the receipt is theirs from now on."""
    deed = world.sales.get(event.sale)
    if event.sale in world.credited:
        whose, first = world.credited[event.sale]
        return first if whose == event.who else Answer("credited_already")
    if deed is None:
        return Answer("unknown_sale")
    if deed.who or deed.back == deed.bought:
        return Answer("credited_already")
    if world.now - deed.at > DAYS:
        return Answer("too_late_to_credit")
    told = deed.event._replace(who=event.who, at=deed.at, key="")
    answer = world.happens(told)
    if answer.what != "recorded":
        return answer
    pieces = tuple((place, back) for place, back in enumerate(deed.back) if back)
    if pieces:
        then = world.take_back(Returns(event.sale, pieces))
        answer = answer._replace(balances=then.balances, tier=then.tier)
    world.credited[event.sale] = event.who, answer
    return answer


CREDITED: dict[type, Callable[[Any, Any], Answer]] = {Credits: credits_late}
