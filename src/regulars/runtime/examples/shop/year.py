"""A year and two months of the made-up coffee shop, through the real flows, week by week.

The clock of the database moves along, so that what was booked in March was booked in March.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from regulars.base.faults import Fault
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity, Recorded, Redeem
from regulars.flows.membership.join_members import join_members
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.activity.types import Body, Line, SaleRef
from regulars.records.members.types import Asked, Identifier, Joined, JoinMember, MemberRef
from regulars.runtime.examples.shop.guests import STORE, WEEKS, Guest, guests
from regulars.runtime.examples.shop.lived.beside import Beside
from regulars.runtime.examples.shop.lived.week import House, Week
from regulars.runtime.examples.shop.lived.written import Written
from regulars.runtime.examples.shop.tried import SINCE_WEEKS, Trial

DRINKS: Final = (
    ("espresso", "coffee", 250), ("cappuccino", "coffee", 380), ("flat-white", "coffee", 420),
    ("croissant", "bakery", 290), ("banana-bread", "bakery", 360), ("beans-250g", "beans", 950),
)  # fmt: skip
_OPEN: Final = range(7, 19)
_AT_WORK: Final = timedelta(hours=10)
_RETURNED: Final = 0.012
_THIRSTY: Final = 0.3
_BY_MONTH: Final = (1.1, 1.05, 1.0, 1.0, 0.95, 0.85, 0.75, 0.7, 0.95, 1.05, 1.15, 1.3)
"""How much is going on in each month: people drink less coffee when it is hot."""


class Clock:
    """An instant that is moved by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def began(now: datetime) -> datetime:
    """The first morning of the shop, as seen from now."""
    first = (now - timedelta(weeks=WEEKS)).date()
    return datetime.combine(first, time(6), UTC)


async def live(house: House, clock: Clock, now: datetime, seed: str) -> None:
    """Everything that happened in the shop until yesterday evening.

    Order: within a week members join, then visits and returns in the order in which they
    happened, then whoever has enough takes a coffee. Whoever has too little is refused, and stays.
    In the last weeks something is tried out, from the week after it was begun. What happens beside
    the visits ends the week.
    """
    database, terms = house.database, house.terms
    chance = random.Random(seed)  # noqa: S311 - a made-up shop, not a secret
    start, last = began(now), now.replace(hour=0, minute=0, second=0, microsecond=0)
    people = guests(chance, start.date(), last.date())
    trial, beside, written, ids = Trial(seed), Beside(seed), Written(), dict[int, UUID]()
    for week in range(WEEKS):
        begins = start + timedelta(weeks=week)
        ends = min(begins + timedelta(weeks=1), last)
        clock.at = ends
        newcomers = [one for one in people if begins.date() <= one.joined_on < ends.date()]
        here = [one for one in people if one.joined_on < ends.date()]
        visits = list(_visits(chance, trial, here, (begins, ends)))
        async with database.transaction(terms.program_id) as tx:
            country = terms.versions[-1].program.country
            joined = await join_members(tx, country, [_joiner(one) for one in newcomers], terms)
            _all_done(joined)
            pairs = zip(newcomers, joined, strict=True)
            ids |= {one.number: they.member_id for one, they in pairs if isinstance(they, Joined)}
        async with database.transaction(terms.program_id) as tx:
            _all_done(await record_activities(tx, terms, visits))
        thirsty = [one for one in here if chance.random() < _THIRSTY and _comes(one, ends.date())]
        async with database.transaction(terms.program_id) as tx:
            await redeem_rewards(tx, terms, [_wish(one, week, terms) for one in thirsty])
        if week >= WEEKS - SINCE_WEEKS:
            async with database.transaction(terms.program_id) as tx:
                await trial.go(tx, terms, ids)
        ended = Week(week, WEEKS - week - 1, ends, newcomers, here)
        await beside.go(house, ended)
        clock.at = min(ends + _AT_WORK, now)  # nobody is written to at night
        await written.go(house, ended)


def _visits(
    chance: random.Random, trial: Trial, here: Sequence[Guest], week: tuple[datetime, datetime]
) -> Iterator[RecordActivity]:
    told: list[RecordActivity] = []
    begins, ends = week
    for guest in here:
        busy = _BY_MONTH[begins.month - 1]
        day = begins.date()
        while day < ends.date():
            if _comes(guest, day) and chance.random() < busy / guest.every_days:
                told += _visit(chance, guest, (day, ends), trial.more(guest.number))
            day += timedelta(days=1)
    yield from sorted(told, key=lambda one: str(one.occurred_at))


def _comes(guest: Guest, day: date) -> bool:
    return guest.joined_on <= day and (guest.left_on is None or day < guest.left_on)


def _visit(
    chance: random.Random, guest: Guest, then: tuple[date, datetime], more: tuple[Line, ...]
) -> Iterator[RecordActivity]:
    """One visit, and now and then what of it was taken back on the same day."""
    day, ends = then
    drawn = [DRINKS[guest.likes], *chance.sample(DRINKS[3:], chance.choice((0, 0, 0, 1, 1, 2)))]
    at = datetime.combine(day, time(chance.choice(_OPEN), chance.randrange(60)), UTC)
    receipt = f"demo-{guest.number:02d}-{day:%Y%m%d}"
    sale = RecordActivity(
        kind="purchase",
        member=MemberRef(external=guest.external),
        occurred_at=min(at, ends),
        source=STORE,
        external_id=receipt,
        store=STORE,
        channel="till",
        body=Body(lines=(*(Line(minor, sku, category) for sku, category, minor in drawn), *more)),
    )
    yield sale
    if chance.random() < _RETURNED:
        yield RecordActivity(
            kind="return",
            occurred_at=min(at + timedelta(minutes=20), ends),
            source=STORE,
            external_id=f"{receipt}-back",
            store=STORE,
            channel="till",
            sale=SaleRef(source=STORE, external_id=receipt),
        )


def _joiner(guest: Guest) -> JoinMember:
    known_by = [Identifier("external", guest.external), Identifier("phone", guest.phone)]
    if guest.email:
        known_by.append(Identifier("email", guest.email))
    joined = datetime.combine(guest.joined_on, time(6), UTC)
    return JoinMember(
        identifiers=tuple(known_by),
        given_name=guest.given_name,
        family_name=guest.family_name,
        locale=guest.locale,
        joined_at=joined,
        source="demo",
        asked=Asked("regulars demo", guest.external),
    )


def _wish(guest: Guest, week: int, terms: Terms) -> Redeem:
    rewards = list(terms.versions[-1].rewards)
    return Redeem(
        MemberRef(external=guest.external),
        rewards[(guest.number + week) % len(rewards)],
        capture=True,
        store=STORE,
        channel="till",
        asked=Asked("regulars demo", f"{guest.external}-{week}"),
    )


def _all_done(outcomes: Sequence[Any]) -> None:
    """A shop whose members or visits were not taken in would be an empty stage."""
    for outcome in outcomes:
        if isinstance(outcome, Fault):
            raise outcome
    assert all(isinstance(one, Recorded) or hasattr(one, "member_id") for one in outcomes), outcomes
