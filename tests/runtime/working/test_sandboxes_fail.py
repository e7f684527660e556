"""Whatever fails while a sandbox is made, moved, renewed or ended: it is done once, or not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.crash.faulty import Faults, Way, faulty
from tests.makers import Shop
from tests.runtime.working.trying import SOURCE
from tests.surfaces.counter import Counter

from regulars.base.faults import NotFound
from regulars.base.tx import Tx
from regulars.flows.terms.sandboxes.keep_sandboxes import (
    MakeSandbox,
    end_sandbox,
    make_sandbox,
    open_sandbox,
    renew_sandbox,
)
from regulars.flows.terms.sandboxes.move_clock import MoveClock, go_on, move_clock
from regulars.records.access.staff.types import By
from regulars.records.members.types import Asked
from regulars.runtime.storage.database import Database

WAYS: tuple[Way, ...] = ("refused", "cut before", "cut after")
BY = By(words="the tests")
HERE = "select count(*), coalesce(sum(ahead), '0') from sandbox where of_program = $1"
ACTS = "select count(*) from staff_act where program_id = $1 and did = $2"


@pytest.fixture(scope="module")
def shop(database: Any) -> Iterator[Shop]:
    counter = Counter.open(database, source=SOURCE)
    yield counter.shop
    counter.close()


class Broken:
    """A shop whose database fails at the statement it is told to."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.database: Database
        self.faults: Faults
        self.database, self.faults = faulty(shop.database, lambda: shop.now)

    def at_each(
        self, way: Way, program_id: Callable[[], int], do: Callable[[Tx], Awaitable[Any]]
    ) -> Any:
        """Do it with its first statement failing, then its second, until all of it goes well."""

        async def once() -> Any:
            async with self.database.transaction(program_id()) as tx:
                return await do(tx)

        for number in range(1, 60):
            self.faults.arm(number, way)
            try:
                done = self.shop.run(once())
            except NotFound:
                return None  # it was done, and nobody heard
            except Exception:
                assert self.faults.struck
            if not self.faults.struck:
                self.faults.arm(0, way)
                return done
        raise AssertionError("it never ends well")

    def there(self) -> tuple[int, timedelta]:
        """How many sandboxes there are, and how far they are ahead."""

        async def look() -> Any:
            return await (await self.shop.owning()).fetchrow(HERE, self.shop.program_id)

        return tuple(self.shop.run(look()))  # type: ignore[return-value]


@pytest.mark.parametrize("way", WAYS)
def test_cut_off_anywhere_it_is_as_if_it_had_not_been(shop: Shop, way: Way) -> None:
    broken, name = Broken(shop), f"f-{way.replace(' ', '-')}"
    asked = Asked("mia", f"make-{name}")

    def outside() -> int:
        return shop.program_id

    before = broken.there()
    wish = MakeSandbox(name, asked)
    made = broken.at_each(way, outside, lambda tx: make_sandbox(tx, wish, BY))
    assert broken.there() == (before[0] + 1, before[1])
    inside = made.program_id
    opened = broken.at_each(way, lambda: inside, lambda tx: open_sandbox(tx, made.source, "mia"))
    assert opened.version == 1
    move = MoveClock(Asked("mia", f"move-{name}"), by=timedelta(days=1))
    broken.at_each(way, lambda: inside, lambda tx: move_clock(tx, move))
    for _ in range(3):
        broken.at_each(way, lambda: inside, lambda tx: go_on(tx, ZoneInfo("Europe/Berlin")))
    assert broken.there()[1] - before[1] == timedelta(days=1)
    renewed = broken.at_each(way, outside, lambda tx: renew_sandbox(tx, name, BY, "mia"))
    assert renewed.program_id != inside
    assert broken.there() == (before[0] + 1, before[1])
    broken.at_each(way, outside, lambda tx: end_sandbox(tx, name, BY))
    assert broken.there() == before
    assert shop.rows(ACTS, "sandbox.made")[0][0] == 1 + WAYS.index(way)
    assert shop.rows(ACTS, "sandbox.ended")[0][0] == 1 + WAYS.index(way)
