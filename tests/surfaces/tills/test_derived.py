"""What was learned of a member decides at the till: shown before, booked, told to the device."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.surfaces.counter import Counter
from tests.surfaces.tills.device import Device, sale
from tests.surfaces.tills.test_cashiers import asks

from regulars.flows.membership.office.keep_categories import say_categories
from regulars.records.standing.categories.types import Stretch

SOURCE = """
regulars: 1
program: kinds
name: Kinds
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - id: cake
    on: purchase
    wallet: points
    when: {if: member, attribute: value-category, in: [cake]}
    award: {give: fixed, points: 100}
"""
_RUN = """
insert into category_run (program_id, as_of, at, members, version, found)
values ($1, ($2::timestamptz)::date, $2, 1, 'shares', '{}') on conflict do nothing
"""
FIRST, LAST = UUID(int=0), UUID(int=(1 << 128) - 1)


@pytest.fixture
def kinds(fresh_database: Any) -> Iterator[Counter]:
    opened = Counter.open(fresh_database, source=SOURCE)
    yield opened
    opened.close()


def say(counter: Counter, said: dict[str, str]) -> None:
    """What these buy from next; of all others nothing is said any more."""
    those = {UUID(member[4:]): category for member, category in said.items()}
    counter.shop.do(lambda tx, _: say_categories(tx, Stretch(FIRST, LAST, those)))
    counter.shop.rows(_RUN, counter.shop.now)


def previewed(device: Device, card: str) -> Any:
    return asks(device, "/v1/activities/preview", sale(card, 700)).json()["earned"]


def booked(device: Device, card: str) -> Any:
    """What a purchase brought."""
    before = points(device, card)
    (done,) = device.hands_in(device.records("activity", sale(card, 700)))
    assert done["outcome"] == "applied", done
    return {"points": points(device, card) - before}


def points(device: Device, card: str) -> int:
    rows = device.counter.shop.rows(
        """select coalesce(sum(b.available), 0) from balance b join identifier i
               on i.program_id = b.program_id and i.member_id = b.member_id
            where b.program_id = $1 and i.value = $2""",
        card,
    )
    return int(rows[0][0])


def test_a_rule_that_asks_what_is_bought_next_decides_at_the_till(kinds: Counter) -> None:
    device, ann = Device(kinds), kinds.joined("ann")
    kinds.joined("bob")
    assert previewed(device, "ann") == {"points": 7}
    say(kinds, {ann: "cake"})
    assert previewed(device, "ann") == booked(device, "ann") == {"points": 100}
    assert previewed(device, "bob") == booked(device, "bob") == {"points": 7}
    kept = {one["id"]: one for one in asks(device, "/v1/till/snapshot").json()["members"]}
    told = kept[ann]["counted"]["attributes"]
    assert told["value-category"] == "cake", "it decides without network, too"
    kinds.shop.now += timedelta(minutes=1)
    say(kinds, {ann: "tea"})
    assert previewed(device, "ann") == booked(device, "ann") == {"points": 7}, "said no more"
