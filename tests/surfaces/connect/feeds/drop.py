"""Somebody who drops files, and a worker that is called by hand."""

from __future__ import annotations

import csv
import io
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.surfaces.connect.inlets.sender import Sender
from tests.surfaces.counter import Counter

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.feeder import Feeder
from regulars.surfaces.connect.feeds.places.there import Reach

MAPPING = """\
mapping: nightly
title: The nightly file of the tills
source: web-shop
unknown: card
file: {delimiter: ";"}
events:
  "*":
    gives:
      - kind: {constant: purchase}
        external_id: receipt
        occurred_at: paid_at
        card: {column: customer, prefix: shop-}
        amount: total
"""
COLUMNS = ("receipt", "paid_at", "customer", "total")


def sold(receipt: str, total: str = "10.00", customer: str = "7") -> tuple[str, ...]:
    """A line of such a file."""
    return receipt, "2026-03-02T11:00:00Z", customer, total


def written(*rows: tuple[str, ...]) -> str:
    """These lines as CSV."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows([COLUMNS, *rows])
    return text.getvalue()


class Drop(Sender):
    """A source of files, and the folder of its program."""

    def __init__(self, counter: Counter, mapping: str = MAPPING) -> None:
        super().__init__(counter, mapping, "files")
        database = self.shop.database
        folder = counter.given.feeds
        assert folder is not None
        ((slug,),) = self.shop.rows("select slug from program where program_id = $1")
        self.own = folder / str(slug)
        self.name = f"d-{self.mark}"
        self.folder = self.own / self.name
        self.folder.mkdir(parents=True)
        reach = Reach(counter.given.receivers, folder)
        self.feeder = Feeder(database, Programs(database), counter.given.keyed, reach)

    def from_folder(self) -> Drop:
        """Its own folder is looked at."""
        self.from_place(place="folder", address=self.name)
        return self

    def from_place(self, **said: Any) -> None:
        answer = self.counter.ask("PUT", f"{self.place}/feed", said)
        assert answer.status_code == 200, answer.text

    def put(self, name: str, told: str | bytes) -> Path:
        """A file is written there, and some time is gone."""
        path = self.folder / name
        path.write_bytes(told if isinstance(told, bytes) else told.encode())
        at = self.shop.now.timestamp() - 3600
        os.utime(path, (at, at))
        return path

    def look(self) -> dict[str, Any]:
        """A worker looks twice, as long apart as files take to be written; how the feed is then."""
        self.glance()
        return self.glance()

    def glance(self) -> dict[str, Any]:
        self.later(minutes=2)
        self.shop.run(self.feeder.feed(self.shop.program_id))
        found: dict[str, Any] = self.counter.get(f"{self.place}/feed").json()
        return found

    def files(self) -> dict[str, dict[str, Any]]:
        """What is told of each file."""
        answer = self.counter.get(f"{self.place}/feed/files")
        assert answer.status_code == 200, answer.text
        return {one["name"]: one for one in answer.json()["items"]}

    def read(self, name: str) -> tuple[str, int, int, int, int]:
        """State, rows, kept, known and unreadable of a file."""
        one = self.files()[name]
        return one["state"], one["rows"], one["kept"], one["known"], one["unreadable"]

    def card(self, customer: str = "7") -> str:
        return f"shop-{customer}"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)
