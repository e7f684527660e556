"""Steps that find a million members at one end look through them once, not for each batch anew."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from tests.makers import Shop, brings_back, buys, by

from regulars.flows.commands import Redeem
from regulars.flows.midnight import WALKING, foretell_tiers, post_notices
from regulars.flows.points.write_off_debts import write_off_old_debts
from regulars.records.ledger.ends import read as ends
from regulars.records.night import read as walks
from regulars.records.night.ahead import Ahead
from regulars.records.night.read import some_ahead
from regulars.records.outbox import read as outbox
from regulars.records.standing import read as standing
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working import night

ENDING = """
regulars: 1
program: ending
name: Ending
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 3 months, round_up_to: year}, notice: {days: 10}}
  coins: {negative: debt, write_off_after: 30 days}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: coin, on: purchase, wallet: coins, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {coins: 30}}
tiers:
  notice_days: 30
  steps: [{id: silver, at: "50.00"}]
"""
_LAID = "select kind, count(*)::int from message where program_id = $1 group by 1 order by 1"
_FORGIVEN = "select count(*)::int from entry where program_id = $1 and reason like 'owed since%'"
_FOUND_AT_ONCE = ((outbox, "untold"), (standing, "unlooked"), (ends, "owing"), (ends, "debtors"))


def lived(shop: Shop, count: int) -> None:
    """So many silver members whose points end together; the last of them owe."""
    names = [f"m{number}" for number in range(count)]
    shop.joined(*names)
    shop.record(*(buys(by(external=name), 6_000, receipt=f"r-{name}") for name in names))
    for name in names[-3:]:
        shop.redeem(Redeem(by(external=name), "cup"))
        shop.record(brings_back(f"r-{name}"))


def looked_through(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions of two nights that look through everybody at one end."""
    asked: list[str] = []
    for room, begins in _FOUND_AT_ONCE:
        for name in [one for one in vars(room) if one.startswith(begins)]:
            real = getattr(room, name)

            async def asking(*args: Any, _real: Any = real, _name: str = name) -> Any:
                if _name != "owing_since" or args[3] is None:
                    asked.append(_name)
                return await _real(*args)

            monkeypatch.setattr(room, name, asking)
    worker = night.Night(shop.database, Programs(shop.database))
    for step in (post_notices, write_off_old_debts, foretell_tiers):
        if step is foretell_tiers:
            shop.at("2027-12-20 12:00")
        shop.run(asyncio.wait_for(worker.until_done(shop.program_id, step), 60))
    return asked


def test_how_often_everybody_is_looked_through_does_not_grow_with_the_batches(
    open_shop: Callable[[str], Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(night, "CHUNK", 2)
    monkeypatch.setattr(walks, "LISTED", 7)
    shop = open_shop(ENDING)
    lived(shop, 12)
    shop.at("2026-12-20 12:00")
    asked = looked_through(shop, monkeypatch)
    # Twelve in two lists of seven, in batches of two; three who owe in one.
    assert len(asked) == 2 + 2 + 1, asked
    assert shop.rows(_LAID) == [("expiry_notice", 9), ("tier_notice", 12)]
    assert shop.rows(_FORGIVEN) == [(3,)]


def test_who_was_given_out_and_not_done_is_given_out_again() -> None:
    members = [UUID(int=number) for number in range(1, 6)]

    async def find(after: UUID | None, most: int) -> bytes:
        behind = [one for one in members if after is None or one > after]
        return b"".join(one.bytes for one in behind[:most])

    async def story() -> list[list[UUID]]:
        walk = Ahead()
        given = [await some_ahead(walk, 0, find, 4), await some_ahead(walk, 0, find, 2)]
        walk.went_on()
        walk.went_on()
        return [*given, await some_ahead(walk, 0, find, 9), await some_ahead(walk, 7, find, 1)]

    first, smaller, rest, other = asyncio.run(story())
    assert (first, smaller, rest) == (members[:4], members[:2], members[2:])
    assert other == members[:1], "each list has a place of its own"


def test_the_steps_that_walk_are_steps_of_the_night() -> None:
    assert set(WALKING) == {foretell_tiers, post_notices, write_off_old_debts}
