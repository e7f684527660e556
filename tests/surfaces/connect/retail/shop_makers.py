"""Lines of a shop for tests, said as briefly as they can be."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from regulars.surfaces.connect.retail.lines import ShopLine

REAL = Path(__file__).parents[5] / "shared/data/online_retail_2010_2011_lines.parquet"
needs_real_file = pytest.mark.skipif(
    not REAL.exists(), reason=f"the data set is not here: {REAL.name}"
)


def local(*parts: int) -> datetime:
    """A minute by the shop's clock."""
    return datetime(*parts)  # noqa: DTZ001


OPENS = local(2010, 12, 1, 9, 0)


def line(
    member: int | None,
    article: str,
    quantity: int,
    *,
    price: str = "1.25",
    minute: int = 0,
) -> ShopLine:
    """One line, so many minutes after the shop opened."""
    at = OPENS + timedelta(minutes=minute)
    return ShopLine(member, at, article, price, quantity, "United Kingdom")
