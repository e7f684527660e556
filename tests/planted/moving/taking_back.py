"""An import is taken back and brought again: the check that bugs about it must fail."""

from __future__ import annotations

import os
from typing import Any, Final
from uuid import UUID

from tests.flows.points import sharing
from tests.makers import Shop, by

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import Adjust, History, RecordActivity, Redeem
from regulars.flows.importing.bring_members import bring_members
from regulars.flows.importing.commands import BringMember, OpenLot
from regulars.flows.importing.open_balances import open_balances
from regulars.flows.recording.record_activities import record_activities
from regulars.records.imports import write as imports
from regulars.records.imports.types import Import
from regulars.records.members.types import Identifier


class _Silent:
    def begins(self, stage: str, total: int) -> None:
        return None

    def advances(self, by: int) -> None:
        return None


def _brings(shop: Shop, ada: int) -> UUID:
    """Ada, who is new, Ben, who was here, and Cem, who is new; the import."""
    import_id = shop.database.ids.new_id()
    history = History(import_id)

    async def bring(tx: Tx, terms: Terms) -> None:
        await tx.write(imports.begin(tx, Import(import_id, import_id.bytes, "", "", {}, tx.now)))
        people = [BringMember((Identifier("external", name),)) for name in ("ada", "cem")]
        await bring_members(tx, terms, people, history)
        points = {"ada": ada, "ben": 20, "cem": 40}
        lots = [OpenLot(by(external=n), "points", u, "old", n) for n, u in points.items()]
        await open_balances(tx, terms, lots, history)
        sale = RecordActivity(
            "purchase", by(external="ada"), source="old", external_id="r1", amount_minor=5_000
        )
        await record_activities(tx, terms, [sale], history)
        await tx.write(imports.end(tx, import_id))

    shop.do(bring)
    return import_id


def takes_an_import_back(shop: Shop) -> None:
    """Ada goes, Ben gives back what came, Cem spent and keeps it; then the mended file comes."""
    from regulars.runtime.importing.undoing import TakenBack, undo_import

    shop.begin(sharing.SHARING, slug=f"p{os.getpid()}-undo")
    (ben,) = shop.joined("ben")
    shop.adjust(Adjust(ben, "points", 7, "kind", "Olga"))
    import_id = _brings(shop, 300)
    shop.redeem(Redeem(by(external="cem"), "cup", capture=True))

    def back() -> Any:
        asked = (shop.program_id, import_id, "Olga")
        return shop.run(undo_import(shop.made.app_dsn, asked, _Silent(), lambda: shop.now))

    assert back() == TakenBack(members=1, others=1, kept={"spent": 1})
    assert back() == TakenBack(members=1, others=1, kept={"spent": 1})
    assert shop.balances("ben")["points"] == (7, 0, 0)
    assert shop.balances("cem")["points"] == (10, 0, 0)
    named = "select value, $1::int from identifier where program_id = $1 and kind = 'external'"
    assert sorted(name for name, _ in shop.rows(named)) == ["ben", "cem"]
    left = "select coalesce(sum(available), 0)::int, 1 from balance where program_id = $1"
    assert shop.rows(left) == [(17, 1)]
    exact = "select count(*)::int from entry where program_id = $1 and reverses is not null"
    assert shop.rows(exact) == [(2,)]
    sold = "select count(*)::int from activity where program_id = $1 and kind = 'return'"
    assert shop.rows(sold) == [(1,)]
    _brings(shop, 30)
    assert shop.balances("ada")["points"] == (80, 0, 0)
    assert shop.balances("ben")["points"] == (27, 0, 0)
    assert shop.balances("cem")["points"] == (10, 0, 0)


ALONE: Final = {"takes_an_import_back": takes_an_import_back}
