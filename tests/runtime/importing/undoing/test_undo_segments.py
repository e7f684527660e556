"""Members of segments who came with an import that is taken back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from tests.flows.terms.segments.books import wrong_segments
from tests.runtime.importing.moving_in import TODAY, House
from tests.runtime.importing.taking_back import ADA, BOB, acts, brought, undone

from regulars.flows.membership.office.prepare_rows import prepare_rows
from regulars.flows.membership.office.segments.commands import KeepSegment, ListMembers
from regulars.flows.membership.office.segments.follow_segments import follow_segments
from regulars.flows.membership.office.segments.keep_segments import keep_segments, list_members
from regulars.records.access.staff.types import By
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

WHO = By(words="owner")
_INSIDE = """
select s.code, count(*) from segment s join segment_member m using (program_id, segment_id)
 group by 1 order by 1
"""


def follows(house: House, hours: int) -> Any:
    """The worker brings prepared rows and segments up; the terms by which it does."""

    async def follow() -> Any:
        clock = lambda: TODAY + timedelta(hours=hours)  # noqa: E731
        database = await Database.connect(house.database.app_dsn, size=1, clock=clock)
        try:
            terms = await Programs(database).terms(house.program_id)
            for step in (lambda tx: prepare_rows(tx, terms, 100),
                         lambda tx: follow_segments(tx, terms)):  # fmt: skip
                going: Any = True
                while going:
                    async with database.transaction(house.program_id) as tx:
                        going = await step(tx)
            return terms
        finally:
            await database.close()

    terms = asyncio.run(follow())
    assert wrong_segments(house.database.owner_dsn, house.program_id, terms) == {}
    return terms


def test_who_goes_with_an_import_is_in_no_segment_and_who_is_on_a_list_stays(
    house: House,
) -> None:
    import_id = brought(house, ADA, BOB)
    acts(house, keep_segments, KeepSegment("all", "All", WHO, {"if": "orders", "at_least": 0}))
    acts(house, keep_segments, KeepSegment("friends", "Friends", WHO, kind="list"))
    ((ada,),) = house.rows("select member_id from identifier where value = 'ada'")
    acts(house, list_members, ListMembers("friends", (ada,), WHO))
    follows(house, 0)
    assert house.rows(_INSIDE) == [("all", 2), ("friends", 1)]
    done = undone(house, import_id)
    assert done.kept == {"changed": 1}
    follows(house, 2)
    assert house.rows(_INSIDE) == [("all", 1), ("friends", 1)]
    assert house.wrong_books() == {}
