"""Imports over HTTP: listed, weighed, taken back by the worker; asked twice under a key, once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.makers import by
from tests.surfaces.console.carrying import carried
from tests.surfaces.counter import Counter

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import History
from regulars.flows.importing.bring_members import bring_members
from regulars.flows.importing.commands import BringMember, OpenLot
from regulars.flows.importing.open_balances import open_balances
from regulars.records.imports import write as imports
from regulars.records.imports.types import Import
from regulars.records.members.types import Identifier


def came(counter: Counter) -> str:
    """Una comes by an import; its id as the world sees it."""
    shop = counter.shop
    one = shop.database.ids.new_id()

    async def bring(tx: Tx, terms: Terms) -> None:
        await tx.write(imports.begin(tx, Import(one, one.bytes, "a.csv", "", {}, tx.now)))
        people = [BringMember((Identifier("external", "una"),), source="old")]
        await bring_members(tx, terms, people, History(one))
        lots = [OpenLot(by(external="una"), "points", 40, "old", "una")]
        await open_balances(tx, terms, lots, History(one))
        await tx.write(imports.end(tx, one))

    shop.do(bring)
    return f"imp_{one.hex}"


def test_an_import_is_weighed_and_taken_back(counter: Counter, tmp_path: Path) -> None:
    id_ = came(counter)
    (item,) = [one for one in counter.get("/v1/imports").json()["items"] if one["id"] == id_]
    assert (item["files"], item["undone_at"]) == (["a.csv"], None)
    path = f"/v1/imports/{id_}/undo"
    assert counter.get(path).json()["state"] == "stopped"
    answer: Any = counter.post(path, {})
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    assert carried(counter) == 1
    told = counter.get(path).json()
    assert told["dry_run"] is True
    assert (told["members"], told["points"], told["kept"]) == (1, {"points": 40}, {})
    assert counter.shop.balances("una") == {"points": (40, 0, 0)}
    counter.shop.now += timedelta(seconds=1)
    for _ in range(2):
        answer = counter.post(path, {"dry_run": False}, idempotency_key="back")
        assert answer.status_code == 202, answer.text
    assert carried(counter) == 1
    told = counter.get(path).json()
    assert (told["dry_run"], told["state"], told["members"]) == (False, "done", 1)
    assert counter.shop.balances("una") == {}
    (item,) = [one for one in counter.get("/v1/imports").json()["items"] if one["id"] == id_]
    assert item["undone_at"] is not None


def test_an_import_that_is_not_there_says_so(counter: Counter) -> None:
    for path in ("/v1/imports/imp_" + "1" * 32 + "/undo",):
        answer = counter.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_import")
