"""How much a cashier takes alone is decided with the redemption, whatever was true before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.flows.members.staff.people import HOUSE, hires, settles
from tests.makers import Made, Shop
from tests.surfaces.counter import Counter, problem
from tests.surfaces.tills.device import STORE, Device
from tests.surfaces.tills.paying.test_paying import PAYS, money, stands, with_points

from regulars.base.tx import Tx
from regulars.engine.compiling.compile import compile_program
from regulars.engine.compiling.counters import code_names
from regulars.engine.terms import Terms, terms_of
from regulars.flows.access.commands import ChangeSetting, SetPin
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.flows.terms.publish_program import Publication, Said, publish_program
from regulars.records.access.staff.passwords import kept_form
from regulars.records.access.staff.types import Staff
from regulars.records.program.reading import read_program
from regulars.surfaces.till.sync.limits import above

ALONE = PAYS.replace("pays-here", "pays-alone") + (
    "rewards:\n  - {id: mug, name: A mug, price: {points: 40}, worth: '4.00'}\n"
)


@pytest.fixture
def shop(database: Made) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, ALONE))
    limits(opened)
    yield opened
    opened.close()


def limits(shop: Counter, points: int = 49) -> None:
    """So many points a cashier takes alone."""
    settles(shop.shop, ChangeSetting("redeem_limit", points, HOUSE))


def manager(shop: Counter) -> Staff:
    boss = hires(shop.shop, "manager", stores=(STORE,))
    settles(shop.shop, SetPin(boss.staff_id, kept_form("161803", bytes(16)), HOUSE))
    return boss


@contextmanager
def between(shop: Counter, act: Callable[[], Any]) -> Iterator[None]:
    """Something happens right before the redemption is decided, after everything was looked up."""
    real = shop.given.gate.submit

    async def late(program_id: int, flow: Any, command: Any) -> Any:
        if flow is redeem_rewards:
            shop.given.gate.submit = real  # type: ignore[method-assign]
            await act()
        return await real(program_id, flow, command)

    shop.given.gate.submit = late  # type: ignore[method-assign]
    try:
        yield
    finally:
        shop.given.gate.submit = real  # type: ignore[method-assign]


def pays(device: Device, member: str, key: str, **more: Any) -> Any:
    body = {"member": {"id": member}, "pay": {"basket": money(1_000)}, **more}
    path = "/v1/till/payments"
    return device.counter.ask("POST", path, body, key=device.token, idempotency_key=key)


def takes(device: Device, member: str, key: str, **more: Any) -> Any:
    body = {"member": {"id": member}, "reward": "mug", **more}
    path = "/v1/till/redemptions"
    return device.counter.ask("POST", path, body, key=device.token, idempotency_key=key)


def test_points_that_arrive_between_do_not_pass_the_limit(shop: Counter) -> None:
    device, member = Device(shop), with_points(shop, "between", 4_000)
    said = {
        "kind": "purchase", "member": {"id": member}, "source": "web", "external_id": "late",
        "amount": money(40_000),
    }  # fmt: skip

    async def arrive() -> None:
        answer = await shop.send("POST", "/v1/activities", said)
        assert answer.status_code == 201, answer.text

    with between(shop, arrive):
        no = pays(device, member, "points-arrive")
    assert problem(no)[:2] == (409, "manager_needed")
    assert stands(shop, member) == (440, 0)
    boss = manager(shop)
    yes = pays(device, member, "points-arrive", approved_by=boss.principal, pin="161803")
    assert yes.status_code == 201, yes.text
    assert stands(shop, member) == (390, 50)


def test_a_price_that_rises_between_does_not_pass_the_limit(shop: Counter) -> None:
    device, member = Device(shop), with_points(shop, "dearer")

    async def publish() -> None:
        dearer = ALONE.replace("price: {points: 40}", "price: {points: 60}")

        async def act(tx: Tx) -> Publication:
            return await publish_program(tx, dearer, effective_from=None, by="owner", said=Said())

        await shop.shop._alone(act)

    with between(shop, publish):
        no = takes(device, member, "a-price-rises")
    assert problem(no)[:2] == (409, "manager_needed")
    assert stands(shop, member) == (400, 0)


def test_what_was_done_is_told_again_whatever_the_limit_is_by_now(shop: Counter) -> None:
    """The answer was lost; meanwhile the owner lowered the limit: it is the same redemption."""
    device, member = Device(shop), with_points(shop, "again")
    first = takes(device, member, "lost-answer")
    assert first.status_code == 201, first.text
    limits(shop, 10)
    again = takes(device, member, "lost-answer")
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    boss = manager(shop)
    agreed = takes(device, member, "lost-answer", approved_by=boss.principal, pin="161803")
    assert (agreed.status_code, agreed.json()["id"]) == (201, first.json()["id"])
    assert problem(takes(device, member, "one-more-mug"))[1] == "manager_needed"
    assert stands(shop, member) == (360, 0)


def test_a_colleague_who_is_no_manager_agrees_to_nothing(shop: Counter) -> None:
    device, member = Device(shop), with_points(shop, "colleague")
    one = hires(shop.shop, "cashier", stores=(STORE,))
    settles(shop.shop, SetPin(one.staff_id, kept_form("141421", bytes(16)), HOUSE))
    no = pays(device, member, "a-colleague", approved_by=one.principal, pin="141421")
    assert problem(no)[:2] == (409, "manager_needed")
    assert stands(shop, member) == (400, 0)


NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
PROGRAM = """
regulars: 1
program: asks
name: Asks
currency: EUR
zone: Europe/Berlin
wallets:
  points: {scale: 1}
  stamps: {kind: stamps}
rules:
  - {id: base, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
tiers: {measure: visits, steps: [{id: gold, at: 3}]}
rewards:
  - {id: cup, name: A cup, price: {points: "5.5"}}
  - {id: pot, name: A pot, price: {points: 5}, or: [{price: {points: 7}}]}
  - {id: can, name: A can, price: {points: 5}, tier_prices: {gold: {price: {stamps: 8}}}}
"""


@pytest.fixture(scope="module")
def terms() -> Terms:
    compiled = compile_program(read_program(PROGRAM))
    codes = {name: place for place, name in enumerate(code_names(compiled), 1)}
    return terms_of(1, "asks", [(1, NOON, compiled)], codes)


@pytest.mark.parametrize(("reward", "most"), [("cup", 6), ("pot", 7), ("can", 8), ("nothing", 0)])
def test_no_way_to_pay_goes_past_the_limit(terms: Terms, reward: str, most: int) -> None:
    assert not above(terms, reward, most, NOON)
    assert above(terms, reward, most - 1, NOON) or reward == "nothing"
