"""Files whatever they are called, half written ones, and two who look into one folder."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import Iterator

import polars as pl
import pytest
from tests.surfaces.connect.feeds.drop import COLUMNS, Drop, sold, written
from tests.surfaces.counter import Counter

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.feeder import Feeder
from regulars.surfaces.connect.feeds.places.there import Reach

NAMES = (
    "sales of monday.csv",
    "Verkäufe Köln.csv",
    "Verka\u0308ufe.csv",
    "מכירות\u200f.csv",
    "a\u202evsc.exe.csv",
    "100%25 & so.csv",
    "x" * 240 + ".csv",
)


@pytest.fixture
def drop(counter: Counter) -> Iterator[Drop]:
    made = Drop(counter).from_folder()
    yield made
    counter.ask("DELETE", made.place)


def test_a_file_is_read_whatever_it_is_called(drop: Drop) -> None:
    for at, name in enumerate(NAMES):
        drop.put(name, written(sold(f"n{at}", "1.00", "named")))
    assert drop.look()["problem"] == ""
    assert {name: drop.read(name)[:3] for name in NAMES} == dict.fromkeys(NAMES, ("done", 1, 1))
    drop.book()
    assert drop.points(drop.card("named")) == len(NAMES)


def test_a_name_that_is_no_text_stops_no_other_file(drop: Drop) -> None:
    odd = os.path.join(os.fsencode(drop.folder), b"Verk\xe4ufe.csv")  # noqa: PTH118
    with open(odd, "wb") as file:
        file.write(written(sold("odd", "1.00", "odd")).encode())
    drop.put("plain.csv", written(sold("plain", "1.00", "odd")))
    assert drop.look()["problem"] == ""
    assert drop.read("plain.csv")[:3] == ("done", 1, 1)
    assert drop.read("Verk\\xe4ufe.csv")[:3] == ("done", 1, 1)
    drop.book()
    assert drop.points(drop.card("odd")) == 2


def test_names_that_look_alike_or_are_long_as_text_stop_no_other_file(drop: Drop) -> None:
    long = b"\xe4" * 125
    names = (b"Verk\xe4ufe.csv", b"Verk\\xe4ufe.csv", b"Verk\\\xe4ufe.csv", b"Verk\\\\xe4ufe.csv",
             long + b".csv", long + b"\xe4.csv", b"back\\slash.csv")  # fmt: skip
    for at, name in enumerate(names):
        with open(os.path.join(os.fsencode(drop.folder), name), "wb") as file:  # noqa: PTH118
            file.write(written(sold(f"like{at}", "1.00", "like")).encode())
    for _ in range(2):
        assert drop.look()["problem"] == ""
    found = drop.files()
    assert len(found) == len(names)
    assert {(one["state"], one["kept"]) for one in found.values()} == {("done", 1)}
    assert {"Verk\\xe4ufe.csv", "back\\slash.csv"} < set(found), "what it was is what it is"
    drop.book()
    assert drop.points(drop.card("like")) == len(names)


def test_half_a_parquet_file_is_read_once_it_is_whole(drop: Drop) -> None:
    rows = [sold(f"p{at}", "1.00", "half") for at in range(40)]
    into = io.BytesIO()
    pl.DataFrame(rows, schema=COLUMNS, orient="row").write_parquet(into)
    whole = into.getvalue()
    drop.put("night.parquet", whole[: len(whole) // 2])
    drop.put("beside.csv", written(sold("beside", "1.00", "half")))
    drop.look()
    assert drop.read("beside.csv")[:3] == ("done", 1, 1)
    half = drop.files()["night.parquet"]
    assert (half["state"], half["kept"]) == ("refused", 0)
    assert "Parquet" in half["problem"]
    drop.put("night.parquet", whole)
    drop.look()
    assert drop.read("night.parquet")[:3] == ("done", 40, 40)
    drop.book()
    assert drop.points(drop.card("half")) == 41


def test_two_workers_on_one_folder_keep_each_row_once(drop: Drop) -> None:
    shop, counter = drop.shop, drop.counter
    reach = Reach(counter.given.receivers, counter.given.feeds)
    other = Feeder(shop.database, Programs(shop.database), counter.given.keyed, reach)
    for name in ("a.csv", "b.csv"):
        rows = [sold(f"{name}{at}", "1.00", "two") for at in range(700)]
        drop.put(name, written(*rows))
    drop.glance()
    drop.later(minutes=2)

    async def both() -> None:
        await asyncio.gather(drop.feeder.feed(shop.program_id), other.feed(shop.program_id))

    shop.run(both())
    drop.look()
    for name in ("a.csv", "b.csv"):
        assert drop.read(name)[0] == "done"
    while drop.states()[-1][0] == "waiting" or any(s == "waiting" for s, *_ in drop.states()):
        drop.book()
    assert len(drop.states()) == 1400
    assert drop.points(drop.card("two")) == 1400
