"""Who stands at a till: cashiers by their PIN, members by the changing code of their card."""

import os
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from tests.flows.members.staff.people import HOUSE, hires, settles
from tests.makers import NOON
from tests.surfaces.counter import Counter, problem
from tests.surfaces.tills.device import STORE, Device, sale

from regulars.flows.access.commands import ChangeStaff, SetPin
from regulars.records.access.cards.spelling import Holder, code_at, step_of
from regulars.records.access.staff.passwords import SALT_BYTES, kept_form
from regulars.records.access.staff.types import Staff

PIN = "271828"


@pytest.fixture
def shop(counter: Counter) -> Iterator[Counter]:
    """The counter with its clock at noon, and left so."""
    counter.shop.now = NOON
    yield counter
    counter.shop.now = NOON


def cashier(shop: Counter, *stores: str, email: str = "") -> Staff:
    """Somebody who may take over tills of these stores."""
    one = hires(shop.shop, "cashier", stores=stores or (STORE,), email=email)
    settles(shop.shop, SetPin(one.staff_id, kept_form(PIN, os.urandom(SALT_BYTES)), HOUSE))
    return one


def asks(device: Device, path: str, body: Any = None, **more: Any) -> Any:
    method = "GET" if body is None else "POST"
    return device.counter.ask(method, path, body, key=device.token, **more)


def test_whoever_works_in_the_store_takes_over_by_their_pin(shop: Counter) -> None:
    device, mia, elsewhere = Device(shop), cashier(shop), cashier(shop, "other-street")
    listed = asks(device, "/v1/till/cashiers").json()
    assert mia.principal in {one["id"] for one in listed["items"]}
    assert elsewhere.principal not in {one["id"] for one in listed["items"]}

    def unlocks(who: Staff, pin: str) -> Any:
        body = {"cashier": who.principal, "pin": pin}
        return asks(device, "/v1/till/cashiers/unlock", body)

    assert unlocks(mia, PIN).json()["name"] == mia.name
    assert problem(unlocks(mia, "314159"))[:2] == (401, "pin_wrong")
    assert problem(unlocks(elsewhere, PIN))[:2] == (401, "pin_wrong")
    for _ in range(10):
        last = unlocks(mia, "314159")
    assert problem(last)[:2] == (429, "too_many_tries")


def test_what_a_cashier_recorded_is_theirs(shop: Counter) -> None:
    device, mia = Device(shop), cashier(shop)
    (done,) = device.hands_in(device.records("activity", sale("of-mia"), cashier=mia.principal))
    assert done["outcome"] == "applied"
    kept = shop.get(f"/v1/activities/{done['subject']}").json()
    assert kept["actor"] == f"{mia.principal} {device.id}"


def test_nobody_credits_or_redeems_for_themselves_at_a_till(shop: Counter) -> None:
    device, own = Device(shop), "mia@own-shop.de"
    mia = cashier(shop, email=own)
    name = {"identifiers": [{"kind": "email", "value": own}, {"kind": "card", "value": "own-1"}]}
    assert shop.post("/v1/members", name).status_code == 201
    record = device.records("activity", sale("own-1", 90_000), cashier=mia.principal)
    assert device.outcomes(record) == [("quarantined", "own_membership")]
    record = device.records("activity", sale("own-1", 90_000), cashier="a name that was typed")
    assert device.outcomes(record) == [("applied", "")]
    reward = shop.get("/v1/rewards").json()["items"][0]["id"]
    body = {"member": {"card": "own-1"}, "reward": reward, "cashier": mia.principal}
    assert problem(asks(device, "/v1/till/redemptions", body))[1] == "own_membership"
    other = cashier(shop)
    answer = asks(device, "/v1/till/redemptions", body | {"cashier": other.principal})
    assert answer.status_code == 201, answer.text
    kept = shop.shop.rows("select actor from redemption where program_id = $1 order by opened_at")
    assert kept[-1][0] == f"{other.principal} {device.id}"


def test_who_does_not_work_in_the_store_is_no_cashier_of_it(shop: Counter) -> None:
    device, elsewhere = Device(shop), cashier(shop, "other-street")
    strangers = (elsewhere.principal, f"staff_{'0' * 32}")
    records = [device.records("activity", sale("off"), cashier=one) for one in strangers]
    assert device.outcomes(*records) == [("quarantined", "unknown_cashier")] * 2
    reward = shop.get("/v1/rewards").json()["items"][0]["id"]
    for one in strangers:
        body = {"member": {"card": "off"}, "reward": reward, "cashier": one}
        assert problem(asks(device, "/v1/till/redemptions", body))[1] == "pin_wrong"


def test_who_was_moved_meanwhile_could_stand_there_then(shop: Counter) -> None:
    """Sold on Friday, moved on Saturday, handed in on Monday: it was theirs to sell."""
    device, mia = Device(shop), cashier(shop)
    friday = [device.records("activity", sale("moved"), cashier=mia.principal)]
    shop.shop.now += timedelta(days=1)
    settles(shop.shop, ChangeStaff(mia.staff_id, HOUSE, stores=("south",)))
    settles(shop.shop, ChangeStaff(mia.staff_id, HOUSE, name="Mia of the south"))
    shop.shop.now += timedelta(hours=1)
    late = device.records("activity", sale("moved"), cashier=mia.principal)
    shop.shop.now += timedelta(days=1)
    assert device.outcomes(*friday, late) == [("applied", ""), ("quarantined", "unknown_cashier")]
    # Given the store again, what waits is tried again, as before.
    settles(shop.shop, ChangeStaff(mia.staff_id, HOUSE, stores=None))
    (waits,) = [
        one["id"] for one in shop.get("/v1/till-records").json()["items"]
        if one["till_id"] == device.id
    ]  # fmt: skip
    again = shop.post(f"/v1/till-records/{waits}", {"outcome": "retry"})
    assert again.json()["outcome"] == "applied", again.text


def test_the_code_of_a_card_proves_its_member_once(shop: Counter) -> None:
    device, other = Device(shop), Device(shop, "Counter 2")
    member = shop.joined("shows-a-code")
    holder = Holder(shop.shop.program_id, UUID(hex=member.removeprefix("mem_")))
    code = {"code": code_at(shop.given.keyed, holder, step_of(shop.shop.now))}
    once = {"idempotency_key": "one-showing-of-it"}
    for _ in range(2):
        answer = asks(device, "/v1/till/cards", code, **once)
        assert answer.json() == {"member_id": member}, answer.text
    assert problem(asks(device, "/v1/till/cards", code))[:2] == (409, "card_code_used")
    assert problem(asks(other, "/v1/till/cards", code, **once))[:2] == (409, "card_code_used")
    wrong = {"code": "RG1:" + "A" * 40}
    assert problem(asks(device, "/v1/till/cards", wrong))[:2] == (409, "card_code_wrong")


def test_of_many_tills_that_read_one_code_at_once_one_has_it(shop: Counter) -> None:
    """Photographed, shown at each counter of the town in one second, and a minute later."""
    tills = [Device(shop, f"till {n}") for n in range(8)]
    member = shop.joined("is-photographed")
    holder = Holder(shop.shop.program_id, UUID(hex=member.removeprefix("mem_")))
    code = {"code": code_at(shop.given.keyed, holder, step_of(shop.shop.now))}
    shows = [
        partial(shop.send, "POST", "/v1/till/cards", code, key=one.token, idempotency_key="shown-1")
        for one in tills
    ]
    answers = shop.at_once(shows)
    assert sorted(one.status_code for one in answers) == [200] + [409] * 7
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"card_code_used"}
    shop.shop.now += timedelta(seconds=60)
    late = [one.json()["code"] for one in shop.at_once(shows) if one.status_code == 409]
    assert len(late) >= 7
    assert set(late) <= {"card_code_used", "card_code_wrong"}
