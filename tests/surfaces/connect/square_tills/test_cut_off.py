"""Whatever fails while an account is asked about an order: nothing is lost or counts twice."""

from __future__ import annotations

import pytest
from tests.crash.faulty import Way, faulty
from tests.surfaces.connect.inlets.test_killed import WAYS, fails_at_each
from tests.surfaces.connect.square_tills.hook import Endpoint
from tests.surfaces.connect.square_tills.test_orders import TEA, known

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.looker import Looker


@pytest.mark.parametrize("way", WAYS)
def test_a_worker_that_is_cut_off_anywhere_loses_no_sale(hook: Endpoint, way: Way) -> None:
    account, shop, name = hook.account, hook.shop, f"q-cut-{way.replace(' ', '-')}"
    who = known(hook, name)
    hook.hear()
    broken, faults = faulty(shop.database, lambda: shop.now)
    looker = Looker(broken, Programs(shop.database), hook.counter.given.keyed, account.answers)

    async def sold(number: int) -> None:
        account.sells(TEA, customer=who)
        shop.now = max(shop.now, account.clock)
        await hook.told(account.told[-1])
        await hook.booker.book(shop.program_id)
        await looker.look(shop.program_id)

    ended = fails_at_each(hook, sold, way, faults)
    faults.arm(0, way)
    hook.work()
    assert ended > 2, "there is more to fail than that"
    assert hook.points(name) == 30 * ended
