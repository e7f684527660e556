"""Two who become one go on from where either of them was, and through nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.makers import Shop, buys, by
from tests.runtime.working.letters.journeying import Journeying, says, waits
from tests.runtime.working.senders.post_office import PostOffice, Provider, post_office, provider
from tests.runtime.working.senders.test_messages import SOURCE

from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.merge_members import merge_members
from regulars.records.outbox.campaigns.journeys.types import OnEvent

EARNED = OnEvent("points.earned")


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[PostOffice, Provider]]:
    with post_office() as office, provider() as sms:
        yield office, sms


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


@pytest.fixture
def told(opened: Shop, world: tuple[PostOffice, Provider]) -> Journeying:
    made = Journeying(opened, *world)
    made.joins("ada", "bo")
    return made


def earns(told: Journeying, name: str) -> None:
    told.shop.now += timedelta(minutes=1)
    told.shop.record(buys(by(external=name), 3000))
    for _ in range(2):
        told.goes_on(minutes=1)


def become_one(told: Journeying) -> None:
    one = MergeMembers(by(external="ada"), by(external="bo"), "one person", "mia")
    (done,) = told.shop.ask(merge_members, one)
    assert not isinstance(done, Exception), done


def test_who_is_merged_on_their_way_goes_on_as_who_stays(told: Journeying) -> None:
    told.published(waits(days=3), says("later"), begins=EARNED)
    told.walks()
    earns(told, "ada")
    become_one(told)
    told.goes_on(days=4)
    told.goes_on(days=1)
    assert len(told.to()) == 1
    whys = "select why from journey_run where program_id = $1"
    assert told.shop.rows(whys) == [("done",)]


def test_where_both_are_on_their_way_it_is_said_once(told: Journeying) -> None:
    told.published(waits(days=3), says("later"), begins=EARNED)
    told.walks()
    earns(told, "ada")
    earns(told, "bo")
    become_one(told)
    told.goes_on(days=4)
    told.goes_on(days=1)
    assert len(told.to()) == 1
    whys = "select why from journey_run where program_id = $1 order by why"
    assert told.shop.rows(whys) == [("done",), ("united",)]


@pytest.mark.parametrize(("days", "letters"), [(36, 1), (120, 2)])
def test_again_after_so_many_days_counts_for_the_person(
    told: Journeying, days: int, letters: int
) -> None:
    told.published(says("hello"), begins=EARNED, again_days=90)
    told.walks()
    earns(told, "ada")
    assert len(told.to()) == 1
    told.shop.now += timedelta(days=35)
    become_one(told)
    told.shop.now += timedelta(days=days - 35)
    earns(told, "bo")
    assert len(told.to()) == letters
