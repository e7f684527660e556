"""Partners over HTTP: agreed, told, claimed, disputed, and a statement that adds up."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.flows.plans.test_partners import SKY
from tests.makers import Shop
from tests.surfaces.counter import Counter, problem


@pytest.fixture(scope="module")
def shop(database: object) -> Iterator[Counter]:
    opened = met(Counter(Shop.open(database, SKY)))  # type: ignore[arg-type]
    yield opened
    opened.close()


def met(opened: Counter) -> Counter:
    """The car rental has a pack of 10.00, 1,000 miles cost it 8.33."""
    opened.shop.at("2027-03-01T10:00")
    assert opened.post("/v1/partners", {"slug": "cars", "name": "Cars"}).status_code == 201
    contract = {"kind": "accrual", "wallet": "miles", "price": eur(833), "per_units": 1_000}
    answer = opened.post(
        "/v1/partners/cars/contracts",
        contract | {"look_back_days": 60, "from_at": "2027-01-01T00:00:00Z"},
    )
    assert answer.status_code == 201, answer.text
    paid = opened.post(
        "/v1/partners/cars/payments", {"amount": eur(1_000), "external_id": "pack-1"}
    )
    assert paid.json()["balance"] == eur(1_000)
    return opened


def eur(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "EUR"}


def activity(card: str, units: int, number: str) -> dict[str, Any]:
    return {
        "kind": "accrual",
        "member": {"card": card},
        "wallet": "miles",
        "units": units,
        "external_id": number,
    }


def test_what_a_partner_tells_is_in_its_statement(shop: Counter) -> None:
    shop.joined("A-1")
    at = "/v1/partners/cars"
    key = shop.made_key("partners:tell")
    told = shop.post(f"{at}/activities", activity("A-1", 300, "r-1"), key=key).json()
    assert (told["amount"], told["balances"]) == (eur(-250), {"miles": 300})
    assert shop.post(f"{at}/activities", activity("A-1", 300, "r-1"), key=key).json() == told
    denied = shop.post(f"{at}/payments", {"amount": eur(1), "external_id": "x"}, key=key)
    assert problem(denied)[:2] == (403, "missing_scope")
    back = {"kind": "accrual", "of": "r-1", "external_id": "b-1", "units": 100}
    assert shop.post(f"{at}/returns", back).json()["amount"] == eur(83)
    full = shop.post(f"{at}/activities", activity("A-1", 5_000, "r-2"))
    assert problem(full)[:2] == (409, "pack_used_up")
    dispute = shop.post("/v1/partner-disputes", {"entry": told["id"], "reason": "not ours"}).json()
    decided = shop.post(
        f"/v1/partner-disputes/{dispute['id']}/decision", {"decision": "granted", "reason": "ok"}
    )
    assert decided.json()["booked"]["amount"] == eur(167)
    shown = shop.get(f"{at}/statement?period=2027-03").json()
    parts = [shown[name]["minor"] for name in ("opening", "payments", "accruals", "corrections")]
    assert (parts, shown["closing"]) == ([0, 1_000, -250, 250], eur(1_000))
    assert shown["csv"].splitlines()[-1] == ",,,closing,,,,,10.00"
    assert shop.get("/v1/partners").json()["items"][0]["balance"] == eur(1_000)
    assert problem(shop.get(f"{at}/statement?period=2027-13"))[0] == 422
    assert problem(shop.get("/v1/partners/bikes/statement?period=2027-03"))[0] == 404


def test_a_claim_is_filed_shown_and_decided(shop: Counter) -> None:
    shop.joined("A-2")
    claim = activity("A-2", 120, "t-1") | {"occurred_at": "2027-02-20T10:00:00Z"}
    del claim["kind"]
    filed = shop.post("/v1/partner-claims", claim | {"partner": "cars"}).json()
    at = f"/v1/partner-claims/{filed['id']}"
    assert shop.get(at).json()["state"] == "open"
    second = claim | {"partner": "cars", "external_id": "t-2"}
    later = shop.post("/v1/partner-claims", second).json()
    page = shop.get("/v1/partner-claims?limit=1&partner=cars").json()
    assert [one["id"] for one in page["items"]] == [filed["id"]]
    assert (page["items"][0]["partner"], page["has_more"]) == ("cars", True)
    rest = shop.get(f"/v1/partner-claims?cursor={page['next_cursor']}").json()
    assert ([one["id"] for one in rest["items"]], rest["has_more"]) == ([later["id"]], False)
    nobody = shop.get("/v1/partner-claims?partner=planes")
    assert problem(nobody)[:2] == (404, "not_found")
    decided = shop.post(f"{at}/decision", {"decision": "granted", "reason": "a receipt"}).json()
    assert decided["booked"]["balances"] == {"miles": 120}
    assert shop.get(at).json()["state"] == "granted"
    twice = shop.post("/v1/partners/cars/activities", activity("A-2", 120, "t-1"))
    assert problem(twice)[:2] == (409, "already_credited")
    shop.shop.now += timedelta(days=20)
    assert [one["id"] for one in shop.get("/v1/partner-claims").json()["items"]] == [later["id"]]
    shop.shop.now += timedelta(days=20)
    assert shop.get("/v1/partner-claims").json()["items"] == []  # it has lapsed


def bound(shop: Counter, *scopes: str, **said: Any) -> str:
    """A key for the partner bikes, and what else it opens."""
    wish = {"name": "bikes", "scopes": ["partners:tell", *scopes], "partner": "bikes"} | said
    return str(shop.post("/v1/api-keys", wish).json()["key"])


def test_a_key_of_one_partner_tells_for_it_and_knows_of_no_other(shop: Counter) -> None:
    shop.joined("A-3")
    shop.post("/v1/partners", {"slug": "bikes", "name": "Bikes"})
    told = shop.post("/v1/partners/cars/activities", activity("A-3", 10, "r-9")).json()
    claim = activity("A-3", 10, "t-9") | {"occurred_at": "2027-02-20T10:00:00Z"}
    del claim["kind"]
    filed = shop.post("/v1/partner-claims", claim | {"partner": "cars"}).json()
    key = bound(shop)
    before = shop.shop.counts()
    there = [one["slug"] for one in shop.get("/v1/partners", key=key).json()["items"]]
    assert there == ["bikes"]
    assert shop.get("/v1/partner-claims", key=key).json()["items"] == []
    assert len(shop.get("/v1/partner-claims").json()["items"]) == 1
    back = {"kind": "accrual", "of": "r-9", "external_id": "b-9"}
    for answer in (
        shop.post("/v1/partners/cars/activities", activity("A-3", 10, "r-10"), key=key),
        shop.post("/v1/partners/cars/returns", back, key=key),
        shop.get("/v1/partners/cars/statement?period=2027-03", key=key),
        shop.post("/v1/partner-disputes", {"entry": told["id"], "reason": "mine"}, key=key),
        shop.get(f"/v1/partner-claims/{filed['id']}", key=key),
    ):
        assert problem(answer)[:2] == (404, "not_found")
    assert shop.shop.counts() == before
    own = shop.get("/v1/partners/bikes/statement?period=2027-03", key=key)
    assert own.json()["closing"] == eur(0)
    none = shop.post("/v1/partners/bikes/activities", activity("A-3", 10, "r-10"), key=key)
    assert problem(none)[:2] == (409, "no_contract")
    paid = shop.post("/v1/partners/bikes/payments", {"amount": eur(1), "external_id": "x"}, key=key)
    assert problem(paid)[:2] == (403, "missing_scope")


def test_a_key_of_one_partner_makes_none_for_another_or_for_all(shop: Counter) -> None:
    shop.post("/v1/partners", {"slug": "bikes", "name": "Bikes"})
    key = bound(shop, "keys:write")
    for said in ({}, {"partner": "cars"}):
        wish = {"name": "more", "scopes": ["partners:tell"]} | said
        assert problem(shop.post("/v1/api-keys", wish, key=key))[:2] == (403, "forbidden")
    same = {"name": "same", "scopes": ["partners:tell"], "partner": "bikes"}
    assert shop.post("/v1/api-keys", same, key=key).json()["scopes"] == ["partners:tell:bikes"]
    nobodys = shop.post("/v1/api-keys", same | {"partner": "boats"})
    assert problem(nobodys) == (422, "invalid", "/partner")
    other = shop.post("/v1/api-keys", same | {"scopes": ["members:read"]})
    assert problem(other) == (422, "invalid", "/partner")
