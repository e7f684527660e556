"""`regulars verify` as it is typed."""

import asyncio
import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.insight.verify.scenario import CORNER, Shop, bought
from typer.testing import CliRunner, Result

from regulars.records.members.types import MemberRef
from regulars.runtime.cli import build_command
from regulars.runtime.embedded import Cluster


@pytest.fixture(scope="module")
def shop(database: Any) -> Any:
    asyncio.run(one_sale(database))
    return database


async def one_sale(database: Any) -> None:
    shop = await Shop.open(database.owner_dsn, database.app_dsn, CORNER, "corner")
    await shop.tell(bought("a1", MemberRef(card="CARD1")))
    await shop.close()


def typed(home: Path, owner: str, app: str, *words: str) -> Result:
    environment = {
        "REGULARS_HOME": str(home),
        "REGULARS_DATABASE_URL": app,
        "REGULARS_OWNER_DATABASE_URL": owner,
        "COLUMNS": "160",
    }
    return CliRunner().invoke(build_command(), ["verify", *words], env=environment)


def test_right_books_end_with_status_0(shop: Any, tmp_path: Path) -> None:
    result = typed(tmp_path, shop.owner_dsn, shop.app_dsn)
    assert result.exit_code == 0, result.output
    assert "The books are right." in result.output
    assert "Points are spent in the order their wallet says" in result.output


def test_for_machines_there_is_json(shop: Any, tmp_path: Path) -> None:
    result = typed(tmp_path, shop.owner_dsn, shop.app_dsn, "--json")
    report = json.loads(result.stdout)
    assert (report["right"], report["violations"], result.exit_code) == (True, 0, 0)
    assert {"check", "says", "rows", "violations", "seconds"} <= report["checks"][0].keys()


def test_wrong_books_end_with_status_1_and_say_what_to_do(
    cluster: Cluster, shop: Any, tmp_path: Path
) -> None:
    asyncio.run(raise_a_balance(cluster.dsn("postgres", shop.name), 1))
    try:
        result = typed(tmp_path, shop.owner_dsn, shop.app_dsn)
    finally:
        asyncio.run(raise_a_balance(cluster.dsn("postgres", shop.name), -1))
    assert result.exit_code == 1
    assert "3 violations" in result.output
    assert "What to do: the books (postings) decide" in result.output
    assert "available=20 available_booked=19" in result.output


def test_without_a_database_it_ends_with_status_2(tmp_path: Path) -> None:
    nowhere = f"postgresql:///regulars?host={tmp_path}"
    result = typed(tmp_path, nowhere, nowhere)
    assert result.exit_code == 2
    assert "could not be checked" in result.stderr


def test_with_the_wrong_address_it_ends_with_status_2(shop: Any, tmp_path: Path) -> None:
    result = typed(tmp_path, shop.app_dsn, shop.app_dsn)
    assert result.exit_code == 2
    assert "REGULARS_OWNER_DATABASE_URL" in result.stderr


async def raise_a_balance(superuser_dsn: str, by: int) -> None:
    connection = await asyncpg.connect(superuser_dsn)
    try:
        sql = "update balance set available = available + $1 where wallet = 1"
        await connection.execute(sql, by)
    finally:
        await connection.close()
