"""Square's own Python client, unmodified, on the loyalty operations."""

import asyncio
from uuid import uuid4

import pytest
from square import AsyncSquare, Square
from square.core.api_error import ApiError

pytestmark = pytest.mark.slow


def key() -> str:
    return str(uuid4())


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
