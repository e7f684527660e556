"""What left comes back: canonical files alone give every member the same standing elsewhere."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from tests.leaving.leaving import export_of, table
from tests.leaving.planting import CORNER, person
from tests.makers import Shop

from regulars.flows.show_standing import show_standing


def bare(id_: str) -> UUID:
    return UUID(hex=id_.split("_")[1])


async def take_in(dsn: str, program_id: int, folder: Path) -> None:
    """Members, names, open lots and tiers from the canonical files: each lot one adjustment."""
    connection = await asyncpg.connect(dsn)
    code = dict(await connection.fetch("select name, code from program_code where kind = 'wallet'"))
    try:
        async with connection.transaction():
            for one in table(folder, "members"):
                id_ = bare(one["member_id"])
                await connection.execute(
                    "insert into member values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,now())",
                    program_id, id_, one["number"], one["state"], one["given_name"],
                    one["family_name"], one["locale"], one["zone"], one["attributes"],
                    one["joined_at"],
                )  # fmt: skip
                await connection.execute("insert into standing values ($1, $2, 1)", program_id, id_)
                names = [("number", one["number"])] + [
                    (r["kind"], r["value"])
                    for r in table(folder, "identifiers")
                    if r["member_id"] == one["member_id"]
                ]
                for kind, value in names:
                    await connection.execute(
                        "insert into identifier values ($1, $2, $3, $4, now())",
                        program_id, kind, value, id_,
                    )  # fmt: skip
            for lot in table(folder, "lots"):
                await _lot(connection, program_id, code[lot["wallet"]], lot)
            for tier in table(folder, "tiers"):
                await connection.execute(
                    "update standing set tier = $3, tier_since = $4, tier_until = $5 "
                    "where program_id = $1 and member_id = $2",
                    program_id, bare(tier["member_id"]), tier["tier"], tier["since"], tier["until"],
                )  # fmt: skip
    finally:
        await connection.close()


async def _lot(connection: Any, program_id: int, wallet: int, lot: dict[str, Any]) -> None:
    entry, member = bare(lot["lot_id"]), bare(lot["member_id"])
    free = lot["remaining"]
    await connection.execute(
        "insert into entry values ($1,$2,$3,'adjust',$3,null,$4,now(),'import','opening balance')",
        program_id, member, entry, lot["earned_at"],
    )  # fmt: skip
    for line, account, amount in ((0, 14, -free), (1, 1, free)):
        await connection.execute(
            "insert into posting values ($1,$2,$3,$4,$5,$6,$7)",
            program_id, member, entry, line, wallet, account, amount,
        )  # fmt: skip
    await connection.execute(
        "insert into lot values ($1,$2,$3,$4,$4,$4,$5,$6,$6,0,$7,coalesce($8::timestamptz,'9999-12-31Z'))",
        program_id, member, wallet, entry, lot["version"], free, lot["earned_at"],
        lot["expires_at"],
    )  # fmt: skip
    await connection.execute(
        "insert into balance values ($1,$2,$3,$4) on conflict (program_id, member_id, wallet) "
        "do update set available = balance.available + excluded.available",
        program_id, member, wallet, free,
    )  # fmt: skip


def lots_of(shop: Shop, id_: UUID) -> list[tuple[Any, ...]]:
    return shop.rows(
        "select wallet, remaining, earned_at, expires_at from lot where program_id = $1 "
        "and member_id = $2 and remaining > 0 order by 1, 4, 3, 2",
        id_,
    )


def standings(shop: Shop) -> dict[UUID, Any]:
    ids = [row[0] for row in shop.rows("select member_id from member where program_id = $1")]
    found = {}
    for id_ in ids:
        one = shop.do(lambda tx, terms, id_=id_: show_standing(tx, terms, id_))
        wallets = {
            name: (b.available + b.held, b.debt)
            for name, b in one.balances.items()
            if b.available + b.held or b.debt
        }
        found[id_] = (one.tier, one.tier_since, one.tier_until, wallets, lots_of(shop, id_))
    return found


def test_canonical_files_give_every_member_the_same_standing_elsewhere(
    corner: Shop, make_database: Callable[[], Any], cluster: Any, tmp_path: Path
) -> None:
    chance = random.Random(9)
    people = [person(corner, chance, place) for place in range(12)]
    export_of(corner, tmp_path / "x")
    before = standings(corner)
    made = make_database()
    (version,) = table(tmp_path / "x", "versions")
    other = Shop.open(made, version["source"], now=corner.now)
    try:
        assert version["source"] == CORNER
        other.run(take_in(made.owner_dsn, other.program_id, tmp_path / "x"))
        assert standings(other) == before
        assert before.keys() >= {one.id for one in people}
        assert any(json.loads(one["attributes"]) for one in table(tmp_path / "x", "members"))
    finally:
        other.close()
        cluster.drop_database(made.name)
