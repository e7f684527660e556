"""Receivers that break off, answer too late, or stand somewhere else the next time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import NOON, Shop
from tests.runtime.working.hooks.receiver import Receiver, receiver
from tests.runtime.working.hooks.town import KEYED, Town
from tests.runtime.working.senders.test_messages import SOURCE

from regulars.runtime.working.hooks.dispatcher import Dispatcher
from regulars.surfaces.senders.outgoing.client import BROKEN, NO_ADDRESS, NO_HTTP, Client
from regulars.surfaces.senders.outgoing.guard import Guard, networks_of

LOOPBACK = Guard(networks_of(["127.0.0.0/29"]))


@pytest.fixture(scope="module")
def opened(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, SOURCE)
    yield shop
    shop.close()


@pytest.fixture
def town(opened: Shop) -> Iterator[Town]:
    opened.begin(SOURCE, slug=f"x{os.urandom(4).hex()}", now=NOON)
    opened.joined("ada")
    made = Town(opened, patience_s=10)
    yield made
    made.close()


def same(house: Receiver) -> bool:
    """Whether it is one event with the same bytes, however often it came."""
    return len({(one.id, one.body) for one in house.came}) == 1


@pytest.mark.parametrize(("act", "kept"), [("torn 200", 200), ("torn 500", None)])
def test_an_answer_that_breaks_off_counts_by_its_status(town: Town, act: str, kept: Any) -> None:
    with receiver() as house:
        hook = town.hook(house.url)
        town.buys("ada", "r1")
        house.answers(act)
        town.go(hook)
        ((status, why),) = town.tries()
        assert (status, why in ("", BROKEN, NO_HTTP)) == (kept, True)
        town.later(seconds=7)
        town.go(hook)
        assert (len(house.came), same(house)) == (1 if kept else 2, True)
        assert [one[2] for one in town.sendings()] == ["delivered"]


def test_whoever_says_yes_after_we_gave_up_gets_the_very_same_again(town: Town) -> None:
    with receiver() as house:
        hook = town.hook(house.url)
        town.buys("ada", "r1")
        house.answers("late")
        quick = Town(town.shop, patience_s=1)
        quick.go(hook)
        quick.close()
        assert town.tries() == [(None, "no answer within 1 seconds")]
        town.later(seconds=7)
        town.go(hook)
        assert (len(house.came), same(house)) == (2, True)
        assert [one[2] for one in town.sendings()] == ["delivered"]


def test_a_receiver_that_moves_is_found_where_its_name_is_now(town: Town) -> None:
    names: list[list[str]] = [["127.0.0.1"], [], ["10.0.0.1"], ["127.0.0.2"]]

    async def resolve(_host: str, _port: int) -> list[str]:
        return names[0]

    town.dispatcher = Dispatcher(
        town.shop.database, KEYED, lambda: Client(LOOPBACK, patience_s=2, resolve=resolve)
    )
    with receiver() as old:
        hook = town.hook(f"http://moves.example:{old.port}/hook")
        town.buys("ada", "r1")
        town.go(hook)
        assert len(old.came) == 1
    town.buys("ada", "r2")
    with receiver("127.0.0.2", old.port) as new:
        for seconds in (0, 7, 37, 150):
            town.later(seconds=seconds)
            town.go(hook)
            names[:] = names[1:] or names
        assert (len(old.came), len(new.came)) == (1, 1)
    reasons = [why for _, why in town.tries()]
    assert NO_ADDRESS in reasons
    assert any("not called" in one for one in reasons), "what is private is not called meanwhile"
    assert [one[2] for one in town.sendings()] == ["delivered"] * 2
