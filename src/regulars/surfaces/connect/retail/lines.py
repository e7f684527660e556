"""The file as lines, in order of time."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from regulars.base.faults import Invalid

COLUMNS: Final = ("Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
LONGEST_TEXT: Final = 200
MOST_PIECES: Final = 1_000_000


class ShopLine(NamedTuple):
    """One line of the file, as it is written there."""

    member: int | None
    """The number in CustomerID; nothing where the shop did not know who bought."""
    minute: datetime
    """By the shop's clock."""
    description: str
    price: str
    """The shortest decimal text of the number in the file."""
    quantity: int
    country: str


def read_lines(path: Path) -> list[ShopLine]:
    """All lines of a Parquet file.

    Faults: Invalid for a file that cannot be read, or with other columns than a shop's lines.
    """
    try:
        frame = pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise Invalid(f"{path} cannot be read as Parquet: {error}") from None
    return lines_of(frame)


def lines_of(frame: pl.DataFrame) -> list[ShopLine]:
    """The rows of a table as lines; those of one minute stay in their order.

    Faults: Invalid at the column that is missing or holds what a shop's lines cannot.
    """
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise Invalid(f"the file has no column {missing[0]}; it needs {', '.join(COLUMNS)}")
    try:
        table = frame.select(
            pl.col("CustomerID").cast(pl.Int64),
            pl.col("InvoiceDate").cast(pl.Datetime("us")).dt.truncate("1m"),
            pl.col("Description").cast(pl.String).fill_null(""),
            # Through the shortest text: the nearest 32-bit number to 2.55 is not 2.55.
            pl.col("UnitPrice").cast(pl.String),
            pl.col("Quantity").cast(pl.Int64),
            pl.col("Country").cast(pl.String).fill_null(""),
        ).sort("InvoiceDate", maintain_order=True)
    except pl.exceptions.PolarsError as error:
        raise Invalid(f"a column holds what it cannot: {error}") from None
    _refuse_impossible(table)
    return [ShopLine(*row) for row in table.iter_rows()]


def _refuse_impossible(table: pl.DataFrame) -> None:
    for name in ("InvoiceDate", "UnitPrice", "Quantity"):
        if table[name].null_count():
            raise Invalid(f"{name} is missing in some lines", field=f"/{name}")
    for name in ("Description", "Country"):
        text = table[name]
        if (text.str.len_chars() > LONGEST_TEXT).any():
            raise Invalid(f"{name} is longer than {LONGEST_TEXT} letters", field=f"/{name}")
        if text.str.contains("\0", literal=True).any():
            raise Invalid(f"{name} contains a zero byte", field=f"/{name}")
    if (table["Quantity"].abs() > MOST_PIECES).any():
        raise Invalid(f"a quantity is above {MOST_PIECES:,} pieces", field="/Quantity")
