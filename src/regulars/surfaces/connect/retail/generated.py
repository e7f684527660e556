"""A made-up shop of the same shape as the real file: the same columns, habits and oddities."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol, TypeVar

import polars as pl

OPENS: Final = datetime(2010, 12, 1)  # noqa: DTZ001  (by the shop's clock)
DAYS: Final = 374
CLOSES: Final = OPENS + timedelta(days=DAYS, hours=-4)
SATURDAY: Final = 5
LINES_A_MEMBER: Final = 124
_PRICES: Final = (0.42, 0.65, 0.85, 1.25, 1.65, 1.95, 2.1, 2.55, 3.75, 4.95, 8.5, 12.75, 14.95)
_PIECES: Final = (1, 1, 1, 2, 2, 3, 4, 6, 6, 8, 10, 12, 12, 24, 48)
_WORDS: Final = (
    ("RED", "BLUE", "PINK", "VINTAGE", "RETROSPOT", "IVORY", "GREEN", "SILVER", "WOODEN", "GLASS"),
    ("LUNCH BAG", "TEACUP", "BUNTING", "CAKESTAND", "LANTERN", "DOORMAT", "HEART", "CANDLE"),
    ("SMALL", "LARGE", "SET OF 3", "SET OF 6", "3 TIER", "WITH BOW", "POLKADOT", "CHRISTMAS"),
)

T = TypeVar("T")
Row = tuple[str | None, int, datetime, float, int | None, str]


class Chance(Protocol):
    """A source of numbers from 0 to below 1."""

    def random(self) -> float: ...


class Article(NamedTuple):
    """Something on the shelf."""

    description: str
    price: float


def generated_shop(lines: int, chance: Chance) -> pl.DataFrame:
    """So many lines of a shop that never was; the same lines for the same chance.

    A quarter of the lines name nobody, some 2 in 100 come back, most of those to an earlier sale.
    """
    articles = _articles(chance)
    members = max(lines // LINES_A_MEMBER, 3)
    rows: list[Row] = _oddities()[: max(lines - 1, 0)]
    bought: list[Row] = []
    while len(rows) < lines:
        # Told in order of the year, with a rush before Christmas.
        at = OPENS + timedelta(days=_day(chance), minutes=int(360 + chance.random() * 840))
        member, size = _buyer(chance, members), 1 + int(chance.random() ** 2 * 50)
        for _ in range(min(size, lines - len(rows))):
            row = _line(chance, articles, at, member)
            if member is not None and chance.random() < 0.02:
                row = _return(chance, row, bought)
            elif member is not None:
                bought.append(row)
            rows.append(row)
    return _table(rows)


def _articles(chance: Chance) -> list[Article]:
    names = [f"{a} {b} {c}" for a in _WORDS[0] for b in _WORDS[1] for c in _WORDS[2]]
    return [Article(name, _pick(chance, _PRICES)) for name in names]


def _day(chance: Chance) -> int:
    while True:
        day = int(DAYS * chance.random() ** 0.8)
        if (OPENS + timedelta(days=day)).weekday() != SATURDAY:
            return day


def _buyer(chance: Chance, members: int) -> int | None:
    """A quarter nobody; of the members a few come very often."""
    if chance.random() < 0.25:
        return None
    return 12_346 + int(members * chance.random() ** 2)


def _line(chance: Chance, articles: Sequence[Article], at: datetime, member: int | None) -> Row:
    article = articles[int(len(articles) * chance.random() ** 2)]
    pieces = _pick(chance, _PIECES)
    if member is None and chance.random() < 0.012:
        return None, -pieces, at, 0.0, None, "United Kingdom"
    return article.description, pieces, at, article.price, member, "United Kingdom"


def _return(chance: Chance, row: Row, bought: Sequence[Row]) -> Row:
    """Mostly some pieces of what somebody bought before; one in five of no sale there was."""
    if not bought or chance.random() < 0.2:
        return ("Discount", -1, *row[2:])
    sold = bought[int(len(bought) * chance.random())]
    later = sold[2] + timedelta(days=int(chance.random() * 20), minutes=1)
    at = min(later, CLOSES)
    return sold[0], -1 - int(chance.random() * sold[1]), at, sold[3], sold[4], sold[5]


def _oddities() -> list[Row]:
    """Lines as every real file has them: debt moved about, a gift, a fraction of a penny."""
    at = OPENS + timedelta(days=250, hours=14)
    return [
        ("Adjust bad debt", 1, at, 11062.06, None, "United Kingdom"),
        ("Adjust bad debt", 1, at + timedelta(minutes=1), -11062.06, None, "United Kingdom"),
        ("GIFT FOR A REGULAR", 1, at, 0.0, 12_346, "United Kingdom"),
        ("PADS TO MATCH ALL CUSHIONS", 1, at, 0.001, 12_347, "United Kingdom"),
    ]


def _table(rows: Sequence[Row]) -> pl.DataFrame:
    names = ("Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
    kinds = (pl.String, pl.Int32, pl.Datetime("ns"), pl.Float32, pl.Int32, pl.String)
    return pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row").sort(
        "InvoiceDate", maintain_order=True
    )


def _pick(chance: Chance, among: Sequence[T]) -> T:
    return among[int(len(among) * chance.random())]
