"""A worker that has run for days goes on with its work after somebody published a version."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.isolation.scenes import HELD_FOR, KIOSK
from tests.makers import Shop, buys, by

from regulars.flows.commands import Redeem
from regulars.flows.midnight import lapse_holds
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.night import Night


@pytest.fixture
def shop(make_database: Callable[[], Any]) -> Iterator[Shop]:
    opened = Shop.open(make_database(), KIOSK)
    opened.joined("a1")
    opened.record(buys(by(external="a1"), 1500))
    yield opened
    opened.close()


def test_holds_lapse_by_the_terms_of_today(shop: Shop) -> None:
    worker = Night(shop.database, Programs(shop.database))
    shop.run(worker.until_done(shop.program_id, lapse_holds))
    shop.publish(KIOSK + "\n# a day later\n")
    shop.redeem(Redeem(by(external="a1"), "coffee"))
    shop.now += HELD_FOR + timedelta(seconds=1)
    shop.run(worker.until_done(shop.program_id, lapse_holds))
    assert shop.balances("a1")["points"] == (15, 0, 0)


def test_the_night_is_done_although_somebody_publishes_in_the_evening(shop: Shop) -> None:
    worker = Night(shop.database, Programs(shop.database))
    shop.run(worker.midnight(shop.program_id, shop.now))
    shop.publish(KIOSK + "\n# in the evening\n")
    shop.now += timedelta(days=40)
    shop.run(worker.midnight(shop.program_id, shop.now))
    assert not [lot for lot in shop.lots("a1") if lot[0] == "points"]


def test_a_program_that_gave_up_its_tiers_has_none_to_review(shop: Shop) -> None:
    before, _, rest = KIOSK.partition("tiers:\n")
    shop.publish(before + rest[rest.index("rewards:") :])
    shop.now += timedelta(days=400)
    worker = Night(shop.database, Programs(shop.database))
    shop.run(asyncio.wait_for(worker.midnight(shop.program_id, shop.now), 5))
