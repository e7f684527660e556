"""Every peer writes the rows that Regulars writes; otherwise a comparison means nothing."""

import asyncio
import importlib.util
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import asyncpg
import pytest
from bench.field.ground import PEERS, Ground
from bench.field.people import MEMBER, Seeded
from bench.field.seed import FOREIGN_KEYS, LEAN
from bench.sides.pgbench import SETTINGS
from bench.sides.shopping import purchase
from msgspec.structs import replace

from bench import audit, goals
from regulars.flows.commands import Recorded, Redeem, Redeemed, Settle
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.members.types import Asked, MemberRef
from regulars.runtime.installation.addresses import APP_ROLE, OWNER_ROLE
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

TABLES = (
    "activity", "balance", "counter", "entry", "hold", "hold_lot", "lot", "lot_move", "once",
    "outbox", "posting", "redemption", "standing", "tier_move", "trail",
)  # fmt: skip
EARN = (
    "select earn($1, $2, $3, now() - interval '1 day', 'main-street', 'till', 4460, 44, $4, "
    "730000, 199901, '{\"lines\":[]}', '\\x0102', '{}', '\\x0304')"
)
_MONTHS = count(30)  # so long ago that nothing is decided again (ADR 0089)
PEER_DATABASES = [(FOREIGN_KEYS, OWNER_ROLE), (goals.LEAN_PEER, APP_ROLE)]


@pytest.mark.parametrize(("database", "role"), PEER_DATABASES)
def test_an_earn_leaves_the_rows_of_our_flow(
    ground: Ground, seeded: Seeded, database: str, role: str
) -> None:
    def ours() -> None:
        asyncio.run(_our_earn(ground, seeded))

    def peers() -> None:
        # A rule with a cap fired, so that its counter is written, just as in our sale.
        _call(ground, database, role, EARN, uuid4(), uuid4(), _member(7), 5)

    assert _rows_after(ground, database, peers) == _rows_after(ground, LEAN, ours)


@pytest.mark.parametrize(("database", "role"), PEER_DATABASES)
def test_a_redemption_leaves_the_rows_of_our_flows(
    ground: Ground, database: str, role: str
) -> None:
    def ours() -> None:
        asyncio.run(_our_redemption(ground))

    def peers() -> None:
        held = _call(
            ground, database, role, "select hold($1, $2, $3, 250, '{}', '{}', '\\x')",
            uuid4(), uuid4(), _member(13),
        )  # fmt: skip
        _call(
            ground, database, role, "select capture($1, $2, $3, '{}', '\\x')",
            uuid4(), uuid4(), held,
        )  # fmt: skip

    assert _rows_after(ground, database, peers) == _rows_after(ground, LEAN, ours)
    audit.audit_sums(ground, database)


@pytest.mark.parametrize(("database", "role"), PEER_DATABASES)
def test_the_same_key_again_gives_the_first_answer_and_writes_nothing(
    ground: Ground, database: str, role: str
) -> None:
    key, content = uuid4(), uuid4()
    first = _call(ground, database, role, EARN, key, content, _member(9), 0)

    def again() -> None:
        assert _call(ground, database, role, EARN, key, content, _member(9), 0) == first

    assert set(_rows_after(ground, database, again).values()) == {0}


@pytest.mark.parametrize(("database", "role"), PEER_DATABASES)
def test_a_member_without_enough_points_gets_no_reward(
    ground: Ground, database: str, role: str
) -> None:
    def ask() -> None:
        with pytest.raises(asyncpg.RaiseError, match="not_enough_points"):
            _call(
                ground, database, role, "select hold($1, $2, $3, 1000000000, '{}', '{}', '\\x')",
                uuid4(), uuid4(), _member(14),
            )  # fmt: skip

    assert set(_rows_after(ground, database, ask).values()) == {0}


def test_the_lean_peer_is_behind_the_same_fence_as_we_are(ground: Ground) -> None:
    sql = "select count(*) from member"
    assert _call(ground, goals.LEAN_PEER, APP_ROLE, sql) == 60
    assert _call(ground, goals.LEAN_PEER, APP_ROLE, sql, program="2") == 0


def test_the_rules_of_the_orm_peer_give_what_the_engine_gives(
    ground: Ground, seeded: Seeded
) -> None:
    given = asyncio.run(_both_given(ground, seeded, _coffee_before(ground, seeded)))
    assert len(given) == 300
    assert [mine for mine, _ in given] == [theirs for _, theirs in given]
    assert len({mine for mine, _ in given}) > 100


async def _both_given(
    ground: Ground, seeded: Seeded, before: dict[tuple[UUID, int], int]
) -> list[tuple[int, int]]:
    """Points of the engine beside points of the peer; a member of each tier buys without end."""
    rules = _load(PEERS / "orm" / "rules.py")
    database = await Database.connect(ground.cluster.dsn(APP_ROLE, LEAN), size=1)
    terms = await Programs(database).terms(1)
    random, given, coffee = Random(3), [], dict(before)
    for number in range(300):
        # One after the other, after what was measured before on the same ground and before what
        # is measured next: the peer knows nothing of what comes late.
        command = purchase(random, seeded.members, f"rules-{number}", datetime.now(UTC))
        async with database.transaction(1) as tx:
            (outcome,) = await record_activities(tx, terms, [command])
        assert isinstance(outcome, Recorded), outcome
        bought = [
            rules.Bought(li.category, li.quantity, li.amount_minor) for li in command.body.lines
        ]
        at = command.occurred_at.astimezone(rules.ZONE)
        month = (outcome.member_id, at.year * 100 + at.month)
        theirs = rules.points_of(
            bought, command.occurred_at, command.channel, outcome.tier_before, coffee.get(month, 0)
        )
        coffee[month] = coffee.get(month, 0) + theirs.coffee
        given.append((outcome.earned["points"], theirs.points))
    await database.close()
    return given


def _coffee_before(ground: Ground, seeded: Seeded) -> dict[tuple[UUID, int], int]:
    """What each member had of coffee in each month; a fast machine's load reaches the limit."""
    sql = f"select member_id, period, value from counter where counter = {seeded.limit_counter}"
    return {(UUID(str(member)), period): value for member, period, value in ground.rows(LEAN, sql)}


async def _our_earn(ground: Ground, seeded: Seeded) -> None:
    """One sale with a pair of coffees, by a member who has not bought on that day before."""
    random = Random(1)
    while True:
        command = purchase(random, seeded.members, f"one-{uuid4()}", datetime.now(UTC))
        coffees = [line.quantity for line in command.body.lines if line.category == "coffee"]
        if sum(coffees) >= 2:
            break
    # In a month of its own, so that its counters are new rows.
    long_ago = datetime.now(UTC) - timedelta(days=31 * next(_MONTHS))
    outcome = await _flow(ground, record_activities, replace(command, occurred_at=long_ago))
    assert isinstance(outcome, Recorded), outcome
    assert outcome.rules["five-per-coffee-pair"] == 5, outcome


async def _our_redemption(ground: Ground) -> None:
    asked = Asked("key_bench", f"hold-{uuid4()}")
    wish = Redeem(member=MemberRef(id=_member(13)), reward="five-off", asked=asked)
    held = await _flow(ground, redeem_rewards, wish)
    assert isinstance(held, Redeemed), held
    ending = Settle(held.redemption_id, "captured", asked=Asked("key_bench", f"end-{uuid4()}"))
    ended = await _flow(ground, redeem_rewards, ending)
    assert isinstance(ended, Redeemed), ended


async def _flow(ground: Ground, flow: object, command: object) -> object:
    database = await Database.connect(ground.cluster.dsn(APP_ROLE, LEAN), size=1)
    try:
        terms = await Programs(database).terms(1)
        async with database.transaction(1) as tx:
            (outcome,) = await flow(tx, terms, [command])
        return outcome
    finally:
        await database.close()


def _call(
    ground: Ground, database: str, role: str, sql: str, *args: object, program: str = "1"
) -> object:
    async def call() -> object:
        connection = await asyncpg.connect(
            ground.cluster.dsn(role, database),
            server_settings=SETTINGS | {"regulars.program_id": program},
        )
        try:
            return await connection.fetchval(sql, *args)
        finally:
            await connection.close()

    return asyncio.run(call())


def _rows_after(ground: Ground, database: str, act: object) -> dict[str, int]:
    """How many rows each table gained, and how many versions the standings."""
    before = _rows(ground, database)
    act()
    return {name: now - before[name] for name, now in _rows(ground, database).items()}


def _rows(ground: Ground, database: str) -> dict[str, int]:
    counts = ", ".join(f"(select count(*) from {table}) {table}" for table in TABLES)
    sql = f"select {counts}, (select sum(version)::bigint from standing) versions"
    return dict(ground.rows(database, sql)[0])


def _member(number: int) -> UUID:
    return UUID(MEMBER.format(number))


def _load(path: Path) -> object:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
