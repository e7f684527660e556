"""Whatever fails while an account is asked about a hint: nothing is lost, nothing counts twice."""

from __future__ import annotations

import pytest
from tests.crash.faulty import Way, faulty
from tests.surfaces.connect.inlets.test_killed import WAYS, fails_at_each
from tests.surfaces.connect.stripe.hook import Endpoint

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.looker import Looker


@pytest.mark.parametrize("way", WAYS)
def test_a_worker_that_is_cut_off_anywhere_loses_no_payment(hook: Endpoint, way: Way) -> None:
    account, shop, name = hook.account, hook.shop, f"cut-{way.replace(' ', '-')}"
    sub = account.subscribes(hook.member(name))
    hook.hear()
    broken, faults = faulty(shop.database, lambda: shop.now)
    looker = Looker(broken, Programs(shop.database), hook.counter.given.keyed, account.answers)
    before = hook.points(name)

    async def renewed(number: int) -> None:
        account.renews(sub)
        shop.now = max(shop.now, account.clock)
        await hook.told(account.told[-1])
        await hook.booker.book(shop.program_id)
        await looker.look(shop.program_id)

    ended = fails_at_each(hook, renewed, way, faults)
    faults.arm(0, way)
    hook.work()
    assert ended > 2, "there is more to fail than that"
    # What is told a year late was past due by the clock meanwhile.
    told = [what for what in hook.turns(sub) if what != "past_due"]
    assert told == ["started", *["paid"] * ended]
    assert hook.membership(sub)["state"] == "active"
    assert hook.points(name) - before <= 200 * ended
