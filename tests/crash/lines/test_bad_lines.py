"""The line to PostgreSQL is bad: whoever asks hears yes, or that it is worth asking again."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.books import assert_books_right
from tests.crash.lines.commit_proxy import Line, proxied
from tests.makers import Shop
from tests.surfaces.counter import Counter, buys

from regulars.records.program.templates import load_template
from regulars.runtime.serving import gate
from regulars.runtime.storage.database import Database

pytestmark = pytest.mark.slow

PATIENCE_S, HEALED_S, TILLS = 1, 10.0, 4


class Far:
    """A shop whose application reaches its database over such a line."""

    def __init__(self, made: Any, folder: Path) -> None:
        self.shop = Shop.open(made, load_template("coffee-shop"))
        self.line, self._own = Line(), self.shop.database
        self._behind = proxied(made.app_dsn, folder, self.line)
        dsn = self.shop.run(self._behind.__aenter__())
        self.counter = Counter(self.shop)
        self.key = self.counter.key
        self.shop.run(self.counter.client.aclose())
        self.database = self.shop.run(
            Database.connect(dsn, size=2, clock=lambda: self.shop.now, patience_s=PATIENCE_S)
        )
        self.shop.database = self.database
        self.counter = Counter(self.shop)
        self.counter.joined("C-1")

    def sells(self, what: str, many: int = TILLS) -> tuple[list[httpx.Response], float]:
        """So many tills sell at once; their answers, and how long the last one waited."""
        began = time.monotonic()
        told = self.counter.at_once(
            [lambda n=n: self.counter.send("POST", "/v1/activities", bought(f"{what}-{n}"))  # type: ignore[misc]
             for n in range(many)]
        )  # fmt: skip
        return told, time.monotonic() - began

    def close(self) -> None:
        self.line.turn("well")
        self.shop.run(self.counter.client.aclose())
        self.database.pool.terminate()
        self.shop.run(self._behind.__aexit__(None, None, None))
        self.shop.database = self._own
        self.shop.close()


def bought(receipt: str) -> dict[str, Any]:
    return buys("C-1", 350, source="till", external_id=receipt)


@pytest.fixture(scope="module")
def far(make_database: Any) -> Iterator[Far]:
    with tempfile.TemporaryDirectory(prefix="regulars-") as folder:
        opened = Far(make_database(), Path(folder))
        yield opened
        opened.close()


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("way", ["stall", "reset", "slice", "delay"])
def test_over_a_bad_line_it_is_done_or_worth_asking_again(
    far: Far, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "PATIENCE_SECONDS", float(PATIENCE_S))
    far.line.turn(way)
    told, waited = far.sells(way)
    far.line.turn("well")
    whole = way in ("slice", "delay")
    assert {one.status_code for one in told} <= ({201} if whole else {201, 503})
    assert whole or 503 in {one.status_code for one in told}, "the control: the line was bad"
    assert all(int(one.headers["retry-after"]) > 0 for one in told if one.status_code == 503)
    assert waited < 4 * PATIENCE_S + 3
    began = time.monotonic()
    while far.sells(f"{way} healed", 1)[0][0].status_code not in (200, 201):
        assert time.monotonic() - began < HEALED_S
    again, _ = far.sells(way)
    assert {one.status_code for one in again} <= {200, 201}
    sold = far.shop.rows(
        "select count(*)::int, count(distinct external_id)::int from activity"
        " where program_id = $1 and external_id like $2", f"{way}-%",
    )  # fmt: skip
    assert sold == [(TILLS, TILLS)]
    far.shop.run(assert_books_right(far.shop.made.owner_dsn))


def test_one_that_does_not_end_holds_up_nobody_for_ever(far: Far) -> None:
    """Every connection of the pool is taken by a statement that takes for ever."""

    async def stuck() -> None:
        async with far.database.transaction(far.shop.program_id) as tx:
            await tx.fetch("select pg_sleep(60)")

    async def meanwhile() -> tuple[list[Any], httpx.Response]:
        taken = [asyncio.ensure_future(stuck()) for _ in range(2)]
        await asyncio.sleep(0.1)
        answer = await far.counter.send("POST", "/v1/activities", bought("beside"))
        return list(await asyncio.gather(*taken, return_exceptions=True)), answer

    began = time.monotonic()
    ends, answer = far.shop.run(meanwhile())
    assert all(isinstance(one, Exception) for one in ends)
    assert answer.status_code == 201 or "retry-after" in answer.headers, answer.text
    assert time.monotonic() - began < 4 * PATIENCE_S + 3
