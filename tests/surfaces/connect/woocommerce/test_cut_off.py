"""Whatever fails while a shop is asked: nothing is passed over, nothing counts twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.crash.faulty import Way, faulty
from tests.surfaces.connect.inlets.test_killed import WAYS, fails_at_each
from tests.surfaces.connect.woocommerce.shop import AT, Hook, WooShop
from tests.surfaces.connect.woocommerce.test_orders import member
from tests.surfaces.counter import Counter

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.catcher import Catcher


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("way", WAYS)
def test_a_worker_that_is_cut_off_anywhere_passes_nothing_over(counter: Counter, way: Way) -> None:
    hook, name = Hook(counter), f"cut-{way.replace(' ', '-')}"
    shop, email = WooShop(80_000 + 1000 * WAYS.index(way)), member(hook, name)
    broken, faults = faulty(counter.shop.database, lambda: counter.shop.now)
    hook.asks(shop, AT)
    catcher = Catcher(broken, Programs(counter.shop.database), counter.given.keyed, shop.answers)

    async def caught(number: int) -> None:
        shop.pays(shop.order("10.00", email))
        counter.shop.now += timedelta(minutes=6)
        await catcher.catch_up(counter.shop.program_id)

    ended = fails_at_each(hook, caught, way, faults)
    faults.arm(0, way)
    hook.later(minutes=10)
    hook.catch_up()
    hook.book()
    assert ended > 4, "there is more to fail than that"
    assert hook.points(name) == 10 * ended
    counter.ask("DELETE", hook.place)
