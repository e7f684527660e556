"""What a page of a web shop may ask: from its own origins only, and only about who is in there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from msgspec.structs import replace
from tests.makers import Made, Shop
from tests.surfaces.card.pocket import signed_in
from tests.surfaces.counter import Counter, buys, problem
from tests.surfaces.shop.page import HERE, ShopPage, shop_key

from regulars.records.access.members.types import MACHINE_LIMITS
from regulars.records.program.templates import load_template
from regulars.runtime.examples.shop.window.opening import IN_THE_WINDOW
from regulars.runtime.examples.shop.window.selling import NotSold, Order, ShopServer, Wanted
from regulars.surfaces.app import build
from regulars.surfaces.signing_in import COOKIE_PLAIN

BENEFITS = IN_THE_WINDOW + "  - {id: early-roast, name: Early roast, by: grant, skus: [early]}\n"
ADA, EVE = "ada@example.org", "eve@example.org"


@pytest.fixture(scope="module")
def counter(database: Made) -> Iterator[Counter]:
    """The coffee shop with benefits, where e-mail can be sent."""
    shop = Shop.open(database, load_template("coffee-shop") + BENEFITS)
    counter = Counter(shop)
    counter.given = replace(counter.given, channels=frozenset({"email"}))
    counter.client = httpx.AsyncClient(
        transport=httpx.ASGITransport(build(counter.given, later=True)),  # type: ignore[arg-type]
        base_url="http://shop.test",
    )
    for email, card in ((ADA, "A-1"), (EVE, "E-1")):
        names = [{"kind": "email", "value": email}, {"kind": "card", "value": card}]
        counter.post("/v1/members", {"identifiers": names, "given_name": email[:3].title()})
    counter.post("/v1/activities", buys("A-1", 25_000))
    yield counter
    counter.close()


@pytest.fixture(scope="module")
def key(counter: Counter) -> str:
    return shop_key(counter, HERE, "http://localhost:3000")


@pytest.fixture(scope="module")
def ada(counter: Counter, key: str) -> ShopPage:
    page = ShopPage(counter, key)
    assert page.sign_in(ADA).status_code == 200
    return page


@pytest.fixture(autouse=True)
def an_hour_later(counter: Counter) -> None:
    """So that the codes that were asked for before do not count any more."""
    counter.shop.now += timedelta(hours=1)


def test_a_page_from_elsewhere_is_answered_nothing_and_shown_to_nobody(
    counter: Counter, key: str
) -> None:
    secret = counter.made_key("all")
    others = ("https://shop.example.evil.test", "http://shop.example", "null", "", "https://SHOP.example",
              "https://shop.example:8443")  # fmt: skip
    answers = [ShopPage(counter, key, origin).ask("hello") for origin in others]
    unknown = key[:20] + ("b" if key[20] == "a" else "a") + key[21:]
    answers += [ShopPage(counter, one).ask("hello") for one in (secret, unknown, "x")]
    assert {problem(one)[:2] for one in answers} == {(403, "forbidden")}
    assert len({one.text for one in answers}) == 1
    assert not any("access-control-allow-origin" in one.headers for one in answers)
    good = ShopPage(counter, key).ask("hello")
    assert good.headers["access-control-allow-origin"] == HERE
    assert "access-control-allow-credentials" not in good.headers
    assert "set-cookie" not in good.headers
    assert good.headers["vary"] == "origin"


def test_a_browser_is_told_before_it_asks(counter: Counter, key: str) -> None:
    path = f"/shop/v1/{key}/member"
    asks = {"access_control_request_method": "POST", "key": ""}
    good = counter.ask("OPTIONS", path, origin=HERE, **asks)
    assert (good.status_code, good.headers["access-control-allow-origin"]) == (204, HERE)
    assert good.headers["access-control-allow-headers"] == "authorization, content-type"
    bad = counter.ask("OPTIONS", path, origin="https://evil.test", **asks)
    assert bad.status_code == 403
    assert "access-control-allow-origin" not in bad.headers


def test_the_public_key_opens_nothing_of_the_api(counter: Counter, key: str) -> None:
    for path in ("/v1/members", "/v1/rewards", "/v1/api-keys"):
        assert problem(counter.get(path, key=key))[:2] == (403, "missing_scope")


def test_a_member_is_in_on_this_page_and_nowhere_else(counter: Counter, ada: ShopPage) -> None:
    assert ada.told("member")["member"]["name"] == "Ada"
    other_key = shop_key(counter, HERE)
    elsewhere = [
        ShopPage(counter, ada.key, "http://localhost:3000", ada.token),
        ShopPage(counter, other_key, HERE, ada.token),
    ]
    assert [one.told("member")["member"] for one in elsewhere] == [None, None]
    card = counter.get("/card", key="", cookie=f"{COOKIE_PLAIN}={ada.token}")
    assert card.headers["location"] == "/card/sign-in"
    (row,) = counter.shop.rows(
        "select member_id from identifier where program_id = $1 and value = $2", EVE
    )
    of_card = ShopPage(counter, ada.key, HERE, signed_in(counter, UUID(str(row[0]))))
    assert of_card.told("member")["member"] is None
    assert problem(of_card.ask("redeem", {"reward": "free-coffee", "key": "12345678"}))[0] == 401


def test_a_session_ends_at_sign_out_and_after_two_days(counter: Counter, key: str) -> None:
    page = ShopPage(counter, key)
    page.sign_in(EVE)
    assert page.told("sign-out") == {}
    assert page.told("member")["member"] is None
    page.sign_in(EVE)
    now = counter.shop.now
    try:
        counter.shop.now = now + timedelta(days=2)
        assert page.told("member")["member"] is None
    finally:
        counter.shop.now = now
    assert page.told("member")["member"]["name"] == "Eve"


def test_who_is_no_member_is_answered_alike(counter: Counter, key: str) -> None:
    seen = []
    for address in (EVE, "nobody@example.org"):
        page = ShopPage(counter, key)
        first = page.ask("code", {"address": address})
        wrong = page.ask("sign-in", {"id": first.json()["id"], "code": "12345x"})
        seen.append((first.status_code, sorted(first.json()), wrong.status_code, wrong.json()))
    assert seen[0] == seen[1]
    joins = [
        ShopPage(counter, key).ask("join", {"given_name": "E", "address": address, "terms": True})
        for address in (EVE, "fresh@example.org")
    ]
    assert [(one.status_code, sorted(one.json())) for one in joins] == [(200, ["agrees", "id"])] * 2


def test_the_digits_count_once_and_are_asked_for_a_few_times(counter: Counter, key: str) -> None:
    page, again = ShopPage(counter, key), ShopPage(counter, key)
    id_ = page.told("code", {"address": "fay@example.org"})["id"]
    assert problem(again.ask("sign-in", {"id": id_, "code": "000000"}))[1] == "code_wrong"
    answers = [page.ask("code", {"address": "fay@example.org"}) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 409]
    assert problem(page.ask("code", {"address": "?"}))[1:] == ("invalid", "/address")


def test_nobody_joins_without_a_word_of_their_own(counter: Counter, key: str) -> None:
    page = ShopPage(counter, key)
    answer = page.ask("join", {"given_name": " ", "address": "gus@example.org"})
    assert problem(answer)[:2] == (422, "invalid")
    assert sorted(answer.json()["facts"]["wrong"]) == ["given_name", "terms"]
    assert (
        counter.shop.rows(
            "select 1 from identifier where program_id = $1 and value = $2", "gus@example.org"
        )
        == []
    )


def test_one_machine_lets_only_so_many_join_and_who_is_refused_is_no_member(
    counter: Counter, key: str
) -> None:
    page, most = ShopPage(counter, key), MACHINE_LIMITS[0][1]
    names = [f"many-{n:02}@example.org" for n in range(most + 2)]
    answers = [
        page.ask("join", {"given_name": "M", "address": one, "terms": True}) for one in names
    ]
    assert [one.status_code for one in answers] == [200] * most + [409] * 2
    assert problem(answers[-1])[1] == "too_many_codes"
    found = "select value from identifier where program_id = $1 and value like 'many-%'"
    assert sorted(one[0] for one in counter.shop.rows(found)) == names[:most]


def basket(*amounts: str) -> dict[str, Any]:
    return {"lines": [{"amount": one, "sku": "latte", "category": "coffee"} for one in amounts]}


def test_a_basket_earns_what_the_shops_server_will_record(counter: Counter, ada: ShopPage) -> None:
    guest = ShopPage(counter, ada.key)
    sent = {"baskets": [basket("3.50", "3.90"), {"total": "9.99"}]}
    earned = [
        [(one["wallet"], one["units"], one["says"]) for one in each]
        for each in ada.told("preview", sent)["baskets"]
    ]
    assert earned == [
        [("points", 7, "7 Points"), ("stamps", 2, "2 Coffee stamps")],
        [("points", 9, "9 Points")],
    ]
    assert guest.told("preview", sent)["baskets"] == ada.told("preview", sent)["baskets"]
    members = counter.shop.rows("select count(*) from member where program_id = $1")
    guest.told("preview", sent)
    assert counter.shop.rows("select count(*) from member where program_id = $1") == members
    slip = ada.ask("preview", {"baskets": [basket("3,50")]})
    assert problem(slip) == (422, "invalid", "/baskets/0/lines/0/amount")


def test_members_pay_their_price_and_guests_the_usual_one(counter: Counter, ada: ShopPage) -> None:
    item = {"price": "9.50", "member_price": "8.00", "benefit": "member-prices"}
    item |= {"sku": "house-beans", "category": "beans"}
    sent = {"items": [item, item | {"benefit": "early-roast"}]}
    for page, expected in ((ada, ["8.00", "9.50"]), (ShopPage(counter, ada.key), ["9.50"] * 2)):
        assert [one["price"] for one in page.told("prices", sent)["items"]] == expected
    assert ada.told("prices", sent)["items"][0]["says"] == "€8.00"


def test_early_access_is_the_one_question_of_benefits(counter: Counter, ada: ShopPage) -> None:
    sent = {"benefit": "early-roast", "sku": "early"}
    assert ada.told("may", sent)["why"] == "not_granted"
    counter.post(
        "/v1/benefit-grants",
        {"member": {"email": ADA}, "benefit": "early-roast", "times": 1, "reason": "friend"},
    )
    assert ada.told("may", sent)["may"] is True
    assert ShopPage(counter, ada.key).told("may", sent)["may"] is False
    assert problem(ada.ask("may", {"benefit": "nothing"}))[:2] == (404, "not_found")


def test_a_reward_is_reserved_once_and_given_back_by_whoever_has_it(
    counter: Counter, ada: ShopPage
) -> None:
    wish = {"reward": "free-coffee", "key": "once-and-for-all"}
    had = [ada.told("redeem", wish)["code"] for _ in range(2)]
    assert had[0] == had[1]
    stands = ada.told("member")["member"]
    assert [one["code"] for one in stands["held"]] == had[:1]
    assert stands["purses"][0]["amount"] == "150"
    eve = ShopPage(counter, ada.key)
    eve.sign_in(EVE)
    assert problem(eve.ask("give-back", {"code": had[0]}))[:2] == (404, "not_found")
    assert problem(eve.ask("redeem", wish))[:2] == (409, "not_enough_points")
    assert ada.told("give-back", {"code": had[0]}) == {}
    assert ada.told("member")["member"]["purses"][0]["amount"] == "250"
    more = ada.told("redeem", {"reward": "free-coffee", "key": "another-one"})["code"]
    taken = counter.post(f"/v1/redemptions/{more}/capture")
    assert (taken.status_code, taken.json()["state"]) == (200, "captured")
    assert problem(ada.ask("give-back", {"code": more}))[:2] == (404, "not_found")


def test_the_server_of_a_shop_believes_no_page(counter: Counter, ada: ShopPage) -> None:
    run, key = counter.shop.run, {"authorization": f"Bearer {counter.key}"}
    api = httpx.AsyncClient(
        transport=counter.client._transport, base_url="http://shop.test", headers=key
    )

    def sells(number: str, *skus: str, **said: str) -> Any:
        items = tuple(Wanted(sku) for sku in skus)
        return run(ShopServer(api).sell(Order(f"{number:0>8}", items, **said)))

    def refuses(*skus: str, **said: str) -> str:
        with pytest.raises(NotSold) as no:
            sells("no", *skus, **said)
        return str(no.value)

    for token in ("", "made-up"):
        assert sells(f"g{token[:4]}", "house-beans", token=token).total_minor == 950
        assert refuses("winter-roast", token=token) == "members_first"
    bought = [sells("a1", "house-beans", "winter-roast", token=ada.token) for _ in range(2)]
    assert [(one.total_minor, one.earned["points"]) for one in bought] == [(2_100, 21)] * 2
    code = ada.told("redeem", {"reward": "free-coffee", "key": "for-the-order"})["code"]
    assert refuses("cup", code=code) == "not_your_code"
    assert refuses("nothing") == "unknown"
    order = {"token": ada.token, "code": code}
    taken = [sells("a2", "cup", **order) for _ in range(2)]
    assert [(one.total_minor, one.off_minor, one.earned["points"]) for one in taken] == [
        (850, 350, 8)
    ] * 2
    assert refuses("cup", token=ada.token, code="red_" + "0" * 32) == "code_over"
    run(api.aclose())


@pytest.mark.parametrize(
    "code", ["red_../activities", "../members", "red_1?x=", "red_", "red_1\n", "red_" + "1" * 41]
)
def test_the_server_of_a_shop_takes_no_address_for_a_code(code: str) -> None:
    sent = {"number": "a1234567", "items": [{"sku": "cup"}]}
    assert msgspec.convert(sent | {"code": "red_" + "0a" * 16}, Order).code
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(sent | {"code": code}, Order)


@pytest.mark.parametrize(
    "deed", ["hello", "code", "sign-in", "join", "preview", "prices", "may", "redeem", "give-back"]
)
def test_ill_told_is_a_slip_and_no_mistake_of_ours(ada: ShopPage, deed: str) -> None:
    ill = [[], {"unknown": 1}, {"code": 5}, {"reward": "\u0000"}, {"items": []}]
    answers = [ada.ask(deed, each) for each in ill]
    if deed != "hello":
        assert {one.status_code // 100 for one in answers} == {4}
    text = ada.ask(deed, {}, **{"content-type": "text/plain"})
    assert (text.status_code, text.headers["access-control-allow-origin"]) == (415, HERE)


def test_the_script_is_small_and_kept(counter: Counter) -> None:
    first = counter.get("/shop/regulars.js", key="", accept_encoding="gzip")
    assert first.headers["cross-origin-resource-policy"] == "cross-origin"
    assert int(first.headers["content-length"]) < 15_000
    again = counter.get("/shop/regulars.js", key="", if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert "immutable" not in first.headers["cache-control"]
    assert not {"innerHTML", "eval(", "style="} & {
        one for one in ("innerHTML", "eval(", "style=") if one in first.text
    }


def test_only_who_could_make_a_public_key_says_where_it_is_good(counter: Counter) -> None:
    """Its text is there to be read by all who may see keys: the places are what it is worth."""
    made = counter.post(
        "/v1/api-keys", {"name": "shop", "scopes": ["shop"], "origins": [HERE]}
    ).json()
    keeper = counter.made_key("keys:write")
    wish = {"origins": [HERE, "https://evil.example"]}
    moved = counter.ask("PUT", f"/v1/api-keys/{made['id']}/origins", wish, key=keeper)
    assert problem(moved)[:2] == (403, "forbidden")
    (listed,) = [
        one for one in counter.get("/v1/api-keys").json()["items"] if one["id"] == made["id"]
    ]
    assert listed["origins"] == [HERE]


def test_a_revoked_key_ends_at_once(counter: Counter) -> None:
    made = counter.post(
        "/v1/api-keys", {"name": "shop", "scopes": ["shop"], "origins": [HERE + "/"]}
    ).json()
    page = ShopPage(counter, made["key"])
    page.told("hello")
    (listed,) = [
        one for one in counter.get("/v1/api-keys").json()["items"] if one["id"] == made["id"]
    ]
    assert (listed["key"], listed["origins"]) == (made["key"], [HERE])
    moved = counter.ask(
        "PUT", f"/v1/api-keys/{made['id']}/origins", {"origins": ["https://b.example"]}
    )
    assert moved.json()["origins"] == ["https://b.example"]
    # The console and the API of this process share what they remember of keys.
    assert page.ask("hello").status_code == 403
    page.origin = "https://b.example"
    page.told("hello")
    counter.ask("DELETE", f"/v1/api-keys/{made['id']}")
    assert page.ask("hello").status_code == 403


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"scopes": ["shop"]}, "/origins"),
        ({"scopes": ["shop", "members:read"], "origins": [HERE]}, "/scopes"),
        ({"scopes": ["members:read"], "origins": [HERE]}, "/origins"),
        ({"scopes": ["shop"], "origins": [HERE, "https://*.example"]}, "/origins/1"),
        ({"scopes": ["shop"], "origins": ["http://shop.example"]}, "/origins/0"),
        ({"scopes": ["shop"], "origins": ["https://shop.example/path"]}, "/origins/0"),
        ({"scopes": ["shop"], "origins": ["null"]}, "/origins/0"),
    ],
)
def test_a_key_of_a_shop_says_exactly_from_where(
    counter: Counter, body: dict[str, Any], where: str
) -> None:
    assert problem(counter.post("/v1/api-keys", {"name": "shop", **body})) == (
        422,
        "invalid",
        where,
    )
