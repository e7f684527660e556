"""Rewards as a member sees them: to be had now, almost, and all the others with the reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

from regulars.base.decimals import units as units_of
from regulars.base.faults import Refused
from regulars.base.money import decimals
from regulars.engine.words.explain import amount_in_words
from regulars.flows.show_standing import RewardInReach, Standing
from regulars.records.program.types import Reward
from regulars.surfaces.card.inside import Visit
from regulars.surfaces.card.showing.purses import amount_of, unit_of
from regulars.surfaces.in_words.rewards import reward_terms_in_words

ALMOST_PERCENT: Final = 50
"""Half of the way is almost there."""
_HIDDEN: Final = frozenset({"only_issued", "unknown_reward", "not_for_you", "member_erased"})


class OnShelf(NamedTuple):
    """One reward: what it is, what it takes, and how far the member is."""

    name: str
    price: str
    worth: str
    terms: str
    state: str
    """`now`, `almost` or `later`."""
    reached: int
    needed: int
    why: str
    """What is missing, or why it cannot be had."""
    lacks: bool
    """Whether points are all that is missing."""
    id: str
    """By which it is asked for."""


class Won(NamedTuple):
    """Something a member won, and the last day on which it is kept for them."""

    name: str
    until: str


def shelf_of(visit: Visit, standing: Standing) -> list[OnShelf]:
    """Every reward this member may know of: now first, then what is nearest."""
    said = {one.id: one for one in visit.program.rewards}
    shelf = [
        _one(visit, standing, one, said[one.reward.id])
        for one in standing.rewards
        if one.no is None or one.no.code not in _HIDDEN
    ]
    return sorted(shelf, key=_nearest)


def won_by(visit: Visit, standing: Standing) -> list[Won]:
    """What this member won and can fetch at the counter, soonest to lapse first."""
    names = {one.id: one.name for one in visit.program.rewards}
    reader = visit.reader
    return [
        Won(names.get(one.reward, one.promised.name), reader.last_day(one.lapses_at))
        for one in standing.won
    ]


def _nearest(one: OnShelf) -> tuple[int, int]:
    place = ("now", "almost", "later").index(one.state)
    return place, one.needed - one.reached


def _one(visit: Visit, standing: Standing, one: RewardInReach, said: Reward) -> OnShelf:
    program, voice = visit.program, visit.voice
    reached, needed = _way(standing, one)
    worth = units_of(said.worth, decimals(program.currency))
    return OnShelf(
        name=said.name,
        price=voice.all_of(
            [amount_in_words(program, w, units, voice) for w, units in one.price.items()]
        ),
        worth=visit.reader.money(worth, program.currency) if worth else "",
        terms=reward_terms_in_words(program, said, voice),
        state=_state(one.no, reached, needed),
        reached=reached,
        needed=needed,
        why="" if one.no is None else _why(visit, one, one.no),
        lacks=one.no is not None and one.no.code == "not_enough_points",
        id=one.reward.id,
    )


def _way(standing: Standing, one: RewardInReach) -> tuple[int, int]:
    """How far the balances are for its price: the wallet that is furthest from it."""
    ways = [
        (min(standing.balances[wallet].available, units), units)
        for wallet, units in one.price.items()
        if wallet in standing.balances
    ]
    return min(ways, key=lambda way: way[0] - way[1], default=(0, 0))


def _state(no: Refused | None, reached: int, needed: int) -> str:
    if no is None:
        return "now"
    almost = no.code == "not_enough_points" and reached * 100 >= needed * ALMOST_PERCENT
    return "almost" if almost else "later"


def _why(visit: Visit, one: RewardInReach, no: Refused) -> str:
    say, facts = visit.reader.say, no.facts
    if no.code == "not_enough_points":
        lacks = facts["price"] - facts["available"]
        return _missing(visit, facts["wallet"], lacks, one.there_at)
    if no.code == "tier_too_low":
        steps = visit.program.tiers.steps if visit.program.tiers else ()
        name = next((s.name or s.id for s in steps if s.id == one.reward.tier), one.reward.tier)
        return say("From %(tier)s on", tier=name)
    if no.code == "too_soon":
        return say("Again from %(day)s on", day=_day(visit, facts["again_at"]))
    if no.code == "not_now" and "begins_at" in facts:
        return say("From %(day)s on", day=_day(visit, facts["begins_at"]))
    return _PLAIN.get(no.code, _otherwise)(visit)


def _missing(visit: Visit, wallet: str, lacks: int, there_at: datetime | None) -> str:
    amount, unit = amount_of(visit, wallet, lacks), unit_of(visit, wallet, lacks)
    if there_at is not None:
        return visit.reader.say(
            "%(amount)s %(unit)s to go until %(day)s: more are on their way",
            amount=amount,
            unit=unit,
            day=_day(visit, there_at),
        )
    return visit.reader.say("%(amount)s %(unit)s to go", amount=amount, unit=unit)


def _day(visit: Visit, at: Any) -> str:
    return visit.reader.day(datetime.fromisoformat(at) if isinstance(at, str) else at)


def _otherwise(visit: Visit) -> str:
    return visit.reader.say("Not to be had at the moment")


_PLAIN: Final = {
    "limit_reached": lambda v: v.reader.say("You have had this as often as it can be had"),
    "out_of_stock": lambda v: v.reader.say("The last one is gone"),
    "no_codes_left": lambda v: v.reader.say("The last one is gone"),
    "debt_first": lambda v: v.reader.say("First the points that are owed"),
    "minor_limit": lambda v: v.reader.say("You have spent as much as you may in this period"),
    "buyer_limit": lambda v: v.reader.say("You have spent as much as you may in this period"),
    "member_blocked": lambda v: v.reader.say("This card is blocked; ask at the counter"),
}
