"""What a case about pay-outs and files that were brought says."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from tests.makers import by

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import History
from regulars.flows.importing.bring_members import bring_members
from regulars.flows.importing.commands import BringMember, OpenLot
from regulars.flows.importing.open_balances import open_balances
from regulars.records.imports import write as imports
from regulars.records.imports.types import Import
from regulars.records.members.types import Identifier

Said = dict[str, Any]
ACCOUNT = {"holder": "Ada Sen", "iban": "GB82 WEST 1234 5698 7654 32"}
FROM = {"name": "Corner Shop", "iban": "DE89370400440532013000"}


def with_account(house: Any) -> str:
    """Somebody with money to be paid out, and where to."""
    member = str(house.member())
    told = {"member": {"id": member}, "wallet": "cash", "units": 1_500, "reason": "welcome"}
    house.post("/v1/adjustments", **told)
    house.ask("PUT", f"/v1/members/{member}/bank-account", **ACCOUNT)
    return member


def keeping(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"member_id": house.member()}, "body": ACCOUNT}


def holding(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"member_id": with_account(house)}}


def _run(house: Any) -> Said:
    with_account(house)
    return {"from": FROM, "reference": f"run-{house.fresh()}"}


def running(house: Any) -> Iterator[Said]:
    while True:
        yield {"body": _run(house)}


def run(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"run_id": house.post("/v1/payout-runs", **_run(house))["id"]}}


def returning(house: Any) -> Iterator[Said]:
    for said in run(house):
        first, *_ = house.listed(f"/v1/payout-runs/{said['path']['run_id']}")
        payout = first["id"].removeprefix("red_")
        yield {"body": {"payout": payout, "reference": f"back-{house.fresh()}"}}


def brought(house: Any) -> str:
    """Somebody came by a file; the id of its import."""
    shop, name = house.counter.shop, f"una-{house.fresh()}"
    one = shop.database.ids.new_id()

    async def bring(tx: Tx, terms: Terms) -> None:
        await tx.write(
            imports.begin(tx, Import(one, sha256(one.bytes).digest(), "a.csv", "", {}, tx.now))
        )
        people = [BringMember((Identifier("external", name),), source="old")]
        await bring_members(tx, terms, people, History(one))
        lots = [OpenLot(by(external=name), "points", 40, "old", name)]
        await open_balances(tx, terms, lots, History(one))
        await tx.write(imports.end(tx, one))

    shop.forget_terms()  # a case before may have published
    shop.do(bring)
    return f"imp_{one.hex}"


def taking_back(house: Any) -> Iterator[Said]:
    while True:
        yield {"path": {"import_id": brought(house)}}


PAYING_OUT = {
    "PUT /v1/members/{member_id}/bank-account": keeping,
    "GET /v1/members/{member_id}/bank-account": holding,
    "DELETE /v1/members/{member_id}/bank-account": holding,
    "POST /v1/payout-runs": running,
    "GET /v1/payout-runs/{run_id}": run,
    "GET /v1/payout-runs/{run_id}/file": run,
    "POST /v1/payout-returns": returning,
    "GET /v1/imports/{import_id}/undo": taking_back,
    "POST /v1/imports/{import_id}/undo": taking_back,
}
