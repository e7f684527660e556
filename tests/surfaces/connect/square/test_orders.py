"""Square's own client sells something, takes a reward for it and is paid."""

from typing import Any
from uuid import uuid4

import pytest
from square import Square
from square.core.api_error import ApiError
from tests.surfaces.counter import Counter

pytestmark = pytest.mark.slow


def key() -> str:
    return str(uuid4())


def line(minor: int, **more: object) -> dict[str, object]:
    return {"quantity": "1", "base_price_money": {"amount": minor, "currency": "EUR"}, **more}


def order(square: Square, *lines: dict[str, object], **more: object) -> Any:
    made = square.orders.create(
        order={"location_id": "main", "line_items": list(lines), **more}, idempotency_key=key()
    )
    return made.order


def paid(square: Square, order_id: str, minor: int) -> Any:
    money = {"amount": minor, "currency": "EUR"}
    return square.payments.create(
        source_id="CASH",
        idempotency_key=key(),
        amount_money=money,
        order_id=order_id,
        cash_details={"buyer_supplied_money": money},
    ).payment


@pytest.fixture
def account(square: Square) -> str:
    """Somebody with 150 points."""
    number = f"+1415555{uuid4().int % 9000 + 1000}"
    made = square.loyalty.accounts.create(
        loyalty_account={"program_id": "main", "mapping": {"phone_number": number}},
        idempotency_key=key(),
    ).loyalty_account
    square.loyalty.accounts.accumulate_points(
        account_id=made.id,
        accumulate_points={"points": 150},
        idempotency_key=key(),
        location_id="main",
    )
    return str(made.id)


def test_an_order_is_paid_and_earns_what_the_program_says(
    square: Square, account: str, counter: Counter
) -> None:
    made = order(square, line(10_550), line(77), customer_id=account)
    assert (made.total_money.amount, made.state) == (10_627, "OPEN")
    with pytest.raises(ApiError, match="not paid"):
        _earn(square, account, made.id)
    payment = paid(square, made.id, 10_627)
    assert (payment.status, payment.order_id) == ("COMPLETED", made.id)
    assert square.orders.get(order_id=made.id).order.state == "COMPLETED"
    foreseen = square.loyalty.programs.calculate(program_id="main", order_id=made.id)
    assert (foreseen.points, foreseen.promotion_points) == (106, 0)
    (event,) = _earn(square, account, made.id).events
    assert (event.accumulate_points.points, event.accumulate_points.order_id) == (106, made.id)
    with pytest.raises(ApiError, match="before"):
        _earn(square, account, made.id)
    found = square.loyalty.search_events(query={"filter": {"order_filter": {"order_id": made.id}}})
    assert [one.id for one in found.events] == [event.id]
    assert square.loyalty.accounts.get(account_id=account).loyalty_account.balance == 256


def test_paying_an_order_hands_its_reward_over(square: Square, account: str) -> None:
    made = order(square, line(2_000), customer_id=account)
    reward = square.loyalty.rewards.create(
        reward={
            "loyalty_account_id": account, "reward_tier_id": "free-coffee", "order_id": made.id,
        },
        idempotency_key=key(),
    ).reward  # fmt: skip
    assert (reward.status, reward.order_id) == ("ISSUED", made.id)
    with_reward = square.orders.get(order_id=made.id).order
    assert (with_reward.total_money.amount, with_reward.rewards[0].id) == (1_650, reward.id)
    with pytest.raises(ApiError) as error:
        paid(square, made.id, 2_000)
    assert error.value.status_code == 400
    paid(square, made.id, 1_650)
    assert square.loyalty.rewards.get(reward_id=reward.id).reward.status == "REDEEMED"
    assert _earn(square, account, made.id).events[0].accumulate_points.points == 16
    found = square.loyalty.search_events(
        query={"filter": {"type_filter": {"types": ["REDEEM_REWARD"]}}}, limit=1
    )
    assert found.events[0].redeem_reward.order_id == made.id
    with pytest.raises(ApiError, match="paid before"):
        square.loyalty.rewards.create(
            reward={"loyalty_account_id": account, "reward_tier_id": "free-coffee",
                    "order_id": made.id},
            idempotency_key=key(),
        )  # fmt: skip


def test_a_deleted_reward_takes_nothing_off_the_order(square: Square, account: str) -> None:
    made = order(square, line(2_000))
    reward = square.loyalty.rewards.create(
        reward={
            "loyalty_account_id": account, "reward_tier_id": "free-coffee", "order_id": made.id,
        },
        idempotency_key=key(),
    ).reward  # fmt: skip
    square.loyalty.rewards.delete(reward_id=reward.id)
    assert square.orders.get(order_id=made.id).order.total_money.amount == 2_000
    assert square.loyalty.accounts.get(account_id=account).loyalty_account.balance == 150


def test_no_card_is_ever_taken(square: Square) -> None:
    with pytest.raises(ApiError) as error:
        square.payments.create(
            source_id="cnon:card-nonce-ok",
            idempotency_key=key(),
            amount_money={"amount": 100, "currency": "EUR"},
        )
    assert error.value.errors[0].code == "UNSUPPORTED_SOURCE_TYPE"


def test_a_proposed_reward_is_priced_and_nothing_is_kept(square: Square) -> None:
    priced = square.orders.calculate(
        order={"location_id": "main", "line_items": [line(1_000)]},
        proposed_rewards=[{"id": "maybe", "reward_tier_id": "free-coffee"}],
    ).order
    assert (priced.id, priced.total_money.amount) == (None, 650)


def _earn(square: Square, account: str, order_id: str) -> Any:
    return square.loyalty.accounts.accumulate_points(
        account_id=account,
        accumulate_points={"order_id": order_id},
        idempotency_key=key(),
        location_id="main",
    )
