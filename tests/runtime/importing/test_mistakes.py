"""A mistake of ours while lines are booked is told as ours, and never as a bad line of the shop."""

from collections.abc import Sequence
from typing import Any

import pytest
from tests.runtime.importing.moving_in import ADA, BOB, LOTS, MEMBERS, House

from regulars.flows.importing.commands import OpenLot
from regulars.records.imports.types import Part
from regulars.runtime.importing import booking

LINES = tuple(
    f"{who},points,l{n},10,10,2026-01-01T00:00:00Z,2099-01-01T00:00:00Z,welcome"
    for n, who in enumerate((ADA, BOB, ADA))
)


def breaks_when(monkeypatch: pytest.MonkeyPatch, bad: Any) -> None:
    """The flow of balances falls over batches that `bad` says of."""
    way = booking._WAYS[Part.LOTS]

    async def flow(tx: Any, terms: Any, batch: Sequence[OpenLot], history: Any) -> Any:
        assert not bad(batch), "planted"
        return await way.flow(tx, terms, batch, history)

    monkeypatch.setitem(booking._WAYS, Part.LOTS, way._replace(flow=flow))


def brings_lots(house: House) -> Any:
    house.bring(house.write("members.csv", *MEMBERS))
    return house.bring(house.write("lots.csv", LOTS, *LINES))


def test_a_line_we_cannot_book_is_ours_with_its_number_in_the_log(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks_when(monkeypatch, lambda batch: any(one.lot == "l1" for one in batch))
    done = brings_lots(house)
    (mistake,) = done.mistakes
    assert (mistake.file, mistake.line, len(mistake.report)) == ("lots.csv", 3, 12)
    assert not done.right
    assert (done.taken, done.left_out) == (2, 1)
    assert house.slips() == [
        "lots.csv,3,,a mistake of ours kept this line out; nothing is wrong with it,"
        f'"Look in the log, and report it to us with the number {mistake.report}"'
    ]
    assert sum(house.points().values()) == 20


def test_lines_that_fail_only_together_are_all_booked_and_it_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks_when(monkeypatch, lambda batch: len(batch) > 1)
    done = brings_lots(house)
    assert (done.taken, done.left_out) == (3, 0)
    (mistake,) = done.mistakes
    assert mistake.wrong.startswith("a mistake of ours: lines of lane ")
    assert mistake.mend.startswith("Nothing is missing.")
    assert not done.right


def test_a_bad_line_of_the_shop_is_no_mistake_of_ours(house: House) -> None:
    house.bring(house.write("members.csv", *MEMBERS))
    twice = LINES[0].replace(",10,10,", ",11,11,")
    done = house.bring(house.write("lots.csv", LOTS, LINES[0], twice), leave_out=True)
    assert (done.wrong, done.mistakes) == (1, [])
