"""The file is read as it is, in order of time, or refused with the column that is wrong."""

from random import Random

import polars as pl
import pytest
from tests.surfaces.connect.retail.shop_makers import local

from regulars.base.faults import Invalid
from regulars.surfaces.connect.retail.generated import generated_shop
from regulars.surfaces.connect.retail.lines import ShopLine, lines_of, read_lines


def table(**changed: object) -> pl.DataFrame:
    """Two lines, the later one first."""
    columns = {
        "Description": ["CUP", None],
        "Quantity": [2, -1],
        "InvoiceDate": [local(2011, 5, 2, 9, 1, 59), local(2011, 5, 2, 9, 0)],
        "UnitPrice": pl.Series([2.55, 0.0], dtype=pl.Float32),
        "CustomerID": [17_850, None],
        "Country": ["France", "France"],
    }
    return pl.DataFrame(columns | changed)


def test_lines_stand_in_order_of_time_with_prices_as_text():
    assert lines_of(table()) == [
        ShopLine(None, local(2011, 5, 2, 9, 0), "", "0.0", -1, "France"),
        ShopLine(17_850, local(2011, 5, 2, 9, 1), "CUP", "2.55", 2, "France"),
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"Quantity": [1, None]},
        {"Quantity": [1, 1_000_001]},
        {"Quantity": ["many", "1"]},
        {"UnitPrice": [None, 1.0]},
        {"CustomerID": ["anna", "7"]},
        {"Description": ["C" * 201, "CUP"]},
        {"Description": ["C\0P", "CUP"]},
    ],
)
def test_what_a_shops_lines_cannot_be_is_refused(changed):
    with pytest.raises(Invalid):
        lines_of(table(**changed))


def test_a_missing_column_is_named():
    with pytest.raises(Invalid, match="no column Country"):
        lines_of(table().drop("Country"))


def test_a_file_of_another_kind_is_refused(tmp_path):
    other = tmp_path / "lines.parquet"
    other.write_text("Description;Quantity")
    with pytest.raises(Invalid, match="cannot be read"):
        read_lines(other)


def test_the_generated_shop_is_the_same_for_the_same_chance():
    assert generated_shop(500, Random(1)).equals(generated_shop(500, Random(1)))
    assert not generated_shop(500, Random(1)).equals(generated_shop(500, Random(2)))


def test_the_generated_shop_has_the_shape_of_the_real_one():
    lines = lines_of(generated_shop(20_000, Random(1)))
    assert len(lines) == 20_000
    nobody = sum(one.member is None for one in lines)
    back = sum(one.quantity < 0 for one in lines if one.member is not None)
    assert 4_000 < nobody < 6_000
    assert 150 < back < 450
    assert any(one.price == "0.001" for one in lines)
    assert any(one.price.startswith("-") for one in lines)
