"""Sets of real orders that papers published figures of; a test is skipped where they are absent."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from regulars.insight.estimators.buying.histories import Histories

REAL = Path(__file__).parents[4] / "shared/data"
HALF = date(1997, 9, 30)
"""Until here the models of CDNOW's buyers were fitted; the rest of the orders judges them."""


def read(name: str) -> pl.DataFrame:
    """A real set by its file's name."""
    path = REAL / name
    if not path.exists():
        pytest.skip(f"{name} is not on this machine")
    return pl.read_parquet(path)


def cdnow() -> pl.DataFrame:
    """Days on which the 2,357 buyers of the CDNOW sample ordered: `member`, `on`, each once."""
    orders = read("cdnow_sample.parquet")
    columns = pl.col("sample_id").alias("member"), pl.col("date").cast(pl.Date).alias("on")
    return orders.select(*columns).unique()


def until(orders: pl.DataFrame, end: date) -> pl.DataFrame:
    """A row a member, by `member`: how often they came, when first and when last until `end`."""
    seen = orders.filter(pl.col("on") <= end).group_by("member")
    first, last = pl.col("on").min().alias("first"), pl.col("on").max().alias("last")
    return seen.agg(pl.len().alias("orders"), first, last).sort("member")


def in_weeks(rows: pl.DataFrame, end: date) -> Histories:
    """The same members, in their order, as a model sees them."""
    weeks = (pl.col("last") - pl.col("first")).dt.total_days() / 7
    age = (pl.lit(end) - pl.col("first")).dt.total_days() / 7
    found = rows.select(pl.col("orders") - 1, weeks, age.alias("age"))
    repeats, last, old = (found.to_series(at).to_numpy() for at in range(3))
    return Histories(repeats.astype(np.int64), last, old, np.ones(len(rows)))
