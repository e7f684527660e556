"""Memberships over HTTP: begun, paid, shown with what they saved, changed, cancelled."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.flows.plans.houses import ROASTERY
from tests.makers import Shop
from tests.surfaces.counter import Counter, problem


@pytest.fixture(scope="module")
def shop(database: object) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, ROASTERY))  # type: ignore[arg-type]
    yield opened
    opened.close()


TOLD = {"source": "payments", "external_id": "in_100"}


def eur(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "EUR"}


def begun(shop: Counter, card: str, **more: Any) -> Any:
    shop.joined(card)
    told = {"source": "payments", "external_id": f"sub-{card}"}
    sent = {"member": {"card": card}, "plan": "plus"} | told | more
    answer = shop.post("/v1/memberships", sent)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_fee_is_recovered_use_by_use(shop: Counter) -> None:
    here = begun(shop, "P-1", amount=eur(1_000))
    assert (here["state"], here["amount"], here["balances"]) == (
        "active",
        eur(1_000),
        {"points": 100},
    )
    at = f"/v1/memberships/{here['id']}"
    assert shop.get(at).json()["refundable"] == eur(1_000)
    for _ in range(3):
        shop.post("/v1/benefit-uses", {"member": {"card": "P-1"}, "benefit": "delivery"})
    now = shop.get(at).json()
    assert (now["uses"], now["worth"], now["saved"]) == (3, eur(1_470), eur(470))
    assert now["refundable"] == eur(0)
    (listed,) = shop.get(f"/v1/members/{here['member_id']}/memberships").json()["items"]
    assert listed == now | {"turns": []}
    assert [turn["what"] for turn in now["turns"]] == ["started"]


def test_every_word_of_a_payment_provider_counts_once(shop: Counter) -> None:
    here = begun(shop, "P-2", trial=True)
    told = {"source": "payments", "external_id": "in_7", "amount": eur(1_000)}
    paid = shop.post(f"/v1/memberships/{here['id']}/paid", told)
    assert (paid.status_code, paid.json()["state"]) == (200, "active")
    again = shop.post(f"/v1/memberships/{here['id']}/paid", told)
    assert again.json() == paid.json()
    back = shop.post(f"/v1/memberships/{here['id']}/refunded", told | {"amount": eur(400)}).json()
    assert (back["amount"], back["balances"]) == (eur(-400), {"points": 60})
    gone = shop.post(f"/v1/memberships/{here['id']}/cancelled", {"at": "now"}).json()
    assert gone["state"] == "ended"
    no = shop.post(f"/v1/memberships/{here['id']}/paid", told | {"external_id": "in_8"})
    assert problem(no)[:2] == (409, "membership_over")


def test_a_change_costs_what_was_quoted(shop: Counter) -> None:
    here = begun(shop, "P-3")
    at = f"/v1/memberships/{here['id']}"
    quoted = shop.get(f"{at}/change?plan=club&at=now").json()
    assert quoted["due"] == eur(1_500)
    assert shop.get(f"{at}/change?plan=club").json()["due"] == eur(0)  # as a change unless said
    done = shop.post(f"{at}/changed", {"plan": "club", "at": "now"} | TOLD).json()
    assert (done["amount"], done["plan"]) == (eur(1_500), "club")
    assert problem(shop.get(f"{at}/change?plan=gold"))[:2] == (409, "unknown_plan")


def test_bad_words_are_told_with_their_field(shop: Counter) -> None:
    here = begun(shop, "P-4")
    at = f"/v1/memberships/{here['id']}"
    dollars = shop.post(f"{at}/paid", {"amount": {"minor": 1, "currency": "USD"}} | TOLD)
    assert dollars.json()["errors"][0]["pointer"] == "/amount/currency"
    nowhere = shop.post(f"{at}/failed", {"external_id": "in_1"})
    assert nowhere.json()["errors"][0]["pointer"] == "/source"
    strange = "/v1/memberships/mbs_019e0000000070008000000000000099/paid"
    assert problem(shop.post(strange, TOLD))[:2] == (404, "not_found")
    assert shop.post(f"{at}/changed", {}).status_code in (400, 422)


def test_a_word_about_money_says_its_number_or_its_key(shop: Counter) -> None:
    here = begun(shop, "P-5")
    for word in ("paid", "refunded"):
        blind = shop.post(f"/v1/memberships/{here['id']}/{word}", {})
        assert blind.json()["errors"][0]["pointer"] == "/external_id"
    shop.joined("P-6")
    blind = shop.post("/v1/memberships", {"member": {"card": "P-6"}, "plan": "plus"})
    assert blind.json()["errors"][0]["pointer"] == "/external_id"


def test_who_knows_only_their_own_number_finds_the_membership_and_tells_of_it(
    shop: Counter,
) -> None:
    here = begun(shop, "P-7")
    (found,) = shop.get("/v1/memberships?source=payments&external_id=sub-P-7").json()["items"]
    assert found["id"] == here["id"]
    paid = shop.post("/v1/memberships/payments:sub-P-7/paid", TOLD | {"external_id": "in_9"})
    assert (paid.status_code, paid.json()["id"]) == (200, here["id"])
    assert shop.get("/v1/memberships/payments:sub-P-7").json()["id"] == here["id"]
    strange = shop.get("/v1/memberships?source=payments&external_id=sub-0")
    assert problem(strange)[:2] == (404, "not_found")
    assert problem(shop.post("/v1/memberships/payments:sub-0/paid", TOLD))[:2] == (404, "not_found")
