"""Whatever fails while a shop is asked about an order: nothing is lost or counts twice."""

from __future__ import annotations

import pytest
from tests.crash.faulty import Way, faulty
from tests.surfaces.connect.inlets.test_killed import WAYS, fails_at_each
from tests.surfaces.connect.magento.hook import Endpoint
from tests.surfaces.connect.magento.test_carts import PENS as CART_PENS
from tests.surfaces.connect.magento.test_carts import off, reserves, shopper, stands
from tests.surfaces.connect.magento.test_orders import PENS

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.booker import Booker
from regulars.runtime.working.inlets.looker import Looker


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("way", WAYS)
def test_a_worker_that_is_cut_off_anywhere_loses_no_sale(hook: Endpoint, way: Way) -> None:
    store, shop, name = hook.store, hook.shop, f"m-cut-{way.replace(' ', '-')}"
    email = hook.member(name)
    broken, faults = faulty(shop.database, lambda: shop.now)
    looker = Looker(broken, Programs(shop.database), hook.counter.given.keyed, store.answers)

    async def sold(number: int) -> None:
        store.sells(email, PENS)
        shop.now = max(shop.now, store.clock)
        await hook.told(store.told[-1])
        await hook.booker.book(shop.program_id)
        await looker.look(shop.program_id)

    ended = fails_at_each(hook, sold, way, faults)
    faults.arm(0, way)
    hook.work()
    assert ended > 2, "there is more to fail than that"
    assert hook.points(name) == 10 * ended


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("way", WAYS)
def test_what_was_off_a_cart_is_used_once_wherever_booking_is_cut_off(
    hook: Endpoint, way: Way
) -> None:
    store, shop, name = hook.store, hook.shop, f"c-cut-{way.replace(' ', '-')}"
    who = shopper(hook, name)
    id_ = reserves(hook, name)
    cart = store.cart(who, CART_PENS)
    assert off(hook.tell(cart)) == "5.00"
    store.sells(
        f"{name}@x.org", PENS, customer=who, quote_id=int(cart["quote"]["entity_id"]),
        base_discount_amount=-5.0,
    )  # fmt: skip
    shop.now = max(shop.now, store.clock)
    hook.tell(store.told[-1])
    hook.book()
    hook.shop.run(hook.looker.look(shop.program_id))
    broken, faults = faulty(shop.database, lambda: shop.now)
    booker = Booker(broken, Programs(shop.database), hook.counter.given.keyed)

    async def booked(number: int) -> None:
        await booker.book(shop.program_id)

    fails_at_each(hook, booked, way, faults)
    faults.arm(0, way)
    hook.work()
    assert stands(hook, id_) == "captured"
    assert hook.points(name) == 1520 - 500 + 10
