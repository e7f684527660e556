"""What is poisoned fails alone and at once; what only lost its connection is tried again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import asyncpg
import pytest
import structlog
from tests.isolation.scenes import KIOSK
from tests.makers import Shop, buys, by

from regulars.flows.commands import Recorded
from regulars.flows.recording.record_activities import record_activities
from regulars.runtime.serving.gate import Gate
from regulars.runtime.serving.programs import Programs

QUICKLY_S = 3.0
POISON = {
    "a letter that is half of one": {"store": "\ud800"},
    "a letter PostgreSQL does not keep": {"store": "\x00"},
}
"""What the surfaces refuse; should one ever come through, the others must not suffer."""


@pytest.fixture(scope="module")
def shop(make_database: Callable[[], Any]) -> Iterator[Shop]:
    opened = Shop.open(make_database(), KIOSK)
    opened.joined("a1", "a2")
    yield opened
    opened.close()


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
def test_a_poisoned_command_fails_alone_and_at_once(shop: Shop, poison: dict[str, str]) -> None:
    good = [buys(by(external="a1"), 100 + n) for n in range(6)]
    commands = [*good[:3], buys(by(external="a2"), 500, **poison), *good[3:]]
    began = time.monotonic()
    with structlog.testing.capture_logs():
        outcomes = _through_gate(shop, commands)
    assert time.monotonic() - began < QUICKLY_S
    assert [type(one) for i, one in enumerate(outcomes) if i != 3] == [Recorded] * 6
    assert isinstance(outcomes[3], Exception)


@pytest.mark.parametrize("trouble", [asyncpg.InternalClientError("planted"), OSError("planted")])
def test_a_driver_that_lost_its_thread_is_a_lost_connection(shop: Shop, trouble: Exception) -> None:
    troubles = [trouble]

    async def stumbles(*asked: Any) -> Any:
        if troubles:
            raise troubles.pop()
        return await record_activities(*asked)

    outcomes = _through_gate(shop, [buys(by(external="a1"), 700)], stumbles)
    assert [type(one) for one in outcomes] == [Recorded]


def _through_gate(shop: Shop, commands: list[Any], flow: Any = record_activities) -> list[Any]:
    async def act() -> list[Any]:
        gate = Gate(shop.database, Programs(shop.database))
        asked = [gate.submit(shop.program_id, flow, command) for command in commands]
        return await asyncio.gather(*asked, return_exceptions=True)

    return shop.run(act())
