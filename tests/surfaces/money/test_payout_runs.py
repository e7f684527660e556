"""Pay-outs over HTTP: account numbers go in whole and come out masked; the file is the same."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.flows.plans.test_payouts import CASH, SHOP
from tests.makers import Shop
from tests.surfaces.counter import Counter, problem

IBAN = "GB82 WEST 1234 5698 7654 32"
FROM = {"name": SHOP[0], "iban": SHOP[1]}


@pytest.fixture(scope="module")
def shop(database: object) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, CASH))  # type: ignore[arg-type]
    yield opened
    opened.close()


def with_money(shop: Counter, card: str) -> Any:
    id_ = shop.joined(card)
    said = {"wallet": "money", "units": 1_500, "reason": "welcome", "actor": "mia"}
    assert shop.post("/v1/adjustments", {"member": {"card": card}} | said).status_code == 201
    return id_


def test_money_goes_out_and_comes_back(shop: Counter) -> None:
    id_ = with_money(shop, "C-1")
    at = f"/v1/members/{id_}/bank-account"
    assert problem(shop.get(at))[:2] == (404, "not_found")
    there = shop.ask("PUT", at, {"holder": "Ada Sen", "iban": IBAN}).json()
    assert (there["iban"], there["usable"]) == ("GB…5432", True)
    assert shop.get(at).json() == there
    asked = {"from": FROM, "reference": "march"}
    run = shop.post("/v1/payout-runs", asked).json()
    assert (run["payouts"], run["total"]) == (1, {"minor": 1_500, "currency": "EUR"})
    assert shop.post("/v1/payout-runs", asked).json() == run
    none = shop.post("/v1/payout-runs", {"from": FROM})
    assert problem(none)[:2] == (409, "nothing_due")
    shown = shop.get(f"/v1/payout-runs/{run['id']}").json()
    assert "1234" not in str(shown)
    file = shop.get(f"/v1/payout-runs/{run['id']}/file").json()
    assert file == shop.get(f"/v1/payout-runs/{run['id']}/file").json()
    assert "<IBAN>GB82WEST12345698765432</IBAN>" in file["xml"]
    end_to_end = shown["items"][0]["id"].removeprefix("red_")
    assert f"<EndToEndId>{end_to_end}</EndToEndId>" in file["xml"]
    back = {"payout": end_to_end, "reference": "b-1", "reason_code": "AC04"}
    assert shop.post("/v1/payout-returns", back).json()["balances"] == {"money": 1_500}
    assert shop.get(at).json()["why"] == "AC04"
    again = shop.post("/v1/payout-returns", back | {"reference": "b-2"})
    assert problem(again)[:2] == (409, "already_returned")
    assert shop.ask("DELETE", at).json()["iban"] == ""
    assert [one["reference"] for one in shop.get("/v1/payout-runs").json()["items"]] == ["march"]


def test_a_wrong_number_is_told_at_its_field(shop: Counter) -> None:
    id_ = shop.joined("C-2")
    wrong = shop.ask("PUT", f"/v1/members/{id_}/bank-account", {"holder": "B", "iban": "DE00"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/iban")
    wrong = shop.post("/v1/payout-runs", {"from": FROM | {"iban": "FR1"}})
    assert wrong.json()["errors"][0]["pointer"] == "/from/iban"
