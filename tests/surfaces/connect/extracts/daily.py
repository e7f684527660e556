"""A warehouse that gets its extracts, and a worker that is called by hand."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.leaving.leaving import table
from tests.makers import buys, by
from tests.surfaces.counter import Counter

from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.errands.extracting import Extractor, writing
from regulars.surfaces.connect.extracts.shelves.opening import Outside

PLAN = "/v1/extracts"


class Daily:
    """Extracts into a folder of this program's own, until another place is said."""

    def __init__(self, counter: Counter) -> None:
        self.counter, self.shop = counter, counter.shop
        self.mark = os.urandom(3).hex()
        ((slug,),) = self.shop.rows("select slug from program where program_id = $1")
        assert counter.given.extracts is not None
        self.there = counter.given.extracts / str(slug) / self.mark
        self.root = Path(mkdtemp(prefix="extracts-"))
        self.extractor = self.new_extractor()
        self.bought = 0

    def new_extractor(self) -> Extractor:
        """A worker that begins anew."""
        database, made = self.shop.database, self.shop.made
        given = self.counter.given
        outside = Outside(given.receivers, given.extracts)
        writes = writing(Addresses(made.owner_dsn, made.app_dsn))
        programs = Programs(database)
        return Extractor(database, programs, given.keyed, outside, self.root, writes)

    def plan(self, **said: Any) -> dict[str, Any]:
        """They are written so from now on."""
        wish = {"place": "folder", "address": self.mark, "at": "03:00"} | said
        answer = self.counter.ask("PUT", PLAN, wish)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def buys(self) -> None:
        """Something happens."""
        self.bought += 1
        receipt = f"{self.mark}-{self.bought}"
        (outcome,) = self.shop.record(buys(by(external="ada"), 1000, receipt=receipt))
        assert not isinstance(outcome, Exception), outcome

    def goes(self, **later: float) -> dict[str, Any]:
        """A day goes by, and a worker comes; how the plan is then."""
        self.shop.now += timedelta(**later or {"days": 1})
        self.shop.run(self.extractor.go(self.shop.program_id))
        found: dict[str, Any] = self.counter.get(PLAN).json()
        return found

    def runs(self) -> list[dict[str, Any]]:
        """The extracts, the oldest first, since this warehouse is there."""
        items: list[dict[str, Any]] = self.counter.get(f"{PLAN}/runs").json()["items"]
        return items[::-1]

    def folders(self) -> list[Path]:
        """What somebody sees there who looks."""
        return sorted(self.there.iterdir()) if self.there.is_dir() else []

    def receipts(self, folder: Path) -> list[str]:
        """Which sales of this warehouse's day are in an extract."""
        rows = table(folder, "activities")
        return sorted(
            str(row["external_id"]).rpartition("-")[2]
            for row in rows
            if self.mark in str(row["external_id"])
        )
