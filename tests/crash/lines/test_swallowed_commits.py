"""The connection goes after COMMIT was done and before anybody heard: asked again, it is there."""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.crash.lines.commit_proxy import CommitProxy, proxied
from tests.isolation.scenes import KIOSK
from tests.makers import Shop, asked, buys, by
from tests.turns import NIGHTLY

from regulars.flows.commands import Recorded, Redeem, Redeemed
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.runtime.serving.gate import Gate
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

pytestmark = pytest.mark.slow

AMBIGUOUS = 1_000 if NIGHTLY else 60
MEMBERS = 30
SHARE = 0.3
SEED = int(os.environ.get("REGULARS_SEED") or random.randrange(10**9))


@pytest.fixture
def shop(fresh_database: Any) -> Iterator[Shop]:
    opened = Shop.open(fresh_database, KIOSK)
    opened.joined(*[f"m{n}" for n in range(MEMBERS)])
    yield opened
    opened.close()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short one: a socket's path has 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="regulars-") as made:
        yield Path(made)


@pytest.mark.in_turns(2)
def test_a_commit_nobody_heard_of_is_done_once(shop: Shop, folder: Path) -> None:
    proxy, answers = shop.run(_swallow(shop, folder, keyed=True))
    activities, redemptions = _kept(shop)
    bought = [one for one in answers if isinstance(one, Recorded)]
    taken = [one for one in answers if isinstance(one, Redeemed)]
    print(
        f"\nswallowed commits, seed {SEED}: {proxy.commits} commits, {proxy.swallowed} ambiguous, "
        f"{len(bought)} purchases and {len(taken)} redemptions told, "
        f"{len(activities)} and {len(redemptions)} kept"
    )
    assert proxy.swallowed >= AMBIGUOUS
    assert sorted(one.activity_id for one in bought) == sorted(activities)
    assert sorted(one.redemption_id for one in taken) == sorted(redemptions)
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_without_keys_the_same_doubles(shop: Shop, folder: Path) -> None:
    """The control: a gate that tries again what has no key."""
    _, answers = shop.run(_swallow(shop, folder, keyed=False))
    bought = [one for one in answers if isinstance(one, Recorded)]
    activities, _ = _kept(shop)
    assert len(activities) > len(bought)


async def _swallow(shop: Shop, folder: Path, *, keyed: bool) -> tuple[CommitProxy, Sequence[Any]]:
    """Purchases and redemptions through a gate whose COMMITs are swallowed now and then."""
    chance = random.Random(SEED)
    proxy = CommitProxy(chance, SHARE)
    answers: list[Any] = []
    async with proxied(shop.made.app_dsn, folder, proxy) as dsn:
        database = await Database.connect(dsn, size=4, clock=lambda: shop.now)
        gate = Gate(database, Programs(shop.database), width=3)
        proxy.armed = True
        round_ = 0
        while proxy.swallowed < (AMBIGUOUS if keyed else 10):
            round_ += 1
            wishes = [_wish(chance, f"k{round_}-{n}" if keyed else "") for n in range(8)]
            told = [gate.submit(shop.program_id, flow, command) for flow, command in wishes]
            answers += await asyncio.gather(*told)
        proxy.armed = False
        await database.close()
    return proxy, answers


def _wish(chance: random.Random, key: str) -> tuple[Any, Any]:
    member = by(external=f"m{chance.randrange(MEMBERS)}")
    if chance.random() < 0.3:
        return redeem_rewards, Redeem(member, "coffee", capture=True, asked=asked(key))
    return record_activities, buys(member, chance.randrange(100, 5000), asked=asked(key))


def _kept(shop: Shop) -> tuple[list[Any], list[Any]]:
    activities = shop.rows("select activity_id from activity where program_id = $1")
    redemptions = shop.rows("select redemption_id from redemption where program_id = $1")
    return [row[0] for row in activities], [row[0] for row in redemptions]
