"""Load on a house while parts of it are killed, and the reckoning afterwards."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.books import explained, look_at_books
from tests.crash.house import House, free_port, rows
from tests.crash.tills import Asked, Journal, Till

from regulars.runtime.installation.settings import Settings

TILLS = 16
MEMBERS = 40
EUROS = 1_000
BEFORE_FIRST_KILL_S = 0.6
LONGEST_RECOVERY_S = 90.0
AFTER_TROUBLE_S = 0.2

Kill = Callable[[], bool]
"""Kills something; whether it was there."""
# Everything a till asks says its key as the store, so each effect can be counted by its key.
_EFFECTS = """
select store, 'act_' || replace(activity_id::text, '-', '') as id from activity where store <> ''
 union all
select store, 'red_' || replace(redemption_id::text, '-', '') from redemption where store <> ''
"""


@dataclass
class Reckoning:
    """What came of a siege."""

    seed: int
    kills: int = 0
    acked: int = 0
    refused: int = 0
    unknown: int = 0
    unacked: int = 0
    """Committed, but whoever asked never heard of it."""
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    """Unknown at first, and not there exactly once after it was asked again."""
    recovered_s: list[float] = field(default_factory=list)
    troubles: dict[str, int] = field(default_factory=dict)
    books: str = ""

    def __str__(self) -> str:
        times = sorted(self.recovered_s)
        middle = times[len(times) // 2] if times else 0.0
        return (
            f"seed {self.seed}: {self.kills} kills, {self.acked} acked, {self.refused} refused, "
            f"{self.unknown} unknown of which {self.unacked} were committed; lost "
            f"{len(self.lost)}, doubled {len(self.doubled)}, unfinished {len(self.unfinished)}; "
            f"first ack after a kill: median {middle:.2f} s, max {max(times, default=0):.2f} s; "
            f"troubles {self.troubles}; books {self.books or 'right'}"
        )


@contextmanager
def standing(make_settings: Callable[..., Settings], app: str) -> Iterator[House]:
    """A furnished house for as long as the block lasts."""
    house = House(make_settings(PORT=str(free_port()), REGULARS_LOG="json"), app)
    try:
        asyncio.run(house.furnish(MEMBERS, EUROS))
        yield house
    finally:
        house.stop()


def sane(found: Reckoning) -> None:
    """Nothing lost, nothing doubled, everything unknown settled, and the books are right."""
    assert not found.lost, found
    assert not found.doubled, found
    assert not found.unfinished, found
    assert not found.books, found
    assert found.acked > found.kills, found


async def siege(house: House, kills: Sequence[Kill], seed: int) -> Reckoning:
    """Load the house with tills, kill its parts one after the other, and reckon."""
    chance = random.Random(seed)
    journal, found = Journal(), Reckoning(seed)
    stop = asyncio.Event()
    shift = [
        asyncio.create_task(_till(house, journal, (chance.randrange(10**9), n), stop))
        for n in range(TILLS)
    ]
    try:
        await asyncio.wait_for(journal.first_ack.wait(), 60)
        await asyncio.sleep(BEFORE_FIRST_KILL_S)
        for kill in kills:
            await asyncio.sleep(chance.uniform(0.2, 0.8))
            await _killed(kill)
            found.kills += 1
            journal.first_ack.clear()
            journal.since = time.monotonic()
            await asyncio.wait_for(journal.first_ack.wait(), LONGEST_RECOVERY_S)
            found.recovered_s.append(time.monotonic() - journal.since)
        await asyncio.sleep(0.3)
    finally:
        stop.set()
        await asyncio.gather(*shift)
    await reckon(house, journal, found)
    return found


async def _killed(kill: Kill) -> None:
    """Kill it as soon as it is there to be killed; the tills go on meanwhile."""
    give_up_at = time.monotonic() + LONGEST_RECOVERY_S
    while not await asyncio.to_thread(kill):
        assert time.monotonic() < give_up_at, "there was nothing to kill"
        await asyncio.sleep(0.05)


async def _till(house: House, journal: Journal, who: tuple[int, int], stop: asyncio.Event) -> None:
    """Asks one thing after the other; after trouble it waits a moment and goes on with the next."""
    seed, number = who
    chance, till, count = random.Random(seed), Till(house.settings.port, house.api_key), 0
    while not stop.is_set():
        count += 1
        key = f"t{number}-{count}"
        if await journal.ask(till, key, _something(chance, key)) == "unknown":
            await asyncio.sleep(AFTER_TROUBLE_S)
    till.close()


def _something(chance: random.Random, key: str) -> Asked:
    member = {"external": f"m{chance.randrange(MEMBERS)}"}
    if chance.random() < 0.25:
        body = {"member": member, "reward": "coffee", "capture": True, "store": key}
        return Asked("/v1/redemptions", body)
    amount = {"minor": chance.randrange(100, 3000), "currency": "EUR"}
    body = {"kind": "purchase", "member": member, "amount": amount, "store": key}
    return Asked("/v1/activities", body)


async def reckon(house: House, journal: Journal, found: Reckoning) -> None:
    """What was promised must be there, once; what is not known is asked again by its key."""
    unknown = journal.keys("unknown")
    found.acked, found.refused = journal.acked, len(journal.keys("refused"))
    found.unknown, found.troubles = len(unknown), dict(journal.troubles)
    kept = await _effects(house)
    found.unacked = sum(bool(kept[key]) for key in unknown)
    await asyncio.gather(*(_ask_again(house, journal, unknown[n::TILLS]) for n in range(TILLS)))
    kept = await _effects(house)
    for key, word in journal.told.items():
        if word == "refused":
            found.doubled += [key] * bool(kept[key])
            continue
        again = found.unfinished if key in unknown else found.lost
        again += [key] * (journal.ids[key] not in kept[key])
        found.doubled += [key] * (len(kept[key]) > 1)
    report = await look_at_books(house.owner_dsn)
    found.books = "" if report.right else explained(report)


async def _ask_again(house: House, journal: Journal, keys: Sequence[str]) -> None:
    till = Till(house.settings.port, house.api_key)
    for key in keys:
        while await journal.ask(till, key, journal.asked[key]) == "unknown":
            await asyncio.sleep(AFTER_TROUBLE_S)
    till.close()


async def _effects(house: House) -> dict[str, list[Any]]:
    kept: dict[str, list[Any]] = {}
    for row in await rows(house.owner_dsn, _EFFECTS):
        kept.setdefault(row["store"], []).append(row["id"])
    return _Defaults(kept)


class _Defaults(dict[str, list[Any]]):
    def __missing__(self, key: str) -> list[Any]:
        return []
