"""A table of sales, one row per receipt: the quick way to try a draft on any shop's figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

import polars as pl

from regulars.base.faults import Invalid
from regulars.records.activity.happening import Happening, LeftOut
from regulars.records.activity.types import Activity, Body
from regulars.records.once.types import natural_key
from regulars.surfaces.connect.moving.place import Place
from regulars.surfaces.replay.rows import FIELD, LINE, check_there, read_rows

NEEDED: Final = ("member", "occurred_at", "amount")
ALSO: Final = ("receipt", "store", "channel")
LARGEST: Final = 10**12
"""No receipt is above this many of the smallest coin; what is, is a slip."""
_NOTHING: Final = Body()


class Sales(NamedTuple):
    """Sales by member and time: who (a number for each), when, how much, where; and what was
    left out, with why."""

    frame: pl.DataFrame
    members: list[UUID]
    names: dict[UUID, str]
    left_out: list[LeftOut]

    def until(self, ends: datetime) -> Sales:
        """Only what happened before an instant."""
        return self._replace(frame=self.frame.filter(pl.col("at") < ends))

    def days(self, zone: str) -> dict[str, Any]:
        """The columns as a replay in columns takes them; days and hours are the shop's own."""
        there = pl.col("at").dt.convert_time_zone(zone)
        frame = self.frame.select(
            "who", "amount", "line",
            (there.dt.date().cast(pl.Int64) + _EPOCH).alias("day"),
            there.dt.hour().cast(pl.Int64).alias("hour"),
            *(pl.col(name).cast(pl.Categorical) for name in ("store", "channel")),
        )  # fmt: skip
        found: dict[str, Any] = {
            name: frame[name].to_numpy() for name in ("who", "amount", "line", "day", "hour")
        }
        for name in ("store", "channel"):
            words = frame[name].unique().cast(pl.String).sort()
            place = (
                frame[name]
                .cast(pl.String)
                .replace_strict(words, range(len(words)), return_dtype=pl.Int64)
            )
            found[name], found[f"{name}s"] = place.to_numpy(), words.to_list()
        return found

    def happenings(self) -> Iterator[Happening]:
        """The same one by one, in the order of time."""
        for row in self.frame.sort("at", "who", "line").iter_rows(named=True):
            member_id, at = self.members[row["who"]], row["at"]
            activity = Activity(
                activity_id=activity_id(row["line"]), member_id=member_id, kind="purchase",
                source="sales", external_id=row["receipt"], sale_id=None, occurred_at=at,
                store=row["store"], channel=row["channel"], amount_minor=row["amount"],
                body=_NOTHING, actor="replay",
            )  # fmt: skip
            yield Happening(what="activity", member_id=member_id, now=at, at=at, activity=activity)


_EPOCH: Final = datetime(1970, 1, 1).toordinal()  # noqa: DTZ001  (a day, not an instant)


def activity_id(line: int) -> UUID:
    """What the sale of a line is called."""
    return UUID(int=line + (1 << 64))


def read_sales(path: Path, place: Place) -> Sales:
    """Read a CSV or Parquet file with a row per receipt: member, occurred_at, amount.

    Shape: amounts in whole money with decimals, times without a zone are the shop's own.
    Faults: Invalid for a file that cannot be read or lacks a column; a line that cannot be taken
    is left out with the reason.
    """
    rows = read_rows(path, NEEDED)
    check_there(path.name, rows.frame.columns, NEEDED)
    _check_kinds(path.name, rows.frame)
    frame = _typed(rows.frame, place).with_columns(_why(place).alias("why"))
    left_out = list(rows.left_out)
    left_out += [
        LeftOut(f"line {line}", why)
        for line, why in frame.filter(pl.col("why") != "").select("line", "why").iter_rows()
    ]
    frame = frame.filter(pl.col("why") == "").drop("why")
    twice = (pl.col("receipt") != "") & ~_receipt(place).is_first_distinct()
    left_out += [
        LeftOut(f"line {line}", "this receipt was told before; it counts once")
        for line in frame.filter(twice)["line"]
    ]
    left_out.sort(key=lambda one: int(one.where.removeprefix("line ")))
    if left_out and not frame.height:
        first = f"{left_out[0].where}: {left_out[0].why}"
        raise Invalid(f"{path.name} has no line that can be taken; {first}", field=FIELD)
    return _sorted(frame.filter(~twice), left_out)


def _receipt(place: Place) -> pl.Expr:
    """What a receipt is told by. Many tills begin at 1 each day, or once a year, and some each for
    themselves: the number alone is of many sales."""
    day = pl.col("at").dt.convert_time_zone(place.zone).dt.date()
    return pl.struct("receipt", "store", "member", day)


def _check_kinds(name: str, frame: pl.DataFrame) -> None:
    """Refuse a typed file whose columns are something else. Faults: Invalid."""
    kinds = frame.schema
    if not isinstance(kinds["occurred_at"], pl.String | pl.Date | pl.Datetime):
        raise Invalid(f"{name}: the column occurred_at holds no times; export it so", field=FIELD)
    if not (isinstance(kinds["amount"], pl.String) or kinds["amount"].is_numeric()):
        raise Invalid(f"{name}: the column amount holds no amounts; export it so", field=FIELD)
    for one in ("member", *ALSO):
        if one in kinds and (kinds[one].is_nested() or isinstance(kinds[one], pl.Binary)):
            raise Invalid(f"{name}: the column {one} holds no plain texts", field=FIELD)


def _typed(frame: pl.DataFrame, place: Place) -> pl.DataFrame:
    """Every column in its type; what cannot be read is nothing."""
    texts = [
        (pl.col(name).cast(pl.String) if name in frame.columns else pl.lit(""))
        .fill_null("").str.strip_chars().alias(name)
        for name in ("member", *ALSO)
    ]  # fmt: skip
    amount = pl.col("amount")
    if frame.schema["amount"] == pl.String:
        amount = amount.str.strip_chars().cast(pl.Float64, strict=False)
    coins = amount.cast(pl.Float64) * 10**place.decimals
    return frame.select(
        pl.col(LINE).cast(pl.Int64).alias("line"),
        *texts,
        _instant(frame, place).alias("at"),
        coins.alias("coins"),
        coins.round().cast(pl.Int64, strict=False).alias("amount"),
    )


_CLOCK: Final = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d")
"""How a time may be written; a day alone is its midnight."""


def _instant(frame: pl.DataFrame, place: Place) -> pl.Expr:
    """When it happened, in UTC; a clock without a zone is the shop's."""
    told, kind = pl.col("occurred_at"), frame.schema["occurred_at"]
    if kind == pl.String:
        text = told.str.strip_chars().str.replace(" ", "T", literal=True)
        text = text.str.replace("Z$", "+0000").str.replace(r"([+-]\d\d):(\d\d)$", "$1$2")
        zoned = [text.str.to_datetime(f"{each}%z", time_unit="us", strict=False) for each in _CLOCK]
        bare = [text.str.to_datetime(each, time_unit="us", strict=False) for each in _CLOCK]
        there = pl.coalesce(_in_zone(each, place) for each in bare)
        return pl.coalesce(*(each.dt.convert_time_zone("UTC") for each in zoned), there)
    if isinstance(kind, pl.Datetime) and kind.time_zone is not None:
        return told.dt.cast_time_unit("us").dt.convert_time_zone("UTC")
    return _in_zone(told.cast(pl.Datetime("us")), place)


def _in_zone(bare: pl.Expr, place: Place) -> pl.Expr:
    """Twice-told hours are the first ones, hours that never were are nothing."""
    there = bare.dt.replace_time_zone(place.zone, ambiguous="earliest", non_existent="null")
    return there.dt.convert_time_zone("UTC")


def _why(place: Place) -> pl.Expr:
    """Why a line takes no part, or nothing."""
    off = (pl.col("coins") - pl.col("amount")).abs() > 1e-3
    reasons = (
        (pl.col("at").is_null(), "occurred_at is no time; write such as 2026-03-31T12:30:00"),
        (pl.col("amount").is_null(), "amount is no number; write such as 12.50"),
        (pl.col("amount") < 0, "a return; those need --history with a mapping, to find their sale"),
        (off, f"amount has more than the {place.decimals} decimals of {place.currency}"),
        (pl.col("amount") > LARGEST, "the amount is too large for a receipt"),
        (pl.col("at") > place.now, "it is in the future"),
        (pl.col("member") == "", "no member; a sale to nobody we know earns nothing"),
    )
    found: Any = pl
    for when, says in reasons:
        found = found.when(when).then(pl.lit(says))
    why: pl.Expr = found.otherwise(pl.lit(""))
    return why


def _sorted(frame: pl.DataFrame, left_out: list[LeftOut]) -> Sales:
    names = frame["member"].unique().sort()
    ids = [natural_key("sales", name, "member") for name in names]
    who = pl.col("member").replace_strict(names, range(len(names)), return_dtype=pl.Int64)
    frame = frame.with_columns(who.alias("who")).drop("member", "coins")
    return Sales(frame.sort("who", "at", "line"), ids, dict(zip(ids, names, strict=True)), left_out)
