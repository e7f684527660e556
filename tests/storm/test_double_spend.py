"""Everybody wants the same points, the same last piece, the same cap, at the same instant."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import asyncpg
import pytest
from tests.books import assert_books_right, look_at_books
from tests.crash.house import RICH, furnish
from tests.storm.counters import (
    Crowd,
    Told,
    done,
    gives_back,
    serving,
    takes,
    visits,
    wants,
)
from tests.turns import NIGHTLY

from regulars.runtime.installation.settings import Settings

pytestmark = pytest.mark.slow

ROUNDS = 40 if NIGHTLY else 1
CLIENTS = 32
POINTS, PRICE = 100, 10
AFFORDABLE = POINTS // PRICE
MUGS = 25
CAP = 15
GROUPS = {"capture": 24, "hold": 6, "twice": 6, "return": 6, "visit": 6, "mug": CLIENTS}
if not NIGHTLY:
    GROUPS |= {"capture": 10, "hold": 2, "twice": 3, "return": 3, "visit": 2}
"""So many members for each way to spend at once; all of it forty times by night."""
ATTEMPTS = 64
SEED = int(os.environ.get("REGULARS_SEED") or random.randrange(10**9))
_STANDINGS = """
select i.value, b.available, b.held, b.debt,
       (select coalesce(sum(amount), 0) from posting p
         where p.program_id = b.program_id and p.member_id = b.member_id
           and p.wallet = b.wallet and p.account = 12)::bigint as redeemed
  from balance b join identifier i on i.program_id = b.program_id and i.member_id = b.member_id
                 and i.kind = 'external'
  join program_code c on c.program_id = b.program_id and c.kind = 'wallet' and c.code = b.wallet
 where c.name = 'points'
"""


class Storm(NamedTuple):
    """A crowd before its servers, and where their books are."""

    crowd: Crowd
    owner_dsn: str


@contextmanager
def storming(
    make_settings: Callable[..., Settings], made: Any, app: str, servers: int
) -> Iterator[Storm]:
    """A kiosk with a hundred points for everybody, and so many servers before it."""
    members = sum(GROUPS.values()) * ROUNDS
    source = RICH.replace("stock: 1000000", f"stock: {MUGS * ROUNDS}")
    _, _, key = asyncio.run(furnish(made.owner_dsn, made.app_dsn, members, POINTS, source=source))
    with serving(make_settings(), (made.app_dsn, made.owner_dsn), app, servers) as ports:
        yield Storm(Crowd(ports, key, CLIENTS), made.owner_dsn)


def _numbers() -> dict[str, list[int]]:
    """Which members each group has."""
    chance, shared = random.Random(SEED), iter(range(sum(GROUPS.values()) * ROUNDS))
    groups = {name: [next(shared) for _ in range(size * ROUNDS)] for name, size in GROUPS.items()}
    for members in groups.values():
        chance.shuffle(members)
    return groups


async def _storm(storm: Storm) -> dict[str, list[list[Told]]]:
    """All variants; per group what each member's attempts were told."""
    groups, told = _numbers(), {name: [] for name in GROUPS}
    crowd = storm.crowd
    for n in groups["capture"]:
        told["capture"].append(await crowd.ask([wants(n, "coffee")] * ATTEMPTS * 2))
    for n in groups["hold"]:
        held = await crowd.ask([wants(n, "coffee", capture=False)] * ATTEMPTS)
        # Two tills hand over each of them.
        taken = [takes(one.answer.body["id"]) for one in done(held)] * 2
        told["hold"].append(held + await crowd.ask(taken))
    for n in groups["twice"]:
        keys = [crowd.fresh_key() for _ in range(ATTEMPTS)]
        both = sorted([*keys, *keys])
        told["twice"].append(await crowd.ask([wants(n, "coffee")] * len(both), both))
    for n in groups["return"]:
        asks = [wants(n, "coffee"), gives_back(n)] * (ATTEMPTS // 2)
        told["return"].append(await crowd.ask(asks))
    for n in groups["visit"]:
        told["visit"].append(await crowd.ask([visits(n)] * ATTEMPTS))
    members = groups["mug"]
    told["mug"].append(await crowd.ask([wants(n, "mug") for n in members for _ in range(4)]))
    crowd.close()
    return told


async def _standings(owner_dsn: str) -> dict[int, tuple[int, int, int, int]]:
    connection = await asyncpg.connect(owner_dsn)
    try:
        return {int(row["value"][1:]): tuple(row)[1:] for row in await connection.fetch(_STANDINGS)}
    finally:
        await connection.close()


def _judge(told: dict[str, list[list[Told]]], standings: dict[int, Any]) -> None:
    groups = _numbers()
    for n, answers in zip(groups["capture"], told["capture"], strict=True):
        assert len(done(answers)) == min(len(answers), AFFORDABLE), f"m{n}"
        assert standings[n] == (0, 0, 0, POINTS)
    for n, answers in zip(groups["hold"], told["hold"], strict=True):
        held, taken = answers[:ATTEMPTS], answers[ATTEMPTS:]
        assert (len(done(held)), len(done(taken))) == (AFFORDABLE, 2 * AFFORDABLE), f"m{n}"
        assert standings[n] == (0, 0, 0, POINTS)
    for n, answers in zip(groups["twice"], told["twice"], strict=True):
        _judge_twice(answers)
        assert standings[n] == (0, 0, 0, POINTS), f"m{n}"
    for n, answers in zip(groups["return"], told["return"], strict=True):
        spent = [one for one in done(answers) if "reward" in one.answer.body]
        back = [one for one in done(answers) if "earned" in one.answer.body]
        assert len(back) == 1, f"m{n}"
        assert standings[n] == (0, 0, 0, PRICE * len(spent)), f"m{n}"
    for n, answers in zip(groups["visit"], told["visit"], strict=True):
        assert len(done(answers)) == ATTEMPTS
        assert sum(one.answer.body["earned"].get("points", 0) for one in answers) == CAP, f"m{n}"
        assert standings[n][0] == POINTS + CAP, f"m{n}"
    assert len(done(told["mug"][0])) == MUGS * ROUNDS


def _judge_twice(answers: Sequence[Told]) -> None:
    """Whoever asked twice under one key was told the same twice, and had it once."""
    by_key: dict[str, list[Told]] = {}
    for one in answers:
        by_key.setdefault(one.key, []).append(one)
    for key, both in by_key.items():
        said = {(one.answer.status, one.answer.body.get("id")) for one in both}
        assert len(said) == 1, (key, said)
    assert len(done(answers)) == 2 * AFFORDABLE


@pytest.mark.parametrize("servers", [1, 2])
def test_nobody_spends_a_point_twice(
    make_settings: Callable[..., Settings], fresh_database: Any, servers: int
) -> None:
    app = "regulars.runtime.serving.asgi:app"
    with storming(make_settings, fresh_database, app, servers) as storm:
        began = time.monotonic()
        told = asyncio.run(_storm(storm))
        took = time.monotonic() - began
    everything = [one for parts in told.values() for part in parts for one in part]
    statuses = Counter(one.answer.status for one in everything)
    waited = sorted(one.seconds for one in everything)
    print(
        f"\nstorm, seed {SEED}, {servers} servers: {len(everything)} attempts in {took:.1f} s, "
        f"{len(done(everything))} done, answers {dict(statuses)}, "
        f"p95 {waited[len(waited) * 95 // 100] * 1000:.0f} ms"
    )
    assert set(statuses) <= {200, 201, 409, 422}, statuses
    _judge(told, asyncio.run(_standings(fresh_database.owner_dsn)))
    asyncio.run(assert_books_right(fresh_database.owner_dsn))


# --- controls -----------------------------------------------------------------------------------

_CHECKS = """
select conrelid::regclass::text as table, conname as name from pg_constraint
 where contype = 'c' and conrelid::regclass::text in ('balance', 'lot', 'hold', 'reward_stock')
"""


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("checks", [True, False], ids=["with CHECKs", "without CHECKs"])
def test_without_the_lock_nearly_every_account_is_overdrawn(
    make_settings: Callable[..., Settings], fresh_database: Any, checks: bool
) -> None:
    """The control. The books' CHECKs do not save anybody: each writes what it thinks is left."""
    if not checks:
        asyncio.run(_drop_checks(fresh_database.owner_dsn))
    with storming(make_settings, fresh_database, "planted_no_lock:app", 2) as storm:
        told = asyncio.run(_captures(storm))
    overdrawn = [len(done(answers)) for answers in told if len(done(answers)) > AFFORDABLE]
    statuses = Counter(one.answer.status for answers in told for one in answers)
    print(
        f"\nthe control, {'with' if checks else 'without'} CHECKs: {len(overdrawn)} of {len(told)} "
        f"accounts overdrawn, up to {max(overdrawn, default=0)} of {AFFORDABLE} affordable; "
        f"answers {dict(statuses)}"
    )
    assert len(overdrawn) >= 0.9 * len(told)
    assert not asyncio.run(look_at_books(fresh_database.owner_dsn)).right


def test_the_pause_of_the_control_alone_overdraws_nobody(
    make_settings: Callable[..., Settings], fresh_database: Any
) -> None:
    with storming(make_settings, fresh_database, "planted_slow:app", 2) as storm:
        told = asyncio.run(_captures(storm))
    assert [len(done(answers)) for answers in told] == [AFFORDABLE] * len(told)
    asyncio.run(assert_books_right(fresh_database.owner_dsn))


async def _captures(storm: Storm) -> list[list[Told]]:
    groups = _numbers()
    # Both servers have read the program by the time it counts.
    await storm.crowd.ask([visits(groups["visit"][0])] * CLIENTS)
    told = [await storm.crowd.ask([wants(n, "coffee")] * ATTEMPTS) for n in groups["capture"]]
    storm.crowd.close()
    return told


async def _drop_checks(owner_dsn: str) -> None:
    connection = await asyncpg.connect(owner_dsn)
    try:
        for row in await connection.fetch(_CHECKS):
            await connection.execute(f'alter table {row["table"]} drop constraint "{row["name"]}"')
    finally:
        await connection.close()
