"""Rewards by hand: who may have one, how often a member had it, how many are left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.model import wall
from tests.model.beside import clubs
from tests.model.beside.between import homes
from tests.model.beside.by_hand.codes import gives_code
from tests.model.beside.choosing import choices as choosing
from tests.model.events import Ends
from tests.model.kept import Person, Taken, Terms
from tests.model.money.promised import worth

from regulars.records.program.types import Reward, Seat

if TYPE_CHECKING:
    from tests.model.reference import World

Counted = tuple[str, str] | None


def counted(terms: Terms, reward: Reward, now: datetime) -> Counted:
    """In which period a redemption counts, when the reward has a limit."""
    per = reward.limit.per if reward.limit else ""
    return (per, wall.label(per, terms.day(now))) if per else None


def times_taken(world: World, who: str, reward: str, period: Counted) -> int:
    """How often a member has a reward in a period: handed over or still reserved."""
    same = [
        each
        for each in world.taken.values()
        if (world.who(each.who).name, each.reward, each.counted) == (who, reward, period)
    ]
    return sum(each.state in ("held", "captured") for each in same)


def chosen(world: World, person: Person, reward: Reward, store: str) -> tuple[str, dict[str, int]]:
    """Why a member cannot have a reward, or nothing and the first price that they can pay."""
    terms = world.terms(world.now)
    written = [reward.price, *(other.price for other in reward.or_)]
    prices = [{name: terms.units(name, n) for name, n in price.items()} for price in written]
    prices = [worth.price_of(world, person, reward, one) for one in enumerate(prices)]
    found = [(refusal(world, person, reward, (store, price)), price) for price in prices]
    return next((one for one in found if not one[0]), found[0])


def cools(world: World, who: str, reward: Reward) -> bool:
    """Whether the last one was had too short a while ago."""
    zone = world.terms(world.now).zone
    there = [
        each.opened
        for each in world.taken.values()
        if (world.who(each.who).name, each.reward) == (who, reward.id)
        and (each.state == "captured" or (each.state == "held" and world.now < each.lapses))
    ]
    return bool(there) and world.now < wall.later(zone, max(there), str(reward.cooldown))


def there_are(reward: Reward) -> int | None:
    """How many there are at first: seats, or what is in stock; a pool of codes begins empty."""
    if gives_code(reward, "pool"):
        return 0
    return reward.gives.seats if isinstance(reward.gives, Seat) else reward.stock


def stock(world: World, reward: str) -> int:
    """What is on the shelf: all there was, less what is handed over or reserved."""
    gone = [each for each in world.taken.values() if each.stocked and each.reward == reward]
    there = world.shelved[reward] + world.hand.filled.get(reward, 0)
    return there - sum(each.state in ("held", "captured") for each in gone)


def _begins(terms: Terms, seat: Seat) -> datetime:
    """The instant of the shop's own clock at which a seat is taken for good."""
    return datetime.fromisoformat(seat.begins).replace(tzinfo=ZoneInfo(terms.program.zone))


def refusal(world: World, person: Person, reward: Reward, asked: tuple[str, dict[str, int]]) -> str:
    """The first reason why not, or nothing."""
    return next(_reasons(world, person, reward, asked), "")


def _reasons(
    world: World, person: Person, reward: Reward, asked: tuple[str, dict[str, int]]
) -> Iterator[str]:
    (store, price), terms = asked, world.terms(world.now)
    today = terms.day(world.now).isoformat()
    if reward.stores and store not in reward.stores:
        yield "not_here"
    if today < (reward.from_on or "") or today >= (reward.until_on or "9999"):
        yield "not_now"
    if isinstance(reward.gives, Seat) and world.now >= _begins(terms, reward.gives):
        yield "not_now"
    if reward.tier and not clubs.at_least(world, person, terms, reward.tier):
        yield "tier_too_low"
    if choosing.otherwise(world, person, reward):
        yield "chosen_otherwise"
    period = counted(terms, reward, world.now)
    if reward.limit and times_taken(world, person.name, reward.id, period) >= reward.limit.times:
        yield "limit_reached"
    if reward.cooldown and cools(world, person.name, reward):
        yield "too_soon"
    if there_are(reward) is not None and stock(world, reward.id) < 1:
        yield "no_codes_left" if gives_code(reward, "pool") else "out_of_stock"
    for wallet, units in price.items():
        if person.debt.get(wallet):
            yield "debt_first"
        if person.available(wallet) < units:
            yield "not_enough_points"
        pocket = homes.may_spend(world, person.name, wallet)
        if pocket is not None and units > pocket[1]:
            yield f"{pocket[0]}_limit"


def asked(taken: Taken, part: dict[str, int] | None) -> dict[str, int]:
    """What of a redemption's price is captured, per wallet."""
    return {
        name: units if part is None else part.get(name, 0) for name, units in taken.price.items()
    }


def no_end(taken: Taken, event: Ends, part: dict[str, int] | None, now: datetime) -> str:
    """The first reason why a redemption cannot end so, or nothing."""
    return next(_no_end(taken, event, part, now), "")


def _no_end(taken: Taken, event: Ends, part: dict[str, int] | None, now: datetime) -> Iterator[str]:
    overdue = taken.state == "held" and now >= taken.lapses
    if event.outcome == "captured" and taken.state == "voided":
        yield "already_voided"
    if event.outcome == "captured" and (taken.state == "lapsed" or overdue):
        yield "hold_lapsed"
    if taken.won and taken.state == event.outcome == "captured":
        yield "already_captured"
    if taken.state == "returned" or (event.outcome, taken.state) == ("voided", "captured"):
        yield "already_captured"
    if part is not None and taken.state in ("held", "captured"):
        above = any(units > taken.price.get(name, 0) for name, units in part.items())
        if above or taken.pays in ("payment", "stored_value"):
            yield "invalid"
    if taken.state == "captured" and taken.captured != asked(taken, part):
        yield "already_captured"
