"""Orders of a shop on Adobe Commerce are points of its members, whatever comes of them."""

from __future__ import annotations

from random import Random

import pytest
from tests.surfaces.connect.magento.hook import Endpoint
from tests.surfaces.connect.magento.shop import MagentoShop
from tests.surfaces.counter import Counter, problem

PAPER = ("a4-80", 10, "4.50", "9.90")
PENS = ("pen", 10, "1.00", "2.20")


def test_the_office_supplies_run_on_it_from_an_order_to_its_last_box(hook: Endpoint) -> None:
    shop, email = hook.store, hook.member("m-ada")
    order = shop.order(email, PAPER, PENS, shipping="6.90")
    hook.hear()
    assert hook.points("m-ada") == 0
    shop.pays(order)
    hook.hear()
    # 55 without tax and shipping, two sets of five boxes, and 20 for an order of 50 on line.
    assert hook.points("m-ada") == 55 + 10 + 20
    shop.takes_back(order, {0: 1})
    hook.hear()
    # Nine boxes are one set of five, and 50.50 without tax are 50 points and an order of 50 yet.
    assert hook.points("m-ada") == 50 + 5 + 20
    shop.takes_back(order, {1: 10})
    hook.hear()
    assert hook.points("m-ada") == 40 + 5
    shop.gives_money_back(order, 200.0)
    hook.hear()
    assert hook.points("m-ada") == 0


def test_an_event_is_a_hint_whichever_fields_it_was_given(hook: Endpoint) -> None:
    shop, email = hook.store, hook.member("m-hint")
    one, other, third = (shop.sells(email, PENS) for _ in range(3))
    hook.shop.now = max(hook.shop.now, shop.clock)
    number = shop.orders[other]["increment_id"]
    hook.tell({"order": {"entity_id": str(one), "base_grand_total": "9999.000000"}})
    hook.tell({"order": {"increment_id": number}})
    hook.tell({"eventName": "x", "data": {"order_id": third, "entity_id": "7"}})
    hook.work()
    assert hook.points("m-hint") == 30


def test_an_order_that_is_saved_twice_with_the_same_words_is_asked_for_twice(
    hook: Endpoint,
) -> None:
    shop, email = hook.store, hook.member("m-twice")
    order = shop.order(email, PENS)
    hook.shop.now = shop.clock
    hook.tell({"order": {"entity_id": order, "status": "x"}})
    hook.work()
    assert hook.points("m-twice") == 0
    shop.pays(order)
    hook.later(seconds=2)
    hook.tell({"order": {"entity_id": order, "status": "x"}})
    hook.work()
    assert hook.points("m-twice") == 10


def test_by_adobes_events_it_is_the_same(hook: Endpoint) -> None:
    shop, email = hook.store, hook.member("m-io")
    shop.sells(email, PENS)
    hook.shop.now = max(hook.shop.now, shop.clock)
    event = shop.as_io(shop.told[-1])
    for _ in range(2):
        answer = hook.tell(event, by_adobe=True)
        assert answer.status_code == 200, answer.text
        hook.later(seconds=5)
    hook.work()
    assert hook.points("m-io") == 10
    assert len(hook.states()) == 2, "the hint once, and the order"
    together = [event]
    for _ in range(2):
        shop.sells(email, PENS)
        together.append(shop.as_io(shop.told[-1]))
    hook.shop.now = max(hook.shop.now, shop.clock)
    assert hook.tell(together, by_adobe=True).status_code == 200
    hook.work()
    assert hook.points("m-io") == 30


def test_a_customer_whose_address_is_sure_is_known_by_their_number(hook: Endpoint) -> None:
    shop, email = hook.store, hook.member("m-named")
    known = shop.customer(email)
    hook.hear()
    shop.sells("another@x.org", PENS, customer=known)
    hook.hear()
    assert hook.points("m-named") == 10
    unsure = shop.customer(hook.member("m-unsure"), confirmation="not-yet")
    hook.hear()
    shop.sells("elsewhere@x.org", PENS, customer=unsure)
    hook.hear()
    assert hook.points("m-unsure") == 0


def test_customer_17_of_another_shop_is_somebody_else(hook: Endpoint) -> None:
    other = Endpoint(hook.counter, MagentoShop())
    ada = hook.store.customer(hook.member("m-first"))
    hook.hear()
    bob = other.store.customer("bob@x.org", id=ada)
    other.store.sells("bob@x.org", PENS, customer=bob)
    other.hear()
    assert hook.points("m-first") == 0
    third = {"name": "Third", "kind": "magento", "mapping": other.mapping}
    refused = hook.counter.post("/v1/inlets", third)
    assert problem(refused) == (422, "invalid", "/mapping")
    shared = other.mapping.replace("{source}-", hook.made["inlet"]["source"] + "-")
    changed = hook.counter.ask("PATCH", other.place, {"mapping": shared})
    assert problem(changed) == (422, "invalid", "/mapping")
    named = other.mapping.replace("Adobe Commerce", "Our second shop")
    assert hook.counter.ask("PATCH", other.place, {"mapping": named}).status_code == 200
    hook.counter.ask("DELETE", other.place)


@pytest.mark.parametrize("seed", range(4))
def test_in_any_order_the_books_are_the_same(counter: Counter, seed: int) -> None:
    hook = Endpoint(counter, MagentoShop())
    shop, email = hook.store, hook.member(f"m-shuffled-{seed}")
    kept, back, gone = (shop.sells(email, PAPER, PENS) for _ in range(3))
    shop.takes_back(kept, {0: 1})
    shop.takes_back(back, {0: 10})
    shop.takes_back(gone, {0: 10, 1: 10})
    shop.takes_back(back, {1: 10})
    shop.takes_back(kept, {1: 10})
    told = list(shop.told)
    Random(seed).shuffle(told)
    hook.shop.now = max(hook.shop.now, shop.clock)
    for at, event in enumerate(told):
        assert hook.tell(event).status_code == 200
        if at % 4 == seed:
            hook.work()
            hook.later(seconds=2)
    hook.work()
    assert hook.points(f"m-shuffled-{seed}") == 40 + 5
    assert {state for state, *_ in hook.states()} == {"booked", "passed"}
    counter.ask("DELETE", hook.place)


def test_what_stored_value_paid_whole_comes_back_by_its_pieces(hook: Endpoint) -> None:
    shop, email = hook.store, hook.member("m-stored")
    paid = {"base_grand_total": 0, "extension_attributes": {"base_gift_cards_amount": 12.2}}
    part, whole = (shop.sells(email, PENS, **paid) for _ in range(2))
    hook.hear()
    assert hook.points("m-stored") == 20
    shop.takes_back(part, {0: 4})  # of which the shop says that 0 was given back, and closes it
    hook.hear()
    assert (shop.orders[part]["state"], hook.points("m-stored")) == ("closed", 16)
    shop.takes_back(whole, {0: 10})
    hook.hear()
    assert hook.points("m-stored") == 6


def test_money_for_no_piece_is_written_down(hook: Endpoint) -> None:
    shop, email = hook.store, hook.member("m-money")
    order = shop.sells(email, PENS)
    shop.gives_money_back(order, 2.0)
    hook.hear()
    assert (hook.points("m-money"), hook.kinds("money-back")) == (10, 1)


def test_a_credit_memo_that_was_cancelled_gives_nothing_back(hook: Endpoint) -> None:
    shop, email = hook.store, hook.member("m-canceled")
    order = shop.sells(email, PENS)
    shop.takes_back(order, {0: 5}, state=3)
    hook.hear()
    assert hook.points("m-canceled") == 10
