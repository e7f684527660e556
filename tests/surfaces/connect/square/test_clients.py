"""Square's own clients for Python and Node, unmodified: the till of a coffee shop.

`make test` brings the one for Node (`npm ci`, from a lock file).
"""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from square import AsyncSquare, Square
from square.core.api_error import ApiError
from tests.makers import NOON
from tests.surfaces.counter import Counter

from regulars.surfaces.senders.hooks.square import (
    signature_key_of,
    square_body,
    square_signature,
)

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[4]
CLIENT = ROOT / ".venv" / "square"
SCRIPT = Path(__file__).parent / "node" / "till.mjs"


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


def test_a_member_joins_earns_and_takes_a_reward(square: Square) -> None:
    program = square.loyalty.programs.get(program_id="main").program
    assert program is not None
    assert program.reward_tiers is not None
    (tier,) = program.reward_tiers
    assert (tier.id, tier.points, program.terminology.other) == ("free-coffee", 100, "Points")
    made = square.loyalty.accounts.create(
        loyalty_account={"program_id": program.id, "mapping": {"phone_number": "+14155551234"}},
        idempotency_key=key(),
    ).loyalty_account
    assert made is not None
    assert (made.balance, made.lifetime_points, made.enrolled_at) == (0, 0, None)
    earned = square.loyalty.accounts.accumulate_points(
        account_id=made.id,
        accumulate_points={"points": 120},
        idempotency_key=key(),
        location_id=program.location_ids[0],
    )
    assert earned.event is None
    (event,) = earned.events
    assert (event.type, event.accumulate_points.points) == ("ACCUMULATE_POINTS", 120)
    reward = square.loyalty.rewards.create(
        reward={"loyalty_account_id": made.id, "reward_tier_id": tier.id}, idempotency_key=key()
    ).reward
    assert (reward.status, reward.points) == ("ISSUED", 100)
    assert square.loyalty.accounts.get(account_id=made.id).loyalty_account.balance == 20
    redeemed = square.loyalty.rewards.redeem(
        reward_id=reward.id, idempotency_key=key(), location_id="main"
    ).event
    assert redeemed.redeem_reward.reward_id == reward.id
    found = square.loyalty.accounts.search(query={"mappings": [{"phone_number": "+14155551234"}]})
    (account,) = found.loyalty_accounts
    assert (account.balance, account.lifetime_points) == (20, 120)
    with pytest.raises(ApiError) as error:
        square.loyalty.rewards.create(
            reward={"loyalty_account_id": made.id, "reward_tier_id": tier.id},
            idempotency_key=key(),
        )
    assert (error.value.status_code, error.value.errors[0].code) == (400, "BAD_REQUEST")


def test_the_asynchronous_client_goes_through_pages(address: str, token: str) -> None:
    async def walk() -> list[int]:
        client = AsyncSquare(base_url=address, token=token)
        made = await client.loyalty.accounts.create(
            loyalty_account={"program_id": "main", "mapping": {"phone_number": "+14155551236"}},
            idempotency_key=key(),
        )
        account = made.loyalty_account.id
        for points in (5, 6, 7):
            await client.loyalty.accounts.accumulate_points(
                account_id=account,
                accumulate_points={"points": points},
                idempotency_key=key(),
                location_id="main",
            )
        mine = {"filter": {"loyalty_account_filter": {"loyalty_account_id": account}}}
        found, cursor = [], None
        while True:
            page = await client.loyalty.search_events(query=mine, limit=2, cursor=cursor)
            found += [one.accumulate_points.points for one in page.events]
            cursor = page.cursor
            if cursor is None:
                return found

    assert asyncio.run(walk()) == [7, 6, 5]


def test_the_node_client_does_what_the_python_client_does(address: str, token: str) -> None:
    node = shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")
    assert (CLIENT / "node_modules" / "square").is_dir(), "run `make test`: it brings the client"
    asked = [node, str(SCRIPT), str(CLIENT), address, token]
    done = subprocess.run(asked, check=False, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == {
        "balance": 130,
        "accumulated": 230,
        "refused": "400 BAD_REQUEST",
        "total": "900",
        "most": "9007199254740991",
        "beyond": "400 VALUE_TOO_HIGH",
        "types": [
            "DELETE_REWARD",
            "REDEEM_REWARD",
            "CREATE_REWARD",
            "CREATE_REWARD",
            "ACCUMULATE_POINTS",
        ],
        "promotions": 0,
    }


def test_the_node_client_keeps_subscriptions_and_verifies_what_is_signed(
    address: str, counter: Counter
) -> None:
    node = shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")
    key, url = signature_key_of(b"k" * 32), "https://hooks.example/in"
    body = square_body("coffee", "loyalty.event.created", "one", NOON, {"id": "ent_ü"})
    signed = {
        "requestBody": body.decode(),
        "signatureHeader": square_signature(key, url, body),
        "signatureKey": key,
        "notificationUrl": url,
    }
    token = counter.made_key("webhooks:write")
    asked = [node, str(SCRIPT.with_name("hooks.mjs")), str(CLIENT), address, token]
    done = subprocess.run(
        asked, check=False, capture_output=True, timeout=120, input=json.dumps(signed).encode()
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == {
        "types": 8,
        "enabled": False,
        "found": True,
        "rotated": True,
        "refused": "400 INVALID_VALUE subscription.event_types[0]",
        "verified": True,
        "forged": False,
    }


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
