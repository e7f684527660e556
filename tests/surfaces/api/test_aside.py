"""Tills do not wait while a program is compiled."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from tests.surfaces.counter import Counter, buys

from regulars.base.faults import Outage
from regulars.runtime.serving.aside import MOST_WAITING, Aside
from regulars.runtime.serving.programs import Programs


def test_a_till_is_answered_while_a_version_is_being_compiled(counter: Counter) -> None:
    source = counter.get("/v1/programs/versions/1").json()["source"] + "# slowly\n"
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(think: Any, told: Any) -> Any:
        begun.set()
        await go_on.wait()
        return await asyncio.to_thread(think, told)

    slowly = Counter(counter.shop, aside=slow)

    async def both() -> tuple[Any, Any]:
        publishing = asyncio.create_task(
            slowly.send("POST", "/v1/programs/versions", {"source": source})
        )
        await asyncio.wait_for(begun.wait(), 20)
        till = await slowly.send("POST", "/v1/activities", buys("C-slow", 500))
        assert not publishing.done()
        go_on.set()
        return till, await publishing

    till, published = counter.shop.run(both())
    counter.shop.run(slowly.client.aclose())
    assert (till.status_code, published.status_code) == (201, 201)


def test_thinking_is_done_in_a_thread_one_at_a_time() -> None:
    here, running, most = threading.get_ident(), 0, 0

    def think(number: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        assert threading.get_ident() != here
        running -= 1
        return number

    async def all_at_once() -> list[Any]:
        aside = Aside()
        asked = [aside(think, number) for number in range(MOST_WAITING + 2)]
        return await asyncio.gather(*asked, return_exceptions=True)

    answers = asyncio.run(all_at_once())
    assert answers[:MOST_WAITING] == list(range(MOST_WAITING))
    assert all(isinstance(one, Outage) for one in answers[MOST_WAITING:])
    assert most == 1


@pytest.mark.parametrize("times", [1, 2])
def test_terms_are_compiled_aside_once_per_version(counter: Counter, times: int) -> None:
    shop = counter.shop
    asked: list[str] = []

    async def aside(think: Any, told: Any) -> Any:
        asked.append(told)
        return think(told)

    programs = Programs(shop.database, aside)  # type: ignore[arg-type]
    for _ in range(times):
        programs.forget(shop.program_id)
        shop.run(programs.terms(shop.program_id))
    assert len(asked) == len(set(asked))
    sources = shop.rows("select distinct source from program_version where program_id = $1")
    assert set(asked) == {source for (source,) in sources}
