"""Referrals over HTTP: a code, a newcomer who names it, and what became of it."""

from collections.abc import Iterator

import pytest
from tests.flows.members.test_referrals import BRING
from tests.makers import Shop
from tests.surfaces.counter import Counter, problem


@pytest.fixture(scope="module")
def shop(database: object) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, BRING))  # type: ignore[arg-type]
    yield opened
    opened.close()


def code_of(shop: Counter, card: str) -> str:
    done = shop.post("/v1/referral-codes", {"member": {"card": card}})
    assert done.status_code == 201
    return str(done.json()["code"])


def test_a_newcomer_names_a_code_and_both_see_it(shop: Counter) -> None:
    ada, ben = shop.joined("R-1"), shop.joined("R-2")
    code = code_of(shop, "R-1")
    assert code_of(shop, "R-1") == code
    wish = {"member": {"card": "R-2"}, "code": code.lower(), "marks": {"device": "x1"}}
    done = shop.post("/v1/referrals", wish, idempotency_key="one")
    assert (done.status_code, done.json()["state"]) == (201, "named")
    again = shop.post("/v1/referrals", wish, idempotency_key="one")
    assert (again.json(), again.headers["idempotent-replayed"]) == (done.json(), "true")
    there = shop.get(f"/v1/referrals/{done.json()['id']}").json()
    assert (there["newcomer_id"], there["referrer_id"]) == (ben, ada)
    assert (there["state"], there["wallet"], there["settled_at"]) == ("named", "points", None)
    for member in (ada, ben):
        assert shop.get(f"/v1/members/{member}/referrals").json()["items"] == [there]


def test_what_is_not_to_be_is_kept_with_its_reason(shop: Counter) -> None:
    ada = shop.joined("S-1")
    done = shop.post("/v1/referrals", {"member": {"card": "S-1"}, "code": code_of(shop, "S-1")})
    assert (done.status_code, done.json()["state"]) == (201, "rejected")
    assert done.json()["reason"] == "oneself"
    (kept,) = shop.get(f"/v1/members/{ada}/referrals").json()["items"]
    assert (kept["state"], kept["reason"]) == ("rejected", "oneself")


def test_what_is_mistyped_or_unknown_names_its_field(shop: Counter) -> None:
    shop.joined("T-1")
    told = {"member": {"card": "T-1"}, "code": "00000000"}
    assert problem(shop.post("/v1/referrals", told | {"code": "00000018"})) == (
        422, "invalid", "/code",
    )  # fmt: skip
    assert problem(shop.post("/v1/referrals", told)) == (404, "not_found", "/code")
    nobody = {"member": {"card": "none"}, "code": code_of(shop, "T-1")}
    assert problem(shop.post("/v1/referrals", nobody))[:2] == (404, "unknown_member")
    many = told | {"marks": {f"m{n}": "x" for n in range(9)}}
    assert problem(shop.post("/v1/referrals", many))[2] == "/marks"
    nothing = shop.get("/v1/referrals/ref_" + "1" * 32)
    assert problem(nothing)[:2] == (404, "not_found")
