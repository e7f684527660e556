"""A shop whose books are sealed, with its keys, what it told outside, and a superuser's hands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.makers import Made, Shop, asked, brings_back, buys, by, line

from regulars.flows.commands import Adjust, Redeem, Settle
from regulars.insight.chain import Report, verify_chains
from regulars.records.program.templates import load_template
from regulars.records.seal import write
from regulars.records.seal.types import Checkpoint
from regulars.runtime.storage.database import Database
from regulars.runtime.working.sealing.keys import Keyring
from regulars.runtime.working.sealing.sealer import Sealer

SEED = bytes(range(32))
COFFEE = load_template("coffee-shop")


def keyring(seed: bytes = SEED) -> Keyring:
    """The keys of an installation whose secret is this seed."""
    return Keyring(Ed25519PrivateKey.from_private_bytes(seed), {})


class Vault:
    """One shop, its sealer, and the anchors it has told so far."""

    def __init__(self, made: Made, superuser_dsn: str, source: str = COFFEE) -> None:
        self.shop = Shop.open(made, source)
        self.run = self.shop.run
        self.keys = keyring()
        self._pools: list[Any] = []
        self.sealer = self.another_sealer()
        self.superuser = self.run(asyncpg.connect(superuser_dsn))
        self.owner = self.run(asyncpg.connect(made.owner_dsn))

    def another_sealer(self) -> Sealer:
        """A further process that would seal."""
        pool = self.run(_pool(self.shop.made.owner_dsn))
        self._pools.append(pool)
        database = Database(pool, clock=lambda: self.shop.now)
        return Sealer(database, lambda: self.keys, timedelta(seconds=5))

    def close(self) -> None:
        for connection in (self.superuser, self.owner):
            self.run(connection.close())
        for pool in self._pools:
            pool.terminate()
        self.shop.close()

    def seal(self) -> int:
        """Seal until nothing is left; how many rows."""
        sealed = 0
        while True:
            done = self.run(self.sealer.round())
            sealed += done.sealed
            if not done.more:
                return sealed

    def verify(self, anchors: Sequence[Checkpoint] = ()) -> Report:
        """What `regulars verify --chain` finds."""
        return self.run(verify_chains(self.owner, self.keys, anchors))

    def checkpoints(self) -> list[Checkpoint]:
        """All that was signed, which is what an anchor outside would hold."""
        rows = self.run(self.owner.fetch(_CHECKPOINTS, self.shop.program_id))
        return [Checkpoint(*row.values()) for row in rows]

    def rows(self, sql: str, *args: Any) -> list[Any]:
        return list(self.run(self.owner.fetch(sql, *args)))

    def tamper(self, *statements: str, args: Sequence[Any] = ()) -> None:
        """What a superuser can do whom no trigger stops."""
        self.run(_as_superuser(self.superuser, statements, args))

    def erase(self, member_id: UUID) -> None:
        """What the erasure of a member does to the seal and to texts."""

        async def forget() -> None:
            async with self.shop.transaction() as tx:
                await tx.write(write.erase_salts(tx, [member_id]))

        self.run(forget())
        blank = (
            "update entry set actor = '', reason = '' where member_id = $1",
            "update activity set external_id = '', body = '{}', actor = '' where member_id = $1",
        )
        for statement in blank:
            self.tamper(statement, args=(member_id,))


async def _pool(dsn: str) -> Any:
    settings = {"timezone": "UTC", "enable_seqscan": "off", "regulars.program_id": "0"}
    return await asyncpg.create_pool(dsn, min_size=0, max_size=2, server_settings=settings)


async def _as_superuser(connection: Any, statements: Sequence[str], args: Sequence[Any]) -> None:
    async with connection.transaction():
        await connection.execute("set local session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement, *args)


_CHECKPOINTS = """
select p.program_id, c.chain_id, p.size, p.head, p.sealed_at, p.key_id, p.signature
  from seal_checkpoint p join seal_chain c using (program_id)
 where p.program_id = $1 order by p.size
"""


def a_few_weeks(vault: Vault, rounds: int = 6, seal: Callable[[], Any] | None = None) -> None:
    """Purchases, returns, a reward, an adjustment and tier moves; sealed every few deeds."""
    shop, seal = vault.shop, seal or vault.seal
    ada, bob = shop.joined("ada", "bob")
    for n in range(rounds):
        shop.now += timedelta(days=3)
        shop.record(buys(ada, line(780, "coffee", 5), line(450, "cake"), receipt=f"a{n}"))
        shop.record(buys(bob, 1500 + n, receipt=f"b{n}"), buys(None, 300, receipt=f"n{n}"))
        seal()
        if n % 3 == 1:
            shop.record(brings_back(f"a{n}", (0, 1), receipt=f"ra{n}"))
            shop.adjust(
                Adjust(
                    by(external="bob"), "points", 5, "a kind word", "manager-till", asked(f"j{n}")
                )
            )
            seal()
        if n % 3 == 2:
            (taken,) = shop.redeem(
                Redeem(member=ada, reward=REWARD, asked=asked(f"h{n}"), store="", channel="till")
            )
            shop.settle(Settle(taken.redemption_id, "capture", asked=asked(f"c{n}")))
            seal()


REWARD = "tenth-coffee-free"
