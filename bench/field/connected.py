"""What the Square API costs beside our own, operation by operation.

    .venv/bin/python -m bench.field.connected --asks 400

The real server; one asks at a time, first the one API and then the other, in turns, so that
whatever else the machine does meets both alike. Points told by a till are compared with points put
in by hand, a reward with a reservation of it and how that ends, an account with a standing, events
with entries: the same is booked by the same flow, or the same looked up.
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
from itertools import count, product
from pathlib import Path
from typing import Any, NamedTuple
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
_KEYS = count(1)


class Ask(NamedTuple):
    """One request: to where, and what it says."""

    path: str
    body: dict[str, Any] | None = None
    method: str = "POST"


Pair = tuple[Callable[[str, str], Ask], Callable[[str, str], Ask]]
"""Our own and theirs; of a member, and of the reward that was made for them last."""


def _points(units: int) -> Callable[[str, str], Ask]:
    said = {"wallet": "points", "units": units, "reason": "bench"}
    return lambda member, _: Ask("/v1/adjustments", {"member": {"id": member}} | said)


def _their_points(member: str, _: str) -> Ask:
    body = {"accumulate_points": {"points": 7}, "location_id": "main"}
    return Ask(f"{SQUARE}/accounts/{member}/accumulate", body)


def _their_adjusting(member: str, _: str) -> Ask:
    body = {"adjust_points": {"points": -1, "reason": "bench"}}
    return Ask(f"{SQUARE}/accounts/{member}/adjust", body)


def _reward(member: str, _: str) -> Ask:
    return Ask("/v1/redemptions", {"member": {"id": member}, "reward": "five-off"})


def _their_reward(member: str, _: str) -> Ask:
    body = {"reward": {"loyalty_account_id": member, "reward_tier_id": "five-off"}}
    return Ask(f"{SQUARE}/rewards", body)


def _ended(how: str) -> Callable[[str, str], Ask]:
    return lambda _, made: Ask(f"/v1/redemptions/{made}/{how}", {})


def _their_redeeming(_: str, made: str) -> Ask:
    return Ask(f"{SQUARE}/rewards/{made}/redeem", {"location_id": "main"})


def _their_deleting(_: str, made: str) -> Ask:
    return Ask(f"{SQUARE}/rewards/{made}", method="DELETE")


def _standing(member: str, _: str) -> Ask:
    return Ask(f"/v1/members/{member}/standing", method="GET")


def _their_account(member: str, _: str) -> Ask:
    return Ask(f"{SQUARE}/accounts/{member}", method="GET")


def _entries(member: str, _: str) -> Ask:
    return Ask(f"/v1/members/{member}/entries?limit=30", method="GET")


def _their_events(member: str, _: str) -> Ask:
    of = {"loyalty_account_filter": {"loyalty_account_id": member}}
    return Ask(f"{SQUARE}/events/search", {"query": {"filter": of}, "limit": 30})


MAKES = "create_reward"
PAIRS: tuple[tuple[str, Pair], ...] = (
    ("accumulate", (_points(7), _their_points)),
    ("adjust", (_points(-1), _their_adjusting)),
    (MAKES, (_reward, _their_reward)),
    ("redeem_reward", (_ended("capture"), _their_redeeming)),
    (MAKES, (_reward, _their_reward)),
    ("delete_reward", (_ended("void"), _their_deleting)),
    ("get_account", (_standing, _their_account)),
    ("search_events", (_entries, _their_events)),
)
"""A day at a till, in its order."""


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
    chance = random.Random(11)
    taken: dict[str, tuple[list[float], list[float]]] = {}
    with httpx.Client(base_url=address, timeout=60) as client:
        for turn in range(asks):
            # Each side has members of its own turn, so that neither finds what the other warmed.
            whom = [shown("mem", UUID(MEMBER.format(chance.randint(1, members)))) for _ in keys]
            made = ["", ""]
            sides = (0, 1) if turn % 2 else (1, 0)
            for (name, pair), side in product(PAIRS, sides):
                ask = pair[side](whom[side], made[side])
                took, answer = _ask(client, keys[side], ask, side)
                taken.setdefault(name, ([], []))[side].append(took)
                if name == MAKES:
                    made[side] = answer["reward"]["id"] if side else answer["id"]
    figures = {name: _figures(both) for name, both in taken.items()}
    return {
        "what": "an operation of the Square API beside our own that does the same",
        "wanted": f"at most {GOAL} times as long (p50)",
        "ratios": {name: one["square_of_own"] for name, one in figures.items()},
        "figures": figures,
        "plan": {"members": members, "asks": asks},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _figures(both: tuple[list[float], list[float]]) -> dict[str, float]:
    # The first of each find nothing prepared.
    own, theirs = (statistics.median(one[len(one) // 10 :]) for one in both)
    return {
        "own_p50_ms": round(own, 3),
        "square_p50_ms": round(theirs, 3),
        "square_of_own": round(theirs / own, 3),
    }


def _ask(client: httpx.Client, key: str, ask: Ask, side: int) -> tuple[float, Any]:
    once, headers, body = f"b{next(_KEYS)}", {"authorization": f"Bearer {key}"}, ask.body
    if side and body is not None and not ask.path.endswith("/search"):
        body = body | {"idempotency_key": once}
    elif not side and ask.method == "POST":
        headers["idempotency-key"] = once
    begun = time.perf_counter()
    answer = client.request(ask.method, ask.path, json=body, headers=headers)
    took = (time.perf_counter() - begun) * 1000
    assert answer.status_code in (200, 201), answer.text
    return took, answer.json()


if __name__ == "__main__":
    raise SystemExit(main())
