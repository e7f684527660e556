"""Points that pay at a till are gone with the sale they pay for, and never before or without it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.makers import NOON, Made, Shop
from tests.surfaces.counter import Counter, problem
from tests.surfaces.tills.device import Device
from tests.surfaces.tills.paying.test_paying import PAYS, asks, money, sells, stands, with_points

from regulars.flows.recording.record_activities import record_activities
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.insight.verify.run import run_verify

BASKET = (money(1_000), money(500))


def wrong(shop: Counter) -> dict[str, Any]:
    """What `regulars verify` finds wrong in the books."""

    async def verify() -> dict[str, Any]:
        report = await run_verify(await shop.shop.owning())
        return {one.check: one.examples for one in report.findings if one.violations}

    return shop.shop.run(verify())


@pytest.fixture(scope="module")
def pays(database: Made) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, PAYS.replace("pays-here", "pays-cut-off")))
    yield opened
    opened.close()


@pytest.fixture
def shop(pays: Counter) -> Iterator[Counter]:
    pays.shop.now = NOON
    yield pays
    pays.shop.now = NOON
    assert wrong(pays) == {}


def reserved(device: Device, member: str, key: str, **more: Any) -> Any:
    paid = asks(device, member, key, basket=more.pop("basket", money(1_000)), **more)
    assert paid.status_code == 201, paid.text
    return paid.json()


def state_of(shop: Counter, paid: Any) -> str:
    answer = shop.get(f"/v1/redemptions/{paid['id']}")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["state"])


def test_of_two_payments_none_is_taken_where_one_is_not_to_be_had(shop: Counter) -> None:
    """The first was taken, the second was not, and the member paid for a sale nobody booked."""
    device, member = Device(shop), with_points(shop, "two payments", 10_000)
    first, second = (reserved(device, member, f"part-{n}-of-it", want=money(400)) for n in (1, 2))
    payments = [
        {"kind": "points", "amount": money(400), "redemption": one["id"]} for one in (first, second)
    ]
    said = {
        "kind": "purchase", "member": {"id": member}, "amount": money(1_000), "payments": payments,
    }  # fmt: skip
    record = device.records("activity", said)
    shop.shop.now += timedelta(hours=2)
    other = Device(shop, "Counter 2")
    gone = reserved(other, member, "meanwhile-elsewhere")
    assert other.outcomes(sells(other, member, gone, BASKET)) == [("applied", "")]
    assert stands(shop, member) == (55, 0)
    assert device.outcomes(record) == [("quarantined", "not_enough_points")]
    shop.shop.now += timedelta(hours=2)
    shop.shop.night("lapse_holds")
    assert stands(shop, member) == (55, 0)


def test_the_points_are_reserved_until_the_sale_is_booked(shop: Counter) -> None:
    """Whatever comes between taking points and booking the sale: there is no such moment."""
    device, member = Device(shop), with_points(shop, "one moment")
    paid = reserved(device, member, "reserved-for-it")
    seen: list[str] = []
    real = shop.given.gate.submit

    async def watched(program_id: int, flow: Any, command: Any) -> Any:
        if flow in (record_activities, redeem_rewards):
            seen.append(flow.__name__)
        return await real(program_id, flow, command)

    shop.given.gate.submit = watched  # type: ignore[method-assign]
    try:
        assert device.outcomes(sells(device, member, paid, BASKET)) == [("applied", "")]
    finally:
        shop.given.gate.submit = real  # type: ignore[method-assign]
    assert seen == ["record_activities"]
    assert (stands(shop, member), state_of(shop, paid)) == ((355, 0), "captured")
    (kept,) = shop.shop.rows(
        "select state, closed_at, paid_for is not null from redemption"
        " where program_id = $1 and member_id = $2::uuid",
        member.removeprefix("mem_"),
    )
    assert tuple(kept) == ("captured", shop.shop.now, True)


def test_two_tills_pay_for_one_member_at_one_instant(shop: Counter) -> None:
    member = with_points(shop, "at once", 7_000)
    tills = [Device(shop), Device(shop, "Counter 2")]

    def body(device: Device) -> Any:
        return {"member": {"id": member}, "pay": {"basket": money(2_000), "want": money(500)}}

    async def both() -> list[Any]:
        return await asyncio.gather(
            *(
                shop.client.post(
                    "/v1/till/payments",
                    json=body(one),
                    headers={
                        "authorization": f"Bearer {one.token}",
                        "idempotency-key": f"instant-{place}",
                    },
                )
                for place, one in enumerate(tills)
            )
        )

    answers = shop.shop.run(both())
    assert sorted(one.status_code for one in answers) == [201, 409], [a.text for a in answers]
    assert stands(shop, member) == (20, 50)
    for one, answer in zip(tills, answers, strict=True):
        if answer.status_code == 201:
            record = sells(one, member, answer.json(), (money(2_000), money(500)))
            assert one.outcomes(record) == [("applied", "")]
    assert stands(shop, member) == (35, 0)


def test_the_answer_is_lost_and_the_same_key_asks_again(shop: Counter) -> None:
    device, member = Device(shop), with_points(shop, "lost answer")
    paid = reserved(device, member, "the-answer-is-lost")
    assert reserved(device, member, "the-answer-is-lost")["id"] == paid["id"]
    other = asks(device, member, "the-answer-is-lost", basket=money(900))
    assert problem(other)[:2] == (422, "key_reused")
    assert device.outcomes(sells(device, member, paid, BASKET)) == [("applied", "")]
    again = reserved(device, member, "the-answer-is-lost")  # long after it was taken
    assert again["id"] == paid["id"]
    assert stands(shop, member) == (355, 0)


def test_a_program_published_between_takes_nothing_nobody_agreed_to(database: Made) -> None:
    shop = Counter(Shop.open(database, PAYS.replace("pays-here", "pays-published")))
    device, member = Device(shop), with_points(shop, "between")
    quoted = {"member": {"id": member}, "pay": {"basket": money(1_000)}}
    told = shop.post("/v1/till/payment-quotes", quoted, key=device.token).json()
    held = reserved(device, member, "held-before-it", want=money(300))
    late = reserved(device, member, "late-before-it", want=money(200))
    dearer = PAYS.replace("pays-here", "pays-published").replace(
        'points: 10, per: "1.00", step: 10, at_most_percent: 50',
        'points: 20, per: "1.00", step: 20, at_most_percent: 10',
    )
    shop.shop.publish(dearer)
    wish = quoted | {"points": told["points"]}
    wish["pay"] = {"basket": money(1_000), "want": money(100)}
    no = shop.ask("POST", "/v1/till/payments", wish, key=device.token, idempotency_key="between-1")
    assert problem(no)[:2] == (409, "payment_changed")
    assert (no.json()["facts"]["points"], no.json()["facts"]["value_minor"]) == (20, 100)
    assert stands(shop, member) == (350, 50)
    # What was reserved is a promise: it pays what it said, in time and late.
    record = sells(device, member, held, (money(1_000), money(300)))
    assert device.outcomes(record) == [("applied", "")]
    record = sells(device, member, late, (money(1_000), money(200)))
    shop.shop.now += timedelta(hours=2)
    assert device.outcomes(record) == [("applied", "")]
    assert stands(shop, member) == (350 + 7 + 8, 0)
    assert wrong(shop) == {}
    shop.close()


def test_points_that_expire_between_are_not_paid_with(database: Made) -> None:
    brief = PAYS.replace("pays-here", "pays-brief").replace(
        "wallets: {points: {}}", "wallets: {points: {expiry: {after: 1 day}}}"
    )
    shop = Counter(Shop.open(database, brief))
    device, member = Device(shop), with_points(shop, "brief")
    paid = reserved(device, member, "held-over-midnight")
    late = reserved(device, member, "late-over-midnight")
    ends = shop.shop.rows(
        "select max(expires_at) from lot where program_id = $1 and member_id = $2::uuid",
        member.removeprefix("mem_"),
    )[0][0]
    told = shop.shop.now
    record, other = (sells(device, member, one, BASKET) for one in (paid, late))
    assert ends - told > timedelta(minutes=15)
    shop.shop.now = ends - timedelta(minutes=5)
    third = reserved(device, member, "held-over-its-end")
    held = sells(device, member, third, BASKET)
    shop.shop.now = ends + timedelta(minutes=5)
    shop.shop.night()
    # Reserved while they lived, they are honoured until that ends (A11); what lapsed is gone.
    assert device.outcomes(record) == [("quarantined", "not_enough_points")]
    assert device.outcomes(other) == [("quarantined", "not_enough_points")]
    assert device.outcomes(held) == [("applied", "")]
    assert stands(shop, member) == (5, 0)
    assert wrong(shop) == {}
    shop.close()


HOME = PAYS.replace("pays-here", "pays-home") + (
    "household: {most_members: 4, minors: {points: {points: 60}, per: day}}\n"
)


def test_a_minor_pays_within_their_limit_and_nobody_with_anothers(database: Made) -> None:
    shop = Counter(Shop.open(database, HOME))
    device = Device(shop)
    head, child = with_points(shop, "head"), with_points(shop, "child")
    home = shop.post("/v1/households", {"head": {"id": head}, "name": "Berg"}).json()["id"]
    joins = shop.post(
        f"/v1/households/{home}/members",
        {"member": {"id": child}, "role": "minor"},
    )
    assert joins.status_code in (200, 201), joins.text
    told = shop.post(
        "/v1/till/payment-quotes",
        {"member": {"id": child}, "pay": {"basket": money(2_000)}},
        key=device.token,
    )
    assert told.json()["points"] == 60
    paid = reserved(device, child, "as-much-as-they-may", basket=money(2_000))
    no = asks(device, child, "and-more-of-it", basket=money(2_000), want=money(100))
    assert problem(no)[:2] == (409, "minor_limit")
    record = sells(device, child, paid, (money(2_000), money(600)))
    shop.shop.now += timedelta(hours=2)  # it lapsed: it is the same spending, and no second one
    assert device.outcomes(record) == [("applied", "")]
    assert (stands(shop, child), stands(shop, head)) == ((400 - 60 + 14, 0), (400, 0))
    assert wrong(shop) == {}
    shop.close()


LINES = [
    {"sku": "mug", "quantity": 2, "amount": money(600)},
    {"sku": "tea", "quantity": 1, "amount": money(400)},
]


def test_a_part_comes_back_and_then_the_rest(shop: Counter) -> None:
    """Points and money each by their share, to the lots they were of; in all, what was paid."""
    device, member = Device(shop), with_points(shop, "parts")
    paid = reserved(device, member, "a-basket-of-two")
    record = sells(device, member, paid, BASKET, lines=LINES)
    assert device.outcomes(record) == [("applied", "")]
    assert stands(shop, member) == (355, 0)
    sale = {"source": device.id, "external_id": f"key-{device.id[-6:]}-0001"}
    one = device.records("void", {"sale": sale, "returned": [{"line": 0, "quantity": 1}]})
    looked = shop.post(
        "/v1/activities/preview",
        {"kind": "return", "sale": sale, "returned": [{"line": 0, "quantity": 1}]},
        key=device.token,
    ).json()
    assert (looked["refunded"], looked["paid_back"]["minor"]) == ({"points": 15}, 150)
    assert device.outcomes(one) == [("applied", "")]
    assert stands(shop, member) == (355 + 15 - 2, 0)
    rest = device.records("void", {"sale": sale})
    assert device.outcomes(rest) == [("applied", "")]
    assert device.hands_in(one)[0]["again"]
    assert stands(shop, member) == (400, 0)
    (lot,) = shop.shop.rows(
        "select remaining, pinned from lot where program_id = $1 and member_id = $2::uuid"
        " and remaining > 0",
        member.removeprefix("mem_"),
    )
    assert tuple(lot) == (400, 0)
    assert state_of(shop, paid) == "returned"


def test_its_return_in_the_same_hand_in_gives_all_back(shop: Counter) -> None:
    """A sale and its undoing, both without the network: the points were never gone."""
    device, member = Device(shop), with_points(shop, "undone at once")
    paid = reserved(device, member, "undone-at-once")
    record = sells(device, member, paid, BASKET)
    sale = {"source": device.id, "external_id": f"key-{device.id[-6:]}-0001"}
    back = device.records("void", {"sale": sale})
    assert device.outcomes(record, back) == [("applied", ""), ("applied", "")]
    assert stands(shop, member) == (400, 0)
    assert state_of(shop, paid) == "returned"


def test_two_sales_at_once_name_one_reservation(shop: Counter) -> None:
    device, member = Device(shop), with_points(shop, "named twice")
    paid = reserved(device, member, "one-for-two-sales")
    both = [sells(device, member, paid, BASKET) for _ in range(2)]
    assert sorted(device.outcomes(*both)) == [("applied", ""), ("quarantined", "invalid")]
    assert stands(shop, member) == (355, 0)


def test_what_was_given_back_in_the_office_pays_for_nothing(shop: Counter) -> None:
    device, member = Device(shop), with_points(shop, "voided")
    paid = reserved(device, member, "voided-meanwhile")
    assert shop.post(f"/v1/redemptions/{paid['id']}/void").status_code == 200
    record = sells(device, member, paid, BASKET)
    assert device.outcomes(record) == [("quarantined", "already_voided")]
    assert stands(shop, member) == (400, 0)


def test_set_aside_and_tried_again_it_takes_them_then(shop: Counter) -> None:
    device, member = Device(shop), with_points(shop, "tried again", 10_000)
    paid = reserved(device, member, "tried-again-later")
    record = sells(device, member, paid, BASKET)
    shop.post(f"/v1/members/{member}/block", {"reason": "fraud"})
    assert device.outcomes(record) == [("quarantined", "member_blocked")]
    shop.post(f"/v1/members/{member}/unblock", {"reason": "mistake"})
    shop.shop.now += timedelta(hours=30)
    (found,) = [
        one for one in shop.get("/v1/till-records").json()["items"] if one["till_id"] == device.id
    ]
    again = shop.post(f"/v1/till-records/{found['id']}", {"outcome": "retry"})
    assert again.status_code == 200, again.text
    assert stands(shop, member) == (55, 0)
