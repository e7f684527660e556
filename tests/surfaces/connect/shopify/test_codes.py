"""A code of a reward is a discount code in the shop: once, over in both places, whatever breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from tests.flows.points.test_codes import CINEMA
from tests.makers import Shop
from tests.surfaces.connect.shopify.shop import Hook, Store
from tests.surfaces.connect.woocommerce.shop import AT, WooShop
from tests.surfaces.connect.woocommerce.shop import Hook as WooHook
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter, buys

from regulars.records.rewards.codes.shops.types import TWICE
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.code_teller import CodeTeller
from regulars.surfaces.connect.catching.asking import Shop as Asked
from regulars.surfaces.connect.catching.codes import CodeThere
from regulars.surfaces.connect.catching.keys import ShopKeys
from regulars.surfaces.connect.woocommerce.codes import WooCommerceCodes

_NUMBERS = count(9_000)
PAGE = "/console/sources"
SHOWS = f"""{CINEMA}
  - id: tenth
    name: A tenth off
    price: {{points: 10}}
    gives: {{kind: code, percent: 10, from_amount: "20.00"}}
  - id: tea
    name: A tea
    price: {{points: 20}}
    worth: "3.50"
    gives: {{kind: code, skus: [T-1, T-2]}}
  - id: half
    name: Half
    price: {{points: 10}}
    gives: {{kind: code, percent: 50}}
  - id: gone
    name: No tea
    price: {{points: 10}}
    worth: "1.00"
    gives: {{kind: code, skus: [T-1, T]}}
"""


@pytest.fixture(scope="module")
def counter(database: object) -> Iterator[Counter]:
    shop = Shop.open(database, SHOWS)  # type: ignore[arg-type]
    opened = Counter(shop, ticks=lambda: shop.now.timestamp())  # noqa: PLW0108
    yield opened
    opened.close()


@pytest.fixture
def owner(counter: Counter) -> Browser:
    """Signed in anew, as days go by between two tests."""
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


class Desk:
    """A shop that has the codes, and a worker that is called by hand."""

    def __init__(self, hook: Any, store: Any, owner: Browser) -> None:
        self.hook, self.store, self.owner = hook, store, owner
        hook.later(minutes=1)  # codes of before are none of its own
        self.counter: Counter = hook.counter
        self.place = f"{PAGE}/{hook.made['id']}/codes"
        database = hook.shop.database
        keyed = self.counter.given.keyed
        self.teller = CodeTeller(database, Programs(database), keyed, store.answers)

    def turn(self, turn: str) -> Any:
        return self.owner.post(self.place, {"turn": turn})

    def tell(self) -> None:
        self.hook.shop.run(self.teller.tell(self.hook.shop.program_id))

    def code(self, card: str, *, new: bool = True, reward: str = "snack") -> str:
        """Somebody takes a reward, and this is the code they read."""
        if new:
            self.counter.joined(card)
        self.counter.post("/v1/activities", buys(card, 10_000))
        wish = {"member": {"card": card}, "reward": reward, "capture": True}
        done = self.counter.post("/v1/redemptions", wish)
        assert done.status_code == 201, done.text
        return str(done.json()["code"])

    def states(self) -> list[tuple[str, str]]:
        return self.hook.shop.rows(  # type: ignore[no-any-return]
            "select state, problem from shop_code where program_id = $1 and inlet_id = "
            "$2::text::uuid order by code_id",
            self.hook.made["id"].removeprefix("inl_"),
        )

    def standing(self, code: str) -> str:
        return str(self.counter.get(f"/v1/reward-codes?code={code}").json()["state"])


@pytest.fixture
def desk(counter: Counter, owner: Browser) -> Iterator[Desk]:
    hook = Hook(counter, Store(next(_NUMBERS)))
    made = Desk(hook, hook.store, owner)
    assert made.turn("on").status_code == 303
    yield made
    made.owner.sign_in(somebody(counter).email)
    assert made.turn("off").status_code == 303
    counter.ask("DELETE", hook.place)


@pytest.fixture
def woo(counter: Counter, owner: Browser) -> Iterator[Desk]:
    hook, store = WooHook(counter), WooShop(next(_NUMBERS) * 1000)
    hook.asks(store, AT)
    made = Desk(hook, store, owner)
    assert made.turn("on").status_code == 303
    yield made
    made.turn("off")
    counter.ask("DELETE", hook.place)


def test_a_code_that_was_taken_is_in_the_shop_once(desk: Desk) -> None:
    code = desk.code("S-1")
    desk.tell()
    desk.tell()
    ((there, told),) = desk.store.codes.items()
    assert there == code
    assert told["customerGets"]["value"]["discountAmount"]["amount"] == "2.50"
    assert (told["usageLimit"], told["context"]) == (1, {"all": "ALL"})
    assert desk.states() == [("made", "")]


def test_who_is_known_there_has_it_for_themselves(desk: Desk) -> None:
    member = desk.counter.joined("S-2")
    names = {"link": [{"kind": "external", "value": "shopify-77"}]}
    linked = desk.counter.post(f"/v1/members/{member}/identifiers", names)
    assert linked.status_code in (200, 201), linked.text
    code = desk.code("S-2", new=False)
    desk.tell()
    whose = {"customers": {"add": ["gid://shopify/Customer/77"]}}
    assert desk.store.codes[code]["context"] == whose


def test_used_in_the_shop_it_is_used_here(desk: Desk) -> None:
    code = desk.code("S-3")
    desk.tell()
    paid = {"discount_codes": [{"code": code.lower(), "amount": "2.50", "type": "fixed_amount"}]}
    store = desk.store
    store.pays(store.order("who@x.org", ("tea", "10.00", 1), **paid))
    for _ in range(2):
        desk.hook.tell(store.told[-1])
        store.changed(next(iter(store.orders)), financial_status="paid", phone="+4930901820")
        desk.hook.book()
    assert desk.standing(code) == "used"
    assert {state for state, *_ in desk.hook.states()} == {"booked"}
    assert {why for _, why in desk.states()} == {""}, "one order that is told twice is one use"


def test_used_at_the_till_and_in_the_shop_it_is_said_to_be_used_twice(desk: Desk) -> None:
    code = desk.code("S-33")
    desk.tell()
    desk.counter.post("/v1/code-uses", {"code": code, "store": "foyer"})
    store = desk.store
    store.pays(store.order("who@x.org", ("tea", "10.00", 1), discount_codes=[{"code": code}]))
    desk.hook.tell(store.told[-1])
    desk.hook.book()
    desk.tell()
    assert desk.states() == [("ended", TWICE)], "it is over there, and what happened stands"
    page = desk.owner.get(f"{PAGE}/{desk.hook.made['id']}").text
    assert (code in page, TWICE in page, "Try again what failed" in page) == (True, True, False)


def test_an_unpaid_order_or_a_code_of_another_uses_nothing(desk: Desk) -> None:
    code = desk.code("S-4")
    other = desk.code("S-5")
    desk.tell()
    store = desk.store
    codes = {"discount_codes": [{"code": code}]}
    store.order("who@x.org", ("tea", "10.00", 1), **codes)
    strange = {"discount_codes": [{"code": "SUMMER"}, {"code": None}, {"code": "X" * 500}, 7]}
    store.pays(store.order("who@x.org", ("tea", "10.00", 1), **strange))
    for told in store.told:
        desk.hook.tell(told)
    desk.hook.book()
    assert (desk.standing(code), desk.standing(other)) == ("issued", "issued")


def test_used_at_the_till_or_withdrawn_it_is_over_in_the_shop(desk: Desk) -> None:
    used, withdrawn = desk.code("S-6"), desk.code("S-7")
    desk.tell()
    desk.counter.post("/v1/code-uses", {"code": used, "store": "foyer"})
    done = desk.counter.post("/v1/code-withdrawals", {"code": withdrawn, "reason": "by mistake"})
    assert done.json()["state"] == "withdrawn"
    desk.tell()
    assert [desk.store.codes[code]["active"] for code in (used, withdrawn)] == [False, False]
    assert {state for state, _ in desk.states()} == {"ended"}


def test_a_shop_that_is_down_for_three_days_has_each_code_once_afterwards(desk: Desk) -> None:
    desk.store.down = True
    codes = [desk.code(f"S-8{n}") for n in range(3)]
    for _ in range(72):
        desk.tell()
        desk.hook.later(hours=1)
    assert {problem for _, problem in desk.states()} == {"it refuses the connection"}
    desk.store.down = False
    desk.hook.later(hours=1)
    desk.tell()
    assert sorted(desk.store.codes) == sorted(codes)
    assert {state for state, _ in desk.states()} == {"made"}


def test_an_answer_nobody_heard_makes_no_second_code(desk: Desk) -> None:
    code = desk.code("S-9")
    desk.store.breaks = True
    desk.hook.connects(desk.hook.shop.now, key="shpat_own")
    desk.tell()
    assert desk.states() == [("wanted", "the connection broke off")]
    desk.store.breaks = False
    desk.hook.later(minutes=5)
    desk.tell()
    assert (list(desk.store.codes), desk.states()) == ([code], [("made", "")])


def test_a_code_of_somebody_else_there_is_said_and_tried_again_when_wanted(desk: Desk) -> None:
    code = desk.code("S-10")
    desk.store.codes[code] = {"id": "gid://shopify/DiscountCodeNode/9", "title": "Summer"}
    desk.tell()
    says = "the shop has this code already, and it is not ours"
    assert desk.states() == [("failed", says)]
    assert says in desk.owner.get(f"{PAGE}/{desk.hook.made['id']}").text
    del desk.store.codes[code]
    assert desk.turn("again").status_code == 303
    desk.tell()
    assert desk.states() == [("made", "")]


def test_a_pause_is_kept_and_codes_of_before_stay_here(desk: Desk) -> None:
    desk.code("S-11")
    desk.store.points = 0
    desk.tell()
    assert desk.states() == [("wanted", "it asks for a pause")]
    desk.store.points = 1000
    desk.hook.later(minutes=1)
    desk.tell()
    assert desk.states() == [("made", "")]
    assert desk.turn("off").status_code == 303
    desk.code("S-12")
    desk.tell()
    assert len(desk.states()) == 1


def test_two_shops_never_have_the_same_codes(desk: Desk, counter: Counter) -> None:
    other = Hook(counter, Store(next(_NUMBERS)))
    answer = desk.owner.post(f"{PAGE}/{other.made['id']}/codes", {"turn": "on"})
    assert (answer.status_code, "Another shop has the codes" in answer.text) == (422, True)
    counter.ask("DELETE", other.place)


def test_woocommerce_has_it_as_a_coupon_for_whose_it_is(woo: Desk) -> None:
    member = woo.counter.joined("W-1")
    names = {"link": [{"kind": "email", "value": "ada@x.org"}]}
    linked = woo.counter.post(f"/v1/members/{member}/identifiers", names)
    assert linked.status_code in (200, 201), linked.text
    code = woo.code("W-1", new=False)
    woo.store.breaks = True
    woo.tell()
    woo.store.breaks = False
    woo.hook.later(minutes=5)
    woo.tell()
    (coupon,) = woo.store.coupons.values()
    assert (coupon["code"], coupon["amount"], coupon["usage_limit"]) == (code.lower(), "2.50", 1)
    assert coupon["email_restrictions"] == ["ada@x.org"]
    number = woo.store.order("7.50", "ada@x.org", coupon_lines=[{"id": 1, "code": code.lower()}])
    woo.store.pays(number)
    woo.hook.tell(woo.store.told[-1])
    woo.hook.book()
    assert woo.standing(code) == "used"
    woo.tell()
    assert coupon["date_expires_gmt"] == "2000-01-01T00:00:00"
    assert woo.states() == [("ended", "")]


def test_a_code_is_used_too_by_an_order_that_the_till_told_first(woo: Desk) -> None:
    code = woo.code("W-told")
    woo.tell()
    told_by = "external_id: id\n        told_by: [till-1]\n        occurred_at: paid_at"
    plain = "external_id: id\n        occurred_at: paid_at"
    wish = {"mapping": woo.hook.mapping.replace(plain, told_by, 1)}
    assert woo.counter.ask("PATCH", woo.hook.place, wish).status_code == 200
    number = woo.store.order("7.50", "who@x.org", coupon_lines=[{"id": 1, "code": code.lower()}])
    till = {"kind": "purchase", "source": "till-1", "external_id": str(number)}
    money = {"amount": {"minor": 750, "currency": "EUR"}}
    assert woo.counter.post("/v1/activities", till | money).status_code == 201
    woo.store.pays(number)
    woo.hook.tell(woo.store.told[-1])
    woo.hook.book()
    assert woo.hook.states()[-1] == ("passed", "duplicate", "")
    assert woo.standing(code) == "used"


def test_what_woocommerce_does_not_take_is_said(woo: Desk) -> None:
    code = woo.code("W-2")
    woo.store.coupons[5] = {"id": 5, "code": code.lower(), "description": "Summer"}
    woo.store.lets_in = "ck_1:other"
    woo.tell()
    assert woo.states() == [("wanted", "it does not know this key and secret")]
    woo.store.lets_in = "ck_1:cs_1"
    woo.hook.later(minutes=5)
    woo.tell()
    assert woo.states() == [("failed", "the shop has this code already, and it is not ours")]
    woo.counter.post("/v1/code-uses", {"code": code})
    woo.turn("again")
    woo.tell()
    assert woo.store.coupons[5]["description"] == "Summer"
    woo.store.coupons[6] = {"id": 6, "code": "autumn", "description": "Autumn"}
    shop = Asked("https://other.example.org", ShopKeys("ck_1", "cs_1"))
    asyncio.run(WooCommerceCodes().end(woo.store.answers, shop, code, "6"))
    assert "date_expires_gmt" not in woo.store.coupons[6], "6 was its number in another shop"


def test_a_percentage_a_least_basket_and_goods_are_told_as_they_were_promised(desk: Desk) -> None:
    desk.store.articles = {"T-1": 11, "T-2": 12}
    tenth, tea, gone = (desk.code(f"P-{one}", reward=one) for one in ("tenth", "tea", "gone"))
    desk.tell()
    told, free = desk.store.codes[tenth], desk.store.codes[tea]
    assert told["customerGets"] == {"value": {"percentage": 0.1}, "items": {"all": True}}
    assert told["minimumRequirement"] == {"subtotal": {"greaterThanOrEqualToSubtotal": "20.00"}}
    off = {"amount": "3.50", "appliesOnEachItem": False}
    ids = [f"gid://shopify/ProductVariant/{one}" for one in (11, 12)]
    items = {"products": {"productVariantsToAdd": ids}}
    assert free["customerGets"] == {"value": {"discountAmount": off}, "items": items}
    assert free["minimumRequirement"] is None
    assert gone not in desk.store.codes
    assert desk.states()[-1] == ("failed", "the shop has no article T")


@pytest.mark.parametrize("vendor", ["desk", "woo"])
def test_an_amount_is_no_amount_of_another_currency(
    vendor: str, request: pytest.FixtureRequest
) -> None:
    desk: Desk = request.getfixturevalue(vendor)
    desk.store.priced_in = "CZK"
    rewards = ("snack", "tenth", "half")
    codes = [desk.code(f"{vendor}-{one}", reward=one) for one in rewards]
    desk.tell()
    assert [state for state, _ in desk.states()] == ["failed", "failed", "made"]
    assert "prices are in CZK, and this code is told in EUR" in desk.states()[0][1]
    there = [*getattr(desk.store, "codes", ())]
    there += [one["code"].upper() for one in desk.store.__dict__.get("coupons", {}).values()]
    assert there == [codes[2]]


def test_of_woocommerce_where_no_settings_may_be_read_the_latest_order_says_its_money(
    woo: Desk,
) -> None:
    woo.store.reads_settings = False
    woo.code("W-3")
    woo.tell()
    assert "this key may not read settings" in woo.states()[0][1]
    woo.store.order("7.50", "who@x.org")
    woo.hook.later(minutes=5)
    woo.tell()
    assert woo.states() == [("made", "")]
    woo.store.reads_settings, woo.store.priced_in = True, "CZK"
    woo.hook.asks(woo.store, AT, "https://other.example.org")
    woo.code("W-4")
    woo.tell()
    assert woo.states()[-1][0] == "failed", "the shop at the new address is asked anew"


def test_of_woocommerce_an_amount_off_goods_is_off_one_piece_of_them(woo: Desk) -> None:
    woo.store.articles = {"T-1": 11, "T-2": 12}
    codes = [woo.code(f"W-{one}", reward=one) for one in ("tenth", "tea", "gone")]
    woo.tell()
    names = ("discount_type", "amount", "minimum_amount", "product_ids", "limit_usage_to_x_items")
    told = {one["code"]: tuple(one[name] for name in names) for one in woo.store.coupons.values()}
    assert told == {
        codes[0].lower(): ("percent", "10", "20.00", [], None),
        codes[1].lower(): ("fixed_product", "3.50", "", [11, 12], 1),
    }
    assert woo.states()[-1] == ("failed", "the shop has no article T")


def test_of_woocommerce_as_many_goods_are_found_as_a_code_may_have() -> None:
    store = WooShop()
    store.articles = {f"T-{one}": one for one in range(1, 21)}
    shop = Asked("https://tea.example.org", ShopKeys("ck_1", "cs_1"))
    code = CodeThere("C", "Regulars C", "3.50", AT, None, skus=tuple(store.articles))
    asyncio.run(WooCommerceCodes().make(store.answers, shop, code))
    assert [one["product_ids"] for one in store.coupons.values()] == [list(range(1, 21))]
