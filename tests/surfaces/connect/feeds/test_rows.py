"""What is in a file becomes the same events in each format, and at whatever row it was cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.surfaces.connect.feeds.drop import COLUMNS, MAPPING, Drop, sold, written
from tests.surfaces.connect.inlets.sender import MAPPING as BY_WEBHOOK
from tests.surfaces.connect.inlets.sender import Sender, paid
from tests.surfaces.counter import Counter

from regulars.base.faults import Invalid
from regulars.surfaces.connect.feeds.rows import rows_of
from regulars.surfaces.connect.inlets.mapping import read_mapping

GUIDE = Path(__file__).parents[4] / "docs/guides/developer/files"


@pytest.fixture
def drop(counter: Counter) -> Iterator[Drop]:
    made = Drop(counter).from_folder()
    yield made
    made.counter.ask("DELETE", made.place)


def parquet(path: Path, *rows: tuple[Any, ...]) -> bytes:
    pl.DataFrame(rows, schema=COLUMNS, orient="row").write_parquet(path)
    return path.read_bytes()


def test_csv_json_lines_and_parquet_tell_the_same(drop: Drop, tmp_path: Path) -> None:
    at = datetime(2026, 3, 2, 11, tzinfo=UTC)
    drop.put("a.csv", written(sold("1", "10.00", "all")))
    line = '{"receipt": "2", "paid_at": "2026-03-02T11:00:00Z", "customer": "all", "total": 5.00}\n'
    drop.put("b.jsonl", line + "no json\n" + '{"receipt": 1, "receipt": 2}\n')
    drop.put("c.parquet", parquet(tmp_path / "c", ("3", at, "all", 2.5)))
    drop.look()
    assert drop.read("a.csv") == ("done", 1, 1, 0, 0)
    assert drop.read("b.jsonl") == ("done", 3, 1, 0, 2)
    assert drop.read("c.parquet") == ("done", 1, 1, 0, 0)
    drop.book()
    assert drop.points(drop.card("all")) == 17
    assert {state for state, *_ in drop.states()} == {"booked"}


def test_the_same_row_in_other_formats_and_orders_is_the_same_event(drop: Drop) -> None:
    drop.put("a.csv", written(sold("1", "10.00", "same")))
    other = '{"total": "10.00", "customer": "same", "receipt": "1", "paid_at": '
    drop.put("b.jsonl", other + '"2026-03-02T11:00:00Z"}\n')
    drop.look()
    assert drop.read("a.csv") == ("done", 1, 1, 0, 0)
    assert drop.read("b.jsonl") == ("done", 1, 0, 1, 0)


def test_a_row_is_read_by_its_type_and_by_a_name_with_a_dot(counter: Counter) -> None:
    mapping = MAPPING.replace('"*":', "sale:").replace("total", "Total (incl. tax)")
    drop = Drop(counter, mapping.replace("events:", "type: what\nevents:")).from_folder()
    text = "receipt;paid_at;customer;what;Total (incl. tax)\n"
    drop.put("a.csv", text + "1;2026-03-02;dot;sale;7.00\n2;2026-03-02;dot;other;7.00\n")
    drop.look()
    drop.book()
    assert [state for state, *_ in drop.states()] == ["booked", "unfit"]
    assert drop.points(drop.card("dot")) == 7
    counter.ask("DELETE", drop.place)


def test_cut_off_at_any_portion_it_goes_on_there(drop: Drop, monkeypatch: Any) -> None:
    monkeypatch.setattr("regulars.surfaces.connect.feeds.rows.AT_ONCE", 7)
    rows = [sold("twice" if number % 3 else str(number), "1.00", "cut") for number in range(40)]
    drop.put("a.csv", written(*rows))
    keep, cut = drop.feeder._keep, 0

    async def once(*told: Any) -> Any:
        nonlocal cut
        cut += 1
        if cut % 2 == 0:
            raise asyncio.CancelledError
        return await keep(*told)

    drop.feeder._keep = once  # type: ignore[method-assign]
    for _ in range(20):
        try:
            drop.glance()
        except asyncio.CancelledError:
            continue
    assert drop.read("a.csv") == ("done", 40, 40, 0, 0)
    names = drop.shop.rows(
        "select count(distinct key), count(*) from arrival "
        "where program_id = $1 and inlet_id = $2::text::uuid",
        drop.made["id"].removeprefix("inl_"),
    )
    assert [tuple(one) for one in names] == [(40, 40)]


def test_how_much_is_left_is_said_while_a_file_is_read(drop: Drop, monkeypatch: Any) -> None:
    monkeypatch.setattr("regulars.surfaces.connect.feeds.rows.AT_ONCE", 7)
    monkeypatch.setattr("regulars.runtime.working.inlets.feeder.PATIENCE_S", 0)
    drop.feeder._most_waiting = 14
    text = written(*(sold(f"left-{number}", "1.00", "left") for number in range(40)))
    drop.put("a.csv", text)
    drop.put("b.csv", written(sold("left-b", "1.00", "left")))
    feed = drop.look()
    one = drop.files()["a.csv"]
    assert (one["state"], one["rows"], feed["files_left"]) == ("reading", 14, 2)
    assert abs(one["read_bytes"] - len(text) * 14 / 40) < len(text) / 20
    assert feed["bytes_left"] == len(text) + drop.files()["b.csv"]["size"] - one["read_bytes"]
    for _ in range(4):
        drop.book()
        feed = drop.glance()
    assert (feed["files_left"], feed["bytes_left"]) == (0, 0)
    assert drop.files()["a.csv"]["read_bytes"] == len(text)


def test_what_happened_before_the_day_from_which_it_counts_is_left_aside(counter: Counter) -> None:
    since = "        since: 2026-03-02\n        amount: total\n"
    drop = Drop(counter, MAPPING.replace("        amount: total\n", since)).from_folder()
    text = written(sold("old", "5.00", "since"), sold("new", "7.00", "since"))
    drop.put("a.csv", text.replace("old;2026-03-02T11", "old;2026-03-01T11"))
    drop.look()
    drop.book()
    assert [state for state, *_ in drop.states()] == ["passed", "booked"]
    assert drop.points(drop.card("since")) == 7
    earlier = drop.mapping.replace("since: 2026-03-02", "since: 2026-01-01")
    assert counter.ask("PATCH", drop.place, {"mapping": earlier}).status_code == 200
    assert counter.post(f"{drop.place}/again", {"states": ["passed"]}).json()["again"] == 1
    drop.book()
    assert drop.points(drop.card("since")) == 12
    counter.ask("DELETE", drop.place)


def test_a_sale_by_the_nightly_file_and_by_webhook_is_one_activity(counter: Counter) -> None:
    shop = Sender(counter, BY_WEBHOOK)
    drop = Drop(counter, MAPPING.replace("web-shop", f"web-{shop.mark}")).from_folder()
    shop.send("evt-1", paid("n1", "10.00", "both"))
    shop.book()
    drop.put("a.csv", written(sold("n1", "10.00", "both"), sold("n2", "5.00", "both")))
    drop.look()
    drop.book()
    assert drop.points(drop.card("both")) == 15
    items = counter.get(f"{drop.place}/events").json()["items"]
    firsts = [
        counter.get(f"{drop.place}/events/{one['id']}").json()["activities"][0]["first"]
        for one in items
    ]
    assert firsts == [True, False]
    assert {one["state"] for one in items} == {"booked"}
    counter.ask("DELETE", shop.place)
    counter.ask("DELETE", drop.place)


def test_where_a_row_stood_is_said_and_its_own_name_is_the_receipt_of_last_resort(
    drop: Drop, counter: Counter
) -> None:
    mapping = drop.mapping.replace("        external_id: receipt\n", "")
    counter.ask("PATCH", drop.place, {"mapping": mapping})
    drop.put("a.csv", written(sold("1", "3.00", "own"), sold("1", "3.00", "own")))
    drop.look()
    drop.book()
    assert drop.points(drop.card("own")) == 6
    items = counter.get(f"{drop.place}/events").json()["items"]
    assert sorted(one["name"].split()[0] for one in items) == ["a.csv:2", "a.csv:3"]


def test_rows_beyond_what_is_remembered_are_told_to_be_split(
    tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr("regulars.surfaces.connect.feeds.rows.MOST_ROWS", 5)
    path = tmp_path / "a.csv"
    path.write_text(written(*(sold(str(number)) for number in range(9))))
    rows = rows_of(path, read_mapping(MAPPING))
    assert next(rows).lines == 5
    with pytest.raises(Invalid, match="more than 5 rows: split it"):
        next(rows)


def test_the_example_of_the_guide_is_read_and_booked(counter: Counter) -> None:
    mapping = (GUIDE / "nightly.yaml").read_text().replace("source: tills", "source: web-shop")
    drop = Drop(counter, mapping).from_folder()
    drop.put("nightly.csv", (GUIDE / "nightly.csv").read_bytes())
    drop.look()
    drop.book()
    assert drop.read("nightly.csv") == ("done", 3, 3, 0, 0)
    assert [state for state, *_ in drop.states()] == ["booked", "passed", "booked"]
    assert (drop.points("4711"), drop.points("4712")) == (12, 1204)
    counter.ask("DELETE", drop.place)
