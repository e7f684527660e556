"""The files of an export as tables, and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

_FOLDER: Final = Path(__file__).parent
_TRIANGLE: Final = _FOLDER.joinpath("triangle.sql").read_text("utf-8")
_COHORTS: Final = _FOLDER.joinpath("cohorts.sql").read_text("utf-8")
_RFM: Final = _FOLDER.joinpath("rfm.sql").read_text("utf-8")
FEWEST: Final = 25
"""Of fewer members no fifths are made."""
LAYERS: Final = ("canonical", "books")


class Connection(Protocol):
    """What is needed of a connection to DuckDB; whoever asks opens it."""

    def execute(self, query: str, parameters: Any = ..., /) -> Any: ...


class Cell(NamedTuple):
    """Of points earned in one month: given, and gone in another. Units: of the wallet's scale."""

    earned_month: date
    month: date
    given: int
    redeemed: int
    expired: int
    other: int


class Came(NamedTuple):
    """Of members whose first order was in one month: who ordered in another, and how often."""

    first_month: date
    month: date
    buyers: int
    orders: int


class Scored(NamedTuple):
    """How lately, how often and for how much a member ordered, each from 1 (worst) to 5 (best).

    Example: of thirty who ordered once and thirty who did twice, the first have frequency 1, the
    others 3, as half of all are below them; equal fifths would have had to part them by lots.
    """

    member_id: str
    last_on: date
    orders: int
    paid_minor: int
    recency: int
    frequency: int
    money: int


def open_extract(connection: Connection, folder: Path) -> Connection:
    """Every file of an export as a table of its name; nothing is read before it is asked for.

    Assumes: a whole export in Parquet. An extract since a cursor has what is fresh alone.
    """
    for layer in LAYERS:
        for path in sorted(folder.joinpath(layer).glob("*.parquet")):
            file = str(path).replace("'", "''")
            connection.execute(
                f"create or replace view \"{path.stem}\" as from read_parquet('{file}')"
            )
    return connection


def triangle(connection: Connection, wallet: str, zone: str) -> list[Cell]:
    """The triangle of one wallet, months of the program's zone.

    Order: by the month of earning, then of leaving. It is what `lot_month` has.
    """
    return [Cell(*row) for row in _asked(connection, _TRIANGLE, [wallet, zone])]


def cohorts(connection: Connection, zone: str, never: Iterable[str] = ()) -> list[Came]:
    """Who came again how many months later; `never` are ids of who went with an import.

    Order: by the first month, then the other. It is what `cohort_month` has of buyers and orders,
    but where all pieces of a sale came back one by one: then it has one order more.
    """
    return [Came(*row) for row in _asked(connection, _COHORTS, [zone, list(never)])]


def rfm(connection: Connection, zone: str, until: date, never: Iterable[str] = ()) -> list[Scored]:
    """The RFM scores of everybody with an order by the end of `until`; nobody's where fewer than
    25 have one.

    Order: by member. Orders are days, as everywhere; what came back in part counts as paid.
    """
    found = [Scored(*row) for row in _asked(connection, _RFM, [zone, list(never), until])]
    return found if len(found) >= FEWEST else []


def _asked(connection: Connection, sql: str, args: Sequence[Any]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = connection.execute(sql, list(args)).fetchall()
    return found
