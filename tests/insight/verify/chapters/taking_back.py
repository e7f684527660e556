"""Somebody comes by a wrong file, and the import is taken back; and faults about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.insight.verify.planting import at, planted

from regulars.flows.commands import History
from regulars.flows.importing.bring_members import bring_members
from regulars.flows.importing.commands import BringMember, OpenLot
from regulars.flows.importing.open_balances import open_balances
from regulars.flows.importing.take_back import (
    begin_to_take_back,
    come_back,
    end_taking_back,
    pick,
    take_members_back,
)
from regulars.records.imports import write as imports
from regulars.records.imports.types import Import
from regulars.records.imports.undoing.read import weigh
from regulars.records.members.types import Identifier, MemberRef
from regulars.runtime.serving.programs import Programs


async def goes_again(shop: Any) -> None:
    """Una comes and goes; Udo was here before, and gives back what came for him."""
    one, udo = shop.database.ids.new_id(), await shop.join("udo@example.org")
    una = Identifier("external", "una")
    terms = await Programs(shop.database).terms(shop.program_id)
    async with shop.database.transaction(shop.program_id) as tx:
        print_ = one.bytes + shop.program_id.to_bytes(1, "big")
        await tx.write(imports.begin(tx, Import(one, print_, "wrong.csv", "old", {}, tx.now)))
        await bring_members(tx, terms, [BringMember((una,), source="old")], History(one))
        # What waits for a word hangs on its activity, and goes with the import all the same.
        until, hangs_on = tx.now + timedelta(days=90), shop.database.ids.new_id()
        lots = [OpenLot(MemberRef(external="una"), "points", 40, "old", "una"),
                OpenLot(udo, "points", 30, "old", "udo"),
                OpenLot(udo, "points", 20, "old", "waits", cancels_at=until, activity_id=hangs_on),
        ]  # fmt: skip
        await open_balances(tx, terms, lots, History(one))
        await tx.write(imports.end(tx, one))
    async with shop.database.transaction(shop.program_id) as tx:
        await begin_to_take_back(tx, one, "the tests")
        assert (await weigh(tx, one, come_back(terms))).points == {"points": 90}
        goes = await pick(tx, one, 10, {})
        assert (len(goes.made), len(goes.others), goes.kept) == (1, 1, 0), goes
        await take_members_back(tx, terms, one, goes)
    async with shop.database.transaction(shop.program_id) as tx:
        await end_taking_back(tx, one)


_WAITED = """cancels_at is not null
          and member_id in (select member_id from import_undone where not made)"""
TAKING_BACK = {
    "somebody who was taken back waits still": planted(
        at("update import_undone set state = 'waiting'", "import_undone", "made"), "taken_back"
    ),
    "an undo leaves points that wait": planted(
        at("update lot set remaining = amount", "lot", _WAITED),
        "taken_back",
        "lots_add_up",
        "lots_are_balances",
    ),
    "somebody goes whom no import made": planted(
        at("update import_undone set made = true", "import_undone", "not made"), "taken_back"
    ),
}
