"""Prepared rows from activities, entries and lots alone: the other way, for whoever compares.

The worker folds in the database; this does the same in plain Python, from whole histories in any
order, and is what tests and `regulars rebuild` hold the rows against.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from regulars.insight.prepared.goods import Bought, goods_of
from regulars.insight.prepared.left import Part, left_of
from regulars.records.activity.types import NOBODY, Activity, ReturnedLine
from regulars.records.ledger.types import Account, Entry, Lot, LotMove
from regulars.records.prepared.types import (
    CategoryDay,
    CohortMonth,
    HourMonth,
    LotMonth,
    MemberDay,
    MemberGood,
    MemberOrders,
    OrderGap,
    PointsDay,
    StoreDay,
    StorePointsDay,
)

Row = TypeVar("Row")

_COLUMN: Final = {
    Account.ISSUED: (0, -1),
    Account.REDEEMED: (1, 1),
    Account.EXPIRED: (2, 1),
    Account.ADJUSTED: (3, -1),
}
_OTHER: Final = (4, -1)
LATE: Final = "late-credit"
"""The source of what is booked where a sale to nobody is credited to a member."""

_MOVED: Final = frozenset({"transfer", "pool", "merge", "unmerge"})
_GONE: Final = {
    "capture": "redeemed",
    "refund": "redeemed",
    "expire": "expired",
    "reinstate": "expired",
}
_PARTS: Final = ("given", "redeemed", "expired", "other")


class Rows(Struct, frozen=True):
    """All rows of a program by table, each in the order of its key; no sums of nothing."""

    member_day: list[MemberDay]
    points_day: list[PointsDay]
    member_orders: list[MemberOrders]
    store_day: list[StoreDay]
    store_points_day: list[StorePointsDay]
    cohort_month: list[CohortMonth]
    lot_month: list[LotMonth]
    category_day: list[CategoryDay]
    hour_month: list[HourMonth]
    order_gap: list[OrderGap]
    member_good: list[MemberGood]


class Books(Struct, frozen=True):
    """What rows are folded from. Order: of nothing matters.

    `stands` says as whom merged members stand, `never` who went with an import that was taken
    back, `places` the store of an entry (by its member and id) where it has one, `zones` those of
    stores, `imports` are causes of points that were brought over.
    """

    zone: ZoneInfo
    activities: Sequence[Activity]
    entries: Sequence[Entry] = ()
    lots: Sequence[Lot] = ()
    moves: Sequence[LotMove] = ()
    stands: Mapping[UUID, UUID] = {}
    never: frozenset[UUID] = frozenset()
    places: Mapping[tuple[UUID, UUID], str] = {}
    zones: Mapping[str, ZoneInfo] = {}
    imports: frozenset[UUID] = frozenset()

    def local(self, store: str, at: datetime) -> datetime:
        """What the clock in this store shows."""
        return at.astimezone(self.zones.get(store, self.zone))

    def whose(self, member_id: UUID) -> UUID | None:
        """As whom somebody stands; nothing for whoever never came."""
        return None if member_id in self.never else self.stands.get(member_id, member_id)


class _Sold(Struct, frozen=True):
    sale: Activity
    local_at: datetime
    parts: Sequence[Part]
    back: Sequence[tuple[ReturnedLine, ...]]

    @property
    def minor(self) -> int:
        return sum(part.minor for part in self.parts)


def fold(books: Books) -> Rows:
    """All prepared rows of these books.

    Example: two purchases of one member on one day in one store are one order; one of them came
    back whole on the next day: still one order, and a return on that day.
    """
    sold = _sold(books)
    days = _member_days(books, sold)
    points = _points(books)
    orders, cohorts = _orders(days)
    nobody = _store_rows(books, sold)
    named = [(d.day, d.store, True, *d[3:]) for d in days]
    return Rows(
        member_day=days,
        points_day=points,
        member_orders=orders,
        store_day=_store_days([*named, *nobody]),
        store_points_day=_store_points(points),
        cohort_month=cohorts,
        lot_month=_lots(books),
        category_day=_categories(sold),
        hour_month=_hours(sold),
        order_gap=_gaps(days),
        member_good=goods_of(_bought(books, sold)),
    )


def _sold(books: Books) -> list[_Sold]:
    came: dict[UUID, list[tuple[ReturnedLine, ...]]] = defaultdict(list)
    for one in books.activities:
        if one.sale_id is not None:
            came[one.sale_id].append(one.body.returned)
    return [
        _Sold(
            one,
            books.local(one.store, one.occurred_at),
            list(left_of(one, came[one.activity_id]).values()),
            came[one.activity_id],
        )
        for one in books.activities
        if one.kind == "purchase"
    ]


def _bought(books: Books, sold: Sequence[_Sold]) -> Iterable[Bought]:
    for one in sold:
        root = books.whose(one.sale.member_id)
        if one.sale.member_id != NOBODY and root is not None:
            yield root, one.local_at.date(), one.sale, one.back


def _counts(sold: _Sold) -> tuple[int, ...]:
    minor = sold.minor
    pieces = sum(part.pieces for part in sold.parts)
    return 1, int(minor > 0), sold.sale.amount_minor, minor, pieces, 0, 0


def _beside(books: Books) -> Iterable[tuple[UUID, date, str, tuple[int, ...]]]:
    """Returns and visits, on the day they happened; what was taken back was no visit."""
    back = {one.sale_id for one in books.activities}
    for one in books.activities:
        if one.kind != "purchase" and one.activity_id not in back:
            came = one.kind == "return"
            day = books.local(one.store, one.occurred_at).date()
            yield one.member_id, day, one.store, (0, 0, 0, 0, 0, int(came), int(not came))


def _member_days(books: Books, sold: Sequence[_Sold]) -> list[MemberDay]:
    sums: dict[tuple[UUID, date, str], list[int]] = defaultdict(lambda: [0] * 7)
    told = [(s.sale.member_id, s.local_at.date(), s.sale.store, _counts(s)) for s in sold]
    for member_id, day, store, counts in [*told, *_beside(books)]:
        root = books.whose(member_id)
        if member_id == NOBODY or root is None:
            continue
        row = sums[root, day, store]
        for place, count in enumerate(counts):
            row[place] = max(row[place], count) if place == 1 else row[place] + count
    return sorted(MemberDay(*key, *row) for key, row in sums.items())


def _store_rows(books: Books, sold: Sequence[_Sold]) -> list[tuple[object, ...]]:
    """What nobody bought and brought back; what was credited to a member afterwards is theirs."""
    theirs = _credited(books)
    told = [
        (s.sale.member_id, s.local_at.date(), s.sale.store, _counts(s))
        for s in sold
        if s.sale.activity_id not in theirs
    ]
    rest = [one for one in books.activities if one.sale_id not in theirs]
    return [
        (day, store, False, *counts)
        for member_id, day, store, counts in [*told, *_beside(replace(books, activities=rest))]
        if member_id == NOBODY
    ]


def _credited(books: Books) -> set[UUID | None]:
    """Sales to nobody that became a member's."""
    return {
        one.sale_id
        for one in books.activities
        if one.kind == "return" and one.member_id == NOBODY and one.source == LATE
    }


def _store_days(rows: Iterable[tuple[object, ...]]) -> list[StoreDay]:
    """Rows of one day, store and sort of buyer as one."""
    sums: dict[tuple[object, ...], list[int]] = {}
    for row in rows:
        _add(sums, row[:3], [int(str(one)) for one in row[3:]])
    return sorted(row for row in _made(StoreDay, sums) if any(row[3:]))


def _add(
    sums: dict[tuple[object, ...], list[int]], key: tuple[object, ...], counts: Sequence[int]
) -> None:
    had = sums.get(key, [0] * len(counts))
    sums[key] = [one + more for one, more in zip(had, counts, strict=True)]


def _points(books: Books) -> list[PointsDay]:
    sums: dict[tuple[object, ...], list[int]] = {}
    for entry in books.entries:
        root = books.whose(entry.member_id)
        if root is None:
            continue
        store = books.places.get((entry.member_id, entry.entry_id), "")
        day = books.local(store, entry.occurred_at).date()
        for posting in entry.postings:
            if posting.account < Account.ISSUED:
                continue
            place, sign = _COLUMN.get(Account(posting.account), _OTHER)
            counts = [0] * 5
            counts[place] = sign * posting.amount
            _add(sums, (root, day, store, posting.wallet), counts)
    return sorted(_made(PointsDay, sums))


def _store_points(points: Sequence[PointsDay]) -> list[StorePointsDay]:
    sums: dict[tuple[object, ...], list[int]] = {}
    for row in points:
        _add(sums, row[1:4], row[4:])
    return sorted(row for row in _made(StorePointsDay, sums) if any(row[3:]))


def _made(kind: Callable[..., Row], sums: Mapping[tuple[object, ...], list[int]]) -> list[Row]:
    return [kind(*key, *counts) for key, counts in sums.items()]


def _orders(days: Sequence[MemberDay]) -> tuple[list[MemberOrders], list[CohortMonth]]:
    of: dict[UUID, dict[date, list[int]]] = defaultdict(dict)
    for row in days:
        had = of[row.member_id].setdefault(row.day, [0, 0])
        had[0] = max(had[0], row.orders)
        had[1] += row.net_minor
    members: list[MemberOrders] = []
    cells: dict[tuple[object, ...], list[int]] = {}
    for member_id, by_day in of.items():
        orders = {day: net for day, (some, net) in by_day.items() if some}
        if not orders:
            continue
        first, second = [*sorted(orders), None][:2]
        assert first is not None, orders
        net = sum(orders.values())
        members.append(MemberOrders(member_id, first, max(orders), len(orders), net, second))
        for month in {_month(day) for day in orders}:
            nets = [net for day, net in orders.items() if _month(day) == month]
            _add(cells, (_month(first), month), [1, len(nets), sum(nets)])
    return sorted(members), sorted(_made(CohortMonth, cells))


def _gaps(days: Sequence[MemberDay]) -> list[OrderGap]:
    """After which orders others followed, next and next but one."""
    of: dict[UUID, set[date]] = defaultdict(set)
    for row in days:
        if row.orders:
            of[row.member_id].add(row.day)
    cells: dict[tuple[object, ...], list[int]] = {}
    for ordered in of.values():
        line = [date.min, date.min, *sorted(ordered)]
        for but_one, last, day in zip(line, line[1:], line[2:], strict=False):
            _add(cells, (day, last), [1, 0])
            _add(cells, (day, but_one), [0, 1])
    return sorted(_made(OrderGap, cells))


def _lots(books: Books) -> list[LotMonth]:
    entries = {(one.member_id, one.entry_id): one for one in books.entries}
    lots = {(one.member_id, one.wallet, one.lot_id): one for one in books.lots}
    cells: dict[tuple[object, ...], list[int]] = {}
    opened = [(lot, entries[lot.member_id, lot.entry_id], lot.amount, True) for lot in books.lots]
    moved = [
        (lots[m.member_id, m.wallet, m.lot_id], entries[m.member_id, m.entry_id], -m.delta, False)
        for m in books.moves
    ]
    for lot, entry, points, opens in [*opened, *moved]:
        part = _GONE.get(entry.kind, "other" if not opens or entry.kind in _MOVED else "given")
        counts = [0] * 4
        counts[_PARTS.index(part)] = -points if opens and part != "given" else points
        earned = _month(lot.earned_at.astimezone(books.zone).date())
        month = _month(entry.occurred_at.astimezone(books.zone).date())
        _add(cells, (lot.wallet, earned, month, lot.cause_id in books.imports), counts)
    return sorted(row for row in _made(LotMonth, cells) if any(row[4:]))


def _categories(sold: Sequence[_Sold]) -> list[CategoryDay]:
    sums: dict[tuple[object, ...], list[int]] = {}
    for one in sold:
        for part in one.parts:
            counts = [int(part.minor > 0 or part.pieces > 0), part.pieces, part.minor]
            _add(sums, (one.local_at.date(), one.sale.store, part.category), counts)
    return sorted(row for row in _made(CategoryDay, sums) if any(row[3:]))


def _hours(sold: Sequence[_Sold]) -> list[HourMonth]:
    sums: dict[tuple[object, ...], list[int]] = {}
    for one in sold:
        at = one.local_at
        key = (_month(at.date()), one.sale.store, at.isoweekday(), at.hour)
        _add(sums, key, [int(one.minor > 0), one.minor])
    return sorted(row for row in _made(HourMonth, sums) if any(row[4:]))


def _month(day: date) -> date:
    return day.replace(day=1)
