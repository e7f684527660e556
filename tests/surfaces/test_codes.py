"""Codes of rewards over HTTP: handed over, looked up, used once; issued, uploaded, withdrawn."""

from collections.abc import Iterator

import pytest
from tests.flows.points.test_codes import CINEMA
from tests.makers import Shop
from tests.surfaces.counter import Counter, buys, problem


@pytest.fixture(scope="module")
def shop(database: object) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, CINEMA))  # type: ignore[arg-type]
    yield opened
    opened.close()


def rich(shop: Counter, card: str) -> str:
    member = shop.joined(card)
    shop.post("/v1/activities", buys(card, 10_000))
    return member


def test_handed_over_looked_up_and_used_once(shop: Counter) -> None:
    member = rich(shop, "C-1")
    wish = {"member": {"card": "C-1"}, "reward": "snack", "capture": True}
    done = shop.post("/v1/redemptions", wish, idempotency_key="one")
    assert done.status_code == 201
    code = done.json()["code"]
    assert shop.post("/v1/redemptions", wish, idempotency_key="one").json()["code"] == code
    there = shop.get(f"/v1/reward-codes?code={code.lower()}").json()
    assert (there["state"], there["member_id"], there["ends_with"]) == ("issued", member, code[-4:])
    assert there["worth"] == {"minor": 250, "currency": "EUR"}
    used = shop.post("/v1/code-uses", {"code": code, "store": "foyer"})
    assert (used.status_code, used.json()["state"]) == (201, "used")
    assert problem(shop.post("/v1/code-uses", {"code": code})) == (409, "code_used", "")
    (kept,) = shop.get(f"/v1/members/{member}/reward-codes").json()["items"]
    assert (kept["state"], kept["store"]) == ("used", "foyer")
    assert code not in shop.get(f"/v1/members/{member}/reward-codes").text
    redemption = shop.get(f"/v1/redemptions/{done.json()['id']}")
    assert (redemption.json()["kind"], code in redemption.text) == ("code", False)


def test_a_basket_is_quoted_and_paid_with_points(shop: Counter) -> None:
    rich(shop, "P-1")
    euro = {"currency": "EUR"}
    wish = {"member": {"card": "P-1"}, "pay": {"basket": {"minor": 900, **euro}}}
    found = shop.post("/v1/redemption-quotes", wish)
    assert found.json() == {
        "wallet": "points", "points": 100, "value": {"minor": 100, **euro},
        "discount": {"minor": 0, **euro}, "left": {"minor": 800, **euro}, "partly": False,
    }  # fmt: skip
    done = shop.post("/v1/redemptions", {**wish, "capture": True}).json()
    assert (done["kind"], done["price"]) == ("payment", {"points": 100})
    assert done["gives"] == {"value_minor": 100, "discount_minor": 0, "left_minor": 800}
    none = shop.post("/v1/redemption-quotes", wish)
    assert problem(none)[:2] == (409, "not_enough_points")
    assert problem(shop.post("/v1/redemptions", {"member": {"card": "P-1"}}))[2] == "/reward"
    yen = {**wish, "pay": {"basket": {"minor": 9, "currency": "JPY"}}}
    assert problem(shop.post("/v1/redemption-quotes", yen))[2] == "/pay/basket/currency"


def test_paid_with_points_is_said_in_the_language_asked_for(shop: Counter) -> None:
    member = rich(shop, "P-2")
    wish = {"member": {"card": "P-2"}, "pay": {"basket": {"minor": 900, "currency": "EUR"}}}
    done = shop.post("/v1/redemptions", {**wish, "capture": True}).json()
    assert shop.get(f"/v1/redemptions/{done['id']}").json()["name"] == "Paid with points"
    spent = shop.get(f"/v1/members/{member}/entries").json()["items"][0]
    for language, says in (("de", "eine Zahlung mit Punkten"), ("tr", "puanla ödeme")):
        path = f"/v1/members/{member}/entries/{spent['id']}/why?language={language}"
        assert says in shop.get(path).json()["says"][0]


def test_issued_for_anybody_and_withdrawn(shop: Counter) -> None:
    wish = {"reward": "voucher", "times": 3, "reason": "spring"}
    first = shop.post("/v1/code-issues", wish, idempotency_key="spring")
    again = shop.post("/v1/code-issues", wish, idempotency_key="spring")
    assert (first.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    codes = [one["code"] for one in first.json()["codes"]]
    gone = shop.post("/v1/code-withdrawals", {"code": codes[0], "reason": "lost"})
    assert gone.json()["state"] == "withdrawn"
    assert problem(shop.post("/v1/code-uses", {"code": codes[0]})) == (409, "code_withdrawn", "")


def test_uploaded_all_or_none(shop: Counter) -> None:
    sent = {"reward": "partner", "codes": ["M-1", "M-2"], "reason": "bought"}
    assert shop.post("/v1/code-uploads", sent).json()["left"] == 2
    no = shop.post("/v1/code-uploads", {**sent, "codes": ["M-3", "m 1"]})
    assert problem(no) == (422, "invalid", "/codes")
    assert "line 2" in no.text
    pools = {one["reward"]: one["free"] for one in shop.get("/v1/code-pools").json()["items"]}
    assert pools["partner"] == 2
    rewards = {one["id"]: one for one in shop.get("/v1/rewards").json()["items"]}
    assert (rewards["partner"]["stock"], rewards["voucher"]["by"]) == (2, "shop")


def test_what_is_wrong_is_told_with_its_field(shop: Counter) -> None:
    unknown = shop.get("/v1/reward-codes?code=nothing")
    assert problem(unknown)[:2] == (404, "unknown_code")
    assert problem(shop.post("/v1/code-uses", {"code": ""}))[2] == "/code"
    none = {"reward": "voucher", "reason": "spring"}
    assert problem(shop.post("/v1/code-issues", none)) == (422, "invalid", "/times")
    snack = {"reward": "partner", "times": 1, "reason": "spring"}
    assert problem(shop.post("/v1/code-issues", snack)) == (422, "invalid", "/reward")
    whom = {"reward": "voucher", "members": [{"card": "nobody"}], "reason": "x"}
    assert problem(shop.post("/v1/code-issues", whom))[:2] == (404, "unknown_member")
    key = shop.made_key("redemptions:write")
    assert shop.post("/v1/code-issues", {**none, "times": 1}, key=key).status_code == 403
