"""Orders of a shop whose till, or another source, told them first."""

from __future__ import annotations

from tests.surfaces.connect.woocommerce.shop import AS_ONE_AMOUNT, AT, Hook, WooShop
from tests.surfaces.connect.woocommerce.test_orders import member
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.insight.verify.catalogue import checks
from regulars.surfaces.connect.woocommerce.kind import WooCommerce

TILL = "till-of-woo"
_PLAIN = "external_id: id\n        occurred_at: paid_at"


def told_by_till(mapping: str) -> str:
    assert _PLAIN in mapping
    told = f"external_id: id\n        told_by: [{TILL}]\n        occurred_at: paid_at"
    return mapping.replace(_PLAIN, told, 1)


def by_till(hook: Hook, number: int, minor: int, card: str) -> None:
    said = {"kind": "purchase", "source": TILL, "external_id": str(number)}
    money = {"member": {"card": card}, "amount": {"minor": minor, "currency": "EUR"}}
    answer = hook.counter.post("/v1/activities", said | money)
    assert answer.status_code == 201, answer.text


def test_what_was_passed_as_told_before_overtakes_what_is_older(counter: Counter) -> None:
    hook, shop = Hook(counter, told_by_till(AS_ONE_AMOUNT)), WooShop(71_000)
    number = shop.order("30.00", member(hook, "over"))
    shop.pays(number)
    shop.orders[number]["total"] = "20.00"
    shop.becomes(number, "completed")
    by_till(hook, number, 2000, "over")
    for order in reversed(shop.told[1:]):
        hook.tell(order)
        hook.book()
    assert [code for _, code, _ in hook.states()] == ["duplicate", "overtaken"]
    counter.ask("DELETE", hook.place)


def test_pieces_of_what_the_till_told_as_one_amount_are_their_share_of_it(counter: Counter) -> None:
    hook, shop = Hook(counter, told_by_till(WooCommerce().mapping)), WooShop(72_000)
    lines = [{"id": 1, "name": "Tea", "quantity": 2, "total": "20.00", "sku": "tea"}]
    number = shop.order("20.00", member(hook, "pieces"), line_items=lines)
    shop.pays(number)
    by_till(hook, number, 2000, "pieces")
    hook.tell(shop.told[-1])
    hook.book()
    assert hook.states()[-1] == ("passed", "duplicate", "")
    hook.asks(shop, AT)
    shop.refunds(number, "10.00", {1: 1})
    hook.tell(shop.told[-1])
    hook.look()
    assert (hook.points("pieces"), hook.states()[-1][:2]) == (10, ("booked", ""))
    counter.ask("DELETE", hook.place)


def test_pieces_of_what_the_till_told_with_another_total_come_back(counter: Counter) -> None:
    """The till told the goods; the shop tells them with carriage."""
    hook, shop = Hook(counter, told_by_till(WooCommerce().mapping)), WooShop(73_000)
    lines = [{"id": 1, "name": "Tea", "quantity": 2, "total": "20.00", "sku": "tea"}]
    number = shop.order("24.90", member(hook, "carried"), line_items=lines)
    by_till(hook, number, 2000, "carried")
    hook.asks(shop, AT)
    shop.pays(number)
    hook.tell(shop.told[-1])
    hook.book()
    assert hook.points("carried") == 20
    shop.refunds(number, "10.00", {1: 1})
    hook.tell(shop.told[-1])
    hook.look()
    assert hook.points("carried") == 10
    (last, *_) = hook.counter.get(f"{hook.place}/events?state=refused").json()["items"]
    assert "2000 minor units, and it is told with 2490 now" in last["reason"]
    shop.becomes(number, "refunded")
    hook.tell(shop.told[-1])
    hook.look()
    assert hook.points("carried") == 0
    counter.ask("DELETE", hook.place)


def test_with_another_total_a_number_alone_is_nobodys_sale_but_the_tills(counter: Counter) -> None:
    hook, shop = Hook(counter, told_by_till(WooCommerce().mapping)), WooShop(74_000)
    member(hook, "tilled")
    number = shop.order("24.90", "a.guest@x.org")
    by_till(hook, number, 2000, "tilled")
    hook.asks(shop, AT)
    shop.pays(number)
    hook.tell(shop.told[-1])
    hook.book()
    shop.becomes(number, "refunded")
    hook.tell(shop.told[-1])
    hook.look()
    assert hook.points("tilled") == 20, "a stranger's order was given back"
    counter.ask("DELETE", hook.place)


def test_what_the_till_told_with_another_total_may_be_another_sale(counter: Counter) -> None:
    """Till and shop count with the same numbers: the mapping is mended, and the order booked."""
    hook, shop = Hook(counter, told_by_till(WooCommerce().mapping)), WooShop(75_000)
    number = shop.order("24.00", member(hook, "collided"))
    by_till(hook, number, 2000, "collided")
    hook.asks(shop, AT)
    shop.pays(number)
    hook.tell(shop.told[-1])
    hook.book()
    assert hook.points("collided") == 20
    (event, *_) = counter.get(f"{hook.place}/events?state=refused").json()["items"]
    assert "another sale" in event["mend"]
    place = f"{hook.place}/events/{event['id']}"
    (taken,) = counter.get(place).json()["activities"]
    mia = Browser(counter)
    mia.sign_in(somebody(counter).email)
    page = mia.get(f"/console/sources/{hook.place.rpartition('/')[2]}/{event['id']}").text
    assert f'name="activity" value="{taken["activity_id"]}"' in page
    said = counter.post(f"{place}/another", {"activities": [taken["activity_id"]]})
    assert (said.status_code, said.json().get("again")) == (202, 1), said.text
    hook.book()
    assert hook.points("collided") == 44
    shop.refunds(number, "24.00", {1: 10})
    hook.tell(shop.told[-1])
    hook.look()
    assert hook.points("collided") == 20, "what comes back is of its own sale"
    sound = next(one.sql for one in checks() if one.name == "arrivals_end")
    assert not counter.shop.rows(f"select * from ({sound}) x where $1 > 0")
    counter.ask("DELETE", hook.place)
