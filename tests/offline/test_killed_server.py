"""Tills tell what they recorded to a real server that is killed while they do."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.crash.house import House, rows
from tests.crash.siege import standing
from tests.crash.tills import Till as Caller
from tests.offline.line import Cut
from tests.offline.till import Till
from tests.surfaces.tills.device import STORE, plain
from tests.turns import NIGHTLY

from regulars.runtime.installation.settings import Settings

pytestmark = pytest.mark.slow

TILLS, SALES, KILLS = (20, 500, 40) if NIGHTLY else (4, 60, 3)
SEED = int(os.environ.get("REGULARS_SEED") or random.randrange(10**9))
_SOLD = """
select a.source || ' ' || a.external_id as sale, count(*)::int as times
  from activity a where a.source like 'til\\_%' group by 1
"""
_OPENED = """
insert into store (program_id, code, name, zone, offline_rewards, offline_most, opened_at,
                   changed_by)
values ($1, $2, 'Main Street', 'UTC', '{}', 0, now(), 'mia')
"""
_ENDS = "select state, count(*)::int as times from till_record group by 1"


class WireLine:
    """A line to a server that may be gone."""

    def __init__(self, port: int) -> None:
        self.port, self.cuts = port, 0

    async def post(self, path: str, body: Any, key: str) -> Any:
        caller = Caller(self.port, key)
        try:
            answer = await caller.post(path, body)
        except ConnectionError as error:
            self.cuts += 1
            await asyncio.sleep(0.1)
            raise Cut from error
        finally:
            caller.close()
        if answer.status >= 500:
            self.cuts += 1
            raise Cut
        assert answer.status in (200, 201), answer
        return answer.body


async def paired(house: House, line: WireLine, folder: Path, n: int) -> Till:
    till = Till(folder / f"till-{n}", "", timedelta(0), lambda: False)
    till.clock = lambda: datetime.now(UTC)
    code = (await line.post(f"/v1/stores/{STORE}/codes", {}, house.api_key))["code"]
    body = {"name": f"till {n}", "public_key": plain(till.point)}
    said = await line.post("/v1/till/pair", body, code)
    till.token = said["token"]
    till.begins(said["id"], said["first_previous"])
    return till


async def told(house: House, folder: Path) -> tuple[list[Till], int]:
    """Everything is recorded at once, and told while the server is killed and comes back."""
    chance, line = random.Random(SEED), WireLine(house.settings.port)
    await rows(house.owner_dsn, _OPENED, house.program_id, STORE)
    tills = [await paired(house, line, folder, n) for n in range(TILLS)]
    for till in tills:
        for _ in range(SALES):
            whom = {"external": f"m{chance.randrange(20)}"}
            amount = {"minor": chance.randrange(100, 3000), "currency": "EUR"}
            till.records("activity", {"kind": "purchase", "member": whom, "amount": amount})

    async def kills() -> None:
        for _ in range(KILLS):
            await asyncio.sleep(chance.uniform(0.05, 0.25))
            await asyncio.to_thread(chance.choice([house.kill_worker, house.kill_web]))
            await asyncio.sleep(1.5)

    async def tells(till: Till) -> None:
        while till.waiting():
            await till.tells_all(line, chance)  # type: ignore[arg-type]

    await asyncio.gather(kills(), *map(tells, tills))
    return tills, line.cuts


@pytest.mark.in_turns(2, 1)
def test_a_server_killed_in_mid_sync_loses_nothing_and_doubles_nothing(
    make_settings: Callable[..., Settings], tmp_path: Path
) -> None:
    with standing(make_settings, "planted_pause:app") as house:
        tills, cuts = asyncio.run(asyncio.wait_for(told(house, tmp_path), 300))
        sold = {one["sale"]: one["times"] for one in asyncio.run(rows(house.owner_dsn, _SOLD))}
        ends = {one["state"]: one["times"] for one in asyncio.run(rows(house.owner_dsn, _ENDS))}
        asyncio.run(assert_books_right(house.owner_dsn))
    print(f"\na server killed in mid-sync, seed {SEED}: {cuts} cut, records {ends}")
    assert cuts > 0, "no kill hit anything on its way"
    assert ends == {"applied": TILLS * SALES}
    assert set(sold.values()) == {1}
    assert len(sold) == sum(len(till.made()) for till in tills)
    for till in tills:
        till.disk.close()
