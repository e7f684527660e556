"""Where the lock is missing, the version of the standing still lets nobody spend twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import asyncpg
import pytest
from tests.books import assert_books_right
from tests.makers import Shop, buys

from regulars.base.faults import StaleStanding
from regulars.flows.commands import Redeem
from regulars.flows.membership.change_members import change_members
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.members import read as members
from regulars.records.members.types import ChangeMember
from regulars.records.standing import read, write
from regulars.runtime.serving.gate import Gate
from regulars.runtime.serving.programs import Programs

SOURCE = """
regulars: 1
program: net
name: Net
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 30}}
"""
NO_LOCK = (read, "_LOCK", " order by member_id for update\n", "\n")
NO_NET = (write, "_STANDINGS", "   and standing.version = s.was\n", "")


@pytest.fixture
def shop(make_database: Callable[[], Any]) -> Iterator[Shop]:
    opened = Shop.open(make_database(), SOURCE)
    yield opened
    opened.close()


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Plants a bug in a statement for the length of a test."""

    def planted(room: Any, name: str, healthy: str, broken: str) -> None:
        before = getattr(room, name)
        assert healthy in before
        monkeypatch.setattr(room, name, before.replace(healthy, broken))

    return planted


def races(shop: Shop, times: int = 8) -> tuple[int, int]:
    """How often a cup's price was spent more than once, and how often the net caught it."""
    (ada,) = shop.joined("ada")
    twice = caught = 0
    for _ in range(times):
        shop.record(buys(ada, 3_000))
        answers = shop.together(
            *[lambda tx, terms: redeem_rewards(tx, terms, [Redeem(ada, "cup", capture=True)])] * 3
        )
        done = [one[0] for one in answers if not isinstance(one, BaseException)]
        twice += sum(getattr(one, "state", "") == "captured" for one in done) > 1
        caught += sum(isinstance(one, StaleStanding) for one in answers)
        odd = [one for one in answers if isinstance(one, BaseException)]
        # Read while another wrote, lots and balance may not fit; then the fold itself stops.
        fine = StaleStanding | AssertionError | asyncpg.PostgresError
        assert all(isinstance(one, fine) for one in odd), odd
    return twice, caught


def test_without_the_lock_the_net_catches_it(shop: Shop, plant: Callable[..., None]) -> None:
    plant(*NO_LOCK)
    twice, caught = races(shop)
    assert twice == 0
    assert caught > 0
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_control_without_both_points_are_spent_twice(
    shop: Shop, plant: Callable[..., None]
) -> None:
    plant(*NO_LOCK)
    plant(*NO_NET)
    twice, caught = races(shop)
    assert twice > 0
    assert caught == 0


def test_with_the_lock_the_net_has_nothing_to_catch(shop: Shop) -> None:
    assert races(shop) == (0, 0)


def test_the_gate_decides_anew_what_the_net_caught(shop: Shop, plant: Callable[..., None]) -> None:
    plant(*NO_LOCK)
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 3_000))

    async def by_two_servers() -> list[Any]:
        gates = [Gate(shop.database, Programs(shop.database), width=2) for _ in range(2)]
        wish = Redeem(ada, "cup", capture=True)
        asked = [gate.submit(shop.program_id, redeem_rewards, wish) for gate in gates]
        return await asyncio.gather(*asked, return_exceptions=True)

    states = sorted(getattr(one, "state", "no") for one in shop.run(by_two_servers()))
    assert states == ["captured", "no"]


def test_two_changes_of_one_member_are_told_apart_without_the_lock(
    shop: Shop, plant: Callable[..., None]
) -> None:
    plant(members, "_LOCK", " for update", "")
    (ada,) = shop.joined("ada")
    answers = shop.together(
        *(
            lambda tx, _, n=name: change_members(tx, "DE", [ChangeMember(ada, given_name=n)])
            for name in ("Ada", "Adah", "Adda")
        )
    )
    done = [one for one in answers if not isinstance(one, BaseException)]
    versions = "select version from standing where program_id = $1"
    assert shop.rows(versions) == [(1 + len(done),)]
