"""Numbers and dates in the styles of the world, exact or listed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from regulars.surfaces.connect.moving.cells import instant_reader, number_reader, text_of
from regulars.surfaces.connect.moving.wrong import Wrong

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("style", "text", "units"),
    [
        ("plain", "1234.56", 123456), ("plain", "-0.5", -50), ("plain", "7", 700),
        ("point", "1,234.56", 123456), ("point", "1,234,567", 123456700), ("point", "12", 1200),
        ("comma", "1.234,56", 123456), ("comma", "1 234,56", 123456), ("comma", "0,05", 5),
    ],
)  # fmt: skip
def test_a_number_is_read_in_its_style(style: str, text: str, units: int) -> None:
    assert number_reader(style, "c", 2)(text) == units


@pytest.mark.parametrize(
    ("style", "text", "mend"),
    [
        ("plain", "1,234.56", "Say `decimal: comma` for 1.234,56 or `decimal: point`"),
        ("plain", "1.234.567", "Say `decimal: comma`"),
        ("point", "1.234,56", "Write a number such as 1,234.56, or say another"),
        ("comma", "1,234.56", "Write a number"),
        ("comma", "12.34", "Thousands are parted by '.', decimals by ','"),
        ("plain", "twelve", "Write a number such as 1234.56"),
        ("plain", "1e3", "Write a number"),
        ("plain", "0.005", "Write a number"),
        ("plain", "NaN", "Write a number"),
        ("plain", "99999999999999999999", "Write a number"),
    ],
)
def test_a_number_in_another_style_is_listed_with_the_mend(
    style: str, text: str, mend: str
) -> None:
    with pytest.raises(Wrong) as wrong:
        number_reader(style, "c", 2)(text)
    assert wrong.value.mend.startswith(mend), wrong.value.mend


@pytest.mark.parametrize(
    ("formats", "text", "at"),
    [
        ("iso", "2026-07-01T12:00:00+02:00", "2026-07-01T10:00"),
        ("iso", "2026-07-01T12:00:00Z", "2026-07-01T12:00"),
        ("iso", "2026-07-01 12:00", "2026-07-01T10:00"),
        ("iso", "2026-01-01", "2025-12-31T23:00"),
        ("%d.%m.%Y %H:%M", "01.07.2026 12:00", "2026-07-01T10:00"),
        (["iso", "%m/%d/%Y"], "07/01/2026", "2026-06-30T22:00"),
        ("epoch", "1782900000", "2026-07-01T10:00"),
    ],
)
def test_a_moment_is_by_the_clock_of_its_zone(formats: object, text: str, at: str) -> None:
    read = instant_reader(formats, BERLIN, "c")  # type: ignore[arg-type]
    assert read(text) == datetime.fromisoformat(at).replace(tzinfo=UTC)


def test_the_last_day_counts_whole() -> None:
    read = instant_reader("iso", BERLIN, "c", last_day=True)
    assert read("2026-12-31") == datetime(2026, 12, 31, 23, tzinfo=UTC)
    assert read("2026-03-28") == datetime(2026, 3, 28, 23, tzinfo=UTC)


@pytest.mark.parametrize("text", ["31.02.2026", "2026-02-31", "yesterday", "0000-00-00"])
def test_a_date_that_is_none_is_listed(text: str) -> None:
    with pytest.raises(Wrong, match="is no date written as iso"):
        instant_reader("iso", BERLIN, "c")(text)


@pytest.mark.parametrize(
    ("raw", "text"),
    [(None, ""), (True, "true"), (12.0, "12"), (0.1, "0.1"), (1e-7, "0.0000001"), (" a ", "a"),
     ([1], "[1]")],
)  # fmt: skip
def test_a_cell_of_a_typed_file_becomes_its_shortest_text(raw: object, text: str) -> None:
    assert text_of(raw) == text
