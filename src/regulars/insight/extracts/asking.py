"""The files of an export as tables, and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

_FOLDER: Final = Path(__file__).parent
_TRIANGLE: Final = _FOLDER.joinpath("triangle.sql").read_text("utf-8")
_COHORTS: Final = _FOLDER.joinpath("cohorts.sql").read_text("utf-8")
_ORDERS: Final = _FOLDER.joinpath("orders.sql").read_text("utf-8")
LAYERS: Final = ("canonical", "books")


class Connection(Protocol):
    """What is needed of a connection to DuckDB; whoever asks opens it."""

    def execute(self, query: str, parameters: Any = ..., /) -> Any: ...


class Share(NamedTuple):
    """Some of all members, by their ids: all shares of so many are everybody, each once.

    Example: `Share(0, 3)`, `Share(1, 3)` and `Share(2, 3)` are everybody.
    """

    place: int
    of: int


EVERYBODY: Final = Share(0, 1)


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


class Ordered(NamedTuple):
    """How lately, how often and for how much a member ordered."""

    member_id: str
    last_on: date
    orders: int
    paid_minor: int


def open_extract(connection: Connection, folder: Path, share: Share = EVERYBODY) -> Connection:
    """Every file of an export as a table of its name; nothing is read before it is asked for.

    Assumes: a whole export in Parquet. An extract since a cursor has what is fresh alone.
    """
    for layer in LAYERS:
        for path in sorted(folder.joinpath(layer).glob("*.parquet")):
            file = str(path).replace("'", "''")
            connection.execute(
                f"create or replace view \"{path.stem}\" as from read_parquet('{file}')"
            )
    # Which members an answer is about; what they have in common (stores, returns) is there whole.
    # A digest is the same in every release of DuckDB on every machine; its own `hash` need not be.
    number = "('0x' || left(md5(who), 8))::bigint"
    mine = "true" if share.of == 1 else f"{number} % {share.of:d} = {share.place:d}"
    connection.execute(f"create or replace macro mine(who) as ({mine})")
    return connection


def triangle(connection: Connection, wallet: str, zone: str) -> list[Cell]:
    """The triangle of one wallet, months of the program's zone.

    Order: by the month of earning, then of leaving. It is what `lot_month` has, with
    what was brought over among it.
    """
    return [Cell(*row) for row in _asked(connection, _TRIANGLE, [wallet, zone])]


def cohorts(connection: Connection, zone: str, never: Iterable[str] = ()) -> list[Came]:
    """Who came again how many months later; `never` are ids of who went with an import.

    Order: by the first month, then the other. It is what `cohort_month` has of buyers and orders,
    but where all pieces of a sale came back one by one: then it has one order more.
    """
    return [Came(*row) for row in _asked(connection, _COHORTS, [zone, list(never)])]


def ordered(
    connection: Connection, zone: str, until: date, never: Iterable[str] = ()
) -> list[Ordered]:
    """The orders of everybody who has one by the end of `until`.

    Order: by member. Orders are days, as everywhere; what came back in part counts as paid.
    """
    return [Ordered(*row) for row in _asked(connection, _ORDERS, [zone, list(never), until])]


def _asked(connection: Connection, sql: str, args: Sequence[Any]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = connection.execute(sql, list(args)).fetchall()
    return found
