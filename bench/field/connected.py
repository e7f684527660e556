"""What the Square API costs beside our own, operation by operation.

    .venv/bin/python -m bench.field.connected --asks 400

The real server; one asks at a time, first the one API and then the other, in turns, so that
whatever else the machine does meets both alike. Points told by a till are compared with points put
in by hand, a reward with a reservation of it: the same is booked by the same flow.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from rich.console import Console

from bench import audit, results
from bench.field.ground import Ground, running_ground
from bench.field.people import MEMBER
from bench.field.seed import LEAN, finish, seed
from bench.machine import machine_of, settings_of, versions_of
from bench.sides.served import serving_ours
from regulars.flows.access.api_keys import Created, CreateKey, create_keys
from regulars.runtime.installation.addresses import APP_ROLE
from regulars.runtime.storage.database import Database
from regulars.surfaces.api.strict.ids import shown

GOAL = 1.3
SQUARE = "/compat/square/v2/loyalty"
Ask = Callable[[str], tuple[str, Any]]
_KEYS = count(1)


def _points(member: str) -> tuple[str, Any]:
    body = {"member": {"id": member}, "wallet": "points", "units": 7, "reason": "bench"}
    return "/v1/adjustments", body


def _their_points(member: str) -> tuple[str, Any]:
    body = {"accumulate_points": {"points": 7}, "location_id": "main"}
    return f"{SQUARE}/accounts/{member}/accumulate", body


def _reward(member: str) -> tuple[str, Any]:
    return "/v1/redemptions", {"member": {"id": member}, "reward": "five-off"}


def _their_reward(member: str) -> tuple[str, Any]:
    body = {"reward": {"loyalty_account_id": member, "reward_tier_id": "five-off"}}
    return f"{SQUARE}/rewards", body


PAIRS: dict[str, tuple[Ask, Ask]] = {
    "accumulate": (_points, _their_points),
    "create_reward": (_reward, _their_reward),
}


def main() -> int:
    """Ask both in turns, judge, say what it came to."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--members", type=int, default=20_000)
    wants.add_argument("--asks", type=int, default=400)
    wants.add_argument("--out", type=Path)
    wanted, console, load = wants.parse_args(), Console(width=110), os.getloadavg()[0]
    with running_ground() as ground:
        seed(ground, wanted.members, wanted.members, databases=(LEAN,))
        finish(ground, LEAN)
        token = asyncio.run(_token(ground))
        with serving_ours(ground, LEAN, wanted.members, "purchases.lua") as served:
            keys = (served.key, token)
            found = _measured(served.address, keys, wanted.members, wanted.asks)
        audit.verify_ours(ground, LEAN)
        found |= {"machine": machine_of(ground, load), "versions": versions_of(ground)}
        found["settings"] = settings_of(ground)
    if wanted.out:
        results.keep({"square": found}, wanted.out)
    console.print_json(data=found["figures"])
    return 0


async def _token(ground: Ground) -> str:
    database = await Database.connect(ground.cluster.dsn(APP_ROLE, LEAN), size=1)
    wish = CreateKey("square", ("square:write",), "bench", may=frozenset({"all"}))
    try:
        async with database.transaction(1) as tx:
            (made,) = await create_keys(tx, os.urandom, [wish])
    finally:
        await database.close()
    assert isinstance(made, Created), made
    return made.shown


def _measured(address: str, keys: tuple[str, str], members: int, asks: int) -> dict[str, Any]:
    chance, figures = random.Random(11), {}
    with httpx.Client(base_url=address, timeout=60) as client:
        for name, (own, theirs) in PAIRS.items():
            taken: tuple[list[float], list[float]] = ([], [])
            for turn in range(asks):
                for side in (0, 1) if turn % 2 else (1, 0):
                    member = shown("mem", UUID(MEMBER.format(chance.randint(1, members))))
                    took = _ask(client, keys[side], (own, theirs)[side](member), side)
                    taken[side].append(took)
            # The first of each find nothing prepared.
            middle = [statistics.median(one[asks // 10 :]) for one in taken]
            figures[name] = {
                "own_p50_ms": round(middle[0], 3),
                "square_p50_ms": round(middle[1], 3),
                "square_of_own": round(middle[1] / middle[0], 3),
            }
    return {
        "what": "an operation of the Square API beside our own that books the same",
        "wanted": f"at most {GOAL} times as long (p50)",
        "ratios": {name: one["square_of_own"] for name, one in figures.items()},
        "figures": figures,
        "plan": {"members": members, "asks": asks},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _ask(client: httpx.Client, key: str, what: tuple[str, Any], side: int) -> float:
    path, body = what
    once, headers = f"b{next(_KEYS)}", {"authorization": f"Bearer {key}"}
    if side:
        body = body | {"idempotency_key": once}
    else:
        headers["idempotency-key"] = once
    begun = time.perf_counter()
    answer = client.post(path, json=body, headers=headers)
    took = (time.perf_counter() - begun) * 1000
    assert answer.status_code in (200, 201), answer.text
    return took


if __name__ == "__main__":
    raise SystemExit(main())
