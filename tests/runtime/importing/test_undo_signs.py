"""What people and staff did since an import is seen when it is taken back, whatever it was."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tests.runtime.importing.moving_in import TODAY, House
from tests.runtime.importing.taking_back import ADA, BOB, CYD, acts, brought, undone, weighed

from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.change_members import change_members
from regulars.flows.membership.commands import BlockMember
from regulars.flows.membership.link_identifiers import link_identifiers
from regulars.records.members.types import Changed, ChangeMember, Identifier, LinkIdentifiers
from regulars.records.members.types import MemberRef

_BOB = MemberRef(external="bob")


def _renamed(house: House) -> None:
    async def flow(tx: Any, terms: Any, batch: Any) -> Any:
        return await change_members(tx, "DE", batch)

    assert isinstance(acts(house, flow, ChangeMember(_BOB, given_name="Robert")), Changed)


def _blocked(house: House) -> None:
    said = acts(house, block_members, BlockMember(_BOB, True, "many returns", "staff"))
    assert said.state == "blocked"


def _linked(house: House) -> None:
    async def flow(tx: Any, terms: Any, batch: Any) -> Any:
        return await link_identifiers(tx, "DE", batch)

    said = acts(house, flow, LinkIdentifiers(_BOB, (Identifier("phone", "+4915112345678"),)))
    assert isinstance(said, Changed), said


@pytest.mark.parametrize("does", [_renamed, _blocked, _linked])
@pytest.mark.parametrize("whole", [True, False], ids=["whole import", "half an import"])
def test_who_was_changed_since_keeps_everything(house: House, does: Any, whole: bool) -> None:
    import_id = brought(house, ADA, BOB, CYD)
    does(house)
    if not whole:
        house.rows("update import set done_at = null")
    assert weighed(house, import_id).kept == {"changed": 1}
    assert undone(house, import_id).kept == {"changed": 1}
    assert house.wrong_books() == {}
