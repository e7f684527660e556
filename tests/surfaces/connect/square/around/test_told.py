"""What is answered at once is what the books say later; one place, one transaction."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec.msgpack import Encoder
from tests.makers import Made, Shop
from tests.surfaces.connect.square.till import Till
from tests.surfaces.counter import Counter

from regulars.flows.commands import Adjust
from regulars.records.members.types import Asked, MemberRef
from regulars.records.once.types import digest

TWO = """
regulars: 1
program: two
name: Two
currency: USD
zone: America/New_York
wallets:
  points: {kind: points, name: Points}
  stamps: {kind: stamps, name: Stamps}
rules:
  - {id: spend, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "10.00"}}
rewards:
  - {id: five-off, name: Five off, price: {points: 5}, gives: {kind: discount, off: "5.00"}}
  - {id: cup, name: A cup, price: {stamps: 3}, gives: {kind: item, sku: cup}}
"""


def found(till: Till, account: str) -> dict[str, Any]:
    events = till.events(loyalty_account_filter={"loyalty_account_id": account})
    return {one["id"]: one for one in events}


def asked_twice(till: Till, path: str, body: dict[str, Any]) -> Any:
    """The answer; asked for again it is read from the books, and the same."""
    body["idempotency_key"] = str(uuid4())
    first = till.good("POST", path, dict(body))
    assert till.good("POST", path, dict(body)) == first
    return first


def test_points_that_a_till_told_are_answered_as_they_are_found(till: Till) -> None:
    account = till.joined("+12125550170")
    body = {"accumulate_points": {"points": 7}, "location_id": "main"}
    (event,) = asked_twice(till, f"/loyalty/accounts/{account}/accumulate", body)["events"]
    assert (event["type"], event["accumulate_points"]["points"]) == ("ACCUMULATE_POINTS", 7)
    assert found(till, account)[event["id"]] == event


@pytest.mark.parametrize(
    ("points", "reason", "owing"),
    [
        (3, None, False),
        (-3, "  too  many \n", False),
        (-90, "Größe 💛", True),
        (4, "paid off", False),
    ],
)
def test_corrections_are_answered_as_they_are_found(
    till: Till, points: int, reason: str | None, owing: bool
) -> None:
    account = till.joined(f"+12125550{200 + points % 90}")
    till.given(account, 10)
    if reason == "paid off":  # what comes now pays what they owe
        less = {"adjust_points": {"points": -12}, "allow_negative_balance": True}
        till.good("POST", f"/loyalty/accounts/{account}/adjust", less)
    said = {"points": points} | ({} if reason is None else {"reason": reason})
    body = {"adjust_points": said, "allow_negative_balance": owing}
    event = asked_twice(till, f"/loyalty/accounts/{account}/adjust", body)["event"]
    assert event["adjust_points"]["points"] == points
    assert found(till, account)[event["id"]] == event
    total = sum(part.get("points", 0) for one in found(till, account).values()
                for part in one.values() if isinstance(part, dict))  # fmt: skip
    assert total == till.account(account)["balance"]


def test_a_reward_is_made_and_handed_over_as_it_is_found(till: Till) -> None:
    account = till.joined("+12125550172")
    till.given(account, 10)
    wish = {"reward": {"loyalty_account_id": account, "reward_tier_id": "five-off"}}
    reward = asked_twice(till, "/loyalty/rewards", wish)["reward"]
    assert till.good("GET", f"/loyalty/rewards/{reward['id']}")["reward"] == reward
    body = {"location_id": "main"}
    event = asked_twice(till, f"/loyalty/rewards/{reward['id']}/redeem", body)["event"]
    assert event["redeem_reward"]["reward_id"] == reward["id"]
    assert found(till, account)[event["id"]] == event


def test_a_place_that_is_none_books_nothing(till: Till) -> None:
    account = till.joined("+12125550173")
    till.given(account, 5)
    body = {"accumulate_points": {"points": 7}, "location_id": "nowhere"}
    path = f"/loyalty/accounts/{account}/accumulate"
    assert till.bad(path, body) == (400, "NOT_FOUND", "location_id")
    wish = {"reward": {"loyalty_account_id": account, "reward_tier_id": "five-off"}}
    reward = till.good("POST", "/loyalty/rewards", wish)["reward"]
    path = f"/loyalty/rewards/{reward['id']}/redeem"
    assert till.bad(path, {"location_id": "nowhere"}) == (400, "NOT_FOUND", "location_id")
    assert till.good("GET", f"/loyalty/rewards/{reward['id']}")["reward"]["status"] == "ISSUED"
    assert till.account(account)["balance"] == 0


def test_who_was_erased_is_no_account_to_correct(till: Till) -> None:
    account = till.joined("+12125550174")
    till.given(account, 5)
    till.counter.ask("DELETE", f"/v1/members/{account}")
    for points in (-1, 1):
        path = f"/loyalty/accounts/{account}/adjust"
        assert till.bad(path, {"adjust_points": {"points": points}})[:2] == (404, "NOT_FOUND")


def test_a_retry_across_an_upgrade_has_the_content_it_had(till: Till) -> None:
    """What a till asks for is kept as a digest: a further field of it would make the same another.

    The digests are of what releases before this one wrote; a request that was done and whose answer
    was lost is sent again with the same key, maybe to a newer release.
    """
    account = till.joined("+12125550177")
    who = MemberRef(id=UUID(account[4:]))
    till.given(account, 10)
    actor = "select actor from entry where program_id = $1 and member_id = $2::uuid"
    ((principal,),) = till.counter.shop.rows(actor, who.id)
    asked = ((-3, "wrong", False), (4, "right", False), (-90, "owed", True))
    for points, reason, owing in asked:
        said = {"points": points, "reason": reason}
        body = {"adjust_points": said, "allow_negative_balance": owing}
        till.good("POST", f"/loyalty/accounts/{account}/adjust", body)
        was = Adjust(who, "points", points, reason, principal, asked=Asked(), owing=owing)
        content = digest("adjust", Encoder(order="deterministic").encode(was))
        kept = "select count(*) from once where program_id = $1 and content = $2::uuid"
        assert till.counter.shop.rows(kept, content) == [(1,)], (points, reason)


def test_a_reward_that_cost_nothing_of_these_points_is_handed_over(database: Made) -> None:
    """It has no entry in the wallet such a till knows; it was answered with 500 before."""
    two = Till(Counter(Shop.open(database, TWO)))
    account = two.joined("+12125550176")
    more = {"member": {"id": account}, "wallet": "stamps", "units": 3, "reason": "test"}
    assert two.counter.ask("POST", "/v1/adjustments", more).status_code == 201
    wish = {"member": {"id": account}, "reward": "cup"}
    cup = two.counter.ask("POST", "/v1/redemptions", wish).json()["id"]
    event = asked_twice(two, f"/loyalty/rewards/{cup}/redeem", {"location_id": "main"})["event"]
    assert (event["type"], event["redeem_reward"]["reward_id"]) == ("REDEEM_REWARD", cup)
    assert event["loyalty_account_id"] == account
    two.counter.close()


def test_what_is_no_reward_is_not_handed_over(till: Till) -> None:
    for id_ in (f"red_{uuid4().hex}", "red_none", "five-off"):
        path = f"/loyalty/rewards/{id_}/redeem"
        assert till.bad(path, {"location_id": "main"})[:2] == (404, "NOT_FOUND")
