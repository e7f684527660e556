"""A draft on a program's own books, as the verb asks for it; nothing is written."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.makers import Shop
from tests.planted.replay.checks import YEAR, lives_a_year

from regulars.records.program.templates import load_template
from regulars.runtime.checking.replay import Wanted, replay_books
from regulars.runtime.installation.addresses import Addresses
from regulars.surfaces.replay.keeping import keep


class Quiet:
    def begins(self, stage: str, total: int) -> None: ...

    def advances(self, by: int) -> None: ...


def test_a_draft_is_tried_on_the_books_and_the_books_are_proven(
    database: Any, tmp_path: Path
) -> None:
    shop = Shop.open(database, load_template("coffee-shop"))
    lives_a_year(shop, "tried")
    shop.now = datetime.now(UTC)
    shop.night()
    before = shop.counts()
    draft = YEAR.replace("program: year", "program: tried").replace('per: "1.00"', 'per: "0.25"')
    wanted = Wanted(draft=draft.encode(), prove=True)
    addresses = Addresses(owner=database.owner_dsn, app=database.app_dsn)
    result = asyncio.run(replay_books(addresses, wanted, "tried", Quiet()))
    assert result.proven.startswith("Proven: ")
    assert len(result.moves) == 4
    assert result.before.tally.total("points", "redeemed") == 40
    page = keep(result, tmp_path / "out")[0].read_text("utf-8")
    assert "Worked out" in page
    assert "Assumed" in page
    assert "<script" not in page
    assert 'src="' not in page
    assert 'href="http' not in page.replace('xlink:href="http', 'href="http')
    assert shop.counts() == before
    shop.close()
