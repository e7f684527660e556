"""What tests of taking an import back share: files, a shop they are brought to, and asking."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.runtime.importing.moving_in import TODAY, House, Quiet
from tests.runtime.importing.test_same_books import MAPPING

from regulars.flows.commands import Redeem
from regulars.flows.membership.join_members import join_members
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.imports.undoing.types import Weighed
from regulars.records.members.types import Identifier, Joined, JoinMember, MemberRef
from regulars.runtime.importing.undoing import TakenBack, undo_import, weigh_undo
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

PEOPLE = ("id,joined,tier,lot,points",)
ADA = "ada,2020-01-02T10:00:00Z,gold,l1,300"
BOB = "bob,2020-01-02T10:00:00Z,,l2,400"
CYD = "cyd,2021-01-02T10:00:00Z,,l3,0"
HISTORY = (
    "kind,id,receipt,sale,at,amount",
    "purchase,ada,r1,,2026-02-01T10:00:00Z,12.50",
    "purchase,ada,r2,,2026-03-01T10:00:00Z,120.00",
    "return,ada,b2,r2,2026-03-05T10:00:00Z,",
    "purchase,bob,r3,,2024-02-01T10:00:00Z,80.00",
    "purchase,cyd,r4,,2026-02-01T10:00:00Z,40.00",
    "visit,cyd,v1,,2026-02-02T10:00:00Z,",
    "purchase,,r5,,2026-02-02T10:00:00Z,5.00",
)


def brought(house: House, *people: str, history: tuple[str, ...] = HISTORY) -> UUID:
    """Bring these members and their history over; the import's id."""
    files = [f"members={house.write('members.csv', *PEOPLE, *people)}"]
    if len(history) > 1:
        files.append(f"history={house.write('history.csv', *history)}")
    house.bring(*files, mapping=house.write("till.yaml", MAPPING), leave_out=True)
    ((import_id,),) = house.rows(
        "select import_id from import order by begun_at desc, import_id desc limit 1"
    )
    return UUID(str(import_id))


def weighed(house: House, import_id: UUID) -> Weighed:
    return asyncio.run(weigh_undo(house.database.app_dsn, house.program_id, import_id))


def undone(house: House, import_id: UUID, watch: Any = None) -> TakenBack:
    """Take it back an hour later."""
    asked = (house.program_id, import_id, "owner")
    clock = lambda: TODAY + timedelta(hours=1)  # noqa: E731
    return asyncio.run(undo_import(house.database.app_dsn, asked, watch or Quiet(), clock))


class Stopped(Exception):
    """Whoever worked is gone."""


class Stops(Quiet):
    """Stops whoever works once so many batches are done."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._left = after

    def advances(self, by: int) -> None:
        self._left -= 1
        if self._left == 0:
            raise Stopped


def acts(house: House, flow: Callable[..., Any], command: Any) -> Any:
    """Something happens a minute after the import; what came of it."""

    async def act() -> Any:
        clock = lambda: TODAY + timedelta(minutes=1)  # noqa: E731
        database = await Database.connect(house.database.app_dsn, size=1, clock=clock)
        try:
            terms = await Programs(database).terms(house.program_id)
            async with database.transaction(house.program_id) as tx:
                return (await flow(tx, terms, [command]))[0]
        finally:
            await database.close()

    return asyncio.run(act())


def joins(house: House, name: str) -> None:
    """Somebody becomes a member by themselves; before the import, as its clock is not asked."""

    async def join() -> None:
        clock = lambda: TODAY - timedelta(days=1)  # noqa: E731
        database = await Database.connect(house.database.app_dsn, size=1, clock=clock)
        try:
            async with database.transaction(house.program_id) as tx:
                wish = JoinMember((Identifier("external", name),), source="till")
                (joined,) = await join_members(tx, None, [wish])
                assert isinstance(joined, Joined), joined
        finally:
            await database.close()

    asyncio.run(join())


def spends(house: House, name: str) -> Any:
    """A member takes the cheapest reward."""
    wish = Redeem(MemberRef(external=name), "five-off", capture=True)
    return acts(house, redeem_rewards, wish)


def standings(house: House) -> list[tuple[Any, ...]]:
    """Where everybody stands who is a member, by the id of the old system."""
    return house.rows(
        """select i.value, m.given_name, s.tier, b.available, b.pending, b.debt, b.earned
             from identifier i
             join member m using (program_id, member_id)
             join standing s using (program_id, member_id)
             left join balance b using (program_id, member_id)
            where i.kind = 'external' order by 1, b.wallet"""
    )


def counted(house: House) -> list[tuple[Any, ...]]:
    """What every counter of a member with a name stands at."""
    return house.rows(
        """select i.value, p.name, c.period, c.value from counter c
             join identifier i using (program_id, member_id)
             join program_code p on p.program_id = c.program_id and p.kind = 'counter'
                                and p.code = c.counter
            where i.kind = 'external' and c.value <> 0 order by 1, 2, 3"""
    )
