"""Above the worth a program names, a reward goes to who shows their card: by till and by API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.makers import Made, Shop
from tests.surfaces.counter import Counter, problem
from tests.surfaces.tills.device import Device

from regulars.records.access.cards.spelling import Holder, code_at, step_of
from regulars.records.access.members.spelling import code_of

DEAR = """
regulars: 1
program: dear
name: Dear
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cake, name: A cake, price: {points: 100}, worth: "9.00"}
household: {most_members: 3}
spending_proof: {card_above: "5.00"}
"""


@pytest.fixture(scope="module")
def dear(database: Made) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, DEAR), channels=frozenset({"sms", "email"}))
    yield opened
    opened.close()


def card_of(shop: Counter, member: str) -> str:
    holder = Holder(shop.shop.program_id, UUID(hex=member.removeprefix("mem_")))
    return code_at(shop.given.keyed, holder, step_of(shop.shop.now))


def member_with_points(shop: Counter, name: str) -> str:
    member = str(shop.joined(name))
    said = {
        "kind": "purchase", "member": {"id": member}, "source": "web", "external_id": name,
        "amount": {"minor": 99_000, "currency": "EUR"},
    }  # fmt: skip
    answer = shop.post("/v1/activities", said)
    assert answer.status_code == 201, answer.text
    return member


def at_the_till(device: Device, member: str, key: str, **more: Any) -> Any:
    body = {"member": {"id": member}, "reward": "cake", **more}
    path = "/v1/till/redemptions"
    return device.counter.ask("POST", path, body, key=device.token, idempotency_key=key)


def test_a_till_hands_it_over_to_whoever_it_was_shown_the_card_of(dear: Counter) -> None:
    device, other = Device(dear), Device(dear, "Counter 2")
    member = member_with_points(dear, "ada")
    assert problem(at_the_till(device, member, "without-a-card"))[:2] == (409, "card_needed")
    code = card_of(dear, member)
    shown = dear.ask("POST", "/v1/till/cards", {"code": code}, key=device.token)
    assert shown.json() == {"member_id": member}
    dear.shop.now += timedelta(minutes=5)
    answer = at_the_till(other, member, "at-another-till", card_code=code)
    assert problem(answer)[:2] == (409, "card_code_used")
    first = at_the_till(device, member, "with-the-card", card_code=code)
    assert first.status_code == 201, first.text
    assert problem(at_the_till(device, member, "once-more-1", card_code=code))[1] == (
        "card_code_used"
    )
    dear.shop.now += timedelta(hours=1)  # the answer was lost, and the till asks again
    again = at_the_till(device, member, "with-the-card", card_code=code)
    assert again.status_code == 201, again.text
    assert again.json()["id"] == first.json()["id"]
    wrong = at_the_till(device, member, "with-an-old-one", card_code=code)
    assert problem(wrong)[:2] == (409, "card_code_wrong")


def test_by_api_the_code_is_sent_along_or_the_member_is_signed_in(dear: Counter) -> None:
    member = member_with_points(dear, "ben")
    wish = {"member": {"id": member}, "reward": "cake"}
    assert problem(dear.post("/v1/redemptions", wish))[:2] == (409, "card_needed")
    quote = dear.post("/v1/reward-quotes", wish)
    assert quote.status_code == 200, quote.text
    for said in ({"card_code": card_of(dear, member)}, {"signed_in": True}):
        answer = dear.post("/v1/redemptions", wish | said)
        assert answer.status_code == 201, answer.text
    found = dear.get(f"/v1/members/{member}").json()
    assert "card_needed" not in str(found)


def test_a_household_asks_the_one_who_takes_it(dear: Counter) -> None:
    member = member_with_points(dear, "cleo")
    home = dear.post("/v1/households", {"head": {"id": member}, "name": "The Bergs"}).json()["id"]
    path, wish = f"/v1/households/{home}/redemptions", {"member": {"id": member}, "reward": "cake"}
    assert problem(dear.post(path, wish))[:2] == (409, "card_needed")
    answer = dear.post(path, wish | {"card_code": card_of(dear, member)})
    assert answer.status_code == 201, answer.text


def test_without_the_card_at_hand_a_code_is_sent_and_said(dear: Counter) -> None:
    device, other = Device(dear), Device(dear, "Counter 2")
    member = member_with_points(dear, "dora")
    dear.post(
        f"/v1/members/{member}/identifiers",
        {"link": [{"kind": "phone", "value": "+49 151 12345642"}]},
    )
    path, wish = "/v1/till/spending-codes", {"member": {"id": member}, "reward": "cake"}

    def till(path: str, body: Any, key: str, at: Device = device) -> Any:
        return dear.ask("POST", path, body, key=at.token, idempotency_key=key)

    asked = till(path, wish, "send-it-once")
    assert asked.status_code == 201, asked.text
    told = asked.json()
    assert (told["channel"], told["hint"]) == ("sms", "··42")
    assert till(path, wish, "send-it-once").json() == told
    digits = code_of(dear.given.keyed, UUID(hex=told["id"].removeprefix("spc_")))
    assert digits not in asked.text
    proof = f"{path}/{told['id']}/proof"
    bad = str((int(digits) + 1) % 10**6).rjust(6, "0")
    wrong = till(proof, {"code": bad}, "a-slip-of-the-tongue")
    assert problem(wrong)[:2] == (409, "code_wrong")
    said = till(proof, {"code": f"{digits[:3]} {digits[3:]}"}, "they-say-it")
    assert said.status_code == 200, said.text
    code = said.json()["card_code"]
    elsewhere = at_the_till(other, member, "carried-elsewhere", card_code=code)
    assert problem(elsewhere)[:2] == (409, "card_code_used")
    done = at_the_till(device, member, "with-digits", card_code=code)
    assert done.status_code == 201, done.text
    once_more = at_the_till(device, member, "with-digits-again", card_code=code)
    assert problem(once_more)[:2] == (409, "card_code_used")


def test_by_api_digits_are_said_in_the_same_way(dear: Counter) -> None:
    member = member_with_points(dear, "emil")
    wish = {"member": {"id": member}, "reward": "cake"}
    assert problem(dear.post("/v1/spending-codes", wish))[:2] == (409, "nowhere_to_send")
    dear.post(
        f"/v1/members/{member}/identifiers",
        {"link": [{"kind": "email", "value": "emil@example.org"}]},
    )
    told = dear.post("/v1/spending-codes", wish).json()
    assert (told["channel"], told["hint"]) == ("email", "e··")
    digits = code_of(dear.given.keyed, UUID(hex=told["id"].removeprefix("spc_")))
    said = dear.post(f"/v1/spending-codes/{told['id']}/proof", {"code": digits})
    answer = dear.post("/v1/redemptions", wish | {"card_code": said.json()["card_code"]})
    assert answer.status_code == 201, answer.text
    assert dear.post("/v1/spending-codes/spc_nothing/proof", {"code": "1"}).status_code == 404
    unknown = dear.post(f"/v1/spending-codes/spc_{'0' * 31}1/proof", {"code": digits})
    assert problem(unknown)[:2] == (409, "code_over")
