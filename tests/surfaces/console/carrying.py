"""The worker's part of errands, done in this process: everything that waits is carried out."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace
from tests.surfaces.console.browser import Browser
from tests.surfaces.counter import Counter

from regulars.flows.errands.carry_errands import take_errand
from regulars.records.errands import read
from regulars.runtime.working.errands.child import DEEDS, carry_out
from regulars.runtime.working.errands.order import Order


def with_files(counter: Counter, root: Path) -> Counter:
    """The counter with a place for files; before its console is built."""
    assert "console" not in vars(counter)
    counter.given = replace(counter.given, uploads=root)
    return counter


def carried(counter: Counter) -> int:
    """Carry out what waits; how many that were."""
    shop = counter.shop

    async def waiting() -> list[Order]:
        async with shop.database.transaction(shop.program_id) as tx:
            every = await read.errands(tx, "trial", "check", "import")
            found = [one for one in every if one.state == "waiting"]
            taken = [await take_errand(tx, one.errand_id) for one in reversed(found)]
        return [
            Order(
                shop.program_id, one.errand_id, one.kind, one.tries, one.ask, shop.made.owner_dsn,
                shop.made.app_dsn, str(counter.given.uploads or ""),
            )
            for one in taken
            if one is not None
        ]  # fmt: skip

    async def all_of_them() -> int:
        orders = await waiting()
        for order in orders:
            await carry_out(order, DEEDS[order.kind])
        return len(orders)

    return int(shop.run(all_of_them()))


def brings(
    browser: Browser, path: str, name: str, content: bytes, **fields: str
) -> tuple[int, str]:
    """A form with a file; status and where it leads to, or what is said instead."""
    headers = {"origin": f"{browser.scheme}://shop.test", "sec-fetch-site": "same-origin"}
    told = {"_form": browser.form, **fields}
    answer = browser.run(
        browser.http.post(path, data=told, files={"file": (name, content)}, headers=headers)
    )
    return answer.status_code, answer.headers.get("location", answer.text)
